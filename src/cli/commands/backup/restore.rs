//! `crm backup restore`.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{on, one};
use super::{failure, identity, opened, public_key, root_of, secrets, signed, unsealing, workplace};
use crate::model::{Class, Problem};
use crate::query;
use crate::store::backup::{self, Keys, Restored, Restoring};
use crate::store::{ObjectId, Repo};

/// Restores a backup into a new folder.
pub fn restore(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let name = one(matches, "backup-file").unwrap_or_default();
    let dir = PathBuf::from(one(matches, "to").unwrap_or_default());
    let identity = identity(one(matches, "identity"))?;
    let unseal = identity.as_ref().map(unsealing);
    let asked = one(matches, "root");
    let root = if asked.is_some() { root_of(None, asked)? } else { None };
    let signer = one(matches, "signed-by").map(|key| public_key(&key)).transpose()?;
    let (mut file, _kept) = opened(&name, &workplace(None))?;
    let judge = super::judging(context, root.clone());
    let pins = Keys {
        unseal: None,
        signed: &signed,
        root: root.as_deref(),
        signer: signer.as_deref(),
        judge: (!on(matches, "accept-history")).then_some(&judge as _),
    };
    if !on(matches, "allow-older") {
        refuse_older(super::repo(context, matches).ok(), &mut file, &dir)?;
    }
    if context.globals.dry_run {
        let unseal = unseal.as_ref().map(|unseal| unseal as _);
        let keys = Keys { unseal, ..pins };
        let checks = dry_run(&mut file, &keys)?;
        context.say("backup-would-restore", &[("dir", &dir.display().to_string()), ("tip", &checks)]);
        return Ok(Exit::Ok);
    }
    let at = one(matches, "at");
    let at = at.as_ref().map(|text| move |repo: &Repo| at_commit(context, repo, text));
    let places = secrets::places();
    let secrets = if on(matches, "with-secrets") {
        let (state, config) = places.as_ref().ok_or_else(|| Problem::usage("backup-no-home"))?;
        Some((state.as_path(), config.as_path()))
    } else {
        None
    };
    let restoring = Restoring {
        dir: &dir,
        keys: Keys { unseal: unseal.as_ref().map(|unseal| unseal as _), ..pins },
        at: at.as_ref().map(|at| at as _),
        secrets,
    };
    let bar = context.progress("progress-backup-restore", 1);
    let restored = backup::restore(&mut file, &restoring);
    bar.finish();
    let restored = restored.map_err(failure)?;
    tell(context, &dir, &restored, secrets.is_some())?;
    Ok(Exit::Ok)
}

/// Everything but the new folder; the tip where it is whole.
fn dry_run(file: &mut File, keys: &Keys<'_>) -> Result<String, Failure> {
    let checks = backup::verify(file, &workplace(None), keys).map_err(failure)?;
    match checks.flaw() {
        Some(flaw) => Err(Failure::new(Exit::CheckFailed, flaw.clone())),
        None => Ok(checks.manifest.map(|manifest| manifest.tip[..10].to_owned()).unwrap_or_default()),
    }
}

/// Refuses a backup that the store we are in, or the one at the target, has long passed: who
/// restores it by mistake works on with the state of last week.
fn refuse_older(here: Option<Repo>, file: &mut File, dir: &Path) -> Result<(), Failure> {
    let Ok(manifest) = backup::peek(file) else { return Ok(()) };
    for repo in here.into_iter().chain(Repo::open(dir).ok()) {
        let Some(tip) = repo.tip()? else { continue };
        if repo.is_behind(&manifest.tip, tip.commit)? {
            let problem = Problem::new(Class::Conflict, "backup-older")
                .arg("tip", &manifest.tip[..10.min(manifest.tip.len())])
                .arg("path", repo.root().display())
                .arg("now", tip.commit.short());
            return Err(problem.hint("backup-older-hint").into());
        }
    }
    Ok(())
}

/// A revision or a day in the restored history; of a day its end.
fn at_commit(context: &Context, repo: &Repo, text: &str) -> Result<ObjectId, Problem> {
    if let Ok(id) = repo.resolve(text) {
        return Ok(id);
    }
    let nothing = |id: &'static str| Problem::new(Class::NotFound, id).arg("value", text);
    let parsed = query::parse_instant(text, &context.clock()).map_err(|_| nothing("no-such-revision"))?;
    let seconds = match parsed {
        query::Instant::Day(day) => {
            let end = day.and_hms_opt(23, 59, 59).unwrap_or_default();
            context.at_company(end).timestamp()
        }
        _ => context.moment(text)?.timestamp(),
    };
    match repo.commit_at(seconds) {
        Ok(Some(id)) => Ok(id),
        _ => Err(nothing("before-history")),
    }
}

fn tell(context: &Context, dir: &Path, restored: &Restored, asked: bool) -> Result<(), Failure> {
    let manifest = &restored.manifest;
    let dir = dir.display().to_string();
    let args = [
        ("dir", dir.as_str()),
        ("store", manifest.store.as_str()),
        ("head", &restored.head.short()),
        ("count", &manifest.total().to_string()),
    ];
    context.say("backup-restored", &args);
    if let Some(name) = &restored.newer {
        let tip = &manifest.tip[..10];
        context.say("backup-restored-at", &[("head", &restored.head.short()), ("name", name), ("tip", tip)]);
    }
    if !restored.written.is_empty() {
        context.say("backup-secrets-written", &[("count", &restored.written.len().to_string())]);
    }
    for path in &restored.left {
        context.say("backup-secret-left", &[("path", &path.display().to_string())]);
    }
    if manifest.secrets && !asked {
        let count = manifest.members.iter().filter(|member| member.name != "bundle").count();
        context.say("backup-secrets-there", &[("count", &count.to_string())]);
    }
    context.say("backup-restored-lacks", &[]);
    context.ui.lines([dir])
}
