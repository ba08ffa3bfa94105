//! What a list is asked to show: the flags of the line over those of a saved view.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::{given, on, one};
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::record::Kind;
use crate::model::schema::Settings;
use crate::query::{Condition, nearest, parse_condition};

/// What a list was asked to show.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub conditions: Vec<Condition>,
    pub fields: Option<String>,
    pub sort: Option<String>,
    pub limit: Option<usize>,
    pub archived: bool,
    /// One more condition, as SQL over the alias `t` with its parameters, in place of those above.
    pub also: Option<(String, Vec<SqlCell>)>,
}

impl View {
    /// The flags of a list, over those of the saved view that `--view` names.
    pub fn from(context: &Context, kind: &Kind, matches: &ArgMatches) -> Result<Self, Failure> {
        let saved = match one(matches, "view") {
            Some(name) => Saved::of(&context.schema.settings, kind, &name)?,
            None => Saved::default(),
        };
        let mut texts = saved.conditions;
        texts.extend(given(matches, "where").unwrap_or_default());
        let conditions = texts.iter().map(|t| parse_condition(t)).collect::<Result<_, _>>()?;
        let limit = one(matches, "limit")
            .or(saved.limit)
            .map(|text| text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text)))
            .transpose()?;
        Ok(Self {
            conditions,
            fields: one(matches, "fields").or(saved.fields),
            sort: one(matches, "sort").or(saved.sort),
            limit,
            archived: on(matches, "archived"),
            also: None,
        })
    }
}

/// A saved view: `[views.NAME]` of the settings.
#[derive(Debug, Default)]
struct Saved {
    conditions: Vec<String>,
    fields: Option<String>,
    sort: Option<String>,
    limit: Option<String>,
}

impl Saved {
    /// The keys of a view.
    const KEYS: [&'static str; 5] = ["of", "where", "fields", "sort", "limit"];

    /// The view of a type by its name.
    ///
    /// # Errors
    /// `no-such-view`, `view-of-other-type`, `view-key`.
    fn of(settings: &Settings, kind: &Kind, name: &str) -> Result<Self, Problem> {
        let keys = || settings.below("views").filter_map(|(key, _)| key.rsplit_once('.'));
        let key = |part: &str| format!("views.{name}.{part}");
        let of = match settings.get(&key("of")) {
            Some(of) => of,
            None if keys().any(|(known, _)| known == name) => "",
            None => {
                let is_of = |view: &&str| settings.get(&format!("views.{view}.of")) == Some(kind.name);
                let mut known: Vec<&str> = keys().map(|(view, _)| view).filter(is_of).collect();
                known.dedup();
                let problem = Problem::usage("no-such-view").arg("value", name).arg("noun", kind.name);
                return Err(problem.candidates(nearest(name, &known)).legal(known));
            }
        };
        if of != kind.name {
            let problem = Problem::usage("view-of-other-type").arg("value", name).arg("of", of);
            return Err(problem.arg("noun", kind.name));
        }
        if let Some((_, odd)) = keys().find(|(view, part)| *view == name && !Self::KEYS.contains(part)) {
            let problem = Problem::usage("view-key").arg("value", odd).arg("name", name);
            return Err(problem.candidates(nearest(odd, &Self::KEYS)).legal(Self::KEYS));
        }
        let joined = |part: &str| {
            let values = settings.list(&key(part)).join(",");
            (!values.is_empty()).then_some(values)
        };
        Ok(Self {
            conditions: settings.list(&key("where")).into_iter().map(str::to_owned).collect(),
            fields: joined("fields"),
            sort: joined("sort"),
            limit: joined("limit"),
        })
    }
}
