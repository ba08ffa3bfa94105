//! Targets say whose they are, for when, and what counts, once.

use rust_decimal::Decimal;

use super::support::{about, others};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Value};

/// What makes two targets the same.
const SAME: &[&str] =
    &["scope", "subject", "period", "start", "end", "measure", "basis", "product", "category"];

/// The largest goal: beyond it sums lose digits.
const MOST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// `target-without-subject`, `target-basis`, the range of the value, and the type of the subject.
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
    if let Some(value) = doc.dec("value").filter(|value| value.is_sign_negative() || *value > MOST) {
        let problem = about(doc, "bad-value").arg("field", "value").arg("value", value);
        found.push(problem.arg("reason", "range").field("value"));
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
        if is_same(doc, &twin) {
            found.push(about(doc, "duplicate-target").arg("other", &other).candidates([other]));
        }
    }
    Ok(())
}

/// Whether two targets are for the same, whatever their values.
pub fn is_same(one: &Doc, other: &Doc) -> bool {
    SAME.iter().all(|field| of(one, field) == of(other, field))
}

/// `children-sum` W: the targets directly below do not make the target. Of the company these are
/// the topmost regions, where none has one the topmost teams, else the users; of a region the
/// regions, of a team the teams and users in it. Drafts do not count.
pub fn children(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "target" || !holds(doc) {
        return Ok(());
    }
    let below = match (doc.text("scope").unwrap_or("company"), doc.text("subject")) {
        ("company", _) => of_company(view, doc)?,
        ("region", Some(region)) => {
            of_subjects(view, doc, "region", &view.find("region", "parent", region)?)?
        }
        ("team", Some(team)) => {
            let mut all = of_subjects(view, doc, "team", &view.find("team", "parent", team)?)?;
            all.extend(of_subjects(view, doc, "user", &view.find("user", "team", team)?)?);
            all
        }
        _ => Vec::new(),
    };
    let sum: Decimal = below.iter().filter_map(|part| part.dec("value")).sum();
    let value = doc.dec("value").unwrap_or_default();
    if !below.is_empty() && sum != value {
        let problem = about(doc, "children-sum").arg("have", sum.normalize()).arg("most", value.normalize());
        found.push(problem.field("value").as_warning());
    }
    Ok(())
}

fn holds(doc: &Doc) -> bool {
    matches!(doc.state(), "approved" | "closed")
}

/// Whether a target is a part of another: the same but for whose it is.
fn is_part(part: &Doc, whole: &Doc) -> bool {
    let rest = SAME.iter().filter(|field| !matches!(**field, "scope" | "subject"));
    holds(part) && rest.into_iter().all(|field| of(part, field) == of(whole, field))
}

fn of_subjects(view: &dyn View, whole: &Doc, scope: &str, subjects: &[String]) -> Result<Vec<Doc>, Problem> {
    let mut parts = Vec::new();
    for subject in subjects {
        let targets = view.all_with("target", "subject", subject)?;
        parts.extend(targets.into_iter().filter(|t| t.text("scope") == Some(scope) && is_part(t, whole)));
    }
    Ok(parts)
}

fn of_company(view: &dyn View, whole: &Doc) -> Result<Vec<Doc>, Problem> {
    for scope in ["region", "team", "user"] {
        let mut parts = Vec::new();
        for target in view.all_with("target", "scope", scope)? {
            let subject = target.text("subject").map_or(Ok(None), |id| view.record(scope, id))?;
            let topmost = subject.is_some_and(|subject| subject.get("parent").is_none());
            if topmost && is_part(&target, whole) {
                parts.push(target);
            }
        }
        if !parts.is_empty() {
            return Ok(parts);
        }
    }
    Ok(Vec::new())
}

/// A value, or the default that stands for its absence.
fn of(doc: &Doc, field: &str) -> Option<Value> {
    let stored = doc.get(field).cloned();
    stored.or_else(|| (field == "basis").then(|| Value::Text("order".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{CHEN, checked, fresh, sample};

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
    fn a_goal_is_neither_negative_nor_endless() {
        let base = [("measure", "amount"), ("status", "draft"), ("scope", "company"), YEAR];
        for (value, sound) in [
            ("0", true),
            ("0.01", true),
            ("1000000000000000", true),
            ("1000000000000001", false),
            ("-1", false),
            ("79228162514264337593543950335", false),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["bad-value"] };
            fresh(&sample(), "target", "tgt_kkkkkkkkkkkk", &base, &[(&[("value", value)], expected)]);
        }
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

    /// A store with a target for each scope, subject and value, approved unless a draft.
    fn targets(all: &[(&str, &str, &str, &str)]) -> Memory {
        let mut store = sample();
        store.add("region", "top", &[("name", "Top")]);
        store.add("region", "below", &[("name", "Below"), ("parent", "top")]);
        store.add("team", "all", &[("name", "All")]);
        store.add("team", "few", &[("name", "Few"), ("parent", "all")]);
        for ((scope, subject, value, status), letter) in all.iter().zip(["k", "l"]) {
            let id = format!("tgt_{}", letter.repeat(12));
            let mut fields =
                vec![("scope", *scope), ("measure", "amount"), ("value", *value), ("status", *status), YEAR];
            fields.extend((!subject.is_empty()).then_some(("subject", *subject)));
            store.add("target", &id, &fields);
        }
        store
    }

    #[test]
    fn parts_that_do_not_make_the_whole_are_told() {
        let of_first = |store: &Memory| {
            let kind = super::View::schema(store).kind("target").expect("declared");
            let doc = super::View::get(store, kind, "tgt_kkkkkkkkkkkk").expect("readable").expect("there");
            checked(store, &doc)
        };
        for (all, sound) in [
            (&[("company", "", "10", "approved")][..], true),
            (&[("company", "", "10", "approved"), ("region", "top", "10", "approved")], true),
            (&[("company", "", "10", "approved"), ("region", "top", "9", "approved")], false),
            (&[("company", "", "10", "approved"), ("region", "top", "9", "draft")], true),
            (&[("company", "", "10", "draft"), ("region", "top", "9", "approved")], true),
            (&[("company", "", "10", "approved"), ("region", "below", "9", "approved")], true),
            (&[("company", "", "10", "approved"), ("team", "all", "9", "closed")], false),
            (&[("region", "top", "10", "approved"), ("region", "below", "9", "approved")], false),
            (&[("region", "top", "10", "approved"), ("region", "below", "10", "approved")], true),
            (&[("team", "all", "10", "approved"), ("team", "few", "4", "approved")], false),
            (&[("user", "li.na", "10", "approved"), ("team", "few", "4", "approved")], true),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["W children-sum"] };
            assert_eq!(of_first(&targets(all)), expected, "{all:?}");
        }
    }
}
