//! The only place that prints: results to stdout or a file, everything else to stderr.
//!
//! Text from records passes through `formats::display` on its way to a terminal or to stderr.

use std::cell::Cell;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::{Failure, file_error};
use crate::formats::chart::{self, Drawing, Lack, Place};
use crate::formats::{self, Format, Style, display};
use crate::model::Problem;
use crate::table::Table;
use crate::table::page::Page;

/// Where output goes and how it looks.
#[derive(Clone, Debug)]
pub struct Ui {
    pub format: Option<Format>,
    pub style: Style,
    /// `-o FILE`; `-` is stdout.
    pub output: Option<PathBuf>,
    pub quiet: bool,
    pub verbose: bool,
    /// Whether stderr takes colour.
    pub stderr_colour: bool,
    /// The program that pages long output on a terminal.
    pub pager: Option<String>,
    /// Whether errors are also told as JSON.
    pub json_errors: bool,
    /// Says nothing at all on stdout.
    pub muted: bool,
    /// Lines already printed on stdout: nothing may follow an unreadable record there.
    pub printed: Cell<bool>,
}

impl Ui {
    /// The format of a result, the given one unless `--format` or `-o` says otherwise.
    pub fn format(&self, default: Format) -> Format {
        self.format.unwrap_or(default)
    }

    /// Writes a result in the chosen format to stdout or the file.
    pub fn table(&self, table: &Table, default: Format) -> Result<(), Failure> {
        self.drawn(table, default, Drawing::default())
    }

    /// As [`Ui::table`], with a chart as `--chart` asks for it, which only the table format has.
    pub fn drawn(&self, table: &Table, default: Format, drawing: Drawing) -> Result<(), Failure> {
        let format = self.format(default);
        drawable(table, format, drawing)?;
        self.made(format, |style, bytes| {
            let style = Style { drawing, ..style.clone() };
            formats::write(format, table, &style, bytes)
        })
    }

    /// The bytes of a result as a file in a format has them.
    pub fn rendered(&self, table: &Table, format: Format, drawing: Drawing) -> Result<Vec<u8>, Failure> {
        drawable(table, format, drawing)?;
        let mut bytes = Vec::new();
        formats::write(format, table, &Style { drawing, ..self.file_style() }, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes several results as one workbook.
    pub fn book(&self, tables: &[Table]) -> Result<(), Failure> {
        self.made(Format::Xlsx, |style, bytes| formats::write_book(tables, style, bytes))
    }

    /// How a result looks in a file.
    fn file_style(&self) -> Style {
        Style { terminal: false, colour: false, width: None, ..self.style.clone() }
    }

    /// Writes a document to hand out, in a format for that.
    pub fn page(&self, page: &Page, format: Format) -> Result<(), Failure> {
        self.made(format, |_, bytes| formats::write_page(format, page, bytes))
    }

    /// Writes what a format makes to stdout or the file.
    fn made(
        &self,
        format: Format,
        make: impl FnOnce(&Style, &mut Vec<u8>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        if let Some(path) = self.file() {
            make(&self.file_style(), &mut bytes).map_err(|e| file_error(path, &e))?;
            return atomically(path, &bytes);
        }
        if format.is_binary() && self.style.terminal {
            return Err(Problem::usage("binary-to-terminal").arg("format", format.name()).into());
        }
        make(&self.style, &mut bytes)?;
        self.bytes(&bytes)
    }

    /// Writes bytes to stdout, through the pager where they do not fit on the screen.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        if self.muted {
            return Ok(());
        }
        self.printed.set(true);
        if let Some(path) = self.file() {
            return atomically(path, bytes);
        }
        if self.style.terminal {
            let lines = bytes.iter().filter(|b| **b == b'\n').count();
            if lines > screen_lines()
                && let Some(pager) = &self.pager
                && page(pager, bytes).is_ok()
            {
                return Ok(());
            }
        }
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// Stdout for bytes that are too many to hold.
    pub fn stream(&self) -> impl Write + use<> {
        self.printed.set(true);
        io::stdout().lock()
    }

    /// Writes lines of text to stdout.
    pub fn lines<I: IntoIterator<Item = S>, S: AsRef<str>>(&self, lines: I) -> Result<(), Failure> {
        let mut text = String::new();
        for line in lines {
            text.push_str(line.as_ref());
            text.push('\n');
        }
        self.bytes(text.as_bytes())
    }

    /// A sentence for the person at the terminal; silent with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.stderr(text);
        }
    }

    /// A line on stderr whatever happens. A stderr that is gone changes nothing.
    #[expect(clippy::unused_self, reason = "everything is printed through the user interface")]
    pub fn stderr(&self, text: &str) {
        let mut out = io::stderr().lock();
        let _ = writeln!(out, "{}", display(text));
    }

    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// The file that `-o` names.
    pub fn output_file(&self) -> Option<&Path> {
        self.file()
    }
}

/// Refuses a form that a table does not have: cards, a calendar, or a chart that a format or a table does not have.
fn drawable(table: &Table, format: Format, drawing: Drawing) -> Result<(), Failure> {
    if !format.fits(table) {
        let id = if format == Format::Ics { "no-calendar" } else { "no-cards" };
        return Err(Problem::usage(id).arg("value", &table.name).into());
    }
    if drawing.place != Place::Nowhere && format != Format::Table {
        return Err(Problem::usage("chart-not-table").arg("format", format.name()).into());
    }
    if (drawing.place != Place::Nowhere || format == Format::Svg)
        && let Some(lack) = chart::lack(table)
    {
        return Err(without_chart(table, lack).into());
    }
    Ok(())
}

/// What a table lacks to be drawn, in words.
fn without_chart(table: &Table, lack: Lack) -> Problem {
    match lack {
        Lack::Chart => Problem::usage("no-chart").arg("value", &table.name).hint("no-chart-hint"),
        Lack::Kind(kind) => Problem::usage("chart-of-unknown-kind").arg("value", kind),
        Lack::Column(code) => Problem::usage("chart-without-column").arg("value", code),
        Lack::Numbers(code) => Problem::usage("chart-without-numbers").arg("value", code),
    }
}

/// Replaces a file in one step: it is the old one or the new one, never half.
pub fn atomically(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let temp = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&temp);
        file_error(path, &error)
    })
}

fn screen_lines() -> usize {
    rustix::termios::tcgetwinsize(io::stdout()).map_or(usize::MAX, |size| usize::from(size.ws_row))
}

/// Width of the terminal in columns.
pub fn screen_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Whether stdout, stderr and stdin are terminals.
pub fn terminals() -> (bool, bool, bool) {
    (io::stdout().is_terminal(), io::stderr().is_terminal(), io::stdin().is_terminal())
}

fn page(pager: &str, bytes: &[u8]) -> io::Result<()> {
    let mut child = Command::new("sh").arg("-c").arg(pager).stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A pager that is left early closes the pipe; that is no error.
        let _ = stdin.write_all(bytes);
    }
    child.wait().map(|_| ())
}

/// Text on stdout before there is anything else to say it with.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// A line on stderr before there is anything else to say it with.
pub fn complain(line: &str) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "{}", display(line));
}
