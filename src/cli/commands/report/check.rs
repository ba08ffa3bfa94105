//! `report check`: each of the store's own reports read, compiled and run.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::one;
use super::super::check::{Finding, report};
use super::own::Reports;
use crate::model::Problem;
use crate::query::nearest;
use crate::reports::{Own, trial};

pub fn check(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let reports = Reports::load(context)?;
    context.store()?;
    let wanted: Vec<&Own> = match one(matches, "report") {
        None => reports.own.iter().collect(),
        Some(name) => {
            let found: Vec<&Own> = reports.own.iter().filter(|own| own.name == name).collect();
            if found.is_empty() {
                let known: Vec<&str> = reports.own.iter().map(|own| own.name.as_str()).collect();
                let problem = Problem::usage("unknown-report").arg("value", &name);
                return Err(problem.candidates(nearest(&name, &known)).into());
            }
            found
        }
    };
    let settings = &context.schema.settings;
    let mut found: Vec<Finding> = Vec::new();
    for own in &wanted {
        let problems = match &own.report {
            Err(problems) => problems.clone(),
            Ok(report) => {
                let mirror = context.mirror()?;
                let base = (settings.currency(), settings.digits());
                let located = |problem: Problem| problem.at(&own.path, None);
                trial(&mirror, report, &context.clock(), base).into_iter().map(located).collect()
            }
        };
        found.extend(problems.into_iter().map(Finding::from));
    }
    report(context, &found, ("reports-clean", wanted.len()), false)
}
