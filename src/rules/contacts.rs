//! A customer has one primary contact, and each person once.

use std::collections::BTreeSet;

use super::support::{about, is_merged, is_one, others, reaches, told_apart};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;

/// `primary-contact-twice`. The first contact of a customer that was merged away counts there, not
/// at the one that is kept.
pub fn primary(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "contact" || !doc.flag("primary") || is_merged(doc) {
        return Ok(());
    }
    let Some(customer) = doc.text("customer") else { return Ok(()) };
    for other in others(view, doc, "contact", "customer", customer)? {
        let rival = |other: Doc| other.flag("primary") && other.text("customer") == Some(customer);
        if view.get(doc.kind, &other)?.is_some_and(rival) {
            let problem = about(doc, "primary-contact-twice").arg("customer", customer).arg("other", &other);
            found.push(problem.field("primary").candidates([other]));
        }
    }
    Ok(())
}

/// `duplicate-contact` W: the same phone or e-mail at the same customer.
pub fn duplicates(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "contact" || is_merged(doc) {
        return Ok(());
    }
    let Some(customer) = doc.text("customer") else { return Ok(()) };
    let mut twins = BTreeSet::new();
    for (main, further) in [("phone", "other_phones"), ("email", "other_emails")] {
        for value in reaches(doc, main, further) {
            for field in [main, further] {
                let same = others(view, doc, "contact", field, value)?;
                twins.extend(same.into_iter().map(|other| (other, value)));
            }
        }
    }
    for (other, value) in twins {
        let Some(twin) = view.get(doc.kind, &other)? else { continue };
        let distinct = told_apart(view, doc, &twin)?;
        let at = twin.text("customer").unwrap_or_default();
        if !distinct && is_one(view, "customer", customer, at)? {
            let problem = about(doc, "duplicate-contact").arg("value", value).arg("other", &other);
            found.push(problem.candidates([other]).as_warning());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, HAINA, fresh, sample};

    #[test]
    fn a_customer_has_one_primary_contact() {
        fresh(
            &sample(),
            "contact",
            "con_llllllllllll",
            &[("name", "Li"), ("primary", "true")],
            &[(&[("customer", HAINA)], &["primary-contact-twice"]), (&[("customer", CHEN)], &[])],
        );
    }

    #[test]
    fn a_person_is_told_to_be_there_already() {
        fresh(
            &sample(),
            "contact",
            "con_llllllllllll",
            &[("name", "Li"), ("phone", "+8613800138000")],
            &[
                (&[("customer", HAINA)], &["W duplicate-contact"]),
                (&[("customer", HAINA), ("distinct_from", "con_kkkkkkkkkkkk")], &[]),
                (&[("customer", CHEN)], &[]),
            ],
        );
    }
}
