//! The reports there are: those of the program, and the files in `reports/` of the store.
//!
//! A file that cannot be used is kept with what is wrong, so that it is in nobody's way.
//! They are read from the work tree, whatever commit the numbers are from.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use clap::Arg;

use super::super::super::args::{Words, global};
use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::{fits, shared};
use crate::mirror::Layout;
use crate::model::Problem;
use crate::query::{Clock, nearest};
use crate::reports::{Own, Place, Report, built_in};

/// The folder of the store that they are in.
pub const FOLDER: &str = "reports";
/// Names that commands have.
pub const VERBS: &[&str] = &["list", "new", "check", "book", "run-all", "help"];
/// What only the select of a report can be the reason of.
const OF_SELECT: &[&str] = &["bad-report", "report-columns"];
/// The largest file that is read.
const LARGEST: u64 = 1 << 20;

/// The reports of the program and of a store.
#[derive(Debug)]
pub struct Reports {
    pub built_in: Vec<Report>,
    pub own: Vec<Own>,
}

impl Reports {
    /// All of them.
    pub fn load(context: &Context) -> Result<Self, Failure> {
        let built_in = built_in()?.into_iter().map(|report| report.with_customs(&context.schema)).collect();
        Ok(Self { built_in, own: read(context.words(), &context.clock()) })
    }

    /// A report by its name.
    ///
    /// # Errors
    /// `unknown-report`, and what is wrong with a store's own.
    pub fn find(&self, name: &str) -> Result<&Report, Failure> {
        if let Some(report) = self.built_in.iter().find(|report| report.front.name == name) {
            return Ok(report);
        }
        match self.own.iter().find(|own| own.name == name) {
            Some(own) => own.report.as_ref().map_err(|found| Failure::many(found.clone())),
            None => {
                let known: Vec<&str> = self.names().collect();
                let problem = Problem::usage("unknown-report").arg("value", name);
                Err(problem.candidates(nearest(name, &known)).into())
            }
        }
    }

    /// A failure of a report with the file of the store that it stands in.
    pub fn located(&self, name: &str, mut failure: Failure) -> Failure {
        let own = self.own.iter().find(|own| own.name == name && own.report.is_ok());
        for problem in failure.problems.iter_mut().filter(|problem| OF_SELECT.contains(&problem.id)) {
            problem.path = problem.path.take().or_else(|| own.map(|own| own.path.clone()));
        }
        failure
    }

    /// The names of all that are there, usable or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let built_in = self.built_in.iter().map(|report| report.front.name.as_str());
        built_in.chain(self.own.iter().map(|own| own.name.as_str()))
    }
}

/// The store's own reports while the command line is read. What a condition of theirs means by
/// `last month` is not asked then.
pub fn of_words(words: Words<'_>) -> Vec<Own> {
    let now = chrono::DateTime::UNIX_EPOCH.fixed_offset();
    read(words, &Clock { now, fiscal_start: (1, 1), week_start: chrono::Weekday::Mon })
}

fn read(words: Words<'_>, clock: &Clock) -> Vec<Own> {
    let files = words.store.map(files).unwrap_or_default();
    if files.is_empty() {
        return Vec::new();
    }
    let layout = Layout::new(words.schema);
    let built_in = built_in().unwrap_or_default();
    let taken = |name: &str| VERBS.contains(&name) || built_in.iter().any(|r| r.front.name == name);
    let always = global(words);
    let sometimes = shared(words);
    let is_flag = |report: &Report, name: &str| {
        let is = |flag: &Arg| flag.get_id() == name;
        let fitting = sometimes.iter().filter(|flag| fits(report, flag.get_id().as_str()));
        always.iter().chain(fitting).any(is) || ["help", "version"].contains(&name)
    };
    let place = Place { layout: &layout, clock, taken: &taken, is_flag: &is_flag };
    let mut all: Vec<Own> = Vec::new();
    for (path, bytes) in files {
        let mut own = match bytes {
            Ok(bytes) => Own::read(&path, &bytes, place),
            Err(problem) => Own::unreadable(&path, problem),
        };
        if all.iter().any(|known| known.name == own.name) {
            own = Own::unreadable(&path, Problem::invalid("report-name-twice").arg("value", &own.name));
        }
        all.push(own);
    }
    all
}

/// A file: its path in the store, and its content or why it is not read.
type File = (String, Result<Vec<u8>, Problem>);

fn files(root: &Path) -> Vec<File> {
    let folder = root.join(FOLDER);
    let is_folder = fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir());
    let Some(entries) = fs::read_dir(&folder).ok().filter(|_| is_folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_report = |name: &String| {
        let ending = Path::new(name).extension();
        !name.starts_with('.') && ending.is_some_and(|ending| ending == "sql" || ending == "toml")
    };
    let mut names: Vec<String> = names.filter(is_report).collect();
    names.sort();
    names.into_iter().map(|name| (format!("{FOLDER}/{name}"), bytes(&folder.join(&name)))).collect()
}

fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let failed = |error| Problem::invalid("io-error").arg("reason", error);
    if !fs::symlink_metadata(path).map_err(failed)?.is_file() {
        return Err(Problem::invalid("store-not-regular").arg("path", path.display()));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(failed)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Problem::invalid("record-too-large").arg("bytes", format!("> {LARGEST}")));
    }
    Ok(bytes)
}
