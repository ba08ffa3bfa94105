//! What is done to a ticket besides its moves: it is answered and rated.
//!
//! Nothing grows inside a ticket: answers are messages. Deliberately absent: who may be answered by
//! which channel, which the rules for messages say.

use super::message_out::{self, Outgoing};
use super::{Draft, verbs};
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
    let message = message_out::send_message(
        draft,
        Outgoing {
            target: ("ticket".to_owned(), ticket.id().to_owned()),
            channel,
            contact: contact.or_else(|| ticket.text("contact").map(str::to_owned)),
            subject,
            body: body.to_owned(),
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
