//! `status`: the morning screen: what is due, breaching, stuck, unassigned, to ship and overdue, for
//! the acting user or with `--team` for the whole team, and whether somebody's own edits lie in the
//! store.

use clap::Command;

use super::super::args::{Words, switch};
use super::super::error::Exit;
use super::super::fields::on;
use super::Standalone;
use crate::formats::Format;
use crate::mirror::SqlCell;
use crate::table::{Cell, Column, ColumnType, Table};

/// A line of the screen: its name, what it counts, and the records behind it. `?1` is the acting
/// user, `?2` today, `?3` 1 where the whole team counts: everybody of the user's teams and of teams
/// that the user manages. What has no owner is everybody's.
const LINES: &[(&str, &str)] = &[
    (
        "followups-overdue",
        "select id from followups where status = 'planned' and owner in (select id from us) and due < ?2 order by due, id",
    ),
    (
        "followups-today",
        "select id from followups where status = 'planned' and owner in (select id from us) and due = ?2 order by id",
    ),
    (
        "leads-new",
        "select id from leads where status = 'new' and owner in (select id from us) and pool is null and archived is not 1 and merged_into is null order by created_at, id",
    ),
    (
        "leads-unassigned",
        "select id from leads where status in ('new', 'contacted', 'qualified') and owner is null and pool is null and archived is not 1 and merged_into is null order by created_at, id",
    ),
    (
        "tickets-breaching",
        "select t.number from tickets t join ticket_clock k on k.ticket = t.id where t.status in ('new', 'open') and t.archived is not 1 and (t.assignee in (select id from us) or t.assignee is null) and (k.agreement = 'failed' or julianday(iif(k.first_response_at is null, k.response_due, k.resolution_due)) < julianday(?2) + 2) order by iif(k.first_response_at is null, k.response_due, k.resolution_due), t.number",
    ),
    (
        "tickets-unassigned",
        "select number from tickets where status in ('new', 'open') and assignee is null and archived is not 1 order by created_at, number",
    ),
    (
        "tickets-open",
        "select number from tickets where status in ('new', 'open', 'pending') and assignee in (select id from us) and archived is not 1 order by number",
    ),
    (
        "opportunities-stuck",
        "select o.id from opportunities o join opportunity_status s on s.opportunity = o.id where o.owner in (select id from us) and s.rotten and o.archived is not 1 order by s.idle_days desc, o.id",
    ),
    (
        "quotes-expiring",
        "select number from quotes where status = 'sent' and owner in (select id from us) and archived is not 1 and valid_until between ?2 and date(?2, '+7 days') order by valid_until, number",
    ),
    (
        "orders-to-ship",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where o.status = 'confirmed' and s.fulfilment in ('none', 'partial') order by o.due_date is null, o.due_date, o.number",
    ),
    (
        "orders-late",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where s.late order by o.due_date, o.number",
    ),
    (
        "payments-overdue",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where s.overdue order by o.number",
    ),
    (
        "messages-stuck",
        "select id from messages where status in ('failed', 'unknown') and archived is not 1 order by created_at, id",
    ),
    ("feedback-new", "select id from feedback where status = 'new' and archived is not 1 order by date, id"),
];

/// Who counts: the user, and with `?3` the members of the user's teams and of those managed. The day
/// is named so that every line takes the same three parameters.
const US: &str = "with today_is as (select ?2 as day), mine(id) as ( \
    select id from teams where ?3 and (manager = ?1 or id = (select team from users where id = ?1)) \
    union select t.id from teams t join mine m on t.parent = m.id), \
  us(id) as (select ?1 union select u.id from users u join mine m on u.team = m.id) ";

/// How many records a line names.
const NAMED: usize = 5;

/// `crm status`.
pub const STATUS: Standalone = Standalone {
    name: "status",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(switch("team", words)),
    run: |context, matches| {
        let actor = context.reader()?;
        let mirror = context.mirror()?;
        let today = context.today.to_string();
        let label = |name: &str| context.text(&format!("field-status-{name}"), &[]);
        let columns = vec![
            Column::new("what", ColumnType::Code).labelled(label("what")),
            Column::new("count", ColumnType::Int).labelled(label("count")),
            Column::new("records", ColumnType::List).labelled(label("records")),
        ];
        let title = context.text("title-status", &[("user", &actor.name), ("day", &today)]);
        let mut table = Table { title, ..Table::new("status", columns) };
        let params = [
            SqlCell::text(actor.id.as_str()),
            SqlCell::text(today.as_str()),
            SqlCell::Int(i64::from(on(matches, "team"))),
        ];
        for (name, sql) in LINES {
            let answer = mirror.query(&format!("{US}{sql}"), &params)?;
            let mut ids: Vec<Cell> =
                answer.rows.iter().take(NAMED).filter_map(|row| row[0].as_text().map(Cell::text)).collect();
            if answer.rows.len() > NAMED {
                ids.push(Cell::text("…"));
            }
            table.rows.push(vec![
                Cell::Code { code: (*name).to_owned(), label: context.text(&format!("status-{name}"), &[]) },
                Cell::Int(i64::try_from(answer.rows.len()).unwrap_or(i64::MAX)),
                Cell::List(ids),
            ]);
        }
        let edits = mirror.deviations()?;
        let named = edits.iter().take(NAMED).map(Cell::text).collect();
        table.rows.push(vec![
            Cell::Code { code: "hand-edits".to_owned(), label: context.text("status-hand-edits", &[]) },
            Cell::Int(i64::try_from(edits.len()).unwrap_or(i64::MAX)),
            Cell::List(named),
        ]);
        context.ui.table(&table, Format::Table)?;
        Ok(Exit::Ok)
    },
};
