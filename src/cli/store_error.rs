//! The store's errors in the words of the contract: exit code, message, way out.

use super::error::{Exit, Failure};
use crate::model::{Class, Problem};
use crate::store::StoreError;

impl From<StoreError> for Failure {
    #[expect(clippy::too_many_lines, reason = "a table: one entry for each error")]
    fn from(error: StoreError) -> Self {
        use StoreError as E;
        let say = |id: &'static str| Problem::new(Class::Conflict, id);
        let (exit, problem) = match &error {
            E::NotAStore { path } => (
                Exit::Store,
                say("store-not-a-store").arg("path", path.display()).hint("store-not-a-store-hint"),
            ),
            E::AlreadyAStore { path } => {
                (Exit::Store, say("store-already-a-store").arg("path", path.display()))
            }
            E::NotRoot { path, root } => (
                Exit::Store,
                say("store-not-root")
                    .arg("path", path.display())
                    .arg("root", root.display())
                    .hint("store-not-root-hint"),
            ),
            E::NotOwned { path } => {
                (Exit::Store, say("store-not-owned").arg("path", path.display()).hint("store-not-owned-hint"))
            }
            E::OlderProgram { needed } => (
                Exit::Store,
                say("older-crm")
                    .arg("needed", needed)
                    .arg("here", env!("CARGO_PKG_VERSION"))
                    .hint("older-crm-hint"),
            ),
            E::Bare { path } => {
                (Exit::Store, say("store-bare").arg("path", path.display()).hint("store-bare-hint"))
            }
            E::Sha256 { path } => (Exit::Store, say("store-sha256").arg("path", path.display())),
            E::RefTable { path } => {
                (Exit::Store, say("store-ref-table").arg("path", path.display()).hint("store-ref-table-hint"))
            }
            E::PartialClone { path } => (
                Exit::Store,
                say("store-partial-clone").arg("path", path.display()).hint("store-partial-clone-hint"),
            ),
            E::SplitIndex { path } => (
                Exit::Store,
                say("store-split-index").arg("path", path.display()).hint("store-split-index-hint"),
            ),
            E::SparseIndex { path } => (
                Exit::Store,
                say("store-sparse-index").arg("path", path.display()).hint("store-sparse-index-hint"),
            ),
            E::IndexDamaged { path, what } => (
                Exit::Store,
                say("store-index-damaged")
                    .arg("path", path.display())
                    .arg("what", what)
                    .hint("store-index-damaged-hint"),
            ),
            E::IndexMissing { path } => (
                Exit::Store,
                say("store-index-missing").arg("path", path.display()).hint("store-index-missing-hint"),
            ),
            E::Detached => (Exit::Store, say("store-detached").hint("store-detached-hint")),
            E::WrongBranch { current, wanted } => (
                Exit::Store,
                say("store-wrong-branch")
                    .arg("current", current)
                    .arg("wanted", wanted)
                    .hint("store-wrong-branch-hint"),
            ),
            E::Unborn { branch } => {
                (Exit::Store, say("store-unborn").arg("branch", branch).hint("store-unborn-hint"))
            }
            E::MidMerge { what, help } => (
                Exit::Conflict,
                say("store-mid-merge").arg("what", what).arg("help", help).hint("store-mid-merge-hint"),
            ),
            E::IndexConflicts { paths } => (
                Exit::Conflict,
                say("store-index-conflicts")
                    .arg("paths", paths.join(", "))
                    .hint("store-index-conflicts-hint"),
            ),
            E::NetworkFs { path, kind } => (
                Exit::Store,
                say("store-network-fs")
                    .arg("path", path.display())
                    .arg("kind", kind)
                    .hint("store-network-fs-hint"),
            ),
            E::ReadOnly { path, source } => {
                (Exit::Error, say("store-read-only").arg("path", path.display()).arg("source", source))
            }
            E::JournalDamaged { path } => (
                Exit::Store,
                say("store-journal-damaged").arg("path", path.display()).hint("store-journal-damaged-hint"),
            ),
            E::HandEdit { path } => (
                Exit::Conflict,
                say("store-hand-edit").arg("path", path).at(path, None).hint("store-hand-edit-hint"),
            ),
            E::StagedEdit { path } => (
                Exit::Conflict,
                say("store-staged-edit").arg("path", path).at(path, None).hint("store-staged-edit-hint"),
            ),
            E::Busy { holder } => {
                (Exit::Busy, say("store-busy").arg("holder", holder).hint("store-busy-hint"))
            }
            E::ForeignIndexLock { path } => (
                Exit::Busy,
                say("store-foreign-index-lock")
                    .arg("path", path.display())
                    .hint("store-foreign-index-lock-hint"),
            ),
            E::RefLocked { path } => (
                Exit::Busy,
                say("store-ref-locked").arg("path", path.display()).hint("store-ref-locked-hint"),
            ),
            E::LostRaces { attempts } => {
                (Exit::Busy, say("store-lost-races").arg("attempts", attempts).hint("store-lost-races-hint"))
            }
            E::Unknown { commit, branch, cause } => (
                Exit::Unknown,
                say("store-unknown")
                    .arg("commit", commit)
                    .arg("branch", branch)
                    .arg("cause", cause)
                    .hint("store-unknown-hint"),
            ),
            E::NotRegular { path } => {
                (Exit::Invalid, say("store-not-regular").arg("path", path).at(path, None))
            }
            E::TooLarge { path, limit } => {
                (Exit::Invalid, say("store-too-large").arg("path", path).arg("limit", limit).at(path, None))
            }
            E::BadPath { path } => (Exit::Usage, say("store-bad-path").arg("path", path)),
            E::NoSuchRevision { rev } => (Exit::NotFound, say("store-no-such-revision").arg("rev", rev)),
            E::BadRemote { name } => (Exit::Usage, say("store-bad-remote").arg("name", name)),
            E::NoSuchRemote { name, known } => (
                Exit::NotFound,
                say("store-no-such-remote")
                    .arg("name", name)
                    .legal(known)
                    .hint(if known.is_empty() { "store-no-remote-hint" } else { "store-no-such-remote-hint" })
                    .arg("known", known.join(", ")),
            ),
            E::SeveralRemotes { known } => (
                Exit::Usage,
                say("store-several-remotes")
                    .arg("known", known.join(", "))
                    .legal(known)
                    .hint("store-several-remotes-hint"),
            ),
            E::RemoteFailed { remote, why } => (
                Exit::Remote,
                say("store-remote-failed")
                    .arg("remote", remote)
                    .arg("why", why)
                    .hint("store-remote-failed-hint"),
            ),
            E::RemoteRefused { remote, why } => (
                Exit::Denied,
                say("store-remote-refused")
                    .arg("remote", remote)
                    .arg("why", why)
                    .hint("store-remote-refused-hint"),
            ),
            E::WentBack { remote, branch, known, found } => (
                Exit::Denied,
                say("store-went-back")
                    .arg("remote", remote)
                    .arg("branch", branch)
                    .arg("known", &known[..10.min(known.len())])
                    .arg("found", &found[..10.min(found.len())])
                    .hint("store-went-back-hint"),
            ),
            E::Unrelated { remote } => {
                (Exit::Denied, say("store-unrelated").arg("remote", remote).hint("store-unrelated-hint"))
            }
            E::OtherRoot { pinned } => {
                (Exit::Denied, say("store-other-root").arg("pinned", pinned).hint("store-other-root-hint"))
            }
            E::MassDelete { count } => {
                (Exit::Conflict, say("store-mass-delete").arg("count", count).hint("store-mass-delete-hint"))
            }
            E::HandMerge { commit } => (
                Exit::Denied,
                say("store-hand-merge")
                    .arg("commit", &commit[..10.min(commit.len())])
                    .hint("store-hand-merge-hint"),
            ),
            E::ForeignCommit { commit, author } => (
                Exit::Denied,
                say("store-foreign-commit")
                    .arg("commit", &commit[..10.min(commit.len())])
                    .arg("author", author)
                    .hint("store-foreign-commit-hint"),
            ),
            E::Unacceptable { commit, path, what } => (
                Exit::Denied,
                say("store-unacceptable")
                    .arg("commit", &commit[..10.min(commit.len())])
                    .arg("path", path)
                    .arg("what", what)
                    .hint("store-unacceptable-hint"),
            ),
            E::SigningFailed { why } => {
                (Exit::Error, say("store-signing-failed").arg("why", why).hint("store-signing-failed-hint"))
            }
            E::Io { path, source } => {
                (Exit::Error, say("store-io").arg("path", path.display()).arg("source", source))
            }
            E::Git { doing, source } => {
                (Exit::Error, say("store-git").arg("doing", doing).arg("source", source.message()))
            }
        };
        Self::new(exit, problem)
    }
}
