//! The records of a commit: how many of each type, and which cannot be read.

use super::Result;
use crate::model::schema::{Schema, Settings};
use crate::store::open::Tip;
use crate::store::{ObjectId, Repo, SETTINGS, document, settings};
use std::collections::BTreeMap;

/// What a commit holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Survey {
    pub records: BTreeMap<String, u64>,
    /// Paths, in order.
    pub unreadable: Vec<String>,
}

/// Reads every record of a commit.
pub(super) fn survey(repo: &Repo, tip: Tip) -> Result<Survey> {
    let mut survey = Survey::default();
    let read = repo.read_at(tip.commit, SETTINGS)?;
    let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
    let settings = text.and_then(|text| settings::parse(&text).ok());
    let schema = settings.and_then(|settings| Schema::new(settings).ok());
    if schema.is_none() {
        survey.unreadable.push(SETTINGS.to_owned());
    }
    let schema = match schema {
        Some(schema) => schema,
        None => Schema::new(Settings::default())?,
    };
    let mut files: Vec<(String, ObjectId)> = Vec::new();
    for file in repo.tree_files(tip.tree)? {
        let Some(kind) = schema.kind_of_path(&file.path).filter(|_| file.path.ends_with(".toml")) else {
            continue;
        };
        *survey.records.entry(kind.name.to_owned()).or_default() += 1;
        if file.is_regular() {
            files.push((file.path, file.id));
        } else {
            survey.unreadable.push(file.path);
        }
    }
    let read =
        |path: &str, bytes: &[u8]| document::parse(&schema, path, bytes).is_err().then(|| path.to_owned());
    survey.unreadable.extend(repo.blobs_parallel(&files, read)?.into_iter().flatten());
    survey.unreadable.sort();
    Ok(survey)
}
