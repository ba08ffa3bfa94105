//! What an export says about itself: `tables.json` with every table and column, and the SQL that
//! makes and fills the same tables in another engine.
//!
//! Deliberately absent: times of day and names of machines, which would differ between two exports
//! of the same commit.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

use super::folder::FORMAT;
use super::sheets::{Encoding, Sheet};
use crate::mirror::{Relation, RelationColumn, quoted};

/// What everything was seen as.
#[derive(Debug)]
pub struct Facts {
    pub commit: Option<String>,
    pub as_of: NaiveDate,
    pub base_currency: String,
    /// The zone whose days moments fall on.
    pub zone: String,
    /// Files whose content is not in the commit.
    pub uncommitted: Vec<String>,
}

/// A table with its files.
#[derive(Debug)]
pub struct Written<'a> {
    pub relation: &'a Relation,
    pub files: Vec<Sheet>,
}

impl Written<'_> {
    /// Its rows.
    pub fn rows(&self) -> usize {
        self.files.iter().map(|file| file.rows).sum()
    }
}

impl Facts {
    /// The facts as a table of key and value.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("format", FORMAT.to_owned()),
            ("commit", self.commit.clone().unwrap_or_default()),
            ("as_of", self.as_of.to_string()),
            ("time_zone", self.zone.clone()),
            ("base_currency", self.base_currency.clone()),
            ("uncommitted", self.uncommitted.join("\n")),
            ("money", "whole minor units; crm_currencies has the digits of each currency".to_owned()),
        ]
    }
}

/// The manifest.
pub fn tables_json(written: &[Written<'_>], encoding: Encoding, facts: &Facts) -> String {
    let tables: Vec<Json> = written
        .iter()
        .map(|w| {
            let columns: Vec<Json> =
                w.relation.columns.iter().map(|c| column_json(w.relation, c, encoding, facts)).collect();
            let files: Vec<Json> = w
                .files
                .iter()
                .map(|file| json!({"path": file.name, "rows": file.rows, "bytes": file.bytes}))
                .collect();
            json!({
                "name": w.relation.name,
                "kind": w.relation.class.name(),
                "meaning": w.relation.doc,
                "key": w.relation.key,
                "rows": w.rows(),
                "files": files,
                "columns": columns,
            })
        })
        .collect();
    let files: Vec<&str> = written.iter().flat_map(|w| w.files.iter().map(|f| f.name.as_str())).collect();
    let files: Vec<&str> = files.into_iter().chain(["schema.sql", "load.sql"]).collect();
    let manifest = json!({
        "format": FORMAT,
        "version": 1,
        "whole": true,
        "encoding": encoding.name(),
        "commit": facts.commit,
        "as_of": facts.as_of.to_string(),
        "time_zone": facts.zone,
        "base_currency": facts.base_currency,
        "uncommitted": facts.uncommitted,
        "tables": tables,
        "files": files,
    });
    serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"
}

fn column_json(relation: &Relation, column: &RelationColumn, encoding: Encoding, facts: &Facts) -> Json {
    let mut json = json!({
        "name": column.name,
        "type": type_name(column),
        "sql": sql_type(column, encoding),
        "meaning": column.doc,
        "unit": relation.unit(column, &facts.base_currency),
    });
    if !column.refers.is_empty() {
        json["refers"] = json!(column.refers);
    }
    json
}

/// The type in a word.
fn type_name(column: &RelationColumn) -> &'static str {
    match column.decl {
        "MONEY INTEGER" => "money",
        "PRICE REAL" => "price",
        "QTY REAL" => "quantity",
        "PCT REAL" => "percent",
        "REAL" => "decimal",
        "INTEGER" => "int",
        "BOOL INTEGER" => "bool",
        "DAY TEXT" => "day",
        "INSTANT TEXT" => "instant",
        "LIST TEXT" => "list",
        "CODE TEXT" => "code",
        "REF TEXT" => "ref",
        _ => "text",
    }
}

/// The type that holds its values exactly, as `DuckDB` and `PostgreSQL` write it: no currency has more
/// than four decimals, no other number more than six. Parquet files have types of their own.
fn sql_type(column: &RelationColumn, encoding: Encoding) -> &'static str {
    let parquet = encoding == Encoding::Parquet;
    match column.decl {
        "MONEY INTEGER" if parquet => "DECIMAL(18,4)",
        "PRICE REAL" if parquet => "DECIMAL(18,6)",
        "QTY REAL" | "PCT REAL" | "REAL" if parquet => "DOUBLE PRECISION",
        "MONEY INTEGER" => "DECIMAL(22,4)",
        "PRICE REAL" | "QTY REAL" | "PCT REAL" | "REAL" => "DECIMAL(28,6)",
        "INTEGER" => "BIGINT",
        "BOOL INTEGER" => "BOOLEAN",
        "DAY TEXT" => "DATE",
        "INSTANT TEXT" => "TIMESTAMP WITH TIME ZONE",
        "LIST TEXT" if encoding == Encoding::Jsonl => "VARCHAR[]",
        _ => "VARCHAR",
    }
}

/// The statements that make the tables.
pub fn schema_sql(written: &[Written<'_>], encoding: Encoding, facts: &Facts) -> String {
    let mut sql = format!(
        "-- Tables of crm, commit {}, as of {}; load.sql fills them.\n",
        facts.commit.as_deref().unwrap_or("none"),
        facts.as_of
    );
    for Written { relation, .. } in written {
        let _ = writeln!(sql, "\n-- {}\ncreate table {} (", one_line(&relation.doc), quoted(&relation.name));
        for (at, column) in relation.columns.iter().enumerate() {
            let comma = if at + 1 == relation.columns.len() { "" } else { "," };
            let unit = relation.unit(column, &facts.base_currency);
            let unit = unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
            let (name, ty) = (quoted(column.name), sql_type(column, encoding));
            let _ = writeln!(sql, "  {name} {ty}{comma} -- {}{unit}", one_line(column.doc));
        }
        sql.push_str(");\n");
    }
    sql
}

/// The statements that fill them, as `DuckDB` runs them in the folder; in `psql` they are `\copy`.
pub fn load_sql(written: &[Written<'_>], encoding: Encoding) -> String {
    let options = match encoding {
        Encoding::Csv => "format csv, header",
        Encoding::Jsonl => "format json",
        Encoding::Parquet => "format parquet",
    };
    let mut sql = String::new();
    for Written { relation, files } in written {
        // A json file without a line has no columns.
        for file in files.iter().filter(|file| file.rows > 0) {
            let _ = writeln!(sql, "copy {} from '{}' ({options});", quoted(&relation.name), file.name);
        }
    }
    sql
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
