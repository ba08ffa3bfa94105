//! A store's own reports: the text of a file into a report, or into what is wrong with it.
//!
//! Deliberately absent: finding and reading the files, which the caller does.

use super::sound::faults;
use super::{BUILT_IN, Report, declared};
use crate::mirror::Layout;
use crate::model::Problem;
use crate::query::Clock;

/// The longest name of a report.
const LONGEST: usize = 60;

/// A store's own report: where it is, and what it is or why it is none.
#[derive(Clone, Debug)]
pub struct Own {
    pub name: String,
    /// Inside the store.
    pub path: String,
    pub report: Result<Report, Vec<Problem>>,
}

/// What a store's own report is read with.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub layout: &'a Layout,
    /// What dates in conditions of the declarative form mean.
    pub clock: &'a Clock,
    /// Names that other commands have: verbs and built-in reports.
    pub taken: &'a dyn Fn(&str) -> bool,
    /// Whether a flag of this name stands beside the parameters of a report.
    pub is_flag: &'a dyn Fn(&Report, &str) -> bool,
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}

/// Whether a report or a parameter may be called so: small letters, digits and hyphens.
pub fn is_name(name: &str) -> bool {
    let may = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(may)
}

/// The texts of the built-in reports with their names.
pub fn sources() -> impl Iterator<Item = (String, &'static str)> {
    BUILT_IN.iter().filter_map(|text| Some((Report::parse(text).ok()?.front.name, *text)))
}

impl Own {
    /// Reads `reports/NAME.sql` or `reports/NAME.toml`.
    pub fn read(path: &str, bytes: &[u8], place: Place<'_>) -> Self {
        let file = path.rsplit('/').next().unwrap_or(path);
        let (name, ending) = file.rsplit_once('.').unwrap_or((file, ""));
        let report = report(name, ending == "toml", bytes, place);
        Self::new(name, path, report)
    }

    /// A report that could not be read at all.
    pub fn unreadable(path: &str, problem: Problem) -> Self {
        let file = path.rsplit('/').next().unwrap_or(path);
        Self::new(file.rsplit_once('.').map_or(file, |(name, _)| name), path, Err(vec![problem]))
    }

    fn new(name: &str, path: &str, report: Result<Report, Vec<Problem>>) -> Self {
        let located = |problem: Problem| {
            let line = problem.line;
            problem.at(path, line)
        };
        let report = report.map_err(|found| found.into_iter().map(located).collect());
        Self { name: name.to_owned(), path: path.to_owned(), report }
    }
}

fn report(name: &str, is_declared: bool, bytes: &[u8], place: Place<'_>) -> Result<Report, Vec<Problem>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|error| vec![Problem::invalid("bad-utf8").arg("offset", error.valid_up_to())])?;
    if !is_name(name) {
        return Err(vec![Problem::invalid("report-name").arg("value", name)]);
    }
    if (place.taken)(name) {
        return Err(vec![Problem::invalid("report-name-taken").arg("value", name)]);
    }
    let read =
        if is_declared { declared::compile(text, place.layout, place.clock) } else { Report::parse(text) };
    let mut report = read.map_err(|problem| vec![problem])?;
    let mut found = Vec::new();
    if report.front.name.is_empty() {
        name.clone_into(&mut report.front.name);
    } else if report.front.name != name {
        let differs =
            Problem::invalid("report-name-differs").arg("value", &report.front.name).arg("file", name);
        found.push(differs.field("name"));
    }
    let nouns: Vec<&str> = place.layout.kinds.iter().map(|tables| tables.kind.name).collect();
    found.extend(faults(&report, &nouns));
    for param in report.front.params.iter().filter(|param| (place.is_flag)(&report, &param.name)) {
        found.push(Problem::invalid("report-param-name").arg("value", &param.name).field("params"));
    }
    if found.is_empty() { Ok(report) } else { Err(found) }
}
