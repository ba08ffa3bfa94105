//! Public pools, as salespeople use them over weeks.

use crate::support::{Run, Sandbox};

/// A store with two salespeople and their manager, and a pool of customers and one of leads.
fn office(customers: &str, leads: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "basics",
        format!(
            "team add sales --name 销售\n\
             team add south --name 华南 --parent sales\n\
             role add staff --name 员工 --grant type=lead,create=true,read=all,edit=all,assign=true --grant type=customer,create=true,read=all,edit=all,assign=true --grant type=followup,create=true,read=all,edit=all,assign=true\n\
             user add li.na --name 李娜 --email li@acme.example --team south --role staff\n\
             user add zhao.min --name 赵敏 --email zhao@acme.example --team south --role staff\n\
             user add wang.wei --name 王伟 --email wang@acme.example --role staff\n\
             team set sales --manager wang.wei\n\
             pool add sea --name 客户公海 --applies-to customer --order 1 {customers}\n\
             pool add pond --name 线索公海 --applies-to lead --order 2 {leads}\n"
        ),
    );
    sandbox.ok("batch basics");
    sandbox
}

/// Runs a command on a day at nine, as somebody.
fn on(sandbox: &Sandbox, day: &str, user: &str, line: &str) -> Run {
    let now = format!("{day}T09:00:00+08:00");
    sandbox.command(line).env("CRM_NOW", now).env("CRM_USER", user).run()
}

fn field(sandbox: &Sandbox, record: &str, field: &str) -> String {
    let shown = sandbox.crm(format!("show {record} --format json")).exits(0).json();
    shown[field].as_str().unwrap_or_default().to_owned()
}

fn messages(sandbox: &Sandbox) -> Vec<String> {
    let keys = sandbox.ok("message list --fields key,to --sort key --format csv --no-header");
    keys.lines().map(str::to_owned).collect()
}

/// The reasons in the history of a record, of its owner only.
fn reasons(sandbox: &Sandbox, record: &str) -> Vec<String> {
    let shown = sandbox.crm(format!("show {record} --format json")).exits(0).json();
    let rows = shown["history"].as_array().cloned().unwrap_or_default();
    let owner = rows.into_iter().filter(|row| row["field"] == "owner");
    owner.map(|row| row["reason"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_example_of_the_reference_over_its_weeks() {
    let sandbox = office("--recycle-days 30 --protect-days 10", "--recycle-days 30");
    let id =
        on(&sandbox, "2026-01-10", "li.na", "customer add --name 海纳物流 --owner li.na").exits(0).stdout;
    let id = id.trim();
    on(&sandbox, "2026-02-01", "li.na", "followup log 海纳物流 --kind call --summary 聊").exits(0);
    on(&sandbox, "2026-02-20", "li.na", "customer note 海纳物流 内部备注").exits(0);
    let before = sandbox.commits();
    let recycle = |day: &str| on(&sandbox, day, "ann", "pool recycle").exits(0);
    recycle("2026-02-28").says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before);

    recycle("2026-03-01").says(&["0 back to pools, 1 warned"]);
    let warned = [format!("pool-warn:{id}:2026-03-04,li.na")];
    assert_eq!(messages(&sandbox), warned);
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        recycle(day).says(&["nothing to change"]);
    }
    assert_eq!((messages(&sandbox).as_slice(), sandbox.commits()), (&warned[..], before + 1));

    on(&sandbox, "2026-03-04", "ann", "pool recycle --dry-run").exits(0).prints(&["pool: (none) -> sea"]);
    let run = recycle("2026-03-04").says(&["1 back to pools, 0 warned"]);
    assert_eq!(run.stdout.trim(), id);
    assert_eq!(sandbox.commits(), before + 2, "one commit for a run");
    assert_eq!(
        (field(&sandbox, id, "owner"), field(&sandbox, id, "pool")),
        (String::new(), "sea".to_owned())
    );
    assert_eq!(reasons(&sandbox, id), ["recycle:sea idle 31d"]);
    recycle("2026-03-04").says(&["nothing to change"]);

    let listed = on(&sandbox, "2026-03-05", "zhao.min", "pool records --format csv").exits(0).stdout;
    assert!(listed.contains("customer,海纳物流,sea,,,2026-03-04,li.na"), "{listed}");
    on(&sandbox, "2026-03-05", "zhao.min", "pool claim 海纳物流").exits(0);
    assert_eq!(
        (field(&sandbox, id, "owner"), field(&sandbox, id, "pool"), field(&sandbox, id, "protected_until")),
        ("zhao.min".to_owned(), String::new(), "2026-03-15".to_owned())
    );
    assert_eq!(reasons(&sandbox, id), ["recycle:sea idle 31d", "claim:sea"]);
    // Idle since the claim: the thirty days begin anew.
    recycle("2026-04-04").says(&["1 warned"]);
    recycle("2026-04-05").says(&["1 back to pools"]);
}

#[test]
fn whoever_works_on_a_record_keeps_it_and_is_warned_again_of_the_next_day() {
    let sandbox = office("--recycle-days 30", "");
    let id =
        on(&sandbox, "2026-02-01", "li.na", "customer add --name 海纳物流 --owner li.na").exits(0).stdout;
    let id = id.trim();
    on(&sandbox, "2026-03-01", "ann", "pool recycle").exits(0);
    on(&sandbox, "2026-03-02", "li.na", "followup log 海纳物流 --kind visit --summary 拜访").exits(0);
    on(&sandbox, "2026-03-04", "ann", "pool recycle").exits(0).says(&["nothing to change"]);
    on(&sandbox, "2026-03-29", "ann", "pool recycle").exits(0).says(&["nothing to change"]);
    on(&sandbox, "2026-03-30", "ann", "pool recycle").exits(0).says(&["1 warned"]);
    assert_eq!(
        messages(&sandbox),
        [format!("pool-warn:{id}:2026-03-04,li.na"), format!("pool-warn:{id}:2026-04-02,li.na")]
    );
}

#[test]
fn blocked_customers_and_closed_leads_stay_and_a_deal_keeps_a_customer() {
    let sandbox = office("--deal-days 90", "--recycle-days 30");
    for line in [
        "customer add --name A --owner li.na",
        "customer add --name B --owner li.na",
        "customer add --name C --owner li.na",
        "lead add --name D --phone 13900000001 --source web --owner li.na",
        "lead add --name E --phone 13900000002 --source web --owner li.na",
        "lead add --name F --phone 13900000003 --source web",
        "product add CAR --name Car --price 100 --track-stock=false",
        "customer block B --reason x",
        "lead junk E",
        "order add --customer C --line CAR:1",
    ] {
        on(&sandbox, "2026-01-10", "ann", line).exits(0);
    }
    let order = sandbox.ok("order list --format ids");
    on(&sandbox, "2026-01-10", "ann", &format!("order confirm {order}")).exits(0);
    let run = on(&sandbox, "2026-04-12", "ann", "pool recycle").exits(0).says(&["2 back to pools"]);
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
    assert_eq!(reasons(&sandbox, "A"), ["recycle:sea deal 92d"]);
    assert_eq!(reasons(&sandbox, "D"), ["recycle:pond idle 92d"]);
    assert_eq!(field(&sandbox, "F", "pool"), "", "unassigned is not the pool");
}

#[test]
fn the_pool_is_the_first_whose_conditions_hold() {
    let sandbox = office("", "--recycle-days 10 --when source=web");
    sandbox.ok("pool add vip --name 重点 --applies-to lead --order 1 --when budget>=1000000");
    sandbox.ok("lead add --name A --phone 13900000001 --source web --owner li.na --budget 2000000");
    sandbox.ok("lead add --name B --phone 13900000002 --source web --owner li.na");
    sandbox.ok("lead add --name C --phone 13900000003 --source phone --owner li.na");
    let release = |name: &str| {
        let words = ["pool", "release", name, "--reason", "转行"];
        sandbox.command(&words).env("CRM_USER", "li.na").run()
    };
    release("A").exits(0);
    release("B").exits(0);
    assert_eq!((field(&sandbox, "A", "pool"), field(&sandbox, "B", "pool")), ("vip".into(), "pond".into()));
    assert_eq!(release("C").exits(5).says(&["no pool takes `C`"]).stdout, "");
    let before = sandbox.commits();
    release("A").exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before);
    sandbox.wait_days(11);
    sandbox.crm("pool recycle").exits(0).says(&["nothing to change"]);
}

#[test]
fn claims_keep_to_the_limits_of_their_pool() {
    let sandbox = office("", "--claim-daily 2 --hold-max 3 --reclaim-days 7");
    for at in 0..6 {
        sandbox.ok(format!("lead add --name L{at} --phone 1390000000{at} --source web --owner wang.wei"));
    }
    let run = |day: &str, user: &str, line: &str| on(&sandbox, day, user, line);
    run("2026-03-05", "wang.wei", "pool release L0 L1 L2 L3 L4 --reason 休假").exits(0);
    assert_eq!(
        run("2026-03-05", "li.na", "pool records pond --format ids").exits(0).stdout.lines().count(),
        5
    );

    run("2026-03-06", "li.na", "pool claim L0 L1").exits(0);
    run("2026-03-06", "li.na", "pool claim L0").exits(0).says(&["nothing to change"]);
    run("2026-03-06", "li.na", "pool claim L2")
        .exits(5)
        .prints_nothing()
        .says(&["3 claims today", "allows 2"]);
    // Giving one back does not make room on the same day.
    run("2026-03-06", "li.na", "pool release L1 --reason 不合适").exits(0);
    run("2026-03-06", "li.na", "pool claim L2").exits(5).says(&["3 claims today"]);
    run("2026-03-06", "zhao.min", "pool claim L0").exits(5).says(&["in no pool", "li.na"]);

    run("2026-03-07", "li.na", "pool claim L1").exits(5).says(&["waits 7 days"]);
    run("2026-03-07", "li.na", "pool claim L2 L3").exits(0);
    run("2026-03-08", "li.na", "pool claim L4").exits(5).says(&["4 open records held", "allows 3"]);
    run("2026-03-08", "zhao.min", "pool claim L1").exits(0);
    run("2026-03-09", "zhao.min", "pool claim L5").exits(5).says(&["in no pool", "wang.wei"]);
    run("2026-03-13", "wang.wei", "pool claim L4").exits(0);

    // Two in one batch count together.
    run("2026-03-20", "wang.wei", "pool release L4 --reason x").exits(0);
    sandbox.write("lines", "pool claim L4\npool claim L4\n");
    run("2026-03-20", "zhao.min", "batch lines").exits(0);
    assert_eq!(field(&sandbox, "L4", "owner"), "zhao.min");
}

#[test]
fn only_owners_managers_and_administrators_give_back_and_only_teams_claim() {
    let sandbox = office("--team sales", "");
    sandbox.ok("customer add --name A --owner li.na");
    let run = |user: &str, line: &str| sandbox.command(line).env("CRM_USER", user).run();
    run("zhao.min", "pool release A --reason x").exits(11).says(&["li.na"]);
    run("li.na", "pool release A").exits(2).says(&["--reason"]);
    run("wang.wei", "pool release A --reason x").exits(0);
    run("wang.wei", "pool claim A").exits(11).says(&["sales"]);
    assert_eq!(run("wang.wei", "pool records --format ids").exits(0).stdout, "");
    run("zhao.min", "pool claim A").exits(0);
    run("ann", "pool release A --reason x").exits(0);
    let shown = run("zhao.min", "pool records --lang zh-CN").exits(0);
    shown.prints(&["客户", "原负责人", "zhao.min"]);
    sandbox.fails(3, "pool records nowhere").says(&["nowhere"]);
    sandbox.write("lines", "pool records\n");
    sandbox.fails(2, "batch lines").prints_nothing();
}
