//! Which of many backups are kept.
//!
//! A rule of days keeps the newest of each day, for so many days that have one; weeks are those of
//! ISO 8601. What any rule keeps is kept, and so is the newest.

use chrono::{DateTime, Datelike, FixedOffset};

/// How many are kept of which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    pub last: usize,
    pub daily: usize,
    pub weekly: usize,
    pub monthly: usize,
}

/// For each moment whether it is kept.
#[must_use]
pub fn kept(times: &[DateTime<FixedOffset>], rules: &Rules) -> Vec<bool> {
    let mut order: Vec<usize> = (0..times.len()).collect();
    // Of two of the same moment the later one in the list goes first.
    order.sort_by(|a, b| (times[*b], a).cmp(&(times[*a], b)));
    let mut keep = vec![false; times.len()];
    if let Some(newest) = order.first() {
        keep[*newest] = true;
    }
    for index in order.iter().take(rules.last) {
        keep[*index] = true;
    }
    let day = |at: &DateTime<FixedOffset>| (at.year(), at.ordinal());
    let week = |at: &DateTime<FixedOffset>| (at.iso_week().year(), at.iso_week().week());
    let month = |at: &DateTime<FixedOffset>| (at.year(), at.month());
    each(&order, times, rules.daily, day, &mut keep);
    each(&order, times, rules.weekly, week, &mut keep);
    each(&order, times, rules.monthly, month, &mut keep);
    keep
}

/// Keeps the newest of each of the first so many spans.
fn each(
    order: &[usize],
    times: &[DateTime<FixedOffset>],
    most: usize,
    span: impl Fn(&DateTime<FixedOffset>) -> (i32, u32),
    keep: &mut [bool],
) {
    let mut seen = Vec::new();
    for index in order {
        let span = span(&times[*index]);
        if seen.len() < most && !seen.contains(&span) {
            seen.push(span);
            keep[*index] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).expect("a moment")
    }

    /// What is kept of a list, as the list writes it.
    fn left(list: &[&str], rules: Rules) -> Vec<String> {
        let times: Vec<_> = list.iter().map(|text| at(text)).collect();
        let keep = kept(&times, &rules);
        list.iter().zip(keep).filter(|(_, keep)| *keep).map(|(text, _)| (*text).to_owned()).collect()
    }

    const LIST: [&str; 12] = [
        "2025-10-31T23:00",
        "2025-11-02T02:00",
        "2025-12-28T02:00",
        "2025-12-29T02:00",
        "2026-01-01T02:00",
        "2026-01-04T02:00",
        "2026-01-05T02:00",
        "2026-01-05T14:00",
        "2026-01-06T02:00",
        "2026-01-08T02:00",
        "2026-01-08T09:00",
        "2026-01-08T23:59",
    ];

    #[test]
    fn the_newest_of_each_span_is_kept() {
        let days = Rules { daily: 3, ..Rules::default() };
        assert_eq!(left(&LIST, days), ["2026-01-05T14:00", "2026-01-06T02:00", "2026-01-08T23:59"]);
        // The week of 29 December is the first of 2026 and ends on 4 January.
        let weeks = Rules { weekly: 3, ..Rules::default() };
        assert_eq!(left(&LIST, weeks), ["2025-12-28T02:00", "2026-01-04T02:00", "2026-01-08T23:59"]);
        let months = Rules { monthly: 4, ..Rules::default() };
        let kept = ["2025-10-31T23:00", "2025-11-02T02:00", "2025-12-29T02:00", "2026-01-08T23:59"];
        assert_eq!(left(&LIST, months), kept);
        let last = Rules { last: 2, ..Rules::default() };
        assert_eq!(left(&LIST, last), ["2026-01-08T09:00", "2026-01-08T23:59"]);
    }

    #[test]
    fn what_any_rule_keeps_is_kept() {
        let rules = Rules { last: 1, daily: 2, weekly: 2, monthly: 2 };
        let kept = ["2025-12-29T02:00", "2026-01-04T02:00", "2026-01-06T02:00", "2026-01-08T23:59"];
        assert_eq!(left(&LIST, rules), kept);
    }

    #[test]
    fn the_newest_is_never_lost_and_the_order_of_the_list_does_not_matter() {
        assert_eq!(left(&LIST, Rules::default()), ["2026-01-08T23:59"]);
        let mut reversed = LIST;
        reversed.reverse();
        assert_eq!(left(&reversed, Rules { daily: 1, ..Rules::default() }), ["2026-01-08T23:59"]);
        assert_eq!(kept(&[], &Rules { last: 3, ..Rules::default() }), [false; 0]);
    }
}
