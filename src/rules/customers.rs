//! Customers are not kept twice, not sold to while blocked, and belong to one owner or pool.

use std::collections::BTreeSet;

use super::support::{about, enters, is_merged, others, reaches, told_apart, unless};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::model::value::name_key::name_key;

/// The types that are merged.
const MERGED: &[&str] = &["customer", "contact", "lead"];

/// `duplicate-phone`, `duplicate-email`, `duplicate-name` (--allow-duplicate), against all numbers
/// and addresses of the other customers. Customers found to be distinct may share them.
pub fn duplicates(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "customer" || is_merged(doc) {
        return Ok(());
    }
    for (rule, main, further) in
        [("duplicate-phone", "phone", "other_phones"), ("duplicate-email", "email", "other_emails")]
    {
        for value in reaches(doc, main, further) {
            for other in sharing(view, doc, value, &[main, further])? {
                push(view, judge, doc, rule, value, &other, found)?;
            }
        }
    }
    if doc.text("kind") != Some("person") {
        let Some(name) = doc.text("name") else { return Ok(()) };
        for other in others(view, doc, "customer", "name_key", &name_key(name))? {
            let person =
                view.record("customer", &other)?.is_none_or(|twin| twin.text("kind") == Some("person"));
            if !person {
                push(view, judge, doc, "duplicate-name", name, &other, found)?;
            }
        }
    }
    Ok(())
}

/// Other customers that hold a value in any of these fields.
fn sharing(view: &dyn View, doc: &Doc, value: &str, fields: &[&str]) -> Result<BTreeSet<String>, Problem> {
    let mut ids = BTreeSet::new();
    for field in fields {
        ids.extend(others(view, doc, "customer", field, value)?);
    }
    Ok(ids)
}

fn push(
    view: &dyn View,
    judge: &Judge<'_>,
    doc: &Doc,
    rule: &'static str,
    value: &str,
    other: &str,
    found: &mut Found,
) -> Result<(), Problem> {
    let Some(twin) = view.record("customer", other)? else { return Ok(()) };
    if !told_apart(view, doc, &twin)? {
        let problem = about(doc, rule).arg("value", value).arg("other", other).candidates([other]);
        let problem = problem.arg("other_name", twin.title()).hint("hint-allow-duplicate");
        found.push(unless(problem, judge, "allow-duplicate"));
    }
    Ok(())
}

/// `owner-and-pool`: in the pool means without owner.
pub fn owner_and_pool(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if matches!(doc.kind.name, "customer" | "lead") && doc.get("owner").is_some() && doc.get("pool").is_some()
    {
        found.push(about(doc, "owner-and-pool").field("pool"));
    }
    Ok(())
}

/// `blocked-customer`: no new opportunity, quote or order for a blocked customer, and no order of
/// theirs is confirmed.
pub fn blocked(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(new) = &change.new else { return Ok(()) };
    let begins = change.old.is_none() && matches!(new.kind.name, "opportunity" | "quote" | "order");
    let confirms = new.kind.name == "order" && enters(change, &["confirmed", "on_hold"]) && was_draft(change);
    if !begins && !confirms {
        return Ok(());
    }
    let Some(id) = new.text("customer") else { return Ok(()) };
    let id = super::support::survivor(view, "customer", id)?;
    if let Some(customer) = view.record("customer", &id)?.filter(|customer| customer.state() == "blocked") {
        let problem = about(new, "blocked-customer").arg("customer", customer.title());
        found.push(problem.arg("blocked", id).hint("hint-unblock").field("customer"));
    }
    Ok(())
}

fn was_draft(change: &Change) -> bool {
    change.old.as_ref().is_none_or(|old| old.state() == "draft")
}

/// `merged-record`: a tombstone is not edited, only taken out of its merge.
pub fn tombstone(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if is_merged(old) && is_merged(new) && !says_the_same(old, new) && !judge.allow.contains("undo") {
        let into = old.text("merged_into").unwrap_or_default();
        found.push(about(new, "merged-record").arg("edited", "no").arg("into", into).candidates([into]));
    }
    Ok(())
}

/// Whether two states of a tombstone say the same, but for the note of what it held when merged.
fn says_the_same(old: &Doc, new: &Doc) -> bool {
    let bare = |doc: &Doc| {
        let mut doc = doc.clone();
        doc.set("merged_digest", None);
        doc
    };
    bare(old) == bare(new)
}

/// `merge-self`, `merge-into-merged`, `merge-kind`: what a merge cannot be.
pub fn merge(view: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| MERGED.contains(&doc.kind.name)) else { return Ok(()) };
    let Some(into) = new.text("merged_into") else { return Ok(()) };
    if change.old.as_ref().is_some_and(|old| old.text("merged_into") == Some(into)) {
        return Ok(());
    }
    let refuse = |rule| about(new, rule).arg("into", into).field("merged_into");
    if into == new.id() {
        found.push(refuse("merge-self"));
        return Ok(());
    }
    let Some(keep) = view.get(new.kind, into)? else { return Ok(()) };
    if is_merged(&keep) {
        found.push(refuse("merge-into-merged"));
    }
    if new.kind.name == "customer"
        && keep.text("kind") != new.text("kind")
        && !judge.allow.contains("prefer-kind")
    {
        found.push(refuse("merge-kind"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, HAINA, HEAD, LINES, ORDER, checked, rewritten, sample, with, written};

    const NEW: &str = "cus_mmmmmmmmmmmm";

    fn added(allow: &[&str], fields: &[(&str, &str)]) -> Vec<String> {
        let store = sample();
        let base = [("kind", "company"), ("status", "normal"), ("owner", "li.na")];
        written(&store, allow, &[store.doc("customer", NEW, &[&base[..], fields].concat())])
    }

    #[test]
    fn a_customer_is_not_kept_twice() {
        for (fields, expected) in [
            (&[("name", "Acme"), ("phone", "+8613000000001")][..], &[][..]),
            (&[("name", "Acme"), ("phone", "+8675583001122")], &["duplicate-phone"]),
            (&[("name", "Acme"), ("other_phones", "+8613912345678")], &["duplicate-phone"]),
            (&[("name", "Acme"), ("email", "INFO@haina.example")], &["duplicate-email"]),
            (&[("name", "海纳物流（深圳）公司")], &["duplicate-name"]),
            (&[("name", "海纳物流"), ("kind", "person")], &[]),
            (&[("name", "海纳物流"), ("distinct_from", HAINA)], &[]),
        ] {
            assert_eq!(added(&[], fields), expected, "{fields:?}");
        }
        assert_eq!(added(&["allow-duplicate"], &[("name", "海纳物流公司")]), ["W duplicate-name"]);
    }

    #[test]
    fn what_was_double_before_does_not_stand_in_the_way() {
        let mut store = sample();
        store.put(with(&store, "customer", CHEN, &[("phone", "+8675583001122")]));
        let doc = with(&store, "customer", CHEN, &[("city", "Shenzhen")]);
        assert_eq!(checked(&store, &doc), ["duplicate-phone"]);
        assert_eq!(written(&store, &[], &[doc]), [""; 0]);
    }

    #[test]
    fn an_owner_or_a_pool() {
        assert_eq!(rewritten("customer", HAINA, &[], &[("pool", "sea")]), ["owner-and-pool"]);
        assert_eq!(rewritten("customer", HAINA, &[], &[("pool", "sea"), ("owner", "")]), [""; 0]);
    }

    #[test]
    fn a_blocked_customer_buys_nothing_new() {
        let mut store = sample();
        let order = |id: &str, number: &str| {
            let own = [("number", number), ("owner", "li.na"), ("status", "draft")];
            sample().doc("order", id, &[HEAD, &own, LINES].concat())
        };
        let draft = order("ord_llllllllllll", "SO-2");
        store.put(draft.clone());
        let confirmed = with(&store, "order", "ord_llllllllllll", &[("status", "confirmed")]);
        assert_eq!(written(&store, &[], &[order("ord_mmmmmmmmmmmm", "SO-3"), confirmed.clone()]), [""; 0]);
        store.put(with(&store, "customer", HAINA, &[("status", "blocked")]));
        assert_eq!(written(&store, &[], &[order("ord_mmmmmmmmmmmm", "SO-3")]), ["blocked-customer"]);
        assert_eq!(written(&store, &[], &[confirmed]), ["blocked-customer"]);
        let resumed = with(&store, "order", ORDER, &[("status", "on_hold")]);
        assert_eq!(written(&store, &[], &[resumed]), [""; 0]);
    }

    #[test]
    fn a_tombstone_is_not_edited() {
        let mut store = sample();
        let mut merged = with(&store, "customer", CHEN, &[("merged_into", HAINA), ("kind", "company")]);
        store.put(merged.clone());
        merged.set("city", Some(super::super::support::text("Shenzhen")));
        assert_eq!(written(&store, &[], &[merged.clone()]), ["merged-record"]);
        merged.set("city", None);
        merged.set("merged_into", None);
        assert_eq!(written(&store, &[], &[merged]), [""; 0]);
    }

    #[test]
    fn what_a_merge_cannot_be() {
        let mut store = sample();
        store.add("customer", NEW, &[("kind", "company"), ("name", "Acme"), ("status", "normal")]);
        let merge = |store: &_, allow, id, into| {
            written(store, allow, &[with(store, "customer", id, &[("merged_into", into)])])
        };
        assert_eq!(merge(&store, &[], NEW, HAINA), [""; 0]);
        assert_eq!(merge(&store, &[], NEW, CHEN), ["merge-kind"]);
        assert_eq!(merge(&store, &["prefer-kind"], NEW, CHEN), [""; 0]);
        assert_eq!(merge(&store, &[], NEW, NEW), ["merge-self", "reference-cycle"]);
        store.add(
            "customer",
            "cus_nnnnnnnnnnnn",
            &[("kind", "company"), ("name", "B"), ("status", "normal")],
        );
        store.put(with(&store, "customer", NEW, &[("merged_into", HAINA)]));
        assert_eq!(merge(&store, &[], "cus_nnnnnnnnnnnn", NEW), ["merge-into-merged"]);
    }
}
