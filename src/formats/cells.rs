//! One cell as text: exact for programs, readable for people.
//!
//! The text is still raw; each format escapes it its own way. Deliberately absent: numbers of
//! xlsx, which stay numbers.

use std::borrow::Cow;

use chrono::SecondsFormat;
use rust_decimal::{Decimal, RoundingStrategy};

use super::Words;
use crate::table::{Cell, Column, ColumnType, Table};

/// A cell for programs: ISO dates, plain decimals, codes; empty for null and for child rows.
pub fn exact(cell: &Cell, labelled: bool) -> Cow<'_, str> {
    match cell {
        Cell::Null | Cell::Rows(_) => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Code { label, .. } if labelled => Cow::Borrowed(label),
        Cell::Code { code, .. } => Cow::Borrowed(code),
        Cell::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Cell::Int(value) => Cow::Owned(value.to_string()),
        Cell::Dec(value) => Cow::Owned(plain(*value)),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Instant(at) => Cow::Owned(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        Cell::List(items) => Cow::Owned(joined(items, ";", |item| exact(item, labelled))),
    }
}

/// A cell for people: labels, grouped digits, percent; `ty` is what its column holds.
pub fn readable<'a>(ty: ColumnType, cell: &'a Cell, labelled: bool, words: &'a Words) -> Cow<'a, str> {
    match cell {
        Cell::Bool(true) => Cow::Borrowed(&words.yes),
        Cell::Bool(false) => Cow::Borrowed(&words.no),
        Cell::Int(value) => Cow::Owned(number(ty, Decimal::from(*value))),
        Cell::Dec(value) => Cow::Owned(number(ty, *value)),
        Cell::Instant(at) => Cow::Owned(at.format("%Y-%m-%d %H:%M").to_string()),
        Cell::List(items) => Cow::Owned(joined(items, ", ", |item| readable(ty, item, labelled, words))),
        Cell::Rows(rows) => Cow::Owned(rows.len().to_string()),
        other => exact(other, labelled),
    }
}

fn joined<'a>(items: &'a [Cell], separator: &str, text: impl Fn(&'a Cell) -> Cow<'a, str>) -> String {
    let texts: Vec<_> = items.iter().map(text).collect();
    texts.join(separator)
}

fn number(ty: ColumnType, value: Decimal) -> String {
    match ty {
        ColumnType::Int | ColumnType::Qty | ColumnType::Money | ColumnType::Price => grouped(&plain(value)),
        ColumnType::Ratio => percent(value),
        ColumnType::Percent => format!("{}%", plain(value)),
        _ => plain(value),
    }
}

/// A ratio as percent with one decimal, rounded half up; the bare ratio where that overflows.
fn percent(ratio: Decimal) -> String {
    let Some(percent) = ratio.checked_mul(Decimal::ONE_HUNDRED) else {
        return plain(ratio);
    };
    let mut rounded = percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(1);
    format!("{}%", grouped(&plain(rounded)))
}

/// A decimal with the digits it has and no sign on a zero.
pub fn plain(value: Decimal) -> String {
    if value.is_zero() { value.abs().to_string() } else { value.to_string() }
}

/// Digits before the point in threes.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut text = String::from(sign);
    for (at, digit) in digits.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether cells of a column stand at the right, under one another by their last digit.
pub fn is_numeric(ty: ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::Int
            | ColumnType::Qty
            | ColumnType::Dec
            | ColumnType::Price
            | ColumnType::Money
            | ColumnType::Ratio
            | ColumnType::Percent
            | ColumnType::Days
            | ColumnType::Minutes
            | ColumnType::Rows
    )
}

/// Child rows as a table of their own: a column for every key, in the order keys first appear.
pub fn child_table(name: &str, title: &str, rows: &[Vec<(String, Cell)>]) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    for (key, cell) in rows.iter().flatten() {
        let ty = type_of(cell);
        match columns.iter_mut().find(|column| column.code == *key) {
            None => columns.push(Column::new(key, ty)),
            Some(column) if column.ty == ColumnType::Text => column.ty = ty,
            Some(_) => {}
        }
    }
    let cell_of = |row: &[(String, Cell)], column: &Column| {
        let found = row.iter().find(|(key, _)| *key == column.code);
        found.map_or(Cell::Null, |(_, cell)| cell.clone())
    };
    let mut table = Table::new(name, columns);
    title.clone_into(&mut table.title);
    table.rows = rows.iter().map(|row| table.columns.iter().map(|c| cell_of(row, c)).collect()).collect();
    table
}

/// What a column that holds such a cell is; child rows do not say it themselves.
fn type_of(cell: &Cell) -> ColumnType {
    match cell {
        Cell::Null | Cell::Text(_) => ColumnType::Text,
        Cell::Code { .. } => ColumnType::Code,
        Cell::Bool(_) => ColumnType::Bool,
        Cell::Int(_) => ColumnType::Int,
        Cell::Dec(_) => ColumnType::Qty,
        Cell::Day(_) => ColumnType::Day,
        Cell::Instant(_) => ColumnType::Instant,
        Cell::List(_) => ColumnType::List,
        Cell::Rows(_) => ColumnType::Rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{dec, instant};

    #[test]
    fn people_read_numbers_by_the_type_of_their_column() {
        let check = |ty, value: &str, shown: &str| {
            let cell = Cell::Dec(dec(value));
            assert_eq!(readable(ty, &cell, true, &Words::default()), shown);
        };
        check(ColumnType::Money, "-1234567.50", "-1,234,567.50");
        check(ColumnType::Money, "999", "999");
        check(ColumnType::Money, "-100000", "-100,000");
        check(ColumnType::Money, "1234.567", "1,234.567");
        check(ColumnType::Money, "-0.00", "0.00");
        check(ColumnType::Dec, "12345.6", "12345.6");
        check(ColumnType::Ratio, "0.123456", "12.3%");
        check(ColumnType::Ratio, "0.1235", "12.4%");
        check(ColumnType::Ratio, "-0.0001", "0.0%");
        check(ColumnType::Ratio, "12", "1,200.0%");
        check(ColumnType::Ratio, "79228162514264337593543950335", "79228162514264337593543950335");
        check(ColumnType::Percent, "13", "13%");
        check(ColumnType::Days, "2.50", "2.50");
    }

    #[test]
    fn programs_get_exact_values() {
        let check = |cell: Cell, text: &str| assert_eq!(exact(&cell, false), text);
        check(Cell::Null, "");
        check(Cell::Dec(dec("-1234567.50")), "-1234567.50");
        check(Cell::Dec(dec("-0.00")), "0.00");
        check(Cell::Int(i64::MIN), "-9223372036854775808");
        check(Cell::Bool(false), "false");
        check(Cell::Instant(instant("2026-03-01T09:05:07+08:00")), "2026-03-01T09:05:07+08:00");
        check(Cell::Instant(instant("2026-03-01T09:05:07+00:00")), "2026-03-01T09:05:07Z");
        check(Cell::List(vec![Cell::text("a"), Cell::Int(2)]), "a;2");
    }

    #[test]
    fn child_rows_become_a_table_with_a_column_for_every_key() {
        let row = |cells: &[(&str, Cell)]| {
            cells.iter().map(|(k, c)| ((*k).to_owned(), c.clone())).collect::<Vec<_>>()
        };
        let rows = [
            row(&[("line", Cell::Null), ("qty", Cell::Int(1))]),
            row(&[("line", Cell::Int(2)), ("note", Cell::text("x"))]),
        ];
        let table = child_table("lines", "Lines", &rows);
        let codes: Vec<_> = table.columns.iter().map(|c| (c.code.as_str(), c.ty)).collect();
        assert_eq!(codes, [("line", ColumnType::Int), ("qty", ColumnType::Int), ("note", ColumnType::Text)]);
        assert_eq!(table.rows[1], [Cell::Int(2), Cell::Null, Cell::text("x")]);
    }
}
