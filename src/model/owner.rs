//! Whose a record is: which field says so, and to which record others belong.

use super::record::Kind;

/// The field that says whose a record of a type is.
#[must_use]
pub fn owner_field(kind: &Kind) -> Option<&'static str> {
    ["owner", "assignee"].into_iter().find(|name| kind.field(name).is_some())
}

/// Types without an owner of their own, with the fields that name the record they belong to, and
/// its type; the first that leads anywhere decides.
const BELONGS: &[(&str, &[(&str, &str)])] = &[
    ("contact", &[("customer", "customer")]),
    ("payment", &[("customer", "customer")]),
    ("invoice", &[("order", "order"), ("customer", "customer")]),
    ("shipment", &[("order", "order")]),
    ("return", &[("order", "order")]),
];

/// The fields of a type that name the record it belongs to, each with the type of that record.
#[must_use]
pub fn belongs(noun: &str) -> &'static [(&'static str, &'static str)] {
    BELONGS.iter().find(|(of, _)| *of == noun).map_or(&[], |(_, above)| above)
}
