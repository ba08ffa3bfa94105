//! Records as TOML text: reading with a line for every complaint, writing that keeps what it does
//! not understand.
//!
//! A file in canonical form is written anew; any other keeps its comments, its order and the keys
//! that this version does not know, and only what changed changes.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use crate::model::Problem;
use crate::model::record::{Doc, Field, Kind, Moved, Row, Type, Value};
use crate::model::schema::Schema;

/// The largest record that is read.
pub const MAX_BYTES: usize = 1 << 20;

/// A record as read, and what is odd about it without being wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub doc: Doc,
    pub warnings: Vec<Problem>,
}

/// Reads a record. Every complaint names the path and, where it can, the line.
pub fn parse(schema: &Schema, path: &str, bytes: &[u8]) -> Result<Read, Problem> {
    let kind = schema
        .kind_of_path(path)
        .ok_or_else(|| Problem::invalid("misplaced-file").arg("path", path).at(path, None))?;
    let text = checked_text(path, bytes)?;
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        Problem::invalid("bad-toml").arg("reason", error.message()).at(path, line)
    })?;
    let reader = Reader { schema, kind, path, text };
    let mut read = Read { doc: Doc::new(kind, String::new()), warnings: Vec::new() };
    for (key, value) in table.get_ref() {
        reader.entry(key, value, &mut read)?;
    }
    if read.doc.path() != path {
        return Err(Problem::invalid("misplaced-file")
            .arg("path", path)
            .arg("id", read.doc.id())
            .at(path, table.get_ref().get("id").map(|v| line_of(text, v.span().start)).or(Some(1))));
    }
    Ok(read)
}

/// Reads the fields of a record that is not in the store yet: no path, no id needed.
pub fn fields(schema: &Schema, kind: &'static Kind, name: &str, text: &str) -> Result<Row, Problem> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        Problem::invalid("bad-toml").arg("reason", error.message()).at(name, line)
    })?;
    let reader = Reader { schema, kind, path: name, text };
    let mut read = Read { doc: Doc::new(kind, String::new()), warnings: Vec::new() };
    read.doc.fields.remove("id");
    for (key, value) in table.get_ref() {
        reader.entry(key, value, &mut read)?;
    }
    match read.warnings.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(read.doc.fields),
    }
}

fn checked_text<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::invalid("record-too-large").arg("bytes", bytes.len()).at(path, None));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Problem::invalid("byte-order-mark").at(path, Some(1)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Problem::invalid("bad-utf8").arg("offset", error.valid_up_to()).at(path, Some(line))
    })?;
    let marker = |line: &str| {
        line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line.trim_end() == "======="
    };
    match text.lines().position(marker) {
        Some(line) => {
            Err(Problem::invalid("unresolved-merge").hint("unresolved-merge-hint").at(path, Some(line + 1)))
        }
        None => Ok(text),
    }
}

/// The line of a byte offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

struct Reader<'a> {
    schema: &'a Schema,
    kind: &'static Kind,
    path: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn entry(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        read: &mut Read,
    ) -> Result<(), Problem> {
        let name = key.get_ref().as_ref();
        match name {
            "history" if self.kind.traits.history => read.doc.history = self.history(value)?,
            "custom" => {
                let table = value.get_ref().as_table().ok_or_else(|| self.bad("custom", value))?;
                for (key, value) in table {
                    let field = self.kind.custom.iter().find(|f| f.name == key.get_ref().as_ref());
                    self.field(field, key, value, read)?;
                }
            }
            _ => {
                let field = self.kind.all().find(|f| f.name == name && !f.marks.custom);
                self.field(field, key, value, read)?;
            }
        }
        Ok(())
    }

    fn field(
        &self,
        field: Option<&'static Field>,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        read: &mut Read,
    ) -> Result<(), Problem> {
        if let Some(field) = field {
            let stored = self.value(field, value)?;
            read.doc.fields.insert(field.name, stored);
        } else {
            read.warnings.push(
                Problem::invalid("unknown-field")
                    .arg("field", key.get_ref())
                    .field(key.get_ref().to_string())
                    .at(self.path, Some(line_of(self.text, key.span().start)))
                    .as_warning(),
            );
        }
        Ok(())
    }

    fn value(&self, field: &'static Field, value: &Spanned<DeValue<'_>>) -> Result<Value, Problem> {
        if let Some(rows) = field.rows() {
            let array = value.get_ref().as_array().ok_or_else(|| self.bad(field.name, value))?;
            let mut out = Vec::with_capacity(array.len());
            for item in array {
                let table = item.get_ref().as_table().ok_or_else(|| self.bad(field.name, item))?;
                let mut row = Row::new();
                for (key, value) in table {
                    let name = key.get_ref().as_ref();
                    if name == "id" && rows.key == "id" {
                        row.insert("id", Value::Text(self.str("id", value)?.to_owned()));
                    } else if let Some(field) = rows.field(name) {
                        row.insert(field.name, self.value(field, value)?);
                    }
                }
                out.push(row);
            }
            return Ok(Value::Rows(out));
        }
        if field.many() {
            let array = value.get_ref().as_array().ok_or_else(|| self.bad(field.name, value))?;
            return array.iter().map(|v| self.single(field, v)).collect::<Result<_, _>>().map(Value::List);
        }
        self.single(field, value)
    }

    fn single(&self, field: &Field, value: &Spanned<DeValue<'_>>) -> Result<Value, Problem> {
        Ok(match field.ty {
            Type::Bool => Value::Bool(value.get_ref().as_bool().ok_or_else(|| self.bad(field.name, value))?),
            Type::Int => {
                let text = value.get_ref().as_integer().map(toml::de::DeInteger::as_str);
                Value::Int(text.and_then(|t| t.parse().ok()).ok_or_else(|| self.bad(field.name, value))?)
            }
            Type::Dec | Type::Qty | Type::Pct | Type::Money | Type::Price => {
                let text = self.str(field.name, value)?;
                Value::Dec(Decimal::from_str_exact(text).map_err(|_| self.bad(field.name, value))?)
            }
            Type::Day => Value::Day(self.day(field.name, value)?),
            Type::Instant => Value::Instant(self.instant(field.name, value)?),
            Type::Code(list) => {
                let code = self.str(field.name, value)?;
                let known = list.codes.contains(&code) || self.schema.codes(list).contains(&code);
                if !known {
                    let legal = self.schema.codes(list).into_iter().map(str::to_owned).collect::<Vec<_>>();
                    return Err(self.bad(field.name, value).legal(legal));
                }
                Value::Text(code.to_owned())
            }
            _ => Value::Text(self.str(field.name, value)?.replace("\r\n", "\n")),
        })
    }

    fn str<'v>(&self, field: &str, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Problem> {
        value.get_ref().as_str().ok_or_else(|| self.bad(field, value))
    }

    fn day(&self, field: &str, value: &Spanned<DeValue<'_>>) -> Result<NaiveDate, Problem> {
        value
            .get_ref()
            .as_datetime()
            .filter(|d| d.time.is_none())
            .and_then(|d| d.date)
            .and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
            .ok_or_else(|| self.bad(field, value))
    }

    fn instant(&self, field: &str, value: &Spanned<DeValue<'_>>) -> Result<DateTime<FixedOffset>, Problem> {
        value
            .get_ref()
            .as_datetime()
            .filter(|d| d.offset.is_some())
            .and_then(|d| DateTime::parse_from_rfc3339(&d.to_string()).ok())
            .ok_or_else(|| self.bad(field, value))
    }

    fn history(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Moved>, Problem> {
        let rows = value.get_ref().as_array().ok_or_else(|| self.bad("history", value))?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let table = row.get_ref().as_table().ok_or_else(|| self.bad("history", row))?;
            let text = |name: &str| -> Result<Option<String>, Problem> {
                table.get(name).map(|v| self.str("history", v).map(str::to_owned)).transpose()
            };
            let at = table.get("at").ok_or_else(|| self.bad("history", row))?;
            out.push(Moved {
                at: self.instant("history", at)?,
                by: text("by")?.unwrap_or_default(),
                field: text("field")?,
                from: text("from")?,
                to: text("to")?,
                reason: text("reason")?,
            });
        }
        Ok(out)
    }

    fn bad(&self, field: &str, value: &Spanned<DeValue<'_>>) -> Problem {
        let span = value.span();
        let written = self.text.get(span.clone()).unwrap_or_default();
        let written: String = written.chars().take(60).collect();
        Problem::invalid("bad-value")
            .arg("field", field)
            .arg("value", written)
            .field(field)
            .at(self.path, Some(line_of(self.text, span.start)))
    }
}

/// The canonical text of a record.
pub fn canonical(doc: &Doc) -> String {
    let mut out = String::with_capacity(512);
    let mut group = "";
    for field in doc.kind.all().filter(|f| f.rows().is_none() && !f.marks.custom) {
        let Some(value) = doc.get(field.name) else { continue };
        if field.group != group && !out.is_empty() {
            out.push('\n');
        }
        group = field.group;
        line(&mut out, field.name, value);
    }
    let custom: Vec<_> = doc.kind.custom.iter().filter_map(|f| Some((f.name, doc.get(f.name)?))).collect();
    if !custom.is_empty() {
        out.push_str("\n[custom]\n");
        for (name, value) in custom {
            line(&mut out, name, value);
        }
    }
    for (field, rows) in doc.kind.rows() {
        for row in doc.rows(field.name) {
            let _ = write!(out, "\n[[{}]]\n", field.name);
            if rows.key == "id"
                && let Some(id) = row.get("id")
            {
                line(&mut out, "id", id);
            }
            for field in rows.fields {
                if let Some(value) = row.get(field.name) {
                    line(&mut out, field.name, value);
                }
            }
        }
    }
    for moved in &doc.history {
        out.push_str("\n[[history]]\n");
        for (name, value) in history_row(moved) {
            line(&mut out, name, &value);
        }
    }
    out
}

fn history_row(moved: &Moved) -> Vec<(&'static str, Value)> {
    let text = |value: &Option<String>| value.clone().map(Value::Text);
    [
        ("at", Some(Value::Instant(moved.at))),
        ("by", Some(Value::Text(moved.by.clone()))),
        ("field", text(&moved.field)),
        ("from", text(&moved.from)),
        ("to", text(&moved.to)),
        ("reason", text(&moved.reason)),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|v| (name, v)))
    .collect()
}

fn line(out: &mut String, name: &str, value: &Value) {
    let _ = write!(out, "{name} = ");
    literal(out, value);
    out.push('\n');
}

fn literal(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => quote(out, text),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(int) => {
            let _ = write!(out, "{int}");
        }
        Value::Dec(dec) => {
            let _ = write!(out, "\"{dec}\"");
        }
        Value::Day(day) => {
            let _ = write!(out, "{day}");
        }
        Value::Instant(at) => {
            let _ = write!(out, "{}", at.format("%Y-%m-%dT%H:%M:%S%:z"));
        }
        Value::List(values) => {
            out.push_str("[\n");
            for value in values {
                out.push_str("  ");
                literal(out, value);
                out.push_str(",\n");
            }
            out.push(']');
        }
        Value::Rows(_) => {}
    }
}

/// A single value of another file as canonical text; what is no text stays as it is written.
pub(super) fn canonical_literal(value: &toml_edit::Value) -> String {
    match value.as_str() {
        Some(text) => {
            let mut out = String::new();
            quote(&mut out, text);
            out
        }
        None => value.clone().decorated("", "").to_string(),
    }
}

/// A TOML string: one line in quotes, several lines in triple quotes so that a diff shows the line
/// that changed.
fn quote(out: &mut String, text: &str) {
    let several = text.contains('\n');
    out.push_str(if several { "\"\"\"\n" } else { "\"" });
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push('\n'),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push_str(if several { "\"\"\"" } else { "\"" });
}

/// The text of a changed record: canonical where the old text was, else the old text with only
/// what changed changed.
pub fn rewrite(old_text: &str, old: &Doc, new: &Doc) -> Result<String, Problem> {
    if canonical(old) == old_text {
        return Ok(canonical(new));
    }
    let mut document: DocumentMut = old_text.parse().map_err(|error: toml_edit::TomlError| {
        Problem::invalid("bad-toml").arg("reason", error.message()).at(old.path(), None)
    })?;
    let mut inserted = false;
    for field in new.kind.all().filter(|f| f.rows().is_none()) {
        if old.get(field.name) == new.get(field.name) {
            continue;
        }
        let table = match (field.marks.custom, new.get(field.name)) {
            (false, _) => document.as_table_mut(),
            (true, None) => match document.get_mut("custom").and_then(Item::as_table_mut) {
                Some(table) => table,
                None => continue,
            },
            (true, Some(_)) => {
                let item = document.entry("custom").or_insert_with(|| Item::Table(Table::new()));
                item.as_table_mut()
                    .ok_or_else(|| Problem::invalid("bad-value").arg("field", "custom").arg("value", ""))?
            }
        };
        inserted |= put(table, field.name, new.get(field.name));
    }
    if inserted {
        order(document.as_table_mut(), new.kind);
    }
    for (field, rows) in new.kind.rows() {
        if old.get(field.name) != new.get(field.name) {
            put_rows(document.as_table_mut(), field.name, rows.key, new.rows(field.name));
        }
    }
    if old.history != new.history {
        let rows: Vec<Row> = new.history.iter().map(|m| history_row(m).into_iter().collect()).collect();
        replace_rows(
            document.as_table_mut(),
            "history",
            &rows,
            &["at", "by", "field", "from", "to", "reason"],
        );
    }
    Ok(document.to_string())
}

/// The ids of the problems that reading a record can have.
pub const PROBLEMS: &[&str] = &[
    "misplaced-file",
    "bad-toml",
    "bad-value",
    "record-too-large",
    "byte-order-mark",
    "bad-utf8",
    "unresolved-merge",
    "store-not-regular",
];

/// The text of a record in canonical form; comments and unknown keys stay, at their keys.
pub fn formatted(doc: &Doc, bytes: &[u8]) -> Result<String, Problem> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let plain = canonical(doc);
    let odd = |line: &str| line.trim_start().starts_with('#');
    let keys: usize = text.lines().filter(|l| !l.trim().is_empty()).count();
    let known: usize = plain.lines().filter(|l| !l.trim().is_empty()).count();
    if keys == known && !text.lines().any(odd) {
        return Ok(plain);
    }
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        Problem::invalid("bad-toml").arg("reason", error.message()).at(doc.path(), None)
    })?;
    order(document.as_table_mut(), doc.kind);
    Ok(document.to_string())
}

/// Sets, replaces or removes one key, keeping its comments. Whether the key is new.
fn put(table: &mut Table, name: &str, value: Option<&Value>) -> bool {
    let Some(value) = value else {
        table.remove(name);
        return false;
    };
    let mut text = String::new();
    literal(&mut text, value);
    let Ok(parsed) = text.parse::<toml_edit::Value>() else { return false };
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(present) => {
            let decor = present.decor().clone();
            *present = parsed;
            *present.decor_mut() = decor;
            false
        }
        None => {
            table.insert(name, toml_edit::value(parsed));
            true
        }
    }
}

/// Brings the keys of a record into declared order; unknown ones stay behind their predecessor.
fn order(table: &mut Table, kind: &Kind) {
    let names: Vec<&str> = kind.all().map(|f| f.name).collect();
    let mut rank = std::collections::BTreeMap::new();
    let mut last = 0;
    for (key, _) in table.iter() {
        if let Some(position) = names.iter().position(|n| *n == key) {
            last = position;
        }
        rank.insert(key.to_owned(), last);
    }
    table.sort_values_by(|a, _, b, _| rank.get(a.get()).cmp(&rank.get(b.get())));
}

fn put_rows(table: &mut Table, name: &str, key: &str, rows: &[Row]) {
    let old = table.get(name).and_then(Item::as_array_of_tables).cloned().unwrap_or_default();
    let key_of = |table: &Table| table.get(key).and_then(Item::as_str).map(str::to_owned);
    let mut array = ArrayOfTables::new();
    for row in rows {
        let wanted = row.get(key).and_then(Value::as_text);
        let mut entry = old
            .iter()
            .find(|t| wanted.is_some() && key_of(t).as_deref() == wanted)
            .cloned()
            .unwrap_or_default();
        let gone: Vec<String> = entry
            .iter()
            .map(|(k, _)| k.to_owned())
            .filter(|k| !row.contains_key(k.as_str()) && k != key)
            .collect();
        for k in gone {
            entry.remove(&k);
        }
        for (field, value) in row {
            let unchanged = entry.get(field).is_some_and(|item| {
                let mut text = String::new();
                literal(&mut text, value);
                item.to_string().trim() == text
            });
            if !unchanged {
                put(&mut entry, field, Some(value));
            }
        }
        entry.set_position(None);
        array.push(entry);
    }
    set_array(table, name, array);
}

fn replace_rows(table: &mut Table, name: &str, rows: &[Row], order: &[&str]) {
    let mut array = ArrayOfTables::new();
    for row in rows {
        let mut entry = Table::new();
        for field in order {
            put(&mut entry, field, row.get(field));
        }
        array.push(entry);
    }
    set_array(table, name, array);
}

fn set_array(table: &mut Table, name: &str, array: ArrayOfTables) {
    if array.is_empty() {
        table.remove(name);
    } else {
        table.insert(name, Item::ArrayOfTables(array));
    }
}
