//! A condition as SQL over the mirror, with bound parameters.
//!
//! How each kind is stored is said at [`Kind`]. Two things must be the same on both sides:
//! the SQL function `fold`, which the mirror registers as [`super::fold`], and decimals as
//! REAL, which the mirror stores with [`real`]. Deliberately absent: the column, which is
//! the caller's and goes in as it is.

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::calendar::Clock;
use super::condition::{Condition, Op};
use super::filter::{Kind, Range, Test, Wanted};
use crate::model::Problem;

/// A bound parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// TEXT.
    Text(String),
    /// INTEGER.
    Int(i64),
    /// REAL.
    Real(f64),
}

/// A piece of SQL and its parameters.
type Sql = (String, Vec<SqlValue>);

/// A condition on a column; the SQL stands in parentheses and is never null.
///
/// # Errors
/// As [`Test::new`].
pub fn to_sql(condition: &Condition, column: &str, kind: Kind, clock: &Clock) -> Result<Sql, Problem> {
    Ok(Test::new(condition, kind, clock)?.to_sql(column))
}

/// The REAL nearest to a decimal.
#[must_use]
pub fn real(number: Decimal) -> f64 {
    // Through text, which rounds correctly; a decimal is always a legal number.
    number.to_string().parse().unwrap_or(f64::NAN)
}

impl Test {
    /// The test as SQL on a column.
    #[must_use]
    pub fn to_sql(&self, column: &str) -> Sql {
        let filled = match self.kind {
            Kind::Text => format!("nullif({column}, '')"),
            Kind::List => format!("nullif(trim({column}, ';'), '')"),
            _ => column.to_owned(),
        };
        let (negated, op) = match self.op {
            Op::Ne => (true, Op::Eq),
            Op::NotLike => (true, Op::Like),
            op => (false, op),
        };
        if self.wanted == Wanted::Presence {
            let is = if negated { "is not null" } else { "is null" };
            return (format!("({filled} {is})"), Vec::new());
        }
        let (any, parameters) = self.any_sql(op, column, &filled);
        let sql = match self.op {
            Op::Ne => format!("({column} is null or not {any})"),
            Op::NotLike => format!("({filled} is not null and not {any})"),
            _ => format!("({filled} is not null and {any})"),
        };
        (sql, parameters)
    }

    /// That a filled column holds any of the values.
    fn any_sql(&self, op: Op, column: &str, filled: &str) -> Sql {
        match &self.wanted {
            Wanted::Presence => any(Vec::new()),
            Wanted::Words(words) => {
                any(words.iter().map(|word| word_sql(op, column, filled, self.kind, word)).collect())
            }
            Wanted::Numbers(numbers) => {
                any(numbers.iter().map(|number| number_sql(op, column, self.kind, *number)).collect())
            }
            Wanted::Flags(flags) => any(flags
                .iter()
                .map(|flag| compare(column, Op::Eq, SqlValue::Int(i64::from(*flag))))
                .collect()),
            Wanted::Ranges(ranges) => {
                any(ranges.iter().map(|range| range_sql(op, column, self.kind, range)).collect())
            }
        }
    }
}

/// How many alternatives stand side by side: SQLite nests one in the next, and stops at 1,000.
const SIDE_BY_SIDE: usize = 100;

/// Alternatives; none of them is false.
fn any(parts: Vec<Sql>) -> Sql {
    if parts.is_empty() {
        return ("(0)".to_owned(), Vec::new());
    }
    let (mut texts, parameters): (Vec<String>, Vec<Vec<SqlValue>>) = parts.into_iter().unzip();
    let parameters = parameters.concat();
    if texts.len() > SIDE_BY_SIDE
        && let Some(tested) = texts[0].strip_suffix(" = ?")
        && texts.iter().all(|text| *text == texts[0])
    {
        return (format!("({tested} in ({}))", vec!["?"; texts.len()].join(", ")), parameters);
    }
    while texts.len() > SIDE_BY_SIDE {
        texts = texts.chunks(SIDE_BY_SIDE).map(|some| format!("({})", some.join(" or "))).collect();
    }
    (format!("({})", texts.join(" or ")), parameters)
}

fn compare(expression: &str, op: Op, value: SqlValue) -> Sql {
    (format!("{expression} {} ?", op.sign()), vec![value])
}

fn word_sql(op: Op, column: &str, filled: &str, kind: Kind, word: &str) -> Sql {
    let holds = |text: &str, part: String| (format!("instr({text}, ?) > 0"), vec![SqlValue::Text(part)]);
    match (op, kind) {
        (Op::Like, _) => holds(&format!("fold({filled})"), word.to_owned()),
        (_, Kind::List) => holds(column, format!(";{word};")),
        _ => compare(column, op, SqlValue::Text(word.to_owned())),
    }
}

fn number_sql(op: Op, column: &str, kind: Kind, number: Decimal) -> Sql {
    let digits = match kind {
        Kind::Int => 0,
        Kind::Money { digits } => digits,
        _ => return compare(column, op, SqlValue::Real(real(number))),
    };
    match whole_bound(op, number, digits) {
        Ok((op, bound)) => compare(column, op, SqlValue::Int(bound)),
        Err(always) => (i32::from(always).to_string(), Vec::new()),
    }
}

/// What whole units of the last digit are compared with; where no such number exists,
/// whether the comparison always holds.
fn whole_bound(op: Op, number: Decimal, digits: u32) -> Result<(Op, i64), bool> {
    let scaled = 10_i64.checked_pow(digits).and_then(|unit| number.checked_mul(Decimal::from(unit)));
    let beyond =
        if number.is_sign_negative() { matches!(op, Op::Gt | Op::Ge) } else { matches!(op, Op::Lt | Op::Le) };
    let scaled = scaled.ok_or(beyond)?;
    let (op, bound) = match op {
        Op::Gt | Op::Le => (op, scaled.floor()),
        Op::Ge | Op::Lt => (op, scaled.ceil()),
        _ if scaled.fract().is_zero() => (op, scaled),
        _ => return Err(false),
    };
    Ok((op, bound.to_i64().ok_or(beyond)?))
}

fn range_sql(op: Op, column: &str, kind: Kind, range: &Range) -> Sql {
    let (expression, first, last) = match range {
        Range::Days(first, last) if kind == Kind::Instant => {
            (format!("substr({column}, 1, 10)"), day_text(*first), day_text(*last))
        }
        Range::Days(first, last) => (column.to_owned(), day_text(*first), day_text(*last)),
        Range::Seconds(first, last) => (column.to_owned(), moment_text(first), moment_text(last)),
    };
    match op {
        Op::Gt | Op::Le => compare(&expression, op, SqlValue::Text(last)),
        Op::Eq => {
            (format!("{expression} between ? and ?"), vec![SqlValue::Text(first), SqlValue::Text(last)])
        }
        _ => compare(&expression, op, SqlValue::Text(first)),
    }
}

fn day_text(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

fn moment_text(moment: &DateTime<FixedOffset>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::clock;
    use super::super::condition::parse_condition;
    use super::*;

    fn text(text: &str) -> SqlValue {
        SqlValue::Text(text.to_owned())
    }

    #[track_caller]
    fn check(condition: &str, kind: Kind, sql: &str, parameters: &[SqlValue]) {
        let condition = parse_condition(condition).expect("a condition");
        let clock = clock("2026-03-04T09:30:00+08:00");
        let got = to_sql(&condition, "c", kind, &clock).expect("SQL");
        assert_eq!(got, (sql.to_owned(), parameters.to_vec()), "{condition}");
        assert_eq!(got.0.matches('?').count(), got.1.len(), "{condition}");
    }

    #[test]
    fn many_values_nest_only_a_little() {
        let of = |op: &str, count: usize| {
            let values: Vec<String> = (0..count).map(|n| format!("v{n}")).collect();
            let condition = parse_condition(&format!("f{op}{}", values.join(","))).expect("a condition");
            to_sql(&condition, "c", Kind::Text, &clock("2026-03-04T09:30:00+08:00")).expect("SQL")
        };
        for (op, count) in [("=", 100), ("=", 101), ("=", 5000), ("!=", 5000)] {
            let (sql, parameters) = of(op, count);
            assert_eq!((sql.matches('?').count(), parameters.len()), (count, count), "{op} {count}");
            let widest = sql.split(['(', ')']).map(|part| part.matches(" or ").count()).max();
            assert!(widest.is_some_and(|ors| ors <= SIDE_BY_SIDE), "{op} {count}: {widest:?}");
        }
        assert!(of("=", 101).0.contains("c in (?, ?"));
    }

    #[test]
    fn values_are_bound_and_never_part_of_the_sql() {
        check(
            "f=a') or 1=1--,b",
            Kind::Text,
            "(nullif(c, '') is not null and (c = ? or c = ?))",
            &[text("a') or 1=1--"), text("b")],
        );
    }

    #[test]
    fn presence_needs_no_parameters() {
        check("f=", Kind::Text, "(nullif(c, '') is null)", &[]);
        check("f!=", Kind::Int, "(c is not null)", &[]);
        check("f=", Kind::List, "(nullif(trim(c, ';'), '') is null)", &[]);
    }

    #[test]
    fn negation_lets_the_empty_pass_for_unequal_only() {
        check("f!=a", Kind::Text, "(c is null or not (c = ?))", &[text("a")]);
        check(
            "f!~AB",
            Kind::Text,
            "(nullif(c, '') is not null and not (instr(fold(nullif(c, '')), ?) > 0))",
            &[text("ab")],
        );
    }

    #[test]
    fn list_elements_are_found_between_their_separators() {
        check(
            "f=a",
            Kind::List,
            "(nullif(trim(c, ';'), '') is not null and (instr(c, ?) > 0))",
            &[text(";a;")],
        );
    }

    #[test]
    fn amounts_are_compared_in_whole_units_without_rounding() {
        let money = Kind::Money { digits: 2 };
        check("f>12.345", money, "(c is not null and (c > ?))", &[SqlValue::Int(1234)]);
        check("f>=12.345", money, "(c is not null and (c >= ?))", &[SqlValue::Int(1235)]);
        check("f<-12.345", money, "(c is not null and (c < ?))", &[SqlValue::Int(-1234)]);
        check("f<=12.345", money, "(c is not null and (c <= ?))", &[SqlValue::Int(1234)]);
        check("f=12.345", money, "(c is not null and (0))", &[]);
        check("f=12.3", money, "(c is not null and (c = ?))", &[SqlValue::Int(1230)]);
        check("f<99999999999999999999", money, "(c is not null and (1))", &[]);
        check("f<-9999999999999999999999999999", money, "(c is not null and (0))", &[]);
    }

    #[test]
    fn days_of_instants_are_compared_by_their_first_ten_letters() {
        check(
            "f=2026-03",
            Kind::Instant,
            "(c is not null and (substr(c, 1, 10) between ? and ?))",
            &[text("2026-03-01"), text("2026-03-31")],
        );
        check("f>2026-03", Kind::Day, "(c is not null and (c > ?))", &[text("2026-03-31")]);
        check(
            "f>=2026-03-01T02:20Z",
            Kind::Instant,
            "(c is not null and (c >= ?))",
            &[text("2026-03-01T10:20:00+08:00")],
        );
    }

    #[test]
    fn decimals_become_the_nearest_real() {
        for number in ["0.1", "-12.5", "1234567890.123456", "0"] {
            let decimal: Decimal = number.parse().expect("a decimal");
            let nearest: f64 = number.parse().expect("a number");
            assert_eq!(real(decimal).to_bits(), nearest.to_bits(), "{number}");
        }
    }
}
