//! The password or key of a server: from the environment, a file or a program, never from the store.

use std::fs;
use std::process::{Command, Stdio};

use super::Means;
use crate::model::Problem;

/// Where secrets come from beside files and programs.
pub struct Secrets<'a> {
    /// A variable of the environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl std::fmt::Debug for Secrets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// The secret of a channel, where its settings name one.
///
/// # Errors
/// `no-secret` where it is named and cannot be had.
pub(super) fn secret(means: Means<'_>, secrets: &Secrets<'_>) -> Result<Option<String>, Problem> {
    let missing = |key: &str, reason: String| {
        Problem::invalid("no-secret")
            .arg("key", format!("send.{}.{key}", means.channel))
            .arg("reason", reason)
    };
    if let Some(name) = means.get("secret_env") {
        let found = (secrets.variable)(name).filter(|value| !value.is_empty());
        return found.map(Some).ok_or_else(|| missing("secret_env", name.to_owned()));
    }
    if let Some(path) = means.get("secret_file") {
        let text = fs::read_to_string(means.path(path));
        let text = text.map_err(|error| missing("secret_file", format!("{path}: {error}")))?;
        return first_line("secret_file", &text, &missing);
    }
    let command = means.list("secret_command");
    if let Some((program, arguments)) = command.split_first() {
        let output =
            Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| missing("secret_command", format!("{program}: {error}")))?;
        if !output.status.success() {
            return Err(missing("secret_command", format!("{program}: {}", output.status)));
        }
        return first_line("secret_command", &String::from_utf8_lossy(&output.stdout), &missing);
    }
    Ok(None)
}

/// As `pass` writes it: the first line is the secret.
fn first_line(
    key: &str,
    text: &str,
    missing: &dyn Fn(&str, String) -> Problem,
) -> Result<Option<String>, Problem> {
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(Some(line.to_owned())),
        None => Err(missing(key, "empty".to_owned())),
    }
}
