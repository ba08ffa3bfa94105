//! One try to get in. It is counted on disk before anything is compared, so that neither a crash nor
//! many tries at once go uncounted; success takes the count away again.
//!
//! A name that is no user's is counted and hashed like one that is.

use super::account::{Account, Purpose};
use super::password::Hasher;
use super::second::{self, Taken};
use super::vault::{Holder, Vault};
use super::{AccessError, Result};
use crate::model::{Class, Problem};

/// Failures after which each further try has to wait.
pub const FREE: u32 = 5;

/// Failures after which all tries have to wait long.
pub const LOCKED: u32 = 10;

/// Failures after which an administrator has to help.
pub const STOPPED: u32 = 100;

/// Seconds of the long wait.
const LOCK: i64 = 15 * 60;

/// Seconds to wait after so many failures; `None`: for ever.
pub fn pause(failures: u32) -> Option<i64> {
    match failures {
        STOPPED.. => None,
        LOCKED.. => Some(LOCK),
        FREE.. => Some(1 << (failures - FREE)),
        _ => Some(0),
    }
}

/// A try that has been counted.
#[derive(Debug)]
pub struct Attempt<'a> {
    vault: &'a Vault,
    holder: Holder,
    /// The account as it was when the try began.
    account: Account,
    now: i64,
}

/// Why there may be no try now.
fn refusal(account: &mut Account, now: i64) -> Option<Problem> {
    let Some(pause) = pause(account.failures) else {
        return Some(Problem::new(Class::Denied, "login-stopped").hint("login-stopped-hint"));
    };
    if pause == 0 {
        return None;
    }
    // A clock that was wrong for a while must not lock anybody out for years.
    if account.last_failure > now {
        account.last_failure = now;
    }
    let wait = account.last_failure + pause - now;
    (wait > 0).then(|| {
        let (count, unit) = if wait > 90 { ((wait + 59) / 60, "minutes") } else { (wait, "seconds") };
        Problem::new(Class::Denied, "login-wait").arg("count", count).arg("unit", unit)
    })
}

impl<'a> Attempt<'a> {
    /// Counts a try of a user, or of a name that is nobody's.
    ///
    /// # Errors
    /// `login-wait`, `login-stopped`.
    pub fn begin(vault: &'a Vault, holder: Holder, now: i64) -> Result<Self> {
        let outcome = vault.change(&holder, |account| {
            if let Some(problem) = refusal(account, now) {
                return Ok(Err(problem));
            }
            account.failures += 1;
            account.last_failure = now;
            Ok(Ok(account.clone()))
        })?;
        let account = outcome.map_err(AccessError::Refused)?;
        Ok(Self { vault, holder, account, now })
    }

    /// The account as the try found it.
    pub fn account(&self) -> &Account {
        &self.account
    }

    fn user(&self) -> Option<&str> {
        match &self.holder {
            Holder::User(id) => Some(id),
            Holder::Nobody(_) => None,
        }
    }

    /// Whether the password is right; it is hashed in any case. One that costs too little is hashed
    /// anew.
    pub fn password(&self, hasher: &Hasher, typed: &str) -> Result<bool> {
        let is_over = self.account.password_until.is_some_and(|until| self.now >= until);
        let is_right = hasher.verify(typed, self.account.password.as_deref()) && !is_over;
        if is_right && self.account.password.as_deref().is_some_and(|kept| hasher.is_outdated(kept)) {
            let anew = hasher.hash(typed)?;
            self.vault.change(&self.holder, |account| {
                if account.password == self.account.password {
                    account.password = Some(anew);
                }
                Ok(())
            })?;
        }
        Ok(is_right)
    }

    /// Whether the code is the one that was sent for the first log-in. It is spent then. A hash is
    /// computed as for a password.
    pub fn sent_code(&self, hasher: &Hasher, typed: &str) -> Result<bool> {
        hasher.verify(typed, None);
        let now = self.now;
        self.vault.change(&self.holder, |account| Ok(second::spend_sent(account, Purpose::Login, typed, now)))
    }

    /// Takes the code of the second factor; it is spent then.
    pub fn second(&self, typed: &str) -> Result<Option<Taken>> {
        match self.user() {
            Some(user) => second::take(self.vault, user, typed, self.now),
            None => Ok(None),
        }
    }

    /// The try was a success: failures are forgotten.
    pub fn succeed(self) -> Result<()> {
        self.vault.change(&self.holder, |account| {
            account.failures = 0;
            account.last_failure = 0;
            Ok(())
        })
    }
}

/// A password that is to hold from now on.
#[derive(Default)]
pub struct NewPassword {
    pub hash: String,
    /// It is long enough only beside a second factor.
    pub short: bool,
    /// It holds until then, and must be replaced at the next log-in.
    pub once: Option<i64>,
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPassword").finish_non_exhaustive()
    }
}

/// Sets a password. All sessions end, but the one of a secret.
pub fn set_password(vault: &Vault, user: &str, new: NewPassword, but: Option<&str>) -> Result<()> {
    vault.change(&Holder::User(user.to_owned()), |account| {
        account.password = Some(new.hash);
        account.short = new.short;
        account.must_change = new.once.is_some();
        account.password_until = new.once;
        account.reset = false;
        account.failures = 0;
        account.last_failure = 0;
        account.code = None;
        Ok(())
    })?;
    super::session::finish_all(vault, user, but).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::password::Cost;
    use super::super::vault::tests::{user, vault};
    use super::*;

    const NOW: i64 = 1_772_587_800;
    const RIGHT: &str = "correct horse, blue battery";

    fn lasting(hash: String) -> NewPassword {
        NewPassword { hash, ..NewPassword::default() }
    }

    fn with_password() -> (tempfile::TempDir, Vault) {
        let (dir, vault) = vault();
        let hash = Hasher::default().hash(RIGHT).expect("hashed");
        set_password(&vault, "li.na", lasting(hash), None).expect("set");
        (dir, vault)
    }

    /// What comes of a try with a password: right, wrong, or the id of the refusal.
    fn tried(vault: &Vault, password: &str, now: i64) -> &'static str {
        match Attempt::begin(vault, user("li.na"), now) {
            Ok(attempt) if attempt.password(&Hasher::default(), password).expect("hashed") => {
                attempt.succeed().expect("written");
                "right"
            }
            Ok(_) => "wrong",
            Err(AccessError::Refused(problem)) => problem.id,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn failures(vault: &Vault) -> u32 {
        vault.account(&user("li.na")).expect("readable").failures
    }

    #[test]
    fn waits_grow_then_lock_then_stop() {
        let waits: Vec<_> = (0..12).map(pause).collect();
        let wanted = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 900, 900].map(Some);
        assert_eq!(waits, wanted);
        assert_eq!((pause(99), pause(100), pause(5000)), (Some(900), None, None));
    }

    #[test]
    fn a_success_takes_the_failures_away() {
        let (_dir, vault) = with_password();
        for _ in 0..4 {
            assert_eq!(tried(&vault, "wrong", NOW), "wrong");
        }
        assert_eq!(failures(&vault), 4);
        assert_eq!((tried(&vault, RIGHT, NOW), failures(&vault)), ("right", 0));
    }

    #[test]
    fn a_lock_holds_for_the_right_password_too_and_in_another_process() {
        let (dir, vault) = with_password();
        let mut now = NOW;
        for _ in 0..10 {
            assert_eq!(tried(&vault, "wrong", now), "wrong");
            now += 16;
        }
        // Opened anew, as after a restart.
        let vault = Vault::open(&dir.path().join("state"), "abc123").expect("a vault");
        assert_eq!(tried(&vault, RIGHT, now), "login-wait");
        assert_eq!(failures(&vault), 10, "a try that was not made is no failure");
        assert_eq!(tried(&vault, RIGHT, now + 900), "right");
    }

    #[test]
    fn a_hundred_failures_need_an_administrator() {
        let (_dir, vault) = with_password();
        let mut now = NOW;
        for _ in 0..100 {
            assert_eq!(tried(&vault, "wrong", now), "wrong");
            now += 1000;
        }
        assert_eq!(tried(&vault, RIGHT, now + 100_000_000), "login-stopped");
        let hash = Hasher::default().hash(RIGHT).expect("hashed");
        set_password(&vault, "li.na", lasting(hash), None).expect("set");
        assert_eq!(tried(&vault, RIGHT, now), "right");
    }

    #[test]
    fn a_clock_that_was_ahead_locks_nobody_out() {
        let (_dir, vault) = with_password();
        for second in 0..10 {
            tried(&vault, "wrong", NOW + 1_000_000_000 + second * 20);
        }
        assert_eq!(tried(&vault, RIGHT, NOW), "login-wait");
        assert_eq!(tried(&vault, RIGHT, NOW + 900), "right");
    }

    #[test]
    fn fifty_wrong_tries_at_once_are_all_counted() {
        let (_dir, vault) = with_password();
        let outcomes: Vec<&str> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50).map(|_| scope.spawn(|| tried(&vault, "wrong", NOW))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let count = |what| outcomes.iter().filter(|outcome| **outcome == what).count();
        // All in one second: five are compared, the others must wait and never get to compare.
        assert_eq!((count("wrong"), count("login-wait")), (5, 45));
        assert_eq!(failures(&vault), 5);
    }

    #[test]
    fn a_try_is_counted_before_it_is_compared() {
        let (dir, vault) = with_password();
        let attempt = Attempt::begin(&vault, user("li.na"), NOW).expect("a try");
        // What a process killed here leaves behind.
        let other = Vault::open(&dir.path().join("state"), "abc123").expect("a vault");
        assert_eq!(failures(&other), 1);
        drop(attempt);
        assert_eq!(failures(&other), 1);
    }

    #[test]
    fn nobody_costs_the_same_work_and_is_throttled_alike() {
        let (_dir, vault) = with_password();
        let hasher = Hasher::default();
        let holder = Holder::nobody("no.such.user");
        let attempt = Attempt::begin(&vault, holder.clone(), NOW).expect("a try");
        assert!(!attempt.password(&hasher, RIGHT).expect("hashed"));
        assert_eq!(hasher.computed(), 1);
        let attempt = Attempt::begin(&vault, user("li.na"), NOW).expect("a try");
        assert!(!attempt.password(&hasher, "wrong").expect("hashed"));
        assert_eq!(hasher.computed(), 2);
        for _ in 0..4 {
            Attempt::begin(&vault, holder.clone(), NOW).expect("a try");
        }
        assert!(Attempt::begin(&vault, holder, NOW).is_err());
        assert!(vault.users().expect("readable") == ["li.na"], "no account is made for a name");
    }

    #[test]
    fn a_password_that_costs_too_little_is_hashed_anew() {
        let (_dir, vault) = with_password();
        let before = vault.account(&user("li.na")).expect("readable").password.expect("a hash");
        let dearer = Hasher::new(Cost { memory: 16, passes: 1, lanes: 1 });
        let attempt = Attempt::begin(&vault, user("li.na"), NOW).expect("a try");
        assert!(!attempt.password(&dearer, "wrong").expect("hashed"));
        assert_eq!(vault.account(&user("li.na")).expect("readable").password.as_ref(), Some(&before));
        assert!(attempt.password(&dearer, RIGHT).expect("hashed"));
        let after = vault.account(&user("li.na")).expect("readable").password.expect("a hash");
        assert!(after.contains("m=16") && before.contains("m=8"), "{after}");
        assert_eq!(tried(&vault, RIGHT, NOW), "right");
    }

    #[test]
    fn a_password_for_once_runs_out() {
        let (_dir, vault) = with_password();
        let hash = Hasher::default().hash("given by somebody").expect("hashed");
        set_password(&vault, "li.na", NewPassword { once: Some(NOW + 60), ..lasting(hash) }, None)
            .expect("set");
        assert!(vault.account(&user("li.na")).expect("readable").must_change);
        assert_eq!(tried(&vault, "given by somebody", NOW + 60), "wrong");
        assert_eq!(tried(&vault, "given by somebody", NOW + 59), "right");
    }
}
