//! What no two records of a type may share.

use super::support::{about, is_merged, others, plain};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;

/// Fields marked unique, under the names of their rules; `duplicate-value` for custom ones.
pub fn fields(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if is_merged(doc) {
        return Ok(());
    }
    for field in doc.kind.all().filter(|field| field.marks.unique) {
        let Some(value) = doc.get(field.name).map(plain) else { continue };
        let rule = match (doc.kind.name, field.name) {
            ("user", "email") => "duplicate-user-email",
            (_, "tax_id") => "duplicate-tax-id",
            (_, "source_ref") => "duplicate-source-ref",
            (_, "key") => "duplicate-key",
            _ => "duplicate-value",
        };
        for other in others(view, doc, doc.kind.name, field.name, &value)? {
            if field.name == "source_ref" && !answers(view, doc, &other, &value)? {
                continue;
            }
            let problem = about(doc, rule).arg("field", field.name).arg("value", &value).arg("other", &other);
            found.push(problem.field(field.name).candidates([other]));
        }
    }
    Ok(())
}

/// Whether another record has a reference, or one that was merged into it.
fn answers(view: &dyn View, doc: &Doc, other: &str, value: &str) -> Result<bool, Problem> {
    let has = |doc: &Doc| doc.text("source_ref") == Some(value);
    if view.get(doc.kind, other)?.is_some_and(|other| has(&other)) {
        return Ok(true);
    }
    let merged = view.find(doc.kind.name, "merged_into", other)?;
    for id in merged.iter().filter(|id| *id != doc.id()) {
        if view.get(doc.kind, id)?.is_some_and(|doc| is_merged(&doc) && has(&doc)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `duplicate-slug`: two ids that differ in case only are one file on some systems.
pub fn slug(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.is_slug() {
        for other in others(view, doc, doc.kind.name, "id_key", &doc.id().to_lowercase())? {
            found.push(about(doc, "duplicate-slug").arg("other", &other).field("id").candidates([other]));
        }
    }
    Ok(())
}

/// `duplicate-number`, and `duplicate-revision` where two quotes replace the same one.
pub fn number(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(number)) = (doc.kind.field("number").is_some(), doc.text("number")) else {
        return Ok(());
    };
    for other in others(view, doc, doc.kind.name, "number", number)? {
        let Some(twin) = view.get(doc.kind, &other)? else { continue };
        if twin.get("revision") != doc.get("revision") {
            continue;
        }
        let revises = doc.text("revises");
        let rule = if revises.is_some() && revises == twin.text("revises") {
            "duplicate-revision"
        } else {
            "duplicate-number"
        };
        let problem = about(doc, rule).arg("value", number).arg("other", &other);
        found.push(problem.field("number").candidates([other]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, HAINA, QUOTE, fresh, sample, varied, with};

    #[test]
    fn what_is_unique_is_not_shared() {
        let mut store = sample();
        let taken = [("tax_id", "T1"), ("source_ref", "erp:1"), ("key", "k1")];
        store.put(with(&store, "customer", HAINA, &taken));
        for (field, value, rule) in [
            ("tax_id", "T1", "duplicate-tax-id"),
            ("source_ref", "erp:1", "duplicate-source-ref"),
            ("key", "k1", "duplicate-key"),
        ] {
            let check = |value| {
                let doc = with(&store, "customer", CHEN, &[(field, value)]);
                super::super::testing::checked(&store, &doc)
            };
            assert_eq!(check(value), [rule]);
            assert_eq!(check("other"), [""; 0]);
        }
        varied("user", "li.na", &[(&[("email", "Admin@x.example")], &["duplicate-user-email"])]);
    }

    #[test]
    fn slugs_differ_in_more_than_case() {
        let store = sample();
        fresh(&store, "team", "South", &[("name", "S")], &[(&[], &["duplicate-slug"])]);
        fresh(&store, "team", "south2", &[("name", "S")], &[(&[], &[])]);
    }

    #[test]
    fn numbers_are_used_once_but_for_revisions() {
        let mut store = sample();
        let check = |store: &super::super::memory::Memory, id, fields: &[(&str, &str)]| {
            let mut doc = with(store, "quote", QUOTE, fields);
            doc.set("id", Some(super::super::support::text(id)));
            super::super::testing::checked(store, &doc)
        };
        assert_eq!(check(&store, "quo_llllllllllll", &[]), ["duplicate-number"]);
        assert_eq!(check(&store, "quo_llllllllllll", &[("number", "QT-2")]), [""; 0]);
        let revision = [("revision", "2"), ("revises", QUOTE)];
        assert_eq!(check(&store, "quo_llllllllllll", &revision), [""; 0]);
        let mut second = with(&store, "quote", QUOTE, &revision);
        second.set("id", Some(super::super::support::text("quo_llllllllllll")));
        store.put(second);
        assert_eq!(check(&store, "quo_mmmmmmmmmmmm", &revision), ["duplicate-revision"]);
    }
}
