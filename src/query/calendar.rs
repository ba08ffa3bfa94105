//! Units of the calendar: days, ISO weeks, calendar months, fiscal quarters, halves and years.
//!
//! Every unit is a number in an endless row, so the one before is `index - 1` and nothing
//! can be skipped. Deliberately absent: any text but the names of the units.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Weekday};

/// First day that a text can name; also the start of a period without one.
pub(super) const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");
/// Last day that a text can name; also the end of a period without one.
pub(super) const LAST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

/// What dates depend on: the present moment and the company's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Now, in the report zone.
    pub now: DateTime<FixedOffset>,
    /// Month and day on which the fiscal year begins.
    pub fiscal_start: (u32, u32),
    /// First day of `this week`; the weeks of `2026W09` are always ISO weeks.
    pub week_start: Weekday,
}

impl Clock {
    /// The present day in the report zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// A unit of the calendar by which days are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// One day.
    Day,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three months of the fiscal year.
    Quarter,
    /// Six months of the fiscal year.
    Half,
    /// A fiscal year, named by the calendar year in which it begins.
    Year,
}

impl Bucket {
    /// All of them, shortest first.
    pub const ALL: [Self; 6] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The English word, as in `--by month`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }

    /// The bucket of an English word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    fn months(self) -> i32 {
        match self {
            Self::Day | Self::Week => 0,
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year => 12,
        }
    }
}

/// The name of the unit that a day lies in: `2026-03-01 2026W09 2026-03 2026Q1 2026H1 2026`.
#[must_use]
pub fn bucket(day: NaiveDate, bucket: Bucket, clock: &Clock) -> String {
    Unit::of(day, bucket, clock).name()
}

/// The first day of the unit that a day lies in.
#[must_use]
pub fn bucket_start(day: NaiveDate, bucket: Bucket, clock: &Clock) -> NaiveDate {
    Unit::of(day, bucket, clock).start().unwrap_or(day)
}

/// One unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    bucket: Bucket,
    /// Days and weeks from the year 1, months from the year 0, longer units from the
    /// fiscal year 0.
    index: i32,
    /// The month, from 0, and the day on which the first unit of a year begins.
    anchor: (i32, u32),
}

impl Unit {
    /// The unit that a day lies in.
    pub(super) fn of(day: NaiveDate, bucket: Bucket, clock: &Clock) -> Self {
        let anchor = anchor(bucket, clock);
        let index = match bucket {
            Bucket::Day => day.num_days_from_ce(),
            Bucket::Week => (day.num_days_from_ce() - 1).div_euclid(7),
            _ => {
                let month = month_index(day);
                let begun = day_in_month(month, anchor.1).is_none_or(|start| start <= day);
                (month - i32::from(!begun) - anchor.0).div_euclid(bucket.months())
            }
        };
        Self { bucket, index, anchor }
    }

    /// The unit with a number, from 1, in a year: month, fiscal quarter, half or the year.
    pub(super) fn numbered(bucket: Bucket, year: i32, number: u32, clock: &Clock) -> Option<Self> {
        let per_year = 12_i32.checked_div(bucket.months())?;
        let number = i32::try_from(number).ok()?;
        (1..=per_year).contains(&number).then_some(())?;
        Some(Self {
            bucket,
            index: year.checked_mul(per_year)?.checked_add(number - 1)?,
            anchor: anchor(bucket, clock),
        })
    }

    /// The unit so many places later.
    pub(super) fn shifted(self, by: i32) -> Option<Self> {
        let index = self.index.checked_add(by)?;
        Some(Self { index, ..self })
    }

    /// The first day, where the calendar reaches that far.
    pub(super) fn start(self) -> Option<NaiveDate> {
        match self.bucket {
            Bucket::Day => NaiveDate::from_num_days_from_ce_opt(self.index),
            Bucket::Week => {
                let days = self.index.checked_mul(7)?.checked_add(1)?;
                NaiveDate::from_num_days_from_ce_opt(days)
            }
            _ => {
                let months = self.index.checked_mul(self.bucket.months())?;
                day_in_month(months.checked_add(self.anchor.0)?, self.anchor.1)
            }
        }
    }

    /// The first and the last day.
    pub(super) fn span(self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.start()?, self.shifted(1)?.start()?.pred_opt()?))
    }

    /// The name, which the date language reads back.
    pub(super) fn name(self) -> String {
        let start = self.start().unwrap_or_default();
        let per_year = 12_i32.checked_div(self.bucket.months()).unwrap_or(1);
        let year = self.index.div_euclid(per_year);
        let number = self.index.rem_euclid(per_year) + 1;
        match self.bucket {
            Bucket::Day => start.to_string(),
            Bucket::Week => {
                let week = start.iso_week();
                format!("{:04}W{:02}", week.year(), week.week())
            }
            Bucket::Month => format!("{year:04}-{number:02}"),
            Bucket::Quarter => format!("{year:04}Q{number}"),
            Bucket::Half => format!("{year:04}H{number}"),
            Bucket::Year => format!("{year:04}"),
        }
    }
}

fn anchor(bucket: Bucket, clock: &Clock) -> (i32, u32) {
    let (month, day) = clock.fiscal_start;
    match bucket {
        Bucket::Quarter | Bucket::Half | Bucket::Year => {
            let month = month.clamp(1, 12) - 1;
            (i32::try_from(month).unwrap_or(0), day.clamp(1, 31))
        }
        Bucket::Day | Bucket::Week | Bucket::Month => (0, 1),
    }
}

/// The same day of the month so many months later, or the month's last day.
pub(super) fn add_months(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    day_in_month(month_index(day).checked_add(months)?, day.day())
}

fn month_index(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

/// A day of the month with a number from the year 0; the last one where it is shorter.
fn day_in_month(index: i32, day: u32) -> Option<NaiveDate> {
    let year = index.div_euclid(12);
    let month = u32::try_from(index.rem_euclid(12)).ok()? + 1;
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.with_day(day.min(u32::from(first.num_days_in_month())))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::query) fn clock(now: &str) -> Clock {
        Clock {
            now: DateTime::parse_from_rfc3339(now).expect("an instant"),
            fiscal_start: (1, 1),
            week_start: Weekday::Mon,
        }
    }

    pub(in crate::query) fn day(text: &str) -> NaiveDate {
        text.parse().expect("an ISO day")
    }

    fn fiscal(month: u32, day: u32) -> Clock {
        Clock { fiscal_start: (month, day), ..clock("2026-03-01T09:00:00+08:00") }
    }

    #[track_caller]
    fn check(date: &str, kind: Bucket, clock: &Clock, name: &str, first: &str, last: &str) {
        let unit = Unit::of(day(date), kind, clock);
        assert_eq!(unit.name(), name, "name of {date}");
        assert_eq!(unit.span(), Some((day(first), day(last))), "span of {date}");
        assert_eq!(bucket(day(date), kind, clock), name);
        assert_eq!(bucket_start(day(date), kind, clock), day(first));
    }

    #[test]
    fn units_of_a_calendar_year_are_named_and_bounded() {
        let c = fiscal(1, 1);
        check("2026-03-01", Bucket::Day, &c, "2026-03-01", "2026-03-01", "2026-03-01");
        check("2026-03-01", Bucket::Week, &c, "2026W09", "2026-02-23", "2026-03-01");
        check("2026-03-01", Bucket::Month, &c, "2026-03", "2026-03-01", "2026-03-31");
        check("2026-03-01", Bucket::Quarter, &c, "2026Q1", "2026-01-01", "2026-03-31");
        check("2026-07-01", Bucket::Half, &c, "2026H2", "2026-07-01", "2026-12-31");
        check("2026-12-31", Bucket::Year, &c, "2026", "2026-01-01", "2026-12-31");
    }

    #[test]
    fn an_iso_week_belongs_to_the_year_of_its_thursday() {
        let c = fiscal(1, 1);
        check("2027-01-01", Bucket::Week, &c, "2026W53", "2026-12-28", "2027-01-03");
        check("2024-12-30", Bucket::Week, &c, "2025W01", "2024-12-30", "2025-01-05");
    }

    #[test]
    fn a_fiscal_year_is_named_by_the_year_in_which_it_begins() {
        let c = fiscal(4, 1);
        check("2026-03-31", Bucket::Year, &c, "2025", "2025-04-01", "2026-03-31");
        check("2026-04-01", Bucket::Year, &c, "2026", "2026-04-01", "2027-03-31");
        check("2026-03-31", Bucket::Quarter, &c, "2025Q4", "2026-01-01", "2026-03-31");
        check("2026-01-01", Bucket::Half, &c, "2025H2", "2025-10-01", "2026-03-31");
        check("2026-03-31", Bucket::Month, &c, "2026-03", "2026-03-01", "2026-03-31");
    }

    #[test]
    fn a_fiscal_year_may_begin_inside_or_at_the_end_of_a_month() {
        check("2026-04-05", Bucket::Year, &fiscal(4, 6), "2025", "2025-04-06", "2026-04-05");
        check("2026-04-06", Bucket::Quarter, &fiscal(4, 6), "2026Q1", "2026-04-06", "2026-07-05");
        check("2026-04-30", Bucket::Quarter, &fiscal(1, 31), "2026Q2", "2026-04-30", "2026-07-30");
        check("2025-02-28", Bucket::Year, &fiscal(2, 29), "2025", "2025-02-28", "2026-02-27");
    }

    #[test]
    fn units_follow_each_other_without_gap_or_overlap() {
        for c in [fiscal(1, 1), fiscal(4, 6), fiscal(8, 31), fiscal(2, 29)] {
            for kind in Bucket::ALL {
                let mut unit = Unit::of(day("2019-12-01"), kind, &c);
                for _ in 0..60 {
                    let next = unit.shifted(1).expect("not the last");
                    let (_, last) = unit.span().expect("in range");
                    let after = last.succ_opt().expect("in range");
                    assert_eq!(Some(after), next.start());
                    assert_eq!(Unit::of(last, kind, &c), unit);
                    assert_eq!(Unit::of(after, kind, &c), next);
                    unit = next;
                }
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for date in [NaiveDate::MIN, FIRST, LAST, NaiveDate::MAX] {
            for kind in Bucket::ALL {
                let _ = bucket(date, kind, &fiscal(4, 6));
                let _ = bucket_start(date, kind, &fiscal(4, 6));
                let _ = Unit::of(date, kind, &fiscal(0, 99)).span();
            }
        }
    }

    #[test]
    fn buckets_are_found_by_their_names() {
        for kind in Bucket::ALL {
            assert_eq!(Bucket::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Bucket::from_name("decade"), None);
    }
}
