//! What follows from leads and their contacts: touches, due times, idle days and scores.

use std::sync::Arc;

use chrono::{Offset, TimeZone};

use super::super::fake::{Fake, moved, record, rows};
use super::super::{Listing, Mirror, Moment};
use super::{ask, moment, schema_with};
use crate::model::record::{Doc, Moved};
use crate::model::schema::{Schema, Settings};
use crate::table::Cell;

const LEAD: &str = "lea_kkkkkkkkkkkk";

pub(super) fn with_zones() -> Moment {
    let zone_of = |name: &str| -> Option<crate::model::working_time::Zone> {
        let zone: chrono_tz::Tz = name.parse().ok()?;
        Some(Arc::new(move |at| zone.offset_from_utc_datetime(&at).fix().local_minus_utc()))
    };
    Moment { zone_of: Some(Arc::new(zone_of)), ..moment() }
}

fn mirror_with(schema: &Schema, docs: Vec<Doc>) -> Mirror {
    let mut store = Fake::default();
    store.commit("one", docs);
    let mut mirror = Mirror::in_memory(schema, with_zones()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
    assert_eq!(mirror.broken_of(&[]).expect("a list"), []);
    mirror
}

pub(super) fn mirror(docs: Vec<Doc>) -> Mirror {
    mirror_with(&schema_with("company.calendar", "office"), docs)
}

pub(super) fn office() -> Doc {
    let doc = record("calendar", "office", &[("name", "Office"), ("timezone", "Asia/Shanghai")]);
    let day = |day: &'static str| [("day", day), ("ranges", "09:00-12:00,13:00-18:00")];
    let week = [day("mon"), day("tue"), day("wed"), day("thu"), day("fri")];
    rows(doc, "week", &week.each_ref().map(|row| &row[..]))
}

fn lead(id: &str, fields: &[(&str, &str)]) -> Doc {
    let mut all = vec![("name", "陈晓明"), ("source", "web"), ("phone", "+8613800138000"), ("status", "new")];
    all.extend(fields);
    record("lead", id, &all)
}

pub(super) fn followup(id: &str, target: &str, at: &str, more: &[(&str, &str)]) -> Doc {
    let mut fields = vec![
        ("kind", "call"),
        ("subject", "S"),
        ("target", target),
        ("status", "done"),
        ("direction", "out"),
        ("done_at", at),
        ("owner", "li.na"),
    ];
    fields.extend(more);
    record("followup", id, &fields)
}

fn given(mut doc: Doc, at: &str, to: &str) -> Doc {
    doc.history.push(Moved {
        at: chrono::DateTime::parse_from_rfc3339(at).expect("an instant"),
        by: "li.na".to_owned(),
        field: Some("owner".to_owned()),
        from: None,
        to: Some(to.to_owned()),
        reason: None,
    });
    doc
}

#[test]
fn working_time_can_be_asked_in_sql() {
    let mirror = mirror(vec![office()]);
    for (sql, expected) in [
        ("select work_plus('2026-03-06T17:30:00+08:00', 240, 'office')", "2026-03-09T13:30:00+08:00"),
        ("select work_plus('2026-03-06T17:30:00+08:00', '4h', 'office')", "2026-03-09T13:30:00+08:00"),
        ("select work_minutes('2026-03-06T17:30:00+08:00', '2026-03-09T10:15:00+08:00', 'office')", "105"),
        ("select work_plus('2026-03-06T17:30:00+08:00', '1d', 'office')", "-"),
        ("select work_plus('2026-03-06T17:30:00+08:00', 60, 'nowhere')", "-"),
        ("select work_plus('2026-03-06T17:30:00+08:00', 60, null)", "2026-03-06T18:30:00+08:00"),
        ("select work_minutes('2026-03-06T17:30:00+08:00', '2026-03-06T18:00:30+08:00', null)", "30"),
        ("select setting('lead.response'), setting('company.calendar'), setting('x')", "2h|office|-"),
    ] {
        assert_eq!(ask(&mirror, sql), expected, "{sql}");
    }
}

#[test]
fn a_calendar_that_changes_is_read_again() {
    let mut store = Fake::default();
    store.commit("one", vec![office()]);
    let mut mirror =
        Mirror::in_memory(&schema_with("company.calendar", "office"), with_zones()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
    let sql = "select work_minutes('2026-03-09T00:00:00+08:00', '2026-03-10T00:00:00+08:00', 'office')";
    assert_eq!(ask(&mirror, sql), "480");
    let holiday = {
        let mut doc = office();
        doc.set(
            "holidays",
            Some(crate::model::record::Value::List(vec![crate::model::record::Value::Day(
                "2026-03-09".parse().expect("a day"),
            )])),
        );
        doc
    };
    store.commit("two", vec![holiday]);
    mirror.follow_head(&store, &mut |_, _| {}).expect("a step");
    assert_eq!(ask(&mirror, sql), "0");
}

#[test]
fn a_lead_tells_when_it_was_first_and_last_touched() {
    // Friday evening; answered on Monday at 10:15.
    let created = ("created_at", "2026-03-06T17:30:00+08:00");
    let docs = vec![
        office(),
        lead(LEAD, &[created]),
        followup("fup_k", LEAD, "2026-03-07T10:00:00+08:00", &[("kind", "note")]),
        followup("fup_l", LEAD, "2026-03-08T10:00:00+08:00", &[("direction", "in")]),
        followup("fup_m", LEAD, "2026-03-09T10:15:00+08:00", &[]),
        followup("fup_n", LEAD, "2026-03-20T10:00:00+08:00", &[]),
        followup("fup_o", LEAD, "2026-03-25T10:00:00+08:00", &[("status", "planned")]),
    ];
    let mirror = mirror(docs);
    let sql = "select first_touch_at, response_due, response_minutes, last_touch, age_days, idle_days, state_type \
        from lead_status";
    assert_eq!(
        ask(&mirror, sql),
        "2026-03-09T10:15:00+08:00|2026-03-09T10:30:00+08:00|105|2026-03-20T10:00:00+08:00|116|102|open"
    );
    mirror.set_moment(with_zones().as_of("2026-03-08".parse().expect("a day")));
    assert_eq!(ask(&mirror, sql), "-|2026-03-09T10:30:00+08:00|-|2026-03-08T10:00:00+08:00|2|0|open");
    mirror.set_moment(with_zones().as_of("2026-03-05".parse().expect("a day")));
    assert_eq!(ask(&mirror, sql), "", "it is not there yet");
}

#[test]
fn a_message_is_a_touch_but_a_notice_is_none() {
    let message = |id: &str, at: &str, channel: &str, more: &[(&str, &str)]| {
        let mut fields = vec![
            ("channel", channel),
            ("direction", "out"),
            ("purpose", "service"),
            ("to", "a@b.example"),
            ("target", LEAD),
            ("body", "B"),
            ("status", "sent"),
            ("sent_at", at),
        ];
        fields.extend(more);
        record("message", id, &fields)
    };
    let docs = vec![
        office(),
        lead(LEAD, &[]),
        message("msg_k", "2026-01-02T10:00:00+08:00", "notice", &[]),
        message("msg_l", "2026-01-03T10:00:00+08:00", "email", &[("purpose", "internal")]),
        message(
            "msg_m",
            "2026-01-04T10:00:00+08:00",
            "email",
            &[("direction", "in"), ("status", "received")],
        ),
        message("msg_n", "2026-01-05T10:00:00+08:00", "sms", &[]),
    ];
    let sql = "select first_touch_at, last_touch from lead_status";
    assert_eq!(ask(&mirror(docs), sql), "2026-01-05T10:00:00+08:00|2026-01-05T10:00:00+08:00");
}

#[test]
fn a_new_owner_ends_idleness_and_states_have_types() {
    let docs = vec![
        given(lead(LEAD, &[]), "2026-06-01T09:00:00+08:00", "li.na"),
        moved(lead("lea_llllllllllll", &[]), "2026-06-10T09:00:00+08:00", "contacted", "unqualified"),
        lead("lea_mmmmmmmmmmmm", &[("status", "converted")]),
    ];
    let mirror = mirror(docs);
    let sql = "select \"lead\", state_type, idle_days from lead_status order by 1";
    assert_eq!(
        ask(&mirror, sql),
        "lea_kkkkkkkkkkkk|open|29\nlea_llllllllllll|lost|180\nlea_mmmmmmmmmmmm|won|180"
    );
    mirror.set_moment(with_zones().as_of("2026-05-31".parse().expect("a day")));
    assert!(ask(&mirror, sql).contains("lea_llllllllllll|open|150"));
}

#[test]
fn contacts_of_a_merged_lead_count_for_the_one_that_stands_for_it() {
    let docs = vec![
        lead(LEAD, &[]),
        lead("lea_llllllllllll", &[("merged_into", LEAD)]),
        followup("fup_k", "lea_llllllllllll", "2026-02-01T10:00:00+08:00", &[("outcome", "interested")]),
        rule("warm", &[("followup_when", "outcome=interested"), ("points", "7")]),
    ];
    let mirror = mirror(docs);
    assert_eq!(
        ask(&mirror, &format!("select first_touch_at from lead_status where \"lead\" = '{LEAD}'")),
        "2026-02-01T10:00:00+08:00"
    );
    assert_eq!(ask(&mirror, &format!("select score from lead_score where \"lead\" = '{LEAD}'")), "7");
}

fn rule(id: &str, fields: &[(&str, &str)]) -> Doc {
    let mut all = vec![("name", id)];
    all.extend(fields);
    record("score_rule", id, &all)
}

fn interested(id: &str, day: &str) -> Doc {
    followup(id, LEAD, &format!("{day}T10:00:00+08:00"), &[("outcome", "interested")])
}

/// A referral with 250,000 and four calls within 30 days; one call is older.
fn example() -> Vec<Doc> {
    vec![
        lead(LEAD, &[("source", "referral"), ("budget", "250000.00"), ("currency", "CNY")]),
        rule("referral", &[("when", "source=referral"), ("points", "30"), ("order", "1")]),
        rule("budget", &[("when", "budget>=200000"), ("points", "20"), ("order", "2")]),
        rule(
            "interest",
            &[
                ("followup_when", "outcome=interested"),
                ("window_days", "30"),
                ("points", "10"),
                ("max_points", "30"),
                ("order", "3"),
            ],
        ),
        interested("fup_k", "2026-06-01"),
        interested("fup_l", "2026-06-02"),
        interested("fup_m", "2026-06-03"),
        interested("fup_n", "2026-06-29"),
        interested("fup_o", "2026-04-01"),
    ]
}

#[test]
fn the_score_of_the_example_is_80_and_decays_by_itself() {
    let mirror = mirror(example());
    let shares = "select rule, points from lead_score_share order by rule";
    assert_eq!(ask(&mirror, shares), "budget|20\ninterest|30\nreferral|30");
    assert_eq!(ask(&mirror, "select score from lead_score"), "80");
    // The call of 2026-06-02 is 30 days old on 2026-07-02 and older the day after.
    for (day, score) in
        [("2026-07-02", "80"), ("2026-07-03", "70"), ("2026-07-04", "60"), ("2026-08-15", "50")]
    {
        mirror.set_moment(with_zones().as_of(day.parse().expect("a day")));
        assert_eq!(ask(&mirror, "select score from lead_score"), score, "{day}");
    }
}

#[test]
fn a_score_stays_between_0_and_100() {
    let many = |points| {
        let mut docs = example();
        docs.push(rule("extra", &[("points", points)]));
        docs
    };
    assert_eq!(ask(&mirror(many("50")), "select score from lead_score"), "100");
    assert_eq!(ask(&mirror(many("-200")), "select score from lead_score"), "0");
    let mut docs = example();
    docs.push(rule(
        "lost",
        &[("followup_when", "outcome=interested"), ("points", "-4"), ("max_points", "9")],
    ));
    docs.push(rule("off", &[("enabled", "false"), ("points", "50")]));
    docs.push(rule("both", &[("when", "source=web"), ("followup_when", "kind=call"), ("points", "50")]));
    assert_eq!(ask(&mirror(docs), "select score from lead_score"), "71", "five calls take 9 at most");
}

#[test]
fn a_list_knows_the_score_and_rules_know_derived_fields() {
    let mut docs = example();
    docs.push(rule("idle", &[("when", "idle_days<7,state_type=open"), ("points", "5")]));
    let mirror = mirror(docs);
    let order = mirror.field_sql("lead", "score", "t").expect("a derived field").sql;
    let listing = Listing {
        noun: "lead",
        fields: &["id", "score", "idle_days", "state_type"],
        order: &format!("{order} desc"),
        ..Listing::default()
    };
    let rows = mirror.list(&listing).expect("a list");
    assert_eq!(rows[0][1], Cell::Int(85));
    assert_eq!(rows[0][2], Cell::Int(1));
}

#[test]
fn names_of_references_and_derived_fields_stand_in_one_list() {
    let mut docs = example();
    for (id, owner) in [("lea_llllllllllll", "li.na"), ("lea_mmmmmmmmmmmm", "wang.wei")] {
        docs.push(lead(id, &[("owner", owner)]));
    }
    for (id, name) in [("li.na", "李娜"), ("wang.wei", "王伟")] {
        docs.push(record("user", id, &[("name", name), ("status", "active")]));
    }
    // The views are made by this list and nothing before it.
    let mirror = mirror(docs);
    let listing = Listing {
        noun: "lead",
        fields: &["owner_name", "score", "merged_into_name", "idle_days"],
        ..Listing::default()
    };
    let rows = mirror.list(&listing).expect("a list");
    let told: Vec<_> = rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(
        told,
        [(Cell::Null, Cell::Int(80)), (Cell::text("李娜"), Cell::Int(0)), (Cell::text("王伟"), Cell::Int(0)),]
    );
}

#[test]
fn a_rule_that_means_nothing_fails_who_asks_for_a_score_and_nobody_else() {
    let mut docs = example();
    docs.push(rule("typo", &[("when", "sorce=web"), ("points", "5")]));
    let mirror = mirror(docs);
    assert_eq!(ask(&mirror, "select state_type from lead_status"), "open");
    let error = mirror.query("select score from lead_score", &[]).expect_err("no score");
    assert!(error.to_string().contains("score rule `typo`"), "{error}");
    let problems = mirror.score_problems().expect("a list");
    let told: Vec<_> = problems.iter().map(|p| (p.id, p.get("value"), p.path.as_deref())).collect();
    assert_eq!(told, [("unknown-field-name", Some("sorce"), Some("score_rules/typo.toml"))]);
}

#[test]
fn a_score_cannot_depend_on_itself() {
    let mut docs = example();
    docs.push(rule("again", &[("when", "score>50"), ("points", "5")]));
    let mirror = mirror(docs);
    let problems = mirror.score_problems().expect("a list");
    assert_eq!(problems.iter().map(|p| p.id).collect::<Vec<_>>(), ["score-of-score"]);
    let error = mirror.query("select score from lead_score", &[]).expect_err("no score");
    assert!(error.to_string().contains("score rule `again`"), "{error}");
}

#[test]
fn score_rules_that_change_are_read_again() {
    let mut store = Fake::default();
    store.commit("one", example());
    let schema = Schema::new(Settings::default()).expect("the declared types");
    let mut mirror = Mirror::in_memory(&schema, with_zones()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
    assert_eq!(ask(&mirror, "select score from lead_score"), "80");
    let without = example().into_iter().filter(|doc| doc.id() != "budget").collect();
    store.commit("two", without);
    mirror.follow_head(&store, &mut |_, _| {}).expect("a step");
    assert_eq!(ask(&mirror, "select score from lead_score"), "60");
}

#[test]
fn a_customer_is_idle_since_the_last_contact_with_anything_of_it() {
    let customer = |id: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("name", id), ("kind", "company"), ("status", "normal")];
        fields.extend(more);
        record("customer", id, &fields)
    };
    let contact = |id: &str, of: &str| record("contact", id, &[("name", "王"), ("customer", of)]);
    let docs = vec![
        customer("cus_kkkkkkkkkkkk", &[]),
        customer("cus_llllllllllll", &[("merged_into", "cus_kkkkkkkkkkkk")]),
        contact("con_l", "cus_llllllllllll"),
        followup("fup_k", "cus_kkkkkkkkkkkk", "2026-02-01T10:00:00+08:00", &[]),
        followup("fup_l", "con_l", "2026-03-01T10:00:00+08:00", &[]),
        followup("fup_m", "cus_kkkkkkkkkkkk", "2026-04-01T10:00:00+08:00", &[("internal", "true")]),
        customer("cus_mmmmmmmmmmmm", &[]),
        record(
            "order",
            "ord_m",
            &[
                ("customer", "cus_mmmmmmmmmmmm"),
                ("number", "SO-1"),
                ("date", "2026-06-01"),
                ("status", "draft"),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("owner", "li.na"),
            ],
        ),
        customer("cus_nnnnnnnnnnnn", &[("created_at", "2026-05-31T10:00:00+08:00")]),
    ];
    let sql = "select customer, last_touch, idle_days from customer_idle where customer <> 'cus_llllllllllll' order by 1";
    assert_eq!(
        ask(&mirror(docs), sql),
        "cus_kkkkkkkkkkkk|2026-03-01|121\ncus_mmmmmmmmmmmm|2026-06-01|29\ncus_nnnnnnnnnnnn|-|30"
    );
}
