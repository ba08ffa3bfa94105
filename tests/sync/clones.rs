//! `crm clone`: checked before it is used, and nothing left where it is not taken.

use super::Team;
use crate::support::Sandbox;

/// What stands beside the store.
fn beside(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.outside(".")).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_clone_is_ready_to_work_in_and_knows_its_root() {
    let mut team = Team::of(1);
    let root = team.at(1).git("rev-list --max-parents=0 HEAD");
    assert_eq!(team.at(1).git("config crm.root"), root, "a new store knows its own");
    let above = team.above();
    team.at(1);
    let sandbox = &mut team.sandbox;
    sandbox.enter(&above);
    sandbox.crm("clone hub fresh --lang en").exits(0).says(&[&root, "cloned into `fresh`"]);
    sandbox.fails(2, "clone hub work").says(&["work"]);
    sandbox.ok(&["clone", "hub", "pinned", "--root", &root, "--user", "bo"]);
    sandbox.enter(&above.join("pinned"));
    assert_eq!(sandbox.git("config crm.root"), root);
    assert_eq!(sandbox.git("config user.email"), "bo@acme.example");
    assert_eq!(sandbox.git("status --porcelain"), "");
    let who = sandbox.command("whoami --format json").env("CRM_USER", "").run().exits(0).json();
    assert_eq!(who["id"], "bo");
    sandbox.ok("customer add --name 美的");
    sandbox.crm("sync --lang en").exits(0).says(&["1 went"]);
    let wrong = sandbox.crm("doctor --format json").json();
    let wrong = wrong.as_array().expect("rows").iter().filter(|row| row["state"] == "wrong");
    assert_eq!(wrong.count(), 0);
}

#[test]
fn a_wrong_root_leaves_nothing_behind() {
    let mut team = Team::of(1);
    let before = beside(team.at(1));
    let other = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    team.at(1).fails(11, &["clone", "../hub", "../copy", "--root", other]).says(&[other]);
    team.at(1).fails(2, "clone ../hub ../copy --root HEAD");
    team.at(1).fails(3, "clone ../hub ../copy --user nobody").says(&["nobody"]);
    team.at(1).fails(12, "clone ../nowhere ../copy");
    team.at(1).fails(12, "clone ext::true ../copy");
    team.at(1).fails(2, "clone ../hub .");
    assert_eq!(beside(team.at(1)), before);
}

#[test]
fn what_is_no_store_or_hostile_is_not_cloned() {
    let mut team = Team::of(1);
    let sandbox = team.at(1);
    sandbox.git("init -q --bare ../empty");
    sandbox.fails(8, "clone ../empty ../copy").says(&["empty"]);
    sandbox.git("init -q ../plain");
    sandbox.git("-C ../plain commit -q --allow-empty -m none");
    sandbox.fails(8, "clone ../plain ../copy").says(&["plain"]);
    std::os::unix::fs::symlink("/etc/passwd", sandbox.path("customers/link")).expect("a link");
    sandbox.git("add customers/link");
    sandbox.git("commit -qm link");
    sandbox.git("push -q origin main");
    sandbox.fails(11, "clone ../hub ../copy").says(&["customers/link"]);
    assert!(!sandbox.outside("copy").exists());
}

#[test]
fn a_hub_whose_head_names_another_branch_is_cloned_all_the_same() {
    let mut team = Team::of(1);
    let sandbox = team.at(1);
    sandbox.git("init -q --bare -b trunk ../late");
    sandbox.git("remote add late ../late");
    sandbox.ok("sync late");
    sandbox.ok("clone ../late ../copy");
    assert!(sandbox.outside("copy/crm.toml").exists());
}
