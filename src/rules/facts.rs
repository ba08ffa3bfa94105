//! Facts are never edited or removed; a counter-record corrects them, once.

use super::support::{about, is_fact, others};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Card, Doc, Field};

/// `changed-fact`: a fact is edited beyond what may be filled later or grow; what may be filled
/// once is filled twice; what only grows loses something. `undo` takes back what it may.
pub fn changed(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if judge.allow.contains("undo") {
        return Ok(());
    }
    for field in new.kind.all().filter(|field| old.get(field.name) != new.get(field.name)) {
        let frozen = is_fact(old) || field.marks.once || field.marks.grows || field.marks.immutable;
        if frozen && !may_change(field, old, new) {
            found.push(about(new, "changed-fact").arg("field", field.name).field(field.name));
        }
    }
    Ok(())
}

fn may_change(field: &Field, old: &Doc, new: &Doc) -> bool {
    if field.marks.grows && field.card == Card::Rows {
        return new.rows(field.name).starts_with(old.rows(field.name));
    }
    field.marks.once && old.get(field.name).is_none()
}

/// `removed-fact`.
pub fn removed(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    if let (Some(old), None) = (&change.old, &change.new)
        && is_fact(old)
        && !judge.allow.contains("undo")
    {
        found.push(about(old, "removed-fact"));
    }
    Ok(())
}

/// `reversed-twice`: a fact is reversed at most once, a reversal never.
pub fn reversed(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let Some(reversed) = doc.text("reverses") else { return Ok(()) };
    for other in others(view, doc, doc.kind.name, "reverses", reversed)? {
        found.push(reversal(doc, reversed, "again").arg("other", &other).candidates([other]));
    }
    if view.get(doc.kind, reversed)?.is_some_and(|fact| fact.text("reverses").is_some()) {
        found.push(reversal(doc, reversed, "reversal"));
    }
    Ok(())
}

fn reversal(doc: &Doc, reversed: &str, reason: &'static str) -> Problem {
    about(doc, "reversed-twice").arg("reverses", reversed).arg("reason", reason).field("reverses")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, ORDER, checked, payment, removed, sample, shipment, with, written};

    const SHIPPED: &str = "shp_kkkkkkkkkkkk";

    #[test]
    fn a_fact_is_neither_edited_nor_removed() {
        let mut store = sample();
        store.put(shipment(&store, SHIPPED, "2026-02-10", "2"));
        let write = |allow, field, value| {
            written(&store, allow, &[with(&store, "shipment", SHIPPED, &[(field, value)])])
        };
        assert_eq!(write(&[], "carrier", "SF"), ["changed-fact"]);
        assert_eq!(write(&["undo"], "carrier", "SF"), [""; 0]);
        assert_eq!(write(&[], "delivered_on", "2026-02-12"), [""; 0]);
        assert_eq!(removed(&store, &[], "shipment", SHIPPED), ["removed-fact"]);
        assert_eq!(removed(&store, &["undo"], "shipment", SHIPPED), [""; 0]);
    }

    #[test]
    fn what_may_be_filled_once_is_filled_once() {
        let mut store = sample();
        let delivered =
            store.doc("shipment", SHIPPED, &[("delivered_on", "2026-02-12")]).fields["delivered_on"].clone();
        let mut doc = shipment(&store, SHIPPED, "2026-02-10", "2");
        doc.set("delivered_on", Some(delivered));
        store.put(doc);
        let again = with(&store, "shipment", SHIPPED, &[("delivered_on", "2026-02-13")]);
        assert_eq!(written(&store, &[], &[again]), ["changed-fact"]);
    }

    #[test]
    fn rows_that_grow_only_grow() {
        let mut store = sample();
        let mut paid = payment(&store, "pay_kkkkkkkkkkkk", "receipt", "100.00", ("order", ORDER));
        let rows = paid.get("allocations").cloned();
        paid.set("allocations", None);
        store.put(paid.clone());
        paid.set("allocations", rows);
        assert_eq!(written(&store, &[], &[paid.clone()]), [""; 0]);
        store.put(paid.clone());
        paid.set("allocations", None);
        assert_eq!(written(&store, &[], &[paid]), ["changed-fact"]);
    }

    #[test]
    fn a_done_followup_is_a_fact_and_a_planned_one_is_not() {
        let mut store = sample();
        let call = [("kind", "call"), ("target", HAINA), ("owner", "li.na")];
        let done = [("status", "done"), ("done_at", "2026-02-01T09:00:00+08:00")];
        let planned = [("status", "planned"), ("due", "2026-04-01")];
        store.add("followup", "fup_kkkkkkkkkkkk", &[&call[..], &done].concat());
        store.add("followup", "fup_llllllllllll", &[&call[..], &planned].concat());
        let write = |id| written(&store, &[], &[with(&store, "followup", id, &[("summary", "Hello")])]);
        assert_eq!(write("fup_kkkkkkkkkkkk"), ["changed-fact"]);
        assert_eq!(write("fup_llllllllllll"), [""; 0]);
    }

    #[test]
    fn a_fact_is_reversed_once_and_a_reversal_never() {
        let mut store = sample();
        store.put(shipment(&store, SHIPPED, "2026-02-10", "2"));
        let reversal = |id, of| {
            let mut doc = shipment(&sample(), id, "2026-02-11", "2");
            doc.set("reverses", Some(super::super::support::text(of)));
            doc
        };
        let first = reversal("shp_llllllllllll", SHIPPED);
        assert_eq!(checked(&store, &first), [""; 0]);
        store.put(first);
        assert_eq!(checked(&store, &reversal("shp_mmmmmmmmmmmm", SHIPPED)), ["reversed-twice"]);
        assert_eq!(checked(&store, &reversal("shp_mmmmmmmmmmmm", "shp_llllllllllll")), ["reversed-twice"]);
    }
}
