//! A sandbox to run the program in: its own directory and home, an empty environment, a fixed
//! author, and a clock that ticks a minute with every command.
//!
//! Deliberately absent: anything that looks inside the program. Tests here see what a user sees.

mod data;
mod hash;
mod run;
pub mod transcript;
mod words;
mod workbook;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use data::{beside_the_tests, shared_data};
pub use hash::{Snapshot, snapshot};
pub use run::{Run, finish};
pub use words::Words;
pub use workbook::part;

/// The program under test.
pub const CRM: &str = env!("CARGO_BIN_EXE_crm");

/// 2026-03-04 09:30 in Shanghai, a Wednesday.
const START: i64 = 1_772_587_800;

/// A directory of its own, gone at the end of the test.
pub struct Sandbox {
    root: tempfile::TempDir,
    /// Where commands run.
    dir: PathBuf,
    clock: Cell<i64>,
}

impl Sandbox {
    /// An empty directory, no store.
    pub fn empty() -> Self {
        let root = tempfile::tempdir_in(above()).expect("a temporary directory");
        let path = root.path().canonicalize().expect("a path of the temporary directory");
        fs::create_dir_all(path.join("home")).expect("a home");
        fs::create_dir_all(path.join("work")).expect("a directory to work in");
        Self { root, dir: path.join("work"), clock: Cell::new(START) }
    }

    /// A new store of one user, `ann`, in the directory where commands run.
    pub fn new() -> Self {
        let sandbox = Self::empty();
        sandbox.ok("init . --company Acme --currency CNY --country CN --timezone Asia/Shanghai \
             --user ann --name 'Ann Li' --email ann@acme.example");
        sandbox
    }

    /// A store with a region, a customer `海尔北京`, two products without stock, and the order
    /// `SO-2026-0001` of two pieces, a draft.
    pub fn trading() -> Self {
        let sandbox = Self::new();
        sandbox.write(
            "basics",
            "region add north --name 北方\n\
             product add HAN-EV-610 --name '汉 EV 610' --price 219800 --cost 171000 --track-stock=false\n\
             product add SONG-L --name '宋 L' --price 189800 --cost 150000 --track-stock=false\n\
             customer add --name 海尔北京 --kind company --phone '010-6512 3456' --email buy@haier.example --region north\n\
             order add --customer 海尔北京 --line HAN-EV-610:2\n",
        );
        sandbox.ok("batch basics");
        sandbox.remove("basics");
        sandbox
    }

    /// The same sandbox, seen from another directory in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A path beside the working directory, outside the store.
    pub fn outside(&self, name: &str) -> PathBuf {
        self.dir.with_file_name(name)
    }

    /// Where commands run from now on.
    pub fn enter(&mut self, dir: &Path) {
        self.dir = self.dir.join(dir);
    }

    /// A path in the working directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Writes a file of the working directory, with the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).expect("the folders above a file");
        }
        fs::write(&path, bytes).expect("a file of the sandbox is written");
        path
    }

    /// Reads a text file of the working directory.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Changes a text file by hand.
    pub fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        let text = change(self.read(name));
        self.write(name, text);
    }

    /// Removes a file.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// The path of a record, relative to the store, by its id.
    pub fn file_of(&self, id: &str) -> String {
        let files = self.git("ls-files -- *.toml");
        let name = format!("/{id}.toml");
        let found = files.lines().find(|path| path.ends_with(&name));
        found.unwrap_or_else(|| panic!("no file of `{id}`")).to_owned()
    }

    /// A command of the program, not yet run: `.env(…)`, `.stdin(…)`, `.run()`.
    pub fn command(&self, words: impl Words) -> run::Invocation<'_> {
        run::Invocation::new(self, words.words())
    }

    /// Runs the program.
    pub fn crm(&self, words: impl Words) -> Run {
        self.command(words).run()
    }

    /// Runs the program, which must succeed, and gives its stdout without the last line end.
    #[track_caller]
    pub fn ok(&self, words: impl Words) -> String {
        self.crm(words).exits(0).stdout.trim_end().to_owned()
    }

    /// Runs the program, which must fail so.
    #[track_caller]
    pub fn fails(&self, exit: i32, words: impl Words) -> Run {
        self.crm(words).exits(exit)
    }

    /// Runs git, which must succeed, and gives its stdout without the last line end.
    #[track_caller]
    pub fn git(&self, words: impl Words) -> String {
        let run = self.try_git(words);
        assert_eq!(run.exit, 0, "{run}");
        run.stdout.trim_end().to_owned()
    }

    /// Runs git.
    pub fn try_git(&self, words: impl Words) -> Run {
        let mut words = words.words();
        words.insert(0, "git".to_owned());
        let mut command = self.bare("git");
        command.args(&words[1..]).stdin(Stdio::null());
        finish(command, &words, None)
    }

    /// The number of commits on the branch.
    #[track_caller]
    pub fn commits(&self) -> usize {
        self.git("rev-list --count HEAD").parse().expect("a number of commits")
    }

    /// A program of the system with the sandbox's environment, in the working directory.
    pub fn bare(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let stamp = format!("@{} +0800", self.clock.get());
        command
            .current_dir(&self.dir)
            .env_clear()
            .env("PATH", path_variable())
            .env("HOME", self.outside("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.outside("home/.gitconfig"))
            .env("GIT_AUTHOR_NAME", "Ann Li")
            .env("GIT_AUTHOR_EMAIL", "ann@acme.example")
            .env("GIT_AUTHOR_DATE", &stamp)
            .env("GIT_COMMITTER_NAME", "Ann Li")
            .env("GIT_COMMITTER_EMAIL", "ann@acme.example")
            .env("GIT_COMMITTER_DATE", &stamp);
        command
    }

    /// Now, as the next command sees it; a minute passes with every look.
    fn tick(&self) -> String {
        self.clock.set(self.clock.get() + 60);
        let shanghai = chrono::FixedOffset::east_opt(8 * 3600).expect("an offset");
        let now = chrono::DateTime::from_timestamp(self.clock.get(), 0).expect("a time");
        now.with_timezone(&shanghai).to_rfc3339()
    }

    /// Lets days pass.
    pub fn wait_days(&self, days: i64) {
        self.clock.set(self.clock.get() + days * 86_400);
    }

    /// Every byte of the directory and of `.git` in it.
    pub fn snapshot(&self) -> Snapshot {
        snapshot(&self.dir)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // A test that made a directory read-only must not leave it behind.
        let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(self.root.path()).status();
    }
}

/// Where sandboxes are: in memory where there is room, since no test here is about the disk.
pub fn above() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let room = |found: rustix::fs::StatVfs| found.f_bavail * found.f_frsize;
    let fits = rustix::fs::statvfs(memory).is_ok_and(|found| room(found) > 2 << 30);
    if fits { memory.to_owned() } else { std::env::temp_dir() }
}

fn path_variable() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into())
}
