//! The acting user's rights, asked before a change is committed and before data goes out.

use super::context::Context;
use super::error::Failure;
use crate::access::asks::Deed;
use crate::access::rights::Rights;
use crate::access::signature::Key;
use crate::draft::Actor;
use crate::model::record::{Doc, Row, Value};
use crate::model::{Class, Problem};
use crate::rules::{Change, View};
use crate::store::FileChange;

/// Whether a file that is no record is a saved report.
fn is_report(path: &str) -> bool {
    let ending = |name: &str| matches!(name.rsplit_once('.'), Some((_, "sql" | "toml")));
    path.strip_prefix("reports/").is_some_and(ending)
}

/// Whether a change of the settings sets the gate.
fn shuts(files: &[FileChange]) -> bool {
    let settings = files.iter().find(|file| file.path == "crm.toml").and_then(|file| file.content.as_deref());
    let text = settings.map(String::from_utf8_lossy).unwrap_or_default();
    crate::store::settings::parse(&text).is_ok_and(|settings| settings.flag("policy.gate"))
}

/// New signing keys of a user with which nobody could sign.
fn no_keys(change: &Change) -> Vec<Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| doc.kind.name == "user") else { return Vec::new() };
    let text = |row: &Row| row.get("key").and_then(Value::as_text).map(str::to_owned);
    let known: Vec<String> = change.old.iter().flat_map(|old| old.rows("keys")).filter_map(text).collect();
    let fresh = new.rows("keys").iter().filter_map(text).filter(|key| !known.contains(key));
    let refused = fresh.filter(|key| Key::parse(key).is_err());
    refused
        .map(|key| {
            let shown: String = key.chars().take(40).collect();
            let problem = Problem::invalid("bad-signing-key").arg("value", shown).arg("record", new.title());
            problem.at(new.path(), None).field("keys.key")
        })
        .collect()
}

impl Context {
    /// What the acting user may do, by the records of a view.
    pub fn rights(&self, view: &dyn View, actor: &Actor) -> Result<Rights, Failure> {
        let user = view.record("user", &actor.id)?.ok_or_else(|| {
            Problem::new(Class::Denied, "unknown-actor").arg("value", &actor.id).hint("no-actor-hint")
        })?;
        Ok(Rights::of(view, &user, actor.narrowed.as_ref())?)
    }

    /// Refuses what the acting user may not do: changes of records, and of other files of the store.
    pub fn allow(
        &self,
        before: &dyn View,
        actor: &Actor,
        changes: &[Change],
        files: &[FileChange],
    ) -> Result<(), Failure> {
        let rights = self.rights(before, actor)?;
        let mut found = rights.judge(before, changes)?;
        for file in files.iter().filter(|file| self.schema.kind_of_path(&file.path).is_none()) {
            let deed = match (&file.content, self.has_file(&file.path)?) {
                (None, _) => Deed::Remove,
                (_, true) => Deed::Edit,
                (_, false) => Deed::Create,
            };
            found.extend(rights.file(&file.path, is_report(&file.path), deed));
        }
        found.extend(changes.iter().flat_map(no_keys));
        if !found.is_empty() {
            return Err(Failure::many(found));
        }
        self.ready_to_sign(before, actor, shuts(files))
    }

    /// Whether the last commit has a file.
    fn has_file(&self, path: &str) -> Result<bool, Failure> {
        let repo = &self.store()?.repo;
        let Some(tip) = repo.tip()? else { return Ok(false) };
        Ok(repo.entry_at(tip.tree, path)?.is_some())
    }

    /// Refuses to take data out in bulk where no role allows it. Nobody known means nobody asked:
    /// in a clone the files lie open anyway.
    pub fn allow_export(&self) -> Result<(), Failure> {
        let actor = match self.reader() {
            Ok(actor) => actor,
            Err(failure) if self.is_closed() => return Err(failure),
            Err(_) => return Ok(()),
        };
        let mirror = self.whole_mirror()?;
        let view = super::store::Everything::new(self.store()?, &mirror);
        let rights = self.rights(&view, &actor)?;
        match rights.exporting_role().map(Doc::id) {
            Some(_) => Ok(()),
            None => Err(rights.denied("no-export").into()),
        }
    }
}
