//! `receivables`, `order-stats`, `payment-plan`.

use super::Bench;

#[test]
fn ages_change_on_the_day_after_the_due_date_and_every_thirty_days() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "owner=li.na");
    let due = [
        ("2026-03-10", 1),
        ("2026-03-09", 10),
        ("2026-02-08", 100),
        ("2026-02-07", 1000),
        ("2025-12-10", 10_000),
        ("2025-12-09", 100_000),
    ];
    for (at, (day, amount)) in due.iter().enumerate() {
        let text = format!("number=INV-{at} date=2025-11-01 due_date={day} total={amount}");
        bench.add("invoice", &format!("inv_{at}"), &text);
    }
    let header =
        "customer,current,d1_30,d31_60,d61_90,d90_plus,total,credit,deposits,unallocated,balance,oldest,dso";
    assert_eq!(
        bench.run("receivables", ""),
        format!(
            "{header}\ncus_a,1.00,110.00,1000.00,10000.00,100000.00,111111.00,0.00,0.00,0.00,111111.00,91,"
        )
    );
}

#[test]
fn credit_and_what_is_paid_ahead_lower_the_balance_but_no_bucket() {
    let mut bench = Bench::new();
    bench.add("customer", "cus_a", "owner=li.na");
    bench.add("invoice", "inv_a", "date=2026-02-01 due_date=2026-02-28 total=900");
    bench.add("invoice", "inv_b", "number=INV-2 date=2026-02-01 due_date=2026-02-28 total=100");
    bench.add(
        "payment",
        "pay_a",
        "kind=receipt customer=cus_a date=2026-03-01 amount=200 currency=CNY fx_rate=1",
    );
    bench.rows("allocations", "id=a invoice=inv_b date=2026-03-01 amount=130");
    assert_eq!(
        bench.run("receivables", "by=owner total=true").lines().skip(1).collect::<Vec<_>>(),
        [
            "li.na,0.00,900.00,0.00,0.00,0.00,900.00,30.00,0.00,70.00,800.00,10,",
            ",0.00,900.00,0.00,0.00,0.00,900.00,30.00,0.00,70.00,800.00,10,81"
        ]
    );
    let before = bench.run("receivables", "as-of=2026-02-28 by=invoice");
    assert!(before.contains("inv_a,900.00,0.00") && before.contains("inv_b,100.00"), "{before}");
    let by_invoice_date = bench.run("receivables", "age-by=invoice");
    assert!(by_invoice_date.contains("cus_a,0.00,0.00,900.00"), "{by_invoice_date}");
}

#[test]
fn orders_are_described_by_sums_before_division() {
    let mut bench = Bench::new();
    bench.add("order", "ord_a", "date=2026-01-05");
    bench.rows("lines", "id=a name=A qty=2 price=100 list_price=100 tax_rate=0");
    bench.rows("lines", "id=b name=B qty=1 price=50 list_price=100 tax_rate=0");
    bench.add("order", "ord_b", "date=2026-01-06 number=SO-2 customer=cus_b");
    bench.rows("lines", "id=a name=A qty=1 price=50 list_price=100 tax_rate=0");
    bench.add("order", "ord_c", "date=2026-02-06 number=SO-3 status=draft");
    bench.rows("lines", "id=a name=A qty=1 price=50 list_price=100 tax_rate=0");
    assert_eq!(
        bench.run("order-stats", "total=true"),
        "month,orders,customers,net,aov,median_value,lines_per_order,units_per_order,discount_rate\n\
         2026-01,2,2,300.00,150.00,150.00,1.5,2,0.25\n\
         ,2,2,300.00,150.00,150.00,1.5,2,0.25"
    );
}

#[test]
fn receipts_cover_instalments_in_due_order() {
    let mut bench = Bench::new();
    bench.add("order", "ord_a", "date=2026-01-30");
    bench.rows("lines", "id=a name=A qty=1 price=1132800 list_price=1132800 tax_rate=0");
    bench.rows("payment_plan", "id=b due=2026-04-30 amount=906240 note=Rest");
    bench.rows("payment_plan", "id=a due=2026-02-20 amount=226560");
    bench.add(
        "payment",
        "pay_a",
        "kind=receipt customer=cus_a date=2026-02-25 amount=300000 currency=CNY fx_rate=1",
    );
    bench.rows("allocations", "id=a order=ord_a date=2026-02-25 amount=300000");
    let header = "order,customer,due,amount,covered,open,days_overdue,note";
    assert_eq!(
        bench.run("payment-plan", ""),
        format!(
            "{header}\nord_a,cus_a,2026-02-20,226560.00,226560.00,0.00,,\n\
             ord_a,cus_a,2026-04-30,906240.00,73440.00,832800.00,0,Rest"
        )
    );
    assert_eq!(
        bench.run("payment-plan", "as-of=2026-02-24 where=due<=2026-03-31"),
        format!("{header}\nord_a,cus_a,2026-02-20,226560.00,0.00,226560.00,4,")
    );
}
