//! Backups: a whole store as one file, and back.
//!
//! A backup is a tar archive of `manifest.json`, its signature where there is one, a git bundle of
//! every reference, and the files that were asked for beside it; after the archive stands a
//! checksum of every byte before it. An encrypted one is an archive of the same form around the
//! first, with a manifest that tells no more than the name of the file does. So `tar`, `age` and
//! `git clone bundle` get at everything without this program.
//!
//! - `archive` writes and reads the form, `manifest` says what is in it.
//! - `bundle` turns references into a bundle and a bundle into a repository.
//! - `create`, `verify` and `restore` are the three ways through them; `survey` counts the records.
//! - `place` holds what is made until it is whole, `retain` says which of many are kept.
//!
//! **A file gets its name after it was restored on trial.** Deliberately absent: keys. What signs
//! and what encrypts comes in as functions.

mod archive;
mod bundle;
mod create;
mod folder;
mod manifest;
mod place;
mod restore;
pub mod retain;
mod survey;
mod verify;

pub use create::{Beside, Made, NewBackup, Seal, Target};
pub use folder::{Found, backups_in, peek};
pub use manifest::Manifest;
pub use place::{Scratch, sweep, write_new};
pub use restore::{At, Restored, Restoring, restore};
pub use verify::{Check, Checks, Judge, Keys, Signed, Source, Unseal, verify};

use super::StoreError;
use crate::model::Problem;
use std::io;
use std::path::Path;

/// How a backup's file name ends.
pub const ENDING: &str = "crmbackup";

/// What a manifest is signed for.
pub const NAMESPACE: &str = "crm-backup";

/// The name of the manifest in an archive.
const MANIFEST: &str = "manifest.json";

/// The name of its signature.
const SIGNATURE: &str = "manifest.sig";

/// The name of the bundle.
const BUNDLE: &str = "bundle";

/// The name of the inner archive of an encrypted one.
const CONTENT: &str = "content.age";

/// Why a backup was not made, is not whole, or was not restored.
#[derive(Debug)]
pub enum BackupError {
    /// Something is wrong with the backup.
    Flaw(Box<Problem>),
    /// Something went wrong around it.
    Store(StoreError),
}

impl From<Problem> for BackupError {
    fn from(problem: Problem) -> Self {
        Self::Flaw(Box::new(problem))
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub type Result<T, E = BackupError> = std::result::Result<T, E>;

/// For `map_err`: an I/O error with its path.
fn io_at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    move |source| BackupError::Store(StoreError::Io { path: path.to_owned(), source })
}

/// For `map_err`: reading the backup itself failed.
fn unread(source: io::Error) -> BackupError {
    match source.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            Problem::invalid("backup-truncated").into()
        }
        _ => Problem::invalid("backup-unread").arg("reason", source).into(),
    }
}
