//! Two records that mean one: merged, taken apart again, or told to be different.
//!
//! A merge writes the record that is kept and the tombstones, nothing else: whatever refers to a
//! tombstone is read as referring to what it was merged into. Deliberately absent: finding
//! duplicates (see `dedupe`), and what a merge cannot be, which is for the rules where it is not
//! needed to say what is merged.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, plain};
use crate::model::record::{Card, Doc, Field, Row, Type, Value};
use crate::model::{Class, Problem};
use crate::rules::support::{about, is_merged, is_one, survivor, text};
use crate::rules::tombstones::{digest, is_edited};
use crate::rules::{Judge, View, customers, leads};

/// Parts of one address: those of two addresses are not mixed.
const PLACE: &[&str] = &["country", "province", "city", "district", "street", "postcode"];

/// Fields that say something about the record itself, or are merged in a way of their own.
const OWN: &[&str] = &[
    "id",
    "created_at",
    "created_by",
    "key",
    "archived",
    "inactive",
    "primary",
    "phone",
    "other_phones",
    "email",
    "other_emails",
    "owner",
    "pool",
    "protected_until",
    "distinct_from",
    "merged_into",
    "merged_digest",
];

/// Merges records into one. `prefer` names fields whose value comes from a certain one of them.
/// What was merged into it before stays as it is, but for one that was edited since, in another
/// clone: what is new on it is brought over.
pub fn merge(
    draft: &mut Draft<'_>,
    noun: &str,
    keep: &str,
    drops: &[String],
    prefer: &[(String, String)],
) -> Result<(), Problem> {
    let mut kept = draft.need(noun, keep)?;
    let refuse = |doc: &Doc, rule| about(doc, rule).arg("into", keep).field("merged_into");
    if is_merged(&kept) {
        let into = survivor(&*draft, noun, keep)?;
        return Err(refuse(&kept, "merge-into-merged").candidates([into]));
    }
    let mut gone: Vec<Doc> = Vec::new();
    for id in drops {
        let doc = draft.need(noun, id)?;
        if id == keep {
            return Err(refuse(&doc, "merge-self"));
        }
        let known = gone.iter().any(|other| other.id() == id);
        let here = is_merged(&doc) && survivor(&*draft, noun, id)? == keep;
        if known || here && !is_edited(&doc) {
            continue;
        }
        if is_merged(&doc) && !here {
            return Err(refuse(&doc, "merged-record")
                .arg("edited", "no")
                .candidates([survivor(&*draft, noun, id)?]));
        }
        if doc.state() == "converted" && kept.state() != "converted" {
            return Err(refuse(&doc, "merge-converted").candidates([id]));
        }
        gone.push(doc);
    }
    let chosen = chosen(&kept, drops, prefer)?;
    if gone.is_empty() {
        return Ok(());
    }
    let before = kept.clone();
    Merging { draft, kept: &mut kept, gone: &gone, chosen: &chosen }.merge()?;
    if chosen.contains_key("kind") {
        draft.setting.allow.insert("prefer-kind".to_owned());
    }
    draft.remarks.extend(lost(&before, &gone, &kept));
    let names: Vec<String> = gone.iter().map(|doc| format!("{} ({})", doc.title(), doc.id())).collect();
    draft.about = Some(format!("{} into {} ({keep})", names.join(", "), kept.title()));
    draft.put(kept.clone())?;
    for mut doc in gone {
        if !is_merged(&doc) {
            doc.set("merged_into", Some(text(keep)));
        }
        doc.set("merged_digest", Some(text(&digest(&doc))));
        draft.put(doc)?;
    }
    pass_duplicates(draft, &kept)
}

/// Takes a record out of its merge. What the other gained from it stays there.
pub fn unmerge(draft: &mut Draft<'_>, noun: &str, id: &str) -> Result<(), Problem> {
    let mut doc = draft.need(noun, id)?;
    if is_merged(&doc) {
        doc.set("merged_into", None);
        doc.set("merged_digest", None);
        draft.put(doc.clone())?;
        pass_duplicates(draft, &doc)?;
    }
    Ok(())
}

/// Tells two records apart for good: the smaller id says so.
pub fn distinct(draft: &mut Draft<'_>, noun: &str, one: &str, other: &str) -> Result<(), Problem> {
    if one == other {
        return Err(about(&draft.need(noun, one)?, "distinct-self"));
    }
    let (mut first, second) = (draft.need(noun, one.min(other))?, draft.need(noun, one.max(other))?);
    let says = |doc: &Doc, id: &str| doc.list("distinct_from").any(|found| found == id);
    if !says(&first, second.id()) && !says(&second, first.id()) {
        add_distinct(&mut first, [second.id()]);
        draft.put(first)?;
    }
    Ok(())
}

/// Notes on a record that what it shares with others is meant (`--allow-duplicate`).
pub fn note_distinct(draft: &mut Draft<'_>, id: &str) -> Result<(), Problem> {
    let Some(mut doc) = draft.record("customer", id)? else { return Ok(()) };
    let found = duplicates_of(draft, &doc)?;
    let twins: BTreeSet<&str> = found.iter().filter_map(|problem| problem.get("other")).collect();
    if twins.is_empty() {
        return Ok(());
    }
    add_distinct(&mut doc, twins);
    draft.put(doc)?;
    draft.warnings.extend(found.into_iter().map(Problem::as_warning));
    Ok(())
}

/// Whether a record answers to a value by another field than the one that holds its own: a further
/// number or address, or the reference of a record that was merged into it. Who finds a record by
/// such a value means it as it is, and does not want its own replaced.
pub fn answers_to(draft: &Draft<'_>, doc: &Doc, field: &str, value: &Value) -> Result<bool, Problem> {
    let Some(value) = value.as_text().filter(|_| doc.get(field).is_some()) else { return Ok(false) };
    Ok(match field {
        "phone" => doc.list("other_phones").any(|other| other == value),
        "email" => doc.list("other_emails").any(|other| other.eq_ignore_ascii_case(value)),
        "source_ref" if doc.kind.field("merged_into").is_some() => {
            let merged = draft.all_with(doc.kind.name, "merged_into", doc.id())?;
            merged.iter().any(|doc| doc.text("source_ref") == Some(value))
        }
        _ => false,
    })
}

fn add_distinct<'i>(doc: &mut Doc, ids: impl IntoIterator<Item = &'i str>) {
    let mut all: BTreeSet<String> = doc.list("distinct_from").map(str::to_owned).collect();
    all.extend(ids.into_iter().map(str::to_owned));
    let all = all.into_iter().map(Value::Text).collect();
    doc.set("distinct_from", Some(Value::List(all)));
}

fn duplicates_of(draft: &Draft<'_>, doc: &Doc) -> Result<Vec<Problem>, Problem> {
    let allow = BTreeSet::new();
    let judge = Judge { allow: &allow, now: draft.setting.now, today: draft.setting.today };
    let mut found = Vec::new();
    customers::duplicates(draft, &judge, doc, &mut found)?;
    leads::duplicates(draft, &judge, doc, &mut found)?;
    Ok(found)
}

/// A merge makes no duplicates, it may only show what was double before: that is told, not refused.
fn pass_duplicates(draft: &mut Draft<'_>, doc: &Doc) -> Result<(), Problem> {
    if duplicates_of(draft, doc)?.iter().any(|problem| !problem.warning) {
        draft.setting.allow.insert("allow-duplicate".to_owned());
    }
    Ok(())
}

/// The records that fields are to come from, by field.
fn chosen(
    kept: &Doc,
    drops: &[String],
    prefer: &[(String, String)],
) -> Result<BTreeMap<&'static str, String>, Problem> {
    let mut chosen = BTreeMap::new();
    for (name, id) in prefer {
        let name = name.replace('-', "_");
        let can = |field: &&Field| preferable(field);
        let Some(field) = kept.kind.all().find(|field| field.name == name && can(field)) else {
            let legal = kept.kind.all().filter(can).map(|field| field.name);
            return Err(Problem::usage("cannot-prefer")
                .arg("field", &name)
                .arg("noun", kept.kind.name)
                .field(name)
                .legal(legal));
        };
        if id != kept.id() && !drops.contains(id) {
            return Err(Problem::new(Class::NotFound, "prefer-other")
                .arg("field", field.name)
                .arg("record", id)
                .field(field.name)
                .candidates(std::iter::once(kept.id()).chain(drops.iter().map(String::as_str))));
        }
        chosen.insert(field.name, id.clone());
    }
    Ok(chosen)
}

/// Whether one can say from which record a field comes: whatever is one value and not a verb's.
fn preferable(field: &Field) -> bool {
    let own = OWN.contains(&field.name) && !matches!(field.name, "phone" | "email" | "owner");
    !field.many() && field.rows().is_none() && !field.marks.verb && !field.marks.immutable && !own
}

/// A merge under way.
struct Merging<'m, 'd> {
    draft: &'m Draft<'d>,
    kept: &'m mut Doc,
    gone: &'m [Doc],
    chosen: &'m BTreeMap<&'static str, String>,
}

impl<'m> Merging<'m, '_> {
    fn merge(&mut self) -> Result<(), Problem> {
        self.preferred()?;
        for doc in self.gone {
            self.values(doc)?;
            self.rows(doc);
        }
        self.sets();
        for (main, further) in [("phone", "other_phones"), ("email", "other_emails")] {
            self.reach(main, further);
        }
        self.owner();
        self.links()?;
        self.first_contact()?;
        self.status();
        Ok(())
    }

    fn source(&self, id: &str) -> Option<&'m Doc> {
        self.gone.iter().find(|doc| doc.id() == id)
    }

    /// Values that are to come from a certain record.
    fn preferred(&mut self) -> Result<(), Problem> {
        for (name, id) in self.chosen {
            let Some(doc) = self.source(id).filter(|_| !OWN.contains(name)).cloned() else { continue };
            if is_money(&doc, name) && self.currency(&doc) != self.currency(self.kept) {
                let currency = self.currency(&doc).to_owned();
                self.draft.set(self.kept, "currency", Some(text(&currency)));
            }
            if let Some(value) = doc.get(name).cloned()
                && !self.is_kept(name, &value)?
            {
                self.draft.set(self.kept, name, Some(value));
            }
        }
        Ok(())
    }

    /// Values that the kept record lacks.
    fn values(&mut self, doc: &Doc) -> Result<(), Problem> {
        let same_place = PLACE.iter().all(|name| {
            let (ours, theirs) = (self.kept.get(name), doc.get(name));
            ours.is_none() || theirs.is_none() || ours == theirs
        });
        let has_money = self.kept.kind.all().any(|f| f.ty == Type::Money && self.kept.get(f.name).is_some());
        // An amount is compared in the currency that the record has by then.
        let mut fields: Vec<&Field> = doc.kind.all().filter(|field| preferable(field)).collect();
        fields.sort_by_key(|field| field.name != "currency");
        for field in fields.into_iter().filter(|field| !OWN.contains(&field.name)) {
            let (name, Some(value)) = (field.name, doc.get(field.name)) else { continue };
            let same_currency = self.currency(doc) == self.currency(self.kept);
            let fits = match name {
                _ if PLACE.contains(&name) => same_place,
                "currency" => !has_money || same_currency,
                _ if field.ty == Type::Money => same_currency,
                _ => true,
            };
            if fits && self.kept.get(name).is_none() && !self.is_kept(name, value)? {
                self.draft.set(self.kept, name, Some(value.clone()));
            }
        }
        Ok(())
    }

    /// Whether a value refers to one of the merged records: nothing is its own parent.
    fn is_kept(&self, name: &str, value: &Value) -> Result<bool, Problem> {
        let kind = self.kept.kind;
        let own = kind.field(name).is_some_and(|f| matches!(f.ty, Type::Ref([noun]) if *noun == kind.name));
        let Some(id) = value.as_text().filter(|_| own) else { return Ok(false) };
        let id = survivor(self.draft, kind.name, id)?;
        Ok(id == self.kept.id() || self.gone.iter().any(|doc| doc.id() == id))
    }

    fn currency<'c>(&'c self, doc: &'c Doc) -> &'c str {
        doc.text("currency").unwrap_or_else(|| self.draft.schema().settings.currency())
    }

    /// Rows are appended with their ids; one that says the same is there already.
    fn rows(&mut self, doc: &Doc) {
        for (field, kind) in doc.kind.rows().filter(|(field, _)| !field.marks.verb) {
            let mut rows = self.kept.rows(field.name).to_vec();
            for row in doc.rows(field.name) {
                if rows.iter().any(|other| says_the_same(other, row)) {
                    continue;
                }
                let mut row = row.clone();
                if kind.key == "id" && rows.iter().any(|other| other.get("id") == row.get("id")) {
                    row.insert("id", Value::Text(self.draft.row_id()));
                }
                rows.push(row);
            }
            self.kept.set(field.name, Some(Value::Rows(rows)));
        }
    }

    fn sets(&mut self) {
        let sets = self.kept.kind.all().filter(|field| field.many() && !OWN.contains(&field.name));
        for field in sets.filter(|field| !field.marks.verb) {
            let mut members = list(self.kept, field.name);
            for value in self.gone.iter().flat_map(|doc| list(doc, field.name)) {
                if !members.contains(&value) {
                    members.push(value);
                }
            }
            self.kept.set(field.name, Some(Value::List(members)));
        }
    }

    /// Every number or address, the main one first; one that loses is one of the others.
    fn reach(&mut self, main: &'static str, further: &'static str) {
        let of = |doc: &Doc| doc.text(main).map(str::to_owned);
        let preferred = self.chosen.get(main).and_then(|id| self.source(id)).and_then(of);
        let first = preferred.or_else(|| of(self.kept)).or_else(|| self.gone.iter().find_map(of));
        let docs = std::iter::once(&*self.kept).chain(self.gone);
        let all = docs.flat_map(|doc| of(doc).into_iter().chain(doc.list(further).map(str::to_owned)));
        let mut others: Vec<String> = Vec::new();
        let key = |value: &str| if main == "email" { value.to_lowercase() } else { value.to_owned() };
        for value in all.collect::<Vec<_>>() {
            let there = first.iter().chain(&others).any(|other| key(other) == key(&value));
            if !there {
                others.push(value);
            }
        }
        self.kept.set(main, first.map(Value::Text));
        self.kept.set(further, Some(Value::List(others.into_iter().map(Value::Text).collect())));
    }

    /// Who has one of them has it; else it lies in a pool where one of them does.
    fn owner(&mut self) {
        let preferred = self.chosen.get("owner").and_then(|id| self.source(id));
        let lacks = self.kept.get("owner").is_none();
        // One that was merged before lost its owner then.
        let first = self.gone.iter().find(|doc| lacks && doc.get("owner").is_some() && !is_merged(doc));
        if let Some(doc) = preferred.or(first).filter(|doc| doc.get("owner").is_some()) {
            self.draft.set(self.kept, "owner", doc.get("owner").cloned());
            self.draft.set(self.kept, "pool", None);
            self.kept.set("protected_until", doc.get("protected_until").cloned());
        } else if lacks && self.kept.get("pool").is_none() {
            let pool = self.gone.iter().find_map(|doc| doc.get("pool")).cloned();
            self.draft.set(self.kept, "pool", pool);
        }
    }

    /// What they were told apart from, but for each other, and chains that would lead back.
    fn links(&mut self) -> Result<(), Problem> {
        let docs = std::iter::once(&*self.kept).chain(self.gone);
        let mut others: BTreeSet<String> = BTreeSet::new();
        for id in docs.flat_map(|doc| doc.list("distinct_from")) {
            let id = survivor(self.draft, self.kept.kind.name, id)?;
            if id != self.kept.id() && !self.gone.iter().any(|doc| doc.id() == id) {
                others.insert(id);
            }
        }
        self.kept.set("distinct_from", Some(Value::List(others.into_iter().map(Value::Text).collect())));
        for name in ["parent", "reports_to"] {
            let Some(value) = self.kept.get(name).cloned() else { continue };
            if self.is_kept(name, &value)? {
                self.draft.set(self.kept, name, None);
            }
        }
        Ok(())
    }

    /// The first contact of a customer stays the first.
    fn first_contact(&mut self) -> Result<(), Problem> {
        for doc in self.gone.iter().filter(|doc| doc.flag("primary")) {
            let (ours, theirs) = (self.kept.text("customer"), doc.text("customer"));
            if let (Some(ours), Some(theirs)) = (ours, theirs)
                && is_one(self.draft, "customer", ours, theirs)?
            {
                self.kept.set("primary", Some(Value::Bool(true)));
            }
        }
        Ok(())
    }

    /// Who must not be sold to under one name must not be under the other.
    fn status(&mut self) {
        if self.kept.kind.name != "customer" || self.kept.state() == "blocked" {
            return;
        }
        let moved = self.kept.history.iter().rev().find(|moved| moved.field.is_none()).map(|moved| moved.at);
        // One that was merged before counts where it was blocked after the last word on this one.
        let blocks = |doc: &&Doc| {
            let last = doc.history.iter().rev().find(|moved| moved.field.is_none()).map(|moved| moved.at);
            doc.state() == "blocked" && (!is_merged(doc) || last > moved)
        };
        if let Some(doc) = self.gone.iter().find(blocks) {
            let said = doc.history.iter().rev().find(|moved| moved.to.as_deref() == Some("blocked"));
            let said = said.and_then(|moved| moved.reason.clone());
            let reason = self.draft.setting.reason.clone().or(said).unwrap_or_else(|| doc.id().to_owned());
            let (on, by) = (self.draft.setting.on, &self.draft.setting.actor.id);
            self.kept.move_to("blocked", on, by, Some(reason));
        }
    }
}

fn is_money(doc: &Doc, name: &str) -> bool {
    doc.kind.field(name).is_some_and(|field| field.ty == Type::Money)
}

fn list(doc: &Doc, name: &str) -> Vec<Value> {
    match doc.get(name) {
        Some(Value::List(values)) => values.clone(),
        _ => Vec::new(),
    }
}

fn says_the_same(one: &Row, other: &Row) -> bool {
    let said =
        |row: &Row| row.iter().filter(|(name, _)| **name != "id").map(|(n, v)| (*n, v.clone())).collect();
    let (one, other): (BTreeMap<&str, Value>, BTreeMap<&str, Value>) = (said(one), said(other));
    one == other
}

/// What stands on no living record any more, for the body of the commit.
fn lost(before: &Doc, gone: &[Doc], kept: &Doc) -> Vec<String> {
    let mut remarks = Vec::new();
    for doc in std::iter::once(before).chain(gone) {
        let fields = doc.kind.all().filter(|field| !field.many() && field.rows().is_none());
        for field in fields.filter(|field| is_said(field)) {
            let Some(value) = doc.get(field.name) else { continue };
            let reach = |further: &str| list(kept, further).contains(value);
            let there = match field.name {
                "phone" => reach("other_phones"),
                "email" => reach("other_emails"),
                _ => false,
            };
            if kept.get(field.name) != Some(value) && !there {
                remarks.push(format!("lost: {} {} of {}", field.name, plain(value), doc.id()));
            }
        }
    }
    remarks
}

/// Whether the loss of a field is worth a word.
fn is_said(field: &Field) -> bool {
    let silent = matches!(
        field.name,
        "id" | "created_at" | "created_by" | "key" | "merged_into" | "merged_digest" | "archived"
    );
    let state = matches!(field.name, "status" | "primary") || field.card == Card::Rows;
    !silent && !state
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
