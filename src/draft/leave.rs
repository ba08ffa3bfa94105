//! A user leaves: what is still open goes to somebody who stays.

use super::{Draft, assign, verbs};
use crate::model::Problem;
use crate::model::record::Row;
use crate::rules::View;
use crate::rules::support::{about, is_open};

/// What goes to somebody else, with the field that says whose it is. Quotes and orders stay with
/// whoever made them, as the sales are counted there.
const HANDED_ON: &[(&str, &str)] = &[
    ("lead", "owner"),
    ("customer", "owner"),
    ("opportunity", "owner"),
    ("ticket", "assignee"),
    ("followup", "owner"),
];

/// Marks a user as left and gives the open leads, customers, opportunities, tickets and planned
/// follow-ups to another. Gives how many records changed hands.
/// # Errors
/// Where there is something to hand on and nobody to get it, or that user cannot work.
pub fn leave(draft: &mut Draft<'_>, id: &str, to: Option<&str>) -> Result<usize, Problem> {
    if let Some(to) = to {
        let user = draft.need("user", to)?;
        if to == id {
            return Err(about(&user, "handed-to-self").field("to"));
        }
        if user.state() != "active" {
            return Err(about(&user, "inactive-user").arg("user", to).arg("state", user.state()).field("to"));
        }
    }
    verbs::advance_with(draft, "user", id, "leave", &Row::new())?;
    let mut handed = 0;
    for (noun, field) in HANDED_ON {
        for doc in draft.all_with(noun, field, id)?.into_iter().filter(is_open) {
            let Some(to) = to else {
                let user = draft.need("user", id)?;
                return Err(about(&user, "work-left").field("to"));
            };
            assign::give(draft, doc, field, to)?;
            handed += 1;
        }
    }
    Ok(handed)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;

    #[test]
    fn what_is_open_goes_to_somebody_who_stays() {
        let mut bench = Bench::new();
        bench.store.add("role", "admin", &[("name", "Admin"), ("admin", "true")]);
        let boss = [("name", "Boss"), ("email", "boss@x.example"), ("status", "active"), ("roles", "admin")];
        bench.store.add("user", "boss", &boss);
        bench.store.add(
            "lead",
            "lea_open",
            &[("name", "甲"), ("source", "web"), ("status", "new"), ("owner", "li.na")],
        );
        bench.store.add(
            "lead",
            "lea_done",
            &[("name", "乙"), ("source", "web"), ("status", "junk"), ("owner", "li.na")],
        );
        bench.with(|draft| {
            assert_eq!(leave(draft, "li.na", None).map_err(|p| p.id), Err("work-left"));
            Ok(())
        });
        bench.with(|draft| {
            assert!(leave(draft, "li.na", Some("zhao.min"))? > 0);
            assert_eq!(draft.need("user", "li.na")?.state(), "left");
            let open = draft.need("lead", "lea_open")?;
            assert_eq!(field(&open, "owner"), "zhao.min");
            assert_eq!(open.history.last().and_then(|m| m.from.as_deref()), Some("li.na"));
            assert_eq!(field(&draft.need("lead", "lea_done")?, "owner"), "li.na");
            Ok(())
        });
        bench.with(|draft| {
            assert_eq!(leave(draft, "li.na", Some("li.na")).map_err(|p| p.id), Err("handed-to-self"));
            Ok(())
        });
    }
}
