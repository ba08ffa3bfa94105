//! The folder of an export: written beside its place, then put into it so that nobody takes a half
//! for the whole.
//!
//! A new folder appears in one step. In an earlier export only what differs is replaced: the
//! manifest goes first and comes back last, and until then a list of what is under way stands in
//! its place. Nothing is removed but what an earlier export says it wrote.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use super::super::super::error::{Exit, Failure, file_error};
use super::sheets::write_text;
use crate::model::{Class, Problem};

/// The manifest: where it is the export is whole.
pub const MANIFEST: &str = "tables.json";
/// What stands in its place while files are being replaced.
const UNDER_WAY: &str = "tables.json.partial";
/// How a manifest names its format.
pub const FORMAT: &str = "crm-export";

/// A folder that is being exported to.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    staging: PathBuf,
    /// What earlier exports wrote here; absent where there is no folder.
    before: Option<BTreeSet<String>>,
    force: bool,
}

impl Folder {
    /// Looks at the place and begins a folder beside it. What is there and no export of ours is
    /// refused unless forced.
    pub fn open(target: &Path, force: bool) -> Result<Self, Failure> {
        let target = resolved(target)?;
        let before = earlier(&target, force)?;
        clear_leftovers(&target);
        let staging = beside(&target);
        let begin = || {
            if staging.exists() {
                fs::remove_dir_all(&staging)?;
            }
            fs::create_dir(&staging)
        };
        begin().map_err(|e| file_error(&target, &e))?;
        Ok(Self { target, staging, before, force })
    }

    /// Where to write the files.
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Puts these files and the manifest into their place; gives what is different now.
    pub fn install(self, names: &[String], manifest: &str) -> Result<Vec<String>, Failure> {
        write_text(&self.staging.join(MANIFEST), manifest)?;
        match &self.before {
            None => {
                let place = || {
                    fs::rename(&self.staging, &self.target)?;
                    sync(self.target.parent())
                };
                place().map_err(|e| file_error(&self.target, &e))?;
                Ok(names.iter().cloned().chain([MANIFEST.to_owned()]).collect())
            }
            Some(before) => self.replace(before, names),
        }
    }

    fn replace(&self, before: &BTreeSet<String>, names: &[String]) -> Result<Vec<String>, Failure> {
        let failed = |error: io::Error| file_error(&self.target, &error);
        let differs = |name: &str| -> Result<bool, Failure> {
            let (new, old) = (self.staging.join(name), self.target.join(name));
            Ok(!old.exists() || !same(&new, &old).map_err(failed)?)
        };
        let mut changed = Vec::new();
        for name in names {
            if differs(name)? {
                self.refuse_in_the_way(before, name)?;
                changed.push(name.clone());
            }
        }
        let stale: Vec<&String> =
            before.iter().filter(|n| !names.contains(n) && self.target.join(n).exists()).collect();
        if changed.is_empty() && stale.is_empty() && !differs(MANIFEST)? {
            return Ok(changed);
        }
        let all: BTreeSet<&String> = before.iter().chain(names).collect();
        let list = serde_json::json!({"format": FORMAT, "whole": false, "files": all}).to_string();
        write_text(&self.target.join(UNDER_WAY), &(list + "\n"))?;
        self.exchange(&changed, &stale).map_err(failed)?;
        changed.extend(stale.into_iter().cloned());
        changed.push(MANIFEST.to_owned());
        Ok(changed)
    }

    /// Replaces what changed and removes what is stale, the manifest last.
    fn exchange(&self, changed: &[String], stale: &[&String]) -> io::Result<()> {
        remove_file(&self.target.join(MANIFEST))?;
        sync(Some(&self.target))?;
        for name in changed {
            fs::rename(self.staging.join(name), self.target.join(name))?;
        }
        for name in stale {
            remove_file(&self.target.join(name))?;
        }
        fs::rename(self.staging.join(MANIFEST), self.target.join(MANIFEST))?;
        remove_file(&self.target.join(UNDER_WAY))?;
        sync(Some(&self.target))
    }

    /// A file of ours must not replace one that we did not write.
    fn refuse_in_the_way(&self, before: &BTreeSet<String>, name: &str) -> Result<(), Failure> {
        let place = self.target.join(name);
        if self.force || before.contains(name) || !place.exists() {
            return Ok(());
        }
        Err(not_ours(&place))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After a rename it is not there any more.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// Refuses a place whose content is no export of ours, unless forced.
pub fn refuse_other_folder(target: &Path, force: bool) -> Result<(), Failure> {
    earlier(&resolved(target)?, force).map(|_| ())
}

/// What earlier exports wrote into a folder; `None` where there is none.
fn earlier(target: &Path, force: bool) -> Result<Option<BTreeSet<String>>, Failure> {
    if !target.exists() {
        return Ok(None);
    }
    if !target.is_dir() {
        return Err(not_ours(target));
    }
    let manifests = [MANIFEST, UNDER_WAY].map(|name| listed(&target.join(name)));
    if manifests.iter().all(Option::is_none) {
        let empty = fs::read_dir(target).map_err(|e| file_error(target, &e))?.next().is_none();
        return if empty || force { Ok(Some(BTreeSet::new())) } else { Err(not_ours(target)) };
    }
    Ok(Some(manifests.into_iter().flatten().flatten().collect()))
}

/// The files that a manifest of ours lists, as far as they can be names of ours.
fn listed(path: &Path) -> Option<BTreeSet<String>> {
    let text = fs::read_to_string(path).ok()?;
    let json: serde_json::Value = serde_json::from_str(&text).ok()?;
    if json["format"].as_str() != Some(FORMAT) {
        return None;
    }
    let names = json["files"].as_array()?.iter().filter_map(|name| name.as_str());
    Some(names.filter(|name| is_name(name)).map(str::to_owned).collect())
}

/// Whether a manifest may make us remove a file of this name.
fn is_name(name: &str) -> bool {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let endings = [".csv", ".jsonl", ".parquet", ".sql"];
    plain && !name.contains('/') && endings.iter().any(|ending| name.ends_with(ending))
}

/// The place with links followed, so that what is beside it is on the same file system.
pub fn resolved(target: &Path) -> Result<PathBuf, Failure> {
    let full = || {
        if target.exists() {
            return target.canonicalize();
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(parent.unwrap_or(Path::new(".")).canonicalize()?.join(name))
    };
    full().map_err(|e| file_error(target, &e))
}

/// A name beside the target that nobody else uses.
pub fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Removes what exports to the same place that were killed have left beside it, as far as it goes.
pub fn clear_leftovers(target: &Path) {
    let Some((parent, name)) = target.parent().zip(target.file_name()) else { return };
    let beginning = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let left = entry.file_name();
        let left = left.to_str().and_then(|left| left.strip_prefix(&beginning)?.strip_suffix(".tmp"));
        if left.and_then(|number| number.parse().ok()).is_some_and(is_dead) {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// Whether no process has this number any more.
fn is_dead(number: i32) -> bool {
    let pid = rustix::process::Pid::from_raw(number);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH))
}

/// Refuses what somebody else has put there.
pub fn not_ours(path: &Path) -> Failure {
    let problem = Problem::new(Class::Conflict, "export-not-ours")
        .arg("path", path.display())
        .hint("export-not-ours-hint");
    Failure::new(Exit::Conflict, problem)
}

/// Removes a file if it is there.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Whether two files have the same bytes.
pub fn same(one: &Path, other: &Path) -> io::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut here, mut there) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = one.read(&mut here)?;
        if read == 0 {
            return Ok(true);
        }
        if other.read_exact(&mut there[..read]).is_err() || here[..read] != there[..read] {
            return Ok(false);
        }
    }
}

fn sync(folder: Option<&Path>) -> io::Result<()> {
    folder.map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_files_of_ours_only() {
        for name in ["orders.csv", "orders-2026.jsonl", "orders.parquet", "schema.sql"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["../orders.csv", "/etc/x.csv", "a/b.csv", "notes.txt", "./../x.sql", ""] {
            assert!(!is_name(name), "{name}");
        }
    }
}
