//! Sessions of people and tokens of programs. The holder has a random secret in a private file; here
//! is its hash, whom it belongs to, and until when.

use std::path::{Path, PathBuf};

use super::account::{Account, Session, Token};
use super::vault::{self, Holder, Vault};
use super::{Result, Zeroizing, base32, disk, fingerprint, hex, random, same};

/// Most sessions of a user; the oldest one goes.
const MOST: usize = 20;

/// Seconds that a clock may go back without ending a session.
const SLACK: i64 = 120;

/// How often the last use is written down, in seconds.
const GRAIN: i64 = 60;

/// How long sessions last, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Without use.
    pub idle: i64,
    /// At all.
    pub absolute: i64,
}

/// Where a person's side of the session lies.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
}

impl Place {
    /// In the folder of the running system where there is one, else with the accounts.
    pub fn new(runtime: Option<&Path>, vault: &Vault, name: &str) -> Result<Self> {
        let folder = match runtime {
            Some(runtime) => runtime.join("crm"),
            None => vault.dir().join("sessions"),
        };
        vault::private_folder(&folder)?;
        Ok(Self { path: folder.join(format!("{}.{name}", vault.root())) })
    }

    /// Whose session it is, and its secret.
    pub fn read(&self) -> Result<Option<(String, Zeroizing<String>)>> {
        let Some(bytes) = vault::read(&self.path)? else { return Ok(None) };
        let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
        let (user, secret) = text.split_once('\n').unwrap_or_default();
        Ok((!secret.is_empty()).then(|| (user.to_owned(), Zeroizing::new(secret.trim_end().to_owned()))))
    }

    /// Keeps it.
    pub fn write(&self, user: &str, secret: &str) -> Result<()> {
        vault::write(&self.path, Zeroizing::new(format!("{user}\n{secret}\n")).as_bytes())
    }

    /// Forgets it.
    pub fn remove(&self) -> Result<()> {
        vault::remove(&self.path)
    }
}

/// Begins a session. Gives its secret, which is kept nowhere here.
pub fn begin(vault: &Vault, user: &str, bound: &str, now: i64, limits: Limits) -> Result<Zeroizing<String>> {
    let secret = Zeroizing::new(hex(&random::<32>()?));
    let session = Session {
        hash: fingerprint(&secret),
        bound: bound.to_owned(),
        root: vault.root().to_owned(),
        created: now,
        last: now,
    };
    vault.change(&Holder::User(user.to_owned()), |account| {
        account.sessions.retain(|session| end(session, limits) > now);
        let more = (account.sessions.len() + 1).saturating_sub(MOST);
        account.sessions.drain(..more);
        account.sessions.push(session);
        Ok(())
    })?;
    Ok(secret)
}

fn end(session: &Session, limits: Limits) -> i64 {
    (session.last + limits.idle).min(session.created + limits.absolute)
}

/// Whether a session holds, and until when. Using it keeps it from going idle; one that has ended is
/// forgotten.
pub fn hold(
    vault: &Vault,
    user: &str,
    secret: &str,
    bound: &str,
    now: i64,
    limits: Limits,
) -> Result<Option<i64>> {
    let hash = fingerprint(secret);
    let fits = |session: &Session| {
        same(&session.hash, &hash) && session.bound == bound && session.root == vault.root()
    };
    let holder = Holder::User(user.to_owned());
    let account = vault.account(&holder)?;
    let Some(session) = account.sessions.iter().find(|session| fits(session)) else { return Ok(None) };
    let is_over = now >= end(session, limits) || now < session.last - SLACK;
    if !is_over && now - session.last < GRAIN {
        return Ok(Some(end(session, limits)));
    }
    vault.change(&holder, |account| {
        if is_over {
            account.sessions.retain(|session| !fits(session));
            return Ok(None);
        }
        let Some(session) = account.sessions.iter_mut().find(|session| fits(session)) else {
            return Ok(None);
        };
        session.last = session.last.max(now);
        Ok(Some(end(session, limits)))
    })
}

/// Ends a session.
pub fn finish(vault: &Vault, user: &str, secret: &str) -> Result<bool> {
    let hash = fingerprint(secret);
    vault.change(&Holder::User(user.to_owned()), |account| {
        let before = account.sessions.len();
        account.sessions.retain(|session| !same(&session.hash, &hash));
        Ok(account.sessions.len() < before)
    })
}

/// Ends every session of a user but one. Gives how many.
pub fn finish_all(vault: &Vault, user: &str, but: Option<&str>) -> Result<usize> {
    let but = but.map(fingerprint);
    vault.change(&Holder::User(user.to_owned()), |account| {
        let before = account.sessions.len();
        account.sessions.retain(|session| but.as_ref().is_some_and(|but| same(but, &session.hash)));
        Ok(before - account.sessions.len())
    })
}

/// What stands at the beginning of a token, so that one is known where it was left lying about.
const MARK: &str = "crm1";

/// Makes a token. Gives its id and the token itself, which is kept nowhere here.
pub fn add_token(vault: &Vault, user: &str, mut token: Token) -> Result<(String, Zeroizing<String>)> {
    let secret = Zeroizing::new(hex(&random::<32>()?));
    let id = base32(&random::<5>()?).to_lowercase();
    token.id.clone_from(&id);
    token.hash = fingerprint(&secret);
    vault.change(&Holder::User(user.to_owned()), |account| {
        account.tokens.push(token);
        Ok(())
    })?;
    Ok((id, Zeroizing::new(format!("{MARK}.{user}.{}", &*secret))))
}

/// Revokes tokens: the one of an id, or all. Gives how many held before.
pub fn revoke_tokens(vault: &Vault, user: &str, id: Option<&str>) -> Result<usize> {
    vault.change(&Holder::User(user.to_owned()), |account| {
        let mut count = 0;
        for token in &mut account.tokens {
            if !token.revoked && id.is_none_or(|id| token.id == id) {
                token.revoked = true;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// Reads a token from its file, which must be private.
pub fn read_token(path: &Path) -> Result<Zeroizing<String>> {
    let missing = || std::io::Error::from(rustix::io::Errno::NOENT);
    let bytes = vault::read(path)?.ok_or_else(|| disk(path)(missing()))?;
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).trim().to_owned()))
}

/// Whose token it is, where it holds.
pub fn hold_token(vault: &Vault, text: &str, now: i64) -> Result<Option<(String, Token)>> {
    let found = text.strip_prefix(MARK).and_then(|rest| rest.strip_prefix('.')?.rsplit_once('.'));
    let Some((user, secret)) = found else { return Ok(None) };
    let account: Account = vault.account(&Holder::User(user.to_owned()))?;
    let hash = fingerprint(secret);
    let found = account.tokens.into_iter().find(|token| same(&token.hash, &hash));
    let holds = |token: &Token| !token.revoked && token.until.is_none_or(|until| now < until);
    Ok(found.filter(holds).map(|token| (user.to_owned(), token)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::super::vault::tests::{user, vault};
    use super::*;

    const NOW: i64 = 1_772_587_800;
    const LIMITS: Limits = Limits { idle: 3600, absolute: 12 * 3600 };

    fn begun(vault: &Vault) -> Zeroizing<String> {
        begin(vault, "li.na", "uid:1000", NOW, LIMITS).expect("a session")
    }

    fn holds(vault: &Vault, secret: &str, now: i64) -> bool {
        hold(vault, "li.na", secret, "uid:1000", now, LIMITS).expect("a vault").is_some()
    }

    #[test]
    fn a_secret_of_256_bits_is_kept_as_a_hash() {
        let (_dir, vault) = vault();
        let (one, two) = (begun(&vault), begun(&vault));
        assert_eq!(one.len(), 64);
        assert_ne!(*one, *two, "each log-in has its own");
        let kept = std::fs::read_to_string(vault.dir().join("auth/li.na.json")).expect("readable");
        assert!(!kept.contains(&*one) && kept.contains(&fingerprint(&one)));
    }

    #[test]
    fn a_session_ends_without_use_and_at_last_anyway() {
        let (_dir, vault) = vault();
        let secret = begun(&vault);
        assert!(holds(&vault, &secret, NOW + 3599));
        assert!(!holds(&vault, &secret, NOW + 3599 + 3600), "an hour without use");
        let secret = begun(&vault);
        for half in 1..24 {
            assert!(holds(&vault, &secret, NOW + half * 1800), "in use");
        }
        assert!(!holds(&vault, &secret, NOW + 12 * 3600), "twelve hours");
        assert!(!holds(&vault, &secret, NOW), "it is forgotten");
    }

    #[test]
    fn a_clock_that_goes_back_lengthens_nothing() {
        let (_dir, vault) = vault();
        let secret = begun(&vault);
        assert!(holds(&vault, &secret, NOW + 3000));
        assert!(holds(&vault, &secret, NOW + 2950), "a clock is set by a little");
        assert_eq!(vault.account(&user("li.na")).expect("readable").sessions[0].last, NOW + 3000);
        assert!(!holds(&vault, &secret, NOW + 2000));
        assert!(!holds(&vault, &secret, NOW + 3001), "it ended");
    }

    #[test]
    fn a_session_is_of_one_account_and_one_store() {
        let (dir, vault) = vault();
        let secret = begun(&vault);
        let of = |vault: &Vault, user: &str, bound: &str| {
            hold(vault, user, &secret, bound, NOW, LIMITS).expect("a vault").is_some()
        };
        assert!(of(&vault, "li.na", "uid:1000"));
        assert!(!of(&vault, "li.na", "uid:1001"));
        assert!(!of(&vault, "wu.fang", "uid:1000"));
        // Its file laid into the vault of another store.
        let other = Vault::open(&dir.path().join("state"), "def456").expect("a vault");
        std::fs::copy(vault.dir().join("auth/li.na.json"), other.dir().join("auth/li.na.json"))
            .expect("copied");
        assert!(!of(&other, "li.na", "uid:1000"));
    }

    #[test]
    fn logging_out_ends_one_or_all() {
        let (_dir, vault) = vault();
        let secrets: Vec<_> = (0..4).map(|_| begun(&vault)).collect();
        assert!(finish(&vault, "li.na", &secrets[0]).expect("a vault"));
        assert!(!finish(&vault, "li.na", &secrets[0]).expect("a vault"));
        assert_eq!(finish_all(&vault, "li.na", Some(&secrets[1])).expect("a vault"), 2);
        let left: Vec<bool> = secrets.iter().map(|secret| holds(&vault, secret, NOW)).collect();
        assert_eq!(left, [false, true, false, false]);
        assert_eq!(finish_all(&vault, "li.na", None).expect("a vault"), 1);
    }

    #[test]
    fn sessions_do_not_pile_up() {
        let (_dir, vault) = vault();
        let first = begun(&vault);
        for _ in 0..MOST {
            begun(&vault);
        }
        assert_eq!(vault.account(&user("li.na")).expect("readable").sessions.len(), MOST);
        assert!(!holds(&vault, &first, NOW));
    }

    #[test]
    fn the_persons_side_is_private_and_goes_with_the_log_out() {
        let (dir, vault) = vault();
        for runtime in [None, Some(dir.path())] {
            let place = Place::new(runtime, &vault, "session").expect("a place");
            assert!(place.read().expect("readable").is_none());
            place.write("li.na", "secret").expect("written");
            let (user, secret) = place.read().expect("readable").expect("is there");
            assert_eq!((user.as_str(), secret.as_str()), ("li.na", "secret"));
            assert_eq!(std::fs::metadata(&place.path).expect("is there").mode() & 0o777, 0o600);
            place.remove().expect("removed");
            place.remove().expect("already");
        }
    }

    #[test]
    fn a_token_holds_until_its_day_or_its_end() {
        let (_dir, vault) = vault();
        let wish = Token { until: Some(NOW + 100), roles: vec!["sales".to_owned()], ..Token::default() };
        let (id, text) = add_token(&vault, "cron.job", wish).expect("made");
        let of = |text: &str, now| hold_token(&vault, text, now).expect("a vault");
        let (user, token) = of(&text, NOW).expect("holds");
        assert_eq!((user.as_str(), token.roles), ("cron.job", vec!["sales".to_owned()]));
        assert!(of(&text, NOW + 100).is_none(), "its day is over");
        for wrong in
            ["", "crm1", "crm1.cron.job", "crm1.cron.job.", "crm1.nobody.00", &text[..text.len() - 1]]
        {
            assert!(of(wrong, NOW).is_none(), "{wrong}");
        }
        let kept = std::fs::read_to_string(vault.dir().join("auth/cron.job.json")).expect("readable");
        assert!(!kept.contains(text.rsplit('.').next().expect("a secret")));
        assert_eq!(revoke_tokens(&vault, "cron.job", Some("other")).expect("a vault"), 0);
        assert_eq!(revoke_tokens(&vault, "cron.job", Some(&id)).expect("a vault"), 1);
        assert!(of(&text, NOW).is_none(), "revoked");
        assert_eq!(revoke_tokens(&vault, "cron.job", None).expect("a vault"), 0);
    }
}
