//! A mail from outside: who wrote, what it answers, what it says.
//!
//! Deliberately absent: whose mail it is (`draft::inbox`), and attachments, of which only the names
//! are kept.

use chrono::DateTime;
use mail_parser::{Address, MessageParser, MimeHeaders};

use crate::draft::inbox::Mail;

/// Most bytes of a mail that is read.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// Most bytes of a text that is kept.
const TEXT: usize = 200 * 1024;

/// Reads a mail; `None` where it is none.
pub fn read(bytes: &[u8]) -> Option<Mail> {
    let mail = MessageParser::default().parse(bytes)?;
    let from = mail.from().and_then(addresses_first)?;
    let bracketed = |id: &str| format!("<{}>", id.trim_matches(['<', '>']));
    let mut answers: Vec<String> = Vec::new();
    for header in [mail.references(), mail.in_reply_to()] {
        let ids = header.as_text_list().unwrap_or_default();
        for id in ids.iter().map(|id| bracketed(id)) {
            answers.retain(|there| *there != id);
            answers.push(id);
        }
    }
    let mut body: String =
        (0..mail.text_body_count()).filter_map(|at| mail.body_text(at)).collect::<Vec<_>>().join("\n");
    if body.len() > TEXT {
        let end = (0..=TEXT).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
        body.truncate(end);
        body.push('…');
    }
    Some(Mail {
        from,
        to: mail.to().map(addresses).unwrap_or_default(),
        cc: mail.cc().map(addresses).unwrap_or_default(),
        subject: one_line(mail.subject().unwrap_or_default()),
        body: clean(&body),
        message_id: mail.message_id().map(bracketed),
        answers,
        at: mail.date().and_then(|date| DateTime::parse_from_rfc3339(&date.to_rfc3339()).ok()),
        automatic: mail
            .header_raw("Auto-Submitted")
            .is_some_and(|said| !said.trim().to_lowercase().starts_with("no")),
        enclosed: mail.attachments().filter_map(|part| part.attachment_name()).map(one_line).collect(),
    })
}

fn addresses_first(from: &Address<'_>) -> Option<String> {
    addresses(from).into_iter().next()
}

fn addresses(list: &Address<'_>) -> Vec<String> {
    list.iter().filter_map(|one| one.address()).map(one_line).filter(|text| text.contains('@')).collect()
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Line ends of one kind, no other control characters, no empty lines at the end.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_of_today_is_read() {
        let text = "From: =?utf-8?B?546L5biI5YKF?= <Wang@haina.example>\r\n\
            To: Service <service@acme.example>, b@acme.example\r\n\
            Subject: =?gb2312?B?u7nU2s/s?= [TK-2026-0001]\r\n\
            Message-ID: <1@haina.example>\r\nIn-Reply-To: <msg_b@acme.example>\r\n\
            References: <msg_a@acme.example> <msg_b@acme.example>\r\n\
            Date: Tue, 10 Mar 2026 10:00:00 +0800\r\n\
            MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
            --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n还在响。\r\n\r\n\
            --x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"a.png\"\r\n\r\nx\r\n--x--\r\n";
        let mail = read(text.as_bytes()).expect("a mail");
        assert_eq!(mail.from, "Wang@haina.example");
        assert_eq!(mail.to, ["service@acme.example", "b@acme.example"]);
        assert_eq!(mail.subject, "还在响 [TK-2026-0001]");
        assert_eq!(mail.body, "还在响。");
        assert_eq!(mail.message_id.as_deref(), Some("<1@haina.example>"));
        assert_eq!(mail.answers, ["<msg_a@acme.example>", "<msg_b@acme.example>"]);
        assert_eq!(mail.at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-10T10:00:00+08:00"));
        assert_eq!(mail.enclosed, ["a.png"]);
    }

    #[test]
    fn html_alone_becomes_text_and_control_characters_go() {
        let text = "From: a@x.example\r\nSubject: x\u{1b}[2J\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>you</b></p>\u{7}";
        let mail = read(text.as_bytes()).expect("a mail");
        assert_eq!((mail.body.as_str(), mail.subject.as_str()), ("Hello you", "x [2J"));
    }

    #[test]
    fn what_has_no_writer_is_no_mail() {
        assert_eq!(read(b"hello"), None);
        assert_eq!(read(b"PK\x03\x04"), None);
    }
}
