//! Leads: who works on them, by hand or by rules, tickets alike; and what speaks for them.

use std::collections::HashMap;

use chrono::TimeDelta;
use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place, switch};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{given, on, one};
use super::super::super::resolve::Names;
use super::super::records::named_ids;
use super::super::remind::Bundles;
use super::super::{Action, list, show};
use super::by_rules::{among, matched};
use super::{Verb, change, place_of, plain_writing, verb};
use crate::draft::Draft;
use crate::draft::assign::assign;
use crate::draft::assign_auto::{Load, Matched, Outcome, Turn, assign_auto, owner_field};
use crate::draft::notice::{Notice, notice};
use crate::locale::Locale;
use crate::mirror::{Mirror, SqlCell, quoted};
use crate::model::Problem;
use crate::model::record::Kind;
use crate::table::{Audience, Cell, Column, ColumnType, Table};

pub(super) const VERBS: &[Verb] = &[
    verb!("lead", "assign", assign_args, assign_records),
    verb!("ticket", "assign", assign_args, assign_records),
    verb!("lead", "score", score_args, score),
];

/// Records that are left without owner and named with the reason; the others are counted.
const NAMED: usize = 20;

fn assign_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let command = command
        .arg(place("ids", "ID", words).num_args(1..))
        .arg(option("to", "USER", words))
        .arg(switch("auto", words))
        .arg(switch("reassign", words));
    plain_writing(command, words)
}

fn assign_records<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let (to, auto) = (one(matches, "to"), on(matches, "auto"));
    if to.is_some() == auto {
        return Err(Problem::usage("to-or-auto").arg("verb", format!("{} assign", kind.name)).into());
    }
    let named = given(matches, "ids").is_some();
    if !auto && !named {
        return Err(Problem::usage("missing-argument").arg("value", "ID").arg("noun", kind.name).into());
    }
    change(context, kind, "assign", matches, move |draft, names| {
        let reassign = on(matches, "reassign");
        let given = if auto {
            let (ids, only) = if named {
                let ids = named_ids(draft, names, kind.name, matches)?;
                let only = among(ids.iter());
                (ids, only)
            } else {
                let only = waiting(kind);
                (list::matching(context, names.mirror(), kind, &only)?, only)
            };
            by_rules(context, draft, names, (kind, &ids, &only), reassign)?
        } else {
            let ids = named_ids(draft, names, kind.name, matches)?;
            let to = names.one(draft, &["user"], &place_of(matches, "to"))?;
            let changed = assign(draft, kind.name, &ids, &to, reassign)?;
            changed.into_iter().map(|id| (id, to.clone())).collect()
        };
        if kind.name == "lead" && context.schema.settings.flag("lead.notify_assignment") {
            let mut bundles = Bundles::default();
            for (id, user) in &given {
                let words = bundles.of(context, draft, user)?;
                tell_owner(draft, words, id, user)?;
            }
        }
        Ok(())
    })
}

/// The conditions of open records that nobody has.
fn waiting(kind: &Kind) -> Vec<String> {
    let texts: &[&str] = if kind.name == "ticket" {
        &["status=new,open,pending", "assignee="]
    } else {
        &["status=new,contacted,nurture,qualified", "owner=", "pool="]
    };
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Gives records, which fulfil some conditions, to whom the rules choose, and says why others are
/// left. Gives record and user.
fn by_rules(
    context: &Context,
    draft: &mut Draft<'_>,
    names: &Names<'_>,
    (kind, ids, only): (&'static Kind, &[String], &[String]),
    reassign: bool,
) -> Result<Vec<(String, String)>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rules: Vec<Matched> = matched(context, names, draft, ("assignment_rule", kind), only)?
        .into_iter()
        .map(|(rule, records)| Matched { rule, records })
        .collect();
    let by_capacity = rules.iter().any(|one| one.rule.text("method") == Some("capacity"));
    let load = load(context, names.mirror(), kind, by_capacity)?;
    let Outcome { given, left } = assign_auto(draft, kind.name, ids, &rules, load, reassign)?;
    let more = left.len().saturating_sub(NAMED);
    draft.warnings.extend(left.into_iter().take(NAMED));
    if more > 0 {
        draft.warnings.push(Problem::invalid("unassigned-more").arg("count", more).as_warning());
    }
    Ok(given)
}

/// What everybody has, as the commit has it that the change builds on; what they were given of late
/// where some rule goes by it.
fn load(context: &Context, mirror: &Mirror, kind: &'static Kind, by_capacity: bool) -> Result<Load, Failure> {
    let field = owner_field(kind.name);
    let (table, owner) = (quoted(kind.folder), quoted(field));
    let merged = if kind.field("merged_into").is_some() { "and merged_into is null" } else { "" };
    let open = if kind.name == "ticket" {
        "'new', 'open', 'pending'"
    } else {
        "'new', 'contacted', 'nurture', 'qualified'"
    };
    let count = |sql: &str, params: &[SqlCell]| -> Result<HashMap<String, i64>, Failure> {
        let answer = mirror.query(sql, params)?;
        Ok(answer
            .rows
            .iter()
            .filter_map(|row| Some((row[0].as_text()?.to_owned(), row[1].as_int()?)))
            .collect())
    };
    let open = format!(
        "select {owner}, count(*) from {table} where status in ({open}) and {owner} is not null \
         and archived is not 1 {merged} group by 1"
    );
    // An owner from the beginning is the `from` of the first move, else the present one.
    let given = format!(
        "select user, count(distinct record) from ( \
           select \"to\" as user, record from history \
             where kind = ?1 and field = ?2 and \"to\" is not null and unixepoch(at) > ?3 \
           union all \
           select case when exists (select 1 from history h where h.record = t.id and h.kind = ?1 and h.field = ?2) \
             then (select h.\"from\" from history h where h.record = t.id and h.kind = ?1 and h.field = ?2 \
               order by h.seq limit 1) else t.{owner} end, t.id \
           from {table} t where unixepoch(t.created_at) > ?3) \
         where user is not null group by 1"
    );
    let since = (context.now - TimeDelta::days(30)).timestamp();
    let of = [SqlCell::text(kind.name), SqlCell::text(field)];
    let last = format!(
        "select substr(h.reason, 6), h.\"to\", \
           max(printf('%012d|%012d|%s', unixepoch(h.at), unixepoch(t.created_at), t.id)) \
         from history h join {table} t on t.id = h.record \
         where h.kind = ?1 and h.field = ?2 and h.\"to\" is not null and h.reason like 'rule:%' group by 1, 2"
    );
    let turns = mirror.query(&last, &of)?;
    let turns = turns.rows.iter().filter_map(|row| {
        let key = (row[0].as_text()?.to_owned(), row[1].as_text()?.to_owned());
        Some((key, turn(row[2].as_text()?)?))
    });
    let given = if by_capacity {
        count(&given, &[of[0].clone(), of[1].clone(), SqlCell::Int(since)])?
    } else {
        HashMap::new()
    };
    Ok(Load { open: count(&open, &[])?, given, last: turns.collect() })
}

fn turn(text: &str) -> Option<Turn> {
    let mut parts = text.splitn(3, '|');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
}

/// Tells the new owner of a lead.
fn tell_owner(draft: &mut Draft<'_>, words: &Locale, id: &str, user: &str) -> Result<(), Failure> {
    let lead = draft.need("lead", id)?;
    let args = [("record", lead.title()), ("id", id)];
    let told = Notice {
        to: user.to_owned(),
        about: id.to_owned(),
        subject: words.text("notice-assigned-subject", &args),
        body: words.text("notice-assigned", &args),
        key: None,
    };
    notice(draft, &told)?;
    Ok(())
}

fn score_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command.arg(place("ids", "ID", words).num_args(1..).required(true)).arg(option(
        "fields",
        "FIELD,…",
        words,
    ))
}

/// `lead score`: what each rule gives.
fn score<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let mirror = context.mirror()?;
    list::refuse_broken_scores(&mirror)?;
    let label = |name: &str| context.locale.general(name);
    let columns = [
        ("lead", ColumnType::Id),
        ("lead_name", ColumnType::Text),
        ("rule", ColumnType::Id),
        ("rule_name", ColumnType::Text),
        ("points", ColumnType::Int),
        ("followups", ColumnType::Int),
        ("conditions", ColumnType::List),
        ("score", ColumnType::Int),
    ];
    // People read the names, programs get the ids beside them.
    let columns = columns
        .map(|(name, ty)| {
            let audience = if matches!(name, "lead" | "rule") { Audience::Data } else { Audience::All };
            Column::new(name, ty).labelled(label(name)).for_audience(audience)
        })
        .to_vec();
    let mut table = Table { title: context.text("title-score", &[]), ..Table::new("score", columns) };
    let store = context.store()?;
    for text in given(matches, "ids").unwrap_or_default() {
        let (_, id) = show::find(context, store, &[kind], &text)?;
        let sql = "select l.name, l.company, s.rule, r.name, s.points, s.followups, v.score \
            from lead_score v join leads l on l.id = v.\"lead\" \
            left join lead_score_share s on s.\"lead\" = l.id left join score_rules r on r.id = s.rule \
            where v.\"lead\" = ?1 order by r.\"order\" is null, r.\"order\", r.id";
        for row in &mirror.query(sql, &[SqlCell::text(id.as_str())])?.rows {
            let text = |at: usize| row[at].as_text().map_or(Cell::Null, Cell::text);
            let int = |at: usize| row[at].as_int().map_or(Cell::Null, Cell::Int);
            let title = row[0].as_text().or(row[1].as_text()).map_or(Cell::Null, Cell::text);
            let conditions = conditions(&mirror, row[2].as_text().unwrap_or_default())?;
            table.rows.push(vec![
                Cell::text(&id),
                title,
                text(2),
                text(3),
                int(4),
                int(5),
                Cell::List(conditions.into_iter().map(Cell::Text).collect()),
                int(6),
            ]);
        }
    }
    list::print_chosen(context, table, matches)?;
    Ok(Action::Done(Exit::Ok))
}

/// The conditions of a score rule, those on the lead first.
fn conditions(mirror: &Mirror, rule: &str) -> Result<Vec<String>, Failure> {
    let sql = "select value from members where record = ?1 and kind = 'score_rule' \
        and field in ('when', 'followup_when') order by field desc, rowid";
    let answer = mirror.query(sql, &[SqlCell::text(rule)])?;
    Ok(answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}
