//! What a command wants: a draft laid over the records as they are, and the change it amounts to.
//! Pure: clock, acting user and random ids come in.

pub mod assign;
pub mod assign_auto;
pub mod complete;
pub mod convert;
pub mod dedupe;
pub mod fact;
pub mod fix;
pub mod followup;
pub mod inbox;
pub mod invoice;
pub mod leave;
pub mod lines;
pub mod marketing;
pub mod merge;
pub mod message;
pub mod message_out;
pub mod notice;
pub mod opportunity;
pub mod order;
pub mod outbox;
pub mod payment;
mod pending;
pub mod pool;
pub mod quote;
pub mod recommend;
pub mod remind;
pub mod return_;
pub mod ship;
pub mod stock;
pub mod target;
#[cfg(test)]
pub(crate) mod testing;
pub mod ticket;
pub mod undo;
pub mod verbs;

use std::cell::RefCell;
use std::collections::BTreeSet;

use pending::Pending;

use crate::model::Problem;
use crate::model::record::{Card, Doc, Field, Kind, Moved, Preset, Type, Value};
use crate::model::scalars::{Day, Instant};
use crate::model::schema::Schema;
use crate::rules::stock_state::{self, StockMove};
use crate::rules::support::survivor;
use crate::rules::{Change, View};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Id of the user.
    pub id: String,
    pub name: String,
    pub email: String,
    /// The roles that count, where it is not all of the user's: a token may be narrowed to some.
    pub narrowed: Option<BTreeSet<String>>,
}

/// What a command runs with.
#[derive(Clone, Debug)]
pub struct Setting {
    pub actor: Actor,
    pub now: Instant,
    pub today: Day,
    /// When it happened (`--on`), else now.
    pub on: Instant,
    /// Why (`--reason`).
    pub reason: Option<String>,
    /// Which refusals may pass: `allow-duplicate`, `allow-over`, `override`.
    pub allow: BTreeSet<String>,
}

/// A source of random ids: the prefix of a type, or nothing for the id of a row.
pub type NewId<'a> = dyn FnMut(Option<&str>) -> String + 'a;

/// A change in the making: reads see it, nothing is written.
pub struct Draft<'a> {
    base: &'a dyn View,
    /// What the command runs with; each line of a batch has its own.
    pub setting: Setting,
    ids: RefCell<&'a mut NewId<'a>>,
    changes: Pending,
    /// What the command is about, for the subject of the commit; the main record unless set.
    pub about: Option<String>,
    /// What the command wants said beside the fields, for the body of the commit.
    pub remarks: Vec<String>,
    /// What goes through with a word of warning.
    pub warnings: Vec<Problem>,
    /// The ids the command answers with, where they are not those of the records it made.
    pub answer: Vec<String>,
}

impl std::fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("changes", &self.changes).finish_non_exhaustive()
    }
}

/// What a command amounts to: every record it touches, before and after, the main one first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeSet {
    pub changes: Vec<Change>,
    /// What the command is about, where that is not the first record.
    pub about: Option<String>,
    pub remarks: Vec<String>,
}

impl ChangeSet {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Ids of the records that are made; where there are none, of those that change.
    pub fn ids(&self) -> Vec<String> {
        let made: Vec<String> =
            self.changes.iter().filter(|c| c.old.is_none()).map(|c| c.doc().id().to_owned()).collect();
        if made.is_empty() { self.changes.iter().map(|c| c.doc().id().to_owned()).collect() } else { made }
    }
}

impl<'a> Draft<'a> {
    /// An empty draft over a base.
    pub fn new(base: &'a dyn View, setting: &Setting, ids: &'a mut NewId<'a>) -> Self {
        Self {
            base,
            setting: setting.clone(),
            ids: RefCell::new(ids),
            changes: Pending::default(),
            about: None,
            remarks: Vec::new(),
            warnings: Vec::new(),
            answer: Vec::new(),
        }
    }

    /// The record types and settings.
    pub fn schema(&self) -> &'a Schema {
        self.base.schema()
    }

    /// A type by its noun.
    /// # Panics
    /// When the noun is not declared, which is a slip of the program.
    pub fn kind(&self, noun: &str) -> &'static Kind {
        self.schema().kind(noun).expect("a declared noun")
    }

    /// A fresh id for a row.
    pub fn row_id(&self) -> String {
        (self.ids.borrow_mut())(None)
    }

    /// A new record of a type with what the moment gives: id, time, acting user, defaults that are
    /// written. Types that people name themselves take their slug.
    pub fn make(&self, noun: &str, slug: Option<&str>) -> Doc {
        let kind = self.kind(noun);
        let id = slug.map_or_else(|| (self.ids.borrow_mut())(Some(kind.prefix)), str::to_owned);
        let mut doc = Doc::new(kind, id);
        doc.set("created_at", Some(Value::Instant(self.setting.now)));
        doc.set("created_by", Some(Value::Text(self.setting.actor.id.clone())));
        doc
    }

    /// Writes the defaults of the fields that are still empty.
    pub fn fill(&self, doc: &mut Doc) {
        for field in doc.kind.fields.iter().chain(doc.kind.custom) {
            if doc.get(field.name).is_none()
                && let Some(value) = self.preset(field)
            {
                doc.set(field.name, Some(value));
            }
        }
    }

    /// The default of a field that is written when a record or row is made.
    pub fn preset(&self, field: &Field) -> Option<Value> {
        match field.preset {
            Preset::Me => Some(Value::Text(self.setting.actor.id.clone())),
            Preset::Today => Some(Value::Day(self.setting.today)),
            Preset::Now => Some(Value::Instant(self.setting.now)),
            Preset::Is(text) if field.card == Card::Required => constant(field.ty, text),
            Preset::Setting(key) if field.card == Card::Required => {
                self.schema().settings.get(key).and_then(|text| constant(field.ty, text))
            }
            _ => None,
        }
    }

    /// The record that must be there.
    pub fn need(&self, noun: &str, id: &str) -> Result<Doc, Problem> {
        self.record(noun, id)?.ok_or_else(|| {
            Problem::new(crate::model::Class::NotFound, "no-such-record").arg("noun", noun).arg("value", id)
        })
    }

    /// Adds or replaces a record.
    pub fn put(&mut self, doc: Doc) -> Result<(), Problem> {
        let path = doc.path();
        let old = match self.changes.get(&path) {
            Some(change) => change.old.clone(),
            None => self.base.get(doc.kind, doc.id())?,
        };
        self.record_change(path, Change { old, new: Some(doc) });
        Ok(())
    }

    /// Replaces a record by what becomes of it; the caller has read it and knows that it is there.
    pub fn put_over(&mut self, before: Doc, after: Doc) {
        let path = after.path();
        let old = match self.changes.get(&path) {
            Some(change) => change.old.clone(),
            None => Some(before),
        };
        self.record_change(path, Change { old, new: Some(after) });
    }

    /// Adds a record whose id is fresh, without looking whether there is one.
    pub fn insert(&mut self, doc: Doc) {
        self.record_change(doc.path(), Change { old: None, new: Some(doc) });
    }

    /// Removes a record.
    pub fn remove(&mut self, doc: &Doc) -> Result<(), Problem> {
        let path = doc.path();
        let old = match self.changes.get(&path) {
            Some(change) => change.old.clone(),
            None => self.base.get(doc.kind, doc.id())?,
        };
        self.record_change(path, Change { old, new: None });
        Ok(())
    }

    fn record_change(&mut self, path: String, change: Change) {
        self.changes.put(path, change);
    }

    /// A value whose references to merged records are to those they were merged into.
    pub fn living(&self, field: &Field, value: Value) -> Result<Value, Problem> {
        Ok(match (field.ty, value) {
            (Type::Ref(nouns), Value::Text(id)) => {
                let kind = self.schema().kind_of_id(&id).filter(|kind| nouns.contains(&kind.name));
                match kind.filter(|kind| kind.field("merged_into").is_some()) {
                    Some(kind) => Value::Text(survivor(self, kind.name, &id)?),
                    None => Value::Text(id),
                }
            }
            (Type::Ref(_), Value::List(values)) => {
                let living = values.into_iter().map(|value| self.living(field, value));
                Value::List(living.collect::<Result<_, _>>()?)
            }
            (Type::Rows(kind), Value::Rows(mut rows)) => {
                for row in &mut rows {
                    for field in kind.fields.iter().filter(|field| matches!(field.ty, Type::Ref(_))) {
                        if let Some(value) = row.remove(field.name) {
                            row.insert(field.name, self.living(field, value)?);
                        }
                    }
                }
                Value::Rows(rows)
            }
            (_, value) => value,
        })
    }

    /// Whether a field says the same with another value: both mean one record that was merged.
    fn means_the_same(&self, doc: &Doc, name: &str, value: Option<&Value>) -> bool {
        let (Some(field), Some(old), Some(new)) = (doc.kind.field(name), doc.get(name), value) else {
            return false;
        };
        let refers = matches!(field.ty, Type::Ref(_) | Type::Rows(_)) && name != "merged_into";
        let living = |value: &Value| self.living(field, value.clone()).ok();
        refers && old != new && living(old).is_some_and(|old| Some(old) == living(new))
    }

    /// Sets a field, keeping the history of tracked ones. A reference to a merged record stays
    /// where the new one means the same.
    pub fn set(&self, doc: &mut Doc, name: &str, value: Option<Value>) {
        // Whether it is there is only looked up where it makes a difference.
        if keeps_history(doc, name) && doc.get(name) != value.as_ref() && self.exists(doc) {
            self.set_known(doc, name, value);
        } else if !self.means_the_same(doc, name, value.as_ref()) {
            doc.set(name, value);
        }
    }

    /// As [`Draft::set`], for a record that is there.
    pub fn set_known(&self, doc: &mut Doc, name: &str, value: Option<Value>) {
        if self.means_the_same(doc, name, value.as_ref()) {
            return;
        }
        let before = doc.get(name).map(plain);
        doc.set(name, value);
        let after = doc.get(name).map(plain);
        if before != after && keeps_history(doc, name) {
            doc.history.push(Moved {
                at: self.setting.on,
                by: self.setting.actor.id.clone(),
                field: Some(name.to_owned()),
                from: before,
                to: after,
                reason: self.setting.reason.clone(),
            });
        }
    }

    /// The value of a field and, where it refers to a record into which others were merged, their
    /// ids: this change may merge them, or change what refers to them.
    fn named_alike(&self, kind: &Kind, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        let declared = match field.split_once('.') {
            Some((rows, inner)) => kind.field(rows).and_then(Field::rows).and_then(|rows| rows.field(inner)),
            None => kind.field(field),
        };
        let mut alike = vec![value.to_owned()];
        let target = self.schema().kind_of_id(value).filter(|target| target.field("merged_into").is_some());
        let (Some(target), true) = (target, declared.is_some_and(|f| matches!(f.ty, Type::Ref(_)))) else {
            return Ok(alike);
        };
        if field == "merged_into" {
            return Ok(alike);
        }
        let mut at = 0;
        while let Some(id) = alike.get(at).cloned() {
            for merged in self.find(target.name, "merged_into", &id)? {
                if !alike.contains(&merged) {
                    alike.push(merged);
                }
            }
            at += 1;
        }
        Ok(alike)
    }

    fn exists(&self, doc: &Doc) -> bool {
        matches!(self.get(doc.kind, doc.id()), Ok(Some(_)))
    }

    /// Moves the state by a verb: `Ok(false)` when it holds already, a problem listing the legal
    /// moves when it cannot.
    pub fn advance(&self, doc: &mut Doc, verb: &str) -> Result<bool, Problem> {
        let moves = doc.kind.traits.moves;
        let state = doc.state().to_owned();
        let of_verb: Vec<_> = moves.iter().filter(|m| m.verb == verb).collect();
        if let Some(step) = of_verb.iter().find(|m| m.from.contains(&state.as_str())) {
            if step.reason && self.setting.reason.is_none() {
                return Err(Problem::usage("reason-needed").arg("verb", verb));
            }
            self.check_moment(doc)?;
            // A verb that leaves the state where it is tells by its fields, not by the history.
            if step.to != state {
                doc.move_to(step.to, self.setting.on, &self.setting.actor.id, self.setting.reason.clone());
            }
            for field in step.clears {
                doc.set(field, None);
            }
            if let Some(field) = step.stamps {
                let instant = doc.kind.field(field).is_some_and(|f| f.ty == Type::Instant);
                let on = self.setting.on;
                doc.set(field, Some(if instant { Value::Instant(on) } else { Value::Day(on.date_naive()) }));
            }
            return Ok(true);
        }
        if of_verb.iter().any(|m| m.to == state) {
            return Ok(false);
        }
        let legal: Vec<&str> =
            moves.iter().filter(|m| m.from.contains(&state.as_str())).map(|m| m.verb).collect();
        Err(Problem::invalid("illegal-move")
            .arg("verb", verb)
            .arg("noun", doc.kind.name)
            .arg("record", doc.title())
            .arg("state", state)
            .arg("legal", legal.join(", "))
            .legal(legal))
    }

    /// A move cannot lie in the future or before the previous one of the same field.
    fn check_moment(&self, doc: &Doc) -> Result<(), Problem> {
        if self.setting.on > self.setting.now {
            return Err(Problem::usage("move-in-future").arg("value", self.setting.on.to_rfc3339()));
        }
        match doc.history.iter().rev().find(|m| m.field.is_none()) {
            Some(last) if last.at > self.setting.on => Err(Problem::usage("move-before-last")
                .arg("value", self.setting.on.to_rfc3339())
                .arg("last", last.at.to_rfc3339())),
            _ => Ok(()),
        }
    }

    /// What it amounts to: records that end as they began are left out.
    pub fn finish(self) -> ChangeSet {
        let changes =
            self.changes.into_ordered().into_iter().filter(|change| change.old != change.new).collect();
        ChangeSet { changes, about: self.about, remarks: self.remarks }
    }

    /// The paths that were first touched after so many others.
    pub fn touched_after(&self, others: usize) -> &[String] {
        self.changes.touched_after(others)
    }

    /// The changes so far.
    pub fn pending(&self) -> impl Iterator<Item = &Change> {
        self.changes.all()
    }
}

impl View for Draft<'_> {
    fn schema(&self) -> &Schema {
        self.base.schema()
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        match self.changes.get(&kind.path(id)) {
            Some(change) => Ok(change.new.clone()),
            None => self.base.get(kind, id),
        }
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        let Some(kind) = self.schema().kind(noun) else { return self.base.find(noun, field, value) };
        // What is asked for by a tombstone is a tombstone.
        let alive = |doc: &&Doc| field == "merged_into" || doc.text("merged_into").is_none();
        let mut ids = Vec::new();
        for value in self.named_alike(kind, field, value)? {
            let untouched = self.base.find(noun, field, &value)?.into_iter();
            ids.extend(untouched.filter(|id| self.changes.get(&kind.path(id)).is_none()));
            let made = self.changes.holding(noun, field, &value).into_iter();
            ids.extend(made.filter(alive).map(|doc| doc.id().to_owned()));
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        let mut found = self.base.referring(id)?;
        for change in self.changes.all() {
            let doc = change.doc();
            found.retain(|(noun, record, _)| *noun != doc.kind.name || record != doc.id());
            if let Some(new) = &change.new {
                found.extend(
                    references(new)
                        .filter(|(_, target)| *target == id)
                        .map(|(field, _)| (doc.kind.name, doc.id().to_owned(), field)),
                );
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>, Problem> {
        let mut moves = self.base.stock_moves(product)?;
        for gone in self.changes.changed().flat_map(|c| c.old.iter()).flat_map(|fact| of_fact(fact, product))
        {
            if let Some(place) = moves.iter().position(|moved| *moved == gone) {
                moves.remove(place);
            }
        }
        for (noun, field) in
            [("movement", "product"), ("shipment", "lines.product"), ("return", "lines.product")]
        {
            let facts = self.changes.holding(noun, field, product);
            moves.extend(facts.into_iter().flat_map(|fact| of_fact(fact, product)));
        }
        moves.sort();
        Ok(moves)
    }

    fn fulfilling(&self, rules: &str, doc: &Doc) -> Result<Vec<Doc>, Problem> {
        self.base.fulfilling(rules, doc)
    }

    fn next_number(&self, noun: &str, prefix: &str) -> Result<u64, Problem> {
        let pending = self.changes.largest_number(noun, prefix).saturating_add(1);
        Ok(self.base.next_number(noun, prefix)?.max(pending))
    }
}

/// Whether every change of a field goes into the history; that of the state is told by its moves.
fn keeps_history(doc: &Doc, name: &str) -> bool {
    let traits = &doc.kind.traits;
    traits.history
        && traits.state != Some(name)
        && doc.kind.field(name).is_some_and(|field| field.marks.tracked)
}

/// What a fact does to the stock of a product.
fn of_fact(fact: &Doc, product: &str) -> Vec<StockMove> {
    match fact.kind.name {
        "movement" if fact.text("product") == Some(product) => stock_state::of_movement(fact),
        "shipment" | "return" => stock_state::of_lines(fact, product),
        _ => Vec::new(),
    }
}

/// Every reference a record holds: (field or `rows.field`, id).
pub fn references(doc: &Doc) -> impl Iterator<Item = (String, &str)> {
    let own = doc
        .kind
        .all()
        .filter(|f| matches!(f.ty, Type::Ref(_)))
        .flat_map(|f| texts(doc.get(f.name)).into_iter().map(move |id| (f.name.to_owned(), id)));
    let rows = doc.kind.rows().flat_map(|(field, kind)| {
        let refs: Vec<_> = kind.fields.iter().filter(|f| matches!(f.ty, Type::Ref(_))).collect();
        doc.rows(field.name).iter().flat_map(move |row| {
            refs.clone().into_iter().flat_map(move |f| {
                texts(row.get(f.name)).into_iter().map(move |id| (format!("{}.{}", field.name, f.name), id))
            })
        })
    });
    own.chain(rows)
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::List(values)) => values.iter().filter_map(Value::as_text).collect(),
        Some(value) => value.as_text().into_iter().collect(),
        None => Vec::new(),
    }
}

/// A value as plain text, the way a diff, a history row or a csv cell shows it.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Dec(dec) => dec.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Instant(at) => at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Value::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(";"),
        Value::Rows(rows) => format!("{} rows", rows.len()),
    }
}

/// A declared or configured default as a value of its type.
pub fn constant(ty: Type, text: &str) -> Option<Value> {
    Some(match ty {
        Type::Bool => Value::Bool(text == "true"),
        Type::Int => Value::Int(text.parse().ok()?),
        Type::Dec | Type::Qty | Type::Pct | Type::Money | Type::Price => {
            Value::Dec(rust_decimal::Decimal::from_str_exact(text).ok()?)
        }
        Type::Day => Value::Day(text.parse().ok()?),
        Type::Instant => Value::Instant(chrono::DateTime::parse_from_rfc3339(text).ok()?),
        Type::Rows(_) => return None,
        _ => Value::Text(text.to_owned()),
    })
}
