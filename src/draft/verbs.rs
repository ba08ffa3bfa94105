//! What every type has: adding a record, and verbs that move its state.

use super::opportunity::follow_quotes;
use super::{Draft, complete, ticket};
use crate::model::Problem;
use crate::model::record::{Doc, Row};
use crate::rules::View;

/// Completes a new record and adds it. Gives its id.
pub fn add(draft: &mut Draft<'_>, mut doc: Doc) -> Result<String, Problem> {
    draft.fill(&mut doc);
    complete::complete(draft, &mut doc)?;
    let id = doc.id().to_owned();
    put(draft, doc)?;
    Ok(id)
}

/// Puts a record whose fields or rows were edited: new rows get ids and prices, and what is worked
/// out from it follows.
pub fn change(draft: &mut Draft<'_>, mut doc: Doc) -> Result<(), Problem> {
    complete::refresh(draft, &mut doc)?;
    put(draft, doc)
}

/// Removes a record; the opportunity of a quote follows.
pub fn remove(draft: &mut Draft<'_>, doc: &Doc) -> Result<(), Problem> {
    draft.remove(doc)?;
    let opportunity = doc.text("opportunity").filter(|_| doc.kind.name == "quote");
    opportunity.map_or(Ok(()), |id| follow_quotes(draft, id))
}

/// Puts a record; the opportunities of a quote follow it.
fn put(draft: &mut Draft<'_>, doc: Doc) -> Result<(), Problem> {
    if doc.kind.name != "quote" {
        return draft.put(doc);
    }
    let before = draft.record("quote", doc.id())?;
    let of = |quote: &Doc| quote.text("opportunity").map(str::to_owned);
    let mut opportunities: Vec<String> = before.iter().chain([&doc]).filter_map(of).collect();
    opportunities.dedup();
    draft.put(doc)?;
    opportunities.iter().try_for_each(|id| follow_quotes(draft, id))
}

/// Moves the state of a record by a verb and writes the fields that the verb takes. `false` when
/// the state holds already; nothing is written then.
pub fn advance_with(
    draft: &mut Draft<'_>,
    noun: &str,
    id: &str,
    verb: &str,
    fields: &Row,
) -> Result<bool, Problem> {
    let mut doc = draft.need(noun, id)?;
    let moved = advance(draft, &mut doc, verb, fields)?;
    if moved {
        draft.put(doc.clone())?;
        if (noun, verb) == ("ticket", "close") {
            ticket::ask_later(draft, &doc)?;
        }
    }
    Ok(moved)
}

/// As [`advance_with`], on a record in hand that is not put back.
pub fn advance(draft: &Draft<'_>, doc: &mut Doc, verb: &str, fields: &Row) -> Result<bool, Problem> {
    let state = doc.state().to_owned();
    let step = doc.kind.traits.moves.iter().find(|m| m.verb == verb && m.from.contains(&state.as_str()));
    let takes = step.map_or(&[][..], |step| step.sets);
    if !draft.advance(doc, verb)? {
        return Ok(false);
    }
    for name in takes {
        let field = name.trim_end_matches('!');
        if name.ends_with('!') && !fields.contains_key(field) {
            return Err(missing_flag(verb, field));
        }
    }
    for (name, value) in fields {
        if !takes.iter().any(|taken| taken.trim_end_matches('!') == *name) {
            return Err(Problem::usage("unexpected-flag").arg("verb", verb).arg("field", name).field(*name));
        }
        let value = complete::stored(draft, doc, name, value.clone());
        draft.set(doc, name, Some(value));
    }
    Ok(true)
}

/// The problem of a flag without which a verb makes no sense.
pub fn missing_flag(verb: &str, field: &str) -> Problem {
    let flag = format!("--{}", field.replace('_', "-"));
    Problem::usage("missing-flag").arg("verb", verb).arg("flag", flag).field(field)
}

/// A record by its id whatever its type: by the prefix of the id, else among the named types.
pub fn any_record(draft: &Draft<'_>, nouns: &[&str], id: &str) -> Result<Doc, Problem> {
    if let Some(kind) = draft.schema().kind_of_id(id).filter(|kind| nouns.contains(&kind.name)) {
        return draft.need(kind.name, id);
    }
    for noun in nouns {
        if draft.kind(noun).is_slug()
            && let Some(doc) = draft.record(noun, id)?
        {
            return Ok(doc);
        }
    }
    Err(Problem::new(crate::model::Class::NotFound, "no-such-record")
        .arg("noun", nouns.join(", "))
        .arg("value", id))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, dec, field, text};
    use super::*;

    fn row(fields: &[(&'static str, &str)]) -> Row {
        fields.iter().map(|(name, value)| (*name, text(value))).collect()
    }

    #[test]
    fn a_verb_writes_its_fields_and_stamps_the_day() {
        Bench::new().with(|draft| {
            let fields = row(&[("lost_reason", "price")]);
            assert!(advance_with(draft, "lead", "lea_chen", "disqualify", &fields)?);
            let lead = draft.need("lead", "lea_chen")?;
            assert_eq!(
                (lead.state(), field(&lead, "lost_reason"), field(&lead, "closed_on")),
                ("unqualified", "price".to_owned(), "2026-03-10".to_owned())
            );
            assert_eq!(lead.history.len(), 1);
            Ok(())
        });
    }

    #[test]
    fn what_a_verb_needs_is_asked_for_and_what_it_does_not_take_is_refused() {
        let bench = Bench::new();
        for (verb, fields, problem) in [
            ("disqualify", row(&[]), "missing-flag"),
            ("qualify", row(&[("lost_reason", "price")]), "unexpected-flag"),
        ] {
            let refused = bench.refused(|draft| advance_with(draft, "lead", "lea_chen", verb, &fields));
            assert_eq!((refused.id, refused.field.as_deref()), (problem, Some("lost_reason")), "{verb}");
        }
        let refused =
            bench.refused(|draft| advance_with(draft, "lead", "lea_nobody", "qualify", &Row::new()));
        assert_eq!(refused.id, "no-such-record");
    }

    #[test]
    fn a_verb_whose_state_holds_changes_nothing() {
        let changes = Bench::new().with(|draft| {
            assert!(advance_with(draft, "lead", "lea_chen", "contact", &Row::new())?);
            let before = draft.need("lead", "lea_chen")?;
            assert!(!advance_with(draft, "lead", "lea_chen", "contact", &Row::new())?);
            assert_eq!(draft.need("lead", "lea_chen")?, before);
            Ok(())
        });
        assert_eq!(changes.changes.len(), 1);
    }

    #[test]
    fn a_target_can_be_revised_again_and_again() {
        let mut bench = Bench::new();
        bench.setting.reason = Some("market".to_owned());
        let target = [
            ("scope", "company"),
            ("period", "2026"),
            ("value", "100"),
            ("measure", "amount"),
            ("status", "approved"),
        ];
        bench.store.add("target", "tgt_k", &target);
        bench.with(|draft| {
            for value in ["120", "130"] {
                let fields = Row::from([("value", dec(value))]);
                assert!(advance_with(draft, "target", "tgt_k", "revise", &fields)?);
            }
            let target = draft.need("target", "tgt_k")?;
            assert_eq!((target.state(), field(&target, "value")), ("approved", "130".to_owned()));
            let told: Vec<_> = target.history.iter().map(|m| (m.field.as_deref(), m.to.as_deref())).collect();
            assert_eq!(told, [(Some("value"), Some("120")), (Some("value"), Some("130"))]);
            Ok(())
        });
    }

    #[test]
    fn campaigns_are_found_by_their_slug() {
        Bench::new().with(|draft| {
            let nouns = ["customer", "lead", "campaign"];
            assert_eq!(any_record(draft, &nouns, "lea_chen")?.kind.name, "lead");
            assert_eq!(any_record(draft, &nouns, "spring-live")?.kind.name, "campaign");
            assert_eq!(
                any_record(draft, &nouns, "ord_kkkkkkkkkkkk").expect_err("not wanted").id,
                "no-such-record"
            );
            Ok(())
        });
    }
}
