//! csv and its kin into a [`Sheet`]: RFC 4180, any of the usual delimiters, line ends and
//! encodings.
//!
//! A row that cannot be read is set aside with its line number and the others are still read; a
//! file that is no csv, or not in its encoding, is refused as a whole. Nothing is guessed but the
//! delimiter. Deliberately absent: repairing of broken quotes.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use super::sheet::{Sheet, SheetRow};
use crate::model::Problem;

/// How a file is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The delimiter; the one of `,` `;` and tab that parts the first line most often unless given.
    pub delimiter: Option<u8>,
    /// The encoding; what the byte order mark says, else UTF-8 unless given.
    pub encoding: Option<&'a str>,
    /// The first row holds data; columns are then called `1`, `2` …
    pub no_header: bool,
}

/// Reads a file.
///
/// # Errors
/// `not-csv`, `empty-file`, `bad-bytes`, `unknown-encoding`, `unclosed-quote`, `duplicate-header`.
pub fn read(bytes: &[u8], options: &Options<'_>) -> Result<Sheet, Problem> {
    refuse_other_formats(bytes)?;
    let text = decode(bytes, options.encoding)?;
    if let Some(at) = text.find('\0') {
        return Err(not_csv("binary").at("", Some(line_of(text.as_bytes(), at))));
    }
    if text.trim().is_empty() {
        return Err(Problem::usage("empty-file"));
    }
    let delimiter = options.delimiter.unwrap_or_else(|| likely_delimiter(&text));
    let mut sheet = rows(&text, delimiter, options.no_header)?;
    take_off_guards(&mut sheet);
    sheet.settle()?;
    Ok(sheet)
}

fn rows(text: &str, delimiter: u8, no_header: bool) -> Result<Sheet, Problem> {
    let mut parser = Parser { text, at: 0, line: 1, delimiter };
    let mut sheet = Sheet::default();
    while let Some(record) = parser.record()? {
        let width = sheet.header.len();
        if width == 0 {
            if !no_header {
                sheet.header = record.row.cells;
                continue;
            }
            sheet.header = (1..=record.row.cells.len()).map(|number| number.to_string()).collect();
        }
        let (line, have, want) = (record.row.line, record.row.cells.len(), sheet.header.len());
        if record.broken {
            sheet.ragged.push((record.row, Problem::usage("broken-quotes").arg("line", line)));
        } else if have != want {
            let problem =
                Problem::usage("wrong-field-count").arg("line", line).arg("have", have).arg("want", want);
            sheet.ragged.push((record.row, problem));
        } else {
            sheet.rows.push(record.row);
        }
    }
    Ok(sheet)
}

struct Record {
    row: SheetRow,
    /// Something stands between a closing quote and the next delimiter.
    broken: bool,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    delimiter: u8,
}

impl Parser<'_> {
    /// The next row that is not a blank line.
    fn record(&mut self) -> Result<Option<Record>, Problem> {
        loop {
            if self.at >= self.text.len() {
                return Ok(None);
            }
            let (line, begin) = (self.line, self.at);
            let mut cells = Vec::new();
            let mut broken = false;
            loop {
                let (cell, sound) = self.cell()?;
                cells.push(cell);
                broken |= !sound;
                if self.peek() != Some(self.delimiter) {
                    break;
                }
                self.at += 1;
            }
            let blank = self.at == begin;
            self.line_end();
            if !blank {
                return Ok(Some(Record { row: SheetRow { line, cells, group: None }, broken }));
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn line_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        self.line += 1;
    }

    /// The next cell, and whether nothing follows its closing quote.
    fn cell(&mut self) -> Result<(String, bool), Problem> {
        if self.peek() != Some(b'"') {
            return Ok((self.bare().to_owned(), true));
        }
        let opened = self.line;
        let mut cell = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.bytes().position(|b| b == b'"') else {
                return Err(Problem::usage("unclosed-quote").arg("line", opened));
            };
            let part = &rest[..end];
            cell.push_str(part);
            self.line += line_breaks(part);
            self.at += end + 1;
            if self.peek() != Some(b'"') {
                break;
            }
            cell.push('"');
            self.at += 1;
        }
        let rest = self.bare();
        cell.push_str(rest);
        let sound = rest.is_empty();
        Ok((cell, sound))
    }

    /// What comes before the next delimiter or line end.
    fn bare(&mut self) -> &str {
        let (text, delimiter) = (self.text, self.delimiter);
        let rest = &text[self.at..];
        let end = rest.bytes().position(|b| b == delimiter || b == b'\n' || b == b'\r').unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }
}

fn line_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    (0..bytes.len()).filter(|at| lone(*at)).count()
}

fn likely_delimiter(text: &str) -> u8 {
    let fields = |delimiter: u8| {
        let mut parser = Parser { text, at: 0, line: 1, delimiter };
        parser.record().ok().flatten().map_or(0, |record| record.row.cells.len())
    };
    let mut best = (b',', fields(b','));
    for delimiter in [b';', b'\t'] {
        let count = fields(delimiter);
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

const SIGNATURES: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "xlsx"),
    (b"\xD0\xCF\x11\xE0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1F\x8B", "gzip"),
    (b"SQLite format 3", "sqlite"),
];

fn refuse_other_formats(bytes: &[u8]) -> Result<(), Problem> {
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(not_csv(name));
    }
    match bytes.trim_ascii_start() {
        [b'<', ..] => Err(not_csv("html")),
        [b'{' | b'[', ..] => Err(not_csv("json")),
        rest if rest.starts_with(b"BEGIN:VCARD") => Err(not_csv("vcf")),
        _ => Ok(()),
    }
}

fn not_csv(looks: &'static str) -> Problem {
    Problem::usage("not-csv").arg("looks", looks).hint("not-csv-hint")
}

/// The text of bytes: by the byte order mark, else the encoding named, else UTF-8; strictly.
///
/// # Errors
/// `unknown-encoding`; `bad-bytes` with line and offset of the first byte that does not fit.
pub fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Result<Cow<'b, str>, Problem> {
    let named = match label {
        Some(label) => Encoding::for_label(label.as_bytes())
            .ok_or_else(|| Problem::usage("unknown-encoding").arg("value", label))?,
        None => UTF_8,
    };
    let (encoding, skip) = Encoding::for_bom(bytes).unwrap_or((named, 0));
    let body = bytes.get(skip..).unwrap_or_default();
    let refuse = |at: usize| {
        let problem = Problem::usage("bad-bytes")
            .arg("line", line_of(body, at))
            .arg("offset", at + skip)
            .arg("encoding", encoding.name());
        if label.is_none() { problem.hint("encoding-hint") } else { problem }
    };
    if encoding == UTF_8 {
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| refuse(error.valid_up_to()));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len()).unwrap_or(body.len() * 3 + 16);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(body, &mut text, true) {
        (DecoderResult::Malformed(bad, after), read) => {
            Err(refuse(read.saturating_sub(usize::from(bad) + usize::from(after))))
        }
        _ => Ok(Cow::Owned(text)),
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|b| **b == b'\n').count()
}

/// Takes off the `'` that an export for spreadsheets puts before text that they would run. A file
/// in which such text stands unguarded was not written that way and keeps its quotes.
fn take_off_guards(sheet: &mut Sheet) {
    let mut cells = sheet.rows.iter().flat_map(|row| &row.cells);
    if cells.clone().all(|cell| unguarded(cell).is_none()) || cells.any(|cell| stands_unguarded(cell)) {
        return;
    }
    for cell in sheet.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if let Some(rest) = unguarded(cell) {
            *cell = rest.to_owned();
        }
    }
}

/// The text behind a guard.
fn unguarded(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|rest| is_run_by_spreadsheets(rest.trim_start_matches('\'')))
}

fn stands_unguarded(cell: &str) -> bool {
    let number = cell.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !number && is_run_by_spreadsheets(cell)
}

fn is_run_by_spreadsheets(text: &str) -> bool {
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches([' ', '\u{a0}']).starts_with(dangerous)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        read(text.as_bytes(), &Options::default()).expect("a csv")
    }

    fn cells(sheet: &Sheet) -> Vec<(usize, Vec<&str>)> {
        sheet.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn rows_carry_the_line_on_which_they_begin() {
        for (text, wanted) in [
            ("a,b\n1,2\n\n3,4\n", vec![(2, vec!["1", "2"]), (4, vec!["3", "4"])]),
            ("a,b\r\n1,2\r\n3,4", vec![(2, vec!["1", "2"]), (3, vec!["3", "4"])]),
            ("a,b\r1,2\r3,4\r", vec![(2, vec!["1", "2"]), (3, vec!["3", "4"])]),
            ("a;b\n\"x\ny\";2\n3;4\n", vec![(2, vec!["x\ny", "2"]), (4, vec!["3", "4"])]),
            (
                "a\tb\n\"x\r\ny\"\t\"q \"\"r\"\"\"\n3\t4\n",
                vec![(2, vec!["x\r\ny", "q \"r\""]), (4, vec!["3", "4"])],
            ),
            ("a,b\n\"\",\n5\" disk,x", vec![(2, vec!["", ""]), (3, vec!["5\" disk", "x"])]),
        ] {
            assert_eq!(cells(&sheet(text)), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_row_that_cannot_be_read_is_set_aside() {
        let sheet = sheet("a,b\n1\n2,3,4\n\"x\"y,1\n5,6\n");
        assert_eq!(cells(&sheet), [(5, vec!["5", "6"])]);
        let aside: Vec<_> = sheet.ragged.iter().map(|(row, problem)| (row.line, problem.id)).collect();
        assert_eq!(aside, [(2, "wrong-field-count"), (3, "wrong-field-count"), (4, "broken-quotes")]);
    }

    #[test]
    fn what_is_no_csv_is_refused() {
        for (bytes, id) in [
            (&b""[..], "empty-file"),
            (b"\xEF\xBB\xBF \n", "empty-file"),
            (b"PK\x03\x04zip", "not-csv"),
            (b"<html>", "not-csv"),
            (b"[{\"a\": 1}]", "not-csv"),
            (b"a,b\n1,\x002", "not-csv"),
            (b"a,a\n1,2", "duplicate-header"),
            (b"a,b\n1,\"2\n3,4\n", "unclosed-quote"),
        ] {
            assert_eq!(read(bytes, &Options::default()).expect_err("no csv").id, id, "{bytes:?}");
        }
    }

    #[test]
    fn a_byte_that_does_not_fit_is_named() {
        let problem = read(b"name\nok\n\xBA\xBA\xB7\xE7\n", &Options::default()).expect_err("not utf-8");
        assert_eq!(problem.to_string(), "bad-bytes line=3 offset=8 encoding=UTF-8");
        assert_eq!(problem.hint, Some("encoding-hint"));
        let options = Options { encoding: Some("gb18030"), ..Options::default() };
        let sheet = read(b"name\n\xBA\xBA\xB7\xE7\n", &options).expect("gb18030");
        assert_eq!(sheet.rows[0].cells, ["汉风"]);
        let problem = read(b"name\n\n\xBA", &options).expect_err("half a character");
        assert_eq!(problem.to_string(), "bad-bytes line=3 offset=6 encoding=gb18030");
        let options = Options { encoding: Some("klingon"), ..Options::default() };
        assert_eq!(read(b"a\n1\n", &options).expect_err("unknown").id, "unknown-encoding");
    }

    #[test]
    fn a_byte_order_mark_says_the_encoding() {
        for bytes in [
            &b"\xEF\xBB\xBFa,b\n1,\xC3\xA9\n"[..],
            b"\xFF\xFEa\0,\0b\0\n\x001\0,\0\xE9\0",
            b"\xFE\xFF\0a\0,\0b\0\n\x001\0,\0\xE9",
        ] {
            let sheet = read(bytes, &Options::default()).expect("by its mark");
            assert_eq!(
                (sheet.header.join("|"), sheet.rows[0].cells.join("|")),
                ("a|b".to_owned(), "1|é".to_owned())
            );
        }
    }

    #[test]
    fn columns_without_a_name_are_cut_when_they_are_empty() {
        let cut = sheet("a,,b,\n1,,2,\n");
        assert_eq!((cut.header.join("|"), cells(&cut)), ("a|b".to_owned(), vec![(2, vec!["1", "2"])]));
        assert_eq!(sheet("a,\n1,x\n").header, ["a", "#2"]);
        let options = Options { no_header: true, ..Options::default() };
        let bare = read(b"x,y\n1,2\n", &options).expect("rows only");
        assert_eq!((bare.header.join("|"), bare.rows.len()), ("1|2".to_owned(), 2));
    }

    #[test]
    fn guards_of_an_export_for_spreadsheets_come_off() {
        assert_eq!(
            cells(&sheet("a,b\n'=1,-5\n''+x,'quoted'\n")),
            [(2, vec!["=1", "-5"]), (3, vec!["'+x", "'quoted'"])]
        );
        assert_eq!(cells(&sheet("a,b\n'=1,+8613800000000\n")), [(2, vec!["'=1", "+8613800000000"])]);
    }
}
