//! What a change asks a right for: making, editing or removing a record, the fields it touches,
//! the verbs it amounts to, whose record it was. Told from the records alone, never from the name
//! of a command: what two commands do alike needs one right.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Problem;
use crate::model::owner::{belongs, owner_field};
use crate::model::record::{Doc, Kind, Moved, Row, Type, Value};
use crate::rules::opportunities::stage_type;
use crate::rules::{Change, View};

/// What is done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Create,
    Read,
    Edit,
    Remove,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Edit, Self::Remove];

    /// As a grant names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }
}

/// Whose a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    User(String),
    /// It has nobody: not yet given to anybody, or in a pool.
    Nobody,
}

/// What a change of one record asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub deed: Deed,
    /// Whose it was before, or is from now on where it is made.
    pub owner: Owner,
    /// The fields that change, `rows.field` for those of rows.
    pub fields: BTreeSet<String>,
    /// For each step, the verbs that take it: one of them must be allowed. With the type that
    /// they belong to.
    pub steps: Vec<(&'static str, Vec<&'static str>)>,
    /// It goes to somebody other than the acting user, or comes from somebody else.
    pub gives: bool,
}

/// Whose a record is: its owner's, else that of the record it belongs to, else its maker's.
pub fn owner(view: &dyn View, doc: &Doc) -> Result<Owner, Problem> {
    if doc.kind.name == "user" {
        return Ok(Owner::User(doc.id().to_owned()));
    }
    if let Some(field) = owner_field(doc.kind) {
        return Ok(doc.text(field).map_or(Owner::Nobody, |id| Owner::User(id.to_owned())));
    }
    for (field, noun) in belongs(doc.kind.name) {
        if let Some(id) = doc.text(field)
            && let Some(parent) = view.record(noun, id)?
        {
            return owner(view, &parent);
        }
    }
    Ok(doc.text("created_by").map_or(Owner::Nobody, |id| Owner::User(id.to_owned())))
}

/// Facts, and the verb of another type that makes them.
const MAKES: &[(&str, &str, &str)] = &[
    ("shipment", "order", "ship"),
    ("return", "order", "return"),
    ("invoice", "order", "invoice"),
    ("payment", "order", "pay"),
];

impl Ask {
    /// What a change asks of a user.
    pub fn of(view: &dyn View, change: &Change, user: &str) -> Result<Self, Problem> {
        let deed = match (&change.old, &change.new) {
            (None, _) => Deed::Create,
            (Some(_), Some(_)) => Deed::Edit,
            (Some(_), None) => Deed::Remove,
        };
        let doc = change.old.as_ref().unwrap_or_else(|| change.doc());
        Ok(Self {
            deed,
            owner: owner(view, doc)?,
            fields: fields(change.old.as_ref(), change.new.as_ref()),
            steps: steps(view, change)?,
            gives: gives(change, user),
        })
    }
}

fn gives(change: &Change, user: &str) -> bool {
    let (Some(new), Some(field)) = (&change.new, owner_field(change.doc().kind)) else { return false };
    match (change.old.as_ref().and_then(|old| old.text(field)), new.text(field)) {
        (before, Some(after)) => {
            before != Some(after) && (after != user || before.is_some_and(|b| b != user))
        }
        // What somebody else had goes back to nobody.
        (Some(before), None) => before != user && new.text("pool").is_none(),
        (None, None) => false,
    }
}

/// The fields in which two states of a record differ, `rows.field` for those of rows.
#[must_use]
pub fn fields(old: Option<&Doc>, new: Option<&Doc>) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    let Some(doc) = new.or(old) else { return fields };
    for field in doc.kind.all().filter(|field| field.name != "id") {
        let value = |doc: Option<&Doc>| doc.and_then(|doc| doc.get(field.name)).cloned();
        if value(old) == value(new) {
            continue;
        }
        let Type::Rows(kind) = field.ty else {
            fields.insert(field.name.to_owned());
            continue;
        };
        let by_key = |doc: Option<&Doc>| -> BTreeMap<String, Row> {
            let rows = doc.map_or(&[][..], |doc| doc.rows(field.name)).iter();
            rows.map(|row| (format!("{:?}", row.get(kind.key)), row.clone())).collect()
        };
        let (old, new) = (by_key(old), by_key(new));
        let empty = Row::new();
        for key in old.keys().chain(new.keys()) {
            let (old, new) = (old.get(key).unwrap_or(&empty), new.get(key).unwrap_or(&empty));
            let named = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name));
            fields.extend(named.map(|name| format!("{}.{name}", field.name)));
        }
        // What forbids the rows forbids each of their fields.
        fields.insert(field.name.to_owned());
    }
    fields
}

/// Steps, each with its type and the verbs that may be meant by it.
type Steps = Vec<(&'static str, Vec<&'static str>)>;

/// The steps of a change.
fn steps(view: &dyn View, change: &Change) -> Result<Steps, Problem> {
    let mut steps = Steps::new();
    let kind = change.doc().kind;
    let Some(new) = &change.new else { return Ok(steps) };
    let old = change.old.as_ref();
    let text = |doc: Option<&Doc>, field: &str| doc.and_then(|doc| doc.text(field)).map(str::to_owned);
    let sets = |field: &str| new.get(field).is_some() && text(old, field) != text(Some(new), field);
    for (from, to) in moves(old, new) {
        let verbs = kind.traits.moves.iter().filter(|m| m.to == to && m.from.contains(&from.as_str()));
        let mut verbs: Vec<_> = verbs.map(|m| m.verb).collect();
        verbs.dedup();
        steps.extend((!verbs.is_empty()).then_some((kind.name, verbs)));
    }
    // A verb that leaves the state where it is tells by its fields.
    if let Some(old) = old {
        for step in
            kind.traits.moves.iter().filter(|step| step.to == old.state() && old.state() == new.state())
        {
            let fields = step.sets.iter().map(|field| field.trim_end_matches('!'));
            if step.from.contains(&step.to)
                && fields.into_iter().any(|field| old.get(field) != new.get(field))
            {
                steps.push((kind.name, vec![step.verb]));
            }
        }
    }
    if old.is_none() {
        steps.extend(needed(kind, new.state()).into_iter().map(|verb| (kind.name, vec![verb])));
    }
    steps.extend(staged(view, change)?.map(|verb| (kind.name, vec![verb])));
    let raised = new.get("approved_discount").is_some()
        && old.and_then(|old| old.get("approved_discount")) != new.get("approved_discount");
    if sets("approved_by") || raised {
        steps.push((kind.name, vec!["approve"]));
    }
    if sets("merged_into") {
        steps.push((kind.name, vec!["merge"]));
    }
    if sets("reverses") {
        steps.push((kind.name, vec!["reverse"]));
    }
    if let Some(field) = owner_field(new.kind)
        && old.is_some()
        && text(old, field) != text(Some(new), field)
    {
        steps.push((
            kind.name,
            match (text(old, "pool"), text(Some(new), "pool")) {
                (Some(_), None) => vec!["claim", "assign"],
                (None, Some(_)) => vec!["release", "recycle"],
                _ => vec!["assign"],
            },
        ));
    }
    if old.is_none() && new.text("reverses").is_none() {
        let refund = new.text("kind") == Some("refund");
        let made = MAKES.iter().filter(|(fact, ..)| *fact == kind.name);
        steps.extend(made.map(|(_, noun, verb)| (*noun, vec![if refund { "refund" } else { *verb }])));
    }
    Ok(steps)
}

/// The verbs without which a record cannot have come to a state: they are asked of whoever makes
/// it there.
fn needed(kind: &'static Kind, state: &str) -> Vec<&'static str> {
    let blank = Doc::new(kind, "");
    let first = blank.state().to_owned();
    let moves = kind.traits.moves;
    let reached = |without: &str| {
        let mut known = BTreeSet::from([first.as_str()]);
        loop {
            let next = moves.iter().find(|step| {
                step.verb != without
                    && !known.contains(step.to)
                    && step.from.iter().any(|from| known.contains(from))
            });
            match next {
                Some(step) => known.insert(step.to),
                None => return known.contains(state),
            };
        }
    };
    let mut verbs: Vec<&'static str> = moves.iter().map(|step| step.verb).collect();
    verbs.sort_unstable();
    verbs.dedup();
    // A state to which no moves lead asks for none.
    if state == first || !reached("") {
        return Vec::new();
    }
    verbs.retain(|verb| !reached(verb));
    verbs
}

/// The verb by which an opportunity goes from stage to stage: its stages are records.
fn staged(view: &dyn View, change: &Change) -> Result<Option<&'static str>, Problem> {
    let Some(new) = change.new.as_ref().filter(|new| new.kind.name == "opportunity") else {
        return Ok(None);
    };
    let to = stage_type(view, new)?;
    let (from, same) = match &change.old {
        Some(old) => (stage_type(view, old)?, old.state() == new.state()),
        None => ("open".to_owned(), true),
    };
    Ok(match (from.as_str(), to.as_str()) {
        ("open", "won") => Some("win"),
        ("open", "lost") => Some("lose"),
        ("won" | "lost", "open") => Some("reopen"),
        _ if same => None,
        _ => Some("stage"),
    })
}

/// The moves of the state between two states of a record: what the history gained, else the
/// difference.
fn moves(old: Option<&Doc>, new: &Doc) -> Vec<(String, String)> {
    let blank = Doc::new(new.kind, new.id());
    let told: Vec<_> = gained(old, new)
        .filter(|moved| moved.field.is_none())
        .filter_map(|moved| Some((moved.from.clone()?, moved.to.clone()?)))
        .collect();
    // A record may be made in a later state.
    let before = old.unwrap_or(&blank).state();
    if told.is_empty() && before != new.state() {
        return vec![(before.to_owned(), new.state().to_owned())];
    }
    let mut told = told;
    // What the history says of where it began proves nothing.
    if old.is_some()
        && let (Some((from, to)), Some((_, last))) = (told.first().cloned(), told.last())
        && from != before
        && last == new.state()
    {
        told.push((before.to_owned(), to));
    }
    told
}

/// The entries that the history gained.
pub fn gained<'a>(old: Option<&'a Doc>, new: &'a Doc) -> impl Iterator<Item = &'a Moved> {
    new.history.iter().filter(move |moved| !old.is_some_and(|old| old.history.contains(moved)))
}

/// What a person asks about: `edit`, `assign`, `ship`, `confirm` …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    Deed(Deed),
    Verb(&'a str),
}

/// A change as somebody would ask for it, to be judged and never made: what `user` does to this
/// record. `None` where there is no such verb on its type.
pub fn imagined(view: &dyn View, doc: &Doc, action: Action<'_>, user: &str) -> Option<Change> {
    let changed = |edit: &dyn Fn(&mut Doc)| {
        let mut new = doc.clone();
        edit(&mut new);
        Some(Change { old: Some(doc.clone()), new: Some(new) })
    };
    let verb = match action {
        Action::Deed(Deed::Create) => return Some(Change { old: None, new: Some(doc.clone()) }),
        Action::Deed(Deed::Read) => return None,
        Action::Deed(Deed::Edit) => return changed(&|_| {}),
        Action::Deed(Deed::Remove) => return Some(Change { old: Some(doc.clone()), new: None }),
        Action::Verb(verb) => verb,
    };
    let text = |value: &str| Some(Value::Text(value.to_owned()));
    if let Some(step) = doc.kind.traits.moves.iter().find(|step| step.verb == verb) {
        return match verb {
            "approve" if step.to == doc.state() => changed(&|new| new.set("approved_by", text(user))),
            _ => changed(&|new| {
                // A state that is not there now is imagined.
                let from = step.from.first().copied().unwrap_or_default().to_owned();
                let mut moved = Moved { to: text_of(step.to), from: Some(from), ..blank(user, new) };
                if step.from.contains(&new.state()) {
                    moved.from = Some(new.state().to_owned());
                }
                new.history.push(moved);
            }),
        };
    }
    match (verb, owner_field(doc.kind)) {
        ("assign", Some(field)) => return changed(&|new| new.set(field, text(SOMEBODY))),
        ("claim", Some(field)) => {
            return changed(&|new| {
                new.set(field, text(user));
                new.set("pool", None);
            });
        }
        ("release", Some(field)) => {
            return changed(&|new| {
                new.set(field, None);
                new.set("pool", text(SOMEBODY));
            });
        }
        _ => {}
    }
    let (fact, ..) = MAKES.iter().find(|(_, noun, made)| *noun == doc.kind.name && *made == verb)?;
    let mut made = Doc::new(view.schema().kind(fact)?, SOMEBODY);
    made.set("order", text(doc.id()));
    made.set("created_by", text(user));
    Some(Change { old: None, new: Some(made) })
}

/// Somebody else, of whom nothing is known.
const SOMEBODY: &str = "-";

fn text_of(state: &str) -> Option<String> {
    Some(state.to_owned())
}

fn blank(user: &str, doc: &Doc) -> Moved {
    let at = match doc.get("created_at") {
        Some(Value::Instant(at)) => *at,
        _ => chrono::DateTime::UNIX_EPOCH.fixed_offset(),
    };
    Moved { at, by: user.to_owned(), field: None, from: None, to: None, reason: None }
}

/// The verbs of a type that a role may deny.
pub fn verbs(kind: &Kind) -> Vec<&'static str> {
    let mut verbs: Vec<&'static str> = kind.traits.moves.iter().map(|step| step.verb).collect();
    verbs.extend(MAKES.iter().filter(|(_, noun, _)| *noun == kind.name).map(|(.., verb)| *verb));
    if kind.field("owner").is_some() || kind.field("assignee").is_some() {
        verbs.push("assign");
    }
    if kind.field("pool").is_some() {
        verbs.extend(["claim", "release"]);
    }
    if kind.name == "opportunity" {
        verbs.extend(["lose", "reopen", "stage", "win"]);
    }
    verbs.sort_unstable();
    verbs.dedup();
    verbs
}
