//! `prospects`: each of its reasons, and who is left out.

use super::Bench;

fn order(bench: &mut Bench, customer: &str, day: &str, products: &str) {
    let id = format!("ord_{customer}_{day}");
    bench.add("order", &id, &format!("number={id} customer={customer} date={day}"));
    for product in products.split(' ') {
        let line = format!("id={product} name=A product={product} qty=1 price=10 list_price=10 tax_rate=0");
        bench.rows("lines", &line);
    }
}

fn store() -> Bench {
    let mut bench = Bench::new();
    for product in ["prd_a", "prd_b", "prd_c"] {
        bench.add("product", product, "kind=good price=10 currency=CNY warranty_months=12 status=active");
    }
    bench
}

fn reasons(found: &str, reason: &str) -> Vec<String> {
    found.lines().filter(|line| line.starts_with(reason)).map(str::to_owned).collect()
}

#[test]
fn who_is_due_to_order_and_has_nothing_open() {
    let mut bench = store();
    for customer in ["cus_a", "cus_b", "cus_c", "cus_d"] {
        let more = match customer {
            "cus_c" => "status=blocked",
            "cus_d" => "opt_out=email,sms,wechat,call",
            _ => "",
        };
        bench.add("customer", customer, &format!("owner=li.na {more}"));
        for day in ["2025-12-01", "2026-01-01", "2026-02-01"] {
            order(&mut bench, customer, day, "prd_a");
        }
    }
    bench.add("opportunity", "opp_b", "customer=cus_b");
    let found = bench.run("prospects", "reason=replenish");
    // Intervals of 31 days: 4 March.
    assert_eq!(
        found,
        "reason,record,owner,product,name,detail,value,due,score\n\
         replenish,cus_a,li.na,prd_a,cus_a,3 x / 31 d,10.00,2026-03-04,"
    );
}

#[test]
fn what_others_buy_with_it() {
    let mut bench = store();
    for at in 0..6 {
        bench.add("customer", &format!("cus_{at}"), "");
        let products = match at {
            0..3 => "prd_a prd_b",
            3 => "prd_a",
            _ => "prd_c",
        };
        order(&mut bench, &format!("cus_{at}"), "2026-02-01", products);
    }
    // a in 4 of 6 baskets, b in 3, both in 3.
    let found = bench.run("prospects", "reason=cross_sell");
    assert_eq!(reasons(&found, "cross_sell"), ["cross_sell,cus_3,,prd_b,cus_3,prd_a,10.00,,1.5"]);
}

#[test]
fn quotes_and_leads_that_nobody_asks_after() {
    let mut bench = store();
    bench.add("customer", "cus_a", "");
    let usual =
        "customer=cus_a owner=li.na currency=CNY fx_rate=1 price_mode=tax_excl status=sent revision=1";
    for (id, sent, until) in [
        ("quo_a", "2026-03-03", "2026-03-10"),
        ("quo_b", "2026-03-04", "2026-12-31"),
        ("quo_c", "2026-01-04", "2026-03-09"),
    ] {
        let text = format!("number={id} date=2026-01-01 valid_until={until} {usual} state_since={sent}");
        bench.add("quote", id, text.split(" state_since").next().expect("a text"));
        bench.moved(sent, "draft", "sent");
        bench.rows("lines", "id=a name=A qty=1 price=90 list_price=90 tax_rate=0");
    }
    bench.add("score_rule", "scr_a", "name=Referred enabled=true points=60 order=1 when=\"source=referral\"");
    let lead = "owner=li.na source=referral phone=1 currency=CNY budget=500";
    bench.add("lead", "lea_a", &format!("{lead} created_at=2026-03-07T09:00:00+08:00"));
    bench.add("lead", "lea_b", &format!("{lead} created_at=2026-03-08T09:00:00+08:00"));
    let found = bench.run("prospects", "reason=quote_open,hot_lead");
    assert_eq!(
        found.lines().skip(1).collect::<Vec<_>>(),
        [
            "quote_open,quo_a,li.na,,cus_a,quo_a,90.00,2026-03-10,",
            "hot_lead,lea_a,li.na,,Lead,new,500.00,,60"
        ]
    );
}

#[test]
fn intents_warranties_and_what_was_lost() {
    let mut bench = store();
    bench.add("customer", "cus_a", "owner=li.na");
    bench.rows("intents", "id=a product=prd_a qty=3").rows("intents", "id=b product=prd_b qty=1");
    order(&mut bench, "cus_a", "2025-04-01", "prd_b");
    bench.add("shipment", "shp_a", "order=ord_cus_a_2025-04-01 date=2025-05-01");
    bench.rows("lines", "id=a order_line=prd_b product=prd_b qty=1");
    bench.add(
        "opportunity",
        "opp_a",
        "stage=lost amount=70 lost_reason=price created_at=2025-01-01T09:00:00+08:00",
    );
    bench.moved("2025-09-01", "first", "lost");
    bench.add(
        "opportunity",
        "opp_b",
        "stage=lost amount=80 lost_reason=no_need created_at=2025-01-01T09:00:00+08:00",
    );
    bench.moved("2025-09-01", "first", "lost");
    let found = bench.run("prospects", "");
    assert_eq!(
        found.lines().skip(1).collect::<Vec<_>>(),
        [
            "intent,cus_a,li.na,prd_a,cus_a,3 x,30.00,,",
            "warranty_end,cus_a,li.na,prd_b,cus_a,ord_cus_a_2025-04-01,10.00,2026-05-01,",
            "lost_again,opp_a,li.na,,cus_a,price,70.00,2025-09-01,",
        ]
    );
    assert_eq!(bench.run("prospects", "owner=wang.wei").lines().count(), 1);
    assert_eq!(bench.run("prospects", "limit=1").lines().count(), 2);
}
