//! Every reference points at a record of a legal type, nothing referred to is removed, and no
//! chain of references leads back to where it began.

use std::collections::BTreeSet;

use super::support::{about, is_merged, references as references_of, survivor};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Type};

/// The fields that make chains within a type.
const CHAINS: &[&str] = &["parent", "manager", "reports_to", "merged_into", "revises", "follows"];

/// How many referrers a refusal lists.
const LISTED: usize = 20;

/// `unknown-reference` and `wrong-type-reference`.
pub fn resolve(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for (field, nouns, id) in references_of(doc) {
        if !seen.insert((field.clone(), id)) || is_own(doc, nouns, id) || is_there(view, nouns, id)? {
            continue;
        }
        let foreign = view.schema().kind_of_id(id).is_some_and(|kind| !nouns.contains(&kind.name));
        let name = if foreign { "wrong-type-reference" } else { "unknown-reference" };
        let problem = about(doc, name).arg("field", &field).arg("value", id).field(field);
        found.push(problem.legal(nouns.iter().copied()));
    }
    Ok(())
}

/// A record may refer to itself where its type is legal: the first user made itself.
fn is_own(doc: &Doc, nouns: &[&str], id: &str) -> bool {
    doc.id() == id && nouns.contains(&doc.kind.name)
}

fn is_there(view: &dyn View, nouns: &[&'static str], id: &str) -> Result<bool, Problem> {
    for noun in nouns {
        let Some(kind) = view.schema().kind(noun) else { continue };
        let possible = kind.is_slug() || id.split_once('_').is_some_and(|(prefix, _)| prefix == kind.prefix);
        if possible && view.get(kind, id)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `reference-cycle`: a chain of parents, managers, revisions and the like leads back.
pub fn cycle(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    for name in CHAINS {
        let Some(field) = doc.kind.field(name) else { continue };
        if !matches!(field.ty, Type::Ref([noun]) if *noun == doc.kind.name) {
            continue;
        }
        let follows_merges = *name != "merged_into" && doc.kind.field("merged_into").is_some();
        // A tombstone stands for the record that is kept, whose chain it may close.
        let kept = if follows_merges && is_merged(doc) {
            let id = survivor(view, doc.kind.name, doc.id())?;
            view.get(doc.kind, &id)?
        } else {
            None
        };
        let doc = kept.as_ref().unwrap_or(doc);
        let mut seen = BTreeSet::from([doc.id().to_owned()]);
        let mut next = doc.text(name).map(str::to_owned);
        while let Some(id) = next {
            let id = if follows_merges { survivor(view, doc.kind.name, &id)? } else { id };
            if !seen.insert(id.clone()) {
                if id == doc.id() {
                    found.push(about(doc, "reference-cycle").arg("field", name).field(*name));
                }
                break;
            }
            next = view.get(doc.kind, &id)?.and_then(|doc| doc.text(name).map(str::to_owned));
        }
    }
    Ok(())
}

/// `still-referenced`: a record goes while others point at it.
pub fn still(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), None) = (&change.old, &change.new) else { return Ok(()) };
    let referring = view.referring(old.id())?;
    let mut referrers = Vec::new();
    for (noun, id, field) in referring {
        if points(view, noun, &field, old.kind.name) {
            referrers.push(format!("{noun} {id} {field}"));
        }
    }
    if !referrers.is_empty() {
        let count = referrers.len();
        referrers.truncate(LISTED);
        found.push(about(old, "still-referenced").arg("count", count).candidates(referrers));
    }
    Ok(())
}

/// Whether a field can mean a record of a type: slugs of two types may be spelled alike.
fn points(view: &dyn View, noun: &str, field: &str, target: &str) -> bool {
    let Some(kind) = view.schema().kind(noun) else { return true };
    let (outer, inner) = field.split_once('.').map_or((field, None), |(outer, inner)| (outer, Some(inner)));
    let declared = kind.field(outer).and_then(|f| match inner {
        Some(inner) => f.rows().and_then(|rows| rows.field(inner)),
        None => Some(f),
    });
    !matches!(declared.map(|f| f.ty), Some(Type::Ref(nouns)) if !nouns.contains(&target))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        CHEN, HAINA, LEAD, QUOTE, WANG, fresh, removed, sample, varied, with, written,
    };

    #[test]
    fn a_reference_points_at_a_record_of_a_legal_type() {
        varied(
            "customer",
            HAINA,
            &[
                (&[("owner", "nobody")], &["unknown-reference"]),
                (&[("parent", CHEN)], &[]),
                (&[("parent", "cus_zzzzzzzzzzzz")], &["unknown-reference"]),
                (&[("parent", LEAD)], &["wrong-type-reference"]),
                (&[("intents.id", "kkkkkk"), ("intents.product", "TANK")], &["unknown-reference"]),
            ],
        );
    }

    #[test]
    fn one_of_several_types_will_do() {
        let store = sample();
        let call = [("kind", "call"), ("status", "planned"), ("due", "2026-04-01"), ("owner", "li.na")];
        fresh(
            &store,
            "followup",
            "fup_kkkkkkkkkkkk",
            &call,
            &[
                (&[("target", HAINA)], &[]),
                (&[("target", QUOTE)], &[]),
                (&[("target", "mov_kkkkkkkkkkkk")], &["wrong-type-reference"]),
                (&[("target", HAINA), ("participants", "con_kkkkkkkkkkkk;li.na")], &[]),
            ],
        );
    }

    #[test]
    fn a_chain_of_references_does_not_lead_back() {
        let mut store = sample();
        let parent = |of, id| store.doc("team", of, &[("name", of), ("parent", id)]);
        let (one, two) = (parent("one", "two"), parent("two", "one"));
        let sound = parent("two", "south");
        store.put(one.clone());
        store.put(sound);
        assert_eq!(super::super::testing::checked(&store, &one), [""; 0]);
        assert_eq!(written(&store, &[], &[two]), ["reference-cycle"]);
        assert_eq!(
            written(&store, &[], &[with(&store, "customer", HAINA, &[("parent", HAINA)])]),
            ["reference-cycle"]
        );
    }

    #[test]
    fn what_is_referred_to_is_not_removed() {
        assert_eq!(removed(&sample(), &[], "customer", HAINA), ["still-referenced"]);
        assert_eq!(removed(&sample(), &[], "contact", WANG), [""; 0]);
        let mut store = sample();
        store.add("region", "south", &[("name", "South")]);
        store.put(with(&store, "user", "li.na", &[("team", "south")]));
        assert_eq!(removed(&store, &[], "region", "south"), [""; 0]);
        assert_eq!(removed(&store, &[], "team", "south"), ["still-referenced"]);
    }
}
