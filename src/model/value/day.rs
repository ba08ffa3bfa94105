//! Days, as files hold them. Relative days such as `tomorrow` need a clock and are not read here.

use chrono::{Datelike, NaiveDate};

use super::bad;
use crate::model::Problem;

/// A day `2026-03-01`.
///
/// # Errors
/// `bad-day` with reason `form` for another notation, `range` for a day that does not exist.
pub fn parse_day(text: &str) -> Result<NaiveDate, Problem> {
    read(text.trim()).map_err(|reason| bad("bad-day", text, reason))
}

/// The day as a file holds it.
#[must_use]
pub fn format_day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// Reads a day, or says what is wrong with it as the reason word of a message.
pub(super) fn read(text: &str) -> Result<NaiveDate, &'static str> {
    let [year, month, day] = numbers(text, b"0000-00-00").ok_or("form")?[..] else {
        return Err("form");
    };
    if year == 0 {
        return Err("range");
    }
    i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).ok_or("range")
}

/// The numbers of a text that has a digit wherever the pattern has one, and the pattern's own
/// characters elsewhere.
pub(super) fn numbers(text: &str, pattern: &[u8]) -> Option<Vec<u32>> {
    let fits = |(have, want): (u8, &u8)| {
        if *want == b'0' { have.is_ascii_digit() } else { have == *want }
    };
    if text.len() != pattern.len() || !text.bytes().zip(pattern).all(fits) {
        return None;
    }
    text.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back_as_it_was_written() {
        for text in ["2026-03-01", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(parse_day(text).map(format_day), Ok(text.to_owned()));
        }
    }

    #[test]
    fn other_notations_and_days_that_do_not_exist_are_refused() {
        for (text, reason) in [
            ("", "form"),
            ("2026-3-1", "form"),
            ("2026/03/01", "form"),
            ("20260301", "form"),
            ("2026-03-01T00:00:00", "form"),
            ("+026-03-01", "form"),
            ("２026-03-01", "form"),
            ("2026-02-29", "range"),
            ("2026-13-01", "range"),
            ("2026-00-10", "range"),
            ("0000-01-01", "range"),
        ] {
            let problem = parse_day(text).expect_err(text);
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }
}
