//! What can go wrong in the store: one variant for each case that a person handles
//! differently. Words for people and exit codes are the CLI's; the texts here are
//! the plain fact.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    // --- the directory is not a store that can be used (exit 8) ---
    #[error("{} is not a crm store", .path.display())]
    NotAStore { path: PathBuf },
    #[error("{} is already a crm store", .path.display())]
    AlreadyAStore { path: PathBuf },
    #[error("{} lies inside the git work tree {}; a store must be the root of its own", .path.display(), .root.display())]
    NotRoot { path: PathBuf, root: PathBuf },
    #[error("{} belongs to another user", .path.display())]
    NotOwned { path: PathBuf },
    #[error("{} is a bare repository: it has no files to change", .path.display())]
    Bare { path: PathBuf },
    #[error("the store asks for version {needed} of this program or newer")]
    OlderProgram { needed: String },
    #[error("{} uses sha256 object names, which are not supported", .path.display())]
    Sha256 { path: PathBuf },
    #[error("{} keeps its references in a reftable, which is not supported", .path.display())]
    RefTable { path: PathBuf },
    #[error("{} is a partial clone, which is not supported", .path.display())]
    PartialClone { path: PathBuf },
    #[error("{} is a split index, which is not supported", .path.display())]
    SplitIndex { path: PathBuf },
    #[error("{} is a sparse index, which is not supported", .path.display())]
    SparseIndex { path: PathBuf },
    #[error("{} cannot be understood: {what}", .path.display())]
    IndexDamaged { path: PathBuf, what: String },
    #[error("{} is missing although the branch has commits", .path.display())]
    IndexMissing { path: PathBuf },
    #[error("HEAD is detached")]
    Detached,
    #[error("the branch is {current}, the store's branch is {wanted}")]
    WrongBranch { current: String, wanted: String },
    #[error("branch {branch} has no commit yet")]
    Unborn { branch: String },
    #[error("{what} is in progress")]
    MidMerge { what: &'static str, help: &'static str },
    #[error("unresolved conflicts in {}", .paths.join(", "))]
    IndexConflicts { paths: Vec<String> },
    #[error("{} is on a network file system ({kind})", .path.display())]
    NetworkFs { path: PathBuf, kind: &'static str },
    #[error("{} cannot be written", .path.display())]
    ReadOnly { path: PathBuf, source: io::Error },
    #[error("the journal {} is damaged", .path.display())]
    JournalDamaged { path: PathBuf },

    // --- a person's own edits are in the way (exit 6) ---
    #[error("{path} has changes that are not committed")]
    HandEdit { path: String },
    #[error("{path} has changes that are staged but not committed")]
    StagedEdit { path: String },

    // --- somebody else is at work (exit 7) ---
    #[error("another command is at work: {holder}")]
    Busy { holder: String },
    #[error("git is at work: {} exists", .path.display())]
    ForeignIndexLock { path: PathBuf },
    #[error("git is moving the branch: {} exists", .path.display())]
    RefLocked { path: PathBuf },
    #[error("other writers were faster {attempts} times")]
    LostRaces { attempts: u32 },

    // --- it cannot be known whether the change was committed (exit 13) ---
    #[error("whether commit {commit} became part of {branch} cannot be known: {cause}")]
    Unknown { commit: String, branch: String, cause: String },

    // --- what was asked for ---
    #[error("{path} is not a regular file")]
    NotRegular { path: String },
    #[error("{path} is larger than {limit} bytes")]
    TooLarge { path: String, limit: u64 },
    #[error("{path:?} is not a path inside a store")]
    BadPath { path: String },
    #[error("{rev} names no commit")]
    NoSuchRevision { rev: String },

    // --- other repositories (exit 2, 6, 11, 12) ---
    #[error("{name:?} is not the name of a remote")]
    BadRemote { name: String },
    #[error("there is no remote {name}")]
    NoSuchRemote { name: String, known: Vec<String> },
    #[error("there are several remotes: {}", .known.join(", "))]
    SeveralRemotes { known: Vec<String> },
    #[error("{remote}: {why}")]
    RemoteFailed { remote: String, why: String },
    #[error("{remote} refused the push: {why}")]
    RemoteRefused { remote: String, why: String },
    #[error("{branch} of {remote} no longer has commit {known}")]
    WentBack { remote: String, branch: String, known: String, found: String },
    #[error("{remote} has another history than this store")]
    Unrelated { remote: String },
    #[error("what was fetched does not begin with commit {pinned}")]
    OtherRoot { pinned: String },
    #[error("{count} records would go at once")]
    MassDelete { count: usize },
    #[error("commit {commit} is a merge")]
    HandMerge { commit: String },
    #[error("commit {commit} is by {author}")]
    ForeignCommit { commit: String, author: String },
    #[error("commit {commit}: {path}: {what}")]
    Unacceptable { commit: String, path: String, what: &'static str },

    // --- the rest ---
    #[error("the commit could not be signed: {why}")]
    SigningFailed { why: String },
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("git: cannot {doing}: {}", .source.message())]
    Git { doing: &'static str, source: git2::Error },
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// For `map_err`: an I/O error with its path.
pub(super) fn io<E: Into<io::Error>>(path: impl AsRef<Path>) -> impl FnOnce(E) -> StoreError {
    move |source| StoreError::Io { path: path.as_ref().to_owned(), source: source.into() }
}

/// For `map_err`: a libgit2 error with what was tried.
pub(super) fn git(doing: &'static str) -> impl FnOnce(git2::Error) -> StoreError {
    move |source| StoreError::Git { doing, source }
}
