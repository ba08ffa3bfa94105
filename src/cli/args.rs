//! The command line as clap sees it, computed from the record declarations.
//!
//! Only the noun that is asked for gets its verbs and flags: the others are there by name, so that
//! a command pays for its own flags and not for those of forty types.
//! Deliberately absent: what a command does (`commands`), and clap's own words (`usage`).

use std::path::Path;

use clap::{Arg, ArgAction, Command};

use crate::locale::Locale;
use crate::model::record::{Field, Kind, Move, RowKind, Type};
use crate::model::schema::Schema;

use super::commands::domain::verbs_of;
use super::commands::{STANDALONE, print, sections};

/// What a command tree is built with.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub schema: &'a Schema,
    pub locale: &'a Locale,
    /// The directory of the store, whose own reports are commands.
    pub store: Option<&'a Path>,
    /// The noun and verb of the command line: only they are built, and without a text. Most command
    /// lines are right and need no help; the others are read again with the whole tree.
    pub only: Option<(&'a str, &'a str)>,
}

impl Words<'_> {
    /// A text of the bundle.
    pub fn text(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A text of the bundle with its arguments.
    pub fn with(&self, id: &str, args: &[(&str, &str)]) -> String {
        if self.only.is_some() { String::new() } else { self.locale.text(id, args) }
    }

    fn noun(&self, kind: &Kind) -> String {
        if self.only.is_some() { String::new() } else { self.locale.noun(kind) }
    }

    fn label(&self, kind: &Kind, field: &str) -> String {
        if self.only.is_some() { String::new() } else { self.locale.field(self.schema, kind, field) }
    }

    fn field_help(&self, kind: &Kind, field: &Field) -> String {
        if self.only.is_some() { String::new() } else { self.locale.field_help(kind, field) }
    }

    fn wants_noun(&self, name: &str, aliases: &[&str]) -> bool {
        self.only.is_none_or(|(noun, _)| noun == name || aliases.contains(&noun))
    }

    fn wants_verb(&self, name: &str) -> bool {
        self.only.is_none_or(|(_, verb)| verb == name || ALIASES.contains(&(verb, name)))
    }
}

/// Other names of the regular verbs.
const ALIASES: &[(&str, &str)] = &[("ls", "list"), ("rm", "remove")];

/// The whole program, with the verbs of the nouns that `wanted` admits.
pub fn program(words: Words<'_>, wanted: &dyn Fn(&str) -> bool) -> Command {
    let mut program = styled(Command::new("crm"), words)
        .about(words.text("help-about"))
        .after_help(words.text("help-after"))
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(words.text("help-flag-version")),
        )
        .args(global(words));
    for standalone in STANDALONE.iter().filter(|s| words.wants_noun(s.name, s.aliases)) {
        let wanted = wanted(standalone.name) || standalone.aliases.iter().any(|alias| wanted(alias));
        let mut command = named(standalone.name, &format!("help-cmd-{}", standalone.name), words)
            .visible_aliases(standalone.aliases.iter().copied());
        if wanted {
            command = (standalone.args)(command, words);
        }
        // It is for shells, not for people.
        program = program.subcommand(command.display_order(10).hide(standalone.name == "complete"));
    }
    for kind in words.schema.kinds().iter().filter(|k| words.wants_noun(k.name, k.traits.aliases)) {
        let wanted = wanted(kind.name) || kind.traits.aliases.iter().any(|alias| wanted(alias));
        let mut command = styled(Command::new(kind.name), words)
            .about(words.with("help-noun", &[("noun", &words.noun(kind))]))
            .visible_aliases(kind.traits.aliases.iter().copied())
            .subcommand_required(true)
            .display_order(20);
        if wanted {
            command = verbs(command, kind, words);
        }
        program = program.subcommand(command);
    }
    program
}

/// A command with its help line and the headings of the reader's language.
pub fn named(name: &'static str, help: &str, words: Words<'_>) -> Command {
    styled(Command::new(name), words).about(words.text(help))
}

fn styled(command: Command, words: Words<'_>) -> Command {
    command
        .next_help_heading(words.text("help-heading-options"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(words.text("help-flag-help"))
                .help_heading(words.text("help-heading-global")),
        )
        .help_template(words.text("help-template").replace("\\n", "\n"))
        .subcommand_help_heading(words.text("help-heading-commands"))
}

/// A flag with a value, its help from the bundle.
pub fn option(name: &'static str, value: &'static str, words: Words<'_>) -> Arg {
    let arg = Arg::new(name).long(name).value_name(value).help(words.text(&format!("help-flag-{name}")));
    // `--sort -created_at`, `--on -3d`: what follows is a value, whatever it begins with.
    arg.allow_hyphen_values(SIGNED.contains(&name))
}

/// The flags whose values may begin with a minus.
const SIGNED: &[&str] =
    &["sort", "on", "date", "due", "next-due", "since", "until", "as-of", "period", "where", "cost"];

/// A flag without a value.
pub fn switch(name: &'static str, words: Words<'_>) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(words.text(&format!("help-flag-{name}")))
}

/// A positional argument.
pub fn place(name: &'static str, value: &'static str, words: Words<'_>) -> Arg {
    Arg::new(name).value_name(value).help(words.text(&format!("help-arg-{name}")))
}

/// The flags that every command takes.
pub fn global(words: Words<'_>) -> Vec<Arg> {
    let heading = words.text("help-heading-global");
    let arg = |arg: Arg| arg.global(true).help_heading(heading.clone());
    vec![
        arg(Arg::new("directory").short('C').value_name("DIR").help(words.text("help-flag-directory"))),
        arg(option("as", "USER", words)),
        arg(option("format", "FORMAT", words)),
        arg(option("output", "FILE", words).short('o')),
        arg(option("lang", "LANGUAGE", words)),
        arg(option("labels", "WHICH", words)),
        arg(option("color", "WHEN", words)),
        arg(option("tz", "ZONE", words)),
        arg(switch("no-header", words)),
        arg(switch("bom", words)),
        arg(switch("excel-safe", words)),
        arg(switch("envelope", words)),
        arg(switch("dry-run", words)),
        arg(switch("no-input", words)),
        arg(switch("yes", words).short('y')),
        arg(switch("quiet", words).short('q')),
        arg(switch("verbose", words).short('v')),
        arg(switch("keep-going", words)),
        arg(option("lock-timeout", "DURATION", words)),
        arg(switch("allow-network-fs", words)),
        arg(switch("password-stdin", words)),
        arg(option("password-file", "FILE", words)),
    ]
}

/// The flags of a command that shows many records.
pub fn listing(command: Command, words: Words<'_>) -> Command {
    command.args([
        option("where", "FIELD=VALUE", words).action(ArgAction::Append),
        option("fields", "FIELD,…", words),
        option("sort", "FIELD,…", words),
        option("limit", "N", words),
        option("view", "NAME", words),
        option("at", "REV|DATE", words),
    ])
}

/// The flags of a command that changes something: what lets a refusal pass, idempotency, time.
pub fn writing(command: Command, taken: &dyn Fn(&str) -> bool, words: Words<'_>) -> Command {
    let flags = [
        option("key", "KEY", words),
        option("if-match", "REV", words),
        option("on", "DATE", words),
        option("reason", "TEXT", words),
        switch("allow-duplicate", words),
        switch("allow-over", words),
        switch("override", words),
    ];
    command.args(flags.into_iter().filter(|arg| !taken(arg.get_id().as_str())))
}

fn verbs(mut noun: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    // A verb of a type's own stands in place of the regular one.
    let own: Vec<&str> = verbs_of(kind.name).map(|v| v.verb).collect();
    for verb in REGULAR.iter().filter(|v| words.wants_verb(v) && !own.contains(v)) {
        noun = noun.subcommand(regular(verb, kind, words));
    }
    let wanted_rows =
        |field: &Field| !field.marks.verb && words.wants_verb(&field.singular().replace('_', "-"));
    for (field, rows) in kind.rows().filter(|(field, _)| wanted_rows(field)) {
        if !own.contains(&field.singular().as_str()) {
            noun = noun.subcommand(row_verbs(kind, field, rows, words));
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for step in kind.traits.moves {
        if own.contains(&step.verb) || seen.contains(&step.verb) || !words.wants_verb(step.verb) {
            continue;
        }
        seen.push(step.verb);
        noun = noun.subcommand(state_verb(kind, step, words));
    }
    for verb in verbs_of(kind.name).filter(|v| words.wants_verb(v.verb)) {
        let command =
            named(verb.verb, &format!("help-verb-{}-{}", kind.name.replace('_', "-"), verb.verb), words);
        noun = noun.subcommand((verb.args)(command, kind, words));
    }
    noun
}

/// The verbs that every type has.
pub const REGULAR: &[&str] = &["add", "list", "show", "edit", "set", "upsert", "remove", "history"];

/// A verb that every type has, with the flags of this one.
pub fn regular(verb: &'static str, kind: &'static Kind, words: Words<'_>) -> Command {
    let taken = |flag: &str| takes(kind, flag);
    let label = words.noun(kind);
    let about = words.with(&format!("help-verb-{verb}"), &[("noun", &label)]);
    let command = styled(Command::new(verb), words).about(about);
    match verb {
        "add" | "upsert" => {
            let mut command = command;
            if kind.is_slug() {
                command = command.arg(place("slug", "SLUG", words));
            }
            if verb == "upsert" {
                command = command.arg(option("match", "FIELD,…", words));
            } else {
                let long = if takes(kind, "from") { "from-file" } else { "from" };
                command = command.arg(
                    Arg::new("from-file")
                        .long(long)
                        .value_name("FILE")
                        .help(words.text("help-flag-from-file")),
                );
            }
            writing(field_flags(command, kind, words), &taken, words)
        }
        "set" => {
            let command = command
                .arg(place("ids", "ID", words).num_args(1..).required(true))
                .arg(option("unset", "FIELD", words).action(ArgAction::Append));
            let command = set_flags(field_flags(command, kind, words), kind, words);
            let keeps = (kind.name == "ticket").then(|| switch("keep-sla", words));
            writing(command.args(keeps), &taken, words)
        }
        "list" => listing(command.visible_alias("ls"), words).arg(switch("archived", words)),
        "show" => {
            let command = command
                .arg(place("id", "ID", words).required(true))
                .arg(option("at", "REV|DATE", words))
                .arg(option("fields", "FIELD,…", words));
            let command = print::flags(command, kind, words);
            let parts = sections::names(kind);
            if parts.is_empty() {
                return command;
            }
            let with = option("with", "PART,…", words).action(ArgAction::Append);
            let help = format!("{} [{}]", words.text("help-flag-with"), parts.join(", "));
            command.arg(with.help(help))
        }
        "remove" => writing(
            command.visible_alias("rm").arg(place("ids", "ID", words).num_args(1..).required(true)),
            &|_| false,
            words,
        ),
        "edit" => writing(command.arg(place("id", "ID", words).required(true)), &|_| false, words),
        _ => command.arg(place("id", "ID", words).required(true)).arg(option("field", "FIELD", words)),
    }
}

/// Whether a field of the type has this flag.
pub fn takes(kind: &Kind, flag: &str) -> bool {
    kind.all().any(|f| is_settable(f) && flag_of(f) == flag)
}

/// Whether `add` and `set` may write a field.
pub fn is_settable(field: &Field) -> bool {
    !field.marks.verb && !matches!(field.name, "id" | "created_at" | "created_by" | "key")
}

/// The flag of a field. A set or rows takes the singular; where that is the flag of another field
/// of the type the plural stays.
pub fn flag_of(field: &Field) -> String {
    let name = if field.many() || field.rows().is_some() { field.singular() } else { field.name.to_owned() };
    let name = match (name.as_str(), field.name) {
        ("key", "keys") => "keys",
        ("price", "prices") => "prices",
        (name, _) => name,
    };
    name.replace('_', "-")
}

fn field_flags(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let heading = words.with("help-heading-fields", &[("noun", &words.noun(kind))]);
    command.args(
        kind.all()
            .filter(|f| is_settable(f))
            .map(|f| field_flag(kind, f, words).help_heading(heading.clone())),
    )
}

pub fn field_flag(kind: &'static Kind, field: &'static Field, words: Words<'_>) -> Arg {
    let mut help = words.field_help(kind, field);
    if let Type::Code(list) = field.ty {
        help = format!("{help} [{}]", words.schema.codes(list).join(", "));
    }
    let arg = Arg::new(field.name).long(flag_of(field)).value_name(value_name(field)).help(help);
    match field.ty {
        Type::Bool => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        _ if field.many() || field.rows().is_some() => arg.action(ArgAction::Append),
        _ => arg,
    }
    .allow_hyphen_values(true)
}

fn value_name(field: &Field) -> &'static str {
    match field.ty {
        Type::Bool => "true|false",
        Type::Int => "N",
        Type::Dec | Type::Qty => "NUMBER",
        Type::Pct => "PERCENT",
        Type::Money | Type::Price => "AMOUNT",
        Type::Day => "DATE",
        Type::Instant => "TIME",
        Type::Dur => "DURATION",
        Type::Code(_) | Type::FreeCode => "CODE",
        Type::Ref(_) => "RECORD",
        Type::Currency => "CURRENCY",
        Type::Country => "COUNTRY",
        Type::Phone => "PHONE",
        Type::Email => "EMAIL",
        Type::Url => "URL",
        Type::Rows(_) => match field.name {
            "lines" => "SKU:QTY[@PRICE][-10%]",
            "intents" => "SKU[:QTY]",
            _ => "FIELD=VALUE,…",
        },
        Type::Text | Type::Prose => "TEXT",
    }
}

/// `--add-tag`, `--remove-tag` and alike for every set.
fn set_flags(command: Command, kind: &'static Kind, words: Words<'_>) -> Command {
    let heading = words.text("help-heading-sets");
    command.args(kind.all().filter(|f| f.many() && is_settable(f)).flat_map(|field| {
        ["add", "remove"].map(|action| {
            let long = format!("{action}-{}", flag_of(field));
            let help = words
                .with(&format!("help-flag-{action}-member"), &[("field", &words.label(kind, field.name))]);
            Arg::new(format!("{action}-{}", field.name))
                .long(long)
                .value_name(value_name(field))
                .action(ArgAction::Append)
                .help(help)
                .help_heading(heading.clone())
        })
    }))
}

/// The verbs of the rows of a type.
pub fn row_verbs(
    kind: &'static Kind,
    field: &'static Field,
    rows: &'static RowKind,
    words: Words<'_>,
) -> Command {
    let name: &'static str = Box::leak(field.singular().replace('_', "-").into_boxed_str());
    let label = words.label(kind, field.name);
    let text = |id: &str| words.with(id, &[("rows", &label), ("noun", &words.noun(kind))]);
    let mut row = styled(Command::new(name), words).about(text("help-rows")).subcommand_required(true);
    for verb in ["add", "set", "remove"] {
        let mut command = styled(Command::new(verb), words)
            .about(text(&format!("help-rows-{verb}")))
            .arg(place("record", "RECORD", words).required(true));
        if verb != "add" {
            command = command.arg(place("row", "ROW", words).required(true));
        }
        if verb == "add" && matches!(field.name, "lines" | "intents") {
            command = command.arg(place("wish", value_name(field), words).num_args(0..));
        }
        if verb != "remove" {
            command = command.args(rows.fields.iter().map(|f| field_flag(kind, f, words)));
        }
        if verb == "set" {
            command = command.arg(option("unset", "FIELD", words).action(ArgAction::Append));
        }
        let taken = |flag: &str| verb != "remove" && rows.fields.iter().any(|f| flag_of(f) == flag);
        row = row.subcommand(writing(command, &taken, words));
    }
    row
}

fn state_verb(kind: &'static Kind, step: &Move, words: Words<'_>) -> Command {
    let states = words
        .schema
        .kinds()
        .iter()
        .find(|k| k.name == kind.name)
        .and_then(|k| k.field(k.traits.state.unwrap_or_default()))
        .and_then(|f| match f.ty {
            Type::Code(list) => Some(if words.only.is_some() {
                String::new()
            } else {
                words.locale.code(words.schema, list, step.to)
            }),
            _ => None,
        })
        .unwrap_or_else(|| step.to.to_owned());
    let about = words.with("help-state-verb", &[("noun", &words.noun(kind)), ("state", &states)]);
    let mut command = styled(Command::new(step.verb), words)
        .about(about)
        .arg(place("ids", "ID", words).num_args(1..).required(true));
    for name in step.sets {
        if let Some(field) = kind.field(name.trim_end_matches('!')) {
            let flag = field_flag(kind, field, words);
            // `ticket duplicate --of`: the verb says the rest.
            let said = field.name.strip_prefix(step.verb) == Some("_of");
            command = command.arg(if said { flag.visible_alias("of") } else { flag });
        }
    }
    let taken =
        |flag: &str| step.sets.iter().any(|name| name.trim_end_matches('!').replace('_', "-") == flag);
    writing(command, &taken, words)
}
