//! Mail from outside, filed under the record it is about.
//!
//! Deliberately absent: reading a mail (`Mail` is what was read), and fetching any.

use super::message_out::thread_of;
use super::{Draft, verbs};
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Instant;
use crate::model::value::{parse_prose, parse_text};
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::rules::support::survivor;

/// A mail that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// The bare address of the writer.
    pub from: String,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub subject: String,
    pub body: String,
    pub message_id: Option<String>,
    /// Message ids of what it answers, the latest last.
    pub answers: Vec<String>,
    pub at: Option<Instant>,
    /// A machine wrote it.
    pub automatic: bool,
    /// Names of what was attached.
    pub enclosed: Vec<String>,
}

/// Files a mail under the record given, else the ticket whose number is in its subject, else what
/// the message that it answers is about, else the contact, customer or lead with the writer's
/// address. A waiting ticket goes on and a resolved one opens anew, unless a machine wrote it. Gives
/// the id of the message; that of the one there is where the mail was filed before.
///
/// # Errors
/// `unknown-writer`.
pub fn file(draft: &mut Draft<'_>, mail: &Mail, given: Option<&(String, String)>) -> Result<String, Problem> {
    if let Some(id) = &mail.message_id {
        let same = draft.all_with("message", "message_id", id)?;
        if let Some(there) = same.iter().find(|there| there.text("direction") == Some("in")) {
            return Ok(there.id().to_owned());
        }
    }
    let answered = answered(draft, mail)?;
    let writer = writer(draft, &mail.from)?;
    let target = match given {
        Some((noun, id)) => Some(draft.need(noun, id)?),
        None => about(draft, mail, answered.as_ref(), writer.as_ref())?,
    };
    let Some(target) = target else {
        return Err(Problem::new(Class::NotFound, "unknown-writer")
            .arg("value", &mail.from)
            .hint("unknown-writer-hint"));
    };
    let doc = message(draft, mail, &target, answered.as_ref(), writer.as_ref());
    let id = verbs::add(draft, doc)?;
    if target.kind.name == "ticket" && !mail.automatic {
        go_on(draft, &target, &id)?;
    }
    Ok(id)
}

fn message(
    draft: &Draft<'_>,
    mail: &Mail,
    target: &Doc,
    answered: Option<&Doc>,
    writer: Option<&Doc>,
) -> Doc {
    let text = |text: &str| Some(Value::Text(text.to_owned())).filter(|_| !text.is_empty());
    let list = |texts: &[String]| Some(Value::List(texts.iter().cloned().map(Value::Text).collect()));
    let mut doc = draft.make("message", None);
    for (field, value) in [
        ("channel", "email"),
        ("direction", "in"),
        ("purpose", "service"),
        ("status", "received"),
        ("from", mail.from.as_str()),
        ("target", target.id()),
    ] {
        doc.set(field, text(value));
    }
    let nobody = ["undisclosed".to_owned()];
    doc.set("to", list(if mail.to.is_empty() { &nobody } else { &mail.to }));
    doc.set("cc", list(&mail.cc).filter(|_| !mail.cc.is_empty()));
    let mut body = mail.body.clone();
    for name in &mail.enclosed {
        body.push_str(&format!("\n[{name}]"));
    }
    // What has no text of its own says so; nobody's mail is lost for that.
    let (subject, body) = (parse_text(&mail.subject), parse_prose(&body));
    doc.set("subject", subject.ok().map(Value::Text));
    doc.set("body", text(body.as_deref().unwrap_or("-")));
    // A clock that goes wrong elsewhere does not put a mail into our future.
    let at = mail.at.unwrap_or(draft.setting.on).min(draft.setting.now);
    doc.set("sent_at", Some(Value::Instant(at)));
    doc.set("message_id", mail.message_id.as_deref().and_then(text));
    let person = writer.filter(|writer| writer.kind.name == "contact");
    doc.set("contact", person.and_then(|person| text(person.id())));
    if let Some(answered) = answered {
        doc.set("in_reply_to", text(answered.id()));
        doc.set("thread", thread_of(answered).map(Value::Text));
        doc.set("campaign", answered.get("campaign").cloned());
    }
    doc
}

/// The latest of our messages that a mail answers.
fn answered(draft: &Draft<'_>, mail: &Mail) -> Result<Option<Doc>, Problem> {
    for id in mail.answers.iter().rev() {
        if let Some(found) = draft.all_with("message", "message_id", id)?.into_iter().next() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The contact, customer or lead with an address.
fn writer(draft: &Draft<'_>, address: &str) -> Result<Option<Doc>, Problem> {
    for noun in ["contact", "customer", "lead"] {
        let mut found = draft.all_with(noun, "email", address)?;
        found.retain(|doc| !doc.flag("archived"));
        // Somebody who left is better than nobody.
        found.sort_by_key(|doc| doc.kind.field("inactive").is_some() && doc.flag("inactive"));
        if let Some(doc) = found.into_iter().next() {
            return Ok(Some(doc));
        }
    }
    Ok(None)
}

fn about(
    draft: &Draft<'_>,
    mail: &Mail,
    answered: Option<&Doc>,
    writer: Option<&Doc>,
) -> Result<Option<Doc>, Problem> {
    for word in bracketed(&mail.subject) {
        for ticket in draft.all_with("ticket", "number", word)? {
            // A number alone is no proof: whoever writes belongs to the customer, or was written to.
            if answered.is_some() || belongs(draft, &ticket, writer)? {
                return Ok(Some(ticket));
            }
        }
    }
    if let Some(id) = answered.and_then(|answered| answered.text("target"))
        && let Some(kind) = draft.schema().kind_of_id(id)
        && let Some(doc) = draft.record(kind.name, &survivor(draft, kind.name, id)?)?
    {
        return Ok(Some(doc));
    }
    Ok(writer.cloned())
}

/// Whether a writer is of the customer of a ticket.
fn belongs(draft: &Draft<'_>, ticket: &Doc, writer: Option<&Doc>) -> Result<bool, Problem> {
    let Some(writer) = writer else { return Ok(false) };
    let of = if writer.kind.name == "customer" { Some(writer.id()) } else { writer.text("customer") };
    let (Some(of), Some(customer)) = (of, ticket.text("customer")) else { return Ok(false) };
    Ok(survivor(draft, "customer", of)? == survivor(draft, "customer", customer)?)
}

/// The words in square brackets.
fn bracketed(subject: &str) -> Vec<&str> {
    let inner = subject.split(['[', '【']).skip(1);
    inner
        .filter_map(|rest| rest.split([']', '】']).next())
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect()
}

/// What a waiting customer says sets a ticket going again.
fn go_on(draft: &mut Draft<'_>, ticket: &Doc, message: &str) -> Result<(), Problem> {
    let verb = match ticket.state() {
        "pending" => "resume",
        "resolved" => "reopen",
        _ => return Ok(()),
    };
    let before = draft.setting.reason.replace(message.to_owned());
    let moved = verbs::advance_with(draft, "ticket", ticket.id(), verb, &Row::new());
    draft.setting.reason = before;
    moved.map(|_| ())
}
