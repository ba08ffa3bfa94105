//! `list`: the records of a type from the mirror, filtered, sorted and cut; and the few lists that
//! answer a question of their own.

mod todo;
mod view;

use clap::ArgMatches;
use rust_decimal::Decimal;

use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::resolve::refers_to;
use super::cards;
use crate::formats::Format;
use crate::mirror::{Broken, Listing, Mirror, SqlCell};
use crate::model::record::{Kind, Type};
use crate::model::{Class, Problem};
use crate::query::{Condition, SqlValue, nearest, parse_condition, parse_fields, parse_sort};
use crate::store::ObjectId;
use crate::table::{Audience, Cell, Column, ColumnType, Table};

pub use todo::todo;
pub use view::View;

/// Fields that people see in a list unless they choose, in this order, as far as a type has them.
const SHOWN: &[&str] = &[
    "id",
    "number",
    "date",
    "name",
    "company",
    "subject",
    "topic",
    "kind",
    "customer",
    "target",
    "product",
    "order",
    "scope",
    "period",
    "category",
    "phone",
    "email",
    "region",
    "level",
    "stage",
    "status",
    "progress",
    "amount",
    "total",
    "value",
    "qty",
    "price",
    "on_hand",
    "due",
    "due_date",
    "close_date",
    "priority",
    "owner",
    "assignee",
    "team",
    "created_at",
];
/// Most columns people see unless they choose.
const MOST: usize = 9;

/// `crm NOUN list`.
pub fn list(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    shown(context, kind, matches, &View::from(context, kind, matches)?)
}

/// Prints a view of the present, or of the past that `--at` names.
pub fn shown(
    context: &Context,
    kind: &'static Kind,
    matches: &ArgMatches,
    view: &View,
) -> Result<Exit, Failure> {
    context.allow_type(kind)?;
    match one(matches, "at") {
        Some(at) => {
            let commit = context.revision(&at)?;
            let mirror = context.store()?.mirror_at(commit, context)?;
            print(context, &mirror, kind, view, Some(commit))
        }
        None => print(context, &*context.mirror()?, kind, view, None),
    }
}

/// Every field a list of a type can show: declared ones, titles of references, derived ones.
pub fn known(mirror: &Mirror, kind: &Kind) -> Vec<String> {
    let mut names = Vec::new();
    for field in kind.all() {
        names.push(field.name.to_owned());
        if refers_to(field.ty).is_some() && !field.many() {
            names.push(format!("{}_name", field.name));
        }
    }
    for name in mirror.derived_fields(kind.name) {
        if !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn print(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    view: &View,
    at: Option<ObjectId>,
) -> Result<Exit, Failure> {
    let known = known(mirror, kind);
    if view.fields.as_deref() == Some("help") {
        let rows = known.iter().map(|name| {
            vec![Cell::text(name), Cell::text(context.locale.field(&context.schema, kind, name))]
        });
        let mut table = Table::new(
            "fields",
            vec![Column::new("field", ColumnType::Text), Column::new("label", ColumnType::Text)],
        );
        table.rows = rows.collect();
        context.ui.table(&table, Format::Table)?;
        return Ok(Exit::Ok);
    }
    let broken = mirror.broken_of(&[kind.name])?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(broken_problem).collect()));
    }
    if cards::wanted(context, kind) {
        let docs = cards::records(context, mirror, kind, view, at)?;
        cards::print(context, mirror, kind, &docs, at)?;
    } else {
        let table = select(context, mirror, kind, view, &known)?;
        context.ui.table(&table, Format::Table)?;
    }
    if broken.is_empty() {
        return Ok(Exit::Ok);
    }
    for problem in broken.iter().map(broken_problem) {
        context.ui.stderr(&super::super::error::located(&context.locale, &problem));
    }
    Ok(Exit::Partial)
}

/// The records of a view as a table.
pub fn select(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    view: &View,
    known: &[String],
) -> Result<Table, Failure> {
    let chosen = match &view.fields {
        Some(text) => Some(parse_fields(text)?),
        None => None,
    };
    let for_people =
        matches!(context.ui.format(Format::Table), Format::Table | Format::Markdown | Format::Html);
    let names: Vec<String> = match &chosen {
        // Names of references and derived values cost a look-up each: people see few of them.
        None if for_people => shown_fields(kind, known),
        None if context.ui.format == Some(Format::Ids) => vec!["id".to_owned()],
        Some(fields) => {
            for name in fields {
                if mirror.field_sql(kind.name, name, "t").is_none() {
                    return Err(unknown_field(kind, name, known));
                }
            }
            fields.clone()
        }
        None => {
            known.iter().filter(|name| kind.field(name).is_none_or(|f| f.rows().is_none())).cloned().collect()
        }
    };
    let sorted = view.sort.as_deref().map(parse_sort).transpose()?.unwrap_or_default();
    if names.iter().chain(sorted.iter().map(|(name, _)| name)).any(|name| is_score(kind, name)) {
        refuse_broken_scores(mirror)?;
    }
    let (condition, params) = match &view.also {
        Some((condition, params)) => (condition.clone(), params.clone()),
        None => conditions(context, mirror, kind, &view.conditions, known)?,
    };
    let order = order(mirror, kind, view.sort.as_deref(), known)?;
    let fields: Vec<&str> = names.iter().map(String::as_str).collect();
    let listing = Listing {
        noun: kind.name,
        fields: &fields,
        condition: &condition,
        params: &params,
        order: &order,
        limit: view.limit,
        hidden: view.archived,
    };
    let rows = mirror.list(&listing)?;
    let shown: Vec<&str> =
        SHOWN.iter().copied().filter(|n| names.iter().any(|k| k == n)).take(MOST).collect();
    let columns: Vec<Column> = names
        .iter()
        .map(|name| {
            let audience = audience(kind, name, chosen.is_some(), &shown);
            Column::new(name.clone(), column_type(mirror, kind, name))
                .labelled(label(context, kind, name))
                .for_audience(audience)
        })
        .collect();
    let mut table = Table { title: context.locale.noun(kind), ..Table::new(kind.folder, columns) };
    table.id_column = table.position("id");
    table.rows = rows;
    label_codes(context, kind, &mut table);
    if kind.name == "opportunity" {
        super::board::label_stages(context, mirror, &mut table)?;
    }
    if table.id_column.is_none() && context.ui.format == Some(Format::Ids) {
        let all = View { fields: Some("id".to_owned()), ..view.clone() };
        return select(context, mirror, kind, &all, known);
    }
    Ok(table)
}

/// The fields that people see in a list unless they choose, references with their names.
fn shown_fields(kind: &Kind, known: &[String]) -> Vec<String> {
    let mut names = vec!["id".to_owned()];
    for name in SHOWN.iter().filter(|n| known.iter().any(|k| k == *n)).take(MOST) {
        names.push((*name).to_owned());
        if kind.field(name).is_some_and(|f| refers_to(f.ty).is_some() && !f.many()) {
            names.push(format!("{name}_name"));
        }
    }
    names.dedup();
    names
}

fn audience(kind: &Kind, name: &str, chosen: bool, shown: &[&str]) -> Audience {
    if chosen {
        return Audience::All;
    }
    // People read the title of a reference, programs get both.
    if let Some(reference) = name.strip_suffix("_name").filter(|n| kind.field(n).is_some()) {
        return if shown.contains(&reference) { Audience::All } else { Audience::Data };
    }
    let is_reference = kind.field(name).is_some_and(|f| refers_to(f.ty).is_some());
    if shown.contains(&name) && !is_reference { Audience::All } else { Audience::Data }
}

/// What people read above a column.
fn label(context: &Context, kind: &Kind, name: &str) -> String {
    let base = name.strip_suffix("_name").filter(|n| kind.field(n).is_some()).unwrap_or(name);
    match base.rsplit_once('.') {
        Some((_, last)) => context.locale.field(&context.schema, kind, last),
        None => context.locale.field(&context.schema, kind, base),
    }
}

pub fn column_type(mirror: &Mirror, kind: &Kind, name: &str) -> ColumnType {
    if let Some(field) = kind.field(name) {
        return super::show::column_type(field);
    }
    match mirror.field_sql(kind.name, name, "t").map(|f| f.decl) {
        Some("MONEY INTEGER") => ColumnType::Money,
        Some("QTY REAL") => ColumnType::Qty,
        Some("BOOL INTEGER") => ColumnType::Bool,
        Some("CODE TEXT") => ColumnType::Code,
        Some("DAY TEXT") => ColumnType::Day,
        Some("INSTANT TEXT") => ColumnType::Instant,
        Some("LIST TEXT") => ColumnType::List,
        Some("INTEGER") => ColumnType::Int,
        Some(decl) if decl.ends_with("REAL") => ColumnType::Dec,
        _ => ColumnType::Text,
    }
}

/// Puts the reader's words beside codes.
fn label_codes(context: &Context, kind: &Kind, table: &mut Table) {
    for (at, column) in table.columns.iter().enumerate() {
        let field = kind.field(&column.code);
        let list = match field.map(|f| f.ty) {
            Some(Type::Code(list)) => Some(list),
            _ if column.ty == ColumnType::Code => None,
            _ => continue,
        };
        for row in &mut table.rows {
            relabel(context, &column.code, list, &mut row[at]);
        }
    }
}

fn relabel(
    context: &Context,
    field: &str,
    list: Option<&'static crate::model::record::CodeList>,
    cell: &mut Cell,
) {
    match cell {
        Cell::Code { code, label } => {
            *label = match list {
                Some(list) => context.locale.code(&context.schema, list, code),
                None => context.locale.derived_code_of(field, code),
            };
        }
        Cell::List(cells) => {
            for cell in cells {
                if let Cell::Text(code) = cell {
                    *cell = Cell::Code { code: code.clone(), label: code.clone() };
                }
                relabel(context, field, list, cell);
            }
        }
        _ => {}
    }
}

pub fn unknown_field(kind: &Kind, name: &str, known: &[String]) -> Failure {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Problem::usage("unknown-field-name")
        .arg("value", name)
        .arg("noun", kind.name)
        .candidates(nearest(name, &known))
        .field(name)
        .into()
}

/// Conditions as SQL; references are looked up by what people call them.
pub fn conditions(
    context: &Context,
    mirror: &Mirror,
    kind: &Kind,
    conditions: &[Condition],
    known: &[String],
) -> Result<(String, Vec<SqlCell>), Failure> {
    let find = |nouns: &[&str], text: &str| -> Result<Vec<String>, Problem> {
        match super::super::resolve::candidates(context, mirror, nouns, text) {
            Ok(found) => Ok(found.into_iter().map(|(_, id, _)| id).collect()),
            Err(failure) => Err(failure.problems.into_iter().next().unwrap_or_else(|| {
                Problem::new(Class::NotFound, "no-such-record").arg("noun", nouns[0]).arg("value", text)
            })),
        }
    };
    if conditions.iter().any(|condition| is_score(kind, &condition.field)) {
        refuse_broken_scores(mirror)?;
    }
    let mut parts = Vec::new();
    let mut params = Vec::new();
    for condition in conditions {
        if mirror.field_sql(kind.name, &condition.field, "t").is_none() {
            return Err(unknown_field(kind, &condition.field, known));
        }
        let (sql, values) = mirror.condition_sql(kind, "t", condition, &find)?;
        parts.push(sql);
        params.extend(values.into_iter().map(|v| match v {
            SqlValue::Text(text) => SqlCell::Text(text),
            SqlValue::Int(int) => SqlCell::Int(int),
            SqlValue::Real(real) => SqlCell::Real(real),
        }));
    }
    Ok((parts.join(" and "), params))
}

/// Ids, in order, of the records of a type that fulfil all conditions: those of rules, segments
/// and flags. Archived and merged records are left out.
pub fn matching(
    context: &Context,
    mirror: &Mirror,
    kind: &'static Kind,
    texts: &[String],
) -> Result<Vec<String>, Failure> {
    let wanted = texts.iter().map(|text| parse_condition(text)).collect::<Result<Vec<_>, _>>()?;
    let (condition, params) = conditions(context, mirror, kind, &wanted, &known(mirror, kind))?;
    let listing = Listing {
        noun: kind.name,
        condition: &condition,
        params: &params,
        fields: &["id"],
        ..Listing::default()
    };
    let rows = mirror.list(&listing)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row.into_iter().next() {
            Some(Cell::Text(id)) => Some(id),
            _ => None,
        })
        .collect())
}

/// What a list is sorted by, as SQL.
pub fn order(mirror: &Mirror, kind: &Kind, sort: Option<&str>, known: &[String]) -> Result<String, Failure> {
    let Some(sort) = sort else { return Ok(String::new()) };
    let mut parts = Vec::new();
    for (name, descending) in parse_sort(sort)? {
        let field =
            mirror.field_sql(kind.name, &name, "t").ok_or_else(|| unknown_field(kind, &name, known))?;
        parts.push(if descending { format!("{} desc", field.sql) } else { field.sql });
    }
    Ok(parts.join(", "))
}

/// Prints a table, of which `--fields` may choose columns.
pub fn print_chosen(context: &Context, table: Table, matches: &ArgMatches) -> Result<(), Failure> {
    context.ui.table(&chosen(table, one(matches, "fields").as_deref())?, Format::Table)
}

/// Only these columns of a table, in this order.
pub fn chosen(table: Table, fields: Option<&str>) -> Result<Table, Failure> {
    let Some(fields) = fields else { return Ok(table) };
    let mut columns = Vec::new();
    for name in parse_fields(fields)? {
        let at = table.position(&name).ok_or_else(|| {
            let known: Vec<&str> = table.columns.iter().map(|c| c.code.as_str()).collect();
            Problem::usage("unknown-field-name")
                .arg("value", &name)
                .arg("noun", &table.name)
                .candidates(nearest(&name, &known))
        })?;
        columns.push(at);
    }
    Ok(table.only(&columns))
}

/// Refuses where score rules have conditions that mean nothing, naming each.
pub fn refuse_broken_scores(mirror: &Mirror) -> Result<(), Failure> {
    let problems = mirror.score_problems()?;
    if problems.is_empty() { Ok(()) } else { Err(Failure::many(problems)) }
}

/// Whether a field of a type is the score of a lead, or reaches to one.
fn is_score(kind: &Kind, field: &str) -> bool {
    (kind.name == "lead" && field == "score") || field.ends_with("lead.score")
}

/// The problem of a record that the mirror could not read.
pub fn broken_problem(broken: &Broken) -> Problem {
    let known = crate::store::document::PROBLEMS.iter().chain(&["amount-too-large"]);
    let known = known.into_iter().find(|id| **id == broken.problem).copied();
    let id = known.unwrap_or("bad-toml");
    let mut problem = Problem::new(Class::Invalid, id).at(&broken.path, broken.line);
    if known.is_none() {
        problem = problem.arg("reason", &broken.problem);
    }
    for (name, value) in &broken.args {
        let name = ["field", "value", "reason", "path", "id", "bytes", "offset", "record", "noun"]
            .into_iter()
            .find(|n| n == name)
            .unwrap_or("value");
        problem = problem.arg(name, value);
    }
    if id == "unresolved-merge" {
        problem = problem.hint("unresolved-merge-hint");
    }
    problem
}

/// `product stock`: what is there, promised and free, by warehouse.
pub fn stock(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let text = one(matches, "product").unwrap_or_default();
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| context.store().and_then(|s| s.mirror_at(commit, context))).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(()) };
    let found = super::super::resolve::candidates(context, mirror, &["product"], &text)?;
    let [(_, sku, _)] = found.as_slice() else {
        return Err(Problem::new(Class::NotFound, "no-such-record")
            .arg("noun", "product")
            .arg("value", text)
            .into());
    };
    let params = [SqlCell::text(sku.as_str())];
    let by_warehouse = mirror.query(
        "select warehouse, on_hand from stock_on_hand where product = ?1 order by warehouse",
        &params,
    )?;
    let all = mirror
        .query("select on_hand, reserved, available from stock_available where product = ?1", &params)?;
    let label = |name: &str| context.locale.general(name);
    let columns = [
        ("product", ColumnType::Id),
        ("warehouse", ColumnType::Text),
        ("on_hand", ColumnType::Qty),
        ("reserved", ColumnType::Qty),
        ("available", ColumnType::Qty),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-stock", &[]), ..Table::new("stock", columns) };
    let number = |cell: &SqlCell| {
        cell.as_real()
            .and_then(|r| Decimal::try_from(r).ok())
            .map_or(Cell::Null, |d| Cell::Dec(d.normalize()))
    };
    // What is reserved is promised from no warehouse in particular: it stands in the row of them all.
    for row in &by_warehouse.rows {
        let warehouse = row[0].as_text().map_or(Cell::Null, Cell::text);
        table.rows.push(vec![Cell::text(sku), warehouse, number(&row[1]), Cell::Null, Cell::Null]);
    }
    for row in &all.rows {
        table.rows.push(vec![Cell::text(sku), Cell::Null, number(&row[0]), number(&row[1]), number(&row[2])]);
    }
    print_chosen(context, table, matches)
}
