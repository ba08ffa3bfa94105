//! The JSON Schemas and the list of tables under `schema/` are those of the declarations.
//!
//! `UPDATE_SCHEMA=1 cargo test schema` writes them: this test is their generator.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crm::cli::commands::schema::{file_name, text};
use crm::mirror::Layout;
use crm::model::schema::{Schema, Settings};

/// The tables, columns and views of `crm sql`, as `crm sql --schema` shows them.
const TABLES: &str = "sql.txt";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema")
}

fn declared() -> BTreeMap<String, String> {
    let schema = Schema::new(Settings::default()).expect("the declared types");
    let kinds = schema.kinds().iter().map(|kind| (file_name(kind), text(&schema, kind)));
    kinds.chain([(TABLES.to_owned(), Layout::new(&schema).schema_text())]).collect()
}

fn written() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).expect("the folder `schema`");
    let read = |path: PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (name, fs::read_to_string(&path).expect("a schema"))
    };
    entries.map(|entry| read(entry.expect("an entry of the folder `schema`").path())).collect()
}

#[test]
fn the_schemas_are_those_of_the_declarations() {
    let declared = declared();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let _ = fs::remove_dir_all(folder());
        fs::create_dir_all(folder()).expect("the folder `schema`");
        for (name, text) in &declared {
            fs::write(folder().join(name), text).expect("a schema is written");
        }
    }
    let written = written();
    let names = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&declared), "UPDATE_SCHEMA=1 writes them anew");
    for (name, text) in &declared {
        assert_eq!(written.get(name), Some(text), "{name}: UPDATE_SCHEMA=1 writes them anew");
    }
}

#[test]
fn every_schema_says_what_each_field_is() {
    for (name, text) in declared().into_iter().filter(|(name, _)| name != TABLES) {
        let schema: serde_json::Value = serde_json::from_str(&text).expect("a schema is json");
        let properties = schema["properties"].as_object().expect("properties");
        assert!(properties.contains_key("created_at"), "{name}");
        for (field, property) in properties.iter().filter(|(field, _)| *field != "history") {
            let described = property["description"].as_str().is_some_and(|words| !words.is_empty());
            assert!(described, "{name}: {field} has no description");
        }
    }
}
