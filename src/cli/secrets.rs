//! Where secrets come from: the terminal with nothing shown, or lines of stdin or of a private file.
//! Never the command line, which every user of the machine can read.

use std::collections::VecDeque;
use std::io::{BufRead as _, Read as _};
use std::path::PathBuf;

use super::context::Context;
use super::error::{Exit, Failure, file_error};
use crate::access::{self, AccessError, Zeroizing, vault};
use crate::model::Problem;

/// Longest line, in bytes: more than a password may have.
const LONGEST: u64 = 4096;

/// Where secrets are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    #[default]
    Terminal,
    /// `--password-stdin`.
    Stdin,
    /// `--password-file`.
    File(PathBuf),
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Refused(problem) => problem.into(),
            AccessError::Disk { path, error } => file_error(&path, &error),
        }
    }
}

impl Context {
    /// The next secret; nothing where the lines are at their end.
    ///
    /// # Errors
    /// `secret-needed`, exit 2, where nobody can be asked.
    pub fn secret(&self, id: &str, args: &[(&str, &str)]) -> Result<Option<Zeroizing<String>>, Failure> {
        without_core_dumps();
        match &self.globals.secrets {
            Source::Stdin => line_of_stdin(),
            Source::File(path) => {
                let mut lines = self.access.lines.borrow_mut();
                if lines.is_none() {
                    let bytes = vault::read(path)?
                        .ok_or_else(|| file_error(path, &rustix::io::Errno::NOENT.into()))?;
                    let text = Zeroizing::new(String::from_utf8(bytes).map_err(not_utf8)?);
                    *lines = Some(text.lines().map(|line| Zeroizing::new(line.to_owned())).collect());
                }
                Ok(lines.as_mut().and_then(VecDeque::pop_front))
            }
            Source::Terminal if self.can_ask() => {
                let typed = access::ask(&format!("{}: ", self.text(id, args)))?;
                Ok(Some(typed).filter(|typed| !typed.is_empty()))
            }
            Source::Terminal => {
                let problem = Problem::usage("secret-needed").arg("what", self.text(id, args));
                Err(Failure::new(Exit::Usage, problem.hint("secret-needed-hint")))
            }
        }
    }

    /// A secret that there must be.
    pub fn needed_secret(&self, id: &str) -> Result<Zeroizing<String>, Failure> {
        self.secret(id, &[])?.ok_or_else(|| {
            let problem = Problem::usage("secret-needed").arg("what", self.text(id, &[]));
            Failure::new(Exit::Usage, problem.hint("secret-needed-hint"))
        })
    }

    /// Whether secrets come from lines that were given, not from somebody who is asked.
    pub fn has_lines(&self) -> bool {
        self.globals.secrets != Source::Terminal
    }
}

/// A crash must not write what is about to be typed into a file.
fn without_core_dumps() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // A system that does not allow it keeps its own rule.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

fn not_utf8(error: std::string::FromUtf8Error) -> Problem {
    Problem::invalid("bad-utf8").arg("offset", error.utf8_error().valid_up_to())
}

/// One line; what follows stays for whoever reads stdin next.
fn line_of_stdin() -> Result<Option<Zeroizing<String>>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LONGEST).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(Some(Zeroizing::new(String::from_utf8(bytes).map_err(not_utf8)?)))
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::super::args::{Words, program};
    use crate::locale::{Language, Locale};
    use crate::model::schema::{Schema, Settings};

    fn telling(command: &Command, name: &str, found: &mut Vec<String>) {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            let id = arg.get_id().as_str();
            let values: Vec<&str> =
                arg.get_value_names().unwrap_or_default().iter().map(clap::builder::Str::as_str).collect();
            let is_secret = ["password", "secret", "totp", "login-code"].iter().any(|word| id.contains(word));
            if is_secret && values != ["FILE"] {
                found.push(format!("{name} {id}"));
            }
        }
        for inner in command.get_subcommands() {
            telling(inner, &format!("{name} {}", inner.get_name()), found);
        }
    }

    #[test]
    fn no_argument_of_any_command_takes_a_secret() {
        let schema = Schema::new(Settings::default()).expect("sound settings");
        let locale = Locale::new(Language::English);
        let words = Words { schema: &schema, locale: &locale, store: None, only: None };
        let whole = program(words, &|_| true);
        let mut found = Vec::new();
        telling(&whole, "crm", &mut found);
        assert!(found.is_empty(), "every user of a machine can read command lines: {found:?}");
        assert!(whole.get_arguments().any(|arg| arg.get_id() == "password-file"), "arguments are found");
        let code = whole
            .find_subcommand("login")
            .and_then(|login| login.get_arguments().find(|a| a.get_id() == "code"));
        assert!(code.is_some_and(|code| !code.get_action().takes_values()), "a code is read, not given");
    }
}
