//! Repositories in odd states: each gets an answer of its own, and nothing is written into what is
//! not understood.

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::{Run, Sandbox};

/// A store with one customer, and the path of its file.
fn one() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let id = sandbox.ok("customer add --name A --level A");
    let path = sandbox.file_of(&id);
    (sandbox, path)
}

/// A change must be refused so, with these words, and leave everything as it is.
#[track_caller]
fn refused(sandbox: &Sandbox, exit: i32, rule: &str, words: &[&str]) -> Run {
    // Objects that nothing refers to may be there before the lock is asked for.
    let now = || sandbox.snapshot().without(".git/crm").without(".git/objects");
    let before = now();
    let run = sandbox.fails(exit, "customer add --name X --lock-timeout 0").prints_nothing().says(words);
    let error = sandbox.crm("customer add --name X --lock-timeout 0 --format json").exits(exit).error();
    assert_eq!(error["rule"], rule, "{error}");
    let changed = now().differences(&before);
    assert!(changed.is_empty(), "{changed:?}\n{run}");
    run
}

/// Reading still works.
#[track_caller]
fn reads(sandbox: &Sandbox) {
    assert_eq!(sandbox.ok("customer list --format csv --fields name --no-header"), "A");
    sandbox.ok("customer show A");
    sandbox.ok("log");
}

/// Changes work and leave git clean.
#[track_caller]
fn writes(sandbox: &Sandbox) {
    let before = sandbox.commits();
    sandbox.ok("customer set A --city 北京");
    let id = sandbox.ok("customer add --name New");
    assert_eq!(sandbox.commits(), before + 2);
    assert_eq!(sandbox.git("status --porcelain"), "");
    sandbox.ok(&["customer", "show", &id]);
    sandbox.ok("check");
    sandbox.git("fsck --strict");
}

/// A second branch, `other`, in which the customer has level C, where `main` has B.
fn two_sides(sandbox: &Sandbox) {
    sandbox.git("switch -q -c other");
    sandbox.ok("customer set A --level C");
    sandbox.git("switch -q main");
    sandbox.ok("customer set A --level B");
    // Plain merges, whatever driver there may be.
    sandbox.write(".git/info/attributes", "*.toml merge=text\n");
}

#[test]
fn on_a_detached_head_it_says_to_switch_to_a_branch() {
    let (sandbox, _) = one();
    sandbox.git("checkout -q --detach");
    refused(&sandbox, 8, "store-detached", &["git switch"]);
    reads(&sandbox);
}

#[test]
fn on_another_branch_than_the_policy_names_it_says_which() {
    let (sandbox, _) = one();
    sandbox.edit("crm.toml", |text| text + "\n[policy]\nbranch = \"main\"\n");
    sandbox.ok("commit");
    sandbox.git("switch -q -c draft");
    refused(&sandbox, 8, "store-wrong-branch", &["draft", "main", "git switch main"]);
    reads(&sandbox);
    sandbox.git("switch -q main");
    writes(&sandbox);
}

#[test]
fn without_a_policy_any_branch_is_written() {
    let (sandbox, _) = one();
    sandbox.git("switch -q -c draft");
    writes(&sandbox);
}

#[test]
fn in_the_middle_of_a_merge_it_says_how_to_end_it() {
    let (sandbox, path) = one();
    two_sides(&sandbox);
    assert_ne!(sandbox.try_git("merge -q other").exit, 0, "the sides conflict");
    refused(&sandbox, 6, "store-mid-merge", &["merge", "git merge --abort"]);
    sandbox.fails(5, "customer list").says(&[&path]);
    sandbox.fails(9, "check").prints(&[&path]);
    sandbox.git("merge --abort");
    writes(&sandbox);
}

#[test]
fn in_the_middle_of_a_rebase_it_says_how_to_end_it() {
    let (sandbox, _) = one();
    two_sides(&sandbox);
    assert_ne!(sandbox.try_git("rebase -q other").exit, 0, "the sides conflict");
    refused(&sandbox, 6, "store-mid-merge", &["rebase", "git rebase --abort"]);
}

#[test]
fn in_the_middle_of_a_cherry_pick_or_a_revert_it_says_how_to_end_it() {
    let (sandbox, _) = one();
    two_sides(&sandbox);
    assert_ne!(sandbox.try_git("cherry-pick other").exit, 0, "the sides conflict");
    refused(&sandbox, 6, "store-mid-merge", &["git cherry-pick --abort"]);
    sandbox.git("cherry-pick --abort");
    sandbox.ok("customer set A --level C");
    assert_ne!(sandbox.try_git("revert --no-edit HEAD~1").exit, 0, "the sides conflict");
    refused(&sandbox, 6, "store-mid-merge", &["git revert --abort"]);
}

#[test]
fn in_the_middle_of_a_bisect_it_says_how_to_end_it() {
    let (sandbox, _) = one();
    sandbox.git("bisect start -q");
    refused(&sandbox, 6, "store-mid-merge", &["git bisect reset"]);
    reads(&sandbox);
    sandbox.git("bisect reset");
    writes(&sandbox);
}

#[test]
fn conflicts_left_in_the_index_are_named() {
    let (sandbox, path) = one();
    two_sides(&sandbox);
    assert_ne!(sandbox.try_git("merge -q other").exit, 0, "the sides conflict");
    // The merge is forgotten, its conflicts are not.
    for name in ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"] {
        let _ = std::fs::remove_file(sandbox.path(".git").join(name));
    }
    refused(&sandbox, 6, "store-index-conflicts", &[&path]);
}

#[test]
fn a_branch_without_a_commit_is_no_store_yet() {
    let sandbox = Sandbox::empty();
    sandbox.git("init -q -b main .");
    sandbox.fails(8, "-C . customer add --name A").says(&["crm init"]);
    sandbox.write("crm.toml", "format = 1\n\n[company]\nlanguage = \"en\"\n");
    let run = sandbox.fails(8, "customer add --name A").says(&["crm init"]);
    assert_eq!(sandbox.crm("customer add --name A --format json").error()["rule"], "store-unborn", "{run}");
    sandbox.remove("crm.toml");
    sandbox.ok("init . --company Acme --user ann --name Ann --email ann@acme.example");
    sandbox.ok("customer add --name A");
}

#[test]
fn init_takes_a_repository_that_has_other_files() {
    let sandbox = Sandbox::empty();
    sandbox.git("init -q -b main .");
    sandbox.write("README", "ours\n");
    sandbox.git("add README");
    sandbox.git("commit -q -m first");
    sandbox.write("draft.txt", "not yet\n");
    sandbox.ok("init . --company Acme --user ann --name Ann --email ann@acme.example");
    assert_eq!(sandbox.git("status --porcelain"), "?? draft.txt");
    assert_eq!(sandbox.read("README"), "ours\n");
    sandbox.ok("customer add --name A");
}

#[test]
fn a_bare_repository_has_no_files_to_change() {
    let (mut sandbox, _) = one();
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox.enter(Path::new("../bare.git"));
    let run = sandbox.fails(8, "-C . customer add --name X").says(&["bare", "git clone"]);
    assert_eq!(
        sandbox.crm("-C . customer add --name X --format json").error()["rule"],
        "store-bare",
        "{run}"
    );
}

#[test]
fn a_repository_with_sha256_names_is_refused_plainly() {
    let sandbox = Sandbox::empty();
    if sandbox.try_git("init -q -b main --object-format=sha256 .").exit != 0 {
        eprintln!("left out: this git makes no sha256 repositories");
        return;
    }
    sandbox.write("crm.toml", "format = 1\n");
    sandbox.git("add crm.toml");
    sandbox.git("commit -q -m first");
    refused(&sandbox, 8, "store-sha256", &["sha256"]);
}

#[test]
fn a_repository_with_a_reftable_is_refused_with_the_way_back() {
    let sandbox = Sandbox::empty();
    if sandbox.try_git("init -q -b main --ref-format=reftable .").exit != 0 {
        eprintln!("left out: this git makes no reftables");
        return;
    }
    sandbox.write("crm.toml", "format = 1\n");
    sandbox.git("add crm.toml");
    sandbox.git("commit -q -m first");
    refused(&sandbox, 8, "store-ref-table", &["git refs migrate --ref-format=files"]);
}

#[test]
fn a_partial_clone_is_refused() {
    let (sandbox, _) = one();
    sandbox.git("config core.repositoryformatversion 1");
    sandbox.git("config extensions.partialClone origin");
    refused(&sandbox, 8, "store-partial-clone", &["--filter"]);
}

#[test]
fn a_split_index_is_refused_with_the_way_back() {
    let (sandbox, _) = one();
    sandbox.git("update-index --split-index");
    refused(&sandbox, 8, "store-split-index", &["git update-index --no-split-index"]);
    reads(&sandbox);
    sandbox.git("update-index --no-split-index");
    writes(&sandbox);
}

#[test]
fn a_sparse_index_is_refused_with_the_way_back() {
    let (sandbox, _) = one();
    sandbox.ok("product add P1 --name One --price 1");
    sandbox.git("sparse-checkout set --cone --sparse-index customers users roles pipelines");
    refused(&sandbox, 8, "store-sparse-index", &["git sparse-checkout disable"]);
    sandbox.git("sparse-checkout disable");
    writes(&sandbox);
}

#[test]
fn index_version_four_and_a_shortened_one_are_written_as_they_are() {
    let (sandbox, _) = one();
    sandbox.git("config feature.manyFiles true");
    sandbox.git("config index.skipHash true");
    sandbox.git("update-index --index-version 4");
    writes(&sandbox);
    assert_eq!(sandbox.git("update-index --show-index-version"), "4");
}

#[test]
fn a_damaged_index_is_named_and_kept() {
    let (sandbox, _) = one();
    std::fs::write(sandbox.path(".git/index"), b"DIRC nonsense").expect("the index is spoilt");
    refused(&sandbox, 8, "store-index-damaged", &["index", "git reset"]);
    sandbox.remove(".git/index");
    refused(&sandbox, 8, "store-index-missing", &["git reset"]);
    sandbox.git("reset -q");
    writes(&sandbox);
}

#[test]
fn while_git_holds_the_index_it_is_busy() {
    let (sandbox, _) = one();
    sandbox.write(".git/index.lock", "");
    refused(&sandbox, 7, "store-foreign-index-lock", &["index.lock"]);
    reads(&sandbox);
    assert!(sandbox.path(".git/index.lock").exists(), "the lock is git's");
    sandbox.remove(".git/index.lock");
    writes(&sandbox);
}

#[test]
fn while_git_moves_the_branch_it_is_busy() {
    let (sandbox, _) = one();
    // As git leaves it between preparing and doing.
    let tip = sandbox.git("rev-parse HEAD~1");
    sandbox.write(".git/refs/heads/main.lock", format!("{tip}\n"));
    refused(&sandbox, 7, "store-ref-locked", &["main.lock"]);
    assert_eq!(sandbox.git("status --porcelain"), "");
    sandbox.remove(".git/refs/heads/main.lock");
    writes(&sandbox);
}

#[test]
fn while_another_command_is_at_work_it_is_busy_and_says_who() {
    let (sandbox, _) = one();
    // `edit` with an editor that waits holds nothing; a hook of the lock itself does.
    let lock = std::fs::File::options().read(true).write(true).open(sandbox.path(".git/crm/lock"));
    let lock = lock.expect("the lock file");
    lock.lock().expect("the lock is taken");
    sandbox.fails(7, "customer add --name X --lock-timeout 0").prints_nothing().says(&["--lock-timeout"]);
    sandbox.command("customer add --name X").env("CRM_LOCK_TIMEOUT", "0").run().exits(7);
    reads(&sandbox);
    drop(lock);
    writes(&sandbox);
}

#[test]
fn a_record_that_is_a_link_is_never_followed() {
    let (sandbox, path) = one();
    let outside = sandbox.outside("secret.toml");
    std::fs::copy(sandbox.path(&path), &outside).expect("a file outside");
    let before = std::fs::read(&outside).expect("its bytes");
    sandbox.remove(&path);
    symlink(&outside, sandbox.path(&path)).expect("a link");
    let run = sandbox.crm("customer set A --city 北京").prints_nothing();
    assert!(matches!(run.exit, 3 | 5 | 6), "{run}");
    sandbox.fails(9, "check").prints(&[&path]);
    let run = sandbox.crm("commit").prints_nothing();
    assert!(matches!(run.exit, 5 | 6), "{run}");
    let list = sandbox.crm("customer list");
    assert!(matches!(list.exit, 0 | 5), "{list}");
    assert_eq!(std::fs::read(&outside).expect("its bytes"), before);
}

#[test]
fn a_folder_that_is_a_link_is_never_followed() {
    let (sandbox, path) = one();
    let outside = sandbox.outside("elsewhere");
    let folder = Path::new(&path).parent().expect("a folder").display().to_string();
    std::fs::create_dir(&outside).expect("a folder outside");
    std::fs::rename(sandbox.path(&path), outside.join("moved.toml")).expect("the record leaves");
    std::fs::remove_dir(sandbox.path(&folder)).expect("the folder goes");
    symlink(&outside, sandbox.path(&folder)).expect("a link");
    let before = crate::support::snapshot(&outside);
    let run = sandbox.crm("customer set A --city 北京").prints_nothing();
    assert_ne!(run.exit, 0, "{run}");
    let run = sandbox.crm("commit").prints_nothing();
    assert_ne!(run.exit, 0, "{run}");
    assert!(crate::support::snapshot(&outside).differences(&before).is_empty());
}

#[test]
fn a_folder_in_place_of_a_record_is_refused() {
    let (sandbox, path) = one();
    sandbox.remove(&path);
    std::fs::create_dir(sandbox.path(&path)).expect("a folder");
    sandbox.write(&format!("{path}/inside"), "x");
    let run = sandbox.crm("customer set A --city 北京").prints_nothing();
    assert!(matches!(run.exit, 3 | 5 | 6), "{run}");
    sandbox.fails(9, "check").prints(&[&path]);
}

#[test]
fn a_linked_work_tree_works_beside_the_main_one() {
    let (mut sandbox, _) = one();
    sandbox.git("worktree add -q -b side ../side");
    let main = sandbox.dir().to_owned();
    sandbox.enter(Path::new("../side"));
    writes(&sandbox);
    assert_eq!(sandbox.git("branch --show-current"), "side");
    sandbox.enter(&main);
    assert_eq!(sandbox.git("status --porcelain"), "");
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 1, "the other branch");
    writes(&sandbox);
}

#[test]
fn a_store_that_is_a_submodule_works_and_leaves_the_parent_alone() {
    let (mut sandbox, _) = one();
    let store = sandbox.dir().display().to_string();
    std::fs::create_dir(sandbox.outside("parent")).expect("a parent");
    sandbox.enter(Path::new("../parent"));
    sandbox.git("init -q -b main .");
    sandbox.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &store, "crm"]);
    sandbox.git("commit -q -m parent");
    let parent = sandbox.snapshot().without("crm").without(".git/modules");
    sandbox.enter(Path::new("crm"));
    writes(&sandbox);
    sandbox.enter(Path::new(".."));
    let changed = sandbox.snapshot().without("crm").without(".git/modules").differences(&parent);
    assert!(changed.is_empty(), "{changed:?}");
    assert_eq!(sandbox.git("status --porcelain"), " M crm");
}

#[test]
fn a_submodule_among_the_records_is_refused() {
    let (sandbox, _) = one();
    sandbox.git("init -q -b main ../inner");
    sandbox.git("-C ../inner commit -q --allow-empty -m inner");
    let inner = sandbox.outside("inner").display().to_string();
    sandbox.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &inner,
        "customers/inner",
    ]);
    sandbox.git("commit -q -m submodule");
    sandbox.fails(9, "check").prints(&["customers/inner"]);
}

#[test]
fn a_store_inside_another_work_tree_is_not_made() {
    let sandbox = Sandbox::empty();
    sandbox.git("init -q -b main .");
    sandbox.write("sub/crm.toml", "format = 1\n\n[company]\nlanguage = \"en\"\n");
    sandbox.fails(8, "-C sub customer list").says(&["inside"]);
}

#[test]
fn carriage_returns_of_autocrlf_are_told_and_mended() {
    let (sandbox, path) = one();
    sandbox.edit(&path, |text| text.replace('\n', "\r\n"));
    sandbox.crm("check").prints(&[&path]);
    sandbox.ok("customer show A");
    sandbox.fails(6, "customer set A --city 北京").says(&[&path]);
    sandbox.fails(9, "fmt --check").prints(&[&path]);
}

#[test]
fn autocrlf_does_not_make_the_store_look_changed() {
    let (sandbox, _) = one();
    sandbox.git("config core.autocrlf true");
    sandbox.git("rm -q -r --cached .");
    sandbox.git("reset -q --hard");
    writes(&sandbox);
}

#[test]
fn a_directory_that_cannot_be_written_is_still_read() {
    let (sandbox, _) = one();
    let id = std::process::Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout.starts_with(b"0\n") {
        eprintln!("left out: root may write everywhere");
        return;
    }
    let status = sandbox.bare("chmod").args(["-R", "a-w", "."]).status().expect("chmod runs");
    assert!(status.success());
    sandbox.fails(1, "customer add --name X").prints_nothing();
    reads(&sandbox);
}

#[test]
fn a_repository_of_somebody_else_names_safe_directory() {
    let (sandbox, _) = one();
    let owner = "65534:65534";
    let status = sandbox.bare("chown").args(["-R", owner, "."]).status().expect("chown runs");
    if !status.success() {
        eprintln!("left out: only root gives files away");
        return;
    }
    let run = sandbox.fails(8, "-C . customer list").says(&["safe.directory"]);
    assert_eq!(sandbox.crm("-C . customer list --format json").error()["rule"], "store-not-owned", "{run}");
    let dir = sandbox.dir().display().to_string();
    sandbox.git(&["config", "--global", "--add", "safe.directory", &dir]);
    reads(&sandbox);
}

#[test]
fn a_hook_of_the_person_does_not_run_and_does_not_stop_us() {
    let (sandbox, _) = one();
    let hook = sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    let status = sandbox.bare("chmod").arg("+x").arg(hook).status().expect("chmod runs");
    assert!(status.success());
    writes(&sandbox);
}

#[test]
fn a_packed_repository_is_read_and_written() {
    let (sandbox, _) = one();
    sandbox.git("gc -q --prune=now");
    sandbox.git("pack-refs --all");
    writes(&sandbox);
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 2);
}

#[test]
fn a_shallow_clone_works() {
    let (mut sandbox, _) = one();
    let from = format!("file://{}", sandbox.dir().display());
    sandbox.git(&["clone", "-q", "--depth", "1", &from, "../shallow"]);
    sandbox.enter(Path::new("../shallow"));
    let before = sandbox.commits();
    sandbox.ok("customer set A --city 北京");
    assert_eq!(sandbox.commits(), before + 1);
    assert_eq!(sandbox.git("status --porcelain"), "");
}
