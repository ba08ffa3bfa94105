//! Tickets: what is noted, answered and rated.

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::one;
use super::super::Action;
use super::followups::{note, note_args};
use super::{Verb, change, place_of, plain_writing, verb};
use crate::draft::ticket;
use crate::model::Problem;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("ticket", "reply", reply_args, reply),
    verb!("ticket", "note", note_args, note),
    verb!("ticket", "rate", rate_args, rate),
];

/// The channels that an answer can go by.
const CHANNELS: &[&str] = &["email", "sms", "wechat"];

fn reply_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("ticket", "TICKET", words).required(true))
        .arg(place("reply", "TEXT", words).required(true))
        .arg(option("channel", "email|sms|wechat", words))
        .arg(option("contact", "CONTACT", words));
    plain_writing(command, words)
}

fn reply<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "reply", matches, move |draft, names| {
        let id = names.one(draft, &["ticket"], &place_of(matches, "ticket"))?;
        let contact =
            one(matches, "contact").map(|text| names.one(draft, &["contact"], &text)).transpose()?;
        let channel = one(matches, "channel");
        if let Some(channel) = channel.as_deref().filter(|channel| !CHANNELS.contains(channel)) {
            let problem = Problem::usage("bad-code").arg("value", channel).arg("field", "channel");
            return Err(problem.field("channel").legal(CHANNELS.iter().copied()).into());
        }
        ticket::reply(draft, &id, &place_of(matches, "reply"), channel.as_deref(), contact)?;
        Ok(())
    })
}

fn rate_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("ticket", "TICKET", words).required(true))
        .arg(place("rating", "1..5", words).required(true))
        .arg(option("comment", "TEXT", words));
    plain_writing(command, words)
}

fn rate<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "rate", matches, move |draft, names| {
        let id = names.one(draft, &["ticket"], &place_of(matches, "ticket"))?;
        let text = place_of(matches, "rating");
        let rating = text.parse().ok().filter(|rating| (1..=5).contains(rating));
        let refused = || Problem::usage("bad-rating").arg("value", &text).field("rating");
        ticket::rate(draft, &id, rating.ok_or_else(refused)?, one(matches, "comment"))?;
        Ok(())
    })
}
