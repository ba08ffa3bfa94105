//! `crm backup prune`: old backups of one store are removed, by the times in their manifests.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure, file_error};
use super::super::super::fields::one;
use super::{bytes, failure, root_of, signed, table_of, usual_folder};
use crate::formats::Format;
use crate::model::Problem;
use crate::store::backup::retain::{Rules, kept};
use crate::store::backup::{Found, backups_in};
use crate::table::Cell;

/// A number that a flag gives.
pub fn count(matches: &ArgMatches, flag: &'static str) -> Result<Option<usize>, Failure> {
    let Some(text) = one(matches, flag) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(Problem::usage("backup-bad-count").arg("value", text).field(flag).arg("flag", flag).into()),
    }
}

/// Removes what no rule keeps.
pub fn prune(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let repo = super::repo(context, matches).ok();
    let folder = one(matches, "backup-dir").map_or_else(|| usual_folder(repo.as_ref()), PathBuf::from);
    let number = |flag| count(matches, flag).map(Option::unwrap_or_default);
    let rules = Rules {
        last: number("keep-last")?,
        daily: number("keep-daily")?,
        weekly: number("keep-weekly")?,
        monthly: number("keep-monthly")?,
    };
    if rules == Rules::default() {
        return Err(Problem::usage("backup-no-rule").hint("backup-no-rule-hint").into());
    }
    let root = root_of(repo.as_ref(), one(matches, "root"))?
        .ok_or_else(|| Problem::usage("backup-which-store").hint("backup-which-store-hint"))?;
    remove(context, &folder, &root, &rules, true)
}

/// Removes the backups of a store in a folder that no rule keeps, and tells which.
pub fn remove(
    context: &Context,
    folder: &Path,
    root: &str,
    rules: &Rules,
    asks: bool,
) -> Result<Exit, Failure> {
    let found = backups_in(folder, &signed).map_err(failure)?;
    let mine = |one: &&Found| one.manifest.as_ref().is_some_and(|manifest| manifest.root == root);
    let found: Vec<&Found> = found.iter().filter(mine).collect();
    let times: Vec<_> = found.iter().filter_map(|one| one.manifest.as_ref().map(|m| m.created_at)).collect();
    let keep = kept(&times, rules);
    let old: Vec<&Found> = found.iter().zip(&keep).filter(|(_, keep)| !**keep).map(|(one, _)| *one).collect();
    let left = found.len() - old.len();
    let size: u64 = old.iter().map(|one| one.size).sum();
    let count = old.len().to_string();
    let args = [("count", count.as_str()), ("size", &bytes(size)), ("left", &left.to_string())];
    if asks {
        let mut table = table_of(context, &found);
        let column = crate::table::Column::new("kept", crate::table::ColumnType::Bool)
            .labelled(context.text("field-backup-kept", &[]));
        table.columns.insert(1, column);
        for (row, keep) in table.rows.iter_mut().zip(&keep) {
            row.insert(1, Cell::Bool(*keep));
        }
        context.ui.table(&table, Format::Table)?;
    }
    if old.is_empty() {
        if asks {
            context.say("backup-nothing-old", &[("left", &left.to_string())]);
        }
        return Ok(Exit::Ok);
    }
    if context.globals.dry_run {
        context.say("backup-would-prune", &args);
        return Ok(Exit::Ok);
    }
    if asks {
        context.confirm("backup-prune-question", &args, "--yes")?;
    }
    for one in &old {
        fs::remove_file(&one.path).map_err(|error| file_error(&one.path, &error))?;
    }
    context.say("backup-pruned", &args);
    Ok(Exit::Ok)
}
