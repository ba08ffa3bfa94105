//! Orders and what becomes of them.

use super::super::memory::Memory;
use super::super::testing::{ORDER, invoice, payment, returned, sample, shipment, with};
use super::*;

fn state(store: &Memory) -> OrderState {
    let order = with(store, "order", ORDER, &[]);
    order_state(store, &order, "2026-03-16".parse().expect("a day")).expect("a state")
}

/// Open, to ship, effective and to bill of the five cars.
fn cars(store: &Memory) -> [i64; 4] {
    let state = state(store);
    let line = state.line("kkkkkk").expect("the line");
    [line.open, line.to_ship, line.effective_qty, line.to_bill]
        .map(|qty| qty.to_string().parse().expect("whole units"))
}

fn shipped(qty: &str) -> Memory {
    let mut store = sample();
    store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", qty));
    store
}

#[test]
fn what_is_open_follows_from_the_facts() {
    assert_eq!(cars(&sample()), [5, 5, 5, 5]);
    assert_eq!(cars(&shipped("2")), [3, 3, 5, 5]);
    let mut store = shipped("5");
    store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 5, None));
    assert_eq!(cars(&store), [0, 0, 5, 0]);
}

#[test]
fn a_reversed_fact_does_not_count() {
    let mut store = shipped("2");
    let mut back = shipment(&store, "shp_llllllllllll", "2026-02-11", "2");
    back.set("reverses", Some(super::super::support::text("shp_kkkkkkkkkkkk")));
    store.put(back);
    assert_eq!(cars(&store), [5, 5, 5, 5]);
}

#[test]
fn replaced_units_ship_again_and_reversed_ones_are_credited() {
    let billed = || {
        let mut store = shipped("5");
        store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 5, None));
        store
    };
    let mut store = billed();
    store.put(returned(&store, "ret_kkkkkkkkkkkk", "1", "replace"));
    assert_eq!(cars(&store), [1, 1, 5, 0]);
    let mut store = billed();
    store.put(returned(&store, "ret_kkkkkkkkkkkk", "1", "reverse"));
    store.put(invoice(&store, "inv_llllllllllll", "credit_note", 1, Some("inv_kkkkkkkkkkkk")));
    assert_eq!(cars(&store), [0, 0, 5, 0]);
    assert_eq!(state(&store).line("kkkkkk").expect("the line").billed, Decimal::from(4));
}

#[test]
fn what_is_open_on_a_closed_order_will_not_come() {
    let mut store = shipped("2");
    store.put(with(&store, "order", ORDER, &[("status", "closed")]));
    assert_eq!(cars(&store), [3, 0, 2, 2]);
    store.put(with(&store, "order", ORDER, &[("status", "cancelled")]));
    assert_eq!(cars(&store)[2..], [0, 0]);
}

#[test]
fn progress_tells_what_is_next() {
    let mut store = sample();
    let check = |store: &Memory, progress, fulfilment, billing, payment| {
        let state = state(store);
        let found = (state.progress, state.fulfilment, state.billing, state.payment);
        assert_eq!(found, (progress, fulfilment, billing, payment));
    };
    let (none, partial, full) = (Extent::None, Extent::Partial, Extent::Full);
    check(&store, "to_ship_and_bill", none, none, none);
    store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", "2"));
    check(&store, "to_ship_and_bill", partial, none, none);
    store.put(shipment(&store, "shp_llllllllllll", "2026-02-10", "3"));
    check(&store, "to_bill", full, none, none);
    store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "678.00", ("order", ORDER)));
    check(&store, "to_bill", full, none, full);
    store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 5, None));
    check(&store, "to_bill", full, partial, full);
    store.put(with(&store, "order", ORDER, &[("status", "closed")]));
    check(&store, "closed", full, full, full);
}

#[test]
fn a_deposit_counts_for_the_oldest_invoice_first() {
    let mut store = sample();
    store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "300.00", ("order", ORDER)));
    store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 2, None));
    store.put(invoice(&store, "inv_llllllllllll", "invoice", 3, None));
    let found = state(&store);
    let owed = |id: &str| found.invoices[id].outstanding.to_string();
    assert_eq!(owed("inv_kkkkkkkkkkkk"), "0.00");
    assert_eq!(owed("inv_llllllllllll"), "265.00");
    assert_eq!((found.due.to_string(), found.paid.to_string()), ("678.00".to_owned(), "300.00".to_owned()));
    assert!(found.overdue, "an invoice due on 1 March is");
    store.put(payment(&store, "pay_llllllllllll", "receipt", "265.00", ("invoice", "inv_llllllllllll")));
    assert!(!state(&store).overdue);
}

#[test]
fn one_unit_back_after_payment_is_credit_until_it_is_refunded() {
    let mut store = shipped("3");
    store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 3, None));
    store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "339.00", ("invoice", "inv_kkkkkkkkkkkk")));
    store.put(invoice(&store, "inv_llllllllllll", "credit_note", 1, Some("inv_kkkkkkkkkkkk")));
    let owed = |store: &Memory| state(store).invoices["inv_kkkkkkkkkkkk"].outstanding.to_string();
    assert_eq!(owed(&store), "-113.00");
    store.put(payment(&store, "pay_llllllllllll", "refund", "113.00", ("invoice", "inv_kkkkkkkkkkkk")));
    assert_eq!(owed(&store), "0.00");
}

#[test]
fn an_order_is_late_and_its_plan_overdue_after_the_day() {
    let mut store = sample();
    let plan = [
        ("payment_plan.id", "kkkkkk"),
        ("payment_plan.due", "2026-03-15"),
        ("payment_plan.amount", "100.00"),
    ];
    store.put(with(&store, "order", ORDER, &[&plan[..], &[("due_date", "2026-03-15")]].concat()));
    let found = state(&store);
    assert!(found.late && found.overdue);
    store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "100.00", ("order", ORDER)));
    store.put(with(&store, "order", ORDER, &[("due_date", "2026-03-16")]));
    let found = state(&store);
    assert!(!found.late && !found.overdue);
}

#[test]
fn what_is_received_covers_the_plan_in_the_order_of_its_days() {
    let plan = [
        ("payment_plan.id", "kkkkkk"),
        ("payment_plan.due", "2026-04-30"),
        ("payment_plan.amount", "578.00"),
        ("payment_plan.id", "llllll"),
        ("payment_plan.due", "2026-03-01"),
        ("payment_plan.amount", "100.00"),
    ];
    let order = with(&sample(), "order", ORDER, &plan);
    let told = |received: &str| -> Vec<String> {
        let received = received.parse().expect("an amount");
        let states = instalments(&order, received, "2026-03-16".parse().expect("a day"));
        states.iter().map(|row| format!("{} {} {}", row.id, row.covered.normalize(), row.overdue)).collect()
    };
    assert_eq!(told("0"), ["llllll 0 true", "kkkkkk 0 false"]);
    assert_eq!(told("99.99"), ["llllll 99.99 true", "kkkkkk 0 false"]);
    assert_eq!(told("150.00"), ["llllll 100 false", "kkkkkk 50 false"]);
    assert_eq!(told("900.00"), ["llllll 100 false", "kkkkkk 578 false"]);
    assert_eq!(told("-1"), ["llllll 0 true", "kkkkkk 0 false"], "more was paid back than came");
}
