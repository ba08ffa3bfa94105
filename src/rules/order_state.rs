//! What follows from an order and its facts: what is shipped, billed and paid, and what is left.
//!
//! Facts count net of their reversals. Nothing of this is stored. Deliberately absent: the state
//! as of an earlier day, which reports work out themselves.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::View;
use super::amounts::{fact_sign, invoice_sign, number, price_mode, totals, word};
use super::balances::{InvoiceBalance, allocated, invoice_balances};
use crate::model::Problem;
use crate::model::document::{DocumentOut, LineValue, ShippingOut, part_of_line};
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;

/// The facts that belong to an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderFacts {
    pub shipments: Vec<Doc>,
    pub returns: Vec<Doc>,
    /// Invoices and credit notes.
    pub invoices: Vec<Doc>,
    /// Payments with an allocation to the order or to one of its invoices.
    pub payments: Vec<Doc>,
    /// Products of its lines that ship; all else is billed only.
    pub goods: BTreeSet<String>,
}

/// One line of an order and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineState {
    /// Id of the line.
    pub id: String,
    pub product: Option<String>,
    /// Whether it ships; services and free lines do not.
    pub goods: bool,
    pub qty: Decimal,
    /// Shipped, net of reversals.
    pub shipped: Decimal,
    /// Returned with effect `reverse`.
    pub reversed: Decimal,
    /// Returned with effect `replace`.
    pub replaced: Decimal,
    /// Invoices less credit notes.
    pub billed: Decimal,
    /// Sum of the cancellations of the line.
    pub cancellations: Decimal,
    /// What will not come, whatever the reason.
    pub cancelled: Decimal,
    /// What is still to come: goods to ship, services to bill.
    pub open: Decimal,
    /// Open goods of a confirmed or held order.
    pub to_ship: Decimal,
    /// Quantity less what is cancelled.
    pub effective_qty: Decimal,
    /// Sold and not billed; nothing of a draft.
    pub to_bill: Decimal,
}

impl LineState {
    /// What is sold and not billed, though it be of a draft.
    pub fn unbilled(&self) -> Decimal {
        (self.effective_qty - self.reversed - self.billed).max(Decimal::ZERO)
    }

    /// Returned, whatever the effect.
    pub fn returned(&self) -> Decimal {
        self.reversed + self.replaced
    }
}

/// How much of something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    NotNeeded,
    None,
    Partial,
    Full,
}

impl Extent {
    /// The word in lists and filters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::None => "none",
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// An order and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderState {
    /// In the order of the lines.
    pub lines: Vec<LineState>,
    /// By id of the invoice; credit notes have none of their own.
    pub invoices: BTreeMap<String, InvoiceBalance>,
    pub fulfilment: Extent,
    pub billing: Extent,
    pub payment: Extent,
    /// What is billed, less credit notes, and what is still to bill; with tax.
    pub due: Decimal,
    /// What is still to bill, with tax.
    pub unbilled: Decimal,
    /// Money received on the order and its invoices.
    pub paid: Decimal,
    /// An invoice or an instalment is past its day.
    pub overdue: bool,
    /// Goods are past the promised day.
    pub late: bool,
    /// draft, on_hold, cancelled, closed, else to_ship_and_bill, to_ship, to_bill, to_pay, completed.
    pub progress: &'static str,
}

impl OrderState {
    /// A line by its id.
    pub fn line(&self, id: &str) -> Option<&LineState> {
        self.lines.iter().find(|line| line.id == id)
    }
}

/// Finds the facts of an order.
pub fn facts_of(view: &dyn View, order: &Doc) -> Result<OrderFacts, Problem> {
    let id = order.id();
    let mut invoices = by_id(view.all_with("invoice", "order", id)?);
    let own: Vec<String> = invoices.keys().cloned().collect();
    for invoice in &own {
        invoices.extend(by_id(view.all_with("invoice", "against", invoice)?));
    }
    let mut payments = by_id(view.all_with("payment", "allocations.order", id)?);
    for invoice in invoices.keys() {
        payments.extend(by_id(view.all_with("payment", "allocations.invoice", invoice)?));
    }
    let mut goods = BTreeSet::new();
    for product in order.rows("lines").iter().filter_map(|line| word(line, "product")) {
        if !goods.contains(product) && is_good(view, product)? {
            goods.insert(product.to_owned());
        }
    }
    Ok(OrderFacts {
        shipments: view.all_with("shipment", "order", id)?,
        returns: view.all_with("return", "order", id)?,
        invoices: invoices.into_values().collect(),
        payments: payments.into_values().collect(),
        goods,
    })
}

/// Whether a product ships.
pub fn is_good(view: &dyn View, product: &str) -> Result<bool, Problem> {
    Ok(view.record("product", product)?.is_some_and(|doc| doc.text("kind") != Some("service")))
}

/// Works out an order and all its facts as of today.
pub fn order_state(view: &dyn View, order: &Doc, today: Day) -> Result<OrderState, Problem> {
    let facts = facts_of(view, order)?;
    state_with(view, order, &facts, today)
}

/// Works out an order from the facts that count.
pub fn state_with(
    view: &dyn View,
    order: &Doc,
    facts: &OrderFacts,
    today: Day,
) -> Result<OrderState, Problem> {
    let lines = lines_of(order, facts);
    let invoices = invoice_balances(&facts.invoices, &facts.payments, Some(order.id()));
    let unbilled = unbilled(view, order, facts, &lines)?;
    let billed: Decimal = facts.invoices.iter().map(signed_total).sum();
    let due = billed + unbilled;
    let paid = paid_on(order, facts);
    let fulfilment = fulfilment(&lines);
    let past = |day: Option<Day>| day.is_some_and(|day| day < today);
    let live = !matches!(order.state(), "draft" | "cancelled");
    let invoice_overdue = facts.invoices.iter().any(|doc| {
        past(doc.day("due_date"))
            && invoices.get(doc.id()).is_some_and(|balance| balance.outstanding > Decimal::ZERO)
    });
    let planned =
        order.rows("payment_plan").iter().filter(|row| past(row.get("due").and_then(Value::as_day)));
    let planned: Decimal = planned.filter_map(|row| number(row, "amount")).sum();
    Ok(OrderState {
        fulfilment,
        billing: billing(&lines),
        payment: extent(paid, due),
        overdue: live && (invoice_overdue || planned.min(due) > paid),
        late: live && past(order.day("due_date")) && matches!(fulfilment, Extent::None | Extent::Partial),
        progress: progress(order.state(), &lines, due - paid),
        lines,
        invoices,
        due,
        unbilled,
        paid,
    })
}

/// A planned payment and what of it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalmentState {
    /// Id of the row.
    pub id: String,
    pub due: Option<Day>,
    pub amount: Decimal,
    /// What of the money received falls to it.
    pub covered: Decimal,
    /// Past its day and not covered.
    pub overdue: bool,
}

/// The payment plan of an order, due first: what is received covers the instalments in that order.
pub fn instalments(order: &Doc, received: Decimal, today: Day) -> Vec<InstalmentState> {
    let mut rows: Vec<&Row> = order.rows("payment_plan").iter().collect();
    rows.sort_by_key(|row| row.get("due").and_then(Value::as_day));
    let mut rest = received.max(Decimal::ZERO);
    let state = |row: &Row| {
        let (due, amount) =
            (row.get("due").and_then(Value::as_day), number(row, "amount").unwrap_or_default());
        let covered = amount.min(rest);
        rest -= covered;
        let overdue = covered < amount && due.is_some_and(|due| due < today);
        InstalmentState { id: word(row, "id").unwrap_or_default().to_owned(), due, amount, covered, overdue }
    };
    rows.into_iter().map(state).collect()
}

/// Works out the lines of an order.
pub fn lines_of(order: &Doc, facts: &OrderFacts) -> Vec<LineState> {
    let shipped = quantities(&facts.shipments, fact_sign);
    let effect = |effect: &'static str| {
        let sign = move |doc: &Doc| {
            if doc.text("effect") == Some(effect) { fact_sign(doc) } else { Decimal::ZERO }
        };
        quantities(&facts.returns, sign)
    };
    let (reversed, replaced) = (effect("reverse"), effect("replace"));
    let billed = quantities(&facts.invoices, invoice_sign);
    order
        .rows("lines")
        .iter()
        .map(|row| {
            let id = word(row, "id").unwrap_or_default().to_owned();
            let of = |counted: &BTreeMap<String, Decimal>| counted.get(&id).copied().unwrap_or_default();
            let product = word(row, "product").map(str::to_owned);
            let line = LineState {
                goods: product.as_ref().is_some_and(|product| facts.goods.contains(product)),
                product,
                qty: number(row, "qty").unwrap_or_default(),
                shipped: of(&shipped),
                reversed: of(&reversed),
                replaced: of(&replaced),
                billed: of(&billed),
                cancellations: cancellations(order, &id),
                id,
                ..LineState::default()
            };
            derived(order.state(), line)
        })
        .collect()
}

fn derived(state: &str, mut line: LineState) -> LineState {
    let rest = line.qty - line.cancellations;
    let gone = if line.goods { line.shipped - line.replaced } else { line.billed };
    line.open = (rest - gone).max(Decimal::ZERO);
    line.to_ship =
        if line.goods && matches!(state, "confirmed" | "on_hold") { line.open } else { Decimal::ZERO };
    line.cancelled = match state {
        "closed" => line.cancellations + line.open,
        "cancelled" => line.qty,
        _ => line.cancellations,
    };
    line.effective_qty = line.qty - line.cancelled;
    line.to_bill = if state == "draft" { Decimal::ZERO } else { line.unbilled() };
    line
}

fn by_id(docs: Vec<Doc>) -> BTreeMap<String, Doc> {
    docs.into_iter().map(|doc| (doc.id().to_owned(), doc)).collect()
}

/// Quantities of facts by line of the order.
fn quantities(facts: &[Doc], sign: impl Fn(&Doc) -> Decimal) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for fact in facts {
        let sign = sign(fact);
        for row in fact.rows("lines") {
            if let Some(line) = word(row, "order_line") {
                *sums.entry(line.to_owned()).or_default() += sign * number(row, "qty").unwrap_or_default();
            }
        }
    }
    sums
}

fn cancellations(order: &Doc, line: &str) -> Decimal {
    let of_line = |row: &&Row| word(row, "line") == Some(line);
    order.rows("cancellations").iter().filter(of_line).filter_map(|row| number(row, "qty")).sum()
}

fn signed_total(invoice: &Doc) -> Decimal {
    invoice_sign(invoice) * invoice.dec("total").unwrap_or_default()
}

fn paid_on(order: &Doc, facts: &OrderFacts) -> Decimal {
    let invoices = facts.invoices.iter().map(|doc| allocated(&facts.payments, "invoice", doc.id()));
    allocated(&facts.payments, "order", order.id()) + invoices.sum::<Decimal>()
}

/// What was billed of a line of an order so far, less credit notes.
pub fn billed_value(invoices: &[Doc], line: &str) -> LineValue {
    let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    for invoice in invoices {
        let sign = invoice_sign(invoice);
        for row in invoice.rows("lines").iter().filter(|row| word(row, "order_line") == Some(line)) {
            net += sign * number(row, "net").unwrap_or_default();
            tax += sign * number(row, "tax").unwrap_or_default();
        }
    }
    LineValue::of(net, tax)
}

/// The shipping of an order that no invoice has charged yet: it comes with the first, and again
/// with the next one after it was credited.
pub fn unbilled_shipping(totals: &DocumentOut, invoices: &[Doc]) -> Option<ShippingOut> {
    let billed = |doc: &Doc| invoice_sign(doc) * doc.dec("shipping").unwrap_or_default();
    totals.shipping.filter(|_| invoices.iter().map(billed).sum::<Decimal>().is_zero())
}

/// What is still to bill, valued as the next part of each line.
fn unbilled(
    view: &dyn View,
    order: &Doc,
    facts: &OrderFacts,
    lines: &[LineState],
) -> Result<Decimal, Problem> {
    if lines.iter().all(|line| line.unbilled().is_zero()) {
        return Ok(Decimal::ZERO);
    }
    let settings = &view.schema().settings;
    let totals = totals(settings, order)?;
    let mut sum = unbilled_shipping(&totals, &facts.invoices).map_or(Decimal::ZERO, |charge| charge.gross);
    for (line, value) in lines.iter().zip(&totals.lines) {
        if line.unbilled() > Decimal::ZERO {
            let before = billed_value(&facts.invoices, &line.id);
            let (upto, digits) = (line.billed + line.unbilled(), super::amounts::digits(settings, order));
            sum += part_of_line(value.value(), price_mode(order), line.qty, upto, before, digits)?.gross;
        }
    }
    Ok(sum)
}

fn fulfilment(lines: &[LineState]) -> Extent {
    let mut goods = lines.iter().filter(|line| line.goods && line.effective_qty > Decimal::ZERO).peekable();
    if goods.peek().is_none() {
        return Extent::NotNeeded;
    }
    let (mut shipped, mut missing) = (false, false);
    for line in goods {
        shipped |= line.shipped > line.replaced;
        missing |= line.effective_qty > line.shipped - line.replaced;
    }
    some_and_all(shipped, !missing)
}

fn billing(lines: &[LineState]) -> Extent {
    let billed = lines.iter().any(|line| line.billed > Decimal::ZERO);
    some_and_all(billed, lines.iter().all(|line| line.to_bill.is_zero()))
}

fn extent(done: Decimal, whole: Decimal) -> Extent {
    some_and_all(done > Decimal::ZERO, done >= whole)
}

const fn some_and_all(some: bool, all: bool) -> Extent {
    match (some, all) {
        (false, _) => Extent::None,
        (true, false) => Extent::Partial,
        (true, true) => Extent::Full,
    }
}

fn progress(state: &str, lines: &[LineState], owed: Decimal) -> &'static str {
    let to_ship = lines.iter().any(|line| line.to_ship > Decimal::ZERO);
    let to_bill = lines.iter().any(|line| line.to_bill > Decimal::ZERO);
    match state {
        "on_hold" => "on_hold",
        "cancelled" => "cancelled",
        "closed" => "closed",
        "confirmed" => match (to_ship, to_bill) {
            (true, true) => "to_ship_and_bill",
            (true, false) => "to_ship",
            (false, true) => "to_bill",
            (false, false) if owed > Decimal::ZERO => "to_pay",
            (false, false) => "completed",
        },
        _ => "draft",
    }
}

#[cfg(test)]
#[path = "order_state_tests.rs"]
mod tests;
