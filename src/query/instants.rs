//! Moments: a day of the date language, a day with a time, or a stretch back from now.
//!
//! Deliberately absent: the zone database. A time without an offset stays [`Instant::Local`],
//! for only the caller knows which offset the company's zone has on that day; fractions of a
//! second are dropped, because instants are whole seconds.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::calendar::{Clock, FIRST, LAST};
use super::dates::{parse_day, signed_count};
use super::misread::bad_date;
use crate::model::Problem;

/// A moment, as exact as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// A day without a time.
    Day(NaiveDate),
    /// A time on the wall clock of the report zone.
    Local(NaiveDateTime),
    /// A time with its offset.
    Exact(DateTime<FixedOffset>),
}

impl Instant {
    /// The moment at an offset; a day begins at midnight.
    #[must_use]
    pub fn at(self, offset: FixedOffset) -> DateTime<FixedOffset> {
        let local = match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Local(local) => local,
            Self::Exact(exact) => return exact.with_timezone(&offset),
        };
        DateTime::from_naive_utc_and_offset(local - offset, offset)
    }

    /// The day it lies in at an offset.
    #[must_use]
    pub fn day(self, offset: FixedOffset) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Local(_) | Self::Exact(_) => self.at(offset).date_naive(),
        }
    }
}

/// Reads a moment: `2026-03-01`, `2026-03-01T10:20`, `2026-03-01 10:20:30+08:00`,
/// `tomorrow 09:00`, `now`, `-2h`, `3 hours ago`, `in 30 minutes`.
///
/// # Errors
/// `bad-date`, `ambiguous-date`, `not-a-day`.
pub fn parse_instant(text: &str, clock: &Clock) -> Result<Instant, Problem> {
    read(text, clock).map(|(instant, _)| instant)
}

/// A moment, and for how many seconds it lasts as it was written: a time without seconds
/// is the whole minute.
pub(super) fn read(text: &str, clock: &Clock) -> Result<(Instant, i64), Problem> {
    let text = text.trim();
    if let Some(instant) = from_now(text, clock) {
        return Ok((Instant::Exact(instant), 1));
    }
    let Some((day, time)) = split_time(text) else {
        return parse_day(text, clock).map(|day| (Instant::Day(day), 24 * 60 * 60));
    };
    let day = parse_day(day, clock)?;
    read_time(time, day).ok_or_else(|| bad_date(text))
}

fn from_now(text: &str, clock: &Clock) -> Option<DateTime<FixedOffset>> {
    let now = clock.now.with_nanosecond(0)?;
    let text = text.to_lowercase();
    if text == "now" || text == "现在" {
        return Some(now);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let (count, unit) = signed_count(&text)?;
    let change = match unit {
        "h" | "hour" => TimeDelta::try_hours(count)?,
        "minute" => TimeDelta::try_minutes(count)?,
        _ => return None,
    };
    let moment = now.checked_add_signed(change)?;
    (FIRST..=LAST).contains(&moment.date_naive()).then_some(moment)
}

/// The words before a time of day, and the time with what follows it.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let hour_at = text.find(':')?.checked_sub(2)?;
    let (day, time) = text.split_at_checked(hour_at)?;
    let day = match day.strip_suffix(['T', 't']) {
        Some(date) if date.ends_with(|c: char| c.is_ascii_digit()) => date,
        Some(_) => return None,
        None => day.strip_suffix(' ')?,
    };
    Some((day, time))
}

/// `10:20`, with seconds and an offset where they are given.
fn read_time(text: &str, day: NaiveDate) -> Option<(Instant, i64)> {
    let offset_at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, offset) = text.split_at_checked(offset_at)?;
    let mut parts = time.trim_end().split(':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let second = parts.next().map(whole_seconds);
    if parts.next().is_some() {
        return None;
    }
    let lasts = if second.is_some() { 1 } else { 60 };
    let local = day.and_hms_opt(hour, minute, second.unwrap_or(Some(0))?)?;
    if offset.is_empty() {
        return Some((Instant::Local(local), lasts));
    }
    let offset = read_offset(offset)?;
    let exact = DateTime::from_naive_utc_and_offset(local.checked_sub_offset(offset)?, offset);
    Some((Instant::Exact(exact), lasts))
}

fn whole_seconds(text: &str) -> Option<u32> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| two_digits(seconds))?
}

/// `Z`, `+08:00`, `+0800`, `+08`.
fn read_offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_at_checked(2)?;
    let minutes = match minutes.strip_prefix(':').unwrap_or(minutes) {
        "" if minutes.is_empty() => 0,
        minutes => two_digits(minutes).filter(|minutes| *minutes < 60)?,
    };
    let seconds = i32::try_from(two_digits(hours)? * 3600 + minutes * 60).ok()?;
    FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds })
}

fn two_digits(text: &str) -> Option<u32> {
    let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::{clock, day};
    use super::*;

    const NOW: &str = "2026-03-04T09:30:15+08:00";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let clock = clock(NOW);
        let got = parse_instant(text, &clock).expect(text);
        let shown = match got {
            Instant::Day(day) => day.to_string(),
            Instant::Local(local) => local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            Instant::Exact(exact) => exact.to_rfc3339(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn a_day_stays_a_day() {
        check("2026-03-01", "2026-03-01");
        check("tomorrow", "2026-03-05");
        check("3 days ago", "2026-03-01");
        check("-1m", "2026-02-04");
    }

    #[test]
    fn a_time_without_offset_is_local() {
        check("2026-03-01T10:20", "2026-03-01T10:20:00");
        check("2026-03-01t10:20:30", "2026-03-01T10:20:30");
        check("2026-03-01 10:20", "2026-03-01T10:20:00");
        check("2026-03-01  10:20:30.999", "2026-03-01T10:20:30");
        check("tomorrow 09:00", "2026-03-05T09:00:00");
        check("Fri 23:59", "2026-03-06T23:59:00");
        check("明天 09:00", "2026-03-05T09:00:00");
    }

    #[test]
    fn an_offset_makes_it_exact() {
        check("2026-03-01T10:20Z", "2026-03-01T10:20:00+00:00");
        check("2026-03-01T10:20:30+08:00", "2026-03-01T10:20:30+08:00");
        check("2026-03-01 10:20:30 +0800", "2026-03-01T10:20:30+08:00");
        check("2026-03-01T10:20-03:30", "2026-03-01T10:20:00-03:30");
        check("2026-03-01T10:20+08", "2026-03-01T10:20:00+08:00");
    }

    #[test]
    fn hours_and_minutes_count_from_now() {
        check("now", "2026-03-04T09:30:15+08:00");
        check("现在", "2026-03-04T09:30:15+08:00");
        check("-10h", "2026-03-03T23:30:15+08:00");
        check("2 hours ago", "2026-03-04T07:30:15+08:00");
        check("in 30 minutes", "2026-03-04T10:00:15+08:00");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "10:20",
            "T10:20",
            "2026-03-01T",
            "2026-03-01T24:00",
            "2026-03-01T10:60",
            "2026-03-01T10:20:60",
            "2026-03-01T1:20",
            "2026-03-01T10:20:30:40",
            "2026-03-01T10:20+8",
            "2026-03-01T10:20+08:60",
            "2026-03-01T10:20+24:00",
            "2026-03-01T10:20+08:",
            "2026-03-01T10:20 CST",
            "2026-03-0110:20",
            "todayT10:20",
            "2026-03T10:20",
            "2026-03",
            "03/04/2026 10:20",
            "2026-03-01T10:20:30.",
            "99999999999h",
            "-99999999h",
            "一:二",
            "é1:20",
            ":",
            "::",
        ] {
            assert!(parse_instant(text, &clock(NOW)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_moment_lies_in_the_day_of_the_offset() {
        let clock = clock(NOW);
        let moment = parse_instant("2026-03-01T20:00Z", &clock).expect("a moment");
        assert_eq!(moment.day(*clock.now.offset()), day("2026-03-02"));
        let moment = parse_instant("2026-03-01", &clock).expect("a day");
        assert_eq!(moment.at(*clock.now.offset()).to_rfc3339(), "2026-03-01T00:00:00+08:00");
        let moment = parse_instant("2026-03-01 20:00", &clock).expect("a moment");
        assert_eq!(moment.at(*clock.now.offset()).to_rfc3339(), "2026-03-01T20:00:00+08:00");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(\\PC{0,6}|9999-12-31[ Tt])[0-9:.+Zz -]{0,14}") {
            if let Ok(instant) = parse_instant(&text, &clock(NOW)) {
                let _ = instant.at(*clock(NOW).now.offset());
            }
        }
    }
}
