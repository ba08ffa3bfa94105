//! Repositories in which nothing may be written, each with its own refusal.

use super::super::{Repo, Result, Signing, StoreError};
use super::{LI, Sandbox, git_in, options, plan};
use std::process::Command;

fn refused(sandbox: &Sandbox) -> String {
    let before = std::fs::read(sandbox.root.join(LI)).ok();
    let Err(error) = sandbox.try_write(&[(LI, Some("x\n"))]) else { panic!("it was written") };
    assert_eq!(std::fs::read(sandbox.root.join(LI)).ok(), before);
    let debug = format!("{error:?}");
    debug.split([' ', '{']).next().unwrap_or("").to_owned()
}

#[test]
fn each_odd_state_has_its_own_refusal() {
    type Setup = fn(&Sandbox);
    let cases: [(&str, Setup); 14] = [
        ("Detached", |s| drop(s.git(&["checkout", "-q", "--detach"]))),
        ("MidMerge", |s| drop(s.git(&["bisect", "start", "-q"]))),
        ("MidMerge", |s| {
            std::fs::write(s.root.join(".git/MERGE_HEAD"), s.git(&["rev-parse", "HEAD"])).expect("set");
        }),
        ("MidMerge", |s| {
            std::fs::write(s.root.join(".git/CHERRY_PICK_HEAD"), s.git(&["rev-parse", "HEAD"])).expect("set");
        }),
        ("MidMerge", |s| std::fs::create_dir(s.root.join(".git/rebase-merge")).expect("set")),
        ("MidMerge", |s| {
            std::fs::write(s.root.join(".git/REVERT_HEAD"), s.git(&["rev-parse", "HEAD"])).expect("set");
        }),
        ("SplitIndex", |s| drop(s.git(&["update-index", "--split-index"]))),
        ("SparseIndex", |s| {
            s.git(&["sparse-checkout", "init", "--cone", "--sparse-index"]);
        }),
        ("PartialClone", |s| {
            s.git(&["config", "core.repositoryformatversion", "1"]);
            s.git(&["config", "extensions.partialClone", "origin"]);
        }),
        ("IndexMissing", |s| std::fs::remove_file(s.root.join(".git/index")).expect("gone")),
        ("IndexDamaged", |s| {
            let path = s.root.join(".git/index");
            let bytes = std::fs::read(&path).expect("there");
            std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("cut");
        }),
        ("ForeignIndexLock", |s| {
            std::fs::write(s.root.join(".git/index.lock"), b"").expect("a lock");
        }),
        ("RefLocked", |s| {
            std::fs::write(s.root.join(".git/refs/heads/main.lock"), b"x").expect("a lock");
        }),
        ("Unborn", |s| {
            s.git(&["checkout", "-q", "--orphan", "fresh"]);
        }),
    ];
    for (number, (expected, setup)) in cases.into_iter().enumerate() {
        let sandbox = Sandbox::filled();
        setup(&sandbox);
        assert_eq!(refused(&sandbox), expected, "case {number}");
    }
}

#[test]
fn formats_that_libgit2_cannot_read_are_named() {
    for (format, expected) in [("--object-format=sha256", "Sha256"), ("--ref-format=reftable", "RefTable")] {
        let sandbox = Sandbox::empty();
        std::fs::create_dir(&sandbox.root).expect("a folder");
        sandbox.git(&["init", "-q", format]);
        sandbox.put("crm.toml", "format = 1\n");
        assert_eq!(refused(&sandbox), expected);
    }
}

#[test]
fn what_is_no_store_is_not_opened() {
    let sandbox = Sandbox::empty();
    std::fs::create_dir(&sandbox.root).expect("a folder");
    assert_eq!(refused(&sandbox), "NotAStore");
    sandbox.git(&["init", "-q"]);
    assert_eq!(refused(&sandbox), "NotAStore");
    sandbox.put("sub/crm.toml", "format = 1\n");
    let opened = Repo::open(&sandbox.root.join("sub"));
    assert!(matches!(opened, Err(StoreError::NotRoot { root, .. }) if root == sandbox.root));
    sandbox.put("crm.toml", "format = 1\n");
    assert_eq!(refused(&sandbox), "Unborn");
}

#[test]
fn a_bare_repository_can_be_read_but_not_written() {
    let sandbox = Sandbox::filled();
    let bare = sandbox.root.with_extension("git");
    sandbox.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    let repo = Repo::open(&bare).expect("opens");
    assert!(repo.is_bare());
    let head = repo.resolve("HEAD").expect("a commit");
    assert_eq!(repo.read_at(head, LI).expect("readable").as_deref(), Some(&b"li\n"[..]));
    let written: Result<_> = repo.write(&options(), &mut |_| Ok(Some(plan(&[(LI, Some("x"))]))));
    assert!(matches!(written, Err(StoreError::Bare { .. })));
}

#[test]
fn the_branch_of_the_store_can_be_asked_for() {
    let sandbox = Sandbox::filled();
    let options = super::WriteOptions { branch: Some("other".into()), ..options() };
    let written: Result<_> = sandbox.repo().write(&options, &mut |_| Ok(Some(plan(&[(LI, Some("x"))]))));
    assert!(matches!(written, Err(StoreError::WrongBranch { .. })));
}

#[test]
fn conflicts_count_where_they_are_in_the_way() {
    let sandbox = Sandbox::filled();
    let blob = sandbox.git(&["rev-parse", &format!("HEAD:{LI}")]);
    let unmerge = |path: &str| {
        let lines = format!("100644 {0} 1\t{path}\n100644 {0} 2\t{path}\n", blob.trim());
        let mut git = Command::new("git")
            .arg("-C")
            .arg(&sandbox.root)
            .args(["update-index", "--index-info"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("git runs");
        let mut stdin = git.stdin.take().expect("piped");
        std::io::Write::write_all(&mut stdin, lines.as_bytes()).expect("written");
        drop(stdin);
        assert!(git.wait().expect("ends").success());
    };
    unmerge("README");
    sandbox.write(&[(LI, Some("fine\n"))]);
    assert!(sandbox.git(&["ls-files", "-u"]).contains("README"));
    unmerge("customers/aa/x.toml");
    assert_eq!(refused(&sandbox), "IndexConflicts");
}

#[test]
fn a_linked_work_tree_is_a_store_of_its_own() {
    let sandbox = Sandbox::filled();
    let linked = sandbox.root.with_extension("linked");
    sandbox.git(&["worktree", "add", "-q", "-b", "second", &linked.to_string_lossy()]);
    let repo = Repo::open(&linked).expect("opens");
    let done: Result<_> = repo.write(&options(), &mut |_| Ok(Some(plan(&[(LI, Some("there\n"))]))));
    assert!(done.expect("written").is_some());
    assert_eq!(git_in(&linked, &["status", "--porcelain"]), "");
    assert_eq!(repo.branch().expect("a branch"), "second");
    let tip = repo.tip().expect("readable").expect("a commit");
    let li = (LI.to_owned(), super::super::ObjectId::of_file(b"there\n"));
    assert!(repo.tree_files(tip.tree).expect("readable").iter().any(|file| file.id == li.1));
    let read = repo.blobs_parallel(&[li], |_, bytes| bytes.to_vec());
    assert_eq!(read.expect("readable"), [b"there\n".to_vec()]);
    sandbox.assert_sound("");
    assert_eq!(sandbox.text(LI).as_deref(), Some("li\n"));
}

#[test]
fn signatures_that_git_asks_for_are_made_or_the_commit_is_refused() {
    let sandbox = Sandbox::filled();
    let key = sandbox.root.with_extension("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    assert!(made.expect("ssh-keygen runs").success());
    sandbox.git(&["config", "gpg.format", "ssh"]);
    sandbox.git(&["config", "commit.gpgsign", "true"]);
    sandbox.git(&["config", "user.signingkey", "/nonexistent/key"]);
    assert_eq!(refused(&sandbox), "SigningFailed");
    sandbox.git(&["config", "user.signingkey", &key.to_string_lossy()]);
    sandbox.write(&[(LI, Some("signed\n"))]);
    let allowed = sandbox.root.with_extension("allowed");
    let public = std::fs::read_to_string(key.with_extension("key.pub")).expect("there");
    std::fs::write(&allowed, format!("li.na@example.com {public}")).expect("written");
    sandbox.git(&["config", "gpg.ssh.allowedSignersFile", &allowed.to_string_lossy()]);
    sandbox.git(&["verify-commit", "HEAD"]);
    sandbox.git(&["config", "commit.gpgsign", "false"]);
    let options = super::WriteOptions { signing: Signing::Always, ..options() };
    let done: Result<_> = sandbox.repo().write(&options, &mut |_| Ok(Some(plan(&[(LI, Some("again\n"))]))));
    assert!(done.expect("written").is_some());
    sandbox.git(&["verify-commit", "HEAD"]);
    sandbox.assert_sound("");
}

#[test]
fn a_read_only_store_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::getuid().is_root() {
        // Permissions do not stop root; the sweep uses a read-only mount.
        return;
    }
    let sandbox = Sandbox::filled();
    let gitdir = sandbox.root.join(".git");
    std::fs::set_permissions(&gitdir, std::fs::Permissions::from_mode(0o555)).expect("set");
    assert_eq!(refused(&sandbox), "ReadOnly");
    assert!(sandbox.repo().read_work(LI).expect("readable").is_some());
    std::fs::set_permissions(&gitdir, std::fs::Permissions::from_mode(0o755)).expect("set");
}
