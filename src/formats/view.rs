//! What a format sees of a table: the columns meant for it, under the names it uses.
//!
//! Deliberately absent: any text; `cells` turns the cells of a view into words.

use super::{Format, Labels, Style};
use crate::table::{Audience, Cell, Column, ColumnType, Provenance, Table};

/// Columns of a table that a format shows, and whether by label.
pub struct View<'a> {
    table: &'a Table,
    columns: Vec<usize>,
    /// Whether headers and coded values appear as labels.
    pub labelled: bool,
}

impl<'a> View<'a> {
    /// The view that a format has of a table.
    pub fn new(format: Format, table: &'a Table, style: &Style) -> Self {
        let left_out = if format.shows_data() { Audience::People } else { Audience::Data };
        let columns = (0..table.columns.len()).filter(|at| table.columns[*at].audience != left_out).collect();
        let labelled = match style.labels {
            Labels::Auto => format.is_labelled(),
            Labels::Code => false,
            Labels::Label => true,
        };
        Self { table, columns, labelled }
    }

    /// The same view without columns of child rows.
    pub fn without_rows(mut self) -> Self {
        self.columns.retain(|at| self.table.columns[*at].ty != ColumnType::Rows);
        self
    }

    /// Its columns, in order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &'a Column> {
        self.columns.iter().map(|at| &self.table.columns[*at])
    }

    /// The name of a column as this view writes it.
    pub fn name(&self, column: &'a Column) -> &'a str {
        if self.labelled { &column.label } else { &column.code }
    }

    /// The names of its columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.columns().map(|column| self.name(column))
    }

    /// Where the column of a code stands among those shown.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.columns().position(|column| column.code == code)
    }

    /// Its rows, each with a cell for every column shown.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Vec<(&'a Column, &'a Cell)>> {
        self.table.rows.iter().map(|row| self.pick(row))
    }

    /// The cells of the column shown at a position, from top to bottom.
    pub fn cells(&self, at: usize) -> impl Iterator<Item = &'a Cell> {
        let at = self.columns[at];
        let rows = self.table.rows.iter();
        rows.map(move |row| row.get(at).unwrap_or(&Cell::Null))
    }

    /// The total row, where there is one.
    pub fn total(&self) -> Option<Vec<(&'a Column, &'a Cell)>> {
        self.table.total.as_deref().map(|row| self.pick(row))
    }

    fn pick(&self, row: &'a [Cell]) -> Vec<(&'a Column, &'a Cell)> {
        self.columns
            .iter()
            .map(|at| (&self.table.columns[*at], row.get(*at).unwrap_or(&Cell::Null)))
            .collect()
    }

    pub fn provenance(&self) -> &'a Provenance {
        &self.table.provenance
    }
}
