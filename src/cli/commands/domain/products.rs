//! Products: how many there are, and every change of that.

use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{self, given, one};
use super::super::{Action, list};
use super::{Verb, change, day, place_of, plain_writing, verb};
use crate::draft::stock;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("product", "stock", stock_args, product_stock),
    verb!("movement", "receive", receive_args, movement),
    verb!("movement", "issue", receive_args, movement),
    verb!("movement", "adjust", receive_args, movement),
    verb!("movement", "transfer", transfer_args, movement),
    verb!("movement", "count", receive_args, movement),
];

fn receive_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    movement_args(command, kind, words).arg(option("warehouse", "CODE", words))
}

fn transfer_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    movement_args(command, kind, words)
        .arg(option("from", "CODE", words).required(true))
        .arg(option("to", "CODE", words).required(true))
}

fn movement_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("product", "SKU", words).required(true))
        .arg(place("qty", "QTY", words).required(true).allow_hyphen_values(true))
        .arg(option("cost", "AMOUNT", words))
        .arg(option("reference", "TEXT", words))
        .arg(option("supplier", "TEXT", words))
        .arg(option("serial", "TEXT", words).action(ArgAction::Append))
        .arg(option("note", "TEXT", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn movement<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    // The verb is not in the matches of its own flags; the type's code says it.
    let verb = context.verb();
    let op = verb.clone();
    change(context, kind, &op, matches, move |draft, names| {
        let wish = stock::MoveWish {
            product: names.one(draft, &["product"], &place_of(matches, "product"))?,
            qty: fields::number(&place_of(matches, "qty"), "qty")?,
            warehouse: one(matches, "warehouse").or_else(|| one(matches, "from")),
            to_warehouse: one(matches, "to"),
            cost: one(matches, "cost").map(|text| fields::number(&text, "cost")).transpose()?,
            reference: one(matches, "reference"),
            supplier: one(matches, "supplier"),
            serials: given(matches, "serial").unwrap_or_default(),
            note: one(matches, "note"),
            date: day(context, matches, "date")?,
        };
        stock::movement(draft, &verb, wish)?;
        Ok(())
    })
}

fn stock_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(place("product", "SKU", words).required(true))
        .arg(option("fields", "FIELD,…", words))
        .arg(option("at", "REV|DATE", words))
}

fn product_stock<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    list::stock(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}
