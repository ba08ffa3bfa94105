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

/// Office hours, an agreement for complaints and one for everything.
fn promised() -> Sandbox {
    let sandbox = asked();
    let mut lines = String::from("calendar add office --name Office --timezone Asia/Shanghai\n");
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        lines += &format!("calendar week add office --day {day} --range 09:00-12:00 --range 13:00-18:00\n");
    }
    for (slug, order, when) in [
        ("usual", "20", &[][..]),
        ("loud", "10", &["kind=complaint", "priority=high,urgent"]),
        ("big", "5", &["customer.level=A"]),
        ("gone", "1", &[]),
    ] {
        let mut words = vec!["sla", "add", slug, "--name", slug, "--order", order, "--calendar", "office"];
        for when in when {
            words.extend(["--when", when]);
        }
        if slug == "gone" {
            words.extend(["--valid-to", "2020-01-01"]);
        }
        lines += &format!("{}\n", words.join(" "));
        for (priority, response, resolution) in [("normal", "4h", "16h"), ("high", "1h", "8h")] {
            let times = format!("--response {response} --resolution {resolution}");
            lines += &format!("sla priority add {slug} --priority {priority} {times}\n");
        }
    }
    sandbox.write("lines", lines);
    sandbox.ok("batch lines");
    sandbox
}

#[test]
fn the_first_agreement_that_is_valid_and_matches_applies() {
    let sandbox = promised();
    let add = |number: &str, more: &[&str]| {
        let base = ["ticket", "add", "--customer", "海尔北京", "--subject", "X", "--number", number];
        sandbox.ok(&[&base[..], more].concat()[..]);
        sandbox.crm(format!("ticket list --where number={number} --format json")).exits(0).json()[0]["sla"]
            .clone()
    };
    assert_eq!(add("T-2", &[]), "usual");
    assert_eq!(add("T-3", &["--kind", "complaint"]), "usual", "both conditions must hold");
    assert_eq!(add("T-4", &["--kind", "complaint", "--priority", "high"]), "loud");
    assert_eq!(add("T-5", &["--sla", "loud"]), "loud", "what is given stays");
    sandbox.ok("customer set 海尔北京 --level A");
    assert_eq!(add("T-6", &[]), "big", "a condition may ask for the customer");
    sandbox.crm("sla add bad --name Bad --calendar office --when colour=red").exits(2).says(&["colour"]);
}

#[test]
fn another_priority_may_stand_under_another_agreement() {
    let sandbox = promised();
    sandbox.ok("ticket add --customer 海尔北京 --subject X --kind complaint --number T-2");
    let ticket = || {
        let shown = "ticket list --where number=T-2 --format json --fields sla,response_due,created_at";
        sandbox.crm(shown).exits(0).json()[0].clone()
    };
    let before = ticket();
    sandbox.ok("ticket set T-2 --priority high --keep-sla");
    assert_eq!(ticket()["sla"], "usual");
    assert_ne!(ticket()["response_due"], before["response_due"], "one hour in place of four");
    sandbox.ok("ticket set T-2 --priority normal");
    assert_eq!(ticket(), before);
    sandbox.ok("ticket set T-2 --priority high");
    assert_eq!(ticket()["sla"], "loud");
    sandbox.ok("ticket set T-2 --priority normal --sla loud");
    assert_eq!(ticket()["sla"], "loud", "what is given stays");
    sandbox.ok("ticket set T-2 --subject Y");
    assert_eq!(ticket()["sla"], "loud", "other fields are no reason");
}

#[test]
fn a_closed_ticket_plans_a_call_where_the_store_wants_it() {
    let sandbox = asked();
    let close = |number: &str| {
        sandbox.ok(&["ticket", "resolve", number, "--resolution", "Done"]);
        sandbox.ok(&["ticket", "close", number]);
    };
    close("T-1");
    sandbox.crm("followup list --format ids").exits(0).prints_nothing();
    sandbox.edit("crm.toml", |text| format!("{text}\n[ticket]\nfollowup_days = 7\n"));
    sandbox.ok("commit -m settings");
    sandbox.ok("ticket add --customer 海尔北京 --subject Leak --contact 陈晓明 --number T-2");
    close("T-2");
    let calls = sandbox.crm("followup list --format json").exits(0).json();
    assert_eq!((calls[0]["kind"].as_str(), calls[0]["status"].as_str()), (Some("call"), Some("planned")));
    assert_eq!(sandbox.crm("followup todo --until +7d --format ids").exits(0).stdout.lines().count(), 1);
    assert_eq!(sandbox.crm("followup todo --until +6d --format ids").exits(0).stdout.lines().count(), 0);
}

#[test]
fn the_warranty_is_that_of_the_shipment() {
    let sandbox = asked();
    for line in [
        "product add W-1 --name Washer --price 100 --serials --warranty-months 12",
        "movement receive W-1 2 --serial S1 --serial S2",
        "order add --customer 海尔北京 --number O-1 --line W-1:2",
        "order confirm O-1",
        "order ship O-1 --serial W-1:S1 --serial W-1:S2",
    ] {
        sandbox.ok(line);
    }
    let shown = |day: &str| {
        let list = format!(
            "ticket list --format json --fields warranty,warranty_until --where number=T-1 --at {day}"
        );
        sandbox.crm(&list).exits(0).json()[0].clone()
    };
    let warranty = || shown("HEAD")["warranty"].as_str().map(str::to_owned);
    sandbox.ok("ticket set T-1 --product W-1");
    assert_eq!(warranty().as_deref(), Some("unknown"), "nobody knows when it was shipped");
    sandbox.ok("ticket set T-1 --order O-1");
    assert_eq!(warranty().as_deref(), Some("in"));
    sandbox.ok("ticket set T-1 --serial S2 --unset order");
    assert_eq!(warranty().as_deref(), Some("in"));
    sandbox.ok("product set W-1 --warranty-months 0");
    sandbox.wait_days(1);
    assert_eq!(warranty().as_deref(), Some("out"));
}
