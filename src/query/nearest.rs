//! "Did you mean": the known words that a mistyped one is close to.

use strsim::damerau_levenshtein;

const MOST: usize = 5;

/// Known words at most two typing mistakes away or beginning with the word; closest first.
#[must_use]
pub fn nearest(word: &str, known: &[&str]) -> Vec<String> {
    let word = word.trim().to_lowercase();
    let length = word.chars().count();
    let mut found: Vec<(usize, &str)> = known
        .iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let mistakes = damerau_levenshtein(&word, &lower);
            // As many mistakes as letters would make every short word close to every other.
            let close = mistakes <= 2 && mistakes < length;
            let begun = length > 0 && lower.starts_with(&word);
            (close || begun).then(|| (if begun { mistakes.min(1) } else { mistakes }, *candidate))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let words = found.into_iter().map(|(_, candidate)| candidate.to_owned());
    words.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, known: &[&str], expected: &[&str]) {
        assert_eq!(nearest(word, known), expected, "{word}");
    }

    #[test]
    fn two_mistakes_are_forgiven_and_three_are_not() {
        let known = ["customer", "contact", "campaign"];
        check("custmoer", &known, &["customer"]);
        check("cstomr", &known, &["customer"]);
        check("Contcat", &known, &["contact"]);
        check("cmpgn", &known, &[]);
    }

    #[test]
    fn a_beginning_is_enough_and_the_closest_comes_first() {
        check("cred", &["credit_limit", "created_at", "crew"], &["credit_limit", "crew"]);
        check("nam", &["named_by", "name", "norm"], &["name", "named_by", "norm"]);
    }

    #[test]
    fn short_and_empty_words_are_not_close_to_everything() {
        check("x", &["id", "by"], &[]);
        check("", &["id", "by"], &[]);
        check("不", &["本月"], &[]);
    }
}
