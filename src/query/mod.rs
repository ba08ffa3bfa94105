//! What people type to choose records: dates, periods, conditions, columns and order.
//!
//! Text in, plain values out. Deliberately absent: the clock (it comes in as [`Clock`]), the
//! fields of a record type (the caller knows which there are and of which [`Kind`]), the
//! rows themselves and the zone database, so a local time stays local until the caller
//! resolves it.

mod calendar;
mod condition;
mod dates;
mod duration;
mod filter;
mod instants;
mod misread;
mod nearest;
mod period;
mod sort;
mod sql;

pub use calendar::{Bucket, Clock, bucket, bucket_start};
pub use condition::{Condition, Op, parse_condition};
pub use dates::{Edge, parse_day, parse_day_at};
pub use duration::{Dur, parse_duration};
pub use filter::{Datum, Kind, Test, fold, matches};
pub use instants::{Instant, parse_instant};
pub use nearest::nearest;
pub use period::{Comparison, Period, PeriodKind, parse_period};
pub use sort::{parse_fields, parse_sort};
pub use sql::{SqlValue, real, to_sql};
