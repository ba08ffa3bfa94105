//! Lists of a type with typed cells, and the SQL of each field that a list can show or filter by.
//!
//! A field is stored, derived by a view (`order.progress`), the name of what a reference points at
//! (`customer_name`), or a field of it (`customer.city`). Deliberately absent: parsing of
//! conditions (see `query`) and labels.

use chrono::{DateTime, NaiveDate};

use super::find::title_sql;
use super::functions::shortest;
use super::layout::{Column, Layout, MERGED, Targets, quoted};
use super::looked::Views;
use super::{Mirror, Result, SqlCell};
use crate::model::record::{Field, Kind};
use crate::model::value::{from_minor, minor_digits};
use crate::table::Cell;

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Listing<'a> {
    pub noun: &'a str,
    /// Fields in order, as in `--fields`.
    pub fields: &'a [&'a str],
    /// A condition over the alias `t`, built from [`Mirror::field_sql`]; empty for all.
    pub condition: &'a str,
    pub params: &'a [SqlCell],
    /// SQL to order by, the id is appended; empty for the id alone.
    pub order: &'a str,
    pub limit: Option<usize>,
    /// Archived and merged records, too.
    pub hidden: bool,
}

/// A field as SQL, and what its values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSql {
    pub sql: String,
    pub decl: &'static str,
    /// For money the SQL of its currency; absent for the base currency.
    pub currency: Option<String>,
    pub(super) later: Option<Later>,
}

/// Where the value of a listed field is read once its record is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Later {
    /// The table of child rows.
    Rows(usize),
    /// A column of a view of the type.
    View(&'static str),
}

/// Fields that views derive: type, view, its column for the record, and the fields with their types.
/// A type may have several views.
pub(super) type Derived = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

pub(super) const DERIVED: &[Derived] = &[
    (
        "order",
        "order_status",
        "order",
        &[
            ("fulfilment", "CODE TEXT"),
            ("billing", "CODE TEXT"),
            ("payment", "CODE TEXT"),
            ("progress", "CODE TEXT"),
            ("late", "BOOL INTEGER"),
            ("overdue", "BOOL INTEGER"),
            ("received", "MONEY INTEGER"),
            ("to_ship", "QTY REAL"),
            ("to_bill", "QTY REAL"),
        ],
    ),
    (
        "invoice",
        "invoice_status",
        "invoice",
        &[
            ("credited", "MONEY INTEGER"),
            ("paid", "MONEY INTEGER"),
            ("outstanding", "MONEY INTEGER"),
            ("payment", "CODE TEXT"),
            ("days_overdue", "INTEGER"),
        ],
    ),
    (
        "payment",
        "payment_status",
        "payment",
        &[("allocated", "MONEY INTEGER"), ("unallocated", "MONEY INTEGER")],
    ),
    (
        "opportunity",
        "opportunity_status",
        "opportunity",
        &[
            ("state_type", "CODE TEXT"),
            ("effective_probability", "INTEGER"),
            ("weighted", "MONEY INTEGER"),
            ("days_in_stage", "INTEGER"),
            ("last_open_stage", "TEXT"),
            ("furthest_stage", "TEXT"),
            ("last_touch", "DAY TEXT"),
            ("next_followup", "DAY TEXT"),
            ("rotten", "BOOL INTEGER"),
        ],
    ),
    (
        "customer",
        "customer_status",
        "customer",
        &[
            ("life", "CODE TEXT"),
            ("first_order", "DAY TEXT"),
            ("last_order", "DAY TEXT"),
            ("orders", "INTEGER"),
            ("revenue", "MONEY INTEGER"),
            ("balance", "MONEY INTEGER"),
            ("exposure", "MONEY INTEGER"),
            ("last_touch", "DAY TEXT"),
            ("next_followup", "DAY TEXT"),
        ],
    ),
    ("contact", "contact_status", "contact", &[("last_touch", "DAY TEXT"), ("next_followup", "DAY TEXT")]),
    ("quote", "quote_status", "quote", &[("expired", "BOOL INTEGER"), ("ordering", "CODE TEXT")]),
    (
        "product",
        "stock_available",
        "product",
        &[
            ("on_hand", "QTY REAL"),
            ("reserved", "QTY REAL"),
            ("available", "QTY REAL"),
            ("low_stock", "BOOL INTEGER"),
        ],
    ),
    (
        "campaign",
        "campaign_status",
        "campaign",
        &[
            ("cost", "MONEY INTEGER"),
            ("sent", "INTEGER"),
            ("leads", "INTEGER"),
            ("opportunities", "INTEGER"),
            ("orders", "INTEGER"),
            ("base_revenue", "MONEY INTEGER"),
            ("new_customers", "INTEGER"),
        ],
    ),
    (
        "lead",
        "lead_status",
        "lead",
        &[
            ("state_type", "CODE TEXT"),
            ("first_touch_at", "INSTANT TEXT"),
            ("response_due", "INSTANT TEXT"),
            ("response_minutes", "INTEGER"),
            ("age_days", "INTEGER"),
            ("last_touch", "INSTANT TEXT"),
            ("idle_days", "INTEGER"),
        ],
    ),
    ("lead", "lead_score", "lead", &[("score", "INTEGER")]),
    (
        "ticket",
        "ticket_clock",
        "ticket",
        &[
            ("first_response_at", "INSTANT TEXT"),
            ("response_minutes", "INTEGER"),
            ("response_due", "INSTANT TEXT"),
            ("response_state", "CODE TEXT"),
            ("resolved_at", "INSTANT TEXT"),
            ("closed_at", "INSTANT TEXT"),
            ("reopens", "INTEGER"),
            ("resolution_minutes", "INTEGER"),
            ("resolution_due", "INSTANT TEXT"),
            ("resolution_state", "CODE TEXT"),
            ("agreement", "CODE TEXT"),
        ],
    ),
    ("ticket", "ticket_warranty", "ticket", &[("warranty", "CODE TEXT"), ("warranty_until", "DAY TEXT")]),
];

/// Columns computed from a record alone that lists show.
const SHOWN: &[&str] = &["net_total", "tax_total", "total", "margin", "discount_max"];
/// Views whose amounts are in base currency whatever that of the record.
const IN_BASE: &[&str] = &["customer_status"];

impl Mirror {
    /// Whether a view derives fields of a type.
    #[must_use]
    pub fn derives(noun: &str) -> bool {
        DERIVED.iter().any(|(of, ..)| *of == noun)
    }

    /// The SQL of a field of a type over an alias; `None` for a field that there is not.
    #[must_use]
    pub fn field_sql(&self, noun: &str, field: &str, alias: &str) -> Option<FieldSql> {
        field_sql(&self.layout, noun, field, alias)
    }

    /// The fields that views derive for a type.
    #[must_use]
    pub fn derived_fields(&self, noun: &str) -> Vec<&'static str> {
        let views =
            DERIVED.iter().filter(|(of, ..)| *of == noun).flat_map(|(.., fields)| fields.iter().map(|f| f.0));
        let stored = self.layout.table(noun).into_iter().flat_map(|t| &t.columns);
        let stored = stored.filter(|c| c.field.is_none() && SHOWN.contains(&c.name));
        stored.map(|c| c.name).chain(views).collect()
    }

    /// The records that match, as cells in the order of the fields. Unknown fields give nulls.
    pub fn list(&self, listing: &Listing<'_>) -> Result<Vec<Vec<Cell>>> {
        let Some(table) = self.layout.table(listing.noun) else { return Ok(Vec::new()) };
        let fields: Vec<Option<FieldSql>> =
            listing.fields.iter().map(|field| self.field_sql(listing.noun, field, "t")).collect();
        let mut columns = vec!["t.id".to_owned()];
        for field in &fields {
            let null = || "null".to_owned();
            columns.push(field.as_ref().filter(|f| f.later.is_none()).map_or_else(null, |f| f.sql.clone()));
            columns.push(field.as_ref().and_then(|f| f.currency.clone()).unwrap_or_else(null));
        }
        let mut conditions: Vec<&str> = Vec::new();
        if !listing.hidden {
            conditions.push("t.archived is not 1");
            conditions.extend(table.position("merged_into").map(|_| "t.merged_into is null"));
        }
        conditions.extend(Some(listing.condition).filter(|condition| !condition.is_empty()));
        if conditions.is_empty() {
            conditions.push("1");
        }
        // What a condition leaves is sooner sorted than looked up in the order of all ids.
        let by_id = if listing.condition.is_empty() || listing.limit.is_some() { "t.id" } else { "+t.id" };
        let order =
            if listing.order.is_empty() { by_id.to_owned() } else { format!("{}, {by_id}", listing.order) };
        let limit = listing.limit.map_or(String::new(), |limit| format!(" limit {limit}"));
        let sql = format!(
            "select {} from {} t where {} order by {order}{limit}",
            columns.join(", "),
            quoted(&table.name),
            conditions.join(" and ")
        );
        if fields.iter().flatten().any(|field| matches!(field.later, Some(Later::View(_)))) {
            // A view that is made while the list is being read would break the reading off.
            self.viewing(|| self.make_views())?;
        }
        let mut statement = self.viewing(|| self.db.prepare(&sql))?;
        let mut rows = statement.query(rusqlite::params_from_iter(listing.params))?;
        let mut found = Vec::new();
        let mut views = Views::of(listing.noun, &fields);
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let mut cells = Vec::with_capacity(fields.len());
            for (at, field) in fields.iter().enumerate() {
                let cell = SqlCell::from(row.get_ref(1 + 2 * at)?);
                let currency = SqlCell::from(row.get_ref(2 + 2 * at)?);
                cells.push(match field {
                    None => Cell::Null,
                    Some(FieldSql { later: Some(Later::Rows(table)), .. }) => self.child_cell(*table, &id)?,
                    Some(field @ FieldSql { later: Some(Later::View(column)), .. }) => {
                        let cell = views.cell(self, column, &id)?;
                        self.typed(cell, field.decl, currency.as_text())
                    }
                    Some(field) => self.typed(cell, field.decl, currency.as_text()),
                });
            }
            found.push(cells);
        }
        Ok(found)
    }

    /// A value as what its declared type says; money in minor units of the currency, of the base
    /// currency where none is given.
    #[must_use]
    pub fn typed(&self, cell: SqlCell, decl: &str, currency: Option<&str>) -> Cell {
        let digits = currency.and_then(minor_digits).unwrap_or(self.layout.base_digits);
        typed(cell, decl, digits)
    }

    fn child_cell(&self, table: usize, id: &str) -> Result<Cell> {
        let table = &self.layout.tables[table];
        let declared: Vec<&Column> = table.columns.iter().filter(|c| c.field.is_some()).collect();
        let columns: Vec<String> = declared.iter().map(|c| quoted(c.name)).collect();
        let currency = self.currency_of_rows(table.rows_of.map_or("", |f| f.name), &table.name, id)?;
        let sql = format!(
            "select {} from {} where record = ? order by position",
            columns.join(", "),
            quoted(&table.name)
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut object = Vec::with_capacity(declared.len());
            for (at, column) in declared.iter().enumerate() {
                let cell = SqlCell::from(row.get_ref(at)?);
                object.push((column.name.to_owned(), self.typed(cell, column.decl, currency.as_deref())));
            }
            found.push(object);
        }
        Ok(if found.is_empty() { Cell::Null } else { Cell::Rows(found) })
    }

    /// The currency of the record whose rows these are.
    fn currency_of_rows(&self, rows: &str, table: &str, id: &str) -> Result<Option<String>> {
        let own = self.layout.kinds.iter().find(|k| table == format!("{}_{rows}", k.kind.name));
        let own = own.map(|k| &self.layout.tables[k.own]).filter(|t| t.position("currency").is_some());
        let Some(own) = own else { return Ok(None) };
        let sql = format!("select currency from {} where id = ?", quoted(&own.name));
        Ok(self.db.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?)
    }
}

fn field_sql(layout: &Layout, noun: &str, field: &str, alias: &str) -> Option<FieldSql> {
    let field = field.strip_prefix("custom.").unwrap_or(field);
    let tables = layout.of(noun)?;
    let table = &layout.tables[tables.own];
    if let Some(at) = table.position(field) {
        let column = &table.columns[at];
        return Some(FieldSql {
            sql: column
                .field
                .map_or_else(|| format!("{alias}.{}", quoted(field)), |f| reference_sql(f, alias)),
            decl: column.decl,
            currency: own_currency(tables.kind, column, alias),
            later: None,
        });
    }
    if let Some((_, rows)) = tables.rows.iter().find(|(rows, _)| rows.name == field) {
        return Some(FieldSql {
            sql: "null".to_owned(),
            decl: "",
            currency: None,
            later: Some(Later::Rows(*rows)),
        });
    }
    derived_sql(tables.kind, field, alias)
        .or_else(|| name_sql(layout, tables.kind, field, alias))
        .or_else(|| foreign_sql(layout, tables.kind, field, alias))
}

/// The currency of a column's money: the record's own, unless the column is in base currency.
fn own_currency(kind: &Kind, column: &Column, alias: &str) -> Option<String> {
    let base = column.field.is_none() && (column.name.starts_with("base_") || column.name == "margin");
    (!base && kind.field("currency").is_some()).then(|| format!("{alias}.currency"))
}

/// A field; where it may name a merged record, what that was merged into.
fn reference_sql(field: &Field, alias: &str) -> String {
    let column = format!("{alias}.{}", quoted(field.name));
    let targets = field.field_targets().unwrap_or_default();
    if field.many() || field.name == "merged_into" || !targets.iter().any(|noun| MERGED.contains(noun)) {
        return column;
    }
    // Ids of types whose records can be merged tell the type themselves.
    format!("coalesce((select s.survivor from survivors s where s.id = {column}), {column})")
}

fn derived_sql(kind: &Kind, field: &str, alias: &str) -> Option<FieldSql> {
    let (view, key, name, decl) =
        DERIVED.iter().filter(|(noun, ..)| *noun == kind.name).find_map(|(_, view, key, fields)| {
            let (name, decl) = fields.iter().find(|(name, _)| *name == field)?;
            Some((view, key, name, decl))
        })?;
    let own = *decl == "MONEY INTEGER" && !name.starts_with("base_") && !IN_BASE.contains(view);
    let currency = own.then(|| format!("{alias}.currency"));
    let sql = format!("(select v.{} from {view} v where v.{} = {alias}.id)", quoted(name), quoted(key));
    Some(FieldSql { sql, decl, currency, later: Some(Later::View(name)) })
}

/// `customer_name`: what the record is called that `customer` refers to.
fn name_sql(layout: &Layout, kind: &Kind, field: &str, alias: &str) -> Option<FieldSql> {
    let reference = kind.field(field.strip_suffix("_name")?).filter(|f| !f.many())?;
    let titles = reference.field_targets()?.iter().filter_map(|noun| layout.of(noun)).map(|target| {
        let table = quoted(&layout.tables[target.own].name);
        let title = title_sql(target.kind, "r");
        format!("(select {title} from {table} r where r.id = {})", reference_sql(reference, alias))
    });
    let titles: Vec<String> = titles.collect();
    let sql = match titles.as_slice() {
        [one] => one.clone(),
        many => format!("coalesce({})", many.join(", ")),
    };
    Some(FieldSql { sql, decl: "TEXT", currency: None, later: None })
}

/// `customer.city`: a field of the record that `customer` refers to.
fn foreign_sql(layout: &Layout, kind: &Kind, field: &str, alias: &str) -> Option<FieldSql> {
    let (reference, rest) = field.split_once('.')?;
    let reference = kind.field(reference).filter(|f| !f.many())?;
    let target = reference.field_targets()?.iter().find_map(|noun| {
        let inner = field_sql(layout, noun, rest, &format!("{alias}_{}", reference.name))?;
        Some((layout.of(noun)?, inner))
    });
    let (target, inner) = target.filter(|(_, inner)| !matches!(inner.later, Some(Later::Rows(_))))?;
    let table = quoted(&layout.tables[target.own].name);
    let wrap = |sql: &str| {
        let r = format!("{alias}_{}", reference.name);
        format!("(select {sql} from {table} {r} where {r}.id = {})", reference_sql(reference, alias))
    };
    Some(FieldSql {
        sql: wrap(&inner.sql),
        decl: inner.decl,
        currency: inner.currency.as_deref().map(wrap),
        later: None,
    })
}

fn typed(cell: SqlCell, decl: &str, digits: u32) -> Cell {
    match (cell, decl) {
        (SqlCell::Null, _) => Cell::Null,
        (SqlCell::Int(int), "MONEY INTEGER") => Cell::Dec(from_minor(int, digits)),
        (SqlCell::Int(int), "BOOL INTEGER") => Cell::Bool(int != 0),
        (SqlCell::Int(int), _) => Cell::Int(int),
        (SqlCell::Real(real), _) => shortest(real).map_or(Cell::Null, Cell::Dec),
        (SqlCell::Text(text), "DAY TEXT") => text.parse::<NaiveDate>().map_or(Cell::Text(text), Cell::Day),
        (SqlCell::Text(text), "INSTANT TEXT") => {
            DateTime::parse_from_rfc3339(&text).map_or(Cell::Text(text), Cell::Instant)
        }
        (SqlCell::Text(text), "LIST TEXT") => {
            Cell::List(text.trim_matches(';').split(';').filter(|t| !t.is_empty()).map(Cell::text).collect())
        }
        (SqlCell::Text(text), "CODE TEXT") => Cell::Code { label: text.clone(), code: text },
        (SqlCell::Text(text), _) => Cell::Text(text),
    }
}
