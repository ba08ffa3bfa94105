//! Programs `crm-NAME` on `PATH`: they run as `crm NAME`, never in place of a name of ours.
//!
//! The program takes the place of this one, so its streams, signals and exit code are its own.
//! Deliberately absent: folders of `PATH` that are not absolute, which are whatever the current
//! directory is.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::environment::Environment;
use super::error::{Exit, Failure};
use crate::model::Problem;

/// What the name of an extension begins with.
const PREFIX: &str = "crm-";

/// Most names that help lists.
const MOST: usize = 200;

fn folders() -> Vec<PathBuf> {
    let path = Environment::named("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}

fn is_name(name: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(word)
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// The program of an extension.
pub fn find(name: &str) -> Option<PathBuf> {
    if !is_name(name) {
        return None;
    }
    let paths = folders().into_iter().map(|folder| folder.join(format!("{PREFIX}{name}")));
    paths.into_iter().find(|path| is_program(path))
}

/// The names of all extensions, without those that `taken` says are ours.
pub fn names(taken: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found = BTreeSet::new();
    for folder in folders() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let file = entry.file_name();
            let Some(name) = file.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
            if is_name(name) && !taken(name) && is_program(&entry.path()) {
                found.insert(name.to_owned());
            }
        }
    }
    found.into_iter().take(MOST).collect()
}

/// Becomes the program of an extension; comes back only where that fails.
pub fn run(program: &Path, arguments: &[OsString], store: Option<&Path>, acting: Option<&str>) -> Failure {
    let mut command = Command::new(program);
    command.args(arguments);
    if let Some(store) = store {
        command.env("CRM_DIR", fs::canonicalize(store).unwrap_or_else(|_| store.to_owned()));
    }
    if let Some(acting) = acting {
        command.env("CRM_USER", acting);
    }
    let error = command.exec();
    let problem = Problem::usage("extension-failed").arg("value", program.display()).arg("reason", error);
    Failure::new(Exit::Error, problem)
}
