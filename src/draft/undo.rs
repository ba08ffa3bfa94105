//! Taking a command back: what a record becomes when one change of it is undone.

use crate::model::record::{Doc, Moved, Row, Value};

/// What becomes of a record, as it is now, when a change of it is taken back; `None` where it goes.
/// # Errors
/// The field that was changed again since, `*` for the record as a whole.
pub fn inverse_of(
    before: Option<&Doc>,
    after: Option<&Doc>,
    now: Option<&Doc>,
) -> Result<Option<Doc>, String> {
    match (before, after, now) {
        (None, Some(made), Some(now)) if made == now => Ok(None),
        (Some(before), None, None) => Ok(Some(before.clone())),
        (Some(before), Some(after), Some(now)) => taken_back(before, after, now).map(Some),
        _ => Err("*".to_owned()),
    }
}

/// The record as it is with one commit's changes taken out; the field that stands in the way.
fn taken_back(before: &Doc, after: &Doc, now: &Doc) -> Result<Doc, String> {
    let mut doc = now.clone();
    for field in now.kind.all() {
        let (b, a, n) = (before.get(field.name), after.get(field.name), now.get(field.name));
        if b == a {
            continue;
        }
        if n == a {
            doc.set(field.name, b.cloned());
            continue;
        }
        let Some(rows) = field.rows() else { return Err(field.name.to_owned()) };
        let merged =
            rows_back(before.rows(field.name), after.rows(field.name), now.rows(field.name), rows.key)
                .ok_or_else(|| field.name.to_owned())?;
        doc.set(field.name, Some(Value::Rows(merged)));
    }
    for entry in after.history.iter().filter(|e| !before.history.contains(e)) {
        match doc.history.iter().position(|e| e == entry) {
            Some(at) => {
                doc.history.remove(at);
            }
            None => return Err("history".to_owned()),
        }
    }
    // What an undo took out comes back where it stood.
    for (at, entry) in before.history.iter().enumerate() {
        if after.history.contains(entry) || doc.history.contains(entry) {
            continue;
        }
        let earlier = |e: &Moved| before.history[..at].contains(e);
        let place = doc.history.iter().rposition(earlier).map_or(0, |last| last + 1);
        doc.history.insert(place, entry.clone());
    }
    Ok(doc)
}

fn rows_back(before: &[Row], after: &[Row], now: &[Row], key: &str) -> Option<Vec<Row>> {
    let find = |rows: &[Row], row: &Row| rows.iter().find(|r| r.get(key) == row.get(key)).cloned();
    let mut out = Vec::new();
    for row in now {
        match (find(before, row), find(after, row)) {
            (None, Some(made)) if made == *row => {}
            (None, Some(_)) => return None,
            (Some(old), Some(new)) if old != new => {
                if new != *row {
                    return None;
                }
                out.push(old);
            }
            _ => out.push(row.clone()),
        }
    }
    for row in before.iter().filter(|row| find(after, row).is_none()) {
        out.push(row.clone());
    }
    Some(out)
}
