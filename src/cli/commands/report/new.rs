//! `report new`: a report of the store's own to start from, as one commit.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{on, one};
use super::own::{FOLDER, Reports, VERBS};
use crate::model::{Class, Problem};
use crate::reports::{is_name, sources};

const STARTER: &str = include_str!("starter.sql");
const STARTER_TOML: &str = include_str!("starter.toml");

pub fn new(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let name = one(matches, "report").unwrap_or_default();
    if !is_name(&name) {
        return Err(Problem::usage("report-name").arg("value", name).into());
    }
    let reports = Reports::load(context)?;
    let store = context.store()?;
    if VERBS.contains(&name.as_str()) || reports.built_in.iter().any(|report| report.front.name == name) {
        return Err(Problem::usage("report-name-taken").arg("value", name).into());
    }
    let there = ["sql", "toml"].map(|ending| format!("{FOLDER}/{name}.{ending}"));
    if let Some(path) = there.iter().find(|path| store.root.join(path).symlink_metadata().is_ok()) {
        let exists = Problem::new(Class::Conflict, "report-exists").arg("value", name).arg("path", path);
        return Err(exists.into());
    }
    let (text, ending) = match one(matches, "like") {
        Some(like) => source(context, &reports, &like)?,
        None if on(matches, "toml") => (STARTER_TOML.to_owned(), "toml".to_owned()),
        None => (STARTER.to_owned(), "sql".to_owned()),
    };
    let path = format!("{FOLDER}/{name}.{ending}");
    context.write_file("report new", &path, renamed(&text, &name).as_bytes())?;
    Ok(Exit::Ok)
}

/// The text of a report, and the ending of its file.
fn source(context: &Context, reports: &Reports, like: &str) -> Result<(String, String), Failure> {
    if let Some((_, text)) = sources().find(|(name, _)| name == like) {
        return Ok((text.to_owned(), "sql".to_owned()));
    }
    reports.find(like)?;
    let own = reports.own.iter().find(|own| own.name == like);
    let path = own.map(|own| own.path.as_str()).unwrap_or_default();
    let bytes = context.store()?.repo.read_work(path)?.unwrap_or_default();
    let ending = path.rsplit('.').next().unwrap_or_default().to_owned();
    Ok((String::from_utf8_lossy(&bytes).into_owned(), ending))
}

/// The text with another name where it has one.
fn renamed(text: &str, name: &str) -> String {
    let mut done = false;
    let line = |line: &str| {
        let is_name = !done && line.split_once('=').is_some_and(|(key, _)| key.trim() == "name");
        done |= is_name;
        if is_name { format!("name = \"{name}\"\n") } else { line.to_owned() }
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_its_own_name_and_nothing_else_changes() {
        let text = "/*---\nname = \"sales\"\nparams = [\n  { name = \"by\" },\n]\n---*/\nname = 1\n";
        assert_eq!(renamed(text, "mine"), text.replace("\"sales\"", "\"mine\""));
        assert_eq!(renamed("title = \"T\"\n", "mine"), "title = \"T\"\n");
    }
}
