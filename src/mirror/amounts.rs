//! The money of a document as columns: what the money engine computes for quotes and orders, and
//! the stored amounts of invoices and payments in base currency.
//!
//! The order of the cells is that of the lists in `derived`. Deliberately absent: arithmetic on
//! prices beyond the list value, which the engine does not know.

use rust_decimal::Decimal;

use super::cell::{self, SqlCell};
use crate::model::document::{DocumentIn, DocumentOut, LineIn, PriceMode, ShippingOut, compute};
use crate::model::record::{Doc, Value, unreadable};
use crate::model::schema::Settings;
use crate::model::totals::document_of;
use crate::model::value::{format_day, round_half_up};
use crate::model::{Class, Problem};

/// The currencies that a record's amounts are in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    /// Of the record's currency.
    pub own: u32,
    /// Of the base currency.
    pub base: u32,
    /// Whether both are the same currency.
    pub same: bool,
}

/// The cells of a document: its own, and those of each line.
pub(super) struct Amounts {
    pub own: Vec<SqlCell>,
    pub lines: Vec<Vec<SqlCell>>,
}

/// The totals of a quote or order and the amounts of its lines.
pub(super) fn of_offer(doc: &Doc, digits: Digits, settings: &Settings) -> Result<Amounts, Problem> {
    let input = document_of(doc, settings)?;
    let out = compute(&input)?;
    let lines = input
        .lines
        .iter()
        .zip(&out.lines)
        .map(|(line, computed)| {
            let minor = |amount| cell::minor(amount, digits.own);
            let base = |amount| cell::minor(amount, digits.base);
            Ok(vec![
                minor(computed.amount)?,
                minor(computed.net)?,
                minor(computed.tax)?,
                base(computed.base_net)?,
                base(computed.base_tax)?,
                base(base_list(line, &input)?)?,
                computed.cost_total.map(base).transpose()?.unwrap_or_default(),
            ])
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Amounts { own: totals(&input, &out, digits)?, lines })
}

fn totals(input: &DocumentIn, out: &DocumentOut, digits: Digits) -> Result<Vec<SqlCell>, Problem> {
    let minor = |amount| cell::minor(amount, digits.own);
    let base = |amount| cell::minor(amount, digits.base);
    let mut prices = Decimal::ZERO;
    for line in &input.lines {
        prices = add(prices, round_half_up(times(line.qty, line.price)?, digits.own))?;
    }
    let shipping = |part: fn(&ShippingOut) -> Decimal| {
        out.shipping.as_ref().map_or(Ok(SqlCell::Int(0)), |shipping| base(part(shipping)))
    };
    Ok(vec![
        minor(out.net_total)?,
        minor(out.tax_total)?,
        minor(out.total)?,
        minor(add(prices, out.discount - out.subtotal)?)?,
        base(out.base_net_total)?,
        base(out.base_tax_total)?,
        shipping(|s| s.base_net)?,
        shipping(|s| s.base_tax)?,
        out.margin.map(base).transpose()?.unwrap_or_default(),
        out.effective_discount.map_or(SqlCell::Null, |pct| SqlCell::Real(cell::real(pct))),
    ])
}

/// The list value of a line without tax, in base currency.
fn base_list(line: &LineIn, document: &DocumentIn) -> Result<Decimal, Problem> {
    let value = times(line.qty, line.list_price.unwrap_or(line.price))?;
    let net = match document.price_mode {
        PriceMode::TaxExcl => value,
        PriceMode::TaxIncl => value
            .checked_mul(Decimal::ONE_HUNDRED)
            .and_then(|value| value.checked_div(Decimal::ONE_HUNDRED + line.tax_rate))
            .ok_or_else(too_large)?,
    };
    let net = round_half_up(net, document.digits);
    Ok(round_half_up(times(net, document.fx_rate)?, document.base_digits))
}

/// Base units per unit of the record's currency.
fn rate(doc: &Doc, digits: Digits) -> Result<Decimal, Problem> {
    match doc.dec("fx_rate") {
        Some(rate) => Ok(rate),
        None if digits.same => Ok(Decimal::ONE),
        None => Err(unreadable(doc, "fx_rate")),
    }
}

/// The amounts of an invoice in base currency: its sign and totals, and those of each line.
pub(super) fn of_invoice(doc: &Doc, digits: Digits) -> Result<Amounts, Problem> {
    let rate = rate(doc, digits)?;
    let to_base = |amount: Decimal| Ok::<_, Problem>(round_half_up(times(amount, rate)?, digits.base));
    let sign = SqlCell::Int(if doc.text("kind") == Some("credit_note") { -1 } else { 1 });
    let date = doc.day("date").map_or(SqlCell::Null, |day| SqlCell::text(format_day(day)));
    let order = doc.text("order").map_or(SqlCell::Null, SqlCell::text);
    let (mut lines_net, mut lines_tax) = (Decimal::ZERO, Decimal::ZERO);
    let (mut net_sum, mut tax_sum) = (Decimal::ZERO, Decimal::ZERO);
    let mut lines = Vec::new();
    for row in doc.rows("lines") {
        let amount =
            |name: &'static str| row.get(name).and_then(Value::as_dec).ok_or_else(|| unreadable(doc, name));
        let (net, tax) = (amount("net")?, amount("tax")?);
        (lines_net, lines_tax) = (add(lines_net, net)?, add(lines_tax, tax)?);
        let (base_net, base_tax) = (to_base(net)?, to_base(tax)?);
        (net_sum, tax_sum) = (add(net_sum, base_net)?, add(tax_sum, base_tax)?);
        let cost = row.get("cost").and_then(Value::as_dec);
        let cost = cost.map(|cost| times(cost, amount("qty")?)).transpose()?;
        lines.push(vec![
            order.clone(),
            date.clone(),
            sign.clone(),
            cell::minor(base_net, digits.base)?,
            cell::minor(base_tax, digits.base)?,
            cost.map(|c| cell::minor(round_half_up(c, digits.base), digits.base))
                .transpose()?
                .unwrap_or_default(),
        ]);
    }
    let total = |name: &'static str| doc.dec(name).ok_or_else(|| unreadable(doc, name));
    // What the lines do not explain is shipping: converted by itself, as the lines are.
    let shipping = to_base(total("net_total")? - lines_net)?;
    let shipping_tax = to_base(total("tax_total")? - lines_tax)?;
    let own = vec![
        sign,
        cell::minor(add(net_sum, shipping)?, digits.base)?,
        cell::minor(add(tax_sum, shipping_tax)?, digits.base)?,
        cell::minor(shipping, digits.base)?,
    ];
    Ok(Amounts { own, lines })
}

/// Sign and base amount of a payment, and what its allocations have from it.
pub(super) fn of_payment(doc: &Doc, digits: Digits) -> Result<Amounts, Problem> {
    let kind = doc.text("kind").unwrap_or("receipt");
    let refund = kind == "refund";
    let sign = if refund == doc.get("reverses").is_some() { 1 } else { -1 };
    let amount = doc.dec("amount").ok_or_else(|| unreadable(doc, "amount"))?;
    let base = round_half_up(times(amount, rate(doc, digits)?)?, digits.base) * Decimal::from(sign);
    let customer = doc.text("customer").map_or(SqlCell::Null, SqlCell::text);
    let of_row = vec![customer, SqlCell::text(kind), SqlCell::Int(sign)];
    Ok(Amounts {
        own: vec![SqlCell::Int(sign), cell::minor(base, digits.base)?],
        lines: vec![of_row; doc.rows("allocations").len()],
    })
}

fn times(a: Decimal, b: Decimal) -> Result<Decimal, Problem> {
    a.checked_mul(b).ok_or_else(too_large)
}

fn add(a: Decimal, b: Decimal) -> Result<Decimal, Problem> {
    a.checked_add(b).ok_or_else(too_large)
}

fn too_large() -> Problem {
    Problem::new(Class::Invalid, "amount-too-large")
}
