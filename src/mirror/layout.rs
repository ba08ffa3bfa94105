//! The tables of the mirror, derived from the record types of a store.
//!
//! One table per type, one per kind of child rows, and the few that all types share. The rowid of
//! a child row is that of its record shifted left by [`CHILD_BITS`] plus its position, so that a
//! record and its rows meet without an index. Deliberately absent: views (see `views/*.sql`).

use std::fmt::Write as _;

use super::cell::{self, SqlCell};
use super::derived::{self, Extra};
use crate::model::record::{Card, Field, Kind, Preset, Type};
use crate::model::schema::{Schema, Settings};

/// Bits of a child row's rowid that hold its position.
pub(super) const CHILD_BITS: u32 = 20;

/// Types whose records can be merged into another.
pub(super) const MERGED: &[&str] = &["customer", "contact", "lead"];

/// The tables of a store.
#[derive(Debug)]
pub struct Layout {
    pub kinds: Vec<KindTables>,
    pub tables: Vec<Table>,
    pub base_currency: String,
    pub base_digits: u32,
    pub(super) settings: Settings,
    /// The codes that conditions may name.
    pub(super) schema: Schema,
    /// Changes with everything that the content of a mirror depends on besides the records.
    pub fingerprint: String,
}

/// Where the records of a type go.
#[derive(Debug)]
pub struct KindTables {
    pub kind: &'static Kind,
    /// Index of its own table.
    pub own: usize,
    /// Its fields that hold child rows, with the index of their table.
    pub rows: Vec<(&'static Field, usize)>,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub doc: String,
    pub columns: Vec<Column>,
    /// For child rows the declaration they belong to.
    pub rows_of: Option<&'static Field>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub decl: &'static str,
    pub doc: &'static str,
    /// The declared field; absent where the value is computed.
    pub field: Option<&'static Field>,
    /// What stands where the record has nothing.
    pub preset: SqlCell,
    pub index: Index,
}

/// Whether a column is looked up by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    No,
    Plain,
    /// Ignoring case.
    Caseless,
}

impl Table {
    /// The position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The position of the first computed column.
    pub(super) fn first_extra(&self) -> usize {
        let fixed = self.rows_of.map_or(0, |_| FIXED);
        self.columns
            .iter()
            .skip(fixed)
            .position(|column| column.field.is_none())
            .map_or(self.columns.len(), |at| at + fixed)
    }
}

/// Columns with which every table of child rows begins.
const FIXED: usize = 2;

impl Layout {
    /// The tables for the types and settings of a store.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        let mut layout = Self {
            kinds: Vec::new(),
            tables: Vec::new(),
            base_currency: schema.settings.currency().to_owned(),
            base_digits: schema.settings.digits(),
            settings: schema.settings.clone(),
            schema: schema.clone(),
            fingerprint: String::new(),
        };
        for kind in schema.kinds() {
            let own = layout.add(own_table(kind, schema));
            let rows =
                kind.rows().map(|(field, _)| (field, layout.add(rows_table(kind, field, schema)))).collect();
            layout.kinds.push(KindTables { kind, own, rows });
        }
        layout.fingerprint = layout.digest();
        layout
    }

    fn add(&mut self, table: Table) -> usize {
        self.tables.push(table);
        self.tables.len() - 1
    }

    /// The type whose records lie at a path, with the id that the path names.
    #[must_use]
    pub fn record_at<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let (folder, rest) = path.split_once('/')?;
        let name = rest.rsplit('/').next()?.strip_suffix(".toml")?;
        let kind = self.kinds.iter().position(|tables| tables.kind.folder == folder)?;
        Some((kind, name))
    }

    /// The tables of a type.
    #[must_use]
    pub fn of(&self, noun: &str) -> Option<&KindTables> {
        self.kinds.iter().find(|tables| tables.kind.name == noun)
    }

    /// The table of a type.
    #[must_use]
    pub fn table(&self, noun: &str) -> Option<&Table> {
        self.of(noun).map(|tables| &self.tables[tables.own])
    }

    /// The statements that make the tables.
    #[must_use]
    pub fn tables_sql(&self) -> String {
        let mut sql = String::from(SHARED);
        for table in &self.tables {
            let columns: Vec<String> = table.columns.iter().map(|c| column_sql(table, c)).collect();
            let _ = writeln!(sql, "create table {} ({});", quoted(&table.name), columns.join(", "));
        }
        sql
    }

    /// The statements that make the indexes of these tables, and those of the shared ones.
    #[must_use]
    pub fn indexes_sql(&self) -> String {
        let mut sql = String::from(SHARED_INDEXES);
        for table in &self.tables {
            for column in table.columns.iter().filter(|c| c.index != Index::No) {
                let name = quoted(&format!("{}_by_{}", table.name, column.name));
                let collate = if column.index == Index::Caseless { " collate nocase" } else { "" };
                let full = column.field.is_none_or(|f| f.card == Card::Required);
                let (on, column) = (quoted(&table.name), quoted(column.name));
                let sparse = if full { String::new() } else { format!(" where {column} is not null") };
                let _ = writeln!(sql, "create index {name} on {on} ({column}{collate}){sparse};");
            }
        }
        sql
    }

    /// The view of all references: those of scalar fields from their tables, those of sets from
    /// the members.
    #[must_use]
    pub fn links_sql(&self) -> String {
        let arms = self.references().map(|reference| reference.arm_sql(self));
        let sets = self.kinds.iter().flat_map(|tables| {
            let refs = tables.kind.all().filter(|f| f.many() && matches!(f.ty, Type::Ref(_)));
            refs.map(|f| {
                format!(
                    "select record, kind, field, value as target from members where kind = '{}' and field = '{}'",
                    tables.kind.name, f.name
                )
            })
        });
        let arms: Vec<String> = arms.chain(sets).collect();
        format!("create view links as\n{};\n", arms.join("\nunion all "))
    }

    /// Every field of records and child rows that holds one reference.
    pub(super) fn references(&self) -> impl Iterator<Item = Reference> {
        self.kinds.iter().flat_map(move |tables| {
            let single = |f: &Field| f.field_targets().is_some() && !f.many();
            let own = tables.kind.all().filter(move |f| single(f)).map(move |field| Reference {
                noun: tables.kind.name,
                table: tables.own,
                outer: None,
                field,
            });
            let rows = tables.rows.iter().flat_map(move |(outer, table)| {
                let inner = outer.rows().map_or(&[][..], |rows| rows.fields);
                inner.iter().filter(move |f| single(f)).map(move |field| Reference {
                    noun: tables.kind.name,
                    table: *table,
                    outer: Some(outer),
                    field,
                })
            });
            own.chain(rows)
        })
    }

    fn digest(&self) -> String {
        let mut text = self.tables_sql() + &self.indexes_sql() + env!("CARGO_PKG_VERSION");
        for column in self.tables.iter().flat_map(|table| &table.columns) {
            let _ = write!(text, "|{:?}", column.preset);
        }
        let tax = self.settings.text("tax.default_rate");
        // The lists in child rows have members.
        let _ = write!(text, "|{}|{}|{tax}|rows.members", self.base_currency, self.base_digits);
        // FNV-1a: stable from one build to the next.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

/// A field that holds one reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub noun: &'static str,
    pub table: usize,
    /// The field whose rows it stands in.
    pub outer: Option<&'static Field>,
    pub field: &'static Field,
}

impl Reference {
    /// The name under which `links` lists it.
    pub fn name(&self) -> String {
        match self.outer {
            None => self.field.name.to_owned(),
            Some(outer) => format!("{}.{}", outer.name, self.field.name),
        }
    }

    /// The select that lists its targets.
    pub fn arm_sql(&self, layout: &Layout) -> String {
        let record = if self.outer.is_some() { "record" } else { "id" };
        let (table, column) = (quoted(&layout.tables[self.table].name), quoted(self.field.name));
        format!(
            "select {record} as record, '{}' as kind, '{}' as field, {column} as target from {table} where {column} is not null",
            self.noun,
            self.name(),
        )
    }
}

/// The types that a field refers to.
pub(super) trait Targets {
    fn field_targets(&self) -> Option<&'static [&'static str]>;
}

impl Targets for Field {
    fn field_targets(&self) -> Option<&'static [&'static str]> {
        match self.ty {
            Type::Ref(kinds) => Some(kinds),
            _ => None,
        }
    }
}

/// A name of SQL, quoted: many fields are named as keywords.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn column_sql(table: &Table, column: &Column) -> String {
    let key = if column.name == "id" && table.rows_of.is_none() { " primary key not null" } else { "" };
    format!("{} {}{key}", quoted(column.name), column.decl)
}

fn own_table(kind: &'static Kind, schema: &Schema) -> Table {
    let fields = kind.all().filter(|f| f.card != Card::Rows);
    let mut columns: Vec<Column> =
        fields.map(|field| declared(field, schema, indexed(kind, field, schema))).collect();
    let since = if kind.traits.history && kind.traits.state.is_some() { derived::STATE_SINCE } else { &[] };
    columns.extend(derived::of_kind(kind.name).iter().chain(since).map(computed));
    Table { name: kind.folder.to_owned(), doc: kind.doc.to_owned(), columns, rows_of: None }
}

fn rows_table(kind: &'static Kind, outer: &'static Field, schema: &Schema) -> Table {
    let fixed = [
        Extra { name: "record", decl: "REF TEXT", doc: "The record they belong to" },
        Extra { name: "position", decl: "INTEGER", doc: "Place in the record, from 0" },
    ];
    let mut columns: Vec<Column> = fixed.iter().map(computed).collect();
    columns[0].index = Index::Plain;
    if let Some(rows) = outer.rows() {
        if rows.key == "id" && rows.field("id").is_none() {
            columns.push(declared(&ROW_ID, schema, Index::No));
        }
        let index = |field: &Field| match field.field_targets() {
            Some(targets) if selective(targets, schema) || STOCK.contains(&(kind.name, field.name)) => {
                Index::Plain
            }
            _ => Index::No,
        };
        columns.extend(rows.fields.iter().map(|field| declared(field, schema, index(field))));
    }
    columns.extend(derived::of_rows(kind.name, outer.name).iter().flat_map(|list| list.iter()).map(computed));
    for column in columns.iter_mut().filter(|c| c.field.is_none() && c.name == "order") {
        column.index = Index::Plain;
    }
    Table {
        name: format!("{}_{}", kind.name, outer.name),
        doc: outer.doc.to_owned(),
        columns,
        rows_of: Some(outer),
    }
}

/// The field that tells rows apart that declare none.
static ROW_ID: Field = Field {
    name: "id",
    doc: "What tells the row apart in its record",
    group: "row",
    ty: Type::Text,
    card: Card::Required,
    preset: Preset::None,
    marks: crate::model::record::Marks::NONE,
};

/// Products are few and lines many, so most are found by a scan; the rules on stock look here.
const STOCK: &[(&str, &str)] = &[("movement", "product"), ("shipment", "product"), ("return", "product")];

/// Whether a reference to one of these types picks out few records: people and regions do not.
fn selective(targets: &[&str], schema: &Schema) -> bool {
    targets.iter().any(|noun| schema.kind(noun).is_some_and(|kind| !kind.is_slug()))
}

fn indexed(kind: &Kind, field: &Field, schema: &Schema) -> Index {
    let looked_up = kind.traits.lookup.contains(&field.name)
        || field.marks.unique
        || matches!(field.name, "number" | "source_ref" | "key");
    // No dates: reports ask for much of a year, and reading all in order is quicker than jumping.
    if field.many() {
        return Index::No;
    }
    match field.ty {
        Type::Email => Index::Caseless,
        Type::Phone => Index::Plain,
        Type::Ref(targets) if selective(targets, schema) || STOCK.contains(&(kind.name, field.name)) => {
            Index::Plain
        }
        _ if looked_up => Index::Plain,
        _ => Index::No,
    }
}

fn declared(field: &'static Field, schema: &Schema, index: Index) -> Column {
    let base_digits = schema.settings.digits();
    let preset = match field.preset {
        Preset::Is(text) => cell::of_preset(field, text, base_digits),
        Preset::Setting(key) => {
            schema.settings.get(key).map_or(SqlCell::Null, |text| cell::of_preset(field, text, base_digits))
        }
        _ => SqlCell::Null,
    };
    Column { name: field.name, decl: decl(field), doc: field.doc, field: Some(field), preset, index }
}

fn computed(extra: &Extra) -> Column {
    Column {
        name: extra.name,
        decl: extra.decl,
        doc: extra.doc,
        field: None,
        preset: SqlCell::Null,
        index: if extra.name == "name_key" { Index::Plain } else { Index::No },
    }
}

/// The declared type: one word on what a value means, one on how it is stored.
fn decl(field: &Field) -> &'static str {
    if field.many() {
        return "LIST TEXT";
    }
    match field.ty {
        Type::Text | Type::Prose | Type::Dur | Type::Phone | Type::Email | Type::Url | Type::Rows(_) => {
            "TEXT"
        }
        Type::Code(_) | Type::FreeCode | Type::Currency | Type::Country => "CODE TEXT",
        Type::Bool => "BOOL INTEGER",
        Type::Int => "INTEGER",
        Type::Dec => "REAL",
        Type::Pct => "PCT REAL",
        Type::Qty => "QTY REAL",
        Type::Price => "PRICE REAL",
        Type::Money => "MONEY INTEGER",
        Type::Day => "DAY TEXT",
        Type::Instant => "INSTANT TEXT",
        Type::Ref(_) => "REF TEXT",
    }
}

/// The tables that all types share.
const SHARED: &str = r#"
create table meta (key text primary key, value text) without rowid;
create table history (record TEXT not null, kind CODE TEXT not null, seq INTEGER not null, at INSTANT TEXT, "by" REF TEXT,
  field TEXT, "from" TEXT, "to" TEXT, reason TEXT, primary key (record, kind, seq)) without rowid;
create table members (record TEXT not null, kind CODE TEXT not null, field TEXT not null, value TEXT not null);
create table survivors (id TEXT not null, kind CODE TEXT not null, survivor TEXT not null, primary key (id, kind)) without rowid;
create table broken (path TEXT primary key, kind CODE TEXT, line INTEGER, problem TEXT, args TEXT) without rowid;
create table stamps (folder text primary key, stamps blob) without rowid;
create table unsure (path text primary key, deviates integer not null, unread integer not null) without rowid;
"#;

const SHARED_INDEXES: &str = "
create index members_by_value on members (value);
create index members_by_record on members (record);
create index survivors_by_survivor on survivors (survivor);
";
