//! What is derived of opportunities, today and as of days that are past.

use super::super::Mirror;
use super::super::fake::{moved, record, rows};
use super::{ask, mirror_of, moment};
use crate::model::record::{Doc, Moved};

const CUSTOMER: &str = "cus_kkkkkkkkkkkk";
const OPP: &str = "opp_kkkkkkkkkkkk";

fn pipeline() -> Doc {
    let stage = |code, kind, probability, rot| {
        [("code", code), ("type", kind), ("probability", probability), ("rot_days", rot)]
    };
    let stages: [[(&str, &str); 4]; 5] = [
        stage("qualification", "open", "10", "14"),
        stage("needs", "open", "25", "14"),
        stage("proposal", "open", "50", "10"),
        stage("won", "won", "100", "0"),
        stage("lost", "lost", "0", "0"),
    ];
    let stages: Vec<&[(&str, &str)]> = stages.iter().map(<[_; 4]>::as_slice).collect();
    rows(record("pipeline", "sales", &[("name", "Sales"), ("default", "true")]), "stages", &stages)
}

/// An opportunity of 1,000.01 made on New Year 2026, on the way to a stage; other fields over these.
fn opportunity(stage: &str, more: &[(&str, &str)]) -> Doc {
    let fields = [
        ("name", "O"),
        ("customer", CUSTOMER),
        ("pipeline", "sales"),
        ("stage", stage),
        ("amount", "1000.01"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("close_date", "2026-12-31"),
        ("owner", "li.na"),
    ];
    let kept = fields.iter().filter(|(name, _)| !more.iter().any(|(given, _)| given == name));
    let all: Vec<(&str, &str)> = kept.chain(more).copied().collect();
    record("opportunity", OPP, &all)
}

fn followup(id: &str, target: &str, fields: &[(&str, &str)]) -> Doc {
    let all: Vec<(&str, &str)> =
        [("target", target), ("owner", "li.na")].iter().chain(fields).copied().collect();
    record("followup", id, &all)
}

fn call(id: &str, target: &str, day: &str) -> Doc {
    let at = format!("{day}T10:00:00+08:00");
    followup(id, target, &[("kind", "call"), ("status", "done"), ("done_at", &at)])
}

fn plan(id: &str, target: &str, due: &str) -> Doc {
    followup(id, target, &[("kind", "call"), ("status", "planned"), ("due", due)])
}

fn status(docs: Vec<Doc>, columns: &str) -> String {
    ask(&mirror_of(docs), &format!("select {columns} from opportunity_status"))
}

fn as_of(mirror: &Mirror, day: &str) {
    mirror.set_moment(moment().as_of(day.parse().expect("a day")));
}

#[test]
fn the_chance_is_its_own_else_that_of_the_stage_and_of_an_end_what_it_is() {
    let closed = [("closed_on", "2026-02-01"), ("probability", "60")];
    for (stage, more, expected) in [
        ("qualification", &[][..], "open|10|10000"),
        ("needs", &[], "open|25|25000"),
        ("proposal", &[("probability", "65")], "open|65|65001"),
        ("proposal", &[("probability", "0")], "open|0|0"),
        ("proposal", &[("amount", "0.01")], "open|50|1"),
        ("won", &closed, "won|100|100001"),
        ("lost", &closed, "lost|0|0"),
    ] {
        let columns = "state_type, effective_probability, weighted";
        assert_eq!(status(vec![pipeline(), opportunity(stage, more)], columns), expected, "{stage} {more:?}");
    }
}

#[test]
fn the_stages_it_has_been_in_say_how_far_it_came() {
    let path = |stages: &[&str]| {
        let mut doc = opportunity(stages.last().expect("a stage"), &[]);
        for (at, pair) in stages.windows(2).enumerate() {
            doc = moved(doc, &format!("2026-02-0{}T09:00:00+08:00", at + 1), pair[0], pair[1]);
        }
        doc
    };
    for (stages, expected) in [
        (&["qualification"][..], "qualification|qualification|180"),
        (&["qualification", "needs"], "needs|needs|149"),
        (&["qualification", "proposal", "needs"], "needs|proposal|148"),
        (&["qualification", "proposal", "needs", "lost"], "needs|proposal|147"),
        (&["qualification", "needs", "won"], "needs|won|148"),
        (&["lost"], "-|-|180"),
    ] {
        let columns = "last_open_stage, furthest_stage, days_in_stage";
        assert_eq!(status(vec![pipeline(), path(stages)], columns), expected, "{stages:?}");
    }
}

#[test]
fn it_is_touched_by_contacts_about_it_and_its_quotes() {
    let quote = record(
        "quote",
        "quo_kkkkkkkkkkkk",
        &[
            ("number", "Q"),
            ("date", "2026-01-01"),
            ("opportunity", OPP),
            ("currency", "CNY"),
            ("fx_rate", "1"),
        ],
    );
    let message = |status: &str, purpose: &str| {
        let fields = [
            ("channel", "email"),
            ("target", OPP),
            ("status", status),
            ("purpose", purpose),
            ("sent_at", "2026-06-20T10:00:00+08:00"),
        ];
        record("message", "msg_kkkkkkkkkkkk", &fields)
    };
    let note = [("kind", "note"), ("status", "done"), ("done_at", "2026-06-25T10:00:00+08:00")];
    for (docs, expected) in [
        (vec![], "-|-"),
        (
            vec![call("fup_kkkkkkkkkkkk", OPP, "2026-06-01"), call("fup_llllllllllll", OPP, "2026-05-01")],
            "2026-06-01|-",
        ),
        (vec![followup("fup_kkkkkkkkkkkk", OPP, &note)], "-|-"),
        (vec![call("fup_kkkkkkkkkkkk", OPP, "2026-07-01")], "-|-"),
        (vec![call("fup_kkkkkkkkkkkk", CUSTOMER, "2026-06-01")], "-|-"),
        (vec![call("fup_kkkkkkkkkkkk", "quo_kkkkkkkkkkkk", "2026-06-02")], "2026-06-02|-"),
        (vec![message("sent", "service")], "2026-06-20|-"),
        (vec![message("queued", "service")], "-|-"),
        (vec![message("sent", "internal")], "-|-"),
        (
            vec![
                plan("fup_kkkkkkkkkkkk", OPP, "2026-07-05"),
                plan("fup_llllllllllll", "quo_kkkkkkkkkkkk", "2026-07-03"),
            ],
            "-|2026-07-03",
        ),
    ] {
        let shown = format!("{docs:?}");
        let docs: Vec<Doc> =
            docs.into_iter().chain([pipeline(), quote.clone(), opportunity("needs", &[])]).collect();
        assert_eq!(status(docs, "last_touch, next_followup"), expected, "{shown}");
    }
}

#[test]
fn what_nobody_cares_for_is_rotten() {
    let fresh = || call("fup_kkkkkkkkkkkk", OPP, "2026-06-20");
    let planned = || plan("fup_llllllllllll", OPP, "2026-07-05");
    for (stage, more, docs, rotten) in [
        ("needs", &[][..], vec![fresh(), planned()], "0"),
        ("needs", &[], vec![planned()], "1"),
        ("needs", &[], vec![fresh()], "1"),
        ("needs", &[("close_date", "2026-06-29")], vec![fresh(), planned()], "1"),
        ("needs", &[("close_date", "2026-06-30")], vec![fresh(), planned()], "0"),
        // 30 June is 14 days after the 16th and 15 after the 15th; 14 are allowed.
        ("needs", &[], vec![call("fup_kkkkkkkkkkkk", OPP, "2026-06-16"), planned()], "0"),
        ("needs", &[], vec![call("fup_kkkkkkkkkkkk", OPP, "2026-06-15"), planned()], "1"),
        ("won", &[("closed_on", "2026-01-02"), ("close_date", "2026-01-02")], vec![], "0"),
        ("lost", &[("closed_on", "2026-01-02")], vec![], "0"),
    ] {
        let docs: Vec<Doc> = docs.into_iter().chain([pipeline(), opportunity(stage, more)]).collect();
        assert_eq!(status(docs, "rotten"), rotten, "{stage} {more:?}");
    }
    // A stage that was entered lately counts as a touch.
    let entered = moved(opportunity("needs", &[]), "2026-06-28T09:00:00+08:00", "qualification", "needs");
    assert_eq!(status(vec![pipeline(), planned(), entered], "rotten, idle_days"), "0|2");
}

#[test]
fn the_past_is_replayed_from_the_history() {
    let told = |day: u32, field: Option<&str>, from: Option<&str>, to: Option<&str>| Moved {
        at: chrono::DateTime::parse_from_rfc3339(&format!("2026-02-{day:02}T09:00:00+08:00"))
            .expect("an instant"),
        by: "li.na".to_owned(),
        field: field.map(str::to_owned),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        reason: None,
    };
    let more = [
        ("closed_on", "2026-02-20"),
        ("amount", "900.00"),
        ("owner", "wang.wei"),
        ("close_date", "2026-02-20"),
    ];
    let mut doc = opportunity("won", &more);
    doc.history = vec![
        told(5, None, Some("qualification"), Some("proposal")),
        told(6, Some("amount"), Some("500.00"), Some("800.00")),
        told(7, Some("probability"), None, Some("70")),
        told(8, Some("owner"), Some("li.na"), Some("wang.wei")),
        told(9, Some("close_date"), Some("2026-03-01"), Some("2026-02-20")),
        told(10, Some("probability"), Some("70"), None),
        told(11, Some("amount"), Some("800.00"), Some("900.00")),
        told(20, None, Some("proposal"), Some("won")),
    ];
    let mirror = mirror_of(vec![pipeline(), doc]);
    let sql = "select stage, amount, effective_probability, weighted, owner, close_date, closed_on, \
               substr(entered_at, 1, 10) from opportunity_status";
    for (day, expected) in [
        ("2025-12-31", ""),
        ("2026-01-02", "qualification|50000|10|5000|li.na|2026-03-01|-|2026-01-01"),
        ("2026-02-05", "proposal|50000|50|25000|li.na|2026-03-01|-|2026-02-05"),
        ("2026-02-07", "proposal|80000|70|56000|li.na|2026-03-01|-|2026-02-05"),
        ("2026-02-09", "proposal|80000|70|56000|wang.wei|2026-02-20|-|2026-02-05"),
        ("2026-02-19", "proposal|90000|50|45000|wang.wei|2026-02-20|-|2026-02-05"),
        ("2026-02-20", "won|90000|100|90000|wang.wei|2026-02-20|2026-02-20|2026-02-20"),
        ("2026-06-30", "won|90000|100|90000|wang.wei|2026-02-20|2026-02-20|2026-02-20"),
    ] {
        as_of(&mirror, day);
        assert_eq!(ask(&mirror, sql), expected, "as of {day}");
    }
}

#[test]
fn a_sale_that_was_opened_again_had_its_end() {
    let doc = opportunity("needs", &[]);
    let doc = moved(doc, "2026-02-01T09:00:00+08:00", "qualification", "won");
    let doc = moved(doc, "2026-03-01T09:00:00+08:00", "won", "needs");
    let mirror = mirror_of(vec![pipeline(), doc]);
    let sql = "select stage, state_type, closed_on, furthest_stage from opportunity_status";
    for (day, expected) in [
        ("2026-01-31", "qualification|open|-|qualification"),
        ("2026-02-28", "won|won|2026-02-01|won"),
        ("2026-03-01", "needs|open|-|won"),
    ] {
        as_of(&mirror, day);
        assert_eq!(ask(&mirror, sql), expected, "as of {day}");
    }
}

#[test]
fn one_opportunity_is_looked_up_without_reading_the_others() {
    let mirror = mirror_of(vec![pipeline(), opportunity("needs", &[])]);
    let plan = ask(
        &mirror,
        &format!(
            "explain query plan select rotten, weighted, furthest_stage from opportunity_status where opportunity = '{OPP}'"
        ),
    );
    let scans: Vec<&str> =
        plan.lines().filter(|line| line.contains("SCAN") && !line.contains("CONSTANT")).collect();
    assert!(scans.iter().all(|scan| scan.contains("SCAN x") || scan.contains("SCAN (")), "{plan}");
}
