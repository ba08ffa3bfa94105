//! `crm trust`: lets this clone run the programs, and give secrets to the servers, that `crm.toml`
//! names. What was trusted is pinned as it is written; a change, also one that came from elsewhere,
//! asks anew.

use std::fs;
use std::path::PathBuf;

use clap::Command;

use super::super::args::Words;
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::ui::atomically;
use super::Standalone;
use crate::model::{Class, Problem};
use crate::outreach::send::delicate;

/// `crm trust`.
pub const TRUST: Standalone = Standalone {
    name: "trust",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.long_about(words.text("help-trust-long")),
    run: |context, _| {
        let named = delicate(&context.schema.settings);
        let path = pinned(context)?;
        let lines: Vec<String> = named.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        context.ui.lines(&lines)?;
        if named.is_empty() {
            context.say("trust-nothing", &[]);
            return Ok(Exit::Ok);
        }
        if is_trusted(context)? {
            context.say("nothing-changed", &[]);
            return Ok(Exit::Ok);
        }
        if context.globals.dry_run {
            context.say("dry-run", &[("count", "0")]);
            return Ok(Exit::Ok);
        }
        context.confirm("trust-question", &[], "--yes")?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        atomically(&path, text(&named).as_bytes())?;
        context.say("trusted", &[("count", &named.len().to_string())]);
        Ok(Exit::Ok)
    },
};

/// Refuses what `crm.toml` names and nobody trusted in this clone.
pub fn need_trust(context: &Context) -> Result<(), Failure> {
    if is_trusted(context)? {
        return Ok(());
    }
    let keys: Vec<String> = delicate(&context.schema.settings).into_iter().map(|(key, _)| key).collect();
    let problem = Problem::new(Class::Denied, "not-trusted").arg("keys", keys.join(", ")).hint("hint-trust");
    Err(Failure::new(Exit::Denied, problem))
}

fn is_trusted(context: &Context) -> Result<bool, Failure> {
    let named = delicate(&context.schema.settings);
    Ok(named.is_empty() || fs::read_to_string(pinned(context)?).is_ok_and(|there| there == text(&named)))
}

fn pinned(context: &Context) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.commondir().join("crm").join("trusted"))
}

fn text(named: &[(String, String)]) -> String {
    named.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
}
