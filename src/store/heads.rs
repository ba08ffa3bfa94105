//! Commits without what they changed, newest first: cheap enough to look for one among thousands.

use git2::Oid;

use super::error::{Result, git};
use super::{ObjectId, Repo};

/// A commit's id, message and number of parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: ObjectId,
    pub parents: usize,
    pub message: String,
}

impl Repo {
    /// Hands the commits along first parents to `each`, from HEAD on, until it says `false`.
    pub fn heads(&self, mut each: impl FnMut(Head) -> bool) -> Result<()> {
        let mut next = self.tip()?.map(|tip| Oid::from(tip.commit));
        while let Some(id) = next {
            let commit = self.git.find_commit(id).map_err(git("read a commit"))?;
            next = commit.parent_id(0).ok();
            let message = String::from_utf8_lossy(commit.message_bytes()).into_owned();
            if !each(Head { id: id.into(), parents: commit.parent_count(), message }) {
                return Ok(());
            }
        }
        Ok(())
    }
}
