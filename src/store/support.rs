//! A few files as one `.tar.gz`, for somebody who helps.

use super::backup::{BackupError, write_new};
use super::error::{Result, io};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::path::Path;
use tar::{Builder, Header};

/// Writes an archive of these files that only its owner can read. `false` where the file exists.
pub fn write_support(path: &Path, files: &[(String, Vec<u8>)], time: i64) -> Result<bool> {
    let mut bytes = Vec::new();
    let mut archive = Builder::new(GzEncoder::new(&mut bytes, Compression::default()));
    for (name, content) in files {
        let mut header = Header::new_ustar();
        header.set_mode(0o600);
        header.set_size(content.len() as u64);
        header.set_mtime(u64::try_from(time).unwrap_or(0));
        archive.append_data(&mut header, name, content.as_slice()).map_err(io(path))?;
    }
    archive.into_inner().and_then(GzEncoder::finish).map_err(io(path))?;
    match write_new(path, &bytes) {
        Ok(written) => Ok(written),
        Err(BackupError::Store(error)) => Err(error),
        Err(BackupError::Flaw(_)) => Ok(false),
    }
}
