//! The files of an exported table, written row by row so that memory does not grow with them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
    Parquet,
}

impl Encoding {
    /// The name and ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => Format::Csv.name(),
            Self::Jsonl => Format::Jsonl.name(),
            Self::Parquet => super::PARQUET,
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
    let ending = encoding.name();
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
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|e| file_error(path, &e))
}

/// A file that is being written.
struct Writer {
    name: String,
    path: PathBuf,
    body: Box<dyn Body>,
    rows: usize,
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
        let begin = || begin(relation, encoding, style, BufWriter::new(File::create(&path)?));
        let body = begin().map_err(|e| file_error(&path, &e))?;
        Ok(Self { name, path, body, rows: 0 })
    }

    fn push(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        self.rows += 1;
        self.body.push(cells).map_err(|e| file_error(&self.path, &e))
    }

    fn finish(self) -> Result<Sheet, Failure> {
        let end = || {
            let file = self.body.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = end().map_err(|e| file_error(&self.path, &e))?;
        Ok(Sheet { name: self.name, rows: self.rows, bytes })
    }
}

/// What takes the rows of a file.
trait Body {
    fn push(&mut self, cells: Vec<Cell>) -> io::Result<()>;
    fn finish(self: Box<Self>) -> io::Result<BufWriter<File>>;
}

fn begin(
    relation: &Relation,
    encoding: Encoding,
    style: &Style,
    file: BufWriter<File>,
) -> io::Result<Box<dyn Body>> {
    let columns = relation.columns.iter().map(|column| Column::new(column.name, column_type(column.decl)));
    let table = Table::new(&relation.name, columns.collect());
    let format = match encoding {
        Encoding::Csv => Format::Csv,
        Encoding::Jsonl => Format::Jsonl,
        #[cfg(feature = "parquet")]
        Encoding::Parquet => {
            return Ok(Box::new(formats::parquet::Writer::new(file, &table.name, &table.columns)?));
        }
        #[cfg(not(feature = "parquet"))]
        Encoding::Parquet => return Err(io::ErrorKind::Unsupported.into()),
    };
    Ok(Box::new(Lines { file, format, style: style.clone(), table, begun: false }))
}

/// What the values of a declared type are.
fn column_type(decl: &str) -> ColumnType {
    match decl {
        "MONEY INTEGER" => ColumnType::Money,
        "PRICE REAL" => ColumnType::Price,
        "QTY REAL" => ColumnType::Qty,
        "PCT REAL" => ColumnType::Percent,
        "REAL" => ColumnType::Dec,
        "INTEGER" => ColumnType::Int,
        "BOOL INTEGER" => ColumnType::Bool,
        "DAY TEXT" => ColumnType::Day,
        "INSTANT TEXT" => ColumnType::Instant,
        "LIST TEXT" => ColumnType::List,
        _ => ColumnType::Text,
    }
}

/// Rows as lines of text.
struct Lines {
    file: BufWriter<File>,
    format: Format,
    style: Style,
    /// The rows that wait.
    table: Table,
    begun: bool,
}

impl Lines {
    fn flush(&mut self) -> io::Result<()> {
        formats::write(self.format, &self.table, &self.style, &mut self.file)?;
        self.table.rows.clear();
        self.begun = true;
        (self.style.header, self.style.bom) = (false, false);
        Ok(())
    }
}

impl Body for Lines {
    fn push(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        self.table.rows.push(cells);
        if self.table.rows.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<BufWriter<File>> {
        if !self.begun || !self.table.rows.is_empty() {
            self.flush()?;
        }
        Ok(self.file)
    }
}

#[cfg(feature = "parquet")]
impl Body for formats::parquet::Writer<BufWriter<File>> {
    fn push(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        Self::push(self, &cells)
    }

    fn finish(self: Box<Self>) -> io::Result<BufWriter<File>> {
        Self::finish(*self)
    }
}
