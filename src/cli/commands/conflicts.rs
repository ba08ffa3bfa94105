//! What a merge or a sync left to a person, field by field: git's driver for records, the list of
//! what is open, and deciding it.
//!
//! Decisions of one merge are kept in `.git/` until it is done, so that fields can be settled one
//! after another. Those of a sync stand in `.git/crm/` with the values that were seen, and the next
//! sync takes those that still fit. Deliberately absent: merging the branches themselves, which git
//! and `sync` do.

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
use crate::model::schema::Schema;
use crate::model::{Class, Problem};
use crate::store::field_merge::{Clash, Decide, Side};
use crate::store::{Blended, Conflicted, Remote, blend, document, records};
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
type Written = BTreeMap<String, BTreeMap<String, (String, String)>>;

/// What was decided of a sync, with the values that were seen then.
#[derive(Clone, Debug, Default)]
pub struct Kept(Vec<(String, Clash, Side)>);

impl Kept {
    /// The decision about a field, as long as both sides are as they were.
    pub fn of(&self, path: &str, clash: &Clash) -> Option<Side> {
        let found = self.0.iter().find(|(there, seen, _)| there == path && seen == clash);
        found.map(|(.., side)| side.clone())
    }
}

/// Which files are open, and why.
struct Pending {
    files: Vec<Conflicted>,
    schema: Schema,
    /// Of a sync: the fields that are open, by path. Other fields in which both ends differ came to
    /// it one after the other.
    sync: Option<BTreeMap<String, Vec<Clash>>>,
}

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
        (Some(b), Some(o), Some(t)) => records(&context.schema, &path, [&b, &o, &t], &|_| None).ok(),
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

/// A file that is open, with what is to be decided in it.
struct Open {
    file: Conflicted,
    clashes: Vec<Clash>,
    /// As it stands with the decisions made; nothing where it is gone.
    text: Option<String>,
}

/// What a merge in progress left open, else what the last sync did.
fn pending(context: &Context) -> Result<Pending, Failure> {
    let repo = &context.store()?.repo;
    let files = repo.conflicts()?;
    let remote = if files.is_empty() { remembered(context)? } else { None };
    let Some(remote) = remote else {
        return Ok(Pending { files, schema: context.schema.clone(), sync: None });
    };
    let schema = super::sync::schema_of(context, repo.fetched(&remote)?)?;
    let blend = |file: &Conflicted, decide: Decide<'_>| blend(&schema, file, decide);
    let open = repo.open_between(&context.write_options("conflicts"), &remote, &blend, &|_, _| None)?;
    let sync = open.iter().map(|one| (one.file.path.clone(), one.clashes.clone())).collect();
    Ok(Pending { files: open.into_iter().map(|one| one.file).collect(), schema, sync: Some(sync) })
}

/// Every open file; one that a side removed is to be decided as a whole, as is what is no TOML.
fn open(pending: &Pending, decisions: &Decisions) -> Vec<Open> {
    let none = BTreeMap::new();
    let one = |file: &Conflicted| {
        let of_file = decisions.get(&file.path).unwrap_or(&none);
        let wanted = pending.sync.as_ref().map(|all| all.get(&file.path).map_or(&[][..], Vec::as_slice));
        let decide = |clash: &Clash| {
            let decided = of_file.get(&clash.field).or_else(|| of_file.get("")).cloned();
            let is_wanted = wanted.is_none_or(|all| all.iter().any(|one| one.field == clash.field));
            decided.or_else(|| (!is_wanted).then_some(Side::Theirs))
        };
        let Blended { content, clashes } = blend(&pending.schema, file, &decide);
        let text = content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Open { file: file.clone(), clashes, text }
    };
    pending.files.iter().map(one).collect()
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
    let pending = pending(context)?;
    for open in open(&pending, &decisions(context, &pending)?) {
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
    let pending = pending(context)?;
    let mut decisions = decisions(context, &pending)?;
    let name = one(matches, "record").unwrap_or_default();
    let before = open(&pending, &decisions);
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
    let after = open(&pending, &decisions);
    let Some(one) = after.iter().find(|open| open.file.path == path) else { return Ok(Exit::Ok) };
    if let Some(clash) = one.clashes.iter().find(|clash| decisions[&path].contains_key(&clash.field)) {
        return Err(Problem::usage("bad-decision").arg("field", &clash.field).into());
    }
    if matches!(side, Side::Value(_)) && pending.schema.kind_of_path(&path).is_some() {
        // A value that the record cannot have is refused, not written; what else is open does not
        // matter for that.
        let of_file = &decisions[&path];
        let decide = |clash: &Clash| of_file.get(&clash.field).cloned().or(Some(Side::Ours));
        let text = blend(&pending.schema, &one.file, &decide).content.unwrap_or_default();
        document::parse(&pending.schema, &path, &text)?;
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "1")]);
        return context.ui.lines(one.text.iter().flat_map(|text| text.lines())).map(|()| Exit::Ok);
    }
    if pending.sync.is_none() {
        keep(context, &decisions)?;
        set_aside(context, &path, left_there.as_deref())?;
        let settled = one.clashes.is_empty();
        context.store()?.repo.put_version(&path, one.text.as_ref().map(String::as_bytes), settled)?;
    } else {
        keep_of_sync(context, &pending, &decisions)?;
    }
    let left: usize = after.iter().map(|open| open.clashes.len()).sum();
    if left == 0 {
        context.say(if pending.sync.is_some() { "resolve-done-sync" } else { "resolve-done" }, &[]);
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

/// The id of a record by its path; of another file its path.
pub fn id_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((_, name)) => name.strip_suffix(".toml").unwrap_or(path),
        None => path,
    }
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

/// Where decisions of a merge are kept.
fn of_merge(context: &Context) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.gitdir().join("crm-decisions.json"))
}

/// Where decisions of a sync are kept, and of which.
fn of_sync(context: &Context, name: &str) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.gitdir().join("crm").join(name))
}

/// The decisions of a sync that are kept.
pub fn kept(context: &Context) -> Result<Kept, Failure> {
    type Line = (String, String, [Option<String>; 3], String, String);
    let text = fs::read_to_string(of_sync(context, DECISIONS)?).unwrap_or_default();
    let lines: Vec<Line> = serde_json::from_str(&text).unwrap_or_default();
    let read = |(path, field, [base, ours, theirs], kind, value): Line| {
        (path, Clash { field, base, ours, theirs }, side(&kind, value))
    };
    Ok(Kept(lines.into_iter().map(read).collect()))
}

fn keep_of_sync(context: &Context, pending: &Pending, decisions: &Decisions) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for (path, clashes) in pending.sync.iter().flatten() {
        for clash in clashes {
            let Some(side) = decisions.get(path).and_then(|fields| fields.get(&clash.field)) else {
                continue;
            };
            let (kind, value) = written(side);
            lines.push((path, &clash.field, [&clash.base, &clash.ours, &clash.theirs], kind, value));
        }
    }
    atomically(&of_sync(context, DECISIONS)?, serde_json::json!(lines).to_string().as_bytes())
}

/// Remembers that a sync with this remote left something open.
pub fn remember(context: &Context, remote: &Remote) -> Result<(), Failure> {
    let path = of_sync(context, OPEN)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    atomically(&path, serde_json::json!([remote.name, remote.branch]).to_string().as_bytes())
}

fn remembered(context: &Context) -> Result<Option<Remote>, Failure> {
    let text = fs::read_to_string(of_sync(context, OPEN)?).unwrap_or_default();
    let read: Option<(String, String)> = serde_json::from_str(&text).ok();
    Ok(read.map(|(name, branch)| Remote { name, branch }))
}

/// Forgets what a sync left open, once it is done.
pub fn forget(context: &Context) -> Result<(), Failure> {
    for name in [OPEN, DECISIONS] {
        match fs::remove_file(of_sync(context, name)?) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The files of a sync that left something open: with which remote, and what was decided.
const OPEN: &str = "sync-open.json";
const DECISIONS: &str = "decisions.json";

fn side(kind: &str, value: String) -> Side {
    match kind {
        "ours" => Side::Ours,
        "theirs" => Side::Theirs,
        _ => Side::Value(value),
    }
}

fn written(side: &Side) -> (&'static str, String) {
    match side {
        Side::Ours => ("ours", String::new()),
        Side::Theirs => ("theirs", String::new()),
        Side::Value(value) => ("value", value.clone()),
    }
}

/// Which merge is in progress.
fn merging(context: &Context) -> Result<String, Failure> {
    Ok(fs::read_to_string(context.store()?.repo.gitdir().join("MERGE_HEAD"))
        .unwrap_or_default()
        .trim()
        .to_owned())
}

/// The decisions that were made in this merge or sync and still fit.
fn decisions(context: &Context, pending: &Pending) -> Result<Decisions, Failure> {
    if let Some(sync) = &pending.sync {
        let kept = kept(context)?;
        let mut decisions = Decisions::new();
        for (path, clashes) in sync {
            for clash in clashes {
                if let Some(side) = kept.of(path, clash) {
                    decisions.entry(path.clone()).or_default().insert(clash.field.clone(), side);
                }
            }
        }
        return Ok(decisions);
    }
    let text = fs::read_to_string(of_merge(context)?).unwrap_or_default();
    let read: Option<(String, Written)> = serde_json::from_str(&text).ok();
    let Some((_, all)) = read.filter(|(merge, _)| merging(context).is_ok_and(|now| now == *merge)) else {
        return Ok(Decisions::new());
    };
    let of_file = |fields: BTreeMap<String, (String, String)>| {
        fields.into_iter().map(|(field, (kind, value))| (field, side(&kind, value))).collect()
    };
    Ok(all.into_iter().map(|(path, fields)| (path, of_file(fields))).collect())
}

fn keep(context: &Context, decisions: &Decisions) -> Result<(), Failure> {
    let all: BTreeMap<&String, BTreeMap<&String, (&str, String)>> = decisions
        .iter()
        .map(|(path, fields)| (path, fields.iter().map(|(field, side)| (field, written(side))).collect()))
        .collect();
    let text = serde_json::json!([merging(context)?, all]).to_string();
    atomically(&of_merge(context)?, text.as_bytes())
}
