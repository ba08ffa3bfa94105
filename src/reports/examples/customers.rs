//! `rfm`, `repeat`, `inactive`, `never-converted`.

use super::Bench;

/// An order of one line at a price in whole yuan.
fn order(bench: &mut Bench, customer: &str, day: &str, price: i64) {
    let id = format!("ord_{customer}_{day}_{price}");
    bench.add("order", &id, &format!("number={id} customer={customer} date={day}"));
    bench.rows("lines", &format!("id=a name=A qty=1 price={price} list_price={price} tax_rate=0"));
}

fn customers(ids: &str) -> Bench {
    let mut bench = Bench::new();
    for id in ids.split(' ') {
        bench.add("customer", id, "owner=li.na");
    }
    bench
}

#[test]
fn customers_are_scored_by_how_many_are_worse() {
    let mut bench = customers("cus_a cus_b cus_c cus_d cus_e cus_f cus_g");
    // As of 10 March 2026: days since the last order, orders, money.
    let buyers = [
        ("cus_a", "2026-03-05", 12, 9000),
        ("cus_b", "2026-02-18", 7, 15_000),
        ("cus_c", "2026-02-18", 3, 2200),
        ("cus_d", "2025-12-05", 5, 6100),
        ("cus_e", "2025-08-22", 2, 900),
        ("cus_f", "2025-05-04", 1, 450),
        ("cus_g", "2026-01-29", 3, 2200),
    ];
    for (customer, last, orders, money) in buyers {
        for earlier in 1..orders {
            order(&mut bench, customer, &format!("2025-04-{earlier:02}"), 1);
        }
        order(&mut bench, customer, last, money - (orders - 1));
    }
    order(&mut bench, "cus_f", "2025-01-01", 100_000);
    assert_eq!(
        bench.run("rfm", ""),
        "customer,recency,frequency,monetary,r,f,m,segment,last_order\n\
         cus_a,5,12,9000.00,5,5,4,Potential Loyalist,2026-03-05\n\
         cus_b,20,7,15000.00,3,4,5,Potential Loyalist,2026-02-18\n\
         cus_c,20,3,2200.00,3,2,2,Loyal,2026-02-18\n\
         cus_g,40,3,2200.00,3,2,2,Loyal,2026-01-29\n\
         cus_d,95,5,6100.00,2,3,3,Loyal,2025-12-05\n\
         cus_e,200,2,900.00,1,1,1,Lost,2025-08-22\n\
         cus_f,310,1,450.00,1,1,1,Lost,2025-05-04"
    );
    let wide = bench.run("rfm", "window=24m");
    assert!(wide.contains("cus_f,310,2,100450.00"), "{wide}");
}

#[test]
fn few_customers_have_no_scores() {
    let mut bench = customers("cus_a");
    order(&mut bench, "cus_a", "2026-03-10", 5);
    let found = bench.run("rfm", "");
    assert!(found.ends_with("cus_a,0,1,5.00,,,,,2026-03-10"), "{found}");
}

#[test]
fn new_and_returning_customers_are_all_customers() {
    let mut bench = customers("cus_x cus_y");
    order(&mut bench, "cus_y", "2026-01-15", 10);
    order(&mut bench, "cus_x", "2026-03-01", 20);
    order(&mut bench, "cus_x", "2026-03-09", 30);
    order(&mut bench, "cus_y", "2026-03-09", 40);
    let header = "month,customers,repeat_customers,new_customers,returning_customers,repeat_rate,new_net,returning_net";
    assert_eq!(
        bench.run("repeat", "from=2026-01-01 to=2026-03-31 total=true"),
        format!(
            "{header}\n2026-01,1,0,1,0,0,10.00,0.00\n2026-03,2,1,1,1,0.5,50.00,40.00\n,2,2,2,0,1,100.00,0.00"
        )
    );
    let early = bench.run("repeat", "as-of=2026-03-01 from=2026-03-01 to=2026-03-31");
    assert!(early.ends_with("2026-03,1,0,1,0,0,20.00,0.00"), "{early}");
}

#[test]
fn inactive_are_those_beyond_the_days_or_beyond_their_own_habit() {
    let mut bench = customers("cus_a cus_b cus_c cus_d");
    for (day, price) in [("2025-01-01", 10), ("2025-01-31", 20), ("2025-03-12", 30)] {
        order(&mut bench, "cus_a", day, price);
    }
    for day in ["2025-11-01", "2025-12-01", "2025-12-31"] {
        order(&mut bench, "cus_b", day, 5);
    }
    order(&mut bench, "cus_c", "2025-09-11", 7);
    let header = "customer,owner,orders,net,last_amount,last_order,days,median_interval,ratio";
    let a = "cus_a,li.na,3,60.00,30.00,2025-03-12,363,35,10.371429";
    assert_eq!(bench.run("inactive", ""), format!("{header}\n{a}\ncus_c,li.na,1,7.00,7.00,2025-09-11,180,,"));
    assert_eq!(
        bench.run("inactive", "factor=2"),
        format!("{header}\n{a}\ncus_b,li.na,3,15.00,5.00,2025-12-31,69,30,2.3")
    );
    assert_eq!(bench.run("inactive", "as-of=2025-09-07").lines().count(), 1);
    assert!(bench.run("inactive", "as-of=2025-09-08").contains("cus_a,li.na,3,60.00,30.00,2025-03-12,180"));
}

#[test]
fn who_was_met_often_and_never_bought_is_listed() {
    let mut bench = customers("cus_a cus_b");
    bench.add(
        "lead",
        "lea_a",
        "source=exhibition status=contacted owner=li.na created_at=2026-01-01T09:00:00+08:00",
    );
    bench.add("lead", "lea_b", "status=converted closed_on=2026-02-01 created_at=2026-01-01T09:00:00+08:00");
    bench.moved("2026-02-01", "new", "converted");
    order(&mut bench, "cus_b", "2026-03-05", 5);
    for target in ["lea_a", "lea_b", "cus_a", "cus_b"] {
        for day in ["2026-01-02", "2026-01-03", "2026-01-04"] {
            let text = format!("target={target} done_at={day}T10:00:00+08:00 due={day} internal=false");
            bench.add("followup", &format!("fup_{target}_{day}"), &text);
        }
        bench.add(
            "followup",
            &format!("fup_{target}"),
            &format!("target={target} kind=note done_at=2026-01-05T10:00:00+08:00"),
        );
    }
    let header = "record,owner,source,state,created,last_touch,touches";
    assert_eq!(
        bench.run("never-converted", ""),
        format!("{header}\nlea_a,li.na,exhibition,contacted,2026-01-01,2026-01-04,3")
    );
    assert_eq!(bench.run("never-converted", "min-touches=4"), header);
    let customers = bench.run("never-converted", "type=customer");
    assert!(customers.contains("\ncus_a,li.na,") && !customers.contains("cus_b"), "{customers}");
    let before = bench.run("never-converted", "type=customer as-of=2026-03-04");
    assert!(before.contains("cus_b"), "it had not bought then: {before}");
}
