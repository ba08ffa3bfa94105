//! Tests of the moves of opportunities, and of the amount that follows the quotes.

use super::super::testing::{Bench, dec, field, number, text};
use super::*;
use crate::model::record::Moved;
use crate::rules::check;

type Act = fn(&mut Draft<'_>) -> Result<bool, Problem>;

const STAGES: &[(&str, &str, &str)] = &[
    ("qualification", "open", "10"),
    ("needs", "open", "25"),
    ("proposal", "open", "50"),
    ("won", "won", "100"),
    ("lost", "lost", "0"),
    ("gone", "lost", "0"),
];

fn pipeline(bench: &mut Bench, id: &str, default: &str, stages: &[(&str, &str, &str)]) {
    let mut fields = vec![("name", id), ("default", default)];
    for (code, kind, probability) in stages {
        fields.extend([("stages.code", *code), ("stages.type", *kind), ("stages.probability", *probability)]);
    }
    bench.store.add("pipeline", id, &fields);
}

/// The store with a full pipeline, a second one, a rival and the opportunity `opp_k` in a stage.
fn bench(stage: &str) -> Bench {
    let mut bench = Bench::new();
    pipeline(&mut bench, "sales", "true", STAGES);
    pipeline(
        &mut bench,
        "service",
        "false",
        &[("talk", "open", "20"), ("won", "won", "100"), ("lost", "lost", "0")],
    );
    bench.store.add("competitor", "rival", &[("name", "Rival")]);
    let mut fields = vec![
        ("name", "车队"),
        ("customer", "cus_haina"),
        ("pipeline", "sales"),
        ("stage", stage),
        ("amount", "1000.00"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("amount_source", "manual"),
        ("close_date", "2026-04-01"),
        ("owner", "li.na"),
    ];
    if matches!(stage, "won" | "lost" | "gone") {
        fields.push(("closed_on", "2026-03-01"));
    }
    if matches!(stage, "lost" | "gone") {
        fields.extend([("lost_reason", "price"), ("lost_to", "rival"), ("lost_note", "too dear")]);
    }
    bench.store.add("opportunity", "opp_k", &fields);
    bench
}

fn quote(bench: &mut Bench, id: &str, status: &str, price: &str, more: &[(&'static str, &'static str)]) {
    let fields = [
        ("number", id),
        ("date", "2026-03-01"),
        ("customer", "cus_haina"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", "tax_excl"),
        ("tax_rounding", "line"),
        ("opportunity", "opp_k"),
        ("revision", "1"),
        ("valid_until", "2026-03-31"),
        ("owner", "wang.wei"),
        ("status", status),
    ];
    let lines = [
        ("lines.id", "kkkkkk"),
        ("lines.product", "MAT"),
        ("lines.name", "MAT"),
        ("lines.qty", "2"),
        ("lines.list_price", price),
        ("lines.price", price),
        ("lines.tax_rate", "13"),
    ];
    let kept = fields.iter().filter(|(name, _)| !more.iter().any(|(given, _)| given == name));
    let all: Vec<(&str, &str)> = kept.chain(more).chain(&lines).copied().collect();
    bench.store.add("quote", id, &all);
}

fn to(code: &str) -> StageWish {
    StageWish { code: code.to_owned(), ..StageWish::default() }
}

fn opp(draft: &Draft<'_>) -> Result<Doc, Problem> {
    draft.need("opportunity", "opp_k")
}

fn loss(reason: &str) -> Loss {
    Loss { reason: reason.to_owned(), ..Loss::default() }
}

fn stored(bench: &Bench) -> Doc {
    bench.store.docs().find(|doc| doc.id() == "opp_k").expect("the opportunity").clone()
}

/// Field, from and to of the entries of the history.
fn moves(doc: &Doc) -> Vec<(Option<&str>, Option<&str>, Option<&str>)> {
    doc.history.iter().map(|m| (m.field.as_deref(), m.from.as_deref(), m.to.as_deref())).collect()
}

#[test]
fn every_legal_move_is_made_and_told_and_every_other_is_refused_with_the_legal_ones() {
    let open = ["qualification", "needs", "proposal"];
    for (from, _, _) in STAGES {
        for (code, kind, _) in STAGES {
            let bench = bench(from);
            let act = |draft: &mut Draft<'_>| stage(draft, "opp_k", &to(code));
            if from == code {
                let set =
                    bench.with(|draft| act(draft).map(|moved| assert!(!moved, "{from} is {code} already")));
                assert!(set.is_empty());
            } else if open.contains(from) && *kind == "open" {
                bench.with(|draft| {
                    assert!(act(draft)?);
                    let doc = opp(draft)?;
                    assert_eq!(doc.state(), *code);
                    assert_eq!(moves(&doc), [(None, Some(*from), Some(*code))]);
                    Ok(())
                });
            } else {
                let refused = bench.refused(act);
                assert_eq!(refused.id, "illegal-move", "{from} to {code}");
                let others: Vec<&str> = open.into_iter().filter(|other| other != from).collect();
                let legal = if open.contains(from) { others } else { vec!["reopen"] };
                assert_eq!(refused.legal, legal, "{from} to {code}");
            }
        }
    }
}

#[test]
fn winning_losing_and_reopening_lead_where_they_should_from_every_stage() {
    for (stage, kind, _) in STAGES {
        let mut bench = bench(stage);
        bench.setting.reason = Some("once more".to_owned());
        let acts: [(&str, &str, Act); 3] = [
            ("won", "won", |draft| win(draft, "opp_k", None, false)),
            ("lost", "lost", |draft| lose(draft, "opp_k", &loss("price"))),
            ("qualification", "open", |draft| reopen(draft, "opp_k", None)),
        ];
        for (target, closes, act) in acts {
            if *kind == closes {
                let set = bench.with(|draft| act(draft).map(|moved| assert!(!moved, "{stage}: {target}")));
                assert!(set.is_empty(), "{stage}: {target}");
            } else if *kind == "open" || closes == "open" {
                bench.with(|draft| {
                    assert!(act(draft)?, "{stage}: {target}");
                    let doc = opp(draft)?;
                    assert_eq!(doc.state(), target);
                    assert_eq!(moves(&doc).last(), Some(&(None, Some(*stage), Some(target))));
                    assert_eq!(doc.history.last().and_then(|m| m.reason.as_deref()), Some("once more"));
                    assert_eq!(doc.get("closed_on").is_some(), closes != "open");
                    Ok(())
                });
            } else {
                let refused = bench.refused(act);
                assert_eq!(
                    (refused.id, refused.legal),
                    ("illegal-move", vec!["reopen".to_owned()]),
                    "{stage}: {target}"
                );
            }
        }
    }
}

#[test]
fn a_stage_that_there_is_not_is_refused_with_those_there_are() {
    let bench = bench("needs");
    let refused = bench.refused(|draft| stage(draft, "opp_k", &to("dreams")));
    assert_eq!((refused.id, refused.get("pipeline")), ("unknown-stage", Some("sales")));
    assert_eq!(refused.legal, ["qualification", "needs", "proposal"]);
    let refused = bench.refused(|draft| stage(draft, "opp_k", &to("won")));
    assert_eq!(refused.hint, Some("hint-closing-verb"));
    let refused = bench.refused(|draft| stage(draft, "opp_nobody", &to("needs")));
    assert_eq!(refused.id, "no-such-record");
}

#[test]
fn another_pipeline_brings_its_own_stages() {
    let bench = bench("needs");
    let service = |code: &str| StageWish { pipeline: Some("service".to_owned()), ..to(code) };
    bench.with(|draft| {
        assert!(stage(draft, "opp_k", &service("talk"))?);
        let doc = opp(draft)?;
        assert_eq!((field(&doc, "pipeline").as_str(), doc.state()), ("service", "talk"));
        assert!(win(draft, "opp_k", None, false)?);
        Ok(())
    });
    assert_eq!(bench.refused(|draft| stage(draft, "opp_k", &service("proposal"))).legal, ["talk"]);
}

#[test]
fn a_stage_asks_for_its_fields() {
    let mut bench = bench("qualification");
    let mut sales = bench.store.take("pipelines/sales.toml").expect("the pipeline");
    let mut rows = sales.rows("stages").to_vec();
    rows[2].insert("requires", Value::List(vec![text("needs"), text("source")]));
    sales.set("stages", Some(Value::Rows(rows)));
    bench.store.put(sales);
    let refused = bench.refused(|draft| stage(draft, "opp_k", &to("proposal")));
    assert_eq!((refused.id, refused.field.as_deref()), ("stage-requirement", Some("needs")));
    bench.with(|draft| stage(draft, "opp_k", &to("needs")).map(|_| ()));
}

#[test]
fn a_chance_set_by_hand_goes_with_its_stage_unless_it_is_kept_or_was_set_later() {
    let mut bench = bench("qualification");
    let mut doc = stored(&bench);
    doc.set("probability", Some(Value::Int(60)));
    bench.store.put(doc.clone());
    bench.with(|draft| {
        stage(draft, "opp_k", &to("needs"))?;
        let doc = opp(draft)?;
        assert_eq!(doc.get("probability"), None);
        assert_eq!(moves(&doc)[1], (Some("probability"), Some("60"), None));
        Ok(())
    });
    bench.with(|draft| {
        stage(draft, "opp_k", &StageWish { keep_probability: true, ..to("needs") })?;
        assert_eq!(field(&opp(draft)?, "probability"), "60");
        Ok(())
    });
    doc.history.push(Moved {
        at: bench.setting.now,
        by: "li.na".to_owned(),
        field: Some("probability".to_owned()),
        from: None,
        to: Some("60".to_owned()),
        reason: None,
    });
    bench.store.put(doc);
    bench.setting.on = bench.setting.now - chrono::Duration::days(1);
    bench.with(|draft| {
        stage(draft, "opp_k", &to("needs"))?;
        assert_eq!(field(&opp(draft)?, "probability"), "60", "it was said about this stage");
        Ok(())
    });
}

#[test]
fn a_move_lies_between_the_last_one_and_now() {
    let mut bench = bench("qualification");
    bench.setting.on = bench.setting.now + chrono::Duration::days(1);
    assert_eq!(bench.refused(|draft| win(draft, "opp_k", None, false)).id, "move-in-future");
    bench.setting.on = bench.setting.now - chrono::Duration::days(3);
    bench.with(|draft| {
        lose(draft, "opp_k", &loss("price"))?;
        assert_eq!(field(&opp(draft)?, "closed_on"), "2026-03-07", "the day it happened");
        Ok(())
    });
    let set = bench.with(|draft| stage(draft, "opp_k", &to("needs")).map(|_| ()));
    for change in set.changes {
        bench.store.put(change.new.expect("a record"));
    }
    bench.setting.on -= chrono::Duration::days(1);
    assert_eq!(bench.refused(|draft| win(draft, "opp_k", None, false)).id, "move-before-last");
}

#[test]
fn nothing_is_won_for_nothing_and_nothing_lost_without_a_reason() {
    let mut bench = bench("proposal");
    let mut doc = stored(&bench);
    doc.set("amount", Some(dec("0.00")));
    bench.store.put(doc);
    assert_eq!(bench.refused(|draft| win(draft, "opp_k", None, false)).id, "won-without-amount");
    assert_eq!(bench.refused(|draft| lose(draft, "opp_k", &loss("other"))).id, "lost-without-reason");
    assert_eq!(bench.refused(|draft| lose(draft, "opp_k", &loss(""))).id, "lost-without-reason");
}

#[test]
fn a_loss_says_why_and_to_whom_and_may_choose_among_the_lost_stages() {
    bench("proposal").with(|draft| {
        let wish = Loss {
            to: Some("rival".to_owned()),
            note: Some("太贵".to_owned()),
            stage: Some("gone".to_owned()),
            ..loss("other")
        };
        assert!(lose(draft, "opp_k", &wish)?);
        let doc = opp(draft)?;
        for (name, value) in [
            ("stage", "gone"),
            ("lost_reason", "other"),
            ("lost_to", "rival"),
            ("lost_note", "太贵"),
            ("closed_on", "2026-03-10"),
        ] {
            assert_eq!(field(&doc, name), value);
        }
        Ok(())
    });
    let wish = Loss { stage: Some("won".to_owned()), ..loss("price") };
    let refused = bench("proposal").refused(|draft| lose(draft, "opp_k", &wish));
    assert_eq!((refused.id, refused.legal), ("unknown-stage", vec!["lost".to_owned(), "gone".to_owned()]));
}

#[test]
fn what_stays_open_is_named_when_a_sale_ends() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "100.00", &[]);
    quote(&mut bench, "quo_2", "rejected", "100.00", &[("reject_reason", "price")]);
    let planned = [
        ("kind", "call"),
        ("subject", "再问"),
        ("target", "opp_k"),
        ("status", "planned"),
        ("due", "2026-03-20"),
        ("owner", "li.na"),
    ];
    bench.store.add("followup", "fup_k", &planned);
    bench.with(|draft| {
        lose(draft, "opp_k", &loss("price"))?;
        let told: Vec<(&str, Option<&str>)> =
            draft.warnings.iter().map(|warning| (warning.id, warning.get("names"))).collect();
        assert_eq!(
            told,
            [("quotes-left-open", Some("quo_1 (quo_1)")), ("followups-left-planned", Some("再问 (fup_k)"))]
        );
        assert!(draft.warnings.iter().all(|warning| warning.warning));
        assert_eq!(draft.need("quote", "quo_1")?.state(), "sent");
        Ok(())
    });
    bench.with(|draft| {
        win(draft, "opp_k", Some("quo_1"), false)?;
        let told: Vec<&str> = draft.warnings.iter().map(|warning| warning.id).collect();
        assert_eq!(told, ["followups-left-planned"], "the quote that won is not open any more");
        Ok(())
    });
}

#[test]
fn a_quote_wins_with_its_net_total_and_is_accepted_along() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "300.00", &[]);
    let set = bench.with(|draft| {
        assert!(win(draft, "opp_k", Some("quo_1"), true)?);
        let doc = opp(draft)?;
        for (name, value) in [
            ("stage", "won"),
            ("amount", "600.00"),
            ("amount_source", "quote"),
            ("won_quote", "quo_1"),
            ("closed_on", "2026-03-10"),
        ] {
            assert_eq!(field(&doc, name), value);
        }
        assert_eq!(draft.need("quote", "quo_1")?.state(), "accepted");
        let orders = draft.all_with("order", "quote", "quo_1")?;
        let [order] = orders.as_slice() else { panic!("one order: {orders:?}") };
        assert_eq!(
            (order.state(), field(order, "owner").as_str()),
            ("draft", "wang.wei"),
            "the quote's owner sold it"
        );
        assert!(!win(draft, "opp_k", Some("quo_1"), true)?, "again is nothing new");
        assert_eq!(draft.all_with("order", "quote", "quo_1")?.len(), 1);
        Ok(())
    });
    assert_eq!(set.changes.len(), 3);
}

#[test]
fn an_order_that_was_forgotten_is_made_when_it_is_asked_for_again() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "accepted", "300.00", &[("accepted_on", "2026-03-05")]);
    bench.with(|draft| {
        assert!(win(draft, "opp_k", Some("quo_1"), false)?);
        assert!(win(draft, "opp_k", Some("quo_1"), true)?);
        assert_eq!(draft.all_with("order", "quote", "quo_1")?.len(), 1);
        Ok(())
    });
}

#[test]
fn what_one_quote_has_won_another_does_not_win_again() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "300.00", &[]);
    quote(&mut bench, "quo_2", "sent", "200.00", &[]);
    let refused = bench.refused(|draft| {
        win(draft, "opp_k", Some("quo_1"), false)?;
        win(draft, "opp_k", Some("quo_2"), true)
    });
    assert_eq!((refused.id, refused.legal), ("illegal-move", vec!["reopen".to_owned()]));
    let set = bench.with(|draft| {
        assert!(win(draft, "opp_k", None, false)?);
        assert!(!win(draft, "opp_k", Some("quo_2"), true)?, "it is won already, without a quote");
        Ok(())
    });
    assert_eq!(set.changes.len(), 1, "and no quote is ordered that was not accepted");
}

#[test]
fn a_quote_that_cannot_win_is_refused() {
    for (status, more, problem) in [
        ("draft", &[][..], "illegal-move"),
        ("rejected", &[("reject_reason", "price")], "illegal-move"),
        ("sent", &[("valid_until", "2026-03-09")], "expired-quote"),
        ("sent", &[("opportunity", "opp_other")], "quote-of-other"),
        ("sent", &[("customer", "cus_tokyo")], "wrong-customer"),
    ] {
        let mut bench = bench("proposal");
        quote(&mut bench, "quo_1", status, "300.00", more);
        assert_eq!(
            bench.refused(|draft| win(draft, "opp_k", Some("quo_1"), false)).id,
            problem,
            "{status} {more:?}"
        );
    }
    let mut late = bench("proposal");
    quote(&mut late, "quo_1", "sent", "300.00", &[("valid_until", "2026-03-09")]);
    late.setting.allow.insert("accept-expired".to_owned());
    late.with(|draft| win(draft, "opp_k", Some("quo_1"), false).map(|_| ()));
    let bench = bench("proposal");
    assert_eq!(bench.refused(|draft| win(draft, "opp_k", None, true)).id, "missing-flag");
    assert_eq!(bench.refused(|draft| win(draft, "opp_k", Some("quo_9"), false)).id, "no-such-record");
}

#[test]
fn what_is_open_again_has_nothing_of_its_end() {
    let mut bench = bench("qualification");
    quote(&mut bench, "quo_1", "sent", "300.00", &[]);
    bench.setting.reason = Some("customer came back".to_owned());
    bench.with(|draft| {
        stage(draft, "opp_k", &to("proposal"))?;
        stage(draft, "opp_k", &to("needs"))?;
        win(draft, "opp_k", Some("quo_1"), false)?;
        assert!(reopen(draft, "opp_k", None)?);
        let doc = opp(draft)?;
        assert_eq!(doc.state(), "needs", "the last open stage, not the furthest");
        for gone in OF_CLOSING {
            assert_eq!(doc.get(gone), None, "{gone}");
        }
        assert_eq!(field(&doc, "amount"), "600.00");
        lose(draft, "opp_k", &loss("price"))?;
        assert!(reopen(draft, "opp_k", Some("qualification"))?);
        assert_eq!(opp(draft)?.state(), "qualification");
        assert!(!reopen(draft, "opp_k", Some("qualification"))?);
        Ok(())
    });
    let refused = bench.refused(|draft| reopen(draft, "opp_k", Some("needs")));
    assert_eq!((refused.id, refused.legal.len()), ("illegal-move", 3));
    let mut lost = self::bench("lost");
    assert_eq!(lost.refused(|draft| reopen(draft, "opp_k", None)).id, "reason-needed");
    lost.setting.reason = Some("r".to_owned());
    let refused = lost.refused(|draft| reopen(draft, "opp_k", Some("won")));
    assert_eq!((refused.id, refused.legal.len()), ("illegal-move", 3), "an open stage is meant");
    assert_eq!(lost.refused(|draft| reopen(draft, "opp_k", Some("dreams"))).id, "unknown-stage");
}

#[test]
fn the_amount_follows_the_quote_that_counts() {
    for (quotes, amount) in [
        (&[][..], None),
        (
            &[("quo_1", "rejected", "1.00"), ("quo_2", "superseded", "2.00"), ("quo_3", "cancelled", "3.00")],
            None,
        ),
        (&[("quo_1", "draft", "1.00")], Some("2.00")),
        (&[("quo_1", "draft", "1.00"), ("quo_2", "draft", "2.00")], Some("4.00")),
        (&[("quo_1", "sent", "1.00"), ("quo_2", "draft", "2.00")], Some("2.00")),
        (&[("quo_1", "accepted", "1.00"), ("quo_2", "sent", "2.00")], Some("2.00")),
    ] {
        let mut bench = bench("proposal");
        for (id, status, price) in quotes {
            quote(&mut bench, id, status, price, &[]);
        }
        bench.with(|draft| {
            assert_eq!(quoted_amount(draft, &opp(draft)?)?, amount.map(number), "{quotes:?}");
            Ok(())
        });
    }
}

#[test]
fn an_amount_in_another_currency_is_converted_by_both_rates() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "10.005", &[("currency", "USD"), ("fx_rate", "7.1000")]);
    bench.with(|draft| {
        win(draft, "opp_k", Some("quo_1"), false)?;
        // 2 × 10.005 = 20.01 USD at 7.1 = 142.071 CNY
        assert_eq!(field(&opp(draft)?, "amount"), "142.07");
        Ok(())
    });
}

#[test]
fn only_open_sales_that_say_so_follow_their_quotes() {
    for (stage, source, expected) in
        [("proposal", "quote", "600.00"), ("proposal", "manual", "1000.00"), ("won", "quote", "1000.00")]
    {
        let mut bench = bench(stage);
        quote(&mut bench, "quo_1", "sent", "300.00", &[]);
        let mut doc = stored(&bench);
        doc.set("amount_source", Some(text(source)));
        bench.store.put(doc);
        bench.with(|draft| {
            follow_quotes(draft, "opp_k")?;
            follow_quotes(draft, "opp_nobody")?;
            assert_eq!(field(&opp(draft)?, "amount"), expected, "{stage} {source}");
            Ok(())
        });
    }
}

#[test]
fn a_move_in_the_past_does_not_put_the_amount_before_what_was_said_later() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "300.00", &[]);
    let mut doc = stored(&bench);
    doc.history.push(Moved {
        at: bench.setting.now,
        by: "li.na".to_owned(),
        field: Some("amount".to_owned()),
        from: Some("900.00".to_owned()),
        to: Some("1000.00".to_owned()),
        reason: None,
    });
    bench.store.put(doc);
    bench.setting.on = bench.setting.now - chrono::Duration::days(2);
    bench.with(|draft| {
        win(draft, "opp_k", Some("quo_1"), false)?;
        let doc = opp(draft)?;
        assert_eq!(field(&doc, "closed_on"), "2026-03-08");
        assert_eq!(doc.history.iter().filter(|m| m.field.as_deref() == Some("amount")).count(), 2);
        Ok(())
    });
}

#[test]
fn the_rules_find_nothing_wrong_with_what_was_moved() {
    let mut bench = bench("proposal");
    quote(&mut bench, "quo_1", "sent", "300.00", &[]);
    bench.setting.reason = Some("r".to_owned());
    bench.with(|draft| {
        let allow = std::collections::BTreeSet::new();
        let judge = crate::rules::Judge { allow: &allow, now: draft.setting.now, today: draft.setting.today };
        win(draft, "opp_k", Some("quo_1"), true)?;
        reopen(draft, "opp_k", None)?;
        lose(draft, "opp_k", &loss("price"))?;
        let found = check(draft, &judge, &opp(draft)?)?;
        // The ids of the sample are short, and its maker is no user.
        let found: Vec<_> =
            found.iter().filter(|p| !matches!(p.field.as_deref(), Some("id" | "created_by"))).collect();
        assert!(found.is_empty(), "{found:?}");
        Ok(())
    });
}
