//! What a record is: the declaration of a type, its fields, and a record as plain values.
//!
//! A type is declared once with [`record!`](crate::record); from that come the typed struct and
//! the [`Kind`] that files, flags, columns, tables and schemas are derived from. A [`Doc`] is the
//! same record untyped, for everything that treats all types alike.
//! Deliberately absent: TOML (see `store::document`), and any rule that needs a second record.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;

use super::problem::Problem;

/// One stored value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Bool(bool),
    Int(i64),
    Dec(Decimal),
    Day(NaiveDate),
    Instant(DateTime<FixedOffset>),
    /// A set (sorted, no repeats) or a list.
    List(Vec<Value>),
    /// Child rows.
    Rows(Vec<Row>),
}

/// The fields of a record or row that are present.
pub type Row = BTreeMap<&'static str, Value>;

impl Value {
    /// The text of a text, code, reference or similar.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a decimal or integer.
    #[must_use]
    pub fn as_dec(&self) -> Option<Decimal> {
        match self {
            Self::Dec(dec) => Some(*dec),
            Self::Int(int) => Some(Decimal::from(*int)),
            _ => None,
        }
    }

    /// The calendar day.
    #[must_use]
    pub fn as_day(&self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(*day),
            _ => None,
        }
    }
}

/// What a value is; see the table of value types in the domain reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Prose,
    Code(&'static CodeList),
    /// A code that another record defines: the stages of a pipeline.
    FreeCode,
    Bool,
    Int,
    Dec,
    Qty,
    Pct,
    Money,
    Price,
    Currency,
    Country,
    Day,
    Instant,
    Dur,
    Phone,
    Email,
    Url,
    /// The id of a record of one of these types.
    Ref(&'static [&'static str]),
    Rows(&'static RowKind),
}

/// How many values a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    Required,
    Optional,
    Set,
    List,
    Rows,
}

/// Where an absent value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    None,
    /// A constant: applied on reading, written only where the field is required.
    Is(&'static str),
    /// The acting user, written when the record is made.
    Me,
    /// Today, written when the record is made.
    Today,
    /// Now, written when the record is made.
    Now,
    /// A setting such as `tax.default_rate`: applied on reading, written where the field is required.
    Setting(&'static str),
    /// Worked out from other records when the record is made.
    Derived,
}

/// A constant default.
#[must_use]
pub const fn is(value: &'static str) -> Preset {
    Preset::Is(value)
}

/// A default from the settings.
#[must_use]
pub const fn setting(key: &'static str) -> Preset {
    Preset::Setting(key)
}

/// The acting user as default.
pub const ME: Preset = Preset::Me;
/// Today as default.
pub const TODAY: Preset = Preset::Today;
/// Now as default.
pub const NOW: Preset = Preset::Now;
/// A default that the type's own code works out.
pub const DERIVED: Preset = Preset::Derived;

/// What is special about a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Written only by verbs, refused by `set` and `edit`.
    pub verb: bool,
    /// Every change is appended to the history.
    pub tracked: bool,
    /// May be filled later, once, even on a fact.
    pub once: bool,
    /// Never changes after creation.
    pub immutable: bool,
    /// No two records of the type share it.
    pub unique: bool,
    /// Rows that only grow, even on a fact.
    pub grows: bool,
    /// Defined by the store's own settings.
    pub custom: bool,
}

impl Marks {
    /// Nothing special.
    pub const NONE: Self = Self {
        verb: false,
        tracked: false,
        once: false,
        immutable: false,
        unique: false,
        grows: false,
        custom: false,
    };

    /// Written only by verbs.
    #[must_use]
    pub const fn verb(mut self) -> Self {
        self.verb = true;
        self
    }

    /// Tracked in the history.
    #[must_use]
    pub const fn tracked(mut self) -> Self {
        self.tracked = true;
        self
    }

    /// May be filled later, once.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Never changes.
    #[must_use]
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Unique among the records of its type.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Rows that only grow.
    #[must_use]
    pub const fn grows(mut self) -> Self {
        self.grows = true;
        self
    }
}

/// One declared field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// What it means, in English; the Chinese text is in the bundle.
    pub doc: &'static str,
    /// The group it stands in; groups are parted by a blank line in the file.
    pub group: &'static str,
    pub ty: Type,
    pub card: Card,
    pub preset: Preset,
    pub marks: Marks,
}

impl Field {
    /// Whether the field must be present.
    #[must_use]
    pub fn required(&self) -> bool {
        self.card == Card::Required
    }

    /// Whether it holds several values.
    #[must_use]
    pub fn many(&self) -> bool {
        matches!(self.card, Card::Set | Card::List)
    }

    /// The name of one of its values on the command line: `tags` → `tag`, `addresses` → `address`.
    #[must_use]
    pub fn singular(&self) -> String {
        singular(self.name)
    }

    /// Its child rows' declaration.
    #[must_use]
    pub fn rows(&self) -> Option<&'static RowKind> {
        match self.ty {
            Type::Rows(kind) => Some(kind),
            _ => None,
        }
    }
}

/// The singular of a field or row name of the declarations.
#[must_use]
pub fn singular(plural: &str) -> String {
    for (ending, replacement) in [("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x")] {
        if let Some(stem) = plural.strip_suffix(ending) {
            return format!("{stem}{replacement}");
        }
    }
    match plural {
        "week" | "extra" | "payment_plan" | "opt_out" | "distinct_from" | "notify" => plural.to_owned(),
        _ => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
    }
}

/// Declaration of the rows of a table inside a record.
#[derive(Debug, PartialEq, Eq)]
pub struct RowKind {
    /// The field that tells rows apart: `id`, or one of its own.
    pub key: &'static str,
    pub fields: &'static [Field],
}

impl RowKind {
    /// A field by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// A list of codes, closed or extensible in the settings.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    pub name: &'static str,
    pub codes: &'static [&'static str],
    pub extensible: bool,
}

/// One legal move of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub verb: &'static str,
    pub from: &'static [&'static str],
    pub to: &'static str,
    /// Whether `--reason` must be given.
    pub reason: bool,
    /// Fields that the verb writes from flags of the same name; a trailing `!` marks a required one.
    pub sets: &'static [&'static str],
    /// Fields that the verb removes.
    pub clears: &'static [&'static str],
    /// The day field that the verb stamps with the day of the move.
    pub stamps: Option<&'static str>,
}

/// A move without reason, fields or stamps.
#[must_use]
pub const fn step(verb: &'static str, from: &'static [&'static str], to: &'static str) -> Move {
    Move { verb, from, to, reason: false, sets: &[], clears: &[], stamps: None }
}

impl Move {
    /// Demands a reason.
    #[must_use]
    pub const fn because(mut self) -> Self {
        self.reason = true;
        self
    }

    /// Writes these fields.
    #[must_use]
    pub const fn setting(mut self, fields: &'static [&'static str]) -> Self {
        self.sets = fields;
        self
    }

    /// Removes these fields.
    #[must_use]
    pub const fn clearing(mut self, fields: &'static [&'static str]) -> Self {
        self.clears = fields;
        self
    }

    /// Stamps this day field.
    #[must_use]
    pub const fn stamping(mut self, field: &'static str) -> Self {
        self.stamps = Some(field);
        self
    }
}

/// What a record type is beyond its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The field that holds the state.
    pub state: Option<&'static str>,
    pub moves: &'static [Move],
    /// Whether moves are kept in `[[history]]`.
    pub history: bool,
    /// Never edited or removed once written.
    pub fact: bool,
    /// The fields that name a record to people, first present one wins.
    pub title: &'static [&'static str],
    /// Fields by which a record can be named on the command line, besides id and `source_ref`.
    pub lookup: &'static [&'static str],
    /// Other names of the noun on the command line.
    pub aliases: &'static [&'static str],
}

/// The traits most types start from.
pub const TRAITS: Traits = Traits {
    state: None,
    moves: &[],
    history: false,
    fact: false,
    title: &["name"],
    lookup: &["name"],
    aliases: &[],
};

/// The declaration of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The noun: `customer`.
    pub name: &'static str,
    /// The folder and table: `customers`.
    pub folder: &'static str,
    /// Prefix of generated ids; empty where people choose a slug.
    pub prefix: &'static str,
    pub doc: &'static str,
    /// The type's own fields in file order.
    pub fields: &'static [Field],
    /// Fields that this store's settings add.
    pub custom: &'static [Field],
    pub traits: Traits,
}

/// The fields with which every file begins.
pub const HEAD: &[Field] = &[
    common("id", "Identity of the record", Type::Text, Card::Required, Marks::NONE.immutable()),
    common("created_at", "When the record was made", Type::Instant, Card::Required, Marks::NONE.immutable()),
    common(
        "created_by",
        "Who made the record",
        Type::Ref(&["user"]),
        Card::Required,
        Marks::NONE.immutable(),
    ),
];

/// The fields with which every file ends.
pub const TAIL: &[Field] = &[
    tail("tags", "Free labels", Type::Text, Card::Set, "remarks", Marks::NONE),
    tail("note", "A remark on the record", Type::Prose, Card::Optional, "remarks", Marks::NONE),
    tail(
        "source_ref",
        "Id in another system, such as `erp:10023`",
        Type::Text,
        Card::Optional,
        "system",
        Marks::NONE.unique(),
    ),
    tail(
        "key",
        "Idempotency key of the command that made it",
        Type::Text,
        Card::Optional,
        "system",
        Marks::NONE.unique().immutable(),
    ),
    tail("archived", "Hidden from lists and reports", Type::Bool, Card::Optional, "system", Marks::NONE),
];

const fn common(name: &'static str, doc: &'static str, ty: Type, card: Card, marks: Marks) -> Field {
    tail(name, doc, ty, card, "head", marks)
}

const fn tail(
    name: &'static str,
    doc: &'static str,
    ty: Type,
    card: Card,
    group: &'static str,
    marks: Marks,
) -> Field {
    Field { name, doc, group, ty, card, preset: Preset::None, marks }
}

impl Kind {
    /// All fields in file order: the common ones around the type's own, then the custom ones.
    pub fn all(&self) -> impl Iterator<Item = &'static Field> + use<> {
        HEAD.iter().chain(self.fields).chain(TAIL).chain(self.custom)
    }

    /// A field by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let name = name.strip_prefix("custom.").unwrap_or(name);
        self.all().find(|f| f.name == name)
    }

    /// The fields that hold child rows.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Field, &'static RowKind)> + use<> {
        self.all().filter_map(|f| f.rows().map(|r| (f, r)))
    }

    /// Whether people choose the id.
    #[must_use]
    pub fn is_slug(&self) -> bool {
        self.prefix.is_empty()
    }

    /// The path of a record inside the store: a pure function of type and id.
    #[must_use]
    pub fn path(&self, id: &str) -> String {
        if self.is_slug() {
            return format!("{}/{id}.toml", self.folder);
        }
        let shard = id.split_once('_').map_or("", |(_, random)| random.get(..2).unwrap_or(random));
        format!("{}/{shard}/{id}.toml", self.folder)
    }

    /// The codes of its state field.
    #[must_use]
    pub fn states(&self) -> &'static [&'static str] {
        match self.traits.state.and_then(|s| self.field(s)).map(|f| f.ty) {
            Some(Type::Code(list)) => list.codes,
            _ => &[],
        }
    }
}

/// A change of state or of a tracked field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub at: DateTime<FixedOffset>,
    pub by: String,
    /// Absent: the state field.
    pub field: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub reason: Option<String>,
}

/// A record as plain values.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    pub kind: &'static Kind,
    /// Present fields by name, `id` and the common ones included.
    pub fields: Row,
    pub history: Vec<Moved>,
}

impl Doc {
    /// An empty record of a type.
    #[must_use]
    pub fn new(kind: &'static Kind, id: impl Into<String>) -> Self {
        let mut fields = Row::new();
        fields.insert("id", Value::Text(id.into()));
        Self { kind, fields, history: Vec::new() }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// Its path inside the store.
    #[must_use]
    pub fn path(&self) -> String {
        self.kind.path(self.id())
    }

    /// A stored value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// A stored text, code, reference or similar.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// A stored number.
    #[must_use]
    pub fn dec(&self, name: &str) -> Option<Decimal> {
        self.get(name).and_then(Value::as_dec)
    }

    /// A stored day.
    #[must_use]
    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.get(name).and_then(Value::as_day)
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    /// The texts of a set or list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        match self.get(name) {
            Some(Value::List(values)) => values.as_slice(),
            _ => &[],
        }
        .iter()
        .filter_map(Value::as_text)
    }

    /// The child rows of a field.
    #[must_use]
    pub fn rows(&self, name: &str) -> &[Row] {
        match self.get(name) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// Sets or, with `None`, removes a field. Empty lists and rows are absent; sets are sorted.
    /// # Panics
    /// Never for declared names; an undeclared name is a slip of the program and is ignored.
    pub fn set(&mut self, name: &str, value: Option<Value>) {
        let Some(field) = self.kind.field(name) else { return };
        match normal(field, value) {
            Some(value) => self.fields.insert(field.name, value),
            None => self.fields.remove(field.name),
        };
    }

    /// Its state, the declared first state where none is written.
    #[must_use]
    pub fn state(&self) -> &str {
        let Some(name) = self.kind.traits.state else { return "" };
        self.text(name).unwrap_or_else(|| match self.kind.field(name).map(|f| f.preset) {
            Some(Preset::Is(value)) => value,
            _ => "",
        })
    }

    /// What people call it: the first present of the title fields, else the id.
    #[must_use]
    pub fn title(&self) -> &str {
        self.kind.traits.title.iter().find_map(|name| self.text(name)).unwrap_or_else(|| self.id())
    }

    /// Moves the state, keeping the history where the type has one.
    pub fn move_to(&mut self, to: &str, at: DateTime<FixedOffset>, by: &str, reason: Option<String>) {
        let Some(name) = self.kind.traits.state else { return };
        let from = self.state().to_owned();
        self.set(name, Some(Value::Text(to.to_owned())));
        if self.kind.traits.history {
            self.history.push(Moved {
                at,
                by: by.to_owned(),
                field: None,
                from: Some(from),
                to: Some(to.to_owned()),
                reason,
            });
        }
    }
}

/// The stored form of a value: sets sorted without repeats, nothing empty.
#[must_use]
pub fn normal(field: &Field, value: Option<Value>) -> Option<Value> {
    match value? {
        Value::List(mut values) => {
            if field.card == Card::Set {
                values.sort_by_key(sort_key);
                values.dedup();
            }
            (!values.is_empty()).then_some(Value::List(values))
        }
        Value::Rows(rows) => (!rows.is_empty()).then_some(Value::Rows(rows)),
        Value::Text(text) => (!text.is_empty()).then_some(Value::Text(text)),
        Value::Bool(false) if field.card == Card::Optional && field.preset == Preset::None => None,
        other => Some(other),
    }
}

fn sort_key(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Day(day) => day.to_string(),
        other => format!("{other:?}"),
    }
}

/// A Rust type that a single value can have.
pub trait Scalar: Sized {
    const TYPE: Type;
    /// The typed value; `None` when the value is of another type.
    fn from_value(value: &Value) -> Option<Self>;
    fn to_value(&self) -> Value;
}

/// A Rust type that a declared field can have.
pub trait FieldType: Sized {
    const TYPE: Type;
    const CARD: Card;
    /// The typed value of what is stored; `None` when it is missing though required, or of another type.
    fn read(value: Option<&Value>) -> Option<Self>;
    fn write(&self) -> Option<Value>;
}

impl<T: Scalar> FieldType for T {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Required;
    fn read(value: Option<&Value>) -> Option<Self> {
        T::from_value(value?)
    }
    fn write(&self) -> Option<Value> {
        Some(self.to_value())
    }
}

impl<T: Scalar> FieldType for Option<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Optional;
    fn read(value: Option<&Value>) -> Option<Self> {
        value.map_or(Some(None), |v| T::from_value(v).map(Some))
    }
    fn write(&self) -> Option<Value> {
        self.as_ref().map(T::to_value)
    }
}

/// A sorted set of values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set<T>(pub Vec<T>);

impl<T: Scalar> FieldType for Set<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Set;
    fn read(value: Option<&Value>) -> Option<Self> {
        read_list(value).map(Self)
    }
    fn write(&self) -> Option<Value> {
        write_list(&self.0)
    }
}

impl<T: Scalar> FieldType for Vec<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::List;
    fn read(value: Option<&Value>) -> Option<Self> {
        read_list(value)
    }
    fn write(&self) -> Option<Value> {
        write_list(self)
    }
}

fn read_list<T: Scalar>(value: Option<&Value>) -> Option<Vec<T>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::List(values)) => values.iter().map(T::from_value).collect(),
        Some(_) => None,
    }
}

fn write_list<T: Scalar>(values: &[T]) -> Option<Value> {
    (!values.is_empty()).then(|| Value::List(values.iter().map(T::to_value).collect()))
}

/// A Rust type that is a child row.
pub trait RowType: Sized {
    const ROW: &'static RowKind;
    fn from_row(row: &Row) -> Option<Self>;
    fn to_row(&self) -> Row;
}

/// Child rows in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows<T>(pub Vec<T>);

impl<T: RowType> FieldType for Rows<T> {
    const TYPE: Type = Type::Rows(T::ROW);
    const CARD: Card = Card::Rows;
    fn read(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(Self(Vec::new())),
            Some(Value::Rows(rows)) => rows.iter().map(T::from_row).collect::<Option<_>>().map(Self),
            Some(_) => None,
        }
    }
    fn write(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| Value::Rows(self.0.iter().map(T::to_row).collect()))
    }
}

/// A record type with its declaration.
pub trait Record: Sized {
    const NAME: &'static str;
    fn kind() -> &'static Kind;
    /// # Errors
    /// `missing-field` or `bad-value` where the record does not have the declared shape.
    fn from_doc(doc: &Doc) -> Result<Self, Problem>;
    /// The record with this struct's fields written over what `doc` held.
    fn to_doc(&self) -> Doc;
}

/// The problem of a field that is missing or of another type than declared.
#[must_use]
pub fn unreadable(doc: &Doc, field: &'static str) -> Problem {
    let id = if doc.get(field).is_none() { "missing-field" } else { "bad-value" };
    Problem::invalid(id)
        .arg("field", field)
        .arg("record", doc.id())
        .arg("value", "")
        .field(field)
        .at(doc.path(), None)
}

/// A keyword used as a field name is written `r#use` in Rust and `use` in the file.
#[must_use]
pub const fn plain(name: &'static str) -> &'static str {
    let bytes = name.as_bytes();
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { name.split_at(2).1 } else { name }
}

/// Helper of the declarations: the written default or none.
#[macro_export]
#[doc(hidden)]
macro_rules! preset {
    () => {
        $crate::model::record::Preset::None
    };
    ($preset:expr) => {
        $preset
    };
}

/// Helper of the declarations: a slice of fields, all groups in a row.
#[macro_export]
#[doc(hidden)]
macro_rules! fields {
    ($( $group:ident { $( $(#[doc = $doc:literal])+ $field:ident : $ty:ty $([ $($mark:ident),+ ])? $(= $preset:expr)? ),+ $(,)? } )+) => {
        &[ $( $( $crate::model::record::Field {
            name: $crate::model::record::plain(stringify!($field)),
            doc: concat!($($doc),+),
            group: stringify!($group),
            ty: <$ty as $crate::model::record::FieldType>::TYPE,
            card: <$ty as $crate::model::record::FieldType>::CARD,
            preset: $crate::preset!($($preset)?),
            marks: $crate::model::record::Marks::NONE $( $(.$mark())+ )?,
        } ),+ ),+ ]
    };
}

/// Declares a record type: the typed struct and its [`Kind`] from one list of fields.
///
/// ```text
/// record! {
///     /// A company or person that buys
///     Customer, "customer", "customers", "cus", Traits { state: Some("status"), ..TRAITS } => {
///         identity {
///             /// Company, person or dealer
///             kind: CustomerKind = is("company"),
///         }
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $about:literal])+
        $name:ident, $noun:literal, $folder:literal, $prefix:literal, $traits:expr => {
            $( $group:ident { $( $(#[doc = $doc:literal])+ $field:ident : $ty:ty $([ $($mark:ident),+ ])? $(= $preset:expr)? ),+ $(,)? } )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The record as stored; what is not declared here travels in it.
            pub doc: $crate::model::record::Doc,
            $( $( $(#[doc = $doc])+ pub $field: $ty, )+ )+
        }

        impl $name {
            /// The declaration of the type.
            pub const KIND: $crate::model::record::Kind = $crate::model::record::Kind {
                name: $noun,
                folder: $folder,
                prefix: $prefix,
                doc: concat!($($about),+),
                fields: $crate::fields!($( $group { $( $(#[doc = $doc])+ $field : $ty $([ $($mark),+ ])? $(= $preset)? ),+ } )+),
                custom: &[],
                traits: $traits,
            };
        }

        impl $crate::model::record::Record for $name {
            const NAME: &'static str = $noun;

            fn kind() -> &'static $crate::model::record::Kind {
                const KIND: &$crate::model::record::Kind = &$name::KIND;
                KIND
            }

            fn from_doc(doc: &$crate::model::record::Doc) -> Result<Self, $crate::model::Problem> {
                $( $( let $field = <$ty as $crate::model::record::FieldType>::read(
                    doc.get($crate::model::record::plain(stringify!($field))),
                ).ok_or_else(|| $crate::model::record::unreadable(doc, $crate::model::record::plain(stringify!($field))))?; )+ )+
                Ok(Self { doc: doc.clone(), $( $( $field, )+ )+ })
            }

            fn to_doc(&self) -> $crate::model::record::Doc {
                let mut doc = self.doc.clone();
                $( $( doc.set(
                    $crate::model::record::plain(stringify!($field)),
                    $crate::model::record::FieldType::write(&self.$field),
                ); )+ )+
                doc
            }
        }
    };
}

/// Declares child rows: the typed struct and its [`RowKind`]; rows told apart by `id` get that field.
#[macro_export]
macro_rules! row {
    ( $(#[doc = $about:literal])+ $name:ident by "id" { $($fields:tt)+ } ) => {
        $crate::row!(@ $(#[doc = $about])+ $name, "id", [id], { $($fields)+ });
    };
    ( $(#[doc = $about:literal])+ $name:ident by $key:literal { $($fields:tt)+ } ) => {
        $crate::row!(@ $(#[doc = $about])+ $name, $key, [], { $($fields)+ });
    };
    (
        @ $(#[doc = $about:literal])+
        $name:ident, $key:literal, [$($id:ident)?], {
            $( $(#[doc = $doc:literal])+ $field:ident : $ty:ty $([ $($mark:ident),+ ])? $(= $preset:expr)? ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( #[doc = " Tells the row apart; empty until the store gives one"] pub $id: String, )?
            $( $(#[doc = $doc])+ pub $field: $ty, )+
        }

        impl $crate::model::record::RowType for $name {
            const ROW: &'static $crate::model::record::RowKind = &$crate::model::record::RowKind {
                key: $key,
                fields: $crate::fields!(row { $( $(#[doc = $doc])+ $field : $ty $([ $($mark),+ ])? $(= $preset)? ),+ }),
            };

            fn from_row(row: &$crate::model::record::Row) -> Option<Self> {
                Some(Self {
                    $( $id: row.get("id").and_then($crate::model::record::Value::as_text).unwrap_or_default().to_owned(), )?
                    $( $field: <$ty as $crate::model::record::FieldType>::read(
                        row.get($crate::model::record::plain(stringify!($field))),
                    )?, )+
                })
            }

            fn to_row(&self) -> $crate::model::record::Row {
                let mut row = $crate::model::record::Row::new();
                $( if !self.$id.is_empty() {
                    row.insert("id", $crate::model::record::Value::Text(self.$id.clone()));
                } )?
                $( if let Some(value) = $crate::model::record::FieldType::write(&self.$field) {
                    row.insert($crate::model::record::plain(stringify!($field)), value);
                } )+
                row
            }
        }
    };
}

/// Declares a closed list of codes as an enum.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        $name:ident = $list:literal { $( $(#[doc = $doc:literal])* $variant:ident = $code:literal ),+ $(,)? }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[doc = $doc])* $variant, )+ }

        impl $name {
            /// The codes in declared order.
            pub const LIST: &'static $crate::model::record::CodeList = &$crate::model::record::CodeList {
                name: $list,
                codes: &[$($code),+],
                extensible: false,
            };

            /// The code in files and on the command line.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }
        }

        impl $crate::model::record::Scalar for $name {
            const TYPE: $crate::model::record::Type = $crate::model::record::Type::Code($name::LIST);
            fn from_value(value: &$crate::model::record::Value) -> Option<Self> {
                match value.as_text()? { $( $code => Some(Self::$variant), )+ _ => None }
            }
            fn to_value(&self) -> $crate::model::record::Value {
                $crate::model::record::Value::Text(self.code().to_owned())
            }
        }
    };
}

/// Declares a list of codes that the settings of a store may extend.
#[macro_export]
macro_rules! codes {
    ($( $(#[doc = $about:literal])+ $name:ident = $list:literal [ $($code:literal),* $(,)? ] )+) => { $(
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl $name {
            /// The codes that come with the program.
            pub const LIST: &'static $crate::model::record::CodeList = &$crate::model::record::CodeList {
                name: $list,
                codes: &[$($code),*],
                extensible: true,
            };
        }

        impl $crate::model::record::Scalar for $name {
            const TYPE: $crate::model::record::Type = $crate::model::record::Type::Code($name::LIST);
            fn from_value(value: &$crate::model::record::Value) -> Option<Self> {
                value.as_text().map(|text| Self(text.to_owned()))
            }
            fn to_value(&self) -> $crate::model::record::Value {
                $crate::model::record::Value::Text(self.0.clone())
            }
        }
    )+ };
}
