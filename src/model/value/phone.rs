//! Phone numbers: any spelling becomes E.164, with `;ext=` for an extension.
//!
//! The country says how a number without `+` is meant. Deliberately absent: whether the number
//! exists, and letters in place of digits.

use unicode_normalization::UnicodeNormalization;

use super::bad;
use super::calling_codes::{abroad_prefix, length, national_length, of_country, trunk_prefixes};
use crate::model::Problem;

const SHORTEST: usize = 5;
const LONGEST: usize = 15;
const LONGEST_EXTENSION: usize = 8;

/// Words and signs that an extension follows, once spaces and dots are left out.
const EXTENSION_MARKS: [&str; 12] =
    [";ext=", "x", "ext", "extn", "extension", "#", "转", "轉", "分机", "分機", "转分机", "轉分機"];

/// The number in E.164: `0755-8988 8888` in `CN` is `+8675589888888`.
///
/// # Errors
/// `bad-phone` with reason `character`, `extension`, `length`, `calling-code`, or `country` when
/// the default country is not one.
pub fn parse_phone(text: &str, country: &str) -> Result<String, Problem> {
    read(text, country).map_err(|reason| bad("bad-phone", text, reason))
}

/// The number in groups, for people: `+86 755 8988 8888`.
#[must_use]
pub fn format_phone_for_reading(phone: &str) -> String {
    let (number, extension) = match phone.split_once(";ext=") {
        Some((number, extension)) => (number, Some(extension)),
        None => (phone, None),
    };
    let Some(digits) = number.strip_prefix('+').filter(|digits| digits.is_ascii()) else {
        return phone.to_owned();
    };
    let (code, national) = digits.split_at(length(digits).min(digits.len()));
    let mut readable = format!("+{code}");
    for group in groups(code, national) {
        readable.push(' ');
        readable.push_str(group);
    }
    if let Some(extension) = extension {
        readable.push_str(" ext. ");
        readable.push_str(extension);
    }
    readable
}

fn read(text: &str, country: &str) -> Result<String, &'static str> {
    let folded = text.nfkc().collect::<String>().to_lowercase();
    let folded = folded.trim();
    let spelled = folded.strip_prefix("tel:").unwrap_or(folded);
    let (number, extension) = split_extension(spelled, country)?;
    let digits = international(&digits_of(number)?, country)?;
    if !(SHORTEST..=LONGEST).contains(&digits.len()) {
        return Err("length");
    }
    Ok(match extension {
        Some(extension) => format!("+{digits};ext={extension}"),
        None => format!("+{digits}"),
    })
}

fn split_extension<'t>(text: &'t str, country: &str) -> Result<(&'t str, Option<String>), &'static str> {
    let is_mark = |c: char| c.is_alphabetic() || c == ';' || c == '#';
    let Some(start) = text.find(is_mark) else {
        return Ok(hyphen_extension(text, country));
    };
    let (number, rest) = text.split_at(start);
    let rest: String = rest.chars().filter(|c| !is_separator(*c) && *c != ':').collect();
    let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
    let (mark, extension) = rest.split_at(digits);
    if !EXTENSION_MARKS.contains(&mark) {
        return Err("character");
    }
    let is_number = extension.bytes().all(|b| b.is_ascii_digit());
    if !is_number || !(1..=LONGEST_EXTENSION).contains(&extension.len()) {
        return Err("extension");
    }
    Ok((number, Some(extension.to_owned())))
}

/// In China a hyphen after a complete fixed-line number begins the extension.
fn hyphen_extension<'t>(text: &'t str, country: &str) -> (&'t str, Option<String>) {
    let is_chinese = text.starts_with("+86") || (country == "CN" && !text.starts_with('+'));
    let found = text.rsplit_once('-').filter(|(number, extension)| {
        let line = number.rsplit('-').next().unwrap_or(number);
        let count = line.bytes().filter(u8::is_ascii_digit).count();
        is_chinese
            && (7..=8).contains(&count)
            && line.len() < number.len()
            && (1..=6).contains(&extension.len())
            && extension.bytes().all(|b| b.is_ascii_digit())
    });
    match found {
        Some((number, extension)) => (number, Some(extension.to_owned())),
        None => (text, None),
    }
}

/// The digits, after a `+` where it begins with one.
fn digits_of(number: &str) -> Result<String, &'static str> {
    let mut digits = String::with_capacity(number.len());
    for c in number.chars() {
        if c.is_ascii_digit() || (c == '+' && digits.is_empty()) {
            digits.push(c);
        } else if !is_separator(c) {
            return Err("character");
        }
    }
    Ok(digits)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || "-.()[]/·~".contains(c)
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Calling code and national number.
fn international(digits: &str, country: &str) -> Result<String, &'static str> {
    if let Some(digits) = digits.strip_prefix('+') {
        return from_abroad(digits);
    }
    let code = of_country(country).ok_or("country")?;
    let abroad = digits.strip_prefix(abroad_prefix(code));
    if let Some(digits) = abroad.or_else(|| digits.strip_prefix("00")) {
        return from_abroad(digits);
    }
    let national = without_trunk(code, digits);
    let fits = |digits: &str| national_length(code).is_some_and(|fit| fit.contains(&digits.len()));
    let national = match national.strip_prefix(code) {
        Some(rest) if fits(rest) && !fits(national) => without_trunk(code, rest),
        _ => national,
    };
    Ok(format!("{code}{national}"))
}

/// The digits after a `+`, without the long-distance prefix that some write as `(0)`.
fn from_abroad(digits: &str) -> Result<String, &'static str> {
    if digits.starts_with('0') {
        return Err("calling-code");
    }
    let (code, national) = digits.split_at_checked(length(digits)).ok_or("length")?;
    Ok(format!("{code}{}", without_trunk(code, national)))
}

/// Without the long-distance prefix, also where somebody wrote it twice.
fn without_trunk<'d>(code: &str, digits: &'d str) -> &'d str {
    let fits = |rest: &str| national_length(code).is_some_and(|fit| fit.contains(&rest.len()));
    trunk_prefixes(code)
        .iter()
        .filter_map(|trunk| Some((trunk, digits.strip_prefix(trunk)?)))
        .find(|(trunk, rest)| trunk.starts_with('0') || fits(rest))
        .map_or(digits, |(_, rest)| without_trunk(code, rest))
}

/// The parts of a national number as people say it; elsewhere threes, and at the end up to four.
fn groups<'n>(code: &str, national: &'n str) -> Vec<&'n str> {
    let sizes: &[usize] = match (code, national.as_bytes()) {
        ("1", [_, _, _, _, _, _, _, _, _, _]) => &[3, 3],
        ("86", [b'1', b'0', ..] | [b'2', ..]) if national.len() == 10 => &[2, 4],
        ("86", _) if national.len() == 11 => &[3, 4],
        ("86", _) if national.len() == 10 => &[3, 3],
        _ => &[3, 3, 3, 3],
    };
    let mut groups = Vec::new();
    let mut rest = national;
    for size in sizes {
        if rest.len() <= 4 {
            break;
        }
        let (group, after) = rest.split_at((*size).min(rest.len()));
        groups.push(group);
        rest = after;
    }
    if !rest.is_empty() {
        groups.push(rest);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(country: &str, text: &str, expected: &str) {
        assert_eq!(parse_phone(text, country).as_deref(), Ok(expected), "{country} {text}");
        assert_eq!(parse_phone(expected, "US").as_deref(), Ok(expected), "read again");
    }

    #[test]
    fn chinese_numbers_in_every_spelling() {
        for (text, expected) in [
            ("0755-8988 8888", "+8675589888888"),
            ("（0755）8988—8888", "+8675589888888"),
            ("０７５５－８９８８８８８８", "+8675589888888"),
            ("+86 (0)755 8988 8888", "+8675589888888"),
            ("+86-0755-89888888", "+8675589888888"),
            ("86 755 8988 8888", "+8675589888888"),
            ("010-6512 3456", "+861065123456"),
            ("10 6512 3456", "+861065123456"),
            ("13800138001", "+8613800138001"),
            ("138-0013-8001", "+8613800138001"),
            ("+86 138 0013 8001", "+8613800138001"),
            ("＋86 13800138001", "+8613800138001"),
            ("(+86) 13800138001", "+8613800138001"),
            ("0086 138 0013 8001", "+8613800138001"),
            ("8613800138001", "+8613800138001"),
            ("tel:+86-138-0013-8001", "+8613800138001"),
            ("013800138001", "+8613800138001"),
            ("400-820-8888", "+864008208888"),
            ("95588", "+8695588"),
            ("\u{202d}138 0013 8001\u{202c}", "+8613800138001"),
        ] {
            check("CN", text, expected);
        }
    }

    #[test]
    fn extensions_follow_a_word_or_a_hyphen() {
        for text in [
            "0755-89888888转801",
            "0755-89888888 转 801",
            "0755-89888888转分机801",
            "0755-8988 8888-801",
            "+86 755 89888888 ext. 801",
            "0755-89888888 Ext: 801",
            "0755-89888888x801",
            "0755-89888888#801",
            "+86-755-89888888-801",
            "+8675589888888;ext=801",
        ] {
            check("CN", text, "+8675589888888;ext=801");
        }
        check("US", "(206) 555-9857 extension 3457", "+12065559857;ext=3457");
    }

    #[test]
    fn numbers_of_other_countries_lose_their_long_distance_prefix() {
        for (country, text, expected) in [
            ("DE", "030-0074321", "+49300074321"),
            ("DE", "+49 (0)30 0074321", "+49300074321"),
            ("MX", "(5) 555-4729", "+5255554729"),
            ("MX", "01 55 1234 5678", "+525512345678"),
            ("GB", "(171) 555-7788", "+441715557788"),
            ("GB", "020 7946 0000", "+442079460000"),
            ("US", "(206) 555-9857", "+12065559857"),
            ("US", "1-206-555-9857", "+12065559857"),
            ("US", "011 86 138 0013 8001", "+8613800138001"),
            ("IT", "06 1234 5678", "+390612345678"),
            ("IT", "+39 06 1234 5678", "+390612345678"),
            ("RU", "8 (495) 123-45-67", "+74951234567"),
            ("RU", "+7 800 123-45-67", "+78001234567"),
            ("RU", "7 495 123 45 67", "+74951234567"),
            ("RU", "8 10 86 13800138001", "+8613800138001"),
            ("BY", "8 029 491-19-11", "+375294911911"),
            ("LT", "8 612 34567", "+37061234567"),
            ("HU", "06 1 234 5678", "+3612345678"),
            ("FR", "01.23.45.67.89", "+33123456789"),
            ("JP", "03-1234-5678", "+81312345678"),
            ("JP", "010-86-138-0013-8001", "+8613800138001"),
            ("AU", "0011 86 138 0013 8001", "+8613800138001"),
            ("HK", "2345 6789", "+85223456789"),
            ("CI", "07 12 34 56 78", "+2250712345678"),
            ("ES", "91 123 45 67", "+34911234567"),
            ("BR", "(11) 98765-4321", "+5511987654321"),
        ] {
            check(country, text, expected);
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        for (text, reason) in [
            ("", "length"),
            ("12", "length"),
            ("+", "length"),
            ("+8", "length"),
            ("1380013800113800138001", "length"),
            ("+0 755 8988", "calling-code"),
            ("138 0013 800l", "character"),
            ("1-800-FLOWERS", "character"),
            ("138+0013", "character"),
            ("电话 0755", "character"),
            ("13800138001,2", "character"),
            ("13800138001\0", "character"),
            ("0755-89888888转", "extension"),
            ("0755-89888888转123456789", "extension"),
            ("0755-89888888转80a", "extension"),
        ] {
            let problem = parse_phone(text, "CN").expect_err(text);
            assert_eq!(problem.id, "bad-phone");
            assert_eq!(problem.get("value"), Some(text));
            assert_eq!(problem.get("reason"), Some(reason), "{text}");
        }
        let problem = parse_phone("0755-89888888", "??").expect_err("no such country");
        assert_eq!(problem.get("reason"), Some("country"));
    }

    #[test]
    fn numbers_are_shown_in_groups() {
        for (phone, expected) in [
            ("+8613800138001", "+86 138 0013 8001"),
            ("+8675589888888;ext=801", "+86 755 8988 8888 ext. 801"),
            ("+861065123456", "+86 10 6512 3456"),
            ("+864008208888", "+86 400 820 8888"),
            ("+12065559857", "+1 206 555 9857"),
            ("+49300074321", "+49 300 074 321"),
            ("+85223456789", "+852 234 567 89"),
            ("+8695588", "+86 955 88"),
            ("not a phone", "not a phone"),
        ] {
            assert_eq!(format_phone_for_reading(phone), expected);
        }
    }
}
