//! `report list` and `report NAME`: the reports as commands.
//!
//! Deliberately absent: what becomes of a question (`answer`, with `labels` and `provenance`).

mod answer;
mod dashboard;
mod labels;
mod provenance;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::super::args::{Words, named, option, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::Standalone;
use crate::formats::Format;
use crate::locale::Language;
use crate::model::Problem;
use crate::query::nearest;
use crate::reports::{Param, Report, built_in};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm report …`.
pub const REPORT: Standalone = Standalone { name: "report", aliases: &[], args, run: dispatch };

fn args(command: Command, words: Words<'_>) -> Command {
    let mut command = command.subcommand_required(true).subcommand(named("list", "help-report-list", words));
    for report in built_in().unwrap_or_default() {
        command = command.subcommand(flags(&report, words));
    }
    command
}

fn flags(report: &Report, words: Words<'_>) -> Command {
    let chinese = words.locale.language == Language::Chinese;
    let name: &'static str = Box::leak(report.front.name.clone().into_boxed_str());
    let mut command = named(name, "help-report", words)
        .about(report.title(chinese).to_owned())
        .long_about(format!("{}\n\n{}", report.title(chinese), report.definition(chinese)))
        .args([
            option("period", "PERIOD", words),
            option("from", "DATE", words),
            option("to", "DATE", words),
            option("as-of", "DATE", words),
            option("at", "REV|DATE", words),
            option("limit", "N", words),
            option("fields", "FIELD,…", words),
            super::chart::flag(words),
            switch("explain", words),
        ]);
    if report.front.then.is_empty() {
        command = command.arg(option("where", "FIELD=VALUE", words).action(ArgAction::Append));
    }
    if report.has_total() {
        command = command.arg(switch("total", words));
    }
    if report.is_summed() && !report.is_state() && !report.front.measure.is_empty() {
        command = command.arg(option("compare", "previous|yoy", words));
    }
    if report.front.dims.iter().any(|dim| matches!(dim.as_str(), "region" | "team")) {
        command = command.arg(switch("roll-up", words));
    }
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
    let help = match if chinese { param.help_zh.as_str() } else { param.help.as_str() } {
        "" => words.text(if words.locale.has(&own) { &own } else { &general }),
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
    let reports = built_in()?;
    if name == "list" {
        return list(context, &reports);
    }
    let known: Vec<&str> = reports.iter().map(|r| r.front.name.as_str()).collect();
    let report = reports.iter().find(|r| r.front.name == name).ok_or_else(|| {
        Problem::usage("unknown-report").arg("value", name).candidates(nearest(name, &known))
    })?;
    let table = answer::answer(context, report, matches)?;
    let Some(table) = table else { return Ok(Exit::Ok) };
    super::chart::print(context, table, matches)?;
    Ok(Exit::Ok)
}

fn list(context: &Context, reports: &[Report]) -> Result<Exit, Failure> {
    let chinese = context.locale.language == Language::Chinese;
    let label = |name: &str| context.text(&format!("report-column-{name}"), &[]);
    let columns = ["name", "title", "definition"];
    let columns = columns.map(|name| Column::new(name, ColumnType::Text).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-reports", &[]), ..Table::new("reports", columns) };
    table.id_column = Some(0);
    for report in reports {
        table.rows.push(vec![
            Cell::text(&report.front.name),
            Cell::text(report.title(chinese)),
            Cell::text(report.definition(chinese)),
        ]);
    }
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}
