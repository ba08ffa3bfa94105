//! The gate: whether commits that somebody wants in a shared branch may come in.
//!
//! Every commit is judged by the policy of its parent, parents first: who signed it, whose name it
//! bears, that it is linear, which files it touches and how, and whether a role of its author
//! allows all of that. Where a store has no gate only the files are looked at. **Whatever cannot
//! be read, understood or decided is refused.** The same judgement serves the hook of a shared
//! repository, the gatekeeper, every clone that fetches, and the audit of a whole history.
//! Deliberately absent: dates as a proof of anything, the trailers of a message as a proof of
//! anything, and rules over the whole store, which two honest clones can break together.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};

use super::asks::Deed;
use super::places::{Place, looks_like, place};
use super::policy::{Policies, Policy, TreeView, Unreadable};
use super::rights::{GUARDED, Rights};
use super::signature::{Refusal, verify};
use super::truth::{falsehoods, late};
use crate::draft::undo::inverse_of;
use crate::model::record::Doc;
use crate::model::role::Override;
use crate::model::{Class, Problem};
use crate::rules::people::overrides;
use crate::rules::support::passing;
use crate::rules::{Change, Judge, View, judge_alone};
use crate::store::{Entry, MAX_FILE, ObjectId, Oddity, RawChange, RawCommit, Repo, StoreError, document};

/// Why a commit does not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub commit: ObjectId,
    pub problem: Problem,
}

/// What the judge needs to know besides the commits.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Seconds since 1970: nothing is signed later than this and five minutes.
    pub now: i64,
    /// The file that says how lines end, as this program writes it.
    pub attributes: &'static [u8],
    /// The version of this program.
    pub version: &'static str,
}

/// How far a clock may be ahead.
const AHEAD: i64 = 300;

/// Flags that let a change pass with a warning: nobody knows whether they were given.
const FLAGS: &[&str] =
    &["allow-duplicate", "allow-over", "override", "reassign", "accept-expired", "force", "keep-sla"];

/// What the parents of a commit say: `gate` where any of them is guarded.
struct Before {
    policy: std::rc::Rc<Policy>,
    tree: Option<ObjectId>,
    gate: bool,
}

/// Judges commits of one repository, one after the other.
pub struct Gate<'a> {
    repo: &'a Repo,
    bench: &'a Bench,
    policies: Policies,
}

impl std::fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("bench", &self.bench).finish_non_exhaustive()
    }
}

type Reasons = Vec<Problem>;

impl<'a> Gate<'a> {
    /// A judge over a repository.
    #[must_use]
    pub fn new(repo: &'a Repo, bench: &'a Bench) -> Self {
        Self { repo, bench, policies: Policies::default() }
    }

    /// The policy of a commit's own state.
    pub fn policy_of(&self, commit: ObjectId) -> Result<std::rc::Rc<Policy>, Unreadable> {
        self.policies.at(self.repo, self.repo.tip_at_commit(commit)?.tree)
    }

    /// Every reason against a commit; none where it may come in. `guarded`: the branch it comes to
    /// has a gate, whatever its parents say.
    #[must_use]
    pub fn commit(&self, id: ObjectId, guarded: bool) -> Vec<Reason> {
        let mut found = Reasons::new();
        if let Err(error) = self.judge(id, guarded, &mut found) {
            found.push(match error {
                Unreadable::Problem(problem) => problem,
                Unreadable::Store(error) => unreadable(&error),
            });
        }
        found.into_iter().map(|problem| Reason { commit: id, problem }).collect()
    }

    fn judge(&self, id: ObjectId, guarded: bool, found: &mut Reasons) -> Result<(), Unreadable> {
        let commit = match self.repo.raw_commit(id)? {
            Ok(commit) => commit,
            // Without a gate nobody asks how a commit is written.
            Err(_) if !guarded && !self.gated(&self.repo.parents(id)?)? => return self.plain(id, found),
            Err(odd) => {
                found.push(oddity(odd));
                return Ok(());
            }
        };
        let before = self.before(&commit, guarded)?;
        let changes = match self.repo.raw_changes(before.tree, commit.tree)? {
            Ok(changes) => changes,
            Err(odd) => {
                found.push(oddity(odd));
                return Ok(());
            }
        };
        let mut sound = true;
        for change in &changes {
            let problem = self.entry(change, &before)?;
            sound &= problem.is_none();
            found.extend(problem);
        }
        if !before.gate {
            return self.sensible(commit.tree, &changes, found);
        }
        if commit.parents.len() != 1 {
            found.push(
                refused(if commit.parents.is_empty() { "gate-root" } else { "gate-merge" })
                    .hint("hint-gate-merge"),
            );
            return Ok(());
        }
        let Some(author) = self.author(&commit, &before.policy, found)? else { return Ok(()) };
        if sound {
            self.content(&commit, &before, &author, &changes, found)?;
        }
        Ok(())
    }

    /// Whether settings, users, teams, roles and pools can still be read after a change of them:
    /// else nothing could be judged any more. A gate is not set where no administrator could pass it.
    fn sensible(&self, tree: ObjectId, changes: &[RawChange], found: &mut Reasons) -> Result<(), Unreadable> {
        let held = |change: &RawChange| {
            change.path == b"crm.toml"
                || ["users/", "teams/", "roles/", "pools/"]
                    .iter()
                    .any(|folder| change.path.starts_with(folder.as_bytes()))
        };
        if changes.iter().any(held) {
            let policy = self.policies.at(self.repo, tree)?;
            if policy.gate && !policy.mends() {
                found.push(refused("gate-no-key"));
            }
        }
        Ok(())
    }

    /// A commit that git wrote in a way of its own, where no gate is set: its files alone count.
    fn plain(&self, id: ObjectId, found: &mut Reasons) -> Result<(), Unreadable> {
        let parents = self.repo.parents(id)?;
        let tree = parents.first().map(|id| self.repo.tip_at_commit(*id)).transpose()?.map(|tip| tip.tree);
        let own = self.repo.tip_at_commit(id)?.tree;
        let policy = self.policies.at(self.repo, tree.unwrap_or(own))?;
        match self.repo.raw_changes(tree, own)? {
            Ok(changes) => {
                let before = Before { policy, tree, gate: false };
                for change in &changes {
                    found.extend(self.entry(change, &before)?);
                }
                self.sensible(own, &changes, found)?;
            }
            Err(odd) => found.push(oddity(odd)),
        }
        Ok(())
    }

    fn gated(&self, commits: &[ObjectId]) -> Result<bool, Unreadable> {
        for id in commits {
            if self.policy_of(*id)?.gate {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn before(&self, commit: &RawCommit, guarded: bool) -> Result<Before, Unreadable> {
        let Some(parent) = commit.parents.first() else {
            // The first commit makes its own policy; that it is the right one is pinned elsewhere.
            let policy = self.policies.at(self.repo, commit.tree)?;
            return Ok(Before { policy, tree: None, gate: guarded });
        };
        let tree = self.repo.tip_at_commit(*parent)?.tree;
        let gate = guarded || self.gated(&commit.parents)?;
        Ok(Before { policy: self.policies.at(self.repo, tree)?, tree: Some(tree), gate })
    }

    /// Whether what stands at a path may stand there at all.
    fn entry(&self, change: &RawChange, before: &Before) -> Result<Option<Problem>, Unreadable> {
        let shown = String::from_utf8_lossy(&change.path).into_owned();
        let bad = |id: &'static str| Ok(Some(refused(id).arg("path", &shown).at(shown.clone(), None)));
        let Ok(path) = str::from_utf8(&change.path) else { return bad("gate-path") };
        let place = place(path, &before.policy);
        if matches!(place, Place::Foreign) && before.gate {
            return bad("gate-path");
        }
        let Some(new) = change.new else { return Ok(None) };
        let ours = !matches!(place, Place::Foreign | Place::Own);
        let regular = new.is_plain() || (!ours && !before.gate && new.mode == 0o100_755);
        if !regular || path.split('/').any(|name| looks_like(name, ".gitmodules", "gitmod~")) {
            return bad("gate-mode");
        }
        if path.contains('\\') || path.split('/').any(|name| looks_like(name, ".git", "git~")) {
            return bad("gate-path");
        }
        let attributes = |name| looks_like(name, ".gitattributes", "gitatt~");
        if before.gate && path != ".gitattributes" && path.split('/').any(attributes) {
            return bad("gate-attributes");
        }
        if self.repo.size_of(new.id)? as u64 > MAX_FILE {
            return bad("gate-size");
        }
        if !ours {
            return Ok(None);
        }
        let bytes = self.repo.blob(new.id)?;
        if bytes.contains(&0) || str::from_utf8(&bytes).is_err() || bytes.starts_with(b"\xef\xbb\xbf") {
            return bad("gate-text");
        }
        if path == ".gitattributes" && bytes != self.bench.attributes {
            return bad("gate-attributes");
        }
        Ok(None)
    }

    /// Whose rights a commit is judged by: whoever signed it and bears its names; the author, where
    /// the gateway signed for somebody.
    fn author(
        &self,
        commit: &RawCommit,
        policy: &Policy,
        found: &mut Reasons,
    ) -> Result<Option<Doc>, Unreadable> {
        if policy.min_crm.as_deref().is_some_and(|least| older(self.bench.version, least)) {
            let least = policy.min_crm.clone().unwrap_or_default();
            found.push(refused("gate-version").arg("wanted", least).arg("found", self.bench.version));
            return Ok(None);
        }
        let Some((pem, payload)) = &commit.signature else {
            found.push(refused("gate-unsigned").hint("hint-gate-signing"));
            return Ok(None);
        };
        let key = match verify(pem, "git", payload) {
            Ok(key) => key,
            Err(refusal) => {
                found.push(refused("gate-signature").arg("reason", reason(refusal)));
                return Ok(None);
            }
        };
        let Some(signer) = policy.holder(&key).map(|id| policy.user(id)).transpose()?.flatten() else {
            found.push(refused("gate-unknown-key").arg("key", key.fingerprint()).hint("hint-gate-signing"));
            return Ok(None);
        };
        if commit.committer.seconds > self.bench.now.saturating_add(AHEAD) {
            found.push(refused("gate-future").arg("user", signer.id()));
        }
        if !is(&signer, &commit.committer) {
            found.push(
                refused("gate-committer").arg("user", signer.id()).arg("found", person(&commit.committer)),
            );
            return Ok(None);
        }
        if is(&signer, &commit.author) {
            return Ok(Some(signer));
        }
        if policy.gateway.as_deref() == Some(signer.id()) && signer.text("kind") == Some("service") {
            let users = policy.people.docs().filter(|doc| doc.kind.name == "user" && doc.state() == "active");
            let mut named = users.filter(|user| is(user, &commit.author));
            if let (Some(user), None) = (named.next(), named.next()) {
                return Ok(Some(user.clone()));
            }
        }
        found.push(refused("gate-author").arg("user", signer.id()).arg("found", person(&commit.author)));
        Ok(None)
    }

    /// Whether the author may make these changes, and whether they are sound.
    fn content(
        &self,
        commit: &RawCommit,
        before: &Before,
        author: &Doc,
        changes: &[RawChange],
        found: &mut Reasons,
    ) -> Result<(), Unreadable> {
        let after = self.policies.at(self.repo, commit.tree)?;
        let mut mended = Vec::new();
        let records = self.records(&before.policy, &after, changes, found, &mut mended)?;
        let (Some(records), Some(tree)) = (records, before.tree) else { return Ok(()) };
        let view = TreeView::new(self.repo, tree, before.policy.clone());
        let view_after = TreeView::new(self.repo, commit.tree, after.clone());
        let rights = Rights::of(&view, author, None)?;
        let other = |change: &RawChange| {
            !matches!(place(&String::from_utf8_lossy(&change.path), &before.policy), Place::Record)
        };
        let takes_back = mended.is_empty()
            && !changes.iter().any(other)
            && self.takes_back(commit, before, &view, &rights, &records)?;
        if takes_back {
            // Who may do what is never given back by taking back.
            let guarded = records.iter().filter(|change| GUARDED.contains(&change.doc().kind.name));
            for change in guarded {
                found.extend(rights.change(&view, change)?);
            }
        } else {
            found.extend(rights.judge(&view, &records)?);
            for change in changes.iter().filter(|change| other(change)) {
                let path = String::from_utf8_lossy(&change.path);
                let report = matches!(place(&path, &before.policy), Place::Report);
                let deed = match (change.old, change.new) {
                    (None, _) => Deed::Create,
                    (_, Some(_)) => Deed::Edit,
                    (_, None) => Deed::Remove,
                };
                found.extend(rights.file(&path, report, deed));
            }
            // Nobody knows whose it was.
            found.extend(mended.iter().filter_map(|path| rights.file(path, false, Deed::Edit)));
            let known = records.iter().filter(|change| !mended.contains(&change.doc().path()));
            found.extend(known.flat_map(|change| falsehoods(change, author.id())));
        }
        if let Some(actor) = last_line(&commit.message, "Crm-Actor").filter(|actor| *actor != author.id()) {
            let problem = refused("gate-forged").arg("record", commit.id.short()).arg("noun", "commit");
            found.push(problem.arg("field", "Crm-Actor").arg("user", author.id()).arg("value", actor));
        }
        if let Some(key) = after.contested().find(|key| !before.policy.contested().any(|old| old == *key)) {
            let problem = refused("duplicate-signing-key").arg("record", author.title());
            found
                .push(problem.arg("noun", "user").arg("value", key.as_str()).arg("other", key.fingerprint()));
        }
        if after.admins().next().is_none() {
            found.push(refused("no-admin").arg("record", ""));
        }
        if before.policy.mends() && after.gate && !after.mends() {
            found.push(refused("gate-no-key"));
        }
        let mut allow: BTreeSet<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        allow.extend(overrides(&view, author.id(), None)?);
        if takes_back {
            allow.insert("undo".to_owned());
            allow.extend(Override::LIST.codes.iter().map(|code| passing(code)));
        }
        let now = moment(commit);
        let judge = Judge { allow: &allow, now, today: now.date_naive() };
        let mut broken = judge_alone(&view_after, &view, &judge, &records)?;
        if !takes_back {
            for change in &records {
                late(&view_after, &judge, change, author.id(), &mut broken)?;
            }
        }
        found.extend(broken.into_iter().filter(|problem| !problem.warning));
        Ok(())
    }

    /// The changed records before and after; `None` where one cannot be read. `mended`: the paths
    /// of those that could not be read before.
    fn records(
        &self,
        before: &Policy,
        after: &Policy,
        changes: &[RawChange],
        found: &mut Reasons,
        mended: &mut Vec<String>,
    ) -> Result<Option<Vec<Change>>, Unreadable> {
        let mut records = Vec::new();
        let mut sound = true;
        for change in changes {
            let path = String::from_utf8_lossy(&change.path);
            if !matches!(place(&path, before), Place::Record) {
                continue;
            }
            let read =
                |entry: Option<Entry>, policy: &Policy| -> Result<Option<Result<Doc, Problem>>, Unreadable> {
                    let Some(entry) = entry else { return Ok(None) };
                    let bytes = self.repo.blob(entry.id)?;
                    Ok(Some(document::parse(policy.schema(), &path, &bytes).map(|read| read.doc)))
                };
            // What could not be read before is no reason against its mending.
            let old = match read(change.old, before)? {
                Some(Err(_)) => {
                    mended.push(path.clone().into_owned());
                    None
                }
                old => old.and_then(Result::ok),
            };
            match read(change.new, after)? {
                Some(Err(problem)) => {
                    found.push(Problem { class: Class::Denied, ..problem });
                    sound = false;
                }
                new => {
                    let new = new.and_then(Result::ok);
                    if old.is_some() || new.is_some() {
                        records.push(Change { old, new });
                    }
                }
            }
        }
        Ok(sound.then_some(records))
    }

    /// Whether a commit takes back, field by field and nothing else, one that its author made, or
    /// any where the author is an administrator.
    fn takes_back(
        &self,
        commit: &RawCommit,
        before: &Before,
        view: &TreeView<'_>,
        rights: &Rights,
        records: &[Change],
    ) -> Result<bool, Unreadable> {
        let policy = &*before.policy;
        let target = last_line(&commit.message, "Crm-Undoes").and_then(|id| id.parse().ok());
        let Some(target) = target else { return Ok(false) };
        let Some(parent) = commit.parents.first() else { return Ok(false) };
        // What is not here was never of this branch.
        if !self.repo.descends(*parent, target).unwrap_or(false) {
            return Ok(false);
        }
        let Ok(target) = self.repo.raw_commit(target)? else { return Ok(false) };
        let by = target.signature.as_ref().and_then(|(pem, payload)| verify(pem, "git", payload).ok());
        let own = match by {
            // Judged by the keys of that time: what was taken in then was signed by a key good then.
            Some(key) => {
                let then = target.parents.first().map(|id| self.policy_of(*id)).transpose()?;
                let signer = then.as_ref().and_then(|policy| policy.holder(&key)).map(str::to_owned);
                let gateway =
                    then.as_ref().is_some_and(|policy| policy.gateway == signer && signer.is_some());
                let me = policy.user(rights.user())?;
                if gateway {
                    me.is_some_and(|me| is(&me, &target.author))
                } else {
                    signer.as_deref() == Some(rights.user())
                }
            }
            None => false,
        };
        if !own && !rights.is_admin() {
            return Ok(false);
        }
        let [parent] = target.parents.as_slice() else { return Ok(false) };
        let tree = self.repo.tip_at_commit(*parent)?.tree;
        let Ok(changes) = self.repo.raw_changes(Some(tree), target.tree)? else { return Ok(false) };
        if changes
            .iter()
            .any(|change| !matches!(place(&String::from_utf8_lossy(&change.path), policy), Place::Record))
        {
            return Ok(false);
        }
        // Both as they read now: the settings may have changed since.
        let mut unread = Vec::new();
        let made = self.records(policy, policy, &changes, &mut Reasons::new(), &mut unread)?;
        let Some(made) = made.filter(|made| unread.is_empty() && !made.is_empty()) else { return Ok(false) };
        let known = |change: &Change| made.iter().any(|made| made.doc().path() == change.doc().path());
        if records.is_empty() || !records.iter().all(known) {
            return Ok(false);
        }
        // All of it, and nothing but what is so already stays.
        for made in &made {
            let change = records.iter().find(|change| change.doc().path() == made.doc().path());
            let (now, next) = match change {
                Some(change) => (change.old.clone(), change.new.clone()),
                None => {
                    let now = view.get(made.doc().kind, made.doc().id())?;
                    (now.clone(), now)
                }
            };
            let inverse = inverse_of(made.old.as_ref(), made.new.as_ref(), now.as_ref());
            if inverse.as_ref() != Ok(&next) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a line of a commit is that of a user: the name and one of the addresses.
fn is(user: &Doc, line: &crate::store::Signed) -> bool {
    let name = crate::store::git_name(user.text("name").unwrap_or(user.id()));
    let addresses = user.text("email").into_iter().chain(user.list("git_emails"));
    name == line.name && addresses.into_iter().any(|address| address.eq_ignore_ascii_case(&line.email))
}

fn person(line: &crate::store::Signed) -> String {
    format!("{} <{}>", line.name, line.email)
}

/// What the last paragraph of a message says under a name.
fn last_line<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let last = message.trim_end().rsplit("\n\n").next()?;
    let mut values = last.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.next().map(str::trim)
}

fn moment(commit: &RawCommit) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(commit.committer.offset_minutes * 60);
    let at = DateTime::from_timestamp(commit.committer.seconds, 0).unwrap_or_default();
    at.with_timezone(&zone.unwrap_or_else(|| DateTime::<FixedOffset>::default().timezone()))
}

/// Whether a version comes before another: `0.9` before `0.10`.
#[must_use]
pub fn older(version: &str, least: &str) -> bool {
    let parts = |text: &str| -> Vec<u64> { text.split('.').map(|part| part.parse().unwrap_or(0)).collect() };
    let (mut one, mut other) = (parts(version), parts(least));
    let length = one.len().max(other.len());
    one.resize(length, 0);
    other.resize(length, 0);
    one < other
}

fn refused(id: &'static str) -> Problem {
    Problem::new(Class::Denied, id)
}

fn oddity(odd: Oddity) -> Problem {
    refused("gate-odd").arg(
        "reason",
        match odd {
            Oddity::Header => "header",
            Oddity::Text => "text",
            Oddity::Person => "person",
            Oddity::Tree => "tree",
        },
    )
}

fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAKey | Refusal::NotASignature => "form",
        Refusal::KeyKind => "kind",
        Refusal::Namespace => "namespace",
        Refusal::Bad | Refusal::Locked => "bad",
    }
}

/// The repository cannot be read: refused like anything that cannot be decided.
#[must_use]
pub fn unreadable(error: &StoreError) -> Problem {
    refused("gate-unreadable").arg("reason", error)
}
