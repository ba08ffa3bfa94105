//! Three versions of any file of a store as one: records field by field, what people keep beside
//! them line by line, and what one side removed as a whole.

use super::Conflicted;
use super::document;
use super::field_merge::{Clash, Decide, Merged, Side, merge};
use crate::model::Problem;
use crate::model::schema::Schema;
use git2::{MergeFileInput, MergeFileOptions};

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blended {
    /// Nothing where the file is gone.
    pub content: Option<Vec<u8>>,
    /// What is left to a person. The field of a file that is decided as a whole has no name.
    pub clashes: Vec<Clash>,
}

/// Merges the versions of a file.
pub fn blend(schema: &Schema, file: &Conflicted, decide: Decide<'_>) -> Blended {
    if let (Some(ours), Some(theirs)) = (&file.ours, &file.theirs) {
        let base = file.base.as_deref().unwrap_or_default();
        if let Some(blended) = by_field(schema, &file.path, [base, ours, theirs], decide) {
            return blended;
        }
        if let Some(content) = by_line([base, ours, theirs]) {
            return Blended { content: Some(content), clashes: Vec::new() };
        }
    }
    whole(file, decide)
}

fn by_field(schema: &Schema, path: &str, versions: [&[u8]; 3], decide: Decide<'_>) -> Option<Blended> {
    if !path.ends_with(".toml") {
        return None;
    }
    let [base, ours, theirs] = versions.map(str::from_utf8);
    let Merged { text, conflicts } =
        records(schema, path, [base.ok()?, ours.ok()?, theirs.ok()?], decide).ok()?;
    Some(Blended { content: Some(text.into_bytes()), clashes: conflicts })
}

/// Three versions of a TOML file as one, in canonical form where both sides were.
pub fn records(
    schema: &Schema,
    path: &str,
    [base, ours, theirs]: [&str; 3],
    decide: Decide<'_>,
) -> Result<Merged, Problem> {
    let mut merged = merge(schema.kind_of_path(path), base, ours, theirs, decide)?;
    let canonical = |text: &str| {
        let read = document::parse(schema, path, text.as_bytes()).ok()?;
        Some(document::canonical(&read.doc))
    };
    let is_canonical = |text: &str| canonical(text).is_some_and(|form| form == text);
    if merged.conflicts.is_empty()
        && is_canonical(ours)
        && is_canonical(theirs)
        && let Some(text) = canonical(&merged.text)
    {
        merged.text = text;
    }
    Ok(merged)
}

/// As git merges text; nothing where it leaves a conflict, or where it is no text.
fn by_line(versions: [&[u8]; 3]) -> Option<Vec<u8>> {
    if versions.iter().any(|bytes| bytes.contains(&0)) {
        return None;
    }
    let inputs = versions.map(|bytes| {
        let mut input = MergeFileInput::new();
        input.content(bytes);
        input
    });
    let merged =
        git2::merge_file(&inputs[0], &inputs[1], &inputs[2], Some(&mut MergeFileOptions::new())).ok()?;
    merged.is_automergeable().then(|| merged.content().to_vec())
}

/// A file that is one side's or the other's.
fn whole(file: &Conflicted, decide: Decide<'_>) -> Blended {
    let text =
        |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let clash = Clash {
        field: String::new(),
        base: text(&file.base),
        ours: text(&file.ours),
        theirs: text(&file.theirs),
    };
    match decide(&clash) {
        Some(Side::Ours) => Blended { content: file.ours.clone(), clashes: Vec::new() },
        Some(Side::Theirs) => Blended { content: file.theirs.clone(), clashes: Vec::new() },
        _ => Blended { content: file.ours.clone().or_else(|| file.theirs.clone()), clashes: vec![clash] },
    }
}
