//! What must hold: one file per subject, each rule over a [`View`] of all records. Pure.
//!
//! A write is refused when it would break a rule that the records it touches did not break
//! before; `crm check` runs the same rules over everything. Deliberately absent: any loading of
//! records (the caller's view does that) and rights (see `access`).

pub mod amounts;
pub mod balances;
pub mod clocks;
pub mod codes;
pub mod contacts;
pub mod customers;
pub mod discounts;
pub mod documents;
pub mod exposure;
pub mod facts;
pub mod fields;
pub mod followups;
pub mod history;
pub mod invoices;
pub mod leads;
pub mod marketing;
pub mod memo;
pub mod memory;
pub mod mend;
pub mod messages;
pub mod opportunities;
pub mod order_state;
pub mod orders;
pub mod payments;
pub mod people;
pub mod period;
pub mod pipelines;
pub mod pools;
pub mod products;
pub mod references;
pub mod registry;
pub mod stock;
pub mod stock_state;
pub mod support;
pub mod targets;
pub mod templates;
#[cfg(test)]
mod testing;
pub mod tickets;
pub mod tombstones;
pub mod unique;

use std::collections::BTreeSet;

pub use registry::{CHANGE_RULES, RULES, SET_RULES, beyond, check, judge, judge_alone};
use stock_state::StockMove;

use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::model::scalars::{Day, Instant};
use crate::model::schema::Schema;

/// All records of a store as a rule may see them: a change laid over its base, or everything.
pub trait View {
    /// The types and settings.
    fn schema(&self) -> &Schema;

    /// One record.
    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem>;

    /// Ids, in order, of the records of a type that hold this value in this field: a text, a code,
    /// a reference, or one member of a set or list; e-mail addresses ignoring case.
    /// `rows.field` looks into child rows. `name_key` finds names with that key, `id_key` ids
    /// that are spelled so in lower case. Records merged into others are left out.
    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem>;

    /// What refers to a record: (noun, id, field), in order.
    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem>;

    /// The next free sequence number of a type: one more than the largest that follows `prefix`
    /// in a `number`, so 1 where none does. The quotes, orders, invoices or tickets of a whole
    /// store are asked, which only a view with an index can answer.
    fn next_number(&self, _noun: &str, _prefix: &str) -> Result<u64, Problem> {
        Ok(1)
    }

    /// The records of a type of rules, in (order, id), all of whose conditions (`when`) a record
    /// fulfils: the agreements for a ticket. Conditions may ask for anything that a list may, which
    /// only a view with an index can answer.
    fn fulfilling(&self, _rules: &str, _doc: &Doc) -> Result<Vec<Doc>, Problem> {
        Ok(Vec::new())
    }

    /// Records of a type by a value of a field.
    fn all_with(&self, noun: &str, field: &str, value: &str) -> Result<Vec<Doc>, Problem> {
        let Some(kind) = self.schema().kind(noun) else { return Ok(Vec::new()) };
        let mut docs = Vec::new();
        for id in self.find(noun, field, value)? {
            docs.extend(self.get(kind, &id)?);
        }
        Ok(docs)
    }

    /// Every change of the stock of a product, in order of days. Views that hold many facts know a
    /// faster way than to read them all.
    fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>, Problem> {
        stock_state::moves_of(self, product)
    }

    /// A record by noun and id.
    fn record(&self, noun: &str, id: &str) -> Result<Option<Doc>, Problem> {
        self.schema().kind(noun).map_or(Ok(None), |kind| self.get(kind, id))
    }
}

/// One record before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub old: Option<Doc>,
    pub new: Option<Doc>,
}

impl Change {
    /// The record after, or before where it goes.
    /// # Panics
    /// Never: a change has at least one side.
    pub fn doc(&self) -> &Doc {
        self.new.as_ref().or(self.old.as_ref()).expect("a change has a side")
    }
}

/// What a rule is judged with besides the records.
#[derive(Clone, Debug)]
pub struct Judge<'a> {
    /// The acting user, and which refusals the flags of the command let pass: `allow-duplicate`,
    /// `allow-over`, `override`.
    pub allow: &'a BTreeSet<String>,
    pub now: Instant,
    pub today: Day,
}

/// What a rule found.
pub type Found = Vec<Problem>;

/// A rule over one record and all it is bound to.
pub type Rule = fn(&dyn View, &Judge<'_>, &Doc, &mut Found) -> Result<(), Problem>;

/// A rule over a change: what a record was and what it becomes.
pub type ChangeRule = fn(&dyn View, &Judge<'_>, &Change, &mut Found) -> Result<(), Problem>;

/// A rule over a whole change, with the records after and before it.
pub type SetRule = fn(&dyn View, &dyn View, &Judge<'_>, &[Change], &mut Found) -> Result<(), Problem>;
