//! Everything in the mirror, read out row by row for other engines, or as one SQLite file that
//! works without our functions.
//!
//! Rows come in the order of their keys, so that the same records give the same bytes.
//! Deliberately absent: text formats and files other than the database (see `formats` and `cli`).

use std::fmt::Write as _;
use std::path::Path;

use super::catalogue::{Class, Currency, Relation};
use super::layout::quoted;
use super::{Mirror, MirrorError, Result, SqlCell};
use crate::model::value::minor_digits;
use crate::table::Cell;

/// Stands in the header of a SQLite file that we exported: `crmx`.
pub const APPLICATION_ID: u32 = 0x6372_6d78;

/// The name under which the file is attached.
const WHOLE: &str = "whole";

/// Told each row, with its year where years are asked for.
pub type Each<'a, E> = &'a mut dyn FnMut(Option<&str>, Vec<Cell>) -> std::result::Result<(), E>;

impl Relation {
    /// The currency of the amounts of the row `t` as SQL.
    fn currency_sql(&self) -> String {
        match &self.currency {
            Currency::Base => "null".to_owned(),
            Currency::Own => match &self.parent {
                Some(parent) => format!("coalesce(t.currency, {})", of_parent(parent, "currency")),
                None => "t.currency".to_owned(),
            },
            Currency::Of { table, column } => {
                format!("(select c.currency from {} c where c.id = t.{})", quoted(table), quoted(column))
            }
        }
    }

    /// The year of the row `t` as SQL.
    fn year_sql(&self, layout: &super::Layout) -> String {
        match (self.dated(), &self.parent) {
            (Some(column), _) => format!("substr(t.{}, 1, 4)", quoted(column)),
            (None, Some(parent)) => {
                let dated = layout
                    .tables
                    .iter()
                    .find(|table| table.name == *parent)
                    .map(|table| if table.position("date").is_some() { "date" } else { "created_at" });
                format!("substr({}, 1, 4)", of_parent(parent, dated.unwrap_or("created_at")))
            }
            (None, None) => "null".to_owned(),
        }
    }

    /// What its rows are ordered by: the key, and whatever else tells rows of a view apart.
    fn order_sql(&self) -> String {
        let mut columns: Vec<String> = self.key.iter().map(|name| format!("t.{}", quoted(name))).collect();
        match self.class {
            Class::View => {
                let rest = self.columns.iter().filter(|column| !self.key.contains(&column.name));
                columns.extend(rest.map(|column| format!("t.{}", quoted(column.name))));
            }
            // The elements of a list in their order.
            Class::Shared if self.name == "members" => columns.push("t.rowid".to_owned()),
            _ => {}
        }
        columns.join(", ")
    }

    fn columns_sql(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|c| format!("t.{}", quoted(c.name))).collect();
        columns.join(", ")
    }
}

fn of_parent(parent: &str, column: &str) -> String {
    format!("(select p.{} from {} p where p.id = t.record)", quoted(column), quoted(parent))
}

impl Mirror {
    /// How many rows a relation has in each year, in the order of years; rows without one first, all
    /// under no year unless years are asked for.
    pub fn whole_counts(&self, relation: &Relation, years: bool) -> Result<Vec<(Option<String>, usize)>> {
        let year = if years { relation.year_sql(&self.layout) } else { "null".to_owned() };
        let sql =
            format!("select {year} as y, count(*) from {} t group by y order by y", quoted(&relation.name));
        let mut statement = self.viewing(|| self.db.prepare(&sql))?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (year, count) = row?;
            counts.push((year, usize::try_from(count).unwrap_or_default()));
        }
        Ok(counts)
    }

    /// Reads a relation row by row, in the order of its key, by year first where years are asked
    /// for; money with the digits of its currency. Ends where the reader fails.
    pub fn whole_rows<E: From<MirrorError>>(
        &self,
        relation: &Relation,
        years: bool,
        each: Each<'_, E>,
    ) -> std::result::Result<(), E> {
        let sqlite = |error: rusqlite::Error| E::from(MirrorError::Sqlite(error));
        let year = if years { relation.year_sql(&self.layout) } else { "null".to_owned() };
        let by_year = if years { "y, " } else { "" };
        let sql = format!(
            "select {year} as y, {} as c, {} from {} t order by {by_year}{}",
            relation.currency_sql(),
            relation.columns_sql(),
            quoted(&relation.name),
            relation.order_sql(),
        );
        let mut statement = self.viewing(|| self.db.prepare(&sql)).map_err(sqlite)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(sqlite)? {
            let year = SqlCell::from(row.get_ref(0).map_err(sqlite)?);
            let currency = SqlCell::from(row.get_ref(1).map_err(sqlite)?);
            let mut cells = Vec::with_capacity(relation.columns.len());
            for (at, column) in relation.columns.iter().enumerate() {
                let cell = SqlCell::from(row.get_ref(at + 2).map_err(sqlite)?);
                let currency = currency.as_text().filter(|_| !column.base);
                cells.push(self.typed(cell, column.decl, currency));
            }
            each(year.as_text(), cells)?;
        }
        Ok(())
    }

    /// Writes every relation into a new SQLite file, views as the tables they are on this day, and
    /// gives how many rows each has. Amounts stay whole minor units, as in the mirror; `facts` are
    /// what else the file should say about itself.
    pub fn whole_file(
        &self,
        path: &Path,
        relations: &[Relation],
        facts: &[(&str, String)],
    ) -> Result<Vec<usize>> {
        self.viewing(|| self.make_views())?;
        self.db.execute("attach database ?1 as whole", [path.to_string_lossy()])?;
        let written = self.db.execute_batch(&format!(
            "pragma {WHOLE}.page_size = 4096; pragma {WHOLE}.journal_mode = off; \
             pragma {WHOLE}.synchronous = off; pragma {WHOLE}.application_id = {APPLICATION_ID}; \
             pragma {WHOLE}.user_version = 1; begin;"
        ));
        let written = written.map_err(MirrorError::from).and_then(|()| self.fill(relations, facts));
        let ended = self.db.execute_batch(if written.is_ok() { "commit" } else { "rollback" });
        let detached = self.db.execute_batch("detach database whole");
        let counts = written?;
        ended?;
        detached?;
        Ok(counts)
    }

    fn fill(&self, relations: &[Relation], facts: &[(&str, String)]) -> Result<Vec<usize>> {
        let mut counts = Vec::with_capacity(relations.len());
        for relation in relations {
            self.db.execute_batch(&table_sql(relation))?;
            // A name without a database means what was there before the file was attached.
            let insert = format!(
                "insert into {WHOLE}.{name} select {} from {name} t order by {}",
                relation.columns_sql(),
                relation.order_sql(),
                name = quoted(&relation.name),
            );
            let count = self.db.execute(&insert, [])?;
            self.db.execute_batch(&indexes_sql(relation))?;
            counts.push(count);
        }
        self.describe(relations, &counts, facts)?;
        Ok(counts)
    }

    /// The tables by which the file explains itself.
    fn describe(&self, relations: &[Relation], counts: &[usize], facts: &[(&str, String)]) -> Result<()> {
        self.db.execute_batch(DESCRIPTION)?;
        let base = &self.layout.base_currency;
        let mut fact = self.db.prepare("insert into whole.crm_export values (?, ?)")?;
        for (key, value) in facts {
            fact.execute([key, value.as_str()])?;
        }
        let mut table = self.db.prepare("insert into whole.crm_tables values (?, ?, ?, ?, ?)")?;
        let mut column = self.db.prepare("insert into whole.crm_columns values (?, ?, ?, ?, ?, ?)")?;
        for (relation, count) in relations.iter().zip(counts) {
            let (class, count) = (relation.class.name(), i64::try_from(*count).unwrap_or(i64::MAX));
            table.execute((&relation.name, class, &relation.doc, relation.key.join(","), count))?;
            for (at, c) in relation.columns.iter().enumerate() {
                let mut unit = relation.unit(c, base);
                if c.decl == "MONEY INTEGER" {
                    unit = unit.map(|unit| format!("minor units, {unit}"));
                }
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                column.execute((&relation.name, at, c.name, c.decl, c.doc, unit))?;
            }
        }
        let mut currency = self.db.prepare("insert into whole.crm_currencies values (?, ?)")?;
        for code in self.currencies(relations)? {
            currency.execute((&code, minor_digits(&code).unwrap_or(self.layout.base_digits)))?;
        }
        Ok(())
    }

    /// The currencies that occur, the base currency always.
    fn currencies(&self, relations: &[Relation]) -> Result<Vec<String>> {
        let named = relations.iter().filter(|r| r.class != Class::View && r.position("currency").is_some());
        let arms: String = named.fold(String::new(), |mut sql, relation| {
            let _ = write!(sql, " union select currency from {}", quoted(&relation.name));
            sql
        });
        let sql = format!("select code from (select ?1 as code{arms}) where code is not null order by code");
        let mut statement = self.db.prepare(&sql)?;
        let codes = statement.query_map([&self.layout.base_currency], |row| row.get(0))?;
        Ok(codes.collect::<rusqlite::Result<_>>()?)
    }
}

/// The statement that makes its table in the file, with the meanings as comments.
fn table_sql(relation: &Relation) -> String {
    let single = relation.key.len() == 1;
    let mut sql =
        format!("create table {WHOLE}.{} ( -- {}\n", quoted(&relation.name), one_line(&relation.doc));
    let keyed = relation.class != Class::View && relation.name != "members";
    for (at, column) in relation.columns.iter().enumerate() {
        let ty = column.decl.rsplit(' ').next().unwrap_or("TEXT");
        let key = if single && relation.key[0] == column.name { " primary key not null" } else { "" };
        let last = at + 1 == relation.columns.len() && (single || !keyed);
        let _ = writeln!(
            sql,
            "  {} {ty}{key}{} -- {}",
            quoted(column.name),
            if last { "" } else { "," },
            one_line(column.doc)
        );
    }
    if keyed && !single {
        let key: Vec<String> = relation.key.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(sql, "  primary key ({})", key.join(", "));
    }
    sql.push_str(") strict;\n");
    sql
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn indexes_sql(relation: &Relation) -> String {
    let mut sql = String::new();
    let mut index = |columns: &[&str]| {
        let name = quoted(&format!("{}_by_{}", relation.name, columns.join("_")));
        let on: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
        let _ =
            writeln!(sql, "create index {WHOLE}.{name} on {} ({});", quoted(&relation.name), on.join(", "));
    };
    match relation.class {
        Class::View if relation.key.len() > 1 => index(&relation.key),
        Class::Shared if relation.name == "members" => {
            index(&["record"]);
            index(&["value"]);
        }
        _ => {}
    }
    for column in relation.columns.iter().filter(|c| c.indexed && !relation.key.contains(&c.name)) {
        index(&[column.name]);
    }
    sql
}

const DESCRIPTION: &str = r#"
create table whole.crm_export ("key" TEXT primary key not null, "value" TEXT) strict;
create table whole.crm_tables ("name" TEXT primary key not null, "kind" TEXT, "meaning" TEXT, "key" TEXT, "rows" INTEGER) strict;
create table whole.crm_columns ("table" TEXT not null, "position" INTEGER not null, "name" TEXT not null, "type" TEXT,
  "meaning" TEXT, "unit" TEXT, primary key ("table", "position")) strict;
create table whole.crm_currencies ("code" TEXT primary key not null, "digits" INTEGER not null) strict;
"#;
