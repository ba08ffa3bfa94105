//! Programs `crm-NAME` on `PATH`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::Sandbox;

fn put(folder: &Path, name: &str, body: &str) {
    fs::create_dir_all(folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its permissions");
}

/// The search path with a folder before it.
fn path(folder: &str) -> String {
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

#[test]
fn an_extension_gets_its_words_and_the_store_and_gives_its_exit_code() {
    let sandbox = Sandbox::new();
    let bin = sandbox.outside("bin");
    put(&bin, "crm-hello", "echo \"$# $* in $CRM_DIR as $CRM_USER\"; exit 7");
    let path = path(&bin.display().to_string());
    let run =
        sandbox.command("--as bob hello a 'b c' --lang fr -C nowhere").env("PATH", &path).run().exits(7);
    let expected = format!("6 a b c --lang fr -C nowhere in {} as bob\n", sandbox.dir().display());
    assert_eq!(run.stdout, expected);
    sandbox.command("help").env("PATH", &path).run().exits(0).prints(&["Extensions", "  hello\n"]);
}

#[test]
fn a_name_of_ours_is_never_an_extension() {
    let sandbox = Sandbox::trading();
    let bin = sandbox.outside("bin");
    for name in ["crm-customer", "crm-opp", "crm-status", "crm-help", "crm-Odd", "crm-..odd"] {
        put(&bin, name, "echo stolen");
    }
    let path = path(&bin.display().to_string());
    for words in ["customer list", "opp list", "status", "help"] {
        let run = sandbox.command(words).env("PATH", &path).run().exits(0);
        assert!(!run.stdout.contains("stolen"), "{run}");
    }
    sandbox.command("Odd").env("PATH", &path).run().exits(2);
    let help = sandbox.command("help").env("PATH", &path).run().exits(0);
    assert!(!help.stdout.contains("Odd") && !help.stdout.contains("Extensions"), "{help}");
}

#[test]
fn an_unknown_command_still_says_what_comes_near_and_here_is_no_path() {
    let sandbox = Sandbox::new();
    sandbox.fails(2, "custmer list").says(&["perhaps customer"]);
    put(sandbox.dir(), "crm-hello", "echo stolen");
    let run = sandbox.command("hello").env("PATH", path(".")).run().exits(2);
    assert_eq!(run.stdout, "");
}
