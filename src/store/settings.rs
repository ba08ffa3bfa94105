//! `crm.toml` as settings: dotted keys and their values.

use std::collections::BTreeMap;

use crate::model::Problem;
use crate::model::schema::Settings;

/// The format of a store that this version writes.
pub const FORMAT: i64 = 1;

/// Reads the settings of a store.
pub fn parse(text: &str) -> Result<Settings, Problem> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        Problem::invalid("bad-toml").arg("reason", error.message()).at("crm.toml", line)
    })?;
    let mut values = BTreeMap::new();
    flatten("", &table, &mut values);
    let format = table.get("format").and_then(toml::Value::as_integer).unwrap_or(0);
    if format < 1 {
        return Err(Problem::invalid("missing-format").at("crm.toml", Some(1)));
    }
    if format > FORMAT {
        return Err(Problem::invalid("newer-format").arg("format", format).at("crm.toml", Some(1)));
    }
    Ok(Settings::new(values))
}

fn flatten(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, Vec<String>>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(table) => flatten(&key, table, out),
            toml::Value::Array(values) => {
                out.insert(key, values.iter().map(plain).collect());
            }
            other => {
                out.insert(key, vec![plain(other)]);
            }
        }
    }
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
