//! Splitting a target into draft targets of its parts: users, months or products.
//!
//! Deliberately absent: who belongs to a team and what sold a year ago (the caller asks the read
//! model), and what a period's name means (the caller knows the calendar).

use rust_decimal::Decimal;

use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::scalars::Day;
use crate::model::value::round_half_up;
use crate::rules::View;
use crate::rules::support::about;
use crate::rules::targets::is_same;

/// By what a target is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    User,
    Month,
    Product,
}

/// A stretch of days, with the name of the period where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub period: Option<String>,
    pub start: Day,
    pub end: Day,
}

/// What a part is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    User(String),
    Product(String),
    Stretch(Stretch),
}

/// A part of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub what: What,
    /// What this and all parts before it have together, in percent: 100 for the last.
    pub upto: Decimal,
}

/// Refuses what cannot be split so: a user's target by users, a product's by products.
pub fn splits(target: &Doc, by: By) -> Result<(), Problem> {
    let (refused, what) = match by {
        By::User => (target.text("scope") == Some("user"), "user"),
        By::Product => (target.get("product").is_some(), "product"),
        By::Month => (false, "month"),
    };
    if refused { Err(about(target, "nothing-to-split").arg("by", what)) } else { Ok(()) }
}

/// Parts by weights of any sum.
/// # Errors
/// `nothing-to-split` where nothing weighs anything.
pub fn weighed(target: &Doc, by: &'static str, weights: Vec<(What, Decimal)>) -> Result<Vec<Part>, Problem> {
    let total: Decimal = weights.iter().map(|(_, weight)| *weight).sum();
    if total <= Decimal::ZERO {
        return Err(about(target, "nothing-to-split").arg("by", by).hint("hint-shares"));
    }
    let mut sum = Decimal::ZERO;
    Ok(weights
        .into_iter()
        .map(|(what, weight)| {
            sum += weight;
            Part { what, upto: Decimal::ONE_HUNDRED * sum / total }
        })
        .collect())
}

/// Parts by shares in percent.
/// # Errors
/// `phasing-sum` unless they make 100, `split-twice` for a part given twice.
pub fn shared(shares: Vec<(What, Decimal)>) -> Result<Vec<Part>, Problem> {
    let sum: Decimal = shares.iter().map(|(_, share)| *share).sum();
    if sum != Decimal::ONE_HUNDRED {
        return Err(Problem::usage("phasing-sum").arg("sum", sum.normalize()).field("shares"));
    }
    for (at, (what, _)) in shares.iter().enumerate() {
        if shares[..at].iter().any(|(other, _)| other == what) {
            return Err(Problem::usage("split-twice").arg("value", name_of(what)).field("shares"));
        }
    }
    let mut upto = Decimal::ZERO;
    let part = |(what, share)| {
        upto += share;
        Part { what, upto }
    };
    Ok(shares.into_iter().map(part).collect())
}

fn name_of(what: &What) -> String {
    match what {
        What::User(id) | What::Product(id) => id.clone(),
        What::Stretch(stretch) => stretch.period.clone().unwrap_or_else(|| stretch.start.to_string()),
    }
}

/// Parts by month: by the target's phasing, inside each share of it and without one by days.
/// # Errors
/// `nothing-to-split` for less than two months.
pub fn monthly(target: &Doc, months: Vec<Stretch>) -> Result<Vec<Part>, Problem> {
    if months.len() < 2 {
        return Err(about(target, "nothing-to-split").arg("by", "month"));
    }
    let shares: Vec<Decimal> = match target.get("phasing") {
        Some(Value::List(shares)) => shares.iter().filter_map(Value::as_dec).collect(),
        _ => Vec::new(),
    };
    let shares = if shares.is_empty() || !months.len().is_multiple_of(shares.len()) {
        vec![Decimal::ONE_HUNDRED]
    } else {
        shares
    };
    let days = |months: &[Stretch]| {
        Decimal::from(months.iter().map(|m| (m.end - m.start).num_days() + 1).sum::<i64>())
    };
    let step = months.len() / shares.len();
    let mut before = Decimal::ZERO;
    let mut parts = Vec::new();
    for (group, share) in months.chunks(step).zip(shares) {
        let all = days(group);
        for (at, month) in group.iter().enumerate() {
            let upto = before + share * days(&group[..=at]) / all;
            parts.push(Part { what: What::Stretch(month.clone()), upto });
        }
        before += share;
    }
    Ok(parts)
}

/// Writes a draft target for each part; together they are exactly the target. One that is there
/// already as a draft gets the new value, one that holds must have it. Gives their ids.
/// # Errors
/// `duplicate-target` for an approved or closed part with another value.
pub fn split(draft: &mut Draft<'_>, id: &str, parts: &[Part]) -> Result<Vec<String>, Problem> {
    let target = draft.need("target", id)?;
    let value = target.dec("value").unwrap_or_default();
    let money = matches!(target.text("measure"), Some("amount" | "margin"));
    let digits = if money { draft.schema().settings.digits() } else { value.normalize().scale() };
    let mut before = Decimal::ZERO;
    let mut ids = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let upto = if at + 1 == parts.len() { value } else { up_to(value, part.upto, digits)? };
        ids.push(child(draft, &target, &part.what, upto - before)?);
        before = upto;
    }
    let title = target.title();
    let period = target.text("period").filter(|period| *period != title);
    draft.about =
        Some(format!("{title}{} ({id})", period.map(|period| format!(" {period}")).unwrap_or_default()));
    Ok(ids)
}

/// A share of a value, rounded to digits.
fn up_to(value: Decimal, percent: Decimal, digits: u32) -> Result<Decimal, Problem> {
    let share = percent / Decimal::ONE_HUNDRED;
    let part = value.checked_mul(share).ok_or_else(|| Problem::invalid("amount-too-large"))?;
    Ok(round_half_up(part, digits))
}

/// The target of a part, made or brought to its value.
fn child(draft: &mut Draft<'_>, target: &Doc, what: &What, value: Decimal) -> Result<String, Problem> {
    let mut doc = draft.make("target", None);
    for field in [
        "scope", "subject", "period", "start", "end", "measure", "basis", "product", "category", "phasing",
        "owner",
    ] {
        doc.set(field, target.get(field).cloned());
    }
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    match what {
        What::User(user) => {
            doc.set("scope", text("user"));
            doc.set("subject", text(user));
            doc.set("owner", text(user));
        }
        What::Product(sku) => {
            doc.set("product", text(sku));
            doc.set("category", None);
        }
        What::Stretch(stretch) => {
            doc.set("phasing", None);
            doc.set("period", stretch.period.as_deref().and_then(text));
            let days = stretch.period.is_none();
            doc.set("start", days.then_some(Value::Day(stretch.start)));
            doc.set("end", days.then_some(Value::Day(stretch.end)));
        }
    }
    doc.set("value", Some(Value::Dec(value.normalize())));
    match twin(draft, &doc)? {
        None => verbs::add(draft, doc),
        Some(mut twin) => {
            let id = twin.id().to_owned();
            let same = twin.dec("value") == Some(value);
            if !same && twin.state() != "draft" {
                return Err(about(&twin, "duplicate-target").arg("other", &id).hint("hint-target-revise"));
            }
            if !same {
                draft.set(&mut twin, "value", Some(Value::Dec(value.normalize())));
                draft.put(twin)?;
            }
            Ok(id)
        }
    }
}

/// The target that is for the same.
fn twin(draft: &Draft<'_>, doc: &Doc) -> Result<Option<Doc>, Problem> {
    let field = if doc.get("subject").is_some() { "subject" } else { "scope" };
    let value = doc.text(field).unwrap_or_default();
    Ok(draft.all_with("target", field, value)?.into_iter().find(|other| is_same(doc, other)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, dec, field, number};
    use super::*;

    fn bench(fields: &[(&str, &str)]) -> Bench {
        let mut bench = Bench::new();
        let base = [("status", "approved"), ("measure", "amount"), ("basis", "order"), ("owner", "wang.wei")];
        bench.store.add("target", "tgt_k", &[&base[..], fields].concat());
        bench
    }

    const TEAM: &[(&str, &str)] = &[("scope", "team"), ("subject", "shenzhen-sales"), ("period", "2026Q1")];

    fn users(names: &[&str]) -> Vec<(What, Decimal)> {
        names.iter().map(|name| (What::User((*name).to_owned()), Decimal::ONE)).collect()
    }

    fn months(spans: &[(&str, &str, &str)]) -> Vec<Stretch> {
        let day = |text: &str| text.parse().expect("a day");
        let stretch = |(name, start, end): &(&str, &str, &str)| Stretch {
            period: (!name.is_empty()).then(|| (*name).to_owned()),
            start: day(start),
            end: day(end),
        };
        spans.iter().map(stretch).collect()
    }

    fn quarter() -> Vec<Stretch> {
        months(&[
            ("2026-01", "2026-01-01", "2026-01-31"),
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2026-03", "2026-03-01", "2026-03-31"),
        ])
    }

    /// What the parts are worth, and their sum.
    fn values(draft: &Draft<'_>, ids: &[String]) -> Result<(Vec<String>, Decimal), Problem> {
        let docs = ids.iter().map(|id| draft.need("target", id)).collect::<Result<Vec<_>, _>>()?;
        let sum = docs.iter().filter_map(|doc| doc.dec("value")).sum();
        Ok((docs.iter().map(|doc| field(doc, "value")).collect(), sum))
    }

    #[test]
    fn users_get_even_parts_that_make_the_whole_to_the_cent() {
        bench(&[TEAM, &[("value", "100"), ("phasing", "20;30;50")]].concat()).with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let parts = weighed(&target, "user", users(&["li.na", "wang.wei", "zhao.min"]))?;
            let ids = split(draft, "tgt_k", &parts)?;
            let (found, sum) = values(draft, &ids)?;
            assert_eq!((found, sum), (vec!["33.33".into(), "33.34".into(), "33.33".into()], number("100")));
            let first = draft.need("target", &ids[0])?;
            for (name, value) in [
                ("scope", "user"),
                ("subject", "li.na"),
                ("owner", "li.na"),
                ("period", "2026Q1"),
                ("phasing", "20;30;50"),
                ("status", "draft"),
                ("basis", "order"),
            ] {
                assert_eq!(field(&first, name), value, "{name}");
            }
            Ok(())
        });
    }

    #[test]
    fn what_is_counted_is_split_into_whole_ones() {
        let fields = [TEAM, &[("value", "10")]].concat();
        let mut bench = bench(&fields);
        let mut doc = bench.store.doc(
            "target",
            "tgt_k",
            &[&fields[..], &[("measure", "visits"), ("status", "draft")]].concat(),
        );
        doc.set("basis", None);
        bench.store.put(doc);
        bench.with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let ids =
                split(draft, "tgt_k", &weighed(&target, "user", users(&["li.na", "wang.wei", "zhao.min"]))?)?;
            assert_eq!(values(draft, &ids)?.0, ["3", "4", "3"]);
            Ok(())
        });
    }

    #[test]
    fn months_follow_the_phasing() {
        bench(&[TEAM, &[("value", "900000"), ("phasing", "20;30;50")]].concat()).with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let ids = split(draft, "tgt_k", &monthly(&target, quarter())?)?;
            assert_eq!(values(draft, &ids)?.0, ["180000", "270000", "450000"]);
            let second = draft.need("target", &ids[1])?;
            assert_eq!(
                (field(&second, "period"), field(&second, "subject")),
                ("2026-02".into(), "shenzhen-sales".into())
            );
            assert!(second.get("phasing").is_none() && second.get("start").is_none());
            Ok(())
        });
    }

    #[test]
    fn months_without_phasing_have_what_their_days_make() {
        bench(&[TEAM, &[("value", "90")]].concat()).with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let ids = split(draft, "tgt_k", &monthly(&target, quarter())?)?;
            assert_eq!(values(draft, &ids)?, (vec!["31".into(), "28".into(), "31".into()], number("90")));
            Ok(())
        });
    }

    #[test]
    fn months_of_a_half_with_two_shares_divide_each_by_days() {
        let half = [("scope", "company"), ("period", "2026H1"), ("value", "1000"), ("phasing", "40;60")];
        bench(&half).with(|draft| {
            let mut spans = quarter();
            spans.extend(months(&[
                ("2026-04", "2026-04-01", "2026-04-30"),
                ("2026-05", "2026-05-01", "2026-05-31"),
                ("2026-06", "2026-06-01", "2026-06-30"),
            ]));
            let target = draft.need("target", "tgt_k")?;
            let ids = split(draft, "tgt_k", &monthly(&target, spans)?)?;
            let (found, sum) = values(draft, &ids)?;
            assert_eq!(found, ["137.78", "124.44", "137.78", "197.8", "204.4", "197.8"]);
            assert_eq!(sum, number("1000"));
            Ok(())
        });
    }

    #[test]
    fn parts_of_a_month_have_their_days_instead_of_a_name() {
        let range = [("scope", "company"), ("start", "2026-01-15"), ("end", "2026-02-14"), ("value", "31")];
        bench(&range).with(|draft| {
            let spans = months(&[("", "2026-01-15", "2026-01-31"), ("", "2026-02-01", "2026-02-14")]);
            let target = draft.need("target", "tgt_k")?;
            let ids = split(draft, "tgt_k", &monthly(&target, spans)?)?;
            assert_eq!(values(draft, &ids)?.0, ["17", "14"]);
            let second = draft.need("target", &ids[1])?;
            assert_eq!(
                (field(&second, "start"), field(&second, "period")),
                ("2026-02-01".into(), String::new())
            );
            Ok(())
        });
    }

    #[test]
    fn shares_are_taken_as_given() {
        bench(&[TEAM, &[("value", "100")]].concat()).with(|draft| {
            let shares = |shares: [(&str, &str); 2]| {
                shared(shares.map(|(sku, share)| (What::Product(sku.to_owned()), number(share))).to_vec())
            };
            let ids = split(draft, "tgt_k", &shares([("MAT", "33.335"), ("HAN-EV-610", "66.665")])?)?;
            assert_eq!(values(draft, &ids)?.0, ["33.34", "66.66"]);
            let first = draft.need("target", &ids[0])?;
            assert_eq!((field(&first, "product"), field(&first, "scope")), ("MAT".into(), "team".into()));
            assert_eq!(shares([("MAT", "30"), ("HAN-EV-610", "60")]).expect_err("90").id, "phasing-sum");
            assert_eq!(shares([("MAT", "30"), ("MAT", "70")]).expect_err("twice").id, "split-twice");
            Ok(())
        });
    }

    #[test]
    fn splitting_again_changes_nothing_and_after_a_revision_the_drafts() {
        let bench = bench(&[TEAM, &[("value", "100")]].concat());
        bench.with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let parts = weighed(&target, "user", users(&["li.na", "zhao.min"]))?;
            let ids = split(draft, "tgt_k", &parts)?;
            let before = draft.pending().count();
            assert_eq!(split(draft, "tgt_k", &parts)?, ids);
            assert_eq!(draft.pending().count(), before);
            let mut target = draft.need("target", "tgt_k")?;
            draft.set(&mut target, "value", Some(dec("120")));
            draft.put(target)?;
            assert_eq!(split(draft, "tgt_k", &parts)?, ids);
            assert_eq!(values(draft, &ids)?.0, ["60", "60"]);
            Ok(())
        });
    }

    #[test]
    fn a_part_that_holds_already_is_not_overwritten() {
        let mut bench = bench(&[TEAM, &[("value", "100")]].concat());
        let held = [
            ("scope", "user"),
            ("subject", "li.na"),
            ("period", "2026Q1"),
            ("measure", "amount"),
            ("value", "70"),
            ("status", "approved"),
        ];
        bench.store.add("target", "tgt_l", &held);
        let refused = bench.refused(|draft| {
            let target = draft.need("target", "tgt_k")?;
            let parts = weighed(&target, "user", users(&["li.na", "zhao.min"]))?;
            split(draft, "tgt_k", &parts)
        });
        assert_eq!((refused.id, refused.get("other")), ("duplicate-target", Some("tgt_l")));
    }

    #[test]
    fn what_has_no_parts_is_refused() {
        let mine = [
            ("scope", "user"),
            ("subject", "li.na"),
            ("period", "2026-01"),
            ("value", "1"),
            ("product", "MAT"),
        ];
        bench(&mine).with(|draft| {
            let target = draft.need("target", "tgt_k")?;
            for by in [By::User, By::Product] {
                assert_eq!(splits(&target, by).expect_err("no parts").id, "nothing-to-split", "{by:?}");
            }
            assert!(splits(&target, By::Month).is_ok());
            assert_eq!(monthly(&target, quarter()[..1].to_vec()).expect_err("one").id, "nothing-to-split");
            assert_eq!(weighed(&target, "user", Vec::new()).expect_err("none").id, "nothing-to-split");
            Ok(())
        });
    }
}
