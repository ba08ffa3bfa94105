//! Follow-ups: logging what was done, planning what is next, and what that does to the target.

use chrono::{Days, NaiveTime};

use super::complete::target;
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::model::value::parse_duration;

/// The next step, planned together with what is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its subject.
    pub text: String,
    pub due: Day,
    /// As what was done unless given; after a note a task.
    pub kind: Option<String>,
}

/// What comes with a follow-up that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Along {
    pub next: Option<Next>,
    /// Leaves a new lead or ticket as it is.
    pub keep_status: bool,
}

/// Writes a done follow-up from what was given. A new lead becomes contacted and a new ticket open
/// by it. Gives the ids: the follow-up, and the next one.
pub fn log(draft: &mut Draft<'_>, mut doc: Doc, along: &Along) -> Result<Vec<String>, Problem> {
    doc.set("status", Some(Value::Text("done".to_owned())));
    if doc.get("done_at").is_none() {
        doc.set("done_at", Some(Value::Instant(draft.setting.on)));
    }
    let id = verbs::add(draft, doc)?;
    let doc = draft.need("followup", &id)?;
    after_done(draft, &doc, along)
}

/// Writes a planned follow-up. Gives its id.
pub fn plan(draft: &mut Draft<'_>, mut doc: Doc) -> Result<String, Problem> {
    // What begins at some hour is due that day.
    if let (None, Some(Value::Instant(start))) = (doc.get("due"), doc.get("start_at")) {
        let due = start.date_naive();
        doc.set("due", Some(Value::Day(due)));
    }
    doc.set("status", Some(Value::Text("planned".to_owned())));
    verbs::add(draft, doc)
}

/// Writes a remark about a record: done, and no contact with the customer. Gives its id.
pub fn note(draft: &mut Draft<'_>, about: &str, text: &str) -> Result<String, Problem> {
    let mut doc = draft.make("followup", None);
    for (field, value) in [("kind", "note"), ("target", about), ("summary", text)] {
        doc.set(field, Some(Value::Text(value.to_owned())));
    }
    doc.set("internal", Some(Value::Bool(true)));
    let made = log(draft, doc, &Along::default())?;
    Ok(made.into_iter().next().unwrap_or_default())
}

/// Marks a follow-up as done, with its result; a repeated one is planned again. Gives the ids it
/// touches, none where it is done already.
pub fn done(draft: &mut Draft<'_>, id: &str, fields: &Row, along: &Along) -> Result<Vec<String>, Problem> {
    let mut doc = draft.need("followup", id)?;
    if !verbs::advance(draft, &mut doc, "done", fields)? {
        return Ok(Vec::new());
    }
    draft.put(doc.clone())?;
    let mut ids = after_done(draft, &doc, along)?;
    if let Some(again) = repeated(draft, &doc)? {
        ids.push(verbs::add(draft, again)?);
    }
    Ok(ids)
}

/// Marks a planned follow-up as missed.
pub fn miss(draft: &mut Draft<'_>, id: &str) -> Result<bool, Problem> {
    verbs::advance_with(draft, "followup", id, "miss", &Row::new())
}

/// Cancels a planned follow-up.
pub fn cancel(draft: &mut Draft<'_>, id: &str) -> Result<bool, Problem> {
    verbs::advance_with(draft, "followup", id, "cancel", &Row::new())
}

/// Plans a follow-up for another day; one with an hour keeps it.
pub fn move_to(draft: &mut Draft<'_>, id: &str, due: Day) -> Result<bool, Problem> {
    let mut doc = draft.need("followup", id)?;
    let moved = verbs::advance(draft, &mut doc, "move", &Row::from([("due", Value::Day(due))]))?;
    if moved {
        shift_start(&mut doc, due);
        draft.put(doc)?;
    }
    Ok(moved)
}

/// Moves the target and plans the next step. Gives the ids, the follow-up first.
fn after_done(draft: &mut Draft<'_>, doc: &Doc, along: &Along) -> Result<Vec<String>, Problem> {
    if !along.keep_status && !doc.flag("internal") {
        touch(draft, doc)?;
    }
    let mut ids = vec![doc.id().to_owned()];
    if let Some(next) = &along.next {
        ids.push(plan(draft, following(draft, doc, next))?);
    }
    Ok(ids)
}

/// The first contact: a new lead becomes contacted, a new ticket open.
fn touch(draft: &mut Draft<'_>, doc: &Doc) -> Result<(), Problem> {
    let Some(mut target) = target(draft, doc.text("target").unwrap_or_default())? else { return Ok(()) };
    let to = match (target.kind.name, target.state()) {
        ("lead", "new") => "contacted",
        ("ticket", "new") => "open",
        _ => return Ok(()),
    };
    let at = match doc.get("done_at") {
        Some(Value::Instant(at)) => *at,
        _ => draft.setting.on,
    };
    let last = target.history.iter().rev().find(|moved| moved.field.is_none()).map(|moved| moved.at);
    let at = last.map_or(at, |last| last.max(at));
    target.move_to(to, at, &draft.setting.actor.id, Some(doc.id().to_owned()));
    draft.put(target)
}

fn following(draft: &Draft<'_>, doc: &Doc, next: &Next) -> Doc {
    let mut plan = draft.make("followup", None);
    for field in ["target", "contact", "owner", "campaign"] {
        plan.set(field, doc.get(field).cloned());
    }
    let usual = match doc.text("kind") {
        Some("note") | None => "task",
        Some(kind) => kind,
    };
    for (field, value) in
        [("kind", next.kind.as_deref().unwrap_or(usual)), ("subject", &next.text), ("follows", doc.id())]
    {
        plan.set(field, Some(Value::Text(value.to_owned())));
    }
    plan.set("due", Some(Value::Day(next.due)));
    plan
}

/// The next turn of a repeated follow-up: the first after today.
fn repeated(draft: &Draft<'_>, doc: &Doc) -> Result<Option<Doc>, Problem> {
    let (Some(every), Some(due)) = (doc.text("repeat"), doc.day("due")) else { return Ok(None) };
    let every = parse_duration(every)?;
    // Hours do not reach the next day; what is repeated comes once a day at most.
    let days = every.days().unwrap_or_else(|| every.minutes().unwrap_or(0).div_ceil(24 * 60));
    let Some(due) = turn_after(due, days, draft.setting.today) else { return Ok(None) };
    let mut again = draft.make("followup", None);
    for field in [
        "kind",
        "subject",
        "target",
        "contact",
        "direction",
        "start_at",
        "owner",
        "participants",
        "priority",
        "place",
        "geo",
        "remind",
        "repeat",
        "campaign",
        "internal",
    ] {
        again.set(field, doc.get(field).cloned());
    }
    again.set("status", Some(Value::Text("planned".to_owned())));
    again.set("due", Some(Value::Day(due)));
    again.set("follows", Some(Value::Text(doc.id().to_owned())));
    shift_start(&mut again, due);
    Ok(Some(again))
}

fn turn_after(due: Day, days: u32, today: Day) -> Option<Day> {
    let behind = u64::try_from((today - due).num_days()).unwrap_or(0);
    let turns = behind.checked_div(u64::from(days))? + 1;
    due.checked_add_days(Days::new(turns.checked_mul(u64::from(days))?))
}

/// The hour of a follow-up on another day.
fn shift_start(doc: &mut Doc, day: Day) {
    if let Some(Value::Instant(start)) = doc.get("start_at") {
        let time: NaiveTime = start.time();
        let moved = day.and_time(time).and_local_timezone(*start.offset()).single();
        doc.set("start_at", moved.map(Value::Instant));
    }
}

#[cfg(test)]
#[path = "followup_tests.rs"]
mod tests;
