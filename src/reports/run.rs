//! Runs a report over the mirror: dimensions into SQL, the answer into a typed table, the same
//! select without dimensions for the total, and once more for a span to compare with.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{ColumnFront, Dimension, Report, dimension};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::value::{from_minor, round_half_up};
use crate::query::{Clock, Comparison, Condition, Kind, Period, SqlValue, nearest, to_sql};
use crate::table::{Audience, Cell, Chart, Column, ColumnType, Table};

/// What a report was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub period: Period,
    pub by: Vec<String>,
    /// Codes and switches by name; a switch that is on is `true`.
    pub params: BTreeMap<String, String>,
    pub conditions: Vec<Condition>,
    /// The span to compare with.
    pub compare: Option<Comparison>,
    pub limit: Option<usize>,
    /// Whether the total is wanted; it costs as much as the rows.
    pub total: bool,
    /// Minor digits of the base currency.
    pub digits: u32,
    pub currency: String,
    pub clock: Clock,
    /// The day after which nothing is seen.
    pub as_of: NaiveDate,
}

/// What a report found.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub table: Table,
    /// The select as it ran.
    pub sql: String,
    /// Ids of the records it is built from besides the sold documents.
    pub ids: Vec<String>,
}

/// Days above which a span is taken to hold a good part of all lines.
const LONG_SPAN: i64 = 200;

/// Whether a span holds a good part of all lines: then reading them all beats looking each one up.
pub(super) fn long_span(span: &Period) -> bool {
    span.days() > LONG_SPAN
}

/// A row of sums under the key of its dimensions.
type Sums = Vec<(Vec<Option<String>>, Vec<SqlCell>)>;

/// Runs a report.
pub fn run(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<Outcome, Problem> {
    if report.front.then == "targets" {
        return super::targets::run(mirror, report, asked);
    }
    let dims = dimensions(report, asked)?;
    let span = asked.compare.as_ref().map_or(&asked.period, |c| &c.current);
    let (sql, mut rows) = sums(mirror, report, asked, &dims, span)?;
    let total = if asked.total { sums(mirror, report, asked, &[], span)?.1 } else { Vec::new() };
    let before = match &asked.compare {
        Some(comparison) => Some((
            sums(mirror, report, asked, &dims, &comparison.before)?.1,
            if asked.total { sums(mirror, report, asked, &[], &comparison.before)?.1 } else { Vec::new() },
        )),
        None => None,
    };
    if let Some((before, _)) = &before {
        align(report, asked, &dims, &mut rows, before);
    }
    sort(report, &dims, &mut rows);
    if let Some(limit) = asked.limit {
        rows.truncate(limit);
    }
    let table = table(mirror, report, asked, &dims, &rows, &total, before)?;
    Ok(Outcome { table, sql, ids: Vec::new() })
}

fn dimensions(report: &Report, asked: &Asked) -> Result<Vec<&'static Dimension>, Problem> {
    let known: Vec<&str> = super::DIMENSIONS.iter().map(|d| d.name).collect();
    let of_payments = asked.params.get("basis").map(String::as_str) == Some("payment");
    asked
        .by
        .iter()
        .map(|name| {
            let found = dimension(name).ok_or_else(|| {
                Problem::usage("unknown-dimension")
                    .arg("value", name)
                    .arg("report", &report.front.name)
                    .candidates(nearest(name, &known))
                    .legal(known.iter().copied())
            })?;
            if of_payments && !found.of_payments {
                let legal = super::DIMENSIONS.iter().filter(|d| d.of_payments).map(|d| d.name);
                return Err(Problem::usage("dimension-not-of-payments").arg("value", name).legal(legal));
            }
            Ok(found)
        })
        .collect()
}

fn sums(
    mirror: &Mirror,
    report: &Report,
    asked: &Asked,
    dims: &[&Dimension],
    span: &Period,
) -> Result<(String, Sums), Problem> {
    let mut select = String::new();
    for dim in dims {
        select.push_str(dim.sql);
        select.push_str(" as \"");
        select.push_str(dim.name);
        select.push_str("\", ");
    }
    let (condition, values) = conditions(asked)?;
    let date = if long_span(span) { "+date" } else { "date" };
    let group: Vec<String> = (1..=dims.len()).map(|n| n.to_string()).collect();
    let group = if group.is_empty() { String::new() } else { format!("group by {}", group.join(", ")) };
    let sql = report
        .sql
        .replace("{dims}", &select)
        .replace("{lines}", lines(asked, dims))
        .replace("{where}", &condition)
        .replace("{date}", date)
        .replace("{group}", &group);
    let names: Vec<String> = (0..values.len()).map(|n| format!(":w{n}")).collect();
    let mut params: Vec<(&str, SqlCell)> =
        vec![(":from", SqlCell::text(span.start.to_string())), (":to", SqlCell::text(span.end.to_string()))];
    let flags: Vec<(String, SqlCell)> = asked
        .params
        .iter()
        .map(|(n, v)| (format!(":{}", n.replace('-', "_")), SqlCell::text(v.as_str())))
        .collect();
    params.extend(flags.iter().map(|(n, v)| (n.as_str(), v.clone())));
    params.extend(names.iter().map(String::as_str).zip(values));
    let answer =
        mirror.query_named(&sql, &params).map_err(|e| Problem::invalid("bad-report").arg("reason", e))?;
    let rows = answer
        .rows
        .into_iter()
        .map(|mut row| {
            let sums = row.split_off(dims.len());
            (row.iter().map(|c| c.as_text().filter(|t| !t.is_empty()).map(str::to_owned)).collect(), sums)
        })
        .collect();
    Ok((sql, rows))
}

/// The view to sum: by owner or team each holder has their share of a line.
fn lines(asked: &Asked, dims: &[&Dimension]) -> &'static str {
    let split = |name: &str| matches!(name, "owner" | "team");
    let by = dims.iter().any(|dim| split(dim.name));
    let of = asked.conditions.iter().any(|condition| split(&condition.field));
    if by || of { "sale_credit" } else { "sale_line" }
}

/// `--where` over the dimensions, as SQL with named parameters.
fn conditions(asked: &Asked) -> Result<(String, Vec<SqlCell>), Problem> {
    let mut text = String::new();
    let mut values = Vec::new();
    for condition in &asked.conditions {
        let dim = dimension(&condition.field).ok_or_else(|| {
            let known: Vec<&str> = super::DIMENSIONS.iter().map(|d| d.name).collect();
            Problem::usage("unknown-dimension")
                .arg("value", &condition.field)
                .arg("report", "sales")
                .candidates(nearest(&condition.field, &known))
        })?;
        let kind = if dim.name == "day" { Kind::Day } else { Kind::Text };
        let (sql, found) = to_sql(condition, dim.sql, kind, &asked.clock)?;
        let mut sql = sql;
        for value in found {
            sql = sql.replacen('?', &format!(":w{}", values.len()), 1);
            values.push(match value {
                SqlValue::Text(text) => SqlCell::Text(text),
                SqlValue::Int(int) => SqlCell::Int(int),
                SqlValue::Real(real) => SqlCell::Real(real),
            });
        }
        text.push_str("and ");
        text.push_str(&sql);
        text.push(' ');
    }
    Ok((text, values))
}

/// Rows of the earlier span that the present one lacks, as rows without sums; buckets of time are
/// matched by their place, not their name, so they are left alone.
fn align(report: &Report, asked: &Asked, dims: &[&Dimension], rows: &mut Sums, before: &Sums) {
    let _ = asked;
    if dims.iter().any(|d| d.bucket.is_some()) {
        return;
    }
    for (key, _) in before {
        if !rows.iter().any(|(k, _)| k == key) {
            rows.push((key.clone(), vec![SqlCell::Null; report.front.columns.len()]));
        }
    }
}

/// By time and by several dimensions in the order of their keys; by one other dimension the
/// largest first. Ties by key; rows without a key come last.
fn sort(report: &Report, dims: &[&Dimension], rows: &mut Sums) {
    let key = |k: &Vec<Option<String>>| k.iter().map(|t| (t.is_none(), t.clone())).collect::<Vec<_>>();
    let measure = report.front.columns.iter().position(|c| c.name == report.front.measure);
    let by_value = dims.len() == 1 && dims[0].bucket.is_none();
    rows.sort_by(|(ka, a), (kb, b)| {
        let value = |row: &Vec<SqlCell>| measure.and_then(|at| row[at].as_real()).unwrap_or(0.0);
        let larger = if by_value { value(b).total_cmp(&value(a)) } else { std::cmp::Ordering::Equal };
        larger.then_with(|| key(ka).cmp(&key(kb)))
    });
}

/// A typed cell of a declared column.
fn cell(column: &ColumnFront, value: &SqlCell, digits: u32) -> Cell {
    let decimal = |real: f64| Decimal::try_from(real).ok();
    match (column.ty.as_str(), value) {
        (_, SqlCell::Null) => Cell::Null,
        ("money", value) => value.as_int().map_or(Cell::Null, |minor| Cell::Dec(from_minor(minor, digits))),
        ("int", value) => value.as_int().map_or(Cell::Null, Cell::Int),
        ("ratio", value) => {
            let ratio = value.as_real().and_then(decimal).map(|d| round_half_up(d, 6).normalize());
            ratio.map_or(Cell::Null, Cell::Dec)
        }
        ("qty" | "dec" | "days" | "min", value) => {
            value.as_real().and_then(decimal).map_or(Cell::Null, |d| Cell::Dec(d.normalize()))
        }
        (_, value) => value.as_text().map_or(Cell::Null, Cell::text),
    }
}

pub(super) fn column_type(column: &ColumnFront) -> ColumnType {
    match column.ty.as_str() {
        "money" => ColumnType::Money,
        "int" => ColumnType::Int,
        "ratio" => ColumnType::Ratio,
        "qty" => ColumnType::Qty,
        "dec" => ColumnType::Dec,
        "days" => ColumnType::Days,
        "min" => ColumnType::Minutes,
        "day" => ColumnType::Day,
        "month" => ColumnType::Month,
        "code" => ColumnType::Code,
        "bool" => ColumnType::Bool,
        "instant" => ColumnType::Instant,
        _ => ColumnType::Text,
    }
}

fn table(
    mirror: &Mirror,
    report: &Report,
    asked: &Asked,
    dims: &[&Dimension],
    rows: &Sums,
    total: &Sums,
    before: Option<(Sums, Sums)>,
) -> Result<Table, Problem> {
    let shown: Vec<usize> = report
        .front
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.when.is_empty() || asked.params.contains_key(&c.when))
        .map(|(at, _)| at)
        .collect();
    let mut columns = Vec::new();
    for dim in dims {
        let ty = match (dim.refers, dim.list, dim.bucket) {
            (Some(_), ..) => ColumnType::Id,
            (_, Some(_), _) => ColumnType::Code,
            (.., Some(crate::query::Bucket::Day)) => ColumnType::Day,
            (.., Some(_)) => ColumnType::Month,
            _ => ColumnType::Text,
        };
        let audience = if dim.refers.is_some() { Audience::Data } else { Audience::All };
        columns.push(Column::new(dim.name, ty).for_audience(audience));
        if dim.refers.is_some() {
            columns.push(Column::new(format!("{}_name", dim.name), ColumnType::Text));
        }
    }
    for at in &shown {
        let column = &report.front.columns[*at];
        columns.push(Column::new(&column.name, column_type(column)));
    }
    columns.push(Column::new("currency", ColumnType::Text).for_audience(Audience::Data));
    let compared = before.is_some();
    if compared {
        for name in [format!("prev_{}", report.front.measure), "change".to_owned()] {
            columns.push(Column::new(name, ColumnType::Money));
        }
        columns.push(Column::new("change_pct", ColumnType::Ratio));
    }
    let mut table = Table::new(&report.front.name, columns);
    let titles = Titles::of(mirror, dims, rows)?;
    let (earlier, earlier_total) = before.unwrap_or_default();
    let matched = place_of_buckets(dims, rows, &earlier);
    for (position, (key, sums)) in rows.iter().enumerate() {
        let mut line = Vec::new();
        for (dim, value) in dims.iter().zip(key) {
            line.push(key_cell(dim, value.as_deref()));
            if dim.refers.is_some() {
                line.push(value.as_ref().map_or(Cell::Null, |id| Cell::text(titles.title(dim, id))));
            }
        }
        line.extend(shown.iter().map(|at| cell(&report.front.columns[*at], &sums[*at], asked.digits)));
        line.push(Cell::text(&asked.currency));
        if compared {
            let found = match &matched {
                Some(places) => places.get(position).and_then(|at| at.map(|at| &earlier[at].1)),
                None => earlier.iter().find(|(k, _)| k == key).map(|(_, sums)| sums),
            };
            line.extend(comparison(report, asked, sums, found));
        }
        table.rows.push(line);
    }
    if let Some((_, sums)) = total.first().filter(|_| !dims.is_empty()) {
        let mut line = vec![Cell::Null; table.columns.iter().take_while(|c| is_key(dims, &c.code)).count()];
        line.extend(shown.iter().map(|at| cell(&report.front.columns[*at], &sums[*at], asked.digits)));
        line.push(Cell::text(&asked.currency));
        if compared {
            line.extend(comparison(report, asked, sums, earlier_total.first().map(|(_, sums)| sums)));
        }
        table.total = Some(line);
    }
    table.chart = chart(report, dims);
    Ok(table)
}

fn is_key(dims: &[&Dimension], code: &str) -> bool {
    dims.iter().any(|d| d.name == code || code.strip_suffix("_name") == Some(d.name))
}

fn key_cell(dim: &Dimension, value: Option<&str>) -> Cell {
    match value {
        None => Cell::Null,
        Some(text) if dim.list.is_some() => Cell::Code { code: text.to_owned(), label: text.to_owned() },
        Some(text) if dim.bucket == Some(crate::query::Bucket::Day) => {
            text.parse().map_or_else(|_| Cell::text(text), Cell::Day)
        }
        Some(text) => Cell::text(text),
    }
}

/// For each present row the earlier one at the same place, where rows are buckets of time: the
/// first month of the span is compared with the first month of the earlier span.
fn place_of_buckets(dims: &[&Dimension], rows: &Sums, earlier: &Sums) -> Option<Vec<Option<usize>>> {
    let [dim] = dims else { return None };
    dim.bucket?;
    let mut places: Vec<usize> = (0..earlier.len()).collect();
    places.sort_by(|a, b| earlier[*a].0.cmp(&earlier[*b].0));
    Some((0..rows.len()).map(|at| places.get(at).copied()).collect())
}

/// The measure before, its change, and the change as a share of what was.
fn comparison(report: &Report, asked: &Asked, now: &[SqlCell], before: Option<&Vec<SqlCell>>) -> Vec<Cell> {
    let at = report.front.columns.iter().position(|c| c.name == report.front.measure);
    let value = |row: &[SqlCell]| at.and_then(|at| row[at].as_int()).unwrap_or(0);
    let (now, before) = (value(now), before.map_or(0, |row| value(row)));
    let change = now - before;
    let ratio = (before != 0).then(|| {
        let ratio = Decimal::from(change).checked_div(Decimal::from(before.abs()));
        ratio.map(|r| round_half_up(r, 6).normalize())
    });
    vec![
        Cell::Dec(from_minor(before, asked.digits)),
        Cell::Dec(from_minor(change, asked.digits)),
        ratio.flatten().map_or(Cell::Null, Cell::Dec),
    ]
}

fn chart(report: &Report, dims: &[&Dimension]) -> Option<Chart> {
    let front = report.front.chart.as_ref()?;
    let first = dims.first()?;
    let kind = if first.bucket.is_some() { "column" } else { front.kind.as_str() };
    let x = if first.refers.is_some() { format!("{}_name", first.name) } else { first.name.to_owned() };
    Some(Chart { kind: kind.to_owned(), x, y: front.y.clone() })
}

/// What the records of a dimension are called.
struct Titles(BTreeMap<(&'static str, String), String>);

impl Titles {
    fn of(mirror: &Mirror, dims: &[&Dimension], rows: &Sums) -> Result<Self, Problem> {
        let mut found = BTreeMap::new();
        for (at, dim) in dims.iter().enumerate() {
            let Some(noun) = dim.refers else { continue };
            let mut ids: Vec<&str> = rows.iter().filter_map(|(key, _)| key[at].as_deref()).collect();
            ids.sort_unstable();
            ids.dedup();
            let titles =
                mirror.titles(&[noun], &ids).map_err(|e| Problem::invalid("bad-report").arg("reason", e))?;
            found.extend(titles.into_iter().map(|(id, title)| ((dim.name, id), title)));
        }
        Ok(Self(found))
    }

    fn title(&self, dim: &Dimension, id: &str) -> String {
        self.0.get(&(dim.name, id.to_owned())).cloned().unwrap_or_else(|| id.to_owned())
    }
}
