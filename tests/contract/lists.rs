//! What a list prints: every format, and which rows, columns and order.

use crate::support::Sandbox;

/// Four customers, the second without a city.
fn customers() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "lines",
        "region add north --name 北方\n\
         customer add --name 海尔 --phone 01065120001 --city 青岛 --level A --region north --credit-limit 100000 --birthday 2026-01-31\n\
         customer add --name 'Blue Fox, Ltd' --kind dealer --level B --credit-limit 5000\n\
         customer add --name 美的 --city 佛山 --level A --credit-limit 20000 --birthday 2026-02-01\n\
         customer add --name 格力 --city 珠海 --level C\n",
    );
    sandbox.ok("batch lines");
    sandbox
}

/// The names that a list with these flags gives, in order.
#[track_caller]
fn names(sandbox: &Sandbox, flags: &str) -> Vec<String> {
    let run = sandbox.crm(format!("customer list --fields name --format csv --no-header {flags}")).exits(0);
    run.stdout.lines().map(|line| line.trim_matches('"').to_owned()).collect()
}

#[test]
fn conditions_choose_the_rows() {
    let sandbox = customers();
    for (flags, expected) in [
        ("--where level=A", &["海尔", "美的"] as &[&str]),
        ("--where level=A,C", &["海尔", "美的", "格力"]),
        ("--where level!=A", &["Blue Fox, Ltd", "格力"]),
        ("--where level=A --where city=佛山", &["美的"]),
        ("--where city=", &["Blue Fox, Ltd"]),
        ("--where city!=", &["海尔", "美的", "格力"]),
        ("--where name~fox", &["Blue Fox, Ltd"]),
        ("--where name!~fox", &["海尔", "美的", "格力"]),
        ("--where credit_limit>=20000", &["海尔", "美的"]),
        ("--where credit_limit<20000", &["Blue Fox, Ltd"]),
        ("--where birthday=2026-01", &["海尔"]),
        ("--where birthday>2026-01-31", &["美的"]),
        ("--where region=north", &["海尔"]),
        ("--where region=北方", &["海尔"]),
        ("--where owner=me --where kind=dealer", &["Blue Fox, Ltd"]),
        ("--where phone=010-65120001", &["海尔"]),
        ("--where created_at=today", &["海尔", "Blue Fox, Ltd", "美的", "格力"]),
        ("--where created_at<today", &[]),
    ] {
        let mut found = names(&sandbox, flags);
        let mut expected: Vec<String> = expected.iter().map(|&name| name.to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{flags}");
    }
}

#[test]
fn sort_and_limit_order_and_cut() {
    let sandbox = customers();
    for (flags, expected) in [
        ("--sort credit_limit", &["Blue Fox, Ltd", "美的", "海尔", "格力"] as &[&str]),
        ("--sort level,-credit_limit --limit 2", &["海尔", "美的"]),
        ("--sort -level,name --limit 1", &["格力"]),
        ("--where level=A --sort -birthday", &["美的", "海尔"]),
        ("--limit 0", &[]),
    ] {
        let found = names(&sandbox, flags);
        if flags == "--sort credit_limit" {
            // Where the empty one goes is not part of the contract; that the numbers are in order is.
            let filled: Vec<&String> = found.iter().filter(|name| *name != "格力").collect();
            assert_eq!(filled, ["Blue Fox, Ltd", "美的", "海尔"], "{flags}");
        } else {
            assert_eq!(found, expected, "{flags}");
        }
    }
    assert_eq!(names(&sandbox, ""), names(&sandbox, ""), "the same order every time");
}

#[test]
fn csv_has_a_header_of_codes_and_quotes_what_needs_it() {
    let sandbox = customers();
    let run = sandbox
        .crm("customer list --fields name,kind,credit_limit,region,region_name --sort name --format csv");
    assert_eq!(
        run.exits(0).stdout,
        "name,kind,credit_limit,region,region_name\n\
         \"Blue Fox, Ltd\",dealer,5000.00,,\n\
         格力,company,,,\n\
         海尔,company,100000.00,north,北方\n\
         美的,company,20000.00,,\n"
    );
}

#[test]
fn tsv_has_tabs() {
    let sandbox = customers();
    let run = sandbox.crm("customer list --fields name,level --where level=B --format tsv").exits(0);
    assert_eq!(run.stdout, "name\tlevel\nBlue Fox, Ltd\tB\n");
}

#[test]
fn json_is_an_array_of_objects_with_every_field_and_decimals_as_text() {
    let sandbox = customers();
    let found = sandbox.crm("customer list --sort name --format json").exits(0).json();
    let records = found.as_array().expect("an array");
    assert_eq!(records.len(), 4);
    let haier = records.iter().find(|r| r["name"] == "海尔").expect("海尔");
    assert_eq!(haier["credit_limit"], "100000.00");
    assert_eq!(haier["payment_days"], 30);
    assert_eq!(haier["birthday"], "2026-01-31");
    assert_eq!((&haier["region"], &haier["region_name"]), (&"north".into(), &"北方".into()));
    let fox = records.iter().find(|r| r["level"] == "B").expect("Blue Fox");
    assert!(fox.get("city").is_some_and(serde_json::Value::is_null), "absent is null and there");
    let keys = |r: &serde_json::Value| r.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    assert!(
        records.iter().all(|r| keys(r) == keys(haier)),
        "every record has the same keys in the same order"
    );
}

#[test]
fn jsonl_is_one_record_a_line_and_ids_one_id_a_line() {
    let sandbox = customers();
    let lines = sandbox.ok("customer list --format jsonl");
    let records: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is json")).collect();
    let ids: Vec<&str> = records.iter().filter_map(|r| r["id"].as_str()).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(sandbox.ok("customer list --format ids").lines().collect::<Vec<_>>(), ids);
}

#[test]
fn show_is_an_object_with_its_rows() {
    let sandbox = Sandbox::trading();
    let order = sandbox.crm("order show SO-2026-0001 --format json").exits(0).json();
    assert_eq!(order["number"], "SO-2026-0001");
    assert_eq!(order["customer_name"], "海尔北京");
    assert_eq!(order["lines"][0]["product"], "HAN-EV-610");
    assert_eq!(order["lines"][0]["qty"], "2");
    assert_eq!(order["total"], "496748.00");
    assert_eq!(order["rev"].as_str().map(str::len), Some(40));
    let plain = sandbox.crm("show SO-2026-0001 --format json").exits(0).json();
    assert_eq!(plain, order, "`show` finds a record of any type");
}

#[test]
fn a_table_has_labels_and_lines_up_for_wide_characters() {
    let sandbox = customers();
    let run =
        sandbox.crm("customer list --fields name,level --sort level").exits(0).prints(&["Name", "Level"]);
    let cells: Vec<usize> = run
        .stdout
        .lines()
        .skip(2)
        .take(4)
        .filter_map(|line| {
            let at = line.rfind(['A', 'B', 'C'])?;
            Some(line[..at].chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum())
        })
        .collect();
    assert_eq!(cells.len(), 4, "{run}");
    assert!(cells.iter().all(|at| *at == cells[0]), "{cells:?}\n{run}");
    sandbox.crm("customer list --labels code").exits(0).prints(&["credit_limit"].map(|_| "name"));
}

#[test]
fn markdown_and_html_are_tables() {
    let sandbox = customers();
    let md = sandbox.ok("customer list --fields name,level --where level=B --format md");
    assert!(md.contains("| Blue Fox, Ltd | B"), "{md}");
    let html = sandbox.ok("customer list --fields name,level --where level=B --format html");
    assert!(html.contains("<table") && html.contains("<td>Blue Fox, Ltd</td>"), "{html}");
}

#[test]
fn an_xlsx_goes_to_a_file_or_a_pipe() {
    let sandbox = customers();
    let path = sandbox.outside("customers.xlsx");
    sandbox.crm(&["customer", "list", "-o", &path.display().to_string()]).exits(0).prints_nothing();
    let bytes = std::fs::read(&path).expect("the workbook");
    assert!(bytes.starts_with(b"PK"), "a workbook is a zip file");
    let has = |name: &[u8]| bytes.windows(name.len()).any(|w| w == name);
    assert!(has(b"xl/worksheets/sheet1.xml"), "a sheet");
    let piped = sandbox.crm("customer list --format xlsx").exits(0);
    assert!(piped.stdout.starts_with("PK"));
}

#[test]
fn the_ending_of_the_file_names_the_format() {
    let sandbox = customers();
    for format in ["csv", "tsv", "json", "jsonl", "md", "html"] {
        let path = sandbox.outside(&format!("out.{format}")).display().to_string();
        sandbox.crm(&["customer", "list", "-o", &path]).exits(0);
        let text = std::fs::read_to_string(&path).expect("the file");
        assert_eq!(text, sandbox.crm(&["customer", "list", "--format", format]).stdout, "{format}");
    }
}

#[test]
fn nothing_found_is_success_and_a_valid_empty_document() {
    let sandbox = customers();
    let list = |format: &str| {
        sandbox
            .crm(format!("customer list --where level=A --where level=B --fields id,name --format {format}"))
    };
    assert_eq!(list("csv").stdout, "id,name\n");
    assert_eq!(list("tsv").stdout, "id\tname\n");
    assert_eq!(list("json").json(), serde_json::json!([]));
    assert_eq!(list("jsonl").stdout, "");
    assert_eq!(list("ids").stdout, "");
    for format in ["table", "csv", "tsv", "json", "jsonl", "ids", "md", "html", "xlsx"] {
        list(format).exits(0);
    }
    assert_eq!(sandbox.ok("search nothing-of-the-kind --format json"), "[]");
}

#[test]
fn a_code_that_does_not_exist_is_no_empty_answer() {
    let sandbox = customers();
    let run = sandbox.fails(2, "customer list --where level=Z").prints_nothing();
    run.says(&["Z"]);
    sandbox.fails(3, "customer list --where region=nowhere").says(&["nowhere"]);
}

#[test]
fn header_mark_and_formulas_are_as_asked() {
    let sandbox = customers();
    sandbox.ok(&["customer", "add", "--name", "=cmd|' /C calc'!A0", "--level", "B"]);
    let list = |flags: &str| {
        sandbox
            .crm(format!("customer list --fields name --where level=B --sort name --format csv {flags}"))
            .exits(0)
            .stdout
    };
    assert_eq!(list("--no-header"), "=cmd|' /C calc'!A0\n\"Blue Fox, Ltd\"\n");
    assert!(list("--bom").starts_with("\u{feff}name\n"));
    assert!(list("--excel-safe").contains("\n'=cmd|' /C calc'!A0\n"), "{}", list("--excel-safe"));
}

#[test]
fn fields_help_lists_what_can_be_chosen() {
    let sandbox = Sandbox::trading();
    let run = sandbox.crm("order list --fields help --format csv").exits(0);
    let fields = run.column();
    for field in ["id", "number", "customer", "customer_name", "total", "progress"] {
        assert!(fields.contains(&field), "{field}\n{run}");
    }
    for field in fields {
        sandbox.crm(format!("order list --fields {field} --format csv")).exits(0);
    }
}

/// Four customers and three saved views.
fn viewed() -> Sandbox {
    let sandbox = customers();
    sandbox.edit("crm.toml", |text| {
        text + "\n[views.best]\nof = \"customer\"\nwhere = [\"level=A\"]\nfields = [\"name\", \"city\"]\n\
                sort = \"-name\"\n\n[views.largest]\nof = \"customer\"\nsort = [\"-credit_limit\", \"name\"]\n\
                where = \"credit_limit!=\"\nlimit = 2\n\n[views.odd]\nof = \"customer\"\nwher = [\"level=A\"]\n"
    });
    sandbox.ok("commit");
    sandbox
}

#[test]
fn a_saved_view_is_a_set_of_flags() {
    let sandbox = viewed();
    let run = sandbox.crm("customer list --view best --format csv").exits(0);
    assert_eq!(run.stdout, "name,city\n美的,佛山\n海尔,青岛\n");
    for (flags, expected) in [
        ("--view best --where city=青岛", &["海尔"] as &[&str]),
        ("--view best --where level=C", &[]),
        ("--view best --sort name", &["海尔", "美的"]),
        ("--view best --limit 1", &["美的"]),
        ("--view largest", &["海尔", "美的"]),
        ("--view largest --limit 1", &["海尔"]),
        ("--view largest --limit 9", &["海尔", "美的", "Blue Fox, Ltd"]),
    ] {
        assert_eq!(names(&sandbox, flags), expected, "{flags}");
    }
    let run = sandbox.crm("customer list --view best --fields level --format csv").exits(0);
    assert_eq!(run.stdout, "level\nA\nA\n", "fields of the line replace those of the view");
    sandbox.ok("check");
}

#[test]
fn a_view_that_does_not_fit_is_refused_with_what_would() {
    let sandbox = viewed();
    sandbox.fails(2, "customer list --view bset").prints_nothing().says(&["`bset`", "perhaps best"]);
    sandbox.fails(2, "customer list --view nothing").says(&["one of best, largest, odd"]);
    sandbox.fails(2, "product list --view best").says(&["`best` is of `customer`, not of `product`"]);
    sandbox.fails(2, "customer list --view odd").says(&["[views.odd]", "`wher`", "where"]);
}

#[test]
fn a_list_of_the_past_is_as_it_was() {
    let sandbox = customers();
    let before = sandbox.crm("customer list --sort name --format csv").stdout;
    let then = sandbox.git("rev-parse HEAD");
    sandbox.wait_days(1);
    sandbox.ok("customer set 海尔 --name 海尔智家");
    sandbox.ok("customer remove 格力 --yes");
    assert_eq!(sandbox.crm(format!("customer list --sort name --format csv --at {then}")).stdout, before);
    assert_eq!(sandbox.crm("customer list --sort name --format csv --at yesterday").stdout, before);
    assert_eq!(sandbox.crm("customer list --sort name --format csv --at 2026-03-04").stdout, before);
    assert_ne!(sandbox.crm("customer list --sort name --format csv").stdout, before);
}

#[test]
fn the_format_may_come_from_the_environment_and_the_flag_wins() {
    let sandbox = customers();
    let run = |line: &str| sandbox.command(line).env("CRM_FORMAT", "json").run().exits(0).stdout;
    assert!(run("customer list").starts_with('['));
    assert!(run("customer list --format csv").starts_with("id,"));
    assert_eq!(
        sandbox.command("customer list --format csv").env("CRM_FORMAT", "").run().exits(0).stdout,
        run("customer list --format csv")
    );
}

#[test]
fn search_finds_chinese_numbers_and_pieces() {
    let sandbox = Sandbox::trading();
    for words in ["海尔", "尔北", "6512", "65123456", "haier", "buy@haier.example", "海尔北京"] {
        let found = sandbox.crm(&["search", words, "--format", "json"]).exits(0).json();
        let hit = found.as_array().is_some_and(|all| all.iter().any(|hit| hit["title"] == "海尔北京"));
        assert!(hit, "{words}: {found}");
    }
}

#[test]
fn sql_reads_and_takes_parameters() {
    let sandbox = customers();
    let run = sandbox
        .crm(&["sql", "select name, level from customers where level = 'B'", "--format", "csv"])
        .exits(0);
    assert_eq!(run.stdout, "name,level\n\"Blue Fox, Ltd\",B\n");
    for bad in [
        "delete from customers",
        "update customers set name = 'x'",
        "drop table customers",
        "attach 'x' as y",
        "pragma writable_schema = 1",
    ] {
        sandbox.fails(2, &["sql", bad]);
    }
    assert_eq!(names(&sandbox, "").len(), 4);
}

#[test]
fn a_name_and_what_a_view_derives_stand_in_one_list() {
    let sandbox = Sandbox::trading();
    for price in ["100", "200", "300"] {
        sandbox.ok(format!("invoice add --customer 海尔北京 --line HAN-EV-610:1@{price}"));
    }
    let list = "invoice list --sort number --format csv --no-header --fields customer_name,outstanding";
    assert_eq!(sandbox.ok(list), "海尔北京,113.00\n海尔北京,226.00\n海尔北京,339.00");
}
