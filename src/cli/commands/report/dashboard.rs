//! The page of figures: what people read of it, and the charts beside it on a page of html.
//!
//! Deliberately absent: the figures, which are `reports::dashboard`.

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::labels::{for_people, label};
use crate::formats::{Format, figure};
use crate::mirror::Mirror;
use crate::reports::{Asked, charts, type_of};
use crate::table::{Cell, Shape, Table};

/// Makes the table fit for people, and adds the charts where they are shown.
pub fn finish(
    context: &Context,
    mirror: &Mirror,
    asked: &Asked,
    format: Format,
    table: &mut Table,
) -> Result<(), Failure> {
    if !for_people(format) || format == Format::Xlsx {
        return Ok(());
    }
    table.shape = Shape::Cards;
    let unit = table.position("unit");
    let figures = ["value", "previous", "target"].map(|code| table.position(code));
    for row in &mut table.rows {
        let Some(unit) = unit else { continue };
        let code = match &row[unit] {
            Cell::Text(code) => code.clone(),
            _ => continue,
        };
        for at in figures.into_iter().flatten() {
            if row[at] != Cell::Null {
                row[at] = Cell::Text(figure(type_of(&code), &row[at], &context.ui.style));
            }
        }
        row[unit] = match code.as_str() {
            "days" => Cell::Text(context.text("report-unit-days", &[])),
            money if money == asked.currency => Cell::Text(code),
            _ => Cell::Null,
        };
    }
    if format == Format::Html {
        table.parts = drawn(context, mirror, asked)?;
    }
    Ok(())
}

/// The tables whose charts stand on the page.
fn drawn(context: &Context, mirror: &Mirror, asked: &Asked) -> Result<Vec<Table>, Failure> {
    let mut all = Vec::new();
    for (report, mut table) in charts(mirror, asked)? {
        label(context, mirror, &report, Format::Html, &mut table)?;
        let dimension = table.columns.iter().find(|column| !column.label.is_empty());
        if let Some(column) = dimension.filter(|_| !report.front.dims.is_empty()) {
            table.title = format!("{} · {}", table.title, column.label);
        }
        all.push(table);
    }
    Ok(all)
}
