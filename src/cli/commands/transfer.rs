//! `import` and `export`: whole files of records, each import one commit.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

use super::super::args::{Words, listing, option, place, switch, writing};
use super::super::change::Done;
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::super::resolve::Names;
use super::super::ui::atomically;
use super::list::View;
use super::{Standalone, cards, export_all, told};
use crate::draft::Draft;
use crate::draft::complete::{complete, refresh};
use crate::exchange::delimited::{self, Options as Delimited};
use crate::exchange::target::Subject;
use crate::exchange::{
    self, MapFile, Mapping, OnError, OnMatch, Options, Outcome, Reject, Sheet, World, rejects_csv,
};
use crate::formats::Format;
use crate::locale::{Language, Locale};
use crate::model::Problem;
use crate::model::record::{CodeList, Kind};
use crate::query::nearest;
use crate::table::{Audience, Cell, Column};

/// `crm import TYPE FILE`.
pub const IMPORT: Standalone = Standalone {
    name: "import",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let command = command.args([
            place("type", "TYPE", words).required(true),
            place("file", "FILE|GLOB|-", words).required(true).num_args(1..),
            option("map", "FILE", words),
            option("match", "FIELD,…", words),
            option("on-match", "update|skip|error", words),
            option("group-by", "FIELD,…", words),
            option("create-missing", "NOUN", words).action(clap::ArgAction::Append),
            option("delimiter", "CHAR", words),
            option("encoding", "NAME", words),
            option("date-format", "FORMAT", words),
            switch("decimal-comma", words),
            option("on-error", "abort|skip", words),
            option("rejects", "FILE", words),
        ]);
        writing(command, &|_| false, words)
    },
    run: |context, matches| {
        let asked = Asked::from(context, matches)?;
        let outcome = import(context, &asked, &Writing::from(context, matches)?)?;
        Ok(outcome)
    },
};

/// `crm export TYPE`.
pub const EXPORT: Standalone = Standalone {
    name: "export",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let narrowing = ["where", "fields", "sort", "limit", "view", "archived"];
        listing(command.arg(place("type", "TYPE", words).required_unless_present("all")), words).args([
            switch("archived", words),
            switch("all", words).conflicts_with_all(narrowing),
            option("partition", "year", words).requires("all"),
            option("as-of", "DATE", words).requires("all"),
            switch("force", words).requires("all"),
        ])
    },
    run: |context, matches| {
        if on(matches, "all") { export_all::export_all(context, matches) } else { export(context, matches) }
    },
};

/// An import as asked for.
#[derive(Debug)]
pub struct Asked {
    pub subject: Subject,
    /// Name and bytes of each file.
    pub files: Vec<(String, Vec<u8>)>,
    pub map: MapFile,
    pub options: Options,
    pub delimiter: Option<u8>,
    pub encoding: Option<String>,
    pub no_header: bool,
    /// The files are cards, whatever their names end in.
    pub cards: bool,
    pub rejects: Option<String>,
}

impl Asked {
    fn from(context: &Context, matches: &ArgMatches) -> Result<Self, Failure> {
        let map = match one(matches, "map") {
            None => MapFile::default(),
            Some(name) => {
                let bytes = super::records::read_file(&name)?;
                let text = String::from_utf8(bytes).map_err(|e| {
                    Problem::invalid("bad-utf8").arg("offset", e.utf8_error().valid_up_to()).at(&name, None)
                })?;
                MapFile::parse(&text).map_err(|p| p.at(&name, None))?
            }
        };
        let list = |name: &str| -> Vec<String> {
            let texts = given(matches, name).unwrap_or_default();
            texts
                .iter()
                .flat_map(|t| t.split(','))
                .map(|t| t.trim().to_owned())
                .filter(|t| !t.is_empty())
                .collect()
        };
        let on_match = choice(
            matches,
            "on-match",
            &[("update", OnMatch::Update), ("skip", OnMatch::Skip), ("error", OnMatch::Error)],
        )?;
        let on_error = choice(matches, "on-error", &[("abort", OnError::Abort), ("skip", OnError::Skip)])?;
        let options = Options {
            match_fields: list("match"),
            on_match,
            group_by: list("group-by"),
            create_missing: list("create-missing"),
            on_error,
            date_format: one(matches, "date-format"),
            decimal_comma: on(matches, "decimal-comma"),
        };
        let mut files = Vec::new();
        for name in given(matches, "file").unwrap_or_default() {
            for name in expanded(&name)? {
                let bytes = super::records::read_file(&name)?;
                files.push((name, bytes));
            }
        }
        Ok(Self {
            subject: subject(context, &one(matches, "type").unwrap_or_default())?,
            files,
            map,
            options,
            delimiter: delimiter(matches)?,
            encoding: one(matches, "encoding"),
            no_header: !context.ui.style.header,
            cards: one(matches, "format").as_deref() == Some(Format::Vcf.name()),
            rejects: one(matches, "rejects"),
        })
    }
}

fn choice<T: Copy>(matches: &ArgMatches, flag: &str, known: &[(&str, T)]) -> Result<T, Problem> {
    let Some(text) = one(matches, flag) else { return Ok(known[0].1) };
    known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        Problem::usage("bad-code").arg("value", &text).arg("field", flag).field(flag).legal(names)
    })
}

fn delimiter(matches: &ArgMatches) -> Result<Option<u8>, Problem> {
    match one(matches, "delimiter").as_deref() {
        None => Ok(None),
        Some("tab" | "\\t" | "\t") => Ok(Some(b'\t')),
        Some(text) if text.len() == 1 => Ok(text.bytes().next()),
        Some(text) => Err(Problem::usage("bad-delimiter").arg("value", text)),
    }
}

/// A file name, or the files of a pattern in order.
fn expanded(name: &str) -> Result<Vec<String>, Failure> {
    if name == "-" || std::path::Path::new(name).exists() || !name.contains(['*', '?', '[']) {
        return Ok(vec![name.to_owned()]);
    }
    let paths =
        glob::glob(name).map_err(|e| Problem::usage("bad-glob").arg("value", name).arg("reason", e))?;
    let found: Vec<String> = paths.filter_map(Result::ok).map(|p| p.to_string_lossy().into_owned()).collect();
    if found.is_empty() {
        return Err(Problem::new(crate::model::Class::NotFound, "no-such-file").arg("value", name).into());
    }
    Ok(found)
}

/// `customer`, or `order.line` for child rows alone.
fn subject(context: &Context, text: &str) -> Result<Subject, Problem> {
    let (noun, rows) = text.split_once('.').map_or((text, None), |(noun, rows)| (noun, Some(rows)));
    let kind = context
        .schema
        .kind(noun)
        .or_else(|| context.schema.kinds().iter().copied().find(|k| k.folder == noun))
        .ok_or_else(|| {
            let known: Vec<&str> = context.schema.kinds().iter().map(|k| k.name).collect();
            Problem::usage("unknown-noun").arg("value", noun).candidates(nearest(noun, &known))
        })?;
    let rows = match rows {
        None => None,
        Some(name) => Some(
            kind.rows().find(|(f, _)| f.singular() == name || f.name == name).map(|(f, _)| f).ok_or_else(
                || {
                    Problem::usage("unknown-noun")
                        .arg("value", text)
                        .candidates(kind.rows().map(|(f, _)| format!("{noun}.{}", f.singular())))
                },
            )?,
        ),
    };
    Ok(Subject { kind, rows })
}

/// The labels of a field in both languages.
fn labels(context: &Context) -> impl Fn(&Kind, &str) -> Vec<String> {
    let languages = [Locale::new(Language::English), Locale::new(Language::Chinese)];
    let schema = context.schema.clone();
    move |kind, field| languages.iter().map(|l| l.field(&schema, kind, field)).collect()
}

/// The labels of a code in both languages.
pub fn code_labels(context: &Context) -> impl Fn(&CodeList, &str) -> Vec<String> {
    let languages = [Locale::new(Language::English), Locale::new(Language::Chinese)];
    let schema = context.schema.clone();
    move |list, code| languages.iter().map(|l| l.code(&schema, list, code)).collect()
}

/// Reads the files and makes one change of them.
pub fn import(context: &Context, asked: &Asked, writing: &Writing) -> Result<Exit, Failure> {
    let noun = asked.subject.kind.name;
    let labels = labels(context);
    let mut sheets = Vec::new();
    for (name, bytes) in &asked.files {
        let sheet = sheet(asked, name, bytes).map_err(|p| {
            if p.path.is_none() || p.path.as_deref() == Some("") {
                let line = p.line;
                p.at(name, line)
            } else {
                p
            }
        })?;
        let mapping =
            Mapping::new(asked.subject, &sheet, &asked.map, &labels).map_err(|p| p.at(name, Some(1)))?;
        sheets.push((name.as_str(), sheet, mapping));
    }
    let mut writing = writing.clone();
    for (name, bytes) in &asked.files {
        let digest = crate::store::ObjectId::of_file(bytes).to_string();
        writing.payload.insert(format!("file {name}"), vec![digest]);
    }
    let total: usize = sheets.iter().map(|(_, sheet, _)| sheet.rows.len()).sum();
    let bar = context.progress("progress-import", total);
    let mut all: Vec<(String, Outcome)> = Vec::new();
    let skips = asked.options.on_error == OnError::Skip;
    let result = loop {
        let result = context.change(&format!("import {noun}"), &writing, &mut |draft, names| {
            all.clear();
            for (name, sheet, mapping) in &sheets {
                let outcome = import_sheet(context, asked, draft, names, sheet, mapping, &mut |n| {
                    bar.set_position(n as u64);
                })?;
                all.push(((*name).to_owned(), outcome));
            }
            let rejected: usize = all.iter().map(|(_, o)| o.rejects.len()).sum();
            if rejected > 0 && !skips {
                return Err(Failure::silent(Exit::Invalid));
            }
            Ok(())
        });
        match &result {
            // Rows whose records a rule refuses are set aside, and the others tried again.
            Err(failure) if skips && set_aside(&mut sheets, &all, failure) => {}
            _ => break result,
        }
    };
    bar.finish();
    let rejects: Vec<(usize, &Reject)> =
        all.iter().enumerate().flat_map(|(at, (_, o))| o.rejects.iter().map(move |r| (at, r))).collect();
    write_rejects(context, asked, &sheets, &all)?;
    match result {
        Err(failure) if failure.silent && !rejects.is_empty() => {
            Err(Failure::many(rejects.iter().map(|(at, r)| reject_problem(&all[*at].0, r)).collect()))
        }
        Err(mut failure) => {
            locate(&mut failure, &all);
            Err(failure)
        }
        Ok(done) => {
            finished(context, noun, &done, &all)?;
            for (at, reject) in &rejects {
                let problem = reject_problem(&all[*at].0, reject);
                context.ui.stderr(&super::super::error::located(&context.locale, &problem));
            }
            Ok(if rejects.is_empty() { Exit::Ok } else { Exit::Partial })
        }
    }
}

fn sheet(asked: &Asked, name: &str, bytes: &[u8]) -> Result<Sheet, Problem> {
    let ending = name.rsplit('.').next().unwrap_or_default();
    if asked.cards || ending.eq_ignore_ascii_case("vcf") || ending.eq_ignore_ascii_case("vcard") {
        let Subject { kind, rows } = asked.subject;
        if let Some(rows) = rows {
            let noun = format!("{}.{}", kind.name, rows.singular());
            return Err(Problem::usage("no-cards-of").arg("noun", noun));
        }
        return exchange::cards::sheet(kind, bytes, asked.encoding.as_deref());
    }
    if matches!(ending, "json" | "jsonl" | "ndjson") {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| Problem::invalid("bad-utf8").arg("offset", e.valid_up_to()).at(name, None))?;
        return exchange::json::read(text);
    }
    let options = Delimited {
        delimiter: asked.delimiter,
        encoding: asked.encoding.as_deref(),
        no_header: asked.no_header,
    };
    delimited::read(bytes, &options)
}

fn import_sheet(
    context: &Context,
    asked: &Asked,
    draft: &mut Draft<'_>,
    names: &Names<'_>,
    sheet: &Sheet,
    mapping: &Mapping,
    progress: &mut dyn FnMut(usize),
) -> Result<Outcome, Problem> {
    let clock = context.clock();
    let codes = code_labels(context);
    let world = World {
        resolver: names,
        complete: &|draft, doc| {
            draft.fill(doc);
            complete(draft, doc)
        },
        refresh: &refresh,
        clock: &clock,
        zone: &|at| context.at_company(at),
        labels: &codes,
    };
    exchange::import(draft, sheet, mapping, &asked.options, &world, progress)
}

/// Sets the rows aside that a refusal is about; whether there were any.
fn set_aside(sheets: &mut [(&str, Sheet, Mapping)], all: &[(String, Outcome)], failure: &Failure) -> bool {
    let mut any = false;
    for ((_, sheet, _), (_, outcome)) in sheets.iter_mut().zip(all) {
        let lines: BTreeMap<usize, Problem> = failure
            .problems
            .iter()
            .filter_map(|p| Some((*outcome.lines.get(p.path.as_ref()?)?, p.clone())))
            .collect();
        any |= !lines.is_empty();
        sheet.set_aside(&lines);
    }
    any
}

/// A rejected row as a problem at its line of the file.
fn reject_problem(file: &str, reject: &Reject) -> Problem {
    let mut problem = reject.problem.clone();
    problem.path = Some(file.to_owned());
    problem.line = Some(reject.line);
    problem
}

/// Gives the problems of records that the rules refused the lines they came from.
fn locate(failure: &mut Failure, all: &[(String, Outcome)]) {
    for problem in &mut failure.problems {
        let Some(path) = problem.path.clone() else { continue };
        for (file, outcome) in all {
            if let Some(line) = outcome.lines.get(&path) {
                problem.path = Some(file.clone());
                problem.line = Some(*line);
            }
        }
    }
}

fn write_rejects(
    context: &Context,
    asked: &Asked,
    sheets: &[(&str, Sheet, Mapping)],
    all: &[(String, Outcome)],
) -> Result<(), Failure> {
    let Some(path) = &asked.rejects else { return Ok(()) };
    let mut bytes = Vec::new();
    for ((_, sheet, _), (_, outcome)) in sheets.iter().zip(all) {
        if !outcome.rejects.is_empty() {
            bytes.extend(rejects_csv(sheet, &outcome.rejects, &|p| context.locale.problem(p)));
        }
    }
    if bytes.is_empty() {
        return Ok(());
    }
    let path = std::path::Path::new(path);
    atomically(path, &bytes)
}

fn finished(context: &Context, noun: &str, done: &Done, all: &[(String, Outcome)]) -> Result<(), Failure> {
    let sum = |count: fn(&Outcome) -> usize| all.iter().map(|(_, o)| count(o)).sum::<usize>().to_string();
    context.say(
        "imported",
        &[
            ("noun", noun),
            ("made", &sum(|o| o.made)),
            ("updated", &sum(|o| o.updated)),
            ("unchanged", &sum(|o| o.unchanged)),
            ("skipped", &sum(|o| o.skipped)),
            ("besides", &sum(|o| o.made_besides)),
            ("rejected", &sum(|o| o.rejects.len())),
        ],
    );
    // Ten thousand ids help nobody; `list` has them.
    if done.ids.len() > 1000 && !context.globals.dry_run {
        context.warn(&done.warnings);
        return Ok(());
    }
    told(context, &format!("import {noun}"), done)
}

fn export(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.allow_export()?;
    if one(matches, "format").is_some_and(|name| export_all::OWN_FORMATS.contains(&name.as_str())) {
        return Err(Problem::usage("missing-flag").arg("flag", "--all").into());
    }
    let subject = subject(context, &one(matches, "type").unwrap_or_default())?;
    let kind = subject.kind;
    let view = View::from(context, kind, matches)?;
    let store = context.store()?;
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| store.mirror_at(commit, context)).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Exit::Ok) };
    let broken = mirror.broken_of(&[kind.name])?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(super::list::broken_problem).collect()));
    }
    let docs = cards::records(context, mirror, kind, &view, at)?;
    let done = if broken.is_empty() { Exit::Ok } else { Exit::Partial };
    if cards::wanted(context, kind) {
        cards::print(context, mirror, kind, &docs, at)?;
        return Ok(done);
    }
    let titles: std::cell::RefCell<BTreeMap<String, Option<String>>> = std::cell::RefCell::default();
    let name = |nouns: &[&str], id: &str| -> Option<String> {
        if let Some(found) = titles.borrow().get(id) {
            return found.clone();
        }
        let found = mirror.titles(nouns, &[id]).ok().and_then(|mut t| t.remove(id));
        titles.borrow_mut().insert(id.to_owned(), found.clone());
        found
    };
    let label = |list: &CodeList, code: &str| context.locale.code(&context.schema, list, code);
    let mut table = exchange::export(kind, &docs, &exchange::export::Words { name: &name, label: &label });
    for column in &mut table.columns {
        column.label = context.locale.field(&context.schema, kind, &column.code);
    }
    if matches!(context.ui.format, Some(Format::Json | Format::Jsonl)) {
        return export_json(context, kind, &docs);
    }
    context.ui.table(&table, Format::Csv)?;
    Ok(done)
}

/// Records with their rows nested, as `show` gives them.
fn export_json(
    context: &Context,
    kind: &'static Kind,
    docs: &[crate::model::record::Doc],
) -> Result<Exit, Failure> {
    let store = context.store()?;
    let mut table = crate::table::Table::new(kind.folder, Vec::new());
    for doc in docs {
        let one = super::show::table(context, store, doc, &mut |id| {
            let told = context.may_tell(id.0, id.1, "name").unwrap_or(false);
            told.then(|| super::show::title_in_work(store, id)).flatten()
        })?;
        // Records show different columns to people; to programs all of a type the same.
        let data: Vec<usize> =
            (0..one.columns.len()).filter(|at| one.columns[*at].audience != Audience::People).collect();
        if table.columns.is_empty() {
            table.columns = data.iter().map(|at| one.columns[*at].clone()).collect();
        }
        for row in &one.rows {
            let cell = |column: &Column| one.position(&column.code).map_or(Cell::Null, |at| row[at].clone());
            table.rows.push(table.columns.iter().map(cell).collect());
        }
    }
    context.ui.table(&table, Format::Json)?;
    Ok(Exit::Ok)
}
