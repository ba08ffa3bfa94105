//! The sample data of the program, as its `IMPORT` says, judged by the rules of the domain.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;

use super::import::Options;
use super::json;
use super::samples::{Given, csv_file, now, sample_data};
use crate::model::record::Doc;
use crate::model::schema::{Schema, Settings};
use crate::rules::memory::Memory;
use crate::rules::registry::judge;
use crate::rules::{Judge, View};

/// The settings of a file, flat.
fn settings(table: &toml::Table, prefix: &str, out: &mut BTreeMap<String, Vec<String>>) {
    let text = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            toml::Value::Table(table) => settings(table, &format!("{key}."), out),
            toml::Value::Array(values) => drop(out.insert(key, values.iter().map(text).collect())),
            other => drop(out.insert(key, vec![text(other)])),
        }
    }
}

fn as_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
        toml::Value::Array(values) => values.iter().map(as_json).collect(),
        toml::Value::String(text) => Json::from(text.as_str()),
        other => Json::from(other.to_string()),
    }
}

/// The records that lie there as files, each through its json.
fn put_files(store: &mut Memory, folder: &Path) {
    for noun in ["role", "calendar", "sla", "pipeline"] {
        let kind = store.schema().kind(noun).expect("declared");
        for file in std::fs::read_dir(folder.join(kind.folder))
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("a file").path())
        {
            let table: toml::Table = std::fs::read_to_string(&file).expect("readable").parse().expect("toml");
            let sheet = json::read(&as_json(&toml::Value::Table(table)).to_string()).expect("an object");
            let options = Options::default();
            let (outcome, _) = Given { noun, map: "", options }.run(store, &sheet).expect("an import");
            assert_eq!(outcome.rejects, [], "{}", file.display());
        }
    }
}

#[test]
fn the_sample_data_comes_in_and_breaks_no_rule() {
    let Some(list) = sample_data("IMPORT") else { return };
    let folder = list.parent().expect("a folder");
    let mut flat = BTreeMap::new();
    let text = std::fs::read_to_string(folder.join("crm.toml")).expect("readable");
    settings(&text.parse().expect("toml"), "", &mut flat);
    Schema::new(Settings::new(flat.clone())).expect("sound settings");
    let pairs: Vec<(String, Vec<String>)> = flat.into_iter().collect();
    let values: Vec<Vec<&str>> =
        pairs.iter().map(|(_, values)| values.iter().map(String::as_str).collect()).collect();
    let pairs: Vec<(&str, &[&str])> =
        pairs.iter().zip(&values).map(|((key, _), values)| (key.as_str(), values.as_slice())).collect();
    let mut store = Memory::new(&pairs).expect("sound settings");
    store.add("user", "me", &[("name", "Me"), ("email", "me@crm.example"), ("status", "active")]);
    store.add("user", "admin", &[("name", "Admin"), ("email", "admin@crm.example"), ("status", "active")]);
    store.add("user", "admin.liu", &[("name", "Liu"), ("email", "first@crm.example"), ("status", "active")]);
    put_files(&mut store, &folder.join("toml"));
    let mut wrong = String::new();
    for entry in std::fs::read_to_string(&list).expect("readable").lines() {
        let mut words = entry.split(' ');
        let (noun, file) = (words.next().expect("a noun"), words.next().expect("a file"));
        let options = Options { group_by: words.map(str::to_owned).collect(), ..Options::default() };
        let before = store.clone();
        let imported = Given { noun, map: "", options }.run(&mut store, &csv_file(&folder.join(file)));
        let (outcome, changes) = match imported {
            Ok(done) => done,
            Err(problem) => {
                let _ = writeln!(wrong, "{file}: {problem}");
                continue;
            }
        };
        for reject in outcome.rejects.iter().take(3) {
            let _ = writeln!(
                wrong,
                "{file}:{} {} {:?} {}",
                reject.line, reject.column, reject.value, reject.problem
            );
        }
        let allow = std::collections::BTreeSet::from([
            "allow-duplicate".to_owned(),
            "override credit_limit".to_owned(),
            "override negative_stock".to_owned(),
        ]);
        let by = Judge { allow: &allow, now: now(), today: now().date_naive() };
        let found = judge(&store, &before, &by, &changes.changes).expect("a judgement");
        for problem in found.iter().filter(|problem| !problem.warning).take(5) {
            let line = problem.path.as_ref().and_then(|path| outcome.lines.get(path));
            let _ = writeln!(wrong, "{file}:{} {problem}", line.copied().unwrap_or_default());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let orders: Vec<&Doc> = store.docs().filter(|doc| doc.kind.name == "order").collect();
    assert_eq!(orders.len(), 120);
}
