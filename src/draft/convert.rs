//! A lead becomes a customer, with the contact and the opportunity that come of it.
//!
//! All of it is one change. What rules refuse is not repeated here: customers that are there
//! already, blocked ones, products that are no longer sold. Deliberately absent: how leads are
//! worked until then (`assign`, the moves of the type).

use rust_decimal::Decimal;

use super::{Draft, Setting, verbs};
use crate::model::record::{Doc, Row, Type, Value};
use crate::model::scalars::Day;
use crate::model::{Class, Problem};
use crate::rules::amounts::word;
use crate::rules::customers::duplicates;
use crate::rules::support::{about, survivor};
use crate::rules::{Judge, View};

/// What a part of the conversion becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Into {
    /// What the lead suggests.
    #[default]
    Usual,
    /// A new record.
    New,
    /// The record with this id.
    Existing(String),
    /// Nothing.
    None,
}

/// What a lead is to become.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConvertWish {
    pub customer: Into,
    pub contact: Into,
    pub opportunity: Into,
    /// Name of the opportunity; the customer and its first intent unless given.
    pub name: Option<String>,
    /// Amount of the opportunity, without tax; that of the intents, else the budget, unless given.
    pub amount: Option<Decimal>,
    /// Expected day of the deal; when the lead means to buy unless given.
    pub close_date: Option<Day>,
}

/// How to reach the one, where they are, and what they need: what customer and contact take over.
const REACH: &[&str] = &["phone", "other_phones", "email", "other_emails", "wechat"];
const PLACE: &[&str] = &["country", "province", "city", "district", "street", "postcode", "region"];
const ORIGIN: &[&str] = &["source", "campaign", "needs", "intents", "tags"];

/// The fields of a lead that say what it became, with the type of each.
const RESULT: &[(&str, &str)] = &[
    ("converted_customer", "customer"),
    ("converted_contact", "contact"),
    ("converted_opportunity", "opportunity"),
];

/// Converts a lead. Gives the ids of its customer, contact and opportunity, as far as there are
/// such. A lead that was converted before gives the same again; it is a conflict to ask for others.
pub fn convert(draft: &mut Draft<'_>, id: &str, wish: &ConvertWish) -> Result<Vec<String>, Problem> {
    let mut lead = draft.need("lead", id)?;
    if lead.state() == "converted" {
        return again(draft, &lead, wish);
    }
    allowed(draft, &lead)?;
    if !verbs::advance(draft, &mut lead, "convert", &Row::new())? {
        return Ok(Vec::new());
    }
    let customer = customer(draft, &lead, &wish.customer)?;
    let contact = contact(draft, &lead, &customer, &wish.contact)?;
    let opportunity = opportunity(draft, &lead, &customer, contact.as_deref(), wish)?;
    let ids = [Some(customer.id().to_owned()), contact, opportunity];
    for ((field, _), id) in RESULT.iter().zip(&ids) {
        lead.set(field, id.clone().map(Value::Text));
    }
    draft.put(lead)?;
    move_planned(draft, id, ids[2].as_deref().unwrap_or(customer.id()))?;
    Ok(ids.into_iter().flatten().collect())
}

/// What a lead became, unless other records are asked for.
fn again(draft: &Draft<'_>, lead: &Doc, wish: &ConvertWish) -> Result<Vec<String>, Problem> {
    for ((field, noun), asked) in RESULT.iter().zip([&wish.customer, &wish.contact, &wish.opportunity]) {
        let became = lead.text(field).map(|id| survivor(draft, noun, id)).transpose()?;
        let other = match asked {
            Into::Existing(id) => became.as_deref() != Some(id),
            Into::None => became.is_some(),
            Into::Usual | Into::New => false,
        };
        if other {
            return Err(Problem::new(Class::Conflict, "converted-otherwise")
                .arg("record", lead.title())
                .arg("became", became.as_deref().unwrap_or("none"))
                .arg("noun", noun)
                .field(*field)
                .candidates(became));
        }
    }
    Ok(RESULT.iter().filter_map(|(field, _)| lead.text(field).map(str::to_owned)).collect())
}

/// `[lead] convert_from` may narrow the states from which a lead is converted.
fn allowed(draft: &Draft<'_>, lead: &Doc) -> Result<(), Problem> {
    let states = draft.schema().settings.list("lead.convert_from");
    let states: Vec<&str> = states.into_iter().filter(|state| !state.is_empty()).collect();
    if states.is_empty() || states.contains(&lead.state()) {
        return Ok(());
    }
    let legal = lead.kind.traits.moves.iter().filter(|step| step.from.contains(&lead.state()));
    let legal: Vec<&str> = legal.map(|step| step.verb).filter(|verb| *verb != "convert").collect();
    Err(Problem::invalid("convert-too-early")
        .arg("record", lead.title())
        .arg("state", lead.state())
        .arg("states", states.join(", "))
        .at(lead.path(), None)
        .legal(legal))
}

fn customer(draft: &mut Draft<'_>, lead: &Doc, into: &Into) -> Result<Doc, Problem> {
    let fields = || REACH.iter().chain(PLACE).chain(ORIGIN).copied();
    match into {
        Into::Existing(id) => {
            let mut doc = draft.need("customer", id)?;
            take(draft, &mut doc, lead, fields());
            if doc.get("pool").is_none() && doc.get("owner").is_none() {
                let owner = lead.get("owner").cloned();
                draft.set(&mut doc, "owner", owner);
            }
            draft.put(doc.clone())?;
            Ok(doc)
        }
        Into::None => Err(Problem::usage("customer-needed").field("customer")),
        Into::Usual | Into::New => {
            let mut doc = draft.make("customer", None);
            let company = lead.text("company");
            let kind = if company.is_some() { "company" } else { "person" };
            doc.set("kind", Some(Value::Text(kind.to_owned())));
            doc.set("name", company.or(lead.text("name")).map(|name| Value::Text(name.to_owned())));
            take(draft, &mut doc, lead, fields().chain(["owner"]));
            custom(&mut doc, lead);
            let id = verbs::add(draft, doc)?;
            let doc = draft.need("customer", &id)?;
            not_there_yet(draft, &doc)?;
            Ok(doc)
        }
    }
}

/// The rules refuse a customer that is there already, too; here the way out is another one.
fn not_there_yet(draft: &Draft<'_>, customer: &Doc) -> Result<(), Problem> {
    let Setting { allow, now, today, .. } = &draft.setting;
    let mut found = Vec::new();
    duplicates(draft, &Judge { allow, now: *now, today: *today }, customer, &mut found)?;
    match found.into_iter().find(|problem| !problem.warning) {
        Some(problem) => Err(problem.hint("hint-convert-into")),
        None => Ok(()),
    }
}

/// New when the lead has both a company and the name of a person.
fn contact(
    draft: &mut Draft<'_>,
    lead: &Doc,
    customer: &Doc,
    into: &Into,
) -> Result<Option<String>, Problem> {
    let fields = || REACH.iter().chain(["title"].iter()).copied();
    match into {
        Into::None => Ok(None),
        Into::Usual if lead.get("name").is_none() || lead.get("company").is_none() => Ok(None),
        Into::Existing(id) => {
            let mut doc = draft.need("contact", id)?;
            of_customer(draft, &doc, customer)?;
            take(draft, &mut doc, lead, fields());
            draft.put(doc)?;
            Ok(Some(id.clone()))
        }
        Into::Usual | Into::New => {
            let Some(name) = lead.text("name") else {
                return Err(about(lead, "contact-without-name").field("name"));
            };
            let mut doc = draft.make("contact", None);
            doc.set("name", Some(Value::Text(name.to_owned())));
            doc.set("customer", Some(Value::Text(customer.id().to_owned())));
            take(draft, &mut doc, lead, fields());
            verbs::add(draft, doc).map(Some)
        }
    }
}

fn opportunity(
    draft: &mut Draft<'_>,
    lead: &Doc,
    customer: &Doc,
    contact: Option<&str>,
    wish: &ConvertWish,
) -> Result<Option<String>, Problem> {
    match &wish.opportunity {
        Into::None => Ok(None),
        Into::Existing(id) => {
            let mut doc = draft.need("opportunity", id)?;
            of_customer(draft, &doc, customer)?;
            if doc.get("closed_on").is_some() {
                return Err(about(&doc, "opportunity-closed").arg("stage", doc.state()).field("opportunity"));
            }
            take(draft, &mut doc, lead, ["source", "campaign", "region", "needs"]);
            if doc.get("lead").is_none() {
                doc.set("lead", Some(Value::Text(lead.id().to_owned())));
            }
            draft.put(doc)?;
            Ok(Some(id.clone()))
        }
        Into::Usual | Into::New => new_opportunity(draft, lead, customer, contact, wish).map(Some),
    }
}

fn new_opportunity(
    draft: &mut Draft<'_>,
    lead: &Doc,
    customer: &Doc,
    contact: Option<&str>,
    wish: &ConvertWish,
) -> Result<String, Problem> {
    let mut doc = draft.make("opportunity", None);
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let name = match &wish.name {
        Some(name) => name.clone(),
        None => named(draft, lead, customer)?,
    };
    doc.set("name", text(&name));
    doc.set("customer", text(customer.id()));
    doc.set("lead", text(lead.id()));
    take(draft, &mut doc, lead, ["source", "campaign", "region", "needs", "owner"]);
    let products = products(draft, lead);
    let budget = lead.dec("budget").filter(|_| products.is_empty() && wish.amount.is_none());
    if budget.is_some() {
        doc.set("currency", lead.get("currency").cloned());
    }
    doc.set("products", Some(Value::Rows(products)));
    doc.set("amount", wish.amount.or(budget).map(Value::Dec));
    let close_date = wish.close_date.or(lead.day("buy_by").filter(|day| *day >= draft.setting.today));
    doc.set("close_date", close_date.map(Value::Day));
    if let Some(contact) = contact {
        let row = Row::from([("contact", Value::Text(contact.to_owned()))]);
        doc.set("contacts", Some(Value::Rows(vec![row])));
    }
    verbs::add(draft, doc)
}

/// The customer and what it means to buy first.
fn named(draft: &Draft<'_>, lead: &Doc, customer: &Doc) -> Result<String, Problem> {
    let first = lead.rows("intents").first().and_then(|row| word(row, "product"));
    let product = first.map_or(Ok(None), |sku| draft.record("product", sku))?;
    let product = product.map_or(String::new(), |product| format!(" {}", product.title()));
    Ok(format!("{}{product}", customer.title()))
}

/// The intents as products that may be sold; their prices follow when the record is completed.
fn products(draft: &Draft<'_>, lead: &Doc) -> Vec<Row> {
    let row = |intent: &Row| {
        let product = intent.get("product")?.clone();
        let qty = intent.get("qty").cloned().unwrap_or(Value::Dec(Decimal::ONE));
        Some(Row::from([("id", Value::Text(draft.row_id())), ("product", product), ("qty", qty)]))
    };
    lead.rows("intents").iter().filter_map(row).collect()
}

/// Fills the empty fields of a record from those of the lead.
fn take<'f>(draft: &Draft<'_>, doc: &mut Doc, lead: &Doc, fields: impl IntoIterator<Item = &'f str>) {
    for name in fields {
        let Some(field) = doc.kind.field(name) else { continue };
        if doc.get(name).is_none()
            && let Some(value) = lead.get(name)
        {
            draft.set(doc, field.name, Some(value.clone()));
        }
    }
}

/// The fields of the store's own that both types have alike.
fn custom(doc: &mut Doc, lead: &Doc) {
    let kind = doc.kind;
    for field in kind.custom {
        let same = lead.kind.custom.iter().any(|own| own.name == field.name && own.ty == field.ty);
        if same && !matches!(field.ty, Type::Rows(_)) && doc.get(field.name).is_none() {
            doc.set(field.name, lead.get(field.name).cloned());
        }
    }
}

/// Refuses a contact or opportunity of another customer.
fn of_customer(draft: &Draft<'_>, doc: &Doc, customer: &Doc) -> Result<(), Problem> {
    let own = doc.text("customer").map(|id| survivor(draft, "customer", id)).transpose()?;
    if own.as_deref() == Some(customer.id()) {
        return Ok(());
    }
    Err(about(doc, "wrong-customer")
        .arg("customer", customer.id())
        .arg("other", own.as_deref().unwrap_or_default())
        .field("customer"))
}

/// What is planned with the lead goes on with what it became; what was done stays where it was.
fn move_planned(draft: &mut Draft<'_>, lead: &str, target: &str) -> Result<(), Problem> {
    for mut doc in draft.all_with("followup", "target", lead)? {
        if doc.state() == "planned" {
            doc.set("target", Some(Value::Text(target.to_owned())));
            draft.put(doc)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
