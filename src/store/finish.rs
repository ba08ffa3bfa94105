//! S9 to S11, the part of a change that comes after the branch has moved, and
//! recovery, which finishes or undoes what a crashed command left. Nothing here can
//! make a committed change fail: what does not work now is done by the next command.

use super::Repo;
use super::error::{Result, StoreError, git, io};
use super::fault::{Step, reached};
use super::format::count_entries;
use super::id::hash_file;
use super::index::{Edit, Index};
use super::journal::{Entry, Journal, sync_folder};
use super::lock::{Held, remove};
use super::objects;
use super::plan::WriteOptions;
use super::transaction::each_folder;
use super::trees;
use super::worktree::{Folder, Stat, WorkTree, split};
use git2::Oid;
use std::fs::{OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

/// What became of one file in S9.
#[derive(Default)]
struct Applied {
    /// Of the file, where it certainly has the new content.
    stat: Option<Stat>,
    warning: Option<String>,
    /// The temporary file is gone, and the content must come from the repository.
    needs_content: bool,
}

/// Entries above which an index is not written a second time for the times of a few files.
const LARGE_INDEX: usize = 50_000;

impl Repo {
    /// Finishes or undoes what a crashed command left and sweeps up stray temporary
    /// files. Gives what a person should know.
    pub fn recover(&self, options: &WriteOptions<'_>) -> Result<Vec<String>> {
        self.preflight(None, options.allow_network_fs)?;
        let _lock = self.lock_for_writing(options)?;
        let notes = self.recover_locked(options)?;
        self.sweep_temps()?;
        Ok(notes)
    }

    /// Whether a command crashed, or is at work just now.
    pub fn is_unfinished(&self) -> Result<bool> {
        let path = self.journal.path();
        path.try_exists().map_err(io(path))
    }

    /// S2.
    pub(super) fn recover_locked(&self, options: &WriteOptions<'_>) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        if let Some(journal) = self.journal.load()? {
            if self.index_lock.held()? != Held::Ours {
                self.index_lock.prepare(&journal.txid)?;
                self.index_lock.take(options.index_timeout)?;
            }
            if self.is_committed(&journal)? {
                notes = self.roll_forward(&self.still_wanted(journal)?, None)?;
            } else {
                self.roll_back(&journal)?;
            }
        }
        if let Some(journal) = self.journal.load_next()? {
            self.remove_temps(&journal)?;
        }
        self.journal.remove_next()?;
        self.index_lock.clear()?;
        Ok(notes)
    }

    fn is_committed(&self, journal: &Journal) -> Result<bool> {
        match self.read_reference(&journal.reference)? {
            Some(tip) if tip == journal.new => Ok(true),
            Some(tip) if objects::present(&self.git, [journal.new])? => {
                self.git.graph_descendant_of(tip, journal.new).map_err(git("compare two commits"))
            }
            _ => Ok(false),
        }
    }

    /// Somebody may have broken the lock by hand and worked on: only what the branch
    /// still has is finished, and only while it is checked out.
    fn still_wanted(&self, mut journal: Journal) -> Result<Journal> {
        let tip = self.tip_of(&journal.reference)?;
        let Some(tip) = tip.filter(|tip| Oid::from(tip.commit) != journal.new) else {
            return Ok(journal);
        };
        let checked_out = self.head_reference().ok().as_ref() == Some(&journal.reference);
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let mut files = Vec::new();
        let mut dropped = Vec::new();
        for entry in std::mem::take(&mut journal.files) {
            let now = trees::find(&odb, tip.tree.into(), &entry.path)?.map(|(id, _)| id);
            if checked_out && now == entry.new {
                files.push(entry);
            } else {
                dropped.push(entry);
            }
        }
        remove_temps_of(self.work()?, &dropped)?;
        journal.files = files;
        Ok(journal)
    }

    /// Takes back what was prepared; the branch was not moved.
    pub(super) fn roll_back(&self, journal: &Journal) -> Result<()> {
        self.remove_temps(journal)?;
        self.remove_reference_lock(journal)?;
        self.revert_index(journal)?;
        self.journal.remove_next()?;
        self.journal.remove()?;
        self.index_lock.clear()
    }

    fn remove_temps(&self, journal: &Journal) -> Result<()> {
        remove_temps_of(self.work()?, &journal.files)
    }

    pub(super) fn reference_lock(&self, reference: &str) -> PathBuf {
        self.commondir.join(format!("{reference}.lock"))
    }

    /// A crash during the swap leaves the branch locked with the start of our commit's
    /// id. A lock that is still empty could be a live git's, so that it gets a moment.
    fn remove_reference_lock(&self, journal: &Journal) -> Result<()> {
        let path = self.reference_lock(&journal.reference);
        let content = || match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io(&path)(error)),
        };
        if content()?.is_some_and(|bytes| bytes.is_empty()) {
            std::thread::sleep(Duration::from_millis(100));
        }
        match content()? {
            Some(bytes) if format!("{}\n", journal.new).as_bytes().starts_with(&bytes) => remove(&path),
            _ => Ok(()),
        }
    }

    /// S9 to S11 after a commit: troubles become warnings.
    pub(super) fn finish(&self, journal: &Journal, index: Index) -> Vec<String> {
        self.roll_forward(journal, Some(index)).unwrap_or_else(|error| {
            vec![format!("committed; the next command will finish the files in the work tree ({error})")]
        })
    }

    /// `index`: the one that was written before the branch moved, as long as this process goes on.
    fn roll_forward(&self, journal: &Journal, index: Option<Index>) -> Result<Vec<String>> {
        let applied = self.apply_files(journal)?;
        reached(Step::Files);
        let mut warnings: Vec<String> = Vec::new();
        // The entries are right already and want the times of the files; in a large index those of
        // a few files are left to git's next look.
        let large = index.as_ref().is_some_and(|index| index.count() > LARGE_INDEX);
        if !large || objects::is_bulk(journal.files.len()) {
            warnings.extend(self.apply_index(journal, &applied, index)?);
        }
        warnings.extend(applied.into_iter().filter_map(|file| file.warning));
        reached(Step::Index);
        self.remove_reference_lock(journal)?;
        self.journal.remove()?;
        reached(Step::JournalGone);
        self.index_lock.clear()?;
        Ok(warnings)
    }

    /// S9.
    fn apply_files(&self, journal: &Journal) -> Result<Vec<Applied>> {
        let tree = self.work()?;
        let bulk = objects::is_bulk(journal.files.len());
        let mut applied =
            each_folder(&journal.files, |entry| &entry.path, |group| apply_group(tree, group, bulk))?;
        for (entry, applied) in journal.files.iter().zip(&mut applied) {
            if applied.needs_content {
                *applied = self.apply_from_repository(entry)?;
            }
        }
        if bulk {
            tree.sync_all()?;
        }
        Ok(applied)
    }

    fn apply_from_repository(&self, entry: &Entry) -> Result<Applied> {
        let (Some(temp), Some(new)) = (&entry.temp, entry.new) else {
            return Ok(Applied::default());
        };
        let (dir, _) = split(&entry.path);
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let blob = odb.read(new).map_err(git("read a committed file"))?;
        let folder = self.work()?.make_folder(dir, true)?;
        folder.create(temp, blob.data(), 0, true)?;
        let applied = apply_entry(&folder, entry)?;
        folder.sync()?;
        Ok(applied)
    }

    /// The entries of our paths in the index, before the branch moves: a git that sees the new
    /// commit must never find the old entries and write them back. The times of the files come
    /// later, or with git's next look.
    pub(super) fn prepare_index(&self, journal: &Journal, index: &Index) -> Result<()> {
        self.set_entries(journal, index, |entry| (entry.old, entry.new))
    }

    /// Takes that back.
    fn revert_index(&self, journal: &Journal) -> Result<()> {
        match Index::read(&self.index_path())? {
            Some(index) => self.set_entries(journal, &index, |entry| (entry.new, entry.old)),
            None => Ok(()),
        }
    }

    /// Changes the entries that are as the first id says to the second.
    fn set_entries(
        &self,
        journal: &Journal,
        index: &Index,
        change: impl Fn(&Entry) -> (Option<Oid>, Option<Oid>),
    ) -> Result<()> {
        let mut expected = index.count();
        let mut edits = Vec::new();
        for entry in &journal.files {
            let (from, to) = change(entry);
            let staged = index.find(&entry.path).map(|staged| staged.id);
            if from == to || staged != from || (to.is_some() && index.clash(&entry.path).is_some()) {
                continue;
            }
            expected = expected + usize::from(to.is_some()) - usize::from(staged.is_some());
            edits.push(Edit { path: &entry.path, new: to.map(|id| (id, entry.mode)), stat: None });
        }
        if edits.is_empty() {
            return Ok(());
        }
        let bytes = index.edited(&edits, self.index_is_hashed());
        if count_entries(&bytes) != Some(expected) {
            let path = self.index_path();
            return Err(StoreError::IndexDamaged { path, what: "its entries do not add up".into() });
        }
        self.replace_index(&bytes, index.stat())
    }

    /// S10. `known` spares reading a large index again.
    fn apply_index(
        &self,
        journal: &Journal,
        applied: &[Applied],
        known: Option<Index>,
    ) -> Result<Vec<String>> {
        let path = self.index_path();
        let index = match known {
            Some(known) if self.is_current(&known)? => known,
            _ => match Index::read(&path)? {
                Some(index) => index,
                None if journal.base.is_none() => Index::empty(),
                None => {
                    return Ok(vec![format!("{} is missing; `git reset` makes it", path.display())]);
                }
            },
        };
        let mut warnings = Vec::new();
        let mut edits = Vec::new();
        let mut expected = index.count();
        for (entry, applied) in journal.files.iter().zip(applied) {
            let staged = index.find(&entry.path).map(|staged| staged.id);
            let blocked = entry.new.is_some() && index.clash(&entry.path).is_some();
            if blocked || (staged != entry.old && staged != entry.new) {
                warnings.push(format!("{}: what is staged was left alone", entry.path));
                continue;
            }
            expected = expected + usize::from(entry.new.is_some()) - usize::from(staged.is_some());
            edits.push(Edit {
                path: &entry.path,
                new: entry.new.map(|id| (id, entry.mode)),
                stat: applied.stat,
            });
        }
        let bytes = index.edited(&edits, self.index_is_hashed());
        if count_entries(&bytes) != Some(expected) {
            return Err(StoreError::IndexDamaged { path, what: "its entries do not add up".into() });
        }
        self.replace_index(&bytes, index.stat())?;
        Ok(warnings)
    }

    fn index_is_hashed(&self) -> bool {
        let Ok(config) = self.git.config() else {
            return true;
        };
        let skip = config.get_bool("index.skiphash");
        !skip.or_else(|_| config.get_bool("feature.manyfiles")).unwrap_or(false)
    }

    fn replace_index(&self, bytes: &[u8], old: Option<Stat>) -> Result<()> {
        let path = self.index_path();
        let temp = self.gitdir.join("crm").join("index.tx");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).open(&temp).map_err(io(&temp))?;
        if let Some(old) = old {
            file.set_permissions(Permissions::from_mode(old.mode & 0o777)).map_err(io(&temp))?;
        }
        file.write_all(bytes).map_err(io(&temp))?;
        file.sync_all().map_err(io(&temp))?;
        std::fs::rename(&temp, &path).map_err(io(&path))?;
        sync_folder(&self.gitdir)
    }
}

fn remove_temps_of(tree: &WorkTree, files: &[Entry]) -> Result<()> {
    each_folder(
        files,
        |entry| &entry.path,
        |group| {
            let (dir, _) = split(&group[0].path);
            let folder = match tree.folder(dir) {
                // Something else stands there now, so that ours are gone.
                Err(StoreError::NotRegular { .. }) => None,
                folder => folder?,
            };
            if let Some(folder) = folder {
                for temp in group.iter().filter_map(|entry| entry.temp.as_ref()) {
                    folder.remove(temp)?;
                }
                drop(folder);
                tree.prune_folders(dir);
            }
            Ok(Vec::<()>::new())
        },
    )?;
    Ok(())
}

fn apply_group(tree: &WorkTree, group: &[Entry], bulk: bool) -> Result<Vec<Applied>> {
    let (dir, _) = split(&group[0].path);
    let Some(folder) = tree.folder(dir)? else {
        let gone = |entry: &Entry| Applied {
            needs_content: entry.temp.is_some() && entry.old.is_none(),
            ..Applied::default()
        };
        return Ok(group.iter().map(gone).collect());
    };
    let mut applied = Vec::with_capacity(group.len());
    for entry in group {
        applied.push(apply_entry(&folder, entry)?);
        reached(Step::OneFile);
    }
    if !bulk {
        folder.sync()?;
    }
    if group.iter().any(|entry| entry.new.is_none()) {
        drop(folder);
        tree.prune_folders(dir);
    }
    Ok(applied)
}

/// Old content is replaced, new content is there already, anything else is a
/// person's and stays.
fn apply_entry(folder: &Folder, entry: &Entry) -> Result<Applied> {
    let name = split(&entry.path).1;
    if let (None, Some(temp)) = (entry.old, &entry.temp)
        && let Some(before) = folder.stat(temp)?
        && folder.rename_new(temp, name)?
    {
        return placed(folder, name, before);
    }
    let (found, stat) = match folder.read(name) {
        Ok(Some((bytes, stat))) => (Some(hash_file(&bytes)), Some(stat)),
        Ok(None) => (None, None),
        Err(StoreError::NotRegular { .. } | StoreError::TooLarge { .. }) => (Some(Oid::ZERO_SHA1), None),
        Err(error) => return Err(error),
    };
    if found == entry.new {
        if let Some(temp) = &entry.temp {
            folder.remove(temp)?;
        }
        return Ok(Applied { stat, ..Applied::default() });
    }
    if found != entry.old {
        if let Some(temp) = &entry.temp {
            folder.remove(temp)?;
        }
        return Ok(Applied {
            warning: Some(format!("{} was changed meanwhile and was left as it is", entry.path)),
            ..Applied::default()
        });
    }
    match (&entry.temp, entry.new) {
        (Some(temp), _) => match folder.stat(temp)? {
            Some(before) => {
                folder.rename(temp, name)?;
                placed(folder, name, before)
            }
            None => Ok(Applied { needs_content: true, ..Applied::default() }),
        },
        (None, None) => folder.remove(name).map(|()| Applied::default()),
        // A person took their own edit back after it was committed.
        (None, Some(_)) => Ok(Applied::default()),
    }
}

/// The index may trust the file only if it is the one that was written.
fn placed(folder: &Folder, name: &str, written: Stat) -> Result<Applied> {
    let same =
        |now: &Stat| (now.inode, now.size, now.mtime_ns) == (written.inode, written.size, written.mtime_ns);
    Ok(Applied { stat: folder.stat(name)?.filter(same), ..Applied::default() })
}
