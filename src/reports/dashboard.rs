//! One page of figures, each taken from the answer of the report that defines it, so that the two
//! cannot differ; and the reports whose charts stand beside them.
//!
//! Deliberately absent: any figure of its own but the counts of its select.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::run::{Outcome, count, run as answer};
use super::{Asked, Question, Report, built_in};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::value::round_half_up;
use crate::query::{Condition, Op, Period};
use crate::table::{Cell, Column, ColumnType, Table};

/// Where a figure is found.
enum Source {
    /// A column of the only row of a report that is asked without dimensions.
    Of(&'static str, &'static [(&'static str, &'static str)], &'static str),
    /// The same less another column.
    Less(&'static str, &'static str, &'static str),
    /// How many rows a report has.
    Rows(&'static str),
    /// A column of the targets of the company, or of who is asked for.
    Target(&'static str),
    /// A column of the select.
    Own(&'static str),
}

use Source::{Less, Of, Own, Rows, Target};

/// A figure: its section, its code, and where it is found.
type Metric = (&'static str, &'static str, Source);

const METRICS: &[Metric] = &[
    ("sales", "net", Of("sales", &[], "net")),
    ("sales", "margin_pct", Of("sales", &[], "margin_pct")),
    ("sales", "orders", Of("order-stats", &[], "orders")),
    ("sales", "aov", Of("order-stats", &[], "aov")),
    ("sales", "new_customers", Of("repeat", &[], "new_customers")),
    ("targets", "attainment", Target("attainment")),
    ("targets", "pace", Target("pace")),
    ("pipeline", "open", Of("pipeline", &[], "n")),
    ("pipeline", "open_amount", Of("pipeline", &[], "amount")),
    ("pipeline", "weighted", Of("pipeline", &[], "weighted")),
    ("pipeline", "win_rate", Of("win-rate", &[], "win_rate")),
    ("pipeline", "forecast", Of("forecast", &[], "total")),
    ("pipeline", "stale", Rows("stale")),
    ("leads", "leads", Of("lead-conversion", &[], "leads")),
    ("leads", "lead_rate", Of("lead-conversion", &[], "rate")),
    ("leads", "waiting", Of("response-time", &[], "waiting")),
    ("today", "followups_due", Own("followups_due")),
    ("today", "followups_overdue", Own("followups_overdue")),
    ("orders", "to_ship", Own("to_ship")),
    ("orders", "orders_late", Rows("orders-late")),
    ("orders", "otif", Of("on-time", &[], "otif")),
    ("money", "receivable", Of("receivables", &[], "total")),
    ("money", "receivable_overdue", Less("receivables", "total", "current")),
    ("money", "dso", Of("receivables", &[], "dso")),
    ("money", "received", Of("sales", &[("basis", "payment")], "net")),
    ("stock", "low_stock", Rows("low-stock")),
    ("service", "backlog", Of("service", &[], "backlog_end")),
    ("service", "resolution_attainment", Of("sla", &[], "resolution_attainment")),
    ("service", "csat_mean", Of("satisfaction", &[], "csat_mean")),
];

/// Reports whose sums are compared as records stand now; the others as they stood at the end of
/// the earlier period.
const AS_NOW: &[&str] = &["sales", "order-stats", "repeat"];

/// A chart of the page: a report and its parameters, the period it takes where that is not the one of
/// the page, and how many rows are drawn.
struct Drawn {
    report: &'static str,
    params: &'static [(&'static str, &'static str)],
    own_period: bool,
    limit: Option<usize>,
}

const fn drawn(report: &'static str, params: &'static [(&'static str, &'static str)]) -> Drawn {
    Drawn { report, params, own_period: false, limit: None }
}

/// Longer periods are drawn by month.
const MOST_DAYS: i64 = 62;

const CHARTS: &[Drawn] = &[
    drawn("sales", &[("by", "day")]),
    Drawn { limit: Some(10), ..drawn("sales", &[("by", "product")]) },
    drawn("targets", &[("by", "user")]),
    drawn("pipeline", &[]),
    Drawn { own_period: true, ..drawn("forecast", &[]) },
    Drawn { own_period: true, ..drawn("funnel", &[]) },
    Drawn { limit: Some(10), ..drawn("receivables", &[]) },
    Drawn { own_period: true, ..drawn("lost-reasons", &[]) },
    drawn("service", &[("by", "kind")]),
];

/// What the charts of the page are drawn from: reports with their tables, not labelled yet. For an
/// owner or team those that can be told apart by them.
///
/// # Errors
/// Those of the reports.
pub fn charts(mirror: &Mirror, asked: &Asked) -> Result<Vec<(Report, Table)>, Problem> {
    let reports = built_in()?;
    let mut all = Vec::new();
    for chart in CHARTS {
        let report = reports.iter().find(|report| report.front.name == chart.report);
        let Some(report) =
            report.filter(|report| holder(asked).is_none_or(|(of, _)| of_holder(report, of).is_some()))
        else {
            continue;
        };
        let span = Some(&asked.period).filter(|_| !chart.own_period);
        let by_day = chart.params == [("by", "day")] && asked.period.days() > MOST_DAYS;
        let params = if by_day { &[("by", "month")] } else { chart.params };
        let of = part(report, asked, span, asked.as_of, params, chart.limit)?;
        all.push((report.clone(), answer(mirror, report, &of)?.table));
    }
    Ok(all)
}

/// Who is asked for: a dimension and its value.
fn holder(asked: &Asked) -> Option<(&'static str, &str)> {
    ["owner", "team"].into_iter().find_map(|name| Some((name, asked.params.get(name)?.as_str())))
}

/// The dimension or column of a report that tells holders apart; tickets are held by an assignee.
fn of_holder(report: &Report, holder: &'static str) -> Option<&'static str> {
    let known = |name: &str| {
        report.front.dims.iter().any(|dim| dim == name) || report.front.columns.iter().any(|c| c.name == name)
    };
    let names: &[&'static str] = if holder == "owner" { &["owner", "assignee"] } else { &["team"] };
    names.iter().copied().find(|name| known(name))
}

/// What a report of the page is asked.
fn part(
    report: &Report,
    asked: &Asked,
    span: Option<&Period>,
    as_of: NaiveDate,
    params: &[(&str, &str)],
    limit: Option<usize>,
) -> Result<Asked, Problem> {
    let condition = holder(asked).and_then(|(of, id)| {
        let field = of_holder(report, of)?.to_owned();
        Some(Condition { field, op: Op::Eq, values: vec![id.to_owned()] })
    });
    let question = Question {
        from: span.map(|span| span.start.to_string()),
        to: span.map(|span| span.end.to_string()),
        as_of: Some(as_of),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        conditions: condition.into_iter().filter(|_| report.front.then.is_empty()).collect(),
        limit,
        ..Question::default()
    };
    let mut of = question.asked(report, &asked.clock, (&asked.currency, asked.digits))?;
    if !report.front.then.is_empty() {
        let settings = ["pace", "calendar", "company"].into_iter();
        of.params
            .extend(settings.filter_map(|name| Some((name.to_owned(), asked.params.get(name)?.clone()))));
    }
    Ok(of)
}

/// What is known of a span: answers of reports as of a day, each asked once.
struct Seen<'a> {
    mirror: &'a Mirror,
    dashboard: &'a Report,
    asked: &'a Asked,
    reports: &'a [Report],
    span: &'a Period,
    as_of: NaiveDate,
    answers: BTreeMap<String, Option<Table>>,
}

/// A figure with the type of its column.
type Figure = Option<(Decimal, ColumnType)>;

/// Runs the report.
pub(super) fn run(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<Outcome, Problem> {
    let reports = built_in()?;
    let before = asked.period.previous(asked.as_of, &asked.clock)?;
    let (before, question) = (&before.before, (report, asked, reports.as_slice()));
    let mut now = Seen::new(mirror, question, &asked.period, asked.as_of);
    // Both halves take as long; a second connection reads the earlier one meanwhile.
    let (figures, earlier) = match mirror.beside() {
        Some(second) => std::thread::scope(|threads| {
            let earlier = threads.spawn(move || earlier(&second, question, before));
            (now.figures(), earlier.join().unwrap_or_else(|_| earlier_here(mirror, question, before)))
        }),
        None => (now.figures(), earlier_here(mirror, question, before)),
    };
    let (figures, earlier) = (figures?, earlier?);
    let (target, attainment) = (now.target("target")?, now.target("attainment")?);
    let mut table = Table::new(&report.front.name, columns(report));
    for ((section, code, source), figure) in METRICS.iter().zip(figures) {
        if !now.offers(source) {
            continue;
        }
        let before = earlier.iter().find(|(of, _)| of == code).and_then(|(_, figure)| *figure);
        let unit = figure.or(before).map(|(_, ty)| unit(ty, &asked.currency));
        let value = figure.map(|(value, _)| value);
        let change = value.zip(before.map(|(before, _)| before)).and_then(|(value, before)| {
            (value - before).checked_div(before.abs()).map(|share| round_half_up(share, 6).normalize())
        });
        let dec = |value: Option<Decimal>| value.map_or(Cell::Null, Cell::Dec);
        let goal = |figure: Figure| dec(figure.filter(|_| *code == "net").map(|(value, _)| value));
        let code_of = |code: &str| Cell::Code { code: code.to_owned(), label: code.to_owned() };
        table.rows.push(vec![
            code_of(section),
            code_of(code),
            dec(value),
            dec(before.map(|(before, _)| before)),
            unit.map_or(Cell::Null, Cell::text),
            dec(change),
            goal(attainment),
            goal(target),
        ]);
    }
    Ok(Outcome { table, sql: report.sql.clone(), ids: Vec::new() })
}

/// What the page is asked: itself, the question, and the reports there are.
type Page<'a> = (&'a Report, &'a Asked, &'a [Report]);

/// The figures of the earlier period, by code.
fn earlier(mirror: &Mirror, page: Page<'_>, before: &Period) -> Result<Vec<(&'static str, Figure)>, Problem> {
    let as_of = before.end.min(page.1.as_of);
    let mut compared = Seen::new(mirror, page, before, page.1.as_of);
    let mut then = Seen::new(mirror, page, before, as_of);
    let mut found = Vec::new();
    for metric in METRICS.iter().filter(|metric| metric.is_of(AS_NOW)) {
        found.push((metric.1, compared.figure(metric)?));
    }
    mirror.see_as_of(as_of);
    for metric in METRICS.iter().filter(|metric| !metric.is_of(AS_NOW)) {
        found.push((metric.1, then.figure(metric)?));
    }
    Ok(found)
}

/// The same over the mirror of the page, which then sees its own day again.
fn earlier_here(
    mirror: &Mirror,
    page: Page<'_>,
    before: &Period,
) -> Result<Vec<(&'static str, Figure)>, Problem> {
    let found = earlier(mirror, page, before);
    mirror.see_as_of(page.1.as_of);
    found
}

fn columns(report: &Report) -> Vec<Column> {
    report.front.columns.iter().map(|c| Column::new(&c.name, super::answer::column_type(c))).collect()
}

/// What a figure is counted in.
fn unit(ty: ColumnType, currency: &str) -> String {
    match ty {
        ColumnType::Money => currency,
        ColumnType::Ratio => "ratio",
        ColumnType::Days => "days",
        ColumnType::Int => "count",
        _ => "points",
    }
    .to_owned()
}

/// The type of a figure counted in a unit.
pub fn type_of(unit: &str) -> ColumnType {
    match unit {
        "ratio" => ColumnType::Ratio,
        "days" => ColumnType::Days,
        "count" => ColumnType::Int,
        "points" => ColumnType::Dec,
        _ => ColumnType::Money,
    }
}

trait OfReports {
    fn is_of(&self, names: &[&str]) -> bool;
}

impl OfReports for Metric {
    fn is_of(&self, names: &[&str]) -> bool {
        matches!(&self.2, Of(name, ..) if names.contains(name))
    }
}

impl<'a> Seen<'a> {
    fn new(
        mirror: &'a Mirror,
        (dashboard, asked, reports): Page<'a>,
        span: &'a Period,
        as_of: NaiveDate,
    ) -> Self {
        Self { mirror, dashboard, asked, reports, span, as_of, answers: BTreeMap::new() }
    }

    /// Whether a figure can be told for who is asked for.
    fn offers(&self, source: &Source) -> bool {
        let Some((of, _)) = holder(self.asked) else { return true };
        match source {
            Of(name, ..) | Less(name, ..) | Rows(name) => {
                self.reports.iter().any(|r| r.front.name == *name && of_holder(r, of).is_some())
            }
            Target(_) | Own(_) => true,
        }
    }

    /// Every figure, in order.
    fn figures(&mut self) -> Result<Vec<Figure>, Problem> {
        METRICS.iter().map(|metric| self.figure(metric)).collect()
    }

    fn figure(&mut self, (_, _, source): &Metric) -> Result<Figure, Problem> {
        if !self.offers(source) {
            return Ok(None);
        }
        Ok(match source {
            Of(name, params, column) => number(self.answer(name, params)?, column),
            Less(name, column, less) => {
                let table = self.answer(name, &[])?;
                let (whole, part) = (number(table, column), number(table, less));
                whole.zip(part).map(|((whole, ty), (part, _))| (whole - part, ty))
            }
            Rows(name) => self.rows(name)?.map(|rows| (Decimal::from(rows), ColumnType::Int)),
            Target(column) => self.target(column)?,
            Own(column) => self.own(column)?,
        })
    }

    /// How many rows a report has.
    fn rows(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(report) = self.reports.iter().find(|report| report.front.name == name) else {
            return Ok(None);
        };
        let asked = part(report, self.asked, Some(self.span), self.as_of, &[], None)?;
        count(self.mirror, report, &asked).map(Some)
    }

    /// What a report answers for the span, without dimensions.
    fn answer(&mut self, name: &str, params: &[(&str, &str)]) -> Result<Option<&Table>, Problem> {
        let key = format!("{name} {params:?}");
        if !self.answers.contains_key(&key) {
            let found = self.ask(name, params)?;
            self.answers.insert(key.clone(), found);
        }
        Ok(self.answers.get(&key).and_then(Option::as_ref))
    }

    fn ask(&self, name: &str, params: &[(&str, &str)]) -> Result<Option<Table>, Problem> {
        let Some(report) = self.reports.iter().find(|report| report.front.name == name) else {
            return Ok(None);
        };
        let mut given = params.to_vec();
        if report.front.params.iter().any(|param| param.ty == "dimension") {
            given.push(("by", ""));
        }
        let asked = part(report, self.asked, Some(self.span), self.as_of, &given, None)?;
        Ok(Some(answer(self.mirror, report, &asked)?.table))
    }

    /// A column of the targets of who is asked for.
    fn target(&mut self, column: &str) -> Result<Figure, Problem> {
        let (by, subject) = match holder(self.asked) {
            Some(("owner", id)) => ("user", Some(id.to_owned())),
            Some((_, id)) => ("team", Some(id.to_owned())),
            None => ("company", None),
        };
        let Some(table) = self.answer("targets", &[("by", by)])? else { return Ok(None) };
        let wanted = subject.map(Cell::Text);
        let at = table.position("subject");
        let row = table.rows.iter().find(|row| wanted.is_none() || at.map(|at| &row[at]) == wanted.as_ref());
        Ok(row.and_then(|row| cell(table, row, column)))
    }

    /// A column of the select.
    fn own(&mut self, column: &str) -> Result<Figure, Problem> {
        if !self.answers.contains_key("") {
            let given = |name: &str| self.asked.params.get(name).map_or(SqlCell::Null, SqlCell::text);
            let named = [(":owner", given("owner")), (":team", given("team"))];
            let answer = self.mirror.query_named(&self.dashboard.sql, &named);
            let answer = answer.map_err(|e| Problem::invalid("bad-report").arg("reason", e))?;
            let columns = answer.columns.iter().map(|column| Column::new(&column.name, ColumnType::Int));
            let mut table = Table::new("own", columns.collect());
            let int = |cell: &SqlCell| cell.as_int().map_or(Cell::Null, Cell::Int);
            table.rows = answer.rows.iter().map(|row| row.iter().map(int).collect()).collect();
            self.answers.insert(String::new(), Some(table));
        }
        Ok(number(self.answers.get("").and_then(Option::as_ref), column))
    }
}

/// A number of the total row, or of the only row.
fn number(table: Option<&Table>, column: &str) -> Figure {
    let table = table?;
    let row = table.total.as_ref().or(table.rows.first())?;
    cell(table, row, column)
}

fn cell(table: &Table, row: &[Cell], column: &str) -> Figure {
    let at = table.position(column)?;
    let value = match &row[at] {
        Cell::Int(int) => Decimal::from(*int),
        Cell::Dec(dec) => *dec,
        _ => return None,
    };
    let ty = table.columns[at].ty;
    Some((if ty == ColumnType::Dec { round_half_up(value, 2).normalize() } else { value }, ty))
}
