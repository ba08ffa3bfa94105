//! `sql`: a read-only select over the mirror, in every format.

use clap::Command;

use super::super::args::{Words, option, place, switch};
use super::super::error::{Exit, Failure};
use super::super::fields::{on, one};
use super::Standalone;
use crate::formats::Format;
use crate::mirror::{Answer, Mirror, SqlCell};
use crate::model::Problem;
use crate::table::{Column, ColumnType, Table};

/// `crm sql SELECT`.
pub const SQL: Standalone = Standalone {
    name: "sql",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("select", "SELECT", words))
            .arg(option("file", "FILE", words).short('f'))
            .arg(option("param", "NAME=VALUE", words).action(clap::ArgAction::Append))
            .arg(option("at", "REV|DATE", words))
            .arg(switch("schema", words))
    },
    run: |context, matches| {
        let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
        let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
        let present = if past.is_none() { Some(context.mirror()?) } else { None };
        let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Exit::Ok) };
        if on(matches, "schema") {
            context.ui.bytes(mirror.schema_text().as_bytes())?;
            return Ok(Exit::Ok);
        }
        let text = match (one(matches, "select"), one(matches, "file")) {
            (Some(text), None) => text,
            (None, Some(file)) => String::from_utf8_lossy(&super::records::read_file(&file)?).into_owned(),
            _ => {
                return Err(Problem::usage("missing-argument")
                    .arg("value", "SELECT")
                    .arg("noun", "sql")
                    .into());
            }
        };
        let broken = mirror.broken()?;
        if !broken.is_empty() && !context.globals.keep_going {
            return Err(Failure::many(broken.iter().map(super::list::broken_problem).collect()));
        }
        let params = super::super::fields::given(matches, "param").unwrap_or_default();
        let mut named = Vec::new();
        for param in &params {
            let (name, value) =
                param.split_once('=').ok_or_else(|| Problem::usage("bad-param").arg("value", param))?;
            named.push((format!(":{name}"), SqlCell::text(value)));
        }
        let named: Vec<(&str, SqlCell)> = named.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        let answer = mirror.query_named(&text, &named)?;
        context.ui.table(&table(mirror, &answer), Format::Table)?;
        Ok(if broken.is_empty() { Exit::Ok } else { Exit::Partial })
    },
};

/// An answer as a table: declared columns keep their types, expressions are what they are.
fn table(mirror: &Mirror, answer: &Answer) -> Table {
    let columns = answer
        .columns
        .iter()
        .map(|column| {
            let ty = match column.decl.as_deref() {
                Some("MONEY INTEGER" | "INTEGER") => ColumnType::Int,
                Some("BOOL INTEGER") => ColumnType::Bool,
                Some("DAY TEXT") => ColumnType::Day,
                Some("INSTANT TEXT") => ColumnType::Instant,
                Some("LIST TEXT") => ColumnType::List,
                Some(decl) if decl.ends_with("REAL") => ColumnType::Dec,
                _ => ColumnType::Text,
            };
            Column::new(column.name.clone(), ty)
        })
        .collect();
    let mut table = Table::new("sql", columns);
    table.id_column = table.position("id");
    for row in &answer.rows {
        let cells = row.iter().zip(&answer.columns).map(|(cell, column)| {
            // Money stays in minor units, as the tables document it.
            let decl = column.decl.as_deref().filter(|d| *d != "MONEY INTEGER").unwrap_or("");
            mirror.typed(cell.clone(), decl, None)
        });
        table.rows.push(cells.collect());
    }
    table
}
