//! Lines of documents: how people write one, and what it takes from its product.
//!
//! Product values are copied when a line is added and do not follow the product afterwards; only
//! what comes from the quantity follows the quantity.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use super::Draft;
use super::complete::{currency_of, date_of};
use crate::model::Problem;
use crate::model::document::{PriceMode, convert_price};
use crate::model::record::{Doc, Field, Row, RowKind, Value};
use crate::model::scalars::Day;
use crate::model::totals::{default_rate, price_mode};
use crate::model::value::{minor_digits, parse_percent, parse_quantity};
use crate::rules::View;
use crate::rules::support::about;

/// A line as people write it: `SKU:QTY[@PRICE][-10%|-50.00]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineWish {
    /// SKU of a product; where the lines of a record are chosen from, also the id of one.
    pub what: String,
    pub qty: Decimal,
    pub price: Option<Decimal>,
    pub off: Option<Off>,
}

/// What is taken off a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    Percent(Decimal),
    Amount(Decimal),
}

/// Reads a line. An SKU may contain `-`, so the discount is looked for behind the quantity only.
pub fn parse_line(text: &str) -> Result<LineWish, Problem> {
    let refuse = |reason| Problem::usage("bad-line").arg("value", text).arg("reason", reason).field("line");
    let (what, rest) = text.trim().rsplit_once(':').ok_or_else(|| refuse("form"))?;
    let (rest, off) = match rest.split_once('-') {
        Some((rest, off)) => (rest, Some(off)),
        None => (rest, None),
    };
    let (qty, price) = match rest.split_once('@') {
        Some((qty, price)) => (qty, Some(price)),
        None => (rest, None),
    };
    if what.trim().is_empty() {
        return Err(refuse("form"));
    }
    let off = match off.map(|off| (off, off.trim().strip_suffix('%'))) {
        None => None,
        Some((_, Some(percent))) => {
            Some(Off::Percent(parse_percent(percent).map_err(|_| refuse("discount"))?))
        }
        Some((amount, None)) => Some(Off::Amount(parse_quantity(amount).map_err(|_| refuse("discount"))?)),
    };
    let price = price.map(|price| parse_quantity(price).map_err(|_| refuse("price"))).transpose()?;
    let qty = parse_quantity(qty).ok().filter(|qty| !qty.is_zero()).ok_or_else(|| refuse("qty"))?;
    Ok(LineWish { what: what.trim().to_owned(), qty, price, off })
}

/// A new line of a document.
pub fn price_line(draft: &Draft<'_>, doc: &Doc, wish: &LineWish) -> Result<Row, Problem> {
    let product = draft.need("product", &wish.what)?;
    if product.state() != "active" {
        return Err(about(doc, "inactive-product")
            .arg("product", product.id())
            .arg("state", product.state())
            .field("lines.product"));
    }
    let mut row = Row::from([
        ("id", Value::Text(draft.row_id())),
        ("product", Value::Text(wish.what.clone())),
        ("qty", Value::Dec(wish.qty)),
    ]);
    if let Some(price) = wish.price {
        row.insert("price", Value::Dec(price));
    }
    match wish.off {
        Some(Off::Percent(percent)) => row.insert("discount_pct", Value::Dec(percent)),
        Some(Off::Amount(amount)) => row.insert("discount_amt", Value::Dec(amount)),
        None => None,
    };
    let pricing = Pricing::of(draft, doc)?;
    if let Some(kind) = doc.kind.field("lines").and_then(Field::rows) {
        pricing.fill(draft, kind, &mut row)?;
    }
    Ok(row)
}

/// Fills what the lines of a document take from their products. A line that comes from another
/// document has it all.
pub(super) fn complete(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let Some(kind) = doc.kind.field("lines").and_then(Field::rows) else { return Ok(()) };
    let pricing = Pricing::of(draft, doc)?;
    let mut rows = doc.rows("lines").to_vec();
    let revises = doc.get("revises").is_some();
    for row in &mut rows {
        let taken = row.contains_key("quote_line") || row.contains_key("order_line");
        let whole = taken || (revises && row.contains_key("price"));
        if !whole {
            pricing.fill(draft, kind, row)?;
        }
    }
    doc.set("lines", Some(Value::Rows(rows)));
    Ok(())
}

/// What a line copies from its product.
const COPIED: &[&str] = &["name", "unit", "list_price", "price", "tax_rate", "cost"];

/// Completes the lines of a draft that was edited, `before` being the lines as they were. New lines
/// take everything from their products, so does a line whose product changes, but for what was
/// given along. Where the quantity changes the price is that of the other tier, unless somebody set
/// it or the product costs something else by now.
pub(super) fn edited(draft: &Draft<'_>, before: &[Row], doc: &mut Doc) -> Result<(), Problem> {
    let Some(kind) = doc.kind.field("lines").and_then(Field::rows) else { return Ok(()) };
    let pricing = Pricing::of(draft, doc)?;
    let mut rows = doc.rows("lines").to_vec();
    for row in rows.iter_mut().filter(|row| !row.contains_key("quote_line")) {
        let Some(old) = before.iter().find(|old| old.get("id") == row.get("id")) else {
            pricing.fill(draft, kind, row)?;
            continue;
        };
        let differs = |row: &Row, field: &str| row.get(field) != old.get(field);
        if differs(row, "product") {
            row.retain(|field, value| !COPIED.contains(field) || old.get(field) != Some(value));
        } else if differs(row, "qty") && !differs(row, "price") && !differs(row, "list_price") {
            pricing.change_tier(draft, old, row)?;
        }
        if !row.contains_key("price") {
            pricing.fill(draft, kind, row)?;
        }
    }
    doc.set("lines", Some(Value::Rows(rows)));
    Ok(())
}

/// The products of an opportunity as new lines of a quote: quantities and discounts, and prices that
/// differ from the list, in the tax mode of the quote.
pub(super) fn from_products(draft: &Draft<'_>, doc: &Doc, opportunity: &Doc) -> Result<Vec<Row>, Problem> {
    let pricing = Pricing::of(draft, doc)?;
    let net = Pricing { mode: PriceMode::TaxExcl, ..pricing.clone() };
    let same_currency = opportunity.text("currency").is_none_or(|own| own == pricing.currency);
    let mut rows = Vec::new();
    for wanted in opportunity.rows("products") {
        let mut row = Row::from([("id", Value::Text(draft.row_id()))]);
        for field in ["product", "qty", "discount_pct"] {
            row.extend(wanted.get(field).map(|value| (field, value.clone())));
        }
        row.entry("qty").or_insert(Value::Dec(Decimal::ONE));
        let qty = row.get("qty").and_then(Value::as_dec).unwrap_or(Decimal::ONE);
        let price = wanted.get("price").and_then(Value::as_dec).filter(|_| same_currency);
        if let (Some(product), Some(price)) = (product_of(draft, wanted)?, price)
            && net.list_price(&product, qty)? != Some(price)
        {
            let rate = product.dec("tax_rate").unwrap_or(pricing.default_rate);
            let price = convert_price(price, rate, PriceMode::TaxExcl, pricing.mode, pricing.digits)?;
            row.insert("price", Value::Dec(price));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Fills the prices, without tax, of what an opportunity may sell. `before` are the products as they
/// were: where only the quantity of one changes, its price is that of the other tier.
pub(super) fn complete_products(draft: &Draft<'_>, before: &[Row], doc: &mut Doc) -> Result<(), Problem> {
    let pricing = Pricing { mode: PriceMode::TaxExcl, ..Pricing::of(draft, doc)? };
    let mut rows = doc.rows("products").to_vec();
    for row in &mut rows {
        let old = before.iter().find(|old| old.get("id") == row.get("id"));
        let same = |row: &Row, field: &str| old.is_some_and(|old| old.get(field) == row.get(field));
        if same(row, "price") && old.is_some() && !same(row, "product") {
            row.remove("price");
        }
        if let Some(old) = old.filter(|_| same(row, "product") && same(row, "price") && !same(row, "qty")) {
            pricing.change_tier(draft, old, row)?;
        }
        let Some(product) = product_of(draft, row)?.filter(|_| !row.contains_key("price")) else { continue };
        let qty = row.get("qty").and_then(Value::as_dec).unwrap_or(Decimal::ONE);
        let price = pricing.list_price(&product, qty)?.ok_or_else(|| pricing.no_price(product.id()))?;
        row.insert("price", Value::Dec(price));
    }
    doc.set("products", Some(Value::Rows(rows)));
    Ok(())
}

fn product_of(draft: &Draft<'_>, row: &Row) -> Result<Option<Doc>, Problem> {
    row.get("product").and_then(Value::as_text).map_or(Ok(None), |id| draft.record("product", id))
}

/// What decides the price of a product.
#[derive(Clone, Debug)]
struct Pricing {
    currency: String,
    digits: u32,
    date: Day,
    mode: PriceMode,
    /// Price level of the customer.
    level: Option<String>,
    /// Price mode of a product that does not say its own.
    usual: PriceMode,
    default_rate: Decimal,
}

impl Pricing {
    fn of(draft: &Draft<'_>, doc: &Doc) -> Result<Self, Problem> {
        let settings = &draft.schema().settings;
        let usual = price_mode(settings.get("tax.price_mode"));
        let currency = currency_of(draft, doc)?;
        let customer = doc.text("customer").map_or(Ok(None), |id| draft.record("customer", id))?;
        Ok(Self {
            digits: minor_digits(&currency).unwrap_or_else(|| settings.digits()),
            currency,
            date: date_of(draft, doc),
            mode: doc.text("price_mode").map_or(usual, |mode| price_mode(Some(mode))),
            level: customer.and_then(|customer| customer.text("price_level").map(str::to_owned)),
            usual,
            default_rate: default_rate(settings),
        })
    }

    /// Copies what is missing from the product.
    fn fill(&self, draft: &Draft<'_>, kind: &RowKind, row: &mut Row) -> Result<(), Problem> {
        let product = product_of(draft, row)?;
        let qty = row.get("qty").and_then(Value::as_dec).unwrap_or(Decimal::ONE);
        let mut copy = |field: &'static str, value: Option<Value>| {
            if kind.field(field).is_some() && !row.contains_key(field) {
                row.extend(value.map(|value| (field, value)));
            }
        };
        if let Some(product) = &product {
            for field in ["name", "unit", "tax_rate", "cost"] {
                copy(field, product.get(field).cloned());
            }
            let list = self.list_price(product, qty)?.map(Value::Dec);
            copy("list_price", list.clone());
            copy("price", list);
        }
        copy("tax_rate", Some(Value::Dec(self.default_rate)));
        if row.contains_key("price") {
            return Ok(());
        }
        let name = |field: &str| row.get(field).and_then(Value::as_text);
        Err(self.no_price(name("product").or(name("name")).unwrap_or_default()))
    }

    /// Puts a line whose quantity changes at the price of the tier it is in now. Product values do
    /// not follow the product, so a list price that the product has no more stays.
    fn change_tier(&self, draft: &Draft<'_>, old: &Row, row: &mut Row) -> Result<(), Problem> {
        let Some(product) = product_of(draft, row)? else { return Ok(()) };
        let number = |row: &Row, field: &str| row.get(field).and_then(Value::as_dec);
        let qty = |row: &Row| number(row, "qty").unwrap_or(Decimal::ONE);
        let (was, is) = (self.list_price(&product, qty(old))?, self.list_price(&product, qty(row))?);
        let (Some(was), Some(is)) = (was, is) else { return Ok(()) };
        let listed = number(row, "list_price").or(number(row, "price"));
        if listed != Some(was) {
            return Ok(());
        }
        for field in ["list_price", "price"] {
            if number(row, field) == Some(was) {
                row.insert(field, Value::Dec(is));
            }
        }
        Ok(())
    }

    fn no_price(&self, what: &str) -> Problem {
        Problem::invalid("no-price")
            .arg("product", what)
            .arg("currency", &self.currency)
            .arg("date", self.date)
            .field("lines.price")
    }

    /// The price of a product: its best price row, else its own price in the same currency; in the
    /// tax mode of the document.
    fn list_price(&self, product: &Doc, qty: Decimal) -> Result<Option<Decimal>, Problem> {
        let own =
            || product.dec("price").filter(|_| product.text("currency") == Some(self.currency.as_str()));
        let Some(price) = self.price_row(product, qty).or_else(own) else { return Ok(None) };
        let from = match product.get("price_includes_tax") {
            Some(Value::Bool(true)) => PriceMode::TaxIncl,
            Some(_) => PriceMode::TaxExcl,
            None => self.usual,
        };
        let rate = product.dec("tax_rate").unwrap_or(self.default_rate);
        convert_price(price, rate, from, self.mode, self.digits).map(Some)
    }

    /// Among the rows that apply: one for the level first, then the largest quantity, then the
    /// latest beginning, then the smallest id.
    fn price_row(&self, product: &Doc, qty: Decimal) -> Option<Decimal> {
        let text = |row: &Row, field: &str| row.get(field).and_then(Value::as_text).map(str::to_owned);
        let day = |row: &Row, field: &str| row.get(field).and_then(Value::as_day);
        let least = |row: &Row| row.get("min_qty").and_then(Value::as_dec).unwrap_or_default();
        let applies = |row: &&Row| {
            let level = text(row, "level");
            text(row, "currency").as_deref() == Some(self.currency.as_str())
                && day(row, "from").is_none_or(|from| from <= self.date)
                && day(row, "to").is_none_or(|to| self.date <= to)
                && least(row) <= qty
                && (level.is_none() || level == self.level)
        };
        let rank = |row: &&Row| {
            (text(row, "level").is_some(), least(row), day(row, "from"), Reverse(text(row, "id")))
        };
        product.rows("prices").iter().filter(applies).max_by_key(rank)?.get("price")?.as_dec()
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
