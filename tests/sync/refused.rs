//! What a sync does not take: nothing moves, and it says what to do.

use super::{Team, customer};
use crate::support::Sandbox;

/// The branch and the files are as they were.
#[track_caller]
fn unmoved(sandbox: &Sandbox, before: &str) {
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn trees_that_could_write_or_run_something_elsewhere_are_refused() {
    type Make = fn(&Sandbox);
    let cases: &[(&str, &str, Make)] = &[
        ("a symbolic link", "customers/link", |s| {
            std::os::unix::fs::symlink("/etc/passwd", s.path("customers/link")).expect("a link");
            s.git("add customers/link");
        }),
        ("a submodule", "sub", |s| {
            s.git("update-index --add --cacheinfo 160000,4b825dc642cb6eb9a060e54bf8d69288fbee4904,sub");
        }),
        ("submodules", ".gitmodules", |s| {
            s.write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ../x\n");
            s.git("add .gitmodules");
        }),
        ("an executable file", "run.sh", |s| {
            s.write("run.sh", "#!/bin/sh\n");
            s.git("add run.sh");
            s.git("update-index --chmod=+x run.sh");
        }),
        ("more than 1 MiB", "big", |s| {
            s.write("big", vec![b'x'; (1 << 20) + 1]);
            s.git("add big");
        }),
        ("attributes", "customers/.gitattributes", |s| {
            s.write("customers/.gitattributes", "* -text\n");
            s.git("add customers/.gitattributes");
        }),
        ("attributes", ".gitattributes", |s| {
            s.write(".gitattributes", "*.toml filter=evil\n");
            s.git("add .gitattributes");
        }),
    ];
    for (what, path, make) in cases {
        let mut team = Team::of(2);
        make(team.at(1));
        team.at(1).git("commit -qm hostile");
        team.at(1).crm("sync --lang en").exits(11).says(&[what, path]);
        assert_eq!(team.at(1).git("rev-list --count origin/main..HEAD"), "1", "{what}: not offered either");
        team.at(1).git("push -q origin main");
        let before = team.at(2).git("rev-parse HEAD");
        team.at(2).crm("sync --lang en").exits(11).says(&[what, path]).prints_nothing();
        unmoved(team.at(2), &before);
        // Taken back again in a later commit it is refused all the same: every commit is judged.
        team.at(1).git("reset -q --hard");
        team.at(1).git("revert --no-edit HEAD");
        team.at(1).git("push -q origin main");
        team.at(2).fails(11, "sync");
        unmoved(team.at(2), &before);
    }
}

#[test]
fn a_remote_that_went_back_is_refused_until_it_is_accepted() {
    let mut team = Team::of(2);
    let old = team.at(1).git("rev-parse HEAD");
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1, 2]);
    let before = team.at(2).git("rev-parse HEAD");
    team.at(1).git(&["push", "-qf", "origin", &format!("{old}:main")]);
    team.at(2).crm("sync --lang en").exits(11).says(&["no longer has commit", "--accept-rollback"]);
    unmoved(team.at(2), &before);
    // Another history in its place is no better.
    team.at(1).git(&["reset", "-q", "--hard", &old]);
    team.at(1).ok("customer add --name 美的");
    team.at(1).git("push -qf origin main");
    team.at(2).fails(11, "sync");
    unmoved(team.at(2), &before);
    team.at(2).ok("sync --accept-rollback");
    assert_eq!(customer(team.at(2))["city"], "上海", "nothing of what was lost is lost here");
    team.at(2).ok("sync");
    // Who had seen what was lost is asked too.
    team.at(1).fails(11, "sync");
    team.at(1).ok("sync --accept-rollback");
    team.until_quiet(2);
    assert_eq!(team.at(1).ok("customer list --format ids").lines().count(), 2);
}

#[test]
fn a_branch_that_was_removed_is_no_empty_remote() {
    let mut team = Team::of(2);
    team.at(1).git("push -q origin main:other");
    team.at(1).git("-C ../hub config receive.denyDeleteCurrent ignore");
    team.at(1).git("push -q origin :main");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).fails(11, "sync").says(&["origin"]);
    unmoved(team.at(2), &before);
    team.at(2).ok("sync --accept-rollback");
    assert_eq!(team.at(2).git("rev-parse origin/main"), before);
}

#[test]
fn another_history_is_refused() {
    let mut team = Team::of(1);
    let sandbox = team.at(1);
    sandbox.git("switch -q --orphan alone");
    sandbox.git("commit -q --allow-empty -m alone");
    sandbox.git("init -q --bare ../other");
    sandbox.git("remote add other ../other");
    sandbox.git("push -q other alone:main");
    sandbox.git("switch -q main");
    let before = sandbox.git("rev-parse HEAD");
    sandbox.fails(11, "sync other").says(&["other"]);
    unmoved(sandbox, &before);
    sandbox.ok("sync origin");
}

#[test]
fn a_hundred_records_may_go_at_once_and_more_only_when_it_is_meant() {
    let mut team = Team::of(2);
    let lines: String = (0..101).map(|n| format!("customer add --name c{n}\n")).collect();
    team.at(1).write("many", lines);
    team.at(1).ok("batch many");
    team.at(1).remove("many");
    team.sync(&[1, 2]);
    let files = team.at(1).git(&["grep", "-lE", "^name = \"c[0-9]+\"$", "--", "customers"]);
    let files: Vec<&str> = files.lines().collect();
    assert_eq!(files.len(), 101);
    team.at(1).git(&*[&["rm", "-q"], &files[..]].concat());
    team.at(1).git("commit -qm gone");
    team.at(1).crm("sync --lang en").exits(6).says(&["101 records", "--allow-mass-delete"]);
    team.at(1).ok("sync --allow-mass-delete");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).fails(6, "sync");
    unmoved(team.at(2), &before);
    team.at(2).ok("sync --allow-mass-delete");
    assert_eq!(team.at(2).ok("customer list --format ids").lines().count(), 1);
    team.until_quiet(2);
}

#[test]
fn with_the_gate_on_merges_and_commits_of_others_stop() {
    let mut team = Team::of(2);
    team.at(1).edit("crm.toml", |text| format!("{text}\n[policy]\ngate = true\n"));
    team.at(1).git("commit -qam gate");
    team.at(1).git("push -q origin main");
    team.at(2).git("pull -q origin main");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).command("customer set 海尔北京 --city 上海").env("CRM_USER", "bo").run().exits(0);
    team.at(2).fails(11, "sync").says(&["bo@acme.example"]);
    team.at(2).git(&["reset", "-q", "--hard", &before]);
    team.at(2).git("switch -qc side");
    team.at(2).ok("customer add --name 美的");
    team.at(2).git("switch -q main");
    team.at(2).git("merge -q --no-ff --no-edit side");
    team.at(2).fails(11, "sync").says(&["merge"]);
    // And only what the policy names may stand beside the records.
    team.at(2).git(&["reset", "-q", "--hard", &before]);
    team.at(2).write("docs/a.md", "text\n");
    team.at(2).git("add docs");
    team.at(2).git("commit -qm docs");
    team.at(2).fails(11, "sync").says(&["docs/a.md"]);
    team.at(2).git(&["reset", "-q", "--hard", &before]);
    team.at(2).edit("crm.toml", |text| format!("{text}paths = [\"docs/*\"]\n"));
    team.at(2).write("docs/a.md", "text\n");
    team.at(2).git("add docs crm.toml");
    team.at(2).git("commit -qm docs");
    team.at(2).ok("sync");
}

#[test]
fn a_newer_store_is_not_taken() {
    let mut team = Team::of(2);
    team.at(1).edit("crm.toml", |text| text.replace("format = 1", "format = 99"));
    team.at(1).git("commit -qam newer");
    team.at(1).git("push -q origin main");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).fails(8, "sync");
    unmoved(team.at(2), &before);
}

#[test]
fn a_push_that_the_other_side_forbids_is_denied_in_its_words() {
    let mut team = Team::of(1);
    let hook = team.hub().join("hooks/pre-receive");
    std::fs::write(&hook, "#!/bin/sh\necho 'no commits on Sundays' >&2\nexit 1\n").expect("a hook");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&hook, executable).expect("executable");
    team.at(1).ok("customer add --name 美的");
    team.at(1).fails(11, "sync").says(&["no commits on Sundays"]);
    assert_eq!(team.at(1).git("rev-list --count origin/main..HEAD"), "1");
}
