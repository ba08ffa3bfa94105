//! The lines of a document and what they come to: columns, sections, totals.
//!
//! Every amount is one of the money engine, or one that an invoice stores because the customer was
//! told it; here they are only put beside each other.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::material::{Material, Words};
use crate::model::Problem;
use crate::model::document::{DocumentOut, LineValue, PriceMode, RateTotal, compute, part_of_line};
use crate::model::record::{CodeList, Row, Type, Value};
use crate::model::totals::{default_rate, document_of, totals};
use crate::table::page::{Line, Section, Total, Weight};
use crate::table::{Cell, Column, ColumnType};

/// The part of a page between its opening and its details.
#[derive(Debug, Default)]
pub struct Body {
    pub columns: Vec<Column>,
    /// Index of the column with the names.
    pub names: usize,
    pub sections: Vec<Section>,
    pub totals: Vec<Total>,
    /// What the document asks for, in words where that is custom.
    pub total: Decimal,
}

/// One line before it is known which columns are worth showing.
#[derive(Debug, Default)]
struct Entry {
    group: Option<String>,
    sku: Option<String>,
    name: String,
    qty: Decimal,
    unit: Option<String>,
    list_price: Option<Decimal>,
    price: Decimal,
    discount: Discount,
    tax_rate: Decimal,
    /// Shown on invoices only.
    tax: Option<Decimal>,
    /// In the price mode of the document.
    amount: Decimal,
    remarks: Vec<String>,
}

/// What is taken off a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Discount {
    percent: Option<Decimal>,
    amount: Option<Decimal>,
}

/// The lines and totals of a quote or order.
pub fn of_offer(material: &Material, words: Words<'_>) -> Result<Body, Problem> {
    let doc = &material.doc;
    let out = totals(doc, &words.schema.settings)?;
    let cancelled = cancelled(material);
    let entries: Vec<Entry> = doc
        .rows("lines")
        .iter()
        .zip(&out.lines)
        .map(|(row, line)| {
            let mut entry = entry(row, material, words);
            entry.list_price = number(row, "list_price");
            entry.discount =
                Discount { percent: number(row, "discount_pct"), amount: number(row, "discount_amt") };
            entry.amount = line.amount;
            if let Some(day) = row.get("due_date").and_then(Value::as_day) {
                entry.remarks.push(words.word_with("page-line-due", "day", &day.to_string()));
            }
            if let Some(qty) = cancelled.get(id_of(row)) {
                let qty = qty.normalize().to_string();
                entry.remarks.push(words.word_with("page-line-cancelled", "qty", &qty));
            }
            entry
        })
        .collect();
    let mut totals = offer_totals(material, &out, words);
    let mut total = out.total;
    if !cancelled.is_empty() {
        let off = cancelled_value(material, &out, &cancelled, words)?;
        total -= off;
        let label = words.word("page-total-before");
        for grand in totals.iter_mut().filter(|total| total.weight == Weight::Grand) {
            grand.weight = Weight::Sum;
            grand.label.clone_from(&label);
        }
        totals.push(step(words.word("page-cancelled"), -off));
        totals.push(Total { label: words.word("page-total-left"), amount: total, weight: Weight::Grand });
    }
    Ok(body(material, &entries, totals, total, words))
}

/// The lines and totals of an invoice or credit note, as it stores them.
pub fn of_invoice(material: &Material, words: Words<'_>) -> Result<Body, Problem> {
    let doc = &material.doc;
    let rows = doc.rows("lines");
    let listed = undiscounted(material, words)?;
    let mut entries = Vec::new();
    for (row, listed) in rows.iter().zip(listed) {
        let (net, tax) = (number(row, "net").unwrap_or_default(), number(row, "tax").unwrap_or_default());
        let mut entry = entry(row, material, words);
        entry.amount = if material.inclusive() { net + tax } else { net };
        entry.tax = Some(tax);
        entry.discount.amount = Some(listed - entry.amount);
        entries.push(entry);
    }
    // Parts of a line differ from quantity times price by rounding, which is no discount.
    let rounding = Decimal::new(2, material.digits(words.schema));
    let given = entries.iter().any(|e| e.discount.amount.is_some_and(|off| off.abs() > rounding));
    for entry in &mut entries {
        entry.discount.amount = entry.discount.amount.filter(|off| given && !off.is_zero());
    }
    let totals = invoice_totals(material, words);
    let total = doc.dec("total").unwrap_or_default();
    Ok(body(material, &entries, totals, total, words))
}

fn id_of(row: &Row) -> &str {
    row.get("id").and_then(Value::as_text).unwrap_or_default()
}

fn number(row: &Row, field: &str) -> Option<Decimal> {
    row.get(field).and_then(Value::as_dec)
}

/// What a line says whatever the document.
fn entry(row: &Row, material: &Material, words: Words<'_>) -> Entry {
    let text = |field: &str| row.get(field).and_then(Value::as_text).map(str::to_owned);
    let unit = text("unit").map(|code| match unit_list(material) {
        Some(list) => words.locale.code(words.schema, list, &code),
        None => code,
    });
    Entry {
        group: text("group"),
        sku: text("product"),
        name: text("name").or_else(|| text("product")).unwrap_or_default(),
        qty: number(row, "qty").unwrap_or_default(),
        unit,
        price: number(row, "price").unwrap_or_default(),
        tax_rate: number(row, "tax_rate").unwrap_or_default(),
        remarks: text("note").into_iter().collect(),
        ..Entry::default()
    }
}

fn unit_list(material: &Material) -> Option<&'static CodeList> {
    let rows = material.doc.kind.field("lines")?.rows()?;
    match rows.field("unit")?.ty {
        Type::Code(list) => Some(list),
        _ => None,
    }
}

/// Cancelled quantities by line.
fn cancelled(material: &Material) -> BTreeMap<&str, Decimal> {
    let mut sums = BTreeMap::new();
    for row in material.doc.rows("cancellations") {
        if let (Some(line), Some(qty)) = (row.get("line").and_then(Value::as_text), number(row, "qty")) {
            *sums.entry(line).or_default() += qty;
        }
    }
    sums
}

/// What the cancelled quantities are worth, with tax: the last units of their lines.
fn cancelled_value(
    material: &Material,
    out: &DocumentOut,
    cancelled: &BTreeMap<&str, Decimal>,
    words: Words<'_>,
) -> Result<Decimal, Problem> {
    let mode = if material.inclusive() { PriceMode::TaxIncl } else { PriceMode::TaxExcl };
    let mut sum = Decimal::ZERO;
    for (row, line) in material.doc.rows("lines").iter().zip(&out.lines) {
        let (Some(gone), Some(qty)) = (cancelled.get(id_of(row)), number(row, "qty")) else { continue };
        let left = (qty - gone).max(Decimal::ZERO);
        let digits = material.digits(words.schema);
        let kept =
            part_of_line(line.value(), mode, qty, left, LineValue::of(Decimal::ZERO, Decimal::ZERO), digits)?;
        sum += line.gross - kept.gross;
    }
    Ok(sum)
}

/// Quantity times price of each line of an invoice, before any discount.
fn undiscounted(material: &Material, words: Words<'_>) -> Result<Vec<Decimal>, Problem> {
    let mut input = document_of(&material.doc, &words.schema.settings)?;
    input.discount = None;
    Ok(compute(&input)?.lines.into_iter().map(|line| line.amount).collect())
}

fn step(label: String, amount: Decimal) -> Total {
    Total { label, amount, weight: Weight::Step }
}

fn offer_totals(material: &Material, out: &DocumentOut, words: Words<'_>) -> Vec<Total> {
    let mut totals = Vec::new();
    let inclusive = material.inclusive();
    let shipping = out.shipping.map(|shipping| if inclusive { shipping.gross } else { shipping.net });
    if !out.discount.is_zero() || shipping.is_some() {
        totals.push(step(words.word("page-subtotal"), out.subtotal));
    }
    if !out.discount.is_zero() {
        let label = match material.doc.dec("discount_pct") {
            Some(percent) => words.word_with("page-discount-of", "pct", &percent.normalize().to_string()),
            None => words.word("page-discount"),
        };
        totals.push(step(label, -out.discount));
    }
    totals.extend(shipping.map(|amount| step(words.word("page-shipping"), amount)));
    let sums = Sums { net: out.net_total, total: out.total, by_rate: out.tax_by_rate.clone() };
    totals.extend(sums.totals(inclusive, words, &words.word("page-total")));
    totals
}

fn invoice_totals(material: &Material, words: Words<'_>) -> Vec<Total> {
    let doc = &material.doc;
    let inclusive = material.inclusive();
    let stored = |field: &str| doc.dec(field).unwrap_or_default();
    let mut by_rate: BTreeMap<Decimal, RateTotal> = BTreeMap::new();
    let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    let mut add = |rate: Decimal, net: Decimal, tax: Decimal| {
        let sum =
            by_rate.entry(rate.normalize()).or_insert(RateTotal { net: Decimal::ZERO, tax: Decimal::ZERO });
        sum.net += net;
        sum.tax += tax;
    };
    for row in doc.rows("lines") {
        let of = |field: &str| number(row, field).unwrap_or_default();
        add(of("tax_rate"), of("net"), of("tax"));
        net += of("net");
        tax += of("tax");
    }
    // No line holds the shipping: it is what the totals have beyond them.
    let shipping = (stored("net_total") - net, stored("tax_total") - tax);
    let mut totals = Vec::new();
    if !shipping.0.is_zero() || !shipping.1.is_zero() {
        let rate = doc.dec("shipping_tax_rate").unwrap_or_else(|| default_rate(&words.schema.settings));
        add(rate, shipping.0, shipping.1);
        let (lines, shipped) =
            if inclusive { (net + tax, shipping.0 + shipping.1) } else { (net, shipping.0) };
        totals.push(step(words.word("page-subtotal"), lines));
        totals.push(step(words.word("page-shipping"), shipped));
    }
    let label = if material.is_credit() { "page-total-credit" } else { "page-total" };
    let sums = Sums { net: stored("net_total"), total: stored("total"), by_rate };
    totals.extend(sums.totals(inclusive, words, &words.word(label)));
    if let Some(balance) = material.balance {
        for (id, amount) in [("page-credited", balance.credited), ("page-paid", balance.paid)] {
            if !amount.is_zero() {
                totals.push(step(words.word(id), -amount));
            }
        }
        let (id, amount) = if balance.outstanding < Decimal::ZERO {
            ("page-in-credit", -balance.outstanding)
        } else {
            ("page-outstanding", balance.outstanding)
        };
        let label = words.word_with(id, "day", &material.today.to_string());
        totals.push(Total { label, amount, weight: Weight::Sum });
    }
    totals
}

/// Net, tax by rate and total.
struct Sums {
    net: Decimal,
    total: Decimal,
    by_rate: BTreeMap<Decimal, RateTotal>,
}

impl Sums {
    /// Without tax: net, taxes, total. With tax: the total, and what it contains.
    fn totals(&self, inclusive: bool, words: Words<'_>, total: &str) -> Vec<Total> {
        let tax = |id: &str, weight: Weight| -> Vec<Total> {
            let of = |(rate, sum): (&Decimal, &RateTotal)| Total {
                label: words
                    .locale
                    .text(id, &[("rate", &rate.normalize().to_string()), ("net", &grouped(sum.net))]),
                amount: sum.tax,
                weight,
            };
            self.by_rate.iter().map(of).collect()
        };
        let grand = Total { label: total.to_owned(), amount: self.total, weight: Weight::Grand };
        let mut totals = Vec::new();
        if inclusive {
            totals.push(grand);
            totals.push(Total {
                label: words.word("page-contained-net"),
                amount: self.net,
                weight: Weight::Aside,
            });
            totals.extend(tax("page-contained-tax", Weight::Aside));
        } else {
            totals.push(Total { label: words.word("page-net"), amount: self.net, weight: Weight::Sum });
            totals.extend(tax("page-tax", Weight::Step));
            totals.push(grand);
        }
        totals
    }
}

/// Digits in threes, for an amount inside a label.
pub fn grouped(amount: Decimal) -> String {
    let plain = amount.to_string();
    let (whole, rest) = plain.find('.').map_or((plain.as_str(), ""), |at| plain.split_at(at));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

/// The columns that say something, and the lines in them.
fn body(
    material: &Material,
    entries: &[Entry],
    totals: Vec<Total>,
    total: Decimal,
    words: Words<'_>,
) -> Body {
    let shown = Shown::of(entries);
    let columns = shown.columns(material, words);
    let names = columns.iter().position(|column| column.code == "name").unwrap_or_default();
    Body { names, sections: sections(entries, &columns, material, words), columns, totals, total }
}

/// Which columns say something.
struct Shown {
    sku: bool,
    unit: bool,
    list_price: bool,
    discount: bool,
    rate: bool,
    tax: bool,
    /// Whether discounts are percentages only, or amounts only.
    percents: bool,
    amounts: bool,
}

impl Shown {
    fn of(entries: &[Entry]) -> Self {
        let any = |says: &dyn Fn(&Entry) -> bool| entries.iter().any(says);
        let tax = any(&|e| e.tax.is_some());
        Self {
            sku: any(&|e| e.sku.is_some()),
            unit: any(&|e| e.unit.is_some()),
            list_price: any(&|e| e.list_price.is_some_and(|list| list != e.price)),
            discount: any(&|e| e.discount != Discount::default()),
            rate: tax || any(&|e| e.tax_rate != entries[0].tax_rate),
            tax,
            percents: !any(&|e| e.discount.amount.is_some()),
            amounts: !any(&|e| e.discount.percent.is_some()),
        }
    }

    fn columns(&self, material: &Material, words: Words<'_>) -> Vec<Column> {
        let column = |id: &str, code: &str, ty: ColumnType| Column::new(code, ty).labelled(words.word(id));
        let discount = if self.percents {
            ColumnType::Percent
        } else if self.amounts {
            ColumnType::Money
        } else {
            // Percentages and amounts together are told in words.
            ColumnType::Text
        };
        let (price, list, amount) = if material.inclusive() {
            ("page-column-price-incl", "page-column-list-incl", "page-column-amount-incl")
        } else {
            ("page-column-price-excl", "page-column-list-excl", "page-column-amount-excl")
        };
        let mut columns = vec![column("page-column-position", "position", ColumnType::Int)];
        let mut add = |wanted: bool, column: Column| columns.extend(Some(column).filter(|_| wanted));
        add(self.sku, column("page-column-sku", "sku", ColumnType::Text));
        add(true, column("page-column-name", "name", ColumnType::Text));
        add(true, column("page-column-qty", "qty", ColumnType::Qty));
        add(self.unit, column("page-column-unit", "unit", ColumnType::Text));
        add(self.list_price, column(list, "list_price", ColumnType::Price));
        add(true, column(price, "price", ColumnType::Price));
        add(self.discount, column("page-column-discount", "discount", discount));
        let taxed_first = self.tax && !material.inclusive();
        add(taxed_first, column(amount, "amount", ColumnType::Money));
        add(self.rate, column("page-column-rate", "tax_rate", ColumnType::Percent));
        add(self.tax, column("page-column-tax", "tax", ColumnType::Money));
        add(!taxed_first, column(amount, "amount", ColumnType::Money));
        columns
    }
}

/// The lines by group in the order in which groups first appear, numbered throughout.
fn sections(entries: &[Entry], columns: &[Column], material: &Material, words: Words<'_>) -> Vec<Section> {
    let mut groups: Vec<(Option<&str>, Vec<&Entry>)> = Vec::new();
    for entry in entries {
        let group = entry.group.as_deref();
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, members)) => members.push(entry),
            None => groups.push((group, vec![entry])),
        }
    }
    let several = groups.len() > 1;
    let mut position = 0;
    let digits = material.digits(words.schema);
    groups
        .into_iter()
        .map(|(name, members)| {
            let sum: Decimal = members.iter().map(|entry| entry.amount).sum();
            let lines = members.iter().map(|entry| {
                position += 1;
                let cells = columns.iter().map(|column| entry.cell(column, position, digits)).collect();
                Line { cells, remarks: entry.remarks.clone() }
            });
            let lines: Vec<Line> = lines.collect();
            // What has no group must not look like the end of the one before it.
            let name = name.map(str::to_owned).or_else(|| several.then(|| words.word("page-other-lines")));
            let sum = name
                .as_ref()
                .filter(|_| several)
                .map(|name| (words.word_with("page-section-sum", "group", name), sum));
            Section { heading: name, lines, sum }
        })
        .collect()
}

impl Entry {
    fn cell(&self, column: &Column, position: i64, digits: u32) -> Cell {
        let text = |text: &Option<String>| text.as_ref().map_or(Cell::Null, Cell::text);
        match column.code.as_str() {
            "position" => Cell::Int(position),
            "sku" => text(&self.sku),
            "name" => Cell::text(&self.name),
            "qty" => Cell::Dec(self.qty.normalize()),
            "unit" => text(&self.unit),
            "list_price" => self.list_price.map_or(Cell::Null, |price| Cell::Dec(padded(price, digits))),
            "price" => Cell::Dec(padded(self.price, digits)),
            "discount" => self.discount.cell(column.ty),
            "tax_rate" => Cell::Dec(self.tax_rate.normalize()),
            "tax" => self.tax.map_or(Cell::Null, Cell::Dec),
            _ => Cell::Dec(self.amount),
        }
    }
}

impl Discount {
    fn cell(self, ty: ColumnType) -> Cell {
        let percent = self.percent.map(|percent| Decimal::ZERO - percent.normalize());
        let amount = self.amount.map(|amount| Decimal::ZERO - amount);
        match (ty, percent, amount) {
            (_, None, None) => Cell::Null,
            (ColumnType::Percent, Some(percent), _) => Cell::Dec(percent),
            (ColumnType::Money, _, Some(amount)) => Cell::Dec(amount),
            (_, percent, amount) => {
                let percent = percent.map(|percent| format!("{percent}%"));
                let parts: Vec<String> = percent.into_iter().chain(amount.map(grouped)).collect();
                Cell::text(parts.join(" "))
            }
        }
    }
}

/// A price with at least the minor digits of its currency.
fn padded(price: Decimal, digits: u32) -> Decimal {
    let mut price = price.normalize();
    if price.scale() < digits {
        price.rescale(digits);
    }
    price
}
