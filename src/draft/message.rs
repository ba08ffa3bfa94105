//! The words of a commit: a subject for people, a body field by field, trailers for programs.
//!
//! English whatever the reader's language: the audit trail is shared. Text from records has its
//! control characters escaped and never begins a line, so that nobody can forge a trailer.

use std::fmt::Write as _;

use super::{Actor, ChangeSet, plain};
use crate::model::record::{Doc, Value};
use crate::rules::Change;

/// Above so many records the body counts instead of listing.
const LISTED: usize = 30;
/// Above so many records there is no trailer for each.
const TRAILED: usize = 200;
/// Values longer than this are cut in the body; the diff has them whole.
const SHOWN: usize = 120;

/// What a commit says beside what changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trailers {
    /// The idempotency key and the digest of verb and payload.
    pub key: Option<(String, String)>,
    /// The full id of the commit that is taken back.
    pub undoes: Option<String>,
}

/// The whole message of a command's commit.
pub fn message(op: &str, set: &ChangeSet, actor: &Actor, trailers: &Trailers) -> String {
    let mut out = subject(op, set);
    out.push_str("\n\n");
    let body = body(set);
    if !body.is_empty() {
        out.push_str(&body);
        out.push('\n');
    }
    let _ = writeln!(out, "Crm-Op: {}", safe(op));
    if set.changes.len() <= TRAILED {
        for change in &set.changes {
            let _ = writeln!(out, "Crm-Record: {}", change.doc().id());
        }
    } else {
        let _ = writeln!(out, "Crm-Records: {}", set.changes.len());
    }
    let _ = writeln!(out, "Crm-Actor: {}", safe(&actor.id));
    if let Some((key, digest)) = &trailers.key {
        let _ = writeln!(out, "Crm-Key: {} {digest}", safe(key));
    }
    if let Some(commit) = &trailers.undoes {
        let _ = writeln!(out, "Crm-Undoes: {commit}");
    }
    let _ = writeln!(out, "Crm-Version: {}", env!("CARGO_PKG_VERSION"));
    out
}

fn subject(op: &str, set: &ChangeSet) -> String {
    if let Some(about) = &set.about {
        return format!("{}: {}", safe(op), cut(&safe(about), 80));
    }
    let Some(main) = set.changes.first().map(Change::doc) else { return safe(op) };
    let same = set.changes.iter().filter(|c| c.doc().kind.name == main.kind.name).count();
    if same > 1 {
        return format!("{}: {same} {}", safe(op), main.kind.folder.replace('_', " "));
    }
    format!("{}: {}", safe(op), named(main))
}

/// Title and id of a record, the id alone where it is the title.
fn named(doc: &Doc) -> String {
    let title = cut(&safe(doc.title()), 60);
    if title == doc.id() { title } else { format!("{title} ({})", doc.id()) }
}

fn body(set: &ChangeSet) -> String {
    let mut out = String::new();
    for remark in &set.remarks {
        let _ = writeln!(out, "{}", safe(remark));
    }
    if set.changes.len() > LISTED {
        let mut counts = std::collections::BTreeMap::new();
        for change in &set.changes {
            *counts.entry((change.doc().kind.folder, done(change))).or_insert(0_usize) += 1;
        }
        for ((folder, done), count) in counts {
            let _ = writeln!(out, "{folder}: {count} {done}");
        }
        return out;
    }
    for (position, change) in set.changes.iter().enumerate() {
        if position > 0 {
            let _ = writeln!(out, "{} {}: {}", change.doc().kind.name, done(change), named(change.doc()));
        }
        if let (Some(old), Some(new)) = (&change.old, &change.new) {
            for (field, before, after) in differences(old, new) {
                let _ = writeln!(out, "{field}: {} -> {}", show(before.as_deref()), show(after.as_deref()));
            }
        }
    }
    out
}

fn done(change: &Change) -> &'static str {
    match (&change.old, &change.new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// Field by field what changed, rows by their key, in declared order: (field, before, after).
pub fn differences(old: &Doc, new: &Doc) -> Vec<(String, Option<String>, Option<String>)> {
    let mut out = Vec::new();
    for field in new.kind.all() {
        let (before, after) = (old.get(field.name), new.get(field.name));
        if before == after {
            continue;
        }
        let Some(rows) = field.rows() else {
            out.push((field.name.to_owned(), before.map(plain), after.map(plain)));
            continue;
        };
        let (old_rows, new_rows) = (old.rows(field.name), new.rows(field.name));
        let key = |row: &crate::model::record::Row| row.get(rows.key).map(plain).unwrap_or_default();
        for row in old_rows {
            if !new_rows.iter().any(|r| key(r) == key(row)) {
                out.push((format!("{}[{}]", field.name, key(row)), Some(summary(row)), None));
            }
        }
        for row in new_rows {
            match old_rows.iter().find(|r| key(r) == key(row)) {
                None => out.push((format!("{}[{}]", field.name, key(row)), None, Some(summary(row)))),
                Some(before) => {
                    for part in rows.fields {
                        let (b, a) = (before.get(part.name), row.get(part.name));
                        if b != a {
                            let name = format!("{}[{}].{}", field.name, key(row), part.name);
                            out.push((name, b.map(plain), a.map(plain)));
                        }
                    }
                }
            }
        }
    }
    out
}

fn summary(row: &crate::model::record::Row) -> String {
    row.iter()
        .filter(|(name, _)| **name != "id")
        .map(|(name, value)| match value {
            Value::Text(text) => format!("{name} {text}"),
            other => format!("{name} {}", plain(other)),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn show(value: Option<&str>) -> String {
    value.map_or_else(|| "(none)".to_owned(), |text| cut(&safe(text), SHOWN))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most - 1).collect();
    out.push('…');
    out
}

/// One line without control or direction characters.
pub fn safe(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{2028}'
            | '\u{2029}' => '\u{fffd}',
            c => c,
        })
        .collect()
}
