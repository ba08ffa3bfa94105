//! A message as an e-mail: headers, text and attachments as bytes.
//!
//! Nothing from a record becomes part of a header that could end it: control characters are refused
//! before the mail is built. Deliberately absent: who sends it, and marking it as sent.

use chrono::{DateTime, FixedOffset};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use crate::model::Problem;

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a mail says, as a record has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// `name@host` or `Name <name@host>`.
    pub from: String,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub subject: String,
    pub body: String,
    /// With its angle brackets.
    pub message_id: String,
    /// Message ids of what it answers, the latest last.
    pub answers: Vec<String>,
    /// Where readers take themselves off the list: an `https:` or `mailto:` address.
    pub unsubscribe: Option<String>,
    pub enclosed: Vec<Enclosed>,
}

/// A mail ready to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The bare address of the sender.
    pub from: String,
    /// The bare addresses of everybody who gets it.
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
}

/// Makes the mail, dated this moment.
///
/// # Errors
/// `bad-header` for a control character where a header would begin or end, `bad-email`,
/// `bad-mail` for what cannot be written as a mail.
pub fn compose(letter: &Letter, at: DateTime<FixedOffset>) -> Result<Mail, Problem> {
    let single = [&letter.from, &letter.subject, &letter.message_id];
    let many = letter.to.iter().chain(&letter.cc).chain(&letter.answers).chain(&letter.unsubscribe);
    for text in single.into_iter().chain(many).chain(letter.enclosed.iter().map(|file| &file.name)) {
        if text.chars().any(char::is_control) {
            return Err(Problem::invalid("bad-header").arg("value", text.escape_debug()));
        }
    }
    let failed = |error: lettre::error::Error| Problem::invalid("bad-mail").arg("reason", error);
    let from = mailbox(&letter.from)?;
    let mut to = Vec::new();
    let mut message = Message::builder()
        .from(from.clone())
        .subject(&letter.subject)
        .date(std::time::SystemTime::from(at))
        .message_id(Some(letter.message_id.clone()));
    for address in &letter.to {
        let one = mailbox(address)?;
        to.push(one.email.to_string());
        message = message.to(one);
    }
    for address in &letter.cc {
        let one = mailbox(address)?;
        to.push(one.email.to_string());
        message = message.cc(one);
    }
    if let Some(last) = letter.answers.last() {
        message = message.in_reply_to(last.clone()).references(letter.answers.join(" "));
    }
    if let Some(where_to) = &letter.unsubscribe {
        let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
        message = message.raw_header(HeaderValue::new(name, format!("<{where_to}>")));
    }
    let text = SinglePart::plain(letter.body.clone());
    let message = if letter.enclosed.is_empty() {
        message.singlepart(text)
    } else {
        let mut parts = MultiPart::mixed().singlepart(text);
        for file in &letter.enclosed {
            parts = parts
                .singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind_of(&file.name)));
        }
        message.multipart(parts)
    };
    let mut seen = std::collections::BTreeSet::new();
    to.retain(|address| seen.insert(address.to_lowercase()));
    Ok(Mail { from: from.email.to_string(), to, bytes: message.map_err(failed)?.formatted() })
}

fn mailbox(text: &str) -> Result<Mailbox, Problem> {
    text.parse().map_err(|_| Problem::invalid("bad-email").arg("value", text))
}

fn kind_of(name: &str) -> ContentType {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    ContentType::parse(kind).unwrap_or(ContentType::TEXT_PLAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            from: "Acme 销售 <sales@acme.example>".to_owned(),
            to: vec!["wang@haina.example".to_owned()],
            subject: "报价 QT-1".to_owned(),
            body: "您好，\n.\n报价见附件。".to_owned(),
            message_id: "<msg_k@acme.example>".to_owned(),
            ..Letter::default()
        }
    }

    fn at() -> DateTime<FixedOffset> {
        "2026-03-10T10:00:00+08:00".parse().expect("a time")
    }

    fn text(letter: &Letter) -> String {
        String::from_utf8(compose(letter, at()).expect("a mail").bytes).expect("ascii")
    }

    #[test]
    fn the_id_is_the_one_of_the_record_and_nothing_leaves_the_seven_bits() {
        let mail = text(&letter());
        assert!(mail.is_ascii(), "{mail}");
        assert!(mail.contains("Message-ID: <msg_k@acme.example>\r\n"), "{mail}");
        assert!(mail.contains("Date: Tue, 10 Mar 2026 02:00:00 +0000\r\n"), "{mail}");
        assert_eq!(compose(&letter(), at()).expect("a mail").from, "sales@acme.example");
    }

    #[test]
    fn an_answer_names_what_it_answers() {
        let answer = Letter { answers: vec!["<a@x>".to_owned(), "<b@x>".to_owned()], ..letter() };
        let mail = text(&answer);
        assert!(
            mail.contains("In-Reply-To: <b@x>\r\n") && mail.contains("References: <a@x> <b@x>\r\n"),
            "{mail}"
        );
    }

    #[test]
    fn no_header_can_be_ended_by_what_a_record_holds() {
        let evil = "x\r\nBcc: all@acme.example".to_owned();
        for letter in [
            Letter { subject: evil.clone(), ..letter() },
            Letter { from: format!("{evil} <a@x.example>"), ..letter() },
            Letter { to: vec![evil.clone()], ..letter() },
            Letter { message_id: evil.clone(), ..letter() },
            Letter { answers: vec![evil.clone()], ..letter() },
            Letter { unsubscribe: Some(evil.clone()), ..letter() },
            Letter { enclosed: vec![Enclosed { name: evil.clone(), bytes: Vec::new() }], ..letter() },
            Letter { subject: "\u{1b}[2J".to_owned(), ..letter() },
        ] {
            assert_eq!(compose(&letter, at()).map_err(|problem| problem.id), Err("bad-header"));
        }
        let two = Letter { to: vec!["a@x.example, b@x.example".to_owned()], ..letter() };
        assert_eq!(compose(&two, at()).map_err(|problem| problem.id), Err("bad-email"));
    }

    #[test]
    fn everybody_who_gets_it_is_on_the_envelope() {
        let more = Letter {
            cc: ["li@haina.example", "WANG@haina.example"].map(str::to_owned).to_vec(),
            enclosed: vec![Enclosed { name: "QT-1.xlsx".to_owned(), bytes: vec![0, 255] }],
            ..letter()
        };
        let mail = compose(&more, at()).expect("a mail");
        assert_eq!(mail.to, ["wang@haina.example", "li@haina.example"]);
        let text = String::from_utf8(mail.bytes).expect("ascii");
        assert!(
            text.contains("multipart/mixed") && text.contains("QT-1.xlsx") && text.contains("AP8="),
            "{text}"
        );
    }
}
