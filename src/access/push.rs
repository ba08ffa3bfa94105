//! A range of commits before the gate: what somebody wants to add to a branch, or a whole history.

use rayon::prelude::*;

use super::gate::{Bench, Gate, Reason, unreadable};
use crate::model::{Class, Problem};
use crate::store::{ObjectId, Repo, StoreError};

/// How much may come in at once; no limit for an audit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub commits: usize,
    pub bytes: u64,
}

impl Limits {
    /// What a shared repository takes unless it is set otherwise.
    pub const PUSH: Self = Self { commits: 1000, bytes: 64 << 20 };
    /// Everything.
    pub const NONE: Self = Self { commits: usize::MAX, bytes: u64::MAX };
}

/// A range to judge.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// What is accepted already; `None` where there is nothing yet.
    pub old: Option<ObjectId>,
    pub new: ObjectId,
    /// The commit that the history must hold, and begin with where it has no parent.
    pub root: Option<ObjectId>,
}

/// Every reason against a range, in the order of its commits; none where it may come in.
#[must_use]
pub fn judge(repo: &Repo, range: Range, bench: &Bench, limits: Limits) -> Vec<Reason> {
    reasons(repo, range, bench, limits)
        .unwrap_or_else(|error| vec![Reason { commit: range.new, problem: unreadable(&error) }])
}

fn reasons(repo: &Repo, range: Range, bench: &Bench, limits: Limits) -> Result<Vec<Reason>, StoreError> {
    let Range { old, new, root } = range;
    let refused = |id: &'static str| Reason { commit: new, problem: Problem::new(Class::Denied, id) };
    if let Some(old) = old
        && !repo.descends(new, old)?
    {
        return Ok(vec![refused("gate-not-forward")]);
    }
    let commits = repo.commits_between(old, new, limits.commits)?;
    if commits.len() > limits.commits {
        let mut reason = refused("gate-many");
        reason.problem = reason.problem.arg("most", limits.commits);
        return Ok(vec![reason]);
    }
    if let Some(problem) = rooted(repo, range, &commits)? {
        return Ok(vec![Reason { commit: root.unwrap_or(new), problem }]);
    }
    if limits.bytes < u64::MAX {
        let bytes = brought(repo, &commits)?;
        if bytes > limits.bytes {
            let mut reason = refused("gate-much");
            reason.problem = reason.problem.arg("have", bytes).arg("most", limits.bytes);
            return Ok(vec![reason]);
        }
    }
    let guarded = match old {
        Some(old) => Gate::new(repo, bench).policy_of(old).map_or(true, |policy| policy.gate),
        None => false,
    };
    let share = (commits.len() / (rayon::current_num_threads() * 2)).max(16);
    let opener = repo.opener();
    let shares: Vec<Vec<Reason>> = commits
        .par_chunks(share)
        .map(|share| {
            let repo = opener.reopen()?;
            let gate = Gate::new(&repo, bench);
            Ok(share.iter().flat_map(|id| gate.commit(*id, guarded)).collect())
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(shares.into_iter().flatten().collect())
}

/// What is wrong with where a history begins.
fn rooted(repo: &Repo, range: Range, commits: &[ObjectId]) -> Result<Option<Problem>, StoreError> {
    let wrong = |found: ObjectId| {
        let wanted = range.root.map(|root| root.to_string()).unwrap_or_default();
        Problem::new(Class::Denied, "gate-root")
            .arg("wanted", wanted)
            .arg("found", found)
            .hint("hint-gate-root")
    };
    if let Some(root) = range.root
        && range.old.is_none()
    {
        let first = commits.first().copied().unwrap_or(range.new);
        let held = repo.resolve(&root.to_string()).is_ok() && repo.descends(range.new, root)?;
        let begins = !repo.parents(root).is_ok_and(|parents| parents.is_empty()) || first == root;
        if !held || !begins {
            return Ok(Some(wrong(first)));
        }
    }
    // A second beginning would come in with a policy of its own making.
    let mut beginnings = 0;
    for id in commits {
        if repo.parents(*id)?.is_empty() {
            beginnings += 1;
            if range.old.is_some() || beginnings > 1 {
                return Ok(Some(wrong(*id)));
            }
        }
    }
    Ok(None)
}

/// The bytes of the files that commits bring.
fn brought(repo: &Repo, commits: &[ObjectId]) -> Result<u64, StoreError> {
    let mut bytes = 0;
    for id in commits {
        let parent = repo.parents(*id)?.first().copied();
        let parent = parent.map(|id| repo.tip_at_commit(id)).transpose()?.map(|tip| tip.tree);
        // An odd tree is told by the judge.
        let changes = repo.raw_changes(parent, repo.tip_at_commit(*id)?.tree)?.unwrap_or_default();
        for entry in changes.iter().filter_map(|change| change.new) {
            if entry.mode != 0o160_000 {
                bytes += repo.size_of(entry.id)? as u64;
            }
        }
    }
    Ok(bytes)
}
