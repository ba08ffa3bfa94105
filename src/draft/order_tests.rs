//! Tests of orders.

use super::super::lines::parse_line;
use super::super::testing::{Bench, field, number};
use super::*;
use crate::rules::order_state::{OrderState, order_state};

fn wishes(lines: &[&str]) -> Vec<LineWish> {
    lines.iter().map(|line| parse_line(line).expect("a line")).collect()
}

fn column(doc: &Doc, name: &str) -> Vec<String> {
    doc.rows("lines").iter().map(|row| row.get(name).map(super::super::plain).unwrap_or_default()).collect()
}

fn state_of(draft: &Draft<'_>, order: &Doc) -> Result<OrderState, Problem> {
    order_state(draft, order, draft.setting.today)
}

/// The quote of the domain reference, with an amount off and a second line.
fn quoted() -> Bench {
    let mut bench = Bench::new();
    let fields = [
        ("number", "QT-2026-0007"),
        ("date", "2026-02-03"),
        ("customer", "cus_haina"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", "tax_incl"),
        ("tax_rounding", "line"),
        ("discount_amt", "10.00"),
        ("shipping", "50.00"),
        ("status", "accepted"),
        ("terms", "定金 20%"),
        ("lines.id", "klrqwz"),
        ("lines.product", "HAN-EV-610"),
        ("lines.name", "汉 EV"),
        ("lines.qty", "3"),
        ("lines.list_price", "233500.00"),
        ("lines.price", "10.00"),
        ("lines.discount_amt", "1.00"),
        ("lines.tax_rate", "13"),
        ("lines.id", "zzzzzz"),
        ("lines.name", "上牌"),
        ("lines.qty", "1"),
        ("lines.price", "1.00"),
        ("lines.tax_rate", "6"),
    ];
    bench.store.add("quote", "quo_k", &fields);
    bench
}

#[test]
fn an_order_takes_what_it_needs_from_customer_owner_and_products() {
    let set = Bench::new().with(|draft| {
        let doc = draft.begun("order", None, &[("customer", "cus_haina")]);
        let id = add(draft, doc, &wishes(&["HAN-EV-610:5@226560", "SETUP:1-10%"]))?;
        let order = draft.need("order", &id)?;
        for (name, value) in [
            ("number", "SO-2026-0001"),
            ("date", "2026-03-10"),
            ("contact", "con_wang"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("price_mode", "tax_incl"),
            ("tax_rounding", "line"),
            ("owner", "li.na"),
            ("team", "shenzhen-sales"),
            ("region", "shenzhen"),
            ("payment_days", "45"),
            ("ship_to", "广东 深圳 科技园路 18 号"),
            ("status", "draft"),
        ] {
            assert_eq!(field(&order, name), value, "{name}");
        }
        assert_eq!(column(&order, "price"), ["226560.00", "500.00"]);
        assert_eq!(effective_discount(draft, &order)?, Some(number("10.00")));
        assert!(order.history.is_empty(), "nothing is told at creation");
        Ok(())
    });
    assert_eq!(set.changes.len(), 1);
}

#[test]
fn the_worked_examples_come_out_of_lines_as_people_write_them() {
    for (mode, line, net, total, discount) in [
        ("tax_excl", "HAN-EV-610:2@209800-3%", "407012.00", "459923.56", "3.00"),
        ("tax_incl", "HAN-EV-610:5@226560", "1002477.88", "1132800.00", "2.97"),
        ("tax_incl", "MAT:1@100", "88.50", "100.00", "11.50"),
    ] {
        let mut bench = Bench::new();
        let mut car = bench.store.take("products/HAN-EV-610.toml").expect("the car");
        car.set("price_includes_tax", Some(Value::Bool(mode == "tax_incl")));
        car.set("price", Some(Value::Dec(number(if mode == "tax_incl" { "233500" } else { "209800" }))));
        bench.store.put(car);
        bench.with(|draft| {
            let doc = draft.begun("order", None, &[("customer", "cus_haina"), ("price_mode", mode)]);
            let id = add(draft, doc, &wishes(&[line]))?;
            let out = totals(&draft.need("order", &id)?, &draft.schema().settings)?;
            let shown =
                [out.net_total, out.total, out.effective_discount.unwrap_or_default()].map(|d| d.to_string());
            assert_eq!(shown, [net, total, discount], "{line}");
            Ok(())
        });
    }
}

#[test]
fn a_foreign_order_takes_the_rate_of_its_day() {
    let bench = Bench::new();
    let usd = |day: &'static str| [("customer", "cus_haina"), ("currency", "USD"), ("date", day)];
    bench.with(|draft| {
        let doc = draft.begun("order", None, &usd("2026-02-01"));
        let id = add(draft, doc, &wishes(&["MAT:1@14"]))?;
        assert_eq!(field(&draft.need("order", &id)?, "fx_rate"), "7.1000");
        Ok(())
    });
    let refused = bench
        .refused(|draft| add(draft, draft.begun("order", None, &usd("2025-12-31")), &wishes(&["MAT:1@14"])));
    assert_eq!(
        (refused.id, refused.get("currency"), refused.get("on")),
        ("missing-rate", Some("USD"), Some("2025-12-31"))
    );
}

#[test]
fn an_order_of_a_customer_below_a_dealer_is_sold_through_it() {
    Bench::new().with(|draft| {
        for customer in ["cus_under", "cus_dealer"] {
            let id = add(draft, draft.begun("order", None, &[("customer", customer)]), &wishes(&["MAT:1"]))?;
            assert_eq!(field(&draft.need("order", &id)?, "dealer"), "cus_dealer", "{customer}");
        }
        Ok(())
    });
}

#[test]
fn an_order_from_a_quote_takes_its_lines() {
    quoted().with(|draft| {
        let id = add(draft, draft.begun("order", None, &[("quote", "quo_k")]), &[])?;
        let order = draft.need("order", &id)?;
        assert_eq!(column(&order, "quote_line"), ["klrqwz", "zzzzzz"]);
        assert_eq!(column(&order, "id"), ["klrqwz", "zzzzzz"]);
        assert_eq!(
            (field(&order, "customer"), field(&order, "terms")),
            ("cus_haina".into(), "定金 20%".into())
        );
        assert_eq!(
            (field(&order, "discount_amt"), field(&order, "shipping")),
            ("10.00".into(), "50.00".into())
        );
        let settings = &draft.schema().settings;
        assert_eq!(totals(&order, settings)?, totals(&draft.need("quote", "quo_k")?, settings)?);
        Ok(())
    });
}

#[test]
fn the_orders_of_a_quote_add_up_to_it() {
    quoted().with(|draft| {
        let mut ids = Vec::new();
        for lines in [&["HAN-EV-610:1"][..], &["klrqwz:1"], &[]] {
            ids.push(add(draft, draft.begun("order", None, &[("quote", "quo_k")]), &wishes(lines))?);
        }
        let orders: Vec<Doc> = ids.iter().map(|id| draft.need("order", id)).collect::<Result<_, _>>()?;
        assert_eq!(column(&orders[2], "qty"), ["1", "1"]);
        let off: Decimal = orders.iter().filter_map(|order| order.dec("discount_amt")).sum();
        assert_eq!(off, number("10.00"));
        let lines: Vec<_> = orders.iter().map(|order| column(order, "discount_amt")[0].clone()).collect();
        assert_eq!(lines, ["0.33", "0.34", "0.33"]);
        assert_eq!(orders.iter().filter(|order| order.get("shipping").is_some()).count(), 1);
        Ok(())
    });
    let refused = quoted().refused(|draft| {
        add(draft, draft.begun("order", None, &[("quote", "quo_k")]), &[])?;
        add(draft, draft.begun("order", None, &[("quote", "quo_k")]), &[])
    });
    assert_eq!((refused.id, refused.get("excess")), ("over-ordered", Some("3")));
}

#[test]
fn wrong_wishes_for_an_order_are_refused() {
    let mut bench = quoted();
    let fields = [
        ("number", "QT-2026-0008"),
        ("date", "2026-02-03"),
        ("customer", "cus_haina"),
        ("status", "rejected"),
    ];
    bench.store.add("quote", "quo_no", &fields);
    for (quote, lines, problem) in [
        (Some("quo_no"), &["MAT:1"][..], "quote-not-open"),
        (Some("quo_none"), &[], "no-such-record"),
        (Some("quo_k"), &["MAT:1"], "no-such-line"),
        (Some("quo_k"), &["klrqwz:1@5"], "bad-line"),
        (None, &["OLD-1:1"], "inactive-product"),
    ] {
        let mut fields = vec![("customer", "cus_haina")];
        fields.extend(quote.map(|quote| ("quote", quote)));
        let refused = bench.refused(|draft| add(draft, draft.begun("order", None, &fields), &wishes(lines)));
        assert_eq!(refused.id, problem);
    }
}

#[test]
fn an_order_goes_through_its_states() {
    let mut bench = Bench::new();
    bench.order("draft", &[("MAT", "3")]);
    bench.setting.reason = Some("because".to_owned());
    bench.with(|draft| {
        for (verb, state) in [
            ("confirm", "confirmed"),
            ("hold", "on_hold"),
            ("resume", "confirmed"),
            ("close", "closed"),
            ("reopen", "confirmed"),
        ] {
            assert!(advance(draft, "ord_k", verb)?, "{verb}");
            assert!(!advance(draft, "ord_k", verb)?, "{verb} again is already so");
            assert_eq!(draft.need("order", "ord_k")?.state(), state);
        }
        assert!(advance(draft, "ord_k", "cancel")? && !advance(draft, "ord_k", "cancel")?);
        assert_eq!(draft.need("order", "ord_k")?.history.len(), 6);
        Ok(())
    });
    let refused = bench.refused(|draft| advance(draft, "ord_k", "resume"));
    assert_eq!((refused.id, refused.legal.join(" ").as_str()), ("illegal-move", "approve confirm cancel"));
}

#[test]
fn a_hold_needs_a_reason() {
    let mut bench = Bench::new();
    bench.order("confirmed", &[("MAT", "3")]);
    for verb in ["hold", "close"] {
        assert_eq!(bench.refused(|draft| advance(draft, "ord_k", verb)).id, "reason-needed", "{verb}");
    }
    assert_eq!(bench.refused(|draft| cancel_line(draft, "ord_k", "MAT", number("1"))).id, "reason-needed");
}

#[test]
fn an_order_with_facts_is_not_cancelled() {
    let mut bench = Bench::new();
    bench.order("confirmed", &[("MAT", "3")]);
    bench.setting.reason = Some("because".to_owned());
    let refused = bench.refused(|draft| {
        super::super::ship::ship(draft, "ord_k", super::super::ship::ShipWish::default())?;
        advance(draft, "ord_k", "cancel")
    });
    assert_eq!(refused.id, "order-has-facts");
    let payment = [
        ("date", "2026-03-01"),
        ("customer", "cus_haina"),
        ("kind", "receipt"),
        ("amount", "1.00"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("method", "cash"),
        ("allocations.id", "kkkkkk"),
        ("allocations.date", "2026-03-01"),
        ("allocations.order", "ord_k"),
        ("allocations.amount", "1.00"),
    ];
    bench.store.add("payment", "pay_kkkkkkkkkkkk", &payment);
    let refused = bench.refused(|draft| advance(draft, "ord_k", "cancel"));
    assert_eq!(refused.id, "order-has-facts");
    bench.with(|draft| {
        super::super::fact::reverse(draft, "payment", "pay_kkkkkkkkkkkk")?;
        assert!(advance(draft, "ord_k", "cancel")?, "what is taken back does not count");
        Ok(())
    });
}

#[test]
fn a_line_is_cancelled_as_far_as_it_is_open() {
    let mut bench = Bench::new();
    bench.order("confirmed", &[("MAT", "3")]);
    bench.setting.reason = Some("out of stock".to_owned());
    let set = bench.with(|draft| {
        let lines = vec![("MAT".to_owned(), number("1"))];
        super::super::ship::ship(
            draft,
            "ord_k",
            super::super::ship::ShipWish { lines, ..Default::default() },
        )?;
        cancel_line(draft, "ord_k", "MAT", number("2"))?;
        let order = draft.need("order", "ord_k")?;
        let row = &order.rows("cancellations")[0];
        assert_eq!(
            (word(row, "line"), word(row, "by"), word(row, "reason")),
            (Some("line-0"), Some("li.na"), Some("out of stock"))
        );
        assert!(state_of(draft, &order)?.lines[0].open.is_zero());
        Ok(())
    });
    assert_eq!(set.remarks.last().map(String::as_str), Some("fulfilment: partial -> full"));
    for (what, qty, problem) in
        [("MAT", "4", "over-cancelled"), ("MAT", "0", "bad-line"), ("HAN-EV-610", "1", "no-such-line")]
    {
        let refused = bench.refused(|draft| cancel_line(draft, "ord_k", what, number(qty)));
        assert_eq!(refused.id, problem, "{what}:{qty}");
    }
    bench.order("draft", &[("MAT", "3")]);
    assert_eq!(bench.refused(|draft| cancel_line(draft, "ord_k", "MAT", number("1"))).id, "order-not-open");
}

#[test]
fn a_discount_is_approved_by_a_role_that_covers_it() {
    let mut bench = Bench::new();
    let order = |bench: &mut Bench, price: &str| {
        bench.order("draft", &[("MAT", "1")]);
        let mut doc = bench.store.take("orders/k/ord_k.toml").expect("the order");
        let mut rows = doc.rows("lines").to_vec();
        rows[0].insert("price", Value::Dec(number(price)));
        doc.set("lines", Some(Value::Rows(rows)));
        bench.store.put(doc);
    };
    order(&mut bench, "92.50");
    let refused = bench.refused(|draft| approve(draft, "order", "ord_k"));
    assert_eq!(
        (refused.id, refused.get("have"), refused.get("most")),
        ("discount-over-limit", Some("7.5"), Some("0"))
    );
    bench.setting.actor.id = "wang.wei".to_owned();
    bench.with(|draft| {
        assert!(approve(draft, "order", "ord_k")?);
        let doc = draft.need("order", "ord_k")?;
        assert_eq!(
            (field(&doc, "approved_by"), field(&doc, "approved_discount")),
            ("wang.wei".into(), "7.50".into())
        );
        assert!(doc.state() == "draft" && doc.history.is_empty());
        assert!(!approve(draft, "order", "ord_k")?, "it is approved already");
        let mut doc = draft.need("order", "ord_k")?;
        let mut rows = doc.rows("lines").to_vec();
        rows[0].insert("price", Value::Dec(number("91.00")));
        doc.set("lines", Some(Value::Rows(rows)));
        draft.put(doc)?;
        assert!(approve(draft, "order", "ord_k")?, "another discount is approved anew");
        Ok(())
    });
    order(&mut bench, "89.99");
    assert_eq!(bench.refused(|draft| approve(draft, "order", "ord_k")).id, "discount-over-limit");
}

#[test]
fn a_payment_on_an_order_is_allocated_to_it() {
    let mut bench = Bench::new();
    bench.order("confirmed", &[("MAT", "3")]);
    let set = bench.with(|draft| {
        let wish = |amount: &str| PayWish {
            amount: number(amount),
            method: "bank".to_owned(),
            reference: Some("ICBC-1".to_owned()),
            date: Some("2026-03-05".parse().expect("a day")),
        };
        let id = pay(draft, "ord_k", wish("100"))?;
        let payment = draft.need("payment", &id)?;
        for (name, value) in [
            ("date", "2026-03-05"),
            ("customer", "cus_haina"),
            ("kind", "receipt"),
            ("amount", "100.00"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("method", "bank"),
            ("reference", "ICBC-1"),
        ] {
            assert_eq!(field(&payment, name), value, "{name}");
        }
        let row = &payment.rows("allocations")[0];
        assert_eq!((word(row, "order"), row.get("date")), (Some("ord_k"), payment.get("date")));
        pay(draft, "ord_k", wish("200.00"))?;
        assert_eq!(state_of(draft, &draft.need("order", "ord_k")?)?.paid, number("300"));
        Ok(())
    });
    assert_eq!(set.remarks, ["payment: none -> partial", "payment: partial -> full"]);
}

#[test]
fn payments_that_make_no_sense_are_refused() {
    let mut bench = Bench::new();
    for (status, amount, problem) in [
        ("cancelled", "1", "order-not-open"),
        ("draft", "0", "bad-value"),
        ("draft", "-1", "bad-value"),
        ("draft", "1.005", "bad-value"),
    ] {
        bench.order(status, &[("MAT", "3")]);
        let wish = PayWish { amount: number(amount), method: "cash".to_owned(), ..PayWish::default() };
        assert_eq!(bench.refused(|draft| pay(draft, "ord_k", wish)).id, problem, "{status} {amount}");
    }
}

#[test]
fn whatever_parts_a_quote_is_ordered_in_they_add_up_to_it() {
    for first in 1..7 {
        for second in 1..=(7 - first) {
            let mut bench = Bench::new();
            let fields = [
                ("number", "QT-2026-0001"),
                ("date", "2026-03-01"),
                ("customer", "cus_haina"),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("price_mode", "tax_excl"),
                ("tax_rounding", "line"),
                ("discount_amt", "7.77"),
                ("shipping", "50.00"),
                ("status", "accepted"),
                ("lines.id", "klrqwz"),
                ("lines.product", "MAT"),
                ("lines.name", "MAT"),
                ("lines.qty", "7"),
                ("lines.price", "19.99"),
                ("lines.discount_amt", "1.00"),
                ("lines.tax_rate", "13"),
                ("lines.id", "zzzzzz"),
                ("lines.name", "上牌"),
                ("lines.qty", "1"),
                ("lines.price", "0.35"),
                ("lines.tax_rate", "6"),
            ];
            let quote = bench.store.add("quote", "quo_k", &fields);
            bench.with(|draft| {
                for part in [format!("klrqwz:{first}"), format!("klrqwz:{second}"), String::new()] {
                    let lines = if part.is_empty() { Vec::new() } else { wishes(&[&part]) };
                    add(draft, draft.begun("order", None, &[("quote", "quo_k")]), &lines)?;
                }
                let orders = draft.all_with("order", "quote", "quo_k")?;
                let sum =
                    |field: &str| -> Decimal { orders.iter().filter_map(|order| order.dec(field)).sum() };
                assert_eq!(orders.len(), 3);
                assert_eq!((sum("discount_amt"), sum("shipping")), (number("7.77"), number("50.00")));
                let settings = &draft.schema().settings;
                let mut net = Decimal::ZERO;
                for order in &orders {
                    net += totals(order, settings)?.net_total;
                }
                assert_eq!(net, totals(&quote, settings)?.net_total, "{first} and {second} of 7");
                Ok(())
            });
        }
    }
}
