//! Letting git tidy up after us, as its own commands do after a commit.

use super::Repo;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

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

impl Repo {
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
        if packs > 0 && i64::try_from(count_packs(&self.commondir)).is_ok_and(|count| count > packs) {
            return true;
        }
        // Ids are spread evenly, so one of the 256 folders tells for all.
        let folder = self.commondir.join("objects").join("17");
        let per_folder = (limit + 255) / 256;
        i64::try_from(count_objects(&folder)).is_ok_and(|count| count > per_folder)
    }
}

fn count_packs(commondir: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(commondir.join("objects").join("pack")) else { return 0 };
    entries.flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "pack")).count()
}

fn count_objects(folder: &std::path::Path) -> usize {
    use rustix::fs::{CWD, Mode, OFlags, RawDir, openat};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let Ok(fd) = openat(CWD, folder, flags, Mode::empty()) else {
        return 0;
    };
    let mut buffer = [std::mem::MaybeUninit::uninit(); 8 * 1024];
    let mut entries = RawDir::new(fd, &mut buffer);
    let mut count = 0;
    while let Some(Ok(entry)) = entries.next() {
        count += usize::from(entry.file_name().to_bytes().len() == 38);
    }
    count
}
