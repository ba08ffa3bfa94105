//! Segments, campaigns and feedback.

use crate::support::Sandbox;

/// Four customers, one archived, one who wants no e-mail; a contact and a lead.
fn market() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "lines",
        "product add EV --name 车 --price 100 --track-stock=false\n\
         campaign add spring --name 春季 --kind email\n\
         customer add --name 海尔 --phone 01065120001 --level A --campaign spring\n\
         customer add --name 美的 --phone 01065120002 --level A --opt-out email\n\
         customer add --name 格力 --phone 01065120003 --level B\n\
         customer add --name 旧 --phone 01065120004 --level A --archived\n\
         contact add --customer 格力 --name 王 --email wang@gree.example --opt-out email\n\
         lead add --company 陈记 --phone 13900000001 --source web --campaign spring\n\
         segment add top --name 重点 --of customer --when level=A\n\
         segment add people --name 联系人 --of contact --when email!=\n\
         segment add new-leads --name 新线索 --of lead --when status=new\n",
    );
    sandbox.ok("batch lines");
    sandbox.remove("lines");
    sandbox
}

#[track_caller]
fn names(sandbox: &Sandbox, flags: &str) -> Vec<String> {
    let mut names: Vec<String> = sandbox
        .ok(format!("{flags} --fields name --format csv --no-header"))
        .lines()
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

#[test]
fn a_live_segment_follows_and_a_frozen_one_stays() {
    let sandbox = market();
    assert_eq!(names(&sandbox, "segment show top --members"), ["海尔", "美的"], "archived ones are left out");
    assert_eq!(sandbox.ok("segment freeze top top-march --name 三月"), "top-march");
    let commits = sandbox.commits();
    assert_eq!(sandbox.ok("segment freeze top top-march"), "top-march", "already so");
    assert_eq!(sandbox.commits(), commits);
    sandbox.ok("customer set 格力 --level A");
    sandbox.ok("customer set 海尔 --level C");
    assert_eq!(names(&sandbox, "segment show top --members"), ["格力", "美的"]);
    assert_eq!(names(&sandbox, "segment show top-march --members"), ["海尔", "美的"]);
    sandbox.ok("customer set 美的 --archived=true");
    assert_eq!(names(&sandbox, "segment show top-march --members"), ["海尔"]);
    let ids = sandbox.ok("segment show top-march --members --format ids");
    assert!(ids.starts_with("cus_") && ids.lines().count() == 1, "{ids}");
    sandbox.fails(5, "segment freeze top top-march").says(&["top-march"]);
    sandbox.ok("segment add mine --name 我的 --of customer --when owner=me");
    sandbox.ok("segment freeze mine mine-now");
    assert_eq!(names(&sandbox, "segment show mine-now --members"), ["格力", "海尔"]);
    sandbox.ok("segment add nobody --name 无 --of customer --when city=月球");
    assert_eq!(names(&sandbox, "segment show nobody --members"), [""; 0]);
    sandbox.fails(5, "segment freeze nobody none").says(&["no members"]);
    sandbox.fails(3, "segment show tap --members").says(&["top"]);
}

#[test]
fn conditions_that_cannot_hold_are_refused_when_written() {
    let sandbox = market();
    for (line, says) in [
        ("segment add bad --name X --of customer --when levle=A", "level"),
        ("segment add bad --name X --of customer --when level=Z", "Z"),
        ("segment add bad --name X --of customer --when level", "level"),
        ("segment add bad --name X --of customer --when credit_limit>much", "much"),
        ("segment add bad --name X --of customer --when birthday=03/04/2026", "03/04/2026"),
        ("segment add bad --name X --of lead --when industry=retail", "industry"),
        ("segment set top --when nmae~海", "name"),
    ] {
        sandbox.fails(2, line).says(&[says]).prints_nothing();
    }
    sandbox.fails(3, "segment add bad --name X --of customer --when region=nowhere").says(&["nowhere"]);
    sandbox.write("lines", "region add north --name 北方\nsegment add northern --name 北 --of customer --when region=north --when owner=me\n");
    sandbox.ok("batch lines");
    sandbox.write("bad.csv", "id,name,of,when\nodd,X,customer,foo=1\n");
    sandbox.crm("import segment bad.csv").exits(0).says(&["foo"]);
    sandbox.ok("segment add good --name X --of customer --when region= --when region.name~北 --when name~海");
}

#[test]
fn a_campaign_reaches_members_once_without_the_excluded() {
    let sandbox = market();
    sandbox.ok("campaign set spring --segment top,people,new-leads");
    let run = sandbox.crm("campaign show spring --members --format csv --no-header").exits(0);
    let mut rows: Vec<String> =
        run.stdout.lines().map(|line| line.split_once(',').map_or("", |(_, rest)| rest).to_owned()).collect();
    rows.sort();
    assert_eq!(
        rows,
        [
            "contact,王,,wang@gree.example,true",
            "customer,海尔,+861065120001,,false",
            "customer,美的,+861065120002,,true",
            "lead,陈记,+8613900000001,,false",
        ]
    );
    sandbox
        .crm("campaign show spring --members")
        .exits(0)
        .prints(&["Audience of 春季: 4, 2 of them opted out"]);
    sandbox.ok("segment add out --name 不发 --of customer --when name=海尔");
    sandbox.ok("campaign set spring --exclude out");
    let run = sandbox.crm("campaign show spring --members --format csv --no-header").exits(0);
    assert!(!run.stdout.contains("海尔") && run.stdout.lines().count() == 3, "{run}");
}

#[test]
fn what_came_of_a_campaign_is_in_its_list() {
    let sandbox = market();
    sandbox.ok("campaign add quiet --name 静 --kind ad --currency USD");
    sandbox.ok("campaign cost spring 500 --what 海报 --date 2026-03-01");
    sandbox.ok("campaign cost spring -20.50");
    sandbox.ok("campaign cost add quiet --amount 7.25");
    sandbox.ok("order add --customer 海尔 --line EV:3 --campaign spring");
    sandbox.ok("order add --customer 美的 --line EV:2 --campaign spring");
    sandbox.ok("order confirm SO-2026-0001");
    let list = || {
        sandbox.ok("campaign list --fields id,cost,sent,leads,opportunities,orders,base_revenue,new_customers --sort id --format csv --no-header")
    };
    assert_eq!(list(), "quiet,7.25,0,0,0,0,0.00,0\nspring,479.50,0,1,0,1,300.00,1");
    sandbox.ok("order confirm SO-2026-0002");
    assert_eq!(list().lines().last(), Some("spring,479.50,0,1,0,2,500.00,1"), "美的 was not brought by it");
    assert_eq!(sandbox.ok("campaign list --where orders>1 --format ids"), "spring");
    let costs = sandbox.crm("campaign show spring --format json").exits(0).json();
    assert_eq!(costs["costs"][0]["what"], "海报");
    let row = costs["costs"][0]["id"].as_str().expect("an id").to_owned();
    sandbox.fails(5, format!("campaign cost remove spring {row}"));
    for (exit, line) in [
        (2, "campaign cost spring much"),
        (2, "campaign cost spring 1.005"),
        (2, "campaign cost spring"),
        (3, "campaign cost summer 5"),
    ] {
        sandbox.fails(exit, line).prints_nothing();
    }
}

#[test]
fn a_campaign_moves_as_it_may() {
    let sandbox = market();
    for (exit, line) in [
        (5, "campaign finish spring"),
        (0, "campaign start spring"),
        (0, "campaign pause spring"),
        (0, "campaign pause spring"),
        (0, "campaign start spring"),
        (2, "campaign cancel spring"),
        (0, "campaign finish spring"),
        (5, "campaign start spring"),
    ] {
        sandbox.crm(line).exits(exit);
    }
}

#[test]
fn feedback_becomes_a_ticket_once() {
    let sandbox = market();
    let id = sandbox.ok("feedback add --from 王 --about product --kind complaint --text 空调异响");
    let ticket = sandbox.ok(format!("feedback ticket {id}"));
    let found = sandbox.crm(format!("ticket show {ticket} --format json")).exits(0).json();
    assert_eq!((&found["kind"], &found["subject"]), (&"complaint".into(), &"空调异响".into()));
    assert_eq!((&found["customer_name"], &found["contact_name"]), (&"格力".into(), &"王".into()));
    let linked = sandbox.crm(format!("feedback show {id} --format json")).exits(0).json();
    assert_eq!(linked["ticket"], ticket.as_str());
    let commits = sandbox.commits();
    assert_eq!(sandbox.ok(format!("feedback ticket {id}")), ticket);
    assert_eq!(sandbox.commits(), commits);
    let own = sandbox.ok("feedback add --from ann --about crm --kind idea --text 更快");
    sandbox.fails(5, format!("feedback ticket {own}")).says(&["not from a customer"]);
}
