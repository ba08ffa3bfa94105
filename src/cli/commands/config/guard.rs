//! What a store cannot follow any more: a currency while amounts are there, a code that records
//! hold, a field with values, a warehouse with stock. Asked of the records before a change of settings.
//!
//! Deliberately absent: what a single value may be (`model::setting`).

use std::collections::BTreeSet;

use super::super::super::error::{Exit, Failure};
use super::super::super::store::{Records, Resolve as _};
use crate::mirror::quoted;
use crate::model::record::{Kind, Type};
use crate::model::schema::Settings;
use crate::model::setting::version;
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::store::{Base, FileChange, settings};

/// Settings that name a record of the store.
const NAMING: &[(&str, &str)] = &[("company.calendar", "calendar"), ("policy.gateway", "user")];

/// Settings that records already made depend on, and the records that do.
const FIXED: &[(&str, &str)] = &[("company.fiscal_start", "target")];

/// Judges a change of `crm.toml` among other files, where both versions can be read.
pub fn judge_file(base: &Base<'_>, records: &Records<'_, '_>, files: &[FileChange]) -> Result<(), Failure> {
    let Some(file) = files.iter().find(|file| file.path == super::FILE) else { return Ok(()) };
    let read = |bytes: &[u8]| settings::lenient(&String::from_utf8_lossy(bytes));
    let before = base.file(super::FILE)?.unwrap_or_default();
    match (read(&before), read(file.content.as_deref().unwrap_or_default())) {
        (Ok(before), Ok(after)) => judge(records, &before, &after),
        _ => Ok(()),
    }
}

/// Refuses a change that leaves records behind that no longer mean anything.
pub(super) fn judge(records: &Records<'_, '_>, before: &Settings, after: &Settings) -> Result<(), Failure> {
    let changed = |key: &str| before.get(key) != after.get(key);
    for (key, noun) in NAMING {
        if let Some(id) = after.get(key).filter(|_| changed(key))
            && records.record(noun, id)?.is_none()
        {
            let problem = Problem::new(Class::NotFound, "setting-names-nothing");
            let problem = problem.arg("field", *key).arg("noun", *noun).arg("value", id);
            return Err(Failure::new(Exit::NotFound, problem.candidates(near(records, noun, id))));
        }
    }
    if changed("company.currency")
        && let Some((noun, id)) = first_amount(records)?
    {
        return Err(in_use("company.currency", &noun, &id, "setting-currency-hint"));
    }
    for (key, noun) in FIXED {
        if changed(key)
            && let Some(id) = first(records, noun, "period is not null and period not like '____-__'")?
        {
            return Err(in_use(key, noun, &id, "setting-period-hint"));
        }
    }
    if let Some(wanted) = after.get("policy.min_crm").filter(|_| changed("policy.min_crm"))
        && version(wanted) > version(env!("CARGO_PKG_VERSION"))
    {
        let problem = Problem::invalid("min-crm-beyond").arg("version", wanted);
        return Err(problem.arg("here", env!("CARGO_PKG_VERSION")).into());
    }
    warehouses(records, before, after)?;
    codes(records, before, after)?;
    fields(records, before, after)
}

fn in_use(key: &str, noun: &str, id: &str, hint: &'static str) -> Failure {
    let problem = Problem::invalid("setting-in-use").arg("field", key).arg("noun", noun).arg("record", id);
    let name = key.trim_end_matches(".codes").rsplit('.').next().unwrap_or_default();
    problem.arg("name", name).hint(hint).field(key).into()
}

fn near(records: &Records<'_, '_>, noun: &str, id: &str) -> Vec<String> {
    let known = records.slugs(noun);
    crate::query::nearest(id, &known.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The first record of a type for which a condition holds.
fn first(records: &Records<'_, '_>, noun: &str, condition: &str) -> Result<Option<String>, Failure> {
    let Some(kind) = records.schema().kind(noun) else { return Ok(None) };
    let sql = format!("select id from {} where {condition} order by id limit 1", quoted(kind.folder));
    let answer = records.mirror().query(&sql, &[])?;
    Ok(answer.rows.first().and_then(|row| row[0].as_text()).map(str::to_owned))
}

/// The first record that holds an amount or a price.
fn first_amount(records: &Records<'_, '_>) -> Result<Option<(String, String)>, Failure> {
    for kind in records.schema().kinds() {
        let amounts: Vec<String> = kind
            .all()
            .filter(|field| {
                matches!(field.ty, Type::Money | Type::Price) && !field.many() && !field.marks.custom
            })
            .map(|field| format!("{} is not null", quoted(field.name)))
            .collect();
        let lines = kind
            .rows()
            .any(|(_, rows)| rows.fields.iter().any(|field| matches!(field.ty, Type::Money | Type::Price)));
        let documents = ["quote", "order", "invoice"].contains(&kind.name);
        if amounts.is_empty() && !(lines && documents) {
            continue;
        }
        let condition = if documents { "true".to_owned() } else { amounts.join(" or ") };
        if let Some(id) = first(records, kind.name, &condition)? {
            return Ok(Some((kind.name.to_owned(), id)));
        }
    }
    Ok(None)
}

/// Refuses to let a warehouse go that facts or documents name.
fn warehouses(records: &Records<'_, '_>, before: &Settings, after: &Settings) -> Result<(), Failure> {
    let kept = after.list("stock.warehouses");
    for gone in before.list("stock.warehouses").into_iter().filter(|name| !kept.contains(name)) {
        let is_place = |name: &str| name.contains("warehouse");
        if let Some((noun, id)) = holder(records, gone, &|_, field| is_place(field.name))? {
            return Err(in_use("stock.warehouses", &noun, &id, "setting-warehouse-hint"));
        }
    }
    Ok(())
}

/// The first record that holds a value in a field that `wanted` admits, rows included.
fn holder(
    records: &Records<'_, '_>,
    value: &str,
    wanted: &dyn Fn(&Kind, &crate::model::record::Field) -> bool,
) -> Result<Option<(String, String)>, Failure> {
    for kind in records.schema().kinds() {
        let plain = kind.all().filter(|field| field.rows().is_none());
        let mut names: Vec<String> =
            plain.filter(|field| wanted(kind, field)).map(|field| field.name.to_owned()).collect();
        for (field, rows) in kind.rows() {
            let inner = rows.fields.iter().filter(|inner| wanted(kind, inner));
            names.extend(inner.map(|inner| format!("{}.{}", field.name, inner.name)));
        }
        for name in names {
            if let Some(id) = records.find(kind.name, &name, value)?.into_iter().next() {
                return Ok(Some((kind.name.to_owned(), id)));
            }
        }
    }
    Ok(None)
}

/// The first two names below a section, such as a list and a code of it.
fn pairs(settings: &Settings, section: &str) -> BTreeSet<(String, String)> {
    let pair = |(key, _): (&str, &str)| {
        let mut parts = key.splitn(3, '.');
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    settings.below(section).filter_map(pair).collect()
}

/// Refuses to let a code of the store's own go that records hold.
fn codes(records: &Records<'_, '_>, before: &Settings, after: &Settings) -> Result<(), Failure> {
    let kept = pairs(after, "codes");
    for (list, code) in pairs(before, "codes").into_iter().filter(|pair| !kept.contains(pair)) {
        let of_list = |field: &crate::model::record::Field| match field.ty {
            Type::Code(codes) => codes.name == list && !codes.codes.contains(&code.as_str()),
            _ => false,
        };
        if let Some((noun, id)) = holder(records, &code, &|_, field| of_list(field))? {
            return Err(in_use(&format!("codes.{list}.{code}"), &noun, &id, "setting-code-hint"));
        }
    }
    Ok(())
}

/// Refuses to let a field of the store's own go, or become another type, while records hold values.
fn fields(records: &Records<'_, '_>, before: &Settings, after: &Settings) -> Result<(), Failure> {
    let kept = pairs(after, "fields");
    for (noun, name) in pairs(before, "fields") {
        let key = |part: &str| format!("fields.{noun}.{name}.{part}");
        let Some(kind) = records.schema().kind(&noun) else { continue };
        let Some(field) = kind.all().find(|field| field.marks.custom && field.name == name) else { continue };
        let other = ["type", "ref"].iter().any(|part| before.get(&key(part)) != after.get(&key(part)));
        if other || !kept.contains(&(noun.clone(), name.clone())) {
            let filled = format!("{} is not null", quoted(&name));
            // The members of a set stand in a table of their own.
            let found = if field.many() { None } else { first(records, &noun, &filled)? };
            if let Some(id) = found {
                return Err(in_use(&format!("fields.{noun}.{name}"), &noun, &id, "setting-field-hint"));
            }
        }
        let (old, new) = (before.list(&key("codes")), after.list(&key("codes")));
        for gone in old.iter().filter(|code| !new.contains(code)) {
            if let Some(id) = records.find(&noun, &name, gone)?.into_iter().next() {
                return Err(in_use(&key("codes"), &noun, &id, "setting-field-hint"));
            }
        }
    }
    Ok(())
}
