//! One's own commits made again on top of what others did: file by file, and in a file field by
//! field. Everything stays in memory; the transaction writes it. Deliberately absent: the network,
//! the branch, and what a record means, which the given merger knows.
//!
//! A step that clashes is judged by what both sides came to in the end: where the ends agree, or one
//! side left the field as it was, there is nothing to decide. What is left is told once for each
//! field, however many commits changed it, and a decision for it holds for all of them.

use super::commit::{self, Again, Person, Signing, When};
use super::error::{Result, git};
use super::field_merge::{Clash, Side};
use super::overlay::Overlay;
use super::trees::{self, Changes};
use super::{Blended, Conflicted, ObjectId};
use git2::{ObjectType, Oid, Repository};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Merges three versions of a file.
pub type Blend<'a> = &'a dyn Fn(&Conflicted, &dyn Fn(&Clash) -> Option<Side>) -> Blended;

/// What a person decided about a field of a file, as it is to be decided now.
pub type Decided<'a> = &'a dyn Fn(&str, &Clash) -> Option<Side>;

/// A file that both sides changed, with what is to be decided in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clashing {
    pub file: Conflicted,
    pub clashes: Vec<Clash>,
}

/// How the commits are made anew.
pub(super) struct Hand<'a> {
    pub committer: &'a Person,
    pub when: When,
    pub signing: Signing<'a>,
}

/// What a replay came to.
#[derive(Default)]
pub(super) struct Replayed {
    /// Nothing where something is to be decided.
    pub new: Option<Oid>,
    pub objects: Vec<(ObjectType, Oid, Vec<u8>)>,
    /// Own commits, oldest first, and what became of them: nothing where others did the same.
    pub own: Vec<(ObjectId, Option<ObjectId>)>,
    /// Files that both sides changed and that are one now.
    pub merged: BTreeSet<String>,
    pub clashing: Vec<Clashing>,
}

/// Both ends and where they parted.
struct Ends {
    base: Option<Oid>,
    ours: Oid,
    theirs: Oid,
}

/// What both sides came to in one file.
struct Net {
    file: Conflicted,
    clashes: Vec<Clash>,
    /// Which of them came up.
    open: BTreeSet<usize>,
}

pub(super) struct Replay<'a> {
    repo: &'a Repository,
    over: Overlay<'a>,
    blend: Blend<'a>,
    decided: Decided<'a>,
    ends: Ends,
    nets: RefCell<BTreeMap<String, Net>>,
    merged: RefCell<BTreeSet<String>>,
}

impl<'a> Replay<'a> {
    /// Between these commits; `base` is the tree where they parted.
    pub fn new(
        repo: &'a Repository,
        (ours, theirs): (Oid, Oid),
        blend: Blend<'a>,
        decided: Decided<'a>,
    ) -> Result<Self> {
        let over = Overlay::new(repo, &[])?;
        let ends = Ends { base: None, ours: over.tree_of(ours)?, theirs: over.tree_of(theirs)? };
        let nets = RefCell::default();
        let mut replay = Replay { repo, over, blend, decided, ends, nets, merged: RefCell::default() };
        replay.ends.base = replay.common(ours, theirs)?;
        Ok(replay)
    }

    /// The tree from which two commits came. Where branches were merged crosswise there are several,
    /// and what they amount to together is the base.
    fn common(&self, one: Oid, other: Oid) -> Result<Option<Oid>> {
        let bases = match self.repo.merge_bases(one, other) {
            Ok(bases) => bases.iter().copied().collect::<Vec<Oid>>(),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Vec::new(),
            Err(error) => return Err(git("compare two commits")(error)),
        };
        let Some((first, rest)) = bases.split_first() else { return Ok(None) };
        let mut tree = self.over.tree_of(*first)?;
        for next in rest {
            let below = self.repo.merge_base(*first, *next).ok();
            let below = below.map(|id| self.over.tree_of(id)).transpose()?;
            // What clashes in a base stays between markers there, and so is open in the end too.
            let plain = |file: Conflicted| Ok((self.blend)(&file, &|_| None).content);
            tree = self.onto(below, self.over.tree_of(*next)?, tree, &plain)?;
        }
        Ok(Some(tree))
    }

    /// The changes between two trees made again on a third.
    fn onto(
        &self,
        base: Option<Oid>,
        own: Oid,
        onto: Oid,
        merge: &dyn Fn(Conflicted) -> Result<Option<Vec<u8>>>,
    ) -> Result<Oid> {
        let mut changed = Vec::new();
        trees::diff(&self.over, base, Some(own), "", &mut |path, old, new| changed.push((path, old, new)))?;
        let mut out: Vec<(String, trees::Side)> = Vec::new();
        for (path, old, new) in changed {
            let there = trees::find(&self.over, onto, &path)?;
            if there == new {
                continue;
            }
            if there == old {
                out.push((path, new));
                continue;
            }
            let version = |side: trees::Side| side.map(|(id, _)| self.over.data(id)).transpose();
            let file = Conflicted {
                path: path.clone(),
                base: version(old)?,
                ours: version(new)?,
                theirs: version(there)?,
            };
            let mode = there.or(new).map_or(trees::FILE, |(_, mode)| mode);
            let content = merge(file)?.map(|bytes| self.over.write(ObjectType::Blob, bytes)).transpose()?;
            let side = content.map(|id| (id, mode));
            if side != there {
                out.push((path, side));
            }
        }
        if out.is_empty() {
            return Ok(onto);
        }
        let mut changes = Changes::default();
        for (path, side) in &out {
            changes.insert(path, *side);
        }
        let write = &mut |kind, data| self.over.write(kind, data);
        let tree = changes.apply(&self.over, Some(onto), "", write)?;
        Ok(tree.unwrap_or(Oid::ZERO_SHA1))
    }

    /// Three versions at one step as one, with what the ends say about every clash.
    fn step(&self, file: Conflicted) -> Result<Option<Vec<u8>>> {
        self.learn(&file.path)?;
        let path = file.path.clone();
        self.merged.borrow_mut().insert(path.clone());
        let decide = |clash: &Clash| Some(self.judge(&path, clash));
        let blended = (self.blend)(&file, &decide);
        // What cannot stand where it was decided to is as open as before.
        for clash in &blended.clashes {
            self.open(&path, clash);
        }
        Ok(blended.content)
    }

    fn judge(&self, path: &str, clash: &Clash) -> Side {
        let mut nets = self.nets.borrow_mut();
        let Some(net) = nets.get_mut(path) else { return Side::Theirs };
        let mut open = Vec::new();
        for (at, end) in net.clashes.iter().enumerate().filter(|(_, end)| touches(&end.field, &clash.field)) {
            match (self.decided)(path, end) {
                Some(side) => return side,
                None => open.push(at),
            }
        }
        net.open.extend(open);
        Side::Theirs
    }

    fn open(&self, path: &str, clash: &Clash) {
        let mut nets = self.nets.borrow_mut();
        let Some(net) = nets.get_mut(path) else { return };
        let known = (0..net.clashes.len()).filter(|at| touches(&net.clashes[*at].field, &clash.field));
        let known: Vec<usize> = known.collect();
        if known.is_empty() {
            net.clashes.push(clash.clone());
            net.open.insert(net.clashes.len() - 1);
        }
        net.open.extend(known);
    }

    /// Compares the ends of a file, once.
    fn learn(&self, path: &str) -> Result<()> {
        if self.nets.borrow().contains_key(path) {
            return Ok(());
        }
        let version = |tree: Option<Oid>| -> Result<Option<Vec<u8>>> {
            let Some(tree) = tree else { return Ok(None) };
            let found = trees::find(&self.over, tree, path)?.filter(|(_, mode)| trees::is_file(*mode));
            found.map(|(id, _)| self.over.data(id)).transpose()
        };
        let file = Conflicted {
            path: path.to_owned(),
            base: version(self.ends.base)?,
            ours: version(Some(self.ends.ours))?,
            theirs: version(Some(self.ends.theirs))?,
        };
        let is_one_sided = file.ours == file.theirs || file.base == file.ours || file.base == file.theirs;
        let clashes = if is_one_sided { Vec::new() } else { (self.blend)(&file, &|_| None).clashes };
        self.nets.borrow_mut().insert(path.to_owned(), Net { file, clashes, open: BTreeSet::new() });
        Ok(())
    }

    /// Makes these commits again, oldest first, one after another.
    pub fn commits(self, theirs: Oid, own: &[Oid], hand: &Hand<'_>) -> Result<Replayed> {
        let config = self.repo.config().map_err(git("read its configuration"))?;
        let mut tip = theirs;
        let mut tree = self.ends.theirs;
        let mut made = Vec::with_capacity(own.len());
        for id in own {
            let old = Old::read(self.repo, *id)?;
            let parent = old.parent.map(|parent| self.over.tree_of(parent)).transpose()?;
            let new = self.onto(parent, old.tree, tree, &|file| self.step(file))?;
            if new == tree && parent != Some(old.tree) {
                made.push((ObjectId::from(*id), None));
                continue;
            }
            let header = Again {
                tree: new,
                parents: &[tip],
                author: &old.author,
                committer: hand.committer,
                when: hand.when,
            };
            if self.is_open() {
                // Nothing will come of it, but the other clashes are wanted.
                tree = new;
                continue;
            }
            let text = commit::sign(commit::print_again(&header, &old.message), hand.signing, &config)?;
            tip = self.over.write(ObjectType::Commit, text.into_bytes())?;
            tree = new;
            made.push((ObjectId::from(*id), Some(tip.into())));
        }
        Ok(self.done(tip, made))
    }

    /// Makes one merge of both ends, where one's own history holds merges that cannot be made again.
    pub fn merge(self, (ours, theirs): (Oid, Oid), message: &str, hand: &Hand<'_>) -> Result<Replayed> {
        let config = self.repo.config().map_err(git("read its configuration"))?;
        let tree = self.onto(self.ends.base, self.ends.ours, self.ends.theirs, &|file| self.step(file))?;
        let author = commit::person_line("author", hand.committer, hand.when);
        let header = Again {
            tree,
            parents: &[ours, theirs],
            author: author.trim_end(),
            committer: hand.committer,
            when: hand.when,
        };
        if self.is_open() {
            return Ok(self.done(theirs, Vec::new()));
        }
        let text = commit::sign(commit::print_again(&header, message), hand.signing, &config)?;
        let new = self.over.write(ObjectType::Commit, text.into_bytes())?;
        Ok(self.done(new, Vec::new()))
    }

    fn is_open(&self) -> bool {
        self.nets.borrow().values().any(|net| !net.open.is_empty())
    }

    fn done(self, new: Oid, own: Vec<(ObjectId, Option<ObjectId>)>) -> Replayed {
        let clashing: Vec<Clashing> = self
            .nets
            .into_inner()
            .into_values()
            .filter(|net| !net.open.is_empty())
            .map(|net| Clashing {
                clashes: net.open.iter().map(|at| net.clashes[*at].clone()).collect(),
                file: net.file,
            })
            .collect();
        if !clashing.is_empty() {
            return Replayed { clashing, ..Replayed::default() };
        }
        let (merged, objects) = (self.merged.into_inner(), self.over.into_objects());
        Replayed { new: Some(new), objects, own, merged, clashing }
    }
}

/// Whether two fields are one, or one lies in the other; a file as a whole touches all of them.
fn touches(one: &str, other: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    one.is_empty() || other.is_empty() || inside(one, other) || inside(other, one)
}

/// What is kept of a commit that is made again.
struct Old {
    tree: Oid,
    parent: Option<Oid>,
    author: String,
    message: String,
}

impl Old {
    fn read(repo: &Repository, id: Oid) -> Result<Self> {
        let commit = repo.find_commit(id).map_err(git("read a commit"))?;
        let header = String::from_utf8_lossy(commit.raw_header_bytes()).into_owned();
        let author = header.lines().find(|line| line.starts_with("author ")).unwrap_or("author ");
        Ok(Old {
            tree: commit.tree_id(),
            parent: commit.parent_id(0).ok(),
            author: author.to_owned(),
            message: String::from_utf8_lossy(commit.message_raw_bytes()).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_touches_itself_what_is_in_it_and_what_it_is_in() {
        for (one, other, touching) in [
            ("city", "city", true),
            ("city", "city_name", false),
            ("lines[k]", "lines[k].qty", true),
            ("lines[k].qty", "lines[k]", true),
            ("lines[k].qty", "lines[k].price", false),
            ("custom", "custom.colour", true),
            ("", "city", true),
        ] {
            assert_eq!(touches(one, other), touching, "{one:?} {other:?}");
        }
    }
}
