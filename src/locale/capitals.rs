//! Amounts in capital Chinese numerals (大写金额), as documents in renminbi carry them so that no
//! digit can be changed.
//!
//! After the rules of the People's Bank for bills: one 零 for a gap inside the number, one before
//! the fen where there are no jiao, none where it may be left out; 整 after whole yuan only.
//! Deliberately absent: other currencies, which are written in figures.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const TEN_THOUSAND: u128 = 10_000;
const HUNDRED_MILLION: u128 = 100_000_000;

/// An amount of yuan in capital numerals, to the fen: `人民币壹仟陆佰捌拾元叁角贰分`.
pub fn yuan_in_capitals(amount: Decimal) -> String {
    let fen = (amount.round_dp(2) * Decimal::ONE_HUNDRED).to_i128().unwrap_or_default();
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = String::new();
    if yuan > 0 || (jiao == 0 && fen == 0) {
        words.push_str(&whole(yuan));
        words.push('元');
    }
    match (jiao, fen) {
        (0, 0) => words.push('整'),
        (0, fen) => {
            if yuan > 0 {
                words.push('零');
            }
            words.push_str(&format!("{}分", digit(fen)));
        }
        (jiao, 0) => words.push_str(&format!("{}角", digit(jiao))),
        (jiao, fen) => words.push_str(&format!("{}角{}分", digit(jiao), digit(fen))),
    }
    format!("人民币{sign}{words}")
}

/// A whole number; 0 is 零.
fn whole(number: u128) -> String {
    for (unit, name) in [(HUNDRED_MILLION, '亿'), (TEN_THOUSAND, '万')] {
        if number >= unit {
            let (above, below) = (number / unit, number % unit);
            return format!("{}{name}{}", whole(above), rest(below, unit));
        }
    }
    if number == 0 { DIGITS[0].to_owned() } else { below_ten_thousand(number) }
}

/// What follows a unit: nothing for nothing, with 零 where the next place is empty.
fn rest(number: u128, unit: u128) -> String {
    match number {
        0 => String::new(),
        number if number < unit / 10 => format!("零{}", whole(number)),
        number => whole(number),
    }
}

fn below_ten_thousand(number: u128) -> String {
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let value = number / unit % 10;
        if value == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
        }
        gap = false;
        words.push_str(digit(value));
        words.push_str(name);
    }
    words
}

fn digit(value: u128) -> &'static str {
    usize::try_from(value).ok().and_then(|value| DIGITS.get(value)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(amount: &str, words: &str) {
        let amount: Decimal = amount.parse().expect("a number");
        assert_eq!(yuan_in_capitals(amount), format!("人民币{words}"), "{amount}");
    }

    #[test]
    fn the_examples_of_the_rules_for_bills_come_out() {
        check("1409.50", "壹仟肆佰零玖元伍角");
        check("6007.14", "陆仟零柒元壹角肆分");
        check("1680.32", "壹仟陆佰捌拾元叁角贰分");
        check("107000.53", "壹拾万柒仟元伍角叁分");
        check("16409.02", "壹万陆仟肆佰零玖元零贰分");
        check("325.04", "叁佰贰拾伍元零肆分");
    }

    #[test]
    fn amounts_of_the_domain_reference_come_out() {
        check("1132800.00", "壹佰壹拾叁万贰仟捌佰元整");
        check("459923.56", "肆拾伍万玖仟玖佰贰拾叁元伍角陆分");
        check("174.20", "壹佰柒拾肆元贰角");
        check("22.61", "贰拾贰元陆角壹分");
        check("1044", "壹仟零肆拾肆元整");
    }

    #[test]
    fn less_than_a_yuan_has_no_yuan() {
        check("0", "零元整");
        check("0.00", "零元整");
        check("0.01", "壹分");
        check("0.10", "壹角");
        check("0.99", "玖角玖分");
    }

    #[test]
    fn a_gap_is_one_zero_and_an_end_is_none() {
        check("10", "壹拾元整");
        check("15", "壹拾伍元整");
        check("100", "壹佰元整");
        check("1001", "壹仟零壹元整");
        check("1010", "壹仟零壹拾元整");
        check("10000", "壹万元整");
        check("10001", "壹万零壹元整");
        check("10500", "壹万零伍佰元整");
        check("15000", "壹万伍仟元整");
        check("100100", "壹拾万零壹佰元整");
        check("1000000", "壹佰万元整");
        check("10000001", "壹仟万零壹元整");
    }

    #[test]
    fn large_amounts_have_units_of_units() {
        check("100000000", "壹亿元整");
        check("100000001.01", "壹亿零壹元零壹分");
        check("100010000", "壹亿零壹万元整");
        check("120000000", "壹亿贰仟万元整");
        check("1000000000000", "壹万亿元整");
        check("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分");
    }

    #[test]
    fn what_is_below_zero_says_so() {
        check("-376.66", "负叁佰柒拾陆元陆角陆分");
    }
}
