//! `export --all` and `sql`: everything for other engines, and the examples of `help sql`.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::support::{Run, Sandbox, snapshot};

/// The sample company on a day, seen by who runs it.
pub(super) fn demo() -> Sandbox {
    let mut sandbox = Sandbox::empty();
    run(&sandbox, &["demo"]).exits(0);
    sandbox.enter(Path::new("crm-demo"));
    sandbox
}

pub(super) fn run(sandbox: &Sandbox, words: &[&str]) -> Run {
    let command = sandbox.command(words).env("CRM_USER", "admin.liu").env("CRM_LANG", "en");
    command.env("CRM_NOW", "2026-11-22T10:00:00+08:00").run()
}

pub(super) fn manifest(sandbox: &Sandbox, folder: &str) -> Json {
    serde_json::from_str(&sandbox.read(&format!("{folder}/tables.json"))).expect("a manifest")
}

/// The rows of a csv file below a folder, by column.
pub(super) fn csv_rows(sandbox: &Sandbox, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(sandbox.path(file)).expect("a csv file");
    let header = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no decimal"))
}

/// Whether a value of jsonl is what its type promises.
fn is_of(ty: &str, value: &Json) -> bool {
    let number = |text: &str| text.parse::<Decimal>().is_ok();
    match (ty, value) {
        (_, Json::Null) => true,
        ("int", Json::Number(number)) => number.is_i64(),
        ("bool", Json::Bool(_)) => true,
        ("list", Json::Array(all)) => all.iter().all(Json::is_string),
        ("money" | "price" | "quantity" | "percent" | "decimal", Json::String(text)) => number(text),
        ("day", Json::String(text)) => text.parse::<chrono::NaiveDate>().is_ok(),
        ("instant", Json::String(text)) => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        ("text" | "code" | "ref", Json::String(_)) => true,
        _ => false,
    }
}

#[test]
fn every_table_is_written_with_the_types_that_the_manifest_says() {
    let demo = demo();
    let run = run(&demo, &["export", "--all", "--format", "jsonl", "../out"]).exits(0);
    run.says(&["exported", "tables"]);
    let manifest = manifest(&demo, "../out");
    assert_eq!(manifest["commit"], demo.git("rev-parse HEAD"));
    assert_eq!(manifest["as_of"], "2026-11-22");
    let tables = manifest["tables"].as_array().expect("tables");
    for name in ["orders", "order_lines", "history", "members", "links", "sale_line", "customer_status"] {
        assert!(tables.iter().any(|table| table["name"] == name && table["rows"] != 0), "{name}");
    }
    for table in tables {
        let name = table["name"].as_str().expect("a name");
        let text = demo.read(&format!("../out/{name}.jsonl"));
        assert_eq!(text.lines().count() as u64, table["rows"].as_u64().expect("a number"), "{name}");
        let columns = table["columns"].as_array().expect("columns");
        let key: Vec<&str> =
            table["key"].as_array().expect("a key").iter().filter_map(Json::as_str).collect();
        let mut keys = Vec::new();
        for line in text.lines() {
            let row: Json = serde_json::from_str(line).expect("a line of json");
            assert_eq!(row.as_object().expect("an object").len(), columns.len(), "{name}: {line}");
            for column in columns {
                let (field, ty) =
                    (column["name"].as_str().unwrap_or(""), column["type"].as_str().unwrap_or(""));
                assert!(is_of(ty, &row[field]), "{name}.{field}: {} is no {ty}", row[field]);
            }
            keys.push(key.iter().map(|field| row[*field].to_string()).collect::<Vec<_>>());
        }
        let rows = keys.len();
        keys.sort();
        keys.dedup();
        // An element may stand in a list twice.
        assert!(keys.len() == rows || name == "members", "{name}: the key does not tell its rows apart");
    }
}

#[test]
fn what_is_exported_adds_up_to_the_report() {
    let demo = demo();
    let report = run(&demo, &["report", "sales", "--period", "2020..2026", "--total", "--format", "json"]);
    let report = &report.exits(0).json()[0];
    run(&demo, &["export", "--all", "../out"]).exits(0);
    for column in ["net", "tax", "cost"] {
        let rows = csv_rows(&demo, "../out/sale_line.csv").into_iter().filter(|row| row["basis"] == "order");
        let sum: Decimal = rows.map(|row| decimal(&row[column])).sum();
        assert_eq!(report[column].as_str(), Some(sum.to_string().as_str()), "{column}");
    }
    run(&demo, &["export", "--all", "--format", "sqlite", "../out.db"]).exits(0);
    let db = rusqlite::Connection::open(demo.path("../out.db")).expect("a database");
    let sql = "select sum(net) from sale_line where basis = 'order'";
    let net: i64 = db.query_row(sql, [], |row| row.get(0)).expect("a sum");
    assert_eq!(report["net"].as_str(), Some(Decimal::new(net, 2).to_string().as_str()));
    let sound: String = db.query_row("pragma integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(sound, "ok");
}

#[test]
fn the_sqlite_file_works_without_the_program_and_explains_itself() {
    let sandbox = Sandbox::trading();
    sandbox.ok("export --all --format sqlite ../all.db");
    let db = rusqlite::Connection::open(sandbox.path("../all.db")).expect("a database");
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).expect(sql);
    assert_eq!(text("select name from customers"), "海尔北京");
    assert_eq!(text("select progress from order_status"), "draft");
    assert_eq!(text("select value from crm_export where key = 'commit'"), sandbox.git("rev-parse HEAD"));
    assert_eq!(
        text("select unit from crm_columns where \"table\" = 'orders' and name = 'total'"),
        "minor units, currency of the row (column currency)"
    );
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql);
    assert_eq!(number("select total from orders"), 49_674_800);
    assert_eq!(number("select digits from crm_currencies where code = 'CNY'"), 2);
    assert_eq!(number("select count(*) from pragma_table_list where name = 'orders' and strict"), 1);
    assert_eq!(
        number("select count(*) from crm_tables"),
        number("select count(*) from sqlite_master where type = 'table' and name not like 'crm_%'")
    );
    let double = db.execute("insert into customers (id) select id from customers", []);
    assert!(double.is_err(), "ids are a primary key");
}

#[test]
fn the_same_commit_is_the_same_bytes_and_touches_nothing() {
    let sandbox = Sandbox::trading();
    for (format, target) in [("csv", "../csv"), ("jsonl", "../jsonl"), ("sqlite", "../all.db")] {
        sandbox.ok(format!("export --all --format {format} {target}"));
        let place = sandbox.path(target);
        let stamp = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).expect("a file");
        let file = if format == "sqlite" { place.clone() } else { place.join("tables.json") };
        let before = (std::fs::read(&file).expect("a file"), stamp(&file));
        let again = sandbox.crm(format!("export --all --format {format} {target}")).exits(0).prints_nothing();
        again.says(&["already"]);
        assert_eq!((std::fs::read(&file).expect("a file"), stamp(&file)), before, "{format}");
        let other = format!("{target}-other");
        sandbox.ok(format!("export --all --format {format} {other}"));
        if format == "sqlite" {
            assert_eq!(std::fs::read(sandbox.path(&other)).expect("a file"), before.0);
        } else {
            assert_eq!(snapshot(&place), snapshot(&sandbox.path(&other)), "{format}");
        }
    }
}

#[test]
fn it_does_not_matter_how_the_mirror_came_to_be() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order add --customer 海尔北京 --line SONG-L:1 --tag z --tag b --tag a");
    sandbox.ok("customer set 海尔北京 --add-tag z --add-tag b");
    sandbox.ok("order confirm SO-2026-0001");
    sandbox.ok("customer set 海尔北京 --add-tag a --level A");
    for format in ["csv", "jsonl"] {
        sandbox.ok(format!("export --all --format {format} ../grown-{format} --as-of 2026-03-31"));
        sandbox.ok(format!("export --all --format {format} ../past-{format} --as-of 2026-03-31 --at HEAD"));
    }
    sandbox.ok("export --all --format sqlite ../grown.db --as-of 2026-03-31");
    std::fs::remove_dir_all(sandbox.path(".git/crm")).expect("the mirror goes");
    sandbox.ok("export --all --format sqlite ../fresh.db --as-of 2026-03-31");
    let bytes = |name: &str| std::fs::read(sandbox.path(name)).expect("a database");
    assert_eq!(bytes("../grown.db"), bytes("../fresh.db"));
    for format in ["csv", "jsonl"] {
        sandbox.ok(format!("export --all --format {format} ../fresh-{format} --as-of 2026-03-31"));
        let of = |name: &str| snapshot(&sandbox.path(&format!("../{name}-{format}")));
        assert_eq!(of("grown").differences(&of("fresh")), [""; 0]);
        assert_eq!(of("grown").differences(&of("past")), [""; 0]);
    }
}

#[test]
fn only_what_changed_is_replaced_and_what_is_gone_is_removed() {
    let sandbox = Sandbox::trading();
    sandbox.ok("export --all ../out --partition year");
    assert!(sandbox.path("../out/orders-2026.csv").exists());
    assert!(!sandbox.path("../out/orders.csv").exists());
    sandbox.write("../out/notes.txt", "mine");
    sandbox.write("../out/orders-mine.csv", "mine");
    sandbox.ok("export --all ../out");
    assert!(sandbox.path("../out/orders.csv").exists());
    assert!(!sandbox.path("../out/orders-2026.csv").exists());
    assert_eq!(sandbox.read("../out/orders-mine.csv"), "mine", "what somebody else put there stays");
    sandbox.ok("region add south --name 南方");
    let changed = sandbox.ok("export --all ../out");
    let changed: Vec<&str> = changed.lines().collect();
    assert!(changed.contains(&"regions.csv") && changed.contains(&"tables.json"), "{changed:?}");
    assert!(!changed.contains(&"orders.csv"), "{changed:?}");
    assert_eq!(sandbox.read("../out/notes.txt"), "mine");
}

#[test]
fn a_place_of_somebody_else_is_refused_unless_forced() {
    let sandbox = Sandbox::trading();
    sandbox.write("../mine/orders.csv", "mine");
    sandbox.fails(6, "export --all ../mine").says(&["not an earlier export"]);
    sandbox.fails(6, "export --all ../mine --dry-run");
    sandbox.fails(6, "export --all .");
    assert_eq!(sandbox.read("../mine/orders.csv"), "mine");
    sandbox.write("../mine.db", "mine");
    sandbox.fails(6, "export --all --format sqlite ../mine.db");
    assert_eq!(sandbox.read("../mine.db"), "mine");
    sandbox.ok("export --all --format sqlite ../all.db");
    sandbox.write("../all.db-wal", "");
    sandbox.fails(6, "export --all --format sqlite ../all.db --force").says(&["in use"]);
    sandbox.ok("export --all ../mine --force");
    assert!(sandbox.read("../mine/orders.csv").starts_with("id,"));
    sandbox.ok("export --all --format sqlite ../mine.db --force");
    // A manifest of somebody else does not make us remove anything.
    sandbox.write("../kept.csv", "mine");
    sandbox.write("../theirs/tables.json", r#"{"format": "crm-export", "files": ["../kept.csv", "/x.csv"]}"#);
    sandbox.ok("export --all ../theirs");
    assert_eq!(sandbox.read("../kept.csv"), "mine");
}

#[test]
fn an_export_that_was_broken_off_is_made_whole() {
    let sandbox = Sandbox::trading();
    sandbox.ok("export --all ../out");
    let whole = snapshot(&sandbox.path("../out"));
    let list = sandbox.read("../out/tables.json");
    let mut partial: Json = serde_json::from_str(&list).expect("json");
    partial["whole"] = false.into();
    partial["files"].as_array_mut().expect("files").push("gone.csv".into());
    sandbox.write("../out/tables.json.partial", partial.to_string());
    sandbox.write("../out/gone.csv", "half");
    sandbox.remove("../out/tables.json");
    sandbox.remove("../out/orders.csv");
    sandbox.write("../out/customers.csv", "half");
    sandbox.ok("export --all ../out");
    assert_eq!(snapshot(&sandbox.path("../out")), whole);
}

#[test]
fn what_killed_exports_left_is_removed_by_the_next() {
    let sandbox = Sandbox::trading();
    let mine = std::process::id();
    let kept = [
        format!("../.out.{mine}.tmp/half.csv"),
        "../.out.notes.tmp".into(),
        "../.other.2147483647.tmp".into(),
    ];
    for path in &kept {
        sandbox.write(path, "half");
    }
    sandbox.write("../.out.2147483647.tmp/orders.csv", "half");
    sandbox.write("../.out.db.2147483647.tmp", "half");
    sandbox.ok("export --all ../out --dry-run");
    assert!(sandbox.path("../.out.2147483647.tmp").exists(), "a dry run changes nothing");
    sandbox.ok("export --all ../out");
    sandbox.ok("export --all --format sqlite ../out.db");
    assert!(!sandbox.path("../.out.2147483647.tmp").exists());
    assert!(!sandbox.path("../.out.db.2147483647.tmp").exists());
    for path in &kept {
        assert!(sandbox.path(path).exists(), "{path} is of nobody dead");
    }
}

#[test]
fn a_dry_run_says_what_would_be_written_and_writes_nothing() {
    let sandbox = Sandbox::trading();
    for format in ["csv", "jsonl", "sqlite"] {
        let run = sandbox.crm(format!("export --all --format {format} ../new --dry-run")).exits(0);
        assert!(run.stdout.contains("order_lines"), "{run}");
        assert!(!sandbox.path("../new").exists());
    }
    let run = sandbox.crm("export --all ../new --dry-run --partition year").exits(0);
    run.prints(&["orders-2026.csv"]);
}

#[test]
fn an_export_shows_a_commit_or_says_what_is_not_in_it() {
    let sandbox = Sandbox::trading();
    let first = sandbox.git("rev-parse HEAD");
    sandbox.ok("region add south --name 南方");
    sandbox.ok(format!("export --all ../past --at {first}"));
    assert!(!sandbox.read("../past/regions.csv").contains("南方"));
    assert_eq!(manifest(&sandbox, "../past")["commit"], first.as_str());
    sandbox.edit("regions/south.toml", |text| text.replace("南方", "华南"));
    sandbox.crm("export --all ../now").exits(0).says(&["one record is"]);
    assert!(sandbox.read("../now/regions.csv").contains("华南"));
    assert_eq!(manifest(&sandbox, "../now")["uncommitted"][0], "regions/south.toml");
    sandbox.crm("export --all ../day --as-of 2026-01-31 --lang zh-CN").exits(0).says(&["已导出"]);
    assert_eq!(manifest(&sandbox, "../day")["as_of"], "2026-01-31");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let sandbox = Sandbox::trading();
    for words in [
        "export --all",
        "export",
        "export --all --format xlsx ../out",
        "export customer --format sqlite",
        "customer list --format sqlite",
        "export --all ../out --where name=x",
        "export --all ../out --partition month",
        "export customer --partition year",
    ] {
        sandbox.fails(2, words);
    }
    assert!(!sandbox.path("../out").exists());
    sandbox.write("customers/cus_kkkkkkkkkkkk.toml", "not toml");
    sandbox.fails(5, "export --all ../out");
    assert!(!sandbox.path("../out").exists());
    sandbox.crm("export --all ../out --keep-going").exits(10);
    assert!(sandbox.read("../out/customers.csv").contains("海尔北京"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_the_program_says_how_to_build_it_in() {
    let sandbox = Sandbox::trading();
    let run = sandbox.fails(2, "export --all --format parquet ../out");
    run.says(&["no Parquet", "cargo build --release --features parquet"]);
    sandbox.fails(2, "export customer --format parquet").says(&["--all"]);
    assert!(!sandbox.path("../out").exists());
}

#[cfg(not(feature = "postgres"))]
#[test]
fn without_postgresql_the_program_says_how_to_build_it_in() {
    let sandbox = Sandbox::trading();
    let run = sandbox.fails(2, "mirror push postgres://u:secret@localhost/x");
    let run = run.says(&["no PostgreSQL", "cargo build --release --features postgres"]);
    assert!(!run.stderr.contains("secret"), "{run}");
    sandbox.fails(2, "mirror push");
    sandbox.fails(2, "mirror");
    let help = sandbox.ok("mirror push --help");
    assert!(help.contains("PGPASSWORD") && help.contains("not encrypted"), "{help}");
}

#[test]
fn parameters_of_sql_are_what_they_look_like() {
    let sandbox = Sandbox::trading();
    sandbox.write("types.sql", "select typeof(:a) as a, :b as b, typeof(:c) as c\n-- the end\n");
    let run = sandbox.crm("sql -f types.sql --param a=1 --param b=007 --param c=2.5 --format jsonl").exits(0);
    assert_eq!(run.stdout, "{\"a\": \"integer\", \"b\": \"007\", \"c\": \"real\"}\n");
    let piped = sandbox.command("sql -f - --param x='it''s' --format csv --no-header").stdin("select :x");
    piped.run().exits(0).prints(&["its"]);
    for (words, said) in [
        ("sql 'select :a'", "--param a="),
        ("sql 'select 1' --param b=2", "`:b`"),
        ("sql 'select 1; select 2'", "one query at a time"),
        ("sql 'select 1; drop table orders'", "only queries that read"),
        ("sql 'select 1' -f types.sql", "does not go with"),
        ("sql ' '", "SELECT"),
    ] {
        sandbox.fails(2, words).says(&[said]);
    }
}

/// The lines of a topic that begin so.
fn lines<'t>(text: &'t str, beginning: &str) -> Vec<&'t str> {
    text.lines().map(str::trim).filter(|line| line.starts_with(beginning)).collect()
}

#[test]
fn the_examples_of_help_sql_run_and_find_something() {
    let demo = demo();
    demo.write("sales.sql", "select number from orders where date >= :from");
    let english = run(&demo, &["help", "sql"]).exits(0).stdout;
    let chinese = run(&demo, &["help", "sql", "--lang", "zh-CN"]).exits(0).stdout;
    let examples = lines(&english, "crm sql ");
    assert!(examples.len() >= 10, "{english}");
    assert_eq!(examples, lines(&chinese, "crm sql "));
    for example in examples {
        let words = crate::support::Words::words(example.trim_start_matches("crm "));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let answer = run(&demo, &words).exits(0).stdout;
        let rows = if words.contains(&"-o") { demo.read("sales.csv") } else { answer };
        assert!(rows.lines().count() > 1, "{example}: {rows}");
    }
}

#[test]
fn the_functions_of_help_sql_give_what_it_says() {
    let sandbox = Sandbox::new();
    let english = sandbox.ok("help sql");
    let claims = |text: &str| -> Vec<(String, String)> {
        let lines = text.lines().map(|line| line.split("  --").next().unwrap_or_default().trim());
        lines
            .filter_map(|line| line.split_once(") = "))
            .map(|(f, v)| (format!("{f})"), v.to_owned()))
            .collect()
    };
    let said = claims(&english);
    assert!(said.len() >= 10, "{english}");
    assert_eq!(said, claims(&sandbox.ok("help sql --lang zh-CN")));
    for (call, value) in said {
        let found = sandbox.ok(&["sql", &format!("select {call}"), "--format", "csv", "--no-header"]);
        assert_eq!(found, value, "{call}");
    }
}
