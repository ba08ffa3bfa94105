//! Messages: single e-mails, texts and notices. A sent or received one is a fact; the states that
//! sending passes through are written by the outbox, not by verbs.

use super::campaign::Campaign;
use super::contact::Contact;
use super::followup::Direction;
use super::record::{Move, TRAITS, Traits, is, step};
use super::scalars::{Id, Instant, Prose};
use super::template::Template;
use crate::{any_ref, choice, record};

choice! {
    /// How a message travels; a notice goes to a user
    MessageChannel = "message_channel" {
        Email = "email",
        Sms = "sms",
        Wechat = "wechat",
        Notice = "notice",
    }
}

choice! {
    /// What a message is for
    Purpose = "purpose" { Marketing = "marketing", Service = "service", Internal = "internal" }
}

choice! {
    /// Whether a message went out
    MessageStatus = "message_status" {
        Draft = "draft",
        Queued = "queued",
        Claimed = "claimed",
        Sent = "sent",
        Failed = "failed",
        Unknown = "unknown",
        Cancelled = "cancelled",
        Received = "received",
    }
}

any_ref! {
    /// What a message is about, or the user it goes to
    MessageTarget to ["customer", "contact", "lead", "opportunity", "quote", "order", "ticket", "campaign", "user"]
}

const MOVES: &[Move] = &[
    step("queue", &["draft"], "queued"),
    step("retry", &["failed", "unknown"], "queued"),
    step("cancel", &["draft", "queued", "failed"], "cancelled"),
];

record! {
    /// One e-mail, text or notice
    Message, "message", "messages", "msg", Traits {
        state: Some("status"),
        moves: MOVES,
        title: &["subject"],
        lookup: &[],
        ..TRAITS
    } => {
        kind {
            /// How it travels; a notice goes to a user
            channel: MessageChannel,
            /// Who turned to whom: out or in
            direction: Option<Direction> = is("out"),
            /// What it is for
            purpose: Purpose = is("service"),
        }
        address {
            /// Receivers, as sent; needed
            to: Vec<String>,
            /// Receivers of a copy
            cc: Vec<String>,
            /// Sender; that of the channel's settings unless given
            from: Option<String>,
            /// What it is about, or the user it goes to
            target: Option<MessageTarget>,
            /// Person it goes to or comes from
            contact: Option<Id<Contact>>,
        }
        content {
            /// Template it was made from
            template: Option<Id<Template>>,
            /// Subject
            subject: Option<String>,
            /// Text, rendered
            body: Prose,
            /// Documents to print and attach: id of a quote, order or invoice with .html or .xlsx
            attachments: Vec<String>,
        }
        state {
            /// Whether it went out
            status: MessageStatus [verb] = is("draft"),
            /// Not sent before
            send_at: Option<Instant>,
            /// Node and attempt that is sending it
            claimed_by: Option<String> [verb],
            /// When it was sent or received
            sent_at: Option<Instant> [once],
            /// Message id of the mail, fixed when queued
            message_id: Option<String>,
            /// Id that the sending service gave
            provider_id: Option<String> [once],
            /// Why sending failed
            error: Option<String> [verb],
        }
        thread {
            /// Conversation it belongs to
            thread: Option<String>,
            /// Message it answers
            in_reply_to: Option<Id<Message>>,
            /// Campaign it belongs to
            campaign: Option<Id<Campaign>>,
        }
    }
}
