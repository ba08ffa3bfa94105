//! What people are to be reminded of at this moment.
//!
//! A follow-up has its own reminders, so long before it begins, or before `[remind] at` on the day
//! it is due. The kinds in `[remind] also` come `[remind] before` ahead. What is older than
//! `[remind] stale` is past.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta};

use super::super::super::context::Context;
use super::super::super::error::Failure;
use crate::locale::Locale;
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::query::parse_duration;

/// One thing to be reminded of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub key: String,
    pub user: String,
    /// `followup`, or one of the kinds in `[remind] also`.
    pub kind: &'static str,
    pub record: String,
    /// Noun and id of what a message can be about.
    pub about: (String, String),
    pub title: String,
    /// Day or moment of the thing itself, as people read it.
    pub when: String,
    /// Since when it is to be told.
    pub since: DateTime<FixedOffset>,
}

impl Due {
    pub fn kind_label(&self, words: &Locale) -> String {
        words.text(&format!("remind-kind-{}", self.kind.replace('_', "-")), &[])
    }

    /// What it is, in a few words.
    pub fn what(&self, words: &Locale) -> String {
        if self.kind == "followup" {
            self.title.clone()
        } else {
            format!("{}: {}", self.kind_label(words), self.title)
        }
    }

    /// What it is, when, and where to look.
    pub fn line(&self, words: &Locale) -> String {
        let what = self.what(words);
        words.text("remind-line", &[("what", &what), ("when", &self.when), ("record", &self.record)])
    }
}

/// A kind beside follow-ups: what it is called in `[remind] also`, and what asks for it. The answer
/// is record, what a message is about with its type, user, title, and day or moment. `?1` is the
/// first day that counts and `?2` the last.
struct Also {
    kind: &'static str,
    sql: &'static str,
}

const ALSO: &[Also] = &[
    Also {
        kind: "quote_expiring",
        sql: "select id, id, 'quote', owner, number, valid_until from quotes \
            where status = 'sent' and archived is not 1 and valid_until between ?1 and ?2",
    },
    Also {
        kind: "opportunity_rotten",
        sql: "select o.id, o.id, 'opportunity', o.owner, o.name, max(day(s.entered_at), coalesce(s.last_touch, '')) \
            from opportunity_status s join opportunities o on o.id = s.opportunity \
            where s.rotten and o.archived is not 1 and ?1 <> '' and ?2 <> ''",
    },
    Also {
        kind: "order_due",
        sql: "select o.id, o.id, 'order', o.owner, o.number, o.due_date \
            from orders o join order_status s on s.\"order\" = o.id \
            where o.due_date between ?1 and ?2 and o.status = 'confirmed' and o.archived is not 1 \
            and s.fulfilment in ('none', 'partial')",
    },
    Also {
        kind: "payment_due",
        sql: "select r.record, coalesce(r.\"order\", r.customer), iif(r.\"order\" is null, 'customer', 'order'), \
            coalesce(o.owner, c.owner), i.number, r.due_date \
            from receivable r join invoices i on i.id = r.record \
            left join orders o on o.id = r.\"order\" left join customers c on c.id = r.customer \
            where r.what = 'invoice' and r.due_date between ?1 and ?2",
    },
    Also {
        kind: "sla",
        sql: "select t.id, t.id, 'ticket', coalesce(t.assignee, m.manager), t.number || ' ' || t.subject, \
            case when k.response_state = 'due' then k.response_due else k.resolution_due end \
            from tickets t join ticket_clock k on k.ticket = t.id left join teams m on m.id = t.team \
            where t.status in ('new', 'open') and t.archived is not 1 and (k.response_state = 'due' or k.resolution_state = 'due') \
            and ?1 <> '' and ?2 <> ''",
    },
    Also {
        kind: "birthday",
        sql: "select p.id, p.id, p.noun, p.owner, p.name, y.year || substr(p.birthday, 5) from ( \
            select c.id as id, 'contact' as noun, k.owner as owner, c.name as name, c.birthday as birthday \
              from contacts c join customers k on k.id = c.customer \
              where c.birthday is not null and c.inactive is not 1 and c.archived is not 1 \
            union all select id, 'customer', owner, name, birthday from customers \
              where birthday is not null and archived is not 1 and merged_into is null) p \
            join (select substr(?1, 1, 4) as year union select substr(?2, 1, 4)) y \
            where y.year || substr(p.birthday, 5) between ?1 and ?2",
    },
];

/// Everything that is due now, by user and moment.
pub(super) fn due(context: &Context, mirror: &Mirror) -> Result<Vec<Due>, Failure> {
    let settings = &context.schema.settings;
    let setting = |key: &'static str| -> Result<TimeDelta, Problem> {
        let text = settings.text(key);
        let bad = |problem: Problem| problem.at("crm.toml", None).field(key);
        Ok(TimeDelta::minutes(parse_duration(text).map_err(bad)?.elapsed_minutes()))
    };
    let (stale, before) = (setting("remind.stale")?, setting("remind.before")?);
    let at = settings.text("remind.at");
    let at = NaiveTime::parse_from_str(at, "%H:%M").map_err(|_| {
        Problem::invalid("bad-setting").arg("field", "remind.at").arg("value", at).at("crm.toml", None)
    })?;
    let moment = Moment { context, at, now: context.now, stale };
    let mut found = followups(mirror, &moment)?;
    let also = settings.list("remind.also");
    for kind in &also {
        let Some(also) = ALSO.iter().find(|one| one.kind == *kind) else {
            return Err(Problem::invalid("bad-setting")
                .arg("field", "remind.also")
                .arg("value", kind)
                .at("crm.toml", None)
                .legal(ALSO.iter().map(|one| one.kind))
                .into());
        };
        found.extend(further(mirror, &moment, also, before)?);
    }
    found.sort_by(|a, b| (&a.user, a.since, &a.key).cmp(&(&b.user, b.since, &b.key)));
    Ok(found)
}

struct Moment<'a> {
    context: &'a Context,
    at: NaiveTime,
    now: DateTime<FixedOffset>,
    stale: TimeDelta,
}

impl Moment<'_> {
    fn of_day(&self, day: &str) -> Option<DateTime<FixedOffset>> {
        let day: NaiveDate = day.parse().ok()?;
        Some(self.context.at_company(day.and_time(self.at)))
    }

    /// The moment of a day or an instant.
    fn of(&self, text: &str) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(text).ok().or_else(|| self.of_day(text))
    }

    /// Type and id of what a follow-up is about. Campaigns have no prefix that tells their ids.
    fn about(&self, target: &str) -> (String, String) {
        let noun = self.context.schema.kind_of_id(target).map_or("campaign", |kind| kind.name);
        (noun.to_owned(), target.to_owned())
    }

    fn is_now(&self, since: DateTime<FixedOffset>) -> bool {
        since <= self.now && since >= self.now - self.stale
    }
}

/// The reminders of planned follow-ups.
fn followups(mirror: &Mirror, moment: &Moment<'_>) -> Result<Vec<Due>, Failure> {
    // A reminder never comes after its follow-up, so older ones cannot have any that counts.
    let first = (moment.now - moment.stale - TimeDelta::days(1)).date_naive();
    let sql = "select id, owner, subject, target, due, start_at, remind, created_at from followups \
        where status = 'planned' and remind is not null and due >= ?1 and archived is not 1";
    let answer = mirror.query(sql, &[SqlCell::text(first.to_string())])?;
    let mut found = Vec::new();
    for row in &answer.rows {
        let text = |at: usize| row[at].as_text().unwrap_or_default();
        let (id, due) = (text(0), text(4));
        let start = row[5].as_text();
        let Some(when) = start.and_then(|start| moment.of(start)).or_else(|| moment.of_day(due)) else {
            continue;
        };
        for offset in text(6).split(';').filter(|offset| !offset.is_empty()) {
            let Ok(ahead) = parse_duration(offset) else { continue };
            let since = when - TimeDelta::minutes(ahead.elapsed_minutes());
            if !moment.is_now(since) {
                continue;
            }
            let written = DateTime::parse_from_rfc3339(text(7)).unwrap_or(since);
            found.push(Due {
                key: format!("remind:{id}:{offset}:{due}"),
                user: text(1).to_owned(),
                kind: "followup",
                record: id.to_owned(),
                about: moment.about(text(3)),
                title: text(2).to_owned(),
                when: shown(start.unwrap_or(due)),
                since: since.max(written),
            });
        }
    }
    Ok(found)
}

/// What one of the other kinds has to tell.
fn further(
    mirror: &Mirror,
    moment: &Moment<'_>,
    also: &Also,
    before: TimeDelta,
) -> Result<Vec<Due>, Failure> {
    let day = |at: DateTime<FixedOffset>| SqlCell::text(at.date_naive().to_string());
    let first = moment.now - moment.stale;
    let last = moment.now + before + TimeDelta::days(1);
    let answer = mirror.query(also.sql, &[day(first), day(last)])?;
    let mut found = Vec::new();
    for row in &answer.rows {
        let text = |at: usize| row[at].as_text().unwrap_or_default();
        let (Some(user), Some(when)) = (row[3].as_text(), moment.of(text(5))) else { continue };
        let since = match also.kind {
            // It is neglected by now; how long ago it was touched is no reason to keep quiet.
            "opportunity_rotten" => moment.now,
            // The clock of a promise may have begun after the moment ahead of its end.
            "sla" => (when - before).max(moment.now - moment.stale),
            _ => when - before,
        };
        if !moment.is_now(since) {
            continue;
        }
        found.push(Due {
            key: format!("remind:{}:{}:{}", also.kind, text(0), text(5)),
            user: user.to_owned(),
            kind: also.kind,
            record: text(0).to_owned(),
            about: (text(2).to_owned(), text(1).to_owned()),
            title: text(4).to_owned(),
            when: shown(text(5)),
            since,
        });
    }
    Ok(found)
}

/// A day or a moment as people read it.
fn shown(text: &str) -> String {
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => text.to_owned(),
    }
}
