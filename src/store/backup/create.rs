//! Making a backup: bundle, manifest, signature, encryption; restored on trial before it gets its
//! name.

use super::archive::{self, Writer};
use super::manifest::{FORMAT, Member};
use super::place::Temp;
use super::survey::survey;
use super::{
    BUNDLE, BackupError, CONTENT, ENDING, Keys, MANIFEST, Manifest, Result, SIGNATURE, Scratch, bundle,
    io_at, verify,
};
use crate::model::{Class, Problem};
use crate::store::{Repo, Signer, StoreError};
use chrono::{DateTime, FixedOffset};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Encrypts from one into the other.
pub type Seal<'a> = &'a dyn Fn(&mut dyn Read, &mut dyn Write) -> io::Result<()>;

/// A file to take along that is not in the store.
#[derive(Debug, Clone)]
pub struct Beside {
    /// `auth/…` or `config/…`.
    pub name: String,
    pub path: PathBuf,
}

/// What a backup is to be.
#[derive(Clone)]
pub struct NewBackup<'a> {
    /// What the store is called, for people.
    pub store: String,
    pub program: String,
    pub created_at: DateTime<FixedOffset>,
    pub beside: Vec<Beside>,
    /// The public key that signs, and what signs with it.
    pub sign: Option<(String, &'a dyn Signer)>,
    pub seal: Option<Seal<'a>>,
    /// What opens it on trial.
    pub keys: Keys<'a>,
    /// Where to work; what is there may be read by nobody else.
    pub scratch: &'a Path,
}

impl fmt::Debug for NewBackup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewBackup").field("store", &self.store).finish_non_exhaustive()
    }
}

/// Where a backup goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Into this folder, under a name of its own.
    Folder(PathBuf),
    /// This file, which must not exist.
    File(PathBuf),
    /// To whoever asked, byte by byte.
    Stream,
}

/// A backup that is whole.
#[derive(Debug)]
pub struct Made {
    pub path: Option<PathBuf>,
    pub manifest: Manifest,
    pub size: u64,
}

impl Repo {
    /// Makes a backup of every reference as it stands now.
    pub fn back_up(&self, new: &NewBackup<'_>, target: &Target, out: &mut dyn Write) -> Result<Made> {
        if self.commondir().join("shallow").exists() {
            return Err(Problem::new(Class::Usage, "backup-shallow").hint("backup-shallow-hint").into());
        }
        let scratch = Scratch::new(new.scratch)?;
        let folder = match target {
            Target::Folder(folder) => folder.as_path(),
            Target::File(path) => super::place::above(path),
            Target::Stream => scratch.path(),
        };
        if let Target::File(path) = target
            && path.symlink_metadata().is_ok()
        {
            return Err(there(path));
        }
        // First of all, so that a target that cannot be written costs nothing.
        let mut temp = Temp::new(folder)?;
        let plain = self.write_plain(new, &scratch)?;
        let manifest = plain.manifest.clone();
        match new.seal {
            None => plain.write(new, &mut temp.file, folder)?,
            Some(seal) => sealed(new, &plain, seal, &scratch, &mut temp.file)?,
        }
        temp.file.sync_all().map_err(io_at(temp.path()))?;
        let checks = verify(&mut temp.file, scratch.path(), &new.keys)?;
        if let Some(flaw) = checks.flaw() {
            return Err(flaw.clone().into());
        }
        let size = temp.file.metadata().map_err(io_at(temp.path()))?.len();
        let path = match target {
            Target::Stream => {
                temp.file.rewind().map_err(io_at(temp.path()))?;
                io::copy(&mut temp.file, out).and_then(|_| out.flush()).map_err(io_at(Path::new("-")))?;
                None
            }
            Target::File(path) => {
                if !temp.become_file(path)? {
                    return Err(there(path));
                }
                Some(path.clone())
            }
            Target::Folder(folder) => Some(name_in(folder, &manifest, &mut temp)?),
        };
        Ok(Made { path, manifest, size })
    }

    /// The bundle and all that the manifest says.
    fn write_plain(&self, new: &NewBackup<'_>, scratch: &Scratch) -> Result<Plain> {
        let path = scratch.path().join(BUNDLE);
        let refs = bundle::references(self)?;
        bundle::write(self, &refs, &path)?;
        let branch = self.branch()?;
        let found = refs.get(&format!("refs/heads/{branch}"));
        let tip = *found.ok_or(StoreError::Unborn { branch: branch.clone() })?;
        let tip = self.tip_at(tip)?;
        let survey = survey(self, tip)?;
        let mut files = vec![(BUNDLE.to_owned(), path)];
        for beside in &new.beside {
            // A copy, so that what is hashed is what is written.
            let copy = scratch.path().join(format!("beside-{}", files.len()));
            copy_private(&beside.path, &copy)?;
            files.push((beside.name.clone(), copy));
        }
        let members = files.iter().map(|(name, path)| member(name, path)).collect::<Result<_>>()?;
        let manifest = Manifest {
            format: FORMAT,
            program: new.program.clone(),
            store: new.store.clone(),
            root: self.root_of(tip.commit)?.to_string(),
            tip: tip.commit.to_string(),
            branch,
            created_at: new.created_at,
            encrypted: false,
            records: survey.records,
            unreadable: survey.unreadable,
            signed: new.sign.is_some(),
            signer: new.sign.as_ref().map(|(key, _)| key.clone()),
            secrets: !new.beside.is_empty(),
            members,
        };
        Ok(Plain { manifest, files })
    }
}

/// A backup that is not encrypted, yet in pieces.
struct Plain {
    manifest: Manifest,
    files: Vec<(String, PathBuf)>,
}

impl Plain {
    fn write(&self, new: &NewBackup<'_>, file: &mut File, path: &Path) -> Result<()> {
        let bytes = self.manifest.bytes();
        let signature = match &new.sign {
            Some((_, sign)) => Some(sign.sign(&bytes).map_err(|why| StoreError::SigningFailed { why })?),
            None => None,
        };
        let mut write = || -> io::Result<()> {
            let mut writer = Writer::new(BufWriter::new(&mut *file), time_of(&self.manifest));
            writer.member(MANIFEST, bytes.len() as u64, &mut bytes.as_slice())?;
            if let Some(pem) = &signature {
                writer.member(SIGNATURE, pem.len() as u64, &mut pem.as_bytes())?;
            }
            for ((name, path), member) in self.files.iter().zip(&self.manifest.members) {
                writer.member(name, member.size, &mut File::open(path)?)?;
            }
            writer.finish().map(drop)
        };
        write().map_err(io_at(path))
    }
}

/// Encrypts the whole of it and puts that into an archive whose manifest tells little.
fn sealed(
    new: &NewBackup<'_>,
    plain: &Plain,
    seal: Seal<'_>,
    scratch: &Scratch,
    file: &mut File,
) -> Result<()> {
    let inner = scratch.path().join("plain");
    let mut opened = File::create_new(&inner).map_err(io_at(&inner))?;
    plain.write(new, &mut opened, &inner)?;
    opened.rewind().map_err(io_at(&inner))?;
    let path = scratch.path().join(CONTENT);
    let content = File::create_new(&path).map_err(io_at(&path))?;
    seal(&mut opened, &mut BufWriter::new(&content)).map_err(io_at(&path))?;
    drop(opened);
    std::fs::remove_file(&inner).map_err(io_at(&inner))?;
    let manifest = Manifest {
        encrypted: true,
        records: std::collections::BTreeMap::new(),
        unreadable: Vec::new(),
        signed: false,
        signer: None,
        secrets: false,
        members: vec![member(CONTENT, &path)?],
        ..plain.manifest.clone()
    };
    let bytes = manifest.bytes();
    let mut write = || -> io::Result<()> {
        let mut writer = Writer::new(BufWriter::new(&mut *file), time_of(&manifest));
        writer.member(MANIFEST, bytes.len() as u64, &mut bytes.as_slice())?;
        writer.member(CONTENT, manifest.members[0].size, &mut File::open(&path)?)?;
        writer.finish().map(drop)
    };
    write().map_err(io_at(&path))
}

fn member(name: &str, path: &Path) -> Result<Member> {
    let read = File::open(path).and_then(|mut file| archive::checksum(&mut file));
    let (sha256, size) = read.map_err(io_at(path))?;
    Ok(Member { name: name.to_owned(), size, sha256 })
}

fn copy_private(from: &Path, to: &Path) -> Result<()> {
    let mut source = OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(from)
        .map_err(io_at(from))?;
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let mut target = opened.map_err(io_at(to))?;
    io::copy(&mut source, &mut target).map(drop).map_err(io_at(to))
}

fn time_of(manifest: &Manifest) -> u64 {
    u64::try_from(manifest.created_at.timestamp()).unwrap_or(0)
}

fn there(path: &Path) -> BackupError {
    Problem::new(Class::Conflict, "backup-there").arg("path", path.display()).hint("backup-there-hint").into()
}

/// Store, time and tip; a number where two were made in one minute.
fn name_in(folder: &Path, manifest: &Manifest, temp: &mut Temp) -> Result<PathBuf> {
    let plain = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let store: String = manifest.store.chars().map(plain).collect();
    let store = store.trim_start_matches(['.', '-']);
    let store = if store.is_empty() { "crm" } else { store };
    let time = manifest.created_at.format("%Y-%m-%dT%H%M");
    let begin = format!("{store}-{time}-{}", &manifest.tip[..7]);
    for number in 1..1000 {
        let name = if number == 1 { begin.clone() } else { format!("{begin}-{number}") };
        let path = folder.join(format!("{name}.{ENDING}"));
        if temp.become_file(&path)? {
            return Ok(path);
        }
    }
    Err(there(&folder.join(begin)))
}
