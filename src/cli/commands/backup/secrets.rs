//! What a backup takes along from outside the store: passwords, log-ins and a person's settings.
//! And the keys that they are encrypted to.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::environment::Environment;
use super::super::super::error::{Exit, Failure, file_error};
use super::super::super::fields::one;
use super::root_of;
use crate::access::seal::new_pair;
use crate::model::{Class, Problem};
use crate::store::Repo;
use crate::store::backup::Beside;

/// Folders below folders of secrets are not deeper.
const DEEPEST: usize = 8;

/// Where the secrets of all stores lie, and where a person's settings do.
pub fn places() -> Option<(PathBuf, PathBuf)> {
    let place = |variable: &str, usual: &str| {
        let named = Environment::named(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || Environment::named("HOME").map(|home| Path::new(&home).join(usual));
        named.or_else(home).map(|path| path.join("crm"))
    };
    Some((place("XDG_STATE_HOME", ".local/state")?, place("XDG_CONFIG_HOME", ".config")?))
}

/// Where the secrets of the store that we are in lie.
pub fn secrets_of(repo: &Repo) -> Result<Option<PathBuf>, Failure> {
    let root = root_of(Some(repo), None)?;
    Ok(places().zip(root).map(|((state, _), root)| state.join(root)))
}

/// Every file of secrets of this store, and of the person's settings.
pub fn gather(context: &Context, repo: &Repo) -> Result<Vec<Beside>, Failure> {
    let (state, config) = places().ok_or_else(|| Problem::usage("backup-no-home"))?;
    let root = root_of(Some(repo), None)?.unwrap_or_default();
    let mut found = Vec::new();
    // What others may read is no secret, or one that was lost already.
    walk(&state.join(root), "auth", &|mode| mode & 0o777 == 0o600, DEEPEST, &mut found)?;
    walk(&config, "config", &|_| true, DEEPEST, &mut found)?;
    if found.is_empty() {
        context.say("backup-no-secrets", &[]);
    }
    Ok(found)
}

fn walk(
    folder: &Path,
    name: &str,
    takes: &dyn Fn(u32) -> bool,
    left: usize,
    found: &mut Vec<Beside>,
) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| file_error(folder, &error))?,
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| file_error(folder, &error))?.path());
    }
    paths.sort();
    for path in paths {
        let about = path.symlink_metadata().map_err(|error| file_error(&path, &error))?;
        let Some(own) = path.file_name().and_then(|own| own.to_str()) else { continue };
        let name = format!("{name}/{own}");
        if about.is_dir() && left > 0 {
            walk(&path, &name, takes, left - 1, found)?;
        } else if about.is_file() && takes(about.mode()) {
            found.push(Beside { name, path });
        }
    }
    Ok(())
}

/// Makes a pair of keys: the secret one into a new file, the public one on stdout.
pub fn keygen(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let name = one(matches, "backup-file").unwrap_or_default();
    let path = Path::new(&name);
    if path.symlink_metadata().is_ok() {
        let problem = Problem::new(Class::Conflict, "backup-there").arg("path", &name);
        return Err(problem.hint("backup-there-hint").into());
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(Exit::Ok);
    }
    let (secret, public) = new_pair(&context.now.to_rfc3339());
    let written = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()
    };
    written().map_err(|error| file_error(path, &error))?;
    context.say("backup-key-made", &[("path", &name)]);
    context.ui.lines([public])?;
    Ok(Exit::Ok)
}
