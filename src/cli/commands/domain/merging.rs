//! Duplicates: found, merged, told apart. The same verbs for customers, contacts and leads.

use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::given;
use super::super::super::resolve::Names;
use super::super::{Action, dedupe, timeline};
use super::{Verb, change, place_of, plain_writing, verb};
use crate::draft::{Draft, merge};
use crate::model::Problem;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("customer", "dedupe", dedupe::args, find),
    verb!("customer", "merge", merge_args, merge_records),
    verb!("customer", "unmerge", unmerge_args, unmerge),
    verb!("customer", "distinct", distinct_args, distinct),
    verb!("customer", "timeline", timeline::args, tell),
    verb!("contact", "dedupe", dedupe::args, find),
    verb!("contact", "merge", merge_args, merge_records),
    verb!("contact", "unmerge", unmerge_args, unmerge),
    verb!("contact", "distinct", distinct_args, distinct),
    verb!("contact", "timeline", timeline::args, tell),
    verb!("lead", "dedupe", dedupe::args, find),
    verb!("lead", "merge", merge_args, merge_records),
    verb!("lead", "unmerge", unmerge_args, unmerge),
    verb!("lead", "distinct", distinct_args, distinct),
    verb!("lead", "timeline", timeline::args, tell),
];

fn find<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    dedupe::run(context, kind, matches)?;
    Ok(Action::Done(Exit::Ok))
}

fn tell<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    timeline::run(context, kind, matches)?;
    Ok(Action::Done(Exit::Ok))
}

fn merge_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("keep", "KEEP", words).required(true))
        .arg(place("drops", "DROP", words).num_args(1..).required(true))
        .arg(option("prefer", "FIELD=ID", words).action(ArgAction::Append));
    plain_writing(command, words)
}

fn merge_records<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "merge", matches, move |draft, names| {
        let itself = |draft: &Draft<'_>, text: &str| names.itself(draft, kind.name, text);
        let keep = itself(draft, &place_of(matches, "keep"))?;
        names.mention(&keep);
        let mut drops = Vec::new();
        for text in given(matches, "drops").unwrap_or_default() {
            let id = itself(draft, &text)?;
            names.mention(&id);
            drops.push(id);
        }
        let mut prefer = Vec::new();
        for text in given(matches, "prefer").unwrap_or_default() {
            let (field, of) =
                text.split_once('=').ok_or_else(|| Problem::usage("bad-prefer").arg("value", &text))?;
            prefer.push((field.trim().to_owned(), itself(draft, of)?));
        }
        merge::merge(draft, kind.name, &keep, &drops, &prefer)?;
        Ok(())
    })
}

fn unmerge_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    super::ids_args(command, kind, words)
}

fn unmerge<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "unmerge", matches, move |draft, names| {
        for text in given(matches, "ids").unwrap_or_default() {
            let id = names.itself(draft, kind.name, &text)?;
            names.mention(&id);
            merge::unmerge(draft, kind.name, &id)?;
        }
        Ok(())
    })
}

fn distinct_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command =
        command.arg(place("one", "ID", words).required(true)).arg(place("other", "ID", words).required(true));
    plain_writing(command, words)
}

fn distinct<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "distinct", matches, move |draft, names| {
        let [one, other] = pair(draft, names, kind, matches)?;
        names.mention(one.as_str().min(&other));
        merge::distinct(draft, kind.name, &one, &other)?;
        Ok(())
    })
}

fn pair(
    draft: &Draft<'_>,
    names: &Names<'_>,
    kind: &'static Kind,
    matches: &ArgMatches,
) -> Result<[String; 2], Problem> {
    let id = |name| names.one(draft, &[kind.name], &place_of(matches, name));
    Ok([id("one")?, id("other")?])
}
