//! Segments and campaigns: who they reach and what they cost; tickets from feedback.
//!
//! Deliberately absent: sending.

use std::collections::BTreeSet;

use clap::{Arg, ArgMatches, Command};

use super::super::super::args::{Words, option, place, regular, row_verbs, switch};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{self, given, on, one};
use super::super::super::resolve::candidates;
use super::super::list::{known, matching};
use super::super::{Action, Job, list, rows, show};
use super::{Verb, campaign_send, change, ids_args, place_of, plain_writing, verb};
use crate::draft::marketing::{cost, freeze, ticket};
use crate::formats::Format;
use crate::mirror::{Listing, Mirror, SqlCell};
use crate::model::record::{Doc, Kind, Row};
use crate::model::value::parse_slug;
use crate::model::{Class, Problem};
use crate::query::{Condition, Op, nearest};
use crate::table::{Cell, Column, ColumnType, Table};

pub(super) const VERBS: &[Verb] = &[
    verb!("segment", "show", show_args, show_record),
    verb!("campaign", "show", show_args, show_record),
    verb!("segment", "freeze", freeze_args, freeze_segment),
    verb!("campaign", "send", campaign_send::args, campaign_send::run),
    verb!("campaign", "cost", cost_args, campaign_cost),
    verb!("feedback", "ticket", ids_args, feedback_ticket),
];

/// `show` as every type has it, and with `--members` whom it is about.
fn show_args(_: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let about = words.text(&format!("help-verb-{}-show", kind.name));
    regular("show", kind, words).about(about).arg(switch("members", words))
}

fn show_record<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let exit = if on(matches, "members") {
        members(context, kind, matches)
    } else {
        show::of_kind(context, kind, matches)
    };
    exit.map(Action::Done)
}

fn freeze_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let name = Arg::new("name").long("name").value_name("TEXT").help(words.text("help-flag-freeze-name"));
    plain_writing(
        command
            .arg(place("id", "SEGMENT", words).required(true))
            .arg(place("slug", "NEW", words).required(true))
            .arg(name),
        words,
    )
}

fn freeze_segment<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let slug = parse_slug(&place_of(matches, "slug"))?;
    change(context, kind, "freeze", matches, move |draft, names| {
        let segment = names.record(draft, &["segment"], &place_of(matches, "id"))?;
        let (_, ids) = members_of(context, names.mirror(), &segment)?;
        freeze(draft, segment.id(), &slug, one(matches, "name").as_deref(), &ids)?;
        names.mention(&slug);
        Ok(())
    })
}

/// `campaign cost ID AMOUNT`, beside `campaign cost add|set|remove` that all rows have.
fn cost_args(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let mut command = command
        .arg(place("id", "CAMPAIGN", words).required(true))
        .arg(
            Arg::new("amount")
                .value_name("AMOUNT")
                .help(words.text("help-arg-cost-amount"))
                .required(true)
                .allow_hyphen_values(true),
        )
        .arg(option("date", "DATE", words))
        .arg(Arg::new("what").long("what").value_name("TEXT").help(words.text("help-flag-what")));
    if let Some((field, declared)) = kind.rows().find(|(field, _)| field.name == "costs") {
        let rows = row_verbs(kind, field, declared, words);
        command = command.subcommands(rows.get_subcommands().cloned());
    }
    let command = command.subcommand_negates_reqs(true).args_conflicts_with_subcommands(true);
    plain_writing(command, words)
}

fn campaign_cost<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let (field, declared) =
        kind.rows().find(|(field, _)| field.name == "costs").expect("campaigns have costs");
    if matches.subcommand().is_some() {
        return rows::job(context, kind, field, declared, matches).map(Action::Change);
    }
    Ok(Action::Change(Job::new(
        context,
        matches,
        "campaign cost".to_owned(),
        Box::new(move |draft, names| {
            let campaign = names.record(draft, &["campaign"], &place_of(matches, "id"))?;
            names.mention(campaign.id());
            let mut row = Row::new();
            for name in ["amount", "date", "what"] {
                if let Some(text) = one(matches, name) {
                    fields::put(names, draft, &campaign, declared, &mut row, name, &text)?;
                }
            }
            cost(draft, campaign.id(), row)?;
            Ok(())
        }),
    )?))
}

fn feedback_ticket<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "ticket", matches, move |draft, names| {
        for id in names.all(draft, &["feedback"], &given(matches, "ids").unwrap_or_default())? {
            let ticket = ticket(draft, &id)?;
            names.mention(&ticket);
        }
        Ok(())
    })
}

/// Most ids in one condition; SQLite takes 32766 parameters.
const CHUNK: usize = 10_000;

/// The type of a segment's members and their ids: those who meet its conditions now, or those
/// that it names, merged ones as what they were merged into. Archived and merged records are left
/// out.
fn members_of(
    context: &Context,
    mirror: &Mirror,
    segment: &Doc,
) -> Result<(&'static Kind, Vec<String>), Failure> {
    let of = segment.text("of").unwrap_or_default();
    let kind = context.schema.kind(of).ok_or_else(|| Problem::usage("unknown-noun").arg("value", of))?;
    if segment.get("members").is_none() {
        let when: Vec<String> = segment.list("when").map(str::to_owned).collect();
        return Ok((kind, matching(context, mirror, kind, &when)?));
    }
    let named = segment.list("members").map(|id| mirror.survivor(of, id));
    let named: BTreeSet<String> = named.collect::<Result<_, _>>()?;
    Ok((kind, present(context, mirror, kind, &named)?))
}

/// Those of some records that lists show.
fn present(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    ids: &BTreeSet<String>,
) -> Result<Vec<String>, Failure> {
    let all: Vec<&String> = ids.iter().collect();
    let mut found = Vec::new();
    for chunk in all.chunks(CHUNK) {
        let text = chunk.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(",");
        found.extend(matching(context, mirror, kind, &[format!("id={text}")])?);
    }
    Ok(found)
}

/// `segment show ID --members`, `campaign show ID --members`.
fn members(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| store.mirror_at(commit, context)).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Exit::Ok) };
    let read = |kind: &'static Kind, id: &str| -> Result<Doc, Failure> {
        let doc = match at {
            Some(commit) => store.read_at(commit, kind, id)?,
            None => store.read(kind, id)?,
        };
        Ok(doc.ok_or_else(|| missing(kind, id))?)
    };
    let text = one(matches, "id").unwrap_or_default();
    let found = candidates(context, mirror, &[kind.name], &text)?;
    let [(_, id, _)] = found.as_slice() else {
        let slugs = super::super::super::store::slugs(mirror, kind);
        let slugs: Vec<&str> = slugs.iter().map(String::as_str).collect();
        return Err(missing(kind, &text).candidates(nearest(&text, &slugs)).into());
    };
    let doc = read(kind, id)?;
    if kind.name == "segment" {
        return segment_members(context, mirror, &doc, matches);
    }
    audience(context, mirror, &doc, &read)
}

fn missing(kind: &Kind, id: &str) -> Problem {
    Problem::new(Class::NotFound, "no-such-record").arg("noun", kind.name).arg("value", id)
}

/// A list of the members as records of their type.
fn segment_members(
    context: &Context,
    mirror: &Mirror,
    segment: &Doc,
    matches: &ArgMatches,
) -> Result<Exit, Failure> {
    let (kind, ids) = members_of(context, mirror, segment)?;
    // A condition without values asks for what has no id: nobody.
    let view = list::View {
        conditions: vec![Condition {
            field: "id".to_owned(),
            op: Op::Eq,
            values: ids.iter().take(CHUNK).cloned().collect(),
        }],
        fields: one(matches, "fields"),
        ..list::View::default()
    };
    let mut table = list::select(context, mirror, kind, &view, &known(mirror, kind))?;
    for chunk in ids.get(CHUNK..).unwrap_or_default().chunks(CHUNK) {
        let further = list::View {
            conditions: vec![Condition { values: chunk.to_vec(), ..view.conditions[0].clone() }],
            ..view.clone()
        };
        table.rows.extend(list::select(context, mirror, kind, &further, &known(mirror, kind))?.rows);
    }
    table.title = context.text("title-members", &[("record", segment.title())]);
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}

/// The members of a campaign's segments but those of the excluded ones, each once, in the order of
/// their ids.
pub(super) fn addressed(
    context: &Context,
    mirror: &Mirror,
    campaign: &Doc,
    read: &dyn Fn(&'static Kind, &str) -> Result<Doc, Failure>,
) -> Result<BTreeSet<(&'static str, String)>, Failure> {
    let segment = context
        .schema
        .kind("segment")
        .ok_or_else(|| Problem::usage("unknown-noun").arg("value", "segment"))?;
    let gather = |field: &str| -> Result<BTreeSet<(&'static str, String)>, Failure> {
        let mut found = BTreeSet::new();
        for id in campaign.list(field) {
            let (kind, ids) = members_of(context, mirror, &read(segment, id)?)?;
            found.extend(ids.into_iter().map(|id| (kind.name, id)));
        }
        Ok(found)
    };
    let excluded = gather("exclude")?;
    let mut all = gather("segments")?;
    all.retain(|one| !excluded.contains(one));
    Ok(all)
}

/// Whom a campaign addresses: the members of its segments but those of the excluded ones, each
/// once, with whether they want nothing by its channel.
fn audience(
    context: &Context,
    mirror: &Mirror,
    campaign: &Doc,
    read: &dyn Fn(&'static Kind, &str) -> Result<Doc, Failure>,
) -> Result<Exit, Failure> {
    let addressed = addressed(context, mirror, campaign, read)?;
    let columns = [
        ("id", ColumnType::Id),
        ("type", ColumnType::Text),
        ("name", ColumnType::Text),
        ("phone", ColumnType::Text),
        ("email", ColumnType::Text),
        ("opted_out", ColumnType::Bool),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(context.locale.general(name)));
    let mut table = Table::new("audience", columns.to_vec());
    table.id_column = Some(0);
    let channel = campaign.text("kind").filter(|kind| matches!(*kind, "email" | "sms"));
    let mut out = 0_usize;
    for noun in ["customer", "contact", "lead"] {
        let Some(kind) = context.schema.kind(noun) else { continue };
        let ids: Vec<&String> = addressed.iter().filter(|(of, _)| *of == noun).map(|(_, id)| id).collect();
        let label = context.locale.noun(kind);
        for chunk in ids.chunks(CHUNK) {
            for mut row in address_rows(mirror, noun, chunk)? {
                let opted = row.pop();
                let opted_out = channel.map(|channel| opts_out(opted.as_ref(), channel));
                out += usize::from(opted_out == Some(true));
                row.insert(1, Cell::Code { code: noun.to_owned(), label: label.clone() });
                row.push(opted_out.map_or(Cell::Null, Cell::Bool));
                table.rows.push(row);
            }
        }
    }
    let (count, out) = (table.rows.len().to_string(), out.to_string());
    table.title =
        context.text("title-audience", &[("record", campaign.title()), ("have", &count), ("most", &out)]);
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}

/// Id, name, phone, e-mail and refused channels of records; a contact refuses what its customer
/// does, too.
fn address_rows(mirror: &Mirror, noun: &str, ids: &[&String]) -> Result<Vec<Vec<Cell>>, Failure> {
    let fields: &[&str] = match noun {
        "lead" => &["id", "name", "phone", "email", "company"],
        "contact" => &["id", "name", "phone", "email", "opt_out", "customer.opt_out"],
        _ => &["id", "name", "phone", "email", "opt_out"],
    };
    let params: Vec<SqlCell> = ids.iter().map(|id| SqlCell::text(id.as_str())).collect();
    let condition = format!("t.id in ({})", vec!["?"; params.len()].join(", "));
    let rows = mirror.list(&Listing {
        noun,
        fields,
        condition: &condition,
        params: &params,
        ..Listing::default()
    })?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let rest = row.split_off(4);
            if noun == "lead" {
                if row[1] == Cell::Null {
                    row[1] = rest.into_iter().next().unwrap_or(Cell::Null);
                }
                row.push(Cell::Null);
            } else {
                row.push(Cell::List(rest));
            }
            row
        })
        .collect())
}

/// Whether a channel is among the refused ones, however deep they lie.
fn opts_out(cell: Option<&Cell>, channel: &str) -> bool {
    match cell {
        Some(Cell::List(cells)) => cells.iter().any(|cell| opts_out(Some(cell), channel)),
        Some(Cell::Text(text) | Cell::Code { code: text, .. }) => text == channel,
        _ => false,
    }
}
