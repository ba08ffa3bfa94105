//! Campaigns, segments, market notes and feedback.

use super::support::about;
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// `campaign-dates`: a campaign ends before it starts.
pub fn campaign_dates(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if let ("campaign", Some(start), Some(end)) = (doc.kind.name, doc.day("start"), doc.day("end"))
        && end < start
    {
        found.push(about(doc, "campaign-dates").arg("start", start).arg("end", end).field("end"));
    }
    Ok(())
}

/// `segment-shape`: conditions or members, exactly one of them; members are of the segment's type.
pub fn segment_shape(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "segment" {
        return Ok(());
    }
    if doc.get("when").is_some() == doc.get("members").is_some() {
        found.push(about(doc, "segment-shape").field("when"));
    }
    let of = doc.text("of").unwrap_or_default();
    for member in doc.list("members") {
        if view.schema().kind_of_id(member).is_some_and(|kind| kind.name != of) {
            let problem = about(doc, "wrong-type-reference").arg("field", "members").arg("value", member);
            found.push(problem.field("members").legal([of]));
        }
    }
    Ok(())
}

/// `competitor-note-without-competitor`.
pub fn competitor_note(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name == "market_note"
        && doc.text("kind") == Some("competitor")
        && doc.get("competitor").is_none()
    {
        found.push(about(doc, "competitor-note-without-competitor").field("competitor"));
    }
    Ok(())
}

/// `score-range`, `score-without-scale`, `declined-without-reply`.
pub fn feedback(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "feedback" {
        return Ok(());
    }
    if let Some(Value::Int(score)) = doc.get("score") {
        let range = match doc.text("scale") {
            Some("csat") => Some((1, 5)),
            Some("nps") => Some((0, 10)),
            _ => None,
        };
        match range {
            None => found.push(about(doc, "score-without-scale").field("scale")),
            Some((min, max)) if !(min..=max).contains(score) => {
                let problem = about(doc, "score-range").arg("value", score).arg("min", min).arg("max", max);
                found.push(problem.field("score"));
            }
            Some(_) => {}
        }
    }
    if doc.state() == "declined" && doc.get("reply").is_none() {
        found.push(about(doc, "declined-without-reply").field("reply"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, LEAD, fresh, sample};

    #[test]
    fn a_campaign_ends_after_it_starts() {
        let base = [("name", "Show"), ("kind", "email"), ("status", "planned"), ("start", "2026-03-02")];
        fresh(
            &sample(),
            "campaign",
            "show",
            &base,
            &[(&[("end", "2026-03-02")], &[]), (&[("end", "2026-03-01")], &["campaign-dates"]), (&[], &[])],
        );
    }

    #[test]
    fn a_segment_is_a_condition_or_a_list() {
        fresh(
            &sample(),
            "segment",
            "good",
            &[("name", "Good"), ("of", "customer")],
            &[
                (&[("when", "level=A")], &[]),
                (&[("members", HAINA)], &[]),
                (&[("members", LEAD)], &["wrong-type-reference"]),
                (&[("members", HAINA), ("when", "level=A")], &["segment-shape"]),
                (&[], &["segment-shape"]),
            ],
        );
    }

    #[test]
    fn a_note_on_a_competitor_names_it() {
        let mut store = sample();
        store.add("competitor", "rival", &[("name", "Rival")]);
        let base = [("date", "2026-03-01"), ("topic", "Prices"), ("text", "Lower")];
        fresh(
            &store,
            "market_note",
            "mkn_kkkkkkkkkkkk",
            &base,
            &[
                (&[("kind", "competitor")], &["competitor-note-without-competitor"]),
                (&[("kind", "competitor"), ("competitor", "rival")], &[]),
                (&[("kind", "demand")], &[]),
            ],
        );
    }

    #[test]
    fn a_score_is_on_its_scale_and_a_refusal_has_a_reply() {
        let base = [("from", HAINA), ("about", "product"), ("kind", "rating"), ("date", "2026-03-01")];
        fresh(
            &sample(),
            "feedback",
            "fbk_kkkkkkkkkkkk",
            &base,
            &[
                (&[("status", "new"), ("score", "5"), ("scale", "csat")], &[]),
                (&[("status", "new"), ("score", "6"), ("scale", "csat")], &["score-range"]),
                (&[("status", "new"), ("score", "0"), ("scale", "nps")], &[]),
                (&[("status", "new"), ("score", "5")], &["score-without-scale"]),
                (&[("status", "declined")], &["declined-without-reply"]),
                (&[("status", "declined"), ("reply", "No")], &[]),
            ],
        );
    }
}
