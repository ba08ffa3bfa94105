//! The way in through a shared account: who came in is settled before anything else is read, and a
//! guest gets neither files nor programs of the account.
//!
//! A guest's environment is made anew by starting the program once more: libraries and git read it
//! too, long before and after anything here could look away.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command as Process;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::commands::batch::split;
use super::context::Context;
use super::environment::Environment;
use super::error::Failure;
use super::identity::Entry;
use crate::access::gateway::{self, Gateway, Visit};
use crate::model::{Class, Problem};

/// What is run, by whom, where.
pub struct Entered {
    pub arguments: Vec<OsString>,
    /// The store, where the account has the say.
    pub store: Option<PathBuf>,
    pub entry: Option<Entry>,
}

/// The commands that a guest may run, beside the verbs of records. A new one is closed until it
/// stands here.
pub const FOR_GUESTS: &[&str] = &[
    "status",
    "search",
    "show",
    "log",
    "diff",
    "undo",
    "restore",
    "check",
    "conflicts",
    "import",
    "export",
    "batch",
    "remind",
    "outbox",
    "report",
    "schema",
    "sql",
    "login",
    "logout",
    "passwd",
    "whoami",
    "audit",
    "completions",
    "man",
    "help",
];

/// The arguments that name a file or a folder. A guest has stdin and stdout instead.
pub const FILES: &[&str] =
    &["directory", "output", "password-file", "from-file", "file", "files", "map", "rejects", "dir"];

/// Settles who came in.
pub fn enter(environment: &mut Environment, arguments: Vec<OsString>) -> Result<Entered, Failure> {
    let Some(gateway) = gateway::here()? else {
        return Ok(Entered { arguments, store: None, entry: None });
    };
    let words: Vec<String> =
        arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let visit =
        gateway.visit(&words, environment.get("SUDO_UID"), environment.get("SSH_ORIGINAL_COMMAND"), split)?;
    if visit != Visit::Nobody {
        environment.without_names();
    }
    let entered = |person: Option<String>, is_guest: bool, words: Vec<String>| Entered {
        arguments: std::iter::once("crm".to_owned()).chain(words).map(OsString::from).collect(),
        store: Some(gateway.store.clone()),
        entry: Some(Entry { person, is_guest }),
    };
    match visit {
        Visit::Nobody => {
            Ok(Entered { arguments, store: None, entry: Some(Entry { person: None, is_guest: false }) })
        }
        Visit::Owner { user, words } => Ok(entered(Some(user), false, words)),
        Visit::Guest { user, words } => {
            again(&gateway, &arguments)?;
            gateway.is_closed()?;
            Ok(entered(Some(user), true, words))
        }
    }
}

/// Starts the program anew with the environment of a guest, unless it has that already.
fn again(gateway: &Gateway, arguments: &[OsString]) -> Result<(), Failure> {
    let wanted = gateway.environment(&Environment::everything());
    if Environment::is_exactly(&wanted) {
        return Ok(());
    }
    let mut process = Process::new("/proc/self/exe");
    process.args(arguments.iter().skip(1)).env_clear().envs(&wanted).current_dir("/");
    if let Some(name) = arguments.first() {
        process.arg0(name);
    }
    Err(process.exec().into())
}

/// Hands the run over to who came in, with what they may use.
pub fn attend(context: &mut Context, entry: Option<Entry>, matches: &ArgMatches) -> Result<(), Failure> {
    let Some(entry) = entry else { return Ok(()) };
    let is_guest = entry.is_guest;
    context.globals.gateway = Some(entry);
    if !is_guest {
        return Ok(());
    }
    // Pagers run programs.
    context.ui.pager = None;
    refuse_commands(context, matches)?;
    refuse_files(matches)
}

fn refuse_commands(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, inner)) = matches.subcommand() else { return Ok(()) };
    let is_noun = context.schema.kind(name).is_some();
    let verb = inner.subcommand_name().unwrap_or_default();
    let everything = name == "export" && inner.try_get_one::<bool>("all").ok().flatten() == Some(&true);
    if (is_noun && verb != "edit") || (FOR_GUESTS.contains(&name) && !everything) {
        return Ok(());
    }
    let what = if is_noun { format!("{name} {verb}") } else { name.to_owned() };
    Err(Problem::new(Class::Denied, "gateway-command").arg("value", what).into())
}

/// Refuses every argument that names a file; `-` names none.
pub fn refuse_files(matches: &ArgMatches) -> Result<(), Failure> {
    for id in matches.ids().map(clap::Id::as_str).filter(|id| FILES.contains(id)) {
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let values = matches.try_get_raw(id).ok().flatten();
        if let Some(value) = values.into_iter().flatten().find(|value| *value != "-") {
            let problem = Problem::new(Class::Denied, "gateway-file").arg("value", value.to_string_lossy());
            return Err(problem.hint("gateway-file-hint").into());
        }
    }
    match matches.subcommand() {
        Some((_, inner)) => refuse_files(inner),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::super::args::{Words, program};
    use super::*;
    use crate::locale::{Language, Locale};
    use crate::model::schema::{Schema, Settings};

    /// Every argument that takes a path: `command argument`.
    fn paths(command: &Command, name: &str, found: &mut Vec<(String, String)>) {
        for arg in command.get_arguments() {
            let values = arg.get_value_names().unwrap_or_default();
            if values
                .iter()
                .any(|value| ["FILE", "DIR", "PATH", "GLOB"].iter().any(|word| value.contains(word)))
            {
                found.push((name.to_owned(), arg.get_id().to_string()));
            }
        }
        for inner in command.get_subcommands() {
            paths(inner, &format!("{name} {}", inner.get_name()), found);
        }
    }

    #[test]
    fn every_argument_that_takes_a_path_is_closed_to_guests() {
        let schema = Schema::new(Settings::default()).expect("sound settings");
        let locale = Locale::new(Language::English);
        let words = Words { schema: &schema, locale: &locale, store: None, only: None };
        let mut found = Vec::new();
        paths(&program(words, &|_| true), "crm", &mut found);
        assert!(found.len() > 40, "arguments are found: {}", found.len());
        // A path inside the store, compared with what was found there.
        found.retain(|(command, id)| !(command == "crm check" && id == "ids"));
        let is_open = |(command, id): &&(String, String)| {
            let name = command.split(' ').nth(1).unwrap_or("");
            let noun = schema.kind(name).is_some();
            (name.is_empty() || noun || FOR_GUESTS.contains(&name)) && !FILES.contains(&id.as_str())
        };
        let open: Vec<&(String, String)> = found.iter().filter(is_open).collect();
        assert!(open.is_empty(), "{open:#?}");
    }

    #[test]
    fn the_commands_for_guests_exist_and_run_no_program_of_their_choice() {
        let names: Vec<&str> =
            super::super::commands::STANDALONE.iter().map(|command| command.name).collect();
        assert!(FOR_GUESTS.iter().all(|name| names.contains(name)));
        for name in ["edit", "init", "demo", "tutorial", "trust", "mirror", "commit", "doctor", "gateway"] {
            assert!(names.contains(&name) && !FOR_GUESTS.contains(&name), "{name}");
        }
    }
}
