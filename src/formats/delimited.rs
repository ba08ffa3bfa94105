//! csv (RFC 4180, UTF-8, LF) and tsv (a tab between values, `\t \n \r \\` inside them).
//!
//! Values are exact. Deliberately absent: total row, provenance and child rows.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cells::exact;
use super::display;
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Table};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes csv.
pub fn write_csv(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_mark(style, out)?;
    let mut writer = csv::Writer::from_writer(out);
    each_line(Format::Csv, table, style, |fields| {
        Ok(writer.write_record(fields.iter().map(|field| field.as_bytes()))?)
    })?;
    writer.flush()
}

/// Writes tsv.
pub fn write_tsv(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_mark(style, out)?;
    each_line(Format::Tsv, table, style, |fields| {
        let fields: Vec<_> = fields.iter().map(|field| tab_escaped(field)).collect();
        writeln!(out, "{}", fields.join("\t"))
    })
}

fn write_mark(style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.bom {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    }
    Ok(())
}

/// Hands out the fields of the header, then those of each row.
fn each_line(
    format: Format,
    table: &Table,
    style: &Style,
    mut line: impl FnMut(&[Cow<'_, str>]) -> io::Result<()>,
) -> io::Result<()> {
    let view = View::new(format, table, style).without_rows();
    if view.columns().len() == 0 {
        return Ok(());
    }
    if style.header {
        let names: Vec<_> = view.names().map(|name| text_field(name, style)).collect();
        line(&names)?;
    }
    for row in view.rows() {
        let fields: Vec<_> = row.into_iter().map(|(_, cell)| field(cell, view.labelled, style)).collect();
        line(&fields)?;
    }
    Ok(())
}

fn field<'a>(cell: &'a Cell, labelled: bool, style: &Style) -> Cow<'a, str> {
    match (cell, exact(cell, labelled)) {
        (Cell::Text(_) | Cell::Code { .. } | Cell::List(_), Cow::Borrowed(text)) => text_field(text, style),
        (Cell::Text(_) | Cell::Code { .. } | Cell::List(_), Cow::Owned(text)) => {
            Cow::Owned(text_field(&text, style).into_owned())
        }
        (_, number) => number,
    }
}

fn text_field<'a>(text: &'a str, style: &Style) -> Cow<'a, str> {
    let guarded = style.excel_safe && is_run_by_spreadsheets(text);
    match (guarded, style.terminal) {
        (false, false) => Cow::Borrowed(text),
        (false, true) => display(text),
        (true, false) => Cow::Owned(format!("'{text}")),
        (true, true) => Cow::Owned(format!("'{}", display(text))),
    }
}

/// Whether a spreadsheet may take text for a formula. Text that already has a `'` before such a
/// beginning counts too, so that taking off one `'` always gives back what was stored.
fn is_run_by_spreadsheets(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches([' ', '\u{a0}']).starts_with(dangerous)
}

fn tab_escaped(field: &str) -> String {
    field.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::samples::{any_table, config, empty, nasty, written};
    use crate::formats::{Labels, Style};

    #[test]
    fn csv_carries_values_as_they_are() {
        let expected = concat!(
            "id,name,status,amount,currency,rate,won,closed_on,seen_at,tags,note\n",
            "cus_1,\"杭州\u{202e}汉风, \"\"Ltd\"\"\",active,-1234567.50,CNY,0.123456,true,",
            "2026-03-01,2026-03-01T09:05:00+08:00,a;b,\"first\nsecond | <b>\u{1b}[31m\"\n",
            "cus_2,=cmd|' /C calc'!A0,,0.5,KWD,,false,,,,🚚\n",
            "cus_3,,lost,12,JPY,1,,,,,\n",
        );
        assert_eq!(written(Format::Csv, &nasty(), &Style::default()), expected);
    }

    #[test]
    fn csv_of_nothing_is_its_header() {
        assert_eq!(
            written(Format::Csv, &empty(), &Style::default()),
            "id,name,status,amount,currency,rate,won,closed_on,seen_at,tags,note\n"
        );
        let bare = Style { header: false, ..Style::default() };
        assert_eq!(written(Format::Csv, &empty(), &bare), "");
    }

    #[test]
    fn csv_for_excel_has_a_mark_and_no_formulas() {
        let style = Style { bom: true, excel_safe: true, ..Style::default() };
        let text = written(Format::Csv, &nasty(), &style);
        assert!(text.starts_with("\u{feff}id,name"));
        assert!(text.contains("\ncus_2,'=cmd|' /C calc'!A0,"));
        assert!(text.contains(",-1234567.50,"), "numbers stay numbers");
    }

    #[test]
    fn csv_on_a_terminal_shows_control_characters() {
        let style = Style { terminal: true, ..Style::default() };
        let text = written(Format::Csv, &nasty(), &style);
        assert!(text.contains("\"杭州\\u{202e}汉风, \"\"Ltd\"\"\""));
        assert!(text.contains("first⏎second | <b>\\x1b[31m\n"));
    }

    #[test]
    fn labels_can_be_asked_for() {
        let style = Style { labels: Labels::Label, ..Style::default() };
        let text = written(Format::Csv, &nasty(), &style);
        assert!(text.starts_with("Id,名称,Status,"));
        assert!(text.contains(",Active,-1234567.50,"));
    }

    #[test]
    fn tsv_escapes_tabs_and_line_breaks() {
        let text = written(Format::Tsv, &nasty(), &Style::default());
        assert!(text.starts_with("id\tname\tstatus\t"));
        assert!(text.contains("\ta;b\tfirst\\nsecond | <b>\u{1b}[31m\n"));
        assert_eq!(text.lines().count(), 4);
        assert_eq!(tab_escaped("a\tb\\c\r"), "a\\tb\\\\c\\r");
    }

    #[test]
    fn formula_beginnings_are_recognised() {
        for text in ["=1", "+86", "-1", "@x", "\tx", "\rx", "\nx", "＝1", " =1", "\u{a0}-1", "'=1"] {
            assert!(is_run_by_spreadsheets(text), "{text:?}");
        }
        for text in ["", "a=1", "1-2", "'quoted'", " x", "杭州"] {
            assert!(!is_run_by_spreadsheets(text), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn csv_reads_back_as_the_values_written(table in any_table()) {
            let style = Style { excel_safe: true, ..Style::default() };
            let view = View::new(Format::Csv, &table, &style).without_rows();
            let text = written(Format::Csv, &table, &style);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let mut records = reader.records();
            if view.columns().len() > 0 {
                for row in view.rows() {
                    let record = records.next().expect("a record for every row").expect("valid csv");
                    let read: Vec<_> = record.iter().map(unguarded).collect();
                    let wanted: Vec<_> = row.iter().map(|(_, cell)| exact(cell, false)).collect();
                    prop_assert_eq!(read, wanted);
                }
            }
            prop_assert!(records.next().is_none());
        }
    }

    fn unguarded(field: &str) -> &str {
        match field.strip_prefix('\'') {
            Some(rest) if is_run_by_spreadsheets(rest) => rest,
            _ => field,
        }
    }
}
