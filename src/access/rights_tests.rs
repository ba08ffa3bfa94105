//! The matrix of rights: five roles, eight types, every deed, whose the record is, and which field
//! is touched. What is expected is read off a table by a rule of its own, not by asking `Rights`.

use super::rights::Rights;
use crate::model::record::{Doc, Value};
use crate::rules::memory::Memory;
use crate::rules::{Change, View};

/// What a role says of every type alike: create, edit, remove, assign, whether the verb is denied.
struct Says {
    role: &'static str,
    create: bool,
    edit: &'static str,
    remove: &'static str,
    assign: bool,
    denies: bool,
}

const ROLES: &[Says] = &[
    Says { role: "admin", create: true, edit: "all", remove: "all", assign: true, denies: false },
    Says { role: "manager", create: true, edit: "team", remove: "team", assign: true, denies: false },
    Says { role: "sales", create: true, edit: "own", remove: "own", assign: false, denies: true },
    Says { role: "clerk", create: false, edit: "all", remove: "none", assign: false, denies: true },
    Says { role: "robot", create: true, edit: "none", remove: "none", assign: true, denies: false },
];

/// A type, its owner's field, and a verb: its name, the field that it changes, from and to.
const TYPES: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("customer", "owner", "block", "status", "normal", "blocked"),
    ("contact", "", "merge", "merged_into", "", "con_llllllllllll"),
    ("lead", "owner", "contact", "status", "new", "contacted"),
    ("opportunity", "owner", "lose", "stage", "open", "lost"),
    ("quote", "owner", "send", "status", "draft", "sent"),
    ("order", "owner", "confirm", "status", "draft", "confirmed"),
    ("followup", "owner", "miss", "status", "planned", "missed"),
    ("ticket", "assignee", "start", "status", "new", "open"),
];

/// Whose a record is: the acting user's, of the own team, of a team below, of another team, nobody's.
const WHOSE: &[(&str, Option<&str>)] = &[
    ("own", Some("me")),
    ("mate", Some("mate")),
    ("below", Some("low")),
    ("stranger", Some("far")),
    ("nobody", None),
];

/// Field classes: the field that is touched.
const CLASSES: &[(&str, &str)] = &[("plain", "note"), ("readonly", "source_ref"), ("hidden", "key")];

fn text(value: &str) -> Option<Value> {
    Some(Value::Text(value.to_owned()))
}

fn store() -> Memory {
    let mut store = Memory::new(&[]).expect("sound settings");
    for (team, parent) in [("head", ""), ("north", "head"), ("north-a", "north"), ("south", "head")] {
        let fields: &[(&str, &str)] = if parent.is_empty() { &[] } else { &[("parent", parent)] };
        store.add("team", team, &[&[("name", team)], fields].concat());
    }
    for (user, team) in
        [("me", "north"), ("mate", "north"), ("low", "north-a"), ("far", "south"), ("heir", "north")]
    {
        store.add("user", user, &[("name", user), ("team", team)]);
    }
    let stages =
        [("stages.code", "open"), ("stages.type", "open"), ("stages.code", "lost"), ("stages.type", "lost")];
    store.add("pipeline", "sales", &[&[("name", "Sales")][..], &stages].concat());
    for says in ROLES {
        let mut role = store.doc("role", says.role, &[("name", says.role)]);
        if says.role == "admin" {
            role.set("admin", Some(Value::Bool(true)));
        } else {
            let all =
                |class| TYPES.iter().map(move |(noun, ..)| Value::Text(format!("{noun}.{class}"))).collect();
            role.set("readonly_fields", Some(Value::List(all("source_ref"))));
            role.set("hidden_fields", Some(Value::List(all("key"))));
            let rows = TYPES.iter().map(|(noun, _, verb, ..)| {
                let mut row = crate::model::record::Row::new();
                row.insert("type", Value::Text((*noun).to_owned()));
                row.insert("create", Value::Bool(says.create));
                row.insert("edit", Value::Text(says.edit.to_owned()));
                row.insert("remove", Value::Text(says.remove.to_owned()));
                row.insert("assign", Value::Bool(says.assign));
                if says.denies {
                    row.insert("deny", Value::List(vec![Value::Text((*verb).to_owned())]));
                }
                row
            });
            role.set("grants", Some(Value::Rows(rows.collect())));
        }
        store.put(role);
    }
    for (_, owner) in WHOSE {
        let id = customer_of(*owner);
        let mut customer = store.doc("customer", &id, &[("name", "C"), ("created_by", "far")]);
        customer.set("owner", owner.and_then(text));
        store.put(customer);
    }
    store
}

fn customer_of(owner: Option<&str>) -> String {
    format!("cus_{}", owner.unwrap_or("none"))
}

fn record(store: &Memory, noun: &str, field: &str, owner: Option<&str>) -> Doc {
    let id = format!("{}_kkkkkkkkkkkk", store.schema().kind(noun).expect("a type").prefix);
    let mut doc = store.doc(noun, &id, &[("created_by", "me")]);
    if noun == "opportunity" {
        doc.set("pipeline", text("sales"));
        doc.set("stage", text("open"));
    }
    if field.is_empty() {
        doc.set("customer", text(&customer_of(owner)));
    } else {
        doc.set(field, owner.and_then(text));
    }
    doc
}

/// The rule, in words: own = the owner is the user; team = the owner's team is the user's or one
/// below it; where there is no owner only `all` reaches.
fn reaches(reach: &str, whose: &str) -> bool {
    match reach {
        "all" => true,
        "team" => matches!(whose, "own" | "mate" | "below"),
        "own" => whose == "own",
        _ => false,
    }
}

/// What the table says: whether a role allows a deed.
fn expected(says: &Says, deed: &str, noun: &str, whose: &str, class: &str) -> bool {
    if says.role == "admin" {
        return true;
    }
    let has_owner = noun != "contact";
    match deed {
        "create" => {
            let given = has_owner && !matches!(whose, "own" | "nobody");
            says.create && class == "plain" && (!given || says.assign)
        }
        "edit" => reaches(says.edit, whose) && class == "plain",
        "remove" => reaches(says.remove, whose),
        "assign" => reaches(says.edit, whose) && says.assign,
        "verb" => reaches(says.edit, whose) && !says.denies,
        other => panic!("no deed {other}"),
    }
}

#[test]
fn every_case_of_the_matrix_is_judged_as_the_table_says() {
    let store = store();
    let user = store.record("user", "me").expect("a store").expect("a user");
    let (mut cases, mut wrong) = (0, Vec::new());
    for says in ROLES {
        let mut user = user.clone();
        user.set("roles", Some(Value::List(vec![Value::Text(says.role.to_owned())])));
        let rights = Rights::of(&store, &user, None).expect("roles");
        for (noun, owner, verb, state, from, to) in TYPES {
            for (whose, id) in WHOSE {
                let there = record(&store, noun, owner, *id);
                let mut judge = |deed: &str, class: &str, change: Change| {
                    let found = rights.judge(&store, &[change]).expect("a store");
                    cases += 1;
                    if found.is_empty() != expected(says, deed, noun, whose, class) {
                        wrong.push(format!("{} {deed} {noun} {whose} {class} {verb}: {found:?}", says.role));
                    }
                };
                let changed = |edit: &dyn Fn(&mut Doc)| {
                    let mut new = there.clone();
                    edit(&mut new);
                    Change { old: Some(there.clone()), new: Some(new) }
                };
                for (class, field) in CLASSES {
                    let edited = changed(&|new| new.set(field, text("x")));
                    judge("create", class, Change { old: None, ..edited.clone() });
                    judge("edit", class, edited);
                }
                judge("remove", "plain", Change { old: Some(there.clone()), new: None });
                if !owner.is_empty() {
                    judge("assign", "plain", changed(&|new| new.set(owner, text("heir"))));
                }
                let moved = changed(&|new| {
                    new.set(state, text(to));
                    if new.kind.traits.history && *verb != "merge" {
                        new.history.push(crate::model::record::Moved {
                            at: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
                            by: "me".to_owned(),
                            field: None,
                            from: Some((*from).to_owned()),
                            to: Some((*to).to_owned()),
                            reason: None,
                        });
                    }
                });
                judge("verb", "plain", moved);
            }
        }
    }
    assert!(cases >= 1500, "{cases}");
    assert!(wrong.is_empty(), "{} of {cases}\n{}", wrong.len(), wrong.join("\n"));
}
