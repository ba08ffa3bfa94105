//! Bringing one's own commits and a remote's together: what was fetched is judged, own commits that
//! are not there yet are made again on top of it, and the branch moves by the means of every other
//! change. Deliberately absent: the network (`remote`), and pushing, which the caller does with what
//! came of this.

use super::commit::{Person, When};
use super::error::{Result, StoreError, git, io};
use super::field_merge::Clash;
use super::journal::sync_folder;
use super::plan::{Base, WriteOptions};
use super::remote::Remote;
use super::replay::{Blend, Clashing, Decided, Hand, Replay, Replayed};
use super::transaction::{Made, Wanted};
use super::{ObjectId, Repo, Tip, trees};
use git2::Oid;
use std::fs;
use std::io::{ErrorKind, Write as _};

/// Judges history that comes in, from a commit that was judged before, if any, to a new one.
pub type Verify<'a, E> = &'a mut dyn FnMut(Option<ObjectId>, ObjectId) -> Result<(), E>;

/// Who makes own commits again, and when; asked where there are any.
pub type Committer<'a, E> = &'a mut dyn FnMut() -> Result<(Person, When), E>;

/// What a sync is to do.
pub struct Joining<'a, E> {
    pub remote: &'a Remote,
    /// Where the remote's branch stands; nothing where it has none.
    pub found: Option<ObjectId>,
    pub verify: Verify<'a, E>,
    pub committer: Committer<'a, E>,
    pub blend: Blend<'a>,
    pub decided: Decided<'a>,
    pub is_record: &'a dyn Fn(&str) -> bool,
    /// Where history must be linear and everybody's own: whether an address is the acting user's.
    pub own: Option<&'a dyn Fn(&Person) -> bool>,
    /// The message of a merge, where one must be made.
    pub message: &'a str,
    pub allow: Allowed,
    pub pace: Pace,
}

impl<E> std::fmt::Debug for Joining<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joining").field("remote", self.remote).finish_non_exhaustive()
    }
}

/// What a person allows that is refused otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    pub mass_delete: bool,
    pub rollback: bool,
}

/// How far a sync goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Move,
    /// Everything but moving.
    Look,
    /// Only what is open, without judging again.
    List,
}

/// Records that may go at once without being asked about.
const MASS: usize = 100;

/// What came of it.
#[derive(Debug, Default)]
pub struct Joined {
    /// The branch before and after; the same where nothing moved.
    pub before: Option<ObjectId>,
    pub tip: Option<ObjectId>,
    /// The remote's commits that are new here, oldest first.
    pub came: Vec<ObjectId>,
    /// Own commits that the remote does not have, as they are now, oldest first.
    pub own: Vec<ObjectId>,
    /// Own commits that others had made as well.
    pub dropped: Vec<ObjectId>,
    /// Files that both sides changed.
    pub merged: Vec<String>,
    /// What is to be decided first: nothing moved.
    pub clashing: Vec<Clashing>,
    pub warnings: Vec<String>,
}

impl Repo {
    /// Brings both histories together. Where something is to be decided nothing moves.
    pub fn join<E: From<StoreError>>(
        &self,
        options: &WriteOptions<'_>,
        mut wish: Joining<'_, E>,
    ) -> Result<Joined, E> {
        let mut joined = Joined::default();
        if wish.pace != Pace::Move {
            let reference = self.preflight(options.branch.as_deref(), options.allow_network_fs)?;
            let Some(tip) = self.tip_of(&reference)? else { return Ok(joined) };
            if let Some(made) = self.together(tip, options, &mut wish, &mut joined)?
                && wish.pace == Pace::Look
            {
                self.preview_move(options, made)?;
            }
            return Ok(joined);
        }
        if self.is_settled(&wish)? {
            let tip = self.tip()?.map(|tip| tip.commit);
            return Ok(Joined { before: tip, tip, ..joined });
        }
        let mut plan = |base: &Base<'_>| -> Result<Option<Wanted>, E> {
            joined = Joined::default();
            let Some(tip) = base.tip() else { return Ok(None) };
            Ok(self.together(tip, options, &mut wish, &mut joined)?.map(Wanted::Move))
        };
        let receipt = self.write_on(options, false, &mut plan)?;
        joined.warnings = receipt.map(|receipt| receipt.warnings).unwrap_or_default();
        Ok(joined)
    }

    /// Whether there is certainly nothing to do.
    fn is_settled<E>(&self, wish: &Joining<'_, E>) -> Result<bool> {
        let tip = self.tip()?.map(|tip| tip.commit);
        let known = self.verified(wish.remote)?;
        Ok(tip.is_some() && tip == wish.found && known == wish.found && !self.is_unfinished()?)
    }

    /// What the branch should become; nothing where it stays.
    fn together<E: From<StoreError>>(
        &self,
        tip: Tip,
        options: &WriteOptions<'_>,
        wish: &mut Joining<'_, E>,
        joined: &mut Joined,
    ) -> Result<Option<Made>, E> {
        let ours = Oid::from(tip.commit);
        (joined.before, joined.tip) = (Some(tip.commit), Some(tip.commit));
        self.check_forward(wish)?;
        let Some(found) = wish.found else {
            joined.own = self.history(ours)?;
            return Ok(None);
        };
        let theirs = Oid::from(found);
        let base = match self.git.merge_base(ours, theirs) {
            Ok(base) => base,
            Err(error) if error.code() == git2::ErrorCode::NotFound => {
                return Err(StoreError::Unrelated { remote: wish.remote.name.clone() }.into());
            }
            Err(error) => return Err(git("compare two commits")(error).into()),
        };
        if wish.pace != Pace::List {
            self.judge(wish, base, found)?;
            self.check_deletions(wish, base, theirs)?;
            self.check_deletions(wish, base, ours)?;
        }
        joined.came = ids(self.between(ours, theirs)?);
        let own = self.between(theirs, ours)?;
        self.check_own(wish, &own)?;
        if base == theirs {
            joined.own = ids(own);
            return Ok(None);
        }
        if own.is_empty() {
            joined.tip = Some(found);
            return Ok(Some(Made { new: theirs, objects: Vec::new() }));
        }
        let replayed = self.replay(wish, (ours, theirs), &own, options)?;
        let Some(new) = replayed.new else {
            joined.clashing = replayed.clashing;
            joined.came.clear();
            return Ok(None);
        };
        joined.tip = Some(new.into());
        joined.merged = replayed.merged.into_iter().collect();
        // Commits that were made for a look alone are shown as they are now.
        let shown = |(old, new): &(ObjectId, Option<ObjectId>)| {
            new.map(|new| if wish.pace == Pace::Look { *old } else { new })
        };
        joined.own = replayed.own.iter().filter_map(shown).collect();
        joined.dropped = replayed.own.iter().filter(|(_, new)| new.is_none()).map(|(old, _)| *old).collect();
        if joined.own.is_empty() && joined.dropped.is_empty() {
            joined.own = ids(own);
            joined.own.push(new.into());
        }
        Ok(Some(Made { new, objects: replayed.objects }))
    }

    fn replay<E: From<StoreError>>(
        &self,
        wish: &mut Joining<'_, E>,
        ends: (Oid, Oid),
        own: &[Oid],
        options: &WriteOptions<'_>,
    ) -> Result<Replayed, E> {
        let (committer, when) = match wish.pace {
            // A list makes no commit that anybody sees.
            Pace::List => {
                (Person { name: String::new(), email: String::new() }, When { seconds: 0, offset_minutes: 0 })
            }
            _ => (wish.committer)()?,
        };
        let signing = match wish.pace {
            Pace::Move => options.signing,
            _ => super::Signing::With(&unsigned),
        };
        let hand = Hand { committer: &committer, when, signing };
        let replay = Replay::new(&self.git, ends, wish.blend, wish.decided)?;
        if own.iter().try_fold(true, |all, id| self.is_single(*id).map(|is| all && is))? {
            return Ok(replay.commits(ends.1, own, &hand)?);
        }
        Ok(replay.merge(ends, wish.message, &hand)?)
    }

    fn is_single(&self, id: Oid) -> Result<bool> {
        Ok(self.git.find_commit(id).map_err(git("read a commit"))?.parent_count() == 1)
    }

    /// Refuses a remote that lost what it once had.
    fn check_forward<E>(&self, wish: &Joining<'_, E>) -> Result<()> {
        if wish.allow.rollback || wish.pace == Pace::List {
            return Ok(());
        }
        let Some(known) = self.verified(wish.remote)? else { return Ok(()) };
        let is_forward = match wish.found {
            Some(found) => self.is_ancestor(known, found)?,
            None => false,
        };
        if is_forward {
            return Ok(());
        }
        Err(StoreError::WentBack {
            remote: wish.remote.name.clone(),
            branch: wish.remote.branch.clone(),
            known: known.to_string(),
            found: wish.found.map(|id| id.to_string()).unwrap_or_default(),
        })
    }

    /// Has new history judged, once.
    fn judge<E: From<StoreError>>(
        &self,
        wish: &mut Joining<'_, E>,
        base: Oid,
        found: ObjectId,
    ) -> Result<(), E> {
        let known = self.verified(wish.remote)?;
        if known == Some(found) {
            return Ok(());
        }
        if let Some(root) = self.pinned_root()
            && !self.is_ancestor(root, found)?
        {
            return Err(StoreError::OtherRoot { pinned: root.to_string() }.into());
        }
        let judged = match known {
            Some(known) if self.is_ancestor(known, found)? => known,
            _ => base.into(),
        };
        (wish.verify)(Some(judged), found)?;
        if wish.pace == Pace::Move {
            self.note_verified(wish.remote, found)?;
        }
        Ok(())
    }

    fn check_deletions<E>(&self, wish: &Joining<'_, E>, base: Oid, side: Oid) -> Result<()> {
        if wish.allow.mass_delete || base == side {
            return Ok(());
        }
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let (old, new) = (self.tip_at(base)?.tree, self.tip_at(side)?.tree);
        let mut count = 0;
        trees::diff(&odb, Some(old.into()), Some(new.into()), "", &mut |path, _, new| {
            count += usize::from(new.is_none() && (wish.is_record)(&path));
        })?;
        if count > MASS { Err(StoreError::MassDelete { count }) } else { Ok(()) }
    }

    /// Where history must be linear: refuses merges, and commits of others that only they can sign.
    fn check_own<E>(&self, wish: &Joining<'_, E>, own: &[Oid]) -> Result<()> {
        let (Some(is_own), false) = (wish.own, wish.pace == Pace::List) else { return Ok(()) };
        for id in own {
            let commit = self.commit((*id).into())?;
            let id = id.to_string();
            if commit.parents.len() != 1 {
                return Err(StoreError::HandMerge { commit: id });
            }
            if !is_own(&commit.author) {
                return Err(StoreError::ForeignCommit { commit: id, author: commit.author.email });
            }
        }
        Ok(())
    }

    /// Every commit up to this one, oldest first.
    fn history(&self, tip: Oid) -> Result<Vec<ObjectId>> {
        let mut walk = self.git.revwalk().map_err(git("walk the history"))?;
        let sorting = git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE;
        let prepared = walk.set_sorting(sorting).and_then(|()| walk.push(tip));
        prepared.map_err(git("walk the history"))?;
        walk.map(|id| id.map(Into::into).map_err(git("walk the history"))).collect()
    }

    /// Where a remote's branch stood when it was judged last.
    pub fn verified(&self, remote: &Remote) -> Result<Option<ObjectId>> {
        let line = self.verified_lines()?.into_iter().find(|(name, _)| *name == remote.tracking());
        Ok(line.and_then(|(_, id)| id.parse().ok()))
    }

    fn verified_lines(&self) -> Result<Vec<(String, String)>> {
        let path = self.commondir.join("crm").join("verified");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&path)(error)),
        };
        let pair = |line: &str| line.split_once(' ').map(|(id, name)| (name.to_owned(), id.to_owned()));
        Ok(text.lines().filter_map(pair).collect())
    }

    /// Remembers where a remote's branch stood. Held by whoever has the lock, or by a clone that
    /// nobody else knows yet.
    pub fn note_verified(&self, remote: &Remote, tip: ObjectId) -> Result<()> {
        let mut lines = self.verified_lines()?;
        lines.retain(|(name, _)| *name != remote.tracking());
        lines.push((remote.tracking(), tip.to_string()));
        let text: String = lines.iter().map(|(name, id)| format!("{id} {name}\n")).collect();
        let folder = self.commondir.join("crm");
        fs::create_dir_all(&folder).map_err(io(&folder))?;
        let temp = folder.join("verified.next");
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create(&temp)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temp, folder.join("verified"))
        };
        write().map_err(io(&folder))?;
        sync_folder(&folder)
    }

    /// Remembers a push of ours; a later one that came first stays.
    pub fn note_push(&self, options: &WriteOptions<'_>, remote: &Remote, tip: ObjectId) -> Result<()> {
        let _lock = self.lock_for_writing(options)?;
        match self.verified(remote)? {
            Some(known) if known != tip && self.is_ancestor(tip, known)? => Ok(()),
            _ => self.note_verified(remote, tip),
        }
    }

    /// What a sync left open between the branch and what was fetched.
    pub fn open_between(
        &self,
        options: &WriteOptions<'_>,
        remote: &Remote,
        blend: Blend<'_>,
        decided: &dyn Fn(&str, &Clash) -> Option<super::field_merge::Side>,
    ) -> Result<Vec<Clashing>> {
        let found = self.fetched(remote)?;
        let wish: Joining<'_, StoreError> = Joining {
            remote,
            found,
            verify: &mut |_, _| Ok(()),
            committer: &mut || Err(StoreError::Detached),
            blend,
            decided,
            is_record: &|_| false,
            own: None,
            message: "",
            allow: Allowed::default(),
            pace: Pace::List,
        };
        Ok(self.join(options, wish)?.clashing)
    }
}

fn ids(oids: Vec<Oid>) -> Vec<ObjectId> {
    oids.into_iter().map(Into::into).collect()
}

/// Stands for a signature where nobody will see the commit.
fn unsigned(_: &[u8]) -> Result<String, String> {
    Ok("-".to_owned())
}
