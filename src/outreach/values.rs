//! What the names in a template stand for: fields of the record it is filled for, of its customer,
//! contact and owner, of the company, and of what these refer to.
//!
//! Deliberately absent: how a value is written (the caller's), and values that a query derives,
//! which the caller is told by name.

use crate::model::Problem;
use crate::model::record::{Doc, Field, Type, Value};
use crate::model::setting::of_store;
use crate::rules::View;
use crate::rules::support::survivor;

/// A record with those that stand around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    pub target: Doc,
    pub customer: Option<Doc>,
    pub contact: Option<Doc>,
    /// Who answers for it: its own owner, that of its order, that of its customer.
    pub owner: Option<Doc>,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Named {
    /// A field with a value.
    Field(Doc, &'static Field, Value),
    /// A record itself, told by its title.
    Record(Doc),
    /// A field that is not declared: something derived, or nothing.
    Derived(Doc, String),
    Text(String),
    Empty,
    Unknown,
}

/// Finds the records around a record.
pub fn around(view: &dyn View, target: &Doc) -> Result<Around, Problem> {
    let own = |noun: &'static str, field: &str| refer(view, target, noun, field);
    let customer =
        if target.kind.name == "customer" { Some(target.clone()) } else { own("customer", "customer")? };
    let contact = if target.kind.name == "contact" {
        Some(target.clone())
    } else if let Some(contact) = own("contact", "contact")? {
        Some(contact)
    } else {
        primary(view, customer.as_ref())?
    };
    let mut owner = match own("user", "owner")? {
        Some(owner) => Some(owner),
        None => own("user", "assignee")?,
    };
    if owner.is_none()
        && let Some(order) = own("order", "order")?
    {
        owner = refer(view, &order, "user", "owner")?;
    }
    if owner.is_none()
        && let Some(customer) = &customer
    {
        owner = refer(view, customer, "user", "owner")?;
    }
    Ok(Around { target: target.clone(), customer, contact, owner })
}

/// The record that a field refers to; what a merged one was merged into.
fn refer(view: &dyn View, doc: &Doc, noun: &str, field: &str) -> Result<Option<Doc>, Problem> {
    let leads_there =
        doc.kind.field(field).is_some_and(|f| matches!(f.ty, Type::Ref(nouns) if nouns.contains(&noun)));
    match doc.text(field).filter(|_| leads_there) {
        Some(id) => view.record(noun, &survivor(view, noun, id)?),
        None => Ok(None),
    }
}

/// The first contact of a customer who is still there.
fn primary(view: &dyn View, customer: Option<&Doc>) -> Result<Option<Doc>, Problem> {
    let Some(customer) = customer else { return Ok(None) };
    let contacts = view.all_with("contact", "customer", customer.id())?;
    Ok(contacts.into_iter().find(|contact| contact.flag("primary") && !contact.flag("inactive")))
}

impl Around {
    /// What a dotted name leads to. The first step is the noun of the record, `customer`,
    /// `contact`, `owner` or `company`; every further one a field, or a reference to go on from.
    pub fn named(&self, view: &dyn View, name: &str) -> Result<Named, Problem> {
        let (root, rest) = name.split_once('.').map_or((name, None), |(root, rest)| (root, Some(rest)));
        if root == "company" {
            return Ok(company(view, rest.unwrap_or("name")));
        }
        let start = match root {
            noun if noun == self.target.kind.name => Some(&self.target),
            "customer" => self.customer.as_ref(),
            "contact" => self.contact.as_ref(),
            "owner" => self.owner.as_ref(),
            _ => return Ok(Named::Unknown),
        };
        match start {
            Some(doc) => step(view, doc.clone(), rest),
            None => Ok(missing(view, root, rest)),
        }
    }
}

/// A name on a record that is not there: empty where such a record could have it.
fn missing(view: &dyn View, root: &str, rest: Option<&str>) -> Named {
    let noun = if root == "owner" { "user" } else { root };
    let field = rest.unwrap_or("id").split('.').next().unwrap_or_default();
    let known = view.schema().kind(noun).is_some_and(|kind| kind.field(field).is_some());
    if known { Named::Empty } else { Named::Unknown }
}

fn step(view: &dyn View, doc: Doc, rest: Option<&str>) -> Result<Named, Problem> {
    let Some(rest) = rest else { return Ok(Named::Record(doc)) };
    let (name, further) = rest.split_once('.').map_or((rest, None), |(name, further)| (name, Some(further)));
    let Some(field) = doc.kind.field(name) else {
        return Ok(if further.is_none() { Named::Derived(doc, name.to_owned()) } else { Named::Unknown });
    };
    if field.rows().is_some() {
        return Ok(Named::Unknown);
    }
    let nouns = match field.ty {
        Type::Ref(nouns) if !field.many() => nouns,
        _ if further.is_some() => return Ok(Named::Unknown),
        _ => {
            return Ok(match doc.get(name).cloned() {
                Some(value) => Named::Field(doc, field, value),
                None => Named::Empty,
            });
        }
    };
    for noun in nouns {
        if let Some(next) = refer(view, &doc, noun, name)? {
            return step(view, next, further);
        }
    }
    Ok(missing(view, nouns.first().copied().unwrap_or_default(), further))
}

fn company(view: &dyn View, key: &str) -> Named {
    let settings = &view.schema().settings;
    let key = format!("company.{key}");
    match settings.get(&key) {
        Some(text) => Named::Text(text.to_owned()),
        None if of_store(&key).is_some() => Named::Empty,
        None => Named::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::memory::Memory;

    fn store() -> Memory {
        let mut store = Memory::new(&[("company.name", &["绿行"])]).expect("sound settings");
        store.add("user", "li.na", &[("name", "李娜"), ("phone", "+8613800138001"), ("status", "active")]);
        store.add("user", "wang", &[("name", "王伟"), ("status", "active")]);
        store.add("customer", "cus_a", &[("name", "海纳"), ("owner", "wang"), ("status", "normal")]);
        store.add("customer", "cus_b", &[("name", "旧"), ("merged_into", "cus_a"), ("status", "normal")]);
        let con = [("name", "王芳"), ("customer", "cus_a"), ("primary", "true")];
        store.add("contact", "con_a", &con);
        store.add(
            "order",
            "ord_a",
            &[("number", "SO-1"), ("customer", "cus_b"), ("owner", "li.na"), ("status", "draft")],
        );
        store.add("invoice", "inv_a", &[("number", "I-1"), ("customer", "cus_a"), ("order", "ord_a")]);
        store.add("lead", "lea_a", &[("name", "陈"), ("status", "new")]);
        store
    }

    fn doc(store: &Memory, noun: &str, id: &str) -> Doc {
        store.record(noun, id).expect("readable").expect("is there")
    }

    fn text(store: &Memory, noun: &str, id: &str, name: &str) -> String {
        let around = around(store, &doc(store, noun, id)).expect("found");
        match around.named(store, name).expect("found") {
            Named::Field(_, _, Value::Text(text)) | Named::Text(text) => text,
            Named::Record(doc) => doc.title().to_owned(),
            other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn names_lead_over_the_record_and_those_around_it() {
        let store = store();
        for (noun, id, name, expected) in [
            ("order", "ord_a", "order.number", "SO-1"),
            ("order", "ord_a", "customer.name", "海纳"),
            ("order", "ord_a", "contact.name", "王芳"),
            ("order", "ord_a", "owner.phone", "+8613800138001"),
            ("order", "ord_a", "order.customer.owner.name", "王伟"),
            ("order", "ord_a", "order.owner", "李娜"),
            ("order", "ord_a", "company.name", "绿行"),
            ("order", "ord_a", "company", "绿行"),
            ("invoice", "inv_a", "invoice.order.number", "SO-1"),
            ("invoice", "inv_a", "owner.name", "李娜"),
            ("customer", "cus_a", "owner.name", "王伟"),
            ("contact", "con_a", "customer.name", "海纳"),
            ("contact", "con_a", "contact.name", "王芳"),
            ("lead", "lea_a", "lead.name", "陈"),
        ] {
            assert_eq!(text(&store, noun, id, name), expected, "{noun} {name}");
        }
    }

    #[test]
    fn what_is_empty_is_told_from_what_there_is_not() {
        let store = store();
        for (noun, id, name, expected) in [
            ("order", "ord_a", "contact.title", "Empty"),
            ("order", "ord_a", "company.phone", "Empty"),
            ("order", "ord_a", "order.quote.number", "Empty"),
            ("lead", "lea_a", "customer.name", "Empty"),
            ("order", "ord_a", "order.total", "Derived"),
            ("order", "ord_a", "order.lines", "Unknown"),
            ("order", "ord_a", "order.number.x", "Unknown"),
            ("order", "ord_a", "company.x", "Unknown"),
            ("order", "ord_a", "lead.name", "Unknown"),
            ("order", "ord_a", "order.quote.nothing", "Unknown"),
            ("lead", "lea_a", "customer.nme", "Unknown"),
        ] {
            assert_eq!(text(&store, noun, id, name), expected, "{noun} {name}");
        }
    }
}
