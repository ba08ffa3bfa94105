//! A backup as a store again, in a folder that nobody had before.

use super::verify::{Checks, Keys, Opened, Source, open};
use super::{Manifest, Result, Scratch, io_at, place};
use crate::model::{Class, Problem};
use crate::store::error::git;
use crate::store::init::make_git;
use crate::store::open::Tip;
use crate::store::{ObjectId, Repo};
use git2::Oid;
use git2::build::CheckoutBuilder;
use std::fmt;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The commit of a restored store at which it is to stand.
pub type At<'a> = &'a dyn Fn(&Repo) -> Result<ObjectId, Problem>;

/// Where a backup is restored, and how.
#[derive(Clone, Copy)]
pub struct Restoring<'a> {
    pub dir: &'a Path,
    pub keys: Keys<'a>,
    pub at: Option<At<'a>>,
    /// Where secrets of a store go, and the settings of a person; nothing leaves them where they are.
    pub secrets: Option<(&'a Path, &'a Path)>,
}

impl fmt::Debug for Restoring<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restoring").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    pub signer: Option<String>,
    pub head: ObjectId,
    /// Where the tip of the backup is kept that the branch was moved back from.
    pub newer: Option<String>,
    /// Files outside the store that were written.
    pub written: Vec<PathBuf>,
    /// Files outside the store that were there and stayed.
    pub left: Vec<PathBuf>,
}

/// Restores a backup into a new folder; it gets its name when everything in it is checked.
pub fn restore(file: &mut dyn Source, restoring: &Restoring<'_>) -> Result<Restored> {
    let dir = restoring.dir;
    let is_free = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => dir.symlink_metadata().is_err(),
    };
    if !is_free {
        let problem = Problem::new(Class::Conflict, "backup-not-new").arg("dir", dir.display());
        return Err(problem.hint("backup-not-new-hint").into());
    }
    let above = place::above(dir);
    if !above.is_dir() {
        fs::create_dir_all(above).map_err(io_at(above))?;
    }
    let _ = place::sweep(above, false);
    let work = Scratch::new(above)?;
    let stage = work.path().join("store");
    fs::create_dir(&stage).map_err(io_at(&stage))?;
    let mut checks = Checks::default();
    let mut opened = open(file, &work, &restoring.keys, &mut checks)?;
    make_git(&stage, &opened.manifest.branch)?;
    let repo = Repo::open_git(&stage)?;
    let tip = opened.unpack(&repo, &restoring.keys, &mut checks)?;
    let (head, newer) = match restoring.at {
        Some(at) => go_back(&repo, tip, at(&repo)?)?,
        None => (tip.commit, None),
    };
    check_out(&repo)?;
    drop(repo);
    let (written, left) = match restoring.secrets {
        Some(places) => write_secrets(&mut opened, places)?,
        None => (Vec::new(), Vec::new()),
    };
    let manifest = opened.manifest.clone();
    drop(opened);
    place::become_folder(&stage, dir)?;
    Ok(Restored { manifest, signer: checks.signer, head, newer, written, left })
}

/// Moves the branch to an earlier commit and keeps the tip under a name of ours.
fn go_back(repo: &Repo, tip: Tip, at: ObjectId) -> Result<(ObjectId, Option<String>)> {
    if at == tip.commit {
        return Ok((at, None));
    }
    if !repo.is_behind(&at.to_string(), tip.commit)? {
        let problem = Problem::new(Class::NotFound, "backup-not-before").arg("rev", at.short());
        return Err(problem.arg("tip", tip.commit.short()).into());
    }
    let name = format!("refs/crm/restored/{}", tip.commit.short());
    let doing = git("move the branch");
    repo.git
        .reference(&name, tip.commit.into(), true, "crm: backup restore --at")
        .and_then(|_| {
            let branch = repo.git.find_reference("HEAD")?;
            let branch = branch.symbolic_target()?.unwrap_or_default().to_owned();
            repo.git.reference(&branch, Oid::from(at), true, "crm: backup restore --at")
        })
        .map_err(doing)?;
    Ok((at, Some(name)))
}

fn check_out(repo: &Repo) -> Result<()> {
    let mut options = CheckoutBuilder::new();
    options.force();
    Ok(repo.git.checkout_head(Some(&mut options)).map_err(git("write the files"))?)
}

/// Written where nothing is; nothing of a person is ever replaced.
fn write_secrets(
    opened: &mut Opened<'_>,
    (state, config): (&Path, &Path),
) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut written, mut left) = (Vec::new(), Vec::new());
    for entry in opened.entries.clone() {
        let path = match entry.name.split_once('/') {
            Some(("auth", rest)) => state.join(&opened.manifest.root).join(rest),
            Some(("config", rest)) => config.join(rest),
            _ => continue,
        };
        if path.symlink_metadata().is_ok() {
            left.push(path);
            continue;
        }
        let above = place::above(&path);
        DirBuilder::new().recursive(true).mode(0o700).create(above).map_err(io_at(above))?;
        opened.write_member(&entry, &path)?;
        written.push(path);
    }
    Ok((written, left))
}
