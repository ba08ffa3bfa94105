//! The disk and git, at the level of bytes and paths: one command, one transaction,
//! one commit. What a record means is not known here.
//!
//! - `worktree` reaches files below the root and nowhere else; `scan` lists them.
//! - `trees`, `objects`, `pack`, `commit` make the objects of a commit.
//! - `lock`, `journal`, `index` are the means of a transaction, `transaction` its
//!   steps S0 to S8, `finish` the rest of them and recovery.
//! - `read` and `history` are for everybody who only looks.
//! - `remote` runs the `git` program for fetch and push, `acceptable` says which trees may come in,
//!   `replay` makes own commits again on top of others', `sync` moves the branch to what came of it.
//!
//! **The branch moves after everything that can fail, and what comes after it can be
//! repeated from the journal.** Deliberately absent: the protocols of fetch and push (the `git`
//! program has these), and any use of the user's index as a source.

mod acceptable;
pub mod backup;
mod blend;
mod commit;
mod conflicts;
pub mod document;
mod error;
mod fault;
pub mod field_merge;
mod finish;
mod format;
mod fsync;
mod heads;
mod history;
mod id;
mod inbox;
mod index;
mod init;
mod journal;
mod lock;
mod maintain;
pub mod migrate;
mod objects;
mod open;
mod overlay;
mod pack;
mod plan;
mod raw;
mod read;
mod remote;
mod replay;
mod scan;
pub mod settings;
mod support;
mod sync;
#[cfg(test)]
mod tests;
mod transaction;
mod trees;
mod worktree;

pub use blend::{Blended, blend, records};
pub use commit::{Person, Signer, Signing, When, git_name};
pub use conflicts::Conflicted;
pub use error::{Result, StoreError};
pub use heads::{Brief, Head};
pub use history::{Commit, LogQuery};
pub use id::{NotAnId, ObjectId};
pub use init::NewStore;
pub use lock::WriteLock;
pub use maintain::{JournalState, Leftovers, Size};
pub use open::{Opener, Tip};
pub use plan::{Base, FileChange, Plan, Preview, PreviewChange, Receipt, WriteOptions};
pub use raw::{Entry, Oddity, RawChange, RawCommit, Signed};
pub use read::{FileChanged, TreeFile};
pub use remote::{Network, Pushed, Remote};
pub use replay::{Blend, Clashing, Decided};
pub use scan::{Edit, EditStatus};
pub use support::write_support;
pub use sync::{Allowed, Committer, Joined, Joining, Pace, Verify};
pub use worktree::{MAX_FILE, Stat};

use std::fmt;
use std::path::PathBuf;

/// The file that makes a directory a store.
pub(super) const SETTINGS: &str = "crm.toml";

/// An opened store.
pub struct Repo {
    git: git2::Repository,
    root: PathBuf,
    gitdir: PathBuf,
    commondir: PathBuf,
    /// Git's environment says which objects belong to it, as in a hook.
    from_env: bool,
    /// `None` where the repository is bare.
    tree: Option<worktree::WorkTree>,
    journal: journal::JournalFile,
    index_lock: lock::IndexLock,
}

impl fmt::Debug for Repo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Repo").field(&self.root).finish()
    }
}

/// A name for what one transaction leaves on disk; nothing depends on it being random
/// but that two of them do not meet.
fn txid() -> String {
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        bytes[..4].copy_from_slice(&std::process::id().to_be_bytes());
    }
    format!("{:016x}", u64::from_be_bytes(bytes))
}
