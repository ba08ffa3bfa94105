//! What must not come in: each a push to the real hook, which refuses it for the reason named and
//! leaves the branch where it was. The same commits are refused by `policy check`, for the same
//! reasons, and found by an `audit` of a history that holds them.
//!
//! Deliberately absent: colliding SHA-1 names, which git and libgit2 detect and no test can make.

mod facts;
mod files;
mod form;
mod references;
mod rights;
mod who;

use facts::FACTS;
use files::FILES;
use form::FORM;
use rights::RIGHTS;
use who::WHO;

use super::harness::{Bench, Edit, Text, listed, named, put, signed};
use super::store::{SAMS, path};

/// A named push.
struct Case {
    name: &'static str,
    rules: &'static [&'static str],
    /// Makes commits on the tip and gives the last of them.
    make: fn(&Bench, &str) -> String,
}

const fn case(name: &'static str, rules: &'static [&'static str], make: fn(&Bench, &str) -> String) -> Case {
    Case { name, rules, make }
}

/// A file with one part of its text replaced.
fn edit(b: &Bench, at: &str, path: &str, from: &str, to: &str) -> Edit {
    let text = b.read(at, path);
    assert!(text.contains(from), "{path} has no {from:?}\n{text}");
    put(path, text.replacen(from, to, 1))
}

/// A file with more at its end.
fn more(b: &Bench, at: &str, path: &str, text: &str) -> Edit {
    put(path, b.read(at, path) + text)
}

/// A note on a record.
fn note(b: &Bench, at: &str, id: &str) -> Edit {
    noted(b, at, &path(id))
}

fn noted(b: &Bench, at: &str, path: &str) -> Edit {
    let text = b.read(at, path);
    let (first, rest) = text.split_once("\n\n").expect("a head");
    put(path, format!("{first}\nnote = \"by hand\"\n\n{rest}"))
}

/// A commit by hand that is honest but for its bytes.
fn odd(b: &Bench, tip: &str, change: fn(&str) -> String) -> String {
    let plain = b.text("sam", tip, &[note(b, tip, SAMS)]).plain();
    let text = signed(&plain, &b.pem("sam", "git", plain.as_bytes()));
    b.write(change(&text).as_bytes())
}

/// Signed as it is, whatever it holds.
fn signed_odd(b: &Bench, plain: &[u8]) -> String {
    let pem = b.pem("sam", "git", plain);
    let end = plain.windows(2).position(|pair| pair == b"\n\n").expect("a header");
    let header = format!("gpgsig {}\n", pem.trim_end().replace('\n', "\n "));
    b.write(&[&plain[..=end], header.as_bytes(), &plain[end + 1..]].concat())
}

fn with_tree(b: &Bench, user: &str, tip: &str, tree: String) -> String {
    b.sign(user, &Text::on(user, tip, tree))
}

fn undoing(b: &Bench, user: &str, tip: &str, target: &str, edits: &[Edit]) -> String {
    let mut text = b.text(user, tip, edits);
    text.message = format!("undo\n\nCrm-Op: undo\nCrm-Undoes: {target}\nCrm-Actor: {user}");
    b.sign(user, &text)
}

/// Runs a table: every push is refused with the rules of its case, by all who judge.
fn refused(cases: &[Case]) {
    let bench = Bench::new();
    let tip = bench.tip();
    let mut wrong = Vec::new();
    for case in cases {
        let new = (case.make)(&bench, &tip);
        let push = bench.push(&format!("{new}:refs/heads/main"), &["--force"]);
        let rules = named(&push);
        let mut tell = |what: &str, of: &dyn std::fmt::Display| {
            wrong.push(format!("{}: {what}, wanted {:?}\n{of}", case.name, case.rules));
        };
        if push.exit == 0 || bench.tip() != tip {
            tell("came in", &push);
            bench.in_hub(&["update-ref", "refs/heads/main", &tip]);
            continue;
        }
        if !case.rules.iter().all(|rule| rules.iter().any(|found| found == rule)) {
            tell("another reason", &push);
        }
        let check = bench.crm(&["policy", "check", &format!("{tip}..{new}"), "--format", "tsv"]);
        if check.exit != 11 || listed(&check) != rules {
            tell(&format!("policy check says otherwise than {rules:?}"), &check);
        }
        let audit = bench.crm(&["audit", &new, "--format", "tsv"]);
        let found = listed(&audit);
        if audit.exit != 9 || !case.rules.iter().all(|rule| found.iter().any(|found| found == rule)) {
            tell("audit does not find it", &audit);
        }
    }
    assert!(wrong.is_empty(), "{} of {} pushes\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn what_somebody_else_signed_is_refused() {
    refused(WHO);
}

#[test]
fn commits_and_trees_that_git_does_not_write_are_refused() {
    refused(FORM);
}

#[test]
fn files_that_may_not_be_there_are_refused() {
    refused(FILES);
}

#[test]
fn what_no_role_allows_is_refused() {
    refused(RIGHTS);
}

#[test]
fn facts_history_and_undo_are_not_bent() {
    refused(FACTS);
}

#[test]
fn the_tables_hold_what_they_promise() {
    let tables = [WHO, FORM, FILES, RIGHTS, FACTS];
    let mut names: Vec<&str> = tables.iter().flat_map(|cases| cases.iter().map(|case| case.name)).collect();
    assert!(names.len() >= 100, "{}", names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), tables.iter().map(|cases| cases.len()).sum::<usize>(), "a name is there twice");
}
