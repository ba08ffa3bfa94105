//! Who changed what: `log`, `history`, `show --at`, `diff`, `undo`, `restore`.

use crate::support::Sandbox;

#[test]
fn the_history_of_a_record_is_by_field_newest_first() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer set 海尔北京 --level A");
    sandbox.ok("customer set 海尔北京 --level B --city 北京");
    let rows = sandbox.crm("customer history 海尔北京 --format json").exits(0).json();
    let rows: Vec<(&str, &str, &str)> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| {
            (
                r["field"].as_str().unwrap_or(""),
                r["from"].as_str().unwrap_or(""),
                r["to"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert!(rows.contains(&("level", "", "A")), "{rows:?}");
    assert!(rows.contains(&("level", "A", "B")), "{rows:?}");
    assert!(rows.contains(&("city", "", "北京")), "{rows:?}");
    let at = |row: &(&str, &str, &str)| rows.iter().position(|r| r == row);
    assert!(at(&("level", "A", "B")) < at(&("level", "", "A")), "{rows:?}");
    let level = sandbox.crm("customer history 海尔北京 --field level --format csv").exits(0);
    assert_eq!(level.stdout.lines().count(), 3, "{level}");
}

#[test]
fn the_log_is_cut_by_user_time_command_and_number() {
    let sandbox = Sandbox::trading();
    sandbox.ok("user add li.na --name '李娜' --email li.na@acme.example --role admin");
    sandbox.wait_days(1);
    sandbox.ok("customer add --name 美的 --as li.na");
    sandbox.ok("order confirm SO-2026-0001");
    let count = |flags: &str| {
        let rows = sandbox.crm(format!("log --format json {flags}")).exits(0).json();
        let mut commits: Vec<String> =
            rows.as_array().expect("rows").iter().map(|r| r["commit"].to_string()).collect();
        commits.dedup();
        commits.len()
    };
    assert_eq!(count(""), sandbox.commits());
    assert_eq!(count("--user li.na"), 1);
    assert_eq!(count("--op 'order confirm'"), 1);
    assert_eq!(count("--since 2026-03-05"), 2);
    assert_eq!(count("--until 2026-03-04"), sandbox.commits() - 2);
    assert_eq!(count("--limit 2"), 2);
    assert_eq!(count("SO-2026-0001"), 2);
    assert_eq!(count("--since 2026-03-06"), 0);
}

#[test]
fn a_record_is_shown_as_it_was() {
    let sandbox = Sandbox::trading();
    let then = sandbox.git("rev-parse HEAD");
    let id = sandbox.ok("customer list --format ids");
    sandbox.wait_days(2);
    sandbox.ok("customer set 海尔北京 --name 海尔上海");
    let name = |at: &str| {
        sandbox.crm(format!("customer show {id} --format json --at {at}")).exits(0).json()["name"].clone()
    };
    for at in [then.as_str(), &then[..10], "HEAD~1", "yesterday", "2026-03-04", "2026-03-05"] {
        assert_eq!(name(at), "海尔北京", "{at}");
    }
    assert_eq!(name("HEAD"), "海尔上海");
    assert_eq!(name("today"), "海尔上海");
    assert_eq!(
        sandbox.ok(format!("customer show 海尔北京 --at {then} --format ids")),
        id,
        "by the name it had"
    );
    sandbox.fails(3, format!("customer show {id} --at 2026-01-01"));
}

#[test]
fn a_diff_of_two_commits_is_by_record_and_field() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer set 海尔北京 --level A");
    sandbox.ok("order confirm SO-2026-0001");
    let rows = sandbox.crm("diff HEAD~2..HEAD --format json").exits(0).json();
    let fields: Vec<&str> =
        rows.as_array().expect("rows").iter().filter_map(|r| r["field"].as_str()).collect();
    assert!(fields.contains(&"level") && fields.contains(&"status"), "{rows}");
    assert_eq!(sandbox.crm("diff HEAD..HEAD --format json").exits(0).json(), serde_json::json!([]));
    let path = sandbox.file_of(&sandbox.ok("customer list --format ids"));
    sandbox.edit(&path, |text| text.replace("level = \"A\"", "level = \"C\""));
    let rows = sandbox.crm("diff --format json").exits(0).json();
    assert_eq!((&rows[0]["from"], &rows[0]["to"]), (&"A".into(), &"C".into()));
}

#[test]
fn undo_takes_the_last_command_back_byte_for_byte_and_again_the_one_before() {
    let sandbox = Sandbox::trading();
    let files = || sandbox.git("ls-tree -r HEAD");
    let first = files();
    sandbox.ok("customer set 海尔北京 --level A");
    let second = files();
    sandbox.ok("order confirm SO-2026-0001");
    sandbox.ok("undo");
    assert_eq!(files(), second);
    sandbox.ok("undo");
    assert_eq!(files(), first);
    assert_eq!(sandbox.git("status --porcelain"), "");
    assert!(sandbox.git("log -1 --format=%B").contains("Crm-Undoes: "));
}

#[test]
fn undoing_an_undo_does_it_again() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer set 海尔北京 --level A");
    let done = sandbox.git("ls-tree -r HEAD");
    sandbox.ok("undo");
    sandbox.ok("undo HEAD");
    assert_eq!(sandbox.git("ls-tree -r HEAD"), done);
    sandbox.ok("undo");
    assert_ne!(sandbox.git("ls-tree -r HEAD"), done);
}

#[test]
fn undoing_an_undo_brings_the_history_back_where_it_stood() {
    let sandbox = Sandbox::trading();
    sandbox.ok("lead add --name 陈晓明 --phone 13912345678 --source web");
    sandbox.ok("opp add --name Fleet --customer 海尔北京 --amount 10");
    for command in [
        "lead contact 陈晓明",
        "lead qualify 陈晓明",
        "lead disqualify 陈晓明 --lost-reason price",
        "lead reopen 陈晓明 --reason again",
        "customer block 海尔北京 --reason unpaid",
        "customer unblock 海尔北京 --reason paid",
        "opp stage Fleet proposal",
        "opp win Fleet",
        "opp reopen Fleet --reason oops",
        "order confirm SO-2026-0001",
        "order hold SO-2026-0001 --reason wait",
        "order resume SO-2026-0001",
    ] {
        let tree = || sandbox.git(&["rev-parse", "HEAD^{tree}"]);
        let before = tree();
        sandbox.ok(command);
        let after = tree();
        sandbox.ok("undo HEAD");
        assert_eq!(tree(), before, "{command}");
        sandbox.ok("undo HEAD");
        assert_eq!(tree(), after, "{command}");
    }
    sandbox.ok("check --strict");
}

#[test]
fn undo_takes_a_shipment_back_with_all_it_did() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let before = sandbox.git("ls-tree -r HEAD");
    let progress = || sandbox.ok("order list --fields progress --format csv --no-header");
    assert_eq!(progress(), "to_ship_and_bill");
    sandbox.ok("order ship SO-2026-0001");
    assert_eq!(progress(), "to_bill");
    sandbox.ok("undo");
    assert_eq!(sandbox.git("ls-tree -r HEAD"), before);
    assert_eq!(progress(), "to_ship_and_bill");
    sandbox.ok("check");
}

#[test]
fn undo_keeps_what_came_later_in_other_fields_and_refuses_the_same_field() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer set 海尔北京 --level A");
    let commit = sandbox.git("rev-parse HEAD");
    sandbox.ok("customer set 海尔北京 --city 北京");
    sandbox.ok(format!("undo {commit}"));
    let record = sandbox.crm("customer show 海尔北京 --format json").json();
    assert_eq!((&record["level"], &record["city"]), (&serde_json::Value::Null, &"北京".into()));
    sandbox.ok("customer set 海尔北京 --level B");
    let commit = sandbox.git("rev-parse HEAD");
    sandbox.ok("customer set 海尔北京 --level C");
    let before = sandbox.commits();
    sandbox.fails(6, format!("undo {commit}")).prints_nothing().says(&["level"]);
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn undo_refuses_to_take_away_what_is_referred_to() {
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name A");
    let commit = sandbox.git("rev-parse HEAD");
    sandbox.ok("product add P1 --name One --price 1 --track-stock=false");
    sandbox.ok("order add --customer A --line P1:1");
    sandbox.fails(6, format!("undo {commit}")).says(&["ord_"]);
}

#[test]
fn undo_is_of_the_acting_user_and_ends_somewhere() {
    let sandbox = Sandbox::new();
    sandbox.ok("user add li.na --name 李娜 --email li.na@acme.example --role admin");
    sandbox.ok("customer add --name A --as li.na");
    sandbox.ok("customer add --name B");
    sandbox.ok("undo --as li.na");
    assert_eq!(sandbox.ok("customer list --format csv --fields name --no-header"), "B");
    sandbox.fails(3, "undo --as li.na").says(&["li.na"]);
}

#[test]
fn restore_brings_back_a_removed_record_and_single_fields() {
    let sandbox = Sandbox::new();
    let id = sandbox.ok("customer add --name A --level A --city 北京");
    let then = sandbox.git("rev-parse HEAD");
    sandbox.ok("customer set A --level B --city 上海");
    sandbox.ok(format!("restore A --at {then} --field level"));
    let show = || sandbox.crm(&["customer", "show", &id, "--format", "json"]).exits(0).json();
    assert_eq!((&show()["level"], &show()["city"]), (&"A".into(), &"上海".into()));
    sandbox.ok("customer remove A --yes");
    sandbox.fails(3, &["customer", "show", &id]);
    assert_eq!(sandbox.ok(format!("restore {id} --at {then}")), id);
    assert_eq!(show()["city"], "北京");
    sandbox.ok("check");
    sandbox.fails(3, format!("restore {id} --at HEAD~100"));
}
