//! `quotes`, `on-time`, `stock-value`, `slow-stock`, `affinity`, `demand`, `market`.

use super::Bench;

#[test]
fn a_chain_of_revisions_is_one_quote() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    let usual = "customer=cus_a owner=li.na currency=CNY fx_rate=1 price_mode=tax_excl";
    let mut quote = |id: &str, text: &str, sent: &str, then: &str| {
        bench.add("quote", id, &format!("number={id} date=2026-01-05 valid_until=2026-12-31 {usual} {text}"));
        bench.rows("lines", "id=a name=A qty=1 price=90 list_price=100 tax_rate=0");
        if !sent.is_empty() {
            bench.moved(sent, "draft", "sent");
        }
        if !then.is_empty() {
            bench.moved("2026-02-10", "sent", then);
        }
    };
    quote("quo_a", "status=superseded revision=1", "2026-01-10", "superseded");
    quote(
        "quo_a2",
        "status=accepted revision=2 revises=quo_a accepted_on=2026-02-09",
        "2026-02-01",
        "accepted",
    );
    quote("quo_b", "status=rejected revision=1", "2026-01-11", "rejected");
    quote("quo_c", "status=sent revision=1 valid_until=2026-03-09", "2026-01-12", "");
    quote("quo_d", "status=sent revision=1", "2026-02-12", "");
    quote("quo_e", "status=draft revision=1", "", "");
    let header = "month,sent,accepted,rejected,expired,cancelled,open,hit_rate,value_hit_rate,mean_discount,median_days";
    let found = bench.run("quotes", "total=true");
    assert_eq!(
        found,
        format!(
            "{header}\n2026-01,3,1,1,1,0,0,0.333333,0.333333,0,30\n2026-02,1,0,0,0,0,1,,,0,\n\
             ,4,1,1,1,0,1,0.333333,0.333333,0,30"
        )
    );
    let before = bench.run("quotes", "as-of=2026-02-05");
    assert_eq!(before, format!("{header}\n2026-01,3,0,0,0,0,3,,,0,"), "then all of them were open");
}

#[test]
fn in_full_and_in_time_or_not_at_all() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    bench.add("product", "prd_a", "kind=good");
    bench.add("order", "ord_a", "date=2026-01-30 due_date=2026-03-05");
    for line in ["a", "b", "c", "d"] {
        bench
            .rows("lines", &format!("id={line} name=A product=prd_a qty=10 price=1 list_price=1 tax_rate=0"));
    }
    bench
        .rows("lines", "id=e name=A product=prd_a qty=1 price=1 list_price=1 tax_rate=0 due_date=2026-03-20");
    let mut ship = |id: &str, day: &str, line: &str, qty: i64, more: &str| {
        bench.add("shipment", id, &format!("order=ord_a date={day} {more}"));
        bench.rows("lines", &format!("id=a order_line={line} product=prd_a qty={qty}"));
    };
    ship("shp_a", "2026-03-05", "a", 10, "delivered_on=2026-03-06");
    ship("shp_b", "2026-03-06", "b", 10, "");
    ship("shp_c", "2026-03-01", "c", 5, "");
    assert_eq!(bench.run("on-time", ""), "month,due_lines,on_time,late,otif\n2026-03,4,1,3,0.25");
    assert_eq!(bench.run("on-time", "delivered=true"), "month,due_lines,on_time,late,otif\n2026-03,4,0,4,0");
    let early = bench.run("on-time", "as-of=2026-03-04");
    assert_eq!(early, "month,due_lines,on_time,late,otif", "nothing was due yet");
}

#[test]
fn stock_is_worth_what_it_cost() {
    let mut bench = Bench::new();
    for product in ["prd_a", "prd_b", "prd_c"] {
        bench.add("product", product, "kind=good");
    }
    let mut move_ = |id: &str, day: &str, text: &str| {
        bench.add("movement", id, &format!("date={day} warehouse=main {text}"));
    };
    move_("mov_a", "2025-01-01", "product=prd_a kind=opening qty=10 unit_cost=100");
    move_("mov_b", "2025-01-02", "product=prd_a kind=receive qty=5 unit_cost=130");
    move_("mov_t", "2025-01-02", "product=prd_a kind=transfer qty=5 to_warehouse=second");
    move_("mov_c", "2025-01-03", "product=prd_a kind=issue qty=-6");
    move_("mov_d", "2025-01-04", "product=prd_a kind=receive qty=3 unit_cost=90");
    move_("mov_e", "2026-03-01", "product=prd_b kind=receive qty=2");
    move_("mov_f", "2026-03-01", "product=prd_c kind=receive qty=2 unit_cost=5");
    move_("mov_g", "2026-03-02", "product=prd_c kind=issue qty=-2");
    let header = "product,on_hand,unit_value,value,unvalued";
    assert_eq!(
        bench.run("stock-value", "total=true"),
        format!("{header}\nprd_a,12,105,1260.00,false\nprd_b,2,,,true\n,,,1260.00,true")
    );
    let fifo = bench.run("stock-value", "method=fifo");
    assert!(fifo.contains("prd_a,12,110,1320.00,false"), "{fifo}");
    let before = bench.run("stock-value", "as-of=2025-01-03");
    assert_eq!(before, format!("{header}\nprd_a,9,110,990.00,false"));
    assert_eq!(
        bench.run("slow-stock", ""),
        "product,on_hand,value,last_in,last_out\nprd_a,12,1260.00,2025-01-04,2025-01-03"
    );
    assert_eq!(bench.run("slow-stock", "as-of=2025-01-05").lines().count(), 1);
}

#[test]
fn what_is_bought_together_more_often_than_by_chance() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    for product in ["prd_a", "prd_b", "prd_c"] {
        bench.add("product", product, "");
    }
    // Ten baskets: a in 4, b in 5, both in 3; the rest c.
    let baskets = ["a b", "a b", "a b", "a", "b", "b", "c", "c", "c", "c"];
    for (at, products) in baskets.iter().enumerate() {
        bench.add("order", &format!("ord_{at}"), &format!("number=SO-{at} date=2026-02-01"));
        for product in products.split(' ') {
            let line =
                format!("id={product} name=A product=prd_{product} qty=1 price=1 list_price=1 tax_rate=0");
            bench.rows("lines", &line);
        }
    }
    let header = "a,b,n_a,n_b,n_ab,baskets,support,confidence,leverage,lift";
    assert_eq!(
        bench.run("affinity", ""),
        format!("{header}\nprd_a,prd_b,4,5,3,10,0.3,0.75,0.1,1.5\nprd_b,prd_a,5,4,3,10,0.3,0.6,0.1,1.5")
    );
    assert_eq!(bench.run("affinity", "with=prd_b").lines().count(), 2);
    assert_eq!(bench.run("affinity", "min-count=4"), header);
    let customer = bench.run("affinity", "level=customer min-count=1 with=prd_c");
    assert_eq!(customer, format!("{header}\nprd_c,prd_a,1,1,1,1,1,1,0,1\nprd_c,prd_b,1,1,1,1,1,1,0,1"));
}

fn sold(bench: &mut Bench, month: &str, qty: i64) {
    let id = format!("ord_{month}");
    bench.add("order", &id, &format!("number={id} date={month}-15"));
    bench.rows("lines", &format!("id=a name=A product=prd_a qty={qty} price=1 list_price=1 tax_rate=0"));
}

#[test]
fn demand_is_smoothed_over_the_months_that_are_over() {
    let mut bench = Bench::new();
    bench.add("product", "prd_a", "category=pump");
    for (month, qty) in [("2025-11", 100), ("2025-12", 120), ("2026-01", 110), ("2026-03", 7)] {
        sold(&mut bench, month, qty);
    }
    bench.add("opportunity", "opp_a", "close_date=2026-03-20");
    bench.rows("products", "id=a product=prd_a qty=4");
    let header = "month,value,ma,seasonal_index,adjusted,smoothed,open_pipeline,mom,yoy,partial";
    // The order of 15 March lies ahead.
    assert_eq!(
        bench.run("demand", ""),
        format!(
            "{header}\n2025-11,100,,,,100,0,,,false\n2025-12,120,,,,106,0,0.2,,false\n\
             2026-01,110,110,,,107.2,0,-0.083333,,false\n2026-02,0,76.666667,,,75.04,0,-1,,false\n\
             2026-03,0,,,,,4,,,true"
        )
    );
    let part = bench.run("demand", "by=category from=2026-01-01 to=2026-01-31 ma=2");
    assert_eq!(part, format!("category,{header}\npump,2026-01,110,115,,,107.2,0,-0.083333,,false"));
    assert_eq!(Bench::new().run("demand", ""), header, "nothing was ever ordered");
    for bad in ["ma=0", "ma=121", "alpha=1.5", "alpha=-0.1", "measure="] {
        assert!(bench.ask("demand", bad).is_err(), "{bad}");
    }
    assert!(bench.ask("demand", "ma=1 alpha=1").is_ok());
}

#[test]
fn a_season_shows_after_two_years() {
    let mut bench = Bench::new();
    bench.add("product", "prd_a", "");
    for year in [2024, 2025] {
        for month in 1..=12 {
            let qty = match month {
                2 => 40,
                12 => 160,
                _ => 100,
            };
            sold(&mut bench, &format!("{year}-{month:02}"), qty);
        }
    }
    let found = bench.run("demand", "as-of=2026-01-10 from=2025-11-01 to=2025-12-31");
    assert_eq!(
        found.lines().skip(1).collect::<Vec<_>>(),
        ["2025-11,100,100,1,100,99.6195,0,0,0,false", "2025-12,160,120,1.6,100,117.73365,0,0.6,0,false"]
    );
    let february = bench.run("demand", "as-of=2026-01-10 from=2025-02-01 to=2025-02-28");
    assert!(february.contains("2025-02,40,100,0.4,100,"), "{february}");
}

#[test]
fn notes_are_counted_with_the_deals_that_name_the_rival() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    bench.add("competitor", "com_a", "");
    bench.add("market_note", "mkt_a", "date=2026-02-01 kind=competitor competitor=com_a impact=-2 text=Old");
    bench.add("market_note", "mkt_b", "date=2026-02-02 kind=competitor competitor=com_a impact=1 text=Newer");
    bench.add("market_note", "mkt_c", "date=2026-02-03 kind=policy text=Law");
    bench.add("opportunity", "opp_a", "created_at=2026-01-01T09:00:00+08:00");
    bench.rows("competitors", "competitor=com_a");
    bench.add("opportunity", "opp_b", "stage=lost lost_to=com_a created_at=2026-01-01T09:00:00+08:00");
    bench.moved("2026-02-01", "first", "lost");
    let header = "notes,positive,negative,mentions,lost_to,mean_impact,latest";
    assert_eq!(
        bench.run("market", ""),
        format!("kind,{header}\ncompetitor,2,1,1,2,1,-0.5,Newer\npolicy,1,0,0,0,0,0,Law")
    );
    let early = bench.run("market", "by=competitor as-of=2026-02-01");
    assert_eq!(early, format!("competitor,{header}\ncom_a,1,0,1,2,1,-2,Old"));
}
