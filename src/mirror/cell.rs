//! One value of the mirror, and how the values of a record become one.
//!
//! Deliberately absent: which column it goes to (see `rows`), and any rounding: a money amount
//! that is no whole number of minor units is a problem, not a nearby amount.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::Problem;
use crate::model::record::{Field, Type, Value};
use crate::model::value::{format_day, format_instant, to_minor};
use crate::query;

/// A value in a table of the mirror.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SqlCell {
    #[default]
    Null,
    Int(i64),
    Real(f64),
    Text(String),
}

impl SqlCell {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The number, whole or not.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a REAL is asked for")]
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Self::Int(int) => Some(*int as f64),
            Self::Real(real) => Some(*real),
            _ => None,
        }
    }
}

impl From<query::SqlValue> for SqlCell {
    fn from(value: query::SqlValue) -> Self {
        match value {
            query::SqlValue::Text(text) => Self::Text(text),
            query::SqlValue::Int(int) => Self::Int(int),
            query::SqlValue::Real(real) => Self::Real(real),
        }
    }
}

impl From<ValueRef<'_>> for SqlCell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(int) => Self::Int(int),
            ValueRef::Real(real) => Self::Real(real),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Self::Text(String::from_utf8_lossy(bytes).into_owned())
            }
        }
    }
}

impl ToSql for SqlCell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The cell of a stored value; `digits` are those of the currency its money is in.
pub(super) fn of_value(field: &Field, value: Value, digits: u32) -> Result<SqlCell, Problem> {
    Ok(match value {
        Value::Text(text) => SqlCell::Text(text),
        Value::Bool(flag) => SqlCell::Int(i64::from(flag)),
        Value::Int(int) => match field.ty {
            Type::Int => SqlCell::Int(int),
            _ => of_decimal(field, Decimal::from(int), digits)?,
        },
        Value::Dec(dec) => of_decimal(field, dec, digits)?,
        Value::Day(day) => SqlCell::Text(format_day(day)),
        Value::Instant(at) => SqlCell::Text(format_instant(at)),
        Value::List(values) => SqlCell::Text(joined(&members(values))),
        Value::Rows(_) => SqlCell::Null,
    })
}

fn of_decimal(field: &Field, dec: Decimal, digits: u32) -> Result<SqlCell, Problem> {
    if field.ty == Type::Money {
        return to_minor(dec, digits).map(SqlCell::Int).map_err(|problem| problem.field(field.name));
    }
    Ok(SqlCell::Real(real(dec)))
}

/// The REAL nearest to a decimal. Both fast operands are exact, so their quotient is rounded once.
pub(super) fn real(dec: Decimal) -> f64 {
    const EXACT: i128 = 1 << 53;
    const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    match (dec.mantissa(), POWERS.get(dec.scale() as usize)) {
        (mantissa, Some(power)) if mantissa.abs() <= EXACT => mantissa.to_f64().unwrap_or(f64::NAN) / power,
        _ => query::real(dec),
    }
}

/// Money that the money engine computed, in minor units.
pub(super) fn minor(amount: Decimal, digits: u32) -> Result<SqlCell, Problem> {
    to_minor(amount, digits).map(SqlCell::Int)
}

/// The elements of a set or list as text.
pub(super) fn members(values: Vec<Value>) -> Vec<String> {
    values
        .into_iter()
        .map(|value| match value {
            Value::Text(text) => text,
            Value::Bool(flag) => flag.to_string(),
            Value::Int(int) => int.to_string(),
            Value::Dec(dec) => dec.normalize().to_string(),
            Value::Day(day) => format_day(day),
            Value::Instant(at) => format_instant(at),
            Value::List(_) | Value::Rows(_) => String::new(),
        })
        .collect()
}

/// A set or list as it stands in its column: `;a;b;`.
pub(super) fn joined(members: &[String]) -> String {
    let mut text = String::from(";");
    for member in members {
        text.push_str(member);
        text.push(';');
    }
    text
}

/// The cell of a default.
pub(super) fn of_preset(field: &Field, text: &str, base_digits: u32) -> SqlCell {
    if field.many() {
        return SqlCell::Text(joined(&[text.to_owned()]));
    }
    match field.ty {
        Type::Bool => SqlCell::Int(i64::from(text == "true")),
        Type::Int => text.parse().map_or(SqlCell::Null, SqlCell::Int),
        Type::Dec | Type::Qty | Type::Pct | Type::Price | Type::Money => Decimal::from_str_exact(text)
            .ok()
            .and_then(|dec| of_decimal(field, dec, base_digits).ok())
            .unwrap_or_default(),
        _ => SqlCell::text(text),
    }
}
