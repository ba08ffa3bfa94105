//! `crm migrate`: a store of an older format becomes one of the current format, in one commit.
//!
//! Works without the store being open, as it cannot be read before. What changes is worked out in
//! `store::migrate` from what is committed. Hooks of the store are not asked: the meaning of their
//! names is not known before. Deliberately absent: going back, which `crm undo` and git do.

use std::cell::RefCell;

use clap::Command;

use super::super::args::Words;
use super::super::change::Done;
use super::super::context::Context;
use super::super::diff::diff;
use super::super::error::{Exit, Failure};
use super::super::hooks::Proposal;
use super::{Standalone, told};
use crate::draft::ChangeSet;
use crate::draft::message::{Trailers, message};
use crate::model::schema::Schema;
use crate::model::{Class, Problem};
use crate::rules::memory::Memory;
use crate::store::migrate::{Files, migrate};
use crate::store::settings::{self, FORMAT};
use crate::store::{Base, FileChange, Plan, Repo, WriteOptions, document};

/// `crm migrate`.
pub const MIGRATE: Standalone = Standalone {
    name: "migrate",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.long_about(words.text("help-migrate-long")),
    run: |context, _| run(context),
};

/// The files that differ, before and after.
type Changed = Vec<(String, Option<Vec<u8>>, Option<Vec<u8>>)>;

fn run(context: &Context) -> Result<Exit, Failure> {
    let repo = match (context.store(), &context.root) {
        (Ok(store), _) => &store.repo,
        (Err(_), Some(root)) => &Repo::open(root)?,
        (Err(failure), None) => return Err(failure),
    };
    let text = repo.read_work("crm.toml")?.unwrap_or_default();
    let from = settings::format_of(&String::from_utf8_lossy(&text))?;
    if from > FORMAT {
        return Err(Problem::invalid("newer-format").arg("format", from).at("crm.toml", None).into());
    }
    if from == FORMAT {
        context.say("migrate-current", &[("format", &FORMAT.to_string())]);
        return Ok(Exit::Ok);
    }
    committed_only(context, repo)?;
    let outcome: RefCell<Option<(Done, Changed)>> = RefCell::new(None);
    let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
        let (done, changed, plan) = planned(context, repo, from, base)?;
        *outcome.borrow_mut() = Some((done, changed));
        Ok(plan)
    };
    let branch = settings::branch_of(&String::from_utf8_lossy(&text));
    let options = WriteOptions { branch, ..context.write_options("migrate") };
    let dry = context.globals.dry_run;
    let receipt = if dry {
        repo.preview(&options, &mut plan)?;
        None
    } else {
        repo.write(&options, &mut plan)?
    };
    let Some((mut done, changed)) = outcome.into_inner() else { return Ok(Exit::Ok) };
    if dry {
        context.say("dry-run", &[("count", &changed.len().to_string())]);
        return shown(context, &changed);
    }
    if let Some(receipt) = receipt {
        done.commit = Some(receipt.commit.to_string());
        for warning in &receipt.warnings {
            context.ui.note(&format!("{}: {warning}", context.text("word-warning", &[])));
        }
        // What does not travel with a clone.
        repo.install_git_settings()?;
    }
    told(context, "migrate", &done)?;
    let numbers = [from.to_string(), FORMAT.to_string(), changed.len().to_string()];
    context.say("migrated", &[("from", &numbers[0]), ("to", &numbers[1]), ("count", &numbers[2])]);
    Ok(Exit::Ok)
}

/// The files of records that a store can have, and what stands beside them.
fn folders(context: &Context) -> Vec<String> {
    let kinds = context.schema.kinds().iter().map(|kind| kind.folder.to_owned());
    kinds.chain(["crm.toml", ".gitattributes"].map(str::to_owned)).collect()
}

/// Refuses hand edits: only what is in the history is turned.
fn committed_only(context: &Context, repo: &Repo) -> Result<(), Failure> {
    let folders = folders(context);
    let below: Vec<&str> = folders.iter().map(String::as_str).collect();
    let edits = repo.hand_edits(&below)?;
    if edits.is_empty() {
        return Ok(());
    }
    let paths: Vec<&str> = edits.iter().take(5).map(|edit| edit.path.as_str()).collect();
    let problem = Problem::new(Class::Conflict, "migrate-edits").arg("paths", paths.join(", "));
    Err(problem.hint("migrate-edits-hint").into())
}

fn planned(
    context: &Context,
    repo: &Repo,
    from: i64,
    base: &Base<'_>,
) -> Result<(Done, Changed, Option<Plan>), Failure> {
    let folders = folders(context);
    let mut files = Files::new();
    if let Some(tip) = base.tip() {
        let ours = |path: &str| {
            let top = path.split('/').next().unwrap_or_default();
            folders.iter().any(|folder| folder == top)
        };
        for file in
            repo.tree_files(tip.tree)?.into_iter().filter(|file| file.is_regular() && ours(&file.path))
        {
            let bytes = repo.blob(file.id)?;
            files.insert(file.path, bytes);
        }
    }
    let after = migrate(&files)?;
    let paths: std::collections::BTreeSet<&String> = files.keys().chain(after.keys()).collect();
    let pair = |path: &String| (path.clone(), files.get(path).cloned(), after.get(path).cloned());
    let changed: Changed = paths.into_iter().map(pair).filter(|(_, old, new)| old != new).collect();
    let view = view(&after)?;
    let actor = context.actor_in(&view, repo)?;
    context.may_configure(&view, &actor)?;
    let about = format!("format {from} to {FORMAT}");
    let set = ChangeSet { about: Some(about), ..ChangeSet::default() };
    let text = message("migrate", &set, &actor, &Trailers::default());
    let file = |(path, _, new): &(String, Option<Vec<u8>>, Option<Vec<u8>>)| FileChange {
        path: path.clone(),
        content: new.clone(),
    };
    let files: Vec<FileChange> = changed.iter().map(file).collect();
    let proposal = Proposal { op: "migrate", set: &set, files: &files, actor: &actor, message: &text };
    let plan = (!files.is_empty()).then(|| context.sealed(proposal)).transpose()?;
    let done = Done { set, ids: Vec::new(), commit: None, message: text, warnings: Vec::new() };
    Ok((done, changed, plan))
}

/// Users and roles as they will be, to know who acts.
fn view(files: &Files) -> Result<Memory, Failure> {
    let text = files.get("crm.toml").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let schema = Schema::new(settings::parse(&text.unwrap_or_default())?)?;
    let mut view = Memory::of(schema.clone());
    for (path, bytes) in files {
        let wanted = schema.kind_of_path(path).is_some_and(|kind| ["user", "role"].contains(&kind.name));
        if wanted && path.ends_with(".toml") {
            view.put(document::parse(&schema, path, bytes)?.doc);
        }
    }
    Ok(view)
}

/// What would change, file by file.
fn shown(context: &Context, changed: &Changed) -> Result<Exit, Failure> {
    let text =
        |bytes: &Option<Vec<u8>>| String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    for (path, old, new) in changed {
        if new.is_none() {
            continue;
        }
        // A file that moves is shown once, against what it was.
        let moved = changed.iter().find(|(other, _, gone)| {
            old.is_none()
                && gone.is_none()
                && name(other) == name(path)
                && other.split('/').next() == path.split('/').next()
        });
        match moved {
            Some((from, before, _)) => {
                lines.push(format!("{from} -> {path}"));
                lines.extend(diff(&text(before), &text(new)));
            }
            None => {
                lines.push(path.clone());
                lines.extend(diff(&text(old), &text(new)));
            }
        }
    }
    context.ui.lines(&lines)?;
    Ok(Exit::Ok)
}
