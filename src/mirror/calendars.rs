//! The calendars of a store as the functions of SQL ask them: read when a connection first answers
//! something after it came into step with the records, and held until it does so again.
//!
//! Deliberately absent: the zone database, which the caller gives (see [`ZoneOf`]), and arithmetic
//! (see `model::working_time`).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::Mirror;
use crate::model::working_time::{Hours, WEEKDAYS, WorkingTime, Zone, read};

/// Gives the zone of an IANA name.
pub type ZoneOf = Arc<dyn Fn(&str) -> Option<Zone> + Send + Sync>;

/// Calendars by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendars(BTreeMap<String, WorkingTime>);

impl Calendars {
    /// Working minutes between two instants; without a calendar every minute is one.
    pub fn minutes(
        &self,
        from: DateTime<FixedOffset>,
        to: DateTime<FixedOffset>,
        id: Option<&str>,
    ) -> Option<i64> {
        match id {
            Some(id) => self.0.get(id).map(|calendar| calendar.work(from, to)),
            None => Some((to - from).num_minutes()),
        }
    }

    /// The instant after so many working minutes.
    pub fn plus(
        &self,
        from: DateTime<FixedOffset>,
        minutes: u32,
        id: Option<&str>,
    ) -> Option<DateTime<FixedOffset>> {
        match id {
            Some(id) => self.0.get(id)?.plus(from, minutes),
            None => from.checked_add_signed(TimeDelta::minutes(i64::from(minutes))),
        }
    }
}

impl Mirror {
    /// Reads the calendars. Tables that are not there yet hold none.
    pub(super) fn know_calendars(&self) {
        self.moment.set_calendars(self.calendars().unwrap_or_default());
    }

    fn calendars(&self) -> rusqlite::Result<Calendars> {
        let Some(zone_of) = self.moment.get().zone_of.clone() else { return Ok(Calendars::default()) };
        let mut found: BTreeMap<String, (Option<Zone>, Hours)> = BTreeMap::new();
        let mut statement = self.db.prepare_cached("select id, timezone, holidays from calendars")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, zone, holidays): (String, Option<String>, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let days = elements(holidays.as_deref()).filter_map(|text| text.parse().ok());
            let hours = Hours { holidays: days.collect(), ..Hours::default() };
            found.insert(id, (zone.and_then(|name| zone_of(&name)), hours));
        }
        let own = [("calendar_week", "day"), ("calendar_extra", "date")];
        for (table, key) in own {
            let mut statement =
                self.db.prepare_cached(&format!("select record, {key}, ranges from {table}"))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (id, key, ranges): (String, Option<String>, Option<String>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let (Some((_, hours)), Some(key)) = (found.get_mut(&id), key) else { continue };
                let ranges = read(elements(ranges.as_deref()));
                if let Some(at) = WEEKDAYS.iter().position(|day| *day == key) {
                    hours.week[at] = ranges;
                } else if let Ok(date) = key.parse() {
                    hours.extra.insert(date, ranges);
                }
            }
        }
        let known = found
            .into_iter()
            .filter_map(|(id, (zone, hours))| zone.map(|zone| (id, WorkingTime::new(hours, zone))));
        Ok(Calendars(known.collect()))
    }
}

/// The elements of a stored list.
fn elements(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(';').filter(|part| !part.is_empty())
}
