//! Targets say whose they are, for when, and what counts, once.

use rust_decimal::Decimal;

use super::support::{about, others};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// What makes two targets the same.
const SAME: &[&str] =
    &["scope", "subject", "period", "start", "end", "measure", "basis", "product", "category"];

/// `target-without-subject`, `target-basis`, and the type of the subject.
pub fn shape(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "target" {
        return Ok(());
    }
    let scope = doc.text("scope").unwrap_or("company");
    match doc.text("subject") {
        None if scope != "company" => found.push(about(doc, "target-without-subject").field("subject")),
        Some(subject) => {
            let noun = if scope == "dealer" { "customer" } else { scope };
            let dealer = |doc: &Doc| scope != "dealer" || doc.text("kind") == Some("dealer");
            if scope == "company" || !view.record(noun, subject)?.is_some_and(|found| dealer(&found)) {
                let problem =
                    about(doc, "wrong-type-reference").arg("field", "subject").arg("value", subject);
                found.push(problem.field("subject").legal([noun]));
            }
        }
        None => {}
    }
    let narrow = doc.text("measure").is_some_and(|measure| measure != "amount")
        || doc.get("product").is_some()
        || doc.get("category").is_some();
    if doc.text("basis") == Some("payment") && narrow {
        found.push(about(doc, "target-basis").field("basis"));
    }
    Ok(())
}

/// `phasing-sum`, `phasing-length`, and the form of the period.
pub fn phasing(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "target" {
        return Ok(());
    }
    let period = doc.text("period");
    let lengths = match period {
        Some(period) => lengths(period),
        None => None,
    };
    match period {
        Some(value) if lengths.is_none() => {
            let problem = about(doc, "bad-value").arg("field", "period").arg("value", value);
            found.push(problem.arg("reason", "form").field("period"));
        }
        None if doc.get("start").is_none() || doc.get("end").is_none() => {
            found.push(about(doc, "missing-field").arg("field", "period").field("period"));
        }
        None if doc.day("end") < doc.day("start") => {
            let end = doc.day("end").map(|day| day.to_string()).unwrap_or_default();
            let problem = about(doc, "bad-value").arg("field", "end").arg("value", end);
            found.push(problem.arg("reason", "order").field("end"));
        }
        _ => {}
    }
    let Some(Value::List(shares)) = doc.get("phasing") else { return Ok(()) };
    let sum: Decimal = shares.iter().filter_map(Value::as_dec).sum();
    if sum != Decimal::ONE_HUNDRED {
        found.push(about(doc, "phasing-sum").arg("sum", sum.normalize()).field("phasing"));
    }
    let legal = lengths.unwrap_or_default();
    if !legal.contains(&shares.len()) {
        let problem = about(doc, "phasing-length").arg("count", shares.len());
        found.push(problem.field("phasing").legal(legal.iter().map(ToString::to_string)));
    }
    Ok(())
}

/// How many shares a period of this form may have; none where it has no such form.
fn lengths(period: &str) -> Option<&'static [usize]> {
    let (year, rest) = period.split_at_checked(4)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match rest {
        "" => Some(&[12, 4]),
        "H1" | "H2" => Some(&[6, 2]),
        "Q1" | "Q2" | "Q3" | "Q4" => Some(&[3]),
        month => {
            let number: u32 = month.strip_prefix('-').filter(|month| month.len() == 2)?.parse().ok()?;
            (1..=12).contains(&number).then_some(&[][..])
        }
    }
}

/// `duplicate-target`: same scope, subject, period, measure, basis, product and category.
pub fn duplicate(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "target" {
        return Ok(());
    }
    let Some((field, value)) =
        ["subject", "period", "scope"].into_iter().find_map(|field| Some((field, doc.text(field)?)))
    else {
        return Ok(());
    };
    for other in others(view, doc, "target", field, value)? {
        let Some(twin) = view.get(doc.kind, &other)? else { continue };
        if SAME.iter().all(|field| of(doc, field) == of(&twin, field)) {
            found.push(about(doc, "duplicate-target").arg("other", &other).candidates([other]));
        }
    }
    Ok(())
}

/// A value, or the default that stands for its absence.
fn of(doc: &Doc, field: &str) -> Option<Value> {
    let stored = doc.get(field).cloned();
    stored.or_else(|| (field == "basis").then(|| Value::Text("order".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, fresh, sample};

    const BASE: &[(&str, &str)] = &[("measure", "amount"), ("value", "900000"), ("status", "draft")];
    const YEAR: (&str, &str) = ("period", "2026");

    #[test]
    fn a_target_says_whose_it_is() {
        fresh(
            &sample(),
            "target",
            "tgt_kkkkkkkkkkkk",
            BASE,
            &[
                (&[YEAR, ("scope", "company")], &[]),
                (&[YEAR, ("scope", "user"), ("subject", "li.na")], &[]),
                (&[YEAR, ("scope", "user")], &["target-without-subject"]),
                (&[YEAR, ("scope", "team"), ("subject", "li.na")], &["wrong-type-reference"]),
                (&[YEAR, ("scope", "dealer"), ("subject", CHEN)], &["wrong-type-reference"]),
            ],
        );
    }

    #[test]
    fn a_target_says_for_when() {
        let base = [BASE, &[("scope", "company")]].concat();
        for (period, sound) in [
            ("2026", true),
            ("2026H2", true),
            ("2026Q4", true),
            ("2026-12", true),
            ("2026-13", false),
            ("2026H3", false),
            ("26", false),
            ("next", false),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["bad-value"] };
            fresh(&sample(), "target", "tgt_kkkkkkkkkkkk", &base, &[(&[("period", period)], expected)]);
        }
        fresh(
            &sample(),
            "target",
            "tgt_kkkkkkkkkkkk",
            &base,
            &[
                (&[("start", "2026-01-01"), ("end", "2026-01-31")], &[]),
                (&[("start", "2026-01-01"), ("end", "2025-12-31")], &["bad-value"]),
                (&[], &["missing-field"]),
            ],
        );
    }

    #[test]
    fn shares_fit_the_period_and_make_a_hundred() {
        let base = [BASE, &[("scope", "company")]].concat();
        fresh(
            &sample(),
            "target",
            "tgt_kkkkkkkkkkkk",
            &base,
            &[
                (&[("period", "2026Q1"), ("phasing", "20;30;50")], &[]),
                (&[("period", "2026Q1"), ("phasing", "20;30;40")], &["phasing-sum"]),
                (&[("period", "2026Q1"), ("phasing", "50;50")], &["phasing-length"]),
                (&[("period", "2026H1"), ("phasing", "50;50")], &[]),
                (&[("period", "2026"), ("phasing", "25;25;25;25")], &[]),
            ],
        );
    }

    #[test]
    fn payments_count_amounts_only() {
        let base = [("value", "9"), ("status", "draft"), ("scope", "company"), YEAR, ("basis", "payment")];
        fresh(
            &sample(),
            "target",
            "tgt_kkkkkkkkkkkk",
            &base,
            &[
                (&[("measure", "amount")], &[]),
                (&[("measure", "qty")], &["target-basis"]),
                (&[("measure", "amount"), ("category", "vehicle")], &["target-basis"]),
            ],
        );
    }

    #[test]
    fn a_target_is_set_once() {
        let mut store = sample();
        store.add("target", "tgt_llllllllllll", &[BASE, &[("scope", "company"), YEAR]].concat());
        fresh(
            &store,
            "target",
            "tgt_kkkkkkkkkkkk",
            BASE,
            &[
                (&[("scope", "company"), YEAR, ("basis", "order")], &["duplicate-target"]),
                (&[("scope", "company"), YEAR, ("basis", "won")], &[]),
                (&[("scope", "company"), YEAR, ("product", "EV")], &[]),
            ],
        );
    }
}
