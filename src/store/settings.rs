//! `crm.toml`, and the user's own configuration beside it, as settings: dotted keys and their
//! values, each with the line it stands on, and changes that keep comments and order.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use crate::model::schema::Settings;
use crate::model::setting::{self, Setting, Shape};
use crate::model::{Class, Problem};

/// The format of a store that this version writes.
pub const FORMAT: i64 = 1;

/// The file of a store's settings, as problems name it.
const FILE: &str = "crm.toml";

/// Reads the settings of a store, which must be of this format.
pub fn parse(text: &str) -> Result<Settings, Problem> {
    let settings = lenient(text)?;
    let problem = |(key, values): (&str, &[String])| {
        let setting = setting::of_store(key).filter(|setting| setting.is_vital())?;
        let problem = setting.judge(key, values).err()?;
        Some(problem.at(FILE, line(text, key)))
    };
    let wrong = settings.written().find_map(problem);
    wrong.map_or(Ok(settings), Err)
}

/// As [`parse`], whatever the values are: for the commands that mend them.
pub fn lenient(text: &str) -> Result<Settings, Problem> {
    let table = table(text, FILE)?;
    let format = format(&table);
    if format < FORMAT {
        let problem = Problem::invalid("older-format").arg("format", format).hint("older-format-hint");
        return Err(problem.at(FILE, line(text, "format").or(Some(1))));
    }
    if format > FORMAT {
        return Err(Problem::invalid("newer-format").arg("format", format).at(FILE, line(text, "format")));
    }
    Ok(Settings::new(flat(&table)))
}

/// The settings that mean something, without those that do not: for the commands that mend them.
pub fn sound_part(text: &str) -> Result<Settings, Problem> {
    let settings = lenient(text)?;
    let is_sound = |(key, values): &(&str, &[String])| {
        setting::of_store(key).is_none_or(|setting| setting.judge(key, values).is_ok())
    };
    let sound = settings.written().filter(is_sound);
    Ok(Settings::new(sound.map(|(key, values)| (key.to_owned(), values.to_vec())).collect()))
}

/// The format that the settings of a store say; 0 where they say none.
pub fn format_of(text: &str) -> Result<i64, Problem> {
    Ok(format(&table(text, FILE)?))
}

/// The branch that the settings of a store of any format name.
pub fn branch_of(text: &str) -> Option<String> {
    let table = table(text, FILE).ok()?;
    let branch = table.get("policy")?.as_table()?.get("branch")?.as_str()?;
    (!branch.is_empty()).then(|| branch.to_owned())
}

fn format(table: &toml::Table) -> i64 {
    table.get("format").and_then(toml::Value::as_integer).unwrap_or(0)
}

/// Reads a user's own configuration. A wrong value is refused; what is unknown is passed over, as
/// another version may know it.
pub fn parse_own(text: &str, path: &str) -> Result<Settings, Problem> {
    let values = flat(&table(text, path)?);
    for (key, values) in &values {
        if let Some(Err(problem)) = setting::of_user(key).map(|setting| setting.judge(key, values)) {
            return Err(problem.at(path, line(text, key)));
        }
    }
    Ok(Settings::new(values))
}

/// What is odd about the settings of a store, wherever it matters: unknown keys as warnings, and
/// values that mean nothing.
pub fn findings(text: &str) -> Vec<Problem> {
    odd(text, FILE, &setting::of_store)
}

/// What is odd about a user's own configuration.
pub fn findings_of_own(text: &str, path: &str) -> Vec<Problem> {
    odd(text, path, &setting::of_user)
}

fn odd(text: &str, path: &str, of: &dyn Fn(&str) -> Option<&'static Setting>) -> Vec<Problem> {
    let Ok(table) = table(text, path) else { return Vec::new() };
    let judge = |(key, values): (&String, &Vec<String>)| match of(key) {
        Some(setting) => setting.judge(key, values).err().map(|problem| problem.at(path, line(text, key))),
        None => {
            let problem =
                Problem::usage("unknown-setting").arg("value", key).arg("near", "none").field(key.as_str());
            Some(problem.at(path, line(text, key)).as_warning())
        }
    };
    flat(&table).iter().filter_map(judge).collect()
}

fn table(text: &str, path: &str) -> Result<toml::Table, Problem> {
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map(|span| line_at(text, span.start));
        Problem::invalid("bad-toml").arg("reason", error.message()).at(path, line)
    })
}

fn flat(table: &toml::Table) -> BTreeMap<String, Vec<String>> {
    let mut values = BTreeMap::new();
    flatten("", table, &mut values);
    values
}

fn flatten(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, Vec<String>>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(table) => flatten(&key, table, out),
            toml::Value::Array(values) => {
                out.insert(key, values.iter().map(plain).collect());
            }
            other => {
                out.insert(key, vec![plain(other)]);
            }
        }
    }
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The line of a byte offset, from 1.
fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// The line on which a dotted key stands.
pub fn line(text: &str, key: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let offset = find(table.get_ref(), "", key)?;
    Some(line_at(text, offset))
}

fn find(table: &DeTable<'_>, prefix: &str, wanted: &str) -> Option<usize> {
    for (key, value) in table {
        let name = key.get_ref();
        let full = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        match value.get_ref() {
            _ if full == wanted => return Some(key.span().start),
            DeValue::Table(below) if wanted.starts_with(&format!("{full}.")) => {
                if let Some(found) = find(below, &full, wanted) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts of a key as people write it: `a.b."c d"`; a part without quotes may hold anything but
/// a dot.
pub fn parts(key: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = key.trim();
    loop {
        let (part, after) = match rest.chars().next()? {
            quote @ ('"' | '\'') => {
                let (part, after) = rest[1..].split_once(quote)?;
                (part, after.strip_prefix('.').or_else(|| after.is_empty().then_some(""))?)
            }
            _ => rest.split_once('.').unwrap_or((rest, "")),
        };
        if part.is_empty() || part.chars().any(char::is_control) {
            return None;
        }
        parts.push(part.to_owned());
        let ends = rest.ends_with('.') && after.is_empty();
        if after.is_empty() {
            return (!ends).then_some(parts);
        }
        rest = after;
    }
}

/// The text with a setting set. Comments, order and everything else stay.
pub fn set(
    text: &str,
    path: &str,
    parts: &[String],
    shape: Shape,
    values: &[String],
) -> Result<String, Problem> {
    let mut document = document(text, path)?;
    let Some((name, above)) = parts.split_last() else { return Ok(text.to_owned()) };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for part in above {
        if !table.contains_key(part) {
            let mut made = Table::new();
            made.set_implicit(true);
            table.insert(part, Item::Table(made));
        }
        let taken = || Problem::usage("setting-is-value").arg("value", part);
        table = table.get_mut(part).and_then(Item::as_table_like_mut).ok_or_else(taken)?;
    }
    if table.get(name).is_some_and(Item::is_table_like) {
        return Err(Problem::usage("setting-is-table").arg("value", parts.join(".")));
    }
    let value = literal(shape, values);
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(present) => {
            let decor = present.decor().clone();
            *present = value;
            *present.decor_mut() = decor;
        }
        None => {
            table.insert(name, toml_edit::value(value));
        }
    }
    Ok(document.to_string())
}

/// The text without a setting or a table of settings, and without the tables that this leaves empty.
pub fn unset(text: &str, path: &str, parts: &[String]) -> Result<String, Problem> {
    let mut document = document(text, path)?;
    let mut kept = String::new();
    drop_at(document.as_table_mut(), parts, &mut kept);
    if !kept.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{kept}{trailing}"));
    }
    Ok(document.to_string())
}

/// Takes a key out of its table. A comment just above it is about it and goes along; one that a
/// blank line parts from it stays, before the next key or, where there is none, in `kept`.
fn drop_at(table: &mut dyn TableLike, parts: &[String], kept: &mut String) {
    match parts {
        [] => {}
        [name] => {
            let above =
                table.key(name).and_then(|key| key.leaf_decor().prefix()?.as_str().map(str::to_owned));
            let above = above.unwrap_or_default();
            let stays = above.rfind("\n\n").map_or("", |at| &above[..at + 2]);
            let position = table.iter().position(|(key, _)| key == name);
            let next = position.and_then(|at| table.iter().nth(at + 1).map(|(key, _)| key.to_owned()));
            table.remove(name);
            if !stays.contains('#') {
                return;
            }
            match next.and_then(|next| table.key_mut(&next)) {
                Some(mut next) => {
                    let below =
                        next.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
                    let joined = format!("{stays}{below}");
                    next.leaf_decor_mut().set_prefix(joined);
                }
                None => stays.clone_into(kept),
            }
        }
        [name, rest @ ..] => {
            let Some(below) = table.get_mut(name).and_then(Item::as_table_like_mut) else { return };
            drop_at(below, rest, kept);
            if below.is_empty() {
                table.remove(name);
            }
        }
    }
}

fn document(text: &str, path: &str) -> Result<DocumentMut, Problem> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map(|span| line_at(text, span.start));
        Problem::new(Class::Invalid, "bad-toml").arg("reason", error.message()).at(path, line)
    })
}

/// A value as files hold it.
fn literal(shape: Shape, values: &[String]) -> toml_edit::Value {
    let first = values.first().map_or("", String::as_str);
    match shape {
        Shape::Int(..) => first.parse::<i64>().map_or_else(|_| first.into(), Into::into),
        Shape::Flag => (first == "true").into(),
        Shape::Day => match first.parse::<toml_edit::Datetime>() {
            Ok(day) => day.into(),
            Err(_) => first.into(),
        },
        Shape::Texts | Shape::Among(_) | Shape::Program => {
            let mut array: Array = values.iter().map(String::as_str).collect();
            if shape != Shape::Program && values.len() > 1 {
                for value in array.iter_mut() {
                    value.decor_mut().set_prefix("\n  ");
                }
                array.set_trailing("\n");
                array.set_trailing_comma(true);
            }
            array.into()
        }
        _ => first.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# ours\nformat = 1\n\n[company]\nname = \"Acme\" # for now\ncurrency = \"CNY\"\n\n[rates.USD]\n2026-01-01 = \"7.1\"\n";

    fn key(text: &str) -> Vec<String> {
        parts(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn owned(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn a_key_is_read_with_and_without_quotes() {
        for (text, expected) in [
            ("company.name", Some(vec!["company", "name"])),
            ("hooks.\"order ship\"", Some(vec!["hooks", "order ship"])),
            ("hooks.order ship", Some(vec!["hooks", "order ship"])),
            ("hooks.'*'", Some(vec!["hooks", "*"])),
            ("a..b", None),
            ("a.", None),
            ("", None),
            ("a.\"b", None),
            ("a.\"b\"c", None),
        ] {
            let read = parts(text);
            let read = read.as_ref().map(|parts| parts.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn setting_and_unsetting_keep_comments_and_order() {
        let changed = set(TEXT, FILE, &key("company.name"), Shape::Text, &owned(&["Beta"])).expect("sound");
        assert_eq!(changed, TEXT.replace("Acme", "Beta"));
        let dated =
            set(TEXT, FILE, &key("rates.USD.2026-07-01"), Shape::Dec, &owned(&["7.0"])).expect("sound");
        assert_eq!(dated, format!("{TEXT}2026-07-01 = \"7.0\"\n"));
        assert_eq!(unset(&dated, FILE, &key("rates.USD.2026-07-01")).as_deref(), Ok(TEXT));
        let bare = unset(TEXT, FILE, &key("rates.USD")).expect("sound");
        assert!(!bare.contains("rates") && bare.contains("# for now"), "{bare}");
    }

    #[test]
    fn each_shape_is_written_as_files_hold_it() {
        for (name, shape, values, line) in [
            ("company.payment_days", Shape::Int(0, 99), &["45"][..], "payment_days = 45"),
            ("stock.allow_negative", Shape::Flag, &["true"], "allow_negative = true"),
            ("period.closed_until", Shape::Day, &["2026-01-31"], "closed_until = 2026-01-31"),
            (
                "stock.warehouses",
                Shape::Texts,
                &["main", "north"],
                "warehouses = [\n  \"main\",\n  \"north\",\n]",
            ),
            ("hooks.order ship", Shape::Program, &["check", "-q"], "\"order ship\" = [\"check\", \"-q\"]"),
            (
                "codes.source.live.label_zh",
                Shape::Text,
                &["直播"],
                "[codes.source.live]\nlabel_zh = \"直播\"",
            ),
        ] {
            let text = set(TEXT, FILE, &key(name), shape, &owned(values)).expect("sound");
            assert!(text.contains(line), "{text}");
            let read = lenient(&text).expect("readable");
            assert_eq!(read.of_store(name).map(<[String]>::to_vec), Some(owned(values)));
        }
    }

    #[test]
    fn a_table_is_no_value_and_a_value_no_table() {
        let table = set(TEXT, FILE, &key("company"), Shape::Text, &owned(&["x"])).expect_err("a table");
        assert_eq!(table.id, "setting-is-table");
        let value =
            set(TEXT, FILE, &key("company.name.x"), Shape::Text, &owned(&["x"])).expect_err("a value");
        assert_eq!(value.id, "setting-is-value");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_line_and_an_unknown_key_as_a_warning() {
        let problem = parse(&TEXT.replace("CNY", "Yuan")).expect_err("no currency");
        assert_eq!((problem.id, problem.line), ("bad-setting", Some(6)));
        let found = findings(&TEXT.replace("currency", "curency"));
        let found: Vec<_> = found.iter().map(|p| (p.id, p.line, p.warning)).collect();
        assert_eq!(found, [("unknown-setting", Some(6), true)]);
        assert!(findings(TEXT).is_empty());
    }

    #[test]
    fn only_the_present_format_is_read() {
        for (text, id, line) in [
            ("[company]\nname = \"A\"\n", "older-format", Some(1)),
            ("# x\nformat = 0\n", "older-format", Some(2)),
            ("format = 2\n", "newer-format", Some(1)),
        ] {
            let problem = parse(text).expect_err(text);
            assert_eq!((problem.id, problem.line), (id, line), "{text}");
        }
    }
}
