//! Conditions on the fields of a type as SQL: those of `--where`, and those that rules hold.
//!
//! Deliberately absent: what people call records on the command line, which the caller looks up.

use std::fmt::Write as _;

use super::list::Later;
use super::rows::own_columns;
use super::{Mirror, SqlCell, quoted};
use crate::model::record::{Doc, Kind, Type};
use crate::model::value::parse_phone;
use crate::model::{Class, Problem};
use crate::query::{self, Condition, Op, SqlValue, nearest, to_sql};

/// Ids of the records of these types that a text names.
pub type Find<'a> = dyn Fn(&[&str], &str) -> Result<Vec<String>, Problem> + 'a;

impl Mirror {
    /// A condition as SQL over an alias of the type's table, with its parameters in order.
    ///
    /// # Errors
    /// `unknown-field-name`, `no-such-record`, `bad-code`, and those of [`to_sql`].
    pub fn condition_sql(
        &self,
        kind: &Kind,
        alias: &str,
        condition: &Condition,
        find: &Find<'_>,
    ) -> Result<(String, Vec<SqlValue>), Problem> {
        let field = self.field_sql(kind.name, &condition.field, alias).ok_or_else(|| {
            let known = kind.all().map(|field| field.name).chain(self.derived_fields(kind.name));
            Problem::usage("unknown-field-name")
                .arg("value", &condition.field)
                .arg("noun", kind.name)
                .candidates(nearest(&condition.field, &known.collect::<Vec<_>>()))
                .field(&condition.field)
        })?;
        let condition = self.resolved(kind, condition, find)?;
        let ty = match field.decl {
            "MONEY INTEGER" => query::Kind::Money { digits: self.layout.base_digits },
            "BOOL INTEGER" => query::Kind::Bool,
            "INTEGER" => query::Kind::Int,
            "DAY TEXT" => query::Kind::Day,
            "INSTANT TEXT" => query::Kind::Instant,
            "LIST TEXT" => query::Kind::List,
            decl if decl.ends_with("REAL") => query::Kind::Dec,
            _ => query::Kind::Text,
        };
        let clock = &self.moment.get().clock;
        if !matches!(field.later, Some(Later::View(_))) {
            return to_sql(&condition, &field.sql, ty, clock);
        }
        // A test looks at its value more than once; what a view derives is worked out once.
        let (test, values) = to_sql(&condition, "derived", ty, clock)?;
        let sql = format!("(with d(derived) as materialized (select {}) select {test} from d)", field.sql);
        Ok((sql, values))
    }

    /// A condition whose values are as the mirror stores them: ids of references, normal phones,
    /// codes.
    fn resolved(&self, kind: &Kind, condition: &Condition, find: &Find<'_>) -> Result<Condition, Problem> {
        let Some(field) = kind.field(&condition.field).filter(|_| matches!(condition.op, Op::Eq | Op::Ne))
        else {
            return Ok(condition.clone());
        };
        let mut values = Vec::new();
        for value in &condition.values {
            match field.ty {
                Type::Ref(nouns) => {
                    let found = find(nouns, value)?;
                    if found.is_empty() {
                        return Err(Problem::new(Class::NotFound, "no-such-record")
                            .arg("noun", nouns[0])
                            .arg("value", value)
                            .field(field.name));
                    }
                    values.extend(found);
                }
                Type::Phone => {
                    let country = self.layout.settings.text("company.country");
                    values.push(parse_phone(value, country).unwrap_or_else(|_| value.clone()));
                }
                Type::Code(list) => {
                    let codes = self.layout.schema.codes(list);
                    if !codes.contains(&value.as_str()) {
                        return Err(Problem::usage("bad-code")
                            .arg("value", value)
                            .arg("field", field.name)
                            .field(field.name)
                            .legal(codes.iter().copied())
                            .candidates(nearest(value, &codes)));
                    }
                    values.push(value.clone());
                }
                _ => values.push(value.clone()),
            }
        }
        Ok(Condition { values, ..condition.clone() })
    }

    /// A condition of a rule as SQL without parameters, which a view may hold. References are
    /// named by what [`Mirror::resolve`] knows.
    pub(super) fn fixed_condition(&self, kind: &Kind, alias: &str, text: &str) -> Result<String, Problem> {
        let condition = query::parse_condition(text)?;
        let (sql, values) =
            self.condition_sql(kind, alias, &condition, &|nouns, text| self.ids_named(nouns, text))?;
        Ok(inline(&sql, &values))
    }

    /// Ids of the records of these types that a condition of a rule names.
    fn ids_named(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem> {
        let found = self.resolve(nouns, text).map_err(failed)?;
        Ok(found.into_iter().map(|found| found.id).collect())
    }

    /// Whether a record that need not be stored yet fulfils all these conditions. What is derived
    /// from other records than those it names is empty until it is stored.
    ///
    /// # Errors
    /// As [`Mirror::condition_sql`].
    pub fn fulfils(&self, doc: &Doc, conditions: &[&str]) -> Result<bool, Problem> {
        if conditions.is_empty() {
            return Ok(true);
        }
        let (columns, mut params) = own_columns(&self.layout, doc)?;
        let columns: Vec<String> = columns.iter().map(|name| format!("? as {}", quoted(name))).collect();
        let mut tests = Vec::new();
        for text in conditions {
            let condition = query::parse_condition(text)?;
            let find = |nouns: &[&str], text: &str| self.ids_named(nouns, text);
            let (sql, values) = self.condition_sql(doc.kind, "t", &condition, &find)?;
            tests.push(sql);
            params.extend(values.into_iter().map(SqlCell::from));
        }
        let sql = format!("select 1 from (select {}) t where {}", columns.join(", "), tests.join(" and "));
        Ok(!self.query(&sql, &params).map_err(failed)?.rows.is_empty())
    }
}

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::usage("mirror-error").arg("reason", error)
}

/// SQL with its values in place of the marks. Text is written as the bytes that it is, so that
/// nothing in it can be read as SQL.
fn inline(sql: &str, values: &[SqlValue]) -> String {
    let mut values = values.iter();
    let mut parts = sql.split('?');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match values.next() {
            Some(SqlValue::Text(text)) => {
                out.push_str("cast(x'");
                for byte in text.bytes() {
                    let _ = write!(out, "{byte:02x}");
                }
                out.push_str("' as text)");
            }
            Some(SqlValue::Int(int)) => {
                let _ = write!(out, "{int}");
            }
            Some(SqlValue::Real(real)) if real.is_finite() => {
                let _ = write!(out, "{real:?}");
            }
            _ => out.push_str("null"),
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_place_of_marks_can_do_no_harm() {
        let text = |text: &str| SqlValue::Text(text.to_owned());
        assert_eq!(
            inline("(c = ? or d > ? and e < ?)", &[text("'?"), SqlValue::Int(-3), SqlValue::Real(0.5)]),
            "(c = cast(x'273f' as text) or d > -3 and e < 0.5)"
        );
        assert_eq!(inline("c = ?", &[SqlValue::Real(f64::NAN)]), "c = null");
        assert_eq!(inline("(c is null)", &[]), "(c is null)");
    }
}
