//! Templates filled in for a record: what the values say, in words of a language.
//!
//! Deliberately absent: which names there are (`outreach::values`), and what is done with the text.

use std::collections::BTreeMap;

use clap::ArgMatches;

use super::error::Failure;
use super::fields::given;
use crate::formats::{Words, readable};
use crate::locale::Locale;
use crate::mirror::{Listing, Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::{Doc, Field, Type, Value};
use crate::model::schema::Schema;
use crate::model::totals::{digits, totals};
use crate::model::value::country::{chinese_name, english_name};
use crate::model::value::{format_phone_for_reading, minor_digits};
use crate::outreach::template::{Found, render_all};
use crate::outreach::values::{Around, Named};
use crate::rules::View;
use crate::table::{Cell, ColumnType};

/// The values of `--var NAME=VALUE`.
pub type Variables = BTreeMap<String, String>;

/// A template filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub subject: Option<String>,
    pub body: String,
}

/// Fills in templates for one record.
pub struct Filler<'a> {
    pub locale: &'a Locale,
    pub schema: &'a Schema,
    pub view: &'a dyn View,
    /// Where derived values are asked for.
    pub mirror: &'a Mirror,
    pub around: &'a Around,
    pub variables: &'a Variables,
}

impl std::fmt::Debug for Filler<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filler").field("around", &self.around).finish_non_exhaustive()
    }
}

/// The variables that a command was given.
pub fn variables(matches: &ArgMatches) -> Result<Variables, Failure> {
    let mut variables = Variables::new();
    for text in given(matches, "var").unwrap_or_default() {
        let (name, value) = text
            .split_once('=')
            .map(|(name, value)| (name.trim(), value))
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| Problem::usage("bad-variable").arg("value", &text))?;
        variables.insert(name.to_owned(), value.to_owned());
    }
    Ok(variables)
}

impl Filler<'_> {
    /// Subject and body of a template; everything that is wrong in either is told at once.
    pub fn fill(&self, template: &Doc) -> Result<Filled, Problem> {
        let subject = template.text("subject");
        let texts: Vec<&str> = subject.into_iter().chain(template.text("body")).collect();
        let told = |problem: Problem| problem.arg("record", template.id());
        let mut rendered = render_all(&texts, &|name| self.found(name)).map_err(told)?.into_iter();
        let subject = subject.and_then(|_| rendered.next());
        Ok(Filled { subject, body: rendered.next().unwrap_or_default() })
    }

    fn found(&self, name: &str) -> Result<Found, Problem> {
        if let Some(name) = name.strip_prefix("var.") {
            return Ok(match self.variables.get(name) {
                Some(value) if !value.is_empty() => Found::Text(value.clone()),
                // One that was not given is empty: a default makes it optional.
                _ => Found::Empty,
            });
        }
        Ok(match self.around.named(self.view, name)? {
            Named::Field(doc, field, value) => Found::Text(self.shown(&doc, field, &value)),
            Named::Record(doc) => Found::Text(doc.title().to_owned()),
            Named::Derived(doc, name) => self.derived(&doc, &name)?,
            Named::Text(text) => Found::Text(text),
            Named::Empty => Found::Empty,
            Named::Unknown => Found::Unknown,
        })
    }

    fn words(&self) -> Words {
        let word = |id: &str| self.locale.text(id, &[]);
        Words { yes: word("word-yes"), no: word("word-no"), ..Words::default() }
    }

    /// A value as people write it in a letter.
    fn shown(&self, doc: &Doc, field: &Field, value: &Value) -> String {
        let one = |value: &Value| match (field.ty, value) {
            (Type::Phone, Value::Text(text)) => format_phone_for_reading(text),
            (Type::Code(list), Value::Text(code)) => self.locale.code(self.schema, list, code),
            (Type::Country, Value::Text(code)) => {
                let name = if self.locale.language.tag() == "en" { english_name } else { chinese_name };
                name(code).unwrap_or(code).to_owned()
            }
            (Type::Prose, Value::Text(text)) => text.trim_end().to_owned(),
            (Type::Money | Type::Price, Value::Dec(dec)) => {
                let mut dec = dec.normalize();
                dec.rescale(dec.scale().max(self.digits(doc)));
                readable(ColumnType::Money, &Cell::Dec(dec), &self.words())
            }
            (Type::Qty, Value::Dec(dec)) => {
                readable(ColumnType::Qty, &Cell::Dec(dec.normalize()), &self.words())
            }
            (_, Value::Dec(dec)) => dec.normalize().to_string(),
            (_, Value::Bool(flag)) => readable(ColumnType::Bool, &Cell::Bool(*flag), &self.words()),
            (_, Value::Instant(at)) => readable(ColumnType::Instant, &Cell::Instant(*at), &self.words()),
            (_, value) => crate::draft::plain(value),
        };
        match value {
            Value::List(values) => values.iter().map(one).collect::<Vec<_>>().join(", "),
            value => one(value),
        }
    }

    fn digits(&self, doc: &Doc) -> u32 {
        doc.text("currency").and_then(minor_digits).unwrap_or_else(|| self.schema.settings.digits())
    }

    /// A value that no file holds: the totals of a quote or order, else what a view derives.
    fn derived(&self, doc: &Doc, name: &str) -> Result<Found, Problem> {
        if matches!(doc.kind.name, "quote" | "order") && matches!(name, "net_total" | "tax_total" | "total") {
            let out = totals(doc, &self.schema.settings)?;
            let mut amount = match name {
                "net_total" => out.net_total,
                "tax_total" => out.tax_total,
                _ => out.total,
            };
            amount.rescale(digits(doc, &self.schema.settings));
            return Ok(Found::Text(readable(ColumnType::Money, &Cell::Dec(amount), &self.words())));
        }
        if !self.mirror.derived_fields(doc.kind.name).contains(&name) {
            return Ok(Found::Unknown);
        }
        let cell = asked(self.mirror, doc, &[name])?.pop().unwrap_or(Cell::Null);
        Ok(match cell {
            Cell::Null => Found::Empty,
            Cell::Code { code, .. } => Found::Text(self.locale.derived_code(&code)),
            cell => Found::Text(readable(ColumnType::Money, &cell, &self.words())),
        })
    }
}

/// What views derive for one record, in the order of the fields; nulls for a record that the mirror
/// does not have.
pub fn asked(mirror: &Mirror, doc: &Doc, fields: &[&str]) -> Result<Vec<Cell>, Problem> {
    let params = [SqlCell::text(doc.id())];
    let listing = Listing {
        noun: doc.kind.name,
        fields,
        condition: "t.id = ?",
        params: &params,
        hidden: true,
        ..Listing::default()
    };
    let rows = mirror.list(&listing).map_err(|error| Problem::invalid("io-error").arg("reason", error))?;
    Ok(rows.into_iter().next().unwrap_or_else(|| vec![Cell::Null; fields.len()]))
}
