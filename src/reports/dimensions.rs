//! The dimensions that sums can be taken by: each a column of `sale_line` or a bucket of time.

use crate::query::Bucket;

/// What a dimension is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    pub name: &'static str,
    /// SQL over `sale_line`.
    pub sql: &'static str,
    /// The type of record it refers to, whose titles stand beside the ids.
    pub refers: Option<&'static str>,
    /// The list of codes it is of.
    pub list: Option<&'static str>,
    /// The unit of time it is.
    pub bucket: Option<Bucket>,
    /// Whether money received can be told apart by it.
    pub of_payments: bool,
}

const fn plain(name: &'static str, of_payments: bool) -> Dimension {
    Dimension { name, sql: name, refers: None, list: None, bucket: None, of_payments }
}

const fn reference(name: &'static str, noun: &'static str, of_payments: bool) -> Dimension {
    Dimension { refers: Some(noun), ..plain(name, of_payments) }
}

const fn code(name: &'static str, list: &'static str) -> Dimension {
    Dimension { list: Some(list), ..plain(name, false) }
}

const fn time(name: &'static str, sql: &'static str, bucket: Bucket) -> Dimension {
    Dimension { sql, bucket: Some(bucket), ..plain(name, true) }
}

/// Every dimension of sold lines.
pub const DIMENSIONS: &[Dimension] = &[
    reference("owner", "user", true),
    reference("team", "team", true),
    reference("region", "region", true),
    reference("dealer", "customer", true),
    reference("customer", "customer", true),
    code("kind", "customer_kind"),
    code("industry", "industry"),
    code("size", "size"),
    code("level", "level"),
    code("source", "source"),
    reference("campaign", "campaign", false),
    reference("product", "product", false),
    plain("category", false),
    plain("top_category", false),
    plain("country", false),
    plain("province", false),
    plain("city", false),
    plain("currency", false),
    time("day", "date", Bucket::Day),
    time("week", "bucket(date, 'week')", Bucket::Week),
    // A month is the same in every calendar, so that no function need be asked.
    time("month", "substr(date, 1, 7)", Bucket::Month),
    time("quarter", "bucket(date, 'quarter')", Bucket::Quarter),
    time("half", "bucket(date, 'half')", Bucket::Half),
    time("year", "bucket(date, 'year')", Bucket::Year),
];

/// A dimension by name.
pub fn dimension(name: &str) -> Option<&'static Dimension> {
    DIMENSIONS.iter().find(|d| d.name == name)
}
