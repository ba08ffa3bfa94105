//! Amounts of money with exactly the minor digits of their currency, and unit prices with those
//! up to six.
//!
//! Deliberately absent: the currency itself, which is a field of the record beside the amount.

use rust_decimal::Decimal;

use super::bad;
use super::decimal::{format_fixed, read};
use super::exact::{self, MAX_DECIMALS};
use crate::model::Problem;

/// An amount with exactly so many decimals; missing ones are added, zeros too many dropped.
///
/// # Errors
/// `bad-money` with reason `form`, `decimals` or `range`.
pub fn parse_money(text: &str, digits: u32) -> Result<Decimal, Problem> {
    let amount = read(text).map_err(|reason| bad("bad-money", text, reason))?;
    let minor = to_minor(amount, digits).map_err(|problem| {
        let reason = problem.get("reason").unwrap_or("range");
        let reason = if reason == "decimals" { "decimals" } else { "range" };
        bad("bad-money", text, reason).arg("digits", digits)
    })?;
    Ok(from_minor(minor, digits))
}

/// A unit price: at least the minor digits, at most six decimals, not negative.
///
/// # Errors
/// `bad-money` with reason `form`, `decimals`, `range` or `negative`.
pub fn parse_price(text: &str, digits: u32) -> Result<Decimal, Problem> {
    let price = read(text).map_err(|reason| bad("bad-money", text, reason))?;
    if price.is_sign_negative() {
        return Err(bad("bad-money", text, "negative"));
    }
    exact::minor(price, MAX_DECIMALS).map_err(|_| bad("bad-money", text, "range"))?;
    let mut price = price.normalize();
    if price.scale() < digits {
        price.rescale(digits);
    }
    Ok(price)
}

/// A unit price as the file holds it: without trailing zeros beyond the minor digits.
#[must_use]
pub fn format_price(price: Decimal, digits: u32) -> String {
    let scale = price.normalize().scale();
    format_fixed(price, scale.max(digits))
}

/// The amount in minor units, exactly.
///
/// # Errors
/// `bad-money` with reason `decimals` when it has a fraction of a minor unit, `range` when it
/// does not fit.
pub fn to_minor(amount: Decimal, digits: u32) -> Result<i64, Problem> {
    let refuse = |reason| bad("bad-money", &amount.to_string(), reason);
    if amount.normalize().scale() > digits {
        return Err(refuse("decimals"));
    }
    let minor = exact::minor(amount, digits).map_err(|_| refuse("range"))?;
    i64::try_from(minor).map_err(|_| refuse("range"))
}

/// The amount that so many minor units are.
#[must_use]
pub fn from_minor(minor: i64, digits: u32) -> Decimal {
    exact::decimal(i128::from(minor), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_exactly_the_minor_digits() {
        for (text, digits, expected) in [
            ("12", 2, "12.00"),
            ("12.5", 2, "12.50"),
            ("12.500", 2, "12.50"),
            ("-12.34", 2, "-12.34"),
            ("1044", 0, "1044"),
            ("1044.0", 0, "1044"),
            ("1.234", 3, "1.234"),
            ("-0", 2, "0.00"),
        ] {
            let amount = parse_money(text, digits).expect(text);
            assert_eq!(amount.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn a_fraction_of_a_minor_unit_is_refused() {
        for (text, digits, reason) in [
            ("12.345", 2, "decimals"),
            ("1.5", 0, "decimals"),
            ("1,000.00", 2, "form"),
            ("1000000000000000000000000000", 2, "range"),
        ] {
            let problem = parse_money(text, digits).expect_err(text);
            assert_eq!(problem.id, "bad-money");
            assert_eq!(problem.get("value"), Some(text));
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }

    #[test]
    fn minor_units_are_exact_both_ways() {
        assert_eq!(to_minor(Decimal::new(1_234, 2), 2), Ok(1_234));
        assert_eq!(to_minor(Decimal::new(5, 0), 3), Ok(5_000));
        assert_eq!(from_minor(-5, 2).to_string(), "-0.05");
        assert_eq!(to_minor(from_minor(i64::MAX, 2), 2), Ok(i64::MAX));
        assert!(to_minor(Decimal::new(12_345, 3), 2).is_err());
    }

    #[test]
    fn a_price_has_the_minor_digits_up_to_six() {
        for (text, expected) in
            [("209800", "209800.00"), ("0.123456", "0.123456"), ("0.1200", "0.12"), ("0", "0.00")]
        {
            let price = parse_price(text, 2).expect(text);
            assert_eq!(price.to_string(), expected);
            assert_eq!(format_price(price, 2), expected);
        }
        assert!(parse_price("-1", 2).is_err());
        assert!(parse_price("1.1234567", 2).is_err());
        assert!(parse_price("1000000000000000000000000000", 2).is_err());
    }
}
