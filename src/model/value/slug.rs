//! Slugs: ids that people choose.

use super::bad;
use crate::model::Problem;

const LONGEST: usize = 64;

/// A slug: ASCII letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 64.
///
/// # Errors
/// `bad-slug` with reason `form` or `length`.
pub fn parse_slug(text: &str) -> Result<String, Problem> {
    let slug = text.trim();
    let in_slug = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if !slug.starts_with(|c: char| c.is_ascii_alphanumeric()) || !slug.bytes().all(in_slug) {
        return Err(bad("bad-slug", text, "form"));
    }
    if slug.len() > LONGEST {
        return Err(bad("bad-slug", text, "length"));
    }
    Ok(slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_their_spelling() {
        for slug in ["li.na", "HAN-EV-610", "auto-show-2026", "7", &"a".repeat(64)] {
            assert_eq!(parse_slug(slug), Ok(slug.to_owned()));
        }
    }

    #[test]
    fn a_slug_cannot_leave_its_folder() {
        for text in ["", ".", "..", "../x", "a/b", "a\\b", "-x", "_x", "a b", "李娜", "a\0"] {
            assert_eq!(parse_slug(text).map_err(|p| p.id), Err("bad-slug"), "{text}");
        }
        let problem = parse_slug(&"a".repeat(65)).expect_err("too long");
        assert_eq!(problem.get("reason"), Some("length"));
    }
}
