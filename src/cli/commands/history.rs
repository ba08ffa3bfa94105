//! Who changed which field from what to what: `log`, `NOUN history`, `diff A..B`.

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place};
use super::super::change::trailers;
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::store::Store;
use super::Standalone;
use crate::draft::message::differences;
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::query::parse_period;
use crate::rules::Change;
use crate::store::{Commit, FileChanged, LogQuery, ObjectId, document};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm log [RECORD]`.
pub const LOG: Standalone = Standalone {
    name: "log",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("id", "RECORD", words))
            .arg(option("user", "USER", words))
            .arg(option("since", "DATE", words))
            .arg(option("until", "DATE", words))
            .arg(option("op", "COMMAND", words))
            .arg(option("field", "FIELD", words))
            .arg(option("limit", "N", words))
            .arg(option("fields", "FIELD,…", words))
    },
    run: |context, matches| {
        let store = context.store()?;
        let path = match one(matches, "id") {
            None => None,
            Some(text) => Some(path_of(context, store, store.schema().kinds(), &text)?),
        };
        log(context, store, path.as_deref(), matches)
    },
};

/// `crm diff A..B`.
pub const DIFF: Standalone = Standalone {
    name: "diff",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.arg(place("range", "A..B", words)).arg(option("field", "FIELD", words)).arg(option(
            "fields",
            "FIELD,…",
            words,
        ))
    },
    run: diff,
};

/// `crm NOUN history ID`.
pub fn of_record(context: &Context, kind: &'static Kind, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let path = path_of(context, store, &[kind], &one(matches, "id").unwrap_or_default())?;
    log(context, store, Some(&path), matches)
}

/// The path of a record, also of one that is gone: its full id says the path.
fn path_of(context: &Context, store: &Store, kinds: &[&'static Kind], text: &str) -> Result<String, Failure> {
    if let Some(kind) = store.schema().kind_of_id(text).filter(|k| kinds.contains(k))
        && crate::model::value::is_id(text)
    {
        return Ok(kind.path(text));
    }
    match super::show::find(context, store, kinds, text) {
        Ok((kind, id)) => Ok(kind.path(&id)),
        Err(failure) => {
            let slug = kinds.iter().find(|k| k.is_slug()).filter(|_| kinds.len() == 1);
            match slug.map(|k| k.path(text)) {
                Some(path)
                    if !store
                        .repo
                        .log(&LogQuery { limit: Some(1), paths: &[&path], ..LogQuery::default() })?
                        .is_empty() =>
                {
                    Ok(path)
                }
                _ => Err(failure),
            }
        }
    }
}

/// A changed field in a commit.
struct Line {
    record: String,
    noun: &'static str,
    field: String,
    from: Option<String>,
    to: Option<String>,
}

/// What a file's change means, field by field.
fn lines_of(store: &Store, file: &FileChanged) -> Result<Vec<Line>, Failure> {
    let Some(kind) = store.schema().kind_of_path(&file.path) else { return Ok(Vec::new()) };
    let doc = |id: Option<ObjectId>| -> Result<Option<Doc>, Failure> {
        let Some(id) = id else { return Ok(None) };
        let bytes = store.repo.blob(id)?;
        Ok(document::parse(store.schema(), &file.path, &bytes).ok().map(|read| read.doc))
    };
    let (old, new) = (doc(file.old)?, doc(file.new)?);
    let id = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml").to_owned();
    let line = |field: String, from: Option<String>, to: Option<String>| Line {
        record: id.clone(),
        noun: kind.name,
        field,
        from,
        to,
    };
    Ok(match (old, new) {
        (Some(old), Some(new)) => {
            differences(&old, &new).into_iter().map(|(f, from, to)| line(f, from, to)).collect()
        }
        (None, Some(new)) => vec![line("(added)".to_owned(), None, Some(new.title().to_owned()))],
        (Some(old), None) => vec![line("(removed)".to_owned(), Some(old.title().to_owned()), None)],
        (None, None) => Vec::new(),
    })
}

fn log(context: &Context, store: &Store, path: Option<&str>, matches: &ArgMatches) -> Result<Exit, Failure> {
    let clock = context.clock();
    let since = one(matches, "since").map(|t| parse_period(&t, &clock)).transpose()?.map(|p| p.start);
    let until = one(matches, "until").map(|t| parse_period(&t, &clock)).transpose()?.map(|p| p.end);
    let (user, op, field) = (one(matches, "user"), one(matches, "op"), one(matches, "field"));
    let limit = one(matches, "limit")
        .map(|text| text.parse::<usize>().map_err(|_| Problem::usage("bad-int").arg("value", text)))
        .transpose()?
        .unwrap_or(usize::MAX);
    let filtered = user.is_some() || op.is_some() || since.is_some() || until.is_some() || field.is_some();
    let paths: Vec<&str> = path.into_iter().collect();
    let query = LogQuery { limit: (!filtered).then_some(limit), paths: &paths, ..LogQuery::default() };
    let label = |name: &str| context.text(&format!("field-log-{name}"), &[]);
    let columns = [
        ("commit", ColumnType::Text),
        ("at", ColumnType::Instant),
        ("user", ColumnType::Text),
        ("op", ColumnType::Text),
        ("record", ColumnType::Id),
        ("field", ColumnType::Text),
        ("from", ColumnType::Text),
        ("to", ColumnType::Text),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-log", &[]), ..Table::new("log", columns) };
    table.id_column = Some(0);
    let mut shown = 0;
    for commit in store.repo.log(&query)? {
        if shown == limit {
            break;
        }
        let actor = trailer(&commit, "Crm-Actor").unwrap_or_else(|| commit.author.name.clone());
        let did = trailer(&commit, "Crm-Op").unwrap_or_else(|| "git".to_owned());
        let at = moment_of(&commit);
        let wanted = user
            .as_ref()
            .is_none_or(|u| *u == actor || *u == commit.author.email || *u == commit.author.name)
            && op.as_ref().is_none_or(|o| did == *o || did.starts_with(&format!("{o} ")))
            && since.is_none_or(|day| at.date_naive() >= day)
            && until.is_none_or(|day| at.date_naive() <= day);
        if !wanted {
            continue;
        }
        let before = table.rows.len();
        let many = commit.files.len() > 200;
        for file in commit.files.iter().take(if many { 0 } else { usize::MAX }) {
            for line in lines_of(store, file)? {
                if !context.may_tell(line.noun, &line.record, &line.field)? {
                    continue;
                }
                if field.as_ref().is_none_or(|f| line.field == *f || line.field.starts_with(&format!("{f}[")))
                {
                    table.rows.push(vec![
                        Cell::text(commit.id.short()),
                        Cell::Instant(at),
                        Cell::text(&actor),
                        Cell::text(&did),
                        Cell::text(&line.record),
                        Cell::text(&line.field),
                        line.from.map_or(Cell::Null, Cell::Text),
                        line.to.map_or(Cell::Null, Cell::Text),
                    ]);
                }
            }
        }
        if table.rows.len() == before && field.is_none() && context.reading()?.is_none() {
            let count = format!("({} records)", commit.files.len());
            table.rows.push(vec![
                Cell::text(commit.id.short()),
                Cell::Instant(at),
                Cell::text(&actor),
                Cell::text(&did),
                Cell::Null,
                Cell::text(count),
                Cell::Null,
                Cell::text(commit.message.lines().next().unwrap_or_default()),
            ]);
        }
        if table.rows.len() > before {
            shown += 1;
        }
    }
    super::list::print_chosen(context, table, matches)?;
    Ok(Exit::Ok)
}

/// When a commit was made, in the zone it was made in.
pub fn moment_of(commit: &Commit) -> chrono::DateTime<chrono::FixedOffset> {
    let offset = chrono::FixedOffset::east_opt(commit.when.offset_minutes * 60);
    let at = chrono::DateTime::from_timestamp(commit.when.seconds, 0).unwrap_or_default();
    at.with_timezone(&offset.unwrap_or_else(|| chrono::DateTime::<chrono::FixedOffset>::default().timezone()))
}

/// A trailer of a commit's message: of its last paragraph alone.
pub fn trailer(commit: &Commit, name: &str) -> Option<String> {
    trailer_of(&commit.message, name)
}

/// A trailer of a message.
pub fn trailer_of(message: &str, name: &str) -> Option<String> {
    let value = trailers(message).find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
    Some(value.trim().to_owned())
}

fn diff(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let range = one(matches, "range").unwrap_or_else(|| "HEAD".to_owned());
    let (from, to) = match range.split_once("..") {
        Some((from, to)) => (from.to_owned(), if to.is_empty() { None } else { Some(to.to_owned()) }),
        None => (range, None),
    };
    let from = context.revision(&from)?;
    let field = one(matches, "field");
    let label = |name: &str| context.text(&format!("field-log-{name}"), &[]);
    let columns = [
        ("type", ColumnType::Text),
        ("record", ColumnType::Id),
        ("field", ColumnType::Text),
        ("from", ColumnType::Text),
        ("to", ColumnType::Text),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-diff", &[]), ..Table::new("diff", columns) };
    let mut all = Vec::new();
    match to {
        Some(to) => {
            let to = context.revision(&to)?;
            let (a, b) = (store.repo.tip_at_commit(from)?.tree, store.repo.tip_at_commit(to)?.tree);
            for file in store.repo.changed_files(a, b)? {
                all.extend(lines_of(store, &file)?);
            }
        }
        None => all.extend(against_work(store, from)?),
    }
    for line in all {
        let told = context.may_tell(line.noun, &line.record, &line.field)?;
        if told && field.as_ref().is_none_or(|f| line.field == *f) {
            table.rows.push(vec![
                Cell::text(line.noun),
                Cell::text(&line.record),
                Cell::text(&line.field),
                line.from.map_or(Cell::Null, Cell::Text),
                line.to.map_or(Cell::Null, Cell::Text),
            ]);
        }
    }
    table.id_column = Some(1);
    super::list::print_chosen(context, table, matches)?;
    Ok(Exit::Ok)
}

/// A commit against the files as they are: commits since and hand edits together.
fn against_work(store: &Store, from: ObjectId) -> Result<Vec<Line>, Failure> {
    let Some(tip) = store.repo.tip()? else { return Ok(Vec::new()) };
    let mut paths: Vec<String> = store
        .repo
        .changed_files(store.repo.tip_at_commit(from)?.tree, tip.tree)?
        .into_iter()
        .map(|file| file.path)
        .collect();
    let folders: Vec<&str> = store.schema().kinds().iter().map(|k| k.folder).collect();
    paths.extend(store.repo.hand_edits(&folders)?.into_iter().map(|edit| edit.path));
    paths.sort();
    paths.dedup();
    let mut lines = Vec::new();
    for path in paths {
        let Some(kind) = store.schema().kind_of_path(&path) else { continue };
        let old = store.repo.read_at(from, &path)?;
        let new = store.repo.read_work(&path)?;
        let doc = |bytes: Option<Vec<u8>>| -> Result<Option<Doc>, Problem> {
            bytes.map(|b| document::parse(store.schema(), &path, &b).map(|r| r.doc)).transpose()
        };
        let (old, new) = (doc(old)?, doc(new)?);
        let record = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml").to_owned();
        let line =
            |field: String, from, to| Line { record: record.clone(), noun: kind.name, field, from, to };
        match (old, new) {
            (Some(old), Some(new)) => {
                lines.extend(differences(&old, &new).into_iter().map(|(f, from, to)| line(f, from, to)));
            }
            (None, Some(new)) => lines.push(line("(added)".into(), None, Some(new.title().into()))),
            (Some(old), None) => lines.push(line("(removed)".into(), Some(old.title().into()), None)),
            (None, None) => {}
        }
    }
    Ok(lines)
}

/// A change as the lines of a diff, for dry runs.
pub fn text_diff(change: &Change) -> Vec<String> {
    let mut out = Vec::new();
    let doc = change.doc();
    match (&change.old, &change.new) {
        (None, Some(new)) => {
            out.push(format!("+++ {}", doc.path()));
            out.extend(document::canonical(new).lines().map(|l| format!("+{l}")));
        }
        (Some(old), None) => {
            out.push(format!("--- {}", doc.path()));
            out.extend(document::canonical(old).lines().map(|l| format!("-{l}")));
        }
        (Some(old), Some(new)) => {
            out.push(format!("=== {}", doc.path()));
            for (field, from, to) in differences(old, new) {
                out.push(format!(
                    "{field}: {} -> {}",
                    from.as_deref().unwrap_or("(none)"),
                    to.as_deref().unwrap_or("(none)")
                ));
            }
        }
        (None, None) => {}
    }
    out
}
