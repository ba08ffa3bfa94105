//! The store and its mirror as the commands use them.
//!
//! [`Store`] opens both lazily: `show` of a full id reads one file and never touches the mirror.
//! [`Records`] is the view of a change: records from the commit it builds on, look-ups from the
//! mirror brought to that commit.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::context::Context;
use super::error::{Exit, Failure};
use crate::mirror::{Blob, Fault, Mirror, Sight, Source, SqlCell, Stamp, Tip, quoted};
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Type};
use crate::model::scalars::Day;
use crate::model::schema::Schema;
use crate::rules::View;
use crate::rules::stock_state::StockMove;
use crate::store::{Base, ObjectId, Repo, Stat, StoreError, document};

/// An opened store.
pub struct Store {
    pub repo: Repo,
    pub root: PathBuf,
    schema: Schema,
    mirror: RefCell<Option<Mirror>>,
    /// The same as the acting user may see it.
    seen: RefCell<Option<Mirror>>,
    source: RefCell<Option<std::rc::Rc<Files>>>,
    /// The copy of the mirror that a dry run works on.
    copy: RefCell<Option<PathBuf>>,
    /// Whether the mirror is in step with the files: once is enough for a command that reads.
    followed: Cell<bool>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(copy) = self.copy.take() {
            self.mirror.take();
            let _ = std::fs::remove_file(copy);
        }
    }
}

impl Store {
    /// Opens the store in a directory.
    pub fn open(dir: &Path, schema: Schema) -> Result<Self, Failure> {
        let repo = Repo::open(dir)?;
        let root = repo.root().to_owned();
        Ok(Self {
            repo,
            root,
            schema,
            mirror: RefCell::new(None),
            seen: RefCell::new(None),
            source: RefCell::new(None),
            copy: RefCell::new(None),
            followed: Cell::new(false),
        })
    }

    /// The record types and settings.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    fn source(&self) -> Result<std::rc::Rc<Files>, Failure> {
        if let Some(files) = self.source.borrow().as_ref() {
            return Ok(files.clone());
        }
        let repo = Repo::open(&self.root)?;
        let files = std::rc::Rc::new(Files { repo: Mutex::new(repo), schema: self.schema.clone() });
        *self.source.borrow_mut() = Some(files.clone());
        Ok(files)
    }

    fn opened(&self, context: &Context) -> Result<RefMut<'_, Mirror>, Failure> {
        let mut mirror = self.mirror.borrow_mut();
        if mirror.is_none() {
            let folder = self.repo.gitdir().join("crm");
            let mut file = folder.join("mirror.db");
            if context.globals.dry_run {
                // A dry run writes nothing into the store, not even what can be built again.
                let copy = std::env::temp_dir().join(format!("crm-dry-run-{}.db", std::process::id()));
                let _ = std::fs::copy(&file, &copy);
                self.copy.replace(Some(copy.clone()));
                file = copy;
            } else {
                // Where it cannot be made the mirror lives in memory.
                let _ = std::fs::create_dir_all(&folder);
            }
            *mirror = Some(Mirror::open(&file, &self.schema, context.sql_moment())?);
        }
        Ok(RefMut::map(mirror, |m| m.as_mut().expect("opened above")))
    }

    /// The mirror as it was left, for what need not be of this moment.
    pub fn mirror_as_is(&self, context: &Context) -> Result<Ref<'_, Mirror>, Failure> {
        drop(self.opened(context)?);
        self.current()
    }

    /// The mirror as it is, to build in it.
    pub fn mirror_mut(&self) -> Result<RefMut<'_, Mirror>, Failure> {
        Ok(RefMut::map(self.mirror.borrow_mut(), |m| m.as_mut().expect("opened before")))
    }

    /// The mirror in step with the work tree, for reading.
    pub fn mirror(
        &self,
        context: &Context,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Ref<'_, Mirror>, Failure> {
        // While a change reads it, it is in step with the commit that the change builds on.
        if !self.followed.get() && self.mirror.try_borrow_mut().is_ok() {
            let source = self.source()?;
            self.opened(context)?.follow_work(&*source, progress)?;
            self.followed.set(true);
        }
        self.current()
    }

    /// The mirror in step with the files of these types, for what reads no others; of all types
    /// where none are named.
    pub fn mirror_of(
        &self,
        context: &Context,
        nouns: &[&str],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Ref<'_, Mirror>, Failure> {
        if nouns.is_empty() || self.followed.get() || self.mirror.try_borrow_mut().is_err() {
            return self.mirror(context, progress);
        }
        let source = self.source()?;
        self.opened(context)?.follow_work_of(&*source, nouns, progress)?;
        self.current()
    }

    /// The mirror in step with the last commit, for the look-ups of a change.
    pub fn mirror_of_head(&self, context: &Context) -> Result<Ref<'_, Mirror>, Failure> {
        let source = self.source()?;
        self.followed.set(false);
        self.opened(context)?.follow_head(&*source, &mut |_, _| {})?;
        self.current()
    }

    /// The mirror as it is.
    fn current(&self) -> Result<Ref<'_, Mirror>, Failure> {
        Ok(Ref::map(self.mirror.borrow(), |m| m.as_ref().expect("opened before")))
    }

    /// The mirror as it is, as somebody may see it.
    pub fn narrowed(&self, sight: &std::sync::Arc<Sight>) -> Result<Ref<'_, Mirror>, Failure> {
        // The file may have been filled since, and what is open follows it; what lives in memory
        // was copied.
        if let Ok(mut seen) = self.seen.try_borrow_mut() {
            let whole = self.current()?;
            if seen.is_none() || whole.is_in_memory() {
                *seen = Some(whole.narrowed(sight, &std::env::temp_dir())?);
            }
        }
        Ok(Ref::map(self.seen.borrow(), |m| m.as_ref().expect("opened above")))
    }

    /// A mirror of the store as a commit has it, as the acting user may see it.
    pub fn mirror_at(&self, commit: ObjectId, context: &Context) -> Result<Mirror, Failure> {
        let mirror = self.mirror_of_tree(self.repo.tip_at_commit(commit)?.tree, context)?;
        match context.reading()? {
            None => Ok(mirror),
            Some(reading) => Ok(mirror.narrowed(&reading.sight, &std::env::temp_dir())?),
        }
    }

    /// A mirror of the whole store as a tree has it.
    pub fn mirror_of_tree(&self, tree: ObjectId, context: &Context) -> Result<Mirror, Failure> {
        let source = self.source()?;
        Ok(Mirror::at(&*source, &tree.to_string(), &self.schema, context.sql_moment(), &mut |_, _| {})?)
    }

    /// Tells the mirror what was just committed.
    pub fn write_through(&self, context: &Context, changes: &[(String, Option<Doc>)]) -> Result<(), Failure> {
        let Some(tip) = self.repo.tip()? else { return Ok(()) };
        self.followed.set(false);
        self.opened(context)?.apply(changes, &tip.tree.to_string())?;
        Ok(())
    }

    /// The commit a person named: a revision of git, or a day or moment.
    pub fn revision(
        &self,
        text: &str,
        moment: &dyn Fn(&str) -> Result<i64, Problem>,
    ) -> Result<ObjectId, Failure> {
        if let Ok(id) = self.repo.resolve(text) {
            return Ok(id);
        }
        let nothing = || Problem::new(crate::model::Class::NotFound, "no-such-revision").arg("value", text);
        let seconds = moment(text).map_err(|_| nothing())?;
        self.repo.commit_at(seconds)?.ok_or_else(|| {
            let problem = Problem::new(crate::model::Class::NotFound, "before-history").arg("value", text);
            Failure::new(Exit::NotFound, problem)
        })
    }

    /// A record as the work tree has it.
    pub fn read(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Failure> {
        let path = kind.path(id);
        match self.repo.read_work(&path)? {
            Some(bytes) => Ok(Some(document::parse(&self.schema, &path, &bytes)?.doc)),
            None => Ok(None),
        }
    }

    /// A record as a commit has it.
    pub fn read_at(&self, commit: ObjectId, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Failure> {
        let path = kind.path(id);
        match self.repo.read_at(commit, &path)? {
            Some(bytes) => Ok(Some(document::parse(&self.schema, &path, &bytes)?.doc)),
            None => Ok(None),
        }
    }
}

/// What stands for the content of a file that is not read: an unreadable record like any other.
const TOO_LARGE: &[u8] = b"\0too large";
const NOT_REGULAR: &[u8] = b"\0not a regular file";

/// The store as the mirror reads it.
struct Files {
    repo: Mutex<Repo>,
    schema: Schema,
}

impl Files {
    fn with<T>(&self, act: impl FnOnce(&Repo) -> Result<T, StoreError>) -> Result<T, Fault> {
        let repo = self.repo.lock().map_err(|_| Fault::from("a reader panicked"))?;
        act(&repo).map_err(Fault::from)
    }

    fn folders(&self) -> Vec<&str> {
        self.schema.kinds().iter().map(|k| k.folder).collect()
    }
}

fn object(id: &str) -> Result<ObjectId, Fault> {
    id.parse::<ObjectId>().map_err(|_| Fault::from(format!("`{id}` is not an object id")))
}

/// The empty tree, for a branch before its first commit.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

fn tree(id: &str) -> Result<ObjectId, Fault> {
    object(if id.is_empty() { EMPTY_TREE } else { id })
}

impl Source for Files {
    fn tip(&self) -> Result<Tip, Fault> {
        let tip = self.with(Repo::tip)?;
        Ok(tip.map(|t| Tip { commit: t.commit.to_string(), tree: t.tree.to_string() }).unwrap_or_default())
    }

    fn tree_files(&self, id: &str) -> Result<Vec<Blob>, Fault> {
        let id = tree(id)?;
        let mut files: Vec<Blob> = self
            .with(|repo| repo.tree_files(id))?
            .into_iter()
            .filter(crate::store::TreeFile::is_regular)
            .map(|f| Blob { path: f.path, id: f.id.to_string() })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn changed(&self, from: &str, to: &str) -> Result<Vec<(String, Option<String>)>, Fault> {
        let (from, to) = (tree(from)?, tree(to)?);
        let changed = self.with(|repo| repo.changed_files(from, to))?;
        Ok(changed.into_iter().map(|c| (c.path, c.new.map(|id| id.to_string()))).collect())
    }

    fn blob_ids(&self, id: &str, paths: &[&str]) -> Result<Vec<Option<String>>, Fault> {
        let id = tree(id)?;
        let found = self.with(|repo| repo.files_at(id, paths))?;
        Ok(found.into_iter().map(|id| id.map(|id| id.to_string())).collect())
    }

    fn suspects(&self, files: &[(&str, Stamp)]) -> Result<Vec<bool>, Fault> {
        let stat = |s: &Stamp| Stat {
            mtime_ns: s.mtime_ns,
            ctime_ns: s.ctime_ns,
            size: s.size,
            inode: s.inode,
            ..Stat::default()
        };
        let files: Vec<(&str, Stat)> = files.iter().map(|(path, stamp)| (*path, stat(stamp))).collect();
        // Where the index cannot be read every file is looked at.
        self.with(|repo| Ok(repo.suspects(&files).unwrap_or_else(|_| vec![true; files.len()])))
    }

    fn read_blobs(&self, blobs: &[Blob], each: &(dyn Fn(&str, &[u8]) + Sync)) -> Result<(), Fault> {
        let items = blobs
            .iter()
            .map(|b| Ok((b.path.clone(), object(&b.id)?)))
            .collect::<Result<Vec<(String, ObjectId)>, Fault>>()?;
        self.with(|repo| repo.blobs_parallel(&items, |path, bytes| each(path, bytes)))?;
        Ok(())
    }

    fn scan_work(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(String, Stamp)>, Fault> {
        let folders: Vec<&str> = self.folders().into_iter().filter(|folder| wanted(folder)).collect();
        let files = self.with(|repo| repo.scan_work(&folders))?;
        Ok(files
            .into_iter()
            .map(|(path, s)| {
                let stamp =
                    Stamp { mtime_ns: s.mtime_ns, ctime_ns: s.ctime_ns, size: s.size, inode: s.inode };
                (path, stamp)
            })
            .collect())
    }

    fn read_work(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.with(|repo| match repo.read_work(path) {
            Err(StoreError::TooLarge { .. }) => Ok(Some(TOO_LARGE.to_vec())),
            Err(StoreError::NotRegular { .. }) => Ok(Some(NOT_REGULAR.to_vec())),
            read => read,
        })
    }

    fn blob_id(&self, bytes: &[u8]) -> Result<String, Fault> {
        Ok(ObjectId::of_file(bytes).to_string())
    }

    fn parse(&self, path: &str, bytes: &[u8]) -> Result<Doc, Problem> {
        match bytes {
            TOO_LARGE => {
                return Err(Problem::invalid("record-too-large")
                    .arg("bytes", document::MAX_BYTES)
                    .at(path, None));
            }
            NOT_REGULAR => {
                return Err(Problem::invalid("store-not-regular").arg("path", path).at(path, None));
            }
            _ => {}
        }
        document::parse(&self.schema, path, bytes).map(|read| read.doc)
    }
}

/// The records a change builds on: those of the last commit.
pub struct Records<'a, 'r> {
    store: &'a Store,
    base: &'a Base<'r>,
    mirror: Ref<'a, Mirror>,
}

impl std::fmt::Debug for Records<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

impl<'a, 'r> Records<'a, 'r> {
    /// The records of the commit a change builds on.
    pub fn new(context: &Context, store: &'a Store, base: &'a Base<'r>) -> Result<Self, Failure> {
        let mirror = store.mirror_of_head(context)?;
        // Without it each of its many questions locks the file once more, which is only slower.
        let _ = mirror.hold();
        Ok(Self { store, base, mirror })
    }
}

impl Drop for Records<'_, '_> {
    fn drop(&mut self) {
        let _ = self.mirror.let_go();
    }
}

/// A failure below as a problem of the pure layers.
pub fn as_problem(error: impl std::fmt::Display) -> Problem {
    Problem::invalid("io-error").arg("reason", error)
}

impl View for Records<'_, '_> {
    fn schema(&self) -> &Schema {
        &self.store.schema
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        let path = kind.path(id);
        match self.base.file(&path).map_err(as_problem)? {
            Some(bytes) => Ok(Some(document::parse(&self.store.schema, &path, &bytes)?.doc)),
            None => Ok(None),
        }
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        find(&self.mirror, self.store, noun, field, value)
    }

    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        referring(&self.mirror, self.store, id)
    }

    fn next_number(&self, noun: &str, prefix: &str) -> Result<u64, Problem> {
        let used = self.mirror.next_number(noun, prefix).map_err(as_problem)?;
        Ok(u64::try_from(used).unwrap_or(0).saturating_add(1))
    }

    fn fulfilling(&self, rules: &str, doc: &Doc) -> Result<Vec<Doc>, Problem> {
        let Some(rules) = self.schema().kind(rules) else { return Ok(Vec::new()) };
        let sql =
            format!("select id from {} where archived is not 1 order by \"order\", id", quoted(rules.folder));
        let answer = self.mirror.query(&sql, &[]).map_err(as_problem)?;
        let mut found = Vec::new();
        for id in answer.rows.iter().filter_map(|row| row[0].as_text()) {
            let Some(rule) = self.get(rules, id)? else { continue };
            let texts: Vec<&str> = rule.list("when").collect();
            if self.mirror.fulfils(doc, &texts).map_err(|problem| problem.at(rule.path(), None))? {
                found.push(rule);
            }
        }
        Ok(found)
    }

    fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>, Problem> {
        stock_moves(&self.mirror, product)
    }
}

/// All records as the files have them now, or as a commit has them, for checks and for who is reading.
pub struct Everything<'a> {
    store: &'a Store,
    mirror: &'a Mirror,
    place: Place,
}

/// Where the records of a view are.
#[derive(Clone, Copy)]
enum Place {
    Work,
    Commit(ObjectId),
    Tree(ObjectId),
}

impl std::fmt::Debug for Everything<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Everything").finish_non_exhaustive()
    }
}

impl<'a> Everything<'a> {
    /// All records through a mirror that is in step with the files.
    pub fn new(store: &'a Store, mirror: &'a Mirror) -> Self {
        Self { store, mirror, place: Place::Work }
    }

    /// All records of a commit through the mirror of it.
    pub fn at(store: &'a Store, mirror: &'a Mirror, commit: ObjectId) -> Self {
        Self { store, mirror, place: Place::Commit(commit) }
    }

    /// All records of a tree through the mirror of it.
    pub fn of_tree(store: &'a Store, mirror: &'a Mirror, tree: ObjectId) -> Self {
        Self { store, mirror, place: Place::Tree(tree) }
    }
}

impl View for Everything<'_> {
    fn schema(&self) -> &Schema {
        &self.store.schema
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        let path = kind.path(id);
        let read = match self.place {
            Place::Commit(commit) => self.store.repo.read_at(commit, &path),
            Place::Tree(tree) => self.store.repo.read_in(tree, &path),
            Place::Work => self.store.repo.read_work(&path),
        };
        match read {
            Ok(Some(bytes)) => Ok(Some(document::parse(&self.store.schema, &path, &bytes)?.doc)),
            // What cannot be a record is a finding of its own.
            Ok(None) | Err(StoreError::NotRegular { .. } | StoreError::TooLarge { .. }) => Ok(None),
            Err(error) => Err(as_problem(error)),
        }
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        find(self.mirror, self.store, noun, field, value)
    }

    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        referring(self.mirror, self.store, id)
    }

    fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>, Problem> {
        stock_moves(self.mirror, product)
    }
}

/// Ids of the records that hold a value, in the terms of the view: flags as words, ids that differ
/// in case alone, lists in rows; merged records are left out.
fn find(
    mirror: &Mirror,
    store: &Store,
    noun: &str,
    field: &str,
    value: &str,
) -> Result<Vec<String>, Problem> {
    let Some(kind) = store.schema.kind(noun) else { return Ok(Vec::new()) };
    let ids_of = |sql: &str| -> Result<Vec<String>, Problem> {
        let answer = mirror.query(sql, &[SqlCell::text(value)]).map_err(as_problem)?;
        Ok(answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
    };
    if field == "id_key" {
        return ids_of(&format!("select id from {} where lower(id) = ?1 order by id", quoted(kind.folder)));
    }
    let flag = kind.field(field).is_some_and(|f| f.ty == Type::Bool);
    let value = match value {
        "true" if flag => "1",
        "false" if flag => "0",
        other => other,
    };
    let mut ids = mirror.find(noun, field, value).map_err(as_problem)?;
    if kind.field("merged_into").is_some() && field != "merged_into" {
        let mut alive = Vec::with_capacity(ids.len());
        for id in ids {
            let survivor = mirror.survivor(noun, &id).map_err(as_problem)?;
            // What another system calls a merged record still means something.
            if survivor == id || field == "source_ref" {
                alive.push(survivor);
            }
        }
        alive.sort();
        alive.dedup();
        ids = alive;
    }
    Ok(ids)
}

fn referring(
    mirror: &Mirror,
    store: &Store,
    id: &str,
) -> Result<Vec<(&'static str, String, String)>, Problem> {
    let kinds: Vec<&'static Kind> = match store.schema.kind_of_id(id) {
        Some(kind) => vec![kind],
        None => store.schema.kinds().iter().copied().filter(|k| k.is_slug()).collect(),
    };
    let mut found = Vec::new();
    for kind in kinds {
        let links = mirror.referring(kind.name, id).map_err(as_problem)?;
        found.extend(links.into_iter().map(|link| (link.kind, link.id, link.field)));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn stock_moves(mirror: &Mirror, product: &str) -> Result<Vec<StockMove>, Problem> {
    let moves = mirror.stock_moves(product).map_err(as_problem)?;
    moves
        .into_iter()
        .map(|m| {
            let date = m.date.parse::<Day>().map_err(as_problem)?;
            Ok((date, m.warehouse, m.qty))
        })
        .collect()
}

/// Whose candidates a name on the command line may mean.
pub trait Resolve {
    /// Noun, id and title of the records of these types that a text names.
    fn named(&self, nouns: &[&str], text: &str) -> Result<Vec<(String, String, String)>, Problem>;

    /// The ids of a type whose ids people choose, for "did you mean".
    fn slugs(&self, noun: &str) -> Vec<String>;

    /// The records that the change builds on, for questions about many of them. What the same
    /// batch has changed so far is not in it.
    fn mirror(&self) -> &Mirror;
}

impl Resolve for Records<'_, '_> {
    fn named(&self, nouns: &[&str], text: &str) -> Result<Vec<(String, String, String)>, Problem> {
        let found = self.mirror.resolve(nouns, text).map_err(as_problem)?;
        Ok(found.into_iter().map(|m| (m.kind.to_owned(), m.id, m.title)).collect())
    }

    fn slugs(&self, noun: &str) -> Vec<String> {
        self.store.schema.kind(noun).map(|kind| slugs(&self.mirror, kind)).unwrap_or_default()
    }

    fn mirror(&self) -> &Mirror {
        &self.mirror
    }
}

/// The ids of a type whose ids people choose; as many as "did you mean" can sensibly look through.
pub fn slugs(mirror: &Mirror, kind: &Kind) -> Vec<String> {
    let sql = format!("select id from {} limit 20000", quoted(kind.folder));
    let answer = mirror.query(&sql, &[]).unwrap_or_default();
    answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect()
}
