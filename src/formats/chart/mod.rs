//! What a chart shows, taken from the table that suggests it: labels, series and numbers.
//!
//! `terminal` and `svg` draw it, `scale` gives them ticks. Deliberately absent: any look, and any
//! knowledge of what the numbers mean beyond the types of their columns.

mod columns;
mod figure;
pub(super) mod scale;
mod series;
pub(super) mod svg;
mod terminal;

pub(super) use figure::{Figure, is_cumulative};
pub(super) use terminal::lines;

use crate::table::{ColumnType, Table};

/// How a chart is drawn at a terminal, beside the table or in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    pub place: Place,
    /// Only characters of ASCII.
    pub ascii: bool,
}

/// Where the chart of a table stands in the view for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Nowhere,
    /// Under the rows.
    Under,
    /// In place of the rows.
    Instead,
}

/// The kinds of charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Upright, along time.
    Column,
    /// Lying, one to a name.
    Bar,
    Line,
    /// Parts of a whole, one upon the other.
    Stacked,
    /// Steps, each a part of the one before.
    Funnel,
    /// Numbers by two names as shades.
    Heatmap,
    /// Columns from the largest down, with the share that they make up together.
    Pareto,
    /// Two numbers a row as points.
    Scatter,
}

impl Kind {
    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "column" => Some(Self::Column),
            "bar" => Some(Self::Bar),
            "line" => Some(Self::Line),
            "stacked" => Some(Self::Stacked),
            "funnel" => Some(Self::Funnel),
            "heatmap" => Some(Self::Heatmap),
            "pareto" => Some(Self::Pareto),
            "scatter" => Some(Self::Scatter),
            _ => None,
        }
    }
}

/// Why a table cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It suggests no chart.
    Chart,
    /// It suggests one of an unknown kind.
    Kind(String),
    /// The column of this code is not in it.
    Column(String),
    /// The column of this code holds no numbers.
    Numbers(String),
}

/// What a table lacks to be drawn, if anything.
#[must_use]
pub fn lack(table: &Table) -> Option<Lack> {
    Figure::of(table, &super::Style::default()).err()
}

/// Whether numbers of a column can be added up.
fn is_additive(ty: ColumnType) -> bool {
    matches!(ty, ColumnType::Money | ColumnType::Qty | ColumnType::Int)
}

#[cfg(test)]
pub(super) mod tests;
