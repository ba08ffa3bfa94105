//! How much of a target should be reached by a day: its phasing, and the days that count.
//!
//! Deliberately absent: the hours of a working day; a day works or it does not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate, Weekday};
use rust_decimal::Decimal;

/// First and last day.
pub(super) type Span = (NaiveDate, NaiveDate);

/// A target with its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Goal {
    pub id: String,
    pub span: Span,
    pub value: Decimal,
    /// Shares in percent of equally many months each; none: even by day.
    pub phasing: Vec<Decimal>,
}

/// Which days count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// All of them.
    Calendar,
    /// Those of the company's calendar.
    Working {
        /// Working weekdays.
        week: BTreeSet<u32>,
        holidays: BTreeSet<NaiveDate>,
        /// Days that are other than their weekday: whether they work.
        extra: BTreeMap<NaiveDate, bool>,
    },
}

impl Work {
    /// Working days without a calendar: Monday to Friday.
    pub fn plain_week() -> Self {
        let week = (0..5).collect();
        Self::Working { week, holidays: BTreeSet::new(), extra: BTreeMap::new() }
    }

    fn counts(&self, day: NaiveDate) -> bool {
        match self {
            Self::Calendar => true,
            Self::Working { week, holidays, extra } => extra.get(&day).copied().unwrap_or_else(|| {
                week.contains(&day.weekday().num_days_from_monday()) && !holidays.contains(&day)
            }),
        }
    }

    /// How many days count from one to another, both included; none where the first is later.
    pub fn days(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return 0;
        }
        let all = (to - from).num_days() + 1;
        match self {
            Self::Calendar => all,
            // A target is for years at most; beyond a thousand of them every day counts.
            Self::Working { .. } if all > 366_000 => all,
            Self::Working { .. } => {
                let days = from.iter_days().take_while(|day| *day <= to);
                i64::try_from(days.filter(|day| self.counts(*day)).count()).unwrap_or(i64::MAX)
            }
        }
    }
}

/// The number of a weekday as calendars write it, Monday 0.
pub(super) fn weekday(code: &str) -> Option<u32> {
    code.parse::<Weekday>().ok().map(|day| day.num_days_from_monday())
}

/// The targets that fill a span without gap or overlap, the longest first: the one whose span it
/// is, else its parts. `None` where a part is missing.
pub(super) fn tile(goals: &[Goal], span: Span) -> Option<Vec<&Goal>> {
    let mut fitting: Vec<&Goal> = goals.iter().filter(|g| g.span.0 == span.0 && g.span.1 <= span.1).collect();
    fitting.sort_by(|a, b| (b.span.1, &a.id).cmp(&(a.span.1, &b.id)));
    for goal in fitting {
        if goal.span.1 == span.1 {
            return Some(vec![goal]);
        }
        let rest = goal.span.1.succ_opt().and_then(|next| tile(goals, (next, span.1)));
        if let Some(rest) = rest {
            return Some([goal].into_iter().chain(rest).collect());
        }
    }
    None
}

/// What of a target should be reached at the end of a day: the shares that are over, and of the
/// running one the part of its days that is.
pub(super) fn expected(goal: &Goal, as_of: NaiveDate, work: &Work) -> Decimal {
    let (start, end) = goal.span;
    if as_of >= end {
        return goal.value;
    }
    if as_of < start {
        return Decimal::ZERO;
    }
    let mut share = Decimal::ZERO;
    for (span, part) in parts(goal) {
        if as_of >= span.1 {
            share += part;
        } else if as_of >= span.0 {
            let (days, elapsed) = (work.days(span.0, span.1), work.days(span.0, as_of));
            if days > 0 {
                share += part * Decimal::from(elapsed) / Decimal::from(days);
            }
        }
    }
    goal.value * share / Decimal::ONE_HUNDRED
}

/// The parts of a target with their shares in percent; the whole where it has no phasing or its
/// months do not divide so.
fn parts(goal: &Goal) -> Vec<(Span, Decimal)> {
    let (start, end) = goal.span;
    let whole = vec![(goal.span, Decimal::ONE_HUNDRED)];
    let count = u32::try_from(goal.phasing.len()).unwrap_or(0);
    let after = |months: u32| start.checked_add_months(Months::new(months));
    let Some(months) = (1..=12).find(|months| after(*months).and_then(|d| d.pred_opt()) == Some(end)) else {
        return whole;
    };
    if count == 0 || months % count != 0 {
        return whole;
    }
    let step = months / count;
    let span = |at: u32| Some((after(at * step)?, after((at + 1) * step)?.pred_opt()?));
    let spans: Option<Vec<Span>> = (0..count).map(span).collect();
    spans.map_or(whole, |spans| spans.into_iter().zip(goal.phasing.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn goal(id: &str, from: &str, to: &str, value: i64, phasing: &[i64]) -> Goal {
        Goal {
            id: id.to_owned(),
            span: (day(from), day(to)),
            value: Decimal::from(value),
            phasing: phasing.iter().map(|share| Decimal::from(*share)).collect(),
        }
    }

    fn expect(goal: &Goal, as_of: &str) -> String {
        expected(goal, day(as_of), &Work::Calendar).round_dp(2).normalize().to_string()
    }

    #[test]
    fn the_example_of_the_definition() {
        let goal = goal("t", "2026-01-01", "2026-03-31", 900_000, &[20, 30, 50]);
        assert_eq!(expect(&goal, "2026-02-14"), "315000");
        assert_eq!(Work::Calendar.days(day("2026-02-15"), day("2026-03-31")), 45);
    }

    #[test]
    fn what_is_over_counts_whole_and_what_is_to_come_not_at_all() {
        let goal = goal("t", "2026-01-01", "2026-03-31", 900, &[20, 30, 50]);
        for (as_of, value) in [
            ("2025-12-31", "0"),
            ("2026-01-01", "5.81"),
            ("2026-01-31", "180"),
            ("2026-02-28", "450"),
            ("2026-03-30", "885.48"),
            ("2026-03-31", "900"),
            ("2027-01-01", "900"),
        ] {
            assert_eq!(expect(&goal, as_of), value, "{as_of}");
        }
    }

    #[test]
    fn without_phasing_the_days_are_even() {
        assert_eq!(expect(&goal("t", "2026-01-01", "2026-12-31", 365, &[]), "2026-02-28"), "59");
        assert_eq!(expect(&goal("t", "2026-01-10", "2026-01-19", 100, &[]), "2026-01-10"), "10");
    }

    #[test]
    fn a_year_has_quarters_or_months_and_a_half_too() {
        for (from, to, shares, as_of, value) in [
            ("2026-01-01", "2026-12-31", &[22, 28, 22, 28][..], "2026-03-31", "22"),
            ("2026-01-01", "2026-12-31", &[22, 28, 22, 28], "2026-09-30", "72"),
            ("2026-01-01", "2026-12-31", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 34], "2026-03-31", "6"),
            ("2026-07-01", "2026-12-31", &[40, 60], "2026-09-30", "40"),
            ("2026-04-01", "2027-03-31", &[10, 20, 30, 40], "2026-09-30", "30"),
        ] {
            assert_eq!(expect(&goal("t", from, to, 100, shares), as_of), value, "{from} {as_of}");
        }
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays_and_take_in_extra_days() {
        let mut work = Work::plain_week();
        assert_eq!(work.days(day("2026-02-01"), day("2026-02-28")), 20);
        if let Work::Working { holidays, extra, .. } = &mut work {
            holidays.extend([day("2026-02-17"), day("2026-02-18"), day("2026-02-21")]);
            extra.extend([(day("2026-02-14"), true), (day("2026-02-16"), false)]);
        }
        assert_eq!(work.days(day("2026-02-01"), day("2026-02-28")), 18);
        assert_eq!(work.days(day("2026-02-14"), day("2026-02-18")), 1);
        assert_eq!(work.days(day("2026-02-18"), day("2026-02-14")), 0);
        let goal = goal("t", "2026-02-01", "2026-02-28", 180, &[]);
        assert_eq!(expected(&goal, day("2026-02-13"), &work), Decimal::from(100));
    }

    #[test]
    fn a_span_that_never_works_waits_for_its_end() {
        let idle = Work::Working { week: BTreeSet::new(), holidays: BTreeSet::new(), extra: BTreeMap::new() };
        let goal = goal("t", "2026-01-01", "2026-03-31", 100, &[]);
        assert_eq!(expected(&goal, day("2026-02-01"), &idle), Decimal::ZERO);
        assert_eq!(expected(&goal, day("2026-03-31"), &idle), Decimal::ONE_HUNDRED);
    }

    #[test]
    fn a_target_is_the_one_of_the_period_else_its_parts_where_none_is_missing() {
        let goals = [
            goal("h1", "2026-01-01", "2026-06-30", 60, &[]),
            goal("q3", "2026-07-01", "2026-09-30", 30, &[]),
            goal("oct", "2026-10-01", "2026-10-31", 10, &[]),
            goal("rest", "2026-11-01", "2026-12-31", 20, &[]),
            goal("jan", "2026-01-01", "2026-01-31", 9, &[]),
        ];
        let found = |from: &str, to: &str| -> Option<Vec<String>> {
            Some(tile(&goals, (day(from), day(to)))?.iter().map(|goal| goal.id.clone()).collect())
        };
        let ids = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(found("2026-01-01", "2026-06-30"), ids(&["h1"]));
        assert_eq!(found("2026-01-01", "2026-12-31"), ids(&["h1", "q3", "oct", "rest"]));
        assert_eq!(found("2026-10-01", "2026-12-31"), ids(&["oct", "rest"]));
        assert_eq!(found("2026-01-01", "2026-03-31"), None);
        assert_eq!(found("2025-01-01", "2025-12-31"), None);
    }
}
