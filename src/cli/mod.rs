//! Arguments in, bytes out, exit code.

pub mod args;
pub mod change;
pub mod commands;
mod conditions;
pub mod context;
mod diff;
pub mod environment;
pub mod error;
mod extensions;
pub mod fields;
mod gateway;
mod hooks;
pub mod identity;
mod personal;
pub mod progress;
mod reading;
pub mod resolve;
mod rights;
pub mod secrets;
pub mod signing;
pub mod store;
mod store_error;
pub mod templates;
mod ui;
mod usage;
pub mod user_config;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;

use args::{Words, program};
use context::Context;
use environment::Environment;
use error::{Exit, Failure};
use personal::{Around, Personal};
use usage::Told;
use user_config::UserConfig;

use crate::locale::Locale;
use crate::model::schema::{Schema, Settings};

/// Runs the program on its arguments, the name of the program first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut environment = Environment::of_process();
    let entered = match gateway::enter(&mut environment, arguments) {
        Ok(entered) => entered,
        Err(failure) => {
            let language =
                personal::language(None, &environment, &Around::default(), None).unwrap_or_default();
            tell(&failure, &Locale::new(language), environment.get("CRM_ERRORS") == Some("json"));
            return code(failure.exit);
        }
    };
    let arguments = entered.arguments;
    let early = Early::of(&arguments);
    let own = early.own(&environment);
    let around = Around { own: own.clone().unwrap_or_default(), ..Around::default() };
    let found = early.store(&environment, &around.own, entered.store.as_deref());
    let around = Around { personal: early.personal(&environment, found.as_ref()), ..around };
    let settings = found.as_ref().and_then(|(_, s)| s.as_ref().ok());
    let language = personal::language(early.language.as_deref(), &environment, &around, settings);
    let locale = Locale::new(language.clone().unwrap_or_default());
    let schema = match &found {
        Some((_, Ok(settings))) => Schema::new(settings.clone()).map_err(Failure::from),
        Some((_, Err(failure))) => Err(failure.clone()),
        None => Schema::new(Settings::default().with_own(&around.own.settings)).map_err(Failure::from),
    };
    let outcome = (|| {
        // A guest of a shared account gets no programs of it.
        let guest = entered.entry.as_ref().is_some_and(|entry| entry.is_guest);
        if !guest && let Some(failure) = early.extension(&arguments, &environment) {
            return Err(failure);
        }
        language?;
        // Help must work where the settings do not.
        let plain = if schema.is_err() { Some(Schema::new(Settings::default())?) } else { None };
        let words_schema = match (&schema, &plain) {
            (Ok(schema), _) | (Err(_), Some(schema)) => schema,
            (Err(failure), None) => return Err(failure.clone()),
        };
        let dir = found.as_ref().map(|(dir, _)| dir.as_path());
        let whole = Words { schema: words_schema, locale: &locale, store: dir, only: None };
        let matches = match read(whole, &early.words, &arguments) {
            Ok(matches) => matches,
            Err(Told::Text(text)) => {
                ui::say(&text)?;
                return Ok((Exit::Ok, None));
            }
            Err(Told::Failure(failure)) => return Err(failure),
        };
        own?;
        let found = found.map(|(dir, _)| (dir, schema));
        let locale = Locale::new(locale.language);
        let mut context = Context::new(environment.clone(), found, around.clone(), locale, &matches)?;
        gateway::attend(&mut context, entered.entry, &matches)?;
        context.set_verb(early.words.get(1).map_or("", String::as_str));
        let outcome = commands::run(&context, &matches);
        let exit = outcome_of(&context, outcome);
        std::mem::forget(matches);
        Ok((exit, Some(())))
    })();
    match outcome {
        Ok((exit, _)) => code(exit),
        Err(failure) => {
            let json = early.json || environment.get("CRM_ERRORS") == Some("json");
            tell(&failure, &locale, json);
            code(failure.exit)
        }
    }
}

fn outcome_of(context: &Context, outcome: Result<Exit, Failure>) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            tell(&failure, &context.locale, context.ui.json_errors);
            failure.exit
        }
    }
}

fn tell(failure: &Failure, locale: &Locale, json: bool) {
    if failure.silent || failure.exit == Exit::Pipe {
        return;
    }
    let mut lines = failure.words(locale);
    if json {
        lines.push(failure.json(locale));
    }
    for line in lines {
        ui::complain(&line);
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(u8::try_from(exit as i32).unwrap_or(1))
}

/// Reads a command line: first with nothing but its own noun and verb, and where that fails, be it
/// for help, with everything there is and what to say about it.
fn read(whole: Words<'_>, words: &[String], line: &[OsString]) -> Result<ArgMatches, Told> {
    if let Some(noun) = words.first() {
        let verb = words.get(1).map_or("", String::as_str);
        let narrow = Words { only: Some((noun, verb)), ..whole };
        let mut command = program(narrow, &|_| true);
        let read = command.try_get_matches_from_mut(line);
        // The process ends soon; taking a thousand strings apart would only delay it.
        std::mem::forget(command);
        if let Ok(matches) = read {
            return Ok(matches);
        }
    }
    let wanted = |name: &str| words.iter().any(|w| w == name);
    program(whole, &wanted).try_get_matches_from(line).map_err(|error| usage::told(&error))
}

/// A command line inside another: of a batch, of the demo.
pub fn parse(context: &Context, words: &[String]) -> Result<ArgMatches, Failure> {
    let mut line = vec![OsString::from("crm")];
    line.extend(words.iter().map(OsString::from));
    let bare = Early::of(&line).words;
    let matches = read(context.words(), &bare, &line).map_err(|told| match told {
        Told::Failure(failure) => failure,
        Told::Text(_) => crate::model::Problem::usage("not-in-batch").arg("value", words.join(" ")).into(),
    })?;
    if context.is_guest() {
        gateway::refuse_files(&matches)?;
    }
    Ok(matches)
}

/// What must be known before the command line can be read as a whole.
struct Early {
    directory: Option<PathBuf>,
    language: Option<String>,
    acting: Option<String>,
    zone: bool,
    json: bool,
    /// The words that are no flags, in order: noun and verb are among the first.
    words: Vec<String>,
    /// Where the first of them stands among the arguments.
    first: Option<usize>,
}

impl Early {
    fn of(arguments: &[OsString]) -> Self {
        let texts: Vec<String> = arguments.iter().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
        let mut early = Self {
            directory: None,
            language: None,
            acting: None,
            zone: false,
            json: false,
            words: Vec::new(),
            first: None,
        };
        let mut at = 0;
        while at < texts.len() {
            let text = texts[at].as_str();
            let next = texts.get(at + 1).cloned();
            match text {
                "--" => break,
                "-C" => {
                    early.directory = next.map(PathBuf::from);
                    at += 1;
                }
                "--lang" => {
                    early.language = next;
                    at += 1;
                }
                "--format" => {
                    early.json = matches!(next.as_deref(), Some("json" | "jsonl"));
                    at += 1;
                }
                "--as" => {
                    early.acting = next;
                    at += 1;
                }
                "--tz" => {
                    early.zone = true;
                    at += 1;
                }
                // Global flags with a value of their own; it is no noun.
                "-o" | "--output" | "--labels" | "--color" | "--lock-timeout" | "--password-file" => at += 1,
                _ if text.starts_with("--as=") => early.acting = Some(text[5..].to_owned()),
                _ if text.starts_with("--tz=") => early.zone = true,
                _ if text.starts_with("--lang=") => early.language = Some(text[7..].to_owned()),
                _ if text.starts_with("--format=json") => early.json = true,
                _ if text.starts_with("-C") && text.len() > 2 => {
                    early.directory = Some(PathBuf::from(&text[2..]));
                }
                _ if text.starts_with('-') => {}
                _ => {
                    // The name of the program stands before the texts.
                    early.first.get_or_insert(at + 1);
                    early.words.push(text.to_owned());
                }
            }
            at += 1;
        }
        early
    }

    /// Becomes the extension that the line names, where it names none of ours.
    fn extension(&self, arguments: &[OsString], environment: &Environment) -> Option<Failure> {
        let name = self.words.first().filter(|name| !commands::is_ours(name))?;
        let program = extensions::find(name)?;
        let first = self.first?;
        // What follows the name is the extension's, whatever it looks like.
        let ours = Self::of(arguments.get(..first)?);
        let store = ours.root(environment);
        let rest = arguments.get(first + 1..).unwrap_or_default();
        Some(extensions::run(&program, rest, store.as_deref(), ours.acting.as_deref()))
    }

    fn root(&self, environment: &Environment) -> Option<PathBuf> {
        let here = Environment::directory();
        let named = self.directory.clone().or_else(|| environment.path("CRM_DIR"));
        context::find_store(named.as_deref(), Path::new(&here))
    }

    /// The user's own configuration, unread by the commands that must work without it or mend it.
    fn own(&self, environment: &Environment) -> Result<UserConfig, Failure> {
        match self.words.first().map(String::as_str) {
            Some("help" | "man" | "completions") => Ok(UserConfig::read(environment).unwrap_or_default()),
            Some("config") => UserConfig::read(environment).or_else(|_| UserConfig::unread(environment)),
            _ => UserConfig::read(environment),
        }
    }

    /// The store's directory and settings.
    fn store(
        &self,
        environment: &Environment,
        own: &UserConfig,
        fixed: Option<&Path>,
    ) -> Option<(PathBuf, Result<Settings, Failure>)> {
        let dir = match fixed {
            Some(dir) => context::find_store(Some(dir), &Environment::directory())?,
            None => self.root(environment)?,
        };
        let settings = context::read_settings(&dir).map(|settings| settings.with_own(&own.settings));
        Some((dir, settings))
    }

    /// What the acting user's record says, where nothing goes before it.
    fn personal(
        &self,
        environment: &Environment,
        found: Option<&(PathBuf, Result<Settings, Failure>)>,
    ) -> Personal {
        let language = self.language.is_some() || environment.has("CRM_LANG");
        let zone = self.zone || environment.has("CRM_TZ");
        let Some((dir, Ok(_))) = found.filter(|_| !(language && zone)) else { return Personal::default() };
        personal::of(dir, self.acting.as_deref().or_else(|| environment.get("CRM_USER")))
    }
}
