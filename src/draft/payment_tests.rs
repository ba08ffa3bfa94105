//! Tests of payments and what they pay.

use super::super::fact::reverse;
use super::super::testing::{Bench, field, number as dec};
use super::*;

/// An invoice of 海纳物流 without an order.
fn invoice(bench: &mut Bench, id: &str, due: &str, total: &str, more: &[(&str, &str)]) {
    let fields = [
        ("number", id),
        ("date", "2026-02-01"),
        ("due_date", due),
        ("customer", "cus_haina"),
        ("kind", "invoice"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", "tax_excl"),
        ("tax_rounding", "line"),
        ("net_total", total),
        ("tax_total", "0.00"),
        ("total", total),
        ("lines.id", "kkkkkk"),
        ("lines.name", "Work"),
        ("lines.qty", "1"),
        ("lines.price", total),
        ("lines.tax_rate", "0"),
        ("lines.net", total),
        ("lines.tax", "0.00"),
    ];
    let mut doc = bench.store.doc("invoice", id, &fields);
    for (name, value) in bench.store.doc("invoice", id, more).fields {
        if more.iter().any(|(given, _)| *given == name) {
            doc.set(name, Some(value));
        }
    }
    bench.store.put(doc);
}

const FIRST: &str = "inv_kkkkkkkkkkkk";
const SECOND: &str = "inv_llllllllllll";

/// The second of two invoices is due first.
fn bench() -> Bench {
    let mut bench = Bench::new();
    invoice(&mut bench, FIRST, "2026-04-01", "100.00", &[]);
    invoice(&mut bench, SECOND, "2026-03-01", "50.00", &[]);
    bench
}

fn on(id: &str, amount: &str) -> (Target, Decimal) {
    (Target::Invoice(id.to_owned()), dec(amount))
}

fn wish(kind: &str, targets: &[(Target, Decimal)]) -> PaymentWish {
    let method = matches!(kind, "receipt" | "refund").then(|| "bank".to_owned());
    PaymentWish { kind: kind.to_owned(), method, targets: targets.to_vec(), ..PaymentWish::default() }
}

fn owed(bench: &Bench, id: &str) -> String {
    let doc = bench.store.record("invoice", id).expect("a store").expect("the invoice");
    bench.ask(|draft| outstanding(draft, &doc)).to_string()
}

fn payment(bench: &Bench, id: &str) -> Doc {
    bench.store.record("payment", id).expect("a store").expect("the payment")
}

fn receipt(bench: &mut Bench, amount: &str) -> String {
    let wish = PaymentWish {
        customer: Some("cus_haina".to_owned()),
        amount: Some(dec(amount)),
        ..wish("receipt", &[])
    };
    bench.write(|draft| pay(draft, wish))
}

#[test]
fn a_payment_follows_what_it_pays() {
    let mut bench = bench();
    let id = bench.write(|draft| pay(draft, wish("receipt", &[on(FIRST, "60.00"), on(SECOND, "50.00")])));
    let doc = payment(&bench, &id);
    for (name, expected) in [
        ("customer", "cus_haina"),
        ("amount", "110.00"),
        ("currency", "CNY"),
        ("date", "2026-03-10"),
        ("kind", "receipt"),
    ] {
        assert_eq!(field(&doc, name), expected, "{name}");
    }
    assert!(doc.rows("allocations").iter().all(|row| row.get("date") == doc.get("date")));
    assert_eq!((owed(&bench, FIRST), owed(&bench, SECOND)), ("40.00".into(), "0.00".into()));
}

#[test]
fn a_write_off_needs_no_method_and_a_receipt_does() {
    let mut bench = bench();
    bench.write(|draft| pay(draft, wish("write_off", &[on(FIRST, "0.50")])));
    assert_eq!(owed(&bench, FIRST), "99.50");
    let wish = PaymentWish { method: None, ..wish("receipt", &[on(FIRST, "1.00")]) };
    let refused = bench.refused(|draft| pay(draft, wish));
    assert_eq!((refused.id, refused.get("field")), ("missing-field", Some("method")));
}

#[test]
fn a_transfer_moves_credit_between_invoices() {
    let mut bench = bench();
    bench.setting.allow.insert("allow-over".to_owned());
    bench.write(|draft| pay(draft, wish("receipt", &[on(SECOND, "80.00")])));
    bench.setting.allow.clear();
    assert_eq!(owed(&bench, SECOND), "-30.00");
    let uneven = wish("transfer", &[on(SECOND, "-30.00"), on(FIRST, "29.99")]);
    assert_eq!(bench.refused(|draft| pay(draft, uneven)).id, "transfer-sum");
    bench.write(|draft| pay(draft, wish("transfer", &[on(SECOND, "-30.00"), on(FIRST, "30.00")])));
    assert_eq!((owed(&bench, FIRST), owed(&bench, SECOND)), ("70.00".into(), "0.00".into()));
}

#[test]
fn what_is_due_first_is_paid_first() {
    let mut bench = bench();
    let among = [FIRST.to_owned(), SECOND.to_owned()];
    let id = receipt(&mut bench, "70.00");
    assert!(bench.write(|draft| allocate(draft, &id, &[], Some(&among))));
    assert_eq!((owed(&bench, FIRST), owed(&bench, SECOND)), ("80.00".into(), "0.00".into()));
    assert!(!bench.write(|draft| allocate(draft, &id, &[], Some(&among))), "all of it is used");
    let more = receipt(&mut bench, "500.00");
    bench.write(|draft| allocate(draft, &more, &[on(FIRST, "10.00")], Some(&among)));
    assert_eq!(owed(&bench, FIRST), "0.00");
    let rows = payment(&bench, &more).rows("allocations").len();
    assert_eq!(rows, 2, "what is left is the customer's credit");
}

#[test]
fn only_invoices_of_the_payer_and_its_currency_are_chosen() {
    let mut bench = bench();
    let (other, foreign, note) = ("inv_mmmmmmmmmmmm", "inv_nnnnnnnnnnnn", "inv_oooooooooooo");
    invoice(&mut bench, other, "2026-01-01", "10.00", &[("customer", "cus_dealer")]);
    invoice(&mut bench, foreign, "2026-01-01", "10.00", &[("currency", "USD"), ("fx_rate", "7.1000")]);
    invoice(&mut bench, note, "2026-01-01", "10.00", &[("kind", "credit_note"), ("against", FIRST)]);
    let among: Vec<String> = [other, foreign, note, SECOND].map(str::to_owned).to_vec();
    let id = receipt(&mut bench, "70.00");
    bench.write(|draft| allocate(draft, &id, &[], Some(&among)));
    let paid: Vec<_> = payment(&bench, &id)
        .rows("allocations")
        .iter()
        .filter_map(|row| word(row, "invoice").map(str::to_owned))
        .collect();
    assert_eq!(paid, [SECOND]);
    let refund = PaymentWish {
        customer: Some("cus_haina".to_owned()),
        amount: Some(dec("1.00")),
        ..wish("refund", &[])
    };
    let refund = bench.write(|draft| pay(draft, refund));
    let refused = bench.refused(|draft| allocate(draft, &refund, &[], Some(&among)));
    assert_eq!(refused.id, "auto-of-no-receipt");
}

#[test]
fn an_allocation_is_taken_back_by_a_negative_one() {
    let mut bench = bench();
    let id = bench.write(|draft| pay(draft, wish("receipt", &[on(FIRST, "50.00")])));
    bench.write(|draft| allocate(draft, &id, &[on(FIRST, "-50.00"), on(SECOND, "50.00")], None));
    assert_eq!((owed(&bench, FIRST), owed(&bench, SECOND)), ("100.00".into(), "0.00".into()));
    assert_eq!(payment(&bench, &id).rows("allocations").len(), 3);
    let more = bench.refused(|draft| allocate(draft, &id, &[on(FIRST, "0.01")], None));
    assert_eq!(more.id, "over-allocated");
}

#[test]
fn what_was_taken_back_pays_nothing_any_more() {
    let mut bench = bench();
    let id = receipt(&mut bench, "100.00");
    let reversal = bench.write(|draft| reverse(draft, "payment", &id));
    for payment in [&id, &reversal] {
        let refused = bench.refused(|draft| allocate(draft, payment, &[on(FIRST, "10.00")], None));
        assert_eq!(refused.id, "over-allocated");
    }
}

#[test]
fn a_payment_is_of_one_customer_and_currency_and_not_too_much() {
    let mut bench = bench();
    let dealer = PaymentWish { customer: Some("cus_dealer".into()), ..wish("receipt", &[on(FIRST, "1.00")]) };
    for (wish, problem) in [
        (dealer, "wrong-customer"),
        (wish("receipt", &[on(FIRST, "100.01")]), "over-paid"),
        (
            PaymentWish { amount: Some(dec("5.00")), ..wish("receipt", &[on(FIRST, "6.00")]) },
            "over-allocated",
        ),
        (
            PaymentWish {
                amount: Some(dec("0.00")),
                customer: Some("cus_haina".into()),
                ..wish("receipt", &[])
            },
            "bad-value",
        ),
    ] {
        assert_eq!(bench.refused(|draft| pay(draft, wish)).id, problem);
    }
    invoice(&mut bench, SECOND, "2026-03-01", "50.00", &[("currency", "USD"), ("fx_rate", "7.1000")]);
    let mixed = wish("receipt", &[on(FIRST, "1.00"), on(SECOND, "1.00")]);
    assert_eq!(bench.refused(|draft| pay(draft, mixed)).id, "currency-mismatch");
    bench.setting.allow.insert("allow-over".to_owned());
    bench.write(|draft| pay(draft, wish("receipt", &[on(FIRST, "100.01")])));
}

#[test]
fn invoices_of_a_merged_customer_are_those_of_the_survivor() {
    let mut bench = bench();
    let gone = [("name", "海纳"), ("kind", "company"), ("merged_into", "cus_haina"), ("status", "normal")];
    bench.store.add("customer", "cus_gone", &gone);
    invoice(&mut bench, FIRST, "2026-01-01", "10.00", &[("customer", "cus_gone")]);
    let id = receipt(&mut bench, "10.00");
    bench.write(|draft| allocate(draft, &id, &[], Some(&[FIRST.to_owned()])));
    assert_eq!(owed(&bench, FIRST), "0.00");
}
