//! What to offer a customer next: what was asked for, what goes with what was bought, and what is
//! popular among the like.
//!
//! Pure: the caller asks the read model and hands over plain data. Deliberately absent: words.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::model::scalars::Day;

/// A product as far as offering it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    pub active: bool,
    /// What is free; absent where no stock is kept.
    pub available: Option<Decimal>,
    pub category: Option<String>,
    /// Price of a unit in base currency without tax; absent where there is no rate for it.
    pub worth: Option<Decimal>,
}

impl Offer {
    fn can_be_had(&self) -> bool {
        self.active && self.available.is_none_or(|available| available > Decimal::ZERO)
    }
}

/// Something that the customer or one of its leads asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub product: String,
    pub qty: Option<Decimal>,
    /// The customer or lead that asks.
    pub record: String,
    /// Since when: the day on which the record was made.
    pub since: Day,
}

/// How often two products were in one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub with: String,
    pub product: String,
    /// Orders with `with`, with `product`, with both, and all.
    pub n_with: i64,
    pub n_product: i64,
    pub n_both: i64,
    pub baskets: i64,
}

impl Pair {
    /// Orders with both ÷ orders with `with`.
    fn confidence(&self) -> Decimal {
        ratio(self.n_both, self.n_with)
    }

    /// Confidence ÷ share of the orders that have `product`.
    fn lift(&self) -> Decimal {
        let expected = ratio(self.n_product, self.baskets);
        self.confidence().checked_div(expected).unwrap_or_default()
    }

    /// Whether both are together more often than by chance.
    fn lifts(&self) -> bool {
        i128::from(self.n_both) * i128::from(self.baskets)
            > i128::from(self.n_with) * i128::from(self.n_product)
    }
}

fn ratio(n: i64, d: i64) -> Decimal {
    Decimal::from(n).checked_div(Decimal::from(d)).unwrap_or_default()
}

/// What is known of the customer, of those like it, and of the range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub offers: BTreeMap<String, Offer>,
    /// What was bought ever, with the last day.
    pub bought: BTreeMap<String, Day>,
    /// Categories and unit prices, without tax in base currency, of what was bought.
    pub paid: Vec<(String, Decimal)>,
    pub wanted: Vec<Wanted>,
    pub pairs: Vec<Pair>,
    /// Units that the like have bought.
    pub popular: Vec<(String, Decimal)>,
    /// Least number of common orders.
    pub min_count: i64,
}

/// Why a product is offered, in the order of strength.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    Intent(Wanted),
    BoughtTogether(Pair),
    Popular(Decimal),
}

impl Reason {
    /// The code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Intent(_) => "intent",
            Self::BoughtTogether(_) => "bought_together",
            Self::Popular(_) => "popular",
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Intent(_) => 1,
            Self::BoughtTogether(_) => 2,
            Self::Popular(_) => 3,
        }
    }

    /// Share of the orders with the other product that have this one, 6 decimals.
    pub fn confidence(&self) -> Option<Decimal> {
        match self {
            Self::BoughtTogether(pair) => Some(rounded(pair.confidence())),
            _ => None,
        }
    }

    /// How many times more often than by chance, 6 decimals.
    pub fn lift(&self) -> Option<Decimal> {
        match self {
            Self::BoughtTogether(pair) => Some(rounded(pair.lift())),
            _ => None,
        }
    }

    /// Units asked for, or bought by the like.
    pub fn units(&self) -> Option<Decimal> {
        match self {
            Self::Intent(wanted) => wanted.qty,
            Self::Popular(units) => Some(*units),
            Self::BoughtTogether(_) => None,
        }
    }

    fn strength(&self) -> Decimal {
        match self {
            Self::BoughtTogether(pair) => pair.confidence(),
            _ => self.units().unwrap_or_default(),
        }
    }
}

fn rounded(value: Decimal) -> Decimal {
    crate::model::value::round_half_up(value, 6).normalize()
}

/// A product to offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    pub product: String,
    pub reason: Reason,
}

/// What to offer: each product once, under its strongest reason; by reason, then confidence or
/// units descending, then SKU.
pub fn recommend(known: &Known) -> Vec<Pick> {
    let mut best: BTreeMap<&str, Reason> = BTreeMap::new();
    let mut consider = |product: &'_ str, reason: Reason| {
        let Some((sku, offer)) = known.offers.get_key_value(product) else { return };
        if !offer.can_be_had() {
            return;
        }
        match best.get(sku.as_str()) {
            Some(held) if !is_stronger(&reason, held) => {}
            _ => {
                best.insert(sku, reason);
            }
        }
    };
    for wanted in &known.wanted {
        if known.bought.get(&wanted.product).is_none_or(|last| *last < wanted.since) {
            consider(&wanted.product, Reason::Intent(wanted.clone()));
        }
    }
    let medians = medians(&known.paid);
    let fits = |product: &str| {
        !known.bought.contains_key(product)
            && known.offers.get(product).is_some_and(|offer| in_band(offer, &medians))
    };
    for pair in &known.pairs {
        if pair.n_both >= known.min_count && pair.lifts() && fits(&pair.product) {
            consider(&pair.product, Reason::BoughtTogether(pair.clone()));
        }
    }
    let tops = tops(known);
    for (product, units) in &known.popular {
        let top = known.offers.get(product).and_then(|offer| top_of(offer.category.as_deref()?));
        if *units > Decimal::ZERO && top.is_some_and(|top| tops.contains(top)) && fits(product) {
            consider(product, Reason::Popular(*units));
        }
    }
    let mut picks: Vec<Pick> =
        best.into_iter().map(|(product, reason)| Pick { product: product.to_owned(), reason }).collect();
    picks.sort_by(|a, b| {
        let order = a.reason.rank().cmp(&b.reason.rank());
        order
            .then_with(|| b.reason.strength().cmp(&a.reason.strength()))
            .then_with(|| a.product.cmp(&b.product))
    });
    picks
}

/// Whether a reason goes before another for the same product: two intents of one product add
/// nothing, of two pairs the surer one counts.
fn is_stronger(one: &Reason, held: &Reason) -> bool {
    let weight = |reason: &Reason| (reason.strength(), reason.lift().unwrap_or_default());
    match one.rank().cmp(&held.rank()) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => weight(one) > weight(held),
    }
}

/// The top categories of what was bought or asked for.
fn tops(known: &Known) -> BTreeSet<&str> {
    let products = known.bought.keys().chain(known.wanted.iter().map(|wanted| &wanted.product));
    let categories = products.filter_map(|sku| known.offers.get(sku)?.category.as_deref());
    categories.filter_map(top_of).collect()
}

fn top_of(category: &str) -> Option<&str> {
    category.split('/').next().filter(|top| !top.is_empty())
}

/// Whether the price lies from half to twice of what is usually paid in the category; where
/// nothing is known of either, it does.
fn in_band(offer: &Offer, medians: &BTreeMap<&str, Decimal>) -> bool {
    let median = offer.category.as_deref().and_then(|category| medians.get(category));
    match (offer.worth, median) {
        (Some(worth), Some(median)) => worth + worth >= *median && worth <= *median + *median,
        _ => true,
    }
}

/// The median by category.
fn medians(paid: &[(String, Decimal)]) -> BTreeMap<&str, Decimal> {
    let mut prices: BTreeMap<&str, Vec<Decimal>> = BTreeMap::new();
    for (category, price) in paid {
        prices.entry(category).or_default().push(*price);
    }
    let median = |mut prices: Vec<Decimal>| {
        prices.sort();
        let middle = prices.len() / 2;
        match prices.len() % 2 {
            0 => (prices[middle - 1] + prices[middle]) / Decimal::TWO,
            _ => prices[middle],
        }
    };
    prices.into_iter().map(|(category, prices)| (category, median(prices))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::number;
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn offer(category: &str, worth: &str, available: Option<&str>) -> Offer {
        Offer {
            active: true,
            available: available.map(number),
            category: Some(category.to_owned()),
            worth: Some(number(worth)),
        }
    }

    /// A range of two top categories; the customer has bought A.
    fn known() -> Known {
        let offers = [
            ("A", offer("car/sedan", "100", Some("5"))),
            ("B", offer("car/sedan", "100", Some("5"))),
            ("C", offer("car/suv", "300", Some("1"))),
            ("D", offer("care", "10", None)),
            ("E", offer("car/sedan", "201", Some("5"))),
        ];
        Known {
            offers: offers.into_iter().map(|(sku, offer)| (sku.to_owned(), offer)).collect(),
            bought: BTreeMap::from([("A".to_owned(), day("2026-01-10"))]),
            paid: vec![("car/sedan".to_owned(), number("100"))],
            min_count: 3,
            ..Known::default()
        }
    }

    fn pair(with: &str, product: &str, counts: [i64; 4]) -> Pair {
        let [n_with, n_product, n_both, baskets] = counts;
        Pair { with: with.to_owned(), product: product.to_owned(), n_with, n_product, n_both, baskets }
    }

    fn wanted(product: &str, qty: Option<&str>, since: &str) -> Wanted {
        let qty = qty.map(number);
        Wanted { product: product.to_owned(), qty, record: "cus_k".to_owned(), since: day(since) }
    }

    fn picked(known: &Known) -> Vec<String> {
        recommend(known).iter().map(|pick| format!("{} {}", pick.reason.code(), pick.product)).collect()
    }

    #[test]
    fn the_numbers_of_affinity_are_those_of_its_example() {
        let reason = Reason::BoughtTogether(pair("a", "b", [4, 5, 3, 10]));
        assert_eq!((reason.confidence(), reason.lift()), (Some(number("0.75")), Some(number("1.5"))));
        let third = Reason::BoughtTogether(pair("a", "b", [3, 1, 1, 3]));
        assert_eq!((third.confidence(), third.lift()), (Some(number("0.333333")), Some(number("1"))));
    }

    #[test]
    fn reasons_stand_in_their_order_then_by_strength_then_by_sku() {
        let mut known = known();
        known.offers.insert("F".to_owned(), offer("car/suv", "300", Some("1")));
        known.wanted = vec![wanted("D", None, "2026-01-01"), wanted("B", Some("2"), "2026-01-01")];
        known.pairs = vec![pair("A", "C", [10, 10, 5, 100]), pair("A", "F", [10, 10, 6, 100])];
        known.popular = vec![("C".to_owned(), number("99"))];
        assert_eq!(picked(&known), ["intent B", "intent D", "bought_together F", "bought_together C"]);
    }

    #[test]
    fn an_intent_holds_until_it_is_ordered() {
        for (since, last, expected) in [
            ("2026-01-01", None, &["intent A"][..]),
            ("2026-01-10", Some("2026-01-09"), &["intent A"]),
            ("2026-01-10", Some("2026-01-10"), &[]),
            ("2026-01-10", Some("2026-02-01"), &[]),
        ] {
            let mut known = known();
            known.bought = last.map(|last| ("A".to_owned(), day(last))).into_iter().collect();
            known.wanted = vec![wanted("A", None, since)];
            assert_eq!(picked(&known), expected, "{since} {last:?}");
        }
    }

    #[test]
    fn together_means_often_enough_and_more_than_by_chance() {
        for (counts, sound) in [
            ([10, 10, 3, 100], true),
            ([10, 10, 2, 100], false),
            ([10, 30, 3, 100], false),
            ([10, 29, 3, 100], true),
            ([3, 3, 3, 3], false),
        ] {
            let mut known = known();
            known.pairs = vec![pair("A", "B", counts)];
            assert_eq!(!picked(&known).is_empty(), sound, "{counts:?}");
        }
    }

    #[test]
    fn of_several_pairs_the_surest_tells_why() {
        let mut known = known();
        known.bought.insert("D".to_owned(), day("2026-01-01"));
        known.pairs = vec![
            pair("A", "B", [20, 10, 5, 100]),
            pair("D", "B", [10, 10, 5, 100]),
            pair("C", "B", [50, 10, 6, 100]),
        ];
        let picks = recommend(&known);
        assert!(matches!(&picks[0].reason, Reason::BoughtTogether(pair) if pair.with == "D"), "{picks:?}");
        assert_eq!(picks.len(), 1);
    }

    #[test]
    fn what_was_bought_is_not_offered_as_new() {
        let mut known = known();
        known.pairs = vec![pair("D", "A", [10, 10, 5, 100])];
        known.popular = vec![("A".to_owned(), number("5"))];
        assert_eq!(picked(&known), [""; 0]);
    }

    #[test]
    fn popular_is_what_lies_in_a_top_category_of_interest() {
        let mut known = known();
        known.popular =
            vec![("B".to_owned(), number("2")), ("C".to_owned(), number("3")), ("D".to_owned(), number("9"))];
        assert_eq!(picked(&known), ["popular C", "popular B"], "`care` is not `car`");
        known.wanted = vec![wanted("D", None, "2026-01-01")];
        assert_eq!(picked(&known), ["intent D", "popular C", "popular B"]);
        known.popular = vec![("B".to_owned(), number("0")), ("C".to_owned(), number("-1"))];
        assert_eq!(picked(&known), ["intent D"], "what came back whole is not popular");
    }

    #[test]
    fn prices_far_from_the_usual_are_left_out_but_not_what_was_asked_for() {
        for (worth, sound) in [("49.99", false), ("50", true), ("200", true), ("200.01", false)] {
            let mut known = known();
            known.offers.insert("B".to_owned(), offer("car/sedan", worth, None));
            known.popular = vec![("B".to_owned(), number("5"))];
            assert_eq!(!picked(&known).is_empty(), sound, "{worth}");
            known.wanted = vec![wanted("B", None, "2026-01-01")];
            assert_eq!(picked(&known), ["intent B"], "{worth}");
        }
    }

    #[test]
    fn the_usual_price_is_the_median_of_the_same_category() {
        let mut known = known();
        known.popular = vec![("E".to_owned(), number("5")), ("C".to_owned(), number("1"))];
        assert_eq!(picked(&known), ["popular C"], "nothing was bought in the category of C");
        known.paid.push(("car/sedan".to_owned(), number("102")));
        assert_eq!(picked(&known), ["popular E", "popular C"], "the median is 101");
        known.offers.insert("E".to_owned(), Offer { worth: None, ..offer("car/sedan", "0", None) });
        assert_eq!(picked(&known)[0], "popular E", "without a rate nothing is known of its price");
    }

    #[test]
    fn only_what_can_be_had_is_offered() {
        for (change, sound) in [
            (Offer { active: false, ..offer("car/sedan", "100", None) }, false),
            (offer("car/sedan", "100", Some("0")), false),
            (offer("car/sedan", "100", Some("-2")), false),
            (offer("car/sedan", "100", Some("0.5")), true),
            (offer("car/sedan", "100", None), true),
        ] {
            let mut known = known();
            known.offers.insert("B".to_owned(), change.clone());
            known.wanted = vec![wanted("B", None, "2026-01-01")];
            assert_eq!(!picked(&known).is_empty(), sound, "{change:?}");
        }
    }

    #[test]
    fn nothing_known_gives_nothing() {
        assert_eq!(recommend(&Known::default()), []);
        let mut known = known();
        known.wanted = vec![wanted("GONE", None, "2026-01-01")];
        known.pairs = vec![pair("A", "GONE", [3, 3, 3, 100])];
        known.popular = vec![("GONE".to_owned(), number("5"))];
        assert_eq!(picked(&known), [""; 0]);
    }
}
