//! Which records of a file are there already: by id, `source_ref`, number, or what was asked for.
//!
//! All look-ups come before anything is put into the draft, so that they see the store as it is.

use std::collections::HashMap;

use super::import::{OnMatch, Options, Outcome};
use super::lines::rejects_of;
use super::mapping::Mapping;
use super::parse::Parsed;
use super::reference::slug_of;
use super::rejects::Reject;
use super::sheet::Sheet;
use crate::draft::{Draft, plain};
use crate::model::record::{Doc, Field, Kind, Value};
use crate::model::value::{parse_id, parse_slug, prefix_of};
use crate::model::{Class, Problem};
use crate::rules::View;

/// A record that is about to be written.
pub(super) struct Found {
    pub parsed: Parsed,
    /// The record as it is, where it is there.
    pub old: Option<Doc>,
    /// Its id, new or old.
    pub id: String,
}

/// Finds the records that are there and refuses those that stand in the file twice.
pub(super) fn look_up(
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
pub(super) fn is_of_row(problem: &Problem) -> bool {
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
                return Ok((draft.get(kind, id)?, id.clone()));
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
