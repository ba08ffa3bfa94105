//! What people do by hand in the same directory.

use super::super::{Edit, EditStatus, Result, StoreError};
use super::{LI, ORDER, Sandbox, WU, options, plan};
use std::os::unix::fs::symlink;

fn edit(path: &str, status: EditStatus) -> Edit {
    Edit { path: path.into(), status }
}

#[test]
fn an_edited_record_is_not_overwritten() {
    let sandbox = Sandbox::filled();
    sandbox.put(LI, "by hand\n");
    for changes in [[(LI, Some("x\n"))], [(LI, None)]] {
        let refused = sandbox.try_write(&changes);
        assert!(matches!(refused, Err(StoreError::HandEdit { path }) if path == LI));
    }
    std::fs::remove_file(sandbox.root.join(LI)).expect("removed");
    let refused = sandbox.try_write(&[(LI, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::HandEdit { .. })));
    sandbox.put("customers/kw/new.toml", "by hand\n");
    let refused = sandbox.try_write(&[("customers/kw/new.toml", Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::HandEdit { .. })));
    sandbox.assert_sound(&format!(" D {LI}\n?? customers/kw/new.toml\n"));
}

#[test]
fn a_staged_edit_of_the_record_is_not_lost() {
    let sandbox = Sandbox::filled();
    sandbox.put(LI, "staged\n");
    sandbox.git(&["add", LI]);
    sandbox.put(LI, "li\n");
    let refused = sandbox.try_write(&[(LI, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::StagedEdit { path }) if path == LI));
    sandbox.git(&["rm", "-q", "--cached", WU]);
    let refused = sandbox.try_write(&[(WU, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::StagedEdit { .. })));
}

#[test]
fn a_staged_file_in_the_place_of_a_folder_is_noticed() {
    let sandbox = Sandbox::filled();
    sandbox.put("invoices", "a file\n");
    sandbox.git(&["add", "invoices"]);
    std::fs::remove_file(sandbox.root.join("invoices")).expect("removed");
    let refused = sandbox.try_write(&[("invoices/aa/inv.toml", Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::StagedEdit { path }) if path == "invoices"));
    sandbox.git(&["reset", "-q"]);
    sandbox.put("tickets/a.toml/inside", "x\n");
    sandbox.git(&["add", "tickets"]);
    std::fs::remove_dir_all(sandbox.root.join("tickets")).expect("removed");
    let refused = sandbox.try_write(&[("tickets/a.toml", Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::StagedEdit { .. })));
}

#[test]
fn edits_elsewhere_stay_exactly_as_they_are() {
    let sandbox = Sandbox::filled();
    sandbox.put(WU, "edited\n");
    sandbox.put("README", "staged\n");
    sandbox.put("notes/deep/er.txt", "staged too\n");
    sandbox.git(&["add", "README", "notes"]);
    sandbox.put("README", "and edited\n");
    sandbox.git(&["rm", "-q", "--cached", ORDER]);
    let before = sandbox.git(&["status", "--porcelain"]);
    let staged = sandbox.git(&["diff", "--cached"]);
    sandbox.write(&[(LI, Some("changed\n")), ("customers/aa/new.toml", Some("new\n"))]);
    sandbox.assert_sound(&before);
    assert_eq!(sandbox.git(&["diff", "--cached"]), staged);
    assert_eq!(sandbox.git(&["show", "--name-only", "--format="]), format!("customers/aa/new.toml\n{LI}\n"));
    assert_eq!(sandbox.text(WU).as_deref(), Some("edited\n"));
}

#[test]
fn links_and_folders_in_the_place_of_a_record_are_refused() {
    let sandbox = Sandbox::filled();
    let outside = sandbox.root.join("outside");
    std::fs::create_dir(&outside).expect("a folder");
    symlink(&outside, sandbox.root.join("invoices")).expect("a link");
    let refused = sandbox.try_write(&[("invoices/inv.toml", Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::NotRegular { .. })), "{refused:?}");
    std::fs::remove_file(sandbox.root.join(LI)).expect("removed");
    symlink("elsewhere", sandbox.root.join(LI)).expect("a link");
    let refused = sandbox.try_write(&[(LI, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::NotRegular { .. })), "{refused:?}");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "a link in the history"]);
    let refused = sandbox.try_write(&[(LI, Some("x\n"))]);
    assert!(matches!(refused, Err(StoreError::NotRegular { .. })), "{refused:?}");
    let head = sandbox.repo().resolve("HEAD").expect("a commit");
    let refused = sandbox.repo().read_at(head, LI);
    assert!(matches!(refused, Err(StoreError::NotRegular { .. })), "{refused:?}");
    assert!(std::fs::read_dir(&outside).expect("a folder").next().is_none());
}

#[test]
fn hand_edits_are_found_by_content() {
    let sandbox = Sandbox::filled();
    let repo = sandbox.repo();
    let below = ["crm.toml", "customers", "orders", "products"];
    assert_eq!(repo.hand_edits(&below).expect("readable"), []);
    // Same content, new times.
    sandbox.put(LI, "li\n");
    assert_eq!(repo.hand_edits(&below).expect("readable"), []);
    sandbox.put(LI, "LI\n");
    sandbox.put("customers/kw/zz.toml", "new\n");
    sandbox.put("README", "not asked for\n");
    sandbox.put("crm.toml", "format = 2\n");
    std::fs::remove_file(sandbox.root.join(ORDER)).expect("removed");
    std::fs::remove_file(sandbox.root.join(WU)).expect("removed");
    symlink("x", sandbox.root.join(WU)).expect("a link");
    assert_eq!(
        repo.hand_edits(&below).expect("readable"),
        [
            edit("crm.toml", EditStatus::Modified),
            edit(WU, EditStatus::NotRegular),
            edit(LI, EditStatus::Modified),
            edit("customers/kw/zz.toml", EditStatus::Added),
            edit(ORDER, EditStatus::Removed),
        ]
    );
}

#[test]
fn hand_edits_can_be_adopted() {
    let sandbox = Sandbox::filled();
    sandbox.put(LI, "by hand\n");
    sandbox.put("customers/kw/zz.toml", "new\n");
    sandbox.put("README", "staged\n");
    sandbox.git(&["add", "README", LI]);
    std::fs::remove_file(sandbox.root.join(ORDER)).expect("removed");
    let done: Result<_> = sandbox.repo().write(&options(), &mut |_| {
        let mut plan =
            plan(&[(LI, Some("by hand\n")), ("customers/kw/zz.toml", Some("new\n")), (ORDER, None)]);
        plan.adopt_work = true;
        Ok(Some(plan))
    });
    assert_eq!(done.expect("written").expect("a commit").warnings, Vec::<String>::new());
    sandbox.assert_sound("A  README\n");
    assert_eq!(sandbox.git(&["show", &format!("HEAD:{LI}")]), "by hand\n");
    let refused: Result<_> = sandbox.repo().write(&options(), &mut |_| {
        let mut plan = plan(&[(LI, Some("not what is there\n"))]);
        plan.adopt_work = true;
        Ok(Some(plan))
    });
    assert!(matches!(refused, Err(StoreError::HandEdit { .. })));
}

#[test]
fn permissions_of_a_file_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::filled();
    let path = sandbox.root.join(LI);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
    sandbox.write(&[(LI, Some("changed\n"))]);
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    sandbox.assert_sound("");
}

#[test]
fn an_edit_between_plan_and_commit_is_noticed() {
    let sandbox = Sandbox::filled();
    let refused: Result<_> = sandbox.repo().write(&options(), &mut |_| {
        sandbox.put(LI, "just now\n");
        Ok(Some(plan(&[(LI, Some("x\n")), (WU, Some("y\n"))])))
    });
    assert!(matches!(refused, Err(StoreError::HandEdit { .. })));
    sandbox.assert_sound(&format!(" M {LI}\n"));
}

#[test]
fn a_commit_of_somebody_else_in_between_means_planning_again() {
    let sandbox = Sandbox::filled();
    let mut calls = 0;
    let mut signer_ran = false;
    // Signing comes after the plan, which is when somebody else may commit.
    let race = std::cell::Cell::new(true);
    let signer = |_: &[u8]| {
        if race.replace(false) {
            sandbox.put("README", "text\n");
            sandbox.git(&["add", "README"]);
            sandbox.git(&["commit", "-qm", "in between"]);
        }
        Ok("-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----\n".to_owned())
    };
    let options = super::WriteOptions { signing: super::super::Signing::With(&signer), ..options() };
    let done: Result<_> = sandbox.repo().write(&options, &mut |_| {
        calls += 1;
        Ok(Some(plan(&[(LI, Some("x\n"))])))
    });
    signer_ran |= !race.get();
    assert!(done.expect("written").is_some() && signer_ran);
    assert_eq!(calls, 2);
    assert_eq!(sandbox.git(&["log", "--format=%s"]), "change\nin between\nchange\ninit\n");
    sandbox.assert_sound("");
}
