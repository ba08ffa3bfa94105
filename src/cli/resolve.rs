//! From what a person calls a record to its id: id, unique beginning, slug, number, exact name,
//! e-mail, phone or `source_ref`; `me` is the acting user.

use super::context::Context;
use super::error::Failure;
use super::store::{Resolve, Store};
use crate::draft::{Actor, Draft};
use crate::exchange::Resolver;
use crate::mirror::Mirror;
use crate::model::record::{Doc, Kind, Type, Value};
use crate::model::value::parse_phone;
use crate::model::{Class, Problem};
use crate::query::nearest;
use crate::rules::View;
use crate::rules::support::holds;

/// Most candidates a message lists.
const LISTED: usize = 8;

/// A record that a text may mean: noun, id, title.
pub type Candidate = (String, String, String);

/// Names on the command line, looked up beside a change.
pub struct Names<'a> {
    pub context: &'a Context,
    records: &'a dyn Resolve,
    mentioned: std::cell::RefCell<Vec<String>>,
}

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

impl<'a> Names<'a> {
    /// Names over the records a change builds on.
    pub fn new(context: &'a Context, records: &'a dyn Resolve) -> Self {
        Self { context, records, mentioned: std::cell::RefCell::default() }
    }

    /// The records that the change builds on, for questions about many of them.
    pub fn mirror(&self) -> &'a Mirror {
        self.records.mirror()
    }

    /// Remembers a record the command was about: its id is printed where nothing was made.
    pub fn mention(&self, id: &str) {
        let mut mentioned = self.mentioned.borrow_mut();
        if !mentioned.iter().any(|m| m == id) {
            mentioned.push(id.to_owned());
        }
    }

    /// The records mentioned.
    pub fn mentioned(&self) -> Vec<String> {
        self.mentioned.borrow().clone()
    }

    /// The id of the one record of these types that a text names.
    pub fn one(&self, draft: &Draft<'_>, nouns: &[&str], text: &str) -> Result<String, Problem> {
        self.one_of(draft, nouns, text).map(|(_, id)| id)
    }

    /// The noun and id of the one record of these types that a text names.
    pub fn one_of(&self, draft: &Draft<'_>, nouns: &[&str], text: &str) -> Result<(String, String), Problem> {
        let text = text.trim();
        if text == "me" && nouns.contains(&"user") {
            return Ok(("user".to_owned(), draft.setting.actor.id.clone()));
        }
        for noun in nouns {
            let kind = draft.kind(noun);
            if full_id(kind, text) && draft.get(kind, text)?.is_some() {
                return Ok(((*noun).to_owned(), survivor(draft, kind, text)?));
            }
        }
        let mut found = self.found(nouns, text)?;
        for change in draft.pending() {
            let Some(doc) = change.new.as_ref().filter(|d| nouns.contains(&d.kind.name)) else { continue };
            if named_by(doc, text) && !found.iter().any(|(_, id, _)| id == doc.id()) {
                found.push((doc.kind.name.to_owned(), doc.id().to_owned(), doc.title().to_owned()));
            }
        }
        // A number that revisions share is that of the last one, which may be of this change.
        let revised =
            |id: &str| draft.pending().any(|c| c.new.as_ref().is_some_and(|d| d.text("revises") == Some(id)));
        if found.len() > 1 {
            found.retain(|(_, id, _)| !revised(id));
        }
        let (noun, id) = single(nouns, text, &found, || suggestions(self.records, draft, nouns, text))?;
        let id = survivor(draft, draft.kind(&noun), &id)?;
        Ok((noun, id))
    }

    /// As [`Names::one`], but an id or the beginning of one means the record itself, where it was
    /// merged into another, too.
    pub fn itself(&self, draft: &Draft<'_>, noun: &str, text: &str) -> Result<String, Problem> {
        let (kind, text) = (draft.kind(noun), text.trim());
        if full_id(kind, text) && draft.get(kind, text)?.is_some() {
            return Ok(text.to_owned());
        }
        let begins = text.strip_prefix(kind.prefix).and_then(|rest| rest.strip_prefix('_'));
        if begins.is_some_and(|rest| !rest.is_empty()) {
            let found = self.mirror().find_prefix(text).map_err(super::store::as_problem)?;
            if let [one] = found.as_slice() {
                return Ok(one.id.clone());
            }
        }
        self.one(draft, &[noun], text)
    }

    /// The record itself.
    pub fn record(&self, draft: &Draft<'_>, nouns: &[&str], text: &str) -> Result<Doc, Problem> {
        let (noun, id) = self.one_of(draft, nouns, text)?;
        draft.need(&noun, &id)
    }

    /// Every record named by each text, each once.
    pub fn all(&self, draft: &Draft<'_>, nouns: &[&str], texts: &[String]) -> Result<Vec<String>, Problem> {
        let mut ids = Vec::new();
        for text in texts {
            let id = self.one(draft, nouns, text)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    fn found(&self, nouns: &[&str], text: &str) -> Result<Vec<Candidate>, Problem> {
        either(self.context, text, |text| self.records.named(nouns, text))
    }
}

/// What is found by a text as a phone number in the spelling of the files, where it looks like one,
/// else by the text as it is: numbers of papers are digits as well.
fn either<T, E>(
    context: &Context,
    text: &str,
    find: impl Fn(&str) -> Result<Vec<T>, E>,
) -> Result<Vec<T>, E> {
    let phone = lookup_text(context, text);
    let found = find(&phone)?;
    if found.is_empty() && phone != text { find(text) } else { Ok(found) }
}

/// A phone number in the spelling of the files, anything else as it is.
fn lookup_text(context: &Context, text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let phone_like = digits >= 7 && text.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    if phone_like
        && !text.starts_with("20")
        && let Ok(phone) = parse_phone(text, context.schema.settings.text("company.country"))
    {
        return phone;
    }
    text.to_owned()
}

/// Whether a text has the form of a full id of the type.
fn full_id(kind: &Kind, text: &str) -> bool {
    if kind.is_slug() {
        return crate::model::value::parse_slug(text).is_ok();
    }
    crate::model::value::is_id(text) && text.starts_with(kind.prefix)
}

/// Lets a record refer to what merged records were merged into, as people see them.
pub fn refer_to_living(doc: &mut Doc, survivors: &std::collections::BTreeMap<String, String>) {
    if survivors.is_empty() {
        return;
    }
    let kind = doc.kind;
    for field in kind.all().filter(|f| !matches!(f.name, "merged_into" | "distinct_from")) {
        let Some(mut value) = doc.get(field.name).cloned() else { continue };
        match (field.ty, &mut value) {
            (Type::Rows(rows), Value::Rows(all)) => {
                let refers = |name: &str| matches!(rows.field(name).map(|f| f.ty), Some(Type::Ref(_)));
                let values = all.iter_mut().flat_map(|row| row.iter_mut());
                values.filter(|(name, _)| refers(name)).for_each(|(_, value)| living(value, survivors));
            }
            (Type::Ref(_), value) => living(value, survivors),
            _ => continue,
        }
        doc.set(field.name, Some(value));
    }
}

fn living(value: &mut Value, survivors: &std::collections::BTreeMap<String, String>) {
    match value {
        Value::Text(id) => {
            if let Some(survivor) = survivors.get(id.as_str()) {
                id.clone_from(survivor);
            }
        }
        Value::List(values) => values.iter_mut().for_each(|value| living(value, survivors)),
        _ => {}
    }
}

/// The record that a merged one lives on in.
fn survivor(view: &dyn View, kind: &'static Kind, id: &str) -> Result<String, Problem> {
    let mut id = id.to_owned();
    for _ in 0..100 {
        let next = view.get(kind, &id)?.and_then(|doc| doc.text("merged_into").map(str::to_owned));
        match next {
            Some(next) => id = next,
            None => break,
        }
    }
    Ok(id)
}

fn named_by(doc: &Doc, text: &str) -> bool {
    doc.text("source_ref") == Some(text) || doc.kind.traits.lookup.iter().any(|field| holds(doc, field, text))
}

fn single(
    nouns: &[&str],
    text: &str,
    found: &[Candidate],
    near: impl FnOnce() -> Vec<String>,
) -> Result<(String, String), Problem> {
    let noun = if let [noun] = nouns { noun } else { "record" };
    match found {
        [(noun, id, _)] => Ok((noun.clone(), id.clone())),
        [] => Err(Problem::new(Class::NotFound, "no-such-record")
            .arg("noun", noun)
            .arg("value", text)
            .candidates(near())),
        many => Err(Problem::new(Class::Ambiguous, "ambiguous-record")
            .arg("noun", noun)
            .arg("value", text)
            .arg("count", many.len())
            .candidates(many.iter().take(LISTED).map(|(_, id, title)| format!("{id} {title}")))),
    }
}

/// What comes near a name that was not found: codes and slugs of small lists.
fn suggestions(records: &dyn Resolve, draft: &Draft<'_>, nouns: &[&str], text: &str) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for noun in nouns.iter().filter(|noun| draft.kind(noun).is_slug()) {
        known.extend(records.slugs(noun));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    nearest(text, &known)
}

/// The record that a text names when only reading: type and id.
pub fn read_one(
    context: &Context,
    store: &Store,
    kinds: &[&'static Kind],
    text: &str,
    mirror: &dyn Fn() -> Result<Vec<Candidate>, Failure>,
) -> Result<(&'static Kind, String), Failure> {
    for kind in kinds {
        if !kind.is_slug() && full_id(kind, text) && store.repo.read_work(&kind.path(text))?.is_some() {
            return Ok((kind, text.to_owned()));
        }
    }
    if let [kind] = kinds
        && kind.is_slug()
        && full_id(kind, text)
        && store.repo.read_work(&kind.path(text))?.is_some()
    {
        return Ok((kind, text.to_owned()));
    }
    let _ = context;
    let nouns: Vec<&str> = kinds.iter().map(|k| k.name).collect();
    let found = mirror()?;
    let (noun, id) = single(if nouns.len() == 1 { &nouns } else { &["record"] }, text, &found, Vec::new)?;
    let kind =
        store.schema().kind(&noun).ok_or_else(|| Problem::usage("unknown-noun").arg("value", &noun))?;
    Ok((kind, id))
}

/// The id of the one user whom a text names.
pub fn user_named(context: &Context, mirror: &Mirror, text: &str) -> Result<String, Failure> {
    match candidates(context, mirror, &["user"], text)?.as_slice() {
        [(_, id, _)] => Ok(id.clone()),
        _ => {
            Err(Problem::new(Class::NotFound, "no-such-record").arg("noun", "user").arg("value", text).into())
        }
    }
}

/// Candidates of a text among the records of these types, from a mirror.
pub fn candidates(
    context: &Context,
    mirror: &Mirror,
    nouns: &[&str],
    text: &str,
) -> Result<Vec<Candidate>, Failure> {
    if text == "me" && nouns.contains(&"user") {
        let actor: Actor = context.reader()?;
        return Ok(vec![("user".to_owned(), actor.id, actor.name)]);
    }
    let found = either(context, text, |text| mirror.resolve(nouns, text))?;
    Ok(found.into_iter().map(|m| (m.kind.to_owned(), m.id, m.title)).collect())
}

/// Whether a field refers to records, and to which types.
pub fn refers_to(ty: Type) -> Option<&'static [&'static str]> {
    match ty {
        Type::Ref(nouns) => Some(nouns),
        _ => None,
    }
}

impl Resolver for Names<'_> {
    fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        Ok(self.found(nouns, text)?.into_iter().map(|(_, id, _)| id).collect())
    }
}
