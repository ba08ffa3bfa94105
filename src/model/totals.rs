//! A stored quote, order or invoice as the money engine reads it.
//!
//! Defaults that are applied on reading are applied here. Deliberately absent: arithmetic (see
//! [`document`](super::document)), and the amounts that an invoice stores because the customer
//! was told them.

use rust_decimal::Decimal;

use super::document::{Discount, DocumentIn, DocumentOut, LineIn, PriceMode, Rounding, ShippingIn, compute};
use super::problem::Problem;
use super::record::{Doc, Row, Value, unreadable};
use super::schema::Settings;
use super::value::currency::minor_digits;

/// A document as the money engine takes it.
pub fn document_of(doc: &Doc, settings: &Settings) -> Result<DocumentIn, Problem> {
    let discount = doc
        .dec("discount_pct")
        .map(Discount::Percent)
        .or_else(|| doc.dec("discount_amt").map(Discount::Amount));
    let shipping = doc.dec("shipping").map(|amount| ShippingIn {
        amount,
        tax_rate: doc.dec("shipping_tax_rate").unwrap_or_else(|| default_rate(settings)),
    });
    let rounding = match doc.text("tax_rounding") {
        Some("document") => Rounding::Document,
        _ => Rounding::Line,
    };
    Ok(DocumentIn {
        lines: doc.rows("lines").iter().map(|row| line_of(doc, row)).collect::<Result<_, _>>()?,
        discount,
        shipping,
        price_mode: price_mode(doc.text("price_mode")),
        rounding,
        digits: digits(doc, settings),
        base_digits: settings.digits(),
        fx_rate: doc.dec("fx_rate").ok_or_else(|| unreadable(doc, "fx_rate"))?,
    })
}

/// The amounts of a document.
pub fn totals(doc: &Doc, settings: &Settings) -> Result<DocumentOut, Problem> {
    compute(&document_of(doc, settings)?)
}

/// The minor digits of a record's currency, those of the company where it has none.
pub fn digits(doc: &Doc, settings: &Settings) -> u32 {
    doc.text("currency").and_then(minor_digits).unwrap_or_else(|| settings.digits())
}

/// The price mode of a code; without tax unless it says otherwise.
pub fn price_mode(code: Option<&str>) -> PriceMode {
    if code == Some("tax_incl") { PriceMode::TaxIncl } else { PriceMode::TaxExcl }
}

/// The tax rate of what names none, in percent.
pub fn default_rate(settings: &Settings) -> Decimal {
    settings.get("tax.default_rate").and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn line_of(doc: &Doc, row: &Row) -> Result<LineIn, Problem> {
    let number = |field: &str| row.get(field).and_then(Value::as_dec);
    let need = |field: &str| {
        number(field).ok_or_else(|| {
            let id = if row.contains_key(field) { "bad-value" } else { "missing-field" };
            let name = format!("lines.{field}");
            Problem::invalid(id)
                .arg("field", &name)
                .arg("record", doc.id())
                .arg("value", "")
                .field(name)
                .at(doc.path(), None)
        })
    };
    Ok(LineIn {
        qty: need("qty")?,
        price: need("price")?,
        list_price: number("list_price"),
        discount_pct: number("discount_pct"),
        discount_amt: number("discount_amt"),
        tax_rate: need("tax_rate")?,
        cost: number("cost"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::order::Order;
    use super::*;

    fn dec(text: &str) -> Value {
        Value::Dec(text.parse().expect("a number"))
    }

    fn line(fields: &[(&'static str, &str)]) -> Row {
        fields.iter().map(|(name, text)| (*name, dec(text))).collect()
    }

    fn order(fields: &[(&'static str, Value)], lines: Vec<Row>) -> Doc {
        let mut doc = Doc::new(&Order::KIND, "ord_kkkkkkkkkkkk");
        doc.set("fx_rate", Some(dec("1")));
        doc.set("price_mode", Some(Value::Text("tax_excl".to_owned())));
        for (name, value) in fields {
            doc.set(name, Some(value.clone()));
        }
        doc.set("lines", Some(Value::Rows(lines)));
        doc
    }

    /// M10 of the domain reference.
    fn m10() -> Doc {
        order(
            &[("discount_pct", dec("10")), ("shipping", dec("50.00")), ("shipping_tax_rate", dec("9"))],
            vec![
                line(&[("qty", "2"), ("price", "1000.00"), ("tax_rate", "13")]),
                line(&[("qty", "1"), ("price", "500.00"), ("tax_rate", "6")]),
            ],
        )
    }

    #[test]
    fn a_stored_order_comes_to_the_amounts_of_the_reference() {
        let out = totals(&m10(), &Settings::default()).expect("computes");
        assert_eq!((out.net_total.to_string(), out.total.to_string()), ("2300.00".into(), "2565.50".into()));
    }

    #[test]
    fn shipping_without_a_rate_takes_that_of_the_settings() {
        let mut doc = m10();
        doc.set("shipping_tax_rate", None);
        let out = totals(&doc, &Settings::default()).expect("computes");
        assert_eq!(out.shipping.expect("is charged").tax.to_string(), "6.50");
    }

    #[test]
    fn inclusive_prices_are_kept() {
        let line = line(&[("qty", "5"), ("price", "226560"), ("list_price", "233500"), ("tax_rate", "13")]);
        let doc = order(&[("price_mode", Value::Text("tax_incl".to_owned()))], vec![line]);
        let out = totals(&doc, &Settings::default()).expect("computes");
        assert_eq!(
            (out.net_total.to_string(), out.total.to_string()),
            ("1002477.88".into(), "1132800.00".into())
        );
        assert_eq!(out.effective_discount.map(|d| d.to_string()).as_deref(), Some("2.97"));
    }

    #[test]
    fn what_cannot_be_computed_is_named() {
        let doc = order(&[], vec![line(&[("qty", "1"), ("tax_rate", "13")])]);
        let problem = totals(&doc, &Settings::default()).expect_err("no price");
        assert_eq!((problem.id, problem.field.as_deref()), ("missing-field", Some("lines.price")));
        let mut doc = m10();
        doc.set("fx_rate", None);
        assert_eq!(totals(&doc, &Settings::default()).expect_err("no rate").id, "missing-field");
    }
}
