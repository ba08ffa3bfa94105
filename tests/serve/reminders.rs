//! Reminders: who is told what, once.

use crate::support::Sandbox;

/// A customer, and a call on the day after tomorrow with two reminders.
fn planned(settings: &str) -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| format!("{text}\n{settings}\n"));
    sandbox.ok("commit -m settings");
    sandbox.ok("followup plan 海尔北京 --kind call --due +2d --remind 1d,0m --subject Ring");
    sandbox
}

fn told(sandbox: &Sandbox) -> Vec<String> {
    let rows = sandbox.crm("remind run --format json").exits(0).json();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("rows");
    rows.iter().map(|row| format!("{} {}", text(row, "kind"), text(row, "what"))).collect()
}

#[test]
fn each_reminder_is_told_once_and_in_one_commit() {
    let sandbox = planned("");
    assert_eq!(told(&sandbox), [""; 0], "not yet");
    sandbox.wait_days(1);
    let commits = sandbox.commits();
    let listed = sandbox.crm("remind list --format ids").exits(0).stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    sandbox.crm("remind run --lang en").exits(0).prints(&["Reminder: Ring", "fup_"]);
    assert_eq!(sandbox.commits(), commits + 1);
    assert_eq!(told(&sandbox), [""; 0], "once");
    assert_eq!(sandbox.commits(), commits + 1, "nothing to tell is no commit");
    sandbox.wait_days(1);
    assert_eq!(told(&sandbox), ["followup Ring"], "the second reminder");
    let messages = sandbox.crm("message list --format json").exits(0).json();
    for message in messages.as_array().expect("messages") {
        assert_eq!((message["channel"].as_str(), message["status"].as_str()), (Some("notice"), Some("sent")));
    }
}

#[test]
fn what_is_done_or_long_past_is_not_told_and_what_is_moved_is_told_anew() {
    let sandbox = planned("");
    let id = sandbox.crm("followup list --format ids").exits(0).stdout.trim().to_owned();
    sandbox.wait_days(2);
    assert_eq!(told(&sandbox), ["followup Ring", "followup Ring"]);
    sandbox.ok(&["followup", "move", &id, "--due", "+3d"]);
    sandbox.wait_days(2);
    assert_eq!(told(&sandbox), ["followup Ring"], "a day ahead of the new day");
    sandbox.ok(&["followup", "done", &id]);
    sandbox.wait_days(1);
    assert_eq!(told(&sandbox), [""; 0]);
    let sandbox = planned("");
    sandbox.wait_days(6);
    assert_eq!(told(&sandbox), [""; 0], "older than three days");
}

#[test]
fn two_runs_at_once_tell_it_once() {
    let sandbox = planned("");
    for n in 0..20 {
        sandbox.ok(&[
            "followup",
            "plan",
            "海尔北京",
            "--kind",
            "task",
            "--due",
            "today",
            "--remind",
            "0m",
            "--subject",
            &format!("T{n}"),
        ]);
    }
    sandbox.wait_days(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let mut process = sandbox.command("remind run").process();
            scope.spawn(move || assert!(process.output().expect("runs").status.success()));
        }
    });
    let keys = sandbox.crm("message list --fields key --format csv --no-header").exits(0).stdout;
    let mut keys: Vec<&str> = keys.lines().collect();
    keys.sort_unstable();
    let all = keys.len();
    keys.dedup();
    assert_eq!((all, keys.len()), (21, 21), "{keys:?}");
}

#[test]
fn people_are_told_in_their_way_and_language() {
    let sandbox = planned("");
    let me = sandbox.crm("whoami --format json").exits(0).json();
    let me = me["id"].as_str().or(me[0]["id"].as_str()).expect("a user").to_owned();
    sandbox.ok(&["user", "set", &me, "--notify", "email", "--language", "zh-CN"]);
    sandbox.wait_days(1);
    sandbox.ok("remind run");
    let message = sandbox.crm("message list --format json").exits(0).json()[0].clone();
    assert_eq!((message["channel"].as_str(), message["status"].as_str()), (Some("email"), Some("queued")));
    assert_eq!(message["subject"], "提醒：Ring");
    sandbox.ok("outbox run");
    let message = sandbox.crm("message list --format json").exits(0).json()[0].clone();
    assert_eq!(message["status"], "sent");
}

#[test]
fn a_digest_is_one_message_for_a_person_and_a_day() {
    let sandbox = planned("[remind]\ndigest = true");
    sandbox.ok("followup plan 海尔北京 --kind visit --due +1d --remind 0m --subject Visit");
    sandbox.wait_days(1);
    let run = sandbox.crm("remind run --lang en").exits(0);
    assert!(run.stdout.contains("Ring") && run.stdout.contains("Visit"), "{run}");
    let keys = || sandbox.crm("message list --fields key --format csv --no-header").exits(0).stdout;
    assert_eq!(keys().lines().count(), 1);
    sandbox.ok("followup plan 海尔北京 --kind visit --due today --remind 0m --subject Late");
    assert_eq!(told(&sandbox), [""; 0], "one a day");
    sandbox.wait_days(1);
    let mut next = told(&sandbox);
    next.sort();
    assert_eq!(next, ["followup Late", "followup Ring"], "what came since");
    assert_eq!(keys().lines().count(), 2);
}

#[test]
fn further_kinds_are_told_where_the_store_wants_them() {
    let all = "[remind]\nalso = [\"quote_expiring\", \"order_due\", \"birthday\", \"sla\", \"payment_due\", \"opportunity_rotten\"]";
    let sandbox = planned(all);
    sandbox.ok("product add P --name Pump --price 100");
    sandbox.ok("quote add --customer 海尔北京 --line P:1 --number Q-1 --valid-until +1d");
    sandbox.ok("quote send Q-1");
    sandbox.ok("order add --customer 海尔北京 --line P:1 --number O-1 --due-date +1d");
    sandbox.ok("order confirm O-1");
    sandbox.ok("order add --customer 海尔北京 --line P:1 --number O-2 --due-date +9d");
    sandbox.ok("order confirm O-2");
    let tomorrow = sandbox.crm("quote list --fields valid_until --format csv --no-header").exits(0).stdout;
    let birthday = format!("1980{}", &tomorrow.trim()[4..]);
    sandbox.ok(&["contact", "add", "--customer", "海尔北京", "--name", "陈", "--birthday", &birthday]);
    sandbox.ok("opportunity add --customer 海尔北京 --name Big");
    let mut first = told(&sandbox);
    first.sort();
    assert_eq!(first, ["birthday 陈", "opportunity_rotten Big", "order_due O-1", "quote_expiring Q-1"]);
    assert_eq!(told(&sandbox), [""; 0], "once");
    let sandbox = planned("[remind]\nalso = [\"moon\"]");
    sandbox.crm("remind run").exits(5).says(&["moon"]);
}
