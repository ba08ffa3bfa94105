//! `forecast`, `lead-conversion`, `sales-cycle`.

use super::Bench;

fn five_deals() -> Bench {
    let mut bench = Bench::new();
    bench.add("opportunity", "opp_a", "stage=second amount=100000 close_date=2026-03-28");
    bench.add("opportunity", "opp_b", "stage=third amount=80000 close_date=2026-04-05 forecast=commit");
    bench.add("opportunity", "opp_c", "stage=second amount=50000 close_date=2026-02-20");
    bench.add(
        "opportunity",
        "opp_d",
        "stage=won amount=60000 closed_on=2026-03-02 created_at=2026-02-02T09:00:00+08:00",
    );
    bench.moved("2026-03-02", "third", "won");
    bench.add("opportunity", "opp_e", "stage=lost amount=90000 closed_on=2026-03-03");
    bench.moved("2026-03-03", "third", "lost");
    bench.add("opportunity", "opp_f", "stage=third amount=70000 close_date=2026-03-20 forecast=omitted");
    bench
}

#[test]
fn a_forecast_adds_what_is_won_to_what_is_likely_and_leaves_the_overdue_out() {
    assert_eq!(
        five_deals().run("forecast", "from=2026-03-01 to=2026-04-30 total=true"),
        "month,n,won,commit,best_case,pipeline,weighted,total\n\
         2026-03,2,60000.00,0.00,0.00,100000.00,50000.00,110000.00\n\
         2026-04,1,0.00,80000.00,0.00,0.00,60000.00,60000.00\n\
         overdue,1,0.00,0.00,0.00,50000.00,25000.00,25000.00\n\
         ,3,60000.00,80000.00,0.00,100000.00,110000.00,170000.00"
    );
}

#[test]
fn a_forecast_by_owner_holds_no_overdue_ones() {
    assert_eq!(
        five_deals().run("forecast", "by=owner from=2026-03-01 to=2026-04-30"),
        "owner,n,won,commit,best_case,pipeline,weighted,total\n\
         li.na,3,60000.00,80000.00,0.00,100000.00,110000.00,170000.00"
    );
}

#[test]
fn a_forecast_of_an_earlier_day_takes_the_won_one_as_open() {
    let found = five_deals().run("forecast", "as-of=2026-03-01 from=2026-03-01 to=2026-12-31");
    assert!(!found.contains("60000.00,0.00,0.00,100000.00"), "{found}");
    assert!(
        found.contains("2026-12,2,0.00"),
        "won and lost then stood open for the end of the year: {found}"
    );
}

/// `(leads, months to conversion)` of a month, as many as told; none where nothing came of them.
fn leads(bench: &mut Bench, month: &str, count: usize, closed_on: Option<&str>) {
    for at in 0..count {
        let id = format!("lea_{month}_{}_{at}", closed_on.unwrap_or("open"));
        let created = format!("created_at={month}-10T09:00:00+08:00");
        match closed_on {
            Some(day) => {
                bench.add("lead", &id, &format!("{created} status=converted closed_on={day}"));
                bench.moved(day, "new", "converted");
            }
            None => {
                bench.add("lead", &id, &created);
            }
        }
    }
}

#[test]
fn cohorts_and_periods_of_conversion_have_rates_of_their_own() {
    let mut bench = Bench::new();
    leads(&mut bench, "2026-01", 80, None);
    leads(&mut bench, "2026-01", 12, Some("2026-01-20"));
    leads(&mut bench, "2026-01", 8, Some("2026-02-09"));
    leads(&mut bench, "2026-02", 74, None);
    leads(&mut bench, "2026-02", 6, Some("2026-02-20"));
    let header = "month,leads,converted,lost,open,conversions,rate,period_rate,median_days";
    assert_eq!(
        bench.run("lead-conversion", ""),
        format!("{header}\n2026-01,100,20,0,80,,0.2,,10\n2026-02,80,6,0,74,,0.075,,10")
    );
    assert_eq!(
        bench.run("lead-conversion", "mode=period"),
        format!("{header}\n2026-01,100,20,0,80,12,0.2,0.12,10\n2026-02,80,6,0,74,14,0.075,0.175,30")
    );
    let january = bench.run("lead-conversion", "as-of=2026-01-31 from=2026-01-01 to=2026-01-31");
    assert!(january.ends_with("2026-01,100,12,0,88,,0.12,,10"), "{january}");
}

#[test]
fn junk_is_lost_unless_it_is_left_out() {
    let mut bench = Bench::new();
    leads(&mut bench, "2026-01", 1, Some("2026-01-12"));
    bench.add("lead", "lea_j", "created_at=2026-01-10T09:00:00+08:00 status=junk closed_on=2026-01-11");
    let with = bench.run("lead-conversion", "");
    assert!(with.ends_with("2026-01,2,1,1,0,,0.5,,2"), "{with}");
    let without = bench.run("lead-conversion", "exclude=junk");
    assert!(without.ends_with("2026-01,1,1,0,0,,1,,2"), "{without}");
}

#[test]
fn a_sales_cycle_is_told_by_mean_and_percentiles() {
    let mut bench = Bench::new();
    bench.add("lead", "lea_a", "created_at=2025-12-31T09:00:00+08:00 status=converted closed_on=2026-01-01");
    let closed = ["2026-01-03", "2026-01-06", "2026-01-10", "2026-01-31", "2026-02-14"];
    for (at, day) in closed.iter().enumerate() {
        let lead = if at == 0 { " lead=lea_a" } else { "" };
        let text = format!("stage=won closed_on={day} created_at=2026-01-01T09:00:00+08:00{lead}");
        bench.add("opportunity", &format!("opp_{at}"), &text).moved(day, "third", "won");
    }
    bench.add("opportunity", "opp_x", "stage=won closed_on=2026-01-03 created_at=2026-01-04T09:00:00+08:00");
    bench.moved("2026-01-04", "third", "won");
    assert_eq!(
        bench.run("sales-cycle", ""),
        "owner,n,bad_dates,mean,median,p90,min,max\nli.na,5,1,18,9,38.4,2,44"
    );
    let of_leads = bench.run("sales-cycle", "start=lead");
    assert!(of_leads.ends_with("li.na,5,1,18.2,9,38.4,3,44"), "{of_leads}");
    assert_eq!(bench.run("sales-cycle", "outcome=lost").lines().count(), 1);
}

#[test]
fn stays_that_ended_and_those_that_run_are_told_apart() {
    let mut bench = Bench::new();
    bench.add("opportunity", "opp_a", "stage=second created_at=2026-01-01T09:00:00+08:00");
    bench.moved("2026-01-11", "first", "second");
    bench.add("opportunity", "opp_b", "stage=won closed_on=2026-02-02 created_at=2026-01-01T09:00:00+08:00");
    bench.moved("2026-01-03", "first", "second").moved("2026-01-31", "second", "first");
    bench.moved("2026-02-02", "first", "won");
    bench.add("opportunity", "opp_c", "stage=first created_at=2026-03-08T09:00:00+08:00");
    // Ended in `first`: 10, 2 and 2 days; in `second`: 28. As of 10 March A is in `second` for 58 days.
    assert_eq!(
        bench.run("stage-time", ""),
        "stage,stays,open_n,mean,median,p90,open_median_age\n\
         first,3,1,4.67,2,8.4,2\n\
         second,1,1,28,28,28,58"
    );
    let february = bench.run("stage-time", "from=2026-02-01 to=2026-02-28");
    assert!(february.contains("first,1,1,2,2,2,2\nsecond,0,1,,,,58"), "{february}");
}
