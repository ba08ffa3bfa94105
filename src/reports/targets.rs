//! Targets against what was reached: the select gives targets, sums by holder and product, and who
//! belongs to whom; here they are rolled up, and periods and phasing are reckoned.
//!
//! Formulas: the definition in `sql/targets.sql`. Deliberately absent: what counts as a sale (`sale_line`).

mod facts;
mod pace;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use self::facts::{Fact, Facts, Key, read};
use self::pace::{Goal, expected, tile};
use super::answer::column_type;
use super::run::{Outcome, long_span};
use super::{Asked, ColumnFront, Report};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::value::round_half_up;
use crate::table::{Audience, Cell, Chart, Column, ColumnType, Table};

/// Measures that count records, which know no products.
const COUNTS: &[&str] = &["new_customers", "leads", "visits"];

/// One row of the report, before rounding.
#[derive(Clone, Debug, Default, PartialEq)]
struct Line {
    /// `set` or `summed`; absent where there is no target.
    source: Option<&'static str>,
    target: Option<Decimal>,
    actual: Option<Decimal>,
    expected: Option<Decimal>,
    days_left: i64,
    forecast: Option<Decimal>,
    children_sum: Option<Decimal>,
}

/// Runs the report.
pub(super) fn run(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<Outcome, Problem> {
    let param = |name: &str| asked.params.get(name).map_or("", String::as_str);
    let (by, measure, basis) = (param("by"), param("measure"), param("basis"));
    let of_goods = matches!(by, "product" | "category");
    if COUNTS.contains(&measure) && of_goods {
        return Err(Problem::usage("measure-not-by").arg("measure", measure).arg("by", by));
    }
    if basis == "payment" && !COUNTS.contains(&measure) && (measure != "amount" || of_goods) {
        return Err(Problem::usage("target-basis").field("basis"));
    }
    let sql = select(report, asked, by, measure);
    let mut params = vec![
        (":from".to_owned(), SqlCell::text(asked.period.start.to_string())),
        (":to".to_owned(), SqlCell::text(asked.period.end.to_string())),
    ];
    params
        .extend(asked.params.iter().map(|(name, value)| (format!(":{name}"), SqlCell::text(value.as_str()))));
    let named: Vec<(&str, SqlCell)> =
        params.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let answer =
        mirror.query_named(&sql, &named).map_err(|e| Problem::invalid("bad-report").arg("reason", e))?;
    let money = matches!(measure, "amount" | "margin");
    let facts = read(&answer, money.then_some(asked.digits), &asked.clock, param("pace") == "working_days")?;
    let lines = lines(&facts, asked, by, measure);
    let ids = facts.goals.values().flatten().map(|goal| goal.id.clone());
    let ids: BTreeSet<String> =
        ids.chain(facts.actual.iter().filter_map(|fact| fact.record.clone())).collect();
    let table = table(mirror, report, asked, by, money, lines)?;
    Ok(Outcome { table, sql, ids: ids.into_iter().collect() })
}

/// The select with what depends on the question.
fn select(report: &Report, asked: &Asked, by: &str, measure: &str) -> String {
    let holder = match by {
        "user" => "owner",
        "team" | "region" | "dealer" => by,
        _ => "null",
    };
    let value = match measure {
        "qty" => "half_up(sum(qty), 6)",
        "margin" => "sum(net - cost)",
        _ => "sum(net)",
    };
    report
        .sql
        .replace("{holder}", holder)
        .replace("{value}", value)
        .replace("{lines}", if matches!(by, "user" | "team") { "sale_credit" } else { "sale_line" })
        .replace("{date}", if long_span(&asked.period) { "+date" } else { "date" })
}

/// The rows: whatever has a target for the period, was reached by somebody or is open with them.
fn lines(facts: &Facts, asked: &Asked, by: &str, measure: &str) -> Vec<(Key, Line)> {
    let scope = if matches!(by, "product" | "category") { "company" } else { by };
    let of_view = |key: &&Key| {
        key.scope == scope
            && match by {
                "product" => key.product.is_some(),
                "category" => key.product.is_none() && key.category.is_some(),
                _ => true,
            }
    };
    let span = (asked.period.start, asked.period.end);
    let mut keys: BTreeSet<Key> = facts
        .goals
        .iter()
        .filter(|(_, goals)| tile(goals, span).is_some())
        .map(|(key, _)| key)
        .filter(of_view)
        .cloned()
        .collect();
    let whole = || facts.actual.iter().chain(&facts.open);
    let by_goods = || facts.actual.iter().chain(&facts.parts).chain(&facts.open_parts);
    match by {
        "product" => keys.extend(by_goods().map(|fact| Key::goods(fact.product.as_deref(), None))),
        "category" => {
            for fact in by_goods() {
                let upwards = fact.category.as_deref().map(paths).unwrap_or_default();
                keys.extend(upwards.iter().map(|path| Key::goods(None, Some(path))));
                keys.extend(fact.category.is_none().then(|| Key::goods(None, None)));
            }
        }
        "company" => {
            keys.insert(Key::of("company", None));
        }
        _ => {
            for fact in whole() {
                keys.extend(facts.upwards(by, fact.holder.as_deref()).into_iter().map(|id| Key::of(by, id)));
            }
        }
    }
    // What is known of nobody and nothing else stands last.
    let mut keys: Vec<Key> = keys.into_iter().collect();
    keys.sort_by_key(|key| (by != "company" && key.is_nobody(by), key.clone()));
    let question = Question::new(facts, asked, by, measure);
    keys.into_iter()
        .map(|key| {
            let line = question.line(&key);
            (key, line)
        })
        .collect()
}

/// Facts by what most rows ask for them.
struct Index<'a> {
    all: &'a [Fact],
    holders: BTreeMap<Option<&'a str>, Vec<&'a Fact>>,
    products: BTreeMap<Option<&'a str>, Vec<&'a Fact>>,
}

impl<'a> Index<'a> {
    fn of(all: &'a [Fact]) -> Self {
        let mut index = Self { all, holders: BTreeMap::new(), products: BTreeMap::new() };
        for fact in all {
            index.holders.entry(fact.holder.as_deref()).or_default().push(fact);
            index.products.entry(fact.product.as_deref()).or_default().push(fact);
        }
        index
    }

    /// Those of some holders, all where none are named, and of a product where one is.
    fn candidates(&self, holders: Option<&BTreeSet<Option<String>>>, product: Option<&str>) -> Vec<&'a Fact> {
        let under = |of: Option<&Vec<&'a Fact>>| of.cloned().unwrap_or_default();
        match (holders, product) {
            (Some(holders), _) => {
                holders.iter().flat_map(|id| under(self.holders.get(&id.as_deref()))).collect()
            }
            (None, Some(product)) => under(self.products.get(&Some(product))),
            (None, None) => self.all.iter().collect(),
        }
    }
}

/// What the lines have in common.
struct Question<'a> {
    facts: &'a Facts,
    asked: &'a Asked,
    by: &'a str,
    measure: &'a str,
    days_left: i64,
    actual: Index<'a>,
    parts: Index<'a>,
    open: Index<'a>,
    open_parts: Index<'a>,
}

impl<'a> Question<'a> {
    fn new(facts: &'a Facts, asked: &'a Asked, by: &'a str, measure: &'a str) -> Self {
        let after = asked.as_of.succ_opt().unwrap_or(asked.as_of).max(asked.period.start);
        Self {
            facts,
            asked,
            by,
            measure,
            days_left: facts.work.days(after, asked.period.end),
            actual: Index::of(&facts.actual),
            parts: Index::of(&facts.parts),
            open: Index::of(&facts.open),
            open_parts: Index::of(&facts.open_parts),
        }
    }

    fn line(&self, key: &Key) -> Line {
        let (facts, by) = (self.facts, self.by);
        let span = (self.asked.period.start, self.asked.period.end);
        // Without a product or category, by product or category, it is what has none.
        let none_of = key.is_nobody(by) && matches!(by, "product" | "category");
        let goals = if none_of { None } else { facts.goals.get(key).and_then(|goals| tile(goals, span)) };
        let narrow = key.product.is_some() || key.category.is_some() || none_of;
        let holders = facts.below(&key.scope, key.subject.as_deref());
        let of_key = |fact: &&Fact| {
            (!none_of || (fact.product.is_none() && (by == "product" || fact.category.is_none())))
                && key.product.as_ref().is_none_or(|product| fact.product.as_ref() == Some(product))
                && key
                    .category
                    .as_deref()
                    .is_none_or(|path| fact.category.as_deref().is_some_and(|c| lies_in(c, path)))
        };
        let of = |index: &Index<'a>| -> Vec<&'a Fact> {
            let found = index.candidates(holders.as_ref(), key.product.as_deref());
            found.into_iter().filter(of_key).collect()
        };
        let sum = |index: &Index<'a>| of(index).iter().map(|fact| fact.value).sum::<Decimal>();
        let actual = if COUNTS.contains(&self.measure) {
            let records: BTreeSet<&Option<String>> =
                of(&self.actual).iter().map(|fact| &fact.record).collect();
            (!narrow).then(|| Decimal::from(records.len()))
        } else {
            Some(sum(if narrow && !facts.parts.is_empty() { &self.parts } else { &self.actual }))
        };
        let open = || sum(if narrow { &self.open_parts } else { &self.open });
        let total = |value: &dyn Fn(&Goal) -> Decimal| {
            goals.as_ref().map(|goals| goals.iter().map(|goal| value(goal)).sum::<Decimal>())
        };
        Line {
            source: goals.as_ref().map(|goals| if goals.len() == 1 { "set" } else { "summed" }),
            target: total(&|goal| goal.value),
            expected: total(&|goal| expected(goal, self.asked.as_of, &facts.work)),
            days_left: self.days_left,
            forecast: if self.measure == "amount" { actual.map(|actual| actual + open()) } else { None },
            children_sum: if none_of { None } else { children_sum(facts, span, key) },
            actual,
        }
    }
}

/// The targets directly below: of subjects where any has one, else of categories and products.
fn children_sum(facts: &Facts, span: pace::Span, key: &Key) -> Option<Decimal> {
    let sum = |keys: Vec<Key>| -> Option<Decimal> {
        let values = keys.iter().filter_map(|key| tile(facts.goals.get(key)?, span));
        values.map(|goals| goals.iter().map(|goal| goal.value).sum::<Decimal>()).reduce(|a, b| a + b)
    };
    facts.subjects_below(key).into_iter().chain(facts.goods_below(key)).find_map(sum)
}

/// A category and those above it: `a/b/c`, `a/b`, `a`.
fn paths(category: &str) -> Vec<String> {
    let parts = category.match_indices('/').map(|(at, _)| category[..at].to_owned());
    parts.chain([category.to_owned()]).collect()
}

/// Whether a category is another or lies below it.
fn lies_in(category: &str, path: &str) -> bool {
    category.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The cells of a line in the order of the declared columns.
fn cells(line: &Line, columns: &[ColumnFront], digits: Option<u32>) -> Vec<Cell> {
    let value = |value: Option<Decimal>| match (value, digits) {
        (None, _) => Cell::Null,
        (Some(value), Some(digits)) => {
            let mut rounded = round_half_up(value, digits);
            rounded.rescale(digits);
            Cell::Dec(rounded)
        }
        (Some(value), None) => Cell::Dec(round_half_up(value, 6).normalize()),
    };
    let ratio = |n: Option<Decimal>, d: Option<Decimal>| {
        let ratio = d.filter(|d| !d.is_zero()).and_then(|d| n?.checked_div(d));
        ratio.map_or(Cell::Null, |ratio| Cell::Dec(round_half_up(ratio, 6).normalize()))
    };
    let both = line.target.zip(line.actual);
    let gap = both.map(|(target, actual)| (target - actual).max(Decimal::ZERO));
    let daily = gap.filter(|_| line.days_left > 0).map(|gap| gap / Decimal::from(line.days_left));
    let cell = |name: &str| match name {
        "source" => line
            .source
            .map_or(Cell::Null, |code| Cell::Code { code: code.to_owned(), label: code.to_owned() }),
        "target" => value(line.target),
        "actual" => value(line.actual),
        "variance" => value(both.map(|(target, actual)| actual - target)),
        "attainment" => ratio(line.actual, line.target),
        "expected" => value(line.expected),
        "pace" => ratio(line.actual, line.expected),
        "gap" => value(gap),
        "days_left" => Cell::Int(line.days_left),
        "needed_per_day" => value(daily),
        "forecast" => value(line.forecast),
        "forecast_attainment" => ratio(line.forecast, line.target),
        _ => value(line.children_sum),
    };
    columns.iter().map(|column| cell(&column.name)).collect()
}

fn table(
    mirror: &Mirror,
    report: &Report,
    asked: &Asked,
    by: &str,
    money: bool,
    mut lines: Vec<(Key, Line)>,
) -> Result<Table, Problem> {
    if let Some(limit) = asked.limit {
        lines.truncate(limit);
    }
    let refers = match by {
        "user" | "team" | "region" | "product" => Some(by),
        "dealer" => Some("customer"),
        _ => None,
    };
    let subject = |key: &Key| match by {
        "product" => key.product.clone(),
        "category" => key.category.clone(),
        _ => key.subject.clone(),
    };
    let subjects: Vec<Option<String>> = lines.iter().map(|(key, _)| subject(key)).collect();
    let ids: Vec<&str> = subjects.iter().flatten().map(String::as_str).collect();
    let titles = match refers {
        Some(noun) => {
            mirror.titles(&[noun], &ids).map_err(|e| Problem::invalid("bad-report").arg("reason", e))?
        }
        None => BTreeMap::new(),
    };
    let narrow = !matches!(by, "product" | "category")
        && lines.iter().any(|(key, _)| key.product.is_some() || key.category.is_some());
    let mut columns = vec![
        Column::new("subject", ColumnType::Id).for_audience(Audience::Data),
        Column::new("subject_name", ColumnType::Text),
    ];
    let seen = if narrow { Audience::All } else { Audience::Data };
    columns
        .extend(["product", "category"].map(|name| Column::new(name, ColumnType::Text).for_audience(seen)));
    columns.extend(report.front.columns.iter().map(|column| {
        let ty = match column.ty.as_str() {
            "value" if money => ColumnType::Money,
            "value" => ColumnType::Qty,
            _ => column_type(column),
        };
        Column::new(&column.name, ty)
    }));
    columns.push(Column::new("currency", ColumnType::Text).for_audience(Audience::Data));
    let mut table = Table::new(&report.front.name, columns);
    let text = |text: Option<&String>| text.map_or(Cell::Null, Cell::text);
    for ((key, line), subject) in lines.iter().zip(&subjects) {
        let name = match subject {
            Some(id) => Some(titles.get(id).unwrap_or(id)),
            None => asked.params.get("company").filter(|name| by == "company" && !name.is_empty()),
        };
        let mut row =
            vec![text(subject.as_ref()), text(name), text(key.product.as_ref()), text(key.category.as_ref())];
        row.extend(cells(line, &report.front.columns, money.then_some(asked.digits)));
        row.push(if money { Cell::text(&asked.currency) } else { Cell::Null });
        table.rows.push(row);
    }
    table.id_column = refers.map(|_| 0);
    table.chart = report.front.chart.as_ref().map(|chart| Chart {
        kind: chart.kind.clone(),
        x: "subject_name".to_owned(),
        y: chart.y.clone(),
    });
    Ok(table)
}

#[cfg(test)]
mod tests;
