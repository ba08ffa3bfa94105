//! The history that an import writes: the moves of a record to the state it is in.
//!
//! A file may say in which state a record is, when it came into which state, or both. Between two
//! states that no single move connects lie the legal moves in between, at the moment of the later.

use std::collections::{BTreeMap, VecDeque};

use chrono::{NaiveDateTime, NaiveTime};

use crate::model::Problem;
use crate::model::record::{Doc, Kind, Type, Value};
use crate::model::scalars::Instant;

/// What a file says about the states of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct States {
    /// The state it is in.
    pub now: Option<String>,
    /// When it came into which.
    pub on: Vec<(String, Instant)>,
}

impl States {
    pub fn is_empty(&self) -> bool {
        self.now.is_none() && self.on.is_empty()
    }
}

/// Writes the moves of a new or existing record. `fallback` is the moment of a move whose day is
/// not given.
///
/// # Errors
/// `move-before-last` for a move that lies before what the record's history already tells.
pub(super) fn write(doc: &mut Doc, states: &States, fallback: Instant, by: &str) -> Result<(), Problem> {
    let mut moves = states.on.clone();
    moves.sort_by_key(|(state, at)| (*at, rank(doc.kind, state)));
    for (state, at) in moves {
        let told = doc
            .history
            .iter()
            .any(|moved| moved.field.is_none() && moved.to.as_deref() == Some(&state) && moved.at == at);
        if told || doc.state() == state {
            continue;
        }
        if last(doc).is_some_and(|last| at < last) {
            return Err(Problem::usage("move-before-last").arg("value", at.to_rfc3339()).arg("state", state));
        }
        advance(doc, &state, at, by);
    }
    if let Some(state) = &states.now
        && doc.state() != state
    {
        let at = last(doc).map_or(fallback, |last| last.max(fallback));
        advance(doc, state, at, by);
    }
    Ok(())
}

/// The moment of the last move of the state.
pub(super) fn last(doc: &Doc) -> Option<Instant> {
    doc.history.iter().rev().find(|moved| moved.field.is_none()).map(|moved| moved.at)
}

/// Place of a state among the declared ones, for moves of one moment.
fn rank(kind: &Kind, state: &str) -> usize {
    kind.states().iter().position(|known| *known == state).unwrap_or(usize::MAX)
}

fn advance(doc: &mut Doc, to: &str, at: Instant, by: &str) {
    for state in between(doc.kind, doc.state(), to) {
        let step = doc.kind.traits.moves.iter().find(|m| m.to == state && m.from.contains(&doc.state()));
        let stamp = step.and_then(|step| step.stamps).and_then(|name| doc.kind.field(name));
        doc.move_to(&state, at, by, None);
        if let Some(field) = stamp.filter(|field| state == to && doc.get(field.name).is_none()) {
            let value =
                if field.ty == Type::Instant { Value::Instant(at) } else { Value::Day(at.date_naive()) };
            doc.set(field.name, Some(value));
        }
    }
}

/// The states on the shortest legal way, the last one included; that alone where there is no way.
fn between(kind: &Kind, from: &str, to: &str) -> Vec<String> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = VecDeque::from([from]);
    while let Some(state) = open.pop_front() {
        for step in kind.traits.moves.iter().filter(|step| step.from.contains(&state)) {
            if step.to != from && !before.contains_key(step.to) {
                before.insert(step.to, state);
                open.push_back(step.to);
            }
        }
    }
    let mut way = vec![to.to_owned()];
    let mut state = to;
    while let Some(earlier) = before.get(state).filter(|earlier| **earlier != from) {
        way.push((*earlier).to_owned());
        state = earlier;
    }
    way.reverse();
    way
}

/// When a move without a day took place: the day it was closed, the document's date, or when the
/// record was made.
pub(super) fn fallback(doc: &Doc, zone: &dyn Fn(NaiveDateTime) -> Instant, now: Instant) -> Instant {
    let made = match doc.get("created_at") {
        Some(Value::Instant(at)) => *at,
        _ => now,
    };
    let day = doc.day("closed_on").or_else(|| doc.day("date"));
    day.map_or(made, |day| {
        let begin = zone(day.and_time(NaiveTime::MIN));
        if day == made.date_naive() { begin.max(made) } else { begin }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::samples::zone;
    use crate::model::kinds::by_name;

    fn at(day: &str) -> Instant {
        zone(day.parse::<chrono::NaiveDate>().expect("a day").and_time(NaiveTime::MIN))
    }

    fn check(noun: &str, now: Option<&str>, on: &[(&str, &str)], wanted: &str) -> Doc {
        let mut doc = Doc::new(by_name(noun).expect("declared"), "x");
        let states = States {
            now: now.map(str::to_owned),
            on: on.iter().map(|(state, day)| ((*state).to_owned(), at(day))).collect(),
        };
        write(&mut doc, &states, at("2026-02-01"), "me").expect("a sound history");
        let told: Vec<String> = doc
            .history
            .iter()
            .map(|m| {
                format!(
                    "{}>{} {}",
                    m.from.clone().unwrap_or_default(),
                    m.to.clone().unwrap_or_default(),
                    m.at.date_naive()
                )
            })
            .collect();
        assert_eq!(told.join(", "), wanted);
        doc
    }

    #[test]
    fn moves_are_written_in_the_order_of_their_days() {
        check(
            "order",
            Some("closed"),
            &[("closed", "2026-03-05"), ("confirmed", "2026-03-01")],
            "draft>confirmed 2026-03-01, confirmed>closed 2026-03-05",
        );
        check(
            "order",
            None,
            &[("draft", "2026-01-01"), ("confirmed", "2026-03-01")],
            "draft>confirmed 2026-03-01",
        );
        check("order", None, &[], "");
    }

    #[test]
    fn what_lies_between_two_states_is_filled_in() {
        let doc =
            check("order", Some("closed"), &[], "draft>confirmed 2026-02-01, confirmed>closed 2026-02-01");
        assert_eq!(doc.state(), "closed");
        check(
            "order",
            None,
            &[("on_hold", "2026-03-01")],
            "draft>confirmed 2026-03-01, confirmed>on_hold 2026-03-01",
        );
        check(
            "order",
            Some("confirmed"),
            &[("confirmed", "2026-03-01"), ("on_hold", "2026-03-02")],
            "draft>confirmed 2026-03-01, confirmed>on_hold 2026-03-02, on_hold>confirmed 2026-03-02",
        );
        check("opportunity", Some("needs"), &[], ">needs 2026-02-01");
    }

    #[test]
    fn a_move_stamps_its_day() {
        let lead = check("lead", None, &[("junk", "2026-03-01")], "new>junk 2026-03-01");
        assert_eq!(lead.day("closed_on"), "2026-03-01".parse().ok());
        let followup = check("followup", Some("done"), &[], "");
        assert_eq!(followup.get("done_at"), Some(&Value::Instant(at("2026-02-01"))));
    }

    #[test]
    fn a_second_import_of_the_same_moves_changes_nothing() {
        let mut doc = check("order", None, &[("confirmed", "2026-03-01")], "draft>confirmed 2026-03-01");
        let before = doc.clone();
        let states = States {
            now: Some("confirmed".to_owned()),
            on: vec![("confirmed".to_owned(), at("2026-03-01"))],
        };
        write(&mut doc, &states, at("2026-04-01"), "me").expect("told already");
        assert_eq!(doc, before);
        let earlier = States { now: None, on: vec![("cancelled".to_owned(), at("2026-02-01"))] };
        assert_eq!(
            write(&mut doc, &earlier, at("2026-04-01"), "me").expect_err("too late").id,
            "move-before-last"
        );
    }
}
