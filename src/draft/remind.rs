//! Reminders as messages to the people of the store, each written once by its key.
//!
//! Deliberately absent: what is due, which the caller asks the read model, and the words.

use super::message_out::{Outgoing, made, queue_made};
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::rules::View;

/// Something that somebody is reminded of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// By which it is written once.
    pub key: String,
    /// Id of the user.
    pub user: String,
    /// Noun and id of the record it is about.
    pub about: (String, String),
    /// Words in the user's language.
    pub subject: String,
    pub body: String,
}

/// What became of a reminder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The messages that were made.
    pub ids: Vec<String>,
    /// Whether this run is to print it: it is written down as told.
    pub print: bool,
}

/// Writes a reminder by every way in which its user wants to be told, once. Nothing where it was
/// written before, or where the user is not at work here any more.
pub fn write(draft: &mut Draft<'_>, reminder: &Reminder) -> Result<Written, Problem> {
    let mut written = Written::default();
    let Some(user) = draft.record("user", &reminder.user)? else { return Ok(written) };
    if user.state() != "active" {
        return Ok(written);
    }
    for (place, channel) in channels(&user).into_iter().enumerate() {
        // The first way has the plain key, so that another order of ways reminds nobody twice.
        let key = if place == 0 { reminder.key.clone() } else { format!("{}:{channel}", reminder.key) };
        if !draft.find("message", "key", &key)?.is_empty() {
            continue;
        }
        written.ids.push(one(draft, reminder, &user, channel, key)?);
        written.print |= channel == "notice";
    }
    Ok(written)
}

/// The ways of a user; a notice where there is no address.
fn channels(user: &Doc) -> Vec<&'static str> {
    let wants = |way: &str| user.list("notify").any(|one| one == way);
    let mut found = Vec::new();
    for (way, channel, field) in [("email", "email", "email"), ("sms", "sms", "phone")] {
        if wants(way) && user.text(field).is_some() {
            found.push(channel);
        }
    }
    if wants("stdout") || found.is_empty() {
        found.insert(0, "notice");
    }
    found
}

fn one(
    draft: &mut Draft<'_>,
    reminder: &Reminder,
    user: &Doc,
    channel: &str,
    key: String,
) -> Result<String, Problem> {
    let to = match channel {
        "email" => user.text("email"),
        "sms" => user.text("phone"),
        _ => Some(user.id()),
    };
    let is_text = channel == "sms";
    let wish = Outgoing {
        target: ("user".to_owned(), user.id().to_owned()),
        channel: channel.to_owned(),
        purpose: Some("internal".to_owned()),
        to: to.into_iter().map(str::to_owned).collect(),
        subject: Some(reminder.subject.clone()),
        body: if is_text { reminder.subject.clone() } else { reminder.body.clone() },
        key: Some(key),
        ..Outgoing::default()
    };
    let mut message = made(draft, wish)?;
    message.set("target", Some(Value::Text(reminder.about.1.clone())));
    if channel != "notice" {
        return queue_made(draft, message);
    }
    message.set("status", Some(Value::Text("sent".to_owned())));
    message.set("sent_at", Some(Value::Instant(draft.setting.now)));
    verbs::add(draft, message)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;

    fn reminder() -> Reminder {
        Reminder {
            key: "remind:fup_k:1d".to_owned(),
            user: "li.na".to_owned(),
            about: ("customer".to_owned(), "cus_haina".to_owned()),
            subject: "Call".to_owned(),
            body: "Call Haina".to_owned(),
        }
    }

    fn bench(fields: &[(&str, &str)]) -> Bench {
        let mut bench = Bench::new();
        let mut user = bench.store.record("user", "li.na").expect("readable").expect("there");
        for (name, value) in [("email", "li.na@lvxing.example")].iter().chain(fields) {
            let value = match *name {
                "notify" => Value::List(value.split(',').map(|text| Value::Text(text.to_owned())).collect()),
                _ => Value::Text((*value).to_owned()),
            };
            user.set(name, Some(value));
        }
        bench.store.put(user);
        bench
    }

    fn told(fields: &[(&str, &str)]) -> Vec<[String; 4]> {
        let mut found = Vec::new();
        bench(fields).with(|draft| {
            let written = write(draft, &reminder())?;
            for id in &written.ids {
                let doc = draft.need("message", id)?;
                found.push(["channel", "to", "status", "key"].map(|name| field(&doc, name)));
            }
            assert_eq!(write(draft, &reminder())?, Written::default(), "once");
            Ok(())
        });
        found
    }

    #[test]
    fn everybody_is_told_once_by_the_ways_they_chose() {
        let row = |parts: [&str; 4]| parts.map(str::to_owned);
        let key = "remind:fup_k:1d";
        assert_eq!(told(&[("notify", "stdout")]), [row(["notice", "li.na", "sent", key])]);
        assert_eq!(told(&[("notify", "email")]), [row(["email", "li.na@lvxing.example", "queued", key])]);
        assert_eq!(
            told(&[("notify", "stdout,sms"), ("phone", "+8613800000009")]),
            [
                row(["notice", "li.na", "sent", key]),
                row(["sms", "+8613800000009", "queued", &format!("{key}:sms")])
            ]
        );
        assert_eq!(told(&[("notify", "sms")]), [row(["notice", "li.na", "sent", key])], "no phone");
        assert_eq!(told(&[("status", "left")]), [[""; 4]; 0]);
    }
}
