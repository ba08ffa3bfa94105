//! What opportunities and documents take from their customer, owner, opportunity and products.

use std::collections::BTreeSet;

use chrono::Days;
use rust_decimal::Decimal;

use super::super::{Draft, lines};
use super::people::team_of;
use super::{date_of, default_text, referred};
use crate::model::Problem;
use crate::model::document::{DocumentIn, LineIn, PriceMode, Rounding, compute};
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::model::totals::{digits, totals};
use crate::rules::View;
use crate::rules::opportunities::{quoted_amount, stage_type};
use crate::rules::support::about;

/// The currency of a document: its own, its customer's, the company's.
pub fn currency_of(draft: &Draft<'_>, doc: &Doc) -> Result<String, Problem> {
    if let Some(currency) = doc.text("currency") {
        return Ok(currency.to_owned());
    }
    let customer = referred(draft, doc, "customer", "customer")?;
    let own = customer.as_ref().and_then(|customer| customer.text("currency"));
    Ok(own.unwrap_or_else(|| draft.schema().settings.currency()).to_owned())
}

/// Currency, and its rate on the day of the record.
pub(super) fn currency(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let currency = currency_of(draft, doc)?;
    if doc.get("fx_rate").is_none() {
        let day = date_of(draft, doc).to_string();
        let rate =
            draft.schema().settings.rate(&currency, &day).and_then(|rate| rate.parse::<Decimal>().ok());
        let missing = || {
            let problem = about(doc, "missing-rate").arg("currency", &currency).arg("on", &day);
            problem.hint("hint-rate").field("fx_rate")
        };
        let rate = rate.ok_or_else(missing)?;
        doc.set("fx_rate", Some(Value::Dec(rate)));
    }
    default_text(doc, "currency", Some(currency));
    Ok(())
}

/// What quote, order and invoice share.
fn document(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    currency(draft, doc)?;
    if doc.get("contact").is_none() {
        default_text(doc, "contact", primary_contact(draft, doc)?);
    }
    lines::complete(draft, doc)
}

fn primary_contact(draft: &Draft<'_>, doc: &Doc) -> Result<Option<String>, Problem> {
    let Some(customer) = doc.text("customer") else { return Ok(None) };
    let contacts = draft.all_with("contact", "customer", customer)?;
    let primary = contacts.iter().filter(|contact| contact.flag("primary") && !contact.flag("inactive"));
    // One of a customer that was merged away stands behind that of the customer itself.
    let primary = primary.min_by_key(|contact| contact.text("customer") != Some(customer));
    Ok(primary.map(|contact| contact.id().to_owned()))
}

pub(super) fn quote(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    document(draft, doc)?;
    let days = draft.schema().settings.int("quote.valid_days").unwrap_or_default();
    default_day(doc, "valid_until", later(date_of(draft, doc), days));
    Ok(())
}

pub(super) fn order(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    document(draft, doc)?;
    let customer = referred(draft, doc, "customer", "customer")?;
    let opportunity = referred(draft, doc, "opportunity", "opportunity")?;
    let of = |from: &Option<Doc>, field: &str| from.as_ref().and_then(|d| d.text(field)).map(str::to_owned);

    let owner = referred(draft, doc, "user", "owner")?;
    default_text(doc, "team", team_of(draft, doc)?);
    default_text(doc, "region", of(&customer, "region").or_else(|| of(&owner, "region")));
    default_text(doc, "source", of(&opportunity, "source"));
    default_text(doc, "campaign", of(&opportunity, "campaign"));
    default_text(
        doc,
        "dealer",
        match of(&opportunity, "dealer") {
            Some(dealer) => Some(dealer),
            None => dealer_of(draft, customer.as_ref())?,
        },
    );
    if doc.get("payment_days").is_none() {
        doc.set("payment_days", payment_days(draft, customer.as_ref()).map(Value::Int));
    }
    if let Some(customer) = &customer {
        default_text(doc, "ship_to", address(customer, "shipping"));
        default_text(doc, "bill_to", address(customer, "billing"));
    }
    Ok(())
}

pub(super) fn invoice(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    if doc.text("kind") == Some("credit_note") {
        // A credit note is of the order of its invoice, at its rate.
        let invoice = referred(draft, doc, "invoice", "against")?;
        for field in ["order", "currency", "fx_rate"] {
            if let (None, Some(invoice)) = (doc.get(field), &invoice) {
                doc.set(field, invoice.get(field).cloned());
            }
        }
    }
    document(draft, doc)?;
    let customer = referred(draft, doc, "customer", "customer")?;
    if let Some(customer) = &customer {
        let title = customer.text("invoice_title").or_else(|| customer.text("name"));
        default_text(doc, "invoice_title", title.map(str::to_owned));
        default_text(doc, "tax_id", customer.text("tax_id").map(str::to_owned));
    }
    let order = referred(draft, doc, "order", "order")?;
    let days = match order.as_ref().and_then(|order| order.get("payment_days")) {
        Some(Value::Int(days)) => Some(*days),
        _ => payment_days(draft, customer.as_ref()),
    };
    let days = if doc.text("kind") == Some("credit_note") { 0 } else { days.unwrap_or_default() };
    default_day(doc, "due_date", later(date_of(draft, doc), days));
    invoice_amounts(draft, doc)
}

/// Amounts that nobody gave: those of the money engine, summed up.
fn invoice_amounts(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    if doc.get("total").is_some() {
        return Ok(());
    }
    let out = totals(doc, &draft.schema().settings)?;
    let mut rows = doc.rows("lines").to_vec();
    for (row, line) in rows.iter_mut().zip(&out.lines) {
        row.entry("net").or_insert(Value::Dec(line.net));
        row.entry("tax").or_insert(Value::Dec(line.tax));
    }
    let sum = |field: &str| rows.iter().filter_map(|row| row.get(field)?.as_dec()).sum::<Decimal>();
    let net = sum("net") + out.shipping.map_or(Decimal::ZERO, |shipping| shipping.net);
    let tax = sum("tax") + out.shipping.map_or(Decimal::ZERO, |shipping| shipping.tax);
    doc.set("lines", Some(Value::Rows(rows)));
    for (field, amount) in [("net_total", net), ("tax_total", tax), ("total", net + tax)] {
        doc.set(field, Some(Value::Dec(amount)));
    }
    Ok(())
}

pub(super) fn opportunity(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    stage(draft, doc)?;
    currency(draft, doc)?;
    lines::complete_products(draft, &[], doc)?;
    if doc.get("amount").is_some() {
        default_text(doc, "amount_source", Some("manual".to_owned()));
    } else {
        doc.set("amount", Some(Value::Dec(products_amount(draft, doc)?)));
        let products = !doc.rows("products").is_empty();
        default_text(doc, "amount_source", products.then(|| "products".to_owned()));
    }
    let days = draft.schema().settings.int("opportunity.close_days").unwrap_or_default();
    default_day(doc, "close_date", later(draft.setting.today, days));
    let customer = referred(draft, doc, "customer", "customer")?;
    let region = customer.as_ref().and_then(|customer| customer.text("region")).map(str::to_owned);
    default_text(doc, "region", region);
    default_text(doc, "dealer", dealer_of(draft, customer.as_ref())?);
    Ok(())
}

/// The first stage of the pipeline, which is the default one unless another is given.
fn stage(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    if doc.get("pipeline").is_none() {
        let found = draft.find("pipeline", "default", "true")?.into_iter().next();
        let pipeline =
            found.ok_or_else(|| about(doc, "default-pipeline").arg("count", 0).field("pipeline"))?;
        doc.set("pipeline", Some(Value::Text(pipeline)));
    }
    let pipeline = referred(draft, doc, "pipeline", "pipeline")?;
    let first = pipeline.as_ref().and_then(|pipeline| pipeline.rows("stages").first());
    let code = first.and_then(|row| row.get("code")).and_then(Value::as_text);
    default_text(doc, "stage", code.map(str::to_owned));
    Ok(())
}

/// Prices new products, and where the amount is that of the products or quotes works it out anew. An
/// amount that is given by hand no longer follows them.
pub(super) fn amount(draft: &Draft<'_>, before: Option<&Doc>, doc: &mut Doc) -> Result<(), Problem> {
    let products = before.map_or(&[][..], |doc| doc.rows("products"));
    lines::complete_products(draft, products, doc)?;
    let same = |field: &str| before.is_some_and(|before| before.get(field) == doc.get(field));
    let source = doc.text("amount_source");
    if matches!(source, Some("products" | "quote")) && same("amount_source") && !same("amount") {
        doc.set("amount_source", Some(Value::Text("manual".to_owned())));
        return Ok(());
    }
    let amount = match source {
        Some("products") => Some(products_amount(draft, doc)?),
        Some("quote") if stage_type(draft, doc)? == "open" => quoted_amount(draft, doc)?,
        _ => None,
    };
    if let Some(amount) = amount.filter(|amount| doc.dec("amount") != Some(*amount)) {
        draft.set(doc, "amount", Some(Value::Dec(amount)));
    }
    Ok(())
}

/// What the products of an opportunity come to, without tax.
pub fn products_amount(draft: &Draft<'_>, doc: &Doc) -> Result<Decimal, Problem> {
    let number = |row: &Row, field: &str| row.get(field).and_then(Value::as_dec);
    let settings = &draft.schema().settings;
    let lines = doc.rows("products").iter().map(|row| LineIn {
        qty: number(row, "qty").unwrap_or(Decimal::ONE),
        price: number(row, "price").unwrap_or_default(),
        list_price: None,
        discount_pct: number(row, "discount_pct"),
        discount_amt: None,
        tax_rate: Decimal::ZERO,
        cost: None,
    });
    let document = DocumentIn {
        lines: lines.collect(),
        discount: None,
        shipping: None,
        price_mode: PriceMode::TaxExcl,
        rounding: Rounding::Line,
        digits: digits(doc, settings),
        base_digits: settings.digits(),
        fx_rate: Decimal::ONE,
    };
    Ok(compute(&document)?.net_total)
}

/// The dealer a customer buys through: itself, or the nearest one above it.
fn dealer_of(draft: &Draft<'_>, customer: Option<&Doc>) -> Result<Option<String>, Problem> {
    let mut seen = BTreeSet::new();
    let mut above = customer.cloned();
    while let Some(customer) = above {
        if customer.text("kind") == Some("dealer") {
            return Ok(Some(customer.id().to_owned()));
        }
        if !seen.insert(customer.id().to_owned()) {
            break;
        }
        above = referred(draft, &customer, "customer", "parent")?;
    }
    Ok(None)
}

fn payment_days(draft: &Draft<'_>, customer: Option<&Doc>) -> Option<i64> {
    match customer.and_then(|customer| customer.get("payment_days")) {
        Some(Value::Int(days)) => Some(*days),
        _ => draft.schema().settings.int("company.payment_days"),
    }
}

/// The address of a customer for a use, else its main one, on one line.
fn address(customer: &Doc, wanted: &str) -> Option<String> {
    let text = |row: &Row, field: &str| row.get(field).and_then(Value::as_text).map(str::to_owned);
    let own = customer.rows("addresses").iter().find(|row| text(row, "use").as_deref() == Some(wanted));
    let row = own.unwrap_or(&customer.fields);
    let parts: Vec<String> = ["province", "city", "district", "street", "postcode"]
        .iter()
        .filter_map(|part| text(row, part))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn default_day(doc: &mut Doc, field: &str, day: Day) {
    if doc.get(field).is_none() {
        doc.set(field, Some(Value::Day(day)));
    }
}

/// A day some days later; the same day where the calendar ends.
fn later(day: Day, days: i64) -> Day {
    u64::try_from(days).ok().and_then(|days| day.checked_add_days(Days::new(days))).unwrap_or(day)
}

#[cfg(test)]
#[path = "sales_tests.rs"]
mod tests;
