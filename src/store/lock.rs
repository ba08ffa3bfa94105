//! The two locks of a writing command: `crm/lock`, which the kernel frees when the
//! process dies, and git's own `index.lock`, made so that it can be told from one
//! that git made.

use super::error::{Result, StoreError, io};
use rustix::fs::{AtFlags, CWD, linkat};
use rustix::io::Errno;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// An `index.lock` that starts with this is ours.
pub(super) const OURS: &[u8] = b"crm ";

/// The lock of all writers of one repository, linked work trees included. Dropping
/// it frees it.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits up to `timeout`; `holder` is what others are told who wait for us.
    pub(super) fn exclusive(path: &Path, timeout: Duration, holder: &str) -> Result<Self> {
        let mut file = open(path)?;
        if !try_lock(&file, path, true)? {
            file = wait(file, path, timeout, true)?;
        }
        // Only words for others: what goes wrong here does not matter.
        let words = format!("{} (process {})\n", holder.trim(), std::process::id());
        let _ = file.set_len(0).and_then(|()| file.write_all(words.as_bytes()));
        Ok(WriteLock { _file: file })
    }

    /// Keeps writers out while several files are read.
    pub(super) fn shared(path: &Path, timeout: Duration) -> Result<Self> {
        let mut file = open(path)?;
        if !try_lock(&file, path, false)? {
            file = wait(file, path, timeout, false)?;
        }
        Ok(WriteLock { _file: file })
    }
}

fn open(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
        .map_err(|source| match source.kind() {
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                StoreError::ReadOnly { path: path.to_owned(), source }
            }
            _ => io(path)(source),
        })
}

fn try_lock(file: &File, path: &Path, exclusive: bool) -> Result<bool> {
    let outcome = if exclusive { file.try_lock() } else { file.try_lock_shared() };
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) if source.kind() == ErrorKind::Interrupted => Ok(false),
        Err(TryLockError::Error(source)) => Err(io(path)(source)),
    }
}

/// The kernel serves blocked waiters in turn, polling would not; so a thread blocks.
/// When nobody waits for it any more, the file it gets is dropped and so unlocked.
fn wait(file: File, path: &Path, timeout: Duration, exclusive: bool) -> Result<File> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let blocked = move || {
        let outcome = loop {
            let outcome = if exclusive { file.lock() } else { file.lock_shared() };
            match outcome {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        let _ = sender.send(outcome.map(|()| file));
    };
    thread::Builder::new().name("crm-lock".into()).spawn(blocked).map_err(io(path))?;
    match receiver.recv_timeout(timeout) {
        Ok(outcome) => outcome.map_err(io(path)),
        Err(_) => Err(StoreError::Busy { holder: holder(path) }),
    }
}

/// Who holds the lock, in their own words.
fn holder(path: &Path) -> String {
    let mut words = String::new();
    if let Ok(file) = File::open(path) {
        let _ = file.take(200).read_to_string(&mut words);
    }
    let words: String = words.chars().filter(|c| !c.is_control()).collect();
    if words.is_empty() { "unknown".into() } else { words }
}

/// Git's `index.lock`, and the file it is linked from.
pub(super) struct IndexLock {
    lock: PathBuf,
    source: PathBuf,
}

/// What stands at `index.lock`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Held {
    Free,
    Ours,
    Foreign,
}

impl IndexLock {
    pub fn new(gitdir: &Path) -> Self {
        IndexLock { lock: gitdir.join("index.lock"), source: gitdir.join("crm").join("index.lock.tx") }
    }

    /// The content, on disk before the lock can be seen: a power cut cannot leave a
    /// lock that nobody recognises.
    pub fn prepare(&self, txid: &str) -> Result<()> {
        let mut file = File::create(&self.source).map_err(io(&self.source))?;
        file.write_all(format!("crm {txid}\n").as_bytes()).map_err(io(&self.source))?;
        file.sync_all().map_err(io(&self.source))
    }

    pub fn held(&self) -> Result<Held> {
        let mut start = Vec::new();
        match File::open(&self.lock) {
            Ok(file) => file.take(OURS.len() as u64).read_to_end(&mut start).map_err(io(&self.lock))?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Held::Free),
            Err(error) => return Err(io(&self.lock)(error)),
        };
        Ok(if start == OURS { Held::Ours } else { Held::Foreign })
    }

    /// Takes the prepared lock, waiting for a live git up to `timeout`. One that a
    /// crashed command of ours left is taken over: only the holder of `crm/lock`
    /// comes here.
    pub fn take(&self, timeout: Duration) -> Result<()> {
        let deadline = Instant::now() + timeout;
        let mut pause = Duration::from_millis(1);
        loop {
            match linkat(CWD, &self.source, CWD, &self.lock, AtFlags::empty()) {
                Ok(()) => break,
                Err(Errno::EXIST) => match self.held()? {
                    Held::Ours => self.release()?,
                    Held::Free => {}
                    Held::Foreign if Instant::now() >= deadline => {
                        return Err(StoreError::ForeignIndexLock { path: self.lock.clone() });
                    }
                    Held::Foreign => {
                        thread::sleep(pause);
                        pause = (pause * 2).min(Duration::from_millis(100));
                    }
                },
                Err(errno) => return Err(io(&self.lock)(errno)),
            }
        }
        let _ = std::fs::remove_file(&self.source);
        Ok(())
    }

    /// Removes the lock if it is ours, and the file it was made from.
    pub fn release(&self) -> Result<()> {
        if self.held()? == Held::Ours {
            remove(&self.lock)?;
        }
        Ok(())
    }

    /// Like `release`, and also removes the prepared file.
    pub fn clear(&self) -> Result<()> {
        self.release()?;
        remove(&self.source)
    }
}

/// Removing what is not there is no error.
pub(super) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(dir.path().join("crm")).expect("folder");
        dir
    }

    #[test]
    fn a_second_writer_is_told_who_holds_the_lock() {
        let dir = dir();
        let path = dir.path().join("crm/lock");
        let first = WriteLock::exclusive(&path, Duration::ZERO, "crm order ship").expect("free");
        match WriteLock::exclusive(&path, Duration::from_millis(20), "second") {
            Err(StoreError::Busy { holder }) => assert!(holder.contains("crm order ship")),
            _ => panic!("the lock was given twice"),
        }
        drop(first);
        WriteLock::exclusive(&path, Duration::from_secs(5), "third").expect("free again");
    }

    #[test]
    fn a_waiting_writer_gets_the_lock_when_it_is_freed() {
        let dir = dir();
        let path = dir.path().join("crm/lock");
        let first = WriteLock::exclusive(&path, Duration::ZERO, "first").expect("free");
        thread::scope(|scope| {
            let second =
                scope.spawn(|| WriteLock::exclusive(&path, Duration::from_secs(20), "second").is_ok());
            drop(first);
            assert!(second.join().expect("no panic"));
        });
    }

    #[test]
    fn readers_share_the_lock() {
        let dir = dir();
        let path = dir.path().join("crm/lock");
        let _one = WriteLock::shared(&path, Duration::ZERO).expect("free");
        let _two = WriteLock::shared(&path, Duration::ZERO).expect("shared");
        assert!(WriteLock::exclusive(&path, Duration::from_millis(5), "writer").is_err());
    }

    #[test]
    fn gits_own_lock_is_never_taken_over() {
        let dir = dir();
        let lock = IndexLock::new(dir.path());
        std::fs::write(dir.path().join("index.lock"), b"").expect("git's lock");
        lock.prepare("1").expect("prepared");
        assert!(matches!(lock.take(Duration::from_millis(5)), Err(StoreError::ForeignIndexLock { .. })));
        lock.clear().expect("cleared");
        assert_eq!(lock.held().expect("readable"), Held::Foreign);
    }

    #[test]
    fn a_lock_that_a_crash_left_is_taken_over() {
        let dir = dir();
        let lock = IndexLock::new(dir.path());
        std::fs::write(dir.path().join("index.lock"), b"crm 0\n").expect("our old lock");
        lock.prepare("1").expect("prepared");
        lock.take(Duration::ZERO).expect("taken");
        let content = std::fs::read(dir.path().join("index.lock")).expect("there");
        assert_eq!(content, b"crm 1\n");
        lock.clear().expect("cleared");
        assert_eq!(lock.held().expect("readable"), Held::Free);
    }
}
