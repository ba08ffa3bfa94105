//! What a user may do: the union of the roles, each of which allows by record type, by whose the
//! record is, by field and by verb. No grant means denied.
//!
//! A change of a record is allowed where **one** role allows all of it: the deed, the owner, every
//! field, every step. Users, teams, roles and the settings are for administrators alone, but for
//! a few fields of one's own record. The same judgement is used before a commit is made and when
//! the commits of others are judged.

use std::collections::BTreeSet;

use super::asks::{Ask, Deed, Owner, owner};
use crate::model::owner::owner_field;
use crate::model::record::{Doc, Row, Value};
use crate::model::{Class, Problem};
use crate::rules::{Change, View};

/// The record types that administrators alone may change.
pub const GUARDED: &[&str] = &["user", "team", "role"];

/// What a user may change of the own record without an admin role.
pub const OWN_FIELDS: &[&str] =
    &["name", "phone", "language", "timezone", "notify", "away_from", "away_to", "keys"];

/// Records that one command may change where no role says otherwise.
const BULK_MAX: i64 = 100;

/// What the roles of a user amount to.
#[derive(Clone, Debug)]
pub struct Rights {
    user: Doc,
    roles: Vec<Doc>,
}

/// Why something is not allowed, the more nearly allowed the later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Refusal {
    NoGrant,
    Reach,
    Assign,
    Verb(&'static str),
    Hidden(String),
    Readonly(String),
}

impl Rights {
    /// The rights of a user by the roles in a view; of these roles only, where they are narrowed.
    pub fn of(view: &dyn View, user: &Doc, only: Option<&BTreeSet<String>>) -> Result<Self, Problem> {
        let mut roles = Vec::new();
        for id in user.list("roles").filter(|id| only.is_none_or(|only| only.contains(*id))) {
            roles.extend(view.record("role", id)?);
        }
        Ok(Self { user: user.clone(), roles })
    }

    /// The user's id.
    #[must_use]
    pub fn user(&self) -> &str {
        self.user.id()
    }

    /// The roles, in the order of their names.
    pub fn roles(&self) -> impl Iterator<Item = &Doc> {
        self.roles.iter()
    }

    /// Whether everything is allowed.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.roles.iter().any(|role| role.flag("admin"))
    }

    /// Whether data may be taken out in bulk; `None` where no role allows it, else that role.
    #[must_use]
    pub fn exporting_role(&self) -> Option<&Doc> {
        self.roles.iter().find(|role| role.flag("admin") || role.flag("export"))
    }

    /// Records that one command may change; `None` where there is no limit.
    #[must_use]
    pub fn bulk_max(&self) -> Option<i64> {
        if self.is_admin() {
            return None;
        }
        let most = |role: &Doc| match role.get("bulk_max") {
            Some(Value::Int(most)) => *most,
            _ => BULK_MAX,
        };
        Some(self.roles.iter().map(most).max().unwrap_or(BULK_MAX))
    }

    /// Everything in a change that the user may not do; nothing where it is allowed.
    pub fn judge(&self, before: &dyn View, changes: &[Change]) -> Result<Vec<Problem>, Problem> {
        let mut found = Vec::new();
        if let Some(most) = self.bulk_max()
            && i64::try_from(changes.len()).unwrap_or(i64::MAX) > most
        {
            found.push(self.denied("bulk-limit").arg("have", changes.len()).arg("most", most));
        }
        if self.is_admin() {
            return Ok(found);
        }
        for change in changes {
            found.extend(self.change(before, change)?);
        }
        Ok(found)
    }

    /// Whether one change is allowed; what stands in the way where it is not.
    pub fn change(&self, before: &dyn View, change: &Change) -> Result<Option<Problem>, Problem> {
        let doc = change.old.as_ref().unwrap_or_else(|| change.doc());
        if self.is_admin() || self.claims(before, change)? {
            return Ok(None);
        }
        let ask = Ask::of(before, change, self.user())?;
        if GUARDED.contains(&doc.kind.name) {
            return Ok(self.own_record(change, &ask));
        }
        let refused = self.first(|role| self.allows(before, role, doc.kind.name, &ask))?;
        Ok(refused.err().map(|refusal| self.told(&refusal, doc, ask.deed)))
    }

    /// The role that allows a change, for people who ask why.
    pub fn allowing(&self, before: &dyn View, change: &Change) -> Result<Option<&Doc>, Problem> {
        let ask = Ask::of(before, change, self.user())?;
        if let Some(role) = self.roles.iter().find(|role| role.flag("admin")) {
            return Ok(Some(role));
        }
        Ok(self.first(|role| self.allows(before, role, change.doc().kind.name, &ask))?.ok())
    }

    /// How far a deed goes in a type, and the role that lets it go so far: the widest of the roles
    /// that do not deny the verb.
    #[must_use]
    pub fn widest(&self, noun: &str, deed: Deed, verb: Option<&str>) -> (&'static str, Option<&Doc>) {
        if let Some(role) = self.roles.iter().find(|role| role.flag("admin")) {
            return ("all", Some(role));
        }
        let mut widest = ("none", None);
        for role in &self.roles {
            let Some(grant) = grant(role, noun) else { continue };
            let list = |name| match grant.get(name) {
                Some(Value::List(list)) => list.as_slice(),
                _ => &[],
            };
            if verb.is_some_and(|verb| list("deny").iter().any(|denied| denied.as_text() == Some(verb))) {
                continue;
            }
            let flag = |name| grant.get(name) == Some(&Value::Bool(true));
            let reach = match deed {
                Deed::Create => {
                    if flag("create") {
                        "all"
                    } else {
                        "none"
                    }
                }
                _ if verb == Some("assign") && !flag("assign") => "none",
                deed => word(grant, deed.name()),
            };
            if rank(reach) > rank(widest.0) {
                widest = (REACHES[rank(reach)], Some(role));
            }
        }
        widest
    }

    /// Whether a record may be read.
    pub fn may_read(&self, view: &dyn View, doc: &Doc) -> Result<bool, Problem> {
        if self.is_admin() || (doc.kind.name == "user" && doc.id() == self.user()) {
            return Ok(true);
        }
        // Who may take a record out of a pool must see it there.
        if let Some(pool) = doc.text("pool").filter(|_| self.reading(doc.kind.name) != "none")
            && let Some(pool) = view.record("pool", pool)?
            && self.claims_from(view, &pool)?
        {
            return Ok(true);
        }
        let mut whose = None;
        for grant in self.roles.iter().filter_map(|role| grant(role, doc.kind.name)) {
            match word(grant, "read") {
                "all" => return Ok(true),
                "none" => continue,
                _ => {}
            }
            if whose.is_none() {
                whose = Some(owner(view, doc)?);
            }
            if self.reaches(view, word(grant, "read"), whose.as_ref().unwrap_or(&Owner::Nobody))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How far reading goes in a type: the widest of the roles.
    #[must_use]
    pub fn reading(&self, noun: &str) -> &'static str {
        if self.is_admin() {
            return "all";
        }
        let grants = self.roles.iter().filter_map(|role| grant(role, noun));
        REACHES[grants.map(|grant| rank(word(grant, "read"))).max().unwrap_or(0)]
    }

    /// The fields of a type that the user may not see, as `field` or `rows.field`: those that every
    /// role hides that lets read the type.
    #[must_use]
    pub fn hidden(&self, noun: &str) -> BTreeSet<String> {
        let lists = self.roles.iter().filter(|role| {
            role.flag("admin") || grant(role, noun).is_some_and(|grant| word(grant, "read") != "none")
        });
        let hidden = |role: &Doc| -> BTreeSet<String> {
            let all = role.list("hidden_fields").filter_map(|name| name.split_once('.'));
            all.filter(|(of, _)| !role.flag("admin") && *of == noun)
                .map(|(_, field)| field.to_owned())
                .collect()
        };
        let mut lists = lists.map(hidden);
        let first = lists.next().unwrap_or_default();
        lists.fold(first, |kept, next| kept.intersection(&next).cloned().collect())
    }

    /// The teams whose records the user reaches with `team`: the own one, those below it, and the
    /// further ones. `below` gives the teams right below one.
    pub fn teams(
        &self,
        below: &dyn Fn(&str) -> Result<Vec<String>, Problem>,
    ) -> Result<BTreeSet<String>, Problem> {
        let mut teams: BTreeSet<String> = self.user.list("other_teams").map(str::to_owned).collect();
        let mut next: Vec<String> = self.user.text("team").map(str::to_owned).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(team) = next.pop() {
            if seen.insert(team.clone()) {
                next.extend(below(&team)?);
                teams.insert(team);
            }
        }
        Ok(teams)
    }

    /// What stands in the way of writing a file that is no record: a saved report, or what needs an
    /// administrator.
    #[must_use]
    pub fn file(&self, path: &str, report: bool, deed: Deed) -> Option<Problem> {
        if self.is_admin() {
            return None;
        }
        let may = |role: &Doc| {
            let Some(grant) = grant(role, "report") else { return false };
            match deed {
                Deed::Create => grant.get("create") == Some(&Value::Bool(true)),
                deed => word(grant, deed.name()) == "all",
            }
        };
        if report && self.roles.iter().any(may) {
            return None;
        }
        let problem = self.denied(if report { "no-grant" } else { "needs-admin" });
        let problem = problem.arg("noun", if report { "report" } else { "file" }).arg("record", path);
        Some(problem.arg("deed", deed.name()).arg("field", "none").at(path, None))
    }

    /// A refusal of something that is no record, such as exporting.
    #[must_use]
    pub fn denied(&self, id: &'static str) -> Problem {
        Problem::new(Class::Denied, id)
            .arg("user", self.user())
            .arg("roles", self.role_names())
            .hint("hint-denied")
    }

    fn role_names(&self) -> String {
        let names: Vec<_> = self.roles.iter().map(Doc::id).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// The first role that allows, else the refusal that came nearest to it.
    fn first(
        &self,
        allows: impl Fn(&Doc) -> Result<Option<Refusal>, Problem>,
    ) -> Result<Result<&Doc, Refusal>, Problem> {
        let mut nearest = Refusal::NoGrant;
        for role in &self.roles {
            match allows(role)? {
                None => return Ok(Ok(role)),
                Some(refusal) => nearest = nearest.max(refusal),
            }
        }
        Ok(Err(nearest))
    }

    /// What stands in the way of a role allowing all that is asked.
    fn allows(
        &self,
        before: &dyn View,
        role: &Doc,
        noun: &str,
        ask: &Ask,
    ) -> Result<Option<Refusal>, Problem> {
        let Some(own) = grant(role, noun) else { return Ok(Some(Refusal::NoGrant)) };
        let flag = |row: &Row, name| row.get(name) == Some(&Value::Bool(true));
        match ask.deed {
            Deed::Create if !flag(own, "create") => return Ok(Some(Refusal::NoGrant)),
            Deed::Create => {}
            deed => match word(own, deed.name()) {
                "none" => return Ok(Some(Refusal::NoGrant)),
                reach if !self.reaches(before, reach, &ask.owner)? => return Ok(Some(Refusal::Reach)),
                _ => {}
            },
        }
        if ask.gives && !flag(own, "assign") {
            return Ok(Some(Refusal::Assign));
        }
        for (of, verbs) in &ask.steps {
            let denies = |row: &Row, verb: &str| match row.get("deny") {
                Some(Value::List(verbs)) => verbs.iter().any(|value| value.as_text() == Some(verb)),
                _ => false,
            };
            let rows: Vec<&Row> = [Some(own), grant(role, of)].into_iter().flatten().collect();
            if let Some(verb) = verbs.first()
                && verbs.iter().all(|verb| rows.iter().any(|row| denies(row, verb)))
            {
                return Ok(Some(Refusal::Verb(verb)));
            }
        }
        if ask.deed != Deed::Remove {
            let listed = |list: &str, field: &String| {
                role.list(list)
                    .filter_map(|name| name.split_once('.'))
                    .any(|(of, name)| of == noun && name == field)
            };
            for field in &ask.fields {
                if listed("hidden_fields", field) {
                    return Ok(Some(Refusal::Hidden(field.clone())));
                }
                if listed("readonly_fields", field) {
                    return Ok(Some(Refusal::Readonly(field.clone())));
                }
            }
        }
        Ok(None)
    }

    fn reaches(&self, view: &dyn View, reach: &str, owner: &Owner) -> Result<bool, Problem> {
        let Owner::User(owner) = owner else { return Ok(reach == "all") };
        match reach {
            "all" => Ok(true),
            "team" if owner == self.user() => Ok(true),
            "team" => {
                let team = view.record("user", owner)?.and_then(|user| user.text("team").map(str::to_owned));
                team.map_or(Ok(false), |team| self.has_team(view, team))
            }
            "own" => Ok(owner == self.user()),
            _ => Ok(false),
        }
    }

    /// Whether a team is the user's, one below it, or one of the further ones.
    fn has_team(&self, view: &dyn View, team: String) -> Result<bool, Problem> {
        if self.user.list("other_teams").any(|other| other == team) {
            return Ok(true);
        }
        let Some(own) = self.user.text("team") else { return Ok(false) };
        let mut at = Some(team);
        let mut seen = BTreeSet::new();
        while let Some(team) = at.filter(|team| seen.insert(team.clone())) {
            if team == own {
                return Ok(true);
            }
            at = view.record("team", &team)?.and_then(|team| team.text("parent").map(str::to_owned));
        }
        Ok(false)
    }

    /// Taking a record out of a pool needs the pool's teams alone.
    fn claims(&self, view: &dyn View, change: &Change) -> Result<bool, Problem> {
        let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(false) };
        let (Some(pool), Some(field)) = (old.text("pool"), owner_field(new.kind)) else { return Ok(false) };
        let taken =
            old.text(field).is_none() && new.text(field) == Some(self.user()) && new.text("pool").is_none();
        let touched = super::asks::fields(Some(old), Some(new));
        if !taken || touched.iter().any(|name| ![field, "pool", "protected_until"].contains(&name.as_str())) {
            return Ok(false);
        }
        let Some(pool) = view.record("pool", pool)? else { return Ok(false) };
        self.claims_from(view, &pool)
    }

    /// Whether the user is of the teams that may claim from a pool.
    pub fn claims_from(&self, view: &dyn View, pool: &Doc) -> Result<bool, Problem> {
        let mut open = pool.list("teams").next().is_none();
        for team in pool.list("teams") {
            let mut at = self.user.text("team").map(str::to_owned);
            let mut seen = BTreeSet::new();
            while let Some(own) = at.filter(|own| seen.insert(own.clone())) {
                open |= own == team;
                at = view.record("team", &own)?.and_then(|team| team.text("parent").map(str::to_owned));
            }
            open |= self.user.list("other_teams").any(|other| other == team);
        }
        Ok(open)
    }

    /// Users, teams and roles: the own record within limits, else nothing.
    fn own_record(&self, change: &Change, ask: &Ask) -> Option<Problem> {
        let doc = change.doc();
        let own = doc.kind.name == "user" && doc.id() == self.user() && ask.deed == Deed::Edit;
        let beyond = ask.fields.iter().find(|field| {
            let name = field.split('.').next().unwrap_or(field);
            !own || !OWN_FIELDS.contains(&name)
        });
        if own && beyond.is_none() && ask.steps.is_empty() {
            return None;
        }
        let problem = self.denied("needs-admin").arg("noun", doc.kind.name).arg("record", doc.title());
        Some(match beyond.filter(|_| own) {
            Some(field) => problem.arg("field", field).field(field.clone()),
            None => problem.arg("field", "none"),
        })
    }

    fn told(&self, refusal: &Refusal, doc: &Doc, deed: Deed) -> Problem {
        let (id, word) = match refusal {
            Refusal::NoGrant => ("no-grant", String::new()),
            Refusal::Reach => ("not-yours", String::new()),
            Refusal::Assign => ("no-assign", String::new()),
            Refusal::Verb(verb) => ("denied-verb", (*verb).to_owned()),
            Refusal::Hidden(field) => ("hidden-field", field.clone()),
            Refusal::Readonly(field) => ("readonly-field", field.clone()),
        };
        let problem = self.denied(id).arg("noun", doc.kind.name).arg("record", doc.title());
        let problem = problem.arg("deed", deed.name()).at(doc.path(), None);
        match refusal {
            Refusal::Verb(_) => problem.arg("verb", word),
            Refusal::Hidden(_) | Refusal::Readonly(_) => problem.field(word.clone()).arg("field", word),
            _ => problem,
        }
    }
}

/// The row of a role that is about a type.
#[must_use]
pub fn grant<'a>(role: &'a Doc, noun: &str) -> Option<&'a Row> {
    role.rows("grants").iter().find(|row| row.get("type").and_then(Value::as_text) == Some(noun))
}

/// How far a grant goes, the narrowest first.
const REACHES: [&str; 4] = ["none", "own", "team", "all"];

fn rank(reach: &str) -> usize {
    REACHES.iter().position(|name| *name == reach).unwrap_or(0)
}

/// A reach of a grant; `none` where it does not say.
fn word<'a>(grant: &'a Row, name: &str) -> &'a str {
    grant.get(name).and_then(Value::as_text).unwrap_or("none")
}
