//! The history along first parents: which commit changed which files.

use super::commit::{Person, When};
use super::error::{Result, StoreError, git};
use super::read::{FileChanged, changes_between};
use super::trees;
use super::{ObjectId, Repo};
use git2::{Odb, Oid, Repository};
use rayon::prelude::*;

/// So many commits are worth another thread.
const SHARE: usize = 256;

/// Which commits are wanted, newest first.
#[derive(Debug, Clone, Default)]
pub struct LogQuery<'a> {
    /// Where to begin; `None` is HEAD.
    pub from: Option<ObjectId>,
    /// Where to stop: this commit and what is before it are left out.
    pub until: Option<ObjectId>,
    pub limit: Option<usize>,
    /// Only commits that changed one of these files.
    pub paths: &'a [&'a str],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub id: ObjectId,
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    pub author: Person,
    pub when: When,
    pub committer: Person,
    pub committed: When,
    pub message: String,
    /// Against the first parent. With `LogQuery::paths` only those.
    pub files: Vec<FileChanged>,
}

impl Repo {
    /// One commit with its changes.
    pub fn commit(&self, id: ObjectId) -> Result<Commit> {
        let query = LogQuery { from: Some(id), limit: Some(1), ..LogQuery::default() };
        let found = self.log(&query)?.into_iter().next();
        found.ok_or_else(|| StoreError::NoSuchRevision { rev: id.to_string() })
    }

    /// The commits that the query wants, newest first.
    pub fn log(&self, query: &LogQuery<'_>) -> Result<Vec<Commit>> {
        let start = match query.from {
            Some(from) => Some(from),
            None => self.tip()?.map(|tip| tip.commit),
        };
        let Some(start) = start.map(Oid::from) else {
            return Ok(Vec::new());
        };
        if query.paths.is_empty() {
            return self.describe_all(&self.first_parents(start, query)?);
        }
        match self.ask_git(start, query) {
            Some(ids) => self.follow_paths(ids.into_iter(), query),
            None => {
                let all = LogQuery { limit: None, ..query.clone() };
                self.follow_paths(self.first_parents(start, &all)?.into_iter(), query)
            }
        }
    }

    fn first_parents(&self, start: Oid, query: &LogQuery<'_>) -> Result<Vec<Oid>> {
        let until = query.until.map(Oid::from);
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut ids = Vec::new();
        let mut next = Some(start);
        while let Some(id) = next.filter(|id| ids.len() < limit && Some(*id) != until) {
            let commit = self.git.find_commit(id).map_err(git("read a commit"))?;
            next = commit.parent_id(0).ok();
            ids.push(id);
        }
        Ok(ids)
    }

    /// Git's commit graph knows which commits cannot have touched a path, which is far
    /// quicker than looking. `None` where there is none, or no git.
    fn ask_git(&self, start: Oid, query: &LogQuery<'_>) -> Option<Vec<Oid>> {
        let info = self.commondir.join("objects").join("info");
        let graphs = ["commit-graph", "commit-graphs/commit-graph-chain"];
        if self.from_env || !graphs.iter().any(|graph| info.join(graph).exists()) {
            return None;
        }
        let mut command = self.git_program();
        command.args(["--literal-pathspecs", "rev-list", "--first-parent"]);
        command.arg(start.to_string());
        if let Some(until) = query.until {
            command.arg(format!("^{until}"));
        }
        if let Some(limit) = query.limit {
            command.arg(format!("--max-count={limit}"));
        }
        let output = command.arg("--").args(query.paths).output().ok()?;
        if !output.status.success() {
            return None;
        }
        let lines = str::from_utf8(&output.stdout).ok()?;
        lines.lines().map(|id| Oid::from_str(id).ok()).collect()
    }

    fn follow_paths(&self, mut ids: impl Iterator<Item = Oid>, query: &LogQuery<'_>) -> Result<Vec<Commit>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut trails: Vec<Trail> = query.paths.iter().map(|path| Trail::new(path)).collect();
        let mut commits = Vec::new();
        while let Some(id) = ids.next().filter(|_| commits.len() < limit) {
            let commit = self.git.find_commit(id).map_err(git("read a commit"))?;
            let parent = parent_tree(&commit)?;
            let mut files = Vec::new();
            for trail in &mut trails {
                files.extend(trail.step(&odb, commit.tree_id(), parent)?);
            }
            if !files.is_empty() {
                commits.push(describe(&commit, files));
            }
        }
        Ok(commits)
    }

    /// Commits with all their changes, worked out on all cores.
    fn describe_all(&self, ids: &[Oid]) -> Result<Vec<Commit>> {
        if ids.len() < SHARE {
            return describe_share(&self.git, ids);
        }
        let opener = self.opener();
        let shares: Vec<Vec<Commit>> = ids
            .par_chunks(SHARE)
            .map(|share| describe_share(&opener.open()?, share))
            .collect::<Result<_>>()?;
        Ok(shares.into_iter().flatten().collect())
    }
}

fn describe_share(repo: &Repository, ids: &[Oid]) -> Result<Vec<Commit>> {
    let odb = repo.odb().map_err(git("open the object database"))?;
    let one = |id: &Oid| {
        let commit = repo.find_commit(*id).map_err(git("read a commit"))?;
        let files = changes_between(&odb, parent_tree(&commit)?, Some(commit.tree_id()))?;
        Ok(describe(&commit, files))
    };
    ids.iter().map(one).collect()
}

fn parent_tree(commit: &git2::Commit<'_>) -> Result<Option<Oid>> {
    if commit.parent_count() == 0 {
        return Ok(None);
    }
    let parent = commit.parent(0).map_err(git("read a commit"))?;
    Ok(Some(parent.tree_id()))
}

/// One path followed from commit to commit. As long as a folder above it stays the
/// same nothing below that needs to be read.
struct Trail {
    parts: Vec<String>,
    path: String,
    /// The ids from the root down to the file in the younger commit.
    ids: Vec<Option<Oid>>,
}

impl Trail {
    fn new(path: &str) -> Self {
        Trail { parts: path.split('/').map(str::to_owned).collect(), path: path.to_owned(), ids: Vec::new() }
    }

    fn step(&mut self, odb: &Odb<'_>, tree: Oid, parent: Option<Oid>) -> Result<Option<FileChanged>> {
        if self.ids.first() != Some(&Some(tree)) {
            self.ids = self.follow(odb, Some(tree))?;
        }
        let before = self.follow(odb, parent)?;
        let new = std::mem::replace(&mut self.ids, before).pop().flatten();
        let old = self.ids.last().copied().flatten();
        Ok((old != new).then(|| FileChanged {
            path: self.path.clone(),
            old: old.map(Into::into),
            new: new.map(Into::into),
        }))
    }

    fn follow(&self, odb: &Odb<'_>, tree: Option<Oid>) -> Result<Vec<Option<Oid>>> {
        let mut ids = vec![tree];
        for (depth, part) in self.parts.iter().enumerate() {
            if self.ids.get(depth) == Some(&ids[depth]) {
                ids.extend_from_slice(&self.ids[depth + 1..]);
                return Ok(ids);
            }
            let below = match ids[depth] {
                Some(id) => child(odb, id, part, depth + 1 < self.parts.len())?,
                None => None,
            };
            ids.push(below);
        }
        Ok(ids)
    }
}

fn child(odb: &Odb<'_>, tree: Oid, name: &str, folder: bool) -> Result<Option<Oid>> {
    let object = odb.read(tree).map_err(git("read a folder of the history"))?;
    let line = trees::lines(object.data()).find(|line| line.name == name.as_bytes());
    Ok(line.filter(|line| (line.mode == trees::FOLDER) == folder).map(|line| line.id))
}

fn describe(commit: &git2::Commit<'_>, files: Vec<FileChanged>) -> Commit {
    let person = |signature: &git2::Signature<'_>| Person {
        name: String::from_utf8_lossy(signature.name_bytes()).into_owned(),
        email: String::from_utf8_lossy(signature.email_bytes()).into_owned(),
    };
    let when = |time: git2::Time| When { seconds: time.seconds(), offset_minutes: time.offset_minutes() };
    let (author, committer) = (commit.author(), commit.committer());
    Commit {
        id: commit.id().into(),
        tree: commit.tree_id().into(),
        parents: commit.parent_ids().map(Into::into).collect(),
        author: person(&author),
        when: when(author.when()),
        committer: person(&committer),
        committed: when(committer.when()),
        message: String::from_utf8_lossy(commit.message_bytes()).into_owned(),
        files,
    }
}
