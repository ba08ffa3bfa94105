//! Stores of older formats turned into the current one: a table of steps, each a pure function from
//! files to files, so that two clones that migrate the same commit get the same bytes.
//!
//! Format 0 is that of the versions before the first: no `format` in `crm.toml`, amounts and numbers
//! bare instead of quoted, days and moments quoted instead of bare, one flat folder per type, sets
//! unsorted on one line. Comments and unknown keys stay. A value that cannot be turned refuses the
//! whole, with its place. Deliberately absent: git, the disk, and what the records mean together.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use toml_edit::{DocumentMut, Item, TableLike, Value as Toml};

use super::document::{self, canonical_literal};
use super::settings::{self, FORMAT};
use crate::draft::complete::stored_form;
use crate::model::Problem;
use crate::model::record::{Card, Doc, Field, Kind, Row, Type, Value as Stored};
use crate::model::schema::{Schema, Settings};
use crate::model::setting::{Shape, of_store};

/// The files of a store by path: settings, attributes, and everything in the folders of records.
pub type Files = BTreeMap<String, Vec<u8>>;

/// From one format to the next.
struct Step {
    from: i64,
    run: fn(&Files) -> Result<Files, Problem>,
}

/// Every step, in order.
const STEPS: &[Step] = &[Step { from: 0, run: typed_and_sharded }];

/// The file of the settings, and that of git's attributes.
const SETTINGS: &str = "crm.toml";
const ATTRIBUTES: &str = ".gitattributes";

/// How git treats the files of a store.
pub const ATTRIBUTES_LINE: &str = "*.toml text eol=lf merge=crm diff=crm\n";

/// The files in the current format.
pub fn migrate(files: &Files) -> Result<Files, Problem> {
    let mut files = files.clone();
    let mut format = settings::format_of(&text_of(SETTINGS, &files)?)?;
    while format < FORMAT {
        let step = STEPS.iter().find(|step| step.from == format);
        let step = step.ok_or_else(|| Problem::invalid("older-format").arg("format", format))?;
        files = (step.run)(&files)?;
        format += 1;
    }
    Ok(files)
}

fn text_of(path: &str, files: &Files) -> Result<String, Problem> {
    let bytes = files.get(path).cloned().unwrap_or_default();
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Problem::invalid("bad-utf8").arg("offset", offset).at(path, None)
    })
}

/// Format 0 to 1.
fn typed_and_sharded(files: &Files) -> Result<Files, Problem> {
    let mut out = Files::new();
    let text = settings_of_0(&text_of(SETTINGS, files)?)?;
    let settings = settings::parse(&text)?;
    let schema = Schema::new(settings.clone())?;
    out.insert(SETTINGS.to_owned(), text.into_bytes());
    let mut attributes = text_of(ATTRIBUTES, files)?;
    if !attributes.contains("merge=crm") {
        if !attributes.is_empty() && !attributes.ends_with('\n') {
            attributes.push('\n');
        }
        attributes.push_str(ATTRIBUTES_LINE);
    }
    out.insert(ATTRIBUTES.to_owned(), attributes.into_bytes());
    for (path, bytes) in files {
        if [SETTINGS, ATTRIBUTES].contains(&path.as_str()) {
            continue;
        }
        let record = schema.kind_of_path(path).filter(|_| path.ends_with(".toml"));
        let (new_path, bytes) = match record {
            Some(kind) => record_of_0(&schema, &settings, kind, path, &text_of(path, files)?)?,
            None => (path.clone(), bytes.clone()),
        };
        if out.insert(new_path.clone(), bytes).is_some() {
            return Err(Problem::invalid("migrate-taken").arg("path", new_path).at(path, None));
        }
    }
    Ok(out)
}

fn editable(path: &str, text: &str) -> Result<DocumentMut, Problem> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        Problem::invalid("bad-toml").arg("reason", error.message()).at(path, line)
    })
}

/// The settings with `format`, numbers that are kept as text quoted, days bare.
fn settings_of_0(text: &str) -> Result<String, Problem> {
    let mut document = editable(SETTINGS, text)?;
    let stands = document.contains_key("format");
    if let Some(value) = document.get_mut("format").and_then(Item::as_value_mut) {
        replace(value, FORMAT.into());
    }
    quoted("", document.as_table_mut());
    let text = document.to_string();
    Ok(if stands { text } else { format!("format = {FORMAT}\n\n{text}") })
}

fn quoted(prefix: &str, table: &mut dyn TableLike) {
    for (key, item) in table.iter_mut() {
        let key = if prefix.is_empty() { key.get().to_owned() } else { format!("{prefix}.{}", key.get()) };
        if let Some(below) = item.as_table_like_mut() {
            quoted(&key, below);
            continue;
        }
        let (Some(setting), Some(value)) = (of_store(&key), item.as_value_mut()) else { continue };
        match (setting.shape, &*value) {
            (Shape::Int(..) | Shape::Flag, _) => {}
            (Shape::Day, Toml::String(day)) => {
                if let Ok(day) = day.value().parse::<toml_edit::Datetime>() {
                    replace(value, day.into());
                }
            }
            (_, Toml::Array(_)) => {
                for one in value.as_array_mut().into_iter().flat_map(|array| array.iter_mut()) {
                    if let Some(number) = number(one) {
                        replace(one, number.into());
                    }
                }
            }
            (_, one) => {
                if let Some(number) = number(one) {
                    replace(value, number.into());
                }
            }
        }
    }
}

/// Another value with the comments of the first.
fn replace(value: &mut Toml, mut by: Toml) {
    *by.decor_mut() = value.decor().clone();
    *value = by;
}

/// A bare number as it is written, digit by digit: no binary fraction comes between.
fn number(value: &Toml) -> Option<String> {
    let written = match value {
        Toml::Integer(int) => int.display_repr().into_owned(),
        Toml::Float(float) => float.display_repr().into_owned(),
        _ => return None,
    };
    let plain = written.replace('_', "");
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    if plain.contains(['e', 'E']) {
        return Decimal::from_scientific(plain).ok().map(|number| number.to_string());
    }
    Decimal::from_str_exact(plain).ok().map(|number| number.to_string())
}

/// A record in its present form, and its place.
fn record_of_0(
    schema: &Schema,
    settings: &Settings,
    kind: &'static Kind,
    path: &str,
    text: &str,
) -> Result<(String, Vec<u8>), Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut document = editable(path, &text)?;
    let id = document.get("id").and_then(Item::as_str).unwrap_or_default().to_owned();
    let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if id.is_empty() || name != Some(&id) {
        let line = document
            .get("id")
            .and_then(Item::span)
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        return Err(Problem::invalid("migrate-no-id").hint("migrate-hint").at(path, Some(line)));
    }
    let zone = settings.text("company.timezone").parse().unwrap_or(Tz::UTC);
    let turn = Turn { zone, path, text: &text };
    turn.table(document.as_table_mut(), &|name| kind.all().find(|f| f.name == name && !f.marks.custom))?;
    if let Some(custom) = document.get_mut("custom").and_then(Item::as_table_like_mut) {
        turn.table(custom, &|name| kind.custom.iter().find(|field| field.name == name))?;
    }
    if let Some(history) = document.get_mut("history").filter(|_| kind.traits.history) {
        turn.rows(history, &|name| (name == "at").then_some(AT))?;
    }
    let new_path = kind.path(&id);
    let turned = document.to_string();
    let read = document::parse(schema, &new_path, turned.as_bytes()).map_err(|problem| {
        // What is wrong is said of the file that is there.
        let line = problem.line;
        problem.hint("migrate-hint").at(path, line)
    })?;
    let mut doc: Doc = read.doc.clone();
    stored_form(&mut doc, settings);
    // Two decimals of different scales are equal, so each amount is compared as it is written.
    pad(document.as_table_mut(), &doc.fields);
    Ok((new_path, document::formatted(&doc, document.to_string().as_bytes())?.into_bytes()))
}

/// Writes the amounts of a table as the stored form has them, those in its rows too.
fn pad(table: &mut dyn TableLike, fields: &Row) {
    for (name, stored) in fields {
        let Some(item) = table.get_mut(name) else { continue };
        match (stored, item) {
            (Stored::Rows(rows), Item::ArrayOfTables(tables)) => {
                for (table, row) in tables.iter_mut().zip(rows) {
                    pad(table, row);
                }
            }
            (Stored::Rows(rows), Item::Value(Toml::Array(tables))) => {
                for (table, row) in tables.iter_mut().filter_map(Toml::as_inline_table_mut).zip(rows) {
                    pad(table, row);
                }
            }
            (Stored::Dec(number), Item::Value(value)) if value.as_str() != Some(&number.to_string()) => {
                replace(value, number.to_string().into());
            }
            _ => {}
        }
    }
}

/// The moment of a row of history, which no declaration has.
const AT: &Field = &Field {
    name: "at",
    doc: "",
    group: "",
    ty: Type::Instant,
    card: Card::Required,
    preset: crate::model::record::Preset::None,
    marks: crate::model::record::Marks::NONE,
};

type Find<'a> = &'a dyn Fn(&str) -> Option<&'static Field>;

/// Turns values of a record into the types of their fields.
struct Turn<'a> {
    zone: Tz,
    path: &'a str,
    text: &'a str,
}

impl Turn<'_> {
    fn table(&self, table: &mut dyn TableLike, find: Find<'_>) -> Result<(), Problem> {
        for (key, item) in table.iter_mut() {
            let Some(field) = find(key.get()) else { continue };
            if let Some(rows) = field.rows() {
                self.rows(item, &|name| rows.field(name))?;
            } else if let Some(value) = item.as_value_mut() {
                self.value(field, value)?;
            }
        }
        Ok(())
    }

    fn rows(&self, item: &mut Item, find: Find<'_>) -> Result<(), Problem> {
        if let Some(tables) = item.as_array_of_tables_mut() {
            for table in tables.iter_mut() {
                self.table(table, find)?;
            }
        } else if let Some(array) = item.as_array_mut() {
            for table in array.iter_mut().filter_map(Toml::as_inline_table_mut) {
                self.table(table, find)?;
            }
        }
        Ok(())
    }

    fn value(&self, field: &Field, value: &mut Toml) -> Result<(), Problem> {
        if let Toml::Array(array) = value {
            for one in array.iter_mut() {
                self.single(field, one)?;
            }
            // One member a line, as files hold them; a set in its order.
            let mut texts: Vec<String> = array.iter().map(canonical_literal).collect();
            if field.card == Card::Set {
                texts.sort();
                texts.dedup();
            }
            let lines: String = texts.iter().map(|text| format!("  {text},\n")).collect();
            // Comments between members are people's; such a list stays as it is written.
            if !array.to_string().contains('#')
                && let Ok(list) = format!("[\n{lines}]").parse::<Toml>()
            {
                replace(value, list);
            }
            return Ok(());
        }
        self.single(field, value)
    }

    fn single(&self, field: &Field, value: &mut Toml) -> Result<(), Problem> {
        match (field.ty, &*value) {
            (
                Type::Dec | Type::Qty | Type::Pct | Type::Money | Type::Price,
                Toml::Integer(_) | Toml::Float(_),
            ) => {
                let number = number(value).ok_or_else(|| self.refuse(field, value))?;
                replace(value, number.into());
            }
            (Type::Day, Toml::String(text)) => {
                let day = text.value().trim().parse::<NaiveDate>().map_err(|_| self.refuse(field, value))?;
                let day = day.to_string().parse::<toml_edit::Datetime>();
                replace(value, day.map_err(|_| self.refuse(field, value))?.into());
            }
            (Type::Instant, Toml::String(_) | Toml::Datetime(_)) => {
                let text = match &*value {
                    Toml::String(text) => text.value().trim().to_owned(),
                    other => other.to_string().trim().to_owned(),
                };
                let at = self.instant(&text).ok_or_else(|| self.refuse(field, value))?;
                let at = at.parse::<toml_edit::Datetime>().map_err(|_| self.refuse(field, value))?;
                replace(value, at.into());
            }
            _ => {}
        }
        Ok(())
    }

    /// A moment with its offset; one without was meant in the company's zone.
    fn instant(&self, text: &str) -> Option<String> {
        const FORM: &str = "%Y-%m-%dT%H:%M:%S%:z";
        let text = text.replacen(' ', "T", 1);
        if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
            return Some(at.format(FORM).to_string());
        }
        let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
            .or_else(|| text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0))?;
        Some(self.zone.from_local_datetime(&local).earliest()?.format(FORM).to_string())
    }

    fn refuse(&self, field: &Field, value: &Toml) -> Problem {
        let written: String = value.to_string().trim().chars().take(60).collect();
        let line = self.text.lines().position(|line| line.contains(&written) && line.contains(field.name));
        Problem::invalid("migrate-not-a-value")
            .arg("field", field.name)
            .arg("value", written)
            .field(field.name)
            .hint("migrate-hint")
            .at(self.path, line.map(|line| line + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn migrated(path: &str, text: &str) -> Result<(String, String), Problem> {
        let before = files(&[("crm.toml", "[company]\nname = \"A\"\n"), (path, text)]);
        let after = migrate(&before)?;
        let (path, bytes) = after
            .iter()
            .find(|(path, _)| !["crm.toml", ".gitattributes"].contains(&path.as_str()))
            .expect("the record");
        Ok((path.clone(), String::from_utf8(bytes.clone()).expect("text")))
    }

    const CUSTOMER: &str = "id = \"cus_kwzrmlnopqst\"\nname = \"海尔\"\nkind = \"company\"\n";

    #[test]
    fn numbers_are_quoted_digit_by_digit_and_days_are_bare() {
        let text = format!(
            "{CUSTOMER}credit_limit = 1_250_000.1 # agreed\ntags = [\"z\", \"a\", \"z\"]\ncreated_at = \"2026-03-01 09:00\"\nodd = 3.50\n"
        );
        let (path, text) = migrated("customers/cus_kwzrmlnopqst.toml", &text).expect("migrated");
        assert_eq!(path, "customers/kw/cus_kwzrmlnopqst.toml");
        for line in [
            "credit_limit = \"1250000.10\" # agreed",
            "tags = [\n  \"a\",\n  \"z\",\n]",
            "created_at = 2026-03-01T09:00:00+08:00",
            "odd = 3.50",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn what_cannot_be_turned_refuses_with_its_place() {
        for (line, id) in [
            ("since = \"3 March\"", "bad-value"),
            ("credit_limit = nan", "migrate-not-a-value"),
            ("created_at = \"yesterday\"", "migrate-not-a-value"),
            ("status = \"lost\"", "bad-value"),
        ] {
            let found = migrated("customers/cus_kwzrmlnopqst.toml", &format!("{CUSTOMER}{line}\n"));
            let expected = if line.starts_with("since") { None } else { Some((id, Some(4))) };
            assert_eq!(found.err().map(|problem| (problem.id, problem.line)), expected, "{line}");
        }
        let other = migrated("customers/cus_other.toml", CUSTOMER).expect_err("another id");
        assert_eq!((other.id, other.line), ("migrate-no-id", Some(1)));
    }

    #[test]
    fn settings_keep_their_comments() {
        let text = "# ours\n[tax]\ndefault_rate = 13 # as of 2019\n\n[rates.USD]\n2026-01-01 = 7.10\n\n[period]\nclosed_until = \"2025-12-31\"\n";
        assert_eq!(
            settings_of_0(text).expect("settings"),
            "format = 1\n\n# ours\n[tax]\ndefault_rate = \"13\" # as of 2019\n\n[rates.USD]\n2026-01-01 = \"7.10\"\n\n[period]\nclosed_until = 2025-12-31\n"
        );
        assert_eq!(settings_of_0("format = 0 # old\n").expect("settings"), "format = 1 # old\n");
    }

    #[test]
    fn what_is_current_stays_as_it_is() {
        let once =
            migrate(&files(&[("crm.toml", "format = 0\n"), ("customers/cus_kwzrmlnopqst.toml", CUSTOMER)]));
        let once = once.expect("migrated");
        assert_eq!(migrate(&once).expect("current"), once);
    }
}
