//! A stored quote or order as the money engine reads it. Deliberately absent: arithmetic.

use rust_decimal::Decimal;

use crate::model::Problem;
use crate::model::document::{
    Discount, DocumentIn, DocumentOut, LineIn, PriceMode, Rounding, ShippingIn, compute,
};
use crate::model::record::{Doc, Row, Value};
use crate::model::schema::Settings;
use crate::model::value::minor_digits;

/// Whether prices of a document contain tax.
pub fn price_mode(doc: &Doc) -> PriceMode {
    if doc.text("price_mode") == Some("tax_incl") { PriceMode::TaxIncl } else { PriceMode::TaxExcl }
}

/// The minor digits of a record's currency, those of the company where it has none.
pub fn digits(settings: &Settings, doc: &Doc) -> u32 {
    doc.text("currency").and_then(minor_digits).unwrap_or_else(|| settings.digits())
}

/// A number of a row.
pub fn number(row: &Row, field: &str) -> Option<Decimal> {
    row.get(field).and_then(Value::as_dec)
}

/// A text, code or reference of a row.
pub fn word<'a>(row: &'a Row, field: &str) -> Option<&'a str> {
    row.get(field).and_then(Value::as_text)
}

/// A line as it stands in the record.
pub fn line_in(row: &Row) -> LineIn {
    LineIn {
        qty: number(row, "qty").unwrap_or_default(),
        price: number(row, "price").unwrap_or_default(),
        list_price: number(row, "list_price"),
        discount_pct: number(row, "discount_pct"),
        discount_amt: number(row, "discount_amt"),
        tax_rate: number(row, "tax_rate").unwrap_or_default(),
        cost: number(row, "cost"),
    }
}

/// A quote or order as the money engine takes it.
pub fn document_in(settings: &Settings, doc: &Doc) -> DocumentIn {
    let default_rate = || settings.get("tax.default_rate").and_then(|text| text.parse().ok());
    let discount = doc
        .dec("discount_pct")
        .map(Discount::Percent)
        .or_else(|| doc.dec("discount_amt").map(Discount::Amount));
    let shipping = doc.dec("shipping").map(|amount| ShippingIn {
        amount,
        tax_rate: doc.dec("shipping_tax_rate").or_else(default_rate).unwrap_or_default(),
    });
    DocumentIn {
        lines: doc.rows("lines").iter().map(line_in).collect(),
        discount,
        shipping,
        price_mode: price_mode(doc),
        rounding: if doc.text("tax_rounding") == Some("document") {
            Rounding::Document
        } else {
            Rounding::Line
        },
        digits: digits(settings, doc),
        base_digits: settings.digits(),
        fx_rate: doc.dec("fx_rate").unwrap_or(Decimal::ONE),
    }
}

/// The amounts of a quote or order.
pub fn totals(settings: &Settings, doc: &Doc) -> Result<DocumentOut, Problem> {
    compute(&document_in(settings, doc))
}

/// The signed value of an allocation of a payment: receipts, write-offs and transfers count as
/// they stand, refunds and reversals the other way.
pub fn payment_sign(payment: &Doc) -> Decimal {
    let sign = if payment.text("kind") == Some("refund") { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    sign * fact_sign(payment)
}

/// How a fact counts: a reversal counts negatively.
pub fn fact_sign(fact: &Doc) -> Decimal {
    if fact.text("reverses").is_some() { Decimal::NEGATIVE_ONE } else { Decimal::ONE }
}

/// How an invoice counts: a credit note counts negatively.
pub fn invoice_sign(invoice: &Doc) -> Decimal {
    if invoice.text("kind") == Some("credit_note") { Decimal::NEGATIVE_ONE } else { Decimal::ONE }
}
