//! Giving leads, customers and tickets to somebody by hand.

use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::rules::support::about;

/// Gives records to a user, with the history of the field. A lead or ticket that somebody else
/// has is only taken from them with `reassign`; what lay in a pool leaves it; a new ticket is
/// opened. Gives the ids that changed: those that were the user's already do not.
pub fn assign(
    draft: &mut Draft<'_>,
    noun: &str,
    ids: &[String],
    to: &str,
    reassign: bool,
) -> Result<Vec<String>, Problem> {
    let user = draft.need("user", to)?;
    if user.state() != "active" {
        return Err(about(&user, "inactive-user").arg("user", to).arg("state", user.state()).field("to"));
    }
    let field = if noun == "ticket" { "assignee" } else { "owner" };
    let mut changed = Vec::new();
    for id in ids {
        let doc = draft.need(noun, id)?;
        match doc.text(field) {
            Some(owner) if owner == to => continue,
            Some(owner) if noun != "customer" && !reassign => {
                return Err(about(&doc, "already-assigned")
                    .arg("owner", owner)
                    .field(field)
                    .hint("hint-reassign"));
            }
            _ => {}
        }
        give(draft, doc, field, to)?;
        changed.push(id.clone());
    }
    Ok(changed)
}

/// Gives a record that is there to a user: it leaves its pool, and a new ticket is opened.
pub(super) fn give(draft: &mut Draft<'_>, doc: Doc, field: &str, to: &str) -> Result<(), Problem> {
    let mut given = doc.clone();
    draft.set_known(&mut given, field, Some(Value::Text(to.to_owned())));
    draft.set_known(&mut given, "pool", None);
    if given.kind.name == "ticket" && given.state() == "new" {
        verbs::advance(draft, &mut given, "start", &Row::new())?;
    }
    draft.put_over(doc, given);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn an_assigned_lead_tells_its_owners() {
        let mut bench = Bench::new();
        bench.setting.reason = Some("on leave".to_owned());
        bench.with(|draft| {
            assert_eq!(assign(draft, "lead", &ids(&["lea_chen"]), "zhao.min", false)?, ["lea_chen"]);
            assert_eq!(assign(draft, "lead", &ids(&["lea_chen"]), "li.na", true)?, ["lea_chen"]);
            let lead = draft.need("lead", "lea_chen")?;
            let told: Vec<_> = lead
                .history
                .iter()
                .map(|m| (m.field.as_deref(), m.from.as_deref(), m.to.as_deref(), m.reason.as_deref()))
                .collect();
            assert_eq!(
                told,
                [
                    (Some("owner"), None, Some("zhao.min"), Some("on leave")),
                    (Some("owner"), Some("zhao.min"), Some("li.na"), Some("on leave")),
                ]
            );
            assert_eq!(lead.state(), "new", "being assigned is no state");
            Ok(())
        });
    }

    #[test]
    fn assigning_again_to_the_same_user_changes_nothing() {
        let set = Bench::new().with(|draft| {
            assign(draft, "customer", &ids(&["cus_haina"]), "li.na", false)?;
            assign(draft, "lead", &ids(&["lea_chen"]), "li.na", false)?;
            assert!(assign(draft, "lead", &ids(&["lea_chen"]), "li.na", false)?.is_empty());
            Ok(())
        });
        assert_eq!(set.ids(), ["lea_chen"]);
    }

    #[test]
    fn what_is_in_a_pool_leaves_it_and_a_customer_just_changes_hands() {
        let mut bench = Bench::new();
        let pooled = [("name", "甲"), ("source", "web"), ("status", "new"), ("pool", "south-pool")];
        bench.store.add("lead", "lea_pooled", &pooled);
        bench.with(|draft| {
            assign(draft, "lead", &ids(&["lea_pooled"]), "li.na", false)?;
            let lead = draft.need("lead", "lea_pooled")?;
            assert!(
                lead.get("pool").is_none() && lead.history.iter().any(|m| m.field.as_deref() == Some("pool"))
            );
            assign(draft, "customer", &ids(&["cus_haina"]), "zhao.min", false)?;
            assert_eq!(field(&draft.need("customer", "cus_haina")?, "owner"), "zhao.min");
            Ok(())
        });
    }

    #[test]
    fn a_new_ticket_is_opened_when_somebody_gets_it() {
        Bench::new().with(|draft| {
            assign(draft, "ticket", &ids(&["tic_k"]), "zhao.min", false)?;
            let ticket = draft.need("ticket", "tic_k")?;
            assert_eq!((ticket.state(), field(&ticket, "assignee")), ("open", "zhao.min".to_owned()));
            Ok(())
        });
    }

    #[test]
    fn wrong_assignments_are_refused() {
        let bench = Bench::new();
        for (to, problem) in [("gone", "inactive-user"), ("nobody", "no-such-record")] {
            let refused = bench.refused(|draft| assign(draft, "lead", &ids(&["lea_chen"]), to, false));
            assert_eq!(refused.id, problem, "{to}");
        }
        let refused = bench.refused(|draft| {
            assign(draft, "lead", &ids(&["lea_chen"]), "zhao.min", false)?;
            assign(draft, "lead", &ids(&["lea_chen"]), "li.na", false)
        });
        assert_eq!((refused.id, refused.get("owner")), ("already-assigned", Some("zhao.min")));
    }
}
