//! What a customer owes and will owe, in base currency, and the limit to it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amounts::{number, payment_sign, word};
use super::balances::{allocated, invoice_balances};
use super::order_state::order_state;
use super::support::{survivor, too_much, unless_overridden};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::model::role::Override;
use crate::model::scalars::Day;
use crate::model::value::round_half_up;

/// What is still owed on invoices, less deposits that no invoice has used and payments that are not
/// allocated; each at the rate of its own document.
pub fn balance(view: &dyn View, customer: &str) -> Result<Decimal, Problem> {
    let payments = view.all_with("payment", "customer", customer)?;
    let mut of_order: BTreeMap<Option<String>, Vec<Doc>> = BTreeMap::new();
    for invoice in view.all_with("invoice", "customer", customer)? {
        of_order.entry(invoice.text("order").map(str::to_owned)).or_default().push(invoice);
    }
    for row in payments.iter().flat_map(|payment| payment.rows("allocations")) {
        of_order.entry(word(row, "order").map(str::to_owned)).or_default();
    }
    let mut sum = Decimal::ZERO;
    for (order, invoices) in &of_order {
        let mut used = Decimal::ZERO;
        let balances = invoice_balances(invoices, &payments, order.as_deref());
        for invoice in invoices {
            let Some(balance) = balances.get(invoice.id()) else { continue };
            sum += to_base(view, invoice, Some(balance.outstanding));
            used += balance.paid - allocated(&payments, "invoice", invoice.id());
        }
        let Some(order) = order else { continue };
        let left = allocated(&payments, "order", order) - used;
        if !left.is_zero()
            && let Some(order) = view.record("order", order)?
        {
            sum -= to_base(view, &order, Some(left));
        }
    }
    for payment in &payments {
        let rows = payment.rows("allocations").iter();
        let spent: Decimal = rows.filter_map(|row| number(row, "amount")).sum();
        let left = payment.dec("amount").unwrap_or_default() - spent;
        sum -= to_base(view, payment, Some(payment_sign(payment) * left));
    }
    Ok(sum)
}

/// The balance and what confirmed orders still have to bill, with tax.
pub fn exposure(view: &dyn View, customer: &str, today: Day) -> Result<Decimal, Problem> {
    let mut sum = balance(view, customer)?;
    for order in view.all_with("order", "customer", customer)? {
        if matches!(order.state(), "confirmed" | "on_hold") {
            let unbilled = order_state(view, &order, today)?.unbilled;
            sum += to_base(view, &order, Some(unbilled));
        }
    }
    Ok(sum)
}

/// The limit of a customer, where there is one and its currency has a rate.
pub fn limit_of(view: &dyn View, customer: &Doc, today: Day) -> Option<Decimal> {
    let settings = &view.schema().settings;
    let limit = customer.dec("credit_limit")?;
    let currency = customer.text("currency").unwrap_or_else(|| settings.currency());
    let rate: Decimal = settings.rate(currency, &today.to_string())?.parse().ok()?;
    Some(round_half_up(limit * rate, settings.digits()))
}

fn to_base(view: &dyn View, doc: &Doc, amount: Option<Decimal>) -> Decimal {
    let rate = doc.dec("fx_rate").unwrap_or(Decimal::ONE);
    round_half_up(amount.unwrap_or_default() * rate, view.schema().settings.digits())
}

/// `over-credit-limit`: confirming an order takes its customer above the limit.
pub fn credit_limit(
    view: &dyn View,
    judge: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if new.kind.name != "order" || old.state() != "draft" || new.state() != "confirmed" {
        return Ok(());
    }
    let Some(id) = new.text("customer") else { return Ok(()) };
    let id = survivor(view, "customer", id)?;
    let Some(customer) = view.record("customer", &id)? else { return Ok(()) };
    let Some(limit) = limit_of(view, &customer, judge.today) else { return Ok(()) };
    let exposure = exposure(view, &id, judge.today)?;
    if exposure > limit {
        let problem = too_much(new, "over-credit-limit", exposure, limit).arg("customer", customer.title());
        found.push(unless_overridden(problem.field("customer"), judge, Override::CreditLimit));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, ORDER, invoice, payment, sample, with, written};
    use super::*;

    #[test]
    fn exposure_is_the_balance_and_what_is_to_bill() {
        let today = Day::from_ymd_opt(2026, 3, 16).expect("a day");
        let mut store = sample();
        let check = |store: &super::super::memory::Memory, balance_is: &str, exposure_is: &str| {
            assert_eq!(balance(store, HAINA).expect("a balance").to_string(), balance_is);
            assert_eq!(exposure(store, HAINA, today).expect("an exposure").to_string(), exposure_is);
        };
        check(&store, "0", "678.00");
        store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "100.00", ("order", ORDER)));
        check(&store, "-100.00", "578.00");
        store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 3, None));
        check(&store, "239.00", "578.00");
        let note = invoice(&store, "inv_llllllllllll", "credit_note", 1, Some("inv_kkkkkkkkkkkk"));
        store.put(note);
        check(&store, "126.00", "578.00");
    }

    #[test]
    fn what_is_paid_at_another_rate_leaves_nothing_owed() {
        let mut store = sample();
        let abroad = |mut doc: Doc, rate: &str| {
            doc.set("currency", Some(super::super::support::text("USD")));
            doc.set("fx_rate", Some(crate::model::record::Value::Dec(rate.parse().expect("a rate"))));
            doc
        };
        store.put(abroad(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 3, None), "7.10"));
        let owed = balance(&store, HAINA).expect("a balance");
        assert_eq!(owed.to_string(), "2406.90");
        let paid = payment(&store, "pay_kkkkkkkkkkkk", "receipt", "339.00", ("invoice", "inv_kkkkkkkkkkkk"));
        store.put(abroad(paid, "7.25"));
        assert!(balance(&store, HAINA).expect("a balance").is_zero());
    }

    #[test]
    fn a_customer_orders_within_the_credit_limit() {
        let confirm = |limit, allow| {
            let mut store = sample();
            store.put(with(&store, "customer", HAINA, &[("credit_limit", limit)]));
            let mut second = with(&store, "order", ORDER, &[("number", "SO-2"), ("status", "draft")]);
            second.set("id", Some(super::super::support::text("ord_llllllllllll")));
            store.put(second.clone());
            second.set("status", Some(super::super::support::text("confirmed")));
            written(&store, allow, &[second])
        };
        assert_eq!(confirm("1356.00", &[]), [""; 0]);
        assert_eq!(confirm("1355.99", &[]), ["over-credit-limit"]);
        assert_eq!(confirm("1355.99", &["override"]), ["over-credit-limit"], "a role must allow it");
        assert_eq!(confirm("1355.99", &["override closed_period"]), ["over-credit-limit"]);
        assert_eq!(confirm("1355.99", &["override credit_limit"]), ["W over-credit-limit"]);
    }
}
