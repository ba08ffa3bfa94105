//! The agreement of a ticket: the first valid one whose conditions it fulfils.
//!
//! Deliberately absent: what the conditions mean, which the view answers, and the clocks.

use super::super::Draft;
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::rules::View;

/// Leaves the agreement as it is when the priority changes.
const KEEP: &str = "keep-sla";

/// The agreement of a new ticket, unless one was given.
pub(super) fn agreement(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    if doc.get("sla").is_none() {
        let found = applying(draft, doc)?;
        doc.set("sla", found.map(Value::Text));
    }
    Ok(())
}

/// Another priority may stand under another agreement, unless that was changed as well or is kept.
pub(super) fn other_priority(draft: &Draft<'_>, before: Option<&Doc>, doc: &mut Doc) -> Result<(), Problem> {
    let Some(before) = before else { return Ok(()) };
    let same = |field: &str| before.get(field) == doc.get(field);
    if same("priority") || !same("sla") || draft.setting.allow.contains(KEEP) {
        return Ok(());
    }
    let found = applying(draft, doc)?;
    draft.set(doc, "sla", found.map(Value::Text));
    Ok(())
}

/// The first agreement for a ticket that is valid on the day it came in.
fn applying(draft: &Draft<'_>, doc: &Doc) -> Result<Option<String>, Problem> {
    let day = match doc.get("created_at") {
        Some(Value::Instant(at)) => at.date_naive(),
        _ => draft.setting.today,
    };
    let valid = |sla: &Doc| {
        sla.day("valid_from").is_none_or(|from| from <= day) && sla.day("valid_to").is_none_or(|to| day <= to)
    };
    let slas = draft.fulfilling("sla", doc)?;
    Ok(slas.into_iter().find(valid).map(|sla| sla.id().to_owned()))
}
