//! What a push of everything to another database is asked and answers, whether or not the program
//! was built with one (see `postgres`).

/// Where to and as what.
pub struct Target<'a> {
    /// `postgres://user@host/name`
    pub url: &'a str,
    /// Where the address has none.
    pub password: Option<&'a str>,
    pub schema: &'a str,
    /// What everything is seen as; where it is the same as before, nothing has changed.
    pub facts: Vec<(&'static str, String)>,
    /// Whether these facts say all: no file differs from its commit.
    pub is_committed: bool,
    /// Do all of it and take it back.
    pub dry_run: bool,
}

impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    pub table: String,
    /// How many were written or removed.
    pub rows: u64,
    pub effect: Effect,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Made and filled.
    Loaded,
    /// Brought from an earlier state to this one.
    Refreshed,
    Unchanged,
    /// It is no table of ours any more.
    Removed,
}

impl Effect {
    /// Its name for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Refreshed => "refreshed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
}

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error(transparent)]
    Mirror(#[from] super::MirrorError),
    /// The address is none.
    #[error("not an address")]
    BadUrl,
    /// It is on another machine, and nobody said that it may be spoken to in the clear.
    #[error("not encrypted")]
    Unencrypted,
    /// What the other database says.
    #[error("{0}")]
    Database(String),
    /// The program was built without it.
    #[error("not built in")]
    NotBuiltIn,
}

#[cfg(not(feature = "postgres"))]
impl super::Mirror {
    /// Refuses, as this build has no PostgreSQL.
    pub fn push(&self, _: &[super::Relation], _: &Target<'_>) -> Result<Vec<Pushed>, PushError> {
        Err(PushError::NotBuiltIn)
    }
}
