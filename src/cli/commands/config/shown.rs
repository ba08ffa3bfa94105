//! `config list` and `config get`: what holds, and where it comes from.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{on, one};
use super::{FILE, Key, near, unknown};
use crate::formats::Format;
use crate::model::Problem;
use crate::model::setting::{Home, SETTINGS, Setting, of_store, of_user};
use crate::store::settings;
use crate::table::{Cell, Column, ColumnType, Shape, Table};

/// What a key comes to.
struct Entry {
    key: String,
    values: Vec<String>,
    list: bool,
    /// `flag`, `environment`, `record`, `store`, `user`, `default`; empty: nothing says anything.
    origin: &'static str,
    place: String,
}

/// A setting of the user, the flag that goes before it, and the variables.
const SAID: &[(&str, &str, &[&str])] = &[
    ("language", "lang", &["CRM_LANG"]),
    ("timezone", "tz", &["CRM_TZ"]),
    ("format", "format", &["CRM_FORMAT"]),
    ("labels", "labels", &[]),
    ("color", "color", &["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"]),
    ("pager", "", &["CRM_PAGER", "PAGER"]),
    ("editor", "", &["VISUAL", "EDITOR"]),
    ("lock_timeout", "lock-timeout", &["CRM_LOCK_TIMEOUT"]),
];

struct Sources<'a> {
    context: &'a Context,
    matches: &'a ArgMatches,
    text: String,
}

impl<'a> Sources<'a> {
    fn new(context: &'a Context, matches: &'a ArgMatches) -> Self {
        let read = context.store().ok().and_then(|store| store.repo.read_work(FILE).ok().flatten());
        let text = read.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        Self { context, matches, text }
    }

    fn entry(&self, setting: Option<&Setting>, key: &str) -> Entry {
        let list = setting.is_some_and(Setting::is_list);
        let made =
            |origin, values: Vec<String>, place| Entry { key: key.to_owned(), values, list, origin, place };
        if setting.is_some_and(|setting| setting.home == Home::Own)
            && let Some((origin, value, place)) = self.said(key)
        {
            return made(origin, vec![value], place);
        }
        let settings = &self.context.schema.settings;
        let shared = setting.is_none_or(|setting| setting.home != Home::Own);
        if let Some(values) = settings.of_store(key).filter(|_| shared) {
            return made("store", values.to_vec(), numbered(FILE, settings::line(&self.text, key)));
        }
        let own = &self.context.around.own;
        if let Some(values) = settings.of_user(key) {
            let path = own.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            return made("user", values.to_vec(), numbered(&path, settings::line(&own.text, key)));
        }
        match setting.map(|setting| setting.default).filter(|default| !default.is_empty()) {
            Some(default) => made("default", vec![default.to_owned()], String::new()),
            None => made("", Vec::new(), String::new()),
        }
    }

    /// What goes before a user's own file: a flag, a variable, the record, the store.
    fn said(&self, key: &str) -> Option<(&'static str, String, String)> {
        let (_, flag, variables) = SAID.iter().find(|(name, ..)| *name == key)?;
        if !flag.is_empty()
            && let Some(value) = one(self.matches, flag)
        {
            return Some(("flag", value, format!("--{flag}")));
        }
        let environment = &self.context.environment;
        if let Some((name, value)) = variables.iter().find_map(|name| Some((*name, environment.get(name)?))) {
            let value = match name {
                "NO_COLOR" => "never",
                "CLICOLOR_FORCE" if value != "0" => "always",
                "CLICOLOR" if value == "0" => "never",
                "CLICOLOR_FORCE" | "CLICOLOR" => "auto",
                _ => value,
            };
            return Some(("environment", value.to_owned(), name.to_owned()));
        }
        let personal = &self.context.around.personal;
        let (of_record, company) = match key {
            "language" => (&personal.language, "company.language"),
            "timezone" => (&personal.timezone, "company.timezone"),
            _ => return None,
        };
        if let Some(value) = of_record {
            return Some(("record", value.clone(), format!("users/{}.toml", personal.user)));
        }
        let settings = &self.context.schema.settings;
        let place = || numbered(FILE, settings::line(&self.text, company));
        if let Some(value) = settings.of_store(company).and_then(|values| values.first()) {
            return Some(("store", value.clone(), place()));
        }
        let nothing = settings.of_user(key).is_none() && self.context.has_store();
        nothing.then(|| ("default", settings.text(company).to_owned(), String::new()))
    }

    /// Every setting, and under those with chosen names what is written.
    fn all(&self) -> Vec<Entry> {
        let settings = &self.context.schema.settings;
        let mut written: Vec<&str> = settings.written().chain(settings.owned()).map(|(key, _)| key).collect();
        written.sort_unstable();
        written.dedup();
        let mut entries = Vec::new();
        for setting in SETTINGS {
            if !setting.is_free() {
                // One name may be a setting of the store and one of the user.
                entries.push(match (setting.key, setting.home) {
                    ("format", Home::Store) => Entry { key: "format".to_owned(), ..self.format_of_store() },
                    _ => self.entry(Some(setting), setting.key),
                });
                continue;
            }
            let is_of = |key: &&&str| {
                of_store(key).or_else(|| of_user(key)).is_some_and(|found| found.key == setting.key)
            };
            entries.extend(written.iter().filter(is_of).map(|key| self.entry(Some(setting), key)));
        }
        let odd = written.iter().filter(|key| of_store(key).is_none() && of_user(key).is_none());
        entries.extend(odd.map(|key| self.entry(None, key)));
        entries
    }

    /// The version of the store's format, which shares its key with the format of results.
    fn format_of_store(&self) -> Entry {
        let values = self.context.schema.settings.of_store("format").map(<[String]>::to_vec);
        let place = numbered(FILE, settings::line(&self.text, "format"));
        let (values, origin, place) = match values {
            Some(values) => (values, "store", place),
            None => (Vec::new(), "", String::new()),
        };
        Entry { key: String::new(), values, list: false, origin, place }
    }
}

fn numbered(path: &str, line: Option<usize>) -> String {
    line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"))
}

/// `crm config list [PREFIX]`.
pub(super) fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let sources = Sources::new(context, matches);
    let mut entries = sources.all();
    if on(matches, "user-config") {
        entries.retain(|entry| entry.origin == "user");
    }
    if let Some(prefix) = one(matches, "prefix") {
        let section = format!("{}.", prefix.trim_end_matches('.'));
        entries.retain(|entry| entry.key == prefix || entry.key.starts_with(&section));
        if entries.is_empty() && !crate::model::setting::is_table(prefix.trim_end_matches('.')) {
            return Err(unknown(&prefix).into());
        }
    }
    let table = table(context, &entries, on(matches, "origin"));
    context.ui.table(&table, Format::Table)?;
    warn(context, &sources.text);
    Ok(Exit::Ok)
}

/// Tells what is odd about the settings of a store.
pub(crate) fn warn(context: &Context, text: &str) {
    for problem in settings::findings(text) {
        context.warn(&[nearer(problem)]);
    }
}

/// An unknown key with what it comes near to, in one sentence.
pub(crate) fn nearer(problem: Problem) -> Problem {
    let key = problem.field.clone().unwrap_or_default();
    match near(&key).first() {
        Some(near) if problem.id == "unknown-setting" => {
            let (path, line) = (problem.path.clone().unwrap_or_default(), problem.line);
            Problem::usage("unknown-setting").arg("value", key).arg("near", near).at(path, line).as_warning()
        }
        _ => problem,
    }
}

/// `crm config get KEY`.
pub(super) fn get(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let key = Key::given(matches)?;
    let sources = Sources::new(context, matches);
    // A key that both files know means the person's own here: the other is the store's version.
    let setting = of_user(&key.text).or_else(|| of_store(&key.text));
    let written = context.schema.settings.of_store(&key.text).is_some();
    if setting.is_none() && !written {
        return Err(unknown(&key.text).into());
    }
    let entry = sources.entry(setting, &key.text);
    if context.ui.format.is_some() && one(matches, "format").is_some() || on(matches, "origin") {
        let mut table = table(context, &[entry], on(matches, "origin"));
        table.shape = Shape::Object;
        context.ui.table(&table, Format::Table)?;
        return Ok(Exit::Ok);
    }
    context.ui.lines(&entry.values)?;
    Ok(Exit::Ok)
}

fn table(context: &Context, entries: &[Entry], origin: bool) -> Table {
    let label = |name: &str| context.text(&format!("field-config-{name}"), &[]);
    let lists = entries.len() == 1 && entries[0].list;
    let value = if lists { ColumnType::List } else { ColumnType::Text };
    let mut columns = vec![
        Column::new("key", ColumnType::Text).labelled(label("key")),
        Column::new("value", value).labelled(label("value")),
    ];
    if origin {
        columns.push(Column::new("origin", ColumnType::Text).labelled(label("origin")));
        columns.push(Column::new("place", ColumnType::Text).labelled(label("place")));
    }
    let mut table = Table { title: context.text("title-config", &[]), ..Table::new("config", columns) };
    let text = |text: &str| if text.is_empty() { Cell::Null } else { Cell::text(text) };
    for entry in entries {
        let value = if lists {
            Cell::List(entry.values.iter().map(Cell::text).collect())
        } else {
            text(&entry.values.join("; "))
        };
        let mut row = vec![Cell::text(&entry.key), value];
        if origin {
            row.extend([text(entry.origin), text(&entry.place)]);
        }
        table.rows.push(row);
    }
    table
}
