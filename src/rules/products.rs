//! Products: what may be sold newly, and prices that do not contradict each other.

use super::amounts::{number, word};
use super::stock_state::is_tracked;
use super::support::{about, added_rows};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;

/// `inactive-product`: a new row of a quote, order or opportunity with a product that is not sold.
/// Lines that come from a quote have been offered already.
pub fn inactive(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(new) = &change.new else { return Ok(()) };
    let rows = match new.kind.name {
        "quote" | "order" => "lines",
        "opportunity" => "products",
        _ => return Ok(()),
    };
    if new.text("revises").is_some() && change.old.is_none() {
        return Ok(());
    }
    for row in added_rows(change, rows, "id") {
        let Some(sku) = word(row, "product").filter(|_| word(row, "quote_line").is_none()) else { continue };
        if let Some(product) = view.record("product", sku)?.filter(|product| product.state() != "active") {
            let problem = about(new, "inactive-product").arg("product", sku).arg("state", product.state());
            found.push(problem.field(format!("{rows}.product")));
        }
    }
    Ok(())
}

/// Whether a category is a path: parts between slashes, none of them empty.
pub fn is_path(category: &str) -> bool {
    category.split('/').all(|part| !part.trim().is_empty())
}

/// A category that is no path.
pub fn category(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if let ("product" | "target", Some(category)) =
        (doc.kind.name, doc.text("category").filter(|c| !is_path(c)))
    {
        let problem = about(doc, "bad-value").arg("field", "category").arg("value", category);
        found.push(problem.arg("reason", "form").field("category"));
    }
    Ok(())
}

/// `serials-need-stock`: serial numbers without stock.
pub fn serials(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name == "product" && doc.flag("serials") && !is_tracked(doc) {
        found.push(about(doc, "serials-need-stock").field("serials"));
    }
    Ok(())
}

/// `price-row-overlap` W: two price rows hold for the same quantity, level and day. A row that ends
/// before it begins never holds and is refused.
pub fn overlap(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "product" {
        return Ok(());
    }
    let prices = doc.rows("prices");
    for (at, one) in prices.iter().enumerate() {
        let (from, to) = days(one);
        if to < from {
            let problem = about(doc, "bad-value").arg("field", "prices.to").arg("value", to);
            found.push(problem.arg("reason", "order").field("prices.to"));
        }
        for other in &prices[..at] {
            let alike = ["currency", "level"].iter().all(|field| one.get(field) == other.get(field))
                && number(one, "min_qty").unwrap_or_default() == number(other, "min_qty").unwrap_or_default();
            if alike && days(one).0 <= days(other).1 && days(other).0 <= days(one).1 {
                let id = |row: &Row| word(row, "id").unwrap_or_default().to_owned();
                let problem = about(doc, "price-row-overlap").arg("row", id(one)).arg("other", id(other));
                found.push(problem.field("prices").as_warning());
            }
        }
    }
    Ok(())
}

fn days(row: &Row) -> (Day, Day) {
    let day = |field| row.get(field).and_then(Value::as_day);
    (day("from").unwrap_or(Day::MIN), day("to").unwrap_or(Day::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{DEAL, QUOTE, sample, varied, with, written};

    #[test]
    fn what_is_not_sold_is_not_offered_anew() {
        let mut store = sample();
        store.put(with(&store, "product", "EV", &[("status", "paused")]));
        let row = [("products.id", "kkkkkk"), ("products.product", "EV"), ("products.qty", "1")];
        let deal = with(&store, "opportunity", DEAL, &row);
        assert_eq!(written(&store, &[], std::slice::from_ref(&deal)), ["inactive-product"]);
        assert_eq!(written(&store, &[], &[with(&store, "quote", QUOTE, &[("terms", "Cash")])]), [""; 0]);
        store.put(with(&store, "product", "EV", &[("status", "active")]));
        assert_eq!(written(&store, &[], &[deal]), [""; 0]);
    }

    #[test]
    fn serial_numbers_need_stock() {
        let serials = ("serials", "true");
        varied(
            "product",
            "EV",
            &[(&[serials], &[]), (&[serials, ("track_stock", "false")], &["serials-need-stock"])],
        );
        varied("product", "HOUR", &[(&[serials], &["serials-need-stock"])]);
    }

    #[test]
    fn a_category_is_a_path_without_empty_parts() {
        for (category, sound) in [
            ("vehicle", true),
            ("vehicle/sedan", true),
            ("家电/空调", true),
            ("vehicle//x", false),
            ("/x", false),
            ("x/ ", false),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["bad-value"] };
            varied("product", "EV", &[(&[("category", category)], expected)]);
        }
    }

    #[test]
    fn a_price_ends_after_it_begins() {
        let price = |from, to| {
            let row = [("prices.id", "kkkkkk"), ("prices.price", "90.00"), ("prices.currency", "CNY")];
            [&row[..], &[("prices.from", from), ("prices.to", to)]].concat()
        };
        varied(
            "product",
            "EV",
            &[
                (&price("2026-03-01", "2026-03-01"), &[]),
                (&price("2026-03-02", "2026-03-01"), &["bad-value"]),
            ],
        );
    }

    #[test]
    fn prices_of_one_day_are_told_apart() {
        let prices = |from, qty| {
            [
                ("prices.id", "kkkkkk"),
                ("prices.price", "90.00"),
                ("prices.currency", "CNY"),
                ("prices.to", "2026-03-31"),
                ("prices.id", "llllll"),
                ("prices.price", "80.00"),
                ("prices.currency", "CNY"),
                ("prices.from", from),
                ("prices.min_qty", qty),
            ]
        };
        varied(
            "product",
            "EV",
            &[
                (&prices("2026-04-01", "0"), &[]),
                (&prices("2026-03-31", "0"), &["W price-row-overlap"]),
                (&prices("2026-03-31", "10"), &[]),
            ],
        );
    }
}
