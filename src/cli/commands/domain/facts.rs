//! Facts: taken back by a counter-record, and what becomes of them later.

use clap::{ArgMatches, Command};

use super::super::super::args::Words;
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::Action;
use super::super::records::named_ids;
use super::{Verb, change, ids_arg, ids_args, plain_writing, verb};
use crate::draft::fact::reverse;
use crate::draft::ship;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("movement", "reverse", reverse_args, reverse_fact),
    verb!("shipment", "reverse", reverse_args, reverse_fact),
    verb!("shipment", "deliver", ids_args, deliver),
    verb!("return", "reverse", reverse_args, reverse_fact),
    verb!("payment", "reverse", reverse_args, reverse_fact),
];

fn deliver<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "deliver", matches, move |draft, names| {
        for id in named_ids(draft, names, "shipment", matches)? {
            names.mention(&id);
            ship::deliver(draft, &id)?;
        }
        Ok(())
    })
}

fn reverse_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command.arg(ids_arg(words)), words)
}

fn reverse_fact<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "reverse", matches, move |draft, names| {
        for id in named_ids(draft, names, kind.name, matches)? {
            reverse(draft, kind.name, &id)?;
        }
        Ok(())
    })
}
