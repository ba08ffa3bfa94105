//! The rows of one record as values: its fields, its child rows, its states.
//!
//! Nothing is looked up among the records to be changed and nothing is written; what is wrong is
//! collected, one problem a row.

use std::cell::RefCell;
use std::collections::HashMap;

use super::history::States;
use super::import::{Options, World};
use super::mapping::{Mapping, Slot};
use super::reference::{Missing, Remembered, given, is_unknown, line_of};
use super::rejects::Reject;
use super::sheet::{Sheet, SheetRow};
use super::target::Target;
use super::value::{Reading, instant, parse_value, reference};
use crate::draft::Draft;
use crate::model::Problem;
use crate::model::record::{Field, Row, Type, Value, normal};
use crate::model::value::{minor_digits, parse_country, parse_currency};
use crate::rules::View;

/// A record as its rows tell it.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// Positions of its rows in the sheet.
    pub rows: Vec<usize>,
    /// Given fields; nothing where the text says "absent".
    pub fields: Vec<(&'static Field, Option<Value>)>,
    pub children: Vec<Child>,
    pub states: States,
    /// The record that child rows are added to.
    pub record: Option<String>,
    /// References to records of the same type, which may stand further down.
    pub own: Vec<Pending>,
    /// Records that have to be made for it.
    pub needs: Vec<String>,
}

/// A child row as given.
#[derive(Debug)]
pub(super) struct Child {
    pub rows: &'static Field,
    pub id: Option<String>,
    pub values: Row,
}

/// A reference that is resolved once all rows are read.
#[derive(Debug)]
pub(super) struct Pending {
    pub field: &'static Field,
    pub text: String,
    pub column: String,
    pub line: usize,
}

impl Parsed {
    /// The given value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| field.name == name).and_then(|(_, value)| value.as_ref())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }
}

/// What is constant over an import.
pub(super) struct Parser<'a, 'd> {
    pub draft: &'a Draft<'d>,
    pub sheet: &'a Sheet,
    pub mapping: &'a Mapping,
    pub options: &'a Options,
    pub world: &'a World<'a>,
    pub references: &'a Remembered<'a>,
    pub missing: RefCell<Missing>,
    pub currencies: RefCell<HashMap<String, Option<String>>>,
}

/// What the texts of one record are read with.
struct Context {
    country: String,
    currency: String,
    /// The row itself says the currency.
    told: bool,
}

impl Parser<'_, '_> {
    /// Reads the rows of one record.
    pub fn record(&self, rows: &[usize]) -> Result<Parsed, Vec<Reject>> {
        let settings = &self.draft.schema().settings;
        let mut context = Context {
            country: settings.text("company.country").to_owned(),
            currency: settings.currency().to_owned(),
            told: false,
        };
        let mut parsed = Parsed { rows: rows.to_vec(), ..Parsed::default() };
        let mut rejects = Vec::new();
        for slot in self.mapping.slots.iter().filter(|slot| !is_of_row(slot)) {
            if let Err(reject) = self.head(slot, rows, &mut parsed, &mut context) {
                rejects.push(reject);
            }
        }
        for at in rows {
            let row = &self.sheet.rows[*at];
            if let Err(reject) = self.children(row, &mut parsed, &context) {
                rejects.push(reject);
            }
        }
        rejects.sort_by_key(|reject| reject.line);
        rejects.dedup_by_key(|reject| reject.line);
        if rejects.is_empty() { Ok(parsed) } else { Err(rejects) }
    }

    /// One field of the record; rows that say something must agree.
    fn head(
        &self,
        slot: &Slot,
        rows: &[usize],
        parsed: &mut Parsed,
        context: &mut Context,
    ) -> Result<(), Reject> {
        let mut texts = rows
            .iter()
            .map(|at| &self.sheet.rows[*at])
            .map(|row| (row, self.mapping.text(slot, row)))
            .filter(|(_, text)| !text.is_empty());
        let Some((row, text)) = texts.next() else { return Ok(()) };
        if let Some((other, differing)) = texts.find(|(_, other)| *other != text) {
            let problem = Problem::usage("rows-disagree")
                .arg("field", &slot.code)
                .arg("first", &text)
                .arg("line", row.line)
                .arg("value", &differing);
            return Err(Reject::new(other.line, problem).cell(&slot.column, &differing));
        }
        self.take(slot, row, &text, parsed, context)
            .map_err(|problem| Reject::new(row.line, problem).cell(&slot.column, &text))
    }

    fn take(
        &self,
        slot: &Slot,
        row: &SheetRow,
        text: &str,
        parsed: &mut Parsed,
        context: &mut Context,
    ) -> Result<(), Problem> {
        let kind = self.mapping.subject.kind;
        match &slot.target {
            Target::Country => context.country = parse_country(text)?,
            Target::Currency => {
                context.currency = parse_currency(text)?;
                context.told = true;
            }
            Target::Record => parsed.record = Some(reference(&[kind.name], text, self.references)?),
            Target::On(state) => {
                let reading = self.reading(slot, context, false);
                parsed.states.on.push((state.clone(), instant(text, &reading)?));
            }
            Target::Field(field) if refers_to(field, kind.name) => parsed.own.push(Pending {
                field,
                text: text.to_owned(),
                column: slot.column.clone(),
                line: row.line,
            }),
            Target::Field(field) => {
                let value = self.read(field, slot, row, text, parsed, context)?;
                self.learn_from(field, &value, context);
                if kind.traits.state == Some(field.name) {
                    parsed.states.now = value.as_text().map(str::to_owned);
                } else {
                    parsed.fields.push((field, normal(field, Some(value))));
                }
            }
            Target::Row(..) | Target::RowId(_) => {}
        }
        Ok(())
    }

    /// Country, currency and customer decide how what follows is read.
    fn learn_from(&self, field: &Field, value: &Value, context: &mut Context) {
        let Some(text) = value.as_text() else { return };
        match field.name {
            "country" => text.clone_into(&mut context.country),
            "currency" => {
                text.clone_into(&mut context.currency);
                context.told = true;
            }
            "customer" if !context.told => {
                let mut known = self.currencies.borrow_mut();
                let currency = known.entry(text.to_owned()).or_insert_with(|| {
                    let customer = self.draft.record("customer", text).ok().flatten();
                    customer.and_then(|doc| doc.text("currency").map(str::to_owned))
                });
                if let Some(currency) = currency {
                    currency.clone_into(&mut context.currency);
                }
            }
            _ => {}
        }
    }

    /// The child rows that one row of the sheet gives.
    fn children(&self, row: &SheetRow, parsed: &mut Parsed, context: &Context) -> Result<(), Reject> {
        let slots: Vec<(&Slot, &'static Field)> =
            self.mapping.slots.iter().filter_map(|s| Some((s, rows_of(s)?))).collect();
        let says = |slot: &Slot| !Mapping::is_constant(slot) && !self.mapping.text(slot, row).is_empty();
        let mut given: Vec<&'static Field> = Vec::new();
        for (slot, rows) in &slots {
            if !given.iter().any(|known| known.name == rows.name) && says(slot) {
                given.push(rows);
            }
        }
        for rows in given {
            let of_rows = slots.iter().filter(|(_, field)| field.name == rows.name).map(|(slot, _)| *slot);
            let child = self.child(rows, of_rows, row, parsed, context)?;
            parsed.children.push(child);
        }
        Ok(())
    }

    fn child<'s>(
        &self,
        rows: &'static Field,
        slots: impl Iterator<Item = &'s Slot>,
        row: &SheetRow,
        parsed: &mut Parsed,
        context: &Context,
    ) -> Result<Child, Reject> {
        let mut child = Child { rows, id: None, values: Row::new() };
        let mut context = Context {
            country: context.country.clone(),
            currency: context.currency.clone(),
            told: context.told,
        };
        for slot in slots {
            let text = self.mapping.text(slot, row);
            if text.is_empty() {
                continue;
            }
            let taken = match &slot.target {
                Target::Row(_, field) => {
                    self.row_value(field, slot, row, &text, parsed, &mut child, &mut context)
                }
                _ => {
                    child.id = Some(text.to_string());
                    Ok(())
                }
            };
            taken.map_err(|problem| Reject::new(row.line, problem).cell(&slot.column, &text))?;
        }
        Ok(child)
    }

    #[expect(clippy::too_many_arguments, reason = "one call, and each is a different thing")]
    fn row_value(
        &self,
        field: &'static Field,
        slot: &Slot,
        row: &SheetRow,
        text: &str,
        parsed: &mut Parsed,
        child: &mut Child,
        context: &mut Context,
    ) -> Result<(), Problem> {
        if field.ty == Type::Text && matches!(field.name, "order_line" | "quote_line" | "line") {
            let lines = self.lines_for(field.name, parsed)?;
            let id = line_of(&lines, text)?;
            let line = lines.iter().find(|line| line.get("id").and_then(Value::as_text) == Some(&id));
            let has_product = child.rows.rows().is_some_and(|kind| kind.field("product").is_some());
            if let Some(product) = line.and_then(|line| line.get("product")).filter(|_| has_product) {
                child.values.entry("product").or_insert_with(|| product.clone());
            }
            child.values.insert(field.name, Value::Text(id));
            return Ok(());
        }
        let value = self.read(field, slot, row, text, parsed, context)?;
        self.learn_from(field, &value, context);
        if let Some(value) = normal(field, Some(value)) {
            child.values.insert(field.name, value);
        }
        Ok(())
    }

    /// The lines among which a field of a row names one.
    fn lines_for(&self, field: &str, parsed: &Parsed) -> Result<Vec<Row>, Problem> {
        let noun = match field {
            "order_line" => "order",
            "quote_line" => "quote",
            _ => {
                let own = parsed.children.iter().filter(|child| child.rows.name == "lines");
                return Ok(own.map(with_id).collect());
            }
        };
        let id = parsed
            .text(noun)
            .ok_or_else(|| Problem::usage("line-without-record").arg("field", field).arg("noun", noun))?;
        let doc = self.draft.need(noun, id)?;
        Ok(doc.rows("lines").to_vec())
    }

    /// A value; a reference to nothing makes what it refers to, where that is asked for.
    fn read(
        &self,
        field: &'static Field,
        slot: &Slot,
        row: &SheetRow,
        text: &str,
        parsed: &mut Parsed,
        context: &Context,
    ) -> Result<Value, Problem> {
        let reading = self.reading(slot, context, matches!(field.name, "cost" | "unit_cost"));
        let found = parse_value(self.draft.schema(), field, text, &reading);
        let Type::Ref(nouns) = field.ty else { return found };
        let value = match found {
            Err(problem) if is_unknown(&problem) && !field.many() => {
                let wanted =
                    nouns.iter().find(|noun| self.options.create_missing.iter().any(|asked| asked == *noun));
                let Some(noun) = wanted else { return Err(problem) };
                Value::Text(self.make(noun, nouns, slot, row, text, parsed, context)?)
            }
            other => other?,
        };
        if let Some(id) = value.as_text().filter(|id| self.missing.borrow().docs.contains_key(*id)) {
            parsed.needs.push(id.to_owned());
        }
        Ok(value)
    }

    #[expect(clippy::too_many_arguments, reason = "one call, and each is a different thing")]
    fn make(
        &self,
        noun: &str,
        nouns: &[&str],
        slot: &Slot,
        row: &SheetRow,
        text: &str,
        parsed: &Parsed,
        context: &Context,
    ) -> Result<String, Problem> {
        let kind = self.draft.kind(noun);
        let reading = self.reading(slot, context, false);
        let beside = slot.code.split_once('.').map_or(String::new(), |(rows, _)| format!("{rows}."));
        let is_row = matches!(slot.target, Target::Row(..));
        let mut values = Vec::new();
        for field in ["name", "price", "unit", "tax_rate"].into_iter().filter(|_| is_row) {
            if let Some(slot) = self.mapping.slot(&format!("{beside}{field}")) {
                values.extend(given(self.draft, kind, field, &self.mapping.text(slot, row), &reading));
            }
        }
        if is_row {
            values.extend(given(self.draft, kind, "currency", &context.currency, &reading));
        }
        if let Some(customer) = parsed.text("customer").filter(|_| noun != "customer") {
            values.extend(kind.field("customer").map(|field| (field.name, Value::Text(customer.to_owned()))));
        }
        let id = self.missing.borrow_mut().make(self.draft, kind, text, &values)?;
        self.references.learn(nouns, text.trim(), &id);
        Ok(id)
    }

    fn reading<'r>(&'r self, slot: &'r Slot, context: &'r Context, base: bool) -> Reading<'r> {
        let settings = &self.draft.schema().settings;
        Reading {
            clock: self.world.clock,
            zone: self.world.zone,
            country: &context.country,
            digits: if base { settings.digits() } else { minor_digits(&context.currency).unwrap_or(2) },
            date_format: slot.dates.as_deref().or(self.options.date_format.as_deref()),
            decimal_comma: self.options.decimal_comma,
            labels: self.world.labels,
            resolver: self.references,
        }
    }
}

fn is_of_row(slot: &Slot) -> bool {
    rows_of(slot).is_some()
}

fn rows_of(slot: &Slot) -> Option<&'static Field> {
    match slot.target {
        Target::Row(rows, _) | Target::RowId(rows) => Some(rows),
        _ => None,
    }
}

fn refers_to(field: &Field, noun: &str) -> bool {
    matches!(field.ty, Type::Ref(nouns) if nouns.contains(&noun))
}

fn with_id(child: &Child) -> Row {
    let mut row = child.values.clone();
    if let Some(id) = &child.id {
        row.insert("id", Value::Text(id.clone()));
    }
    row
}
