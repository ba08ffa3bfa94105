//! Leads: assigned by rules, scored, taken from a web form.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{Run, Sandbox};

/// A store with five salespeople, one of them away in March, and three rules: exhibition leads by
/// region, referrals by capacity, web leads in turn.
fn office() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "basics",
        "region add south --name 华南\n\
         region add shenzhen --name 深圳 --parent south --city 深圳\n\
         team add sales --name 销售\n\
         user add li.na --name 李娜 --email li@acme.example --team sales --capacity-30d 2\n\
         user add chen.bo --name 陈博 --email chen@acme.example --team sales\n\
         user add wang.wei --name 王伟 --email wang@acme.example --region south\n\
         user add zhou.jie --name 周杰 --email zhou@acme.example --team sales --region shenzhen \
           --away-from 2026-03-01 --away-to 2026-03-31\n\
         user add zhao.min --name 赵敏 --email zhao@acme.example --capacity-30d 4\n\
         assignment_rule add show --name 展会 --order 1 --method region --user wang.wei --user zhou.jie \
           --when source=exhibition\n\
         assignment_rule add friends --name 推荐 --order 2 --method capacity --user zhao.min --user li.na \
           --when source=referral\n\
         assignment_rule add web --name 轮流 --order 3 --method round_robin --team sales --when source=web\n",
    );
    sandbox.ok("batch basics");
    sandbox
}

/// Thirty leads, a minute apart: ten of an exhibition, half of them from Shenzhen, ten referrals,
/// ten of the web site.
fn thirty(sandbox: &Sandbox) {
    let mut csv = String::from("name,phone,source,city,created_at\n");
    for at in 0..30 {
        let source = ["exhibition", "referral", "web"][at / 10];
        let city = if at < 5 { "深圳" } else { "北京" };
        let _ = writeln!(csv, "L{at:02},139000000{at:02},{source},{city},2026-03-01T10:{at:02}:00+08:00");
    }
    sandbox.write("leads.csv", csv);
    sandbox.ok("import lead leads.csv");
}

/// The owner of each lead by its name.
fn owners(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let list = sandbox.crm("lead list --fields name,owner --sort name --format json").exits(0).json();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    list.as_array().expect("a list").iter().map(|lead| (text(&lead["name"]), text(&lead["owner"]))).collect()
}

/// The owners of some leads, in their order.
fn of(owners: &BTreeMap<String, String>, from: usize, to: usize) -> Vec<&str> {
    (from..to).map(|at| owners[&format!("L{at:02}")].as_str()).collect()
}

#[test]
fn thirty_leads_go_to_whom_the_rules_choose_and_the_others_are_named_with_the_reason() {
    let sandbox = office();
    thirty(&sandbox);
    let before = sandbox.commits();
    let dry = sandbox.crm("lead assign --auto --dry-run").exits(0).says(&["21 records would change"]);
    assert_eq!(sandbox.commits(), before, "{dry}");
    let run = sandbox.crm("lead assign --auto").exits(0);
    assert_eq!(run.stdout.lines().count(), 21, "{run}");
    assert_eq!(sandbox.commits(), before + 1);
    let run = run.says(&[
        "rule `show` finds nobody for its region",
        "rule `friends` finds nobody with capacity left",
        "lead assign: 21 leads",
    ]);
    assert_eq!(run.stderr.matches("is left").count(), 9, "{run}");

    let owners = owners(&sandbox);
    assert_eq!(of(&owners, 0, 5), ["wang.wei"; 5], "who is nearer is away");
    assert_eq!(of(&owners, 5, 10), ["-"; 5]);
    assert_eq!(of(&owners, 10, 16), ["zhao.min", "li.na", "zhao.min", "li.na", "zhao.min", "zhao.min"]);
    assert_eq!(of(&owners, 16, 20), ["-"; 4]);
    assert_eq!(of(&owners, 20, 30), ["chen.bo", "li.na"].repeat(5));

    let again = sandbox.crm("lead assign --auto").exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before + 1, "{again}");
    sandbox
        .crm("lead assign --auto --lang zh-CN")
        .exits(0)
        .says(&["规则 `friends` 的候选人都已达到容量上限"]);
}

#[test]
fn a_month_later_there_is_room_again_and_who_was_away_is_back() {
    let sandbox = office();
    thirty(&sandbox);
    sandbox.ok("lead assign --auto");
    sandbox.ok("lead set L05 --region shenzhen");
    sandbox.wait_days(31);
    let run = sandbox.crm("lead assign --auto").exits(0);
    assert_eq!(run.stdout.lines().count(), 5, "{run}");
    let owners = owners(&sandbox);
    assert_eq!(of(&owners, 5, 6), ["zhou.jie"]);
    assert_eq!(of(&owners, 16, 20), ["li.na", "zhao.min", "zhao.min", "li.na"]);
}

#[test]
fn the_outcome_follows_from_the_records_so_a_run_that_is_taken_back_comes_out_the_same() {
    let sandbox = office();
    thirty(&sandbox);
    sandbox.ok("lead assign --auto");
    let first = owners(&sandbox);
    sandbox.ok("undo --yes");
    assert!(owners(&sandbox).values().all(|owner| owner == "-"));
    sandbox.ok("lead assign --auto");
    assert_eq!(owners(&sandbox), first);
}

#[test]
fn turns_go_on_over_single_runs_batches_and_assignments_by_hand() {
    let sandbox = office();
    thirty(&sandbox);
    for (name, owner) in [("L20", "chen.bo"), ("L21", "li.na"), ("L22", "chen.bo")] {
        sandbox.ok(format!("lead assign {name} --auto"));
        assert_eq!(owners(&sandbox)[name], owner);
    }
    // By hand does not count for the turn of a rule.
    sandbox.ok("lead assign L23 --to li.na");
    sandbox.write("lines", "lead assign L24 --auto\nlead assign L25 --auto\nlead assign L26 --auto\n");
    sandbox.ok("batch lines");
    assert_eq!(of(&owners(&sandbox), 23, 27), ["li.na", "li.na", "chen.bo", "li.na"]);
}

#[test]
fn what_is_asked_for_must_be_clear_and_what_is_owned_stays() {
    let sandbox = office();
    thirty(&sandbox);
    for line in ["lead assign L20", "lead assign L20 --to li.na --auto", "lead assign --to li.na"] {
        sandbox.fails(2, line).prints_nothing();
    }
    sandbox.ok("lead assign L20 --to zhao.min");
    sandbox.fails(5, "lead assign L20 --to li.na").says(&["zhao.min", "--reassign"]);
    let before = sandbox.commits();
    sandbox.crm("lead assign L20 --auto").exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before);
    sandbox.ok("lead assign L20 --auto --reassign");
    assert_eq!(owners(&sandbox)["L20"], "chen.bo");
    let shown = sandbox.crm("lead show L20 --format json").json();
    let reasons: Vec<&str> = shown["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|row| row["reason"].as_str())
        .collect();
    assert_eq!(reasons, ["rule:web"]);
    sandbox.ok("lead junk L21");
    sandbox.crm("lead assign L21 --auto").exits(0).says(&["L21", "junk"]);
}

#[test]
fn a_rule_with_a_condition_that_means_nothing_is_named() {
    let sandbox = office();
    thirty(&sandbox);
    let rule = "assignment_rule add typo --name T --order 9 --method round_robin --team sales --when";
    sandbox.fails(2, format!("{rule} sorce=web")).prints_nothing().says(&["sorce", "source"]);
    sandbox.fails(2, format!("{rule} source=wbe")).prints_nothing().says(&["wbe", "web"]);
    sandbox.ok(format!("{rule} source=web"));
    sandbox.edit("assignment_rules/typo.toml", |text| text.replace("source=web", "sorce=web"));
    sandbox.ok("commit");
    sandbox.fails(2, "lead assign --auto").says(&["assignment_rules/typo.toml", "sorce"]);
}

#[test]
fn the_new_owner_is_told_once_in_their_language() {
    let sandbox = office();
    sandbox.edit("crm.toml", |text| text + "\n[lead]\nnotify_assignment = true\n");
    sandbox.ok("commit");
    sandbox.ok("user set chen.bo --language zh-CN");
    sandbox.ok("user set li.na --language en");
    for (name, phone) in [("A", "13900000001"), ("B", "13900000002")] {
        sandbox.ok(format!("lead add --name {name} --phone {phone} --source web"));
    }
    sandbox.ok("lead assign --auto");
    sandbox.crm("lead assign --auto").exits(0).says(&["nothing to change"]);
    let told = sandbox
        .crm("message list --fields to,subject,channel,status,target_name --sort subject --format csv");
    assert_eq!(
        told.exits(0).stdout,
        "to,subject,channel,status,target_name\n\
         li.na,new lead: B,notice,queued,B\n\
         chen.bo,新线索：A,notice,queued,A\n"
    );
}

#[test]
fn tickets_are_assigned_alike_and_opened() {
    let sandbox = office();
    sandbox.write(
        "lines",
        "assignment_rule add urgent --name U --order 1 --applies-to ticket --method least_busy \
           --user li.na --user zhao.min --when priority=urgent\n\
         customer add --name 海尔 --kind company --phone 010-65123456\n\
         ticket add --customer 海尔 --subject A --priority urgent\n\
         ticket add --customer 海尔 --subject B --priority urgent\n\
         ticket add --customer 海尔 --subject C\n",
    );
    sandbox.ok("batch lines");
    sandbox.crm("ticket assign --auto").exits(0).says(&["no assignment rule matches"]);
    let list = "ticket list --fields subject,assignee,status --sort subject --format csv";
    let rows = sandbox.ok(list);
    assert!(rows.contains("A,") && rows.contains("C,,new"), "{rows}");
    for user in ["li.na", "zhao.min"] {
        assert_eq!(rows.matches(&format!("{user},open")).count(), 1, "{rows}");
    }
    let ticket = sandbox.ok("ticket list --where assignee= --format ids");
    sandbox.ok(format!("ticket assign {ticket} --to wang.wei"));
    assert!(sandbox.ok(list).contains("C,wang.wei,open"));
}

fn scored() -> Sandbox {
    let sandbox = office();
    sandbox.write(
        "lines",
        "score_rule add referral --name 推荐 --order 1 --when source=referral --points 30\n\
         score_rule add budget --name 预算 --order 2 --when budget>=200000 --points 20\n\
         score_rule add warm --name 意向 --order 3 --followup-when outcome=interested --window-days 30 \
           --points 10 --max-points 30\n\
         lead add --name 陈晓明 --phone 13912345678 --source referral --budget 250000\n\
         lead add --name 路人 --phone 13912345679 --source web\n",
    );
    sandbox.ok("batch lines");
    for _ in 0..4 {
        sandbox.ok("followup log 陈晓明 --kind call --summary 聊 --outcome interested");
    }
    sandbox
}

fn shares(run: &Run) -> Vec<(String, i64)> {
    let rows = run.json();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| {
        (row["rule"].as_str().expect("a rule").to_owned(), row["points"].as_i64().expect("points"))
    })
    .collect()
}

#[test]
fn the_score_of_the_example_is_80_and_every_rule_says_what_it_gives() {
    let sandbox = scored();
    let run = sandbox.crm("lead score 陈晓明 --format json").exits(0);
    let of = |rule: &str, points| (rule.to_owned(), points);
    assert_eq!(shares(&run), [of("referral", 30), of("budget", 20), of("warm", 30)]);
    assert_eq!(run.json()[2]["followups"], 4);
    assert_eq!(run.json()[0]["score"], 80);
    let run = sandbox.crm("lead score 陈晓明 --lang zh-CN").exits(0);
    run.prints(&["意向", "outcome=interested", "80"]);
    assert_eq!(
        sandbox.ok("lead list --fields name,score --sort=-score --format csv"),
        "name,score\n陈晓明,80\n路人,0"
    );
    assert_eq!(sandbox.ok("lead list --where score>=60 --fields name --format csv"), "name\n陈晓明");
    assert_eq!(sandbox.crm("lead show 陈晓明 --format json").json()["score"], 80);
    sandbox.wait_days(31);
    assert_eq!(sandbox.ok("lead list --where name=陈晓明 --fields score --format csv"), "score\n50");
}

#[test]
fn a_score_rule_that_means_nothing_is_named_and_hinders_only_scores() {
    let sandbox = scored();
    sandbox.fails(2, "score_rule add typo --name T --when sorce=web --points 5").prints_nothing();
    sandbox.fails(2, "score_rule add typo --name T --followup-when outcom=agreed --points 5");
    sandbox.fails(2, "score_rule add typo --name T --when score>50 --points 5").says(&["depend on itself"]);
    sandbox.ok("score_rule add typo --name T --when source=web --points 5");
    sandbox.edit("score_rules/typo.toml", |text| text.replace("source=web", "sorce=web"));
    sandbox.ok("commit");
    for line in ["lead list --sort=-score", "lead list --where score>1", "lead score 陈晓明"] {
        sandbox.fails(2, line).prints_nothing().says(&["score_rules/typo.toml", "sorce"]);
    }
    sandbox.ok("lead list");
    sandbox.crm("lead show 陈晓明").exits(0).prints(&["陈晓明"]).says(&["score_rules/typo.toml"]);
    sandbox.ok("score_rule set typo --enabled=false");
    sandbox.ok("lead list --sort=-score");
}

#[test]
fn a_lead_tells_until_when_it_must_be_answered_and_when_it_was() {
    let sandbox = office();
    let mut lines = String::from("calendar add office --name 办公 --timezone Asia/Shanghai\n");
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        let _ =
            writeln!(lines, "calendar week add office --day {day} --range 09:00-12:00 --range 13:00-18:00");
    }
    sandbox.write("calendar", lines);
    sandbox.ok("batch calendar");
    sandbox.edit("crm.toml", |text| text.replace("language =", "calendar = \"office\"\nlanguage ="));
    sandbox.ok("commit");
    let at = |now: &str, line: &str| sandbox.command(line).env("CRM_NOW", now).run().exits(0);
    at("2026-03-06T17:30:00+08:00", "lead add --name 陈晓明 --phone 13912345678 --source web");
    let shown = at("2026-03-06T18:00:00+08:00", "lead show 陈晓明 --format json").json();
    assert_eq!(shown["response_due"], "2026-03-09T10:30:00+08:00");
    assert_eq!((&shown["first_touch_at"], &shown["state_type"]), (&Value::Null, &Value::from("open")));
    at("2026-03-09T10:15:00+08:00", "followup log 陈晓明 --kind call --summary 聊");
    let list = "lead list --fields status,response_minutes,age_days,idle_days,last_touch --format csv";
    assert_eq!(
        at("2026-03-12T09:00:00+08:00", list).stdout,
        "status,response_minutes,age_days,idle_days,last_touch\n\
         contacted,105,6,3,2026-03-09T10:15:00+08:00\n"
    );
    let past = at("2026-03-12T09:00:00+08:00", "lead show 陈晓明 --at HEAD~1 --format json").json();
    let names = |shown: &Value| shown.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!((names(&past), &past["response_due"]), (names(&shown), &Value::Null));
    let copy = shown.to_string().replace("139", "138").replace("陈晓明", "陈二");
    sandbox.command("lead add --from -").stdin(copy).run().exits(0);
    at("2026-03-12T09:00:00+08:00", "lead show 陈晓明 --lang zh-CN")
        .prints(&["应响应时间", "2026-03-09 10:30"]);
}

#[test]
fn a_web_form_becomes_one_lead_however_often_it_is_sent() {
    let sandbox = office();
    sandbox.ok("product add HAN-EV-610 --name '汉 EV 610' --price 219800");
    sandbox.ok("product add SONG-L --name '宋 L' --price 189800");
    sandbox.ok("campaign add spring --name 春季 --kind event");
    let form = r#"{"name": "陈晓明", "phone": "139 1234 5678", "source": "web", "city": "深圳市",
        "campaign": "spring", "utm_source": "baidu", "utm_medium": "cpc", "utm_campaign": "spring-cpc",
        "intents": [{"product": "HAN-EV-610", "qty": "2"}, "SONG-L:1"], "budget": "230000", "needs": "家用\n置换"}"#;
    let send = |form: &str, key: &str| {
        sandbox.command(format!("lead add --from - --key {key} --format json")).stdin(form).run()
    };
    let made = send(form, "form-88231").exits(0).json();
    let before = sandbox.commits();
    for (field, value) in [
        ("phone", "+8613912345678"),
        ("region", "shenzhen"),
        ("campaign", "spring"),
        ("utm_source", "baidu"),
        ("utm_campaign", "spring-cpc"),
        ("budget", "230000.00"),
        ("needs", "家用\n置换"),
        ("key", "form-88231"),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    let intents: Vec<(&str, &str)> = made["intents"]
        .as_array()
        .expect("intents")
        .iter()
        .map(|row| (row["product"].as_str().expect("a product"), row["qty"].as_str().expect("a quantity")))
        .collect();
    assert_eq!(intents, [("HAN-EV-610", "2"), ("SONG-L", "1")]);
    assert_eq!(made["last_campaign"], Value::Null);

    assert_eq!(send(form, "form-88231").exits(0).json()["ids"], made["ids"]);
    assert_eq!(sandbox.commits(), before, "the same form again");
    assert_eq!(send(&form.replace("陈晓明", "陈"), "form-88231").exits(6).error()["rule"], "key-reused");
    let twin = send(form, "form-88232").exits(5).error();
    assert_eq!(twin["rule"], "duplicate-lead");
    for (wrong, exit) in [
        (r#"{"name": "A", "phone": "1", "source": "web"}"#, 2),
        (r#"{"nome": "A"}"#, 2),
        ("{", 2),
        (r#"{"name": "A", "source": "web"}"#, 5),
        (r#"{"name": "A", "phone": "13900000009", "source": "web", "intents": ["NO-SUCH"]}"#, 3),
    ] {
        send(wrong, "other").exits(exit).prints_nothing();
    }
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn who_asks_before_work_learns_whose_the_customer_is_and_nothing_else() {
    let sandbox = office();
    sandbox.ok(
        "customer add --kind company --name 比亚迪（深圳）汽车销售有限公司 --phone '+86 755 8988 8888' \
         --other-phone 13800138000 --email Buy@BYD.example --other-email Second@BYD.example \
         --tax-id '91440300 MA5EXAMPLE' --owner li.na",
    );
    sandbox.ok("followup log 比亚迪（深圳）汽车销售有限公司 --kind visit --summary 拜访");
    let known = |by: &str| format!("match,owner,owner_name,last_touch\n{by},li.na,李娜,2026-03-04\n");
    for (flags, by) in [
        (["--phone", "（0755）8988-8888"], "phone"),
        (["--phone", "０７５５８９８８８８８８"], "phone"),
        (["--phone", "+8613800138000"], "phone"),
        (["--name", "比亚迪汽车销售公司"], "name"),
        (["--name", "比亚迪 （集团） 汽车销售股份有限公司"], "name"),
        (["--email", "buy@byd.EXAMPLE"], "email"),
        (["--email", "second@byd.example"], "email"),
        (["--tax-id", "91440300ma5example"], "tax_id"),
    ] {
        let mut words = vec!["customer", "check"];
        words.extend(flags);
        words.extend(["--format", "csv"]);
        assert_eq!(sandbox.crm(words.as_slice()).exits(0).stdout, known(by), "{flags:?}");
    }
    let both = sandbox.crm("customer check --phone 13800138000 --name 比亚迪汽车销售 --format json").json();
    assert_eq!(both.as_array().map(Vec::len), Some(1));
    assert_eq!(both[0]["match"], serde_json::json!(["phone", "name"]));
    assert_eq!(sandbox.ok("customer check --name 谁 --format json"), "[]");
    sandbox.fails(2, "customer check").says(&["--phone"]);
    sandbox.fails(2, "customer check --phone x").says(&["x"]);
}
