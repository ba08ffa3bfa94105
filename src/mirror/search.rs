//! Searching all records for words, also the one- and two-character names of Chinese.
//!
//! The index is built at the first search, so that nothing else pays for it, and kept in step from
//! then on. Words of three characters and more are found by trigrams, shorter ones by looking at
//! every text. Of child rows only lists are found, by a whole element: serial numbers. Deliberately
//! absent: other child rows, histories, merged records.

use rusqlite::{Connection, OptionalExtension, Statement, params_from_iter};

use super::layout::{KindTables, Layout, Table, quoted};
use super::rows::Cells;
use super::{Mirror, Result, SqlCell};
use crate::model::record::{Field, Type};
use crate::query::fold;

/// Bits of a rowid of the index that tell the type; the rest is the rowid of the record.
const KIND_BITS: u32 = 6;
/// Marks the beginning of a field's text; the field's column is added to it.
const MARK: u32 = 0xf_0000;
/// Characters of a snippet before and after what was found.
const AROUND: usize = 24;

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub kind: &'static str,
    pub id: String,
    pub title: String,
    /// The field in which the first word was found.
    pub field: String,
    /// What stands around it.
    pub snippet: String,
}

impl Mirror {
    /// The records of these types (of all where none are named) that hold every word, those first
    /// whose title is or begins with what was asked for.
    pub fn search(&mut self, words: &str, nouns: &[&str], limit: usize) -> Result<Vec<Hit>> {
        let terms: Vec<Term> = words.split_whitespace().map(Term::new).collect();
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.build_search()?;
        let (condition, mut params) = condition(&terms);
        let kinds: Vec<String> = (0_i64..)
            .zip(&self.layout.kinds)
            .filter(|(_, tables)| nouns.is_empty() || nouns.contains(&tables.kind.name))
            .map(|(at, _)| at.to_string())
            .collect();
        let asked = fold(words.trim());
        params.extend([asked.clone(), asked.clone(), asked]);
        let sql = format!(
            "select rowid & {mask}, id, title, body from search
             where {condition} and rowid & {mask} in ({kinds})
             order by case when fold(title) = ? then 0 when instr(fold(title), ?) = 1 then 1
               when instr(fold(title), ?) > 0 then 2 else 3 end, rank, title, id limit {limit}",
            mask = (1 << KIND_BITS) - 1,
            kinds = kinds.join(",")
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(params))?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next()? {
            let kind = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            let Some(tables) = self.layout.kinds.get(kind) else { continue };
            let body: String = row.get(3)?;
            let (field, snippet) = place(tables, &self.layout.tables[tables.own], &body, &terms);
            hits.push(Hit { kind: tables.kind.name, id: row.get(1)?, title: row.get(2)?, field, snippet });
        }
        drop(rows);
        drop(statement);
        for hit in self.hits_in_rows(words.trim(), nouns)? {
            if hits.len() < limit {
                hits.push(hit);
            }
        }
        Ok(hits)
    }

    /// The records that hold exactly this in a list of their child rows: where a serial number went.
    fn hits_in_rows(&self, word: &str, nouns: &[&str]) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        for (noun, id, field) in self.in_row_lists(word)? {
            let Some(tables) = self.layout.of(&noun) else { continue };
            if !nouns.is_empty() && !nouns.contains(&tables.kind.name) {
                continue;
            }
            let found = self.matches(tables, "t.id = ?1", &[&id])?.into_iter().next();
            let title = found.map_or_else(|| id.clone(), |found| found.title);
            hits.push(Hit { kind: tables.kind.name, id, title, field, snippet: word.to_owned() });
        }
        Ok(hits)
    }

    /// Builds the index where there is none.
    fn build_search(&mut self) -> Result<()> {
        if exists(&self.db)? {
            return Ok(());
        }
        let layout = self.layout.clone();
        let write = self.begin()?;
        if !exists(&write)? {
            write.execute_batch(
                "create virtual table search using fts5 (title, body, id unindexed, tokenize = 'trigram', detail = 'full')",
            )?;
            let Some(mut writer) = Writer::open(&write)? else { return Ok(()) };
            for tables in &layout.kinds {
                fill(&write, &layout, tables, &mut writer)?;
            }
        }
        write.commit()?;
        Ok(())
    }
}

fn exists(db: &Connection) -> Result<bool> {
    Ok(db.query_row("select exists (select 1 from sqlite_schema where name = 'search')", [], |row| {
        row.get(0)
    })?)
}

/// Adds all records of a type.
fn fill(db: &Connection, layout: &Layout, tables: &KindTables, writer: &mut Writer) -> Result<()> {
    let table = &layout.tables[tables.own];
    let columns: Vec<(usize, String)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.field.is_some_and(searched) || c.name == "merged_into")
        .map(|(at, c)| (at, quoted(c.name)))
        .collect();
    let names: Vec<&str> = columns.iter().map(|(_, name)| name.as_str()).collect();
    let sql = format!("select rowid, {} from {}", names.join(", "), quoted(&table.name));
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut cells = Cells::with_capacity(columns.len());
        for (place, (at, _)) in columns.iter().enumerate() {
            cells.push((*at, SqlCell::from(row.get_ref(place + 1)?)));
        }
        writer.add(layout, tables, row.get(0)?, &cells)?;
    }
    Ok(())
}

/// Keeps the index in step.
pub(super) struct Writer<'c> {
    insert: Statement<'c>,
    delete: Statement<'c>,
}

impl<'c> Writer<'c> {
    /// A writer, where there is an index.
    pub fn open(db: &'c Connection) -> Result<Option<Self>> {
        let found: Option<i64> = db
            .query_row("select 1 from sqlite_schema where name = 'search'", [], |row| row.get(0))
            .optional()?;
        if found.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            insert: db.prepare("insert into search (rowid, title, body, id) values (?, ?, ?, ?)")?,
            delete: db.prepare("delete from search where rowid = ?")?,
        }))
    }

    /// Adds a record.
    pub fn add(&mut self, layout: &Layout, tables: &KindTables, rowid: i64, cells: &Cells) -> Result<()> {
        let table = &layout.tables[tables.own];
        let text_of = |name: &str| {
            let at = table.position(name)?;
            cells.iter().find(|(column, _)| *column == at).and_then(|(_, cell)| cell.as_text())
        };
        if text_of("merged_into").is_some() {
            return Ok(());
        }
        let id = text_of("id").unwrap_or_default();
        let title = tables.kind.traits.title.iter().find_map(|name| text_of(name)).unwrap_or(id);
        let mut body = String::new();
        for (at, cell) in cells {
            let searched = table.columns[*at].field.is_some_and(searched);
            if let (true, Some(text)) = (searched, cell.as_text()) {
                body.extend(u32::try_from(*at).ok().and_then(|at| char::from_u32(MARK + at)));
                body.push_str(text.trim_matches(';'));
                body.push('\n');
            }
        }
        self.insert.execute((key(layout, tables, rowid), title, body, id))?;
        Ok(())
    }

    /// Forgets a record.
    pub fn remove(&mut self, layout: &Layout, tables: &KindTables, rowid: i64) -> Result<()> {
        self.delete.execute([key(layout, tables, rowid)])?;
        Ok(())
    }
}

fn key(layout: &Layout, tables: &KindTables, rowid: i64) -> i64 {
    let kind = layout.kinds.iter().position(|t| t.own == tables.own).and_then(|at| i64::try_from(at).ok());
    rowid << KIND_BITS | kind.unwrap_or_default()
}

/// Whether a field's text is looked at.
fn searched(field: &Field) -> bool {
    field.name != "key"
        && matches!(field.ty, Type::Text | Type::Prose | Type::Phone | Type::Email | Type::Url)
}

/// A word that is looked for.
struct Term {
    word: String,
    /// Its digits, where it is a number as people write phones.
    digits: Option<String>,
}

impl Term {
    fn new(word: &str) -> Self {
        let number = word.chars().all(|c| c.is_ascii_digit() || "+-()./".contains(c));
        let digits: String = word.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0').to_owned();
        let digits = (number && digits.len() > 2 && digits != word).then_some(digits);
        Self { word: fold(word), digits }
    }

    fn found_in(&self, text: &str) -> Option<usize> {
        let at = |word: &str| text.find(word).map(|at| text[..at].chars().count());
        at(&self.word).or_else(|| at(self.digits.as_deref()?))
    }
}

/// The condition that all terms are there.
fn condition(terms: &[Term]) -> (String, Vec<String>) {
    let (long, short): (Vec<&Term>, Vec<&Term>) =
        terms.iter().partition(|term| term.word.chars().count() > 2);
    let (mut conditions, mut params) = (Vec::new(), Vec::new());
    if !long.is_empty() {
        let phrase = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let all: Vec<String> = long
            .iter()
            .map(|term| match &term.digits {
                Some(digits) => format!("({} OR {})", phrase(&term.word), phrase(digits)),
                None => phrase(&term.word),
            })
            .collect();
        conditions.push("search match ?".to_owned());
        params.push(all.join(" AND "));
    }
    for term in short {
        let like = term.word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        conditions.push("(title like ? escape '\\' or body like ? escape '\\')".to_owned());
        params.extend([format!("%{like}%"), format!("%{like}%")]);
    }
    (conditions.join(" and "), params)
}

/// The field in which the first word stands, and what stands around it; the title's field first.
fn place(tables: &KindTables, table: &Table, body: &str, terms: &[Term]) -> (String, String) {
    let mut places: Vec<(usize, &str, String)> = Vec::new();
    for part in body.split_inclusive('\n').scan(None, |field, line| {
        let mut chars = line.chars();
        let mark = chars.next().map(u32::from).and_then(|mark| mark.checked_sub(MARK));
        // A line of prose after its first has no mark and belongs to the field before.
        let name = mark.and_then(|at| table.columns.get(at as usize)).map(|c| c.name);
        let text = if name.is_some() { chars.as_str() } else { line };
        *field = name.or(*field);
        Some((field.unwrap_or_default(), text.trim_end_matches('\n')))
    }) {
        let (field, text) = part;
        let folded = fold(text);
        for (rank, term) in terms.iter().enumerate() {
            if let Some(at) = term.found_in(&folded) {
                let other = usize::from(!tables.kind.traits.title.contains(&field));
                places.push((rank * 2 + other, field, around(text, at)));
            }
        }
    }
    places.sort_by_key(|(rank, ..)| *rank);
    places.into_iter().next().map_or_else(Default::default, |(_, field, text)| (field.to_owned(), text))
}

/// A few characters before and after a place.
fn around(text: &str, at: usize) -> String {
    let from = at.saturating_sub(AROUND);
    let part: String = text.chars().skip(from).take(2 * AROUND).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if text.chars().count() > from + 2 * AROUND { "…" } else { "" };
    format!("{before}{part}{after}")
}
