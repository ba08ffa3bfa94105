//! Percentages: `13` is 13 %.

use rust_decimal::Decimal;

use super::bad;
use super::decimal::read;
use crate::model::Problem;

/// A percentage from 0 to 100; a percent sign is allowed.
///
/// # Errors
/// `bad-percent` with reason `form`, `decimals` or `range`.
pub fn parse_percent(text: &str) -> Result<Decimal, Problem> {
    parse_percent_between(text, Decimal::ZERO, Decimal::ONE_HUNDRED)
}

/// A percentage between two bounds, both included.
///
/// # Errors
/// `bad-percent` with reason `form`, `decimals` or `range`.
pub fn parse_percent_between(text: &str, min: Decimal, max: Decimal) -> Result<Decimal, Problem> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix(['%', '％']).unwrap_or(trimmed);
    let percent = read(number).map_err(|reason| bad("bad-percent", text, reason))?;
    if percent < min || percent > max {
        return Err(bad("bad-percent", text, "range").arg("min", min).arg("max", max));
    }
    Ok(percent.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_normal_and_may_carry_its_sign() {
        for (text, expected) in
            [("13", "13"), ("13%", "13"), ("7.50 %", "7.5"), ("6％", "6"), ("0", "0"), ("100.00", "100")]
        {
            let percent = parse_percent(text).expect(text);
            assert_eq!(percent.to_string(), expected);
        }
    }

    #[test]
    fn a_percentage_outside_its_bounds_is_refused() {
        for (text, reason) in
            [("100.01", "range"), ("-1", "range"), ("%", "form"), ("13%%", "form"), ("1.1234567", "decimals")]
        {
            let problem = parse_percent(text).expect_err(text);
            assert_eq!(problem.id, "bad-percent");
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
        let wide = parse_percent_between("150", Decimal::ZERO, Decimal::ONE_THOUSAND);
        assert_eq!(wide, Ok(Decimal::from(150)));
    }
}
