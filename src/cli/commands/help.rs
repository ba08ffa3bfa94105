//! `help TOPIC`, man pages and completions, all from the same declarations.

use clap::Command;

use super::super::args::{Words, option, place, program};
use super::super::context::Context;
use super::super::error::{Exit, Failure, file_error};
use super::super::extensions;
use super::super::fields::{given, one};
use super::Standalone;
use crate::model::Problem;
use crate::model::setting::{Home, SETTINGS, help_id};

/// `crm completions SHELL`.
pub const COMPLETIONS: Standalone = Standalone {
    name: "completions",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(place("shell", "SHELL", words).required(true)),
    run: |context, matches| {
        let name = one(matches, "shell").unwrap_or_default();
        let shells = ["bash", "zsh", "fish", "powershell", "elvish"];
        let shell: clap_complete::Shell = name.parse().map_err(|_| {
            Problem::usage("bad-code").arg("value", &name).arg("field", "shell").field("shell").legal(shells)
        })?;
        if let Some((_, script)) = ASKING.iter().find(|(known, _)| *known == name) {
            context.ui.bytes(script.as_bytes())?;
            return Ok(Exit::Ok);
        }
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut whole(context), "crm", &mut bytes);
        context.ui.bytes(&bytes)?;
        Ok(Exit::Ok)
    },
};

/// The shells whose completion asks the program: ids and names are offered, not commands alone.
const ASKING: &[(&str, &str)] = &[
    ("bash", include_str!("complete/crm.bash")),
    ("zsh", include_str!("complete/crm.zsh")),
    ("fish", include_str!("complete/crm.fish")),
];

/// `crm man [--dir DIR]`.
pub const MAN: Standalone = Standalone {
    name: "man",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(option("dir", "DIR", words)),
    run: |context, matches| {
        match one(matches, "dir") {
            Some(dir) => {
                let dir = std::path::PathBuf::from(dir);
                std::fs::create_dir_all(&dir).map_err(|e| file_error(&dir, &e))?;
                clap_mangen::generate_to(whole(context), &dir).map_err(|e| file_error(&dir, &e))?;
            }
            None => {
                let mut bytes = Vec::new();
                clap_mangen::Man::new(whole(context)).render(&mut bytes)?;
                context.ui.bytes(&bytes)?;
            }
        }
        Ok(Exit::Ok)
    },
};

/// The topics of `help`.
pub const TOPICS: &[&str] = &[
    "dates",
    "formats",
    "filters",
    "exit-codes",
    "environment",
    "store",
    "settings",
    "import",
    "messages",
    "backup",
    "sql",
    "reports",
    "merge",
    "security",
    "gateway",
];

/// `crm help [TOPIC|COMMAND…]`.
pub const HELP: Standalone = Standalone {
    name: "help",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(place("topic", "TOPIC", words).num_args(0..)),
    run: |context, matches| {
        let asked = given(matches, "topic").unwrap_or_default();
        match asked.first().map(String::as_str) {
            None => {
                let mut program = program(context.words(), &|_| false);
                let mut text = program.render_help().to_string();
                let extensions = extensions::names(&super::is_ours);
                if !extensions.is_empty() {
                    text.push_str(&format!("\n{}\n", context.text("extensions-title", &[])));
                    text.extend(extensions.iter().map(|name| format!("  {name}\n")));
                }
                context.ui.bytes(text.as_bytes())?;
            }
            Some(topic) if TOPICS.contains(&topic) => context.ui.lines(text(context, topic).lines())?,
            Some(_) => of_command(context, &asked)?,
        }
        Ok(Exit::Ok)
    },
};

fn whole(context: &Context) -> Command {
    program(context.words(), &|_| true)
}

fn of_command(context: &Context, asked: &[String]) -> Result<(), Failure> {
    let first = asked[0].clone();
    let mut command = program(context.words(), &|name| name == first);
    command.build();
    for word in asked {
        let known: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let Some(found) = command.find_subcommand(word).cloned() else {
            let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
            known.extend(TOPICS);
            return Err(Problem::usage("unknown-topic")
                .arg("value", word)
                .legal(TOPICS.iter().copied())
                .candidates(crate::query::nearest(word, &known))
                .into());
        };
        command = found;
    }
    context.ui.bytes(command.render_long_help().to_string().as_bytes())
}

fn text(context: &Context, topic: &str) -> String {
    let mut text = context.text(&format!("help-topic-{topic}"), &[]);
    match topic {
        "exit-codes" => {
            for exit in Exit::LISTED {
                let meaning = context.text(&format!("help-exit-{}", exit.name().replace('_', "-")), &[]);
                text.push_str(&format!("\n{:>4}  {:<13} {meaning}", *exit as i32, exit.name()));
            }
        }
        "settings" => {
            for home in [false, true] {
                if home {
                    text.push_str(&format!("\n\n{}", context.text("help-own-settings", &[])));
                }
                for setting in SETTINGS.iter().filter(|setting| (setting.home == Home::Own) == home) {
                    let help = context.text(&help_id(setting), &[]);
                    let default = match setting.default {
                        "" => String::new(),
                        default => format!(" [{default}]"),
                    };
                    text.push_str(&format!("\n  {:<32} {help}{default}", setting.key));
                }
            }
        }
        _ => {}
    }
    text
}
