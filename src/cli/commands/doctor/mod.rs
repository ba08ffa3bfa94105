//! `crm doctor`: whether this machine and this clone are fit for the store: git, its settings, who
//! acts, what a crash left, who may read what, the mirror, the clock, sending.
//!
//! It only looks, but for `--fix-git`, which writes the settings of git that a clone lacks, and
//! `--bundle`, which writes what it found for somebody who helps. Deliberately absent: the records
//! themselves, which `check` is for.

mod bundle;
mod machine;

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure, located};
use super::super::fields::{on, one};
use super::Standalone;
use super::config::shown::nearer;
use super::trust::trusts;
use crate::formats::Format;
use crate::mirror::SqlCell;
use crate::store::settings::{findings, findings_of_own};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm doctor`.
pub const DOCTOR: Standalone = Standalone {
    name: "doctor",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.long_about(words.text("help-doctor-long")).args([
            switch("fix-git", words),
            switch("full", words),
            option("bundle", "FILE", words),
        ])
    },
    run: doctor,
};

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    /// It works, and somebody should know.
    Note,
    Wrong,
}

struct Finding {
    what: &'static str,
    state: State,
    detail: String,
}

struct Patient<'a> {
    context: &'a Context,
    found: Vec<Finding>,
}

impl Patient<'_> {
    fn note(&mut self, what: &'static str, state: State, detail: impl Into<String>) {
        self.found.push(Finding { what, state, detail: detail.into() });
    }

    /// Whether something holds that must.
    fn holds(&mut self, what: &'static str, holds: bool, detail: impl Into<String>) {
        self.note(what, if holds { State::Ok } else { State::Wrong }, detail);
    }
}

fn doctor(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    if on(matches, "fix-git") {
        store.repo.install_git_settings()?;
    }
    let mut patient = Patient { context, found: Vec::new() };
    machine::git(&mut patient, on(matches, "full"))?;
    who(&mut patient);
    machine::leftovers(&mut patient)?;
    machine::permissions(&mut patient)?;
    mirror(&mut patient)?;
    sending(&mut patient)?;
    settings(&mut patient)?;
    tell(context, &patient.found)?;
    if let Some(file) = one(matches, "bundle") {
        bundle::write(context, &patient.found, &file)?;
    }
    let is_wrong = patient.found.iter().any(|finding| finding.state == State::Wrong);
    Ok(if is_wrong { Exit::CheckFailed } else { Exit::Ok })
}

fn who(patient: &mut Patient<'_>) {
    match patient.context.reader() {
        Ok(actor) => patient.note("who", State::Ok, actor.id),
        Err(_) => patient.note("who", State::Wrong, "-"),
    }
}

fn mirror(patient: &mut Patient<'_>) -> Result<(), Failure> {
    let mirror = patient.context.whole_mirror()?;
    let broken = mirror.broken()?;
    let first = broken.first().map(|one| one.path.clone()).unwrap_or_default();
    patient.holds("readable", broken.is_empty(), first);
    let state = if mirror.is_in_memory() { State::Note } else { State::Ok };
    patient.note("mirror", state, ".git/crm/mirror.db");
    Ok(())
}

/// What keeps messages from going out, or sends them twice.
fn sending(patient: &mut Patient<'_>) -> Result<(), Failure> {
    let context = patient.context;
    let node = context.schema.settings.get("send.node").unwrap_or_default().to_owned();
    let is_shared = context.store()?.repo.config("remote.origin.url").is_some();
    let state = if is_shared && node.is_empty() { State::Note } else { State::Ok };
    patient.note("node", state, node);
    patient.holds("trust", trusts(context, "")?, "");
    let mirror = context.whole_mirror()?;
    let sql = "select count(*) from messages where status = 'claimed' \
        or (status = 'queued' and julianday(coalesce(send_at, created_at)) < julianday(?1) - 1)";
    let answer = mirror.query(sql, &[SqlCell::text(context.now.to_rfc3339())])?;
    let waiting = answer.rows.first().and_then(|row| row[0].as_int()).unwrap_or(0);
    let state = if waiting == 0 { State::Ok } else { State::Note };
    patient.note("outbox", state, waiting.to_string());
    // A clone that claims is one that sends; where nobody is named two of them send the same.
    let sql = "select distinct substr(claimed_by, 1, instr(claimed_by, '#') - 1) as node from messages \
        where instr(claimed_by, '#') > 1 and julianday(sent_at) > julianday(?1) - 30 order by node";
    let answer = mirror.query(sql, &[SqlCell::text(context.now.to_rfc3339())])?;
    let nodes: Vec<&str> = answer.rows.iter().filter_map(|row| row[0].as_text()).collect();
    let state = if nodes.len() < 2 { State::Ok } else { State::Note };
    patient.note("senders", state, nodes.join(", "));
    Ok(())
}

/// What is odd about the settings of the store and about the user's own.
fn settings(patient: &mut Patient<'_>) -> Result<(), Failure> {
    let context = patient.context;
    let text = context.store()?.repo.read_work("crm.toml")?.unwrap_or_default();
    let mut odd = findings(&String::from_utf8_lossy(&text));
    let own = &context.around.own;
    if let Some(path) = &own.path {
        odd.extend(findings_of_own(&own.text, &path.display().to_string()));
    }
    let first = odd.into_iter().next().map(|problem| located(&context.locale, &nearer(problem)));
    let state = if first.is_some() { State::Note } else { State::Ok };
    patient.note("settings", state, first.unwrap_or_default());
    Ok(())
}

fn tell(context: &Context, found: &[Finding]) -> Result<(), Failure> {
    let columns = [
        ("what", ColumnType::Code),
        ("state", ColumnType::Code),
        ("detail", ColumnType::Text),
        ("mend", ColumnType::Text),
    ];
    let label = |name: &str| context.text(&format!("field-doctor-{name}"), &[]);
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name)));
    let mut table =
        Table { title: context.text("title-doctor", &[]), ..Table::new("doctor", columns.to_vec()) };
    for finding in found {
        let state = match finding.state {
            State::Ok => "ok",
            State::Note => "note",
            State::Wrong => "wrong",
        };
        let mend = match finding.state {
            State::Ok => Cell::Null,
            _ => Cell::text(context.text(&format!("doctor-mend-{}", finding.what), &[])),
        };
        let text = |text: &str| if text.is_empty() { Cell::Null } else { Cell::text(text) };
        let code =
            |code: &str, id: String| Cell::Code { code: code.to_owned(), label: context.text(&id, &[]) };
        table.rows.push(vec![
            code(finding.what, format!("doctor-{}", finding.what)),
            code(state, format!("doctor-state-{state}")),
            text(&finding.detail),
            mend,
        ]);
    }
    context.ui.table(&table, Format::Table)
}
