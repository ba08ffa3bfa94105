//! `schema`: JSON Schemas of the record types, for editors and for whoever reads the files.

use clap::Command;
use serde_json::{Map, Value as Json, json};

use super::super::args::{Words, option, place};
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::Standalone;
use crate::model::Problem;
use crate::model::record::{Card, Field, Kind, Type};
use crate::model::schema::Schema;

/// `crm schema [NOUN] [--dir DIR]`.
pub const SCHEMA: Standalone = Standalone {
    name: "schema",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.arg(place("noun", "NOUN", words)).arg(option("dir", "DIR", words))
    },
    run: |context, matches| {
        let chosen: Vec<&'static Kind> = match one(matches, "noun") {
            None => context.schema.kinds().to_vec(),
            Some(noun) => vec![context.schema.kind(&noun).ok_or_else(|| {
                let known: Vec<&str> = context.schema.kinds().iter().map(|k| k.name).collect();
                Problem::usage("unknown-noun")
                    .arg("value", &noun)
                    .candidates(crate::query::nearest(&noun, &known))
            })?],
        };
        if let Some(dir) = one(matches, "dir") {
            let dir = std::path::PathBuf::from(dir);
            std::fs::create_dir_all(&dir).map_err(|e| super::super::error::file_error(&dir, &e))?;
            for kind in chosen {
                let path = dir.join(file_name(kind));
                super::super::ui::atomically(&path, text(&context.schema, kind).as_bytes())?;
            }
            return Ok(Exit::Ok);
        }
        if let [kind] = chosen.as_slice() {
            context.ui.bytes(text(&context.schema, kind).as_bytes())?;
            return Ok(Exit::Ok);
        }
        let lines = chosen.iter().map(|kind| format!("{}\t{}", kind.name, kind.doc.trim()));
        let lines: Vec<String> = lines.collect();
        context.ui.lines(&lines)?;
        Ok::<Exit, Failure>(Exit::Ok)
    },
};

/// The name of a type's schema file.
pub fn file_name(kind: &Kind) -> String {
    format!("{}.schema.json", kind.name)
}

/// The JSON Schema of a type as it stands in the file.
pub fn text(schema: &Schema, kind: &Kind) -> String {
    let mut text = serde_json::to_string_pretty(&of_kind(schema, kind)).unwrap_or_default();
    text.push('\n');
    text
}

fn of_kind(schema: &Schema, kind: &Kind) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in kind.all().filter(|f| !f.marks.custom) {
        properties.insert(field.name.to_owned(), of_field(schema, field));
        if field.required() {
            required.push(json!(field.name));
        }
    }
    if !kind.custom.is_empty() {
        let custom: Map<String, Json> =
            kind.custom.iter().map(|f| (f.name.to_owned(), of_field(schema, f))).collect();
        properties.insert("custom".into(), json!({"type": "object", "properties": custom}));
    }
    if kind.traits.history {
        let text = json!({"type": "string"});
        properties.insert(
            "history".into(),
            json!({
                "type": "array",
                "items": {"type": "object", "required": ["at", "by"], "properties": {
                    "at": {"type": "string", "format": "date-time"},
                    "by": text, "field": text, "from": text, "to": text, "reason": text,
                }},
            }),
        );
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        "description": kind.doc.trim(),
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

fn of_field(schema: &Schema, field: &Field) -> Json {
    let one = of_type(schema, field.ty);
    let mut out = match field.card {
        Card::Set => json!({"type": "array", "items": one, "uniqueItems": true}),
        Card::List => json!({"type": "array", "items": one}),
        Card::Rows => one,
        Card::Required | Card::Optional => one,
    };
    if let Json::Object(object) = &mut out {
        object.insert("description".into(), json!(field.doc.trim()));
    }
    out
}

fn of_type(schema: &Schema, ty: Type) -> Json {
    match ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::Int => json!({"type": "integer"}),
        Type::Dec | Type::Money => json!({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,6})?$"}),
        Type::Qty | Type::Pct | Type::Price => {
            json!({"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,6})?$"})
        }
        Type::Day => json!({"type": "string", "format": "date"}),
        Type::Instant => json!({"type": "string", "format": "date-time"}),
        Type::Email => json!({"type": "string", "format": "email"}),
        Type::Url => json!({"type": "string", "format": "uri"}),
        Type::Phone => json!({"type": "string", "pattern": r"^\+[0-9]{5,15}(;ext=[0-9]+)?$"}),
        Type::Currency => json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
        Type::Country => json!({"type": "string", "pattern": "^[A-Z]{2}$"}),
        Type::Dur => json!({"type": "string", "pattern": "^[0-9]+[mhdw]$"}),
        Type::Code(list) => json!({"type": "string", "enum": schema.codes(list)}),
        Type::Ref(nouns) => json!({"type": "string", "x-ref": nouns}),
        Type::Text | Type::Prose | Type::FreeCode => json!({"type": "string"}),
        Type::Rows(rows) => {
            let mut properties = Map::new();
            let mut required = Vec::new();
            if rows.key == "id" {
                properties.insert("id".into(), json!({"type": "string"}));
                required.push(json!("id"));
            }
            for field in rows.fields {
                properties.insert(field.name.to_owned(), of_field(schema, field));
                if field.required() {
                    required.push(json!(field.name));
                }
            }
            json!({"type": "array", "items": {"type": "object", "properties": properties, "required": required}})
        }
    }
}
