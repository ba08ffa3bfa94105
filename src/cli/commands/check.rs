//! `check`: every record and rule, each finding with its path and line; `--fix` where it is safe.

use clap::{ArgMatches, Command};

use super::super::args::{Words, place, switch};
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on};
use super::super::store::Everything;
use super::{Standalone, told};
use crate::formats::Format;
use crate::model::Problem;
use crate::model::record::Doc;
use crate::rules::{self, Judge};
use crate::store::{EditStatus, document};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm check`.
pub const CHECK: Standalone = Standalone {
    name: "check",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("ids", "PATH|ID", words).num_args(0..))
            .arg(switch("strict", words))
            .arg(switch("fix", words))
    },
    run: check,
};

fn check(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    if on(matches, "fix") {
        fix(context)?;
    }
    let folders: Vec<&str> = store.schema().kinds().iter().map(|k| k.folder).collect();
    let mut paths: Vec<String> = Vec::new();
    let mut found: Vec<Problem> = Vec::new();
    for (path, stat) in store.repo.scan_work(&folders)? {
        if !path.ends_with(".toml") {
            continue;
        }
        if stat.is_regular() {
            paths.push(path);
        }
    }
    for edit in store.repo.hand_edits(&folders)? {
        let in_its_place =
            || edit.status == EditStatus::Removed && store.repo.root().join(&edit.path).exists();
        if edit.status == EditStatus::NotRegular || in_its_place() {
            found.push(Problem::invalid("store-not-regular").arg("path", &edit.path).at(&edit.path, None));
        }
    }
    let wanted = given(matches, "ids").unwrap_or_default();
    if !wanted.is_empty() {
        let stem = |p: &str| p.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml").to_owned();
        paths.retain(|p| wanted.iter().any(|w| w == p || *w == stem(p) || p.starts_with(&format!("{w}/"))));
    }
    paths.sort();
    let bar = context.progress("progress-check", paths.len());
    let docs = read_all(context, &paths, &mut found)?;
    let mirror = context.mirror()?;
    let view = Everything::new(store, &mirror);
    let allow = std::collections::BTreeSet::new();
    let judge = Judge { allow: &allow, now: context.now, today: context.today };
    for doc in &docs {
        bar.inc(1);
        match rules::check(&view, &judge, doc) {
            Ok(problems) => found.extend(problems.into_iter().map(|p| match p.path {
                Some(_) => p,
                None => p.at(doc.path(), None),
            })),
            Err(problem) => found.push(problem),
        }
    }
    bar.finish();
    found.sort_by(|a, b| (&a.path, a.line, a.id).cmp(&(&b.path, b.line, b.id)));
    found.dedup();
    report(context, &found, paths.len(), on(matches, "strict"))
}

fn read_all(context: &Context, paths: &[String], found: &mut Vec<Problem>) -> Result<Vec<Doc>, Failure> {
    let store = context.store()?;
    let mut docs = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = match store.repo.read_work(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            Err(crate::store::StoreError::TooLarge { .. }) => {
                found.push(Problem::invalid("record-too-large").arg("bytes", "> 1048576").at(path, None));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match document::parse(store.schema(), path, &bytes) {
            Ok(read) => {
                found.extend(read.warnings);
                if bytes.contains(&b'\r') {
                    found.push(
                        Problem::invalid("carriage-return").hint("fmt-hint").at(path, None).as_warning(),
                    );
                }
                docs.push(read.doc);
            }
            Err(problem) => found.push(problem),
        }
    }
    Ok(docs)
}

fn report(context: &Context, found: &[Problem], records: usize, strict: bool) -> Result<Exit, Failure> {
    let label = |name: &str| context.text(&format!("field-check-{name}"), &[]);
    let columns = [
        ("path", ColumnType::Text),
        ("line", ColumnType::Int),
        ("severity", ColumnType::Code),
        ("rule", ColumnType::Text),
        ("message", ColumnType::Prose),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-findings", &[]), ..Table::new("check", columns) };
    for problem in found {
        let severity = if problem.warning { "warning" } else { "error" };
        table.rows.push(vec![
            problem.path.as_ref().map_or(Cell::Null, Cell::text),
            problem.line.and_then(|l| i64::try_from(l).ok()).map_or(Cell::Null, Cell::Int),
            Cell::Code { code: severity.to_owned(), label: context.text(&format!("word-{severity}"), &[]) },
            Cell::text(problem.id),
            Cell::text(context.locale.problem(problem)),
        ]);
    }
    let errors = found.iter().filter(|p| !p.warning).count();
    if table.rows.is_empty() && context.ui.format.is_none() && context.ui.output_file().is_none() {
        context.say("check-clean", &[("count", &records.to_string())]);
        return Ok(Exit::Ok);
    }
    if context.ui.format.is_none() {
        let lines = found.iter().map(|p| {
            let severity = context.text(if p.warning { "word-warning" } else { "word-error" }, &[]);
            let line = p.line.map_or(String::new(), |l| format!(":{l}"));
            let text = crate::formats::display(&context.locale.problem(p)).into_owned();
            format!("{}{line}: {severity}: {text} [{}]", p.path.as_deref().unwrap_or("-"), p.id)
        });
        context.ui.lines(lines)?;
    } else {
        context.ui.table(&table, Format::Table)?;
    }
    if errors > 0 || (strict && !found.is_empty()) { Ok(Exit::CheckFailed) } else { Ok(Exit::Ok) }
}

/// What can be mended without a person: equal numbers that two clones gave, moves that both made.
fn fix(context: &Context) -> Result<(), Failure> {
    let store = context.store()?;
    let Some(tip) = store.repo.tip()? else { return Ok(()) };
    let mut docs = Vec::new();
    for file in store.repo.tree_files(tip.tree)? {
        let named = store.schema().kind_of_path(&file.path).is_some() && file.path.ends_with(".toml");
        if named && file.is_regular() {
            let bytes = store.repo.blob(file.id)?;
            docs.extend(document::parse(store.schema(), &file.path, &bytes).ok().map(|read| read.doc));
        }
    }
    let done = context.change("check fix", &Writing::default(), &mut |draft, _| {
        let said = crate::draft::fix::mend(draft, &docs)?;
        draft.remarks.extend(said);
        Ok(())
    })?;
    told(context, "check fix", &done)
}
