//! The commands: the standalone ones by name, the regular verbs of every noun, and the domain
//! verbs. A writing command makes a [`Job`]; alone it becomes one commit, in a batch it shares one.

pub mod audit;
pub mod backup;
pub mod batch;
pub mod board;
pub mod cards;
mod chart;
pub mod check;
pub mod clone;
pub mod codes;
pub mod commit;
pub mod complete;
pub mod config;
pub mod conflicts;
pub mod dedupe;
pub mod demo;
pub mod doctor;
pub mod domain;
pub mod export_all;
pub mod gate;
pub mod gateway;
pub mod help;
pub mod history;
pub mod hook;
pub mod init;
pub mod list;
pub mod login;
pub mod maintain;
pub mod migrate;
pub mod outbox;
pub mod passwd;
pub mod print;
pub mod push;
pub mod records;
pub mod remind;
pub mod report;
pub mod rows;
pub mod schema;
pub mod search;
pub mod sections;
pub mod show;
pub mod sql;
pub mod standing;
pub mod state;
pub mod status;
pub mod sync;
pub mod timeline;
pub mod transfer;
pub mod trust;
mod tutorial;
pub mod undo;

use clap::{ArgMatches, Command};

use super::args::Words;
use super::change::{Done, Wish};
use super::context::{Context, Writing};
use super::error::{Exit, Failure};
use crate::formats::Format;
use crate::model::kinds::KINDS;
use crate::model::record::Kind;
use crate::table::{Cell, Column, ColumnType, Shape, Table};

/// A command that stands alone.
#[derive(Debug)]
pub struct Standalone {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub args: fn(Command, Words<'_>) -> Command,
    pub run: fn(&Context, &ArgMatches) -> Result<Exit, Failure>,
}

/// Every command that stands alone, in the order help shows them.
pub const STANDALONE: &[Standalone] = &[
    init::INIT,
    demo::DEMO,
    tutorial::TUTORIAL,
    clone::CLONE,
    status::STATUS,
    search::SEARCH,
    show::SHOW,
    records::EDIT,
    history::LOG,
    history::DIFF,
    undo::UNDO,
    undo::RESTORE,
    check::CHECK,
    doctor::DOCTOR,
    sync::SYNC,
    backup::BACKUP,
    maintain::MAINTAIN,
    conflicts::CONFLICTS,
    conflicts::RESOLVE,
    conflicts::MERGE_DRIVER,
    gate::POLICY,
    gate::GATE,
    audit::AUDIT,
    commit::COMMIT,
    commit::FMT,
    transfer::IMPORT,
    transfer::EXPORT,
    batch::BATCH,
    remind::REMIND,
    outbox::OUTBOX,
    report::REPORT,
    schema::SCHEMA,
    sql::SQL,
    push::MIRROR,
    config::CONFIG,
    migrate::MIGRATE,
    trust::TRUST,
    hook::HOOK,
    login::LOGIN,
    login::LOGOUT,
    passwd::PASSWD,
    login::WHOAMI,
    gateway::GATEWAY,
    help::COMPLETIONS,
    complete::COMPLETE,
    help::MAN,
    help::HELP,
];

/// Whether a name is that of a command or type of ours.
pub fn is_ours(name: &str) -> bool {
    let standalone = |command: &Standalone| command.name == name || command.aliases.contains(&name);
    let kind = |kind: &&Kind| kind.name == name || kind.traits.aliases.contains(&name);
    KINDS.iter().any(kind) || STANDALONE.iter().any(standalone)
}

/// A change that a command wants, not yet made.
pub struct Job<'a> {
    /// What the commit is called: `order ship`.
    pub op: String,
    pub writing: Writing,
    pub wish: Box<Wish<'a>>,
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("op", &self.op).finish_non_exhaustive()
    }
}

impl<'a> Job<'a> {
    /// A job from the writing flags and what is wanted.
    pub fn new(
        context: &Context,
        matches: &ArgMatches,
        op: String,
        wish: Box<Wish<'a>>,
    ) -> Result<Self, Failure> {
        Ok(Self { op, writing: Writing::from(context, matches)?, wish })
    }
}

/// What a verb of a noun is: something that is read, or something that changes.
pub enum Action<'a> {
    Done(Exit),
    Change(Job<'a>),
}

impl std::fmt::Debug for Action<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Done(exit) => f.debug_tuple("Done").field(exit).finish(),
            Self::Change(job) => f.debug_tuple("Change").field(job).finish(),
        }
    }
}

/// Runs a whole command line.
pub fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Ok) };
    context.admit(name, matches.subcommand_name().unwrap_or_default())?;
    if let Some(standalone) = STANDALONE.iter().find(|s| s.name == name) {
        return (standalone.run)(context, matches);
    }
    let kind = context
        .schema
        .kind(name)
        .ok_or_else(|| crate::model::Problem::usage("unknown-noun").arg("value", name))?;
    match noun(context, kind, matches)? {
        Action::Done(exit) => Ok(exit),
        Action::Change(job) => perform(context, job),
    }
}

/// What a noun with its verb amounts to.
pub fn noun<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let Some((verb, matches)) = matches.subcommand() else { return Ok(Action::Done(Exit::Ok)) };
    if let Some(own) = domain::verbs_of(kind.name).find(|v| v.verb == verb) {
        return (own.run)(context, kind, matches);
    }
    let job = match verb {
        "add" => records::add(context, kind, matches)?,
        "set" => records::set(context, kind, matches)?,
        "upsert" => records::upsert(context, kind, matches)?,
        "remove" => records::remove(context, kind, matches)?,
        "edit" => return records::edit(context, kind, matches).map(Action::Done),
        "list" => return list::list(context, kind, matches).map(Action::Done),
        "show" => return show::of_kind(context, kind, matches).map(Action::Done),
        "history" => return history::of_record(context, kind, matches).map(Action::Done),
        _ => match kind.rows().find(|(field, _)| field.singular().replace('_', "-") == verb) {
            Some((field, declared)) => rows::job(context, kind, field, declared, matches)?,
            None => state::job(context, kind, verb, matches)?,
        },
    };
    Ok(Action::Change(job))
}

/// Makes a job's change and tells what came of it.
pub fn perform(context: &Context, mut job: Job<'_>) -> Result<Exit, Failure> {
    let done = context.change(&job.op, &job.writing, &mut *job.wish).map_err(|mut failure| {
        // The path of a record that was never written helps nobody.
        for problem in &mut failure.problems {
            let there = |path: &String| context.store().is_ok_and(|s| s.root.join(path).exists());
            problem.path = problem.path.take().filter(there);
        }
        failure
    })?;
    told(context, &job.op, &done)?;
    Ok(Exit::Ok)
}

/// Ids on stdout, the receipt on stderr.
///
/// A change that is committed stays a success whatever becomes of stdout.
pub fn told(context: &Context, op: &str, done: &Done) -> Result<(), Failure> {
    match tell(context, op, done) {
        Err(_) if done.commit.is_some() => {
            context.say("committed-untold", &[("ids", &done.ids.join(" "))]);
            Ok(())
        }
        told => told,
    }
}

fn tell(context: &Context, op: &str, done: &Done) -> Result<(), Failure> {
    context.warn(&done.warnings);
    if context.globals.dry_run {
        return dry_run(context, done);
    }
    match &done.commit {
        Some(commit) => {
            let subject = done.message.lines().next().unwrap_or(op);
            context.say("receipt", &[("subject", subject), ("commit", &commit[..10.min(commit.len())])]);
        }
        None => context.say("nothing-changed", &[]),
    }
    if matches!(context.ui.format, Some(Format::Json | Format::Jsonl)) {
        return receipt_json(context, done);
    }
    context.ui.lines(&done.ids)
}

/// The record and its commit, for programs.
fn receipt_json(context: &Context, done: &Done) -> Result<(), Failure> {
    let store = context.store()?;
    let main = done.ids.first().and_then(|id| {
        let change = done.set.changes.iter().find(|c| c.doc().id() == id);
        change.and_then(|c| c.new.clone())
    });
    let mut table = match main {
        Some(doc) => show::table(context, store, &doc, &mut |_| None)?,
        None => Table { shape: Shape::Object, rows: vec![Vec::new()], ..Table::new("receipt", Vec::new()) },
    };
    let ids = Cell::List(done.ids.iter().map(Cell::text).collect());
    let commit = done.commit.as_ref().map_or(Cell::Null, Cell::text);
    table.columns.push(Column::new("ids", ColumnType::List));
    table.columns.push(Column::new("commit", ColumnType::Text));
    if let Some(row) = table.rows.first_mut() {
        row.extend([ids, commit]);
    }
    context.ui.table(&table, Format::Json)
}

/// What a dry run would have done, as a diff of the files.
fn dry_run(context: &Context, done: &Done) -> Result<(), Failure> {
    context.say("dry-run", &[("count", &done.set.changes.len().to_string())]);
    let mut lines = Vec::new();
    for change in done.set.changes.iter().take(1000) {
        lines.extend(history::text_diff(change));
    }
    context.ui.lines(&lines)
}
