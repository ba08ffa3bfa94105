//! Keys, a seeded repository made once, and workbenches: a hub with the hook, and a bare repository
//! beside it in which commits are made by hand.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::store::{USERS, records, user};
use crate::support::{CRM, Run, finish};

/// 2026-03-04 12:00 in Shanghai: when every push is judged.
pub const NOW: &str = "2026-03-04T12:00:00+08:00";
pub const SECONDS: i64 = 1_772_596_800;

const KEYS: &[(&str, &str, &str)] = &[
    ("ada", "ed25519", ""),
    ("max", "ed25519", ""),
    ("sam", "ed25519", ""),
    ("sue", "ed25519", ""),
    ("tom", "ecdsa", "256"),
    ("cleo", "ed25519", ""),
    ("bot", "ed25519", ""),
    ("gate", "ed25519", ""),
    ("rex", "ed25519", ""),
    ("sid", "ed25519", ""),
    ("shared", "ed25519", ""),
    ("next", "ed25519", ""),
    ("stranger", "ed25519", ""),
    ("rsa", "rsa", "2048"),
    ("p384", "ecdsa", "384"),
];

/// What is made once for all tests: keys, and a repository with the store in it.
pub struct World {
    dir: PathBuf,
    /// The commit that turned the gate on.
    pub root: String,
    /// The commit before: without a gate.
    pub open: String,
    public: BTreeMap<&'static str, String>,
}

/// The world of this run.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}

impl World {
    fn new() -> Self {
        let dir = directory();
        fs::create_dir_all(dir.join("keys")).expect("a directory of keys");
        fs::create_dir_all(dir.join("home")).expect("a home");
        let mut public = BTreeMap::new();
        for (name, kind, bits) in KEYS {
            let file = dir.join("keys").join(name);
            let mut command = command(&dir, "ssh-keygen");
            command.args(["-q", "-t", kind, "-N", "", "-C", name, "-f"]).arg(&file);
            if !bits.is_empty() {
                command.args(["-b", bits]);
            }
            run(command, None).exits(0);
            let text = fs::read_to_string(file.with_extension("pub")).expect("a public key");
            let words: Vec<&str> = text.split_whitespace().take(2).collect();
            public.insert(*name, words.join(" "));
        }
        let mut world = Self { dir, root: String::new(), open: String::new(), public };
        world.seed();
        world
    }

    fn seed(&mut self) {
        let seed = self.dir.join("seed");
        fs::create_dir_all(&seed).expect("a directory");
        let desk = Desk { dir: seed.clone(), user: "ada", world_dir: self.dir.clone() };
        desk.crm(
            "init . --company Acme --currency CNY --country CN --timezone Asia/Shanghai --language en \
                  --user ada --name 'Ada Min' --email ada@acme.example",
        )
        .exits(0);
        for (path, text) in records() {
            desk.write(&path, &text);
        }
        for (id, .., state) in USERS {
            let keys = match *state {
                "revoked" => vec![(self.public["rex"].as_str(), "revoked")],
                "shared" => vec![(self.public["shared"].as_str(), "active")],
                _ => vec![(self.public[id].as_str(), "active")],
            };
            let keys: Vec<(String, &str)> = match *id {
                // The same key in another spelling, as long as nobody looked.
                "twain" => keys.into_iter().map(|(key, state)| (format!("{key} twain"), state)).collect(),
                _ => keys.into_iter().map(|(key, state)| (key.to_owned(), state)).collect(),
            };
            let keys: Vec<(&str, &str)> = keys.iter().map(|(key, state)| (key.as_str(), *state)).collect();
            desk.write(&format!("users/{id}.toml"), &user(id, &keys));
        }
        desk.git("add -A").exits(0);
        desk.git("commit -q -m 'everything there is'").exits(0);
        self.open = desk.git("rev-parse HEAD").exits(0).stdout.trim().into();
        desk.sign_with("ada");
        let settings = desk.read("crm.toml");
        desk.write(
            "crm.toml",
            &format!("{settings}\n[policy]\ngate = true\ngateway = \"gate\"\npaths = [\n  \"docs/*\",\n]\n"),
        );
        desk.crm("commit -m 'the gate is on'").exits(0);
        self.root = desk.git("rev-parse HEAD").exits(0).stdout.trim().into();
    }

    /// A public key, without a comment.
    pub fn public(&self, name: &str) -> &str {
        &self.public[name]
    }

    /// The file of a private key.
    pub fn key(&self, name: &str) -> PathBuf {
        self.dir.join("keys").join(name)
    }
}

/// A directory for this run; those of runs that are over are removed.
fn directory() -> PathBuf {
    let above = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(id) = name.strip_prefix("gate-")
            && !Path::new("/proc").join(id).exists()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let dir = above.join(format!("gate-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory of the tests");
    dir
}

/// A program with nothing of this machine's settings.
fn command(dir: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
        .env("HOME", world_home(dir))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("CRM_NOW", NOW);
    command
}

fn world_home(dir: &Path) -> PathBuf {
    dir.join("no-home")
}

fn run(command: Command, input: Option<&[u8]>) -> Run {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    finish(command, &words, input)
}

/// A user's line in a commit, without the time.
pub fn person(user: &str) -> String {
    let name = USERS.iter().find(|known| known.0 == user).map_or("Some Body", |known| known.1);
    format!("{name} <{user}@acme.example>")
}

/// Where a person works: a clone with settings of git.
pub struct Desk {
    pub dir: PathBuf,
    user: &'static str,
    world_dir: PathBuf,
}

impl Desk {
    /// A desk in a directory that is there.
    pub fn at(dir: PathBuf, user: &'static str) -> Self {
        let desk = Self { dir, user, world_dir: world().dir.clone() };
        desk.sign_with(user);
        desk
    }

    /// Runs the program as this user.
    pub fn crm(&self, words: &str) -> Run {
        self.crm_at(words, NOW)
    }

    /// Runs the program at a time.
    pub fn crm_at(&self, words: &str, now: &str) -> Run {
        let mut command = command(&self.dir, CRM);
        command.args(split(words)).env("CRM_USER", self.user).env("CRM_NOW", now).env("CRM_LANG", "en");
        run(command, None)
    }

    /// Runs git as this user.
    pub fn git(&self, words: &str) -> Run {
        let mut command = command(&self.dir, "git");
        let name = USERS.iter().find(|known| known.0 == self.user).map_or("", |known| known.1);
        let email = format!("{}@acme.example", self.user);
        command.args(split(words));
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), name).env(format!("GIT_{role}_EMAIL"), &email);
            command.env(format!("GIT_{role}_DATE"), format!("@{SECONDS} +0800"));
        }
        run(command, None)
    }

    /// Signs with a key from now on.
    pub fn sign_with(&self, key: &str) {
        let file = self.world_dir.join("keys").join(key);
        for (name, value) in
            [("gpg.format", "ssh".to_owned()), ("user.signingkey", file.display().to_string())]
        {
            let mut command = command(&self.dir, "git");
            command.args(["config", name, &value]);
            run(command, None).exits(0);
        }
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.dir.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, text).expect("a file is written");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.dir.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Takes what the hub has and gives it what is here.
    #[track_caller]
    pub fn pull(&self) {
        self.git("pull -q --ff-only").exits(0);
    }

    #[track_caller]
    pub fn push(&self) -> Run {
        self.git("push -q origin HEAD")
    }
}

fn split(words: &str) -> Vec<String> {
    use crate::support::Words as _;
    words.words()
}

/// One change of a tree.
pub enum Edit {
    Put(String, Vec<u8>),
    /// A mode, and what stands there.
    Mode(String, &'static str, Vec<u8>),
    /// A mode and an object.
    Link(String, &'static str, String),
    Gone(String),
}

/// A file with a text.
pub fn put(path: impl Into<String>, text: impl Into<Vec<u8>>) -> Edit {
    Edit::Put(path.into(), text.into())
}

/// A file less.
pub fn gone(path: impl Into<String>) -> Edit {
    Edit::Gone(path.into())
}

/// A commit to be written by hand.
#[derive(Clone)]
pub struct Text {
    pub tree: String,
    pub parents: Vec<String>,
    pub author: String,
    pub committer: String,
    pub seconds: i64,
    pub message: String,
}

impl Text {
    /// A commit of a user with this tree, not yet written.
    pub fn on(user: &str, parent: &str, tree: String) -> Self {
        Self {
            tree,
            parents: vec![parent.to_owned()],
            author: person(user),
            committer: person(user),
            seconds: SECONDS,
            message: "by hand".to_owned(),
        }
    }

    /// The commit without a signature.
    pub fn plain(&self) -> String {
        let parents: String = self.parents.iter().map(|id| format!("parent {id}\n")).collect();
        let (at, message) = (self.seconds, &self.message);
        format!(
            "tree {}\n{parents}author {} {at} +0800\ncommitter {} {at} +0800\n\n{message}\n",
            self.tree, self.author, self.committer
        )
    }
}

/// A commit with a signature in its header.
pub fn signed(plain: &str, pem: &str) -> String {
    let (header, message) = plain.split_once("\n\n").expect("a commit");
    format!("{header}\ngpgsig {}\n\n{message}", pem.trim_end().replace('\n', "\n "))
}

/// A hub with the hook, and a repository beside it in which commits are made by hand.
pub struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    /// The hub stands at the commit that turned the gate on.
    pub fn new() -> Self {
        Self::from(&world().root)
    }

    /// The hub stands at a commit of the seed.
    pub fn from(tip: &str) -> Self {
        let bench = Self { root: tempfile::tempdir_in(crate::support::above()).expect("a directory") };
        for name in ["hub", "forge"] {
            let mut command = command(bench.root.path(), "git");
            command.args(["clone", "-q", "--bare", "--no-local"]).arg(world().dir.join("seed")).arg(name);
            run(command, None).exits(0);
            bench.git_in(name, &["update-ref", "refs/heads/main", tip]);
        }
        bench.git_in("hub", &["config", "crm.root", &world().root]);
        bench.git_in("hub", &["config", "receive.denyDeleteCurrent", "ignore"]);
        bench.git_in("hub", &["config", "gc.auto", "0"]);
        let hook = format!("#!/bin/sh\nCRM_LANG=en exec {CRM} hook pre-receive\n");
        let file = bench.hub().join("hooks/pre-receive");
        fs::create_dir_all(bench.hub().join("hooks")).expect("a directory of hooks");
        fs::write(&file, hook).expect("a hook");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a hook that runs");
        bench
    }

    pub fn hub(&self) -> PathBuf {
        self.root.path().join("hub")
    }

    pub fn forge(&self) -> PathBuf {
        self.root.path().join("forge")
    }

    /// A clone of the hub where a user works.
    pub fn desk(&self, user: &'static str) -> Desk {
        let mut command = command(self.root.path(), "git");
        command.args(["clone", "-q", "hub", user]);
        run(command, None).exits(0);
        Desk::at(self.root.path().join(user), user)
    }

    #[track_caller]
    fn git_in(&self, repo: &str, args: &[&str]) -> String {
        let mut command = command(&self.root.path().join(repo), "git");
        command.args(args);
        run(command, None).exits(0).stdout.trim_end().to_owned()
    }

    /// Git in the hub.
    #[track_caller]
    pub fn in_hub(&self, args: &[&str]) -> String {
        self.git_in("hub", args)
    }

    /// Git where commits are made by hand.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        self.git_in("forge", args)
    }

    /// Git where commits are made by hand, with something to read.
    #[track_caller]
    pub fn feed(&self, args: &[&str], input: &[u8]) -> String {
        let mut command = command(&self.forge(), "git");
        command.args(args);
        run(command, Some(input)).exits(0).stdout.trim_end().to_owned()
    }

    /// Where the hub's branch stands.
    pub fn tip(&self) -> String {
        self.in_hub(&["rev-parse", "refs/heads/main"])
    }

    /// A file at a commit.
    #[track_caller]
    pub fn read(&self, at: &str, path: &str) -> String {
        let mut command = command(&self.forge(), "git");
        command.args(["cat-file", "blob", &format!("{at}:{path}")]);
        run(command, None).exits(0).stdout
    }

    pub fn blob(&self, bytes: &[u8]) -> String {
        self.feed(&["hash-object", "-w", "--stdin"], bytes)
    }

    /// A tree to the letter: mode, name, object.
    pub fn raw_tree(&self, entries: &[(&str, &[u8], &str)]) -> String {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend_from_slice(format!("{mode} ").as_bytes());
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).expect("an id")));
        }
        self.feed(&["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], &bytes)
    }

    /// The lines of a tree, to be written again in another way.
    pub fn tree_lines(&self, tree: &str) -> Vec<(String, String, String)> {
        let text = self.git(&["ls-tree", tree]);
        let line = |line: &str| {
            let (left, name) = line.split_once('\t').expect("a line of a tree");
            let words: Vec<&str> = left.split(' ').collect();
            (words[0].trim_start_matches('0').to_owned(), name.to_owned(), words[2].to_owned())
        };
        text.lines().map(line).collect()
    }

    /// A tree like another with one of its lines replaced, added, or taken out, in git's order.
    pub fn tree_with(&self, tree: &str, mode: &str, name: &str, id: &str) -> String {
        let mut lines = self.tree_lines(tree);
        lines.retain(|(_, known, _)| known != name);
        if !id.is_empty() {
            lines.push((mode.to_owned(), name.to_owned(), id.to_owned()));
        }
        let text: String = lines
            .iter()
            .map(|(mode, name, id)| {
                let kind = match mode.as_str() {
                    "40000" => "tree",
                    "160000" => "commit",
                    _ => "blob",
                };
                format!("{mode:0>6} {kind} {id}\t{name}\n")
            })
            .collect();
        self.feed(&["mktree", "--missing"], text.as_bytes())
    }

    /// The tree of a commit with changes.
    pub fn tree(&self, base: &str, edits: &[Edit]) -> String {
        let index = self.root.path().join(format!("index-{}", std::process::id()));
        let _ = fs::remove_file(&index);
        let git = |args: &[&str], input: Option<&[u8]>| {
            let mut command = command(&self.forge(), "git");
            command.args(args).env("GIT_INDEX_FILE", &index);
            run(command, input).exits(0).stdout.trim_end().to_owned()
        };
        git(&["read-tree", base], None);
        let mut lines = String::new();
        for edit in edits {
            let (mode, id, path) = match edit {
                Edit::Put(path, bytes) => ("100644", self.blob(bytes), path),
                Edit::Mode(path, mode, bytes) => (*mode, self.blob(bytes), path),
                Edit::Link(path, mode, id) => (*mode, id.clone(), path),
                Edit::Gone(path) => ("0", "0".repeat(40), path),
            };
            lines.push_str(&format!("{mode} {id}\t{path}\n"));
        }
        git(&["update-index", "--index-info"], Some(lines.as_bytes()));
        git(&["write-tree"], None)
    }

    /// A commit of a user on another, not yet written.
    pub fn text(&self, user: &str, parent: &str, edits: &[Edit]) -> Text {
        let tree = self.tree(parent, edits);
        Text::on(user, parent, tree)
    }

    /// A signature over bytes.
    pub fn pem(&self, key: &str, namespace: &str, bytes: &[u8]) -> String {
        let mut command = command(self.root.path(), "ssh-keygen");
        command.args(["-Y", "sign", "-q", "-n", namespace, "-f"]).arg(world().key(key));
        run(command, Some(bytes)).exits(0).stdout
    }

    /// Writes a commit as it is.
    pub fn write(&self, text: &[u8]) -> String {
        self.feed(&["hash-object", "-t", "commit", "--literally", "-w", "--stdin"], text)
    }

    /// Signs and writes a commit.
    pub fn sign(&self, key: &str, text: &Text) -> String {
        let plain = text.plain();
        let pem = self.pem(key, "git", plain.as_bytes());
        self.write(signed(&plain, &pem).as_bytes())
    }

    /// A commit that a user made and signed.
    pub fn commit(&self, user: &str, parent: &str, edits: &[Edit]) -> String {
        self.sign(user, &self.text(user, parent, edits))
    }

    /// Pushes to the real hook.
    pub fn push(&self, refspec: &str, more: &[&str]) -> Run {
        let mut command = command(&self.forge(), "git");
        command.args(["push", "-q"]).args(more).arg(self.hub()).arg(refspec);
        run(command, None)
    }

    /// Runs the program where commits are made by hand.
    pub fn crm(&self, args: &[&str]) -> Run {
        let mut command = command(&self.forge(), CRM);
        command.args(args).env("CRM_LANG", "en");
        run(command, None)
    }
}

/// The rules that the hook named.
pub fn named(run: &Run) -> Vec<String> {
    let rule = |line: &str| {
        let line = line.trim_end().strip_prefix("remote: crm: ")?.trim_end();
        let (_, rule) = line.strip_suffix(']')?.rsplit_once('[')?;
        Some(rule.to_owned())
    };
    let mut rules: Vec<String> = run.stderr.lines().filter_map(rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

/// The rules in a table of reasons.
pub fn listed(run: &Run) -> Vec<String> {
    let mut rules: Vec<String> =
        run.stdout.lines().skip(1).filter_map(|line| line.split('\t').nth(2)).map(str::to_owned).collect();
    rules.sort();
    rules.dedup();
    rules
}
