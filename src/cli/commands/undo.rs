//! `undo`: a new commit that takes a whole command back, field by field. `restore`: a record, or
//! its plain fields, as a commit had them.

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place, writing};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::store::{Records, Store};
use super::history::{trailer, trailer_of};
use super::{Job, Standalone, perform, told};
use crate::draft::message::{Trailers, message};
use crate::draft::undo::inverse_of;
use crate::draft::{ChangeSet, Draft, references};
use crate::model::record::Doc;
use crate::model::{Class, Problem};
use crate::rules::{Change, View};
use crate::store::{Base, Commit, FileChange, ObjectId, Plan, document};

/// `crm undo [COMMIT]`.
pub const UNDO: Standalone = Standalone {
    name: "undo",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(place("commit", "COMMIT", words)),
    run: undo,
};

/// `crm restore ID --at REV`.
pub const RESTORE: Standalone = Standalone {
    name: "restore",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let command = command
            .arg(place("id", "ID", words).required(true))
            .arg(option("at", "REV|DATE", words).required(true))
            .arg(option("field", "FIELD", words).action(clap::ArgAction::Append));
        writing(command, &|_| false, words)
    },
    run: restore,
};

fn undo(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let named = one(matches, "commit").map(|text| context.revision(&text)).transpose()?;
    let outcome = std::cell::RefCell::new(None);
    let whole = std::cell::Cell::new(false);
    let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
        let records = Records::new(context, store, base)?;
        let actor = context.actor(&records)?;
        let commit = match named {
            Some(id) => store.repo.commit(id)?,
            None => last_of(store, &actor.id)?,
        };
        let (set, files) = inverse(store, base, &records, &commit)?;
        if !files.is_empty() {
            context.may_configure(&records, &actor)?;
            super::config::guard::judge_file(base, &records, &files)?;
        }
        whole.set(files.iter().any(|file| store.schema().kind_of_path(&file.path).is_some()));
        context.guard_rights(&set.changes)?;
        let trailers = Trailers { key: None, undoes: Some(commit.id.to_string()) };
        let op = format!("undo {}", trailer(&commit, "Crm-Op").unwrap_or_else(|| commit.id.short()));
        let text = message(&op, &set, &actor, &trailers);
        let plan = context.commit_plan_with(&op, base, &set, files, &text, &actor)?;
        // Whoever did it may take it back.
        if trailer(&commit, "Crm-Actor").as_deref() == Some(actor.id.as_str()) {
            context.ready_to_sign(&records, &actor, false)?;
        } else {
            context.allow(&records, &actor, &set.changes, &plan.changes)?;
        }
        let ids = set.changes.iter().map(|c| c.doc().id().to_owned()).collect();
        *outcome.borrow_mut() =
            Some(super::super::change::Done { set, ids, commit: None, message: text, warnings: Vec::new() });
        Ok(Some(plan))
    };
    let options = context.write_options("undo");
    let receipt = if context.globals.dry_run {
        store.repo.preview(&options, &mut plan)?;
        None
    } else {
        context.writing(|| store.repo.write(&options, &mut plan))?
    };
    if let Some(mut done) = outcome.into_inner() {
        match receipt {
            // The mirror was told nothing of records that went back as whole files; it finds out.
            Some(receipt) if whole.get() => done.commit = Some(receipt.commit.to_string()),
            Some(receipt) => context.committed(&receipt, &mut done),
            None => {}
        }
        told(context, "undo", &done)?;
    }
    Ok(Exit::Ok)
}

/// The acting user's last command that is neither an undo nor undone.
fn last_of(store: &Store, actor: &str) -> Result<Commit, Failure> {
    let mut undone: Vec<String> = Vec::new();
    let mut found = None;
    store.repo.heads(|head| {
        let taken_back = undone.contains(&head.id.to_string());
        if let Some(target) = trailer_of(&head.message, "Crm-Undoes") {
            // An undo that is itself undone takes nothing back any more.
            if !taken_back {
                undone.push(target);
            }
            return true;
        }
        if !taken_back && head.parents > 0 && trailer_of(&head.message, "Crm-Actor").as_deref() == Some(actor)
        {
            found = Some(head.id);
        }
        found.is_none()
    })?;
    if let Some(id) = found {
        return Ok(store.repo.commit(id)?);
    }
    Err(Problem::new(Class::NotFound, "nothing-to-undo").arg("user", actor).into())
}

/// The change that takes a commit back, refused where later commits touched the same fields or
/// refer to what would go.
fn inverse(
    store: &Store,
    base: &Base<'_>,
    records: &Records<'_, '_>,
    commit: &Commit,
) -> Result<(ChangeSet, Vec<FileChange>), Failure> {
    let short = commit.id.short();
    if commit.parents.len() > 1 {
        return Err(Problem::new(Class::Conflict, "undo-merge").arg("commit", short).into());
    }
    let mut changes = Vec::new();
    let mut files = Vec::new();
    for file in &commit.files {
        if !is_record(store, file)? {
            files.extend(whole_file(store, base, commit, file)?);
            continue;
        }
        let doc = |id: Option<ObjectId>| -> Result<Option<Doc>, Failure> {
            let Some(id) = id else { return Ok(None) };
            Ok(Some(document::parse(store.schema(), &file.path, &store.repo.blob(id)?)?.doc))
        };
        let (before, after) = (doc(file.old)?, doc(file.new)?);
        let now = match base.file(&file.path)? {
            Some(bytes) => Some(document::parse(store.schema(), &file.path, &bytes)?.doc),
            None => None,
        };
        let conflict = |field: &str| {
            Problem::new(Class::Conflict, "undo-overwrites")
                .arg("path", &file.path)
                .arg("field", field)
                .arg("commit", commit.id.short())
        };
        let new = inverse_of(before.as_ref(), after.as_ref(), now.as_ref()).map_err(|f| conflict(&f))?;
        changes.push(Change { old: now, new });
    }
    if changes.is_empty() && files.is_empty() {
        return Err(Problem::new(Class::NotFound, "nothing-to-undo").arg("user", short).into());
    }
    let mut kept = ChangeSet { changes, about: None, remarks: vec![format!("takes back {}", commit.id)] };
    kept.changes.retain(|c| c.old != c.new);
    unreferred(store, records, &kept.changes)?;
    // What comes back must find what it refers to.
    for change in &kept.changes {
        let Some(new) = &change.new else { continue };
        for (field, id) in references(new) {
            let nouns = field_nouns(new, &field);
            let there = nouns.iter().any(|noun| {
                let Some(kind) = store.schema().kind(noun) else { return false };
                let path = kind.path(id);
                kept.changes.iter().any(|c| c.new.is_some() && c.doc().path() == path)
                    || matches!(base.id(&path), Ok(Some(_)))
            });
            if !there {
                return Err(Problem::new(Class::Conflict, "undo-dangling")
                    .arg("record", new.id())
                    .arg("target", id)
                    .into());
            }
        }
    }
    if kept.changes.is_empty() {
        kept.about = files.first().map(|file| file.path.clone());
    }
    Ok((kept, files))
}

/// Whether a commit changed a record, in a form that is read: not so a migration, which is taken
/// back file by file.
fn is_record(store: &Store, file: &crate::store::FileChanged) -> Result<bool, Failure> {
    if store.schema().kind_of_path(&file.path).is_none() {
        return Ok(false);
    }
    for id in [file.old, file.new].into_iter().flatten() {
        if document::parse(store.schema(), &file.path, &store.repo.blob(id)?).is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A file that is no record goes back as a whole, where nothing changed it since. One that is not
/// the program's own stays.
fn whole_file(
    store: &Store,
    base: &Base<'_>,
    commit: &Commit,
    file: &crate::store::FileChanged,
) -> Result<Option<FileChange>, Failure> {
    let top = file.path.split('/').next().unwrap_or_default();
    let ours = ["crm.toml", ".gitattributes", "reports", "schema"].contains(&top)
        || store.schema().kind_of_path(&file.path).is_some();
    let conflict = |id: &'static str| Problem::new(Class::Conflict, id).arg("path", &file.path);
    if !ours {
        return Err(conflict("undo-other-file").arg("commit", commit.id.short()).into());
    }
    let now = base.id(&file.path)?;
    if now == file.old {
        return Ok(None);
    }
    if now != file.new {
        let problem = conflict("undo-overwrites").arg("field", "*").arg("commit", commit.id.short());
        return Err(problem.into());
    }
    let content = file.old.map(|id| store.repo.blob(id)).transpose()?;
    Ok(Some(FileChange { path: file.path.clone(), content }))
}

/// Refuses to let go what a record refers to that stays, as it will be.
fn unreferred(store: &Store, records: &Records<'_, '_>, changes: &[Change]) -> Result<(), Failure> {
    for gone in changes.iter().filter(|c| c.new.is_none()).map(Change::doc) {
        for (noun, id, field) in records.referring(gone.id())? {
            let path = store.schema().kind(noun).map(|k| k.path(&id)).unwrap_or_default();
            let stays = match changes.iter().find(|c| c.doc().path() == path) {
                None => true,
                Some(change) => change.new.iter().any(|doc| references(doc).any(|(_, to)| to == gone.id())),
            };
            if stays {
                return Err(Problem::new(Class::Conflict, "undo-referenced")
                    .arg("record", gone.id())
                    .arg("by", id)
                    .arg("field", field)
                    .into());
            }
        }
    }
    Ok(())
}

fn field_nouns(doc: &Doc, field: &str) -> &'static [&'static str] {
    let ty = match field.split_once('.') {
        Some((rows, name)) => doc
            .kind
            .field(rows)
            .and_then(crate::model::record::Field::rows)
            .and_then(|r| r.field(name))
            .map(|f| f.ty),
        None => doc.kind.field(field).map(|f| f.ty),
    };
    ty.and_then(super::super::resolve::refers_to).unwrap_or(&[])
}

fn restore(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let text = one(matches, "id").unwrap_or_default();
    let at = one(matches, "at").unwrap_or_default();
    let commit = context.revision(&at)?;
    let only = super::super::fields::given(matches, "field");
    let (kind, id) = match store.schema().kind_of_id(&text) {
        Some(kind) if crate::model::value::is_id(&text) => (kind, text.clone()),
        _ => match super::show::find(context, store, store.schema().kinds(), &text) {
            Ok(found) => found,
            Err(failure) => {
                let at = |k: &&&'static crate::model::record::Kind| {
                    k.is_slug() && matches!(store.repo.read_at(commit, &k.path(&text)), Ok(Some(_)))
                };
                let kind = store.schema().kinds().iter().find(at).ok_or(failure)?;
                (*kind, text.clone())
            }
        },
    };
    let past = store.read_at(commit, kind, &id)?.ok_or_else(|| {
        Problem::new(Class::NotFound, "not-there-then").arg("record", &id).arg("value", &at)
    })?;
    let job = Job::new(
        context,
        matches,
        "restore".to_owned(),
        Box::new(move |draft: &mut Draft<'_>, names| {
            names.mention(past.id());
            let Some(mut doc) = draft.get(kind, past.id())? else {
                draft.put(past.clone())?;
                return Ok(());
            };
            for field in kind.all() {
                let wanted = match &only {
                    Some(fields) => fields.iter().any(|f| f.replace('-', "_") == field.name),
                    None => true,
                };
                let plain = !field.marks.verb && !field.marks.immutable;
                if wanted && plain {
                    draft.set(&mut doc, field.name, past.get(field.name).cloned());
                }
            }
            draft.put(doc)?;
            Ok(())
        }),
    )?;
    perform(context, job)
}
