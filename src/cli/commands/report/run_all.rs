//! `report run-all DIR`: the reports of `[schedule.NAME]` as files, for cron.
//!
//! A file is named after the running day, week or month, and written only where it would change.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::ArgMatches;
use clap::parser::ValueSource;

use super::super::super::args::global;
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure, file_error};
use super::super::super::fields::{on, one};
use super::super::super::ui::atomically;
use super::super::batch::split;
use super::answer::answer;
use super::own::Reports;
use crate::formats::Format;
use crate::model::Problem;
use crate::model::schema::Settings;
use crate::query::nearest;
use crate::table::{Cell, Column, ColumnType, Table};

/// How often a scheduled report gets a file of its own.
const UNITS: &[&str] = &["day", "week", "month"];

pub fn run_all(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let dir = PathBuf::from(one(matches, "dir").unwrap_or_default());
    let reports = Reports::load(context)?;
    context.store()?;
    if !context.globals.dry_run {
        std::fs::create_dir_all(&dir).map_err(|error| file_error(&dir, &error))?;
    }
    let label = |name: &str| context.text(&format!("report-column-{name}"), &[]);
    let columns = [("name", ColumnType::Text), ("file", ColumnType::Text), ("outcome", ColumnType::Code)];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-runs", &[]), ..Table::new("runs", columns) };
    table.id_column = Some(0);
    let mut exit = Exit::Ok;
    for name in names(&context.schema.settings) {
        let (file, outcome) = match run(context, &reports, &name, &dir) {
            Ok((file, outcome)) => (Cell::text(file), outcome),
            Err(failure) => {
                exit = Exit::Partial;
                failure
                    .words(&context.locale)
                    .iter()
                    .for_each(|line| context.ui.stderr(&format!("{name}: {line}")));
                (Cell::Null, "failed")
            }
        };
        let words = context.text(&format!("report-run-{outcome}"), &[]);
        table.rows.push(vec![Cell::text(name), file, Cell::Code { code: outcome.to_owned(), label: words }]);
    }
    context.ui.table(&table, Format::Table)?;
    Ok(exit)
}

/// The names of the scheduled reports.
fn names(settings: &Settings) -> Vec<String> {
    let mut names: Vec<String> = settings
        .below("schedule")
        .filter_map(|(key, _)| key.rsplit_once('.').map(|(name, _)| name.to_owned()))
        .collect();
    names.dedup();
    names
}

/// Makes the file of a scheduled report: its path, and what was done.
fn run(
    context: &Context,
    reports: &Reports,
    name: &str,
    dir: &Path,
) -> Result<(String, &'static str), Failure> {
    let scheduled = Scheduled::of(context, name)?;
    let path = dir.join(scheduled.file_name(context.today));
    let bytes = scheduled.bytes(context, reports)?;
    let outcome = if std::fs::read(&path).is_ok_and(|there| there == bytes) {
        "unchanged"
    } else if context.globals.dry_run {
        "pending"
    } else {
        atomically(&path, &bytes)?;
        "written"
    };
    Ok((path.display().to_string(), outcome))
}

/// An entry of `[schedule]`.
struct Scheduled<'a> {
    name: &'a str,
    /// The report with its flags.
    line: String,
    every: String,
    format: Format,
}

impl<'a> Scheduled<'a> {
    fn of(context: &Context, name: &'a str) -> Result<Self, Problem> {
        let settings = &context.schema.settings;
        let text = |key: &str| {
            let found = settings.get(&format!("schedule.{name}.{key}"));
            let missing = || Problem::invalid("schedule-without").arg("name", name).arg("key", key);
            found.map(str::to_owned).ok_or_else(|| missing().at("crm.toml", None))
        };
        let odd = |key: &str, value: &str, legal: &[&str]| {
            let problem =
                Problem::invalid("schedule-key").arg("name", name).arg("key", key).arg("value", value);
            let problem = problem.legal(legal.iter().copied()).candidates(nearest(value, legal));
            problem.at("crm.toml", None)
        };
        let (line, every, format) = (text("report")?, text("every")?, text("format")?);
        let part = |(key, _): (&str, &str)| {
            key.rsplit_once('.').filter(|(n, _)| *n == name).map(|(_, k)| k.to_owned())
        };
        let keys = ["report", "every", "format"];
        if let Some(key) =
            settings.below("schedule").filter_map(part).find(|key| !keys.contains(&key.as_str()))
        {
            return Err(odd("schedule", &key, &keys));
        }
        if name.starts_with('.') || name.contains(['/', '\\', '\0']) {
            return Err(odd("schedule", name, &[]));
        }
        if !UNITS.contains(&every.as_str()) {
            return Err(odd("every", &every, UNITS));
        }
        let format = Format::from_name(&format).ok_or_else(|| odd("format", &format, &Format::names()))?;
        Ok(Self { name, line, every, format })
    }

    fn file_name(&self, today: NaiveDate) -> String {
        let period = match self.every.as_str() {
            "month" => today.format("%Y-%m"),
            "week" => today.format("%G-W%V"),
            _ => today.format("%Y-%m-%d"),
        };
        format!("{}-{period}.{}", self.name, self.format.name())
    }

    fn bytes(&self, context: &Context, reports: &Reports) -> Result<Vec<u8>, Failure> {
        let odd = || {
            let problem = Problem::invalid("schedule-key").arg("name", self.name).arg("key", "report");
            problem.arg("value", &self.line).at("crm.toml", None)
        };
        let mut words = split(&self.line).ok_or_else(odd)?;
        let report = reports.find(words.first().ok_or_else(odd)?)?;
        words.insert(0, "report".to_owned());
        let line = super::super::super::parse(context, &words)?;
        let given = |id: &str| line.value_source(id) == Some(ValueSource::CommandLine);
        let flags = global(context.words());
        if let Some(flag) = flags.iter().map(|flag| flag.get_id().as_str()).find(|id| given(id)) {
            let problem = Problem::invalid("schedule-flag").arg("name", self.name).arg("flag", flag);
            return Err(problem.at("crm.toml", None).into());
        }
        let asked = line.subcommand().and_then(|(_, report)| report.subcommand());
        let (_, asked) = asked.filter(|(_, asked)| !on(asked, "explain")).ok_or_else(odd)?;
        let table = answer(context, report, asked, self.format);
        let table = table.map_err(|failure| reports.located(&report.front.name, failure))?.ok_or_else(odd)?;
        let (table, drawing) = super::super::chart::chosen(table, asked)?;
        context.ui.rendered(&table, self.format, drawing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_the_running_day_week_or_month() {
        let name = |every: &str, day: &str| {
            let scheduled = Scheduled {
                name: "sales",
                line: String::new(),
                every: every.to_owned(),
                format: Format::Csv,
            };
            scheduled.file_name(day.parse().expect("a day"))
        };
        assert_eq!(name("day", "2026-11-28"), "sales-2026-11-28.csv");
        assert_eq!(name("week", "2026-11-28"), "sales-2026-W48.csv");
        assert_eq!(name("week", "2027-01-03"), "sales-2026-W53.csv");
        assert_eq!(name("month", "2026-11-28"), "sales-2026-11.csv");
    }
}
