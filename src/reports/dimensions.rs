//! The dimensions that sums can be taken by: each a column of what a report sums, or a bucket of time.
//!
//! Deliberately absent: which of them a report has (its front matter says so).

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::query::Bucket;

/// What a dimension is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    pub name: &'static str,
    /// SQL over what is summed; `{date}` is its day.
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

/// Every dimension; those of sold lines first.
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
    code("life", "life"),
    code("source", "source"),
    reference("campaign", "campaign", false),
    reference("product", "product", false),
    plain("category", false),
    plain("top_category", false),
    plain("country", false),
    plain("province", false),
    plain("city", false),
    plain("currency", false),
    time("day", "{date}", Bucket::Day),
    time("week", "bucket({date}, 'week')", Bucket::Week),
    // A month is the same in every calendar, so that no function need be asked.
    time("month", "substr({date}, 1, 7)", Bucket::Month),
    time("quarter", "bucket({date}, 'quarter')", Bucket::Quarter),
    time("half", "bucket({date}, 'half')", Bucket::Half),
    time("year", "bucket({date}, 'year')", Bucket::Year),
    code("stage", "stage"),
    reference("pipeline", "pipeline", false),
    code("reason", "lost_reason"),
    reference("competitor", "competitor", false),
    reference("assignee", "user", false),
    code("priority", "ticket_priority"),
    code("severity", "severity"),
    code("channel", "ticket_channel"),
    code("cause", "cause"),
    code("about", "about"),
    plain("topic", false),
    plain("warehouse", false),
    reference("invoice", "invoice", false),
    code("type", "record_type"),
];

/// Dimensions whose codes are of another list in some reports.
const OTHER: &[Dimension] =
    &[code("kind", "followup_kind"), code("kind", "ticket_kind"), code("kind", "market_note_kind")];

/// What stands before the name of a field that a store added to customers.
pub const CUSTOM: &str = "custom.";

/// A field that a store added to customers, of whatever has a customer.
fn custom(field: &str) -> Option<&'static Dimension> {
    static KNOWN: Mutex<BTreeMap<String, &'static Dimension>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().ok()?;
    let made = known.entry(field.to_owned()).or_insert_with(|| {
        let name: &'static str = Box::leak(format!("{CUSTOM}{field}").into_boxed_str());
        let column = field.replace('"', "\"\"");
        let sql = format!("(select own.\"{column}\" from customers own where own.id = customer)");
        Box::leak(Box::new(Dimension { sql: Box::leak(sql.into_boxed_str()), ..plain(name, true) }))
    });
    Some(made)
}

/// A dimension by name, or by `name:list` where its codes are of another list.
pub fn dimension(name: &str) -> Option<&'static Dimension> {
    if let Some(field) = name.strip_prefix(CUSTOM) {
        return custom(field);
    }
    match name.split_once(':') {
        Some((name, list)) => OTHER.iter().find(|d| d.name == name && d.list == Some(list)),
        None => DIMENSIONS.iter().find(|d| d.name == name),
    }
}
