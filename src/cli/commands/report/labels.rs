//! Labels of columns and codes, and words for keys that are not there.

use super::super::super::context::Context;
use super::super::super::error::Failure;
use crate::formats::Format;
use crate::locale::Language;
use crate::mirror::Mirror;
use crate::model::record::CodeList;
use crate::reports::{CUSTOM, ColumnFront, Report};
use crate::table::{Cell, ColumnType, Table};

/// Whether people read the answer, not programs.
pub fn for_people(format: Format) -> bool {
    !matches!(format, Format::Csv | Format::Tsv | Format::Json | Format::Jsonl | Format::Ids)
}

pub fn column_of<'r>(report: &'r Report, name: &str) -> Option<&'r ColumnFront> {
    report.front.columns.iter().find(|column| column.name == name)
}

/// Labels of columns and codes in the reader's language.
pub fn label(
    context: &Context,
    mirror: &Mirror,
    report: &Report,
    format: Format,
    table: &mut Table,
) -> Result<(), Failure> {
    let chinese = context.locale.language == Language::Chinese;
    report.title(chinese).clone_into(&mut table.title);
    for column in &mut table.columns {
        let base = column.code.strip_suffix("_name").unwrap_or(&column.code);
        let declared = column_of(report, &column.code).is_some();
        let (prefix, name) = match base.strip_prefix("prev_").filter(|_| !declared) {
            Some(name) => (context.text("report-previous", &[]), name),
            None => (String::new(), base),
        };
        let front = column_of(report, name);
        let own = front.map_or("", |c| c.label(chinese));
        let custom = name.strip_prefix(CUSTOM).map(|field| custom_label(context, field));
        let text = match context.schema.kind(&report.front.noun) {
            _ if custom.is_some() => custom.unwrap_or_default(),
            _ if !own.is_empty() => own.to_owned(),
            Some(kind) => context.locale.field(&context.schema, kind, name),
            None => context.locale.general(name),
        };
        column.label = if prefix.is_empty() { text } else { format!("{text} {prefix}") };
    }
    for (at, column) in table.columns.iter().enumerate() {
        if !matches!(column.ty, ColumnType::Code | ColumnType::List) {
            continue;
        }
        let list = list_of(report, &column.code);
        for row in table.rows.iter_mut().chain(&mut table.total) {
            name_codes(context, list.as_ref(), &column.code, &mut row[at]);
        }
    }
    super::super::board::label_stages(context, mirror, table)?;
    if for_people(format) {
        name_nothing(context, report, table);
    }
    Ok(())
}

/// What a field that the store added to customers is called.
fn custom_label(context: &Context, field: &str) -> String {
    match context.schema.kind("customer") {
        Some(kind) => context.locale.field(&context.schema, kind, field),
        None => field.to_owned(),
    }
}

/// The list that the codes of a dimension or column are of.
fn list_of(report: &Report, name: &str) -> Option<CodeList> {
    let dim = report.dimensions().into_iter().find(|d| d.name == name).and_then(|d| d.list);
    let column = column_of(report, name).map(|c| c.list.clone()).filter(|list| !list.is_empty());
    let name = dim.or_else(|| column.map(|list| Box::leak(list.into_boxed_str()) as &'static str))?;
    Some(CodeList { name, codes: &[], extensible: true })
}

fn name_codes(context: &Context, list: Option<&CodeList>, field: &str, cell: &mut Cell) {
    match cell {
        Cell::Code { code, label } => {
            *label = match list {
                Some(list) => context.locale.code(&context.schema, list, code),
                None => context.locale.derived_code_of(field, code),
            };
        }
        Cell::List(cells) => cells.iter_mut().for_each(|cell| name_codes(context, list, field, cell)),
        _ => {}
    }
}

/// Keys that are not there, in words.
fn name_nothing(context: &Context, report: &Report, table: &mut Table) {
    let none = context.text("report-none", &[]);
    let legal = report.dimensions();
    let is_key = |code: &str| legal.iter().any(|d| d.name == code) || (code == "subject" && legal.is_empty());
    let keys: Vec<bool> = table
        .columns
        .iter()
        .map(|c| {
            let key = c.code.strip_suffix("_name").unwrap_or(&c.code);
            is_key(key) && c.audience != crate::table::Audience::Data && column_of(report, key).is_none()
        })
        .collect();
    let overdue = context.text("report-overdue", &[]);
    for row in &mut table.rows {
        for (cell, _) in row.iter_mut().zip(&keys).filter(|(_, key)| **key) {
            match cell {
                Cell::Null => *cell = Cell::text(&none),
                Cell::Text(text) if text == "overdue" => text.clone_from(&overdue),
                _ => {}
            }
        }
    }
}
