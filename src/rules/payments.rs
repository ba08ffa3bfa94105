//! Payments pay what they say, of the same customer, in the same currency, and not too much.

use rust_decimal::Decimal;

use super::amounts::{number, totals, word};
use super::balances::{allocated, invoice_balances};
use super::order_state::facts_of;
use super::support::{about, is_one, other_currency, others, too_much, unless};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row};

/// `over-allocated`, `transfer-sum`, and what the kind of a payment demands. What was taken back
/// pays nothing.
pub fn amounts(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "payment" {
        return Ok(());
    }
    let other = match doc.text("reverses") {
        Some(id) => view.record("payment", id)?,
        None => view.all_with("payment", "reverses", doc.id())?.into_iter().next(),
    };
    let rows = |doc: &Doc| doc.rows("allocations").len();
    if let Some(other) = other.filter(|other| rows(other) != rows(doc)) {
        let problem = too_much(doc, "over-allocated", allocation_sum(doc), allocation_sum(&other));
        found.push(problem.field("allocations"));
    }
    let amount = doc.dec("amount").unwrap_or_default();
    let rows = doc.rows("allocations");
    let sum = allocation_sum(doc);
    let kind = doc.text("kind").unwrap_or("receipt");
    if kind == "transfer" {
        if !sum.is_zero() || !amount.is_zero() {
            found.push(about(doc, "transfer-sum").arg("have", sum).arg("most", amount).field("allocations"));
        }
    } else {
        if doc.get("amount").is_some() && amount <= Decimal::ZERO {
            let problem = about(doc, "bad-value").arg("field", "amount").arg("value", amount);
            found.push(problem.arg("reason", "zero").field("amount"));
        }
        if sum > amount || sum < Decimal::ZERO {
            found.push(too_much(doc, "over-allocated", sum, amount).field("allocations"));
        }
    }
    if matches!(kind, "receipt" | "refund") && doc.get("method").is_none() {
        found.push(about(doc, "missing-field").arg("field", "method").field("method"));
    }
    for row in rows.iter().filter(|row| row.contains_key("invoice") == row.contains_key("order")) {
        let id = word(row, "id").unwrap_or_default();
        let problem = about(doc, "missing-field").arg("field", "allocations.invoice").arg("row", id);
        found.push(problem.field("allocations.invoice"));
    }
    Ok(())
}

fn allocation_sum(payment: &Doc) -> Decimal {
    payment.rows("allocations").iter().filter_map(|row| number(row, "amount")).sum()
}

/// `currency-mismatch`, `wrong-customer`, `paid-credit-note`: what a payment is allocated to.
pub fn targets(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let targets = doc.rows("allocations").iter().filter_map(target);
    for (noun, id) in targets {
        let Some(target) = view.record(noun, id)? else { continue };
        let field = format!("allocations.{noun}");
        if let (Some("credit_note"), Some(invoice)) = (target.text("kind"), target.text("against")) {
            let problem = about(doc, "paid-credit-note").arg("value", target.title()).arg("invoice", invoice);
            found.push(problem.hint("hint-paid-credit-note").field(&field));
        }
        if target.text("currency") != doc.text("currency") {
            found.push(other_currency(doc, &target).field(&field));
        }
        let (one, other) =
            (doc.text("customer").unwrap_or_default(), target.text("customer").unwrap_or_default());
        if !is_one(view, "customer", one, other)? {
            let problem = about(doc, "wrong-customer").arg("value", target.title()).arg("field", noun);
            found.push(problem.arg("customer", other).field(field));
        }
    }
    Ok(())
}

fn target(row: &Row) -> Option<(&'static str, &str)> {
    let of = |noun| word(row, noun).map(|id| (noun, id));
    of("invoice").or_else(|| of("order"))
}

/// `over-paid` (--allow-over) of an invoice: more allocated to it than it was ever for, or than it
/// is for since its last credit note.
pub fn invoice(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "invoice" || doc.text("kind") == Some("credit_note") {
        return Ok(());
    }
    let payments = view.all_with("payment", "allocations.invoice", doc.id())?;
    let paid = allocated(&payments, "invoice", doc.id());
    let total = doc.dec("total").unwrap_or_default();
    if payments.is_empty() || paid <= Decimal::ZERO {
        return Ok(());
    }
    let mut invoices = view.all_with("invoice", "against", doc.id())?;
    let written =
        |docs: &[Doc]| docs.iter().filter_map(|doc| doc.get("created_at").map(super::support::plain)).max();
    let pays_last = written(&payments) > written(&invoices);
    invoices.push(doc.clone());
    let balances = invoice_balances(&invoices, &payments, None);
    let credited = balances.get(doc.id()).map(|balance| balance.credited).unwrap_or_default();
    let most = if pays_last { total - credited } else { total };
    if paid > most {
        let problem = too_much(doc, "over-paid", paid, most).hint("hint-allow-over").field("total");
        found.push(unless(problem, judge, "allow-over"));
    }
    Ok(())
}

/// `over-paid` (--allow-over) of an order with deposits: more on it and its invoices than it is worth,
/// or was billed.
pub fn order(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "order" || view.find("payment", "allocations.order", doc.id())?.is_empty() {
        return Ok(());
    }
    let facts = facts_of(view, doc)?;
    let own = |invoice: &Doc| allocated(&facts.payments, "invoice", invoice.id());
    let paid =
        allocated(&facts.payments, "order", doc.id()) + facts.invoices.iter().map(own).sum::<Decimal>();
    let Ok(totals) = totals(&view.schema().settings, doc) else { return Ok(()) };
    let billed = facts.invoices.iter().filter(|doc| doc.text("kind") != Some("credit_note"));
    let billed: Decimal = billed.filter_map(|doc| doc.dec("total")).sum();
    let most = totals.total.max(billed);
    if paid > most {
        let problem = too_much(doc, "over-paid", paid, most).hint("hint-allow-over");
        found.push(unless(problem, judge, "allow-over"));
    }
    Ok(())
}

/// `duplicate-payment` W: same customer, day, kind, amount and reference.
pub fn duplicate(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "payment" || doc.get("reverses").is_some() || doc.text("kind") == Some("transfer") {
        return Ok(());
    }
    let (field, value) = match (doc.text("reference"), doc.text("customer")) {
        (Some(reference), _) => ("reference", reference),
        (None, Some(customer)) => ("customer", customer),
        (None, None) => return Ok(()),
    };
    if !others(view, doc, "payment", "reverses", doc.id())?.is_empty() {
        return Ok(());
    }
    let same = |twin: &Doc| {
        ["customer", "date", "kind", "amount", "currency", "reference", "reverses"]
            .iter()
            .all(|field| twin.get(field) == doc.get(field))
    };
    for other in others(view, doc, "payment", field, value)? {
        let alike = view.get(doc.kind, &other)?.is_some_and(|twin| same(&twin));
        if alike && others(view, doc, "payment", "reverses", &other)?.is_empty() {
            // One twin says enough: of fifty alike each would otherwise be told of forty-nine.
            found.push(about(doc, "duplicate-payment").arg("other", &other).candidates([other]).as_warning());
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, ORDER, checked, invoice, payment, sample, with, written};
    const PAY: &str = "pay_kkkkkkkkkkkk";
    const INV: &str = "inv_kkkkkkkkkkkk";

    fn paid(fields: &[(&str, &str)]) -> Vec<String> {
        let mut store = sample();
        store.put(payment(&store, PAY, "receipt", "100.00", ("order", ORDER)));
        checked(&store, &with(&store, "payment", PAY, fields))
    }

    #[test]
    fn a_payment_pays_what_it_is() {
        for (fields, expected) in [
            (&[][..], &[][..]),
            (&[("amount", "99.99")], &["over-allocated"]),
            (&[("amount", "0.00"), ("allocations", "")], &["bad-value"]),
            (&[("method", "")], &["missing-field"]),
            (&[("kind", "write_off"), ("method", "")], &[]),
            (&[("kind", "transfer"), ("amount", "0.00")], &["transfer-sum"]),
            (&[("kind", "transfer"), ("amount", "0.00"), ("allocations", "")], &[]),
            (&[("customer", CHEN)], &["wrong-customer"]),
            (&[("currency", "USD"), ("fx_rate", "7.1")], &["currency-mismatch"]),
            (
                &[
                    ("allocations.id", "kkkkkk"),
                    ("allocations.date", "2026-02-18"),
                    ("allocations.amount", "1.00"),
                ],
                &["missing-field"],
            ),
        ] {
            assert_eq!(paid(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn an_invoice_is_not_paid_twice() {
        let mut store = sample();
        store.put(invoice(&store, INV, "invoice", 2, None));
        let pay = |store: &_, allow, amount| {
            written(store, allow, &[payment(store, PAY, "receipt", amount, ("invoice", INV))])
        };
        assert_eq!(pay(&store, &[], "226.00"), [""; 0]);
        assert_eq!(pay(&store, &[], "226.01"), ["over-paid"]);
        assert_eq!(pay(&store, &["allow-over"], "226.01"), ["W over-paid"]);
        store.put(payment(&store, PAY, "receipt", "226.00", ("invoice", INV)));
        let note = invoice(&store, "inv_llllllllllll", "credit_note", 1, Some(INV));
        assert_eq!(written(&store, &[], &[note]), [""; 0]);
    }

    #[test]
    fn a_credit_note_is_not_paid_but_its_invoice() {
        let mut store = sample();
        let note = "inv_llllllllllll";
        store.put(invoice(&store, INV, "invoice", 2, None));
        store.put(invoice(&store, note, "credit_note", 1, Some(INV)));
        let refund = |on| checked(&store, &payment(&store, PAY, "refund", "113.00", ("invoice", on)));
        assert_eq!(refund(INV), [""; 0]);
        assert_eq!(refund(note), ["paid-credit-note"]);
    }

    #[test]
    fn an_order_is_not_overpaid() {
        let store = sample();
        let pay = |amount| written(&store, &[], &[payment(&store, PAY, "receipt", amount, ("order", ORDER))]);
        assert_eq!(pay("678.00"), [""; 0]);
        assert_eq!(pay("678.01"), ["over-paid"]);
    }

    #[test]
    fn a_deposit_counts_when_an_invoice_is_paid() {
        let mut store = sample();
        store.put(payment(&store, "pay_llllllllllll", "receipt", "200.00", ("order", ORDER)));
        store.put(invoice(&store, INV, "invoice", 5, None));
        let pay = |amount| written(&store, &[], &[payment(&store, PAY, "receipt", amount, ("invoice", INV))]);
        assert_eq!(pay("478.00"), [""; 0]);
        assert_eq!(pay("478.01"), ["over-paid"]);
    }

    #[test]
    fn the_same_payment_again_is_told() {
        let mut store = sample();
        let first = payment(&store, PAY, "receipt", "10.00", ("order", ORDER));
        store.put(first.clone());
        let mut second = first;
        second.set("id", Some(super::super::support::text("pay_llllllllllll")));
        assert_eq!(checked(&store, &second), ["W duplicate-payment"]);
        let mut third = second.clone();
        third.set("id", Some(super::super::support::text("pay_mmmmmmmmmmmm")));
        store.put(second.clone());
        assert_eq!(checked(&store, &third), ["W duplicate-payment"], "once, however many there are");
        second.set("reference", Some(super::super::support::text("other")));
        assert_eq!(checked(&store, &second), [""; 0]);
    }
}
