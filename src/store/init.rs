//! Making a directory a store: a git repository with our settings, and a first commit
//! through the same transaction as every other.

use super::error::{Result, StoreError, git, io};
use super::transaction::Wanted;
use super::{FileChange, ObjectId, Person, Plan, Receipt, Repo, When, WriteOptions, fsync, txid};
use git2::{Config, ConfigLevel, Oid, Repository, RepositoryInitOptions};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// What a new store begins with.
#[derive(Debug, Clone)]
pub struct NewStore<'a> {
    pub branch: &'a str,
    /// Paths and contents, `crm.toml` among them.
    pub files: Vec<(String, Vec<u8>)>,
    pub message: String,
    pub author: Person,
    pub when: When,
}

/// Where the commit is remembered that every history of the store must hold.
const ROOT: &str = "crm.root";

const EXCLUDE: &str = "\n# Files of a change that is just being written\n.crm-tmp-*\n";

/// The local settings of git that a store needs. Attributes travel with a clone, these
/// do not.
///
/// The merge driver falls back on git's own merge where the program is not on the path: git would
/// leave one side out otherwise.
const SETTINGS: [(&str, &str); 4] = [
    ("core.fsync", "all"),
    ("diff.crm.xfuncname", "^(id|name|number|subject) = .*"),
    ("merge.crm.name", "crm: records field by field"),
    (
        "merge.crm.driver",
        "if command -v crm >/dev/null 2>&1; then crm merge-driver %O %A %B %P --marker-size %L; \
         else git merge-file --marker-size=%L %A %O %B; fi",
    ),
];

impl Repo {
    /// Makes `dir` a store. It may exist and hold other files, or be a git repository
    /// that is no store yet; these are left alone.
    pub fn init(dir: &Path, store: NewStore<'_>, options: &WriteOptions<'_>) -> Result<(Repo, Receipt)> {
        std::fs::create_dir_all(dir).map_err(io(dir))?;
        if !dir.join(".git").exists() {
            make_git(dir, store.branch)?;
        }
        let repo = Repo::open_git(dir)?;
        if repo.is_initialised()? {
            return Err(StoreError::AlreadyAStore { path: dir.into() });
        }
        repo.install_git_settings()?;
        let message = store.message;
        let mut plan = |_: &super::Base<'_>| -> Result<Option<Wanted>> {
            let change = |(path, content): &(String, Vec<u8>)| FileChange {
                path: path.clone(),
                content: Some(content.clone()),
            };
            Ok(Some(Wanted::Commit(Plan {
                changes: store.files.iter().map(change).collect(),
                message: message.clone(),
                author: store.author.clone(),
                committer: store.author.clone(),
                when: store.when,
                adopt_work: false,
            })))
        };
        let receipt = repo.write_on(options, true, &mut plan)?;
        let receipt = receipt.ok_or_else(|| StoreError::AlreadyAStore { path: dir.into() })?;
        let root = repo.root_of(receipt.commit)?;
        repo.pin_root(root)?;
        Ok((repo, receipt))
    }

    fn is_initialised(&self) -> Result<bool> {
        match self.tip()? {
            Some(tip) => Ok(self.read_at(tip.commit, super::SETTINGS)?.is_some()),
            None => Ok(false),
        }
    }

    /// Remembers the commit that every history of this store must hold.
    pub fn pin_root(&self, root: ObjectId) -> Result<()> {
        self.set_config(ROOT, &root.to_string())
    }

    /// That commit, where one is remembered.
    pub fn pinned_root(&self) -> Option<ObjectId> {
        self.config(ROOT)?.parse().ok()
    }

    /// The first commit of a history, along first parents.
    pub fn root_of(&self, commit: ObjectId) -> Result<ObjectId> {
        let read = |id: Oid| self.git.find_commit(id).map_err(git("read a commit"));
        let mut at = read(commit.into())?;
        while let Ok(parent) = at.parent_id(0) {
            at = read(parent)?;
        }
        Ok(at.id().into())
    }

    /// Writes a local setting of git.
    pub fn set_config(&self, key: &str, value: &str) -> Result<()> {
        let config = self.git.config().map_err(git("read its configuration"))?;
        let mut config = config.open_level(ConfigLevel::Local).map_err(git("read its configuration"))?;
        config.set_str(key, value).map_err(git("write its configuration"))
    }

    /// Writes the local settings of git that a store needs, where they are not there.
    pub fn install_git_settings(&self) -> Result<()> {
        let config = self.git.config().map_err(git("read its configuration"))?;
        let mut config = config.open_level(ConfigLevel::Local).map_err(git("read its configuration"))?;
        for (name, value) in SETTINGS {
            if config.get_string(name).ok().as_deref() != Some(value) {
                config.set_str(name, value).map_err(git("write its configuration"))?;
            }
        }
        exclude_temps(&self.commondir)
    }
}

/// Under another name first, so that a crash leaves no half of a repository.
pub(super) fn make_git(dir: &Path, branch: &str) -> Result<()> {
    fsync::enable();
    let making = dir.join(format!("{}init-{}", super::worktree::TEMP_PREFIX, txid()));
    let mut options = RepositoryInitOptions::new();
    options.no_reinit(true).external_template(false).initial_head(branch);
    Repository::init_opts(&making, &options).map_err(git("make a repository"))?;
    let gitdir = making.join(".git");
    let config = gitdir.join("config");
    let mut config = Config::open(&config).map_err(git("write its configuration"))?;
    for (name, value) in SETTINGS {
        config.set_str(name, value).map_err(git("write its configuration"))?;
    }
    exclude_temps(&gitdir)?;
    let folder = File::open(&gitdir).map_err(io(&gitdir))?;
    rustix::fs::syncfs(&folder).map_err(io(&gitdir))?;
    let target = dir.join(".git");
    std::fs::rename(&gitdir, &target).map_err(io(&target))?;
    std::fs::remove_dir(&making).map_err(io(&making))?;
    super::journal::sync_folder(dir)
}

fn exclude_temps(commondir: &Path) -> Result<()> {
    let info = commondir.join("info");
    std::fs::create_dir_all(&info).map_err(io(&info))?;
    let path = info.join("exclude");
    match std::fs::read_to_string(&path) {
        Ok(text) if text.contains(EXCLUDE.trim_end()) => return Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(&path)(error)),
        _ => {}
    }
    let mut file = File::options().append(true).create(true).open(&path).map_err(io(&path))?;
    file.write_all(EXCLUDE.as_bytes()).map_err(io(&path))
}
