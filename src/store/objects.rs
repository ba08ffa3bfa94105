//! S4: the objects of one commit, durable and read back before anything refers to
//! them. Few objects are written loose, many as one pack.

use super::error::{Result, StoreError, git, io};
use super::journal::sync_folder;
use super::pack;
use super::trees::Changes;
use git2::{ObjectType, Odb, OdbLookupFlags, Oid, Repository};
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// From so many files on a pack is cheaper than loose objects.
const BULK: usize = 200;

/// One file of the plan: `None` removes it.
pub(super) struct NewFile<'a> {
    pub path: &'a str,
    pub content: Option<Content<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub id: Oid,
    pub mode: u32,
    pub bytes: &'a [u8],
}

pub(super) fn is_bulk(files: usize) -> bool {
    files >= BULK
}

/// Writes blobs, trees and the commit whose bytes `commit` makes from the new tree.
pub(super) fn store(
    repo: &Repository,
    base_tree: Option<Oid>,
    files: &[NewFile<'_>],
    txid: &str,
    commit: impl FnOnce(Oid) -> Result<Vec<u8>>,
) -> Result<Oid> {
    let mut changes = Changes::default();
    for file in files {
        changes.insert(file.path, file.content.map(|new| (new.id, new.mode)));
    }
    let odb = repo.odb().map_err(git("open the object database"))?;
    let made: RefCell<Vec<(ObjectType, Oid, Vec<u8>)>> = RefCell::default();
    let name = |kind: ObjectType, data: Vec<u8>| {
        let id = Oid::hash_object(kind, &data).map_err(git("name an object"))?;
        made.borrow_mut().push((kind, id, data));
        Ok(id)
    };
    let tree =
        changes.apply(&odb, base_tree, "", &mut |kind, data| name(kind, data))?.unwrap_or(Oid::ZERO_SHA1);
    let new = name(ObjectType::Commit, commit(tree)?)?;

    let made = made.into_inner();
    let blobs = files.iter().filter_map(|file| file.content);
    let all = blobs
        .map(|blob| (ObjectType::Blob, blob.id, blob.bytes))
        .chain(made.iter().map(|(kind, id, data)| (*kind, *id, &data[..])));
    let mut seen = BTreeSet::new();
    let all: Vec<Object<'_>> = all.filter(|(_, id, _)| seen.insert(*id)).collect();
    keep(repo, &all, txid)?;
    Ok(new)
}

pub(super) type Object<'a> = (ObjectType, Oid, &'a [u8]);

/// Writes objects, durable, and reads them back.
pub(super) fn keep(repo: &Repository, all: &[Object<'_>], txid: &str) -> Result<()> {
    let odb = repo.odb().map_err(git("open the object database"))?;
    write(repo, &odb, all, txid)?;
    read_back(repo, &odb, all)
}

fn write(repo: &Repository, odb: &Odb<'_>, all: &[Object<'_>], txid: &str) -> Result<()> {
    let folder = repo.commondir().join("objects");
    let (known, new): (Vec<Object<'_>>, Vec<Object<'_>>) =
        all.iter().partition(|(_, id, _)| odb.exists_ext(*id, OdbLookupFlags::NO_REFRESH));
    if is_bulk(new.len()) {
        let packed = pack::compress_all(new.into_par_iter());
        pack::write(&folder, &packed, txid)?;
        odb.refresh().map_err(git("see the new pack"))?;
    } else {
        for (kind, _, data) in &new {
            odb.write(*kind, data).map_err(git("write an object"))?;
        }
        sync_folder(&folder)?;
    }
    // Git may have written them a moment ago and not yet to the disk.
    known.iter().try_for_each(|(_, id, _)| sync_loose(&folder, *id))
}

fn loose_path(folder: &Path, id: Oid) -> (PathBuf, String) {
    let hex = id.to_string();
    (folder.join(&hex[..2]), hex[2..].to_owned())
}

/// What is not loose is in a pack, and those git makes durable itself.
fn sync_loose(folder: &Path, id: Oid) -> Result<()> {
    let (folder, name) = loose_path(folder, id);
    let path = folder.join(name);
    match File::open(&path) {
        Ok(file) => file.sync_all().map_err(io(&path))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(&path)(error)),
    }
    sync_folder(&folder)
}

/// What was written must come back byte for byte.
fn read_back(repo: &Repository, odb: &Odb<'_>, all: &[Object<'_>]) -> Result<()> {
    let check = |odb: &Odb<'_>, object: &Object<'_>| {
        let back = odb.read(object.1).map_err(git("read back what was written"))?;
        if back.data() == object.2 {
            Ok(())
        } else {
            Err(StoreError::Git {
                doing: "read back what was written",
                source: git2::Error::from_str("it differs"),
            })
        }
    };
    if !is_bulk(all.len()) {
        return all.iter().try_for_each(|object| check(odb, object));
    }
    let path = repo.path();
    let share = all.len() / rayon::current_num_threads() + 1;
    all.par_chunks(share).try_for_each(|share| {
        let repo = Repository::open(path).map_err(git("open the repository"))?;
        let odb = repo.odb().map_err(git("open the object database"))?;
        share.iter().try_for_each(|object| check(&odb, object))
    })
}

/// Whether everything that the commit needs is still there: git may have collected
/// what nothing referred to.
pub(super) fn present(repo: &Repository, ids: impl IntoIterator<Item = Oid>) -> Result<bool> {
    let odb = repo.odb().map_err(git("open the object database"))?;
    Ok(ids.into_iter().all(|id| odb.exists(id)))
}
