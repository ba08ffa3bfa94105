//! Public pools: what lies in them, taken and given back, and what falls back by itself.

use std::collections::{BTreeMap, HashSet};

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{given, one};
use super::super::super::resolve::{Names, candidates};
use super::super::Action;
use super::super::remind::Bundles;
use super::by_rules::{among, matched};
use super::{Verb, change, ids_args, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::notice::{Notice, notice};
use crate::draft::pool::{Held, PoolMatch, Warning, claim, may_claim, recycle, release};
use crate::locale::Locale;
use crate::mirror::{Mirror, SqlCell};
use crate::model::record::Kind;
use crate::model::{Class, Problem};
use crate::table::{Cell, Column, ColumnType, Table};

pub(super) const VERBS: &[Verb] = &[
    verb!("pool", "records", records_args, records),
    verb!("pool", "claim", ids_args, claim_records),
    verb!("pool", "release", ids_args, release_records),
    verb!("pool", "recycle", recycle_args, recycle_records),
];

/// What lies in pools.
const NOUNS: [&str; 2] = ["lead", "customer"];

fn records_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command.arg(place("pool", "POOL", words)).arg(option("fields", "FIELD,…", words))
}

/// `pool records`: what can be claimed, from one pool or from all that the acting user may use.
fn records<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let mirror = context.mirror()?;
    let pools = match one(matches, "pool") {
        Some(text) => {
            let found = candidates(context, &mirror, &["pool"], &text)?;
            let [(_, id, _)] = found.as_slice() else {
                return Err(Problem::new(Class::NotFound, "no-such-record")
                    .arg("noun", "pool")
                    .arg("value", text)
                    .into());
            };
            vec![id.clone()]
        }
        None => open_to_me(context, &mirror)?,
    };
    let label = |name: &str| context.locale.general(name);
    let columns = [
        ("id", ColumnType::Id),
        ("type", ColumnType::Code),
        ("name", ColumnType::Text),
        ("pool", ColumnType::Id),
        ("region", ColumnType::Id),
        ("city", ColumnType::Text),
        ("since", ColumnType::Day),
        ("last_owner", ColumnType::Id),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-pool", &[]), ..Table::new("pool", columns) };
    table.id_column = Some(0);
    for pool in pools {
        for row in &mirror.query(IN_POOL, &[SqlCell::text(pool.as_str())])?.rows {
            let text = |at: usize| row[at].as_text().map_or(Cell::Null, Cell::text);
            let since = row[5].as_text().and_then(|text| text.parse().ok()).map_or(Cell::Null, Cell::Day);
            let noun = row[1].as_text().and_then(|noun| context.schema.kind(noun));
            let label = noun.map_or_else(String::new, |kind| context.locale.noun(kind));
            let noun = Cell::Code { code: row[1].as_text().unwrap_or_default().to_owned(), label };
            table.rows.push(vec![
                text(0),
                noun,
                text(2),
                Cell::text(&pool),
                text(3),
                text(4),
                since,
                text(6),
            ]);
        }
    }
    super::super::list::print_chosen(context, table, matches)?;
    Ok(Action::Done(Exit::Ok))
}

/// What lies in a pool, what is in it longest first.
const IN_POOL: &str = "select id, kind, name, region, city, day(coalesce((select max(h.at) from history h \
      where h.record = id and h.kind = p.kind and h.field = 'pool' and h.\"to\" = ?1), created_at)) as since, \
    (select h.\"from\" from history h where h.record = id and h.kind = p.kind and h.field = 'owner' \
      and h.\"to\" is null order by h.seq desc limit 1) \
  from ( \
    select id, 'lead' as kind, coalesce(name, company) as name, region, city, created_at from leads \
      where pool = ?1 and owner is null and archived is not 1 and merged_into is null \
    union all \
    select id, 'customer', name, region, city, created_at from customers \
      where pool = ?1 and owner is null and archived is not 1 and merged_into is null) p \
  order by since, id";

/// The pools from which the acting user may claim, in their order.
fn open_to_me(context: &Context, mirror: &Mirror) -> Result<Vec<String>, Failure> {
    let store = context.store()?;
    let view = super::super::super::store::Everything::new(store, mirror);
    let me = context.reader()?.id;
    let user = crate::rules::View::record(&view, "user", &me)?;
    let answer = mirror.query("select id from pools where archived is not 1 order by \"order\", id", &[])?;
    let mut found = Vec::new();
    for id in answer.rows.iter().filter_map(|row| row[0].as_text()) {
        let pool = crate::rules::View::record(&view, "pool", id)?;
        if let (Some(pool), Some(user)) = (pool, &user)
            && may_claim(&view, &pool, user)?
        {
            found.push(id.to_owned());
        }
    }
    Ok(found)
}

/// The records that the arguments name, with their types.
fn named(
    draft: &Draft<'_>,
    names: &Names<'_>,
    matches: &ArgMatches,
) -> Result<Vec<(String, String)>, Failure> {
    let mut records: Vec<(String, String)> = Vec::new();
    for text in given(matches, "ids").unwrap_or_default() {
        let record = names.one_of(draft, &NOUNS, &text)?;
        names.mention(&record.1);
        if !records.contains(&record) {
            records.push(record);
        }
    }
    Ok(records)
}

fn claim_records<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "claim", matches, move |draft, names| {
        let records = named(draft, names, matches)?;
        let sql = "select substr(reason, 7), count(*) from history where field = 'owner' and \"to\" = ?1 \
            and reason like 'claim:%' and day(at) = today() group by 1";
        let answer = names.mirror().query(sql, &[SqlCell::text(draft.setting.actor.id.as_str())])?;
        let claimed: BTreeMap<String, i64> = answer
            .rows
            .iter()
            .filter_map(|row| Some((row[0].as_text()?.to_owned(), row[1].as_int()?)))
            .collect();
        claim(draft, &records, claimed)?;
        Ok(())
    })
}

/// The pools of a type in their order, with what they take.
fn pools(
    context: &Context,
    names: &Names<'_>,
    draft: &Draft<'_>,
    nouns: &[&str],
    only: &[String],
) -> Result<Vec<PoolMatch>, Failure> {
    let mut found = Vec::new();
    for noun in nouns {
        let matched = matched(context, names, draft, ("pool", draft.kind(noun)), only)?;
        found.extend(matched.into_iter().map(|(pool, records)| PoolMatch { pool, records }));
    }
    Ok(found)
}

fn release_records<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "release", matches, move |draft, names| {
        let records = named(draft, names, matches)?;
        let mut all = Vec::new();
        for noun in NOUNS {
            let of_type: Vec<&String> = records.iter().filter(|(n, _)| n == noun).map(|(_, id)| id).collect();
            if !of_type.is_empty() {
                all.extend(pools(context, names, draft, &[noun], &among(of_type.into_iter()))?);
            }
        }
        release(draft, &records, &all)?;
        Ok(())
    })
}

fn recycle_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(command, words)
}

fn recycle_records<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "recycle", matches, move |draft, names| {
        let only = ["owner!=".to_owned(), "pool=".to_owned()];
        let pools = pools(context, names, draft, &NOUNS, &only)?;
        if pools.is_empty() {
            return Ok(());
        }
        let outcome = recycle(draft, &held(names.mirror())?, &pools)?;
        let told = names.mirror().query("select key from messages where key like 'pool-warn:%'", &[])?;
        let told: HashSet<&str> = told.rows.iter().filter_map(|row| row[0].as_text()).collect();
        let mut warned = 0;
        let mut bundles = Bundles::default();
        for warning in outcome.warned.iter().filter(|warning| !told.contains(warning.key().as_str())) {
            let words = bundles.of(context, draft, &warning.owner)?;
            tell_owner(draft, words, warning)?;
            warned += 1;
        }
        if !outcome.recycled.is_empty() || warned > 0 {
            draft.about = Some(format!("{} back to pools, {warned} warned", outcome.recycled.len()));
        }
        Ok(())
    })
}

/// What somebody has, and since when nothing happened with it: open leads and customers that are
/// not blocked.
fn held(mirror: &Mirror) -> Result<Vec<Held>, Failure> {
    let mut found = Vec::new();
    for (noun, sql) in [("lead", HELD_LEADS), ("customer", HELD_CUSTOMERS)] {
        for row in &mirror.query(sql, &[])?.rows {
            let (Some(id), Some(owner)) = (row[0].as_text(), row[1].as_text()) else { continue };
            found.push(Held {
                noun,
                id: id.to_owned(),
                owner: owner.to_owned(),
                idle_days: row[2].as_int().unwrap_or_default(),
                held_days: row[3].as_int().unwrap_or_default(),
                has_deal: row[4].as_int() == Some(1),
                protected_until: row[5].as_text().and_then(|day| day.parse().ok()),
            });
        }
    }
    Ok(found)
}

const HELD_LEADS: &str = "select l.id, l.owner, s.idle_days, \
    cast(julianday(as_of()) - julianday(day(coalesce(s.owner_since, l.created_at))) as integer), 0, l.protected_until \
  from leads l join lead_status s on s.\"lead\" = l.id \
  where l.owner is not null and l.pool is null and l.archived is not 1 and l.merged_into is null \
    and l.status in ('new', 'contacted', 'nurture', 'qualified') order by l.id";

const HELD_CUSTOMERS: &str = "select id, owner, idle_days, cast(julianday(as_of()) - julianday(since) as integer), \
    exists (select 1 from orders o where o.customer in (select c.id union all select v.id from survivors v \
        where v.survivor = c.id and v.kind = 'customer') and o.status in ('confirmed', 'on_hold', 'closed') \
        and o.date >= since and o.date <= as_of()) \
    or exists (select 1 from opportunities p join pipeline_stages g on g.record = p.pipeline and g.code = p.stage \
        where p.customer in (select c.id union all select v.id from survivors v \
        where v.survivor = c.id and v.kind = 'customer') and g.type = 'won' and p.closed_on >= since \
        and p.closed_on <= as_of()), protected_until \
  from (select c.id, c.owner, s.idle_days, coalesce(s.owner_since, day(c.created_at)) as since, c.protected_until \
    from customers c join customer_idle s on s.customer = c.id \
    where c.owner is not null and c.pool is null and c.archived is not 1 and c.merged_into is null \
      and c.status = 'normal') c order by id";

/// Tells the owner of a record when it falls back.
fn tell_owner(draft: &mut Draft<'_>, words: &Locale, warning: &Warning) -> Result<(), Failure> {
    let doc = draft.need(warning.noun, &warning.id)?;
    let day = warning.day.to_string();
    let args = [("record", doc.title()), ("id", &warning.id), ("day", &day), ("pool", &warning.pool)];
    let told = Notice {
        to: warning.owner.clone(),
        about: warning.id.clone(),
        subject: words.text("notice-pool-subject", &args),
        body: words.text("notice-pool", &args),
        key: Some(warning.key()),
    };
    notice(draft, &told)?;
    Ok(())
}
