//! Quotes: made from an opportunity, sent, accepted, rejected, cancelled and revised.
//!
//! What rules refuse is not repeated: documents without lines, discounts above a limit, offers that
//! have run out. The message that goes out with a quote is no part of sending it.

use super::lines::from_products;
use super::opportunity::{follow_quotes, said_about, win};
use super::order;
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::rules::View;

/// What belongs to one revision and is not taken over by the next.
const OWN: &[&str] = &[
    "id",
    "created_at",
    "created_by",
    "date",
    "fx_rate",
    "revision",
    "revises",
    "valid_until",
    "status",
    "approved_by",
    "approved_at",
    "approved_discount",
    "accepted_on",
    "accepted_by",
    "customer_ref",
    "reject_reason",
    "key",
    "source_ref",
    "archived",
];

/// Fills a new quote from its opportunity: customer, currency, and where it has no lines the products.
pub fn of_opportunity(draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Problem> {
    let Some(opp) = heads_of_opportunity(draft, doc)? else { return Ok(()) };
    if doc.rows("lines").is_empty() && !opp.rows("products").is_empty() {
        let rows = from_products(draft, doc, &opp)?;
        doc.set("lines", Some(Value::Rows(rows)));
    }
    Ok(())
}

/// Fills what the prices of a quote depend on from its opportunity, which it gives.
pub fn heads_of_opportunity(draft: &Draft<'_>, doc: &mut Doc) -> Result<Option<Doc>, Problem> {
    let Some(id) = doc.text("opportunity") else { return Ok(None) };
    let opp = draft.need("opportunity", id)?;
    for field in ["customer", "currency"] {
        if doc.get(field).is_none() {
            doc.set(field, opp.get(field).cloned());
        }
    }
    Ok(Some(opp))
}

/// Moves a quote by a declared verb; the amount of its opportunity follows. `false` where the state
/// holds already.
pub fn advance(draft: &mut Draft<'_>, id: &str, verb: &str, fields: &Row) -> Result<bool, Problem> {
    let moved = verbs::advance_with(draft, "quote", id, verb, fields)?;
    if moved && let Some(opp) = draft.need("quote", id)?.text("opportunity") {
        let opp = opp.to_owned();
        follow_quotes(draft, &opp)?;
    }
    Ok(moved)
}

/// What comes with the acceptance of a quote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accept {
    /// Who accepted it, and the customer's order number, as fields of the quote.
    pub fields: Row,
    /// Whether a draft order is made from it.
    pub order: bool,
    /// Whether its opportunity is won by it.
    pub win: bool,
}

/// Accepts a quote. Where it was accepted before, only what is missing of order and win is done.
/// Whether anything was.
pub fn accept(draft: &mut Draft<'_>, id: &str, wish: &Accept) -> Result<bool, Problem> {
    let mut done = advance(draft, id, "accept", &wish.fields)?;
    if wish.order {
        done |= order(draft, id, done)?.is_some();
    }
    if wish.win {
        let quote = draft.need("quote", id)?;
        let Some(opp) = quote.text("opportunity") else {
            return Err(said_about(&quote, "quote-without-opportunity").field("opportunity"));
        };
        done |= win(draft, opp, Some(id), false)?;
    }
    Ok(done)
}

/// Makes a draft order of what is not ordered yet of a quote, for the quote's owner. Nothing where
/// it is not accepted just now and has an order already. Gives the id of the order.
pub(super) fn order(draft: &mut Draft<'_>, id: &str, accepted_now: bool) -> Result<Option<String>, Problem> {
    let earlier = draft.all_with("order", "quote", id)?;
    if !accepted_now && earlier.iter().any(|order| order.state() != "cancelled") {
        return Ok(None);
    }
    let quote = draft.need("quote", id)?;
    let mut doc = draft.make("order", None);
    doc.set("quote", Some(Value::Text(id.to_owned())));
    doc.set("owner", quote.get("owner").cloned());
    order::add(draft, doc, &[]).map(Some)
}

/// What became of a quote that was to be revised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revised {
    /// Id of the quote that takes its place.
    pub id: String,
    /// Whether it was made just now.
    pub made: bool,
}

/// Replaces a sent or rejected quote by a draft of the same number and the next revision, with its
/// lines and their ids, dated today. Where it is replaced already gives the one that replaces it.
pub fn revise(draft: &mut Draft<'_>, id: &str) -> Result<Revised, Problem> {
    let old = draft.need("quote", id)?;
    if !verbs::advance_with(draft, "quote", id, "revise", &Row::new())? {
        let next = draft.find("quote", "revises", id)?.into_iter().next();
        return Ok(Revised { id: next.unwrap_or_else(|| id.to_owned()), made: false });
    }
    let mut new = draft.make("quote", None);
    for (name, value) in old.fields.iter().filter(|(name, _)| !OWN.contains(name)) {
        new.set(name, Some(value.clone()));
    }
    let revision = match old.get("revision") {
        Some(Value::Int(revision)) => *revision,
        _ => 1,
    };
    new.set("revision", Some(Value::Int(revision + 1)));
    new.set("revises", Some(Value::Text(id.to_owned())));
    new.set("date", Some(Value::Day(draft.setting.today)));
    verbs::add(draft, new).map(|id| Revised { id, made: true })
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
