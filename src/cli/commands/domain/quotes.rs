//! Quotes: sent, accepted, rejected, cancelled, revised.
//!
//! `send --template` is the reference's `send --message --template`: `--message` is every writing
//! command's flag for the words of the commit.

use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, field_flag, option, switch};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{self, on, one};
use super::super::super::resolve::Names;
use super::super::Action;
use super::super::records::named_ids;
use super::messages::{attachment, filled};
use super::{Verb, change, ids_arg, ids_args, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::message_out::{self, Outgoing};
use crate::draft::quote::{self, Accept};
use crate::model::Problem;
use crate::model::record::{Kind, Row};
use crate::rules::View;

pub(super) const VERBS: &[Verb] = &[
    verb!("quote", "send", send_args, send),
    verb!("quote", "accept", accept_args, accept),
    verb!("quote", "reject", reject_args, reject),
    verb!("quote", "cancel", ids_args, cancel),
    verb!("quote", "revise", ids_args, revise),
];

fn send_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(option("template", "TEMPLATE", words).help(words.text("help-flag-send-template")))
        .arg(option("var", "NAME=VALUE", words).action(ArgAction::Append).requires("template"));
    plain_writing(command, words)
}

fn send<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "send", matches, move |draft, names| {
        let template =
            one(matches, "template").map(|text| names.one(draft, &["template"], &text)).transpose()?;
        for id in named_ids(draft, names, "quote", matches)? {
            let moved = quote::advance(draft, &id, "send", &Row::new())?;
            if let Some(template) = template.as_deref().filter(|_| moved) {
                let message = mail_of(draft, names, &id, template, matches)?;
                message_out::send_message(draft, message)?;
            }
        }
        Ok(())
    })
}

/// The e-mail by a template that brings a quote to the customer, with the printed quote.
fn mail_of(
    draft: &Draft<'_>,
    names: &Names<'_>,
    id: &str,
    template: &str,
    matches: &ArgMatches,
) -> Result<Outgoing, Failure> {
    let template = draft.need("template", template)?;
    let text = filled(draft, names, &template, &draft.need("quote", id)?, "email", matches)?;
    Ok(Outgoing {
        target: ("quote".to_owned(), id.to_owned()),
        channel: "email".to_owned(),
        purpose: template.text("purpose").map(str::to_owned),
        template: Some(template.id().to_owned()),
        subject: text.subject,
        body: text.body,
        attachments: vec![attachment(draft, names, id)?],
        ..Outgoing::default()
    })
}

fn cancel<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "cancel", matches, move |draft, names| {
        for id in named_ids(draft, names, "quote", matches)? {
            quote::advance(draft, &id, "cancel", &Row::new())?;
        }
        Ok(())
    })
}

fn reject_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let reason = kind.field("reject_reason").map(|field| field_flag(kind, field, words).required(true));
    plain_writing(command.arg(ids_arg(words)).args(reason), words)
}

fn reject<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "reject", matches, move |draft, names| {
        for id in named_ids(draft, names, "quote", matches)? {
            let fields = given_fields(draft, names, matches, &id, &[("reject_reason", "reject_reason")])?;
            quote::advance(draft, &id, "reject", &fields)?;
        }
        Ok(())
    })
}

fn accept_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(option("by", "NAME", words).help(words.text("help-flag-accepted-by")))
        .arg(option("ref", "NUMBER", words).help(words.text("help-flag-customer-ref")))
        .arg(switch("order", words).help(words.text("help-flag-make-order")))
        .arg(switch("win", words))
        .arg(switch("accept-expired", words));
    plain_writing(command, words)
}

fn accept<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "accept", matches, move |draft, names| {
        for id in named_ids(draft, names, "quote", matches)? {
            let flags = [("accepted_by", "by"), ("customer_ref", "ref")];
            let wish = Accept {
                fields: given_fields(draft, names, matches, &id, &flags)?,
                order: on(matches, "order"),
                win: on(matches, "win"),
            };
            quote::accept(draft, &id, &wish)?;
        }
        Ok(())
    })
}

fn revise<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "revise", matches, move |draft, names| {
        let ids = names.all(draft, &["quote"], &fields::given(matches, "ids").unwrap_or_default())?;
        for id in &ids {
            let revised = quote::revise(draft, id)?;
            names.mention(&revised.id);
            if revised.made && ids.len() == 1 {
                draft.about = Some(title(draft, &revised.id)?);
            }
        }
        Ok(())
    })
}

/// Number, revision, customer and id of a quote, for the subject of its commit.
fn title(draft: &Draft<'_>, id: &str) -> Result<String, Problem> {
    let quote = draft.need("quote", id)?;
    let customer = quote.text("customer").map_or(Ok(None), |id| draft.record("customer", id))?;
    let customer = customer.map_or(String::new(), |customer| format!(" {}", customer.title()));
    let revision = quote.get("revision").map(crate::draft::plain).unwrap_or_default();
    Ok(format!("{} rev. {revision}{customer} ({id})", quote.title()))
}

/// Fields that flags of other names give.
fn given_fields(
    draft: &Draft<'_>,
    names: &Names<'_>,
    matches: &ArgMatches,
    id: &str,
    flags: &[(&'static str, &str)],
) -> Result<Row, Problem> {
    let doc = draft.need("quote", id)?;
    let mut row = Row::new();
    for (name, flag) in flags {
        if let (Some(text), Some(field)) = (one(matches, flag), doc.kind.field(name)) {
            row.insert(field.name, fields::value(names, draft, &doc, field, &text)?);
        }
    }
    Ok(row)
}
