//! Invoices and credit notes, returns, payments and what they pay.

use clap::{Arg, ArgAction, ArgMatches, Command};
use rust_decimal::Decimal;

use super::super::super::args::{Words, field_flag, option, place, regular, switch, writing};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{self, given, on, one};
use super::super::super::resolve::Names;
use super::super::Action;
use super::super::records::add_by;
use super::{Verb, change, day, order_title, parts, place_of, plain_writing, serial_parts, verb};
use crate::draft::invoice::{self, BillWish, CreditWish};
use crate::draft::payment::{self, PaymentWish, Target};
use crate::draft::return_::{self, RefundWish, ReturnWish};
use crate::draft::{Draft, verbs::missing_flag};
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::record::{Doc, Field, Kind};
use crate::rules::View;

pub(super) const VERBS: &[Verb] = &[
    verb!("order", "invoice", bill_args, bill),
    verb!("order", "return", return_args, give_back),
    verb!("invoice", "credit", credit_args, credit),
    verb!("payment", "add", payment_args, add_payment),
    verb!("payment", "allocate", allocate_args, allocate),
    verb!("payment", "refund", refund_args, refund),
];

fn lines_flag(words: Words<'_>) -> Arg {
    option("line", "LINE:QTY", words).action(ArgAction::Append)
}

fn bill_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "ORDER", words).required(true))
        .arg(lines_flag(words).conflicts_with("shipped"))
        .arg(switch("shipped", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn bill<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "invoice", matches, move |draft, names| {
        let id = names.one(draft, &["order"], &place_of(matches, "id"))?;
        let wish = BillWish {
            lines: parts(&given(matches, "line").unwrap_or_default())?,
            shipped: on(matches, "shipped"),
            date: day(context, matches, "date")?,
        };
        draft.about = Some(order_title(draft, &id)?);
        invoice::bill(draft, &id, &wish)?;
        Ok(())
    })
}

fn credit_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("id", "INVOICE", words).required(true))
        .arg(lines_flag(words))
        .arg(option("return", "RETURN", words))
        .arg(switch("shipping", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn credit<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "credit", matches, move |draft, names| {
        let id = names.one(draft, &["invoice"], &place_of(matches, "id"))?;
        if draft.setting.reason.is_none() {
            return Err(Problem::usage("reason-needed").arg("verb", "credit").into());
        }
        let wish = CreditWish {
            lines: parts(&given(matches, "line").unwrap_or_default())?,
            returned: one(matches, "return").map(|text| names.one(draft, &["return"], &text)).transpose()?,
            shipping: on(matches, "shipping"),
            date: day(context, matches, "date")?,
        };
        invoice::credit(draft, &id, &wish)?;
        Ok(())
    })
}

/// The fields of a return that are codes: told with their values, and needed.
const RETURN_CODES: &[&str] = &["reason", "effect"];

fn return_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let kind = words.schema.kind("return");
    let codes = RETURN_CODES.iter().filter_map(|name| Some((kind?, kind?.field(name)?)));
    let command = command
        .arg(place("id", "ORDER", words).required(true))
        .arg(lines_flag(words).required(true))
        .args(codes.map(|(kind, field)| field_flag(kind, field, words).required(true)))
        .arg(option("serial", "LINE:SERIAL", words).action(ArgAction::Append))
        .arg(switch("no-restock", words))
        .arg(option("ticket", "TICKET", words))
        .arg(option("warehouse", "CODE", words))
        .arg(option("date", "DATE", words))
        .arg(switch("credit", words))
        .arg(switch("refund", words).requires("method"))
        .arg(option("method", "CODE", words).requires("refund"))
        .arg(option("ref", "TEXT", words).requires("refund"));
    writing(command, &|flag| flag == "reason", words)
}

fn give_back<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "return", matches, move |draft, names| {
        let order = names.record(draft, &["order"], &place_of(matches, "id"))?;
        let refund = on(matches, "refund").then(|| -> Result<RefundWish, Problem> {
            let method = code(names, draft, "payment", "method", &place_of(matches, "method"))?;
            Ok(RefundWish { method, reference: one(matches, "ref") })
        });
        let wish = ReturnWish {
            lines: parts(&given(matches, "line").unwrap_or_default())?,
            serials: serial_parts(&given(matches, "serial").unwrap_or_default())?,
            reason: code(names, draft, "return", "reason", &place_of(matches, "reason"))?,
            effect: code(names, draft, "return", "effect", &place_of(matches, "effect"))?,
            scrap: on(matches, "no-restock"),
            ticket: one(matches, "ticket").map(|text| names.one(draft, &["ticket"], &text)).transpose()?,
            warehouse: one(matches, "warehouse"),
            date: day(context, matches, "date")?,
            credit: on(matches, "credit"),
            refund: refund.transpose()?,
        };
        draft.about = Some(order_title(draft, order.id())?);
        return_::give_back(draft, order.id(), wish)?;
        Ok(())
    })
}

/// A field that a verb takes as a flag.
fn field_of(draft: &Draft<'_>, noun: &str, name: &str) -> Result<&'static Field, Problem> {
    let missing = || Problem::usage("unknown-field-name").arg("value", name).arg("noun", noun);
    draft.kind(noun).field(name).ok_or_else(missing)
}

/// A code in its canonical form.
pub(super) fn code(
    names: &Names<'_>,
    draft: &Draft<'_>,
    noun: &str,
    name: &str,
    text: &str,
) -> Result<String, Problem> {
    let doc = Doc::new(draft.kind(noun), String::new());
    let value = fields::value(names, draft, &doc, field_of(draft, noun, name)?, text)?;
    Ok(value.as_text().unwrap_or_default().to_owned())
}

/// An amount in the currency of a record.
pub(super) fn amount(names: &Names<'_>, draft: &Draft<'_>, of: &Doc, text: &str) -> Result<Decimal, Problem> {
    let value = fields::value(names, draft, of, field_of(draft, "payment", "amount")?, text)?;
    Ok(value.as_dec().unwrap_or_default())
}

fn target_flags(words: Words<'_>) -> [Arg; 3] {
    let target = |name: &'static str, value, help| {
        let arg = Arg::new(name).long(name).value_name(value).help(words.text(help));
        arg.action(ArgAction::Append)
    };
    [
        target("invoice", "INVOICE:AMOUNT", "help-flag-pays-invoice"),
        target("order", "ORDER:AMOUNT", "help-flag-pays-order"),
        Arg::new("auto").long("auto").action(ArgAction::SetTrue).help(words.text("help-flag-pays-auto")),
    ]
}

/// What a payment pays: `INVOICE:AMOUNT` and `ORDER:AMOUNT`.
fn targets(
    names: &Names<'_>,
    draft: &Draft<'_>,
    matches: &ArgMatches,
) -> Result<Vec<(Target, Decimal)>, Problem> {
    let mut found = Vec::new();
    for noun in ["invoice", "order"] {
        for text in given(matches, noun).unwrap_or_default() {
            let (name, sum) =
                text.rsplit_once(':').ok_or_else(|| Problem::usage("bad-target").arg("value", &text))?;
            let doc = names.record(draft, &[noun], name)?;
            found.push((target(noun, doc.id()), amount(names, draft, &doc, sum)?));
        }
    }
    Ok(found)
}

fn target(noun: &str, id: &str) -> Target {
    match noun {
        "order" => Target::Order(id.to_owned()),
        _ => Target::Invoice(id.to_owned()),
    }
}

/// The invoices among which `--auto` chooses: the open ones of a customer, and those that the same
/// command has touched.
fn open_invoices(names: &Names<'_>, draft: &Draft<'_>, customer: &str) -> Result<Vec<String>, Problem> {
    // Deposits are left to the rules: what is open before them is found by the customer alone.
    const OPEN: &str = "select invoice from invoice_need where need > 0 and invoice in \
        (select id from invoices where customer in \
        (select ?1 union all select id from survivors where survivor = ?1 and kind = 'customer'))";
    let unread = |error| Problem::invalid("io-error").arg("reason", error);
    let answer = names.mirror().query(OPEN, &[SqlCell::text(customer)]).map_err(unread)?;
    let mut ids: Vec<String> =
        answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect();
    ids.extend(payment::touched(draft));
    ids.sort();
    ids.dedup();
    Ok(ids)
}

fn payment_args(_: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    regular("add", kind, words).args(target_flags(words))
}

fn add_payment<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let job = add_by(context, kind, matches, move |draft, names, doc| {
        let targets = targets(names, draft, matches)?;
        let customer = match (doc.text("customer"), targets.first()) {
            (Some(id), _) => Some(id.to_owned()),
            (None, Some((Target::Invoice(id), _))) => of_customer(draft, "invoice", id)?,
            (None, Some((Target::Order(id), _))) => of_customer(draft, "order", id)?,
            (None, None) => None,
        };
        let open = match customer {
            Some(customer) if on(matches, "auto") => Some(open_invoices(names, draft, &customer)?),
            _ => None,
        };
        payment::add(draft, doc, &targets, open.as_deref())?;
        Ok(())
    })?;
    Ok(Action::Change(job))
}

fn of_customer(draft: &Draft<'_>, noun: &str, id: &str) -> Result<Option<String>, Problem> {
    Ok(draft.record(noun, id)?.and_then(|doc| doc.text("customer").map(str::to_owned)))
}

fn allocate_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command.arg(place("id", "PAYMENT", words).required(true)).args(target_flags(words)), words)
}

fn allocate<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "allocate", matches, move |draft, names| {
        let doc = names.record(draft, &["payment"], &place_of(matches, "id"))?;
        names.mention(doc.id());
        let targets = targets(names, draft, matches)?;
        if targets.is_empty() && !on(matches, "auto") {
            return Err(missing_flag("allocate", "invoice").into());
        }
        let customer = doc.text("customer").unwrap_or_default();
        let open = on(matches, "auto").then(|| open_invoices(names, draft, customer)).transpose()?;
        payment::allocate(draft, doc.id(), &targets, open.as_deref())?;
        Ok(())
    })
}

fn refund_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let own = |name: &'static str, value, help| Arg::new(name).value_name(value).help(words.text(help));
    let command = command
        .arg(own("customer", "CUSTOMER", "help-arg-refunded").required(true))
        .arg(own("amount", "AMOUNT", "help-arg-refund").required(true))
        .arg(own("invoice", "INVOICE", "help-flag-refund-invoice").long("invoice"))
        .arg(own("order", "ORDER", "help-flag-refund-order").long("order").conflicts_with("invoice"))
        .arg(option("method", "CODE", words).required(true))
        .arg(option("ref", "TEXT", words))
        .arg(option("date", "DATE", words));
    plain_writing(command, words)
}

fn refund<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "refund", matches, move |draft, names| {
        let mut of = names.record(draft, &["customer"], &place_of(matches, "customer"))?;
        let customer = of.id().to_owned();
        let mut on = None;
        for noun in ["invoice", "order"] {
            if let Some(text) = one(matches, noun) {
                of = names.record(draft, &[noun], &text)?;
                on = Some(target(noun, of.id()));
            }
        }
        let amount = amount(names, draft, &of, &place_of(matches, "amount"))?;
        let wish = PaymentWish {
            customer: Some(customer),
            kind: "refund".to_owned(),
            amount: Some(amount),
            method: Some(code(names, draft, "payment", "method", &place_of(matches, "method"))?),
            reference: one(matches, "ref"),
            date: day(context, matches, "date")?,
            targets: on.map(|target| (target, amount)).into_iter().collect(),
        };
        payment::pay(draft, wish)?;
        Ok(())
    })
}
