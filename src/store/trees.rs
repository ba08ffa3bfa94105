//! Git trees as bytes: reading them, comparing two, and building new ones from an
//! old one and a few changes. The user's index plays no part in it, so nothing that
//! a person has staged gets into a commit of ours.

use super::error::{Result, StoreError, git};
use git2::{ObjectType, Odb, Oid};
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub(super) const FOLDER: u32 = 0o040_000;
pub(super) const FILE: u32 = 0o100_644;
const EXECUTABLE: u32 = 0o100_755;
const FILE_TYPE: u32 = 0o170_000;

/// One line of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub mode: u32,
    pub name: &'a [u8],
    pub id: Oid,
}

pub(super) fn is_file(mode: u32) -> bool {
    mode & FILE_TYPE == 0o100_000
}

pub(super) fn normal_mode(mode: u32) -> u32 {
    if mode & 0o111 == 0 { FILE } else { EXECUTABLE }
}

impl Line<'_> {
    fn is_folder(&self) -> bool {
        self.mode == FOLDER
    }

    /// Git sorts a folder as if its name ended in a slash.
    fn order(&self, other: &Line<'_>) -> Ordering {
        let key = |line: &Line<'_>, at: usize| match line.name.get(at) {
            Some(byte) => Some(*byte),
            None if at == line.name.len() && line.is_folder() => Some(b'/'),
            None => None,
        };
        let common = self.name.len().min(other.name.len());
        self.name[..common]
            .cmp(&other.name[..common])
            .then_with(|| key(self, common).cmp(&key(other, common)))
    }
}

/// The lines of a tree, up to the first that is damaged.
pub(super) fn lines(mut data: &[u8]) -> impl Iterator<Item = Line<'_>> {
    std::iter::from_fn(move || {
        let blank = data.iter().position(|byte| *byte == b' ')?;
        let zero = blank + data[blank..].iter().position(|byte| *byte == 0)?;
        let id = Oid::from_bytes(data.get(zero + 1..zero + 21)?).ok()?;
        let mode =
            data[..blank].iter().fold(0, |mode, digit| mode * 8 + u32::from(digit.wrapping_sub(b'0') & 7));
        let name = &data[blank + 1..zero];
        data = &data[zero + 21..];
        Some(Line { mode, name, id })
    })
}

fn print(lines: &[Line<'_>]) -> Vec<u8> {
    let mut data = Vec::with_capacity(lines.len() * 48);
    for line in lines {
        data.extend_from_slice(format!("{:o} ", line.mode).as_bytes());
        data.extend_from_slice(line.name);
        data.push(0);
        data.extend_from_slice(line.id.as_bytes());
    }
    data
}

/// Where folders are read from: the repository, or that and what is not written yet.
pub(super) trait Source {
    fn folder(&self, id: Oid) -> Result<Vec<u8>>;
}

impl Source for Odb<'_> {
    fn folder(&self, id: Oid) -> Result<Vec<u8>> {
        let object = self.read(id).map_err(git("read a folder of the history"))?;
        Ok(object.data().to_vec())
    }
}

pub(super) fn read(odb: &impl Source, id: Oid) -> Result<Vec<u8>> {
    odb.folder(id)
}

/// The file or folder at `path` below `tree`.
pub(super) fn find(odb: &impl Source, tree: Oid, path: &str) -> Result<Option<(Oid, u32)>> {
    let mut at = (tree, FOLDER);
    for part in path.split('/') {
        if at.1 != FOLDER {
            return Ok(None);
        }
        let data = odb.folder(at.0)?;
        match lines(&data).find(|line| line.name == part.as_bytes()) {
            Some(line) => at = (line.id, line.mode),
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// Every entry below `tree` that is not a folder, sorted by path.
pub(super) fn walk(
    odb: &Odb<'_>,
    tree: Oid,
    prefix: &str,
    found: &mut impl FnMut(String, Oid, u32),
) -> Result<()> {
    let data = read(odb, tree)?;
    for line in lines(&data) {
        // A name that is not UTF-8 is never a record's.
        let Ok(name) = str::from_utf8(line.name) else {
            continue;
        };
        let path = join(prefix, name);
        if line.is_folder() {
            walk(odb, line.id, &path, found)?;
        } else {
            found(path, line.id, line.mode);
        }
    }
    Ok(())
}

pub(super) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        let mut path = String::with_capacity(prefix.len() + name.len() + 1);
        path.push_str(prefix);
        path.push('/');
        path.push_str(name);
        path
    }
}

/// What stands at a path on one side of a comparison: id and mode.
pub(super) type Side = Option<(Oid, u32)>;

/// Every path whose content or mode differs between two trees, without looking for
/// renames.
pub(super) fn diff(
    odb: &impl Source,
    old: Option<Oid>,
    new: Option<Oid>,
    prefix: &str,
    found: &mut impl FnMut(String, Side, Side),
) -> Result<()> {
    if old == new {
        return Ok(());
    }
    let data = |id: Option<Oid>| id.map_or(Ok(Vec::new()), |id| read(odb, id));
    let (old, new) = (data(old)?, data(new)?);
    let (mut old, mut new) = (lines(&old).peekable(), lines(&new).peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.order(new),
        };
        let before = old.next_if(|_| order.is_le());
        let after = new.next_if(|_| order.is_ge());
        if before == after {
            continue;
        }
        let Some(name) = before.or(after).and_then(|line| str::from_utf8(line.name).ok()) else {
            continue;
        };
        let path = join(prefix, name);
        if before.or(after).is_some_and(|line| line.is_folder()) {
            let (before, after) = (before.map(|line| line.id), after.map(|line| line.id));
            diff(odb, before, after, &path, found)?;
        } else {
            let side = |line: Option<Line<'_>>| line.map(|line| (line.id, line.mode));
            found(path, side(before), side(after));
        }
    }
}

/// The changes below one folder, as a tree.
#[derive(Default)]
pub(super) struct Changes<'a> {
    files: BTreeMap<&'a str, Option<(Oid, u32)>>,
    folders: BTreeMap<&'a str, Changes<'a>>,
}

impl<'a> Changes<'a> {
    /// `None` removes the file.
    pub fn insert(&mut self, path: &'a str, file: Option<(Oid, u32)>) {
        match path.split_once('/') {
            Some((folder, rest)) => self.folders.entry(folder).or_default().insert(rest, file),
            None => {
                self.files.insert(path, file);
            }
        }
    }

    /// The id of the changed tree; `None` where nothing is left in it. Every new tree
    /// goes through `write`.
    pub fn apply(
        &self,
        odb: &impl Source,
        base: Option<Oid>,
        prefix: &str,
        write: &mut impl FnMut(ObjectType, Vec<u8>) -> Result<Oid>,
    ) -> Result<Option<Oid>> {
        let data = base.map_or(Ok(Vec::new()), |id| read(odb, id))?;
        let mut kept: BTreeMap<&[u8], Line<'_>> = lines(&data).map(|line| (line.name, line)).collect();
        let in_the_way = |name: &str| StoreError::NotRegular { path: join(prefix, name) };
        for (name, changes) in &self.folders {
            let old = kept.remove(name.as_bytes());
            if old.is_some_and(|line| !line.is_folder()) {
                return Err(in_the_way(name));
            }
            let path = join(prefix, name);
            let id = changes.apply(odb, old.map(|line| line.id), &path, write)?;
            insert(&mut kept, name, id.map(|id| (id, FOLDER)));
        }
        for (name, file) in &self.files {
            let old = kept.remove(name.as_bytes());
            if old.is_some_and(|line| !is_file(line.mode)) {
                return Err(in_the_way(name));
            }
            insert(&mut kept, name, *file);
        }
        if kept.is_empty() && !prefix.is_empty() {
            return Ok(None);
        }
        let mut sorted: Vec<Line<'_>> = kept.into_values().collect();
        sorted.sort_by(Line::order);
        write(ObjectType::Tree, print(&sorted)).map(Some)
    }
}

fn insert<'a>(kept: &mut BTreeMap<&'a [u8], Line<'a>>, name: &'a str, new: Side) {
    if let Some((id, mode)) = new {
        let name = name.as_bytes();
        kept.insert(name, Line { mode, name, id });
    }
}
