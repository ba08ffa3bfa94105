//! The verbs of single types that are more than a move of a state, one entry each.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::super::args::{Words, option, place, switch, writing};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{self, given, on, one};
use super::super::resolve::Names;
use super::records::named_ids;
use super::{Action, Job};
use crate::draft::assign::assign;
use crate::draft::fact::reverse;
use crate::draft::followup::{self, Along, Next};
use crate::draft::ship::{self, ShipWish};
use crate::draft::{Draft, order, stock};
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Row, Value};
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

/// Every verb with its own code.
pub const VERBS: &[Verb] = &[
    verb!("customer", "assign", assign_args, assign_customer),
    verb!("customer", "note", note_args, note),
    verb!("customer", "check", check_args, check_customer),
    verb!("lead", "assign", assign_args, assign_lead),
    verb!("followup", "log", log_args, log),
    verb!("followup", "plan", plan_args, plan),
    verb!("followup", "done", done_args, done),
    verb!("followup", "move", move_args, move_followup),
    verb!("followup", "note", note_args, note),
    verb!("followup", "todo", todo_args, todo),
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
    verb!("product", "stock", stock_args, product_stock),
    verb!("movement", "receive", receive_args, movement),
    verb!("movement", "issue", receive_args, movement),
    verb!("movement", "adjust", receive_args, movement),
    verb!("movement", "transfer", transfer_args, movement),
    verb!("movement", "count", receive_args, movement),
    verb!("movement", "reverse", reverse_args, reverse_fact),
    verb!("shipment", "reverse", reverse_args, reverse_fact),
    verb!("shipment", "deliver", ids_args, deliver),
    verb!("return", "reverse", reverse_args, reverse_fact),
    verb!("payment", "reverse", reverse_args, reverse_fact),
];

fn change<'a>(
    context: &'a Context,
    kind: &'static Kind,
    verb: &str,
    matches: &'a ArgMatches,
    wish: impl FnMut(&mut Draft<'_>, &Names<'_>) -> Result<(), Failure> + 'a,
) -> Result<Action<'a>, Failure> {
    Ok(Action::Change(Job::new(context, matches, format!("{} {verb}", kind.name), Box::new(wish))?))
}

fn ids_arg(words: Words<'_>) -> Arg {
    place("ids", "ID", words).num_args(1..).required(true)
}

fn plain_writing(command: Command, words: Words<'_>) -> Command {
    writing(command, &|_| false, words)
}

fn ids_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command.arg(ids_arg(words)), words)
}

fn day(context: &Context, matches: &ArgMatches, flag: &str) -> Result<Option<chrono::NaiveDate>, Problem> {
    one(matches, flag).map(|text| parse_day(&text, &context.clock())).transpose()
}

fn place_of(matches: &ArgMatches, name: &str) -> String {
    one(matches, name).unwrap_or_default()
}

// Owners.

fn assign_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
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
        let ids = named_ids(draft, names, "customer", matches)?;
        let to = names.one(draft, &["user"], &place_of(matches, "to"))?;
        assign(draft, "customer", &ids, &to, true)?;
        Ok(())
    })
}

fn assign_lead<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "assign", matches, move |draft, names| {
        let ids = named_ids(draft, names, "lead", matches)?;
        let to = names.one(draft, &["user"], &place_of(matches, "to"))?;
        assign(draft, "lead", &ids, &to, on(matches, "reassign"))?;
        Ok(())
    })
}

// Contact log.

const TARGETS: &[&str] =
    &["customer", "contact", "lead", "opportunity", "quote", "order", "ticket", "campaign"];

fn note_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(
        command
            .arg(place("target", "RECORD", words).required(true))
            .arg(place("text", "TEXT", words).required(true)),
        words,
    )
}

fn note<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "note", matches, move |draft, names| {
        let nouns: &[&str] = if kind.name == "customer" { &["customer"] } else { TARGETS };
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
        .map(|field| super::super::args::field_flag(kind, field, words))
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
        .arg(option("at", "REV|DATE", words))
}

fn todo<'a>(context: &'a Context, _: &'static Kind, matches: &'a ArgMatches) -> Result<Action<'a>, Failure> {
    super::list::todo(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}

// Orders.

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

/// `LINE:QTY` pairs.
fn parts(texts: &[String]) -> Result<Vec<(String, rust_decimal::Decimal)>, Problem> {
    texts
        .iter()
        .map(|text| {
            let (line, qty) =
                text.rsplit_once(':').ok_or_else(|| Problem::usage("bad-part").arg("value", text))?;
            Ok((line.to_owned(), crate::model::value::parse_quantity(qty)?))
        })
        .collect()
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
        let serials = given(matches, "serial").unwrap_or_default();
        let serials = serials
            .iter()
            .map(|text| {
                let (line, serial) =
                    text.split_once(':').ok_or_else(|| Problem::usage("bad-part").arg("value", text))?;
                Ok((line.to_owned(), serial.to_owned()))
            })
            .collect::<Result<Vec<_>, Problem>>()?;
        let wish = ShipWish {
            lines: parts(&given(matches, "line").unwrap_or_default())?,
            serials,
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

/// Number, customer and id of an order, for the subject of what happens to it.
fn order_title(draft: &Draft<'_>, id: &str) -> Result<String, Problem> {
    let order = draft.need("order", id)?;
    let customer = match order.text("customer") {
        Some(customer) => draft.record("customer", customer)?,
        None => None,
    };
    let customer = customer.map_or(String::new(), |c| format!(" {}", c.title()));
    Ok(format!("{}{customer} ({id})", order.title()))
}

fn pay_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ORDER", words).required(true))
        .arg(place("amount", "AMOUNT", words).required(true))
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
        let payment = draft.kind("payment");
        let field =
            payment.field("amount").ok_or_else(|| Problem::usage("unknown-noun").arg("value", "payment"))?;
        let amount = fields::value(names, draft, &doc, field, &place_of(matches, "amount"))?;
        let wish = order::PayWish {
            amount: amount.as_dec().unwrap_or_default(),
            method: place_of(matches, "method"),
            reference: one(matches, "ref"),
            date: day(context, matches, "date")?,
        };
        draft.about = Some(order_title(draft, doc.id())?);
        order::pay(draft, doc.id(), wish)?;
        Ok(())
    })
}

fn deliver<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "deliver", matches, move |draft, names| {
        for id in named_ids(draft, names, "shipment", matches)? {
            let mut doc = draft.need("shipment", &id)?;
            if doc.get("delivered_on").is_none() {
                let on = draft.setting.on.date_naive();
                doc.set("delivered_on", Some(Value::Day(on)));
                draft.put(doc)?;
            }
        }
        Ok(())
    })
}

// Facts and stock.

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
    command.arg(place("product", "SKU", words).required(true)).arg(option("at", "REV|DATE", words))
}

fn product_stock<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    super::list::stock(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}

fn check_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(option("phone", "PHONE", words))
        .arg(option("email", "EMAIL", words))
        .arg(option("name", "TEXT", words))
        .arg(option("tax-id", "TEXT", words))
}

fn check_customer<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    super::list::check_customer(context, matches)?;
    Ok(Action::Done(Exit::Ok))
}
