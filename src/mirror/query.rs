//! Selects that people type and that reports are: read-only, typed by declared column, documented.
//!
//! An authoriser refuses whatever is not reading, before it runs. Deliberately absent: limits on
//! time and size; the person at the keyboard has Ctrl-C.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode, Statement};

use super::{Mirror, MirrorError, Result, SqlCell};

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    pub name: String,
    /// The declared type of the column it comes from, such as `MONEY INTEGER`; absent for
    /// expressions.
    pub decl: Option<String>,
}

/// What a select found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub columns: Vec<ColumnInfo>,
    pub rows: Vec<Vec<SqlCell>>,
}

impl Answer {
    /// The position of a column.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Whether statements that are prepared now may only read.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    on: Arc<AtomicBool>,
    /// Whether they may not ask how the database is made either.
    hidden: Arc<AtomicBool>,
}

impl Guard {
    /// Puts the guard on a connection; it stays off until [`Guard::held`].
    pub fn install(&self, db: &mut Connection) -> Result<()> {
        let (on, hidden) = (self.on.clone(), self.hidden.clone());
        db.authorizer(Some(move |context: AuthContext<'_>| {
            let allowed =
                reads(&context.action) && !(hidden.load(Ordering::Relaxed) && tells(&context.action));
            if !on.load(Ordering::Relaxed) || allowed { Authorization::Allow } else { Authorization::Deny }
        }))?;
        Ok(())
    }

    /// Keeps to itself how the database is made: the names of what lies beneath the views.
    pub fn hide(&self) {
        self.hidden.store(true, Ordering::Relaxed);
    }

    fn held<T>(&self, work: impl FnOnce() -> T) -> T {
        self.on.store(true, Ordering::Relaxed);
        let done = work();
        self.on.store(false, Ordering::Relaxed);
        done
    }
}

fn reads(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => *function_name != "load_extension",
        _ => false,
    }
}

/// Whether an action tells how the database is made.
fn tells(action: &AuthAction<'_>) -> bool {
    let AuthAction::Read { table_name, .. } = action else { return false };
    ["sqlite_", "pragma_", "dbstat", "fts5vocab"].iter().any(|name| table_name.starts_with(name))
}

impl Mirror {
    /// Runs a select with parameters by position. Anything else is refused.
    pub fn query(&self, sql: &str, params: &[SqlCell]) -> Result<Answer> {
        self.guarded(sql, |statement| {
            let taken = statement.parameter_count();
            if taken != params.len() {
                return Err(MirrorError::BadSql(format!(
                    "{taken} parameters are needed, {} given",
                    params.len()
                )));
            }
            for (at, cell) in params.iter().enumerate() {
                statement.raw_bind_parameter(at + 1, cell)?;
            }
            Ok(())
        })
    }

    /// Runs a select with parameters by name (`:from`); those that it does not use are ignored,
    /// those that are not given are null.
    pub fn query_named(&self, sql: &str, params: &[(&str, SqlCell)]) -> Result<Answer> {
        self.guarded(sql, |statement| {
            for (name, cell) in params {
                if let Some(at) = statement.parameter_index(name)? {
                    statement.raw_bind_parameter(at, cell)?;
                }
            }
            Ok(())
        })
    }

    fn guarded(&self, sql: &str, bind: impl FnOnce(&mut Statement<'_>) -> Result<()>) -> Result<Answer> {
        let mut statement = self.viewing(|| self.guard.held(|| self.db.prepare(sql))).map_err(refused)?;
        if !statement.readonly() {
            return Err(MirrorError::NotReadOnly);
        }
        bind(&mut statement)?;
        answer(&mut statement).map_err(refused)
    }

    /// The types of record whose tables a select opens once it is compiled; what it names and never
    /// needs does not count. None where it may be any, as with the links between all of them.
    pub fn opens(&self, sql: &str) -> Result<Option<BTreeSet<&'static str>>> {
        let program = self.query_named(&format!("explain {sql}"), &[])?;
        let opened: BTreeSet<i64> = program
            .rows
            .iter()
            .filter(|row| row.get(1).and_then(SqlCell::as_text) == Some("OpenRead"))
            .filter_map(|row| row.get(3).and_then(SqlCell::as_int))
            .collect();
        let sql = format!("select rootpage, tbl_name from {}.sqlite_schema", self.place);
        let mut places = self.db.prepare_cached(&sql)?;
        let mut rows = places.query([])?;
        let mut nouns = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let (root, table): (i64, String) = (row.get(0)?, row.get(1)?);
            if !opened.contains(&root) {
                continue;
            }
            let named = |at: usize| self.layout.tables[at].name == table;
            let mut owners = self
                .layout
                .kinds
                .iter()
                .filter(|of| named(of.own) || of.rows.iter().any(|(_, at)| named(*at)));
            match owners.next() {
                Some(owner) => drop(nouns.insert(owner.kind.name)),
                // What is in them belongs to records whose tables are opened as well.
                None if matches!(table.as_str(), "history" | "members" | "survivors") => {}
                None => return Ok(None),
            }
        }
        Ok(Some(nouns))
    }

    /// The names of the parameters of a select, with their colon or other sign.
    pub fn parameters(&self, sql: &str) -> Result<Vec<String>> {
        let statement = self.viewing(|| self.guard.held(|| self.db.prepare(sql))).map_err(refused)?;
        let names = (1..=statement.parameter_count()).map(|at| statement.parameter_name(at).unwrap_or("?"));
        Ok(names.map(str::to_owned).collect())
    }

    /// Tables and views with their columns and what they mean, for people who write selects.
    #[must_use]
    pub fn schema_text(&self) -> String {
        self.layout.schema_text()
    }
}

fn answer(statement: &mut Statement<'_>) -> rusqlite::Result<Answer> {
    let columns: Vec<ColumnInfo> = statement
        .columns()
        .map(|column| ColumnInfo {
            name: column.name().to_owned(),
            decl: column.decl_type().map(str::to_owned),
        })
        .collect();
    let mut rows = Vec::new();
    let mut found = statement.raw_query();
    while let Some(row) = found.next()? {
        rows.push(
            (0..columns.len())
                .map(|at| row.get_ref(at).map(SqlCell::from))
                .collect::<rusqlite::Result<_>>()?,
        );
    }
    Ok(Answer { columns, rows })
}

/// Tells a slip in somebody's select from a failure of the database.
fn refused(error: rusqlite::Error) -> MirrorError {
    match &error {
        rusqlite::Error::SqlInputError { msg, .. } => MirrorError::BadSql(msg.clone()),
        rusqlite::Error::MultipleStatement => MirrorError::SeveralStatements,
        rusqlite::Error::SqliteFailure(failure, message) => match failure.code {
            ErrorCode::AuthorizationForStatementDenied => MirrorError::NotReadOnly,
            // A misuse is a text without a statement, of which there is nothing to run.
            ErrorCode::Unknown | ErrorCode::ApiMisuse => {
                MirrorError::BadSql(message.clone().unwrap_or_else(|| error.to_string()))
            }
            _ => MirrorError::Sqlite(error),
        },
        _ => MirrorError::Sqlite(error),
    }
}
