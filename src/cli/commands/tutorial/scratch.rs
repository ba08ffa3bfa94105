//! Where a lesson runs: a folder of its own with a home of its own, and a shell that knows as much as
//! the lessons need. The program that runs is this one.
//!
//! Nothing of the reader's environment comes in but where programs and temporary files are: no
//! user, no store, no configuration of git, no signing key.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use super::super::super::environment::Environment;
use super::super::super::error::{Failure, file_error};
use super::super::batch::split;
use crate::locale::Language;
use crate::model::Problem;

/// The folder of all lessons of a run, gone at the end unless it is to be kept.
#[derive(Debug)]
pub struct Scratch {
    root: PathBuf,
    /// The folders that were made, to be removed.
    lessons: Vec<PathBuf>,
    is_made: bool,
    keep: bool,
}

impl Scratch {
    /// A new temporary folder, or the one that is named, where the lessons are not yet.
    pub fn new(
        named: Option<PathBuf>,
        keep: bool,
        lessons: impl Iterator<Item = &'static str>,
    ) -> Result<Self, Failure> {
        let Some(root) = named else {
            let root = temporary()?;
            return Ok(Self {
                lessons: lessons.map(|name| root.join(name)).collect(),
                root,
                is_made: true,
                keep,
            });
        };
        let lessons: Vec<PathBuf> = lessons.map(|name| root.join(name)).collect();
        if let Some(there) = lessons.iter().find(|path| path.symlink_metadata().is_ok()) {
            return Err(Problem::usage("tutorial-there").arg("dir", there.display()).into());
        }
        let is_made = !root.exists();
        fs::create_dir_all(&root).map_err(|error| file_error(&root, &error))?;
        Ok(Self { root, lessons, is_made, keep })
    }

    /// The new folder of a lesson.
    pub fn lesson(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.root.join(name);
        DirBuilder::new().mode(0o700).create(&folder).map_err(|error| file_error(&folder, &error))?;
        // What git and this program tell to go no further up.
        Ok(folder.canonicalize()?)
    }

    /// Where everything is that was kept.
    pub fn kept(&self) -> Option<&Path> {
        self.keep.then_some(self.root.as_path())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        for lesson in &self.lessons {
            let _ = fs::remove_dir_all(lesson);
        }
        if self.is_made {
            // Only where nothing else is in it.
            let _ = fs::remove_dir(&self.root);
        }
    }
}

/// A new folder that nobody else can enter.
fn temporary() -> Result<PathBuf, Failure> {
    let above = std::env::temp_dir();
    let mut number = 0_u32;
    loop {
        let path = above.join(format!("crm-tutorial-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 1000 => number += 1,
            Err(error) => return Err(file_error(&path, &error)),
        }
    }
}

/// What the lines of a lesson run in, one after another.
#[derive(Debug)]
pub struct Shell {
    /// Where the next line runs.
    dir: PathBuf,
    environment: BTreeMap<String, String>,
    /// How many lines have run: each does so a minute later, so that dates are always the same.
    minutes: usize,
}

impl Shell {
    /// A shell in a new folder, which gets a home too.
    pub fn new(dir: PathBuf, language: Language) -> Result<Self, Failure> {
        let home = dir.join(".home");
        fs::create_dir(&home).map_err(|error| file_error(&home, &error))?;
        let mut environment = BTreeMap::from([
            ("HOME".to_owned(), home.display().to_string()),
            // Folders above the lesson are not looked at.
            ("GIT_CEILING_DIRECTORIES".to_owned(), dir.display().to_string()),
            ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
            ("CRM_LANG".to_owned(), language.tag().to_owned()),
            ("CRM_NO_INPUT".to_owned(), "1".to_owned()),
        ]);
        for name in ["PATH", "TMPDIR"] {
            environment.extend(Environment::named(name).map(|value| (name.to_owned(), value)));
        }
        Ok(Self { dir, environment, minutes: 0 })
    }

    /// Runs a line. Gives its exit and what it prints, stdout and stderr as they come.
    pub fn run(&mut self, line: &str) -> Result<(i32, String), Failure> {
        let bad = || Problem::usage("unbalanced-quotes").arg("value", line);
        let words = split(line).ok_or_else(bad)?;
        let is_set = |word: &String| word.split_once('=').is_some_and(|(name, _)| is_variable(name));
        let first = words.iter().position(|word| !is_set(word)).ok_or_else(bad)?;
        let (set, words) = words.split_at(first);
        match words {
            [cd, dir] if cd == "cd" => {
                self.dir = self.dir.join(dir);
                Ok((0, String::new()))
            }
            [export, value] if export == "export" => {
                self.environment.extend(pairs(std::slice::from_ref(value)));
                Ok((0, String::new()))
            }
            [program, words @ ..] => {
                self.minutes += 1;
                self.program(program, words, set).map_err(|error| file_error(Path::new(program), &error))
            }
            [] => Err(bad().into()),
        }
    }

    fn program(&self, program: &str, words: &[String], set: &[String]) -> io::Result<(i32, String)> {
        let mut process = Process::new(if program == "crm" { "/proc/self/exe" } else { program });
        let (hours, minutes) = (9 + self.minutes / 60, self.minutes % 60);
        let (mut reader, writer) = io::pipe()?;
        process
            .arg0(program)
            .args(words)
            .current_dir(&self.dir)
            .env_clear()
            .envs(&self.environment)
            .env("CRM_NOW", format!("2026-03-04T{hours:02}:{minutes:02}:00+08:00"))
            .envs(pairs(set))
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let mut child = process.spawn()?;
        // The ends of the pipe that this process holds.
        drop(process);
        let mut output = Vec::new();
        reader.read_to_end(&mut output)?;
        let exit = child.wait()?.code().unwrap_or(-1);
        Ok((exit, String::from_utf8_lossy(&output).into_owned()))
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn pairs(words: &[String]) -> impl Iterator<Item = (String, String)> + '_ {
    let pair = |word: &String| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    words.iter().filter_map(pair)
}
