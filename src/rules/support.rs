//! What the rules share: how a problem names its record, which problems are the same, and small
//! questions about records.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Change, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Type, Value};
use crate::model::role::Override;
use crate::model::value::email::email_key;
use crate::model::value::name_key::name_key;

/// Arguments that do not tell one problem from another: names may change, figures may improve.
const LOOSE: &[&str] = &["record", "have", "most", "excess", "day"];

/// A refusal about a record.
pub fn about(doc: &Doc, id: &'static str) -> Problem {
    Problem::invalid(id)
        .arg("record", doc.title())
        .arg("id", doc.id())
        .arg("noun", doc.kind.name)
        .at(doc.path(), None)
}

/// A refusal because there is more of something than there may be.
pub fn too_much(doc: &Doc, id: &'static str, have: Decimal, most: Decimal) -> Problem {
    let (have, most) = (have.normalize(), most.normalize());
    about(doc, id).arg("have", have).arg("most", most).arg("excess", (have - most).normalize())
}

/// `currency-mismatch` of a record with another that it is about.
pub fn other_currency(doc: &Doc, other: &Doc) -> Problem {
    let currency = |doc: &Doc| doc.text("currency").unwrap_or_default().to_owned();
    let problem = about(doc, "currency-mismatch").arg("value", other.title());
    problem.arg("currency", currency(other)).arg("own", currency(doc))
}

/// The problem, as a warning where a flag of the command lets it pass.
pub fn unless(problem: Problem, judge: &Judge<'_>, flag: &str) -> Problem {
    if judge.allow.contains(flag) { problem.as_warning() } else { problem }
}

/// The problem, as a warning where the command asks to pass it and a role of the acting user may
/// pass what has this code; see [`overrides`](super::people::overrides).
pub fn unless_overridden(problem: Problem, judge: &Judge<'_>, code: Override) -> Problem {
    let problem = problem.arg("code", code.code());
    if judge.allow.contains(&passing(code.code())) {
        return problem.as_warning();
    }
    problem.hint(if judge.allow.contains("override") { "hint-override-denied" } else { "hint-override" })
}

/// What a command is allowed whose user may pass refusals with this code.
pub fn passing(code: &str) -> String {
    format!("override {code}")
}

/// Whether a problem is one that was there before, and no worse.
pub fn known(problem: &Problem, before: &[Problem]) -> bool {
    let excess =
        |p: &Problem| p.get("excess").and_then(|text| text.parse::<Decimal>().ok()).unwrap_or_default();
    before.iter().any(|old| is_same(problem, old) && excess(problem) <= excess(old))
}

/// Whether two problems are about the same thing.
pub fn is_same(one: &Problem, other: &Problem) -> bool {
    one.id == other.id && identity(one) == identity(other)
}

/// What tells a problem from others, whatever its figures are: rule, file, field, firm arguments.
pub type Identity<'a> = (&'static str, Option<&'a str>, Option<&'a str>, BTreeSet<(&'static str, &'a str)>);

/// What tells a problem from others.
pub fn identity(problem: &Problem) -> Identity<'_> {
    let firm = problem.args.iter().filter(|(name, _)| !LOOSE.contains(name));
    let firm = firm.map(|(name, value)| (*name, value.as_str())).collect();
    (problem.id, problem.path.as_deref(), problem.field.as_deref(), firm)
}

/// Ids of the other records of a type that hold a value, tombstones left out.
pub fn others(
    view: &dyn View,
    doc: &Doc,
    noun: &str,
    field: &str,
    value: &str,
) -> Result<Vec<String>, Problem> {
    let mut ids = view.find(noun, field, value)?;
    if noun == doc.kind.name {
        ids.retain(|id| id != doc.id());
    }
    let Some(kind) = view.schema().kind(noun).filter(|kind| kind.field("merged_into").is_some()) else {
        return Ok(ids);
    };
    let mut living = Vec::with_capacity(ids.len());
    for id in ids {
        if view.get(kind, &id)?.is_some_and(|doc| !is_merged(&doc)) {
            living.push(id);
        }
    }
    Ok(living)
}

/// Ids of the records of a type that have a flag set, which a view over SQL knows as 1.
pub fn flagged(view: &dyn View, noun: &str, field: &str) -> Result<BTreeSet<String>, Problem> {
    let mut ids: BTreeSet<String> = view.find(noun, field, "true")?.into_iter().collect();
    ids.extend(view.find(noun, field, "1")?);
    Ok(ids)
}

/// The record that stands for one: where it was merged into another, that one.
pub fn survivor(view: &dyn View, noun: &str, id: &str) -> Result<String, Problem> {
    let mut seen = BTreeSet::new();
    let mut id = id.to_owned();
    while seen.insert(id.clone()) {
        let merged = view.record(noun, &id)?.and_then(|doc| doc.text("merged_into").map(str::to_owned));
        match merged {
            Some(next) => id = next,
            None => break,
        }
    }
    Ok(id)
}

/// Whether two ids of a type mean one record.
pub fn is_one(view: &dyn View, noun: &str, one: &str, other: &str) -> Result<bool, Problem> {
    Ok(one == other || survivor(view, noun, one)? == survivor(view, noun, other)?)
}

/// Whether two records of a type were compared and found to be different; what was said of a
/// record that was merged holds for what it was merged into.
pub fn told_apart(view: &dyn View, one: &Doc, other: &Doc) -> Result<bool, Problem> {
    for (doc, than) in [(one, other), (other, one)] {
        for id in doc.list("distinct_from") {
            if is_one(view, doc.kind.name, id, than.id())? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a record is a fact: never edited or removed.
pub fn is_fact(doc: &Doc) -> bool {
    match doc.kind.name {
        "followup" => doc.state() == "done",
        "message" => matches!(doc.state(), "sent" | "received"),
        _ => doc.kind.traits.fact,
    }
}

/// Whether a record still has work in it. The stage of an opportunity decides; without its
/// pipeline the day it was closed does.
pub fn is_open(doc: &Doc) -> bool {
    match doc.kind.name {
        "lead" => matches!(doc.state(), "new" | "contacted" | "nurture" | "qualified"),
        "opportunity" => doc.get("closed_on").is_none(),
        "followup" => doc.state() == "planned",
        "ticket" => matches!(doc.state(), "new" | "open" | "pending"),
        "quote" => matches!(doc.state(), "draft" | "sent"),
        "order" => matches!(doc.state(), "draft" | "confirmed" | "on_hold"),
        "customer" => true,
        _ => false,
    }
}

/// Whether a record is a tombstone of a merge.
pub fn is_merged(doc: &Doc) -> bool {
    doc.get("merged_into").is_some()
}

/// Every phone number or e-mail address of a record: the main one and the further ones.
pub fn reaches<'a>(doc: &'a Doc, main: &str, further: &str) -> Vec<&'a str> {
    doc.text(main).into_iter().chain(doc.list(further)).collect()
}

/// Whether a record holds a value in a field; `rows.field` looks into rows. E-mail addresses are
/// compared ignoring case. `name_key` and `id_key` are the keys by which names and ids are alike.
pub fn holds(doc: &Doc, field: &str, value: &str) -> bool {
    match field {
        "name_key" => return doc.text("name").is_some_and(|name| name_key(name) == value),
        "id_key" => return doc.id().to_lowercase() == value,
        _ => {}
    }
    let (rows, name) = field.split_once('.').map_or((None, field), |(rows, name)| (Some(rows), name));
    let Some(rows) = rows else {
        let is_email = doc.kind.field(name).is_some_and(|f| f.ty == Type::Email);
        return doc.get(name).is_some_and(|stored| has(stored, value, is_email));
    };
    doc.rows(rows).iter().any(|row| row.get(name).is_some_and(|stored| has(stored, value, false)))
}

fn has(stored: &Value, value: &str, is_email: bool) -> bool {
    match stored {
        Value::List(values) => values.iter().any(|one| has(one, value, is_email)),
        Value::Text(text) if is_email => email_key(text) == email_key(value),
        other => plain(other) == value,
    }
}

/// A text as a value.
pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A single value as plain text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Dec(dec) => dec.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Instant(at) => at.to_rfc3339(),
        Value::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(";"),
        Value::Rows(_) => String::new(),
    }
}

/// Every reference a record holds: field, or `rows.field`; the legal types; the id.
pub fn references(doc: &Doc) -> Vec<(String, &'static [&'static str], &str)> {
    let mut found = Vec::new();
    for field in doc.kind.all() {
        match field.ty {
            Type::Ref(nouns) => {
                found.extend(
                    texts(doc.get(field.name)).into_iter().map(|id| (field.name.to_owned(), nouns, id)),
                );
            }
            Type::Rows(kind) => {
                for inner in kind.fields {
                    let Type::Ref(nouns) = inner.ty else { continue };
                    let ids = doc.rows(field.name).iter().flat_map(|row| texts(row.get(inner.name)));
                    found.extend(ids.map(|id| (format!("{}.{}", field.name, inner.name), nouns, id)));
                }
            }
            _ => {}
        }
    }
    found
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::List(values)) => values.iter().filter_map(Value::as_text).collect(),
        Some(value) => value.as_text().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The rows that a change adds, told by the key of the row.
pub fn added_rows<'a>(change: &'a Change, rows: &str, key: &str) -> Vec<&'a Row> {
    let Some(new) = &change.new else { return Vec::new() };
    let old = change.old.as_ref().map_or(&[][..], |doc| doc.rows(rows));
    new.rows(rows).iter().filter(|row| !old.iter().any(|before| before.get(key) == row.get(key))).collect()
}

/// Whether the change brings the record into a state in which it was not before.
pub fn enters(change: &Change, states: &[&str]) -> bool {
    let there = |doc: &Option<Doc>| doc.as_ref().is_some_and(|doc| states.contains(&doc.state()));
    there(&change.new) && !there(&change.old)
}
