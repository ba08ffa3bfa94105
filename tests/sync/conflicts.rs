//! What both changed differently is decided by a person, and nothing moves before.

use super::{Team, customer, file};
use crate::support::Sandbox;

fn open(sandbox: &Sandbox) -> Vec<(String, String, String, String)> {
    let json = sandbox.crm("conflicts --format json").exits(0).json();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = json.as_array().expect("rows").iter();
    rows.map(|row| (text(row, "field"), text(row, "base"), text(row, "ours"), text(row, "theirs"))).collect()
}

/// The second clone has a city and a level that the hub has otherwise, and a street of its own.
fn clashing() -> Team {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海 --level A");
    team.sync(&[1]);
    team.at(2).ok("customer set 海尔北京 --city 武汉");
    team.at(2).ok("customer set 海尔北京 --city 广州 --street 长安街2号 --level B");
    team
}

#[test]
fn a_conflict_stops_before_anything_moves_and_is_decided_field_by_field() {
    let mut team = clashing();
    let sandbox = team.at(2);
    let before = sandbox.git("rev-parse HEAD");
    sandbox.crm("sync --lang en").exits(6).says(&["2 fields were", "crm conflicts"]).prints_nothing();
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
    let quoted = |text: &str| format!("\"{text}\"");
    let row = |field: &str, [base, ours, theirs]: [&str; 3]| {
        (
            field.to_owned(),
            if base.is_empty() { String::new() } else { quoted(base) },
            quoted(ours),
            quoted(theirs),
        )
    };
    assert_eq!(open(sandbox), [row("city", ["北京", "广州", "上海"]), row("level", ["", "B", "A"])]);
    sandbox.ok("product list");
    sandbox.ok("customer add --name 美的");
    sandbox.crm("resolve 海尔北京 --field phone --ours").exits(3).says(&["city, level"]);
    sandbox.crm("resolve 海尔北京 --field level --value Z").exits(5).says(&["A, B, C"]);
    sandbox.crm("resolve 海尔北京 --field level --value C --lang en").exits(0).says(&["1 still open"]);
    assert_eq!(sandbox.git("status --porcelain"), "", "a decision touches no file");
    sandbox.fails(6, "sync");
    sandbox.crm("resolve 海尔北京 --field city --ours --lang en").exits(0).says(&["crm sync"]);
    assert_eq!(open(sandbox), []);
    sandbox.ok("sync");
    assert_eq!(sandbox.ok("conflicts --format json"), "[]");
    assert!(!sandbox.path(".git/crm/decisions.json").exists());
    team.until_quiet(2);
    let got = customer(team.at(1));
    for (field, value) in [("city", "广州"), ("level", "C"), ("street", "长安街2号")] {
        assert_eq!(got[field], value, "{field}");
    }
    team.at(1).ok("check");
}

#[test]
fn their_value_may_be_taken_for_a_whole_record() {
    let mut team = clashing();
    let sandbox = team.at(2);
    sandbox.fails(6, "sync");
    sandbox.ok("resolve 海尔北京 --theirs");
    sandbox.ok("sync");
    let got = customer(sandbox);
    assert_eq!((got["city"].as_str(), got["level"].as_str()), (Some("上海"), Some("A")));
    assert_eq!(got["street"], "长安街2号", "what does not clash is kept");
}

#[test]
fn a_decision_holds_only_for_what_was_seen() {
    let mut team = clashing();
    team.at(2).fails(6, "sync");
    team.at(2).ok("resolve 海尔北京 --ours");
    team.at(1).ok("customer set 海尔北京 --city 南京");
    team.sync(&[1]);
    team.at(2).fails(6, "sync");
    let fields: Vec<String> = open(team.at(2)).into_iter().map(|row| row.0).collect();
    assert_eq!(fields, ["city"], "the level was decided and is as it was");
    team.at(2).ok("customer set 海尔北京 --level C");
    team.at(2).fails(6, "sync");
    assert_eq!(open(team.at(2)).len(), 2, "own side changed too");
    team.at(2).ok("resolve 海尔北京 --theirs");
    team.at(2).ok("sync");
    let got = customer(team.at(2));
    assert_eq!((got["city"].as_str(), got["level"].as_str()), (Some("南京"), Some("A")));
}

#[test]
fn a_record_that_one_removed_and_the_other_changed_is_kept_or_not() {
    for (side, stays) in [("--ours", false), ("--theirs", true)] {
        let mut team = Team::of(2);
        let id = team.at(1).ok("customer add --name 美的");
        team.sync(&[1, 2]);
        team.at(1).ok(&["customer", "set", &id, "--city", "上海"]);
        team.sync(&[1]);
        team.at(2).ok(&["customer", "remove", &id, "--yes"]);
        team.at(2).fails(6, "sync");
        let json = team.at(2).crm("conflicts --format json").exits(0).json();
        assert!(json[0]["ours"].is_null() && !json[0]["theirs"].is_null(), "{json}");
        team.at(2).ok(&["resolve", &id, side]);
        team.at(2).ok("sync");
        team.until_quiet(2);
        assert_eq!(team.at(1).crm(&["customer", "show", &id]).exit == 0, stays, "{side}");
        team.at(1).ok("check");
    }
}

#[test]
fn a_readme_that_both_rewrote_is_decided_as_a_whole() {
    let mut team = Team::of(2);
    for clone in [1, 2] {
        team.at(clone).write("README.md", format!("of {clone}\n"));
        team.at(clone).git("add README.md");
        team.at(clone).git("commit -qm readme");
    }
    team.sync(&[1]);
    team.at(2).fails(6, "sync").says(&["README.md"]);
    team.at(2).ok("resolve README.md --theirs");
    team.at(2).ok("sync");
    assert_eq!(team.at(2).read("README.md"), "of 1\n");
}

#[test]
fn other_fields_of_the_record_need_no_decision() {
    let mut team = clashing();
    let sandbox = team.at(2);
    sandbox.fails(6, "sync");
    // Giving way by hand is as good as a decision.
    sandbox.ok("customer set 海尔北京 --city 上海 --level A");
    assert_eq!(open(sandbox), []);
    sandbox.ok("sync");
    assert!(sandbox.read(&file(sandbox)).contains("长安街2号"));
}
