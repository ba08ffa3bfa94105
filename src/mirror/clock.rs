//! What the answers of views and functions depend on besides the records: the day as of which to
//! see them, the company's calendar and the report zone.
//!
//! Deliberately absent: the system's clock and the zone database; the caller knows both.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::query::{Bucket, Clock, bucket};

/// Gives the day of an instant in the report zone.
pub type DayOf = Arc<dyn Fn(DateTime<FixedOffset>) -> NaiveDate + Send + Sync>;

/// Gives the working minutes between two instants by a calendar's id.
pub type WorkMinutes =
    Arc<dyn Fn(&str, DateTime<FixedOffset>, DateTime<FixedOffset>) -> Option<i64> + Send + Sync>;

/// The moment from which the records are looked at.
#[derive(Clone)]
pub struct Moment {
    /// Nothing later exists.
    pub as_of: NaiveDate,
    /// Now, in the report zone, with the fiscal year and first day of the week.
    pub clock: Clock,
    pub day_of: DayOf,
    /// Absent: `work_minutes` is null.
    pub work_minutes: Option<WorkMinutes>,
}

impl Moment {
    /// The present, as of today, with days as the instants' own offsets have them.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { as_of: clock.today(), clock, day_of: Arc::new(|at| at.date_naive()), work_minutes: None }
    }

    /// The same as of another day.
    #[must_use]
    pub fn as_of(mut self, day: NaiveDate) -> Self {
        self.as_of = day;
        self
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

/// The moment as the functions of a connection share it, and the rowids of the records that views
/// over all of a type look at.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<RwLock<Seen>>);

/// A moment, and a range of rowids.
type Seen = (Arc<Moment>, (i64, i64));

/// Every record.
const ALL: (i64, i64) = (i64::MIN, i64::MAX);

impl Shared {
    pub fn new(moment: Moment) -> Self {
        Self(Arc::new(RwLock::new((Arc::new(moment), ALL))))
    }

    pub fn set(&self, moment: Moment) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).0 = Arc::new(moment);
    }

    pub fn get(&self) -> Arc<Moment> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    pub fn scope(&self) -> (i64, i64) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Does something while views look at one record.
    pub fn scoped<T>(&self, rowid: i64, work: impl FnOnce() -> T) -> T {
        self.0.write().unwrap_or_else(PoisonError::into_inner).1 = (rowid, rowid);
        let done = work();
        self.0.write().unwrap_or_else(PoisonError::into_inner).1 = ALL;
        done
    }
}
