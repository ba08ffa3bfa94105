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
use crate::query::{Condition, nearest, parse_condition};
use crate::reports::{Asked, ColumnFront, Param, Question, Report, built_in, run};
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
    let table = answer(context, report, matches)?;
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

/// The answer of a report; `None` when only its definition was asked for.
fn answer(context: &Context, report: &Report, matches: &ArgMatches) -> Result<Option<Table>, Failure> {
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(None) };
    let read: Vec<&str> = report.front.reads.iter().map(String::as_str).collect();
    let broken = mirror.broken_of(&read)?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(super::list::broken_problem).collect()));
    }
    let asked = asked(context, mirror, report, matches)?;
    if asked.as_of != context.today {
        mirror.set_moment(context.sql_moment().as_of(asked.as_of));
    }
    let outcome = run(mirror, report, &asked)?;
    if on(matches, "explain") {
        explain(context, report, &asked, &outcome.sql)?;
        return Ok(None);
    }
    let (mut table, ids) = (outcome.table, outcome.ids);
    label(context, mirror, report, &mut table)?;
    if on(matches, "total")
        && let Some(total) = table.total.take()
    {
        table.rows = vec![total];
    }
    let commit = at.map(|c| c.to_string());
    let filter = given(matches, "where").unwrap_or_default().join(" and ");
    let found = Found { rows: table.rows.len(), ids, filter };
    table.provenance = provenance(context, mirror, (report, &asked), commit, &found, &table)?;
    Ok(Some(table))
}

fn asked(
    context: &Context,
    mirror: &Mirror,
    report: &Report,
    matches: &ArgMatches,
) -> Result<Asked, Failure> {
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
        total: on(matches, "total") || for_people(context),
        params,
        conditions: conditions(context, mirror, report, &given(matches, "where").unwrap_or_default())?,
    };
    let mut asked = question.asked(report, &clock, (settings.currency(), settings.digits()))?;
    if report.front.then == "targets" {
        let pace = settings.get("report.pace").unwrap_or("calendar_days");
        for (name, value) in [
            ("pace", pace),
            ("calendar", settings.text("company.calendar")),
            ("company", settings.text("company.name")),
        ] {
            asked.params.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(asked)
}

/// Whether people read the answer, not programs.
fn for_people(context: &Context) -> bool {
    !matches!(
        context.ui.format(Format::Table),
        Format::Csv | Format::Tsv | Format::Json | Format::Jsonl | Format::Ids
    )
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

fn column_of<'r>(report: &'r Report, name: &str) -> Option<&'r ColumnFront> {
    report.front.columns.iter().find(|column| column.name == name)
}

/// Labels of columns and codes in the reader's language.
fn label(context: &Context, mirror: &Mirror, report: &Report, table: &mut Table) -> Result<(), Failure> {
    let chinese = context.locale.language == Language::Chinese;
    report.title(chinese).clone_into(&mut table.title);
    for column in &mut table.columns {
        let base = column.code.strip_suffix("_name").unwrap_or(&column.code);
        let declared = column_of(report, &column.code).is_some();
        let (prefix, name) = match base.strip_prefix("prev_").filter(|_| !declared) {
            Some(name) => (context.text("report-previous", &[]), name),
            None => (String::new(), base),
        };
        let front = column_of(report, name);
        let own = front.map_or("", |c| if chinese { &c.label_zh } else { &c.label });
        let text = match context.schema.kind(&report.front.noun) {
            _ if !own.is_empty() => own.to_owned(),
            Some(kind) => context.locale.field(&context.schema, kind, name),
            None => context.locale.general(name),
        };
        column.label = if prefix.is_empty() { text } else { format!("{text} {prefix}") };
    }
    for (at, column) in table.columns.iter().enumerate() {
        if !matches!(column.ty, ColumnType::Code | ColumnType::List) {
            continue;
        }
        let list = list_of(report, &column.code);
        for row in table.rows.iter_mut().chain(&mut table.total) {
            name_codes(context, list.as_ref(), &column.code, &mut row[at]);
        }
    }
    super::board::label_stages(context, mirror, table)?;
    if for_people(context) {
        name_nothing(context, report, table);
    }
    Ok(())
}

/// The list that the codes of a dimension or column are of.
fn list_of(report: &Report, name: &str) -> Option<CodeList> {
    let dim = report.dimensions().into_iter().find(|d| d.name == name).and_then(|d| d.list);
    let column = column_of(report, name).map(|c| c.list.clone()).filter(|list| !list.is_empty());
    let name = dim.or_else(|| column.map(|list| Box::leak(list.into_boxed_str()) as &'static str))?;
    Some(CodeList { name, codes: &[], extensible: true })
}

fn name_codes(context: &Context, list: Option<&CodeList>, field: &str, cell: &mut Cell) {
    match cell {
        Cell::Code { code, label } => {
            *label = match list {
                Some(list) => context.locale.code(&context.schema, list, code),
                None => context.locale.derived_code_of(field, code),
            };
        }
        Cell::List(cells) => cells.iter_mut().for_each(|cell| name_codes(context, list, field, cell)),
        _ => {}
    }
}

/// Keys that are not there, in words.
fn name_nothing(context: &Context, report: &Report, table: &mut Table) {
    let none = context.text("report-none", &[]);
    let legal = report.dimensions();
    let is_key = |code: &str| legal.iter().any(|d| d.name == code) || (code == "subject" && legal.is_empty());
    let keys: Vec<bool> = table
        .columns
        .iter()
        .map(|c| {
            let key = c.code.strip_suffix("_name").unwrap_or(&c.code);
            is_key(key) && c.audience != crate::table::Audience::Data && column_of(report, key).is_none()
        })
        .collect();
    for row in &mut table.rows {
        for (cell, _) in row.iter_mut().zip(&keys).filter(|(cell, key)| **key && **cell == Cell::Null) {
            *cell = Cell::text(&none);
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

/// Which commit, period, zone, currency and filter a result is of, and a checksum of the ids it is
/// built from.
fn provenance(
    context: &Context,
    mirror: &Mirror,
    (report, asked): (&Report, &Asked),
    at: Option<String>,
    found: &Found,
    table: &Table,
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
    if !report.is_state() {
        add("period", format!("{} ({}..{})", asked.period.text, asked.period.start, asked.period.end));
    }
    if let Some(compare) = &asked.compare {
        add("compared", format!("{}..{}", compare.before.start, compare.before.end));
        if compare.running {
            add("running", format!("{}..{}", compare.current.start, compare.current.end));
        }
    }
    add("as-of", asked.as_of.to_string());
    add("zone", context.zone.to_string());
    if table.position("currency").is_some() || !report.front.then.is_empty() {
        add("currency", asked.currency.clone());
    }
    if !found.filter.is_empty() {
        add("filter", found.filter.clone());
    }
    add("rows", found.rows.to_string());
    let of_sales = report.sql.contains("{lines}");
    add("checksum", if of_sales { checksum(mirror, asked, &found.ids)? } else { digest_of(table) });
    Ok(provenance)
}

/// What was found, for its provenance.
struct Found {
    rows: usize,
    /// Ids of records besides the sold documents.
    ids: Vec<String>,
    /// The conditions as they were given.
    filter: String,
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

/// A digest of what the rows of a report say.
fn digest_of(table: &Table) -> String {
    let mut hash = Sha1::new();
    for cell in table.rows.iter().flatten() {
        let text = match cell {
            Cell::Null => String::new(),
            Cell::Code { code, .. } => code.clone(),
            cell => format!("{cell:?}"),
        };
        hash.update(text.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}
