//! States change by their moves only, and the history tells it without gaps.

use std::collections::BTreeMap;

use super::support::about;
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Moved};

/// Moves that a command of its own makes besides those declared with the type.
const OTHER_MOVES: &[(&str, &str, &str)] = &[
    ("message", "queued", "claimed"),
    ("message", "unknown", "claimed"),
    ("message", "claimed", "sent"),
    ("message", "claimed", "failed"),
    ("message", "claimed", "unknown"),
    ("message", "claimed", "queued"),
];

/// `broken-history`: entries out of order, or one that does not begin where the one before ended,
/// or a state that is not the last entry's.
pub fn unbroken(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let mut last: BTreeMap<Option<&str>, &Moved> = BTreeMap::new();
    for moved in &doc.history {
        if let Some(before) = last.insert(moved.field.as_deref(), moved) {
            if before.at > moved.at {
                found.push(broken(doc, moved, "order"));
            } else if before.to != moved.from {
                found.push(broken(doc, moved, "gap"));
            }
        }
    }
    match last.get(&None) {
        Some(moved) if moved.to.as_deref() != Some(doc.state()) => found.push(broken(doc, moved, "state")),
        _ => {}
    }
    Ok(())
}

fn broken(doc: &Doc, moved: &Moved, reason: &'static str) -> Problem {
    let field = moved.field.as_deref().or(doc.kind.traits.state).unwrap_or_default();
    about(doc, "broken-history").arg("field", field).arg("at", moved.at.to_rfc3339()).arg("reason", reason)
}

/// `broken-history`: entries are only appended, but for what `undo` takes out.
pub fn appended(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    let mut after = new.history.iter();
    if !judge.allow.contains("undo") {
        let lost = old.history.iter().find(|moved| !after.any(|kept| kept == *moved));
        found.extend(lost.map(|moved| broken(new, moved, "removed")));
    }
    Ok(())
}

/// `illegal-move`: a state changes by no move of its type. A new record may begin in any state:
/// imports bring them so.
pub fn moves(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if new.kind.traits.moves.is_empty() || judge.allow.contains("undo") {
        return Ok(());
    }
    let mut from = old.state();
    for to in path(old, new) {
        if from != to && !is_legal(new.kind, from, to) {
            let legal = legal(new.kind, from);
            let problem = about(new, "illegal-move").arg("state", from).arg("to", to);
            found.push(problem.arg("legal", legal.join(", ")).legal(legal));
        }
        from = to;
    }
    Ok(())
}

/// The states that the change passes through, the last one included.
fn path<'a>(old: &Doc, new: &'a Doc) -> Vec<&'a str> {
    let added = new.history.iter().filter(|moved| moved.field.is_none() && !old.history.contains(moved));
    added.filter_map(|moved| moved.to.as_deref()).chain([new.state()]).collect()
}

fn is_legal(kind: &Kind, from: &str, to: &str) -> bool {
    kind.traits.moves.iter().any(|step| step.to == to && step.from.contains(&from))
        || OTHER_MOVES.contains(&(kind.name, from, to))
}

fn legal(kind: &Kind, from: &str) -> Vec<&'static str> {
    kind.traits.moves.iter().filter(|step| step.from.contains(&from)).map(|step| step.verb).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, LEAD, ORDER, checked, rewritten, sample, with, written};
    use super::*;

    fn moved(at: &str, field: Option<&str>, from: Option<&str>, to: Option<&str>) -> Moved {
        Moved {
            at: chrono::DateTime::parse_from_rfc3339(at).expect("an instant"),
            by: "li.na".to_owned(),
            field: field.map(str::to_owned),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            reason: None,
        }
    }

    fn blocked(entries: &[(&str, &str, &str)]) -> Doc {
        let mut doc = with(&sample(), "customer", HAINA, &[("status", "blocked")]);
        doc.history = entries.iter().map(|(at, from, to)| moved(at, None, Some(from), Some(to))).collect();
        doc
    }

    #[test]
    fn a_history_has_no_gaps() {
        let (one, two, three) =
            ("2026-02-01T09:00:00+08:00", "2026-02-02T09:00:00+08:00", "2026-02-03T09:00:00+08:00");
        for (entries, expected) in [
            (&[(one, "normal", "blocked")][..], &[][..]),
            (&[(one, "normal", "blocked"), (two, "blocked", "normal"), (three, "normal", "blocked")], &[]),
            (
                &[(two, "normal", "blocked"), (one, "blocked", "normal"), (three, "normal", "blocked")],
                &["broken-history"],
            ),
            (&[(one, "normal", "blocked"), (two, "normal", "blocked")], &["broken-history"]),
            (&[(one, "blocked", "normal")], &["broken-history"]),
        ] {
            assert_eq!(checked(&sample(), &blocked(entries)), expected, "{entries:?}");
        }
    }

    #[test]
    fn fields_have_their_own_thread() {
        let mut doc = with(&sample(), "customer", HAINA, &[]);
        let at = "2026-02-01T09:00:00+08:00";
        doc.history = vec![
            moved(at, Some("owner"), Some("admin"), None),
            moved(at, Some("pool"), None, Some("sea")),
            moved(at, Some("pool"), Some("sea"), None),
            moved(at, Some("owner"), None, Some("li.na")),
        ];
        assert_eq!(checked(&sample(), &doc), [""; 0]);
    }

    #[test]
    fn entries_are_only_appended() {
        let mut store = sample();
        let at = "2026-02-01T09:00:00+08:00";
        store.put(blocked(&[(at, "normal", "blocked")]));
        let mut doc = with(&store, "customer", HAINA, &[("status", "normal")]);
        doc.history.push(moved("2026-02-02T09:00:00+08:00", None, Some("blocked"), Some("normal")));
        assert_eq!(written(&store, &[], &[doc.clone()]), [""; 0]);
        doc.history.clear();
        assert_eq!(written(&store, &[], &[doc.clone()]), ["broken-history"]);
        assert_eq!(written(&store, &["undo"], &[doc]), [""; 0]);
    }

    #[test]
    fn a_state_changes_by_its_moves() {
        for (state, expected) in [("contacted", &[][..]), ("new", &[]), ("junk", &["closed-date"])] {
            assert_eq!(rewritten("lead", LEAD, &[], &[("status", state)]), expected, "{state}");
        }
        assert_eq!(rewritten("order", ORDER, &[], &[("status", "draft")]), ["illegal-move"]);
        assert_eq!(rewritten("order", ORDER, &["undo"], &[("status", "draft")]), [""; 0]);
        let mut doc = with(&sample(), "lead", LEAD, &[("status", "contacted")]);
        let step =
            |day, from, to| moved(&format!("2026-02-0{day}T09:00:00+08:00"), None, Some(from), Some(to));
        doc.history = vec![step(1, "new", "nurture"), step(2, "nurture", "contacted")];
        assert_eq!(written(&sample(), &[], &[doc]), [""; 0]);
    }
}
