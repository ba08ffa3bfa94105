//! What of a record stands in which column.

use super::super::fake::{moved, record, rows};
use super::{ask, mirror_of};
use crate::model::kinds::KINDS;
use crate::model::record::Doc;

/// An order on the books: 2 × 1,000.00 and 500.00 at 6 %, less 10 %, shipping 50.00 at 9 %.
fn order() -> Doc {
    let order = record(
        "order",
        "ord_kkkkkkkkkkkk",
        &[
            ("number", "SO-1"),
            ("date", "2026-02-01"),
            ("customer", "cus_kkkkkkkkkkkk"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("price_mode", "tax_excl"),
            ("tax_rounding", "line"),
            ("discount_pct", "10"),
            ("shipping", "50.00"),
            ("shipping_tax_rate", "9"),
            ("owner", "li.na"),
            ("status", "confirmed"),
        ],
    );
    rows(
        order,
        "lines",
        &[
            &[
                ("id", "kkkkkk"),
                ("product", "CAR"),
                ("qty", "2"),
                ("price", "1000.00"),
                ("list_price", "1100.00"),
                ("tax_rate", "13"),
                ("cost", "600.00"),
            ],
            &[("id", "llllll"), ("name", "Service"), ("qty", "1"), ("price", "500.00"), ("tax_rate", "6")],
        ],
    )
}

#[test]
fn scalars_take_the_form_of_their_type() {
    let mirror = mirror_of(vec![record(
        "customer",
        "cus_kkkkkkkkkkkk",
        &[
            ("name", "比亚迪（深圳）汽车销售有限公司"),
            ("kind", "company"),
            ("other_phones", "+8613800000001,+8613800000002"),
            ("credit_limit", "1234.50"),
            ("commission_pct", "2.5"),
            ("birthday", "1990-05-01"),
            ("archived", "true"),
        ],
    )]);
    let sql = "select name_key, other_phones, credit_limit, commission_pct, birthday, archived, created_at,
               typeof(credit_limit), typeof(commission_pct), typeof(archived) from customers";
    assert_eq!(
        ask(&mirror, sql),
        "比亚迪汽车销售|;+8613800000001;+8613800000002;|123450|2.5|1990-05-01|1|2026-01-01T09:00:00+08:00|integer|real|integer"
    );
}

#[test]
fn defaults_stand_where_nothing_is_stored() {
    let mirror = mirror_of(vec![record("customer", "cus_kkkkkkkkkkkk", &[("name", "A")])]);
    let sql = "select kind, status, country, currency, payment_days, phone, state_since from customers";
    assert_eq!(ask(&mirror, sql), "company|normal|CN|CNY|30|-|2026-01-01T09:00:00+08:00");
}

#[test]
fn money_counts_the_minor_units_of_its_currency() {
    for (currency, limit, expected) in [("JPY", "500", "500"), ("KWD", "1.250", "1250"), ("CNY", "0.05", "5")]
    {
        let fields = [("name", "A"), ("currency", currency), ("credit_limit", limit)];
        let mirror = mirror_of(vec![record("customer", "cus_kkkkkkkkkkkk", &fields)]);
        assert_eq!(ask(&mirror, "select credit_limit from customers"), expected, "{currency}");
    }
}

#[test]
fn the_money_engine_fills_totals_and_lines() {
    let mirror = mirror_of(vec![order()]);
    let totals = "select net_total, tax_total, total, discount_total, base_net_total, base_shipping, margin from orders";
    assert_eq!(ask(&mirror, totals), "230000|26550|256550|25000|230000|5000|60000");
    let lines =
        "select position, id, amount, net, tax, base_list, base_cost from order_lines order by position";
    assert_eq!(
        ask(&mirror, lines),
        "0|kkkkkk|200000|180000|23400|220000|120000\n1|llllll|50000|45000|2700|50000|-"
    );
}

#[test]
fn amounts_in_base_currency_are_converted_line_by_line() {
    let mut order = order();
    for (name, text) in [("currency", "USD"), ("fx_rate", "7.1000")] {
        order.fields.extend(record("order", "ord_k", &[(name, text)]).fields.remove_entry(name));
    }
    for name in ["discount_pct", "shipping"] {
        order.set(name, None);
    }
    let line = |id, price| [("id", id), ("qty", "1"), ("price", price), ("tax_rate", "0")];
    let order =
        rows(order, "lines", &[&line("kkkkkk", "33.33"), &line("llllll", "33.33"), &line("mmmmmm", "33.34")]);
    let mirror = mirror_of(vec![order]);
    assert_eq!(ask(&mirror, "select net_total, base_net_total from orders"), "10000|70999");
    assert_eq!(ask(&mirror, "select group_concat(base_net, ' ') from order_lines"), "23664 23664 23671");
}

#[test]
fn rows_and_their_record_meet_by_rowid_and_by_id() {
    let mirror = mirror_of(vec![order()]);
    let by_id = "select count(*) from orders o join order_lines l on l.record = o.id";
    let by_rowid = "select count(*) from orders o join order_lines l on l.rowid >> 20 = o.rowid";
    assert_eq!((ask(&mirror, by_id).as_str(), ask(&mirror, by_rowid).as_str()), ("2", "2"));
}

#[test]
fn histories_members_and_links_are_rows() {
    let order = moved(order(), "2026-02-01T10:00:00+08:00", "draft", "confirmed");
    let team = record("team", "south", &[("name", "South"), ("regions", "gd,gx")]);
    let mirror = mirror_of(vec![order, team]);
    assert_eq!(
        ask(&mirror, r#"select record, kind, seq, at, "by", field, "from", "to" from history"#),
        "ord_kkkkkkkkkkkk|order|0|2026-02-01T10:00:00+08:00|li.na|-|draft|confirmed"
    );
    assert_eq!(ask(&mirror, "select state_since from orders"), "2026-02-01T10:00:00+08:00");
    assert_eq!(
        ask(&mirror, "select record, field, value from members order by value"),
        "south|regions|gd\nsouth|regions|gx"
    );
    let links = "select kind, field, target from links where field not like 'created%' order by 1, 2, 3";
    assert_eq!(
        ask(&mirror, links),
        "order|customer|cus_kkkkkkkkkkkk\norder|lines.product|CAR\norder|owner|li.na\nteam|regions|gd\nteam|regions|gx"
    );
}

#[test]
fn every_type_has_its_table_and_every_view_can_be_asked() {
    let mirror = mirror_of(vec![order()]);
    for kind in KINDS {
        assert!(mirror.query(&format!("select * from \"{}\"", kind.folder), &[]).is_ok(), "{}", kind.name);
        for (field, _) in kind.rows() {
            let table = format!("{}_{}", kind.name, field.name);
            assert!(mirror.query(&format!("select * from {table}"), &[]).is_ok(), "{table}");
        }
    }
    let text = mirror.schema_text();
    let views: Vec<&str> =
        text.lines().filter_map(|l| l.strip_prefix("view ")?.split([' ', '(']).next()).collect();
    assert!(views.len() > 14, "{views:?}");
    for view in views {
        let asked = mirror.query(&format!("select * from {view}"), &[]);
        assert!(asked.is_ok(), "{view}: {:?}", asked.err());
    }
}
