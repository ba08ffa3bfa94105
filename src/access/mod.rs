//! Who may do what, and who somebody is.
//!
//! - `asks` tells what a change asks for, `rights` whether a user's roles allow it.
//! - `signature` tells which key signed; `policy`, `gate` and `push` judge what others made, by
//!   `places` and `truth`.
//! - `password`, `second`, `session`, `vault`, `login`, `signins` and `account` know people again;
//!   `gateway` knows them by the account or key they came in with. What they keep lies outside git,
//!   in a folder that belongs to one account of the machine.
//! - `seal` encrypts to people.
//!
//! **What is not allowed is denied.** Deliberately absent: any hold over somebody who owns the
//! files. In a clone these checks help honest people; they bind where a push is judged, or where
//! the files belong to another account.

pub mod account;
pub mod asks;
pub mod gate;
pub mod gateway;
pub mod login;
pub mod password;
mod places;
pub mod policy;
pub mod push;
pub mod rights;
#[cfg(test)]
mod rights_tests;
pub mod seal;
pub mod second;
pub mod session;
pub mod signature;
pub mod signins;
pub mod truth;
pub mod vault;

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
pub use zeroize::Zeroizing;

use crate::model::Problem;

/// Why something here could not be done.
#[derive(Debug)]
pub enum AccessError {
    /// It is refused, in words.
    Refused(Problem),
    /// The disk did not do as asked.
    Disk { path: PathBuf, error: io::Error },
}

/// What comes of most calls here.
pub type Result<T> = std::result::Result<T, AccessError>;

impl From<Problem> for AccessError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> AccessError + '_ {
    |error| AccessError::Disk { path: path.to_owned(), error }
}

/// Random bytes of the system; without them no secret is made.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AccessError::Disk {
        path: PathBuf::from("/dev/urandom"),
        error: io::Error::other(error.to_string()),
    })?;
    Ok(bytes)
}

/// What is kept of a random secret: enough to know it again, not enough to use it.
pub fn fingerprint(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Asks on the terminal without showing what is typed.
pub fn ask(prompt: &str) -> io::Result<Zeroizing<String>> {
    rpassword::prompt_password(prompt).map(Zeroizing::new)
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in letters that people can read out (RFC 4648, no padding).
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(ALPHABET[((bits >> held) & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(char::from(ALPHABET[((bits << (5 - held)) & 31) as usize]));
    }
    text
}

/// The bytes of such letters; `None` where it is something else.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        bits = (bits << 5) | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 255).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

/// A text in groups of six, for people who copy it from paper.
pub fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(6).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_bytes() {
        // The examples of RFC 4648, without their padding.
        for (bytes, letters) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), letters);
            assert_eq!(from_base32(letters).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(from_base32("M1"), None);
        assert_eq!(grouped("ABCDEFGHIJKLMN"), "ABCDEF-GHIJKL-MN");
    }
}
