//! `crm doctor --bundle`: what helps to find a fault, without anything that the store knows of
//! people.
//!
//! Nothing is copied. Every value is a number, a word of ours, or a setting whose values are a
//! closed list or a number; names that people chose stay out, also where they are keys of
//! `crm.toml`, users, files, folders or remotes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value as Json, json};

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::commit::folders;
use super::{Finding, State};
use crate::model::setting::{Setting, Shape, of_store};
use crate::model::{Class, Problem};
use crate::store::write_support;

/// Settings of git that change how a store works.
const OF_GIT: &[&str] = &[
    "core.autocrlf",
    "core.eol",
    "core.fileMode",
    "core.fsync",
    "core.fsyncMethod",
    "core.untrackedCache",
    "commit.gpgSign",
    "feature.manyFiles",
    "gc.auto",
    "gpg.format",
    "index.skipHash",
    "index.version",
    "maintenance.auto",
    "merge.conflictStyle",
    "pull.rebase",
];

const ABOUT: &str = "\
A description of one clone of a crm store, for somebody who helps to find a fault.

versions.json  programs and system
settings.json  which settings are made; values only where they are a number or of a closed list
counts.json    records by type, commits, objects, sizes
findings.json  what `crm doctor` found, by name
timings.json   milliseconds

There is nothing in it that a record holds, and no name of a person, company, file, folder or server.
";

/// Writes it.
pub fn write(context: &Context, found: &[Finding], file: &str) -> Result<(), Failure> {
    let mut timings = BTreeMap::new();
    let counts = counts(context, &mut timings)?;
    let versions = versions(context);
    let settings = settings(context);
    let text = |json: Json| format!("{json:#}\n").into_bytes();
    let files = [
        ("README.txt".to_owned(), ABOUT.as_bytes().to_vec()),
        ("versions.json".to_owned(), text(versions)),
        ("settings.json".to_owned(), text(settings)),
        ("counts.json".to_owned(), text(counts)),
        ("findings.json".to_owned(), text(findings(found))),
        ("timings.json".to_owned(), text(json!(timings))),
    ];
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(());
    }
    if !write_support(Path::new(file), &files, context.now.timestamp())? {
        let problem = Problem::new(Class::Conflict, "backup-there").arg("path", file);
        return Err(problem.hint("backup-there-hint").into());
    }
    context.say("doctor-bundle-made", &[("path", file)]);
    Ok(())
}

fn findings(found: &[Finding]) -> Json {
    let state = |state: State| match state {
        State::Ok => "ok",
        State::Note => "note",
        State::Wrong => "wrong",
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let each = found.iter().map(|finding| {
        let detail = Some(&finding.detail).filter(|detail| is_number(detail));
        json!({"what": finding.what, "state": state(finding.state), "detail": detail})
    });
    Json::Array(each.collect())
}

fn versions(context: &Context) -> Json {
    let git = context.store().ok().and_then(|store| {
        let output = store.repo.git_program().arg("--version").stdin(Stdio::null()).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    });
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let system = read("/etc/os-release");
    let system = system.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or_default();
    json!({
        "crm": env!("CARGO_PKG_VERSION"),
        "git": git,
        "system": system.trim_matches('"'),
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "language": context.locale.language.tag(),
    })
}

/// A value that is a number, a code or a zone: nothing longer, and nothing with a blank in it.
fn is_code(value: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-:/.+%,".contains(c);
    value.len() <= 32 && value.chars().all(fits)
}

/// Whether the values of a setting are numbers, times, or of a closed list.
fn is_closed(setting: &Setting) -> bool {
    let texts = matches!(
        setting.shape,
        Shape::Text
            | Shape::Texts
            | Shape::Phone
            | Shape::Email
            | Shape::Url
            | Shape::Slug
            | Shape::Pattern
            | Shape::Program
    );
    !texts && !setting.is_free()
}

/// Known settings by name; how many there are where people choose the names.
fn settings(context: &Context) -> Json {
    let mut shown: BTreeMap<String, Json> = BTreeMap::new();
    let mut chosen: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, values) in context.schema.settings.written() {
        let value = values.join(",");
        match of_store(key) {
            Some(setting) if setting.is_free() => {
                let section = setting.key.split('.').next().unwrap_or_default();
                *chosen.entry(section).or_default() += 1;
            }
            Some(setting) => {
                // What is wrong could be anything.
                let fits = is_closed(setting) && is_code(&value) && setting.judge(key, values).is_ok();
                shown.insert(key.to_owned(), if fits { json!(value) } else { json!("(set)") });
            }
            None => *chosen.entry("unknown").or_default() += 1,
        }
    }
    let mut git: BTreeMap<&str, Json> = BTreeMap::new();
    let mut remotes = 0;
    if let Ok(store) = context.store() {
        for key in OF_GIT {
            let value =
                store.repo.config(key).map(|value| if is_code(&value) { value } else { "(set)".to_owned() });
            git.extend(value.map(|value| (*key, json!(value))));
        }
        let output = store.repo.git_program().arg("remote").stdin(Stdio::null()).output();
        remotes = output.map_or(0, |output| String::from_utf8_lossy(&output.stdout).lines().count());
    }
    json!({"crm.toml": shown, "keys that people chose, by section": chosen, "git": git, "remotes": remotes})
}

/// How much there is, and how long it takes to look at it.
fn counts(context: &Context, timings: &mut BTreeMap<&'static str, u64>) -> Result<Json, Failure> {
    let store = context.store()?;
    let mut timed = |what: &'static str, since: Instant| {
        timings.insert(what, u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX));
    };
    let started = Instant::now();
    let mut records: BTreeMap<&str, u64> = BTreeMap::new();
    let below: Vec<&str> = context.schema.kinds().iter().map(|kind| kind.folder).collect();
    for (path, _) in store.repo.scan_work(&below)? {
        if let Some(kind) = context.schema.kind_of_path(&path).filter(|_| path.ends_with(".toml")) {
            *records.entry(kind.name).or_default() += 1;
        }
    }
    timed("list files", started);
    let started = Instant::now();
    let all = folders(context);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let edits = store.repo.hand_edits(&all)?.len();
    timed("compare files with the last commit", started);
    let started = Instant::now();
    let broken = context.whole_mirror()?.broken()?.len();
    timed("read the mirror", started);
    let started = Instant::now();
    let count = |words: &[&str]| -> Option<u64> {
        let output = store.repo.git_program().args(words).stdin(Stdio::null()).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    let commits = count(&["rev-list", "--count", "HEAD"]);
    timed("count commits", started);
    let started = Instant::now();
    let output = store.repo.git_program().args(["for-each-ref", "--format=x"]).stdin(Stdio::null()).output();
    let references = output.map_or(0, |output| String::from_utf8_lossy(&output.stdout).lines().count());
    let size = store.repo.size();
    timed("measure the repository", started);
    let mirror = store.repo.gitdir().join("crm").join("mirror.db");
    let mirror = mirror.metadata().map_or(0, |about| about.len());
    Ok(json!({
        "records": records,
        "unreadable": broken,
        "changed by hand": edits,
        "commits": commits,
        "references": references,
        "loose objects": size.loose,
        "packs": size.packs,
        "bytes of objects": size.objects,
        "bytes of .git": size.all,
        "bytes of the mirror": mirror,
    }))
}
