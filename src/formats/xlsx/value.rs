//! What a spreadsheet holds for a cell: text, a flag, or a number and how it looks.
//!
//! A number that a spreadsheet would round, and a day it does not know, stay text.

use chrono::{NaiveDate, NaiveDateTime, Timelike};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::formats::cells::exact;
use crate::table::{Cell, ColumnType};

/// What a cell of a sheet can hold, counted in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// A spreadsheet keeps fifteen significant digits.
const DIGITS_END: u128 = 1_000_000_000_000_000;
const MOST_DECIMALS: u32 = 10;

/// The content of one cell of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Blank,
    Bool(bool),
    Text(String),
    /// A number, also where it stands for a day, and its number format.
    Number(f64, String),
}

/// The value of a cell in a column whose numbers show `scale` decimals.
pub fn value(ty: ColumnType, cell: &Cell, scale: u32, labelled: bool) -> Value {
    let number = match cell {
        Cell::Null => return Value::Blank,
        Cell::Bool(value) => return Value::Bool(*value),
        Cell::Int(_) | Cell::Dec(_) => decimal(cell).and_then(|value| {
            let own = if ty == ColumnType::Money { value.scale() } else { scale };
            Some((number(value)?, number_format(ty, own)))
        }),
        Cell::Rows(rows) => number(rows.len().into()).map(|count| (count, "0".to_owned())),
        Cell::Day(day) => {
            serial(day.and_time(chrono::NaiveTime::MIN)).map(|serial| (serial, "yyyy-mm-dd".to_owned()))
        }
        Cell::Instant(at) => {
            serial(at.naive_local()).map(|serial| (serial, "yyyy-mm-dd hh:mm:ss".to_owned()))
        }
        Cell::Text(_) | Cell::Code { .. } | Cell::List(_) => None,
    };
    match number {
        Some((number, format)) => Value::Number(number, format),
        None => Value::Text(cut(&exact(cell, labelled))),
    }
}

/// The decimal of a cell that has one.
pub fn decimal(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Int(value) => Some(Decimal::from(*value)),
        Cell::Dec(value) => Some(*value),
        _ => None,
    }
}

/// A decimal as a number that a spreadsheet keeps as it is.
pub fn number(value: Decimal) -> Option<f64> {
    if value.normalize().mantissa().unsigned_abs() < DIGITS_END { value.to_f64() } else { None }
}

/// Days since the beginning of 1900 as spreadsheets count them, with the time as a fraction;
/// only from March 1900 on, because they believe in 29 February 1900.
fn serial(at: NaiveDateTime) -> Option<f64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = at.date().signed_duration_since(epoch).num_days();
    let days = i32::try_from(days).ok().filter(|days| (61..=2_958_465).contains(days))?;
    Some(f64::from(days) + f64::from(at.num_seconds_from_midnight()) / 86_400.0)
}

fn number_format(ty: ColumnType, scale: u32) -> String {
    let decimals = match scale.min(MOST_DECIMALS) {
        0 => String::new(),
        scale => format!(".{}", "0".repeat(scale as usize)),
    };
    match ty {
        ColumnType::Int | ColumnType::Qty | ColumnType::Price | ColumnType::Money => {
            format!("#,##0{decimals}")
        }
        ColumnType::Ratio => "0.0%".to_owned(),
        ColumnType::Percent => format!("0{decimals}\"%\""),
        _ => format!("0{decimals}"),
    }
}

/// Text that a cell can hold, ending in `…` where it was longer.
pub fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < LONGEST_TEXT
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{day, dec, instant};

    fn check(ty: ColumnType, cell: &Cell, number: f64, format: &str) {
        let scale = decimal(cell).map_or(0, |value| value.scale());
        assert_eq!(value(ty, cell, scale, true), Value::Number(number, format.to_owned()));
    }

    #[test]
    fn numbers_look_as_their_column_says() {
        check(ColumnType::Money, &Cell::Dec(dec("-1234567.50")), -1_234_567.5, "#,##0.00");
        check(ColumnType::Money, &Cell::Dec(dec("12")), 12.0, "#,##0");
        check(ColumnType::Money, &Cell::Dec(dec("0.125")), 0.125, "#,##0.000");
        check(ColumnType::Int, &Cell::Int(1200), 1200.0, "#,##0");
        check(ColumnType::Ratio, &Cell::Dec(dec("0.123456")), 0.123_456, "0.0%");
        check(ColumnType::Percent, &Cell::Dec(dec("13")), 13.0, "0\"%\"");
        check(ColumnType::Days, &Cell::Dec(dec("2.50")), 2.5, "0.00");
        check(ColumnType::Rows, &Cell::Rows(vec![vec![]]), 1.0, "0");
    }

    #[test]
    fn days_and_instants_are_real_dates() {
        check(ColumnType::Day, &Cell::Day(day("2026-03-01")), 46_082.0, "yyyy-mm-dd");
        let at = Cell::Instant(instant("2026-03-01T12:00:00+08:00"));
        check(ColumnType::Instant, &at, 46_082.5, "yyyy-mm-dd hh:mm:ss");
    }

    #[test]
    fn what_a_spreadsheet_would_change_stays_text() {
        let check = |cell: Cell, text: &str| {
            assert_eq!(value(ColumnType::Text, &cell, 0, false), Value::Text(text.to_owned()));
        };
        check(Cell::Int(1_234_567_890_123_456), "1234567890123456");
        check(Cell::Dec(dec("12345678901234.56")), "12345678901234.56");
        check(Cell::Day(day("1899-12-31")), "1899-12-31");
        check(Cell::text("=1+1"), "=1+1");
        check(Cell::List(vec![Cell::text("a"), Cell::text("b")]), "a;b");
    }

    #[test]
    fn text_is_cut_at_the_limit_of_a_cell() {
        assert_eq!(cut(&"x".repeat(32_767)).len(), 32_767);
        let long = cut(&"🚚".repeat(20_000));
        assert!(long.ends_with("🚚…"));
        assert_eq!(long.encode_utf16().count(), 32_767);
    }
}
