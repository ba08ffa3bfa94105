//! The folder outside git in which accounts are kept: one file per user, replaced in one step and
//! durable before anything is said. What others may read or own is refused, not mended.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::account::Account;
use super::{AccessError, Result, disk, fingerprint};
use crate::model::{Class, Problem};

/// The accounts of one store on this machine.
#[derive(Clone, Debug)]
pub struct Vault {
    dir: PathBuf,
    root: String,
}

/// Whose account it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    User(String),
    /// Nobody of that name: failures are counted all the same, several names in one place.
    Nobody(String),
}

impl Holder {
    /// The account of a name that is no user's.
    pub fn nobody(name: &str) -> Self {
        Self::Nobody(fingerprint(name)[..3].to_owned())
    }
}

impl Vault {
    /// The vault of a store below a folder for state, made where it is not there.
    ///
    /// # Errors
    /// `access-not-private`; what the disk says.
    pub fn open(state: &Path, root: &str) -> Result<Self> {
        let dir = state.join("crm").join(root);
        let vault = Self { dir, root: root.to_owned() };
        if let Some(above) = state.parent() {
            fs::create_dir_all(above).map_err(disk(above))?;
        }
        for dir in [state, &state.join("crm"), &vault.dir, &vault.dir.join("auth"), &vault.dir.join("nobody")]
        {
            folder(dir)?;
        }
        for dir in [&vault.dir, &vault.dir.join("auth")] {
            let found = fs::symlink_metadata(dir).map_err(disk(dir))?;
            private(dir, &found)?;
        }
        Ok(vault)
    }

    /// The first commit of the store.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn path(&self, holder: &Holder) -> Result<PathBuf> {
        let (folder, name) = match holder {
            Holder::User(id) => ("auth", id),
            Holder::Nobody(bucket) => ("nobody", bucket),
        };
        let sound = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(sound) {
            return Err(Problem::usage("bad-user-id").arg("value", name).into());
        }
        Ok(self.dir.join(folder).join(format!("{name}.json")))
    }

    /// An account as it is; an empty one where there is none.
    pub fn account(&self, holder: &Holder) -> Result<Account> {
        let path = self.path(holder)?;
        let Some(bytes) = read(&path)? else { return Ok(Account::default()) };
        serde_json::from_slice(&bytes).map_err(|error| {
            AccessError::Refused(
                Problem::new(Class::Denied, "access-unreadable")
                    .arg("path", path.display())
                    .arg("reason", error)
                    .hint("access-unreadable-hint"),
            )
        })
    }

    /// Changes an account while nobody else can; durable when it returns.
    pub fn change<T>(&self, holder: &Holder, change: impl FnOnce(&mut Account) -> Result<T>) -> Result<T> {
        let _lock = self.lock()?;
        let before = self.account(holder)?;
        let mut account = before.clone();
        let outcome = change(&mut account)?;
        if account != before {
            let bytes = serde_json::to_vec_pretty(&account).unwrap_or_default();
            write(&self.path(holder)?, &bytes)?;
        }
        Ok(outcome)
    }

    /// Every user of whom something is kept.
    pub fn users(&self) -> Result<Vec<String>> {
        let dir = self.dir.join("auth");
        let mut users = Vec::new();
        for entry in fs::read_dir(&dir).map_err(disk(&dir))? {
            let name = entry.map_err(disk(&dir))?.file_name().to_string_lossy().into_owned();
            users.extend(name.strip_suffix(".json").filter(|id| !id.starts_with('.')).map(str::to_owned));
        }
        users.sort();
        Ok(users)
    }

    /// Whether nobody has a password yet.
    pub fn is_new(&self) -> Result<bool> {
        for user in self.users()? {
            if self.account(&Holder::User(user))?.password.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn lock(&self) -> Result<File> {
        let path = self.dir.join("lock");
        let file = options().read(true).write(true).create(true).open(&path).map_err(disk(&path))?;
        private(&path, &file.metadata().map_err(disk(&path))?)?;
        loop {
            match file.lock() {
                Ok(()) => return Ok(file),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(disk(&path)(error)),
            }
        }
    }
}

/// How files here are opened: made for their owner alone, never through a link.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Whether nobody but the owner may do anything with it.
pub fn is_private(found: &fs::Metadata) -> bool {
    found.mode().is_multiple_of(0o100)
}

/// Refuses what others can read, or own.
fn private(path: &Path, found: &fs::Metadata) -> Result<()> {
    let is_ours = found.uid() == rustix::process::geteuid().as_raw();
    if is_ours && is_private(found) {
        return Ok(());
    }
    let problem = Problem::new(Class::Denied, "access-not-private").arg("path", path.display());
    Err(problem.hint("access-not-private-hint").into())
}

fn folder(path: &Path) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(disk(path)(error)),
        _ => Ok(()),
    }
}

/// Reads a private file; nothing where there is none.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let mut file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(disk(path)(error)),
    };
    let found = file.metadata().map_err(disk(path))?;
    private(path, &found)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(disk(path))?;
    Ok(Some(bytes))
}

/// Replaces a private file in one step, durable when it returns.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temp = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let _ = fs::remove_file(&temp);
    let made = || -> std::io::Result<()> {
        let mut file = options().write(true).create_new(true).open(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    };
    made().map_err(|error| {
        let _ = fs::remove_file(&temp);
        disk(path)(error)
    })
}

/// Adds a line to a private file, durable when it returns.
pub fn append(path: &Path, line: &str) -> Result<()> {
    let mut file = options().append(true).create(true).open(path).map_err(disk(path))?;
    private(path, &file.metadata().map_err(disk(path))?)?;
    // One write: lines of two processes never mix.
    file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_data()).map_err(disk(path))
}

/// Removes a file; one that is not there is removed already.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(disk(path)(error)),
        _ => Ok(()),
    }
}

/// Makes a folder for its owner alone, where it is not there, and refuses one that is not.
pub fn private_folder(path: &Path) -> Result<()> {
    folder(path)?;
    private(path, &fs::symlink_metadata(path).map_err(disk(path))?)
}

#[cfg(test)]
pub(super) mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A vault in a directory of its own.
    pub fn vault() -> (tempfile::TempDir, Vault) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let vault = Vault::open(&dir.path().join("state"), "abc123").expect("a vault");
        (dir, vault)
    }

    pub fn user(id: &str) -> Holder {
        Holder::User(id.to_owned())
    }

    fn refused<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
        match outcome {
            Err(AccessError::Refused(problem)) => problem.id,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_are_for_their_owner_alone() {
        let (_dir, vault) = vault();
        vault
            .change(&user("li.na"), |account| {
                account.failures = 1;
                Ok(())
            })
            .expect("written");
        append(&vault.dir().join("log"), "line").expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("is there").mode() & 0o777;
        for path in ["", "auth", "nobody"] {
            assert_eq!(mode(&vault.dir().join(path)), 0o700, "{path}");
        }
        for path in ["auth/li.na.json", "lock", "log"] {
            assert_eq!(mode(&vault.dir().join(path)), 0o600, "{path}");
        }
        assert_eq!(vault.users().expect("readable"), ["li.na"]);
    }

    #[test]
    fn what_others_can_read_is_refused() {
        let (dir, vault) = vault();
        vault
            .change(&user("li.na"), |account| {
                account.failures = 1;
                Ok(())
            })
            .expect("written");
        let open = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changed");
        };
        let file = vault.dir().join("auth/li.na.json");
        open(&file, 0o640);
        assert_eq!(refused(vault.account(&user("li.na"))), "access-not-private");
        open(&file, 0o600);
        open(&vault.dir().join("auth"), 0o710);
        assert_eq!(refused(Vault::open(&dir.path().join("state"), "abc123")), "access-not-private");
    }

    #[test]
    fn a_link_is_not_followed_and_a_name_is_no_path() {
        let (dir, vault) = vault();
        let other = dir.path().join("other");
        fs::write(&other, "{}").expect("written");
        std::os::unix::fs::symlink(&other, vault.dir().join("auth/li.na.json")).expect("a link");
        assert!(matches!(vault.account(&user("li.na")), Err(AccessError::Disk { .. })));
        for name in ["../x", "a/b", ".hidden", ""] {
            assert_eq!(refused(vault.account(&user(name))), "bad-user-id", "{name}");
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_not_taken_for_a_new_account() {
        let (_dir, vault) = vault();
        write(&vault.dir().join("auth/li.na.json"), b"{\"fail").expect("written");
        assert_eq!(refused(vault.account(&user("li.na"))), "access-unreadable");
    }

    #[test]
    fn a_change_that_fails_leaves_what_was_there() {
        let (_dir, vault) = vault();
        let outcome: Result<()> = vault.change(&user("li.na"), |account| {
            account.failures = 7;
            Err(Problem::new(Class::Denied, "login-wrong").into())
        });
        assert!(outcome.is_err());
        assert_eq!(vault.account(&user("li.na")).expect("readable").failures, 0);
    }

    #[test]
    fn changes_side_by_side_are_all_kept() {
        let (_dir, vault) = vault();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    vault
                        .change(&user("li.na"), |account| {
                            account.failures += 1;
                            Ok(())
                        })
                        .expect("written");
                });
            }
        });
        assert_eq!(vault.account(&user("li.na")).expect("readable").failures, 20);
    }
}
