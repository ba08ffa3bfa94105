//! Ids that the program gives: three letters of the type and twelve random ones from k to z, and
//! six of these for a row.
//!
//! The sixteen letters hold four random bits each, read as no digit, and spell no vowel but `o`
//! and `u`. The randomness comes from the caller.

use super::bad;
use crate::model::Problem;

/// Random letters of a record's id.
pub const ID_LETTERS: usize = 12;

/// Letters of a row's id.
pub const ROW_LETTERS: usize = 6;

const PREFIX_LETTERS: usize = 3;

/// The id of a new record: `new_id("cus", …)` gives `cus_kwzrmlnopqst`.
#[must_use]
pub fn new_id(prefix: &str, random: &[u8; ID_LETTERS]) -> String {
    format!("{prefix}_{}", letters(random))
}

/// The id of a new row.
#[must_use]
pub fn new_row_id(random: &[u8; ROW_LETTERS]) -> String {
    letters(random)
}

/// Whether the text is the id of a record.
#[must_use]
pub fn is_id(text: &str) -> bool {
    parts(text).is_some()
}

/// Whether the text is the id of a row.
#[must_use]
pub fn is_row_id(text: &str) -> bool {
    text.len() == ROW_LETTERS && is_random(text)
}

/// The letters of the type: `cus` of `cus_kwzrmlnopqst`.
#[must_use]
pub fn prefix_of(id: &str) -> Option<&str> {
    parts(id).map(|(prefix, _)| prefix)
}

/// The folder inside that of the type: `kw` of `cus_kwzrmlnopqst`.
#[must_use]
pub fn shard_of(id: &str) -> Option<&str> {
    parts(id).map(|(_, random)| &random[..2])
}

/// The full id of a record.
///
/// # Errors
/// `bad-id`.
pub fn parse_id(text: &str) -> Result<String, Problem> {
    let id = text.trim();
    if is_id(id) { Ok(id.to_owned()) } else { Err(bad("bad-id", text, "form")) }
}

fn letters(random: &[u8]) -> String {
    random.iter().map(|byte| char::from(b'k' + byte % 16)).collect()
}

fn parts(id: &str) -> Option<(&str, &str)> {
    let (prefix, random) = id.split_once('_')?;
    let is_prefix = prefix.len() == PREFIX_LETTERS && prefix.bytes().all(|b| b.is_ascii_lowercase());
    (is_prefix && random.len() == ID_LETTERS && is_random(random)).then_some((prefix, random))
}

fn is_random(text: &str) -> bool {
    text.bytes().all(|b| (b'k'..=b'z').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_random_byte_becomes_a_letter_from_k_to_z() {
        let random = [0, 1, 14, 15, 16, 31, 128, 255, 7, 8, 9, 10];
        let id = new_id("cus", &random);
        assert_eq!(id, "cus_klyzkzkzrstu");
        assert!(is_id(&id));
        assert_eq!(new_row_id(&[0, 1, 2, 3, 4, 255]), "klmnoz");
        assert!(is_row_id("klmnoz"));
    }

    #[test]
    fn an_id_names_its_type_and_its_folder() {
        assert_eq!(prefix_of("cus_kwzrmlnopqst"), Some("cus"));
        assert_eq!(shard_of("cus_kwzrmlnopqst"), Some("kw"));
        assert_eq!(prefix_of("li.na"), None);
    }

    #[test]
    fn what_only_looks_like_an_id_is_refused() {
        for text in [
            "",
            "cus_",
            "cus_kwzrmlnopqs",
            "cus_kwzrmlnopqstk",
            "cus_awzrmlnopqst",
            "CUS_kwzrmlnopqst",
            "cu_kwzrmlnopqst",
            "cus-kwzrmlnopqst",
            "cus_KWZRMLNOPQST",
            "../_kwzrmlnopqst",
        ] {
            assert!(!is_id(text), "{text}");
            assert_eq!(parse_id(text).map_err(|p| p.id), Err("bad-id"));
        }
        assert!(!is_row_id("abcdef"));
        assert!(!is_row_id("klmno"));
        assert_eq!(parse_id(" cus_kwzrmlnopqst "), Ok("cus_kwzrmlnopqst".to_owned()));
    }
}
