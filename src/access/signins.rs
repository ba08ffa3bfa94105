//! The log of sign-ins on this machine: who came in, or tried to, when, how and from where. Lines are
//! only ever added; no secret is among them, nor the name of a user that does not exist, which may be
//! a password typed into the wrong place.

use serde::{Deserialize, Serialize};

use super::Result;
use super::vault::{self, Vault};

/// One line of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignIn {
    /// RFC 3339, with the offset of the company.
    pub at: String,
    /// Empty where there is no such user.
    pub user: String,
    /// login, logout, password, code, totp, token, session, again.
    pub what: String,
    /// ok, wrong, throttled, stopped, suspended, expired, refused.
    pub outcome: String,
    /// The terminal, where there is one.
    pub tty: String,
    /// The account of the machine, and the address it came from.
    pub origin: String,
}

/// Adds a line.
pub fn note(vault: &Vault, line: &SignIn) -> Result<()> {
    let text = serde_json::to_string(line).unwrap_or_default();
    vault::append(&vault.dir().join("signins.jsonl"), &text)
}

/// Every line, oldest first. One that a crash cut off is left out.
pub fn all(vault: &Vault) -> Result<Vec<SignIn>> {
    let bytes = vault::read(&vault.dir().join("signins.jsonl"))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::vault::tests::vault;
    use super::*;

    #[test]
    fn lines_are_added_and_a_broken_one_spoils_no_other() {
        let (_dir, vault) = vault();
        let line = |user: &str| SignIn { user: user.to_owned(), ..SignIn::default() };
        note(&vault, &line("li.na")).expect("written");
        vault::append(&vault.dir().join("signins.jsonl"), "{\"user\":").expect("written");
        note(&vault, &line("a\nb")).expect("written");
        assert_eq!(all(&vault).expect("readable"), [line("li.na"), line("a\nb")]);
    }
}
