//! The files of an exported table, written row by row so that memory does not grow with them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::super::super::error::{Failure, file_error};
use crate::formats::{self, Format, Style};
use crate::mirror::{Mirror, Relation};
use crate::table::{Cell, Column, ColumnType, Table};

/// Rows that are turned into text at once.
const CHUNK: usize = 1000;

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Csv,
    Jsonl,
}

impl Encoding {
    /// The name and ending.
    pub fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

/// One written file.
#[derive(Debug)]
pub struct Sheet {
    /// In the folder.
    pub name: String,
    pub rows: usize,
    pub bytes: u64,
}

/// The look of the files: the same wherever they are written, but for what spreadsheets need.
pub fn style(asked: &Style) -> Style {
    Style { bom: asked.bom, excel_safe: asked.excel_safe, ..Style::default() }
}

/// The file of a table, or of one of its years. All are in one folder: so `DuckDB` finds what
/// `load.sql` names, and `orders-*.csv` is all of a table.
pub fn file_name(relation: &Relation, years: bool, year: Option<&str>, encoding: Encoding) -> String {
    let ending = encoding.format().name();
    if !years {
        return format!("{}.{ending}", relation.name);
    }
    let year = year.filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()));
    format!("{}-{}.{ending}", relation.name, year.unwrap_or("undated"))
}

/// Writes a table below a folder, by years or as one file, and gives its files in order.
pub fn write(
    mirror: &Mirror,
    relation: &Relation,
    years: bool,
    encoding: Encoding,
    style: &Style,
    folder: &Path,
) -> Result<Vec<Sheet>, Failure> {
    let mut sheets = Vec::new();
    let mut open: Option<Writer> = None;
    mirror.whole_rows(relation, years, &mut |year, cells| -> Result<(), Failure> {
        let name = file_name(relation, years, year, encoding);
        if open.as_ref().is_none_or(|writer| writer.name != name) {
            if let Some(done) = open.take() {
                sheets.push(done.finish()?);
            }
            open = Some(Writer::new(relation, name, encoding, style, folder)?);
        }
        match &mut open {
            Some(writer) => writer.push(cells),
            None => Ok(()),
        }
    })?;
    let last = match open {
        Some(writer) => writer,
        // A table without rows is a file all the same.
        None => {
            let name = file_name(relation, years, None, encoding);
            Writer::new(relation, name, encoding, style, folder)?
        }
    };
    sheets.push(last.finish()?);
    Ok(sheets)
}

/// Writes a text and flushes it to the disk.
pub fn write_text(path: &Path, text: &str) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|e| file_error(path, &e))
}

/// A file that is being written.
struct Writer {
    name: String,
    path: std::path::PathBuf,
    file: BufWriter<File>,
    format: Format,
    style: Style,
    /// The rows that wait.
    table: Table,
    rows: usize,
    begun: bool,
}

impl Writer {
    fn new(
        relation: &Relation,
        name: String,
        encoding: Encoding,
        style: &Style,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let path = folder.join(&name);
        let file = BufWriter::new(File::create(&path).map_err(|e| file_error(&path, &e))?);
        let columns = relation.columns.iter().map(|column| Column::new(column.name, ColumnType::Text));
        let table = Table::new(&relation.name, columns.collect());
        let (format, style) = (encoding.format(), style.clone());
        Ok(Self { name, path, file, format, style, table, rows: 0, begun: false })
    }

    fn push(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        self.table.rows.push(cells);
        self.rows += 1;
        if self.table.rows.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let written = formats::write(self.format, &self.table, &self.style, &mut self.file);
        written.map_err(|e| file_error(&self.path, &e))?;
        self.table.rows.clear();
        self.begun = true;
        (self.style.header, self.style.bom) = (false, false);
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet, Failure> {
        if !self.begun || !self.table.rows.is_empty() {
            self.flush()?;
        }
        let path = self.path;
        let file = self.file.into_inner().map_err(|e| file_error(&path, e.error()))?;
        file.sync_all().map_err(|e| file_error(&path, &e))?;
        let bytes = file.metadata().map_err(|e| file_error(&path, &e))?.len();
        Ok(Sheet { name: self.name, rows: self.rows, bytes })
    }
}
