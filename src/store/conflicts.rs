//! The files that a merge left to a person: their three versions, and putting one in place.

use std::path::Path;

use super::error::git;
use super::worktree::TEMP_PREFIX;
use super::{Repo, Result, StoreError, txid};

/// A file that both sides of a merge changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicted {
    pub path: String,
    /// Nothing where that side does not have the file.
    pub base: Option<Vec<u8>>,
    pub ours: Option<Vec<u8>>,
    pub theirs: Option<Vec<u8>>,
}

impl Repo {
    /// The files that a merge in progress left open, in the order of their paths.
    pub fn conflicts(&self) -> Result<Vec<Conflicted>> {
        let mut index = self.git.index().map_err(git("read its index"))?;
        index.read(true).map_err(git("read its index"))?;
        let blob = |entry: &Option<git2::IndexEntry>| -> Result<Option<Vec<u8>>> {
            let Some(entry) = entry else { return Ok(None) };
            let blob = self.git.find_blob(entry.id).map_err(git("read a version of a file"))?;
            Ok(Some(blob.content().to_vec()))
        };
        let mut found = Vec::new();
        for conflict in index.conflicts().map_err(git("read its index"))? {
            let conflict = conflict.map_err(git("read its index"))?;
            let entry = conflict.our.as_ref().or(conflict.their.as_ref()).or(conflict.ancestor.as_ref());
            let Some(path) = entry.map(|entry| String::from_utf8_lossy(&entry.path).into_owned()) else {
                continue;
            };
            found.push(Conflicted {
                path,
                base: blob(&conflict.ancestor)?,
                ours: blob(&conflict.our)?,
                theirs: blob(&conflict.their)?,
            });
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Puts a version of a file in place of what lies there; settled: git knows that it is done with.
    pub fn put_version(&self, path: &str, content: Option<&[u8]>, settled: bool) -> Result<()> {
        let tree = self.tree.as_ref().ok_or_else(|| StoreError::Bare { path: self.gitdir.clone() })?;
        let (folder, name) = super::worktree::split(path);
        match content {
            Some(bytes) => {
                let folder = tree.make_folder(folder, true)?;
                let half = format!("{TEMP_PREFIX}{}", txid());
                folder.create(&half, bytes, 0o644, true)?;
                folder.rename(&half, name)?;
                folder.sync()?;
            }
            None => {
                if let Some(folder) = tree.folder(folder)? {
                    folder.remove(name)?;
                }
            }
        }
        if settled {
            let mut index = self.git.index().map_err(git("read its index"))?;
            index.read(true).map_err(git("read its index"))?;
            match content {
                Some(_) => index.add_path(Path::new(path)).map_err(git("write its index"))?,
                None => index.remove_path(Path::new(path)).map_err(git("write its index"))?,
            }
            index.write().map_err(git("write its index"))?;
        }
        Ok(())
    }
}
