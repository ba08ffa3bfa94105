//! Audiences that are kept as they are, costs of campaigns, tickets from feedback.
//!
//! Deliberately absent: who meets the conditions of a segment (the caller asks the read model),
//! and sending.

use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Row, Value};
use crate::rules::View;
use crate::rules::support::about;

/// Writes a segment that holds these members for good. `false` where it is there already with
/// them.
/// # Errors
/// `nothing-to-freeze` without members, `duplicate-slug` where the id is another segment's.
pub fn freeze(
    draft: &mut Draft<'_>,
    id: &str,
    new: &str,
    name: Option<&str>,
    members: &[String],
) -> Result<bool, Problem> {
    let segment = draft.need("segment", id)?;
    if members.is_empty() {
        return Err(about(&segment, "nothing-to-freeze"));
    }
    let mut members: Vec<Value> = members.iter().cloned().map(Value::Text).collect();
    members.sort_by(|a, b| a.as_text().cmp(&b.as_text()));
    members.dedup();
    let members = Value::List(members);
    if let Some(there) = draft.record("segment", new)? {
        if there.get("members") == Some(&members) && there.get("of") == segment.get("of") {
            return Ok(false);
        }
        return Err(Problem::invalid("duplicate-slug")
            .arg("other", new)
            .arg("noun", "segment")
            .arg("value", new)
            .arg("record", new));
    }
    let mut doc = draft.make("segment", Some(new));
    let name = name.map_or_else(|| segment.get("name").cloned(), |name| Some(Value::Text(name.to_owned())));
    doc.set("name", name);
    doc.set("of", segment.get("of").cloned());
    doc.set("members", Some(members));
    verbs::add(draft, doc)?;
    Ok(true)
}

/// Appends a cost to a campaign: a row of the date, the amount in the campaign's currency, and
/// what it was for.
pub fn cost(draft: &mut Draft<'_>, id: &str, mut row: Row) -> Result<(), Problem> {
    let mut campaign = draft.need("campaign", id)?;
    row.insert("id", Value::Text(draft.row_id()));
    row.entry("date").or_insert(Value::Day(draft.setting.today));
    let mut rows = campaign.rows("costs").to_vec();
    rows.push(row);
    campaign.set("costs", Some(Value::Rows(rows)));
    draft.put(campaign)
}

/// Writes a ticket from feedback of a customer or contact and links it. Gives the ticket's id;
/// that of the one there is where the feedback has one already.
/// # Errors
/// `feedback-without-customer` for feedback of our own people.
pub fn ticket(draft: &mut Draft<'_>, id: &str) -> Result<String, Problem> {
    let mut feedback = draft.need("feedback", id)?;
    if let Some(there) = feedback.text("ticket") {
        return Ok(there.to_owned());
    }
    let from = feedback.text("from").unwrap_or_default().to_owned();
    let contact = draft.record("contact", &from)?;
    let customer = match &contact {
        Some(contact) => contact.text("customer").map(str::to_owned),
        None => draft.record("customer", &from)?.map(|customer| customer.id().to_owned()),
    };
    let Some(customer) = customer else {
        return Err(about(&feedback, "feedback-without-customer").field("from"));
    };
    let mut doc = draft.make("ticket", None);
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    doc.set("customer", text(&customer));
    doc.set("contact", contact.and_then(|contact| text(contact.id())));
    doc.set("kind", text(if feedback.text("kind") == Some("complaint") { "complaint" } else { "service" }));
    doc.set("subject", text(&subject(feedback.text("text"), feedback.text("kind").unwrap_or_default())));
    doc.set("description", feedback.get("text").cloned());
    for field in ["product", "order"] {
        doc.set(field, feedback.get(field).cloned());
    }
    let ticket = verbs::add(draft, doc)?;
    feedback.set("ticket", text(&ticket));
    draft.put(feedback)?;
    Ok(ticket)
}

/// Most letters of a subject taken from a text.
const SUBJECT: usize = 60;

/// The first line of a text as a subject, else the kind of feedback.
fn subject(text: Option<&str>, kind: &str) -> String {
    let line =
        text.and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty())).unwrap_or(kind);
    match line.char_indices().nth(SUBJECT) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, dec, field};
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn bench() -> Bench {
        let mut bench = Bench::new();
        bench.store.add("segment", "live", &[("name", "Live"), ("of", "customer"), ("when", "level=A")]);
        let feedback = [
            ("from", "con_wang"),
            ("about", "product"),
            ("kind", "complaint"),
            ("date", "2026-03-01"),
            ("text", "\n空调异响\n夜里很吵"),
            ("product", "MAT"),
            ("status", "new"),
        ];
        bench.store.add("feedback", "fbk_k", &feedback);
        bench.store.add("feedback", "fbk_l", &[&feedback[1..], &[("from", "li.na")]].concat());
        bench
    }

    #[test]
    fn a_frozen_segment_holds_its_members_and_nothing_else() {
        bench().with(|draft| {
            assert!(freeze(draft, "live", "frozen", None, &ids(&["cus_tokyo", "cus_haina", "cus_tokyo"]))?);
            let doc = draft.need("segment", "frozen")?;
            assert_eq!(
                (field(&doc, "members"), field(&doc, "name"), field(&doc, "of")),
                ("cus_haina;cus_tokyo".into(), "Live".into(), "customer".into())
            );
            assert!(doc.get("when").is_none());
            assert!(!freeze(draft, "live", "frozen", Some("Other"), &ids(&["cus_haina", "cus_tokyo"]))?);
            Ok(())
        });
    }

    #[test]
    fn a_segment_is_not_overwritten_and_nobody_is_not_frozen() {
        let refused = bench().refused(|draft| freeze(draft, "live", "live", None, &ids(&["cus_haina"])));
        assert_eq!(refused.id, "duplicate-slug");
        let refused = bench().refused(|draft| freeze(draft, "live", "frozen", None, &[]));
        assert_eq!(refused.id, "nothing-to-freeze");
    }

    #[test]
    fn costs_are_appended_with_their_day() {
        let set = bench().with(|draft| {
            cost(draft, "spring-live", Row::from([("amount", dec("500.00"))]))?;
            let day = Value::Day("2026-02-01".parse().expect("a day"));
            cost(draft, "spring-live", Row::from([("amount", dec("-20.00")), ("date", day)]))?;
            let campaign = draft.need("campaign", "spring-live")?;
            let days: Vec<String> =
                campaign.rows("costs").iter().map(|row| super::super::plain(&row["date"])).collect();
            assert_eq!(days, ["2026-03-10", "2026-02-01"]);
            Ok(())
        });
        assert_eq!(set.ids(), ["spring-live"]);
    }

    #[test]
    fn a_ticket_from_feedback_is_its_customers_and_is_made_once() {
        bench().with(|draft| {
            let id = ticket(draft, "fbk_k")?;
            let doc = draft.need("ticket", &id)?;
            for (name, value) in [
                ("customer", "cus_haina"),
                ("contact", "con_wang"),
                ("kind", "complaint"),
                ("subject", "空调异响"),
                ("product", "MAT"),
                ("status", "new"),
            ] {
                assert_eq!(field(&doc, name), value, "{name}");
            }
            assert_eq!(field(&draft.need("feedback", "fbk_k")?, "ticket"), id);
            assert_eq!(ticket(draft, "fbk_k")?, id);
            Ok(())
        });
    }

    #[test]
    fn feedback_of_our_own_people_has_no_ticket() {
        assert_eq!(bench().refused(|draft| ticket(draft, "fbk_l")).id, "feedback-without-customer");
    }

    #[test]
    fn a_long_text_is_cut_at_a_letter() {
        let long = "空调".repeat(40);
        let cut = subject(Some(&long), "idea");
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (61, true));
        assert_eq!((subject(None, "idea"), subject(Some("  \n"), "bug")), ("idea".into(), "bug".into()));
    }
}
