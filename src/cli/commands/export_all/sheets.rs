//! The files of an exported table, written row by row so that memory does not grow with them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::super::super::error::{Failure, file_error};
#[cfg(feature = "parquet")]
use crate::exchange::parquet;
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
    /// Where the program was built with it.
    Parquet,
}

impl Encoding {
    /// The name and ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => Format::Csv.name(),
            Self::Jsonl => Format::Jsonl.name(),
            Self::Parquet => PARQUET,
        }
    }
}

/// The name of the format that the feature `parquet` adds.
pub const PARQUET: &str = "parquet";

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
    rows: usize,
    into: Into,
}

/// What takes the rows.
enum Into {
    Text(Box<Text>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer>),
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
        let begin = || {
            let file = File::create(&path)?;
            match encoding {
                Encoding::Csv => Ok(Into::Text(Box::new(Text::new(relation, Format::Csv, style, file)))),
                Encoding::Jsonl => Ok(Into::Text(Box::new(Text::new(relation, Format::Jsonl, style, file)))),
                Encoding::Parquet => columnar(relation, file),
            }
        };
        let into = begin().map_err(|e| file_error(&path, &e))?;
        Ok(Self { name, path, rows: 0, into })
    }

    fn push(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        self.rows += 1;
        let taken = match &mut self.into {
            Into::Text(text) => text.push(cells),
            #[cfg(feature = "parquet")]
            Into::Parquet(writer) => writer.push(&cells),
        };
        taken.map_err(|e| file_error(&self.path, &e))
    }

    fn finish(self) -> Result<Sheet, Failure> {
        let Self { name, path, rows, into } = self;
        let end = || {
            let file = match into {
                Into::Text(text) => text.finish()?,
                #[cfg(feature = "parquet")]
                Into::Parquet(writer) => writer.finish()?,
            };
            file.sync_all()?;
            file.metadata().map(|metadata| metadata.len())
        };
        let bytes = end().map_err(|e| file_error(&path, &e))?;
        Ok(Sheet { name, rows, bytes })
    }
}

#[cfg(feature = "parquet")]
fn columnar(relation: &Relation, file: File) -> io::Result<Into> {
    use parquet::Kind;
    let kind = |decl: &str| match decl {
        "MONEY INTEGER" => Kind::Dec(4),
        "PRICE REAL" | "QTY REAL" | "PCT REAL" | "REAL" => Kind::Dec(6),
        "INTEGER" => Kind::Int,
        "BOOL INTEGER" => Kind::Bool,
        "DAY TEXT" => Kind::Day,
        "INSTANT TEXT" => Kind::Instant,
        _ => Kind::Text,
    };
    let columns: Vec<(&str, Kind)> = relation.columns.iter().map(|c| (c.name, kind(c.decl))).collect();
    parquet::Writer::new(file, &relation.name, &columns).map(|writer| Into::Parquet(Box::new(writer)))
}

#[cfg(not(feature = "parquet"))]
fn columnar(_: &Relation, _: File) -> io::Result<Into> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file of text.
struct Text {
    file: BufWriter<File>,
    format: Format,
    style: Style,
    /// The rows that wait.
    table: Table,
    begun: bool,
}

impl Text {
    fn new(relation: &Relation, format: Format, style: &Style, file: File) -> Self {
        let columns = relation.columns.iter().map(|column| Column::new(column.name, ColumnType::Text));
        let table = Table::new(&relation.name, columns.collect());
        Self { file: BufWriter::new(file), format, style: style.clone(), table, begun: false }
    }

    fn push(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        self.table.rows.push(cells);
        if self.table.rows.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        formats::write(self.format, &self.table, &self.style, &mut self.file)?;
        self.table.rows.clear();
        self.begun = true;
        (self.style.header, self.style.bom) = (false, false);
        Ok(())
    }

    fn finish(mut self) -> io::Result<File> {
        if !self.begun || !self.table.rows.is_empty() {
            self.flush()?;
        }
        self.file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}
