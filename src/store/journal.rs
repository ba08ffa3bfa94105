//! The journal of one transaction: what a later command needs to finish or undo it.
//!
//! It is written as `crm/journal.next` before the first temporary file exists, so
//! that a crash leaves none that nobody knows of, and becomes `crm/journal` by a
//! rename just before the branch moves. Text, one line per path, the last line is a
//! hash of all before it.

use super::error::{Result, StoreError, io};
use super::lock::remove;
use git2::{ObjectType, Oid};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::str::Lines;

const HEADER: &str = "crm journal 1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub txid: String,
    pub reference: String,
    /// `None` on a branch that has no commit yet.
    pub base: Option<Oid>,
    pub new: Oid,
    /// Sorted by path.
    pub files: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub path: String,
    pub old: Option<Oid>,
    pub new: Option<Oid>,
    /// Executable files stay executable.
    pub mode: u32,
    /// The name, in the folder of the file, of the temporary file with the new
    /// content. `None` for a removal, and where the work tree has the content already.
    pub temp: Option<String>,
}

pub(super) struct JournalFile {
    folder: PathBuf,
    path: PathBuf,
    next: PathBuf,
}

impl JournalFile {
    pub fn new(gitdir: &Path) -> Self {
        let folder = gitdir.join("crm");
        JournalFile { path: folder.join("journal"), next: folder.join("journal.next"), folder }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The transaction that must be finished or undone. Damage is an error: the file
    /// was complete on disk before it got this name.
    pub fn load(&self) -> Result<Option<Journal>> {
        let Some(bytes) = read(&self.path)? else {
            return Ok(None);
        };
        let damaged = || StoreError::JournalDamaged { path: self.path.clone() };
        parse(&bytes).ok_or_else(damaged).map(Some)
    }

    /// A transaction that crashed before it became serious. One that is not complete
    /// has no temporary files yet.
    pub fn load_next(&self) -> Result<Option<Journal>> {
        Ok(read(&self.next)?.and_then(|bytes| parse(&bytes)))
    }

    /// S5: on disk under its first name.
    pub fn prepare(&self, journal: &Journal) -> Result<()> {
        let mut file = File::create(&self.next).map_err(io(&self.next))?;
        file.write_all(print(journal).as_bytes()).map_err(io(&self.next))?;
        file.sync_all().map_err(io(&self.next))?;
        self.sync()
    }

    /// S7: from here on recovery looks at the branch.
    pub fn publish(&self) -> Result<()> {
        std::fs::rename(&self.next, &self.path).map_err(io(&self.path))?;
        self.sync()
    }

    pub fn remove(&self) -> Result<()> {
        remove(&self.path)?;
        self.sync()
    }

    pub fn remove_next(&self) -> Result<()> {
        remove(&self.next)
    }

    fn sync(&self) -> Result<()> {
        sync_folder(&self.folder)
    }
}

pub(super) fn sync_folder(path: &Path) -> Result<()> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(io(path))
}

/// Only a file that is certainly absent counts as absent.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io(path)(error)),
    }
}

fn print(journal: &Journal) -> String {
    let id = |id: Option<Oid>| id.map_or("-".to_owned(), |id| id.to_string());
    let mut text = format!(
        "{HEADER}\ntxid {}\nref {}\nbase {}\nnew {}\n",
        journal.txid,
        journal.reference,
        id(journal.base),
        journal.new
    );
    for file in &journal.files {
        let temp = file.temp.as_deref().unwrap_or("-");
        let (old, new, mode, path) = (id(file.old), id(file.new), file.mode, &file.path);
        let _ = writeln!(text, "file {old} {new} {mode:o} {temp} {path}");
    }
    let hash = hash(text.as_bytes());
    let _ = writeln!(text, "hash {hash}");
    text
}

fn hash(bytes: &[u8]) -> String {
    Oid::hash_object(ObjectType::Blob, bytes).map_or_else(|_| String::new(), |id| id.to_string())
}

fn parse(bytes: &[u8]) -> Option<Journal> {
    let text = str::from_utf8(bytes).ok()?;
    let (body, last) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let body = &text[..=body.len()];
    if last.strip_prefix("hash ")? != hash(body.as_bytes()) {
        return None;
    }
    let mut lines = body.lines();
    if lines.next()? != HEADER {
        return None;
    }
    let mut journal = Journal {
        txid: field(&mut lines, "txid ")?.to_owned(),
        reference: field(&mut lines, "ref ")?.to_owned(),
        base: id(field(&mut lines, "base ")?)?,
        new: id(field(&mut lines, "new ")?)??,
        files: Vec::new(),
    };
    for line in lines {
        let mut words = line.strip_prefix("file ")?.splitn(5, ' ');
        journal.files.push(Entry {
            old: id(words.next()?)?,
            new: id(words.next()?)?,
            mode: u32::from_str_radix(words.next()?, 8).ok()?,
            temp: Some(words.next()?).filter(|name| *name != "-").map(str::to_owned),
            path: words.next()?.to_owned(),
        });
    }
    Some(journal)
}

fn field<'a>(lines: &mut Lines<'a>, name: &str) -> Option<&'a str> {
    lines.next()?.strip_prefix(name)
}

/// The outer `None` is damage.
#[expect(clippy::option_option, reason = "an id may be absent, and the word for it may be wrong")]
fn id(word: &str) -> Option<Option<Oid>> {
    match word {
        "-" => Some(None),
        hex => Oid::from_str(hex).ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let id = |n: u8| Oid::from_bytes(&[n; 20]).expect("20 bytes");
        Journal {
            txid: "00ff".into(),
            reference: "refs/heads/main".into(),
            base: None,
            new: id(7),
            files: vec![
                Entry {
                    path: "customers/ab/name with blanks.toml".into(),
                    old: Some(id(1)),
                    new: Some(id(2)),
                    mode: 0o100_644,
                    temp: Some(".crm-tmp-00ff-0".into()),
                },
                Entry {
                    path: "orders/客户.toml".into(),
                    old: Some(id(1)),
                    new: None,
                    mode: 0o100_755,
                    temp: None,
                },
            ],
        }
    }

    #[test]
    fn a_journal_reads_back_as_written() {
        let printed = print(&journal());
        assert_eq!(parse(printed.as_bytes()), Some(journal()));
    }

    #[test]
    fn any_flipped_bit_and_any_missing_tail_is_noticed() {
        let printed = print(&journal()).into_bytes();
        for at in 0..printed.len() {
            let mut damaged = printed.clone();
            damaged[at] ^= 1;
            assert_eq!(parse(&damaged), None, "bit flipped at {at}");
            assert_eq!(parse(&printed[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn a_damaged_journal_stops_everything() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(dir.path().join("crm")).expect("folder");
        let file = JournalFile::new(dir.path());
        assert_eq!(file.load().expect("absent"), None);
        file.prepare(&journal()).expect("written");
        assert_eq!(file.load().expect("still absent"), None);
        file.publish().expect("renamed");
        assert_eq!(file.load().expect("there"), Some(journal()));
        std::fs::write(file.path(), b"junk\n").expect("damage");
        assert!(matches!(file.load(), Err(StoreError::JournalDamaged { .. })));
    }
}
