//! `concentration`, `cohort`, `churn`, `habits`, `clv`, `btyd`, `customer-distribution`.

use super::Bench;

/// An order of one line at a price in whole yuan, with more of the line.
fn order(bench: &mut Bench, customer: &str, day: &str, price: i64, line: &str) {
    let id = format!("ord_{customer}_{day}_{price}");
    bench.add("order", &id, &format!("number={id} customer={customer} date={day}"));
    bench.rows("lines", &format!("id=a name=A qty=1 price={price} list_price={price} tax_rate=0 {line}"));
}

fn customers(ids: &str) -> Bench {
    let mut bench = Bench::new();
    for id in ids.split(' ') {
        bench.add("customer", id, "owner=li.na level=a region=north created_at=2024-01-01T09:00:00+08:00");
    }
    bench
}

#[test]
fn shares_add_up_from_the_largest_and_the_total_says_how_few_make_most() {
    let mut bench = customers("cus_a cus_b cus_c cus_d");
    for (customer, price) in [("cus_c", 20), ("cus_a", 50), ("cus_b", 30)] {
        order(&mut bench, customer, "2026-01-05", price, "");
    }
    order(&mut bench, "cus_d", "2025-01-05", 5, "");
    let header = "customer,rank,net,share,cumulative_share,for_80,top10_share,hhi";
    assert_eq!(
        bench.run("concentration", "total=true"),
        format!(
            "{header}\ncus_a,1,50.00,0.5,0.5,,,\ncus_b,2,30.00,0.3,0.8,,,\ncus_c,3,20.00,0.2,1,,,\n\
             ,,100.00,,,2,1,0.38"
        )
    );
    assert_eq!(
        bench.run("concentration", "period=2024 total=true"),
        format!("{header}\n,,0.00,,,,,"),
        "nobody: nothing is divided"
    );
}

#[test]
fn who_took_back_more_than_they_bought_stands_last_without_share() {
    let mut bench = customers("cus_a cus_b");
    order(&mut bench, "cus_a", "2026-01-05", 50, "");
    order(&mut bench, "cus_b", "2024-06-01", 70, "");
    bench.add("return", "ret_a", "order=ord_cus_b_2024-06-01_70 date=2026-01-10 effect=reverse");
    bench.rows("lines", "id=a order_line=a qty=1");
    let found = bench.run("concentration", "total=true");
    assert!(found.contains("cus_a,1,50.00,1,1,,,\ncus_b,2,-70.00,,,,,\n,,-20.00,,,1,1,1"), "{found}");
}

#[test]
fn a_cohort_keeps_its_size_and_the_future_has_no_row() {
    let mut bench = customers("cus_a cus_b cus_c cus_d");
    for customer in ["cus_a", "cus_b", "cus_c", "cus_d"] {
        order(&mut bench, customer, "2026-01-10", 10, "");
    }
    order(&mut bench, "cus_a", "2026-02-01", 5, "");
    order(&mut bench, "cus_a", "2026-02-20", 5, "");
    order(&mut bench, "cus_b", "2026-02-28", 10, "");
    let header = "cohort,size,k,active,retention,net,net_per_customer,partial";
    assert_eq!(
        bench.run("cohort", "as-of=2026-04-10 period=2026"),
        format!(
            "{header}\n2026-01,4,0,4,1,40.00,10.00,false\n2026-01,4,1,2,0.5,20.00,5.00,false\n\
             2026-01,4,2,0,0,0.00,0.00,false\n2026-01,4,3,0,0,0.00,0.00,true"
        )
    );
    assert_eq!(
        bench.run("cohort", "as-of=2026-04-10 period=2026 unit=quarter"),
        format!("{header}\n2026Q1,4,0,4,1,60.00,15.00,false\n2026Q1,4,1,0,0,0.00,0.00,true")
    );
    assert_eq!(bench.run("cohort", "period=2025"), header, "nobody began in it");
    assert_eq!(Bench::new().run("cohort", ""), header, "nobody ever ordered");
}

#[test]
fn lost_are_those_active_before_the_period_who_order_nothing_in_it() {
    let mut bench = customers("cus_0 cus_1 cus_2 cus_3 cus_4 cus_5 cus_6 cus_7 cus_8 cus_9");
    for at in 0..10 {
        order(&mut bench, &format!("cus_{at}"), "2025-05-05", 10, "");
        let again = if at < 7 { "2025-10-01" } else { "2026-01-01" };
        order(&mut bench, &format!("cus_{at}"), again, 10, "");
    }
    let header = "active_start,kept,lost,churn,annual,lost_net";
    // 1 - 0.7 ^ (365 / 92)
    assert_eq!(bench.run("churn", ""), format!("{header}\n10,7,3,0.3,0.757091,30.00"));
    assert_eq!(
        bench.run("churn", "by=quarter period=2025 total=true"),
        format!(
            "quarter,{header}\n2025Q3,10,0,10,1,1,100.00\n2025Q4,10,7,3,0.3,0.757091,30.00\n\
             ,0,,,,,"
        )
    );
    let running = bench.run("churn", "period=2026Q1");
    assert_eq!(running, format!("{header}\n10,,,,,"), "a quarter that still runs loses nobody");
}

#[test]
fn habits_are_medians_of_prices_and_of_intervals() {
    let mut bench = customers("cus_a cus_b");
    bench.add("product", "prd_a", "category=pump/small");
    bench.add("product", "prd_b", "category=valve");
    order(&mut bench, "cus_a", "2026-01-01", 10, "product=prd_b");
    order(&mut bench, "cus_a", "2026-01-31", 20, "product=prd_a discount_pct=50");
    order(&mut bench, "cus_a", "2026-03-12", 30, "product=prd_a");
    order(&mut bench, "cus_b", "2026-03-12", 7, "");
    bench.add(
        "followup",
        "fup_a",
        "target=cus_a kind=visit done_at=2026-02-02T10:00:00+08:00 due=2026-02-02 internal=false",
    );
    let header = "customer,orders,aov,min_price,median_price,max_price,median_interval,next_expected,\
                  top_category,top_product,top_month,top_weekday,channel,discount_rate";
    // 12 March 2026 is a Thursday; intervals are 30 and 40 days.
    assert_eq!(
        bench.run("habits", "as-of=2026-03-12"),
        format!(
            "{header}\n\
             cus_a,3,16.67,10.00,10.00,30.00,35,2026-04-16,pump/small,prd_a,03,thu,visit,0.166667\n\
             cus_b,1,7.00,7.00,7.00,7.00,,,,,03,thu,,0"
        )
    );
    let one = bench.run("habits", "as-of=2026-03-12 customer=cus_b");
    assert_eq!(one.lines().count(), 2, "{one}");
}

#[test]
fn a_customer_is_worth_what_a_year_brings_over_the_years_it_stays() {
    let mut bench = customers("cus_a cus_b");
    // 730 days from 11 March 2024 to 10 March 2026: six orders are three a year.
    for day in
        ["2023-01-01", "2024-04-01", "2024-06-01", "2024-08-01", "2025-02-01", "2025-06-01", "2026-01-01"]
    {
        order(&mut bench, "cus_a", day, 1200, "cost=900");
    }
    order(&mut bench, "cus_b", "2026-01-01", 100, "cost=90");
    let header = "customer,first_order,orders,historic,aov,orders_per_year,margin_pct,churn,predicted";
    let a = "cus_a,2023-01-01,6,2100.00,1200.00,3,0.25,0.3";
    let found = bench.run("clv", "churn=30");
    assert_eq!(
        found,
        format!("{header}\n{a},2475.00\ncus_b,2026-01-01,1,10.00,100.00,5.289855,0.1,0.3,"),
        "one has under a year of history"
    );
    assert!(bench.run("clv", "churn=30 discount=0").contains(&format!("{a},3000.00")));
    let own = bench.run("clv", "");
    assert!(own.contains("0.25,0,9900.00"), "of its level nobody was lost in 2025: {own}");
    assert!(bench.run("clv", "discount=0").contains("0.25,0,\n"), "without churn and rate it is without end");
}

#[test]
fn the_summary_for_models_counts_days_not_orders() {
    let mut bench = customers("cus_a cus_b");
    for (day, price) in [("2026-01-01", 10), ("2026-01-31", 20), ("2026-01-31", 5), ("2026-02-10", 30)] {
        order(&mut bench, "cus_a", day, price, "");
    }
    order(&mut bench, "cus_b", "2026-03-01", 7, "");
    assert_eq!(
        bench.run("btyd", ""),
        "customer,frequency,recency,T,monetary\ncus_a,2,40,68,27.50\ncus_b,0,0,9,0.00"
    );
    assert!(bench.run("btyd", "window=60d").contains("cus_a,1,10,38,30.00"));
}

#[test]
fn customers_are_counted_where_they_are_not_where_they_buy() {
    let mut bench = customers("cus_a cus_b");
    bench.add("customer", "cus_c", "archived=true region=north");
    bench.add("customer", "cus_d", "region=south created_at=2024-01-01T09:00:00+08:00");
    bench.add("customer", "cus_e", "created_at=2024-01-01T09:00:00+08:00");
    order(&mut bench, "cus_a", "2026-01-10", 30, "");
    order(&mut bench, "cus_d", "2025-01-10", 30, "");
    let header = "customers,active,with_revenue,share,revenue,revenue_share,mean_revenue";
    assert_eq!(
        bench.run("customer-distribution", "total=true"),
        format!(
            "region,{header}\nnorth,2,1,1,0.5,30.00,1,30.00\nsouth,1,0,0,0.25,0.00,0,\n,1,0,0,0.25,0.00,0,\n\
             ,4,1,1,1,30.00,1,30.00"
        )
    );
    assert_eq!(
        bench.run("customer-distribution", "by=life period=2025"),
        format!("life,{header}\nprospect,3,0,0,0.75,0.00,0,\ndormant,1,0,1,0.25,30.00,1,30.00")
    );
}
