//! What a merge left to a person, field by field: git's driver for records, the list of what is
//! open, and deciding it.
//!
//! Decisions of one merge are kept in `.git/crm/` until it is done, so that fields can be settled
//! one after another. Deliberately absent: merging the branches themselves, which git does.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command as Process;

use clap::{ArgAction, ArgMatches, Command};

use super::super::args::{Words, option, place, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::super::ui::atomically;
use super::Standalone;
use crate::model::record::Kind;
use crate::model::{Class, Problem};
use crate::store::field_merge::{Clash, Merged, Side, merge};
use crate::store::{Conflicted, document};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// `crm conflicts`.
pub const CONFLICTS: Standalone = Standalone {
    name: "conflicts",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(option("fields", "FIELD,…", words)),
    run: conflicts,
};

/// `crm resolve`.
pub const RESOLVE: Standalone = Standalone {
    name: "resolve",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .long_about(words.text("help-resolve-long"))
            .arg(place("record", "RECORD", words).required(true))
            .arg(option("field", "FIELD", words).action(ArgAction::Append))
            .arg(switch("ours", words).conflicts_with_all(["theirs", "value"]))
            .arg(switch("theirs", words).conflicts_with("value"))
            .arg(option("value", "VALUE", words).requires("field").allow_hyphen_values(true))
    },
    run: resolve,
};

/// `crm merge-driver`, which git calls.
pub const MERGE_DRIVER: Standalone = Standalone {
    name: "merge-driver",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let files = ["base", "ours-file", "theirs-file", "path"];
        command
            .long_about(words.text("help-merge-driver-long"))
            .args(files.map(|name| place(name, "FILE", words).required_unless_present("install")))
            .arg(option("marker-size", "N", words))
            .arg(switch("install", words))
    },
    run: merge_driver,
};

/// Decisions by path and field.
type Decisions = BTreeMap<String, BTreeMap<String, Side>>;

/// Decisions as they are kept: what was chosen, and the value where it is another one.
type Kept = BTreeMap<String, BTreeMap<String, (String, String)>>;

fn merge_driver(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    if on(matches, "install") {
        context.store()?.repo.install_git_settings()?;
        context.say("merge-driver-installed", &[]);
        return Ok(Exit::Ok);
    }
    let [base, ours, theirs, path] =
        ["base", "ours-file", "theirs-file", "path"].map(|name| one(matches, name).unwrap_or_default());
    let read = |path: &str| fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let merged = match (read(&base), read(&ours), read(&theirs)) {
        (Some(b), Some(o), Some(t)) => merged(context, &path, [&b, &o, &t], &|_| None).ok(),
        _ => None,
    };
    let Some(merged) = merged else {
        // What is no TOML is merged as text, as git would without us.
        let size = one(matches, "marker-size").unwrap_or_else(|| "7".to_owned());
        let status = Process::new("git")
            .args(["merge-file", "-L", "ours", "-L", "base", "-L", "theirs"])
            .arg(format!("--marker-size={size}"))
            .args([&ours, &base, &theirs])
            .status()?;
        return Ok(if status.success() { Exit::Ok } else { Exit::Error });
    };
    fs::write(&ours, &merged.text)?;
    Ok(if merged.conflicts.is_empty() { Exit::Ok } else { Exit::Error })
}

/// Three versions as one, in canonical form where both sides were.
fn merged(
    context: &Context,
    path: &str,
    [base, ours, theirs]: [&str; 3],
    decide: &dyn Fn(&Clash) -> Option<Side>,
) -> Result<Merged, Problem> {
    let kind = context.schema.kind_of_path(path);
    let mut merged = merge(kind, base, ours, theirs, decide)?;
    let canonical = |text: &str| {
        let read = document::parse(&context.schema, path, text.as_bytes()).ok()?;
        Some(document::canonical(&read.doc))
    };
    let is_canonical = |text: &str| canonical(text).is_some_and(|form| form == text);
    if merged.conflicts.is_empty()
        && is_canonical(ours)
        && is_canonical(theirs)
        && let Some(text) = canonical(&merged.text)
    {
        merged.text = text;
    }
    Ok(merged)
}

/// A file that is open, with what is to be decided in it.
struct Open {
    file: Conflicted,
    clashes: Vec<Clash>,
    /// As it stands with the decisions made; nothing where it is gone.
    text: Option<String>,
}

/// Every open file; one that a side removed is to be decided as a whole, as is what is no TOML.
fn open(context: &Context, decisions: &Decisions) -> Result<Vec<Open>, Failure> {
    let mut found = Vec::new();
    for file in context.store()?.repo.conflicts()? {
        let none = BTreeMap::new();
        let of_file = decisions.get(&file.path).unwrap_or(&none);
        let text =
            |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let [base, ours, theirs] = [&file.base, &file.ours, &file.theirs].map(text);
        let decide = |clash: &Clash| of_file.get(&clash.field).or_else(|| of_file.get("")).cloned();
        let by_field = match (&ours, &theirs) {
            (Some(o), Some(t)) => {
                let base = base.as_deref().unwrap_or_default();
                merged(context, &file.path, [base, o, t], &decide).ok()
            }
            _ => None,
        };
        let open = match by_field {
            Some(merged) => Open { clashes: merged.conflicts, text: Some(merged.text), file },
            None => {
                let clash = Clash { field: String::new(), base, ours: ours.clone(), theirs: theirs.clone() };
                match decide(&clash) {
                    Some(Side::Ours) => Open { clashes: Vec::new(), text: ours, file },
                    Some(Side::Theirs) => Open { clashes: Vec::new(), text: theirs, file },
                    _ => Open { clashes: vec![clash], text: ours.or(theirs), file },
                }
            }
        };
        found.push(open);
    }
    Ok(found)
}

fn conflicts(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let columns = [
        ("record", ColumnType::Id),
        ("name", ColumnType::Text),
        ("field", ColumnType::Text),
        ("base", ColumnType::Text),
        ("ours", ColumnType::Text),
        ("theirs", ColumnType::Text),
        ("path", ColumnType::Text),
    ];
    let columns = columns.map(|(name, ty)| {
        Column::new(name, ty).labelled(context.text(&format!("field-conflict-{name}"), &[]))
    });
    let mut table =
        Table { title: context.text("title-conflicts", &[]), ..Table::new("conflicts", columns.to_vec()) };
    table.columns[6].audience = Audience::Data;
    table.id_column = Some(0);
    for open in open(context, &decisions(context)?)? {
        for clash in &open.clashes {
            // Of a field its value, of a file that one side removed whether it is there.
            let value = |text: &Option<String>| match text {
                None => Cell::Null,
                Some(_) if clash.field.is_empty() => Cell::text(context.text("word-yes", &[])),
                Some(text) => Cell::text(text),
            };
            table.rows.push(vec![
                Cell::text(id_of(&open.file.path)),
                Cell::text(title(context, &open.file)),
                Cell::text(&clash.field),
                value(&clash.base),
                value(&clash.ours),
                value(&clash.theirs),
                Cell::text(&open.file.path),
            ]);
        }
    }
    super::list::print_chosen(context, table, matches)?;
    Ok(Exit::Ok)
}

fn resolve(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let side = match (on(matches, "ours"), on(matches, "theirs"), one(matches, "value")) {
        (true, ..) => Side::Ours,
        (_, true, _) => Side::Theirs,
        (.., Some(value)) => Side::Value(value),
        _ => return Err(Problem::usage("missing-flag").arg("flag", "--ours|--theirs|--value").into()),
    };
    let mut decisions = decisions(context)?;
    let name = one(matches, "record").unwrap_or_default();
    let before = open(context, &decisions)?;
    let found = wanted(context, &before, &name)?;
    let path = found.file.path.clone();
    let left_there = found.text.clone();
    let known: Vec<String> = found.clashes.iter().map(|clash| clash.field.clone()).collect();
    let fields = given(matches, "field").unwrap_or_else(|| known.clone());
    for field in fields {
        if !known.contains(&field) {
            let problem =
                Problem::new(Class::NotFound, "no-such-conflict").arg("field", &field).arg("record", &name);
            return Err(problem.legal(known).into());
        }
        decisions.entry(path.clone()).or_default().insert(field, side.clone());
    }
    let after = open(context, &decisions)?;
    let Some(one) = after.iter().find(|open| open.file.path == path) else { return Ok(Exit::Ok) };
    if let Some(clash) = one.clashes.iter().find(|clash| decisions[&path].contains_key(&clash.field)) {
        return Err(Problem::usage("bad-decision").arg("field", &clash.field).into());
    }
    if let (Side::Value(_), true, Some(text)) = (&side, one.clashes.is_empty(), &one.text)
        && context.schema.kind_of_path(&path).is_some()
    {
        // A value that the record cannot have is refused, not written.
        document::parse(&context.schema, &path, text.as_bytes())?;
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "1")]);
        return context.ui.lines(one.text.iter().flat_map(|text| text.lines())).map(|()| Exit::Ok);
    }
    keep(context, &decisions)?;
    set_aside(context, &path, left_there.as_deref())?;
    let settled = one.clashes.is_empty();
    context.store()?.repo.put_version(&path, one.text.as_ref().map(String::as_bytes), settled)?;
    let left: usize = after.iter().map(|open| open.clashes.len()).sum();
    if left == 0 {
        context.say("resolve-done", &[]);
    } else {
        context.say("resolve-left", &[("count", &left.to_string())]);
    }
    context.ui.lines([id_of(&path)])?;
    Ok(Exit::Ok)
}

/// Keeps a copy of the file as it lies there, where it is not what the merge by field left: somebody
/// may have edited it, and git's own merge by line looks different.
fn set_aside(context: &Context, path: &str, left_there: Option<&str>) -> Result<(), Failure> {
    let repo = &context.store()?.repo;
    let Ok(there) = fs::read(repo.root().join(path)) else { return Ok(()) };
    if left_there.is_some_and(|text| text.as_bytes() == there) {
        return Ok(());
    }
    let copy = repo.gitdir().join("crm-before-resolve").join(path);
    if let Some(folder) = copy.parent() {
        fs::create_dir_all(folder)?;
    }
    atomically(&copy, &there)?;
    context.say("resolve-set-aside", &[("path", &copy.display().to_string())]);
    Ok(())
}

/// The open file that a person means: by id, the beginning of one, path, or name.
fn wanted<'a>(context: &Context, open: &'a [Open], name: &str) -> Result<&'a Open, Failure> {
    let is = |one: &&Open| {
        one.file.path == name || id_of(&one.file.path).starts_with(name) || title(context, &one.file) == name
    };
    let found: Vec<&Open> = open.iter().filter(is).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Problem::new(Class::NotFound, "no-such-conflict")
            .arg("field", "none")
            .arg("record", name)
            .legal(open.iter().map(|one| id_of(&one.file.path)))
            .into()),
        many => Err(Problem::new(Class::Ambiguous, "no-such-conflict")
            .arg("field", "none")
            .arg("record", name)
            .legal(many.iter().map(|one| id_of(&one.file.path)))
            .into()),
    }
}

fn id_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// What a record is called on either side.
fn title(context: &Context, file: &Conflicted) -> String {
    let kind: Option<&'static Kind> = context.schema.kind_of_path(&file.path);
    let read = |bytes: &Option<Vec<u8>>| {
        let read = document::parse(&context.schema, &file.path, bytes.as_ref()?).ok()?;
        Some(read.doc.title().to_owned())
    };
    let known = kind.and_then(|_| read(&file.ours).or_else(|| read(&file.theirs)));
    known.unwrap_or_else(|| id_of(&file.path).to_owned())
}

fn kept(context: &Context) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.gitdir().join("crm-decisions.json"))
}

/// Which merge is in progress.
fn merging(context: &Context) -> Result<String, Failure> {
    Ok(fs::read_to_string(context.store()?.repo.gitdir().join("MERGE_HEAD"))
        .unwrap_or_default()
        .trim()
        .to_owned())
}

/// The decisions that were made in this merge.
fn decisions(context: &Context) -> Result<Decisions, Failure> {
    let text = fs::read_to_string(kept(context)?).unwrap_or_default();
    let read: Option<(String, Kept)> = serde_json::from_str(&text).ok();
    let Some((_, all)) = read.filter(|(merge, _)| merging(context).is_ok_and(|now| now == *merge)) else {
        return Ok(Decisions::new());
    };
    let side = |(kind, value): (String, String)| match kind.as_str() {
        "ours" => Side::Ours,
        "theirs" => Side::Theirs,
        _ => Side::Value(value),
    };
    let of_file = |fields: BTreeMap<String, (String, String)>| {
        fields.into_iter().map(|(field, decided)| (field, side(decided))).collect()
    };
    Ok(all.into_iter().map(|(path, fields)| (path, of_file(fields))).collect())
}

fn keep(context: &Context, decisions: &Decisions) -> Result<(), Failure> {
    let written = |side: &Side| match side {
        Side::Ours => ("ours", String::new()),
        Side::Theirs => ("theirs", String::new()),
        Side::Value(value) => ("value", value.clone()),
    };
    let all: BTreeMap<&String, BTreeMap<&String, (&str, String)>> = decisions
        .iter()
        .map(|(path, fields)| (path, fields.iter().map(|(field, side)| (field, written(side))).collect()))
        .collect();
    let text = serde_json::json!([merging(context)?, all]).to_string();
    atomically(&kept(context)?, text.as_bytes())
}
