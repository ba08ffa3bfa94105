//! `customer dedupe`, `contact dedupe`, `lead dedupe`: the pairs of records that may be one, as a
//! list. What the records share is read from the mirror in one pass; the scores are
//! `draft::dedupe`'s. Deliberately absent: merging, which a person decides.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use clap::{ArgAction, ArgMatches, Command};

use super::super::args::{Words, option};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::{given, one};
use super::list;
use crate::draft::dedupe::{self, Raw, Reason, Subject};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::Kind;
use crate::table::{Cell, Column, ColumnType, Table};

/// Crowds that are told.
const TOLD: usize = 5;

/// The flags.
pub fn args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command.args([
        option("min-score", "N", words).default_value("60"),
        option("where", "FIELD=VALUE", words).action(ArgAction::Append),
        option("limit", "N", words),
        option("fields", "FIELD,…", words),
    ])
}

/// Prints the pairs, best first.
pub fn run(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<(), Failure> {
    let least = number(matches, "min-score")?.unwrap_or(60);
    if !(1..=u64::from(dedupe::MOST)).contains(&least) {
        return Err(Problem::usage("bad-score").arg("value", least).arg("most", dedupe::MOST).into());
    }
    let limit = number(matches, "limit")?;
    let mirror = context.mirror()?;
    let broken = mirror.broken_of(&[kind.name])?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(list::broken_problem).collect()));
    }
    let wanted = match given(matches, "where") {
        Some(texts) => Some(list::matching(context, &mirror, kind, &texts)?.into_iter().collect()),
        None => None,
    };
    let (subjects, names) = subjects(&mirror, kind, wanted.as_ref())?;
    let found = dedupe::pairs(&subjects, u32::try_from(least).unwrap_or(dedupe::MOST));
    if found.overflow {
        return Err(Problem::usage("too-many-pairs")
            .arg("count", found.pairs.len())
            .arg("value", least)
            .into());
    }
    for crowd in found.crowds.iter().take(TOLD) {
        let reason = context.locale.derived_code(crowd.reason.code());
        let count = crowd.records.to_string();
        context.say("dedupe-crowd", &[("count", &count), ("reason", &reason)]);
    }
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let mut table = empty(context);
    for (keep, drop, _) in found.pairs.into_iter().take(limit) {
        let (kept, dropped) = (&subjects[keep], &subjects[drop]);
        let Some((score, reasons)) = dedupe::score(kept, dropped) else { continue };
        table.rows.push(vec![
            Cell::text(&kept.id),
            Cell::text(&names[keep]),
            Cell::text(&dropped.id),
            Cell::text(&names[drop]),
            Cell::Int(i64::from(score)),
            Cell::List(reasons.into_iter().map(|reason| told(context, reason)).collect()),
        ]);
    }
    list::print_chosen(context, table, matches)
}

fn number(matches: &ArgMatches, flag: &str) -> Result<Option<u64>, Problem> {
    let read = |text: String| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text));
    one(matches, flag).map(read).transpose()
}

fn told(context: &Context, reason: Reason) -> Cell {
    Cell::Code { code: reason.code().to_owned(), label: context.locale.derived_code(reason.code()) }
}

fn empty(context: &Context) -> Table {
    let columns = [
        ("keep", ColumnType::Id),
        ("keep_name", ColumnType::Text),
        ("drop", ColumnType::Id),
        ("drop_name", ColumnType::Text),
        ("score", ColumnType::Int),
        ("reasons", ColumnType::List),
    ];
    let label = |name: &str| context.locale.general(name);
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-dedupe", &[]), ..Table::new("duplicates", columns) };
    table.id_column = table.position("drop");
    table
}

/// The records that live, in the order of their ids, with their names.
fn subjects(
    mirror: &Mirror,
    kind: &Kind,
    wanted: Option<&BTreeSet<String>>,
) -> Result<(Vec<Subject>, Vec<String>), Failure> {
    let documents = documents(mirror, kind)?;
    let distinct = distinct(mirror, kind)?;
    let answer = mirror.query(&fields(kind), &[])?;
    let (mut subjects, mut names) = (Vec::with_capacity(answer.rows.len()), Vec::new());
    for row in &answer.rows {
        let text = |at: usize| row.get(at).and_then(SqlCell::as_text);
        let (Some(id), name) = (text(0), text(1).unwrap_or_default()) else { continue };
        if wanted.is_some_and(|wanted| !wanted.contains(id)) {
            continue;
        }
        let reach = |main: usize, further: usize| -> Vec<&str> {
            text(main).into_iter().chain(members(text(further))).collect()
        };
        subjects.push(Subject::new(Raw {
            id,
            name,
            phones: reach(2, 3),
            emails: reach(4, 5),
            created_at: text(6)
                .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
                .map_or(0, |at| at.timestamp()),
            birthday: text(7),
            tax_id: text(8),
            website: text(9),
            city: text(10),
            street: text(11),
            distinct: distinct.get(id).cloned().unwrap_or_default(),
            documents: documents.get(id).copied().unwrap_or_default(),
        }));
        names.push(if name.is_empty() { id } else { name }.to_owned());
    }
    Ok((subjects, names))
}

/// The members of a set as the mirror stores it.
fn members(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(';').filter(|part| !part.is_empty())
}

/// What is compared, by type: all have a name and ways to reach them.
fn fields(kind: &Kind) -> String {
    let (name, birthday, rest) = match kind.name {
        "customer" => ("name", "iif(kind = 'person', birthday, null)", "tax_id, website, city, street"),
        "lead" => ("coalesce(name, company)", "null", "null, null, city, street"),
        _ => ("name", "birthday", "null, null, null, null"),
    };
    format!(
        "select id, {name}, phone, other_phones, email, other_emails, created_at, {birthday}, {rest}
         from {} where archived is not 1 and merged_into is null order by id",
        kind.folder
    )
}

/// How many documents refer to each record: quotes, orders, invoices and payments of a customer,
/// whatever refers to a contact or lead.
fn documents(mirror: &Mirror, kind: &Kind) -> Result<BTreeMap<String, u64>, Failure> {
    let which = match kind.name {
        "customer" => "l.field = 'customer' and l.kind in ('quote', 'order', 'invoice', 'payment')",
        _ => {
            "l.field not in ('merged_into', 'distinct_from') and l.target >= ?1 || '_' and l.target < ?1 || '`'"
        }
    };
    let sql = format!(
        "select coalesce(v.survivor, l.target), count(*) from links l
         left join survivors v on v.id = l.target and v.kind = ?2 where {which} and ?1 <> '' group by 1"
    );
    let answer = mirror.query(&sql, &[SqlCell::text(kind.prefix), SqlCell::text(kind.name)])?;
    let count = |cell: &SqlCell| match cell {
        SqlCell::Int(count) => u64::try_from(*count).unwrap_or_default(),
        _ => 0,
    };
    Ok(answer.rows.iter().filter_map(|row| Some((row[0].as_text()?.to_owned(), count(&row[1])))).collect())
}

/// What each record was told apart from, through merges.
fn distinct(mirror: &Mirror, kind: &Kind) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let sql = "select m.record, coalesce(v.survivor, m.value) from members m
               left join survivors v on v.id = m.value and v.kind = ?1
               where m.kind = ?1 and m.field = 'distinct_from'";
    let mut distinct: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in mirror.query(sql, &[SqlCell::text(kind.name)])?.rows {
        if let [SqlCell::Text(record), SqlCell::Text(other)] = row.as_slice() {
            distinct.entry(record.clone()).or_default().push(other.clone());
        }
    }
    Ok(distinct)
}
