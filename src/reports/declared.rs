//! `reports/NAME.toml`: a report without SQL, compiled into one with it.
//!
//! The front matter of a report with `from`, a table or view of the catalogue; `where`, conditions
//! as `--where` takes them; `group`, its columns or dimensions; `measures`; and `sort`, measures or
//! groups as `--sort` takes them. Types come from the catalogue unless `columns` gives them.
//!
//! Where every group is a dimension the report is summed like a built-in one: `--by` any dimension
//! that the source has, a total, `--compare`. Otherwise the groups are columns.
//! Deliberately absent: joins, and looking up records by what people call them; conditions name ids.

mod source;

use std::fmt::Write as _;

use serde::Deserialize;
use toml::{Table, Value};

use self::source::{Source, Typed};
use super::sound::unknown;
use super::{ColumnFront, Front, Param, Report, line_of};
use crate::mirror::{Layout, quoted};
use crate::model::Problem;
use crate::query::{Clock, parse_sort};

/// What the declarative form has beside a front matter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    from: String,
    #[serde(default, rename = "where")]
    conditions: Vec<String>,
    #[serde(default)]
    group: Vec<String>,
    measures: Vec<Measure>,
    #[serde(default)]
    sort: String,
    /// Types and labels in place of those of the catalogue.
    #[serde(default)]
    columns: Vec<Override>,
}

/// A measure: its name, which rows it takes, and one function with what that is of.
#[derive(Debug, Deserialize)]
struct Measure {
    name: String,
    #[serde(default, rename = "where")]
    conditions: Vec<String>,
    #[serde(flatten)]
    function: Table,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    name: String,
    #[serde(default, rename = "type")]
    ty: String,
    #[serde(default)]
    list: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    label_zh: String,
}

/// The keys of the declarative form that a front matter has not, or has otherwise.
const KEYS: &[&str] = &["from", "where", "group", "measures", "sort", "columns"];
const FUNCTIONS: &[&str] = &["sum", "count", "count_distinct", "min", "max", "mean", "median", "ratio"];

/// The report that a text of the declarative form means.
///
/// # Errors
/// `bad-report`, `report-unknown-word`, `report-measure`, and those of conditions.
pub(super) fn compile(text: &str, layout: &Layout, clock: &Clock) -> Result<Report, Problem> {
    let bad = |error: &toml::de::Error| Problem {
        line: error.span().map(|span| line_of(text, span.start)),
        ..Problem::invalid("bad-report").arg("reason", error.message())
    };
    let mut front: Table = text.parse().map_err(|error| bad(&error))?;
    let mut own = Table::new();
    for key in KEYS {
        own.extend(front.remove(*key).map(|value| ((*key).to_owned(), value)));
    }
    let date = front.get("date").and_then(Value::as_str).map(str::to_owned);
    front.insert("columns".to_owned(), Value::Array(Vec::new()));
    let declared: Declared = own.try_into().map_err(|error| bad(&error))?;
    let front: Front = front.try_into().map_err(|error| bad(&error))?;
    let source = Source::of(layout, &declared.from, date.as_deref(), clock)?;
    Compiler { declared, front, source }.report()
}

struct Compiler<'a> {
    declared: Declared,
    front: Front,
    source: Source<'a>,
}

impl Compiler<'_> {
    fn report(mut self) -> Result<Report, Problem> {
        let measures = self.measures()?;
        let groups: Vec<Typed> =
            self.declared.group.iter().map(|name| self.source.group(name)).collect::<Result<_, _>>()?;
        let sort = self.sort(&groups)?;
        let condition = self.condition()?;
        let dims: Option<Vec<String>> =
            groups.iter().map(|group| self.source.dimension(&group.name)).collect();
        let largest = match sort.as_slice() {
            [] => measures.first().map(|measure| measure.name.clone()),
            [(name, true)] => measures.iter().find(|m| m.name == *name).map(|m| m.name.clone()),
            _ => None,
        };
        if self.front.noun.is_empty() {
            self.source.noun().clone_into(&mut self.front.noun);
        }
        if self.front.reads.is_empty() && !self.source.noun().is_empty() {
            self.front.reads = vec![self.source.noun().to_owned()];
        }
        self.front.date = self.source.date.clone().unwrap_or_default();
        if self.source.date.is_none() && self.front.period.is_empty() {
            "as-of".clone_into(&mut self.front.period);
        }
        let known = self.source.dimensions();
        if let Some(odd) = self.front.dims.iter().find(|dim| !known.contains(dim)) {
            return Err(unknown("dims", odd, &known.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        let sql = match (dims, largest) {
            (Some(dims), Some(largest)) if !dims.is_empty() => {
                if self.front.measure.is_empty() {
                    self.front.measure = largest;
                }
                self.summed(&measures, &condition)
            }
            _ => self.listed(&groups, &measures, &condition, &sort),
        };
        Ok(Report { front: self.front, sql })
    }

    /// The select of a report that is summed by dimensions.
    fn summed(&mut self, measures: &[Typed], condition: &str) -> String {
        if self.front.dims.is_empty() {
            self.front.dims = self.source.dimensions();
        }
        if self.front.params.iter().all(|param| param.ty != "dimension") {
            let by = Param {
                name: "by".to_owned(),
                ty: "dimension".to_owned(),
                range: None,
                codes: Vec::new(),
                default: self.declared.group.join(","),
                help: String::new(),
                help_zh: String::new(),
            };
            self.front.params.insert(0, by);
        }
        self.front.columns = measures.iter().map(|measure| self.column(measure)).collect();
        let sums = named(measures).join(",\n  ");
        let from = self.source.summed_name();
        format!("select {{dims}}\n  {sums}\nfrom {from} {{join}}\nwhere {condition} {{where}}\n{{group}}")
    }

    /// The select of a report whose groups are columns.
    fn listed(
        &mut self,
        groups: &[Typed],
        measures: &[Typed],
        condition: &str,
        sort: &[(String, bool)],
    ) -> String {
        "sql".clone_into(&mut self.front.order);
        self.front.dims.clear();
        let all: Vec<Typed> = groups.iter().chain(measures).cloned().collect();
        self.front.columns = all.iter().map(|column| self.column(column)).collect();
        let shown = named(&all).join(",\n  ");
        let mut sql = format!("select\n  {shown}\nfrom {}\nwhere {condition}", quoted(&self.declared.from));
        let keys: Vec<String> = (1..=groups.len()).map(|at| at.to_string()).collect();
        if !keys.is_empty() {
            let _ = write!(sql, "\ngroup by {}", keys.join(", "));
        }
        let places = sort.iter().filter_map(|(name, descending)| {
            let at = all.iter().position(|column| column.name == *name)? + 1;
            Some(format!("{at}{} nulls last", if *descending { " desc" } else { "" }))
        });
        let order: Vec<String> = places.chain(keys.iter().map(|key| format!("{key} nulls last"))).collect();
        if !order.is_empty() {
            let _ = write!(sql, "\norder by {}", order.join(", "));
        }
        sql
    }

    /// A column as a front matter declares it, with what the file says otherwise.
    fn column(&self, typed: &Typed) -> ColumnFront {
        let given = self.declared.columns.iter().find(|column| column.name == typed.name);
        let or = |given: Option<&String>, own: &str| {
            given.filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| own.to_owned())
        };
        ColumnFront {
            name: typed.name.clone(),
            ty: or(given.map(|column| &column.ty), &typed.ty),
            list: or(given.map(|column| &column.list), &typed.list),
            when: String::new(),
            label: or(given.map(|column| &column.label), ""),
            label_zh: or(given.map(|column| &column.label_zh), ""),
        }
    }

    fn sort(&self, groups: &[Typed]) -> Result<Vec<(String, bool)>, Problem> {
        if self.declared.sort.is_empty() {
            return Ok(Vec::new());
        }
        let sort = parse_sort(&self.declared.sort)?;
        let known: Vec<&str> = groups
            .iter()
            .map(|group| group.name.as_str())
            .chain(self.declared.measures.iter().map(|measure| measure.name.as_str()))
            .collect();
        match sort.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(unknown("sort", name, &known)),
            None => Ok(sort),
        }
    }

    /// What rows are taken: those of the period that are there, and that fulfil `where`.
    fn condition(&self) -> Result<String, Problem> {
        let mut parts = self.source.always(&self.declared.conditions);
        match &self.source.date {
            Some(_) if self.front.period == "as-of" => parts.push("{date} <= as_of()".to_owned()),
            Some(_) => parts.push("{date} between :from and :to".to_owned()),
            None => {}
        }
        for text in &self.declared.conditions {
            parts.push(self.source.condition(text, &self.front.params)?);
        }
        Ok(if parts.is_empty() { "true".to_owned() } else { parts.join("\n  and ") })
    }

    fn measures(&self) -> Result<Vec<Typed>, Problem> {
        if self.declared.measures.is_empty() {
            return Err(Problem::invalid("bad-report").arg("reason", "measures = []").field("measures"));
        }
        self.declared.measures.iter().map(|measure| self.measure(measure)).collect()
    }

    fn measure(&self, measure: &Measure) -> Result<Typed, Problem> {
        let refused = || {
            Problem::invalid("report-measure")
                .arg("value", &measure.name)
                .field("measures")
                .legal(FUNCTIONS.iter().copied())
        };
        let mut functions = measure.function.iter();
        let (Some((function, of)), None) = (functions.next(), functions.next()) else {
            return Err(refused());
        };
        if !FUNCTIONS.contains(&function.as_str()) {
            return Err(unknown(&format!("measures.{}", measure.name), function, FUNCTIONS));
        }
        let key = format!("measures.{}.{function}", measure.name);
        let only = self.only(measure)?;
        let typed = |sql: String, ty: &str| Typed {
            name: measure.name.clone(),
            sql,
            ty: ty.to_owned(),
            list: String::new(),
        };
        match (function.as_str(), of) {
            ("ratio", Value::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                let [above, below] = parts.as_slice() else { return Err(refused()) };
                let (above, below) = (self.part(&key, above)?, self.part(&key, below)?);
                Ok(typed(format!("ratio({above}, {below})"), "ratio"))
            }
            ("count", Value::Boolean(true)) => Ok(typed(
                format!(
                    "count({})",
                    only.as_deref().map_or("*".to_owned(), |c| format!("iif({c}, 1, null)"))
                ),
                "int",
            )),
            ("ratio", _) => Err(refused()),
            (function, Value::String(column)) => {
                let column = self.source.column(&key, column)?;
                let value = match only {
                    Some(condition) => format!("iif({condition}, {}, null)", column.sql),
                    None => column.sql.clone(),
                };
                let (sql, ty) = aggregate(function, &value, &column)
                    .ok_or_else(|| unknown(&key, &column.name, &self.source.numbers()))?;
                Ok(Typed {
                    list: if ty == column.ty { column.list.clone() } else { String::new() },
                    ..typed(sql, ty)
                })
            }
            _ => Err(refused()),
        }
    }

    /// A measure as part of a ratio.
    fn part(&self, key: &str, name: &str) -> Result<String, Problem> {
        let is_part = |measure: &&Measure| !measure.function.contains_key("ratio");
        let known: Vec<&str> =
            self.declared.measures.iter().filter(is_part).map(|m| m.name.as_str()).collect();
        let found = self.declared.measures.iter().filter(is_part).find(|measure| measure.name == name);
        Ok(self.measure(found.ok_or_else(|| unknown(key, name, &known))?)?.sql)
    }

    /// The condition on the rows that a measure takes.
    fn only(&self, measure: &Measure) -> Result<Option<String>, Problem> {
        let parts: Vec<String> = measure
            .conditions
            .iter()
            .map(|text| self.source.condition(text, &self.front.params))
            .collect::<Result<_, _>>()?;
        Ok((!parts.is_empty()).then(|| parts.join(" and ")))
    }
}

/// A function of a value as SQL, and the type of what it gives; `None` where it takes numbers only.
fn aggregate<'c>(function: &str, value: &str, column: &'c Typed) -> Option<(String, &'c str)> {
    let ty = column.ty.as_str();
    let is_number = matches!(ty, "money" | "qty" | "dec" | "int" | "bool" | "days" | "min" | "ratio");
    let middle = if matches!(ty, "int" | "bool") { "dec" } else { ty };
    Some(match function {
        "count" => (format!("count({value})"), "int"),
        "count_distinct" => (format!("count(distinct {value})"), "int"),
        "min" | "max" => (format!("{function}({value})"), ty),
        _ if !is_number => return None,
        "sum" if ty == "qty" => (format!("half_up(sum({value}), 6)"), ty),
        "sum" => (format!("sum({value})"), if ty == "bool" { "int" } else { ty }),
        "mean" => (format!("avg({value})"), middle),
        "median" => (format!("median({value})"), middle),
        _ => return None,
    })
}

fn named(columns: &[Typed]) -> Vec<String> {
    columns.iter().map(|column| format!("{} as {}", column.sql, quoted(&column.name))).collect()
}

#[cfg(test)]
mod tests;
