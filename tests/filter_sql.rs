//! A condition judges a row the same here and in SQLite.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Weekday};
use crm::query::{Clock, Condition, Datum, Kind, Op, SqlValue, Test, fold, parse_condition, real};
use proptest::prelude::*;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use rust_decimal::Decimal;

thread_local! {
    static DB: Connection = database().expect("an in-memory database");
}

fn database() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("fold", 1, flags, |call| {
        Ok(call.get::<Option<String>>(0)?.map(|text| fold(&text)))
    })?;
    Ok(db)
}

fn clock() -> Clock {
    Clock {
        now: DateTime::parse_from_rfc3339("2026-03-04T09:30:00+08:00").expect("an instant"),
        fiscal_start: (4, 1),
        week_start: Weekday::Mon,
    }
}

/// A value as the mirror stores it.
fn stored(kind: Kind, cell: &Datum<'_>) -> Value {
    match cell {
        Datum::Null => Value::Null,
        Datum::Text(text) => Value::Text((*text).to_owned()),
        Datum::Int(number) => Value::Integer(*number),
        Datum::Dec(number) => match kind {
            Kind::Money { digits } => {
                let units = number * Decimal::from(10_i64.pow(digits));
                Value::Integer(units.normalize().to_string().parse().expect("whole units"))
            }
            _ => Value::Real(real(*number)),
        },
        Datum::Bool(flag) => Value::Integer(i64::from(*flag)),
        Datum::Day(day) => Value::Text(day.format("%Y-%m-%d").to_string()),
        Datum::Instant(at) => Value::Text(at.format("%Y-%m-%dT%H:%M:%S%:z").to_string()),
        Datum::List(elements) => Value::Text(format!(";{};", elements.join(";"))),
    }
}

fn in_sqlite(test: &Test, kind: Kind, cell: &Datum<'_>) -> Option<bool> {
    let (sql, parameters) = test.to_sql("c");
    let parameters = parameters.into_iter().map(|parameter| match parameter {
        SqlValue::Text(word) => Value::Text(word),
        SqlValue::Int(number) => Value::Integer(number),
        SqlValue::Real(number) => Value::Real(number),
    });
    let all = parameters.chain([stored(kind, cell)]);
    // The parameters of the test come first, as they stand first in the text.
    let sql = format!("select {sql} from (select ?{} as c)", test.to_sql("c").1.len() + 1);
    DB.with(|db| {
        db.query_row(&sql, params_from_iter(all), |row| row.get::<_, Option<bool>>(0)).expect("legal SQL")
    })
}

fn agree(condition: &Condition, kind: Kind, cell: &Datum<'_>) {
    let Ok(test) = Test::new(condition, kind, &clock()) else {
        return;
    };
    let sql = test.to_sql("c");
    assert_eq!(in_sqlite(&test, kind, cell), Some(test.matches(cell)), "{condition} on {cell:?}: {sql:?}");
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(Op::ALL.to_vec())
}

fn condition(value: impl Strategy<Value = String>) -> impl Strategy<Value = Condition> {
    (op(), proptest::collection::vec(value, 0..4)).prop_map(|(op, mut values)| {
        if !matches!(op, Op::Eq | Op::Ne) {
            values.truncate(1);
            if values.is_empty() {
                values.push("2026".to_owned());
            }
        }
        Condition { field: "f".to_owned(), op, values }
    })
}

fn word() -> impl Strategy<Value = String> {
    "[aAbBéÉΣσς海;%_]{1,3}"
}

fn number() -> impl Strategy<Value = String> {
    "-?[0-3](\\.[0-9]{1,3})?|-?[0-9]{1,4}(\\.[0-9]{1,6})?|-?9223372036854775807|-?1.0|0|-?[0-9]{1,26}"
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        "2026-0[1-6]-[0-2][0-9]",
        "202[5-7]-0[1-6]",
        "202[5-7](Q[1-4]|H[12]|W[0-4][0-9])?",
        "2026-03-0[1-9]T[01][0-9]:[0-5][0-9](:[0-5][0-9])?(Z|[+]08:00|-0500)?",
        "-?[0-9]{1,2}[dwmyh]",
        "2026-0[1-3]\\.\\.(2026-0[3-6])?|\\.\\.2026Q1",
        Just("today".to_owned()),
    ]
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (-400..800_i64)
        .prop_map(|days| NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + TimeDelta::days(days))
}

fn moment() -> impl Strategy<Value = DateTime<FixedOffset>> {
    (-800_000..1_600_000_i64).prop_map(|seconds| clock().now + TimeDelta::seconds(seconds))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn on_text(condition in condition(word()), cell in "[aAbBéÉΣσς海;%_]{0,4}", null in 0..8) {
        let cell = if null == 0 { Datum::Null } else { Datum::Text(&cell) };
        agree(&condition, Kind::Text, &cell);
    }

    #[test]
    fn on_lists(condition in condition(word()), cell in proptest::collection::vec("[aAbBéΣσ海%_]{1,3}", 0..4)) {
        agree(&condition, Kind::List, &Datum::List(cell.iter().map(String::as_str).collect()));
        agree(&condition, Kind::List, &Datum::Null);
    }

    #[test]
    fn on_whole_numbers(
        condition in condition(number()),
        cell in prop_oneof![-5..5_i64, Just(i64::MAX), Just(i64::MIN)],
    ) {
        agree(&condition, Kind::Int, &Datum::Int(cell));
        agree(&condition, Kind::Int, &Datum::Null);
    }

    #[test]
    fn on_amounts(condition in condition(number()), units in -40..40_i64, digits in 0..4_u32) {
        let cell = Datum::Dec(Decimal::new(units, digits));
        agree(&condition, Kind::Money { digits }, &cell);
        agree(&condition, Kind::Money { digits }, &Datum::Null);
    }

    #[test]
    fn on_decimals(condition in condition(number()), units in -20_000_000..20_000_000_i64, digits in 0..7_u32) {
        agree(&condition, Kind::Dec, &Datum::Dec(Decimal::new(units, digits)));
    }

    #[test]
    fn on_equal_decimals(units in -20_000_000..20_000_000_i64, digits in 0..7_u32, zeros in 0..6_usize, op in op()) {
        let number = Decimal::new(units, digits);
        let point = if digits == 0 { "." } else { "" };
        let tail = if zeros == 0 { String::new() } else { format!("{point}{}", "0".repeat(zeros)) };
        let condition = Condition { field: "f".to_owned(), op, values: vec![format!("{number}{tail}")] };
        agree(&condition, Kind::Dec, &Datum::Dec(number));
        agree(&condition, Kind::Money { digits }, &Datum::Dec(number));
    }

    #[test]
    fn on_days(condition in condition(date()), cell in day()) {
        agree(&condition, Kind::Day, &Datum::Day(cell));
        agree(&condition, Kind::Day, &Datum::Null);
    }

    #[test]
    fn on_instants(condition in condition(date()), cell in moment()) {
        agree(&condition, Kind::Instant, &Datum::Instant(cell));
        agree(&condition, Kind::Instant, &Datum::Null);
    }
}

#[test]
fn on_flags() {
    for text in ["f=", "f!=", "f=yes", "f!=true", "f=false,true", "f!=no"] {
        let condition = parse_condition(text).expect(text);
        for cell in [Datum::Null, Datum::Bool(true), Datum::Bool(false)] {
            agree(&condition, Kind::Bool, &cell);
        }
    }
}
