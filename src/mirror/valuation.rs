//! `stock_value(method, qty, unit_cost, key order by …)`: what the stock that changes leave is worth.
//!
//! The average weighs what is there and what comes in; first in, first out uses up the oldest. What
//! comes back under the key it left with comes in at the cost it left with. Values are exact decimals;
//! the answer is a decimal as text, null where a cost is not known. Deliberately absent: rounding to
//! money, which the caller does once at the end.

use std::collections::{BTreeMap, VecDeque};

use rusqlite::functions::{Aggregate, Context};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use rust_decimal::Decimal;

use super::functions::{PURE, shortest};

/// Registers it on a connection.
pub(super) fn register(db: &Connection) -> Result<()> {
    db.create_aggregate_function("stock_value", 4, PURE, StockValue)
}

/// What is there, and what units cost when they left.
#[derive(Default)]
struct Stock {
    fifo: bool,
    /// What came in and has not left, the oldest first; one layer at the average unless `fifo`.
    layers: VecDeque<Layer>,
    /// Units that left though nothing was there; what comes in makes good for them first.
    missing: Decimal,
    /// The last known cost of a unit, at which missing units count.
    last: Option<Decimal>,
    left: BTreeMap<String, Option<Decimal>>,
}

/// Units of one cost; none where it is not known.
struct Layer {
    qty: Decimal,
    cost: Option<Decimal>,
}

impl Stock {
    fn change(&mut self, qty: Decimal, cost: Option<Decimal>, key: Option<&str>) {
        if qty > Decimal::ZERO {
            let before = key.and_then(|key| self.left.get(key)).copied().flatten();
            self.receive(qty, before.or(cost));
        } else if qty < Decimal::ZERO {
            let cost = self.issue(-qty);
            self.left.extend(key.map(|key| (key.to_owned(), cost)));
        }
    }

    fn receive(&mut self, qty: Decimal, cost: Option<Decimal>) {
        let covered = qty.min(self.missing);
        self.missing -= covered;
        let qty = qty - covered;
        let cost = cost.or_else(|| self.layers.back().and_then(|layer| layer.cost)).or(self.last);
        self.last = cost.or(self.last);
        if qty.is_zero() {
            return;
        }
        match self.layers.back_mut() {
            Some(layer) if !self.fifo => {
                let worth = layer.cost.zip(cost).and_then(|(there, new)| {
                    let sum = there.checked_mul(layer.qty)?.checked_add(new.checked_mul(qty)?)?;
                    sum.checked_div(layer.qty + qty)
                });
                layer.qty += qty;
                layer.cost = worth;
            }
            _ => self.layers.push_back(Layer { qty, cost }),
        }
    }

    /// Takes units out and says what one of them cost on average.
    fn issue(&mut self, qty: Decimal) -> Option<Decimal> {
        let (mut open, mut worth) = (qty, Some(Decimal::ZERO));
        while !open.is_zero() {
            let Some(layer) = self.layers.front_mut() else { break };
            let taken = open.min(layer.qty);
            worth = worth.zip(layer.cost).and_then(|(sum, cost)| sum.checked_add(cost.checked_mul(taken)?));
            self.last = layer.cost.or(self.last);
            layer.qty -= taken;
            open -= taken;
            if layer.qty.is_zero() {
                self.layers.pop_front();
            }
        }
        self.missing += open;
        if !open.is_zero() {
            worth = worth.zip(self.last).and_then(|(sum, cost)| sum.checked_add(cost.checked_mul(open)?));
        }
        worth.and_then(|worth| worth.checked_div(qty))
    }

    fn value(&self) -> Option<Decimal> {
        if !self.missing.is_zero() {
            return self.last.and_then(|cost| (-self.missing).checked_mul(cost));
        }
        self.layers.iter().try_fold(Decimal::ZERO, |sum, layer| {
            layer.cost.and_then(|cost| sum.checked_add(cost.checked_mul(layer.qty)?))
        })
    }
}

struct StockValue;

impl Aggregate<Stock, Option<String>> for StockValue {
    fn init(&self, _: &mut Context<'_>) -> Result<Stock> {
        Ok(Stock::default())
    }

    fn step(&self, ctx: &mut Context<'_>, stock: &mut Stock) -> Result<()> {
        let number = |at: usize| match ctx.get_raw(at) {
            ValueRef::Integer(int) => Some(Decimal::from(int)),
            ValueRef::Real(real) => shortest(real),
            _ => None,
        };
        let text = |at: usize| match ctx.get_raw(at) {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        };
        stock.fifo = text(0) == Some("fifo");
        stock.change(number(1).unwrap_or_default(), number(2), text(3));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, stock: Option<Stock>) -> Result<Option<String>> {
        Ok(stock.and_then(|stock| stock.value()).map(|value| value.normalize().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(fifo: bool, changes: &[(i64, Option<i64>, Option<&str>)]) -> Option<String> {
        let mut stock = Stock { fifo, ..Stock::default() };
        for (qty, cost, key) in changes {
            stock.change(Decimal::from(*qty), cost.map(Decimal::from), *key);
        }
        stock.value().map(|value| value.normalize().to_string())
    }

    #[test]
    fn the_average_and_the_oldest_layer_give_different_values() {
        let changes = [(10, Some(100), None), (5, Some(130), None), (-6, None, None), (3, Some(90), None)];
        assert_eq!(worth(false, &changes).as_deref(), Some("1260"));
        assert_eq!(worth(true, &changes).as_deref(), Some("1320"));
    }

    #[test]
    fn what_comes_back_costs_what_it_left_with() {
        let changes =
            [(10, Some(100), None), (-4, None, Some("o/a")), (6, Some(200), None), (2, None, Some("o/a"))];
        assert_eq!(worth(false, &changes).as_deref(), Some("2000"));
        assert_eq!(worth(true, &changes).as_deref(), Some("2000"));
    }

    #[test]
    fn while_nothing_is_there_what_comes_in_sets_the_cost() {
        assert_eq!(
            worth(false, &[(2, Some(10), None), (-5, None, None), (4, Some(20), None)]).as_deref(),
            Some("20")
        );
        assert_eq!(worth(true, &[(2, Some(10), None), (-5, None, None)]).as_deref(), Some("-30"));
    }

    #[test]
    fn without_a_cost_there_is_no_value() {
        assert_eq!(worth(false, &[(2, None, None)]), None);
        assert_eq!(worth(false, &[(2, None, None), (1, Some(5), None)]), None, "a part of it is not known");
        assert_eq!(worth(false, &[(2, Some(5), None), (1, None, None)]).as_deref(), Some("15"));
        assert_eq!(worth(false, &[]).as_deref(), Some("0"));
    }
}
