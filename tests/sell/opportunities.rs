//! Opportunities from the first stage to won or lost.

use crate::support::Sandbox;

/// The trading store with a rival and the opportunity `车队` of 219,800.00.
fn store() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.write(
        "sale",
        "competitor add rival --name Rival\n\
         opp add --name 车队 --customer 海尔北京 --product product=HAN-EV-610,qty=1\n",
    );
    sandbox.ok("batch sale");
    sandbox
}

/// A field of the opportunity.
#[track_caller]
fn field(sandbox: &Sandbox, name: &str) -> String {
    let run = sandbox.crm("opp show 车队 --format json").exits(0);
    match &run.json()[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn a_sale_goes_from_stage_to_stage_and_is_won() {
    let sandbox = store();
    let id = field(&sandbox, "id");
    let before = sandbox.commits();
    let run = sandbox.crm("opp stage 车队 needs --reason 'first visit'").exits(0);
    assert_eq!(run.stdout.trim_end(), id);
    run.says(&["opportunity stage: 车队"]);
    sandbox.crm("opp stage 车队 needs").exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before + 1, "already so is no commit");
    sandbox.ok("opp stage 车队 proposal");
    assert_eq!(
        (field(&sandbox, "stage").as_str(), field(&sandbox, "weighted").as_str()),
        ("proposal", "109900.00")
    );
    sandbox.ok("opp win 车队");
    for (name, value) in [
        ("stage", "won"),
        ("closed_on", "2026-03-04"),
        ("state_type", "won"),
        ("effective_probability", "100"),
        ("last_open_stage", "proposal"),
        ("furthest_stage", "won"),
        ("rotten", "false"),
    ] {
        assert_eq!(field(&sandbox, name), value, "{name}");
    }
    sandbox.fails(5, "opp stage 车队 needs").says(&["`won`", "one of reopen"]);
    sandbox.fails(5, "opp lose 车队 --lost-reason price").says(&["one of reopen"]);
    sandbox.fails(2, "opp reopen 车队").says(&["--reason"]);
    sandbox.ok("opp reopen 车队 --reason 'they took it back'");
    assert_eq!(
        (field(&sandbox, "stage").as_str(), field(&sandbox, "closed_on").as_str()),
        ("proposal", "null")
    );
    sandbox.ok("check");
}

#[test]
fn a_loss_says_why_and_to_whom() {
    let sandbox = store();
    sandbox.fails(2, "opp lose 车队").says(&["--lost-reason"]);
    sandbox.fails(2, "opp lose 车队 --lost-reason prize").says(&["perhaps price"]);
    sandbox.fails(3, "opp lose 车队 --lost-reason price --to nobody").says(&["competitor"]);
    sandbox.fails(5, "opp lose 车队 --lost-reason other").says(&["reason `other` a note"]);
    sandbox.ok(
        "opp lose 车队 --lost-reason competitor --to Rival --lost-note 便宜 --on 2026-03-04T09:35:00+08:00",
    );
    for (name, value) in [
        ("stage", "lost"),
        ("lost_reason", "competitor"),
        ("lost_to", "rival"),
        ("lost_note", "便宜"),
        ("weighted", "0.00"),
    ] {
        assert_eq!(field(&sandbox, name), value, "{name}");
    }
    sandbox.ok("opp lose 车队 --lost-reason price");
    assert_eq!(field(&sandbox, "lost_reason"), "competitor", "already so");
}

#[test]
fn the_errors_for_programs_list_the_legal_stages() {
    let sandbox = store();
    let run = sandbox.fails(5, "opp stage 车队 won --format json");
    let error = run.error();
    assert_eq!((error["rule"].as_str(), error["code"].as_str()), (Some("illegal-move"), Some("invalid")));
    assert_eq!(error["legal"], serde_json::json!(["needs", "proposal", "negotiation"]));
    let error = sandbox.fails(5, "opp stage 车队 dreams --format json").error();
    assert_eq!(error["legal"], serde_json::json!(["qualification", "needs", "proposal", "negotiation"]));
    let run = sandbox.fails(5, "opp stage 车队 won --lang zh-CN");
    run.says(&["错误", "会结束销售", "crm opp win opp_"]);
}

#[test]
fn several_move_at_once_and_in_a_batch_and_a_key_repeats_nothing() {
    let sandbox = store();
    sandbox.ok("opp add --name 二期 --customer 海尔北京 --amount 10");
    let before = sandbox.commits();
    assert_eq!(sandbox.ok("opp stage 车队 二期 needs").lines().count(), 2);
    assert_eq!(sandbox.commits(), before + 1);
    sandbox.write("moves", "opp stage 车队 proposal\nopp win 二期\nopp lose 车队 --lost-reason price\n");
    sandbox.ok("batch moves");
    assert_eq!(sandbox.commits(), before + 2);
    assert_eq!(field(&sandbox, "stage"), "lost");
    let first = sandbox.ok("opp reopen 车队 --reason r --key again");
    sandbox.ok("opp lose 车队 --lost-reason price");
    assert_eq!(sandbox.ok("opp reopen 车队 --reason r --key again"), first);
    assert_eq!(field(&sandbox, "stage"), "lost", "the same key does nothing again");
    let snapshot = sandbox.snapshot();
    let run = sandbox.crm("opp reopen 车队 --reason r --dry-run").exits(0);
    run.prints(&["stage: lost -> proposal", "closed_on: 2026-03-04 -> (none)"]);
    assert_eq!(sandbox.snapshot(), snapshot);
}

#[test]
fn the_amount_follows_products_and_quotes_until_it_is_set_by_hand() {
    let sandbox = store();
    assert_eq!(
        (field(&sandbox, "amount").as_str(), field(&sandbox, "amount_source").as_str()),
        ("219800.00", "products")
    );
    sandbox.ok("opp product add 车队 --product SONG-L --qty 2 --discount-pct 10");
    assert_eq!(field(&sandbox, "amount"), "561440.00");
    sandbox.ok("opp product set 车队 SONG-L --qty 1");
    assert_eq!(field(&sandbox, "amount"), "390620.00");
    sandbox.ok("opp product remove 车队 SONG-L");
    assert_eq!(field(&sandbox, "amount"), "219800.00");

    sandbox.ok("opp set 车队 --amount 100000");
    assert_eq!(
        (field(&sandbox, "amount").as_str(), field(&sandbox, "amount_source").as_str()),
        ("100000.00", "manual")
    );
    sandbox.ok("opp product set 车队 HAN-EV-610 --qty 2");
    assert_eq!(field(&sandbox, "amount"), "100000.00", "what somebody set stays");

    sandbox.ok("quote add --opportunity 车队");
    sandbox.ok("opp set 车队 --amount-source quote");
    assert_eq!(field(&sandbox, "amount"), "439600.00");
    sandbox.ok("quote line set QT-2026-0001 HAN-EV-610 --price 200000");
    assert_eq!(field(&sandbox, "amount"), "400000.00");
    sandbox.ok("quote set QT-2026-0001 --discount-pct 1");
    assert_eq!(field(&sandbox, "amount"), "396000.00");
    sandbox.ok("check");
}

#[test]
fn rows_of_an_opportunity_are_kept_and_judged() {
    let sandbox = store();
    sandbox.ok("user add bob --name Bob --email bob@acme.example");
    let person = sandbox.ok("contact add --name 王 --customer 海尔北京");
    sandbox.ok(format!("opp contact add 车队 --contact {person} --role decision_maker"));
    sandbox.ok("opp competitor add 车队 --competitor rival --price 199000 --strength 便宜");
    sandbox.fails(5, "opp credit add 车队 --user ann --pct 60").says(&["make 60, not 100"]);
    sandbox.ok("opp set 车队 --credit user=ann,pct=60 --credit user=bob,pct=40");
    sandbox.ok("opp set 车队 --needs '5 台，分两批' --forecast commit");
    let run = sandbox.crm("opp show 车队 --format json").exits(0);
    let json = run.json();
    assert_eq!(json["contacts"][0]["role"], "decision_maker");
    assert_eq!(json["competitors"][0]["price"], "199000.00");
    assert_eq!(json["credits"].as_array().map(Vec::len), Some(2));
    assert_eq!((json["needs"].as_str(), json["forecast"].as_str()), (Some("5 台，分两批"), Some("commit")));
}

#[test]
fn a_stage_that_asks_for_needs_gets_them_first() {
    let sandbox = store();
    sandbox.ok("pipeline stage set sales proposal --require needs");
    sandbox.fails(5, "opp stage 车队 proposal").says(&["stage `proposal` needs field `needs`"]);
    sandbox.ok("opp set 车队 --needs 'five cars'");
    sandbox.ok("opp stage 车队 proposal");
}

#[test]
fn derived_fields_filter_and_sort_lists() {
    let sandbox = store();
    sandbox.write(
        "more",
        "opp add --name 小 --customer 海尔北京 --amount 100\n\
         opp add --name 中 --customer 海尔北京 --amount 1000\n\
         opp stage 中 negotiation\n\
         opp win 小\n\
         followup plan 中 --kind call --due 2026-03-20\n\
         followup log 中 --kind call --summary hello\n",
    );
    sandbox.ok("batch more");
    let names = |flags: &str| -> Vec<String> {
        let run = sandbox.crm(format!("opp list --fields name --format csv --no-header {flags}")).exits(0);
        run.stdout.lines().map(str::to_owned).collect()
    };
    assert_eq!(names("--where state_type=open --sort weighted"), ["中", "车队"]);
    assert_eq!(names("--sort -weighted"), ["车队", "中", "小"]);
    assert_eq!(names("--where effective_probability>=75 --sort name"), ["中", "小"]);
    assert_eq!(names("--where rotten=true"), ["车队"], "nothing is planned for it");
    assert_eq!(names("--where next_followup=2026-03-20"), ["中"]);
    assert_eq!(names("--where last_touch=today"), ["中"]);
    assert_eq!(names("--where furthest_stage=won"), ["小"]);
    sandbox.wait_days(12);
    assert_eq!(names("--where rotten=true --sort name"), ["中", "车队"], "ten days without a touch");
    assert_eq!(names("--where days_in_stage>=12 --sort name"), ["中", "小", "车队"]);
}

#[test]
fn the_board_shows_the_pipeline_side_by_side() {
    let sandbox = store();
    sandbox.write(
        "more",
        "opp add --name 二期 --customer 海尔北京 --amount 1000 --currency CNY --close-date 2026-03-10\n\
         opp stage 二期 proposal\n\
         opp add --name Old --customer 海尔北京 --amount 5\n\
         opp lose Old --lost-reason price\n",
    );
    sandbox.ok("batch more");
    let run = sandbox.crm("opp list --board").exits(0);
    let heads: Vec<&str> = run.stdout.lines().next().unwrap_or_default().split('│').map(str::trim).collect();
    assert_eq!(
        heads,
        ["Qualification · 1", "Needs · 0", "Proposal · 1", "Negotiation · 0", "Won · 0", "Lost · 1"]
    );
    run.prints(&[
        "219,800.00",
        "10 % = 21,980.00",
        "1,000.00",
        "50 % = 500.00",
        "车队",
        "二期",
        "0 d  ! Rotten",
    ]);
    let chinese = sandbox.crm("opp list --board --lang zh-CN").exits(0);
    chinese.prints(&["初步接触 · 1", "219,800.00", "0 天  ! 已停滞"]);
    sandbox.wait_days(31);
    let later = sandbox.crm("opp list --board").exits(0);
    let later = later.prints(&["31 d  ! Overdue", "31 d  ! Rotten"]);
    assert!(!later.stdout.contains("Old"), "what ended long ago is gone");

    let csv = sandbox.crm("opp list --board --format csv").exits(0);
    assert_eq!(csv.column(), ["qualification", "proposal"]);
    let json = sandbox.crm("opp list --board --format json --where name=二期").exits(0).json();
    assert_eq!((json[0]["overdue"].as_bool(), json[0]["weighted"].as_str()), (Some(true), Some("500.00")));
    assert_eq!(
        sandbox.crm("opp list --board --format json --where name=nobody").exits(0).json(),
        serde_json::json!([])
    );
}

#[test]
fn a_board_is_not_quietly_short_of_what_cannot_be_read() {
    let sandbox = store();
    let file = sandbox.file_of(&field(&sandbox, "id"));
    sandbox.ok("opp add --name 二期 --customer 海尔北京");
    sandbox.edit(&file, |text| text.replace("stage = ", "stage ="));
    sandbox.crm("opp list --board").exits(0).prints(&["车队"]);
    sandbox.edit(&file, |text| text.replace("stage =", "stage"));
    sandbox.fails(5, "opp list --board").says(&[&file]).prints_nothing();
    let run = sandbox.fails(10, "opp list --board --keep-going").says(&[&file]).prints(&["二期"]);
    assert!(!run.stdout.contains("车队"), "{run}");
}

#[test]
fn a_board_is_of_one_pipeline() {
    let sandbox = store();
    sandbox.ok("pipeline add service --name 服务 \
         --stage 'code=talk,type=open,probability=20,label=Talk,label_zh=洽谈' \
         --stage code=won,type=won,probability=100 --stage code=lost,type=lost,probability=0");
    sandbox.ok("opp stage 车队 talk --pipeline service");
    assert_eq!(
        (field(&sandbox, "pipeline").as_str(), field(&sandbox, "stage").as_str()),
        ("service", "talk")
    );
    let board = sandbox.crm("opp list --board --pipeline 服务 --lang zh-CN").exits(0);
    board.prints(&["洽谈", "车队"]);
    assert!(!sandbox.crm("opp list --board").exits(0).stdout.contains("车队"));
    assert_eq!(sandbox.ok("opp list --pipeline service --fields name --format csv --no-header"), "车队");
    assert_eq!(sandbox.ok("opp list --pipeline sales --fields name --format csv --no-header"), "");
    sandbox.fails(3, "opp list --board --pipeline nobody").says(&["no pipeline `nobody`"]);
    sandbox.fails(3, "opp list --pipeline nobody").says(&["no pipeline `nobody`"]);
}

#[test]
fn the_history_says_how_long_it_stood_where() {
    let sandbox = store();
    sandbox.wait_days(2);
    sandbox.ok("opp stage 车队 needs --reason 'first visit'");
    sandbox.wait_days(3);
    sandbox.ok("opp win 车队");
    let stays = sandbox.crm("opp history 车队 --stages --format json").exits(0).json();
    let shown: Vec<String> = stays
        .as_array()
        .into_iter()
        .flatten()
        .map(|stay| format!("{} {} {} {}", stay["stage"], stay["days"], stay["by"], stay["reason"]))
        .collect();
    assert_eq!(
        shown,
        [
            "\"qualification\" \"2.0\" null null",
            "\"needs\" \"3.0\" \"ann\" \"first visit\"",
            "\"won\" null \"ann\" null"
        ]
    );
    let both = sandbox.crm("opp history 车队").exits(0);
    both.prints(&["Time in stages (3 rows)", "opportunity win", "closed_on"]);
    let log = sandbox.crm("opp history 车队 --field stage --format csv").exits(0);
    assert_eq!(log.stdout.lines().count(), 3, "the log alone for programs: {log}");
    let id = field(&sandbox, "id");
    sandbox.ok("opp remove 车队 --yes");
    let gone = sandbox.crm(format!("opp history {id}")).exits(0).prints(&["(removed)"]);
    assert!(!gone.stdout.contains("Time in stages"), "{gone}");
    sandbox.fails(3, format!("opp history {id} --stages"));
}

#[test]
fn what_stays_open_is_named_at_the_end_of_a_sale() {
    let sandbox = store();
    sandbox.ok("quote add --opportunity 车队");
    sandbox.ok("followup plan 车队 --kind call --subject 再问 --due 2026-03-20");
    let run = sandbox.crm("opp lose 车队 --lost-reason price").exits(0);
    run.says(&["this quote stays as it is: QT-2026-0001", "this follow-up stays planned: 再问"]);
    assert_eq!(sandbox.ok("quote list --fields status --format csv --no-header"), "draft");
}

#[test]
fn what_happened_before_it_was_entered_takes_no_days_below_zero() {
    let sandbox = Sandbox::trading();
    sandbox.ok("opp add --name Fleet --customer 海尔北京 --amount 10");
    sandbox.ok("opp stage Fleet proposal --on 2020-01-01");
    let stays = sandbox.crm("opp history Fleet --stages --format json").exits(0).json();
    assert_eq!(stays[0]["days"], "0.0", "{stays}");
    assert_eq!(stays[0]["entered_at"], stays[0]["left_at"], "{stays}");
}
