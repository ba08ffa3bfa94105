//! Assignment by rules, with the example of the reference, on the small store of the benches.

use super::super::testing::{Bench, field};
use super::*;

/// A bench with the users a, b and c of the team abc, and these leads without owner, a minute apart.
fn bench(leads: &[&str]) -> Bench {
    let mut bench = Bench::new();
    bench.store.add("team", "abc", &[("name", "ABC"), ("regions", "south")]);
    for user in ["c", "a", "b"] {
        bench.store.add("user", user, &[("name", user), ("status", "active"), ("team", "abc")]);
    }
    for (place, id) in leads.iter().enumerate() {
        lead(&mut bench, id, &format!("2026-03-09T10:{place:02}:00+08:00"), &[]);
    }
    bench
}

fn lead(bench: &mut Bench, id: &str, at: &str, more: &[(&str, &str)]) {
    let mut fields = vec![("name", id), ("source", "web"), ("status", "new"), ("phone", "+8613800138000")];
    fields.push(("created_at", at));
    fields.extend(more);
    bench.store.add("lead", id, &fields);
    // The leads of a test may share a phone.
    bench.setting.allow.insert("allow-duplicate".to_owned());
}

fn rule(bench: &Bench, id: &str, fields: &[(&str, &str)], records: &[&str]) -> Matched {
    let mut all = vec![("name", id), ("order", "1")];
    all.extend(fields);
    Matched {
        rule: bench.store.doc("assignment_rule", id, &all),
        records: records.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// Who got what, and the ids of the reasons.
fn run(bench: &Bench, ids: &[&str], rules: &[Matched], load: &Load) -> (Vec<String>, Vec<String>) {
    let mut told = (Vec::new(), Vec::new());
    bench.with(|draft| {
        let outcome = assign_auto(draft, "lead", &texts(ids), rules, load.clone(), false)?;
        told.0 = outcome.given.iter().map(|(id, user)| format!("{id}:{user}")).collect();
        let why = |p: &Problem| {
            [Some(p.id), p.get("rule"), p.get("why")].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        told.1 = outcome.left.iter().map(why).collect();
        Ok(())
    });
    told
}

fn turn(bench: &Bench, at: &str) -> Turn {
    let day = bench.setting.today;
    let at = chrono::DateTime::parse_from_rfc3339(&format!("{day}T{at}:00+08:00")).expect("an instant");
    (at.timestamp(), 0, String::new())
}

#[test]
fn the_example_of_the_reference_goes_round() {
    let leads = ["lea_1", "lea_2", "lea_3"];
    let bench = bench(&leads);
    let rules = [rule(&bench, "web", &[("method", "round_robin"), ("users", "a;b;c")], &leads)];
    let key = |user: &str| ("web".to_owned(), user.to_owned());
    let mut load = Load::default();
    load.last.insert(key("a"), turn(&bench, "09:00"));
    load.last.insert(key("b"), turn(&bench, "09:05"));
    assert_eq!(run(&bench, &leads, &rules, &load).0, ["lea_1:c", "lea_2:a", "lea_3:b"]);
}

#[test]
fn an_assignment_tells_its_rule_and_a_second_run_does_nothing() {
    let leads = ["lea_1"];
    let bench = bench(&leads);
    let rules = [rule(&bench, "web", &[("method", "round_robin"), ("users", "a")], &leads)];
    bench.with(|draft| {
        assign_auto(draft, "lead", &texts(&leads), &rules, Load::default(), false)?;
        let doc = draft.need("lead", "lea_1")?;
        let moved = doc.history.last().expect("a move");
        assert_eq!(
            (moved.field.as_deref(), moved.to.as_deref(), moved.reason.as_deref()),
            (Some("owner"), Some("a"), Some("rule:web"))
        );
        assert!(draft.setting.reason.is_none(), "the reason of the command is its own again");
        let again = assign_auto(draft, "lead", &texts(&leads), &rules, Load::default(), false)?;
        assert_eq!(again, Outcome::default());
        assert_eq!(draft.need("lead", "lea_1")?.history.len(), 1);
        Ok(())
    });
}

#[test]
fn leads_are_given_in_the_order_in_which_they_came() {
    let mut bench = bench(&[]);
    lead(&mut bench, "lea_z", "2026-03-01T10:00:00+08:00", &[]);
    lead(&mut bench, "lea_a", "2026-03-02T10:00:00+08:00", &[]);
    lead(&mut bench, "lea_b", "2026-03-02T10:00:00+08:00", &[]);
    let ids = ["lea_b", "lea_a", "lea_z"];
    let rules = [rule(&bench, "web", &[("method", "round_robin"), ("teams", "abc")], &ids)];
    assert_eq!(run(&bench, &ids, &rules, &Load::default()).0, ["lea_z:a", "lea_a:b", "lea_b:c"]);
}

#[test]
fn what_was_given_at_once_goes_on_where_it_stopped() {
    // Five leads in one run: a b c a b, all at the same second; the next is c's.
    let leads = ["lea_1", "lea_2", "lea_3", "lea_4", "lea_5", "lea_6"];
    let mut bench = bench(&leads);
    let rules = [rule(&bench, "web", &[("method", "round_robin"), ("teams", "abc")], &leads)];
    bench.with(|draft| {
        let first = assign_auto(draft, "lead", &texts(&leads[..5]), &rules, Load::default(), false)?;
        assert_eq!(first.given[4], ("lea_5".to_owned(), "b".to_owned()));
        // The same change: what it did so far counts.
        let next = assign_auto(draft, "lead", &texts(&leads[5..]), &rules, Load::default(), false)?;
        assert_eq!(next.given, [("lea_6".to_owned(), "c".to_owned())]);
        Ok(())
    });
    bench.setting.now += chrono::TimeDelta::hours(1);
    let mut load = Load::default();
    for (user, id, minute) in [("a", "lea_4", 3), ("b", "lea_5", 4), ("c", "lea_3", 2)] {
        load.last.insert(("web".to_owned(), user.to_owned()), (100, minute, id.to_owned()));
    }
    assert_eq!(run(&bench, &leads[5..], &rules, &load).0, ["lea_6:c"]);
}

#[test]
fn the_least_busy_by_weight_is_chosen() {
    let leads = ["lea_1", "lea_2", "lea_3", "lea_4"];
    let mut bench = bench(&leads);
    bench.store.add("user", "b", &[("name", "b"), ("status", "active"), ("assign_weight", "2")]);
    bench.store.add("user", "c", &[("name", "c"), ("status", "active"), ("assign_weight", "0")]);
    let rules = [rule(&bench, "web", &[("method", "least_busy"), ("users", "a;b;c")], &leads)];
    let load = Load { open: HashMap::from([("a".to_owned(), 3), ("b".to_owned(), 4)]), ..Load::default() };
    // 3 and 2, then 3 and 2.5, then 3 and 3: b was chosen last; then 4 and 3.
    assert_eq!(run(&bench, &leads, &rules, &load).0, ["lea_1:b", "lea_2:b", "lea_3:a", "lea_4:b"]);
}

#[test]
fn capacity_goes_by_the_share_that_is_free_and_ends() {
    let leads = ["lea_1", "lea_2", "lea_3", "lea_4"];
    let mut bench = bench(&leads);
    for (user, most) in [("a", "10"), ("b", "4")] {
        bench.store.add("user", user, &[("name", user), ("status", "active"), ("capacity_30d", most)]);
    }
    let rules = [rule(&bench, "web", &[("method", "capacity"), ("users", "a;b;c")], &leads)];
    let load = Load { given: HashMap::from([("a".to_owned(), 8), ("b".to_owned(), 3)]), ..Load::default() };
    // Free: a 2 of 10, b 1 of 4; then a 2, then a 1; c has no capacity.
    let (given, left) = run(&bench, &leads, &rules, &load);
    assert_eq!(given, ["lea_1:b", "lea_2:a", "lea_3:a"]);
    assert_eq!(left, ["unassigned-nobody web capacity"]);
}

#[test]
fn the_region_of_the_lead_or_the_nearest_above_it_decides() {
    let mut bench = bench(&[]);
    bench.store.add("user", "near", &[("name", "近"), ("status", "active"), ("region", "shenzhen")]);
    for (id, region) in [("lea_1", "shenzhen"), ("lea_2", "south"), ("lea_3", "north"), ("lea_4", "")] {
        let more: &[(&str, &str)] = if region.is_empty() { &[] } else { &[("region", region)] };
        lead(&mut bench, id, "2026-03-09T10:00:00+08:00", more);
    }
    bench.store.add("region", "north", &[("name", "华北")]);
    let ids = ["lea_1", "lea_2", "lea_3", "lea_4"];
    let rules = [rule(&bench, "map", &[("method", "region"), ("users", "near;a;b")], &ids)];
    let (given, left) = run(&bench, &ids, &rules, &Load::default());
    assert_eq!(given, ["lea_1:near", "lea_2:a"], "south is a region of a's team");
    assert_eq!(left, ["unassigned-nobody map region", "unassigned-nobody map region"]);
    let above = [rule(&bench, "map", &[("method", "region"), ("users", "a;b")], &ids)];
    assert_eq!(run(&bench, &ids[..1], &above, &Load::default()).0, ["lea_1:a"], "south is above shenzhen");
}

#[test]
fn who_is_away_left_out_or_gone_is_no_candidate() {
    let mut bench = bench(&["lea_1"]);
    let away = |from: Option<&'static str>, to: Option<&'static str>| {
        let ends = [("away_from", from), ("away_to", to)];
        let ends = ends.into_iter().filter_map(|(name, day)| Some((name, day?)));
        [("name", "a"), ("status", "active")].into_iter().chain(ends).collect::<Vec<_>>()
    };
    for (fields, there) in [
        (away(Some("2026-03-10"), Some("2026-03-12")), false),
        (away(Some("2026-03-01"), Some("2026-03-10")), false),
        (away(Some("2026-03-11"), Some("2026-03-12")), true),
        (away(Some("2026-03-01"), Some("2026-03-09")), true),
        (away(Some("2026-03-10"), None), false),
        (away(None, Some("2026-03-10")), false),
        (vec![("name", "a"), ("status", "suspended")], false),
        (vec![("name", "a"), ("status", "active"), ("skip_assignment", "true")], false),
    ] {
        bench.store.add("user", "a", &fields);
        let rules = [rule(&bench, "web", &[("method", "round_robin"), ("users", "a;gone")], &["lea_1"])];
        let (given, left) = run(&bench, &["lea_1"], &rules, &Load::default());
        assert_eq!(given.len(), usize::from(there), "{fields:?}");
        if !there {
            assert_eq!(left, ["unassigned-nobody web nobody"], "{fields:?}");
        }
    }
}

#[test]
fn the_first_rule_that_finds_somebody_wins() {
    let leads = ["lea_1", "lea_2", "lea_3"];
    let mut bench = bench(&leads);
    bench.store.add("user", "a", &[("name", "a"), ("status", "active"), ("capacity_30d", "1")]);
    let rules = [
        rule(&bench, "few", &[("method", "capacity"), ("users", "a")], &leads[..2]),
        rule(&bench, "rest", &[("method", "round_robin"), ("users", "b")], &leads[..2]),
    ];
    let (given, left) = run(&bench, &leads, &rules, &Load::default());
    assert_eq!(given, ["lea_1:a", "lea_2:b"]);
    assert_eq!(left, ["unassigned-no-rule"]);
}

#[test]
fn what_is_owned_stays_and_what_is_closed_is_left() {
    let mut bench = bench(&[]);
    let at = "2026-03-09T10:00:00+08:00";
    lead(&mut bench, "lea_1", at, &[("owner", "b")]);
    lead(&mut bench, "lea_2", at, &[("status", "junk"), ("closed_on", "2026-03-09")]);
    lead(&mut bench, "lea_3", at, &[("pool", "sea")]);
    bench.store.add("pool", "sea", &[("name", "公海"), ("applies_to", "lead"), ("order", "1")]);
    let ids = ["lea_1", "lea_2", "lea_3"];
    let rules = [rule(&bench, "web", &[("method", "round_robin"), ("users", "a")], &ids)];
    let (given, left) = run(&bench, &ids, &rules, &Load::default());
    assert_eq!((given, left), (texts(&["lea_3:a"]), texts(&["unassigned-closed"])));
    bench.with(|draft| {
        let outcome = assign_auto(draft, "lead", &texts(&ids[..1]), &rules, Load::default(), true)?;
        assert_eq!(outcome.given, [("lea_1".to_owned(), "a".to_owned())]);
        assert_eq!(
            draft.need("lead", "lea_1")?.history.last().and_then(|m| m.from.clone()),
            Some("b".into())
        );
        Ok(())
    });
}

#[test]
fn a_ticket_is_given_by_the_region_of_its_customer_and_opened() {
    let bench = bench(&[]);
    let rules = [rule(&bench, "t", &[("method", "region"), ("users", "zhao.min")], &["tic_k"])];
    bench.with(|draft| {
        let outcome = assign_auto(draft, "ticket", &texts(&["tic_k"]), &rules, Load::default(), false)?;
        assert_eq!(outcome.given, [("tic_k".to_owned(), "zhao.min".to_owned())]);
        let ticket = draft.need("ticket", "tic_k")?;
        assert_eq!((ticket.state(), field(&ticket, "assignee")), ("open", "zhao.min".to_owned()));
        let told: Vec<_> = ticket.history.iter().map(|m| m.reason.as_deref()).collect();
        assert_eq!(told, [Some("rule:t"), Some("rule:t")]);
        Ok(())
    });
}
