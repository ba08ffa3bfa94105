//! What a command hands to the store and gets back from it: the state to build on, the
//! plan, the receipt.

use super::commit::{Person, Signing, When};
use super::error::{Result, StoreError, git};
use super::open::Tip;
use super::trees;
use super::{ObjectId, Repo};
use git2::Oid;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

/// How a writing command wants to be treated.
#[derive(Debug, Clone)]
pub struct WriteOptions<'a> {
    /// How long to wait for another command of ours.
    pub lock_timeout: Duration,
    /// How long to wait for a running git.
    pub index_timeout: Duration,
    pub signing: Signing<'a>,
    pub allow_network_fs: bool,
    /// The branch that must be checked out, where the store names one.
    pub branch: Option<String>,
    /// The version of the program that the store asks for, where this one is older.
    pub needs: Option<String>,
    /// What others are told who have to wait: the command.
    pub holder: String,
    /// Let git tidy up in the background when it is time.
    pub maintenance: bool,
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        WriteOptions {
            lock_timeout: Duration::from_secs(30),
            index_timeout: Duration::from_secs(10),
            signing: Signing::default(),
            allow_network_fs: false,
            branch: None,
            needs: None,
            holder: "crm".into(),
            maintenance: true,
        }
    }
}

/// The state that a plan builds on: the branch's last commit.
pub struct Base<'r> {
    repo: &'r Repo,
    tip: Option<Tip>,
    odb: OnceCell<git2::Odb<'r>>,
    /// Folders that were read, by path: a command over many records asks each folder often.
    folders: RefCell<HashMap<String, Lines>>,
}

/// The lines of a folder; nothing where there is none.
type Lines = Option<Rc<Vec<u8>>>;

/// Folders that are remembered: those of a few hundred thousand records.
const REMEMBERED: usize = 2048;

impl fmt::Debug for Base<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Base").field(&self.tip).finish()
    }
}

/// A file to write, or to remove where `content` is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    pub content: Option<Vec<u8>>,
}

/// What one commit is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    pub changes: Vec<FileChange>,
    pub message: String,
    pub author: Person,
    pub committer: Person,
    pub when: When,
    /// The work tree holds the content already: a person's edits are committed.
    pub adopt_work: bool,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub commit: ObjectId,
    /// `None`: this is the first commit.
    pub base: Option<ObjectId>,
    pub paths: Vec<String>,
    /// The change is committed; this could not be done yet or was left as it was.
    pub warnings: Vec<String>,
}

/// What a plan would do.
#[derive(Debug, Clone)]
pub struct Preview {
    pub base: Option<ObjectId>,
    pub changes: Vec<PreviewChange>,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewChange {
    pub path: String,
    pub old: Option<Vec<u8>>,
    pub new: Option<Vec<u8>>,
}

impl<'r> Base<'r> {
    pub(super) fn new(repo: &'r Repo, tip: Option<Tip>) -> Self {
        Base { repo, tip, odb: OnceCell::new(), folders: RefCell::default() }
    }

    /// `None` before the first commit.
    #[must_use]
    pub fn tip(&self) -> Option<Tip> {
        self.tip
    }

    fn odb(&self) -> Result<&git2::Odb<'r>> {
        if let Some(odb) = self.odb.get() {
            return Ok(odb);
        }
        let odb = self.repo.git.odb();
        let odb = odb.map_err(git("open the object database"))?;
        Ok(self.odb.get_or_init(|| odb))
    }

    fn entry(&self, path: &str) -> Result<Option<(Oid, u32)>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(data) = self.lines(folder)? else { return Ok(None) };
        let line = trees::lines(&data).find(|line| line.name == name.as_bytes());
        Ok(line.map(|line| (line.id, line.mode)))
    }

    fn lines(&self, folder: &str) -> Result<Lines> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return Ok(known.clone());
        }
        let id = match self.tip {
            Some(tip) if folder.is_empty() => Some(tip.tree.into()),
            Some(_) => self.entry(folder)?.filter(|(_, mode)| *mode == trees::FOLDER).map(|(id, _)| id),
            None => None,
        };
        let lines = id.map(|id| trees::read(self.odb()?, id).map(Rc::new)).transpose()?;
        let mut folders = self.folders.borrow_mut();
        if folders.len() >= REMEMBERED {
            folders.clear();
        }
        folders.insert(folder.to_owned(), lines.clone());
        Ok(lines)
    }

    /// The lines of a folder; nothing where there is no such folder.
    pub(super) fn folder(&self, path: &str) -> Result<Vec<u8>> {
        let found = match self.tip {
            Some(tip) if path.is_empty() => Some((tip.tree.into(), trees::FOLDER)),
            _ => self.entry(path)?,
        };
        match found {
            Some((id, trees::FOLDER)) => trees::read(self.odb()?, id),
            Some(_) => Err(StoreError::NotRegular { path: path.into() }),
            None => Ok(Vec::new()),
        }
    }

    /// The id of the file's content; `None` where there is no such file.
    pub fn id(&self, path: &str) -> Result<Option<ObjectId>> {
        match self.entry(path)? {
            Some((id, mode)) if trees::is_file(mode) => Ok(Some(id.into())),
            Some(_) => Err(StoreError::NotRegular { path: path.into() }),
            None => Ok(None),
        }
    }

    /// The file's content; `None` where there is no such file.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.id(path)? {
            Some(id) => {
                let object = self.odb()?.read(id.into());
                let object = object.map_err(git("read a file of the last commit"))?;
                Ok(Some(object.data().to_vec()))
            }
            None => Ok(None),
        }
    }
}
