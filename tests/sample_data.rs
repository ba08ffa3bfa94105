//! The sample company: it loads without a complaint, reports on it run, and what is exported comes
//! back as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crm::model::kinds::KINDS;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::support::{Run, Sandbox, Words};

/// The day on which the sample company is looked at.
const NOW: &str = "2026-11-22T10:00:00+08:00";

/// The sandbox with the sample company, which stands in its store.
struct Demo(Sandbox);

impl Demo {
    fn new() -> (Self, Run) {
        let demo = Self(Sandbox::empty());
        let run = demo.run("demo").exits(0);
        let mut sandbox = demo.0;
        sandbox.enter(Path::new("crm-demo"));
        (Self(sandbox), run)
    }

    fn run(&self, words: impl Words) -> Run {
        self.0.command(words).env("CRM_USER", "admin.liu").env("CRM_NOW", NOW).env("CRM_LANG", "en").run()
    }

    #[track_caller]
    /// The names of the reports.
    fn reports(&self) -> Vec<String> {
        let list = self.run("report list --format csv").exits(0);
        let names: Vec<String> = list.column().into_iter().map(str::to_owned).collect();
        assert!(names.len() > 40, "{list}");
        names
    }

    fn ok(&self, words: impl Words) -> String {
        self.run(words).exits(0).stdout.trim_end().to_owned()
    }
}

/// How many records the files of the sample data hold, by noun.
fn wanted() -> BTreeMap<String, usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let list = std::fs::read_to_string(folder.join("IMPORT")).expect("the list of files");
    let mut counts = BTreeMap::new();
    for line in list.lines() {
        let mut words = line.split(' ');
        let (noun, file) = (words.next().expect("a noun"), words.next().expect("a file"));
        let mut reader = csv::Reader::from_path(folder.join(file)).expect("a file of the list");
        let group = words.next();
        let header = reader.headers().expect("a header").clone();
        let at = group.map(|name| header.iter().position(|column| column == name).expect("its group"));
        let rows = reader.records().map(|row| row.expect("a row")).enumerate();
        let keys: BTreeSet<String> = rows
            .map(|(number, row)| at.map_or_else(|| number.to_string(), |at| row[at].to_owned()))
            .collect();
        *counts.entry(noun.to_owned()).or_default() += keys.len();
    }
    for folder in ["roles", "calendars", "slas", "pipelines"] {
        let noun = KINDS.iter().find(|kind| kind.folder == folder).expect("a noun").name;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/toml").join(folder);
        counts.insert(noun.to_owned(), std::fs::read_dir(path).expect("a folder").count());
    }
    counts
}

#[test]
fn the_sample_company_loads_without_a_complaint() {
    let (demo, run) = Demo::new();
    for complaint in ["error", "warning"] {
        assert!(!run.stderr.contains(complaint), "{run}");
    }
    assert!(run.stdout.contains("2026Q1"), "a sales report: {run}");
    demo.ok("check");
    assert_eq!(demo.0.git("status --porcelain"), "");
    assert_eq!(demo.0.git("fsck --strict"), "");
    for (noun, count) in wanted() {
        let ids = demo.ok(&[noun.as_str(), "list", "--archived", "--format", "ids"]);
        assert_eq!(ids.lines().count(), count, "{noun}");
    }
}

#[test]
fn the_sample_company_is_reported_in_both_languages_and_every_format() {
    let (demo, _) = Demo::new();
    let total = "12,304,764.75";
    for (language, title) in [("en", "Sales"), ("zh-CN", "销售额")] {
        let text = demo.ok(&[
            "--lang",
            language,
            "report",
            "sales",
            "--by",
            "quarter",
            "--period",
            "2025-06..2026-12",
        ]);
        assert!(text.contains(total) && text.contains(title), "{text}");
    }
    let same = |format: &str| {
        let line = format!("report sales --by product,month --period 2026 --format {format}");
        let [english, chinese] = ["en", "zh-CN"].map(|language| demo.ok(format!("--lang {language} {line}")));
        assert!(english.lines().count() > 50, "{format}: {english}");
        (english, chinese)
    };
    for format in ["csv", "tsv", "json", "jsonl"] {
        let (english, chinese) = same(format);
        assert_eq!(english, chinese, "{format} is for programs");
    }
    for format in ["table", "md", "html"] {
        let (english, chinese) = same(format);
        assert!(english.contains("Net") && chinese.contains("不含税金额"), "{format}");
    }
    for language in ["en", "zh-CN"] {
        demo.ok(format!(
            "--lang {language} report sales --by customer --period 2026 -o ../sales-{language}.xlsx"
        ));
        let bytes = std::fs::read(demo.0.outside(&format!("sales-{language}.xlsx"))).expect("a workbook");
        assert!(bytes.starts_with(b"PK") && bytes.len() > 5_000, "{language}");
    }
}

/// Exports every noun and imports it again.
fn round_trips(format: &str) {
    let (demo, _) = Demo::new();
    let head = demo.0.git("rev-parse HEAD");
    let mut wrong = Vec::new();
    for kind in KINDS {
        let file = format!("../{}.{format}", kind.name);
        demo.ok(&["export", kind.name, "--archived", "-o", &file]);
        let text = std::fs::read_to_string(demo.0.path(&file)).expect("an export");
        if text.trim().is_empty() || text.trim() == "[]" {
            continue;
        }
        let run = demo.run(&["import", kind.name, &file]);
        if run.exit != 0 || demo.0.git("rev-parse HEAD") != head {
            wrong.push(format!("{run}\n{}", demo.0.git(&["diff", "-U0", &head, "HEAD"])));
            demo.0.git(&["reset", "-q", "--hard", &head]);
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), KINDS.len(), wrong.join("\n\n"));
}

#[test]
fn what_is_exported_as_csv_and_imported_again_changes_nothing() {
    round_trips("csv");
}

#[test]
fn what_is_exported_as_jsonl_and_imported_again_changes_nothing() {
    round_trips("jsonl");
}

#[test]
fn every_report_answers_on_the_sample_company() {
    let (demo, _) = Demo::new();
    for name in demo.reports() {
        let csv = demo.ok(format!("report {name} --period 2026 --format csv"));
        assert!(csv.lines().count() > 1, "{name} has no rows\n{csv}");
        let json = demo.run(format!("report {name} --period 2026 --format json")).exits(0).json();
        let keys = json[0].as_object().expect("a row").len();
        assert_eq!(keys, csv.lines().next().unwrap_or_default().split(',').count(), "{name}");
        for language in ["en", "zh-CN"] {
            let told = demo.ok(format!("--lang {language} report {name} --period 2026"));
            let head: String = told.lines().take(4).collect();
            assert!(!head.contains('_'), "{name} has columns without a label\n{told}");
            assert!(language == "en" || !head.is_ascii(), "{name}\n{told}");
            let explained = demo.ok(format!("--lang {language} report {name} --explain"));
            assert!(explained.contains("select"), "{name}\n{explained}");
        }
        demo.ok(format!("report {name} --as-of 2026-03-31 --format md"));
    }
}

#[test]
fn every_report_has_every_format_and_workbooks_read_back() {
    let (demo, _) = Demo::new();
    let out = demo.0.outside("out");
    std::fs::create_dir_all(&out).expect("a folder");
    for name in demo.reports() {
        let rows = demo.ok(format!("report {name} --period 2026 --format tsv")).lines().count();
        assert_eq!(
            demo.ok(format!("report {name} --period 2026 --format jsonl")).lines().count() + 1,
            rows,
            "{name}"
        );
        for ending in ["html", "xlsx"] {
            let file = out.join(format!("{name}.{ending}"));
            demo.ok(format!("--lang zh-CN report {name} --period 2026 -o {}", file.display()));
            assert!(std::fs::metadata(&file).expect("a file").len() > 1000, "{name}.{ending}");
        }
        let svg = demo.run(format!("report {name} --period 2026 --format svg"));
        assert!(svg.exit == 0 && svg.stdout.contains("<svg") || svg.exit == 2, "{svg}");
    }
    let script = "import glob, sys, openpyxl\n\
                  for path in glob.glob(sys.argv[1] + '/*.xlsx'):\n\
                  \x20   book = openpyxl.load_workbook(path)\n\
                  \x20   assert book.worksheets[0].max_row > 1, path\n\
                  print('read')";
    let read = std::process::Command::new("python3").args(["-c", script]).arg(&out).output();
    match read {
        Ok(output) if output.status.success() => {}
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("No module") => {
            eprintln!("skipped: python3 has no openpyxl here");
        }
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("skipped: no python3 here"),
    }
}

/// Reports of each kind: sums, lists, states on a day, what is replayed, several selects, a page.
const OF_EACH_KIND: &[&str] = &[
    "sales --by customer,month",
    "pipeline",
    "forecast-accuracy",
    "funnel",
    "receivables",
    "rfm",
    "cohort",
    "stock-value",
    "targets",
    "service --by month",
    "prospects",
    "dashboard",
];

#[test]
fn a_report_as_of_a_commit_stays_the_same_whatever_follows() {
    let (demo, _) = Demo::new();
    let commit = demo.0.git("rev-parse HEAD");
    let all = || -> Vec<String> {
        let at = |report: &&str| demo.ok(format!("report {report} --period 2026 --at {commit} --format csv"));
        OF_EACH_KIND.iter().map(at).collect()
    };
    let before = all();
    let now = demo.ok("report sales --by customer,month --period 2026 --format csv");
    assert_eq!(before[0], now);
    let buyer = demo.run("customer list --format csv --fields id").exits(0).column()[0].to_owned();
    let product = demo.run("product list --format csv --fields id").exits(0).column()[0].to_owned();
    let order =
        demo.ok(format!("order add --customer {buyer} --line {product}:3 --date 2026-06-01 --format ids"));
    demo.ok(format!("order confirm {}", order.trim()));
    assert_ne!(demo.ok("report sales --by customer,month --period 2026 --format csv"), now);
    assert_eq!(all(), before);
}

#[test]
fn a_report_is_the_same_wherever_it_is_run() {
    let (demo, _) = Demo::new();
    for report in OF_EACH_KIND {
        let here = demo.ok(format!("report {report} --period 2026 --format csv"));
        for (zone, language) in
            [("America/Los_Angeles", "de_DE.UTF-8"), ("Pacific/Kiritimati", "zh_CN.UTF-8")]
        {
            let there = demo.0.command(format!("report {report} --period 2026 --format csv"));
            let there = there.env("CRM_USER", "admin.liu").env("CRM_NOW", NOW).env("CRM_LANG", "en");
            let there = there.env("TZ", zone).env("LANG", language).env("LC_ALL", language).run();
            assert_eq!(there.exits(0).stdout.trim_end(), here, "{report} in {zone}");
        }
    }
}

#[test]
fn amounts_in_another_currency_are_the_sums_at_the_rate_of_the_day() {
    let (demo, _) = Demo::new();
    let net = |more: &str| -> Decimal {
        let line = format!("report sales --by quarter --period 2026 --total --format json {more}");
        demo.run(line).exits(0).json()[0]["net"].as_str().and_then(|net| net.parse().ok()).expect("a sum")
    };
    let rate = Decimal::new(704, 2);
    assert_eq!(
        net("--currency usd"),
        (net("") / rate).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    );
    assert_eq!(net("--currency CNY"), net(""));
    demo.ok("report sales --period 2026 --currency USD");
    demo.run("report sales --currency EUR").exits(2).says(&["no rate of EUR", "[rates.EUR]"]);
    demo.run("report sales --currency coins").exits(2).says(&["`coins` is not a currency"]);
    demo.run("report pipeline --currency USD --as-of 2026-03-31").exits(0);
}

#[test]
fn a_field_of_the_store_is_a_dimension_of_what_has_customers() {
    let (demo, _) = Demo::new();
    demo.0
        .edit("crm.toml", |text| text + "\n[fields.customer.grade]\ntype = \"string\"\nlabel = \"Grade\"\n");
    demo.ok("commit -m fields");
    let line = "report sales --by customer --period 2026 --format csv --fields customer,net";
    let rows = demo.ok(line);
    let (buyer, net) = rows.lines().nth(1).and_then(|row| row.split_once(',')).expect("a buyer");
    demo.ok(format!("customer set {buyer} --grade gold"));
    let found =
        demo.ok("report sales --by custom.grade --period 2026 --format csv --fields custom.grade,net");
    assert!(found.contains(&format!("gold,{net}")), "{found}");
    let one = demo.ok(format!("{line} --where custom.grade=gold"));
    assert_eq!(one.lines().skip(1).collect::<Vec<_>>(), [format!("{buyer},{net}")]);
    assert!(demo.ok("report sales --by custom.grade --period 2026").starts_with("Grade"));
    demo.run("report sales --by custom.colour").exits(2).says(&["custom.colour"]);
}

#[test]
fn a_record_that_cannot_be_read_stops_what_is_made_of_it_and_nothing_else() {
    let (demo, _) = Demo::new();
    let shipment = demo.run("shipment list --format csv --fields id").exits(0).column()[0].to_owned();
    let file = demo.0.file_of(&shipment);
    demo.0.edit(&file, |text| format!("{text}\n<<<<<<< HEAD\n"));
    // A closed order counts for what was shipped of it.
    demo.run("report sales --period 2026").exits(5).says(&[&file]);
    demo.run("report on-time --period 2026").exits(5).says(&[&file]);
    demo.ok("report sales --period 2026 --format csv --at HEAD");
    demo.ok("report win-rate --period 2026");
    demo.run("report sales --period 2026 --keep-going").exits(0);
}
