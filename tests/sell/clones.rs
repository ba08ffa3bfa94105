//! Two clones that each did something legal, merged by plain git, and what `check` then says: which
//! rule is broken, and the command that mends it. Each mend is run, and then nothing is wrong.

use crate::support::Sandbox;

/// One situation.
struct Situation {
    name: &'static str,
    /// What both clones begin with, a line of a batch each.
    before: &'static str,
    one: &'static str,
    other: &'static str,
    /// The rules that are broken after the merge, each with the beginning of its mend.
    breaks: &'static [(&'static str, &'static str)],
}

const SITUATIONS: &[Situation] = &[
    Situation {
        name: "the same stock sold twice",
        before: "product add LAST --name Last --price 10\n\
                 movement receive LAST 1\n\
                 order add --customer 海尔北京 --line LAST:1 --source-ref t:1\n\
                 order add --customer 海尔北京 --line LAST:1 --source-ref t:2\n\
                 order confirm t:1 t:2\n",
        one: "order ship t:1",
        other: "order ship t:2",
        breaks: &[("negative-stock", "crm shipment reverse shp_")],
    },
    Situation {
        name: "the same order shipped twice",
        before: "order confirm SO-2026-0001\n",
        one: "order ship SO-2026-0001",
        other: "order ship SO-2026-0001",
        breaks: &[("over-shipped", "crm shipment reverse shp_")],
    },
    Situation {
        name: "the same e-mail address added twice",
        before: "",
        one: "customer add --name 美的 --email li@example.com",
        other: "customer add --name 格力 --email li@example.com",
        breaks: &[("duplicate-email", "crm customer merge cus_")],
    },
    Situation {
        name: "the same order number",
        before: "",
        one: "order add --customer 海尔北京 --line SONG-L:1",
        other: "order add --customer 海尔北京 --line HAN-EV-610:1",
        breaks: &[("duplicate-number", "crm check --fix")],
    },
    Situation {
        name: "shipped here, cancelled there",
        before: "order confirm SO-2026-0001\n",
        one: "order ship SO-2026-0001",
        other: "order cancel SO-2026-0001 --reason 'no money'",
        breaks: &[("order-not-open", "crm shipment reverse shp_")],
    },
    Situation {
        name: "paid here, cancelled there",
        before: "order confirm SO-2026-0001\n",
        one: "order pay SO-2026-0001 100 --method bank",
        other: "order cancel SO-2026-0001 --reason 'no money'",
        breaks: &[("order-not-open", "crm payment reverse pay_")],
    },
    Situation {
        name: "two primary contacts",
        before: "",
        one: "contact add --customer 海尔北京 --name 张三",
        other: "contact add --customer 海尔北京 --name 李四",
        breaks: &[("primary-contact-twice", "crm contact set con_")],
    },
    Situation {
        name: "a payment booked twice",
        before: "order confirm SO-2026-0001\n",
        one: "order pay SO-2026-0001 100 --method bank --ref ICBC-1",
        other: "order pay SO-2026-0001 100 --method bank --ref ICBC-1",
        breaks: &[("duplicate-payment", "crm payment reverse pay_")],
    },
    Situation {
        name: "merged here, a number added there",
        before: "customer add --name 海纳 --phone 13800000001\n\
                 customer add --name 海纳物流 --phone 13800000002\n",
        one: "customer merge 海纳 海纳物流",
        other: "customer set 海纳物流 --add-other-phone 13800000003 --wechat hainawuliu",
        breaks: &[("merged-record", "crm customer merge cus_")],
    },
    Situation {
        name: "a lead merged here, its wish noted there",
        before: "lead add --name 陈晓明 --phone 13912345678 --source web\n\
                 lead add --name 陈先生 --phone 13912345679 --source phone\n",
        one: "lead merge 陈晓明 陈先生",
        other: "lead set 陈先生 --needs '家用'",
        breaks: &[("merged-record", "crm lead merge lea_")],
    },
    Situation {
        name: "a unit shipped twice",
        before: "product add VIN --name Car --price 10 --serials\n\
                 movement receive VIN 2 --serial V1 --serial V2\n\
                 order add --customer 海尔北京 --line VIN:1 --source-ref t:1\n\
                 order add --customer 海尔北京 --line VIN:1 --source-ref t:2\n\
                 order confirm t:1 t:2\n",
        one: "order ship t:1 --serial VIN:V1",
        other: "order ship t:2 --serial VIN:V1",
        breaks: &[("duplicate-serial", "crm shipment reverse shp_")],
    },
    Situation {
        name: "a target split twice",
        before: "target add --scope company --period 2026Q1 --measure amount --basis order --value 1200 --source-ref g:1\n",
        one: "target split g:1 --by month",
        other: "target split g:1 --by month",
        breaks: &[("duplicate-target", "crm target remove tgt_")],
    },
];

/// Two clones of a store, each after its own command; the sandbox stands in the first, and the
/// second is merged into it.
fn merged(before: &str, one: &str, other: &str) -> (Sandbox, bool) {
    let mut sandbox = Sandbox::trading();
    if !before.is_empty() {
        sandbox.write("before", before);
        sandbox.ok("batch --each before");
        sandbox.remove("before");
    }
    let origin = sandbox.dir().to_owned();
    for clone in ["one", "two"] {
        sandbox.git(&["clone", "-q", "--no-hardlinks", ".", &format!("../{clone}")]);
    }
    sandbox.enter(&origin.with_file_name("two"));
    sandbox.ok(other);
    sandbox.enter(&origin.with_file_name("one"));
    sandbox.ok(one);
    let merge = sandbox.try_git("pull -q --no-rebase --no-edit ../two");
    (sandbox, merge.exit == 0)
}

/// What `check` finds: rule and mend.
fn findings(sandbox: &Sandbox) -> Vec<(String, String)> {
    let run = sandbox.crm("check --strict --format json");
    assert!([0, 9].contains(&run.exit), "{run}");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    run.json().as_array().into_iter().flatten().map(|row| (text(&row["rule"]), text(&row["mend"]))).collect()
}

#[test]
fn what_two_clones_break_together_is_named_with_the_command_that_mends_it() {
    for situation in SITUATIONS {
        let (sandbox, clean) = merged(situation.before, situation.one, situation.other);
        assert!(clean, "{}: git finds a conflict", situation.name);
        let found = findings(&sandbox);
        for (rule, mend) in situation.breaks {
            let named = found.iter().any(|(broken, with)| broken == rule && with.starts_with(mend));
            assert!(named, "{}: no {rule} with `{mend}…` in {found:?}", situation.name);
        }
        let others: Vec<_> = found
            .iter()
            .filter(|(rule, _)| situation.breaks.iter().all(|(broken, _)| rule != broken))
            .collect();
        assert!(others.is_empty(), "{}: {others:?}", situation.name);
    }
}

#[test]
fn each_mend_mends() {
    for situation in SITUATIONS {
        let (sandbox, _) = merged(situation.before, situation.one, situation.other);
        for _ in 0..3 {
            let Some((_, mend)) = findings(&sandbox).into_iter().next() else { break };
            let line = mend.strip_prefix("crm ").unwrap_or_else(|| panic!("{}: {mend:?}", situation.name));
            sandbox.ok(line);
        }
        assert_eq!(findings(&sandbox), [], "{}", situation.name);
    }
}

#[test]
fn a_lead_converted_here_and_given_up_there_is_a_conflict_that_is_settled_by_choosing_a_side() {
    let before = "lead add --name 陈晓明 --phone 13912345678 --source web\n";
    for (side, state) in [("--ours", "converted"), ("--theirs", "unqualified")] {
        let (sandbox, clean) =
            merged(before, "lead convert 陈晓明", "lead disqualify 陈晓明 --lost-reason price");
        assert!(!clean, "both moved the lead");
        let found = findings(&sandbox);
        let [(rule, mend)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(rule, "unresolved-merge");
        let path = sandbox.git("diff --name-only --diff-filter=U");
        let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).expect("a record");
        assert!(mend.starts_with(&format!("crm resolve {id} --ours")), "{mend}");
        sandbox.ok(&["resolve", id, side]);
        sandbox.git("commit -q --no-edit");
        assert_eq!(findings(&sandbox), [], "{side}");
        let lead = sandbox.crm("lead show 陈晓明 --format json").exits(0).json();
        assert_eq!(lead["status"], state);
    }
}

/// Settles every open conflict of a merge in favour of a side.
fn settle(sandbox: &Sandbox, side: &str) {
    for path in sandbox.git("diff --name-only --diff-filter=U").lines() {
        sandbox.git(&["checkout", side, path]);
        sandbox.git(&["add", path]);
    }
    sandbox.git("commit -q --no-edit");
}

#[test]
fn a_quote_accepted_in_two_clones_leaves_one_order_when_it_is_mended() {
    let before = "quote add --customer 海尔北京 --line SONG-L:1 --source-ref q:1\nquote send q:1\n";
    let accept = "quote accept q:1 --order";
    let (sandbox, clean) = merged(before, accept, &format!("{accept} --by 张三"));
    assert!(!clean, "both accepted it");
    settle(&sandbox, "--ours");
    let mut rules = Vec::new();
    while let Some((rule, mend)) = findings(&sandbox).into_iter().next() {
        assert!(rules.len() < 4, "{rules:?} {mend}");
        sandbox.ok(mend.strip_prefix("crm ").unwrap_or(&mend));
        rules.push(rule);
    }
    rules.sort();
    assert_eq!(rules, ["duplicate-number", "over-ordered"]);
    let orders = sandbox.crm("order list --where quote!= --fields status --format csv").exits(0).stdout;
    assert_eq!((orders.matches("draft").count(), orders.matches("cancelled").count()), (1, 1), "{orders}");
}

#[test]
fn a_record_claimed_from_the_pool_in_two_clones_belongs_to_the_side_that_is_chosen() {
    let before = "user add zhao --name 赵敏 --email zhao@example.com --role admin\n\
                  pool add sea --name 公海 --applies-to lead --order 1\n\
                  lead add --name 陈晓明 --phone 13912345678 --source web\n\
                  pool release 陈晓明 --reason idle\n";
    for (side, owner) in [("--ours", "zhao"), ("--theirs", "ann")] {
        let (sandbox, clean) = merged(before, "pool claim 陈晓明 --as zhao", "pool claim 陈晓明");
        assert!(!clean, "both claimed it");
        assert_eq!(findings(&sandbox)[0].0, "unresolved-merge");
        settle(&sandbox, side);
        assert_eq!(findings(&sandbox), [], "{side}");
        let lead = sandbox.crm("lead show 陈晓明 --format json").exits(0).json();
        assert_eq!((&lead["owner"], lead["pool"].is_null()), (&serde_json::json!(owner), true));
    }
}
