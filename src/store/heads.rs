//! Commits without what they changed, newest first: cheap enough to look for one among thousands.

use git2::Oid;

use super::error::{Result, StoreError, git};
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

    /// The first commit along first parents, by which a store and its clones are known. Finding it
    /// takes a look at every commit, so it is kept beside the mirror; what is kept must be a commit
    /// without parents, and cannot be one of another store.
    pub fn first_commit(&self) -> Result<ObjectId> {
        let kept = self.commondir.join("crm").join("root");
        let known = std::fs::read_to_string(&kept).ok().and_then(|text| Oid::from_str(text.trim()).ok());
        if let Some(id) = known
            && self.git.find_commit(id).is_ok_and(|commit| commit.parent_count() == 0)
        {
            return Ok(id.into());
        }
        let mut id = Oid::from(self.tip()?.ok_or(StoreError::NotAStore { path: self.root.clone() })?.commit);
        loop {
            let commit = self.git.find_commit(id).map_err(git("read a commit"))?;
            match commit.parent_id(0) {
                // A shallow clone names parents that it does not have.
                Ok(parent) if self.git.find_commit(parent).is_ok() => id = parent,
                _ => break,
            }
        }
        // Where it cannot be kept it is found again.
        let _ = std::fs::create_dir_all(self.commondir.join("crm"));
        let _ = std::fs::write(&kept, format!("{id}\n"));
        Ok(id.into())
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
