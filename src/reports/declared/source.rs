//! The table or view that a declared report is over: its columns as SQL of a type, the dimensions
//! it can be summed by, and conditions on it.

use super::super::sound::unknown;
use super::super::{DIMENSIONS, Param, dimension};
use crate::mirror::{Class, Currency, Layout, Relation, RelationColumn, Table, quoted};
use crate::model::Problem;
use crate::model::record::{Field, Type};
use crate::query::{Clock, Condition, Kind, Op, SqlValue, parse_condition, to_sql};

/// The views whose columns are named as the dimensions are, codes included, and the placeholder of
/// those that are split by credits.
const SUMMED: &[(&str, &str)] = &[("sale_line", "{lines}"), ("sale_credit", "sale_credit")];

/// A column as SQL of a type.
#[derive(Clone, Debug)]
pub struct Typed {
    pub name: String,
    pub sql: String,
    pub ty: String,
    /// The list its codes are of.
    pub list: String,
}

/// A table or view with what is known about it.
pub struct Source<'a> {
    relation: Relation,
    /// The declaration of a table.
    table: Option<&'a Table>,
    layout: &'a Layout,
    clock: &'a Clock,
    /// The day that a row is of, as SQL.
    pub date: Option<String>,
}

impl<'a> Source<'a> {
    pub fn of(layout: &'a Layout, name: &str, date: Option<&str>, clock: &'a Clock) -> Result<Self, Problem> {
        let mut relations = layout.relations();
        let Some(at) = relations.iter().position(|relation| relation.name == name) else {
            let known: Vec<&str> = relations.iter().map(|relation| relation.name.as_str()).collect();
            return Err(Problem { legal: Vec::new(), ..unknown("from", name, &known) });
        };
        let relation = relations.swap_remove(at);
        let table = layout.tables.iter().find(|table| table.name == name);
        let mut source = Self { relation, table, layout, clock, date: None };
        let dated = match date {
            Some(name) => Some(source.column("date", name)?),
            None => source.relation.dated().map(|name| source.column("date", name)).transpose()?,
        };
        source.date = match dated {
            Some(column) if column.ty == "day" => Some(column.sql),
            Some(column) if column.ty == "instant" => Some(format!("day({})", column.sql)),
            Some(column) => return Err(unknown("date", &column.name, &source.days())),
            None => None,
        };
        Ok(source)
    }

    /// The type of its records; empty where it is a view.
    pub fn noun(&self) -> &'static str {
        let is_own = |table: &Table| table.name == self.relation.name;
        let found = self.layout.kinds.iter().find(|tables| is_own(&self.layout.tables[tables.own]));
        found.map_or("", |tables| tables.kind.name)
    }

    fn names(&self) -> Vec<&str> {
        self.relation.columns.iter().map(|column| column.name).collect()
    }

    fn days(&self) -> Vec<&str> {
        let is_day = |column: &&RelationColumn| matches!(column.decl, "DAY TEXT" | "INSTANT TEXT");
        self.relation.columns.iter().filter(is_day).map(|column| column.name).collect()
    }

    /// The columns that can be added up.
    pub fn numbers(&self) -> Vec<&str> {
        let is_number =
            |column: &&RelationColumn| column.decl.ends_with("REAL") || column.decl.ends_with("INTEGER");
        self.relation.columns.iter().filter(is_number).map(|column| column.name).collect()
    }

    fn find(&self, key: &str, name: &str) -> Result<&RelationColumn, Problem> {
        let found = self.relation.columns.iter().find(|column| column.name == name);
        found.ok_or_else(|| unknown(key, name, &self.names()))
    }

    fn field(&self, name: &str) -> Option<&'static Field> {
        self.table?.columns.iter().find(|column| column.name == name)?.field
    }

    /// The list that the codes of a column are of.
    fn list(&self, name: &str) -> &'static str {
        match self.field(name).map(|field| field.ty) {
            Some(Type::Code(list)) => list.name,
            _ => "",
        }
    }

    /// A column; amounts in base currency.
    pub fn column(&self, key: &str, name: &str) -> Result<Typed, Problem> {
        let column = self.find(key, name)?;
        let sql = match column.decl {
            "MONEY INTEGER" => self.in_base(column),
            _ => quoted(name),
        };
        Ok(Typed { name: name.to_owned(), sql, ty: self.type_of(column), list: self.list(name).to_owned() })
    }

    /// A column, or a unit of time, to group by.
    pub fn group(&self, name: &str) -> Result<Typed, Problem> {
        let bucket = dimension(name).filter(|dim| dim.bucket.is_some());
        match (bucket, &self.date) {
            (Some(dim), Some(date)) if self.relation.position(name).is_none() => {
                let ty = if dim.name == "day" { "day" } else { "month" };
                let sql = dim.sql.replace("{date}", date);
                Ok(Typed { name: name.to_owned(), sql, ty: ty.to_owned(), list: String::new() })
            }
            _ => self.column("group", name),
        }
    }

    fn type_of(&self, column: &RelationColumn) -> String {
        let ty = match column.decl {
            "MONEY INTEGER" => "money",
            "QTY REAL" => "qty",
            "INTEGER" => "int",
            "BOOL INTEGER" => "bool",
            "DAY TEXT" => "day",
            "INSTANT TEXT" => "instant",
            "CODE TEXT" => "code",
            "REF TEXT" => {
                return self.refers(column).map_or("text".to_owned(), |nouns| format!("ref {nouns}"));
            }
            decl if decl.ends_with("REAL") => "dec",
            _ => "text",
        };
        ty.to_owned()
    }

    /// The types that a reference is to; a view does not say, but its columns are named as dimensions.
    fn refers(&self, column: &RelationColumn) -> Option<String> {
        if !column.refers.is_empty() {
            return Some(column.refers.join("|"));
        }
        let known = dimension(column.name).and_then(|dim| dim.refers);
        let named =
            || self.layout.kinds.iter().map(|tables| tables.kind.name).find(|noun| *noun == column.name);
        known.or_else(named).map(str::to_owned)
    }

    fn in_base(&self, column: &RelationColumn) -> String {
        let name = quoted(column.name);
        let rate = |has: bool, of: &str| {
            let currency = format!("{of}\"currency\"");
            let rate = format!("iif({currency} <> setting('company.currency'), null, 1)");
            format!("{currency}, {}", if has { format!("{of}\"fx_rate\"") } else { rate })
        };
        match &self.relation.currency {
            _ if column.base => name,
            Currency::Base => name,
            Currency::Own => {
                format!("to_base({name}, {})", rate(self.relation.position("fx_rate").is_some(), ""))
            }
            Currency::Of { table, column } => {
                let parent = self.layout.tables.iter().find(|known| known.name == *table);
                let has = parent.is_some_and(|table| table.position("fx_rate").is_some());
                let own = quoted(&self.relation.name);
                format!(
                    "(select to_base({own}.{name}, {}) from {} p where p.id = {own}.{})",
                    rate(has, "p."),
                    quoted(table),
                    quoted(column)
                )
            }
        }
    }

    /// What to sum from, by credits where it is asked by owner or team.
    pub fn summed_name(&self) -> String {
        let placeholder = SUMMED.iter().find(|(name, _)| *name == self.relation.name);
        placeholder.map_or_else(|| quoted(&self.relation.name), |(_, text)| (*text).to_owned())
    }

    /// A dimension as a front matter names it, where a column or unit of time is one.
    pub fn dimension(&self, name: &str) -> Option<String> {
        let dim = dimension(name)?;
        if dim.bucket.is_some() {
            return (self.date.is_some() && self.relation.position(name).is_none()).then(|| name.to_owned());
        }
        let column = self.relation.columns.iter().find(|column| column.name == name)?;
        let is_summed = SUMMED.iter().any(|(known, _)| *known == self.relation.name);
        let fits = match (dim.refers, dim.list) {
            (Some(noun), _) => self.refers(column).as_deref() == Some(noun),
            (None, Some(list)) if self.list(name) == list || is_summed => true,
            (None, Some(_)) => {
                let other = format!("{name}:{}", self.list(name));
                return dimension(&other).map(|_| other);
            }
            (None, None) => column.decl.ends_with("TEXT") && !column.decl.starts_with("REF"),
        };
        fits.then(|| name.to_owned())
    }

    /// Every dimension that it can be summed by.
    pub fn dimensions(&self) -> Vec<String> {
        DIMENSIONS.iter().filter_map(|dim| self.dimension(dim.name)).collect()
    }

    /// What holds without being asked: records that are there as of the day, and neither archived
    /// nor merged unless a condition speaks of that.
    pub fn always(&self, conditions: &[String]) -> Vec<String> {
        if self.relation.class != Class::Record {
            return Vec::new();
        }
        let said = |name: &str| conditions.iter().any(|text| text.trim_start().starts_with(name));
        let has = |name: &str| self.relation.position(name).is_some() && !said(name);
        let parts = [
            ("created_at", "day(\"created_at\") <= as_of()"),
            ("archived", "coalesce(\"archived\", 0) = 0"),
            ("merged_into", "\"merged_into\" is null"),
        ];
        parts.into_iter().filter(|(name, _)| has(name)).map(|(_, sql)| sql.to_owned()).collect()
    }

    /// A condition as SQL. A value `:NAME` is a parameter; the condition holds where that is not given.
    pub fn condition(&self, text: &str, params: &[Param]) -> Result<String, Problem> {
        let condition = parse_condition(text)?;
        let column = self.find("where", &condition.field)?;
        let name = quoted(&condition.field);
        if let Some(param) = named_param(&condition, params)? {
            return Ok(format!("(:{param} is null or {name} {} :{param})", condition.op.sign()));
        }
        let kind = match column.decl {
            "MONEY INTEGER" => Kind::Money { digits: self.layout.base_digits },
            "BOOL INTEGER" => Kind::Bool,
            "INTEGER" => Kind::Int,
            "DAY TEXT" => Kind::Day,
            "INSTANT TEXT" => Kind::Instant,
            "LIST TEXT" => Kind::List,
            decl if decl.ends_with("REAL") => Kind::Dec,
            _ => Kind::Text,
        };
        let (sql, values) = to_sql(&condition, &name, kind, self.clock)?;
        Ok(written(&sql, &values))
    }
}

/// The parameter that a condition compares with, as the select names it.
fn named_param(condition: &Condition, params: &[Param]) -> Result<Option<String>, Problem> {
    let [value] = condition.values.as_slice() else { return Ok(None) };
    let Some(name) = value.strip_prefix(':') else { return Ok(None) };
    let known: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
    if !known.contains(&name) || matches!(condition.op, Op::Like | Op::NotLike) {
        return Err(unknown("where", value, &known));
    }
    Ok(Some(name.replace('-', "_")))
}

/// SQL with its values in place of the marks.
fn written(sql: &str, values: &[SqlValue]) -> String {
    let mut values = values.iter();
    let mut parts = sql.split('?');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(&values.next().map_or("null".to_owned(), literal));
        out.push_str(part);
    }
    out
}

fn literal(value: &SqlValue) -> String {
    match value {
        // Braces would be taken for placeholders, and a zero byte would end the text.
        SqlValue::Text(text) if text.contains(['{', '\0']) => {
            let bytes: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            format!("cast(x'{bytes}' as text)")
        }
        SqlValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        SqlValue::Int(int) => int.to_string(),
        SqlValue::Real(real) if real.is_finite() => format!("{real:?}"),
        SqlValue::Real(_) => "null".to_owned(),
    }
}
