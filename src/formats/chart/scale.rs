//! Scales of charts: nice ticks over a range, and numbers short enough to stand at an axis.
//!
//! Deliberately absent: pixels and columns of a terminal; a scale says shares of its length.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::formats::Words;
use crate::formats::cells::{plain, readable};
use crate::table::{Cell, ColumnType};

/// No axis has more ticks than this, whatever its numbers are.
const MOST_TICKS: i64 = 24;

/// A marked place of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub text: String,
}

/// A range of numbers that begins and ends at a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<Tick>,
}

/// What the numbers of an axis are, and who reads them.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub ty: ColumnType,
    /// `en` or `zh-CN`.
    pub language: &'a str,
}

impl Axis {
    /// An axis over these numbers with about `wanted` ticks at 1, 2 or 5 times a power of ten.
    ///
    /// With `zero` it includes 0, as bars need; without it only where 0 is not far away.
    pub fn over(
        numbers: impl IntoIterator<Item = f64>,
        zero: bool,
        wanted: usize,
        reading: Reading<'_>,
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers.into_iter().filter(|number| number.is_finite()) {
            (low, high) = (low.min(number), high.max(number));
        }
        if low > high {
            (low, high) = (0.0, 0.0);
        }
        let span = high - low;
        let far = low.abs().max(high.abs());
        let near = (low > 0.0 && low < span) || (high < 0.0 && -high < span);
        if zero || near || span < far * 1e-6 {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low >= high {
            high = low + 1.0;
        }
        let (digit, exponent) = step((high - low) / real(wanted.max(1)), reading.ty == ColumnType::Int);
        let width = scaled(digit, exponent);
        let first = towards(low / width, f64::floor);
        let last = towards(high / width, f64::ceil).max(first + 1).min(first + MOST_TICKS);
        let ends = scaled(first * digit, exponent)..scaled(last * digit, exponent);
        let unit = Unit::of_axis(ends.start.abs().max(ends.end.abs()), width, reading);
        let ticks = (first..=last).map(|count| {
            let at = scaled(count * digit, exponent);
            let text = decimal(count * digit, exponent).map(|value| unit.exact(value, reading));
            Tick { at, text: text.unwrap_or_else(|| format!("{at:e}")) }
        });
        Self { low: ends.start.min(low), high: ends.end.max(high), ticks: ticks.collect() }
    }

    /// Where a number stands, as a share of the length of the axis, within 0 to 1.
    pub fn share(&self, number: f64) -> f64 {
        ((number - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The next of 1, 2 and 5 times a power of ten that is not below `least`, as digit and exponent.
fn step(least: f64, whole: bool) -> (i64, i32) {
    let mut exponent = (-28..=28).rev().find(|e| scaled(1, *e) <= least).unwrap_or(-28);
    let digit = [1, 2, 5].into_iter().find(|digit| scaled(*digit, exponent) >= least * (1.0 - 1e-9));
    let digit = digit.unwrap_or_else(|| {
        exponent += 1;
        1
    });
    if whole && exponent < 0 { (1, 0) } else { (digit, exponent) }
}

/// `count × 10^exponent`, divided where the exponent is negative, which is exact for more numbers.
fn scaled(count: i64, exponent: i32) -> f64 {
    let count = count.to_f64().unwrap_or_default();
    if exponent < 0 { count / 10_f64.powi(-exponent) } else { count * 10_f64.powi(exponent) }
}

fn decimal(count: i64, exponent: i32) -> Option<Decimal> {
    let count = i128::from(count);
    match u32::try_from(exponent) {
        Ok(power) => {
            let digits = 10_i128.checked_pow(power)?.checked_mul(count)?;
            Decimal::try_from_i128_with_scale(digits, 0).ok()
        }
        Err(_) => Decimal::try_from_i128_with_scale(count, exponent.unsigned_abs()).ok(),
    }
}

fn towards(number: f64, direction: impl Fn(f64) -> f64) -> i64 {
    let near = number.round();
    let number = if (number - near).abs() < 1e-9 { near } else { direction(number) };
    number.to_i64().unwrap_or_default()
}

/// What large numbers are counted in: thousands and millions, or 万 and 亿.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    size: i64,
    sign: &'static str,
}

const ONES: Unit = Unit { size: 1, sign: "" };
const ENGLISH: [Unit; 3] = [
    Unit { size: 1_000_000_000, sign: "B" },
    Unit { size: 1_000_000, sign: "M" },
    Unit { size: 1_000, sign: "K" },
];
const CHINESE: [Unit; 2] = [Unit { size: 100_000_000, sign: "亿" }, Unit { size: 10_000, sign: "万" }];

impl Unit {
    /// The unit of an axis up to `largest`, of which a step is at least the half.
    fn of_axis(largest: f64, step: f64, reading: Reading<'_>) -> Self {
        if largest < 10_000.0 { ONES } else { Self::of((step * 2.0).min(largest), reading) }
    }

    /// The unit of numbers up to `largest`.
    fn of(largest: f64, reading: Reading<'_>) -> Self {
        let units = if reading.language.starts_with("zh") { &CHINESE[..] } else { &ENGLISH[..] };
        let counted = matches!(
            reading.ty,
            ColumnType::Money | ColumnType::Qty | ColumnType::Int | ColumnType::Dec | ColumnType::Price
        );
        let fits = |unit: &&Unit| largest >= scaled(unit.size, 0);
        units.iter().find(fits).filter(|_| counted).copied().unwrap_or(ONES)
    }

    /// A number without rounding.
    fn exact(self, value: Decimal, reading: Reading<'_>) -> String {
        let value = value.checked_div(Decimal::from(self.size)).unwrap_or(value);
        match reading.ty {
            ColumnType::Ratio => {
                let percent = value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value);
                format!("{}%", grouped(percent.normalize()))
            }
            ColumnType::Percent => format!("{}%", grouped(value.normalize())),
            _ if value.is_zero() => "0".into(),
            _ => format!("{}{}", grouped(value.normalize()), self.sign),
        }
    }
}

/// A number of a column in few characters, rounded to three digits or so: `1.23M`, `123万`, `12.3%`.
pub fn short(value: Decimal, reading: Reading<'_>) -> String {
    let size = value.abs().to_f64().unwrap_or_default();
    let unit = if size < 10_000.0 { ONES } else { Unit::of(size, reading) };
    if unit == ONES && matches!(reading.ty, ColumnType::Ratio | ColumnType::Percent) {
        return readable(reading.ty, &Cell::Dec(value.round_dp(6).normalize()), true, &Words::default())
            .into_owned();
    }
    let counted = value.checked_div(Decimal::from(unit.size)).unwrap_or(value);
    let digits = match counted.abs() {
        size if size < Decimal::TEN => 2,
        size if size < Decimal::ONE_HUNDRED => 1,
        _ => 0,
    };
    let rounded =
        counted.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    format!("{}{}", grouped(rounded.normalize()), unit.sign)
}

fn grouped(value: Decimal) -> String {
    readable(ColumnType::Qty, &Cell::Dec(value), true, &Words::default()).into_owned()
}

/// A decimal as a number to draw.
pub fn drawn(value: Decimal) -> f64 {
    plain(value).parse().unwrap_or_default()
}

/// A count as a number to draw.
pub fn real(count: usize) -> f64 {
    count.to_f64().unwrap_or_default()
}

/// The nearest count of a number that is not negative.
pub fn count(number: f64) -> usize {
    number.round().max(0.0).to_usize().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::dec;

    const ENGLISH_MONEY: Reading<'_> = Reading { ty: ColumnType::Money, language: "en" };
    const CHINESE_MONEY: Reading<'_> = Reading { ty: ColumnType::Money, language: "zh-CN" };

    fn texts(numbers: &[f64], zero: bool, reading: Reading<'_>) -> Vec<String> {
        let axis = Axis::over(numbers.iter().copied(), zero, 5, reading);
        axis.ticks.into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn ticks_are_round_numbers_around_all_values() {
        assert_eq!(texts(&[3.0, 9.4], true, ENGLISH_MONEY), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(texts(&[-120.0, 260.0], true, ENGLISH_MONEY), ["-200", "-100", "0", "100", "200", "300"]);
        assert_eq!(texts(&[0.02], true, ENGLISH_MONEY), ["0", "0.005", "0.01", "0.015", "0.02"]);
        let ratio = Reading { ty: ColumnType::Ratio, language: "en" };
        assert_eq!(texts(&[0.87], true, ratio), ["0%", "20%", "40%", "60%", "80%", "100%"]);
    }

    #[test]
    fn large_numbers_are_counted_in_the_words_of_the_reader() {
        assert_eq!(texts(&[9.1e6], true, ENGLISH_MONEY), ["0", "2M", "4M", "6M", "8M", "10M"]);
        assert_eq!(
            texts(&[9.1e6], true, CHINESE_MONEY),
            ["0", "200万", "400万", "600万", "800万", "1,000万"]
        );
        assert_eq!(texts(&[9.1e3], true, CHINESE_MONEY)[1], "2,000");
        assert_eq!(texts(&[9.1e5], true, ENGLISH_MONEY)[1], "200K");
        assert_eq!(short(dec("1234567.89"), ENGLISH_MONEY), "1.23M");
        assert_eq!(short(dec("-1234567.89"), CHINESE_MONEY), "-123万");
        assert_eq!(short(dec("9999"), ENGLISH_MONEY), "9,999");
        assert_eq!(short(dec("0.125"), ENGLISH_MONEY), "0.13");
        assert_eq!(short(dec("0.125"), Reading { ty: ColumnType::Ratio, language: "en" }), "12.5%");
    }

    #[test]
    fn counts_have_no_halves() {
        let count = Reading { ty: ColumnType::Int, language: "en" };
        assert_eq!(texts(&[2.0], true, count), ["0", "1", "2"]);
        assert_eq!(texts(&[], true, count), ["0", "1"]);
        assert_eq!(texts(&[0.0, 0.0], true, count), ["0", "1"]);
    }

    #[test]
    fn a_line_leaves_zero_out_only_where_it_is_far() {
        assert_eq!(texts(&[100.0, 104.0], false, ENGLISH_MONEY), ["100", "101", "102", "103", "104"]);
        assert_eq!(texts(&[10.0, 104.0], false, ENGLISH_MONEY)[0], "0");
        assert_eq!(texts(&[-10.0, -104.0], false, ENGLISH_MONEY).last().map(String::as_str), Some("0"));
        assert_eq!(texts(&[7.0, 7.0], false, ENGLISH_MONEY)[0], "0");
    }

    #[test]
    fn no_number_is_too_large_or_too_small() {
        let largest = drawn(Decimal::MAX);
        let smallest = drawn(dec("0.0000000000000000000000000001"));
        for numbers in [[largest, -largest], [smallest, 0.0], [smallest, largest], [-largest, 0.0]] {
            let axis = Axis::over(numbers, true, 5, ENGLISH_MONEY);
            assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= 25, "{axis:?}");
            assert!((0.0..=1.0).contains(&axis.share(numbers[0])), "{axis:?}");
        }
    }
}
