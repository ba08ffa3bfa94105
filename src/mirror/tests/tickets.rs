//! The clocks of tickets: working time, holds, reopening, and what is promised.

use super::super::fake::{moved, record, rows};
use super::ask;
use super::leads::{followup, mirror, office, with_zones};
use crate::model::record::Doc;

const TICKET: &str = "tic_kkkkkkkkkkkk";

/// Four hours to answer and sixteen to resolve, in the office's hours.
fn promise() -> Doc {
    let sla = record("sla", "usual", &[("name", "Usual"), ("calendar", "office")]);
    let normal: &[(&str, &str)] = &[("priority", "normal"), ("response", "4h"), ("resolution", "16h")];
    let urgent: &[(&str, &str)] = &[("priority", "urgent"), ("response", "1h"), ("resolution", "2h")];
    rows(sla, "priorities", &[normal, urgent])
}

/// Came in on Friday, 6 March 2026, half an hour before the end.
fn ticket(more: &[(&str, &str)]) -> Doc {
    let mut fields = vec![
        ("number", "T-1"),
        ("kind", "problem"),
        ("subject", "Noise"),
        ("customer", "cus_kkkkkkkkkkkk"),
        ("priority", "normal"),
        ("status", "new"),
        ("sla", "usual"),
        ("created_at", "2026-03-06T17:30:00+08:00"),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more);
    record("ticket", TICKET, &fields)
}

fn clock(docs: Vec<Doc>, day: &str, columns: &str) -> String {
    let mirror = mirror(docs.into_iter().chain([office(), promise()]).collect());
    mirror.set_moment(with_zones().as_of(day.parse().expect("a day")));
    ask(&mirror, &format!("select {columns} from ticket_clock"))
}

fn answered(at: &str) -> Doc {
    followup("fup_kkkkkkkkkkkk", TICKET, at, &[])
}

#[test]
fn a_hold_moves_the_resolution_by_working_time_and_not_by_nights() {
    let held = moved(ticket(&[]), "2026-03-09T10:15:00+08:00", "new", "open");
    let held = moved(held, "2026-03-09T15:00:00+08:00", "open", "pending");
    let on = moved(held, "2026-03-10T10:00:00+08:00", "pending", "open");
    let done = moved(on.clone(), "2026-03-11T11:00:00+08:00", "open", "resolved");
    let answer = || answered("2026-03-09T10:15:00+08:00");
    let columns = "response_due, response_minutes, response_state, held_minutes, resolution_due, resolution_minutes, \
                   resolution_state, agreement";
    assert_eq!(
        clock(vec![done.clone(), answer()], "2026-03-11", columns),
        "2026-03-09T13:30:00+08:00|105|met|240|2026-03-11T13:30:00+08:00|870|met|fulfilled"
    );
    let states = "response_state, resolution_state, resolution_due, agreement";
    assert_eq!(
        clock(vec![done.clone(), answer()], "2026-03-06", states),
        "due|due|2026-03-10T17:30:00+08:00|response_due"
    );
    assert_eq!(clock(vec![done.clone(), answer()], "2026-03-09", states), "met|paused|-|paused");
    assert_eq!(
        clock(vec![on, answer()], "2026-03-10", states),
        "met|due|2026-03-11T13:30:00+08:00|resolution_due"
    );
    assert_eq!(
        clock(vec![done], "2026-03-11", states),
        "failed|met|2026-03-11T13:30:00+08:00|failed",
        "nobody answered"
    );
}

#[test]
fn after_reopening_the_clock_runs_on_and_the_last_resolution_decides() {
    let done = moved(ticket(&[]), "2026-03-09T10:00:00+08:00", "new", "resolved");
    let again = moved(done, "2026-03-10T09:00:00+08:00", "resolved", "open");
    let columns = "resolution_minutes, resolution_state, reopens";
    let open = clock(vec![again.clone()], "2026-03-10", "resolution_due, resolution_state, reopens");
    // 90 minutes had passed of 960; 870 are left from Tuesday nine o'clock.
    assert_eq!(open, "2026-03-11T16:30:00+08:00|due|1");
    let late = moved(again, "2026-03-11T17:00:00+08:00", "open", "resolved");
    assert_eq!(clock(vec![late], "2026-03-11", columns), "990|failed|1");
}

#[test]
fn another_priority_counts_from_the_beginning_and_no_promise_gives_no_agreement() {
    let columns = "response_target, resolution_target, response_state, agreement";
    let urgent = ticket(&[("priority", "urgent")]);
    assert_eq!(clock(vec![urgent], "2026-03-09", columns), "60|120|failed|failed");
    let bare = record(
        "ticket",
        TICKET,
        &[
            ("number", "T-1"),
            ("kind", "problem"),
            ("subject", "S"),
            ("customer", "cus_kkkkkkkkkkkk"),
            ("priority", "normal"),
            ("status", "new"),
        ],
    );
    assert_eq!(clock(vec![bare], "2026-03-09", columns), "-|-|-|-");
    let rejected = moved(ticket(&[]), "2026-03-06T17:40:00+08:00", "new", "rejected");
    assert_eq!(clock(vec![rejected], "2026-03-20", "agreement"), "-");
}

/// A calendar of New York in the week in which its clocks change, with a holiday and a short day.
fn new_york() -> Doc {
    let fields = [("name", "York"), ("timezone", "America/New_York"), ("holidays", "2026-03-11")];
    let doc = record("calendar", "york", &fields);
    let day = |day: &'static str, ranges: &'static str| [("day", day), ("ranges", ranges)];
    let week = [
        day("sun", "00:00-04:00"),
        day("mon", "09:00-12:00,13:00-18:00"),
        day("tue", "09:00-12:00,13:00-18:00"),
        day("wed", "09:00-18:00"),
        day("thu", "09:00-12:00"),
        day("sat", "20:00-24:00"),
    ];
    let doc = rows(doc, "week", &week.each_ref().map(|row| &row[..]));
    rows(doc, "extra", &[&[("date", "2026-03-12"), ("ranges", "10:00-10:30")]])
}

/// Working minutes there, counted one by one.
fn counted(from: chrono::DateTime<chrono::Utc>, to: chrono::DateTime<chrono::Utc>) -> i64 {
    use chrono::{Datelike, Timelike};
    let zone: chrono_tz::Tz = "America/New_York".parse().expect("a zone");
    let is_work = |n: &i64| {
        let wall = (from + chrono::TimeDelta::minutes(*n)).with_timezone(&zone);
        let minute = wall.hour() * 60 + wall.minute();
        let in_any = |ranges: &[(u32, u32)]| ranges.iter().any(|(a, b)| (*a..*b).contains(&minute));
        match (wall.date_naive().to_string().as_str(), wall.weekday().num_days_from_monday()) {
            ("2026-03-11", _) => false,
            ("2026-03-12", _) => in_any(&[(600, 630)]),
            (_, 0 | 1) => in_any(&[(540, 720), (780, 1080)]),
            (_, 2) => in_any(&[(540, 1080)]),
            (_, 3) => in_any(&[(540, 720)]),
            (_, 5) => in_any(&[(1200, 1440)]),
            (_, 6) => in_any(&[(0, 240)]),
            _ => false,
        }
    };
    i64::try_from((0..(to - from).num_minutes()).filter(is_work).count()).expect("a count")
}

const STEPS: &[(&str, &[&str])] = &[
    ("new", &["open", "resolved"]),
    ("open", &["pending", "resolved"]),
    ("pending", &["open", "resolved"]),
    ("resolved", &["closed", "open"]),
    ("closed", &["open"]),
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]
    #[test]
    fn the_clocks_are_what_a_clock_on_the_wall_counts(
        start in 0..4_000_i64,
        answer in 1..3_000_i64,
        steps in proptest::collection::vec((1..1_500_i64, 0..2_usize), 1..7),
    ) {
        let begin: chrono::DateTime<chrono::Utc> = "2026-03-06T12:00:00Z".parse().expect("a time");
        let after = |minutes: i64| begin + chrono::TimeDelta::minutes(minutes);
        let created = after(start);
        let stamp = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&chrono::FixedOffset::east_opt(28_800).expect("an offset")).to_rfc3339();
        let mut doc = ticket(&[("sla", "usual"), ("created_at", &stamp(created))]);
        let (mut state, mut at, mut moves) = ("new", start, Vec::new());
        for (gap, choice) in steps {
            let (_, next) = STEPS.iter().find(|(of, _)| *of == state).expect("a state");
            let to = next[choice % next.len()];
            at += gap;
            moves.push((after(at), state, to));
            doc = moved(doc, &stamp(after(at)), state, to);
            state = to;
        }
        let waits = |state: &str| ["pending", "resolved", "closed"].contains(&state);
        // Ended stays in which it waits, and the last resolution.
        let stays: Vec<_> = moves.windows(2).filter(|pair| waits(pair[0].2)).map(|pair| (pair[0].0, pair[1].0)).collect();
        let held: i64 = stays.iter().map(|(from, to)| counted(*from, *to)).sum();
        let resolved = moves.iter().rev().find(|(_, _, to)| *to == "resolved").map(|(at, ..)| *at);
        let spent = resolved.map(|end| {
            let before: i64 = stays.iter().filter(|(_, to)| *to <= end).map(|(from, to)| counted(*from, *to)).sum();
            counted(created, end) - before
        });
        let response = counted(created, created + chrono::TimeDelta::minutes(answer));
        let mut expected = vec![response.to_string()];
        expected.push(if response <= 240 { "met" } else { "failed" }.to_owned());
        expected.push(held.to_string());
        expected.push(spent.map_or("-".to_owned(), |spent| spent.to_string()));
        let columns = if matches!(state, "resolved" | "closed") {
            expected.push(if spent.is_some_and(|spent| spent <= 960) { "met" } else { "failed" }.to_owned());
            "response_minutes, response_state, held_minutes, resolution_minutes, resolution_state"
        } else {
            "response_minutes, response_state, held_minutes, resolution_minutes"
        };
        let mut sla = promise();
        sla.set("calendar", Some(crate::model::record::Value::Text("york".to_owned())));
        let docs = vec![doc, answered(&stamp(created + chrono::TimeDelta::minutes(answer))), new_york(), sla, office()];
        let mirror = mirror(docs);
        mirror.set_moment(with_zones().as_of("2026-03-31".parse().expect("a day")));
        proptest::prop_assert_eq!(ask(&mirror, &format!("select {columns} from ticket_clock")), expected.join("|"));
    }
}
