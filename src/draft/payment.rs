//! Payments: money in or back, and what it pays. Allocations are only appended; that they are of the
//! same customer and currency and not too much is for the rules.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Draft;
use super::fact::watch_order;
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::rules::View;
use crate::rules::amounts::{number, word};
use crate::rules::balances::invoice_balances;
use crate::rules::order_state::facts_of;
use crate::rules::support::{about, survivor};

/// What a part of a payment pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Invoice(String),
    /// A deposit.
    Order(String),
}

impl Target {
    /// The noun and the id.
    fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Invoice(id) => ("invoice", id),
            Self::Order(id) => ("order", id),
        }
    }
}

/// A payment by its parts. Absent: customer and currency of the first target, the sum of the parts,
/// today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaymentWish {
    pub customer: Option<String>,
    /// Code of the kind.
    pub kind: String,
    pub amount: Option<Decimal>,
    pub method: Option<String>,
    pub reference: Option<String>,
    pub date: Option<Day>,
    pub targets: Vec<(Target, Decimal)>,
}

/// Writes a payment. Gives its id.
pub fn pay(draft: &mut Draft<'_>, wish: PaymentWish) -> Result<String, Problem> {
    let mut doc = draft.make("payment", None);
    for (field, text) in [
        ("customer", wish.customer),
        ("kind", Some(wish.kind)),
        ("method", wish.method),
        ("reference", wish.reference),
    ] {
        doc.set(field, text.map(Value::Text));
    }
    doc.set("amount", wish.amount.map(Value::Dec));
    doc.set("date", wish.date.map(Value::Day));
    add(draft, doc, &wish.targets, None)
}

/// Completes and adds a payment that pays these and, where invoices are given to choose from, the
/// ones due first of those. Gives its id.
pub fn add(
    draft: &mut Draft<'_>,
    mut doc: Doc,
    targets: &[(Target, Decimal)],
    open: Option<&[String]>,
) -> Result<String, Problem> {
    let mut rows = doc.rows("allocations").to_vec();
    rows.extend(targets.iter().map(|(target, amount)| allocation(target, *amount)));
    doc.set("allocations", Some(Value::Rows(rows)));
    follow_first(draft, &mut doc)?;
    draft.fill(&mut doc);
    super::complete::complete(draft, &mut doc)?;
    if let Some(open) = open {
        let found = due_first(draft, &doc, open)?;
        append(draft, &mut doc, &found);
    }
    put(draft, doc)
}

/// Takes customer, currency and amount from what is paid, where they are not given.
fn follow_first(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let rows = doc.rows("allocations").to_vec();
    if let Some((noun, id)) = rows.first().and_then(target_of) {
        let target = draft.need(noun, id)?;
        for field in ["customer", "currency"] {
            if doc.get(field).is_none() {
                doc.set(field, target.get(field).cloned());
            }
        }
    }
    if doc.get("amount").is_none() && !rows.is_empty() {
        let sum: Decimal = rows.iter().filter_map(|row| number(row, "amount")).sum();
        let amount = if doc.text("kind") == Some("transfer") { Decimal::ZERO } else { sum };
        doc.set("amount", Some(Value::Dec(amount)));
    }
    Ok(())
}

/// Appends allocations to a payment: these and, where invoices are given to choose from, the ones
/// due first of those. `false` where there is nothing to append.
pub fn allocate(
    draft: &mut Draft<'_>,
    payment: &str,
    targets: &[(Target, Decimal)],
    open: Option<&[String]>,
) -> Result<bool, Problem> {
    let mut doc = draft.need("payment", payment)?;
    append(draft, &mut doc, targets);
    if let Some(open) = open {
        let found = due_first(draft, &doc, open)?;
        append(draft, &mut doc, &found);
    }
    if Some(&doc) == draft.record("payment", payment)?.as_ref() {
        return Ok(false);
    }
    put(draft, doc).map(|_| true)
}

/// Appends rows of today.
fn append(draft: &Draft<'_>, doc: &mut Doc, targets: &[(Target, Decimal)]) {
    let mut rows = doc.rows("allocations").to_vec();
    let today = draft.setting.on.date_naive();
    let day = doc.day("date").filter(|_| !is_known(draft, doc)).unwrap_or(today);
    for (target, amount) in targets {
        let mut row = allocation(target, *amount);
        row.insert("id", Value::Text(draft.row_id()));
        row.insert("date", Value::Day(day));
        row.insert("amount", Value::Dec(*amount));
        rows.push(row);
    }
    doc.set("allocations", Some(Value::Rows(rows)));
}

fn is_known(draft: &Draft<'_>, doc: &Doc) -> bool {
    matches!(draft.get(doc.kind, doc.id()), Ok(Some(_)))
}

fn allocation(target: &Target, amount: Decimal) -> Row {
    let (noun, id) = target.named();
    Row::from([(noun, Value::Text(id.to_owned())), ("amount", Value::Dec(amount))])
}

fn target_of(row: &Row) -> Option<(&'static str, &str)> {
    let of = |noun| word(row, noun).map(|id| (noun, id));
    of("invoice").or_else(|| of("order"))
}

/// Puts a payment and says in the remarks how far the orders that it pays have come by it.
fn put(draft: &mut Draft<'_>, doc: Doc) -> Result<String, Problem> {
    let id = doc.id().to_owned();
    let mut orders: Vec<String> = Vec::new();
    for (noun, target) in doc.rows("allocations").iter().filter_map(target_of) {
        let order = match noun {
            "order" => Some(target.to_owned()),
            _ => draft.record(noun, target)?.and_then(|doc| doc.text("order").map(str::to_owned)),
        };
        orders.extend(order.filter(|order| !orders.contains(order)));
    }
    watch_all(draft, &orders, doc)?;
    Ok(id)
}

fn watch_all(draft: &mut Draft<'_>, orders: &[String], doc: Doc) -> Result<(), Problem> {
    match orders.split_first() {
        None => draft.put(doc),
        Some((order, rest)) => watch_order(draft, Some(order), |draft| watch_all(draft, rest, doc)),
    }
}

/// The open invoices of the payment's customer and currency that it can still pay, due first, each
/// up to what is owed on it.
fn due_first(draft: &Draft<'_>, doc: &Doc, open: &[String]) -> Result<Vec<(Target, Decimal)>, Problem> {
    if matches!(doc.text("kind"), Some("refund" | "transfer")) || doc.get("reverses").is_some() {
        let problem = about(doc, "auto-of-no-receipt").arg("kind", doc.text("kind").unwrap_or_default());
        return Err(problem.field("auto"));
    }
    let known = draft.record("payment", doc.id())?;
    let known = known.as_ref().map_or(&[][..], |before| before.rows("allocations"));
    // Rows that the records do not know yet.
    let mut fresh: BTreeMap<&str, Decimal> = BTreeMap::new();
    for row in doc.rows("allocations").iter().filter(|row| !known.contains(row)) {
        if let Some((_, id)) = target_of(row) {
            *fresh.entry(id).or_default() += number(row, "amount").unwrap_or_default();
        }
    }
    let mut due = Vec::new();
    for invoice in payable(draft, doc, open)? {
        let mut owed = outstanding(draft, &invoice)?;
        for id in [Some(invoice.id()), invoice.text("order")].into_iter().flatten() {
            if let Some(paid) = fresh.get_mut(id) {
                let part = (*paid).min(owed);
                *paid -= part;
                owed -= part;
            }
        }
        due.push((invoice.id().to_owned(), owed));
    }
    let used: Decimal = doc.rows("allocations").iter().filter_map(|row| number(row, "amount")).sum();
    let mut rest = doc.dec("amount").unwrap_or_default() - used;
    let mut found = Vec::new();
    for (id, owed) in due {
        let amount = owed.min(rest);
        if amount > Decimal::ZERO {
            rest -= amount;
            found.push((Target::Invoice(id), amount));
        }
    }
    Ok(found)
}

/// The invoices of the payment's customer and currency among these, due first.
fn payable(draft: &Draft<'_>, payment: &Doc, among: &[String]) -> Result<Vec<Doc>, Problem> {
    let payer = survivor(draft, "customer", payment.text("customer").unwrap_or_default())?;
    let mut found = Vec::new();
    for id in among {
        let Some(invoice) = draft.record("invoice", id)? else { continue };
        let of = survivor(draft, "customer", invoice.text("customer").unwrap_or_default())?;
        let same = of == payer && invoice.text("currency") == payment.text("currency");
        if same && invoice.text("kind") != Some("credit_note") {
            found.push(invoice);
        }
    }
    found.sort_by_key(|doc| (doc.day("due_date"), doc.day("date"), doc.id().to_owned()));
    Ok(found)
}

/// What is still owed on an invoice, after credit notes, payments and its share of deposits.
pub fn outstanding(draft: &Draft<'_>, invoice: &Doc) -> Result<Decimal, Problem> {
    let (invoices, payments, order) = match invoice.text("order") {
        Some(id) => {
            let facts = facts_of(draft, &draft.need("order", id)?)?;
            (facts.invoices, facts.payments, Some(id))
        }
        None => {
            let mut invoices = draft.all_with("invoice", "against", invoice.id())?;
            invoices.push(invoice.clone());
            (invoices, draft.all_with("payment", "allocations.invoice", invoice.id())?, None)
        }
    };
    let balances = invoice_balances(&invoices, &payments, order);
    Ok(balances.get(invoice.id()).map_or(Decimal::ZERO, |balance| balance.outstanding))
}

/// The invoices that changes of the same command may have opened or settled, beside those that the
/// store has as open.
pub fn touched(draft: &Draft<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for change in draft.pending() {
        let doc = change.doc();
        let mut add = |id: Option<&str>| ids.extend(id.map(str::to_owned));
        match doc.kind.name {
            "invoice" => {
                add(Some(doc.id()));
                add(doc.text("against"));
            }
            "payment" => doc.rows("allocations").iter().for_each(|row| add(word(row, "invoice"))),
            _ => {}
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
