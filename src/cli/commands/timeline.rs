//! `customer timeline`, `contact timeline`, `lead timeline`: what happened to a record and to all
//! that belongs to it, newest first. Everything is found by indexes from the record on, so that it
//! takes as long as the record's own story is.
//!
//! Deliberately absent: what is planned (see `followup todo`), and changes of fields that have no
//! history (see `history`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::one;
use super::show;
use crate::locale::Language;
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::{Kind, Type};
use crate::query::{Edge, parse_day_at};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// The flags.
pub fn args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(place("id", "ID", words).required(true))
        .arg(option("since", "DATE", words))
        .arg(option("until", "DATE", words))
        .arg(option("limit", "N", words))
        .arg(option("fields", "FIELD,…", words))
}

/// Which part of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub since: Option<String>,
    pub until: Option<String>,
    pub limit: Option<i64>,
}

/// Prints what happened.
pub fn run(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<(), Failure> {
    let day = |flag: &str, edge| -> Result<Option<String>, Problem> {
        let day = one(matches, flag).map(|text| parse_day_at(&text, edge, &context.clock())).transpose()?;
        Ok(day.map(|day| day.to_string()))
    };
    let limit = one(matches, "limit")
        .map(|text| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text)))
        .transpose()?;
    let span = Span { since: day("since", Edge::First)?, until: day("until", Edge::Last)?, limit };
    let (kind, id) = show::find(context, context.store()?, &[kind], &one(matches, "id").unwrap_or_default())?;
    let table = table(context, &*context.mirror()?, kind, &id, &span)?;
    super::list::print_chosen(context, table, matches)
}

/// What belongs to the record, by type: the types with their condition, and which of them has
/// follow-ups and a history.
const OF_CUSTOMER: &[(&str, &str)] = &[
    ("contact", "customer in (select id from self)"),
    ("lead", "converted_customer in (select id from self)"),
    ("opportunity", "customer in (select id from self)"),
    ("quote", "customer in (select id from self)"),
    ("order", "customer in (select id from self)"),
    ("ticket", "customer in (select id from self)"),
    ("invoice", "customer in (select id from self)"),
    ("payment", "customer in (select id from self)"),
    ("shipment", "\"order\" in (select id from orders where customer in (select id from self))"),
    ("return", "\"order\" in (select id from orders where customer in (select id from self))"),
];
const OF_CONTACT: &[(&str, &str)] = &[
    ("quote", "contact in (select id from self)"),
    ("order", "contact in (select id from self)"),
    ("ticket", "contact in (select id from self)"),
    ("invoice", "contact in (select id from self)"),
];
const OF_LEAD: &[(&str, &str)] = &[("opportunity", "lead in (select id from self)")];

/// How each type tells itself: what it is called, who did it, a code and its field, a text, an
/// amount and when.
struct Told {
    noun: &'static str,
    name: &'static str,
    by: &'static str,
    field: &'static str,
    text: &'static str,
    amount: &'static str,
    currency: &'static str,
    at: &'static str,
}

/// A document is from its day, at the hour when it was written where that was the same day.
const DATED: &str = "iif(day(x.created_at) = x.date, x.created_at, x.date)";

const PLAIN: Told = Told {
    noun: "",
    name: "x.name",
    by: "x.created_by",
    field: "null",
    text: "null",
    amount: "null",
    currency: "null",
    at: "x.created_at",
};

const TOLD: &[Told] = &[
    Told { noun: "customer", field: "'source'", text: "x.source", ..PLAIN },
    Told { noun: "contact", field: "'role'", text: "x.role", ..PLAIN },
    Told { noun: "lead", name: "coalesce(x.name, x.company)", field: "'source'", text: "x.source", ..PLAIN },
    Told { noun: "opportunity", by: "x.owner", amount: "x.amount", currency: "x.currency", ..PLAIN },
    Told {
        noun: "quote",
        name: "x.number",
        by: "x.owner",
        amount: "x.total",
        currency: "x.currency",
        at: DATED,
        ..PLAIN
    },
    Told {
        noun: "order",
        name: "x.number",
        by: "x.owner",
        amount: "x.total",
        currency: "x.currency",
        at: DATED,
        ..PLAIN
    },
    Told { noun: "ticket", name: "x.number", text: "x.subject", ..PLAIN },
    Told {
        noun: "invoice",
        name: "x.number",
        field: "'kind'",
        text: "x.kind",
        amount: "x.sign * x.total",
        currency: "x.currency",
        at: DATED,
        ..PLAIN
    },
    Told {
        noun: "payment",
        name: "x.reference",
        field: "'method'",
        text: "x.method",
        amount: "x.sign * x.amount",
        currency: "x.currency",
        at: DATED,
        ..PLAIN
    },
    Told {
        noun: "shipment",
        name: "(select o.number from orders o where o.id = x.\"order\")",
        text: "nullif(concat_ws(' ', x.carrier, x.tracking), '')",
        at: DATED,
        ..PLAIN
    },
    Told {
        noun: "return",
        name: "(select o.number from orders o where o.id = x.\"order\")",
        field: "'reason'",
        text: "x.reason",
        at: DATED,
        ..PLAIN
    },
];

/// The timeline of a record as a table.
pub fn table(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    id: &str,
    span: &Span,
) -> Result<Table, Failure> {
    let id = mirror.survivor(kind.name, id)?;
    let params = [
        SqlCell::text(id.as_str()),
        SqlCell::text(kind.name),
        span.since.as_ref().map_or(SqlCell::Null, SqlCell::text),
        span.until.as_ref().map_or(SqlCell::Null, SqlCell::text),
        SqlCell::Int(span.limit.unwrap_or(-1)),
    ];
    let rows = mirror.query(&sql(context, kind), &params)?.rows;
    let names = Names::of(context, mirror, &rows)?;
    let mut table = empty(context);
    table.rows = rows.iter().map(|row| told(context, mirror, row, &names)).collect();
    Ok(table)
}

fn empty(context: &Context) -> Table {
    let columns = [
        ("at", ColumnType::Instant, Audience::All),
        ("what", ColumnType::Code, Audience::All),
        ("kind", ColumnType::Code, Audience::Data),
        ("record", ColumnType::Id, Audience::All),
        ("name", ColumnType::Text, Audience::All),
        ("by", ColumnType::Id, Audience::Data),
        ("by_name", ColumnType::Text, Audience::All),
        ("text", ColumnType::Prose, Audience::All),
        ("amount", ColumnType::Money, Audience::All),
        ("currency", ColumnType::Text, Audience::All),
    ];
    let label = |name: &str| match name {
        "what" => context.locale.general("event"),
        _ => context.locale.general(name.strip_suffix("_name").unwrap_or(name)),
    };
    let column = |(name, ty, audience)| Column::new(name, ty).labelled(label(name)).for_audience(audience);
    let mut table = Table {
        title: context.text("title-timeline", &[]),
        ..Table::new("timeline", columns.map(column).to_vec())
    };
    table.id_column = table.position("record");
    table
}

/// Every arm selects: at, what, noun, record, name, by, field, from, to, text, amount, currency.
fn sql(context: &Context, kind: &Kind) -> String {
    let below = match kind.name {
        "customer" => OF_CUSTOMER,
        "lead" => OF_LEAD,
        _ => OF_CONTACT,
    };
    let mut belongs = vec![format!("select id, '{}' from self", kind.name)];
    let mut arms = vec![arm(kind.name, kind.folder, "id in (select id from self)")];
    for (noun, condition) in below {
        let folder = context.schema.kind(noun).map_or("", |kind| kind.folder);
        belongs.push(format!("select id, '{noun}' from {folder} where {condition}"));
        arms.push(arm(noun, folder, condition));
    }
    let about = "(x.target in (select id from belongs) or x.contact in (select id from belongs where kind = 'contact'))";
    arms.push(format!(
        "select x.done_at, 'followup', 'followup', x.id, x.subject, x.owner, 'outcome', null, x.outcome, x.summary, null, null
         from followups x where x.status = 'done' and {about}"
    ));
    arms.push(format!(
        "select x.sent_at, 'message', 'message', x.id, x.subject, x.created_by, 'channel', null, x.channel,
           null, null, null
         from messages x where x.status in ('sent', 'received') and x.channel <> 'notice' and {about}"
    ));
    arms.push(
        "select h.at, coalesce(h.field, iif(h.kind = 'opportunity', 'stage', 'status')), h.kind, h.record, null, h.\"by\",
           coalesce(h.field, iif(h.kind = 'opportunity', 'stage', 'status')), coalesce(h.\"from\", ''),
           coalesce(h.\"to\", ''), h.reason, null, null
         from belongs b join history h on h.record = b.id and h.kind = b.kind"
            .to_owned(),
    );
    format!(
        "with self (id) as (select ?1 union select s.id from survivors s where s.survivor = ?1 and s.kind = ?2),
         belongs (id, kind) as materialized ({}),
         happened (at, what, kind, record, name, \"by\", field, \"from\", \"to\", text, amount, currency) as ({})
         select * from happened
         where at is not null and (?3 is null or day(at) >= ?3) and (?4 is null or day(at) <= ?4)
         order by day(at) desc, length(at) > 10 desc, unixepoch(at) desc, record desc, what limit ?5",
        belongs.join(" union all "),
        arms.join(" union all ")
    )
}

fn arm(noun: &str, folder: &str, condition: &str) -> String {
    let Told { name, by, field, text, amount, currency, at, .. } =
        TOLD.iter().find(|told| told.noun == noun).unwrap_or(&PLAIN);
    let (code, text) = if *field == "null" { ("null", *text) } else { (*text, "null") };
    format!(
        "select {at}, '{noun}', '{noun}', x.id, {name}, {by}, {field}, null, {code}, {text}, {amount}, {currency}
         from {folder} x where x.{condition}"
    )
}

/// What people call the records and users of a timeline.
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(context: &Context, mirror: &Mirror, rows: &[Vec<SqlCell>]) -> Result<Self, Failure> {
        let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in rows {
            let text = |at: usize| row[at].as_text();
            if let (Some(noun), Some(id), None) = (text(2), text(3), text(4)) {
                ids.entry(noun).or_default().push(id);
            }
            let reference = match text(6) {
                Some("owner" | "assignee") => "user",
                Some("pool") => "pool",
                _ => "",
            };
            ids.entry("user").or_default().extend(text(5));
            ids.entry(reference).or_default().extend([7, 8].into_iter().filter_map(text));
        }
        let mut names = stages(context, mirror, ids.get("opportunity"))?;
        for (noun, mut ids) in ids {
            ids.sort_unstable();
            ids.dedup();
            if context.schema.kind(noun).is_some() {
                names.extend(mirror.titles(&[noun], &ids)?);
            }
        }
        Ok(Self(names))
    }

    fn name<'n>(&'n self, id: &'n str) -> &'n str {
        self.0.get(id).map_or(id, String::as_str)
    }
}

/// What the stages of these opportunities are called, by opportunity and code.
fn stages(
    context: &Context,
    mirror: &Mirror,
    ids: Option<&Vec<&str>>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut names = BTreeMap::new();
    let labels = match context.locale.language {
        Language::English => "g.label, g.label_zh",
        Language::Chinese => "g.label_zh, g.label",
    };
    let sql = format!(
        "select g.code, coalesce({labels}, g.code) from opportunities o
         join pipeline_stages g on g.record = o.pipeline where o.id = ?1"
    );
    for id in ids.into_iter().flatten().collect::<BTreeSet<_>>() {
        for row in mirror.query(&sql, &[SqlCell::text(*id)])?.rows {
            if let [SqlCell::Text(code), SqlCell::Text(name)] = row.as_slice() {
                names.insert(stage(id, code), name.clone());
            }
        }
    }
    Ok(names)
}

fn stage(opportunity: &str, code: &str) -> String {
    format!("{opportunity}/{code}")
}

fn told(context: &Context, mirror: &Mirror, row: &[SqlCell], names: &Names) -> Vec<Cell> {
    let text = |at: usize| row[at].as_text();
    let cell = |at: usize| text(at).map_or(Cell::Null, Cell::text);
    let noun = text(2).unwrap_or_default();
    let what = text(1).unwrap_or_default();
    let label = match context.schema.kind(noun) {
        Some(kind) if what == noun => context.locale.noun(kind),
        Some(kind) => context.locale.field(&context.schema, kind, what),
        None => what.to_owned(),
    };
    let name = text(4).or_else(|| text(3).map(|id| names.name(id)));
    let amount = mirror.typed(row[10].clone(), "MONEY INTEGER", text(11));
    vec![
        at(text(0)),
        Cell::Code { code: what.to_owned(), label },
        context.schema.kind(noun).map_or(Cell::Null, |kind| Cell::Code {
            code: noun.to_owned(),
            label: context.locale.noun(kind),
        }),
        cell(3),
        name.map_or(Cell::Null, Cell::text),
        cell(5),
        text(5).map_or(Cell::Null, |id| Cell::text(names.name(id))),
        said(context, row, names),
        amount,
        cell(11),
    ]
}

fn at(text: Option<&str>) -> Cell {
    let Some(text) = text else { return Cell::Null };
    match (text.parse(), DateTime::parse_from_rfc3339(text)) {
        (Ok(day), _) => Cell::Day(day),
        (_, Ok(at)) => Cell::Instant(at),
        _ => Cell::text(text),
    }
}

/// A change as `from → to`, a code, a remark: whatever there is of them.
fn said(context: &Context, row: &[SqlCell], names: &Names) -> Cell {
    let text = |at: usize| row[at].as_text();
    let kind = text(2).and_then(|noun| context.schema.kind(noun));
    let field = kind.zip(text(6)).and_then(|(kind, name)| kind.field(name));
    let label = |code: &str| match field.map(|field| field.ty) {
        Some(Type::Code(list)) => context.locale.code(&context.schema, list, code),
        Some(Type::Ref(_)) => names.name(code).to_owned(),
        Some(Type::FreeCode) => {
            let stage = stage(text(3).unwrap_or_default(), code);
            names.0.get(&stage).cloned().unwrap_or_else(|| code.to_owned())
        }
        _ => code.to_owned(),
    };
    let both = |of: &dyn Fn(&str) -> String| {
        let value = |at: usize| text(at).map(|code| if code.is_empty() { "—".to_owned() } else { of(code) });
        let changed = match (value(7), value(8)) {
            (Some(from), Some(to)) => Some(format!("{from} → {to}")),
            (_, to) => to,
        };
        let parts: Vec<String> = changed.into_iter().chain(text(9).map(str::to_owned)).collect();
        parts.join(": ")
    };
    let (code, label) = (both(&str::to_owned), both(&label));
    if code.is_empty() { Cell::Null } else { Cell::Code { code, label } }
}
