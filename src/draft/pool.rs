//! Public pools: taking records out, giving them back, and what falls back by itself.
//!
//! Deliberately absent: how many open records somebody may hold and how long a former owner waits,
//! which are rules; since when nothing happened with a record, which the caller tells.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::Days;

use super::Draft;
use crate::model::record::{Doc, Value};
use crate::model::scalars::Day;
use crate::model::{Class, Problem};
use crate::rules::support::{about, is_open};
use crate::rules::{Change, View};

/// Days of notice before a record falls back, where its pool does not say.
const WARN_DAYS: i64 = 3;

/// What messages are told where there is no owner or pool.
const NOBODY: &str = "NONE";

/// A pool with the records that fulfil its conditions.
#[derive(Clone, Debug)]
pub struct PoolMatch {
    pub pool: Doc,
    pub records: HashSet<String>,
}

/// A record that somebody has, and since when nothing happened with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// `lead` or `customer`.
    pub noun: &'static str,
    pub id: String,
    pub owner: String,
    /// Days since the latest of last touch, last change of the owner and creation.
    pub idle_days: i64,
    /// Days since the last change of the owner, else since the creation.
    pub held_days: i64,
    /// Whether there was a won opportunity or confirmed order in that time.
    pub has_deal: bool,
    pub protected_until: Option<Day>,
}

/// A record that falls back soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub noun: &'static str,
    pub id: String,
    pub owner: String,
    pub pool: String,
    /// The first day on which a run takes it.
    pub day: Day,
}

impl Warning {
    /// The key under which the owner is told once.
    pub fn key(&self) -> String {
        format!("pool-warn:{}:{}", self.id, self.day)
    }
}

/// What a run over the pools found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recycled {
    /// Ids of what fell back.
    pub recycled: Vec<String>,
    /// What falls back soon.
    pub warned: Vec<Warning>,
}

/// Takes records of pools for the acting user. `claimed` counts the user's claims of today by
/// pool, given back ones included. What is the user's already stays so. Gives the ids that changed.
pub fn claim(
    draft: &mut Draft<'_>,
    records: &[(String, String)],
    mut claimed: BTreeMap<String, i64>,
) -> Result<Vec<String>, Problem> {
    let me = draft.setting.actor.id.clone();
    let mut changed = Vec::new();
    for pool in draft.pending().flat_map(|change| claims_of(change, &me)) {
        *claimed.entry(pool).or_default() += 1;
    }
    for (noun, id) in records {
        let doc = draft.need(noun, id)?;
        if doc.text("owner") == Some(&me) {
            continue;
        }
        let Some(name) = doc.text("pool").filter(|_| doc.get("owner").is_none()).map(str::to_owned) else {
            let owner = doc.text("owner").unwrap_or(NOBODY);
            return Err(about(&doc, "not-in-pool").arg("pool", NOBODY).arg("owner", owner).field("pool"));
        };
        let pool = draft.need("pool", &name)?;
        let user = draft.need("user", &me)?;
        if !may_claim(draft, &pool, &user)? {
            let teams = pool.list("teams").collect::<Vec<_>>().join(", ");
            return Err(Problem::new(Class::Denied, "pool-not-yours").arg("pool", name).arg("teams", teams));
        }
        let claims = claimed.entry(name.clone()).or_default();
        *claims += 1;
        if let Some(most) = whole(&pool, "claim_daily").filter(|most| *claims > *most) {
            return Err(about(&doc, "claim-limit").arg("pool", &name).arg("have", *claims).arg("most", most));
        }
        let until = whole(&pool, "protect_days").filter(|days| *days > 0);
        let until = until.and_then(|days| after(draft.setting.today, days));
        let mut taken = doc.clone();
        because(draft, format!("claim:{name}"), |draft| {
            draft.set_known(&mut taken, "owner", Some(Value::Text(me.clone())));
            draft.set_known(&mut taken, "pool", None);
            draft.set_known(&mut taken, "protected_until", until.map(Value::Day));
        });
        draft.put_over(doc, taken);
        changed.push(id.clone());
    }
    Ok(changed)
}

/// The pools from which a change claims for a user.
fn claims_of(change: &Change, user: &str) -> Vec<String> {
    let Some(new) = &change.new else { return Vec::new() };
    let known = change.old.as_ref().map_or(0, |old| old.history.len());
    let added = new.history.iter().skip(known);
    let claims =
        added.filter(|moved| moved.field.as_deref() == Some("owner") && moved.to.as_deref() == Some(user));
    claims.filter_map(|moved| moved.reason.as_deref()?.strip_prefix("claim:").map(str::to_owned)).collect()
}

/// Gives records into the first pool that takes them: own ones, or those of a user whose manager
/// acts. What lies in a pool stays there. Gives the ids that changed.
pub fn release(
    draft: &mut Draft<'_>,
    records: &[(String, String)],
    pools: &[PoolMatch],
) -> Result<Vec<String>, Problem> {
    if draft.setting.reason.is_none() {
        return Err(Problem::usage("reason-needed").arg("verb", "release"));
    }
    let mut changed = Vec::new();
    for (noun, id) in records {
        let doc = draft.need(noun, id)?;
        if doc.get("owner").is_none() && doc.get("pool").is_some() {
            continue;
        }
        if !may_release(draft, &doc)? {
            let owner = doc.text("owner").unwrap_or(NOBODY);
            return Err(Problem::new(Class::Denied, "not-yours-to-release")
                .arg("record", doc.title())
                .arg("owner", owner));
        }
        if !is_open(&doc) {
            return Err(about(&doc, "release-closed").arg("state", doc.state()));
        }
        let Some(pool) = first_match(pools, noun, id) else {
            return Err(about(&doc, "no-pool-takes-it").field("pool").hint("no-pool-takes-it-hint"));
        };
        let (name, mut given) = (pool.id().to_owned(), doc.clone());
        draft.set_known(&mut given, "owner", None);
        draft.set_known(&mut given, "pool", Some(Value::Text(name)));
        draft.put_over(doc, given);
        changed.push(id.clone());
    }
    Ok(changed)
}

/// Gives back what nobody worked on for longer than its pool allows, and tells what is about to.
pub fn recycle(draft: &mut Draft<'_>, held: &[Held], pools: &[PoolMatch]) -> Result<Recycled, Problem> {
    let today = draft.setting.today;
    let mut outcome = Recycled::default();
    for record in held {
        let Some(pool) = first_match(pools, record.noun, &record.id) else { continue };
        let Some((day, why)) = falls(record, pool, today) else { continue };
        if day > today {
            let notice = whole(pool, "warn_days").unwrap_or(WARN_DAYS);
            if (day - today).num_days() <= notice {
                outcome.warned.push(Warning {
                    noun: record.noun,
                    id: record.id.clone(),
                    owner: record.owner.clone(),
                    pool: pool.id().to_owned(),
                    day,
                });
            }
            continue;
        }
        let doc = draft.need(record.noun, &record.id)?;
        // The same change may have given it to somebody else.
        if doc.text("owner") != Some(&record.owner) || !is_open(&doc) {
            continue;
        }
        let (name, mut given) = (pool.id().to_owned(), doc.clone());
        because(draft, format!("recycle:{name} {why}"), |draft| {
            draft.set_known(&mut given, "owner", None);
            draft.set_known(&mut given, "pool", Some(Value::Text(name.clone())));
        });
        draft.put_over(doc, given);
        outcome.recycled.push(record.id.clone());
    }
    Ok(outcome)
}

/// The first day on which a run takes a record back, and why, as the history tells it today.
fn falls(record: &Held, pool: &Doc, today: Day) -> Option<(Day, String)> {
    let limit = |field: &str, days: i64, word: &str| {
        let most = whole(pool, field)?;
        Some((shifted(today, most + 1 - days)?, format!("{word} {days}d")))
    };
    let idle = limit("recycle_days", record.idle_days, "idle");
    let deal = if record.has_deal { None } else { limit("deal_days", record.held_days, "deal") };
    let (day, why) = idle.into_iter().chain(deal).min_by_key(|(day, _)| *day)?;
    let free = record.protected_until.and_then(|until| until.succ_opt());
    Some((free.map_or(day, |free| free.max(day)), why))
}

fn shifted(day: Day, days: i64) -> Option<Day> {
    if days < 0 { day.checked_sub_days(Days::new(days.unsigned_abs())) } else { after(day, days) }
}

fn after(day: Day, days: i64) -> Option<Day> {
    day.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

fn first_match<'a>(pools: &'a [PoolMatch], noun: &str, id: &str) -> Option<&'a Doc> {
    let of_type = pools.iter().filter(|one| one.pool.text("applies_to") == Some(noun));
    of_type.filter(|one| one.records.contains(id)).map(|one| &one.pool).next()
}

/// Does something for a reason that the history tells instead of that of the command.
fn because(draft: &mut Draft<'_>, reason: String, act: impl FnOnce(&Draft<'_>)) {
    let before = draft.setting.reason.replace(reason);
    act(draft);
    draft.setting.reason = before;
}

/// Whether a user may claim from a pool: as a member of one of its teams, or of one below them.
pub fn may_claim(view: &dyn View, pool: &Doc, user: &Doc) -> Result<bool, Problem> {
    let mut teams = pool.list("teams").peekable();
    if teams.peek().is_none() {
        return Ok(true);
    }
    let allowed: BTreeSet<&str> = teams.collect();
    for team in user.text("team").into_iter().chain(user.list("other_teams")) {
        if above(view, team)?.iter().any(|team| allowed.contains(team.id())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A team and those above it.
fn above(view: &dyn View, team: &str) -> Result<Vec<Doc>, Problem> {
    let mut teams: Vec<Doc> = Vec::new();
    let mut next = Some(team.to_owned());
    while let Some(id) = next.filter(|id| teams.iter().all(|team| team.id() != id)) {
        let Some(team) = view.record("team", &id)? else { break };
        next = team.text("parent").map(str::to_owned);
        teams.push(team);
    }
    Ok(teams)
}

/// Whether the acting user may give a record back: the owner, who manages the owner or a team that
/// the owner is in or below, and administrators. What nobody owns is for administrators.
fn may_release(draft: &Draft<'_>, doc: &Doc) -> Result<bool, Problem> {
    let me = &draft.setting.actor.id;
    if let Some(owner) = doc.text("owner") {
        if owner == me {
            return Ok(true);
        }
        if let Some(owner) = draft.record("user", owner)? {
            if owner.text("manager") == Some(me) {
                return Ok(true);
            }
            if let Some(team) = owner.text("team")
                && above(draft, team)?.iter().any(|team| team.text("manager") == Some(me))
            {
                return Ok(true);
            }
        }
    }
    let Some(user) = draft.record("user", me)? else { return Ok(false) };
    for role in user.list("roles") {
        if draft.record("role", role)?.is_some_and(|role| role.flag("admin")) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn whole(doc: &Doc, field: &str) -> Option<i64> {
    match doc.get(field) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
