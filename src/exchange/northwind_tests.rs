//! The Northwind files: as a database hands them out, as a careful user does, and broken ones.

use rust_decimal::Decimal;

use super::import::{OnError, Options, Outcome};
use super::samples::{Given, csv_file, shared, sheet, store};
use crate::model::record::{Doc, Value};
use crate::rules::memory::Memory;

fn northwind() -> Memory {
    let mut store =
        store(&[("company.country", &["US"]), ("company.currency", &["USD"]), ("tax.default_rate", &["0"])]);
    store.add("role", "sales", &[("name", "Sales")]);
    store
}

fn run(store: &mut Memory, noun: &str, file: &str, map: &str, options: Options) -> Outcome {
    let file = csv_file(&shared(file).expect("looked for before"));
    let given = Given { noun, map, options };
    given.run(store, &file).unwrap_or_else(|problem| panic!("{noun}: {problem}")).0
}

fn clean(outcome: &Outcome, made: usize, updated: usize) {
    assert_eq!(outcome.rejects, [], "no rejects");
    assert_eq!((outcome.made, outcome.updated), (made, updated));
}

fn all<'s>(store: &'s Memory, noun: &'s str) -> impl Iterator<Item = &'s Doc> {
    store.docs().filter(move |doc| doc.kind.name == noun)
}

fn number(row: &crate::model::record::Row, name: &str) -> Decimal {
    row.get(name).and_then(Value::as_dec).unwrap_or_default()
}

/// What the order lines sum up to, exactly.
fn net(store: &Memory) -> Decimal {
    let lines = all(store, "order").flat_map(|order| order.rows("lines"));
    let hundred = Decimal::ONE_HUNDRED;
    lines
        .map(|row| {
            number(row, "price") * number(row, "qty") * (hundred - number(row, "discount_pct")) / hundred
        })
        .sum()
}

fn figure(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a number")
}

#[test]
fn a_database_dump_comes_in_with_small_maps() {
    if shared("northwind/customers.csv").is_none() {
        return;
    }
    let mut store = northwind();
    let plain = Options::default;
    let customers = run(
        &mut store,
        "customer",
        "northwind/customers.csv",
        include_str!("maps/northwind-customers.toml"),
        plain(),
    );
    clean(&customers, 91, 0);
    let products = run(
        &mut store,
        "product",
        "northwind/products.csv",
        include_str!("maps/northwind-products.toml"),
        plain(),
    );
    clean(&products, 77, 0);
    let users = run(
        &mut store,
        "user",
        "northwind/employees.csv",
        include_str!("maps/northwind-employees.toml"),
        plain(),
    );
    clean(&users, 9, 0);
    let nancy = all(&store, "user").find(|doc| doc.id() == "Nancy.Davolio").expect("by her template");
    assert_eq!((nancy.text("manager"), nancy.text("phone")), (Some("Andrew.Fuller"), Some("+12065559857")));
    let germans =
        all(&store, "customer").find(|doc| doc.text("source_ref") == Some("ALFKI")).expect("imported");
    assert_eq!(
        (germans.text("phone"), germans.text("country"), germans.text("province")),
        (Some("+49300074321"), Some("DE"), None)
    );

    let orders =
        run(&mut store, "order", "northwind/orders.csv", include_str!("maps/northwind-orders.toml"), plain());
    clean(&orders, 830, 0);
    let map = include_str!("maps/northwind-order-details.toml");
    clean(&run(&mut store, "order.line", "northwind/order_details.csv", map, plain()), 0, 830);
    assert_eq!(all(&store, "order").map(|order| order.rows("lines").len()).sum::<usize>(), 2155);
    assert_eq!(net(&store), figure("1265793.0395"));
    let freight: Decimal = all(&store, "order").filter_map(|order| order.dec("shipping")).sum();
    assert_eq!(freight, figure("64942.69"));
    let first = all(&store, "order").find(|doc| doc.text("number") == Some("10248")).expect("imported");
    assert_eq!(first.text("owner"), Some("Steven.Buchanan"));
    assert_eq!(first.list("tags").collect::<Vec<_>>(), ["carrier:Federal Shipping"]);
    let again = run(&mut store, "order.line", "northwind/order_details.csv", map, plain());
    assert_eq!((again.updated, again.unchanged), (0, 830), "a second import adds nothing");
}

#[test]
fn tidy_orders_group_into_documents() {
    if shared("northwind/tidy/orders.csv").is_none() {
        return;
    }
    let mut store = northwind();
    let customers =
        "[columns]\ncontact_name = \"-\"\ncontact_title = \"-\"\nregion = \"province\"\nfax = \"-\"\n";
    clean(&run(&mut store, "customer", "northwind/tidy/customers.csv", customers, Options::default()), 91, 0);
    let map = r#"
        [columns]
        shipped_date = "closed_on"
        carrier = "-"
        line = "-"
        ship_name = "-"
        ship_address = "-"
        ship_city = "-"
        ship_region = "-"
        ship_postal_code = "-"
        ship_country = "-"
        product = "line.name"
        [constants]
        status = "confirmed"
        [values.owner]
        "steven.buchanan" = "me"
    "#;
    let missing = |nouns: &[&str]| Options {
        create_missing: nouns.iter().map(|noun| (*noun).to_owned()).collect(),
        on_error: OnError::Skip,
        ..Options::default()
    };
    let outcome = run(&mut store, "order", "northwind/tidy/orders.csv", map, missing(&["product"]));
    let unknown = outcome.rejects.iter().filter(|reject| reject.problem.id == "no-such-record").count();
    assert!(unknown > 0 && outcome.made < 830, "owners are not made");
    store.docs().filter(|doc| doc.kind.name == "order").map(Doc::path).collect::<Vec<_>>().iter().for_each(
        |path| {
            store.take(path);
        },
    );
    let map = map
        .replace("[values.owner]", "")
        .replace("\"steven.buchanan\" = \"me\"", "")
        .replace("carrier = \"-\"", "carrier = \"-\"\nowner = \"-\"");
    let outcome = run(&mut store, "order", "northwind/tidy/orders.csv", &map, missing(&["product"]));
    clean(&outcome, 830, 0);
    assert_eq!(net(&store), figure("1265793.0395"));
    assert_eq!(all(&store, "product").count(), 77, "each made once");
    let queso = all(&store, "product").find(|doc| doc.id() == "NW-011").expect("made");
    assert_eq!(queso.text("name"), Some("Queso Cabrales"));
}

#[test]
fn malformed_files_lose_exactly_their_bad_rows() {
    let Some(expected) = shared("northwind/expected.json") else { return };
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(expected).expect("readable")).expect("json");
    for (file, rows) in [("customers", 91), ("orders", 830), ("suppliers", 29)] {
        let read = csv_file(&shared(&format!("northwind/malformed/{file}.csv")).expect("beside the others"));
        let bad: Vec<usize> = read.ragged.iter().map(|(row, _)| row.line).collect();
        let lines =
            expected["malformed"][format!("{file}.csv")]["bad_lines"].as_array().expect("line numbers");
        let lines: Vec<usize> =
            lines.iter().filter_map(|line| usize::try_from(line.as_u64()?).ok()).collect();
        assert_eq!(bad, lines, "{file}");
        assert_eq!(read.rows.len() + read.ragged.len(), rows, "{file}");
    }
    let mut store = northwind();
    let skip = Options { on_error: OnError::Skip, ..Options::default() };
    let outcome = run(
        &mut store,
        "customer",
        "northwind/malformed/customers.csv",
        include_str!("maps/northwind-customers.toml"),
        skip,
    );
    assert_eq!((outcome.made, outcome.rejects.len(), outcome.rejects[0].line), (67, 24, 8));
}

#[test]
fn a_hundred_thousand_rows_do_not_take_long() {
    let mut store = store(&[]);
    store.add("customer", "cus_kwzrmlnopqst", &[("name", "Vins"), ("currency", "CNY")]);
    store.add("product", "A", &[("name", "A"), ("price", "20.00"), ("currency", "CNY"), ("tax_rate", "13")]);
    let rows = 3_000;
    let mut text =
        String::from("number,date,customer,currency,status,confirmed_on,line.product,line.qty,line.price\n");
    for row in 0..rows {
        let order = row / 3;
        text.push_str(&format!(
            "N-{order:05},2026-03-01,Vins,CNY,confirmed,2026-03-02,A,{},14.00\n",
            row % 9 + 1
        ));
    }
    let (outcome, _) = Given { noun: "order", map: "", options: Options::default() }
        .run(&mut store, &sheet(&text))
        .expect("an import");
    clean(&outcome, rows / 3, 0);
}
