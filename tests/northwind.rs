//! Northwind, a real small trading company, from its files to its sales figures, through the
//! commands that a user has.
//!
//! Twice: as a careful user hands it over (`tidy`) and as a database dumps it. The figures must be
//! those of `expected.json` to the cent; each line is rounded, so its `net_lines_rounded` is ours.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::support::{Run, Sandbox, beside_the_tests, shared_data};

/// All the time there was.
const PERIOD: &str = "1996..1998";

/// The countries of the files, as the store knows them.
const COUNTRIES: &[(&str, &str)] = &[
    ("Argentina", "AR"),
    ("Austria", "AT"),
    ("Belgium", "BE"),
    ("Brazil", "BR"),
    ("Canada", "CA"),
    ("Denmark", "DK"),
    ("Finland", "FI"),
    ("France", "FR"),
    ("Germany", "DE"),
    ("Ireland", "IE"),
    ("Italy", "IT"),
    ("Mexico", "MX"),
    ("Norway", "NO"),
    ("Poland", "PL"),
    ("Portugal", "PT"),
    ("Spain", "ES"),
    ("Sweden", "SE"),
    ("Switzerland", "CH"),
    ("UK", "GB"),
    ("USA", "US"),
    ("Venezuela", "VE"),
];

/// The figures, where the data is there.
fn expected() -> Option<Json> {
    let file = shared_data("northwind/expected.json")?;
    let text = std::fs::read_to_string(file).expect("the figures can be read");
    Some(serde_json::from_str(&text).expect("the figures are json"))
}

/// A company in dollars without taxes.
fn company() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.ok("init . --company Northwind --currency USD --country US --timezone UTC \
         --user ann --name 'Ann Li' --email ann@northwind.example");
    for (slug, name) in
        [("eastern", "Eastern"), ("northern", "Northern"), ("southern", "Southern"), ("western", "Western")]
    {
        sandbox.ok(&["region", "add", slug, "--name", name]);
    }
    sandbox
}

/// Imports a file of the data with a map of ours.
fn import(sandbox: &Sandbox, noun: &str, file: &str, map: &str, more: &[&str]) -> Run {
    let file = shared_data(&format!("northwind/{file}.csv")).expect("beside the figures");
    let map = beside_the_tests(&format!("northwind/{map}.toml"));
    let (file, map) = (file.display().to_string(), map.display().to_string());
    let words: Vec<&str> =
        ["import", noun, &file, "--map", &map].into_iter().chain(more.iter().copied()).collect();
    sandbox.crm(words.as_slice())
}

fn figure(value: &Json) -> Decimal {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Decimal::from_str_exact(&text).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn report(sandbox: &Sandbox, by: &str, period: &str) -> Vec<Json> {
    let line = format!("report sales --by {by} --period {period} --format json --with-shipping");
    sandbox.crm(&line).exits(0).json().as_array().expect("a list of rows").clone()
}

/// A report must have the groups of a part of the figures, each with its sums.
#[track_caller]
fn compare(sandbox: &Sandbox, figures: &Json, (by, period): (&str, &str), key: impl Fn(&Json) -> String) {
    let mut rows: BTreeMap<String, Json> =
        report(sandbox, by, period).into_iter().map(|row| (key(&row), row)).collect();
    for (group, wanted) in figures.as_object().expect("groups") {
        let row = rows.remove(group).unwrap_or_else(|| panic!("by {by}: no {group}"));
        let pairs =
            [("orders", "orders"), ("qty", "units"), ("gross", "gross"), ("net", "net_lines_rounded")];
        for (ours, theirs) in pairs {
            assert_eq!(figure(&row[ours]), figure(&wanted[theirs]), "by {by}: {ours} of {group}");
        }
    }
    assert!(rows.is_empty(), "by {by}: more than expected: {:?}", rows.keys());
}

fn text(row: &Json, column: &str) -> String {
    row[column].as_str().unwrap_or_else(|| panic!("{column} of {row}")).to_owned()
}

/// What both ways of import must come to.
fn judge(sandbox: &Sandbox, figures: &Json) {
    for by in ["year", "quarter", "month"] {
        compare(sandbox, &figures[format!("by_{by}")], (by, PERIOD), |row| text(row, by));
    }
    let name = |row: &Json| text(row, "owner_name");
    compare(sandbox, &figures["by_employee"], ("owner", PERIOD), name);
    compare(sandbox, &figures["by_employee_year"], ("owner,year", PERIOD), |row| {
        format!("{} | {}", name(row), text(row, "year"))
    });
    let category = |row: &Json| text(row, "category");
    compare(sandbox, &figures["by_category"], ("category", PERIOD), category);
    compare(sandbox, &figures["by_category_1997"], ("category", "1997"), category);
    compare(sandbox, &figures["by_country"], ("country", PERIOD), |row| {
        let code = text(row, "country");
        let known = COUNTRIES.iter().find(|(_, known)| *known == code);
        known.unwrap_or_else(|| panic!("country {code}")).0.to_owned()
    });
    largest(sandbox, &figures["top_10_customers"], "customer");
    largest(sandbox, &figures["top_10_products"], "product");
    total(sandbox, figures);
    buyers(sandbox, figures);
}

/// What reports on customers say of them: new ones by month, who has stopped, the mean order.
fn buyers(sandbox: &Sandbox, figures: &Json) {
    let rows = |line: String| sandbox.crm(&line).exits(0).json().as_array().expect("a list of rows").clone();
    let wanted = &figures["customers"];
    let months = rows(format!("report repeat --by month --period {PERIOD} --format json"));
    let new: BTreeMap<String, u64> = months
        .iter()
        .map(|row| (text(row, "month"), row["new_customers"].as_u64().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect();
    let expected = wanted["new_customers_by_month"].as_object().expect("months").iter();
    let expected = expected.map(|(month, count)| (month.clone(), count.as_u64().expect("a count")));
    assert_eq!(new, expected.collect());
    let stopped = rows("report inactive --days 91 --as-of 1998-05-06 --format json".to_owned());
    assert_eq!(stopped.len(), wanted["dormant_90"].as_array().expect("customers").len());
    let all = rows("report concentration --period 1996..1998 --format json".to_owned());
    assert_eq!(Some(all.len() as u64), wanted["with_orders"].as_u64());
    assert_eq!(all.last().map(|row| row["cumulative_share"].clone()), Some(Json::from("1")));
    let often = rows("report btyd --as-of 1998-05-06 --format json".to_owned());
    let once = often.iter().filter(|row| row["frequency"] == 0).count();
    assert_eq!(once, wanted["one_order_only"].as_array().expect("customers").len());
    let mean = rows("report order-stats --by year --period 1996..1998 --total --format json".to_owned());
    assert_eq!(figure(&mean[0]["aov"]), figure(&figures["average_order_value"]));
}

/// The first rows by a dimension are the largest groups.
fn largest(sandbox: &Sandbox, wanted: &Json, by: &str) {
    let rows = report(sandbox, by, PERIOD);
    for (row, (group, figures)) in rows.iter().zip(wanted.as_object().expect("groups")) {
        assert_eq!(&text(row, &format!("{by}_name")), group);
        assert_eq!(figure(&row["net"]), figure(&figures["net_lines_rounded"]), "{group}");
    }
    assert!(rows.len() > 70, "all are listed");
}

fn total(sandbox: &Sandbox, figures: &Json) {
    let years = report(sandbox, "year", PERIOD);
    let sum = |column: &str| years.iter().map(|row| figure(&row[column])).sum::<Decimal>();
    assert_eq!(sum("net"), figure(&Json::from("1265793.29")));
    assert_eq!(sum("gross"), figure(&Json::from("1354458.59")));
    assert_eq!(sum("shipping"), figure(&figures["freight_total"]));
    assert_eq!(sum("tax"), Decimal::ZERO);
    assert_eq!(sum("orders"), figure(&figures["total"]["orders"]));
    let table = format!("report sales --by year --period {PERIOD}");
    sandbox.crm(&table).exits(0).prints(&["1,265,793.29", "1,354,458.59"]);
}

#[test]
fn the_files_of_a_careful_user_give_his_sales_to_the_cent() {
    let Some(figures) = expected() else { return };
    let sandbox = company();
    let commits = sandbox.commits();
    import(&sandbox, "customer", "tidy/customers", "tidy-customers", &[]).exits(0).says(&["91 customers"]);
    import(&sandbox, "product", "tidy/products", "tidy-products", &[]).exits(0).says(&["77 products"]);
    import(&sandbox, "user", "tidy/users", "tidy-users", &[]).exits(0).says(&["9 users"]);
    let orders = &["--group-by", "number"];
    import(&sandbox, "order", "tidy/orders", "tidy-orders", orders).exits(0).says(&["830 orders"]);
    import(&sandbox, "product", "tidy/products", "tidy-products-now", &[]).exits(0).says(&["8 products"]);
    assert_eq!(sandbox.commits(), commits + 5, "one commit for each file");
    judge(&sandbox, &figures);
    let regions = &figures["by_employee_region"];
    compare(&sandbox, regions, ("region", PERIOD), |row| text(row, "region_name"));
    sandbox.ok("check");
    assert_eq!(sandbox.git("status --porcelain"), "");

    let nothing = import(&sandbox, "order", "tidy/orders", "tidy-orders", orders).exits(0);
    assert_eq!(sandbox.commits(), commits + 5, "the same file again changes nothing: {nothing}");
}

#[test]
fn the_dump_of_a_database_gives_the_same_sales() {
    let Some(figures) = expected() else { return };
    let sandbox = company();
    import(&sandbox, "customer", "customers", "dump-customers", &[]).exits(0).says(&["91 customers"]);
    import(&sandbox, "product", "products", "dump-products", &[]).exits(0).says(&["77 products"]);
    import(&sandbox, "user", "employees", "dump-employees", &[]).exits(0).says(&["9 users"]);
    import(&sandbox, "order", "orders", "dump-orders", &[]).exits(0).says(&["830 orders"]);
    assert_eq!(report(&sandbox, "year", PERIOD).len(), 0, "drafts are not sold");
    import(&sandbox, "order.line", "order_details", "dump-order-details", &[]).exits(0).says(&["830 orders"]);
    import(&sandbox, "order", "orders", "dump-orders-confirmed", &[]).exits(0).says(&["830 orders"]);
    import(&sandbox, "product", "products", "dump-products-now", &[]).exits(0).says(&["8 products"]);
    judge(&sandbox, &figures);
    sandbox.ok("check");
}

/// The rejects of an import: the lines that the figures name, each with its reason.
fn check_rejects(sandbox: &Sandbox, name: &str, bad: &Json) {
    let rejects = sandbox.read("rejects.csv");
    let mut reader = csv::Reader::from_reader(rejects.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |column: &str| header.iter().position(|name| name == column).expect("a column");
    let (line, reason) = (place("line"), place("reason"));
    let columns = bad["columns"].as_u64().expect("a number");
    assert_eq!(
        u64::try_from(header.len()),
        Ok(columns + 4),
        "{name}: what was read, line, column, value, reason"
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let lines: Vec<u64> = rows.iter().filter_map(|row| row[line].parse().ok()).collect();
    let wanted: Vec<u64> =
        bad["bad_lines"].as_array().into_iter().flatten().filter_map(Json::as_u64).collect();
    assert_eq!(lines, wanted, "{name}");
    for row in &rows {
        let says = format!("has {} fields instead of {columns}", columns + 1);
        assert!(row[reason].contains(&says), "{name}: {row:?}");
    }
}

#[test]
fn bad_rows_are_refused_by_line_and_nothing_is_stored() {
    let Some(figures) = expected() else { return };
    let sandbox = company();
    import(&sandbox, "user", "employees", "dump-employees", &[]).exits(0);
    let made = |run: &Run| run.stdout.lines().filter(|line| !line.is_empty()).count();
    for (name, noun, map, status) in [
        ("suppliers", "customer", "malformed-suppliers", 10),
        ("customers", "customer", "dump-customers", 10),
        // The orders of the refused customers have nobody to belong to.
        ("orders", "order", "dump-orders", 10),
    ] {
        let bad = &figures["malformed"][format!("{name}.csv")];
        let file = format!("malformed/{name}");
        let head = sandbox.git("rev-parse HEAD");
        let refused = import(&sandbox, noun, &file, map, &[]).exits(2).prints_nothing();
        assert_eq!(
            (sandbox.git("rev-parse HEAD"), sandbox.git("status --porcelain")),
            (head, String::new()),
            "{name}"
        );
        let first = format!("{name}.csv:{}: ", bad["first_bad_line"]);
        refused.says(&[&first]);

        if name == "orders" {
            // Whoever is missing is imported from the sound file, so that only bad rows are bad.
            import(&sandbox, "customer", "customers", "dump-customers", &[]).exits(0);
        }
        let head = sandbox.git("rev-parse HEAD");
        import(&sandbox, noun, &file, map, &["--rejects", "../rejects.csv"]).exits(2);
        assert_eq!(sandbox.git("rev-parse HEAD"), head, "{name}");
        std::fs::rename(sandbox.outside("rejects.csv"), sandbox.path("rejects.csv")).expect("a rejects file");
        check_rejects(&sandbox, name, bad);

        let some = import(&sandbox, noun, &file, map, &["--on-error", "skip", "--rejects", "rejects.csv"])
            .exits(status);
        assert_eq!(
            made(&some),
            usize::try_from(bad["good_rows"].as_u64().expect("a number")).expect("small"),
            "{some}"
        );
        check_rejects(&sandbox, name, bad);
        sandbox.remove("rejects.csv");
        assert_eq!(sandbox.git("status --porcelain"), "", "{name}");
    }
    sandbox.ok("check");
}
