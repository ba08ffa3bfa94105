//! Files and folders that are made under a name of their own and get the real one when they are
//! whole. What is left of a process that was killed is told by its lock, which the kernel freed.

use super::{Result, io_at};
use crate::store::journal::sync_folder;
use crate::store::{StoreError, txid};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How the names of what is being made begin and end.
const BEGINS: &str = ".crm-backup-";
const ENDS: &str = ".tmp";

fn name() -> String {
    format!("{BEGINS}{}{ENDS}", txid())
}

fn is_ours(name: &str) -> bool {
    name.starts_with(BEGINS) && name.ends_with(ENDS)
}

/// Takes the lock of what was just made. `false` where somebody who clears up was quicker; a file
/// system without locks has nobody who clears up.
fn is_held(made: &File, path: &Path) -> bool {
    !matches!(made.try_lock(), Err(TryLockError::WouldBlock)) && path.symlink_metadata().is_ok()
}

/// A folder that only its owner can see, gone when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes it in a folder.
    pub fn new(above: &Path) -> Result<Self> {
        loop {
            let path = above.join(name());
            DirBuilder::new().mode(0o700).create(&path).map_err(io_at(above))?;
            if let Ok(lock) = File::open(&path)
                && is_held(&lock, &path)
            {
                return Ok(Self { path, _lock: lock });
            }
        }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Gives a folder that is whole its name, which nothing may have but an empty folder.
pub(super) fn become_folder(made: &Path, target: &Path) -> Result<()> {
    let folder = File::open(made).map_err(io_at(made))?;
    rustix::fs::syncfs(&folder).map_err(|errno| io_at(made)(errno.into()))?;
    // Only an empty folder can be removed so.
    match fs::remove_dir(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_at(target)(error)),
        _ => {}
    }
    rename_new(made, target)?;
    sync_folder(above(target)).map_err(Into::into)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A file in the folder of its target, gone when it is dropped before it got its name.
#[derive(Debug)]
pub(super) struct Temp {
    path: PathBuf,
    pub file: File,
    kept: bool,
}

impl Temp {
    pub fn new(folder: &Path) -> Result<Self> {
        loop {
            let path = folder.join(name());
            let opened = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
            // Nobody knows the name of what was to be.
            let file = opened.map_err(io_at(folder))?;
            if is_held(&file, &path) {
                return Ok(Self { path, file, kept: false });
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, which nothing may have. `false` where something has it.
    pub fn become_file(&mut self, target: &Path) -> Result<bool> {
        self.file.sync_all().map_err(io_at(&self.path))?;
        match rename_new(&self.path, target) {
            Ok(()) => {
                self.kept = true;
                sync_folder(above(target))?;
                Ok(true)
            }
            Err(super::BackupError::Store(StoreError::Io { source, .. }))
                if source.kind() == io::ErrorKind::AlreadyExists =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a file that is new, whole or not at all. `false` where it exists.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool> {
    use std::io::Write as _;
    let mut temp = Temp::new(above(path))?;
    temp.file.write_all(bytes).map_err(io_at(path))?;
    temp.become_file(path)
}

/// The folder that a path is in.
pub(super) fn above(path: &Path) -> &Path {
    path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn rename_new(from: &Path, to: &Path) -> Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        // A file system that cannot promise it.
        Err(Errno::INVAL | Errno::NOSYS) => {
            if to.symlink_metadata().is_ok() {
                return Err(io_at(to)(io::ErrorKind::AlreadyExists.into()));
            }
            fs::rename(from, to).map_err(io_at(to))
        }
        Err(errno) => Err(io_at(to)(errno.into())),
    }
}

/// What processes that were killed left in a folder: its names and sizes, removed unless it is only
/// asked for.
pub fn sweep(folder: &Path, only_ask: bool) -> io::Result<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(is_ours) {
            continue;
        }
        let path = entry.path();
        let Ok(opened) = File::open(&path) else { continue };
        // Who still works in it holds its lock.
        if opened.try_lock().is_err() {
            continue;
        }
        let size = size_of(&path);
        if !only_ask {
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(&path)?;
            } else {
                fs::remove_file(&path)?;
            }
        }
        found.push((path, size));
    }
    found.sort();
    Ok(found)
}

/// The bytes of a file, or of all files in a folder.
pub(super) fn size_of(path: &Path) -> u64 {
    let Ok(about) = path.symlink_metadata() else { return 0 };
    if !about.is_dir() {
        return about.len();
    }
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries.filter_map(|entry| Some(size_of(&entry.ok()?.path()))).sum()
}
