//! What is done to a ticket besides its moves: it is answered and rated.
//!
//! Nothing grows inside a ticket: answers are messages. Deliberately absent: who may be answered by
//! which channel, which the rules for messages say.

use chrono::Days;

use super::message_out::{self, Outgoing};
use super::{Draft, followup, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};

/// Writes an answer to the customer and queues it; work on a new ticket begins with it. Without a
/// channel it goes the way the ticket came, by e-mail where nothing can be written that way. Gives
/// the id of the message.
pub fn reply(
    draft: &mut Draft<'_>,
    id: &str,
    body: &str,
    channel: Option<&str>,
    contact: Option<String>,
) -> Result<String, Problem> {
    let mut ticket = draft.need("ticket", id)?;
    let channel = channel.unwrap_or_else(|| way_back(&ticket)).to_owned();
    let subject = (channel == "email").then(|| {
        let part = |name: &str| ticket.text(name).unwrap_or_default().to_owned();
        format!("[{}] {}", part("number"), part("subject"))
    });
    let answers = if channel == "email" { message_out::latest(draft, ticket.id())? } else { None };
    let message = message_out::send_message(
        draft,
        Outgoing {
            target: ("ticket".to_owned(), ticket.id().to_owned()),
            channel,
            contact: contact.or_else(|| ticket.text("contact").map(str::to_owned)),
            subject,
            body: body.to_owned(),
            answers,
            ..Outgoing::default()
        },
    )?;
    if ticket.state() == "new" {
        verbs::advance(draft, &mut ticket, "start", &Row::new())?;
        verbs::change(draft, ticket)?;
    }
    Ok(message)
}

fn way_back(ticket: &Doc) -> &'static str {
    match ticket.text("channel") {
        Some("sms") => "sms",
        Some("wechat") => "wechat",
        _ => "email",
    }
}

/// Plans a call to the customer some days after a ticket was closed, where the store wants that.
pub fn ask_later(draft: &mut Draft<'_>, ticket: &Doc) -> Result<(), Problem> {
    let Some(days) = draft.schema().settings.int("ticket.followup_days") else { return Ok(()) };
    let due = u64::try_from(days).ok().and_then(|days| draft.setting.today.checked_add_days(Days::new(days)));
    let Some(due) = due else { return Ok(()) };
    let mut call = draft.make("followup", None);
    let owner = ticket.text("assignee").unwrap_or(&draft.setting.actor.id).to_owned();
    for (field, value) in [("kind", "call"), ("target", ticket.id()), ("owner", &owner)] {
        call.set(field, Some(Value::Text(value.to_owned())));
    }
    call.set("contact", ticket.get("contact").cloned());
    call.set("due", Some(Value::Day(due)));
    followup::plan(draft, call)?;
    Ok(())
}

/// Writes down how the customer rates the work. `false` where that is written already.
pub fn rate(draft: &mut Draft<'_>, id: &str, rating: i64, comment: Option<String>) -> Result<bool, Problem> {
    let mut ticket = draft.need("ticket", id)?;
    let before = ticket.clone();
    ticket.set("rating", Some(Value::Int(rating)));
    if let Some(comment) = comment {
        ticket.set("rating_comment", Some(Value::Text(comment)));
    }
    if ticket == before {
        return Ok(false);
    }
    verbs::change(draft, ticket)?;
    Ok(true)
}
