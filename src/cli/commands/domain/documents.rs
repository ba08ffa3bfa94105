//! Quotes, orders and invoices as documents to hand out, and the templates they and messages use.

use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::store::Everything;
use super::super::super::templates::{Filled, Filler, variables};
use super::super::{Action, print, show};
use super::{Verb, place_of, verb};
use crate::formats::display::display_lines;
use crate::locale::Locale;
use crate::model::record::Kind;
use crate::model::{Class, Problem};
use crate::outreach::values::around;
use crate::rules::View;
use crate::table::{Cell, Column, ColumnType, Shape, Table};

pub(super) const VERBS: &[Verb] = &[verb!("template", "render", render_args, render)];

fn render_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(place("template", "TEMPLATE", words).required(true))
        .arg(option("for", "RECORD", words).required(true))
        .arg(option("var", "NAME=VALUE", words).action(ArgAction::Append))
        .after_help(words.text("help-after-template-render"))
}

/// `template render`: subject and body, filled in for a record.
fn render<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let store = context.store()?;
    let (_, id) = show::find(context, store, &[kind], &place_of(matches, "template"))?;
    let (of, target) = show::find(context, store, store.schema().kinds(), &place_of(matches, "for"))?;
    let mirror = context.mirror()?;
    let view = Everything::new(store, &mirror);
    let missing = |noun: &str, id: &str| {
        Problem::new(Class::NotFound, "no-such-record").arg("noun", noun).arg("value", id)
    };
    let template = view.record(kind.name, &id)?.ok_or_else(|| missing(kind.name, &id))?;
    let doc = view.record(of.name, &target)?.ok_or_else(|| missing(of.name, &target))?;
    let around = around(&view, &doc)?;
    let locale = Locale::new(print::language_of(
        context,
        Some(&template),
        &around,
        print::asked_language(context, matches),
    ));
    let variables = variables(matches)?;
    let filler = Filler {
        locale: &locale,
        schema: &context.schema,
        view: &view,
        mirror: &mirror,
        around: &around,
        variables: &variables,
    };
    shown(context, filler.fill(&template)?)?;
    Ok(Action::Done(Exit::Ok))
}

/// For people the text as it will be read; for programs subject and body apart.
fn shown(context: &Context, filled: Filled) -> Result<(), Failure> {
    if context.ui.format.is_none() {
        let subject = filled.subject.map(|subject| format!("{}\n", display_lines(&subject)));
        return context.ui.lines(subject.into_iter().chain([display_lines(filled.body.trim_end())]));
    }
    let column = |code: &str, ty| Column::new(code, ty).labelled(context.text(&format!("field-{code}"), &[]));
    let mut table =
        Table::new("template", vec![column("subject", ColumnType::Text), column("body", ColumnType::Prose)]);
    table.shape = Shape::Object;
    table.rows = vec![vec![filled.subject.map_or(Cell::Null, Cell::Text), Cell::Text(filled.body)]];
    context.ui.table(&table, crate::formats::Format::Table)
}
