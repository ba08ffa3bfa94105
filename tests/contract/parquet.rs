//! `export --all --format parquet`: the same tables as csv, with types.

use std::fs::File;
use std::process::Command;

use chrono::{DateTime, NaiveDate, TimeDelta};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::exports::{csv_rows, demo, manifest, run};
use crate::support::{Sandbox, snapshot};

/// Whether a value is what csv has as this text, and is of the type that the manifest says.
fn is_same(ty: &str, field: &Field, text: &str) -> bool {
    match (ty, field) {
        (_, Field::Null) => text.is_empty(),
        ("bool", Field::Bool(value)) => value.to_string() == text,
        ("int", Field::Long(value)) => value.to_string() == text,
        ("quantity" | "percent" | "decimal", Field::Double(value)) => text.parse() == Ok(*value),
        ("money" | "price", Field::Decimal(value)) => {
            let minor = value.data().iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
            let scale = u32::try_from(value.scale()).expect("decimals");
            let exact: Decimal = text.parse().expect("a decimal");
            value.precision() == 18 && Decimal::new(minor, scale) == exact.round_dp(6)
        }
        ("day", Field::Date(days)) => {
            text.parse() == Ok(NaiveDate::default() + TimeDelta::days(i64::from(*days)))
        }
        ("instant", Field::TimestampMicros(at)) => {
            DateTime::parse_from_rfc3339(text).is_ok_and(|text| text.timestamp_micros() == *at)
        }
        ("text" | "code" | "ref" | "list", Field::Str(value)) => value == text,
        _ => false,
    }
}

fn files(table: &Json) -> impl Iterator<Item = &str> {
    table["files"].as_array().expect("files").iter().map(|file| file["path"].as_str().expect("a path"))
}

#[test]
fn every_value_is_that_of_csv_in_its_type() {
    let demo = demo();
    run(&demo, &["export", "--all", "../csv", "--partition", "year"]).exits(0);
    run(&demo, &["export", "--all", "--format", "parquet", "../out", "--partition", "year"]).exits(0);
    let manifest = manifest(&demo, "../out");
    assert_eq!(manifest["encoding"], "parquet");
    let mut seen = std::collections::BTreeSet::new();
    for table in manifest["tables"].as_array().expect("tables") {
        let columns = table["columns"].as_array().expect("columns");
        for path in files(table) {
            let file = File::open(demo.path(&format!("../out/{path}"))).expect("a file");
            let reader = SerializedFileReader::new(file).expect("a Parquet file");
            let rows: Vec<_> =
                reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
            let wanted = csv_rows(&demo, &format!("../csv/{}", path.replace(".parquet", ".csv")));
            assert_eq!(rows.len(), wanted.len(), "{path}");
            for (row, wanted) in rows.iter().zip(&wanted) {
                assert_eq!(row.get_column_iter().count(), columns.len(), "{path}");
                for ((name, field), column) in row.get_column_iter().zip(columns) {
                    let ty = column["type"].as_str().expect("a type");
                    assert!(
                        is_same(ty, field, &wanted[name]),
                        "{path}: {name} {ty}: {field:?}, {}",
                        wanted[name]
                    );
                    if *field != Field::Null {
                        seen.insert(ty.to_owned());
                    }
                }
            }
        }
    }
    assert_eq!(seen.len(), 13, "every type occurs: {seen:?}");
}

#[test]
fn the_same_commit_is_the_same_files() {
    let sandbox = Sandbox::trading();
    sandbox.ok("export --all --format parquet ../one");
    sandbox.ok("export --all --format parquet ../other");
    assert_eq!(snapshot(&sandbox.path("../one")), snapshot(&sandbox.path("../other")));
    sandbox.crm("export --all --format parquet ../one").exits(0).says(&["already"]);
    sandbox.ok("region add south --name 南方");
    let changed = sandbox.ok("export --all --format parquet ../one");
    assert!(changed.contains("regions.parquet") && !changed.contains("orders.parquet"), "{changed}");
    sandbox.ok("export --all ../one");
    assert!(!sandbox.path("../one/orders.parquet").exists(), "files of the other format go");
    sandbox.fails(2, "export customer --format parquet");
    sandbox.fails(2, "customer list --format parquet");
}

/// Loads the tables and compares their rows with the manifest and a sum with csv.
const LOAD: &str = r#"
import duckdb, json
db = duckdb.connect()
for name in ("schema.sql", "load.sql"):
    db.execute(open(name).read())
for table in json.load(open("tables.json"))["tables"]:
    name = table["name"]
    assert db.execute(f'select count(*) from "{name}"').fetchone()[0] == table["rows"], name
    kinds = dict(db.execute("select column_name, data_type from information_schema.columns where table_name = ?", [name]).fetchall())
    for column in table["columns"]:
        sql = column["sql"].replace("DOUBLE PRECISION", "DOUBLE")
        assert kinds[column["name"]] == sql, (name, column, kinds[column["name"]])
print(db.execute("select sum(total) from orders where currency = 'CNY'").fetchone()[0])
"#;

#[test]
fn duckdb_and_pandas_read_it() {
    let demo = demo();
    run(&demo, &["export", "--all", "--format", "parquet", "../out"]).exits(0);
    let sql = "select amount(sum(total), 'CNY') from orders where currency = 'CNY'";
    let sum: Decimal = run(&demo, &["sql", sql, "--format", "csv", "--no-header"])
        .exits(0)
        .stdout
        .trim()
        .parse()
        .expect("a sum");
    let said = |script: &str, modules: &str| {
        let there = Command::new("python3").args(["-c", &format!("import {modules}")]).output();
        if !there.is_ok_and(|there| there.status.success()) {
            eprintln!("python3 has no {modules}: not read back with it");
            return None;
        }
        let run = Command::new("python3").args(["-c", script]).current_dir(demo.path("../out")).output();
        let run = run.expect("python3 runs");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8_lossy(&run.stdout).trim().parse::<Decimal>().ok()
    };
    if let Some(read) = said(LOAD, "duckdb") {
        assert_eq!(read, sum);
    }
    let pandas = "import pandas as pd; o = pd.read_parquet('orders.parquet'); \
                  print(o[o.currency == 'CNY'].total.sum())";
    if let Some(read) = said(pandas, "pandas, pyarrow") {
        assert_eq!(read, sum);
    }
}
