//! `dashboard`: each figure is that of the report named.

use super::Bench;

fn store() -> Bench {
    let mut bench = Bench::new();
    bench.add("user", "li.na", "team=east").add("user", "wang.wei", "team=west");
    bench.add("customer", "cus_a", "owner=li.na").add("customer", "cus_b", "owner=wang.wei");
    let mut order = |id: &str, day: &str, owner: &str, price: i64| {
        let team = if owner == "li.na" { "east" } else { "west" };
        let holder = format!("owner={owner} team={team}");
        bench.add("order", id, &format!("number={id} customer=cus_a {holder} date={day} due_date={day}"));
        let line = format!("id=a name=A qty=1 price={price} list_price={price} cost=40 tax_rate=0");
        bench.rows("lines", &line);
    };
    order("ord_a", "2026-02-03", "li.na", 100);
    order("ord_b", "2026-02-20", "li.na", 500);
    order("ord_c", "2026-03-03", "li.na", 150);
    order("ord_d", "2026-03-04", "wang.wei", 50);
    bench.add("opportunity", "opp_a", "amount=1000 stage=second close_date=2026-03-20 owner=li.na");
    bench.add("followup", "fup_a", "target=cus_a status=planned kind=call due=2026-03-10 owner=li.na");
    bench.add("followup", "fup_b", "target=cus_a status=planned kind=call due=2026-03-09 owner=wang.wei");
    bench.add(
        "target",
        "tgt_a",
        "scope=company period=2026-03 measure=amount basis=order value=400 status=approved",
    );
    bench
}

fn line<'t>(found: &'t str, metric: &str) -> &'t str {
    let wanted = format!(",{metric},");
    found.lines().skip(1).find(|line| line.contains(&wanted)).unwrap_or_default()
}

#[test]
fn the_figures_are_those_of_the_reports() {
    let bench = store();
    let found = bench.run("dashboard", "");
    assert!(
        found.starts_with("section,metric,value,previous,unit,change_pct,attainment,target\n"),
        "{found}"
    );
    // The first ten days of March beside the first ten of February.
    assert_eq!(line(&found, "net"), "sales,net,200.00,100.00,CNY,1,0.5,400.00");
    assert_eq!(line(&found, "margin_pct"), "sales,margin_pct,0.6,0.6,ratio,0,,");
    assert_eq!(line(&found, "orders"), "sales,orders,2,1,count,1,,");
    assert_eq!(line(&found, "attainment"), "targets,attainment,0.5,,ratio,,,");
    assert_eq!(line(&found, "weighted"), "pipeline,weighted,500.00,500.00,CNY,0,,");
    assert_eq!(line(&found, "win_rate"), "pipeline,win_rate,,,,,,");
    assert_eq!(line(&found, "followups_due"), "today,followups_due,1,0,count,,,");
    assert_eq!(line(&found, "followups_overdue"), "today,followups_overdue,1,0,count,,,");
    let sales = bench.run("sales", "by=");
    assert!(sales.lines().nth(1).is_some_and(|row| row.contains(",200.00,")), "{sales}");
    let late = bench.run("orders-late", "").lines().count() - 1;
    assert!(line(&found, "orders_late").starts_with(&format!("orders,orders_late,{late},")), "{found}");
}

#[test]
fn an_owner_sees_their_own_and_nothing_that_is_nobodys() {
    let found = store().run("dashboard", "owner=li.na");
    assert_eq!(line(&found, "net"), "sales,net,150.00,100.00,CNY,0.5,,");
    assert_eq!(line(&found, "followups_due"), "today,followups_due,1,0,count,,,");
    assert_eq!(line(&found, "followups_overdue"), "today,followups_overdue,0,0,count,,,");
    assert_eq!(line(&found, "low_stock"), "", "stock has no owner");
    assert_eq!(line(&store().run("dashboard", "team=west"), "net"), "sales,net,50.00,,CNY,,,");
}

#[test]
fn an_empty_store_has_a_page_of_nothing() {
    let found = Bench::new().run("dashboard", "");
    assert_eq!(line(&found, "orders"), "sales,orders,0,0,count,,,");
    assert_eq!(line(&found, "csat_mean"), "service,csat_mean,,,,,,");
}
