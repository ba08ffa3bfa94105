//! Calendars: working hours, holidays and exceptions.

use super::record::{Rows, Set, TRAITS};
use super::scalars::Day;
use crate::{choice, record, row};

choice! {
    /// A day of the week
    Weekday = "weekday" {
        Mon = "mon",
        Tue = "tue",
        Wed = "wed",
        Thu = "thu",
        Fri = "fri",
        Sat = "sat",
        Sun = "sun",
    }
}

row! {
    /// The working hours of a weekday
    WeekHours by "day" {
        /// The weekday
        day: Weekday,
        /// Working hours, such as 09:00-12:00
        ranges: Vec<String>,
    }
}

row! {
    /// The working hours of one date, instead of those of its weekday
    ExtraHours by "date" {
        /// The date
        date: Day,
        /// Working hours, such as 09:00-12:00; none where empty
        ranges: Vec<String>,
    }
}

record! {
    /// Working hours
    Calendar, "calendar", "calendars", "", TRAITS => {
        identity {
            /// Name
            name: String,
            /// IANA time zone of the hours
            timezone: String,
        }
        holidays {
            /// Days without work
            holidays: Set<Day>,
        }
        rows {
            /// Working hours by weekday
            week: Rows<WeekHours>,
            /// Dates that differ from their weekday or are no holiday
            extra: Rows<ExtraHours>,
        }
    }
}
