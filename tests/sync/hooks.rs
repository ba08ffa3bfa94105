//! What is staged is checked before git commits it.

use crate::support::{Sandbox, finish};

fn git_with_the_program(sandbox: &Sandbox, words: &[&str]) -> crate::support::Run {
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_crm")).parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&others)));
    let mut git = sandbox.bare("git");
    git.env("PATH", path.expect("a path")).args(words);
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    finish(git, &words, None)
}

#[test]
fn only_what_is_staged_is_judged() {
    let sandbox = Sandbox::trading();
    let path = sandbox.git("ls-files customers").lines().next().expect("a customer").to_owned();
    sandbox.ok("check --staged");
    sandbox.edit(&path, |text| text.replace("kind = \"company\"", "kind = \"planet\""));
    sandbox.ok("check --staged");
    sandbox.git(&["add", &path]);
    sandbox.fails(9, "check --staged").prints(&[&path, "planet"]);
    sandbox.edit(&path, |text| text.replace("planet", "company"));
    sandbox.fails(9, "check --staged");
    sandbox.git(&["add", &path]);
    sandbox.ok("check --staged");
    // A record that others need may not go.
    sandbox.git(&["rm", "-q", "-f", &path]);
    let run = sandbox.fails(9, "check --staged");
    assert!(run.stdout.contains("orders/"), "{run}");
    sandbox.git("reset -q --hard");
    sandbox.write("run.sh", "#!/bin/sh\n");
    sandbox.git("add run.sh");
    sandbox.git("update-index --chmod=+x run.sh");
    sandbox.fails(9, "check --staged").prints(&["run.sh"]);
    sandbox.git("reset -q --hard");
    sandbox.edit("crm.toml", |text| format!("{text}\nnonsense = [\n"));
    sandbox.git("add crm.toml");
    sandbox.git("checkout HEAD -- crm.toml");
    sandbox.ok("check --staged");
}

#[test]
fn the_hook_refuses_a_commit_and_leaves_a_persons_own_alone() {
    let sandbox = Sandbox::trading();
    sandbox.ok("hook install");
    sandbox.ok("hook install");
    let path = sandbox.git("ls-files customers").lines().next().expect("a customer").to_owned();
    let before = sandbox.git("rev-parse HEAD");
    sandbox.edit(&path, |text| text.replace("kind = \"company\"", "kind = \"planet\""));
    let run = git_with_the_program(&sandbox, &["commit", "-qam", "wrong"]);
    assert_ne!(run.exit, 0, "{run}");
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    sandbox.edit(&path, |text| text.replace("planet", "person"));
    let run = git_with_the_program(&sandbox, &["commit", "-qam", "right"]);
    assert_eq!(run.exit, 0, "{run}");

    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\nmake lint\n");
    sandbox.fails(6, "hook install").says(&["crm check --staged"]);
    assert_eq!(sandbox.read(".git/hooks/pre-commit"), "#!/bin/sh\nmake lint\n");
    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\nmake lint && crm check --staged\n");
    sandbox.ok("hook install");
    sandbox.git("config core.hooksPath /elsewhere");
    sandbox.fails(6, "hook install").says(&["/elsewhere"]);
}
