//! Follow-ups as entries of a calendar: appointments, whole days and tasks.
//!
//! A follow-up has a place in a calendar once it has an hour or a day. When it last changed says to a
//! calendar which of two states is the newer one: `SEQUENCE` is the seconds from its making to that
//! change, which only grow, while a number of commits would shrink where two clones are merged.
//! Deliberately absent: how a calendar is written, and the way back, for a change made in a
//! calendar would skip the rules of the store.

use chrono::Timelike;

use crate::model::record::{CodeList, Doc, Type, Value};
use crate::model::scalars::Instant;
use crate::model::value::parse_duration;
use crate::table::{Cell, Column, ColumnType, Table};

/// Minutes of an appointment that does not say how long it takes.
const MINUTES: i64 = 30;

/// What the entries need from outside.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// What people call the record of one of these types with this id.
    pub name: &'a dyn Fn(&[&str], &str) -> Option<String>,
    /// The label of a code.
    pub label: &'a dyn Fn(&CodeList, &str) -> String,
    /// When the record with this id last changed.
    pub changed: &'a dyn Fn(&str) -> Option<Instant>,
    /// When on a day people are reminded of what has no hour.
    pub remind_at: chrono::NaiveTime,
}

impl std::fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("remind_at", &self.remind_at).finish_non_exhaustive()
    }
}

/// The columns of a table of events, in the order of their cells.
const COLUMNS: &[(&str, ColumnType)] = &[
    ("uid", ColumnType::Id),
    ("component", ColumnType::Text),
    ("created", ColumnType::Instant),
    ("modified", ColumnType::Instant),
    ("sequence", ColumnType::Int),
    ("start", ColumnType::Instant),
    ("minutes", ColumnType::Int),
    ("due", ColumnType::Day),
    ("completed", ColumnType::Instant),
    ("summary", ColumnType::Text),
    ("description", ColumnType::Prose),
    ("location", ColumnType::Text),
    ("geo", ColumnType::Text),
    ("status", ColumnType::Text),
    ("priority", ColumnType::Int),
    ("categories", ColumnType::List),
    ("alarms", ColumnType::List),
];

/// Whether a follow-up has an hour or a day.
pub fn has_place(doc: &Doc) -> bool {
    doc.get("start_at").is_some() || doc.get("due").is_some()
}

/// The table of those follow-ups that have a place in a calendar, in the order given.
pub fn table<'d>(name: &str, docs: impl IntoIterator<Item = &'d Doc>, words: &Words<'_>) -> Table {
    let columns = COLUMNS.iter().map(|(code, ty)| Column::new(*code, *ty)).collect();
    let mut table = Table::new(name, columns);
    table.rows = docs.into_iter().filter(|doc| has_place(doc)).map(|doc| row(doc, words)).collect();
    table
}

fn row(doc: &Doc, words: &Words<'_>) -> Vec<Cell> {
    let is_task = doc.text("kind") == Some("task");
    let last = (words.changed)(doc.id());
    COLUMNS
        .iter()
        .map(|(code, _)| match *code {
            "uid" => Cell::text(format!("{}@crm", doc.id())),
            "component" => Cell::text(if is_task { "VTODO" } else { "VEVENT" }),
            "created" => moment(doc, "created_at"),
            "modified" => last.map_or_else(|| moment(doc, "created_at"), Cell::Instant),
            "sequence" => Cell::Int(match (last, doc.get("created_at")) {
                (Some(last), Some(Value::Instant(made))) => (last - made).num_seconds().max(0),
                _ => 0,
            }),
            "start" => moment(doc, "start_at"),
            "minutes" => Cell::Int(match doc.get("duration_min") {
                Some(Value::Int(minutes)) if *minutes > 0 => *minutes,
                _ => MINUTES,
            }),
            "due" => doc.get("due").and_then(Value::as_day).map_or(Cell::Null, Cell::Day),
            "completed" if is_task && doc.state() == "done" => moment(doc, "done_at"),
            "summary" => {
                Cell::text(doc.text("subject").map_or_else(|| label(doc, "kind", words), str::to_owned))
            }
            "description" => Cell::text(description(doc, words)),
            "location" => doc.text("place").map_or(Cell::Null, Cell::text),
            "geo" => doc.text("geo").map_or(Cell::Null, Cell::text),
            "status" => Cell::text(status(doc, is_task)),
            "priority" => match doc.text("priority") {
                Some("high") => Cell::Int(1),
                Some("low") => Cell::Int(9),
                _ => Cell::Int(5),
            },
            "categories" => {
                let tags = list(doc, "tags").map(str::to_owned);
                Cell::List(std::iter::once(label(doc, "kind", words)).chain(tags).map(Cell::Text).collect())
            }
            "alarms" => Cell::List(alarms(doc, words).into_iter().map(Cell::Int).collect()),
            _ => Cell::Null,
        })
        .collect()
}

fn moment(doc: &Doc, field: &str) -> Cell {
    match doc.get(field) {
        Some(Value::Instant(at)) => Cell::Instant(*at),
        _ => Cell::Null,
    }
}

fn list<'d>(doc: &'d Doc, field: &str) -> impl Iterator<Item = &'d str> {
    let all: &[Value] = if let Some(Value::List(all)) = doc.get(field) { all } else { &[] };
    all.iter().filter_map(Value::as_text)
}

fn label(doc: &Doc, field: &str, words: &Words<'_>) -> String {
    let code = doc.text(field).unwrap_or_default();
    match doc.kind.field(field).map(|field| field.ty) {
        Some(Type::Code(list)) => (words.label)(list, code),
        _ => code.to_owned(),
    }
}

/// What was said, what it is about, and with whom.
fn description(doc: &Doc, words: &Words<'_>) -> String {
    let title = |field: &str| match doc.kind.field(field).map(|field| field.ty) {
        Some(Type::Ref(nouns)) => (words.name)(nouns, doc.text(field)?),
        _ => None,
    };
    let mut lines: Vec<String> = doc.text("summary").map(str::to_owned).into_iter().collect();
    for name in [title("target"), title("contact")].into_iter().flatten() {
        if !lines.contains(&name) {
            lines.push(name);
        }
    }
    lines.join("\n")
}

/// A planned hour is agreed, a planned day leaves the hour open, and what was missed wants a new one.
fn status(doc: &Doc, is_task: bool) -> &'static str {
    match (doc.state(), is_task) {
        ("cancelled", _) => "CANCELLED",
        ("done", true) => "COMPLETED",
        (_, true) => "NEEDS-ACTION",
        ("done", false) => "CONFIRMED",
        ("planned", false) if doc.get("start_at").is_some() => "CONFIRMED",
        _ => "TENTATIVE",
    }
}

/// Minutes from the beginning of an event, or the end of a task, to each reminder; only of what is
/// still to come. Before a day without an hour the time of day is that of the settings.
fn alarms(doc: &Doc, words: &Words<'_>) -> Vec<i64> {
    if doc.state() != "planned" {
        return Vec::new();
    }
    let hour = match doc.get("start_at") {
        Some(_) => 0,
        None => i64::from(words.remind_at.num_seconds_from_midnight() / 60),
    };
    let minutes = |text: &str| {
        let span = parse_duration(text).ok()?;
        let minutes = span.minutes().or_else(|| span.days().map(|days| days * 1440))?;
        Some(hour - i64::from(minutes))
    };
    list(doc, "remind").filter_map(minutes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds::by_name;
    use crate::model::value::parse_instant;

    fn followup(fields: &[(&'static str, Value)]) -> Doc {
        let mut doc = Doc::new(by_name("followup").expect("declared"), "fup_kwzrmlnopqst");
        doc.set("created_at", Some(at("2026-02-01T08:00:00+08:00")));
        for (field, value) in fields {
            doc.set(field, Some(value.clone()));
        }
        doc
    }

    fn at(text: &str) -> Value {
        Value::Instant(parse_instant(text).expect("a moment"))
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn day() -> Value {
        Value::Day("2026-03-02".parse().expect("a day"))
    }

    /// These cells of the only row, last changed at a moment.
    fn cells(doc: &Doc, last: &str, codes: &[&str]) -> Vec<Cell> {
        let words = Words {
            name: &|nouns, id| Some(format!("{} {id}", nouns[0])),
            label: &|_, code| code.to_uppercase(),
            changed: &|_| parse_instant(last).ok(),
            remind_at: chrono::NaiveTime::from_hms_opt(9, 0, 0).expect("a time"),
        };
        let table = table("followup", [doc], &words);
        codes.iter().map(|code| table.rows[0][table.position(code).expect("a column")].clone()).collect()
    }

    #[test]
    fn what_has_neither_hour_nor_day_has_no_place() {
        assert!(!has_place(&followup(&[("done_at", at("2026-03-01T08:00:00+08:00"))])));
        assert!(has_place(&followup(&[("due", day())])));
    }

    #[test]
    fn states_are_those_of_calendars() {
        for (state, start, task, wanted) in [
            ("planned", true, false, "CONFIRMED"),
            ("planned", false, false, "TENTATIVE"),
            ("missed", true, false, "TENTATIVE"),
            ("done", false, false, "CONFIRMED"),
            ("cancelled", true, false, "CANCELLED"),
            ("planned", true, true, "NEEDS-ACTION"),
            ("missed", false, true, "NEEDS-ACTION"),
            ("done", false, true, "COMPLETED"),
            ("cancelled", false, true, "CANCELLED"),
        ] {
            let mut fields = vec![
                ("due", day()),
                ("status", text(state)),
                ("kind", text(if task { "task" } else { "call" })),
                ("done_at", at("2026-03-01T08:00:00+08:00")),
            ];
            if start {
                fields.push(("start_at", at("2026-03-02T08:00:00+08:00")));
            }
            let told = cells(&followup(&fields), "", &["status", "completed"]);
            assert_eq!(told[0], Cell::text(wanted), "{state} {start} {task}");
            assert_eq!(matches!(told[1], Cell::Instant(_)), wanted == "COMPLETED", "{state} {task}");
        }
    }

    #[test]
    fn changes_make_it_newer() {
        let doc = followup(&[("due", day())]);
        let moment = |text| Cell::Instant(parse_instant(text).expect("a moment"));
        let made = "2026-02-01T08:00:00+08:00";
        for (last, sequence, modified) in [
            ("never", 0, made),
            (made, 0, made),
            ("2026-02-01T00:01:30Z", 90, "2026-02-01T00:01:30Z"),
            // Another machine's clock.
            ("2026-01-31T00:00:00Z", 0, "2026-01-31T00:00:00Z"),
        ] {
            assert_eq!(cells(&doc, last, &["sequence", "modified"]), [Cell::Int(sequence), moment(modified)]);
        }
    }

    #[test]
    fn reminders_count_from_the_hour_or_from_the_time_of_the_settings() {
        let remind = Value::List(["1d", "2h", "0m"].map(text).to_vec());
        let fields = [("due", day()), ("status", text("planned")), ("remind", remind)];
        let mut doc = followup(&fields);
        let ints = |minutes: &[i64]| Cell::List(minutes.iter().map(|m| Cell::Int(*m)).collect());
        assert_eq!(cells(&doc, "", &["alarms"]), [ints(&[540 - 1440, 540 - 120, 540])]);
        doc.set("start_at", Some(at("2026-03-02T08:00:00+08:00")));
        assert_eq!(cells(&doc, "", &["alarms"]), [ints(&[-1440, -120, 0])]);
        doc.set("status", Some(text("done")));
        assert_eq!(cells(&doc, "", &["alarms"]), [ints(&[])]);
    }

    #[test]
    fn the_description_says_what_it_is_about() {
        let doc = followup(&[
            ("due", day()),
            ("kind", text("visit")),
            ("summary", text("to bring: samples")),
            ("target", text("cus_1")),
            ("contact", text("con_1")),
            ("tags", Value::List(vec![text("vip")])),
        ]);
        let told = cells(&doc, "", &["uid", "description", "categories", "priority", "minutes"]);
        let wanted = [
            Cell::text("fup_kwzrmlnopqst@crm"),
            Cell::text("to bring: samples\ncustomer cus_1\ncontact con_1"),
            Cell::List(vec![Cell::text("VISIT"), Cell::text("vip")]),
            Cell::Int(5),
            Cell::Int(30),
        ];
        assert_eq!(told, wanted);
    }
}
