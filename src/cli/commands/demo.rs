//! `demo`: a store with the sample company, a report on it, and what to try next.

use std::path::{Path, PathBuf};

use clap::Command;

use super::super::args::{Words, place};
use super::super::context::{Context, Writing};
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::Standalone;
use super::init::{New, make};
use super::transfer::{Asked, import};
use crate::exchange::target::Subject;
use crate::exchange::{MapFile, Options};
use crate::model::Problem;

/// The records of the sample company: folder and file name, text.
const TOML: &[(&str, &str)] = &[
    ("roles/admin.toml", include_str!("../../../sample-data/toml/roles/admin.toml")),
    ("roles/automation.toml", include_str!("../../../sample-data/toml/roles/automation.toml")),
    ("roles/back-office.toml", include_str!("../../../sample-data/toml/roles/back-office.toml")),
    ("roles/sales-manager.toml", include_str!("../../../sample-data/toml/roles/sales-manager.toml")),
    ("roles/sales.toml", include_str!("../../../sample-data/toml/roles/sales.toml")),
    ("roles/service.toml", include_str!("../../../sample-data/toml/roles/service.toml")),
    ("pipelines/sales.toml", include_str!("../../../sample-data/toml/pipelines/sales.toml")),
    ("calendars/cn-office.toml", include_str!("../../../sample-data/toml/calendars/cn-office.toml")),
    ("slas/standard.toml", include_str!("../../../sample-data/toml/slas/standard.toml")),
];

/// The order in which the sheets are read, with the field that groups their rows.
const ORDER: &str = include_str!("../../../sample-data/IMPORT");

macro_rules! sheets {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../sample-data/", $name)))),+]
    };
}

const SHEETS: &[(&str, &str)] = sheets![
    "regions.csv",
    "teams.csv",
    "users.csv",
    "products.csv",
    "segments.csv",
    "templates.csv",
    "campaigns.csv",
    "competitors.csv",
    "pools.csv",
    "assignment_rules.csv",
    "score_rules.csv",
    "customers.csv",
    "contacts.csv",
    "leads.csv",
    "opportunities.csv",
    "quotes.csv",
    "orders.csv",
    "movements.csv",
    "shipments.csv",
    "invoices.csv",
    "payments.csv",
    "tickets.csv",
    "returns.csv",
    "credit_notes.csv",
    "refunds.csv",
    "followups.csv",
    "market_notes.csv",
    "feedback.csv",
    "targets.csv",
];

const SETTINGS: &str = include_str!("../../../sample-data/crm.toml");

/// `crm demo [DIR]`.
pub const DEMO: Standalone = Standalone {
    name: "demo",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(place("dir", "DIR", words)),
    run: |context, matches| {
        let dir = PathBuf::from(one(matches, "dir").unwrap_or_else(|| "crm-demo".to_owned()));
        if dir.exists() && dir.read_dir().is_ok_and(|mut d| d.next().is_some()) {
            if !dir.join("crm.toml").is_file() {
                return Err(Problem::usage("demo-not-empty").arg("dir", dir.display()).into());
            }
            context.say("demo-there", &[("dir", &dir.display().to_string())]);
        } else {
            load(context, &dir)?;
        }
        show(context, &dir)
    },
};

/// Who loads the sample company.
const USER: &str = "admin.liu";

/// Makes the store and imports every sheet, each one commit.
fn load(context: &Context, dir: &Path) -> Result<(), Failure> {
    let new = New {
        settings: SETTINGS.to_owned(),
        branch: "main".to_owned(),
        user: USER.to_owned(),
        name: "刘洋".to_owned(),
        email: "liu.yang@qinghe.example".to_owned(),
    };
    make(context, dir, &new)?;
    let store = context.within(dir, USER)?;
    let records: Vec<(&str, &str)> = TOML.to_vec();
    store.change("demo", &Writing::default(), &mut |draft, _| {
        for (path, text) in &records {
            let kind = store
                .schema
                .kind_of_path(path)
                .ok_or_else(|| Problem::usage("unknown-noun").arg("value", path))?;
            let mut read = crate::store::document::parse(&store.schema, path, text.as_bytes())?;
            if let Some(old) = crate::rules::View::get(draft, kind, read.doc.id())? {
                for name in ["created_at", "created_by"] {
                    read.doc.set(name, old.get(name).cloned());
                }
            }
            draft.put(read.doc)?;
        }
        Ok(())
    })?;
    for line in ORDER.lines().filter(|l| !l.trim().is_empty()) {
        let mut parts = line.split_whitespace();
        let (Some(noun), Some(file)) = (parts.next(), parts.next()) else { continue };
        let kind =
            store.schema.kind(noun).ok_or_else(|| Problem::usage("unknown-noun").arg("value", noun))?;
        let Some((_, text)) = SHEETS.iter().find(|(name, _)| *name == file) else { continue };
        let asked = Asked {
            subject: Subject { kind, rows: None },
            files: vec![(file.to_owned(), text.as_bytes().to_vec())],
            map: MapFile::default(),
            options: Options { group_by: parts.map(str::to_owned).collect(), ..Options::default() },
            delimiter: None,
            encoding: None,
            cards: false,
            no_header: false,
            rejects: None,
        };
        import(&store, &asked, &Writing::default())?;
    }
    Ok(())
}

/// A report on the sample company and what to try next.
fn show(context: &Context, dir: &Path) -> Result<Exit, Failure> {
    let store = context.within(dir, USER)?;
    let line = ["crm", "report", "sales", "--by", "quarter", "--from", "2025-06-01", "--to", "2026-12-31"];
    let matches =
        super::super::parse(&store, &line[1..].iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())?;
    let exit = super::run(&store.loud(context), &matches)?;
    context.say("demo-next", &[("dir", &dir.display().to_string())]);
    Ok(exit)
}
