//! Every reference of a repository as a git bundle, and a bundle as a repository.
//!
//! The references are read once and the pack is made from the ids that were read, so that a branch
//! that moves meanwhile does not matter. `git bundle create` reads them twice.

use super::{BackupError, Result, io_at, unread};
use crate::model::Problem;
use crate::store::error::git;
use crate::store::{Repo, StoreError};
use git2::Oid;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

const FIRST: &str = "# v2 git bundle\n";

/// A list of references is not longer.
const LONGEST: u64 = 64 << 20;

/// References by name, HEAD among them.
pub(super) type Refs = BTreeMap<String, Oid>;

/// Every reference as it stands now.
pub(super) fn references(repo: &Repo) -> Result<Refs> {
    let mut refs = Refs::new();
    let head = repo.git.refname_to_id("HEAD").map_err(git("read HEAD"))?;
    refs.insert("HEAD".to_owned(), head);
    let all = repo.git.references().map_err(git("list the references"))?;
    for reference in all {
        let reference = reference.map_err(git("list the references"))?;
        // One that stands for another is not in a bundle; where it leads to is.
        let (Ok(name), Some(id)) = (reference.name(), reference.target()) else { continue };
        refs.insert(name.to_owned(), id);
    }
    // What HEAD stands for may have moved since it was read.
    let current = repo.head_reference()?;
    let tip = *refs.get(&current).ok_or(StoreError::Unborn { branch: current })?;
    refs.insert("HEAD".to_owned(), tip);
    Ok(refs)
}

/// Writes a bundle of these references.
pub(super) fn write(repo: &Repo, refs: &Refs, path: &Path) -> Result<()> {
    let mut text = FIRST.to_owned();
    for (name, id) in refs {
        text.push_str(&format!("{id} {name}\n"));
    }
    text.push('\n');
    let mut file = File::create_new(path).map_err(io_at(path))?;
    file.write_all(text.as_bytes()).map_err(io_at(path))?;
    let mut command = repo.git_program();
    command.args(["pack-objects", "--revs", "--stdout", "--delta-base-offset", "--quiet"]);
    command.stdout(file.try_clone().map_err(io_at(path))?);
    let ids: BTreeSet<&Oid> = refs.values().collect();
    let ids: String = ids.into_iter().map(|id| format!("{id}\n")).collect();
    let said = run(command, "pack the history", &mut ids.as_bytes())?;
    said.map_err(|said| StoreError::Git { doing: "pack the history", source: git2::Error::from_str(&said) })?;
    file.sync_all().map_err(io_at(path))
}

/// Reads the references of a bundle that lies in a file from here on, and puts its objects into a
/// repository.
pub(super) fn unpack(repo: &Repo, file: &mut (impl Read + Seek), at: u64, size: u64) -> Result<Refs> {
    file.seek(SeekFrom::Start(at)).map_err(unread)?;
    let mut from = BufReader::with_capacity(256 * 1024, file.take(size));
    let refs = read_references(&mut from)?;
    let mut command = repo.git_program();
    command.args(["-c", "transfer.fsckObjects=true", "index-pack", "--stdin", "--strict"]);
    command.stdout(Stdio::null());
    run(command, "unpack the history", &mut from)?.map_err(bad)?;
    Ok(refs)
}

/// Makes the references of a bundle in a new repository.
pub(super) fn make_references(repo: &Repo, refs: &Refs, branch: &str) -> Result<()> {
    let current = format!("refs/heads/{branch}");
    if !refs.contains_key(&current) || refs.get("HEAD") != refs.get(&current) {
        return Err(bad(format!("no branch {branch}")));
    }
    repo.git.set_head(&current).map_err(|error| bad(error.message().to_owned()))?;
    for (name, id) in refs.iter().filter(|(name, _)| *name != "HEAD") {
        let made = repo.git.reference(name, *id, false, "crm: backup restore");
        made.map_err(|error| bad(format!("{name}: {}", error.message())))?;
    }
    Ok(())
}

fn bad(reason: String) -> BackupError {
    Problem::invalid("backup-bad-bundle").arg("reason", reason.trim()).into()
}

fn read_references(from: &mut impl BufRead) -> Result<Refs> {
    let mut refs = Refs::new();
    let mut left = LONGEST;
    let mut line = |from: &mut dyn BufRead| -> Result<String> {
        let mut line = Vec::new();
        let read = from.take(left).read_until(b'\n', &mut line).map_err(unread)?;
        left -= read as u64;
        String::from_utf8(line).map_err(|_| bad("no text".to_owned()))
    };
    if line(from)? != FIRST {
        return Err(bad("no bundle".to_owned()));
    }
    loop {
        let line = line(from)?;
        match line.strip_suffix('\n') {
            Some("") => return Ok(refs),
            // It would need objects that are not in it.
            Some(text) if text.starts_with('-') => return Err(bad("not the whole history".to_owned())),
            Some(text) => {
                let named = text.split_once(' ').and_then(|(id, name)| Some((Oid::from_str(id).ok()?, name)));
                let Some((id, name)) = named.filter(|(_, name)| is_reference(name)) else {
                    return Err(bad(text.to_owned()));
                };
                if refs.insert(name.to_owned(), id).is_some() {
                    return Err(bad(text.to_owned()));
                }
            }
            None => return Err(bad("cut off".to_owned())),
        }
    }
}

fn is_reference(name: &str) -> bool {
    name == "HEAD" || (name.starts_with("refs/") && git2::Reference::is_valid_name(name))
}

/// Runs git over an input; what it says where it fails.
fn run(mut command: Command, doing: &'static str, input: &mut dyn Read) -> Result<Result<(), String>> {
    command.env("LC_ALL", "C").stdin(Stdio::piped()).stderr(Stdio::piped());
    let failed =
        |error: io::Error| StoreError::Git { doing, source: git2::Error::from_str(&format!("git: {error}")) };
    let mut child: Child = command.spawn().map_err(failed)?;
    // Read beside the feeding: who waits for its words to be read does not read.
    let words = child.stderr.take().map(|mut stderr| {
        thread::spawn(move || {
            let mut words = Vec::new();
            let _ = stderr.read_to_end(&mut words);
            words
        })
    });
    let fed = match child.stdin.take() {
        Some(mut stdin) => io::copy(input, &mut stdin).map(drop),
        None => Ok(()),
    };
    let status = child.wait().map_err(failed)?;
    if status.success() {
        fed.map_err(failed)?;
        return Ok(Ok(()));
    }
    let words = words.and_then(|words| words.join().ok()).unwrap_or_default();
    let said = String::from_utf8_lossy(&words);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("git failed");
    Ok(Err(last.trim_start_matches("fatal: ").to_owned()))
}
