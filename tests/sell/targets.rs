//! Targets: set, approved, split, revised, and what the report says of them.

use serde_json::Value;

use crate::support::Sandbox;

/// Ann and Bob of the team `sales`, regions, a product and orders of the first quarter of 2026:
/// Ann's of 200,000 in January and 80,000 in February, Bob's of 50,000 in February.
fn selling() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "basics",
        "region add south --name 华南\n\
         region add shenzhen --name 深圳 --parent south\n\
         team add sales --name 销售\n\
         team add inside --name 内销 --parent sales\n\
         user add bob --name Bob --email bob@acme.example --team inside\n\
         user set ann --team sales\n\
         product add EV --name 车 --category vehicle/sedan --price 1000 --cost 600 --track-stock=false\n\
         product add MAT --name 垫 --category care --price 100 --track-stock=false\n\
         customer add --name 海尔 --phone 01065120001 --region shenzhen\n\
         order add --customer 海尔 --date 2026-01-20 --line EV:200 --owner ann\n\
         order add --customer 海尔 --date 2026-02-10 --line MAT:800 --owner ann\n\
         order add --customer 海尔 --date 2026-02-12 --line EV:50 --owner bob\n\
         order confirm SO-2026-0001 SO-2026-0002 SO-2026-0003\n",
    );
    at(&sandbox, "2026-02-13T09:00:00+08:00", "batch basics");
    sandbox.remove("basics");
    sandbox
}

/// Runs a command at an earlier time.
#[track_caller]
fn at(sandbox: &Sandbox, now: &str, line: &str) -> String {
    sandbox.command(line).env("CRM_NOW", now).run().exits(0).stdout.trim_end().to_owned()
}

/// Rows of the report.
#[track_caller]
fn report(sandbox: &Sandbox, flags: &str) -> Vec<Value> {
    let run = sandbox.crm(format!("report targets --format json {flags}")).exits(0);
    run.json().as_array().expect("an array").clone()
}

/// Some columns of a row as text, parted by `|`; null is empty.
fn cells(row: &Value, names: &[&str]) -> String {
    let text = |name: &&str| match &row[*name] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    names.iter().map(text).collect::<Vec<_>>().join("|")
}

#[track_caller]
fn rows(sandbox: &Sandbox, flags: &str, names: &[&str]) -> Vec<String> {
    report(sandbox, flags).iter().map(|row| cells(row, names)).collect()
}

fn approved(sandbox: &Sandbox, flags: &str) -> String {
    let id = sandbox.ok(format!("target add {flags}"));
    sandbox.ok(format!("target approve {id}"));
    id
}

#[test]
fn the_example_of_the_definition_comes_out_of_the_program() {
    let sandbox = selling();
    let flags =
        "--scope user --subject ann --period 2026Q1 --value 900000 --phasing 20 --phasing 30 --phasing 50";
    let id = at(&sandbox, "2025-12-20T17:00:00+08:00", &format!("target add {flags}"));
    at(&sandbox, "2025-12-28T09:00:00+08:00", &format!("target approve {id}"));
    let found = report(&sandbox, "--period 2026Q1 --as-of 2026-02-14");
    for (name, value) in [
        ("subject", "ann"),
        ("subject_name", "Ann Li"),
        ("source", "set"),
        ("target", "900000.00"),
        ("actual", "280000.00"),
        ("variance", "-620000.00"),
        ("attainment", "0.311111"),
        ("expected", "315000.00"),
        ("pace", "0.888889"),
        ("gap", "620000.00"),
        ("needed_per_day", "13777.78"),
        ("forecast", "280000.00"),
        ("currency", "CNY"),
    ] {
        assert_eq!(found[0][name], value, "{name}");
    }
    assert_eq!(found[0]["days_left"], 45);
    let seen = |flags: &str| rows(&sandbox, &format!("--period 2026Q1 {flags}"), &["subject", "target"]);
    assert_eq!(seen("--as-of 2025-12-27"), [""; 0], "a draft does not count");
    assert_eq!(seen("--as-of 2025-12-27 --draft"), ["ann|900000.00"]);
    assert_eq!(seen("--as-of 2025-12-19 --draft"), [""; 0], "it was not written yet");
}

#[test]
fn what_is_reached_is_what_the_sales_report_says() {
    let sandbox = selling();
    sandbox.ok("order add --customer 海尔 --date 2026-02-20 --line EV:1@0.05 --owner ann --credit user=ann,pct=50 --credit user=bob,pct=50");
    sandbox.ok("order confirm SO-2026-0004");
    let sales = |by: &str| -> Vec<String> {
        let run = sandbox.crm(format!("report sales --by {by} --period 2026Q1 --format json")).exits(0);
        let mut rows: Vec<String> =
            run.json().as_array().expect("rows").iter().map(|row| cells(row, &[by, "net"])).collect();
        rows.sort();
        rows
    };
    let reached = |by: &str| rows(&sandbox, &format!("--by {by} --period 2026Q1"), &["subject", "actual"]);
    assert_eq!(sales("owner"), ["ann|280000.03", "bob|50000.02"], "a cent is split without a loss");
    assert_eq!(reached("user"), sales("owner"));
    assert_eq!(sales("region"), ["shenzhen|330000.05"]);
    assert_eq!(reached("region"), ["shenzhen|330000.05", "south|330000.05"], "regions include what is below");
    assert_eq!(reached("team"), ["inside|50000.02", "sales|330000.05"]);
    assert_eq!(reached("product"), ["EV|250000.05", "MAT|80000.00"]);
    assert_eq!(reached("category"), ["care|80000.00", "vehicle|250000.05", "vehicle/sedan|250000.05"]);
    assert_eq!(
        rows(&sandbox, "--by company --period 2026Q1", &["subject", "subject_name", "actual"]),
        ["|Acme|330000.05"]
    );
}

#[test]
fn other_measures_and_bases_count_what_they_say() {
    let sandbox = selling();
    sandbox.ok("lead add --name 陈 --phone 13900000001 --source web --owner bob");
    sandbox.ok("followup log 海尔 --kind visit --subject 拜访 --summary 好");
    let month =
        |flags: &str| rows(&sandbox, &format!("--period 2026Q1 {flags}"), &["subject", "actual", "currency"]);
    assert_eq!(month("--measure qty"), ["ann|1000|", "bob|50|"]);
    assert_eq!(month("--measure margin"), ["ann|80000.00|CNY", "bob|20000.00|CNY"]);
    assert_eq!(month("--measure new_customers"), ["ann|1|"], "the first order tells");
    assert_eq!(month("--measure leads"), ["bob|1|"]);
    assert_eq!(month("--measure visits"), ["ann|1|"]);
    assert_eq!(month("--basis invoice"), [""; 0]);
    sandbox.fails(2, "report targets --by product --measure leads").says(&["leads", "product"]);
    sandbox.fails(2, "report targets --by category --basis payment").says(&["payment"]);
    sandbox.fails(2, "report targets --by owner").says(&["user"]);
    sandbox.fails(2, "report targets --period someday").says(&["someday"]);
}

#[test]
fn parts_of_the_period_make_the_target_and_revisions_count_from_their_day() {
    let sandbox = selling();
    for (month, value) in [("2026-01", 100), ("2026-02", 200)] {
        approved(&sandbox, &format!("--scope user --subject ann --period {month} --value {value}"));
    }
    let quarter = || rows(&sandbox, "--period 2026Q1 --by user", &["subject", "source", "target"])[0].clone();
    assert_eq!(quarter(), "ann||", "March is missing");
    let march =
        approved(&sandbox, "--scope user --subject ann --start 2026-03-01 --end 2026-03-31 --value 300");
    assert_eq!(quarter(), "ann|summed|600.00");
    sandbox.wait_days(3);
    sandbox.ok(format!("target revise {march} --value 400 --reason 市场"));
    assert_eq!(quarter(), "ann|summed|700.00");
    let before = rows(&sandbox, "--period 2026Q1 --as-of 2026-03-05", &["target"]);
    assert_eq!(before[0], "600.00");
    sandbox.ok(format!("target close {march}"));
    assert_eq!(quarter(), "ann|summed|700.00", "a closed target counts");
}

#[test]
fn the_forecast_adds_open_opportunities_of_the_rest() {
    let sandbox = selling();
    for (amount, day) in [("1000", "2026-03-20"), ("500", "2026-04-01"), ("300", "2026-03-03")] {
        sandbox
            .ok(format!("opp add --name X --customer 海尔 --amount {amount} --close-date {day} --owner bob"));
    }
    assert_eq!(
        rows(&sandbox, "--period 2026Q1", &["subject", "actual", "forecast"]),
        ["ann|280000.00|280000.00", "bob|50000.00|50100.00"],
        "a tenth of what closes this quarter"
    );
}

#[test]
fn a_target_is_split_into_drafts_that_make_it() {
    let sandbox = selling();
    let team = approved(&sandbox, "--scope team --subject sales --period 2026Q1 --value 100.01");
    let ids = sandbox.ok(format!("target split {team} --by user"));
    let values = |condition: &str| -> Vec<String> {
        let run = sandbox.crm(format!("target list --where {condition} --fields subject,period,value,status --sort subject,period --format csv --no-header"));
        run.exits(0).stdout.lines().map(str::to_owned).collect()
    };
    assert_eq!(ids.lines().count(), 2);
    assert_eq!(values("scope=user"), ["ann,2026Q1,50.01,draft", "bob,2026Q1,50,draft"]);
    let commits = sandbox.commits();
    assert_eq!(sandbox.ok(format!("target split {team} --by user")), ids, "again: the same, and no commit");
    assert_eq!(sandbox.commits(), commits);
    sandbox.ok(format!("target revise {team} --value 200 --reason 市场"));
    sandbox.ok(format!("target split {team} --by user --shares ann=75,Bob=25"));
    assert_eq!(values("scope=user"), ["ann,2026Q1,150,draft", "bob,2026Q1,50,draft"]);
    sandbox.ok(format!("target split {team} --by month"));
    assert_eq!(
        values("scope=team")[..3],
        ["sales,2026-01,68.89,draft", "sales,2026-02,62.22,draft", "sales,2026-03,68.89,draft"]
            .map(str::to_owned)[..]
    );
    let plan = sandbox
        .ok(format!("target split {team} --by month --shares 2026-01=50,2026-02=30,2026-03=20 --dry-run"));
    assert!(plan.contains("value: 68.89 -> 100"), "{plan}");
    sandbox.ok("target remove --yes --quiet ".to_owned()
        + &sandbox.ok("target list --where status=draft --format ids").replace('\n', " "));
    assert_eq!(
        sandbox.fails(5, format!("target split {team} --by product")).says(&["product"]).stdout,
        "",
        "nothing sold a year before"
    );
    sandbox.ok("order add --customer 海尔 --date 2025-02-01 --line EV:3 --line MAT:10");
    sandbox.ok("order confirm SO-2025-0001");
    sandbox.ok(format!("target split {team} --by product"));
    let run = sandbox.crm("target list --where product!= --fields product,value,subject --sort product --format csv --no-header");
    assert_eq!(run.exits(0).stdout, "EV,150,sales\nMAT,50,sales\n");
}

#[test]
fn splits_that_make_no_sense_are_refused() {
    let sandbox = selling();
    let company = approved(&sandbox, "--scope company --period 2026-02 --value 100");
    let mine = approved(&sandbox, "--scope user --subject ann --period 2026Q2 --value 100");
    for (exit, line, says) in [
        (2, format!("target split {company} --by user"), "--shares"),
        (5, format!("target split {company} --by month"), "month"),
        (5, format!("target split {mine} --by user"), "user"),
        (2, format!("target split {mine} --by day"), "day"),
        (2, format!("target split {mine} --by month --shares 2026-04=50"), "50"),
        (2, format!("target split {mine} --by month --shares 2026-04=50,2026-04=50"), "2026-04"),
        (2, format!("target split {mine} --by month --shares 2026-09=100"), "2026-09"),
        (2, format!("target split {mine} --by product --shares EV"), "EV"),
        (3, format!("target split {mine} --by product --shares NONE=100"), "NONE"),
        (3, "target split tgt_nope --by month".to_owned(), "tgt_nope"),
    ] {
        sandbox.fails(exit, line).says(&[says]).prints_nothing();
    }
}

#[test]
fn parts_that_do_not_make_the_whole_are_a_warning() {
    let sandbox = selling();
    approved(&sandbox, "--scope team --subject inside --period 2026 --value 40");
    let id = sandbox.ok("target add --scope team --subject sales --period 2026 --value 50");
    sandbox.crm(format!("target approve {id}")).exits(0).says(&["40", "50"]);
    sandbox.crm("check --strict").exits(9).prints(&["children-sum"]);
    assert_eq!(
        rows(&sandbox, "--by team --period 2026", &["subject", "children_sum"]),
        ["inside|", "sales|40.00"]
    );
}

#[test]
fn the_explanation_is_the_question_that_was_asked() {
    let sandbox = selling();
    let by = |by: &str| {
        sandbox.ok(format!("report targets --by {by} --period 2026Q1 --as-of 2026-02-14 --explain"))
    };
    assert!(by("user").contains("from sale_credit") && by("region").contains("from sale_line"));
    let text = by("team");
    for part in [
        "period = 2026-01-01..2026-03-31",
        "as-of = 2026-02-14",
        "measure = amount",
        "basis = order",
        "pace = calendar_days",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains('{'), "nothing is left to fill in");
}

#[test]
fn working_days_follow_the_calendar_of_the_company() {
    let sandbox = selling();
    sandbox.write(
        "lines",
        "calendar add office --name 办公 --timezone Asia/Shanghai --holiday 2026-03-10 \
         --week day=mon,ranges=09:00-18:00 --week day=tue,ranges=09:00-18:00 --week day=wed,ranges=09:00-18:00\n",
    );
    sandbox.ok("batch lines");
    approved(&sandbox, "--scope user --subject ann --period 2026-03 --value 130");
    let left =
        || rows(&sandbox, "--period 2026-03 --as-of 2026-03-04", &["expected", "days_left"])[0].clone();
    assert_eq!(left(), "16.77|27");
    sandbox.edit("crm.toml", |text| {
        text.replacen("[company]", "[report]\npace = \"working_days\"\n\n[company]", 1)
    });
    assert_eq!(left(), "17.73|19", "without a calendar Monday to Friday");
    sandbox.edit("crm.toml", |text| text.replacen("[company]", "[company]\ncalendar = \"office\"", 1));
    assert_eq!(left(), "30.00|10", "3 of 13 days: Mondays to Wednesdays but the 10th");
}
