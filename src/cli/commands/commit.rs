//! `commit`: hand edits, checked, as a change of their own. `fmt`: files in canonical form.

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place, switch};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::super::hooks::Proposal;
use super::super::store::Records;
use super::config::shown;
use super::{Standalone, told};
use crate::access::truth::falsehoods;
use crate::draft::message::{Trailers, message};
use crate::draft::{ChangeSet, Draft, Setting};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::rules::{self, Change, Judge};
use crate::store::{Base, EditStatus, FileChange, Plan, document};

/// `crm commit [PATH…]`.
pub const COMMIT: Standalone = Standalone {
    name: "commit",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("paths", "PATH", words).num_args(0..))
            .arg(option("message", "TEXT", words).short('m'))
    },
    run: commit,
};

/// `crm fmt [PATH…]`.
pub const FMT: Standalone = Standalone {
    name: "fmt",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.arg(place("paths", "PATH", words).num_args(0..)).arg(switch("check", words))
    },
    run: fmt,
};

/// The files that are the store's own: records, settings, schemas, reports.
pub(super) fn folders(context: &Context) -> Vec<String> {
    let kinds = context.schema.kinds().iter().map(|k| k.folder.to_owned());
    kinds.chain(["crm.toml", ".gitattributes", "schema", "reports"].map(str::to_owned)).collect()
}

fn commit(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let only = given(matches, "paths").unwrap_or_default();
    let words = one(matches, "message");
    let outcome = std::cell::RefCell::new(None);
    let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
        let folders = folders(context);
        let below: Vec<&str> = folders.iter().map(String::as_str).collect();
        let mut edits = store.repo.hand_edits(&below)?;
        edits.retain(|e| {
            only.is_empty() || only.iter().any(|o| e.path == *o || e.path.starts_with(&format!("{o}/")))
        });
        let records = Records::new(context, store, base)?;
        let actor = context.actor(&records)?;
        let setting = Setting {
            actor: actor.clone(),
            now: context.now,
            today: context.today,
            on: context.now,
            reason: None,
            allow: std::collections::BTreeSet::new(),
        };
        let mut ids = |prefix: Option<&str>| super::super::change::random_id(prefix);
        let mut draft = Draft::new(&records, &setting, &mut ids);
        let mut files = Vec::new();
        let mut changes = Vec::new();
        for edit in &edits {
            let content = match edit.status {
                EditStatus::Removed => None,
                _ => store.repo.read_work(&edit.path)?,
            };
            if let Some(change) = edited(context, base, &edit.path, content.as_deref())? {
                match &change.new {
                    Some(doc) => draft.put(doc.clone())?,
                    None => draft.remove(change.doc())?,
                }
                changes.push(change);
            }
            files.push(FileChange { path: edit.path.clone(), content });
        }
        if files.iter().any(|file| file.path == "crm.toml") {
            context.may_configure(&records, &actor)?;
            super::config::guard::judge_file(base, &records, &files)?;
        }
        context.guard_rights(&changes)?;
        let judge = Judge { allow: &setting.allow, now: context.now, today: context.today };
        let found = rules::judge(&draft, &records, &judge, &changes)?;
        let (mut warnings, refused): (Vec<_>, Vec<_>) = found.into_iter().partition(|p| p.warning);
        if !refused.is_empty() {
            return Err(Failure::many(refused));
        }
        let settings =
            files.iter().find(|file| file.path == "crm.toml").and_then(|file| file.content.as_ref());
        let odd = settings.map(|bytes| crate::store::settings::findings(&String::from_utf8_lossy(bytes)));
        // What only one command reads that command refuses; here it is told.
        warnings
            .extend(odd.unwrap_or_default().into_iter().map(|problem| shown::nearer(problem).as_warning()));
        let remarks = words.iter().cloned().chain(
            files.iter().filter(|f| context.schema.kind_of_path(&f.path).is_none()).map(|f| f.path.clone()),
        );
        let set = ChangeSet { changes, about: None, remarks: remarks.collect() };
        let text = message("commit", &set, &actor, &Trailers::default());
        context.allow(&records, &actor, &set.changes, &files)?;
        if context.schema.settings.flag("policy.gate") {
            let found: Vec<_> = set.changes.iter().flat_map(|c| falsehoods(c, &actor.id)).collect();
            if !found.is_empty() {
                return Err(Failure::many(found));
            }
        }
        let plan = if files.is_empty() {
            None
        } else {
            let proposal = Proposal { op: "commit", set: &set, files: &files, actor: &actor, message: &text };
            Some(Plan { adopt_work: true, ..context.sealed(proposal)? })
        };
        let ids = set.ids();
        *outcome.borrow_mut() =
            Some(super::super::change::Done { set, ids, commit: None, message: text, warnings });
        Ok(plan)
    };
    let options = context.write_options("commit");
    let receipt = if context.globals.dry_run {
        store.repo.preview(&options, &mut plan)?;
        None
    } else {
        context.writing(|| store.repo.write(&options, &mut plan))?
    };
    if let Some(mut done) = outcome.into_inner() {
        if let Some(receipt) = receipt {
            context.committed(&receipt, &mut done);
        }
        told(context, "commit", &done)?;
    }
    Ok(Exit::Ok)
}

/// A hand edit as a change of a record; `None` where the file is no record.
fn edited(
    context: &Context,
    base: &Base<'_>,
    path: &str,
    bytes: Option<&[u8]>,
) -> Result<Option<Change>, Failure> {
    if path == "crm.toml" {
        let text = bytes.map(String::from_utf8_lossy).unwrap_or_default();
        crate::model::schema::Schema::new(crate::store::settings::parse(&text)?)?;
        return Ok(None);
    }
    if context.schema.kind_of_path(path).is_none() || !path.ends_with(".toml") {
        return Ok(None);
    }
    let old: Option<Doc> = match base.file(path)? {
        // What was unreadable before is no reason to refuse its mending.
        Some(bytes) => document::parse(&context.schema, path, &bytes).ok().map(|read| read.doc),
        None => None,
    };
    let new = bytes.map(|b| document::parse(&context.schema, path, b).map(|r| r.doc)).transpose()?;
    Ok((old.is_some() || new.is_some()).then_some(Change { old, new }))
}

fn fmt(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let only = given(matches, "paths").unwrap_or_default();
    let names: Vec<&str> = store.schema().kinds().iter().map(|k| k.folder).collect();
    let mut odd: Vec<(String, Doc)> = Vec::new();
    for (path, stat) in store.repo.scan_work(&names)? {
        let wanted = only.is_empty() || only.iter().any(|o| path == *o || path.starts_with(&format!("{o}/")));
        if !wanted || !stat.is_regular() || !path.ends_with(".toml") {
            continue;
        }
        let Some(bytes) = store.repo.read_work(&path)? else { continue };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).to_vec();
        let read = document::parse(store.schema(), &path, &bytes)?;
        if document::formatted(&read.doc, &bytes)?.as_bytes() != bytes.as_slice() {
            odd.push((path, read.doc));
        }
    }
    let paths: Vec<&str> = odd.iter().map(|(path, _)| path.as_str()).collect();
    if on(matches, "check") {
        context.ui.lines(&paths)?;
        return Ok(if paths.is_empty() { Exit::Ok } else { Exit::CheckFailed });
    }
    let outcome = std::cell::RefCell::new(None);
    let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
        let records = Records::new(context, store, base)?;
        let actor = context.actor(&records)?;
        let mut files = Vec::new();
        let mut changes = Vec::new();
        for (path, doc) in &odd {
            let Some(bytes) = base.file(path)? else {
                return Err(Problem::new(crate::model::Class::Conflict, "store-hand-edit")
                    .arg("path", path)
                    .hint("store-hand-edit-hint")
                    .into());
            };
            files.push(FileChange {
                path: path.clone(),
                content: Some(document::formatted(doc, &bytes)?.into_bytes()),
            });
            changes.push(Change { old: Some(doc.clone()), new: Some(doc.clone()) });
        }
        let set = ChangeSet { changes, about: None, remarks: vec!["canonical form".to_owned()] };
        context.allow(&records, &actor, &set.changes, &files)?;
        let text = message("fmt", &set, &actor, &Trailers::default());
        let plan = if files.is_empty() {
            None
        } else {
            let proposal = Proposal { op: "fmt", set: &set, files: &files, actor: &actor, message: &text };
            Some(context.sealed(proposal)?)
        };
        let ids = set.ids();
        *outcome.borrow_mut() =
            Some(super::super::change::Done { set, ids, commit: None, message: text, warnings: Vec::new() });
        Ok(plan)
    };
    let options = context.write_options("fmt");
    let receipt = if context.globals.dry_run {
        store.repo.preview(&options, &mut plan)?;
        None
    } else {
        store.repo.write(&options, &mut plan)?
    };
    if let Some(mut done) = outcome.into_inner() {
        if let Some(receipt) = receipt {
            context.committed(&receipt, &mut done);
        }
        told(context, "fmt", &done)?;
    }
    Ok(Exit::Ok)
}
