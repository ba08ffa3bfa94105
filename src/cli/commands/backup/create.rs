//! `crm backup create`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{given, on, one};
use super::super::super::ui::terminals;
use super::super::commit::folders;
use super::{
    Signers, bytes, columns, failure, prune, row, secrets, signed, unsealing, usual_folder, workplace,
};
use crate::access::seal::{Seal, SealError};
use crate::access::signature::{self, Key, Refusal};
use crate::formats::Format;
use crate::model::Problem;
use crate::store::backup::retain::Rules;
use crate::store::backup::{Keys, Made, NAMESPACE, NewBackup, Target, sweep};
use crate::store::{Repo, Signer};
use crate::table::{Shape, Table};

/// Fewer people who can open it than this, and secrets are as good as lost with one of them.
const FEWEST: usize = 2;

/// Makes a backup.
pub fn create(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let repo = super::repo(context, matches)?;
    context.allow_export()?;
    let target = target(&repo, one(matches, "backup-target"));
    let rules = keep(matches, &target)?;
    let seal = seal(&given(matches, "recipient").unwrap_or_default())?;
    let beside = if on(matches, "with-secrets") {
        if seal.as_ref().is_none_or(|seal| seal.recipients() < FEWEST) {
            return Err(Problem::usage("backup-few-recipients").hint("backup-few-recipients-hint").into());
        }
        secrets::gather(context, &repo)?
    } else {
        Vec::new()
    };
    let signer = signer(context, &repo, one(matches, "sign-key"))?;
    mind(context, &repo, &target)?;
    if context.globals.dry_run {
        context.say("backup-would-create", &[("target", &shown(&target))]);
        return Ok(Exit::Ok);
    }
    let scratch = workplace(Some(&repo));
    let _ = sweep(&scratch, false);
    if let Target::Folder(folder) = &target {
        let _ = sweep(folder, false);
    }
    let own = seal.as_ref().map(Seal::own);
    let unseal = own.as_ref().map(unsealing);
    let sealing = seal
        .as_ref()
        .map(|seal| |from: &mut dyn io::Read, to: &mut dyn Write| -> io::Result<()> { seal.seal(from, to) });
    let new = NewBackup {
        store: store_name(repo.root()),
        program: format!("crm {}", env!("CARGO_PKG_VERSION")),
        created_at: context.now,
        beside,
        sign: signer.as_ref().map(|signer| (signer.key.clone(), &*signer.sign)),
        seal: sealing.as_ref().map(|seal| seal as _),
        keys: Keys {
            unseal: unseal.as_ref().map(|unseal| unseal as _),
            signed: &signed,
            root: None,
            signer: None,
            judge: None,
        },
        scratch: &scratch,
    };
    let bar = context.progress("progress-backup", 1);
    let made = repo.back_up(&new, &target, &mut context.ui.stream());
    bar.finish();
    let made = made.map_err(failure)?;
    tell(context, &made, signer.is_some())?;
    match (rules, &target) {
        (Some(rules), Target::Folder(folder)) => {
            prune::remove(context, folder, &made.manifest.root, &rules, false).map(|_| Exit::Ok)
        }
        _ => Ok(Exit::Ok),
    }
}

fn store_name(root: &Path) -> String {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = root.file_name().map_or_else(|| "crm".into(), |name| name.to_string_lossy());
    // As a shared repository without files is named.
    name.strip_suffix(".git").unwrap_or(&name).to_owned()
}

fn target(repo: &Repo, named: Option<String>) -> Target {
    match named.as_deref() {
        None => Target::Folder(usual_folder(Some(repo))),
        Some("-") => Target::Stream,
        Some(name) => {
            let path = PathBuf::from(name);
            if path.is_dir() || name.ends_with('/') { Target::Folder(path) } else { Target::File(path) }
        }
    }
}

fn shown(target: &Target) -> String {
    match target {
        Target::Folder(path) | Target::File(path) => path.display().to_string(),
        Target::Stream => "-".to_owned(),
    }
}

fn keep(matches: &ArgMatches, target: &Target) -> Result<Option<Rules>, Failure> {
    let Some(last) = prune::count(matches, "keep")? else { return Ok(None) };
    if !matches!(target, Target::Folder(_)) {
        return Err(Problem::usage("backup-keep-where").into());
    }
    Ok(Some(Rules { last, ..Rules::default() }))
}

/// What a person should know before: what is not in it, and where it should not lie.
fn mind(context: &Context, repo: &Repo, target: &Target) -> Result<(), Failure> {
    if *target == Target::Stream && terminals().0 {
        return Err(Problem::usage("binary-to-terminal").arg("format", "crmbackup").into());
    }
    let folders = folders(context);
    let below: Vec<&str> = folders.iter().map(String::as_str).collect();
    let edits = if repo.is_bare() { 0 } else { repo.hand_edits(&below)?.len() };
    if edits > 0 {
        context.say("backup-hand-edits", &[("count", &edits.to_string())]);
    }
    let folder = match target {
        Target::Folder(path) => Some(path.as_path()),
        Target::File(path) => path.parent(),
        Target::Stream => None,
    };
    let real = |path: &Path| path.canonicalize().ok();
    let is_inside = folder
        .and_then(|folder| if folder.as_os_str().is_empty() { real(Path::new(".")) } else { real(folder) })
        .zip(real(repo.root()))
        .is_some_and(|(folder, root)| folder.starts_with(root));
    if is_inside {
        context.say("backup-inside", &[]);
    }
    Ok(())
}

/// The recipients: keys as text, or files with one on each line.
fn seal(named: &[String]) -> Result<Option<Seal>, Failure> {
    if named.is_empty() {
        return Ok(None);
    }
    let mut keys = Vec::new();
    for name in named {
        match std::fs::read_to_string(name) {
            Ok(text) => {
                let lines = text.lines().map(str::trim);
                keys.extend(
                    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned),
                );
            }
            Err(_) => keys.push(name.clone()),
        }
    }
    let bad = |_: SealError| {
        let bad = keys.iter().find(|key| Seal::to(std::slice::from_ref(*key)).is_err());
        let bad = bad.cloned().unwrap_or_default();
        Problem::usage("backup-no-recipient").arg("value", bad).hint("backup-no-recipient-hint")
    };
    let seal = Seal::to(&keys).map_err(bad)?;
    if seal.recipients() == 0 {
        let named = named.join(", ");
        let problem = Problem::usage("backup-no-recipient").arg("value", named);
        return Err(problem.hint("backup-no-recipient-hint").into());
    }
    Ok(Some(seal))
}

/// What signs, and its public key.
struct Signing<'a> {
    key: String,
    sign: Box<dyn Signer + 'a>,
}

/// The key that is named, else the one that git signs with; none where there is none.
fn signer<'a>(
    context: &Context,
    repo: &'a Repo,
    named: Option<String>,
) -> Result<Option<Signing<'a>>, Failure> {
    if let Some(file) = named {
        let problem =
            |refusal: Refusal| Problem::usage("backup-sign-key").arg("path", &file).arg("why", why(refusal));
        let signer = signature::Signer::read(Path::new(&file)).map_err(problem)?;
        let key = signer.key().map_err(problem)?.as_str().to_owned();
        let sign = move |bytes: &[u8]| signer.sign(NAMESPACE, bytes).map_err(|error| error.to_string());
        return Ok(Some(Signing { key, sign: Box::new(sign) }));
    }
    let Some(setting) = repo.ssh_signing_key() else { return Ok(None) };
    let public = match repo.ssh_public_key(&setting) {
        Some(text) => Key::parse(&text),
        // Only a signature tells.
        None => repo
            .sign_with_ssh(&setting, NAMESPACE, b"")
            .map_err(|_| Refusal::Locked)
            .and_then(|pem| signature::verify(&pem, NAMESPACE, b"")),
    };
    match public {
        Ok(key) => {
            let sign = move |bytes: &[u8]| repo.sign_with_ssh(&setting, NAMESPACE, bytes);
            Ok(Some(Signing { key: key.as_str().to_owned(), sign: Box::new(sign) }))
        }
        // Nobody asked for a signature here, and a backup without one is better than none.
        Err(refusal) => {
            context.say("backup-not-signed", &[("key", &setting), ("why", why(refusal))]);
            Ok(None)
        }
    }
}

fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::KeyKind => "kind",
        Refusal::Locked => "locked",
        _ => "none",
    }
}

fn tell(context: &Context, made: &Made, is_signed: bool) -> Result<(), Failure> {
    let manifest = &made.manifest;
    let path = made.path.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
    let tip = &manifest.tip[..10];
    let args = [
        ("file", path.as_str()),
        ("tip", tip),
        ("count", &manifest.total().to_string()),
        ("size", &bytes(made.size)),
    ];
    context.say("backup-made", &args);
    if !manifest.unreadable.is_empty() {
        let count = manifest.unreadable.len().to_string();
        context.say("backup-has-unreadable", &[("count", &count), ("path", &manifest.unreadable[0])]);
    }
    if made.path.is_none() {
        return Ok(());
    }
    if context.ui.format.is_none() {
        return context.ui.lines([path]);
    }
    let signers = Signers::of(context, is_signed);
    let signer = manifest.signer.as_deref().map(|key| signers.name(key));
    let mut table = Table { shape: Shape::Object, ..Table::new("backup", columns(context)) };
    table.rows.push(row(&path, made.size, Some(manifest), signer));
    context.ui.table(&table, Format::Table)
}
