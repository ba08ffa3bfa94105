//! Child rows of a file laid over those that a record has.
//!
//! Rows that are told apart by an id or a field of their own change only in what is given; the
//! others stand for the whole list, in its order, except where rows only ever grow.

use std::collections::BTreeMap;

use super::parse::Child;
use crate::draft::Draft;
use crate::model::record::{Field, Row, Value};

/// The rows of each field that has any in the file, as the record holds them afterwards.
pub(super) fn laid<'f>(
    draft: &Draft<'_>,
    old: impl Fn(&str) -> Vec<Row>,
    children: &'f [Child],
    adds: bool,
) -> BTreeMap<&'f str, Vec<Row>> {
    let mut by_field: BTreeMap<&str, Vec<&Child>> = BTreeMap::new();
    for child in children {
        by_field.entry(child.rows.name).or_default().push(child);
    }
    by_field
        .into_iter()
        .map(|(name, children)| {
            let field = children[0].rows;
            (name, over(draft, field, old(name), &children, adds || field.marks.grows))
        })
        .collect()
}

fn over(draft: &Draft<'_>, field: &Field, mut rows: Vec<Row>, children: &[&Child], adds: bool) -> Vec<Row> {
    let key = field.rows().map_or("id", |kind| kind.key);
    let named = key != "id" || children.iter().any(|child| child.id.is_some());
    if !named && !adds {
        rows.truncate(children.len());
    }
    // A row that stood before is taken once, so that two equal rows of a file stay two.
    let mut taken = vec![false; rows.len()];
    for (at, child) in children.iter().enumerate() {
        let mut given = child.values.clone();
        if let Some(id) = &child.id {
            given.insert("id", Value::Text(id.clone()));
        }
        let free = |place: &usize| !taken[*place];
        let place = if given.contains_key(key) {
            (0..taken.len()).filter(free).find(|place| rows[*place].get(key) == given.get(key))
        } else if adds {
            (0..taken.len())
                .filter(free)
                .find(|place| given.iter().all(|(name, value)| rows[*place].get(name) == Some(value)))
        } else {
            Some(at).filter(|at| *at < taken.len() && !named)
        };
        match place {
            Some(place) => {
                taken[place] = true;
                rows[place].extend(given);
            }
            None => {
                if key == "id" {
                    given.entry("id").or_insert_with(|| Value::Text(draft.row_id()));
                }
                rows.push(given);
            }
        }
    }
    rows
}
