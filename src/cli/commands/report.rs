//! `report list` and `report NAME`: the reports, built-in and the store's own, as commands.
//!
//! Deliberately absent: what becomes of a question (`answer`, with `labels` and `provenance`), and
//! the verbs that are more than that: `new`, `check`, `book`, `run-all`.

mod answer;
mod book;
mod check;
mod dashboard;
mod labels;
mod new;
mod own;
mod provenance;
mod run_all;

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ArgMatches, Command};

use self::own::Reports;
use super::super::args::{Words, named, option, place, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::Standalone;
use crate::formats::Format;
use crate::locale::Language;
use crate::reports::{Own, Param, Report, built_in};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// `crm report …`.
pub const REPORT: Standalone = Standalone { name: "report", aliases: &[], args, run: dispatch };

fn args(command: Command, words: Words<'_>) -> Command {
    let verb = |name: &'static str| named(name, &format!("help-report-{name}"), words);
    let mut command = command.subcommand_required(true).subcommands([
        verb("list"),
        verb("new")
            .arg(place("report", "NAME", words).required(true))
            .arg(option("like", "REPORT", words))
            .arg(switch("toml", words).conflicts_with("like")),
        verb("check").arg(place("report", "NAME", words)),
        verb("book").arg(place("reports", "NAME", words).num_args(1..).required(true)).args(when(words)),
        verb("run-all").arg(place("dir", "DIR", words).required(true)),
    ]);
    let built_in = built_in().unwrap_or_default();
    let asked = words.only.map(|(_, verb)| verb);
    let is_there = |name: &str| own::VERBS.contains(&name) || built_in.iter().any(|r| r.front.name == name);
    for report in &built_in {
        command = command.subcommand(flags(report, words));
    }
    if asked.is_none_or(|name| !is_there(name)) {
        let mut seen = BTreeSet::new();
        for own in own::of_words(words) {
            if !is_there(&own.name) && seen.insert(own.name.clone()) {
                command = command.subcommand(own_flags(&own, words));
            }
        }
    }
    command
}

/// The command of a store's own report; of one that cannot be run, something that takes everything.
fn own_flags(own: &Own, words: Words<'_>) -> Command {
    match &own.report {
        Ok(report) => flags(report, words),
        Err(_) => {
            let name: &'static str = Box::leak(own.name.clone().into_boxed_str());
            let rest = Arg::new("rest").num_args(0..).allow_hyphen_values(true);
            named(name, "help-report-broken", words).arg(rest.hide(true))
        }
    }
}

/// Of when a report is.
fn when(words: Words<'_>) -> [Arg; 5] {
    [
        option("period", "PERIOD", words),
        option("from", "DATE", words),
        option("to", "DATE", words),
        option("as-of", "DATE", words),
        option("at", "REV|DATE", words),
    ]
}

/// The flags that reports have besides their parameters, some of them only where they fit.
fn shared(words: Words<'_>) -> Vec<Arg> {
    let always = [
        option("limit", "N", words),
        option("fields", "FIELD,…", words),
        super::chart::flag(words),
        switch("explain", words),
    ];
    let sometimes = [
        option("where", "FIELD=VALUE", words).action(ArgAction::Append),
        switch("total", words),
        option("compare", "previous|yoy", words),
        Arg::new("currency")
            .long("currency")
            .value_name("CURRENCY")
            .help(words.text("help-flag-report-currency")),
        switch("roll-up", words),
    ];
    when(words).into_iter().chain(always).chain(sometimes).collect()
}

/// Whether a report has one of the shared flags.
fn fits(report: &Report, flag: &str) -> bool {
    match flag {
        "where" => report.front.then.is_empty(),
        "total" => report.has_total(),
        "compare" => report.is_summed() && !report.is_state() && !report.front.measure.is_empty(),
        "currency" => report.front.then.is_empty() && report.front.columns.iter().any(|c| c.ty == "money"),
        "roll-up" => report.front.dims.iter().any(|dim| matches!(dim.as_str(), "region" | "team")),
        _ => true,
    }
}

fn flags(report: &Report, words: Words<'_>) -> Command {
    let chinese = words.locale.language == Language::Chinese;
    let name: &'static str = Box::leak(report.front.name.clone().into_boxed_str());
    let mut command = named(name, "help-report", words)
        .about(report.title(chinese).to_owned())
        .long_about(format!("{}\n\n{}", report.title(chinese), report.definition(chinese)))
        .args(shared(words).into_iter().filter(|flag| fits(report, flag.get_id().as_str())));
    for param in &report.front.params {
        command = command.arg(parameter(report, param, words));
    }
    command
}

/// The flag of a parameter.
fn parameter(report: &Report, param: &Param, words: Words<'_>) -> Arg {
    let id: &'static str = Box::leak(param.name.clone().into_boxed_str());
    let chinese = words.locale.language == Language::Chinese;
    let own = format!("help-flag-report-{}-{}", report.front.name, param.name);
    let general = format!("help-flag-report-{}", param.name);
    let help = match param.help(chinese) {
        "" if words.locale.has(&own) => words.text(&own),
        "" if words.locale.has(&general) => words.text(&general),
        help => help.to_owned(),
    };
    let arg = Arg::new(id).long(id).help(help);
    let value = match param.ty.as_str() {
        "bool" => return arg.action(ArgAction::SetTrue),
        "dimension" => "DIMENSION,…".to_owned(),
        "code" => param.codes.join("|"),
        "codes" => format!("{},…", param.codes.join("|")),
        "window" => "12m|90d".to_owned(),
        "int" | "days" => "N".to_owned(),
        "dec" => "NUMBER".to_owned(),
        _ => param.refers().unwrap_or("TEXT").to_uppercase(),
    };
    arg.value_name(Box::leak(value.into_boxed_str()) as &'static str)
}

fn dispatch(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Ok) };
    match name {
        "list" => list(context, &Reports::load(context)?),
        "new" => new::new(context, matches),
        "check" => check::check(context, matches),
        "book" => book::book(context, matches),
        "run-all" => run_all::run_all(context, matches),
        _ => {
            let reports = Reports::load(context)?;
            let (report, format) = (reports.find(name)?, context.ui.format(Format::Table));
            let answer = answer::answer(context, report, matches, format);
            if let Some(table) = answer.map_err(|failure| reports.located(name, failure))? {
                super::chart::print(context, table, matches)?;
            }
            Ok(Exit::Ok)
        }
    }
}

fn list(context: &Context, reports: &Reports) -> Result<Exit, Failure> {
    let chinese = context.locale.language == Language::Chinese;
    let label = |name: &str| context.text(&format!("report-column-{name}"), &[]);
    let columns = [
        ("name", ColumnType::Text),
        ("origin", ColumnType::Code),
        ("title", ColumnType::Text),
        ("definition", ColumnType::Text),
    ];
    let mut columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    // A paragraph each, which people read one at a time: `--help`, `--explain`.
    if let Some(definition) = columns.pop() {
        columns.push(definition.for_audience(Audience::Data));
    }
    let mut table = Table { title: context.text("title-reports", &[]), ..Table::new("reports", columns) };
    table.id_column = Some(0);
    let own = reports.own.iter().filter_map(|own| own.report.as_ref().ok());
    let all = reports.built_in.iter().map(|report| ("built-in", report)).chain(own.map(|own| ("own", own)));
    for (origin, report) in all {
        table.rows.push(vec![
            Cell::text(&report.front.name),
            Cell::Code {
                code: origin.to_owned(),
                label: context.text(&format!("report-origin-{origin}"), &[]),
            },
            Cell::text(report.title(chinese)),
            Cell::text(report.definition(chinese)),
        ]);
    }
    context.ui.table(&table, Format::Table)?;
    for problem in reports.own.iter().filter_map(|own| own.report.as_ref().err()).flatten() {
        context.warn(std::slice::from_ref(problem));
    }
    Ok(Exit::Ok)
}
