//! `sales-change`, `velocity`, `bottleneck`, `competitors`, `campaign-roi`, `lead-score`,
//! `forecast-accuracy`.

use super::Bench;

fn line(bench: &mut Bench, id: &str, day: &str, product: &str, qty: i64, price: i64) {
    bench.add("order", id, &format!("number={id} date={day}"));
    bench.rows(
        "lines",
        &format!("id=a name=A product={product} qty={qty} price={price} list_price={price} tax_rate=0"),
    );
}

#[test]
fn a_change_is_that_of_quantities_and_that_of_prices() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "region=north");
    for product in ["prd_a", "prd_b", "prd_c"] {
        bench.add("product", product, "category=pump");
    }
    line(&mut bench, "ord_1", "2026-01-05", "prd_a", 100, 10);
    line(&mut bench, "ord_2", "2026-02-05", "prd_a", 120, 9);
    line(&mut bench, "ord_3", "2026-01-06", "prd_b", 1, 50);
    line(&mut bench, "ord_4", "2026-02-06", "prd_c", 2, 15);
    let header = "net,prev_net,change,volume_effect,price_effect,share_of_change,status";
    assert_eq!(
        bench.run("sales-change", "period=2026-02 total=true"),
        format!(
            "product,{header}\nprd_a,1080.00,1000.00,80.00,200.00,-120.00,1.333333,kept\n\
             prd_b,0.00,50.00,-50.00,,,-0.833333,lost\nprd_c,30.00,0.00,30.00,,,0.5,new\n\
             ,1110.00,1050.00,60.00,200.00,-120.00,1,"
        )
    );
    assert_eq!(
        bench.run("sales-change", "period=2026-02 by=category"),
        format!("category,{header}\npump,1110.00,1050.00,60.00,200.00,-120.00,1,kept"),
        "other dimensions add up their products"
    );
    let year = bench.run("sales-change", "period=2026-02 compare=yoy");
    assert!(year.contains("prd_a,1080.00,0.00,1080.00,,,0.972973,new"), "{year}");
    assert!(bench.ask("sales-change", "compare=sometimes").is_err());
}

#[test]
fn the_pipeline_earns_what_is_open_times_chance_and_worth_over_time() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    for at in 0..20 {
        bench.add("opportunity", &format!("opp_open_{at}"), "created_at=2026-01-01T09:00:00+08:00");
    }
    bench.add("opportunity", "opp_won", "stage=won amount=50000 created_at=2026-01-01T09:00:00+08:00");
    bench.moved("2026-02-10", "first", "won");
    for at in 0..3 {
        bench.add(
            "opportunity",
            &format!("opp_lost_{at}"),
            "stage=lost created_at=2026-01-01T09:00:00+08:00",
        );
        bench.moved("2026-02-10", "first", "lost");
    }
    let header = "open_n,mean_won,win_rate,median_cycle,velocity";
    assert_eq!(
        bench.run("velocity", "total=true"),
        format!("owner,{header}\nli.na,20,50000.00,0.25,40,6250.00\n,20,50000.00,0.25,40,6250.00")
    );
    assert_eq!(
        bench.run("velocity", "as-of=2026-02-09 by="),
        format!("{header}\n24,,,,"),
        "nothing was closed yet: nothing is divided"
    );
}

#[test]
fn a_step_is_compared_with_what_it_used_to_be() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    let mut deal = |id: &str, created: &str, moves: &[(&str, &str, &str)]| {
        let stage = moves.last().map_or("first", |(_, _, to)| to);
        bench.add("opportunity", id, &format!("stage={stage} created_at={created}T09:00:00+08:00"));
        for (day, from, to) in moves {
            bench.moved(day, from, to);
        }
    };
    // Before: 2 of 2 reached the second stage. Now: 1 of 2.
    deal("opp_a", "2025-06-01", &[("2025-06-03", "first", "second"), ("2025-06-10", "second", "won")]);
    deal("opp_b", "2025-07-01", &[("2025-07-05", "first", "second"), ("2025-07-06", "second", "lost")]);
    deal("opp_c", "2026-03-01", &[("2026-03-09", "first", "second")]);
    deal("opp_d", "2026-03-02", &[]);
    assert_eq!(
        bench.run("bottleneck", ""),
        "step,reached,rate,usual,drop,few,median_days,usual_days
\
         second,1,0.5,1,0.5,true,8,3
third,0,0,0.5,0.5,true,,4
won,0,,1,,true,,"
    );
}

#[test]
fn who_names_two_rivals_counts_for_both() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    for rival in ["com_a", "com_b", "com_c"] {
        bench.add("competitor", rival, "");
    }
    let born = "created_at=2026-01-01T09:00:00+08:00";
    bench.add("opportunity", "opp_a", &format!("stage=won amount=10 {born}"));
    bench.rows("competitors", "competitor=com_a").rows("competitors", "competitor=com_b");
    bench.moved("2026-02-01", "first", "won");
    bench.add("opportunity", "opp_b", &format!("stage=lost amount=20 lost_to=com_b {born}"));
    bench.moved("2026-02-01", "first", "lost");
    bench.add("opportunity", "opp_c", &format!("amount=40 {born}"));
    bench.rows("competitors", "competitor=com_a");
    bench.add("market_note", "mkt_a", "date=2026-02-02 kind=competitor text=Hm competitor=com_b");
    assert_eq!(
        bench.run("competitors", ""),
        "competitor,named,won,lost,lost_to,open,notes,win_rate,lost_to_amount,open_amount\n\
         com_a,2,1,0,0,1,0,1,0.00,40.00\ncom_b,2,1,1,1,0,1,0.5,20.00,0.00"
    );
}

#[test]
fn a_campaign_returns_its_margin_less_its_cost() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    bench.add("campaign", "cam_a", "currency=CNY").rows("costs", "id=a date=2026-01-02 amount=20000");
    bench.add("campaign", "cam_b", "currency=CNY");
    bench.add("campaign", "cam_c", "currency=CNY");
    for at in 0..80 {
        let text = "campaign=cam_a last_campaign=cam_b created_at=2026-01-03T09:00:00+08:00";
        bench.add("lead", &format!("lea_{at:02}"), text);
    }
    bench.add("opportunity", "opp_a", "campaign=cam_a lead=lea_00 created_at=2026-01-04T09:00:00+08:00");
    bench.add("order", "ord_a", "date=2026-01-30 campaign=cam_a opportunity=opp_a");
    bench.rows("lines", "id=a name=A qty=1 price=50000 list_price=50000 tax_rate=0 cost=18000");
    bench.rows("lines", "id=b name=B qty=1 price=700 list_price=700 tax_rate=0");
    let header = "campaign,sent,leads,opps,orders,new_customers,revenue,margin,cost,uncosted_net,\
                  cost_per_lead,cost_per_order,roi";
    assert_eq!(
        bench.run("campaign-roi", ""),
        format!("{header}\ncam_a,0,80,1,1,1,50700.00,32000.00,20000.00,700.00,250.00,20000.00,0.6")
    );
    assert_eq!(
        bench.run("campaign-roi", "touch=last"),
        format!(
            "{header}\ncam_b,0,80,1,1,1,50700.00,32000.00,,700.00,,,\n\
             cam_a,0,0,0,0,0,0.00,0.00,20000.00,0.00,,,-1"
        )
    );
    let february = bench.run("campaign-roi", "period=2026-02");
    assert_eq!(february, header, "facts and costs are those of the period");
}

#[test]
fn closed_leads_teach_whom_to_call_first() {
    let mut bench = Bench::new();
    bench.add("region", "north", "");
    let mut closed = |count: usize, source: &str, status: &str| {
        for at in 0..count {
            let text = format!(
                "status={status} source={source} closed_on=2026-02-01 phone=1 created_at=2026-01-01T09:00:00+08:00"
            );
            bench.add("lead", &format!("lea_{status}_{source}_{at}"), &text);
            bench.moved("2026-02-01", "new", status);
        }
    };
    closed(10, "referral", "converted");
    closed(10, "website", "converted");
    closed(10, "referral", "lost");
    closed(40, "website", "lost");
    closed(20, "exhibition", "lost");
    closed(10, "phone", "lost");
    bench.add("lead", "lea_new", "source=referral phone=1 owner=li.na created_at=2026-03-01T09:00:00+08:00");
    assert_eq!(
        bench.run("lead-score", "model=bayes"),
        "lead,owner,score,reasons\nlea_new,li.na,49.62963,source=referral x3.94, campaign= x1.00, email=0 x1.00"
    );
    let few = bench.run("lead-score", "model=bayes train=5d");
    assert_eq!(few, "lead,owner,score,reasons\nlea_new,li.na,,", "from nothing nothing is learnt");
}

#[test]
fn rules_give_points_with_their_reasons() {
    let mut bench = Bench::new();
    bench.add("score_rule", "scr_a", "name=Referred enabled=true points=30 order=1 when=\"source=referral\"");
    bench.add("score_rule", "scr_b", "name=Phone enabled=true points=10 order=2 when=\"phone!=\"");
    bench.add("lead", "lea_a", "source=referral phone=1 created_at=2026-03-01T09:00:00+08:00");
    bench.add("lead", "lea_b", "source=website phone=1 created_at=2026-03-01T09:00:00+08:00");
    assert_eq!(
        bench.run("lead-score", ""),
        "lead,owner,score,reasons\nlea_a,,40,Referred +30, Phone +10\nlea_b,,10,Phone +10"
    );
}

#[test]
fn forecasts_are_replayed_as_they_stood_before_the_month() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    let born = "created_at=2025-11-01T09:00:00+08:00";
    // January: 100,000 forecast (200,000 at 50 %), 80,000 won. The amount was changed afterwards.
    bench.add("opportunity", "opp_a", &format!("stage=won amount=80000 close_date=2026-02-20 {born}"));
    bench.moved("2025-12-01", "first", "second");
    bench.changed("2026-01-10", Some("amount"), "200000", "80000");
    bench.changed("2026-01-11", Some("close_date"), "2026-01-15", "2026-02-20");
    bench.moved("2026-01-20", "second", "won");
    // February: 50,000 forecast (500,000 at 10 %), 70,000 won of another.
    bench.add("opportunity", "opp_b", &format!("stage=first amount=500000 close_date=2026-02-15 {born}"));
    bench.add("opportunity", "opp_c", &format!("stage=won amount=70000 close_date=2026-03-15 {born}"));
    bench.moved("2026-02-20", "first", "won");
    bench.add("opportunity", "opp_d", &format!("amount=999 forecast=omitted close_date=2026-02-15 {born}"));
    let header = "month,forecast,actual,error,error_pct,bias,wape";
    assert_eq!(
        bench.run("forecast-accuracy", "period=2026Q1 total=true"),
        format!(
            "{header}\n2026-01,100000.00,80000.00,20000.00,0.25,,\n\
             2026-02,50000.00,70000.00,-20000.00,-0.285714,,\n,150000.00,150000.00,0.00,0,0,0.266667"
        )
    );
    let earlier = bench.run("forecast-accuracy", "period=2026-01 lead-months=1");
    assert_eq!(earlier, format!("{header}\n2026-01,20000.00,80000.00,-60000.00,-0.75,,"), "then at 10 %");
}
