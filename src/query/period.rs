//! Periods: two days, both included, and the periods they are compared with.
//!
//! What kind of period it is follows from its two days alone, so `2026-03`, `this month` and
//! `2026-03-01..2026-03-31` are the same period and give the same bytes. A side left open
//! reaches to the end of the calendar; compared, a period without an end ends today.
//! Deliberately absent: which period a report takes when none is given.

use chrono::{Datelike, NaiveDate};

use super::calendar::{Bucket, Clock, FIRST, LAST, Unit, add_months};
use super::dates::{add_days, parse_days};
use super::misread::bad_date;
use crate::model::Problem;

/// Which unit of the calendar a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodKind {
    /// One day.
    Day,
    /// An ISO week.
    Week,
    /// A calendar month.
    Month,
    /// A fiscal quarter.
    Quarter,
    /// Half a fiscal year.
    Half,
    /// A fiscal year.
    Year,
    /// Any other stretch of days.
    Range,
}

impl PeriodKind {
    /// The unit, unless it is a range.
    #[must_use]
    pub fn bucket(self) -> Option<Bucket> {
        match self {
            Self::Day => Some(Bucket::Day),
            Self::Week => Some(Bucket::Week),
            Self::Month => Some(Bucket::Month),
            Self::Quarter => Some(Bucket::Quarter),
            Self::Half => Some(Bucket::Half),
            Self::Year => Some(Bucket::Year),
            Self::Range => None,
        }
    }
}

impl From<Bucket> for PeriodKind {
    fn from(bucket: Bucket) -> Self {
        match bucket {
            Bucket::Day => Self::Day,
            Bucket::Week => Self::Week,
            Bucket::Month => Self::Month,
            Bucket::Quarter => Self::Quarter,
            Bucket::Half => Self::Half,
            Bucket::Year => Self::Year,
        }
    }
}

/// A stretch of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Its shortest name in the date language, independent of today: `2026-03`, `2026W09`,
    /// `2026-03-01..2026-03-15`, `2026-03-01..`.
    pub text: String,
    /// Which unit of the calendar it is.
    pub kind: PeriodKind,
}

/// A period beside an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The period asked for; of a running one the days up to today.
    pub current: Period,
    /// The earlier one; cut to as many days where the period is running.
    pub before: Period,
    /// The period is running, so only part of it is compared.
    pub running: bool,
}

/// Reads a period: anything the date language names, `A..B`, `A..` or `..B`.
///
/// # Errors
/// `bad-date`, `ambiguous-date`, `end-before-start`.
pub fn parse_period(text: &str, clock: &Clock) -> Result<Period, Problem> {
    let Some((from, to)) = text.split_once("..") else {
        let (start, end) = parse_days(text, clock)?;
        return Period::between(start, end, clock);
    };
    let side = |text: &'_ str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let (from, to) = (side(from), side(to));
    if from.is_none() && to.is_none() {
        return Err(bad_date(text.trim()));
    }
    Period::from_to(from.as_deref(), to.as_deref(), clock)
}

impl Period {
    /// From one day to another, both included.
    ///
    /// # Errors
    /// `end-before-start`.
    pub fn between(start: NaiveDate, end: NaiveDate, clock: &Clock) -> Result<Self, Problem> {
        if end < start {
            return Err(Problem::usage("end-before-start")
                .arg("start", start)
                .arg("end", end)
                .hint("dates-help"));
        }
        let units = Bucket::ALL.into_iter();
        let unit = units
            .map(|bucket| (bucket, Unit::of(start, bucket, clock)))
            .find(|(_, unit)| unit.span() == Some((start, end)));
        let (kind, text) = match unit {
            Some((bucket, unit)) => (bucket.into(), unit.name()),
            None => (PeriodKind::Range, range_name(start, end)),
        };
        Ok(Self { start, end, text, kind })
    }

    /// `--from` and `--to`: from the first day that one names to the last that the other names.
    ///
    /// # Errors
    /// `bad-date`, `ambiguous-date`, `end-before-start`.
    pub fn from_to(from: Option<&str>, to: Option<&str>, clock: &Clock) -> Result<Self, Problem> {
        let start = match from {
            Some(from) => parse_days(from, clock)?.0,
            None => FIRST,
        };
        let end = match to {
            Some(to) => parse_days(to, clock)?.1,
            None => LAST,
        };
        Self::between(start, end, clock)
    }

    /// The unit of the calendar that a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate, bucket: Bucket, clock: &Clock) -> Self {
        let unit = Unit::of(day, bucket, clock);
        let (start, end) = unit.span().unwrap_or((day, day));
        Self { start, end, text: unit.name(), kind: bucket.into() }
    }

    /// The unit that a day lies in and so many whole units before it.
    ///
    /// # Errors
    /// `bad-date` where they reach beyond the calendar.
    pub fn trailing(day: NaiveDate, bucket: Bucket, before: u16, clock: &Clock) -> Result<Self, Problem> {
        let unit = Unit::of(day, bucket, clock);
        let first = unit.shifted(-i32::from(before)).and_then(Unit::start);
        let start = first.filter(|start| *start >= FIRST);
        let start = start.ok_or_else(|| bad_date(&unit.name()))?;
        Self::between(start, Self::of(day, bucket, clock).end, clock)
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.start..=self.end).contains(&day)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Compared with the one before: of a calendar unit the unit before it, of any other
    /// range the same number of days directly before.
    ///
    /// # Errors
    /// `open-period` without a beginning, `bad-date` where the calendar ends.
    pub fn previous(&self, today: NaiveDate, clock: &Clock) -> Result<Comparison, Problem> {
        let closed = self.closed(today)?;
        let before = match self.kind.bucket() {
            Some(bucket) => Unit::of(self.start, bucket, clock).shifted(-1).and_then(Unit::span),
            None => add_days(self.start, (self.start - closed).num_days() - 1).zip(self.start.pred_opt()),
        };
        self.against(before, today, clock)
    }

    /// Compared with the same dates a year earlier, 28 February standing in for the 29th.
    ///
    /// # Errors
    /// `open-period` without a beginning, `bad-date` where the calendar ends.
    pub fn year_before(&self, today: NaiveDate, clock: &Clock) -> Result<Comparison, Problem> {
        let closed = self.closed(today)?;
        let before = add_months(self.start, -12).zip(add_months(closed, -12));
        self.against(before, today, clock)
    }

    /// The last day to compare, with an end put where there is none.
    fn closed(&self, today: NaiveDate) -> Result<NaiveDate, Problem> {
        let end = if self.end == LAST { today } else { self.end };
        if self.start == FIRST || end < self.start {
            return Err(Problem::usage("open-period").arg("value", &self.text));
        }
        Ok(end)
    }

    fn against(
        &self,
        before: Option<(NaiveDate, NaiveDate)>,
        today: NaiveDate,
        clock: &Clock,
    ) -> Result<Comparison, Problem> {
        let outside = || Problem::usage("bad-date").arg("value", &self.text);
        let (start, end) = before.filter(|days| days.0 >= FIRST).ok_or_else(outside)?;
        let running = self.start <= today && today < self.end;
        if !running {
            return Ok(Comparison {
                current: self.clone(),
                before: Self::between(start, end, clock)?,
                running,
            });
        }
        let elapsed = add_days(start, (today - self.start).num_days()).unwrap_or(end);
        Ok(Comparison {
            current: Self::between(self.start, today, clock)?,
            before: Self::between(start, elapsed.min(end), clock)?,
            running,
        })
    }
}

fn range_name(start: NaiveDate, end: NaiveDate) -> String {
    let side = |day: NaiveDate, open: NaiveDate| {
        if day == open {
            String::new()
        } else {
            format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
        }
    };
    format!("{}..{}", side(start, FIRST), side(end, LAST))
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::{clock, day};
    use super::*;

    /// A Wednesday.
    const NOW: &str = "2026-03-04T09:30:00+08:00";

    #[track_caller]
    fn period(text: &str) -> Period {
        parse_period(text, &clock(NOW)).expect(text)
    }

    #[track_caller]
    fn check(text: &str, name: &str, kind: PeriodKind, days: &str) {
        let period = period(text);
        let got = format!("{}..{}", period.start, period.end);
        assert_eq!((period.text.as_str(), period.kind, got.as_str()), (name, kind, days), "{text}");
        if period.text != ".." {
            assert_eq!(parse_period(&period.text, &clock(NOW)), Ok(period.clone()), "{text}");
        }
    }

    #[test]
    fn a_period_is_what_its_two_days_make_it() {
        use PeriodKind::{Day, Half, Month, Quarter, Range, Week, Year};
        check("today", "2026-03-04", Day, "2026-03-04..2026-03-04");
        check("this week", "2026W10", Week, "2026-03-02..2026-03-08");
        check("本月", "2026-03", Month, "2026-03-01..2026-03-31");
        check("2026-03-01..2026-03-31", "2026-03", Month, "2026-03-01..2026-03-31");
        check("2026-01 .. 2026-03", "2026Q1", Quarter, "2026-01-01..2026-03-31");
        check("2026Q1..2026Q2", "2026H1", Half, "2026-01-01..2026-06-30");
        check("去年", "2025", Year, "2025-01-01..2025-12-31");
        check("-3d..today", "2026-03-01..2026-03-04", Range, "2026-03-01..2026-03-04");
        check("2026-03-01..", "2026-03-01..", Range, "2026-03-01..9999-12-31");
        check("..2026-03", "..2026-03-31", Range, "0001-01-01..2026-03-31");
    }

    #[test]
    fn from_and_to_are_both_included() {
        let clock = clock(NOW);
        let period = Period::from_to(Some("2026-02"), Some("2026-03"), &clock).expect("a period");
        assert_eq!((period.start, period.end), (day("2026-02-01"), day("2026-03-31")));
        assert_eq!(period.days(), 59);
        assert!(period.contains(day("2026-03-31")) && !period.contains(day("2026-04-01")));
        let all = Period::from_to(None, None, &clock).expect("all time");
        assert_eq!((all.text.as_str(), all.kind), ("..", PeriodKind::Range));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for (text, id) in [
            ("2026-03-02..2026-03-01", "end-before-start"),
            ("2026..2025", "end-before-start"),
            ("..", "bad-date"),
            ("a..b", "bad-date"),
            ("2026...2027", "bad-date"),
            ("2026-01..2026-02..2026-03", "bad-date"),
            ("03/04/2026..", "ambiguous-date"),
            ("", "bad-date"),
        ] {
            let problem = parse_period(text, &clock(NOW)).expect_err(text);
            assert_eq!(problem.id, id, "{text}");
        }
    }

    #[track_caller]
    fn compare(text: &str, today: &str, previous: &str, year_before: &str, running: bool) {
        let period = period(text);
        let (clock, today) = (clock(NOW), day(today));
        for (got, expected) in
            [(period.previous(today, &clock), previous), (period.year_before(today, &clock), year_before)]
        {
            let got = got.expect(text);
            let spans = format!(
                "{}..{} | {}..{}",
                got.current.start, got.current.end, got.before.start, got.before.end
            );
            assert_eq!(spans, expected, "{text}");
            assert_eq!(got.running, running, "{text}");
        }
    }

    #[test]
    fn a_full_unit_is_compared_with_the_unit_before_and_the_same_dates_a_year_earlier() {
        compare(
            "2026-03",
            "2026-06-15",
            "2026-03-01..2026-03-31 | 2026-02-01..2026-02-28",
            "2026-03-01..2026-03-31 | 2025-03-01..2025-03-31",
            false,
        );
        compare(
            "2026-03-01..2026-03-31",
            "2026-03-31",
            "2026-03-01..2026-03-31 | 2026-02-01..2026-02-28",
            "2026-03-01..2026-03-31 | 2025-03-01..2025-03-31",
            false,
        );
        compare(
            "2024-02",
            "2026-06-15",
            "2024-02-01..2024-02-29 | 2024-01-01..2024-01-31",
            "2024-02-01..2024-02-29 | 2023-02-01..2023-02-28",
            false,
        );
        compare(
            "2025-02",
            "2026-06-15",
            "2025-02-01..2025-02-28 | 2025-01-01..2025-01-31",
            "2025-02-01..2025-02-28 | 2024-02-01..2024-02-28",
            false,
        );
    }

    #[test]
    fn a_range_is_compared_with_as_many_days_directly_before() {
        compare(
            "2026-03-05..2026-03-14",
            "2026-06-15",
            "2026-03-05..2026-03-14 | 2026-02-23..2026-03-04",
            "2026-03-05..2026-03-14 | 2025-03-05..2025-03-14",
            false,
        );
    }

    #[test]
    fn a_running_period_is_compared_with_as_many_days_of_the_earlier_one() {
        compare(
            "2026-03",
            "2026-03-10",
            "2026-03-01..2026-03-10 | 2026-02-01..2026-02-10",
            "2026-03-01..2026-03-10 | 2025-03-01..2025-03-10",
            true,
        );
        compare(
            "2026-03",
            "2026-03-30",
            "2026-03-01..2026-03-30 | 2026-02-01..2026-02-28",
            "2026-03-01..2026-03-30 | 2025-03-01..2025-03-30",
            true,
        );
        compare(
            "2024",
            "2024-03-01",
            "2024-01-01..2024-03-01 | 2023-01-01..2023-03-02",
            "2024-01-01..2024-03-01 | 2023-01-01..2023-03-02",
            true,
        );
        compare(
            "2026-03-05..2026-03-14",
            "2026-03-06",
            "2026-03-05..2026-03-06 | 2026-02-23..2026-02-24",
            "2026-03-05..2026-03-06 | 2025-03-05..2025-03-06",
            true,
        );
    }

    #[test]
    fn a_period_without_an_end_is_compared_up_to_today() {
        compare(
            "2026-03-01..",
            "2026-03-31",
            "2026-03-01..2026-03-31 | 2026-01-29..2026-02-28",
            "2026-03-01..2026-03-31 | 2025-03-01..2025-03-31",
            true,
        );
    }

    #[test]
    fn a_period_without_a_beginning_has_nothing_before_it() {
        let clock = clock(NOW);
        for text in ["..2026-03", "2027-01-01.."] {
            let problem = period(text).previous(clock.today(), &clock).expect_err(text);
            assert_eq!(problem.id, "open-period", "{text}");
        }
        let first = period("0001-01-01..0001-01-02");
        assert!(first.previous(clock.today(), &clock).is_err());
        let second = period("0001-01-02..0001-02-09");
        assert!(second.previous(clock.today(), &clock).is_err());
        assert!(second.year_before(clock.today(), &clock).is_err());
    }

    #[test]
    fn fiscal_units_have_fiscal_units_before_them() {
        let clock = Clock { fiscal_start: (1, 31), ..clock(NOW) };
        let quarter = parse_period("2026Q2", &clock).expect("a quarter");
        let compared = quarter.previous(day("2026-12-31"), &clock).expect("comparable");
        assert_eq!(compared.before.text, "2026Q1");
        assert_eq!(compared.before.start, day("2026-01-31"));
    }

    #[test]
    fn twelve_months_and_the_present_one_are_thirteen() {
        let period = Period::trailing(day("2026-03-04"), Bucket::Month, 12, &clock(NOW));
        assert_eq!(period.expect("in range").text, "2025-03-01..2026-03-31");
        assert!(Period::trailing(day("0001-03-04"), Bucket::Year, 12, &clock(NOW)).is_err());
    }
}
