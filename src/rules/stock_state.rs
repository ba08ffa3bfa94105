//! Stock of a product by warehouse and day, from movements, shipments and returns.
//!
//! Nothing of this is stored. Deliberately absent: values of stock, which reports work out.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::View;
use super::amounts::{fact_sign, number, word};
use super::order_state::order_state;
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;

/// A change of stock: when, where, how much.
pub type StockMove = (Day, String, Decimal);

/// Every change of the stock of a product, from its facts. A view that knows them better
/// overrides [`View::stock_moves`].
pub fn moves_of(view: &(impl View + ?Sized), product: &str) -> Result<Vec<StockMove>, Problem> {
    let mut moves = Vec::new();
    for movement in view.all_with("movement", "product", product)? {
        moves.extend(of_movement(&movement));
    }
    for shipment in view.all_with("shipment", "lines.product", product)? {
        moves.extend(of_lines(&shipment, product));
    }
    for returned in view.all_with("return", "lines.product", product)? {
        moves.extend(of_lines(&returned, product));
    }
    moves.sort();
    Ok(moves)
}

/// What a movement does to stock: a transfer takes here and puts there.
pub fn of_movement(movement: &Doc) -> Vec<StockMove> {
    let (Some(day), Some(here)) = (movement.day("date"), movement.text("warehouse")) else {
        return Vec::new();
    };
    let qty = movement.dec("qty").unwrap_or_default() * fact_sign(movement);
    if movement.text("kind") != Some("transfer") {
        return vec![(day, here.to_owned(), qty)];
    }
    let mut moves = vec![(day, here.to_owned(), -qty)];
    moves.extend(movement.text("to_warehouse").map(|there| (day, there.to_owned(), qty)));
    moves
}

/// What a shipment or return does to the stock of a product; scrap does not come back.
pub fn of_lines(fact: &Doc, product: &str) -> Vec<StockMove> {
    let (Some(day), Some(warehouse)) = (fact.day("date"), fact.text("warehouse")) else { return Vec::new() };
    let out = fact.kind.name == "shipment";
    let sign = if out { -fact_sign(fact) } else { fact_sign(fact) };
    let counts = |row: &&Row| {
        word(row, "product") == Some(product) && (out || row.get("restock") != Some(&Value::Bool(false)))
    };
    let lines = fact.rows("lines").iter().filter(counts);
    lines.map(|row| (day, warehouse.to_owned(), sign * number(row, "qty").unwrap_or_default())).collect()
}

/// The stock in a warehouse at the end of a day.
pub fn on_hand(moves: &[StockMove], warehouse: &str, day: Day) -> Decimal {
    moves.iter().filter(|(on, here, _)| *on <= day && here == warehouse).map(|(_, _, qty)| *qty).sum()
}

/// The stock in each warehouse at the end of every day on which it changed.
pub fn by_day(moves: &[StockMove]) -> BTreeMap<String, BTreeMap<Day, Decimal>> {
    let mut changes: BTreeMap<String, BTreeMap<Day, Decimal>> = BTreeMap::new();
    for (day, warehouse, qty) in moves {
        *changes.entry(warehouse.clone()).or_default().entry(*day).or_default() += *qty;
    }
    for days in changes.values_mut() {
        let mut stock = Decimal::ZERO;
        for qty in days.values_mut() {
            stock += *qty;
            *qty = stock;
        }
    }
    changes
}

/// What confirmed and held orders still have to ship of a product.
pub fn reserved(view: &dyn View, product: &str, today: Day) -> Result<Decimal, Problem> {
    let mut sum = Decimal::ZERO;
    for order in view.all_with("order", "lines.product", product)? {
        if matches!(order.state(), "confirmed" | "on_hold") {
            let state = order_state(view, &order, today)?;
            let lines = state.lines.iter().filter(|line| line.product.as_deref() == Some(product));
            sum += lines.map(|line| line.to_ship).sum::<Decimal>();
        }
    }
    Ok(sum)
}

/// Whether stock is kept of a product: goods, unless it says otherwise.
pub fn is_tracked(product: &Doc) -> bool {
    product.text("kind") != Some("service") && product.get("track_stock") != Some(&Value::Bool(false))
}

/// The products whose stock a fact changes.
pub fn products_of(fact: &Doc) -> BTreeSet<&str> {
    match fact.kind.name {
        "movement" => fact.text("product").into_iter().collect(),
        "shipment" | "return" => fact.rows("lines").iter().filter_map(|row| word(row, "product")).collect(),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ORDER, returned, sample, shipment, with};
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn qty(value: i64) -> Decimal {
        Decimal::from(value)
    }

    #[test]
    fn stock_is_what_came_in_less_what_went_out() {
        let mut store = sample();
        store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-01", "4"));
        store.put(shipment(&store, "shp_llllllllllll", "2026-02-02", "2"));
        store.put(returned(&store, "ret_kkkkkkkkkkkk", "1", "replace"));
        let mut scrap = returned(&store, "ret_llllllllllll", "1", "replace");
        let mut rows = scrap.rows("lines").to_vec();
        rows[0].insert("restock", Value::Bool(false));
        scrap.set("lines", Some(Value::Rows(rows)));
        store.put(scrap);
        let moves = store.stock_moves("EV").expect("moves");
        for (on, expected) in
            [("2026-01-09", 0), ("2026-01-10", 10), ("2026-02-01", 6), ("2026-02-02", 4), ("2026-02-20", 5)]
        {
            assert_eq!(on_hand(&moves, "main", day(on)), qty(expected), "{on}");
        }
    }

    #[test]
    fn a_transfer_takes_here_and_puts_there_and_a_reversal_back() {
        let mut store = sample();
        let fields = [
            ("date", "2026-02-01"),
            ("product", "EV"),
            ("kind", "transfer"),
            ("warehouse", "main"),
            ("to_warehouse", "futian"),
            ("qty", "3"),
        ];
        store.add("movement", "mov_llllllllllll", &fields);
        let check = |store: &super::super::memory::Memory, main, futian| {
            let days = by_day(&store.stock_moves("EV").expect("moves"));
            let last = |warehouse: &str| *days[warehouse].last_key_value().expect("a day").1;
            assert_eq!((last("main"), last("futian")), (qty(main), qty(futian)));
        };
        check(&store, 7, 3);
        store.add(
            "movement",
            "mov_mmmmmmmmmmmm",
            &[&fields[..], &[("reverses", "mov_llllllllllll")]].concat(),
        );
        check(&store, 10, 0);
    }

    #[test]
    fn open_goods_of_confirmed_orders_are_reserved() {
        let mut store = sample();
        let reserved = |store: &super::super::memory::Memory| {
            reserved(store, "EV", day("2026-03-16")).expect("a quantity")
        };
        assert_eq!(reserved(&store), qty(5));
        store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-01", "2"));
        assert_eq!(reserved(&store), qty(3));
        store.put(with(&store, "order", ORDER, &[("status", "closed")]));
        assert_eq!(reserved(&store), qty(0));
    }
}
