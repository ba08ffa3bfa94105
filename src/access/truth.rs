//! What a change says of itself: who did it, what happened before, what was approved. Told from the
//! records alone, and refused where it is not so.

use super::asks::gained;
use crate::model::record::{Doc, Moved, Row, Value};
use crate::model::{Class, Problem};
use crate::rules::{Change, Judge, View, discounts};

/// What a change says that is not so: names of others as those who did it, and a history that did
/// not happen. A gate refuses it, so a hand edit behind one is told early.
#[must_use]
pub fn falsehoods(change: &Change, author: &str) -> Vec<Problem> {
    let mut found = forged(change, author);
    found.extend(untrue(change));
    found
}

/// Names in a change that are somebody else's.
fn forged(change: &Change, author: &str) -> Vec<Problem> {
    let Some(new) = &change.new else { return Vec::new() };
    let mut fields = Vec::new();
    let differs = |field: &str| {
        let text = new.text(field);
        text.is_some_and(|user| user != author) && text != change.old.as_ref().and_then(|old| old.text(field))
    };
    fields
        .extend(["created_by", "approved_by"].into_iter().filter(|field| differs(field)).map(str::to_owned));
    // More than was approved is approved by nobody.
    let approval = |doc: &Doc| ["approved_discount", "approved_at"].map(|field| doc.get(field).cloned());
    let given = change.old.as_ref().map(approval);
    if new.text("approved_by").is_some_and(|user| user != author)
        && approval(new).iter().any(Option::is_some)
        && given.is_some_and(|given| given != approval(new))
    {
        fields.push("approved_discount".to_owned());
    }
    for (field, rows) in new.kind.rows().filter(|(_, rows)| rows.field("by").is_some()) {
        let old = change.old.as_ref().map_or(&[][..], |old| old.rows(field.name));
        let others = |row: &&Row| row.get("by").and_then(Value::as_text).is_some_and(|by| by != author);
        let same = |row: &&Row| {
            old.iter().any(|old| old.get(rows.key) == row.get(rows.key) && old.get("by") == row.get("by"))
        };
        if new.rows(field.name).iter().filter(others).any(|row| !same(&row)) {
            fields.push(format!("{}.by", field.name));
        }
    }
    if gained(change.old.as_ref(), new).any(|moved| moved.by != author) {
        fields.push("history.by".to_owned());
    }
    let told = |field: String| {
        let problem = refused("gate-forged").arg("record", new.title()).arg("noun", new.kind.name);
        problem.arg("field", &field).arg("user", author).at(new.path(), None).field(field)
    };
    fields.into_iter().map(told).collect()
}

/// An entry that the history gained and that did not happen: it does not begin with what was there,
/// or does not end with what is there now.
fn untrue(change: &Change) -> Option<Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return None };
    let value = |doc: &Doc, field: Option<&str>| match field {
        Some(field) => doc.get(field).map(crate::draft::plain),
        None => Some(doc.state().to_owned()),
    };
    let told: Vec<_> = gained(Some(old), new).collect();
    let wrong = told.iter().enumerate().find(|(at, moved)| {
        let mine = |other: &&&Moved| other.field == moved.field;
        let first = !told[..*at].iter().any(|other| mine(&other));
        let last = !told[at + 1..].iter().any(|other| mine(&other));
        let known = moved.field.as_deref().is_none_or(|field| new.kind.field(field).is_some());
        !known
            || (first && moved.from != value(old, moved.field.as_deref()))
            || (last && moved.to != value(new, moved.field.as_deref()))
    });
    wrong.map(|(_, moved)| {
        let field = moved.field.as_deref().or(new.kind.traits.state).unwrap_or_default();
        let problem = refused("broken-history").arg("record", new.title()).arg("id", new.id());
        let problem = problem.arg("noun", new.kind.name).at(new.path(), None);
        problem.arg("field", field).arg("at", moved.at.to_rfc3339()).arg("reason", "gap")
    })
}

/// A document that is made as sent or confirmed is bound to what its maker may give, and to what
/// was approved, like one that comes there step by step.
pub(super) fn late(
    view: &dyn View,
    judge: &Judge<'_>,
    change: &Change,
    author: &str,
    found: &mut Vec<Problem>,
) -> Result<(), Problem> {
    let (None, Some(made)) = (&change.old, &change.new) else { return Ok(()) };
    let Some(field) = made.kind.traits.state.filter(|_| matches!(made.kind.name, "quote" | "order")) else {
        return Ok(());
    };
    let (mut old, mut new) = (made.clone(), made.clone());
    old.set(field, None);
    for field in ["approved_by", "approved_at", "approved_discount"] {
        old.set(field, None);
    }
    if new.state() != old.state() {
        let bound = if made.kind.name == "quote" { "sent" } else { "confirmed" };
        new.set(field, Some(Value::Text(bound.to_owned())));
        let moved =
            Moved { at: judge.now, by: author.to_owned(), field: None, from: None, to: None, reason: None };
        new.history.push(moved);
    }
    discounts::limit(view, judge, &Change { old: Some(old), new: Some(new) }, found)
}

fn refused(id: &'static str) -> Problem {
    Problem::new(Class::Denied, id)
}
