//! Working time: how many minutes of a calendar lie between two instants, and which instant comes
//! after so many of them.
//!
//! Working time is wall-clock time of the calendar's zone inside half-open ranges, so a range that
//! the clock jumps over is short and one that it runs through twice is long. Deliberately absent:
//! the zone database, which comes in as a [`Zone`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::record::{Doc, Row, Value};

/// A time zone: seconds east of Greenwich at a moment, given in UTC.
pub type Zone = Arc<dyn Fn(NaiveDateTime) -> i32 + Send + Sync>;

/// Working hours of a day: minutes after midnight, half-open, in order.
pub type Ranges = Vec<(u32, u32)>;

/// Days that are looked at for the next working hour: beyond them there is none.
const HORIZON: usize = 2 * 366;

/// The hours of a calendar by the day, without their zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// From Monday on.
    pub week: [Ranges; 7],
    /// Days without work.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days that differ from their weekday or are no holiday.
    pub extra: BTreeMap<NaiveDate, Ranges>,
}

/// The weekdays as calendars call them, from Monday on.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Hours {
    /// The hours of a calendar. Ranges that are none are left out: the rules name them.
    #[must_use]
    pub fn of(calendar: &Doc) -> Self {
        let mut hours = Self::default();
        for row in calendar.rows("week") {
            let day = row.get("day").and_then(Value::as_text);
            if let Some(at) = WEEKDAYS.iter().position(|name| Some(*name) == day) {
                hours.week[at] = read(texts(row));
            }
        }
        for row in calendar.rows("extra") {
            if let Some(Value::Day(date)) = row.get("date") {
                hours.extra.insert(*date, read(texts(row)));
            }
        }
        if let Some(Value::List(days)) = calendar.get("holidays") {
            hours.holidays = days.iter().filter_map(day_of).collect();
        }
        hours
    }

    /// The working hours of a date: those of its own, else none on a holiday, else its weekday's.
    fn on(&self, day: NaiveDate) -> &[(u32, u32)] {
        if let Some(ranges) = self.extra.get(&day) {
            return ranges;
        }
        if self.holidays.contains(&day) {
            return &[];
        }
        &self.week[day.weekday().num_days_from_monday() as usize]
    }
}

fn day_of(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Day(day) => Some(*day),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The texts of the ranges of a row.
pub fn texts(row: &Row) -> impl Iterator<Item = &str> {
    let values = match row.get("ranges") {
        Some(Value::List(values)) => values.as_slice(),
        _ => &[],
    };
    values.iter().filter_map(Value::as_text)
}

/// Ranges from their texts, in order.
pub fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Ranges {
    let mut ranges: Ranges = texts.filter_map(parse_range).filter(|(from, to)| from < to).collect();
    ranges.sort_unstable();
    ranges
}

/// A range such as `09:00-12:00` in minutes of the day; `24:00` is its end.
#[must_use]
pub fn parse_range(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    Some((minute(from)?, minute(to)?))
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && (hour < 24 || (hour == 24 && minute == 0))).then_some(hour * 60 + minute)
}

/// A calendar that can tell working time.
#[derive(Clone)]
pub struct WorkingTime {
    hours: Hours,
    zone: Zone,
}

impl fmt::Debug for WorkingTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkingTime").field("hours", &self.hours).finish_non_exhaustive()
    }
}

/// A stretch of time in UTC, half-open.
type Stretch = (NaiveDateTime, NaiveDateTime);

impl WorkingTime {
    /// Working time by these hours in this zone.
    #[must_use]
    pub fn new(hours: Hours, zone: Zone) -> Self {
        Self { hours, zone }
    }

    /// Working minutes from one instant to another, begun ones not counted; negative where the
    /// second comes first.
    #[must_use]
    pub fn work(&self, from: DateTime<FixedOffset>, to: DateTime<FixedOffset>) -> i64 {
        let (from, to) = (from.naive_utc(), to.naive_utc());
        if to < from { -self.seconds(to, from) / 60 } else { self.seconds(from, to) / 60 }
    }

    fn seconds(&self, from: NaiveDateTime, to: NaiveDateTime) -> i64 {
        let (mut day, last) = (self.day_at(from), self.day_at(to));
        let mut seconds = 0;
        while day <= last {
            for (begin, end) in self.stretches(day) {
                seconds += (end.min(to) - begin.max(from)).num_seconds().max(0);
            }
            match day.succ_opt() {
                Some(next) => day = next,
                None => break,
            }
        }
        seconds
    }

    /// The first instant to which it is so many working minutes from another, at that one's offset
    /// in the zone; nothing where the calendar has no more working hours.
    #[must_use]
    pub fn plus(&self, from: DateTime<FixedOffset>, minutes: u32) -> Option<DateTime<FixedOffset>> {
        if minutes == 0 {
            return Some(from);
        }
        let start = from.naive_utc();
        let mut left = i64::from(minutes) * 60;
        let (mut day, mut idle) = (self.day_at(start), 0);
        while idle < HORIZON {
            let before = left;
            for (begin, end) in self.stretches(day) {
                let begin = begin.max(start);
                let length = (end - begin).num_seconds().max(0);
                if length >= left {
                    return self.local(begin + TimeDelta::seconds(left));
                }
                left -= length;
            }
            idle = if left == before { idle + 1 } else { 0 };
            day = day.succ_opt()?;
        }
        None
    }

    /// A moment of UTC with the offset that the zone has then.
    fn local(&self, at: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        Some(DateTime::from_naive_utc_and_offset(at, FixedOffset::east_opt((self.zone)(at))?))
    }

    /// The date in the zone.
    fn day_at(&self, at: NaiveDateTime) -> NaiveDate {
        (at + TimeDelta::seconds(i64::from((self.zone)(at)))).date()
    }

    /// The stretches in which the wall clock shows working hours of a date, in order.
    fn stretches(&self, day: NaiveDate) -> Vec<Stretch> {
        let ranges = self.hours.on(day);
        if ranges.is_empty() {
            return Vec::new();
        }
        let midnight = day.and_time(NaiveTime::MIN);
        let next = day.checked_add_days(Days::new(1)).map_or(midnight, |next| next.and_time(NaiveTime::MIN));
        let offset = |at: NaiveDateTime| (self.zone)(at);
        let (first, last) = (self.offset_around(midnight), self.offset_around(next));
        let shown = |(from, to): (u32, u32), offset: i32| {
            let at = |minute: u32| midnight + TimeDelta::seconds(i64::from(minute) * 60 - i64::from(offset));
            (at(from), at(to))
        };
        if first == last {
            return ranges.iter().map(|range| shown(*range, first)).collect();
        }
        // The clock is put forward or back on that day: before that moment the one offset holds,
        // from it on the other.
        let begin = midnight - TimeDelta::seconds(i64::from(first));
        let end = next - TimeDelta::seconds(i64::from(last));
        let (mut low, mut high) = (begin, end);
        while high - low > TimeDelta::seconds(1) {
            let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
            if offset(middle) == first { low = middle } else { high = middle }
        }
        let mut found: Vec<Stretch> = Vec::new();
        for range in ranges {
            let (from, to) = shown(*range, first);
            found.push((from, to.min(high)));
            let (from, to) = shown(*range, last);
            found.push((from.max(high), to));
        }
        found.retain(|(from, to)| from < to);
        found.sort_unstable();
        found
    }

    /// The offset that holds when the wall clock shows this.
    fn offset_around(&self, shown: NaiveDateTime) -> i32 {
        let guess = (self.zone)(shown);
        (self.zone)(shown - TimeDelta::seconds(i64::from(guess)))
    }
}

#[cfg(test)]
#[path = "working_time_tests.rs"]
mod tests;
