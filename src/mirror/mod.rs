//! The mirror: a disposable SQLite database that is built from the records and kept in step with
//! them, for lists, look-ups, search and reports. The only module that knows SQLite.
//!
//! It is never authoritative: missing, damaged, of another version or on a read-only disk it is
//! built anew, or in memory, without a word. Deliberately absent: writing records, and judging
//! them.

mod amounts;
mod calendars;
mod catalogue;
mod cell;
mod clock;
mod conditions;
mod connection;
mod derived;
mod find;
mod functions;
mod layout;
mod list;
mod load;
mod looked;
mod narrow;
#[cfg(feature = "postgres")]
mod postgres;
mod push;
mod query;
mod rows;
mod scores;
mod search;
mod segment;
mod source;
mod stamps;
mod sync;
mod tend;
mod valuation;
mod views;
mod whole;

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, ErrorCode};

pub use calendars::ZoneOf;
pub use catalogue::{Class, Currency, Relation, RelationColumn};
pub use cell::SqlCell;
pub use clock::{DayOf, Moment};
pub use conditions::Find;
pub use find::{Link, Match, StockMove};
pub use layout::{Column, Layout, Table, quoted};
pub use list::{FieldSql, Listing};
pub use narrow::Sight;
pub use push::{Effect, PushError, Pushed, Target};
pub use query::{Answer, ColumnInfo};
pub use scores::{ScoreRule, refuse_itself};
pub use search::Hit;
pub use source::{Blob, Fault, Source, Stamp, Tip};
pub use tend::{discard, is_sound};
pub use whole::APPLICATION_ID;

use crate::model::schema::Schema;

/// Told how many of how many records are read.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// What can go wrong with the mirror itself.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The database failed.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The store could not be read.
    #[error("{0}")]
    Source(Fault),
    /// A select that somebody typed cannot run.
    #[error("{0}")]
    BadSql(String),
    /// More than one statement where one is run.
    #[error("several statements")]
    SeveralStatements,
    /// A select that somebody typed would change something.
    #[error("not a select")]
    NotReadOnly,
}

impl From<Fault> for MirrorError {
    fn from(fault: Fault) -> Self {
        Self::Source(fault)
    }
}

/// Results of the mirror.
pub type Result<T> = std::result::Result<T, MirrorError>;

/// A record whose file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub path: String,
    /// The type that the folder names.
    pub kind: String,
    pub line: Option<usize>,
    /// Message id of the problem.
    pub problem: String,
    /// Its named arguments.
    pub args: Vec<(String, String)>,
}

/// The mirror of one store.
pub struct Mirror {
    db: Connection,
    layout: Arc<Layout>,
    /// The database file; absent in memory.
    file: Option<PathBuf>,
    moment: clock::Shared,
    guard: query::Guard,
    /// The tree that this process last saw it follow.
    tree: String,
    /// Whether this connection has the views.
    views: Cell<bool>,
    /// Whether what is made from records for this connection is made since they last changed: the
    /// calendars, and the views over the score rules where there are views.
    known: Cell<bool>,
    /// The name of the database that holds the records.
    place: String,
    /// What is seen of it, where that is not all.
    sight: Option<Arc<Sight>>,
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror").field("file", &self.file).field("tree", &self.tree).finish_non_exhaustive()
    }
}

impl Mirror {
    /// Opens the mirror in a file, or in memory where the file cannot be used.
    pub fn open(path: &Path, schema: &Schema, moment: Moment) -> Result<Self> {
        let (layout, moment) = (Layout::new(schema), clock::Shared::new(moment));
        let opened =
            connection::open(path).and_then(|db| connection::prepare(db, layout.base_digits, &moment));
        match opened {
            Ok(db) => Self::with(db, layout, moment, Some(path.to_owned())),
            Err(_) => Self::with(connection::in_memory(layout.base_digits, &moment)?, layout, moment, None),
        }
    }

    /// The same mirror over a connection of its own, to read with on another thread; none where it
    /// lives in memory. It sees the records as they are, and the same moment.
    pub fn beside(&self) -> Option<Self> {
        if let Some(sight) = &self.sight {
            return self.narrowed_over(self.file.as_ref()?, sight.clone()).ok();
        }
        let moment = clock::Shared::new((*self.moment.get()).clone());
        let db = connection::open(self.file.as_ref()?).ok()?;
        let db = connection::prepare(db, self.layout.base_digits, &moment).ok()?;
        Self::over(db, self.layout.clone(), moment, self.file.clone()).ok()
    }

    /// A mirror in memory.
    pub fn in_memory(schema: &Schema, moment: Moment) -> Result<Self> {
        let (layout, moment) = (Layout::new(schema), clock::Shared::new(moment));
        let db = connection::in_memory(layout.base_digits, &moment)?;
        Self::with(db, layout, moment, None)
    }

    fn with(db: Connection, layout: Layout, moment: clock::Shared, file: Option<PathBuf>) -> Result<Self> {
        Self::over(db, Arc::new(layout), moment, file)
    }

    fn over(
        mut db: Connection,
        layout: Arc<Layout>,
        moment: clock::Shared,
        file: Option<PathBuf>,
    ) -> Result<Self> {
        let guard = query::Guard::default();
        guard.install(&mut db)?;
        functions::register_settings(&db, layout.settings.clone())?;
        Ok(Self {
            db,
            layout,
            file,
            moment,
            guard,
            tree: String::new(),
            views: Cell::new(false),
            known: Cell::new(false),
            place: "main".to_owned(),
            sight: None,
        })
    }

    /// The tables.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Every record whose file cannot be read.
    pub fn broken(&self) -> Result<Vec<Broken>> {
        let kinds: Vec<&str> = self.layout.kinds.iter().map(|k| k.kind.name).collect();
        self.broken_of(&kinds)
    }

    /// Whether it lives in memory only.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        self.file.is_none()
    }

    /// Sets the day as of which views see the records, and the calendar of `day` and `bucket`.
    pub fn set_moment(&self, moment: Moment) {
        self.moment.set(moment);
    }

    /// Sets the day as of which views see the records, and nothing else.
    pub fn see_as_of(&self, day: NaiveDate) {
        let moment = (*self.moment.get()).clone();
        self.moment.set(moment.as_of(day));
    }

    /// The unreadable records of these types, of all where none are named.
    pub fn broken_of(&self, kinds: &[&str]) -> Result<Vec<Broken>> {
        let mut statement =
            self.db.prepare("select path, kind, line, problem, args from broken order by path")?;
        let rows = statement.query_map([], |row| {
            let args: String = row.get(4)?;
            let line: Option<i64> = row.get(2)?;
            Ok(Broken {
                path: row.get(0)?,
                kind: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                line: line.and_then(|line| usize::try_from(line).ok()),
                problem: row.get(3)?,
                args: read_args(&args),
            })
        })?;
        let all = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|b| kinds.is_empty() || kinds.contains(&b.kind.as_str())).collect())
    }

    /// The paths whose records stand here as the work tree has them, not as HEAD does.
    pub fn deviations(&self) -> Result<Vec<String>> {
        let mut statement = self.db.prepare("select path from unsure where deviates order by path")?;
        let paths = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(paths)
    }
}

fn read_args(json: &str) -> Vec<(String, String)> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    object.into_iter().map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned())).collect()
}

/// What to do about a failure of the database.
enum Cure {
    /// Empty the file and build anew.
    Reset,
    /// Leave the file alone and work in memory.
    Memory,
    None,
}

fn cure(error: &MirrorError) -> Cure {
    let MirrorError::Sqlite(error) = error else { return Cure::None };
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SchemaChanged) => Cure::Reset,
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport,
        ) => Cure::Memory,
        _ => Cure::None,
    }
}
