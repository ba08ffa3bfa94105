//! A crash after each step, and what the next command makes of it.

use super::super::StoreError;
use super::super::fault::{Step, crash_at};
use super::{LI, ORDER, Sandbox, WU, options};

const NEW: &str = "customers/zz/cus_zzzzzzzzzzzz.toml";
const CHANGES: [(&str, Option<&str>); 4] =
    [(LI, Some("li changed\n")), (WU, Some("wu changed\n")), (ORDER, None), (NEW, Some("new\n"))];

const STEPS: [(Step, bool); 10] = [
    (Step::Objects, false),
    (Step::Prepared, false),
    (Step::Temps, false),
    (Step::IndexLocked, false),
    (Step::Journal, false),
    (Step::Branch, true),
    (Step::OneFile, true),
    (Step::Files, true),
    (Step::Index, true),
    (Step::JournalGone, true),
];

fn assert_all(sandbox: &Sandbox, new: bool) {
    let is = |path: &str| sandbox.text(path);
    let found = [is(LI), is(WU), is(ORDER), is(NEW)];
    let text = |text: &str| Some(text.to_owned());
    let expected = if new {
        [text("li changed\n"), text("wu changed\n"), None, text("new\n")]
    } else {
        [text("li\n"), text("wu\n"), text("order\n"), None]
    };
    assert_eq!(found, expected);
}

fn crashed(step: Step) -> Sandbox {
    let sandbox = Sandbox::filled();
    sandbox.put("README", "a person's own file\n");
    sandbox.git(&["add", "README"]);
    let hit = crash_at(step, || {
        let _ = sandbox.try_write(&CHANGES);
    });
    assert!(hit, "{step:?} was never reached");
    sandbox
}

#[test]
fn after_a_crash_at_any_step_the_next_command_finishes_or_undoes() {
    for (step, committed) in STEPS {
        let sandbox = crashed(step);
        sandbox.repo().recover(&options()).expect("recovers");
        assert_all(&sandbox, committed);
        sandbox.assert_sound("A  README\n");
        sandbox.write(&[(LI, Some("next\n"))]);
        sandbox.assert_sound("A  README\n");
    }
}

#[test]
fn every_write_recovers_first() {
    for (step, committed) in STEPS {
        let sandbox = crashed(step);
        sandbox.write(&[("orders/zz/ord_zzzzzzzzzzzz.toml", Some("next\n"))]);
        assert_all(&sandbox, committed);
        sandbox.assert_sound("A  README\n");
    }
}

#[test]
fn a_crash_during_recovery_changes_nothing_about_the_outcome() {
    for second in [Step::OneFile, Step::Files, Step::Index, Step::JournalGone] {
        let sandbox = crashed(Step::Branch);
        let repo = sandbox.repo();
        let hit = crash_at(second, || {
            let _ = repo.recover(&options());
        });
        assert!(hit, "{second:?} was never reached");
        sandbox.repo().recover(&options()).expect("recovers");
        assert_all(&sandbox, true);
        sandbox.assert_sound("A  README\n");
    }
}

#[test]
fn between_the_branch_and_the_index_git_cannot_commit() {
    let sandbox = crashed(Step::Branch);
    let git = std::process::Command::new("git")
        .arg("-C")
        .arg(&sandbox.root)
        .args(["commit", "-m", "would take the change back"])
        .output()
        .expect("git runs");
    assert!(!git.status.success());
    sandbox.repo().recover(&options()).expect("recovers");
    assert_all(&sandbox, true);
}

#[test]
fn an_edit_made_after_a_crash_is_not_overwritten() {
    let sandbox = crashed(Step::Branch);
    sandbox.put(LI, "a person's edit\n");
    sandbox.put(NEW, "another\n");
    sandbox.put(ORDER, "a third\n");
    let notes = sandbox.repo().recover(&options()).expect("recovers");
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert_eq!(sandbox.text(LI).as_deref(), Some("a person's edit\n"));
    assert_eq!(sandbox.text(WU).as_deref(), Some("wu changed\n"));
    sandbox.assert_sound(&format!("A  README\n M {LI}\n M {NEW}\n?? orders/\n"));
}

#[test]
fn lost_temporary_files_are_made_again_from_the_commit() {
    let sandbox = crashed(Step::Branch);
    for folder in ["customers/kw", "customers/zz"] {
        for entry in std::fs::read_dir(sandbox.root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.to_string_lossy().contains(".crm-tmp-") {
                std::fs::remove_file(path).expect("removed");
            }
        }
    }
    std::fs::remove_dir(sandbox.root.join("customers/zz")).expect("removed");
    sandbox.repo().recover(&options()).expect("recovers");
    assert_all(&sandbox, true);
    sandbox.assert_sound("A  README\n");
}

#[test]
fn a_lock_of_the_branch_that_the_crash_left_is_removed_but_not_another() {
    for (content, ours) in [("", true), ("half", true), ("whole", true), ("foreign", false)] {
        let sandbox = crashed(Step::Journal);
        let journal = std::fs::read_to_string(sandbox.root.join(".git/crm/journal")).expect("there");
        let new = journal.lines().find_map(|line| line.strip_prefix("new ")).expect("a line");
        let content = match content {
            "half" => new[..20].to_owned(),
            "whole" => format!("{new}\n"),
            other => other.to_owned(),
        };
        let lock = sandbox.root.join(".git/refs/heads/main.lock");
        std::fs::write(&lock, content).expect("a lock");
        sandbox.repo().recover(&options()).expect("recovers");
        assert_eq!(!lock.exists(), ours);
    }
}

#[test]
fn a_damaged_journal_stops_writing_and_is_kept() {
    let sandbox = crashed(Step::Branch);
    let path = sandbox.root.join(".git/crm/journal");
    let mut bytes = std::fs::read(&path).expect("there");
    bytes[30] ^= 1;
    std::fs::write(&path, &bytes).expect("damaged");
    let refused = sandbox.try_write(&[(LI, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::JournalDamaged { .. })));
    assert_eq!(std::fs::read(&path).expect("kept"), bytes);
}

#[test]
fn who_breaks_the_lock_and_works_on_keeps_their_work() {
    let sandbox = crashed(Step::Branch);
    std::fs::remove_file(sandbox.root.join(".git/index.lock")).expect("broken");
    sandbox.git(&["checkout", "-q", "HEAD", "--", LI]);
    sandbox.put(LI, "later\n");
    sandbox.git(&["commit", "-qm", "later", LI]);
    sandbox.repo().recover(&options()).expect("recovers");
    assert_eq!(sandbox.text(LI).as_deref(), Some("later\n"));
    assert_eq!(sandbox.git(&["show", &format!("HEAD:{LI}")]), "later\n");
    sandbox.assert_sound("A  README\n");
}

#[test]
fn stray_temporary_files_are_swept_up() {
    let sandbox = Sandbox::filled();
    sandbox.put("customers/kw/.crm-tmp-00-1", "x");
    sandbox.put(".crm-tmp-00-2", "x");
    sandbox.repo().recover(&options()).expect("recovers");
    sandbox.assert_sound("");
}

#[test]
fn readers_see_all_of_a_crashed_change_or_nothing() {
    for (step, committed) in STEPS {
        let sandbox = crashed(step);
        let repo = sandbox.repo();
        let read: super::Result<_> = repo.read_consistently(&options(), || repo.read_work(LI));
        let expected = if committed { "li changed\n" } else { "li\n" };
        assert_eq!(read.expect("readable").as_deref(), Some(expected.as_bytes()), "{step:?}");
    }
}
