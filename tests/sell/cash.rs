//! Invoices, returns and payments, from the order to nothing owed.

use crate::support::{Run, Sandbox};

/// A store with the order `SO-2026-0001` of three units that come to 1,000.00 without tax, confirmed,
/// with stock.
fn three_units() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "basics",
        "product add CAR --name 车 --price 400 --price-includes-tax=false --tax-rate 13\n\
         product add HOUR --name 安装 --kind service --price 100 --price-includes-tax=false\n\
         movement receive CAR 10\n\
         customer add --name 海尔北京 --kind company --payment-days 10\n\
         order add --customer 海尔北京 --line CAR:3@333.333333\n\
         order confirm SO-2026-0001\n",
    );
    sandbox.ok("batch basics");
    sandbox.remove("basics");
    sandbox
}

/// Fields of a record.
#[track_caller]
fn of(sandbox: &Sandbox, noun: &str, id: &str, fields: &str) -> String {
    let words = [noun, "show", id, "--fields", fields, "--format", "csv", "--no-header"];
    sandbox.ok(&words[..])
}

/// To ship, to bill, billed of the only line.
fn line(sandbox: &Sandbox) -> String {
    let order = sandbox.crm("order show SO-2026-0001 --format json").json();
    let line = &order["line_states"][0];
    format!("{} {} {}", line["to_ship"], line["to_bill"], line["billed"]).replace('"', "")
}

fn sum(sandbox: &Sandbox, sql: &str) -> String {
    sandbox.ok(&["sql", sql, "--format", "csv", "--no-header"][..])
}

#[test]
fn a_deposit_an_invoice_a_receipt_a_return_and_a_refund_end_at_nothing_owed() {
    let sandbox = three_units();
    let owed = |expected: &str| {
        let found = of(&sandbox, "invoice", "INV-2026-0001", "total,credited,paid,outstanding,payment");
        assert_eq!(found, expected);
    };
    sandbox.ok("order pay SO-2026-0001 300 --method bank --ref B1");
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    owed("1130.00,0.00,300.00,830.00,partly_paid");
    sandbox.ok("payment add --invoice INV-2026-0001:830 --method bank --reference B2");
    owed("1130.00,0.00,1130.00,0.00,paid");
    assert_eq!(
        of(&sandbox, "order", "SO-2026-0001", "fulfilment,billing,payment,progress"),
        "full,full,full,completed"
    );
    let back = sandbox.ok("order return SO-2026-0001 --line CAR:1 --reason defective --effect reverse");
    owed("1130.00,0.00,1130.00,0.00,paid");
    sandbox.ok(&["invoice", "credit", "INV-2026-0001", "--return", &back, "--reason", "defective"][..]);
    assert_eq!(
        sandbox.ok("invoice list --where kind=credit_note --fields net_total,tax_total,total --format csv --no-header"),
        "333.33,43.33,376.66"
    );
    // The deposit of the order is no longer all used: 300.00 of the credit are its.
    owed("1130.00,376.66,830.00,-76.66,credit");
    sandbox.ok("payment refund 海尔北京 76.66 --invoice INV-2026-0001 --method bank");
    sandbox.ok("payment refund 海尔北京 300 --order SO-2026-0001 --method bank");
    owed("1130.00,376.66,753.34,0.00,paid");
    assert_eq!(sum(&sandbox, "select count(*) from receivable"), "0");
    assert_eq!(sum(&sandbox, "select sum(sign * total) from invoices"), "75334");
    assert_eq!(sum(&sandbox, "select sum(base_amount) from payments"), "75334");
    sandbox.ok("check");
}

#[test]
fn without_a_deposit_the_chain_is_that_of_the_reference() {
    let sandbox = three_units();
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    sandbox.ok("payment add --invoice INV-2026-0001:300 --method bank --reference B1");
    sandbox.ok("payment add --invoice INV-2026-0001:830 --method bank --reference B2");
    let before = sandbox.commits();
    let made =
        sandbox.ok("order return SO-2026-0001 --line CAR:1 --reason defective --effect reverse --credit");
    assert_eq!((made.lines().count(), sandbox.commits()), (2, before + 1));
    let owed = || of(&sandbox, "invoice", "INV-2026-0001", "outstanding,payment");
    assert_eq!(owed(), "-376.66,credit");
    sandbox.ok("payment refund 海尔北京 376.66 --invoice INV-2026-0001 --method wechat_pay");
    assert_eq!(owed(), "0.00,paid");
}

#[test]
fn a_return_with_credit_note_and_refund_is_one_commit_and_one_undo() {
    let sandbox = three_units();
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    sandbox.ok("payment add --invoice INV-2026-0001:1130 --method bank");
    let before = (sandbox.commits(), sandbox.snapshot().without(".git"));
    let made = sandbox.ok(
        "order return SO-2026-0001 --line CAR:1 --reason defective --effect reverse --credit --refund --method bank",
    );
    let kinds: Vec<&str> = made.lines().filter_map(|id| id.split('_').next()).collect();
    assert_eq!((kinds, sandbox.commits()), (vec!["ret", "inv", "pay"], before.0 + 1));
    assert_eq!(of(&sandbox, "invoice", "INV-2026-0001", "outstanding,payment"), "0.00,paid");
    sandbox.ok("undo");
    let changed = sandbox.snapshot().without(".git").differences(&before.1);
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn a_replaced_unit_ships_again_and_a_reversed_one_is_credited() {
    let sandbox = three_units();
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    assert_eq!(line(&sandbox), "0 0 3");
    let back = sandbox.ok("order return SO-2026-0001 --line CAR:1 --reason damaged --effect replace");
    assert_eq!(line(&sandbox), "1 0 3");
    sandbox.ok(&["return", "reverse", &back][..]);
    assert_eq!(line(&sandbox), "0 0 3");
    sandbox
        .crm("order return SO-2026-0001 --line CAR:1 --reason damaged --effect reverse")
        .exits(0)
        .says(&["a credit note is due"]);
    assert_eq!(line(&sandbox), "0 0 3");
    sandbox.ok("invoice credit INV-2026-0001 --line CAR:1 --reason damaged");
    assert_eq!(line(&sandbox), "0 0 2");
    assert_eq!(of(&sandbox, "product", "CAR", "id"), "CAR");
    assert_eq!(sum(&sandbox, "select on_hand, reserved from stock_available"), "8,0");
    sandbox.ok("order return SO-2026-0001 --line CAR:1 --reason damaged --effect replace --no-restock");
    assert_eq!(sum(&sandbox, "select on_hand, reserved from stock_available"), "8,1");
}

#[test]
fn parts_are_billed_and_credited_to_the_cent() {
    let sandbox = three_units();
    for _ in 0..3 {
        sandbox.ok("order invoice SO-2026-0001 --line CAR:1");
    }
    let totals = |kind: &str| {
        let words = format!(
            "invoice list --where kind={kind} --fields net_total,tax_total --sort number --format csv --no-header"
        );
        sandbox.ok(words.as_str()).replace('\n', " ")
    };
    assert_eq!(totals("invoice"), "333.33,43.33 333.34,43.34 333.33,43.33");
    for number in 1..=3 {
        sandbox.ok(&["invoice", "credit", &format!("INV-2026-000{number}"), "--reason", "all"][..]);
    }
    assert_eq!(totals("credit_note"), totals("invoice"));
    assert_eq!(line(&sandbox), "3 3 0");
}

#[test]
fn only_what_has_left_is_billed_where_that_is_wished() {
    let sandbox = three_units();
    sandbox.fails(5, "order invoice SO-2026-0001 --shipped").says(&["left to bill"]);
    sandbox.ok("order ship SO-2026-0001 --line CAR:2");
    sandbox.ok("order invoice SO-2026-0001 --shipped --date 2026-03-03");
    assert_eq!(
        of(&sandbox, "invoice", "INV-2026-0001", "date,due_date,total"),
        "2026-03-03,2026-03-13,753.34"
    );
    assert_eq!(line(&sandbox), "1 1 2");
}

#[test]
fn a_free_standing_invoice_is_made_and_credited_like_others() {
    let sandbox = three_units();
    sandbox.ok(&[
        "invoice",
        "add",
        "--customer",
        "海尔北京",
        "--line",
        "HOUR:2-10%",
        "--line",
        "name=差旅费,qty=1,price=80,tax_rate=6",
        "--shipping",
        "20",
    ][..]);
    // 180.00 of hours is refused by no field: invoices store what a line comes to.
    let invoice = sandbox.crm("invoice show INV-2026-0001 --format json").json();
    let lines = invoice["lines"].as_array().expect("lines");
    let names: Vec<_> = lines.iter().map(|line| line["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["安装", "差旅费"]);
    assert_eq!(invoice["invoice_title"], "海尔北京");
    assert_eq!(invoice["net_total"], sum(&sandbox, "select printf('%.2f', net_total / 100.0) from invoices"));
    sandbox.ok("invoice credit INV-2026-0001 --shipping --reason 取消");
    assert_eq!(of(&sandbox, "invoice", "INV-2026-0001", "outstanding,payment"), "0.00,paid");
    assert_eq!(of(&sandbox, "invoice", "INV-2026-0002", "note"), "取消");
    sandbox.ok("check");
}

#[test]
fn the_official_number_is_filled_once_and_finds_the_invoice() {
    let sandbox = three_units();
    sandbox.ok("order invoice SO-2026-0001");
    sandbox.ok("invoice set INV-2026-0001 --fapiao-no 24440000001");
    assert_eq!(of(&sandbox, "invoice", "24440000001", "number"), "INV-2026-0001");
    sandbox.fails(5, "invoice set INV-2026-0001 --fapiao-no 24440000002").says(&["fapiao_no"]);
}

/// Three invoices of the customer, 100.00 each, due in the order 3, 1, 2.
fn three_invoices(sandbox: &Sandbox) {
    for day in ["2026-02-02", "2026-02-03", "2026-02-01"] {
        let words = ["--line", "name=Work,qty=1,price=100,tax_rate=0", "--date", day];
        sandbox.ok(&[&["invoice", "add", "--customer", "海尔北京"][..], &words].concat()[..]);
    }
}

fn outstanding(sandbox: &Sandbox) -> String {
    sandbox.ok("invoice list --fields outstanding --sort number --format csv --no-header").replace('\n', " ")
}

#[test]
fn money_goes_to_what_is_due_first() {
    let sandbox = three_units();
    three_invoices(&sandbox);
    let id = sandbox.ok("payment add --customer 海尔北京 --amount 150 --method bank --auto");
    assert_eq!(outstanding(&sandbox), "50.00 100.00 0.00");
    assert_eq!(of(&sandbox, "payment", &id, "allocated,unallocated"), "150.00,0.00");
    let later = sandbox.ok("payment add --customer 海尔北京 --amount 500 --method cash");
    let before = sandbox.commits();
    assert_eq!(sandbox.ok(&["payment", "allocate", &later, "--auto"][..]), later);
    assert_eq!(outstanding(&sandbox), "0.00 0.00 0.00");
    assert_eq!(of(&sandbox, "payment", &later, "allocated,unallocated"), "150.00,350.00");
    sandbox.crm(&["payment", "allocate", &later, "--auto"][..]).exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before + 1, "already so is no commit");
    assert_eq!(sum(&sandbox, "select what, amount from receivable"), "unallocated,35000");
}

#[test]
fn later_lines_of_a_batch_pay_what_earlier_ones_billed() {
    let sandbox = three_units();
    let before = sandbox.commits();
    sandbox.write(
        "lines",
        "order ship SO-2026-0001\n\
         order invoice SO-2026-0001 --line CAR:2\n\
         payment add --customer 海尔北京 --amount 800 --method bank --auto\n\
         order invoice SO-2026-0001\n\
         invoice credit INV-2026-0002 --reason wrong\n",
    );
    sandbox.ok("batch lines");
    assert_eq!(sandbox.commits(), before + 1);
    assert_eq!(
        sum(&sandbox, "select number, outstanding from invoice_status order by number"),
        "INV-2026-0001,0\nINV-2026-0002,0"
    );
    assert_eq!(sum(&sandbox, "select what, amount from receivable"), "unallocated,4666");
}

#[test]
fn allocations_are_taken_back_and_moved() {
    let sandbox = three_units();
    three_invoices(&sandbox);
    let id = sandbox.ok("payment add --invoice INV-2026-0001:100 --method alipay");
    sandbox.ok(&[
        "payment",
        "allocate",
        &id,
        "--invoice",
        "INV-2026-0001:-40",
        "--invoice",
        "INV-2026-0002:40",
    ][..]);
    assert_eq!(outstanding(&sandbox), "40.00 60.00 100.00");
    sandbox.ok("payment add --kind transfer --invoice INV-2026-0001:-60 --invoice INV-2026-0003:60");
    assert_eq!(outstanding(&sandbox), "100.00 60.00 40.00");
    sandbox.ok("payment add --kind write_off --invoice INV-2026-0003:40");
    assert_eq!(outstanding(&sandbox), "100.00 60.00 0.00");
    sandbox.ok(&["payment", "reverse", &id][..]);
    assert_eq!(outstanding(&sandbox), "160.00 100.00 0.00");
    sandbox.fails(5, &["payment", "allocate", &id, "--invoice", "INV-2026-0002:1"][..]);
    sandbox.fails(2, &["payment", "allocate", &id][..]).says(&["--invoice"]);
}

#[test]
fn a_key_makes_a_payment_once() {
    let sandbox = three_units();
    let pay = || sandbox.ok("payment add --order SO-2026-0001:10 --method bank --key erp-7");
    let (first, before) = (pay(), sandbox.commits());
    assert_eq!((pay(), sandbox.commits()), (first, before));
    sandbox.fails(6, "payment add --order SO-2026-0001:11 --method bank --key erp-7");
}

#[test]
fn a_dry_run_of_money_touches_nothing() {
    let sandbox = three_units();
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    let id = sandbox.ok("payment add --customer 海尔北京 --amount 1130 --method bank");
    let before = sandbox.snapshot().without(".git/crm");
    for words in [
        "order invoice SO-2026-0001 --line CAR:1 --allow-over".to_owned(),
        "invoice credit INV-2026-0001 --reason r".to_owned(),
        "order return SO-2026-0001 --line CAR:1 --reason late --effect reverse --credit".to_owned(),
        "payment add --invoice INV-2026-0001:10 --method bank".to_owned(),
        format!("payment allocate {id} --auto"),
        "payment refund 海尔北京 10 --method bank".to_owned(),
    ] {
        let run = sandbox.crm(format!("{words} --dry-run").as_str()).exits(0);
        assert!(run.stdout.contains("amount") || run.stdout.contains("total"), "{run}");
        let changed = sandbox.snapshot().without(".git/crm").differences(&before);
        assert!(changed.is_empty(), "{words}: {changed:?}");
    }
}

#[test]
fn an_invoice_is_undone_while_nothing_refers_to_it() {
    let sandbox = three_units();
    sandbox.ok("order invoice SO-2026-0001");
    sandbox.ok("undo");
    assert_eq!(line(&sandbox), "3 3 0");
    sandbox.ok("order invoice SO-2026-0001");
    let commit = sandbox.git("rev-parse HEAD");
    sandbox.ok("payment add --invoice INV-2026-0001:10 --method bank");
    sandbox.fails(6, &["undo", &commit][..]);
}

#[test]
fn the_plan_of_an_order_may_change_while_it_is_confirmed_and_tells_what_is_overdue() {
    let sandbox = three_units();
    sandbox
        .crm("order payment-plan add SO-2026-0001 --due 2026-03-04 --amount 300 --note 定金")
        .exits(0)
        .says(&["the payment plan makes 300.00, the order 1130.00"]);
    sandbox.ok("order payment-plan add SO-2026-0001 --due 2026-04-30 --amount 830");
    let overdue = || of(&sandbox, "order", "SO-2026-0001", "overdue");
    assert_eq!(overdue(), "false");
    sandbox.wait_days(2);
    assert_eq!(overdue(), "true");
    sandbox.ok("order pay SO-2026-0001 299.99 --method bank");
    assert_eq!(overdue(), "true");
    let order = sandbox.crm("order show SO-2026-0001 --format json").json();
    let open: Vec<_> =
        order["plan_states"].as_array().expect("a plan").iter().map(|row| &row["open"]).collect();
    assert_eq!(open, ["0.01", "830.00"]);
    sandbox.ok("payment add --order SO-2026-0001:0.01 --method bank");
    assert_eq!(overdue(), "false");
}

/// The words of a refusal, and the rule a program reads.
#[track_caller]
fn rule(run: &Run) -> String {
    run.error()["rule"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_override_needs_a_role_that_has_it_and_a_reason() {
    let sandbox = three_units();
    sandbox.write(
        "lines",
        "role add clerk --name Clerk --override negative_stock --grant type=invoice,create=true,read=all,edit=all,assign=true --grant type=order,create=true,read=all,edit=all,assign=true\n\
         user add bob --name Bob --email bob@acme.example --role clerk\n",
    );
    sandbox.ok("batch lines");
    sandbox.edit("crm.toml", |text| text + "\n[period]\nclosed_until = 2026-02-28\n");
    sandbox.ok("commit");
    let bill = "order invoice SO-2026-0001 --date 2026-02-20 --format json";
    let refused = |more: &str| rule(&sandbox.crm(format!("{bill} {more}").as_str()));
    assert_eq!(refused(""), "closed-period");
    assert_eq!(refused("--override"), "reason-needed");
    assert_eq!(refused("--override --reason audit --as bob"), "closed-period");
    sandbox.ok("role set clerk --add-override closed_period");
    sandbox.crm(format!("{bill} --override --reason audit --as bob").as_str()).exits(0);
    assert!(sandbox.git("log -1 --format=%B").contains("override: audit"));
    // In a batch the flag of a line counts as well.
    sandbox.write(
        "lines",
        "order pay SO-2026-0001 10 --method bank --date 2026-02-20 --override --reason why\n",
    );
    sandbox.ok("batch lines");
    assert!(sandbox.git("log -1 --format=%B").contains("override: why"));
}

#[test]
fn a_serial_number_tells_where_its_unit_is() {
    let sandbox = three_units();
    sandbox.write(
        "lines",
        "product add CELL --name Cell --price 100 --serials\n\
         movement receive CELL 2 --serial LGX001 --serial LGX002\n\
         order add --customer 海尔北京 --line CELL:2\n\
         order confirm SO-2026-0002\n\
         order ship SO-2026-0002 --line CELL:1 --serial CELL:LGX001\n",
    );
    sandbox.ok("batch lines");
    let found = || sandbox.ok("search LGX001 --format csv --no-header").lines().count();
    assert_eq!(found(), 2, "received and shipped");
    sandbox.fails(
        5,
        "order return SO-2026-0002 --line CELL:1 --reason late --effect replace --serial CELL:LGX002",
    );
    sandbox.ok("order return SO-2026-0002 --line CELL:1 --reason late --effect replace --serial CELL:LGX001");
    assert_eq!(found(), 3);
    sandbox.fails(5, "order ship SO-2026-0002 --serial CELL:LGX001").says(&["1 serial numbers for 2"]);
    sandbox.ok("order ship SO-2026-0002 --serial CELL:LGX001 --serial CELL:LGX002");
    let back = sandbox.ok("order return SO-2026-0002 --line CELL:2 --reason late --effect reverse");
    let record = sandbox.crm(&["return", "show", &back, "--format", "json"][..]).json();
    assert_eq!(record["lines"][0]["serials"].as_array().map(Vec::len), Some(2), "{record}");
    sandbox.ok("check");
}

#[test]
fn goods_arrive_and_leave_on_days_that_make_sense() {
    let sandbox = three_units();
    let id = sandbox.ok("order ship SO-2026-0001 --line CAR:1");
    sandbox.ok(&["shipment", "deliver", &id, "--on", "2026-03-04"][..]);
    assert_eq!(of(&sandbox, "shipment", &id, "delivered_on"), "2026-03-04");
    let before = sandbox.commits();
    sandbox.crm(&["shipment", "deliver", &id][..]).exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before);
    sandbox
        .crm("order ship SO-2026-0001 --line CAR:1 --date 2026-02-01")
        .exits(5)
        .says(&["stock in `main` would be -1"]);
    sandbox
        .crm("order ship SO-2026-0001 --line CAR:1 --date 2026-02-01 --override --reason late-entry")
        .exits(0)
        .says(&["is before the order's date"]);
}

#[test]
fn the_words_are_chinese_where_they_should_be() {
    let sandbox = three_units();
    sandbox
        .fails(5, "order invoice SO-2026-0001 --line CAR:4 --lang zh-CN")
        .says(&["`CAR`：已开票 4，应开仅 3"]);
    sandbox.ok("order ship SO-2026-0001");
    sandbox.ok("order invoice SO-2026-0001");
    sandbox.crm("order return --help --lang zh-CN").exits(0).prints(&["退还冲减的款项", "红字发票"]);
    sandbox.crm("order show SO-2026-0001 --lang zh-CN").exits(0).prints(&["各行进度", "已收款"]);
}
