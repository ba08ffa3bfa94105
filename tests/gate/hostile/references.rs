//! Pushes as such: which reference, from where, how much at once.

use super::super::harness::{Bench, Edit, SECONDS, gone, listed, named, person, put, world};
use super::super::store::{CALL, SAMS, SUES, TOMS, path};
use super::{edit, note};

#[test]
fn a_gate_taken_off_within_a_push_still_holds_for_what_follows() {
    let bench = Bench::new();
    let tip = bench.tip();
    let open = bench.commit("ada", &tip, &[edit(&bench, &tip, "crm.toml", "gate = true", "gate = false")]);
    let next = bench.write(bench.text("sam", &open, &[note(&bench, &tip, SUES)]).plain().as_bytes());
    kept(&bench, &format!("{next}:refs/heads/main"), "gate-unsigned");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{next}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-unsigned".to_owned()]), "{check}");
    // In a push of its own it is what an administrator wanted.
    for commit in [open, next] {
        let push = bench.push(&format!("{commit}:refs/heads/main"), &[]);
        assert_eq!(push.exit, 0, "{push}");
    }
}

/// A push of a reference that is not the branch, or not forward: refused, and nothing moves.
#[track_caller]
fn kept(bench: &Bench, refspec: &str, rule: &str) {
    let before = bench.in_hub(&["for-each-ref"]);
    let push = bench.push(refspec, &["--force"]);
    assert_ne!(push.exit, 0, "{push}");
    assert_eq!(named(&push), [rule], "{refspec}\n{push}");
    assert_eq!(bench.in_hub(&["for-each-ref"]), before, "{push}");
}

#[test]
fn only_the_branch_moves_and_only_forward() {
    let bench = Bench::new();
    let tip = bench.tip();
    let good = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    kept(&bench, ":refs/heads/main", "gate-delete");
    kept(&bench, &format!("{good}:refs/heads/other"), "gate-branch");
    kept(&bench, &format!("{good}:refs/tags/v1"), "gate-branch");
    kept(&bench, &format!("{good}:refs/replace/{tip}"), "gate-branch");
    kept(&bench, &format!("{good}:refs/notes/commits"), "gate-branch");
    kept(&bench, &format!("{}:refs/heads/main", world().open), "gate-not-forward");
    let mut text = bench.text("ada", &tip, &[]);
    text.parents.clear();
    let orphan = bench.sign("ada", &text);
    kept(&bench, &format!("{orphan}:refs/heads/main"), "gate-not-forward");
    let replayed = bench.commit("ada", &world().open, &[note(&bench, &tip, SAMS)]);
    kept(&bench, &format!("{replayed}:refs/heads/main"), "gate-not-forward");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{replayed}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-not-forward".to_owned()]), "{check}");
}

#[test]
fn one_bad_reference_spoils_the_push() {
    let bench = Bench::new();
    let tip = bench.tip();
    let good = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    let tag = format!("{good}:refs/tags/v1");
    let push = bench.push(&format!("{good}:refs/heads/main"), &["--no-atomic"]);
    assert_eq!(push.exit, 0, "{push}");
    let better = bench.commit("sam", &good, &[note(&bench, &tip, CALL)]);
    bench.git(&["update-ref", "refs/tags/v1", &good]);
    let push = bench.push(&format!("{better}:refs/heads/main"), &["--tags"]);
    assert!(push.exit != 0 && named(&push) == ["gate-branch"], "{tag} {push}");
    assert_eq!(bench.tip(), good);
}

#[test]
fn a_push_has_limits() {
    let bench = Bench::new();
    let tip = bench.tip();
    let one = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    let two = bench.commit("sam", &one, &[note(&bench, &tip, CALL)]);
    bench.in_hub(&["config", "crm.maxCommits", "1"]);
    kept(&bench, &format!("{two}:refs/heads/main"), "gate-many");
    bench.in_hub(&["config", "crm.maxCommits", "2"]);
    bench.in_hub(&["config", "crm.maxBytes", "100"]);
    kept(&bench, &format!("{two}:refs/heads/main"), "gate-much");
    bench.in_hub(&["config", "crm.maxBytes", "100000"]);
    let push = bench.push(&format!("{two}:refs/heads/main"), &[]);
    assert_eq!((push.exit, bench.tip()), (0, two), "{push}");
}

#[test]
fn a_thousand_and_one_commits_are_too_many() {
    let bench = Bench::new();
    let tip = bench.tip();
    let mut stream = String::new();
    for at in 0..1001 {
        let from = if at == 0 { format!("from {tip}\n") } else { String::new() };
        let who = person("sam");
        stream.push_str(&format!(
            "commit refs/heads/many\nauthor {who} {SECONDS} +0800\ncommitter {who} {SECONDS} +0800\ndata 1\nx\n{from}\n"
        ));
    }
    bench.feed(&["fast-import", "--quiet"], stream.as_bytes());
    let many = bench.git(&["rev-parse", "refs/heads/many"]);
    kept(&bench, &format!("{many}:refs/heads/main"), "gate-many");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{many}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-many".to_owned()]), "{check}");
}

#[test]
fn an_empty_hub_takes_one_history_only() {
    let bench = Bench::new();
    let tip = bench.tip();
    bench.in_hub(&["update-ref", "-d", "refs/heads/main"]);
    let mut text = bench.text("ada", &tip, &[]);
    text.parents.clear();
    let other = bench.sign("ada", &text);
    kept(&bench, &format!("{other}:refs/heads/main"), "gate-root");
    kept(&bench, &format!("{}:refs/heads/main", world().open), "gate-root");
    kept(&bench, &format!("{tip}:refs/heads/data"), "gate-branch");
    bench.in_hub(&["config", "--unset", "crm.root"]);
    kept(&bench, &format!("{tip}:refs/heads/main"), "gate-no-root");
    bench.in_hub(&["config", "crm.root", "no commit"]);
    let push = bench.push(&format!("{tip}:refs/heads/main"), &[]);
    assert_ne!(push.exit, 0, "{push}");
    bench.in_hub(&["config", "crm.root", &tip]);
    let push = bench.push(&format!("{tip}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}

#[test]
fn the_branch_of_the_settings_begins_where_the_settings_stand() {
    let bench = Bench::new();
    let tip = bench.tip();
    let named = edit(&bench, &tip, "crm.toml", "gate = true", "gate = true\nbranch = \"data\"");
    let next = bench.commit("ada", &tip, &[named]);
    let push = bench.push(&format!("{next}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
    let first = bench.git(&["rev-list", "--max-parents=0", &tip]);
    bench.in_hub(&["config", "crm.root", &first]);
    // Another history from the same root, in which no gate was ever set.
    let evil = bench.write(bench.text("sam", &world().open, &[gone(path(TOMS))]).plain().as_bytes());
    kept(&bench, &format!("{evil}:refs/heads/data"), "gate-not-forward");
    kept(&bench, &format!("{next}:refs/heads/main2"), "gate-branch");
    let good = bench.commit("sam", &next, &[note(&bench, &tip, SAMS)]);
    let push = bench.push(&format!("{good}:refs/heads/data"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}

#[test]
fn a_store_without_a_gate_takes_no_tree_that_harms() {
    let bench = Bench::from(&world().open);
    let tip = bench.tip();
    let plain = |edits: &[Edit]| bench.write(bench.text("sam", &tip, edits).plain().as_bytes());
    for (edits, rule) in [
        (vec![Edit::Mode("a".into(), "120000", b"/etc".to_vec())], "gate-mode"),
        (vec![Edit::Link("sub".into(), "160000", tip.clone())], "gate-mode"),
        (vec![put(".gitmodules", "x\n")], "gate-mode"),
        (vec![put(".gitattributes", "* filter=evil\n")], "gate-attributes"),
        (vec![put("big.bin", vec![0; (1 << 20) + 1])], "gate-size"),
        (vec![put(path(SAMS), b"id = \"\0\"\n".to_vec())], "gate-text"),
        (vec![put("users/ada.toml", "id = \n")], "bad-toml"),
        (vec![put("crm.toml", "format = \n")], "bad-toml"),
        (
            vec![
                put("crm.toml", bench.read(&tip, "crm.toml") + "\n[policy]\ngate = true\n"),
                edit(&bench, &tip, "users/ada.toml", "state = \"active\"", "state = \"revoked\""),
            ],
            "gate-no-key",
        ),
    ] {
        kept(&bench, &format!("{}:refs/heads/main", plain(&edits)), rule);
    }
    let free =
        plain(&[put("logo.png", b"\x89PNG\0".to_vec()), put(".gitignore", "x\n"), note(&bench, &tip, TOMS)]);
    let push = bench.push(&format!("{free}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}
