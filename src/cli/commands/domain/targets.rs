//! Targets: agreed, split, revised.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{given, one};
use super::super::super::resolve::Names;
use super::super::Action;
use super::{Verb, change, place_of, plain_writing, verb};
use crate::draft::target::{By, Part, Stretch, What, monthly, shared, split, splits, weighed};
use crate::draft::{Draft, verbs};
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::query::{Bucket, Clock, Period, nearest, parse_period};

pub(super) const VERBS: &[Verb] = &[verb!("target", "split", split_args, split_target)];

const BY: &[&str] = &["user", "month", "product"];

fn split_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let by =
        Arg::new("by").long("by").value_name("user|month|product").help(words.text("help-flag-split-by"));
    let command = command
        .long_about(format!(
            "{}\n\n{}",
            words.text("help-verb-target-split"),
            words.text("help-verb-target-split-long")
        ))
        .arg(place("id", "ID", words).required(true))
        .arg(by.required(true))
        .arg(option("shares", "PART=PERCENT,…", words).action(ArgAction::Append));
    plain_writing(command, words)
}

fn split_target<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "split", matches, move |draft, names| {
        let target = names.record(draft, &["target"], &place_of(matches, "id"))?;
        let text = one(matches, "by").unwrap_or_default();
        let by = match text.as_str() {
            "user" => By::User,
            "month" => By::Month,
            "product" => By::Product,
            other => {
                return Err(Problem::usage("bad-code")
                    .arg("value", other)
                    .arg("field", "by")
                    .field("by")
                    .legal(BY.iter().copied())
                    .candidates(nearest(other, BY))
                    .into());
            }
        };
        splits(&target, by)?;
        let clock = context.clock();
        let period = period_of(&target, &clock)?;
        let shares = given(matches, "shares").unwrap_or_default();
        let parts = if shares.is_empty() {
            usual(names, &target, by, &period, &clock)?
        } else {
            shared(shares_of(names, draft, by, &shares, &period, &clock)?)?
        };
        for id in split(draft, target.id(), &parts)? {
            names.mention(&id);
        }
        Ok(())
    })
}

/// The days of a target.
fn period_of(target: &Doc, clock: &Clock) -> Result<Period, Problem> {
    match (target.text("period"), target.day("start"), target.day("end")) {
        (Some(text), ..) => parse_period(text, clock),
        (None, Some(start), Some(end)) => Period::between(start, end, clock),
        _ => Err(Problem::invalid("missing-field").arg("field", "period").field("period")),
    }
}

/// The months that a period touches, cut to it.
fn months(period: &Period, clock: &Clock) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut day = period.start;
    while day <= period.end {
        let month = Period::of(day, Bucket::Month, clock);
        let (start, end) = (month.start.max(period.start), month.end.min(period.end));
        let whole = (start, end) == (month.start, month.end);
        found.push(Stretch { period: whole.then_some(month.text), start, end });
        match end.succ_opt() {
            Some(next) => day = next,
            None => break,
        }
    }
    found
}

/// `--shares a=30,b=70`.
fn shares_of(
    names: &Names<'_>,
    draft: &Draft<'_>,
    by: By,
    texts: &[String],
    period: &Period,
    clock: &Clock,
) -> Result<Vec<(What, rust_decimal::Decimal)>, Failure> {
    let mut shares = Vec::new();
    for text in texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty()) {
        let (part, share) = text
            .rsplit_once('=')
            .ok_or_else(|| Problem::usage("bad-share").arg("value", text).field("shares"))?;
        let share = crate::model::value::parse_percent(share)
            .map_err(|p| p.arg("field", "shares").field("shares"))?;
        let part = part.trim();
        let what = match by {
            By::User => What::User(names.one(draft, &["user"], part)?),
            By::Product => What::Product(names.one(draft, &["product"], part)?),
            By::Month => {
                let asked = parse_period(part, clock)?;
                let all = months(period, clock);
                let fits = |m: &&Stretch| asked.start <= m.start && m.end <= asked.end && asked.days() <= 31;
                let known = all.iter().map(|m| m.period.clone().unwrap_or_else(|| m.start.to_string()));
                let month = all.iter().find(fits).ok_or_else(|| {
                    Problem::usage("not-in-period").arg("value", part).field("shares").legal(known)
                })?;
                What::Stretch(month.clone())
            }
        };
        shares.push((what, share));
    }
    Ok(shares)
}

/// The parts where no shares are given.
fn usual(
    names: &Names<'_>,
    target: &Doc,
    by: By,
    period: &Period,
    clock: &Clock,
) -> Result<Vec<Part>, Failure> {
    Ok(match by {
        By::Month => monthly(target, months(period, clock))?,
        By::User => {
            let even =
                members(names, target)?.into_iter().map(|id| (What::User(id), rust_decimal::Decimal::ONE));
            weighed(target, "user", even.collect())?
        }
        By::Product => weighed(target, "product", sold_before(names, target, period)?)?,
    })
}

/// The active people of a team or region and of what is below it.
fn members(names: &Names<'_>, target: &Doc) -> Result<Vec<String>, Failure> {
    let sql = match target.text("scope") {
        Some("team") => {
            "with recursive below(id) as (select ?1 union select t.id from teams t join below b on t.parent = b.id)
             select id from users where status = 'active' and kind = 'person' and archived is not 1
               and team in (select id from below) order by id"
        }
        Some("region") => {
            "with recursive below(id) as (select ?1 union select r.id from regions r join below b on r.parent = b.id)
             select id from users where status = 'active' and kind = 'person' and archived is not 1
               and region in (select id from below) order by id"
        }
        // Who of the whole company should sell is not for the program to guess.
        _ => return Err(verbs::missing_flag("split", "shares").into()),
    };
    let answer = names.mirror().query(sql, &[SqlCell::text(target.text("subject").unwrap_or_default())])?;
    Ok(answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}

/// What each active product brought in the same days a year before, by the target's measure.
fn sold_before(
    names: &Names<'_>,
    target: &Doc,
    period: &Period,
) -> Result<Vec<(What, rust_decimal::Decimal)>, Failure> {
    let earlier = |day: chrono::NaiveDate| day.checked_sub_months(chrono::Months::new(12)).unwrap_or(day);
    let basis = if target.text("basis") == Some("invoice") { "invoice" } else { "order" };
    let value = match target.text("measure") {
        Some("qty") => "cast(round(sum(s.qty) * 1000000) as integer)",
        Some("margin") => "sum(s.net - s.cost)",
        _ => "sum(s.net)",
    };
    let sql = format!(
        "select s.product, {value} as value from sale_line s join products p on p.id = s.product
         where s.basis = :basis and s.date between :from and :to and p.status = 'active'
           and (:category is null or p.category = :category or p.category like :category || '/%')
         group by s.product having value > 0 order by s.product"
    );
    let params: BTreeMap<&str, SqlCell> = BTreeMap::from([
        (":basis", SqlCell::text(basis)),
        (":from", SqlCell::text(earlier(period.start).to_string())),
        (":to", SqlCell::text(earlier(period.end).to_string())),
        (":category", target.text("category").map_or(SqlCell::Null, SqlCell::text)),
    ]);
    let params: Vec<(&str, SqlCell)> = params.into_iter().collect();
    let answer = names.mirror().query_named(&sql, &params)?;
    let weights = answer.rows.iter().filter_map(|row| {
        Some((What::Product(row[0].as_text()?.to_owned()), rust_decimal::Decimal::from(row[1].as_int()?)))
    });
    Ok(weights.collect())
}
