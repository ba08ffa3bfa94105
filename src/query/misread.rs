//! What a text that is no date might have meant.
//!
//! Day and month are never guessed: the readings are named and the person chooses.

use chrono::NaiveDate;

use super::dates::{digits, words};
use super::nearest::nearest;
use crate::model::Problem;

/// Says what a text that is no date might have meant.
pub(super) fn bad_date(text: &str) -> Problem {
    let mut readings: Vec<String> = readings(text).iter().map(NaiveDate::to_string).collect();
    let id = if readings.len() > 1 { "ambiguous-date" } else { "bad-date" };
    if readings.is_empty() {
        readings = nearest(text, &words().collect::<Vec<_>>());
    }
    Problem::usage(id).arg("value", text).candidates(readings).hint("dates-help")
}

/// The days that three numbers could be.
fn readings(text: &str) -> Vec<NaiveDate> {
    let compact = |range| text.get(range).unwrap_or_default();
    let parts: Vec<&str> = if text.len() == 8 && digits(text).is_some() {
        vec![compact(0..4), compact(4..6), compact(6..8)]
    } else {
        text.trim_end_matches('日').split(['/', '.', '-', '年', '月']).map(str::trim).collect()
    };
    let &[a, b, c] = parts.as_slice() else {
        return Vec::new();
    };
    let date = |year: &str, month: &str, day: &str| {
        let year = i32::try_from(digits(year)?).ok()?;
        NaiveDate::from_ymd_opt(year, digits(month)?, digits(day)?)
    };
    let mut found: Vec<NaiveDate> = match (a.len(), c.len()) {
        (4, _) => date(a, b, c).into_iter().collect(),
        (_, 4) => [date(c, a, b), date(c, b, a)].into_iter().flatten().collect(),
        _ => Vec::new(),
    };
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::clock;
    use super::super::dates::parse_day;

    #[track_caller]
    fn refused(text: &str, id: &str, candidates: &[&str]) {
        let problem = parse_day(text, &clock("2026-03-04T09:30:00+08:00")).expect_err(text);
        assert_eq!(problem.id, id, "{text}");
        assert_eq!(problem.candidates, candidates, "{text}");
        assert_eq!(problem.hint, Some("dates-help"), "{text}");
        assert!(problem.get("value").is_some(), "{text}");
    }

    #[test]
    fn a_date_with_two_readings_is_refused_with_both_named() {
        refused("03/04/2026", "ambiguous-date", &["2026-03-04", "2026-04-03"]);
        refused("3.4.2026", "ambiguous-date", &["2026-03-04", "2026-04-03"]);
    }

    #[test]
    fn a_date_with_one_reading_is_refused_with_it_named() {
        refused("13/04/2026", "bad-date", &["2026-04-13"]);
        refused("04/04/2026", "bad-date", &["2026-04-04"]);
        refused("2026/03/01", "bad-date", &["2026-03-01"]);
        refused("2026-3-1", "bad-date", &["2026-03-01"]);
        refused("20260301", "bad-date", &["2026-03-01"]);
        refused("2026年3月1日", "bad-date", &["2026-03-01"]);
        refused("tomorow", "bad-date", &["tomorrow"]);
    }
}
