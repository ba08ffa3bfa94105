//! What views derive, for records that are already known: one by one, which is quick for a page of
//! them, and from some number on all at once.
//!
//! A view over all orders cannot be told by SQL to look at one of them before it adds up, so its
//! scope is set from outside. Deliberately absent: filtering by derived fields, which needs all.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params_from_iter};

use super::layout::quoted;
use super::list::{DERIVED, FieldSql, Later};
use super::query::Answer;
use super::{Mirror, Result, SqlCell};

impl Mirror {
    /// What is shipped, billed and open of each line of an order, as `order_line_status` has it.
    pub fn order_lines(&self, id: &str) -> Result<Answer> {
        let sql = "select * from order_line_status where \"order\" = ? order by position";
        self.scoped("order", id, || self.query(sql, &[SqlCell::text(id)]))?
    }

    /// How far an order is shipped, billed and paid, as `order_status` has it.
    pub fn order_status(&self, id: &str) -> Result<Answer> {
        let sql = "select * from order_status where \"order\" = ?";
        self.scoped("order", id, || self.query(sql, &[SqlCell::text(id)]))?
    }

    /// Does something while views over all orders look at one; for other types nothing changes.
    fn scoped<T>(&self, noun: &str, id: &str, work: impl FnOnce() -> T) -> Result<T> {
        if noun != "order" {
            return Ok(work());
        }
        let sql = "select rowid from orders where id = ?";
        let rowid = self.db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(self.moment.scoped(rowid.unwrap_or_default(), work))
    }
}

/// The derived values of listed records.
pub(super) struct Views<'a>(Vec<OneView<'a>>);

/// The columns of one view.
struct OneView<'a> {
    noun: &'a str,
    view: &'static str,
    key: &'static str,
    columns: Vec<&'static str>,
    asked: usize,
    present: Option<(String, Vec<SqlCell>)>,
    all: Option<BTreeMap<String, Vec<SqlCell>>>,
}

impl<'a> Views<'a> {
    /// The views that a list of these fields needs.
    pub fn of(noun: &'a str, fields: &[Option<FieldSql>]) -> Self {
        let asked = |name: &str| {
            fields
                .iter()
                .flatten()
                .any(|field| matches!(field.later, Some(Later::View(column)) if column == name))
        };
        let views = DERIVED.iter().filter(|(of, ..)| *of == noun).map(|(_, view, key, fields)| OneView {
            noun,
            view,
            key,
            columns: fields.iter().map(|(name, _)| *name).filter(|name| asked(name)).collect(),
            asked: 0,
            present: None,
            all: None,
        });
        Self(views.filter(|view| !view.columns.is_empty()).collect())
    }

    /// A derived value of a record.
    pub fn cell(&mut self, mirror: &Mirror, column: &str, id: &str) -> Result<SqlCell> {
        match self.0.iter_mut().find(|view| view.columns.contains(&column)) {
            Some(view) => view.cell(mirror, column, id),
            None => Ok(SqlCell::Null),
        }
    }
}

impl OneView<'_> {
    /// Records that are asked for one by one before all are.
    const PAGE: usize = 200;

    /// How many records are asked for one by one. What adds up over all sales costs as much for one
    /// record as for all.
    fn page(&self) -> usize {
        if matches!(self.noun, "campaign" | "product") { 0 } else { Self::PAGE }
    }

    /// A derived value of a record.
    pub fn cell(&mut self, mirror: &Mirror, column: &str, id: &str) -> Result<SqlCell> {
        let Some(at) = self.columns.iter().position(|c| *c == column) else { return Ok(SqlCell::Null) };
        let known = self.present.as_ref().is_some_and(|(present, _)| present == id);
        if self.all.is_none() && !known {
            self.asked += 1;
            if self.asked > self.page() {
                self.all = Some(self.read(mirror, None)?.into_iter().collect());
            } else {
                let read = mirror.scoped(self.noun, id, || self.read(mirror, Some(id)))??;
                let cells = read.into_iter().next().map(|(_, cells)| cells);
                self.present = Some((id.to_owned(), cells.unwrap_or_default()));
            }
        }
        let cells = match &self.all {
            Some(all) => all.get(id),
            None => self.present.as_ref().map(|(_, cells)| cells),
        };
        Ok(cells.and_then(|cells| cells.get(at)).cloned().unwrap_or_default())
    }

    fn read(&self, mirror: &Mirror, id: Option<&str>) -> Result<Vec<(String, Vec<SqlCell>)>> {
        let columns: Vec<String> = self.columns.iter().map(|column| quoted(column)).collect();
        let key = quoted(self.key);
        let condition = if id.is_some() { format!(" where {key} = ?") } else { String::new() };
        let sql = format!("select {key}, {} from {}{condition}", columns.join(", "), self.view);
        let mut statement = mirror.viewing(|| mirror.db.prepare_cached(&sql))?;
        let mut rows = statement.query(params_from_iter(id))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..self.columns.len()).map(|at| row.get_ref(at + 1).map(SqlCell::from));
            found.push((row.get(0)?, cells.collect::<rusqlite::Result<_>>()?));
        }
        Ok(found)
    }
}
