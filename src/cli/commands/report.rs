//! `report list` and `report NAME`: what a report was asked, its answer with labels and provenance.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Command};
use sha1::{Digest, Sha1};

use super::super::args::{Words, named, option, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::super::resolve::candidates;
use super::Standalone;
use crate::formats::Format;
use crate::locale::Language;
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::CodeList;
use crate::query::{Bucket, Condition, Period, nearest, parse_condition, parse_period};
use crate::reports::{Asked, Report, built_in, dimension, run};
use crate::table::{Cell, Column, ColumnType, Provenance, Table};

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
            switch("explain", words),
        ]);
    if report.front.then.is_empty() {
        command = command.args([
            option("where", "FIELD=VALUE", words).action(ArgAction::Append),
            option("compare", "previous|yoy", words),
            switch("total", words),
        ]);
    }
    for param in &report.front.params {
        let id: &'static str = Box::leak(param.name.clone().into_boxed_str());
        let own = format!("help-flag-report-{}-{}", report.front.name, param.name);
        let general = format!("help-flag-report-{}", param.name);
        let help = words.text(if words.locale.has(&own) { &own } else { &general });
        let arg = Arg::new(id).long(id).help(help);
        command = command.arg(match param.ty.as_str() {
            "bool" => arg.action(ArgAction::SetTrue),
            "dimension" => arg.value_name("DIMENSION,…"),
            _ => arg.value_name(Box::leak(param.codes.join("|").into_boxed_str()) as &'static str),
        });
    }
    command
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
    let table = answer(context, report, matches)?;
    let Some(table) = table else { return Ok(Exit::Ok) };
    super::list::print_chosen(context, table, matches)?;
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

/// The answer of a report; `None` when only its definition was asked for.
fn answer(context: &Context, report: &Report, matches: &ArgMatches) -> Result<Option<Table>, Failure> {
    let as_of = match one(matches, "as-of") {
        Some(text) => Some(crate::query::parse_day_at(&text, crate::query::Edge::Last, &context.clock())?),
        None => None,
    };
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(None) };
    if let Some(day) = as_of {
        mirror.set_moment(context.sql_moment().as_of(day));
    }
    let mut read = vec!["order", "return", "invoice", "payment", "customer", "product"];
    if report.front.then == "targets" {
        read.extend(["target", "opportunity", "lead", "followup", "user", "team", "region", "calendar"]);
    }
    let broken = mirror.broken_of(&read)?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(super::list::broken_problem).collect()));
    }
    let asked = asked(context, mirror, report, as_of.unwrap_or(context.today), matches)?;
    let outcome = run(mirror, report, &asked)?;
    if on(matches, "explain") {
        explain(context, report, &asked, &outcome.sql)?;
        return Ok(None);
    }
    let (mut table, ids) = (outcome.table, outcome.ids);
    label(context, report, &mut table);
    if on(matches, "total")
        && let Some(total) = table.total.take()
    {
        table.rows = vec![total];
    }
    let commit = at.map(|c| c.to_string());
    let found = Found { rows: table.rows.len(), ids };
    table.provenance = provenance(context, mirror, &asked, commit, &found, matches)?;
    Ok(Some(table))
}

fn asked(
    context: &Context,
    mirror: &Mirror,
    report: &Report,
    as_of: chrono::NaiveDate,
    matches: &ArgMatches,
) -> Result<Asked, Failure> {
    let clock = context.clock();
    let settings = &context.schema.settings;
    let period = match (one(matches, "period"), one(matches, "from"), one(matches, "to")) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
            return Err(Problem::usage("period-twice").arg("value", "--period, --from, --to").into());
        }
        (Some(text), None, None) => parse_period(&text, &clock)?,
        (None, None, None) => Period::of(context.today, Bucket::Month, &clock),
        (None, from, to) => Period::from_to(from.as_deref(), to.as_deref(), &clock)?,
    };
    let mut params = BTreeMap::new();
    let mut by = Vec::new();
    for param in &report.front.params {
        match param.ty.as_str() {
            "bool" => {
                if on(matches, &param.name) {
                    params.insert(param.name.clone(), "true".to_owned());
                }
            }
            "dimension" => {
                let text = one(matches, &param.name).unwrap_or_else(|| param.default.clone());
                by = text.split(',').map(|d| d.trim().to_owned()).filter(|d| !d.is_empty()).collect();
            }
            _ => {
                let text = one(matches, &param.name).unwrap_or_else(|| param.default.clone());
                if !param.codes.contains(&text) {
                    let codes: Vec<&str> = param.codes.iter().map(String::as_str).collect();
                    return Err(Problem::usage("bad-code")
                        .arg("value", &text)
                        .arg("field", &param.name)
                        .field(&param.name)
                        .legal(codes.iter().copied())
                        .candidates(nearest(&text, &codes))
                        .into());
                }
                params.insert(param.name.clone(), text);
            }
        }
    }
    if report.front.then == "targets" {
        let pace = settings.get("report.pace").unwrap_or("calendar_days");
        for (name, value) in [
            ("pace", pace),
            ("calendar", settings.text("company.calendar")),
            ("company", settings.text("company.name")),
        ] {
            params.insert(name.to_owned(), value.to_owned());
        }
    }
    let compare = match one(matches, "compare").as_deref() {
        None => None,
        Some("previous") => Some(period.previous(context.today, &clock)?),
        Some("yoy") => Some(period.year_before(context.today, &clock)?),
        Some(other) => {
            return Err(Problem::usage("bad-code")
                .arg("value", other)
                .arg("field", "compare")
                .field("compare")
                .legal(["previous", "yoy"])
                .into());
        }
    };
    let limit = one(matches, "limit")
        .map(|text| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text)))
        .transpose()?;
    Ok(Asked {
        period,
        by,
        params,
        conditions: conditions(context, mirror, &given(matches, "where").unwrap_or_default())?,
        compare,
        limit,
        total: on(matches, "total")
            || !matches!(
                context.ui.format(Format::Table),
                Format::Csv | Format::Tsv | Format::Json | Format::Jsonl | Format::Ids
            ),
        digits: settings.digits(),
        currency: settings.currency().to_owned(),
        clock,
        as_of,
    })
}

/// `--where` over dimensions; records are named as people call them.
fn conditions(context: &Context, mirror: &Mirror, texts: &[String]) -> Result<Vec<Condition>, Failure> {
    let mut all = Vec::new();
    for text in texts {
        let mut condition = parse_condition(text)?;
        if let Some(noun) = dimension(&condition.field).and_then(|d| d.refers) {
            let mut values = Vec::new();
            for value in &condition.values {
                let found = candidates(context, mirror, &[noun], value)?;
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

/// Labels of columns and codes in the reader's language.
fn label(context: &Context, report: &Report, table: &mut Table) {
    let chinese = context.locale.language == Language::Chinese;
    report.title(chinese).clone_into(&mut table.title);
    for column in &mut table.columns {
        let base = column.code.strip_suffix("_name").unwrap_or(&column.code);
        let (prefix, name) = match base.strip_prefix("prev_") {
            Some(name) => (context.text("report-previous", &[]), name),
            None => (String::new(), base),
        };
        let text = match context.schema.kind(&report.front.noun) {
            Some(kind) => context.locale.field(&context.schema, kind, name),
            None => context.locale.general(name),
        };
        column.label = if prefix.is_empty() { text } else { format!("{text} {prefix}") };
    }
    for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Code) {
        let list = dimension(&column.code).and_then(|d| d.list).filter(|_| report.front.then.is_empty());
        for row in &mut table.rows {
            if let Cell::Code { code, label } = &mut row[at] {
                *label = match list {
                    Some(name) => {
                        let list = CodeList { name, codes: &[], extensible: true };
                        context.locale.code(&context.schema, &list, code)
                    }
                    None => context.locale.derived_code(code),
                };
            }
        }
    }
    let none = context.text("report-none", &[]);
    let keys: Vec<bool> = table
        .columns
        .iter()
        .map(|c| {
            let key = c.code.strip_suffix("_name").unwrap_or(&c.code);
            let of_report = dimension(key).is_some() && report.front.then.is_empty();
            (of_report || c.code == "subject_name") && c.audience != crate::table::Audience::Data
        })
        .collect();
    let for_people = !matches!(
        context.ui.format(Format::Table),
        Format::Csv | Format::Tsv | Format::Json | Format::Jsonl | Format::Ids
    );
    if for_people {
        for row in &mut table.rows {
            for (cell, _) in row.iter_mut().zip(&keys).filter(|(cell, key)| **key && **cell == Cell::Null) {
                *cell = Cell::text(&none);
            }
        }
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
    pair("period", format!("{}..{}", asked.period.start, asked.period.end));
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

/// Which commit, period, zone, currency and filter a result is of, and a checksum of the ids it is
/// built from.
fn provenance(
    context: &Context,
    mirror: &Mirror,
    asked: &Asked,
    at: Option<String>,
    found: &Found,
    matches: &ArgMatches,
) -> Result<Provenance, Failure> {
    let mut provenance = Provenance::default();
    let plain =
        matches!(context.ui.format(Format::Table), Format::Csv | Format::Tsv | Format::Ids | Format::Jsonl)
            || (context.ui.format(Format::Table) == Format::Json && !context.ui.style.envelope);
    if plain {
        return Ok(provenance);
    }
    let store = context.store()?;
    let commit = match at {
        Some(commit) => commit,
        None => {
            let tip = store.repo.tip()?.map(|t| t.commit.to_string()).unwrap_or_default();
            if mirror.deviations()?.is_empty() { tip } else { format!("{tip}-dirty") }
        }
    };
    let mut add = |code: &str, value: String| {
        provenance.entries.push((
            code.to_owned(),
            context.text(&format!("report-provenance-{code}"), &[]),
            value,
        ));
    };
    add("commit", commit);
    add("period", format!("{} ({}..{})", asked.period.text, asked.period.start, asked.period.end));
    if let Some(compare) = &asked.compare {
        add("compared", format!("{}..{}", compare.before.start, compare.before.end));
        if compare.running {
            add("running", format!("{}..{}", compare.current.start, compare.current.end));
        }
    }
    add("as-of", asked.as_of.to_string());
    add("zone", context.zone.to_string());
    add("currency", asked.currency.clone());
    let filter = given(matches, "where").unwrap_or_default().join(" and ");
    if !filter.is_empty() {
        add("filter", filter);
    }
    add("rows", found.rows.to_string());
    add("checksum", checksum(mirror, asked, &found.ids)?);
    Ok(provenance)
}

/// What was found, for its provenance.
struct Found {
    rows: usize,
    /// Ids of records besides the sold documents.
    ids: Vec<String>,
}

/// A digest of the ids of the documents in the span, whatever the filter, and of what else it is
/// built from.
fn checksum(mirror: &Mirror, asked: &Asked, ids: &[String]) -> Result<String, Failure> {
    let basis = asked.params.get("basis").map_or("order", String::as_str);
    let answer = mirror.query_named(
        "select distinct document from sale_line where basis = :basis and date between :from and :to order by 1",
        &[
            (":basis", SqlCell::text(basis)),
            (":from", SqlCell::text(asked.period.start.to_string())),
            (":to", SqlCell::text(asked.period.end.to_string())),
        ],
    )?;
    let mut hash = Sha1::new();
    let documents = answer.rows.iter().filter_map(|row| row[0].as_text());
    for id in documents.chain(ids.iter().map(String::as_str)) {
        hash.update(id.as_bytes());
        hash.update(b"\n");
    }
    Ok(hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect())
}
