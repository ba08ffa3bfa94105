//! Changes of many files at once.

use super::super::fault::{Step, crash_at};
use super::super::{FileChange, Plan, Receipt, Result};
use super::{LI, Sandbox, options, plan};

fn many(count: usize, content: impl Fn(usize) -> Option<String>) -> Plan {
    let change = |number: usize| FileChange {
        path: format!("customers/{:02x}/cus_{number:05}.toml", number % 37),
        content: content(number).map(String::into_bytes),
    };
    Plan { changes: (0..count).map(change).collect(), ..plan(&[]) }
}

fn write(sandbox: &Sandbox, wanted: &Plan) -> Result<Option<Receipt>> {
    sandbox.repo().write(&options(), &mut |_| Ok(Some(wanted.clone())))
}

#[test]
fn a_thousand_files_are_one_commit_and_one_pack() {
    let sandbox = Sandbox::filled();
    let loose = || sandbox.git(&["count-objects"]);
    let before = loose();
    let receipt = write(&sandbox, &many(1000, |n| Some(format!("n = {n}\n"))));
    assert_eq!(receipt.expect("written").expect("a commit").paths.len(), 1000);
    sandbox.assert_sound("");
    assert_eq!(loose(), before, "nothing loose");
    let packs = sandbox.git(&["count-objects", "-v"]);
    assert!(packs.contains("packs: 1\n"), "{packs}");
    assert_eq!(sandbox.text("customers/01/cus_00001.toml").as_deref(), Some("n = 1\n"));
    // Half of them changed, some equal, some removed.
    let wanted = many(1000, |n| match n % 3 {
        0 => None,
        1 => Some(format!("n = {n}\n")),
        _ => Some("same\n".into()),
    });
    let receipt = write(&sandbox, &wanted).expect("written").expect("a commit");
    assert_eq!(receipt.paths.len(), 667);
    sandbox.assert_sound("");
}

#[test]
fn a_crashed_import_is_finished_or_undone() {
    for (step, count) in [
        (Step::Objects, 4),
        (Step::Prepared, 4),
        (Step::Temps, 4),
        (Step::Journal, 4),
        (Step::Branch, 304),
        (Step::Files, 304),
        (Step::Index, 304),
    ] {
        let sandbox = Sandbox::filled();
        sandbox.write(&[("keep.toml", Some("x"))]);
        let hit = crash_at(step, || {
            let _ = write(&sandbox, &many(300, |n| Some(format!("n = {n}\n"))));
        });
        assert!(hit, "{step:?} was never reached");
        sandbox.write(&[(LI, Some("next\n"))]);
        sandbox.assert_sound("");
        let files = sandbox.git(&["ls-files", "customers", "orders", "keep.toml"]);
        assert_eq!(files.lines().count(), count, "{step:?}");
    }
}
