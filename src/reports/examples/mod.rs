//! Reports over small stores, with numbers reckoned by hand.

mod customers;
mod deals;
mod future;
mod goods;
mod loyalty;
mod money;
mod page;
mod prospects;
mod second;
mod service;
mod supply;
mod winning;

use super::bench::Bench;

#[test]
fn a_report_looks_at_the_files_it_is_about() {
    let bench = Bench::new();
    let of = |name: &str, by: &str| bench.reading(name, by).expect("some types of record");
    let won = of("win-rate", "month");
    assert!(won.contains(&"opportunity") && won.contains(&"pipeline"), "{won:?}");
    assert!(!won.contains(&"followup") && !won.contains(&"order"), "it needs no contacts: {won:?}");
    let sold = of("sales", "region");
    assert!(["order", "return", "shipment"].iter().all(|noun| sold.contains(noun)), "{sold:?}");
    assert!(!sold.contains(&"lead") && !sold.contains(&"ticket"), "{sold:?}");
    assert!(of("order-stats", "product").contains(&"product"), "what a dimension is called");
    assert_eq!(bench.reading("dashboard", ""), None, "a page of many looks at all");
}
