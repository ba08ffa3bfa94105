//! What is recommended to whom, and why; stock and prices of products.

use crate::support::Sandbox;

/// Three customers of one trade: 海尔 has bought PHONE; PHONE and CASE were ordered together three
/// times of five, CABLE is popular, CAR belongs to another top category, DEAR costs too much.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut lines = String::new();
    for (sku, category, price) in [
        ("PHONE", "mobile/phone", "1000"),
        ("CASE", "mobile/case", "50"),
        ("CABLE", "mobile/cable", "20"),
        ("FOLD", "mobile/phone", "2001"),
        ("MINI", "mobile/phone", "500"),
        ("CAR", "vehicle", "90000"),
        ("PEN", "office", "3"),
    ] {
        lines.push_str(&format!(
            "product add {sku} --name {sku} --category {category} --price {price} --track-stock=false\n"
        ));
    }
    lines.push_str("product add TRACKED --name TRACKED --category mobile/phone --price 900\n");
    for (name, phone) in [("海尔", "01065120001"), ("美的", "01065120002"), ("格力", "01065120003")] {
        lines.push_str(&format!("customer add --name {name} --phone {phone} --industry retail\n"));
    }
    for (customer, products) in [
        ("海尔", "PHONE:1"),
        ("美的", "PHONE:1 CASE:1"),
        ("美的", "PHONE:1 CASE:2 CABLE:5"),
        ("格力", "PHONE:1 CASE:1 FOLD:1 MINI:2 CAR:1"),
        ("格力", "CABLE:3"),
        ("格力", "PEN:4"),
    ] {
        let wanted: Vec<String> = products.split(' ').map(|line| format!("--line {line}")).collect();
        lines.push_str(&format!("order add --customer {customer} --date 2026-02-01 {}\n", wanted.join(" ")));
    }
    for number in 1..=6 {
        lines.push_str(&format!("order confirm SO-2026-000{number}\n"));
    }
    sandbox.write("lines", lines);
    sandbox.ok("batch lines");
    sandbox.remove("lines");
    sandbox
}

/// Reason, product, confidence, lift and units of each row.
#[track_caller]
fn recommended(sandbox: &Sandbox, flags: &str) -> Vec<String> {
    let run = sandbox.crm(format!("product recommend {flags} --format csv --no-header")).exits(0);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [1, 2, 7, 8, 9].map(|at| cells[at]).join("|")
    };
    run.stdout.lines().map(row).collect()
}

#[test]
fn recommendations_come_with_their_reasons() {
    let sandbox = shop();
    assert_eq!(
        recommended(&sandbox, "海尔"),
        ["bought_together|CASE|0.75|1.5|", "popular|CABLE|||8", "popular|MINI|||2"],
        "three of four orders with PHONE, of three of six; FOLD is dear, CAR and PEN are of other top categories"
    );
    sandbox.ok("customer intent add 海尔 CAR:2");
    assert_eq!(
        recommended(&sandbox, "海尔"),
        ["intent|CAR|||2", "bought_together|CASE|0.75|1.5|", "popular|CABLE|||8", "popular|MINI|||2"]
    );
    let text = sandbox.ok("product recommend 海尔 --format json");
    for part in [
        "asked for by 海尔, not ordered since 2026-03-04",
        "in 3 of 4 orders with PHONE",
        "8 sold to customers like this",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(recommended(&sandbox, "海尔 --limit 1"), ["intent|CAR|||2"]);
    let row = sandbox.ok("product recommend 海尔 --limit 1 --format csv --no-header");
    assert!(row.starts_with("1,intent,CAR,CAR,90000.00,CNY,,,,2,"), "{row}");
    assert_eq!(
        recommended(&sandbox, "海尔 --min-count 4")[1..],
        ["popular|CABLE|||8", "popular|CASE|||4", "popular|MINI|||2"]
    );
    sandbox.ok("order add --customer 海尔 --line CAR:1");
    sandbox.ok("order confirm SO-2026-0007");
    assert!(recommended(&sandbox, "海尔").iter().all(|row| !row.contains("CAR")), "ordered since");
}

#[test]
fn what_is_not_sold_or_not_there_is_not_recommended() {
    let sandbox = shop();
    sandbox.ok("customer intent add 海尔 TRACKED");
    assert!(recommended(&sandbox, "海尔").iter().all(|row| !row.contains("TRACKED")), "none is there");
    sandbox.ok("movement receive TRACKED 1");
    assert_eq!(recommended(&sandbox, "海尔")[0], "intent|TRACKED|||");
    sandbox.ok("order add --customer 美的 --line TRACKED:1");
    sandbox.ok("order confirm SO-2026-0007");
    assert_eq!(
        recommended(&sandbox, "海尔")[0],
        "bought_together|CASE|0.75|1.75|",
        "the last one is promised"
    );
    sandbox.ok("product pause CASE");
    assert!(recommended(&sandbox, "海尔").iter().all(|row| !row.contains("CASE")));
}

#[test]
fn one_product_is_asked_for_what_goes_with_it() {
    let sandbox = shop();
    assert_eq!(recommended(&sandbox, "--with PHONE"), ["bought_together|CASE|0.75|1.5|"]);
    assert_eq!(recommended(&sandbox, "--with CASE"), ["bought_together|PHONE|1|1.5|"]);
    assert_eq!(recommended(&sandbox, "--with PEN --min-count 1"), [""; 0]);
    assert_eq!(recommended(&sandbox, "美的 --with PHONE"), [""; 0], "美的 has bought it");
    assert_eq!(sandbox.ok("product recommend --with PHONE --format ids"), "CASE");
}

#[test]
fn who_has_bought_nothing_is_offered_by_intents_alone() {
    let sandbox = shop();
    sandbox.ok("customer add --name 新 --phone 01065120009 --industry retail");
    assert_eq!(recommended(&sandbox, "新"), [""; 0]);
    sandbox.ok("customer intent add 新 PEN");
    assert_eq!(recommended(&sandbox, "新"), ["intent|PEN|||"]);
    sandbox.ok("customer intent add 新 CASE");
    assert_eq!(
        recommended(&sandbox, "新")[2..],
        ["popular|CABLE|||8", "popular|PHONE|||4", "popular|MINI|||2", "popular|FOLD|||1"]
    );
}

#[test]
fn nobody_and_nothing_are_named_as_such() {
    let sandbox = shop();
    sandbox.fails(2, "product recommend").says(&["CUSTOMER"]);
    sandbox.fails(3, "product recommend nobody").says(&["nobody"]);
    sandbox.fails(3, "product recommend --with NOTHING").says(&["NOTHING"]);
    sandbox.fails(2, "product recommend 海尔 --min-count many").says(&["many"]);
    let empty = sandbox.crm("product recommend --with CAR --format json").exits(0);
    assert_eq!(empty.stdout.trim(), "[]");
    assert!(sandbox.ok("product recommend 海尔 --lang zh-CN").contains("同时购买"));
}

/// A tracked product in two warehouses.
fn stocked() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.edit("crm.toml", |text| format!("{text}\n[stock]\nwarehouses = [\"main\", \"futian\"]\n"));
    sandbox.ok("commit -q");
    sandbox.ok("product add EV --name 车 --price 100 --cost 60 --reorder-level 3 --category vehicle/sedan");
    sandbox.ok("customer add --name 海尔 --phone 01065120001");
    sandbox
}

#[test]
fn the_stock_of_the_worked_example() {
    let sandbox = stocked();
    sandbox.ok("movement receive EV 10");
    sandbox.ok("order add --customer 海尔 --line EV:9");
    sandbox.ok("order confirm SO-2026-0001");
    sandbox.ok("order ship SO-2026-0001 --line EV:4");
    sandbox.ok("order ship SO-2026-0001 --line EV:2");
    let order = sandbox.crm("order show SO-2026-0001 --format json").exits(0).json();
    let line = order["lines"][0]["id"].as_str().expect("a line").to_owned();
    for restock in [true, false] {
        sandbox.ok(format!(
            "return add --order SO-2026-0001 --effect reverse --reason not_needed --line order_line={line},product=EV,qty=1,restock={restock}"
        ));
    }
    let stock = sandbox.ok("product stock EV --format csv --no-header");
    assert_eq!(stock, "EV,main,5,,\nEV,,5,3,2");
    let low = |flags: &str| {
        sandbox.ok(format!("product list {flags} --fields id,available,low_stock --format csv --no-header"))
    };
    assert_eq!(low("--where low_stock=true"), "EV,2,true");
    sandbox.ok("movement receive EV 2");
    assert_eq!(low("--where low_stock=true"), "");
    assert_eq!(low(""), "EV,4,false");
}

#[test]
fn goods_move_between_warehouses_and_back() {
    let sandbox = stocked();
    sandbox.ok("movement receive EV 5");
    let moved = sandbox.ok("movement transfer EV 2 --from main --to futian");
    let stock = || sandbox.ok("product stock EV --format csv --no-header").replace('\n', " ");
    assert_eq!(stock(), "EV,futian,2,, EV,main,3,, EV,,5,0,5");
    let back = sandbox.ok(format!("movement reverse {moved}"));
    assert_eq!(stock(), "EV,futian,0,, EV,main,5,, EV,,5,0,5");
    sandbox.fails(5, format!("movement reverse {moved}")).says(&["reversed twice", &back]);
    sandbox.fails(5, format!("movement reverse {back}")).says(&["reversed twice"]);
    sandbox.ok("movement count EV 4 --warehouse main");
    assert_eq!(stock(), "EV,futian,0,, EV,main,4,, EV,,4,0,4");
}

#[test]
fn a_line_takes_the_price_row_that_fits_best() {
    let sandbox = stocked();
    sandbox.ok("product price add EV --price 90 --currency CNY --min-qty 10");
    sandbox.ok("product price add EV --price 95 --currency CNY --level dealer");
    sandbox
        .crm("product price add EV --price 80 --currency CNY --min-qty 10 --from 2026-01-01")
        .exits(0)
        .says(&["same time"]);
    sandbox.ok("customer add --name 经销 --kind dealer --price-level dealer --phone 01065120002");
    let price = |customer: &str, line: &str| {
        let id = sandbox.ok(format!("order add --customer {customer} --line {line}"));
        let order = sandbox.crm(format!("order show {id} --format json")).exits(0).json();
        order["lines"][0]["price"].as_str().expect("a price").to_owned()
    };
    assert_eq!(price("海尔", "EV:9"), "100.00");
    assert_eq!(price("海尔", "EV:10"), "80.00", "the latest beginning");
    assert_eq!(price("经销", "EV:10"), "95.00", "a level goes before a quantity");
    assert_eq!(price("经销", "EV:10@70"), "70.00");
}
