//! `check`: every record and rule, each finding with its path and line; `--fix` where it is safe.

use clap::{ArgMatches, Command};

use super::super::args::{Words, place, switch};
use super::super::context::{Context, Writing};
use super::super::environment::Environment;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on};
use super::super::progress::Bar;
use super::super::store::Everything;
use super::config::shown::nearer;
use super::{Standalone, told};
use crate::formats::Format;
use crate::model::Problem;
use crate::model::record::Doc;
use crate::model::schema::Schema;
use crate::rules::mend::mend;
use crate::rules::{self, Judge, View};
use crate::store::{EditStatus, FileChanged, ObjectId, StoreError, document};
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
            .arg(switch("staged", words).conflicts_with_all(["ids", "fix"]))
    },
    run: check,
};

fn check(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.may_judge()?;
    if on(matches, "fix") {
        fix(context)?;
    }
    let strict = on(matches, "strict");
    if on(matches, "staged") {
        let (found, count) = staged(context)?;
        return report(context, &found, ("check-clean", count), strict);
    }
    let wanted = given(matches, "ids").unwrap_or_default();
    let (found, count) = of_work(context, &wanted)?;
    report(context, &found, ("check-clean", count), strict)
}

/// What is wrong with the files as they are, and how many were looked at; of these paths, ids or
/// folders, or of all.
pub fn of_work(context: &Context, wanted: &[String]) -> Result<(Vec<Finding>, usize), Failure> {
    let store = context.store()?;
    let folders: Vec<&str> = store.schema().kinds().iter().map(|k| k.folder).collect();
    let mut paths: Vec<String> = Vec::new();
    let mut found: Vec<Finding> = Vec::new();
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
            let problem = Problem::invalid("store-not-regular").arg("path", &edit.path);
            found.push(problem.at(&edit.path, None).into());
        }
    }
    if wanted.is_empty() || wanted.iter().any(|wanted| wanted == "crm.toml") {
        let text = store.repo.read_work("crm.toml")?.unwrap_or_default();
        let odd = crate::store::settings::findings(&String::from_utf8_lossy(&text));
        found.extend(odd.into_iter().map(|problem| Finding::from(nearer(problem))));
    }
    if !wanted.is_empty() {
        paths.retain(|p| wanted.iter().any(|w| w == p || *w == stem(p) || p.starts_with(&format!("{w}/"))));
    }
    paths.sort();
    let bar = context.progress("progress-check", paths.len());
    let docs = read_all(context, &paths, &|path| store.repo.read_work(path), &mut found)?;
    let mirror = context.whole_mirror()?;
    judge(context, &Everything::new(store, &mirror), &docs, &bar, &mut found);
    bar.finish();
    sides(context, &mut found)?;
    found.dedup();
    Ok((found, paths.len()))
}

/// What is wrong with these records as a tree has them.
pub fn of_tree(context: &Context, tree: ObjectId, paths: &[String]) -> Result<Vec<Finding>, Failure> {
    let store = context.store()?;
    let mirror = store.mirror_of_tree(tree, context)?;
    let view = Everything::of_tree(store, &mirror, tree);
    let mut found = Vec::new();
    let docs = read_all(context, paths, &|path| store.repo.read_in(tree, path), &mut found)?;
    judge(context, &view, &docs, &context.progress("progress-check", docs.len()), &mut found);
    found.dedup();
    Ok(found)
}

/// What is wrong with the records that are staged, and with those that refer to what is staged to
/// go. A git that is just committing says where its index is.
fn staged(context: &Context) -> Result<(Vec<Finding>, usize), Failure> {
    let store = context.store()?;
    let index = Environment::named("GIT_INDEX_FILE").map(|path| Environment::directory().join(path));
    let tree = store.repo.staged_tree(index.as_deref())?;
    let head = store.repo.tip()?.map(|tip| tip.tree);
    let mut found = Vec::new();
    if let Err(error) = store.repo.check_tree(head, tree, &|_| true) {
        let failure = Failure::from(error);
        if failure.exit != Exit::Denied {
            return Err(failure);
        }
        found.extend(failure.problems.into_iter().map(Finding::from));
    }
    let changed = match head {
        Some(head) => store.repo.changed_files(head, tree)?,
        None => {
            let files = store.repo.tree_files(tree)?.into_iter();
            files.map(|file| FileChanged { path: file.path, old: None, new: Some(file.id) }).collect()
        }
    };
    if let Some(settings) = changed.iter().find(|file| file.path == "crm.toml")
        && let Some(id) = settings.new
    {
        let text = String::from_utf8_lossy(&store.repo.blob(id)?).into_owned();
        if let Err(problem) = crate::store::settings::parse(&text).and_then(Schema::new) {
            found.push(problem.at("crm.toml", None).into());
        }
    }
    let is_record = |path: &str| path.ends_with(".toml") && store.schema().kind_of_path(path).is_some();
    let mut paths: Vec<String> = changed
        .iter()
        .filter(|file| file.new.is_some() && is_record(&file.path))
        .map(|file| file.path.clone())
        .collect();
    let gone: Vec<&FileChanged> =
        changed.iter().filter(|file| file.new.is_none() && is_record(&file.path)).collect();
    if !gone.is_empty() {
        let mirror = store.mirror_of_tree(tree, context)?;
        let view = Everything::of_tree(store, &mirror, tree);
        for file in gone {
            for (noun, id, _) in view.referring(stem(&file.path))? {
                paths.extend(store.schema().kind(noun).map(|kind| kind.path(&id)));
            }
        }
    }
    paths.sort();
    paths.dedup();
    if !paths.is_empty() {
        found.extend(of_tree(context, tree, &paths)?);
    }
    Ok((found, paths.len()))
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml")
}

/// Runs the rules on each record.
fn judge(context: &Context, view: &dyn View, docs: &[Doc], bar: &Bar, found: &mut Vec<Finding>) {
    let allow = std::collections::BTreeSet::new();
    let judge = Judge { allow: &allow, now: context.now, today: context.today };
    for doc in docs {
        bar.inc(1);
        match rules::check(view, &judge, doc) {
            Ok(problems) => {
                for problem in problems {
                    let mend = mend(view, doc, &problem).unwrap_or_default();
                    let path = problem.path.clone().unwrap_or_else(|| doc.path());
                    let line = problem.line;
                    found.push(Finding { problem: problem.at(path, line), mend });
                }
            }
            Err(problem) => found.push(problem.into()),
        }
    }
    let place = |f: &Finding| (f.problem.path.clone(), f.problem.line, f.problem.id);
    found.sort_by_cached_key(place);
}

/// What was found, and the command that mends it.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub problem: Problem,
    pub mend: Option<String>,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Self { problem, mend: None }
    }
}

/// What a merge in progress left open is decided field by field.
fn sides(context: &Context, found: &mut [Finding]) -> Result<(), Failure> {
    let is_open = |finding: &&mut Finding| finding.problem.id == "unresolved-merge";
    let mut open = found.iter_mut().filter(is_open).peekable();
    if open.peek().is_none() {
        return Ok(());
    }
    let unmerged = context.store()?.repo.unmerged().unwrap_or_default();
    for finding in open {
        let path = finding.problem.path.as_ref().filter(|path| unmerged.contains(path));
        let id = path.and_then(|path| path.rsplit('/').next()?.strip_suffix(".toml"));
        finding.mend =
            id.map(|id| format!("crm resolve {id} --ours  # or --theirs, --field F; see crm conflicts"));
    }
    Ok(())
}

/// How the bytes of a record are had.
type Reader<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, StoreError>;

fn read_all(
    context: &Context,
    paths: &[String],
    read: Reader<'_>,
    found: &mut Vec<Finding>,
) -> Result<Vec<Doc>, Failure> {
    let store = context.store()?;
    let mut docs = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = match read(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            Err(StoreError::TooLarge { .. }) => {
                let problem = Problem::invalid("record-too-large").arg("bytes", "> 1048576");
                found.push(problem.at(path, None).into());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match document::parse(store.schema(), path, &bytes) {
            Ok(read) => {
                found.extend(read.warnings.into_iter().map(Finding::from));
                if bytes.contains(&b'\r') {
                    let problem = Problem::invalid("carriage-return").hint("fmt-hint").at(path, None);
                    found.push(problem.as_warning().into());
                }
                docs.push(read.doc);
            }
            Err(problem) => found.push(problem.into()),
        }
    }
    Ok(docs)
}

/// Tells what was found, or that nothing of so many is wrong.
pub fn report(
    context: &Context,
    found: &[Finding],
    (clean, count): (&'static str, usize),
    strict: bool,
) -> Result<Exit, Failure> {
    let label = |name: &str| context.text(&format!("field-check-{name}"), &[]);
    let columns = [
        ("path", ColumnType::Text),
        ("line", ColumnType::Int),
        ("severity", ColumnType::Code),
        ("rule", ColumnType::Text),
        ("message", ColumnType::Prose),
        ("mend", ColumnType::Text),
    ];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-findings", &[]), ..Table::new("check", columns) };
    for Finding { problem, mend } in found {
        let severity = if problem.warning { "warning" } else { "error" };
        table.rows.push(vec![
            problem.path.as_ref().map_or(Cell::Null, Cell::text),
            problem.line.and_then(|l| i64::try_from(l).ok()).map_or(Cell::Null, Cell::Int),
            Cell::Code { code: severity.to_owned(), label: context.text(&format!("word-{severity}"), &[]) },
            Cell::text(problem.id),
            Cell::text(context.locale.problem(problem)),
            mend.as_ref().map_or(Cell::Null, Cell::text),
        ]);
    }
    let errors = found.iter().filter(|f| !f.problem.warning).count();
    if table.rows.is_empty() && context.ui.format.is_none() && context.ui.output_file().is_none() {
        context.say(clean, &[("count", &count.to_string())]);
        return Ok(Exit::Ok);
    }
    if context.ui.format.is_none() {
        let lines = found.iter().map(|Finding { problem: p, mend }| {
            let severity = context.text(if p.warning { "word-warning" } else { "word-error" }, &[]);
            let line = p.line.map_or(String::new(), |l| format!(":{l}"));
            let text = crate::formats::display(&context.locale.problem(p)).into_owned();
            let mend = mend.as_ref().map_or(String::new(), |mend| format!(" -> {mend}"));
            format!("{}{line}: {severity}: {text} [{}]{mend}", p.path.as_deref().unwrap_or("-"), p.id)
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
