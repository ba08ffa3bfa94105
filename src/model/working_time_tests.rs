//! Working time, with the example of the reference and the days on which clocks change.

use chrono::{Offset, TimeZone};
use chrono_tz::Tz;

use super::*;

fn zone(name: &str) -> Zone {
    let zone: Tz = name.parse().expect("a zone");
    Arc::new(move |at| zone.offset_from_utc_datetime(&at).fix().local_minus_utc())
}

fn office() -> Hours {
    let day = read(["09:00-12:00", "13:00-18:00"].into_iter());
    let mut hours = Hours::default();
    hours.week[..5].fill(day);
    hours
}

fn shanghai(hours: Hours) -> WorkingTime {
    WorkingTime::new(hours, zone("Asia/Shanghai"))
}

fn at(text: &str) -> DateTime<FixedOffset> {
    let text = if text.len() > 16 { text.to_owned() } else { format!("{text}:00+08:00") };
    DateTime::parse_from_rfc3339(&text).expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Working hours around the clock in a zone.
fn always(name: &str) -> WorkingTime {
    let mut hours = Hours::default();
    hours.week.fill(read(["00:00-24:00"].into_iter()));
    WorkingTime::new(hours, zone(name))
}

#[test]
fn the_example_of_the_reference() {
    let office = shanghai(office());
    let created = at("2026-03-06T17:30");
    assert_eq!(office.plus(created, 240), Some(at("2026-03-09T13:30")));
    assert_eq!(office.work(created, at("2026-03-09T10:15")), 105);
    assert_eq!(office.plus(created, 960), Some(at("2026-03-10T17:30")));
    let held = office.work(at("2026-03-09T15:00"), at("2026-03-10T10:00"));
    assert_eq!(held, 240);
    assert_eq!(office.plus(created, 960 + 240), Some(at("2026-03-11T13:30")));
    assert_eq!(office.work(created, at("2026-03-11T11:00")), 1110);
}

#[test]
fn ranges_are_half_open_and_the_first_instant_counts() {
    let office = shanghai(office());
    for (from, minutes, due) in [
        ("2026-03-09T16:00", 120, "2026-03-09T18:00"),
        ("2026-03-09T09:00", 180, "2026-03-09T12:00"),
        ("2026-03-09T12:00", 1, "2026-03-09T13:01"),
        ("2026-03-09T18:00", 1, "2026-03-10T09:01"),
        ("2026-03-07T10:00", 60, "2026-03-09T10:00"),
        ("2026-03-07T10:00", 0, "2026-03-07T10:00"),
    ] {
        assert_eq!(office.plus(at(from), minutes), Some(at(due)), "{from} + {minutes}");
    }
    assert_eq!(office.work(at("2026-03-09T12:00"), at("2026-03-09T13:00")), 0);
    assert_eq!(office.work(at("2026-03-09T10:15"), at("2026-03-06T17:30")), -105);
    assert_eq!(office.work(at("2026-03-09T09:00:30+08:00"), at("2026-03-09T09:01:29+08:00")), 0);
}

#[test]
fn a_date_of_its_own_overrides_weekday_and_holiday() {
    let mut hours = office();
    // National day week; the Saturday after it is worked, half a day.
    hours.holidays.extend([day("2026-10-01"), day("2026-10-02"), day("2026-10-05")]);
    hours.extra.insert(day("2026-10-10"), vec![(9 * 60, 12 * 60)]);
    hours.extra.insert(day("2026-10-05"), vec![(10 * 60, 11 * 60)]);
    hours.extra.insert(day("2026-10-06"), Vec::new());
    let office = shanghai(hours);
    assert_eq!(office.work(at("2026-10-01T00:00"), at("2026-10-03T00:00")), 0);
    assert_eq!(office.work(at("2026-10-05T00:00"), at("2026-10-06T00:00")), 60);
    assert_eq!(office.work(at("2026-10-06T00:00"), at("2026-10-07T00:00")), 0);
    assert_eq!(office.work(at("2026-10-10T00:00"), at("2026-10-11T00:00")), 180);
    assert_eq!(office.plus(at("2026-09-30T17:00"), 61), Some(at("2026-10-05T10:01")));
}

#[test]
fn instants_of_any_offset_are_seen_in_the_zone_of_the_calendar() {
    let office = shanghai(office());
    assert_eq!(office.work(at("2026-03-09T01:00:00Z"), at("2026-03-09T02:30:00Z")), 90);
    let due = office.plus(at("2026-03-09T01:00:00Z"), 60).expect("a working hour");
    assert_eq!(due.to_rfc3339(), "2026-03-09T10:00:00+08:00");
    // Monday in Shanghai is still Sunday in New York.
    assert_eq!(office.work(at("2026-03-08T20:00:00-04:00"), at("2026-03-08T22:00:00-04:00")), 60);
}

#[test]
fn a_range_that_the_clock_jumps_over_is_short() {
    // In Berlin 2026-03-29 goes from 02:00 to 03:00.
    let berlin = always("Europe/Berlin");
    assert_eq!(berlin.work(at("2026-03-29T00:00:00+01:00"), at("2026-03-30T00:00:00+02:00")), 23 * 60);
    let mut hours = Hours::default();
    hours.week[6] = read(["01:30-03:30"].into_iter());
    let night = WorkingTime::new(hours, zone("Europe/Berlin"));
    assert_eq!(night.work(at("2026-03-29T00:00:00+01:00"), at("2026-03-30T00:00:00+02:00")), 60);
    let due = night.plus(at("2026-03-29T00:00:00+01:00"), 31).expect("a working hour");
    assert_eq!(due.to_rfc3339(), "2026-03-29T03:01:00+02:00");
}

#[test]
fn a_range_that_the_clock_runs_through_twice_is_long() {
    // In Berlin 2026-10-25 goes back from 03:00 to 02:00.
    let berlin = always("Europe/Berlin");
    assert_eq!(berlin.work(at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")), 25 * 60);
    let mut hours = Hours::default();
    hours.week[6] = read(["02:30-03:30"].into_iter());
    let night = WorkingTime::new(hours, zone("Europe/Berlin"));
    // 02:30 to 03:00 once, then 02:30 to 03:30.
    assert_eq!(night.work(at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")), 90);
    let due = night.plus(at("2026-10-25T00:00:00+02:00"), 31).expect("a working hour");
    assert_eq!(due.to_rfc3339(), "2026-10-25T02:31:00+01:00");
}

#[test]
fn office_hours_on_a_day_when_clocks_change_are_as_ever() {
    let mut hours = office();
    hours.week[6] = read(["09:00-12:00"].into_iter());
    let berlin = WorkingTime::new(hours, zone("Europe/Berlin"));
    assert_eq!(berlin.work(at("2026-03-29T09:00:00+02:00"), at("2026-03-29T12:00:00+02:00")), 180);
    assert_eq!(berlin.work(at("2026-10-25T00:00:00+02:00"), at("2026-10-25T23:00:00+01:00")), 180);
}

#[test]
fn a_calendar_without_hours_has_no_due_time() {
    let never = shanghai(Hours::default());
    assert_eq!(never.plus(at("2026-03-09T10:00"), 1), None);
    assert_eq!(never.work(at("2026-01-01T00:00"), at("2026-12-31T00:00")), 0);
}

#[test]
fn a_record_tells_its_hours() {
    let row = |key: &'static str, value: Value, ranges: &[&str]| {
        let ranges = ranges.iter().map(|text| Value::Text((*text).to_owned())).collect();
        Row::from([(key, value), ("ranges", Value::List(ranges))])
    };
    let kind = crate::model::kinds::KINDS.iter().find(|kind| kind.name == "calendar").expect("calendars");
    let mut doc = Doc::new(kind, "office");
    let text = |text: &str| Value::Text(text.to_owned());
    let week = vec![row("day", text("tue"), &["13:00-18:00", "09:00-12:00", "x", "12:00-09:00"])];
    doc.set("week", Some(Value::Rows(week)));
    let extra = vec![row("date", Value::Day(day("2026-02-14")), &["09:00-12:00"])];
    doc.set("extra", Some(Value::Rows(extra)));
    doc.set("holidays", Some(Value::List(vec![Value::Day(day("2026-02-17"))])));
    let hours = Hours::of(&doc);
    assert_eq!(hours.on(day("2026-02-10")), [(540, 720), (780, 1080)]);
    assert_eq!(hours.on(day("2026-02-17")), [(0, 0); 0]);
    assert_eq!(hours.on(day("2026-02-14")), [(540, 720)]);
    assert_eq!(hours.on(day("2026-02-11")), [(0, 0); 0]);
}

proptest::proptest! {
    #[test]
    fn what_is_added_is_what_lies_between(start in 0..200_000_u32, minutes in 1..5_000_u32) {
        for zone_name in ["Asia/Shanghai", "Europe/Berlin", "America/New_York"] {
            let office = WorkingTime::new(office(), zone(zone_name));
            let from = at("2026-02-01T00:00") + TimeDelta::minutes(i64::from(start));
            let due = office.plus(from, minutes).expect("working hours");
            assert_eq!(office.work(from, due), i64::from(minutes));
            assert_eq!(office.work(from, due - TimeDelta::seconds(1)), i64::from(minutes) - 1);
        }
    }
}

/// The working minutes between two instants, counted one by one on the clock on the wall.
fn counted(hours: &Hours, zone: &str, from: DateTime<FixedOffset>, to: DateTime<FixedOffset>) -> i64 {
    let zone: Tz = zone.parse().expect("a zone");
    let minutes = (to - from).num_minutes();
    let is_work = |at: DateTime<FixedOffset>| {
        let wall = at.with_timezone(&zone).naive_local();
        let minute = wall.signed_duration_since(wall.date().and_time(NaiveTime::MIN)).num_minutes();
        hours.on(wall.date()).iter().any(|(a, b)| (i64::from(*a)..i64::from(*b)).contains(&minute))
    };
    let count = (0..minutes).filter(|n| is_work(from + TimeDelta::minutes(*n))).count();
    i64::try_from(count).expect("a count")
}

/// Zones with and without changing clocks, one that changes by half an hour.
const ZONES: [&str; 5] =
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];

fn some_ranges() -> impl proptest::strategy::Strategy<Value = Ranges> {
    use proptest::prelude::*;
    proptest::collection::btree_set(0..=96_u32, 0..=6).prop_map(|marks| {
        let marks: Vec<u32> = marks.into_iter().map(|quarter| quarter * 15).collect();
        marks.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]
    #[test]
    fn working_time_is_what_a_clock_on_the_wall_counts(
        week in proptest::array::uniform7(some_ranges()),
        free in proptest::collection::btree_set(0..400_i64, 0..40),
        odd in proptest::collection::btree_map(0..400_i64, some_ranges(), 0..40),
        zone_at in 0..ZONES.len(),
        start in 0..570_000_i64,
        length in 0..12_000_i64,
        wanted in 1..2_000_u32,
    ) {
        let first = day("2026-01-01");
        let date = |n: i64| first + TimeDelta::days(n);
        let hours = Hours {
            week,
            holidays: free.into_iter().map(date).collect(),
            extra: odd.into_iter().map(|(n, ranges)| (date(n), ranges)).collect(),
        };
        let time = WorkingTime::new(hours.clone(), zone(ZONES[zone_at]));
        let from = at("2026-01-01T00:00") + TimeDelta::minutes(start);
        let to = from + TimeDelta::minutes(length);
        proptest::prop_assert_eq!(time.work(from, to), counted(&hours, ZONES[zone_at], from, to));
        if let Some(due) = time.plus(from, wanted).filter(|due| *due - from < TimeDelta::days(30)) {
            let minute_before = due - TimeDelta::minutes(1);
            let wanted = i64::from(wanted);
            proptest::prop_assert_eq!(counted(&hours, ZONES[zone_at], from, due), wanted);
            proptest::prop_assert_eq!(counted(&hours, ZONES[zone_at], from, minute_before), wanted - 1);
        }
    }
}
