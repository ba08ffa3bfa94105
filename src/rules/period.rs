//! What is dated in a closed period stays as it is.

use super::support::{about, unless_overridden};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::role::Override;
use crate::model::scalars::Day;

/// What is dated: documents and facts.
const DATED: &[&str] = &["quote", "order", "shipment", "return", "invoice", "payment", "movement"];

/// What makes the value of a document or fact.
const WORTH: &[&str] = &[
    "date",
    "customer",
    "currency",
    "fx_rate",
    "price_mode",
    "tax_rounding",
    "discount_pct",
    "discount_amt",
    "shipping",
    "shipping_tax_rate",
    "lines",
    "kind",
    "amount",
    "qty",
    "product",
    "warehouse",
];

/// `closed-period`: a document or fact dated up to the closing day is made, removed, confirmed or
/// worth something else afterwards, or a payment is allocated in it.
pub fn closed(view: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let doc = change.doc();
    let closed: Option<Day> =
        view.schema().settings.get("period.closed_until").and_then(|day| day.parse().ok());
    let Some(closed) = closed.filter(|_| DATED.contains(&doc.kind.name)) else { return Ok(()) };
    let dated = |doc: &&Doc| doc.day("date").is_some_and(|day| day <= closed);
    let sides = (&change.old, &change.new);
    let touched = match sides {
        (Some(old), Some(new)) => {
            let differs = WORTH.iter().any(|field| old.get(field) != new.get(field));
            let confirmed = new.kind.name == "order" && old.state() == "draft" && new.state() != "draft";
            ((differs || confirmed) && [old, new].iter().any(dated)) || allocates(old, new, closed)
        }
        _ => dated(&doc),
    };
    if touched {
        let day = doc.day("date").map(|day| day.to_string()).unwrap_or_default();
        let problem = about(doc, "closed-period").arg("on", day).arg("closed", closed).field("date");
        found.push(unless_overridden(problem, judge, Override::ClosedPeriod));
    }
    Ok(())
}

fn allocates(old: &Doc, new: &Doc, closed: Day) -> bool {
    let added = new.rows("allocations").get(old.rows("allocations").len()..).unwrap_or_default();
    added.iter().any(|row| row.get("date").and_then(Value::as_day).is_some_and(|day| day <= closed))
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{ORDER, payment, sample, shipment, with, written};

    fn store(until: &str) -> Memory {
        let mut store =
            Memory::new(&[("period.closed_until", &[until]), ("stock.warehouses", &["main", "futian"])])
                .expect("sound settings");
        for doc in sample().docs() {
            store.put(doc.clone());
        }
        store
    }

    #[test]
    fn nothing_is_dated_in_a_closed_period() {
        let write = |until, allow, day| {
            let store = store(until);
            written(&store, allow, &[shipment(&store, "shp_kkkkkkkkkkkk", day, "1")])
        };
        assert_eq!(write("2026-02-09", &[], "2026-02-10"), [""; 0]);
        assert_eq!(write("2026-02-10", &[], "2026-02-10"), ["closed-period"]);
        assert_eq!(write("2026-02-10", &["override"], "2026-02-10"), ["closed-period"]);
        assert_eq!(write("2026-02-10", &["override closed_period"], "2026-02-10"), ["W closed-period"]);
    }

    #[test]
    fn states_still_move_but_worth_does_not() {
        let store = store("2026-02-28");
        let write = |fields: &[(&str, &str)]| written(&store, &[], &[with(&store, "order", ORDER, fields)]);
        assert_eq!(write(&[("status", "closed")]), [""; 0]);
        assert_eq!(write(&[("date", "2026-03-01")]), ["confirmed-document", "closed-period"]);
    }

    #[test]
    fn payments_are_not_allocated_into_it() {
        let mut store = store("2026-01-31");
        let mut doc = payment(&store, "pay_kkkkkkkkkkkk", "receipt", "10.00", ("order", ORDER));
        let rows = doc.get("allocations").cloned();
        doc.set("allocations", None);
        store.put(doc.clone());
        doc.set("allocations", rows);
        assert_eq!(written(&store, &[], &[doc.clone()]), [""; 0]);
        let mut late = Memory::new(&[("period.closed_until", &["2026-02-18"])]).expect("sound settings");
        for doc in store.docs() {
            late.put(doc.clone());
        }
        assert_eq!(written(&late, &[], &[doc]), ["closed-period"]);
    }
}
