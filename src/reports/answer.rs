//! What becomes of the rows of a select: their order, typed cells, names beside ids, the total, and
//! the earlier span beside the present one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Asked, ColumnFront, Dimension, Report};
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::value::round_half_up;
use crate::query::Bucket;
use crate::table::{Audience, Cell, Chart, Column, ColumnType, Table};

/// A row of sums under the key of its dimensions.
pub(super) type Row = (Vec<Option<String>>, Vec<SqlCell>);

/// Rows.
pub(super) type Sums = Vec<Row>;

/// What was summed: rows, the total, and both of the earlier span.
pub(super) struct Found {
    pub rows: Sums,
    pub total: Sums,
    pub before: Option<(Sums, Sums)>,
}

/// Rows of the earlier span that the present one lacks, as rows without sums; buckets of time are
/// matched by their place, not their name, so they are left alone.
pub(super) fn align(report: &Report, dims: &[&Dimension], rows: &mut Sums, before: &Sums) {
    if dims.iter().any(|d| d.bucket.is_some()) {
        return;
    }
    for (key, _) in before {
        if !rows.iter().any(|(k, _)| k == key) {
            rows.push((key.clone(), vec![SqlCell::Null; report.front.columns.len()]));
        }
    }
}

/// By the columns of type `order`; then by time and by several dimensions in the order of their
/// keys, by one other dimension the largest first. Ties by key; rows without a key come last.
pub(super) fn sort(report: &Report, dims: &[&Dimension], rows: &mut Sums) {
    if report.front.order == "sql" {
        return;
    }
    let key = |k: &Vec<Option<String>>| k.iter().map(|t| (t.is_none(), t.clone())).collect::<Vec<_>>();
    let columns = &report.front.columns;
    let measure = columns.iter().position(|c| c.name == report.front.measure);
    let by_value = dims.len() == 1 && dims[0].bucket.is_none();
    let orders: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].ty == "order").collect();
    let number = |row: &Vec<SqlCell>, at: usize| row[at].as_real();
    rows.sort_by(|(ka, a), (kb, b)| {
        let mut placed = orders.iter().map(|at| {
            let place = |row| number(row, *at).unwrap_or(f64::INFINITY);
            place(a).total_cmp(&place(b))
        });
        let placed = placed.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        let value = |row: &Vec<SqlCell>| measure.and_then(|at| number(row, at)).unwrap_or(0.0);
        let larger = if by_value { value(b).total_cmp(&value(a)) } else { Ordering::Equal };
        placed.then(larger).then_with(|| key(ka).cmp(&key(kb)))
    });
}

/// A typed cell of a declared column. Ratios have six decimals, days and minutes two.
fn cell(column: &ColumnFront, value: &SqlCell, asked: &Asked) -> Cell {
    let rounded = |digits: u32| {
        let decimal = value.as_real().and_then(|real| Decimal::try_from(real).ok());
        decimal.map(|d| round_half_up(d, digits).normalize())
    };
    let dec = |decimal: Option<Decimal>| decimal.map_or(Cell::Null, Cell::Dec);
    let text = || value.as_text().map_or(Cell::Null, Cell::text);
    let code = |code: &str| Cell::Code { code: code.to_owned(), label: code.to_owned() };
    match column.ty.as_str() {
        _ if *value == SqlCell::Null => Cell::Null,
        "money" => {
            let minor = match value {
                SqlCell::Int(minor) => Some(Decimal::from(*minor)),
                _ => value.as_real().and_then(|real| Decimal::try_from(real).ok()),
            };
            dec(minor.and_then(|minor| asked.amount(minor)))
        }
        "int" => {
            let whole = value.as_int().or_else(|| rounded(0).and_then(|d| i64::try_from(d).ok()));
            whole.map_or(Cell::Null, Cell::Int)
        }
        "bool" => value.as_int().map_or(Cell::Null, |int| Cell::Bool(int != 0)),
        "ratio" | "dec" | "qty" => dec(rounded(6)),
        "days" | "min" => dec(rounded(2)),
        "day" => value.as_text().and_then(|t| t.parse().ok()).map_or_else(text, Cell::Day),
        "instant" => value
            .as_text()
            .and_then(|t| chrono::DateTime::parse_from_rfc3339(t).ok())
            .map_or_else(text, Cell::Instant),
        "code" => value.as_text().filter(|t| !t.is_empty()).map_or(Cell::Null, code),
        "codes" => {
            let codes = value.as_text().unwrap_or_default().split(',').filter(|t| !t.is_empty());
            Cell::List(codes.map(code).collect())
        }
        _ => text(),
    }
}

/// The type of a declared column.
pub(super) fn column_type(column: &ColumnFront) -> ColumnType {
    match column.ty.as_str() {
        "money" => ColumnType::Money,
        "int" => ColumnType::Int,
        "ratio" => ColumnType::Ratio,
        "qty" => ColumnType::Qty,
        "dec" => ColumnType::Dec,
        "days" => ColumnType::Days,
        "min" => ColumnType::Minutes,
        "day" => ColumnType::Day,
        "month" => ColumnType::Month,
        "code" => ColumnType::Code,
        "codes" => ColumnType::List,
        "bool" => ColumnType::Bool,
        "instant" => ColumnType::Instant,
        _ => ColumnType::Text,
    }
}

/// What a column of the table shows.
#[derive(Clone, Copy)]
enum Shows {
    /// The dimension at a place, or what its record is called.
    Key(usize),
    KeyName(usize),
    /// The column at a place, or what its record is called.
    Value(usize),
    ValueName(usize),
    Currency,
}

/// The columns of a report that was asked by some dimensions.
fn columns(report: &Report, asked: &Asked, dims: &[&Dimension]) -> Vec<(Shows, Column)> {
    let mut all = Vec::new();
    for (at, dim) in dims.iter().enumerate() {
        let ty = match (dim.refers, dim.list, dim.bucket) {
            (Some(_), ..) => ColumnType::Id,
            (_, Some(_), _) => ColumnType::Code,
            (.., Some(Bucket::Day)) => ColumnType::Day,
            (.., Some(_)) => ColumnType::Month,
            _ => ColumnType::Text,
        };
        let column = Column::new(dim.name, ty);
        if dim.refers.is_some() {
            all.push((Shows::Key(at), column.for_audience(Audience::Data)));
            all.push((Shows::KeyName(at), Column::new(format!("{}_name", dim.name), ColumnType::Text)));
        } else {
            all.push((Shows::Key(at), column));
        }
    }
    let shown = report.front.columns.iter().enumerate();
    let shown =
        shown.filter(|(_, c)| c.ty != "order" && (c.when.is_empty() || asked.params.contains_key(&c.when)));
    for (at, column) in shown {
        if column.refers().is_empty() {
            all.push((Shows::Value(at), Column::new(&column.name, column_type(column))));
        } else {
            let id = Column::new(&column.name, ColumnType::Id).for_audience(Audience::Data);
            all.push((Shows::Value(at), id));
            all.push((Shows::ValueName(at), Column::new(format!("{}_name", column.name), ColumnType::Text)));
        }
    }
    if report.front.columns.iter().any(|c| c.ty == "money") {
        let currency = Column::new("currency", ColumnType::Text).for_audience(Audience::Data);
        all.push((Shows::Currency, currency));
    }
    all
}

/// The table of what was found.
pub(super) fn table(
    mirror: &Mirror,
    report: &Report,
    asked: &Asked,
    dims: &[&Dimension],
    found: Found,
) -> Result<Table, Problem> {
    let columns = columns(report, asked, dims);
    let compared = found.before.is_some();
    let titles = Titles::of(mirror, report, dims, &found)?;
    let (earlier, earlier_total) = found.before.unwrap_or_default();
    let declared = &report.front.columns;
    let shown = |shows: Shows, row: Option<&Row>, sums: &[SqlCell]| match (shows, row) {
        (Shows::Currency, _) => Cell::text(&asked.currency),
        (Shows::Key(at), Some((key, _))) => key_cell(dims[at], key[at].as_deref()),
        (Shows::KeyName(at), Some((key, _))) => {
            key[at].as_ref().map_or(Cell::Null, |id| titles.name(dims[at].refers, id))
        }
        (Shows::Key(_) | Shows::KeyName(_), None) => Cell::Null,
        (Shows::Value(at), _) => cell(&declared[at], &sums[at], asked),
        (Shows::ValueName(at), _) => {
            sums[at].as_text().map_or(Cell::Null, |id| titles.name(declared[at].refers(), id))
        }
    };
    let matched = place_of_buckets(dims, &found.rows, &earlier);
    let mut rows = Vec::new();
    for (position, row) in found.rows.iter().enumerate() {
        let mut line: Vec<Cell> = columns.iter().map(|(shows, _)| shown(*shows, Some(row), &row.1)).collect();
        if compared {
            let before = match &matched {
                Some(places) => places.get(position).and_then(|at| at.map(|at| &earlier[at].1)),
                None => earlier.iter().find(|(k, _)| *k == row.0).map(|(_, sums)| sums),
            };
            line.extend(comparison(report, asked, &row.1, before));
        }
        rows.push(line);
    }
    let total = found.total.first().filter(|_| found.total.len() == 1).map(|(_, sums)| {
        let mut line: Vec<Cell> = columns.iter().map(|(shows, _)| shown(*shows, None, sums)).collect();
        if compared {
            line.extend(comparison(report, asked, sums, earlier_total.first().map(|(_, sums)| sums)));
        }
        line
    });
    let id = report.front.columns.iter().position(|c| c.ty.starts_with("ref "));
    let id_column = id.filter(|_| dims.is_empty());
    let id_column = id_column
        .and_then(|id| columns.iter().position(|(shows, _)| matches!(shows, Shows::Value(at) if *at == id)));
    let mut columns: Vec<Column> = columns.into_iter().map(|(_, column)| column).collect();
    if compared {
        let ty = measure(report).map_or(ColumnType::Text, column_type);
        columns.push(Column::new(format!("prev_{}", report.front.measure), ty));
        columns.push(Column::new("change", ty));
        columns.push(Column::new("change_pct", ColumnType::Ratio));
    }
    let chart = chart(report, asked, dims);
    Ok(Table { rows, total, chart, id_column, ..Table::new(&report.front.name, columns) })
}

fn key_cell(dim: &Dimension, value: Option<&str>) -> Cell {
    match value {
        None => Cell::Null,
        Some(text) if dim.list.is_some() => Cell::Code { code: text.to_owned(), label: text.to_owned() },
        Some(text) if dim.bucket == Some(Bucket::Day) => {
            text.parse().map_or_else(|_| Cell::text(text), Cell::Day)
        }
        Some(text) => Cell::text(text),
    }
}

/// For each present row the earlier one at the same place, where rows are buckets of time: the
/// first month of the span is compared with the first month of the earlier span.
fn place_of_buckets(dims: &[&Dimension], rows: &Sums, earlier: &Sums) -> Option<Vec<Option<usize>>> {
    let [dim] = dims else { return None };
    dim.bucket?;
    let mut places: Vec<usize> = (0..earlier.len()).collect();
    places.sort_by(|a, b| earlier[*a].0.cmp(&earlier[*b].0));
    Some((0..rows.len()).map(|at| places.get(at).copied()).collect())
}

fn measure(report: &Report) -> Option<&ColumnFront> {
    report.front.columns.iter().find(|c| c.name == report.front.measure)
}

/// The measure before, its change, and the change as a share of what was. What adds up was 0 where
/// there is no row; a ratio or mean was nothing.
fn comparison(report: &Report, asked: &Asked, now: &[SqlCell], before: Option<&Vec<SqlCell>>) -> Vec<Cell> {
    let at = report.front.columns.iter().position(|c| c.name == report.front.measure);
    let Some(at) = at else { return vec![Cell::Null; 3] };
    let column = &report.front.columns[at];
    let adds_up = matches!(column.ty.as_str(), "money" | "int" | "qty");
    let whole = column.ty == "int";
    let value = |row: Option<&[SqlCell]>| match row.map(|row| cell(column, &row[at], asked)) {
        Some(Cell::Dec(dec)) => Some(dec),
        Some(Cell::Int(int)) => Some(Decimal::from(int)),
        _ if adds_up => {
            if column.ty == "money" {
                asked.amount(Decimal::ZERO)
            } else {
                Some(Decimal::ZERO)
            }
        }
        _ => None,
    };
    let (now, before) = (value(Some(now)), value(before.map(Vec::as_slice)));
    let change = now.zip(before).map(|(now, before)| now - before);
    let share = change.zip(before.filter(|before| !before.is_zero()));
    let share = share.and_then(|(change, before)| change.checked_div(before.abs()));
    let shown = |value: Option<Decimal>| match value {
        Some(value) if whole => i64::try_from(value).map_or(Cell::Null, Cell::Int),
        value => value.map_or(Cell::Null, Cell::Dec),
    };
    let share = share.map_or(Cell::Null, |share| Cell::Dec(round_half_up(share, 6).normalize()));
    vec![shown(before), shown(change), share]
}

fn chart(report: &Report, asked: &Asked, dims: &[&Dimension]) -> Option<Chart> {
    let front = report.front.chart.as_ref()?;
    let columns = &report.front.columns;
    let y = front.columns(&asked.params).to_vec();
    let first = dims.first().filter(|_| front.x.is_empty());
    let Some(first) = first else {
        let x = columns.iter().find(|c| c.name == front.x).or(columns.first())?;
        let x = if x.refers().is_empty() { x.name.clone() } else { format!("{}_name", x.name) };
        return Some(Chart { kind: front.kind.clone(), x, y })
            .filter(|_| report.front.order == "sql" || !front.x.is_empty());
    };
    let kind = if first.bucket.is_some() && front.kind == "bar" { "column" } else { front.kind.as_str() };
    let x = if first.refers.is_some() { format!("{}_name", first.name) } else { first.name.to_owned() };
    Some(Chart { kind: kind.to_owned(), x, y })
}

/// What records are called, by id.
struct Titles(BTreeMap<String, BTreeMap<String, String>>);

impl Titles {
    fn of(mirror: &Mirror, report: &Report, dims: &[&Dimension], found: &Found) -> Result<Self, Problem> {
        let rows = &found.rows;
        let mut wanted: BTreeMap<String, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
        for (at, dim) in dims.iter().enumerate() {
            let nouns: Vec<&str> = dim.refers.into_iter().collect();
            let ids = rows.iter().filter_map(|(key, _)| key[at].as_deref());
            let entry = wanted.entry(nouns.join("|")).or_default();
            entry.0 = nouns;
            entry.1.extend(ids);
        }
        for (at, column) in report.front.columns.iter().enumerate() {
            let nouns = column.refers();
            let ids = rows.iter().chain(&found.total).filter_map(|(_, sums)| sums[at].as_text());
            let entry = wanted.entry(nouns.join("|")).or_default();
            entry.0 = nouns;
            entry.1.extend(ids);
        }
        let mut known = BTreeMap::new();
        for (name, (nouns, mut ids)) in wanted.into_iter().filter(|(_, (nouns, _))| !nouns.is_empty()) {
            ids.sort_unstable();
            ids.dedup();
            let titles = mirror.titles(&nouns, &ids);
            known.insert(name, titles.map_err(|e| Problem::invalid("bad-report").arg("reason", e))?);
        }
        Ok(Self(known))
    }

    /// What a record of one of these types is called; its id where nothing is known of it.
    fn name<'n>(&self, nouns: impl IntoIterator<Item = &'n str>, id: &str) -> Cell {
        let nouns: Vec<&str> = nouns.into_iter().collect();
        let title = self.0.get(&nouns.join("|")).and_then(|titles| titles.get(id));
        Cell::text(title.map_or(id, String::as_str))
    }
}
