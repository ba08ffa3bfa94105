//! Users, roles and rules of assignment: somebody can administrate, keys belong to one user, and
//! open work has an owner who is there.

use std::collections::BTreeSet;

use super::amounts::word;
use super::support::{about, flagged, is_open, others, passing};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::model::role::Override;

/// What a user may own, with the field that says so.
const OWNED: &[(&str, &str)] = &[
    ("lead", "owner"),
    ("customer", "owner"),
    ("opportunity", "owner"),
    ("followup", "owner"),
    ("quote", "owner"),
    ("order", "owner"),
    ("ticket", "assignee"),
];

/// A user with an admin role who may work.
pub fn is_admin(view: &dyn View, user: &Doc) -> Result<bool, Problem> {
    if user.state() != "active" {
        return Ok(false);
    }
    for role in user.list("roles") {
        if view.record("role", role)?.is_some_and(|role| role.flag("admin")) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_admin(view: &dyn View) -> Result<bool, Problem> {
    for role in flagged(view, "role", "admin")? {
        for user in view.all_with("user", "roles", &role)? {
            if user.state() == "active" {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Which refusals a user may pass, as the flags of a command name them: what the roles of the user
/// say, and all for an administrator.
pub fn overrides(
    view: &dyn View,
    user: &str,
    narrowed: Option<&BTreeSet<String>>,
) -> Result<Vec<String>, Problem> {
    let mut codes: Vec<String> = Vec::new();
    let Some(user) = view.record("user", user)? else { return Ok(codes) };
    for role in user.list("roles").filter(|role| narrowed.is_none_or(|only| only.contains(*role))) {
        let Some(role) = view.record("role", role)? else { continue };
        if role.flag("admin") {
            return Ok(Override::LIST.codes.iter().map(|code| passing(code)).collect());
        }
        codes.extend(role.list("override").map(passing));
    }
    Ok(codes)
}

/// `no-admin`: an admin role that nobody active has, where no other one has somebody either.
pub fn admin_role(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name == "role" && doc.flag("admin") && !has_admin(view)? {
        found.push(about(doc, "no-admin"));
    }
    Ok(())
}

/// `no-admin`: the last one goes.
pub fn last_admin(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(old) = &change.old else { return Ok(()) };
    let loses = match old.kind.name {
        "user" => {
            let new = change.new.as_ref();
            old.state() == "active"
                && old.get("roles").is_some()
                && !new.map_or(Ok(false), |new| is_admin(view, new))?
        }
        "role" => old.flag("admin") && !change.new.as_ref().is_some_and(|new| new.flag("admin")),
        _ => false,
    };
    if loses && !has_admin(view)? {
        found.push(about(old, "no-admin"));
    }
    Ok(())
}

/// `duplicate-grant`, `unknown-grant-type`.
pub fn grants(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "role" {
        return Ok(());
    }
    let types: Vec<&str> = doc.rows("grants").iter().filter_map(|row| word(row, "type")).collect();
    for (at, noun) in types.iter().enumerate() {
        if types[..at].contains(noun) {
            found.push(about(doc, "duplicate-grant").arg("value", noun).field("grants"));
        }
        let known = *noun == "report" || view.schema().kind(noun).is_some_and(|kind| kind.name == *noun);
        if !known {
            found.push(about(doc, "unknown-grant-type").arg("value", noun).field("grants.type"));
        }
    }
    Ok(())
}

/// `duplicate-signing-key`: a key belongs to one user.
pub fn signing_keys(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "user" {
        return Ok(());
    }
    for key in doc.rows("keys").iter().filter_map(|row| word(row, "key")) {
        for other in others(view, doc, "user", "keys.key", key)? {
            let problem = about(doc, "duplicate-signing-key").arg("value", key).arg("other", &other);
            found.push(problem.field("keys").candidates([other]));
        }
    }
    Ok(())
}

/// `left-with-open-records` W: a user has left and still has work.
pub fn left(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "user" || doc.state() != "left" {
        return Ok(());
    }
    let mut open = 0;
    for (noun, field) in OWNED {
        open += view.all_with(noun, field, doc.id())?.iter().filter(|doc| is_open(doc)).count();
    }
    if open > 0 {
        found.push(about(doc, "left-with-open-records").arg("have", open).as_warning());
    }
    Ok(())
}

/// `left-owner` W: open work of a user who has left.
pub fn left_owner(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let Some((_, field)) = OWNED.iter().find(|(noun, _)| *noun == doc.kind.name) else { return Ok(()) };
    let Some(owner) = doc.text(field).filter(|_| is_open(doc)) else { return Ok(()) };
    if view.record("user", owner)?.is_some_and(|user| user.state() == "left") {
        found.push(about(doc, "left-owner").arg("user", owner).field(*field).as_warning());
    }
    Ok(())
}

/// `rule-without-candidates` W: a rule of assignment that can find nobody.
pub fn candidates(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "assignment_rule" {
        return Ok(());
    }
    let can = |user: &Doc| user.state() == "active" && !user.flag("skip_assignment");
    for user in doc.list("users") {
        if view.record("user", user)?.is_some_and(|user| can(&user)) {
            return Ok(());
        }
    }
    for team in doc.list("teams") {
        for field in ["team", "other_teams"] {
            if view.all_with("user", field, team)?.iter().any(can) {
                return Ok(());
            }
        }
    }
    found.push(about(doc, "rule-without-candidates").field("users").as_warning());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, checked, fresh, removed, sample, varied, with, written};

    #[test]
    fn somebody_can_always_administrate() {
        let mut store = sample();
        let write = |store: &_, noun, id, fields: &[(&str, &str)]| {
            written(store, &[], &[with(store, noun, id, fields)])
        };
        assert_eq!(write(&store, "user", "admin", &[("status", "suspended")]), ["no-admin"]);
        assert_eq!(write(&store, "user", "admin", &[("roles", "sales")]), ["no-admin"]);
        assert_eq!(write(&store, "role", "admin", &[("admin", "")]), ["no-admin"]);
        assert_eq!(write(&store, "user", "li.na", &[("status", "suspended")]), [""; 0]);
        store.put(with(&store, "user", "li.na", &[("roles", "admin")]));
        assert_eq!(write(&store, "user", "admin", &[("status", "suspended")]), [""; 0]);
        assert!(removed(&sample(), &[], "user", "admin").contains(&"no-admin".to_owned()));
        store.put(with(&store, "user", "li.na", &[("status", "left")]));
        store.put(with(&store, "user", "admin", &[("status", "left")]));
        assert_eq!(checked(&store, &with(&store, "role", "admin", &[])), ["no-admin"]);
    }

    #[test]
    fn what_a_user_may_pass_is_what_the_roles_say() {
        let mut store = sample();
        let may = |store: &_, user| super::overrides(store, user, None).expect("a store that can be read");
        assert_eq!(may(&store, "li.na"), [""; 0]);
        store.put(with(&store, "role", "sales", &[("override", "credit_limit;negative_stock")]));
        assert_eq!(may(&store, "li.na"), ["override credit_limit", "override negative_stock"]);
        assert_eq!(may(&store, "admin").len(), 3);
        let narrowed = ["sales".to_owned()].into();
        assert_eq!(super::overrides(&store, "admin", Some(&narrowed)), Ok(Vec::new()), "a narrowed token");
        assert_eq!(may(&store, "nobody"), [""; 0]);
    }

    #[test]
    fn grants_are_one_for_each_type() {
        let grant = |one, two| [("grants.type", one), ("grants.type", two)];
        varied(
            "role",
            "sales",
            &[
                (&grant("order", "report"), &[]),
                (&grant("order", "order"), &["duplicate-grant"]),
                (&grant("order", "orders"), &["unknown-grant-type"]),
            ],
        );
    }

    #[test]
    fn a_key_signs_for_one_user() {
        let mut store = sample();
        let key = |key| [("keys.key", key), ("keys.state", "active")];
        store.put(with(&store, "user", "admin", &key("ssh-ed25519 AAAA")));
        let check = |text| checked(&store, &with(&store, "user", "li.na", &key(text)));
        assert_eq!(check("ssh-ed25519 AAAA"), ["duplicate-signing-key"]);
        assert_eq!(check("ssh-ed25519 BBBB"), [""; 0]);
    }

    #[test]
    fn open_work_has_an_owner_who_is_there() {
        let mut store = sample();
        store.put(with(&store, "user", "li.na", &[("status", "left")]));
        assert_eq!(checked(&store, &with(&store, "user", "li.na", &[])), ["W left-with-open-records"]);
        assert_eq!(checked(&store, &with(&store, "customer", HAINA, &[])), ["W left-owner"]);
        assert_eq!(checked(&store, &with(&store, "customer", HAINA, &[("owner", "admin")])), [""; 0]);
    }

    #[test]
    fn a_rule_of_assignment_finds_somebody() {
        let mut store = sample();
        let base = [("name", "Web"), ("applies_to", "lead"), ("order", "1"), ("method", "round_robin")];
        let cases: [super::super::testing::Case<'_>; 3] = [
            (&[("users", "li.na")], &[]),
            (&[("teams", "south")], &["W rule-without-candidates"]),
            (&[], &["W rule-without-candidates"]),
        ];
        fresh(&store, "assignment_rule", "web", &base, &cases);
        store.put(with(&store, "user", "li.na", &[("team", "south")]));
        fresh(&store, "assignment_rule", "web", &base, &[(&[("teams", "south")], &[])]);
    }
}
