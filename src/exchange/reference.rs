//! What a text in a file refers to: a record of the store, one of the same file, or one that is to
//! be made for it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::value::{Resolver, parse_value};
use crate::draft::Draft;
use crate::model::record::{Doc, Kind, Value};
use crate::model::value::{parse_slug, parse_text};
use crate::model::{Class, Problem};

/// A resolver that asks once for each text.
pub(super) struct Remembered<'a> {
    inner: &'a dyn Resolver,
    seen: RefCell<HashMap<String, Result<Vec<String>, Problem>>>,
}

impl<'a> Remembered<'a> {
    pub fn new(inner: &'a dyn Resolver) -> Self {
        Self { inner, seen: RefCell::new(HashMap::new()) }
    }

    /// Says what a text names from now on.
    pub fn learn(&self, nouns: &[&str], text: &str, id: &str) {
        self.seen.borrow_mut().insert(key(nouns, text), Ok(vec![id.to_owned()]));
    }
}

impl Resolver for Remembered<'_> {
    fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        let key = key(nouns, text);
        if let Some(known) = self.seen.borrow().get(&key) {
            return known.clone();
        }
        let found = self.inner.resolve(nouns, text);
        self.seen.borrow_mut().insert(key, found.clone());
        found
    }
}

fn key(nouns: &[&str], text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 24);
    for noun in nouns {
        key.push_str(noun);
        key.push(' ');
    }
    key.push('\n');
    key.push_str(text);
    key
}

/// Whether the problem is that nothing has this name.
pub(super) fn is_unknown(problem: &Problem) -> bool {
    problem.class == Class::NotFound
}

/// The records of the file itself, by everything that names one.
#[derive(Debug, Default)]
pub(super) struct Own {
    ids: HashMap<String, Vec<String>>,
}

impl Own {
    /// Takes a record up.
    pub fn add(&mut self, doc: &Doc) {
        let traits = &doc.kind.traits;
        let names = ["id", "source_ref", "number"].iter().chain(traits.lookup).chain(traits.title);
        for text in names.filter_map(|name| doc.text(name)) {
            let ids = self.ids.entry(text.to_owned()).or_default();
            if !ids.iter().any(|id| id == doc.id()) {
                ids.push(doc.id().to_owned());
            }
        }
    }
}

impl Resolver for Own {
    fn resolve(&self, _: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        Ok(self.ids.get(text).cloned().unwrap_or_default())
    }
}

/// Records that are made because something refers to them, until it is known whether that is kept.
#[derive(Debug, Default)]
pub(super) struct Missing {
    pub docs: BTreeMap<String, Doc>,
}

impl Missing {
    /// A new record of a type with nothing but what the text and its row say.
    ///
    /// # Errors
    /// `bad-slug` where the text cannot be made one.
    pub fn make(
        &mut self,
        draft: &Draft<'_>,
        kind: &'static Kind,
        text: &str,
        given: &[(&'static str, Value)],
    ) -> Result<String, Problem> {
        let slug = if kind.is_slug() { Some(slug_of(text)?) } else { None };
        let mut doc = draft.make(kind.name, slug.as_deref());
        let name = kind.traits.title.first().copied().unwrap_or("name");
        doc.set(name, Some(Value::Text(parse_text(text)?)));
        for (field, value) in given {
            doc.set(field, Some(value.clone()));
        }
        let id = doc.id().to_owned();
        self.docs.insert(id.clone(), doc);
        Ok(id)
    }
}

/// A slug that keeps as much of a text as a slug can hold.
///
/// # Errors
/// `bad-slug` where nothing of it can be kept.
pub(super) fn slug_of(text: &str) -> Result<String, Problem> {
    if let Ok(slug) = parse_slug(text) {
        return Ok(slug);
    }
    let mut slug = String::new();
    for letter in text.chars() {
        match letter {
            c if c.is_ascii_alphanumeric() || "._".contains(c) => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(64);
    parse_slug(slug.trim_end_matches('-'))
        .map_err(|_| parse_slug(text).err().unwrap_or_else(|| Problem::usage("bad-slug")))
}

/// The line of another record, or of the same one, that a text names: by the id of the line, the
/// product's SKU, its name, or its place from 1.
pub(super) fn line_of(rows: &[crate::model::record::Row], text: &str) -> Result<String, Problem> {
    let by = |field: &str| {
        rows.iter().filter(|row| row.get(field).and_then(Value::as_text) == Some(text)).collect::<Vec<_>>()
    };
    let mut found =
        ["id", "product", "name"].into_iter().map(by).find(|rows| !rows.is_empty()).unwrap_or_default();
    if found.is_empty() {
        let place = text.parse::<usize>().ok().and_then(|place| rows.get(place.checked_sub(1)?));
        found.extend(place);
    }
    let unknown = || Problem::new(Class::NotFound, "no-such-line").arg("value", text);
    match found.as_slice() {
        [row] => row.get("id").and_then(Value::as_text).map(str::to_owned).ok_or_else(unknown),
        [] => Err(unknown()),
        many => {
            Err(Problem::new(Class::Ambiguous, "ambiguous-line").arg("value", text).arg("count", many.len()))
        }
    }
}

/// Reads a value for a record that is made on the way, where it fits.
pub(super) fn given(
    draft: &Draft<'_>,
    kind: &Kind,
    field: &str,
    text: &str,
    reading: &super::value::Reading<'_>,
) -> Option<(&'static str, Value)> {
    let field = kind.field(field).filter(|_| !text.is_empty())?;
    parse_value(draft.schema(), field, text, reading).ok().map(|value| (field.name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_what_it_can() {
        for (text, wanted) in [
            ("NW-011", Some("NW-011")),
            ("Côte de Blaye", Some("C-te-de-Blaye")),
            (" 10 / A ", Some("10-A")),
            ("比亚迪", None),
        ] {
            assert_eq!(slug_of(text).ok().as_deref(), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_named_by_id_product_name_or_place() {
        let row = |id: &str, product: &str| {
            [("id", id), ("product", product)]
                .into_iter()
                .map(|(k, v)| (k, Value::Text(v.to_owned())))
                .collect()
        };
        let rows = [row("kkkkkk", "A"), row("llllll", "B"), row("mmmmmm", "B")];
        for (text, wanted) in [
            ("kkkkkk", "kkkkkk"),
            ("A", "kkkkkk"),
            ("3", "mmmmmm"),
            ("B", "ambiguous-line"),
            ("0", "no-such-line"),
            ("x", "no-such-line"),
        ] {
            let found = line_of(&rows, text).unwrap_or_else(|problem| problem.id.to_owned());
            assert_eq!(found, wanted, "{text:?}");
        }
    }
}
