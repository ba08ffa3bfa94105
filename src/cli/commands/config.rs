//! `crm config`: settings read, with where each comes from, and changed: those of the store as one
//! commit, those of the user in the own file.
//!
//! What is legal stands in the table of `model::setting`; what a store cannot follow any more in
//! `guard`. Deliberately absent: record fields, of which a user's own preferences are some
//! (`crm user set me`).

pub mod guard;
pub mod shown;

use std::cell::RefCell;
use std::fs;

use clap::{Arg, ArgMatches, Command};

use super::super::args::{Words, named, place, switch};
use super::super::change::Done;
use super::super::context::Context;
use super::super::diff::diff;
use super::super::error::{Exit, Failure};
use super::super::fields::{given, on, one};
use super::super::hooks::Proposal;
use super::super::store::Records;
use super::super::user_config::UserConfig;
use super::{Standalone, told};
use crate::draft::ChangeSet;
use crate::draft::message::{Trailers, message};
use crate::model::schema::{Schema, Settings};
use crate::model::setting::{Home, SETTINGS, Setting, Shape, is_table, of_store, of_user};
use crate::model::value::{parse_country, parse_currency, parse_email, parse_phone, parse_url};
use crate::model::{Class, Problem};
use crate::query::nearest;
use crate::store::{Base, FileChange, Plan, settings};

/// The file of the store's settings.
const FILE: &str = "crm.toml";

/// `crm config`.
pub const CONFIG: Standalone = Standalone {
    name: "config",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let verb = |name, help| named(name, help, words);
        let key = || -> Arg { place("setting", "KEY", words).required(true) };
        let origin = || switch("origin", words);
        let user = || switch("user-config", words).long("user");
        command.long_about(words.text("help-config-long")).subcommand_required(true).subcommands([
            verb("list", "help-config-list").arg(place("prefix", "PREFIX", words)).args([origin(), user()]),
            verb("get", "help-config-get").args([key(), origin()]),
            verb("set", "help-config-set").long_about(words.text("help-config-set-long")).args([
                key(),
                place("values", "VALUE", words).num_args(1..).required(true),
                user(),
            ]),
            verb("unset", "help-config-unset").args([key(), user()]),
            verb("edit", "help-config-edit").arg(user()),
        ])
    },
    run: |context, matches| match matches.subcommand() {
        Some(("list", matches)) => shown::list(context, matches),
        Some(("get", matches)) => shown::get(context, matches),
        Some(("set", matches)) => set(context, matches),
        Some(("unset", matches)) => unset(context, matches),
        Some((_, matches)) => edit(context, matches),
        None => Ok(Exit::Ok),
    },
};

/// A key in its parts, and as one text.
struct Key {
    parts: Vec<String>,
    text: String,
}

impl Key {
    fn given(matches: &ArgMatches) -> Result<Self, Problem> {
        let text = one(matches, "setting").unwrap_or_default();
        let parts = settings::parts(&text).ok_or_else(|| Problem::usage("bad-key").arg("value", &text))?;
        Ok(Self { text: parts.join("."), parts })
    }

    /// Its setting in the file that is meant.
    fn setting(&self, user: bool) -> Result<&'static Setting, Problem> {
        let (store, own) = (of_store(&self.text), of_user(&self.text));
        let (here, there) = if user { (own, store) } else { (store, own) };
        match (here, there) {
            (Some(setting), _) => Ok(setting),
            (None, Some(_)) if user => Err(Problem::usage("setting-of-store").arg("value", &self.text)),
            (None, Some(_)) => {
                Err(Problem::usage("setting-of-user").arg("value", &self.text).hint("setting-of-user-hint"))
            }
            (None, None) => Err(unknown(&self.text)),
        }
    }
}

/// A key that is none, or a whole table.
fn unknown(key: &str) -> Problem {
    if is_table(key) {
        return Problem::usage("setting-is-table").arg("value", key).hint("setting-is-table-hint");
    }
    Problem::usage("unknown-setting").arg("value", key).arg("near", "none").field(key).candidates(near(key))
}

/// The settings that a mistyped key comes near to.
fn near(key: &str) -> Vec<String> {
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
    let found = nearest(key, &known);
    if !found.is_empty() {
        return found;
    }
    // What was forgotten is the section.
    let last = key.rsplit('.').next().unwrap_or(key);
    let same = |known: &&&str| known.rsplit('.').next() == Some(last);
    known.iter().filter(same).take(5).map(|known| (*known).to_owned()).collect()
}

fn set(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let key = Key::given(matches)?;
    let user = on(matches, "user-config");
    let setting = key.setting(user)?;
    if setting.key == "format" && setting.home == Home::Store {
        return Err(Problem::usage("setting-format").into());
    }
    let values = canonical(context, &key, setting, given(matches, "values").unwrap_or_default())?;
    // A slip on the command line, so far nothing is wrong with a file.
    let slip = |problem: Problem| Problem { class: Class::Usage, ..problem };
    setting.judge(&key.text, &values).map_err(slip)?;
    let change = |text: &str, path: &str| settings::set(text, path, &key.parts, setting.shape, &values);
    if user { own(context, &change) } else { store(context, "config set", &key.text, &change) }
}

fn unset(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let key = Key::given(matches)?;
    let user = on(matches, "user-config");
    if key.text == "format" && !user {
        return Err(Problem::usage("setting-format").into());
    }
    let written = if user {
        context.around.own.text.clone()
    } else {
        let bytes = context.store()?.repo.read_work(FILE)?.unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    // What is written may go whatever it is called; what is not must at least be a setting.
    if settings::line(&written, &key.text).is_none() && !is_table(&key.text) {
        key.setting(user)?;
    }
    let change = |text: &str, path: &str| settings::unset(text, path, &key.parts);
    if user { own(context, &change) } else { store(context, "config unset", &key.text, &change) }
}

/// The values in the form in which they are kept.
fn canonical(
    context: &Context,
    key: &Key,
    setting: &Setting,
    given: Vec<String>,
) -> Result<Vec<String>, Problem> {
    if setting.is_list() {
        return match given.as_slice() {
            [one] if one.trim_start().starts_with('[') => array(&key.text, one),
            _ => Ok(given),
        };
    }
    let [value] = given.as_slice() else {
        return Err(Problem::usage("setting-one-value").arg("value", &key.text));
    };
    let country = context.schema.settings.text("company.country");
    let value = value.trim();
    let kept = match setting.shape {
        _ if value.is_empty() => None,
        Shape::Currency => parse_currency(value).ok(),
        Shape::Country => parse_country(value).ok(),
        Shape::Email => parse_email(value).ok(),
        Shape::Url => parse_url(value).ok(),
        Shape::Phone => parse_phone(value, country).ok(),
        Shape::Percent => Some(value.trim_end_matches('%').trim_end().to_owned()),
        Shape::Day => Some(context.moment(value)?.date_naive().to_string()),
        _ => None,
    };
    Ok(vec![kept.unwrap_or_else(|| value.to_owned())])
}

/// `["a", "b"]` as a shell would hand it over.
fn array(key: &str, text: &str) -> Result<Vec<String>, Problem> {
    let wrong = || Problem::usage("bad-setting").arg("field", key).arg("value", text);
    let table: toml::Table = format!("value = {text}").parse().map_err(|_| wrong())?;
    let values = table.get("value").and_then(toml::Value::as_array).ok_or_else(wrong)?;
    values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

type Edit<'a> = &'a dyn Fn(&str, &str) -> Result<String, Problem>;

/// Changes the user's own file.
fn own(context: &Context, change: Edit<'_>) -> Result<Exit, Failure> {
    let config = UserConfig::unread(&context.environment)?;
    let path = config.needed()?.display().to_string();
    let text = change(&config.text, &path)?;
    if text == config.text {
        context.say("nothing-changed", &[]);
        return Ok(Exit::Ok);
    }
    if context.globals.dry_run {
        context.say("settings-dry-run", &[]);
        context.ui.lines(diff(&config.text, &text))?;
        return Ok(Exit::Ok);
    }
    config.write(&text)?;
    context.say("own-config-written", &[("path", &path)]);
    Ok(Exit::Ok)
}

/// Changes the settings of the store as one commit.
fn store(context: &Context, op: &str, about: &str, change: Edit<'_>) -> Result<Exit, Failure> {
    let store = context.store()?;
    let outcome = RefCell::new(None);
    let shown = RefCell::new(Vec::new());
    let mut plan = |base: &Base<'_>| -> Result<Option<Plan>, Failure> {
        let records = Records::new(context, store, base)?;
        let actor = context.actor(&records)?;
        context.may_configure(&records, &actor)?;
        let bytes = base.file(FILE)?.unwrap_or_default();
        let old = String::from_utf8_lossy(&bytes).into_owned();
        let new = change(&old, FILE)?;
        let (set, text);
        let plan = if new == old {
            (set, text) = (ChangeSet::default(), String::new());
            None
        } else {
            let (before, after) = sound(&old, &new)?;
            guard::judge(&records, &before, &after)?;
            let remarks = differences(&before, &after);
            set = ChangeSet { about: Some(about.to_owned()), remarks, ..ChangeSet::default() };
            text = message(op, &set, &actor, &Trailers::default());
            *shown.borrow_mut() = diff(&old, &new);
            let files = vec![FileChange { path: FILE.to_owned(), content: Some(new.into_bytes()) }];
            context.allow(&records, &actor, &[], &files)?;
            let proposal = Proposal { op, set: &set, files: &files, actor: &actor, message: &text };
            Some(context.sealed(proposal)?)
        };
        *outcome.borrow_mut() =
            Some(Done { set, ids: Vec::new(), commit: None, message: text, warnings: Vec::new() });
        Ok(plan)
    };
    if context.globals.dry_run {
        store.repo.preview(&context.write_options(op), &mut plan)?;
        let lines = shown.into_inner();
        context.say(if lines.is_empty() { "nothing-changed" } else { "settings-dry-run" }, &[]);
        context.ui.lines(lines)?;
        return Ok(Exit::Ok);
    }
    let receipt = store.repo.write(&context.write_options(op), &mut plan)?;
    if let Some(mut done) = outcome.into_inner() {
        if let Some(receipt) = receipt {
            context.committed(&receipt, &mut done);
        }
        told(context, op, &done)?;
    }
    Ok(Exit::Ok)
}

/// The settings before and after. The new ones must be sound, unless the old ones were not either:
/// what is wrong is mended one by one.
fn sound(old: &str, new: &str) -> Result<(Settings, Settings), Failure> {
    let was_sound = |text: &str| settings::parse(text).and_then(Schema::new).is_ok();
    let after = match settings::parse(new) {
        Ok(after) => after,
        Err(problem) if was_sound(old) => return Err(problem.into()),
        Err(_) => settings::lenient(new)?,
    };
    match Schema::new(after.clone()) {
        Err(problem) if was_sound(old) => Err(problem.into()),
        _ => Ok((settings::lenient(old)?, after)),
    }
}

/// Key by key what changed, for the commit.
fn differences(before: &Settings, after: &Settings) -> Vec<String> {
    let shown = |values: Option<&[String]>| values.map_or("-".to_owned(), |values| values.join("; "));
    let mut keys: Vec<&str> = before.written().chain(after.written()).map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| before.of_store(key) != after.of_store(key));
    let line = |key: &&str| {
        let (old, new) = (shown(before.of_store(key)), shown(after.of_store(key)));
        format!("{key}: {old} -> {new}")
    };
    keys.iter().map(line).collect()
}

/// Opens the editor on the settings; what comes back is checked, and offered again where it is wrong.
fn edit(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let user = on(matches, "user-config");
    let (mut text, path) = if user {
        let config = UserConfig::unread(&context.environment)?;
        let path = config.needed()?.display().to_string();
        (config.text, path)
    } else {
        let bytes = context.store()?.repo.read_work(FILE)?.unwrap_or_default();
        (String::from_utf8_lossy(&bytes).into_owned(), FILE.to_owned())
    };
    loop {
        let written = in_editor(context, &text)?;
        let outcome = if user {
            checked(&settings::findings_of_own(&written, &path))
                .and_then(|()| settings::parse_own(&written, &path).map_err(Failure::from))
                .and_then(|_| own(context, &|_, _| Ok(written.clone())))
        } else {
            checked(&settings::findings(&written))
                .and_then(|()| store(context, "config edit", FILE, &|_, _| Ok(written.clone())))
        };
        match outcome {
            Err(failure) if context.can_ask() => {
                for line in failure.words(&context.locale) {
                    context.ui.stderr(&line);
                }
                context.confirm("confirm-reopen", &[], "--yes")?;
                text = written;
            }
            other => return other,
        }
    }
}

/// Refuses the first thing that is wrong, an unknown key among them.
fn checked(findings: &[Problem]) -> Result<(), Failure> {
    match findings.first() {
        Some(problem) => {
            let key = problem.field.clone().unwrap_or_default();
            let near = if problem.warning { near(&key) } else { problem.candidates.clone() };
            Err(Problem { warning: false, ..problem.clone() }.candidates(near).into())
        }
        None => Ok(()),
    }
}

fn in_editor(context: &Context, text: &str) -> Result<String, Failure> {
    let editor = context.editor();
    let temp = std::env::temp_dir().join(format!("crm-config-{}.toml", std::process::id()));
    fs::write(&temp, text)?;
    let status = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(&temp)
        .status();
    let written = fs::read_to_string(&temp);
    let _ = fs::remove_file(&temp);
    if !status?.success() {
        return Err(Problem::usage("editor-failed").arg("editor", editor).into());
    }
    Ok(written?)
}
