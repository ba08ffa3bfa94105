//! Whole numbers.

use super::bad;
use crate::model::Problem;

/// A whole number: an optional sign and digits.
///
/// # Errors
/// `bad-int` with reason `form` or `range`.
pub fn parse_int(text: &str) -> Result<i64, Problem> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad("bad-int", text, "form"));
    }
    trimmed.parse().map_err(|_| bad("bad-int", text, "range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read() {
        for (text, expected) in [("45", 45), ("+45", 45), (" -7 ", -7), ("007", 7)] {
            assert_eq!(parse_int(text), Ok(expected));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, reason) in [
            ("", "form"),
            ("+", "form"),
            ("1.0", "form"),
            ("1 000", "form"),
            ("0x10", "form"),
            ("9223372036854775808", "range"),
        ] {
            let problem = parse_int(text).expect_err(text);
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }
}
