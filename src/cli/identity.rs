//! Who acts, and how that is known: in an open store by what is said, where log-in is on by a session
//! or a token, in a shared account by whoever came in.
//!
//! Deliberately absent: what the user may do then.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;

use super::context::Context;
use super::error::{Exit, Failure};
use crate::access::Zeroizing;
use crate::access::login::Attempt;
use crate::access::password::Hasher;
use crate::access::session::{self, Limits, Place};
use crate::access::signins::{self, SignIn};
use crate::access::vault::{Holder, Vault};
use crate::model::record::Doc;
use crate::model::{Class, Problem};
use crate::rules::Change;

/// How it is known who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Flag,
    Variable,
    Git,
    Session,
    Token,
    Gateway,
}

impl By {
    /// Its code.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Variable => "variable",
            Self::Git => "git",
            Self::Session => "session",
            Self::Token => "token",
            Self::Gateway => "gateway",
        }
    }
}

/// Who acts, proven.
#[derive(Clone, Debug)]
pub struct Identity {
    pub user: String,
    pub by: By,
    /// Until when, in seconds.
    pub until: Option<i64>,
    /// The roles it is narrowed to.
    pub narrowed: Option<BTreeSet<String>>,
}

/// How somebody came in through a shared account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The user; nobody where the account acts for none.
    pub person: Option<String>,
    /// Neither files nor programs of the account are for whoever comes in from outside.
    pub is_guest: bool,
}

/// What a run knows of who acts.
#[derive(Debug, Default)]
pub struct Access {
    proven: RefCell<Option<Identity>>,
    /// The password was asked again in this run.
    fresh: Cell<bool>,
    /// Nobody has a password yet, and the first is being set.
    first: Cell<bool>,
    /// Secrets of a file that are not yet used.
    pub lines: RefCell<Option<VecDeque<Zeroizing<String>>>>,
    pub hasher: Hasher,
}

impl Access {
    /// Of a run inside a store that the program made for itself.
    pub fn trusted() -> Self {
        let access = Self::default();
        access.first.set(true);
        access
    }
}

/// The commands that run without a log-in, or see to it themselves. Every other one needs it.
pub const OPEN: &[&str] = &[
    "login",
    "logout",
    "passwd",
    "help",
    "completions",
    "man",
    "init",
    "clone",
    "doctor",
    "hook",
    "merge-driver",
    "gateway",
    "tutorial",
];

/// What somebody can do who still owes a second factor, beside the commands above.
const ENROLLING: &[(&str, &str)] = &[("user", "totp"), ("whoami", "")];

impl Context {
    /// Whether somebody from outside came in through a shared account.
    pub fn is_guest(&self) -> bool {
        self.globals.gateway.as_ref().is_some_and(|entry| entry.is_guest)
    }

    /// Whether commands need a log-in.
    pub fn login_is_on(&self) -> bool {
        // What is not understood must not open the store.
        !matches!(self.schema.settings.text("auth.login"), "off" | "false" | "")
    }

    /// The accounts of this store on this machine.
    pub fn vault(&self) -> Result<Vault, Failure> {
        let root = self.store()?.repo.first_commit()?;
        let state = self.environment.path("XDG_STATE_HOME").filter(|path| path.is_absolute());
        let home = || self.environment.path("HOME").map(|home| home.join(".local").join("state"));
        let state: PathBuf = state.or_else(home).ok_or_else(|| {
            Failure::new(Exit::Denied, Problem::new(Class::Denied, "no-state").hint("no-state-hint"))
        })?;
        Ok(Vault::open(&state, &root.to_string())?)
    }

    /// Where this side of the session lies.
    pub fn session_place(&self, vault: &Vault) -> Result<Place, Failure> {
        if let Some(entry) = &self.globals.gateway {
            return Ok(Place::new(None, vault, entry.person.as_deref().unwrap_or("nobody"))?);
        }
        let runtime = self.environment.path("XDG_RUNTIME_DIR").filter(|path| path.is_dir());
        Ok(Place::new(runtime.as_deref(), vault, "session")?)
    }

    /// What a session is bound to.
    pub fn bound(&self) -> String {
        match self.globals.gateway.as_ref().and_then(|entry| entry.person.as_ref()) {
            Some(person) => format!("gateway:{person}"),
            None => format!("uid:{}", rustix::process::getuid().as_raw()),
        }
    }

    /// How long sessions last.
    pub fn session_limits(&self) -> Result<Limits, Problem> {
        let seconds = |key: &'static str| -> Result<i64, Problem> {
            let text = self.schema.settings.text(key);
            let length = crate::model::value::parse_duration(text)
                .map_err(|problem| problem.field(key).at("crm.toml", None))?;
            let minutes = length.minutes().map(i64::from);
            let minutes = minutes.or_else(|| length.days().map(|days| i64::from(days) * 24 * 60));
            Ok(minutes.unwrap_or(0) * 60)
        };
        Ok(Limits { idle: seconds("auth.idle")?, absolute: seconds("auth.absolute")? })
    }

    /// Who acts where that must be proven; `None` where a word for it is enough.
    pub fn proven(&self) -> Result<Option<Identity>, Failure> {
        if let Some(identity) = self.access.proven.borrow().as_ref() {
            return Ok(Some(identity.clone()));
        }
        let Some(identity) = self.prove()? else { return Ok(None) };
        let user = self.user_record(&identity.user)?;
        if user.state() != "active" {
            if identity.by == By::Session {
                session::finish_all(&self.vault()?, &identity.user, None)?;
                self.note_sign_in(&identity.user, "session", "suspended")?;
            }
            let problem = Problem::new(Class::Denied, "inactive-actor").arg("value", &identity.user);
            return Err(problem.arg("state", user.state()).into());
        }
        self.same_as_named(&user, &identity)?;
        self.assume(identity.clone());
        Ok(Some(identity))
    }

    /// From here on this user acts.
    pub fn assume(&self, identity: Identity) {
        *self.access.proven.borrow_mut() = Some(identity);
    }

    /// Lets the first password be set although log-in is on.
    pub fn allow_first(&self) {
        self.access.first.set(true);
    }

    fn prove(&self) -> Result<Option<Identity>, Failure> {
        let is_first = self.access.first.get();
        if !self.has_store() || (is_first && self.globals.gateway.is_none()) {
            return Ok(None);
        }
        if let Some(entry) = &self.globals.gateway {
            let Some(person) = entry.person.clone() else {
                return Err(Problem::new(Class::Denied, "gateway-who").hint("gateway-who-hint").into());
            };
            let identity = Identity { user: person, by: By::Gateway, until: None, narrowed: None };
            if !self.login_is_on() || is_first {
                return Ok(Some(identity));
            }
            let held = self.held_session()?;
            if held.user != identity.user {
                return Err(not_logged_in());
            }
            return Ok(Some(Identity { until: held.until, ..identity }));
        }
        if let Some(path) = self.environment.path("CRM_TOKEN_FILE") {
            return self.held_token(&path).map(Some);
        }
        if self.login_is_on() { self.held_session().map(Some) } else { Ok(None) }
    }

    fn held_session(&self) -> Result<Identity, Failure> {
        let vault = self.vault()?;
        let place = self.session_place(&vault)?;
        let Some((user, secret)) = place.read()? else { return Err(not_logged_in()) };
        let held = session::hold(
            &vault,
            &user,
            &secret,
            &self.bound(),
            self.now.timestamp(),
            self.session_limits()?,
        )?;
        let Some(until) = held else {
            place.remove()?;
            self.note_sign_in(&user, "session", "expired")?;
            let problem = Problem::new(Class::Denied, "session-over").arg("user", &user);
            return Err(problem.hint("not-logged-in-hint").into());
        };
        Ok(Identity { user, by: By::Session, until: Some(until), narrowed: None })
    }

    /// Whether a session of a user is held here, be log-in on or not.
    pub fn has_session_of(&self, user: &str) -> Result<bool, Failure> {
        let place = self.session_place(&self.vault()?)?;
        if place.read()?.is_none() {
            return Ok(false);
        }
        Ok(self.held_session()?.user == user)
    }

    fn held_token(&self, path: &std::path::Path) -> Result<Identity, Failure> {
        let vault = self.vault()?;
        let text = session::read_token(path)?;
        let refused = || Failure::from(Problem::new(Class::Denied, "bad-token").hint("bad-token-hint"));
        let Some((user, token)) = session::hold_token(&vault, &text, self.now.timestamp())? else {
            self.note_sign_in("", "token", "wrong")?;
            return Err(refused());
        };
        if self.user_record(&user)?.text("kind") != Some("service") {
            self.note_sign_in(&user, "token", "refused")?;
            return Err(refused());
        }
        let narrowed = (!token.roles.is_empty()).then(|| token.roles.into_iter().collect());
        Ok(Identity { user, by: By::Token, until: token.until, narrowed })
    }

    /// The record of a user.
    pub fn user_record(&self, id: &str) -> Result<Doc, Failure> {
        let store = self.store()?;
        let kind = self.schema.kind("user").ok_or_else(|| Problem::usage("unknown-noun"))?;
        store.read(kind, id)?.ok_or_else(|| {
            Problem::new(Class::Denied, "unknown-actor").arg("value", id).hint("no-actor-hint").into()
        })
    }

    /// Refuses `--as` and `CRM_USER` that name somebody else.
    fn same_as_named(&self, user: &Doc, identity: &Identity) -> Result<(), Failure> {
        let Some(named) = &self.globals.acting else { return Ok(()) };
        let same = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(named));
        if user.id() == named || same(user.text("email")) || user.text("name") == Some(named) {
            return Ok(());
        }
        let problem = Problem::new(Class::Denied, "other-actor").arg("value", named);
        Err(problem.arg("user", &identity.user).hint("other-actor-hint").into())
    }

    /// Lets a command run, or says what is missing first.
    pub fn admit(&self, name: &str, verb: &str) -> Result<(), Failure> {
        if OPEN.contains(&name) {
            return Ok(());
        }
        let Some(identity) = self.proven()? else { return Ok(()) };
        if identity.by == By::Token || !self.login_is_on() {
            return Ok(());
        }
        let account = self.vault()?.account(&Holder::User(identity.user.clone()))?;
        if account.must_change && name != "whoami" {
            let problem = Problem::new(Class::Denied, "must-change").hint("must-change-hint");
            return Err(problem.into());
        }
        let owes = self.needs_second() && !account.has_second();
        if owes && !ENROLLING.iter().any(|(noun, of)| *noun == name && (*of == verb || of.is_empty())) {
            return Err(Problem::new(Class::Denied, "second-missing").hint("second-missing-hint").into());
        }
        Ok(())
    }

    /// Whether everybody must have a second factor.
    pub fn needs_second(&self) -> bool {
        !matches!(self.schema.settings.text("auth.second_factor"), "optional" | "off" | "false" | "")
    }

    /// Asks for the password or a code once more, where log-in is on.
    pub fn reauthenticate(&self) -> Result<(), Failure> {
        if !self.has_store() || !self.login_is_on() || self.access.fresh.get() {
            return Ok(());
        }
        let Some(identity) = self.proven()? else { return Ok(()) };
        if identity.by == By::Token {
            return Err(Problem::new(Class::Denied, "token-cannot").hint("token-cannot-hint").into());
        }
        self.ask_again(&identity.user)
    }

    /// Asks a user for the password, or a code of the second factor instead.
    pub fn ask_again(&self, user: &str) -> Result<(), Failure> {
        if self.access.fresh.get() {
            return Ok(());
        }
        let vault = self.vault()?;
        let typed = self.needed_secret("ask-again")?;
        let holder = Holder::User(user.to_owned());
        let attempt = self.begin_attempt(&vault, holder, user, "again")?;
        let by_code = attempt.account().has_second() && attempt.second(&typed)?.is_some();
        if !by_code && !attempt.password(&self.access.hasher, &typed)? {
            self.note_sign_in(user, "again", "wrong")?;
            return Err(Problem::new(Class::Denied, "again-wrong").into());
        }
        attempt.succeed()?;
        self.note_sign_in(user, "again", "ok")?;
        self.access.fresh.set(true);
        Ok(())
    }

    /// Counts a try; one that may not be made is noted too.
    pub fn begin_attempt<'v>(
        &self,
        vault: &'v Vault,
        holder: Holder,
        user: &str,
        what: &str,
    ) -> Result<Attempt<'v>, Failure> {
        Attempt::begin(vault, holder, self.now.timestamp()).or_else(|error| {
            let failure = Failure::from(error);
            let id = failure.problems.first().map(|problem| problem.id);
            let outcome = match id {
                Some("login-wait") => "throttled",
                Some("login-stopped") => "stopped",
                _ => "refused",
            };
            self.note_sign_in(user, what, outcome)?;
            Err(failure)
        })
    }

    /// Adds a line to the log of sign-ins.
    pub fn note_sign_in(&self, user: &str, what: &str, outcome: &str) -> Result<(), Failure> {
        let tty = rustix::termios::ttyname(std::io::stdin(), Vec::new());
        let tty = tty.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut origin = self.bound();
        let from = self.environment.get("SSH_CONNECTION").and_then(|text| text.split(' ').next());
        if let Some(from) = from {
            origin.push_str(&format!(" {from}"));
        }
        let line = SignIn {
            at: self.now.to_rfc3339(),
            user: user.to_owned(),
            what: what.to_owned(),
            outcome: outcome.to_owned(),
            tty,
            origin,
        };
        Ok(signins::note(&self.vault()?, &line)?)
    }

    /// Refuses a change of rights or keys until the password was asked again.
    pub fn guard_rights(&self, changes: &[Change]) -> Result<(), Failure> {
        let is_needed = self.login_is_on() && !self.access.fresh.get() && !self.globals.dry_run;
        if is_needed && !self.access.first.get() && changes.iter().any(touches_rights) {
            return Err(Problem::new(Class::Denied, AGAIN).into());
        }
        Ok(())
    }

    /// Runs what writes; where it needs the password once more, asks for it, without holding a lock,
    /// and runs it again.
    pub fn writing<T>(&self, mut write: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        match write() {
            Err(failure) if failure.problems.iter().any(|problem| problem.id == AGAIN) => {
                self.reauthenticate()?;
                write()
            }
            outcome => outcome,
        }
    }
}

/// The problem that asking again solves.
const AGAIN: &str = "again-needed";

/// Whether a change touches what somebody may do, or a key that speaks for somebody.
fn touches_rights(change: &Change) -> bool {
    let differs = |field: &str| {
        change.old.as_ref().and_then(|doc| doc.get(field))
            != change.new.as_ref().and_then(|doc| doc.get(field))
    };
    match change.doc().kind.name {
        "role" => true,
        "user" => differs("roles") || differs("keys"),
        _ => false,
    }
}

/// Nobody is logged in.
pub fn not_logged_in() -> Failure {
    Problem::new(Class::Denied, "not-logged-in").hint("not-logged-in-hint").into()
}

#[cfg(test)]
mod tests {
    use super::super::commands::STANDALONE;
    use super::*;

    #[test]
    fn every_command_needs_a_log_in_but_those_of_the_table() {
        let open = [
            "completions",
            "doctor",
            "help",
            "init",
            "login",
            "logout",
            "man",
            "merge-driver",
            "passwd",
            "tutorial",
        ];
        let mut found: Vec<&str> =
            STANDALONE.iter().map(|command| command.name).filter(|name| OPEN.contains(name)).collect();
        found.sort_unstable();
        found.retain(|name| !["clone", "gateway", "hook"].contains(name));
        assert_eq!(found, open, "whoever opens a command says so here too");
        let nouns = crate::model::kinds::KINDS.iter().map(|kind| kind.name);
        assert!(nouns.into_iter().all(|noun| !OPEN.contains(&noun)), "no record is open");
        assert!(STANDALONE.iter().filter(|command| !OPEN.contains(&command.name)).count() > 20);
    }
}
