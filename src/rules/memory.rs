//! A store in memory: a [`View`] over records that were put into it, for tests and properties.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::View;
use super::support::{holds, is_merged, references};
use crate::model::Problem;
use crate::model::record::{Doc, Field, Kind, Row, Type, Value};
use crate::model::schema::{Schema, Settings};

/// Records in memory, by path.
#[derive(Clone, Debug)]
pub struct Memory {
    schema: Schema,
    docs: BTreeMap<String, Doc>,
}

impl Memory {
    /// An empty store with these settings.
    pub fn new(settings: &[(&str, &[&str])]) -> Result<Self, Problem> {
        let values = settings
            .iter()
            .map(|(key, values)| ((*key).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()))
            .collect();
        Ok(Self { schema: Schema::new(Settings::new(values))?, docs: BTreeMap::new() })
    }

    /// An empty store of these types and settings.
    pub fn of(schema: Schema) -> Self {
        Self { schema, docs: BTreeMap::new() }
    }

    /// Adds or replaces a record.
    pub fn put(&mut self, doc: Doc) {
        self.docs.insert(doc.path(), doc);
    }

    /// Takes a record out.
    pub fn take(&mut self, path: &str) -> Option<Doc> {
        self.docs.remove(path)
    }

    /// All records, by path.
    pub fn docs(&self) -> impl Iterator<Item = &Doc> {
        self.docs.values()
    }

    /// A record from texts: fields by name, sets and lists parted by `;`, `rows.field` for the
    /// next field of the row begun by the last `rows`. Where nothing is said, a record is from
    /// New Year 2026 and by `admin`.
    /// # Panics
    /// On a slip of the test: an undeclared noun or field, or a text that does not fit the type.
    pub fn doc(&self, noun: &str, id: &str, fields: &[(&str, &str)]) -> Doc {
        let kind = self.schema.kind(noun).expect("a declared noun");
        let mut doc = Doc::new(kind, id);
        doc.set("created_at", Some(value(Type::Instant, "2026-01-01T09:00:00+08:00")));
        doc.set("created_by", Some(Value::Text("admin".to_owned())));
        for (name, text) in fields {
            if let Some((rows, inner)) = name.split_once('.') {
                add_to_row(&mut doc, rows, inner, text);
            } else {
                let field = kind.field(name).expect("a declared field");
                doc.set(name, Some(field_value(field, text)));
            }
        }
        doc
    }

    /// Adds a record made from texts.
    pub fn add(&mut self, noun: &str, id: &str, fields: &[(&str, &str)]) -> Doc {
        let doc = self.doc(noun, id, fields);
        self.put(doc.clone());
        doc
    }
}

/// A row begins with the key of its kind: `lines.id`.
fn add_to_row(doc: &mut Doc, rows: &str, inner: &str, text: &str) {
    let (outer, kind) = doc.kind.rows().find(|(f, _)| f.name == rows).expect("declared rows");
    let field = kind.field(inner);
    let name = field.map_or("id", |f| f.name);
    let mut all = doc.rows(rows).to_vec();
    if inner == kind.key {
        all.push(Row::new());
    }
    let value = field.map_or_else(|| Value::Text(text.to_owned()), |f| field_value(f, text));
    all.last_mut().expect("a row begins with its key").insert(name, value);
    doc.set(outer.name, Some(Value::Rows(all)));
}

fn field_value(field: &Field, text: &str) -> Value {
    if field.many() {
        return Value::List(text.split(';').map(|one| value(field.ty, one)).collect());
    }
    value(field.ty, text)
}

fn value(ty: Type, text: &str) -> Value {
    match ty {
        Type::Bool => Value::Bool(text == "true"),
        Type::Int => Value::Int(text.parse().expect("a whole number")),
        Type::Dec | Type::Qty | Type::Pct | Type::Money | Type::Price => {
            Value::Dec(Decimal::from_str_exact(text).expect("a number"))
        }
        Type::Day => Value::Day(text.parse().expect("a day")),
        Type::Instant => Value::Instant(chrono::DateTime::parse_from_rfc3339(text).expect("an instant")),
        _ => Value::Text(text.to_owned()),
    }
}

impl View for Memory {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        Ok(self.docs.get(&kind.path(id)).cloned())
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        let found = self.docs.values().filter(|doc| doc.kind.name == noun && !is_merged(doc));
        let mut ids: Vec<String> =
            found.filter(|doc| holds(doc, field, value)).map(|doc| doc.id().to_owned()).collect();
        ids.sort();
        Ok(ids)
    }

    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        let mut found: Vec<_> = self
            .docs
            .values()
            .flat_map(|doc| {
                let here = references(doc).into_iter().filter(|(_, _, target)| *target == id);
                here.map(|(field, _, _)| (doc.kind.name, doc.id().to_owned(), field)).collect::<Vec<_>>()
            })
            .collect();
        found.sort();
        found.dedup();
        Ok(found)
    }
}
