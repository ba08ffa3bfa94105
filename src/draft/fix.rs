//! What `check --fix` mends without asking: equal numbers and equal moves that two clones made.

use std::collections::BTreeMap;

use super::Draft;
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::rules::View;

/// Gives all but the first of the documents that share a number the next free ones, and drops the
/// later of two equal moves. `docs` are the records to look at; says what was done.
pub fn mend(draft: &mut Draft<'_>, docs: &[Doc]) -> Result<Vec<String>, Problem> {
    let mut said = numbers(draft, docs)?;
    for doc in docs {
        let Some(mut mended) = draft.get(doc.kind, doc.id())? else { continue };
        let before = mended.history.len();
        mended.history.dedup_by(|later, earlier| {
            (&later.field, &later.from, &later.to) == (&earlier.field, &earlier.from, &earlier.to)
        });
        if mended.history.len() < before {
            said.push(format!("{}: an equal move dropped", mended.id()));
            draft.put(mended)?;
        }
    }
    Ok(said)
}

/// The smallest (created_at, id) keeps a number, the others get the next free ones.
fn numbers(draft: &mut Draft<'_>, docs: &[Doc]) -> Result<Vec<String>, Problem> {
    let mut groups: BTreeMap<(&str, String, String), Vec<&Doc>> = BTreeMap::new();
    for doc in docs {
        let Some(number) = doc.text("number") else { continue };
        let revision = doc.get("revision").map(super::plain).unwrap_or_default();
        groups.entry((doc.kind.name, number.to_owned(), revision)).or_default().push(doc);
    }
    let mut said = Vec::new();
    for ((noun, number, _), mut group) in groups {
        if group.len() < 2 {
            continue;
        }
        group.sort_by_key(|doc| (doc.get("created_at").map(super::plain), doc.id().to_owned()));
        let prefix = number.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let width = number.len() - prefix.len();
        for doc in &group[1..] {
            let next = draft.next_number(noun, &prefix)?;
            let mut renamed = draft.need(noun, doc.id())?;
            let new = format!("{prefix}{next:0width$}");
            said.push(format!("{}: {number} -> {new}", doc.id()));
            renamed.set("number", Some(Value::Text(new)));
            draft.put(renamed)?;
        }
    }
    Ok(said)
}
