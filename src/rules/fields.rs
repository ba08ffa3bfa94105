//! Every stored value is the canonical form of its type, and what must be there is there.
//!
//! Deliberately absent: what a field means together with others (the rules of its subject), and
//! the form of references, which `references` judges.

use rust_decimal::Decimal;

use super::amounts::digits;
use super::support::{about, plain};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Field, Row, Type, Value, normal};
use crate::model::schema::Schema;
use crate::model::value::exact::micros;
use crate::model::value::{
    is_row_id, minor_digits, parse_country, parse_currency, parse_duration, parse_email, parse_phone,
    parse_prose, parse_slug, parse_text, parse_url, prefix_of, to_minor,
};

/// Whole numbers with narrower bounds than their type.
const BOUNDS: &[(&str, &str, i64, i64)] = &[
    ("market_note", "impact", -2, 2),
    ("opportunity", "probability", 0, 100),
    ("pipeline", "stages.probability", 0, 100),
    ("pipeline", "stages.rot_days", 0, 36_500),
    ("customer", "payment_days", 0, 36_500),
    ("quote", "payment_days", 0, 36_500),
    ("quote", "revision", 1, i64::MAX),
    ("order", "payment_days", 0, 36_500),
    ("ticket", "rating", 1, 5),
    ("product", "lead_days", 0, 36_500),
    ("product", "warranty_months", 0, 1_200),
    ("pool", "recycle_days", 0, 36_500),
    ("pool", "deal_days", 0, 36_500),
    ("pool", "warn_days", 0, 36_500),
    ("pool", "protect_days", 0, 36_500),
    ("pool", "claim_daily", 0, i64::MAX),
    ("pool", "hold_max", 0, i64::MAX),
    ("pool", "reclaim_days", 0, 36_500),
    ("score_rule", "window_days", 0, 36_500),
    ("score_rule", "max_points", 0, i64::MAX),
    ("user", "capacity_30d", 0, i64::MAX),
    ("role", "bulk_max", 0, i64::MAX),
    ("followup", "duration_min", 0, i64::MAX),
];

/// Amounts that owe nothing and cannot be below zero.
const NOT_NEGATIVE: &[(&str, &str)] = &[("customer", "credit_limit"), ("lead", "budget")];

/// `missing-field`: a required field of the record or of one of its rows is absent.
pub fn missing(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let absent = |name: &str| about(doc, "missing-field").arg("field", name).field(name);
    for field in doc.kind.all() {
        if field.required() && doc.get(field.name).is_none() {
            found.push(absent(field.name));
        }
        let Type::Rows(kind) = field.ty else { continue };
        for row in doc.rows(field.name) {
            if !row.contains_key(kind.key) {
                found.push(absent(&format!("{}.{}", field.name, kind.key)));
            }
            let required = kind.fields.iter().filter(|inner| inner.required() && inner.name != kind.key);
            for inner in required.filter(|inner| !row.contains_key(inner.name)) {
                let name = format!("{}.{}", field.name, inner.name);
                found.push(absent(&name).arg("row", row_key(row, kind.key)));
            }
        }
    }
    Ok(())
}

/// `bad-value` and `price-scale`: a stored value is not the canonical form of its type.
pub fn canonical(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let schema = view.schema();
    check_id(doc, found);
    for field in doc.kind.all() {
        let Some(value) = doc.get(field.name) else { continue };
        if normal(field, Some(value.clone())).as_ref() != Some(value) {
            found.push(bad(doc, field.name, value, "order"));
        }
        match (field.ty, value) {
            (Type::Rows(kind), Value::Rows(rows)) => {
                check_keys(doc, field, kind.key, rows, found);
                for row in rows {
                    for inner in kind.fields {
                        let Some(value) = row.get(inner.name) else { continue };
                        let name = format!("{}.{}", field.name, inner.name);
                        let judged = Judged { schema, doc, name, row: Some(row) };
                        judged.all(inner, value, found);
                    }
                }
            }
            (Type::Rows(_), value) => found.push(bad(doc, field.name, value, "type")),
            _ => Judged { schema, doc, name: field.name.to_owned(), row: None }.all(field, value, found),
        }
    }
    Ok(())
}

fn bad(doc: &Doc, field: &str, value: &Value, reason: &'static str) -> Problem {
    about(doc, "bad-value").arg("field", field).arg("value", plain(value)).arg("reason", reason).field(field)
}

fn check_id(doc: &Doc, found: &mut Found) {
    let id = doc.id();
    let sound =
        if doc.kind.is_slug() { parse_slug(id).is_ok() } else { prefix_of(id) == Some(doc.kind.prefix) };
    if !sound {
        found.push(bad(doc, "id", &Value::Text(id.to_owned()), "form"));
    }
}

fn row_key(row: &Row, key: &str) -> String {
    row.get(key).map(plain).unwrap_or_default()
}

/// Rows are told apart by their key; ids of rows have their form. Grants have a rule of their own.
fn check_keys(doc: &Doc, field: &Field, key: &'static str, rows: &[Row], found: &mut Found) {
    let keys: Vec<String> = rows.iter().map(|row| row_key(row, key)).collect();
    let name = format!("{}.{key}", field.name);
    for (at, id) in keys.iter().enumerate() {
        let value = Value::Text(id.clone());
        if keys[..at].contains(id) && doc.kind.name != "role" {
            found.push(bad(doc, &name, &value, "repeated"));
        } else if key == "id" && !id.is_empty() && !is_row_id(id) {
            found.push(bad(doc, &name, &value, "form"));
        }
    }
}

/// A value in its place.
struct Judged<'a> {
    schema: &'a Schema,
    doc: &'a Doc,
    name: String,
    row: Option<&'a Row>,
}

impl Judged<'_> {
    fn all(&self, field: &Field, value: &Value, found: &mut Found) {
        match value {
            Value::List(values) if field.many() => {
                for one in values {
                    self.one(field, one, found);
                }
            }
            value if field.many() => found.push(bad(self.doc, &self.name, value, "type")),
            value => self.one(field, value, found),
        }
    }

    fn one(&self, field: &Field, value: &Value, found: &mut Found) {
        let reason = match value {
            Value::Text(text) => self.text(field.ty, text),
            Value::Int(int) => self.whole(field, *int),
            Value::Dec(dec) => self.number(field, *dec),
            Value::Bool(_) => (field.ty != Type::Bool).then_some("type"),
            Value::Day(_) => (field.ty != Type::Day).then_some("type"),
            Value::Instant(at) if at.timestamp_subsec_nanos() > 0 => Some("seconds"),
            Value::Instant(_) => (field.ty != Type::Instant).then_some("type"),
            Value::List(_) | Value::Rows(_) => Some("type"),
        };
        match (reason, field.ty) {
            (None, _) => self.bounds(field, value, found),
            (Some("scale"), Type::Price) => found.push(
                about(self.doc, "price-scale")
                    .arg("field", &self.name)
                    .arg("value", plain(value))
                    .arg("digits", self.digits(field))
                    .field(&self.name),
            ),
            (Some(reason), Type::Code(list)) => {
                let legal = self.schema.codes(list);
                found.push(bad(self.doc, &self.name, value, reason).legal(legal));
            }
            (Some(reason), _) => found.push(bad(self.doc, &self.name, value, reason)),
        }
    }

    fn text(&self, ty: Type, text: &str) -> Option<&'static str> {
        let same = |parsed: Result<String, Problem>| (parsed.as_deref() != Ok(text)).then_some("form");
        match ty {
            Type::Text if self.doc.kind.name == "user" && self.name == "language" => {
                (!matches!(text, "en" | "zh-CN")).then_some("language")
            }
            Type::Text if self.doc.kind.name == "user" && self.name == "timezone" => {
                text.parse::<chrono_tz::Tz>().is_err().then_some("zone")
            }
            Type::Text | Type::FreeCode | Type::Ref(_) => same(parse_text(text)),
            Type::Prose => same(parse_prose(text)),
            Type::Code(list) => (!self.schema.codes(list).contains(&text)).then_some("code"),
            Type::Currency => same(parse_currency(text)),
            Type::Country => same(parse_country(text)),
            Type::Dur => parse_duration(text).err().map(|_| "form"),
            Type::Phone => same(parse_phone(text, self.schema.settings.text("company.country"))),
            Type::Email => same(parse_email(text)),
            Type::Url => same(parse_url(text)),
            _ => Some("type"),
        }
    }

    fn whole(&self, field: &Field, int: i64) -> Option<&'static str> {
        if field.ty != Type::Int {
            return Some("type");
        }
        let bounds = BOUNDS.iter().find(|(noun, name, ..)| *noun == self.doc.kind.name && *name == self.name);
        bounds.is_some_and(|(_, _, min, max)| !(*min..=*max).contains(&int)).then_some("range")
    }

    fn number(&self, field: &Field, dec: Decimal) -> Option<&'static str> {
        let negative = dec < Decimal::ZERO;
        let digits = self.digits(field);
        match field.ty {
            Type::Dec => micros(dec).err().map(|_| "decimals"),
            Type::Qty | Type::Price if negative => Some("negative"),
            Type::Qty => micros(dec).err().map(|_| "decimals"),
            Type::Pct if negative || dec > Decimal::ONE_HUNDRED => Some("range"),
            Type::Pct => micros(dec).err().map(|_| "decimals"),
            Type::Money if negative && NOT_NEGATIVE.contains(&(self.doc.kind.name, &self.name)) => {
                Some("negative")
            }
            Type::Money if dec.scale() != digits => Some("scale"),
            Type::Money => to_minor(dec, digits).err().map(|_| "range"),
            Type::Price => (dec.scale() < digits || micros(dec).is_err()).then_some("scale"),
            _ => Some("type"),
        }
    }

    /// Minor digits that count here: those of the row's currency, else of the record's; costs are
    /// in the company's.
    fn digits(&self, field: &Field) -> u32 {
        let settings = &self.schema.settings;
        let of_row = self.row.and_then(|row| row.get("currency")).and_then(Value::as_text);
        match of_row.and_then(minor_digits) {
            _ if matches!(field.name, "cost" | "unit_cost") => settings.digits(),
            Some(digits) => digits,
            None => digits(settings, self.doc),
        }
    }

    /// The bounds that the settings give a custom field.
    fn bounds(&self, field: &Field, value: &Value, found: &mut Found) {
        if !field.marks.custom {
            return;
        }
        let settings = &self.schema.settings;
        let bound = |end: &str| settings.get(&format!("fields.{}.{}.{end}", self.doc.kind.name, field.name));
        if below(value, bound("min")) || above(value, bound("max")) {
            found.push(bad(self.doc, &self.name, value, "range"));
        }
    }
}

fn below(value: &Value, min: Option<&str>) -> bool {
    min.and_then(|min| order(value, min)).is_some_and(std::cmp::Ordering::is_lt)
}

fn above(value: &Value, max: Option<&str>) -> bool {
    max.and_then(|max| order(value, max)).is_some_and(std::cmp::Ordering::is_gt)
}

fn order(value: &Value, bound: &str) -> Option<std::cmp::Ordering> {
    match value {
        Value::Day(day) => Some(day.cmp(&bound.parse().ok()?)),
        value => Some(value.as_dec()?.cmp(&bound.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, ORDER, fresh, sample, varied};

    #[test]
    fn what_is_required_must_be_there() {
        varied(
            "customer",
            HAINA,
            &[
                (&[("name", "")], &["missing-field"]),
                (&[("addresses.id", "kkkkkk"), ("addresses.use", "site")], &[]),
                (&[("addresses.id", "kkkkkk")], &["missing-field"]),
            ],
        );
    }

    #[test]
    fn values_have_their_canonical_form() {
        varied(
            "customer",
            HAINA,
            &[
                (&[("phone", "0755-8300 1122")], &["bad-value"]),
                (&[("email", "info@HAINA.example")], &["bad-value"]),
                (&[("website", "haina.example")], &["bad-value"]),
                (&[("website", "https://haina.example/")], &[]),
                (&[("name", " Haina")], &["bad-value"]),
                (&[("needs", "one\ntwo")], &[]),
                (&[("city", "one\ntwo")], &["bad-value"]),
                (&[("country", "cn")], &["bad-value"]),
                (&[("currency", "XYZ")], &["bad-value"]),
                (&[("source", "smoke")], &["bad-value"]),
                (&[("source", "fax")], &[]),
                (&[("commission_pct", "101")], &["bad-value"]),
                (&[("payment_days", "-1")], &["bad-value"]),
                (&[("credit_limit", "100.0")], &["bad-value"]),
                (&[("credit_limit", "100.00")], &[]),
                (&[("credit_limit", "100"), ("currency", "JPY")], &[]),
                (&[("seats", "9")], &[]),
                (&[("seats", "10")], &["bad-value"]),
            ],
        );
    }

    #[test]
    fn quantities_prices_and_rows_have_theirs() {
        let intent = |qty| [("intents.id", "kkkkkk"), ("intents.product", "EV"), ("intents.qty", qty)];
        let twice = [("intents.id", "kkkkkk"), ("intents.product", "EV")].repeat(2);
        varied(
            "customer",
            HAINA,
            &[
                (&intent("1.5"), &[]),
                (&intent("-1"), &["bad-value"]),
                (&twice, &["bad-value"]),
                (&[("intents.id", "abc"), ("intents.product", "EV")], &["bad-value"]),
            ],
        );
        varied(
            "product",
            "EV",
            &[
                (&[("price", "0.123456")], &[]),
                (&[("price", "0.1")], &["price-scale"]),
                (&[("price", "-1.00")], &["bad-value"]),
                (&[("currency", "JPY"), ("price", "1"), ("cost", "1")], &["price-scale"]),
                (&[("currency", "JPY"), ("price", "1"), ("cost", "1.00")], &[]),
            ],
        );
    }

    #[test]
    fn sets_are_sorted_and_ids_have_their_form() {
        let store = sample();
        let mut doc = store.doc("team", "north", &[("name", "North"), ("tags", "b;a")]);
        assert_eq!(super::super::testing::checked(&store, &doc), [""; 0]);
        let tags = ["b", "a"].map(|tag| super::Value::Text(tag.to_owned())).to_vec();
        doc.fields.insert("tags", super::Value::List(tags));
        assert_eq!(super::super::testing::checked(&store, &doc), ["bad-value"]);
        fresh(&store, "team", "no rth", &[("name", "North")], &[(&[], &["bad-value"])]);
        fresh(
            &store,
            "contact",
            "con_short",
            &[("name", "X"), ("customer", HAINA)],
            &[(&[], &["bad-value"])],
        );
    }

    #[test]
    fn a_value_of_another_type_is_no_value() {
        let store = sample();
        let mut doc = super::super::testing::with(&store, "order", ORDER, &[]);
        doc.fields.insert("date", super::Value::Text("2026-02-01".to_owned()));
        assert_eq!(super::super::testing::checked(&store, &doc), ["bad-value"]);
    }
}
