//! A backup that does not come to its end leaves nothing that looks like one, and one that is made
//! while others write is of one moment.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{made, names};
use crate::support::{CRM, Sandbox, finish};

/// A `PATH` on which `git` is a script of ours; `$REAL` is git itself.
fn with_git(sandbox: &Sandbox, script: &str) -> String {
    let folder = sandbox.outside("bin");
    fs::create_dir_all(&folder).expect("a folder");
    let path = std::env::var("PATH").expect("a path");
    let is_git = |folder: &&str| Path::new(folder).join("git").is_file();
    let real = path.split(':').find(is_git).expect("git is on the path");
    let text = format!("#!/bin/sh\nREAL={real}/git\n{script}\nexec $REAL \"$@\"\n");
    fs::write(folder.join("git"), text).expect("a script");
    fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).expect("runs");
    format!("{}:{path}", folder.display())
}

fn leftovers(sandbox: &Sandbox) -> Vec<String> {
    names(&sandbox.path(".git/crm")).into_iter().filter(|name| name.contains("backup")).collect()
}

#[test]
fn who_is_killed_in_the_middle_leaves_no_file_of_that_name() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups");
    fs::create_dir(&folder).expect("a folder");
    for step in ["pack-objects", "index-pack", "fsck"] {
        let path = with_git(&sandbox, &format!("case \"$*\" in *{step}*) kill -9 $PPID; exit 1;; esac"));
        let create = sandbox.command(&["backup", "create", &folder.to_string_lossy()]).env("PATH", path);
        create.run().exits(128 + 9);
        assert!(names(&folder).iter().all(|name| name.starts_with('.')), "{step}: {:?}", names(&folder));
        assert_eq!(leftovers(&sandbox).len(), 1, "{step}");
        assert_eq!(sandbox.crm(&["backup", "list", &folder.to_string_lossy(), "--format", "ids"]).stdout, "");
    }
    // The next one clears up, and so does `maintain`.
    assert_eq!(leftovers(&sandbox).len(), 1);
    sandbox.ok(&["backup", "create", &folder.to_string_lossy()]);
    assert_eq!(leftovers(&sandbox), [""; 0]);
    assert_eq!(names(&folder).len(), 1);
}

#[test]
fn a_restore_that_is_killed_or_fails_leaves_no_folder_of_that_name() {
    let sandbox = Sandbox::trading();
    let backup = made(&sandbox, "a.crmbackup").to_string_lossy().into_owned();
    let target = sandbox.outside("new/deep");
    let words = ["backup", "restore", &backup, "--to", &target.to_string_lossy()];
    for (step, exit) in [("echo broken >&2; exit 1", 9), ("kill -9 $PPID; exit 1", 137)] {
        for at in ["index-pack", "fsck"] {
            let path = with_git(&sandbox, &format!("case \"$*\" in *{at}*) {step};; esac"));
            sandbox.command(&words).env("PATH", path).run().exits(exit);
            assert!(!target.exists());
        }
    }
    assert_eq!(names(target.parent().expect("above")).len(), 1, "what was killed last");
    sandbox.ok(&words);
    assert!(target.join("crm.toml").exists());
    assert_eq!(names(target.parent().expect("above")), ["deep"]);
}

#[test]
fn a_full_disk_leaves_nothing() {
    let sandbox = Sandbox::trading();
    for index in 0..300 {
        sandbox.write(
            &format!("more/{index}"),
            format!("region add r{index} --name {index}-{}\n", index * 7919),
        );
    }
    let all: String = (0..300).map(|index| sandbox.read(&format!("more/{index}"))).collect();
    fs::remove_dir_all(sandbox.path("more")).expect("gone");
    sandbox.write("batch", all);
    sandbox.ok("batch batch");
    sandbox.remove("batch");
    let folder = sandbox.outside("backups");
    fs::create_dir(&folder).expect("a folder");
    let whole = fs::metadata(made(&sandbox, "whole.crmbackup")).expect("a backup").len() / 512;
    let mut failed = 0;
    // No file may grow beyond so many blocks, as on a disk with so much room.
    for blocks in [0, 1, 4, whole / 3, whole / 2, whole - 2] {
        let mut command = sandbox.bare("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {CRM} backup create \"$1\"");
        command.args(["-c", &script, "sh"]).arg(&folder).env("CRM_USER", "ann");
        let run = finish(command, &["ulimit".to_owned(), blocks.to_string()], None);
        assert!([1, 8, 9].contains(&run.exit), "{run}");
        assert!(run.stdout.is_empty(), "{run}");
        assert_eq!(names(&folder), [""; 0], "{run}");
        assert_eq!(leftovers(&sandbox), [""; 0], "{run}");
        failed += 1;
    }
    assert_eq!(failed, 6);
    sandbox.fails(1, "backup create /proc/nothing.crmbackup");
    sandbox.fails(1, "backup create /nowhere/at/all/");
    sandbox.ok("check");
}

#[test]
fn a_backup_is_of_one_moment_whatever_is_written_meanwhile() {
    let sandbox = Sandbox::trading();
    let tip = sandbox.git("rev-parse HEAD");
    // A change comes in after the references were read and before the objects are.
    let change = format!(
        "case \"$*\" in *pack-objects*) CRM_USER=ann {CRM} region add south --name s >/dev/null 2>&1; \
         $REAL pack-refs --all; $REAL branch -q later;; esac"
    );
    let path = with_git(&sandbox, &change);
    let target = sandbox.outside("a.crmbackup").to_string_lossy().into_owned();
    sandbox.command(&["backup", "create", &target]).env("PATH", path).run().exits(0);
    assert_ne!(sandbox.git("rev-parse HEAD"), tip);
    let rows = sandbox.crm(&["backup", "verify", &target, "--format", "json"]).exits(0).json();
    assert_eq!(rows[4]["detail"], tip[..10]);
}

#[test]
fn writers_and_backups_do_not_disturb_each_other() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups").to_string_lossy().into_owned();
    fs::create_dir(&folder).expect("a folder");
    let before = sandbox.commits();
    let add =
        |index: usize| sandbox.command(&["region", "add", &format!("r{index}"), "--name", "r"]).process();
    let create = || sandbox.command(&["backup", "create", &folder]).process();
    let mut running = Vec::new();
    for index in 0..12 {
        running.push(add(index).spawn().expect("a writer"));
        if index % 3 == 0 {
            running.push(create().spawn().expect("a backup"));
        }
    }
    for mut child in running {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(sandbox.commits(), before + 12);
    let made = names(folder.as_ref());
    assert_eq!(made.len(), 4);
    for name in made {
        sandbox.ok(&["backup", "verify", &format!("{folder}/{name}")]);
    }
    sandbox.ok("check");
}
