//! The ways out: a folder, a program, a mail server, a gateway for texts.
//!
//! Every way tells how sure it is: sent, refused for good, refused for now, not reached at all, or
//! handed over with nobody knowing. Deliberately absent: which messages are due, and retrying.

mod folder;
mod gateway;
mod program;
mod secret;
mod smtp;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::mail::Mail;
use crate::model::Problem;
use crate::model::schema::Settings;

pub use secret::Secrets;

/// What came of handing a message over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted; with what the other side called it.
    Sent(Option<String>),
    /// Not accepted, and it never will be.
    Refused(String),
    /// Not accepted now.
    Later(String),
    /// Nobody was there to hand it to, or they did not know us: the others will fare no better.
    Unreached(String),
    /// It was handed over and nothing came back.
    Unknown(String),
}

/// A message ready for its way out.
#[derive(Clone, Debug)]
pub struct Parcel<'a> {
    pub id: &'a str,
    /// Addresses or numbers.
    pub to: &'a [String],
    /// The text, for everything but e-mail.
    pub text: &'a str,
    /// The mail, for e-mail.
    pub mail: Option<&'a Mail>,
}

/// Called just before a message is handed over: from then on it may have arrived.
pub type Notch<'a> = &'a mut dyn FnMut() -> std::io::Result<()>;

/// A way out.
pub trait Way {
    fn send(&mut self, parcel: &Parcel<'_>, notch: Notch<'_>) -> Outcome;
}

/// How long a server, program or gateway may take for one step where nothing is set.
const PATIENCE: Duration = Duration::from_secs(30);

/// The settings under `[send.<channel>]`, and where they are.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    pub settings: &'a Settings,
    pub channel: &'a str,
    /// The directory that relative paths count from.
    pub root: &'a Path,
    /// Where mail goes when nothing is set.
    pub folder: &'a Path,
}

impl<'a> Means<'a> {
    /// One setting of the channel.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.settings.get(&format!("send.{}.{name}", self.channel))
    }

    /// All values of a setting of the channel.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        let key = format!("send.{}.{name}", self.channel);
        if self.settings.get(&key).is_some() { self.settings.list(&key) } else { Vec::new() }
    }

    /// A number that a channel may set.
    ///
    /// # Errors
    /// `bad-setting`.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| self.bad(name, text))).transpose()
    }

    /// The problem of a setting that means nothing.
    pub fn bad(&self, name: &str, value: &str) -> Problem {
        let key = format!("send.{}.{name}", self.channel);
        Problem::invalid("bad-setting").arg("field", key).arg("value", value).at("crm.toml", None)
    }

    fn patience(&self) -> Result<Duration, Problem> {
        let Some(text) = self.get("timeout") else { return Ok(PATIENCE) };
        let seconds = text.trim_end_matches('s').parse().ok().filter(|seconds| (1..=3600).contains(seconds));
        Ok(Duration::from_secs(seconds.ok_or_else(|| self.bad("timeout", text))?))
    }

    fn path(&self, text: &str) -> PathBuf {
        self.root.join(text)
    }
}

/// What is named in settings and would run or be given something: (key, value), to be trusted first.
pub fn delicate(settings: &Settings) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for channel in ["email", "sms", "wechat"] {
        let key = |name: &str| format!("send.{channel}.{name}");
        let has_secret = ["secret_env", "secret_file", "secret_command"]
            .iter()
            .any(|name| settings.get(&key(name)).is_some());
        for name in ["command", "secret_command", "secret_env", "secret_file", "folder", "ca_file"] {
            found.push(key(name));
        }
        if has_secret {
            found.extend(["smtp", "url", "preset", "headers", "body"].map(key));
        }
    }
    // A person's own configuration is trusted; what `crm.toml` says beside it is not.
    let value = |key: String| {
        let written =
            settings.of_store(&key).filter(|values| values.iter().any(|value| !value.is_empty()))?;
        let value = serde_json::json!(written).to_string();
        Some((key, value))
    };
    found.into_iter().filter_map(value).collect()
}

/// The way out of a channel as the settings have it; `None` where there is none.
///
/// # Errors
/// `bad-setting`, `insecure-server`, and those of the secret.
pub fn way(means: Means<'_>, secrets: &Secrets<'_>) -> Result<Option<Box<dyn Way>>, Problem> {
    let command = means.list("command");
    if !command.is_empty() {
        return Ok(Some(Box::new(program::Program::new(&command, means.patience()?))));
    }
    if let Some(url) = means.get("smtp").filter(|_| means.channel == "email") {
        return Ok(Some(Box::new(smtp::Server::new(means, url, secrets)?)));
    }
    if means.channel == "sms" && (means.get("url").is_some() || means.get("preset").is_some()) {
        return Ok(Some(Box::new(gateway::Gateway::new(means, secrets)?)));
    }
    if let Some(folder) = means.get("folder") {
        return Ok(Some(Box::new(folder::Folder::new(means.path(folder)))));
    }
    if means.channel == "email" {
        return Ok(Some(Box::new(folder::Folder::new(means.folder.to_owned()))));
    }
    Ok(None)
}
