//! The verbs that every record type has and that change something: add, set, upsert, remove, edit.

use std::process::Command as Process;

use clap::{ArgMatches, Command};

use super::super::args::{Words, place, writing};
use super::super::change::Done;
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure, file_error};
use super::super::fields::{self, given, one};
use super::super::resolve::Names;
use super::{Job, Standalone, told};
use crate::draft::lines::LineWish;
use crate::draft::{Draft, merge, order, verbs};
use crate::model::record::{Doc, Kind, Row, Value};
use crate::model::value::parse_slug;
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::rules::support::survivor;
use crate::store::document;

/// `crm edit ID`.
pub const EDIT: Standalone = Standalone {
    name: "edit",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        writing(command.arg(place("id", "ID", words).required(true)), &|_| false, words)
    },
    run: |context, matches| {
        let text = one(matches, "id").unwrap_or_default();
        let store = context.store()?;
        let (kind, id) = super::show::find(context, store, context.schema.kinds(), &text)?;
        edit_record(context, kind, &id, matches)
    },
};

/// A slug from the command line.
fn slug(kind: &Kind, matches: &ArgMatches) -> Result<Option<String>, Problem> {
    if !kind.is_slug() {
        return Ok(None);
    }
    let text = one(matches, "slug")
        .ok_or_else(|| Problem::usage("missing-argument").arg("value", "SLUG").arg("noun", kind.name))?;
    parse_slug(&text).map(Some)
}

/// `add`: one record from flags, or from a file.
pub fn add<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    add_by(context, kind, matches, move |draft, _, doc| {
        let lines = fields::lines_of_quote(draft, &doc, matches)?;
        let id = finish_new(draft, doc, &lines)?;
        Ok(note_distinct(draft, kind, &id, matches)?)
    })
}

/// `add`, with something of its own that completes and adds the new record.
pub fn add_by<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
    mut finish: impl FnMut(&mut Draft<'_>, &Names<'_>, Doc) -> Result<(), Failure> + 'a,
) -> Result<Job<'a>, Failure> {
    let op = format!("{} add", kind.name);
    let file =
        one(matches, "from-file").map(|name| read_file(&name).map(|bytes| (name, bytes))).transpose()?;
    let has_slug = one(matches, "slug").is_some();
    let slug = if file.is_some() && !has_slug { None } else { slug(kind, matches)? };
    let key = one(matches, "key");
    let content = file.as_ref().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let mut job = Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            let inputs = match &file {
                None => vec![None],
                Some((name, bytes)) => from_file(names, kind, name, bytes)?.into_iter().map(Some).collect(),
            };
            for input in inputs {
                let own = input.as_ref().and_then(|i| i.slug.clone());
                let slug = slug.clone().or(own);
                if kind.is_slug() && slug.is_none() {
                    return Err(Problem::usage("missing-argument")
                        .arg("value", "SLUG")
                        .arg("noun", kind.name)
                        .into());
                }
                let mut doc = draft.make(kind.name, slug.as_deref());
                if let Some(input) = &input {
                    input.fill(names, draft, &mut doc)?;
                }
                fields::apply(names, draft, &mut doc, matches)?;
                if let Some(key) = &key {
                    doc.set("key", Some(Value::Text(key.clone())));
                }
                finish(draft, names, doc)?;
            }
            Ok(())
        }),
    )?;
    // What was read tells two payloads of one key apart, not the name of the file.
    if let Some(content) = content {
        job.writing.payload.insert("from-file".to_owned(), vec![content]);
    }
    Ok(job)
}

/// What `--allow-duplicate` lets pass is noted on the record as being somebody else.
fn note_distinct(draft: &mut Draft<'_>, kind: &Kind, id: &str, matches: &ArgMatches) -> Result<(), Problem> {
    if kind.name == "customer" && fields::on(matches, "allow-duplicate") {
        merge::note_distinct(draft, id)?;
    }
    Ok(())
}

/// Completes and adds a new record; an order takes these lines from its quote.
pub fn finish_new(draft: &mut Draft<'_>, doc: Doc, lines: &[LineWish]) -> Result<String, Failure> {
    if doc.kind.is_slug() && draft.get(doc.kind, doc.id())?.is_some() {
        return Err(Problem::invalid("duplicate-slug")
            .arg("other", doc.id())
            .arg("noun", doc.kind.name)
            .arg("value", doc.id())
            .arg("record", doc.id())
            .into());
    }
    Ok(match doc.kind.name {
        "order" | "quote" => order::add(draft, doc, lines)?,
        _ => verbs::add(draft, doc)?,
    })
}

/// `set`: fields of one or more records.
pub fn set<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    let op = format!("{} set", kind.name);
    let mut job = Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            for text in given(matches, "ids").unwrap_or_default() {
                let mut doc = to_change(draft, names, kind, &text)?;
                fields::apply(names, draft, &mut doc, matches)?;
                let id = doc.id().to_owned();
                verbs::change(draft, doc)?;
                note_distinct(draft, kind, &id, matches)?;
            }
            Ok(())
        }),
    )?;
    if kind.name == "ticket" && given(matches, "sla").is_some() {
        // An agreement that is named is the one that is wanted, whatever the priority becomes.
        job.writing.allow.insert("keep-sla".to_owned());
    }
    Ok(job)
}

/// The record that a text names, to be changed: a merged one is not mistaken for what it was merged
/// into.
pub fn to_change(draft: &Draft<'_>, names: &Names<'_>, kind: &Kind, text: &str) -> Result<Doc, Problem> {
    let doc = draft.need(kind.name, &names.itself(draft, kind.name, text)?)?;
    names.mention(doc.id());
    match doc.text("merged_into") {
        Some(into) => Err(crate::rules::support::about(&doc, "merged-record")
            .arg("edited", "no")
            .arg("into", into)
            .candidates([survivor(draft, kind.name, into)?])),
        None => Ok(doc),
    }
}

/// `upsert`: the record that matches gets the fields given, else there is a new one.
pub fn upsert<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    let op = format!("{} upsert", kind.name);
    let by: Vec<String> = one(matches, "match").map_or_else(
        || if kind.is_slug() { vec!["id".to_owned()] } else { vec!["source_ref".to_owned()] },
        |list| list.split(',').map(|f| f.trim().replace('-', "_")).collect(),
    );
    for name in &by {
        if kind.field(name).is_none() {
            let known: Vec<&str> = kind.all().map(|f| f.name).collect();
            return Err(Problem::usage("unknown-field-name")
                .arg("value", name)
                .arg("noun", kind.name)
                .candidates(crate::query::nearest(name, &known))
                .into());
        }
    }
    let slug = slug(kind, matches)?;
    let key = one(matches, "key");
    Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            let mut wanted = draft.make(kind.name, slug.as_deref());
            fields::apply(names, draft, &mut wanted, matches)?;
            let found = matching(draft, &wanted, &by)?;
            match found.as_slice() {
                [] => {
                    if let Some(key) = &key {
                        wanted.set("key", Some(Value::Text(key.clone())));
                    }
                    let lines = fields::lines_of_quote(draft, &wanted, matches)?;
                    let id = finish_new(draft, wanted, &lines)?;
                    note_distinct(draft, kind, &id, matches)?;
                }
                [id] => {
                    let mut doc = draft.need(kind.name, id)?;
                    names.mention(id);
                    let before = doc.clone();
                    fields::apply(names, draft, &mut doc, matches)?;
                    for name in by.iter().filter(|name| kind.field(name).is_some_and(|f| !f.many())) {
                        if let Some(given) = wanted.get(name).filter(|given| before.get(name) != Some(given))
                            && merge::answers_to(draft, &before, name, given)?
                        {
                            doc.set(name, before.get(name).cloned());
                        }
                    }
                    verbs::change(draft, doc)?;
                }
                many => {
                    return Err(Problem::new(Class::Ambiguous, "ambiguous-record")
                        .arg("noun", kind.name)
                        .arg("value", by.join(","))
                        .arg("count", many.len())
                        .candidates(many.iter().cloned())
                        .into());
                }
            }
            Ok(())
        }),
    )
}

/// The records that share a value with this one in any of these fields.
pub fn matching(view: &dyn View, wanted: &Doc, by: &[String]) -> Result<Vec<String>, Problem> {
    let mut found = Vec::new();
    for name in by {
        if name == "id" {
            if view.get(wanted.kind, wanted.id())?.is_some() {
                found.push(wanted.id().to_owned());
            }
            continue;
        }
        let texts: Vec<String> = match wanted.get(name) {
            Some(Value::List(values)) => values.iter().map(crate::draft::plain).collect(),
            Some(value) => vec![crate::draft::plain(value)],
            None => Vec::new(),
        };
        let also: &[&str] = match name.as_str() {
            "phone" => &["phone", "other_phones"],
            "email" => &["email", "other_emails"],
            _ => &[],
        };
        let fields: Vec<&str> = if also.is_empty() { vec![name.as_str()] } else { also.to_vec() };
        for field in fields.iter().filter(|f| wanted.kind.field(f).is_some()) {
            for text in &texts {
                found.extend(view.find(wanted.kind.name, field, text)?);
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// `remove`: asks, and is refused while anything points at the record.
pub fn remove<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    let op = format!("{} remove", kind.name);
    let texts = given(matches, "ids").unwrap_or_default();
    if !context.globals.dry_run {
        context.confirm("confirm-remove", &[("records", &texts.join(", "))], "--yes")?;
    }
    Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            for text in &texts {
                let doc = draft.need(kind.name, &names.itself(draft, kind.name, text)?)?;
                verbs::remove(draft, &doc)?;
            }
            Ok(())
        }),
    )
}

/// `NOUN edit ID`.
pub fn edit(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    let text = one(matches, "id").unwrap_or_default();
    let store = context.store()?;
    let (kind, id) = super::show::find(context, store, &[kind], &text)?;
    edit_record(context, kind, &id, matches)
}

/// Opens the editor on a record, checks what comes back, offers to reopen, commits.
fn edit_record(
    context: &Context,
    kind: &'static Kind,
    id: &str,
    matches: &ArgMatches,
) -> Result<Exit, Failure> {
    let store = context.store()?;
    let path = kind.path(id);
    let editor = context.editor();
    let tip = store.repo.tip()?;
    let bytes = match tip {
        Some(tip) => store.repo.read_at(tip.commit, &path)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let before = document::parse(&context.schema, &path, &bytes)?.doc;
    let mut text = template(context, &before, &String::from_utf8_lossy(&bytes));
    let temp = std::env::temp_dir().join(format!("crm-{}-{id}.toml", std::process::id()));
    loop {
        std::fs::write(&temp, &text).map_err(|e| file_error(&temp, &e))?;
        let status =
            Process::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(&temp).status()?;
        let written = std::fs::read_to_string(&temp).map_err(|e| file_error(&temp, &e));
        let _ = std::fs::remove_file(&temp);
        let written = written?;
        if !status.success() {
            return Err(Problem::usage("editor-failed").arg("editor", editor).into());
        }
        let outcome = edited(context, &before, &path, &written, matches);
        match outcome {
            Ok(done) => {
                told(context, &format!("{} edit", kind.name), &done)?;
                return Ok(Exit::Ok);
            }
            Err(failure) if context.can_ask() => {
                for line in failure.words(&context.locale) {
                    context.ui.stderr(&line);
                }
                context.confirm("confirm-reopen", &[], "--yes")?;
                text = written;
            }
            Err(failure) => return Err(failure),
        }
    }
}

fn edited(
    context: &Context,
    before: &Doc,
    path: &str,
    text: &str,
    matches: &ArgMatches,
) -> Result<Done, Failure> {
    let stripped: String = text.lines().filter(|l| !l.starts_with("#: ")).map(|l| format!("{l}\n")).collect();
    let after = document::parse(&context.schema, path, stripped.as_bytes())?.doc;
    for field in before.kind.all().filter(|f| f.marks.verb || f.marks.immutable) {
        if before.get(field.name) != after.get(field.name) {
            return Err(Problem::invalid("field-by-verb").arg("field", field.name).field(field.name).into());
        }
    }
    let writing = Writing::from(context, matches)?;
    context.change(&format!("{} edit", before.kind.name), &writing, &mut |draft, names| {
        let mut doc = draft.need(before.kind.name, before.id())?;
        names.mention(doc.id());
        for field in after.kind.all() {
            if before.get(field.name) != after.get(field.name) {
                let value = after.get(field.name).cloned();
                let value = value.map(|value| draft.living(field, value)).transpose()?;
                draft.set(&mut doc, field.name, value);
            }
        }
        verbs::change(draft, doc)?;
        Ok(())
    })
}

/// The record with the help of each field as a comment; the comments go again.
fn template(context: &Context, doc: &Doc, text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let name = line.split_once(" = ").map(|(name, _)| name);
        if let Some(field) = name.and_then(|name| doc.kind.field(name)) {
            out.push_str("#: ");
            out.push_str(&context.locale.field_help(doc.kind, field));
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    let absent: Vec<&str> = doc
        .kind
        .all()
        .filter(|f| super::super::args::is_settable(f) && f.rows().is_none() && doc.get(f.name).is_none())
        .map(|f| f.name)
        .collect();
    out.push_str("#: ");
    out.push_str(&context.text("edit-absent", &[("fields", &absent.join(", "))]));
    out.push('\n');
    out
}

/// A JSON object, keys in their order.
type Object = serde_json::Map<String, serde_json::Value>;

/// One object, an array of them, or one a line.
fn parse_json(text: &str) -> Result<Vec<Object>, Problem> {
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>() {
        let value = value.map_err(|e| Problem::usage("bad-json").arg("line", e.line()).arg("reason", &e))?;
        let values = match value {
            serde_json::Value::Array(values) => values,
            other => vec![other],
        };
        for value in values {
            match value {
                serde_json::Value::Object(object) => found.push(object),
                other => {
                    return Err(Problem::usage("bad-json")
                        .arg("line", 1)
                        .arg("reason", format!("`{other}` is no object")));
                }
            }
        }
    }
    Ok(found)
}

/// A JSON value as the texts a flag would take.
fn texts(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Null => Vec::new(),
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(values) => values.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// A record read from a file, not yet one of the store.
struct Input {
    slug: Option<String>,
    form: Form,
}

enum Form {
    Toml(Row),
    Json(Object),
}

impl Input {
    fn fill(&self, names: &Names<'_>, draft: &Draft<'_>, doc: &mut Doc) -> Result<(), Failure> {
        match &self.form {
            Form::Toml(fields) => {
                for (name, value) in fields {
                    let field = doc.kind.field(name).filter(|f| super::super::args::is_settable(f));
                    if let Some(field) = field {
                        doc.set(name, Some(draft.living(field, value.clone())?));
                    }
                }
                Ok(())
            }
            Form::Json(object) => from_json(names, draft, doc, object),
        }
    }
}

fn from_json(names: &Names<'_>, draft: &Draft<'_>, doc: &mut Doc, object: &Object) -> Result<(), Failure> {
    let kind = doc.kind;
    for (name, value) in object {
        if name == "id" || value.is_null() {
            continue;
        }
        let Some(field) = kind.field(name).filter(|f| super::super::args::is_settable(f)) else {
            let worked_out = matches!(
                name.as_str(),
                "rev" | "history" | "ids" | "commit" | "net_total" | "tax_total" | "total"
            ) || names.mirror().derived_fields(kind.name).contains(&name.as_str());
            if name.ends_with("_name") || kind.field(name).is_some() || worked_out {
                continue;
            }
            let known: Vec<&str> = kind.all().map(|f| f.name).collect();
            return Err(Problem::usage("unknown-field-name")
                .arg("value", name)
                .arg("noun", kind.name)
                .candidates(crate::query::nearest(name, &known))
                .into());
        };
        let found = texts(value);
        if let Some(rows) = field.rows() {
            let mut all = Vec::new();
            let entries = match value {
                serde_json::Value::Array(entries) => entries.as_slice(),
                one => std::slice::from_ref(one),
            };
            for entry in entries {
                let serde_json::Value::Object(entry) = entry else {
                    // As a flag takes it: `SKU:QTY`.
                    for text in texts(entry) {
                        all.push(fields::row_from_text(names, draft, doc, field, rows, &text)?);
                    }
                    continue;
                };
                let mut row = Row::new();
                if rows.key == "id" {
                    row.insert("id", Value::Text(draft.row_id()));
                }
                for (name, value) in entry {
                    if name == "id" || name.ends_with("_name") || value.is_null() {
                        continue;
                    }
                    fields::put(names, draft, doc, rows, &mut row, name, &texts(value).join(";"))?;
                }
                all.push(row);
            }
            doc.set(field.name, Some(Value::Rows(all)));
        } else if field.many() {
            let values =
                found.iter().map(|t| fields::value(names, draft, doc, field, t)).collect::<Result<_, _>>()?;
            doc.set(field.name, Some(Value::List(values)));
        } else if let Some(text) = found.first() {
            let value = fields::value(names, draft, doc, field, text)?;
            doc.set(field.name, Some(value));
        }
    }
    Ok(())
}

/// The records of a file: TOML holds one, JSON one or an array, JSON lines many.
fn from_file(
    names: &Names<'_>,
    kind: &'static Kind,
    name: &str,
    bytes: &[u8],
) -> Result<Vec<Input>, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Problem::invalid("bad-utf8").arg("offset", error.valid_up_to()).at(name, Some(line))
    })?;
    let start = text.trim_start();
    if start.starts_with('{')
        || (start.starts_with('[') && !start.starts_with("[[") && name != "-" && name.ends_with("json"))
    {
        let objects = parse_json(text).map_err(|p| p.at(name, None))?;
        return Ok(objects
            .into_iter()
            .map(|object| Input {
                slug: kind
                    .is_slug()
                    .then(|| object.get("id").and_then(|v| v.as_str()).map(str::to_owned))
                    .flatten(),
                form: Form::Json(object),
            })
            .collect());
    }
    let mut fields = document::fields(&names.context.schema, kind, name, text)?;
    let slug = fields.remove("id").and_then(|v| v.as_text().map(str::to_owned));
    Ok(vec![Input { slug: slug.filter(|_| kind.is_slug()), form: Form::Toml(fields) }])
}

/// A file the user named; `-` is stdin.
pub fn read_file(name: &str) -> Result<Vec<u8>, Failure> {
    if name == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
        return Ok(bytes);
    }
    let path = std::path::Path::new(name);
    std::fs::read(path).map_err(|e| file_error(path, &e))
}

/// Ids of the names given as positional arguments, shared by verbs that take several.
pub fn named_ids(
    draft: &Draft<'_>,
    names: &Names<'_>,
    noun: &str,
    matches: &ArgMatches,
) -> Result<Vec<String>, Failure> {
    let ids = names.all(draft, &[noun], &given(matches, "ids").unwrap_or_default())?;
    for id in &ids {
        names.mention(id);
    }
    Ok(ids)
}
