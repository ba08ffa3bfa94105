//! What the declarative form compiles to, and what it refuses.

use super::*;
use crate::model::schema::{Schema, Settings};

fn clock() -> Clock {
    let now = chrono::DateTime::parse_from_rfc3339("2026-03-04T09:30:00+08:00").expect("a moment");
    Clock { now, fiscal_start: (1, 1), week_start: chrono::Weekday::Mon }
}

fn compiled(text: &str) -> Result<Report, Problem> {
    let schema = Schema::new(Settings::default()).expect("sound");
    compile(&format!("title = \"T\"\n{text}"), &Layout::new(&schema), &clock())
}

#[track_caller]
fn check(text: &str, sql: &str) -> Report {
    let report = compiled(text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    assert_eq!(report.sql, sql, "{text}");
    report
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let problem = compiled(text).expect_err("refused");
    let place = problem.field.as_deref().unwrap_or_default();
    let value = problem.get("value").or(problem.get("reason")).unwrap_or_default();
    assert_eq!(format!("{} {place} {value}", problem.id), expected, "{text}");
}

fn types(report: &Report) -> Vec<String> {
    report.front.columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect()
}

#[test]
fn groups_that_are_dimensions_make_a_report_that_is_summed() {
    let report = check(
        "from = \"sale_line\"\nwhere = [\"basis=order\"]\ngroup = [\"city\", \"month\"]\n\
         measures = [{ name = \"net\", sum = \"net\" }, { name = \"orders\", count_distinct = \"order\" },\n\
           { name = \"each\", ratio = [\"net\", \"orders\"] }]",
        "select {dims}\n  sum(\"net\") as \"net\",\n  count(distinct \"order\") as \"orders\",\n  \
         ratio(sum(\"net\"), count(distinct \"order\")) as \"each\"\nfrom {lines} {join}\n\
         where {date} between :from and :to\n  and (nullif(\"basis\", '') is not null and (\"basis\" = 'order')) \
         {where}\n{group}",
    );
    assert!(report.is_summed());
    assert_eq!(types(&report), ["net money", "orders int", "each ratio"]);
    assert_eq!((report.front.measure.as_str(), report.front.date.as_str()), ("net", "\"date\""));
    assert_eq!(report.front.params[0].default, "city,month");
    for dim in ["owner", "product", "kind", "quarter"] {
        assert!(report.front.dims.iter().any(|known| known == dim), "{dim}: {:?}", report.front.dims);
    }
}

#[test]
fn other_groups_are_columns_in_the_order_asked_for() {
    let report = check(
        "from = \"tickets\"\nperiod = \"as-of\"\ngroup = [\"status\", \"month\"]\nsort = \"-tickets,status\"\n\
         measures = [{ name = \"tickets\", count = true }]",
        "select\n  \"status\" as \"status\",\n  substr(day(\"created_at\"), 1, 7) as \"month\",\n  \
         count(*) as \"tickets\"\nfrom \"tickets\"\nwhere day(\"created_at\") <= as_of()\n  \
         and coalesce(\"archived\", 0) = 0\n  and {date} <= as_of()\ngroup by 1, 2\n\
         order by 3 desc nulls last, 1 nulls last, 1 nulls last, 2 nulls last",
    );
    assert_eq!(types(&report), ["status code", "month month", "tickets int"]);
    assert_eq!((report.front.order.as_str(), report.front.noun.as_str()), ("sql", "ticket"));
    assert_eq!(report.front.columns[0].list, "ticket_status");
}

#[test]
fn amounts_are_in_base_currency() {
    let sum = |from: &str, column: &str| {
        let text = format!(
            "from = \"{from}\"\nmeasures = [{{ name = \"a\", sum = \"{column}\" }}]\nperiod = \"life\""
        );
        compiled(&text).expect("compiles").sql
    };
    assert!(
        sum("payments", "amount").contains("sum(to_base(\"amount\", \"currency\", \"fx_rate\")) as \"a\"")
    );
    let stage = sum("order_lines", "net");
    assert!(
        stage.contains(
            "(select to_base(\"order_lines\".\"net\", p.\"currency\", p.\"fx_rate\") from \"orders\" p \
             where p.id = \"order_lines\".\"record\")"
        ),
        "{stage}"
    );
    assert!(sum("leads", "budget").contains("iif(\"currency\" <> setting('company.currency'), null, 1)"));
}

#[test]
fn a_measure_may_take_some_rows_and_columns_may_be_called_otherwise() {
    let report = check(
        "from = \"customers\"\nperiod = \"life\"\ngroup = [\"kind\", \"level\"]\nsort = \"kind\"\n\
         measures = [{ name = \"dealers\", count = true, where = [\"kind=dealer\"] },\n\
           { name = \"days\", mean = \"payment_days\" }, { name = \"last\", max = \"created_at\" }]\n\
         columns = [{ name = \"days\", type = \"days\", label = \"Days\" }]",
        "select\n  \"kind\" as \"kind\",\n  \"level\" as \"level\",\n  \
         count(iif((nullif(\"kind\", '') is not null and (\"kind\" = 'dealer')), 1, null)) as \"dealers\",\n  \
         avg(\"payment_days\") as \"days\",\n  max(\"created_at\") as \"last\"\nfrom \"customers\"\n\
         where day(\"created_at\") <= as_of()\n  and coalesce(\"archived\", 0) = 0\n  \
         and \"merged_into\" is null\n  and {date} between :from and :to\ngroup by 1, 2\n\
         order by 1 nulls last, 1 nulls last, 2 nulls last",
    );
    assert_eq!(types(&report), ["kind code", "level code", "dealers int", "days days", "last instant"]);
    assert_eq!(report.front.columns[3].label, "Days");
}

#[test]
fn codes_of_another_list_are_not_taken_for_a_dimension_of_that_name() {
    let kinds =
        compiled("from = \"followups\"\ngroup = [\"kind\"]\nmeasures = [{ name = \"n\", count = true }]")
            .expect("compiles");
    assert!(kinds.front.dims.contains(&"kind:followup_kind".to_owned()), "{:?}", kinds.front.dims);
    let touches =
        compiled("from = \"touch\"\ngroup = [\"kind\"]\nmeasures = [{ name = \"n\", count = true }]")
            .expect("compiles");
    assert_eq!((touches.front.dims.len(), touches.front.order.as_str()), (0, "sql"));
}

#[test]
fn a_condition_may_be_about_a_parameter_and_no_value_can_do_harm() {
    let of = |condition: &str| {
        let text = format!(
            "from = \"customers\"\nperiod = \"as-of\"\nwhere = ['{condition}']\n\
             params = [{{ name = \"in-city\", type = \"text\" }}]\nmeasures = [{{ name = \"n\", count = true }}]"
        );
        compiled(&text)
    };
    let sql = |condition: &str| of(condition).expect("compiles").sql;
    assert!(sql("city=:in-city").contains("(:in_city is null or \"city\" = :in_city)"));
    assert!(sql("credit_limit>=1000").contains("\"credit_limit\" >= 100000"));
    assert!(sql("created_at>=2026").contains(">= '2026-01-01'"));
    assert!(sql("name=a\"b? or 1").contains("= 'a\"b? or 1'"));
    assert!(sql("name={dims}").contains("cast(x'7b64696d737d' as text)"));
    assert!(!sql("archived=true").contains("coalesce(\"archived\""), "who asks for archived ones gets them");
    for (condition, value) in [("colour=red", "colour"), ("city=:colour", ":colour")] {
        assert_eq!(of(condition).expect_err("refused").get("value"), Some(value));
    }
}

#[test]
fn what_means_nothing_is_refused_with_its_place() {
    let n = "measures = [{ name = \"n\", count = true }]";
    refused(&format!("from = \"sales\"\n{n}"), "report-unknown-word from sales");
    refused(&format!("from = \"orders\"\ngroup = [\"colour\"]\n{n}"), "report-unknown-word group colour");
    refused(&format!("from = \"orders\"\nsort = \"-net\"\n{n}"), "report-unknown-word sort net");
    refused(&format!("from = \"orders\"\ndate = \"status\"\n{n}"), "report-unknown-word date status");
    refused(&format!("from = \"orders\"\ndims = [\"size\"]\n{n}"), "report-unknown-word dims size");
    refused("from = \"orders\"\nmeasures = []", "bad-report measures measures = []");
    for (measure, expected) in [
        ("", "report-measure measures a"),
        ("sum = \"total\", max = \"total\"", "report-measure measures a"),
        ("sum = true", "report-measure measures a"),
        ("ratio = [\"b\"]", "report-measure measures a"),
        ("total = \"total\"", "report-unknown-word measures.a total"),
        ("sum = \"nothing\"", "report-unknown-word measures.a.sum nothing"),
        ("sum = \"status\"", "report-unknown-word measures.a.sum status"),
        ("ratio = [\"a\", \"b\"]", "report-unknown-word measures.a.ratio a"),
    ] {
        let comma = if measure.is_empty() { "" } else { ", " };
        refused(&format!("from = \"orders\"\nmeasures = [{{ name = \"a\"{comma}{measure} }}]"), expected);
    }
    let problem = compiled("from = \"orders\"\nmeasures = [").expect_err("not toml");
    assert_eq!((problem.id, problem.line), ("bad-report", Some(3)));
}
