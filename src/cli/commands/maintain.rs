//! `crm maintain`: git tidies up now, what crashed commands left goes, the mirror is kept in shape.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgMatches, Command};

use super::super::args::Words;
use super::super::context::Context;
use super::super::error::{Exit, Failure, file_error};
use super::Standalone;
use crate::formats::Format;
use crate::mirror::{discard, is_sound};
use crate::store::Size;
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm maintain`.
pub const MAINTAIN: Standalone = Standalone {
    name: "maintain",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.long_about(words.text("help-maintain-long")),
    run: maintain,
};

fn maintain(context: &Context, _: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let only_ask = context.globals.dry_run;
    let mut options = context.write_options("maintain");
    // A git that works beside us is soon done.
    options.index_timeout = options.index_timeout.max(Duration::from_secs(10));
    options.maintenance = false;
    let before = (store.repo.size(), mirror_size(context)?);
    let left = store.repo.clear_leftovers(&options, only_ask)?;
    let bar = context.progress("progress-maintain", 1);
    let mirror = if only_ask { None } else { tidy(context)? };
    bar.finish();
    let after = (store.repo.size(), mirror_size(context)?);
    tell(context, (&before.0, before.1), (&after.0, after.1))?;
    let did = if only_ask { "would" } else { "did" };
    if left.journal {
        context.say("maintain-journal", &[("did", did)]);
    }
    let count = left.temps + left.files.len();
    if count > 0 {
        context.say("maintain-leftovers", &[("count", &count.to_string()), ("did", did)]);
    }
    match mirror {
        Some(Mirror::Packed) => context.say("maintain-mirror-packed", &[]),
        Some(Mirror::Built) => context.say("maintain-mirror-built", &[]),
        None => {}
    }
    if only_ask {
        context.say("maintain-would", &[]);
    } else {
        let saved = before.0.all.saturating_sub(after.0.all);
        context.say("maintained", &[("saved", &super::backup::bytes(saved))]);
    }
    Ok(Exit::Ok)
}

/// What the mirror needed.
enum Mirror {
    Packed,
    Built,
}

fn tidy(context: &Context) -> Result<Option<Mirror>, Failure> {
    context.store()?.repo.tidy()?;
    let file = mirror_file(context)?;
    // Before it is opened: a damaged one is not used, and would stay.
    let is_damaged = !is_sound(&file);
    if is_damaged {
        discard(&file).map_err(|error| file_error(&file, &error))?;
    }
    let is_packed = context.mirror()?.pack()?;
    Ok(match (is_damaged, is_packed) {
        (true, _) => Some(Mirror::Built),
        (false, true) => Some(Mirror::Packed),
        _ => None,
    })
}

fn mirror_file(context: &Context) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.gitdir().join("crm").join("mirror.db"))
}

fn mirror_size(context: &Context) -> Result<u64, Failure> {
    Ok(mirror_file(context)?.metadata().map_or(0, |about| about.len()))
}

fn tell(context: &Context, before: (&Size, u64), after: (&Size, u64)) -> Result<(), Failure> {
    let label = |name: &str| context.text(&format!("field-maintain-{name}"), &[]);
    let columns = [("what", ColumnType::Code), ("before", ColumnType::Int), ("after", ColumnType::Int)];
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-maintain", &[]), ..Table::new("maintain", columns) };
    let lines = |size: &Size| {
        [
            ("loose-objects", size.loose),
            ("packs", size.packs),
            ("loose-references", size.references),
            ("object-bytes", size.objects),
            ("git-bytes", size.all),
        ]
    };
    let mut row = |what: &str, before: u64, after: u64| {
        let int = |number: u64| i64::try_from(number).map_or(Cell::Null, Cell::Int);
        let label = context.text(&format!("maintain-{what}"), &[]);
        table.rows.push(vec![Cell::Code { code: what.replace('-', "_"), label }, int(before), int(after)]);
    };
    for ((what, before), (_, after)) in lines(before.0).into_iter().zip(lines(after.0)) {
        row(what, before, after);
    }
    row("mirror-bytes", before.1, after.1);
    context.ui.table(&table, Format::Table)
}
