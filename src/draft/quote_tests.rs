//! Tests of quotes: every move, and what comes with it.

use super::super::lines::parse_line;
use super::super::testing::{Bench, dec, field, number, text};
use super::*;
use crate::model::totals::totals;

/// The store with a quote `quo_k` of two mats at 100.00 in a state, for the opportunity `opp_k`.
fn bench(status: &str) -> Bench {
    let mut bench = Bench::new();
    let opp = [
        ("name", "车队"),
        ("customer", "cus_haina"),
        ("pipeline", "sales"),
        ("stage", "qualification"),
        ("amount", "1.00"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("amount_source", "quote"),
        ("close_date", "2026-04-01"),
        ("owner", "li.na"),
    ];
    bench.store.add("opportunity", "opp_k", &opp);
    let quote = [
        ("number", "QT-2026-0001"),
        ("date", "2026-03-01"),
        ("customer", "cus_haina"),
        ("contact", "con_wang"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", "tax_excl"),
        ("tax_rounding", "line"),
        ("discount_amt", "1.00"),
        ("opportunity", "opp_k"),
        ("revision", "1"),
        ("valid_until", "2026-03-15"),
        ("owner", "wang.wei"),
        ("terms", "定金 20%"),
        ("note", "小心"),
        ("source_ref", "erp:1"),
        ("status", status),
        ("approved_by", "wang.wei"),
        ("approved_at", "2026-03-01T09:00:00+08:00"),
        ("approved_discount", "8"),
        ("lines.id", "kkkkkk"),
        ("lines.product", "MAT"),
        ("lines.name", "MAT"),
        ("lines.qty", "2"),
        ("lines.list_price", "100.00"),
        ("lines.price", "100.00"),
        ("lines.tax_rate", "13"),
        ("lines.group", "内饰"),
    ];
    bench.store.add("quote", "quo_k", &quote);
    bench
}

fn quote(draft: &Draft<'_>) -> Result<Doc, Problem> {
    draft.need("quote", "quo_k")
}

fn row(fields: &[(&'static str, &str)]) -> Row {
    fields.iter().map(|(name, value)| (*name, text(value))).collect()
}

#[test]
fn every_legal_move_is_made_and_told_and_every_other_is_refused_with_the_legal_ones() {
    let states = ["draft", "sent", "accepted", "rejected", "cancelled", "superseded"];
    let verbs = [
        ("send", "sent", &["draft"][..]),
        ("accept", "accepted", &["sent"]),
        ("reject", "rejected", &["sent"]),
        ("cancel", "cancelled", &["draft", "sent"]),
        ("revise", "superseded", &["sent", "rejected"]),
    ];
    for state in states {
        let legal: Vec<&str> =
            verbs.iter().filter(|(_, _, from)| from.contains(&state)).map(|(verb, ..)| *verb).collect();
        for (verb, target, from) in verbs {
            let mut bench = bench(state);
            bench.setting.reason = Some("r".to_owned());
            let fields = if verb == "reject" { row(&[("reject_reason", "price")]) } else { Row::new() };
            let act = |draft: &mut Draft<'_>| match verb {
                "revise" => revise(draft, "quo_k").map(|revised| revised.made),
                _ => advance(draft, "quo_k", verb, &fields),
            };
            if state == target {
                let set = bench.with(|draft| act(draft).map(|moved| assert!(!moved, "{verb} of {state}")));
                assert!(set.is_empty(), "{verb} of {state}");
            } else if from.contains(&state) {
                bench.with(|draft| {
                    assert!(act(draft)?, "{verb} of {state}");
                    let doc = quote(draft)?;
                    let told = doc.history.last().map(|m| (m.from.as_deref(), m.to.as_deref()));
                    assert_eq!((doc.state(), told), (target, Some((Some(state), Some(target)))));
                    Ok(())
                });
            } else {
                let refused = bench.refused(act);
                assert_eq!(refused.id, "illegal-move", "{verb} of {state}");
                let mut of_others = refused.legal.clone();
                of_others.retain(|verb| verb != "approve");
                assert_eq!(of_others, legal, "{verb} of {state}");
            }
        }
    }
}

#[test]
fn a_rejection_needs_its_reason_and_a_cancellation_too() {
    let bench = bench("sent");
    assert_eq!(bench.refused(|draft| advance(draft, "quo_k", "reject", &Row::new())).id, "missing-flag");
    assert_eq!(bench.refused(|draft| advance(draft, "quo_k", "cancel", &Row::new())).id, "reason-needed");
}

#[test]
fn what_is_not_ready_is_not_sent() {
    let mut empty = bench("draft");
    let mut doc = stored(&empty);
    doc.set("lines", None);
    doc.set("discount_amt", None);
    empty.store.put(doc);
    assert_eq!(empty.refused(|draft| advance(draft, "quo_k", "send", &Row::new())).id, "empty-document");

    // li.na may give 3 %: 4 % needs an approval that covers it.
    let mut dear = bench("draft");
    let mut doc = stored(&dear);
    doc.set("discount_amt", Some(dec("8.00")));
    for approval in ["approved_by", "approved_at", "approved_discount"] {
        doc.set(approval, None);
    }
    dear.store.put(doc.clone());
    let refused = dear.refused(|draft| advance(draft, "quo_k", "send", &Row::new()));
    assert_eq!(
        (refused.id, refused.get("have"), refused.get("most")),
        ("discount-over-limit", Some("4"), Some("3"))
    );
    dear.setting.actor.id = "wang.wei".to_owned();
    let set = dear.with(|draft| order::approve(draft, "quote", "quo_k").map(|_| ()));
    dear.store.put(set.changes[0].new.clone().expect("the quote"));
    dear.setting.actor.id = "li.na".to_owned();
    dear.with(|draft| advance(draft, "quo_k", "send", &Row::new()).map(|_| ()));
}

fn stored(bench: &Bench) -> Doc {
    bench.store.docs().find(|doc| doc.id() == "quo_k").expect("the quote").clone()
}

#[test]
fn an_acceptance_says_who_and_when_and_brings_the_order_and_the_win() {
    let set = bench("sent").with(|draft| {
        let wish = Accept {
            fields: row(&[("accepted_by", "王总"), ("customer_ref", "PO-77")]),
            order: true,
            win: true,
        };
        assert!(accept(draft, "quo_k", &wish)?);
        let doc = quote(draft)?;
        for (name, value) in [
            ("status", "accepted"),
            ("accepted_on", "2026-03-10"),
            ("accepted_by", "王总"),
            ("customer_ref", "PO-77"),
        ] {
            assert_eq!(field(&doc, name), value);
        }
        let orders = draft.all_with("order", "quote", "quo_k")?;
        let order = orders.first().expect("an order");
        for (name, value) in [
            ("status", "draft"),
            ("customer_ref", "PO-77"),
            ("owner", "wang.wei"),
            ("discount_amt", "1.00"),
            ("terms", "定金 20%"),
        ] {
            assert_eq!(field(order, name), value);
        }
        assert_eq!(order.rows("lines")[0].get("quote_line"), Some(&text("kkkkkk")));
        let opp = draft.need("opportunity", "opp_k")?;
        assert_eq!((opp.state(), field(&opp, "amount")), ("won", "199.00".to_owned()));
        assert!(!accept(draft, "quo_k", &wish)?, "again is nothing new");
        assert_eq!(draft.all_with("order", "quote", "quo_k")?.len(), 1);
        Ok(())
    });
    let nouns: Vec<&str> = set.changes.iter().map(|change| change.doc().kind.name).collect();
    assert_eq!(nouns, ["quote", "opportunity", "order"], "one commit");
}

#[test]
fn what_was_forgotten_at_the_acceptance_is_done_later() {
    bench("sent").with(|draft| {
        assert!(accept(draft, "quo_k", &Accept::default())?);
        assert!(accept(draft, "quo_k", &Accept { order: true, ..Accept::default() })?);
        assert!(accept(draft, "quo_k", &Accept { win: true, ..Accept::default() })?);
        assert!(!accept(draft, "quo_k", &Accept { order: true, win: true, ..Accept::default() })?);
        Ok(())
    });
}

#[test]
fn an_order_takes_what_is_left_when_part_was_ordered_before() {
    bench("sent").with(|draft| {
        let mut doc = draft.make("order", None);
        doc.set("quote", Some(text("quo_k")));
        order::add(draft, doc, &[parse_line("kkkkkk:1")?])?;
        accept(draft, "quo_k", &Accept { order: true, ..Accept::default() })?;
        let orders = draft.all_with("order", "quote", "quo_k")?;
        let off: Vec<String> = orders.iter().map(|order| field(order, "discount_amt")).collect();
        let qty: Vec<String> =
            orders.iter().map(|order| super::super::plain(&order.rows("lines")[0]["qty"])).collect();
        assert_eq!((off, qty), (vec!["0.50".to_owned(); 2], vec!["1".to_owned(); 2]));
        Ok(())
    });
}

#[test]
fn an_expired_quote_is_accepted_only_on_request() {
    let mut late = bench("sent");
    let mut doc = stored(&late);
    doc.set("valid_until", Some(Value::Day("2026-03-09".parse().expect("a day"))));
    late.store.put(doc);
    let act = |draft: &mut Draft<'_>| accept(draft, "quo_k", &Accept::default()).map(|_| ());
    assert_eq!(late.refused(act).id, "expired-quote");
    late.setting.on = late.setting.now - chrono::Duration::days(1);
    late.with(act);
    late.setting.on = late.setting.now;
    late.setting.allow.insert("accept-expired".to_owned());
    late.with(act);
}

#[test]
fn only_the_sale_of_a_quote_is_won_by_it() {
    let mut alone = bench("sent");
    let mut doc = stored(&alone);
    doc.set("opportunity", None);
    alone.store.put(doc);
    let act = |draft: &mut Draft<'_>| accept(draft, "quo_k", &Accept { win: true, ..Accept::default() });
    assert_eq!(alone.refused(act).id, "quote-without-opportunity");
}

#[test]
fn a_revision_is_the_same_offer_as_a_new_draft() {
    bench("sent").with(|draft| {
        let revised = revise(draft, "quo_k")?;
        assert!(revised.made);
        let new = draft.need("quote", &revised.id)?;
        for (name, value) in [
            ("number", "QT-2026-0001"),
            ("revision", "2"),
            ("revises", "quo_k"),
            ("status", "draft"),
            ("date", "2026-03-10"),
            ("valid_until", "2026-04-09"),
            ("customer", "cus_haina"),
            ("contact", "con_wang"),
            ("opportunity", "opp_k"),
            ("owner", "wang.wei"),
            ("discount_amt", "1.00"),
            ("terms", "定金 20%"),
            ("note", "小心"),
            ("source_ref", ""),
            ("approved_by", ""),
            ("approved_discount", ""),
            ("created_by", "li.na"),
        ] {
            assert_eq!(field(&new, name), value, "{name}");
        }
        let old = quote(draft)?;
        assert_eq!(old.state(), "superseded");
        assert_eq!(new.rows("lines"), old.rows("lines"), "with the ids of the lines");
        assert!(new.history.is_empty());
        assert_eq!(revise(draft, "quo_k")?, Revised { id: revised.id.clone(), made: false });
        advance(draft, &revised.id, "send", &Row::new())?;
        let third = revise(draft, &revised.id)?;
        assert_eq!(field(&draft.need("quote", &third.id)?, "revision"), "3");
        Ok(())
    });
}

#[test]
fn a_revision_takes_the_rate_of_its_day() {
    let mut bench = bench("rejected");
    let mut doc = stored(&bench);
    doc.set("currency", Some(text("USD")));
    doc.set("fx_rate", Some(dec("6.9")));
    bench.store.put(doc);
    bench.with(|draft| {
        let revised = revise(draft, "quo_k")?;
        assert_eq!(field(&draft.need("quote", &revised.id)?, "fx_rate"), "7.1000");
        Ok(())
    });
}

#[test]
fn the_amount_of_the_sale_follows_every_move() {
    bench("draft").with(|draft| {
        let amount =
            |draft: &Draft<'_>| Ok::<_, Problem>(field(&draft.need("opportunity", "opp_k")?, "amount"));
        advance(draft, "quo_k", "send", &Row::new())?;
        assert_eq!(amount(draft)?, "199.00");
        let new = revise(draft, "quo_k")?.id;
        let mut doc = draft.need("quote", &new)?;
        let mut rows = doc.rows("lines").to_vec();
        rows[0].insert("price", dec("150.00"));
        doc.set("lines", Some(Value::Rows(rows)));
        verbs::change(draft, doc)?;
        assert_eq!(amount(draft)?, "299.00");
        draft.setting.reason = Some("no".to_owned());
        advance(draft, &new, "cancel", &Row::new())?;
        assert_eq!(amount(draft)?, "299.00", "where no quote counts the last amount stays");
        Ok(())
    });
    let mut bench = bench("draft");
    let mut other = stored(&bench);
    other.set("id", Some(text("quo_l")));
    other.set("number", Some(text("QT-2026-0002")));
    other.set("discount_amt", None);
    bench.store.put(other.clone());
    bench.with(|draft| {
        follow_quotes(draft, "opp_k")?;
        assert_eq!(field(&draft.need("opportunity", "opp_k")?, "amount"), "200.00");
        verbs::remove(draft, &other)?;
        assert_eq!(field(&draft.need("opportunity", "opp_k")?, "amount"), "199.00");
        Ok(())
    });
}

#[test]
fn a_quote_without_lines_takes_the_products_of_its_sale() {
    for (mode, prices, net) in [
        ("tax_excl", ["206637.17", "90.00", "442.48"], "1033803.91"),
        ("tax_incl", ["233500.00", "101.70", "500.00"], "1033803.89"),
    ] {
        Bench::new().with(|draft| {
            let fields = [
                ("name", "车队"),
                ("customer", "cus_haina"),
                ("products.id", "kkkkkk"),
                ("products.product", "HAN-EV-610"),
                ("products.qty", "5"),
                ("products.id", "llllll"),
                ("products.product", "MAT"),
                ("products.qty", "2"),
                ("products.price", "90.00"),
                ("products.id", "mmmmmm"),
                ("products.product", "SETUP"),
                ("products.qty", "1"),
                ("products.discount_pct", "1"),
            ];
            let sale = draft.begun("opportunity", None, &fields);
            let sale = verbs::add(draft, sale)?;
            let doc = draft.begun("quote", None, &[("opportunity", &sale), ("price_mode", mode)]);
            let id = order::add(draft, doc, &[])?;
            let quote = draft.need("quote", &id)?;
            let column = |name: &str| -> Vec<String> {
                let text = |row: &Row| row.get(name).map(super::super::plain).unwrap_or_default();
                quote.rows("lines").iter().map(text).collect()
            };
            assert_eq!(column("price"), prices, "{mode}");
            assert_eq!(column("qty"), ["5", "2", "1"]);
            assert_eq!(column("discount_pct"), ["", "", "1"]);
            assert_eq!(column("name"), ["HAN-EV-610", "MAT", "SETUP"]);
            assert_eq!(
                (field(&quote, "customer"), field(&quote, "contact")),
                ("cus_haina".to_owned(), "con_wang".to_owned())
            );
            let out = totals(&quote, &draft.schema().settings)?;
            assert_eq!(out.net_total, number(net), "{mode}");

            let own = draft.begun("quote", None, &[("opportunity", &sale)]);
            let id = order::add(draft, own, &[parse_line("MAT:1")?])?;
            assert_eq!(draft.need("quote", &id)?.rows("lines").len(), 1, "lines of its own");
            Ok(())
        });
    }
}

#[test]
fn prices_follow_the_tiers_of_quantity_and_nothing_else() {
    let mut bench = Bench::new();
    let mut mat = bench.store.docs().find(|doc| doc.id() == "MAT").expect("the mat").clone();
    let tier = Row::from([
        ("id", text("kkkkkk")),
        ("currency", text("CNY")),
        ("price", dec("80.00")),
        ("min_qty", dec("10")),
    ]);
    mat.set("prices", Some(Value::Rows(vec![tier])));
    bench.store.put(mat.clone());
    let edit = |draft: &mut Draft<'_>,
                id: &str,
                field: &'static str,
                value: Value|
     -> Result<[String; 2], Problem> {
        let mut doc = draft.need("quote", id)?;
        let mut rows = doc.rows("lines").to_vec();
        rows[0].insert(field, value);
        doc.set("lines", Some(Value::Rows(rows)));
        verbs::change(draft, doc)?;
        let row = draft.need("quote", id)?.rows("lines")[0].clone();
        Ok(["list_price", "price"].map(|name| row.get(name).map(super::super::plain).unwrap_or_default()))
    };
    let make = |draft: &mut Draft<'_>, line: &str| {
        let doc = draft.begun("quote", None, &[("customer", "cus_haina"), ("price_mode", "tax_excl")]);
        order::add(draft, doc, &[parse_line(line)?])
    };
    bench.with(|draft| {
        let id = make(draft, "MAT:5")?;
        assert_eq!(edit(draft, &id, "qty", dec("12"))?, ["80.00", "80.00"]);
        assert_eq!(edit(draft, &id, "qty", dec("9"))?, ["100.00", "100.00"]);
        assert_eq!(edit(draft, &id, "note", text("x"))?, ["100.00", "100.00"]);
        let id = make(draft, "MAT:5@95")?;
        assert_eq!(
            edit(draft, &id, "qty", dec("12"))?,
            ["80.00", "95.00"],
            "a price that somebody set stays"
        );
        let id = make(draft, "MAT:5")?;
        assert_eq!(edit(draft, &id, "product", text("SETUP"))?, ["442.48", "442.48"], "another product");
        Ok(())
    });
    // The product costs something else by now: the line does not follow it.
    let set = bench.with(|draft| make(draft, "MAT:5").map(|_| ()));
    let id = set.changes[0].doc().id().to_owned();
    bench.store.put(set.changes[0].new.clone().expect("the quote"));
    mat.set("price", Some(dec("120.00")));
    bench.store.put(mat);
    bench.with(|draft| {
        assert_eq!(edit(draft, &id, "qty", dec("12"))?, ["100.00", "100.00"]);
        Ok(())
    });
}

#[test]
fn what_was_sent_is_not_touched_by_completing_it() {
    let mut bench = bench("sent");
    let mut doc = stored(&bench);
    let mut rows = doc.rows("lines").to_vec();
    rows[0].remove("list_price");
    doc.set("lines", Some(Value::Rows(rows)));
    bench.store.put(doc);
    let set = bench.with(|draft| {
        let mut doc = quote(draft)?;
        doc.set("note", Some(text("again")));
        verbs::change(draft, doc)
    });
    assert_eq!(set.changes.len(), 2, "the quote, and the amount that had not followed it");
    let refused = bench.refused(|draft| {
        let mut doc = quote(draft)?;
        doc.set("terms", Some(text("cash")));
        verbs::change(draft, doc)
    });
    assert_eq!(refused.id, "sent-document");
}
