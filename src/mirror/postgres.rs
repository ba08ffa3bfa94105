//! The tables of the mirror in a schema of PostgreSQL, loaded once and then kept in step. The only
//! file that names the crate `postgres`.
//!
//! One transaction, so that readers see the earlier state or this one. Beside the tables lie
//! `crm_push`, which says what they were seen as, and `crm_push_tables` with a digest of the
//! definition and of the rows of each; what is not listed there is never touched. Deliberately
//! absent: encrypted connections, and anything that PostgreSQL could tell us about the records.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use chrono::SecondsFormat;
use postgres::config::{Host, SslMode};
use postgres::{Client, NoTls, Transaction};
use sha1::{Digest, Sha1};

use super::catalogue::{Class, Relation};
use super::layout::quoted;
use super::push::{Effect, PushError, Pushed, Target};
use super::{Mirror, MirrorError};
use crate::table::Cell;

/// The number of the lock that pushes to one database take in turn: `crm`.
const LOCK: i64 = 0x63_726d;

impl From<postgres::Error> for PushError {
    fn from(error: postgres::Error) -> Self {
        if let Some(said) = error.as_db_error() {
            return Self::Database(said.message().to_owned());
        }
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        Self::Database(format!("{error}{}", cause.unwrap_or_default()))
    }
}

impl Mirror {
    /// Brings the tables in a schema to what these relations are now.
    pub fn push(&self, relations: &[Relation], target: &Target<'_>) -> Result<Vec<Pushed>, PushError> {
        let mut client = connect(target)?;
        let mut transaction = client.transaction()?;
        transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK])?;
        let mut before = Before::read(&mut transaction, target)?;
        before.doubt(&mut transaction, relations)?;
        if before.is_same(target) {
            let same = |(table, _): (String, _)| Pushed { table, rows: 0, effect: Effect::Unchanged };
            return Ok(before.tables.into_iter().map(same).collect());
        }
        let pushed = self.bring(&mut transaction, relations, before)?;
        remember(&mut transaction, target)?;
        if !target.dry_run {
            transaction.commit()?;
        }
        Ok(pushed)
    }

    /// Makes, fills and drops tables.
    fn bring(
        &self,
        transaction: &mut Transaction<'_>,
        relations: &[Relation],
        mut before: Before,
    ) -> Result<Vec<Pushed>, PushError> {
        let mut pushed = Vec::with_capacity(relations.len());
        for relation in relations {
            let sql = table_sql(relation, &self.layout.base_currency);
            let definition = hex(&Sha1::digest(&sql));
            let earlier = before.tables.remove(&relation.name);
            let digest = self.digest(relation)?;
            let (rows, effect) = match earlier {
                Some(earlier) if earlier.definition == definition && earlier.digest == digest => {
                    (0, Effect::Unchanged)
                }
                Some(earlier) if earlier.definition == definition => {
                    (self.refresh(transaction, relation)?, Effect::Refreshed)
                }
                earlier => {
                    if earlier.is_some() {
                        let drop = format!("drop table if exists {}", quoted(&relation.name));
                        transaction.batch_execute(&drop)?;
                    }
                    transaction.batch_execute(&sql)?;
                    (self.copy(transaction, relation, &quoted(&relation.name))?, Effect::Loaded)
                }
            };
            if effect != Effect::Unchanged {
                let upsert = "insert into crm_push_tables values ($1, $2, $3) on conflict (name) \
                              do update set definition = excluded.definition, digest = excluded.digest";
                transaction.execute(upsert, &[&relation.name, &definition, &digest])?;
            }
            pushed.push(Pushed { table: relation.name.clone(), rows, effect });
        }
        for (table, _) in before.tables {
            transaction.batch_execute(&format!("drop table if exists {}", quoted(&table)))?;
            transaction.execute("delete from crm_push_tables where name = $1", &[&table])?;
            pushed.push(Pushed { table, rows: 0, effect: Effect::Removed });
        }
        Ok(pushed)
    }

    /// Replaces what differs: single rows where a key tells them apart, else all.
    fn refresh(&self, transaction: &mut Transaction<'_>, relation: &Relation) -> Result<u64, PushError> {
        let name = quoted(&relation.name);
        if !is_keyed(relation) {
            transaction.batch_execute(&format!("delete from {name}"))?;
            return self.copy(transaction, relation, &name);
        }
        transaction.batch_execute(&format!(
            "create temp table crm_stage (like {name} including indexes) on commit drop"
        ))?;
        self.copy(transaction, relation, "crm_stage")?;
        transaction.batch_execute("analyze crm_stage")?;
        let key = |before| names(relation.key.iter().copied(), before);
        let (here, there) = (key("t."), key("s."));
        let gone = format!(
            "delete from {name} t where not exists (select from crm_stage s where ({there}) = ({here}))"
        );
        let gone = transaction.execute(&gone, &[])?;
        let columns = || relation.columns.iter().map(|column| column.name);
        let set: Vec<String> =
            columns().map(|column| format!("{0} = excluded.{0}", quoted(column))).collect();
        let written = transaction.execute(
            &format!(
                "insert into {name} as t select * from crm_stage on conflict ({}) do update set {} \
                 where ({}) is distinct from ({})",
                key(""),
                set.join(", "),
                names(columns(), "t."),
                names(columns(), "excluded."),
            ),
            &[],
        )?;
        transaction.batch_execute("drop table crm_stage")?;
        Ok(gone + written)
    }

    /// Copies all rows into a table.
    fn copy(
        &self,
        transaction: &mut Transaction<'_>,
        relation: &Relation,
        into: &str,
    ) -> Result<u64, PushError> {
        let mut writer = transaction.copy_in(&format!("copy {into} from stdin"))?;
        let mut line = String::new();
        self.whole_rows(relation, false, &mut |_, cells| {
            copy_line(&mut line, &cells);
            writer.write_all(line.as_bytes()).map_err(|error| {
                let inner = error.downcast::<postgres::Error>();
                inner.map_or_else(|error| PushError::Database(error.to_string()), PushError::from)
            })
        })?;
        Ok(writer.finish()?)
    }

    /// The digest of all rows.
    fn digest(&self, relation: &Relation) -> Result<String, MirrorError> {
        let mut hash = Sha1::new();
        let mut line = String::new();
        self.whole_rows(relation, false, &mut |_, cells| -> Result<(), MirrorError> {
            copy_line(&mut line, &cells);
            hash.update(&line);
            Ok(())
        })?;
        Ok(hex(&hash.finalize()))
    }
}

fn connect(target: &Target<'_>) -> Result<Client, PushError> {
    // What is wrong with it is not said: it could quote the password.
    let mut config: postgres::Config = target.url.parse().map_err(|_| PushError::BadUrl)?;
    if let (None, Some(password)) = (config.get_password(), target.password) {
        config.password(password);
    }
    let is_near = |host: &Host| match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "::1") || name.starts_with("127."),
        Host::Unix(_) => true,
    };
    if config.get_ssl_mode() != SslMode::Disable && !config.get_hosts().iter().all(is_near) {
        return Err(PushError::Unencrypted);
    }
    config.application_name("crm");
    Ok(config.connect(NoTls)?)
}

/// What an earlier push left.
struct Before {
    facts: BTreeMap<String, String>,
    tables: BTreeMap<String, Table>,
}

struct Table {
    definition: String,
    digest: String,
}

impl Before {
    /// Reads it and makes the schema the place of all names; where nothing was pushed yet it begins.
    fn read(transaction: &mut Transaction<'_>, target: &Target<'_>) -> Result<Self, PushError> {
        let schema = quoted(target.schema);
        let there = "select to_regclass($1) is not null";
        let there: bool = transaction.query_one(there, &[&format!("{schema}.crm_push")])?.get(0);
        if !there {
            transaction.batch_execute(&format!("create schema if not exists {schema}"))?;
        }
        transaction.batch_execute(&format!("set local search_path to {schema}"))?;
        if !there {
            transaction.batch_execute(
                "create table crm_push (key text primary key, value text not null); \
                 create table crm_push_tables \
                 (name text primary key, definition text not null, digest text not null)",
            )?;
        }
        let facts = transaction.query("select key, value from crm_push", &[])?;
        let tables = transaction.query("select name, definition, digest from crm_push_tables", &[])?;
        let table = |row: &postgres::Row| Table { definition: row.get(1), digest: row.get(2) };
        Ok(Self {
            facts: facts.iter().map(|row| (row.get(0), row.get(1))).collect(),
            tables: tables.iter().map(|row| (row.get(0), table(row))).collect(),
        })
    }

    /// Forgets the definition of tables that somebody dropped or altered, so that they are made anew.
    fn doubt(&mut self, transaction: &mut Transaction<'_>, relations: &[Relation]) -> Result<(), PushError> {
        let sql = "select c.relname::text, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), \
                   ',' order by a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid \
                   where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 \
                   and not a.attisdropped group by c.relname";
        let there: BTreeMap<String, String> =
            transaction.query(sql, &[])?.iter().map(|row| (row.get(0), row.get(1))).collect();
        for relation in relations {
            let columns = relation.columns.iter().map(|c| format!("{} {}", c.name, full_type(c.decl)));
            let expected = columns.collect::<Vec<_>>().join(",");
            if let Some(table) = self.tables.get_mut(&relation.name)
                && there.get(&relation.name) != Some(&expected)
            {
                table.definition.clear();
            }
        }
        Ok(())
    }

    /// Whether it was seen as now, and only what is committed was seen.
    fn is_same(&self, target: &Target<'_>) -> bool {
        let same = |(key, value): &(&str, String)| self.facts.get(*key) == Some(value);
        let whole = self.tables.values().all(|table| !table.definition.is_empty());
        whole
            && target.is_committed
            && self.facts.len() == target.facts.len()
            && target.facts.iter().all(same)
    }
}

fn remember(transaction: &mut Transaction<'_>, target: &Target<'_>) -> Result<(), PushError> {
    transaction.execute("delete from crm_push", &[])?;
    for (key, value) in &target.facts {
        transaction.execute("insert into crm_push values ($1, $2)", &[key, value])?;
    }
    Ok(())
}

/// Whether its key is one of the database: of records and their rows.
fn is_keyed(relation: &Relation) -> bool {
    matches!(relation.class, Class::Record | Class::Rows)
}

fn names<'a>(columns: impl Iterator<Item = &'a str>, before: &str) -> String {
    columns.map(|column| format!("{before}{}", quoted(column))).collect::<Vec<_>>().join(", ")
}

/// The statements that make a table, with what it and its columns mean.
fn table_sql(relation: &Relation, base_currency: &str) -> String {
    let name = quoted(&relation.name);
    let mut columns: Vec<String> = relation
        .columns
        .iter()
        .map(|column| format!("{} {}", quoted(column.name), sql_type(column.decl)))
        .collect();
    if is_keyed(relation) {
        columns.push(format!("primary key ({})", names(relation.key.iter().copied(), "")));
    }
    let mut sql = format!("create table {name} ({});", columns.join(", "));
    let _ = write!(sql, " comment on table {name} is {};", literal(&relation.doc));
    for column in &relation.columns {
        let unit = relation.unit(column, base_currency).map(|unit| format!(" [{unit}]"));
        let meaning = literal(&format!("{}{}", column.doc, unit.unwrap_or_default()));
        let _ = write!(sql, " comment on column {name}.{} is {meaning};", quoted(column.name));
    }
    sql
}

fn sql_type(decl: &str) -> &'static str {
    match decl {
        "MONEY INTEGER" | "PRICE REAL" | "QTY REAL" | "PCT REAL" | "REAL" => "numeric",
        "INTEGER" => "bigint",
        "BOOL INTEGER" => "boolean",
        "DAY TEXT" => "date",
        "INSTANT TEXT" => "timestamptz",
        _ => "text",
    }
}

/// The type as the database calls it.
fn full_type(decl: &str) -> &'static str {
    match sql_type(decl) {
        "timestamptz" => "timestamp with time zone",
        name => name,
    }
}

fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A row as a line of COPY.
fn copy_line(line: &mut String, cells: &[Cell]) {
    line.clear();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push('\t');
        }
        copy_field(line, cell);
    }
    line.push('\n');
}

fn copy_field(line: &mut String, cell: &Cell) {
    match cell {
        Cell::Null | Cell::Rows(_) => line.push_str("\\N"),
        Cell::Text(text) | Cell::Code { code: text, .. } => escape(line, text),
        Cell::Bool(flag) => line.push(if *flag { 't' } else { 'f' }),
        Cell::Int(int) => line.push_str(&int.to_string()),
        Cell::Dec(dec) => line.push_str(&dec.to_string()),
        Cell::Day(day) => line.push_str(&day.to_string()),
        Cell::Instant(at) => line.push_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Cell::List(items) => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    line.push(';');
                }
                copy_field(line, item);
            }
        }
    }
}

fn escape(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            // PostgreSQL has no text with it.
            '\0' => line.push('\u{fffd}'),
            c => line.push(c),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_copy_is_one_line() {
        let mut line = String::new();
        let list = Cell::List(vec![Cell::text("a"), Cell::text("b\\")]);
        copy_line(&mut line, &[Cell::Null, Cell::text("a\tb\nc\\N\r\0"), Cell::Bool(true), list]);
        assert_eq!(line, "\\N\ta\\tb\\nc\\\\N\\r\u{fffd}\tt\ta;b\\\\\n");
        assert_eq!(literal("it's \\"), "E'it''s \\\\'");
    }
}
