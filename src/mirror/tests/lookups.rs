//! Look-ups, lists and search.

use super::super::fake::{Fake, moved, record, rows};
use super::super::{Listing, Match, Mirror, MirrorError, SqlCell};
use super::{ask, mirror_of, moment, schema};
use crate::model::record::Doc;
use crate::table::Cell;

const A: &str = "cus_kkkkkkkkkkkk";
const B: &str = "cus_kkkkkkkkllll";
const C: &str = "cus_mmmmmmmmmmmm";

fn records() -> Vec<Doc> {
    let order = record(
        "order",
        "ord_kkkkkkkkkkkk",
        &[
            ("number", "SO-2026-0009"),
            ("date", "2026-02-01"),
            ("customer", B),
            ("currency", "USD"),
            ("fx_rate", "7"),
            ("owner", "li.na"),
        ],
    );
    let line = [("id", "kkkkkk"), ("product", "CAR"), ("qty", "2"), ("price", "19.99"), ("tax_rate", "13")];
    vec![
        record("user", "li.na", &[("name", "Li Na"), ("email", "Li.Na@example.com"), ("roles", "sales")]),
        record("role", "sales", &[("name", "Sales")]),
        record("team", "sales", &[("name", "Sales team"), ("manager", "li.na")]),
        record("product", "CAR", &[("name", "Car"), ("price", "19.99"), ("tax_rate", "13")]),
        record(
            "customer",
            A,
            &[
                ("name", "海尔北京有限公司"),
                ("phone", "+861065123456"),
                ("other_phones", "+8613800000001"),
                ("email", "Info@haier.example"),
                ("city", "北京"),
                ("source_ref", "erp:7"),
                ("needs", "wants trucks\nand a red one"),
            ],
        ),
        record("customer", B, &[("name", "海尔北京"), ("merged_into", C)]),
        record("customer", C, &[("name", "张三"), ("merged_into", A)]),
        rows(order, "lines", &[&line]),
        record(
            "invoice",
            "inv_kkkkkkkkkkkk",
            &[
                ("number", "SO-2026-10"),
                ("date", "2026-02-02"),
                ("customer", A),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("due_date", "2026-03-01"),
                ("net_total", "0"),
                ("tax_total", "0"),
                ("total", "0"),
            ],
        ),
    ]
}

#[test]
fn records_are_found_by_the_value_of_a_field() {
    let mirror = mirror_of(records());
    for (noun, field, value, expected) in [
        ("customer", "phone", "+861065123456", vec![A]),
        ("customer", "other_phones", "+8613800000001", vec![A]),
        ("customer", "other_phones", "+86138", vec![]),
        ("customer", "email", "info@HAIER.example", vec![A]),
        ("user", "email", "li.na@example.com", vec!["li.na"]),
        ("order", "lines.product", "CAR", vec!["ord_kkkkkkkkkkkk"]),
        ("order", "lines.nothing", "CAR", vec![]),
        ("order", "customer", A, vec!["ord_kkkkkkkkkkkk"]),
        ("order", "customer", C, vec![]),
        ("order", "fx_rate", "7", vec!["ord_kkkkkkkkkkkk"]),
        ("customer", "nothing", "x", vec![]),
        ("nothing", "name", "x", vec![]),
    ] {
        assert_eq!(mirror.find(noun, field, value).expect("a list"), expected, "{noun}.{field} = {value}");
    }
}

#[test]
fn a_text_names_records_by_whatever_people_call_them() {
    let mirror = mirror_of(records());
    for (nouns, text, expected) in [
        (&["customer"][..], A, vec![A]),
        (&["customer"], "cus_kkkk", vec![A]),
        (&["customer"], "cus_", vec![]),
        (&["customer"], "海尔北京有限公司", vec![A]),
        (&["customer"], "海尔北京", vec![]),
        (&["customer"], B, vec![A]),
        (&["customer"], "info@haier.example", vec![A]),
        (&["customer"], "+8613800000001", vec![A]),
        (&["customer"], "erp:7", vec![A]),
        (&["order"], "SO-2026-0009", vec!["ord_kkkkkkkkkkkk"]),
        (&["user"], "Li Na", vec!["li.na"]),
        (&["team", "role"], "sales", vec!["sales", "sales"]),
        (&[], "erp:7", vec![A]),
        (&["lead"], "erp:7", vec![]),
    ] {
        let found = mirror.resolve(nouns, text).expect("a list");
        let ids: Vec<&str> = found.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(ids, expected, "{text}");
    }
    let found = mirror.find_prefix("ord_k").expect("a list");
    assert_eq!(found, [Match { kind: "order", id: "ord_kkkkkkkkkkkk".into(), title: "SO-2026-0009".into() }]);
}

#[test]
fn a_number_is_that_of_the_last_revision() {
    let quote = |id: &str, revises: &[(&str, &str)]| {
        let fields = [("number", "QT-1"), ("date", "2026-01-01"), ("currency", "CNY"), ("fx_rate", "1")];
        let all: Vec<(&str, &str)> = fields.iter().chain(revises).copied().collect();
        record("quote", id, &all)
    };
    let (first, second, third) = ("quo_kkkkkkkkkkkk", "quo_llllllllllll", "quo_mmmmmmmmmmmm");
    let mirror = mirror_of(vec![
        quote(first, &[]),
        quote(second, &[("revises", first)]),
        quote(third, &[("revises", second)]),
    ]);
    for (text, expected) in [("QT-1", third), (first, first), ("quo_l", second)] {
        let found = mirror.resolve(&["quote"], text).expect("a list");
        assert_eq!(found.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), [expected], "{text}");
    }
    assert_eq!(mirror.find("quote", "number", "QT-1").expect("a list").len(), 3, "rules see them all");
    let clash = mirror_of(vec![
        quote(first, &[]),
        quote(second, &[("revises", first)]),
        quote(third, &[("revises", first)]),
    ]);
    assert_eq!(
        clash.resolve(&["quote"], "QT-1").expect("a list").len(),
        2,
        "two made in two clones are told"
    );
}

#[test]
fn whatever_refers_to_a_record_is_found() {
    let mirror = mirror_of(records());
    let links = |noun: &str, id: &str| {
        let found = mirror.referring(noun, id).expect("a list").into_iter();
        found
            .map(|l| format!("{} {}", l.kind, l.field))
            .filter(|l| !l.ends_with("created_by"))
            .collect::<Vec<_>>()
    };
    assert_eq!(links("product", "CAR"), ["order lines.product"]);
    assert_eq!(links("role", "sales"), ["user roles"]);
    assert_eq!(links("team", "sales"), [""; 0], "a role of the same name does not count");
    // Of what was merged only that it was.
    let merged = "customer merged_into";
    assert_eq!(links("customer", A), [merged, merged, "invoice customer", "order customer"]);
    assert_eq!(links("user", "li.na"), ["order owner", "team manager"]);
}

#[test]
fn chains_of_merged_records_end_at_the_survivor() {
    let mut store = Fake::default();
    store.commit("one", records());
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("built");
    let survivors = "select id, survivor from survivors order by id";
    assert_eq!(ask(&mirror, survivors), format!("{B}|{A}\n{C}|{A}"));
    assert_eq!(mirror.survivor("customer", B).expect("an id"), A);

    let mut docs = records();
    docs[6].set("merged_into", None);
    store.commit("two", docs);
    mirror.follow_head(&store, &mut |_, _| {}).expect("followed");
    assert_eq!(ask(&mirror, survivors), format!("{B}|{C}"));
}

#[test]
fn titles_and_numbers_are_looked_up() {
    let mirror = mirror_of(records());
    let titles = mirror.titles(&["customer", "team"], &[A, "sales", "cus_zzzzzzzzzzzz"]).expect("titles");
    let titles: Vec<(&str, &str)> = titles.iter().map(|(id, title)| (id.as_str(), title.as_str())).collect();
    assert_eq!(titles, [(A, "海尔北京有限公司"), ("sales", "Sales team")]);
    assert_eq!(mirror.next_number("order", "SO-2026-").expect("a number"), 9);
    assert_eq!(mirror.next_number("invoice", "SO-2026-").expect("a number"), 10);
    assert_eq!(mirror.next_number("order", "SO-2027-").expect("a number"), 0);
    assert_eq!(mirror.next_number("customer", "SO-").expect("a number"), 0);
}

#[test]
fn lists_have_typed_cells_of_stored_derived_and_foreign_fields() {
    let mirror = mirror_of(records());
    let listing = Listing {
        noun: "order",
        fields: &[
            "id",
            "number",
            "date",
            "total",
            "base_net_total",
            "status",
            "progress",
            "customer",
            "customer_name",
            "customer.city",
            "tags",
            "lines",
            "unknown",
        ],
        condition: "t.number = ?",
        params: &[SqlCell::text("SO-2026-0009")],
        ..Listing::default()
    };
    let rows = mirror.list(&listing).expect("a list");
    let code = |code: &str| Cell::Code { code: code.to_owned(), label: code.to_owned() };
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0][..6],
        [
            Cell::text("ord_kkkkkkkkkkkk"),
            Cell::text("SO-2026-0009"),
            Cell::Day("2026-02-01".parse().expect("a day")),
            Cell::Dec("45.18".parse().expect("a decimal")),
            Cell::Dec("279.86".parse().expect("a decimal")),
            code("draft"),
        ]
    );
    assert_eq!(
        rows[0][6..11],
        [code("draft"), Cell::text(A), Cell::text("海尔北京有限公司"), Cell::text("北京"), Cell::Null,]
    );
    let Cell::Rows(lines) = &rows[0][11] else { panic!("{:?}", rows[0][11]) };
    assert!(lines[0].contains(&("qty".to_owned(), Cell::Dec("2".parse().expect("a decimal")))));
    assert_eq!(rows[0][12], Cell::Null);
}

#[test]
fn derived_fields_of_many_records_are_read_at_once_and_filter() {
    let mut docs = records();
    for at in 0..250 {
        let id: String = format!("{at:03}").bytes().map(|digit| char::from(digit - b'0' + b'k')).collect();
        let id = format!("ord_{}", id.repeat(4));
        let number = format!("N-{at}");
        docs.push(record(
            "order",
            &id,
            &[
                ("number", number.as_str()),
                ("date", "2026-02-01"),
                ("customer", A),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("owner", "li.na"),
                ("status", if at == 7 { "cancelled" } else { "draft" }),
            ],
        ));
    }
    docs.retain(|doc| doc.text("number") != Some("SO-2026-0009"));
    let mirror = mirror_of(docs);
    let progress = mirror.field_sql("order", "progress", "t").expect("a field");
    let condition = format!("{} = ?", progress.sql);
    for (condition, params, expected) in
        [("", vec![], 250), (condition.as_str(), vec![SqlCell::text("cancelled")], 1)]
    {
        let listing = Listing {
            noun: "order",
            fields: &["progress", "late"],
            condition,
            params: &params,
            ..Listing::default()
        };
        let rows = mirror.list(&listing).expect("a list");
        assert_eq!(rows.len(), expected);
        assert!(rows.iter().all(|row| matches!(&row[0], Cell::Code { .. }) && row[1] == Cell::Bool(false)));
    }
}

#[test]
fn merged_and_archived_records_are_listed_on_request_only() {
    let mut docs = records();
    docs.push(record("customer", "cus_nnnnnnnnnnnn", &[("name", "N"), ("archived", "true")]));
    let mirror = mirror_of(docs);
    let ids = |hidden: bool, limit: Option<usize>| {
        let listing = Listing {
            noun: "customer",
            fields: &["name"],
            order: "t.name desc",
            hidden,
            limit,
            ..Listing::default()
        };
        mirror.list(&listing).expect("a list").len()
    };
    assert_eq!((ids(false, None), ids(true, None), ids(true, Some(2))), (1, 4, 2));
}

fn found(mirror: &mut Mirror, words: &str) -> Vec<String> {
    let hits = mirror.search(words, &[], 10).expect("hits");
    hits.into_iter().map(|h| format!("{} {} {}", h.title, h.field, h.snippet)).collect()
}

#[test]
fn words_are_found_in_any_text_whatever_their_length() {
    let mut mirror = mirror_of(records());
    for (words, expected) in [
        ("北京有限", &["海尔北京有限公司 name 海尔北京有限公司"][..]),
        ("北京", &["海尔北京有限公司 name 海尔北京有限公司"]),
        ("6512", &["海尔北京有限公司 phone +861065123456"]),
        ("010-6512", &["海尔北京有限公司 phone +861065123456"]),
        ("HAIER.example", &["海尔北京有限公司 email Info@haier.example"]),
        ("red 海尔", &["海尔北京有限公司 needs and a red one"]),
        ("red", &["海尔北京有限公司 needs and a red one"]),
        ("erp:7", &["海尔北京有限公司 source_ref erp:7"]),
        ("red blue", &[]),
        ("张三", &[]),
        ("%", &[]),
        ("\"", &[]),
        (" ", &[]),
    ] {
        assert_eq!(found(&mut mirror, words), expected, "{words}");
    }
}

#[test]
fn exact_titles_come_first_and_the_index_keeps_in_step() {
    let docs = |first: &str| {
        vec![
            record("customer", A, &[("name", first)]),
            record("customer", B, &[("name", "Haier Trading")]),
            record("lead", "lea_kkkkkkkkkkkk", &[("name", "Someone"), ("company", "works at Haier")]),
        ]
    };
    let mut store = Fake::default();
    store.commit("one", docs("Haier"));
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("built");
    let titles = |mirror: &mut Mirror, nouns: &[&str]| -> Vec<String> {
        mirror.search("haier", nouns, 10).expect("hits").into_iter().map(|h| h.id).collect()
    };
    assert_eq!(titles(&mut mirror, &[]), [A, B, "lea_kkkkkkkkkkkk"]);
    assert_eq!(titles(&mut mirror, &["lead"]), ["lea_kkkkkkkkkkkk"]);
    store.commit("two", docs("Gree"));
    mirror.follow_head(&store, &mut |_, _| {}).expect("followed");
    assert_eq!(titles(&mut mirror, &["customer"]), [B]);
    assert_eq!(found(&mut mirror, "gree").len(), 1);
}

#[test]
fn only_reading_is_allowed() {
    let mirror = mirror_of(records());
    assert_eq!(ask(&mirror, "select count(*) from sale_line"), "0", "the views are there");
    for sql in [
        "delete from customers",
        "insert into customers (id) values ('x')",
        "create table x (y)",
        "create temp table x (y)",
        "pragma user_version = 3",
        "attach ':memory:' as other",
        "begin",
        "vacuum",
        "drop view sale_line",
    ] {
        let refused = mirror.query(sql, &[]);
        assert!(matches!(refused, Err(MirrorError::NotReadOnly)), "{sql}: {refused:?}");
    }
    for sql in ["select 1; delete from customers", "select nothing", "selekt", "select ?", ""] {
        let refused = mirror.query(sql, &[]);
        assert!(
            matches!(refused, Err(MirrorError::BadSql(_) | MirrorError::NotReadOnly)),
            "{sql}: {refused:?}"
        );
    }
    assert_eq!(ask(&mirror, "select count(*) from customers"), "3");
}

#[test]
fn answers_name_the_declared_types() {
    let mirror = mirror_of(records());
    let sql = "select o.total, o.date, 1 + 1 as two from orders o where o.number = :number";
    let params = [(":number", SqlCell::text("SO-2026-0009")), (":unused", SqlCell::Null)];
    let answer = mirror.query_named(sql, &params).expect("an answer");
    let columns: Vec<_> = answer.columns.iter().map(|c| (c.name.as_str(), c.decl.as_deref())).collect();
    assert_eq!(columns, [("total", Some("MONEY INTEGER")), ("date", Some("DAY TEXT")), ("two", None)]);
    assert_eq!(answer.rows, [[SqlCell::Int(4518), SqlCell::text("2026-02-01"), SqlCell::Int(2)]]);
    let typed = mirror.typed(answer.rows[0][0].clone(), "MONEY INTEGER", Some("USD"));
    assert_eq!(typed, Cell::Dec("45.18".parse().expect("a decimal")));
}

#[test]
fn a_move_is_part_of_the_answer() {
    let ticket =
        record("ticket", "tic_kkkkkkkkkkkk", &[("number", "TK-1"), ("subject", "s"), ("customer", A)]);
    let mirror = mirror_of(vec![moved(ticket, "2026-01-02T00:00:00+08:00", "new", "open")]);
    assert_eq!(ask(&mirror, "select day(state_since) from tickets"), "2026-01-02");
}
