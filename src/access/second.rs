//! The second factor: codes of an authenticator (RFC 6238), recovery codes, and codes that were sent.
//!
//! A code is spent on disk before anybody learns that it was right, so that no two log-ins, and no
//! crash between them, can use it twice.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use totp_rs::{Algorithm, Builder, Totp};

use super::account::{Account, Pending, Purpose, Seed, Sent};
use super::vault::{Holder, Vault};
use super::{Result, base32, fingerprint, from_base32, grouped, random, same};

/// Seconds of a step.
const STEP: i64 = 30;

/// How long a seed waits for its first code.
const CONFIRM: i64 = 15 * 60;

/// How long a code that was sent holds.
pub const SENT_MINUTES: i64 = 30;

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;

fn totp(secret: &[u8], algorithm: Algorithm, digits: u8) -> Totp {
    let builder = Builder::new().with_algorithm(algorithm).with_digits(digits);
    let builder = builder.with_step_duration(30).with_skew(0).with_secret(secret.to_vec());
    builder.build_noncompliant()
}

/// The code of a step.
fn code(secret: &[u8], step: i64) -> String {
    let second = u64::try_from(step.saturating_mul(STEP)).unwrap_or(0);
    totp(secret, Algorithm::SHA1, 6).generate(second).to_string()
}

/// The step around a moment whose code this is, later than the last one that was taken.
fn step_of(secret: &str, last: i64, typed: &str, now: i64) -> Option<i64> {
    let bytes = from_base32(secret)?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let current = now.div_euclid(STEP);
    // All three are compared, so that the time does not tell which one fits.
    let fitting = [current - 1, current, current + 1].map(|step| (step, same(&code(&bytes, step), &typed)));
    fitting.into_iter().find(|(step, fits)| *fits && *step > last).map(|(step, _)| step)
}

/// A seed that waits for its first code: the one that waits already, else a new one.
pub fn begin(vault: &Vault, user: &str, now: i64) -> Result<String> {
    let fresh = base32(&random::<20>()?);
    vault.change(&Holder::User(user.to_owned()), |account| {
        let waiting = account.pending.take().filter(|p| (p.since..p.since + CONFIRM).contains(&now));
        let pending = waiting.unwrap_or(Pending { secret: fresh, since: now });
        let secret = pending.secret.clone();
        account.pending = Some(pending);
        Ok(secret)
    })
}

/// Whether a seed waits for its first code.
pub fn is_waiting(account: &Account, now: i64) -> bool {
    account.pending.as_ref().is_some_and(|p| (p.since..p.since + CONFIRM).contains(&now))
}

/// Takes the first code of a seed: from here on log-ins ask for one. Gives new recovery codes, which
/// are nowhere else; `None` where the code is wrong.
pub fn confirm(vault: &Vault, user: &str, typed: &str, now: i64) -> Result<Option<Vec<String>>> {
    let codes = recovery_codes()?;
    vault.change(&Holder::User(user.to_owned()), |account| {
        let Some(pending) = account.pending.clone().filter(|_| is_waiting(account, now)) else {
            return Ok(None);
        };
        let Some(step) = step_of(&pending.secret, 0, typed, now) else { return Ok(None) };
        account.totp = Some(Seed { secret: pending.secret, last_step: step });
        account.pending = None;
        account.sms = false;
        account.recovery = codes.iter().map(|code| fingerprint(&plain(code))).collect();
        Ok(Some(codes))
    })
}

/// Switches to codes by text message, with new recovery codes.
pub fn by_message(vault: &Vault, user: &str) -> Result<Vec<String>> {
    let codes = recovery_codes()?;
    vault.change(&Holder::User(user.to_owned()), |account| {
        account.totp = None;
        account.pending = None;
        account.sms = true;
        account.recovery = codes.iter().map(|code| fingerprint(&plain(code))).collect();
        Ok(codes)
    })
}

/// Takes the second factor away, whatever it is.
pub fn disable(vault: &Vault, user: &str) -> Result<bool> {
    vault.change(&Holder::User(user.to_owned()), |account| {
        let had = account.has_second() || account.pending.is_some();
        account.totp = None;
        account.pending = None;
        account.sms = false;
        account.recovery.clear();
        // Alone it is too short.
        account.must_change |= had && account.short;
        Ok(had)
    })
}

/// Ten codes of 120 bits.
fn recovery_codes() -> Result<Vec<String>> {
    (0..RECOVERY_CODES).map(|_| Ok(grouped(&base32(&random::<15>()?)))).collect()
}

/// A recovery code as it was made, however it was typed.
fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// How a second factor was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Totp,
    /// So many are left.
    Recovery(usize),
    Sent,
}

/// Takes a code of any kind that the account has; it is spent when this returns.
pub fn take(vault: &Vault, user: &str, typed: &str, now: i64) -> Result<Option<Taken>> {
    vault.change(&Holder::User(user.to_owned()), |account| Ok(spend(account, typed, now)))
}

fn spend(account: &mut Account, typed: &str, now: i64) -> Option<Taken> {
    if let Some(seed) = &mut account.totp
        && let Some(step) = step_of(&seed.secret, seed.last_step, typed, now)
    {
        seed.last_step = step;
        return Some(Taken::Totp);
    }
    if account.sms && spend_sent(account, Purpose::Second, typed, now) {
        return Some(Taken::Sent);
    }
    if account.has_second() {
        let hash = fingerprint(&plain(typed));
        let place = account.recovery.iter().position(|kept| same(kept, &hash))?;
        account.recovery.remove(place);
        return Some(Taken::Recovery(account.recovery.len()));
    }
    None
}

/// Takes a code that was sent for a purpose.
pub(super) fn spend_sent(account: &mut Account, purpose: Purpose, typed: &str, now: i64) -> bool {
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    let is_right = account.code.as_ref().is_some_and(|sent| {
        sent.purpose == purpose && now < sent.until && same(&sent.hash, &fingerprint(&typed))
    });
    if is_right {
        account.code = None;
    }
    is_right
}

/// A code to send: eight digits.
pub fn digits() -> Result<String> {
    let number = u64::from_be_bytes(random::<8>()?) % 100_000_000;
    Ok(format!("{number:08}"))
}

/// Keeps a code whose message waits to be handed over.
pub fn keep_sent(
    vault: &Vault,
    user: &str,
    (code, message): (&str, &str),
    purpose: Purpose,
    now: i64,
) -> Result<()> {
    vault.change(&Holder::User(user.to_owned()), |account| {
        account.code = Some(Sent {
            hash: fingerprint(code),
            until: now + SENT_MINUTES * 60,
            message: message.to_owned(),
            text: Some(code.to_owned()),
            purpose,
        });
        Ok(())
    })
}

/// The code of a message that is handed over now.
pub fn text_of(vault: &Vault, user: &str, message: &str, now: i64) -> Result<Option<String>> {
    let account = vault.account(&Holder::User(user.to_owned()))?;
    let sent = account.code.filter(|sent| sent.message == message && now < sent.until);
    Ok(sent.and_then(|sent| sent.text))
}

/// Forgets the code of a message once it has left.
pub fn handed_over(vault: &Vault, user: &str, message: &str) -> Result<()> {
    vault.change(&Holder::User(user.to_owned()), |account| {
        if let Some(sent) = account.code.as_mut().filter(|sent| sent.message == message) {
            sent.text = None;
        }
        Ok(())
    })
}

/// What an authenticator reads: the seed, whose it is and where.
pub fn url(secret: &str, user: &str, issuer: &str) -> String {
    let clean = |text: &str| -> String {
        let plain = text.replace(':', " ");
        plain.bytes().map(escaped).collect()
    };
    let issuer = clean(if issuer.is_empty() { "crm" } else { issuer });
    let user = clean(user);
    format!(
        "otpauth://totp/{issuer}:{user}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A text as a picture of half blocks, for a dark terminal; `None` where it is too long.
pub fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    // Light on dark, as terminals mostly are.
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

#[cfg(test)]
mod tests {
    use super::super::vault::tests::{user, vault};
    use super::*;

    /// The seeds of RFC 6238, appendix B: the digits over again.
    fn seed(length: usize) -> Vec<u8> {
        b"1234567890".iter().copied().cycle().take(length).collect()
    }

    /// A moment in the first step that anybody here uses.
    const NOW: i64 = 1_772_587_800;

    #[test]
    fn all_examples_of_rfc_6238_come_out() {
        let times: [u64; 6] =
            [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
        let wanted = [
            (Algorithm::SHA1, 20, ["94287082", "07081804", "14050471", "89005924", "69279037", "65353130"]),
            (Algorithm::SHA256, 32, ["46119246", "68084774", "67062674", "91819424", "90698825", "77737706"]),
            (Algorithm::SHA512, 64, ["90693936", "25091201", "99943326", "93441116", "38618901", "47863826"]),
        ];
        for (algorithm, length, codes) in wanted {
            for (time, code) in times.into_iter().zip(codes) {
                assert_eq!(totp(&seed(length), algorithm, 8).generate(time).to_string(), code, "at {time}");
            }
        }
        for (time, eight) in times.into_iter().zip(wanted[0].2) {
            let step = i64::try_from(time / 30).expect("a step");
            assert_eq!(code(&seed(20), step), eight[2..], "six of the same digits");
        }
    }

    /// RFC 4226 written down once more, from SHA-1 alone.
    fn plainly(secret: &[u8], step: i64) -> String {
        use sha1::{Digest, Sha1};
        let mut key = [0_u8; 64];
        key[..secret.len()].copy_from_slice(secret);
        let pad = |with: u8| key.map(|byte| byte ^ with);
        let inner = Sha1::new().chain_update(pad(0x36)).chain_update(step.to_be_bytes()).finalize();
        let mac = Sha1::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
        let at = usize::from(mac[19] & 15);
        let four = [mac[at] & 0x7f, mac[at + 1], mac[at + 2], mac[at + 3]];
        format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
    }

    #[test]
    fn a_second_implementation_says_the_same_a_thousand_times() {
        for _ in 0..1000 {
            let secret: [u8; 20] = random().expect("randomness");
            let step = i64::from_be_bytes(random().expect("randomness")).rem_euclid(1 << 40);
            assert_eq!(code(&secret, step), plainly(&secret, step), "{secret:?} {step}");
        }
    }

    /// A vault whose user has an authenticator with the seed of the RFC.
    fn enrolled() -> (tempfile::TempDir, Vault) {
        let (dir, vault) = vault();
        vault
            .change(&user("li.na"), |account| {
                account.totp = Some(Seed { secret: base32(&seed(20)), last_step: 0 });
                Ok(())
            })
            .expect("written");
        (dir, vault)
    }

    fn code_at(second: i64) -> String {
        code(&seed(20), second.div_euclid(STEP))
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        for (off, taken) in [(-90, false), (-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let (_dir, vault) = enrolled();
            let outcome = take(&vault, "li.na", &code_at(NOW + off), NOW).expect("a vault");
            assert_eq!(outcome, taken.then_some(Taken::Totp), "{off} s");
        }
    }

    #[test]
    fn a_code_and_those_before_it_are_taken_once() {
        let (_dir, vault) = enrolled();
        let take = |second, now| take(&vault, "li.na", &code_at(second), now).expect("a vault").is_some();
        assert!(take(NOW, NOW));
        assert!(!take(NOW, NOW), "the same");
        assert!(!take(NOW - 30, NOW), "an earlier one");
        assert!(take(NOW + 30, NOW + 30));
        assert!(!take(NOW + 30, NOW), "a clock that was put back");
        assert_eq!(
            vault.account(&user("li.na")).expect("readable").totp.expect("a seed").last_step,
            (NOW + 30) / 30
        );
    }

    #[test]
    fn one_code_lets_one_of_fifty_in() {
        let (_dir, vault) = enrolled();
        let typed = code_at(NOW);
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50)
                .map(|_| scope.spawn(|| take(&vault, "li.na", &typed, NOW).expect("a vault").is_some()))
                .collect();
            threads.into_iter().map(|thread| usize::from(thread.join().expect("no panic"))).sum()
        });
        assert_eq!(taken, 1);
    }

    #[test]
    fn an_authenticator_counts_once_a_code_has_confirmed_it() {
        let (_dir, vault) = vault();
        let secret = begin(&vault, "li.na", NOW).expect("a seed");
        assert_eq!(secret.len(), 32, "20 bytes");
        assert_eq!(begin(&vault, "li.na", NOW + 60).expect("a seed"), secret, "asked again");
        let bytes = from_base32(&secret).expect("letters");
        let right = code(&bytes, NOW / 30);
        assert_eq!(confirm(&vault, "li.na", "000000x", NOW).expect("a vault"), None);
        assert!(!vault.account(&user("li.na")).expect("readable").has_second());
        assert_eq!(confirm(&vault, "li.na", &right, NOW + 16 * 60).expect("a vault"), None, "too late");
        let codes = confirm(&vault, "li.na", &right, NOW).expect("a vault").expect("confirmed");
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(take(&vault, "li.na", &right, NOW).expect("a vault").is_none(), "spent by confirming");
        assert_ne!(begin(&vault, "wu.fang", NOW).expect("a seed"), secret);
    }

    #[test]
    fn a_recovery_code_helps_once_however_it_is_typed() {
        let (_dir, vault) = vault();
        let secret = begin(&vault, "li.na", NOW).expect("a seed");
        let right = code(&from_base32(&secret).expect("letters"), NOW / 30);
        let codes = confirm(&vault, "li.na", &right, NOW).expect("a vault").expect("confirmed");
        assert!(codes.iter().all(|code| code.len() == 27), "24 letters of 5 bits: {codes:?}");
        let kept = std::fs::read_to_string(vault.dir().join("auth/li.na.json")).expect("readable");
        assert!(codes.iter().all(|code| !kept.contains(code) && !kept.contains(&plain(code))));
        let typed = format!(" {} ", codes[3].to_lowercase().replace('-', " "));
        assert_eq!(take(&vault, "li.na", &typed, NOW).expect("a vault"), Some(Taken::Recovery(9)));
        assert_eq!(take(&vault, "li.na", &codes[3], NOW).expect("a vault"), None);
        assert_eq!(take(&vault, "li.na", "", NOW).expect("a vault"), None);
    }

    #[test]
    fn a_code_that_was_sent_is_for_one_purpose_and_half_an_hour() {
        let (_dir, vault) = vault();
        let keep = || keep_sent(&vault, "li.na", ("12345678", "msg_a"), Purpose::Login, NOW).expect("kept");
        let spend = |purpose, typed: &str, now| {
            vault
                .change(&user("li.na"), |account| Ok(spend_sent(account, purpose, typed, now)))
                .expect("a vault")
        };
        keep();
        assert!(!spend(Purpose::Second, "12345678", NOW));
        assert!(!spend(Purpose::Login, "12345679", NOW));
        assert!(!spend(Purpose::Login, "12345678", NOW + SENT_MINUTES * 60));
        assert!(spend(Purpose::Login, "1234 5678", NOW));
        assert!(!spend(Purpose::Login, "12345678", NOW));
        keep();
        assert_eq!(text_of(&vault, "li.na", "msg_b", NOW).expect("a vault"), None);
        assert_eq!(text_of(&vault, "li.na", "msg_a", NOW).expect("a vault").as_deref(), Some("12345678"));
        handed_over(&vault, "li.na", "msg_a").expect("a vault");
        assert_eq!(text_of(&vault, "li.na", "msg_a", NOW).expect("a vault"), None);
    }

    #[test]
    fn an_authenticator_is_told_whose_seed_it_is() {
        let told = url("ABC", "li.na", "Acme & Co: 海尔");
        assert_eq!(
            told,
            "otpauth://totp/Acme%20%26%20Co%20%20%E6%B5%B7%E5%B0%94:li.na?secret=ABC&issuer=\
             Acme%20%26%20Co%20%20%E6%B5%B7%E5%B0%94&algorithm=SHA1&digits=6&period=30"
        );
        let drawn = picture(&told).expect("short enough");
        assert!(drawn.lines().count() > 10 && drawn.contains('█'));
    }
}
