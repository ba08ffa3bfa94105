//! What the acting user may read, and the store as that user sees it.
//!
//! In a clone this keeps honest people to what is theirs; whoever has the files can read them
//! without this program. Where the files belong to another account it holds. Where nobody says who
//! asks, and nobody needs to, everything is seen. What a change is checked against is always the
//! whole store.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::context::Context;
use super::error::Failure;
use crate::access::policy::{Policies, Policy, TreeView};
use crate::access::rights::Rights;
use crate::mirror::Sight;
use crate::model::record::{Doc, Kind, Type, Value};
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::store::Repo;

/// Types that everything else is read with: how states, times and figures are worked out.
const FRAME: &[&str] =
    &["user", "team", "region", "role", "pool", "pipeline", "calendar", "sla", "score_rule"];

/// What somebody may read who may not read everything.
#[derive(Debug)]
pub struct Reading {
    rights: Rights,
    policy: Rc<Policy>,
    pub sight: Arc<Sight>,
}

impl Reading {
    /// Whether a record may be read.
    pub fn sees(&self, repo: &Repo, doc: &Doc) -> Result<bool, Failure> {
        let Some(tip) = repo.tip()? else { return Ok(true) };
        let view = TreeView::new(repo, tip.tree, self.policy.clone());
        Ok(self.rights.may_read(&view, doc)?)
    }

    /// A record without what is hidden in it.
    pub fn without_hidden(&self, mut doc: Doc) -> Doc {
        for field in self.rights.hidden(doc.kind.name) {
            let Some((rows, inner)) = field.split_once('.') else {
                doc.set(&field, None);
                doc.history.retain(|moved| moved.field.as_deref() != Some(field.as_str()));
                continue;
            };
            let mut kept = doc.rows(rows).to_vec();
            for row in &mut kept {
                row.retain(|name, _| *name != inner);
            }
            doc.set(rows, Some(Value::Rows(kept)).filter(|_| doc.get(rows).is_some()));
        }
        doc
    }

    /// Refuses a whole type of which nothing may be read.
    pub fn allow_type(&self, kind: &Kind) -> Result<(), Problem> {
        if self.rights.reading(kind.name) != "none" {
            return Ok(());
        }
        Err(self.refusal(kind.name, ""))
    }

    /// The refusal of a record.
    pub fn refusal(&self, noun: &str, record: &str) -> Problem {
        self.rights.denied("no-grant").arg("noun", noun).arg("record", record).arg("deed", "read")
    }
}

impl Context {
    /// What the acting user may read; `None` where that is everything.
    pub fn reading(&self) -> Result<Option<&Reading>, Failure> {
        if let Some(known) = self.seen.get() {
            return Ok(known.as_ref());
        }
        let reading = self.find_reading()?;
        Ok(self.seen.get_or_init(|| reading).as_ref())
    }

    fn find_reading(&self) -> Result<Option<Reading>, Failure> {
        let store = self.store()?;
        let Some(tip) = store.repo.tip()? else { return Ok(None) };
        let Ok(policy) = Policies::default().at(&store.repo, tip.tree) else { return self.unknown() };
        let actor = match self.actor(&policy.people) {
            Ok(actor) => actor,
            Err(failure) if self.is_closed() => return Err(failure),
            Err(_) => return Ok(None),
        };
        let user = policy.user(&actor.id)?;
        let user =
            user.ok_or_else(|| Problem::new(Class::Denied, "unknown-actor").arg("value", &actor.id))?;
        let rights = Rights::of(&policy.people, &user, actor.narrowed.as_ref())?;
        let sight = sight(self, &rights, &policy)?;
        if sight.reach.values().all(|reach| *reach == "all") && sight.hidden.values().all(BTreeSet::is_empty)
        {
            return Ok(None);
        }
        Ok(Some(Reading { rights, policy, sight: Arc::new(sight) }))
    }

    /// A record as the acting user may see it; refused where that is not at all.
    pub fn see(&self, doc: Doc) -> Result<Doc, Failure> {
        let Some(reading) = self.reading()? else { return Ok(doc) };
        if reading.sees(&self.store()?.repo, &doc)? {
            return Ok(reading.without_hidden(doc));
        }
        Err(reading.refusal(doc.kind.name, doc.id()).into())
    }

    /// Whether what a record said in a field may be told.
    pub fn may_tell(&self, noun: &str, id: &str, field: &str) -> Result<bool, Failure> {
        let Some(reading) = self.reading()? else { return Ok(true) };
        let name = field.split(['[', '.']).next().unwrap_or(field);
        let hidden = |fields: &BTreeSet<String>| {
            fields.iter().any(|hidden| hidden == field || hidden.split('.').next() == Some(name))
        };
        Ok(!reading.sight.hidden.get(noun).is_some_and(hidden) && self.mirror()?.sees(noun, id)?)
    }

    /// Refuses a whole type of which nothing may be read.
    pub fn allow_type(&self, kind: &Kind) -> Result<(), Failure> {
        Ok(self.reading()?.map_or(Ok(()), |reading| reading.allow_type(kind))?)
    }

    /// Nobody says who asks.
    fn unknown(&self) -> Result<Option<Reading>, Failure> {
        if self.is_closed() {
            return Err(Problem::new(Class::Denied, "no-actor").hint("no-actor-hint").into());
        }
        Ok(None)
    }

    /// Whether somebody who is not known reads nothing.
    pub(super) fn is_closed(&self) -> bool {
        self.login_is_on() || self.globals.gateway.is_some()
    }
}

/// The rights of a user, as the mirror sees with them.
fn sight(context: &Context, rights: &Rights, policy: &Policy) -> Result<Sight, Failure> {
    let below = |team: &str| policy.people.find("team", "parent", team);
    let teams = rights.teams(&below)?;
    let mut sight = Sight { user: rights.user().to_owned(), ..Sight::default() };
    sight.team.insert(rights.user().to_owned());
    for user in policy.people.docs().filter(|doc| doc.kind.name == "user") {
        if user.text("team").is_some_and(|team| teams.contains(team)) {
            sight.team.insert(user.id().to_owned());
        }
    }
    for pool in policy.people.docs().filter(|doc| doc.kind.name == "pool") {
        if rights.claims_from(&policy.people, pool)? {
            sight.pools.insert(pool.id().to_owned());
        }
    }
    for kind in context.schema.kinds() {
        if !FRAME.contains(&kind.name) {
            sight.reach.insert(kind.name, rights.reading(kind.name));
        }
        let hidden = rights.hidden(kind.name);
        // What a whole list of rows hides it hides in every field.
        let whole: Vec<String> = hidden
            .iter()
            .filter_map(|name| match kind.field(name).map(|field| field.ty) {
                Some(Type::Rows(rows)) => {
                    Some(rows.fields.iter().map(move |field| format!("{name}.{}", field.name)))
                }
                _ => None,
            })
            .flatten()
            .collect();
        sight.hidden.insert(kind.name, hidden.into_iter().chain(whole).collect());
    }
    Ok(sight)
}
