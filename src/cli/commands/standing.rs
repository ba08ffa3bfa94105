//! What became of an order, for `show`: how much of each line is shipped, returned, billed, and how
//! much of each instalment has come. Deliberately absent: what is derived of whole records (see
//! `sections`).

use rust_decimal::Decimal;

use super::super::context::Context;
use super::super::error::Failure;
use crate::mirror::{Mirror, SqlCell};
use crate::model::record::Doc;
use crate::rules::amounts::word;
use crate::rules::order_state::{InstalmentState, instalments};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// What is told of each line of an order beside what it is.
const QUANTITIES: &[&str] =
    &["qty", "shipped", "reversed", "replaced", "billed", "open", "to_ship", "to_bill"];

/// Puts the lines, and the instalments where there are some, before the history. What was received
/// stands in the table already.
pub fn add(context: &Context, mirror: &Mirror, order: &Doc, table: &mut Table) -> Result<(), Failure> {
    let lines = lines(mirror, order)?;
    let told = order.state() != "draft" && !lines.is_empty();
    let at = table.position("received");
    let received = match at.and_then(|at| table.rows.first().map(|row| &row[at])) {
        Some(Cell::Dec(amount)) => *amount,
        _ => Decimal::ZERO,
    };
    let plan: Vec<_> = instalments(order, received, context.today).iter().map(instalment).collect();
    let planned = !plan.is_empty();
    insert(context, order, table, ("line_states", told), lines);
    insert(context, order, table, ("plan_states", planned), plan);
    Ok(())
}

/// Puts a column of rows before the history; programs get it even where people do not.
fn insert(
    context: &Context,
    order: &Doc,
    table: &mut Table,
    (name, told): (&str, bool),
    rows: Vec<Vec<(String, Cell)>>,
) {
    let column = Column::new(name, ColumnType::Rows)
        .labelled(context.locale.field(&context.schema, order.kind, name))
        .for_audience(if told { Audience::All } else { Audience::Data });
    let place = table.position("history").or(table.position("rev")).unwrap_or(table.columns.len());
    table.columns.insert(place, column);
    if let Some(row) = table.rows.first_mut() {
        row.insert(place, Cell::Rows(rows));
    }
}

fn instalment(state: &InstalmentState) -> Vec<(String, Cell)> {
    vec![
        ("id".to_owned(), Cell::text(&state.id)),
        ("due".to_owned(), state.due.map_or(Cell::Null, Cell::Day)),
        ("amount".to_owned(), Cell::Dec(state.amount)),
        ("covered".to_owned(), Cell::Dec(state.covered)),
        ("open".to_owned(), Cell::Dec(state.amount - state.covered)),
        ("overdue".to_owned(), Cell::Bool(state.overdue)),
    ]
}

/// The lines of an order, each with what became of it.
fn lines(mirror: &Mirror, order: &Doc) -> Result<Vec<Vec<(String, Cell)>>, Failure> {
    let answer = mirror.order_lines(order.id())?;
    let cell = |row: &[SqlCell], name: &str, declared: &str| {
        answer.position(name).map_or(Cell::Null, |at| mirror.typed(row[at].clone(), declared, None))
    };
    let line = |row: &Vec<SqlCell>| {
        let id = cell(row, "line", "TEXT");
        let own =
            order.rows("lines").iter().find(|own| word(own, "id").map(Cell::text).as_ref() == Some(&id));
        let text = |name: &str| own.and_then(|own| word(own, name)).map_or(Cell::Null, Cell::text);
        let head = [("line", id.clone()), ("product", text("product")), ("name", text("name"))];
        let amounts = QUANTITIES.iter().map(|name| (*name, cell(row, name, "QTY REAL")));
        head.into_iter().chain(amounts).map(|(name, cell)| (name.to_owned(), cell)).collect()
    };
    Ok(answer.rows.iter().map(line).collect())
}
