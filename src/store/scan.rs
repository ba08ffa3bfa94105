//! What lies in the work tree: listing it quickly, and finding what people changed
//! by hand.

use super::error::{Result, StoreError, git, io};
use super::id::hash_file;
use super::index::{self, Index};
use super::trees;
use super::worktree::{Folder, Stat, TEMP_PREFIX, WorkTree, split};
use super::{ObjectId, Repo};
use rayon::prelude::*;
use rustix::fs::{AtFlags, FileType, RawDir, statat};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::mem::MaybeUninit;

/// A file that is not as the last commit has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    pub status: EditStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditStatus {
    Added,
    Modified,
    Removed,
    /// A link, a folder or a device stands in its place.
    NotRegular,
}

/// A folder's entries, by name.
struct Listing {
    files: Vec<(String, Stat)>,
    folders: Vec<String>,
}

impl Repo {
    /// All files below these folders, sorted by path, without our temporary ones.
    /// Links are listed, not followed.
    pub fn scan_work(&self, folders: &[&str]) -> Result<Vec<(String, Stat)>> {
        let tree = self.work()?;
        let mut found = Vec::new();
        let mut sorted = folders.to_vec();
        sorted.sort_unstable();
        for folder in sorted {
            found.extend(scan(tree, folder)?);
        }
        Ok(found)
    }

    /// What differs between the last commit and the work tree, at or below these
    /// paths, by content.
    pub fn hand_edits(&self, below: &[&str]) -> Result<Vec<Edit>> {
        let committed = self.committed(below)?;
        let (folders, files): (Vec<&str>, Vec<&str>) =
            below.iter().partition(|path| self.work().is_ok_and(|tree| tree.full(path).is_dir()));
        let tree = self.work()?;
        let mut present = self.scan_work(&folders)?;
        for path in files {
            if let Some((_, stat)) = tree.read(path)? {
                present.push((path.to_owned(), stat));
            }
        }
        present.sort_by(|a, b| a.0.cmp(&b.0));
        let index = self.read_index(true)?;
        let pairs = pair(committed, present);
        let edits: Vec<Option<Edit>> =
            pairs.into_par_iter().map(|pair| judge(tree, &index, pair)).collect::<Result<_>>()?;
        Ok(edits.into_iter().flatten().collect())
    }

    /// Which of these files may differ from the last commit, as far as the index can tell without
    /// reading them.
    pub fn suspects(&self, files: &[(&str, Stat)]) -> Result<Vec<bool>> {
        let index = self.read_index(true)?;
        let tip = self.tip()?.map(|tip| self.tree_files(tip.tree)).transpose()?.unwrap_or_default();
        let committed: HashMap<&str, ObjectId> =
            tip.iter().map(|file| (file.path.as_str(), file.id)).collect();
        let doubtful = |(path, stat): &(&str, Stat)| match committed.get(path) {
            Some(id) => !is_known_clean(&index, path, *id, *stat),
            None => true,
        };
        Ok(files.iter().map(doubtful).collect())
    }

    /// The files of which the index holds both sides of a merge.
    pub fn unmerged(&self) -> Result<Vec<String>> {
        Ok(self.read_index(true)?.conflicts())
    }

    fn committed(&self, below: &[&str]) -> Result<Vec<(String, ObjectId)>> {
        let Some(tip) = self.tip()? else {
            return Ok(Vec::new());
        };
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let mut files = Vec::new();
        for path in below {
            match trees::find(&odb, tip.tree.into(), path)? {
                Some((id, trees::FOLDER)) => {
                    trees::walk(&odb, id, path, &mut |path, id, _| files.push((path, id.into())))?;
                }
                Some((id, _)) => files.push(((*path).to_owned(), id.into())),
                None => {}
            }
        }
        files.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(files)
    }

    /// Temporary files that no journal knows of, say after a power cut.
    pub(super) fn sweep_temps(&self) -> Result<()> {
        self.stray_temps(true).map(drop)
    }

    /// How many temporary files no journal knows of; removed where they shall be.
    pub(super) fn stray_temps(&self, remove: bool) -> Result<usize> {
        let tree = self.work()?;
        let mut count = 0;
        let mut waiting = vec![String::new()];
        while let Some(path) = waiting.pop() {
            let Some(folder) = tree.folder(&path)? else {
                continue;
            };
            let mut below = Vec::new();
            for_each_name(&folder, |name, kind| {
                if name.starts_with(TEMP_PREFIX) && kind == FileType::RegularFile {
                    below.push((name.to_owned(), false));
                } else if kind == FileType::Directory && name != ".git" {
                    below.push((name.to_owned(), true));
                }
            })?;
            for (name, is_folder) in below {
                if is_folder {
                    waiting.push(trees::join(&path, &name));
                } else {
                    count += 1;
                    if remove {
                        folder.remove(&name)?;
                    }
                }
            }
        }
        Ok(count)
    }
}

type Pair = (String, Option<ObjectId>, Option<Stat>);

/// Both lists are sorted by path.
fn pair(committed: Vec<(String, ObjectId)>, present: Vec<(String, Stat)>) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(committed.len().max(present.len()));
    let (mut committed, mut present) = (committed.into_iter().peekable(), present.into_iter().peekable());
    loop {
        let order = match (committed.peek(), present.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(committed), Some(present)) => committed.0.cmp(&present.0),
        };
        let old = committed.next_if(|_| order.is_le());
        let new = present.next_if(|_| order.is_ge());
        let (id, stat) = (old.as_ref().map(|old| old.1), new.as_ref().map(|new| new.1));
        if let Some(path) = old.map(|old| old.0).or(new.map(|new| new.0)) {
            pairs.push((path, id, stat));
        }
    }
}

fn judge(tree: &WorkTree, index: &Index, pair: Pair) -> Result<Option<Edit>> {
    let (path, committed, present) = pair;
    let status = match (committed, present) {
        (_, Some(stat)) if !stat.is_regular() => EditStatus::NotRegular,
        (None, _) => EditStatus::Added,
        (Some(_), None) => EditStatus::Removed,
        (Some(id), Some(stat)) if is_known_clean(index, &path, id, stat) => return Ok(None),
        (Some(id), Some(_)) => match tree.read(&path) {
            Ok(Some((bytes, _))) if hash_file(&bytes) == id.into() => return Ok(None),
            Ok(Some(_)) | Err(StoreError::TooLarge { .. }) => EditStatus::Modified,
            Ok(None) => EditStatus::Removed,
            Err(StoreError::NotRegular { .. }) => EditStatus::NotRegular,
            Err(error) => return Err(error),
        },
    };
    Ok(Some(Edit { path, status }))
}

/// The index saw this file with this content, and long enough before it was written
/// itself that a later edit cannot have the same time.
#[expect(clippy::cast_possible_truncation, reason = "the index keeps the low 32 bits")]
fn is_known_clean(index: &Index, path: &str, id: ObjectId, stat: Stat) -> bool {
    let Some(written) = index.stat() else {
        return false;
    };
    let same = |entry: index::Entry| {
        entry.id == id.into()
            && entry.mtime_ns == stat.mtime_ns
            && entry.ctime_ns == stat.ctime_ns
            && entry.inode == stat.inode as u32
            && entry.size == stat.size as u32
            && entry.mtime_ns < written.mtime_ns
    };
    index.find(path).is_some_and(same)
}

fn scan(tree: &WorkTree, path: &str) -> Result<Vec<(String, Stat)>> {
    let Some(folder) = tree.folder(path)? else {
        return Ok(Vec::new());
    };
    let listing = list(tree, &folder)?;
    drop(folder);
    let below: Vec<Vec<(String, Stat)>> =
        listing.folders.par_iter().with_min_len(8).map(|path| scan(tree, path)).collect::<Result<_>>()?;
    let mut found = listing.files;
    let has_files = !found.is_empty();
    found.extend(below.into_iter().flatten());
    if has_files && !listing.folders.is_empty() {
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    }
    Ok(found)
}

fn list(tree: &WorkTree, folder: &Folder) -> Result<Listing> {
    let mut listing = Listing { files: Vec::new(), folders: Vec::new() };
    let mut names = Vec::new();
    for_each_name(folder, |name, kind| {
        if !name.starts_with(TEMP_PREFIX) && name != ".git" {
            names.push((trees::join(folder.path(), name), kind));
        }
    })?;
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in names {
        if kind == FileType::Directory {
            listing.folders.push(path);
            continue;
        }
        match statat(folder.fd(), split(&path).1, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => {
                let stat = Stat::from(stat);
                if stat.is_folder() {
                    listing.folders.push(path);
                } else {
                    listing.files.push((path, stat));
                }
            }
            // Removed since it was listed.
            Err(rustix::io::Errno::NOENT) => {}
            Err(errno) => return Err(io(tree.full(&path))(errno)),
        }
    }
    Ok(listing)
}

/// Names that are not UTF-8 are never a record's.
fn for_each_name(folder: &Folder, mut found: impl FnMut(&str, FileType)) -> Result<()> {
    let mut buffer = vec![MaybeUninit::uninit(); 32 * 1024];
    let mut entries = RawDir::new(folder.fd(), &mut buffer[..]);
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(io(folder.path()))?;
        match entry.file_name().to_str() {
            Ok("." | "..") | Err(_) => {}
            Ok(name) => found(name, entry.file_type()),
        }
    }
    Ok(())
}
