//! Sold lines under everybody who has a share in them, what came of campaigns, and low stock.

use super::super::fake::{record, rows};
use super::{ask, mirror_of, moment};
use crate::model::record::Doc;

const ORDER: &str = "ord_kkkkkkkkkkkk";

fn goods() -> Vec<Doc> {
    let product =
        [("name", "Car"), ("kind", "good"), ("price", "100"), ("tax_rate", "13"), ("reorder_level", "5")];
    vec![
        record("product", "CAR", &product),
        record("user", "li.na", &[("name", "Li"), ("team", "south"), ("status", "active")]),
        record("user", "zhao.min", &[("name", "Zhao"), ("team", "east"), ("status", "active")]),
        record("customer", "cus_kkkkkkkkkkkk", &[("name", "A"), ("campaign", "spring")]),
    ]
}

/// An order of 3 at a price, of Li in the team of the order.
fn order(id: &str, price: &str, more: &[(&str, &str)]) -> Doc {
    let fields = [
        ("number", id),
        ("date", "2026-01-30"),
        ("customer", "cus_kkkkkkkkkkkk"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("owner", "li.na"),
        ("team", "south"),
        ("status", "confirmed"),
    ];
    let line = [
        ("id", "kkkkkk"),
        ("product", "CAR"),
        ("qty", "3"),
        ("price", price),
        ("tax_rate", "0"),
        ("cost", "0.01"),
    ];
    rows(record("order", id, &[&fields[..], more].concat()), "lines", &[&line])
}

fn back(qty: &str) -> Doc {
    let fields = [
        ("order", ORDER),
        ("date", "2026-02-03"),
        ("warehouse", "main"),
        ("reason", "other"),
        ("effect", "reverse"),
    ];
    let line =
        [("id", "kkkkkk"), ("order_line", "kkkkkk"), ("product", "CAR"), ("qty", qty), ("restock", "true")];
    rows(record("return", "ret_kkkkkkkkkkkk", &fields), "lines", &[&line])
}

#[test]
fn a_line_is_split_by_the_shares_and_nothing_is_lost() {
    let mut docs = goods();
    let shared = order(ORDER, "33.333333", &[]);
    let credits = [[("user", "zhao.min"), ("pct", "33.33")], [("user", "li.na"), ("pct", "66.67")]];
    docs.push(rows(shared, "credits", &[&credits[0], &credits[1]]));
    docs.push(order("ord_llllllllllll", "10.00", &[]));
    docs.push(back("1"));
    let mirror = mirror_of(docs);
    let of = |view: &str, group: &str| {
        ask(
            &mirror,
            &format!(
                "select {group}, half_up(sum(qty), 6), sum(net), sum(cost) from {view} where basis = 'order' group by 1"
            ),
        )
    };
    assert_eq!(of("sale_credit", "owner"), "li.na|4.3334|7445|4\nzhao.min|0.6666|2222|1");
    assert_eq!(of("sale_credit", "team"), "east|0.6666|2222|1\nsouth|4.3334|7445|4");
    assert_eq!(of("sale_credit", "'all'"), of("sale_line", "'all'"));
}

#[test]
fn without_shares_the_lines_are_as_they_are() {
    let mirror = mirror_of([goods(), vec![order(ORDER, "10.00", &[])]].concat());
    assert_eq!(ask(&mirror, "select * from sale_credit"), ask(&mirror, "select * from sale_line"));
    assert_eq!(ask(&mirror, "select count(*), sum(net) from sale_credit"), "1|3000");
}

#[test]
fn a_campaign_has_what_it_brought_by_the_day() {
    let campaign = record("campaign", "spring", &[("name", "Spring"), ("kind", "ad"), ("currency", "USD")]);
    let costs = [
        [("id", "kkkkkk"), ("date", "2026-01-05"), ("amount", "100.00")],
        [("id", "llllll"), ("date", "2026-02-05"), ("amount", "-30.50")],
    ];
    let lead = [("name", "L"), ("source", "web"), ("status", "new"), ("campaign", "spring")];
    let merged = [&lead[..], &[("merged_into", "lea_kkkkkkkkkkkk")]].concat();
    let deal = [("name", "D"), ("customer", "cus_kkkkkkkkkkkk"), ("campaign", "spring"), ("stage", "needs")];
    let mut docs = goods();
    docs.extend([
        rows(campaign, "costs", &[&costs[0], &costs[1]]),
        record("campaign", "autumn", &[("name", "Autumn"), ("kind", "ad")]),
        record("lead", "lea_kkkkkkkkkkkk", &lead),
        record("lead", "lea_llllllllllll", &merged),
        record("opportunity", "opp_kkkkkkkkkkkk", &deal),
        order(ORDER, "10.00", &[("campaign", "spring")]),
        back("1"),
    ]);
    let mirror = mirror_of(docs);
    let sql = "select campaign, cost, sent, leads, opportunities, orders, base_revenue, new_customers from campaign_status order by 1";
    assert_eq!(ask(&mirror, sql), "autumn|0|0|0|0|0|0|0\nspring|6950|0|1|1|1|2000|1");
    mirror.set_moment(moment().as_of("2026-02-01".parse().expect("a day")));
    let spring = "select cost, orders, base_revenue from campaign_status where campaign = 'spring'";
    assert_eq!(ask(&mirror, spring), "10000|1|3000");
    mirror.set_moment(moment().as_of("2026-01-29".parse().expect("a day")));
    assert_eq!(ask(&mirror, spring), "10000|0|0");
}

#[test]
fn stock_is_low_at_its_level_and_what_has_none_is_not() {
    let movement = |qty: &str| {
        let fields = [
            ("date", "2026-01-01"),
            ("product", "CAR"),
            ("kind", "receive"),
            ("warehouse", "main"),
            ("qty", qty),
        ];
        record("movement", "mov_kkkkkkkkkkkk", &fields)
    };
    let plain = record("product", "PEN", &[("name", "Pen"), ("kind", "good"), ("price", "1")]);
    for (qty, reserved, low) in [("6", false, 0), ("5", false, 1), ("8", true, 1), ("9", true, 0)] {
        let mut docs = goods();
        docs.extend([movement(qty), plain.clone()]);
        docs.extend(reserved.then(|| order(ORDER, "10.00", &[])));
        let mirror = mirror_of(docs);
        let sql = "select product, low_stock from stock_available order by 1";
        assert_eq!(ask(&mirror, sql), format!("CAR|{low}\nPEN|0"), "{qty} {reserved}");
    }
}

#[test]
fn amounts_of_the_history_are_read_as_those_of_records() {
    let mirror = mirror_of(Vec::new());
    let sql = "select minor('12.50', 'CNY'), minor('12', 'JPY'), minor(1250, 'CNY'), minor(null, 'CNY'), minor('x', 'CNY'), minor('1.005', null)";
    assert_eq!(ask(&mirror, sql), "1250|12|1250|-|-|101");
}
