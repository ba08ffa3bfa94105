//! Lengths of time: `30m`, `4h`, `2d`, `2w`.
//!
//! Deliberately absent: a common unit of all of them. A day is a calendar day, which has no fixed
//! number of hours; only minutes and hours measure working time.

use std::fmt;

use super::bad;
use crate::model::Problem;

/// Digits that a length can have; keeps every sum of lengths far inside 64 bits.
const LONGEST: usize = 6;

/// The unit of a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Calendar days.
    Days,
    /// Weeks of seven calendar days.
    Weeks,
}

/// A length of time in the unit it was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Duration {
    /// Its minutes, unless it counts days or weeks.
    #[must_use]
    pub fn minutes(self) -> Option<u32> {
        match self.unit {
            Unit::Minutes => Some(self.count),
            Unit::Hours => Some(self.count * 60),
            Unit::Days | Unit::Weeks => None,
        }
    }

    /// Its calendar days, unless it counts minutes or hours.
    #[must_use]
    pub fn days(self) -> Option<u32> {
        match self.unit {
            Unit::Minutes | Unit::Hours => None,
            Unit::Days => Some(self.count),
            Unit::Weeks => Some(self.count * 7),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.unit {
            Unit::Minutes => 'm',
            Unit::Hours => 'h',
            Unit::Days => 'd',
            Unit::Weeks => 'w',
        };
        write!(f, "{}{letter}", self.count)
    }
}

/// A length of time: a number and one of `m`, `h`, `d`, `w`.
///
/// # Errors
/// `bad-duration` with reason `form`, `unit` or `range`.
pub fn parse_duration(text: &str) -> Result<Duration, Problem> {
    let refuse = |reason| bad("bad-duration", text, reason);
    let trimmed = text.trim();
    let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let (count, unit) = trimmed.split_at(end);
    if count.is_empty() {
        return Err(refuse("form"));
    }
    let unit = match unit {
        "m" => Unit::Minutes,
        "h" => Unit::Hours,
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        _ => return Err(refuse("unit")),
    };
    let digits = count.trim_start_matches('0');
    if digits.len() > LONGEST {
        return Err(refuse("range"));
    }
    let count = count.parse().map_err(|_| refuse("range"))?;
    Ok(Duration { count, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_keeps_its_unit() {
        for (text, expected) in [
            ("30m", "30m"),
            ("4h", "4h"),
            ("2d", "2d"),
            ("2w", "2w"),
            (" 015m ", "15m"),
            ("0d", "0d"),
            ("999999w", "999999w"),
        ] {
            let duration = parse_duration(text).expect(text);
            assert_eq!(duration.to_string(), expected);
        }
    }

    #[test]
    fn only_minutes_and_hours_are_working_time() {
        let minutes = |text| parse_duration(text).expect("a length").minutes();
        let days = |text| parse_duration(text).expect("a length").days();
        assert_eq!((minutes("4h"), days("4h")), (Some(240), None));
        assert_eq!((minutes("30m"), days("30m")), (Some(30), None));
        assert_eq!((minutes("2d"), days("2d")), (None, Some(2)));
        assert_eq!((minutes("2w"), days("2w")), (None, Some(14)));
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, reason) in [
            ("", "form"),
            ("m", "form"),
            ("-1d", "form"),
            ("1.5h", "unit"),
            ("1h30m", "unit"),
            ("30", "unit"),
            ("30s", "unit"),
            ("4H", "unit"),
            ("1000000d", "range"),
            ("99999999999999999999m", "range"),
        ] {
            let problem = parse_duration(text).expect_err(text);
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }
}
