//! `--format vcf` and `--format ics`: customers and contacts as business cards, follow-ups as a
//! calendar, for `list`, `show`, `todo` and `export` alike.
//!
//! Deliberately absent: which field is which property (see `exchange`), and what the lines look
//! like (see `formats`).

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveTime};

use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::resolve::refer_to_living;
use super::super::store::Store;
use super::list::{View, select};
use crate::exchange::{cards, events};
use crate::formats::Format;
use crate::locale::Language;
use crate::mirror::Mirror;
use crate::model::record::{CodeList, Doc, Kind};
use crate::model::value::country::{chinese_name, english_name};
use crate::store::{Commit, LogQuery, ObjectId};
use crate::table::Cell;

/// So many records are looked up by their paths; for more all commits are read once.
const FEW: usize = 40;

/// Whether records of a type are wanted in a form that is made of whole records.
pub fn wanted(context: &Context, kind: &Kind) -> bool {
    match context.ui.format {
        Some(Format::Vcf) => cards::has_cards(kind),
        Some(Format::Ics) => kind.name == "followup",
        _ => false,
    }
}

/// The whole records of a view, as the work tree or a commit has them; what was merged is named by
/// the record that stands for it.
pub fn records(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    view: &View,
    at: Option<ObjectId>,
) -> Result<Vec<Doc>, Failure> {
    let store = context.store()?;
    let ids = View { fields: Some("id".to_owned()), ..view.clone() };
    let table = select(context, mirror, kind, &ids, &super::list::known(mirror, kind))?;
    let mut docs = Vec::new();
    for row in &table.rows {
        let Some(Cell::Text(id)) = row.first() else { continue };
        let doc = match at {
            Some(commit) => store.read_at(commit, kind, id)?,
            None => store.read(kind, id)?,
        };
        docs.extend(doc.map(|doc| context.see(doc)).transpose()?);
    }
    let survivors = mirror.survivors()?;
    for doc in &mut docs {
        refer_to_living(doc, &survivors);
    }
    Ok(docs)
}

/// Prints records that are [`wanted`] in such a form.
pub fn print(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    docs: &[Doc],
    at: Option<ObjectId>,
) -> Result<Exit, Failure> {
    let titles: RefCell<BTreeMap<String, Option<String>>> = RefCell::default();
    let name = |nouns: &[&str], id: &str| -> Option<String> {
        if let Some(found) = titles.borrow().get(id) {
            return found.clone();
        }
        let found = mirror.titles(nouns, &[id]).ok().and_then(|mut titles| titles.remove(id));
        titles.borrow_mut().insert(id.to_owned(), found.clone());
        found
    };
    let changed = last_changes(context.store()?, docs, at)?;
    let changed = |id: &str| changed.get(id).copied();
    if context.ui.format == Some(Format::Ics) {
        let label = |list: &CodeList, code: &str| context.locale.code(&context.schema, list, code);
        let remind_at = context.schema.settings.text("remind.at");
        let remind_at = NaiveTime::parse_from_str(remind_at, "%H:%M").unwrap_or_default();
        let words = events::Words { name: &name, label: &label, changed: &changed, remind_at };
        let left_out = docs.iter().filter(|doc| !events::has_place(doc)).count();
        if left_out > 0 {
            context.say("without-place-in-calendar", &[("count", &left_out.to_string())]);
        }
        context.ui.table(&events::table(kind.name, docs, &words), Format::Ics)?;
        return Ok(Exit::Ok);
    }
    let country = |code: &str| {
        let named = if context.locale.language == Language::Chinese { chinese_name } else { english_name };
        named(code).unwrap_or(code).to_owned()
    };
    let words = cards::Words { name: &name, country: &country, changed: &changed };
    context.ui.table(&cards::table(kind, docs, &words), Format::Vcf)?;
    Ok(Exit::Ok)
}

/// When a commit last changed each record. A hand edit that is not committed yet has no time of its
/// own.
fn last_changes(
    store: &Store,
    docs: &[Doc],
    at: Option<ObjectId>,
) -> Result<BTreeMap<String, DateTime<FixedOffset>>, Failure> {
    let by_path: BTreeMap<String, &str> = docs.iter().map(|doc| (doc.path(), doc.id())).collect();
    let mut last: BTreeMap<String, DateTime<FixedOffset>> = BTreeMap::new();
    if docs.is_empty() {
        return Ok(last);
    }
    let paths: Vec<&str> = by_path.keys().map(String::as_str).collect();
    let paths = if paths.len() <= FEW { paths.as_slice() } else { &[] };
    for commit in store.repo.log(&LogQuery { from: at, paths, ..LogQuery::default() })? {
        let Some(made) = time(&commit) else { continue };
        for id in commit.files.iter().filter_map(|file| by_path.get(&file.path)) {
            // A clock may have been put back; what is newer must not look older.
            let known = last.entry((*id).to_owned()).or_insert(made);
            *known = made.max(*known);
        }
    }
    Ok(last)
}

fn time(commit: &Commit) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(commit.when.offset_minutes * 60)?;
    Some(DateTime::from_timestamp(commit.when.seconds, 0)?.with_timezone(&offset))
}
