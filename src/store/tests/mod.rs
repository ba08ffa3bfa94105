//! The store against real repositories, with the `git` program as the judge.

mod bulk;
mod crashes;
mod edits;
mod history;
mod index;
mod states;
mod sync;

use super::{FileChange, NewStore, Person, Plan, Receipt, Repo, Result, When, WriteOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(super) const LI: &str = "customers/kw/cus_kwzrmlnopqst.toml";
pub(super) const WU: &str = "customers/kw/cus_kwaaaaaaaaaa.toml";
pub(super) const ORDER: &str = "orders/ab/ord_abcdefghijkl.toml";

/// A store in a directory that goes away with it.
pub(super) struct Sandbox {
    _dir: tempfile::TempDir,
    pub root: PathBuf,
}

impl Sandbox {
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let root = dir.path().join("acme");
        Sandbox { _dir: dir, root }
    }

    pub fn new() -> Self {
        let sandbox = Self::empty();
        let files = vec![
            ("crm.toml".to_owned(), b"format = 1\n".to_vec()),
            (".gitattributes".to_owned(), b"*.toml text eol=lf merge=crm diff=crm\n".to_vec()),
        ];
        let store = NewStore { branch: "main", files, message: "init".into(), author: li(), when: when(0) };
        Repo::init(&sandbox.root, store, &options()).expect("a new store");
        sandbox
    }

    /// With three records.
    pub fn filled() -> Self {
        let sandbox = Self::new();
        sandbox.write(&[(LI, Some("li\n")), (WU, Some("wu\n")), (ORDER, Some("order\n"))]);
        sandbox
    }

    pub fn repo(&self) -> Repo {
        Repo::open(&self.root).expect("the store opens")
    }

    pub fn try_write(&self, changes: &[(&str, Option<&str>)]) -> Result<Option<Receipt>> {
        Repo::open(&self.root)?.write(&options(), &mut |_| Ok(Some(plan(changes))))
    }

    pub fn write(&self, changes: &[(&str, Option<&str>)]) -> Receipt {
        let receipt = self.try_write(changes).expect("written");
        receipt.expect("something to do")
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.root, arguments)
    }

    pub fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join(path)).ok()
    }

    pub fn put(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let parent = path.parent().expect("a parent");
        std::fs::create_dir_all(parent).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    /// I1, I4 and I6: sound objects, nothing to commit but `dirty`, nothing left over.
    pub fn assert_sound(&self, dirty: &str) {
        let status = self.git(&["status", "--porcelain"]);
        assert_eq!(status, dirty, "git status");
        let fsck = self.git(&["fsck", "--full", "--strict", "--no-dangling"]);
        assert_eq!(fsck, "", "git fsck");
        let mut left = Vec::new();
        leftovers(&self.root, &mut left);
        assert!(left.is_empty(), "left over: {left:?}");
    }
}

/// Locks, journals and temporary files below `folder`.
fn leftovers(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            leftovers(&path, found);
        } else if name.starts_with(".crm-tmp-")
            || path.extension().is_some_and(|ending| ending == "lock")
            || name.starts_with("journal")
            || name == "index.tx"
            || name == "index.lock.tx"
        {
            found.push(path);
        }
    }
}

pub(super) fn git_in(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=Git", "-c", "user.email=git@example.com", "-c", "core.quotePath=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {words}");
    String::from_utf8(output.stdout).expect("text")
}

pub(super) fn li() -> Person {
    Person { name: "Li Na".into(), email: "li.na@example.com".into() }
}

pub(super) fn when(seconds: i64) -> When {
    When { seconds: 1_700_000_000 + seconds, offset_minutes: 480 }
}

pub(super) fn options() -> WriteOptions<'static> {
    WriteOptions {
        lock_timeout: Duration::from_secs(20),
        index_timeout: Duration::from_millis(100),
        maintenance: false,
        ..WriteOptions::default()
    }
}

pub(super) fn plan(changes: &[(&str, Option<&str>)]) -> Plan {
    let change = |(path, content): &(&str, Option<&str>)| FileChange {
        path: (*path).to_owned(),
        content: content.map(|text| text.as_bytes().to_vec()),
    };
    Plan {
        changes: changes.iter().map(change).collect(),
        message: "change".into(),
        author: li(),
        committer: li(),
        when: when(1),
        adopt_work: false,
    }
}

#[test]
fn a_new_store_is_a_sound_repository() {
    let sandbox = Sandbox::new();
    sandbox.assert_sound("");
    assert_eq!(
        sandbox.git(&["log", "--format=%an <%ae> %ai %s"]),
        "Li Na <li.na@example.com> 2023-11-15 06:13:20 +0800 init\n"
    );
    assert_eq!(sandbox.git(&["config", "--local", "core.fsync"]), "all\n");
    let repo = sandbox.repo();
    assert_eq!(repo.branch().expect("a branch"), "main");
    let again = Repo::init(
        &sandbox.root,
        NewStore {
            branch: "main",
            files: vec![("crm.toml".into(), b"other".to_vec())],
            message: "again".into(),
            author: li(),
            when: when(5),
        },
        &options(),
    );
    assert!(matches!(again, Err(super::StoreError::AlreadyAStore { .. })));
}

#[test]
fn a_change_is_one_commit_and_leaves_everything_clean() {
    let sandbox = Sandbox::filled();
    sandbox.assert_sound("");
    let repo = sandbox.repo();
    let before = repo.tip().expect("readable").expect("a commit");
    let receipt = sandbox.write(&[
        (LI, Some("li changed\n")),
        (WU, None),
        (ORDER, None),
        ("invoices/zz/inv_1.toml", Some("new\n")),
    ]);
    assert_eq!(receipt.base, Some(before.commit));
    assert_eq!(receipt.warnings, Vec::<String>::new());
    sandbox.assert_sound("");
    assert_eq!(sandbox.text(LI).as_deref(), Some("li changed\n"));
    assert_eq!(sandbox.text(WU), None);
    assert!(!sandbox.root.join("orders").exists(), "empty folders go");
    assert_eq!(
        sandbox.git(&["show", "--name-status", "--format=", "--no-renames"]),
        format!("M\t{LI}\nD\t{WU}\nA\tinvoices/zz/inv_1.toml\nD\t{ORDER}\n")
            .replace(&format!("M\t{LI}\nD\t{WU}"), &format!("D\t{WU}\nM\t{LI}"))
    );
    let after = repo.tip().expect("readable").expect("a commit");
    assert_eq!(after.commit, receipt.commit);
    assert_eq!(sandbox.git(&["rev-parse", "HEAD^{tree}"]).trim(), after.tree.to_string());
}

#[test]
fn nothing_to_change_makes_no_commit() {
    let sandbox = Sandbox::filled();
    let before = sandbox.git(&["rev-parse", "HEAD"]);
    assert!(sandbox.try_write(&[(LI, Some("li\n")), ("none", None)]).expect("fine").is_none());
    let nothing: Result<Option<Receipt>> = sandbox.repo().write(&options(), &mut |_| Ok(None));
    assert!(nothing.expect("fine").is_none());
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), before);
    sandbox.assert_sound("");
}

#[test]
fn a_preview_writes_nothing_at_all() {
    let sandbox = Sandbox::filled();
    std::fs::remove_dir_all(sandbox.root.join(".git/crm")).expect("removed");
    let before = sandbox.git(&["rev-parse", "HEAD"]);
    let preview: Result<_> =
        sandbox.repo().preview(&options(), &mut |_| Ok(Some(plan(&[(LI, Some("x\n")), (WU, None)]))));
    let preview = preview.expect("fine").expect("a change");
    assert_eq!(preview.changes.len(), 2);
    assert_eq!(preview.changes[1].old.as_deref(), Some(&b"li\n"[..]));
    assert_eq!(preview.changes[1].new.as_deref(), Some(&b"x\n"[..]));
    assert_eq!(preview.changes[0].new, None);
    assert!(!sandbox.root.join(".git/crm").exists());
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), before);
}

#[test]
fn a_plan_sees_the_base() {
    let sandbox = Sandbox::filled();
    let done: Result<_> = sandbox.repo().write(&options(), &mut |base| {
        assert_eq!(base.file(LI)?.as_deref(), Some(&b"li\n"[..]));
        assert_eq!(base.file("customers/none.toml")?, None);
        assert_eq!(base.id(LI)?, Some(super::ObjectId::of_file(b"li\n")));
        Ok(None)
    });
    assert!(done.expect("fine").is_none());
}

#[test]
fn paths_outside_and_files_too_large_are_refused() {
    let sandbox = Sandbox::filled();
    for path in ["../x", ".git/config", "/etc/x", "a//b"] {
        let refused = sandbox.try_write(&[(path, Some("x"))]);
        assert!(matches!(refused, Err(super::StoreError::BadPath { .. })), "{path}");
    }
    let large = "x".repeat((1 << 20) + 1);
    let refused = sandbox.try_write(&[(LI, Some(&large))]);
    assert!(matches!(refused, Err(super::StoreError::TooLarge { .. })));
    sandbox.assert_sound("");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let sandbox = Sandbox::filled();
    sandbox.write(&[(LI, Some("0"))]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let done: Result<_> = sandbox.repo().write(&options(), &mut |base| {
                        let old = base.file(LI)?.expect("there");
                        let count: u32 = str::from_utf8(&old).expect("text").parse().expect("a number");
                        let next = (count + 1).to_string();
                        Ok(Some(plan(&[(LI, Some(&next))])))
                    });
                    assert!(done.expect("written").is_some());
                }
            });
        }
    });
    assert_eq!(sandbox.text(LI).as_deref(), Some("40"));
    assert_eq!(sandbox.git(&["rev-list", "--count", "HEAD"]), "43\n");
    sandbox.assert_sound("");
}

#[test]
fn a_base_answers_the_same_however_often_and_in_whatever_order_it_is_asked() {
    let sandbox = Sandbox::filled();
    let outcome = sandbox.repo().preview(&options(), &mut |base| -> Result<Option<Plan>> {
        for _ in 0..2 {
            for path in [LI, ORDER, WU] {
                assert!(base.file(path)?.is_some(), "{path}");
            }
            // No such file, no such folder, a file taken for a folder, a folder taken for a file.
            let below_a_file = format!("{LI}/x.toml");
            for path in ["customers/kw/none.toml", "customers/zz/none.toml", "x/y/z.toml", &below_a_file] {
                assert_eq!(base.file(path)?, None, "{path}");
            }
            assert!(base.file("customers/kw").is_err());
            assert_eq!(base.file("crm.toml")?.as_deref(), Some(&b"format = 1\n"[..]));
        }
        Ok(None)
    });
    outcome.expect("readable");
}
