//! `crm backup`: the whole store as one file, and back.
//!
//! Which keys sign, encrypt and open is settled here; what a backup is and whether it is whole is
//! the store's matter. Deliberately absent: schedules, which cron and systemd have, and copying
//! files to other machines.

mod create;
mod list;
mod prune;
mod restore;
mod secrets;

pub use secrets::secrets_of;

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{ArgAction, ArgMatches, Command};

use super::super::args::{Words, named, option, place, switch};
use super::super::context::Context;
use super::super::environment::Environment;
use super::super::error::{Exit, Failure, exit_of, file_error};
use super::super::store::Everything;
use super::Standalone;
use super::gate::{bench, repository};
use crate::access::gate::Gate;
use crate::access::push::{Limits, Range, judge};
use crate::access::seal::{SealError, Unseal};
use crate::access::signature::{self, Key, Refusal};
use crate::model::record::Value;
use crate::model::{Class, Problem};
use crate::rules::View as _;
use crate::store::backup::{BackupError, Found, Manifest, NAMESPACE, Scratch};
use crate::store::{ObjectId, Repo, StoreError};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// `crm backup`.
pub const BACKUP: Standalone = Standalone {
    name: "backup",
    aliases: &[],
    args,
    run: |context, matches| match matches.subcommand() {
        Some(("create", matches)) => create::create(context, matches),
        Some(("list", matches)) => list::list(context, matches),
        Some(("verify", matches)) => list::verify(context, matches),
        Some(("prune", matches)) => prune::prune(context, matches),
        Some(("restore", matches)) => restore::restore(context, matches),
        Some(("keygen", matches)) => secrets::keygen(context, matches),
        _ => Ok(Exit::Ok),
    },
};

fn args(command: Command, words: Words<'_>) -> Command {
    let verb = |name: &'static str| {
        named(name, &format!("help-backup-{name}"), words)
            .long_about(words.text(&format!("help-backup-{name}-long")))
    };
    let identity = || option("identity", "FILE", words);
    let pins = || [option("root", "ID", words), option("signed-by", "KEY", words)];
    let folder = || place("backup-dir", "DIR", words);
    let file = || place("backup-file", "FILE|-", words).required(true);
    command.long_about(words.text("help-backup-long")).subcommand_required(true).subcommands([
        verb("create").args([
            place("backup-target", "DIR|FILE|-", words),
            option("recipient", "AGE_KEY|FILE", words).action(ArgAction::Append),
            switch("with-secrets", words),
            option("sign-key", "FILE", words),
            option("keep", "N", words),
        ]),
        verb("list").arg(folder()).arg(option("fields", "FIELD,…", words)),
        verb("verify").arg(file()).arg(identity()).args(pins()),
        verb("prune").arg(folder()).args([
            option("keep-last", "N", words),
            option("keep-daily", "N", words),
            option("keep-weekly", "N", words),
            option("keep-monthly", "N", words),
            option("root", "ID", words),
        ]),
        verb("restore")
            .arg(file())
            .args([
                option("to", "DIR", words).required(true).help(words.text("help-backup-to")),
                option("at", "REV|DATE", words).help(words.text("help-backup-at")),
                identity(),
                switch("allow-older", words),
                switch("accept-history", words),
                switch("with-secrets", words).help(words.text("help-backup-restore-secrets")),
            ])
            .args(pins()),
        verb("keygen").arg(place("backup-file", "FILE", words).required(true)),
    ])
}

/// A failure in words: what is wrong with a backup is what a check found.
fn failure(error: BackupError) -> Failure {
    match error {
        BackupError::Flaw(flaw) => {
            let exit = if flaw.class == Class::Invalid { Exit::CheckFailed } else { exit_of(flaw.class) };
            Failure::new(exit, *flaw)
        }
        // Whoever took it from us has enough of it.
        BackupError::Store(StoreError::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {
            Failure::silent(Exit::Pipe)
        }
        BackupError::Store(error) => error.into(),
    }
}

/// Which key signed a manifest; why none did is a code that the sentence around it knows.
fn signed(pem: &str, bytes: &[u8]) -> Result<String, String> {
    match signature::verify(pem, NAMESPACE, bytes) {
        Ok(key) => Ok(key.as_str().to_owned()),
        Err(Refusal::Namespace) => Err("namespace".to_owned()),
        Err(Refusal::KeyKind) => Err("kind".to_owned()),
        Err(Refusal::Bad) => Err("bytes".to_owned()),
        Err(_) => Err("none".to_owned()),
    }
}

/// A function that judges the whole history where the store asks for that.
fn judging(context: &Context, root: Option<String>) -> impl Fn(&Repo, ObjectId) -> Result<(), Problem> {
    move |repo, tip| {
        let bench = bench(context);
        if !Gate::new(repo, &bench).policy_of(tip).is_ok_and(|policy| policy.gate) {
            return Ok(());
        }
        let root = root.as_ref().and_then(|root| root.parse().ok());
        let found = judge(repo, Range { old: None, new: tip, root }, &bench, Limits::NONE);
        match found.first() {
            None => Ok(()),
            Some(first) => Err(Problem::invalid("backup-bad-policy")
                .arg("count", found.len())
                .arg("commit", first.commit.short())
                .arg("reason", context.locale.problem(&first.problem))
                .hint("backup-bad-policy-hint")),
        }
    }
}

/// A function that decrypts with these keys.
fn unsealing(
    keys: &Unseal,
) -> impl Fn(&mut dyn std::io::Read, &mut dyn std::io::Write) -> Result<(), Problem> {
    |from, to| {
        keys.unseal(from, to).map_err(|error| match error {
            SealError::NoKeyFits => {
                Problem::invalid("backup-wrong-identity").hint("backup-needs-identity-hint")
            }
            other => Problem::invalid("backup-damaged-content").arg("reason", other),
        })
    }
}

/// The secret keys of a file.
fn identity(file: Option<String>) -> Result<Option<Unseal>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let path = Path::new(&file);
    match Unseal::read(path) {
        Ok(keys) => Ok(Some(keys)),
        Err(SealError::Io(error)) => Err(file_error(path, &error)),
        Err(_) => Err(Problem::usage("backup-no-identity").arg("path", file).into()),
    }
}

/// The public key that a person names as text, or by a file that has it.
fn public_key(text: &str) -> Result<String, Failure> {
    let written = fs::read_to_string(text).unwrap_or_else(|_| text.to_owned());
    let key = Key::parse(&written).map_err(|_| Problem::usage("backup-no-key").arg("value", text))?;
    Ok(key.as_str().to_owned())
}

/// The repository of the store that we are in, also where its settings cannot be read or it has no
/// files: a backup needs neither.
fn repo(context: &Context, matches: &ArgMatches) -> Result<Repo, Failure> {
    repository(context, matches).map_err(|failure| context.store().err().unwrap_or(failure))
}

/// Where a backup may be taken apart: where nobody else looks, and where there is room.
fn workplace(repo: Option<&Repo>) -> PathBuf {
    let own = repo.map(|repo| repo.commondir().join("crm"));
    let is_fit = |folder: &PathBuf| {
        let _ = fs::create_dir_all(folder);
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
    };
    own.filter(is_fit).unwrap_or_else(std::env::temp_dir)
}

/// Where backups are unless somebody says where: here, or beside the store for who is in it.
fn usual_folder(repo: Option<&Repo>) -> PathBuf {
    let here = Environment::directory();
    let Some(repo) = repo else { return here };
    let root = repo.root().canonicalize().unwrap_or_else(|_| repo.root().to_owned());
    let is_inside = here.canonicalize().is_ok_and(|here| here.starts_with(&root));
    match root.parent() {
        Some(above) if is_inside => above.to_owned(),
        _ => here,
    }
}

/// A file that is a backup; what comes from stdin is kept until it is used.
fn opened(name: &str, workplace: &Path) -> Result<(File, Option<Scratch>), Failure> {
    let path = Path::new(name);
    if name != "-" {
        return Ok((File::open(path).map_err(|error| file_error(path, &error))?, None));
    }
    let scratch = Scratch::new(workplace).map_err(failure)?;
    let path = scratch.path().join("stdin");
    let mut file = File::create_new(&path).map_err(|error| file_error(&path, &error))?;
    std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(|error| file_error(&path, &error))?;
    let file = File::open(&path).map_err(|error| file_error(&path, &error))?;
    Ok((file, Some(scratch)))
}

/// The root that is asked for, else that of the store we are in.
fn root_of(repo: Option<&Repo>, asked: Option<String>) -> Result<Option<String>, Failure> {
    if let Some(root) = asked {
        let is_id = root.len() == 40 && root.bytes().all(|b| b.is_ascii_hexdigit());
        let root = root.to_ascii_lowercase();
        return if is_id {
            Ok(Some(root))
        } else {
            Err(Problem::usage("backup-bad-root").arg("value", root).into())
        };
    }
    let Some(repo) = repo else { return Ok(None) };
    Ok(match repo.tip()? {
        Some(tip) => Some(repo.root_of(tip.commit)?.to_string()),
        None => None,
    })
}

/// Who signs with a key, as people say it: the user of this store who has it, else its fingerprint.
struct Signers {
    users: Vec<(Key, String)>,
}

impl Signers {
    /// The keys of all users, where there is a store and anybody asks.
    fn of(context: &Context, is_asked: bool) -> Self {
        let read = || -> Result<Vec<(Key, String)>, Failure> {
            let mirror = context.mirror_of(&["user"])?;
            let view = Everything::new(context.store()?, &mirror);
            let ids = mirror.query("select id from users order by id", &[])?;
            let mut users = Vec::new();
            for id in ids.rows.iter().filter_map(|row| row[0].as_text()) {
                let Some(user) = view.record("user", id)? else { continue };
                for row in user.rows("keys") {
                    if let Some(Value::Text(key)) = row.get("key")
                        && let Ok(key) = Key::parse(key)
                    {
                        users.push((key, id.to_owned()));
                    }
                }
            }
            Ok(users)
        };
        let users = if is_asked && context.has_store() { read().unwrap_or_default() } else { Vec::new() };
        Self { users }
    }

    fn name(&self, key: &str) -> String {
        let Ok(key) = Key::parse(key) else { return key.to_owned() };
        let known = self.users.iter().find(|(other, _)| *other == key);
        known.map_or_else(|| key.fingerprint(), |(_, user)| user.clone())
    }
}

/// The columns of a list of backups.
fn columns(context: &Context) -> Vec<Column> {
    let columns = [
        ("file", ColumnType::Text, Audience::All),
        ("store", ColumnType::Text, Audience::All),
        ("created", ColumnType::Instant, Audience::All),
        ("tip", ColumnType::Text, Audience::All),
        ("records", ColumnType::Int, Audience::All),
        ("size", ColumnType::Int, Audience::All),
        ("signed_by", ColumnType::Text, Audience::All),
        ("encrypted", ColumnType::Bool, Audience::All),
        ("branch", ColumnType::Text, Audience::Data),
        ("root", ColumnType::Text, Audience::Data),
        ("program", ColumnType::Text, Audience::Data),
    ];
    columns
        .into_iter()
        .map(|(name, ty, audience)| {
            let label = context.text(&format!("field-backup-{}", name.replace('_', "-")), &[]);
            Column { audience, ..Column::new(name, ty).labelled(label) }
        })
        .collect()
}

/// A backup as a row of that list.
fn row(file: &str, size: u64, manifest: Option<&Manifest>, signer: Option<String>) -> Vec<Cell> {
    let int = |number: u64| i64::try_from(number).map_or(Cell::Null, Cell::Int);
    let text = |of: fn(&Manifest) -> String| manifest.map_or(Cell::Null, |m| Cell::text(of(m)));
    vec![
        Cell::text(file),
        text(|m| m.store.clone()),
        manifest.map_or(Cell::Null, |m| Cell::Instant(m.created_at)),
        text(|m| m.tip[..10.min(m.tip.len())].to_owned()),
        manifest.filter(|m| !m.encrypted).map_or(Cell::Null, |m| int(m.total())),
        int(size),
        signer.map_or(Cell::Null, Cell::text),
        manifest.map_or(Cell::Null, |m| Cell::Bool(m.encrypted)),
        text(|m| m.branch.clone()),
        text(|m| m.root.clone()),
        text(|m| m.program.clone()),
    ]
}

/// Backups as a table.
fn table_of(context: &Context, found: &[&Found]) -> Table {
    let signers = Signers::of(context, found.iter().any(|one| one.signer.is_some()));
    let mut table =
        Table { title: context.text("title-backups", &[]), ..Table::new("backups", columns(context)) };
    for one in found {
        let name = one.path.file_name().unwrap_or_default().to_string_lossy();
        let signer = one.signer.as_deref().map(|key| signers.name(key));
        table.rows.push(row(&name, one.size, one.manifest.as_ref(), signer));
    }
    table
}

/// A number of bytes as people say it.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut tenths = count / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    if tenths >= 1000 {
        return format!("{} {}", tenths / 10, UNITS[unit]);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        let said = [0, 999, 1000, 1550, 99_949, 100_000, 2_500_000, 7_000_000_000].map(super::bytes);
        assert_eq!(said, ["0 B", "999 B", "1.0 kB", "1.5 kB", "99.9 kB", "100 kB", "2.5 MB", "7.0 GB"]);
    }
}
