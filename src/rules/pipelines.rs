//! Pipelines have the shape that moves need, one of them is the default, and no stage in use goes.

use super::amounts::word;
use super::support::{about, flagged};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};

/// `pipeline-shape`: open stages, then one won at 100, then lost ones at 0.
pub fn shape(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "pipeline" {
        return Ok(());
    }
    let stages = doc.rows("stages");
    let kind = |row: &Row| word(row, "type").unwrap_or("open").to_owned();
    let kinds: Vec<String> = stages.iter().map(kind).collect();
    let open = kinds.iter().take_while(|kind| *kind == "open").count();
    let won = kinds.iter().filter(|kind| *kind == "won").count();
    let in_order = kinds.get(open).is_some_and(|kind| kind == "won")
        && kinds
            .get(open + 1..)
            .is_some_and(|rest| !rest.is_empty() && rest.iter().all(|kind| kind == "lost"));
    if open == 0 || won != 1 || !in_order {
        found.push(about(doc, "pipeline-shape").field("stages"));
    }
    for row in stages {
        let due = match word(row, "type") {
            Some("won") => 100,
            Some("lost") => 0,
            _ => continue,
        };
        if row.get("probability") != Some(&Value::Int(due)) {
            let code = word(row, "code").unwrap_or_default();
            found.push(about(doc, "pipeline-shape").arg("stage", code).field("stages.probability"));
        }
    }
    Ok(())
}

/// `stage-in-use`: a stage goes, or its pipeline, while opportunities stand in it.
pub fn in_use(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(old) = change.old.as_ref().filter(|doc| doc.kind.name == "pipeline") else { return Ok(()) };
    let kept = change.new.as_ref().map_or(&[][..], |doc| doc.rows("stages"));
    let codes = old.rows("stages").iter().filter_map(|row| word(row, "code"));
    for code in codes.filter(|code| !kept.iter().any(|row| word(row, "code") == Some(code))) {
        let standing = view.all_with("opportunity", "stage", code)?;
        let standing: Vec<&str> =
            standing.iter().filter(|doc| doc.text("pipeline") == Some(old.id())).map(Doc::id).collect();
        if !standing.is_empty() {
            let problem = about(old, "stage-in-use").arg("stage", code).arg("count", standing.len());
            found.push(problem.field("stages").candidates(standing.into_iter().take(20)));
        }
    }
    Ok(())
}

/// `default-pipeline`: exactly one is the default.
pub fn one_default(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "pipeline" {
        return Ok(());
    }
    let defaults = flagged(view, "pipeline", "default")?;
    if defaults.len() != 1 {
        let problem = about(doc, "default-pipeline").arg("count", defaults.len());
        found.push(problem.field("default").candidates(defaults));
    }
    Ok(())
}

/// `default-pipeline`: the default one goes and leaves none.
pub fn default_goes(
    view: &dyn View,
    _: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let (Some(old), None) = (&change.old, &change.new) else { return Ok(()) };
    if old.kind.name == "pipeline" && old.flag("default") {
        let defaults = flagged(view, "pipeline", "default")?;
        if defaults.len() != 1 {
            found.push(about(old, "default-pipeline").arg("count", defaults.len()).field("default"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{removed, sample, varied, with, written};

    fn stages<'a>(all: &[(&'a str, &'a str, &'a str)]) -> Vec<(&'static str, &'a str)> {
        let row = |(code, kind, probability): &(&'a str, &'a str, &'a str)| {
            [("stages.code", *code), ("stages.type", *kind), ("stages.probability", *probability)]
        };
        all.iter().flat_map(row).collect()
    }

    #[test]
    fn a_pipeline_is_open_then_won_then_lost() {
        let (open, won, lost) = (("needs", "open", "10"), ("won", "won", "100"), ("lost", "lost", "0"));
        for (all, sound) in [
            (&[open, won, lost][..], true),
            (&[open, won, lost, ("gone", "lost", "0")], true),
            (&[won, lost], false),
            (&[open, lost, won], false),
            (&[open, won], false),
            (&[open, won, ("won2", "won", "100"), lost], false),
            (&[open, ("won", "won", "90"), lost], false),
            (&[open, won, ("lost", "lost", "5")], false),
        ] {
            let expected: &[&str] = if sound { &[] } else { &["pipeline-shape"] };
            varied("pipeline", "sales", &[(&stages(all), expected)]);
        }
    }

    #[test]
    fn a_stage_in_use_stays() {
        let store = sample();
        let write = |code| {
            let all = [(code, "open", "10"), ("won", "won", "100"), ("lost", "lost", "0")];
            written(&store, &[], &[with(&store, "pipeline", "sales", &stages(&all))])
        };
        assert_eq!(write("needs"), [""; 0]);
        assert_eq!(write("wishes"), ["stage-in-use"]);
    }

    #[test]
    fn one_pipeline_is_the_default() {
        let mut store = sample();
        let write = |store: &_, default| {
            written(store, &[], &[with(store, "pipeline", "sales", &[("default", default)])])
        };
        assert_eq!(write(&store, "true"), [""; 0]);
        assert_eq!(write(&store, ""), ["default-pipeline"]);
        let mut other = with(&store, "pipeline", "sales", &[]);
        other.set("id", Some(super::super::support::text("more")));
        assert_eq!(written(&store, &[], &[other.clone()]), ["default-pipeline"]);
        other.set("default", None);
        store.put(other);
        assert_eq!(removed(&store, &[], "pipeline", "more"), [""; 0]);
        assert!(removed(&store, &[], "pipeline", "sales").contains(&"default-pipeline".to_owned()));
    }
}
