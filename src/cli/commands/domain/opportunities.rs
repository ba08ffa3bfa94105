//! Opportunities: from stage to stage, won, lost, opened again; seen as a board, and how long they
//! stood where.

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, field_flag, listing, option, place, switch};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{self, on, one};
use super::super::super::resolve::Names;
use super::super::records::named_ids;
use super::super::{Action, board};
use super::{Verb, change, ids_arg, place_of, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::opportunity::{self, Loss, StageWish};
use crate::model::Problem;
use crate::model::record::{Kind, Value};

pub(super) const VERBS: &[Verb] = &[
    verb!("opportunity", "list", list_args, list),
    verb!("opportunity", "history", history_args, history),
    verb!("opportunity", "stage", stage_args, stage),
    verb!("opportunity", "win", win_args, win),
    verb!("opportunity", "lose", lose_args, lose),
    verb!("opportunity", "reopen", reopen_args, reopen),
];

fn list_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    listing(command.visible_alias("ls"), words).args([
        switch("archived", words),
        option("pipeline", "PIPELINE", words),
        switch("board", words),
    ])
}

fn list<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    board::list(context, kind, matches).map(Action::Done)
}

fn history_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(place("id", "ID", words).required(true))
        .arg(option("field", "FIELD", words))
        .arg(switch("stages", words))
}

fn history<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    board::history(context, kind, matches).map(Action::Done)
}

fn stage_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(place("stage", "STAGE", words).required(true))
        .arg(option("pipeline", "PIPELINE", words).help(words.text("help-flag-stage-pipeline")))
        .arg(switch("keep-probability", words));
    plain_writing(command, words)
}

fn stage<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "stage", matches, move |draft, names| {
        let wish = StageWish {
            code: place_of(matches, "stage"),
            pipeline: named(draft, names, matches, "pipeline", "pipeline")?,
            keep_probability: on(matches, "keep-probability"),
        };
        for id in named_ids(draft, names, "opportunity", matches)? {
            opportunity::stage(draft, &id, &wish)?;
        }
        Ok(())
    })
}

fn win_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(option("quote", "QUOTE", words))
        .arg(switch("order", words).help(words.text("help-flag-make-order")))
        .arg(switch("accept-expired", words));
    plain_writing(command, words)
}

fn win<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "win", matches, move |draft, names| {
        let quote = named(draft, names, matches, "quote", "quote")?;
        let ids = named_ids(draft, names, "opportunity", matches)?;
        if let [id] = ids.as_slice() {
            // The quote changes first; the subject of the commit is the opportunity all the same.
            let opp = draft.need("opportunity", id)?;
            draft.about = Some(format!("{} ({id})", opp.title()));
        }
        for id in ids {
            opportunity::win(draft, &id, quote.as_deref(), on(matches, "order"))?;
        }
        Ok(())
    })
}

fn lose_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let fields = ["lost_reason", "lost_note"].iter().filter_map(|name| kind.field(name));
    let command = command
        .arg(ids_arg(words))
        .args(fields.map(|field| field_flag(kind, field, words).required(field.name == "lost_reason")))
        .arg(option("to", "COMPETITOR", words).help(words.text("help-flag-lost-to")))
        .arg(option("stage", "STAGE", words).help(words.text("help-flag-lost-stage")));
    plain_writing(command, words)
}

fn lose<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "lose", matches, move |draft, names| {
        let to = named(draft, names, matches, "to", "competitor")?;
        for id in named_ids(draft, names, "opportunity", matches)? {
            let loss = Loss {
                reason: field(draft, names, kind, matches, &id, "lost_reason")?.unwrap_or_default(),
                to: to.clone(),
                note: field(draft, names, kind, matches, &id, "lost_note")?,
                stage: one(matches, "stage"),
            };
            opportunity::lose(draft, &id, &loss)?;
        }
        Ok(())
    })
}

fn reopen_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(option("stage", "STAGE", words).help(words.text("help-flag-reopen-stage")));
    plain_writing(command, words)
}

fn reopen<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "reopen", matches, move |draft, names| {
        let stage = one(matches, "stage");
        for id in named_ids(draft, names, "opportunity", matches)? {
            opportunity::reopen(draft, &id, stage.as_deref())?;
        }
        Ok(())
    })
}

/// The id of the record that a flag names.
fn named(
    draft: &Draft<'_>,
    names: &Names<'_>,
    matches: &ArgMatches,
    flag: &str,
    noun: &str,
) -> Result<Option<String>, Problem> {
    one(matches, flag).map(|text| names.one(draft, &[noun], &text)).transpose()
}

/// A text or code that a flag gives for a field, as it is stored.
fn field(
    draft: &Draft<'_>,
    names: &Names<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
    id: &str,
    name: &str,
) -> Result<Option<String>, Problem> {
    let (Some(text), Some(field)) = (one(matches, name), kind.field(name)) else { return Ok(None) };
    let doc = draft.need(kind.name, id)?;
    Ok(match fields::value(names, draft, &doc, field, &text)? {
        Value::Text(text) => Some(text),
        _ => None,
    })
}
