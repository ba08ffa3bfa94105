//! The SQL functions that reports have beyond SQLite's own.
//!
//! `fold` and the way decimals are stored agree with `query`, so that a filter means the same in
//! SQL and in memory. Deliberately absent: functions that read the clock; `as_of` and `today` are
//! what the caller set.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::clock::Shared;
use crate::model::document::part_value;
use crate::model::schema::Settings;
use crate::model::value::{
    format_day, format_instant, from_minor, minor_digits, parse_duration, round_half_up, to_minor,
};
use crate::query;

pub(super) const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Registers the functions on a connection.
pub(super) fn register(db: &Connection, base_digits: u32, moment: &Shared) -> Result<()> {
    db.create_aggregate_function("median", 1, PURE, Percentile)?;
    db.create_aggregate_function("percentile", 2, PURE, Percentile)?;
    db.create_aggregate_function("mode", 1, PURE, Mode)?;
    db.create_scalar_function("ratio", 2, PURE, ratio)?;
    db.create_scalar_function("half_up", 2, PURE, half_up)?;
    db.create_scalar_function("pow", 2, PURE, |ctx| {
        Ok(number(ctx, 0).zip(number(ctx, 1)).map(|(x, y)| x.powf(y)).filter(|power| power.is_finite()))
    })?;
    for (name, apply) in [
        ("ceil", f64::ceil as fn(f64) -> f64),
        ("floor", f64::floor),
        ("sqrt", f64::sqrt),
        ("ln", f64::ln),
        ("exp", f64::exp),
    ] {
        db.create_scalar_function(name, 1, PURE, move |ctx| {
            Ok(number(ctx, 0).map(apply).filter(|found| found.is_finite()))
        })?;
    }
    db.create_scalar_function("part", 3, PURE, part)?;
    db.create_scalar_function("to_base", 3, PURE, move |ctx| Ok(to_base(ctx, base_digits)))?;
    db.create_scalar_function("minor", 2, PURE, move |ctx| Ok(minor(ctx, base_digits)))?;
    db.create_scalar_function("amount", 2, PURE, move |ctx| Ok(amount(ctx, base_digits)))?;
    db.create_scalar_function("minutes", 1, PURE, |ctx| Ok(minutes(ctx, 0)))?;
    db.create_scalar_function("fold", 1, PURE, |ctx| Ok(text(ctx, 0).map(query::fold)))?;
    db.create_scalar_function("refused_score", 1, PURE, refused_score)?;
    super::valuation::register(db)?;
    register_calendar(db, moment)
}

fn register_calendar(db: &Connection, moment: &Shared) -> Result<()> {
    let shared = moment.clone();
    db.create_scalar_function("as_of", 0, PURE, move |_| Ok(format_day(shared.get().as_of)))?;
    let shared = moment.clone();
    db.create_scalar_function("seen_until", 0, PURE, move |_| {
        Ok(shared.get().seen_until().map(format_instant))
    })?;
    let shared = moment.clone();
    db.create_scalar_function("today", 0, PURE, move |_| Ok(format_day(shared.get().clock.today())))?;
    for (name, end) in [("scope_from", 0_usize), ("scope_to", 1)] {
        let shared = moment.clone();
        db.create_scalar_function(name, 0, PURE, move |_| {
            let (from, to) = shared.scope();
            Ok(if end == 0 { from } else { to })
        })?;
    }
    let shared = moment.clone();
    db.create_scalar_function("day", 1, PURE, move |ctx| Ok(text(ctx, 0).and_then(|at| day(&shared, at))))?;
    let shared = moment.clone();
    db.create_scalar_function("bucket", 2, PURE, move |ctx| {
        let (Some(at), Some(unit)) = (text(ctx, 0), text(ctx, 1)) else { return Ok(None) };
        let moment = shared.get();
        let day = if at.len() > 10 { day(&shared, at) } else { None };
        Ok(moment.bucket(day.as_deref().unwrap_or(at), unit))
    })?;
    let shared = moment.clone();
    db.create_scalar_function("work_minutes", 3, PURE, move |ctx| {
        let (Some(from), Some(to)) = (instant(ctx, 0), instant(ctx, 1)) else { return Ok(None) };
        Ok(shared.calendars().minutes(from, to, text(ctx, 2)))
    })?;
    let shared = moment.clone();
    db.create_scalar_function("work_plus", 3, PURE, move |ctx| {
        let (Some(from), Some(minutes)) = (instant(ctx, 0), minutes(ctx, 1)) else { return Ok(None) };
        Ok(shared.calendars().plus(from, minutes, text(ctx, 2)).map(format_instant))
    })
}

/// Registers `setting(key)`: a text of `crm.toml`, else its default, else null; and
/// `rate(currency, day)`: base currency for one unit as of a day.
pub(super) fn register_settings(db: &Connection, settings: Settings) -> Result<()> {
    super::segment::register(db, &settings)?;
    let rates = settings.clone();
    db.create_scalar_function("rate", 2, PURE, move |ctx| {
        let (Some(currency), Some(day)) = (text(ctx, 0), text(ctx, 1)) else { return Ok(None) };
        Ok(rates.rate(currency, day).and_then(|rate| rate.parse::<f64>().ok()))
    })?;
    db.create_scalar_function("setting", 1, PURE, move |ctx| {
        Ok(text(ctx, 0).and_then(|key| settings.get(key)).map(str::to_owned))
    })
}

/// `refused_score(rule)`: what a score rule gives whose conditions mean nothing.
fn refused_score(ctx: &Context<'_>) -> Result<Option<i64>> {
    let rule = text(ctx, 0).unwrap_or_default();
    Err(rusqlite::Error::UserFunctionError(format!("score rule `{rule}` cannot be understood").into()))
}

/// A number of minutes, or a length of time in minutes or hours such as `2h`.
fn minutes(ctx: &Context<'_>, at: usize) -> Option<u32> {
    match ctx.get_raw(at) {
        ValueRef::Integer(int) => u32::try_from(int).ok(),
        _ => parse_duration(text(ctx, at)?).ok()?.minutes(),
    }
}

fn text<'c>(ctx: &'c Context<'_>, at: usize) -> Option<&'c str> {
    match ctx.get_raw(at) {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "SQL numbers meet as REAL")]
fn number(ctx: &Context<'_>, at: usize) -> Option<f64> {
    match ctx.get_raw(at) {
        ValueRef::Integer(int) => Some(int as f64),
        ValueRef::Real(real) => Some(real),
        _ => None,
    }
}

/// The decimal that a number stands for: the shortest that is nearest to it.
fn decimal(ctx: &Context<'_>, at: usize) -> Option<Decimal> {
    match ctx.get_raw(at) {
        ValueRef::Integer(int) => Some(Decimal::from(int)),
        ValueRef::Real(real) => shortest(real),
        _ => None,
    }
}

/// The decimal with the fewest digits that is stored as this REAL.
pub(super) fn shortest(real: f64) -> Option<Decimal> {
    let text = format!("{real}");
    text.parse().ok().or_else(|| Decimal::from_f64(real))
}

fn instant(ctx: &Context<'_>, at: usize) -> Option<DateTime<FixedOffset>> {
    text(ctx, at).and_then(|text| DateTime::parse_from_rfc3339(text).ok())
}

/// The day of an instant in the report zone; a day stays as it is.
fn day(moment: &Shared, text: &str) -> Option<String> {
    if text.len() <= 10 {
        return Some(text.to_owned());
    }
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    Some(format_day((moment.get().day_of)(at)))
}

/// Numerator by denominator; null where there is nothing to divide by.
fn ratio(ctx: &Context<'_>) -> Result<Option<f64>> {
    let (Some(n), Some(d)) = (number(ctx, 0), number(ctx, 1)) else { return Ok(None) };
    Ok((d != 0.0).then(|| n / d))
}

/// Rounded half away from zero, as the shortest decimal reads: 1.005 to two digits is 1.01.
fn half_up(ctx: &Context<'_>) -> Result<Option<f64>> {
    let (Some(x), Some(digits)) = (decimal(ctx, 0), number(ctx, 1)) else { return Ok(None) };
    let digits = digits.to_u32().unwrap_or(0).min(18);
    Ok(Some(super::cell::real(round_half_up(x, digits))))
}

/// Decimals of a quantity.
const QTY_DIGITS: u32 = 6;

/// What `eff` of `qty` units are worth in minor units when all are worth `v`: the units counted
/// from the first, valued as a cumulative share.
fn part(ctx: &Context<'_>) -> Result<Option<i64>> {
    let ValueRef::Integer(value) = ctx.get_raw(0) else { return Ok(None) };
    let (Some(units), Some(qty)) = (number(ctx, 1), number(ctx, 2)) else { return Ok(None) };
    #[expect(clippy::float_cmp, reason = "the whole of a line is stored as the same REAL")]
    if units == qty {
        return Ok(Some(value));
    }
    if units == 0.0 || qty == 0.0 {
        return Ok(Some(0));
    }
    // Sums of quantities carry more decimals than a quantity has.
    let quantity = |real| shortest(real).map(|qty| round_half_up(qty, QTY_DIGITS));
    let (Some(units), Some(qty)) = (quantity(units), quantity(qty)) else { return Ok(None) };
    if units == qty {
        return Ok(Some(value));
    }
    let share = part_value(Decimal::from(value), qty, Decimal::ZERO, units, 0);
    Ok(share.ok().and_then(|share| share.to_i64()))
}

/// Minor units of a currency in those of the base currency, at a rate.
fn to_base(ctx: &Context<'_>, base_digits: u32) -> Option<i64> {
    let (ValueRef::Integer(amount), Some(rate)) = (ctx.get_raw(0), decimal(ctx, 2)) else { return None };
    let digits = text(ctx, 1).and_then(minor_digits).unwrap_or(base_digits);
    let base = from_minor(amount, digits).checked_mul(rate)?;
    to_minor(round_half_up(base, base_digits), base_digits).ok()
}

/// Minor units of a currency as exact decimal text, `1250` of CNY as `12.50`; those of the base
/// currency where none is given.
fn amount(ctx: &Context<'_>, base_digits: u32) -> Option<String> {
    // An average is no whole number of minor units; it is rounded half up to one.
    let units = round_half_up(decimal(ctx, 0)?, 0).to_i64()?;
    let digits = text(ctx, 1).and_then(minor_digits).unwrap_or(base_digits);
    Some(from_minor(units, digits).to_string())
}

/// An amount as text, as the history has it, in minor units of a currency; a number is in them already.
fn minor(ctx: &Context<'_>, base_digits: u32) -> Option<i64> {
    if let ValueRef::Integer(units) = ctx.get_raw(0) {
        return Some(units);
    }
    let digits = text(ctx, 1).and_then(minor_digits).unwrap_or(base_digits);
    to_minor(round_half_up(text(ctx, 0)?.parse().ok()?, digits), digits).ok()
}

/// `median(x)` and `percentile(x, p)` with p from 0 to 1: linear interpolation between the
/// closest ranks at position (n - 1) · p. Nulls do not count.
struct Percentile;

/// The numbers seen and the share asked for.
type Seen = (Vec<f64>, f64);

impl Aggregate<Seen, Option<f64>> for Percentile {
    fn init(&self, _: &mut Context<'_>) -> Result<Seen> {
        Ok((Vec::new(), 0.5))
    }

    fn step(&self, ctx: &mut Context<'_>, seen: &mut Seen) -> Result<()> {
        if ctx.len() > 1 {
            seen.1 = number(ctx, 1).unwrap_or(0.5).clamp(0.0, 1.0);
        }
        seen.0.extend(number(ctx, 0));
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks of a list in memory"
    )]
    fn finalize(&self, _: &mut Context<'_>, seen: Option<Seen>) -> Result<Option<f64>> {
        let Some((mut numbers, share)) = seen else { return Ok(None) };
        numbers.sort_unstable_by(f64::total_cmp);
        let Some(last) = numbers.len().checked_sub(1) else { return Ok(None) };
        let position = last as f64 * share;
        let (below, above) = (numbers[position.floor() as usize], numbers[position.ceil() as usize]);
        Ok(Some(below + (above - below) * position.fract()))
    }
}

/// `mode(x)`: the text that is there most often, of several the first. Nulls do not count.
struct Mode;

impl Aggregate<BTreeMap<String, usize>, Option<String>> for Mode {
    fn init(&self, _: &mut Context<'_>) -> Result<BTreeMap<String, usize>> {
        Ok(BTreeMap::new())
    }

    fn step(&self, ctx: &mut Context<'_>, seen: &mut BTreeMap<String, usize>) -> Result<()> {
        if let Some(text) = text(ctx, 0) {
            *seen.entry(text.to_owned()).or_default() += 1;
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, seen: Option<BTreeMap<String, usize>>) -> Result<Option<String>> {
        let seen = seen.unwrap_or_default();
        let most = seen.values().max().copied();
        Ok(seen.into_iter().find(|(_, count)| Some(*count) == most).map(|(text, _)| text))
    }
}
