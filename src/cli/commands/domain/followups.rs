//! The contact log: what was done, what is planned, what is noted.

use clap::{Arg, ArgMatches, Command};

use super::super::super::args::{Words, option, place, switch};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{self, given, on, one};
use super::super::super::resolve::Names;
use super::super::super::store::Everything;
use super::super::records::named_ids;
use super::super::{Action, list, show};
use super::{Verb, change, day, ids_arg, place_of, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::followup::{self, Along, Next};
use crate::model::record::{Doc, Kind, Row, Value};
use crate::model::{Class, Problem};
use crate::outreach::values::around;
use crate::rules::View;

pub(super) const VERBS: &[Verb] = &[
    verb!("followup", "log", log_args, log),
    verb!("followup", "call", log_args, call),
    verb!("followup", "plan", plan_args, plan),
    verb!("followup", "done", done_args, done),
    verb!("followup", "move", move_args, move_followup),
    verb!("followup", "note", note_args, note),
    verb!("followup", "todo", todo_args, todo),
];

const TARGETS: &[&str] =
    &["customer", "contact", "lead", "opportunity", "quote", "order", "ticket", "campaign"];

pub(super) fn note_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(
        command
            .arg(place("target", "RECORD", words).required(true))
            .arg(place("text", "TEXT", words).required(true)),
        words,
    )
}

pub(super) fn note<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "note", matches, move |draft, names| {
        let nouns: &[&str] = match kind.name {
            "customer" => &["customer"],
            "ticket" => &["ticket"],
            _ => TARGETS,
        };
        let id = names.one(draft, nouns, &place_of(matches, "target"))?;
        followup::note(draft, &id, &place_of(matches, "text"))?;
        Ok(())
    })
}

fn log_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("target", "RECORD", words).required(true))
        .args(followup_flags(kind, words))
        .arg(option("next", "TEXT", words))
        .arg(option("next-due", "DATE", words))
        .arg(option("next-kind", "KIND", words))
        .arg(switch("keep-status", words));
    plain_writing(command, words)
}

/// The fields of a follow-up that `log`, `plan` and `done` take as flags.
const FOLLOWUP_FIELDS: &[&str] = &[
    "kind",
    "subject",
    "contact",
    "direction",
    "due",
    "start_at",
    "outcome",
    "summary",
    "owner",
    "participants",
    "priority",
    "place",
    "geo",
    "remind",
    "repeat",
    "follows",
    "campaign",
    "internal",
];

fn followup_flags(kind: &'static Kind, words: Words<'_>) -> Vec<Arg> {
    let mut args: Vec<Arg> = FOLLOWUP_FIELDS
        .iter()
        .filter_map(|name| kind.field(name))
        .map(|field| super::super::super::args::field_flag(kind, field, words))
        .collect();
    args.push(option("duration", "DURATION", words));
    args
}

/// The fields given as flags, as values.
fn followup_fields(
    names: &Names<'_>,
    draft: &Draft<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
) -> Result<Row, Failure> {
    let doc = Doc::new(kind, String::new());
    let mut row = Row::new();
    for field in FOLLOWUP_FIELDS.iter().filter_map(|name| kind.field(name)) {
        let Some(texts) = given(matches, field.name) else { continue };
        let value = if field.many() {
            let parts = texts.iter().flat_map(|t| t.split(','));
            Value::List(
                parts
                    .map(|t| fields::value(names, draft, &doc, field, t.trim()))
                    .collect::<Result<_, _>>()?,
            )
        } else {
            let text = texts.last().map_or("", String::as_str);
            fields::value(names, draft, &doc, field, text)?
        };
        row.insert(field.name, value);
    }
    if let Some(text) = one(matches, "duration") {
        let duration = crate::query::parse_duration(&text)?;
        row.insert("duration_min", Value::Int(duration.elapsed_minutes()));
    }
    Ok(row)
}

/// What comes with a follow-up that is done.
fn along(context: &Context, matches: &ArgMatches) -> Result<Along, Failure> {
    let keep_status = on(matches, "keep-status");
    let Some(text) = one(matches, "next") else { return Ok(Along { next: None, keep_status }) };
    let Some(due) = day(context, matches, "next-due")? else {
        return Err(Problem::usage("missing-flag").arg("flag", "--next-due").into());
    };
    Ok(Along { next: Some(Next { text, due, kind: one(matches, "next-kind") }), keep_status })
}

/// A new follow-up with its target and the fields given.
fn new_followup(
    names: &Names<'_>,
    draft: &Draft<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
) -> Result<Doc, Failure> {
    let mut doc = draft.make(kind.name, None);
    let target = names.one(draft, TARGETS, &place_of(matches, "target"))?;
    doc.set("target", Some(Value::Text(target)));
    for (name, value) in followup_fields(names, draft, kind, matches)? {
        doc.set(name, Some(value));
    }
    if let Some(key) = one(matches, "key") {
        doc.set("key", Some(Value::Text(key)));
    }
    Ok(doc)
}

fn log<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "log", matches, move |draft, names| {
        let doc = new_followup(names, draft, kind, matches)?;
        followup::log(draft, doc, &along(context, matches)?)?;
        Ok(())
    })
}

/// `followup call`: the number to dial, then the log of the call.
fn call<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let (title, phone) = number_of(context, &place_of(matches, "target"))?;
    context.say("calling", &[("name", &title)]);
    context.ui.lines([format!("tel:{phone}")])?;
    let mut said = Row::new();
    if given(matches, "summary").is_none() && given(matches, "outcome").is_none() {
        let summary = context.ask("call-summary")?;
        let Some(summary) = summary else { return Ok(Action::Done(Exit::Ok)) };
        said.insert("summary", Value::Text(summary));
        if let Some(outcome) = context.ask("call-outcome")? {
            said.insert("outcome", Value::Text(outcome));
        }
    }
    change(context, kind, "call", matches, move |draft, names| {
        let mut doc = new_followup(names, draft, kind, matches)?;
        for (name, value) in &said {
            let field = kind.field(name).zip(value.as_text());
            let value =
                field.map(|(field, text)| fields::value(names, draft, &doc, field, text)).transpose()?;
            doc.set(name, value);
        }
        if doc.get("kind").is_none() {
            doc.set("kind", Some(Value::Text("call".to_owned())));
        }
        followup::log(draft, doc, &along(context, matches)?)?;
        Ok(())
    })
}

/// Whom a record says to call, and the number: the person's, else its own, else the customer's.
fn number_of(context: &Context, text: &str) -> Result<(String, String), Failure> {
    let store = context.store()?;
    let kinds: Vec<&'static Kind> = TARGETS.iter().filter_map(|noun| context.schema.kind(noun)).collect();
    let (kind, id) = show::find(context, store, &kinds, text)?;
    let mirror = context.mirror()?;
    let view = Everything::new(store, &mirror);
    let missing =
        || Problem::new(Class::NotFound, "no-such-record").arg("noun", kind.name).arg("value", text);
    let doc = view.record(kind.name, &id)?.ok_or_else(missing)?;
    let around = around(&view, &doc)?;
    let phone = |doc: &Doc| doc.kind.field("phone").and_then(|_| doc.text("phone")).map(str::to_owned);
    let people = [around.contact.as_ref(), Some(&around.target), around.customer.as_ref()];
    let found = people.into_iter().flatten().find_map(|doc| Some((doc.title().to_owned(), phone(doc)?)));
    Ok(found.ok_or_else(|| Problem::invalid("no-phone").arg("record", doc.id()))?)
}

fn plan_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(
        command.arg(place("target", "RECORD", words).required(true)).args(followup_flags(kind, words)),
        words,
    )
}

fn plan<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "plan", matches, move |draft, names| {
        let doc = new_followup(names, draft, kind, matches)?;
        followup::plan(draft, doc)?;
        Ok(())
    })
}

fn done_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ID", words).required(true))
        .args(followup_flags(kind, words))
        .arg(option("next", "TEXT", words))
        .arg(option("next-due", "DATE", words))
        .arg(option("next-kind", "KIND", words))
        .arg(switch("keep-status", words));
    plain_writing(command, words)
}

fn done<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "done", matches, move |draft, names| {
        let id = names.one(draft, &["followup"], &place_of(matches, "id"))?;
        names.mention(&id);
        let fields = followup_fields(names, draft, kind, matches)?;
        followup::done(draft, &id, &fields, &along(context, matches)?)?;
        Ok(())
    })
}

fn move_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command.arg(ids_arg(words)).arg(option("due", "DATE", words).required(true)), words)
}

fn move_followup<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "move", matches, move |draft, names| {
        let due = day(context, matches, "due")?.unwrap_or(context.today);
        for id in named_ids(draft, names, "followup", matches)? {
            followup::move_to(draft, &id, due)?;
        }
        Ok(())
    })
}

fn todo_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(option("user", "USER", words))
        .arg(option("until", "DATE", words))
        .arg(option("fields", "FIELD,…", words))
        .arg(option("at", "REV|DATE", words))
}

fn todo<'a>(context: &'a Context, _: &'static Kind, matches: &'a ArgMatches) -> Result<Action<'a>, Failure> {
    list::todo(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}
