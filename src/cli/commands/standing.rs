//! What became of the lines of an order, for `show`: how much of each is shipped, returned, billed,
//! and what is left. Deliberately absent: what is derived of whole records (see `sections`).

use super::super::context::Context;
use super::super::error::Failure;
use crate::mirror::{Mirror, SqlCell};
use crate::model::record::Doc;
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// What is told of each line of an order.
const LINE: &[&str] =
    &["line", "product", "qty", "shipped", "reversed", "replaced", "billed", "open", "to_ship", "to_bill"];

/// Puts the lines and what became of them before the history; people see none of a draft.
pub fn add(context: &Context, mirror: &Mirror, order: &Doc, table: &mut Table) -> Result<(), Failure> {
    let lines = lines(mirror, order)?;
    let told = order.state() != "draft" && !lines.is_empty();
    let column = Column::new("line_states", ColumnType::Rows)
        .labelled(context.locale.field(&context.schema, order.kind, "line_states"))
        .for_audience(if told { Audience::All } else { Audience::Data });
    let place = table.position("history").or(table.position("rev")).unwrap_or(table.columns.len());
    table.columns.insert(place, column);
    if let Some(row) = table.rows.first_mut() {
        row.insert(place, Cell::Rows(lines));
    }
    Ok(())
}

/// The lines of an order, each with what became of it.
fn lines(mirror: &Mirror, order: &Doc) -> Result<Vec<Vec<(String, Cell)>>, Failure> {
    let answer = mirror.order_lines(order.id())?;
    let places: Vec<Option<usize>> = LINE.iter().map(|name| answer.position(name)).collect();
    let line = |row: &Vec<SqlCell>| {
        let cells = LINE.iter().zip(&places).map(|(name, place)| {
            let (Some(place), text) = (*place, matches!(*name, "line" | "product")) else {
                return ((*name).to_owned(), Cell::Null);
            };
            let declared = if text { "TEXT" } else { "QTY REAL" };
            ((*name).to_owned(), mirror.typed(row[place].clone(), declared, None))
        });
        cells.collect()
    };
    Ok(answer.rows.iter().map(line).collect())
}
