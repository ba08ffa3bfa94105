//! Signing what the acting user commits. Where `[policy] gate` is on every commit is signed, by a
//! key that stands active in the user's record: an unsigned one would only be refused later.
//!
//! The key is git's own (`gpg.format = ssh` and `user.signingkey`), or `crm.signingKey` for those
//! who sign other work in another way. A key in a plain file signs here; one with a passphrase, in
//! an agent or on a token through git's `gpg.ssh.program`.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::{Exit, Failure};
use crate::access::policy::active_keys;
use crate::access::signature::{Key, Signer, verify};
use crate::draft::Actor;
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::store::{Person, Repo, Signing, StoreError};

/// How this run signs.
#[derive(Debug, Default)]
pub struct Hand {
    /// The keys that may sign for the acting user.
    keys: RefCell<Vec<Key>>,
    held: RefCell<Option<Signer>>,
    /// Why nothing can be signed.
    refused: RefCell<Option<String>>,
    /// Who commits for others.
    gateway: RefCell<Option<Person>>,
}

impl Hand {
    /// Nothing is signed from here on, for this reason.
    pub fn refuse(&self, why: String) {
        self.refused.replace(Some(why));
    }

    /// Who commits what somebody else has done; `None` where everybody commits the own.
    pub fn committer(&self) -> Option<Person> {
        self.gateway.borrow().clone()
    }
}

impl Context {
    /// How commits are signed.
    pub fn signing(&self) -> Signing<'_> {
        if self.schema.settings.flag("policy.gate") { Signing::With(self) } else { Signing::AsGitSays }
    }

    /// Refuses early what could not be signed: no key, or one that the user's record does not have.
    /// Where `gate` says so, or the settings.
    pub fn ready_to_sign(&self, view: &dyn View, actor: &Actor, gate: bool) -> Result<(), Failure> {
        if !gate && !self.schema.settings.flag("policy.gate") {
            return Ok(());
        }
        // On a shared host the account's key signs for whoever came in.
        let gateway = self.schema.settings.get("policy.gateway").filter(|_| self.globals.gateway.is_some());
        let signer = gateway.unwrap_or(&actor.id);
        let user = view.record("user", signer)?;
        let keys = user.as_ref().map(active_keys).unwrap_or_default();
        self.hand.gateway.replace(user.filter(|_| gateway.is_some()).map(|user| Person {
            name: user.text("name").unwrap_or(signer).to_owned(),
            email: user.text("email").unwrap_or_default().to_owned(),
        }));
        let denied = |id: &'static str| {
            let problem = Problem::new(Class::Denied, id).arg("user", signer).hint("hint-gate-signing");
            Err(Failure::new(Exit::Denied, problem))
        };
        if keys.is_empty() {
            return denied("no-signing-key");
        }
        let repo = &self.store()?.repo;
        let Some(path) = key_of(repo) else { return denied("no-signing-key-here") };
        let held = Signer::read(&path).ok();
        if let Some(signer) = &held
            && !signer.key().is_ok_and(|key| keys.contains(&key))
        {
            return denied("other-signing-key");
        }
        self.hand.keys.replace(keys);
        self.hand.held.replace(held);
        Ok(())
    }
}

impl crate::store::Signer for Context {
    fn sign(&self, bytes: &[u8]) -> Result<String, String> {
        if let Some(why) = self.hand.refused.borrow().clone() {
            return Err(why);
        }
        let pem = match &*self.hand.held.borrow() {
            Some(signer) => signer.sign("git", bytes).map_err(|refusal| refusal.to_string())?,
            None => {
                let store = self.store().map_err(|_| "no store".to_owned())?;
                store.repo.sign_as_git_would(bytes).map_err(|error| match error {
                    StoreError::SigningFailed { why } => why,
                    other => other.to_string(),
                })?
            }
        };
        let key = verify(&pem, "git", bytes).map_err(|refusal| refusal.to_string())?;
        if self.hand.keys.borrow().contains(&key) {
            return Ok(pem);
        }
        Err(format!("{} is no active key of the acting user", key.fingerprint()))
    }
}

/// The file of the key that signs: git's, or that of `crm.signingKey`.
fn key_of(repo: &Repo) -> Option<PathBuf> {
    let ssh = repo.config("gpg.format").is_some_and(|format| format == "ssh");
    let named = repo.config("crm.signingkey").or_else(|| repo.config("user.signingkey").filter(|_| ssh))?;
    let path = match named.strip_prefix("~/") {
        Some(rest) => {
            super::environment::Environment::named("HOME").map(|home| Path::new(&home).join(rest))?
        }
        None => PathBuf::from(&named),
    };
    // Git takes the public half too; the private one lies beside it.
    Some(if path.extension().is_some_and(|ending| ending == "pub") { path.with_extension("") } else { path })
}
