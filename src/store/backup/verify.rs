//! Whether a backup is whole: it is restored on trial, and everything that it says about itself
//! is held against what came out.

use super::archive::{self, Entry, bad};
use super::manifest::Member;
use super::survey::survey;
use super::unread;
use super::{BUNDLE, BackupError, CONTENT, MANIFEST, Manifest, Result, SIGNATURE, Scratch, bundle, io_at};
use crate::model::{Class, Problem};
use crate::store::error::git;
use crate::store::open::Tip;
use crate::store::{ObjectId, Repo, StoreError, fsync};
use git2::{Oid, Repository, RepositoryInitOptions};
use std::fmt;
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Stdio;

/// A signature is a few lines.
const LONGEST_SIGNATURE: u64 = 64 << 10;

/// Something to read from anywhere.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Decrypts from one into the other.
pub type Unseal<'a> = &'a dyn Fn(&mut dyn Read, &mut dyn Write) -> Result<(), Problem>;

/// Which key signed these bytes; the error says why none did.
pub type Signed<'a> = &'a dyn Fn(&str, &[u8]) -> Result<String, String>;

/// Judges the history of a commit.
pub type Judge<'a> = &'a dyn Fn(&Repo, ObjectId) -> Result<(), Problem>;

/// What opens a backup, and what is expected of it.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub unseal: Option<Unseal<'a>>,
    pub signed: Signed<'a>,
    /// The first commit that the store must have.
    pub root: Option<&'a str>,
    /// The public key that must have signed.
    pub signer: Option<&'a str>,
    /// Whether the whole history keeps the rules of who may write what; nothing where nobody asks.
    pub judge: Option<Judge<'a>>,
}

impl fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("root", &self.root).finish_non_exhaustive()
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub what: &'static str,
    /// Nothing where it is in order.
    pub flaw: Option<Problem>,
    pub detail: String,
}

/// What was looked at, up to the first thing that is wrong.
#[derive(Debug, Default)]
pub struct Checks {
    pub manifest: Option<Manifest>,
    pub checks: Vec<Check>,
    /// The key that signed, where one did.
    pub signer: Option<String>,
}

impl Checks {
    fn fine(&mut self, what: &'static str, detail: impl Into<String>) {
        self.checks.push(Check { what, flaw: None, detail: detail.into() });
    }

    /// What is wrong with it.
    #[must_use]
    pub fn flaw(&self) -> Option<&Problem> {
        self.checks.iter().find_map(|check| check.flaw.as_ref())
    }
}

/// Restores a backup into a folder in `above` that is gone afterwards, and tells what it found. Only
/// what went wrong around the backup is an error.
pub fn verify(file: &mut dyn Source, above: &Path, keys: &Keys<'_>) -> Result<Checks> {
    let mut checks = Checks::default();
    let scratch = Scratch::new(above)?;
    match trial(file, &scratch, keys, &mut checks) {
        Ok(()) => Ok(checks),
        Err(BackupError::Flaw(flaw)) if matches!(flaw.class, Class::Invalid) => {
            let what = what_of(&checks);
            checks.checks.push(Check { what, flaw: Some(*flaw), detail: String::new() });
            Ok(checks)
        }
        Err(error) => Err(error),
    }
}

/// The checks in their order.
const ORDER: [&str; 7] = ["checksum", "members", "signature", "history", "tip", "records", "policy"];

fn what_of(checks: &Checks) -> &'static str {
    ORDER.get(checks.checks.len()).copied().unwrap_or("policy")
}

fn trial(file: &mut dyn Source, scratch: &Scratch, keys: &Keys<'_>, checks: &mut Checks) -> Result<()> {
    let mut opened = open(file, scratch, keys, checks)?;
    let path = scratch.path().join("store.git");
    fsync::enable();
    let mut options = RepositoryInitOptions::new();
    options.bare(true).no_reinit(true).external_template(false);
    Repository::init_opts(&path, &options).map_err(git("make a repository"))?;
    let repo = Repo::open_git(&path)?;
    opened.unpack(&repo, keys, checks)?;
    Ok(())
}

/// A backup whose bytes are right.
pub(super) struct Opened<'a> {
    source: Box<dyn Source + 'a>,
    pub manifest: Manifest,
    pub entries: Vec<Entry>,
}

/// Opens a backup, decrypts it where it is encrypted, and checks bytes, members and signature.
pub(super) fn open<'a>(
    file: &'a mut dyn Source,
    scratch: &Scratch,
    keys: &Keys<'_>,
    checks: &mut Checks,
) -> Result<Opened<'a>> {
    let mut file = file;
    archive::check_whole(&mut file)?;
    checks.fine("checksum", "");
    let (manifest, bytes, entries) = members(&mut file)?;
    checks.manifest = Some(manifest.clone());
    if !manifest.encrypted {
        return finish(Box::new(file), (manifest, bytes, entries), keys, checks);
    }
    let content = named(&entries, CONTENT)?;
    let Some(unseal) = keys.unseal else {
        return Err(Problem::usage("backup-needs-identity").hint("backup-needs-identity-hint").into());
    };
    let path = scratch.path().join("content");
    let opened = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
    let mut inner = opened.map_err(io_at(&path))?;
    file.seek(SeekFrom::Start(content.at)).map_err(unread)?;
    unseal(&mut file.take(content.size), &mut inner)?;
    archive::check_whole(&mut inner)?;
    let (within, bytes, entries) = members(&mut inner)?;
    if within.encrypted || !within.agrees(&manifest) {
        return Err(bad(CONTENT, "other"));
    }
    checks.manifest = Some(within.clone());
    finish(Box::new(inner), (within, bytes, entries), keys, checks)
}

fn finish<'a>(
    mut source: Box<dyn Source + 'a>,
    (manifest, bytes, entries): (Manifest, Vec<u8>, Vec<Entry>),
    keys: &Keys<'_>,
    checks: &mut Checks,
) -> Result<Opened<'a>> {
    checks.fine("members", entries.len().to_string());
    let signer = signature(&mut source, &manifest, &bytes, &entries, keys)?;
    checks.fine("signature", signer.clone().unwrap_or_default());
    checks.signer = signer;
    named(&entries, BUNDLE)?;
    Ok(Opened { source, manifest, entries })
}

/// Manifest and members, each as the manifest has it and no other.
fn members(file: &mut (impl Read + Seek)) -> Result<(Manifest, Vec<u8>, Vec<Entry>)> {
    let entries = archive::entries(file)?;
    let (manifest, bytes, _) = Manifest::of(file)?;
    for entry in entries.iter().filter(|entry| ![MANIFEST, SIGNATURE].contains(&entry.name.as_str())) {
        let listed = manifest.members.iter().find(|member| member.name == entry.name);
        let Some(listed) = listed.filter(|_| is_expected(&manifest, &entry.name)) else {
            return Err(bad(&entry.name, "unknown"));
        };
        if listed.size != entry.size {
            return Err(bad(&entry.name, "size"));
        }
        file.seek(SeekFrom::Start(entry.at)).map_err(unread)?;
        let (found, _) = archive::checksum(&mut file.by_ref().take(entry.size)).map_err(unread)?;
        if found != listed.sha256 {
            return Err(bad(&entry.name, "content"));
        }
    }
    let missing = |member: &&Member| !entries.iter().any(|entry| entry.name == member.name);
    if let Some(member) = manifest.members.iter().find(missing) {
        return Err(bad(&member.name, "missing"));
    }
    let signature = entries.iter().any(|entry| entry.name == SIGNATURE);
    match (manifest.signed, signature) {
        (true, false) => Err(bad(SIGNATURE, "missing")),
        (false, true) => Err(bad(SIGNATURE, "unknown")),
        _ => Ok((manifest, bytes, entries)),
    }
}

/// Nothing that this version would not know what to do with.
fn is_expected(manifest: &Manifest, name: &str) -> bool {
    if manifest.encrypted {
        return name == CONTENT;
    }
    let beside = ["auth/", "config/"].iter().any(|folder| name.starts_with(folder));
    name == BUNDLE || (manifest.secrets && beside)
}

fn named<'a>(entries: &'a [Entry], name: &'static str) -> Result<&'a Entry> {
    entries.iter().find(|entry| entry.name == name).ok_or_else(|| bad(name, "missing"))
}

/// The key that signed, which must be the one that the manifest names and the one that is expected.
fn signature(
    file: &mut (impl Read + Seek),
    manifest: &Manifest,
    bytes: &[u8],
    entries: &[Entry],
    keys: &Keys<'_>,
) -> Result<Option<String>> {
    if !manifest.signed {
        return match keys.signer {
            Some(_) => Err(Problem::invalid("backup-unsigned").into()),
            None => Ok(None),
        };
    }
    let pem = archive::read(file, named(entries, SIGNATURE)?, LONGEST_SIGNATURE)?;
    let pem = String::from_utf8_lossy(&pem);
    let refused = |why: String| Problem::invalid("backup-bad-signature").arg("reason", why);
    let found = (keys.signed)(&pem, bytes).map_err(refused)?;
    let said = manifest.signer.as_deref().unwrap_or("-");
    let other = [said, keys.signer.unwrap_or(said)].into_iter().find(|wanted| *wanted != found);
    match other {
        Some(wanted) => {
            let problem = Problem::invalid("backup-wrong-signer").arg("found", &found);
            Err(problem.arg("wanted", wanted).into())
        }
        None => Ok(Some(found)),
    }
}

impl Opened<'_> {
    /// Puts the bundle into a new repository and checks what came out.
    pub fn unpack(&mut self, repo: &Repo, keys: &Keys<'_>, checks: &mut Checks) -> Result<Tip> {
        let entry = named(&self.entries, BUNDLE)?.clone();
        let refs = bundle::unpack(repo, &mut self.source, entry.at, entry.size)?;
        bundle::make_references(repo, &refs, &self.manifest.branch)?;
        fsck(repo)?;
        checks.fine("history", format!("{} refs", refs.len()));
        let tip = self.tip(repo, keys)?;
        checks.fine("tip", tip.commit.short());
        self.records(repo, tip)?;
        checks.fine("records", self.manifest.total().to_string());
        if let Some(judge) = keys.judge {
            judge(repo, tip.commit)?;
            checks.fine("policy", "");
        }
        Ok(tip)
    }

    /// The branch must stand where the manifest says, on the history that it says.
    fn tip(&self, repo: &Repo, keys: &Keys<'_>) -> Result<Tip> {
        let differs = |id: &'static str, found: &str, wanted: &str| -> Result<()> {
            if found == wanted {
                return Ok(());
            }
            Err(Problem::invalid(id).arg("found", found).arg("wanted", wanted).into())
        };
        let branch = repo.branch()?;
        let tip = repo.tip()?.ok_or(StoreError::Unborn { branch })?;
        differs("backup-wrong-tip", &tip.commit.to_string(), &self.manifest.tip)?;
        let root = repo.root_of(tip.commit)?.to_string();
        differs("backup-wrong-root", &root, &self.manifest.root)?;
        if let Some(wanted) = keys.root {
            differs("backup-wrong-root", &root, wanted)?;
        }
        Ok(tip)
    }

    /// As many records as the manifest says, and none that cannot be read but those that it names.
    fn records(&self, repo: &Repo, tip: Tip) -> Result<()> {
        let found = survey(repo, tip)?;
        for noun in found.records.keys().chain(self.manifest.records.keys()) {
            let of = |records: &std::collections::BTreeMap<String, u64>| {
                records.get(noun).copied().unwrap_or_default()
            };
            let (found, wanted) = (of(&found.records), of(&self.manifest.records));
            if found != wanted {
                let problem = Problem::invalid("backup-wrong-count").arg("noun", noun);
                return Err(problem.arg("found", found).arg("wanted", wanted).into());
            }
        }
        let is_new = |path: &&String| !self.manifest.unreadable.contains(path);
        match found.unreadable.iter().find(is_new) {
            Some(path) => Err(Problem::invalid("backup-unreadable").arg("path", path).into()),
            None => Ok(()),
        }
    }

    /// Writes a member to a file that is new.
    pub fn write_member(&mut self, entry: &Entry, path: &Path) -> Result<()> {
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut file = opened.map_err(io_at(path))?;
        self.source.seek(SeekFrom::Start(entry.at)).map_err(unread)?;
        std::io::copy(&mut self.source.by_ref().take(entry.size), &mut file).map_err(io_at(path))?;
        file.sync_all().map_err(io_at(path))
    }
}

fn fsck(repo: &Repo) -> Result<()> {
    let mut command = repo.git_program();
    command.args(["fsck", "--full", "--strict", "--no-dangling", "--no-progress"]).env("LC_ALL", "C");
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| StoreError::Git {
        doing: "check the history",
        source: git2::Error::from_str(&format!("git: {error}")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or("git fsck").to_owned();
    Err(Problem::invalid("backup-bad-history").arg("reason", first).into())
}

impl Repo {
    /// Whether a commit is part of the history of another, and not that one itself.
    pub fn is_behind(&self, old: &str, new: ObjectId) -> Result<bool, StoreError> {
        let Ok(old) = Oid::from_str(old) else { return Ok(false) };
        if old == Oid::from(new) || self.git.find_commit(old).is_err() {
            return Ok(false);
        }
        self.git.graph_descendant_of(new.into(), old).map_err(git("compare two commits"))
    }
}

/// The key that signed the manifest of a file, nothing where none did; only these two are read.
pub(super) fn signer_of(file: &mut (impl Read + Seek), signed: Signed<'_>) -> Result<Option<String>> {
    let (manifest, bytes, first) = Manifest::of(file)?;
    if !manifest.signed {
        return Ok(None);
    }
    let second = archive::next(file, &first)?;
    let entries = [second];
    let keys = Keys { unseal: None, signed, root: None, signer: None, judge: None };
    signature(file, &manifest, &bytes, &entries, &keys)
}
