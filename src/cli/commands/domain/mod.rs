//! The verbs of single types that are more than a move of a state: one file per area, each with a
//! table of its verbs. Here is what the areas share.

mod accounts;
mod by_rules;
mod campaign_send;
mod cash;
mod conversion;
mod customers;
mod documents;
mod facts;
mod followups;
mod known;
mod leads;
mod marketing;
mod merging;
mod messages;
mod opportunities;
mod orders;
mod pools;
mod products;
mod quotes;
mod recommend;
mod targets;
mod tickets;
mod users;

use clap::{Arg, ArgMatches, Command};

use super::super::args::{Words, place, writing};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::one;
use super::super::resolve::Names;
use super::{Action, Job};
use crate::draft::Draft;
use crate::model::Problem;
use crate::model::record::Kind;
use crate::query::parse_day;
use crate::rules::View;

/// A verb with its own code.
pub struct Verb {
    pub noun: &'static str,
    pub verb: &'static str,
    pub args: fn(Command, &'static Kind, Words<'_>) -> Command,
    pub run: for<'a> fn(&'a Context, &'static Kind, &'a ArgMatches) -> Result<Action<'a>, Failure>,
}

impl std::fmt::Debug for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.noun, self.verb)
    }
}

macro_rules! verb {
    ($noun:literal, $verb:literal, $args:expr, $run:expr) => {
        Verb { noun: $noun, verb: $verb, args: $args, run: $run }
    };
}
use verb;

/// The verbs with their own code, by area.
const AREAS: &[&[Verb]] = &[
    customers::VERBS,
    merging::VERBS,
    leads::VERBS,
    conversion::VERBS,
    pools::VERBS,
    followups::VERBS,
    opportunities::VERBS,
    quotes::VERBS,
    orders::VERBS,
    facts::VERBS,
    cash::VERBS,
    documents::VERBS,
    messages::VERBS,
    products::VERBS,
    recommend::VERBS,
    targets::VERBS,
    tickets::VERBS,
    marketing::VERBS,
    accounts::VERBS,
    users::VERBS,
];

/// Every verb of a noun that has its own code.
pub fn verbs_of(noun: &str) -> impl Iterator<Item = &'static Verb> {
    AREAS.iter().copied().flatten().filter(move |verb| verb.noun == noun)
}

pub(super) fn change<'a>(
    context: &'a Context,
    kind: &'static Kind,
    verb: &str,
    matches: &'a ArgMatches,
    wish: impl FnMut(&mut Draft<'_>, &Names<'_>) -> Result<(), Failure> + 'a,
) -> Result<Action<'a>, Failure> {
    Ok(Action::Change(Job::new(context, matches, format!("{} {verb}", kind.name), Box::new(wish))?))
}

pub(super) fn ids_arg(words: Words<'_>) -> Arg {
    place("ids", "ID", words).num_args(1..).required(true)
}

pub(super) fn plain_writing(command: Command, words: Words<'_>) -> Command {
    writing(command, &|_| false, words)
}

pub(super) fn ids_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command.arg(ids_arg(words)), words)
}

pub(super) fn day(
    context: &Context,
    matches: &ArgMatches,
    flag: &str,
) -> Result<Option<chrono::NaiveDate>, Problem> {
    one(matches, flag).map(|text| parse_day(&text, &context.clock())).transpose()
}

pub(super) fn place_of(matches: &ArgMatches, name: &str) -> String {
    one(matches, name).unwrap_or_default()
}

/// `LINE:QTY` pairs.
pub(super) fn parts(texts: &[String]) -> Result<Vec<(String, rust_decimal::Decimal)>, Problem> {
    texts
        .iter()
        .map(|text| {
            let (line, qty) =
                text.rsplit_once(':').ok_or_else(|| Problem::usage("bad-part").arg("value", text))?;
            Ok((line.to_owned(), crate::model::value::parse_quantity(qty)?))
        })
        .collect()
}

/// `LINE:SERIAL` pairs; a serial number may contain a colon.
pub(super) fn serial_parts(texts: &[String]) -> Result<Vec<(String, String)>, Problem> {
    let pair = |text: &String| {
        let (line, serial) =
            text.split_once(':').ok_or_else(|| Problem::usage("bad-part").arg("value", text))?;
        Ok((line.to_owned(), serial.to_owned()))
    };
    texts.iter().map(pair).collect()
}

/// Number, customer and id of an order, for the subject of what happens to it.
pub(super) fn order_title(draft: &Draft<'_>, id: &str) -> Result<String, Problem> {
    let order = draft.need("order", id)?;
    let customer = match order.text("customer") {
        Some(customer) => draft.record("customer", customer)?,
        None => None,
    };
    let customer = customer.map_or(String::new(), |c| format!(" {}", c.title()));
    Ok(format!("{}{customer} ({id})", order.title()))
}
