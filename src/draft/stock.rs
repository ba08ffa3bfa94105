//! Movements: stock that comes, goes, moves between warehouses, or is counted.

use rust_decimal::Decimal;

use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::scalars::Day;
use crate::rules::View;
use crate::rules::stock_state::{is_tracked, on_hand};
use crate::rules::support::about;

/// What is to be written. Absent: today, the first warehouse, the product's cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MoveWish {
    pub product: String,
    /// As people say it: what comes, goes, is moved or counted; an adjustment has a sign.
    pub qty: Decimal,
    pub warehouse: Option<String>,
    /// Where a transfer goes.
    pub to_warehouse: Option<String>,
    pub date: Option<Day>,
    pub cost: Option<Decimal>,
    pub reference: Option<String>,
    pub supplier: Option<String>,
    pub serials: Vec<String>,
    pub note: Option<String>,
}

/// Writes a movement: opening, receive, issue, adjust, transfer or count. Gives its id.
pub fn movement(draft: &mut Draft<'_>, kind: &str, wish: MoveWish) -> Result<String, Problem> {
    let product = draft.need("product", &wish.product)?;
    if !is_tracked(&product) {
        return Err(about(&product, "untracked-product").arg("product", product.id()).field("product"));
    }
    // What people say has no sign but for an adjustment; a count may be of nothing.
    let sound = match kind {
        "adjust" => !wish.qty.is_zero(),
        "count" => wish.qty >= Decimal::ZERO,
        _ => wish.qty > Decimal::ZERO,
    };
    if !sound {
        let problem = Problem::invalid("movement-sign").arg("kind", kind);
        return Err(problem.arg("value", wish.qty.normalize()).field("qty"));
    }
    let mut doc = draft.make("movement", None);
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    doc.set("product", text(&wish.product));
    doc.set("kind", text(kind));
    match kind {
        "count" => doc.set("counted", Some(Value::Dec(wish.qty))),
        "issue" => doc.set("qty", Some(Value::Dec(-wish.qty))),
        _ => doc.set("qty", Some(Value::Dec(wish.qty))),
    }
    doc.set("date", Some(Value::Day(wish.date.unwrap_or(draft.setting.today))));
    doc.set("unit_cost", wish.cost.map(Value::Dec));
    doc.set("serials", Some(Value::List(wish.serials.iter().cloned().map(Value::Text).collect())));
    for (field, value) in [
        ("warehouse", wish.warehouse),
        ("to_warehouse", wish.to_warehouse),
        ("reference", wish.reference),
        ("supplier", wish.supplier),
        ("note", wish.note),
    ] {
        doc.set(field, value.map(Value::Text));
    }
    draft.fill(&mut doc);
    if kind == "transfer" {
        match doc.text("to_warehouse") {
            None => return Err(verbs::missing_flag("transfer", "to")),
            Some(to) if Some(to) == doc.text("warehouse") => {
                return Err(Problem::invalid("same-warehouse").arg("value", to).field("to_warehouse"));
            }
            Some(_) => {}
        }
    }
    verbs::add(draft, doc)
}

/// Fills the difference that a count found, and the cost of what comes in.
pub(super) fn complete(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let Some(product) = doc.text("product").map(str::to_owned) else { return Ok(()) };
    if let (None, Some(counted), Some(date)) = (doc.get("qty"), doc.dec("counted"), doc.day("date")) {
        let moves = draft.stock_moves(&product)?;
        let there = on_hand(&moves, doc.text("warehouse").unwrap_or_default(), date);
        doc.set("qty", Some(Value::Dec((counted - there).normalize())));
    }
    let comes_in =
        doc.dec("qty").is_some_and(|qty| qty > Decimal::ZERO) && doc.text("kind") != Some("transfer");
    if comes_in && doc.get("unit_cost").is_none() {
        let cost = draft.record("product", &product)?.and_then(|product| product.get("cost").cloned());
        doc.set("unit_cost", cost);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field, number};
    use super::*;

    fn wish(product: &str, qty: &str) -> MoveWish {
        MoveWish { product: product.to_owned(), qty: number(qty), ..MoveWish::default() }
    }

    fn stock(draft: &Draft<'_>, warehouse: &str) -> Result<Decimal, Problem> {
        Ok(on_hand(&draft.stock_moves("MAT")?, warehouse, draft.setting.today))
    }

    #[test]
    fn stock_comes_goes_moves_and_is_counted() {
        Bench::new().with(|draft| {
            for (kind, qty, here, there) in [
                ("opening", "10", "10", "0"),
                ("receive", "5", "15", "0"),
                ("issue", "4", "11", "0"),
                ("adjust", "-1", "10", "0"),
                ("transfer", "3", "7", "3"),
                ("count", "6", "6", "3"),
                ("count", "6", "6", "3"),
            ] {
                let to = (kind == "transfer").then(|| "futian".to_owned());
                movement(draft, kind, MoveWish { to_warehouse: to, ..wish("MAT", qty) })?;
                assert_eq!(stock(draft, "main")?, number(here), "main after {kind} {qty}");
                assert_eq!(stock(draft, "futian")?, number(there), "futian after {kind} {qty}");
            }
            Ok(())
        });
    }

    #[test]
    fn a_count_is_the_difference_to_the_stock_of_its_day() {
        let mut bench = Bench::new();
        bench.stock("MAT", "10", "2026-03-01");
        bench.stock("MAT", "5", "2026-03-09");
        bench.with(|draft| {
            let date = Some("2026-03-05".parse().expect("a day"));
            let id = movement(draft, "count", MoveWish { date, ..wish("MAT", "8") })?;
            let doc = draft.need("movement", &id)?;
            assert_eq!((field(&doc, "qty"), field(&doc, "counted")), ("-2".to_owned(), "8".to_owned()));
            assert!(doc.get("unit_cost").is_none(), "nothing came in");
            Ok(())
        });
    }

    #[test]
    fn what_comes_in_costs_what_the_product_costs_unless_given() {
        Bench::new().with(|draft| {
            let usual = movement(draft, "receive", wish("MAT", "1"))?;
            let given =
                movement(draft, "receive", MoveWish { cost: Some(number("61.5")), ..wish("MAT", "1") })?;
            for (id, cost) in [(usual, "60.00"), (given, "61.50")] {
                let doc = draft.need("movement", &id)?;
                assert_eq!(
                    (field(&doc, "unit_cost").as_str(), field(&doc, "warehouse").as_str()),
                    (cost, "main")
                );
            }
            Ok(())
        });
    }

    #[test]
    fn movements_that_make_no_sense_are_refused() {
        let bench = Bench::new();
        for (kind, product, qty, to, problem) in [
            ("receive", "SETUP", "1", None, "untracked-product"),
            ("receive", "NONE", "1", None, "no-such-record"),
            ("receive", "MAT", "0", None, "movement-sign"),
            ("issue", "MAT", "-1", None, "movement-sign"),
            ("count", "MAT", "-1", None, "movement-sign"),
            ("receive", "MAT", "1000000001", None, "bad-value"),
            ("transfer", "MAT", "1", None, "missing-flag"),
            ("transfer", "MAT", "1", Some("main"), "same-warehouse"),
        ] {
            let to_warehouse = to.map(str::to_owned);
            let refused =
                bench.refused(|draft| movement(draft, kind, MoveWish { to_warehouse, ..wish(product, qty) }));
            assert_eq!(refused.id, problem, "{kind} {product} {qty}");
        }
    }
}
