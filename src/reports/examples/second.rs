//! `rfm`, `cohort` and `affinity` against a second reckoning in plain Rust, on random orders, so that
//! no select agrees with itself by accident.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

use super::Bench;

/// An order: customer, days before 10 March 2026, products as bits, price of each line in yuan.
type Order = (u8, u16, u8, u8);

fn orders() -> impl Strategy<Value = Vec<Order>> {
    prop::collection::vec((0..8_u8, 0..500_u16, 1..16_u8, 1..50_u8), 0..40)
}

fn day(before: u16) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(2026, 3, 10).expect("a day");
    last.checked_sub_days(Days::new(before.into())).expect("a day")
}

fn products(bits: u8) -> impl Iterator<Item = u8> {
    (0..4).filter(move |product| bits & (1 << product) != 0)
}

fn store(orders: &[Order]) -> Bench {
    let mut bench = Bench::new();
    for customer in 0..8 {
        bench.add("customer", &format!("cus_{customer}"), "");
    }
    for product in 0..4 {
        bench.add("product", &format!("prd_{product}"), "");
    }
    for (at, (customer, before, bits, price)) in orders.iter().enumerate() {
        let text = format!("number=SO-{at} customer=cus_{customer} date={}", day(*before));
        bench.add("order", &format!("ord_{at:02}"), &text);
        for product in products(*bits) {
            let line = format!(
                "id=l{product} name=A product=prd_{product} qty=1 price={price} list_price={price} tax_rate=0"
            );
            bench.rows("lines", &line);
        }
    }
    bench
}

/// A ratio as reports show it: six decimals, half up, without zeros at the end.
fn ratio(n: usize, d: usize) -> String {
    let millionths = (2_000_000 * n + d) / (2 * d);
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn scores(orders: &[Order]) -> BTreeMap<String, (i64, usize, u32, String)> {
    let mut of: BTreeMap<u8, (u16, usize, u32)> = BTreeMap::new();
    for (customer, before, bits, price) in orders.iter().filter(|order| order.1 < 365) {
        let known = of.entry(*customer).or_insert((u16::MAX, 0, 0));
        known.0 = known.0.min(*before);
        known.1 += 1;
        known.2 += bits.count_ones() * u32::from(*price);
    }
    let all: Vec<_> = of.values().copied().collect();
    let score =
        |worse: usize| if all.len() < 5 { String::new() } else { (1 + 5 * worse / all.len()).to_string() };
    let mut found = BTreeMap::new();
    for (customer, (recency, frequency, money)) in of {
        let r = score(all.iter().filter(|other| other.0 > recency).count());
        let f = score(all.iter().filter(|other| other.1 < frequency).count());
        let m = score(all.iter().filter(|other| other.2 < money).count());
        found.insert(format!("cus_{customer}"), (recency.into(), frequency, money, format!("{r},{f},{m}")));
    }
    found
}

/// Rows of `cohort` of all time: cohort, size, k, active, retention.
fn cohorts(orders: &[Order]) -> Vec<String> {
    let month = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).expect("a month");
    let mut first: BTreeMap<u8, i32> = BTreeMap::new();
    let mut active: BTreeSet<(u8, i32)> = BTreeSet::new();
    for (customer, before, ..) in orders {
        let month = month(day(*before));
        active.insert((*customer, month));
        first.entry(*customer).and_modify(|known| *known = month.min(*known)).or_insert(month);
    }
    let last = month(day(0));
    let mut rows = Vec::new();
    for cohort in first.values().copied().collect::<BTreeSet<i32>>() {
        let members: Vec<u8> =
            first.iter().filter(|(_, month)| **month == cohort).map(|(id, _)| *id).collect();
        for month in cohort..=last {
            let here = members.iter().filter(|id| active.contains(&(**id, month))).count();
            let (year, of_year) = (cohort.div_euclid(12), cohort.rem_euclid(12) + 1);
            let share = ratio(here, members.len());
            rows.push(format!("{year}-{of_year:02},{},{},{here},{share}", members.len(), month - cohort));
        }
    }
    rows
}

/// Pairs with their counts and lift, of the 13 months of the default period.
fn pairs(orders: &[Order]) -> BTreeMap<(u8, u8), (usize, usize, usize, usize)> {
    let first = NaiveDate::from_ymd_opt(2025, 3, 1).expect("a day");
    let baskets: Vec<u8> = orders.iter().filter(|order| day(order.1) >= first).map(|order| order.2).collect();
    let with = |wanted: u8| baskets.iter().filter(|bits| **bits & wanted == wanted).count();
    let mut found = BTreeMap::new();
    for a in 0..4_u8 {
        for b in (0..4_u8).filter(|b| *b != a) {
            let both = with(1 << a | 1 << b);
            if both >= 3 {
                found.insert((a, b), (with(1 << a), with(1 << b), both, baskets.len()));
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_selects_agree_with_plain_reckoning(orders in orders()) {
        let bench = store(&orders);
        let expected = scores(&orders);
        let found = bench.run("rfm", "");
        prop_assert_eq!(found.lines().count() - 1, expected.len());
        for row in found.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let (recency, frequency, money, scores) = &expected[cells[0]];
            prop_assert_eq!(cells[1], recency.to_string());
            prop_assert_eq!(cells[2], frequency.to_string());
            prop_assert_eq!(cells[3], format!("{money}.00"));
            prop_assert_eq!(cells[4..7].join(","), scores.clone());
        }
        let found = bench.run("cohort", "period=2020..2026");
        let found: Vec<String> = found.lines().skip(1)
            .map(|row| row.split(',').take(5).collect::<Vec<_>>().join(",")).collect();
        prop_assert_eq!(found, cohorts(&orders));
        let expected = pairs(&orders);
        let found = bench.run("affinity", "");
        prop_assert_eq!(found.lines().count() - 1, expected.len());
        for row in found.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let product = |cell: &str| cell.trim_start_matches("prd_").parse::<u8>().expect("a product");
            let (a, b, both, all) = expected[&(product(cells[0]), product(cells[1]))];
            prop_assert_eq!(cells[2..6].join(","), format!("{a},{b},{both},{all}"));
            prop_assert_eq!(cells[6], ratio(both, all));
            prop_assert_eq!(cells[7], ratio(both, a));
            prop_assert_eq!(cells[9], ratio(both * all, a * b));
        }
    }
}
