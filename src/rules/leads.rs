//! A lead has a name and a way to reach it, is not kept twice, and says why it ended.

use std::collections::BTreeSet;

use super::support::{about, is_merged, is_open, others, reaches, told_apart, unless};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;

/// `lead-without-name`, `unreachable-lead`.
pub fn named_and_reachable(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "lead" {
        return Ok(());
    }
    if doc.get("name").is_none() && doc.get("company").is_none() {
        found.push(about(doc, "lead-without-name").field("name"));
    }
    let reach = ["phone", "other_phones", "email", "other_emails", "wechat"];
    if reach.iter().all(|field| doc.get(field).is_none()) {
        found.push(about(doc, "unreachable-lead").field("phone"));
    }
    Ok(())
}

/// `lost-without-reason`, `converted-without-customer`, `closed-date`.
pub fn ended(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "lead" {
        return Ok(());
    }
    let (state, reason) = (doc.state(), doc.text("lost_reason"));
    if state == "unqualified" && reason.is_none() {
        found.push(about(doc, "lost-without-reason").field("lost_reason"));
    }
    if reason == Some("other") && doc.get("lost_note").is_none() {
        found.push(about(doc, "lost-without-reason").field("lost_note"));
    }
    if state == "converted" && doc.get("converted_customer").is_none() {
        found.push(about(doc, "converted-without-customer").field("converted_customer"));
    }
    let closed = matches!(state, "converted" | "unqualified" | "junk");
    if closed != doc.get("closed_on").is_some() {
        found.push(about(doc, "closed-date").arg("state", state).field("closed_on"));
    }
    Ok(())
}

/// `duplicate-lead` (--allow-duplicate): an open lead with that phone or e-mail. `lead-is-customer`
/// W: a customer with it.
pub fn duplicates(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "lead" || is_merged(doc) || !is_open(doc) {
        return Ok(());
    }
    let mut leads = BTreeSet::new();
    let mut customers = BTreeSet::new();
    for (main, further) in [("phone", "other_phones"), ("email", "other_emails")] {
        for value in reaches(doc, main, further) {
            for field in [main, further] {
                leads.extend(others(view, doc, "lead", field, value)?.into_iter().map(|id| (id, value)));
                customers
                    .extend(others(view, doc, "customer", field, value)?.into_iter().map(|id| (id, value)));
            }
        }
    }
    for (other, value) in leads {
        let Some(twin) = view.get(doc.kind, &other)? else { continue };
        if is_open(&twin) && !told_apart(view, doc, &twin)? {
            let problem = about(doc, "duplicate-lead").arg("value", value).arg("other", &other);
            let problem = problem.hint("hint-allow-duplicate").candidates([other]);
            found.push(unless(problem, judge, "allow-duplicate"));
        }
    }
    for (other, value) in customers {
        let problem = about(doc, "lead-is-customer").arg("value", value).arg("other", &other);
        found.push(problem.candidates([other]).as_warning());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, LEAD, fresh, sample, varied};

    #[test]
    fn a_lead_has_a_name_and_can_be_reached() {
        varied(
            "lead",
            LEAD,
            &[
                (&[("name", "")], &["lead-without-name"]),
                (&[("name", ""), ("company", "Acme")], &[]),
                (&[("phone", "")], &["unreachable-lead"]),
                (&[("phone", ""), ("wechat", "zhao")], &[]),
            ],
        );
    }

    #[test]
    fn an_ended_lead_says_how() {
        let closed = ("closed_on", "2026-03-01");
        varied(
            "lead",
            LEAD,
            &[
                (&[("status", "unqualified"), closed], &["lost-without-reason"]),
                (&[("status", "unqualified"), closed, ("lost_reason", "budget")], &[]),
                (&[("status", "unqualified"), closed, ("lost_reason", "other")], &["lost-without-reason"]),
                (&[("status", "unqualified"), ("lost_reason", "budget")], &["closed-date"]),
                (&[closed], &["closed-date"]),
                (&[("status", "junk"), closed], &[]),
                (&[("status", "converted"), closed], &["converted-without-customer"]),
                (&[("status", "converted"), closed, ("converted_customer", HAINA)], &[]),
            ],
        );
    }

    #[test]
    fn an_open_lead_is_not_kept_twice() {
        let base = [("name", "Z"), ("source", "web")];
        fresh(
            &sample(),
            "lead",
            "lea_llllllllllll",
            &base,
            &[
                (&[("status", "new"), ("phone", "+8613700137000")], &["duplicate-lead"]),
                (&[("status", "new"), ("phone", "+8613700137000"), ("distinct_from", LEAD)], &[]),
                (&[("status", "junk"), ("closed_on", "2026-03-01"), ("phone", "+8613700137000")], &[]),
                (&[("status", "new"), ("phone", "+8613912345678")], &["W lead-is-customer"]),
                (&[("status", "new"), ("phone", "+8613000000001")], &[]),
            ],
        );
    }
}
