//! `mirror push`: everything that `export --all` holds, as tables in a schema of PostgreSQL.

use clap::{ArgMatches, Command};

use super::super::args::{Words, named, option, place};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::Standalone;
use super::export_all::{Facts, built_with, seeing_all};
use crate::formats::Format;
use crate::mirror::{Effect, Mirror, PushError, Pushed, Relation, Target};
use crate::model::Problem;
use crate::table::{Cell, Column, ColumnType, Table};

/// The schema where none is named.
const SCHEMA: &str = "crm";

/// `crm mirror push URL`.
pub const MIRROR: Standalone = Standalone {
    name: "mirror",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let push = named("push", "help-mirror-push", words).long_about(words.text("help-mirror-push-long"));
        command.subcommand_required(true).subcommand(push.args([
            place("url", "postgres://USER@HOST/NAME", words).required(true),
            option("schema", "NAME", words).help(words.text("help-flag-schema-name")),
            option("as-of", "DATE", words),
            option("at", "REV|DATE", words),
        ]))
    },
    run: |context, matches| match matches.subcommand() {
        Some((_, matches)) => push(context, matches),
        None => Ok(Exit::Ok),
    },
};

fn push(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    built_with(cfg!(feature = "postgres"), "PostgreSQL", "postgres")?;
    context.allow_export()?;
    let url = one(matches, "url").unwrap_or_default();
    let schema = one(matches, "schema").unwrap_or_else(|| SCHEMA.to_owned());
    seeing_all(context, matches, |mirror, relations, facts| {
        let target = Target {
            url: &url,
            password: context.environment.get("PGPASSWORD"),
            schema: &schema,
            facts: seen(mirror, facts),
            is_committed: facts.uncommitted.is_empty(),
            dry_run: context.globals.dry_run,
        };
        tell(context, &schema, relations, &mirror.push(relations, &target)?)
    })
}

/// What the tables are seen as; amounts are no minor units there.
fn seen(mirror: &Mirror, facts: &Facts) -> Vec<(&'static str, String)> {
    let mut pairs = facts.pairs();
    pairs.retain(|(key, _)| *key != "money");
    pairs.push(("fingerprint", mirror.layout().fingerprint.clone()));
    pairs
}

fn tell(context: &Context, schema: &str, relations: &[Relation], pushed: &[Pushed]) -> Result<(), Failure> {
    let columns = [
        ("table", "field-push-table", ColumnType::Text),
        ("rows", "field-push-rows", ColumnType::Int),
        ("effect", "field-push-effect", ColumnType::Code),
    ];
    let columns = columns.map(|(name, label, ty)| Column::new(name, ty).labelled(context.text(label, &[])));
    let mut table = Table::new("mirror-push", columns.to_vec());
    for Pushed { table: name, rows, effect } in pushed {
        let (code, label) = (effect.name().to_owned(), context.text(effect_label(*effect), &[]));
        let rows = i64::try_from(*rows).unwrap_or(i64::MAX);
        table.rows.push(vec![Cell::text(name), Cell::Int(rows), Cell::Code { code, label }]);
    }
    let changed = pushed.iter().filter(|pushed| pushed.effect != Effect::Unchanged).count();
    let said = match (context.globals.dry_run, changed) {
        (true, _) => "push-dry-run",
        (false, 0) => "pushed-same",
        (false, _) => "pushed",
    };
    let (count, changed) = (relations.len().to_string(), changed.to_string());
    context.say(said, &[("schema", schema), ("count", &count), ("changed", &changed)]);
    context.ui.table(&table, Format::Table)
}

fn effect_label(effect: Effect) -> &'static str {
    match effect {
        Effect::Loaded => "push-loaded",
        Effect::Refreshed => "push-refreshed",
        Effect::Unchanged => "push-unchanged",
        Effect::Removed => "push-removed",
    }
}

impl From<PushError> for Failure {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Mirror(error) => error.into(),
            PushError::BadUrl => Problem::usage("bad-database-url").hint("bad-database-url-hint").into(),
            PushError::Unencrypted => Problem::usage("push-unencrypted").hint("push-unencrypted-hint").into(),
            other => Self::new(Exit::Remote, Problem::usage("push-failed").arg("reason", other)),
        }
    }
}
