//! What lies in a public pool, and who may claim how much of it.
//!
//! Which teams may claim is a question of rights (see `access`); what falls into a pool is found
//! by `pool recycle`.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::support::{about, is_open};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Moved, Value};

/// `pool-type`: leads lie in pools of leads, customers in pools of customers.
pub fn of_type(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(id)) = (matches!(doc.kind.name, "customer" | "lead"), doc.text("pool")) else {
        return Ok(());
    };
    if view.record("pool", id)?.is_some_and(|pool| pool.text("applies_to") != Some(doc.kind.name)) {
        found.push(about(doc, "pool-type").arg("pool", id).field("pool"));
    }
    Ok(())
}

/// `not-in-pool`, `reclaim-wait`: what a claim must meet.
pub fn claims(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new), Some((claim, id))) = (&change.old, &change.new, claim_of(change)) else {
        return Ok(());
    };
    let Some(pool) = view.record("pool", id)? else { return Ok(()) };
    if old.text("pool") != Some(id) || old.get("owner").is_some() {
        let owner = old.text("owner").unwrap_or("NONE");
        found.push(about(new, "not-in-pool").arg("pool", id).arg("owner", owner).field("pool"));
    }
    wait(&pool, old, claim, new, found);
    Ok(())
}

/// The claim that a change makes, with its pool.
fn claim_of(change: &Change) -> Option<(&Moved, &str)> {
    let (old, new) = (change.old.as_ref()?, change.new.as_ref()?);
    let added = new.history.get(old.history.len()..).unwrap_or_default();
    added.iter().find_map(|moved| Some((moved, claimed(moved)?)))
}

/// The pool that an entry of the history claims from.
fn claimed(moved: &Moved) -> Option<&str> {
    let owner = moved.field.as_deref() == Some("owner");
    moved.reason.as_deref().filter(|_| owner).and_then(|reason| reason.strip_prefix("claim:"))
}

/// A former owner waits some days.
fn wait(pool: &Doc, old: &Doc, claim: &Moved, new: &Doc, found: &mut Found) {
    let Some(days) = whole(pool, "reclaim_days").filter(|days| *days > 0) else { return };
    let released = old.history.iter().rev().find(|moved| {
        moved.field.as_deref() == Some("owner") && moved.from == claim.to && moved.to.is_none()
    });
    let Some(until) = released.map(|moved| moved.at + TimeDelta::days(days)) else { return };
    if claim.at < until {
        let problem = about(new, "reclaim-wait").arg("pool", pool.id()).arg("days", days);
        found.push(problem.arg("day", until.date_naive()));
    }
}

/// `claim-limit`, `hold-limit`: claims of the day and open records, of what a user owns after the
/// change; counted once for all that is claimed together.
pub fn limits(
    view: &dyn View,
    _: &dyn View,
    judge: &Judge<'_>,
    changes: &[Change],
    found: &mut Found,
) -> Result<(), Problem> {
    let mut last: BTreeMap<(&str, &str, &str), &Doc> = BTreeMap::new();
    for change in changes {
        if let (Some(new), Some((claim, pool))) = (&change.new, claim_of(change))
            && let Some(user) = claim.to.as_deref()
        {
            last.insert((pool, user, new.kind.name), new);
        }
    }
    for ((pool, user, noun), doc) in last {
        let Some(pool) = view.record("pool", pool)? else { continue };
        let (daily, most) = (whole(&pool, "claim_daily"), whole(&pool, "hold_max"));
        if daily.is_none() && most.is_none() {
            continue;
        }
        let (mut claims, mut held) = (0, 0);
        for owned in view.all_with(noun, "owner", user)? {
            held += i64::from(is_open(&owned) && !owned.flag("archived"));
            let today = |moved: &Moved| {
                claimed(moved) == Some(pool.id())
                    && moved.to.as_deref() == Some(user)
                    && moved.at.date_naive() == judge.today
            };
            claims += i64::from(owned.history.iter().any(today));
        }
        for (rule, count, limit) in [("claim-limit", claims, daily), ("hold-limit", held, most)] {
            if let Some(limit) = limit.filter(|limit| count > *limit) {
                found.push(about(doc, rule).arg("pool", pool.id()).arg("have", count).arg("most", limit));
            }
        }
    }
    Ok(())
}

fn whole(doc: &Doc, field: &str) -> Option<i64> {
    match doc.get(field) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::support::text;
    use super::super::testing::{CHEN, HAINA, rewritten, sample, with, written};
    use super::*;

    #[test]
    fn a_pool_holds_records_of_its_type() {
        let lead = super::super::testing::LEAD;
        assert_eq!(rewritten("lead", lead, &[], &[("owner", ""), ("pool", "sea")]), ["pool-type"]);
        assert_eq!(rewritten("customer", HAINA, &[], &[("owner", ""), ("pool", "sea")]), [""; 0]);
    }

    fn owner(at: &str, from: Option<&str>, to: Option<&str>, reason: &str) -> Moved {
        Moved {
            at: chrono::DateTime::parse_from_rfc3339(at).expect("an instant"),
            by: "li.na".to_owned(),
            field: Some("owner".to_owned()),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            reason: Some(reason.to_owned()),
        }
    }

    fn store(rules: &[(&str, &str)]) -> Memory {
        let mut store = sample();
        store.put(with(&store, "pool", "sea", rules));
        let mut doc = with(&store, "customer", CHEN, &[("owner", ""), ("pool", "sea")]);
        doc.history.push(owner("2026-03-10T09:00:00+08:00", Some("li.na"), None, "release"));
        store.put(doc);
        store
    }

    fn claim(store: &Memory, id: &str) -> Vec<String> {
        let mut doc = with(store, "customer", id, &[("pool", "")]);
        doc.set("owner", Some(text("li.na")));
        doc.history.push(owner("2026-03-16T09:00:00+08:00", None, Some("li.na"), "claim:sea"));
        written(store, &[], &[doc])
    }

    #[test]
    fn a_claim_keeps_to_the_rules_of_its_pool() {
        for (rules, expected) in [
            (&[("claim_daily", "1"), ("hold_max", "2"), ("reclaim_days", "6")][..], &[][..]),
            (&[("claim_daily", "0")], &["claim-limit"]),
            (&[("hold_max", "1")], &["hold-limit"]),
            (&[("reclaim_days", "7")], &["reclaim-wait"]),
        ] {
            assert_eq!(claim(&store(rules), CHEN), expected, "{rules:?}");
        }
        let mut store = store(&[]);
        store.put(with(&store, "customer", CHEN, &[("pool", "")]));
        assert_eq!(claim(&store, CHEN), ["not-in-pool"]);
    }
}
