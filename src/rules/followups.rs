//! Planned follow-ups have a day, done ones a time that has passed.

use super::support::about;
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// `planned-without-due`, `done-without-time`, `done-in-future`.
pub fn times(_: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "followup" {
        return Ok(());
    }
    if doc.state() == "planned" && doc.get("due").is_none() {
        found.push(about(doc, "planned-without-due").field("due"));
    }
    match doc.get("done_at") {
        None if doc.state() == "done" => found.push(about(doc, "done-without-time").field("done_at")),
        Some(Value::Instant(at)) if *at > judge.now => {
            found.push(about(doc, "done-in-future").arg("value", at.to_rfc3339()).field("done_at"));
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, fresh, sample};

    #[test]
    fn planned_has_a_day_and_done_a_time_gone_by() {
        let call = [("kind", "call"), ("target", HAINA), ("owner", "li.na")];
        let at = |at| ("done_at", at);
        fresh(
            &sample(),
            "followup",
            "fup_kkkkkkkkkkkk",
            &call,
            &[
                (&[("status", "planned"), ("due", "2026-04-01")], &[]),
                (&[("status", "planned")], &["planned-without-due"]),
                (&[("status", "done"), at("2026-03-16T12:00:00+08:00")], &[]),
                (&[("status", "done"), at("2026-03-16T12:00:01+08:00")], &["done-in-future"]),
                (&[("status", "done")], &["done-without-time"]),
            ],
        );
    }
}
