//! How likely two records mean one: what they share, in points.
//!
//! Plain data in, so that it is the same for customers, contacts and leads and needs no store.
//! Deliberately absent: which of all pairs are worth a look (see [`pairs`]), and merging.

mod alike;
mod candidates;

use unicode_normalization::UnicodeNormalization;

use crate::model::value::name_key::name_key;

pub use candidates::{Crowd, Found, pairs};

/// Names whose keys are as near as this are alike (Jaro–Winkler).
pub const ALIKE: f64 = 0.92;
/// More points than this nobody gets.
pub const MOST: u32 = 100;

/// Providers of mail for everybody: an address there says nothing about the company.
const FREE_MAIL: &[&str] = &[
    "126.com",
    "139.com",
    "163.com",
    "188.com",
    "189.cn",
    "21cn.com",
    "263.net",
    "aliyun.com",
    "aol.com",
    "daum.net",
    "eyou.com",
    "foxmail.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hanmail.net",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.cn",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.cn",
    "sina.com",
    "sina.com.cn",
    "sohu.com",
    "t-online.de",
    "tom.com",
    "vip.126.com",
    "vip.163.com",
    "vip.qq.com",
    "vip.sina.com",
    "vip.sina.cn",
    "wo.cn",
    "web.de",
    "yahoo.cn",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.cn",
    "yahoo.com.hk",
    "yahoo.com.tw",
    "yahoo.de",
    "yahoo.fr",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "zoho.com",
];

/// What two records may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    TaxId,
    Phone,
    Email,
    /// The same name key.
    Name,
    /// Name keys that are near each other.
    SimilarName,
    /// The website, or the domain of an e-mail address that is not free mail.
    Domain,
    /// Street and city.
    Street,
    Birthday,
    City,
}

impl Reason {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::TaxId,
        Self::Phone,
        Self::Email,
        Self::Name,
        Self::SimilarName,
        Self::Domain,
        Self::Street,
        Self::Birthday,
        Self::City,
    ];

    /// What it adds to the score.
    pub const fn points(self) -> u32 {
        match self {
            Self::TaxId => 100,
            Self::Phone | Self::Email => 60,
            Self::Name => 50,
            Self::SimilarName | Self::Domain => 30,
            Self::Street | Self::Birthday => 15,
            Self::City => 5,
        }
    }

    /// The word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TaxId => "tax_id",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Name => "name",
            Self::SimilarName => "similar_name",
            Self::Domain => "domain",
            Self::Street => "street",
            Self::Birthday => "birthday",
            Self::City => "city",
        }
    }
}

/// What is known of a record, in the form in which it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub id: String,
    /// Name key; empty where there is no name.
    pub key: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub tax_id: Option<String>,
    /// Of the website and of e-mail addresses, free mail left out.
    pub domains: Vec<String>,
    pub city: Option<String>,
    /// With the city: absent without one.
    pub street: Option<String>,
    /// Of a person.
    pub birthday: Option<String>,
    /// Ids of records that were compared and found different.
    pub distinct: Vec<String>,
    /// Seconds since 1970.
    pub created_at: i64,
    /// How many documents refer to it.
    pub documents: u64,
}

/// A record as it is stored.
#[derive(Clone, Debug, Default)]
pub struct Raw<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub phones: Vec<&'a str>,
    pub emails: Vec<&'a str>,
    pub tax_id: Option<&'a str>,
    pub website: Option<&'a str>,
    pub city: Option<&'a str>,
    pub street: Option<&'a str>,
    /// Of a person only.
    pub birthday: Option<&'a str>,
    pub distinct: Vec<String>,
    pub created_at: i64,
    pub documents: u64,
}

impl Subject {
    /// The record in the form in which it is compared.
    pub fn new(raw: Raw<'_>) -> Self {
        let emails: Vec<String> = raw.emails.iter().map(|email| email.trim().to_lowercase()).collect();
        let mut domains: Vec<String> = emails.iter().filter_map(|email| mail_domain(email)).collect();
        domains.extend(raw.website.and_then(website_domain));
        domains.sort();
        domains.dedup();
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let city = raw.city.map(place).map(without_city_word).and_then(filled);
        Self {
            id: raw.id.to_owned(),
            key: name_key(raw.name),
            phones: raw.phones.iter().map(|phone| (*phone).to_owned()).collect(),
            emails,
            tax_id: raw.tax_id.map(place).and_then(filled),
            domains,
            street: city
                .as_deref()
                .zip(raw.street.map(place).and_then(filled))
                .map(|(city, street)| format!("{city} {street}")),
            city,
            birthday: raw.birthday.map(str::to_owned),
            distinct: raw.distinct,
            created_at: raw.created_at,
            documents: raw.documents,
        }
    }

    /// Whether it rather stays than another: it has more documents, is older, has the smaller id.
    pub fn stays_before(&self, other: &Self) -> bool {
        let rank = |s: &Self| (std::cmp::Reverse(s.documents), s.created_at, s.id.clone());
        rank(self) < rank(other)
    }

    /// The beginning of the key by which names of one city are compared.
    fn beginning(&self) -> Option<String> {
        let first = self.key.chars().next()?;
        Some(self.key.chars().take(if is_cjk(first) { 2 } else { 4 }).collect())
    }
}

/// What two records share and what that is worth; nothing where they cannot be one. Symmetric.
pub fn score(one: &Subject, other: &Subject) -> Option<(u32, Vec<Reason>)> {
    let (one, other) = if one.id <= other.id { (one, other) } else { (other, one) };
    if one.distinct.contains(&other.id) || other.distinct.contains(&one.id) {
        return None;
    }
    let both = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    if one.tax_id.is_some() && other.tax_id.is_some() && one.tax_id != other.tax_id {
        return None;
    }
    let common = |a: &[String], b: &[String]| a.iter().any(|value| b.contains(value));
    let named = !one.key.is_empty() && !other.key.is_empty();
    let same_city = both(&one.city, &other.city);
    let holds = |reason| match reason {
        Reason::TaxId => both(&one.tax_id, &other.tax_id),
        Reason::Phone => common(&one.phones, &other.phones),
        Reason::Email => common(&one.emails, &other.emails),
        Reason::Name => named && one.key == other.key,
        Reason::SimilarName => named && one.key != other.key && alike::are_alike(&one.key, &other.key),
        Reason::Domain => common(&one.domains, &other.domains),
        Reason::Street => both(&one.street, &other.street),
        Reason::Birthday => both(&one.birthday, &other.birthday),
        Reason::City => same_city,
    };
    let reasons: Vec<Reason> = Reason::ALL.into_iter().filter(|reason| holds(*reason)).collect();
    let sum: u32 = reasons.iter().map(|reason| reason.points()).sum();
    Some((sum.min(MOST), reasons))
}

/// A place or number as it is compared: letters and digits alone.
fn place(text: &str) -> String {
    let folded = text.nfkc().collect::<String>().to_lowercase();
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// 深圳市 and 深圳 are one city.
fn without_city_word(city: String) -> String {
    match city.strip_suffix('市') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => city,
    }
}

fn mail_domain(email: &str) -> Option<String> {
    let (_, domain) = email.rsplit_once('@')?;
    (!domain.is_empty() && !FREE_MAIL.contains(&domain)).then(|| domain.to_owned())
}

fn website_domain(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?.trim().trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty() && !FREE_MAIL.contains(&host)).then(|| host.to_owned())
}

/// Whether a letter is of a script that writes a word in one or two.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(id: &str, raw: Raw<'_>) -> Subject {
        Subject { id: id.to_owned(), ..Subject::new(raw) }
    }

    fn scored(one: Raw<'_>, other: Raw<'_>) -> Option<(u32, Vec<&'static str>)> {
        let (one, other) = (subject("a", one), subject("b", other));
        let found = score(&one, &other);
        assert_eq!(found, score(&other, &one), "symmetric");
        found.map(|(score, reasons)| (score, reasons.into_iter().map(Reason::code).collect()))
    }

    #[test]
    fn the_worked_examples() {
        let one = Raw {
            name: "比亚迪汽车销售有限公司",
            phones: vec!["+8675589888888"],
            city: Some("深圳"),
            ..Raw::default()
        };
        let other = Raw { name: "比亚迪（深圳）汽车销售公司", ..one.clone() };
        assert_eq!(scored(one, other), Some((100, vec!["phone", "name", "city"])));
        let one = Raw { name: "深圳海纳物流有限公司", city: Some("深圳"), ..Raw::default() };
        let other = Raw { name: "深圳海纳物流运输", ..one.clone() };
        assert_eq!(scored(one, other), Some((35, vec!["similar_name", "city"])));
    }

    #[test]
    fn each_thing_in_common_has_its_points() {
        let raw = Raw::default;
        let of = |one: Raw<'_>, other: Raw<'_>| scored(one, other).expect("a pair");
        for (one, other, points) in [
            (raw(), raw(), 0),
            (Raw { tax_id: Some("91A b"), ..raw() }, Raw { tax_id: Some("91ab"), ..raw() }, 100),
            (Raw { tax_id: Some("91AB"), ..raw() }, raw(), 0),
            (Raw { phones: vec!["1", "2"], ..raw() }, Raw { phones: vec!["3", "2"], ..raw() }, 60),
            (Raw { emails: vec!["A@qq.com"], ..raw() }, Raw { emails: vec!["a@QQ.com"], ..raw() }, 60),
            (Raw { emails: vec!["a@acme.cn"], ..raw() }, Raw { emails: vec!["a@acme.cn"], ..raw() }, 90),
            (Raw { emails: vec!["a@acme.cn"], ..raw() }, Raw { emails: vec!["b@acme.cn"], ..raw() }, 30),
            (Raw { emails: vec!["a@163.com"], ..raw() }, Raw { emails: vec!["b@163.com"], ..raw() }, 0),
            (
                Raw { emails: vec!["a@acme.cn"], ..raw() },
                Raw { website: Some("https://www.Acme.cn:443/de?x"), ..raw() },
                30,
            ),
            (Raw { name: "Acme Inc.", ..raw() }, Raw { name: "ACME Ltd", ..raw() }, 50),
            (Raw { name: "Acme Motors", ..raw() }, Raw { name: "Acme Motor", ..raw() }, 30),
            (Raw { name: "Acme", ..raw() }, Raw { name: "Umbrella", ..raw() }, 0),
            (Raw { city: Some("深圳市"), ..raw() }, Raw { city: Some("深圳"), ..raw() }, 5),
            (
                Raw { city: Some("深圳"), street: Some("科技园路 18 号"), ..raw() },
                Raw { city: Some("深圳"), street: Some("科技园路１８号"), ..raw() },
                20,
            ),
            (
                Raw { city: Some("深圳"), street: Some("中山路 1"), ..raw() },
                Raw { city: Some("广州"), street: Some("中山路 1"), ..raw() },
                0,
            ),
            (Raw { street: Some("中山路 1"), ..raw() }, Raw { street: Some("中山路 1"), ..raw() }, 0),
            (
                Raw { birthday: Some("1990-01-01"), ..raw() },
                Raw { birthday: Some("1990-01-01"), ..raw() },
                15,
            ),
        ] {
            let words = format!("{one:?} {other:?}");
            assert_eq!(of(one, other).0, points, "{words}");
        }
    }

    #[test]
    fn names_without_a_letter_are_not_alike() {
        let raw = Raw { name: "***", ..Raw::default() };
        assert_eq!(scored(raw.clone(), raw), Some((0, vec![])));
    }

    #[test]
    fn two_tax_numbers_or_a_word_that_they_differ_make_no_pair() {
        let one = Raw { name: "海纳", phones: vec!["1"], tax_id: Some("T1"), ..Raw::default() };
        assert_eq!(scored(one.clone(), Raw { tax_id: Some("T2"), ..one.clone() }), None);
        let says = Raw { distinct: vec!["b".to_owned()], ..one.clone() };
        assert_eq!(scored(says, one.clone()), None);
        let says = Raw { distinct: vec!["a".to_owned()], ..one.clone() };
        assert_eq!(scored(one, says), None);
    }

    #[test]
    fn more_documents_then_age_then_the_id_decide_what_stays() {
        let of = |id: &str, documents, created_at| Subject {
            id: id.to_owned(),
            documents,
            created_at,
            ..Subject::default()
        };
        for (first, second) in
            [(of("b", 2, 9), of("a", 1, 1)), (of("b", 1, 1), of("a", 1, 9)), (of("a", 1, 1), of("b", 1, 1))]
        {
            assert!(first.stays_before(&second) && !second.stays_before(&first), "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_beginning_is_two_letters_or_four() {
        for (name, beginning) in [
            ("海纳物流", Some("海纳")),
            ("海", Some("海")),
            ("Acme Motors", Some("acme")),
            ("Li", Some("li")),
            ("", None),
        ] {
            assert_eq!(
                subject("a", Raw { name, ..Raw::default() }).beginning().as_deref(),
                beginning,
                "{name}"
            );
        }
    }
}
