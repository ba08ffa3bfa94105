//! What the select of the report gives, by what it says, and who belongs to whom.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::pace::{Goal, Work, weekday};
use crate::mirror::{Answer, SqlCell};
use crate::model::value::from_minor;
use crate::model::{Class, Problem};
use crate::query::{Clock, parse_period};

/// Whose a target is and of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub scope: String,
    pub subject: Option<String>,
    pub product: Option<String>,
    pub category: Option<String>,
}

impl Key {
    pub fn of(scope: &str, subject: Option<String>) -> Self {
        Self { scope: scope.to_owned(), subject, ..Self::default() }
    }

    /// The company's, of a product or category.
    pub fn goods(product: Option<&str>, category: Option<&str>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self { product: text(product), category: text(category), ..Self::of("company", None) }
    }

    /// Whether the row is for what has no such dimension.
    pub fn is_nobody(&self, by: &str) -> bool {
        match by {
            "product" => self.product.is_none(),
            "category" => self.category.is_none(),
            _ => self.subject.is_none(),
        }
    }
}

/// What was reached, or is open, by a holder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fact {
    pub holder: Option<String>,
    pub product: Option<String>,
    pub category: Option<String>,
    /// What is counted; absent for sums.
    pub record: Option<String>,
    pub value: Decimal,
}

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub goals: BTreeMap<Key, Vec<Goal>>,
    pub actual: Vec<Fact>,
    /// What was won by product, where whole opportunities are `actual`.
    pub parts: Vec<Fact>,
    pub open: Vec<Fact>,
    pub open_parts: Vec<Fact>,
    /// The region, team or team of a user that is above: by type and id.
    pub above: BTreeMap<(String, String), Option<String>>,
    /// Categories of the products that have targets.
    pub categories: BTreeMap<String, String>,
    pub work: Work,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            goals: BTreeMap::new(),
            actual: Vec::new(),
            parts: Vec::new(),
            open: Vec::new(),
            open_parts: Vec::new(),
            above: BTreeMap::new(),
            categories: BTreeMap::new(),
            work: Work::Calendar,
        }
    }
}

impl Facts {
    /// A holder and, of regions and teams, what is above it.
    pub fn upwards(&self, scope: &str, holder: Option<&str>) -> Vec<Option<String>> {
        let mut found = vec![holder.map(str::to_owned)];
        let mut at = holder.map(str::to_owned);
        while let Some(id) = at.filter(|_| is_tree(scope)) {
            at = self.above.get(&(scope.to_owned(), id)).cloned().flatten();
            // A circle ends where it was entered.
            if at.is_none() || found.contains(&at) {
                break;
            }
            found.push(at.clone());
        }
        found
    }

    /// The holders whose facts count for a subject; `None`: all.
    pub fn below(&self, scope: &str, subject: Option<&str>) -> Option<BTreeSet<Option<String>>> {
        if scope == "company" {
            return None;
        }
        let own = subject.map(str::to_owned);
        let mut found = BTreeSet::from([own.clone()]);
        if own.is_some() && is_tree(scope) {
            for (kind, id) in self.above.keys().filter(|(kind, _)| kind == scope) {
                if self.upwards(kind, Some(id)).contains(&own) {
                    found.insert(Some(id.clone()));
                }
            }
        }
        Some(found)
    }

    fn children(&self, scope: &str, of: Option<&str>) -> impl Iterator<Item = &str> {
        let under =
            self.above.iter().filter(move |((kind, _), above)| kind == scope && above.as_deref() == of);
        under.map(|((_, id), _)| id.as_str())
    }

    /// What lies directly below a subject, with the same product or category: of the company the
    /// topmost regions, else teams, else users; of a team its teams and users.
    pub fn subjects_below(&self, key: &Key) -> Vec<Vec<Key>> {
        let child = |scope: &str, id: &str| Key {
            scope: scope.to_owned(),
            subject: Some(id.to_owned()),
            product: key.product.clone(),
            category: key.category.clone(),
        };
        let of = |scope: &str, above: Option<&str>| -> Vec<Key> {
            self.children(scope, above).map(|id| child(scope, id)).collect()
        };
        let subject = key.subject.as_deref();
        match key.scope.as_str() {
            "company" => {
                let users = self.above.keys().filter(|(kind, _)| kind == "user");
                vec![of("region", None), of("team", None), users.map(|(_, id)| child("user", id)).collect()]
            }
            "region" if subject.is_some() => vec![of("region", subject)],
            "team" if subject.is_some() => {
                vec![of("team", subject).into_iter().chain(of("user", subject)).collect()]
            }
            _ => Vec::new(),
        }
    }

    /// What lies directly below in the range of goods: categories, else products.
    pub fn goods_below(&self, key: &Key) -> Vec<Vec<Key>> {
        if key.product.is_some() {
            return Vec::new();
        }
        let same = |other: &&Key| other.scope == key.scope && other.subject == key.subject;
        let directly = |category: &str| match &key.category {
            None => !category.contains('/'),
            Some(path) => category
                .strip_prefix(path.as_str())
                .and_then(|c| c.strip_prefix('/'))
                .is_some_and(|c| !c.contains('/')),
        };
        let of_category = |product: &str| match (&key.category, self.categories.get(product)) {
            (None, _) => true,
            (Some(path), category) => category.is_some_and(|category| super::lies_in(category, path)),
        };
        let others: Vec<&Key> = self.goals.keys().filter(same).collect();
        let categories =
            others.iter().filter(|k| k.product.is_none() && k.category.as_deref().is_some_and(directly));
        let products = others.iter().filter(|k| k.product.as_deref().is_some_and(of_category));
        vec![categories.map(|k| (*k).clone()).collect(), products.map(|k| (*k).clone()).collect()]
    }
}

fn is_tree(scope: &str) -> bool {
    matches!(scope, "region" | "team")
}

/// Reads the answer of the select; amounts are in minor units where `digits` says how many.
pub(super) fn read(
    answer: &Answer,
    digits: Option<u32>,
    clock: &Clock,
    working: bool,
) -> Result<Facts, Problem> {
    let mut facts = Facts::default();
    let mut work: Option<Work> = None;
    for row in &answer.rows {
        let text = |at: usize| row[at].as_text().filter(|text| !text.is_empty()).map(str::to_owned);
        let fact =
            |value| Fact { holder: text(3), product: text(4), category: text(5), record: text(2), value };
        match row[0].as_text().unwrap_or_default() {
            "target" => {
                let key = Key {
                    scope: text(1).unwrap_or_default(),
                    subject: text(3),
                    product: text(4),
                    category: text(5),
                };
                // The rules see to it that a period can be read.
                let Ok(period) = parse_period(&text(7).unwrap_or_default(), clock) else { continue };
                let phasing = text(8).unwrap_or_default();
                let phasing = phasing.split(';').filter_map(|share| share.parse().ok()).collect();
                facts.goals.entry(key).or_default().push(Goal {
                    id: text(2).unwrap_or_default(),
                    span: (period.start, period.end),
                    value: number(&row[6]).map_err(|problem| problem.candidates(text(2)))?,
                    phasing,
                });
            }
            "actual" => facts.actual.push(fact(amount(&row[6], digits)?)),
            "part" => facts.parts.push(fact(amount(&row[6], digits)?)),
            "open" => facts.open.push(fact(amount(&row[6], digits)?)),
            "open part" => facts.open_parts.push(fact(amount(&row[6], digits)?)),
            kind @ ("region" | "team" | "user") => {
                facts.above.insert((kind.to_owned(), text(2).unwrap_or_default()), text(3));
            }
            "product" => {
                facts.categories.extend(text(2).zip(text(5)));
            }
            kind => calendar_row(
                work.get_or_insert(EMPTY_WEEK),
                kind,
                &text(3).unwrap_or_default(),
                text(8).is_some(),
            ),
        }
    }
    if working {
        facts.work = work.unwrap_or_else(Work::plain_week);
    }
    Ok(facts)
}

const EMPTY_WEEK: Work =
    Work::Working { week: BTreeSet::new(), holidays: BTreeSet::new(), extra: BTreeMap::new() };

fn calendar_row(work: &mut Work, kind: &str, what: &str, has_hours: bool) {
    let Work::Working { week, holidays, extra } = work else { return };
    match kind {
        "week" => week.extend(weekday(what).filter(|_| has_hours)),
        "holiday" => holidays.extend(what.parse::<chrono::NaiveDate>().ok()),
        _ => extra.extend(what.parse::<chrono::NaiveDate>().ok().map(|day| (day, has_hours))),
    }
}

/// Sums beyond this have lost their digits on the way.
const LARGEST: i64 = 1_000_000_000_000_000_000;

fn number(cell: &SqlCell) -> Result<Decimal, Problem> {
    let value = match cell {
        SqlCell::Text(text) => text.parse().ok(),
        SqlCell::Int(int) => Some(Decimal::from(*int)),
        SqlCell::Real(real) => format!("{real}").parse().ok(),
        SqlCell::Null => Some(Decimal::ZERO),
    };
    value
        .filter(|value: &Decimal| value.abs() <= Decimal::from(LARGEST))
        .ok_or_else(|| Problem::new(Class::Invalid, "amount-too-large"))
}

fn amount(cell: &SqlCell, digits: Option<u32>) -> Result<Decimal, Problem> {
    match (cell, digits) {
        (SqlCell::Int(minor), Some(digits)) => Ok(from_minor(*minor, digits)),
        _ => number(cell),
    }
}
