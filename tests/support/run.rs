//! One run of the program: its words, what it may read, and what came of it.

use std::ffi::OsString;
use std::fmt;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{CRM, Sandbox};

/// What a program printed, and its exit code; a signal counts 128 and its number.
#[derive(Clone, Debug)]
pub struct Run {
    pub line: String,
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The exit code must be this one.
    #[track_caller]
    pub fn exits(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{self}");
        self
    }

    /// Stderr must say all of these.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "stderr lacks {text:?}\n{self}");
        }
        self
    }

    /// Stdout must have all of these.
    #[track_caller]
    pub fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "stdout lacks {text:?}\n{self}");
        }
        self
    }

    /// Stdout must be empty.
    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "", "{self}");
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not json: {error}\n{self}"))
    }

    /// The last line of stderr as JSON: an error told to programs.
    #[track_caller]
    pub fn error(&self) -> serde_json::Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("no json ends stderr: {error}\n{self}"))
    }

    /// The first column of stdout as CSV, without the header.
    pub fn column(&self) -> Vec<&str> {
        self.stdout.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "$ {}\n{}{}? {}", self.line, self.stdout, self.stderr, self.exit)
    }
}

/// A command of the program, not yet run.
pub struct Invocation<'a> {
    sandbox: &'a Sandbox,
    words: Vec<String>,
    variables: Vec<(String, OsString)>,
    input: Option<Vec<u8>>,
}

impl<'a> Invocation<'a> {
    pub(super) fn new(sandbox: &'a Sandbox, mut words: Vec<String>) -> Self {
        words.insert(0, "crm".to_owned());
        let variables = vec![("CRM_USER".to_owned(), "ann".into())];
        Self { sandbox, words, variables, input: None }
    }

    /// With a variable; an empty one takes it away.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.retain(|(known, _)| known != name);
        let value = value.into();
        if !value.is_empty() {
            self.variables.push((name.to_owned(), value));
        }
        self
    }

    /// With this to read from stdin.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// The process, for tests that hold its pipes themselves.
    pub fn process(&self) -> Command {
        let mut command = self.sandbox.bare(CRM);
        command.args(&self.words[1..]).env("CRM_NOW", self.sandbox.tick());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Runs it.
    pub fn run(self) -> Run {
        let command = self.process();
        finish(command, &self.words, self.input.as_deref())
    }
}

/// Runs a process to its end, feeding its stdin.
pub fn finish(mut command: Command, words: &[String], input: Option<&[u8]>) -> Run {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{words:?}: {error}"));
    if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), input) {
        // A program that does not read to the end closes the pipe; that is its right.
        let _ = pipe.write_all(bytes);
    }
    let output = child.wait_with_output().expect("the process can be waited for");
    Run {
        line: words.join(" "),
        exit: exit_of(output.status),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn exit_of(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
