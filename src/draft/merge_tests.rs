//! Merges, on a small store: what the kept record gains, what is lost, what is refused.

use super::*;
use crate::draft::testing::{Bench, dec, field, text};
use crate::rules::View;

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// The store of the bench with customers `cus_a`, `cus_b` … of these fields.
fn customers(all: &[&[(&str, &str)]]) -> Bench {
    let mut bench = Bench::new();
    for (at, fields) in all.iter().enumerate() {
        let id = format!("cus_{}", char::from(b'a' + u8::try_from(at).expect("few")));
        let base = [("name", id.as_str()), ("kind", "company"), ("status", "normal")];
        let given: Vec<(&str, &str)> =
            base.into_iter().filter(|(name, _)| !fields.iter().any(|(n, _)| n == name)).collect();
        bench.store.add("customer", &id, &[&given, *fields].concat());
    }
    bench
}

/// `cus_a` after `cus_b` and all further ones are merged into it.
fn merged(all: &[&[(&str, &str)]], prefer: &[(&str, &str)]) -> (Doc, Vec<String>) {
    let bench = customers(all);
    let drops: Vec<String> = (1..all.len())
        .map(|at| format!("cus_{}", char::from(b'a' + u8::try_from(at).expect("few"))))
        .collect();
    let prefer: Vec<(String, String)> =
        prefer.iter().map(|(field, id)| ((*field).to_owned(), (*id).to_owned())).collect();
    let mut kept = None;
    let set = bench.with(|draft| {
        merge(draft, "customer", "cus_a", &drops, &prefer)?;
        kept = draft.record("customer", "cus_a")?;
        for id in &drops {
            assert_eq!(field(&draft.need("customer", id)?, "merged_into"), "cus_a");
        }
        Ok(())
    });
    (kept.expect("the kept record"), set.remarks)
}

#[test]
fn a_value_comes_from_the_first_that_has_it_and_never_replaces_one() {
    let (kept, lost) = merged(
        &[
            &[("name", "海纳"), ("city", "深圳")],
            &[("name", "海纳物流"), ("industry", "retail"), ("wechat", "w1")],
            &[("name", "海纳"), ("industry", "wholesale"), ("website", "https://haina.example")],
        ],
        &[],
    );
    let of = |name| field(&kept, name);
    assert_eq!(
        (of("name"), of("industry"), of("wechat"), of("website"), of("city")),
        ("海纳".into(), "retail".into(), "w1".into(), "https://haina.example".into(), "深圳".into())
    );
    assert_eq!(lost, ["lost: name 海纳物流 of cus_b", "lost: industry wholesale of cus_c"]);
}

#[test]
fn a_preferred_value_replaces_and_what_it_replaces_is_told() {
    let all: &[&[(&str, &str)]] = &[
        &[("name", "海纳"), ("phone", "+8613800000011"), ("owner", "li.na"), ("kind", "company")],
        &[("name", "海纳物流"), ("phone", "+8613800000022"), ("owner", "zhao.min"), ("kind", "dealer")],
    ];
    let prefer = [("name", "cus_b"), ("phone", "cus_b"), ("owner", "cus_b"), ("kind", "cus_b")];
    let (kept, lost) = merged(all, &prefer);
    let of = |name| field(&kept, name);
    assert_eq!(
        (of("name"), of("phone"), of("other_phones")),
        ("海纳物流".into(), "+8613800000022".into(), "+8613800000011".into())
    );
    assert_eq!((of("owner"), of("kind")), ("zhao.min".into(), "dealer".into()));
    assert_eq!(kept.history.len(), 1, "{:?}", kept.history);
    assert_eq!(
        lost,
        ["lost: kind company of cus_a", "lost: name 海纳 of cus_a", "lost: owner li.na of cus_a"]
    );
}

#[test]
fn numbers_addresses_and_sets_are_united() {
    let (kept, lost) = merged(
        &[
            &[
                ("phone", "+8613800000001"),
                ("other_phones", "+8613800000002"),
                ("opt_out", "sms"),
                ("tags", "a;b"),
            ],
            &[
                ("phone", "+8613800000003"),
                ("other_phones", "+8613800000002;+8613800000001"),
                ("email", "X@a.cn"),
                ("opt_out", "email"),
            ],
            &[("email", "x@A.cn"), ("other_emails", "y@a.cn"), ("tags", "b;c")],
        ],
        &[],
    );
    let of = |name| field(&kept, name);
    assert_eq!(
        (of("phone"), of("other_phones")),
        ("+8613800000001".into(), "+8613800000002;+8613800000003".into())
    );
    assert_eq!((of("email"), of("other_emails")), ("X@a.cn".into(), "y@a.cn".into()));
    assert_eq!((of("opt_out"), of("tags")), ("email;sms".into(), "a;b;c".into()));
    assert!(lost.iter().all(|lost| !lost.contains("phone")), "{lost:?}");
}

#[test]
fn rows_are_appended_with_their_ids_but_not_twice() {
    let row = |id, city| [("addresses.id", id), ("addresses.use", "site"), ("addresses.city", city)];
    let (one, same) = (row("kkkkkk", "深圳"), row("llllll", "深圳"));
    let (other, clash) = (row("mmmmmm", "广州"), row("kkkkkk", "北京"));
    let (kept, _) = merged(&[&one, &same, &other, &clash], &[]);
    let rows: Vec<(String, String)> =
        kept.rows("addresses").iter().map(|row| (plain(&row["id"]), plain(&row["city"]))).collect();
    assert_eq!(rows[0], ("kkkkkk".into(), "深圳".into()));
    assert_eq!(rows[1], ("mmmmmm".into(), "广州".into()));
    assert_eq!((rows.len(), rows[2].1.as_str()), (3, "北京"));
    assert_ne!(rows[2].0, "kkkkkk", "an id is used once");
}

#[test]
fn parts_of_two_addresses_are_not_mixed() {
    let (kept, lost) = merged(
        &[
            &[("city", "北京")],
            &[("province", "广东"), ("city", "深圳"), ("street", "科技园路")],
            &[("city", "北京"), ("street", "长安街")],
        ],
        &[],
    );
    assert_eq!((field(&kept, "city"), field(&kept, "street")), ("北京".into(), "长安街".into()));
    assert_eq!(field(&kept, "province"), "");
    assert!(lost.contains(&"lost: street 科技园路 of cus_b".to_owned()), "{lost:?}");
}

#[test]
fn a_limit_stays_with_its_currency() {
    let (kept, _) =
        merged(&[&[("credit_limit", "500.00")], &[("currency", "USD"), ("credit_limit", "100.00")]], &[]);
    assert_eq!((kept.get("credit_limit"), kept.get("currency")), (Some(&dec("500.00")), None));
    let (kept, _) = merged(&[&[], &[("currency", "USD"), ("credit_limit", "100.00")]], &[]);
    assert_eq!((field(&kept, "credit_limit"), field(&kept, "currency")), ("100.00".into(), "USD".into()));
    let all: &[&[(&str, &str)]] =
        &[&[("credit_limit", "500.00")], &[("currency", "USD"), ("credit_limit", "100.00")]];
    let (kept, _) = merged(all, &[("credit-limit", "cus_b")]);
    assert_eq!((field(&kept, "credit_limit"), field(&kept, "currency")), ("100.00".into(), "USD".into()));
}

#[test]
fn the_stricter_state_wins() {
    let mut bench = customers(&[&[], &[]]);
    bench.setting.reason = None;
    let mut blocked =
        bench.store.doc("customer", "cus_b", &[("name", "b"), ("kind", "company"), ("status", "normal")]);
    blocked.move_to("blocked", bench.setting.on, "li.na", Some("does not pay".to_owned()));
    bench.store.put(blocked);
    bench.with(|draft| {
        merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[])?;
        let kept = draft.need("customer", "cus_a")?;
        assert_eq!(kept.state(), "blocked");
        assert_eq!(kept.history[0].reason.as_deref(), Some("does not pay"));
        Ok(())
    });
    let (kept, _) = merged(&[&[("status", "blocked")], &[]], &[]);
    assert_eq!((kept.state(), kept.history.len()), ("blocked", 0));
}

#[test]
fn an_owner_beats_a_pool() {
    let (kept, _) = merged(&[&[("pool", "sea")], &[("owner", "zhao.min")]], &[]);
    assert_eq!((field(&kept, "owner"), field(&kept, "pool")), ("zhao.min".into(), String::new()));
    let (kept, _) = merged(&[&[("owner", "li.na")], &[("pool", "sea")]], &[]);
    assert_eq!((field(&kept, "owner"), field(&kept, "pool")), ("li.na".into(), String::new()));
}

#[test]
fn nothing_becomes_its_own_parent() {
    for (keep, drop, parent) in [
        (&[("parent", "cus_b")][..], &[][..], ""),
        (&[], &[("parent", "cus_a")], ""),
        (&[], &[("parent", "cus_dealer")], "cus_dealer"),
    ] {
        assert_eq!(field(&merged(&[keep, drop], &[]).0, "parent"), parent, "{keep:?} {drop:?}");
    }
    let bench = customers(&[&[("parent", "cus_c")], &[], &[("parent", "cus_b")]]);
    let refused = bench.refused(|draft| merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[]));
    assert_eq!(refused.id, "reference-cycle");
}

#[test]
fn being_told_apart_from_others_is_united_and_from_each_other_forgotten() {
    let all: &[&[(&str, &str)]] =
        &[&[("distinct_from", "cus_b;cus_haina")], &[("distinct_from", "cus_a;cus_dealer")]];
    let (kept, _) = merged(all, &[]);
    assert_eq!(field(&kept, "distinct_from"), "cus_dealer;cus_haina");
}

#[test]
fn merging_again_changes_nothing_and_a_chain_counts() {
    let mut bench = customers(&[&[], &[], &[]]);
    for (id, into) in [("cus_b", "cus_a"), ("cus_c", "cus_b")] {
        let fields = [("name", id), ("kind", "company"), ("status", "normal"), ("merged_into", into)];
        bench.store.add("customer", id, &fields);
    }
    let set = bench.with(|draft| merge(draft, "customer", "cus_a", &ids(&["cus_b", "cus_c", "cus_c"]), &[]));
    assert!(set.is_empty() && set.remarks.is_empty());
}

#[test]
fn what_a_merge_cannot_be() {
    let mut bench = customers(&[&[], &[], &[("kind", "person")]]);
    let dead = [("name", "d"), ("kind", "company"), ("status", "normal"), ("merged_into", "cus_b")];
    bench.store.add("customer", "cus_d", &dead);
    let prefer = |field: &str, id: &str| vec![(field.to_owned(), id.to_owned())];
    for (keep, drop, prefer, problem) in [
        ("cus_a", "cus_a", vec![], "merge-self"),
        ("cus_d", "cus_a", vec![], "merge-into-merged"),
        ("cus_d", "cus_b", vec![], "merge-into-merged"),
        ("cus_a", "cus_d", vec![], "merged-record"),
        ("cus_a", "cus_c", vec![], "merge-kind"),
        ("cus_a", "cus_none", vec![], "no-such-record"),
        ("cus_a", "cus_b", prefer("colour", "cus_b"), "cannot-prefer"),
        ("cus_a", "cus_b", prefer("status", "cus_b"), "cannot-prefer"),
        ("cus_a", "cus_b", prefer("tags", "cus_b"), "cannot-prefer"),
        ("cus_a", "cus_b", prefer("name", "cus_haina"), "prefer-other"),
    ] {
        let refused = bench.refused(|draft| merge(draft, "customer", keep, &ids(&[drop]), &prefer));
        assert_eq!(refused.id, problem, "{keep} {drop} {prefer:?}");
    }
}

#[test]
fn one_of_three_alike_can_be_merged_and_the_third_is_told() {
    let bench = customers(&[&[], &[("phone", "+8613800000001")], &[("phone", "+8613800000001")]]);
    let set = bench.with(|draft| merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[]));
    assert_eq!(set.ids(), ["cus_a", "cus_b"]);
}

#[test]
fn the_first_contact_of_a_customer_stays_first() {
    let mut bench = Bench::new();
    bench.store.add("contact", "con_li", &[("name", "李"), ("customer", "cus_haina")]);
    bench.store.add("contact", "con_tao", &[("name", "陶"), ("customer", "cus_tokyo")]);
    for (keep, primary) in [("con_li", "true"), ("con_tao", "")] {
        bench.with(|draft| {
            merge(draft, "contact", keep, &ids(&["con_wang"]), &[])?;
            let kept = draft.need("contact", keep)?;
            assert_eq!(field(&kept, "primary"), primary, "{keep}");
            Ok(())
        });
    }
}

#[test]
fn merged_customers_may_each_have_a_first_contact() {
    let mut bench = Bench::new();
    let primary = [("name", "陶"), ("customer", "cus_tokyo"), ("primary", "true")];
    bench.store.add("contact", "con_tao", &primary);
    bench.with(|draft| {
        merge(draft, "customer", "cus_haina", &ids(&["cus_tokyo"]), &[])?;
        let mut contact = draft.need("contact", "con_tao")?;
        contact.set("department", Some(text("采购")));
        draft.put(contact)
    });
}

#[test]
fn a_converted_lead_goes_into_no_open_one() {
    let mut bench = Bench::new();
    let fields = [
        ("name", "陈"),
        ("source", "web"),
        ("status", "converted"),
        ("closed_on", "2026-03-01"),
        ("converted_customer", "cus_haina"),
    ];
    bench.store.add("lead", "lea_won", &fields);
    let refused = bench.refused(|draft| merge(draft, "lead", "lea_chen", &ids(&["lea_won"]), &[]));
    assert_eq!(refused.id, "merge-converted");
    bench.with(|draft| merge(draft, "lead", "lea_won", &ids(&["lea_chen"]), &[]));
}

#[test]
fn what_is_taken_out_of_its_merge_lives_again() {
    let mut bench = customers(&[&[("phone", "+8613800000001")], &[]]);
    let dead = [
        ("name", "b"),
        ("kind", "company"),
        ("status", "normal"),
        ("merged_into", "cus_a"),
        ("phone", "+8613800000001"),
    ];
    bench.store.add("customer", "cus_b", &dead);
    bench.with(|draft| {
        unmerge(draft, "customer", "cus_b")?;
        assert!(draft.need("customer", "cus_b")?.get("merged_into").is_none());
        Ok(())
    });
    assert!(bench.with(|draft| unmerge(draft, "customer", "cus_a")).is_empty());
}

#[test]
fn two_are_told_apart_once_on_the_smaller_id() {
    let bench = customers(&[&[], &[]]);
    let set = bench.with(|draft| {
        distinct(draft, "customer", "cus_b", "cus_a")?;
        distinct(draft, "customer", "cus_a", "cus_b")
    });
    assert_eq!(set.ids(), ["cus_a"]);
    assert_eq!(field(set.changes[0].doc(), "distinct_from"), "cus_b");
    assert_eq!(bench.refused(|draft| distinct(draft, "customer", "cus_a", "cus_a")).id, "distinct-self");
}

#[test]
fn what_a_flag_lets_pass_is_noted() {
    let mut bench = customers(&[&[("phone", "+8613800000001")], &[("phone", "+8613800000001")]]);
    bench.setting.allow.insert("allow-duplicate".to_owned());
    bench.with(|draft| {
        note_distinct(draft, "cus_b")?;
        assert_eq!(field(&draft.need("customer", "cus_b")?, "distinct_from"), "cus_a");
        assert_eq!(
            draft.warnings.iter().map(|w| (w.id, w.warning)).collect::<Vec<_>>(),
            [("duplicate-phone", true)]
        );
        note_distinct(draft, "cus_a")?;
        assert_eq!(draft.warnings.len(), 1, "told once");
        Ok(())
    });
}

#[test]
fn what_refers_to_a_tombstone_counts_for_the_living_in_the_same_change() {
    let mut bench = Bench::new();
    bench.order("draft", &[("MAT", "1")]);
    bench.with(|draft| {
        merge(draft, "customer", "cus_tokyo", &ids(&["cus_haina"]), &[])?;
        assert_eq!(draft.find("order", "customer", "cus_tokyo")?, ["ord_k"]);
        let mut order = draft.need("order", "ord_k")?;
        order.set("note", Some(text("Hm")));
        draft.put(order)?;
        assert_eq!(draft.find("order", "customer", "cus_tokyo")?, ["ord_k"], "changed beside it");
        assert_eq!(draft.find("customer", "merged_into", "cus_tokyo")?, ["cus_haina"]);
        assert!(draft.find("customer", "name", "海纳物流")?.is_empty(), "a tombstone is not found");
        Ok(())
    });
}

#[test]
fn a_reference_that_means_the_same_stays_as_it_is() {
    let mut bench = Bench::new();
    bench.order("confirmed", &[("MAT", "1")]);
    bench.with(|draft| {
        merge(draft, "customer", "cus_tokyo", &ids(&["cus_haina"]), &[])?;
        let mut order = draft.need("order", "ord_k")?;
        draft.set(&mut order, "customer", Some(text("cus_tokyo")));
        assert_eq!(field(&order, "customer"), "cus_haina");
        draft.set(&mut order, "customer", Some(text("cus_dealer")));
        assert_eq!(field(&order, "customer"), "cus_dealer");
        let customer = order.kind.field("customer").expect("declared");
        assert_eq!(draft.living(customer, text("cus_haina"))?, text("cus_tokyo"));
        Ok(())
    });
}

#[test]
fn what_a_tombstone_got_in_another_clone_is_brought_over_by_merging_again() {
    let mut bench = customers(&[&[("name", "海纳")], &[("name", "海纳物流"), ("owner", "li.na")]]);
    let set = bench.with(|draft| merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[]));
    for change in &set.changes {
        bench.store.put(change.doc().clone());
    }
    let again = |bench: &Bench| {
        let mut kept = None;
        let set = bench.with(|draft| {
            merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[])?;
            kept = draft.record("customer", "cus_a")?;
            Ok(())
        });
        (set, kept.expect("the kept record"))
    };
    assert!(again(&bench).0.changes.is_empty(), "nothing new");
    let mut kept = bench.store.record("customer", "cus_a").expect("read").expect("there");
    kept.set("owner", None);
    kept.set("pool", Some(text("sea")));
    bench.store.put(kept);
    let mut gone = bench.store.record("customer", "cus_b").expect("read").expect("there");
    gone.set("phone", Some(text("+8613800000001")));
    gone.set("wechat", Some(text("w1")));
    bench.store.put(gone);
    let (set, kept) = again(&bench);
    assert_eq!((field(&kept, "phone"), field(&kept, "wechat")), ("+8613800000001".into(), "w1".into()));
    assert_eq!(
        (field(&kept, "owner"), field(&kept, "pool")),
        (String::new(), "sea".into()),
        "as it is by now"
    );
    for change in &set.changes {
        bench.store.put(change.doc().clone());
    }
    assert!(again(&bench).0.changes.is_empty(), "it is all there");
}

#[test]
fn who_was_blocked_in_another_clone_is_blocked_and_who_was_freed_since_is_not() {
    for (at, expected) in [("2026-02-01T10:00:00+08:00", "normal"), ("2030-02-01T10:00:00+08:00", "blocked")]
    {
        let mut bench = customers(&[
            &[("name", "海纳")],
            &[("name", "海纳物流"), ("merged_into", "cus_a"), ("merged_digest", "0")],
        ]);
        let moved = |bench: &mut Bench, id: &str, to: &str, at: &str| {
            let mut doc = bench.store.record("customer", id).expect("read").expect("there");
            let at = chrono::DateTime::parse_from_rfc3339(at).expect("an instant");
            doc.move_to(to, at, "li.na", Some("said so".to_owned()));
            bench.store.put(doc);
        };
        moved(&mut bench, "cus_a", "blocked", "2026-02-02T09:00:00+08:00");
        moved(&mut bench, "cus_a", "normal", "2026-02-03T09:00:00+08:00");
        moved(&mut bench, "cus_b", "blocked", at);
        bench.with(|draft| {
            merge(draft, "customer", "cus_a", &ids(&["cus_b"]), &[])?;
            assert_eq!(draft.need("customer", "cus_a")?.state(), expected, "{at}");
            Ok(())
        });
    }
}
