//! Answers as bytes: a [`Table`] and a [`Style`] in, one of the formats out.
//!
//! One file per format, registered here. Deliberately absent: records, stores, terminals and the
//! environment; whoever calls has decided width, colour and language before.

pub mod board;
mod cells;
pub mod chart;
mod content_lines;
mod delimited;
pub mod display;
mod grid;
mod html;
mod icalendar;
mod ids;
mod json;
mod markdown;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(test)]
mod samples;
mod table;
mod vcard;
mod view;
mod xlsx;

use std::io::{self, BufWriter, Write};

use crate::table::page::Page;
use crate::table::{Cell, ColumnType, Table};

pub use display::display;

/// Who made a card or a calendar, for its readers.
const PRODUCT: &str = "-//crm//crm//EN";

/// What a table can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Csv,
    Tsv,
    Json,
    Jsonl,
    Ids,
    Markdown,
    Html,
    Xlsx,
    Svg,
    Vcf,
    Ics,
}

impl Format {
    /// Every format, in the order help shows them.
    pub const ALL: [Self; 12] = [
        Self::Table,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::Jsonl,
        Self::Ids,
        Self::Markdown,
        Self::Html,
        Self::Xlsx,
        Self::Svg,
        Self::Vcf,
        Self::Ics,
    ];

    /// The name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Ids => "ids",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Svg => "svg",
            Self::Vcf => "vcf",
            Self::Ics => "ics",
        }
    }

    /// All names, for help and for "did you mean".
    #[must_use]
    pub fn names() -> [&'static str; 12] {
        Self::ALL.map(Self::name)
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that the ending of a file name means, without its dot, in any case.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Table),
            "tab" => Some(Self::Tsv),
            "ndjson" => Some(Self::Jsonl),
            "markdown" => Some(Self::Markdown),
            "htm" => Some(Self::Html),
            other => Self::from_name(other).filter(|format| *format != Self::Table),
        }
    }

    /// Whether its bytes are not text, so that they must not go to a terminal.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self == Self::Xlsx
    }

    /// Whether it can be handed out as a document: see [`write_page`].
    #[must_use]
    pub fn is_handed_out(self) -> bool {
        matches!(self, Self::Markdown | Self::Html | Self::Xlsx)
    }

    /// Whether a table has this form at all: cards and calendars are made of their own properties.
    #[must_use]
    pub fn fits(self, table: &Table) -> bool {
        match self {
            Self::Vcf => vcard::fits(table),
            Self::Ics => icalendar::fits(table),
            _ => true,
        }
    }

    /// Whether columns made for programs, such as the id beside a name, are shown.
    fn shows_data(self) -> bool {
        !matches!(self, Self::Table | Self::Markdown | Self::Html | Self::Svg)
    }

    /// Whether people read it, so that labels stand in place of codes.
    fn is_labelled(self) -> bool {
        matches!(self, Self::Table | Self::Markdown | Self::Html | Self::Xlsx | Self::Svg)
    }
}

/// Whether headers and coded values appear as codes or as labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// Labels for people, codes for programs.
    #[default]
    Auto,
    Code,
    Label,
}

/// The few words a format adds itself, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub yes: String,
    pub no: String,
    /// Names the total row where the table leaves its first cell empty.
    pub total: String,
    /// After the number 1, as in `1 row`.
    pub row: String,
    /// After every other number of rows.
    pub rows: String,
    /// Name of the sheet that says where the data comes from.
    pub provenance: String,
    /// Of a chart that shows the largest only; `{shown}` and `{all}` are numbers.
    pub chart_largest: String,
    /// Of a chart that shows the last ones only.
    pub chart_latest: String,
    /// Of one that shows the first ones only.
    pub chart_first: String,
    /// Follows one of these; `{rest}` is what the others make together.
    pub chart_rest: String,
    /// The series that many small ones became.
    pub chart_others: String,
    /// In place of a chart without a number.
    pub chart_empty: String,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            yes: "yes".into(),
            no: "no".into(),
            total: "Total".into(),
            row: "row".into(),
            rows: "rows".into(),
            provenance: "Provenance".into(),
            chart_largest: "The {shown} largest of {all}".into(),
            chart_latest: "The last {shown} of {all}".into(),
            chart_first: "The first {shown} of {all}".into(),
            chart_rest: "; the others together: {rest}".into(),
            chart_others: "others".into(),
            chart_empty: "No numbers to draw".into(),
        }
    }
}

/// How a table is to look; each format takes from it what concerns it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, independent of the others"
)]
pub struct Style {
    /// Columns of the terminal; `None` shortens nothing.
    pub width: Option<usize>,
    pub colour: bool,
    /// Lines and ellipses beyond ASCII.
    pub unicode: bool,
    /// Whether the bytes go straight to a terminal: csv and tsv then show control characters.
    pub terminal: bool,
    /// Header line of table, csv and tsv.
    pub header: bool,
    /// Byte order mark before csv and tsv.
    pub bom: bool,
    /// Neutralises text in csv and tsv that a spreadsheet would run.
    pub excel_safe: bool,
    pub labels: Labels,
    /// Wraps json as `{"provenance": …, "rows": […]}`.
    pub envelope: bool,
    /// Title, number of rows and provenance under table and md; html and xlsx always keep them.
    pub provenance: bool,
    /// `en` or `zh-CN`.
    pub language: String,
    pub words: Words,
    /// The chart beside a table or in its place.
    pub drawing: chart::Drawing,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: None,
            colour: false,
            unicode: true,
            terminal: false,
            header: true,
            bom: false,
            excel_safe: false,
            labels: Labels::Auto,
            envelope: false,
            provenance: true,
            language: "en".into(),
            words: Words::default(),
            drawing: chart::Drawing::default(),
        }
    }
}

impl Style {
    /// What stands between a label and its value.
    fn colon(&self) -> &'static str {
        if self.language.starts_with("zh") { "：" } else { ": " }
    }
}

/// A number as people read it in a column of a type.
#[must_use]
pub fn figure(ty: ColumnType, cell: &Cell, style: &Style) -> String {
    cells::readable(ty, cell, true, &style.words).into_owned()
}

/// Writes a table in a format.
///
/// # Errors
///
/// What `out` reports, and `InvalidInput` where the table has no such form: `ids` without an id
/// column, `xlsx` beyond the limits of a sheet, `svg` of what [`chart::lack`] says, `vcf` and `ics`
/// of what does not [fit](Format::fits).
pub fn write(format: Format, table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    // Formats write in small pieces, and `out` may be a bare file.
    let mut out = BufWriter::new(out);
    match format {
        Format::Table => table::write(table, style, &mut out),
        Format::Csv => delimited::write_csv(table, style, &mut out),
        Format::Tsv => delimited::write_tsv(table, style, &mut out),
        Format::Json => json::write(table, style, &mut out),
        Format::Jsonl => json::write_lines(table, style, &mut out),
        Format::Ids => ids::write(table, &mut out),
        Format::Markdown => markdown::write(table, style, &mut out),
        Format::Html => html::write(table, style, &mut out),
        Format::Xlsx => xlsx::write(std::slice::from_ref(table), style, &mut out),
        Format::Svg => chart::svg::write(table, style, &mut out),
        Format::Vcf => vcard::write(table, style, &mut out),
        Format::Ics => icalendar::write(table, style, &mut out),
    }?;
    out.flush()
}

/// Writes a document to hand out.
///
/// # Errors
///
/// What `out` reports, and `InvalidInput` where the format is not one to hand out, or the document
/// is beyond the limits of a sheet.
pub fn write_page(format: Format, page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Markdown => markdown::page::write(page, &mut out),
        Format::Html => html::page::write(page, &mut out),
        Format::Xlsx => xlsx::page::write(page, &mut out),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, format.name())),
    }?;
    out.flush()
}

/// A cell as people read it, raw: labels, grouped digits, percent.
#[must_use]
pub fn readable(ty: ColumnType, cell: &Cell, words: &Words) -> String {
    cells::readable(ty, cell, true, words).into_owned()
}

/// Writes several tables as one xlsx workbook, a sheet each.
///
/// # Errors
///
/// As [`write()`].
pub fn write_book(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    xlsx::write(tables, style, out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_ending() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_extension("CSV"), Some(Format::Csv));
        assert_eq!(Format::from_extension("vcf"), Some(Format::Vcf));
        assert_eq!(Format::from_extension("txt"), Some(Format::Table));
        assert_eq!(Format::from_extension("table"), None);
        assert_eq!(Format::from_extension("exe"), None);
        assert_eq!(Format::from_name("CSV"), None);
    }

    #[test]
    fn only_xlsx_is_binary() {
        let binary: Vec<_> = Format::ALL.into_iter().filter(|f| f.is_binary()).collect();
        assert_eq!(binary, [Format::Xlsx]);
    }

    proptest! {
        #![proptest_config(samples::config())]

        #[test]
        fn no_format_panics_or_lets_a_control_character_through(
            table in samples::any_table(),
            style in samples::any_style(),
        ) {
            for format in Format::ALL {
                let mut out = Vec::new();
                let written = write(format, &table, &style, &mut out);
                let refusable = matches!(format, Format::Ids | Format::Svg | Format::Vcf | Format::Ics);
                prop_assert!(written.is_ok() || refusable, "{format:?}: {written:?}");
                let raw = matches!(format, Format::Csv | Format::Tsv) && !style.terminal;
                if raw || format.is_binary() {
                    continue;
                }
                let text = String::from_utf8(out).expect("text formats are UTF-8");
                let text = text.replace("\u{1b}[1m", "").replace("\u{1b}[2m", "");
                let text = text.replace("\u{1b}[0m", "");
                let text = (31..37).fold(text, |text, colour| text.replace(&format!("\u{1b}[{colour}m"), ""));
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                let bad = text.chars().find(|c| !matches!(c, '\n' | '\t') && display::is_hidden(*c));
                prop_assert_eq!(bad, None, "{:?} in {:?}", format, text);
            }
        }
    }
}
