//! Messages to people outside: drafted, queued, queued again. Sending is the outbox's.

use std::io::Read;

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, field_flag, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{self, given, one};
use super::super::super::resolve::Names;
use super::super::super::templates::{Filled, Filler, variables};
use super::super::records::named_ids;
use super::super::{Action, print};
use super::{Verb, change, ids_args, place_of, plain_writing, verb};
use crate::draft::message_out::{self, Outgoing};
use crate::draft::verbs::missing_flag;
use crate::draft::{Draft, inbox};
use crate::locale::Locale;
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Type, Value};
use crate::outreach::incoming;
use crate::outreach::values::around;

pub(super) const VERBS: &[Verb] = &[
    verb!("message", "draft", message_args, draft_message),
    verb!("message", "send", message_args, send_message),
    verb!("message", "queue", ids_args, queue),
    verb!("message", "retry", ids_args, retry),
    verb!("message", "import", import_args, import),
];

/// The fields of a message that `draft` and `send` take as flags.
const FIELDS: &[&str] =
    &["channel", "template", "subject", "body", "contact", "to", "cc", "purpose", "send_at", "campaign"];

fn message_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let flags = FIELDS.iter().filter_map(|name| kind.field(name)).map(|field| {
        let flag = field_flag(kind, field, words);
        match field.name {
            "channel" => flag.required(true),
            "body" => flag.conflicts_with("template").required_unless_present("template"),
            _ => flag,
        }
    });
    let command = command
        .arg(place("target", "RECORD", words).required(true))
        .args(flags)
        .arg(option("var", "NAME=VALUE", words).action(clap::ArgAction::Append))
        .arg(option("attach", "RECORD[.html|.xlsx]", words).action(clap::ArgAction::Append))
        .after_help(words.text("help-after-template-render"));
    plain_writing(command, words)
}

fn draft_message<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "draft", matches, move |draft, names| {
        let wish = outgoing(draft, names, kind, matches)?;
        message_out::draft_message(draft, wish)?;
        Ok(())
    })
}

fn send_message<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "send", matches, move |draft, names| {
        let wish = outgoing(draft, names, kind, matches)?;
        message_out::send_message(draft, wish)?;
        Ok(())
    })
}

fn queue<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    queued(context, kind, matches, "queue")
}

fn retry<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    queued(context, kind, matches, "retry")
}

fn queued<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
    verb: &'static str,
) -> Result<Action<'a>, Failure> {
    change(context, kind, verb, matches, move |draft, names| {
        for id in named_ids(draft, names, kind.name, matches)? {
            let message = draft.need(kind.name, &id)?;
            if message.state() == "unknown" && message.text("purpose") == Some("marketing") {
                // It may have arrived, and nobody wants the same advertisement twice.
                context.confirm("retry-unknown", &[("record", &id)], "--yes")?;
            }
            message_out::queue(draft, &id, verb)?;
        }
        Ok(())
    })
}

fn import_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("files", "FILE", words).num_args(1..).required(true))
        .arg(option("target", "RECORD", words));
    plain_writing(command, words)
}

/// `message import`: mails from outside, each filed under whom it is from and what it is about.
fn import<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let mut mails = Vec::new();
    for name in given(matches, "files").unwrap_or_default() {
        let mut bytes = Vec::new();
        let input: Box<dyn Read> = if name == "-" {
            Box::new(std::io::stdin())
        } else {
            let failed = |error| Problem::usage("file-error").arg("path", &name).arg("reason", error);
            Box::new(std::fs::File::open(&name).map_err(failed)?)
        };
        let most = u64::try_from(incoming::LARGEST).unwrap_or(u64::MAX);
        input.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() > incoming::LARGEST {
            return Err(Problem::invalid("mail-too-large").arg("path", &name).into());
        }
        let mail = incoming::read(&bytes);
        mails.push(mail.ok_or_else(|| Problem::invalid("not-a-mail").arg("path", &name))?);
    }
    change(context, kind, "import", matches, move |draft, names| {
        let target = match one(matches, "target") {
            Some(text) => Some(names.one_of(draft, target_nouns(kind), &text)?),
            None => None,
        };
        for mail in &mails {
            let id = inbox::file(draft, mail, target.as_ref())?;
            names.mention(&id);
        }
        Ok(())
    })
}

/// The types that a message can be about.
fn target_nouns(kind: &'static Kind) -> &'static [&'static str] {
    match kind.field("target").map(|field| field.ty) {
        Some(Type::Ref(nouns)) => nouns,
        _ => &[],
    }
}

/// What the flags ask for, its text filled in.
fn outgoing(
    draft: &Draft<'_>,
    names: &Names<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
) -> Result<Outgoing, Failure> {
    let target = names.one_of(draft, target_nouns(kind), &place_of(matches, "target"))?;
    let target_doc = draft.need(&target.0, &target.1)?;
    let blank = Doc::new(kind, String::new());
    let value = |name: &str| -> Result<Option<Value>, Problem> {
        let (Some(field), Some(text)) = (kind.field(name), one(matches, name)) else { return Ok(None) };
        fields::value(names, draft, &blank, field, &text).map(Some)
    };
    let text = |name: &str| -> Result<Option<String>, Problem> {
        Ok(value(name)?.as_ref().and_then(Value::as_text).map(str::to_owned))
    };
    let channel = text("channel")?.unwrap_or_default();
    let template = text("template")?.map(|id| draft.need("template", &id)).transpose()?;
    let filled = match &template {
        Some(template) => filled(draft, names, template, &target_doc, &channel, matches)?,
        None => Filled { subject: None, body: text("body")?.ok_or_else(|| missing_flag("send", "body"))? },
    };
    let purpose = text("purpose")?;
    let own = template.as_ref().and_then(|template| template.text("purpose"));
    let list = |name: &str| given(matches, name).unwrap_or_default();
    Ok(Outgoing {
        target,
        channel,
        purpose: purpose.or_else(|| own.map(str::to_owned)),
        contact: text("contact")?,
        to: list("to"),
        cc: list("cc"),
        template: template.as_ref().map(|template| template.id().to_owned()),
        subject: text("subject")?.or(filled.subject),
        body: filled.body,
        attachments: list("attach")
            .iter()
            .map(|text| attachment(draft, names, text))
            .collect::<Result<_, _>>()?,
        send_at: match value("send_at")? {
            Some(Value::Instant(at)) => Some(at),
            _ => None,
        },
        campaign: text("campaign")?,
        answers: None,
        key: one(matches, "key"),
    })
}

/// The subject and body that a template gives for a record; one of another channel is refused.
pub(super) fn filled(
    draft: &Draft<'_>,
    names: &Names<'_>,
    template: &Doc,
    target: &Doc,
    channel: &str,
    matches: &ArgMatches,
) -> Result<Filled, Failure> {
    let context = names.context;
    // WeChat has no templates of its own: its messages are as short as texts.
    print::of_channel(template, if channel == "wechat" { "sms" } else { channel })?;
    let around = around(draft, target)?;
    let locale = Locale::new(print::language_of(
        context,
        Some(template),
        &around,
        print::asked_language(context, matches),
    ));
    let variables = variables(matches)?;
    let filler = Filler {
        locale: &locale,
        schema: &context.schema,
        view: draft,
        mirror: names.mirror(),
        around: &around,
        variables: &variables,
    };
    Ok(filler.fill(template)?)
}

/// A document to print and attach: a quote, order or invoice, as html unless its ending says xlsx.
pub fn attachment(draft: &Draft<'_>, names: &Names<'_>, text: &str) -> Result<String, Problem> {
    let (record, ending) = match text.rsplit_once('.') {
        Some((record, ending @ ("html" | "xlsx"))) => (record, ending),
        _ => (text, "html"),
    };
    let id = names.one(draft, print::PRINTED, record)?;
    Ok(format!("{id}.{ending}"))
}
