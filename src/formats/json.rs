//! json (an array of objects, or one object) and jsonl (an object per line).
//!
//! Written by hand rather than by a serializer, because keys keep the order of the columns and
//! characters that a terminal acts on or hides are written as `\uXXXX`.

use std::io::{self, Write};

use super::cells::exact;
use super::display::is_hidden;
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Column, Shape, Table};

/// Writes json.
pub fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(Format::Json, table, style);
    if style.envelope {
        write!(out, "{{\n  \"provenance\": ")?;
        write_provenance(&view, out)?;
        write!(out, ",\n  \"rows\": ")?;
        write_rows(&view, "  ", out)?;
        writeln!(out, "\n}}")
    } else if table.shape == Shape::Object {
        write_object(&view, out)?;
        writeln!(out)
    } else {
        write_rows(&view, "", out)?;
        writeln!(out)
    }
}

/// Writes jsonl.
pub fn write_lines(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(Format::Jsonl, table, style);
    for row in view.rows() {
        write_row(&view, &row, out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_provenance(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{")?;
    for (at, (code, _, value)) in view.provenance().entries.iter().enumerate() {
        write!(out, "{}\n    ", if at > 0 { "," } else { "" })?;
        write_string(code, out)?;
        write!(out, ": ")?;
        write_string(value, out)?;
    }
    let closing = if view.provenance().entries.is_empty() { "}" } else { "\n  }" };
    write!(out, "{closing}")
}

/// An array with an object on each line.
fn write_rows(view: &View<'_>, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    if view.rows().len() == 0 {
        return write!(out, "[]");
    }
    write!(out, "[")?;
    for (at, row) in view.rows().enumerate() {
        write!(out, "{}\n{indent}  ", if at > 0 { "," } else { "" })?;
        write_row(view, &row, out)?;
    }
    write!(out, "\n{indent}]")
}

/// The only row, a field on each line, child rows on a line each.
fn write_object(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(row) = view.rows().next().filter(|row| !row.is_empty()) else {
        return write!(out, "{{}}");
    };
    write!(out, "{{")?;
    for (at, (column, cell)) in row.into_iter().enumerate() {
        write!(out, "{}\n  ", if at > 0 { "," } else { "" })?;
        write_string(view.name(column), out)?;
        write!(out, ": ")?;
        match cell {
            Cell::Rows(rows) if !rows.is_empty() => {
                write!(out, "[")?;
                for (at, row) in rows.iter().enumerate() {
                    write!(out, "{}\n    ", if at > 0 { "," } else { "" })?;
                    write_pairs(row.iter().map(|(k, c)| (k.as_str(), c)), view.labelled, out)?;
                }
                write!(out, "\n  ]")?;
            }
            cell => write_value(cell, view.labelled, out)?,
        }
    }
    write!(out, "\n}}")
}

fn write_row(view: &View<'_>, row: &[(&Column, &Cell)], out: &mut dyn Write) -> io::Result<()> {
    let pairs = row.iter().map(|(column, cell)| {
        let name = if view.labelled { &column.label } else { &column.code };
        (name.as_str(), *cell)
    });
    write_pairs(pairs, view.labelled, out)
}

fn write_pairs<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a Cell)>,
    labelled: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{{")?;
    for (at, (key, cell)) in pairs.enumerate() {
        if at > 0 {
            write!(out, ", ")?;
        }
        write_string(key, out)?;
        write!(out, ": ")?;
        write_value(cell, labelled, out)?;
    }
    write!(out, "}}")
}

fn write_value(cell: &Cell, labelled: bool, out: &mut dyn Write) -> io::Result<()> {
    match cell {
        Cell::Null => write!(out, "null"),
        Cell::Bool(value) => write!(out, "{value}"),
        Cell::Int(value) => write!(out, "{value}"),
        Cell::List(items) => write_array(items, out, |item, out| write_value(item, labelled, out)),
        Cell::Rows(rows) => write_array(rows, out, |row, out| {
            write_pairs(row.iter().map(|(k, c)| (k.as_str(), c)), labelled, out)
        }),
        cell => write_string(&exact(cell, labelled), out),
    }
}

fn write_array<T>(
    items: &[T],
    out: &mut dyn Write,
    write_item: impl Fn(&T, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "[")?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            write!(out, ", ")?;
        }
        write_item(item, out)?;
    }
    write!(out, "]")
}

fn write_string(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = String::with_capacity(text.len() + 2);
    escaped.push('"');
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if is_hidden(c) => {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
            }
            c => escaped.push(c),
        }
    }
    escaped.push('"');
    out.write_all(escaped.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::Labels;
    use crate::formats::samples::{any_table, config, empty, nasty, order, written};

    #[test]
    fn a_list_is_an_array_with_an_object_per_line() {
        let expected = concat!(
            "[\n",
            r#"  {"id": "cus_1", "name": "杭州\u202e汉风, \"Ltd\"", "status": "active", "#,
            r#""amount": "-1234567.50", "currency": "CNY", "rate": "0.123456", "won": true, "#,
            r#""closed_on": "2026-03-01", "seen_at": "2026-03-01T09:05:00+08:00", "#,
            r#""tags": ["a", "b"], "note": "first\nsecond | <b>\u001b[31m", "#,
            r#""lines": [{"line": 1, "qty": "2.5"}]},"#,
            "\n",
            r#"  {"id": "cus_2", "name": "=cmd|' /C calc'!A0", "status": null, "amount": "0.5", "#,
            r#""currency": "KWD", "rate": null, "won": false, "closed_on": null, "#,
            r#""seen_at": null, "tags": [], "note": "🚚", "lines": []},"#,
            "\n",
            r#"  {"id": "cus_3", "name": null, "status": "lost", "amount": "12", "#,
            r#""currency": "JPY", "rate": "1", "won": null, "closed_on": null, "#,
            r#""seen_at": null, "tags": null, "note": null, "lines": null}"#,
            "\n]\n",
        );
        assert_eq!(written(Format::Json, &nasty(), &Style::default()), expected);
    }

    #[test]
    fn nothing_is_an_empty_document() {
        assert_eq!(written(Format::Json, &empty(), &Style::default()), "[]\n");
        assert_eq!(written(Format::Jsonl, &empty(), &Style::default()), "");
    }

    #[test]
    fn one_record_is_one_object() {
        let expected = concat!(
            "{\n",
            "  \"id\": \"ord_1\",\n",
            "  \"customer\": \"cus_1\",\n",
            "  \"note\": \"first\\nsecond\",\n",
            "  \"lines\": [\n",
            "    {\"product\": \"HAN-EV-610\", \"qty\": \"1200\"},\n",
            "    {\"product\": \"铝轮\", \"qty\": \"3.5\"}\n",
            "  ]\n",
            "}\n",
        );
        assert_eq!(written(Format::Json, &order(), &Style::default()), expected);
    }

    #[test]
    fn the_envelope_says_where_rows_come_from() {
        let style = Style { envelope: true, ..Style::default() };
        let mut table = empty();
        let expected = concat!(
            "{\n",
            "  \"provenance\": {\n",
            "    \"commit\": \"4f1c\",\n",
            "    \"filter\": \"name~\\\"x\\\"\"\n",
            "  },\n",
            "  \"rows\": []\n",
            "}\n",
        );
        assert_eq!(written(Format::Json, &table, &style), expected);
        table.provenance.entries.clear();
        let expected = "{\n  \"provenance\": {},\n  \"rows\": []\n}\n";
        assert_eq!(written(Format::Json, &table, &style), expected);
    }

    #[test]
    fn labels_can_be_asked_for() {
        let style = Style { labels: Labels::Label, ..Style::default() };
        let text = written(Format::Jsonl, &nasty(), &style);
        assert!(text.starts_with(r#"{"Id": "cus_1", "名称": "#));
        assert!(text.contains(r#""Status": "Active""#));
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn json_is_valid_and_has_every_row(table in any_table()) {
            let text = written(Format::Json, &table, &Style { envelope: true, ..Style::default() });
            let read: serde_json::Value = serde_json::from_str(&text).expect("valid json");
            let rows = read["rows"].as_array().expect("an array");
            prop_assert_eq!(rows.len(), table.rows.len());
            let lines = written(Format::Jsonl, &table, &Style::default());
            for (line, row) in lines.lines().zip(rows) {
                let record: serde_json::Value = serde_json::from_str(line).expect("valid json");
                prop_assert_eq!(&record, row);
            }
        }
    }
}
