//! What a new record takes from other records: numbers, currencies, rates, dates, prices.
//!
//! Called when what people gave is set and the plain defaults are filled; what is given stays.
//! Deliberately absent: judgement, which is for the rules.

mod people;
mod sales;
mod service;

pub(super) use people::target;
pub use sales::{currency_of, products_amount};

use rust_decimal::Decimal;

use super::{Draft, lines, stock};
use crate::model::Problem;
use crate::model::record::{Doc, Preset, Row, RowKind, Type, Value, normal};
use crate::model::scalars::Day;
use crate::model::schema::Settings;
use crate::model::totals::digits;
use crate::model::value::minor_digits;
use crate::rules::View;

/// Fills everything that follows from other records.
pub fn complete(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    rows(draft, doc);
    match doc.kind.name {
        "customer" | "lead" => people::region(draft, doc)?,
        "contact" => people::first_contact(draft, doc)?,
        "followup" => people::followup(draft, doc)?,
        "ticket" => service::agreement(draft, doc)?,
        "product" => product(draft, doc),
        "movement" => stock::complete(draft, doc)?,
        "opportunity" => sales::opportunity(draft, doc)?,
        "quote" => sales::quote(draft, doc)?,
        "order" => sales::order(draft, doc)?,
        "invoice" => sales::invoice(draft, doc)?,
        "payment" => sales::currency(draft, doc)?,
        _ => {}
    }
    number(draft, doc)?;
    tidy(draft, doc);
    Ok(())
}

/// Completes a record that was edited: new rows get ids and prices, the amount of an opportunity
/// follows its products or quotes where it says so.
pub fn refresh(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    rows(draft, doc);
    let before = draft.get(doc.kind, doc.id())?;
    match doc.kind.name {
        // What was said to the customer is not touched.
        "quote" | "order" if doc.state() == "draft" => {
            let lines = before.as_ref().map_or(&[][..], |doc| doc.rows("lines"));
            lines::edited(draft, lines, doc)?;
        }
        "opportunity" => sales::amount(draft, before.as_ref(), doc)?,
        "ticket" => service::other_priority(draft, before.as_ref(), doc)?,
        _ => {}
    }
    tidy(draft, doc);
    Ok(())
}

/// The record that a reference of this one names, where there is one.
fn referred(draft: &Draft<'_>, doc: &Doc, noun: &str, field: &str) -> Result<Option<Doc>, Problem> {
    doc.text(field).map_or(Ok(None), |id| draft.record(noun, id))
}

/// Sets a text that is still missing.
fn default_text(doc: &mut Doc, field: &str, text: Option<String>) {
    if doc.get(field).is_none() {
        doc.set(field, text.map(Value::Text));
    }
}

/// The day of a record: its date, else today.
pub fn date_of(draft: &Draft<'_>, doc: &Doc) -> Day {
    doc.day("date").unwrap_or(draft.setting.today)
}

/// Ids and plain defaults of the rows. A row is from the day of its record.
fn rows(draft: &Draft<'_>, doc: &mut Doc) {
    for (field, kind) in doc.kind.rows() {
        if doc.rows(field.name).is_empty() {
            continue;
        }
        let filled = doc.rows(field.name).iter().map(|row| fill_row(draft, doc, kind, row)).collect();
        doc.set(field.name, Some(Value::Rows(filled)));
    }
}

fn fill_row(draft: &Draft<'_>, doc: &Doc, kind: &RowKind, row: &Row) -> Row {
    let mut row = row.clone();
    if kind.key == "id" && !row.contains_key("id") {
        row.insert("id", Value::Text(draft.row_id()));
    }
    for field in kind.fields {
        if row.contains_key(field.name) {
            continue;
        }
        let value = match field.preset {
            Preset::Today => Some(Value::Day(date_of(draft, doc))),
            _ => draft.preset(field),
        };
        if let Some(value) = value {
            row.insert(field.name, value);
        }
    }
    row
}

fn product(draft: &Draft<'_>, doc: &mut Doc) {
    if doc.get("price_includes_tax").is_none() {
        let inclusive = draft.schema().settings.text("tax.price_mode") == "tax_incl";
        doc.set("price_includes_tax", Some(Value::Bool(inclusive)));
    }
    if doc.get("track_stock").is_none() {
        doc.set("track_stock", Some(Value::Bool(doc.text("kind") == Some("good"))));
    }
}

/// The next number of the pattern of the type.
fn number(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let wants = doc.kind.field("number").is_some_and(|field| field.preset == Preset::Derived);
    if !wants || doc.get("number").is_some() {
        return Ok(());
    }
    let key = format!("number.{}", doc.kind.name);
    let pattern = draft.schema().settings.text(&key);
    let refuse = || {
        Problem::invalid("bad-number-pattern").arg("field", &key).arg("value", pattern).at("crm.toml", None)
    };
    let pattern = Pattern::read(pattern, date_of(draft, doc)).ok_or_else(refuse)?;
    let seq = draft.next_number(doc.kind.name, &pattern.prefix)?;
    doc.set("number", Some(Value::Text(pattern.number(seq))));
    Ok(())
}

/// The sequence number in a number that begins with a prefix.
pub fn sequence(number: &str, prefix: &str) -> Option<u64> {
    let rest = number.strip_prefix(prefix)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// A pattern of numbers on a day: `SO-{year}-{seq:04}` is a prefix, a width and nothing after it.
struct Pattern {
    prefix: String,
    width: usize,
    suffix: String,
}

impl Pattern {
    /// Nothing for a pattern without `{seq}`, with two of them, or with an unknown placeholder.
    fn read(pattern: &str, day: Day) -> Option<Self> {
        let (mut text, mut prefix, mut width) = (String::new(), None, 0);
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            text.push_str(before);
            match name.split_once(':').map_or((name, None), |(name, width)| (name, Some(width))) {
                ("year", None) => text.push_str(&day.format("%Y").to_string()),
                ("month", None) => text.push_str(&day.format("%m").to_string()),
                ("seq", digits) if prefix.is_none() => {
                    width = digits.map_or(Some(0), |digits| digits.parse().ok()).filter(|w| *w <= 18)?;
                    prefix = Some(std::mem::take(&mut text));
                }
                _ => return None,
            }
            rest = after;
        }
        text.push_str(rest);
        Some(Self { prefix: prefix?, width, suffix: text })
    }

    fn number(&self, seq: u64) -> String {
        format!("{}{seq:0width$}{}", self.prefix, self.suffix, width = self.width)
    }
}

/// The stored form of every value: sets sorted, money with the digits of its currency, a main
/// number or address that is none of the further ones.
fn tidy(draft: &Draft<'_>, doc: &mut Doc) {
    for (main, further) in [("phone", "other_phones"), ("email", "other_emails")] {
        if let (Some(main), Some(Value::List(mut others))) =
            (doc.get(main).cloned(), doc.get(further).cloned())
        {
            others.retain(|other| *other != main);
            doc.set(further, Some(Value::List(others)));
        }
    }
    stored_form(doc, &draft.schema().settings);
}

/// Sets sorted, money with the digits of its currency, whatever is empty left out.
pub fn stored_form(doc: &mut Doc, settings: &Settings) {
    let (digits, base) = (digits(doc, settings), settings.digits());
    for field in doc.kind.all() {
        let value = match (doc.get(field.name).cloned(), field.rows()) {
            (Some(Value::Rows(rows)), Some(kind)) => {
                Some(Value::Rows(rows.into_iter().map(|row| tidy_row(kind, row, digits, base)).collect()))
            }
            (Some(value), _) => Some(amount(field.name, field.ty, value, digits, base)),
            (None, _) => continue,
        };
        doc.set(field.name, value);
    }
}

/// A value as a record stores it in a field.
pub fn stored(draft: &Draft<'_>, doc: &Doc, field: &str, value: Value) -> Value {
    let settings = &draft.schema().settings;
    match doc.kind.field(field) {
        Some(declared) => amount(field, declared.ty, value, digits(doc, settings), settings.digits()),
        None => value,
    }
}

fn tidy_row(kind: &RowKind, mut row: Row, digits: u32, base: u32) -> Row {
    let own = row.get("currency").and_then(Value::as_text).and_then(minor_digits);
    for field in kind.fields {
        if let Some(value) = row.remove(field.name) {
            let value = amount(field.name, field.ty, value, own.unwrap_or(digits), base);
            if let Some(value) = normal(field, Some(value)) {
                row.insert(field.name, value);
            }
        }
    }
    row
}

/// Costs are in base currency whatever the currency of the record.
fn amount(name: &str, ty: Type, value: Value, digits: u32, base: u32) -> Value {
    let digits = if matches!(name, "cost" | "unit_cost") { base } else { digits };
    match (ty, value) {
        (Type::Money | Type::Price, Value::Dec(dec)) => Value::Dec(padded(dec, digits)),
        (_, value) => value,
    }
}

/// The number with at least so many digits and no zeros beyond them. More digits that mean
/// something stay, for the rules to refuse.
fn padded(dec: Decimal, digits: u32) -> Decimal {
    let mut dec = dec.normalize();
    if dec.scale() < digits {
        dec.rescale(digits);
    }
    dec
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, dec, field, text};
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_pattern_gives_numbers() {
        for (pattern, number) in [
            ("QT-{year}-{seq:04}", Some("QT-2026-0007")),
            ("{year}{month}/{seq}", Some("202603/7")),
            ("SO{seq:03}-{year}", Some("SO007-2026")),
            ("SO-{year}", None),
            ("{seq}{seq}", None),
            ("{seq:x}", None),
            ("{day}{seq}", None),
            ("{seq", None),
        ] {
            let made = Pattern::read(pattern, day("2026-03-05")).map(|pattern| pattern.number(7));
            assert_eq!(made.as_deref(), number, "{pattern}");
        }
    }

    #[test]
    fn a_number_tells_its_sequence() {
        for (number, seq) in [
            ("SO-2026-0042", Some(42)),
            ("SO-2026-0042b", Some(42)),
            ("SO-2026-", None),
            ("QT-2026-0042", None),
        ] {
            assert_eq!(sequence(number, "SO-2026-"), seq, "{number}");
        }
    }

    #[test]
    fn numbers_go_on_from_the_store_and_from_the_draft() {
        let mut bench = Bench::new();
        bench.store.add("order", "ord_kkkkkkkkkkkk", &[("number", "SO-2026-0041"), ("date", "2026-01-01")]);
        bench.store.add("order", "ord_llllllllllll", &[("number", "SO-2025-0099"), ("date", "2025-01-01")]);
        bench.with(|draft| {
            let first = draft.new_record("order", &[("customer", "cus_haina")])?;
            draft.put(first.clone())?;
            let second = draft.new_record("order", &[("customer", "cus_haina")])?;
            assert_eq!(
                (first.text("number"), second.text("number")),
                (Some("SO-2026-0042"), Some("SO-2026-0043"))
            );
            let old = draft.new_record("order", &[("customer", "cus_haina"), ("date", "2025-06-01")])?;
            assert_eq!(old.text("number"), Some("SO-2025-0100"));
            let given = draft.new_record("order", &[("customer", "cus_haina"), ("number", "A-1")])?;
            assert_eq!(given.text("number"), Some("A-1"));
            Ok(())
        });
    }

    #[test]
    fn money_gets_the_digits_of_its_currency() {
        Bench::new().with(|draft| {
            let doc = draft.new_record("customer", &[("name", "甲"), ("credit_limit", "10")])?;
            assert_eq!(field(&doc, "credit_limit"), "10.00");
            let doc =
                draft.new_record("lead", &[("name", "乙"), ("budget", "230000.000"), ("source", "web")])?;
            assert_eq!(field(&doc, "budget"), "230000.00");
            let doc = draft.new_record("payment", &[("customer", "cus_tokyo"), ("amount", "1044.00")])?;
            assert_eq!(
                (field(&doc, "amount"), field(&doc, "currency")),
                ("1044".to_owned(), "JPY".to_owned())
            );
            Ok(())
        });
    }

    #[test]
    fn sets_are_sorted_and_rows_get_ids() {
        Bench::new().with(|draft| {
            let mut doc = draft.make("customer", None);
            doc.set("name", Some(text("甲")));
            let rows = vec![Row::from([("product", text("HAN-EV-610")), ("qty", dec("2"))])];
            doc.set("intents", Some(Value::Rows(rows)));
            doc.fields.insert("tags", Value::List(vec![text("b"), text("a"), text("b")]));
            complete(draft, &mut doc)?;
            assert_eq!(doc.list("tags").collect::<Vec<_>>(), ["a", "b"]);
            assert!(doc.rows("intents").iter().all(|row| row.contains_key("id")));
            Ok(())
        });
    }

    #[test]
    fn an_edited_record_gets_prices_and_its_amount_follows() {
        Bench::new().with(|draft| {
            let fields = [
                ("name", "车队"),
                ("customer", "cus_haina"),
                ("products.id", "kkkkkk"),
                ("products.product", "MAT"),
            ];
            let mut opp = draft.new_record("opportunity", &fields)?;
            assert_eq!(field(&opp, "amount"), "100.00");
            let mut rows = opp.rows("products").to_vec();
            rows.push(Row::from([("product", text("MAT")), ("qty", dec("2"))]));
            opp.set("products", Some(Value::Rows(rows)));
            refresh(draft, &mut opp)?;
            assert_eq!(field(&opp, "amount"), "300.00");
            opp.set("amount_source", Some(text("manual")));
            opp.set("products", None);
            refresh(draft, &mut opp)?;
            assert_eq!(field(&opp, "amount"), "300.00", "a manual amount stays");
            Ok(())
        });
    }

    #[test]
    fn a_product_takes_the_price_mode_of_the_settings() {
        Bench::new().with(|draft| {
            let good = draft.new_slug("product", "A-1", &[("name", "A"), ("price", "10")])?;
            assert_eq!(
                (field(&good, "price"), field(&good, "price_includes_tax"), field(&good, "track_stock")),
                ("10.00".to_owned(), "true".to_owned(), "true".to_owned())
            );
            let service =
                draft.new_slug("product", "B", &[("name", "B"), ("price", "1"), ("kind", "service")])?;
            assert_eq!(field(&service, "track_stock"), "false");
            Ok(())
        });
    }
}
