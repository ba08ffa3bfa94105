//! Rows of texts under a header: what every file format is read into.

use std::collections::BTreeMap;

use crate::model::Problem;

/// A file as texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub header: Vec<String>,
    /// Rows with exactly one cell per column of the header.
    pub rows: Vec<SheetRow>,
    /// Rows that cannot be read, each with what is wrong.
    pub ragged: Vec<(SheetRow, Problem)>,
    /// Fields of a record that is there which are only filled where they are empty.
    pub fills: Vec<String>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    pub cells: Vec<String>,
    /// Rows with the same number are one record, where the format says so.
    pub group: Option<usize>,
}

impl Sheet {
    /// Position of a column: its exact name, else the only one that differs in case alone.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name).or_else(|| {
            let mut alike =
                self.header.iter().enumerate().filter(|(_, c)| c.to_lowercase() == name.to_lowercase());
            let first = alike.next();
            first.filter(|_| alike.next().is_none()).map(|(at, _)| at)
        })
    }

    /// Sets rows aside by their lines, each with what is wrong.
    pub fn set_aside(&mut self, problems: &BTreeMap<usize, Problem>) {
        let rows = std::mem::take(&mut self.rows);
        let (bad, good): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| problems.contains_key(&row.line));
        self.rows = good;
        for row in bad {
            self.ragged.extend(problems.get(&row.line).cloned().map(|problem| (row, problem)));
        }
        self.ragged.sort_by_key(|(row, _)| row.line);
    }

    /// Gives every column a name and cuts nameless columns that hold nothing.
    pub(super) fn settle(&mut self) -> Result<(), Problem> {
        for name in &mut self.header {
            *name = name.trim().to_owned();
        }
        if self.header.iter().any(String::is_empty) {
            let keep: Vec<bool> = (0..self.header.len())
                .map(|at| {
                    !self.header[at].is_empty()
                        || self.rows.iter().any(|row| !row.cells[at].trim().is_empty())
                })
                .collect();
            let cut = |cells: &mut Vec<String>| {
                let mut flags = keep.iter();
                cells.retain(|_| *flags.next().unwrap_or(&true));
            };
            cut(&mut self.header);
            self.rows.iter_mut().for_each(|row| cut(&mut row.cells));
        }
        for (at, name) in self.header.iter_mut().enumerate() {
            if name.is_empty() {
                *name = format!("#{}", at + 1);
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        match self.header.iter().find(|name| !seen.insert(name.as_str())) {
            Some(name) => Err(Problem::usage("duplicate-header").arg("column", name)),
            None => Ok(()),
        }
    }
}
