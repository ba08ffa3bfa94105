//! Northwind's orders with their shipping days through the whole chain, in one batch: received,
//! confirmed, shipped, billed, paid. Stock, late orders and receivables come out as the data says.
//!
//! Payments are ours: each invoice is paid on its due day, as far as that has come.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::support::{Sandbox, beside_the_tests, shared_data};

/// The last day in the data: the day as of which everything is looked at.
const TODAY: &str = "1998-05-06";

/// An order as the file has it.
#[derive(Debug, Default)]
struct Order {
    ordered: String,
    required: String,
    shipped: Option<String>,
    carrier: String,
    freight: Decimal,
    /// SKU, quantity, value of the line to the cent.
    lines: Vec<(String, Decimal, Decimal)>,
}

impl Order {
    fn total(&self) -> Decimal {
        self.lines.iter().map(|(_, _, value)| *value).sum::<Decimal>() + self.freight
    }

    /// Thirty days after it was billed, which is when it was shipped.
    fn due(&self) -> Option<String> {
        let shipped: chrono::NaiveDate = self.shipped.as_ref()?.parse().expect("a day");
        Some((shipped + chrono::Days::new(30)).to_string())
    }

    fn is_paid(&self) -> bool {
        self.due().is_some_and(|due| due.as_str() <= TODAY)
    }
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The rows of a file of the data as maps.
fn rows(name: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let mut reader = csv::Reader::from_path(shared_data(name)?).expect("a readable file");
    Some(reader.deserialize().map(|row| row.expect("a row")).collect())
}

fn orders() -> Option<BTreeMap<String, Order>> {
    let mut orders: BTreeMap<String, Order> = BTreeMap::new();
    for row in rows("northwind/tidy/orders.csv")? {
        let order = orders.entry(row["number"].clone()).or_default();
        order.ordered.clone_from(&row["order_date"]);
        order.required.clone_from(&row["required_date"]);
        order.shipped = Some(row["shipped_date"].clone()).filter(|day| !day.is_empty());
        order.carrier.clone_from(&row["carrier"]);
        order.freight = number(&row["freight"]);
        let qty = number(&row["quantity"]);
        let kept = Decimal::ONE_HUNDRED - number(&row["discount_percent"]);
        let value = (qty * number(&row["unit_price"]) * kept / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        order.lines.push((row["sku"].clone(), qty, value));
    }
    Some(orders)
}

/// What is in stock at the end, by SKU.
fn stock() -> Option<BTreeMap<String, Decimal>> {
    let rows = rows("northwind/tidy/products.csv")?;
    Some(rows.iter().map(|row| (row["sku"].clone(), number(&row["stock"]))).collect())
}

/// The company with its customers, products, sellers and orders, all of them drafts.
fn company() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.ok("init . --company Northwind --currency USD --country US --timezone UTC \
         --user ann --name 'Ann Li' --email ann@northwind.example");
    for region in ["eastern", "northern", "southern", "western"] {
        sandbox.ok(&["region", "add", region, "--name", region]);
    }
    let map = std::fs::read_to_string(beside_the_tests("northwind/tidy-orders.toml")).expect("a map");
    let draft = |line: &&str| !line.starts_with("status") && !line.starts_with("confirmed_on");
    let map = map.lines().filter(draft).fold(String::new(), |all, line| all + line + "\n");
    sandbox.write("drafts.toml", map);
    for (noun, file, map, more) in [
        ("customer", "customers", "tidy-customers", ""),
        ("product", "products", "tidy-products", ""),
        ("user", "users", "tidy-users", ""),
        ("order", "orders", "", "--group-by number"),
    ] {
        let file = shared_data(&format!("northwind/tidy/{file}.csv")).expect("beside the orders");
        let map = if map.is_empty() {
            sandbox.path("drafts.toml")
        } else {
            beside_the_tests(&format!("northwind/{map}.toml"))
        };
        sandbox.ok(format!("import {noun} {} --map {} {more}", file.display(), map.display()).as_str());
    }
    sandbox.remove("drafts.toml");
    sandbox
}

/// Everything that happened, day by day, a command a line.
fn chain(orders: &BTreeMap<String, Order>, stock: &BTreeMap<String, Decimal>) -> String {
    let mut received = stock.clone();
    let mut events: Vec<(String, usize, String)> = Vec::new();
    for (number, order) in orders {
        let ordered = &order.ordered;
        events.push((ordered.clone(), 1, format!("order confirm {number} --on {ordered}")));
        let Some(shipped) = &order.shipped else { continue };
        for (sku, qty, _) in &order.lines {
            *received.get_mut(sku).expect("a known product") += *qty;
        }
        let ship = format!("order ship {number} --date {shipped} --carrier '{}'", order.carrier);
        events.push((shipped.clone(), 2, ship));
        events.push((shipped.clone(), 3, format!("order invoice {number} --date {shipped}")));
        if let Some(due) = order.due().filter(|_| order.is_paid()) {
            let pay = format!("order pay {number} {} --method bank --date {due}", order.total());
            events.push((due, 4, pay));
        }
    }
    for (sku, qty) in received.iter().filter(|(_, qty)| !qty.is_zero()) {
        events.push(("1996-07-01".to_owned(), 0, format!("movement receive {sku} {qty} --date 1996-07-01")));
    }
    events.sort();
    events.into_iter().fold(String::new(), |all, (_, _, line)| all + &line + "\n")
}

/// A column of a list as of a day.
fn list(sandbox: &Sandbox, day: &str, line: &str) -> Vec<String> {
    let run = sandbox.command(format!("{line} --format csv").as_str()).env("CRM_TODAY", day).run();
    run.exits(0).column().into_iter().map(str::to_owned).collect()
}

#[test]
fn northwind_goes_through_the_whole_chain_and_stock_late_orders_and_receivables_come_out() {
    let (Some(orders), Some(stock)) = (orders(), stock()) else { return };
    let sandbox = company();
    sandbox.write("chain", chain(&orders, &stock));
    let commits = sandbox.commits();
    sandbox.ok("batch chain --quiet");
    sandbox.remove("chain");
    assert_eq!(sandbox.commits(), commits + 1, "one commit");
    sandbox.ok("check");

    let on_hand = sandbox.crm("product list --fields id,on_hand --format csv").exits(0).stdout;
    for line in on_hand.lines().skip(1) {
        let (sku, qty) = line.split_once(',').expect("two columns");
        assert_eq!(number(if qty.is_empty() { "0" } else { qty }), stock[sku], "{sku}");
    }

    let of = |wanted: &dyn Fn(&Order) -> bool| -> Vec<String> {
        orders.iter().filter(|(_, order)| wanted(order)).map(|(number, _)| number.clone()).collect()
    };
    for (day, count) in [(TODAY, 0), ("1998-06-01", 10)] {
        let late = of(&|order| order.shipped.is_none() && order.required.as_str() < day);
        assert_eq!(late.len(), count, "as the figures have it, {day}");
        let found = list(&sandbox, day, "order list --where late=true --fields number --sort number");
        assert_eq!(found, late, "{day}");
    }

    for (progress, wanted) in [
        ("to_ship_and_bill", of(&|order| order.shipped.is_none())),
        ("to_pay", of(&|order| order.shipped.is_some() && !order.is_paid())),
        ("completed", of(&Order::is_paid)),
    ] {
        let line = format!("order list --where progress={progress} --fields number --sort number");
        assert_eq!(list(&sandbox, TODAY, &line), wanted, "{progress}");
    }

    let owed: Decimal =
        orders.values().filter(|order| order.shipped.is_some() && !order.is_paid()).map(Order::total).sum();
    let unpaid = list(&sandbox, TODAY, "invoice list --where payment=unpaid --fields outstanding");
    assert_eq!(unpaid.iter().map(|amount| number(amount)).sum::<Decimal>(), owed);
    assert_eq!(list(&sandbox, TODAY, "invoice list --where payment=partly_paid --fields id"), [""; 0]);
    let sql = "sql 'select sum(base_amount) as owed from receivable'";
    assert_eq!(number(&list(&sandbox, TODAY, sql)[0]), owed * Decimal::ONE_HUNDRED, "in cents");
    let overdue = list(&sandbox, TODAY, "invoice list --where 'days_overdue>0' --fields id");
    assert_eq!(overdue, [""; 0], "everything due is paid");
}
