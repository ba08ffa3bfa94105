//! What was merged into another record and was edited since: in another clone, or by hand.
//!
//! A tombstone keeps a digest of what it held when it was merged. Where it holds something else by
//! now, the record that stands for it may lack it; merging the two again brings it over. What is
//! taken off the record that stands for it is no such thing, and is not asked about. Deliberately
//! absent: the merging, and editing a tombstone, which `customers` refuses.

use super::support::{about, is_merged, plain, survivor};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// Fields that a merge does not bring over: what the record is and to whom it belongs.
const OWN: &[&str] = &[
    "id",
    "created_at",
    "created_by",
    "archived",
    "owner",
    "pool",
    "protected_until",
    "distinct_from",
    "merged_into",
    "merged_digest",
];

/// What a record holds, as 16 hexadecimal digits: FNV-1a with 64 bits over its fields and rows in
/// the order of the declaration. A field that is not filled counts for nothing, so that a new one
/// in the declaration changes no digest. It guards against oversight, not against intent.
pub fn digest(doc: &Doc) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for field in doc.kind.all().filter(|field| !OWN.contains(&field.name)) {
        match doc.get(field.name) {
            None => {}
            Some(Value::Rows(rows)) => {
                for row in rows {
                    add(field.name);
                    for (name, value) in row {
                        add(name);
                        add(&plain(value));
                    }
                }
            }
            Some(value) => {
                add(field.name);
                add(&plain(value));
            }
        }
    }
    format!("{hash:016x}")
}

/// Whether a tombstone holds something else than when it was merged.
pub fn is_edited(doc: &Doc) -> bool {
    is_merged(doc) && doc.text("merged_digest").is_some_and(|then| then != digest(doc))
}

/// `merged-record` W: a tombstone holds something else than when it was merged.
pub fn edited(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if is_edited(doc) {
        let into = survivor(view, doc.kind.name, doc.id())?;
        let problem =
            about(doc, "merged-record").arg("edited", "yes").arg("into", &into).candidates([into.as_str()]);
        found.push(problem.as_warning());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::support::text;
    use super::super::testing::{CHEN, HAINA, checked, sample, with};
    use super::*;

    #[test]
    fn what_was_edited_after_its_merge_is_named_until_it_is_merged_again() {
        let mut store = sample();
        let mut merged = with(&store, "customer", CHEN, &[("merged_into", HAINA)]);
        store.put(merged.clone());
        assert_eq!(checked(&store, &merged), [""; 0], "merged by a program that kept no digest");
        merged.set("merged_digest", Some(text(&digest(&merged))));
        assert_eq!(checked(&store, &merged), [""; 0]);
        let mut phoned = merged.clone();
        phoned.set("other_phones", Some(Value::List(vec![text("+8613000000001")])));
        assert_eq!(checked(&store, &phoned), ["W merged-record"]);
        phoned.set("merged_digest", Some(text(&digest(&phoned))));
        assert_eq!(checked(&store, &phoned), [""; 0]);
    }

    #[test]
    fn a_digest_is_about_what_a_merge_brings_over() {
        let store = sample();
        let doc = store.record("customer", HAINA).expect("readable").expect("there");
        for (field, differs) in
            [("city", true), ("status", true), ("name", true), ("owner", false), ("merged_into", false)]
        {
            let mut other = doc.clone();
            other.set(field, Some(text("elsewhere")));
            assert_eq!(digest(&other) != digest(&doc), differs, "{field}");
        }
    }
}
