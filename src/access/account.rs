//! What is kept of a user outside git: hashes, the seed of the second factor, sessions, tokens, and
//! how often somebody failed. Never a password.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The sign-in state of one user.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The hash of the password.
    pub password: Option<String>,
    /// The password is long enough only beside a second factor.
    pub short: bool,
    /// The password holds for one log-in and must be replaced.
    pub must_change: bool,
    /// The user came in by a code that was sent: the next password needs no old one.
    pub reset: bool,
    /// Until when a password that an administrator gave holds.
    pub password_until: Option<i64>,
    /// Failures since the last success; an attempt counts as one until it has succeeded.
    pub failures: u32,
    /// Second of the last of them.
    pub last_failure: i64,
    pub totp: Option<Seed>,
    /// A seed that no code has confirmed yet.
    pub pending: Option<Pending>,
    /// Codes by text message instead of an authenticator.
    pub sms: bool,
    /// Hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
    /// A code that was sent.
    pub code: Option<Sent>,
    pub sessions: Vec<Session>,
    pub tokens: Vec<Token>,
}

/// The seed of an authenticator.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// In base 32.
    pub secret: String,
    /// The latest step whose code was taken; no earlier one is.
    pub last_step: i64,
}

/// A seed that waits for its first code.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub secret: String,
    pub since: i64,
}

/// A code that was sent to a user.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub hash: String,
    pub until: i64,
    /// The message that carries it.
    pub message: String,
    /// The code itself, until it has been handed over.
    pub text: Option<String>,
    /// For the first log-in, or as a second factor.
    pub purpose: Purpose,
}

/// What a sent code is good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Instead of the password.
    #[default]
    Login,
    /// Beside the password.
    Second,
}

/// One log-in that lasts.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Of its random token.
    pub hash: String,
    /// The account of the machine that it belongs to.
    pub bound: String,
    /// The store it is for.
    pub root: String,
    pub created: i64,
    /// When it was last used, to the minute.
    pub last: i64,
}

/// What a program shows instead of a password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// By which it is listed and revoked.
    pub id: String,
    pub hash: String,
    pub label: Option<String>,
    /// The roles it is narrowed to; none: all of the user's.
    pub roles: Vec<String>,
    pub created: i64,
    pub until: Option<i64>,
    pub revoked: bool,
}

impl Account {
    /// Whether a log-in asks for more than a password.
    pub fn has_second(&self) -> bool {
        self.totp.is_some() || self.sms
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing of it belongs into a log.
        f.debug_struct("Account").field("failures", &self.failures).finish_non_exhaustive()
    }
}

macro_rules! hidden {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })*
    };
}
hidden!(Seed, Pending, Sent, Session, Token);
