//! Many processes at once on one store, with a person's own git beside them: what was acknowledged
//! is there, and nobody's file is in another's commit.
//!
//! Eight processes of ten records each; of fifty each with `CRM_TEST_FULL=1`.

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::Sandbox;

const PROCESSES: usize = 8;

/// How many records each process makes, and after how many it also changes one.
fn rounds() -> usize {
    if std::env::var_os("CRM_TEST_FULL").is_some_and(|value| value == "1") { 50 } else { 10 }
}
const CHANGE_EVERY: usize = 5;

/// The commands of one process.
fn commands(sandbox: &Sandbox, process: usize) -> Vec<Command> {
    let wait = ["--lock-timeout", "120s"];
    let mut commands = Vec::new();
    for round in 1..=rounds() {
        let name = format!("Customer {process}-{round}");
        let add = ["customer", "add", "--name", name.as_str()];
        commands.push(sandbox.command([&add[..], &wait].concat().as_slice()).process());
        if round % CHANGE_EVERY == 0 {
            let set = ["customer", "set", name.as_str(), "--city", "上海"];
            commands.push(sandbox.command([&set[..], &wait].concat().as_slice()).process());
        }
    }
    commands
}

/// What the person did: how often git let them, and the lines they committed.
#[derive(Default)]
struct Person {
    committed: Vec<String>,
    refused: usize,
}

/// A person's own file, changed and committed with git again and again until the others are done.
fn person(sandbox: &Sandbox) -> impl FnOnce(&AtomicBool) -> Person + Send + use<> {
    let file = sandbox.path("notes.txt");
    let git = |words: &[&str]| {
        let mut command = sandbox.bare("git");
        command.args(words);
        command
    };
    let (mut add, mut commit) =
        (git(&["add", "notes.txt"]), git(&["commit", "-qm", "a note", "--", "notes.txt"]));
    move |done| {
        let mut person = Person::default();
        let mut all = String::new();
        while !done.load(Ordering::Relaxed) || person.committed.is_empty() {
            let line = format!("note {}\n", person.committed.len() + person.refused);
            all.push_str(&line);
            std::fs::write(&file, &all).expect("a person can write their file");
            let ok = |command: &mut Command| command.output().expect("git runs").status.success();
            if ok(&mut add) && ok(&mut commit) {
                person.committed.push(line);
            } else {
                person.refused += 1;
            }
        }
        person
    }
}

fn run_all(commands: Vec<Command>) -> Vec<Output> {
    commands.into_iter().map(|mut command| command.output().expect("the program runs")).collect()
}

/// The commits of the branch: whether the program made it, and the paths it touches.
fn history(sandbox: &Sandbox) -> Vec<(bool, Vec<String>)> {
    let log = sandbox.git("log --name-only --format=%x01%(trailers:key=Crm-Op,valueonly,separator=%x2C)");
    let commit = |text: &str| {
        let (op, paths) = text.split_once('\n').unwrap_or((text, ""));
        (!op.is_empty(), paths.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    };
    log.split('\u{1}').skip(1).map(commit).collect()
}

#[test]
fn eight_processes_and_a_person_lose_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("draft.txt", "never added\n");
    let before = sandbox.commits();
    let work: Vec<Vec<Command>> = (1..=PROCESSES).map(|process| commands(&sandbox, process)).collect();
    let wanted: usize = work.iter().map(Vec::len).sum();
    let done = AtomicBool::new(false);
    let by_hand = person(&sandbox);
    let (outputs, person) = thread::scope(|scope| {
        let hand = scope.spawn(|| by_hand(&done));
        let processes: Vec<_> = work.into_iter().map(|commands| scope.spawn(|| run_all(commands))).collect();
        let outputs: Vec<Output> =
            processes.into_iter().flat_map(|process| process.join().expect("a process ends")).collect();
        done.store(true, Ordering::Relaxed);
        (outputs, hand.join().expect("the person ends"))
    });

    let (acknowledged, refused): (Vec<_>, Vec<_>) =
        outputs.iter().partition(|output| output.status.success());
    let made: BTreeSet<String> =
        acknowledged.iter().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).collect();
    report(&made, acknowledged.len(), refused.len(), &person);
    in_head(&sandbox, &made, &person);
    apart(&sandbox, before, acknowledged.len(), &person);
    assert_eq!(sandbox.git("fsck --strict --full --no-dangling"), "");
    sandbox.ok("check");
    let told: Vec<_> = refused.iter().map(|output| String::from_utf8_lossy(&output.stderr)).collect();
    assert!(told.is_empty(), "{} of {wanted} commands refused: {}", told.len(), told[0]);
    assert_eq!(made.len(), PROCESSES * rounds());
    let changed = sandbox.ok("customer list --where city=上海 --format ids").lines().count();
    assert_eq!(changed, PROCESSES * rounds() / CHANGE_EVERY);
}

/// Everything that was acknowledged is in the last commit.
fn in_head(sandbox: &Sandbox, made: &BTreeSet<String>, person: &Person) {
    let tree = sandbox.git("ls-tree -r --name-only HEAD");
    let there: BTreeSet<&str> =
        tree.lines().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".toml")).collect();
    let lost: Vec<&String> = made.iter().filter(|id| !there.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "acknowledged, but not in HEAD: {lost:?}");
    let notes = sandbox.git("show HEAD:notes.txt") + "\n";
    assert!(person.committed.iter().all(|line| notes.contains(line.as_str())), "a person's note is lost");
}

/// Nobody committed another's file, and nothing of ours is left lying about.
fn apart(sandbox: &Sandbox, before: usize, wanted: usize, person: &Person) {
    let history = history(sandbox);
    let (ours, theirs): (Vec<_>, Vec<_>) = history.iter().partition(|(ours, _)| *ours);
    assert_eq!((ours.len(), theirs.len()), (before + wanted, person.committed.len()), "one commit for each");
    for (_, paths) in &ours[..wanted] {
        assert!(paths.len() == 1 && paths[0].starts_with("customers/"), "{paths:?}");
    }
    for (_, paths) in &theirs {
        assert_eq!(paths, &["notes.txt"]);
    }
    let status = sandbox.git("status --porcelain");
    let (draft, others): (Vec<_>, Vec<_>) = status.lines().partition(|line| *line == "?? draft.txt");
    assert_eq!(draft.len(), 1, "a file nobody added stays so: {status}");
    assert!(others.iter().all(|line| line.ends_with(" notes.txt")), "not the person's: {status}");
}

#[expect(clippy::print_stderr, reason = "the figures, for whoever asks with --nocapture")]
fn report(made: &BTreeSet<String>, acknowledged: usize, refused: usize, person: &Person) {
    eprintln!(
        "{} of {} records after {acknowledged} commands of {PROCESSES} processes, {refused} refused; \
         a person committed {} times beside them, refused {} times by a lock",
        made.len(),
        PROCESSES * rounds(),
        person.committed.len(),
        person.refused
    );
}
