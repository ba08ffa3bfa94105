//! The scalar types of a record: text that somebody typed or a file holds becomes one canonical
//! form, or a [`Problem`] that names the value and, where it helps, a reason.
//!
//! Every canonical form is a fixed point: parsing it again gives it back. Deliberately absent:
//! anything that needs another record, a clock, randomness or a language.

mod calling_codes;
pub mod code;
pub mod country;
mod country_names;
pub mod currency;
pub mod day;
pub mod decimal;
pub mod duration;
pub mod email;
pub mod exact;
pub mod id;
pub mod instant;
pub mod int;
pub mod money;
pub mod name_key;
pub mod percent;
pub mod phone;
pub mod slug;
pub mod text;
pub mod url;

pub use code::parse_code;
pub use country::parse_country;
pub use currency::{minor_digits, parse_currency};
pub use day::{format_day, parse_day};
pub use decimal::{format_fixed, format_plain, parse_decimal, parse_quantity, round_half_up};
pub use duration::{Duration, parse_duration};
pub use email::parse_email;
pub use id::{is_id, is_row_id, new_id, new_row_id, parse_id, prefix_of};
pub use instant::{format_instant, parse_instant};
pub use int::parse_int;
pub use money::{format_price, from_minor, parse_money, parse_price, to_minor};
pub use name_key::name_key;
pub use percent::{parse_percent, parse_percent_between};
pub use phone::{format_phone_for_reading, parse_phone};
pub use slug::parse_slug;
pub use text::{parse_prose, parse_text};
pub use url::parse_url;

use crate::model::Problem;

/// The problem of a value that does not fit its type, with the reason as a word for the message.
fn bad(id: &'static str, value: &str, reason: &'static str) -> Problem {
    Problem::usage(id).arg("value", value).arg("reason", reason)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text of characters that matter to some parser.
    fn any_text() -> impl Strategy<Value = String> {
        let telling: Vec<char> =
            "0123456789+-.,()/:;@ xextXT#转８＋（eEzZäé\u{301}İΣ\n\t\u{0}\u{202e}_https公司"
                .chars()
                .collect();
        let character = prop_oneof![4 => proptest::sample::select(telling), 1 => any::<char>()];
        proptest::collection::vec(character, 0..24).prop_map(|chars| chars.into_iter().collect())
    }

    /// Parsing what a parser gave must give it again.
    fn check(text: &str, parse: impl Fn(&str) -> Result<String, Problem>) -> Result<(), TestCaseError> {
        if let Ok(canonical) = parse(text) {
            prop_assert_eq!(parse(&canonical), Ok(canonical.clone()), "{:?}", text);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn canonical_forms_are_fixed_points_and_no_text_panics(text in any_text()) {
            for country in ["CN", "US", "DE", "IT", "RU", "BY", "MX", "HU", "JP", "??"] {
                check(&text, |text| parse_phone(text, country))?;
            }
            check(&text, parse_text)?;
            check(&text, parse_prose)?;
            check(&text, parse_email)?;
            check(&format!("a@{text}"), parse_email)?;
            check(&format!("https://{text}"), parse_url)?;
            check(&text, parse_slug)?;
            check(&text, parse_code)?;
            check(&text, parse_country)?;
            check(&text, parse_currency)?;
            check(&text, |text| parse_duration(text).map(|length| length.to_string()))?;
            check(&text, |text| parse_decimal(text).map(|number| number.to_string()))?;
            check(&text, |text| parse_percent(text).map(|percent| percent.to_string()))?;
            check(&text, |text| parse_money(text, 2).map(|amount| amount.to_string()))?;
            check(&text, |text| parse_price(text, 2).map(|price| format_price(price, 2)))?;
            check(&text, |text| parse_day(text).map(format_day))?;
            check(&text, |text| parse_instant(text).map(format_instant))?;
            let _ = (name_key(&text), format_phone_for_reading(&text), prefix_of(&text));
        }

        #[test]
        fn phone_numbers_of_any_digits_are_fixed_points(digits in "[+]?[0-9]{1,18}") {
            for country in ["CN", "US", "DE", "IT", "RU", "BY", "LT", "MX", "HU", "JP", "AU", "CI"] {
                check(&digits, |text| parse_phone(text, country))?;
                if let Ok(phone) = parse_phone(&digits, country) {
                    prop_assert_eq!(parse_phone(&format_phone_for_reading(&phone), "US"), Ok(phone));
                }
            }
        }
    }
}
