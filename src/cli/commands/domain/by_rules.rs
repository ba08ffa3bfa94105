//! Which records fulfil the conditions of which rule, for the verbs that go by rules in their order:
//! assignment rules and pools.

use std::collections::HashSet;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::resolve::Names;
use super::super::list;
use crate::draft::Draft;
use crate::mirror::{SqlCell, quoted};
use crate::model::record::{Doc, Kind, Value};
use crate::rules::View;

/// Most ids that a condition names; more than these are looked for among all.
const NAMED: usize = 500;

/// The rules of a type that apply to records of another one, in (order, id), each with the ids of
/// the records that fulfil its conditions and these ones.
pub(super) fn matched(
    context: &Context,
    names: &Names<'_>,
    draft: &Draft<'_>,
    (rules, of): (&str, &'static Kind),
    only: &[String],
) -> Result<Vec<(Doc, HashSet<String>)>, Failure> {
    let rules = draft.kind(rules);
    let sql = format!(
        "select id from {} where applies_to = ?1 and archived is not 1 order by \"order\", id",
        quoted(rules.folder)
    );
    let answer = names.mirror().query(&sql, &[SqlCell::text(of.name)])?;
    let mut found = Vec::new();
    for id in answer.rows.iter().filter_map(|row| row[0].as_text()) {
        let Some(rule) = draft.get(rules, id)? else { continue };
        if rule.get("enabled") == Some(&Value::Bool(false)) {
            continue;
        }
        let texts: Vec<String> = rule.list("when").map(str::to_owned).chain(only.iter().cloned()).collect();
        let ids = list::matching(context, names.mirror(), of, &texts).map_err(|mut failure| {
            for problem in &mut failure.problems {
                problem.path = Some(rule.path());
            }
            failure
        })?;
        found.push((rule, ids.into_iter().collect()));
    }
    Ok(found)
}

/// A condition that only these records fulfil, where they are few enough to be named.
pub(super) fn among<'i>(ids: impl Iterator<Item = &'i String>) -> Vec<String> {
    let ids: Vec<&str> = ids.map(String::as_str).collect();
    if ids.is_empty() || ids.len() > NAMED { Vec::new() } else { vec![format!("id={}", ids.join(","))] }
}
