//! Currencies of ISO 4217 that are in use or were until lately, and their minor digits.
//!
//! Deliberately absent: metals, test codes and exchange rates.

use super::bad;
use crate::model::Problem;

const WITHOUT_MINOR_UNIT: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

const HUNDREDTHS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD",
    "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CNY",
    "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR",
    "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO",
    "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD",
    "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS",
    "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "USN", "UYU", "UZS", "VED", "VES", "WST", "XCD",
    "XCG", "YER", "ZAR", "ZMW", "ZWG",
];

const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

const TEN_THOUSANDTHS: &[&str] = &["CLF", "UYW"];

/// A currency code in capitals.
///
/// # Errors
/// `bad-currency`.
pub fn parse_currency(text: &str) -> Result<String, Problem> {
    let code = text.trim().to_ascii_uppercase();
    match minor_digits(&code) {
        Some(_) => Ok(code),
        None => Err(bad("bad-currency", text, "unknown")),
    }
}

/// How many decimals an amount in the currency has.
#[must_use]
pub fn minor_digits(code: &str) -> Option<u32> {
    let by_digits = [(2, HUNDREDTHS), (0, WITHOUT_MINOR_UNIT), (3, THOUSANDTHS), (4, TEN_THOUSANDTHS)];
    by_digits.into_iter().find(|(_, codes)| codes.binary_search(&code).is_ok()).map(|(digits, _)| digits)
}

/// The sign of a currency, where it has one that people know.
#[must_use]
pub fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "CNY" | "JPY" => "¥",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "TWD" => "NT$",
        "AUD" => "A$",
        "CAD" => "C$",
        "NZD" => "NZ$",
        "SGD" => "S$",
        "BRL" => "R$",
        "KRW" => "₩",
        "INR" => "₹",
        "RUB" => "₽",
        "TRY" => "₺",
        "THB" => "฿",
        "VND" => "₫",
        "PHP" => "₱",
        "ILS" => "₪",
        "UAH" => "₴",
        "PLN" => "zł",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_digits_differ_by_currency() {
        for (code, digits) in [
            ("CNY", Some(2)),
            ("USD", Some(2)),
            ("JPY", Some(0)),
            ("KRW", Some(0)),
            ("VND", Some(0)),
            ("KWD", Some(3)),
            ("BHD", Some(3)),
            ("CLF", Some(4)),
            ("XAU", None),
            ("cny", None),
        ] {
            assert_eq!(minor_digits(code), digits, "{code}");
        }
    }

    #[test]
    fn a_currency_is_a_known_code_in_capitals() {
        assert_eq!(parse_currency(" usd "), Ok("USD".to_owned()));
        for text in ["", "RMB", "US", "USDT", "￥", "DEM"] {
            assert_eq!(parse_currency(text).map_err(|p| p.id), Err("bad-currency"), "{text}");
        }
    }

    #[test]
    fn every_list_is_sorted() {
        for codes in [WITHOUT_MINOR_UNIT, HUNDREDTHS, THOUSANDTHS, TEN_THOUSANDTHS] {
            assert!(codes.is_sorted_by(|one, next| one < next));
        }
    }
}
