//! Codes: the English words that stand for a choice in the file, labelled by the locale.
//!
//! Whether a code is on its list is not decided here: lists grow in the settings.

use super::bad;
use crate::model::Problem;

const LONGEST: usize = 64;

/// A code: ASCII letters, digits and `_`, beginning with a letter or digit.
///
/// # Errors
/// `bad-code` with reason `form` or `length`.
pub fn parse_code(text: &str) -> Result<String, Problem> {
    let code = text.trim();
    let in_code = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if code.is_empty() || code.starts_with('_') || !code.bytes().all(in_code) {
        return Err(bad("bad-code", text, "form"));
    }
    if code.len() > LONGEST {
        return Err(bad("bad-code", text, "length"));
    }
    Ok(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_snake_case_words_and_levels() {
        for code in ["not_needed", "A", "51_200", "m2"] {
            assert_eq!(parse_code(code), Ok(code.to_owned()));
        }
        assert_eq!(parse_code(" web "), Ok("web".to_owned()));
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in ["", "_a", "a b", "a-b", "直播", "a,b"] {
            assert_eq!(parse_code(text).map_err(|p| p.id), Err("bad-code"), "{text}");
        }
        let problem = parse_code(&"a".repeat(65)).expect_err("too long");
        assert_eq!(problem.get("reason"), Some("length"));
    }
}
