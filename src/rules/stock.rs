//! Stock never falls below zero, and units with a serial number are where they can be.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::amounts::{fact_sign, number, word};
use super::stock_state::{StockMove, by_day, is_tracked, of_lines, of_movement, on_hand, products_of};
use super::support::{about, others, unless_overridden};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::role::Override;
use crate::model::scalars::Day;

/// `negative-stock` of a product as it is, for `crm check`.
pub fn negative(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "product" || !is_judged(view, doc) {
        return Ok(());
    }
    for (warehouse, days) in by_day(&view.stock_moves(doc.id())?) {
        if let Some((day, stock)) = days.into_iter().find(|(_, stock)| *stock < Decimal::ZERO) {
            found.push(below_zero(judge, doc, &warehouse, day, stock));
        }
    }
    Ok(())
}

/// `negative-stock`: the changes take stock below zero on a day on which it was not, or further.
pub fn newly_negative(
    view: &dyn View,
    base: &dyn View,
    judge: &Judge<'_>,
    changes: &[Change],
    found: &mut Found,
) -> Result<(), Problem> {
    let facts = changes.iter().filter(|change| takes_out(change));
    let facts = facts.flat_map(|change| change.old.iter().chain(&change.new));
    let products: BTreeSet<&str> = facts.flat_map(products_of).collect();
    for sku in products {
        let Some(product) = view.record("product", sku)?.filter(|product| is_judged(view, product)) else {
            continue;
        };
        let moves = view.stock_moves(sku)?;
        let after = by_day(&moves);
        if after.values().flatten().all(|(_, stock)| *stock >= Decimal::ZERO) {
            continue;
        }
        let before = by_day(&base.stock_moves(sku)?);
        let known = view.schema().settings.list("stock.warehouses");
        // A warehouse that there is not is refused as such.
        for (warehouse, days) in
            after.into_iter().filter(|(warehouse, _)| known.contains(&warehouse.as_str()))
        {
            let before = before.get(&warehouse);
            let worse = |(day, stock): &(Day, Decimal)| {
                let had = before.and_then(|days| days.range(..=*day).next_back());
                *stock < Decimal::ZERO && *stock < had.map(|(_, stock)| *stock).unwrap_or_default()
            };
            if let Some((day, stock)) = days.into_iter().find(worse) {
                found.push(below_zero(judge, &product, &warehouse, day, stock));
            }
        }
    }
    Ok(())
}

/// Whether a change may lower stock: all but a new fact that only brings something in.
fn takes_out(change: &Change) -> bool {
    let (None, Some(new)) = (&change.old, &change.new) else { return true };
    let moves = match new.kind.name {
        "movement" => of_movement(new),
        _ => products_of(new).into_iter().flat_map(|sku| of_lines(new, sku)).collect(),
    };
    moves.iter().any(|(.., qty)| *qty < Decimal::ZERO)
}

fn is_judged(view: &dyn View, product: &Doc) -> bool {
    is_tracked(product) && !view.schema().settings.flag("stock.allow_negative")
}

fn below_zero(judge: &Judge<'_>, product: &Doc, warehouse: &str, day: Day, stock: Decimal) -> Problem {
    let problem = about(product, "negative-stock").arg("warehouse", warehouse).arg("day", day);
    unless_overridden(problem.arg("have", stock.normalize()), judge, Override::NegativeStock)
}

/// The largest quantity of a movement: with six decimals it is still exact in the read model.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// `movement-sign`: the sign of a quantity does not fit what the movement is; its range.
pub fn sign(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(qty)) = (doc.kind.name == "movement", doc.dec("qty")) else { return Ok(()) };
    if qty.abs() > MOST {
        let problem = about(doc, "bad-value").arg("field", "qty").arg("value", qty.normalize());
        found.push(problem.arg("reason", "range").field("qty"));
    }
    let kind = doc.text("kind").unwrap_or_default();
    let sound = match kind {
        "opening" | "receive" | "transfer" => qty > Decimal::ZERO,
        "issue" => qty < Decimal::ZERO,
        "adjust" => !qty.is_zero(),
        _ => true,
    };
    if !sound {
        found.push(about(doc, "movement-sign").arg("kind", kind).arg("value", qty.normalize()).field("qty"));
    }
    let missing = match kind {
        "transfer" => "to_warehouse",
        "count" => "counted",
        _ => return Ok(()),
    };
    if doc.get(missing).is_none() {
        found.push(about(doc, "missing-field").arg("field", missing).field(missing));
    }
    Ok(())
}

/// `unknown-warehouse`: one that the settings do not name, or a transfer into the same.
pub fn warehouse(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if !matches!(doc.kind.name, "movement" | "shipment" | "return") {
        return Ok(());
    }
    let known = view.schema().settings.list("stock.warehouses");
    for field in ["warehouse", "to_warehouse"] {
        let Some(code) = doc.text(field) else { continue };
        let same = field == "to_warehouse" && doc.text("warehouse") == Some(code);
        if same || !known.contains(&code) {
            let problem = about(doc, "unknown-warehouse").arg("value", code).field(field);
            found.push(problem.legal(known.iter().copied()));
        }
    }
    Ok(())
}

/// `count-mismatch` W: what was counted is not what was there and the difference, as happens when
/// two clones are merged. Within a day the order of facts is open.
pub fn count(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "movement" || doc.text("kind") != Some("count") || is_undone(view, doc)? {
        return Ok(());
    }
    let (Some(day), Some(counted), Some(qty)) = (doc.day("date"), doc.dec("counted"), doc.dec("qty")) else {
        return Ok(());
    };
    let (Some(sku), Some(here)) = (doc.text("product"), doc.text("warehouse")) else { return Ok(()) };
    let moves = view.stock_moves(sku)?;
    let (least, most) = besides(&moves, here, day, qty);
    if counted < least + qty || counted > most + qty {
        let problem = about(doc, "count-mismatch").arg("have", counted.normalize());
        let stock = on_hand(&moves, here, day).normalize();
        found.push(problem.arg("most", stock).field("counted").as_warning());
    }
    Ok(())
}

fn is_undone(view: &dyn View, doc: &Doc) -> Result<bool, Problem> {
    Ok(doc.get("reverses").is_some() || !others(view, doc, "movement", "reverses", doc.id())?.is_empty())
}

/// The least and the most that may have been there in the course of a day, but for one move of it.
fn besides(moves: &[StockMove], warehouse: &str, day: Day, without: Decimal) -> (Decimal, Decimal) {
    let before = day.pred_opt().map(|day| on_hand(moves, warehouse, day)).unwrap_or_default();
    let of_day = moves.iter().filter(|(on, here, _)| *on == day && here == warehouse).map(|(_, _, qty)| *qty);
    let mut of_day: Vec<Decimal> = of_day.collect();
    if let Some(own) = of_day.iter().position(|qty| *qty == without) {
        of_day.swap_remove(own);
    }
    let (less, more): (Vec<Decimal>, Vec<Decimal>) = of_day.into_iter().partition(|qty| *qty < Decimal::ZERO);
    (before + less.iter().sum::<Decimal>(), before + more.iter().sum::<Decimal>())
}

/// The serial numbers of a fact: product, how many units, which numbers.
fn serials_of(doc: &Doc) -> Vec<(&str, Decimal, Vec<&str>)> {
    match doc.kind.name {
        "movement" if doc.text("kind") != Some("count") => {
            let qty = doc.dec("qty").unwrap_or_default().abs();
            doc.text("product").map(|sku| (sku, qty, doc.list("serials").collect())).into_iter().collect()
        }
        "shipment" | "return" => doc
            .rows("lines")
            .iter()
            .filter_map(|row| {
                let serials = match row.get("serials") {
                    Some(Value::List(list)) => list.iter().filter_map(Value::as_text).collect(),
                    _ => Vec::new(),
                };
                Some((word(row, "product")?, number(row, "qty").unwrap_or_default(), serials))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// `serial-count`: not as many serial numbers as units. `duplicate-serial`: a unit in stock or
/// shipped twice at the end of a day, or taken out when it was gone. `serial-not-received` W:
/// taken out before it came in, as what was there before its product had serial numbers.
pub fn serials(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    for (sku, qty, serials) in serials_of(doc) {
        let asked = view.record("product", sku)?.is_some_and(|product| product.flag("serials"));
        let count = Decimal::from(serials.len());
        if (asked || !serials.is_empty()) && count != qty {
            let problem = about(doc, "serial-count").arg("product", sku).arg("have", count);
            found.push(problem.arg("most", qty.normalize()).field("serials"));
        }
        for (at, serial) in serials.iter().enumerate() {
            let place = if serials[..at].contains(serial) { Place::Twice } else { place(view, sku, serial)? };
            let refuse = |rule| about(doc, rule).arg("product", sku).arg("value", serial).field("serials");
            match place {
                Place::Twice => found.push(refuse("duplicate-serial")),
                Place::NeverCame if is_out(doc) => found.push(refuse("serial-not-received").as_warning()),
                Place::NeverCame | Place::Known => {}
            }
        }
    }
    Ok(())
}

fn is_out(fact: &Doc) -> bool {
    match fact.kind.name {
        "shipment" => fact.get("reverses").is_none(),
        "movement" => fact.dec("qty").is_some_and(|qty| qty * fact_sign(fact) < Decimal::ZERO),
        _ => false,
    }
}

/// Where a unit is, by all that is known of it.
enum Place {
    Known,
    /// In stock or shipped twice at the end of some day, or taken out when it was gone.
    Twice,
    /// It left before it came, or never came.
    NeverCame,
}

fn place(view: &dyn View, sku: &str, serial: &str) -> Result<Place, Problem> {
    let mut days: BTreeMap<Day, (Decimal, Decimal)> = BTreeMap::new();
    let mut arrivals: BTreeMap<Day, bool> = BTreeMap::new();
    for (noun, field) in [("movement", "serials"), ("shipment", "lines.serials"), ("return", "lines.serials")]
    {
        for fact in view.all_with(noun, field, serial)? {
            let Some(day) = fact.day("date") else { continue };
            let (stocked, shipped) = effect(&fact, sku, serial);
            let sums = days.entry(day).or_default();
            sums.0 += stocked;
            sums.1 += shipped;
            if !stocked.is_zero() {
                // What a customer gives back had left before.
                *arrivals.entry(day).or_default() |= noun == "movement" && stocked > Decimal::ZERO;
            }
        }
    }
    // What left first was there before anybody counted: it may be out once more than it came in.
    let came = arrivals.into_values().next().unwrap_or(true);
    let least = if came { Decimal::ZERO } else { -Decimal::ONE };
    let (mut stocked, mut shipped) = (Decimal::ZERO, Decimal::ZERO);
    let twice = days.into_values().any(|(in_stock, out)| {
        stocked += in_stock;
        shipped += out;
        stocked > Decimal::ONE || shipped > Decimal::ONE || stocked < least
    });
    Ok(match (twice, came) {
        (true, _) => Place::Twice,
        (false, true) => Place::Known,
        (false, false) => Place::NeverCame,
    })
}

/// What a fact does to a unit: into stock or out of it, to a customer or back.
fn effect(fact: &Doc, sku: &str, serial: &str) -> (Decimal, Decimal) {
    let sign = fact_sign(fact);
    let has = |serials: &Value| matches!(serials, Value::List(list) if list.iter().any(|s| s.as_text() == Some(serial)));
    let mut lines = fact.rows("lines").iter();
    let line = lines.find(|row| word(row, "product") == Some(sku) && row.get("serials").is_some_and(has));
    match (fact.kind.name, line) {
        ("movement", _) if fact.text("product") == Some(sku) && fact.text("kind") != Some("transfer") => {
            let comes_in = fact.dec("qty").unwrap_or_default() > Decimal::ZERO;
            (if comes_in { sign } else { -sign }, Decimal::ZERO)
        }
        ("shipment", Some(_)) => (-sign, sign),
        ("return", Some(row)) if row.get("restock") == Some(&Value::Bool(false)) => (Decimal::ZERO, -sign),
        ("return", Some(_)) => (sign, -sign),
        _ => (Decimal::ZERO, Decimal::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{checked, removed, returned, sample, shipment, with, written};
    use super::*;

    fn movement(store: &Memory, id: &str, fields: &[(&str, &str)]) -> Doc {
        let base = [("date", "2026-02-10"), ("product", "EV"), ("warehouse", "main")];
        store.doc("movement", id, &[&base[..], fields].concat())
    }

    #[test]
    fn stock_does_not_fall_below_zero_on_any_day() {
        let issue = |day, qty| {
            movement(&sample(), "mov_llllllllllll", &[("kind", "issue"), ("qty", qty), ("date", day)])
        };
        for (day, qty, sound) in
            [("2026-02-10", "-10", true), ("2026-02-10", "-11", false), ("2026-01-09", "-1", false)]
        {
            let expected: &[&str] = if sound { &[] } else { &["negative-stock"] };
            assert_eq!(written(&sample(), &[], &[issue(day, qty)]), expected, "{day} {qty}");
        }
        for (allow, told) in [("override", "negative-stock"), ("override negative_stock", "W negative-stock")]
        {
            assert_eq!(written(&sample(), &[allow], &[issue("2026-02-10", "-11")]), [told]);
        }
        let mut store = sample();
        store.put(issue("2026-02-10", "-11"));
        assert_eq!(checked(&store, &with(&store, "product", "EV", &[])), ["negative-stock"]);
    }

    #[test]
    fn stock_below_zero_may_rise_but_not_fall() {
        let mut store = sample();
        store.put(movement(&store, "mov_llllllllllll", &[("kind", "issue"), ("qty", "-15")]));
        let write = |qty, kind, day| {
            let doc = movement(&store, "mov_mmmmmmmmmmmm", &[("kind", kind), ("qty", qty), ("date", day)]);
            written(&store, &[], &[doc])
        };
        assert_eq!(write("1", "receive", "2026-02-11"), [""; 0]);
        assert_eq!(write("-1", "issue", "2026-02-11"), ["negative-stock"]);
        assert_eq!(removed(&store, &["undo"], "movement", "mov_kkkkkkkkkkkk"), ["negative-stock"]);
    }

    #[test]
    fn what_has_no_stock_cannot_run_out() {
        let mut store = sample();
        let doc = movement(&store, "mov_llllllllllll", &[("kind", "issue"), ("qty", "-11")]);
        store.put(with(&store, "product", "EV", &[("track_stock", "false")]));
        assert_eq!(written(&store, &[], &[doc]), [""; 0]);
    }

    #[test]
    fn the_sign_is_that_of_the_kind() {
        for (kind, qty, sound) in [
            ("receive", "1", true),
            ("receive", "-1", false),
            ("opening", "0", false),
            ("issue", "-1", true),
            ("issue", "1", false),
            ("adjust", "-1", true),
            ("adjust", "0", false),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["movement-sign"] };
            let doc = movement(&sample(), "mov_llllllllllll", &[("kind", kind), ("qty", qty)]);
            assert_eq!(checked(&sample(), &doc), expected, "{kind} {qty}");
        }
    }

    #[test]
    fn warehouses_are_those_of_the_settings() {
        for (fields, expected) in [
            (&[("kind", "receive"), ("warehouse", "futian")][..], &[][..]),
            (&[("kind", "receive"), ("warehouse", "moon")], &["unknown-warehouse"]),
            (&[("kind", "transfer"), ("to_warehouse", "futian")], &[]),
            (&[("kind", "transfer"), ("to_warehouse", "main")], &["unknown-warehouse"]),
            (&[("kind", "transfer")], &["missing-field"]),
        ] {
            let doc = movement(&sample(), "mov_llllllllllll", &[&[("qty", "1")], fields].concat());
            assert_eq!(checked(&sample(), &doc), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_count_is_what_was_there_and_the_difference() {
        let mut store = sample();
        store.put(movement(&store, "mov_llllllllllll", &[("kind", "issue"), ("qty", "-2")]));
        for (counted, qty, sound) in [
            ("7", "-1", true),
            ("9", "-1", true),
            ("6", "-1", false),
            ("10", "-1", false),
            ("12", "1", false),
        ] {
            let fields = [("kind", "count"), ("qty", qty), ("counted", counted)];
            let expected: &[&str] = if sound { &[] } else { &["W count-mismatch"] };
            let doc = movement(&store, "mov_mmmmmmmmmmmm", &fields);
            assert_eq!(checked(&store, &doc), expected, "{counted} {qty}");
        }
    }

    #[test]
    fn there_are_as_many_serial_numbers_as_units() {
        let mut store = sample();
        let receive = |serials| {
            movement(
                &sample(),
                "mov_llllllllllll",
                &[("kind", "receive"), ("qty", "2"), ("serials", serials)],
            )
        };
        let plain = movement(&store, "mov_llllllllllll", &[("kind", "receive"), ("qty", "2")]);
        assert_eq!(checked(&store, &plain), [""; 0]);
        assert_eq!(checked(&store, &receive("V1;V2")), [""; 0]);
        assert_eq!(checked(&store, &receive("V1")), ["serial-count"]);
        store.put(with(&store, "product", "EV", &[("serials", "true")]));
        assert_eq!(checked(&store, &plain), ["serial-count"]);
    }

    #[test]
    fn a_unit_is_in_one_place() {
        let mut store = sample();
        let receive = |id, day, serials| {
            let fields = [("kind", "receive"), ("qty", "1"), ("date", day), ("serials", serials)];
            movement(&sample(), id, &fields)
        };
        let ship = |id, day| {
            let mut doc = shipment(&sample(), id, day, "1");
            let mut rows = doc.rows("lines").to_vec();
            rows[0].insert("serials", Value::List(vec![super::super::support::text("V1")]));
            doc.set("lines", Some(Value::Rows(rows)));
            doc
        };
        store.put(receive("mov_llllllllllll", "2026-02-01", "V1"));
        assert_eq!(checked(&store, &receive("mov_mmmmmmmmmmmm", "2026-02-05", "V1")), ["duplicate-serial"]);
        assert_eq!(checked(&store, &receive("mov_mmmmmmmmmmmm", "2026-02-05", "V2")), [""; 0]);
        store.put(ship("shp_kkkkkkkkkkkk", "2026-02-10"));
        assert_eq!(checked(&store, &ship("shp_kkkkkkkkkkkk", "2026-02-10")), [""; 0]);
        assert_eq!(checked(&store, &ship("shp_llllllllllll", "2026-02-25")), ["duplicate-serial"]);
        let mut back = returned(&store, "ret_kkkkkkkkkkkk", "1", "replace");
        back.set("lines", ship("shp_kkkkkkkkkkkk", "2026-02-20").get("lines").cloned());
        store.put(back);
        assert_eq!(checked(&store, &ship("shp_llllllllllll", "2026-02-25")), [""; 0]);
    }

    #[test]
    fn a_unit_does_not_leave_when_it_is_gone() {
        let taken = |store: &Memory, id, kind, qty, day, serial| {
            movement(store, id, &[("kind", kind), ("qty", qty), ("date", day), ("serials", serial)])
        };
        let mut store = sample();
        let issue = taken(&store, "mov_nnnnnnnnnnnn", "issue", "-1", "2026-02-09", "V1");
        assert_eq!(checked(&store, &issue), ["W serial-not-received"]);
        let receive = taken(&store, "mov_llllllllllll", "receive", "1", "2026-02-01", "V1");
        store.put(receive.clone());
        assert_eq!(checked(&store, &issue), [""; 0]);
        store.put(taken(&store, "mov_mmmmmmmmmmmm", "issue", "-1", "2026-02-01", "V1"));
        assert_eq!(checked(&store, &issue), ["duplicate-serial"], "issued twice");
        store.put(issue);
        assert_eq!(checked(&store, &receive), ["duplicate-serial"], "whoever looks");
    }
}
