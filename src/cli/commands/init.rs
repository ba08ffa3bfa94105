//! `init`: a directory becomes a store.

use std::path::PathBuf;

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::Standalone;
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Row, Value};
use crate::model::value::{parse_country, parse_currency, parse_email, parse_slug};
use crate::store::{NewStore, Person, Repo, When, document};

/// `crm init DIR`.
pub const INIT: Standalone = Standalone {
    name: "init",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.args([
            place("dir", "DIR", words),
            option("company", "TEXT", words),
            option("currency", "CODE", words),
            option("country", "CODE", words),
            option("timezone", "ZONE", words),
            option("language", "LANGUAGE", words),
            option("branch", "NAME", words),
            option("user", "SLUG", words),
            option("name", "TEXT", words),
            option("email", "EMAIL", words),
        ])
    },
    run: |context, matches| {
        let dir = one(matches, "dir").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let new = New::from(context, matches)?;
        make(context, &dir, &new)?;
        if context.globals.dry_run {
            return Ok(Exit::Ok);
        }
        context.say("initialised", &[("dir", &dir.display().to_string()), ("user", &new.user)]);
        Ok(Exit::Ok)
    },
};

/// What a new store begins with.
#[derive(Clone, Debug)]
pub struct New {
    pub settings: String,
    pub branch: String,
    pub user: String,
    pub name: String,
    pub email: String,
}

impl New {
    fn from(context: &Context, matches: &ArgMatches) -> Result<Self, Failure> {
        let git = |key: &str| Repo::global_config(key);
        let email = match one(matches, "email").or_else(|| git("user.email")) {
            Some(text) => parse_email(&text)?,
            None => return Err(Problem::usage("init-needs-identity").arg("flag", "--email").into()),
        };
        let name = one(matches, "name")
            .or_else(|| git("user.name"))
            .ok_or_else(|| Problem::usage("init-needs-identity").arg("flag", "--name"))?;
        let user = match one(matches, "user") {
            Some(text) => parse_slug(&text)?,
            None => slug_of(&email),
        };
        let mut company = vec![("name", one(matches, "company").unwrap_or_default())];
        if let Some(country) = one(matches, "country") {
            company.push(("country", parse_country(&country)?));
        }
        if let Some(currency) = one(matches, "currency") {
            company.push(("currency", parse_currency(&currency)?));
        }
        if let Some(zone) = one(matches, "timezone") {
            zone.parse::<chrono_tz::Tz>().map_err(|_| Problem::usage("bad-zone").arg("value", &zone))?;
            company.push(("timezone", zone));
        }
        if let Some(language) = one(matches, "language") {
            let known = crate::locale::Language::from_tag(&language).ok_or_else(|| {
                Problem::usage("bad-language").arg("value", &language).legal(["en", "zh-CN"])
            })?;
            company.push(("language", known.tag().to_owned()));
        } else {
            company.push(("language", context.locale.language.tag().to_owned()));
        }
        Ok(Self {
            settings: settings_text(&company),
            branch: one(matches, "branch").unwrap_or_else(|| "main".to_owned()),
            user,
            name,
            email,
        })
    }
}

/// The part of an address before the `@`, as a slug.
fn slug_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let slug: String =
        local.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let slug = slug.trim_start_matches(['.', '_', '-']).to_owned();
    if slug.is_empty() { "admin".to_owned() } else { slug }
}

fn settings_text(company: &[(&str, String)]) -> String {
    let mut document = "format = 1\n\n[company]\n".to_owned();
    for (key, value) in company.iter().filter(|(_, value)| !value.is_empty()) {
        document.push_str(&format!("{key} = {}\n", toml::Value::String(value.clone())));
    }
    document
}

/// How git treats the files of a store.
pub const ATTRIBUTES: &str = "*.toml text eol=lf merge=crm diff=crm\n";

/// Makes the store: settings, attributes, the role of administrators, the pipeline, the first user.
pub fn make(context: &Context, dir: &std::path::Path, new: &New) -> Result<(), Failure> {
    let settings = crate::store::settings::parse(&new.settings)?;
    let now = context.now_in(settings.text("company.timezone"))?;
    let text = |t: &str| Value::Text(t.to_owned());
    let record = |noun: &str, id: &str| -> Result<Doc, Problem> {
        let kind: &'static Kind =
            context.schema.kind(noun).ok_or_else(|| Problem::usage("unknown-noun").arg("value", noun))?;
        let mut doc = Doc::new(kind, id);
        doc.set("created_at", Some(Value::Instant(now)));
        doc.set("created_by", Some(text(&new.user)));
        Ok(doc)
    };
    let mut user = record("user", &new.user)?;
    for (field, value) in [("name", &new.name), ("email", &new.email)] {
        user.set(field, Some(text(value)));
    }
    user.set("kind", Some(text("person")));
    user.set("status", Some(text("active")));
    user.set("roles", Some(Value::List(vec![text("admin")])));
    let mut role = record("role", "admin")?;
    role.set("name", Some(text(&context.text("init-role", &[]))));
    role.set("admin", Some(Value::Bool(true)));
    let mut pipeline = record("pipeline", "sales")?;
    pipeline.set("name", Some(text(&context.text("init-pipeline", &[]))));
    pipeline.set("default", Some(Value::Bool(true)));
    pipeline.set("stages", Some(Value::Rows(stages())));
    let mut files = vec![
        ("crm.toml".to_owned(), new.settings.clone().into_bytes()),
        (".gitattributes".to_owned(), ATTRIBUTES.as_bytes().to_vec()),
    ];
    for doc in [&user, &role, &pipeline] {
        files.push((doc.path(), document::canonical(doc).into_bytes()));
    }
    let message = format!(
        "init: {}\n\nCrm-Op: init\nCrm-Actor: {}\nCrm-Version: {}\n",
        new.user,
        new.user,
        env!("CARGO_PKG_VERSION")
    );
    let store = NewStore {
        branch: &new.branch,
        files,
        message,
        author: Person { name: new.name.clone(), email: new.email.clone() },
        when: When { seconds: now.timestamp(), offset_minutes: now.offset().local_minus_utc() / 60 },
    };
    if context.globals.dry_run {
        return context.ui.lines(store.files.iter().map(|(path, _)| format!("+++ {path}")));
    }
    Repo::init(dir, store, &context.write_options("init"))?;
    Ok(())
}

/// The stages of the first pipeline.
fn stages() -> Vec<Row> {
    let stage = |code: &str, ty: &str, probability: i64, rot: Option<i64>| {
        let mut row = Row::new();
        row.insert("code", Value::Text(code.to_owned()));
        row.insert("type", Value::Text(ty.to_owned()));
        row.insert("probability", Value::Int(probability));
        if let Some(days) = rot {
            row.insert("rot_days", Value::Int(days));
        }
        row
    };
    vec![
        stage("qualification", "open", 10, Some(14)),
        stage("needs", "open", 25, Some(14)),
        stage("proposal", "open", 50, Some(10)),
        stage("negotiation", "open", 75, Some(10)),
        stage("won", "won", 100, None),
        stage("lost", "lost", 0, None),
    ]
}
