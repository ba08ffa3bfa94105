//! `audit logins`: the log of sign-ins of this machine.

use chrono::{DateTime, FixedOffset};
use clap::ArgMatches;

use super::super::super::args::{named, option};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::one;
use super::super::passwd::need_admin;
use super::Part;
use crate::access::signins;
use crate::formats::Format;
use crate::model::Problem;
use crate::query::{Instant, parse_instant};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm audit logins`.
pub const LOGINS: Part = Part {
    name: "logins",
    args: |words| {
        let command = named("logins", "help-audit-logins", words);
        command.long_about(words.text("help-audit-logins-long")).args([
            option("since", "DATE", words),
            option("user", "USER", words),
            option("limit", "N", words),
        ])
    },
    run: logins,
};

/// A moment; a day is its beginning, today too.
fn beginning(context: &Context, text: &str) -> Result<DateTime<FixedOffset>, Problem> {
    match parse_instant(text, &context.clock())? {
        Instant::Day(day) => Ok(context.at_company(day.and_hms_opt(0, 0, 0).unwrap_or_default())),
        _ => context.moment(text),
    }
}

fn logins(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let actor = context.reader()?;
    let mut user = one(matches, "user").map(|name| if name == "me" { actor.id.clone() } else { name });
    if user.as_ref() != Some(&actor.id) && need_admin(context, &actor).is_err() {
        // Whoever is no administrator sees the own sign-ins.
        if user.is_some() {
            need_admin(context, &actor)?;
        }
        user = Some(actor.id);
    }
    let since = one(matches, "since").map(|text| beginning(context, &text)).transpose()?;
    let limit = match one(matches, "limit") {
        None => usize::MAX,
        Some(text) => {
            text.parse().map_err(|_| Problem::usage("bad-number").arg("value", text).field("limit"))?
        }
    };
    let mut lines = signins::all(&context.vault()?)?;
    lines.retain(|line| user.as_ref().is_none_or(|user| line.user == *user));
    let columns = [
        ("at", ColumnType::Instant),
        ("user", ColumnType::Id),
        ("what", ColumnType::Code),
        ("outcome", ColumnType::Code),
        ("tty", ColumnType::Text),
        ("origin", ColumnType::Text),
    ];
    let label = |name: &str| context.text(&format!("field-sign-in-{name}"), &[]);
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-logins", &[]), ..Table::new("logins", columns) };
    for line in lines.into_iter().rev() {
        let at = DateTime::parse_from_rfc3339(&line.at).ok();
        if since.is_some_and(|since| at.is_none_or(|at| at < since)) {
            continue;
        }
        if table.rows.len() == limit {
            break;
        }
        let text = |text: String| if text.is_empty() { Cell::Null } else { Cell::text(text) };
        let code =
            |code: String, id: &str| Cell::Code { label: context.text(&format!("{id}-{code}"), &[]), code };
        table.rows.push(vec![
            at.map_or(Cell::Null, Cell::Instant),
            text(line.user),
            code(line.what, "sign-in"),
            code(line.outcome, "sign-in-outcome"),
            text(line.tty),
            text(line.origin),
        ]);
    }
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}
