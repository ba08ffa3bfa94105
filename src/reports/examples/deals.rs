//! `pipeline`, `funnel`, `win-rate`, `lost-reasons`, `stale`.

use super::Bench;

/// A 1→2→3→won, B 1→2→1→lost, C 1→lost, D 1→3 open, all made on New Year.
fn four_ways() -> Bench {
    let mut bench = Bench::new();
    bench.add("opportunity", "opp_a", "stage=won closed_on=2026-01-05 amount=400");
    bench.moved("2026-01-02", "first", "second").moved("2026-01-03", "second", "third");
    bench.moved("2026-01-05", "third", "won");
    bench.add(
        "opportunity",
        "opp_b",
        "stage=lost closed_on=2026-01-06 amount=100 lost_reason=price lost_to=com_x",
    );
    bench.moved("2026-01-02", "first", "second").moved("2026-01-03", "second", "first");
    bench.moved("2026-01-06", "first", "lost");
    bench.add("opportunity", "opp_c", "stage=lost closed_on=2026-02-06 amount=300 owner=zhao.min");
    bench.moved("2026-02-06", "first", "lost");
    bench.add("opportunity", "opp_d", "stage=third amount=200 close_date=2026-03-01");
    bench.moved("2026-01-20", "first", "third");
    bench.add("competitor", "com_x", "");
    bench
}

#[test]
fn a_funnel_counts_everyone_once_up_to_their_furthest_stage() {
    assert_eq!(
        four_ways().run("funnel", "value=true"),
        "stage,reached,lost_here,open_here,step_rate,from_start,value\n\
         first,4,1,0,,1,1000.00\n\
         second,3,1,0,0.75,0.75,700.00\n\
         third,2,0,1,0.666667,0.5,600.00\n\
         won,1,0,0,0.5,0.25,400.00"
    );
}

#[test]
fn a_funnel_by_owner_begins_anew_for_each() {
    assert_eq!(
        four_ways().run("funnel", "by=owner where=stage=first"),
        "owner,stage,reached,lost_here,open_here,step_rate,from_start\n\
         li.na,first,3,0,0,,1\n\
         zhao.min,first,1,1,0,,1"
    );
}

#[test]
fn a_funnel_as_of_an_earlier_day_knows_nothing_of_later_moves() {
    let found = four_ways().run("funnel", "as-of=2026-01-03");
    assert_eq!(
        found,
        "stage,reached,lost_here,open_here,step_rate,from_start\n\
         first,4,0,2,,1\n\
         second,2,0,1,0.5,0.5\n\
         third,1,0,1,0.5,0.25\n\
         won,0,0,0,0,0"
    );
}

#[test]
fn closed_and_created_cohorts_have_rates_of_their_own() {
    let bench = four_ways();
    let header = "owner,opps,won,lost,open,win_rate,won_of_all,value_rate,won_amount,lost_amount";
    assert_eq!(
        bench.run("win-rate", "total=true"),
        format!(
            "{header}\nli.na,2,1,1,0,0.5,0.5,0.8,400.00,100.00\n\
             zhao.min,1,0,1,0,0,0,0,0.00,300.00\n\
             ,3,1,2,0,0.333333,0.333333,0.5,400.00,400.00"
        )
    );
    assert_eq!(
        bench.run("win-rate", "cohort=created where=owner=li.na"),
        format!("{header}\nli.na,3,1,1,1,0.5,0.333333,0.8,400.00,100.00")
    );
    assert_eq!(
        bench.run("win-rate", "cohort=created as-of=2026-01-01 where=owner=li.na"),
        format!("{header}\nli.na,3,0,0,3,,0,,0.00,0.00")
    );
}

#[test]
fn ten_created_with_three_won_and_two_lost_are_six_in_ten_and_three_in_ten() {
    let mut bench = Bench::new();
    for at in 0..10 {
        let stage = ["won", "won", "won", "lost", "lost"].get(at).copied().unwrap_or("first");
        let closed = if stage == "first" { "" } else { " closed_on=2026-01-03" };
        bench.add("opportunity", &format!("opp_{at}"), &format!("stage={stage}{closed}"));
        if stage != "first" {
            bench.moved("2026-01-03", "first", stage);
        }
    }
    let found = bench.run("win-rate", "cohort=created by=month");
    assert!(found.ends_with("2026-01,10,3,2,5,0.6,0.3,0.6,3000.00,2000.00"), "{found}");
}

#[test]
fn an_owner_with_a_share_has_the_deal_in_count_and_the_share_in_money() {
    let mut bench = Bench::new();
    bench.add("opportunity", "opp_a", "stage=won closed_on=2026-01-03 amount=100.01");
    bench.rows("credits", "user=li.na pct=50").rows("credits", "user=zhao.min pct=50");
    bench.moved("2026-01-03", "first", "won");
    let found = bench.run("win-rate", "total=true");
    let cells: Vec<Vec<&str>> = found.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told: Vec<[&str; 3]> = cells.iter().map(|row| [row[0], row[1], row[8]]).collect();
    assert_eq!(told, [["li.na", "1", "50.01"], ["zhao.min", "1", "50.00"], ["", "1", "100.01"]]);
}

#[test]
fn a_pipeline_shows_every_stage_in_order_and_what_is_neglected() {
    let mut bench = four_ways();
    bench.add("opportunity", "opp_e", "stage=first amount=100.05 close_date=2026-04-01");
    bench.add("followup", "fup_a", "target=opp_e status=planned due=2026-03-12");
    bench.add("followup", "fup_b", "target=opp_e status=done done_at=2026-03-09T10:00:00+08:00");
    assert_eq!(
        bench.run("pipeline", "total=true"),
        "stage,n,overdue,no_next,rotten,amount,weighted,mean_age,oldest\n\
         first,1,0,0,0,100.05,10.01,68,68\n\
         second,0,0,0,0,0.00,0.00,,\n\
         third,1,1,1,1,200.00,150.00,49,49\n\
         ,2,1,1,1,300.05,160.01,58.5,68"
    );
    assert_eq!(
        bench.run("pipeline", "as-of=2026-01-02 where=amount>100 by=stage"),
        "stage,n,overdue,no_next,rotten,amount,weighted,mean_age,oldest\n\
         first,3,0,2,2,600.05,60.01,1,1\n\
         second,2,0,2,2,500.00,250.00,0,0"
    );
}

#[test]
fn reasons_have_their_share_and_the_rival_that_won_most() {
    assert_eq!(
        four_ways().run("lost-reasons", "total=true"),
        "reason,n,amount,share_n,share_amount,top_competitor\n\
         price,1,100.00,0.5,0.25,com_x\n\
         ,1,300.00,0.5,0.75,\n\
         ,2,400.00,1,1,com_x"
    );
    assert_eq!(
        four_ways().run("lost-reasons", "as-of=2026-01-31 by=owner"),
        "owner,n,amount,share_n,share_amount,top_competitor\nli.na,1,100.00,1,1,com_x"
    );
}

#[test]
fn what_is_neglected_says_why_the_largest_first() {
    let mut bench = four_ways();
    bench.add("opportunity", "opp_e", "stage=first amount=900 close_date=2026-04-01");
    bench.add("followup", "fup_a", "target=opp_e status=planned due=2026-03-12");
    bench.add("followup", "fup_b", "target=opp_e status=done done_at=2026-02-20T10:00:00+08:00");
    let header = "record,customer,owner,stage,amount,days_in_stage,days_since_touch,close_date,reasons";
    assert_eq!(
        bench.run("stale", ""),
        format!(
            "{header}\nopp_e,cus_a,li.na,first,900.00,68,18,2026-04-01,no_touch\n\
             opp_d,cus_a,li.na,third,200.00,49,,2026-03-01,no_touch;close_date_past;no_next_step"
        )
    );
    assert_eq!(bench.run("stale", "days=100 where=owner=zhao.min"), header);
    let at_18 = bench.run("stale", "days=18 limit=1");
    assert!(at_18.contains("opp_d") && !at_18.contains("opp_e"), "{at_18}");
}

#[test]
fn a_lead_is_neglected_after_a_week() {
    let mut bench = Bench::new();
    bench.add("lead", "lea_a", "budget=50 created_at=2026-03-03T09:00:00+08:00");
    bench.add("lead", "lea_b", "created_at=2026-03-02T09:00:00+08:00");
    for lead in ["lea_a", "lea_b"] {
        bench.add(
            "followup",
            &format!("fup_{lead}"),
            &format!("target={lead} status=planned due=2026-03-12"),
        );
    }
    let found = bench.run("stale", "type=lead");
    assert!(found.contains("lea_b,,,new,,8,,,no_touch") && !found.contains("lea_a"), "{found}");
}

#[test]
fn regions_include_what_lies_below_where_that_is_asked() {
    let mut bench = Bench::new();
    bench.add("region", "south", "").add("region", "shenzhen", "parent=south").add("region", "north", "");
    for (id, region) in [("opp_a", "south"), ("opp_b", "shenzhen"), ("opp_c", "north")] {
        bench.add("opportunity", id, &format!("region={region} stage=won closed_on=2026-01-03"));
        bench.moved("2026-01-03", "first", "won");
    }
    let counts = |line: &str| {
        let found = bench.run("win-rate", line);
        let rows = found.lines().skip(1).map(|row| row.splitn(3, ',').take(2).collect::<Vec<_>>().join(" "));
        rows.collect::<Vec<_>>().join("|")
    };
    assert_eq!(counts("by=region"), "north 1|shenzhen 1|south 1");
    assert_eq!(counts("by=region roll-up=true total=true"), "north 1|shenzhen 1|south 2| 3");
    assert_eq!(counts("by=owner where=region=south"), "li.na 1");
    assert_eq!(counts("by=owner where=region=south,shenzhen roll-up=true"), "li.na 2");
}

#[test]
fn a_rate_is_compared_with_the_period_before_and_nothing_stays_nothing() {
    let mut bench = four_ways();
    bench.add("opportunity", "opp_f", "stage=won closed_on=2026-02-07 owner=zhao.min");
    bench.moved("2026-02-07", "first", "won");
    let found = bench.run("win-rate", "period=2026-02 compare=previous total=true");
    let tails: Vec<String> =
        found.lines().map(|line| line.split(',').skip(10).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(tails, ["prev_win_rate,change,change_pct", ",,", "0.5,,", "0.5,0.0,0"]);
}

#[test]
fn what_a_report_does_not_know_is_refused() {
    let bench = Bench::new();
    for (report, line, id) in [
        ("win-rate", "by=product", "unknown-dimension"),
        ("win-rate", "where=frob=1", "unknown-dimension"),
        ("win-rate", "cohort=open", "bad-code"),
        ("stale", "days=soon", "bad-int"),
        ("pipeline", "period=frob", "bad-date"),
        ("sales", "by=product basis=payment", "dimension-not-of-payments"),
    ] {
        let problem = bench.ask(report, line).expect_err(line);
        assert_eq!(problem.id, id, "{report} {line}");
    }
}
