//! What `doctor` finds on this machine: git, what a crash left, and who may read and write what.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::super::super::environment::Environment;
use super::super::super::error::Failure;
use super::super::backup::secrets_of;
use super::{Patient, State};
use crate::store::JournalState;

/// The program, the repository, and the settings that do not travel with a clone.
pub(super) fn git(patient: &mut Patient<'_>, full: bool) -> Result<(), Failure> {
    let store = patient.context.store()?;
    let version = store.repo.git_program().arg("--version").stdin(Stdio::null()).output();
    match version {
        Ok(output) if output.status.success() => {
            patient.note("git", State::Ok, String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        _ => {
            patient.note("git", State::Wrong, "-");
            return Ok(());
        }
    }
    // Every byte of the history takes its time in a large store.
    let depth: &[&str] = if full { &["--full", "--strict"] } else { &["--connectivity-only"] };
    let mut fsck = store.repo.git_program();
    fsck.arg("fsck").args(depth).args(["--no-dangling", "--no-progress"]);
    let output = fsck.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
    patient.holds("objects", output.status.success(), said);
    let set = |key: &str| store.repo.config(key).unwrap_or_default();
    patient.holds("durable", set("core.fsync") == "all", set("core.fsync"));
    let driver = set("merge.crm.driver");
    patient.holds("driver", driver.contains("crm merge-driver"), "merge.crm.driver");
    let attributes = store.repo.read_work(".gitattributes")?.unwrap_or_default();
    let has = String::from_utf8_lossy(&attributes).contains("merge=crm");
    patient.holds("attributes", has, ".gitattributes");
    let path = Environment::named("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join("crm").is_file());
    let state = if is_there { State::Ok } else { State::Note };
    patient.note("path", state, "crm");
    Ok(())
}

/// What a crash or somebody else's program left behind.
pub(super) fn leftovers(patient: &mut Patient<'_>) -> Result<(), Failure> {
    let repo = &patient.context.store()?.repo;
    let state = match repo.journal_state() {
        JournalState::None => State::Ok,
        JournalState::Unfinished => State::Note,
        JournalState::Damaged => State::Wrong,
    };
    patient.note("journal", state, if state == State::Wrong { ".git/crm/journal" } else { "" });
    let writer = repo.writer();
    let state = if writer.is_some() { State::Note } else { State::Ok };
    patient.note("lock", state, writer.unwrap_or_default());
    let lock = repo.gitdir().join("index.lock").exists();
    patient.holds("index", !lock, "index.lock");
    let open = repo.unmerged().unwrap_or_default();
    patient.holds("merge", open.is_empty(), open.join(", "));
    let tip = repo.tip()?.map(|tip| repo.commit(tip.commit)).transpose()?;
    let ahead = tip.map_or(0, |commit| commit.committed.seconds - patient.context.now.timestamp());
    let detail = if ahead > 0 { format!("{ahead} s") } else { String::new() };
    patient.holds("clock", ahead < 300, detail);
    Ok(())
}

/// The store must not be open to everybody for writing, and secrets to nobody but their owner.
pub(super) fn permissions(patient: &mut Patient<'_>) -> Result<(), Failure> {
    let store = patient.context.store()?;
    let open: Vec<String> = [store.root.as_path(), store.repo.commondir()]
        .into_iter()
        .filter(|path| mode_of(path).is_some_and(|mode| mode & 0o002 != 0))
        .map(|path| path.display().to_string())
        .collect();
    patient.holds("open", open.is_empty(), open.join(", "));
    let mut loose = Vec::new();
    if let Some(folder) = secrets_of(&store.repo)? {
        loose_below(&folder, 0o700, &mut loose);
    }
    let first = loose.first().map(|path| path.display().to_string()).unwrap_or_default();
    patient.holds("secrets", loose.is_empty(), first);
    Ok(())
}

fn mode_of(path: &Path) -> Option<u32> {
    path.metadata().ok().map(|about| about.mode() & 0o777)
}

/// Folders that are not for their owner alone, and files in them likewise.
fn loose_below(path: &Path, most: u32, loose: &mut Vec<PathBuf>) {
    let Ok(about) = path.symlink_metadata() else { return };
    if about.is_symlink() || about.mode() & 0o777 & !most != 0 {
        loose.push(path.to_owned());
    }
    if !about.is_dir() {
        return;
    }
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let below = if entry.file_type().is_ok_and(|kind| kind.is_dir()) { 0o700 } else { 0o600 };
        loose_below(&entry.path(), below, loose);
    }
}
