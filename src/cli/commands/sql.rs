//! `sql`: a read-only select over the mirror, in every format.

use clap::Command;

use super::super::args::{Words, option, place, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::Standalone;
use crate::formats::Format;
use crate::mirror::{Answer, Mirror, SqlCell};
use crate::model::Problem;
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm sql SELECT`.
pub const SQL: Standalone = Standalone {
    name: "sql",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("select", "SELECT", words))
            .arg(option("file", "FILE|-", words).short('f').conflicts_with("select"))
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
            return schema(context, mirror);
        }
        let select = one(matches, "select").filter(|text| !text.trim().is_empty());
        let text = match (select, one(matches, "file")) {
            (Some(text), None) => text,
            (None, Some(file)) => String::from_utf8(super::records::read_file(&file)?).map_err(|e| {
                let offset = e.utf8_error().valid_up_to();
                Problem::invalid("bad-utf8").arg("offset", offset).at(&file, None)
            })?,
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
        let wanted = mirror.parameters(&text)?;
        let named = parameters(&wanted, &given(matches, "param").unwrap_or_default())?;
        let named: Vec<(&str, SqlCell)> = named.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        let answer = mirror.query_named(&text, &named)?;
        context.ui.table(&table(mirror, &answer), Format::Table)?;
        Ok(if broken.is_empty() { Exit::Ok } else { Exit::Partial })
    },
};

/// The values of the parameters of a select, each of which needs one.
fn parameters(wanted: &[String], texts: &[String]) -> Result<Vec<(String, SqlCell)>, Problem> {
    let names = || wanted.iter().map(|name| name.trim_start_matches([':', '@', '$']));
    let mut named: Vec<(String, SqlCell)> = Vec::new();
    for text in texts {
        let (name, value) =
            text.split_once('=').ok_or_else(|| Problem::usage("bad-param").arg("value", text))?;
        let Some(at) = names().position(|known| known == name) else {
            return Err(Problem::usage("unknown-param")
                .arg("value", name)
                .legal(names().map(|known| format!(":{known}"))));
        };
        if named.iter().any(|(known, _)| *known == wanted[at]) {
            return Err(Problem::usage("flag-twice").arg("flag", format!("--param {name}")));
        }
        named.push((wanted[at].clone(), value_of(value)));
    }
    match wanted.iter().find(|name| !named.iter().any(|(known, _)| known == *name)) {
        Some(name) => Err(Problem::usage("missing-param")
            .arg("value", name)
            .arg("name", name.trim_start_matches([':', '@', '$']))),
        None => Ok(named),
    }
}

/// A value as what it looks like: a number, true or false, null; what is between single quotes and
/// everything else is text. A number that its digits alone would not give back is text: `007`, a
/// phone, an amount with too many digits.
fn value_of(text: &str) -> SqlCell {
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return SqlCell::text(inner);
    }
    match text {
        "null" => return SqlCell::Null,
        "true" => return SqlCell::Int(1),
        "false" => return SqlCell::Int(0),
        _ => {}
    }
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(int), _) if int.to_string() == text => SqlCell::Int(int),
        (_, Ok(real)) if text.contains('.') && !text.ends_with('.') && real.to_string() == short(text) => {
            SqlCell::Real(real)
        }
        _ => SqlCell::text(text),
    }
}

/// A decimal without zeros at its end.
fn short(text: &str) -> &str {
    text.trim_end_matches('0').trim_end_matches('.')
}

/// The tables, columns and views: as text to read, or in a format that is asked for a row for each
/// column.
fn schema(context: &Context, mirror: &Mirror) -> Result<Exit, Failure> {
    if context.ui.format.is_none() {
        context.ui.bytes(mirror.schema_text().as_bytes())?;
        return Ok(Exit::Ok);
    }
    let names = ["table", "kind", "column", "type", "unit", "meaning"];
    let mut table = Table::new("schema", names.map(|name| Column::new(name, ColumnType::Text)).to_vec());
    for relation in mirror.layout().relations() {
        for column in &relation.columns {
            let unit = relation.unit(column, &mirror.layout().base_currency);
            table.rows.push(vec![
                Cell::text(&relation.name),
                Cell::text(relation.class.name()),
                Cell::text(column.name),
                Cell::text(column.decl),
                unit.map_or(Cell::Null, Cell::text),
                Cell::text(column.doc),
            ]);
        }
    }
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_it_looks_like() {
        for (text, cell) in [
            ("42", SqlCell::Int(42)),
            ("-1", SqlCell::Int(-1)),
            ("0", SqlCell::Int(0)),
            ("2.5", SqlCell::Real(2.5)),
            ("2.50", SqlCell::Real(2.5)),
            ("-0.75", SqlCell::Real(-0.75)),
            ("1.0", SqlCell::Real(1.0)),
            ("true", SqlCell::Int(1)),
            ("false", SqlCell::Int(0)),
            ("null", SqlCell::Null),
            ("'42'", SqlCell::text("42")),
            ("''", SqlCell::text("")),
            ("'true'", SqlCell::text("true")),
        ] {
            assert_eq!(value_of(text), cell, "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_number_stays_text() {
        for text in [
            "",
            "007",
            "+1",
            "1e3",
            "1.",
            ".5",
            "inf",
            "nan",
            "NaN",
            "-0",
            "1,000",
            "2026-03-01",
            "+8613800138000",
            "99999999999999999999",
            "0.1234567890123456789",
            "true ",
            "'",
            "十",
        ] {
            assert_eq!(value_of(text), SqlCell::text(text), "{text}");
        }
    }

    #[test]
    fn every_parameter_needs_exactly_one_value() {
        let wanted = [":from".to_owned(), "@to".to_owned()];
        let texts = |all: &[&str]| all.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let refused = |all: &[&str]| parameters(&wanted, &texts(all)).expect_err("refused").id;
        let named = parameters(&wanted, &texts(&["to=2", "from=a=b"])).expect("both are there");
        assert_eq!(named, [("@to".to_owned(), SqlCell::Int(2)), (":from".to_owned(), SqlCell::text("a=b"))]);
        assert_eq!(refused(&["from=1"]), "missing-param");
        assert_eq!(refused(&["from=1", "to=2", "at=3"]), "unknown-param");
        assert_eq!(refused(&["from=1", "to=2", "to=3"]), "flag-twice");
        assert_eq!(refused(&["from"]), "bad-param");
    }
}
