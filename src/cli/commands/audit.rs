//! `audit`: who came in and who did what. One file below for each part.

mod logins;

use clap::{ArgMatches, Command};

use super::super::args::Words;
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::Standalone;

/// A part of the audit with a name of its own.
#[derive(Debug)]
pub struct Part {
    pub name: &'static str,
    pub args: fn(Words<'_>) -> Command,
    pub run: fn(&Context, &ArgMatches) -> Result<Exit, Failure>,
}

/// Every part, in the order help shows them.
const PARTS: &[Part] = &[logins::LOGINS];

/// `crm audit`.
pub const AUDIT: Standalone = Standalone {
    name: "audit",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.subcommand_required(true).subcommands(PARTS.iter().map(|part| (part.args)(words)))
    },
    run: |context, matches| {
        let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Ok) };
        match PARTS.iter().find(|part| part.name == name) {
            Some(part) => (part.run)(context, matches),
            None => Ok(Exit::Ok),
        }
    },
};
