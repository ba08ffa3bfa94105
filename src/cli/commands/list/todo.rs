//! `followup todo`: what somebody has to do up to a day.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::one;
use super::super::super::resolve::user_named;
use super::super::cards;
use super::{View, known, print_chosen, select};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::Type;
use crate::query::{Edge, parse_condition, parse_day_at};
use crate::table::{Audience, Cell, Table};

/// Tickets of a user whose clock runs, each due when its first answer is, then when it is to be
/// resolved.
const TICKETS: &str = "select k.ticket, day(d.due), t.priority, t.number || ' ' || t.subject, k.customer, c.name, k.assignee \
    from ticket_clock k join tickets t on t.id = k.ticket left join customers c on c.id = k.customer \
    join (select x.ticket as ticket, iif(x.first_response_at is null, x.response_due, x.resolution_due) as due \
      from ticket_clock x) d on d.ticket = k.ticket \
    where k.assignee = ?1 and k.status in ('new', 'open') and t.archived is not 1 and day(d.due) <= ?2";

/// `followup todo`: planned ones and tickets whose clock runs, up to a day, overdue first.
pub fn todo(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(()) };
    let kind = context
        .schema
        .kind("followup")
        .ok_or_else(|| Problem::usage("unknown-noun").arg("value", "followup"))?;
    let user = match one(matches, "user") {
        Some(text) => user_named(context, mirror, &text)?,
        None => context.reader()?.id,
    };
    let until = match one(matches, "until") {
        Some(text) => parse_day_at(&text, Edge::Last, &context.clock())?,
        None => context.today,
    };
    let view = View {
        conditions: vec![
            parse_condition("status=planned")?,
            parse_condition(&format!("owner={user}"))?,
            parse_condition(&format!("due<={until}"))?,
        ],
        fields: Some("id,due,priority,kind,subject,target,target_name,owner".to_owned()),
        sort: Some("due".to_owned()),
        ..View::default()
    };
    if cards::wanted(context, kind) {
        let docs = cards::records(context, mirror, kind, &view, at)?;
        cards::print(context, mirror, kind, &docs, at)?;
        return Ok(());
    }
    let mut table = select(context, mirror, kind, &view, &known(mirror, kind))?;
    add_tickets(context, mirror, &mut table, &user, &until.to_string())?;
    table.title = context.text("title-todo", &[("user", &user)]);
    if let Some(at) = table.position("target") {
        table.columns[at].audience = Audience::Data;
    }
    print_chosen(context, table, matches)
}

/// Puts tickets among the follow-ups, in the order of their days.
fn add_tickets(
    context: &Context,
    mirror: &Mirror,
    table: &mut Table,
    user: &str,
    until: &str,
) -> Result<(), Failure> {
    let answer = mirror.query(TICKETS, &[SqlCell::text(user), SqlCell::text(until)])?;
    let Some(ticket) = context.schema.kind("ticket").filter(|_| !answer.rows.is_empty()) else {
        return Ok(());
    };
    let label = context.locale.noun(ticket);
    for row in &answer.rows {
        let cell = |at: usize| row[at].as_text().map_or(Cell::Null, Cell::text);
        let day = row[1].as_text().and_then(|day| day.parse().ok()).map_or(Cell::Null, Cell::Day);
        let priority = row[2].as_text().map_or(Cell::Null, |code| Cell::Code {
            code: code.to_owned(),
            label: match ticket.field("priority").map(|field| field.ty) {
                Some(Type::Code(list)) => context.locale.code(&context.schema, list, code),
                _ => code.to_owned(),
            },
        });
        let cells = [
            ("id", cell(0)),
            ("due", day),
            ("priority", priority),
            ("kind", Cell::Code { code: "ticket".to_owned(), label: label.clone() }),
            ("subject", cell(3)),
            ("target", cell(4)),
            ("target_name", cell(5)),
            ("owner", cell(6)),
        ];
        let mut cells: Vec<(usize, Cell)> =
            cells.into_iter().filter_map(|(name, cell)| Some((table.position(name)?, cell))).collect();
        let mut row = vec![Cell::Null; table.columns.len()];
        cells.drain(..).for_each(|(at, cell)| row[at] = cell);
        table.rows.push(row);
    }
    let Some(due) = table.position("due") else { return Ok(()) };
    table.rows.sort_by_key(|row| match &row[due] {
        Cell::Day(day) => Some(*day),
        _ => None,
    });
    Ok(())
}
