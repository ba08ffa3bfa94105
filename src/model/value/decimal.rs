//! Decimal numbers: quantities, rates, anything that is neither money nor a percentage.
//!
//! Deliberately absent: grouping, exponents, decimal commas. A file in another notation is read
//! by the importer, which knows that it is one.

use rust_decimal::{Decimal, RoundingStrategy};

use super::bad;
use super::exact::MAX_DECIMALS;
use crate::model::Problem;

/// A decimal number with its scale as written: an optional sign, digits, at most six decimals.
///
/// # Errors
/// `bad-decimal` with reason `form`, `decimals` or `range`.
pub fn parse_decimal(text: &str) -> Result<Decimal, Problem> {
    read(text).map_err(|reason| bad("bad-decimal", text, reason))
}

/// A quantity: a decimal number that is not negative.
///
/// # Errors
/// `bad-decimal` as for any number, with reason `negative` below zero.
pub fn parse_quantity(text: &str) -> Result<Decimal, Problem> {
    match read(text) {
        Ok(quantity) if quantity.is_sign_negative() => Err(bad("bad-decimal", text, "negative")),
        other => other.map_err(|reason| bad("bad-decimal", text, reason)),
    }
}

/// Reads a number, or says what is wrong with it as the reason word of a message.
pub(super) fn read(text: &str) -> Result<Decimal, &'static str> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (unsigned, None),
    };
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !decimals.is_none_or(are_digits) {
        return Err("form");
    }
    if decimals.is_some_and(|decimals| decimals.len() > MAX_DECIMALS as usize) {
        return Err("decimals");
    }
    let mut number = Decimal::from_str_exact(text).map_err(|_| "range")?;
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    Ok(number)
}

/// Rounds half away from zero.
#[must_use]
pub fn round_half_up(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// The number without trailing zeros: `13`, `0.5`.
#[must_use]
pub fn format_plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The number rounded to exactly so many decimals: `13.00`.
#[must_use]
pub fn format_fixed(value: Decimal, digits: u32) -> String {
    let mut rounded = round_half_up(value, digits);
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    format!("{rounded:.*}", digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        parse_decimal(text).expect("a number")
    }

    #[test]
    fn a_number_keeps_its_scale() {
        for (text, expected) in [
            ("13", "13"),
            ("+13.50", "13.50"),
            ("-0.5", "-0.5"),
            (" 007.100000 ", "7.100000"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("1000000000000000000000000000", "1000000000000000000000000000"),
        ] {
            assert_eq!(number(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_number_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "form"),
            ("-", "form"),
            ("1e3", "form"),
            ("1,000", "form"),
            ("1_000", "form"),
            (".5", "form"),
            ("5.", "form"),
            ("--1", "form"),
            ("1.2.3", "form"),
            ("NaN", "form"),
            ("１２", "form"),
            ("0.1234567", "decimals"),
            ("1.0000000", "decimals"),
            ("99999999999999999999999999999999", "range"),
        ] {
            let problem = parse_decimal(text).expect_err(text);
            assert_eq!(problem.id, "bad-decimal");
            assert_eq!(problem.get("value"), Some(text));
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }

    #[test]
    fn a_quantity_is_not_negative() {
        assert_eq!(parse_quantity("-0").map(|q| q.to_string()), Ok("0".to_owned()));
        let problem = parse_quantity("-1").expect_err("negative");
        assert_eq!(problem.get("reason"), Some("negative"));
    }

    #[test]
    fn rounding_is_half_up_away_from_zero() {
        for (text, expected) in [
            ("2.345", "2.35"),
            ("-2.345", "-2.35"),
            ("2.344999", "2.34"),
            ("1.005", "1.01"),
            ("-0.004", "0.00"),
            ("7", "7.00"),
        ] {
            assert_eq!(format_fixed(number(text), 2), expected, "{text}");
        }
    }

    #[test]
    fn plain_numbers_have_no_trailing_zeros() {
        for (text, expected) in [("13.00", "13"), ("0.50", "0.5"), ("100", "100"), ("0.00", "0")] {
            assert_eq!(format_plain(number(text)), expected);
        }
    }
}
