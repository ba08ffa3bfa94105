//! Customers: who has them, what is noted, who is there already.

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, switch};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::given;
use super::super::Action;
use super::super::records::to_change;
use super::followups::{note, note_args};
use super::known;
use super::{Verb, change, ids_arg, place_of, plain_writing, verb};
use crate::draft::assign::assign;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("customer", "assign", assign_args, assign_customer),
    verb!("customer", "note", note_args, note),
    verb!("customer", "check", check_args, check_customer),
];

pub(super) fn assign_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(ids_arg(words))
        .arg(option("to", "USER", words).required(true))
        .arg(switch("reassign", words));
    plain_writing(command, words)
}

fn assign_customer<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "assign", matches, move |draft, names| {
        let mut ids = Vec::new();
        for text in given(matches, "ids").unwrap_or_default() {
            ids.push(to_change(draft, names, kind, &text)?.id().to_owned());
        }
        let to = names.one(draft, &["user"], &place_of(matches, "to"))?;
        assign(draft, "customer", &ids, &to, true)?;
        Ok(())
    })
}

fn check_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(option("phone", "PHONE", words))
        .arg(option("email", "EMAIL", words))
        .arg(option("name", "TEXT", words))
        .arg(option("tax-id", "TEXT", words))
        .arg(option("fields", "FIELD,…", words))
}

fn check_customer<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    known::check_customer(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}
