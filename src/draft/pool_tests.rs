//! Pools, with the example of the reference.

use super::super::ChangeSet;
use super::super::testing::{Bench, field};
use super::*;

const SEA: &[(&str, &str)] =
    &[("name", "公海"), ("applies_to", "customer"), ("order", "1"), ("recycle_days", "30")];

/// A bench with the pool `sea` of customers, and 海纳物流 in it unless somebody has it.
fn bench(pool: &[(&str, &str)], customer: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::new();
    let all: Vec<_> = SEA.iter().chain(pool).copied().collect();
    bench.store.add("pool", "sea", &all);
    let mut fields =
        vec![("kind", "company"), ("name", "海纳物流"), ("status", "normal"), ("phone", "+8675583001122")];
    fields.extend(customer);
    bench.store.add("customer", "cus_haina", &fields);
    bench
}

fn haina() -> Vec<(String, String)> {
    vec![("customer".to_owned(), "cus_haina".to_owned())]
}

fn claimed(bench: &Bench, count: i64) -> Result<ChangeSet, Problem> {
    let counts = BTreeMap::from([("sea".to_owned(), count)]);
    let refused = std::cell::RefCell::new(None);
    let set = bench.with(|draft| {
        if let Err(problem) = claim(draft, &haina(), counts.clone()) {
            refused.replace(Some(problem));
        }
        Ok(())
    });
    refused.into_inner().map_or(Ok(set), Err)
}

fn history(doc: &Doc) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    doc.history
        .iter()
        .map(|m| format!("{} {} {} {}", text(&m.field), text(&m.from), text(&m.to), text(&m.reason)))
        .collect()
}

#[test]
fn a_claim_takes_protects_and_tells() {
    let bench = bench(&[("protect_days", "7")], &[("pool", "sea")]);
    let set = claimed(&bench, 0).expect("a claim");
    let doc = set.changes[0].doc();
    assert_eq!(
        (field(doc, "owner"), field(doc, "pool"), field(doc, "protected_until")),
        ("li.na".into(), String::new(), "2026-03-17".into())
    );
    assert_eq!(history(doc), ["owner - li.na claim:sea", "pool sea - claim:sea"]);
}

#[test]
fn a_pool_without_protection_ends_an_older_one() {
    let bench = bench(&[], &[("pool", "sea"), ("protected_until", "2026-12-31")]);
    assert_eq!(field(claimed(&bench, 0).expect("a claim").changes[0].doc(), "protected_until"), "");
}

#[test]
fn claims_of_the_day_are_counted_even_when_they_were_given_back() {
    let bench = bench(&[("claim_daily", "2")], &[("pool", "sea")]);
    assert!(claimed(&bench, 1).is_ok());
    let refused = claimed(&bench, 2).expect_err("the third");
    assert_eq!((refused.id, refused.get("have"), refused.get("most")), ("claim-limit", Some("3"), Some("2")));
}

#[test]
fn only_what_lies_in_a_pool_can_be_claimed() {
    let refused = claimed(&bench(&[], &[("owner", "zhao.min")]), 0).expect_err("somebody has it");
    assert_eq!((refused.id, refused.get("owner")), ("not-in-pool", Some("zhao.min")));
    assert_eq!(claimed(&bench(&[], &[]), 0).expect_err("unassigned").id, "not-in-pool");
    assert!(claimed(&bench(&[], &[("owner", "li.na")]), 0).expect("mine already").is_empty());
}

#[test]
fn a_pool_is_for_its_teams_and_those_below() {
    let mut bench = bench(&[("teams", "sales")], &[("pool", "sea")]);
    bench.store.add("team", "sales", &[("name", "销售")]);
    let refused = claimed(&bench, 0).expect_err("another team");
    assert_eq!((refused.id, refused.class), ("pool-not-yours", Class::Denied));
    bench.store.add("team", "shenzhen-sales", &[("name", "深圳销售"), ("parent", "sales")]);
    assert!(claimed(&bench, 0).is_ok());
}

fn pools(bench: &Bench, ids: &[&str]) -> Vec<PoolMatch> {
    let kind = bench.store.schema().kind("pool").expect("pools");
    let pool = bench.store.get(kind, "sea").expect("a store").expect("the pool");
    vec![PoolMatch { pool, records: ids.iter().map(|id| (*id).to_owned()).collect() }]
}

#[test]
fn an_own_record_is_given_back_for_a_reason() {
    let mut bench = bench(&[], &[("owner", "li.na")]);
    let pools = pools(&bench, &["cus_haina"]);
    assert_eq!(bench.refused(|draft| release(draft, &haina(), &pools)).id, "reason-needed");
    bench.setting.reason = Some("转行".to_owned());
    let set = bench.with(|draft| {
        assert_eq!(release(draft, &haina(), &pools)?, ["cus_haina"]);
        assert!(release(draft, &haina(), &pools)?.is_empty(), "it lies in the pool already");
        Ok(())
    });
    assert_eq!(history(set.changes[0].doc()), ["owner li.na - 转行", "pool - sea 转行"]);
    assert_eq!(bench.refused(|draft| release(draft, &haina(), &[])).id, "no-pool-takes-it");
}

#[test]
fn only_managers_give_back_what_others_have() {
    let mut bench = bench(&[], &[("owner", "zhao.min")]);
    bench.setting.reason = Some("休假".to_owned());
    let pools = pools(&bench, &["cus_haina"]);
    let refused = bench.refused(|draft| release(draft, &haina(), &pools));
    assert_eq!((refused.id, refused.class), ("not-yours-to-release", Class::Denied));
    for fields in [
        &[("name", "赵敏"), ("status", "active"), ("manager", "li.na")][..],
        &[("name", "赵敏"), ("status", "active"), ("team", "below")],
    ] {
        bench.store.add("team", "whole", &[("name", "总"), ("manager", "li.na")]);
        bench.store.add("team", "below", &[("name", "分"), ("parent", "whole")]);
        bench.store.add("user", "zhao.min", fields);
        bench.with(|draft| release(draft, &haina(), &pools).map(|_| ()));
    }
}

#[test]
fn a_closed_lead_is_not_for_a_pool() {
    let mut bench = bench(&[], &[]);
    bench.setting.reason = Some("x".to_owned());
    let lead = [
        ("name", "甲"),
        ("source", "web"),
        ("status", "junk"),
        ("owner", "li.na"),
        ("closed_on", "2026-03-01"),
    ];
    bench.store.add("lead", "lea_x", &lead);
    let records = vec![("lead".to_owned(), "lea_x".to_owned())];
    assert_eq!(bench.refused(|draft| release(draft, &records, &[])).id, "release-closed");
}

fn held(idle_days: i64, held_days: i64) -> Held {
    Held {
        noun: "customer",
        id: "cus_haina".to_owned(),
        owner: "zhao.min".to_owned(),
        idle_days,
        held_days,
        has_deal: false,
        protected_until: None,
    }
}

/// What a run on a day does with one customer: what it says in the history, or the day of the
/// warning.
fn run(rules: &[(&str, &str)], today: &str, held: &Held) -> String {
    let mut bench = bench(rules, &[("owner", "zhao.min")]);
    bench.setting.today = today.parse().expect("a day");
    let pools = pools(&bench, &["cus_haina"]);
    let told = std::cell::RefCell::new(String::new());
    let set = bench.with(|draft| {
        let outcome = recycle(draft, std::slice::from_ref(held), &pools)?;
        if let [warning] = outcome.warned.as_slice() {
            told.replace(warning.key());
        }
        Ok(())
    });
    let told = told.into_inner();
    set.changes.first().map_or(told, |change| history(change.doc()).join("; "))
}

#[test]
fn the_example_of_the_reference_is_recycled_after_31_days_and_warned_3_days_before() {
    // Last touch 2026-02-01.
    let day = |text: &str| -> Day { text.parse().expect("a day") };
    for (today, expected) in [
        ("2026-02-28", ""),
        ("2026-03-01", "pool-warn:cus_haina:2026-03-04"),
        ("2026-03-02", "pool-warn:cus_haina:2026-03-04"),
        ("2026-03-03", "pool-warn:cus_haina:2026-03-04"),
        ("2026-03-04", "owner zhao.min - recycle:sea idle 31d; pool - sea recycle:sea idle 31d"),
    ] {
        let idle = (day(today) - day("2026-02-01")).num_days();
        assert_eq!(run(&[], today, &held(idle, 90)), expected, "{today}");
    }
}

#[test]
fn protection_holds_up_to_and_including_its_day() {
    let until = |day: &str| Held { protected_until: Some(day.parse().expect("a day")), ..held(40, 90) };
    let on = |day: &str| run(&[], "2026-03-10", &until(day));
    assert!(on("2026-03-09").starts_with("owner"));
    assert_eq!(on("2026-03-10"), "pool-warn:cus_haina:2026-03-11");
    assert_eq!(on("2026-03-12"), "pool-warn:cus_haina:2026-03-13");
    assert_eq!(on("2026-03-13"), "");
}

#[test]
fn whoever_has_it_long_needs_a_deal() {
    let rules = [("deal_days", "90")];
    assert!(run(&rules, "2026-03-10", &held(1, 91)).contains("recycle:sea deal 91d"));
    assert_eq!(run(&rules, "2026-03-10", &held(1, 90)), "pool-warn:cus_haina:2026-03-11");
    assert_eq!(run(&rules, "2026-03-10", &Held { has_deal: true, ..held(1, 900) }), "");
    assert!(run(&rules, "2026-03-10", &Held { has_deal: true, ..held(31, 900) }).contains("idle 31d"));
}

#[test]
fn the_notice_is_as_long_before_as_the_pool_says() {
    assert_eq!(run(&[("warn_days", "0")], "2026-03-10", &held(30, 30)), "");
    assert_eq!(run(&[("warn_days", "10")], "2026-03-10", &held(21, 30)), "pool-warn:cus_haina:2026-03-20");
    assert_eq!(run(&[("warn_days", "10")], "2026-03-10", &held(20, 30)), "");
}

#[test]
fn the_first_pool_that_matches_applies_even_if_it_never_takes_back() {
    let mut bench = bench(&[], &[("owner", "zhao.min")]);
    let mut all = pools(&bench, &["cus_haina"]);
    let vip = bench.store.add("pool", "vip", &[("name", "V"), ("applies_to", "customer"), ("order", "0")]);
    all.insert(0, PoolMatch { pool: vip, records: ["cus_haina".to_owned()].into() });
    bench.with(|draft| {
        assert_eq!(recycle(draft, &[held(99, 99)], &all)?, Recycled::default());
        Ok(())
    });
}

#[test]
fn what_the_same_change_gave_to_another_stays() {
    let bench = bench(&[], &[("owner", "li.na")]);
    let pools = pools(&bench, &["cus_haina"]);
    bench.with(|draft| {
        assert_eq!(recycle(draft, &[held(99, 99)], &pools)?, Recycled::default());
        Ok(())
    });
}
