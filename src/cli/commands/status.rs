//! `status`: the day on one screen: what is due, what is new, what to ship, what is overdue, and
//! whether somebody's own edits lie in the store.

use clap::Command;

use super::super::args::Words;
use super::super::error::Exit;
use super::Standalone;
use crate::formats::Format;
use crate::mirror::SqlCell;
use crate::table::{Cell, Column, ColumnType, Table};

/// A line of the screen: its name, what it counts, and the records behind it. `?1` is the acting
/// user, `?2` today.
const LINES: &[(&str, &str)] = &[
    (
        "followups-overdue",
        "select id from followups where status = 'planned' and owner = ?1 and due < ?2 order by due, id",
    ),
    (
        "followups-today",
        "select id from followups where status = 'planned' and owner = ?1 and due = ?2 order by id",
    ),
    (
        "leads-new",
        "select id from leads where status = 'new' and (owner = ?1 or owner is null) and pool is null and archived is not 1 and merged_into is null and ?2 <> '' order by created_at, id",
    ),
    (
        "orders-to-ship",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where o.status = 'confirmed' and s.fulfilment in ('none', 'partial') and (?1 <> '' and ?2 <> '') order by o.due_date is null, o.due_date, o.number",
    ),
    (
        "orders-late",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where s.late and (?1 <> '' and ?2 <> '') order by o.due_date, o.number",
    ),
    (
        "payments-overdue",
        "select o.number from orders o join order_status s on s.\"order\" = o.id where s.overdue and (?1 <> '' and ?2 <> '') order by o.number",
    ),
    (
        "tickets-open",
        "select number from tickets where status in ('new', 'open', 'pending') and (assignee = ?1 or assignee is null) and ?2 <> '' order by number",
    ),
];

/// How many records a line names.
const NAMED: usize = 5;

/// `crm status`.
pub const STATUS: Standalone = Standalone {
    name: "status",
    aliases: &[],
    args: |command: Command, _: Words<'_>| command,
    run: |context, _| {
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
        for (name, sql) in LINES {
            let answer =
                mirror.query(sql, &[SqlCell::text(actor.id.as_str()), SqlCell::text(today.as_str())])?;
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
