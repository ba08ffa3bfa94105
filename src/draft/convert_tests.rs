//! Tests of conversion: what a lead becomes, once, and what is refused.

use super::super::testing::{Bench, field, number};
use super::*;

/// Stands for a lead that does not say what it means to buy.
const NOTHING: (&str, &str) = ("intents", "");

/// A bench with the lead `lea_fleet` of a company that means to buy two mats and one setup.
fn bench(more: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::new();
    let base = [
        ("name", "林涛"),
        ("company", "鹏城物流"),
        ("title", "车队经理"),
        ("phone", "+8613700137000"),
        ("email", "lin@pengcheng.example"),
        ("province", "广东"),
        ("city", "深圳"),
        ("region", "shenzhen"),
        ("source", "exhibition"),
        ("campaign", "spring-live"),
        ("needs", "两台电动货车"),
        ("budget", "90000.00"),
        ("currency", "CNY"),
        ("buy_by", "2026-04-30"),
        ("owner", "zhao.min"),
        ("status", "qualified"),
    ];
    let intends = [("intents.id", "kkkkkk"), ("intents.product", "MAT"), ("intents.qty", "2")];
    let intends = if more.contains(&NOTHING) { &[][..] } else { &intends[..] };
    let more: Vec<_> = more.iter().copied().filter(|field| *field != NOTHING).collect();
    let mut fields = [&base[..], intends, &more].concat();
    let gone: Vec<&str> = fields.iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| *name).collect();
    fields.retain(|(name, _)| !gone.contains(name));
    bench.store.add("lead", "lea_fleet", &fields);
    for (id, status, when) in [
        ("fup_plan", "planned", ("due", "2026-03-20")),
        ("fup_done", "done", ("done_at", "2026-03-09T10:00:00+08:00")),
    ] {
        let call = [("kind", "call"), ("subject", "电话"), ("target", "lea_fleet"), ("owner", "zhao.min")];
        bench.store.add("followup", id, &[&call[..], &[("status", status), when]].concat());
    }
    bench
}

fn existing(id: &str) -> Into {
    Into::Existing(id.to_owned())
}

#[test]
fn a_lead_of_a_company_becomes_customer_contact_and_opportunity() {
    let set = bench(&[]).with(|draft| {
        let ids = convert(draft, "lea_fleet", &ConvertWish::default())?;
        let [customer, contact, opportunity] = ids.as_slice() else { panic!("three: {ids:?}") };
        let customer = draft.need("customer", customer)?;
        for (name, value) in [
            ("kind", "company"),
            ("name", "鹏城物流"),
            ("phone", "+8613700137000"),
            ("email", "lin@pengcheng.example"),
            ("city", "深圳"),
            ("region", "shenzhen"),
            ("source", "exhibition"),
            ("campaign", "spring-live"),
            ("needs", "两台电动货车"),
            ("owner", "zhao.min"),
        ] {
            assert_eq!(field(&customer, name), value, "{name}");
        }
        assert_eq!(customer.rows("intents").len(), 1);
        let contact = draft.need("contact", contact)?;
        assert_eq!(
            (field(&contact, "name"), field(&contact, "title"), field(&contact, "customer")),
            ("林涛".to_owned(), "车队经理".to_owned(), customer.id().to_owned())
        );
        assert!(contact.flag("primary"));
        let opportunity = draft.need("opportunity", opportunity)?;
        for (name, value) in [
            ("name", "鹏城物流 MAT"),
            ("stage", "qualification"),
            ("amount", "200.00"),
            ("amount_source", "products"),
            ("close_date", "2026-04-30"),
            ("owner", "zhao.min"),
            ("region", "shenzhen"),
            ("campaign", "spring-live"),
            ("lead", "lea_fleet"),
        ] {
            assert_eq!(field(&opportunity, name), value, "{name}");
        }
        assert_eq!(opportunity.rows("contacts")[0].get("contact"), Some(&Value::Text(contact.id().into())));
        let lead = draft.need("lead", "lea_fleet")?;
        assert_eq!((lead.state(), field(&lead, "closed_on")), ("converted", "2026-03-10".to_owned()));
        assert_eq!(field(&lead, "converted_opportunity"), opportunity.id());
        assert_eq!(lead.history.last().and_then(|m| m.to.as_deref()), Some("converted"));
        assert_eq!(field(&draft.need("followup", "fup_plan")?, "target"), opportunity.id());
        assert_eq!(field(&draft.need("followup", "fup_done")?, "target"), "lea_fleet");
        Ok(())
    });
    assert_eq!(set.changes.len(), 5, "customer, contact, opportunity, lead, planned follow-up");
}

#[test]
fn a_person_becomes_a_customer_without_a_contact() {
    bench(&[("company", "")]).with(|draft| {
        let ids = convert(draft, "lea_fleet", &ConvertWish::default())?;
        assert_eq!(ids.len(), 2);
        let customer = draft.need("customer", &ids[0])?;
        assert_eq!(
            (field(&customer, "kind"), field(&customer, "name")),
            ("person".to_owned(), "林涛".to_owned())
        );
        assert!(draft.need("lead", "lea_fleet")?.get("converted_contact").is_none());
        Ok(())
    });
}

#[test]
fn without_intents_the_budget_is_the_amount_and_without_both_it_is_nothing() {
    for (more, amount, source) in
        [(&[NOTHING][..], "90000.00", "manual"), (&[NOTHING, ("budget", "")], "0.00", "")]
    {
        bench(more).with(|draft| {
            let ids = convert(draft, "lea_fleet", &ConvertWish::default())?;
            let opportunity = draft.need("opportunity", &ids[2])?;
            assert_eq!(
                (
                    field(&opportunity, "amount"),
                    field(&opportunity, "amount_source"),
                    field(&opportunity, "name")
                ),
                (amount.to_owned(), source.to_owned(), "鹏城物流".to_owned())
            );
            Ok(())
        });
    }
}

#[test]
fn what_is_given_goes_before_what_the_lead_suggests() {
    bench(&[]).with(|draft| {
        let wish = ConvertWish {
            contact: Into::None,
            name: Some("车队一期".to_owned()),
            amount: Some(number("1234.5")),
            close_date: "2026-06-01".parse().ok(),
            ..ConvertWish::default()
        };
        let ids = convert(draft, "lea_fleet", &wish)?;
        assert_eq!(ids.len(), 2, "no contact");
        let opportunity = draft.need("opportunity", &ids[1])?;
        assert_eq!(
            (field(&opportunity, "name"), field(&opportunity, "amount"), field(&opportunity, "close_date")),
            ("车队一期".to_owned(), "1234.50".to_owned(), "2026-06-01".to_owned())
        );
        Ok(())
    });
}

#[test]
fn a_customer_that_is_there_gets_what_it_lacks_and_keeps_what_it_has() {
    bench(&[]).with(|draft| {
        let wish = ConvertWish {
            customer: existing("cus_haina"),
            opportunity: Into::None,
            ..ConvertWish::default()
        };
        let ids = convert(draft, "lea_fleet", &wish)?;
        assert_eq!(ids[0], "cus_haina");
        let customer = draft.need("customer", "cus_haina")?;
        assert_eq!(
            (field(&customer, "name"), field(&customer, "street"), field(&customer, "phone")),
            ("海纳物流".to_owned(), "科技园路 18 号".to_owned(), "+8613700137000".to_owned())
        );
        assert_eq!(field(&customer, "owner"), "li.na", "an owner is no empty field");
        assert_eq!(field(&draft.need("followup", "fup_plan")?, "target"), "cus_haina");
        Ok(())
    });
}

#[test]
fn a_lead_is_converted_once_and_then_says_what_it_became() {
    let set = bench(&[]).with(|draft| {
        let ids = convert(draft, "lea_fleet", &ConvertWish::default())?;
        assert_eq!(convert(draft, "lea_fleet", &ConvertWish::default())?, ids);
        let same = ConvertWish { customer: existing(&ids[0]), ..ConvertWish::default() };
        assert_eq!(convert(draft, "lea_fleet", &same)?, ids);
        for other in [
            ConvertWish { customer: existing("cus_haina"), ..ConvertWish::default() },
            ConvertWish { contact: Into::None, ..ConvertWish::default() },
            ConvertWish { opportunity: existing("opp_x"), ..ConvertWish::default() },
        ] {
            let refused = convert(draft, "lea_fleet", &other).expect_err("another record");
            assert_eq!((refused.id, refused.class), ("converted-otherwise", Class::Conflict));
        }
        Ok(())
    });
    assert_eq!(set.changes.len(), 5);
}

#[test]
fn conversions_that_make_no_sense_are_refused() {
    let refused =
        |bench: &Bench, wish: ConvertWish| bench.refused(|draft| convert(draft, "lea_fleet", &wish)).id;
    let usual = ConvertWish::default;
    assert_eq!(refused(&bench(&[]), ConvertWish { customer: Into::None, ..usual() }), "customer-needed");
    assert_eq!(
        refused(&bench(&[]), ConvertWish { contact: existing("con_wang"), ..usual() }),
        "wrong-customer"
    );
    assert_eq!(
        refused(&bench(&[("name", "")]), ConvertWish { contact: Into::New, ..usual() }),
        "contact-without-name"
    );
    assert_eq!(refused(&bench(&[("status", "junk"), ("closed_on", "2026-03-01")]), usual()), "illegal-move");
    assert_eq!(refused(&bench(&[("intents.product", "OLD-1")]), usual()), "inactive-product");
    let mut twice = bench(&[]);
    twice.store.add(
        "customer",
        "cus_twin",
        &[("name", "别家"), ("kind", "company"), ("status", "normal"), ("phone", "+8613700137000")],
    );
    assert_eq!(refused(&twice, usual()), "duplicate-phone");
}

#[test]
fn a_blocked_customer_gets_no_opportunity() {
    let mut bench = bench(&[]);
    bench.store.add("customer", "cus_bad", &[("name", "欠款"), ("kind", "company"), ("status", "blocked")]);
    let wish = ConvertWish { customer: existing("cus_bad"), ..ConvertWish::default() };
    assert_eq!(bench.refused(|draft| convert(draft, "lea_fleet", &wish)).id, "blocked-customer");
    let wish = ConvertWish { opportunity: Into::None, ..wish };
    bench.with(|draft| convert(draft, "lea_fleet", &wish).map(|_| ()));
}
