//! A store's own reports: with SQL and without, written, tried, bound into a workbook, run by cron.

use std::fs;

use crate::support::{Run, Sandbox, part};

const CITIES: &str = r#"/*---
title = "Customers by city"
title_zh = "城市客户数"
definition = "Customers created in the period."
period = "life"
noun = "customer"
params = [
  { name = "least", type = "int", default = "1", help = "Customers that a city must have" },
  { name = "of-level", type = "code", codes = ["A", "B"] },
]
columns = [
  { name = "city", type = "text" },
  { name = "customers", type = "int", label = "How many" },
  { name = "credit_limit", type = "money" },
]
order = "sql"
chart = { kind = "bar", y = ["customers"] }
---*/
select city, count(*) as customers, sum(credit_limit) as credit_limit
from customers
where day(created_at) between :from and :to and (:of_level is null or level = :of_level)
group by city having count(*) >= :least
order by customers desc, city
"#;

const DECLARED: &str = r#"title = "Customers by city"
period = "life"
from = "customers"
where = ["level=:of-level"]
group = ["city"]
measures = [
  { name = "customers", count = true },
  { name = "credit_limit", sum = "credit_limit" },
]
sort = "-customers,city"
params = [{ name = "of-level", type = "code", codes = ["A", "B"] }]
columns = [{ name = "customers", label = "How many" }]
chart = { kind = "bar", y = ["customers"] }
"#;

/// Four customers in two cities.
fn customers() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "lines",
        "customer add --name 海尔 --city 青岛 --level A --credit-limit 100000 --phone 01065120001\n\
         customer add --name 海信 --city 青岛 --level B --credit-limit 5000 --phone 01065120002\n\
         customer add --name 美的 --city 佛山 --level A --credit-limit 20000.50 --phone 01065120003\n\
         customer add --name 澳柯玛 --city 青岛 --level C --phone 01065120004\n",
    );
    sandbox.ok("batch lines");
    sandbox.remove("lines");
    sandbox
}

/// The same, with the report of cities.
fn with_report() -> Sandbox {
    let sandbox = customers();
    sandbox.write("reports/cities.sql", CITIES);
    sandbox.ok("commit");
    sandbox
}

#[test]
fn a_file_becomes_a_report_with_its_flags() {
    let sandbox = with_report();
    for (flags, rows) in [
        ("", "青岛,3,105000.00,CNY\n佛山,1,20000.50,CNY\n"),
        ("--least 2", "青岛,3,105000.00,CNY\n"),
        ("--of-level A", "佛山,1,20000.50,CNY\n青岛,1,100000.00,CNY\n"),
        ("--where customers=1", "佛山,1,20000.50,CNY\n"),
        ("--period 2020", ""),
        ("--limit 1", "青岛,3,105000.00,CNY\n"),
    ] {
        let run = sandbox.crm(format!("report cities --format csv {flags}")).exits(0);
        assert_eq!(run.stdout, format!("city,customers,credit_limit,currency\n{rows}"), "{flags}");
    }
    sandbox.fails(2, "report cities --least many").says(&["many"]);
    sandbox.fails(2, "report cities --of-level C").says(&["A, B"]);
    sandbox.fails(2, "report cities --city x").says(&["--city"]);
    let help = sandbox.crm("report cities --help").exits(0);
    help.prints(&["Customers by city", "--least <N>", "Customers that a city must have", "--of-level <A|B>"]);
    sandbox.crm("report cities --explain").exits(0).prints(&[
        "Customers created in the period.",
        "least = 1",
        "group by city",
    ]);
}

#[test]
fn it_has_every_format_labels_a_chart_and_the_past() {
    let sandbox = with_report();
    sandbox.crm("report cities").exits(0).prints(&["How many", "Credit limit", "Customers by city (2 rows)"]);
    sandbox.crm("report cities --lang zh-CN").exits(0).prints(&["城市客户数", "How many", "信用额度"]);
    assert!(sandbox.ok("report cities --chart=only").contains("████"));
    for format in ["json", "jsonl", "md", "html", "svg", "xlsx"] {
        sandbox.crm(format!("report cities --format {format}")).exits(0);
    }
    let before = sandbox.git("rev-parse HEAD");
    sandbox.ok("customer add --name 格力 --city 珠海 --phone 01065120005");
    sandbox.edit("reports/cities.sql", |text| text.replace("How many", "Customers"));
    let past = sandbox.crm(format!("report cities --at {before}")).exits(0);
    past.prints(&["Customers  Credit limit", &before, "(2 rows)"]);
    assert!(sandbox.ok("report cities --format csv").contains("珠海"));
}

#[test]
fn a_store_of_its_own_is_where_the_report_is() {
    let sandbox = with_report();
    let store = sandbox.dir().display().to_string();
    let mut elsewhere = Sandbox::empty();
    elsewhere.enter(std::path::Path::new("."));
    elsewhere.fails(2, "report cities");
    let run = elsewhere.crm(&["-C", &store, "report", "cities", "--format", "csv", "--no-header"]).exits(0);
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
}

#[test]
fn the_form_without_sql_answers_the_same() {
    let sandbox = with_report();
    sandbox.write("reports/declared.toml", DECLARED);
    sandbox.ok("commit");
    let csv = |report: &str, flags: &str| sandbox.ok(format!("report {report} --format csv {flags}"));
    for flags in ["", "--of-level A", "--period 2020", "--where customers>=2", "--of-level B --limit 1"] {
        assert_eq!(csv("declared", flags), csv("cities", flags), "{flags}");
    }
    sandbox.crm("report declared --explain").exits(0).prints(&["group by 1", "from \"customers\""]);
    let summed = DECLARED.replace("sort = \"-customers,city\"\n", "");
    sandbox.write("reports/summed.toml", summed);
    let run = sandbox.crm("report summed").exits(0);
    run.prints(&["青岛", "Total", "125,000.50"]);
    assert_eq!(
        csv("summed", "--by level --fields level,customers"),
        "level,customers\nA,2\nB,1\nC,1",
        "every dimension of the table can be asked by"
    );
    sandbox.ok("report check");
}

/// A file with each thing that can be wrong, and what is said about it.
const BROKEN: &[(&str, &str, &[&str])] = &[
    ("bare.sql", "select 1", &["no front matter"]),
    ("word.sql", "/*---\ntitle = \"T\"\ncolumn = 1\n---*/ select 1", &["reports/word.sql:3: ", "column"]),
    (
        "types.sql",
        "/*---\ntitle = \"T\"\ncolumns = [{ name = \"a\", type = \"number\" }]\nchart = { kind = \"bar\", y = [\"b\"] }\n---*/ select 1 as a",
        &["`columns.a.type` cannot be `number`", "`chart.y` cannot be `b`"],
    ),
    (
        "flag.sql",
        "/*---\ntitle = \"T\"\nparams = [{ name = \"format\", type = \"text\" }]\ncolumns = [{ name = \"a\", type = \"int\" }]\n---*/ select 1 as a",
        &["`format` cannot be the name of a parameter"],
    ),
    (
        "few.sql",
        "/*---\ntitle = \"T\"\ncolumns = [{ name = \"a\", type = \"int\" }, { name = \"b\", type = \"int\" }]\n---*/ select 1 as a",
        &["the columns a; declared are a, b"],
    ),
    (
        "writes.sql",
        "/*---\ntitle = \"T\"\ncolumns = [{ name = \"a\", type = \"int\" }]\n---*/ delete from customers",
        &["reports/writes.sql: ", "cannot be run"],
    ),
    (
        "other.sql",
        "/*---\nname = \"one\"\ntitle = \"T\"\ncolumns = []\n---*/ select 1",
        &["calls its report `one`"],
    ),
    (
        "table.toml",
        "title = \"T\"\nfrom = \"customer\"\nmeasures = [{ name = \"n\", count = true }]",
        &["customer"],
    ),
    ("half.toml", "title = \"T\"\nfrom = \"customers", &["reports/half.toml:2: "]),
    ("Upper.sql", "", &["`Upper` cannot be the name of a report"]),
];

#[test]
fn a_file_that_cannot_be_used_is_in_nobodys_way() {
    let sandbox = with_report();
    for (name, text, _) in BROKEN {
        sandbox.write(&format!("reports/{name}"), text);
    }
    for line in ["report cities", "report sales", "report list", "customer list", "check", "commit"] {
        sandbox.ok(line);
    }
    let check = sandbox.fails(9, "report check");
    for (name, _, said) in BROKEN {
        assert!(check.stdout.contains(&format!("reports/{name}")), "{name}\n{check}");
        let report = name.split('.').next().unwrap_or_default();
        let run = sandbox.fails(5, format!("report {report}")).prints_nothing();
        run.says(said);
        sandbox.fails(9, format!("report check {report}"));
    }
    assert!(!check.stdout.contains("cities"), "{check}");
    sandbox.fails(5, "report bare --any 1 --by month").says(&["no front matter"]);
    sandbox.ok("report check cities");
    sandbox.fails(2, "report check citis").says(&["perhaps cities"]);
    let findings = sandbox.crm("report check types --format json").exits(9).json();
    assert_eq!(findings[0]["path"], "reports/types.sql");
    assert_eq!(findings[1]["rule"], "report-unknown-word");
}

#[test]
fn names_that_are_taken_are_refused_and_the_others_stay_what_they_are() {
    let sandbox = with_report();
    for name in ["sales", "list", "dashboard"] {
        sandbox.write(&format!("reports/{name}.sql"), CITIES);
    }
    sandbox.write("reports/cities.toml", DECLARED);
    let check = sandbox.fails(9, "report check");
    for name in ["sales", "list", "dashboard"] {
        assert!(
            check.stdout.contains(&format!("reports/{name}.sql: error: `{name}` is the name of")),
            "{check}"
        );
    }
    assert!(check.stdout.contains("reports/cities.toml: error: there are two files"), "{check}");
    assert!(sandbox.ok("report sales --format csv").starts_with("month,orders"));
    sandbox.ok("report cities --least 2");
    let link = sandbox.path("reports/link.sql");
    std::os::unix::fs::symlink(sandbox.outside("home"), link).expect("a link");
    sandbox.fails(5, "report link").says(&["link"]);
}

#[test]
fn the_list_says_whose_a_report_is() {
    let sandbox = with_report();
    let found = sandbox.crm("report list --format json").exits(0).json();
    let origin = |name: &str| {
        let all = found.as_array().into_iter().flatten();
        all.filter(|report| report["name"] == name).map(|report| report["origin"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(origin("sales"), ["built-in"]);
    assert_eq!(origin("cities"), ["own"]);
    sandbox.crm("report list --lang zh-CN").exits(0).prints(&["内置", "自定义", "城市客户数"]);
}

#[test]
fn a_new_report_works_as_it_is_written_and_is_one_commit() {
    let sandbox = customers();
    let commits = sandbox.commits();
    assert_eq!(sandbox.ok("report new plain"), "reports/plain.sql");
    assert_eq!(sandbox.ok("report new without --toml"), "reports/without.toml");
    assert_eq!(sandbox.ok("report new lost --like lost-reasons"), "reports/lost.sql");
    assert_eq!(sandbox.ok("report new again --like without"), "reports/again.toml");
    assert_eq!(sandbox.commits(), commits + 4);
    let message = sandbox.git("log -1 --format=%B");
    assert!(
        message.starts_with("report new: reports/again.toml") && message.contains("Crm-Actor: ann"),
        "{message}"
    );
    assert_eq!(sandbox.git("status --porcelain"), "");
    sandbox.crm("report check").exits(0).says(&["4 reports of your own, nothing wrong"]);
    let rows = "青岛,3,105000.00,CNY\n佛山,1,20000.50,CNY";
    for report in ["plain", "without", "again"] {
        let csv = sandbox.ok(format!("report {report} --format csv --no-header"));
        assert_eq!(csv, rows, "{report}");
    }
    assert_eq!(
        sandbox.ok("report lost --explain").lines().last(),
        sandbox.ok("report lost-reasons --explain").lines().last()
    );
    for (exit, line) in [
        (6, "report new plain"),
        (6, "report new without"),
        (2, "report new sales"),
        (2, "report new run-all"),
        (2, "report new ../x"),
        (2, "report new x --like nothing"),
    ] {
        sandbox.fails(exit, line).prints_nothing();
    }
    sandbox.crm("report new dry --dry-run").exits(0).prints(&["+++ reports/dry.sql", "+select"]);
    assert_eq!((sandbox.commits(), sandbox.path("reports/dry.sql").exists()), (commits + 4, false));
}

#[test]
fn every_built_in_report_can_be_copied() {
    let sandbox = Sandbox::trading();
    let list = sandbox.ok("report list --format ids");
    for name in list.lines() {
        sandbox.ok(format!("report new my-{name} --like {name}"));
    }
    sandbox.ok("report check");
    for name in list.lines() {
        let of = |report: &str| sandbox.ok(format!("report {report} --format csv"));
        assert_eq!(of(&format!("my-{name}")), of(name), "{name}");
    }
}

#[test]
fn a_book_has_a_sheet_for_each_report_and_one_that_says_where_they_are_from() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    sandbox.write("reports/cities.sql", CITIES);
    let book = "report book sales order-stats cities sales --period 2026 -o all.xlsx";
    sandbox.crm(book).exits(0).prints_nothing();
    let bytes = fs::read(sandbox.path("all.xlsx")).expect("the workbook");
    let names = part(&bytes, "xl/workbook.xml");
    for name in ["\"sales\"", "\"order-stats\"", "\"cities\"", "\"sales 2\"", "\"Provenance\""] {
        assert!(names.contains(&format!("<sheet name={name}")), "{name}: {names}");
    }
    assert!(
        part(&bytes, "xl/charts/chart4.xml").contains("'sales 2'!"),
        "native charts over their own sheet"
    );
    let strings = part(&bytes, "xl/sharedStrings.xml");
    for text in ["2026 (2026-01-01..2026-12-31)", "Customers by city", "Order statistics", "2026-03"] {
        assert!(strings.contains(text), "{text}: {strings}");
    }
    assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("<v>439600</v>"));
    sandbox.write("reports/cities.sql", CITIES);
    sandbox.ok(book);
    assert!(fs::read(sandbox.path("all.xlsx")).is_ok_and(|again| again == bytes), "the same bytes");
    sandbox.fails(2, "report book sales").says(&["xlsx"]);
    sandbox.fails(2, "report book sales -o all.csv").says(&["xlsx"]);
    sandbox.fails(2, "report book slaes -o all.xlsx").says(&["perhaps sales"]);
    sandbox.fails(2, "report book sales --period never -o all.xlsx").says(&["never"]);
}

#[test]
fn a_report_of_another_day_leaves_the_next_one_alone() {
    let sandbox = with_report();
    sandbox.edit("crm.toml", |text| {
        text + "\n[schedule.a]\nreport = \"cities --as-of 2020-01-01\"\nevery = \"day\"\nformat = \"csv\"\n\
                \n[schedule.b]\nreport = \"plain\"\nevery = \"day\"\nformat = \"csv\"\n"
    });
    sandbox.ok("commit");
    sandbox.ok("report new plain");
    sandbox.ok("report run-all out");
    assert_eq!(sandbox.read("out/b-2026-03-04.csv").lines().count(), 3, "both cities are there");
    assert_eq!(sandbox.read("out/a-2026-03-04.csv").lines().count(), 1);
}

const SCHEDULE: &str = r#"
[schedule.cities]
report = "cities --least 1"
every = "day"
format = "csv"

[schedule.book]
report = "cities --period 'this year' --fields city,customers"
every = "week"
format = "xlsx"

[schedule.page]
report = "sales --by region --period last-month"
every = "month"
format = "html"
"#;

/// What a run did, by the name of each report.
fn outcomes(run: &Run) -> Vec<String> {
    let rows = run.json();
    let text = |row: &serde_json::Value| {
        let file = row["file"].as_str().and_then(|file| file.rsplit('/').next()).unwrap_or("-");
        format!("{} {file} {}", row["name"].as_str().unwrap_or("-"), row["outcome"].as_str().unwrap_or("-"))
    };
    rows.as_array().into_iter().flatten().map(text).collect()
}

#[test]
fn scheduled_reports_are_written_once_and_again_only_when_they_change() {
    let sandbox = with_report();
    sandbox.edit("crm.toml", |text| text + SCHEDULE);
    sandbox.ok("commit");
    let run = || sandbox.crm("report run-all ../out --format json").exits(0);
    let pending = sandbox.crm("report run-all ../out --format json --dry-run").exits(0);
    assert_eq!(outcomes(&pending)[0], "book book-2026-W10.xlsx pending");
    assert!(!sandbox.outside("out").exists());
    assert_eq!(
        outcomes(&run()),
        [
            "book book-2026-W10.xlsx written",
            "cities cities-2026-03-04.csv written",
            "page page-2026-03.html written"
        ]
    );
    let out = sandbox.outside("out");
    let stamps = || {
        let mut all: Vec<_> = fs::read_dir(&out)
            .expect("the directory")
            .map(|entry| entry.expect("an entry"))
            .map(|entry| (entry.file_name(), entry.metadata().and_then(|m| m.modified()).expect("a time")))
            .collect();
        all.sort();
        all
    };
    let before = stamps();
    assert_eq!(before.len(), 3, "nothing is left over: {before:?}");
    assert!(outcomes(&run()).iter().all(|line| line.ends_with(" unchanged")));
    assert_eq!(stamps(), before);
    sandbox.ok("customer add --name 格力 --city 珠海 --phone 01065120005");
    assert_eq!(outcomes(&run())[1], "cities cities-2026-03-04.csv written");
    assert!(fs::read_to_string(out.join("cities-2026-03-04.csv")).is_ok_and(|text| text.contains("珠海")));
    sandbox.wait_days(1);
    assert_eq!(outcomes(&run())[1], "cities cities-2026-03-05.csv written");
}

#[test]
fn a_scheduled_report_that_fails_does_not_stop_the_others() {
    let sandbox = with_report();
    sandbox.edit("crm.toml", |text| {
        let broken = [
            ("a", "slaes", "day", "csv"),
            ("b", "sales --by nothing", "day", "csv"),
            ("c", "sales", "hour", "csv"),
            ("d", "sales", "day", "pdf"),
            ("e", "sales --lang en", "day", "csv"),
            ("f", "sales --explain", "day", "csv"),
            ("g", "list", "day", "csv"),
        ];
        let entry = |(name, report, every, format): (&str, &str, &str, &str)| {
            format!(
                "\n[schedule.{name}]\nreport = \"{report}\"\nevery = \"{every}\"\nformat = \"{format}\"\n"
            )
        };
        text + &broken.map(entry).concat() + "\n[schedule.h]\nreport = \"sales\"\n" + SCHEDULE
    });
    sandbox.ok("commit");
    let run = sandbox.crm("report run-all out --format json").exits(10);
    let outcomes = outcomes(&run);
    assert_eq!(outcomes.iter().filter(|line| line.ends_with("- failed")).count(), 8, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|line| line.ends_with(" written")).count(), 3, "{outcomes:?}");
    run.says(&[
        "a: error: there is no report `slaes`",
        "a: hint: perhaps sales",
        "b: error: report `sales` has no dimension `nothing`",
        "`every` cannot be `hour`",
        "`format` cannot be `pdf`",
        "`--lang` is no flag of a report",
        "[schedule.h]` has no `every`",
    ]);
}
