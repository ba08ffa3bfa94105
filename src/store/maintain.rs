//! Letting git tidy up after us, as its own commands do after a commit or when somebody asks; what
//! crashed commands left; how large it all is.

use super::error::{Result, StoreError};
use super::lock::WriteLock;
use super::plan::WriteOptions;
use super::{Repo, backup};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Git's default for `gc.auto`.
const LOOSE_OBJECTS: i64 = 6700;

/// Git's default for `gc.autoPackLimit`.
const PACKS: i64 = 50;

/// Variables that would make git work on another repository than this one.
const GIT_VARIABLES: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
];

/// How much there is of a repository.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Objects that are files of their own.
    pub loose: u64,
    pub packs: u64,
    /// Bytes of all objects, loose and packed.
    pub objects: u64,
    /// References that are files of their own.
    pub references: u64,
    /// Bytes of everything in `.git`.
    pub all: u64,
}

/// How the journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalState {
    None,
    /// A command crashed, or is at work.
    Unfinished,
    Damaged,
}

/// What a command that was cut off left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// A change to be finished or undone.
    pub journal: bool,
    /// Temporary files beside records.
    pub temps: usize,
    /// Files and folders in `.git`.
    pub files: Vec<PathBuf>,
}

impl Repo {
    /// How much there is.
    #[must_use]
    pub fn size(&self) -> Size {
        let mut size = Size::default();
        measure(&self.commondir, &mut |path, bytes| {
            size.all += bytes;
            let below = path.strip_prefix(&self.commondir).unwrap_or(path);
            if below.starts_with("objects") {
                size.objects += bytes;
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                size.packs += u64::from(name.ends_with(".pack"));
                let folder = below.parent().and_then(Path::file_name).is_some_and(|folder| folder.len() == 2);
                size.loose += u64::from(folder && name.len() == 38);
            } else if below.starts_with("refs") {
                size.references += 1;
            }
        });
        size
    }

    /// Finishes or undoes what a crashed command left, through recovery alone, and removes files
    /// that nobody misses. With `only_ask` it only tells.
    pub fn clear_leftovers(&self, options: &WriteOptions<'_>, only_ask: bool) -> Result<Leftovers> {
        let mut found = Leftovers { journal: self.is_unfinished()?, ..Leftovers::default() };
        let crm = self.commondir.join("crm");
        let sweep = |only_ask| {
            let swept = backup::sweep(&crm, only_ask).map_err(super::error::io(&crm))?;
            Ok::<Vec<PathBuf>, StoreError>(swept.into_iter().map(|(path, _)| path).collect())
        };
        // Of a merge that is done or was given up.
        let decisions = self.gitdir.join("crm-decisions.json");
        let is_stale = decisions.exists()
            && !self.gitdir.join("MERGE_HEAD").exists()
            && self.unmerged().is_ok_and(|open| open.is_empty());
        found.files.extend(is_stale.then_some(decisions));
        if only_ask {
            found.temps = self.stray_temps(false)?;
            found.files.extend(sweep(true)?);
            return Ok(found);
        }
        self.preflight(None, options.allow_network_fs)?;
        let _lock = self.lock_for_writing(options)?;
        self.recover_locked(options)?;
        found.temps = self.stray_temps(true)?;
        // Under the lock nobody is about to give these their names.
        let half = ["index.tx", "index.lock.tx"].map(|name| self.gitdir.join("crm").join(name));
        found.files.extend(half.into_iter().filter(|path| path.exists()));
        for path in &found.files {
            super::lock::remove(path)?;
        }
        found.files.extend(sweep(false)?);
        Ok(found)
    }

    /// References into one file, objects into one pack, what nothing refers to any more removed when
    /// it is old enough, and the graph of commits with the paths that each changed.
    pub fn tidy(&self) -> Result<()> {
        let steps: [&[&str]; 3] = [
            &["pack-refs", "--all", "--prune"],
            &["gc", "--quiet"],
            &["commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"],
        ];
        for step in steps {
            let failed = |said: &str| StoreError::Git {
                doing: "tidy up",
                source: git2::Error::from_str(&format!("git {}: {said}", step[0])),
            };
            let mut command = self.git_program();
            command.args(step).env("LC_ALL", "C").stdin(Stdio::null());
            let output = command.output().map_err(|error| failed(&error.to_string()))?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(failed(said.lines().last().unwrap_or("it failed")));
            }
        }
        Ok(())
    }

    /// How the journal is; this only looks.
    #[must_use]
    pub fn journal_state(&self) -> JournalState {
        match self.journal.load() {
            Ok(None) => JournalState::None,
            Ok(Some(_)) => JournalState::Unfinished,
            Err(_) => JournalState::Damaged,
        }
    }

    /// The command that holds the lock of all writers; nothing where none does. This only looks.
    #[must_use]
    pub fn writer(&self) -> Option<String> {
        let path = self.commondir.join("crm").join("lock");
        if !path.exists() {
            return None;
        }
        match WriteLock::shared(&path, Duration::ZERO) {
            Err(StoreError::Busy { holder }) => Some(holder),
            _ => None,
        }
    }

    /// Starts `git maintenance run --auto` in the background when there are as many
    /// loose objects as git itself finds too many. Whether it works is not our matter.
    pub(super) fn maintain_if_due(&self) {
        if !self.is_maintenance_due() {
            return;
        }
        let mut command = self.git_program();
        command
            .args(["maintenance", "run", "--auto", "--quiet"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        let _ = command.spawn();
    }

    /// The `git` program on this repository, with nothing of the environment or the
    /// configuration that could point it elsewhere or run a program of a stranger.
    #[must_use]
    pub fn git_program(&self) -> Command {
        let mut command = Command::new("git");
        for name in GIT_VARIABLES {
            command.env_remove(name);
        }
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .arg("-C")
            .arg(&self.root)
            .args(["-c", "core.fsmonitor=false"])
            .args(["-c", "core.hooksPath=/dev/null"])
            .args(["-c", "protocol.ext.allow=never"])
            .args(["-c", "submodule.recurse=false"]);
        command
    }

    fn is_maintenance_due(&self) -> bool {
        let Ok(config) = self.git.config() else {
            return false;
        };
        let limit = config.get_i64("gc.auto").unwrap_or(LOOSE_OBJECTS);
        if limit <= 0 || !config.get_bool("maintenance.auto").unwrap_or(true) {
            return false;
        }
        // Every fetch of more than a few objects leaves a pack.
        let packs = config.get_i64("gc.autopacklimit").unwrap_or(PACKS);
        if packs > 0
            && i64::try_from(count(&self.commondir.join("objects").join("pack"), |name| {
                name.ends_with(b".pack")
            }))
            .is_ok_and(|count| count > packs)
        {
            return true;
        }
        // Ids are spread evenly, so one of the 256 folders tells for all.
        let folder = self.commondir.join("objects").join("17");
        let per_folder = (limit + 255) / 256;
        i64::try_from(count(&folder, |name| name.len() == 38)).is_ok_and(|count| count > per_folder)
    }
}

/// Every file below a folder, with its size.
fn measure(folder: &Path, each: &mut dyn FnMut(&Path, u64)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.metadata() {
            Ok(about) if about.is_dir() => measure(&path, each),
            Ok(about) => each(&path, about.len()),
            // Gone since it was listed.
            Err(_) => {}
        }
    }
}

/// How many names of a folder are such. Not through the standard library, which aborts where a
/// folder cannot be closed.
fn count(folder: &Path, is: impl Fn(&[u8]) -> bool) -> usize {
    use rustix::fs::{CWD, Mode, OFlags, RawDir, openat};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let Ok(fd) = openat(CWD, folder, flags, Mode::empty()) else {
        return 0;
    };
    let mut buffer = [std::mem::MaybeUninit::uninit(); 8 * 1024];
    let mut entries = RawDir::new(fd, &mut buffer);
    let mut count = 0;
    while let Some(Ok(entry)) = entries.next() {
        count += usize::from(is(entry.file_name().to_bytes()));
    }
    count
}
