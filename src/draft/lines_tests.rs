//! Tests of lines and prices.

use super::super::testing::{Bench, number};
use super::*;

#[test]
fn a_line_is_read_as_people_write_it() {
    let wish = |what: &str, qty: &str, price: Option<&str>, off: Option<Off>| {
        Ok(LineWish { what: what.to_owned(), qty: number(qty), price: price.map(number), off })
    };
    let percent = |text: &str| Some(Off::Percent(number(text)));
    let amount = |text: &str| Some(Off::Amount(number(text)));
    for (text, expected) in [
        ("HAN-EV-610:5", wish("HAN-EV-610", "5", None, None)),
        ("HAN-EV-610:2@226560", wish("HAN-EV-610", "2", Some("226560"), None)),
        ("A-1:3@19.99-15%", wish("A-1", "3", Some("19.99"), percent("15"))),
        ("A-1:3-50.00", wish("A-1", "3", None, amount("50.00"))),
        ("610:0.5-2.5%", wish("610", "0.5", None, percent("2.5"))),
        (" A : 1 @ 2 - 3 % ", wish("A", "1", Some("2"), percent("3"))),
        ("A:1@0", wish("A", "1", Some("0"), None)),
        ("A", Err("form")),
        (":1", Err("form")),
        ("A:", Err("qty")),
        ("A:0", Err("qty")),
        ("A:-2", Err("qty")),
        ("A:two", Err("qty")),
        ("A:1@", Err("price")),
        ("A:1@x", Err("price")),
        ("A:1-", Err("discount")),
        ("A:1-101%", Err("discount")),
        ("A:1--5", Err("discount")),
    ] {
        let read = parse_line(text);
        if let Err(problem) = &read {
            assert_eq!((problem.id, problem.class), ("bad-line", crate::model::Class::Usage));
        }
        let reason = |problem: Problem| problem.get("reason").unwrap_or_default().to_owned();
        assert_eq!(read.map_err(reason), expected.map_err(str::to_owned), "{text}");
    }
}

/// The list price of a line of an order of a customer, in a tax mode and currency.
fn list_price(
    bench: &Bench,
    customer: &str,
    mode: &str,
    currency: &str,
    line: &str,
) -> Result<String, Problem> {
    let mut priced = Ok(String::new());
    bench.with(|draft| {
        let fields =
            [("customer", customer), ("price_mode", mode), ("currency", currency), ("date", "2026-03-10")];
        let order = draft.begun("order", None, &fields);
        priced = price_line(draft, &order, &parse_line(line)?)
            .map(|row| row.get("list_price").map(super::super::plain).unwrap_or_default());
        Ok(())
    });
    priced
}

#[test]
fn a_price_is_converted_to_the_tax_mode_of_the_document() {
    let bench = Bench::new();
    for (sku, mode, price) in [
        ("HAN-EV-610", "tax_incl", "233500.00"),
        ("HAN-EV-610", "tax_excl", "206637.17"),
        ("MAT", "tax_excl", "100.00"),
        ("MAT", "tax_incl", "113.00"),
    ] {
        let line = format!("{sku}:1");
        assert_eq!(list_price(&bench, "cus_haina", mode, "CNY", &line).as_deref(), Ok(price), "{sku} {mode}");
    }
}

#[test]
fn the_best_price_row_wins() {
    let mut bench = Bench::new();
    let mut fields = vec![
        ("name", "P"),
        ("kind", "good"),
        ("price", "100.00"),
        ("currency", "CNY"),
        ("price_includes_tax", "true"),
        ("tax_rate", "13"),
        ("status", "active"),
    ];
    let rows: [&[(&str, &str)]; 8] = [
        &[("prices.id", "c"), ("prices.price", "95"), ("prices.currency", "CNY"), ("prices.min_qty", "5")],
        &[("prices.id", "d"), ("prices.price", "90"), ("prices.currency", "CNY"), ("prices.min_qty", "10")],
        &[("prices.id", "b"), ("prices.price", "91"), ("prices.currency", "CNY"), ("prices.min_qty", "10")],
        &[("prices.id", "e"), ("prices.price", "99"), ("prices.currency", "CNY"), ("prices.level", "dealer")],
        &[
            ("prices.id", "f"),
            ("prices.price", "80"),
            ("prices.currency", "CNY"),
            ("prices.to", "2026-03-09"),
        ],
        &[
            ("prices.id", "g"),
            ("prices.price", "98"),
            ("prices.currency", "CNY"),
            ("prices.from", "2026-03-10"),
            ("prices.to", "2026-03-10"),
        ],
        &[
            ("prices.id", "h"),
            ("prices.price", "97"),
            ("prices.currency", "CNY"),
            ("prices.from", "2026-01-01"),
        ],
        &[("prices.id", "i"), ("prices.price", "14"), ("prices.currency", "USD"), ("prices.min_qty", "2")],
    ];
    fields.extend(rows.concat());
    bench.store.add("product", "P-1", &fields);
    for (why, customer, currency, line, expected) in [
        ("the latest beginning", "cus_haina", "CNY", "P-1:1", Some("98")),
        ("the larger quantity before the later beginning", "cus_haina", "CNY", "P-1:5", Some("95")),
        ("the smallest id where all is equal", "cus_haina", "CNY", "P-1:10", Some("91")),
        ("the level before everything", "cus_dealer", "CNY", "P-1:10", Some("99")),
        ("another currency has rows of its own", "cus_haina", "USD", "P-1:2", Some("14")),
        ("and no price without one", "cus_haina", "USD", "P-1:1", None),
        ("a given price needs no list price", "cus_haina", "USD", "P-1:1@13", Some("")),
    ] {
        let found = list_price(&bench, customer, "tax_incl", currency, line);
        assert_eq!(found.as_deref().ok(), expected, "{why}");
        if let Err(problem) = found {
            assert_eq!((problem.id, problem.get("currency")), ("no-price", Some("USD")));
        }
    }
}

#[test]
fn product_values_are_copied() {
    Bench::new().with(|draft| {
        let order = draft.begun("order", None, &[("customer", "cus_haina"), ("price_mode", "tax_incl")]);
        let row = price_line(draft, &order, &parse_line("HAN-EV-610:5@226560-1%")?)?;
        let shown: Vec<String> = row
            .iter()
            .filter(|(name, _)| **name != "id")
            .map(|(name, value)| format!("{name}={}", super::super::plain(value)))
            .collect();
        assert_eq!(
            shown.join(" "),
            "cost=176000.00 discount_pct=1 list_price=233500.00 name=HAN-EV-610 price=226560 \
             product=HAN-EV-610 qty=5 tax_rate=13 unit=piece"
        );
        Ok(())
    });
}

#[test]
fn what_is_not_sold_gets_no_line() {
    let bench = Bench::new();
    for (line, problem) in [("OLD-1:1", "inactive-product"), ("NONE:1", "no-such-record")] {
        assert_eq!(list_price(&bench, "cus_haina", "tax_incl", "CNY", line).expect_err(line).id, problem);
    }
}
