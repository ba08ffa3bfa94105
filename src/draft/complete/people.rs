//! What customers, contacts, leads and follow-ups take from other records.

use super::super::Draft;
use super::{default_text, referred};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::rules::View;

/// The sales territory of the address: that of the city before that of the province.
pub(super) fn region(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    for (field, set, ending) in [("city", "cities", '市'), ("province", "provinces", '省')] {
        if doc.get("region").is_some() {
            return Ok(());
        }
        let Some(place) = doc.text(field).map(str::to_owned) else { continue };
        let bare = place.strip_suffix(ending).unwrap_or(&place);
        for name in [&place, bare, &format!("{bare}{ending}")] {
            if let Some(region) = draft.find("region", set, name)?.into_iter().next() {
                doc.set("region", Some(Value::Text(region)));
                break;
            }
        }
    }
    Ok(())
}

/// The first contact of a customer is the primary one.
pub(super) fn first_contact(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    if doc.get("primary").is_some() {
        return Ok(());
    }
    let Some(customer) = doc.text("customer") else { return Ok(()) };
    let others = draft.find("contact", "customer", customer)?;
    if others.iter().all(|id| id == doc.id()) {
        doc.set("primary", Some(Value::Bool(true)));
    }
    Ok(())
}

/// Subject, moment and whether the customer notices.
pub(super) fn followup(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let kind = doc.text("kind").unwrap_or_default().to_owned();
    if doc.get("subject").is_none() {
        let target = doc.text("target").map_or(Ok(None), |id| target(draft, id))?;
        let subject = target.map_or_else(|| kind.clone(), |target| format!("{kind}: {}", target.title()));
        default_text(doc, "subject", Some(subject));
    }
    if doc.get("internal").is_none() && matches!(kind.as_str(), "note" | "task") {
        doc.set("internal", Some(Value::Bool(true)));
    }
    if doc.state() == "done" && doc.get("done_at").is_none() {
        doc.set("done_at", Some(Value::Instant(draft.setting.on)));
    }
    Ok(())
}

/// The record a follow-up is about. Campaigns have no prefix that tells their ids.
pub fn target(draft: &Draft<'_>, id: &str) -> Result<Option<Doc>, Problem> {
    match draft.schema().kind_of_id(id) {
        Some(kind) => draft.get(kind, id),
        None => draft.record("campaign", id),
    }
}

/// Team of a user.
pub(super) fn team_of(draft: &Draft<'_>, doc: &Doc) -> Result<Option<String>, Problem> {
    Ok(referred(draft, doc, "user", "owner")?.and_then(|user| user.text("team").map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use crate::draft::testing::{Bench, field};

    #[test]
    fn the_region_is_that_of_the_city_before_that_of_the_province() {
        Bench::new().with(|draft| {
            for (province, city, region) in [
                ("广东", "深圳", "shenzhen"),
                ("广东", "深圳市", "shenzhen"),
                ("广东省", "珠海", "south"),
                ("四川", "成都", ""),
            ] {
                let fields = [("name", "甲"), ("province", province), ("city", city), ("source", "web")];
                let lead = draft.new_record("lead", &fields)?;
                assert_eq!(field(&lead, "region"), region, "{province} {city}");
            }
            let given =
                draft.new_record("customer", &[("name", "甲"), ("city", "深圳"), ("region", "south")])?;
            assert_eq!(field(&given, "region"), "south");
            Ok(())
        });
    }

    #[test]
    fn only_the_first_contact_becomes_primary() {
        Bench::new().with(|draft| {
            let first = draft.new_record("contact", &[("name", "王"), ("customer", "cus_tokyo")])?;
            assert!(first.flag("primary"));
            draft.put(first)?;
            let second = draft.new_record("contact", &[("name", "李"), ("customer", "cus_tokyo")])?;
            assert!(!second.flag("primary"));
            Ok(())
        });
    }

    #[test]
    fn a_note_is_internal_and_a_subject_names_kind_and_target() {
        Bench::new().with(|draft| {
            let note = draft.new_record("followup", &[("kind", "note"), ("target", "lea_chen")])?;
            assert!(note.flag("internal"));
            let call = draft.new_record("followup", &[("kind", "call"), ("target", "lea_chen")])?;
            assert_eq!(field(&call, "subject"), "call: 陈晓明");
            assert!(!call.flag("internal") && call.get("done_at").is_none());
            let done = [("kind", "call"), ("target", "spring-live"), ("status", "done"), ("subject", "S")];
            let done = draft.new_record("followup", &done)?;
            assert_eq!(
                (field(&done, "subject"), field(&done, "done_at")),
                ("S".into(), "2026-03-10T10:00:00+08:00".into())
            );
            Ok(())
        });
    }
}
