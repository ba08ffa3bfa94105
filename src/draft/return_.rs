//! Returns: goods of an order come back, and with them, where it is wished, the credit note for
//! what was billed of them and the refund of what was paid for it.

use rust_decimal::Decimal;

use super::fact::watch_order;
use super::invoice::{CreditWish, credit};
use super::order::{chosen_lines, must_be, serials_of};
use super::payment::{self, Target};
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::rules::amounts::{fact_sign, number, word};
use crate::rules::balances::{allocated, invoice_balances};
use crate::rules::order_state::{OrderFacts, facts_of, lines_of};
use crate::rules::support::about;

/// What came back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReturnWish {
    /// Lines, or SKUs where only one line has them, with quantities.
    pub lines: Vec<(String, Decimal)>,
    /// Line or SKU, and the serial number of a unit; all that are with the customer where a whole
    /// line comes back.
    pub serials: Vec<(String, String)>,
    /// Code of the reason.
    pub reason: String,
    /// Code of the effect: `reverse` or `replace`.
    pub effect: String,
    /// Not back into stock.
    pub scrap: bool,
    pub ticket: Option<String>,
    /// That of the shipment it came with unless given, else the first one.
    pub warehouse: Option<String>,
    pub date: Option<Day>,
    /// Also the credit note.
    pub credit: bool,
    /// Also the refund.
    pub refund: Option<RefundWish>,
}

/// How money goes back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RefundWish {
    pub method: String,
    pub reference: Option<String>,
}

/// Writes one return, and the credit notes and the refund that are wished. Gives its id.
pub fn give_back(draft: &mut Draft<'_>, order: &str, wish: ReturnWish) -> Result<String, Problem> {
    let order = draft.need("order", order)?;
    must_be(&order, &["confirmed", "on_hold", "closed"])?;
    let facts = facts_of(draft, &order)?;
    let coming = chosen_lines(&order, &wish.lines)?;
    let ids: Vec<&str> = coming.iter().map(|(id, _)| id.as_str()).collect();
    let serials = serials_of(&order, &ids, &wish.serials)?;
    let mut rows = Vec::with_capacity(coming.len());
    for ((line, qty), given) in coming.iter().zip(serials) {
        let product = order.rows("lines").iter().find(|row| word(row, "id") == Some(line.as_str()));
        let product = product.and_then(|row| word(row, "product")).unwrap_or_default();
        let serials = with_customer(&order, &facts, (line, product), *qty, given)?;
        let mut row = Row::from([
            ("order_line", Value::Text(line.clone())),
            ("product", Value::Text(product.to_owned())),
            ("qty", Value::Dec(*qty)),
            ("restock", Value::Bool(!wish.scrap)),
        ]);
        if !serials.is_empty() {
            row.insert("serials", Value::List(serials));
        }
        rows.push(row);
    }
    let shipment = only_shipment(&facts, &ids);
    let date = wish.date.unwrap_or(draft.setting.today);
    let mut doc = draft.make("return", None);
    doc.set("lines", Some(Value::Rows(rows)));
    doc.set("date", Some(Value::Day(date)));
    for (field, text) in [
        ("order", Some(order.id())),
        ("shipment", shipment.map(Doc::id)),
        ("warehouse", wish.warehouse.as_deref().or(shipment.and_then(|doc| doc.text("warehouse")))),
        ("reason", Some(wish.reason.as_str())),
        ("effect", Some(wish.effect.as_str())),
        ("ticket", wish.ticket.as_deref()),
    ] {
        doc.set(field, text.map(|text| Value::Text(text.to_owned())));
    }
    let id = doc.id().to_owned();
    draft.remarks.push(remark(&doc));
    watch_order(draft, Some(order.id()), |draft| verbs::add(draft, doc).map(|_| ()))?;
    if wish.credit || wish.refund.is_some() {
        let notes = credit_notes(draft, &order, &id, date)?;
        if let Some(refund) = wish.refund {
            pay_back(draft, &order, &notes, refund, date)?;
        }
    }
    Ok(id)
}

/// The serial numbers of the units that come back: those given, which must be with the customer;
/// where none are given and all comes back, all of them.
fn with_customer(
    order: &Doc,
    facts: &OrderFacts,
    (line, product): (&str, &str),
    qty: Decimal,
    given: Vec<Value>,
) -> Result<Vec<Value>, Problem> {
    let mut there: Vec<(String, Decimal)> = Vec::new();
    let shipments = facts.shipments.iter().map(|doc| (doc, fact_sign(doc)));
    for (fact, sign) in shipments.chain(facts.returns.iter().map(|doc| (doc, -fact_sign(doc)))) {
        for row in fact.rows("lines").iter().filter(|row| word(row, "order_line") == Some(line)) {
            let Some(Value::List(serials)) = row.get("serials") else { continue };
            for serial in serials.iter().filter_map(Value::as_text) {
                match there.iter_mut().find(|(known, _)| known == serial) {
                    Some((_, count)) => *count += sign,
                    None => there.push((serial.to_owned(), sign)),
                }
            }
        }
    }
    let there: Vec<String> =
        there.into_iter().filter(|(_, count)| *count > Decimal::ZERO).map(|(serial, _)| serial).collect();
    let astray = given.iter().filter_map(Value::as_text).find(|serial| !there.iter().any(|s| s == serial));
    if let Some(serial) = astray {
        let problem = about(order, "serial-not-with-customer").arg("value", serial).arg("line", product);
        return Err(problem.field("serials").legal(there));
    }
    if given.is_empty() && Decimal::from(there.len()) == qty {
        return Ok(there.into_iter().map(Value::Text).collect());
    }
    Ok(given)
}

/// The one shipment with all of these lines, where there is but one.
fn only_shipment<'f>(facts: &'f OrderFacts, lines: &[&str]) -> Option<&'f Doc> {
    let undone = |doc: &Doc| facts.shipments.iter().any(|other| other.text("reverses") == Some(doc.id()));
    let has =
        |doc: &Doc, line: &str| doc.rows("lines").iter().any(|row| word(row, "order_line") == Some(line));
    let standing = |doc: &&Doc| doc.text("reverses").is_none() && !undone(doc);
    let mut about = facts.shipments.iter().filter(standing).filter(|doc| lines.iter().any(|l| has(doc, l)));
    let first = about.next().filter(|doc| lines.iter().all(|line| has(doc, line)))?;
    about.next().is_none().then_some(first)
}

/// `return ret_…: 1 x HAN-EV-610, defective, reverse`
fn remark(doc: &Doc) -> String {
    let goods = doc.rows("lines").iter().map(|row| {
        let qty = number(row, "qty").unwrap_or_default().normalize();
        format!("{qty} x {}", word(row, "product").unwrap_or_default())
    });
    let words = ["reason", "effect"].iter().filter_map(|field| doc.text(field)).map(str::to_owned);
    format!("return {}: {}", doc.id(), goods.chain(words).collect::<Vec<_>>().join(", "))
}

/// Writes the credit notes for what came back and was billed: from the newest invoice backwards,
/// since older ones are sooner settled. Gives their ids.
fn credit_notes(
    draft: &mut Draft<'_>,
    order: &Doc,
    returned: &str,
    date: Day,
) -> Result<Vec<String>, Problem> {
    let facts = facts_of(draft, order)?;
    let back = draft.need("return", returned)?;
    if back.text("effect") != Some("reverse") {
        return Err(about(&back, "credit-for-replacement").field("credit"));
    }
    let mut due: Vec<(String, Decimal)> = Vec::new();
    for line in lines_of(order, &facts) {
        let came = back.rows("lines").iter().filter(|row| word(row, "order_line") == Some(line.id.as_str()));
        let came: Decimal = came.filter_map(|row| number(row, "qty")).sum();
        let over = line.billed - (line.effective_qty - line.reversed);
        due.push((line.id, came.min(over).max(Decimal::ZERO)));
    }
    let mut invoices: Vec<&Doc> =
        facts.invoices.iter().filter(|doc| doc.text("kind") != Some("credit_note")).collect();
    invoices.sort_by_key(|doc| (doc.day("date"), doc.text("number"), doc.id()));
    let mut notes = Vec::new();
    for invoice in invoices.into_iter().rev() {
        let lines = share_of(invoice, &facts.invoices, &mut due);
        if !lines.is_empty() {
            let wish = CreditWish {
                lines,
                returned: Some(returned.to_owned()),
                date: Some(date),
                ..CreditWish::default()
            };
            notes.push(credit(draft, invoice.id(), &wish)?);
        }
    }
    if notes.is_empty() {
        return Err(about(order, "nothing-to-credit").field("credit"));
    }
    Ok(notes)
}

/// What of the quantities due an invoice can give, which are less by that afterwards.
fn share_of(invoice: &Doc, invoices: &[Doc], due: &mut [(String, Decimal)]) -> Vec<(String, Decimal)> {
    let mut lines = Vec::new();
    for row in invoice.rows("lines") {
        let (Some(id), Some(line)) = (word(row, "id"), word(row, "order_line")) else { continue };
        let notes = invoices.iter().filter(|note| note.text("against") == Some(invoice.id()));
        let credited = notes.flat_map(|note| note.rows("lines"));
        let credited = credited.filter(|credit| word(credit, "order_line") == Some(line));
        let credited: Decimal = credited.filter_map(|credit| number(credit, "qty")).sum();
        let rest = number(row, "qty").unwrap_or_default() - credited;
        let Some((_, wanted)) = due.iter_mut().find(|(of, _)| of == line) else { continue };
        let qty = (*wanted).min(rest);
        if qty > Decimal::ZERO {
            *wanted -= qty;
            lines.push((id.to_owned(), qty));
        }
    }
    lines
}

/// Writes one refund of what the credit notes leave to the customer's credit: on their invoices,
/// and on the order where a deposit had paid them.
fn pay_back(
    draft: &mut Draft<'_>,
    order: &Doc,
    notes: &[String],
    wish: RefundWish,
    date: Day,
) -> Result<(), Problem> {
    let facts = facts_of(draft, order)?;
    let balances = invoice_balances(&facts.invoices, &facts.payments, Some(order.id()));
    let mut targets: Vec<(Target, Decimal)> = Vec::new();
    let mut from_deposit = Decimal::ZERO;
    for note in notes {
        let note = draft.need("invoice", note)?;
        let Some(invoice) = note.text("against") else { continue };
        let total = note.dec("total").unwrap_or_default();
        let outstanding = balances.get(invoice).map_or(Decimal::ZERO, |balance| balance.outstanding);
        let credit = (-outstanding).max(Decimal::ZERO).min(total);
        if credit > Decimal::ZERO {
            targets.push((Target::Invoice(invoice.to_owned()), credit));
        }
        from_deposit += total - credit;
    }
    let own: Decimal = balances.keys().map(|id| allocated(&facts.payments, "invoice", id)).sum();
    let used = balances.values().map(|balance| balance.paid).sum::<Decimal>() - own;
    let deposit = allocated(&facts.payments, "order", order.id()) - used;
    let from_deposit = from_deposit.min(deposit);
    if from_deposit > Decimal::ZERO {
        targets.push((Target::Order(order.id().to_owned()), from_deposit));
    }
    if targets.is_empty() {
        return Err(about(order, "nothing-to-refund").field("refund"));
    }
    let wish = payment::PaymentWish {
        kind: "refund".to_owned(),
        method: Some(wish.method),
        reference: wish.reference,
        date: Some(date),
        targets,
        ..payment::PaymentWish::default()
    };
    payment::pay(draft, wish).map(|_| ())
}

#[cfg(test)]
#[path = "return_tests.rs"]
mod tests;
