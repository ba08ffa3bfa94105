//! `report book`: several reports in one workbook, a sheet each, and one that says where they are from.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{given, one};
use super::answer::answer;
use super::own::Reports;
use crate::formats::Format;
use crate::model::Problem;

pub fn book(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    if context.ui.format != Some(Format::Xlsx) {
        return Err(Problem::usage("book-needs-file").hint("book-needs-file-hint").into());
    }
    let reports = Reports::load(context)?;
    let when: Vec<String> = ["period", "from", "to", "as-of", "at"]
        .into_iter()
        .filter_map(|flag| Some(format!("--{flag}={}", one(matches, flag)?)))
        .collect();
    let mut tables = Vec::new();
    for name in given(matches, "reports").unwrap_or_default() {
        let report = reports.find(&name)?;
        let mut words = vec!["report".to_owned(), name.clone()];
        words.extend(when.iter().cloned());
        let line = super::super::super::parse(context, &words)?;
        let Some((_, asked)) = line.subcommand().and_then(|(_, report)| report.subcommand()) else {
            continue;
        };
        let table = answer(context, report, asked, Format::Xlsx);
        tables.extend(table.map_err(|failure| reports.located(&name, failure))?);
    }
    context.ui.book(&tables)?;
    Ok(Exit::Ok)
}
