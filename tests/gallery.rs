//! Literate transcripts: the README, and the gallery of errors, one file per message.
//!
//! `UPDATE_TRANSCRIPTS=1 cargo test gallery` writes the gallery anew from what the program says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{CRM, Sandbox, transcript};

/// A shell in the sandbox that finds the program.
fn shell(sandbox: &Sandbox) -> Command {
    let mut command = sandbox.bare("bash");
    let bin = Path::new(CRM).parent().expect("the folder of the program");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = vec![bin.to_owned()];
    all.extend(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(all).expect("a search path"));
    command.env("CRM_NOW", "2026-03-04T09:30:00+08:00");
    command
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder of the transcripts");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    found.sort();
    found
}

/// Runs the files of the gallery whose names begin so, each in a store of its own.
fn gallery(beginning: &str) {
    let wanted =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(beginning));
    let files: Vec<PathBuf> = files("errors").into_iter().filter(wanted).collect();
    assert!(!files.is_empty(), "the gallery has files that begin with {beginning}");
    let mut wrong = String::new();
    for file in files {
        let sandbox = Sandbox::trading();
        let mut shell = shell(&sandbox);
        shell.env("CRM_USER", "ann");
        wrong.push_str(&transcript::differences(&file, shell, &[], &[]));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_errors_of_the_command_line_read_as_the_gallery_shows() {
    gallery("usage-");
}

#[test]
fn the_errors_of_looking_up_read_as_the_gallery_shows() {
    gallery("lookup-");
}

#[test]
fn the_refusals_of_rules_read_as_the_gallery_shows() {
    gallery("rule-");
}

#[test]
fn the_errors_of_files_read_as_the_gallery_shows() {
    gallery("file-");
}

#[test]
fn the_errors_of_imports_read_as_the_gallery_shows() {
    gallery("import-");
}

#[test]
fn the_errors_of_the_store_read_as_the_gallery_shows() {
    gallery("store-");
}

#[test]
fn the_errors_of_messages_read_as_the_gallery_shows() {
    gallery("message-");
}

#[test]
fn the_gallery_has_no_file_that_no_test_runs() {
    let known = ["usage-", "lookup-", "rule-", "file-", "import-", "message-", "store-"];
    for file in files("errors") {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(known.iter().any(|beginning| name.starts_with(beginning)), "{name}");
    }
}

#[test]
fn a_dealers_quarter_goes_as_it_is_told() {
    for file in files("transcripts") {
        let sandbox = Sandbox::empty();
        sandbox.git("config --global user.name 'Wang Wei'");
        sandbox.git("config --global user.email wang@lvxing.example");
        let wrong = transcript::differences(&file, shell(&sandbox), &[], &[]);
        assert!(wrong.is_empty(), "{wrong}");
    }
}

#[test]
fn the_readme_was_really_run() {
    let sandbox = Sandbox::empty();
    sandbox.git("config --global user.name 'Li Na'");
    sandbox.git("config --global user.email li.na@acme.example");
    let mut shell = shell(&sandbox);
    // Who commits with plain git is asked of the configuration.
    for name in ["AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"] {
        shell.env_remove(format!("GIT_{name}"));
    }
    shell.env("CRM_NOW", "2026-11-22T19:51:00+08:00").env("TZ", "Asia/Shanghai");
    let unseen = [
        ("### For analysts", "cd .. && crm demo && cd crm-demo"),
        ("### Import", "cd ../acme; unset CRM_USER CRM_LANG"),
    ];
    // Sorted by ids, which are random, and cut; or the day's work of the sample company.
    let loose = ["crm report sales --by customer,month", "crm status"];
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let wrong = transcript::differences(&readme, shell, &unseen, &loose);
    assert!(wrong.is_empty(), "{wrong}");
}
