//! What a report was asked, and its answer; with `--explain` its definition and select instead.

use std::cell::Ref;
use std::collections::BTreeMap;

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{given, on, one};
use super::super::super::resolve::candidates;
use super::super::list::broken_problem;
use super::labels::{column_of, for_people, label};
use super::provenance::{Found, provenance};
use crate::formats::Format;
use crate::locale::Language;
use crate::mirror::Mirror;
use crate::model::Problem;
use crate::model::schema::Settings;
use crate::model::value::minor_digits;
use crate::query::{Condition, parse_condition};
use crate::reports::{Asked, ColumnFront, Param, Question, Report, reading, run};
use crate::table::Table;

/// The answer of a report for a format; `None` when only its definition was asked for.
pub fn answer(
    context: &Context,
    report: &Report,
    matches: &ArgMatches,
    format: Format,
) -> Result<Option<Table>, Failure> {
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(present(context, report, matches, format)?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(None) };
    let read: Vec<&str> = report.front.reads.iter().map(String::as_str).collect();
    refuse_broken(context, mirror, &read)?;
    let asking = Asking { context, mirror, report, matches, format };
    let asked = asking.asked()?;
    // What the select opens besides, such as the shipments of orders that were closed.
    if let Some(opened) = reading(mirror, report, &asked)?.filter(|opened| !opened.is_empty()) {
        refuse_broken(context, mirror, &opened.into_iter().collect::<Vec<_>>())?;
    }
    let moved = asked.as_of != context.today;
    if moved {
        mirror.set_moment(context.sql_moment().as_of(asked.as_of));
    }
    let told = asking.told(&asked, at.map(|commit| commit.to_string()));
    if moved {
        // Other reports may follow.
        mirror.set_moment(context.sql_moment());
    }
    told
}

/// Refuses to answer where records of these types cannot be read, of all where none are named.
fn refuse_broken(context: &Context, mirror: &Mirror, nouns: &[&str]) -> Result<(), Failure> {
    let broken = mirror.broken_of(nouns)?;
    if broken.is_empty() || context.globals.keep_going {
        return Ok(());
    }
    Err(Failure::many(broken.iter().map(broken_problem).collect()))
}

/// Types with few records that any report may need without opening their tables: working hours,
/// points of leads, stages, and names.
const FEW: &[&str] = &["calendar", "score_rule", "pipeline", "user", "team", "region"];

/// The mirror in step with the files that the question is about.
fn present<'c>(
    context: &'c Context,
    report: &Report,
    matches: &ArgMatches,
    format: Format,
) -> Result<Ref<'c, Mirror>, Failure> {
    let mut nouns: Vec<&str> = FEW.to_vec();
    for text in given(matches, "where").unwrap_or_default() {
        nouns.extend(refers(report, &parse_condition(&text)?.field));
    }
    nouns.extend(
        report.front.params.iter().filter(|p| one(matches, &p.name).is_some()).filter_map(Param::refers),
    );
    let about = {
        let mirror = context.mirror_of(&nouns)?;
        let asked = Asking { context, mirror: &mirror, report, matches, format }.asked()?;
        reading(&mirror, report, &asked)?
    };
    match about {
        Some(about) => context.mirror_of(&about.into_iter().chain(nouns).collect::<Vec<_>>()),
        None => context.mirror(),
    }
}

/// A report that is asked something.
struct Asking<'a> {
    context: &'a Context,
    mirror: &'a Mirror,
    report: &'a Report,
    matches: &'a ArgMatches,
    format: Format,
}

impl Asking<'_> {
    fn told(&self, asked: &Asked, commit: Option<String>) -> Result<Option<Table>, Failure> {
        let Self { context, mirror, report, matches, format } = *self;
        let outcome = run(mirror, report, asked)?;
        if on(matches, "explain") {
            explain(context, report, asked, &outcome.sql)?;
            return Ok(None);
        }
        let (mut table, ids) = (outcome.table, outcome.ids);
        label(context, mirror, report, format, &mut table)?;
        if report.front.then == "dashboard" {
            super::dashboard::finish(context, mirror, asked, format, &mut table)?;
        }
        if on(matches, "total")
            && let Some(total) = table.total.take()
        {
            table.rows = vec![total];
        }
        let filter = given(matches, "where").unwrap_or_default().join(" and ");
        let found = Found { rows: table.rows.len(), ids, filter, format };
        table.provenance = provenance(context, mirror, (report, asked), commit, &found, &table)?;
        Ok(Some(table))
    }

    fn asked(&self) -> Result<Asked, Failure> {
        let Self { context, mirror, report, matches, format } = *self;
        let clock = context.clock();
        let settings = &context.schema.settings;
        let as_of = match one(matches, "as-of") {
            Some(text) => Some(crate::query::parse_day_at(&text, crate::query::Edge::Last, &clock)?),
            None => None,
        };
        let mut params = BTreeMap::new();
        for param in &report.front.params {
            let given = match param.ty.as_str() {
                "bool" => on(matches, &param.name).then(|| "true".to_owned()),
                _ => one(matches, &param.name),
            };
            let Some(text) = given else { continue };
            let text = match param.refers() {
                Some(noun) => the_record(context, mirror, noun, &text, &param.name)?,
                None => text,
            };
            params.insert(param.name.clone(), text);
        }
        let limit = one(matches, "limit")
            .map(|text| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text)))
            .transpose()?;
        let question = Question {
            period: one(matches, "period"),
            from: one(matches, "from"),
            to: one(matches, "to"),
            as_of,
            compare: one(matches, "compare"),
            limit,
            roll_up: on(matches, "roll-up"),
            total: on(matches, "total") || for_people(format),
            params,
            conditions: conditions(context, mirror, report, &given(matches, "where").unwrap_or_default())?,
        };
        let mut asked = question.asked(report, &clock, (settings.currency(), settings.digits()))?;
        if !report.front.then.is_empty() {
            let pace = settings.get("report.pace").unwrap_or("calendar_days");
            for (name, value) in [
                ("pace", pace),
                ("calendar", settings.text("company.calendar")),
                ("company", settings.text("company.name")),
            ] {
                asked.params.insert(name.to_owned(), value.to_owned());
            }
        }
        match given_one(report, matches, "currency") {
            Some(currency) => in_currency(settings, asked, &currency),
            None => Ok(asked),
        }
    }
}

/// The value of a flag that not every report has.
fn given_one(report: &Report, matches: &ArgMatches, flag: &str) -> Option<String> {
    super::fits(report, flag).then(|| one(matches, flag)).flatten()
}

/// The question with its amounts in another currency, at the rate of the day.
fn in_currency(settings: &Settings, asked: Asked, text: &str) -> Result<Asked, Failure> {
    let currency = text.trim().to_uppercase();
    let unknown = || Problem::usage("bad-currency").arg("value", text).field("currency");
    let digits = minor_digits(&currency).ok_or_else(unknown)?;
    let day = asked.as_of.to_string();
    let rate = settings.rate(&currency, &day).and_then(|rate| rate.parse().ok()).ok_or_else(|| {
        Problem::usage("missing-rate").arg("currency", &currency).arg("on", &day).hint("hint-report-rate")
    })?;
    Ok(if currency == settings.currency() { asked } else { asked.shown_in(&currency, rate, digits) })
}

/// The one record that a parameter names.
fn the_record(
    context: &Context,
    mirror: &Mirror,
    noun: &str,
    text: &str,
    field: &str,
) -> Result<String, Failure> {
    let mut found = candidates(context, mirror, &[noun], text)?;
    if found.len() > 1 {
        let count = found.len().to_string();
        return Err(Problem::new(crate::model::Class::Ambiguous, "ambiguous-record")
            .arg("noun", noun)
            .arg("value", text)
            .arg("count", count)
            .candidates(found.into_iter().map(|(_, id, title)| format!("{id} {title}")))
            .field(field)
            .into());
    }
    let missing = || {
        Problem::new(crate::model::Class::NotFound, "no-such-record")
            .arg("noun", noun)
            .arg("value", text)
            .field(field)
    };
    found.pop().map(|(_, id, _)| id).ok_or_else(|| missing().into())
}

/// `--where` over dimensions; records are named as people call them.
fn conditions(
    context: &Context,
    mirror: &Mirror,
    report: &Report,
    texts: &[String],
) -> Result<Vec<Condition>, Failure> {
    let mut all = Vec::new();
    for text in texts {
        let mut condition = parse_condition(text)?;
        let nouns = refers(report, &condition.field);
        if let Some(noun) = nouns.first() {
            let mut values = Vec::new();
            for value in &condition.values {
                let found = candidates(context, mirror, &nouns, value)?;
                if found.is_empty() {
                    return Err(Problem::new(crate::model::Class::NotFound, "no-such-record")
                        .arg("noun", noun)
                        .arg("value", value)
                        .field(&condition.field)
                        .into());
                }
                values.extend(found.into_iter().map(|(_, id, _)| id));
            }
            condition.values = values;
        }
        all.push(condition);
    }
    Ok(all)
}

/// The types of record that a dimension or column of a report names.
fn refers<'r>(report: &'r Report, name: &str) -> Vec<&'r str> {
    let dim = report.dimensions().into_iter().find(|d| d.name == name);
    match dim {
        Some(dim) => dim.refers.into_iter().collect(),
        None => column_of(report, name).map(ColumnFront::refers).unwrap_or_default(),
    }
}

fn explain(context: &Context, report: &Report, asked: &Asked, sql: &str) -> Result<(), Failure> {
    let chinese = context.locale.language == Language::Chinese;
    let mut lines = vec![
        report.title(chinese).to_owned(),
        String::new(),
        report.definition(chinese).to_owned(),
        String::new(),
    ];
    let mut pair = |name: &str, value: String| lines.push(format!("{name} = {value}"));
    if !report.is_state() {
        pair("period", format!("{}..{}", asked.period.start, asked.period.end));
    }
    if let Some(compare) = &asked.compare {
        pair("compared", format!("{}..{}", compare.before.start, compare.before.end));
    }
    if !asked.by.is_empty() {
        pair("by", asked.by.join(","));
    }
    for (name, value) in &asked.params {
        pair(name, value.clone());
    }
    pair("as-of", asked.as_of.to_string());
    pair("where", asked.conditions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "));
    lines.push(String::new());
    lines.extend(sql.lines().map(str::to_owned));
    context.ui.lines(lines)
}
