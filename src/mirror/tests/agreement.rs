//! What follows from the facts of an order is the same in the rules and in the views.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::{Mirror, SqlCell};
use super::mirror_with;
use crate::draft::fact::reverse;
use crate::draft::invoice::{BillWish, CreditWish, bill, credit};
use crate::draft::order::{self, PayWish};
use crate::draft::payment::{self, PaymentWish, Target};
use crate::draft::return_::{RefundWish, ReturnWish, give_back};
use crate::draft::ship::{ShipWish, ship};
use crate::draft::testing::Bench;
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::totals::totals;
use crate::model::value::to_minor;
use crate::rules::View;
use crate::rules::amounts::{number, payment_sign};
use crate::rules::balances::allocated;
use crate::rules::exposure::balance;
use crate::rules::order_state::{billed_value, facts_of, order_state};

/// Something that happens to the order; quantities in thousandths, amounts in cents, places among
/// what there is.
#[derive(Clone, Debug)]
enum Step {
    Ship(usize, i64),
    ShipAll,
    Bill(usize, i64),
    BillAll { shipped: bool },
    Credit(usize, Option<i64>, bool),
    Return { line: usize, qty: i64, replace: bool, credit: bool, refund: bool },
    Deposit(i64),
    Pay(usize, i64),
    Refund(usize, i64),
    Auto(i64),
    Move(usize, i64),
    Reverse(&'static str, usize),
    Cancel(usize, i64),
    Advance(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    let line = 0_usize..4;
    let qty = prop_oneof![Just(1000_i64), Just(100), Just(700), 1_i64..3000];
    let amount = 1_i64..60_000;
    prop_oneof![
        4 => (line.clone(), qty.clone()).prop_map(|(line, qty)| Step::Ship(line, qty)),
        2 => Just(Step::ShipAll),
        4 => (line.clone(), qty.clone()).prop_map(|(line, qty)| Step::Bill(line, qty)),
        3 => any::<bool>().prop_map(|shipped| Step::BillAll { shipped }),
        3 => (0_usize..4, proptest::option::of(qty.clone()), any::<bool>())
            .prop_map(|(place, qty, shipping)| Step::Credit(place, qty, shipping)),
        4 => (line.clone(), qty.clone(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(line, qty, replace, credit, refund)| Step::Return { line, qty, replace, credit, refund }
        ),
        3 => amount.clone().prop_map(Step::Deposit),
        3 => (0_usize..4, amount.clone()).prop_map(|(place, amount)| Step::Pay(place, amount)),
        1 => (0_usize..4, amount.clone()).prop_map(|(place, amount)| Step::Refund(place, amount)),
        2 => amount.clone().prop_map(Step::Auto),
        1 => (0_usize..4, amount).prop_map(|(place, amount)| Step::Move(place, amount)),
        3 => (prop_oneof![Just("shipment"), Just("return"), Just("payment")], 0_usize..5)
            .prop_map(|(noun, place)| Step::Reverse(noun, place)),
        2 => (line, qty).prop_map(|(line, qty)| Step::Cancel(line, qty)),
        2 => prop_oneof![Just("hold"), Just("resume"), Just("close"), Just("reopen"), Just("cancel")]
            .prop_map(Step::Advance),
    ]
}

const ORDER: &str = "ord_kkkkkkkkkkkk";
const LINES: [&str; 4] = ["kkkkkk", "llllll", "mmmmmm", "nnnnnn"];

/// Two goods, a service and a free line, with discounts, shipping, a promised day and a plan.
fn bench(inclusive: bool, by_document: bool, confirmed: bool) -> Bench {
    let mut bench = Bench::new();
    bench.setting.reason = Some("so it is".to_owned());
    let mut fields = vec![
        ("number", "SO-2026-0001"),
        ("date", "2026-03-01"),
        ("customer", "cus_haina"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", if inclusive { "tax_incl" } else { "tax_excl" }),
        ("tax_rounding", if by_document { "document" } else { "line" }),
        ("discount_pct", "2.5"),
        ("shipping", "49.90"),
        ("owner", "li.na"),
        ("payment_days", "0"),
        ("due_date", "2026-03-05"),
        ("status", if confirmed { "confirmed" } else { "draft" }),
        ("payment_plan.id", "kkkkkk"),
        ("payment_plan.due", "2026-03-02"),
        ("payment_plan.amount", "150.00"),
    ];
    for (id, product, qty, price) in [
        (LINES[0], "HAN-EV-610", "3", "33.333333"),
        (LINES[1], "MAT", "1.1", "99.99"),
        (LINES[2], "SETUP", "2", "50.00"),
        (LINES[3], "", "0.7", "10.01"),
    ] {
        fields.push(("lines.id", id));
        if !product.is_empty() {
            fields.push(("lines.product", product));
        }
        fields.extend([
            ("lines.name", id),
            ("lines.qty", qty),
            ("lines.price", price),
            ("lines.tax_rate", "13"),
        ]);
    }
    bench.store.add("order", ORDER, &fields);
    bench.stock("HAN-EV-610", "50", "2026-01-01");
    bench.stock("MAT", "50", "2026-01-01");
    bench
}

fn facts<'b>(bench: &'b Bench, noun: &str) -> Vec<&'b Doc> {
    bench.store.docs().filter(|doc| doc.kind.name == noun).collect()
}

/// The id of one of these, where there are any.
fn chosen(bench: &Bench, noun: &str, place: usize) -> String {
    let mut all = facts(bench, noun);
    all.retain(|doc| doc.text("kind") != Some("credit_note"));
    let at = place % all.len().max(1);
    all.get(at).map(|doc| doc.id().to_owned()).unwrap_or_default()
}

fn thousandths(qty: i64) -> Decimal {
    Decimal::new(qty, 3)
}

fn cents(amount: i64) -> Decimal {
    Decimal::new(amount, 2)
}

/// Does a step; what is refused is not done.
fn take(bench: &mut Bench, step: &Step) -> Result<(), Problem> {
    let line = |at: &usize, qty: &i64| vec![(LINES[*at].to_owned(), thousandths(*qty))];
    let invoice = |bench: &Bench, place: &usize| Target::Invoice(chosen(bench, "invoice", *place));
    let method = Some("bank".to_owned());
    match step {
        Step::Ship(at, qty) => {
            let wish = ShipWish { lines: line(at, qty), ..ShipWish::default() };
            bench.try_write(|draft| ship(draft, ORDER, wish)).map(|_| ())
        }
        Step::ShipAll => bench.try_write(|draft| ship(draft, ORDER, ShipWish::default())).map(|_| ()),
        Step::Bill(at, qty) => {
            let wish = BillWish { lines: line(at, qty), ..BillWish::default() };
            bench.try_write(|draft| bill(draft, ORDER, &wish)).map(|_| ())
        }
        Step::BillAll { shipped } => {
            let wish = BillWish { shipped: *shipped, ..BillWish::default() };
            bench.try_write(|draft| bill(draft, ORDER, &wish)).map(|_| ())
        }
        Step::Credit(place, qty, shipping) => {
            let id = chosen(bench, "invoice", *place);
            let lines = qty.map(|qty| line(&(place % 4), &qty)).unwrap_or_default();
            let wish = CreditWish { lines, shipping: *shipping, ..CreditWish::default() };
            bench.try_write(|draft| credit(draft, &id, &wish)).map(|_| ())
        }
        Step::Return { line: at, qty, replace, credit, refund } => {
            let wish = ReturnWish {
                lines: line(at, qty),
                reason: "other".to_owned(),
                effect: if *replace { "replace" } else { "reverse" }.to_owned(),
                credit: *credit && !*replace,
                refund: (*refund && *credit && !*replace)
                    .then(|| RefundWish { method: "bank".to_owned(), reference: None }),
                ..ReturnWish::default()
            };
            bench.try_write(|draft| give_back(draft, ORDER, wish)).map(|_| ())
        }
        Step::Deposit(amount) => {
            let wish = PayWish { amount: cents(*amount), method: "bank".to_owned(), ..PayWish::default() };
            bench.try_write(|draft| order::pay(draft, ORDER, wish)).map(|_| ())
        }
        Step::Pay(place, amount) | Step::Refund(place, amount) => {
            let kind = if matches!(step, Step::Pay(..)) { "receipt" } else { "refund" }.to_owned();
            let targets = vec![(invoice(bench, place), cents(*amount))];
            let wish = PaymentWish { kind, method, targets, ..PaymentWish::default() };
            bench.try_write(|draft| payment::pay(draft, wish)).map(|_| ())
        }
        Step::Auto(amount) => {
            let all: Vec<String> = facts(bench, "invoice").iter().map(|doc| doc.id().to_owned()).collect();
            let wish = PaymentWish {
                customer: Some("cus_haina".to_owned()),
                kind: "receipt".to_owned(),
                amount: Some(cents(*amount)),
                method,
                ..PaymentWish::default()
            };
            bench
                .try_write(|draft| {
                    let id = payment::pay(draft, wish)?;
                    payment::allocate(draft, &id, &[], Some(&all))
                })
                .map(|_| ())
        }
        Step::Move(place, amount) => {
            let targets =
                vec![(invoice(bench, place), cents(-amount)), (invoice(bench, &(place + 1)), cents(*amount))];
            let wish = PaymentWish { kind: "transfer".to_owned(), targets, ..PaymentWish::default() };
            bench.try_write(|draft| payment::pay(draft, wish)).map(|_| ())
        }
        Step::Reverse(noun, place) => {
            let id = chosen(bench, noun, *place);
            bench.try_write(|draft| reverse(draft, noun, &id)).map(|_| ())
        }
        Step::Cancel(at, qty) => {
            bench.try_write(|draft| order::cancel_line(draft, ORDER, LINES[*at], thousandths(*qty)))
        }
        Step::Advance(verb) => bench.try_write(|draft| order::advance(draft, ORDER, verb)).map(|_| ()),
    }
}

fn real(qty: Decimal) -> SqlCell {
    SqlCell::Real(qty.to_string().parse().expect("a number"))
}

fn minor(amount: Decimal) -> SqlCell {
    SqlCell::Int(to_minor(amount, 2).expect("an amount"))
}

fn word(text: &str) -> SqlCell {
    SqlCell::Text(text.to_owned())
}

/// A select of what the rules have worked out, too, row by row.
fn agrees(mirror: &Mirror, sql: &str, expected: &[Vec<SqlCell>]) {
    let answer = mirror.query(sql, &[]).unwrap_or_else(|error| panic!("{error}: {sql}"));
    assert_eq!(answer.rows, expected, "{sql}");
}

/// The views answer as the rules do.
fn compare(bench: &Bench) {
    let mirror = mirror_with(bench.store.docs().cloned().collect(), bench.setting.today);
    let order = bench.store.record("order", ORDER).expect("a store").expect("the order");
    let state = order_state(&bench.store, &order, bench.setting.today).expect("a state");
    let lines: Vec<Vec<SqlCell>> = state
        .lines
        .iter()
        .map(|line| {
            [
                line.shipped,
                line.reversed,
                line.replaced,
                line.billed,
                line.open,
                line.cancelled,
                line.effective_qty,
                line.to_ship,
                line.to_bill,
            ]
            .map(|qty| real(qty.normalize()))
            .to_vec()
        })
        .collect();
    let sql = "select shipped, reversed, replaced, billed, open, cancelled, effective_qty, to_ship, to_bill
        from order_line_status order by position";
    agrees(&mirror, sql, &lines);
    let sql = "select fulfilment, billing, payment, progress, overdue, late, received, due from order_status";
    let expected = vec![
        word(state.fulfilment.code()),
        word(state.billing.code()),
        word(state.payment.code()),
        word(state.progress),
        SqlCell::Int(state.overdue.into()),
        SqlCell::Int(state.late.into()),
        minor(state.paid),
        minor(state.due),
    ];
    agrees(&mirror, sql, &[expected]);
    let invoices: Vec<Vec<SqlCell>> = state
        .invoices
        .iter()
        .map(|(id, balance)| {
            let amounts = [balance.credited, balance.paid, balance.outstanding].map(minor);
            let payment = match (balance.outstanding, balance.paid) {
                (owed, _) if owed < Decimal::ZERO => "credit",
                (owed, _) if owed.is_zero() => "paid",
                (_, paid) if paid > Decimal::ZERO => "partly_paid",
                _ => "unpaid",
            };
            [word(id)].into_iter().chain(amounts).chain([word(payment)]).collect()
        })
        .collect();
    let sql = "select invoice, credited, paid, outstanding, payment from invoice_status order by invoice";
    agrees(&mirror, sql, &invoices);
    let payments: Vec<Vec<SqlCell>> = facts(bench, "payment")
        .iter()
        .map(|doc| {
            let sum: Decimal = doc.rows("allocations").iter().filter_map(|row| number(row, "amount")).sum();
            let (sign, amount) = (payment_sign(doc), doc.dec("amount").unwrap_or_default());
            vec![word(doc.id()), minor(sign * sum), minor(sign * (amount - sum))]
        })
        .collect();
    let sql = "select payment, allocated, unallocated from payment_status order by payment";
    agrees(&mirror, sql, &payments);
    let found = facts_of(&bench.store, &order).expect("facts");
    let on_invoices: Decimal =
        state.invoices.keys().map(|id| allocated(&found.payments, "invoice", id)).sum();
    let used = state.invoices.values().map(|balance| balance.paid).sum::<Decimal>() - on_invoices;
    let deposit = allocated(&found.payments, "order", ORDER) - used;
    let owed: Decimal = state.invoices.values().map(|balance| balance.outstanding).sum();
    let sql = "select coalesce(sum(case when what = 'deposit' then amount end), 0),
        coalesce(sum(case when what = 'invoice' then amount end), 0) from receivable";
    agrees(&mirror, sql, &[vec![minor(deposit), minor(owed)]]);
    let balance = balance(&bench.store, "cus_haina").expect("a balance");
    let sql = "select coalesce(sum(case what when 'invoice' then base_amount else -base_amount end), 0) from receivable";
    agrees(&mirror, sql, &[vec![minor(balance)]]);
}

/// However a line was billed and credited: all of it is worth what the line is.
fn parts_add_up(bench: &Bench) {
    let order = bench.store.record("order", ORDER).expect("a store").expect("the order");
    let facts = facts_of(&bench.store, &order).expect("facts");
    let state = order_state(&bench.store, &order, bench.setting.today).expect("a state");
    let amounts = totals(&order, &bench.store.schema().settings).expect("amounts");
    for (line, whole) in state.lines.iter().zip(&amounts.lines) {
        let value = billed_value(&facts.invoices, &line.id);
        if line.billed == line.qty {
            assert_eq!(value, whole.value(), "all of {}", line.id);
        }
        if line.billed.is_zero() {
            assert!(value.net.is_zero() && value.tax.is_zero(), "nothing of {}: {value:?}", line.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn rules_and_views_agree_on_what_became_of_an_order(
        inclusive in any::<bool>(),
        by_document in any::<bool>(),
        confirmed in prop_oneof![9 => Just(true), 1 => Just(false)],
        steps in proptest::collection::vec(step(), 0..24),
    ) {
        let mut bench = bench(inclusive, by_document, confirmed);
        for step in &steps {
            // What is refused leaves all as it was.
            let _ = take(&mut bench, step);
        }
        compare(&bench);
        parts_add_up(&bench);
    }
}

#[test]
fn the_steps_of_the_property_are_not_all_refused() {
    let mut bench = bench(false, false, true);
    let steps = [
        Step::Deposit(10_000),
        Step::ShipAll,
        Step::Bill(0, 1000),
        Step::BillAll { shipped: true },
        Step::BillAll { shipped: false },
        Step::Pay(1, 5_000),
        Step::Return { line: 0, qty: 1000, replace: false, credit: true, refund: false },
        Step::Auto(9_000),
        Step::Move(0, 500),
        Step::Credit(2, None, true),
        Step::Reverse("payment", 0),
        Step::Advance("close"),
    ];
    for step in &steps {
        take(&mut bench, step).unwrap_or_else(|problem| panic!("{step:?}: {problem}"));
        compare(&bench);
    }
    assert!(matches!(facts(&bench, "order")[0].get("status"), Some(Value::Text(state)) if state == "closed"));
}
