//! What comes back is what went in, and works.

use std::fs;

use super::{made, names};
use crate::support::Sandbox;

/// Restores into a new folder beside the store and goes there.
fn enter_restored(sandbox: &mut Sandbox, backup: &std::path::Path, more: &[&str]) -> String {
    let target = sandbox.outside("restored");
    let words = ["backup", "restore", &backup.to_string_lossy(), "--to", &target.to_string_lossy()];
    let run = sandbox.crm(&[&words[..], more].concat()[..]).exits(0);
    sandbox.enter(&target);
    run.stderr
}

#[test]
fn a_restored_store_is_the_same_and_can_be_worked_in() {
    let mut sandbox = Sandbox::trading();
    sandbox.git("tag first");
    sandbox.git("branch side HEAD~1");
    let state = |sandbox: &Sandbox| {
        let asked = ["rev-parse HEAD HEAD^{tree}", "for-each-ref", "symbolic-ref HEAD", "log --format=%H%B"];
        asked.map(|words| sandbox.git(words))
    };
    let before = state(&sandbox);
    let path = made(&sandbox, "a.crmbackup");
    let home = sandbox.dir().to_owned();
    enter_restored(&mut sandbox, &path, &[]);
    assert_eq!(state(&sandbox), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
    assert_eq!(sandbox.git("fsck --full --strict --no-dangling"), "");
    sandbox.ok("check --strict");
    sandbox.crm("doctor").exits(0);
    assert_eq!(sandbox.git("config core.fsync"), "all");
    assert!(sandbox.git("config merge.crm.driver").contains("crm merge-driver"));
    let commits = sandbox.commits();
    sandbox.ok("customer set 海尔北京 --note restored");
    assert_eq!(sandbox.commits(), commits + 1);
    sandbox.enter(&home);
    assert_eq!(sandbox.commits(), commits);
    assert_eq!(names(home.parent().expect("above")), ["a.crmbackup", "home", "restored", "work"]);
}

#[test]
fn the_name_tells_store_time_and_tip_and_is_never_taken_twice() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups");
    fs::create_dir(&folder).expect("a folder");
    let create = ["backup", "create", &folder.to_string_lossy()];
    let first = sandbox.command(&create).env("CRM_NOW", "2026-11-28T01:15:30Z");
    let first = first.run().exits(0).says(&["8 records", "restored on trial"]).stdout;
    let tip = &sandbox.git("rev-parse HEAD")[..7];
    assert!(first.trim_end().ends_with(&format!("/backups/work-2026-11-28T0915-{tip}.crmbackup")), "{first}");
    sandbox.command(&create).env("CRM_NOW", "2026-11-28T01:15:40Z").run().exits(0);
    let names = names(&folder);
    assert_eq!(
        names,
        [format!("work-2026-11-28T0915-{tip}-2.crmbackup"), format!("work-2026-11-28T0915-{tip}.crmbackup")]
    );
    let before = fs::read(first.trim_end()).expect("the backup");
    sandbox.fails(6, &["backup", "create", first.trim_end()]);
    assert_eq!(fs::read(first.trim_end()).expect("the backup"), before);
    let rows =
        sandbox.crm(&["backup", "list", &folder.to_string_lossy(), "--format", "json"]).exits(0).json();
    assert_eq!(rows[0]["records"], 8);
    assert_eq!(rows[0]["store"], "work");
    assert_eq!(rows[1]["created"], "2026-11-28T09:15:30+08:00");
    assert_eq!(rows[0]["encrypted"], false);
    assert_eq!(rows[0]["signed_by"], serde_json::Value::Null);
}

#[test]
fn without_a_target_it_lies_beside_the_store_and_stdout_takes_it_whole() {
    let sandbox = Sandbox::trading();
    sandbox.ok("backup create");
    let beside = names(sandbox.dir().parent().expect("above"));
    assert!(beside.iter().any(|name| name.ends_with(".crmbackup")), "{beside:?}");
    let output = sandbox.command("backup create -").process().output().expect("the program runs");
    assert!(output.status.success() && output.stdout.ends_with(b"\n"));
    assert_eq!(super::flaw(&output.stdout), None);
    let run = sandbox.command("backup verify -").stdin(output.stdout).run().exits(0);
    run.says(&["is whole"]);
}

#[test]
fn what_is_not_committed_is_counted_and_not_in_it() {
    let mut sandbox = Sandbox::trading();
    let file = sandbox.git("ls-files customers");
    sandbox.edit(&file, |text| text.replace("海尔北京", "海尔上海"));
    sandbox.write("regions/west.toml", "id = \"west\"\n");
    let path = sandbox.outside("a.crmbackup");
    sandbox.crm(&["backup", "create", &path.to_string_lossy()]).exits(0).says(&["2 files have changes"]);
    enter_restored(&mut sandbox, &path, &[]);
    assert!(sandbox.read(&file).contains("海尔北京"));
    assert!(!sandbox.path("regions/west.toml").exists());
}

#[test]
fn a_store_whose_settings_or_records_cannot_be_read_is_backed_up_all_the_same() {
    let mut sandbox = Sandbox::trading();
    let file = sandbox.git("ls-files customers");
    sandbox.write(&file, "no = toml = here\n");
    sandbox.git("commit -qam broken");
    let path = sandbox.outside("a.crmbackup");
    sandbox
        .crm(&["backup", "create", &path.to_string_lossy()])
        .exits(0)
        .says(&["one file of the store", &file]);
    sandbox.crm(&["backup", "verify", &path.to_string_lossy()]).exits(0).says(&["is whole", &file]);
    sandbox.write("crm.toml", "no toml");
    let other = sandbox.outside("b.crmbackup");
    sandbox.ok(&["backup", "create", &other.to_string_lossy()]);
    sandbox.git("checkout -q -- crm.toml");
    enter_restored(&mut sandbox, &other, &[]);
    assert_eq!(sandbox.read(&file), "no = toml = here\n");
}

#[test]
fn an_earlier_state_is_restored_and_the_later_one_kept() {
    let mut sandbox = Sandbox::trading();
    sandbox.wait_days(2);
    sandbox.ok("region add south --name 南方");
    sandbox.ok("region add west --name 西部");
    let tip = sandbox.git("rev-parse HEAD");
    let path = made(&sandbox, "a.crmbackup");
    let home = sandbox.dir().to_owned();
    let said = enter_restored(&mut sandbox, &path, &["--at", "HEAD~1"]);
    assert!(said.contains("refs/crm/restored/"), "{said}");
    assert_eq!(sandbox.git("rev-parse HEAD"), sandbox.git(&["rev-parse", &format!("{tip}~1")]));
    assert_eq!(sandbox.git(&["rev-parse", &format!("refs/crm/restored/{}", &tip[..10])]), tip);
    assert_eq!(sandbox.git("status --porcelain"), "");
    assert!(sandbox.path("regions/south.toml").exists() && !sandbox.path("regions/west.toml").exists());
    sandbox.ok("check");
    sandbox.enter(&home);
    let restore = |name: &str, at: &str| {
        let target = sandbox.outside(name).to_string_lossy().into_owned();
        sandbox.crm(&["backup", "restore", &path.to_string_lossy(), "--to", &target, "--at", at])
    };
    restore("day", "2026-03-05").exits(0);
    assert!(!sandbox.outside("day").join("regions/south.toml").exists());
    restore("never", "1999-01-01").exits(3);
    restore("never", "no-such-branch").exits(3);
    assert!(!sandbox.outside("never").exists());
}

#[test]
fn a_backup_is_restored_into_a_new_folder_only() {
    let sandbox = Sandbox::trading();
    let path = made(&sandbox, "a.crmbackup").to_string_lossy().into_owned();
    let before = sandbox.snapshot();
    sandbox.fails(6, &["backup", "restore", &path, "--to", "."]);
    sandbox.fails(6, &["backup", "restore", &path, "--to", "crm.toml"]);
    sandbox.fails(2, &["backup", "restore", &path]);
    assert_eq!(sandbox.snapshot(), before);
    let empty = sandbox.outside("empty");
    fs::create_dir(&empty).expect("a folder");
    sandbox.ok(&["backup", "restore", &path, "--to", &empty.to_string_lossy(), "--dry-run"]);
    assert_eq!(names(&empty), [""; 0]);
    sandbox.ok(&["backup", "restore", &path, "--to", &empty.to_string_lossy()]);
    assert!(empty.join("crm.toml").exists());
}

#[test]
fn a_backup_that_the_store_has_passed_is_refused_unless_told() {
    let sandbox = Sandbox::trading();
    let path = made(&sandbox, "a.crmbackup").to_string_lossy().into_owned();
    sandbox.ok("region add south --name 南方");
    let target = sandbox.outside("restored").to_string_lossy().into_owned();
    let run = sandbox.fails(6, &["backup", "restore", &path, "--to", &target]);
    run.says(&["has passed", "--allow-older"]);
    assert!(!sandbox.outside("restored").exists());
    sandbox.ok(&["backup", "restore", &path, "--to", &target, "--allow-older"]);
    // The new one is ahead of the restored one, and of no other.
    let newer = made(&sandbox, "b.crmbackup").to_string_lossy().into_owned();
    let other = sandbox.outside("other").to_string_lossy().into_owned();
    sandbox.ok(&["-C", &target, "backup", "restore", &newer, "--to", &other]);
    let stranger = super::stranger();
    let theirs = made(&stranger, "c.crmbackup").to_string_lossy().into_owned();
    let third = sandbox.outside("third").to_string_lossy().into_owned();
    let root = sandbox.git("rev-list --max-parents=0 HEAD");
    sandbox.fails(9, &["backup", "restore", &theirs, "--to", &third, "--root", &root]);
    sandbox.fails(9, &["backup", "verify", &theirs, "--root", &root]).says(&["another store"]);
    sandbox.ok(&["backup", "verify", &newer, "--root", &root]);
    sandbox.fails(2, &["backup", "verify", &newer, "--root", "abc"]);
    sandbox.ok(&["backup", "restore", &theirs, "--to", &third]);
}

/// Where a store asks for signed commits, its whole history is held to that.
#[test]
fn a_history_that_breaks_the_rules_of_the_store_is_told_and_restored_on_demand() {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| format!("{text}\n[policy]\ngate = true\n"));
    sandbox.git("commit -qam gate");
    sandbox.write("regions/west.toml", "id = \"west\"\n");
    sandbox.git("add regions/west.toml");
    sandbox.git("commit -qm unsigned");
    let path = made(&sandbox, "a.crmbackup").to_string_lossy().into_owned();
    sandbox.crm(&["backup", "verify", &path]).exits(9).says(&["who may write what", "crm audit"]);
    let target = sandbox.outside("new").to_string_lossy().into_owned();
    let restore = ["backup", "restore", &path, "--to", &target];
    sandbox.fails(9, &restore);
    assert!(!sandbox.outside("new").exists());
    sandbox.ok(&[&restore[..], &["--accept-history"]].concat()[..]);
}

#[test]
fn a_bare_repository_is_backed_up_too() {
    let mut sandbox = Sandbox::trading();
    sandbox.git("clone -q --bare . ../shared.git");
    let tip = sandbox.git("rev-parse HEAD");
    sandbox.enter(&sandbox.outside("shared.git"));
    let path = made(&sandbox, "a.crmbackup");
    enter_restored(&mut sandbox, &path, &[]);
    assert_eq!(sandbox.git("rev-parse HEAD"), tip);
    sandbox.ok("check");
}

#[test]
fn other_tools_get_at_everything() {
    let mut sandbox = Sandbox::trading();
    let path = made(&sandbox, "a.crmbackup");
    let folder = sandbox.outside("by-hand");
    fs::create_dir(&folder).expect("a folder");
    for (name, bytes) in super::members(&fs::read(path).expect("the backup")) {
        fs::write(folder.join(name), bytes).expect("written");
    }
    let tip = sandbox.git("rev-parse HEAD");
    sandbox.enter(&folder);
    sandbox.git("clone -q bundle store");
    sandbox.enter(&folder.join("store"));
    assert_eq!(sandbox.git("rev-parse HEAD"), tip);
    assert_eq!(sandbox.git("symbolic-ref --short HEAD"), "main");
    sandbox.ok("check");
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer list");
    let before = sandbox.snapshot();
    sandbox.crm("backup create .. --dry-run").exits(0).prints_nothing();
    assert_eq!(sandbox.snapshot(), before);
    assert_eq!(names(sandbox.dir().parent().expect("above")), ["home", "work"]);
}
