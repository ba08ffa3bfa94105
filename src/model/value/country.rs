//! Countries of ISO 3166 as two letters, resolved from a code or a name in English or Chinese.

use unicode_normalization::UnicodeNormalization;

use super::bad;
use super::country_names::{ALIASES, COUNTRIES};
use crate::model::Problem;

/// The code of a country: `DE` for `de`, `Germany` or `德国`.
///
/// # Errors
/// `bad-country`.
pub fn parse_country(text: &str) -> Result<String, Problem> {
    let code = text.trim().to_ascii_uppercase();
    if is_country(&code) {
        return Ok(code);
    }
    match by_name(text) {
        Some(code) => Ok(code.to_owned()),
        None => Err(bad("bad-country", text, "unknown")),
    }
}

/// Whether the text is the code of a country, in capitals.
#[must_use]
pub fn is_country(code: &str) -> bool {
    position(code).is_some()
}

/// The English name of a country.
#[must_use]
pub fn english_name(code: &str) -> Option<&'static str> {
    position(code).map(|position| COUNTRIES[position].1)
}

/// The Chinese name of a country.
#[must_use]
pub fn chinese_name(code: &str) -> Option<&'static str> {
    position(code).map(|position| COUNTRIES[position].2)
}

fn position(code: &str) -> Option<usize> {
    COUNTRIES.binary_search_by(|(known, _, _)| (*known).cmp(code)).ok()
}

fn by_name(text: &str) -> Option<&'static str> {
    let wanted = folded(text);
    if wanted.is_empty() {
        return None;
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == wanted);
    alias.map(|(_, code)| *code).or_else(|| {
        let named = COUNTRIES
            .iter()
            .find(|(_, english, chinese)| folded(english) == wanted || folded(chinese) == wanted);
        named.map(|(code, _, _)| *code)
    })
}

/// A name without case, accents, spaces, punctuation and a leading article.
fn folded(name: &str) -> String {
    let lower = name.nfkd().collect::<String>().to_lowercase();
    let lower = lower.trim();
    let bare = lower.strip_prefix("the ").unwrap_or(lower);
    bare.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_code_and_by_name() {
        for (text, code) in [
            ("cn", "CN"),
            ("中国", "CN"),
            ("中华人民共和国", "CN"),
            ("P.R. China", "CN"),
            ("Germany", "DE"),
            ("德国", "DE"),
            ("UK", "GB"),
            ("U.K.", "GB"),
            ("England", "GB"),
            ("USA", "US"),
            ("United States of America", "US"),
            ("the netherlands", "NL"),
            ("Côte d'Ivoire", "CI"),
            ("Cote d’Ivoire", "CI"),
            ("South Korea", "KR"),
            ("韩国", "KR"),
            ("台湾", "TW"),
            ("香港", "HK"),
            ("Brasil", "BR"),
            ("Deutschland", "DE"),
            ("Türkiye", "TR"),
            ("Turkey", "TR"),
        ] {
            assert_eq!(parse_country(text).as_deref(), Ok(code), "{text}");
        }
    }

    #[test]
    fn what_is_no_country_is_refused() {
        for text in ["", "--", "ZZ", "Atlantis", "Ger"] {
            assert_eq!(parse_country(text).map_err(|p| p.id), Err("bad-country"), "{text}");
        }
    }

    #[test]
    fn every_country_is_found_by_its_own_names() {
        for (code, english, chinese) in COUNTRIES {
            assert_eq!(parse_country(english).as_deref(), Ok(*code));
            assert_eq!(parse_country(chinese).as_deref(), Ok(*code));
        }
        assert!(COUNTRIES.is_sorted_by(|one, next| one.0 < next.0));
    }

    #[test]
    fn every_alias_is_folded_and_names_a_country() {
        for (alias, code) in ALIASES {
            assert_eq!(folded(alias), *alias);
            assert!(is_country(code), "{alias}");
        }
    }
}
