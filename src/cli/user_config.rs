//! The user's own configuration: `$XDG_CONFIG_HOME/crm/config.toml`, or the file that `CRM_CONFIG`
//! names. It holds for one person on one machine and stands behind flags, environment and `crm.toml`.
//!
//! What stands in it may run programs, so a file that others may write is refused. Deliberately
//! absent: secrets, which lie elsewhere or are asked for.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::{Exit, Failure, file_error};
use crate::model::schema::Settings;
use crate::model::{Class, Problem};
use crate::store::settings;

/// What the user's own file says, and where it is.
#[derive(Clone, Debug, Default)]
pub struct UserConfig {
    /// `None` where there is no home either.
    pub path: Option<PathBuf>,
    pub text: String,
    pub settings: Settings,
}

/// Where the file is.
fn place(environment: &Environment) -> Option<PathBuf> {
    if let Some(path) = environment.path("CRM_CONFIG") {
        return Some(path);
    }
    // By the XDG rules a relative folder counts as unset.
    let folder = environment.path("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let folder = folder.or_else(|| Some(environment.path("HOME")?.join(".config")))?;
    Some(folder.join("crm").join("config.toml"))
}

impl UserConfig {
    /// Reads it; a file that is not there says nothing.
    pub fn read(environment: &Environment) -> Result<Self, Failure> {
        let mut config = Self::unread(environment)?;
        if let Some(path) = &config.path {
            config.settings = settings::parse_own(&config.text, &path.display().to_string())?;
        }
        Ok(config)
    }

    /// Its text, whatever it says: for the commands that mend it.
    pub fn unread(environment: &Environment) -> Result<Self, Failure> {
        let Some(path) = place(environment) else { return Ok(Self::default()) };
        let mut config = Self { path: Some(path.clone()), ..Self::default() };
        match fs::read_to_string(&path) {
            Ok(text) => config.text = text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(config);
            }
            Err(error) => return Err(file_error(&path, &error)),
        }
        owned(&path)?;
        Ok(config)
    }

    /// The file, to be written.
    pub fn needed(&self) -> Result<&Path, Failure> {
        self.path.as_deref().ok_or_else(|| {
            Failure::new(Exit::Usage, Problem::usage("own-config-nowhere").hint("own-config-nowhere-hint"))
        })
    }

    /// Writes it in one step, readable for its owner alone.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let path = self.needed()?;
        // A link that leads to the file stays one.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let wrong = |error: std::io::Error| file_error(path, &error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(wrong)?;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let temp = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut options = fs::OpenOptions::new();
            let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&temp)?;
            std::io::Write::write_all(&mut file, text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temp, path)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&temp);
            wrong(error)
        })
    }
}

/// Refuses a file that somebody else may write, or owns.
fn owned(path: &Path) -> Result<(), Failure> {
    let found = fs::metadata(path).map_err(|error| file_error(path, &error))?;
    let me = rustix::process::geteuid().as_raw();
    if found.mode() & 0o022 == 0 && (found.uid() == me || found.uid() == 0) {
        return Ok(());
    }
    let problem = Problem::new(Class::Denied, "own-config-open").arg("path", path.display());
    Err(Failure::new(Exit::Denied, problem.hint("own-config-open-hint")))
}
