//! One message to somebody outside, drafted or queued: whom it reaches and by which address.
//!
//! The text comes in as it will be read. Queued is as far as it goes here; that marketing reaches
//! nobody who does not want it, and that there is an address at all, is for the rules. Deliberately
//! absent: templates (the text is filled in before) and delivery.

use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Instant;
use crate::model::value::email::email_domain;
use crate::model::value::{parse_email, parse_phone, parse_prose, parse_text};
use crate::rules::View;
use crate::rules::support::survivor;

/// The domain of message ids where nobody has an address.
const NOWHERE: &str = "crm.invalid";

/// A message that is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    /// What it is about, or the user it goes to: noun and id.
    pub target: (String, String),
    /// email, sms, wechat or notice.
    pub channel: String,
    /// marketing, service or internal; service where nothing is said.
    pub purpose: Option<String>,
    /// The person it goes to; the target's unless given.
    pub contact: Option<String>,
    /// Addresses; found from contact, customer, lead or user where there are none.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub template: Option<String>,
    pub subject: Option<String>,
    pub body: String,
    /// `<id of a quote, order or invoice>.html` or `.xlsx`.
    pub attachments: Vec<String>,
    pub send_at: Option<Instant>,
    pub campaign: Option<String>,
    /// The message it answers.
    pub answers: Option<String>,
    pub key: Option<String>,
}

/// Writes a message as a draft. Gives its id.
pub fn draft_message(draft: &mut Draft<'_>, wish: Outgoing) -> Result<String, Problem> {
    let doc = made(draft, wish)?;
    verbs::add(draft, doc)
}

/// Writes a message that is to be sent. Gives its id.
pub fn send_message(draft: &mut Draft<'_>, wish: Outgoing) -> Result<String, Problem> {
    let doc = made(draft, wish)?;
    queue_made(draft, doc)
}

/// Queues a message that was made. Gives its id.
pub fn queue_made(draft: &mut Draft<'_>, mut doc: Doc) -> Result<String, Problem> {
    doc.set("status", Some(Value::Text("queued".to_owned())));
    fix_id(draft, &mut doc);
    verbs::add(draft, doc)
}

/// Queues a draft, or again what failed, by the verb of that name. `false` where it is queued already.
pub fn queue(draft: &mut Draft<'_>, id: &str, verb: &str) -> Result<bool, Problem> {
    let mut doc = draft.need("message", id)?;
    if !verbs::advance(draft, &mut doc, verb, &Row::new())? {
        return Ok(false);
    }
    // What a person sends again begins anew: at once, with its attempts counted from the first.
    for field in ["claimed_by", "error"] {
        doc.set(field, None);
    }
    if verb == "retry" {
        doc.set("send_at", None);
    }
    fix_id(draft, &mut doc);
    draft.put(doc)?;
    Ok(true)
}

/// The id of a message in the mail system: once and for all, so that whoever gets it twice can tell.
fn fix_id(draft: &Draft<'_>, doc: &mut Doc) {
    if doc.get("message_id").is_some() {
        return;
    }
    let settings = &draft.schema().settings;
    let addresses = [
        doc.text("from"),
        settings.get("send.email.from"),
        settings.get("company.email"),
        Some(draft.setting.actor.email.as_str()),
    ];
    let domain = addresses.into_iter().flatten().find_map(|address| {
        let bare = address.rsplit_once('<').map_or(address, |(_, rest)| rest.trim_end_matches('>'));
        parse_email(bare).ok().as_deref().and_then(email_domain)
    });
    let id = format!("<{}@{}>", doc.id(), domain.as_deref().unwrap_or(NOWHERE));
    doc.set("message_id", Some(Value::Text(id)));
}

/// The message as it is wanted, not yet put.
pub fn made(draft: &Draft<'_>, wish: Outgoing) -> Result<Doc, Problem> {
    let (noun, id) = &wish.target;
    let target = draft.need(noun, id)?;
    let person = match &wish.contact {
        Some(contact) => Some(draft.need("contact", contact)?),
        None => person_of(draft, &target)?,
    };
    let country = draft.schema().settings.text("company.country");
    let written = |texts: &[String], field: &'static str| -> Result<Vec<String>, Problem> {
        let read = |text: &String| match wish.channel.as_str() {
            "email" => parse_email(text),
            "sms" => parse_phone(text, country),
            _ => Ok(text.clone()),
        };
        texts.iter().map(|text| read(text).map_err(|problem| problem.field(field))).collect()
    };
    let (mut to, cc) = (written(&wish.to, "to")?, written(&wish.cc, "cc")?);
    if to.is_empty() {
        to.extend(address(draft, &target, person.as_ref(), &wish.channel)?);
    }
    let list = |texts: Vec<String>| Some(Value::List(texts.into_iter().map(Value::Text).collect()));
    let text = |text: Option<String>| text.map(Value::Text);
    let mut doc = draft.make("message", None);
    doc.set("channel", Some(Value::Text(wish.channel)));
    doc.set("purpose", text(wish.purpose));
    doc.set("to", list(to));
    doc.set("cc", list(cc));
    doc.set("target", Some(Value::Text(target.id().to_owned())));
    doc.set("contact", person.map(|person| Value::Text(person.id().to_owned())));
    doc.set("template", text(wish.template));
    if !wish.body.is_empty() {
        say(&mut doc, wish.subject.as_deref(), &wish.body)?;
    }
    doc.set("attachments", list(wish.attachments));
    doc.set("send_at", wish.send_at.map(Value::Instant));
    doc.set("campaign", text(wish.campaign));
    doc.set("key", text(wish.key));
    if let Some(before) = wish.answers.map(|id| draft.need("message", &id)).transpose()? {
        doc.set("in_reply_to", text(Some(before.id().to_owned())));
        doc.set("thread", text(thread_of(&before)));
    }
    Ok(doc)
}

/// Sets what a message says, as fields have texts: a filled-in template is not yet in that form.
///
/// # Errors
/// `bad-text`.
pub fn say(doc: &mut Doc, subject: Option<&str>, body: &str) -> Result<(), Problem> {
    let subject = subject.filter(|subject| !subject.trim().is_empty()).map(parse_text).transpose();
    let subject = subject.map_err(|problem| problem.field("subject"))?;
    doc.set("subject", subject.map(Value::Text));
    let body = parse_prose(body).map_err(|problem| problem.field("body"))?;
    doc.set("body", Some(Value::Text(body)));
    Ok(())
}

/// The conversation of a message: the one it belongs to, else the one it begins.
pub fn thread_of(message: &Doc) -> Option<String> {
    message.text("thread").or(message.text("message_id")).map(str::to_owned)
}

/// The latest e-mail about a record, so that an answer stands below it in mail programs.
pub fn latest(draft: &Draft<'_>, target: &str) -> Result<Option<String>, Problem> {
    let mut mails = draft.all_with("message", "target", target)?;
    mails.retain(|mail| mail.text("channel") == Some("email") && matches!(mail.state(), "sent" | "received"));
    let at = |mail: &Doc| match mail.get("sent_at") {
        Some(Value::Instant(at)) => at.timestamp(),
        _ => 0,
    };
    Ok(mails.into_iter().max_by_key(|mail| (at(mail), mail.id().to_owned())).map(|mail| mail.id().to_owned()))
}

/// The customer of a record: itself, or the one it names.
fn customer_of(draft: &Draft<'_>, target: &Doc) -> Result<Option<Doc>, Problem> {
    match (target.kind.name, target.text("customer")) {
        ("customer", _) => Ok(Some(target.clone())),
        (_, Some(id)) => draft.record("customer", &survivor(draft, "customer", id)?),
        (_, None) => Ok(None),
    }
}

/// The person a message about a record goes to: itself, the one it names, the customer's first one.
fn person_of(draft: &Draft<'_>, target: &Doc) -> Result<Option<Doc>, Problem> {
    match (target.kind.name, target.text("contact")) {
        ("contact", _) => return Ok(Some(target.clone())),
        ("lead" | "user" | "campaign", _) => return Ok(None),
        (_, Some(id)) => {
            let contact = draft.record("contact", &survivor(draft, "contact", id)?)?;
            if let Some(contact) = contact.filter(|contact| !contact.flag("inactive")) {
                return Ok(Some(contact));
            }
        }
        _ => {}
    }
    let Some(customer) = customer_of(draft, target)? else { return Ok(None) };
    let contacts = draft.all_with("contact", "customer", customer.id())?;
    Ok(contacts.into_iter().find(|contact| contact.flag("primary") && !contact.flag("inactive")))
}

/// Where a message goes: the person's address, else that of the lead, user or customer. A notice
/// goes to a user: the target itself, or whoever owns it.
fn address(
    draft: &Draft<'_>,
    target: &Doc,
    person: Option<&Doc>,
    channel: &str,
) -> Result<Option<String>, Problem> {
    let field = match channel {
        "email" => "email",
        "sms" => "phone",
        "wechat" => "wechat",
        _ => {
            let owner = target.text("owner").or(target.text("assignee"));
            let user = if target.kind.name == "user" { Some(target.id()) } else { owner };
            return Ok(user.map(str::to_owned));
        }
    };
    let of = |doc: &Doc| doc.kind.field(field).and_then(|_| doc.text(field)).map(str::to_owned);
    if let Some(found) = person.and_then(of) {
        return Ok(Some(found));
    }
    if matches!(target.kind.name, "lead" | "user") {
        return Ok(of(target));
    }
    Ok(customer_of(draft, target)?.as_ref().and_then(of))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;

    fn bench() -> Bench {
        let mut bench = Bench::new();
        let store = &mut bench.store;
        let haina = store.record("customer", "cus_haina").expect("readable").expect("is there");
        let mut haina = haina.clone();
        haina.set("email", Some(Value::Text("info@haina.example".to_owned())));
        haina.set("phone", Some(Value::Text("+8675512345678".to_owned())));
        store.put(haina);
        let wang =
            [("name", "王"), ("customer", "cus_haina"), ("primary", "true"), ("email", "wang@haina.example")];
        store.add("contact", "con_wang", &wang);
        store.add(
            "contact",
            "con_liu",
            &[("name", "刘"), ("customer", "cus_haina"), ("phone", "+8613800000001")],
        );
        let lead = [("name", "陈晓明"), ("phone", "+8613900000002"), ("source", "web"), ("status", "new")];
        store.add("lead", "lea_chen", &lead);
        store.add(
            "user",
            "li.na",
            &[("name", "李娜"), ("status", "active"), ("email", "li.na@lvxing.example")],
        );
        bench.order("confirmed", &[("MAT", "1")]);
        bench
    }

    fn wish(noun: &str, id: &str, channel: &str) -> Outgoing {
        Outgoing {
            target: (noun.to_owned(), id.to_owned()),
            channel: channel.to_owned(),
            body: "Hello".to_owned(),
            ..Outgoing::default()
        }
    }

    fn sent(wish: Outgoing) -> Doc {
        let mut message = None;
        bench().with(|draft| {
            let id = send_message(draft, wish.clone())?;
            message = Some(draft.need("message", &id)?);
            Ok(())
        });
        message.expect("was written")
    }

    #[test]
    fn a_message_goes_to_whom_the_record_is_about() {
        for (noun, id, channel, to, contact) in [
            ("order", "ord_k", "email", "wang@haina.example", "con_wang"),
            ("customer", "cus_haina", "email", "wang@haina.example", "con_wang"),
            ("customer", "cus_haina", "sms", "+8675512345678", "con_wang"),
            ("contact", "con_liu", "sms", "+8613800000001", "con_liu"),
            ("contact", "con_liu", "email", "info@haina.example", "con_liu"),
            ("lead", "lea_chen", "sms", "+8613900000002", ""),
            ("user", "li.na", "notice", "li.na", ""),
            ("user", "li.na", "email", "li.na@lvxing.example", ""),
            ("order", "ord_k", "notice", "li.na", "con_wang"),
        ] {
            let message = sent(wish(noun, id, channel));
            assert_eq!(message.list("to").collect::<Vec<_>>(), [to], "{noun} {channel}");
            assert_eq!(field(&message, "contact"), contact, "{noun} {channel}");
            assert_eq!(field(&message, "target"), id);
        }
    }

    #[test]
    fn an_address_that_is_given_is_one_of_the_channel() {
        let with = |channel: &str, to: &str| Outgoing {
            to: vec![to.to_owned()],
            ..wish("customer", "cus_haina", channel)
        };
        for (channel, to, problem) in [("email", "nobody", "bad-email"), ("sms", "12", "bad-phone")] {
            let refused = bench().refused(|draft| send_message(draft, with(channel, to)));
            assert_eq!((refused.id, refused.field.as_deref()), (problem, Some("to")), "{channel}");
        }
        let message = sent(with("sms", "138 0000 0009"));
        assert_eq!(message.list("to").collect::<Vec<_>>(), ["+8613800000009"]);
    }

    #[test]
    fn what_is_given_goes_before_what_is_found() {
        let message = sent(Outgoing {
            contact: Some("con_liu".to_owned()),
            to: vec!["a@x.example".to_owned(), "b@x.example".to_owned()],
            purpose: Some("marketing".to_owned()),
            ..wish("customer", "cus_haina", "email")
        });
        assert_eq!(message.list("to").collect::<Vec<_>>(), ["a@x.example", "b@x.example"]);
        assert_eq!(
            (field(&message, "contact"), field(&message, "purpose")),
            ("con_liu".into(), "marketing".into())
        );
    }

    #[test]
    fn the_id_in_the_mail_system_is_fixed_when_it_is_queued() {
        let mut bench = bench();
        let message = sent(wish("order", "ord_k", "email"));
        assert_eq!(field(&message, "status"), "queued");
        assert_eq!(field(&message, "message_id"), format!("<{}@lvxing.example>", message.id()));
        assert_eq!(field(&message, "purpose"), "service");
        // A draft has none yet; queued again it keeps the first one.
        let drafted = [
            ("channel", "email"),
            ("to", "a@x.example"),
            ("body", "Hi"),
            ("purpose", "service"),
            ("status", "draft"),
        ];
        bench.store.add("message", "msg_a", &drafted);
        let failed = [&drafted[..4], &[("status", "failed"), ("message_id", "<old@x>")]].concat();
        bench.store.add("message", "msg_b", &failed);
        bench.with(|draft| {
            assert!(queue(draft, "msg_a", "queue")?);
            assert!(!queue(draft, "msg_a", "queue")?, "queued already");
            assert!(queue(draft, "msg_b", "retry")?);
            let ids =
                ["msg_a", "msg_b"].map(|id| draft.need("message", id).map(|doc| field(&doc, "message_id")));
            assert_eq!(ids, [Ok("<msg_a@lvxing.example>".to_owned()), Ok("<old@x>".to_owned())]);
            Ok(())
        });
    }

    #[test]
    fn a_drafted_message_waits() {
        bench().with(|draft| {
            let id = draft_message(draft, wish("order", "ord_k", "email"))?;
            let message = draft.need("message", &id)?;
            assert_eq!((message.state(), field(&message, "message_id")), ("draft", String::new()));
            Ok(())
        });
    }

    #[test]
    fn nobody_to_reach_is_refused() {
        let refused = bench().refused(|draft| send_message(draft, wish("lead", "lea_chen", "email")));
        assert_eq!(refused.id, "no-address");
    }

    #[test]
    fn a_person_who_left_is_not_written_to() {
        let mut bench = bench();
        let gone = [
            ("name", "王"),
            ("customer", "cus_haina"),
            ("primary", "true"),
            ("inactive", "true"),
            ("email", "wang@haina.example"),
        ];
        bench.store.add("contact", "con_wang", &gone);
        bench.with(|draft| {
            let id = send_message(draft, wish("customer", "cus_haina", "email"))?;
            let message = draft.need("message", &id)?;
            assert_eq!(message.list("to").collect::<Vec<_>>(), ["info@haina.example"]);
            Ok(())
        });
    }
}
