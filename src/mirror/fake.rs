//! A store in memory for tests: trees by name, a work tree, and records by their path.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::DateTime;

use super::source::{Blob, Fault, Source, Stamp, Tip};
use crate::model::Problem;
use crate::model::kinds::KINDS;
use crate::model::record::{Doc, Field, Moved, Row, Type, Value};

/// Files by path; the content is a key into the known records.
pub(crate) type Files = BTreeMap<String, String>;

/// A store whose parts tests set as they like.
#[derive(Default)]
pub(crate) struct Fake {
    pub trees: BTreeMap<String, Files>,
    pub tip: Tip,
    pub work: BTreeMap<String, (String, Stamp)>,
    pub docs: BTreeMap<String, Doc>,
    /// How often a blob, a file, a tree and the work tree were read.
    pub blobs: AtomicUsize,
    pub reads: AtomicUsize,
    pub listings: AtomicUsize,
    pub scans: AtomicUsize,
    /// Whether the old tree of a difference is still there.
    pub forgets: bool,
    names: Mutex<usize>,
}

impl Fake {
    /// Keeps a record and gives the content that stands for it.
    pub fn keep(&mut self, doc: Doc) -> String {
        let mut name = self.names.lock().expect("no test panics while it holds this");
        *name += 1;
        let content = format!("content {name}");
        self.docs.insert(content.clone(), doc);
        content
    }

    /// Makes these records the files of a new tip and of the work tree.
    pub fn commit(&mut self, tree: &str, docs: Vec<Doc>) {
        let files: Files = docs.into_iter().map(|doc| (doc.path(), self.keep(doc))).collect();
        self.commit_files(tree, files);
    }

    /// Makes these files a new tip and the work tree.
    pub fn commit_files(&mut self, tree: &str, files: Files) {
        for (path, content) in &files {
            if self.work.get(path).map(|(known, _)| known) != Some(content) {
                self.write(path, content);
            }
        }
        self.work.retain(|path, _| files.contains_key(path));
        self.trees.insert(tree.to_owned(), files);
        self.tip = Tip { commit: format!("commit of {tree}"), tree: tree.to_owned() };
    }

    /// Changes a file of the work tree, so that its stamp shows it.
    pub fn write(&mut self, path: &str, content: &str) {
        let mtime_ns = self.work.get(path).map_or(0, |(_, stamp)| stamp.mtime_ns) + 1;
        let stamp = Stamp { mtime_ns, ctime_ns: mtime_ns, size: content.len() as u64, inode: 1 };
        self.work.insert(path.to_owned(), (content.to_owned(), stamp));
    }

    fn tree(&self, tree: &str) -> Result<&Files, Fault> {
        self.trees.get(tree).ok_or_else(|| format!("no tree {tree}").into())
    }
}

fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Source for Fake {
    fn tip(&self) -> Result<Tip, Fault> {
        Ok(self.tip.clone())
    }

    fn tree_files(&self, tree: &str) -> Result<Vec<Blob>, Fault> {
        count(&self.listings);
        Ok(self.tree(tree)?.iter().map(|(path, id)| Blob { path: path.clone(), id: id.clone() }).collect())
    }

    fn changed(&self, from: &str, to: &str) -> Result<Vec<(String, Option<String>)>, Fault> {
        if self.forgets {
            return Err("the old tree is gone".into());
        }
        let (from, to) = (self.tree(from)?, self.tree(to)?);
        let gone = from.keys().filter(|path| !to.contains_key(*path)).map(|path| (path.clone(), None));
        let new = to.iter().filter(|(path, id)| from.get(*path) != Some(*id));
        Ok(gone.chain(new.map(|(path, id)| (path.clone(), Some(id.clone())))).collect())
    }

    fn blob_ids(&self, tree: &str, paths: &[&str]) -> Result<Vec<Option<String>>, Fault> {
        let files = self.tree(tree)?;
        Ok(paths.iter().map(|path| files.get(*path).cloned()).collect())
    }

    fn read_blobs(&self, blobs: &[Blob], each: &(dyn Fn(&str, &[u8]) + Sync)) -> Result<(), Fault> {
        for blob in blobs {
            count(&self.blobs);
            each(&blob.path, blob.id.as_bytes());
        }
        Ok(())
    }

    fn scan_work(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(String, Stamp)>, Fault> {
        count(&self.scans);
        let files = self.work.iter().filter(|(path, _)| path.split('/').next().is_some_and(wanted));
        Ok(files.map(|(path, (_, stamp))| (path.clone(), *stamp)).collect())
    }

    fn read_work(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        count(&self.reads);
        Ok(self.work.get(path).map(|(content, _)| content.clone().into_bytes()))
    }

    fn blob_id(&self, bytes: &[u8]) -> Result<String, Fault> {
        Ok(String::from_utf8(bytes.to_vec())?)
    }

    fn parse(&self, path: &str, bytes: &[u8]) -> Result<Doc, Problem> {
        let content = String::from_utf8_lossy(bytes).into_owned();
        let unreadable = || Problem::invalid("bad-toml").arg("reason", "of the test").at(path, Some(7));
        self.docs.get(&content).cloned().ok_or_else(unreadable)
    }
}

/// A record from texts, made at New Year 2026 by `li.na`; lists are parted by commas.
pub(crate) fn record(noun: &str, id: &str, fields: &[(&str, &str)]) -> Doc {
    let kind = KINDS.iter().find(|kind| kind.name == noun).expect("a declared noun");
    let mut doc = Doc::new(kind, id);
    let given = [("created_at", "2026-01-01T09:00:00+08:00"), ("created_by", "li.na")];
    for (name, text) in given.iter().chain(fields) {
        let field = kind.field(name).expect("a declared field");
        doc.set(name, Some(value(field, text)));
    }
    doc
}

/// The record with child rows, from texts.
pub(crate) fn rows(mut doc: Doc, field: &str, rows: &[&[(&str, &str)]]) -> Doc {
    let kind = doc.kind.field(field).and_then(Field::rows).expect("declared rows");
    let row = |fields: &&[(&str, &str)]| -> Row {
        let cell = |(name, text): &(&str, &str)| match kind.field(name) {
            Some(field) => (field.name, value(field, text)),
            None => (kind.key, Value::Text((*text).to_owned())),
        };
        fields.iter().map(cell).collect()
    };
    doc.set(field, Some(Value::Rows(rows.iter().map(row).collect())));
    doc
}

/// The record after a move of its state by `li.na`.
pub(crate) fn moved(mut doc: Doc, at: &str, from: &str, to: &str) -> Doc {
    let state = doc.kind.traits.state.expect("a type with states");
    doc.set(state, Some(Value::Text(to.to_owned())));
    doc.history.push(Moved {
        at: DateTime::parse_from_rfc3339(at).expect("an instant"),
        by: "li.na".to_owned(),
        field: None,
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        reason: None,
    });
    doc
}

fn value(field: &Field, text: &str) -> Value {
    if field.many() {
        return Value::List(text.split(',').map(|one| Value::Text(one.to_owned())).collect());
    }
    match field.ty {
        Type::Bool => Value::Bool(text == "true"),
        Type::Int => Value::Int(text.parse().expect("a whole number")),
        Type::Dec | Type::Qty | Type::Pct | Type::Money | Type::Price => {
            Value::Dec(text.parse().expect("a decimal"))
        }
        Type::Day => Value::Day(text.parse().expect("a day")),
        Type::Instant => Value::Instant(DateTime::parse_from_rfc3339(text).expect("an instant")),
        _ => Value::Text(text.to_owned()),
    }
}
