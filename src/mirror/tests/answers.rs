//! What functions and views answer, with the examples of the references.

use super::super::fake::{moved, record, rows};
use super::super::{Mirror, SqlCell};
use super::{ask, mirror_of, moment};
use crate::model::record::Doc;

const ORDER: &str = "ord_kkkkkkkkkkkk";
const CUSTOMER: &str = "cus_kkkkkkkkkkkk";

#[test]
fn functions_answer_as_the_reference_says() {
    let mirror = mirror_of(Vec::new());
    for (sql, expected) in [
        ("select median(value) from json_each('[4, 1, null, 3]')", "3.0"),
        ("select median(value) from json_each('[4, 1, 3, 2]')", "2.5"),
        ("select median(value) from json_each('[]')", "-"),
        ("select percentile(value, 0.9) from json_each('[1, 2, 3, 4, 5]')", "4.6"),
        ("select percentile(value, 1) from json_each('[1, 2]')", "2.0"),
        ("select ratio(1, 4), ratio(1, 0), ratio(null, 1)", "0.25|-|-"),
        (
            "select half_up(2.345, 2), half_up(-2.345, 2), half_up(2.344999, 2), half_up(1.005, 2)",
            "2.35|-2.35|2.34|1.01",
        ),
        ("select half_up(7, 0), half_up(null, 2)", "7.0|-"),
        (
            "select part(10000, 1, 3), part(10000, 2, 3), part(10000, 3, 3), part(10000, 0, 3)",
            "3333|6667|10000|0",
        ),
        ("select part(1300, 1, 3), part(null, 1, 3)", "433|-"),
        ("select part(1000, 0.1 + 0.2, 0.3), part(1000, 0.1 + 0.2, 0.6)", "1000|500"),
        ("select day('2026-03-01T23:30:00+08:00'), day('2026-03-01'), day(null)", "2026-03-01|2026-03-01|-"),
        (
            "select bucket('2026-03-01', 'month'), bucket('2026-03-01', 'week'), bucket('2026-03-01', 'year')",
            "2026-03|2026W09|2025",
        ),
        (
            "select bucket('2026-03-01T10:00:00+08:00', 'quarter'), bucket('2026-04-01', 'quarter')",
            "2025Q4|2026Q1",
        ),
        ("select bucket('x', 'quarter'), bucket('2026-03-01', 'x')", "-|-"),
        (
            "select to_base(1000, 'USD', 7.1), to_base(1000, 'JPY', 0.05), to_base(null, 'USD', 1)",
            "7100|5000|-",
        ),
        ("select as_of(), today(), fold('ÄBC张')", "2026-06-30|2026-06-30|äbc张"),
        ("select work_minutes('2026-03-01T10:00:00+08:00', '2026-03-01T11:00:00+08:00', 'c')", "-"),
    ] {
        assert_eq!(ask(&mirror, sql), expected, "{sql}");
    }
}

fn order(id: &str, date: &str, lines: &[&[(&str, &str)]]) -> Doc {
    let fields = [
        ("number", id),
        ("date", date),
        ("customer", CUSTOMER),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("owner", "li.na"),
        ("region", "south"),
        ("status", "confirmed"),
    ];
    rows(record("order", id, &fields), "lines", lines)
}

fn line<'a>(id: &'a str, qty: &'a str, price: &'a str) -> [(&'a str, &'a str); 6] {
    [("id", id), ("product", "CAR"), ("qty", qty), ("price", price), ("tax_rate", "13"), ("cost", "60.00")]
}

fn car() -> Doc {
    let fields = [
        ("name", "Car"),
        ("kind", "good"),
        ("category", "vehicle/sedan"),
        ("price", "100"),
        ("tax_rate", "13"),
    ];
    record("product", "CAR", &fields)
}

fn customer() -> Doc {
    record("customer", CUSTOMER, &[("name", "A"), ("city", "深圳"), ("level", "A")])
}

fn shipment(id: &str, date: &str, qty: &str) -> Doc {
    let fields = [("order", ORDER), ("date", date), ("warehouse", "main")];
    rows(
        record("shipment", id, &fields),
        "lines",
        &[&[("id", "kkkkkk"), ("order_line", "kkkkkk"), ("product", "CAR"), ("qty", qty)]],
    )
}

fn back(id: &str, date: &str, qty: &str, effect: &str, restock: &str) -> Doc {
    let fields =
        [("order", ORDER), ("date", date), ("warehouse", "main"), ("reason", "other"), ("effect", effect)];
    let line =
        [("id", "kkkkkk"), ("order_line", "kkkkkk"), ("product", "CAR"), ("qty", qty), ("restock", restock)];
    rows(record("return", id, &fields), "lines", &[&line])
}

fn invoice(id: &str, kind: &str, date: &str, qty: &str, net: &str, tax: &str, total: &str) -> Doc {
    let mut fields = vec![
        ("number", id),
        ("date", date),
        ("customer", CUSTOMER),
        ("kind", kind),
        ("order", ORDER),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("due_date", "2026-03-15"),
        ("net_total", net),
        ("tax_total", tax),
        ("total", total),
    ];
    if kind == "credit_note" {
        fields.push(("against", "inv_kkkkkkkkkkkk"));
    }
    let line = [
        ("id", "kkkkkk"),
        ("order_line", "kkkkkk"),
        ("product", "CAR"),
        ("qty", qty),
        ("price", "1000.00"),
        ("tax_rate", "13"),
        ("net", net),
        ("tax", tax),
    ];
    rows(record("invoice", id, &fields), "lines", &[&line])
}

fn payment(id: &str, kind: &str, date: &str, amount: &str, on: (&str, &str)) -> Doc {
    let fields = [
        ("date", date),
        ("customer", CUSTOMER),
        ("kind", kind),
        ("amount", amount),
        ("currency", "CNY"),
        ("fx_rate", "1"),
    ];
    rows(
        record("payment", id, &fields),
        "allocations",
        &[&[("id", "kkkkkk"), ("date", date), on, ("amount", amount)]],
    )
}

fn as_of(mirror: &Mirror, day: &str) {
    mirror.set_moment(moment().as_of(day.parse().expect("a day")));
}

#[test]
fn a_return_is_a_sale_below_zero_on_its_own_day() {
    for (restock, cost) in [("true", "-6000"), ("false", "0")] {
        let mirror = mirror_of(vec![
            car(),
            customer(),
            order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "100.00")]),
            back("ret_kkkkkkkkkkkk", "2026-02-03", "1", "reverse", restock),
        ]);
        let sql = "select bucket(date, 'month') m, count(distinct case when not returned then \"order\" end),
                   sum(qty), sum(list), sum(net), sum(cost), top_category, city, level
                   from sale_line where basis = 'order' group by m order by m";
        assert_eq!(
            ask(&mirror, sql),
            format!(
                "2026-01|1|3.0|30000|30000|18000|vehicle|深圳|A\n2026-02|0|-1.0|-10000|-10000|{cost}|vehicle|深圳|A"
            )
        );
        as_of(&mirror, "2026-02-02");
        assert_eq!(ask(&mirror, "select sum(net) from sale_line where basis = 'order'"), "30000");
    }
}

#[test]
fn returned_parts_add_up_to_the_whole() {
    let thirds = line("kkkkkk", "3", "33.333333");
    let mirror = mirror_of(vec![
        car(),
        order(ORDER, "2026-01-30", &[&thirds]),
        back("ret_kkkkkkkkkkkk", "2026-02-03", "1", "reverse", "true"),
        back("ret_llllllllllll", "2026-02-04", "1", "reverse", "true"),
        back("ret_mmmmmmmmmmmm", "2026-02-05", "1", "reverse", "true"),
    ]);
    let sql =
        "select group_concat(net, ' ') from (select net from sale_line where basis = 'order' order by date)";
    assert_eq!(ask(&mirror, sql), "10000 -3333 -3334 -3333");
}

#[test]
fn only_what_was_confirmed_by_then_is_sold() {
    let mut draft = order("ord_llllllllllll", "2026-01-30", &[&line("kkkkkk", "1", "50.00")]);
    draft.set("status", None);
    let later = moved(
        order(ORDER, "2026-01-30", &[&line("kkkkkk", "1", "100.00")]),
        "2026-02-10T09:00:00+08:00",
        "draft",
        "confirmed",
    );
    let mirror = mirror_of(vec![car(), draft, later]);
    for (day, expected) in [("2026-01-31", "-"), ("2026-02-09", "-"), ("2026-02-10", "10000")] {
        as_of(&mirror, day);
        assert_eq!(ask(&mirror, "select sum(net) from sale_line"), expected, "{day}");
    }
}

#[test]
fn cancelled_units_and_what_closing_gave_up_are_not_sold() {
    let cancelled = rows(
        order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "33.33")]),
        "cancellations",
        &[&[
            ("id", "kkkkkk"),
            ("line", "kkkkkk"),
            ("qty", "1"),
            ("at", "2026-02-10T09:00:00+08:00"),
            ("by", "li.na"),
            ("reason", "r"),
        ]],
    );
    let mut closed = order("ord_llllllllllll", "2026-01-30", &[&line("kkkkkk", "4", "10.00")]);
    closed.set("status", Some(crate::model::record::Value::Text("closed".into())));
    let mut shipped = shipment("shp_kkkkkkkkkkkk", "2026-02-01", "1");
    shipped.set("order", Some(crate::model::record::Value::Text("ord_llllllllllll".into())));
    let mirror = mirror_of(vec![car(), cancelled, closed, shipped]);
    let sql = "select document, qty, net, tax from sale_line where basis = 'order' order by document";
    assert_eq!(ask(&mirror, sql), format!("{ORDER}|2.0|6666|867\nord_llllllllllll|1.0|1000|130"));
    as_of(&mirror, "2026-02-09");
    assert_eq!(
        ask(&mirror, "select qty, net from sale_line where document = 'ord_kkkkkkkkkkkk'"),
        "3.0|9999"
    );
}

#[test]
fn sales_to_a_merged_customer_are_those_of_the_survivor() {
    let mut gone = record("customer", "cus_llllllllllll", &[("name", "B"), ("merged_into", CUSTOMER)]);
    gone.set("city", None);
    let mut of_gone = order(ORDER, "2026-01-30", &[&line("kkkkkk", "1", "100.00")]);
    of_gone.set("customer", Some(crate::model::record::Value::Text("cus_llllllllllll".into())));
    let mirror = mirror_of(vec![car(), customer(), gone, of_gone]);
    assert_eq!(ask(&mirror, "select customer, city, net from sale_line"), format!("{CUSTOMER}|深圳|10000"));
    assert_eq!(
        ask(&mirror, "select customer, orders, net, first_order from customer_fact"),
        format!("{CUSTOMER}|1|10000|2026-01-30")
    );
}

#[test]
fn replaced_goods_ship_again_and_reversed_ones_are_credited() {
    let base = || {
        vec![
            car(),
            order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "1000.00")]),
            shipment("shp_kkkkkkkkkkkk", "2026-02-01", "3"),
            invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-01", "3", "3000.00", "390.00", "3390.00"),
        ]
    };
    let sql = "select to_ship, to_bill, billed, effective_qty from order_line_status";
    for (effect, expected) in [("replace", "1.0|0.0|3.0|3.0"), ("reverse", "0.0|0.0|3.0|3.0")] {
        let mut docs = base();
        docs.push(back("ret_kkkkkkkkkkkk", "2026-02-10", "1", effect, "true"));
        assert_eq!(ask(&mirror_of(docs), sql), expected, "{effect}");
    }
    let mut docs = base();
    docs.push(back("ret_kkkkkkkkkkkk", "2026-02-10", "1", "reverse", "true"));
    docs.push(invoice("inv_llllllllllll", "credit_note", "2026-02-11", "1", "1000.00", "130.00", "1130.00"));
    assert_eq!(ask(&mirror_of(docs), sql), "0.0|0.0|2.0|3.0");
}

#[test]
fn an_order_goes_from_open_to_completed() {
    let sql = "select fulfilment, billing, payment, progress, late, overdue from order_status";
    let mut docs = vec![car()];
    let mut placed = order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "1000.00")]);
    placed.set("due_date", Some(crate::model::record::Value::Day("2026-02-20".parse().expect("a day"))));
    docs.push(placed);
    for (next, expected) in [
        (None, "none|none|none|to_ship_and_bill|1|0"),
        (Some(shipment("shp_kkkkkkkkkkkk", "2026-02-01", "1")), "partial|none|none|to_ship_and_bill|1|0"),
        (
            Some(invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-01", "3", "3000.00", "390.00", "3390.00")),
            "partial|full|none|to_ship|1|1",
        ),
        (
            Some(payment("pay_kkkkkkkkkkkk", "receipt", "2026-02-05", "1000.00", ("order", ORDER))),
            "partial|full|partial|to_ship|1|1",
        ),
        (Some(shipment("shp_llllllllllll", "2026-02-06", "2")), "full|full|partial|to_pay|0|1"),
        (
            Some(payment(
                "pay_llllllllllll",
                "receipt",
                "2026-02-07",
                "2390.00",
                ("invoice", "inv_kkkkkkkkkkkk"),
            )),
            "full|full|full|completed|0|0",
        ),
    ] {
        docs.extend(next);
        assert_eq!(ask(&mirror_of(docs.clone()), sql), expected);
    }
    let mirror = mirror_of(docs);
    as_of(&mirror, "2026-02-02");
    assert_eq!(ask(&mirror, sql), "partial|full|none|to_ship|0|0");
}

#[test]
fn deposits_credit_notes_and_refunds_settle_an_invoice() {
    let sql = "select paid, outstanding, payment, days_overdue from invoice_status";
    let mut docs = vec![
        car(),
        order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "333.333333")]),
        payment("pay_kkkkkkkkkkkk", "receipt", "2026-02-01", "300.00", ("order", ORDER)),
        invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-02", "3", "1000.00", "130.00", "1130.00"),
    ];
    assert_eq!(ask(&mirror_of(docs.clone()), sql), "30000|83000|partly_paid|107");
    docs.push(payment(
        "pay_llllllllllll",
        "receipt",
        "2026-02-03",
        "830.00",
        ("invoice", "inv_kkkkkkkkkkkk"),
    ));
    assert_eq!(ask(&mirror_of(docs.clone()), sql), "113000|0|paid|-");
    docs.push(invoice("inv_llllllllllll", "credit_note", "2026-02-11", "1", "333.33", "43.33", "376.66"));
    let mirror = mirror_of(docs.clone());
    assert_eq!(ask(&mirror, sql).split('|').nth(2), Some("credit"));
    docs.push(payment("pay_mmmmmmmmmmmm", "refund", "2026-02-12", "376.66", ("invoice", "inv_kkkkkkkkkkkk")));
    let mirror = mirror_of(docs);
    assert_eq!(ask(&mirror, "select outstanding, payment from invoice_status"), "0|paid");
    assert_eq!(ask(&mirror, "select what, base_amount from receivable"), "");
    as_of(&mirror, "2026-02-01");
    assert_eq!(
        ask(&mirror, "select what, record, base_amount from receivable"),
        format!("deposit|{ORDER}|30000")
    );
}

#[test]
fn deposits_fill_the_oldest_invoices_first() {
    let mirror = mirror_of(vec![
        car(),
        order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "1000.00")]),
        payment("pay_kkkkkkkkkkkk", "receipt", "2026-02-01", "1500.00", ("order", ORDER)),
        invoice("inv_llllllllllll", "invoice", "2026-02-03", "1", "1000.00", "130.00", "1130.00"),
        invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-02", "1", "1000.00", "130.00", "1130.00"),
    ]);
    let sql = "select invoice, outstanding from invoice_status order by date";
    assert_eq!(ask(&mirror, sql), "inv_kkkkkkkkkkkk|0\ninv_llllllllllll|76000");
    assert_eq!(ask(&mirror, "select what, sum(base_amount) from receivable group by what"), "invoice|76000");
}

#[test]
fn stock_is_what_came_less_what_went() {
    let movement = record(
        "movement",
        "mov_kkkkkkkkkkkk",
        &[
            ("date", "2026-01-01"),
            ("product", "CAR"),
            ("kind", "receive"),
            ("warehouse", "main"),
            ("qty", "10"),
        ],
    );
    let transfer = record(
        "movement",
        "mov_llllllllllll",
        &[
            ("date", "2026-01-02"),
            ("product", "CAR"),
            ("kind", "transfer"),
            ("warehouse", "main"),
            ("to_warehouse", "east"),
            ("qty", "2"),
        ],
    );
    let undone = record(
        "movement",
        "mov_mmmmmmmmmmmm",
        &[
            ("date", "2026-01-03"),
            ("product", "CAR"),
            ("kind", "transfer"),
            ("warehouse", "main"),
            ("to_warehouse", "east"),
            ("qty", "2"),
            ("reverses", "mov_llllllllllll"),
        ],
    );
    let mirror = mirror_of(vec![
        car(),
        movement,
        transfer,
        undone,
        order(ORDER, "2026-01-10", &[&line("kkkkkk", "8", "100.00")]),
        shipment("shp_kkkkkkkkkkkk", "2026-02-01", "4"),
        shipment("shp_llllllllllll", "2026-02-02", "2"),
        back("ret_kkkkkkkkkkkk", "2026-02-03", "1", "replace", "true"),
        back("ret_llllllllllll", "2026-02-04", "1", "reverse", "false"),
    ]);
    assert_eq!(ask(&mirror, "select on_hand, reserved, available from stock_available"), "5.0|3.0|2.0");
    assert_eq!(ask(&mirror, "select warehouse, on_hand from stock_on_hand order by 1"), "east|0.0\nmain|5.0");
    let moves = mirror.stock_moves("CAR").expect("moves");
    let quantities: Vec<String> = moves.iter().map(|m| m.qty.to_string()).collect();
    assert_eq!(quantities.join(" "), "10 2 -2 2 -2 -4 -2 1");
    as_of(&mirror, "2026-01-02");
    assert_eq!(ask(&mirror, "select warehouse, on_hand from stock_on_hand order by 1"), "east|2.0\nmain|8.0");
}

#[test]
fn money_and_invoices_are_bases_of_their_own() {
    let mirror = mirror_of(vec![
        car(),
        customer(),
        order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "1000.00")]),
        invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-02", "3", "3000.00", "390.00", "3390.00"),
        invoice("inv_llllllllllll", "credit_note", "2026-02-11", "1", "1000.00", "130.00", "1130.00"),
        payment("pay_kkkkkkkkkkkk", "receipt", "2026-02-03", "3390.00", ("invoice", "inv_kkkkkkkkkkkk")),
        payment("pay_llllllllllll", "refund", "2026-02-12", "1130.00", ("invoice", "inv_kkkkkkkkkkkk")),
        payment("pay_mmmmmmmmmmmm", "write_off", "2026-02-13", "1.00", ("invoice", "inv_kkkkkkkkkkkk")),
    ]);
    let sql = "select basis, count(*), sum(qty), sum(net), min(region) from sale_line group by basis order by basis";
    assert_eq!(
        ask(&mirror, sql),
        "invoice|2|2.0|200000|south\norder|1|3.0|300000|south\npayment|2|-|226000|south"
    );
}

#[test]
fn a_quote_is_ordered_in_part_or_in_full() {
    let quote = |status: &str| {
        let fields = [
            ("number", "Q-1"),
            ("date", "2026-01-01"),
            ("customer", CUSTOMER),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("valid_until", "2026-01-31"),
            ("owner", "li.na"),
            ("status", status),
        ];
        let lines = [("id", "kkkkkk"), ("qty", "3"), ("price", "10"), ("tax_rate", "0")];
        rows(record("quote", "quo_kkkkkkkkkkkk", &fields), "lines", &[&lines])
    };
    let ordered = |qty: &str| {
        let line =
            [("id", "kkkkkk"), ("qty", qty), ("price", "10"), ("tax_rate", "0"), ("quote_line", "kkkkkk")];
        let mut order = order(ORDER, "2026-01-30", &[&line]);
        order.set("quote", Some(crate::model::record::Value::Text("quo_kkkkkkkkkkkk".into())));
        order
    };
    for (status, order, expected) in [
        ("sent", None, "1|none"),
        ("accepted", None, "0|none"),
        ("accepted", Some("1"), "0|partial"),
        ("accepted", Some("3"), "0|full"),
    ] {
        let docs = std::iter::once(quote(status)).chain(order.map(ordered)).collect();
        assert_eq!(
            ask(&mirror_of(docs), "select expired, ordering from quote_status"),
            expected,
            "{status} {order:?}"
        );
    }
}

#[test]
fn contacts_count_for_the_customer_they_are_about() {
    let followup = |id: &str, kind: &str, target: &str| {
        record(
            "followup",
            id,
            &[
                ("kind", kind),
                ("target", target),
                ("status", "done"),
                ("done_at", "2026-02-01T10:00:00+08:00"),
                ("owner", "li.na"),
            ],
        )
    };
    let mirror = mirror_of(vec![
        customer(),
        record("contact", "con_kkkkkkkkkkkk", &[("name", "C"), ("customer", CUSTOMER)]),
        followup("fup_kkkkkkkkkkkk", "call", "con_kkkkkkkkkkkk"),
        followup("fup_llllllllllll", "note", CUSTOMER),
        followup("fup_mmmmmmmmmmmm", "visit", CUSTOMER),
    ]);
    assert_eq!(
        ask(&mirror, "select kind, customer from touch order by record"),
        format!("call|{CUSTOMER}\nvisit|{CUSTOMER}")
    );
}

#[test]
fn stages_are_stays_from_the_first_to_the_last() {
    let opportunity = record(
        "opportunity",
        "opp_kkkkkkkkkkkk",
        &[("name", "O"), ("customer", CUSTOMER), ("stage", "proposal")],
    );
    let opportunity = moved(opportunity, "2026-01-05T09:00:00+08:00", "needs", "proposal");
    let mirror = mirror_of(vec![opportunity]);
    let sql = "select position, stage, substr(entered_at, 1, 10), substr(left_at, 1, 10), next from stage_span order by position";
    assert_eq!(ask(&mirror, sql), "0|needs|2026-01-01|2026-01-05|proposal\n1|proposal|2026-01-05|-|-");
    assert_eq!(mirror.query("select ?", &[SqlCell::Int(1)]).expect("one").rows, [[SqlCell::Int(1)]]);
}

/// What is derived of the customer.
fn worth(mirror: &Mirror) -> String {
    let sql =
        "select life, first_order, last_order, orders, revenue, balance, exposure, last_touch, next_followup
               from customer_status";
    ask(mirror, sql)
}

#[test]
fn a_customer_is_worth_what_it_bought_and_owes() {
    let thirds = line("kkkkkk", "3", "100.00");
    let docs = vec![
        car(),
        customer(),
        order(ORDER, "2026-01-30", &[&thirds]),
        shipment("shp_kkkkkkkkkkkk", "2026-02-01", "3"),
        payment("pay_kkkkkkkkkkkk", "receipt", "2026-02-01", "50.00", ("order", ORDER)),
        invoice("inv_kkkkkkkkkkkk", "invoice", "2026-02-05", "2", "200.00", "26.00", "226.00"),
        payment("pay_llllllllllll", "receipt", "2026-02-10", "100.00", ("invoice", "inv_kkkkkkkkkkkk")),
        back("ret_kkkkkkkkkkkk", "2026-02-20", "1", "reverse", "true"),
    ];
    let mirror = mirror_of(docs);
    for (day, expected) in [
        ("2026-01-29", "prospect|-|-|0|0|0|0|-|-"),
        ("2026-01-30", "active|2026-01-30|2026-01-30|1|30000|0|33900|2026-01-30|-"),
        // A deposit lowers both.
        ("2026-02-01", "active|2026-01-30|2026-01-30|1|30000|-5000|28900|2026-01-30|-"),
        // 226.00 billed less 50.00, and a third of 339.00 to bill.
        ("2026-02-05", "active|2026-01-30|2026-01-30|1|30000|17600|28900|2026-01-30|-"),
        ("2026-02-10", "active|2026-01-30|2026-01-30|1|30000|7600|18900|2026-01-30|-"),
        // What comes back is not billed.
        ("2026-02-20", "active|2026-01-30|2026-01-30|1|20000|7600|7600|2026-01-30|-"),
        ("2026-07-29", "active|2026-01-30|2026-01-30|1|20000|7600|7600|2026-01-30|-"),
        ("2026-07-30", "dormant|2026-01-30|2026-01-30|1|20000|7600|7600|2026-01-30|-"),
    ] {
        as_of(&mirror, day);
        assert_eq!(worth(&mirror), expected, "{day}");
        let owed = "select sum(iif(what = 'invoice', base_amount, -base_amount)) from receivable";
        let balance = ask(&mirror, "select nullif(balance, 0) from customer_status");
        assert_eq!(ask(&mirror, &format!("select nullif(({owed}), 0)")), balance, "{day}");
    }
}

#[test]
fn an_order_of_which_nothing_is_left_is_none() {
    let mut cancelled = order(ORDER, "2026-01-30", &[&line("kkkkkk", "3", "100.00")]);
    cancelled.set("status", Some(crate::model::record::Value::Text("cancelled".into())));
    let mut closed = order("ord_llllllllllll", "2026-01-30", &[&line("kkkkkk", "3", "100.00")]);
    closed.set("status", Some(crate::model::record::Value::Text("closed".into())));
    let mirror = mirror_of(vec![car(), customer(), cancelled, closed]);
    assert_eq!(worth(&mirror), "prospect|-|-|0|0|0|0|-|-");
    assert_eq!(ask(&mirror, "select count(*) from customer_fact"), "0");
}

#[test]
fn what_belongs_to_a_tombstone_counts_for_the_living() {
    let gone = record("customer", "cus_llllllllllll", &[("name", "B"), ("merged_into", CUSTOMER)]);
    let mut of_gone = order(ORDER, "2026-01-30", &[&line("kkkkkk", "1", "100.00")]);
    of_gone.set("customer", Some(crate::model::record::Value::Text("cus_llllllllllll".into())));
    let contact = record("contact", "con_kkkkkkkkkkkk", &[("name", "C"), ("customer", "cus_llllllllllll")]);
    let done = |id: &str, target: &str, at: &str| {
        let fields =
            [("kind", "call"), ("target", target), ("status", "done"), ("done_at", at), ("owner", "li.na")];
        record("followup", id, &fields)
    };
    let noted = record(
        "followup",
        "fup_mmmmmmmmmmmm",
        &[
            ("kind", "note"),
            ("target", CUSTOMER),
            ("status", "done"),
            ("done_at", "2026-06-20T10:00:00+08:00"),
            ("owner", "li.na"),
        ],
    );
    let planned = record(
        "followup",
        "fup_nnnnnnnnnnnn",
        &[
            ("kind", "call"),
            ("target", "con_kkkkkkkkkkkk"),
            ("status", "planned"),
            ("due", "2026-07-01"),
            ("owner", "li.na"),
        ],
    );
    let mirror = mirror_of(vec![
        car(),
        customer(),
        gone,
        of_gone,
        contact,
        done("fup_kkkkkkkkkkkk", "con_kkkkkkkkkkkk", "2026-06-01T10:00:00+08:00"),
        done("fup_llllllllllll", ORDER, "2026-06-10T10:00:00+08:00"),
        noted,
        planned,
    ]);
    let sql = "select orders, revenue, exposure, last_touch, next_followup from customer_status
               where customer = 'cus_kkkkkkkkkkkk'";
    assert_eq!(ask(&mirror, sql), "1|10000|11300|2026-06-10|2026-07-01");
    let sql = "select contact, last_touch, next_followup from contact_status";
    assert_eq!(ask(&mirror, sql), "con_kkkkkkkkkkkk|2026-06-01|2026-07-01");
}
