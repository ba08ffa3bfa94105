//! The backups in a folder, told by their manifests. Nothing but these is read, so that a list of
//! large files is quick; whether they are whole is for `verify`.

use super::verify::{Signed, signer_of};
use super::{ENDING, Manifest, Result, io_at};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file that is a backup, or is named like one.
#[derive(Debug)]
pub struct Found {
    pub path: PathBuf,
    pub size: u64,
    /// Nothing where it cannot be read.
    pub manifest: Option<Manifest>,
    /// The key that signed the manifest.
    pub signer: Option<String>,
}

/// What a file says about itself.
pub fn peek(file: &mut File) -> Result<Manifest> {
    Ok(Manifest::of(file)?.0)
}

/// Every backup in a folder, the newest first, those that cannot be read last.
pub fn backups_in(folder: &Path, signed: Signed<'_>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io_at(folder))? {
        let entry = entry.map_err(io_at(folder))?;
        let path = entry.path();
        let name = entry.file_name();
        let is_hidden = name.to_string_lossy().starts_with('.');
        if is_hidden || !entry.file_type().map_err(io_at(&path))?.is_file() {
            continue;
        }
        let is_named = path.extension().is_some_and(|ending| ending == ENDING);
        // Removed since it was listed, or not ours to read.
        let Ok(mut file) = File::open(&path) else { continue };
        if !is_named && !is_archive(&mut file) {
            continue;
        }
        let size = file.metadata().map_err(io_at(&path))?.len();
        let manifest = Manifest::of(&mut file).ok().map(|(manifest, _, _)| manifest);
        if manifest.is_none() && !is_named {
            continue;
        }
        let signer = signer_of(&mut file, signed).ok().flatten();
        found.push(Found { path, size, manifest, signer });
    }
    let key = |one: &Found| one.manifest.as_ref().map(|manifest| manifest.created_at);
    found.sort_by(|a, b| (key(b), &a.path).cmp(&(key(a), &b.path)));
    Ok(found)
}

fn is_archive(file: &mut File) -> bool {
    let mut block = [0; 262];
    file.read_exact(&mut block).is_ok()
        && block.starts_with(super::MANIFEST.as_bytes())
        && block[257..].starts_with(b"ustar")
}
