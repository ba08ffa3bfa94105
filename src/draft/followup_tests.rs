//! Tests of the follow-ups.

use super::super::testing::{Bench, field, text};
use super::*;

fn call(draft: &Draft<'_>, target: &str) -> Doc {
    draft.begun("followup", None, &[("kind", "call"), ("target", target), ("summary", "周末来店试驾")])
}

fn next(kind: Option<&str>) -> Along {
    let due = "2026-03-14".parse().expect("a day");
    let next = Next { text: "试驾".to_owned(), due, kind: kind.map(str::to_owned) };
    Along { next: Some(next), keep_status: false }
}

fn planned(bench: &mut Bench, fields: &[(&str, &str)]) {
    let mut all = vec![
        ("kind", "call"),
        ("subject", "S"),
        ("target", "lea_chen"),
        ("status", "planned"),
        ("owner", "li.na"),
        ("due", "2026-03-02"),
    ];
    all.extend(fields);
    bench.store.add("followup", "fup_k", &all);
}

#[test]
fn the_first_call_makes_a_lead_contacted() {
    let set = Bench::new().with(|draft| {
        let ids = log(draft, call(draft, "lea_chen"), &Along::default())?;
        let made = draft.need("followup", &ids[0])?;
        assert_eq!((made.state(), field(&made, "done_at").as_str()), ("done", "2026-03-10T10:00:00+08:00"));
        assert_eq!(field(&made, "owner"), "li.na");
        let lead = draft.need("lead", "lea_chen")?;
        assert_eq!((lead.state(), lead.history[0].reason.as_deref()), ("contacted", Some(ids[0].as_str())));
        log(draft, call(draft, "lea_chen"), &Along::default())?;
        assert_eq!(draft.need("lead", "lea_chen")?.history.len(), 1, "the second one changes nothing");
        Ok(())
    });
    assert_eq!(set.changes[0].doc().kind.name, "followup", "the main record first");
}

#[test]
fn the_first_call_opens_a_ticket() {
    Bench::new().with(|draft| {
        log(draft, call(draft, "tic_k"), &Along::default())?;
        assert_eq!(draft.need("ticket", "tic_k")?.state(), "open");
        Ok(())
    });
}

#[test]
fn notes_and_those_who_keep_the_status_leave_the_lead_new() {
    let bench = Bench::new();
    bench.with(|draft| {
        let id = note(draft, "lea_chen", "老客户介绍")?;
        let note = draft.need("followup", &id)?;
        assert!(note.flag("internal") && note.state() == "done");
        log(draft, call(draft, "lea_chen"), &Along { keep_status: true, next: None })?;
        assert_eq!(draft.need("lead", "lea_chen")?.state(), "new");
        Ok(())
    });
}

#[test]
fn the_next_step_is_planned_with_what_is_done() {
    for (kind, expected) in [(None, "call"), (Some("demo"), "demo")] {
        Bench::new().with(|draft| {
            let ids = log(draft, call(draft, "lea_chen"), &next(kind))?;
            let plan = draft.need("followup", &ids[1])?;
            assert_eq!(
                (plan.state(), field(&plan, "kind"), field(&plan, "due"), field(&plan, "follows")),
                ("planned", expected.to_owned(), "2026-03-14".to_owned(), ids[0].clone())
            );
            assert_eq!((field(&plan, "subject"), field(&plan, "target")), ("试驾".into(), "lea_chen".into()));
            Ok(())
        });
    }
}

#[test]
fn a_plan_needs_a_day() {
    let bench = Bench::new();
    assert_eq!(bench.refused(|draft| plan(draft, call(draft, "lea_chen"))).id, "planned-without-due");
    bench.with(|draft| {
        let mut doc = call(draft, "cus_haina");
        let start = chrono::DateTime::parse_from_rfc3339("2026-03-12T15:00:00+08:00").expect("an instant");
        doc.set("start_at", Some(Value::Instant(start)));
        let id = plan(draft, doc)?;
        assert_eq!(field(&draft.need("followup", &id)?, "due"), "2026-03-12");
        Ok(())
    });
}

#[test]
fn a_planned_call_is_done_once() {
    let mut bench = Bench::new();
    planned(&mut bench, &[]);
    bench.with(|draft| {
        let fields = Row::from([("outcome", text("interested"))]);
        assert_eq!(done(draft, "fup_k", &fields, &next(None))?.len(), 2);
        let doc = draft.need("followup", "fup_k")?;
        assert_eq!((doc.state(), field(&doc, "outcome").as_str()), ("done", "interested"));
        assert_eq!(field(&doc, "done_at"), "2026-03-10T10:00:00+08:00");
        assert_eq!(draft.need("lead", "lea_chen")?.state(), "contacted");
        assert!(done(draft, "fup_k", &Row::new(), &Along::default())?.is_empty());
        Ok(())
    });
}

#[test]
fn a_repeated_one_comes_back_after_today() {
    for (every, due) in [
        ("1w", Some("2026-03-16")),
        ("8d", Some("2026-03-18")),
        ("3d", Some("2026-03-11")),
        ("12h", Some("2026-03-11")),
        ("0d", None),
    ] {
        let mut bench = Bench::new();
        planned(&mut bench, &[("repeat", every), ("start_at", "2026-03-02T15:30:00+08:00")]);
        bench.with(|draft| {
            let ids = done(draft, "fup_k", &Row::new(), &Along::default())?;
            let again = ids.get(1).map(|id| draft.need("followup", id)).transpose()?;
            assert_eq!(again.as_ref().map(|doc| field(doc, "due")).as_deref(), due, "{every}");
            if let (Some(again), Some(due)) = (again, due) {
                assert_eq!(field(&again, "start_at"), format!("{due}T15:30:00+08:00"));
                assert_eq!(
                    (again.state(), field(&again, "follows"), field(&again, "repeat")),
                    ("planned", "fup_k".to_owned(), every.to_owned())
                );
                assert!(again.get("summary").is_none() && again.get("done_at").is_none());
            }
            Ok(())
        });
    }
}

#[test]
fn a_followup_is_moved_missed_and_cancelled() {
    let mut bench = Bench::new();
    planned(&mut bench, &[]);
    bench.setting.reason = Some("sold".to_owned());
    bench.with(|draft| {
        assert!(miss(draft, "fup_k")? && !miss(draft, "fup_k")?);
        for day in ["2026-03-20", "2026-03-21"] {
            assert!(move_to(draft, "fup_k", day.parse().expect("a day"))?);
            let doc = draft.need("followup", "fup_k")?;
            assert_eq!((doc.state(), field(&doc, "due").as_str()), ("planned", day));
        }
        assert!(cancel(draft, "fup_k")? && !cancel(draft, "fup_k")?);
        Ok(())
    });
    let refused = bench.refused(|draft| {
        cancel(draft, "fup_k")?;
        move_to(draft, "fup_k", draft.setting.today)
    });
    assert_eq!(refused.id, "illegal-move");
}

#[test]
fn a_followup_needs_a_target_that_is_there() {
    let bench = Bench::new();
    for (target, problem) in
        [("lea_nobody", "unknown-reference"), ("mov_kkkkkkkkkkkk", "wrong-type-reference")]
    {
        let refused = bench.refused(|draft| log(draft, call(draft, target), &Along::default()));
        assert_eq!((refused.id, refused.field.as_deref()), (problem, Some("target")), "{target}");
    }
    bench.with(|draft| log(draft, call(draft, "con_wang"), &Along::default()).map(|_| ()));
}
