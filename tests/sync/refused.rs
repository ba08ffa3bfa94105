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
    let mut keys = Vec::new();
    for user in ["ann", "bo"] {
        let file = team.above().join(format!("key-{user}"));
        let mut program = team.at(1).bare("ssh-keygen");
        program.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&file);
        assert!(program.status().expect("ssh-keygen runs").success());
        let public = std::fs::read_to_string(file.with_extension("pub")).expect("a public key");
        team.at(1).ok(&["user", "key", "add", user, "--key", public.trim()]);
        keys.push(file.display().to_string());
    }
    for clone in [1, 2] {
        for (name, value) in
            [("gpg.format", "ssh"), ("user.signingkey", &keys[0]), ("commit.gpgsign", "true")]
        {
            team.at(clone).git(&["config", name, value]);
        }
    }
    team.at(1).ok("config set policy.gate true");
    team.at(1).ok("sync");
    team.at(2).ok("sync");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).git(&["config", "user.signingkey", &keys[1]]);
    team.at(2).command("customer set 海尔北京 --city 上海").env("CRM_USER", "bo").run().exits(0);
    team.at(2).git(&["config", "user.signingkey", &keys[0]]);
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
    team.at(2).ok("config set policy.paths docs/*");
    team.at(2).write("docs/a.md", "text\n");
    team.at(2).git("add docs");
    team.at(2).git(&["-c", "user.name=Ann Li", "-c", "user.email=ann@acme.example", "commit", "-qm", "docs"]);
    team.at(2).ok("sync");
    // Work of both sides is put in a line and signed again.
    team.at(1).ok("customer set 海尔北京 --city 天津");
    team.at(2).ok("customer set 海尔北京 --level A");
    team.at(1).ok("sync");
    team.at(2).ok("sync");
    team.at(1).ok("sync");
    team.at(1).ok("audit");
    assert_eq!(team.at(1).git("rev-parse HEAD"), team.at(2).git("rev-parse HEAD"));
    // What came in unsigned by another way stops every clone.
    team.at(1).git("-c commit.gpgsign=false commit -q --allow-empty -m sneaked");
    team.at(1).git("push -q origin main");
    let before = team.at(2).git("rev-parse HEAD");
    team.at(2).fails(11, "sync").says(&["gate-unsigned"]);
    unmoved(team.at(2), &before);
}

#[test]
fn offers_are_taken_in_by_a_gatekeeper() {
    let mut team = Team::of(2);
    team.at(2).git("config crm.inbox ann");
    team.at(2).ok("customer add --name 美的");
    team.at(2).crm("sync --lang en").exits(0).says(&["inbox/ann"]);
    let hub = team.hub();
    let of_hub = |rev: &str| {
        let output = std::process::Command::new("git")
            .arg("-C")
            .arg(&hub)
            .args(["rev-parse", "-q", "--verify", rev])
            .output();
        String::from_utf8(output.expect("git runs").stdout).expect("text").trim().to_owned()
    };
    let before = of_hub("main");
    assert_ne!(of_hub("inbox/ann"), before);
    team.at(1).crm("gate accept --dry-run --format csv").exits(0).prints(&["inbox/ann,accepted,1,0"]);
    assert_eq!(of_hub("main"), before, "a dry run takes nothing in");
    team.at(1).crm("gate accept --format csv").exits(0).prints(&["inbox/ann,accepted,1,0"]);
    assert_ne!(of_hub("main"), before);
    assert_eq!(of_hub("inbox/ann"), "", "what was taken in is offered no more");
    team.at(2).ok("sync");
    // A link among the records is refused and stays where it is.
    team.at(2).write("link-target", "x");
    std::os::unix::fs::symlink("link-target", team.at(2).path("customers/evil.toml")).expect("a link");
    team.at(2).git("add customers/evil.toml");
    team.at(2).git("commit -qm link --no-verify");
    team.at(2).git("push -q origin HEAD:inbox/eve");
    let before = of_hub("main");
    team.at(1).crm("gate accept --format csv").exits(11).prints(&["inbox/eve,refused,1,"]).says(&["gate-"]);
    assert_eq!(of_hub("main"), before);
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
