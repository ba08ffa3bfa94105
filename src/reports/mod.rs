//! Questions: one `.sql` file per report with its front matter, and what runs them over the mirror.
//!
//! A report gives a table, never text. Deliberately absent: labels (the caller's language) and
//! where the numbers are from beyond the records (the caller knows commit and zone).

mod dimensions;
mod run;
mod targets;

use serde::Deserialize;

use crate::model::Problem;

pub use dimensions::{DIMENSIONS, Dimension, dimension};
pub use run::{Asked, Outcome, run};

/// The reports that come with the program.
pub const BUILT_IN: &[&str] = &[include_str!("sales.sql"), include_str!("targets.sql")];

/// What stands in the comment at the top of a report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    pub name: String,
    pub title: String,
    pub title_zh: String,
    pub definition: String,
    pub definition_zh: String,
    /// The period it takes where none is given: `month`, or `p12` for the 12 months before and this.
    #[serde(default)]
    pub period: String,
    /// The type whose words its columns take; absent: those of all types.
    #[serde(default)]
    pub noun: String,
    /// What works on the rows of the select afterwards: `targets`. Such a report has no dimensions
    /// to filter and compare by. Absent: the select sums lines by dimensions.
    #[serde(default)]
    pub then: String,
    /// The column that comparing and charts are about.
    pub measure: String,
    #[serde(default)]
    pub params: Vec<Param>,
    pub columns: Vec<ColumnFront>,
    pub chart: Option<ChartFront>,
}

/// A parameter of a report; it becomes a flag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    #[serde(default)]
    pub codes: Vec<String>,
    #[serde(default)]
    pub default: String,
}

/// A column of a report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFront {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    /// The flag that asks for it; absent: always there.
    #[serde(default)]
    pub when: String,
}

/// The chart a report suggests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartFront {
    pub kind: String,
    pub y: Vec<String>,
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
        let front: Front = toml::from_str(front).map_err(|e| bad(e.message()))?;
        Ok(Self { front, sql: sql.trim().to_owned() })
    }

    /// The title in a language.
    pub fn title(&self, chinese: bool) -> &str {
        if chinese { &self.front.title_zh } else { &self.front.title }
    }

    /// The definition in a language.
    pub fn definition(&self, chinese: bool) -> &str {
        if chinese { &self.front.definition_zh } else { &self.front.definition }
    }
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
        for report in &reports {
            assert!(
                report.front.columns.iter().any(|c| c.name == report.front.measure),
                "{}",
                report.front.name
            );
        }
    }

    #[test]
    fn a_report_without_front_matter_says_so() {
        let problem = Report::parse("select 1").expect_err("no front matter");
        assert_eq!(problem.id, "bad-report");
    }
}
