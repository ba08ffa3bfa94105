//! `orders-late`, `stock`, `low-stock`.

use super::Bench;

#[test]
fn late_are_orders_past_their_day_that_are_not_wholly_shipped() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "owner=li.na");
    bench.add("product", "A", "kind=good");
    let orders = [
        ("ord_a", "2026-03-09", "confirmed"),
        ("ord_b", "2026-03-10", "confirmed"),
        ("ord_c", "2026-03-01", "on_hold"),
        ("ord_d", "2026-03-01", "draft"),
        ("ord_e", "2026-03-01", "confirmed"),
    ];
    for (at, (id, day, status)) in orders.iter().enumerate() {
        bench.add("order", id, &format!("number=SO-{at} due_date={day} status={status}"));
        bench.rows("lines", "id=a product=A name=A qty=4 price=100 list_price=100 tax_rate=0");
    }
    for (id, order, qty) in [("shp_a", "ord_a", 1), ("shp_e", "ord_e", 4)] {
        bench.add("shipment", id, &format!("order={order} date=2026-03-02 warehouse=main"));
        bench.rows("lines", &format!("id=a order_line=a product=A qty={qty}"));
    }
    let header = "order,customer,owner,due_date,days_late,to_ship,to_ship_net";
    let held = "ord_c,cus_a,li.na,2026-03-01,9,4,400.00";
    assert_eq!(
        bench.run("orders-late", ""),
        format!("{header}\n{held}\nord_a,cus_a,li.na,2026-03-09,1,3,300.00")
    );
    assert_eq!(
        bench.run("orders-late", "as-of=2026-03-09"),
        format!("{header}\n{}", held.replace(",9,", ",8,"))
    );
}

#[test]
fn low_stock_is_found_by_level_or_by_what_goes_out() {
    let mut bench = Bench::new();
    for (id, text) in [
        ("A", "kind=good lead_days=10 reorder_qty=20"),
        ("B", "kind=good reorder_level=12"),
        ("C", "kind=good reorder_level=11"),
        ("D", "kind=good"),
    ] {
        bench.add("product", id, text);
    }
    let moves = [
        ("A", "receive", "2025-10-01", 192),
        ("A", "issue", "2025-12-11", 100),
        ("A", "issue", "2026-03-10", 80),
        ("B", "receive", "2025-10-01", 12),
        ("C", "receive", "2025-10-01", 12),
        ("D", "receive", "2025-10-01", 1),
    ];
    for (at, (product, kind, day, qty)) in moves.iter().enumerate() {
        let qty = if *kind == "issue" { -qty } else { *qty };
        let text = format!("product={product} kind={kind} date={day} qty={qty} warehouse=main");
        bench.add("movement", &format!("mov_{at}"), &text);
    }
    assert_eq!(
        bench.run("low-stock", ""),
        "product,available,reorder_level,mean_daily_out,suggested_level,suggested_order,days_cover\n\
         A,12,,2,34,22,6\n\
         B,12,12,0,0,0,"
    );
    let shorter = bench.run("low-stock", "days=89 safety-days=30");
    assert!(
        shorter.contains("A,12,,0.898876,36,24,13.35"),
        "what left before the span is not counted: {shorter}"
    );
}

#[test]
fn stock_is_told_by_product_and_by_warehouse() {
    let mut bench = Bench::new();
    bench.add("product", "A", "kind=good reorder_level=5").add("product", "B", "kind=good");
    bench.add("product", "S", "kind=service");
    for (at, (kind, day, qty, house)) in [
        ("receive", "2026-01-01", 100, "main"),
        ("receive", "2026-01-02", 7, "south"),
        ("issue", "2026-02-01", -45, "main"),
    ]
    .iter()
    .enumerate()
    {
        let text = format!("product=A kind={kind} date={day} qty={qty} warehouse={house}");
        bench.add("movement", &format!("mov_{at}"), &text);
    }
    bench.add("order", "ord_a", "date=2026-03-01");
    bench.rows("lines", "id=a product=A name=A qty=12 price=1 list_price=1 tax_rate=0");
    let header = "product,warehouse,on_hand,reserved,available,reorder_level,days_cover,last_in,last_out";
    assert_eq!(
        bench.run("stock", ""),
        format!("{header}\nA,,62,12,50,5,100,2026-01-02,2026-02-01\nB,,0,0,0,,,,")
    );
    assert_eq!(
        bench.run("stock", "by=warehouse"),
        format!("{header}\nA,main,55,,,,,2026-01-01,2026-02-01\nA,south,7,,,,,2026-01-02,")
    );
    assert!(bench.run("stock", "as-of=2026-01-01").contains("A,,100,0,100,5,,2026-01-01,"));
}
