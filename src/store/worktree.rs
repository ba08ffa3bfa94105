//! The work tree, reached only from its root downwards: no path leads through a
//! symbolic link or out of the store. Deliberately absent: anything that knows git.

use super::error::{Result, StoreError, io};
use rustix::fs::{self, AtFlags, FileType, Mode, OFlags, RenameFlags, ResolveFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// A record larger than this is refused before it is parsed.
pub const MAX_FILE: u64 = 1 << 20;

/// Temporary files start with this; `.git/info/exclude` names it.
pub(super) const TEMP_PREFIX: &str = ".crm-tmp-";

/// What the file system says about a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stat {
    pub mtime_ns: i64,
    pub ctime_ns: i64,
    pub size: u64,
    pub inode: u64,
    pub device: u64,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
}

impl Stat {
    #[must_use]
    pub fn is_regular(&self) -> bool {
        FileType::from_raw_mode(self.mode) == FileType::RegularFile
    }

    #[must_use]
    pub(super) fn is_folder(&self) -> bool {
        FileType::from_raw_mode(self.mode) == FileType::Directory
    }
}

impl From<fs::Stat> for Stat {
    fn from(stat: fs::Stat) -> Self {
        let nanos = |seconds: i64, nanos: u64| {
            let nanos = i64::try_from(nanos).unwrap_or(0);
            seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
        };
        Stat {
            mtime_ns: nanos(stat.st_mtime, stat.st_mtime_nsec),
            ctime_ns: nanos(stat.st_ctime, stat.st_ctime_nsec),
            size: u64::try_from(stat.st_size).unwrap_or(0),
            inode: stat.st_ino,
            device: stat.st_dev,
            mode: stat.st_mode,
            uid: stat.st_uid,
            gid: stat.st_gid,
        }
    }
}

/// The root of the work tree, held open.
pub(super) struct WorkTree {
    root: OwnedFd,
    path: PathBuf,
}

/// A folder of the work tree, held open; names are single components.
pub(super) struct Folder {
    fd: OwnedFd,
    path: String,
    full: PathBuf,
}

/// `a/b/c.toml` as (`a/b`, `c.toml`).
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Refuses what could leave the store or reach git's own files.
pub(super) fn check_path(path: &str) -> Result<()> {
    let good = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.eq_ignore_ascii_case(".git")
            && !part.starts_with(TEMP_PREFIX)
            && !part.contains(['\0', '\n', '\\'])
    };
    if path.len() < 4000 && path.split('/').all(good) {
        Ok(())
    } else {
        Err(StoreError::BadPath { path: path.into() })
    }
}

/// Something other than a plain file or folder stands in the way.
fn in_the_way(errno: Errno) -> bool {
    matches!(errno, Errno::LOOP | Errno::NOTDIR | Errno::XDEV | Errno::NXIO | Errno::ISDIR)
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW);

impl WorkTree {
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = fs::open(path, flags, Mode::empty()).map_err(io(path))?;
        Ok(WorkTree { root, path: path.to_owned() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn full(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    fn open_beneath(&self, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let path = if path.is_empty() { "." } else { path };
        for _ in 0..16 {
            match fs::openat2(&self.root, path, flags, Mode::empty(), resolve) {
                // The kernel asks for another try when something was renamed meanwhile.
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(Errno::NOSYS | Errno::PERM) => return self.open_step_by_step(path, flags),
                outcome => return outcome,
            }
        }
        Err(Errno::AGAIN)
    }

    /// For kernels and sandboxes without `openat2`.
    fn open_step_by_step(&self, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let (folders, name) = split(path);
        let mut at = fs::openat(&self.root, ".", FOLDER, Mode::empty())?;
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            at = fs::openat(&at, part, FOLDER, Mode::empty())?;
        }
        fs::openat(&at, name, flags | OFlags::NOFOLLOW, Mode::empty())
    }

    /// The file's bytes, `None` where there is no file.
    pub fn read(&self, path: &str) -> Result<Option<(Vec<u8>, Stat)>> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = self.open_beneath(path, flags);
        read_opened(opened, path, || self.full(path))
    }

    /// The folder, `None` where there is none.
    pub fn folder(&self, path: &str) -> Result<Option<Folder>> {
        match self.open_beneath(path, FOLDER) {
            Ok(fd) => Ok(Some(Folder { fd, path: path.to_owned(), full: self.full(path) })),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) if in_the_way(errno) => Err(StoreError::NotRegular { path: path.into() }),
            Err(errno) => Err(io(self.full(path))(errno)),
        }
    }

    /// The folder, made together with its parents where it is missing.
    pub fn make_folder(&self, path: &str, durable: bool) -> Result<Folder> {
        if let Some(folder) = self.folder(path)? {
            return Ok(folder);
        }
        let (parent, name) = split(path);
        let parent = self.make_folder(parent, durable)?;
        match fs::mkdirat(&parent.fd, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(io(self.full(path))(errno)),
        }
        if durable {
            parent.sync()?;
        }
        self.folder(path)?.ok_or_else(|| io(self.full(path))(Errno::NOENT))
    }

    /// Takes away folders that hold nothing any more, from `path` upwards.
    pub fn prune_folders(&self, path: &str) {
        let mut path = path;
        while !path.is_empty() {
            let (parent, name) = split(path);
            let Ok(Some(folder)) = self.folder(parent) else {
                return;
            };
            if fs::unlinkat(&folder.fd, name, AtFlags::REMOVEDIR).is_err() {
                return;
            }
            path = parent;
        }
    }

    /// Writes everything of this file system to the disk.
    pub fn sync_all(&self) -> Result<()> {
        fs::syncfs(&self.root).map_err(io(&self.path))
    }
}

impl Folder {
    pub fn fd(&self) -> impl AsFd + '_ {
        self.fd.as_fd()
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    fn join(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    pub fn read(&self, name: &str) -> Result<Option<(Vec<u8>, Stat)>> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let opened = fs::openat(&self.fd, name, flags, Mode::empty());
        read_opened(opened, &self.join(name), || self.full.join(name))
    }

    pub fn stat(&self, name: &str) -> Result<Option<Stat>> {
        match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat.into())),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(io(self.full.join(name))(errno)),
        }
    }

    /// A new file; one of that name that a crash left is replaced.
    pub fn create(&self, name: &str, bytes: &[u8], mode: u32, durable: bool) -> Result<()> {
        let full = || self.full.join(name);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let open = || fs::openat(&self.fd, name, flags, Mode::from_raw_mode(0o666));
        let fd = match open() {
            Err(Errno::EXIST) => {
                self.remove(name)?;
                open()
            }
            opened => opened,
        };
        let mut file = File::from(fd.map_err(io(full()))?);
        file.write_all(bytes).map_err(io(full()))?;
        if mode != 0 {
            fs::fchmod(&file, Mode::from_raw_mode(mode & 0o777)).map_err(io(full()))?;
        }
        if durable {
            file.sync_all().map_err(io(full()))?;
        }
        Ok(())
    }

    /// `false`: there is already a file of that name.
    pub fn rename_new(&self, from: &str, to: &str) -> Result<bool> {
        match fs::renameat_with(&self.fd, from, &self.fd, to, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(Errno::INVAL | Errno::NOSYS) => {
                if self.stat(to)?.is_some() {
                    return Ok(false);
                }
                self.rename(from, to).map(|()| true)
            }
            Err(errno) => Err(io(self.full.join(to))(errno)),
        }
    }

    pub fn rename(&self, from: &str, to: &str) -> Result<()> {
        fs::renameat(&self.fd, from, &self.fd, to).map_err(io(self.full.join(to)))
    }

    /// Removing what is not there is no error.
    pub fn remove(&self, name: &str) -> Result<()> {
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(io(self.full.join(name))(errno)),
        }
    }

    pub fn sync(&self) -> Result<()> {
        fs::fsync(&self.fd).map_err(io(&self.full))
    }
}

fn read_opened(
    opened: rustix::io::Result<OwnedFd>,
    path: &str,
    full: impl Fn() -> PathBuf,
) -> Result<Option<(Vec<u8>, Stat)>> {
    let fd = match opened {
        Ok(fd) => fd,
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) if in_the_way(errno) => {
            return Err(StoreError::NotRegular { path: path.into() });
        }
        Err(errno) => return Err(io(full())(errno)),
    };
    let stat = Stat::from(fs::fstat(&fd).map_err(io(full()))?);
    if !stat.is_regular() {
        return Err(StoreError::NotRegular { path: path.into() });
    }
    let too_large = || StoreError::TooLarge { path: path.into(), limit: MAX_FILE };
    if stat.size > MAX_FILE {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(stat.size).unwrap_or(0) + 1);
    let mut file = File::from(fd).take(MAX_FILE + 1);
    file.read_to_end(&mut bytes).map_err(io(full()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(too_large());
    }
    Ok(Some((bytes, stat)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn tree() -> (tempfile::TempDir, WorkTree) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(dir.path().join("in")).expect("folder");
        std::fs::write(dir.path().join("in/file"), b"text").expect("file");
        let tree = WorkTree::open(dir.path()).expect("the tree opens");
        (dir, tree)
    }

    #[test]
    fn a_path_never_leads_through_a_symbolic_link() {
        let (dir, tree) = tree();
        symlink(dir.path().join("in"), dir.path().join("link")).expect("link");
        symlink("in/file", dir.path().join("alias")).expect("link");
        for path in ["link/file", "alias", "in"] {
            let refused = tree.read(path);
            assert!(matches!(refused, Err(StoreError::NotRegular { .. })), "{path}: {refused:?}");
        }
        assert!(matches!(tree.folder("link"), Err(StoreError::NotRegular { .. })));
        let read = |path| tree.open_step_by_step(path, OFlags::RDONLY);
        assert!(read("link/file").is_err());
        assert!(read("alias").is_err());
        assert!(read("in/file").is_ok());
    }

    #[test]
    fn files_are_read_up_to_the_limit() {
        let (dir, tree) = tree();
        let read = tree.read("in/file").expect("readable").expect("there");
        assert_eq!(read.0, b"text");
        assert!(tree.read("in/none").expect("no error").is_none());
        assert!(tree.read("none/none").expect("no error").is_none());
        let limit = usize::try_from(MAX_FILE).expect("fits");
        std::fs::write(dir.path().join("big"), vec![b'x'; limit]).expect("file");
        assert!(tree.read("big").expect("at the limit").is_some());
        std::fs::write(dir.path().join("big"), vec![b'x'; limit + 1]).expect("file");
        assert!(matches!(tree.read("big"), Err(StoreError::TooLarge { .. })));
    }

    #[test]
    fn paths_out_of_the_store_are_refused() {
        for path in
            ["", "/a", "a/", "a//b", "../a", "a/./b", ".git/x", "a/.GIT/x", "a\0b", "a\nb", ".crm-tmp-1"]
        {
            assert!(check_path(path).is_err(), "{path:?}");
        }
        for path in ["crm.toml", "a/b/c.toml", ".gitattributes", "reports/客户.sql"] {
            assert!(check_path(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn folders_are_made_and_pruned() {
        let (dir, tree) = tree();
        tree.make_folder("x/y/z", true).expect("made");
        tree.prune_folders("x/y/z");
        assert!(!dir.path().join("x").exists());
        tree.prune_folders("in");
        assert!(dir.path().join("in/file").exists());
    }
}
