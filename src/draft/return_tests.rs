//! Tests of returns, with the examples of the domain reference.

use proptest::prelude::*;

use super::super::invoice::{BillWish, bill};
use super::super::order::{PayWish, pay as pay_order};
use super::super::ship::{ShipWish, ship};
use super::super::testing::{Bench, field, number as dec};
use super::*;
use crate::draft::payment::{PaymentWish, pay};
use crate::rules::View;
use crate::rules::order_state::order_state;

const ORDER: &str = "ord_kkkkkkkkkkkk";

fn wish(effect: &str, qty: &str) -> ReturnWish {
    ReturnWish {
        lines: vec![("MAT".to_owned(), dec(qty))],
        reason: "defective".to_owned(),
        effect: effect.to_owned(),
        ..ReturnWish::default()
    }
}

fn bank() -> Option<RefundWish> {
    Some(RefundWish { method: "bank".to_owned(), reference: Some("R1".to_owned()) })
}

/// Three units that come to 1,000.00 without tax, shipped.
fn shipped() -> Bench {
    let mut bench = Bench::new();
    bench.sale(&[("MAT", "3", "333.333333")], &[]);
    bench.write(|draft| ship(draft, ORDER, ShipWish::default()));
    bench
}

fn billed(bench: &mut Bench, qty: &str) -> String {
    let wish = BillWish { lines: vec![("MAT".to_owned(), dec(qty))], ..BillWish::default() };
    bench.write(|draft| bill(draft, ORDER, &wish))
}

fn paid(bench: &mut Bench, invoice: &str, amount: &str) {
    let wish = PaymentWish {
        kind: "receipt".to_owned(),
        method: Some("bank".to_owned()),
        reference: Some(invoice.to_owned()),
        targets: vec![(Target::Invoice(invoice.to_owned()), dec(amount))],
        ..PaymentWish::default()
    };
    bench.write(|draft| pay(draft, wish));
}

/// To ship, to bill, billed of the first line, and what is outstanding on each invoice.
fn state(bench: &Bench) -> (String, String) {
    let order = bench.store.record("order", ORDER).expect("a store").expect("the order");
    let state = order_state(&bench.store, &order, bench.setting.today).expect("a state");
    let line = &state.lines[0];
    let owed: Vec<String> = state.invoices.values().map(|b| b.outstanding.to_string()).collect();
    (format!("{} {} {}", line.to_ship, line.to_bill, line.billed), owed.join(" "))
}

fn of(bench: &Bench, noun: &str, name: &str) -> Vec<String> {
    bench.store.docs().filter(|doc| doc.kind.name == noun).map(|doc| field(doc, name)).collect()
}

#[test]
fn a_replaced_unit_ships_again_and_a_reversed_one_is_credited() {
    let billed_all = || {
        let mut bench = shipped();
        billed(&mut bench, "3");
        bench
    };
    let mut bench = billed_all();
    bench.write(|draft| give_back(draft, ORDER, wish("replace", "1")));
    assert_eq!(state(&bench).0, "1 0 3");
    let mut bench = billed_all();
    bench.write(|draft| give_back(draft, ORDER, wish("reverse", "1")));
    assert_eq!(state(&bench).0, "0 0 3", "a credit note is due");
    let mut bench = billed_all();
    bench.write(|draft| give_back(draft, ORDER, ReturnWish { credit: true, ..wish("reverse", "1") }));
    assert_eq!(state(&bench).0, "0 0 2");
    assert_eq!(of(&bench, "invoice", "total"), ["1130.00", "376.66"]);
}

#[test]
fn the_chain_of_the_reference_ends_at_nothing_owed() {
    let mut bench = shipped();
    let deposit = PayWish { amount: dec("300.00"), method: "bank".to_owned(), ..PayWish::default() };
    bench.write(|draft| pay_order(draft, ORDER, deposit));
    let invoice = billed(&mut bench, "3");
    assert_eq!(state(&bench).1, "830.00");
    paid(&mut bench, &invoice, "830.00");
    assert_eq!(state(&bench).1, "0.00");
    let back = ReturnWish { credit: true, ..wish("reverse", "1") };
    let mut other = bench_of(&bench);
    bench.write(|draft| give_back(draft, ORDER, back.clone()));
    assert_eq!(state(&bench).1, "-76.66", "of the credit of 376.66 the deposit takes 300.00 back");
    other.write(|draft| give_back(draft, ORDER, ReturnWish { refund: bank(), ..back }));
    assert_eq!(state(&other).1, "0.00");
    let refund = other.store.docs().find(|doc| doc.text("kind") == Some("refund")).expect("a refund");
    assert_eq!((field(refund, "amount"), field(refund, "reference")), ("376.66".into(), "R1".into()));
    let targets: Vec<_> = refund
        .rows("allocations")
        .iter()
        .map(|row| (word(row, "invoice").is_some(), number(row, "amount").unwrap_or_default().to_string()))
        .collect();
    assert_eq!(targets, [(true, "76.66".to_owned()), (false, "300.00".to_owned())]);
}

fn bench_of(bench: &Bench) -> Bench {
    let mut other = Bench::new();
    other.store = bench.store.clone();
    other.setting = bench.setting.clone();
    for _ in 0..20 {
        // Ids go on behind those that were given out.
        other.write(|_| Ok(()));
    }
    other
}

#[test]
fn a_return_remembers_where_it_came_from() {
    let mut bench = Bench::new();
    bench.sale(&[("MAT", "3", "100.00")], &[]);
    bench.stock("MAT", "1", "2026-01-02");
    let there = ShipWish { lines: vec![("MAT".to_owned(), dec("2"))], ..ShipWish::default() };
    let shipment = bench.write(|draft| ship(draft, ORDER, there.clone()));
    let id = bench.write(|draft| {
        let wish = ReturnWish { ticket: Some("tic_k".to_owned()), scrap: true, ..wish("replace", "1") };
        give_back(draft, ORDER, wish)
    });
    let doc = bench.store.record("return", &id).expect("a store").expect("the return");
    for (name, expected) in [
        ("shipment", shipment.as_str()),
        ("warehouse", "main"),
        ("date", "2026-03-10"),
        ("reason", "defective"),
        ("ticket", "tic_k"),
    ] {
        assert_eq!(field(&doc, name), expected, "{name}");
    }
    assert_eq!(doc.rows("lines")[0].get("restock"), Some(&Value::Bool(false)));
    bench.write(|draft| ship(draft, ORDER, ShipWish::default()));
    let id = bench.write(|draft| give_back(draft, ORDER, wish("replace", "1")));
    let doc = bench.store.record("return", &id).expect("a store").expect("the return");
    assert_eq!(field(&doc, "shipment"), "", "two shipments may be meant");
}

#[test]
fn only_what_is_billed_too_much_is_credited() {
    let mut bench = shipped();
    billed(&mut bench, "1");
    let back = ReturnWish { credit: true, ..wish("reverse", "1") };
    let refused = bench.refused(|draft| give_back(draft, ORDER, back.clone()));
    assert_eq!(refused.id, "nothing-to-credit", "two are left and one is billed");
    billed(&mut bench, "1");
    bench
        .write(|draft| give_back(draft, ORDER, ReturnWish { lines: vec![("MAT".into(), dec("2"))], ..back }));
    assert_eq!(state(&bench).0, "0 0 1");
    let against = of(&bench, "invoice", "against");
    let invoices = of(&bench, "invoice", "id");
    assert_eq!(against.iter().filter(|id| !id.is_empty()).collect::<Vec<_>>(), [&invoices[1]], "the newest");
}

#[test]
fn a_credit_may_take_several_invoices() {
    let mut bench = shipped();
    billed(&mut bench, "1");
    billed(&mut bench, "2");
    bench.write(|draft| give_back(draft, ORDER, ReturnWish { credit: true, ..wish("reverse", "3") }));
    assert_eq!(of(&bench, "invoice", "total"), ["376.66", "753.34", "753.34", "376.66"]);
    assert_eq!(state(&bench), ("0 0 0".to_owned(), "0 0".to_owned()));
}

#[test]
fn nothing_is_paid_back_that_was_not_paid() {
    let mut bench = shipped();
    let invoice = billed(&mut bench, "3");
    let back = ReturnWish { refund: bank(), ..wish("reverse", "1") };
    assert_eq!(bench.refused(|draft| give_back(draft, ORDER, back.clone())).id, "nothing-to-refund");
    paid(&mut bench, &invoice, "800.00");
    bench.write(|draft| give_back(draft, ORDER, back));
    assert_eq!(of(&bench, "payment", "amount"), ["800.00", "46.66"], "of the 376.66 330.00 were owed");
    assert_eq!(state(&bench).1, "0.00");
}

#[test]
fn what_cannot_come_back_is_refused() {
    let mut bench = shipped();
    for (wish, problem) in [
        (wish("reverse", "4"), "over-returned"),
        (wish("reverse", "0"), "bad-line"),
        (ReturnWish { credit: true, ..wish("replace", "1") }, "credit-for-replacement"),
        (ReturnWish { warehouse: Some("moon".into()), ..wish("replace", "1") }, "unknown-warehouse"),
        (ReturnWish { lines: vec![("SETUP".into(), dec("1"))], ..wish("reverse", "1") }, "no-such-line"),
    ] {
        assert_eq!(bench.refused(|draft| give_back(draft, ORDER, wish)).id, problem);
    }
    bench.write(|draft| give_back(draft, ORDER, wish("reverse", "2")));
    assert_eq!(bench.refused(|draft| give_back(draft, ORDER, wish("replace", "2"))).id, "over-returned");
    let mut draft = Bench::new();
    draft.sale(&[("MAT", "3", "100.00")], &[("status", "draft")]);
    assert_eq!(draft.refused(|draft| give_back(draft, ORDER, wish("reverse", "1"))).id, "order-not-open");
}

/// Two units with serial numbers, shipped.
fn numbered() -> Bench {
    let mut bench = Bench::new();
    bench.sale(&[("MAT", "2", "100.00")], &[]);
    let mut product = bench.store.record("product", "MAT").expect("a store").expect("the product");
    product.set("serials", Some(Value::Bool(true)));
    bench.store.put(product);
    let serials = vec![("MAT".to_owned(), "S1".to_owned()), ("MAT".to_owned(), "S2".to_owned())];
    bench.write(|draft| ship(draft, ORDER, ShipWish { serials, ..ShipWish::default() }));
    bench
}

fn serials(bench: &Bench, id: &str) -> Vec<String> {
    let doc = bench.store.record("return", id).expect("a store").expect("the return");
    let Some(Value::List(list)) = doc.rows("lines")[0].get("serials").cloned() else { return Vec::new() };
    list.iter().filter_map(Value::as_text).map(str::to_owned).collect()
}

#[test]
fn units_with_serial_numbers_come_back_from_who_has_them() {
    let with = |serial: &str, qty: &str| ReturnWish {
        serials: vec![("MAT".to_owned(), serial.to_owned())],
        ..wish("replace", qty)
    };
    let mut bench = numbered();
    for (wish, problem) in [
        (with("S9", "1"), "serial-not-with-customer"),
        (with("S1", "2"), "serial-count"),
        (wish("replace", "1"), "serial-count"),
    ] {
        assert_eq!(bench.refused(|draft| give_back(draft, ORDER, wish)).id, problem);
    }
    let id = bench.write(|draft| give_back(draft, ORDER, with("S1", "1")));
    assert_eq!(serials(&bench, &id), ["S1"]);
    let again = bench.refused(|draft| give_back(draft, ORDER, with("S1", "1")));
    assert_eq!((again.id, again.legal), ("serial-not-with-customer", vec!["S2".to_owned()]));
    let lines = |serial: &str| ShipWish {
        serials: vec![("MAT".to_owned(), serial.to_owned())],
        ..ShipWish::default()
    };
    assert_eq!(bench.refused(|draft| ship(draft, ORDER, lines("S2"))).id, "duplicate-serial", "still there");
    bench.write(|draft| ship(draft, ORDER, lines("S1")));
}

#[test]
fn all_units_of_a_line_bring_their_serial_numbers_along() {
    let mut bench = numbered();
    let id = bench.write(|draft| give_back(draft, ORDER, wish("reverse", "2")));
    assert_eq!(serials(&bench, &id), ["S1", "S2"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Billed in parts, paid by deposit and receipt, all of it back in other parts: nothing is owed by
    /// anybody, and the invoices and the money come to nothing.
    #[test]
    fn what_comes_back_with_its_money_leaves_nothing(
        price in 1_i64..2_000_000,
        inclusive in any::<bool>(),
        bills in proptest::collection::vec(1_i64..900, 1..5),
        backs in proptest::collection::vec(1_i64..900, 1..5),
        deposit in 0_i64..=100,
    ) {
        let whole: i64 = bills.iter().sum();
        let price = Decimal::new(price, 4).to_string();
        let mode = if inclusive { "tax_incl" } else { "tax_excl" };
        let mut bench = Bench::new();
        bench.sale(&[("MAT", &Decimal::new(whole, 3).to_string(), &price)], &[("price_mode", mode)]);
        bench.write(|draft| ship(draft, ORDER, ShipWish::default()));
        let order = bench.store.record("order", ORDER).expect("a store").expect("the order");
        let due = order_state(&bench.store, &order, bench.setting.today).expect("a state").due;
        let deposit = (due * Decimal::new(deposit, 2)).round_dp(2);
        if deposit > Decimal::ZERO {
            let wish = PayWish { amount: deposit, method: "bank".to_owned(), ..PayWish::default() };
            bench.write(|draft| pay_order(draft, ORDER, wish));
        }
        for part in bills {
            billed(&mut bench, &Decimal::new(part, 3).to_string());
        }
        let order_state = |bench: &Bench| {
            order_state(&bench.store, &order, bench.setting.today).expect("a state")
        };
        for (id, balance) in order_state(&bench).invoices {
            if balance.outstanding > Decimal::ZERO {
                paid(&mut bench, &id, &balance.outstanding.to_string());
            }
        }
        let mut left = Decimal::new(whole, 3);
        for back in backs.into_iter().chain([whole]) {
            let qty = Decimal::new(back, 3).min(left);
            left -= qty;
            if qty > Decimal::ZERO {
                let back = wish("reverse", &qty.to_string());
                let money = ReturnWish { refund: bank(), ..back.clone() };
                // Some thousandths of a unit are worth nothing, and nothing is paid back for them.
                if bench.try_write(|draft| give_back(draft, ORDER, money)).is_err() {
                    bench.write(|draft| give_back(draft, ORDER, ReturnWish { credit: true, ..back }));
                }
            }
        }
        let state = order_state(&bench);
        prop_assert!(state.paid.is_zero() && state.due.is_zero(), "{} of {}", state.paid, state.due);
        for balance in state.invoices.values() {
            prop_assert!(balance.outstanding.is_zero() && balance.paid.is_zero(), "{:?}", balance);
        }
    }
}
