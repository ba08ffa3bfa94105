//! Keeping the mirror in step: built from a tree, then following the tip by tree differences and
//! the work tree by stamps.
//!
//! Invariant: a row holds what its path has in the tree that `meta` names, unless `unsure` says
//! that it deviates; then it holds what the file held when it was last read. Deliberately absent:
//! git (see [`Source`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::layout::Layout;
use super::load::Loader;
use super::rows::{Prepared, prepare};
use super::source::{Blob, Source, Stamp, Tip};
use super::{
    Cure, Fault, Mirror, MirrorError, Moment, Progress, Result, connection, cure, functions, stamps,
};
use crate::model::record::Doc;
use crate::model::schema::Schema;

/// Files read in one go: enough to keep all cores busy, few enough to hold in memory.
const CHUNK: usize = 4096;
/// Suspects from which on listing the whole tree is cheaper than asking for each path.
const MANY: usize = 1000;

/// What a database holds.
enum State {
    /// Nothing.
    Empty,
    /// Something that another version or other settings made.
    Foreign,
    /// The records of this tree.
    Follows(String),
}

impl Mirror {
    /// The records of a tree, in memory.
    pub fn at(
        source: &dyn Source,
        tree: &str,
        schema: &Schema,
        moment: Moment,
        progress: Progress,
    ) -> Result<Self> {
        let mut mirror = Self::in_memory(schema, moment)?;
        mirror.catch_up(source, tree, false, progress)?;
        Ok(mirror)
    }

    /// Follows HEAD, for commands that write: what was read from the work tree gives way to what
    /// is committed. Costs what changed, and looks at no file.
    pub fn follow_head(&mut self, source: &dyn Source, progress: Progress) -> Result<Tip> {
        let tip = source.tip()?;
        self.healing(|mirror| mirror.catch_up(source, &tip.tree, false, progress))?;
        Ok(tip)
    }

    /// Follows HEAD and the work tree, for commands that read.
    pub fn follow_work(&mut self, source: &dyn Source, progress: Progress) -> Result<Tip> {
        self.follow_work_of(source, &[], progress)
    }

    /// Follows HEAD, and of the work tree the files of these types, of all where none are named:
    /// looking at hundreds of thousands of files takes longer than most reports.
    pub fn follow_work_of(&mut self, source: &dyn Source, nouns: &[&str], progress: Progress) -> Result<Tip> {
        let tip = source.tip()?;
        self.healing(|mirror| {
            mirror.catch_up(source, &tip.tree, true, progress)?;
            // What was never looked at must be seen as a whole first.
            let nouns = if looked(&mirror.db)? { nouns } else { &[] };
            let look = Look::at_work(source, &mirror.layout, nouns)?;
            if look.differs(&mirror.db)? {
                let layout = mirror.layout.clone();
                let write = mirror.begin()?;
                look.settle(&write, &layout, source, &tip.tree)?;
                write.commit()?;
            }
            Ok(())
        })?;
        Ok(tip)
    }

    /// Writes through what a command has just committed. Where the mirror has meanwhile moved on
    /// with another process it is left to that.
    pub fn apply(&mut self, changes: &[(String, Option<Doc>)], new_tree: &str) -> Result<()> {
        let before = self.tree.clone();
        self.healing(|mirror| {
            let layout = mirror.layout.clone();
            let write = mirror.begin()?;
            match state(&write, &layout)? {
                State::Follows(tree) if tree == before => {}
                _ => return Ok(()),
            }
            let mut loader = Loader::new(&write, &layout, false)?;
            for (path, doc) in changes.iter().filter(|(path, _)| layout.record_at(path).is_some()) {
                match doc {
                    Some(doc) => loader.put(&prepare(&layout, path, Ok(doc.clone())))?,
                    None => drop(loader.remove(path)?),
                }
                note_unsure(&write, path, false)?;
            }
            loader.finish()?;
            set_tree(&write, new_tree)?;
            write.commit()?;
            new_tree.clone_into(&mut mirror.tree);
            Ok(())
        })
    }

    pub(super) fn begin(&mut self) -> Result<Transaction<'_>> {
        self.let_go()?;
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// One lock for many look-ups: an import asks a million times, and a lock for each takes longer
    /// than the answers. Others cannot write meanwhile, so it is let go soon after.
    pub fn hold(&self) -> Result<()> {
        if self.db.is_autocommit() {
            self.db.execute_batch("begin")?;
        }
        Ok(())
    }

    /// Ends what [`Mirror::hold`] began.
    pub fn let_go(&self) -> Result<()> {
        if !self.db.is_autocommit() {
            self.db.execute_batch("commit")?;
        }
        Ok(())
    }

    /// Does something; where the file turns out to be of no use, empties it or goes on in memory,
    /// and does it again.
    fn healing(&mut self, mut work: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.let_go()?;
        self.known.set(false);
        let error = match work(self) {
            Err(error) if self.file.is_some() => error,
            done => return done,
        };
        let reset = match cure(&error) {
            Cure::Reset => connection::reset(&self.db).is_ok(),
            Cure::Memory => false,
            Cure::None => return Err(error),
        };
        if reset && work(self).is_ok() {
            return Ok(());
        }
        self.db = connection::in_memory(self.layout.base_digits, &self.moment)?;
        self.guard.install(&mut self.db)?;
        functions::register_settings(&self.db, self.layout.settings.clone())?;
        self.views.set(false);
        self.file = None;
        work(self)
    }

    /// Brings the rows to a tree, by difference where there is something to start from.
    fn catch_up(&mut self, source: &dyn Source, tree: &str, keep: bool, progress: Progress) -> Result<()> {
        if let State::Follows(present) = state(&self.db, &self.layout)? {
            let restore = !keep && deviates(&self.db)?;
            if present == tree && !restore {
                tree.clone_into(&mut self.tree);
                return Ok(());
            }
        }
        let layout = self.layout.clone();
        loop {
            let write = self.begin()?;
            let follows = match state(&write, &layout)? {
                State::Empty => {
                    build(&write, &layout, source, tree, progress)?;
                    true
                }
                State::Foreign => false,
                State::Follows(present) => follow(&write, &layout, source, (&present, tree), keep, progress)?,
            };
            if follows {
                write.commit()?;
                break;
            }
            drop(write);
            connection::reset(&self.db)?;
        }
        tree.clone_into(&mut self.tree);
        Ok(())
    }
}

fn state(db: &Connection, layout: &Layout) -> Result<State> {
    let objects: i64 =
        db.query_row("select count(*) from sqlite_schema where name = 'meta'", [], |row| row.get(0))?;
    if objects == 0 {
        let any: i64 = db.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
        return Ok(if any == 0 { State::Empty } else { State::Foreign });
    }
    let read = |key: &str| {
        db.query_row("select value from meta where key = ?", [key], |row| row.get::<_, String>(0)).optional()
    };
    match (read("fingerprint")?, read("tree")?) {
        (Some(fingerprint), Some(tree)) if fingerprint == layout.fingerprint => Ok(State::Follows(tree)),
        _ => Ok(State::Foreign),
    }
}

fn set_tree(db: &Connection, tree: &str) -> Result<()> {
    db.execute("insert or replace into meta (key, value) values ('tree', ?)", [tree])?;
    Ok(())
}

fn deviates(db: &Connection) -> Result<bool> {
    Ok(db.query_row("select exists (select 1 from unsure where deviates)", [], |row| row.get(0))?)
}

/// Remembers that the stamp of a file says nothing any more.
fn note_unsure(db: &Connection, path: &str, deviates: bool) -> Result<()> {
    db.prepare_cached("insert or replace into unsure (path, deviates, unread) values (?, ?, 1)")?
        .execute((path, deviates))?;
    Ok(())
}

/// Fills an empty database from a tree.
fn build(
    db: &Connection,
    layout: &Layout,
    source: &dyn Source,
    tree: &str,
    progress: Progress,
) -> Result<()> {
    db.execute_batch(&layout.tables_sql())?;
    let blobs = if tree.is_empty() { Vec::new() } else { source.tree_files(tree)? };
    let blobs: Vec<Blob> = blobs.into_iter().filter(|blob| layout.record_at(&blob.path).is_some()).collect();
    let mut loader = Loader::new(db, layout, true)?;
    load(&mut loader, layout, source, &blobs, progress)?;
    loader.finish()?;
    db.execute_batch(&layout.indexes_sql())?;
    db.execute("insert into meta (key, value) values ('fingerprint', ?)", [&layout.fingerprint])?;
    set_tree(db, tree)
}

/// Follows from one tree to another; `false` where that cannot be told and all must be built anew.
fn follow(
    db: &Connection,
    layout: &Layout,
    source: &dyn Source,
    (from, to): (&str, &str),
    keep: bool,
    progress: Progress,
) -> Result<bool> {
    // A tree that is no longer there, after a reset and a clean-up, gives no difference.
    let Ok(changed) = differences(source, from, to) else { return Ok(false) };
    let mut targets: BTreeMap<String, Option<String>> =
        changed.into_iter().filter(|(path, _)| layout.record_at(path).is_some()).collect();
    if !keep {
        let mut deviating = db.prepare("select path from unsure where deviates")?;
        let paths: Vec<String> =
            deviating.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let texts: Vec<&str> = paths.iter().map(String::as_str).collect();
        targets.extend(paths.iter().cloned().zip(blob_ids(source, to, &texts)?));
    }
    let mut loader = Loader::new(db, layout, false)?;
    let mut blobs = Vec::new();
    for (path, id) in targets {
        note_unsure(db, &path, false)?;
        match id {
            Some(id) => blobs.push(Blob { path, id }),
            None => drop(loader.remove(&path)?),
        }
    }
    load(&mut loader, layout, source, &blobs, progress)?;
    loader.finish()?;
    set_tree(db, to)?;
    Ok(true)
}

fn differences(
    source: &dyn Source,
    from: &str,
    to: &str,
) -> std::result::Result<Vec<(String, Option<String>)>, Fault> {
    match (from.is_empty(), to.is_empty()) {
        _ if from == to => Ok(Vec::new()),
        (true, _) => Ok(source.tree_files(to)?.into_iter().map(|blob| (blob.path, Some(blob.id))).collect()),
        (_, true) => Ok(source.tree_files(from)?.into_iter().map(|blob| (blob.path, None)).collect()),
        _ => source.changed(from, to),
    }
}

fn blob_ids(source: &dyn Source, tree: &str, paths: &[&str]) -> Result<Vec<Option<String>>> {
    if tree.is_empty() || paths.is_empty() {
        return Ok(vec![None; paths.len()]);
    }
    if paths.len() < MANY {
        return Ok(source.blob_ids(tree, paths)?);
    }
    let mut all: BTreeMap<String, String> =
        source.tree_files(tree)?.into_iter().map(|b| (b.path, b.id)).collect();
    Ok(paths.iter().map(|path| all.remove(*path)).collect())
}

/// Reads blobs on all cores and writes them here, in order, while the next ones are read.
fn load(
    loader: &mut Loader,
    layout: &Layout,
    source: &dyn Source,
    blobs: &[Blob],
    progress: Progress,
) -> Result<()> {
    let (send, receive) = sync_channel::<Vec<Prepared>>(2);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || -> std::result::Result<(), Fault> {
            for chunk in blobs.chunks(CHUNK) {
                if send.send(read_chunk(layout, source, chunk)?).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let mut done = 0;
        for batch in receive {
            for prepared in &batch {
                loader.put(prepared)?;
            }
            done += batch.len();
            progress(done, blobs.len());
        }
        reader.join().map_err(|_| MirrorError::Source("reading the records ended early".into()))??;
        Ok(())
    })
}

fn read_chunk(
    layout: &Layout,
    source: &dyn Source,
    chunk: &[Blob],
) -> std::result::Result<Vec<Prepared>, Fault> {
    let read = Mutex::new(Vec::with_capacity(chunk.len()));
    source.read_blobs(chunk, &|path, bytes| {
        let prepared = prepare(layout, path, source.parse(path, bytes));
        read.lock().unwrap_or_else(PoisonError::into_inner).push(prepared);
    })?;
    let mut batch = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    if batch.len() != chunk.len() {
        return Err(format!("{} of {} blobs were read", batch.len(), chunk.len()).into());
    }
    batch.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(batch)
}

/// The work tree as it was looked at.
struct Look {
    folders: BTreeMap<String, Vec<(String, Stamp)>>,
    /// The folders that were looked at; none means all.
    only: BTreeSet<String>,
    at_ns: i64,
}

/// What has to be read or forgotten.
#[derive(Default)]
struct Doubts {
    /// Present files whose stamps say nothing.
    read: BTreeMap<String, Stamp>,
    gone: BTreeSet<String>,
    /// Folders whose stamps must be written again.
    folders: BTreeSet<String>,
}

impl Look {
    #[expect(clippy::disallowed_methods, reason = "what the files' own times are compared with, never shown")]
    fn at_work(source: &dyn Source, layout: &Layout, nouns: &[&str]) -> Result<Self> {
        let at_ns = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| i64::try_from(d.as_nanos()).unwrap_or(0));
        let kinds = layout.kinds.iter().map(|tables| tables.kind).filter(|kind| nouns.contains(&kind.name));
        let only: BTreeSet<String> = kinds.map(|kind| kind.folder.to_owned()).collect();
        let wanted = |folder: &str| only.is_empty() || only.contains(folder);
        let mut folders = stamps::by_folder(source.scan_work(&wanted)?);
        folders.retain(|folder, files| {
            files.retain(|(path, _)| path.ends_with(".toml"));
            !files.is_empty() && layout.kinds.iter().any(|tables| tables.kind.folder == folder)
        });
        Ok(Self { folders, only, at_ns })
    }

    fn saw(&self, folder: &str) -> bool {
        self.only.is_empty() || self.only.contains(folder)
    }

    fn differs(&self, db: &Connection) -> Result<bool> {
        let doubts = self.doubts(db)?;
        Ok(!doubts.read.is_empty() || !doubts.gone.is_empty() || !looked(db)?)
    }

    /// What differs from what was last seen, and what has lost its stamp since.
    fn doubts(&self, db: &Connection) -> Result<Doubts> {
        let mut doubts = Doubts::default();
        let mut stored: BTreeMap<String, Vec<u8>> = db
            .prepare("select folder, stamps from stamps")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (folder, files) in &self.folders {
            let known = stored.remove(folder).unwrap_or_default();
            if stamps::same(&known, files) {
                continue;
            }
            let difference = stamps::compare(&stamps::unpack(&known), files);
            if !difference.touched.is_empty() || !difference.gone.is_empty() {
                doubts.folders.insert(folder.clone());
            }
            doubts.read.extend(difference.touched.iter().map(|at| files[*at].clone()));
            doubts.gone.extend(difference.gone);
        }
        for (folder, known) in stored.into_iter().filter(|(folder, _)| self.saw(folder)) {
            doubts.gone.extend(stamps::unpack(&known).into_iter().map(|(path, _)| path.to_owned()));
            doubts.folders.insert(folder);
        }
        let mut unread = db.prepare("select path from unsure where unread")?;
        for path in unread.query_map([], |row| row.get::<_, String>(0))? {
            self.doubt(path?, &mut doubts);
        }
        Ok(doubts)
    }

    fn doubt(&self, path: String, doubts: &mut Doubts) {
        let folder = path.split('/').next().unwrap_or_default();
        if !self.saw(folder) {
            return;
        }
        let files = self.folders.get(folder).map(Vec::as_slice).unwrap_or_default();
        doubts.folders.insert(folder.to_owned());
        match files.binary_search_by(|(present, _)| present.as_str().cmp(&path)) {
            Ok(at) => drop(doubts.read.insert(path, files[at].1)),
            Err(_) => drop(doubts.gone.insert(path)),
        }
    }

    /// Reads what is in doubt, takes over what differs from HEAD, and remembers the stamps.
    fn settle(&self, db: &Connection, layout: &Layout, source: &dyn Source, tree: &str) -> Result<()> {
        let mut doubts = self.doubts(db)?;
        if !looked(db)? && !tree.is_empty() {
            // Nothing was ever seen here, so what HEAD has and the work tree lacks is gone, too.
            for blob in source.tree_files(tree)?.into_iter().filter(|b| layout.record_at(&b.path).is_some()) {
                if !doubts.read.contains_key(&blob.path) {
                    doubts.gone.insert(blob.path);
                }
            }
        }
        let deviating: BTreeSet<String> = db
            .prepare("select path from unsure where deviates")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut loader = Loader::new(db, layout, false)?;
        let mut outcome = BTreeMap::new();
        let read: Vec<(&str, Stamp)> =
            doubts.read.iter().map(|(path, stamp)| (path.as_str(), *stamp)).collect();
        let suspects = source.suspects(&read)?;
        let suspects: Vec<&str> = read
            .iter()
            .zip(suspects)
            .filter(|((path, _), suspect)| *suspect || deviating.contains(*path))
            .map(|((path, _), _)| *path)
            .collect();
        let heads = blob_ids(source, tree, &suspects)?;
        for (paths, heads) in suspects.chunks(CHUNK).zip(heads.chunks(CHUNK)) {
            for (path, found) in paths.iter().zip(read_files(layout, source, &deviating, paths, heads)?) {
                match found {
                    Found::Gone => drop(doubts.gone.insert((*path).to_owned())),
                    Found::AsHead(prepared) => {
                        if let Some(prepared) = prepared {
                            loader.put(&prepared)?;
                        }
                    }
                    Found::Other(prepared) => {
                        loader.put(&prepared)?;
                        outcome.insert((*path).to_owned(), true);
                    }
                }
            }
        }
        let gone: Vec<&str> = doubts.gone.iter().map(String::as_str).collect();
        for (path, head) in gone.iter().zip(blob_ids(source, tree, &gone)?) {
            loader.remove(path)?;
            outcome.insert((*path).to_owned(), head.is_some());
        }
        loader.finish()?;
        for path in doubts.read.keys().chain(&doubts.gone) {
            let deviates = outcome.get(path).copied().unwrap_or(false);
            let sql = if deviates {
                "insert or replace into unsure (path, deviates, unread) values (?, 1, 0)"
            } else {
                "delete from unsure where path = ?"
            };
            db.prepare_cached(sql)?.execute([path])?;
        }
        self.remember(db, &doubts.folders)
    }

    fn remember(&self, db: &Connection, folders: &BTreeSet<String>) -> Result<()> {
        for folder in folders {
            match self.folders.get(folder) {
                Some(files) => db.execute(
                    "insert or replace into stamps (folder, stamps) values (?, ?)",
                    (folder, stamps::pack(files, self.at_ns)),
                )?,
                None => db.execute("delete from stamps where folder = ?", [folder])?,
            };
        }
        db.execute("insert or replace into meta (key, value) values ('looked', '1')", [])?;
        Ok(())
    }
}

fn looked(db: &Connection) -> Result<bool> {
    Ok(db.query_row("select exists (select 1 from meta where key = 'looked')", [], |row| row.get(0))?)
}

/// What a file of the work tree turned out to hold.
enum Found {
    Gone,
    /// What HEAD has; with the record where the row deviates and must be brought back.
    AsHead(Option<Box<Prepared>>),
    Other(Box<Prepared>),
}

fn read_files(
    layout: &Layout,
    source: &dyn Source,
    deviating: &BTreeSet<String>,
    paths: &[&str],
    heads: &[Option<String>],
) -> Result<Vec<Found>> {
    let found = paths.par_iter().zip(heads).map(|(path, head)| {
        let Some(bytes) = source.read_work(path)? else { return Ok(Found::Gone) };
        let as_head = head.as_deref() == Some(source.blob_id(&bytes)?.as_str());
        let prepared = || Box::new(prepare(layout, path, source.parse(path, &bytes)));
        Ok(match (as_head, deviating.contains(*path)) {
            (true, false) => Found::AsHead(None),
            (true, true) => Found::AsHead(Some(prepared())),
            (false, _) => Found::Other(prepared()),
        })
    });
    Ok(found.collect::<std::result::Result<_, Fault>>()?)
}
