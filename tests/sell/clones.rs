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
];

/// Two clones of a store, each after its own command; the sandbox stands in the first, and the
/// second is merged into it.
fn merged(before: &str, one: &str, other: &str) -> (Sandbox, bool) {
    let mut sandbox = Sandbox::trading();
    if !before.is_empty() {
        sandbox.write("before", before);
        sandbox.ok("batch before");
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
        assert!(mend.starts_with(&format!("git checkout --ours {path}")), "{mend}");
        sandbox.git(&["checkout", side, &path]);
        sandbox.git(&["add", &path]);
        sandbox.git("commit -q --no-edit");
        assert_eq!(findings(&sandbox), [], "{side}");
        let lead = sandbox.crm("lead show 陈晓明 --format json").exits(0).json();
        assert_eq!(lead["status"], state);
    }
}
