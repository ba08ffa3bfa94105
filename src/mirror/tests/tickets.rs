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
