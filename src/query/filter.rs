//! What a condition means for a value of a kind.
//!
//! A condition is first made into a [`Test`], which says once and for all what is wrong with
//! it; the test then judges values here or becomes SQL in `sql`, from the same parts, so the
//! two agree. Rules: the empty passes only `F=` and `F!=x`; a list passes if any element
//! does, and `!=` and `!~` if none does; text is compared exactly, but `~` ignores case; a
//! date means all its days (`>2026-03` is April and later), a time without seconds its
//! minute. Instants lie in the day of their own offset, which is the company's.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use super::calendar::Clock;
use super::condition::{Condition, Op};
use super::instants::{self, Instant};
use super::period::parse_period;
use crate::model::Problem;

/// Of which kind the values of a field are, and how the mirror stores them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, code, reference: TEXT.
    Text,
    /// Whole number: INTEGER.
    Int,
    /// Decimal, quantity, percentage: REAL.
    Dec,
    /// Amount: INTEGER in units of the last digit.
    Money {
        /// Digits behind the point.
        digits: u32,
    },
    /// Yes or no: INTEGER 1 or 0.
    Bool,
    /// Day: TEXT `2026-03-01`.
    Day,
    /// Instant: TEXT `2026-03-01T10:00:00+08:00`, always at the company's offset.
    Instant,
    /// Set or list of text: TEXT `;a;b;`, elements without `;`.
    List,
}

/// A value of a record; [`Datum::Null`], no text and no elements are the empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'a> {
    /// Absent.
    Null,
    /// Text.
    Text(&'a str),
    /// Whole number.
    Int(i64),
    /// Decimal or amount.
    Dec(Decimal),
    /// Yes or no.
    Bool(bool),
    /// Day.
    Day(NaiveDate),
    /// Instant.
    Instant(DateTime<FixedOffset>),
    /// Set or list of text.
    List(Vec<&'a str>),
}

/// A condition made ready for values of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub(super) kind: Kind,
    pub(super) op: Op,
    pub(super) wanted: Wanted,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// Nothing: is it empty or filled?
    Presence,
    Words(Vec<String>),
    Numbers(Vec<Decimal>),
    Flags(Vec<bool>),
    Ranges(Vec<Range>),
}

/// The stretch of time that a text names; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    Days(NaiveDate, NaiveDate),
    Seconds(DateTime<FixedOffset>, DateTime<FixedOffset>),
}

/// Whether a value satisfies a condition. For many values make a [`Test`] once.
///
/// # Errors
/// As [`Test::new`].
pub fn matches(condition: &Condition, kind: Kind, cell: &Datum<'_>, clock: &Clock) -> Result<bool, Problem> {
    Ok(Test::new(condition, kind, clock)?.matches(cell))
}

/// Lower case letter by letter, the same wherever the letter stands.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

impl Test {
    /// Reads the values of a condition as values of a kind.
    ///
    /// # Errors
    /// `bad-operator` (the kind knows no such comparison), `bad-number`, `bad-bool`,
    /// `bad-element`, `bad-date`, `ambiguous-date`, `end-before-start`; each with its field.
    pub fn new(condition: &Condition, kind: Kind, clock: &Clock) -> Result<Self, Problem> {
        let wanted = Wanted::read(condition.op, &condition.values, kind, clock)
            .map_err(|problem| problem.field(&condition.field))?;
        Ok(Self { kind, op: condition.op, wanted })
    }

    /// Whether a value passes.
    #[must_use]
    pub fn matches(&self, cell: &Datum<'_>) -> bool {
        let empty = match cell {
            Datum::Null => true,
            Datum::Text(text) => text.is_empty(),
            Datum::List(elements) => elements.is_empty(),
            _ => false,
        };
        match (&self.wanted, self.op) {
            (Wanted::Presence, op) => empty == (op == Op::Eq),
            (_, Op::Ne) => empty || !self.any(Op::Eq, cell),
            (_, Op::NotLike) => !empty && !self.any(Op::Like, cell),
            (_, op) => !empty && self.any(op, cell),
        }
    }

    fn any(&self, op: Op, cell: &Datum<'_>) -> bool {
        match (&self.wanted, cell) {
            (Wanted::Words(wanted), Datum::Text(text)) => any_word(op, &[text], wanted),
            (Wanted::Words(wanted), Datum::List(elements)) => any_word(op, elements, wanted),
            (Wanted::Numbers(wanted), Datum::Int(number)) => any_order(op, &Decimal::from(*number), wanted),
            (Wanted::Numbers(wanted), Datum::Dec(number)) => any_order(op, number, wanted),
            (Wanted::Flags(wanted), Datum::Bool(flag)) => wanted.contains(flag),
            (Wanted::Ranges(wanted), Datum::Day(day)) => wanted.iter().any(|range| range.holds_day(op, *day)),
            (Wanted::Ranges(wanted), Datum::Instant(moment)) => {
                wanted.iter().any(|range| range.holds(op, moment))
            }
            _ => false,
        }
    }
}

impl Wanted {
    fn read(op: Op, values: &[String], kind: Kind, clock: &Clock) -> Result<Self, Problem> {
        if values.is_empty() && matches!(op, Op::Eq | Op::Ne) {
            return Ok(Self::Presence);
        }
        check_operator(op, kind)?;
        Ok(match kind {
            Kind::Text => Self::Words(words(op, values)),
            Kind::List => Self::Words(elements(op, values)?),
            Kind::Int | Kind::Dec | Kind::Money { .. } => Self::Numbers(each(values, number)?),
            Kind::Bool => Self::Flags(each(values, flag)?),
            Kind::Day | Kind::Instant => Self::Ranges(each(values, |text| range(text, kind, clock))?),
        })
    }
}

impl Range {
    fn holds(&self, op: Op, moment: &DateTime<FixedOffset>) -> bool {
        match self {
            Self::Days(..) => self.holds_day(op, moment.date_naive()),
            Self::Seconds(first, last) => {
                within(op, &moment.timestamp(), &first.timestamp(), &last.timestamp())
            }
        }
    }

    fn holds_day(&self, op: Op, day: NaiveDate) -> bool {
        match self {
            Self::Days(first, last) => within(op, &day, first, last),
            Self::Seconds(first, last) => within(op, &day, &first.date_naive(), &last.date_naive()),
        }
    }
}

fn any_word(op: Op, cell: &[&str], wanted: &[String]) -> bool {
    cell.iter().any(|word| match op {
        Op::Like => {
            let word = fold(word);
            wanted.iter().any(|part| word.contains(part.as_str()))
        }
        _ => wanted.iter().any(|other| within(op, *word, other, other)),
    })
}

fn any_order<T: Ord>(op: Op, cell: &T, wanted: &[T]) -> bool {
    wanted.iter().any(|other| within(op, cell, other, other))
}

/// Compares with a stretch; a single value is a stretch from itself to itself.
fn within<T: Ord + ?Sized>(op: Op, cell: &T, first: &T, last: &T) -> bool {
    match op {
        Op::Gt => cell > last,
        Op::Ge => cell >= first,
        Op::Lt => cell < first,
        Op::Le => cell <= last,
        Op::Eq => first <= cell && cell <= last,
        Op::Ne | Op::Like | Op::NotLike => false,
    }
}

fn check_operator(op: Op, kind: Kind) -> Result<(), Problem> {
    let legal: &[Op] = match kind {
        Kind::Text => return Ok(()),
        Kind::List => &[Op::Eq, Op::Ne, Op::Like, Op::NotLike],
        Kind::Bool => &[Op::Eq, Op::Ne],
        Kind::Int | Kind::Dec | Kind::Money { .. } | Kind::Day | Kind::Instant => {
            &[Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le]
        }
    };
    if legal.contains(&op) {
        return Ok(());
    }
    Err(Problem::usage("bad-operator")
        .arg("operator", op.sign())
        .legal(legal.iter().map(|op| op.sign()))
        .hint("filters-help"))
}

fn words(op: Op, values: &[String]) -> Vec<String> {
    match op {
        Op::Like | Op::NotLike => values.iter().map(|value| fold(value)).collect(),
        _ => values.to_vec(),
    }
}

fn elements(op: Op, values: &[String]) -> Result<Vec<String>, Problem> {
    match values.iter().find(|value| value.contains(';')) {
        Some(value) => Err(Problem::usage("bad-element").arg("value", value)),
        None => Ok(words(op, values)),
    }
}

fn each<T>(values: &[String], read: impl Fn(&str) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    values.iter().map(|value| read(value)).collect()
}

/// Digits with at most one point: no grouping, no exponent, no plus.
fn number(text: &str) -> Result<Decimal, Problem> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let mut parts = plain.splitn(2, '.');
    let digits = parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let number = digits.then(|| Decimal::from_str_exact(text).ok()).flatten();
    number.ok_or_else(|| Problem::usage("bad-number").arg("value", text))
}

fn flag(text: &str) -> Result<bool, Problem> {
    match text {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(Problem::usage("bad-bool").arg("value", text).legal(["true", "false", "yes", "no"])),
    }
}

fn range(text: &str, kind: Kind, clock: &Clock) -> Result<Range, Problem> {
    let period = parse_period(text, clock);
    if kind == Kind::Instant
        && period.is_err()
        && let Ok((moment @ (Instant::Local(_) | Instant::Exact(_)), lasts)) = instants::read(text, clock)
    {
        let first = moment.at(*clock.now.offset());
        return Ok(Range::Seconds(first, first + TimeDelta::seconds(lasts - 1)));
    }
    period.map(|period| Range::Days(period.start, period.end))
}

#[cfg(test)]
mod tests {
    use super::super::calendar::tests::{clock, day};
    use super::super::condition::parse_condition;
    use super::*;

    /// A Wednesday.
    const NOW: &str = "2026-03-04T09:30:00+08:00";

    #[track_caller]
    fn passes(condition: &str, kind: Kind, cell: &Datum<'_>) -> bool {
        let condition = parse_condition(condition).expect("a condition");
        matches(&condition, kind, cell, &clock(NOW)).expect("a test")
    }

    #[track_caller]
    fn check(kind: Kind, cell: &Datum<'_>, pass: &[&str], fail: &[&str]) {
        for condition in pass {
            assert!(passes(condition, kind, cell), "{condition} should pass {cell:?}");
        }
        for condition in fail {
            assert!(!passes(condition, kind, cell), "{condition} should fail {cell:?}");
        }
    }

    fn dec(text: &str) -> Datum<'static> {
        Datum::Dec(text.parse().expect("a decimal"))
    }

    fn moment(text: &str) -> Datum<'static> {
        Datum::Instant(DateTime::parse_from_rfc3339(text).expect("an instant"))
    }

    #[test]
    fn text_is_compared_exactly_but_searched_ignoring_case() {
        check(
            Kind::Text,
            &Datum::Text("Éclair ΟΔΟΣ 海尔"),
            &["f~éCLAIR", "f~οδοσ", "f~海尔", "f!~abc", "f!=x,y", "f!=", "f>A", "f=Éclair ΟΔΟΣ 海尔"],
            &["f=éclair οδος 海尔", "f=x,y", "f!~海", "f=", "f<A"],
        );
    }

    #[test]
    fn the_empty_passes_only_empty_and_unequal() {
        let empty = [Datum::Null, Datum::Text(""), Datum::List(Vec::new())];
        for cell in &empty {
            for kind in [Kind::Text, Kind::List] {
                check(kind, cell, &["f=", "f!=x"], &["f!=", "f=x", "f~x", "f!~x"]);
            }
        }
        check(Kind::Text, &Datum::Null, &[], &["f<x", "f>x", "f<=x", "f>=x"]);
        check(Kind::Int, &Datum::Null, &["f=", "f!=1"], &["f!=", "f=0", "f<1", "f>=-1"]);
        check(Kind::Bool, &Datum::Null, &["f=", "f!=true"], &["f!=", "f=false"]);
        check(Kind::Day, &Datum::Null, &["f=", "f!=2026"], &["f!=", "f=2026", "f<2026"]);
    }

    #[test]
    fn a_list_passes_if_any_element_does() {
        check(
            Kind::List,
            &Datum::List(vec!["North", "key account"]),
            &["f=North", "f=x,key account", "f~ACC", "f!=south", "f!~x", "f!="],
            &["f=north", "f=Nor", "f!=x,North", "f!~north", "f="],
        );
    }

    #[test]
    fn numbers_are_compared_as_decimals() {
        check(
            Kind::Int,
            &Datum::Int(10),
            &["f=10", "f=10.00", "f=9,10", "f>9", "f>9.99", "f<10.5", "f>=10", "f<=10", "f!=9"],
            &["f=9", "f>10", "f<10", "f!=10.0", "f>=10.1"],
        );
        for kind in [Kind::Dec, Kind::Money { digits: 2 }] {
            check(
                kind,
                &dec("12.50"),
                &["f=12.5", "f=12.500", "f>-12.5", "f>9", "f<12.51", "f!=12.49"],
                &["f=12.501", "f>12.5", "f<12.5"],
            );
        }
    }

    #[test]
    fn yes_and_no_are_read_in_two_ways() {
        check(Kind::Bool, &Datum::Bool(true), &["f=true", "f=yes", "f!=no"], &["f=false", "f!=yes"]);
    }

    #[test]
    fn a_date_means_all_its_days() {
        check(
            Kind::Day,
            &Datum::Day(day("2026-03-31")),
            &["f=2026-03", "f>=2026-03", "f<=2026-03", "f>2026-02", "f<2026-04", "f=2026Q1", "f=2025,本月"],
            &["f>2026-03", "f<2026-03", "f=2026-02", "f!=2026-03", "f=today"],
        );
        check(
            Kind::Day,
            &Datum::Day(day("2026-03-04")),
            &["f=today", "f=wed", "f<in 1 week", "f=-3d..", "f=..tomorrow", "f=2026-03-01..2026-03-05"],
            &["f=..yesterday", "f=5d.."],
        );
    }

    #[test]
    fn an_instant_lies_in_the_day_of_its_own_offset() {
        check(
            Kind::Instant,
            &moment("2026-03-31T23:59:59+08:00"),
            &["f=2026-03", "f<=2026-03-31", "f=2026-03-31", "f!=2026-04"],
            &["f>2026-03-31", "f=2026-04-01", "f>=2026-04"],
        );
    }

    #[test]
    fn a_time_is_compared_to_the_second_and_without_seconds_to_the_minute() {
        check(
            Kind::Instant,
            &moment("2026-03-04T09:20:30+08:00"),
            &[
                "f=2026-03-04T09:20",
                "f=2026-03-04 09:20:30",
                "f=2026-03-04T01:20Z",
                "f>-1h",
                "f<=2026-03-04T09:20",
                "f>2026-03-04T09:19",
                "f<now",
                "f>today 09:00",
            ],
            &["f=2026-03-04T09:20:31", "f>2026-03-04T09:20", "f<2026-03-04T09:20", "f>5 minutes ago"],
        );
    }

    #[track_caller]
    fn refused(condition: &str, kind: Kind, id: &str) {
        let condition = parse_condition(condition).expect("a condition");
        let problem = Test::new(&condition, kind, &clock(NOW)).expect_err("a bad value");
        assert_eq!((problem.id, problem.field.as_deref()), (id, Some("f")), "{condition}");
    }

    #[test]
    fn values_of_another_kind_are_refused_with_the_field_named() {
        for text in ["f=x", "f=1,2x", "f=1e3", "f=+1", "f=1.", "f=.5", "f=--1", "f=1 000", "f=１"] {
            refused(text, Kind::Int, "bad-number");
            refused(text, Kind::Money { digits: 2 }, "bad-number");
        }
        refused("f=99999999999999999999999999999999", Kind::Dec, "bad-number");
        refused("f=1", Kind::Bool, "bad-bool");
        refused("f=03/04/2026", Kind::Day, "ambiguous-date");
        refused("f=soon", Kind::Instant, "bad-date");
        refused("f=2026-03-01T10:00", Kind::Day, "bad-date");
        refused("f=2026..2025", Kind::Day, "end-before-start");
        refused("f=a;b", Kind::List, "bad-element");
    }

    #[test]
    fn comparisons_that_a_kind_does_not_know_are_refused() {
        refused("f~1", Kind::Int, "bad-operator");
        refused("f!~2026", Kind::Day, "bad-operator");
        refused("f>true", Kind::Bool, "bad-operator");
        refused("f<a", Kind::List, "bad-operator");
    }
}
