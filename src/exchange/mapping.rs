//! Columns to fields: what a map file says, else what the header says.
//!
//! A mapping is made once and then read for every row. What is unclear is refused, never guessed;
//! the refusal lists all columns that mean nothing. Deliberately absent: the meaning of values.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::map_file::{MapFile, bad_map};
use super::sheet::{Sheet, SheetRow};
use super::synonyms::spelled;
use super::target::{Meaning, Subject, Target};
use crate::model::Problem;
use crate::model::record::{Kind, Type};
use crate::model::value::format_plain;

/// One thing that every row gives.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its code: `name`, `line.qty`, `confirmed_on`.
    pub code: String,
    pub target: Target,
    /// The column people know it by.
    pub column: String,
    /// How it writes dates.
    pub dates: Option<String>,
    source: Source,
    values: Option<BTreeMap<String, String>>,
    scale: Option<Decimal>,
}

#[derive(Clone, Debug)]
enum Source {
    Column(usize),
    Constant(String),
    Join(Vec<usize>, String),
    Part { column: usize, at: Option<String>, part: usize, of: usize },
    Template(Vec<Piece>),
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Column(usize),
}

/// What the columns of a sheet are.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub subject: Subject,
    /// The fields of a record in declared order, country and currency before what they decide.
    pub slots: Vec<Slot>,
    /// Cells to replace, by column.
    replaced: Vec<BTreeMap<String, String>>,
}

impl Mapping {
    /// Works out what the columns of a sheet are. `labels` gives the labels of a field, or of a
    /// field of child rows, in all languages.
    ///
    /// # Errors
    /// `unmatched-columns` with the headers as candidates, `duplicate-columns`, `bad-map-entry`,
    /// `no-record-column`.
    pub fn new(
        subject: Subject,
        sheet: &Sheet,
        map: &MapFile,
        labels: &dyn Fn(&Kind, &str) -> Vec<String>,
    ) -> Result<Self, Problem> {
        let mut builder = Builder { subject, sheet, map, slots: Vec::new(), used: BTreeSet::new() };
        builder.declared()?;
        builder.columns(labels)?;
        let slots = builder.finish()?;
        let replaced = sheet.header.iter().map(|header| {
            let own = map.values.get(header).into_iter().flatten();
            let all = map.values.get("*").into_iter().flatten();
            all.chain(own).map(|(from, to)| (from.clone(), to.clone())).collect()
        });
        Ok(Self { subject, slots, replaced: replaced.collect() })
    }

    /// The text that a row gives for a slot; empty where it gives none.
    pub fn text<'r>(&'r self, slot: &'r Slot, row: &'r SheetRow) -> Cow<'r, str> {
        let text = match &slot.source {
            Source::Column(at) => Cow::Borrowed(self.cell(row, *at)),
            Source::Constant(text) => Cow::Borrowed(text.as_str()),
            Source::Join(columns, with) => {
                let parts: Vec<&str> =
                    columns.iter().map(|at| self.cell(row, *at)).filter(|t| !t.is_empty()).collect();
                Cow::Owned(parts.join(with))
            }
            Source::Part { column, at, part, of } => {
                Cow::Borrowed(part_of(self.cell(row, *column), at.as_deref(), *part, *of))
            }
            Source::Template(pieces) => Cow::Owned(self.filled(pieces, row)),
        };
        let text = match slot.values.as_ref().and_then(|values| values.get(text.as_ref())) {
            Some(replaced) => Cow::Borrowed(replaced.as_str()),
            None => text,
        };
        match slot.scale.zip(Decimal::from_str_exact(&text).ok()) {
            Some((factor, number)) => {
                number.checked_mul(factor).map_or(text, |n| Cow::Owned(format_plain(n)))
            }
            None => text,
        }
    }

    /// Whether the slot says something of its own about a row.
    pub fn is_constant(slot: &Slot) -> bool {
        matches!(slot.source, Source::Constant(_))
    }

    /// The first slot with a code.
    pub fn slot(&self, code: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.code == code)
    }

    /// The position of the only column that a slot is read from.
    pub fn column_of(slot: &Slot) -> Option<usize> {
        match slot.source {
            Source::Column(at) => Some(at),
            _ => None,
        }
    }

    fn cell<'r>(&'r self, row: &'r SheetRow, at: usize) -> &'r str {
        let cell = row.cells.get(at).map_or("", |cell| cell.trim());
        self.replaced.get(at).and_then(|replaced| replaced.get(cell)).map_or(cell, String::as_str)
    }

    fn filled(&self, pieces: &[Piece], row: &SheetRow) -> String {
        let mut filled = String::new();
        let mut says = false;
        for piece in pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Column(at) => {
                    let cell = self.cell(row, *at);
                    says |= !cell.is_empty();
                    filled.push_str(cell);
                }
            }
        }
        if says { filled } else { String::new() }
    }
}

/// The part of a text: parted at a text or at white space, the last part taking the rest.
fn part_of<'t>(text: &'t str, at: Option<&str>, part: usize, of: usize) -> &'t str {
    let found = match at {
        Some(at) => text.splitn(of, at).nth(part),
        None => text.splitn(of, char::is_whitespace).nth(part),
    };
    found.unwrap_or_default().trim()
}

struct Builder<'a> {
    subject: Subject,
    sheet: &'a Sheet,
    map: &'a MapFile,
    slots: Vec<Slot>,
    /// Columns that something is read from.
    used: BTreeSet<usize>,
}

impl Builder<'_> {
    /// What the map file says beside the plain columns.
    fn declared(&mut self) -> Result<(), Problem> {
        let map = self.map;
        for (code, text) in &map.constants {
            self.add("constants", code, code, Source::Constant(text.clone()))?;
        }
        for (code, join) in &map.join {
            let (columns, with) = join.parts();
            let columns = columns.iter().map(|name| self.column("join", name)).collect::<Result<_, _>>()?;
            self.add("join", code, code, Source::Join(columns, with.to_owned()))?;
        }
        for (name, split) in &map.split {
            let column = self.column("split", name)?;
            for (part, code) in split.into.iter().enumerate().filter(|(_, code)| *code != "-") {
                let source = Source::Part { column, at: split.at.clone(), part, of: split.into.len() };
                self.add("split", code, name, source)?;
            }
        }
        for (code, template) in &map.templates {
            let pieces = self.pieces(template)?;
            self.add("templates", code, code, Source::Template(pieces))?;
        }
        Ok(())
    }

    fn pieces(&mut self, template: &str) -> Result<Vec<Piece>, Problem> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or_else(|| bad_map("templates", template))?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Column(self.column("templates", name)?));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(pieces)
    }

    /// The columns themselves: by the map, else by their header.
    fn columns(&mut self, labels: &dyn Fn(&Kind, &str) -> Vec<String>) -> Result<(), Problem> {
        let (sheet, map) = (self.sheet, self.map);
        let mut said = BTreeMap::new();
        for (name, code) in &map.columns {
            said.insert(self.column("columns", name)?, code.as_str());
        }
        let all: Vec<String> =
            sheet.header.iter().flat_map(|header| [header.clone(), spelled(header)]).collect();
        let (mut matched, mut unmatched) = (Vec::new(), Vec::new());
        for (at, header) in sheet.header.iter().enumerate() {
            let code = match said.get(&at) {
                Some(&"-") => continue,
                Some(code) => (*code).to_owned(),
                None if self.used.contains(&at) => continue,
                None => match self.subject.meaning(header, &all, labels) {
                    Meaning::Code(code) => code,
                    Meaning::Nothing => continue,
                    Meaning::Unclear => {
                        unmatched.push(header.clone());
                        continue;
                    }
                },
            };
            matched.push((code, header, at));
        }
        if unmatched.is_empty() {
            return matched
                .iter()
                .try_for_each(|(code, header, at)| self.add("columns", code, header, Source::Column(*at)));
        }
        Err(Problem::usage("unmatched-columns")
            .arg("columns", unmatched.join(", "))
            .arg("count", unmatched.len())
            .arg("noun", self.subject.kind.name)
            .candidates(unmatched)
            .hint("unmatched-columns-hint"))
    }

    fn column(&mut self, section: &str, name: &str) -> Result<usize, Problem> {
        let at = self
            .sheet
            .position(name)
            .ok_or_else(|| bad_map(section, name).candidates(self.sheet.header.clone()))?;
        self.used.insert(at);
        Ok(at)
    }

    fn add(&mut self, section: &str, code: &str, column: &str, source: Source) -> Result<(), Problem> {
        let targets = self.subject.targets(code);
        if targets.is_empty() {
            return Err(bad_map(section, code).arg("noun", self.subject.kind.name));
        }
        let map = self.map;
        for target in targets {
            if let Some(other) = self.slots.iter().find(|slot| slot.target == target) {
                return Err(Problem::usage("duplicate-columns")
                    .arg("field", code)
                    .arg("first", &other.column)
                    .arg("second", column));
            }
            // What is said of a header is said of its cells (see `replaced`), not again of the field.
            let by_header = self.sheet.header.iter().any(|header| header == code);
            self.slots.push(Slot {
                code: code.to_owned(),
                target,
                column: column.to_owned(),
                dates: of(&map.dates, column, code).or_else(|| map.dates.get("format")).cloned(),
                source: source.clone(),
                values: map.values.get(code).filter(|_| !by_header).cloned(),
                scale: of(&map.scale, column, code).and_then(|text| Decimal::from_str_exact(text).ok()),
            });
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Slot>, Problem> {
        let Self { subject, map, mut slots, sheet, .. } = self;
        let known = |name: &String| {
            name == "*"
                || name == "format"
                || sheet.header.contains(name)
                || slots.iter().any(|slot| slot.code == *name)
        };
        let names = map.values.keys().chain(map.dates.keys()).chain(map.scale.keys());
        if let Some(name) = names.into_iter().find(|name| !known(name)) {
            return Err(bad_map("values", name));
        }
        if subject.rows.is_some() && !slots.iter().any(|slot| slot.target == Target::Record) {
            return Err(Problem::usage("no-record-column").arg("noun", subject.kind.name));
        }
        let place = |slot: &Slot| match &slot.target {
            Target::Country | Target::Currency | Target::Record => (0, 0),
            Target::Field(field) => {
                let early = matches!(field.ty, Type::Country | Type::Currency);
                (1 + usize::from(!early), position(subject.kind.all(), field.name))
            }
            Target::On(_) => (3, 0),
            Target::RowId(_) => (4, 0),
            Target::Row(rows, field) => {
                let early = matches!(field.ty, Type::Country | Type::Currency);
                let fields = rows.rows().map_or(&[][..], |kind| kind.fields).iter();
                (5 + usize::from(!early), position(fields, field.name))
            }
        };
        slots.sort_by_key(place);
        Ok(slots)
    }
}

fn of<'m>(map: &'m BTreeMap<String, String>, column: &str, code: &str) -> Option<&'m String> {
    map.get(column).or_else(|| map.get(code))
}

fn position<'f>(mut fields: impl Iterator<Item = &'f crate::model::record::Field>, name: &str) -> usize {
    fields.position(|field| field.name == name).unwrap_or(usize::MAX)
}
