//! What clap found wrong with a command line, in our words and with our exit code.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::error::{Exit, Failure};
use crate::model::Problem;

/// What to do about an error of clap.
#[derive(Debug)]
pub enum Told {
    /// Help or version: text for stdout, exit 0.
    Text(String),
    Failure(Failure),
}

/// Turns clap's error into a text to print or a failure.
pub fn told(error: &clap::Error) -> Told {
    let one = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let many = |kind| match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    };
    let argument = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue).unwrap_or_default();
    let problem = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return Told::Text(error.render().to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            Problem::usage("missing-command").legal(many(ContextKind::ValidSubcommand))
        }
        // Clap lists the likeliest last.
        ErrorKind::InvalidSubcommand => Problem::usage("unknown-command")
            .arg("value", one(ContextKind::InvalidSubcommand).unwrap_or_default())
            .candidates(many(ContextKind::SuggestedSubcommand).into_iter().rev()),
        ErrorKind::UnknownArgument => {
            let id = if argument.starts_with('-') { "unknown-flag" } else { "unexpected-argument" };
            Problem::usage(id).arg("value", &argument).candidates(many(ContextKind::SuggestedArg))
        }
        ErrorKind::MissingRequiredArgument => Problem::usage("missing-flag").arg("flag", argument),
        ErrorKind::ArgumentConflict => Problem::usage("flag-twice").arg("flag", argument),
        ErrorKind::InvalidUtf8 => Problem::usage("argument-not-utf8"),
        _ if value.is_empty() => Problem::usage("flag-needs-value").arg("flag", argument),
        _ => Problem::usage("bad-flag-value")
            .arg("flag", argument)
            .arg("value", value)
            .legal(many(ContextKind::ValidValue)),
    };
    Told::Failure(Failure::new(Exit::Usage, problem.hint_unless_candidates("usage-hint")))
}

trait HintUnless {
    fn hint_unless_candidates(self, hint: &'static str) -> Self;
}

impl HintUnless for Problem {
    /// Points to `--help` where nothing nearer is known.
    fn hint_unless_candidates(self, hint: &'static str) -> Self {
        if self.candidates.is_empty() && self.legal.is_empty() { self.hint(hint) } else { self }
    }
}
