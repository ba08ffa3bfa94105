//! Opening a repository, and the states of one in which nothing may be written.
//! Looking writes nothing at all.

use super::error::{Result, StoreError, git, io};
use super::index::Index;
use super::journal::JournalFile;
use super::lock::IndexLock;
use super::trees;
use super::worktree::WorkTree;
use super::{ObjectId, Repo, fsync};
use git2::{Config, ErrorCode, Oid, Repository, RepositoryOpenFlags, RepositoryState};
use rustix::fs::{Access, StatVfsMountFlags, access, statfs, statvfs};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Where the branch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    pub commit: ObjectId,
    pub tree: ObjectId,
}

/// What a thread needs to open the repository for itself.
#[derive(Debug, Clone)]
pub struct Opener {
    gitdir: PathBuf,
    from_env: bool,
}

impl Opener {
    /// The same repository for this thread.
    pub fn reopen(&self) -> Result<Repo> {
        Repo::around(self.open()?, self.from_env)
    }

    pub(super) fn open(&self) -> Result<Repository> {
        let opened = if self.from_env { Repository::open_from_env() } else { Repository::open(&self.gitdir) };
        opened.map_err(git("open the repository"))
    }
}

impl Repo {
    /// Opens the store whose root is exactly `dir`.
    pub fn open(dir: &Path) -> Result<Repo> {
        let repo = Self::open_git(dir)?;
        if repo.is_store()? { Ok(repo) } else { Err(StoreError::NotAStore { path: dir.into() }) }
    }

    /// For hooks: what git's environment says, with the objects of a push that is
    /// still being judged.
    pub fn open_from_env() -> Result<Repo> {
        fsync::enable();
        let opened = Repository::open_from_env().map_err(git("open the repository"))?;
        Self::around(opened, true)
    }

    /// Any repository, store or not.
    pub(super) fn open_git(dir: &Path) -> Result<Repo> {
        fsync::enable();
        let flags = RepositoryOpenFlags::NO_SEARCH;
        match Repository::open_ext(dir, flags, std::iter::empty::<&OsStr>()) {
            Ok(opened) => Self::around(opened, false),
            Err(error) => Err(why_not(dir, error)),
        }
    }

    fn around(git: Repository, from_env: bool) -> Result<Repo> {
        let gitdir = git.path().to_owned();
        let commondir = git.commondir().to_owned();
        let root = git.workdir().unwrap_or(&gitdir).to_owned();
        let tree = match git.workdir() {
            Some(workdir) => Some(WorkTree::open(workdir)?),
            None => None,
        };
        Ok(Repo {
            journal: JournalFile::new(&gitdir),
            index_lock: IndexLock::new(&gitdir),
            git,
            root,
            gitdir,
            commondir,
            from_env,
            tree,
        })
    }

    /// How another thread opens the same repository.
    #[must_use]
    pub fn opener(&self) -> Opener {
        Opener { gitdir: self.gitdir.clone(), from_env: self.from_env }
    }

    /// A store has its settings in the work tree, or in the last commit where a crash
    /// came before the files.
    fn is_store(&self) -> Result<bool> {
        if let Some(tree) = &self.tree
            && tree.full(super::SETTINGS).exists()
        {
            return Ok(true);
        }
        let Some(tip) = self.tip()? else {
            return Ok(false);
        };
        let odb = self.git.odb().map_err(git("open the object database"))?;
        Ok(trees::find(&odb, tip.tree.into(), super::SETTINGS)?.is_some())
    }

    /// The root of the work tree, or of the repository where it is bare.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `.git`, or where a linked work tree has its part of it.
    #[must_use]
    pub fn gitdir(&self) -> &Path {
        &self.gitdir
    }

    /// What all work trees of the repository share.
    #[must_use]
    pub fn commondir(&self) -> &Path {
        &self.commondir
    }

    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.tree.is_none()
    }

    pub(super) fn work(&self) -> Result<&WorkTree> {
        self.tree.as_ref().ok_or_else(|| StoreError::Bare { path: self.root.clone() })
    }

    /// The full name of the branch that HEAD stands for.
    pub(super) fn head_reference(&self) -> Result<String> {
        let head = self.git.find_reference("HEAD").map_err(git("read HEAD"))?;
        match head.symbolic_target().map_err(git("read HEAD"))? {
            Some(name) if name.starts_with("refs/heads/") => Ok(name.to_owned()),
            _ => Err(StoreError::Detached),
        }
    }

    /// The name of the current branch.
    pub fn branch(&self) -> Result<String> {
        let name = self.head_reference()?;
        Ok(name.trim_start_matches("refs/heads/").to_owned())
    }

    /// Where HEAD stands; `None` before the first commit.
    pub fn tip(&self) -> Result<Option<Tip>> {
        match self.head_reference() {
            Ok(reference) => self.tip_of(&reference),
            Err(StoreError::Detached) => {
                let id = self.git.refname_to_id("HEAD").map_err(git("read HEAD"))?;
                self.tip_at(id).map(Some)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn tip_of(&self, reference: &str) -> Result<Option<Tip>> {
        match self.read_reference(reference)? {
            Some(id) => self.tip_at(id).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn tip_at(&self, commit: Oid) -> Result<Tip> {
        let found = self.git.find_commit(commit);
        let found = found.map_err(git("read the last commit"))?;
        Ok(Tip { commit: commit.into(), tree: found.tree_id().into() })
    }

    pub(super) fn read_reference(&self, reference: &str) -> Result<Option<Oid>> {
        match self.git.refname_to_id(reference) {
            Ok(id) => Ok(Some(id)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(git("read the branch")(error)),
        }
    }

    /// S0: refuses every state in which a change could go wrong, before any trace of
    /// it exists. Gives the full name of the branch.
    pub(super) fn preflight(&self, branch: Option<&str>, network_fs: bool) -> Result<String> {
        let tree = self.work()?;
        check_state(self.git.state())?;
        let reference = self.head_reference()?;
        let current = reference.trim_start_matches("refs/heads/");
        if let Some(wanted) = branch
            && wanted != current
        {
            return Err(StoreError::WrongBranch { current: current.to_owned(), wanted: wanted.to_owned() });
        }
        for path in [tree.path(), &self.gitdir, &self.commondir] {
            check_file_system(path, network_fs)?;
        }
        Ok(reference)
    }

    /// The index as git left it. One that is missing is only right before the first
    /// commit.
    pub(super) fn read_index(&self, unborn: bool) -> Result<Index> {
        let path = self.index_path();
        match Index::read(&path)? {
            Some(index) => Ok(index),
            None if unborn => Ok(Index::empty()),
            None => Err(StoreError::IndexMissing { path }),
        }
    }

    pub(super) fn index_path(&self) -> PathBuf {
        self.gitdir.join("index")
    }
}

fn check_state(state: RepositoryState) -> Result<()> {
    let (what, help) = match state {
        RepositoryState::Clean => return Ok(()),
        RepositoryState::Merge => ("a merge", "git merge --continue, or git merge --abort"),
        RepositoryState::Revert | RepositoryState::RevertSequence => {
            ("a revert", "git revert --continue, or git revert --abort")
        }
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
            ("a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort")
        }
        RepositoryState::Bisect => ("a bisect", "git bisect reset"),
        RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
            ("a rebase", "git rebase --continue, or git rebase --abort")
        }
        RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
            ("git am", "git am --continue, or git am --abort")
        }
    };
    Err(StoreError::MidMerge { what, help })
}

/// Local file systems only, unless allowed, and writable.
fn check_file_system(path: &Path, network_fs: bool) -> Result<()> {
    let kind = statfs(path).map_err(io(path))?.f_type;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the magic numbers have 32 bits on every architecture"
    )]
    let kind = match kind as u32 {
        0x6969 => Some("NFS"),
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => Some("SMB"),
        0x6573_5546 => Some("FUSE"),
        0x0102_1997 => Some("9P"),
        _ => None,
    };
    if let Some(kind) = kind
        && !network_fs
    {
        let path = path.to_owned();
        return Err(StoreError::NetworkFs { path, kind });
    }
    let refused = |source: std::io::Error| StoreError::ReadOnly { path: path.to_owned(), source };
    let flags = statvfs(path).map_err(io(path))?.f_flag;
    if flags.contains(StatVfsMountFlags::RDONLY) {
        return Err(refused(rustix::io::Errno::ROFS.into()));
    }
    access(path, Access::WRITE_OK).map_err(|errno| refused(errno.into()))
}

/// libgit2's words for what it does not support differ from version to version; the
/// configuration tells it for certain.
fn why_not(dir: &Path, error: git2::Error) -> StoreError {
    let path = dir.to_owned();
    if error.code() == ErrorCode::Owner {
        return StoreError::NotOwned { path };
    }
    if let Some(config) = raw_config(dir) {
        let text = |name: &str| config.get_string(name).ok();
        if text("extensions.objectformat").is_some_and(|format| format != "sha1") {
            return StoreError::Sha256 { path };
        }
        if text("extensions.refstorage").is_some_and(|format| format != "files") {
            return StoreError::RefTable { path };
        }
        if text("extensions.partialclone").is_some() {
            return StoreError::PartialClone { path };
        }
        return git("open the repository")(error);
    }
    let root = dir.ancestors().skip(1).find(|above| above.join(".git").exists());
    match root {
        Some(root) if dir.join(super::SETTINGS).exists() => {
            StoreError::NotRoot { path, root: root.to_owned() }
        }
        _ => StoreError::NotAStore { path },
    }
}

/// The configuration file of a repository that libgit2 will not open.
fn raw_config(dir: &Path) -> Option<Config> {
    let dotgit = dir.join(".git");
    let mut gitdir = if dotgit.exists() { dotgit } else { dir.to_owned() };
    if gitdir.is_file() {
        let text = std::fs::read_to_string(&gitdir).ok()?;
        gitdir = dir.join(text.strip_prefix("gitdir: ")?.trim_end());
    }
    if let Ok(common) = std::fs::read_to_string(gitdir.join("commondir")) {
        gitdir = gitdir.join(common.trim_end());
    }
    let path = gitdir.join("config");
    if !gitdir.join("HEAD").exists() || !path.exists() {
        return None;
    }
    Config::open(&path).ok()
}

impl Repo {
    /// A setting of git as it holds in this repository; `None` where it is not set or empty.
    #[must_use]
    pub fn config(&self, key: &str) -> Option<String> {
        let config = self.git.config().ok()?;
        value_of(config, key)
    }

    /// A setting of git outside any repository.
    #[must_use]
    pub fn global_config(key: &str) -> Option<String> {
        value_of(Config::open_default().ok()?, key)
    }
}

fn value_of(mut config: Config, key: &str) -> Option<String> {
    let config = config.snapshot().ok()?;
    config.get_string(key).ok().filter(|value| !value.trim().is_empty())
}
