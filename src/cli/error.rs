//! The one place where failures become words and exit codes.
//!
//! Every layer has errors of its own; here each becomes a [`Failure`]: a name and exit code of the
//! contract, a message with its arguments, a way out, and what programs want to know.

use std::io;

use serde_json::{Map, Value as Json, json};

use crate::locale::Locale;
use crate::mirror::MirrorError;
use crate::model::{Class, Problem};

/// The exit codes of the contract; numbers and names are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Ok = 0,
    Error = 1,
    Usage = 2,
    NotFound = 3,
    Ambiguous = 4,
    Invalid = 5,
    Conflict = 6,
    Busy = 7,
    Store = 8,
    CheckFailed = 9,
    Partial = 10,
    Denied = 11,
    Remote = 12,
    Unknown = 13,
    Pipe = 141,
}

impl Exit {
    /// The name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::Ambiguous => "ambiguous",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::Store => "store",
            Self::CheckFailed => "check_failed",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Remote => "remote",
            Self::Unknown => "unknown",
            Self::Pipe => "pipe",
        }
    }

    /// All of them that a table of exit codes lists.
    pub const LISTED: &'static [Self] = &[
        Self::Ok,
        Self::Error,
        Self::Usage,
        Self::NotFound,
        Self::Ambiguous,
        Self::Invalid,
        Self::Conflict,
        Self::Busy,
        Self::Store,
        Self::CheckFailed,
        Self::Partial,
        Self::Denied,
        Self::Remote,
        Self::Unknown,
    ];
}

/// Why a command did not do what was asked.
#[derive(Clone, Debug)]
pub struct Failure {
    pub exit: Exit,
    /// The first is the reason; the others stand beside it.
    pub problems: Vec<Problem>,
    /// Nothing more to say: the output said it.
    pub silent: bool,
}

impl Failure {
    /// A failure of one problem, its exit code from the class.
    pub fn new(exit: Exit, problem: Problem) -> Self {
        Self { exit, problems: vec![problem], silent: false }
    }

    /// An exit code alone, after the output has said everything.
    pub fn silent(exit: Exit) -> Self {
        Self { exit, problems: Vec::new(), silent: true }
    }

    /// Several problems found at once.
    pub fn many(problems: Vec<Problem>) -> Self {
        let exit = problems.first().map_or(Exit::Error, |p| exit_of(p.class));
        Self { exit, problems, silent: false }
    }

    /// The lines for people on stderr.
    pub fn words(&self, locale: &Locale) -> Vec<String> {
        let mut lines = Vec::new();
        let error = locale.text("word-error", &[]);
        for problem in &self.problems {
            lines.push(format!("{error}: {}", located(locale, problem)));
        }
        for problem in &self.problems {
            if let Some(hint) = hint(locale, problem) {
                let line = format!("{}: {hint}", locale.text("word-hint", &[]));
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        lines
    }

    /// The one line for programs on stderr.
    pub fn json(&self, locale: &Locale) -> String {
        let mut object = Map::new();
        object.insert("code".into(), json!(self.exit.name()));
        object.insert("exit".into(), json!(self.exit as i32));
        if let Some(problem) = self.problems.first() {
            object.insert("message".into(), json!(locale.problem(problem)));
            object.insert("hint".into(), hint(locale, problem).map_or(Json::Null, Json::String));
            object.insert("rule".into(), json!(problem.id));
            let texts = |values: &[String]| Json::Array(values.iter().map(|v| json!(v)).collect());
            for (name, value) in [
                ("candidates", (!problem.candidates.is_empty()).then(|| texts(&problem.candidates))),
                ("legal", (!problem.legal.is_empty()).then(|| texts(&problem.legal))),
                ("path", problem.path.as_ref().map(|p| json!(p))),
                ("line", problem.line.map(|l| json!(l))),
                ("field", problem.field.as_ref().map(|f| json!(f))),
            ] {
                if let Some(value) = value {
                    object.insert(name.into(), value);
                }
            }
        }
        if self.problems.len() > 1 {
            let others =
                self.problems[1..].iter().map(|p| json!({"rule": p.id, "message": locale.problem(p)}));
            object.insert("others".into(), Json::Array(others.collect()));
        }
        Json::Object(object).to_string()
    }
}

/// A problem with the place it was found at.
pub fn located(locale: &Locale, problem: &Problem) -> String {
    let words = locale.problem(problem);
    match (&problem.path, problem.line) {
        (Some(path), Some(line)) => format!("{path}:{line}: {words}"),
        (Some(path), None) if !words.contains(path.as_str()) => format!("{path}: {words}"),
        _ => words,
    }
}

/// The way out of a problem: its hint, what would have been legal, or what comes near.
fn hint(locale: &Locale, problem: &Problem) -> Option<String> {
    if let Some(id) = problem.hint {
        let args: Vec<(&str, &str)> = problem.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let mut text = locale.text(id, &args);
        // The columns without a meaning stand in the sentence already.
        if !problem.candidates.is_empty() && problem.id != "unmatched-columns" {
            text = format!("{text}; {}", near(locale, problem));
        }
        return Some(text);
    }
    if !problem.candidates.is_empty() {
        return Some(near(locale, problem));
    }
    let legal = problem.legal.join(", ");
    let said = locale.problem(problem).contains(&legal);
    (!problem.legal.is_empty() && !said).then(|| locale.text("hint-legal", &[("legal", &legal)]))
}

fn near(locale: &Locale, problem: &Problem) -> String {
    let id = if problem.class == Class::Ambiguous { "hint-candidates" } else { "hint-nearest" };
    locale.text(id, &[("candidates", &problem.candidates.join(", "))])
}

/// The exit code of a class of problems.
pub fn exit_of(class: Class) -> Exit {
    match class {
        Class::Usage => Exit::Usage,
        Class::NotFound => Exit::NotFound,
        Class::Ambiguous => Exit::Ambiguous,
        Class::Invalid => Exit::Invalid,
        Class::Conflict => Exit::Conflict,
        Class::Denied => Exit::Denied,
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let exit = match problem.id {
            "newer-format" | "older-format" => Exit::Store,
            _ => exit_of(problem.class),
        };
        Self::new(exit, problem)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::silent(Exit::Pipe);
        }
        let problem = Problem::new(Class::Usage, "io-error").arg("reason", &error);
        Self::new(Exit::Error, problem)
    }
}

impl From<MirrorError> for Failure {
    fn from(error: MirrorError) -> Self {
        match error {
            MirrorError::BadSql(reason) => Problem::usage("bad-sql").arg("reason", reason).into(),
            MirrorError::SeveralStatements => Problem::usage("sql-several").into(),
            MirrorError::NotReadOnly => Problem::usage("sql-not-read-only").into(),
            other => Self::new(Exit::Error, Problem::usage("mirror-error").arg("reason", other)),
        }
    }
}

/// A failure to write or read a named file.
pub fn file_error(path: &std::path::Path, error: &io::Error) -> Failure {
    let problem = Problem::new(Class::Usage, "file-error").arg("path", path.display()).arg("reason", error);
    Failure::new(Exit::Error, problem)
}
