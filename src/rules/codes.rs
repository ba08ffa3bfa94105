//! Codes that the settings have retired stay where they stand and are not used anew.

use super::support::{about, plain};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Type};

/// `retired-code`: a code that the settings have retired is newly used.
pub fn retired(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(new) = &change.new else { return Ok(()) };
    let before = change.old.as_ref().map(|old| codes(old)).unwrap_or_default();
    for (name, list, code) in codes(new) {
        let retired = view.schema().added_code(list, &code).is_some_and(|added| added.retired);
        if retired && !before.contains(&(name.clone(), list, code.clone())) {
            found.push(about(new, "retired-code").arg("field", &name).arg("value", code).field(name));
        }
    }
    Ok(())
}

/// Every code of an extensible list that a record holds.
fn codes(doc: &Doc) -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    for field in doc.kind.all() {
        match field.ty {
            Type::Code(list) => {
                found.extend(doc.get(field.name).map(|code| (field.name.to_owned(), list.name, plain(code))));
            }
            Type::Rows(kind) => {
                for inner in kind.fields {
                    let Type::Code(list) = inner.ty else { continue };
                    let name = format!("{}.{}", field.name, inner.name);
                    let codes = doc.rows(field.name).iter().filter_map(|row| row.get(inner.name));
                    found.extend(codes.map(|code| (name.clone(), list.name, plain(code))));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, rewritten, sample};

    #[test]
    fn a_retired_code_is_not_used_anew() {
        assert_eq!(rewritten("customer", HAINA, &[], &[("source", "fax")]), ["retired-code"]);
        let mut store = sample();
        store.put(super::super::testing::with(&store, "customer", HAINA, &[("source", "fax")]));
        let doc = super::super::testing::with(&store, "customer", HAINA, &[("city", "Shenzhen")]);
        assert_eq!(super::super::testing::written(&store, &[], &[doc]), [""; 0]);
    }
}
