//! A sheet into the changes of a draft.
//!
//! First every row is read, then every record is looked up among those that are there, and only
//! then is anything put into the draft: a file may refer to records further down, and one bad row
//! can keep the whole file out. Deliberately absent: the judging of the result; the caller finds
//! the line of a record that a rule refuses in [`Outcome::lines`].

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use chrono::NaiveDateTime;

use super::history;
use super::lines::{grouped, rejects_of, touched_by_ragged};
use super::mapping::Mapping;
use super::parse::{Parsed, Parser};
use super::reference::{Missing, Own, Remembered, slug_of};
use super::rejects::Reject;
use super::rows::laid;
use super::sheet::Sheet;
use super::value::{Reading, Resolver, parse_value};
use crate::draft::merge::answers_to;
use crate::draft::{Draft, plain};
use crate::model::record::{CodeList, Doc, Field, Kind, Type, Value};
use crate::model::scalars::Instant;
use crate::model::value::{parse_id, parse_slug, prefix_of};
use crate::model::{Class, Problem};
use crate::query::Clock;
use crate::rules::View;

/// What happens to a record that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMatch {
    /// The given fields are changed; an empty cell leaves its field as it is.
    #[default]
    Update,
    Skip,
    Error,
}

/// What happens when a row is bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Nothing is imported; all bad rows are still named.
    #[default]
    Abort,
    /// The records of good rows are.
    Skip,
}

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Fields that find a record that is there, besides id, `source_ref` and `number`.
    pub match_fields: Vec<String>,
    pub on_match: OnMatch,
    /// Fields whose texts say which rows are one record.
    pub group_by: Vec<String>,
    /// Types whose records are made where a reference finds none.
    pub create_missing: Vec<String>,
    pub on_error: OnError,
    pub date_format: Option<String>,
    pub decimal_comma: bool,
}

/// Fills the derived fields of a new record.
pub type Complete<'a> = dyn Fn(&Draft<'_>, &mut Doc) -> Result<(), Problem> + 'a;

/// What an import needs from outside.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub resolver: &'a dyn Resolver,
    pub complete: &'a Complete<'a>,
    /// Fills them in the new rows of a record that was there.
    pub refresh: &'a Complete<'a>,
    pub clock: &'a Clock,
    /// The moment of a time on the wall clock of the company's zone.
    pub zone: &'a dyn Fn(NaiveDateTime) -> Instant,
    /// The labels of a code in all languages.
    pub labels: &'a dyn Fn(&CodeList, &str) -> Vec<String>,
}

impl fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("clock", self.clock).finish_non_exhaustive()
    }
}

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Records made, changed, found as they are, passed over.
    pub made: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub skipped: usize,
    /// Records made because something refers to them.
    pub made_besides: usize,
    /// In the order of their lines.
    pub rejects: Vec<Reject>,
    /// Path of every record that was put into the draft, and the line it comes from.
    pub lines: BTreeMap<String, usize>,
}

/// A record that is about to be written.
struct Found {
    parsed: Parsed,
    /// The record as it is, where it is there.
    old: Option<Doc>,
    /// Its id, new or old.
    id: String,
}

/// Records per call of `progress`.
const STEP: usize = 256;

/// Imports a sheet. With [`OnError::Abort`], rejects mean that the draft is to be thrown away.
///
/// # Errors
/// What is wrong with the import as a whole: an unknown field to group or match by, or a record of
/// the store that cannot be read. What is wrong with a row is a reject.
pub fn import(
    draft: &mut Draft<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    options: &Options,
    world: &World<'_>,
    progress: &mut dyn FnMut(usize),
) -> Result<Outcome, Problem> {
    let references = Remembered::new(world.resolver);
    let mut outcome = Outcome::default();
    let (found, mut missing) = {
        let (parsed, missing) = parse(draft, sheet, mapping, options, world, &references, &mut outcome)?;
        let found = look_up(draft, sheet, mapping, options, parsed, &mut outcome)?;
        let found = resolve_own(draft, sheet, mapping, world, &references, found, &mut outcome)?;
        (found, missing)
    };
    if outcome.rejects.is_empty() || options.on_error == OnError::Skip {
        write(draft, sheet, mapping, options, world, found, &mut missing, &mut outcome, progress)?;
    }
    outcome.rejects.sort_by_key(|reject| reject.line);
    if !outcome.rejects.is_empty() && options.on_error == OnError::Abort {
        outcome = Outcome { rejects: outcome.rejects, ..Outcome::default() };
    }
    Ok(outcome)
}

fn parse(
    draft: &Draft<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    options: &Options,
    world: &World<'_>,
    references: &Remembered<'_>,
    outcome: &mut Outcome,
) -> Result<(Vec<Parsed>, Missing), Problem> {
    let ragged = sheet.ragged.iter().map(|(row, problem)| Reject::new(row.line, problem.clone()));
    outcome.rejects.extend(ragged);
    let groups = grouped(sheet, mapping, &options.group_by)?;
    let touched = touched_by_ragged(sheet, mapping, &options.group_by, &groups)?;
    let missing = RefCell::new(Missing::default());
    let parser = Parser {
        draft,
        sheet,
        mapping,
        options,
        world,
        references,
        missing,
        currencies: RefCell::new(HashMap::new()),
    };
    let mut all = Vec::with_capacity(groups.len());
    for (at, rows) in groups.iter().enumerate() {
        let broken = touched.get(&at).map(|line| Problem::usage("row-of-rejected-record").arg("line", line));
        let read = match broken {
            Some(problem) => {
                Err(rows.iter().map(|at| Reject::new(sheet.rows[*at].line, problem.clone())).collect())
            }
            None => parser.record(rows),
        };
        match read {
            Ok(parsed) => all.push(parsed),
            Err(own) => rejects_of(sheet, rows, own, &mut outcome.rejects),
        }
    }
    Ok((all, parser.missing.into_inner()))
}

/// Finds the records that are there and refuses those that stand in the file twice.
fn look_up(
    draft: &Draft<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    options: &Options,
    parsed: Vec<Parsed>,
    outcome: &mut Outcome,
) -> Result<Vec<Found>, Problem> {
    let kind = mapping.subject.kind;
    for name in &options.match_fields {
        kind.field(name).ok_or_else(|| Problem::usage("match-by-what").arg("field", name))?;
    }
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    let mut found = Vec::with_capacity(parsed.len());
    for parsed in parsed {
        let line = sheet.rows[parsed.rows[0]].line;
        match identify(draft, kind, &parsed, options).and_then(|there| refused(there, mapping, options)) {
            Ok((old, id)) => {
                let mut keys = unique_texts(kind, &parsed, options);
                keys.push(("id", id.clone()));
                let twice = keys.iter().find_map(|key| Some((key, *seen.get(key)?)));
                if let Some(((field, value), first)) = twice {
                    let problem = Problem::invalid("twice-in-file")
                        .arg("field", field)
                        .arg("value", value)
                        .arg("line", first);
                    rejects_of(
                        sheet,
                        &parsed.rows,
                        vec![Reject::new(line, problem).cell(field, value)],
                        &mut outcome.rejects,
                    );
                    continue;
                }
                seen.extend(keys.into_iter().map(|key| (key, line)));
                found.push(Found { parsed, old, id });
            }
            Err(problem) if is_of_row(&problem) => {
                rejects_of(sheet, &parsed.rows, vec![Reject::new(line, problem)], &mut outcome.rejects);
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(found)
}

/// Refuses a record that is there, where only new ones are wanted.
fn refused(
    there: (Option<Doc>, String),
    mapping: &Mapping,
    options: &Options,
) -> Result<(Option<Doc>, String), Problem> {
    let adds = mapping.subject.rows.is_some();
    match &there.0 {
        Some(doc) if options.on_match == OnMatch::Error && !adds => {
            Err(Problem::new(Class::Conflict, "already-there")
                .arg("noun", doc.kind.name)
                .arg("record", doc.id()))
        }
        _ => Ok(there),
    }
}

/// A record of the store that cannot be read names its file.
fn is_of_row(problem: &Problem) -> bool {
    problem.path.is_none()
}

/// The record that is there, if any, and its id or a new one.
fn identify(
    draft: &Draft<'_>,
    kind: &'static Kind,
    parsed: &Parsed,
    options: &Options,
) -> Result<(Option<Doc>, String), Problem> {
    if let Some(id) = &parsed.record {
        return Ok((Some(draft.need(kind.name, id)?), id.clone()));
    }
    let given = match parsed.get("id").and_then(Value::as_text) {
        Some(id) if kind.is_slug() => Some(parse_slug(id)?),
        Some(id) => {
            let id = parse_id(id)?;
            if prefix_of(&id) != Some(kind.prefix) {
                return Err(Problem::usage("bad-id").arg("value", &id).arg("reason", "type"));
            }
            Some(id)
        }
        None => None,
    };
    if let Some(id) = &given
        && let Some(doc) = draft.get(kind, id)?
    {
        return Ok((Some(doc), id.clone()));
    }
    let asked = options.match_fields.iter().map(String::as_str);
    for name in ["source_ref", "number"].into_iter().chain(asked) {
        let Some(value) = parsed.get(name) else { continue };
        let mut ids = ids_with(draft, kind, name, &plain(value))?;
        if name == "number" {
            keep_revision(draft, kind, parsed, &mut ids)?;
        }
        match ids.as_slice() {
            [] => {}
            [id] if given.as_ref().is_none_or(|given| given == id) => {
                let there = match tombstone(draft, kind, id, name, value)? {
                    Some(merged) => Some(merged),
                    None => draft.get(kind, id)?,
                };
                let id = there.as_ref().map_or_else(|| id.clone(), |doc| doc.id().to_owned());
                return Ok((there, id));
            }
            _ => {
                return Err(Problem::new(Class::Ambiguous, "ambiguous-record")
                    .arg("noun", kind.name)
                    .arg("value", plain(value))
                    .arg("count", ids.len())
                    .candidates(ids));
            }
        }
    }
    match given {
        Some(id) => Ok((None, id)),
        None if kind.is_slug() => {
            let name =
                kind.traits.title.iter().find_map(|name| parsed.get(name)?.as_text()).unwrap_or_default();
            Ok((None, slug_of(&name.to_lowercase())?))
        }
        None => Ok((None, draft.make(kind.name, None).id().to_owned())),
    }
}

/// The merged record that another system means by a reference, where it is not the living one.
fn tombstone(
    draft: &Draft<'_>,
    kind: &'static Kind,
    id: &str,
    field: &str,
    value: &Value,
) -> Result<Option<Doc>, Problem> {
    if field != "source_ref" || kind.field("merged_into").is_none() {
        return Ok(None);
    }
    let has = |doc: &Doc| doc.get(field) == Some(value);
    if draft.get(kind, id)?.is_some_and(|doc| has(&doc)) {
        return Ok(None);
    }
    Ok(draft.all_with(kind.name, "merged_into", id)?.into_iter().find(has))
}

/// Ids of the records with a value; of a main number or address also where it is a further one.
fn ids_with(draft: &Draft<'_>, kind: &Kind, name: &str, value: &str) -> Result<Vec<String>, Problem> {
    let mut ids = draft.find(kind.name, name, value)?;
    let further = format!("other_{name}s");
    if kind.field(&further).is_some() {
        ids.extend(draft.find(kind.name, &further, value)?);
        ids.sort();
        ids.dedup();
    }
    Ok(ids)
}

/// Revisions share their number: only the one that is meant is the same record.
fn keep_revision(
    draft: &Draft<'_>,
    kind: &'static Kind,
    parsed: &Parsed,
    ids: &mut Vec<String>,
) -> Result<(), Problem> {
    if kind.field("revision").is_none() {
        return Ok(());
    }
    let wanted = parsed.get("revision").map_or_else(|| "1".to_owned(), plain);
    let mut kept = Vec::new();
    for id in ids.drain(..) {
        let revision = draft.get(kind, &id)?.and_then(|doc| doc.get("revision").map(plain));
        if revision.is_none_or(|revision| revision == wanted) {
            kept.push(id);
        }
    }
    *ids = kept;
    Ok(())
}

/// What no two records of a file may share.
fn unique_texts(kind: &Kind, parsed: &Parsed, options: &Options) -> Vec<(&'static str, String)> {
    let unique = |field: &Field| {
        field.marks.unique
            || field.name == "number"
            || options.match_fields.iter().any(|name| name == field.name)
    };
    let given = parsed
        .fields
        .iter()
        .filter(|(field, _)| field.name != "id" && unique(field) && kind.field(field.name).is_some());
    let revision = parsed.get("revision").map(plain);
    let text = |field: &Field, value: &Value| match &revision {
        Some(revision) if field.name == "number" => format!("{}, {revision}", plain(value)),
        _ => plain(value),
    };
    given.filter_map(|(field, value)| Some((field.name, text(field, value.as_ref()?)))).collect()
}

/// Resolves references to records of the same type, which may be ones of this file.
fn resolve_own(
    draft: &Draft<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    world: &World<'_>,
    references: &Remembered<'_>,
    found: Vec<Found>,
    outcome: &mut Outcome,
) -> Result<Vec<Found>, Problem> {
    if found.iter().all(|found| found.parsed.own.is_empty()) {
        return Ok(found);
    }
    let mut own = Own::default();
    for found in &found {
        let mut doc = found.old.clone().unwrap_or_else(|| Doc::new(mapping.subject.kind, found.id.clone()));
        for (field, value) in found.parsed.fields.iter().filter(|(field, _)| field.name != "id") {
            doc.set(field.name, value.clone());
        }
        own.add(&doc);
    }
    let both = Both(&own, references);
    let reading = Reading {
        clock: world.clock,
        zone: world.zone,
        country: "",
        digits: 2,
        date_format: None,
        decimal_comma: false,
        labels: world.labels,
        resolver: &both,
    };
    let mut kept = Vec::with_capacity(found.len());
    for mut found in found {
        let mut own = Vec::new();
        for pending in std::mem::take(&mut found.parsed.own) {
            match parse_value(draft.schema(), pending.field, &pending.text, &reading) {
                Ok(value) => found.parsed.fields.push((pending.field, Some(value))),
                Err(problem) => {
                    own.push(Reject::new(pending.line, problem).cell(&pending.column, &pending.text));
                }
            }
        }
        if own.is_empty() {
            kept.push(found);
        } else {
            own.truncate(1);
            rejects_of(sheet, &found.parsed.rows, own, &mut outcome.rejects);
        }
    }
    Ok(kept)
}

/// The file's own records, then those of the store.
struct Both<'a>(&'a Own, &'a Remembered<'a>);

impl Resolver for Both<'_> {
    fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        let own = self.0.resolve(nouns, text)?;
        if own.is_empty() { self.1.resolve(nouns, text) } else { Ok(own) }
    }
}

#[expect(clippy::too_many_arguments, reason = "the last step takes what the others made")]
fn write(
    draft: &mut Draft<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    options: &Options,
    world: &World<'_>,
    found: Vec<Found>,
    missing: &mut Missing,
    outcome: &mut Outcome,
    progress: &mut dyn FnMut(usize),
) -> Result<(), Problem> {
    let adds = mapping.subject.rows.is_some();
    let mut rows_done = 0;
    for (at, found) in found.into_iter().enumerate() {
        let (rows, line) = (found.parsed.rows.clone(), sheet.rows[found.parsed.rows[0]].line);
        let own_path = mapping.subject.kind.path(&found.id);
        let done = match found.old {
            Some(old) => change(draft, old, &found.parsed, sheet, options, world, adds, outcome),
            None => make(draft, mapping.subject.kind, &found, world, missing, line, outcome),
        };
        match done {
            Ok(Some(path)) => {
                outcome.lines.insert(path, line);
            }
            Ok(None) => {}
            Err(mut problem) if is_of_row(&problem) || problem.path.as_ref() == Some(&own_path) => {
                problem.path = None;
                rejects_of(sheet, &rows, vec![Reject::new(line, problem)], &mut outcome.rejects);
            }
            Err(problem) => return Err(problem),
        }
        rows_done += rows.len();
        if at % STEP == 0 {
            progress(rows_done);
        }
    }
    progress(rows_done);
    Ok(())
}

/// Puts a new record into the draft, after those that were made for it.
fn make(
    draft: &mut Draft<'_>,
    kind: &'static Kind,
    found: &Found,
    world: &World<'_>,
    missing: &mut Missing,
    line: usize,
    outcome: &mut Outcome,
) -> Result<Option<String>, Problem> {
    for id in &found.parsed.needs {
        if let Some(mut doc) = missing.docs.remove(id) {
            draft.fill(&mut doc);
            (world.complete)(draft, &mut doc)?;
            outcome.lines.insert(doc.path(), line);
            outcome.made_besides += 1;
            draft.insert(doc);
        }
    }
    let parsed = &found.parsed;
    let mut doc = draft.make(kind.name, Some(&found.id));
    for (field, value) in parsed.fields.iter().filter(|(field, value)| field.name != "id" && value.is_some())
    {
        doc.set(field.name, value.clone());
    }
    for (name, rows) in laid(draft, |_| Vec::new(), &parsed.children, false) {
        doc.set(name, Some(Value::Rows(rows)));
    }
    draft.fill(&mut doc);
    // The first stage of an opportunity is known only when its pipeline is.
    let declared = matches!(kind.traits.state.and_then(|s| kind.field(s)).map(|f| f.ty), Some(Type::Code(_)));
    let states = |doc: &mut Doc| {
        let fallback = history::fallback(doc, world.zone, draft.setting.now);
        let by = doc.text("created_by").unwrap_or(&draft.setting.actor.id).to_owned();
        history::write(doc, &parsed.states, fallback, &by)
    };
    if declared {
        states(&mut doc)?;
        (world.complete)(draft, &mut doc)?;
    } else {
        (world.complete)(draft, &mut doc)?;
        states(&mut doc)?;
        close(draft, &mut doc)?;
    }
    let path = doc.path();
    draft.insert(doc);
    outcome.made += 1;
    Ok(Some(path))
}

/// An opportunity that came in won or lost was closed on the day of its last move.
fn close(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let (Some(pipeline), Some(at)) = (doc.text("pipeline"), history::last(doc)) else { return Ok(()) };
    let stages = draft
        .record("pipeline", pipeline)?
        .map(|pipeline| pipeline.rows("stages").to_vec())
        .unwrap_or_default();
    let is_now =
        |row: &&crate::model::record::Row| row.get("code").and_then(Value::as_text) == Some(doc.state());
    let closed =
        stages.iter().find(is_now).and_then(|row| row.get("type")?.as_text()).is_some_and(|ty| ty != "open");
    if closed && doc.get("closed_on").is_none() {
        doc.set("closed_on", Some(Value::Day(at.date_naive())));
    }
    Ok(())
}

/// Puts the changes of a record that is there into the draft.
#[expect(clippy::too_many_arguments, reason = "as `write`, of which it is a part")]
fn change(
    draft: &mut Draft<'_>,
    old: Doc,
    parsed: &Parsed,
    sheet: &Sheet,
    options: &Options,
    world: &World<'_>,
    adds: bool,
    outcome: &mut Outcome,
) -> Result<Option<String>, Problem> {
    // What another system says of a merged record is not said of the one that is kept.
    let merged = old.get("merged_into").is_some() && parsed.get("id").is_none();
    if merged || options.on_match == OnMatch::Skip && !adds {
        outcome.skipped += 1;
        return Ok(None);
    }
    let mut doc = old.clone();
    for (field, value) in parsed.fields.iter().filter(|(field, _)| field.name != "id") {
        // When and by whom it was made stays as it is: only a new record can be told.
        if field.marks.immutable || doc.get(field.name) == value.as_ref() {
            continue;
        }
        if doc.get(field.name).is_some() && sheet.fills.iter().any(|name| name == field.name) {
            continue;
        }
        // Who gives all numbers says which is the main one.
        let further = match field.name {
            "phone" => "other_phones",
            "email" => "other_emails",
            _ => "",
        };
        let all = parsed.fields.iter().any(|(field, _)| field.name == further);
        let known = match value {
            Some(value) if !all => answers_to(draft, &doc, field.name, value)?,
            _ => false,
        };
        if !known {
            draft.set(&mut doc, field.name, value.clone());
        }
    }
    let rows = laid(draft, |name| old.rows(name).to_vec(), &parsed.children, adds);
    let new_rows = rows.iter().any(|(name, rows)| rows.len() > old.rows(name).len());
    for (name, rows) in rows {
        draft.set(&mut doc, name, Some(Value::Rows(rows)));
    }
    if !parsed.states.is_empty() {
        history::write(&mut doc, &parsed.states, draft.setting.on, &draft.setting.actor.id)?;
    }
    if doc == old {
        outcome.unchanged += 1;
        return Ok(None);
    }
    if new_rows {
        (world.refresh)(draft, &mut doc)?;
    }
    let path = doc.path();
    draft.put(doc)?;
    outcome.updated += 1;
    Ok(Some(path))
}

/// The fields by which records of a type are found without being asked.
pub fn match_fields(kind: &Kind) -> BTreeSet<&'static str> {
    ["id", "source_ref", "number"]
        .into_iter()
        .filter_map(|name| kind.field(name))
        .map(|field| field.name)
        .collect()
}
