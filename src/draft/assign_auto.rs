//! Giving leads and tickets to somebody by the rules of assignment.
//!
//! The outcome is a function of the records and the time: no counter is stored, and within a run
//! each assignment counts for the next. Deliberately absent: which records match which rule and
//! what everybody has already, which are questions about the whole store that the caller answers.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

use rust_decimal::Decimal;

use super::{Draft, assign};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::rules::support::{about, is_open};
use crate::rules::{Change, View};

/// A rule that is in use, with the records that fulfil its conditions.
#[derive(Clone, Debug)]
pub struct Matched {
    pub rule: Doc,
    pub records: HashSet<String>,
}

/// When a rule last chose a user: seconds of the move, and what came first where many were given at
/// once: creation and id of the record.
pub type Turn = (i64, i64, String);

/// What everybody has.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// Open records by user.
    pub open: HashMap<String, i64>,
    /// Records given to a user in the last 30 × 24 hours, by any means.
    pub given: HashMap<String, i64>,
    /// When a rule last chose a user, by rule and user.
    pub last: HashMap<(String, String), Turn>,
}

/// What a run did.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Record and new owner, in order.
    pub given: Vec<(String, String)>,
    /// Why each of the others was left as it is.
    pub left: Vec<Problem>,
}

/// The place of a rule and whom it chose, or why nobody could be.
type Choice = Result<(usize, String), Vec<Problem>>;

/// The field that says who works on a record of the type.
pub fn owner_field(noun: &str) -> &'static str {
    if noun == "ticket" { "assignee" } else { "owner" }
}

/// Gives records to whom the first rule that matches and finds somebody chooses, in the order of
/// their creation. What somebody has already stays, unless with `reassign`.
pub fn assign_auto(
    draft: &mut Draft<'_>,
    noun: &str,
    ids: &[String],
    rules: &[Matched],
    load: Load,
    reassign: bool,
) -> Result<Outcome, Problem> {
    let field = owner_field(noun);
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        records.push(draft.need(noun, id)?);
    }
    records.sort_by(|a, b| (created(a), a.id()).cmp(&(created(b), b.id())));
    let mut desk = Desk::new(draft, noun, rules, load)?;
    let mut outcome = Outcome::default();
    for doc in records {
        if doc.get(field).is_some() && !reassign {
            continue;
        }
        if !is_open(&doc) {
            outcome.left.push(left(&doc, "unassigned-closed").arg("state", doc.state()));
            continue;
        }
        match desk.choose(draft, &doc)? {
            Ok((rule, user)) => {
                let id = doc.id().to_owned();
                if doc.text(field) == Some(&user) {
                    continue;
                }
                desk.note(&doc, field, rule, &user, draft.setting.on.timestamp());
                let before = draft.setting.reason.replace(format!("rule:{}", rules[rule].rule.id()));
                let given = assign::give(draft, doc, field, &user);
                draft.setting.reason = before;
                given?;
                outcome.given.push((id, user));
            }
            Err(reasons) => outcome.left.extend(reasons),
        }
    }
    Ok(outcome)
}

/// Why a record is left as it is. Its file is of no interest: nothing is wrong with it.
fn left(doc: &Doc, id: &'static str) -> Problem {
    let mut problem = about(doc, id).as_warning();
    problem.path = None;
    problem
}

/// Seconds of the creation.
fn created(doc: &Doc) -> i64 {
    match doc.get("created_at") {
        Some(Value::Instant(at)) => at.timestamp(),
        _ => 0,
    }
}

/// Who may be chosen by a rule.
#[derive(Debug)]
struct Candidate {
    user: String,
    weight: Decimal,
    capacity: i64,
    /// The own region and those of the teams.
    regions: BTreeSet<String>,
    last: Option<Turn>,
}

/// A rule at work.
#[derive(Debug)]
struct Desk<'a> {
    rules: &'a [Matched],
    /// By rule, in the order in which its record names them.
    candidates: Vec<Vec<Candidate>>,
    load: Load,
    /// A region and those above it, by region.
    above: HashMap<String, Vec<String>>,
}

impl<'a> Desk<'a> {
    fn new(draft: &Draft<'_>, noun: &str, rules: &'a [Matched], mut load: Load) -> Result<Self, Problem> {
        for change in draft.pending().filter(|change| change.doc().kind.name == noun) {
            load.add(change, owner_field(noun));
        }
        let mut candidates = Vec::with_capacity(rules.len());
        for matched in rules {
            let mut of_rule = Vec::new();
            for user in users_of(draft, &matched.rule)? {
                let last = load.last.get(&(matched.rule.id().to_owned(), user.id().to_owned())).cloned();
                of_rule.push(Candidate {
                    weight: user.get("assign_weight").and_then(Value::as_dec).unwrap_or(Decimal::ONE),
                    capacity: match user.get("capacity_30d") {
                        Some(Value::Int(most)) => *most,
                        _ => 0,
                    },
                    regions: regions_of(draft, &user)?,
                    last,
                    user: user.id().to_owned(),
                });
            }
            candidates.push(of_rule);
        }
        Ok(Self { rules, candidates, load, above: HashMap::new() })
    }

    /// The rule and the user for a record, else why there is none.
    fn choose(&mut self, draft: &Draft<'_>, doc: &Doc) -> Result<Choice, Problem> {
        let mut reasons = Vec::new();
        for (at, matched) in self.rules.iter().enumerate() {
            if !matched.records.contains(doc.id()) {
                continue;
            }
            let above =
                if method(&matched.rule) == "region" { self.regions_above(draft, doc)? } else { Vec::new() };
            match self.best(at, &above) {
                Ok(user) => return Ok(Ok((at, user))),
                Err(why) => reasons
                    .push(left(doc, "unassigned-nobody").arg("rule", matched.rule.id()).arg("why", why)),
            }
        }
        if reasons.is_empty() {
            reasons.push(left(doc, "unassigned-no-rule"));
        }
        Ok(Err(reasons))
    }

    /// The candidate of a rule that comes first by its method, else why there is none.
    fn best(&self, rule: usize, above: &[String]) -> Result<String, &'static str> {
        let all = &self.candidates[rule];
        if all.is_empty() {
            return Err("nobody");
        }
        let count = |counts: &HashMap<String, i64>, user: &str| counts.get(user).copied().unwrap_or(0);
        // What is compared first: a share as numerator and denominator.
        let share = |candidate: &Candidate| -> Option<(Decimal, Decimal)> {
            match method(&self.rules[rule].rule) {
                "round_robin" => Some((Decimal::ZERO, Decimal::ONE)),
                "capacity" => {
                    let room = candidate.capacity - count(&self.load.given, &candidate.user);
                    (room > 0 && candidate.capacity > 0)
                        .then(|| (Decimal::from(-room), Decimal::from(candidate.capacity)))
                }
                _ => {
                    let open = Decimal::from(count(&self.load.open, &candidate.user));
                    (candidate.weight > Decimal::ZERO).then_some((open, candidate.weight))
                }
            }
        };
        let of_region = |region: &String| all.iter().any(|one| one.regions.contains(region));
        let (near, why) = match method(&self.rules[rule].rule) {
            "region" => (Some(above.iter().find(|region| of_region(region)).ok_or("region")?), "weight"),
            "capacity" => (None, "capacity"),
            _ => (None, "weight"),
        };
        let chosen = all
            .iter()
            .enumerate()
            .filter(|(_, one)| near.is_none_or(|region| one.regions.contains(region)))
            .filter_map(|(pos, one)| Some((share(one)?, &one.last, pos, &one.user)))
            .min_by(|a, b| compare(a.0, b.0).then_with(|| a.1.cmp(b.1)).then_with(|| a.2.cmp(&b.2)));
        chosen.map(|(_, _, _, user)| user.clone()).ok_or(why)
    }

    /// Counts an assignment for those that follow.
    fn note(&mut self, doc: &Doc, field: &str, rule: usize, user: &str, at: i64) {
        if let Some(before) = doc.text(field) {
            *self.load.open.entry(before.to_owned()).or_default() -= 1;
        }
        *self.load.open.entry(user.to_owned()).or_default() += 1;
        *self.load.given.entry(user.to_owned()).or_default() += 1;
        if let Some(one) = self.candidates[rule].iter_mut().find(|one| one.user == user) {
            one.last = Some((at, created(doc), doc.id().to_owned()));
        }
    }

    /// The region of a record and those above it, nearest first; a ticket is where its customer is.
    fn regions_above(&mut self, draft: &Draft<'_>, doc: &Doc) -> Result<Vec<String>, Problem> {
        let region = match (doc.text("region"), doc.text("customer")) {
            (Some(region), _) => Some(region.to_owned()),
            (None, Some(customer)) => {
                draft.record("customer", customer)?.and_then(|c| c.text("region").map(str::to_owned))
            }
            (None, None) => None,
        };
        let Some(region) = region else { return Ok(Vec::new()) };
        if let Some(known) = self.above.get(&region) {
            return Ok(known.clone());
        }
        let mut above = vec![region.clone()];
        while let Some(parent) = above
            .last()
            .map_or(Ok(None), |last| draft.record("region", last))?
            .and_then(|region| region.text("parent").map(str::to_owned))
            .filter(|parent| !above.contains(parent))
        {
            above.push(parent);
        }
        self.above.insert(region, above.clone());
        Ok(above)
    }
}

fn method(rule: &Doc) -> &str {
    rule.text("method").unwrap_or("round_robin")
}

/// Which of two shares is smaller, without dividing.
fn compare(one: (Decimal, Decimal), other: (Decimal, Decimal)) -> Ordering {
    (one.0 * other.1).cmp(&(other.0 * one.1))
}

/// Those whom a rule may choose: its users as it lists them, then the members of its teams, who
/// are active, not left out and there today.
fn users_of(draft: &Draft<'_>, rule: &Doc) -> Result<Vec<Doc>, Problem> {
    let mut names: Vec<String> = rule.list("users").map(str::to_owned).collect();
    let mut members = BTreeSet::new();
    for team in rule.list("teams") {
        for field in ["team", "other_teams"] {
            members.extend(draft.find("user", field, team)?);
        }
    }
    names.extend(members);
    let (mut seen, mut users) = (HashSet::new(), Vec::new());
    for name in names.into_iter().filter(|name| seen.insert(name.clone())) {
        users.extend(draft.record("user", &name)?.filter(|user| is_there(user, draft)));
    }
    Ok(users)
}

fn is_there(user: &Doc, draft: &Draft<'_>) -> bool {
    let today = draft.setting.today;
    let away = match (user.day("away_from"), user.day("away_to")) {
        (None, None) => false,
        (from, to) => from.is_none_or(|from| from <= today) && to.is_none_or(|to| today <= to),
    };
    user.state() == "active" && !user.flag("skip_assignment") && !away
}

/// The region of a user and those that the user's teams serve.
fn regions_of(draft: &Draft<'_>, user: &Doc) -> Result<BTreeSet<String>, Problem> {
    let mut regions: BTreeSet<String> = user.text("region").map(str::to_owned).into_iter().collect();
    for team in user.text("team").into_iter().chain(user.list("other_teams")) {
        let team = draft.record("team", team)?;
        regions.extend(team.iter().flat_map(|team| team.list("regions")).map(str::to_owned));
    }
    Ok(regions)
}

impl Load {
    /// Counts what the same change has done so far.
    fn add(&mut self, change: &Change, field: &str) {
        let owner = |doc: &&Doc| doc.text(field).filter(|_| is_open(doc)).map(str::to_owned);
        if let Some(user) = change.old.as_ref().as_ref().and_then(owner) {
            *self.open.entry(user).or_default() -= 1;
        }
        let Some(new) = &change.new else { return };
        if let Some(user) = owner(&new) {
            *self.open.entry(user).or_default() += 1;
        }
        if change.old.is_none()
            && let Some(user) = new.text(field)
        {
            *self.given.entry(user.to_owned()).or_default() += 1;
        }
        let known = change.old.as_ref().map_or(0, |old| old.history.len());
        for moved in new.history.iter().skip(known).filter(|moved| moved.field.as_deref() == Some(field)) {
            let Some(user) = &moved.to else { continue };
            *self.given.entry(user.clone()).or_default() += 1;
            if let Some(rule) = moved.reason.as_deref().and_then(|reason| reason.strip_prefix("rule:")) {
                let turn = (moved.at.timestamp(), created(new), new.id().to_owned());
                let last = self.last.entry((rule.to_owned(), user.clone())).or_insert_with(|| turn.clone());
                *last = turn.max(last.clone());
            }
        }
    }
}

#[cfg(test)]
#[path = "assign_auto_tests.rs"]
mod tests;
