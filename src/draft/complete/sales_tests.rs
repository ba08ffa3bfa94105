//! Tests of what documents and opportunities take over.

use crate::draft::testing::{Bench, field};

#[test]
fn an_opportunity_begins_in_the_first_stage_of_the_default_pipeline() {
    Bench::new().with(|draft| {
        let opp = draft.new_record("opportunity", &[("name", "车队"), ("customer", "cus_haina")])?;
        for (name, value) in [
            ("pipeline", "sales"),
            ("stage", "qualification"),
            ("amount", "0.00"),
            ("amount_source", ""),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("close_date", "2026-05-09"),
            ("owner", "li.na"),
            ("region", "shenzhen"),
        ] {
            assert_eq!(field(&opp, name), value, "{name}");
        }
        Ok(())
    });
}

#[test]
fn the_amount_of_an_opportunity_is_that_of_its_products_without_tax() {
    Bench::new().with(|draft| {
        let fields = [
            ("name", "车队"),
            ("customer", "cus_haina"),
            ("products.id", "kkkkkk"),
            ("products.product", "HAN-EV-610"),
            ("products.qty", "5"),
            ("products.discount_pct", "2"),
            ("products.id", "llllll"),
            ("products.product", "MAT"),
        ];
        let opp = draft.new_record("opportunity", &fields)?;
        // 5 × 206,637.17 − 2 % and one at 100.00
        assert_eq!(
            (field(&opp, "amount"), field(&opp, "amount_source")),
            ("1012622.13".into(), "products".into())
        );
        let mut given = fields.to_vec();
        given.push(("amount", "900000"));
        let opp = draft.new_record("opportunity", &given)?;
        assert_eq!(
            (field(&opp, "amount"), field(&opp, "amount_source")),
            ("900000.00".into(), "manual".into())
        );
        Ok(())
    });
}

#[test]
fn a_store_without_default_pipeline_has_no_new_opportunities() {
    let mut bench = Bench::new();
    bench.store.take("pipelines/sales.toml").expect("the pipeline");
    let fields = [("name", "车队"), ("customer", "cus_haina")];
    assert_eq!(bench.refused(|draft| draft.new_record("opportunity", &fields)).id, "default-pipeline");
}

#[test]
fn a_quote_is_valid_for_thirty_days() {
    Bench::new().with(|draft| {
        let quote = draft.new_record("quote", &[("customer", "cus_haina"), ("date", "2026-02-03")])?;
        assert_eq!(
            (field(&quote, "valid_until"), field(&quote, "revision")),
            ("2026-03-05".into(), "1".into())
        );
        assert_eq!(
            (field(&quote, "number"), field(&quote, "status")),
            ("QT-2026-0001".into(), "draft".into())
        );
        Ok(())
    });
}

#[test]
fn an_order_takes_origin_and_dealer_from_its_opportunity() {
    let mut bench = Bench::new();
    let fields = [
        ("name", "车队"),
        ("customer", "cus_haina"),
        ("source", "exhibition"),
        ("campaign", "spring-live"),
        ("dealer", "cus_dealer"),
    ];
    bench.store.add("opportunity", "opp_k", &fields);
    bench.with(|draft| {
        let order = draft.new_record("order", &[("customer", "cus_haina"), ("opportunity", "opp_k")])?;
        for (name, value) in [("source", "exhibition"), ("campaign", "spring-live"), ("dealer", "cus_dealer")]
        {
            assert_eq!(field(&order, name), value, "{name}");
        }
        Ok(())
    });
}

#[test]
fn the_shipping_address_of_a_customer_goes_before_the_main_one() {
    let mut bench = Bench::new();
    let fields = [
        ("name", "甲"),
        ("city", "深圳"),
        ("addresses.id", "kkkkkk"),
        ("addresses.use", "shipping"),
        ("addresses.city", "东莞"),
        ("addresses.street", "仓库路 1 号"),
    ];
    bench.store.add("customer", "cus_two", &fields);
    bench.with(|draft| {
        let order = draft.new_record("order", &[("customer", "cus_two")])?;
        assert_eq!(
            (field(&order, "ship_to"), field(&order, "bill_to")),
            ("东莞 仓库路 1 号".into(), "深圳".into())
        );
        assert_eq!(field(&order, "payment_days"), "30");
        Ok(())
    });
}

#[test]
fn an_invoice_gets_its_amounts_and_its_day() {
    Bench::new().with(|draft| {
        let fields = [
            ("customer", "cus_haina"),
            ("date", "2026-03-01"),
            ("price_mode", "tax_excl"),
            ("lines.id", "kkkkkk"),
            ("lines.name", "M2"),
            ("lines.qty", "3"),
            ("lines.price", "16.49"),
        ];
        let invoice = draft.new_record("invoice", &fields)?;
        for (name, value) in [
            ("number", "INV-2026-0001"),
            ("due_date", "2026-04-15"),
            ("invoice_title", "海纳物流"),
            ("net_total", "49.47"),
            ("tax_total", "6.43"),
            ("total", "55.90"),
        ] {
            assert_eq!(field(&invoice, name), value, "{name}");
        }
        let mut note = fields.to_vec();
        note.push(("kind", "credit_note"));
        assert_eq!(field(&draft.new_record("invoice", &note)?, "due_date"), "2026-03-01");
        Ok(())
    });
}

#[test]
fn a_free_line_without_price_is_refused() {
    let fields =
        [("customer", "cus_haina"), ("lines.id", "kkkkkk"), ("lines.name", "上牌"), ("lines.qty", "1")];
    let refused = Bench::new().refused(|draft| draft.new_record("order", &fields));
    assert_eq!((refused.id, refused.get("product")), ("no-price", Some("上牌")));
}
