//! iCalendar (RFC 5545): an event or a task for each row of a table whose columns are properties.
//!
//! Moments are written in UTC, so that no time zone has to be carried along; days stay days. What
//! is cancelled stays as such, so that a calendar that has it takes it out. Nothing here reads a
//! clock: the same rows give the same bytes. Deliberately absent: `RRULE` (each turn of a repeated
//! follow-up is a record of its own) and `ORGANIZER` and `ATTENDEE`, for which calendars send
//! invitations in somebody's name.

use std::io::{self, Write};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta};

use super::Style;
use super::content_lines::{self, Lines};
use crate::table::{Cell, Table};

/// Whether a table is one of events.
pub(super) fn fits(table: &Table) -> bool {
    ["uid", "component", "start", "due", "modified"].iter().all(|column| table.position(column).is_some())
}

/// Writes the calendar.
pub(super) fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !fits(table) {
        let message = format!("{} has no events", super::display(&table.name));
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut lines = Lines::new(out, style.terminal);
    lines.line("BEGIN", "VCALENDAR")?;
    lines.line("VERSION", "2.0")?;
    lines.line("PRODID", super::PRODUCT)?;
    lines.line("CALSCALE", "GREGORIAN")?;
    for row in &table.rows {
        let entry = Entry { table, row };
        if entry.text("component") == "VTODO" {
            task(&entry, &mut lines)
        } else {
            event(&entry, &mut lines)
        }?;
    }
    lines.line("END", "VCALENDAR")
}

/// One row, by property.
struct Entry<'t> {
    table: &'t Table,
    row: &'t [Cell],
}

impl<'t> Entry<'t> {
    fn cell(&self, code: &str) -> &'t Cell {
        self.table.position(code).and_then(|at| self.row.get(at)).unwrap_or(&Cell::Null)
    }

    fn text(&self, code: &str) -> &'t str {
        match self.cell(code) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    fn texts(&self, code: &str) -> Vec<&'t str> {
        let cells: &[Cell] = if let Cell::List(cells) = self.cell(code) { cells } else { &[] };
        cells
            .iter()
            .filter_map(|cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None })
            .collect()
    }

    fn moment(&self, code: &str) -> Option<DateTime<FixedOffset>> {
        if let Cell::Instant(at) = self.cell(code) { Some(*at) } else { None }
    }

    fn day(&self, code: &str) -> Option<NaiveDate> {
        if let Cell::Day(day) = self.cell(code) { Some(*day) } else { None }
    }

    fn number(&self, code: &str) -> Option<i64> {
        if let Cell::Int(number) = self.cell(code) { Some(*number) } else { None }
    }

    /// When it ends, where it begins at a moment.
    fn end(&self, start: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        let minutes = self.number("minutes").and_then(TimeDelta::try_minutes).unwrap_or_default();
        start.checked_add_signed(minutes).unwrap_or(start)
    }
}

fn utc(at: DateTime<FixedOffset>) -> String {
    at.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
}

fn day(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

fn event(entry: &Entry<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.line("BEGIN", "VEVENT")?;
    head(entry, lines)?;
    if let Some(start) = entry.moment("start") {
        lines.line("DTSTART", &utc(start))?;
        lines.line("DTEND", &utc(entry.end(start)))?;
    } else if let Some(due) = entry.day("due") {
        lines.line("DTSTART;VALUE=DATE", &day(due))?;
        lines.line("DTEND;VALUE=DATE", &day(due.checked_add_days(Days::new(1)).unwrap_or(due)))?;
        // A whole day takes nobody's time.
        lines.line("TRANSP", "TRANSPARENT")?;
    }
    body(entry, lines)?;
    alarms(entry, "TRIGGER", lines)?;
    lines.line("END", "VEVENT")
}

/// A task is due at the end of its time, or on its day. Beginning and end must both be moments or
/// both be days, the end after the beginning.
fn task(entry: &Entry<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.line("BEGIN", "VTODO")?;
    head(entry, lines)?;
    let (start, due) = (entry.moment("start"), entry.day("due"));
    match (start, due) {
        (Some(start), Some(due)) if start.date_naive() < due => {
            lines.line("DTSTART;VALUE=DATE", &day(start.date_naive()))?;
            lines.line("DUE;VALUE=DATE", &day(due))?;
        }
        (None, Some(due)) => lines.line("DUE;VALUE=DATE", &day(due))?,
        (Some(start), _) => {
            let end = entry.end(start);
            if start < end {
                lines.line("DTSTART", &utc(start))?;
            }
            lines.line("DUE", &utc(end))?;
        }
        (None, None) => {}
    }
    body(entry, lines)?;
    if let Some(at) = entry.moment("completed") {
        lines.line("COMPLETED", &utc(at))?;
        lines.line("PERCENT-COMPLETE", "100")?;
    }
    alarms(entry, "TRIGGER;RELATED=END", lines)?;
    lines.line("END", "VTODO")
}

fn head(entry: &Entry<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.text("UID", entry.text("uid"))?;
    if let Some(at) = entry.moment("modified") {
        lines.line("DTSTAMP", &utc(at))?;
        lines.line("LAST-MODIFIED", &utc(at))?;
    }
    if let Some(at) = entry.moment("created") {
        lines.line("CREATED", &utc(at))?;
    }
    lines.line("SEQUENCE", &entry.number("sequence").unwrap_or(0).to_string())
}

fn body(entry: &Entry<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.text("SUMMARY", entry.text("summary"))?;
    lines.text("DESCRIPTION", entry.text("description"))?;
    lines.text("LOCATION", entry.text("location"))?;
    if let Some((latitude, longitude)) = entry.text("geo").split_once(',') {
        lines.line("GEO", &content_lines::parts([latitude.trim(), longitude.trim()]))?;
    }
    lines.text("STATUS", entry.text("status"))?;
    if let Some(priority) = entry.number("priority") {
        lines.line("PRIORITY", &priority.to_string())?;
    }
    let categories = entry.texts("categories");
    if categories.is_empty() { Ok(()) } else { lines.line("CATEGORIES", &content_lines::list(categories)) }
}

/// An alarm for each number of minutes after the moment that the trigger means; most are before it.
fn alarms(entry: &Entry<'_>, trigger: &str, lines: &mut Lines<'_>) -> io::Result<()> {
    let Cell::List(minutes) = entry.cell("alarms") else { return Ok(()) };
    for cell in minutes {
        let Cell::Int(minutes) = cell else { continue };
        lines.line("BEGIN", "VALARM")?;
        lines.line("ACTION", "DISPLAY")?;
        lines.line("DESCRIPTION", &content_lines::text(entry.text("summary")))?;
        lines.line(trigger, &duration(*minutes))?;
        lines.line("END", "VALARM")?;
    }
    Ok(())
}

/// Minutes as a duration: `-PT30M`, `-P1D`, `PT9H`.
fn duration(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let count = minutes.unsigned_abs();
    let (days, hours, rest) = (count / 1440, count / 60 % 24, count % 60);
    let part = |count: u64, unit: &str| if count > 0 { format!("{count}{unit}") } else { String::new() };
    let time = part(hours, "H") + &part(rest, "M");
    match (days, time.as_str()) {
        (0, "") => "PT0M".to_owned(),
        (_, "") => format!("{sign}P{days}D"),
        (_, time) => format!("{sign}P{}T{time}", part(days, "D")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format;
    use crate::formats::samples::{nasty, written};
    use crate::table::{Column, ColumnType};

    fn at(text: &str) -> Cell {
        Cell::Instant(DateTime::parse_from_rfc3339(text).expect("a moment"))
    }

    fn on(text: &str) -> Cell {
        Cell::Day(text.parse().expect("a day"))
    }

    fn calendar(cells: &[(&str, Cell)]) -> String {
        let given = |code: &str| cells.iter().find(|(name, _)| *name == code).map(|(_, cell)| cell.clone());
        let mut codes = vec!["uid", "component", "start", "due", "modified", "sequence"];
        codes.extend(
            cells.iter().map(|(code, _)| *code).filter(|code| !codes.contains(code)).collect::<Vec<_>>(),
        );
        let columns = codes.iter().map(|code| Column::new(*code, ColumnType::Text)).collect();
        let mut table = Table::new("followup", columns);
        table.rows = vec![codes.iter().map(|code| given(code).unwrap_or(Cell::Null)).collect()];
        let text = written(Format::Ics, &table, &Style::default());
        let frame = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//crm//crm//EN\r\nCALSCALE:GREGORIAN\r\n";
        let inside = text.strip_prefix(frame).and_then(|text| text.strip_suffix("END:VCALENDAR\r\n"));
        inside.unwrap_or_else(|| panic!("no calendar: {text}")).replace("\r\n", "\n")
    }

    #[test]
    fn an_event_at_a_moment() {
        let text = calendar(&[
            ("uid", Cell::text("fup_1@crm")),
            ("component", Cell::text("VEVENT")),
            ("start", at("2026-03-02T09:00:00+08:00")),
            ("due", on("2026-03-02")),
            ("minutes", Cell::Int(45)),
            ("created", at("2026-02-01T00:00:00+08:00")),
            ("modified", at("2026-03-01T00:00:00+08:00")),
            ("sequence", Cell::Int(3)),
            ("summary", Cell::text("试驾, EV")),
            ("geo", Cell::text("22.54, 114.05")),
            ("status", Cell::text("CONFIRMED")),
            ("priority", Cell::Int(1)),
            ("categories", Cell::List(vec![Cell::text("visit"), Cell::text("a,b")])),
            ("alarms", Cell::List(vec![Cell::Int(-30), Cell::Int(0)])),
        ]);
        let wanted = [
            "BEGIN:VEVENT",
            "UID:fup_1@crm",
            "DTSTAMP:20260228T160000Z",
            "LAST-MODIFIED:20260228T160000Z",
            "CREATED:20260131T160000Z",
            "SEQUENCE:3",
            "DTSTART:20260302T010000Z",
            "DTEND:20260302T014500Z",
            "SUMMARY:试驾\\, EV",
            "GEO:22.54;114.05",
            "STATUS:CONFIRMED",
            "PRIORITY:1",
            "CATEGORIES:visit,a\\,b",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:试驾\\, EV",
            "TRIGGER:-PT30M",
            "END:VALARM",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:试驾\\, EV",
            "TRIGGER:PT0M",
            "END:VALARM",
            "END:VEVENT",
        ];
        assert_eq!(text, format!("{}\n", wanted.join("\n")));
    }

    #[test]
    fn a_day_is_a_whole_day() {
        let text = calendar(&[("due", on("2026-02-28"))]);
        assert!(
            text.contains("DTSTART;VALUE=DATE:20260228\nDTEND;VALUE=DATE:20260301\nTRANSP:TRANSPARENT\n"),
            "{text}"
        );
    }

    #[test]
    fn a_task_is_due_on_its_day_or_at_the_end_of_its_time() {
        let morning = at("2026-03-02T09:00:00+08:00");
        for (cells, wanted) in [
            (vec![("due", on("2026-03-02"))], "DUE;VALUE=DATE:20260302\n"),
            (
                vec![("start", morning.clone()), ("due", on("2026-03-04"))],
                "DTSTART;VALUE=DATE:20260302\nDUE;VALUE=DATE:20260304\n",
            ),
            (
                vec![("start", morning.clone()), ("due", on("2026-03-02")), ("minutes", Cell::Int(30))],
                "DTSTART:20260302T010000Z\nDUE:20260302T013000Z\n",
            ),
            (vec![("start", morning)], "DUE:20260302T010000Z\n"),
        ] {
            let text = calendar(&[cells, vec![("component", Cell::text("VTODO"))]].concat());
            assert_eq!(text, format!("BEGIN:VTODO\nSEQUENCE:0\n{wanted}END:VTODO\n"));
        }
    }

    #[test]
    fn durations_are_those_of_the_standard() {
        for (minutes, wanted) in [
            (0, "PT0M"),
            (-30, "-PT30M"),
            (-1440, "-P1D"),
            (540, "PT9H"),
            (-1530, "-P1DT1H30M"),
            (-900, "-PT15H"),
        ] {
            assert_eq!(duration(minutes), wanted);
        }
    }

    #[test]
    fn what_has_no_events_is_refused() {
        let refused = super::super::write(Format::Ics, &nasty(), &Style::default(), &mut Vec::new());
        assert_eq!(refused.expect_err("no events").kind(), io::ErrorKind::InvalidInput);
    }
}
