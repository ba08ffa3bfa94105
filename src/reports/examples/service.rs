//! `service`, `sla`, `satisfaction`, `complaints`, `response-time`, `activity`.

use super::Bench;

/// A store with a promise of 4 hours to answer and 16 hours to resolve; every minute counts.
fn promised() -> Bench {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "region=north");
    bench.add("sla", "sla_a", "name=Usual");
    bench.rows("priorities", "priority=normal response=4h resolution=16h");
    bench
}

fn ticket(bench: &mut Bench, id: &str, created: &str, more: &str) {
    let usual = "kind=complaint subject=S customer=cus_a priority=normal";
    bench.add("ticket", id, &format!("number={id} {usual} created_at={created}+08:00 {more}"));
}

fn answer(bench: &mut Bench, target: &str, at: &str) {
    let text = format!("target={target} done_at={at}+08:00 due=2026-03-01 internal=false");
    bench.add("followup", &format!("fup_{target}_{at}"), &text);
}

#[test]
fn the_backlog_is_what_came_less_what_went() {
    let mut bench = promised();
    ticket(&mut bench, "tic_old", "2026-02-01T09:00:00", "status=resolved cost=12.50");
    bench.moved("2026-02-02", "new", "open").moved("2026-03-02", "open", "resolved");
    ticket(&mut bench, "tic_again", "2026-02-01T09:00:00", "status=open");
    bench.moved("2026-02-03", "new", "resolved").moved("2026-03-03", "resolved", "open");
    ticket(&mut bench, "tic_new", "2026-03-04T09:00:00", "status=new");
    ticket(&mut bench, "tic_bad", "2026-03-05T09:00:00", "status=rejected");
    bench.moved("2026-03-06", "new", "rejected");
    answer(&mut bench, "tic_old", "2026-02-01T10:30:00");
    answer(&mut bench, "tic_again", "2026-03-01T10:00:00");
    let header = "kind,opened,resolved,rejected,reopened,backlog_start,backlog_end,overdue,response_median,\
                  response_p90,resolution_median,resolution_p90,reopen_rate,first_contact,cost";
    // From 1 February nine o'clock to 2 March nine o'clock are 29 days.
    assert_eq!(
        bench.run("service", ""),
        format!("{header}\ncomplaint,2,1,1,1,1,2,0,40380,40380,41760,41760,1,1,12.50")
    );
    assert_eq!(
        bench.run("service", "by=month period=2026Q1"),
        format!(
            "{}\n2026-02,2,1,0,0,0,1,0,90,90,2880,2880,0,0,\n2026-03,2,1,1,1,1,2,0,40380,40380,41760,41760,1,1,12.50",
            header.replace("kind", "month")
        ),
        "each month begins with what the one before left"
    );
    let weeks = bench.run("service", "by=month,week period=2026Q1");
    assert!(weeks.contains("2026-02,2026W05,") && weeks.contains("2026-03,2026W10,"), "each unit: {weeks}");
}

#[test]
fn open_and_past_due_is_failed_and_on_hold_is_neither() {
    let mut bench = promised();
    let mut met = |at: usize| {
        let id = format!("tic_met_{at}");
        ticket(&mut bench, &id, "2026-03-01T09:00:00", "status=resolved sla=sla_a");
        bench.changed_at("2026-03-01T20:00:00+08:00", None, "new", "resolved");
        answer(&mut bench, &id, "2026-03-01T10:00:00");
    };
    (0..6).for_each(&mut met);
    ticket(&mut bench, "tic_late", "2026-03-01T09:00:00", "status=resolved sla=sla_a");
    bench.moved("2026-03-03", "new", "resolved");
    for id in ["tic_due_1", "tic_due_2"] {
        ticket(&mut bench, id, "2026-03-01T09:00:00", "status=open sla=sla_a");
        answer(&mut bench, id, "2026-03-01T10:00:00");
    }
    ticket(&mut bench, "tic_held", "2026-03-01T09:00:00", "status=pending sla=sla_a");
    bench.changed_at("2026-03-01T21:00:00+08:00", None, "new", "pending");
    ticket(&mut bench, "tic_none", "2026-03-01T09:00:00", "status=open");
    ticket(&mut bench, "tic_rejected", "2026-03-01T09:00:00", "status=rejected sla=sla_a");
    let found = bench.run("sla", "");
    assert_eq!(
        found,
        "priority,response_met,response_failed,response_waiting,resolution_met,resolution_failed,\
         resolution_waiting,response_attainment,resolution_attainment\nnormal,8,2,0,6,3,1,0.8,0.666667"
    );
}

#[test]
fn holding_stops_the_clock_of_the_resolution_alone() {
    let mut bench = promised();
    ticket(&mut bench, "tic_a", "2026-03-01T09:00:00", "status=resolved sla=sla_a");
    // 12 hours, then 24 on hold, then 3: 15 of 16 hours.
    bench.changed_at("2026-03-01T21:00:00+08:00", None, "new", "pending");
    bench.changed_at("2026-03-02T21:00:00+08:00", None, "pending", "open");
    bench.changed_at("2026-03-03T00:00:00+08:00", None, "open", "resolved");
    let met = bench.run("sla", "");
    assert!(met.ends_with("normal,0,1,0,1,0,0,0,1"), "never answered, resolved in time: {met}");
    let held = bench.run("sla", "as-of=2026-03-01");
    assert!(held.ends_with("normal,0,1,0,0,0,1,0,"), "on that evening it waits: {held}");
}

#[test]
fn promoters_less_detractors() {
    let mut bench = promised();
    bench.add("product", "prd_a", "category=pump");
    let scores = [9, 9, 10, 10, 9, 7, 8, 8, 0, 6];
    for (at, score) in scores.iter().enumerate() {
        let text = format!(
            "from=cus_a about=product kind=rating date=2026-02-01 scale=nps score={score} product=prd_a"
        );
        bench.add("feedback", &format!("fbk_{at}"), &text);
    }
    bench.add("feedback", "fbk_c", "from=cus_a about=service kind=rating date=2026-03-01 scale=csat score=3");
    ticket(&mut bench, "tic_a", "2026-03-01T09:00:00", "status=resolved rating=5");
    bench.moved("2026-03-03", "new", "resolved");
    ticket(&mut bench, "tic_b", "2026-03-01T09:00:00", "status=resolved");
    bench.moved("2026-03-03", "new", "resolved");
    assert_eq!(
        bench.run("satisfaction", "total=true"),
        "month,csat_n,resolved,nps_n,promoters,passives,detractors,csat_mean,nps,csat_top,rating_rate\n\
         2026-02,0,0,10,5,3,2,,30,,\n2026-03,2,2,0,0,0,0,4,,0.5,0.5\n,2,2,10,5,3,2,4,30,0.5,0.5"
    );
    let about = bench.run("satisfaction", "by=about");
    assert!(about.contains("service,2,2,0") && about.contains("product,0,0,10"), "{about}");
}

#[test]
fn complaints_stand_beside_what_was_shipped() {
    let mut bench = promised();
    bench.add("product", "prd_a", "");
    bench.add("product", "prd_b", "");
    bench.add("order", "ord_a", "date=2026-01-30");
    bench.rows("lines", "id=a name=A product=prd_a qty=500 price=1 list_price=1 tax_rate=0");
    bench.add("shipment", "shp_a", "order=ord_a date=2026-02-01");
    bench.rows("lines", "id=a order_line=a product=prd_a qty=500");
    ticket(&mut bench, "tic_a", "2026-03-01T09:00:00", "status=resolved product=prd_a cost=100 cause=wear");
    bench.moved("2026-03-02", "new", "resolved");
    ticket(&mut bench, "tic_b", "2026-03-01T09:00:00", "status=open product=prd_a");
    ticket(&mut bench, "tic_c", "2026-03-01T09:00:00", "status=open product=prd_b");
    ticket(&mut bench, "tic_d", "2026-03-01T09:00:00", "status=open product=prd_b kind=question");
    let header = "complaints,open,share,units_shipped,per_1000,median_resolution,cost";
    assert_eq!(
        bench.run("complaints", ""),
        format!("product,{header}\nprd_a,2,1,0.666667,500,4,1440,100.00\nprd_b,1,1,0.333333,0,,,")
    );
    let all = bench.run("complaints", "kinds=complaint,question by=cause");
    assert_eq!(all, format!("cause,{header}\n,3,3,0.75,500,6,,\nwear,1,0,0.25,0,,1440,100.00"));
}

#[test]
fn an_unanswered_lead_is_late_once_it_is_due() {
    let mut bench = Bench::new();
    let mut lead = |id: &str, created: &str, answered: Option<&str>| {
        bench.add("lead", id, &format!("owner=li.na created_at={created}+08:00"));
        if let Some(at) = answered {
            bench.add(
                "followup",
                &format!("fup_{id}"),
                &format!("target={id} done_at={at}+08:00 due=2026-03-01 internal=false"),
            );
        }
    };
    // Two hours are allowed; it is ten o'clock on 10 March.
    for at in 0..6 {
        lead(&format!("lea_{at}"), "2026-03-02T09:00:00", Some("2026-03-02T10:00:00"));
    }
    lead("lea_late", "2026-03-02T09:00:00", Some("2026-03-02T11:01:00"));
    lead("lea_open_1", "2026-03-02T09:00:00", None);
    lead("lea_open_2", "2026-03-10T07:59:00", None);
    lead("lea_fresh", "2026-03-10T09:00:00", None);
    assert_eq!(
        bench.run("response-time", "total=true"),
        "owner,n,within,late,waiting,rate,median,p90\nli.na,10,6,3,1,0.666667,60,84.4\n,10,6,3,1,0.666667,60,84.4"
    );
    assert_eq!(bench.run("response-time", "period=2025"), "owner,n,within,late,waiting,rate,median,p90");
}

#[test]
fn who_did_what_and_what_was_left() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "");
    bench.add("customer", "cus_b", "");
    let mut followup = |id: &str, text: &str| {
        bench.add("followup", id, &format!("{text} created_at=2026-02-01T09:00:00+08:00"));
    };
    let done = "status=done done_at=2026-03-03T10:00:00+08:00";
    followup(
        "fup_a",
        &format!("target=cus_a kind=call outcome=connected due=2026-03-03 duration_min=10 {done}"),
    );
    followup(
        "fup_b",
        &format!("target=cus_a kind=call outcome=no_answer due=2026-03-02 duration_min=1 {done}"),
    );
    followup("fup_c", &format!("target=cus_b kind=visit due=2026-03-04 duration_min=60 {done}"));
    followup("fup_d", &format!("target=cus_b kind=note duration_min=5 {done}"));
    followup("fup_e", "target=cus_b kind=call status=planned due=2026-03-09");
    followup("fup_f", "target=cus_b kind=call status=planned due=2026-03-10");
    followup("fup_g", "target=cus_b kind=call status=missed due=2026-03-05");
    followup("fup_h", "target=cus_b kind=call status=cancelled due=2026-03-05");
    followup("fup_i", "target=cus_b kind=call status=planned due=2026-04-05");
    let header = "planned,done,on_time,missed,cancelled,overdue,calls,connected,visits,meetings,demos,messages,\
                  customers,connected_rate,minutes";
    assert_eq!(bench.run("activity", ""), format!("owner,{header}\nli.na,7,4,2,1,1,1,2,1,1,0,0,0,2,0.5,76"));
    assert_eq!(
        bench.run("activity", "by=kind as-of=2026-03-03 where=kind=call"),
        format!("kind,{header}\ncall,6,2,1,1,1,0,2,1,0,0,0,0,1,0.5,11")
    );
}
