//! The environment, read in one place; an empty value counts as unset.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::store::Network;

/// What git keeps of its variables on the way to other repositories.
const KEPT_FOR_GIT: &[&str] = &[
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];

/// The variables the program knows.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    values: BTreeMap<String, OsString>,
}

impl Environment {
    /// The environment of the process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        let known = |name: &str| {
            name.starts_with("CRM_")
                || matches!(
                    name,
                    "NO_COLOR"
                        | "CLICOLOR"
                        | "CLICOLOR_FORCE"
                        | "TERM"
                        | "PAGER"
                        | "EDITOR"
                        | "VISUAL"
                        | "CI"
                        | "PGPASSWORD"
                        | "HOME"
                        | "XDG_CONFIG_HOME"
                        | "XDG_STATE_HOME"
                        | "XDG_RUNTIME_DIR"
                        | "SSH_CONNECTION"
                        | "SSH_ORIGINAL_COMMAND"
                        | "SUDO_UID"
                )
        };
        let values = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, value)| known(name) && !value.is_empty())
            .collect();
        Self { values }
    }

    /// A variable as text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.to_str()
    }

    /// A variable as a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.values.get(name).map(PathBuf::from)
    }

    /// Whether a variable is set.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A variable of the process that a setting names.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn named(name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// How `git` reaches other repositories: without what the environment says about this one, with
    /// what it says about ssh and passwords.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn network(attended: bool) -> Network {
        let is_ours = |name: &str| KEPT_FOR_GIT.contains(&name) || name.starts_with("GIT_SSL_");
        let cleared = std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .filter(|name| name.starts_with("GIT_") && !is_ours(name))
            .collect();
        let ssh = Self::named("GIT_SSH_COMMAND");
        let ssh_is_fixed = ssh.is_none() && Self::named("GIT_SSH").is_some();
        Network { attended, cleared, ssh, ssh_is_fixed }
    }

    /// Every variable of the process whose name and value are text.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn everything() -> BTreeMap<String, String> {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// Whether the process has exactly these variables.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn is_exactly(wanted: &BTreeMap<String, String>) -> bool {
        std::env::vars_os().count() == wanted.len() && Self::everything() == *wanted
    }

    /// Without what names a user, a store or a file.
    pub fn without_names(&mut self) {
        for name in ["CRM_USER", "CRM_DIR", "CRM_TOKEN_FILE"] {
            self.values.remove(name);
        }
    }

    /// The folder in which the program was started.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for the working directory")]
    pub fn directory() -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
    }
}
