//! What the tests of this module share: a clock, a zone, an import into a store in memory.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Weekday};

use super::MapFile;
use super::delimited;
use super::import::{Options, Outcome, World, import};
use super::mapping::Mapping;
use super::sheet::Sheet;
use super::target::Subject;
use super::value::{Reading, Resolver};
use crate::draft::complete::{complete, refresh};
use crate::draft::{Actor, ChangeSet, Draft, Setting};
use crate::model::Problem;
use crate::model::record::CodeList;
use crate::model::scalars::Instant;
use crate::query::Clock;
use crate::rules::View;
use crate::rules::memory::Memory;

pub fn now() -> Instant {
    DateTime::parse_from_rfc3339("2026-11-22T10:00:00+08:00").expect("a moment")
}

pub fn clock() -> Clock {
    Clock { now: now(), fiscal_start: (1, 1), week_start: Weekday::Mon }
}

pub fn zone(local: NaiveDateTime) -> Instant {
    let east = FixedOffset::east_opt(8 * 3600).expect("a zone");
    local.and_local_timezone(east).single().expect("a fixed offset")
}

pub fn no_labels(_: &CodeList, _: &str) -> Vec<String> {
    Vec::new()
}

pub fn reading<'a>(clock: &'a Clock, resolver: &'a dyn Resolver) -> Reading<'a> {
    Reading {
        clock,
        zone: &zone,
        country: "CN",
        digits: 2,
        date_format: None,
        decimal_comma: false,
        labels: &no_labels,
        resolver,
    }
}

/// Finds records of a store in memory by id, source, number, name.
pub struct InStore<'a>(pub &'a Memory);

impl Resolver for InStore<'_> {
    fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        let found = self.0.docs().filter(|doc| {
            let by = |name: &&str| doc.text(name) == Some(text);
            nouns.contains(&doc.kind.name) && ["id", "source_ref", "number", "name"].iter().any(by)
        });
        Ok(found.map(|doc| doc.id().to_owned()).collect())
    }
}

/// A store with the user who acts.
pub fn store(settings: &[(&str, &[&str])]) -> Memory {
    let mut store = Memory::new(settings).expect("sound settings");
    store.add("user", "me", &[("name", "Me"), ("email", "me@crm.example"), ("roles", "admin")]);
    store.add("user", "admin", &[("name", "Admin"), ("email", "admin@crm.example")]);
    store
}

/// A csv file of a test.
pub fn sheet(text: &str) -> Sheet {
    delimited::read(text.as_bytes(), &delimited::Options::default()).expect("a csv")
}

/// One import of a test.
pub struct Given<'a> {
    pub noun: &'a str,
    pub map: &'a str,
    pub options: Options,
}

impl Given<'_> {
    /// The subject of `order` or `order.line`.
    pub fn subject(&self, store: &Memory) -> Subject {
        let (noun, rows) =
            self.noun.split_once('.').map_or((self.noun, None), |(noun, rows)| (noun, Some(rows)));
        let kind = store.schema().kind(noun).expect("a declared noun");
        let rows = rows.map(|rows| kind.rows().find(|(f, _)| f.singular() == rows).expect("declared rows").0);
        Subject { kind, rows }
    }

    /// Imports into a store; what changes is put into it.
    pub fn run(&self, store: &mut Memory, sheet: &Sheet) -> Result<(Outcome, ChangeSet), Problem> {
        let map = MapFile::parse(self.map)?;
        let mapping = Mapping::new(self.subject(store), sheet, &map, &|_, _| Vec::new())?;
        let (outcome, changes) = imported(store, sheet, &mapping, &self.options)?;
        for change in &changes.changes {
            store.put(change.doc().clone());
        }
        Ok((outcome, changes))
    }
}

fn imported(
    store: &Memory,
    sheet: &Sheet,
    mapping: &Mapping,
    options: &Options,
) -> Result<(Outcome, ChangeSet), Problem> {
    let actor = Actor {
        id: "me".to_owned(),
        name: "Me".to_owned(),
        email: "me@crm.example".to_owned(),
        narrowed: None,
    };
    let setting = Setting {
        actor,
        now: now(),
        today: now().date_naive(),
        on: now(),
        reason: None,
        allow: std::collections::BTreeSet::new(),
    };
    let mut next = 0_u64;
    let mut ids = |prefix: Option<&str>| {
        next += 1;
        let letters: String =
            (0..12).map(|at| char::from(b'k' + u8::try_from((next >> (4 * at)) & 15).unwrap_or(0))).collect();
        prefix.map_or_else(|| letters[..6].to_owned(), |prefix| format!("{prefix}_{letters}"))
    };
    let resolver = InStore(store);
    let clock = clock();
    let world = World {
        resolver: &resolver,
        complete: &complete,
        refresh: &refresh,
        clock: &clock,
        zone: &zone,
        labels: &no_labels,
    };
    let mut draft = Draft::new(store, &setting, &mut ids);
    let outcome = import(&mut draft, sheet, mapping, options, &world, &mut |_| {})?;
    Ok((outcome, draft.finish()))
}

/// A file of the shared test data, where it is there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    there(file)
}

/// A file of the sample data, where it is there.
pub fn sample_data(path: &str) -> Option<PathBuf> {
    there(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(path))
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was left out")]
fn there(file: PathBuf) -> Option<PathBuf> {
    if !file.exists() {
        eprintln!("left out: {} is not there", file.display());
        return None;
    }
    Some(file)
}

/// A csv file on disk.
pub fn csv_file(path: &std::path::Path) -> Sheet {
    let bytes = std::fs::read(path).expect("readable");
    delimited::read(&bytes, &delimited::Options::default()).expect("a csv")
}
