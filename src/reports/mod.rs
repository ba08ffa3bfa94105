//! Questions: one `.sql` file per report with its front matter, and what runs them over the mirror.
//!
//! A report gives a table, never text. Deliberately absent: labels (the caller's language) and
//! where the numbers are from beyond the records (the caller knows commit and zone).
//!
//! # How to add a report
//! 1. `sql/NAME.sql`, one line in [`BUILT_IN`], a test with numbers reckoned by hand in `examples`.
//! 2. In the front matter (TOML, [`Front`]): titles and definitions in both languages, `period`,
//!    `params`, `columns` in the order of the select. A column takes its label from `field-NAME`
//!    of the bundle, or from `label` and `label_zh`; a parameter its help from `help`, `help_zh`.
//! 3. With `dims`, the legal dimensions: the select begins with `{dims}`, groups by `{group}`, has
//!    `{where}` in its condition and `{join}` behind its source, whose columns are called as the
//!    dimensions. The total is the same select without dimensions. `:total` is 1 in it; `:by`
//!    holds the dimensions. `{keys}` are their expressions and `{names}` their names, each with a comma
//!    behind it. `{lines}` are sold lines and `{deals}` opportunities, split by `credits` where they
//!    are asked for by owner or team. `{spans}` are common tables, behind `with recursive`: the
//!    period cut into the units of time asked for, for what is reckoned anew in each.
//!    `{report NAME}` is the select of another report as of the same day. `{part}` parts selects whose
//!    rows follow each other; common tables before the first belong to each.
//! 4. `date` is the column that time is cut by, `{date}` in the select; `:from` and `:to` are the
//!    period, `as_of()` the day after which nothing is seen, `:NAME` a parameter.
//! 5. `order = "sql"` keeps the rows as the select orders them: lists, and what has keys of its
//!    own. A column of type `order` is not shown; rows are sorted by it first. A list without the
//!    parameter `by` has dimensions to filter by only. `total` makes the total row of the rows.
//! 6. A store's own `reports/NAME.sql` is the same, with less that must be there; `declared` makes
//!    one of `reports/NAME.toml`.
//! 7. Money columns are minor units of the base currency (`to_base`), ratios `ratio(n, d)`. Views
//!    see nothing after as-of; tables do: `day(created_at) <= as_of()`.

mod answer;
mod ask;
#[cfg(test)]
mod bench;
mod dashboard;
mod declared;
mod dimensions;
#[cfg(test)]
mod examples;
mod own;
mod run;
mod sound;
mod targets;
mod trial;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Problem;
use crate::model::record::{Card, Type};
use crate::model::schema::Schema;

pub use ask::{Asked, Question};
pub use dashboard::{charts, type_of};
pub use dimensions::{CUSTOM, DIMENSIONS, Dimension, dimension};
pub use own::{Own, Place, is_name, sources};
pub use run::{Outcome, reading, run};
pub use trial::trial;

/// The reports that come with the program.
pub const BUILT_IN: &[&str] = &[
    include_str!("sql/sales.sql"),
    include_str!("sql/order-stats.sql"),
    include_str!("sql/pipeline.sql"),
    include_str!("sql/forecast.sql"),
    include_str!("sql/funnel.sql"),
    include_str!("sql/win-rate.sql"),
    include_str!("sql/lead-conversion.sql"),
    include_str!("sql/sales-cycle.sql"),
    include_str!("sql/stage-time.sql"),
    include_str!("sql/lost-reasons.sql"),
    include_str!("sql/stale.sql"),
    include_str!("sql/receivables.sql"),
    include_str!("sql/orders-late.sql"),
    include_str!("sql/payment-plan.sql"),
    include_str!("sql/stock.sql"),
    include_str!("sql/low-stock.sql"),
    include_str!("sql/targets.sql"),
    include_str!("sql/rfm.sql"),
    include_str!("sql/repeat.sql"),
    include_str!("sql/inactive.sql"),
    include_str!("sql/never-converted.sql"),
    include_str!("sql/concentration.sql"),
    include_str!("sql/cohort.sql"),
    include_str!("sql/churn.sql"),
    include_str!("sql/habits.sql"),
    include_str!("sql/clv.sql"),
    include_str!("sql/btyd.sql"),
    include_str!("sql/customer-distribution.sql"),
    include_str!("sql/sales-change.sql"),
    include_str!("sql/velocity.sql"),
    include_str!("sql/bottleneck.sql"),
    include_str!("sql/competitors.sql"),
    include_str!("sql/campaign-roi.sql"),
    include_str!("sql/lead-score.sql"),
    include_str!("sql/forecast-accuracy.sql"),
    include_str!("sql/service.sql"),
    include_str!("sql/sla.sql"),
    include_str!("sql/satisfaction.sql"),
    include_str!("sql/complaints.sql"),
    include_str!("sql/response-time.sql"),
    include_str!("sql/activity.sql"),
    include_str!("sql/quotes.sql"),
    include_str!("sql/on-time.sql"),
    include_str!("sql/stock-value.sql"),
    include_str!("sql/slow-stock.sql"),
    include_str!("sql/affinity.sql"),
    include_str!("sql/market.sql"),
    include_str!("sql/demand.sql"),
    include_str!("sql/prospects.sql"),
    include_str!("sql/dashboard.sql"),
];

/// What stands in the comment at the top of a report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// Absent in a store's own report: that of its file.
    #[serde(default)]
    pub name: String,
    pub title: String,
    #[serde(default)]
    pub title_zh: String,
    #[serde(default)]
    pub definition: String,
    #[serde(default)]
    pub definition_zh: String,
    /// The period it takes where none is given: `month`, `quarter`, `last-quarter`, `p12` for the
    /// 12 months before and this, `p36`, `90d`, `life` up to as-of, or `as-of` for a state on a day.
    #[serde(default)]
    pub period: String,
    /// The type whose words its columns take; absent: those of all types.
    #[serde(default)]
    pub noun: String,
    /// What works on the rows of the select afterwards: `targets` or `dashboard`. Such a report has no dimensions
    /// to filter and compare by. Absent: the select sums lines by dimensions.
    #[serde(default)]
    pub then: String,
    /// Its legal dimensions by name, or as `name:list` where the codes are of another list.
    #[serde(default)]
    pub dims: Vec<String>,
    /// The column that buckets of time are cut from.
    #[serde(default = "date")]
    pub date: String,
    /// `sql`: the rows stay as the select orders them. Absent: by measure, or by time.
    #[serde(default)]
    pub order: String,
    /// A select over `answer`, the rows, that gives the total row; absent: the same select without
    /// dimensions.
    #[serde(default)]
    pub total: String,
    /// Whether things are counted as of the end of the period, where one is given.
    #[serde(default)]
    pub at_end: bool,
    /// The types whose unreadable records stand in its way; absent: all.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The column that comparing and charts are about.
    #[serde(default)]
    pub measure: String,
    #[serde(default)]
    pub params: Vec<Param>,
    pub columns: Vec<ColumnFront>,
    pub chart: Option<ChartFront>,
}

fn date() -> String {
    "date".to_owned()
}

/// A parameter of a report; it becomes a flag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    pub name: String,
    /// `dimension`, `code`, `codes` (several with commas), `int`, `dec`, `bool`, `days`, `window` (a length of time up to as-of,
    /// given to the select as its first day), `text`, or `ref` to a type of record.
    #[serde(rename = "type")]
    pub ty: String,
    /// The codes there are to choose from.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The least and the greatest that a number may be.
    #[serde(default)]
    pub range: Option<(i64, i64)>,
    /// What stands where it is not given; empty: null.
    #[serde(default)]
    pub default: String,
    /// What it is for; absent: a text of the bundle.
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub help_zh: String,
}

impl Param {
    /// The type of record it names.
    pub fn refers(&self) -> Option<&str> {
        self.ty.strip_prefix("ref ")
    }

    /// What it is for in a language; empty where the words of the program stand for it.
    pub fn help(&self, chinese: bool) -> &str {
        in_language(chinese, &self.help, &self.help_zh)
    }
}

/// A column of a report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFront {
    pub name: String,
    /// `text`, `code`, `codes` (with commas), `ref` to types of record (with `|`), `bool`, `int`,
    /// `qty`, `dec`, `money`, `ratio`, `days`, `min`, `day`, `month`, `instant`, or `order`.
    #[serde(rename = "type")]
    pub ty: String,
    /// The flag that asks for it; absent: always there.
    #[serde(default)]
    pub when: String,
    /// The list its codes are of.
    #[serde(default)]
    pub list: String,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub label_zh: String,
}

impl ColumnFront {
    /// The types of record it names; none where it names none.
    pub fn refers(&self) -> Vec<&str> {
        self.ty.strip_prefix("ref ").map(|nouns| nouns.split('|').collect()).unwrap_or_default()
    }

    /// The label in a language; empty where the words of the program stand for it.
    pub fn label(&self, chinese: bool) -> &str {
        in_language(chinese, &self.label, &self.label_zh)
    }
}

/// The chart a report suggests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartFront {
    pub kind: String,
    /// The column across; absent: the first.
    #[serde(default)]
    pub x: String,
    pub y: Vec<String>,
    /// Other columns for a value of a parameter, as in `measure=net`.
    #[serde(default)]
    pub other: BTreeMap<String, Vec<String>>,
}

impl ChartFront {
    /// The columns it is made of for these parameters.
    pub fn columns(&self, params: &BTreeMap<String, String>) -> &[String] {
        let asked = params.iter().find_map(|(name, value)| self.other.get(&format!("{name}={value}")));
        asked.unwrap_or(&self.y)
    }
}

/// A report: its front matter and its select.
#[derive(Clone, Debug)]
pub struct Report {
    pub front: Front,
    pub sql: String,
}

impl Report {
    /// Reads a report from its text.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let bad = |reason: &str| Problem::invalid("bad-report").arg("reason", reason);
        let rest = text.trim_start().strip_prefix("/*---").ok_or_else(|| bad("no front matter"))?;
        let (front, sql) = rest.split_once("---*/").ok_or_else(|| bad("the front matter does not end"))?;
        let before = text.len() - rest.len();
        let front: Front = toml::from_str(front).map_err(|error| Problem {
            line: error.span().map(|span| line_of(text, before + span.start)),
            ..bad(error.message())
        })?;
        Ok(Self { front, sql: sql.trim().to_owned() })
    }

    /// The report with the fields that a store added to customers as further dimensions, where its
    /// rows have customers.
    #[must_use]
    pub fn with_customs(mut self, schema: &Schema) -> Self {
        let has = |name: &str| self.front.dims.iter().any(|dim| dim == name);
        let customer = schema.kind("customer").filter(|_| has("industry") && has("level"));
        let fields = customer.into_iter().flat_map(|kind| kind.custom.iter());
        let fields = fields.filter(|field| matches!(field.ty, Type::Text | Type::Code(_) | Type::Bool));
        let names: Vec<String> = fields
            .filter(|f| matches!(f.card, Card::Required | Card::Optional))
            .map(|f| format!("{CUSTOM}{}", f.name))
            .collect();
        self.front.dims.extend(names);
        self
    }

    /// Its legal dimensions.
    pub fn dimensions(&self) -> Vec<&'static Dimension> {
        self.front.dims.iter().filter_map(|name| dimension(name)).collect()
    }

    /// Whether its rows are sums that a total and another period can stand beside.
    pub fn is_summed(&self) -> bool {
        let front = &self.front;
        front.then.is_empty() && front.order.is_empty() && front.total.is_empty() && !front.dims.is_empty()
    }

    /// Whether it has a total row.
    pub fn has_total(&self) -> bool {
        self.is_summed() || !self.front.total.is_empty()
    }

    /// Whether it says how something stands on a day.
    pub fn is_state(&self) -> bool {
        self.front.period == "as-of"
    }

    /// The title in a language.
    pub fn title(&self, chinese: bool) -> &str {
        in_language(chinese, &self.front.title, &self.front.title_zh)
    }

    /// The definition in a language.
    pub fn definition(&self, chinese: bool) -> &str {
        in_language(chinese, &self.front.definition, &self.front.definition_zh)
    }
}

/// The text of a language, or the one that there is.
fn in_language<'t>(chinese: bool, english: &'t str, other: &'t str) -> &'t str {
    let (wanted, instead) = if chinese { (other, english) } else { (english, other) };
    if wanted.is_empty() { instead } else { wanted }
}

/// The line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Every report that comes with the program.
pub fn built_in() -> Result<Vec<Report>, Problem> {
    BUILT_IN.iter().map(|text| Report::parse(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_report_reads_and_is_named_once() {
        let reports = built_in().expect("sound reports");
        let mut names: Vec<&str> = reports.iter().map(|r| r.front.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), BUILT_IN.len());
    }

    #[test]
    fn what_a_front_matter_names_is_there() {
        let nouns: Vec<&str> = crate::model::kinds::KINDS.iter().map(|kind| kind.name).collect();
        for report in built_in().expect("sound reports") {
            let front = &report.front;
            assert_eq!(sound::faults(&report, &nouns), [], "{}", front.name);
            let texts = [&front.title, &front.title_zh, &front.definition, &front.definition_zh];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", front.name);
        }
    }

    #[test]
    fn a_report_without_front_matter_says_so() {
        let problem = Report::parse("select 1").expect_err("no front matter");
        assert_eq!(problem.id, "bad-report");
    }

    #[test]
    fn a_slip_in_the_front_matter_is_told_with_its_line() {
        let of = |text: &str| Report::parse(text).expect_err("a slip").line;
        assert_eq!(of("/*---\ntitle = \"A\"\ncolumns = [\n---*/ select 1"), Some(3));
        assert_eq!(of("\n/*---\ntitle = 7\ncolumns = []\n---*/ select 1"), Some(3));
    }

    #[test]
    fn one_language_is_enough() {
        let report = Report::parse("/*---\ntitle = \"A\"\ncolumns = []\n---*/ select 1").expect("sound");
        assert_eq!((report.title(true), report.title(false), report.definition(true)), ("A", "A", ""));
    }
}
