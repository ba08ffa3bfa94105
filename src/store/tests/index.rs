//! The index editor against git's own reading of it.

use super::{LI, Sandbox};

/// Many folders, some of whose names sort around each other's.
fn spread(sandbox: &Sandbox) {
    let names = ["a", "a.b", "a0", "ab", "a/b", "a-b", "客户", "z"];
    for name in names {
        let path = match name {
            "a/b" => "x/a/b/file.toml".to_owned(),
            name => format!("x/{name}.d/file.toml"),
        };
        sandbox.put(&path, name);
    }
    sandbox.put(&format!("x/{}.toml", "long".repeat(40)), "long");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "spread"]);
    // Fills the cached trees.
    sandbox.git(&["status"]);
    sandbox.git(&["read-tree", "HEAD"]);
    sandbox.git(&["update-index", "-q", "--refresh"]);
}

fn check(prepare: &[&[&str]]) {
    let sandbox = Sandbox::filled();
    for command in prepare {
        sandbox.git(command);
    }
    spread(&sandbox);
    let rounds: [&[(&str, Option<&str>)]; 5] = [
        &[(LI, Some("one\n"))],
        &[("x/a.c.toml", Some("new")), ("x/a.d/file.toml", None), ("aaa.toml", Some("first"))],
        &[("zzz/zzz.toml", Some("last")), ("x/a/b/file.toml", Some("changed"))],
        &[("zzz/zzz.toml", None), ("aaa.toml", None), ("x/a/b/file.toml", None)],
        &[(LI, None), ("x/客户.d/file.toml", Some("x")), ("x/客户.d/second.toml", Some("y"))],
    ];
    for changes in rounds {
        let receipt = sandbox.write(changes);
        assert_eq!(receipt.warnings, Vec::<String>::new());
        sandbox.assert_sound("");
        let tree = sandbox.git(&["ls-tree", "-r", "-z", "--format=%(objectname) %(path)", "HEAD"]);
        let index = sandbox.git(&["ls-files", "-z", "--format=%(objectname) %(path)"]);
        assert_eq!(tree, index);
        // What git makes of the cached trees is what is committed.
        assert_eq!(sandbox.git(&["write-tree"]), sandbox.git(&["rev-parse", "HEAD^{tree}"]));
    }
}

#[test]
fn version_2_is_edited_in_place() {
    check(&[]);
}

#[test]
fn version_3_is_edited_in_place() {
    let sandbox = Sandbox::filled();
    sandbox.put("later.toml", "x");
    sandbox.git(&["add", "-N", "later.toml"]);
    let bytes = std::fs::read(sandbox.root.join(".git/index")).expect("there");
    assert_eq!(bytes[7], 3, "intent to add makes version 3");
    sandbox.write(&[(LI, Some("one\n")), ("m/new.toml", Some("two\n"))]);
    sandbox.assert_sound(" A later.toml\n");
}

#[test]
fn version_4_is_edited_in_place() {
    check(&[&["config", "index.version", "4"], &["update-index", "--index-version", "4"]]);
    let sandbox = Sandbox::filled();
    sandbox.git(&["update-index", "--index-version", "4"]);
    sandbox.write(&[(LI, Some("one\n"))]);
    let bytes = std::fs::read(sandbox.root.join(".git/index")).expect("there");
    assert_eq!(bytes[7], 4, "it stays what it was");
}

#[test]
fn many_files_and_no_hash_are_understood() {
    check(&[&["config", "feature.manyFiles", "true"]]);
    let sandbox = Sandbox::filled();
    sandbox.git(&["config", "index.skipHash", "true"]);
    sandbox.write(&[(LI, Some("one\n"))]);
    let bytes = std::fs::read(sandbox.root.join(".git/index")).expect("there");
    assert_eq!(&bytes[bytes.len() - 20..], &[0; 20]);
    sandbox.assert_sound("");
    sandbox.git(&["config", "index.skipHash", "false"]);
    sandbox.write(&[(LI, Some("two\n"))]);
    let bytes = std::fs::read(sandbox.root.join(".git/index")).expect("there");
    assert_ne!(&bytes[bytes.len() - 20..], &[0; 20]);
}

#[test]
fn the_untracked_cache_and_the_offset_tables_are_dropped() {
    check(&[
        &["config", "core.untrackedCache", "true"],
        &["config", "index.threads", "2"],
        &["update-index", "--untracked-cache"],
    ]);
}

#[test]
fn git_finds_our_files_unchanged_without_reading_them() {
    let sandbox = Sandbox::filled();
    sandbox.write(&[(LI, Some("one\n"))]);
    // Only the times and sizes in the index, no content.
    assert_eq!(sandbox.git(&["diff-files"]), "");
    let debug = sandbox.git(&["ls-files", "--debug", LI]);
    assert!(debug.contains("size: 4"), "{debug}");
}
