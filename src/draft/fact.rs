//! Facts are not changed: a mistake is taken back by a counter-record that counts negatively.

use super::Draft;
use crate::model::Problem;
use crate::model::record::Value;
use crate::rules::View;
use crate::rules::order_state::order_state;
use crate::rules::support::about;

/// The types whose facts can be taken back. An invoice is corrected by a credit note.
const REVERSIBLE: &[&str] = &["movement", "shipment", "return", "payment"];

/// What belongs to the record itself and is not copied.
const OWN: &[&str] =
    &["id", "created_at", "created_by", "delivered_on", "key", "source_ref", "note", "tags", "archived"];

/// Writes the counter-record of a fact, dated today. Gives its id.
pub fn reverse(draft: &mut Draft<'_>, noun: &str, id: &str) -> Result<String, Problem> {
    if !REVERSIBLE.contains(&noun) {
        let problem = Problem::invalid("not-reversible").arg("noun", noun).arg("value", id);
        return Err(problem.legal(REVERSIBLE.iter().copied()));
    }
    let fact = draft.need(noun, id)?;
    let refuse = |reason| about(&fact, "reversed-twice").arg("reverses", id).arg("reason", reason);
    if fact.text("reverses").is_some() {
        return Err(refuse("reversal"));
    }
    if let Some(other) = draft.find(noun, "reverses", id)?.into_iter().next() {
        return Err(refuse("again").arg("other", &other).candidates([other]));
    }
    let mut doc = draft.make(noun, None);
    for (field, value) in fact.fields.iter().filter(|(field, _)| !OWN.contains(field)) {
        doc.set(field, Some(value.clone()));
    }
    let today = Value::Day(draft.setting.on.date_naive());
    let mut allocations = doc.rows("allocations").to_vec();
    for row in &mut allocations {
        row.insert("date", today.clone());
    }
    if !allocations.is_empty() {
        doc.set("allocations", Some(Value::Rows(allocations)));
    }
    doc.set("date", Some(today));
    doc.set("reverses", Some(Value::Text(id.to_owned())));
    let made = doc.id().to_owned();
    watch_order(draft, fact.text("order"), |draft| draft.put(doc))?;
    Ok(made)
}

/// Does something to an order's facts and says in the remarks how far the order has come by it.
pub(super) fn watch_order<'a>(
    draft: &mut Draft<'a>,
    order: Option<&str>,
    act: impl FnOnce(&mut Draft<'a>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let Some(order) = order else { return act(draft) };
    let state = |draft: &Draft<'_>| order_state(draft, &draft.need("order", order)?, draft.setting.today);
    let before = state(draft)?;
    act(draft)?;
    let after = state(draft)?;
    for (what, from, to) in [
        ("fulfilment", before.fulfilment, after.fulfilment),
        ("billing", before.billing, after.billing),
        ("payment", before.payment, after.payment),
    ] {
        if from != to {
            draft.remarks.push(format!("{what}: {} -> {}", from.code(), to.code()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;

    fn bench() -> Bench {
        let mut bench = Bench::new();
        bench.order("confirmed", &[("HAN-EV-610", "3")]);
        bench.store.add(
            "shipment",
            "shp_k",
            &[
                ("order", "ord_k"),
                ("date", "2026-03-08"),
                ("warehouse", "main"),
                ("tracking", "SF1"),
                ("delivered_on", "2026-03-09"),
                ("key", "k1"),
                ("lines.id", "kkkkkk"),
                ("lines.order_line", "line-0"),
                ("lines.product", "HAN-EV-610"),
                ("lines.qty", "2"),
            ],
        );
        bench
    }

    #[test]
    fn a_reversal_is_a_copy_that_counts_negatively() {
        let set = bench().with(|draft| {
            let id = reverse(draft, "shipment", "shp_k")?;
            let copy = draft.need("shipment", &id)?;
            assert_eq!(
                (field(&copy, "reverses"), field(&copy, "date")),
                ("shp_k".into(), "2026-03-10".into())
            );
            assert_eq!(copy.rows("lines"), draft.need("shipment", "shp_k")?.rows("lines"));
            assert!(copy.get("key").is_none() && copy.get("delivered_on").is_none());
            let order = draft.need("order", "ord_k")?;
            assert!(
                order_state(draft, &order, draft.setting.today)?.lines.iter().all(|l| l.shipped.is_zero())
            );
            Ok(())
        });
        assert_eq!(set.remarks, ["fulfilment: partial -> none"]);
    }

    #[test]
    fn a_fact_is_reversed_once_and_a_reversal_never() {
        let bench = bench();
        for (again, reason) in [(false, "again"), (true, "reversal")] {
            let refused = bench.refused(|draft| {
                let made = reverse(draft, "shipment", "shp_k")?;
                reverse(draft, "shipment", if again { &made } else { "shp_k" })
            });
            assert_eq!((refused.id, refused.get("reason")), ("reversed-twice", Some(reason)));
        }
    }

    #[test]
    fn only_facts_with_a_sign_are_reversed() {
        for noun in ["invoice", "order", "followup"] {
            let refused = bench().refused(|draft| reverse(draft, noun, "x"));
            assert_eq!(refused.id, "not-reversible", "{noun}");
        }
        assert_eq!(bench().refused(|draft| reverse(draft, "payment", "pay_x")).id, "no-such-record");
    }

    #[test]
    fn a_reversed_payment_takes_its_allocations_back() {
        let mut bench = bench();
        let payment = [
            ("date", "2026-03-01"),
            ("customer", "cus_haina"),
            ("kind", "receipt"),
            ("amount", "100.00"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("method", "bank"),
            ("allocations.id", "kkkkkk"),
            ("allocations.date", "2026-03-01"),
            ("allocations.order", "ord_k"),
            ("allocations.amount", "100.00"),
        ];
        bench.store.add("payment", "pay_k", &payment);
        bench.with(|draft| {
            let id = reverse(draft, "payment", "pay_k")?;
            let copy = draft.need("payment", &id)?;
            assert_eq!(copy.rows("allocations")[0].get("date"), copy.get("date"));
            let order = draft.need("order", "ord_k")?;
            assert!(order_state(draft, &order, draft.setting.today)?.paid.is_zero());
            Ok(())
        });
    }
}
