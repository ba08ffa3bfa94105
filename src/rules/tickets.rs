//! Tickets end with a word on how, are rated after that, and name units that were sold.

use super::amounts::word;
use super::support::{about, is_one};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// `resolved-without-resolution`, `rating-before-resolved`, `duplicate-of-duplicate`.
pub fn ended(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "ticket" {
        return Ok(());
    }
    let ended = matches!(doc.state(), "resolved" | "closed");
    if ended && doc.get("resolution").is_none() {
        found.push(about(doc, "resolved-without-resolution").field("resolution"));
    }
    let was =
        doc.history.iter().any(|moved| moved.field.is_none() && moved.to.as_deref() == Some("resolved"));
    if doc.get("rating").is_some() && !ended && !was {
        found.push(about(doc, "rating-before-resolved").arg("state", doc.state()).field("rating"));
    }
    match doc.text("duplicate_of") {
        None if doc.state() == "duplicate" => {
            found.push(about(doc, "missing-field").arg("field", "duplicate_of").field("duplicate_of"));
        }
        Some(of)
            if of == doc.id() || view.get(doc.kind, of)?.is_some_and(|t| t.get("duplicate_of").is_some()) =>
        {
            found.push(about(doc, "duplicate-of-duplicate").arg("of", of).field("duplicate_of"));
        }
        _ => {}
    }
    Ok(())
}

/// `unknown-serial` W: never shipped. `serial-of-other` W: last shipped to another customer.
pub fn serial(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(serial)) = (doc.kind.name == "ticket", doc.text("serial")) else { return Ok(()) };
    let mut shipments = view.all_with("shipment", "lines.serials", serial)?;
    shipments.retain(|shipment| {
        let product = doc.text("product");
        let has = |list: &Value| matches!(list, Value::List(all) if all.iter().any(|s| s.as_text() == Some(serial)));
        shipment.rows("lines").iter().any(|row| {
            row.get("serials").is_some_and(has) && (product.is_none() || word(row, "product") == product)
        })
    });
    let refuse = |rule| about(doc, rule).arg("value", serial).field("serial").as_warning();
    let Some(last) = shipments.iter().max_by_key(|shipment| shipment.day("date")) else {
        found.push(refuse("unknown-serial"));
        return Ok(());
    };
    let order = last.text("order").map_or(Ok(None), |id| view.record("order", id))?;
    let buyer = order.as_ref().and_then(|order| order.text("customer"));
    if let (Some(buyer), Some(customer)) = (buyer, doc.text("customer"))
        && !is_one(view, "customer", buyer, customer)?
    {
        found.push(refuse("serial-of-other").arg("customer", buyer));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::support::text;
    use super::super::testing::{CHEN, HAINA, checked, fresh, sample, shipment};
    use super::*;

    const BASE: &[(&str, &str)] =
        &[("number", "TK-1"), ("kind", "service"), ("subject", "Noise"), ("priority", "normal")];

    #[test]
    fn a_ticket_ends_with_a_word_on_how() {
        let mut store = sample();
        let first = [("customer", HAINA), ("status", "new")];
        store.add("ticket", "tic_llllllllllll", &[BASE, &[("number", "TK-2")], &first].concat());
        let twin = [("customer", HAINA), ("status", "duplicate"), ("duplicate_of", "tic_llllllllllll")];
        store.add("ticket", "tic_mmmmmmmmmmmm", &[BASE, &[("number", "TK-3")], &twin].concat());
        fresh(
            &store,
            "ticket",
            "tic_kkkkkkkkkkkk",
            &[BASE, &[("customer", HAINA)]].concat(),
            &[
                (&[("status", "resolved")], &["resolved-without-resolution"]),
                (&[("status", "resolved"), ("resolution", "Fixed"), ("rating", "5")], &[]),
                (&[("status", "open"), ("rating", "5")], &["rating-before-resolved"]),
                (&[("status", "resolved"), ("resolution", "Fixed"), ("rating", "6")], &["bad-value"]),
                (&[("status", "duplicate"), ("duplicate_of", "tic_llllllllllll")], &[]),
                (
                    &[("status", "duplicate"), ("duplicate_of", "tic_mmmmmmmmmmmm")],
                    &["duplicate-of-duplicate"],
                ),
                (&[("status", "duplicate")], &["missing-field"]),
            ],
        );
    }

    #[test]
    fn a_unit_was_sold_to_the_customer() {
        let mut store = sample();
        let mut sold = shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", "1");
        let mut rows = sold.rows("lines").to_vec();
        rows[0].insert("serials", Value::List(vec![text("V1")]));
        sold.set("lines", Some(Value::Rows(rows)));
        store.put(sold);
        for (customer, serial, expected) in [
            (HAINA, "V1", &[][..]),
            (CHEN, "V1", &["W serial-of-other"]),
            (HAINA, "V2", &["W unknown-serial"]),
        ] {
            let own = [("customer", customer), ("serial", serial), ("status", "new"), ("product", "EV")];
            let doc = store.doc("ticket", "tic_kkkkkkkkkkkk", &[BASE, &own].concat());
            assert_eq!(checked(&store, &doc), expected, "{customer} {serial}");
        }
    }
}
