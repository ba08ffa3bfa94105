//! Instants, as files hold them: whole seconds with an offset.

use chrono::{DateTime, FixedOffset, NaiveDateTime, NaiveTime, SecondsFormat};

use super::bad;
use super::day::{self, numbers};
use crate::model::Problem;

const DAY_LENGTH: usize = "2026-03-01".len();
const TIME_END: usize = "2026-03-01T09:00:00".len();

/// An instant `2026-03-01T09:00:00+08:00`; `Z` is the offset `+00:00`.
///
/// # Errors
/// `bad-instant` with reason `form` for another notation, `offset` without one, `range` for a
/// time that does not exist.
pub fn parse_instant(text: &str) -> Result<DateTime<FixedOffset>, Problem> {
    read(text.trim()).map_err(|reason| bad("bad-instant", text, reason))
}

/// The instant as a file holds it.
#[must_use]
pub fn format_instant(instant: DateTime<FixedOffset>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn read(text: &str) -> Result<DateTime<FixedOffset>, &'static str> {
    let (day, rest) = text.split_at_checked(DAY_LENGTH).ok_or("form")?;
    let (time, offset) = rest.split_at_checked(TIME_END - DAY_LENGTH).ok_or("form")?;
    let day = day::read(day)?;
    let time = numbers(time.strip_prefix('T').ok_or("form")?, b"00:00:00").ok_or("form")?;
    let time = match time[..] {
        [hour, minute, second] => NaiveTime::from_hms_opt(hour, minute, second).ok_or("range")?,
        _ => return Err("form"),
    };
    NaiveDateTime::new(day, time).and_local_timezone(read_offset(offset)?).single().ok_or("range")
}

fn read_offset(text: &str) -> Result<FixedOffset, &'static str> {
    let (east, offset) = match text.split_at_checked(1) {
        _ if text.is_empty() => return Err("offset"),
        Some(("Z", "")) => (true, "00:00"),
        Some(("+", offset)) => (true, offset),
        Some(("-", offset)) => (false, offset),
        _ => return Err("form"),
    };
    let [hours, minutes] = numbers(offset, b"00:00").ok_or("form")?[..] else {
        return Err("form");
    };
    if hours > 23 || minutes > 59 {
        return Err("range");
    }
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).map_err(|_| "range")?;
    FixedOffset::east_opt(if east { seconds } else { -seconds }).ok_or("range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back_as_it_was_written() {
        for text in ["2026-03-01T09:00:00+08:00", "2026-12-31T23:59:59-03:30", "2026-01-01T00:00:00+00:00"] {
            assert_eq!(parse_instant(text).map(format_instant), Ok(text.to_owned()));
        }
        let zulu = parse_instant("2026-01-01T00:00:00Z").map(format_instant);
        assert_eq!(zulu, Ok("2026-01-01T00:00:00+00:00".to_owned()));
    }

    #[test]
    fn equal_instants_of_two_zones_are_equal() {
        let here = parse_instant("2026-03-01T09:00:00+08:00").expect("an instant");
        let there = parse_instant("2026-03-01T01:00:00Z").expect("an instant");
        assert_eq!(here, there);
    }

    #[test]
    fn other_notations_and_times_that_do_not_exist_are_refused() {
        for (text, reason) in [
            ("", "form"),
            ("2026-03-01", "form"),
            ("2026-03-01 09:00:00+08:00", "form"),
            ("2026-03-01T09:00+08:00", "form"),
            ("2026-03-01T09:00:00", "offset"),
            ("2026-03-01T09:00:00.5+08:00", "form"),
            ("2026-03-01T09:00:00+0800", "form"),
            ("2026-03-01T09:00:00z", "form"),
            ("2026-02-30T09:00:00+08:00", "range"),
            ("2026-03-01T24:00:00+08:00", "range"),
            ("2026-03-01T09:00:60+08:00", "range"),
            ("2026-03-01T09:00:00+24:00", "range"),
            ("2026-03-01T09:00:00+08:60", "range"),
            ("二〇二六年三月一日上午九点整", "form"),
        ] {
            let problem = parse_instant(text).expect_err(text);
            assert_eq!(problem.id, "bad-instant");
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
    }
}
