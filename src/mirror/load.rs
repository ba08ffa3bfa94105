//! Writes prepared records into the tables, one prepared statement per table.
//!
//! Works inside a transaction that the caller opened. Deliberately absent: when to load what
//! (see `sync`).

use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::Result;
use super::cell::SqlCell;
use super::layout::{CHILD_BITS, Layout, MERGED, Table, quoted};
use super::rows::{Cells, Prepared, Rows};
use super::search;
use crate::model::Problem;
use crate::model::record::Moved;
use crate::model::value::format_instant;

/// Writes into the tables of one database.
pub(super) struct Loader<'c> {
    db: &'c Connection,
    layout: &'c Layout,
    inserts: Vec<Option<Statement<'c>>>,
    history: Statement<'c>,
    members: Statement<'c>,
    /// Whether there may be anything to replace.
    fresh: bool,
    /// The search index, where it has been built.
    search: Option<search::Writer<'c>>,
    /// Whether a record was written or removed that can be merged.
    merged: bool,
}

impl<'c> Loader<'c> {
    /// A loader; `fresh` where the tables are empty.
    pub fn new(db: &'c Connection, layout: &'c Layout, fresh: bool) -> Result<Self> {
        let history = r#"insert into history (record, kind, seq, at, "by", field, "from", "to", reason) values (?,?,?,?,?,?,?,?,?)"#;
        let members = "insert into members (record, kind, field, value) values (?,?,?,?)";
        let search = if fresh { None } else { search::Writer::open(db)? };
        Ok(Self {
            db,
            layout,
            inserts: layout.tables.iter().map(|_| None).collect(),
            history: db.prepare(history)?,
            members: db.prepare(members)?,
            fresh,
            search,
            merged: false,
        })
    }

    /// Writes what became of a file, in place of what was known of it.
    pub fn put(&mut self, prepared: &Prepared) -> Result<()> {
        let rowid = if self.fresh { None } else { self.remove(&prepared.path)? };
        match &prepared.content {
            Ok(rows) => self.insert(rows, rowid),
            Err(problem) => self.note_broken(&prepared.path, problem),
        }
    }

    /// Forgets the record at a path; gives the rowid it had.
    pub fn remove(&mut self, path: &str) -> Result<Option<i64>> {
        let Some((kind, id)) = self.layout.record_at(path) else { return Ok(None) };
        let tables = &self.layout.kinds[kind];
        self.merged |= MERGED.contains(&tables.kind.name);
        self.db.prepare_cached("delete from broken where path = ?")?.execute([path])?;
        let own = quoted(&self.layout.tables[tables.own].name);
        let find = format!("select rowid from {own} where id = ?");
        let rowid: Option<i64> =
            self.db.prepare_cached(&find)?.query_row([id], |row| row.get(0)).optional()?;
        let Some(rowid) = rowid else { return Ok(None) };
        self.db.prepare_cached(&format!("delete from {own} where rowid = ?"))?.execute([rowid])?;
        for (_, child) in &tables.rows {
            let child = quoted(&self.layout.tables[*child].name);
            let sql = format!(
                "delete from {child} where rowid between ?1 << {CHILD_BITS} and ((?1 + 1) << {CHILD_BITS}) - 1"
            );
            self.db.prepare_cached(&sql)?.execute([rowid])?;
        }
        for table in ["history", "members"] {
            let sql = format!("delete from {table} where record = ? and kind = ?");
            self.db.prepare_cached(&sql)?.execute([id, tables.kind.name])?;
        }
        if let Some(search) = &mut self.search {
            search.remove(self.layout, tables, rowid)?;
        }
        Ok(Some(rowid))
    }

    fn insert(&mut self, rows: &Rows, rowid: Option<i64>) -> Result<()> {
        let tables = &self.layout.kinds[rows.kind];
        let noun = tables.kind.name;
        self.merged |= MERGED.contains(&noun);
        let rowid = self.write(tables.own, rowid, &rows.own)?;
        for (table, children) in &rows.children {
            for (child, cells) in (rowid << CHILD_BITS..).zip(children) {
                self.write(*table, Some(child), cells)?;
            }
        }
        for (seq, moved) in (0_i64..).zip(&rows.history) {
            self.write_move(&rows.id, noun, seq, moved)?;
        }
        for (field, value) in &rows.members {
            self.members.execute([rows.id.as_str(), noun, field.as_ref(), value])?;
        }
        if let Some(search) = &mut self.search {
            search.add(self.layout, tables, rowid, &rows.own)?;
        }
        Ok(())
    }

    fn write(&mut self, table: usize, rowid: Option<i64>, cells: &Cells) -> Result<i64> {
        let statement = match &mut self.inserts[table] {
            Some(statement) => statement,
            none => none.insert(self.db.prepare(&insert_sql(&self.layout.tables[table]))?),
        };
        statement.clear_bindings();
        if let Some(rowid) = rowid {
            statement.raw_bind_parameter(1, rowid)?;
        }
        for (column, cell) in cells {
            match cell {
                SqlCell::Null => {}
                SqlCell::Int(int) => statement.raw_bind_parameter(column + 2, int)?,
                SqlCell::Real(real) => statement.raw_bind_parameter(column + 2, real)?,
                SqlCell::Text(text) => statement.raw_bind_parameter(column + 2, text.as_str())?,
            }
        }
        statement.raw_execute()?;
        Ok(rowid.unwrap_or_else(|| self.db.last_insert_rowid()))
    }

    fn write_move(&mut self, record: &str, noun: &str, seq: i64, moved: &Moved) -> Result<()> {
        let at = format_instant(moved.at);
        self.history.execute(params![
            record,
            noun,
            seq,
            at,
            moved.by,
            moved.field,
            moved.from,
            moved.to,
            moved.reason
        ])?;
        Ok(())
    }

    fn note_broken(&self, path: &str, problem: &Problem) -> Result<()> {
        let kind = self.layout.record_at(path).map(|(kind, _)| self.layout.kinds[kind].kind.name);
        let args: serde_json::Map<String, serde_json::Value> =
            problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        let args = serde_json::Value::Object(args).to_string();
        let line = problem.line.and_then(|line| i64::try_from(line).ok());
        self.db
            .prepare_cached(
                "insert or replace into broken (path, kind, line, problem, args) values (?,?,?,?,?)",
            )?
            .execute(params![path, kind, line, problem.id, args])?;
        Ok(())
    }

    /// What has to be right once everything is written.
    pub fn finish(self) -> Result<()> {
        if self.merged {
            resolve_merges(self.db, self.layout)?;
        }
        Ok(())
    }
}

fn insert_sql(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(column.name)).collect();
    let places = vec!["?"; columns.len() + 1].join(",");
    format!("insert into {} (rowid, {}) values ({places})", quoted(&table.name), columns.join(","))
}

/// Writes down for each merged record the one that survives, at the end of its chain.
fn resolve_merges(db: &Connection, layout: &Layout) -> Result<()> {
    db.execute("delete from survivors", [])?;
    for tables in layout.kinds.iter().filter(|tables| MERGED.contains(&tables.kind.name)) {
        let table = quoted(&layout.tables[tables.own].name);
        // `union` and not `union all`: a circle ends where it began instead of never.
        let sql = format!(
            "insert into survivors (id, kind, survivor)
             with recursive chain (id, at) as (
               select id, merged_into from {table} where merged_into is not null
               union select chain.id, t.merged_into from chain join {table} t on t.id = chain.at
                 where t.merged_into is not null)
             select chain.id, '{noun}', chain.at from chain
             where not exists (select 1 from {table} t where t.id = chain.at and t.merged_into is not null)",
            noun = tables.kind.name
        );
        db.execute(&sql, [])?;
    }
    Ok(())
}
