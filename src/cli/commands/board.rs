//! `opp list --board`: a pipeline with its stages side by side; and `opp history`: how long an
//! opportunity stood where.
//!
//! Open stages show all that stands in them, won and lost what was closed lately. Deliberately
//! absent: how lanes are laid out (`formats::board`) and what is derived (`opportunity_status`).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, FixedOffset};
use clap::ArgMatches;
use rust_decimal::Decimal;

use super::super::context::Context;
use super::super::error::{Exit, Failure, located};
use super::super::fields::{on, one};
use super::super::resolve::candidates;
use super::{history as log, list as lists, show};
use crate::formats::board::{Lane, Line, lines};
use crate::formats::{Format, Labels, Style, readable};
use crate::locale::Language;
use crate::mirror::{Listing, Mirror, SqlCell};
use crate::model::record::Kind;
use crate::model::value::{minor_digits, round_half_up};
use crate::model::{Class, Problem};
use crate::query::{Condition, Op};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// Days for which a won or lost opportunity stays on the board.
const LATELY: u64 = 30;

/// `opp list`, with `--board` as a board, with `--pipeline` of one pipeline.
pub fn list(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    let mut view = lists::View::from(context, kind, matches)?;
    if !on(matches, "board") {
        if let Some(pipeline) = one(matches, "pipeline") {
            view.conditions.push(of_pipeline(pipeline));
        }
        return lists::shown(context, kind, matches, &view);
    }
    match one(matches, "at") {
        Some(at) => {
            let commit = context.revision(&at)?;
            let mirror = context.store()?.mirror_at(commit, context)?;
            whole(context, &mirror, kind, matches, view)
        }
        None => whole(context, &*context.mirror()?, kind, matches, view),
    }
}

/// The board, unless some records cannot be read; with `--keep-going` without those.
fn whole(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    matches: &ArgMatches,
    view: lists::View,
) -> Result<Exit, Failure> {
    let broken: Vec<Problem> = mirror.broken_of(&[kind.name])?.iter().map(lists::broken_problem).collect();
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken));
    }
    board(context, mirror, kind, matches, view)?;
    for problem in &broken {
        context.ui.stderr(&located(&context.locale, problem));
    }
    Ok(if broken.is_empty() { Exit::Ok } else { Exit::Partial })
}

fn of_pipeline(id: String) -> Condition {
    Condition { field: "pipeline".to_owned(), op: Op::Eq, values: vec![id] }
}

/// A stage as the board shows it.
struct Stage {
    code: String,
    label: String,
    kind: String,
    probability: i64,
}

/// Fields of the cards, in this order in the table.
const CARD: &[(&str, ColumnType)] = &[
    ("id", ColumnType::Id),
    ("name", ColumnType::Text),
    ("customer", ColumnType::Id),
    ("customer_name", ColumnType::Text),
    ("amount", ColumnType::Money),
    ("currency", ColumnType::Text),
    ("weighted", ColumnType::Money),
    ("days_in_stage", ColumnType::Days),
    ("close_date", ColumnType::Day),
    ("rotten", ColumnType::Bool),
    ("owner", ColumnType::Id),
    ("owner_name", ColumnType::Text),
    ("next_followup", ColumnType::Day),
];

fn board(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    matches: &ArgMatches,
    mut view: lists::View,
) -> Result<(), Failure> {
    let pipeline = pipeline(context, mirror, one(matches, "pipeline").as_deref())?;
    let stages = stages(context, mirror, &pipeline)?;
    view.conditions.push(of_pipeline(pipeline));
    let known = lists::known(mirror, kind);
    let (mut condition, mut params) = lists::conditions(context, mirror, kind, &view.conditions, &known)?;
    let since = context.today.checked_sub_days(Days::new(LATELY)).unwrap_or(context.today);
    condition.push_str(" and (t.closed_on is null or t.closed_on >= ?)");
    params.push(SqlCell::text(since.to_string()));
    let order = match &view.sort {
        Some(sort) => lists::order(mirror, kind, Some(sort), &known)?,
        None => "t.close_date".to_owned(),
    };
    let fields: Vec<&str> = CARD.iter().map(|(name, _)| *name).chain(["stage", "fx_rate"]).collect();
    let listing = Listing {
        noun: kind.name,
        fields: &fields,
        condition: &condition,
        params: &params,
        order: &order,
        limit: view.limit,
        hidden: view.archived,
    };
    let cards = mirror.list(&listing)?;
    let stages = with_unknown(stages, &cards);
    if context.ui.format(Format::Table) == Format::Table {
        let lanes: Vec<Lane> = stages.iter().map(|stage| lane(context, stage, &cards)).collect();
        let mut style = context.ui.style.clone();
        if context.ui.output_file().is_some() {
            style = Style { width: None, colour: false, ..style };
        }
        let mut text = lines(&lanes, &style);
        if style.provenance {
            text.extend([String::new(), context.text("board-lately", &[("day", &since.to_string())])]);
        }
        context.ui.lines(text)?;
        return Ok(());
    }
    let table = table(context, kind, &stages, cards);
    context.ui.table(&lists::chosen(table, view.fields.as_deref())?, Format::Table)
}

/// The pipeline that a text names, else the default one.
fn pipeline(context: &Context, mirror: &Mirror, text: Option<&str>) -> Result<String, Failure> {
    let Some(text) = text else {
        let found = mirror.query("select id from pipelines order by \"default\" desc, id limit 1", &[])?;
        let id = found.rows.first().and_then(|row| row[0].as_text()).map(str::to_owned);
        return id.ok_or_else(|| Problem::invalid("default-pipeline").arg("count", 0).into());
    };
    let found = candidates(context, mirror, &["pipeline"], text)?;
    match found.as_slice() {
        [(_, id, _)] => Ok(id.clone()),
        [] => Err(Problem::new(Class::NotFound, "no-such-record")
            .arg("noun", "pipeline")
            .arg("value", text)
            .into()),
        many => Err(Problem::new(Class::Ambiguous, "ambiguous-record")
            .arg("noun", "pipeline")
            .arg("value", text)
            .arg("count", many.len())
            .candidates(many.iter().map(|(_, id, title)| format!("{id} {title}")))
            .into()),
    }
}

/// The stages of a pipeline in order, in the reader's words.
fn stages(context: &Context, mirror: &Mirror, pipeline: &str) -> Result<Vec<Stage>, Failure> {
    let sql = "select code, label, label_zh, type, probability from pipeline_stages where record = ? order by position";
    let found = mirror.query(sql, &[SqlCell::text(pipeline)])?;
    let text = |cell: &SqlCell| cell.as_text().unwrap_or_default().to_owned();
    let stage = |row: &Vec<SqlCell>| Stage {
        code: text(&row[0]),
        label: label_of(context, &row[0], [&row[1], &row[2]]),
        kind: text(&row[3]),
        probability: if let SqlCell::Int(int) = row[4] { int } else { 0 },
    };
    Ok(found.rows.iter().map(stage).collect())
}

/// The stages and those that cards stand in though the pipeline has them no more.
fn with_unknown(mut stages: Vec<Stage>, cards: &[Vec<Cell>]) -> Vec<Stage> {
    for card in cards {
        if !stages.iter().any(|stage| stands_in(card, stage))
            && let Cell::Text(code) | Cell::Code { code, .. } = cell(card, "stage")
        {
            let kind = "open".to_owned();
            stages.push(Stage { code: code.clone(), label: code.clone(), kind, probability: 0 });
        }
    }
    stages
}

/// What people call a stage: its English or Chinese label, whichever there is, else what the program
/// calls such a code.
fn label_of(context: &Context, code: &SqlCell, [english, chinese]: [&SqlCell; 2]) -> String {
    let (own, other) = match context.locale.language {
        Language::English => (english, chinese),
        Language::Chinese => (chinese, english),
    };
    let code = code.as_text().unwrap_or_default();
    if context.ui.style.labels == Labels::Code {
        return code.to_owned();
    }
    own.as_text().or(other.as_text()).map_or_else(|| context.locale.derived_code(code), str::to_owned)
}

/// Puts the reader's words beside the stages in a table of opportunities, where all pipelines that
/// have a stage of that code call it the same.
pub fn label_stages(context: &Context, mirror: &Mirror, table: &mut Table) -> Result<(), Failure> {
    let columns = ["stage", "last_open_stage", "furthest_stage"];
    let columns: Vec<usize> = columns.iter().filter_map(|name| table.position(name)).collect();
    if columns.is_empty() || table.rows.is_empty() {
        return Ok(());
    }
    let found = mirror.query("select code, label, label_zh from pipeline_stages", &[])?;
    let mut labels: BTreeMap<String, Option<String>> = BTreeMap::new();
    for row in &found.rows {
        let label = label_of(context, &row[0], [&row[1], &row[2]]);
        let code = row[0].as_text().unwrap_or_default().to_owned();
        let known = labels.entry(code).or_insert_with(|| Some(label.clone()));
        if known.as_ref() != Some(&label) {
            *known = None;
        }
    }
    for at in columns {
        for cell in table.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
            let (Cell::Text(code) | Cell::Code { code, .. }) = &*cell else { continue };
            if let Some(Some(label)) = labels.get(code) {
                *cell = Cell::Code { code: code.clone(), label: label.clone() };
            }
        }
    }
    Ok(())
}

/// The cell of a card by its field.
fn cell<'c>(card: &'c [Cell], field: &str) -> &'c Cell {
    let at = CARD.iter().map(|(name, _)| *name).chain(["stage", "fx_rate"]).position(|name| name == field);
    at.and_then(|at| card.get(at)).unwrap_or(&Cell::Null)
}

fn stands_in(card: &[Cell], stage: &Stage) -> bool {
    match cell(card, "stage") {
        Cell::Text(code) | Cell::Code { code, .. } => *code == stage.code,
        _ => false,
    }
}

fn overdue(context: &Context, card: &[Cell], stage: &Stage) -> bool {
    stage.kind == "open" && matches!(cell(card, "close_date"), Cell::Day(day) if *day < context.today)
}

/// An amount of a card in the currency of the company, by the opportunity's own rate.
fn in_base(context: &Context, card: &[Cell], field: &str) -> Decimal {
    let number = |field: &str| match cell(card, field) {
        Cell::Dec(dec) => Some(*dec),
        Cell::Int(int) => Some(Decimal::from(*int)),
        _ => None,
    };
    let (amount, rate) = (number(field).unwrap_or_default(), number("fx_rate").unwrap_or(Decimal::ONE));
    round_half_up(amount.checked_mul(rate).unwrap_or(amount), context.schema.settings.digits())
}

fn lane(context: &Context, stage: &Stage, cards: &[Vec<Cell>]) -> Lane {
    let cards: Vec<&Vec<Cell>> = cards.iter().filter(|card| stands_in(card, stage)).collect();
    let sum = |field: &str| -> String {
        let mut sum: Decimal = cards.iter().map(|card| in_base(context, card, field)).sum();
        sum.rescale(context.schema.settings.digits());
        readable(ColumnType::Money, &Cell::Dec(sum), &context.ui.style.words)
    };
    let count = cards.len().to_string();
    let mut heading = vec![
        Line::Text(context.text("board-stage", &[("stage", &stage.label), ("count", &count)])),
        Line::Whole(sum("amount")),
    ];
    if stage.kind == "open" {
        let probability = stage.probability.to_string();
        let args = [("probability", probability.as_str()), ("amount", &sum("weighted"))];
        heading.push(Line::Whole(context.text("board-weighted", &args)));
    }
    Lane { heading, cards: cards.into_iter().map(|card| card_lines(context, stage, card)).collect() }
}

fn card_lines(context: &Context, stage: &Stage, card: &[Cell]) -> Vec<Line> {
    let shown = |field: &str, ty| readable(ty, cell(card, field), &context.ui.style.words);
    let own = shown("currency", ColumnType::Text);
    let foreign = own != context.schema.settings.currency() && minor_digits(&own).is_some();
    let amount = shown("amount", ColumnType::Money);
    let days = context.text("board-days", &[("days", &shown("days_in_stage", ColumnType::Int))]);
    let mut lines = vec![
        Line::Text(shown("name", ColumnType::Text)),
        Line::Text(shown("customer_name", ColumnType::Text)),
        Line::Whole(if foreign { format!("{own} {amount}") } else { amount }),
    ];
    // What is overdue is rotten for that alone.
    let mark = match (overdue(context, card, stage), *cell(card, "rotten") == Cell::Bool(true)) {
        (true, _) => Some("field-overdue"),
        (false, true) => Some("field-rotten"),
        (false, false) => None,
    };
    let mark = mark.map_or(String::new(), |id| format!("  ! {}", context.text(id, &[])));
    lines.push(Line::Text(format!("{days}{mark}")));
    lines
}

/// The cards as rows, stage by stage.
fn table(context: &Context, kind: &'static Kind, stages: &[Stage], cards: Vec<Vec<Cell>>) -> Table {
    let label = |name: &str| {
        let base = name.strip_suffix("_name").unwrap_or(name);
        context.locale.field(&context.schema, kind, base)
    };
    let mut columns = vec![
        Column::new("stage", ColumnType::Code).labelled(label("stage")),
        Column::new("state_type", ColumnType::Code)
            .labelled(label("state_type"))
            .for_audience(Audience::Data),
    ];
    columns.extend(CARD.iter().map(|(name, ty)| {
        let names = ["customer", "owner", "currency", "weighted", "next_followup"];
        let audience = if names.contains(name) { Audience::Data } else { Audience::All };
        Column::new(*name, *ty).labelled(label(name)).for_audience(audience)
    }));
    columns.insert(12, Column::new("overdue", ColumnType::Bool).labelled(label("overdue")));
    let mut table = Table { title: context.text("title-board", &[]), ..Table::new("board", columns) };
    table.id_column = table.position("id");
    let code = |code: &str, label: &str| Cell::Code { code: code.to_owned(), label: label.to_owned() };
    for stage in stages {
        for card in cards.iter().filter(|card| stands_in(card, stage)) {
            let mut row = vec![
                code(&stage.code, &stage.label),
                code(&stage.kind, &context.locale.derived_code(&stage.kind)),
            ];
            row.extend(card.iter().take(CARD.len()).cloned());
            row.insert(12, Cell::Bool(overdue(context, card, stage)));
            table.rows.push(row);
        }
    }
    table
}

/// `opp history ID`: people see how long it stood in each stage above the log of its changes;
/// `--stages` shows the stages alone.
pub fn history(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    let alone = on(matches, "stages");
    let people = context.ui.format(Format::Table) == Format::Table && context.ui.output_file().is_none();
    if alone || (people && one(matches, "field").is_none()) {
        let store = context.store()?;
        let text = one(matches, "id").unwrap_or_default();
        match show::find(context, store, &[kind], &text) {
            Ok((_, id)) => context.ui.table(&stays(context, &*context.mirror()?, &id)?, Format::Table)?,
            Err(failure) if alone => return Err(failure),
            // One that was removed still has its log.
            Err(_) => return log::of_record(context, kind, matches),
        }
        if alone {
            return Ok(Exit::Ok);
        }
        context.ui.lines([""])?;
    }
    log::of_record(context, kind, matches)
}

/// The stays of an opportunity in its stages, from the first to the present one.
fn stays(context: &Context, mirror: &Mirror, id: &str) -> Result<Table, Failure> {
    let params = [SqlCell::text(id)];
    let pipeline = mirror.query("select pipeline from opportunities where id = ?", &params)?;
    let pipeline = pipeline.rows.first().and_then(|row| row[0].as_text()).unwrap_or_default().to_owned();
    let stages = stages(context, mirror, &pipeline)?;
    let sql = "select s.stage, s.type, s.entered_at, s.left_at, h.\"by\", h.reason from stage_span s \
               left join history h on h.record = s.record and h.kind = 'opportunity' and h.seq = s.position - 1 \
               where s.record = ? order by s.position";
    let found = mirror.query(sql, &params)?;
    let label = |name: &str| context.locale.general(name);
    let columns = [
        ("stage", ColumnType::Code, label("stage")),
        ("entered_at", ColumnType::Instant, label("entered_at")),
        ("left_at", ColumnType::Instant, label("left_at")),
        ("days", ColumnType::Days, label("days")),
        ("by", ColumnType::Id, label("by")),
        ("reason", ColumnType::Text, label("reason")),
    ];
    let columns = columns.map(|(name, ty, label)| Column::new(name, ty).labelled(label)).to_vec();
    let mut table = Table { title: context.text("title-stays", &[]), ..Table::new("stages", columns) };
    let moment = |cell: &SqlCell| cell.as_text().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    for row in &found.rows {
        let code = row[0].as_text().unwrap_or_default();
        let stage = stages.iter().find(|stage| stage.code == code);
        let (entered, left) = (moment(&row[2]), moment(&row[3]));
        let open = row[1].as_text().unwrap_or("open") == "open";
        let until = left.or(open.then_some(context.now));
        let text = |cell: &SqlCell| cell.as_text().map_or(Cell::Null, Cell::text);
        table.rows.push(vec![
            Cell::Code { code: code.to_owned(), label: stage.map_or(code.to_owned(), |s| s.label.clone()) },
            entered.map_or(Cell::Null, Cell::Instant),
            left.map_or(Cell::Null, Cell::Instant),
            days(entered, until),
            text(&row[4]),
            text(&row[5]),
        ]);
    }
    Ok(table)
}

/// Days of 24 hours between two moments, to one decimal.
fn days(from: Option<DateTime<FixedOffset>>, to: Option<DateTime<FixedOffset>>) -> Cell {
    let (Some(from), Some(to)) = (from, to) else { return Cell::Null };
    let minutes = Decimal::from((to - from).num_minutes());
    let mut days = round_half_up(minutes / Decimal::from(24 * 60), 1);
    days.rescale(1);
    Cell::Dec(days)
}
