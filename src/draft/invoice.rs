//! Invoices and credit notes: what is billed of an order, and what is taken back of an invoice.
//!
//! Amounts are stored, as parts of what the order or the invoice says, never of today's price. That
//! no more is billed or credited than there is, is for the rules. Free-standing invoices are added
//! as any record is.

use rust_decimal::Decimal;

use super::fact::watch_order;
use super::order::{chosen_lines, must_be};
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::document::{LineValue, part_of_line};
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::model::totals::{digits, price_mode, totals};
use crate::rules::View;
use crate::rules::amounts::{number, word};
use crate::rules::invoices::credited_line;
use crate::rules::order_state::{LineState, billed_value, facts_of, lines_of, unbilled_shipping};
use crate::rules::support::about;

/// What an invoice takes over from its order, and a credit note from its invoice.
const OF_DOCUMENT: &[&str] =
    &["customer", "contact", "currency", "price_mode", "tax_rounding", "shipping_tax_rate"];

/// What a line takes over.
const OF_LINE: &[&str] = &["id", "order_line", "product", "name", "unit", "price", "tax_rate", "cost"];

/// What to bill of an order. Absent: all that is to bill, today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BillWish {
    /// Lines, or SKUs where only one line has them, with quantities.
    pub lines: Vec<(String, Decimal)>,
    /// Goods that have left, and nothing else.
    pub shipped: bool,
    pub date: Option<Day>,
}

/// Writes one invoice of an order. Shipping is charged with the first. Gives its id.
pub fn bill(draft: &mut Draft<'_>, order: &str, wish: &BillWish) -> Result<String, Problem> {
    let order = draft.need("order", order)?;
    must_be(&order, &["confirmed", "on_hold", "closed"])?;
    let facts = facts_of(draft, &order)?;
    let lines = lines_of(&order, &facts);
    let parts = to_bill(&order, &lines, wish)?;
    if parts.is_empty() {
        return Err(about(&order, "nothing-to-bill"));
    }
    let settings = &draft.schema().settings;
    let amounts = totals(&order, settings)?;
    let (mode, digits) = (price_mode(order.text("price_mode")), digits(&order, settings));
    let mut rows = Vec::with_capacity(parts.len());
    for ((row, whole), line) in order.rows("lines").iter().zip(&amounts.lines).zip(&lines) {
        let Some((_, qty)) = parts.iter().find(|(id, _)| *id == line.id) else { continue };
        let before = billed_value(&facts.invoices, &line.id);
        let value = part_of_line(whole.value(), mode, line.qty, line.billed + *qty, before, digits)?;
        let mut part = part_row(row, *qty, value);
        part.insert("order_line", Value::Text(line.id.clone()));
        rows.push(part);
    }
    let shipping = unbilled_shipping(&amounts, &facts.invoices);
    let charge = shipping.map_or(LineValue::ZERO, |charge| LineValue::of(charge.net, charge.tax));
    let mut doc = draft.make("invoice", None);
    take(&mut doc, &order);
    doc.set("order", Some(Value::Text(order.id().to_owned())));
    doc.set("date", Some(Value::Day(wish.date.unwrap_or(draft.setting.today))));
    doc.set("shipping", order.get("shipping").filter(|_| shipping.is_some()).cloned());
    issue(draft, doc, rows, charge)
}

/// The lines to bill and how much of each.
fn to_bill(order: &Doc, lines: &[LineState], wish: &BillWish) -> Result<Vec<(String, Decimal)>, Problem> {
    if !wish.lines.is_empty() {
        return chosen_lines(order, &wish.lines);
    }
    let rest = |line: &LineState| {
        let left = line.shipped - line.replaced - line.reversed - line.billed;
        if wish.shipped { left.min(line.to_bill) } else { line.to_bill }
    };
    let rest = lines.iter().map(|line| (line.id.clone(), rest(line)));
    Ok(rest.filter(|(_, qty)| *qty > Decimal::ZERO).collect())
}

/// What to take back of an invoice. Absent: all that is left of its lines, today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreditWish {
    /// Lines, or SKUs where only one line has them, with quantities.
    pub lines: Vec<(String, Decimal)>,
    /// The return that it is for: its quantities where no lines are named.
    pub returned: Option<String>,
    /// Shipping as well.
    pub shipping: bool,
    pub date: Option<Day>,
}

/// Writes one credit note, valued from the lines of the invoice. Gives its id.
pub fn credit(draft: &mut Draft<'_>, invoice: &str, wish: &CreditWish) -> Result<String, Problem> {
    let invoice = draft.need("invoice", invoice)?;
    if invoice.text("kind") == Some("credit_note") {
        return Err(about(&invoice, "credit-of-credit-note").field("against"));
    }
    let returned = wish.returned.as_ref().map(|id| draft.need("return", id)).transpose()?;
    if let Some(returned) = &returned {
        fits(returned, &invoice)?;
    }
    let notes = draft.all_with("invoice", "against", invoice.id())?;
    let left = left_of(&invoice, &notes);
    let parts = match &returned {
        _ if !wish.lines.is_empty() => chosen_lines(&invoice, &wish.lines)?,
        Some(returned) => of_return(returned, &invoice, &left),
        None => left.iter().map(|(id, qty, _)| (id.clone(), *qty)).collect(),
    };
    let (mode, digits) = (price_mode(invoice.text("price_mode")), digits(&invoice, &draft.schema().settings));
    let mut rows = Vec::new();
    for (row, (id, rest, before)) in invoice.rows("lines").iter().zip(&left) {
        let Some(qty) = parts.iter().find(|(part, _)| part == id).map(|(_, qty)| *qty) else { continue };
        if qty <= Decimal::ZERO {
            continue;
        }
        let billed = number(row, "qty").unwrap_or_default();
        let whole = value_of(row);
        let value = part_of_line(whole, mode, billed, billed - *rest + qty, *before, digits)?;
        rows.push(part_row(row, qty, value));
    }
    let charge = if wish.shipping { shipping_left(&invoice, &notes) } else { LineValue::ZERO };
    if rows.is_empty() && charge.gross.is_zero() {
        return Err(about(&invoice, "nothing-to-credit"));
    }
    let mut doc = draft.make("invoice", None);
    take(&mut doc, &invoice);
    for (field, text) in [
        ("kind", Some("credit_note")),
        ("order", invoice.text("order")),
        ("against", Some(invoice.id())),
        ("return", returned.as_ref().map(Doc::id)),
        ("note", draft.setting.reason.as_deref()),
    ] {
        doc.set(field, text.map(|text| Value::Text(text.to_owned())));
    }
    for field in ["invoice_title", "tax_id"] {
        doc.set(field, invoice.get(field).cloned());
    }
    doc.set("date", Some(Value::Day(wish.date.unwrap_or(draft.setting.today))));
    if !charge.gross.is_zero() {
        doc.set("shipping", invoice.get("shipping").cloned());
    }
    issue(draft, doc, rows, charge)
}

/// Refuses to credit a return that is of another order, or whose goods are replaced and stay sold.
fn fits(returned: &Doc, invoice: &Doc) -> Result<(), Problem> {
    if returned.text("order") != invoice.text("order") {
        let problem = about(invoice, "return-of-other-order").arg("value", returned.id());
        return Err(problem.field("return"));
    }
    if returned.text("effect") != Some("reverse") {
        return Err(about(returned, "credit-for-replacement").field("return"));
    }
    Ok(())
}

/// Of each line of an invoice, in their order: its id, the quantity not credited yet, and the value
/// of what is credited.
fn left_of(invoice: &Doc, notes: &[Doc]) -> Vec<(String, Decimal, LineValue)> {
    let left = |row: &Row| {
        let id = word(row, "id").unwrap_or_default();
        let (mut qty, mut net, mut tax) =
            (number(row, "qty").unwrap_or_default(), Decimal::ZERO, Decimal::ZERO);
        for credit in notes.iter().flat_map(|note| note.rows("lines")) {
            if credited_line(invoice, credit).is_some_and(|line| word(line, "id") == Some(id)) {
                qty -= number(credit, "qty").unwrap_or_default();
                net += number(credit, "net").unwrap_or_default();
                tax += number(credit, "tax").unwrap_or_default();
            }
        }
        (id.to_owned(), qty, LineValue::of(net, tax))
    };
    invoice.rows("lines").iter().map(left).collect()
}

/// The lines of an invoice that a return is about, each up to what is left.
fn of_return(returned: &Doc, invoice: &Doc, left: &[(String, Decimal, LineValue)]) -> Vec<(String, Decimal)> {
    let came = |row: &Row| -> Decimal {
        let line = word(row, "order_line");
        let of_line = returned.rows("lines").iter().filter(|back| word(back, "order_line") == line);
        if line.is_some() { of_line.filter_map(|back| number(back, "qty")).sum() } else { Decimal::ZERO }
    };
    let lines = invoice.rows("lines").iter().zip(left);
    lines.map(|(row, (id, rest, _))| (id.clone(), came(row).min(*rest))).collect()
}

/// The shipping that an invoice charged and no note has taken back.
fn shipping_left(invoice: &Doc, notes: &[Doc]) -> LineValue {
    if notes.iter().any(|note| note.dec("shipping").is_some_and(|amount| !amount.is_zero())) {
        return LineValue::ZERO;
    }
    let beyond = |total: &str, field: &str| {
        let lines: Decimal = invoice.rows("lines").iter().filter_map(|row| number(row, field)).sum();
        invoice.dec(total).unwrap_or_default() - lines
    };
    LineValue::of(beyond("net_total", "net"), beyond("tax_total", "tax"))
}

fn value_of(row: &Row) -> LineValue {
    LineValue::of(number(row, "net").unwrap_or_default(), number(row, "tax").unwrap_or_default())
}

fn take(doc: &mut Doc, from: &Doc) {
    for field in OF_DOCUMENT {
        doc.set(field, from.get(field).cloned());
    }
}

/// A line of a document as a line of an invoice about a part of it.
fn part_row(row: &Row, qty: Decimal, value: LineValue) -> Row {
    let taken = row.iter().filter(|(name, _)| OF_LINE.contains(name));
    let mut part: Row = taken.map(|(name, value)| (*name, value.clone())).collect();
    part.insert("qty", Value::Dec(qty));
    part.insert("net", Value::Dec(value.net));
    part.insert("tax", Value::Dec(value.tax));
    part
}

/// Adds up and adds an invoice. Gives its id.
fn issue(draft: &mut Draft<'_>, mut doc: Doc, rows: Vec<Row>, charge: LineValue) -> Result<String, Problem> {
    let sum = |field: &str| rows.iter().filter_map(|row| number(row, field)).sum::<Decimal>();
    let total = LineValue::of(sum("net") + charge.net, sum("tax") + charge.tax);
    doc.set("lines", Some(Value::Rows(rows)));
    for (field, amount) in [("net_total", total.net), ("tax_total", total.tax), ("total", total.gross)] {
        doc.set(field, Some(Value::Dec(amount)));
    }
    let (id, order) = (doc.id().to_owned(), doc.text("order").map(str::to_owned));
    let place = draft.remarks.len();
    watch_order(draft, order.as_deref(), |draft| verbs::add(draft, doc).map(|_| ()))?;
    let made = draft.need("invoice", &id)?;
    let remark = format!("{}: {}", made.title(), remark(&made));
    draft.remarks.insert(place, remark);
    Ok(id)
}

/// `credit_note of INV-2026-0001, 376.66 CNY`
fn remark(doc: &Doc) -> String {
    let kind = doc.text("kind").unwrap_or_default();
    let of = doc.text("against").map_or_else(String::new, |id| format!(" of {id}"));
    let currency = doc.text("currency").unwrap_or_default();
    format!("{kind}{of}, {} {currency}", doc.dec("total").unwrap_or_default())
}

#[cfg(test)]
#[path = "invoice_tests.rs"]
mod tests;
