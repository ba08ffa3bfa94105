//! `crm backup list` and `crm backup verify`.

use std::path::PathBuf;

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::one;
use super::super::list::print_chosen;
use super::{
    Signers, failure, identity, opened, public_key, repo, root_of, signed, table_of, unsealing, usual_folder,
    workplace,
};
use crate::formats::Format;
use crate::store::backup::{self, Checks, Found, Keys, backups_in};
use crate::table::{Cell, Column, ColumnType, Table};

/// The backups in a folder, by their manifests.
pub fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let folder = one(matches, "backup-dir")
        .map_or_else(|| usual_folder(repo(context, matches).ok().as_ref()), PathBuf::from);
    let found = backups_in(&folder, &signed).map_err(failure)?;
    for one in found.iter().filter(|one| one.manifest.is_none()) {
        context.say("backup-list-unreadable", &[("file", &one.path.display().to_string())]);
    }
    let found: Vec<&Found> = found.iter().collect();
    print_chosen(context, table_of(context, &found), matches)?;
    Ok(Exit::Ok)
}

/// Restores a backup on trial and tells what it found.
pub fn verify(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let name = one(matches, "backup-file").unwrap_or_default();
    let identity = identity(one(matches, "identity"))?;
    let unseal = identity.as_ref().map(unsealing);
    let asked = one(matches, "root");
    let root = if asked.is_some() { root_of(None, asked)? } else { None };
    let signer = one(matches, "signed-by").map(|key| public_key(&key)).transpose()?;
    let judge = super::judging(context, root.clone());
    let keys = Keys {
        unseal: unseal.as_ref().map(|unseal| unseal as _),
        signed: &signed,
        root: root.as_deref(),
        signer: signer.as_deref(),
        judge: Some(&judge),
    };
    let workplace = workplace(repo(context, matches).ok().as_ref());
    let (mut file, _kept) = opened(&name, &workplace)?;
    let bar = context.progress("progress-backup-verify", 1);
    let checks = backup::verify(&mut file, &workplace, &keys);
    bar.finish();
    let checks = checks.map_err(failure)?;
    tell(context, &checks)?;
    let Some(flaw) = checks.flaw() else {
        let manifest = checks.manifest.as_ref();
        let tip = manifest.map(|manifest| manifest.tip[..10].to_owned()).unwrap_or_default();
        let count = manifest.map_or(0, backup::Manifest::total).to_string();
        context.say("backup-whole", &[("file", &name), ("tip", &tip), ("count", &count)]);
        if let Some(manifest) = manifest.filter(|manifest| !manifest.unreadable.is_empty()) {
            let count = manifest.unreadable.len().to_string();
            context.say("backup-has-unreadable", &[("count", &count), ("path", &manifest.unreadable[0])]);
        }
        return Ok(Exit::Ok);
    };
    Err(Failure::new(Exit::CheckFailed, flaw.clone()))
}

fn tell(context: &Context, checks: &Checks) -> Result<(), Failure> {
    let signers = Signers::of(context, checks.signer.is_some());
    let columns = [("what", ColumnType::Code), ("state", ColumnType::Code), ("detail", ColumnType::Text)];
    let label = |name: &str| context.text(&format!("field-doctor-{name}"), &[]);
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table =
        Table { title: context.text("title-backup-checks", &[]), ..Table::new("backup_checks", columns) };
    for check in &checks.checks {
        let state = if check.flaw.is_some() { "wrong" } else { "ok" };
        let detail = match &check.flaw {
            Some(flaw) => context.locale.problem(flaw),
            None if check.what == "signature" => match &checks.signer {
                Some(key) => signers.name(key),
                None => context.text("backup-unsigned-word", &[]),
            },
            None => check.detail.clone(),
        };
        let code =
            |code: &str, id: String| Cell::Code { code: code.to_owned(), label: context.text(&id, &[]) };
        table.rows.push(vec![
            code(check.what, format!("backup-check-{}", check.what)),
            code(state, format!("doctor-state-{state}")),
            if detail.is_empty() { Cell::Null } else { Cell::text(detail) },
        ]);
    }
    context.ui.table(&table, Format::Table)
}
