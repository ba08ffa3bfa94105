//! Looking back.

use super::super::{FileChanged, LogQuery, ObjectId, StoreError};
use super::{LI, ORDER, Sandbox, WU, when};

fn grown() -> Sandbox {
    let sandbox = Sandbox::filled();
    sandbox.write(&[(LI, Some("two\n"))]);
    sandbox.write(&[(WU, Some("two\n"))]);
    sandbox.write(&[(LI, None)]);
    sandbox.write(&[(LI, Some("again\n")), (ORDER, None)]);
    sandbox
}

fn id(text: &str) -> ObjectId {
    ObjectId::of_file(text.as_bytes())
}

#[test]
fn the_log_of_a_path_is_what_git_says() {
    let sandbox = grown();
    let repo = sandbox.repo();
    for path in [LI, WU, ORDER, "crm.toml", "none.toml"] {
        let query = LogQuery { paths: &[path], ..LogQuery::default() };
        let commits = repo.log(&query).expect("readable");
        let ours: Vec<String> = commits.iter().map(|commit| commit.id.to_string()).collect();
        let git = sandbox.git(&["log", "--format=%H", "--first-parent", "--", path]);
        assert_eq!(ours, git.lines().collect::<Vec<_>>(), "{path}");
        let some = repo.log(&LogQuery { limit: Some(1), ..query }).expect("readable");
        assert_eq!(some[..], commits[..commits.len().min(1)], "{path}");
    }
}

#[test]
fn the_log_of_a_path_is_the_same_with_a_commit_graph() {
    let sandbox = grown();
    let repo = sandbox.repo();
    let query = LogQuery {
        paths: &[LI, ORDER],
        until: Some(repo.resolve("HEAD~4").expect("found")),
        ..LogQuery::default()
    };
    let without = repo.log(&query).expect("readable");
    sandbox.git(&["commit-graph", "write", "--reachable", "--changed-paths"]);
    let with = repo.log(&query).expect("readable");
    assert_eq!(with, without);
    assert_eq!(with.len(), 3);
}

#[test]
fn a_commit_tells_its_files_and_its_author() {
    let sandbox = grown();
    let repo = sandbox.repo();
    let all = repo.log(&LogQuery::default()).expect("readable");
    assert_eq!(all.len(), 6);
    let last = &all[0];
    assert_eq!(last.author, super::li());
    assert_eq!(last.when, when(1));
    assert_eq!(last.message, "change\n");
    let change = |path: &str, old, new| FileChanged { path: path.into(), old, new };
    assert_eq!(last.files, [change(LI, None, Some(id("again\n"))), change(ORDER, Some(id("order\n")), None)]);
    assert_eq!(all[5].files.len(), 2);
    let query = LogQuery { until: Some(all[3].id), limit: Some(2), ..LogQuery::default() };
    let some = repo.log(&query).expect("readable");
    assert_eq!(some[..], all[..2]);
    assert_eq!(repo.commit(all[2].id).expect("readable"), all[2]);
}

#[test]
fn revisions_are_found_in_every_form() {
    let sandbox = grown();
    let repo = sandbox.repo();
    sandbox.git(&["tag", "-a", "v1", "-m", "tag", "HEAD~2"]);
    let full = sandbox.git(&["rev-parse", "HEAD~2"]).trim().to_owned();
    for rev in ["HEAD~2", "v1", "main~2", &full, &full[..8]] {
        assert_eq!(repo.resolve(rev).expect("found").to_string(), full, "{rev}");
    }
    for rev in ["", "nothing", "--all", "HEAD~99", "HEAD:crm.toml", "zz^^{x"] {
        let missing = repo.resolve(rev);
        assert!(matches!(missing, Err(StoreError::NoSuchRevision { .. })), "{rev}: {missing:?}");
    }
    let at = |seconds: i64| repo.commit_at(1_700_000_000 + seconds).expect("readable");
    assert_eq!(at(-1), None);
    assert_eq!(at(0).map(|id| id.to_string()), Some(sandbox.git(&["rev-parse", "HEAD~5"]).trim().to_owned()));
    assert_eq!(at(99), Some(repo.resolve("HEAD").expect("found")));
}

#[test]
fn trees_are_listed_and_compared() {
    let sandbox = grown();
    let repo = sandbox.repo();
    let tree = |rev: &str| {
        let commit = repo.resolve(rev).expect("found");
        repo.tip_at_commit(commit).expect("readable").tree
    };
    let files = repo.tree_files(tree("HEAD")).expect("readable");
    let listed: Vec<String> = files.iter().map(|file| format!("{} {}", file.id, file.path)).collect();
    let git = sandbox.git(&["ls-tree", "-r", "--format=%(objectname) %(path)", "HEAD"]);
    assert_eq!(listed, git.lines().collect::<Vec<_>>());
    for (old, new) in [("HEAD~5", "HEAD"), ("HEAD", "HEAD~4"), ("HEAD", "HEAD")] {
        let changed = repo.changed_files(tree(old), tree(new)).expect("readable");
        let ours: Vec<String> = changed
            .iter()
            .map(|file| {
                let letter = match (file.old, file.new) {
                    (None, _) => 'A',
                    (_, None) => 'D',
                    _ => 'M',
                };
                format!("{letter}\t{}", file.path)
            })
            .collect();
        let git = sandbox.git(&["diff", "--name-status", "--no-renames", old, new]);
        assert_eq!(ours, git.lines().collect::<Vec<_>>(), "{old} {new}");
    }
}

#[test]
fn a_folder_that_becomes_a_file_is_compared_as_both() {
    let sandbox = Sandbox::filled();
    sandbox.put("x/a/b.toml", "1");
    sandbox.put("x/a.b", "1");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "folder"]);
    sandbox.git(&["rm", "-rq", "x/a"]);
    sandbox.put("x/a", "2");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "file"]);
    let commits = sandbox.repo().log(&LogQuery::default()).expect("readable");
    let paths: Vec<&str> = commits[0].files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["x/a", "x/a/b.toml"]);
}

#[test]
fn contents_are_read_on_all_cores_in_order() {
    let sandbox = grown();
    let repo = sandbox.repo();
    let tip = repo.tip().expect("readable").expect("a commit");
    let files = repo.tree_files(tip.tree).expect("readable");
    let wanted: Vec<(String, ObjectId)> = files.iter().map(|file| (file.path.clone(), file.id)).collect();
    let read = repo
        .blobs_parallel(&wanted, |path, bytes| (path.to_owned(), ObjectId::of_file(bytes)))
        .expect("readable");
    assert_eq!(read, wanted);
}
