//! Reading: files of the work tree, files of a commit, whole trees, and the way from
//! what a person calls a revision to a commit.

use super::error::{Result, StoreError, git};
use super::lock::WriteLock;
use super::plan::WriteOptions;
use super::trees;
use super::{ObjectId, Repo, Tip};
use git2::{ErrorCode, Odb, Oid};
use rayon::prelude::*;
use std::path::Path;
use std::time::Duration;

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    pub path: String,
    pub id: ObjectId,
    /// As git keeps it: `0o100644`, or something that is no record.
    pub mode: u32,
}

impl TreeFile {
    #[must_use]
    pub fn is_regular(&self) -> bool {
        trees::is_file(self.mode)
    }
}

/// A path that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChanged {
    pub path: String,
    pub old: Option<ObjectId>,
    pub new: Option<ObjectId>,
}

impl Repo {
    /// A file of the work tree; `None` where there is none.
    pub fn read_work(&self, path: &str) -> Result<Option<Vec<u8>>> {
        super::worktree::check_path(path)?;
        Ok(self.work()?.read(path)?.map(|(bytes, _)| bytes))
    }

    /// A file as a commit has it; `None` where there is none.
    pub fn read_at(&self, commit: ObjectId, path: &str) -> Result<Option<Vec<u8>>> {
        self.read_in(self.tip_at(commit.into())?.tree, path)
    }

    /// A file as a tree has it; `None` where there is none.
    pub fn read_in(&self, tree: ObjectId, path: &str) -> Result<Option<Vec<u8>>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        match trees::find(&odb, tree.into(), path)? {
            Some((id, mode)) if trees::is_file(mode) => self.blob(id.into()).map(Some),
            Some(_) => Err(StoreError::NotRegular { path: path.into() }),
            None => Ok(None),
        }
    }

    /// The content with this id.
    pub fn blob(&self, id: ObjectId) -> Result<Vec<u8>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let blob = odb.read(id.into()).map_err(git("read a file of the history"))?;
        Ok(blob.data().to_vec())
    }

    /// The commit that `rev` means: an id, its start, a tag, a branch, `HEAD~1` …
    pub fn resolve(&self, rev: &str) -> Result<ObjectId> {
        let nothing = || StoreError::NoSuchRevision { rev: rev.into() };
        if rev.is_empty() || rev.starts_with('-') {
            return Err(nothing());
        }
        let found = self.git.revparse_single(rev).and_then(|object| object.peel_to_commit());
        match found {
            Ok(commit) => Ok(commit.id().into()),
            Err(error) => match error.code() {
                ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::Ambiguous | ErrorCode::Peel => {
                    Err(nothing())
                }
                _ => Err(git("find the revision")(error)),
            },
        }
    }

    /// Where a commit stands: its id and its tree.
    pub fn tip_at_commit(&self, commit: ObjectId) -> Result<Tip> {
        self.tip_at(commit.into())
    }

    /// The last commit at or before a point in time (seconds since 1970), seen from
    /// HEAD along first parents. `None` where the history begins later.
    pub fn commit_at(&self, seconds: i64) -> Result<Option<ObjectId>> {
        let mut next = self.tip()?.map(|tip| Oid::from(tip.commit));
        while let Some(id) = next {
            let commit = self.git.find_commit(id).map_err(git("read a commit"))?;
            if commit.time().seconds() <= seconds {
                return Ok(Some(id.into()));
            }
            next = commit.parent_id(0).ok();
        }
        Ok(None)
    }

    /// What is staged for the next commit, as a tree; `index`: where a running git has it elsewhere.
    pub fn staged_tree(&self, index: Option<&Path>) -> Result<ObjectId> {
        let path = index.map_or_else(|| self.index_path(), Path::to_owned);
        let mut index = git2::Index::open(&path).map_err(git("read its index"))?;
        if index.has_conflicts() {
            return Err(StoreError::IndexConflicts { paths: self.unmerged()? });
        }
        Ok(index.write_tree_to(&self.git).map_err(git("write what is staged"))?.into())
    }

    /// Every file of a tree, sorted as git sorts.
    pub fn tree_files(&self, tree: ObjectId) -> Result<Vec<TreeFile>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let mut files = Vec::new();
        trees::walk(&odb, tree.into(), "", &mut |path, id, mode| {
            let id = id.into();
            files.push(TreeFile { path, id, mode });
        })?;
        Ok(files)
    }

    /// The ids of these files in a tree; `None` where there is no such file.
    pub fn files_at(&self, tree: ObjectId, paths: &[&str]) -> Result<Vec<Option<ObjectId>>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let find = |path: &&str| {
            let found = trees::find(&odb, tree.into(), path)?;
            Ok(found.filter(|(_, mode)| trees::is_file(*mode)).map(|(id, _)| id.into()))
        };
        paths.iter().map(find).collect()
    }

    /// The paths at which two trees differ. A rename is a removal and an addition.
    pub fn changed_files(&self, old: ObjectId, new: ObjectId) -> Result<Vec<FileChanged>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        changes_between(&odb, Some(old.into()), Some(new.into()))
    }

    /// `read` over the content of many files, on all cores, results in the order of
    /// `files`. What is not in the repository is an error.
    pub fn blobs_parallel<T: Send>(
        &self,
        files: &[(String, ObjectId)],
        read: impl Fn(&str, &[u8]) -> T + Sync,
    ) -> Result<Vec<T>> {
        let share = (files.len() / (rayon::current_num_threads() * 4)).max(256);
        let opener = self.opener();
        let shares: Vec<Vec<T>> = files
            .par_chunks(share)
            .map(|share| {
                let repo = opener.open()?;
                let odb = repo.odb().map_err(git("open the object database"))?;
                let one = |(path, id): &(String, ObjectId)| {
                    let blob = odb.read((*id).into());
                    let blob = blob.map_err(git("read a file of the history"))?;
                    Ok(read(path, blob.data()))
                };
                share.iter().map(one).collect()
            })
            .collect::<Result<_>>()?;
        Ok(shares.into_iter().flatten().collect())
    }

    /// Runs `read` so that it sees no half of a change: again when a writer came in
    /// between, in the end with writers kept out. What a crashed command left is
    /// finished first; where that cannot be written the error is
    /// [`StoreError::ReadOnly`], and the caller reads from the last commit instead.
    pub fn read_consistently<T, E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        mut read: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        for _ in 0..3 {
            let before = (self.tip()?, self.is_unfinished()?);
            if before.1 {
                self.finish_crashed(options)?;
                continue;
            }
            let outcome = read();
            if before == (self.tip()?, self.is_unfinished()?) {
                return outcome;
            }
        }
        let _lock = self.lock_for_reading(options.lock_timeout)?;
        read()
    }

    /// Keeps writers out until it is dropped.
    pub fn lock_for_reading(&self, timeout: Duration) -> Result<WriteLock> {
        WriteLock::shared(&self.commondir.join("crm").join("lock"), timeout)
    }

    fn finish_crashed(&self, options: &WriteOptions<'_>) -> Result<()> {
        self.preflight(None, options.allow_network_fs)?;
        let _lock = self.lock_for_writing(options)?;
        self.recover_locked(options).map(drop)
    }
}

pub(super) fn changes_between(odb: &Odb<'_>, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<FileChanged>> {
    let mut changed = Vec::new();
    trees::diff(odb, old, new, "", &mut |path, old, new| {
        let id = |side: trees::Side| side.map(|(id, _)| id.into());
        changed.push(FileChanged { path, old: id(old), new: id(new) });
    })?;
    Ok(changed)
}
