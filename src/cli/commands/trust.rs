//! `crm trust`: lets this clone run the programs, and give secrets to the servers, that `crm.toml`
//! names. What was trusted is pinned as it is written; a change, also one that came from elsewhere,
//! asks anew. Of a hook whose program lies in the store the program is pinned with it.
//!
//! Deliberately absent: the user's own configuration, which needs no trust.

use std::fs;
use std::path::PathBuf;

use clap::Command;
use sha2::{Digest as _, Sha256};

use super::super::args::Words;
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::hooks;
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
        let named = named(context)?;
        let path = pinned(context)?;
        let lines: Vec<String> = named.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        context.ui.lines(&lines)?;
        if named.is_empty() {
            context.say("trust-nothing", &[]);
            return Ok(Exit::Ok);
        }
        if fs::read_to_string(&path).is_ok_and(|there| there == text(&named, "")) {
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
        atomically(&path, text(&named, "").as_bytes())?;
        context.say("trusted", &[("count", &named.len().to_string())]);
        Ok(Exit::Ok)
    },
};

/// What `crm.toml` names that must be trusted: keys and values, in a form that can be compared.
fn named(context: &Context) -> Result<Vec<(String, String)>, Failure> {
    let mut found = delicate(&context.schema.settings);
    let root = &context.store()?.root;
    for hook in hooks::all(&context.schema.settings).into_iter().filter(|hook| hook.shared) {
        let key = format!("hooks.{}", hook.name);
        found.push((key.clone(), serde_json::json!(hook.words).to_string()));
        if let Some(path) = hooks::in_store(root, &hook) {
            let bytes = fs::read(&path).unwrap_or_default();
            let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            found.push((format!("{key} sha256"), digest));
        }
    }
    Ok(found)
}

/// Refuses what `crm.toml` names for sending and nobody trusted in this clone.
pub fn need_trust(context: &Context) -> Result<(), Failure> {
    if trusts(context, "send.")? { Ok(()) } else { Err(refusal(context, "send.")) }
}

/// Whether what `crm.toml` names below a section is trusted as it is.
pub fn trusts(context: &Context, section: &str) -> Result<bool, Failure> {
    let now = text(&named(context)?, section);
    if now.is_empty() {
        return Ok(true);
    }
    let pinned = fs::read_to_string(pinned(context)?).unwrap_or_default();
    let then: String =
        pinned.lines().filter(|line| line.starts_with(section)).map(|line| format!("{line}\n")).collect();
    Ok(then == now)
}

/// The refusal of what is not trusted below a section.
pub fn refusal(context: &Context, section: &str) -> Failure {
    let named = named(context).unwrap_or_default();
    let keys = named.into_iter().map(|(key, _)| key).filter(|key| key.starts_with(section));
    let keys: Vec<String> = keys.filter(|key| !key.ends_with(" sha256")).collect();
    let problem = Problem::new(Class::Denied, "not-trusted").arg("keys", keys.join(", ")).hint("hint-trust");
    Failure::new(Exit::Denied, problem)
}

fn pinned(context: &Context) -> Result<PathBuf, Failure> {
    Ok(context.store()?.repo.commondir().join("crm").join("trusted"))
}

fn text(named: &[(String, String)], section: &str) -> String {
    let below = named.iter().filter(|(key, _)| key.starts_with(section));
    below.map(|(key, value)| format!("{key} = {value}\n")).collect()
}
