//! Orders: confirmed, approved, shipped, paid, cancelled in whole or part.

use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{given, one};
use super::super::Action;
use super::super::records::named_ids;
use super::cash::{amount, code};
use super::{
    Verb, change, day, ids_arg, ids_args, order_title, parts, place_of, plain_writing, serial_parts, verb,
};
use crate::draft::order;
use crate::draft::ship::{self, ShipWish};
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[
    verb!("order", "cancel", cancel_args, cancel),
    verb!("order", "ship", ship_args, ship_order),
    verb!("order", "pay", pay_args, pay),
    verb!("order", "approve", ids_args, approve),
    verb!("order", "confirm", ids_args, advance_order),
    verb!("order", "hold", ids_args, advance_order),
    verb!("order", "resume", ids_args, advance_order),
    verb!("order", "close", ids_args, advance_order),
    verb!("order", "reopen", ids_args, advance_order),
    verb!("quote", "approve", ids_args, approve),
];

fn advance_order<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let verb = context.verb();
    let op = verb.clone();
    change(context, kind, &op, matches, move |draft, names| {
        for id in named_ids(draft, names, "order", matches)? {
            order::advance(draft, &id, &verb)?;
        }
        Ok(())
    })
}

fn approve<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "approve", matches, move |draft, names| {
        for id in named_ids(draft, names, kind.name, matches)? {
            order::approve(draft, kind.name, &id)?;
        }
        Ok(())
    })
}

fn cancel_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(
        command.arg(ids_arg(words)).arg(option("line", "LINE:QTY", words).action(ArgAction::Append)),
        words,
    )
}

fn cancel<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "cancel", matches, move |draft, names| {
        for id in named_ids(draft, names, "order", matches)? {
            match given(matches, "line") {
                None => {
                    order::advance(draft, &id, "cancel")?;
                }
                Some(lines) => {
                    for (line, qty) in parts(&lines)? {
                        order::cancel_line(draft, &id, &line, qty)?;
                    }
                }
            }
        }
        Ok(())
    })
}

fn ship_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ORDER", words).required(true))
        .arg(option("line", "LINE:QTY", words).action(ArgAction::Append))
        .arg(option("serial", "LINE:SERIAL", words).action(ArgAction::Append))
        .arg(option("warehouse", "CODE", words))
        .arg(option("carrier", "TEXT", words))
        .arg(option("tracking", "TEXT", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn ship_order<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "ship", matches, move |draft, names| {
        let id = names.one(draft, &["order"], &place_of(matches, "id"))?;
        let wish = ShipWish {
            lines: parts(&given(matches, "line").unwrap_or_default())?,
            serials: serial_parts(&given(matches, "serial").unwrap_or_default())?,
            warehouse: one(matches, "warehouse"),
            carrier: one(matches, "carrier"),
            tracking: one(matches, "tracking"),
            date: day(context, matches, "date")?,
        };
        draft.about = Some(order_title(draft, &id)?);
        ship::ship(draft, &id, wish)?;
        Ok(())
    })
}

fn pay_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ORDER", words).required(true))
        .arg(place("amount", "AMOUNT", words).required(true).allow_negative_numbers(true))
        .arg(option("method", "CODE", words).required(true))
        .arg(option("ref", "TEXT", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn pay<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "pay", matches, move |draft, names| {
        let doc = names.record(draft, &["order"], &place_of(matches, "id"))?;
        let wish = order::PayWish {
            amount: amount(names, draft, &doc, &place_of(matches, "amount"))?,
            method: code(names, draft, "payment", "method", &place_of(matches, "method"))?,
            reference: one(matches, "ref"),
            date: day(context, matches, "date")?,
        };
        draft.about = Some(order_title(draft, doc.id())?);
        order::pay(draft, doc.id(), wish)?;
        Ok(())
    })
}
