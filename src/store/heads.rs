//! Commits without what they changed, newest first: cheap enough to look for one among thousands.

use git2::Oid;

use super::error::{Result, git};
use super::{ObjectId, Person, Repo, When};

/// A commit's id, message and number of parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: ObjectId,
    pub parents: usize,
    pub message: String,
}

/// What a commit says about itself, without what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub id: ObjectId,
    pub author: Person,
    pub when: When,
    pub subject: String,
}

impl Repo {
    /// What these commits say about themselves.
    pub fn briefs(&self, ids: &[ObjectId]) -> Result<Vec<Brief>> {
        let brief = |id: &ObjectId| {
            let commit = self.git.find_commit((*id).into()).map_err(git("read a commit"))?;
            let author = commit.author();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Ok(Brief {
                id: *id,
                author: Person { name: text(author.name_bytes()), email: text(author.email_bytes()) },
                when: When {
                    seconds: author.when().seconds(),
                    offset_minutes: author.when().offset_minutes(),
                },
                subject: text(commit.message_bytes()).lines().next().unwrap_or_default().to_owned(),
            })
        };
        ids.iter().map(brief).collect()
    }

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
