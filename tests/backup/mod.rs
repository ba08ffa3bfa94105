//! Backups: that what comes back is what went in, and that nothing else passes for one.

mod damage;
mod faults;
mod hostile;
mod keys;
mod machine;
mod pruning;
mod restoring;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use crm::access::signature;
use crm::store::backup::{self, BackupError, Checks, Keys, NAMESPACE};
use sha2::{Digest, Sha256};

use crate::support::Sandbox;

/// The line after the archive.
const MARK: &str = "crm-backup-1 sha256 ";

/// Makes a backup beside the store.
fn made(sandbox: &Sandbox, name: &str) -> PathBuf {
    let path = sandbox.outside(name);
    sandbox.ok(&["backup", "create", &path.to_string_lossy()]);
    path
}

/// A store that is not the one of the other sandboxes.
fn stranger() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.ok("init . --company Other --user ann --name Ann --email ann@other.example");
    sandbox
}

/// Names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn signed(pem: &str, bytes: &[u8]) -> Result<String, String> {
    let key = signature::verify(pem, NAMESPACE, bytes).map_err(|refusal| refusal.to_string())?;
    Ok(key.as_str().to_owned())
}

/// What a trial finds, without a process.
fn checks(bytes: &[u8]) -> Checks {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = Keys { unseal: None, signed: &signed, root: None, signer: None, judge: None };
    match backup::verify(&mut Cursor::new(bytes), folder.path(), &keys) {
        Ok(checks) => checks,
        Err(BackupError::Flaw(flaw)) => panic!("{flaw:?}"),
        Err(BackupError::Store(error)) => panic!("{error}"),
    }
}

/// The id of what is wrong; nothing where all is well.
fn flaw(bytes: &[u8]) -> Option<&'static str> {
    checks(bytes).flaw().map(|flaw| flaw.id)
}

/// What is wrong, with the reason that the sentence has.
fn why(bytes: &[u8]) -> String {
    let checks = checks(bytes);
    let flaw = checks.flaw().expect("a flaw");
    let named = ["name", "why"].map(|name| flaw.get(name).unwrap_or_default());
    format!("{} {}", flaw.id, named.join(" ")).trim_end().to_owned()
}

/// The archive without its last line, with the checksum that it has now.
fn resealed(archive: &[u8]) -> Vec<u8> {
    let digits: String = Sha256::digest(archive).iter().map(|byte| format!("{byte:02x}")).collect();
    [archive, format!("{MARK}{digits}\n").as_bytes()].concat()
}

/// The archive alone.
fn archive(backup: &[u8]) -> &[u8] {
    &backup[..backup.len() - MARK.len() - 65]
}

/// The members of a backup.
fn members(backup: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read as _;
    let mut found = Vec::new();
    let mut archive = tar::Archive::new(archive(backup));
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("the content");
        found.push((name, bytes));
    }
    found
}

/// The header that a backup has for a member.
fn header(name: &str, size: usize) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).expect("a name");
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(size as u64);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    header
}

/// A backup of headers and contents.
fn packed(members: &[(tar::Header, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (header, content) in members {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    resealed(&bytes)
}

/// The members with their headers.
fn headed(members: Vec<(String, Vec<u8>)>) -> Vec<(tar::Header, Vec<u8>)> {
    members.into_iter().map(|(name, content)| (header(&name, content.len()), content)).collect()
}

/// A backup with another manifest.
fn with_manifest(backup: &[u8], change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let mut members = members(backup);
    let mut manifest = serde_json::from_slice(&members[0].1).expect("a manifest");
    change(&mut manifest);
    members[0].1 = serde_json::to_vec(&manifest).expect("json");
    packed(&headed(members))
}
