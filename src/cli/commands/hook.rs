//! `crm hook`: what git calls. `install` sets up the check before a commit in this clone.
//!
//! A hook that is there is a person's and stays. What git calls itself stands in the table of verbs,
//! one entry each.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::super::args::{Words, named};
use super::super::context::Context;
use super::super::error::{Exit, Failure, file_error};
use super::super::ui::atomically;
use super::Standalone;
use crate::model::{Class, Problem};

/// `crm hook VERB`.
pub const HOOK: Standalone = Standalone {
    name: "hook",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let verbs = VERBS.iter().map(|verb| (verb.args)(named(verb.name, verb.help, words), words));
        command.subcommand_required(true).subcommands(verbs)
    },
    run: |context, matches| {
        let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Ok) };
        match VERBS.iter().find(|verb| verb.name == name) {
            Some(verb) => (verb.run)(context, matches),
            None => Ok(Exit::Ok),
        }
    },
};

/// What `crm hook` can do.
struct Verb {
    name: &'static str,
    help: &'static str,
    args: fn(Command, Words<'_>) -> Command,
    run: fn(&Context, &ArgMatches) -> Result<Exit, Failure>,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "install",
        help: "help-cmd-hook-install",
        args: |command, words| command.long_about(words.text("help-hook-install-long")),
        run: |context, _| install(context),
    },
    Verb {
        name: "pre-receive",
        help: "help-hook-pre-receive",
        args: |command, words| command.long_about(words.text("help-hook-pre-receive-long")),
        run: |context, _| super::gate::pre_receive(context),
    },
];

/// What git runs before a commit. Where the program is not on the path a commit is not held up.
const PRE_COMMIT: &str = "#!/bin/sh
# crm: refuses a commit with records that break a rule. `git commit --no-verify` passes it.
command -v crm >/dev/null 2>&1 || exit 0
exec crm check --staged
";

fn install(context: &Context) -> Result<Exit, Failure> {
    let folder = folder(context)?;
    let path = folder.join("pre-commit");
    let shown = path.display().to_string();
    match fs::read_to_string(&path) {
        Ok(text) if text == PRE_COMMIT => {
            context.say("nothing-changed", &[]);
            return Ok(Exit::Ok);
        }
        Ok(text) if text.contains("crm check --staged") => {
            context.say("hook-there", &[("path", &shown)]);
            return Ok(Exit::Ok);
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Ok(_) | Err(_) => {
            let problem = Problem::new(Class::Conflict, "hook-taken").arg("path", shown);
            return Err(problem.hint("hook-taken-hint").into());
        }
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return context.ui.lines([shown]).map(|()| Exit::Ok);
    }
    fs::create_dir_all(&folder).map_err(|error| file_error(&folder, &error))?;
    atomically(&path, PRE_COMMIT.as_bytes())?;
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&path, executable).map_err(|error| file_error(&path, &error))?;
    context.say("hook-installed", &[("path", &shown)]);
    Ok(Exit::Ok)
}

/// Where git looks for hooks, which must be this clone's own place.
fn folder(context: &Context) -> Result<PathBuf, Failure> {
    let repo = &context.store()?.repo;
    let Some(named) = repo.config("core.hookspath") else { return Ok(repo.commondir().join("hooks")) };
    let folder = repo.root().join(Path::new(&named));
    if folder.starts_with(repo.root()) || folder.starts_with(repo.commondir()) {
        return Ok(folder);
    }
    let problem = Problem::new(Class::Conflict, "hook-elsewhere").arg("path", folder.display());
    Err(problem.hint("hook-taken-hint").into())
}
