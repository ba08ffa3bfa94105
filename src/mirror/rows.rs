//! A record as the rows that go into the tables: the part of loading that runs on all cores.
//!
//! Deliberately absent: the database. What a record cannot say (a missing price, an amount that is
//! no whole number of minor units) makes it broken as a whole, so that no sum is quietly short.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::amounts::{self, Amounts, Digits};
use super::cell::{self, SqlCell, of_value};
use super::layout::{CHILD_BITS, KindTables, Layout, Table};
use crate::model::Problem;
use crate::model::record::{Doc, Moved, Row, Value};
use crate::model::value::{format_day, format_instant, minor_digits, name_key};

/// Cells with the position of their column; what is not listed is null.
pub(super) type Cells = Vec<(usize, SqlCell)>;

/// A record ready to be written.
#[derive(Debug)]
pub(super) struct Rows {
    /// Index of the type in the layout.
    pub kind: usize,
    pub id: String,
    pub own: Cells,
    /// Table and rows of each kind of child rows that it has.
    pub children: Vec<(usize, Vec<Cells>)>,
    pub history: Vec<Moved>,
    /// Field and value of each element of its sets and lists; `lines.serials` of those in child rows.
    pub members: Vec<(Cow<'static, str>, String)>,
}

/// What became of a file.
#[derive(Debug)]
pub(super) struct Prepared {
    pub path: String,
    pub content: Result<Rows, Problem>,
}

/// Makes a record's rows.
pub(super) fn prepare(layout: &Layout, path: &str, parsed: Result<Doc, Problem>) -> Prepared {
    let content = parsed.and_then(|doc| rows(layout, path, doc)).map_err(|problem| match problem.path {
        Some(_) => problem,
        None => problem.at(path, None),
    });
    Prepared { path: path.to_owned(), content }
}

/// The columns of a record's own table with the cells of a record that need not be stored.
pub(super) fn own_columns<'l>(
    layout: &'l Layout,
    doc: &Doc,
) -> Result<(Vec<&'l str>, Vec<SqlCell>), Problem> {
    let rows = rows(layout, &doc.path(), doc.clone())?;
    let table = &layout.tables[layout.kinds[rows.kind].own];
    let mut cells = vec![SqlCell::Null; table.columns.len()];
    for (at, cell) in rows.own {
        cells[at] = cell;
    }
    Ok((table.columns.iter().map(|column| column.name).collect(), cells))
}

fn rows(layout: &Layout, path: &str, mut doc: Doc) -> Result<Rows, Problem> {
    let misplaced = || Problem::invalid("misplaced-file").arg("path", path).arg("id", doc.id());
    let (kind, id) = layout.record_at(path).ok_or_else(misplaced)?;
    if doc.path() != path {
        return Err(misplaced());
    }
    let tables = &layout.kinds[kind];
    let table = &layout.tables[tables.own];
    let digits = digits(layout, table, &doc);
    let mut computed = computed(tables, layout, &doc, digits)?;
    if tables.kind.traits.history && tables.kind.traits.state.is_some() {
        computed.own.push(state_since(&doc));
    }

    let id = id.to_owned();
    let (mut children, mut members) = (Vec::new(), Vec::new());
    for (field, child) in &tables.rows {
        let Some(Value::Rows(rows)) = doc.fields.remove(field.name) else { continue };
        if rows.len() >> CHILD_BITS > 0 {
            return Err(Problem::invalid("record-too-large").arg("field", field.name));
        }
        let extras = computed.lines.remove(field.name).unwrap_or_default();
        let table = &layout.tables[*child];
        for (inner, value) in rows.iter().flatten() {
            if let Value::List(values) = value {
                let name = format!("{}.{inner}", field.name);
                members
                    .extend(cell::members(values.clone()).into_iter().map(|m| (Cow::Owned(name.clone()), m)));
            }
        }
        children.push((*child, child_rows(table, &id, rows, extras, digits.own)?));
    }
    let mut own = Cells::with_capacity(24);
    fill(table, &mut doc.fields, digits.own, &mut own, Some(&mut members))?;
    extend(&mut own, table.first_extra(), computed.own);
    Ok(Rows { kind, id, own, children, history: doc.history, members })
}

/// The cells of the declared columns of a record or row.
fn fill(
    table: &Table,
    fields: &mut Row,
    digits: u32,
    cells: &mut Cells,
    mut members: Option<&mut Vec<(Cow<'static, str>, String)>>,
) -> Result<(), Problem> {
    for (at, column) in table.columns.iter().enumerate() {
        let Some(field) = column.field else { continue };
        match fields.remove(field.name) {
            None if column.preset == SqlCell::Null => {}
            None => cells.push((at, column.preset.clone())),
            Some(Value::List(values)) => {
                let texts = cell::members(values);
                cells.push((at, SqlCell::Text(cell::joined(&texts))));
                if let Some(members) = members.as_mut() {
                    members.extend(texts.into_iter().map(|text| (Cow::Borrowed(field.name), text)));
                }
            }
            Some(value) => cells.push((at, of_value(field, value, digits)?)),
        }
    }
    Ok(())
}

fn child_rows(
    table: &Table,
    record: &str,
    rows: Vec<Row>,
    extras: Vec<Vec<SqlCell>>,
    digits: u32,
) -> Result<Vec<Cells>, Problem> {
    let first_extra = table.first_extra();
    let mut extras = extras.into_iter();
    rows.into_iter()
        .enumerate()
        .map(|(position, mut row)| {
            let digits =
                row.get("currency").and_then(Value::as_text).and_then(minor_digits).unwrap_or(digits);
            let mut cells = Cells::with_capacity(table.columns.len());
            cells.push((0, SqlCell::text(record)));
            cells.push((1, SqlCell::Int(i64::try_from(position).unwrap_or(i64::MAX))));
            fill(table, &mut row, digits, &mut cells, None)?;
            extend(&mut cells, first_extra, extras.next().unwrap_or_default());
            Ok(cells)
        })
        .collect()
}

fn extend(cells: &mut Cells, first: usize, extras: Vec<SqlCell>) {
    let filled = extras.into_iter().enumerate().filter(|(_, cell)| *cell != SqlCell::Null);
    cells.extend(filled.map(|(at, cell)| (first + at, cell)));
}

/// The digits of a record's amounts: those of its currency, else of the base currency.
fn digits(layout: &Layout, table: &Table, doc: &Doc) -> Digits {
    let preset = table.position("currency").and_then(|at| table.columns[at].preset.as_text());
    let currency = doc.text("currency").or(preset).unwrap_or(&layout.base_currency);
    Digits {
        own: minor_digits(currency).unwrap_or(layout.base_digits),
        base: layout.base_digits,
        same: currency == layout.base_currency,
    }
}

/// The computed cells of a record and, by field, of its child rows.
#[derive(Default)]
struct Computed {
    own: Vec<SqlCell>,
    lines: std::collections::BTreeMap<&'static str, Vec<Vec<SqlCell>>>,
}

impl Computed {
    fn new(rows: &'static str, amounts: Amounts) -> Self {
        Self { own: amounts.own, lines: [(rows, amounts.lines)].into() }
    }
}

fn computed(tables: &KindTables, layout: &Layout, doc: &Doc, digits: Digits) -> Result<Computed, Problem> {
    Ok(match tables.kind.name {
        noun @ ("quote" | "order") => {
            let mut amounts = amounts::of_offer(doc, digits, &layout.settings)?;
            if noun == "order" {
                add_cancelled(doc, &mut amounts.lines);
            }
            Computed::new("lines", amounts)
        }
        "invoice" => Computed::new("lines", amounts::of_invoice(doc, digits)?),
        "payment" => Computed::new("allocations", amounts::of_payment(doc, digits)?),
        noun @ ("shipment" | "return" | "movement") => fact(noun, layout, tables, doc),
        "customer" | "contact" => Computed { own: vec![key_of(doc.text("name"))], ..Computed::default() },
        "lead" => Computed {
            own: vec![key_of(doc.text("company").or_else(|| doc.text("name")))],
            ..Computed::default()
        },
        "product" => {
            let top = doc.text("category").map(|category| category.split('/').next().unwrap_or_default());
            Computed { own: vec![top.map_or(SqlCell::Null, SqlCell::text)], ..Computed::default() }
        }
        _ => Computed::default(),
    })
}

fn key_of(name: Option<&str>) -> SqlCell {
    name.map_or(SqlCell::Null, |name| SqlCell::Text(name_key(name)))
}

/// Appends to each order line what was cancelled of it.
fn add_cancelled(doc: &Doc, lines: &mut [Vec<SqlCell>]) {
    for (line, cells) in doc.rows("lines").iter().zip(lines) {
        let id = line.get("id").and_then(Value::as_text);
        let of_line =
            doc.rows("cancellations").iter().filter(|c| c.get("line").and_then(Value::as_text) == id);
        let sum: Decimal = of_line.filter_map(|c| c.get("qty").and_then(Value::as_dec)).sum();
        cells.push(SqlCell::Real(cell::real(sum)));
    }
}

/// What the rows of a shipment or return have from their record, and the sign of a fact.
fn fact(noun: &str, layout: &Layout, tables: &KindTables, doc: &Doc) -> Computed {
    let sign = SqlCell::Int(if doc.get("reverses").is_some() { -1 } else { 1 });
    let text = |name: &str| doc.text(name).map_or(SqlCell::Null, SqlCell::text);
    let warehouse = || match text("warehouse") {
        SqlCell::Null => {
            let table = &layout.tables[tables.own];
            table.position("warehouse").map(|at| table.columns[at].preset.clone()).unwrap_or_default()
        }
        given => given,
    };
    let date = doc.day("date").map_or(SqlCell::Null, |day| SqlCell::Text(format_day(day)));
    let mut of_row = vec![text("order"), date, warehouse(), sign.clone()];
    if noun == "return" {
        of_row.push(text("effect"));
    }
    let lines = vec![of_row; doc.rows("lines").len()];
    Computed { own: vec![sign], lines: [("lines", lines)].into() }
}

/// The moment of the last move of the state, else of the record's creation.
fn state_since(doc: &Doc) -> SqlCell {
    let state = doc.kind.traits.state;
    let of_state = |moved: &&Moved| moved.field.is_none() || moved.field.as_deref() == state;
    let last = doc.history.iter().rev().find(of_state).map(|moved| moved.at);
    let created = match doc.get("created_at") {
        Some(Value::Instant(at)) => Some(*at),
        _ => None,
    };
    last.or(created).map_or(SqlCell::Null, |at| SqlCell::Text(format_instant(at)))
}
