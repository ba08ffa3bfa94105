//! The lessons of the tutorial run as they are shown, leave nothing behind, and touch no store.

use std::fs;
use std::path::Path;

use crate::support::{Run, Sandbox, snapshot};

/// Runs the tutorial with a folder for temporary files, which is empty again afterwards.
fn tutorial(sandbox: &Sandbox, words: &[&str]) -> Run {
    let scratch = sandbox.outside("scratch");
    fs::create_dir_all(&scratch).expect("a folder for temporary files");
    let words: Vec<&str> = ["tutorial"].iter().chain(words).copied().collect();
    let run = sandbox.command(&words[..]).env("TMPDIR", &scratch).env("CRM_USER", "").run();
    assert_eq!(names(&scratch), [""; 0], "nothing is left");
    run
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The steps that are refused, and how.
const REFUSED: &[(&str, i64)] = &[("clash", 6), ("can", 11), ("refused", 11)];

#[track_caller]
fn every_step_is_as_declared(language: &str, error: &str) {
    let sandbox = Sandbox::trading();
    let before = snapshot(sandbox.dir());
    let steps = tutorial(&sandbox, &["--all", "--format", "json", "--lang", language]).exits(0).json();
    let steps = steps.as_array().expect("steps");
    assert!(steps.len() > 40, "{}", steps.len());
    for step in steps {
        let name = step["step"].as_str().expect("a name");
        let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
        assert_eq!(step["exit"], refused.map_or(0, |(_, exit)| *exit), "{step}");
        let output = step["output"].as_str().expect("what it printed");
        assert!(refused.is_some() || !output.contains(error), "{step}");
        let line = step["command"].as_str().expect("a line");
        assert!(!line.contains('{'), "{line}");
        let is_silent = ["cd ", "export ", "git "].iter().any(|word| line.starts_with(word));
        assert_eq!(output.is_empty(), is_silent, "{step}");
    }
    let after = snapshot(sandbox.dir());
    assert_eq!(after.differences(&before), [""; 0], "the store of the directory is as it was");
}

#[test]
fn every_lesson_runs_as_declared_in_english() {
    every_step_is_as_declared("en", "error:");
}

#[test]
fn every_lesson_runs_as_declared_in_chinese() {
    every_step_is_as_declared("zh-CN", "错误:");
}

#[test]
fn the_lessons_are_listed_without_a_store_for_people_and_programs() {
    let sandbox = Sandbox::empty();
    let lessons = tutorial(&sandbox, &["--format", "json"]).exits(0).json();
    let lessons = lessons.as_array().expect("lessons");
    let names: Vec<&str> = lessons.iter().filter_map(|lesson| lesson["name"].as_str()).collect();
    assert_eq!(names, ["first", "order", "service", "figures", "together", "rights"]);
    assert!(lessons.iter().all(|lesson| lesson["steps"].as_i64().is_some_and(|steps| steps >= 5)));
    tutorial(&sandbox, &["--lang", "en"]).exits(0).prints(&["Working together"]).says(&["crm tutorial 1"]);
    tutorial(&sandbox, &["--lang", "zh-CN"]).exits(0).prints(&["多人协作"]);
}

#[test]
fn a_lesson_shows_why_the_line_and_what_it_prints() {
    let sandbox = Sandbox::empty();
    let shown = tutorial(&sandbox, &["1", "--lang", "en"]).exits(0).stdout;
    let parts = [
        "Lesson 1: ",
        "level A.\n$ crm customer set \"Harbour Hotel\" --level A\ncustomer set: Harbour Hotel",
    ];
    assert!(parts.iter().all(|part| shown.contains(part)), "{shown}");
    let by_name = tutorial(&sandbox, &["first", "--lang", "en", "-o", "first.txt"]).exits(0);
    assert_eq!(by_name.stdout, "");
    let times = |text: &str| text.lines().filter(|line| line.starts_with("$ ")).count();
    assert_eq!(times(&sandbox.read("first.txt")), times(&shown));
    assert!(times(&shown) >= 5);
}

#[test]
fn a_lesson_is_made_where_it_is_wanted_and_kept_on_demand() {
    let sandbox = Sandbox::empty();
    tutorial(&sandbox, &["first", "--dir", "lessons"]).exits(0);
    assert!(!sandbox.path("lessons").exists());
    tutorial(&sandbox, &["first", "--dir", "lessons", "--keep"]).exits(0).says(&["lessons"]);
    assert!(sandbox.path("lessons/first/shop/crm.toml").is_file());
    tutorial(&sandbox, &["first", "--dir", "lessons"]).exits(2).says(&["lessons/first"]);
    assert!(sandbox.path("lessons/first/shop/crm.toml").is_file(), "what was there is kept");
    tutorial(&sandbox, &["rights", "--dir", "lessons"]).exits(0);
    assert_eq!(names(&sandbox.path("lessons")), ["first"]);
}

#[test]
fn a_dry_run_shows_the_lines_and_runs_none() {
    let sandbox = Sandbox::empty();
    let steps =
        tutorial(&sandbox, &["together", "--dry-run", "--dir", "x", "--format", "json"]).exits(0).json();
    let steps = steps.as_array().expect("steps");
    assert!(steps.len() > 5 && steps.iter().all(|step| step["exit"].is_null()));
    assert!(!sandbox.path("x").exists());
}

#[test]
fn what_is_no_lesson_is_refused_with_the_names() {
    let sandbox = Sandbox::empty();
    for wrong in ["0", "7", "fist", "-1"] {
        let exit = if wrong.starts_with('-') { 2 } else { 3 };
        tutorial(&sandbox, &[wrong]).exits(exit);
    }
    tutorial(&sandbox, &["fist", "--lang", "en"]).exits(3).says(&["`fist`", "first"]);
    tutorial(&sandbox, &["--keep"]).exits(2);
    tutorial(&sandbox, &["1", "--all"]).exits(2);
}
