//! `export --all`: every table of the mirror for other engines, as a folder of csv, jsonl or Parquet
//! files with a manifest, or as one SQLite file.
//!
//! The same commit seen as of the same day gives the same bytes, and a file that stays the same is
//! not touched. Deliberately absent: exports of one type that `import` reads (see `transfer`).

mod folder;
mod manifest;
mod sheets;

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use self::folder::Folder;
pub use self::manifest::Facts;
use self::manifest::Written;
use self::sheets::Encoding;
use super::super::context::Context;
use super::super::error::{Exit, Failure, file_error};
use super::super::fields::{on, one};
use super::super::ui::Ui;
use super::list::broken_problem;
use crate::formats::Format;
use crate::mirror::{APPLICATION_ID, Mirror, Relation};
use crate::model::{Class, Problem};
use crate::table::{Cell, Column, ColumnType, Table};

/// Rows from which a table is parted into years unasked.
const LARGE: usize = 500_000;

const SQLITE: &str = "sqlite";
const PARQUET: &str = "parquet";
/// The names of the formats that only an export of everything has.
pub const OWN_FORMATS: [&str; 2] = [SQLITE, PARQUET];

/// What to write where.
struct Wanted {
    target: PathBuf,
    /// Absent: SQLite.
    encoding: Option<Encoding>,
    years: bool,
    force: bool,
}

impl Wanted {
    fn from(context: &Context, matches: &ArgMatches) -> Result<Self, Failure> {
        let encoding = match (one(matches, "format").as_deref(), context.ui.format(Format::Csv)) {
            (Some(SQLITE), _) => None,
            (Some(PARQUET), _) => {
                built_with(cfg!(feature = "parquet"), "Parquet", "parquet")?;
                Some(Encoding::Parquet)
            }
            (_, Format::Csv) => Some(Encoding::Csv),
            (_, Format::Jsonl) => Some(Encoding::Jsonl),
            (_, other) => return Err(bad_format(other.name())),
        };
        let years = match one(matches, "partition").as_deref() {
            None => false,
            Some("year") => true,
            Some(other) => {
                return Err(Problem::usage("bad-code")
                    .arg("value", other)
                    .arg("field", "partition")
                    .field("partition")
                    .legal(["year"])
                    .into());
            }
        };
        let target = one(matches, "type").map(PathBuf::from).or_else(|| context.ui.output.clone());
        let target = target.ok_or_else(|| {
            let value = if encoding.is_some() { "DIR" } else { "FILE" };
            Problem::usage("missing-argument").arg("value", value).arg("noun", "export --all")
        })?;
        Ok(Self { target, encoding, years, force: on(matches, "force") })
    }
}

fn bad_format(name: &str) -> Failure {
    let legal = [Format::Csv.name(), Format::Jsonl.name(), PARQUET, SQLITE];
    Problem::usage("bad-format").arg("value", name).legal(legal).into()
}

/// Refuses what a feature would do that the program was built without.
pub fn built_with(is: bool, what: &str, feature: &str) -> Result<(), Failure> {
    if is {
        return Ok(());
    }
    let problem = Problem::usage("not-built-in").arg("what", what).arg("feature", feature);
    Err(problem.hint("not-built-in-hint").into())
}

/// Exports everything.
pub fn export_all(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.allow_export()?;
    let wanted = Wanted::from(context, matches)?;
    context.reauthenticate()?;
    seeing_all(context, matches, |mirror, relations, facts| {
        if context.globals.dry_run {
            preview(context, mirror, &wanted, relations)
        } else {
            write(context, mirror, &wanted, relations, facts)
        }
    })
}

/// Hands over the mirror with all that exports of everything hold, as of the day and the commit that
/// are asked for.
pub fn seeing_all(
    context: &Context,
    matches: &ArgMatches,
    act: impl FnOnce(&Mirror, &[Relation], &Facts) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let as_of = match one(matches, "as-of") {
        Some(text) => crate::query::parse_day_at(&text, crate::query::Edge::Last, &context.clock())?,
        None => context.today,
    };
    let store = context.store()?;
    let at = one(matches, "at").map(|at| context.revision(&at)).transpose()?;
    let past = at.map(|commit| store.mirror_at(commit, context)).transpose()?;
    let present = if past.is_none() { Some(context.mirror()?) } else { None };
    let Some(mirror) = past.as_ref().or(present.as_deref()) else { return Ok(Exit::Ok) };
    let broken = mirror.broken()?;
    if !broken.is_empty() && !context.globals.keep_going {
        return Err(Failure::many(broken.iter().map(broken_problem).collect()));
    }
    mirror.set_moment(context.sql_moment().as_of(as_of));
    let commit = match at {
        Some(commit) => Some(commit.to_string()),
        None => store.repo.tip()?.map(|tip| tip.commit.to_string()),
    };
    let uncommitted = if at.is_none() { mirror.deviations()? } else { Vec::new() };
    let (base_currency, zone) = (mirror.layout().base_currency.clone(), context.zone.name().to_owned());
    let facts = Facts { commit, as_of, base_currency, zone, uncommitted };
    let mut relations = mirror.layout().relations();
    relations.retain(|relation| relation.exported);
    act(mirror, &relations, &facts)?;
    if !facts.uncommitted.is_empty() {
        context.say("export-uncommitted", &[("count", &facts.uncommitted.len().to_string())]);
    }
    Ok(if broken.is_empty() { Exit::Ok } else { Exit::Partial })
}

fn write(
    context: &Context,
    mirror: &Mirror,
    wanted: &Wanted,
    relations: &[Relation],
    facts: &Facts,
) -> Result<(), Failure> {
    let (changed, rows) = match wanted.encoding {
        None => write_file(mirror, wanted, relations, facts)?,
        Some(encoding) => write_folder(context, mirror, wanted, encoding, relations, facts)?,
    };
    context.say(
        if changed.is_empty() { "exported-same" } else { "exported-all" },
        &[
            ("target", &wanted.target.display().to_string()),
            ("count", &relations.len().to_string()),
            ("rows", &rows.to_string()),
            ("made", &changed.len().to_string()),
        ],
    );
    unrouted(context).lines(changed)
}

/// Where to say what was done: `-o` names the export and takes no text.
fn unrouted(context: &Context) -> Ui {
    Ui { output: None, ..context.ui.clone() }
}

/// The files that changed, and the number of rows.
type Changed = (Vec<String>, usize);

fn write_folder(
    context: &Context,
    mirror: &Mirror,
    wanted: &Wanted,
    encoding: Encoding,
    relations: &[Relation],
    facts: &Facts,
) -> Result<Changed, Failure> {
    let folder = Folder::open(&wanted.target, wanted.force)?;
    let style = sheets::style(&context.ui.style);
    let mut written = Vec::new();
    for relation in relations {
        let years = parted(mirror, wanted, relation)?;
        let files = sheets::write(mirror, relation, years, encoding, &style, folder.staging())?;
        written.push(Written { relation, files });
    }
    let rows = written.iter().map(Written::rows).sum();
    let mut names: Vec<String> =
        written.iter().flat_map(|w| w.files.iter().map(|f| f.name.clone())).collect();
    for (name, text) in [
        ("schema.sql", manifest::schema_sql(&written, encoding, facts)),
        ("load.sql", manifest::load_sql(&written, encoding)),
    ] {
        sheets::write_text(&folder.staging().join(name), &text)?;
        names.push(name.to_owned());
    }
    let text = manifest::tables_json(&written, encoding, facts);
    Ok((folder.install(&names, &text)?, rows))
}

/// Whether a table is parted into years.
fn parted(mirror: &Mirror, wanted: &Wanted, relation: &Relation) -> Result<bool, Failure> {
    if wanted.years {
        return Ok(relation.has_years());
    }
    let total: usize = mirror.whole_counts(relation, false)?.iter().map(|(_, count)| count).sum();
    Ok(total > LARGE && relation.has_years())
}

fn write_file(
    mirror: &Mirror,
    wanted: &Wanted,
    relations: &[Relation],
    facts: &Facts,
) -> Result<Changed, Failure> {
    let target = folder::resolved(&wanted.target)?;
    refuse_other_file(&target, wanted.force)?;
    folder::clear_leftovers(&target);
    let staging = folder::beside(&target);
    let failed = |error: std::io::Error| file_error(&target, &error);
    folder::remove_file(&staging).map_err(failed)?;
    let made =
        mirror.whole_file(&staging, relations, &facts.pairs()).map_err(Failure::from).and_then(|counts| {
            let same = target.exists() && folder::same(&staging, &target).map_err(failed)?;
            if !same {
                std::fs::File::open(&staging).and_then(|file| file.sync_all()).map_err(failed)?;
                std::fs::rename(&staging, &target).map_err(failed)?;
            }
            let changed = if same { Vec::new() } else { vec![wanted.target.display().to_string()] };
            Ok((changed, counts.iter().sum()))
        });
    let removed = folder::remove_file(&staging);
    let made = made?;
    removed.map_err(failed)?;
    Ok(made)
}

/// Refuses a file that we did not write, and one that a program has open to write: its journal would
/// be played into the new one.
fn refuse_other_file(target: &Path, force: bool) -> Result<(), Failure> {
    for ending in ["-wal", "-journal"] {
        let mut name = target.as_os_str().to_owned();
        name.push(ending);
        if Path::new(&name).exists() {
            let problem = Problem::new(Class::Conflict, "export-in-use").arg("path", target.display());
            return Err(Failure::new(Exit::Conflict, problem));
        }
    }
    if !target.exists() || (force && target.is_file()) {
        return Ok(());
    }
    let mut header = [0; 72];
    let read =
        std::fs::File::open(target).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut header));
    if read.is_ok() && header[68..] == APPLICATION_ID.to_be_bytes() {
        return Ok(());
    }
    Err(folder::not_ours(target))
}

/// What would be written: table, file and rows.
fn preview(
    context: &Context,
    mirror: &Mirror,
    wanted: &Wanted,
    relations: &[Relation],
) -> Result<(), Failure> {
    match wanted.encoding {
        None => refuse_other_file(&folder::resolved(&wanted.target)?, wanted.force)?,
        Some(_) => folder::refuse_other_folder(&wanted.target, wanted.force)?,
    }
    let columns = [("table", ColumnType::Text), ("rows", ColumnType::Int), ("file", ColumnType::Text)];
    let mut table = Table::new("export", columns.map(|(name, ty)| Column::new(name, ty)).to_vec());
    let mut rows = 0;
    for relation in relations {
        let years = wanted.encoding.is_some() && parted(mirror, wanted, relation)?;
        let mut counts = mirror.whole_counts(relation, years)?;
        if counts.is_empty() {
            counts.push((None, 0));
        }
        for (year, count) in counts {
            rows += count;
            let file = match wanted.encoding {
                Some(encoding) => sheets::file_name(relation, years, year.as_deref(), encoding),
                None => wanted.target.display().to_string(),
            };
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            table.rows.push(vec![Cell::text(&relation.name), Cell::Int(count), Cell::text(file)]);
        }
    }
    context.say(
        "export-dry-run",
        &[
            ("target", &wanted.target.display().to_string()),
            ("count", &relations.len().to_string()),
            ("rows", &rows.to_string()),
        ],
    );
    let mut bytes = Vec::new();
    crate::formats::write(Format::Table, &table, &context.ui.style, &mut bytes)?;
    unrouted(context).bytes(&bytes)
}
