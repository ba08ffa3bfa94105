//! What the answers of views and functions depend on besides the records: the day as of which to
//! see them, the company's calendar and the report zone.
//!
//! Deliberately absent: the system's clock and the zone database; the caller knows both.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::calendars::{Calendars, ZoneOf};
use crate::query::{Bucket, Clock, bucket};

/// Gives the day of an instant in the report zone.
pub type DayOf = Arc<dyn Fn(DateTime<FixedOffset>) -> NaiveDate + Send + Sync>;

/// The moment from which the records are looked at.
#[derive(Clone)]
pub struct Moment {
    /// Nothing later exists.
    pub as_of: NaiveDate,
    /// Now, in the report zone, with the fiscal year and first day of the week.
    pub clock: Clock,
    pub day_of: DayOf,
    /// The zone database. Absent: no calendar can be read, and working time is null.
    pub zone_of: Option<ZoneOf>,
}

impl Moment {
    /// The present, as of today, with days as the instants' own offsets have them.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { as_of: clock.today(), clock, day_of: Arc::new(|at| at.date_naive()), zone_of: None }
    }

    /// The same as of another day.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate) -> Self {
        self.as_of = day;
        self
    }

    /// The instant after which nothing is seen: now, or the end of an as-of day that is over.
    pub(super) fn seen_until(&self) -> Option<DateTime<FixedOffset>> {
        if self.as_of >= self.clock.today() {
            return Some(self.clock.now);
        }
        let midnight = self.as_of.succ_opt()?.and_hms_opt(0, 0, 0)?;
        midnight.and_local_timezone(*self.clock.now.offset()).single()
    }

    /// The name of the bucket that a day lies in; the common ones without looking at the calendar.
    pub(super) fn bucket(&self, day: &str, unit: &str) -> Option<String> {
        let whole_year = self.clock.fiscal_start == (1, 1);
        match unit {
            "day" => return day.get(..10).map(str::to_owned),
            "month" => return day.get(..7).map(str::to_owned),
            "year" if whole_year => return day.get(..4).map(str::to_owned),
            _ => {}
        }
        let day: NaiveDate = day.get(..10)?.parse().ok()?;
        Some(bucket(day, Bucket::from_name(unit)?, &self.clock))
    }
}

impl std::fmt::Debug for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Moment")
            .field("as_of", &self.as_of)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// The moment as the functions of a connection share it, the calendars, and the rowids of the
/// records that views over all of a type look at.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<RwLock<Seen>>);

/// What is shared.
#[derive(Debug)]
struct Seen {
    moment: Arc<Moment>,
    scope: (i64, i64),
    calendars: Arc<Calendars>,
}

/// Every record.
const ALL: (i64, i64) = (i64::MIN, i64::MAX);

impl Shared {
    pub fn new(moment: Moment) -> Self {
        let seen = Seen { moment: Arc::new(moment), scope: ALL, calendars: Arc::default() };
        Self(Arc::new(RwLock::new(seen)))
    }

    fn seen(&self) -> RwLockReadGuard<'_, Seen> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, Seen> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set(&self, moment: Moment) {
        self.change().moment = Arc::new(moment);
    }

    pub fn get(&self) -> Arc<Moment> {
        self.seen().moment.clone()
    }

    pub fn set_calendars(&self, calendars: Calendars) {
        self.change().calendars = Arc::new(calendars);
    }

    pub fn calendars(&self) -> Arc<Calendars> {
        self.seen().calendars.clone()
    }

    pub fn scope(&self) -> (i64, i64) {
        self.seen().scope
    }

    /// Does something while views look at one record.
    pub fn scoped<T>(&self, rowid: i64, work: impl FnOnce() -> T) -> T {
        self.change().scope = (rowid, rowid);
        let done = work();
        self.change().scope = ALL;
        done
    }
}
