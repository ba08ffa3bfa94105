//! The conditions that segments, pools, agreements and rules hold: they must mean something for the
//! type they are about, or nobody would notice that they never hold.
//!
//! Deliberately absent: what they mean, which the mirror knows.

use super::commands::list::{known, unknown_field};
use super::error::Failure;
use super::resolve::{Names, candidates};
use crate::mirror::refuse_itself;
use crate::model::record::{Doc, Kind};
use crate::model::{Class, Problem};
use crate::query::parse_condition;
use crate::rules::Change;

/// The fields that hold conditions.
const FIELDS: [&str; 2] = ["when", "followup_when"];

/// The type that the conditions in a field of a record are about.
fn subject<'a>(doc: &'a Doc, field: &str) -> Option<&'a str> {
    match (doc.kind.name, field) {
        ("assignment_rule", "when") => Some(doc.text("applies_to").unwrap_or("lead")),
        ("pool", "when") => doc.text("applies_to"),
        ("segment", "when") => doc.text("of"),
        ("sla", "when") => Some("ticket"),
        ("score_rule", "when") => Some("lead"),
        ("score_rule", "followup_when") => Some("followup"),
        _ => None,
    }
}

/// What is wrong with the conditions that a change writes: fields that there are not, codes that are
/// not of their list, values that cannot be compared, records that are neither there nor made by the
/// same change. An import is told, not refused: its file may know fields that this version does not.
pub fn check(names: &Names<'_>, op: &str, changes: &[Change]) -> Vec<Problem> {
    let mut found = Vec::new();
    for change in changes {
        let Some(new) = &change.new else { continue };
        for field in FIELDS {
            let about = |doc: &Doc| subject(doc, field).map(str::to_owned);
            let same = |old: &Doc| old.get(field) == new.get(field) && about(old) == about(new);
            let kind = about(new).and_then(|noun| names.context.schema.kind(&noun));
            let Some(kind) = kind.filter(|_| !change.old.as_ref().is_some_and(same)) else { continue };
            for text in new.list(field) {
                let itself = match new.kind.name {
                    "score_rule" => refuse_itself(kind.name, text).map_err(Failure::from),
                    _ => Ok(()),
                };
                if let Err(failure) = itself.and_then(|()| one(names, changes, kind, text)) {
                    found.extend(failure.problems.into_iter().map(|problem| {
                        let class =
                            if problem.class == Class::NotFound { Class::NotFound } else { Class::Usage };
                        let problem = Problem { class, ..problem }.field(field);
                        if op.starts_with("import ") { problem.as_warning() } else { problem }
                    }));
                }
            }
        }
    }
    found
}

fn one(names: &Names<'_>, changes: &[Change], kind: &'static Kind, text: &str) -> Result<(), Failure> {
    let mirror = names.mirror();
    let condition = parse_condition(text)?;
    if mirror.field_sql(kind.name, &condition.field, "t").is_none() {
        return Err(unknown_field(kind, &condition.field, &known(mirror, kind)));
    }
    let there = |nouns: &[&str], value: &str| {
        let named = |doc: &Doc| {
            nouns.contains(&doc.kind.name) && (doc.id() == value || doc.text("name") == Some(value))
        };
        let made = changes.iter().filter_map(|change| change.new.as_ref()).find(|doc| named(doc));
        match (made, candidates(names.context, mirror, nouns, value)) {
            (Some(made), _) => Ok(vec![made.id().to_owned()]),
            (None, Ok(found)) => Ok(found.into_iter().map(|(_, id, _)| id).collect()),
            (None, Err(failure)) => Err(failure.problems.into_iter().next().unwrap_or_else(|| {
                Problem::new(Class::NotFound, "no-such-record").arg("noun", nouns[0]).arg("value", value)
            })),
        }
    };
    mirror.condition_sql(kind, "t", &condition, &there)?;
    Ok(())
}
