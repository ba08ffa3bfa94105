//! Opening the database: a file that may be thrown away at any time and that several processes
//! use at once, or memory.
//!
//! A rollback journal and not a write-ahead log: the file can be emptied in place under SQLite's
//! own locks, and a process that dies leaves a journal that the next one rolls back. Nothing is
//! flushed: what a power cut tears, the records restore.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Result, clock, functions};

/// How long to wait for another process, a cold build included.
const PATIENCE: Duration = Duration::from_mins(2);

/// Opens or creates a database file.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// A database in memory.
pub(super) fn in_memory(base_digits: u32, moment: &clock::Shared) -> Result<Connection> {
    prepare(Connection::open_in_memory()?, base_digits, moment)
}

/// Sets a connection up.
pub(super) fn prepare(db: Connection, base_digits: u32, moment: &clock::Shared) -> Result<Connection> {
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(256);
    // Before a database has its first table; later it changes nothing.
    db.pragma_update(None, "page_size", 8192)?;
    for (name, value) in [("synchronous", "off"), ("temp_store", "memory"), ("foreign_keys", "off")] {
        db.pragma_update(None, name, value)?;
    }
    db.pragma_update(None, "cache_size", -64_000)?;
    db.pragma_update(None, "trusted_schema", true)?;
    functions::register(&db, base_digits, moment)?;
    // Looks at the file, so last: whatever is wrong with it is cured where it is first used.
    let _ = db.query_row("pragma journal_mode = truncate", [], |_| Ok(()));
    Ok(db)
}

/// Empties the file in place, even a damaged one, under its own lock.
pub(super) fn reset(db: &Connection) -> Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_RESET_DATABASE, true)?;
    let emptied = db.execute_batch("vacuum");
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_RESET_DATABASE, false)?;
    Ok(emptied?)
}
