//! `audit`: the history of commits verified, and who came in and who got which rights.

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
const PARTS: &[Part] = &[logins::LOGINS, super::gate::ROLES];

/// `crm audit [RANGE]`, and its parts.
pub const AUDIT: Standalone = Standalone {
    name: "audit",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let command = super::gate::audit_args(command, words);
        command.args_conflicts_with_subcommands(true).subcommands(PARTS.iter().map(|part| (part.args)(words)))
    },
    run: |context, matches| {
        let Some((name, matches)) = matches.subcommand() else { return super::gate::audit(context, matches) };
        match PARTS.iter().find(|part| part.name == name) {
            Some(part) => (part.run)(context, matches),
            None => Ok(Exit::Ok),
        }
    },
};
