//! The name key: what stays of a company's name when spelling, brackets and legal form are taken
//! away. Two names with one key are one company until somebody says otherwise.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Legal forms at the end of a name, longest first within each script.
const ENDINGS: [&str; 17] = [
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "公司",
    "集团",
    "incorporated",
    "corporation",
    "company",
    "limited",
    "gmbh",
    "corp",
    "inc",
    "ltd",
    "llc",
    "plc",
    "co",
    "ag",
];

const BRACKETS: [(char, char); 10] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('《', '》'),
    ('〈', '〉'),
    ('「', '」'),
];

/// The key of a name; empty only for a name without a letter or digit.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = name.nfkc().collect::<String>().to_lowercase();
    let outside = letters(&without_brackets(&folded));
    let key = if outside.is_empty() { letters(&folded) } else { outside };
    without_endings(&key).to_owned()
}

/// The name without what stands in brackets; a bracket without its partner hides nothing.
fn without_brackets(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut open: Vec<(char, usize)> = Vec::new();
    for c in name.chars() {
        if let Some((_, closing)) = BRACKETS.iter().find(|(opening, _)| *opening == c) {
            open.push((*closing, kept.len()));
        } else if let Some(depth) = open.iter().rposition(|(closing, _)| *closing == c) {
            kept.truncate(open[depth].1);
            open.truncate(depth);
            continue;
        }
        kept.push(c);
    }
    kept
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect()
}

fn without_endings(key: &str) -> &str {
    let shorter = ENDINGS.iter().filter_map(|ending| key.strip_suffix(ending)).find(|rest| !rest.is_empty());
    shorter.map_or(key, without_endings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(name_key(name), expected, "{name}");
    }

    #[test]
    fn legal_forms_and_places_in_brackets_do_not_matter() {
        for name in [
            "比亚迪汽车销售有限公司",
            "比亚迪汽车销售公司",
            "比亚迪（深圳）汽车销售有限公司",
            "比亚迪 汽车销售(股份) 有限公司",
            "比亚迪汽车销售集团有限责任公司",
        ] {
            check(name, "比亚迪汽车销售");
        }
    }

    #[test]
    fn case_width_spaces_and_punctuation_do_not_matter() {
        for name in ["Acme, Inc.", "ACME Co., Ltd.", "ａｃｍｅ", "Acme Corporation", "A-c-m-e GmbH"] {
            check(name, "acme");
        }
        check("O'Neill & Sons plc", "oneillsons");
    }

    #[test]
    fn endings_are_taken_off_until_none_is_left() {
        check("Acme Company Limited Co", "acme");
        check("海纳集团股份有限公司", "海纳");
        check("Siemens AG", "siemens");
    }

    #[test]
    fn a_name_is_never_taken_away_completely() {
        check("有限公司", "有限");
        check("公司", "公司");
        check("Inc", "inc");
        check("Co. Ltd", "co");
        check("（株）", "株");
        check("", "");
        check("***", "");
    }

    #[test]
    fn brackets_may_be_nested_or_left_open() {
        check("Acme (North (West)) Motors", "acmemotors");
        check("Acme (North Motors", "acmenorthmotors");
        check("Acme North) Motors", "acmenorthmotors");
        check("海纳【集团】物流", "海纳物流");
    }

    #[test]
    fn marks_of_other_scripts_are_letters() {
        check("Café", "café");
        check("กุ้ง", "กุ้ง");
    }
}
