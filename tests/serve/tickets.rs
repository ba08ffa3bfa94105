//! Tickets from outside: answered, noted, rated, and what their clocks say.

use crate::support::Sandbox;

/// A customer with a contact, and a ticket that came by phone.
fn asked() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox
        .ok("contact add --customer 海尔北京 --name 陈晓明 --email chen@haier.example --phone 13800138000");
    sandbox
        .ok("ticket add --customer 海尔北京 --subject Noise --kind complaint --contact 陈晓明 --number T-1");
    sandbox
}

#[test]
fn an_answer_is_a_queued_message_and_begins_the_work() {
    let sandbox = asked();
    let commits = sandbox.commits();
    sandbox.ok(&["ticket", "reply", "T-1", "我们明天上门检查。"]);
    assert_eq!(sandbox.commits(), commits + 1, "message and state in one commit");
    let message = sandbox.crm("message list --format json").exits(0).json()[0].clone();
    assert_eq!(message["status"], "queued");
    assert_eq!(message["to"][0], "chen@haier.example");
    assert_eq!(message["subject"], "[T-1] Noise");
    assert_eq!(message["body"], "我们明天上门检查。");
    let ticket = || sandbox.crm("ticket list --format json").exits(0).json()[0].clone();
    assert_eq!(ticket()["status"], "open");
    sandbox.ok(&["ticket", "reply", "T-1", "Still on it.", "--channel", "sms"]);
    let texts = sandbox.crm("message list --where channel=sms --format json").exits(0).json();
    assert_eq!(texts[0]["to"][0], "+8613800138000");
    assert_eq!(ticket()["status"], "open");
    sandbox.crm("ticket reply T-1 x --channel pigeon").exits(2).says(&["`pigeon`", "email, sms, wechat"]);
    sandbox.crm("ticket reply T-9 x").exits(3).says(&["T-9"]);
}

#[test]
fn a_note_is_for_us_and_starts_nothing() {
    let sandbox = asked();
    sandbox.ok(&["ticket", "note", "T-1", "Bearing of the old kind"]);
    let ticket = sandbox.crm("ticket list --format json --fields status,first_response_at").exits(0).json();
    assert_eq!(ticket[0]["status"], "new");
    assert!(ticket[0]["first_response_at"].is_null());
    let note = sandbox.crm("followup list --format json").exits(0).json()[0].clone();
    assert_eq!((note["kind"].as_str(), note["internal"].as_bool()), (Some("note"), Some(true)));
    sandbox.crm("ticket note 海尔北京 x").exits(3).says(&["海尔北京"]);
}

#[test]
fn a_ticket_is_rated_once_it_is_resolved() {
    let sandbox = asked();
    sandbox.crm("ticket rate T-1 5").says(&["rated once resolved"]);
    sandbox.ok("ticket start T-1");
    sandbox.ok("ticket resolve T-1 --resolution Greased");
    sandbox.crm("ticket rate T-1 6").exits(2).says(&["`6` is no rating"]);
    sandbox.ok(&["ticket", "rate", "T-1", "4", "--comment", "Quick"]);
    let commits = sandbox.commits();
    sandbox.ok(&["ticket", "rate", "T-1", "4", "--comment", "Quick"]);
    assert_eq!(sandbox.commits(), commits, "the same again changes nothing");
    let ticket = sandbox.crm("ticket list --format json").exits(0).json()[0].clone();
    assert_eq!((ticket["rating"].as_i64(), ticket["rating_comment"].as_str()), (Some(4), Some("Quick")));
    let mean = sandbox.ok("report satisfaction --by about --format csv --fields csat_n,csat_mean");
    assert_eq!(mean.lines().nth(1), Some("1,4"), "{mean}");
}

#[test]
fn tickets_are_found_by_what_was_promised() {
    let sandbox = asked();
    let found = sandbox.ok("ticket list --format csv --fields number,agreement,response_state");
    assert_eq!(found.lines().nth(1), Some("T-1,,"), "nothing is promised: {found}");
    assert_eq!(sandbox.ok("ticket list --where agreement=failed --format ids"), "");
}
