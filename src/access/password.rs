//! Passwords: which are good enough, and how one is kept so that nobody can read it.
//!
//! Length comes first. Nothing is cut off, folded or trimmed before hashing. The cost of a hash is
//! fixed in the program: no setting, variable or flag lowers it, only the unit tests compile another.

use std::cell::Cell;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

use super::{AccessError, Result};
use crate::model::{Class, Problem};

/// Most bytes of a password.
pub const LONGEST: usize = 1024;

/// Fewest letters where a second factor is asked for too.
pub const SHORTEST: usize = 8;

/// Passwords that are tried first by whoever guesses, sorted, in lower case.
const BLOCKED: &str = include_str!("blocked.txt");

/// What a guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory.
    pub memory: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// What a guess costs in a real store.
pub const COST: Cost = Cost { memory: 64 * 1024, passes: 3, lanes: 1 };

impl Cost {
    fn argon2(self) -> Argon2<'static> {
        let params = Params::new(self.memory, self.passes, self.lanes, None).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Hashes passwords, and counts how often it did.
#[derive(Debug)]
pub struct Hasher {
    cost: Cost,
    computed: Cell<u64>,
}

impl Default for Hasher {
    fn default() -> Self {
        // Unit tests hash thousands of times; the program that people run never comes here.
        let cost = if cfg!(test) { Cost { memory: 8, passes: 1, lanes: 1 } } else { COST };
        Self::new(cost)
    }
}

impl Hasher {
    /// A hasher of a cost.
    pub fn new(cost: Cost) -> Self {
        Self { cost, computed: Cell::new(0) }
    }

    /// How many hashes were computed.
    pub fn computed(&self) -> u64 {
        self.computed.get()
    }

    fn count(&self) {
        self.computed.set(self.computed.get() + 1);
    }

    /// The text to keep: method, cost, salt and hash.
    pub fn hash(&self, password: &str) -> Result<String> {
        self.count();
        let made: argon2::password_hash::Result<PasswordHash> =
            self.cost.argon2().hash_password(password.as_bytes());
        made.map(|hash| hash.to_string()).map_err(|error| {
            AccessError::Refused(Problem::new(Class::Denied, "hash-failed").arg("reason", error))
        })
    }

    /// Whether a password is the one whose hash is kept. Where there is none the same work is done, so
    /// that the time tells nothing.
    pub fn verify(&self, password: &str, kept: Option<&str>) -> bool {
        self.count();
        let parsed = kept.and_then(|text| PasswordHash::new(text).ok());
        let Some(hash) = parsed else {
            let mut output = [0; 32];
            let _ =
                self.cost.argon2().hash_password_into(password.as_bytes(), b"nobody, no salt.", &mut output);
            return false;
        };
        self.cost.argon2().verify_password(password.as_bytes(), &hash).is_ok()
    }

    /// Whether a kept hash is cheaper to guess than one made now.
    pub fn is_outdated(&self, kept: &str) -> bool {
        let Ok(hash) = PasswordHash::new(kept) else { return true };
        let Ok(params) = Params::try_from(&hash) else { return true };
        hash.algorithm.as_str() != "argon2id"
            || params.m_cost() < self.cost.memory
            || params.t_cost() < self.cost.passes
            || params.p_cost() < self.cost.lanes
    }
}

/// Refuses a password that is too short or easy to guess. `words` are names of the user, the company
/// and the store.
///
/// # Errors
/// `password-short`, `password-long`, `password-common`, `password-named`.
pub fn examine(password: &str, shortest: usize, words: &[String]) -> std::result::Result<(), Problem> {
    let refuse = |id| Problem::new(Class::Invalid, id);
    if password.len() > LONGEST {
        return Err(refuse("password-long").arg("most", LONGEST));
    }
    let letters = password.chars().count();
    if letters < shortest {
        return Err(refuse("password-short").arg("fewest", shortest).arg("have", letters));
    }
    let folded = password.to_lowercase();
    let few = folded.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    if few || is_blocked(&folded) {
        return Err(refuse("password-common"));
    }
    if let Some(word) = words.iter().find(|word| is_mostly(&folded, &word.to_lowercase())) {
        return Err(refuse("password-named").arg("value", word));
    }
    Ok(())
}

fn is_blocked(folded: &str) -> bool {
    blocked().binary_search(&folded).is_ok()
}

fn blocked() -> Vec<&'static str> {
    BLOCKED.lines().collect()
}

/// Whether little is left of a password without a name: `li.na2026li.na!!`.
fn is_mostly(folded: &str, word: &str) -> bool {
    if word.chars().count() < 2 || !folded.contains(word) {
        return false;
    }
    let rest = folded.replace(word, "");
    rest.chars().filter(|c| c.is_alphabetic()).count() < 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argon2id_gives_what_rfc_9106_says() {
        // Section 5.3, with its secret and associated data.
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).expect("short enough"))
            .build()
            .expect("sound parameters");
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params);
        let mut tag = [0; 32];
        argon2
            .expect("a short secret")
            .hash_password_into(&[1; 32], &[2; 16], &mut tag)
            .expect("can be computed");
        let wanted = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        assert_eq!(super::super::hex(&tag), wanted);
    }

    #[test]
    fn what_people_run_has_the_full_cost() {
        assert_eq!(COST, Cost { memory: 65_536, passes: 3, lanes: 1 });
        let hasher = Hasher::new(COST);
        let kept = hasher.hash("correct horse, blue battery").expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{kept}");
        assert!(hasher.verify("correct horse, blue battery", Some(&kept)));
        assert!(!hasher.verify("correct horse, blue batterY", Some(&kept)));
        assert_eq!(hasher.computed(), 3);
    }

    #[test]
    fn a_cheaper_hash_is_made_again() {
        let cheap = Hasher::new(Cost { memory: 8, passes: 1, lanes: 1 });
        let dear = Hasher::new(Cost { memory: 16, passes: 1, lanes: 1 });
        let kept = cheap.hash("a long enough password").expect("hashed");
        assert!(!cheap.is_outdated(&kept) && dear.is_outdated(&kept));
        assert!(dear.verify("a long enough password", Some(&kept)), "the kept cost holds");
        assert!(!cheap.is_outdated(&dear.hash("x").expect("hashed")) && cheap.is_outdated("plain"));
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        let hasher = Hasher::default();
        assert_ne!(hasher.hash("same").expect("hashed"), hasher.hash("same").expect("hashed"));
    }

    #[test]
    fn without_a_hash_the_work_is_done_all_the_same() {
        let hasher = Hasher::default();
        assert!(!hasher.verify("anything", None) && !hasher.verify("anything", Some("no hash")));
        assert_eq!(hasher.computed(), 2);
    }

    #[test]
    fn length_comes_first_and_no_letter_is_forbidden() {
        let words = ["li.na".to_owned(), "Acme".to_owned()];
        let judged = |text: &str, shortest| examine(text, shortest, &words).map_err(|p| p.id);
        for (text, shortest, outcome) in [
            ("fourteen chars", 15, Err("password-short")),
            ("fifteen chars !", 15, Ok(())),
            ("汉字也可以做口令只要足够长就行", 15, Ok(())),
            (" \t\u{1f600} spaces stay  ", 15, Ok(())),
            ("seven77", 8, Err("password-short")),
            ("xK9#eight", 8, Ok(())),
            ("PasswordPassword", 15, Err("password-common")),
            ("qwertyuiopasdfghjkl", 15, Err("password-common")),
            ("iloveyou123", 8, Err("password-common")),
            ("zzzzzzzzzzzzzzzzzzzzzzz", 15, Err("password-common")),
            ("Li.Na-2026-li.na!!", 15, Err("password-named")),
            ("acme1234acme5678", 15, Err("password-named")),
            ("acme has long and odd words", 15, Ok(())),
        ] {
            assert_eq!(judged(text, shortest), outcome, "{text}");
        }
        assert_eq!(judged(&"aB3 ".repeat(256), 15), Ok(()), "1024 bytes");
        assert_eq!(judged(&format!("{}x", "aB3 ".repeat(256)), 15), Err("password-long"));
    }

    #[test]
    fn nothing_of_a_password_is_dropped() {
        let hasher = Hasher::default();
        let long = "aB3 ".repeat(256);
        let kept = hasher.hash(&long).expect("hashed");
        assert!(hasher.verify(&long, Some(&kept)));
        for other in [long.to_lowercase(), long.trim_end().to_owned(), format!("{}x", &long[..1023])] {
            assert!(!hasher.verify(&other, Some(&kept)));
        }
    }

    #[test]
    fn the_list_is_sorted_and_long_enough_for_both_lengths() {
        let list = blocked();
        assert!(list.is_sorted() && list.iter().all(|word| *word == word.to_lowercase()));
        assert!(list.iter().filter(|word| word.len() >= 15).count() >= 3000);
        assert!(list.iter().filter(|word| word.len() < 15 && word.len() >= 8).count() >= 3000);
    }
}
