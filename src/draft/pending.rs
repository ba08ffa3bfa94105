//! The changes of a draft, with what finds them by a value without looking at each: an import asks
//! as many questions as it has rows.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::complete::sequence;
use crate::model::record::{Doc, Type, Value};
use crate::model::value::name_key;
use crate::rules::Change;

/// Paths by value, of one field of one type.
type Paths = HashMap<String, BTreeSet<String>>;

/// Changes by path, in the order of their first touch.
#[derive(Debug, Default)]
pub struct Pending {
    changes: BTreeMap<String, Change>,
    /// Paths in the order of their first change: the main record first.
    order: Vec<String>,
    /// Paths of the changes of records that were there before.
    changed: BTreeSet<String>,
    /// Built for a field when it is first asked about, kept in step from then on.
    by_value: RefCell<HashMap<(String, String), Paths>>,
    /// The largest number behind a prefix, by type and prefix.
    numbers: RefCell<HashMap<(String, String), u64>>,
}

impl Pending {
    /// The paths that were first touched after so many others.
    pub fn touched_after(&self, others: usize) -> &[String] {
        self.order.get(others..).unwrap_or_default()
    }

    /// The change of a path.
    pub fn get(&self, path: &str) -> Option<&Change> {
        self.changes.get(path)
    }

    /// Every change, in the order of paths.
    pub fn all(&self) -> impl Iterator<Item = &Change> {
        self.changes.values()
    }

    /// The changes of records that were there before.
    pub fn changed(&self) -> impl Iterator<Item = &Change> {
        self.changed.iter().filter_map(|path| self.changes.get(path))
    }

    /// Every change, in the order of their first touch.
    pub fn into_ordered(self) -> Vec<Change> {
        let mut changes = self.changes;
        self.order.iter().filter_map(|path| changes.remove(path)).collect()
    }

    /// Adds or replaces a change.
    pub fn put(&mut self, path: String, change: Change) {
        let before = self.changes.get(&path).and_then(|c| c.new.as_ref());
        let noun = change.doc().kind.name;
        for ((of, field), paths) in self.by_value.get_mut() {
            if of != noun {
                continue;
            }
            for value in before.iter().flat_map(|doc| values(doc, field)) {
                if let Some(set) = paths.get_mut(&value) {
                    set.remove(&path);
                }
            }
            for value in change.new.iter().flat_map(|doc| values(doc, field)) {
                paths.entry(value).or_default().insert(path.clone());
            }
        }
        for ((of, prefix), largest) in self.numbers.get_mut() {
            let number = change.new.as_ref().filter(|_| of == noun).and_then(|doc| doc.text("number"));
            if let Some(seq) = number.and_then(|n| sequence(n, prefix)) {
                *largest = seq.max(*largest);
            }
        }
        if change.old.is_some() {
            self.changed.insert(path.clone());
        }
        if !self.changes.contains_key(&path) {
            self.order.push(path.clone());
        }
        self.changes.insert(path, change);
    }

    /// The changed records of a type that hold a value in a field now.
    pub fn holding(&self, noun: &str, field: &str, value: &str) -> Vec<&Doc> {
        let mut index = self.by_value.borrow_mut();
        let paths = index.entry((noun.to_owned(), field.to_owned())).or_insert_with(|| {
            let mut paths = Paths::new();
            for (path, change) in &self.changes {
                let Some(doc) = change.new.as_ref().filter(|d| d.kind.name == noun) else { continue };
                for value in values(doc, field) {
                    paths.entry(value).or_default().insert(path.clone());
                }
            }
            paths
        });
        let found = paths.get(&asked(field, value));
        found.into_iter().flatten().filter_map(|path| self.changes.get(path)?.new.as_ref()).collect()
    }

    /// The largest number behind a prefix among the changed records of a type; 0 for none.
    pub fn largest_number(&self, noun: &str, prefix: &str) -> u64 {
        let mut numbers = self.numbers.borrow_mut();
        *numbers.entry((noun.to_owned(), prefix.to_owned())).or_insert_with(|| {
            let docs = self.changes.values().filter_map(|c| c.new.as_ref()).filter(|d| d.kind.name == noun);
            docs.filter_map(|doc| sequence(doc.text("number")?, prefix)).max().unwrap_or(0)
        })
    }
}

/// A value as the index keeps it: e-mail addresses are alike whatever their case.
fn asked(field: &str, value: &str) -> String {
    if field.contains("email") { value.to_lowercase() } else { value.to_owned() }
}

/// Every value that a record holds in a field; `rows.field` looks into rows, `name_key` and
/// `id_key` are the keys by which names and ids are alike.
fn values(doc: &Doc, field: &str) -> Vec<String> {
    match field {
        "name_key" => return doc.text("name").map(name_key).into_iter().collect(),
        "id_key" => return vec![doc.id().to_lowercase()],
        _ => {}
    }
    let Some((rows, inner)) = field.split_once('.') else {
        let email = doc.kind.field(field).is_some_and(|f| f.ty == Type::Email);
        let texts = doc.get(field).map(single).unwrap_or_default();
        return if email { texts.iter().map(|t| t.to_lowercase()).collect() } else { texts };
    };
    doc.rows(rows).iter().filter_map(|row| row.get(inner)).flat_map(single).collect()
}

fn single(value: &Value) -> Vec<String> {
    match value {
        Value::List(values) => values.iter().map(super::plain).collect(),
        other => vec![super::plain(other)],
    }
}
