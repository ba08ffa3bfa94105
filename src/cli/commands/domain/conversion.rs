//! A lead becomes a customer.

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{self, one};
use super::super::super::resolve::Names;
use super::super::Action;
use super::{Verb, change, day, place_of, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::convert::{ConvertWish, Into, convert};
use crate::model::Problem;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[verb!("lead", "convert", convert_args, convert_lead)];

fn convert_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ID", words).required(true))
        .arg(option("customer", "ID|new", words))
        .arg(option("contact", "ID|new|none", words))
        .arg(option("opportunity", "ID|new|none", words))
        .arg(option("name", "TEXT", words))
        .arg(option("amount", "AMOUNT", words))
        .arg(option("close-date", "DATE", words));
    plain_writing(command, words)
}

fn convert_lead<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "convert", matches, move |draft, names| {
        let id = names.one(draft, &["lead"], &place_of(matches, "id"))?;
        let amount = one(matches, "amount").map(|text| fields::number(&text, "amount")).transpose()?;
        let wish = ConvertWish {
            customer: into(draft, names, "customer", matches)?,
            contact: into(draft, names, "contact", matches)?,
            opportunity: into(draft, names, "opportunity", matches)?,
            name: one(matches, "name"),
            amount,
            close_date: day(context, matches, "close-date")?,
        };
        draft.about = Some(format!("{} ({id})", draft.need("lead", &id)?.title()));
        draft.answer = convert(draft, &id, &wish)?;
        Ok(())
    })
}

/// What a part of the conversion is to become: `new`, `none`, or a record.
fn into(draft: &Draft<'_>, names: &Names<'_>, noun: &str, matches: &ArgMatches) -> Result<Into, Problem> {
    Ok(match one(matches, noun).as_deref() {
        None => Into::Usual,
        Some("new") => Into::New,
        Some("none") => Into::None,
        Some(text) => Into::Existing(names.one(draft, &[noun], text)?),
    })
}
