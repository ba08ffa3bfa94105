//! The rules there are, and how a change or a record is judged by them.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts::word;
use super::memo::Memo;
use super::support::{identity, known};
use super::{
    Change, ChangeRule, Found, Judge, Rule, SetRule, View, clocks, codes, contacts, customers, discounts,
    documents, exposure, facts, fields, followups, history, invoices, leads, marketing, messages,
    opportunities, orders, payments, people, period, pipelines, pools, products, references, stock, targets,
    templates, tickets, tombstones, unique,
};
use crate::model::Problem;
use crate::model::record::Doc;

/// Rules over a record and all it is bound to, each under the name of its family.
pub const RULES: &[(&str, Rule)] = &[
    ("missing-field", fields::missing),
    ("bad-value", fields::canonical),
    ("unknown-reference", references::resolve),
    ("reference-cycle", references::cycle),
    ("duplicate-value", unique::fields),
    ("duplicate-slug", unique::slug),
    ("duplicate-number", unique::number),
    ("broken-history", history::unbroken),
    ("reversed-twice", facts::reversed),
    ("no-admin", people::admin_role),
    ("duplicate-grant", people::grants),
    ("duplicate-signing-key", people::signing_keys),
    ("left-with-open-records", people::left),
    ("left-owner", people::left_owner),
    ("rule-without-candidates", people::candidates),
    ("duplicate-customer", customers::duplicates),
    ("merged-record", tombstones::edited),
    ("owner-and-pool", customers::owner_and_pool),
    ("primary-contact-twice", contacts::primary),
    ("duplicate-contact", contacts::duplicates),
    ("pool-type", pools::of_type),
    ("unreachable-lead", leads::named_and_reachable),
    ("lost-without-reason", leads::ended),
    ("duplicate-lead", leads::duplicates),
    ("pipeline-shape", pipelines::shape),
    ("default-pipeline", pipelines::one_default),
    ("stage-requirement", opportunities::in_stage),
    ("wrong-customer", opportunities::of_customer),
    ("credit-split", opportunities::credit_split),
    ("amount-mismatch", opportunities::amount),
    ("planned-without-due", followups::times),
    ("no-address", messages::address),
    ("bad-placeholder", templates::placeholders),
    ("campaign-dates", marketing::campaign_dates),
    ("segment-shape", marketing::segment_shape),
    ("competitor-note-without-competitor", marketing::competitor_note),
    ("score-range", marketing::feedback),
    ("category-path", products::category),
    ("serials-need-stock", products::serials),
    ("price-row-overlap", products::overlap),
    ("negative-stock", stock::negative),
    ("movement-sign", stock::sign),
    ("unknown-warehouse", stock::warehouse),
    ("count-mismatch", stock::count),
    ("serial-count", stock::serials),
    ("empty-document", documents::empty),
    ("two-discounts", documents::lines),
    ("missing-rate", documents::rate),
    ("over-ordered", documents::over_ordered),
    ("discount-over-limit", discounts::approved),
    ("over-shipped", orders::quantities),
    ("order-not-open", orders::at_rest),
    ("payment-plan-sum", orders::payment_plan),
    ("ship-before-order", orders::of_order),
    ("unknown-line", orders::cancellations),
    ("total-mismatch", invoices::total),
    ("credit-without-invoice", invoices::against),
    ("over-credited", invoices::over_credited),
    ("over-allocated", payments::amounts),
    ("currency-mismatch", payments::targets),
    ("over-paid", payments::invoice),
    ("over-paid-order", payments::order),
    ("duplicate-payment", payments::duplicate),
    ("resolved-without-resolution", tickets::ended),
    ("unknown-serial", tickets::serial),
    ("range-overlap", clocks::calendar),
    ("response-after-resolution", clocks::sla),
    ("target-without-subject", targets::shape),
    ("phasing-sum", targets::phasing),
    ("duplicate-target", targets::duplicate),
    ("children-sum", targets::children),
];

/// Rules over what a record was and what it becomes.
pub const CHANGE_RULES: &[(&str, ChangeRule)] = &[
    ("retired-code", codes::retired),
    ("still-referenced", references::still),
    ("broken-history", history::appended),
    ("illegal-move", history::moves),
    ("illegal-move", opportunities::moves),
    ("changed-fact", facts::changed),
    ("removed-fact", facts::removed),
    ("no-admin", people::last_admin),
    ("blocked-customer", customers::blocked),
    ("merged-record", customers::tombstone),
    ("merge-self", customers::merge),
    ("not-in-pool", pools::claims),
    ("close-date-past", opportunities::close_date),
    ("stage-in-use", pipelines::in_use),
    ("default-pipeline", pipelines::default_goes),
    ("opted-out", messages::opted_out),
    ("not-active", messages::campaign_runs),
    ("inactive-product", products::inactive),
    ("sent-document", documents::frozen),
    ("expired-quote", documents::expired),
    ("unknown-line", documents::quote_lines),
    ("discount-over-limit", discounts::limit),
    ("order-not-open", orders::open_for),
    ("over-credit-limit", exposure::credit_limit),
    ("closed-period", period::closed),
];

/// Rules over a whole change.
pub const SET_RULES: &[(&str, SetRule)] =
    &[("negative-stock", stock::newly_negative), ("claim-limit", pools::limits)];

/// Judges a change: what it newly breaks. Warnings let it pass, all else refuses it.
///
/// `view_after` is the change laid over `base`. A problem that a record had before and that is no
/// worse is not reported: whoever repairs one field need not repair all.
pub fn judge(
    view_after: &dyn View,
    base: &dyn View,
    judge: &Judge<'_>,
    changes: &[Change],
) -> Result<Vec<Problem>, Problem> {
    judge_by(view_after, base, judge, changes, &|outcome| outcome)
}

/// As [`judge`], over views that know records by their ids alone: a rule that asks them for more
/// ([`beyond`]) is left to whoever has the whole store at hand.
pub fn judge_alone(
    view_after: &dyn View,
    base: &dyn View,
    judge: &Judge<'_>,
    changes: &[Change],
) -> Result<Vec<Problem>, Problem> {
    judge_by(view_after, base, judge, changes, &|outcome| match outcome {
        Err(problem) if problem.id == BEYOND => Ok(()),
        outcome => outcome,
    })
}

const BEYOND: &str = "beyond-the-records";

/// What a view answers that cannot look records up by what they hold.
#[must_use]
pub fn beyond() -> Problem {
    Problem::invalid(BEYOND)
}

type Outcome = Result<(), Problem>;

fn judge_by(
    view_after: &dyn View,
    base: &dyn View,
    judge: &Judge<'_>,
    changes: &[Change],
    settle: &dyn Fn(Outcome) -> Result<(), Problem>,
) -> Result<Vec<Problem>, Problem> {
    let (after, before) = (Memo::new(view_after), Memo::new(base));
    let (view_after, base): (&dyn View, &dyn View) = (&after, &before);
    let mut found = Found::new();
    for change in changes {
        for (_, rule) in CHANGE_RULES {
            settle(rule(view_after, judge, change, &mut found))?;
        }
    }
    for (_, rule) in SET_RULES {
        settle(rule(view_after, base, judge, changes, &mut found))?;
    }
    for (old, new) in records(view_after, base, changes)?.into_values() {
        for (_, rule) in RULES {
            let mut after = Found::new();
            settle(rule(view_after, judge, &new, &mut after))?;
            if !after.is_empty() {
                let mut before = Found::new();
                if let Some(old) = &old {
                    settle(rule(base, judge, old, &mut before))?;
                }
                after.retain(|problem| !known(problem, &before));
                found.extend(after);
            }
        }
    }
    Ok(once(found))
}

/// Judges a record as it is, for `crm check`. What a flag lets pass is a warning where it may have
/// been meant: the store does not say.
pub fn check(view: &dyn View, judge: &Judge<'_>, doc: &Doc) -> Result<Vec<Problem>, Problem> {
    let allow: BTreeSet<String> = judge.allow.iter().cloned().chain(["allow-over".to_owned()]).collect();
    let judge = Judge { allow: &allow, ..judge.clone() };
    let mut found = Found::new();
    for (_, rule) in RULES {
        rule(view, &judge, doc, &mut found)?;
    }
    Ok(once(found))
}

/// The same problem is told once.
fn once(found: Found) -> Found {
    let mut told = BTreeSet::new();
    let first: Vec<bool> = found.iter().map(|problem| told.insert(identity(problem))).collect();
    found.into_iter().zip(first).filter_map(|(problem, first)| first.then_some(problem)).collect()
}

/// The records to judge by path, each as it was and as it is: those that change and those that
/// follow from them.
fn records(
    view: &dyn View,
    base: &dyn View,
    changes: &[Change],
) -> Result<BTreeMap<String, (Option<Doc>, Doc)>, Problem> {
    let mut records = BTreeMap::new();
    for change in changes {
        if let Some(new) = &change.new {
            records.insert(new.path(), (change.old.clone(), new.clone()));
        }
    }
    for change in changes {
        for doc in change.old.iter().chain(&change.new) {
            for (noun, id) in affected(view, doc)? {
                let Some(kind) = view.schema().kind(noun) else { continue };
                let path = kind.path(&id);
                if records.contains_key(&path) {
                    continue;
                }
                if let Some(new) = view.get(kind, &id)? {
                    records.insert(path, (base.get(kind, &id)?, new));
                }
            }
        }
    }
    Ok(records)
}

/// The records whose derived values follow from a record.
fn affected(view: &dyn View, doc: &Doc) -> Result<BTreeSet<(&'static str, String)>, Problem> {
    let mut found = BTreeSet::new();
    let mut add = |noun: &'static str, id: Option<&str>| {
        found.extend(id.map(|id| (noun, id.to_owned())));
    };
    match doc.kind.name {
        "shipment" | "return" | "invoice" => {
            add("order", doc.text("order"));
            add("invoice", doc.text("against"));
        }
        "payment" => {
            for row in doc.rows("allocations") {
                add("order", word(row, "order"));
                add("invoice", word(row, "invoice"));
                // What is paid on an invoice is paid on its order, beside the deposit.
                if let Some(id) = word(row, "invoice") {
                    add("order", view.record("invoice", id)?.as_ref().and_then(|doc| doc.text("order")));
                }
            }
        }
        "order" => add("quote", doc.text("quote")),
        "quote" => add("opportunity", doc.text("opportunity")),
        _ => {}
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ORDER, checked, sample, shipment, with, written};
    use super::*;

    #[test]
    fn what_was_wrong_before_and_is_no_worse_does_not_refuse() {
        let mut store = sample();
        store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", "7"));
        assert_eq!(checked(&store, &with(&store, "order", ORDER, &[])), ["over-shipped"]);
        assert_eq!(written(&store, &[], &[with(&store, "order", ORDER, &[("note", "Hm")])]), [""; 0]);
        let mut less = shipment(&store, "shp_llllllllllll", "2026-02-11", "7");
        less.set("reverses", Some(super::super::support::text("shp_kkkkkkkkkkkk")));
        assert_eq!(written(&store, &[], &[less]), [""; 0]);
        assert_eq!(
            written(&store, &[], &[shipment(&store, "shp_llllllllllll", "2026-02-11", "1")]),
            ["over-shipped"]
        );
    }

    #[test]
    fn families_of_rules_have_names_of_their_own() {
        let names: BTreeSet<&str> = RULES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn every_problem_names_its_record() {
        let store = sample();
        let doc = with(&store, "order", ORDER, &[("customer", ""), ("owner", "nobody")]);
        let mut found = Found::new();
        let allow = BTreeSet::new();
        let now = chrono::DateTime::parse_from_rfc3339("2026-03-16T12:00:00+08:00").expect("an instant");
        let judge = Judge { allow: &allow, now, today: now.date_naive() };
        for (_, rule) in RULES {
            rule(&store, &judge, &doc, &mut found).expect("a store that can be read");
        }
        assert_eq!(found.len(), 2);
        for problem in found {
            assert_eq!(problem.get("record"), Some("SO-1"), "{problem}");
            assert_eq!(problem.get("noun"), Some("order"), "{problem}");
            assert!(problem.path.is_some() && problem.field.is_some(), "{problem}");
        }
    }
}
