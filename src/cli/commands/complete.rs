//! `crm complete`: what may stand at the cursor, for the completion of a shell. The scripts that
//! `crm completions` prints ask it, so that commands, flags, codes, fields, ids and names come from
//! the same declarations and from the mirror.
//!
//! Nothing is offered that hides something: a name with control characters or reversed text is left
//! out, and what a shell would read is quoted for that shell. Deliberately absent: files, which
//! shells know, and the mirror's catching up where it has an answer already.

mod line;
mod records;

use clap::{Arg, Command};

use super::super::args::{Words, option, place, program};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::extensions;
use super::super::fields::one;
use super::Standalone;
use crate::formats::{Format, display};
use crate::model::record::{Field, Kind, Type};
use crate::model::setting::{SETTINGS, of_store, of_user};
use line::{Line, quoted};
use records::named;

/// `crm complete --shell SHELL -- LINE`.
pub const COMPLETE: Standalone = Standalone {
    name: "complete",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(option("for-shell", "SHELL", words).long("shell"))
            .arg(place("line", "LINE", words).help(words.text("help-arg-complete-line")))
    },
    run: |context, matches| {
        let shell = one(matches, "for-shell").unwrap_or_default();
        let line = Line::read(&one(matches, "line").unwrap_or_default());
        match line.directory() {
            None => complete(context, &shell, &line),
            Some(dir) => match context.within(dir.as_ref(), "") {
                Ok(there) => complete(&there.loud(context), &shell, &line),
                Err(_) => Ok(Exit::Ok),
            },
        }
    },
};

/// Most candidates that are offered.
const MOST: usize = 200;

/// Something that may stand at the cursor, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    pub value: String,
    pub text: String,
}

impl Candidate {
    fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

fn complete(context: &Context, shell: &str, line: &Line) -> Result<Exit, Failure> {
    let mut found = Asked::of(context, line).candidates();
    found.retain(|one| one.value.starts_with(&line.current) && display(&one.value) == one.value);
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|one| seen.insert(one.value.clone()));
    let lines = found.iter().take(MOST).filter_map(|one| {
        let value = quoted(&one.value, shell, line)?;
        let text: String = display(one.text.lines().next().unwrap_or_default()).chars().take(80).collect();
        Some(if shell == "bash" || text.is_empty() { value } else { format!("{value}\t{text}") })
    });
    context.ui.lines(lines.collect::<Vec<String>>())?;
    Ok(Exit::Ok)
}

/// Where the cursor is: below a command, after a flag that wants a value, or at a place of its own.
struct Asked<'a> {
    context: &'a Context,
    line: &'a Line,
    /// The commands that the line names so far, without flags.
    path: Vec<String>,
    root: Command,
    command: Command,
    /// The flag that waits for its value.
    flag: Option<Arg>,
    /// How many values have their places.
    placed: usize,
    only_values: bool,
    lost: bool,
}

impl<'a> Asked<'a> {
    fn of(context: &'a Context, line: &'a Line) -> Self {
        let wanted = |name: &str| line.words.iter().any(|word| word == name);
        let root = program(context.words(), &wanted);
        let mut asked = Self {
            context,
            line,
            path: Vec::new(),
            command: root.clone(),
            root,
            flag: None,
            placed: 0,
            only_values: false,
            lost: false,
        };
        for word in &line.words {
            asked.take(word);
        }
        asked
    }

    fn take(&mut self, word: &str) {
        if self.flag.take().is_some() {
            return;
        }
        if word == "--" {
            self.only_values = true;
        } else if word.starts_with('-') && word.len() > 1 && !self.only_values {
            if !word.contains('=') {
                self.flag = self.flag_of(word).filter(takes_value);
            }
        } else if let Some(below) = self.command.find_subcommand(word).cloned() {
            self.path.push(below.get_name().to_owned());
            self.command = below;
        } else {
            // Below a name that is none of ours nothing is known.
            self.lost |= self.command.has_subcommands();
            self.placed += 1;
        }
    }

    fn flags(&self) -> impl Iterator<Item = &Arg> {
        let own = self.command.get_arguments();
        let global = self.root.get_arguments().filter(|arg| arg.is_global_set());
        own.chain(global).filter(|arg| !arg.is_positional())
    }

    fn flag_of(&self, word: &str) -> Option<Arg> {
        let long = word.strip_prefix("--").map(|name| name.split('=').next().unwrap_or(name));
        let is = |arg: &&Arg| match long {
            Some(name) => arg.get_long() == Some(name),
            None => word.chars().nth(1).is_some_and(|c| arg.get_short() == Some(c)),
        };
        self.flags().find(is).cloned()
    }

    fn candidates(&self) -> Vec<Candidate> {
        let typed = &self.line.current;
        if self.lost {
            return Vec::new();
        }
        if let Some(flag) = &self.flag {
            return self.values(flag, typed);
        }
        if !self.only_values && typed.starts_with('-') {
            if let Some((name, value)) = typed.split_once('=') {
                let values = self.flag_of(name).map(|flag| self.values(&flag, value)).unwrap_or_default();
                return values
                    .into_iter()
                    .map(|one| Candidate::new(format!("{name}={}", one.value), one.text))
                    .collect();
            }
            let long = |arg: &Arg| {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                Some(Candidate::new(format!("--{}", arg.get_long()?), help))
            };
            return self.flags().filter_map(long).collect();
        }
        if self.command.has_subcommands() {
            let below = self.command.get_subcommands().filter(|command| !command.is_hide_set());
            let mut found: Vec<Candidate> = below
                .map(|command| {
                    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                    Candidate::new(command.get_name(), about)
                })
                .collect();
            if self.path.is_empty() {
                found.extend(
                    extensions::names(&super::is_ours).into_iter().map(|name| Candidate::new(name, "")),
                );
            }
            return found;
        }
        let places: Vec<&Arg> = self.command.get_positionals().collect();
        match places.get(self.placed).or(places.last()) {
            Some(place) => self.values(place, typed),
            None => Vec::new(),
        }
    }

    /// The type that the line is about.
    fn kind(&self) -> Option<&'static Kind> {
        self.context.schema.kind(self.path.first()?)
    }

    /// The field that a flag writes: of the type, or of the row that the line names.
    fn field(&self, name: &str) -> Option<&'static Field> {
        let kind = self.kind()?;
        let row = self
            .path
            .get(1)
            .and_then(|word| kind.rows().find(|(field, _)| field.singular().replace('_', "-") == *word));
        if let Some((_, rows)) = row {
            return rows.field(name);
        }
        let name = name.strip_prefix("add-").or_else(|| name.strip_prefix("remove-")).unwrap_or(name);
        kind.all().find(|field| field.name == name)
    }

    /// What may stand where an argument takes a value.
    fn values(&self, arg: &Arg, typed: &str) -> Vec<Candidate> {
        let plain = |values: &[&str]| values.iter().map(|value| Candidate::new(*value, "")).collect();
        let id = arg.get_id().as_str();
        let schema = &self.context.schema;
        if let Some(field) = self.field(id).filter(|_| id != "id") {
            return self.of_field(field, typed);
        }
        match id {
            "format" => return plain(&Format::names()),
            "lang" => return plain(&["en", "zh-CN"]),
            "labels" => return plain(&["auto", "code", "label"]),
            "color" => return plain(&["auto", "always", "never"]),
            "as" => return self.records(&["user"], typed),
            "shell" | "for-shell" => return plain(&["bash", "zsh", "fish", "powershell", "elvish"]),
            "topic" => return plain(super::help::TOPICS),
            "setting" | "prefix" => return self.settings(),
            "values" => return self.setting_values(),
            "view" => return self.views(),
            "fields" | "sort" => return self.listed(typed),
            "unset" | "field" | "match" => return self.fields("", ""),
            "where" => return self.conditions(typed),
            "type" | "noun" => {
                let kinds = schema.kinds().iter();
                return kinds.map(|kind| Candidate::new(kind.name, self.context.locale.noun(kind))).collect();
            }
            "ids" | "id" | "one" | "other" | "keep" | "drops" | "record" | "target" => {
                return match self.kind() {
                    Some(kind) => named(self.context, &[kind], typed),
                    None if typed.is_empty() => Vec::new(),
                    None => named(self.context, schema.kinds(), typed),
                };
            }
            _ => {}
        }
        let shown =
            arg.get_value_names().and_then(|names| names.first()).map(|name| name.to_ascii_lowercase());
        let noun = match shown.as_deref() {
            Some("sku") => "product",
            other => other.unwrap_or_default(),
        };
        self.records(&[noun], typed)
    }

    fn records(&self, nouns: &[&str], typed: &str) -> Vec<Candidate> {
        let kinds: Vec<&'static Kind> =
            nouns.iter().filter_map(|noun| self.context.schema.kind(noun)).collect();
        named(self.context, &kinds, typed)
    }

    fn of_field(&self, field: &Field, typed: &str) -> Vec<Candidate> {
        let (schema, locale) = (&self.context.schema, &self.context.locale);
        match field.ty {
            Type::Code(list) => {
                let codes = schema.codes(list).into_iter();
                let kept =
                    codes.filter(|code| !schema.added_code(list.name, code).is_some_and(|code| code.retired));
                kept.map(|code| Candidate::new(code, locale.code(schema, list, code))).collect()
            }
            Type::Ref(nouns) => {
                let mut found = self.records(nouns, typed);
                if nouns.contains(&"user") {
                    found.push(Candidate::new("me", ""));
                }
                found
            }
            Type::Bool => vec![Candidate::new("true", ""), Candidate::new("false", "")],
            Type::Rows(_) if matches!(field.name, "lines" | "intents") => self.records(&["product"], typed),
            _ => Vec::new(),
        }
    }

    /// The fields of the type, each between two texts.
    fn fields(&self, before: &str, after: &str) -> Vec<Candidate> {
        let Some(kind) = self.kind() else { return Vec::new() };
        let (schema, locale) = (&self.context.schema, &self.context.locale);
        let shown = |field: &'static Field| {
            Candidate::new(format!("{before}{}{after}", field.name), locale.field(schema, kind, field.name))
        };
        kind.all().map(shown).collect()
    }

    /// Fields parted by commas, the last one being typed; a minus before it turns an order round.
    fn listed(&self, typed: &str) -> Vec<Candidate> {
        let cut = typed.rfind(',').map_or(0, |at| at + 1);
        let (before, last) = typed.split_at(cut);
        let minus = if last.starts_with('-') { "-" } else { "" };
        self.fields(&format!("{before}{minus}"), "")
    }

    /// `FIELD=`, then what the field may hold.
    fn conditions(&self, typed: &str) -> Vec<Candidate> {
        let Some(at) = typed.find(['=', '!', '<', '>', '~']) else { return self.fields("", "=") };
        let end = typed[at..].find(|c: char| !"=!<>~".contains(c)).map_or(typed.len(), |n| at + n);
        let Some(field) = self.kind().and_then(|kind| kind.field(&typed[..at])) else { return Vec::new() };
        let values = self.of_field(field, &typed[end..]).into_iter();
        values.map(|one| Candidate::new(format!("{}{}", &typed[..end], one.value), one.text)).collect()
    }

    fn settings(&self) -> Vec<Candidate> {
        let help = |setting| self.context.text(&crate::model::setting::help_id(setting), &[]);
        let declared = SETTINGS.iter().filter(|setting| !setting.is_free());
        let mut found: Vec<Candidate> =
            declared.map(|setting| Candidate::new(setting.key, help(setting))).collect();
        let settings = &self.context.schema.settings;
        let written = settings.written().chain(settings.owned());
        found.extend(written.map(|(key, _)| Candidate::new(key, "")));
        found
    }

    fn setting_values(&self) -> Vec<Candidate> {
        let key =
            self.line.words.iter().rev().find(|word| of_store(word).or_else(|| of_user(word)).is_some());
        let setting = key.and_then(|key| of_store(key).or_else(|| of_user(key)));
        let legal = setting.map(crate::model::setting::Setting::legal).unwrap_or_default();
        legal.into_iter().map(|value| Candidate::new(value, "")).collect()
    }

    fn views(&self) -> Vec<Candidate> {
        let settings = &self.context.schema.settings;
        let kind = self.kind().map(|kind| kind.name);
        let of = settings.below("views").filter(|(key, of)| key.ends_with(".of") && Some(*of) == kind);
        of.map(|(key, _)| Candidate::new(key.trim_end_matches(".of"), "")).collect()
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}
