//! Calendars and service level agreements: working hours and promised times that make sense.

use super::amounts::word;
use super::support::about;
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::model::value::parse_duration;
use crate::model::working_time::{parse_range, texts};

const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];

/// `range-order`, `range-overlap`, `empty-week`.
pub fn calendar(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "calendar" {
        return Ok(());
    }
    for (rows, key) in [("week", "day"), ("extra", "date")] {
        for row in doc.rows(rows) {
            let day = row.get(key).map(super::support::plain).unwrap_or_default();
            let mut end = 0;
            for text in texts(row) {
                let refuse = |rule| {
                    let problem = about(doc, rule).arg("day", &day).arg("on", &day).arg("value", text);
                    problem.field(format!("{rows}.ranges"))
                };
                match parse_range(text) {
                    Some((from, _)) if from < end => found.push(refuse("range-overlap")),
                    Some((from, to)) if from < to => end = to,
                    _ => found.push(refuse("range-order")),
                }
            }
        }
    }
    if doc.rows("week").iter().all(|row| texts(row).next().is_none()) {
        found.push(about(doc, "empty-week").field("week"));
    }
    Ok(())
}

/// `response-after-resolution`, `priority-missing` W; working time has no days.
pub fn sla(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "sla" {
        return Ok(());
    }
    for row in doc.rows("priorities") {
        let priority = word(row, "priority").unwrap_or_default();
        let minutes = |field| parse_duration(word(row, field)?).ok()?.minutes();
        for field in ["response", "resolution"].into_iter().filter(|field| row.contains_key(*field)) {
            if minutes(field).is_none() {
                let problem = about(doc, "bad-value").arg("field", field).arg("priority", priority);
                let problem = problem.arg("value", word(row, field).unwrap_or_default());
                found.push(problem.arg("reason", "working-time").field(format!("priorities.{field}")));
            }
        }
        if let (Some(response), Some(resolution)) = (minutes("response"), minutes("resolution"))
            && response > resolution
        {
            found.push(about(doc, "response-after-resolution").arg("priority", priority).field("priorities"));
        }
    }
    let has =
        |priority: &str| doc.rows("priorities").iter().any(|row| word(row, "priority") == Some(priority));
    for priority in PRIORITIES.iter().filter(|priority| !has(priority)) {
        let problem = about(doc, "priority-missing").arg("priority", priority);
        found.push(problem.field("priorities").as_warning());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fresh, sample};

    #[test]
    fn working_hours_are_in_order() {
        let base = [("name", "Office"), ("timezone", "Asia/Shanghai"), ("week.day", "mon")];
        for (ranges, expected) in [
            ("09:00-12:00;13:00-18:00", &[][..]),
            ("00:00-24:00", &[]),
            ("09:00-12:00;11:00-18:00", &["range-overlap"]),
            ("12:00-09:00", &["range-order"]),
            ("9-12", &["range-order"]),
            ("09:00-24:01", &["range-order"]),
        ] {
            fresh(&sample(), "calendar", "office", &base, &[(&[("week.ranges", ranges)], expected)]);
        }
        fresh(&sample(), "calendar", "office", &base, &[(&[], &["empty-week"])]);
    }

    #[test]
    fn a_promise_covers_every_priority_in_working_time() {
        let mut store = sample();
        let hours =
            [("name", "Office"), ("timezone", "UTC"), ("week.day", "mon"), ("week.ranges", "09:00-12:00")];
        store.add("calendar", "office", &hours);
        let base = [("name", "Standard"), ("calendar", "office")];
        let all = |low: [&'static str; 2]| -> Vec<(&str, &str)> {
            [("low", low), ("normal", ["4h", "16h"]), ("high", ["2h", "8h"]), ("urgent", ["30m", "4h"])]
                .into_iter()
                .flat_map(|(priority, [response, resolution])| {
                    let key = ("priorities.priority", priority);
                    [key, ("priorities.response", response), ("priorities.resolution", resolution)]
                })
                .collect()
        };
        fresh(
            &store,
            "sla",
            "standard",
            &base,
            &[
                (&all(["8h", "40h"]), &[]),
                (&all(["8h", "4h"]), &["response-after-resolution"]),
                (&all(["1d", "40h"]), &["bad-value"]),
                (&all(["8h", "40h"])[..9], &["W priority-missing"]),
            ],
        );
    }
}
