//! Exact arithmetic below the money types: whole millionths and whole minor units in `i128`,
//! and one division that rounds once, half away from zero.
//!
//! A chain of decimal operations would round a little at every step and quietly more so for large
//! numbers; here nothing is rounded before the end, and what does not fit is a [`Problem`].

use rust_decimal::Decimal;

use crate::model::Problem;

/// Decimals that a quantity, price, rate or percent can have.
pub const MAX_DECIMALS: u32 = 6;

/// Millionths in one.
pub const MICRO: i128 = 1_000_000;

/// Decimal places that fit an amount at all; no currency has more than four.
const MAX_DIGITS: u32 = 18;

/// Largest amount in minor units, either sign.
const LARGEST: i128 = i64::MAX as i128;

/// The problem of a number that leaves the range of amounts.
#[must_use]
pub fn too_large() -> Problem {
    Problem::invalid("amount-too-large")
}

/// Ten to a power that an amount can need.
///
/// # Errors
/// `amount-too-large` for a power that no amount needs.
pub fn power_of_ten(exponent: u32) -> Result<i128, Problem> {
    if exponent > MAX_DIGITS {
        return Err(too_large());
    }
    Ok(10_i128.pow(exponent))
}

/// The number in millionths.
///
/// # Errors
/// `bad-decimal` for more than six decimals, `amount-too-large` beyond the range.
pub fn micros(value: Decimal) -> Result<i128, Problem> {
    let value = value.normalize();
    let Some(missing) = MAX_DECIMALS.checked_sub(value.scale()) else {
        return Err(super::bad("bad-decimal", &value.to_string(), "decimals"));
    };
    product(&[value.mantissa(), power_of_ten(missing)?]).map_err(|problem| problem.arg("value", value))
}

/// The number in units of `10^-digits`, rounded half away from zero.
///
/// # Errors
/// `amount-too-large` beyond the range.
pub fn minor(value: Decimal, digits: u32) -> Result<i128, Problem> {
    let rounded = super::round_half_up(value, digits);
    power_of_ten(digits)
        .and_then(|units| product(&[rounded.mantissa(), units]))
        .and_then(|units| divide(units, power_of_ten(rounded.scale())?))
        .map_err(|problem| problem.arg("value", value))
}

/// The decimal number that so many minor units are.
///
/// # Panics
/// For more decimals than a decimal number can have, which no currency does.
#[must_use]
pub fn decimal(minor: i128, digits: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(minor, digits)
        .expect("amounts fit 64 bits, and scales are the minor digits of a currency")
}

/// The product of all factors.
///
/// # Errors
/// `amount-too-large` when it does not fit.
pub fn product(factors: &[i128]) -> Result<i128, Problem> {
    factors.iter().try_fold(1_i128, |all, factor| all.checked_mul(*factor)).ok_or_else(too_large)
}

/// The sum, as an amount.
///
/// # Errors
/// `amount-too-large` when it leaves the range.
pub fn sum(terms: impl IntoIterator<Item = i128>) -> Result<i128, Problem> {
    terms.into_iter().try_fold(0_i128, i128::checked_add).ok_or_else(too_large).and_then(in_range)
}

/// The quotient, rounded once: half away from zero.
///
/// # Errors
/// `amount-too-large` when it leaves the range of amounts, or for a divisor that is not positive.
pub fn divide(numerator: i128, divisor: i128) -> Result<i128, Problem> {
    if divisor <= 0 {
        return Err(too_large());
    }
    let (whole, rest) = (numerator / divisor, (numerator % divisor).abs());
    let away = i128::from(rest >= divisor - rest) * numerator.signum();
    in_range(whole + away)
}

fn in_range(amount: i128) -> Result<i128, Problem> {
    if (-LARGEST..=LARGEST).contains(&amount) { Ok(amount) } else { Err(too_large()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_rounds_away_from_zero() {
        for (numerator, divisor, expected) in
            [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (5, 3, 2), (-5, 3, -2), (0, 7, 0), (6, 3, 2)]
        {
            assert_eq!(divide(numerator, divisor), Ok(expected), "{numerator}/{divisor}");
        }
    }

    #[test]
    fn what_does_not_fit_is_a_problem() {
        assert_eq!(divide(i128::MAX, 1), Err(too_large()));
        assert_eq!(divide(1, 0), Err(too_large()));
        assert_eq!(product(&[i128::MAX, 2]), Err(too_large()));
        assert_eq!(sum([LARGEST, 1]), Err(too_large()));
        assert_eq!(minor(Decimal::MAX, 2).map_err(|p| p.id), Err("amount-too-large"));
        assert_eq!(micros(Decimal::new(1, 7)).map_err(|p| p.id), Err("bad-decimal"));
    }

    #[test]
    fn the_ends_of_the_range_are_amounts() {
        assert_eq!(decimal(LARGEST, 2).to_string(), "92233720368547758.07");
        assert_eq!(minor(decimal(-LARGEST, 2), 2), Ok(-LARGEST));
    }
}
