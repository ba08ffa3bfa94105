//! The mirror as one user may see it: the same tables, less the records and fields that the user's
//! roles do not let read.
//!
//! A connection of its own opens the file under a name that nobody knows and lays a view over
//! every table that is not to be seen whole, under the table's name. All selects, those of people
//! and the views and reports alike, then meet the views first, and have no way around them.
//! Deliberately absent: who may read what (see `access`), and the search index, whose hits are
//! looked up here afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::layout::{CHILD_BITS, KindTables, MERGED, quoted};
use super::search::Hit;
use super::{Layout, Mirror, Result, clock, connection};
use crate::model::owner::{belongs, owner_field};
use crate::model::record::Kind;

/// What a user may see.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    pub user: String,
    /// The users whose records count as those of the team, the own ones included.
    pub team: BTreeSet<String>,
    /// The pools from which the user may claim: what lies in them is seen.
    pub pools: BTreeSet<String>,
    /// For each type how far reading goes: `all`, `team`, `own`, `none`. A type that is not named
    /// is seen whole.
    pub reach: BTreeMap<&'static str, &'static str>,
    /// For each type the fields that are not seen, `rows.field` for those of rows.
    pub hidden: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Sight {
    fn hides(&self, noun: &str) -> Option<&BTreeSet<String>> {
        self.hidden.get(noun).filter(|fields| !fields.is_empty())
    }

    fn is_whole(&self, noun: &str) -> bool {
        self.reach.get(noun).is_none_or(|reach| *reach == "all")
    }
}

impl Mirror {
    /// The same mirror as a user sees it, for reading. `scratch` is where a mirror that lives in
    /// memory is written to for a moment.
    pub fn narrowed(&self, sight: &Arc<Sight>, scratch: &Path) -> Result<Self> {
        let written = match &self.file {
            Some(_) => None,
            None => Some(self.written(scratch)?),
        };
        let file = self.file.clone().or(written.clone()).unwrap_or_default();
        let narrowed = self.narrowed_over(&file, sight.clone());
        if let Some(file) = written {
            // It stays open for as long as it is needed.
            let _ = std::fs::remove_file(&file);
            let _ = file.parent().map(std::fs::remove_dir);
        }
        narrowed
    }

    /// A copy in a file that nobody else can read.
    fn written(&self, scratch: &Path) -> Result<PathBuf> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = scratch.join(format!("crm-seen-{}", nonce()));
        let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
        made.map_err(|error| super::MirrorError::Source(error.to_string().into()))?;
        let file = folder.join("mirror.db");
        self.db.execute("vacuum into ?1", [file.to_string_lossy()])?;
        Ok(file)
    }

    pub(super) fn narrowed_over(&self, file: &Path, sight: Arc<Sight>) -> Result<Self> {
        let moment = clock::Shared::new((*self.moment.get()).clone());
        let place = format!("p{}", nonce());
        let db = connection::in_memory(self.layout.base_digits, &moment)?;
        db.execute(&format!("attach ?1 as {place}"), [file.to_string_lossy()])?;
        register(&db, &sight)?;
        let sql = views(&self.layout, &sight, &place);
        db.execute_batch(&sql)?;
        let mut mirror = Self::over(db, self.layout.clone(), moment, Some(file.to_owned()))?;
        mirror.tree.clone_from(&self.tree);
        mirror.place = place;
        mirror.guard.hide();
        mirror.sight = Some(sight);
        Ok(mirror)
    }

    /// The hits that are seen here.
    pub fn seen(&self, hits: Vec<Hit>) -> Result<Vec<Hit>> {
        let mut seen = Vec::with_capacity(hits.len());
        for hit in hits {
            let hidden = self.sight.as_ref().and_then(|sight| sight.hides(hit.kind));
            if hidden.is_some_and(|fields| fields.contains(&hit.field)) {
                continue;
            }
            if self.sees(hit.kind, &hit.id)? {
                seen.push(hit);
            }
        }
        Ok(seen)
    }

    /// Whether a record is there to be seen.
    pub fn sees(&self, noun: &str, id: &str) -> Result<bool> {
        let Some(tables) = self.layout.of(noun) else { return Ok(false) };
        let table = quoted(&self.layout.tables[tables.own].name);
        let mut statement = self.db.prepare_cached(&format!("select 1 from {table} where id = ?1"))?;
        Ok(statement.exists([id])?)
    }
}

/// What nobody can guess; where the system has no randomness it need not be guessed either, as
/// selects cannot name it: see `Guard`.
fn nonce() -> String {
    let mut bytes = [0_u8; 16];
    let _ = getrandom::fill(&mut bytes);
    let mut text = format!("{:x}_", std::process::id());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The views over everything that is not seen whole.
fn views(layout: &Layout, sight: &Sight, place: &str) -> String {
    let mut sql = String::new();
    let cut = cut(layout, sight);
    for tables in &cut {
        let noun = tables.kind.name;
        let own = &layout.tables[tables.own];
        let hidden = |name: &str| sight.hides(noun).is_some_and(|fields| fields.contains(name));
        let name = quoted(&own.name);
        let columns: Vec<&str> = own.columns.iter().map(|column| column.name).collect();
        let select = select(&columns, &hidden);
        let condition = condition(tables.kind, sight, place, "t");
        let _ = writeln!(
            sql,
            "create temp view {name} as select {select} from {place}.{name} t where {condition};"
        );
        for (field, at) in &tables.rows {
            let rows = &layout.tables[*at];
            let table = quoted(&rows.name);
            let columns: Vec<&str> = rows.columns.iter().map(|column| column.name).collect();
            let select = self::select(&columns, &|column| {
                !matches!(column, "record" | "position") && hidden(&format!("{}.{column}", field.name))
            });
            let condition = self::condition(tables.kind, sight, place, "o");
            let _ = writeln!(
                sql,
                "create temp view {table} as select {select} from {place}.{table} t where exists
                 (select 1 from {place}.{name} o where o.rowid = t.rowid >> {CHILD_BITS} and {condition});"
            );
        }
    }
    if cut.is_empty() {
        return sql;
    }
    for (table, id, columns) in [
        ("history", "record", &["record", "kind", "seq", "at", "by", "field", "from", "to", "reason"][..]),
        ("members", "record", &["record", "kind", "field", "value"][..]),
        ("survivors", "id", &["id", "kind", "survivor"][..]),
    ] {
        let columns: Vec<String> = columns.iter().map(|column| format!("t.{}", quoted(column))).collect();
        let rowid = if table == "members" { "t.rowid as rowid, " } else { "" };
        let _ = write!(
            sql,
            "create temp view {table} as select {rowid}{} from {place}.{table} t where case t.kind when '' then 0",
            columns.join(", ")
        );
        for tables in cut.iter().filter(|tables| table != "survivors" || MERGED.contains(&tables.kind.name)) {
            let noun = tables.kind.name;
            let own = quoted(&layout.tables[tables.own].name);
            let condition = condition(tables.kind, sight, place, "o");
            let hidden = sight.hides(noun).filter(|_| table != "survivors");
            let told = hidden.map_or_else(String::new, |fields| {
                let fields = list(fields.iter().map(String::as_str));
                format!(" and coalesce(t.field, '') not in ({fields})")
            });
            let _ = match condition.as_str() {
                "1" => write!(sql, " when '{noun}' then 1{told}"),
                "(0)" => write!(sql, " when '{noun}' then 0"),
                _ => write!(
                    sql,
                    " when '{noun}' then exists (select 1 from {place}.{own} o where o.id = t.{id} and {condition}){told}"
                ),
            };
        }
        sql.push_str(" else 1 end;\n");
    }
    sql
}

/// The types that are not seen whole.
fn cut<'a>(layout: &'a Layout, sight: &Sight) -> Vec<&'a KindTables> {
    let whole =
        |tables: &&KindTables| sight.is_whole(tables.kind.name) && sight.hides(tables.kind.name).is_none();
    layout.kinds.iter().filter(|tables| !whole(tables)).collect()
}

fn select(columns: &[&str], hidden: &dyn Fn(&str) -> bool) -> String {
    let shown = columns.iter().map(|name| {
        let column = quoted(name);
        if hidden(name) { format!("null as {column}") } else { format!("t.{column}") }
    });
    std::iter::once("t.rowid as rowid".to_owned()).chain(shown).collect::<Vec<_>>().join(", ")
}

/// Whether the record that `at` stands for is seen. `mine` is told apart by a function, as every
/// table that a view names counts among the few that one select may have.
fn condition(kind: &Kind, sight: &Sight, place: &str, at: &str) -> String {
    let reach = sight.reach.get(kind.name).copied().unwrap_or("all");
    let own =
        if kind.name == "user" { format!("{at}.id = {} or ", literal(&sight.user)) } else { String::new() };
    match reach {
        "all" => "1".to_owned(),
        "none" => format!("({own}0)"),
        reach => format!("({own}{})", owned(kind, place, at, i32::from(reach == "team"))),
    }
}

/// Whether the record belongs to the user, or to the team.
fn owned(kind: &Kind, place: &str, at: &str, team: i32) -> String {
    if kind.name == "user" {
        return format!("mine({at}.id, {team})");
    }
    if let Some(field) = owner_field(kind) {
        return format!("mine({at}.{}, {team})", quoted(field));
    }
    let mut sql = format!("mine({at}.created_by, {team})");
    for (field, noun) in belongs(kind.name).iter().rev() {
        let table = format!("{place}.{}", quoted(&format!("{noun}s")));
        sql = format!(
            "coalesce((select mine(p.owner, {team}) from {table} p where p.id = {at}.{}), {sql})",
            quoted(field)
        );
    }
    sql
}

/// Teaches a connection whose records are the user's, and whose the team's.
fn register(db: &Connection, sight: &Arc<Sight>) -> Result<()> {
    let sight = sight.clone();
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    db.create_scalar_function("mine", 2, flags, move |context| {
        let Ok(owner) = context.get_raw(0).as_str() else { return Ok(false) };
        let team: bool = context.get(1)?;
        Ok(owner == sight.user || (team && sight.team.contains(owner)))
    })?;
    Ok(())
}

fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(literal).collect::<Vec<_>>().join(", ")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
