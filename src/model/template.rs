//! Templates: texts with placeholders for messages and documents. Rendering is elsewhere.

use super::message::Purpose;
use super::record::TRAITS;
use super::scalars::Prose;
use crate::{choice, record};

choice! {
    /// What a template makes
    TemplateChannel = "template_channel" {
        Email = "email",
        Sms = "sms",
        Notice = "notice",
        Document = "document",
    }
}

record! {
    /// Text for messages and documents
    Template, "template", "templates", "", TRAITS => {
        identity {
            /// Name
            name: String,
            /// What it makes: a message of a channel, or a printed document
            channel: TemplateChannel,
        }
        usage {
            /// Language
            language: Option<String>,
            /// What its messages are for
            purpose: Option<Purpose>,
        }
        content {
            /// Subject, with placeholders
            subject: Option<String>,
            /// Text, with placeholders such as {{customer.name}}
            body: Prose,
        }
    }
}
