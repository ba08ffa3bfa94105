//! The date language: what a word or number says about days.
//!
//! Every text means a span of days, most of them one day. Where a single day is wanted, a
//! longer span is refused with its first and last day named, unless the caller says which of
//! them is meant. A weekday is the nearest one on or after today. Deliberately absent:
//! ranges (`period`) and times of day (`instants`); spellings in which day and month
//! could be taken for each other.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use super::calendar::{Bucket, Clock, FIRST, LAST, Unit, add_months};
use super::misread::bad_date;
use crate::model::Problem;

type Days = (NaiveDate, NaiveDate);

/// Which day of a longer span stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The first day.
    First,
    /// The last day, as in `--as-of 2026-03`.
    Last,
}

/// One day; a text that names several is refused.
///
/// # Errors
/// `bad-date`, `ambiguous-date`, or `not-a-day` with the first and last day as candidates.
pub fn parse_day(text: &str, clock: &Clock) -> Result<NaiveDate, Problem> {
    let (first, last) = parse_days(text, clock)?;
    if first == last {
        return Ok(first);
    }
    Err(Problem::usage("not-a-day")
        .arg("value", text.trim())
        .candidates([first.to_string(), last.to_string()])
        .hint("dates-help"))
}

/// One day; of a text that names several, the first or the last.
///
/// # Errors
/// `bad-date`, `ambiguous-date`.
pub fn parse_day_at(text: &str, edge: Edge, clock: &Clock) -> Result<NaiveDate, Problem> {
    let (first, last) = parse_days(text, clock)?;
    Ok(match edge {
        Edge::First => first,
        Edge::Last => last,
    })
}

/// The first and last day that a text names.
pub(super) fn parse_days(text: &str, clock: &Clock) -> Result<Days, Problem> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let plain = words.join(" ");
    written(&plain, clock)
        // `last-month` needs no quotes.
        .or_else(|| named(&plain, clock).or_else(|| named(&plain.replace('-', " "), clock)))
        .or_else(|| relative(&plain, clock.today()))
        .filter(|(first, last)| FIRST <= *first && first <= last && *last <= LAST)
        .ok_or_else(|| bad_date(text.trim()))
}

/// `2026-03-01 2026-03 2026 2026H1 2026Q1 2026W09`.
fn written(text: &str, clock: &Clock) -> Option<Days> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = i32::try_from(digits(year)?).ok()?;
    if rest.is_empty() {
        return Unit::numbered(Bucket::Year, year, 1, clock)?.span();
    }
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let mut letters = rest.chars();
    let (kind, number) = (letters.next()?, letters.as_str());
    match (kind, number.len()) {
        ('h', 1) => Unit::numbered(Bucket::Half, year, digits(number)?, clock)?.span(),
        ('q', 1) => Unit::numbered(Bucket::Quarter, year, digits(number)?, clock)?.span(),
        ('w', 2) => {
            let monday = NaiveDate::from_isoywd_opt(year, digits(number)?, Weekday::Mon)?;
            Unit::of(monday, Bucket::Week, clock).span()
        }
        _ => month_or_day(text.get(4..)?, year, clock),
    }
}

/// `-03` or `-03-01`.
fn month_or_day(text: &str, year: i32, clock: &Clock) -> Option<Days> {
    let (month, day) = match text.len() {
        3 => (text.strip_prefix('-')?, None),
        6 => {
            let (month, day) = text.strip_prefix('-')?.split_once('-')?;
            (month, Some(day))
        }
        _ => return None,
    };
    if month.len() != 2 {
        return None;
    }
    let month = digits(month)?;
    match day {
        None => Unit::numbered(Bucket::Month, year, month, clock)?.span(),
        Some(day) => single(NaiveDate::from_ymd_opt(year, month, digits(day)?)),
    }
}

/// Words that stand for a unit of the calendar, and how many units away it is.
const NAMES: [(&str, Bucket, i32); 30] = [
    ("today", Bucket::Day, 0),
    ("yesterday", Bucket::Day, -1),
    ("tomorrow", Bucket::Day, 1),
    ("今天", Bucket::Day, 0),
    ("昨天", Bucket::Day, -1),
    ("明天", Bucket::Day, 1),
    ("前天", Bucket::Day, -2),
    ("后天", Bucket::Day, 2),
    ("本周", Bucket::Week, 0),
    ("这周", Bucket::Week, 0),
    ("上周", Bucket::Week, -1),
    ("下周", Bucket::Week, 1),
    ("本月", Bucket::Month, 0),
    ("这个月", Bucket::Month, 0),
    ("上月", Bucket::Month, -1),
    ("上个月", Bucket::Month, -1),
    ("下月", Bucket::Month, 1),
    ("下个月", Bucket::Month, 1),
    ("本季", Bucket::Quarter, 0),
    ("本季度", Bucket::Quarter, 0),
    ("上季", Bucket::Quarter, -1),
    ("上季度", Bucket::Quarter, -1),
    ("下季", Bucket::Quarter, 1),
    ("下季度", Bucket::Quarter, 1),
    ("今年", Bucket::Year, 0),
    ("本年", Bucket::Year, 0),
    ("去年", Bucket::Year, -1),
    ("明年", Bucket::Year, 1),
    ("前年", Bucket::Year, -2),
    ("后年", Bucket::Year, 2),
];

/// Every word that stands alone.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let names = NAMES.iter().map(|(name, ..)| *name);
    names.chain(WEEKDAYS.iter().map(|(name, _)| *name))
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

fn named(text: &str, clock: &Clock) -> Option<Days> {
    if let Some((_, bucket, away)) = NAMES.iter().find(|(name, ..)| *name == text) {
        return unit_away(*bucket, *away, clock);
    }
    if let Some(weekday) = weekday(text) {
        return single(on_or_after(clock.today(), weekday));
    }
    let (which, unit) = text.split_once(' ')?;
    let away = match which {
        "this" => 0,
        "last" => -1,
        "next" => 1,
        _ => return None,
    };
    let bucket = Bucket::from_name(unit).filter(|bucket| *bucket != Bucket::Day)?;
    unit_away(bucket, away, clock)
}

/// The unit around today or so many later; a week begins where the company's begins.
fn unit_away(bucket: Bucket, away: i32, clock: &Clock) -> Option<Days> {
    let today = clock.today();
    if bucket != Bucket::Week {
        return Unit::of(today, bucket, clock).shifted(away)?.span();
    }
    let into_week = today.weekday().days_since(clock.week_start);
    let first = add_days(today, i64::from(away) * 7 - i64::from(into_week))?;
    Some((first, add_days(first, 6)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    let english = WEEKDAYS.iter().find(|(name, _)| *name == text || name.get(..3) == Some(text));
    if let Some((_, weekday)) = english {
        return Some(*weekday);
    }
    let chinese = text.strip_prefix("周").or_else(|| text.strip_prefix("星期"))?;
    Some(match chinese {
        "一" => Weekday::Mon,
        "二" => Weekday::Tue,
        "三" => Weekday::Wed,
        "四" => Weekday::Thu,
        "五" => Weekday::Fri,
        "六" => Weekday::Sat,
        "日" | "天" => Weekday::Sun,
        _ => return None,
    })
}

fn on_or_after(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    add_days(day, i64::from(weekday.days_since(day.weekday())))
}

/// `3d -2w +1m 1y`, `3 days ago`, `in 2 weeks`.
fn relative(text: &str, today: NaiveDate) -> Option<Days> {
    let (count, unit) = signed_count(text)?;
    single(match unit {
        "d" | "day" => add_days(today, count),
        "w" | "week" => add_days(today, count.checked_mul(7)?),
        "m" | "month" => add_months(today, i32::try_from(count).ok()?),
        "y" | "year" => add_months(today, i32::try_from(count).ok()?.checked_mul(12)?),
        _ => None,
    })
}

/// The number and the unit, in the singular, of a relative time; before now is negative.
pub(super) fn signed_count(text: &str) -> Option<(i64, &str)> {
    if let Some(ago) = text.strip_suffix(" ago") {
        let (count, unit) = ago.split_once(' ')?;
        return Some((-count_of(count)?, spelled(unit)?));
    }
    if let Some(ahead) = text.strip_prefix("in ") {
        let (count, unit) = ahead.split_once(' ')?;
        return Some((count_of(count)?, spelled(unit)?));
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = rest.split_at_checked(unit_at)?;
    (unit.len() == 1).then_some((sign * count_of(count)?, unit))
}

/// A unit written out, as against `d`, so that `3 m` is not taken for minutes or months.
fn spelled(unit: &str) -> Option<&str> {
    (unit.len() > 1).then(|| unit.strip_suffix('s').unwrap_or(unit))
}

fn count_of(text: &str) -> Option<i64> {
    digits(text).map(i64::from)
}

pub(super) fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

pub(super) fn add_days(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::try_days(days)?)
}

fn single(day: Option<NaiveDate>) -> Option<Days> {
    day.map(|day| (day, day))
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::{clock, day};
    use super::*;

    /// A Wednesday.
    const NOW: &str = "2026-03-04T09:30:00+08:00";

    #[track_caller]
    fn check(cases: &[(&str, &str)], clock: &Clock) {
        for (text, expected) in cases {
            let (first, last) = parse_days(text, clock).expect(text);
            let got = if first == last { first.to_string() } else { format!("{first}..{last}") };
            assert_eq!(got, *expected, "{text}");
        }
    }

    #[test]
    fn written_dates_name_days_and_units() {
        check(
            &[
                ("2026-03-01", "2026-03-01"),
                (" 2026-03-01 ", "2026-03-01"),
                ("2024-02-29", "2024-02-29"),
                ("2026-02", "2026-02-01..2026-02-28"),
                ("2026", "2026-01-01..2026-12-31"),
                ("2026H1", "2026-01-01..2026-06-30"),
                ("2026h2", "2026-07-01..2026-12-31"),
                ("2026Q1", "2026-01-01..2026-03-31"),
                ("2026q4", "2026-10-01..2026-12-31"),
                ("2026W09", "2026-02-23..2026-03-01"),
                ("2026-W09", "2026-02-23..2026-03-01"),
                ("2026W53", "2026-12-28..2027-01-03"),
            ],
            &clock(NOW),
        );
    }

    #[test]
    fn english_words_are_understood() {
        check(
            &[
                ("today", "2026-03-04"),
                ("Yesterday", "2026-03-03"),
                ("TOMORROW", "2026-03-05"),
                ("this week", "2026-03-02..2026-03-08"),
                ("last  week", "2026-02-23..2026-03-01"),
                ("next week", "2026-03-09..2026-03-15"),
                ("this month", "2026-03-01..2026-03-31"),
                ("last month", "2026-02-01..2026-02-28"),
                ("next month", "2026-04-01..2026-04-30"),
                ("Last-Month", "2026-02-01..2026-02-28"),
                ("this quarter", "2026-01-01..2026-03-31"),
                ("last quarter", "2025-10-01..2025-12-31"),
                ("this half", "2026-01-01..2026-06-30"),
                ("last year", "2025-01-01..2025-12-31"),
                ("next year", "2027-01-01..2027-12-31"),
            ],
            &clock(NOW),
        );
    }

    #[test]
    fn chinese_words_are_understood() {
        check(
            &[
                ("今天", "2026-03-04"),
                ("昨天", "2026-03-03"),
                ("明天", "2026-03-05"),
                ("前天", "2026-03-02"),
                ("后天", "2026-03-06"),
                ("本周", "2026-03-02..2026-03-08"),
                ("上周", "2026-02-23..2026-03-01"),
                ("下周", "2026-03-09..2026-03-15"),
                ("本月", "2026-03-01..2026-03-31"),
                ("上月", "2026-02-01..2026-02-28"),
                ("下月", "2026-04-01..2026-04-30"),
                ("本季", "2026-01-01..2026-03-31"),
                ("本季度", "2026-01-01..2026-03-31"),
                ("今年", "2026-01-01..2026-12-31"),
                ("去年", "2025-01-01..2025-12-31"),
                ("明年", "2027-01-01..2027-12-31"),
                ("周五", "2026-03-06"),
                ("星期日", "2026-03-08"),
            ],
            &clock(NOW),
        );
    }

    #[test]
    fn a_weekday_is_the_nearest_on_or_after_today() {
        check(
            &[
                ("wednesday", "2026-03-04"),
                ("wed", "2026-03-04"),
                ("Thu", "2026-03-05"),
                ("tuesday", "2026-03-10"),
                ("sun", "2026-03-08"),
            ],
            &clock(NOW),
        );
    }

    #[test]
    fn relative_days_count_from_today_and_months_keep_to_the_end() {
        let cases = [
            ("3d", "2026-04-03"),
            ("0d", "2026-03-31"),
            ("-31d", "2026-02-28"),
            ("+2w", "2026-04-14"),
            ("-1m", "2026-02-28"),
            ("1m", "2026-04-30"),
            ("11m", "2027-02-28"),
            ("-1y", "2025-03-31"),
            ("3 days ago", "2026-03-28"),
            ("1 day ago", "2026-03-30"),
            ("in 2 weeks", "2026-04-14"),
            ("in 1 month", "2026-04-30"),
            ("2 years ago", "2024-03-31"),
        ];
        check(&cases, &clock("2026-03-31T23:59:00+08:00"));
        check(&[("-1y", "2023-02-28")], &clock("2024-02-29T00:00:00+08:00"));
    }

    #[test]
    fn years_halves_and_quarters_follow_the_fiscal_year() {
        let clock = Clock { fiscal_start: (4, 1), ..clock(NOW) };
        check(
            &[
                ("2026", "2026-04-01..2027-03-31"),
                ("2026H2", "2026-10-01..2027-03-31"),
                ("2026Q4", "2027-01-01..2027-03-31"),
                ("2026-03", "2026-03-01..2026-03-31"),
                ("this year", "2025-04-01..2026-03-31"),
                ("this quarter", "2026-01-01..2026-03-31"),
                ("去年", "2024-04-01..2025-03-31"),
            ],
            &clock,
        );
    }

    #[test]
    fn this_week_begins_where_the_company_says_and_numbered_weeks_on_monday() {
        let clock = Clock { week_start: Weekday::Sun, ..clock("2026-03-01T09:00:00+08:00") };
        check(
            &[
                ("this week", "2026-03-01..2026-03-07"),
                ("last week", "2026-02-22..2026-02-28"),
                ("2026W09", "2026-02-23..2026-03-01"),
            ],
            &clock,
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            " ",
            "2026-02-29",
            "2026-13",
            "2026-00-01",
            "2026H3",
            "2026Q0",
            "2026Q5",
            "2025W53",
            "2026W00",
            "2026W9",
            "0000",
            "0000-12-31",
            "99999",
            "+026",
            "2026-+1-01",
            "2026-03-01x",
            "3",
            "d",
            "-d",
            "--3d",
            "3 d",
            "3dd",
            "3h",
            "ago",
            " ago",
            "days ago",
            "in weeks",
            "in -3 days",
            "next day",
            "next",
            "last friday",
            "2026Q",
            "２０２６",
            "2026é",
            "日",
            "年月日",
            "//",
            "next\u{a0}decade",
        ] {
            assert!(parse_days(text, &clock(NOW)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn numbers_beyond_the_calendar_are_refused_not_wrapped() {
        for text in [
            "99999-01-01",
            "-999999999d",
            "999999999d",
            "4294967295w",
            "99999999999999999999d",
            "-4294967295m",
            "2147483647m",
            "2147483647y",
            "-2026y",
            "9999999 years ago",
            "in 400000000 days",
        ] {
            let problem = parse_days(text, &clock(NOW)).expect_err(text);
            assert_eq!(problem.id, "bad-date", "{text}");
        }
        let clock = Clock { fiscal_start: (4, 1), ..clock(NOW) };
        assert!(parse_days("9999", &clock).is_err(), "ends in the year 10000");
    }

    #[test]
    fn a_single_day_is_not_guessed_from_a_month() {
        let clock = clock(NOW);
        assert_eq!(parse_day("tomorrow", &clock), Ok(day("2026-03-05")));
        let problem = parse_day("2026-02", &clock).expect_err("a month");
        assert_eq!(problem.id, "not-a-day");
        assert_eq!(problem.candidates, ["2026-02-01", "2026-02-28"]);
        let last = parse_day_at("2026-02", Edge::Last, &clock);
        assert_eq!(last, Ok(day("2026-02-28")));
        let first = parse_day_at("next month", Edge::First, &clock);
        assert_eq!(first, Ok(day("2026-04-01")));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_date_language_panic(text in "\\PC{0,12}") {
            let _ = parse_days(&text, &clock(NOW));
        }

        #[test]
        fn no_near_miss_makes_the_date_language_panic(
            text in "[-+]?[0-9]{0,12}[-/. dwmyhqHQW年月日]{0,2}[0-9]{0,3}[-/. ]?[0-9]{0,5}( days ago)?"
        ) {
            if let Ok((first, last)) = parse_days(&text, &clock(NOW)) {
                assert!(FIRST <= first && first <= last && last <= LAST);
            }
        }
    }
}
