//! Which rows of a sheet are one record.

use std::collections::HashMap;

use super::mapping::{Mapping, Slot};
use super::rejects::Reject;
use super::sheet::Sheet;
use super::target::Target;
use crate::model::Problem;

/// Rows of a sheet, by position, that are one record, in the order in which they first appear.
pub(super) fn grouped(
    sheet: &Sheet,
    mapping: &Mapping,
    group_by: &[String],
) -> Result<Vec<Vec<usize>>, Problem> {
    let keys = key_slots(mapping, group_by)?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, row) in sheet.rows.iter().enumerate() {
        let key = match row.group {
            Some(group) => Some(format!("#{group}")),
            None => key_of(mapping, &keys, |slot| mapping.text(slot, row).into_owned()),
        };
        match key.as_ref().and_then(|key| known.get(key)) {
            Some(group) => groups[*group].push(at),
            None => {
                known.extend(key.map(|key| (key, groups.len())));
                groups.push(vec![at]);
            }
        }
    }
    Ok(groups)
}

/// The slots by whose texts rows belong together; none where every row is a record.
fn key_slots<'m>(mapping: &'m Mapping, group_by: &[String]) -> Result<Vec<&'m Slot>, Problem> {
    let has_rows = mapping.slots.iter().any(|slot| matches!(slot.target, Target::Row(..) | Target::RowId(_)));
    if let Some(record) = mapping.slots.iter().find(|slot| slot.target == Target::Record) {
        return Ok(vec![record]);
    }
    if !group_by.is_empty() {
        let found = group_by
            .iter()
            .map(|code| mapping.slot(code).ok_or_else(|| Problem::usage("group-by-what").arg("field", code)));
        return found.collect();
    }
    if !has_rows {
        return Ok(Vec::new());
    }
    let lookup = mapping.subject.kind.traits.lookup.iter().copied();
    let first =
        ["id", "number", "source_ref", "key"].into_iter().chain(lookup).find_map(|code| mapping.slot(code));
    Ok(first.into_iter().collect())
}

fn key_of(mapping: &Mapping, slots: &[&Slot], text: impl Fn(&Slot) -> String) -> Option<String> {
    debug_assert!(slots.iter().all(|slot| mapping.slots.iter().any(|other| other.code == slot.code)));
    let texts: Vec<String> = slots.iter().map(|slot| text(slot)).collect();
    texts.iter().any(|text| !text.is_empty()).then(|| texts.join("\n"))
}

/// The groups that a row which could not be read seems to belong to: what is left of it must not
/// become a record that lacks a line.
pub(super) fn touched_by_ragged(
    sheet: &Sheet,
    mapping: &Mapping,
    group_by: &[String],
    groups: &[Vec<usize>],
) -> Result<HashMap<usize, usize>, Problem> {
    let keys = key_slots(mapping, group_by)?;
    let mut touched = HashMap::new();
    if keys.is_empty() || sheet.ragged.is_empty() {
        return Ok(touched);
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for (group, rows) in groups.iter().enumerate() {
        let row = rows.first().map(|at| &sheet.rows[*at]);
        let key = row.and_then(|row| key_of(mapping, &keys, |slot| mapping.text(slot, row).into_owned()));
        known.extend(key.map(|key| (key, group)));
    }
    for (row, _) in &sheet.ragged {
        let key = key_of(mapping, &keys, |slot| mapping.text(slot, row).into_owned());
        if let Some(group) = key.and_then(|key| known.get(&key)) {
            touched.entry(*group).or_insert(row.line);
        }
    }
    Ok(touched)
}

/// Rejects for all rows of a record: those with a problem of their own, and the others, which
/// cannot be imported without them.
pub(super) fn rejects_of(sheet: &Sheet, rows: &[usize], own: Vec<Reject>, out: &mut Vec<Reject>) {
    let first = own.first().map_or(0, |reject| reject.line);
    for at in rows {
        let line = sheet.rows[*at].line;
        if !own.iter().any(|reject| reject.line == line) {
            out.push(Reject::new(line, Problem::usage("row-of-rejected-record").arg("line", first)));
        }
    }
    out.extend(own);
}
