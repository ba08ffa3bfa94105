//! How the countries of the world are dialled: calling codes, the prefix of long-distance calls
//! inside a country, and the prefix of calls abroad.
//!
//! Numbering plans change every month and made-up numbers must stay usable, so nothing here says
//! whether a number exists.

use std::ops::RangeInclusive;

/// Country and calling code, sorted by country.
const CALLING_CODES: [&str; 250] = [
    "AD376", "AE971", "AF93", "AG1", "AI1", "AL355", "AM374", "AO244", "AQ672", "AR54", "AS1", "AT43",
    "AU61", "AW297", "AX358", "AZ994", "BA387", "BB1", "BD880", "BE32", "BF226", "BG359", "BH973", "BI257",
    "BJ229", "BL590", "BM1", "BN673", "BO591", "BQ599", "BR55", "BS1", "BT975", "BV47", "BW267", "BY375",
    "BZ501", "CA1", "CC61", "CD243", "CF236", "CG242", "CH41", "CI225", "CK682", "CL56", "CM237", "CN86",
    "CO57", "CR506", "CU53", "CV238", "CW599", "CX61", "CY357", "CZ420", "DE49", "DJ253", "DK45", "DM1",
    "DO1", "DZ213", "EC593", "EE372", "EG20", "EH212", "ER291", "ES34", "ET251", "FI358", "FJ679", "FK500",
    "FM691", "FO298", "FR33", "GA241", "GB44", "GD1", "GE995", "GF594", "GG44", "GH233", "GI350", "GL299",
    "GM220", "GN224", "GP590", "GQ240", "GR30", "GS500", "GT502", "GU1", "GW245", "GY592", "HK852", "HM672",
    "HN504", "HR385", "HT509", "HU36", "ID62", "IE353", "IL972", "IM44", "IN91", "IO246", "IQ964", "IR98",
    "IS354", "IT39", "JE44", "JM1", "JO962", "JP81", "KE254", "KG996", "KH855", "KI686", "KM269", "KN1",
    "KP850", "KR82", "KW965", "KY1", "KZ7", "LA856", "LB961", "LC1", "LI423", "LK94", "LR231", "LS266",
    "LT370", "LU352", "LV371", "LY218", "MA212", "MC377", "MD373", "ME382", "MF590", "MG261", "MH692",
    "MK389", "ML223", "MM95", "MN976", "MO853", "MP1", "MQ596", "MR222", "MS1", "MT356", "MU230", "MV960",
    "MW265", "MX52", "MY60", "MZ258", "NA264", "NC687", "NE227", "NF672", "NG234", "NI505", "NL31", "NO47",
    "NP977", "NR674", "NU683", "NZ64", "OM968", "PA507", "PE51", "PF689", "PG675", "PH63", "PK92", "PL48",
    "PM508", "PN64", "PR1", "PS970", "PT351", "PW680", "PY595", "QA974", "RE262", "RO40", "RS381", "RU7",
    "RW250", "SA966", "SB677", "SC248", "SD249", "SE46", "SG65", "SH290", "SI386", "SJ47", "SK421", "SL232",
    "SM378", "SN221", "SO252", "SR597", "SS211", "ST239", "SV503", "SX1", "SY963", "SZ268", "TC1", "TD235",
    "TF262", "TG228", "TH66", "TJ992", "TK690", "TL670", "TM993", "TN216", "TO676", "TR90", "TT1", "TV688",
    "TW886", "TZ255", "UA380", "UG256", "UM1", "US1", "UY598", "UZ998", "VA39", "VC1", "VE58", "VG1", "VI1",
    "VN84", "VU678", "WF681", "WS685", "XK383", "YE967", "YT262", "ZA27", "ZM260", "ZW263",
];

/// The calling code of a country.
pub(super) fn of_country(country: &str) -> Option<&'static str> {
    let position = CALLING_CODES.binary_search_by(|row| row[..2].cmp(country)).ok()?;
    Some(&CALLING_CODES[position][2..])
}

/// How many of the leading digits of an international number are the calling code.
pub(super) fn length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// What is dialled before a long-distance number inside the country and left out from abroad.
pub(super) fn trunk_prefixes(code: &str) -> &'static [&'static str] {
    match code {
        "1" => &["1"],
        "7" | "993" => &["8"],
        "36" => &["06"],
        "52" => &["01", "044", "045"],
        "370" => &["8", "0"],
        "375" => &["80", "8", "0"],
        "30" | "34" | "39" | "45" | "47" | "48" | "56" | "65" | "216" | "220" | "221" | "222" | "223"
        | "224" | "225" | "226" | "227" | "228" | "229" | "230" | "235" | "236" | "237" | "238" | "239"
        | "240" | "241" | "242" | "244" | "245" | "246" | "248" | "253" | "257" | "258" | "266" | "267"
        | "268" | "269" | "290" | "297" | "298" | "299" | "350" | "351" | "352" | "354" | "356" | "357"
        | "371" | "372" | "376" | "378" | "420" | "500" | "501" | "502" | "503" | "504" | "505" | "506"
        | "507" | "509" | "592" | "597" | "599" | "670" | "672" | "673" | "674" | "675" | "676" | "677"
        | "678" | "679" | "680" | "681" | "682" | "683" | "685" | "687" | "688" | "689" | "690" | "691"
        | "692" | "852" | "853" | "960" | "965" | "968" | "973" | "974" | "975" | "992" | "998" => &[],
        _ => &["0"],
    }
}

/// The digits of a number after its calling code, where the plan fixes them and a leading digit
/// could not be told from a prefix otherwise.
pub(super) fn national_length(code: &str) -> Option<RangeInclusive<usize>> {
    match code {
        "1" | "7" => Some(10..=10),
        "86" => Some(10..=11),
        "370" | "993" => Some(8..=8),
        "375" => Some(9..=9),
        _ => None,
    }
}

/// What is dialled before a calling code, where it is not `00`.
pub(super) fn abroad_prefix(code: &str) -> &'static str {
    match code {
        "1" => "011",
        "7" | "375" | "993" => "810",
        "61" => "0011",
        "62" | "65" | "66" | "82" | "852" | "855" => "001",
        "81" => "010",
        "886" => "002",
        _ => "00",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_every_country_once() {
        assert!(CALLING_CODES.is_sorted_by(|one, next| one[..2] < next[..2]));
        for (code, _, _) in super::super::country_names::COUNTRIES {
            assert!(of_country(code).is_some(), "{code}");
        }
    }

    #[test]
    fn every_calling_code_has_the_length_that_its_digits_say() {
        for row in CALLING_CODES {
            let code = &row[2..];
            assert_eq!(length(&format!("{code}00000")), code.len(), "{row}");
        }
    }
}
