//! `NOUN ROW add|set|remove RECORD …`: child rows, from the same declaration as the record.

use clap::ArgMatches;

use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::{self, given, one};
use super::super::resolve::Names;
use super::Job;
use super::records::to_change;
use crate::draft::Draft;
use crate::draft::verbs::change;
use crate::model::record::{Doc, Field, Kind, Row, RowKind, Value};
use crate::model::{Class, Problem};

/// A change of the rows of one record.
pub fn job<'a>(
    context: &'a Context,
    kind: &'static Kind,
    field: &'static Field,
    rows: &'static RowKind,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    let Some((action, matches)) = matches.subcommand() else {
        return Err(Problem::usage("missing-argument")
            .arg("value", "add|set|remove")
            .arg("noun", kind.name)
            .into());
    };
    let op = format!("{} {} {action}", kind.name, field.singular().replace('_', "-"));
    Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            let record = one(matches, "record").unwrap_or_default();
            let mut doc = to_change(draft, names, kind, &record)?;
            let mut all = doc.rows(field.name).to_vec();
            match action {
                "add" => {
                    let wishes = given(matches, "wish").unwrap_or_default();
                    for wish in &wishes {
                        all.push(fields::row_from_text(names, draft, &doc, field, rows, wish)?);
                    }
                    if wishes.is_empty() {
                        let mut row = Row::new();
                        if rows.key == "id" {
                            row.insert("id", Value::Text(draft.row_id()));
                        }
                        flags(names, draft, &doc, rows, &mut row, matches)?;
                        all.push(row);
                    }
                }
                "set" => {
                    let at = position(&doc, field, rows, &one(matches, "row").unwrap_or_default())?;
                    let mut row = all[at].clone();
                    flags(names, draft, &doc, rows, &mut row, matches)?;
                    for name in given(matches, "unset").unwrap_or_default() {
                        fields::put(names, draft, &doc, rows, &mut row, &name.replace('-', "_"), "")?;
                    }
                    all[at] = row;
                }
                _ => {
                    let at = position(&doc, field, rows, &one(matches, "row").unwrap_or_default())?;
                    all.remove(at);
                }
            }
            doc.set(field.name, Some(Value::Rows(all)));
            change(draft, doc)?;
            Ok(())
        }),
    )
}

fn flags(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &Doc,
    rows: &'static RowKind,
    row: &mut Row,
    matches: &ArgMatches,
) -> Result<(), Problem> {
    for field in rows.fields {
        if let Some(texts) = given(matches, field.name) {
            fields::put(names, draft, doc, rows, row, field.name, &texts.join(";"))?;
        }
    }
    Ok(())
}

/// The row that a text names: its key, or a product that only one row has.
fn position(doc: &Doc, field: &Field, rows: &RowKind, text: &str) -> Result<usize, Problem> {
    let all = doc.rows(field.name);
    let holds = |name: &str| -> Vec<usize> {
        let has = |row: &Row| row.get(name).and_then(Value::as_text) == Some(text);
        all.iter().enumerate().filter(|(_, row)| has(row)).map(|(at, _)| at).collect()
    };
    let mut found = holds(rows.key);
    if found.is_empty() {
        found = holds("product");
    }
    match found.as_slice() {
        [at] => Ok(*at),
        [] => Err(Problem::new(Class::NotFound, "no-such-row")
            .arg("value", text)
            .arg("record", doc.title())
            .candidates(all.iter().filter_map(|row| row.get(rows.key).and_then(Value::as_text)))),
        many => Err(Problem::new(Class::Ambiguous, "ambiguous-row")
            .arg("value", text)
            .arg("record", doc.title())
            .arg("count", many.len())
            .candidates(many.iter().filter_map(|at| all[*at].get(rows.key).and_then(Value::as_text)))),
    }
}
