//! One command, one change, one commit: what every writing command goes through.

use std::cell::RefCell;
use std::time::Instant;

use sha1::{Digest, Sha1};

use super::context::{Context, Writing};
use super::error::{Exit, Failure};
use super::hooks::Proposal;
use super::resolve::Names;
use super::store::Records;
use crate::draft::message::{Trailers, message};
use crate::draft::{Actor, ChangeSet, Draft, Setting, plain};
use crate::model::record::Doc;
use crate::model::setting::version;
use crate::model::value::{new_id, new_row_id};
use crate::model::{Class, Problem};
use crate::rules::people::overrides;
use crate::rules::{self, Change, Judge, View};
use crate::store::{Base, FileChange, Person, Plan, Receipt, Repo, StoreError, When, WriteOptions, document};

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub set: ChangeSet,
    /// Ids on stdout: what was made, else what changed, else what was named.
    pub ids: Vec<String>,
    /// `None`: nothing changed, or a dry run.
    pub commit: Option<String>,
    pub message: String,
    pub warnings: Vec<Problem>,
}

/// What a command wants, run against a draft; again when another command came first.
pub type Wish<'a> = dyn FnMut(&mut Draft<'_>, &Names<'_>) -> Result<(), Failure> + 'a;

impl Context {
    /// Options of the transaction.
    pub fn write_options(&self, op: &str) -> WriteOptions<'_> {
        WriteOptions {
            lock_timeout: self.globals.lock_timeout,
            allow_network_fs: self.globals.allow_network_fs,
            signing: self.signing(),
            branch: self.schema.settings.get("policy.branch").map(str::to_owned),
            needs: self.newer_needed(),
            holder: format!("crm {op}"),
            ..WriteOptions::default()
        }
    }

    /// The version that the store asks for, where this one is older.
    fn newer_needed(&self) -> Option<String> {
        let needed = self.schema.settings.get("policy.min_crm")?;
        (version(needed) > version(env!("CARGO_PKG_VERSION"))).then(|| needed.to_owned())
    }

    /// Refuses to judge a store that asks for a newer program, which may know better.
    pub fn may_judge(&self) -> Result<(), Failure> {
        match self.newer_needed() {
            Some(needed) => Err(StoreError::OlderProgram { needed }.into()),
            None => Ok(()),
        }
    }

    /// Runs a wish as one change: rules, commit, mirror. With `--dry-run` nothing is written.
    pub fn change(&self, op: &str, writing: &Writing, wish: &mut Wish<'_>) -> Result<Done, Failure> {
        let store = self.store()?;
        if let Some(done) = self.repeated(op, writing)? {
            return Ok(done);
        }
        let outcome: RefCell<Option<Done>> = RefCell::new(None);
        let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
            let records = Records::new(self, store, base)?;
            let (done, plan) = self.plan(op, writing, base, &records, wish)?;
            *outcome.borrow_mut() = Some(done);
            Ok(plan)
        };
        if self.globals.dry_run {
            store.repo.preview(&self.write_options(op), &mut plan)?;
            return outcome.into_inner().ok_or_else(nothing_planned);
        }
        let started = Instant::now();
        let receipt = self.writing(|| store.repo.write(&self.write_options(op), &mut plan))?;
        let mut done = outcome.into_inner().ok_or_else(nothing_planned)?;
        if let Some(receipt) = receipt {
            self.committed(&receipt, &mut done);
        }
        if self.ui.verbose {
            self.ui.stderr(&format!("{op}: {:?}", started.elapsed()));
        }
        Ok(done)
    }

    /// From here on nothing may fail: the change is committed.
    pub fn committed(&self, receipt: &Receipt, done: &mut Done) {
        done.commit = Some(receipt.commit.to_string());
        for warning in &receipt.warnings {
            self.ui.note(&format!("{}: {warning}", self.text("word-warning", &[])));
        }
        let changes: Vec<(String, Option<Doc>)> =
            done.set.changes.iter().map(|c| (c.doc().path(), c.new.clone())).collect();
        // A mirror that could not be told catches up at its next use.
        if let Ok(store) = self.store() {
            let _ = store.write_through(self, &changes);
        }
    }

    fn plan(
        &self,
        op: &str,
        writing: &Writing,
        base: &Base<'_>,
        records: &Records<'_, '_>,
        wish: &mut Wish<'_>,
    ) -> Result<(Done, Option<Plan>), Failure> {
        let actor = self.actor(records)?;
        let setting = Setting {
            actor: actor.clone(),
            now: self.now,
            today: self.today,
            on: writing.on.unwrap_or(self.now),
            reason: writing.reason.clone(),
            allow: writing.allow.clone(),
        };
        let mut ids = |prefix: Option<&str>| random_id(prefix);
        let mut draft = Draft::new(records, &setting, &mut ids);
        let names = Names::new(self, records);
        wish(&mut draft, &names)?;
        let mut allow = draft.setting.allow.clone();
        if allow.contains("override") {
            allow.extend(overrides(records, &actor.id, actor.narrowed.as_ref())?);
        }
        draft.remarks.extend(override_remark(writing));
        let changes: Vec<Change> = draft.pending().filter(|c| c.old != c.new).cloned().collect();
        Self::match_revision(writing, base, &changes)?;
        // Who may not do it is not told either what else speaks against it.
        self.allow(records, &actor, &changes, &[])?;
        self.guard_rights(&changes)?;
        let conditions = super::conditions::check(&names, op, &changes);
        let judge = Judge { allow: &allow, now: self.now, today: self.today };
        let mut found = rules::judge(&draft, records, &judge, &changes)?;
        found.extend(conditions);
        let (mut warnings, refused): (Vec<_>, Vec<_>) = found.into_iter().partition(|p| p.warning);
        if !refused.is_empty() {
            return Err(Failure::many(refused));
        }
        warnings.splice(0..0, std::mem::take(&mut draft.warnings));
        let answer = std::mem::take(&mut draft.answer);
        let set = draft.finish();
        let made = set.changes.iter().any(|c| c.old.is_none());
        let mentioned = names.mentioned();
        let ids = match (answer.is_empty(), made || mentioned.is_empty()) {
            (false, _) => answer,
            (true, true) => set.ids(),
            (true, false) => mentioned,
        };
        let mut done = Done { ids, set, commit: None, message: String::new(), warnings };
        if done.set.is_empty() {
            return Ok((done, None));
        }
        let trailers =
            Trailers { key: writing.key.clone().map(|key| (key, digest(op, writing))), undoes: None };
        done.message = message(op, &done.set, &actor, &trailers);
        let plan = self.commit_plan(op, base, &done.set, &done.message, &actor)?;
        Ok((done, Some(plan)))
    }

    /// Writes a file that is no record, such as a report, as one commit; with `--dry-run` shows it.
    pub fn write_file(&self, op: &str, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let store = self.store()?;
        let set = ChangeSet { about: Some(path.to_owned()), ..ChangeSet::default() };
        let mut told = String::new();
        let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
            let records = Records::new(self, store, base)?;
            let actor = self.actor(&records)?;
            told = message(op, &set, &actor, &Trailers::default());
            let files = vec![FileChange { path: path.to_owned(), content: Some(bytes.to_vec()) }];
            self.allow(&records, &actor, &[], &files)?;
            Ok(Some(self.sealed(Proposal { op, set: &set, files: &files, actor: &actor, message: &told })?))
        };
        if self.globals.dry_run {
            store.repo.preview(&self.write_options(op), &mut plan)?;
            self.say("dry-run", &[("count", "1")]);
            let text = String::from_utf8_lossy(bytes);
            let lines = text.lines().map(|line| format!("+{line}"));
            return self.ui.lines(std::iter::once(format!("+++ {path}")).chain(lines));
        }
        let receipt = store.repo.write(&self.write_options(op), &mut plan)?;
        let ids = vec![path.to_owned()];
        let mut done = Done { set, ids, commit: None, message: told, warnings: Vec::new() };
        if let Some(receipt) = receipt {
            self.committed(&receipt, &mut done);
        }
        super::commands::told(self, op, &done)
    }

    /// The files of a change set and the commit around them.
    pub fn commit_plan(
        &self,
        op: &str,
        base: &Base<'_>,
        set: &ChangeSet,
        message: &str,
        actor: &Actor,
    ) -> Result<Plan, Failure> {
        self.commit_plan_with(op, base, set, Vec::new(), message, actor)
    }

    /// The same with files beside the records.
    pub fn commit_plan_with(
        &self,
        op: &str,
        base: &Base<'_>,
        set: &ChangeSet,
        mut files: Vec<FileChange>,
        message: &str,
        actor: &Actor,
    ) -> Result<Plan, Failure> {
        for change in &set.changes {
            files.push(file_change(base, change)?);
        }
        self.sealed(Proposal { op, set, files: &files, actor, message })
    }

    /// The commit around changed files. Every commit comes through here, and so past the hooks.
    pub fn sealed(&self, proposal: Proposal<'_>) -> Result<Plan, Failure> {
        self.ask_hooks(proposal)?;
        let person = Person { name: proposal.actor.name.clone(), email: proposal.actor.email.clone() };
        let when =
            When { seconds: self.now.timestamp(), offset_minutes: self.now.offset().local_minus_utc() / 60 };
        Ok(Plan {
            changes: proposal.files.to_vec(),
            message: proposal.message.to_owned(),
            committer: self.hand.committer().unwrap_or_else(|| person.clone()),
            author: person,
            when,
            adopt_work: false,
        })
    }

    fn match_revision(writing: &Writing, base: &Base<'_>, changes: &[Change]) -> Result<(), Failure> {
        let Some(wanted) = &writing.if_match else { return Ok(()) };
        for change in changes.iter().filter(|c| c.old.is_some()) {
            let path = change.doc().path();
            let found = base.id(&path)?.map(|id| id.to_string()).unwrap_or_default();
            if !found.starts_with(wanted.as_str()) {
                let problem = Problem::new(Class::Conflict, "if-match")
                    .arg("record", change.doc().id())
                    .arg("wanted", wanted)
                    .arg("found", found);
                return Err(problem.into());
            }
        }
        Ok(())
    }

    /// The acting user: `--as`, `CRM_USER`, else the owner of git's e-mail address.
    pub fn actor(&self, view: &dyn View) -> Result<Actor, Failure> {
        self.actor_in(view, &self.store()?.repo)
    }

    /// As [`Context::actor`], of a repository that may be no store yet.
    pub fn actor_in(&self, view: &dyn View, repo: &Repo) -> Result<Actor, Failure> {
        let proven = self.proven()?;
        let (ids, named) = if let Some(identity) = &proven {
            (vec![identity.user.clone()], identity.user.clone())
        } else if let Some(name) = &self.globals.acting {
            (named_user(view, name)?, name.clone())
        } else {
            unnamed_user(repo, view)?
        };
        let Some(id) = ids.first() else {
            let problem =
                Problem::new(Class::Denied, "unknown-actor").arg("value", named).hint("no-actor-hint");
            return Err(denied(problem));
        };
        let user = view.record("user", id)?.ok_or_else(|| {
            denied(Problem::new(Class::Denied, "unknown-actor").arg("value", id).hint("no-actor-hint"))
        })?;
        if user.state() != "active" {
            let problem =
                Problem::new(Class::Denied, "inactive-actor").arg("value", id).arg("state", user.state());
            return Err(denied(problem));
        }
        Ok(Actor {
            id: id.clone(),
            name: user.text("name").unwrap_or(id).to_owned(),
            email: user.text("email").unwrap_or_default().to_owned(),
            narrowed: proven.and_then(|identity| identity.narrowed),
        })
    }

    /// Refuses who may not change the settings of the store: that needs an admin role.
    pub fn may_configure(&self, view: &dyn View, actor: &Actor) -> Result<(), Failure> {
        let refused = self.rights(view, actor)?.file("crm.toml", false, crate::access::asks::Deed::Edit);
        refused.map_or(Ok(()), |problem| Err(problem.into()))
    }

    /// What an earlier command with the same key did.
    fn repeated(&self, op: &str, writing: &Writing) -> Result<Option<Done>, Failure> {
        let Some(key) = &writing.key else { return Ok(None) };
        let store = self.store()?;
        if store.repo.tip()?.is_none() {
            return Ok(None);
        }
        let line = format!("Crm-Key: {} ", crate::draft::message::safe(key));
        let mut found = None;
        store.repo.heads(|head| {
            let digest =
                trailers(&head.message).find_map(|l| l.strip_prefix(&line).map(|d| d.trim().to_owned()));
            found = digest.map(|digest| (head.id, digest));
            found.is_none()
        })?;
        let Some((id, before)) = found else { return Ok(None) };
        if before != digest(op, writing) {
            let problem =
                Problem::new(Class::Conflict, "key-reused").arg("key", key).arg("commit", id.short());
            return Err(problem.into());
        }
        let commit = store.repo.commit(id)?;
        let made = |path: &str| path.rsplit('/').next()?.strip_suffix(".toml").map(str::to_owned);
        let added: Vec<String> =
            commit.files.iter().filter(|f| f.old.is_none()).filter_map(|f| made(&f.path)).collect();
        let mut ids: Vec<String> = trailers(&commit.message)
            .filter_map(|l| l.strip_prefix("Crm-Record: ").map(|id| id.trim().to_owned()))
            .collect();
        if !added.is_empty() {
            ids.retain(|id| added.contains(id));
        }
        Ok(Some(Done {
            set: ChangeSet::default(),
            ids,
            commit: None,
            message: String::new(),
            warnings: Vec::new(),
        }))
    }
}

/// Why a command asks to pass what is refused, for its commit.
pub fn override_remark(writing: &Writing) -> Option<String> {
    let reason = writing.reason.as_ref().filter(|_| writing.allow.contains("override"))?;
    Some(format!("override: {reason}"))
}

/// The trailers of a message: the lines of its last paragraph.
pub fn trailers(message: &str) -> impl Iterator<Item = &str> {
    message.trim_end().rsplit("\n\n").next().unwrap_or_default().lines()
}

fn nothing_planned() -> Failure {
    Failure::new(Exit::Error, Problem::usage("io-error").arg("reason", "no plan"))
}

fn denied(problem: Problem) -> Failure {
    Failure::new(Exit::Denied, problem)
}

/// Who has the e-mail address that git knows, and that address.
pub(super) fn unnamed_user(repo: &Repo, view: &dyn View) -> Result<(Vec<String>, String), Failure> {
    let Some(email) = repo.config("user.email") else {
        return Err(denied(Problem::new(Class::Denied, "no-actor").hint("no-actor-hint")));
    };
    let key = email.to_lowercase();
    let mut ids = Vec::new();
    for (field, value) in [("email", &email), ("git_emails", &email), ("email", &key)] {
        for id in view.find("user", field, value)? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    Ok((ids, email))
}

pub(super) fn named_user(view: &dyn View, name: &str) -> Result<Vec<String>, Problem> {
    if view.record("user", name)?.is_some() {
        return Ok(vec![name.to_owned()]);
    }
    for field in ["email", "name"] {
        let ids = view.find("user", field, name)?;
        if !ids.is_empty() {
            return Ok(ids);
        }
    }
    Ok(Vec::new())
}

/// The file of a changed record: new bytes over the ones it builds on.
pub fn file_change(base: &Base<'_>, change: &Change) -> Result<FileChange, Failure> {
    let path = change.doc().path();
    let content = match (&change.old, &change.new) {
        (_, None) => None,
        (None, Some(new)) => Some(document::canonical(new).into_bytes()),
        (Some(old), Some(new)) => {
            let bytes = base.file(&path)?.unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            Some(document::rewrite(&text, old, new)?.into_bytes())
        }
    };
    Ok(FileChange { path, content })
}

/// A digest of verb and payload: the same key with another payload is another command.
fn digest(op: &str, writing: &Writing) -> String {
    let mut hash = Sha1::new();
    hash.update(op.as_bytes());
    for (name, values) in &writing.payload {
        hash.update([0]);
        hash.update(name.as_bytes());
        for value in values {
            hash.update([1]);
            hash.update(value.as_bytes());
        }
    }
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}

/// A fresh id: of a record with this prefix, or of a row.
pub fn random_id(prefix: Option<&str>) -> String {
    let mut bytes = [0_u8; 12];
    if getrandom::fill(&mut bytes).is_err() {
        // Without the system's randomness the process id and a counter still tell ids of one
        // machine apart; a clash is refused by the transaction.
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes[..8].copy_from_slice(&next);
        bytes[8..].copy_from_slice(&std::process::id().to_be_bytes());
    }
    if let Some(prefix) = prefix {
        new_id(prefix, &bytes)
    } else {
        let mut short = [0_u8; 6];
        short.copy_from_slice(&bytes[..6]);
        new_row_id(&short)
    }
}

/// The value of a field for people and for `--format json`.
pub fn shown(doc: &Doc, field: &str) -> String {
    doc.get(field).map(plain).unwrap_or_default()
}
