//! Keeping the database file in shape: whether it is sound, and no larger than it must be.

use std::fs;
use std::path::Path;

use super::{Mirror, Result, connection};

/// Whether a database file is sound; one that is not there is.
#[must_use]
pub fn is_sound(file: &Path) -> bool {
    if !file.exists() {
        return true;
    }
    let Ok(db) = connection::open(file) else { return false };
    let answer = db.query_row("pragma quick_check(1)", [], |row| row.get::<_, String>(0));
    answer.is_ok_and(|answer| answer == "ok")
}

/// Removes a database file, to be built anew. Who has it open works on with what it was.
pub fn discard(file: &Path) -> std::io::Result<()> {
    let journal = file.with_extension("db-journal");
    if journal.exists() {
        fs::remove_file(journal)?;
    }
    fs::remove_file(file)
}

impl Mirror {
    /// Packs the file where a fifth of it is free. Says whether it did.
    pub fn pack(&self) -> Result<bool> {
        let number = |pragma: &str| self.db.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let (all, free) = (number("pragma page_count")?, number("pragma freelist_count")?);
        self.db.execute_batch("pragma optimize")?;
        if free * 5 < all.max(1) {
            return Ok(false);
        }
        self.db.execute_batch("vacuum")?;
        Ok(true)
    }
}
