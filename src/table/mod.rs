//! A result that is not yet text: typed columns, typed cells and where they came from.
//!
//! Lists, reports and `show` end in a [`Table`]; `formats` turns one into bytes. Deliberately
//! absent: any look (widths, colours, grouping) and any knowledge of records.

pub mod page;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;

/// Who gets to see a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Every format.
    #[default]
    All,
    /// Formats for programs only (csv, tsv, json, jsonl, xlsx): the id beside a name, a currency beside an amount.
    Data,
    /// Formats for people only (table, md, html).
    People,
}

/// What the cells of a column are, which decides alignment, number format and JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    Text,
    Prose,
    /// A code of a closed or extensible list; people see its label.
    Code,
    /// The id of a record.
    Id,
    Bool,
    /// A count.
    Int,
    Qty,
    Dec,
    /// A unit price, up to six decimals.
    Price,
    /// An amount with the minor digits of its currency.
    Money,
    /// 1 = 100 %, six decimals; people see percent with one decimal.
    Ratio,
    /// A percentage as stored: 13 = 13 %.
    Percent,
    Days,
    Minutes,
    Day,
    /// `2026-03`, or another bucket of time as text.
    Month,
    Instant,
    /// Several values; joined with `;` in csv.
    List,
    /// Child rows; JSON only, people see how many.
    Rows,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The stable name, header of csv and key of json.
    pub code: String,
    /// The name people read, in their language.
    pub label: String,
    pub ty: ColumnType,
    pub audience: Audience,
}

impl Column {
    /// A column for everybody whose label is its code.
    #[must_use]
    pub fn new(code: impl Into<String>, ty: ColumnType) -> Self {
        let code = code.into();
        Self { label: code.clone(), code, ty, audience: Audience::All }
    }

    /// Sets the label.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Restricts who sees it.
    #[must_use]
    pub fn for_audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Absent: an empty csv field, `null` in json.
    Null,
    Text(String),
    /// A code with the label people read.
    Code {
        code: String,
        label: String,
    },
    Bool(bool),
    Int(i64),
    Dec(Decimal),
    Day(NaiveDate),
    Instant(DateTime<FixedOffset>),
    List(Vec<Cell>),
    /// Child rows as objects: (key, value) in order.
    Rows(Vec<Vec<(String, Cell)>>),
}

impl Cell {
    /// A text cell.
    #[must_use]
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }
}

/// Whether json writes an array of objects or one object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    #[default]
    List,
    /// A figure a row, grouped by the first column: cards on a page, else as a list.
    Cards,
    /// Exactly one row, shown as `field: value` lines to people and as one object in json.
    Object,
}

/// Where a result comes from, as label and value, in order; shown under tables and on a sheet of xlsx.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// (code, label, value), e.g. (`commit`, `Commit`, `4f1c…`).
    pub entries: Vec<(String, String, String)>,
}

/// A chart that a result suggests: kind and the codes of its columns.
///
/// - `column`, `bar`, `line`, `stacked`, `funnel`: a label in `x`, a series in each column of `y`.
///   Beside another column, `target` is a mark that bars and columns are to reach. Where `x` repeats
///   because a second key follows, and `y` is one column that adds up, that key makes the series.
/// - `pareto`: the sizes in the first column of `y`; a column `cumulative_…` beside it is the share
///   they make up together, which is reckoned where there is none.
/// - `heatmap`: with two columns in `y`, `x` and the first are the keys, and the second is the
///   number; with one or more than two, each is a column of the map and `x` names its rows.
/// - `scatter`: a number in `x` and one in `y`, or a name in `x` and two numbers in `y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// One of those above.
    pub kind: String,
    pub x: String,
    pub y: Vec<String>,
}

/// A typed result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Stable name of the result: the record type or report, used for sheet names and file names.
    pub name: String,
    /// What people read above it.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// A recomputed total row, shown to people and in xlsx, never in csv or json.
    pub total: Option<Vec<Cell>>,
    pub provenance: Provenance,
    pub chart: Option<Chart>,
    pub shape: Shape,
    /// Tables whose charts stand on the same page of html.
    pub parts: Vec<Table>,
    /// Index of the column that `--format ids` prints.
    pub id_column: Option<usize>,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        let name = name.into();
        Self { title: name.clone(), name, columns, ..Self::default() }
    }

    /// Position of a column by its code.
    #[must_use]
    pub fn position(&self, code: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.code == code)
    }

    /// Only the columns at these positions, in this order, for everybody; of the total, too.
    #[must_use]
    pub fn only(mut self, columns: &[usize]) -> Self {
        let pick = |row: &Vec<Cell>| columns.iter().map(|at| row[*at].clone()).collect();
        self.rows = self.rows.iter().map(pick).collect();
        self.total = self.total.as_ref().map(pick);
        self.columns =
            columns.iter().map(|at| self.columns[*at].clone().for_audience(Audience::All)).collect();
        self.id_column = self.position("id");
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_columns_take_their_cells_of_rows_and_total_along() {
        let columns = ["month", "orders", "net"].map(|code| Column::new(code, ColumnType::Int)).to_vec();
        let mut table = Table::new("sales", columns);
        table.rows = vec![[1, 2, 3].map(Cell::Int).to_vec()];
        table.total = Some(vec![Cell::Null, Cell::Int(20), Cell::Int(30)]);
        let table = table.only(&[2, 0]);
        assert_eq!(table.columns.iter().map(|c| c.code.as_str()).collect::<Vec<_>>(), ["net", "month"]);
        assert_eq!(table.rows, [[3, 1].map(Cell::Int).to_vec()]);
        assert_eq!(table.total, Some(vec![Cell::Int(30), Cell::Null]));
    }
}
