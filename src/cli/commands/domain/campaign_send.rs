//! `campaign send`: one queued message to each of the campaign's audience, in one commit.
//!
//! Who got one before, does not want any, has no address, shares one with another member or lacks
//! what the template asks for is left out and counted.

use std::collections::{BTreeMap, BTreeSet};

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::one;
use super::super::super::resolve::Names;
use super::super::super::templates::{Filled, Filler, Variables, variables};
use super::super::{Action, print};
use super::marketing::addressed;
use super::{change, place_of, plain_writing};
use crate::draft::Draft;
use crate::draft::message_out::{self, Outgoing};
use crate::locale::{Language, Locale};
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::model::scalars::Instant;
use crate::outreach::values::around;
use crate::rules::messages::declined;
use crate::rules::support::about;

pub(super) fn args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "CAMPAIGN", words).required(true))
        .arg(option("template", "TEMPLATE", words))
        .arg(option("var", "NAME=VALUE", words).action(clap::ArgAction::Append))
        .arg(option("send-at", "TIME", words));
    plain_writing(command, words)
}

pub(super) fn run<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let variables = variables(matches)?;
    let send_at = one(matches, "send-at").map(|text| context.moment(&text)).transpose()?;
    change(context, kind, "send", matches, move |draft, names| {
        let campaign = names.record(draft, &["campaign"], &place_of(matches, "id"))?;
        names.mention(campaign.id());
        if campaign.state() != "active" {
            return Err(about(&campaign, "not-active")
                .arg("campaign", campaign.id())
                .arg("state", campaign.state())
                .into());
        }
        let template = match one(matches, "template") {
            Some(text) => Some(names.one(draft, &["template"], &text)?),
            None => campaign.text("template").map(str::to_owned),
        };
        let template =
            template.ok_or_else(|| about(&campaign, "campaign-without-template").field("template"))?;
        let template = draft.need("template", &template)?;
        let mut mailing = Mailing::new(context, names, &campaign, &template, &variables, send_at)?;
        if campaign.list("segments").next().is_none() {
            return Err(about(&campaign, "campaign-without-segments").field("segments").into());
        }
        let read = |kind: &'static Kind, id: &str| draft.need(kind.name, id).map_err(Failure::from);
        let audience = addressed(context, names.mirror(), &campaign, &read)?;
        for (noun, id) in &audience {
            mailing.add(draft, noun, id)?;
        }
        mailing.tell();
        draft.about =
            Some(format!("{} ({}, {} messages)", campaign.title(), campaign.id(), mailing.made.len()));
        draft.answer = mailing.made;
        Ok(())
    })
}

/// A campaign's messages in the making.
struct Mailing<'a> {
    context: &'a Context,
    names: &'a Names<'a>,
    campaign: &'a Doc,
    template: &'a Doc,
    variables: &'a Variables,
    send_at: Option<Instant>,
    channel: String,
    locales: [Locale; 2],
    /// Keys of the messages that there are.
    keys: BTreeSet<String>,
    /// Where the campaign goes or went.
    addresses: BTreeSet<String>,
    made: Vec<String>,
    /// How many were left out, by reason.
    skipped: BTreeMap<&'static str, usize>,
}

impl<'a> Mailing<'a> {
    fn new(
        context: &'a Context,
        names: &'a Names<'a>,
        campaign: &'a Doc,
        template: &'a Doc,
        variables: &'a Variables,
        send_at: Option<Instant>,
    ) -> Result<Self, Failure> {
        let channel = match campaign.text("kind") {
            Some(kind @ ("email" | "sms")) => kind,
            _ => template.text("channel").unwrap_or_default(),
        };
        print::of_channel(template, channel)?;
        if !matches!(channel, "email" | "sms") {
            return Err(about(template, "template-of-other-channel").arg("channel", channel).into());
        }
        let sql = "select key, \"to\" from messages where campaign = ?1 and key is not null";
        let answer = names.mirror().query(sql, &[SqlCell::text(campaign.id())])?;
        let texts = |at: usize| answer.rows.iter().filter_map(move |row| row[at].as_text());
        let reached = texts(1).flat_map(|list| list.split(';')).filter(|address| !address.is_empty());
        Ok(Self {
            context,
            names,
            campaign,
            template,
            variables,
            send_at,
            channel: channel.to_owned(),
            locales: [Language::English, Language::Chinese].map(Locale::new),
            keys: texts(0).map(str::to_owned).collect(),
            addresses: reached.map(str::to_lowercase).collect(),
            made: Vec::new(),
            skipped: BTreeMap::new(),
        })
    }

    /// Queues the message of one member, or counts why not.
    fn add(&mut self, draft: &mut Draft<'_>, noun: &'static str, id: &str) -> Result<(), Failure> {
        let key = format!("campaign:{}:{id}", self.campaign.id());
        if self.keys.contains(&key) {
            self.skip("again");
            return Ok(());
        }
        let target = draft.need(noun, id)?;
        let wish = Outgoing {
            target: (noun.to_owned(), id.to_owned()),
            channel: self.channel.clone(),
            purpose: Some("marketing".to_owned()),
            template: Some(self.template.id().to_owned()),
            campaign: Some(self.campaign.id().to_owned()),
            send_at: self.send_at,
            key: Some(key),
            ..Outgoing::default()
        };
        let mut message = message_out::made(draft, wish)?;
        // The general address of a customer is not that of each of its people.
        let own = if self.channel == "sms" { "phone" } else { "email" };
        if noun == "contact" && target.get(own).is_none() {
            self.skip("address");
            return Ok(());
        }
        let Some(address) = message.list("to").next().map(str::to_lowercase) else {
            self.skip("address");
            return Ok(());
        };
        if !declined(draft, &message)?.is_empty() {
            self.skip("opted-out");
            return Ok(());
        }
        if self.addresses.contains(&address) {
            self.skip("shared");
            return Ok(());
        }
        let filled = match self.filled(draft, &target) {
            Ok(filled) => filled,
            // What one member lacks is no reason to leave out the others; a slip of the pen is.
            Err(problem) if lacks_values(&problem) => {
                self.skip("incomplete");
                return Ok(());
            }
            Err(problem) => return Err(problem.into()),
        };
        self.addresses.insert(address);
        message_out::say(&mut message, filled.subject.as_deref(), &filled.body)?;
        self.made.push(message_out::queue_made(draft, message)?);
        Ok(())
    }

    fn filled(&self, draft: &Draft<'_>, target: &Doc) -> Result<Filled, Problem> {
        let around = around(draft, target)?;
        let language = print::language_of(self.context, Some(self.template), &around, None);
        let locale = &self.locales[usize::from(language != Language::English)];
        let filler = Filler {
            locale,
            schema: &self.context.schema,
            view: draft,
            mirror: self.names.mirror(),
            around: &around,
            variables: self.variables,
        };
        filler.fill(self.template)
    }

    fn skip(&mut self, why: &'static str) {
        *self.skipped.entry(why).or_default() += 1;
    }

    fn tell(&self) {
        self.context.say("campaign-queued", &[("count", &self.made.len().to_string())]);
        for (why, count) in &self.skipped {
            self.context.say(&format!("campaign-skipped-{why}"), &[("count", &count.to_string())]);
        }
    }
}

/// Whether a template found nothing but empty fields of records: a variable that was not given is
/// empty for everybody.
fn lacks_values(problem: &Problem) -> bool {
    let empty = problem.get("empty").unwrap_or_default();
    problem.id == "unknown-variable"
        && problem.get("kind") == Some("empty")
        && !empty.split(", ").any(|name| name.starts_with("var."))
}
