//! One change of the store: S0 to S8, up to the moment at which the branch moves.
//! `finish` has the rest. An error out of here means that nothing was changed, with
//! the one exception of [`StoreError::Unknown`].

use super::commit::{self, Header, Person, When};
use super::error::{Result, StoreError, git, io};
use super::fault::{Step, reached};
use super::id::hash_file;
use super::index::Index;
use super::journal::{Entry, Journal};
use super::lock::WriteLock;
use super::objects::{self, Content, NewFile};
use super::open::Tip;
use super::overlay::Overlay;
use super::plan::{Base, FileChange, Plan, Preview, PreviewChange, Receipt, WriteOptions};
use super::trees;
use super::worktree::{TEMP_PREFIX, check_path, split};
use super::{Repo, txid};
use git2::{ErrorCode, ObjectType, Oid};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

/// How often a lost race is run again.
const ATTEMPTS: u32 = 50;

/// After so many lost races git is kept out for the whole of the next attempt: somebody commits in
/// a loop faster than we get from S3 to S8.
const PATIENCE: u32 = 2;

/// Refuses to write for a store that asks for a newer program.
fn is_new_enough(options: &WriteOptions<'_>) -> Result<()> {
    match &options.needs {
        Some(needed) => Err(StoreError::OlderProgram { needed: needed.clone() }),
        None => Ok(()),
    }
}

/// One path of the plan against the base.
struct Touch {
    path: String,
    old: Option<(Oid, u32)>,
    new: Option<(Oid, Vec<u8>)>,
}

impl Touch {
    fn new_id(&self) -> Option<Oid> {
        self.new.as_ref().map(|new| new.0)
    }

    fn mode(&self) -> u32 {
        self.old.map_or(trees::FILE, |old| trees::normal_mode(old.1))
    }
}

/// A plan that is ready to be committed.
struct Prepared {
    reference: String,
    tip: Option<Tip>,
    touches: Vec<Touch>,
    goal: Goal,
    adopt: bool,
}

/// The commit that the branch moves to.
enum Goal {
    Make { message: String, author: Person, committer: Person, when: When },
    Made(Made),
}

/// Commits that are made already, the last of which the branch shall move to.
pub(super) struct Made {
    pub new: Oid,
    /// What the repository does not have yet.
    pub objects: Vec<(ObjectType, Oid, Vec<u8>)>,
}

/// What a turn is to do.
pub(super) enum Wanted {
    Commit(Plan),
    Move(Made),
}

/// How an attempt ended that was not refused.
enum Outcome {
    Committed(Box<(Journal, Index)>),
    LostRace,
}

/// How a turn ended that was not refused.
enum Turn {
    Nothing,
    Committed(Box<(Journal, Index)>),
    LostRace,
}

impl Repo {
    /// Makes one commit of what `plan` wants, or nothing. `plan` is called again when
    /// somebody else moved the branch meanwhile; `None` means that there is nothing
    /// to do.
    pub fn write<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        plan: &mut dyn FnMut(&Base<'_>) -> Result<Option<Plan>, E>,
    ) -> Result<Option<Receipt>, E> {
        self.write_on(options, false, &mut |base| Ok(plan(base)?.map(Wanted::Commit)))
    }

    /// As [`Repo::write`], also for a branch without a commit, and for commits that are made already.
    pub(super) fn write_on<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        unborn: bool,
        plan: &mut dyn FnMut(&Base<'_>) -> Result<Option<Wanted>, E>,
    ) -> Result<Option<Receipt>, E> {
        is_new_enough(options)?;
        self.preflight(options.branch.as_deref(), options.allow_network_fs)?;
        let lock = self.lock_for_writing(options)?;
        let mut warnings = self.recover_locked(options)?;
        for attempt in 0..ATTEMPTS {
            let early = attempt >= PATIENCE;
            if early {
                self.index_lock.prepare(&txid())?;
                self.index_lock.take(options.index_timeout)?;
            }
            match self.turn(options, unborn, early, plan)? {
                Turn::Nothing => return Ok(None),
                Turn::Committed(done) => {
                    let (journal, index) = *done;
                    warnings.extend(self.finish(&journal, index));
                    drop(lock);
                    if options.maintenance {
                        self.maintain_if_due();
                    }
                    return Ok(Some(receipt(&journal, warnings)));
                }
                Turn::LostRace => back_off(attempt),
            }
        }
        Err(StoreError::LostRaces { attempts: ATTEMPTS }.into())
    }

    /// One run from S3 to S8.
    fn turn<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        unborn: bool,
        early: bool,
        plan: &mut dyn FnMut(&Base<'_>) -> Result<Option<Wanted>, E>,
    ) -> Result<Turn, E> {
        let prepared = self.plan_on_tip(options, unborn, plan);
        if early && !matches!(prepared, Ok(Some(_))) {
            // What is told is the outcome; the next command would clear away a lock of ours.
            let _ = self.index_lock.clear();
        }
        let Some(prepared) = prepared? else {
            return Ok(Turn::Nothing);
        };
        Ok(match self.attempt(&prepared, options, early)? {
            Outcome::Committed(done) => Turn::Committed(done),
            Outcome::LostRace => Turn::LostRace,
        })
    }

    /// S3 as far as the plan: what it makes of the branch as it is now.
    fn plan_on_tip<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        unborn: bool,
        plan: &mut dyn FnMut(&Base<'_>) -> Result<Option<Wanted>, E>,
    ) -> Result<Option<Prepared>, E> {
        let reference = self.preflight(options.branch.as_deref(), options.allow_network_fs)?;
        let tip = self.tip_of(&reference)?;
        if tip.is_none() && !unborn {
            let branch = reference.trim_start_matches("refs/heads/").to_owned();
            return Err(StoreError::Unborn { branch }.into());
        }
        match plan(&Base::new(self, tip))? {
            Some(Wanted::Commit(plan)) => Ok(self.prepare(reference, tip, plan)?),
            Some(Wanted::Move(made)) => Ok(Some(self.prepare_move(reference, tip, made)?)),
            None => Ok(None),
        }
    }

    /// What `plan` would do: takes no lock and writes nothing.
    pub fn preview<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        plan: &mut dyn FnMut(&Base<'_>) -> Result<Option<Plan>, E>,
    ) -> Result<Option<Preview>, E> {
        is_new_enough(options)?;
        let reference = self.preflight(options.branch.as_deref(), options.allow_network_fs)?;
        let tip = self.tip_of(&reference)?;
        let base = Base::new(self, tip);
        let Some(plan) = plan(&base)? else {
            return Ok(None);
        };
        let Some(prepared) = self.prepare(reference, tip, plan)? else {
            return Ok(None);
        };
        // A crashed command's files are not a person's edits.
        if self.journal.load()?.is_none() {
            let index = self.read_index(tip.is_none())?;
            self.check_untouched(&prepared, &index)?;
        }
        let mut changes = Vec::with_capacity(prepared.touches.len());
        for touch in prepared.touches {
            changes.push(PreviewChange {
                old: base.file(&touch.path)?,
                new: touch.new.map(|new| new.1),
                path: touch.path,
            });
        }
        let message = match prepared.goal {
            Goal::Make { message, .. } => message,
            Goal::Made(_) => String::new(),
        };
        Ok(Some(Preview { base: tip.map(|tip| tip.commit), changes, message }))
    }

    /// Whether a person's edits are in the way of moving the branch there: takes no lock and writes
    /// nothing.
    pub(super) fn preview_move(&self, options: &WriteOptions<'_>, made: Made) -> Result<()> {
        let reference = self.preflight(options.branch.as_deref(), options.allow_network_fs)?;
        let tip = self.tip_of(&reference)?;
        let prepared = self.prepare_move(reference, tip, made)?;
        if self.journal.load()?.is_none() {
            self.check_untouched(&prepared, &self.read_index(tip.is_none())?)?;
        }
        Ok(())
    }

    /// S1.
    pub(super) fn lock_for_writing(&self, options: &WriteOptions<'_>) -> Result<WriteLock> {
        for dir in [&self.commondir, &self.gitdir] {
            let path = dir.join("crm");
            match std::fs::create_dir(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(io(&path)(error));
                }
                _ => {}
            }
        }
        WriteLock::exclusive(&self.commondir.join("crm").join("lock"), options.lock_timeout, &options.holder)
    }

    /// S3, first part: the plan against the base. `None` where nothing would change.
    fn prepare(&self, reference: String, tip: Option<Tip>, plan: Plan) -> Result<Option<Prepared>> {
        let touches = self.touches(tip, plan.changes)?;
        if touches.is_empty() {
            return Ok(None);
        }
        let goal = Goal::Make {
            message: plan.message,
            author: plan.author,
            committer: plan.committer,
            when: plan.when,
        };
        Ok(Some(Prepared { reference, tip, touches, goal, adopt: plan.adopt_work }))
    }

    /// The same for commits that are made already, which may also leave every file as it is.
    fn prepare_move(&self, reference: String, tip: Option<Tip>, made: Made) -> Result<Prepared> {
        let over = Overlay::new(&self.git, &made.objects)?;
        let tree = over.tree_of(made.new)?;
        let mut changes = Vec::new();
        let mut failed = None;
        trees::diff(&over, tip.map(|tip| tip.tree.into()), Some(tree), "", &mut |path, _, new| match new
            .map(|(id, _)| over.data(id))
            .transpose()
        {
            Ok(content) => changes.push(FileChange { path, content }),
            Err(error) => failed = Some(error),
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let touches = self.touches(tip, changes)?;
        Ok(Prepared { reference, tip, touches, goal: Goal::Made(made), adopt: false })
    }

    /// What a change does to each file.
    fn touches(&self, tip: Option<Tip>, changes: Vec<FileChange>) -> Result<Vec<Touch>> {
        let by_path: BTreeMap<String, Option<Vec<u8>>> =
            changes.into_iter().map(|change| (change.path, change.content)).collect();
        let by_path: Vec<(String, Option<Vec<u8>>)> = by_path.into_iter().collect();
        let mut touches = Vec::with_capacity(by_path.len());
        let base = Base::new(self, tip);
        for group in by_path.chunk_by(|a, b| split(&a.0).0 == split(&b.0).0) {
            let data = base.folder(split(&group[0].0).0)?;
            let lines: BTreeMap<&[u8], trees::Line<'_>> =
                trees::lines(&data).map(|line| (line.name, line)).collect();
            for (path, content) in group {
                let old = lines.get(split(path).1.as_bytes());
                touches.extend(touch(path, old, content.as_deref())?);
            }
        }
        Ok(touches)
    }

    /// S3, second part, and again in S6: refuses where a person has changed one of
    /// the files, or staged a change of it.
    fn check_untouched(&self, prepared: &Prepared, index: &Index) -> Result<()> {
        check_conflicts(prepared, index)?;
        for touch in &prepared.touches {
            let staged = index.find(&touch.path).map(|entry| (entry.id, entry.mode));
            let as_base = match (staged, touch.old) {
                (Some(staged), Some(old)) => {
                    staged.0 == old.0 && trees::normal_mode(staged.1) == touch.mode()
                }
                (staged, old) => staged.is_none() && old.is_none(),
            };
            let as_adopted = prepared.adopt && staged.map(|entry| entry.0) == touch.new_id();
            if !as_base && !as_adopted {
                let path = touch.path.clone();
                return Err(StoreError::StagedEdit { path });
            }
            if touch.new.is_some()
                && let Some(path) = index.clash(&touch.path)
            {
                return Err(StoreError::StagedEdit { path });
            }
        }
        self.check_files(prepared)
    }

    fn check_files(&self, prepared: &Prepared) -> Result<()> {
        let tree = self.work()?;
        let check = |group: &[Touch]| {
            let (dir, _) = split(&group[0].path);
            let folder = tree.folder(dir)?;
            for touch in group {
                let file = match &folder {
                    Some(folder) => folder.read(split(&touch.path).1)?,
                    None => None,
                };
                let found = file.map(|(bytes, _)| hash_file(&bytes));
                let expected = if prepared.adopt { touch.new_id() } else { touch.old.map(|old| old.0) };
                if found != expected {
                    let path = touch.path.clone();
                    return Err(StoreError::HandEdit { path });
                }
            }
            Ok(Vec::<()>::new())
        };
        each_folder(&prepared.touches, |touch| &touch.path, check)?;
        Ok(())
    }

    /// S3 to S8. What an error leaves behind is cleared away, as far as possible; the
    /// next command clears away the rest.
    fn attempt(&self, prepared: &Prepared, options: &WriteOptions<'_>, early: bool) -> Result<Outcome> {
        let index = self.read_index(prepared.tip.is_none())?;
        self.check_untouched(prepared, &index)?;
        let journal = self.make_commit(prepared, options)?;
        reached(Step::Objects);
        match self.up_to_branch(prepared, &journal, index, options, early) {
            Ok(Some(index)) => Ok(Outcome::Committed(Box::new((journal, index)))),
            Ok(None) => self.roll_back(&journal).map(|()| Outcome::LostRace),
            Err(unknown @ StoreError::Unknown { .. }) => Err(unknown),
            Err(error) => {
                let _ = self.roll_back(&journal);
                Err(error)
            }
        }
    }

    /// S4: the objects.
    fn make_commit(&self, prepared: &Prepared, options: &WriteOptions<'_>) -> Result<Journal> {
        let txid = txid();
        let new = match &prepared.goal {
            Goal::Made(made) => {
                let objects: Vec<objects::Object<'_>> =
                    made.objects.iter().map(|(kind, id, data)| (*kind, *id, &data[..])).collect();
                objects::keep(&self.git, &objects, &txid)?;
                made.new
            }
            Goal::Make { message, author, committer, when } => {
                self.make_one(prepared, options, &txid, (message, author, committer, *when))?
            }
        };
        let entry = |(number, touch): (usize, &Touch)| Entry {
            path: touch.path.clone(),
            old: touch.old.map(|old| old.0),
            new: touch.new_id(),
            mode: touch.mode(),
            temp: (touch.new.is_some() && !prepared.adopt).then(|| format!("{TEMP_PREFIX}{txid}-{number}")),
        };
        Ok(Journal {
            reference: prepared.reference.clone(),
            base: prepared.tip.map(|tip| tip.commit.into()),
            new,
            files: prepared.touches.iter().enumerate().map(entry).collect(),
            txid,
        })
    }

    fn make_one(
        &self,
        prepared: &Prepared,
        options: &WriteOptions<'_>,
        txid: &str,
        (message, author, committer, when): (&str, &Person, &Person, When),
    ) -> Result<Oid> {
        let files: Vec<NewFile<'_>> = prepared
            .touches
            .iter()
            .map(|touch| NewFile {
                path: &touch.path,
                content: touch.new.as_ref().map(|(id, bytes)| Content { id: *id, mode: touch.mode(), bytes }),
            })
            .collect();
        let commit = |tree: Oid| {
            let header =
                Header { tree, parent: prepared.tip.map(|tip| tip.commit.into()), author, committer, when };
            let text = commit::print(&header, message);
            let config = self.git.config().map_err(git("read its configuration"))?;
            commit::sign(text, options.signing, &config).map(String::into_bytes)
        };
        let base_tree = prepared.tip.map(|tip| tip.tree.into());
        objects::store(&self.git, base_tree, &files, txid, commit)
    }

    /// S5 to S8. Gives the index as it is under our lock; `None` is a lost race.
    fn up_to_branch(
        &self,
        prepared: &Prepared,
        journal: &Journal,
        index: Index,
        options: &WriteOptions<'_>,
        early: bool,
    ) -> Result<Option<Index>> {
        self.journal.prepare(journal)?;
        reached(Step::Prepared);
        self.write_temps(prepared, journal)?;
        reached(Step::Temps);
        if !early {
            self.index_lock.prepare(&journal.txid)?;
            self.index_lock.take(options.index_timeout)?;
        }
        reached(Step::IndexLocked);
        if self.head_reference()? != prepared.reference
            || self.read_reference(&prepared.reference)? != journal.base
        {
            return Ok(None);
        }
        let index = if self.is_current(&index)? { index } else { self.read_index(prepared.tip.is_none())? };
        self.check_untouched(prepared, &index)?;
        let needed = journal.files.iter().filter_map(|file| file.new);
        if !objects::present(&self.git, needed.chain([journal.new]))? {
            return Ok(None);
        }
        self.journal.publish()?;
        reached(Step::Journal);
        self.prepare_index(journal, &index)?;
        let moved = self.move_branch(journal, options)?;
        Ok(moved.then_some(index))
    }

    /// Whether the index file is still the one that was read. Git and we replace it
    /// as a whole, so that a new one has another inode.
    pub(super) fn is_current(&self, index: &Index) -> Result<bool> {
        let path = self.index_path();
        match rustix::fs::stat(&path) {
            Ok(stat) => Ok(index.stat() == Some(stat.into())),
            Err(rustix::io::Errno::NOENT) => Ok(index.stat().is_none()),
            Err(errno) => Err(io(&path)(errno)),
        }
    }

    /// S5: the new contents beside the old ones.
    fn write_temps(&self, prepared: &Prepared, journal: &Journal) -> Result<()> {
        let tree = self.work()?;
        let bulk = objects::is_bulk(journal.files.len());
        let pairs: Vec<(&Entry, &Touch)> = journal.files.iter().zip(&prepared.touches).collect();
        let write = |group: &[(&Entry, &Touch)]| {
            let (dir, _) = split(&group[0].0.path);
            let mut folder = None;
            for (entry, touch) in group {
                let (Some(temp), Some((_, bytes))) = (&entry.temp, &touch.new) else {
                    continue;
                };
                let folder = match &folder {
                    Some(folder) => folder,
                    None => folder.insert(tree.make_folder(dir, !bulk)?),
                };
                let mode = match folder.stat(split(&entry.path).1)? {
                    Some(old) if touch.old.is_some() => old.mode,
                    _ => 0,
                };
                folder.create(temp, bytes, mode, !bulk)?;
            }
            if let Some(folder) = folder
                && !bulk
            {
                folder.sync()?;
            }
            Ok(Vec::<()>::new())
        };
        each_folder(&pairs, |(entry, _)| &entry.path, write)?;
        if bulk { tree.sync_all() } else { Ok(()) }
    }

    /// S8: the commit point. `false`: somebody else was faster.
    fn move_branch(&self, journal: &Journal, options: &WriteOptions<'_>) -> Result<bool> {
        let deadline = Instant::now() + options.index_timeout;
        let base = journal.base.unwrap_or(Oid::ZERO_SHA1);
        let force = journal.base.is_some();
        loop {
            let moved = self.git.reference_matching(&journal.reference, journal.new, force, base, "crm");
            reached(Step::Branch);
            let Err(error) = moved else {
                return Ok(true);
            };
            match self.judge_failure(journal, error)? {
                Some(moved) => return Ok(moved),
                None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                None => {
                    let path = self.reference_lock(&journal.reference);
                    return Err(StoreError::RefLocked { path });
                }
            }
        }
    }

    /// The swap reported an error; the branch itself tells what happened. `None`: git
    /// was moving it, try again.
    fn judge_failure(&self, journal: &Journal, error: git2::Error) -> Result<Option<bool>> {
        let unknown = |cause: String| StoreError::Unknown {
            commit: journal.new.to_string(),
            branch: journal.reference.clone(),
            cause,
        };
        let now = self.read_reference(&journal.reference).map_err(|again| unknown(again.to_string()))?;
        if now == Some(journal.new) {
            return Ok(Some(true));
        }
        if now == journal.base {
            if error.code() == ErrorCode::Locked {
                return Ok(None);
            }
            // Git may have collected the commit, which nothing referred to yet.
            if let Ok(false) = objects::present(&self.git, [journal.new]) {
                return Ok(Some(false));
            }
            return Err(git("move the branch")(error));
        }
        match now.map(|now| self.git.graph_descendant_of(now, journal.new)) {
            Some(Ok(true)) => Ok(Some(true)),
            Some(Ok(false)) if error.code() == ErrorCode::Modified => Ok(Some(false)),
            _ => Err(unknown(error.message().to_owned())),
        }
    }
}

/// Conflicts elsewhere, say in a README after `git stash pop`, are no concern.
fn check_conflicts(prepared: &Prepared, index: &Index) -> Result<()> {
    let top = |path: &str| path.split('/').next().unwrap_or("").to_owned();
    let mut paths = index.conflicts();
    if paths.is_empty() {
        return Ok(());
    }
    paths.retain(|path| prepared.touches.iter().any(|touch| top(&touch.path) == top(path)));
    if paths.is_empty() { Ok(()) } else { Err(StoreError::IndexConflicts { paths }) }
}

/// `None` where the file already is as it shall be.
fn touch(path: &str, old: Option<&trees::Line<'_>>, content: Option<&[u8]>) -> Result<Option<Touch>> {
    check_path(path)?;
    if old.is_some_and(|old| !trees::is_file(old.mode)) {
        return Err(StoreError::NotRegular { path: path.into() });
    }
    if content.is_some_and(|bytes| bytes.len() as u64 > super::MAX_FILE) {
        return Err(StoreError::TooLarge { path: path.into(), limit: super::MAX_FILE });
    }
    let old = old.map(|old| (old.id, old.mode));
    let new = content.map(|bytes| (hash_file(bytes), bytes.to_vec()));
    let same = old.map(|old| old.0) == new.as_ref().map(|new| new.0);
    Ok((!same).then(|| Touch { path: path.to_owned(), old, new }))
}

fn receipt(journal: &Journal, warnings: Vec<String>) -> Receipt {
    Receipt {
        commit: journal.new.into(),
        base: journal.base.map(Into::into),
        paths: journal.files.iter().map(|file| file.path.clone()).collect(),
        warnings,
    }
}

/// Runs `act` over the items of each folder, which are sorted by path, and gives all
/// results in their order. Many are worked on by all cores.
pub(super) fn each_folder<T: Sync, R: Send>(
    items: &[T],
    path: impl Fn(&T) -> &String,
    act: impl Fn(&[T]) -> Result<Vec<R>> + Sync + Send,
) -> Result<Vec<R>> {
    let groups = items.chunk_by(|a, b| split(path(a)).0 == split(path(b)).0);
    let results: Vec<Vec<R>> = if objects::is_bulk(items.len()) {
        let groups: Vec<&[T]> = groups.collect();
        groups.into_par_iter().map(act).collect::<Result<_>>()?
    } else {
        groups.map(act).collect::<Result<_>>()?
    };
    Ok(results.into_iter().flatten().collect())
}

/// Longer each time, and not in step with the others.
fn back_off(attempt: u32) {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    let most = 2u64 << attempt.min(6);
    thread::sleep(Duration::from_millis(1 + u64::from(byte[0]) % most));
}
