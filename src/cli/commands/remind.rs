//! `crm remind list|run`: what people are to be reminded of now, and telling them, for cron.
//!
//! A reminder is told once: its message has a key that no other may have, and a run is one commit.

mod due;

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

use super::super::args::{Words, named, option};
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::resolve::user_named;
use super::Standalone;
use super::list::print_chosen;
use crate::draft::Draft;
use crate::draft::remind::{Reminder, write};
use crate::formats::Format;
use crate::formats::display::display_lines;
use crate::locale::{Language, Locale};
use crate::mirror::{Mirror, SqlCell};
use crate::rules::View;
use crate::table::{Audience, Cell, Column, ColumnType, Table};
use due::{Due, due};

/// `crm remind`.
pub const REMIND: Standalone = Standalone {
    name: "remind",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let list = named("list", "help-remind-list", words)
            .args([option("user", "USER", words), option("fields", "FIELD,…", words)]);
        let run = named("run", "help-remind-run", words).long_about(words.text("help-remind-run-long"));
        command.subcommand_required(true).subcommand(list).subcommand(run)
    },
    run: |context, matches| match matches.subcommand() {
        Some(("run", _)) => run(context),
        Some((_, matches)) => list(context, matches),
        None => Ok(Exit::Ok),
    },
};

/// What is due now and was not told yet.
fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let mirror = context.mirror()?;
    let user = one(matches, "user").map(|text| user_named(context, &mirror, &text)).transpose()?;
    let mut found = pending(context, &mirror)?;
    found.retain(|one| user.as_ref().is_none_or(|user| *user == one.user));
    print_chosen(context, table(context, &found), matches)?;
    Ok(Exit::Ok)
}

fn run(context: &Context) -> Result<Exit, Failure> {
    let found = pending(context, &*context.mirror()?)?;
    if found.is_empty() {
        context.say("remind-nothing", &[]);
        if context.ui.format(Format::Table) != Format::Table {
            context.ui.table(&table(context, &[]), Format::Table)?;
        }
        return Ok(Exit::Ok);
    }
    let mut printed: Vec<Reminder> = Vec::new();
    let mut told: Vec<Due> = Vec::new();
    let writing = Writing::default();
    let done = context.change("remind run", &writing, &mut |draft, _| {
        printed.clear();
        told.clear();
        let mut bundles = Bundles::default();
        for (reminder, of) in reminders(context, draft, &mut bundles, &found)? {
            let written = write(draft, &reminder)?;
            if !written.ids.is_empty() {
                told.extend(of);
            }
            if written.print {
                printed.push(reminder);
            }
        }
        draft.about =
            Some(if told.len() == 1 { "1 reminder".to_owned() } else { format!("{} reminders", told.len()) });
        Ok(())
    })?;
    if let Some(commit) = &done.commit {
        let subject = done.message.lines().next().unwrap_or_default();
        context.say("receipt", &[("subject", subject), ("commit", &commit[..10.min(commit.len())])]);
    }
    if context.ui.format(Format::Table) == Format::Table && context.ui.output_file().is_none() {
        for reminder in &printed {
            let text =
                [format!("{}: {}", reminder.user, reminder.subject), reminder.body.clone(), String::new()];
            context.ui.lines(text.iter().map(|text| display_lines(text)))?;
        }
        return Ok(Exit::Ok);
    }
    context.ui.table(&table(context, &told), Format::Table)?;
    Ok(Exit::Ok)
}

/// What is due and was not told.
fn pending(context: &Context, mirror: &Mirror) -> Result<Vec<Due>, Failure> {
    let found = due(context, mirror)?;
    let digest = context.schema.settings.flag("remind.digest");
    if digest {
        return since_the_last_digest(context, mirror, found);
    }
    let mut left = Vec::new();
    for one in found {
        let there =
            mirror.query("select 1 from messages where key = ?1", &[SqlCell::text(one.key.as_str())])?;
        if there.rows.is_empty() {
            left.push(one);
        }
    }
    Ok(left)
}

/// What became due since a user's last digest; nothing where today's was sent.
fn since_the_last_digest(context: &Context, mirror: &Mirror, found: Vec<Due>) -> Result<Vec<Due>, Failure> {
    let sql = "select max(julianday(created_at)), max(substr(key, -10)) from messages \
        where key >= ?1 and key < ?1 || 'x'";
    let mut last: BTreeMap<String, (f64, String)> = BTreeMap::new();
    let mut left = Vec::new();
    for one in found {
        if !last.contains_key(&one.user) {
            let answer = mirror.query(sql, &[SqlCell::text(digest_key(&one.user, ""))])?;
            let row = answer.rows.first();
            let at = row.and_then(|row| row[0].as_real()).unwrap_or(0.0);
            let day = row.and_then(|row| row[1].as_text()).unwrap_or_default().to_owned();
            last.insert(one.user.clone(), (at, day));
        }
        let (at, day) = &last[&one.user];
        // A second is the least that instants are told apart by.
        let is_new = julian(one.since) > at + 0.5 / 86_400.0;
        if is_new && *day != context.today.to_string() {
            left.push(one);
        }
    }
    Ok(left)
}

fn julian(at: chrono::DateTime<chrono::FixedOffset>) -> f64 {
    // Seconds since 1970 are far from where a double grows coarse.
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century are exact")]
    let seconds = at.timestamp() as f64;
    seconds / 86_400.0 + 2_440_587.5
}

fn digest_key(user: &str, day: &str) -> String {
    format!("remind:digest:{user}:{day}")
}

/// The reminders to write, each with what it is for: one each, or one for each person.
fn reminders(
    context: &Context,
    draft: &Draft<'_>,
    bundles: &mut Bundles,
    found: &[Due],
) -> Result<Vec<(Reminder, Vec<Due>)>, Failure> {
    let mut made = Vec::new();
    if !context.schema.settings.flag("remind.digest") {
        for one in found {
            let words = bundles.of(context, draft, &one.user)?;
            let subject = words.text("remind-subject", &[("what", &one.what(words))]);
            let reminder = Reminder {
                key: one.key.clone(),
                user: one.user.clone(),
                about: one.about.clone(),
                subject,
                body: one.line(words),
            };
            made.push((reminder, vec![one.clone()]));
        }
        return Ok(made);
    }
    let mut by_user: BTreeMap<&str, Vec<&Due>> = BTreeMap::new();
    for one in found {
        by_user.entry(&one.user).or_default().push(one);
    }
    for (user, of) in by_user {
        let words = bundles.of(context, draft, user)?;
        let (count, day) = (of.len().to_string(), context.today.to_string());
        let reminder = Reminder {
            key: digest_key(user, &day),
            user: user.to_owned(),
            about: ("user".to_owned(), user.to_owned()),
            subject: words.text("remind-digest-subject", &[("count", &count), ("day", &day)]),
            body: of.iter().map(|one| one.line(words)).collect::<Vec<_>>().join("\n"),
        };
        made.push((reminder, of.into_iter().cloned().collect()));
    }
    Ok(made)
}

fn table(context: &Context, found: &[Due]) -> Table {
    let columns = [
        ("user", ColumnType::Id),
        ("kind", ColumnType::Code),
        ("when", ColumnType::Text),
        ("what", ColumnType::Text),
        ("record", ColumnType::Id),
        ("key", ColumnType::Text),
    ];
    let columns = columns
        .map(|(name, ty)| Column::new(name, ty).labelled(context.text(&format!("field-remind-{name}"), &[])));
    let title = context.text("title-remind", &[]);
    let mut table = Table { title, ..Table::new("remind", columns.to_vec()) };
    table.columns[5].audience = Audience::Data;
    table.id_column = Some(4);
    for one in found {
        table.rows.push(vec![
            Cell::text(&one.user),
            Cell::Code { code: one.kind.to_owned(), label: one.kind_label(&context.locale) },
            Cell::text(&one.when),
            Cell::text(&one.title),
            Cell::text(&one.record),
            Cell::text(&one.key),
        ]);
    }
    table
}

/// The texts of the languages that users read, each read once.
#[derive(Debug, Default)]
pub(super) struct Bundles(Vec<Locale>);

impl Bundles {
    /// The texts in the language of a user.
    pub(super) fn of(
        &mut self,
        context: &Context,
        draft: &Draft<'_>,
        user: &str,
    ) -> Result<&Locale, Failure> {
        let user = draft.record("user", user)?;
        let tag = user.as_ref().and_then(|user| user.text("language"));
        let tag = tag.unwrap_or(context.schema.settings.text("company.language"));
        let language = Language::from_tag(tag).unwrap_or_default();
        if !self.0.iter().any(|locale| locale.language == language) {
            self.0.push(Locale::new(language));
        }
        let at = self.0.iter().position(|locale| locale.language == language).unwrap_or_default();
        Ok(&self.0[at])
    }
}
