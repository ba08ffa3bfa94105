//! Quotes, order confirmations, invoices and credit notes as documents to hand out.
//!
//! Here the records that stand on a document are brought together and its language is chosen; what
//! stands where is composed in the files beside, and a format makes the bytes. Deliberately absent:
//! any change.

mod compose;
mod lines;
mod material;
mod parties;

use clap::{ArgMatches, Command};

use super::super::args::{Words as Args, option};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, one};
use super::super::store::Store;
use super::super::templates::{Filler, Variables, asked, variables};
use super::show::find;
use crate::formats::Format;
use crate::locale::{Language, Locale};
use crate::mirror::Mirror;
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::outreach::values::{Around, around};
use crate::rules::View;
use crate::table::Cell;
use crate::table::page::{Page, paragraphs};
use material::{Balance, Letter, Material, Words};

/// The types that are handed out.
pub const PRINTED: &[&str] = &["quote", "order", "invoice"];

/// The flags of `show` of a type that is handed out.
pub fn flags(command: Command, kind: &Kind, words: Args<'_>) -> Command {
    if !PRINTED.contains(&kind.name) {
        return command;
    }
    command
        .args([
            option("template", "TEMPLATE", words),
            option("var", "NAME=VALUE", words).action(clap::ArgAction::Append),
        ])
        .after_help(words.text("help-after-show-document"))
}

/// Whether a record is wanted as a document: its type has one, the format is one for people to keep,
/// and no single fields were asked for.
pub fn wanted(context: &Context, kind: &Kind, matches: &ArgMatches) -> Result<bool, Failure> {
    let document = context.ui.format.is_some_and(Format::is_handed_out);
    let wanted = PRINTED.contains(&kind.name) && document && one(matches, "fields").is_none();
    if !wanted && let Some(flag) = ["template", "var"].iter().find(|flag| given(matches, flag).is_some()) {
        return Err(Problem::usage("not-a-document").arg("flag", format!("--{flag}")).into());
    }
    Ok(wanted)
}

/// How a document is to be made.
#[derive(Debug, Default)]
pub struct Wish {
    /// A template of channel `document`, whose text stands around the lines.
    pub template: Option<Doc>,
    pub variables: Variables,
    /// That of the template or the customer unless given.
    pub language: Option<Language>,
}

/// Writes a record as a document.
pub fn print(
    context: &Context,
    store: &Store,
    records: (&dyn View, &Mirror),
    doc: &Doc,
    matches: &ArgMatches,
) -> Result<Exit, Failure> {
    let template = match one(matches, "template") {
        None => None,
        Some(text) => Some(document_template(context, store, records.0, &text)?),
    };
    let wish = Wish { template, variables: variables(matches)?, language: asked_language(context, matches) };
    let page = page(context, records, doc, &wish)?;
    context.ui.page(&page, context.ui.format(Format::Html))?;
    Ok(Exit::Ok)
}

/// A quote, order or invoice as a document.
pub fn page(
    context: &Context,
    (view, mirror): (&dyn View, &Mirror),
    doc: &Doc,
    wish: &Wish,
) -> Result<Page, Failure> {
    let around = around(view, doc)?;
    let mut material = material(context, view, mirror, &around)?;
    let template = wish.template.as_ref();
    let locale = Locale::new(language_of(context, template, &around, wish.language));
    if let Some(template) = template {
        let filler = Filler {
            locale: &locale,
            schema: &context.schema,
            view,
            mirror,
            around: &around,
            variables: &wish.variables,
        };
        let filled = filler.fill(template)?;
        let (opening, closing) = around_lines(&filled.body);
        material.letter = Letter { subject: filled.subject, opening, closing };
    }
    Ok(compose::page(&material, Words { locale: &locale, schema: &context.schema })?)
}

/// The language that was asked for, that of the template, that of whom the record is about.
pub fn language_of(
    context: &Context,
    template: Option<&Doc>,
    around: &Around,
    asked: Option<Language>,
) -> Language {
    let written = template.and_then(|template| template.text("language")).and_then(Language::from_tag);
    asked.or(written).unwrap_or_else(|| material::language(around, &context.schema))
}

/// The language that `--lang` asks for.
pub fn asked_language(context: &Context, matches: &ArgMatches) -> Option<Language> {
    one(matches, "lang").map(|_| context.locale.language)
}

/// The template of a document; one of a message is refused.
fn document_template(context: &Context, store: &Store, view: &dyn View, text: &str) -> Result<Doc, Failure> {
    let kinds: Vec<&'static Kind> = context.schema.kind("template").into_iter().collect();
    let (_, id) = find(context, store, &kinds, text)?;
    let template = view.record("template", &id)?.ok_or_else(|| {
        Problem::new(crate::model::Class::NotFound, "no-such-record")
            .arg("noun", "template")
            .arg("value", text)
    })?;
    of_channel(&template, "document")?;
    Ok(template)
}

/// Refuses a template of another channel.
pub fn of_channel(template: &Doc, channel: &str) -> Result<(), Problem> {
    let own = template.text("channel").unwrap_or_default();
    if own == channel {
        return Ok(());
    }
    Err(Problem::invalid("template-of-other-channel")
        .arg("record", template.id())
        .arg("channel", own)
        .arg("wanted", channel))
}

/// The prose above and below the lines: a line of three hyphens parts them.
fn around_lines(body: &str) -> (Vec<String>, Vec<String>) {
    let is_rule = |line: &&str| line.trim() == "---";
    let mut lines = body.lines();
    let above: Vec<&str> = lines.by_ref().take_while(|line| !is_rule(line)).collect();
    let below: Vec<&str> = lines.collect();
    (paragraphs(&above.join("\n")), paragraphs(&below.join("\n")))
}

fn material(
    context: &Context,
    view: &dyn View,
    mirror: &Mirror,
    around: &Around,
) -> Result<Material, Failure> {
    let doc = &around.target;
    let of = |noun: &str, field: &str| match doc.text(field) {
        Some(id) => view.record(noun, id),
        None => Ok(None),
    };
    let invoice = doc.kind.name == "invoice";
    let successor =
        if doc.state() == "superseded" { view.all_with("quote", "revises", doc.id())?.pop() } else { None };
    Ok(Material {
        customer: around.customer.clone(),
        contact: around.contact.clone(),
        owner: around.owner.clone(),
        quote: if doc.kind.name == "order" { of("quote", "quote")? } else { None },
        order: if invoice { of("order", "order")? } else { None },
        against: if invoice { of("invoice", "against")? } else { None },
        successor,
        balance: if invoice { balance(mirror, doc)? } else { None },
        letter: Letter::default(),
        today: context.today,
        doc: doc.clone(),
    })
}

/// What became of an invoice as of today; credit notes have no balance of their own.
fn balance(mirror: &Mirror, doc: &Doc) -> Result<Option<Balance>, Problem> {
    let cells = asked(mirror, doc, &["credited", "paid", "outstanding"])?;
    Ok(match cells.as_slice() {
        [Cell::Dec(credited), Cell::Dec(paid), Cell::Dec(outstanding)] => {
            Some(Balance { credited: *credited, paid: *paid, outstanding: *outstanding })
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
