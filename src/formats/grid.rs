//! Text laid out in columns for a terminal.
//!
//! How wide each column may be is decided here, comfy-table fills and wraps the lines.
//! Deliberately absent: cells and columns of a table; everything here is text already escaped.

use comfy_table::{CellAlignment, ColumnConstraint, TableStyle, Width};

use super::cells::is_numeric;
use super::display::{shorten, width};
use crate::table::ColumnType;

/// Spaces between columns.
const GAP: u16 = 2;
/// No column is made narrower than this, however narrow the terminal.
const NARROWEST: usize = 8;
/// Prose is wrapped down to this before other text is shortened.
const NARROWEST_PROSE: usize = 24;
/// Wider cells are wrapped even where there is room, because the grid counts in 16 bits.
const WIDEST: usize = 10_000;

/// What a column does where there is too little room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Stays whole: part of a number, a day or an id would be another one.
    Fixed,
    /// Stays whole, at the right.
    Number,
    /// Is shortened.
    Text,
    /// Is wrapped.
    Prose,
}

impl Kind {
    /// How a column of that type behaves.
    pub fn of(ty: ColumnType) -> Self {
        match ty {
            ColumnType::Text | ColumnType::Code | ColumnType::List => Self::Text,
            ColumnType::Prose => Self::Prose,
            ty if is_numeric(ty) => Self::Number,
            _ => Self::Fixed,
        }
    }
}

/// Rows of text with a cell for every column.
pub struct Grid {
    pub kinds: Vec<Kind>,
    pub header: Option<Vec<String>>,
    pub rows: Vec<Vec<String>>,
    pub total: Option<Vec<String>>,
    /// Columns of the terminal; `None` shortens nothing.
    pub room: Option<usize>,
    pub unicode: bool,
}

impl Grid {
    /// The lines, the header being one line and ruled off as the total is.
    pub fn lines(mut self) -> Vec<String> {
        if self.kinds.is_empty() {
            return Vec::new();
        }
        let widths = self.widths();
        self.shorten(&widths);
        let line = if self.unicode { "─" } else { "-" };
        let rule: Vec<_> = widths.iter().map(|width| line.repeat(*width)).collect();

        let mut grid = comfy_table::Table::new();
        grid.load_style(TableStyle::new());
        if let Some(header) = self.header {
            grid.add_row(header);
            grid.add_row(rule.clone());
        }
        grid.add_rows(self.rows);
        if let Some(total) = self.total {
            grid.add_row(rule);
            grid.add_row(total);
        }
        for (column, (kind, width)) in grid.column_iter_mut().zip(self.kinds.iter().zip(&widths)) {
            column.set_padding((0, GAP));
            let width = u16::try_from(*width).unwrap_or(u16::MAX - GAP);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + GAP)));
            if *kind == Kind::Number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        grid.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    fn all_rows(&self) -> impl Iterator<Item = &Vec<String>> {
        let total = self.total.as_ref();
        self.header.iter().chain(&self.rows).chain(total)
    }

    /// The widths the columns get: as much as they take, less where that is more than the room.
    fn widths(&self) -> Vec<usize> {
        let mut natural = vec![1; self.kinds.len()];
        for row in self.all_rows() {
            for (widest, text) in natural.iter_mut().zip(row) {
                let lines = text.split('\n').map(width);
                *widest = lines.max().unwrap_or(0).clamp(*widest, WIDEST);
            }
        }
        let gaps = usize::from(GAP) * (natural.len() - 1);
        let Some(room) = self.room.map(|room| room.saturating_sub(gaps)) else {
            return natural;
        };
        let prose = |kind| kind == Kind::Prose;
        let flexible = |kind| matches!(kind, Kind::Prose | Kind::Text);
        let wrapped = self.capped(&natural, prose, NARROWEST_PROSE, room);
        self.capped(&wrapped, flexible, NARROWEST, room)
    }

    /// Caps the columns that give way at the greatest width at which everything has room.
    fn capped(
        &self,
        widths: &[usize],
        gives_way: impl Fn(Kind) -> bool,
        narrowest: usize,
        room: usize,
    ) -> Vec<usize> {
        let at_cap = |cap: usize| -> Vec<usize> {
            let columns = widths.iter().zip(&self.kinds);
            columns.map(|(width, kind)| if gives_way(*kind) { cap.min(*width) } else { *width }).collect()
        };
        let widest = widths.iter().max().copied().unwrap_or(0);
        (narrowest..=widest)
            .rev()
            .map(at_cap)
            .find(|widths| widths.iter().sum::<usize>() <= room)
            .unwrap_or_else(|| at_cap(narrowest))
    }

    /// Shortens what must stay on one line: the header, and text that is not prose.
    fn shorten(&mut self, widths: &[usize]) {
        let ellipsis = if self.unicode { "…" } else { "..." };
        for (name, width) in self.header.iter_mut().flatten().zip(widths) {
            *name = shorten(name, *width, ellipsis).into_owned();
        }
        for row in self.rows.iter_mut().chain(&mut self.total) {
            let cells = row.iter_mut().zip(self.kinds.iter().zip(widths));
            for (text, (_, width)) in cells.filter(|(_, (kind, _))| **kind == Kind::Text) {
                *text = shorten(text, *width, ellipsis).into_owned();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(kinds: &[Kind], rows: &[&[&str]], room: Option<usize>) -> String {
        let texts = |row: &&[&str]| row.iter().map(|text| (*text).to_owned()).collect();
        let grid = Grid {
            kinds: kinds.to_vec(),
            header: None,
            rows: rows.iter().map(texts).collect(),
            total: None,
            room,
            unicode: true,
        };
        grid.lines().join("\n")
    }

    #[test]
    fn wide_letters_keep_columns_aligned() {
        let rows: &[&[&str]] = &[&["杭州汉风", "x"], &["Acme", "y"], &["🚚e\u{301}", "z"]];
        let expected = "杭州汉风  x\nAcme      y\n🚚e\u{301}       z";
        assert_eq!(grid(&[Kind::Text, Kind::Text], rows, None), expected);
    }

    #[test]
    fn text_is_shortened_only_when_the_width_demands_it() {
        let rows: &[&[&str]] = &[&["cus_12345678", "Hangzhou Hanfeng Wheels", "1,000.00"]];
        let kinds = [Kind::Fixed, Kind::Text, Kind::Number];
        let whole = "cus_12345678  Hangzhou Hanfeng Wheels  1,000.00";
        assert_eq!(grid(&kinds, rows, None), whole);
        assert_eq!(grid(&kinds, rows, Some(47)), whole);
        let shortened = "cus_12345678  Hangzhou Hanfeng…  1,000.00";
        assert_eq!(grid(&kinds, rows, Some(41)), shortened);
        let narrowest = "cus_12345678  Hangzho…  1,000.00";
        assert_eq!(grid(&kinds, rows, Some(10)), narrowest);
    }

    #[test]
    fn prose_is_wrapped_before_text_is_shortened() {
        let prose = "one two three four five six seven eight nine ten";
        let rows: &[&[&str]] = &[&["Hangzhou Hanfeng Wheels", prose]];
        let expected = concat!(
            "Hangzhou Hanfeng Wheels  one two three four five\n",
            "                         six seven eight nine ten",
        );
        assert_eq!(grid(&[Kind::Text, Kind::Prose], rows, Some(50)), expected);
    }
}
