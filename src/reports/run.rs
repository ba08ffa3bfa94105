//! Runs a report over the mirror: dimensions and conditions into SQL, the same select without
//! dimensions for the total, and once more for a span to compare with.
//!
//! Deliberately absent: what becomes of the rows (`answer`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::answer::{Found, Sums, align, sort, table};
use super::{Asked, ColumnFront, Dimension, Question, Report};
use crate::mirror::{Mirror, MirrorError, SqlCell};
use crate::model::Problem;
use crate::query::{Condition, Kind, Period, SqlValue, nearest, to_sql};
use crate::table::Table;

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

/// Dimensions whose records lie in each other, with the table of their type.
const NESTED: &[(&str, &str)] = &[("region", "regions"), ("team", "teams")];

/// Runs a report.
///
/// # Errors
/// `unknown-dimension`, `dimension-not-of-payments`, those of conditions, and `bad-report` where
/// the select fails.
pub fn run(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<Outcome, Problem> {
    match report.front.then.as_str() {
        "targets" => return super::targets::run(mirror, report, asked),
        "dashboard" => return super::dashboard::run(mirror, report, asked),
        _ => {}
    }
    let dims = asked.dimensions(report)?;
    let select = Select::new(report, asked)?;
    let of_rows = select.columns.0.is_empty();
    let has_total = report.has_total() && (!dims.is_empty() || !report.front.total.is_empty());
    let wants_total = asked.total && has_total && of_rows;
    let sums = |dims: &[&Dimension], span: &Period| select.run(mirror, dims, span, false);
    let total_of = |span: &Period| {
        if !wants_total {
            return Ok(Vec::new());
        }
        let found = if report.front.total.is_empty() {
            select.run(mirror, &[], span, true)
        } else {
            select.run_total(mirror, &dims, span)
        };
        found.map(|(_, sums)| sums)
    };
    let span = asked.compare.as_ref().map_or(&asked.period, |c| &c.current);
    let (sql, mut rows) = sums(&dims, span)?;
    let total = total_of(span)?;
    let before = match &asked.compare {
        Some(comparison) => Some((sums(&dims, &comparison.before)?.1, total_of(&comparison.before)?)),
        None => None,
    };
    if let Some((before, _)) = &before {
        align(report, &dims, &mut rows, before);
    }
    sort(report, &dims, &mut rows);
    if let Some(limit) = asked.limit {
        rows.truncate(limit);
    }
    let table = table(mirror, report, asked, &dims, Found { rows, total, before })?;
    Ok(Outcome { table, sql, ids: Vec::new() })
}

/// The types of record whose files a question is about: those its selects open, and those whose names
/// stand beside ids. None where it may be any.
///
/// # Errors
/// As [`run`].
pub fn reading(
    mirror: &Mirror,
    report: &Report,
    asked: &Asked,
) -> Result<Option<BTreeSet<&'static str>>, Problem> {
    if !report.front.then.is_empty() {
        return Ok(None);
    }
    let bad = |e: MirrorError| Problem::invalid("bad-report").arg("reason", e);
    let dims = asked.dimensions(report)?;
    let select = Select::new(report, asked)?;
    let named = report.front.columns.iter().flat_map(ColumnFront::refers);
    let named: Vec<&str> = named.chain(dims.iter().filter_map(|dim| dim.refers)).collect();
    let kinds = mirror.layout().kinds.iter().map(|tables| tables.kind.name);
    let mut all: BTreeSet<&'static str> = kinds.filter(|name| named.contains(name)).collect();
    for sql in select.selects(&dims, &asked.period) {
        match mirror.opens(&sql).map_err(bad)? {
            Some(nouns) => all.extend(nouns),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

/// How many rows a report has, without making them.
///
/// # Errors
/// As [`run`].
pub(super) fn count(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<i64, Problem> {
    let dims = asked.dimensions(report)?;
    let select = Select::new(report, asked)?;
    let mut rows = 0;
    for sql in select.selects(&dims, &asked.period) {
        let sql = format!("select count(*) from (\n{sql}\n)");
        let params = select.params(&asked.period, false);
        let named: Vec<(&str, SqlCell)> = params.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        let found = mirror.query_named(&sql, &named);
        let found = found.map_err(|e| Problem::invalid("bad-report").arg("reason", e))?;
        rows += found.rows.first().and_then(|row| row[0].as_int()).unwrap_or(0);
    }
    Ok(rows)
}

/// A condition as SQL with named parameters, and their values.
type Where = (String, Vec<(String, SqlCell)>);

/// The select of a report with what is the same for rows, total and comparison.
struct Select<'a> {
    report: &'a Report,
    asked: &'a Asked,
    /// Conditions on dimensions: what is summed.
    dims: Where,
    /// Conditions on columns: which rows are shown.
    columns: Where,
}

impl<'a> Select<'a> {
    fn new(report: &'a Report, asked: &'a Asked) -> Result<Self, Problem> {
        let mut select = Self { report, asked, dims: Where::default(), columns: Where::default() };
        let dims = report.dimensions();
        for condition in &asked.conditions {
            let dim = dims.iter().find(|d| d.name == condition.field);
            let column = report.front.columns.iter().find(|c| c.name == condition.field);
            match (dim, column) {
                (Some(dim), _) => select.of_dimension(dim, condition)?,
                (None, Some(column)) => {
                    let kind = kind_of(column, asked.digits);
                    let name = format!("\"{}\"", column.name);
                    add(&mut select.columns, "c", to_sql(condition, &name, kind, &asked.clock)?, |sql| sql);
                }
                (None, None) => {
                    let known = dims.iter().map(|d| d.name);
                    let known: Vec<&str> =
                        known.chain(report.front.columns.iter().map(|c| c.name.as_str())).collect();
                    return Err(Problem::usage("unknown-dimension")
                        .arg("value", &condition.field)
                        .arg("report", &report.front.name)
                        .candidates(nearest(&condition.field, &known)));
                }
            }
        }
        Ok(select)
    }

    fn of_dimension(&mut self, dim: &Dimension, condition: &Condition) -> Result<(), Problem> {
        let kind = if dim.name == "day" { Kind::Day } else { Kind::Text };
        let clock = &self.asked.clock;
        match self.nested(dim) {
            // What lies below a region or team counts as in it, once however many are named.
            Some(rows) => {
                let found = to_sql(condition, "above", kind, clock)?;
                let wrap = |sql| {
                    format!("exists (select 1 from ({rows}) up where up.below = {} and {sql})", dim.name)
                };
                add(&mut self.dims, "w", found, wrap);
            }
            None => {
                let found = to_sql(condition, &self.expression(dim), kind, clock)?;
                add(&mut self.dims, "w", found, |sql| sql);
            }
        }
        Ok(())
    }

    /// Records and whatever they lie in, themselves included, where these are to be rolled up.
    fn nested(&self, dim: &Dimension) -> Option<String> {
        let (_, table) = NESTED.iter().find(|(name, _)| self.asked.roll_up && *name == dim.name)?;
        Some(format!(
            "with recursive up(below, above) as (select id, id from {table} union select up.below, t.parent \
             from up join {table} t on t.id = up.above where t.parent is not null) select below, above from up"
        ))
    }

    fn expression(&self, dim: &Dimension) -> String {
        dim.sql.replace("{date}", &self.report.front.date)
    }

    /// The selects whose rows follow each other.
    fn selects(&self, dims: &[&Dimension], span: &Period) -> Vec<String> {
        let [mut named, mut keys, mut names, mut join] = [const { String::new() }; 4];
        for dim in dims {
            let sql = match self.nested(dim) {
                Some(rows) => {
                    let name = dim.name;
                    let _ = write!(join, "left join ({rows}) as up_{name} on up_{name}.below = {name} ");
                    format!("up_{name}.above")
                }
                None => self.expression(dim),
            };
            let _ = write!(named, "{sql} as \"{}\", ", dim.name);
            let _ = write!(keys, "{sql}, ");
            let _ = write!(names, "\"{}\", ", dim.name);
        }
        let group: Vec<String> = (1..=dims.len()).map(|n| n.to_string()).collect();
        let group = if group.is_empty() { String::new() } else { format!("group by {}", group.join(", ")) };
        let date = &self.report.front.date;
        let split = splits(self.asked, dims);
        let sql = self
            .embedding(&self.report.sql)
            .replace("{dims}", &named)
            .replace("{keys}", &keys)
            .replace("{names}", &names)
            .replace("{join}", &join)
            .replace("{lines}", if split { "sale_credit" } else { "sale_line" })
            .replace("{deals}", if split { "deal_credit" } else { "deal" })
            .replace("{where}", &self.dims.0)
            .replace("{date}", &if long_span(span) { format!("+{date}") } else { date.clone() })
            .replace("{group}", &group)
            .replace("{spans}", &spans(dims));
        if self.columns.0.is_empty() {
            return parts(&sql);
        }
        parts(&sql)
            .iter()
            .map(|sql| format!("select * from (\n{sql}\n) where true {}", self.columns.0))
            .collect()
    }

    /// The select with the answers of other reports in the place of `{report NAME}` or
    /// `{report NAME parameter=value …}`: as of the same day, with the parameters that each has
    /// where none are given.
    fn embedding(&self, sql: &str) -> String {
        let mut text = sql.to_owned();
        while let Some((before, rest)) = text.split_once("{report ") {
            let Some((name, after)) = rest.split_once('}') else { break };
            let inner = self.embedded(name).unwrap_or_default();
            text = format!("{before}{inner}{after}");
        }
        text
    }

    fn embedded(&self, call: &str) -> Option<String> {
        let mut words = call.split_whitespace();
        let name = words.next()?;
        let params = words.filter_map(|word| word.split_once('='));
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let report = super::built_in().ok()?.into_iter().find(|r| r.front.name == name)?;
        let question = Question { as_of: Some(self.asked.as_of), params, ..Question::default() };
        let asked =
            question.asked(&report, &self.asked.clock, (&self.asked.currency, self.asked.digits)).ok()?;
        let mut sql = Select::new(&report, &asked).ok()?.selects(&[], &asked.period).join("\nunion all\n");
        let mut bound = asked.bound(&report, &asked.period, false);
        for param in &report.front.params {
            let name = format!(":{}", param.name.replace('-', "_"));
            if param.ty != "dimension" && !bound.iter().any(|(known, _)| *known == name) {
                bound.push((name, SqlCell::Null));
            }
        }
        bound.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, value) in &bound {
            sql = sql.replace(name.as_str(), &literal(value));
        }
        Some(sql)
    }

    fn run(
        &self,
        mirror: &Mirror,
        dims: &[&Dimension],
        span: &Period,
        total: bool,
    ) -> Result<(String, Sums), Problem> {
        self.query(mirror, &self.selects(dims, span), dims.len(), span, total)
    }

    /// The total row as the report makes it of its rows.
    fn run_total(
        &self,
        mirror: &Mirror,
        dims: &[&Dimension],
        span: &Period,
    ) -> Result<(String, Sums), Problem> {
        let rows = self.selects(dims, span).join("\nunion all\n");
        let sql = format!("with answer as (\n{rows}\n)\n{}", self.report.front.total);
        self.query(mirror, &[sql], 0, span, true)
    }

    /// What the select is given, by name.
    fn params(&self, span: &Period, total: bool) -> Vec<(String, SqlCell)> {
        let mut params = self.asked.bound(self.report, span, total);
        params.extend(self.dims.1.iter().chain(&self.columns.1).cloned());
        params
    }

    /// Rows whose first columns are keys.
    fn query(
        &self,
        mirror: &Mirror,
        selects: &[String],
        keys: usize,
        span: &Period,
        total: bool,
    ) -> Result<(String, Sums), Problem> {
        let params = self.params(span, total);
        let named: Vec<(&str, SqlCell)> = params.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
        let bad = |reason: String| Problem::invalid("bad-report").arg("reason", reason);
        let wanted = keys + self.report.front.columns.len();
        let mut found = Vec::new();
        for sql in selects {
            let answer = mirror.query_named(sql, &named).map_err(|e| bad(e.to_string()))?;
            if answer.columns.len() != wanted {
                let given = answer.columns.iter().map(|column| column.name.as_str());
                let declared = self.report.front.columns.iter().map(|column| column.name.as_str());
                let declared = self.asked.by.iter().map(String::as_str).take(keys).chain(declared);
                return Err(Problem::invalid("report-columns")
                    .arg("found", given.collect::<Vec<_>>().join(", "))
                    .arg("declared", declared.collect::<Vec<_>>().join(", ")));
            }
            found.extend(answer.rows);
        }
        let rows = found.into_iter().map(|mut row| {
            let sums = row.split_off(keys);
            let key = |cell: &SqlCell| match cell {
                SqlCell::Int(int) => Some(int.to_string()),
                cell => cell.as_text().filter(|text| !text.is_empty()).map(str::to_owned),
            };
            (row.iter().map(key).collect(), sums)
        });
        Ok((selects.join(BETWEEN), rows.collect()))
    }
}

/// What stands between the selects of a report as they are shown.
pub(super) const BETWEEN: &str = ";\n\n";

/// Parts a select into several whose rows follow each other; what stands before the first belongs to
/// each.
const PART: &str = "{part}";

/// The selects of a report, one after the other.
fn parts(sql: &str) -> Vec<String> {
    match sql.split_once(PART) {
        None => vec![sql.to_owned()],
        Some((common, rest)) => rest.split(PART).map(|part| format!("{common}{part}")).collect(),
    }
}

/// A value as it is written in SQL.
fn literal(value: &SqlCell) -> String {
    match value {
        SqlCell::Int(int) => int.to_string(),
        SqlCell::Real(real) => real.to_string(),
        value => value
            .as_text()
            .map_or_else(|| "null".to_owned(), |text| format!("'{}'", text.replace('\'', "''"))),
    }
}

/// The period cut into the units of time that are asked for, as `spans(starts, ends, days)`; whole
/// where none is.
fn spans(dims: &[&Dimension]) -> String {
    let units = dims.iter().filter(|dim| dim.bucket.is_some()).map(|dim| dim.sql.replace("{date}", "d"));
    let unit = units.chain(["''".to_owned()]).collect::<Vec<_>>().join(", ");
    format!(
        "days(d) as (select max(:from, date(as_of(), '-30 years')) union all select date(d, '+1 day') from days \
         where d < min(:to, date(as_of(), '+2 years'))), spans(starts, ends, days) as (select min(d), max(d), \
         julianday(max(d)) - julianday(min(d)) + 1 from days group by {unit})"
    )
}

/// Adds a condition with parameters that are named.
fn add(
    all: &mut Where,
    prefix: &str,
    (mut sql, values): (String, Vec<SqlValue>),
    wrap: impl Fn(String) -> String,
) {
    for value in values {
        let name = format!(":{prefix}{}", all.1.len());
        sql = sql.replacen('?', &name, 1);
        all.1.push((name, value.into()));
    }
    let _ = write!(all.0, "and {} ", wrap(sql));
}

/// Whether each holder of a sale stands with their share: where owners or teams are asked for.
fn splits(asked: &Asked, dims: &[&Dimension]) -> bool {
    let holder = |name: &str| matches!(name, "owner" | "team");
    dims.iter().any(|dim| holder(dim.name)) || asked.conditions.iter().any(|c| holder(&c.field))
}

/// How the values of a column compare.
fn kind_of(column: &ColumnFront, digits: u32) -> Kind {
    match column.ty.as_str() {
        "int" => Kind::Int,
        "money" => Kind::Money { digits },
        "qty" | "dec" | "ratio" | "days" | "min" => Kind::Dec,
        "bool" => Kind::Bool,
        "day" => Kind::Day,
        "instant" => Kind::Instant,
        _ => Kind::Text,
    }
}
