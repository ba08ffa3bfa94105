//! The mirror against a store in memory.

mod agreement;
mod answers;
mod follow;
mod leads;
mod lookups;
mod opportunities;
mod shares;
mod tables;
mod tickets;
mod whole;

use chrono::Weekday;

use super::fake::Fake;
use super::{Mirror, Moment, SqlCell};
use crate::model::record::Doc;
use crate::model::schema::{Schema, Settings};
use crate::query::Clock;

fn schema() -> Schema {
    Schema::new(Settings::default()).expect("the declared types")
}

/// A schema with one setting.
fn schema_with(key: &str, value: &str) -> Schema {
    let values = [(key.to_owned(), vec![value.to_owned()])].into();
    Schema::new(Settings::new(values)).expect("sound settings")
}

fn moment() -> Moment {
    let now = "2026-06-30T12:00:00+08:00".parse().expect("an instant");
    Moment::new(Clock { now, fiscal_start: (4, 1), week_start: Weekday::Mon })
}

/// The mirror of these records.
fn mirror_of(docs: Vec<Doc>) -> Mirror {
    let mut store = Fake::default();
    store.commit("one", docs);
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
    assert_eq!(mirror.broken_of(&[]).expect("a list"), []);
    mirror
}

/// The mirror of these records at the end of a day.
fn mirror_with(docs: Vec<Doc>, day: crate::model::scalars::Day) -> Mirror {
    let mirror = mirror_of(docs);
    mirror.set_moment(moment().as_of(day));
    mirror
}

/// What a select finds, as text: cells by `|`, rows by line.
fn ask(mirror: &Mirror, sql: &str) -> String {
    let answer = mirror.query(sql, &[]).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let rows = answer.rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|"));
    rows.collect::<Vec<_>>().join("\n")
}

fn shown(cell: &SqlCell) -> String {
    match cell {
        SqlCell::Null => "-".to_owned(),
        SqlCell::Int(int) => int.to_string(),
        SqlCell::Real(real) => format!("{real:?}"),
        SqlCell::Text(text) => text.clone(),
    }
}
