//! `show`: one record with everything on it, as the work tree or a commit has it.

use clap::{ArgAction, ArgMatches, Command};

use super::super::args::{Words, option, place};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, one};
use super::super::resolve::{candidates, read_one};
use super::super::store::{Everything, Store, slugs};
use super::{Standalone, cards, print, sections};
use crate::formats::Format;
use crate::mirror::Mirror;
use crate::model::record::{Doc, Field, Kind, Moved, Row, Type, Value};
use crate::model::{Class, Problem};
use crate::query::nearest;
use crate::store::ObjectId;
use crate::table::{Audience, Cell, Column, ColumnType, Shape, Table};

/// `crm show ID`.
pub const SHOW: Standalone = Standalone {
    name: "show",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("id", "ID", words).required(true))
            .arg(option("at", "REV|DATE", words))
            .arg(option("fields", "FIELD,…", words))
            .arg(option("with", "PART,…", words).action(ArgAction::Append))
    },
    run: |context, matches| {
        let store = context.store()?;
        show(context, store, store.schema().kinds(), matches)
    },
};

/// `crm NOUN show ID`.
pub fn of_kind(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    show(context, context.store()?, &[kind], matches)
}

/// The record of one of these types that a text names, as the work tree has it.
pub fn find(
    context: &Context,
    store: &Store,
    kinds: &[&'static Kind],
    text: &str,
) -> Result<(&'static Kind, String), Failure> {
    let nouns: Vec<&str> = kinds.iter().map(|k| k.name).collect();
    read_one(context, store, kinds, text, &|| {
        let mirror = context.mirror()?;
        let found = candidates(context, &mirror, &nouns, text)?;
        if found.is_empty() {
            // It may be the one that cannot be read.
            let broken = mirror.broken_of(&nouns)?;
            if !broken.is_empty() {
                return Err(Failure::many(broken.iter().map(super::list::broken_problem).collect()));
            }
            let noun = if let [kind] = kinds { kind.name } else { "record" };
            let known: Vec<String> =
                kinds.iter().filter(|k| k.is_slug()).flat_map(|k| slugs(&mirror, k)).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(Problem::new(Class::NotFound, "no-such-record")
                .arg("noun", noun)
                .arg("value", text)
                .candidates(nearest(text, &known))
                .into());
        }
        Ok(found)
    })
}

fn show(
    context: &Context,
    store: &Store,
    kinds: &[&'static Kind],
    matches: &ArgMatches,
) -> Result<Exit, Failure> {
    let text = one(matches, "id").unwrap_or_default();
    let (fields, with) = (one(matches, "fields"), given(matches, "with").unwrap_or_default());
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let (doc, mut table) = match at {
        None => {
            let (kind, id) = find(context, store, kinds, &text)?;
            let doc = context.see(store.read(kind, &id)?.ok_or_else(|| missing(kind, &id))?)?;
            if print::wanted(context, kind, matches)? {
                let mirror = context.mirror()?;
                let view = Everything::new(store, &mirror);
                return print::print(context, store, (&view, &mirror), &doc, matches);
            }
            let table = table(context, store, &doc, &mut |id| {
                // A name that may not be read is not told in passing either.
                context
                    .may_tell(id.0, id.1, "name")
                    .unwrap_or(false)
                    .then(|| title_in_work(store, id))
                    .flatten()
            })?;
            (doc, table)
        }
        Some(commit) => {
            let (kind, id) = find_at(context, store, kinds, &text, commit)?;
            let doc = context.see(store.read_at(commit, kind, &id)?.ok_or_else(|| missing(kind, &id))?)?;
            if print::wanted(context, kind, matches)? {
                let mirror = store.mirror_at(commit, context)?;
                let view = Everything::at(store, &mirror, commit);
                return print::print(context, store, (&view, &mirror), &doc, matches);
            }
            let table = table(context, store, &doc, &mut |id| {
                context
                    .may_tell(id.0, id.1, "name")
                    .unwrap_or(false)
                    .then(|| title_at(store, commit, id))
                    .flatten()
            })?;
            (doc, table)
        }
    };
    if cards::wanted(context, doc.kind) {
        let past = at.map(|commit| store.mirror_at(commit, context)).transpose()?;
        let present = if past.is_none() { Some(context.mirror()?) } else { None };
        let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Exit::Ok) };
        return cards::print(context, mirror, doc.kind, &[doc], at);
    }
    // What the record does not hold itself takes the mirror, for which only who asks has to wait; one
    // of the past is made for the purpose.
    let own = |name: &str| table.position(name.trim()).is_some();
    let more = fields.as_deref().map(|fields| !fields.split(',').all(own));
    let derives =
        Mirror::derives(doc.kind.name) && more.unwrap_or(at.is_none() && sections::at_once(doc.kind));
    if !with.is_empty() || derives {
        let past = at.map(|commit| store.mirror_at(commit, context)).transpose()?;
        let present = match past.is_none().then(|| context.mirror()) {
            None => None,
            Some(Ok(mirror)) => Some(mirror),
            // A mirror that cannot be read is no reason not to show what the file holds.
            Some(Err(_)) if with.is_empty() && fields.is_none() => None,
            Some(Err(failure)) => return Err(failure),
        };
        if let Some(mirror) = past.as_ref().or(present.as_deref()) {
            if Mirror::derives(doc.kind.name) {
                sections::derive(context, mirror, &doc, &mut table)?;
            }
            sections::add(context, mirror, &doc, &with, &mut table)?;
        }
    } else if Mirror::derives(doc.kind.name) && sections::at_once(doc.kind) && more.is_none() {
        sections::nothing_derived(context, &doc, &mut table)?;
    }
    let parts = with.iter().flat_map(|text| text.split(',')).filter(|part| *part != sections::DERIVED);
    let fields = fields.map(|fields| parts.fold(fields, |all, part| format!("{all},{}", part.trim())));
    let table = super::list::chosen(table, fields.as_deref())?;
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}

fn find_at(
    context: &Context,
    store: &Store,
    kinds: &[&'static Kind],
    text: &str,
    commit: ObjectId,
) -> Result<(&'static Kind, String), Failure> {
    for kind in kinds {
        let plausible = if kind.is_slug() {
            crate::model::value::parse_slug(text).is_ok()
        } else {
            crate::model::value::is_id(text) && text.starts_with(kind.prefix)
        };
        if plausible && store.repo.read_at(commit, &kind.path(text))?.is_some() {
            return Ok((kind, text.to_owned()));
        }
    }
    let nouns: Vec<&str> = kinds.iter().map(|k| k.name).collect();
    read_one(context, store, &[], text, &|| {
        let mirror = store.mirror_at(commit, context)?;
        candidates(context, &mirror, &nouns, text)
    })
}

fn missing(kind: &Kind, id: &str) -> Problem {
    Problem::new(Class::NotFound, "no-such-record").arg("noun", kind.name).arg("value", id)
}

/// The id and title of a record as the work tree has it, of what it was merged into where it was.
pub fn title_in_work(store: &Store, (noun, id): (&str, &str)) -> Option<(String, String)> {
    let kind = store.schema().kind(noun)?;
    title(id, &|id| store.read(kind, id).ok()?)
}

fn title_at(store: &Store, commit: ObjectId, (noun, id): (&str, &str)) -> Option<(String, String)> {
    let kind = store.schema().kind(noun)?;
    title(id, &|id| store.read_at(commit, kind, id).ok()?)
}

/// Longest chain of merges that is followed.
const CHAIN: usize = 100;

fn title(id: &str, read: &dyn Fn(&str) -> Option<Doc>) -> Option<(String, String)> {
    let mut doc = read(id)?;
    for _ in 0..CHAIN {
        match doc.text("merged_into").and_then(read) {
            Some(next) => doc = next,
            None => break,
        }
    }
    Some((doc.id().to_owned(), doc.title().to_owned()))
}

/// How the title of a referred record is found: by noun and id; with the id that stands for it.
pub type Titles<'a> = dyn FnMut((&str, &str)) -> Option<(String, String)> + 'a;

/// A record as a table of one row: every declared field, references with their titles, rows, the
/// history and the revision of the file.
pub fn table(context: &Context, store: &Store, doc: &Doc, titles: &mut Titles<'_>) -> Result<Table, Failure> {
    let kind = doc.kind;
    let mut table = Table {
        shape: Shape::Object,
        title: format!("{} {}", context.locale.noun(kind), doc.title()),
        ..Table::new(kind.name, Vec::new())
    };
    let mut row = Vec::new();
    let digits = doc.text("currency").and_then(crate::model::value::minor_digits);
    for field in kind.all() {
        let label = context.locale.field(&context.schema, kind, field.name);
        let value = doc.get(field.name);
        if let Some(rows) = field.rows() {
            let objects = doc
                .rows(field.name)
                .iter()
                .map(|r| object(context, r, rows.key, rows.fields, titles))
                .collect();
            let audience = if value.is_some() { Audience::All } else { Audience::Data };
            table
                .columns
                .push(Column::new(field.name, ColumnType::Rows).labelled(label).for_audience(audience));
            row.push(Cell::Rows(objects));
            continue;
        }
        let cell = value.map_or(Cell::Null, |v| cell(context, field, v, digits));
        let reference = super::super::resolve::refers_to(field.ty).filter(|_| !field.many());
        if let (Some(nouns), Some(Value::Text(id))) = (reference, value) {
            let found =
                nouns.iter().filter(|noun| may_be(context, noun, id)).find_map(|noun| titles((noun, id)));
            let (living, title) = found.unzip();
            let id = living.as_ref().filter(|_| field.name != "merged_into").unwrap_or(id);
            let id_column = Column::new(field.name, ColumnType::Id).labelled(label.clone());
            table.columns.push(id_column.for_audience(Audience::Data));
            row.push(Cell::text(id));
            let name = title.clone().map_or_else(|| Cell::text(id), |t| Cell::text(shown_reference(&t, id)));
            table.columns.push(
                Column::new(format!("{}_label", field.name), ColumnType::Text)
                    .labelled(label)
                    .for_audience(Audience::People),
            );
            row.push(name);
            table.columns.push(
                Column::new(format!("{}_name", field.name), ColumnType::Text).for_audience(Audience::Data),
            );
            row.push(title.map_or(Cell::Null, Cell::Text));
            continue;
        }
        let audience = if value.is_some() { Audience::All } else { Audience::Data };
        table
            .columns
            .push(Column::new(field.name, column_type(field)).labelled(label).for_audience(audience));
        row.push(cell);
        if reference.is_some() {
            table.columns.push(
                Column::new(format!("{}_name", field.name), ColumnType::Text).for_audience(Audience::Data),
            );
            row.push(Cell::Null);
        }
    }
    extras(context, doc, &mut table, &mut row)?;
    if kind.traits.history {
        let label = context.text("field-history", &[]);
        let audience = if doc.history.is_empty() { Audience::Data } else { Audience::All };
        table.columns.push(Column::new("history", ColumnType::Rows).labelled(label).for_audience(audience));
        row.push(Cell::Rows(doc.history.iter().map(moved).collect()));
    }
    let bytes = store.repo.read_work(&doc.path())?;
    table.columns.push(Column::new("rev", ColumnType::Text).for_audience(Audience::Data));
    row.push(bytes.map_or(Cell::Null, |b| Cell::text(ObjectId::of_file(&b).to_string())));
    table.id_column = table.position("id");
    table.rows = vec![row];
    Ok(table)
}

fn may_be(context: &Context, noun: &str, id: &str) -> bool {
    let Some(kind) = context.schema.kind(noun) else { return false };
    kind.is_slug() || id.split_once('_').is_some_and(|(prefix, _)| prefix == kind.prefix)
}

fn shown_reference(title: &str, id: &str) -> String {
    if title == id { title.to_owned() } else { format!("{title} ({id})") }
}

/// What is worked out rather than stored: the totals of a document.
fn extras(context: &Context, doc: &Doc, table: &mut Table, row: &mut Vec<Cell>) -> Result<(), Failure> {
    if !matches!(doc.kind.name, "quote" | "order") {
        return Ok(());
    }
    let totals = crate::model::totals::totals(doc, &context.schema.settings)?;
    for (name, value) in
        [("net_total", totals.net_total), ("tax_total", totals.tax_total), ("total", totals.total)]
    {
        let label = context.locale.field(&context.schema, doc.kind, name);
        table.columns.push(Column::new(name, ColumnType::Money).labelled(label));
        row.push(Cell::Dec(value));
    }
    Ok(())
}

fn moved(entry: &Moved) -> Vec<(String, Cell)> {
    let text = |value: &Option<String>| value.as_ref().map_or(Cell::Null, Cell::text);
    vec![
        ("at".into(), Cell::Instant(entry.at)),
        ("by".into(), Cell::text(&entry.by)),
        ("field".into(), text(&entry.field)),
        ("from".into(), text(&entry.from)),
        ("to".into(), text(&entry.to)),
        ("reason".into(), text(&entry.reason)),
    ]
}

fn object(
    context: &Context,
    row: &Row,
    key: &'static str,
    fields: &'static [Field],
    titles: &mut Titles<'_>,
) -> Vec<(String, Cell)> {
    let mut out = Vec::new();
    if key == "id" {
        out.push(("id".to_owned(), row.get("id").and_then(Value::as_text).map_or(Cell::Null, Cell::text)));
    }
    for field in fields {
        let value = row.get(field.name);
        out.push((field.name.to_owned(), value.map_or(Cell::Null, |v| cell(context, field, v, None))));
        let nouns = super::super::resolve::refers_to(field.ty).filter(|_| !field.many());
        if let (Some(nouns), Some(Value::Text(id))) = (nouns, value) {
            let found =
                nouns.iter().filter(|noun| may_be(context, noun, id)).find_map(|noun| titles((noun, id)));
            let (living, title) = found.unzip();
            if let (Some(living), Some((_, cell))) = (living, out.last_mut()) {
                *cell = Cell::Text(living);
            }
            if title.as_deref() != Some(id) {
                out.push((format!("{}_name", field.name), title.map_or(Cell::Null, Cell::Text)));
            }
        }
    }
    out
}

/// A stored value as a cell; codes with their labels.
pub fn cell(context: &Context, field: &Field, value: &Value, digits: Option<u32>) -> Cell {
    let _ = digits;
    match value {
        Value::Text(text) => match field.ty {
            Type::Code(list) => {
                Cell::Code { code: text.clone(), label: context.locale.code(&context.schema, list, text) }
            }
            _ => Cell::text(text),
        },
        Value::Bool(flag) => Cell::Bool(*flag),
        Value::Int(int) => Cell::Int(*int),
        Value::Dec(dec) => Cell::Dec(*dec),
        Value::Day(day) => Cell::Day(*day),
        Value::Instant(at) => Cell::Instant(*at),
        Value::List(values) => Cell::List(values.iter().map(|v| cell(context, field, v, digits)).collect()),
        Value::Rows(_) => Cell::Null,
    }
}

/// What the cells of a declared field are.
pub fn column_type(field: &Field) -> ColumnType {
    if field.many() {
        return ColumnType::List;
    }
    match field.ty {
        Type::Text
        | Type::FreeCode
        | Type::Currency
        | Type::Country
        | Type::Dur
        | Type::Phone
        | Type::Email
        | Type::Url => {
            if field.name == "id" {
                ColumnType::Id
            } else {
                ColumnType::Text
            }
        }
        Type::Prose => ColumnType::Prose,
        Type::Code(_) => ColumnType::Code,
        Type::Bool => ColumnType::Bool,
        Type::Int => ColumnType::Int,
        Type::Dec => ColumnType::Dec,
        Type::Qty => ColumnType::Qty,
        Type::Pct => ColumnType::Percent,
        Type::Money => ColumnType::Money,
        Type::Price => ColumnType::Price,
        Type::Day => ColumnType::Day,
        Type::Instant => ColumnType::Instant,
        Type::Ref(_) => ColumnType::Id,
        Type::Rows(_) => ColumnType::Rows,
    }
}
