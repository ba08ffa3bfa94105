//! Charts from outside: under the table, in its place, as a picture and in a page; alike each time.

use crate::support::Sandbox;

const REPORT: &str = "report sales --by customer --period 2026";

fn sold() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    sandbox
}

#[test]
fn a_chart_stands_under_the_table_or_in_its_place() {
    let sandbox = sold();
    let table = sandbox.ok(REPORT);
    let under = sandbox.ok(format!("{REPORT} --chart"));
    let only = sandbox.ok(format!("{REPORT} --chart=only"));
    let bar =
        |line: &&str| line.starts_with("海尔北京") && line.contains("████") && line.ends_with("439,600.00");
    assert_eq!(under.lines().filter(bar).count(), 1, "{under}");
    assert_eq!(only.lines().filter(bar).count(), 1, "{only}");
    assert!(table.lines().filter(bar).count() == 0 && !only.contains("───"), "{only}");
    let rows: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
    assert!(under.starts_with(&rows.join("\n")), "the table itself is as it was:\n{under}");
    let commit = sandbox.git("rev-parse HEAD");
    assert!(under.contains(&commit) && only.contains(&commit), "both say where they are from");
}

#[test]
fn plain_characters_are_enough_for_a_chart() {
    let sandbox = sold();
    let text = sandbox.ok(format!("{REPORT} --chart=only,ascii"));
    let bar = text.lines().find(|line| line.starts_with("海尔北京")).expect("a bar");
    assert!(bar["海尔北京".len()..].is_ascii() && bar.contains("####"), "{text}");
}

#[test]
fn a_picture_is_written_by_its_ending_and_the_same_each_time() {
    let sandbox = sold();
    sandbox.ok(format!("{REPORT} -o sales.svg"));
    let svg = std::fs::read_to_string(sandbox.path("sales.svg")).expect("the picture");
    assert_eq!(svg.trim_end(), sandbox.ok(format!("{REPORT} --format svg")));
    assert!(svg.starts_with("<?xml") && svg.contains("海尔北京") && svg.contains(">439,600.00<"), "{svg}");
    assert!(svg.contains(&sandbox.git("rev-parse HEAD")), "it says where it is from");
    let page = sandbox.ok(format!("{REPORT} --format html"));
    let (chart, table) = (page.find("<svg").expect("a chart"), page.find("<table").expect("a table"));
    assert!(chart < table);
    assert!(!sandbox.ok("customer list --format html").contains("<svg"), "a list has no chart");
}

#[test]
fn a_report_without_rows_is_a_picture_that_says_so() {
    let sandbox = Sandbox::trading();
    let report = "report sales --by month --period 2020";
    assert!(sandbox.ok(format!("{report} --format svg")).contains("No numbers to draw"));
    assert!(sandbox.ok(format!("{report} --chart")).contains("No numbers to draw"));
    sandbox.fails(2, "customer list --format svg").prints_nothing().says(&["no chart"]);
    sandbox.fails(2, format!("{report} --chart --format csv")).prints_nothing().says(&["csv"]);
}
