//! A document to hand out as one sheet, laid out to be read and printed: typed cells, number
//! formats of the currency, widths that fit, the table head on every printed page.
//!
//! Text is always a string cell, never a formula. The same page gives the same bytes. Deliberately
//! absent: formulas of our own, because every amount was rounded by the rules of the money engine.

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Look, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::value::{Value, cut, number, value};
use super::{SheetNames, column_index, index};
use crate::formats::Words;
use crate::formats::cells::{is_numeric, readable};
use crate::formats::display::{display, display_lines, width};
use crate::table::page::{Content, Detail, Fact, Page, Party, Section, Weight};
use crate::table::{Cell, Column, ColumnType};

/// Width of the column with names, in characters.
const NAMES: usize = 34;
const NARROWEST: usize = 5;
const WIDEST: usize = 24;
/// Height of a line of text in points.
const LINE: f64 = 16.5;
/// Lines of text that fit into the highest row a sheet may have.
const TALLEST: usize = 20;
const ACCENT: u32 = 0x1F_4E_79;
const SOFT: u32 = 0x5B_66_75;
const ALARM: u32 = 0xAA_33_33;

/// Writes a document as a workbook of one sheet.
pub fn write(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(page).map_err(|error| match error {
        XlsxError::IoError(error) => error,
        limit => io::Error::new(io::ErrorKind::InvalidInput, limit),
    })?;
    out.write_all(&bytes)
}

fn workbook(page: &Page) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day, so that the bytes depend on nothing but the page.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = format!("{} {}", page.title, page.number);
    book.set_properties(&DocProperties::new().set_creation_datetime(&made).set_title(&*display(&title)));
    let sheet = book.add_worksheet();
    sheet.set_name(SheetNames::default().fresh(if page.number.is_empty() {
        &page.name
    } else {
        &page.number
    }))?;
    Writer::new(page, sheet)?.all()?;
    book.save_to_buffer()
}

/// A sheet that is written from top to bottom.
struct Writer<'a> {
    page: &'a Page,
    sheet: &'a mut Worksheet,
    /// The next row.
    row: u32,
    /// The last column.
    last: u16,
    /// The column with the names: what stands left of the page ends with it.
    names: u16,
    /// Widths of the columns in characters.
    widths: Vec<usize>,
}

impl<'a> Writer<'a> {
    fn new(page: &'a Page, sheet: &'a mut Worksheet) -> Result<Self, XlsxError> {
        let last = column_index(page.columns.len().max(2) - 1)?;
        let names = column_index(page.remarks_under)?.min(last - 1);
        let mut widths = widths(page);
        widths.resize(usize::from(last) + 1, NARROWEST);
        Ok(Self { page, sheet, row: 0, last, names, widths })
    }

    fn all(mut self) -> Result<(), XlsxError> {
        for (at, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(column_index(at)?, u16::try_from(*width).unwrap_or(u16::MAX))?;
        }
        self.head()?;
        self.sides()?;
        let opening: Vec<String> = self.page.subject.iter().chain(&self.page.opening).cloned().collect();
        self.prose(&opening)?;
        self.lines()?;
        self.totals()?;
        if let Some((label, words)) = &self.page.in_words {
            self.wide(&format!("{label} {words}"), &plain_look())?;
            self.row += 1;
        }
        for block in &self.page.details {
            self.detail(block)?;
        }
        self.prose(&self.page.closing)?;
        self.signatures()?;
        self.print()
    }

    /// Columns `from` to `to` as one cell with a text.
    fn span(&mut self, from: u16, to: u16, text: &str, look: &Look) -> Result<(), XlsxError> {
        let text = cut(&display_lines(text));
        if from >= to {
            self.sheet.write_string_with_format(self.row, to, text, look)?;
        } else {
            self.sheet.merge_range(self.row, from, self.row, to, "", look)?;
            // A merged range takes its text like this, so that it is a string whatever it begins with.
            self.sheet.write_string_with_format(self.row, from, text, look)?;
        }
        Ok(())
    }

    /// A text over the whole width, as high as it needs to be; the row is done.
    fn wide(&mut self, text: &str, look: &Look) -> Result<(), XlsxError> {
        let room: usize = self.widths.iter().sum();
        let lines: usize =
            display_lines(text).lines().map(|line| width(line).div_ceil(room.max(1)).max(1)).sum();
        self.sheet.set_row_height(self.row, height(lines))?;
        self.span(0, self.last, text, &look.clone().set_text_wrap())?;
        self.row += 1;
        Ok(())
    }

    fn head(&mut self) -> Result<(), XlsxError> {
        let title = Look::new().set_bold().set_font_size(18).set_font_color(ACCENT);
        let rule = |look: Look| look.set_border_bottom(FormatBorder::Medium).set_border_bottom_color(ACCENT);
        self.sheet.set_row_height(self.row, 30)?;
        let name = Look::new().set_bold().set_font_size(13).set_align(FormatAlign::Bottom);
        self.span(0, self.names, &self.page.issuer.name, &rule(name))?;
        let right = title.set_align(FormatAlign::Right).set_align(FormatAlign::Bottom).set_shrink();
        let text = format!("{} {}", self.page.title, self.page.number);
        self.span(self.names + 1, self.last, &text, &rule(right))?;
        self.row += 1;
        self.sheet.set_row_height(self.row, 6)?;
        self.row += 1;
        let alarm = Look::new().set_bold().set_font_color(ALARM).set_border(FormatBorder::Thin);
        let alarm = alarm.set_border_color(ALARM);
        for mark in &self.page.marks {
            self.wide(&format!("{}　{}", mark.word, mark.meaning), &alarm)?;
        }
        let soft = Look::new().set_font_color(SOFT);
        for text in party_lines(&self.page.issuer) {
            self.wide(&text, &soft)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The receiver at the left, the facts at the right.
    fn sides(&mut self) -> Result<(), XlsxError> {
        let heading = Look::new().set_bold().set_font_color(ACCENT);
        let mut left = vec![
            (self.page.receiver.heading.clone(), heading),
            (self.page.receiver.name.clone(), Look::new().set_bold()),
        ];
        left.extend(party_lines(&self.page.receiver).into_iter().map(|text| (text, plain_look())));
        let middle = self.names + 1 + (self.last - self.names - 1) / 2;
        for at in 0..left.len().max(self.page.facts.len()) {
            let mut lines = 1;
            if let Some((text, look)) = left.get(at) {
                let room: usize = self.widths[..=usize::from(self.names)].iter().sum();
                lines = width(text).div_ceil(room.max(1)).max(1);
                self.span(0, self.names, text, &look.clone().set_text_wrap())?;
            }
            if let Some(fact) = self.page.facts.get(at) {
                let soft = Look::new().set_font_color(SOFT).set_align(FormatAlign::Top);
                if middle > self.names + 1 || self.last > middle {
                    self.span(self.names + 1, middle.min(self.last - 1), &fact.label, &soft)?;
                }
                self.fact(middle.min(self.last - 1) + 1, fact)?;
            }
            self.sheet.set_row_height(self.row, height(lines))?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// The value of a fact from a column to the last.
    fn fact(&mut self, from: u16, fact: &Fact) -> Result<(), XlsxError> {
        let look = plain_look().set_align(FormatAlign::Right);
        match value(fact.ty, &fact.value, 0, true) {
            Value::Text(text) => self.span(from, self.last, &text, &look),
            Value::Number(number, format) => {
                let look = look.set_num_format(format);
                if from < self.last {
                    self.sheet.merge_range(self.row, from, self.row, self.last, "", &look)?;
                }
                self.sheet.write_number_with_format(self.row, from, number, &look)?;
                Ok(())
            }
            Value::Bool(_) | Value::Blank => Ok(()),
        }
    }

    fn prose(&mut self, paragraphs: &[String]) -> Result<(), XlsxError> {
        let room: usize = self.widths.iter().sum();
        for line in paragraphs.iter().flat_map(|paragraph| paragraph.lines()) {
            for part in parts(line, room * TALLEST) {
                self.wide(&part, &plain_look())?;
            }
        }
        if !paragraphs.is_empty() {
            self.row += 1;
        }
        Ok(())
    }

    fn lines(&mut self) -> Result<(), XlsxError> {
        self.table_head(&self.page.columns, true)?;
        for section in &self.page.sections {
            self.section(section)?;
        }
        Ok(())
    }

    fn table_head(&mut self, columns: &[Column], repeated: bool) -> Result<(), XlsxError> {
        let mut lines = 1;
        for (at, column) in columns.iter().enumerate() {
            let look = Look::new().set_bold().set_text_wrap().set_align(FormatAlign::Bottom);
            let look = look.set_border_top(FormatBorder::Thin).set_border_bottom(FormatBorder::Thin);
            let look = beside(column, look);
            let room = self.widths.get(at).copied().unwrap_or(NARROWEST);
            lines = lines.max(width(&column.label).div_ceil(room.max(1)));
            let at = column_index(at)?;
            self.sheet.write_string_with_format(self.row, at, cut(&display(&column.label)), &look)?;
        }
        self.sheet.set_row_height(self.row, height(lines))?;
        if repeated {
            self.sheet.set_repeat_rows(self.row, self.row)?;
        }
        self.row += 1;
        Ok(())
    }

    fn section(&mut self, section: &Section) -> Result<(), XlsxError> {
        if let Some(heading) = &section.heading {
            self.wide(heading, &Look::new().set_bold().set_border_bottom(FormatBorder::Thin))?;
        }
        for line in &section.lines {
            let mut lines = 1;
            for (at, (column, cell)) in self.page.columns.iter().zip(&line.cells).enumerate() {
                let look = beside(column, plain_look().set_border_bottom(FormatBorder::Hair));
                if at == self.page.remarks_under || column.ty == ColumnType::Text {
                    let mut text = readable(column.ty, cell, true, &Words::default()).into_owned();
                    if at == self.page.remarks_under {
                        for remark in &line.remarks {
                            text.push('\n');
                            text.push_str(remark);
                        }
                    }
                    let room = self.widths[at].max(1);
                    let needed: usize = text.lines().map(|line| width(line).div_ceil(room).max(1)).sum();
                    lines = lines.max(needed);
                    let look = look.set_text_wrap();
                    let at = column_index(at)?;
                    self.sheet.write_string_with_format(self.row, at, cut(&display_lines(&text)), &look)?;
                } else {
                    self.cell(column_index(at)?, column.ty, cell, &look)?;
                }
            }
            self.sheet.set_row_height(self.row, height(lines))?;
            self.row += 1;
        }
        if let Some((label, amount)) = &section.sum {
            let look = Look::new().set_font_color(SOFT).set_align(FormatAlign::Right);
            self.span(0, self.last - 1, label, &look)?;
            self.amount(*amount, &look, "")?;
            self.row += 1;
        }
        Ok(())
    }

    fn cell(&mut self, at: u16, ty: ColumnType, cell: &Cell, look: &Look) -> Result<(), XlsxError> {
        let scale = match cell {
            Cell::Dec(value) => value.scale(),
            _ => 0,
        };
        super::write_value(self.sheet, self.row, at, value(ty, cell, scale, true), look)
    }

    /// An amount in the last column; a number that a sheet cannot keep as it is stays text.
    fn amount(&mut self, amount: Decimal, look: &Look, currency: &str) -> Result<(), XlsxError> {
        let Some(value) = number(amount) else {
            let amount =
                readable(ColumnType::Money, &Cell::Dec(amount), true, &Words::default()).into_owned();
            let text = format!("{currency} {amount}");
            let text = text.trim_start();
            self.sheet.write_string_with_format(self.row, self.last, text, look)?;
            return Ok(());
        };
        let decimals = match self.page.digits {
            0 => String::new(),
            digits => format!(".{}", "0".repeat(digits as usize)),
        };
        let currency = if currency.is_empty() { String::new() } else { format!("[${currency}]\\ ") };
        let look = look.clone().set_num_format(format!("{currency}#,##0{decimals}"));
        self.sheet.write_number_with_format(self.row, self.last, value, &look)?;
        Ok(())
    }

    fn totals(&mut self) -> Result<(), XlsxError> {
        self.row += 1;
        let from = self.names + 1;
        for total in &self.page.totals {
            let look = plain_look().set_align(FormatAlign::Right);
            let (look, currency) = match total.weight {
                Weight::Step => (look, ""),
                Weight::Sum => (look.set_bold(), ""),
                Weight::Aside => (look.set_font_color(SOFT), ""),
                Weight::Grand => {
                    let look = look.set_bold().set_font_size(13).set_font_color(ACCENT);
                    let look =
                        look.set_border_top(FormatBorder::Medium).set_border_bottom(FormatBorder::Medium);
                    let is_code = self.page.currency.bytes().all(|b| b.is_ascii_uppercase());
                    (look, if is_code { self.page.currency.as_str() } else { "" })
                }
            };
            if from < self.last {
                self.span(from, self.last - 1, &total.label, &look)?;
            } else {
                self.span(0, self.last - 1, &total.label, &look)?;
            }
            self.amount(total.amount, &look, currency)?;
            self.sheet.set_row_height(self.row, if total.weight == Weight::Grand { 24.0 } else { LINE })?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn detail(&mut self, block: &Detail) -> Result<(), XlsxError> {
        self.wide(&block.heading, &Look::new().set_bold().set_font_color(ACCENT))?;
        match &block.content {
            Content::Prose(paragraphs) => return self.prose(paragraphs),
            Content::Facts(facts) => {
                for fact in facts {
                    let value = readable(fact.ty, &fact.value, true, &Words::default()).into_owned();
                    self.wide(&format!("{}　{value}", fact.label), &plain_look())?;
                }
            }
            Content::Rows(columns, rows) => {
                for row in std::iter::once(None).chain(rows.iter().map(Some)) {
                    self.small_row(columns, row)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// A row of a small table in the columns from the names on; its head where there are no cells.
    fn small_row(&mut self, columns: &[Column], row: Option<&Vec<Cell>>) -> Result<(), XlsxError> {
        for (place, column) in columns.iter().enumerate() {
            let at = (self.names + column_index(place)?).min(self.last);
            let look =
                if is_right(column) { plain_look().set_align(FormatAlign::Right) } else { plain_look() };
            match row.map(|row| row.get(place).unwrap_or(&Cell::Null)) {
                None => {
                    let look = look.set_bold().set_border_bottom(FormatBorder::Thin);
                    self.sheet.write_string_with_format(self.row, at, cut(&display(&column.label)), &look)?;
                }
                Some(cell) => self.cell(at, column.ty, cell, &look)?,
            }
        }
        self.row += 1;
        Ok(())
    }

    fn signatures(&mut self) -> Result<(), XlsxError> {
        if self.page.signatures.is_empty() {
            return Ok(());
        }
        self.row += 1;
        let sides = [(0, self.names), (self.names + 1, self.last)];
        let mut lines = 1;
        for ((from, to), who) in sides.into_iter().zip(&self.page.signatures) {
            let room: usize = self.widths[usize::from(from)..=usize::from(to)].iter().sum();
            lines = lines.max(width(who).div_ceil(room.max(1)));
            self.span(from, to, who, &plain_look().set_text_wrap())?;
        }
        self.sheet.set_row_height(self.row, height(lines))?;
        self.row += 3;
        let soft = Look::new().set_font_color(SOFT).set_border_top(FormatBorder::Thin);
        for (from, to) in sides {
            self.span(from, to, &self.page.signed_on, &soft)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A4, as wide as the paper, with its number and the page at the foot.
    fn print(self) -> Result<(), XlsxError> {
        let end = self.row.saturating_sub(1).max(index(1)?);
        self.sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
        self.sheet.set_print_area(0, 0, end, self.last)?;
        // In a foot `&` begins a command.
        let number = display(&self.page.number).replace('&', "&&");
        self.sheet.set_footer(format!("&L{}&R&P / &N", cut_foot(&number)));
        Ok(())
    }
}

/// What fits into the foot of a sheet, which takes 255 characters.
fn cut_foot(text: &str) -> String {
    text.chars().take(120).collect()
}

fn plain_look() -> Look {
    Look::new().set_align(FormatAlign::Top)
}

fn is_right(column: &Column) -> bool {
    is_numeric(column.ty) || column.code == "discount"
}

/// Numbers stand at the right; texts keep a distance from the number before them.
fn beside(column: &Column, look: Look) -> Look {
    if is_right(column) {
        look.set_align(FormatAlign::Right)
    } else {
        look.set_align(FormatAlign::Left).set_indent(1)
    }
}

fn height(lines: usize) -> f64 {
    // A row of a sheet is at most 409 points high.
    (LINE * f64::from(u16::try_from(lines.max(1)).unwrap_or(u16::MAX))).min(405.0)
}

/// A line of prose in parts of at most so many columns.
fn parts(line: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut taken = 0;
    for c in display_lines(line).chars() {
        let wide = width(c.encode_utf8(&mut [0; 4]));
        if taken + wide > columns.max(1) {
            parts.push(String::new());
            taken = 0;
        }
        taken += wide;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn party_lines(party: &Party) -> Vec<String> {
    let line = |(label, value): &(String, String)| {
        if label.is_empty() { value.clone() } else { format!("{label} {value}") }
    };
    party.lines.iter().map(line).collect()
}

/// A column is as wide as its longest number or word, within reason; the names take the most room.
fn widths(page: &Page) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for (at, column) in page.columns.iter().enumerate() {
        if at == page.remarks_under {
            widths.push(NAMES);
            continue;
        }
        let cells =
            page.sections.iter().flat_map(|section| &section.lines).filter_map(|line| line.cells.get(at));
        let cells = cells.map(|cell| width(&readable(column.ty, cell, true, &Words::default())) + 2);
        // A label may take two lines, broken between words.
        let word = column.label.split_whitespace().map(width).max().unwrap_or(0);
        let label =
            (width(&column.label).div_ceil(2) + 3).max(if column.label.is_ascii() { word + 2 } else { 0 });
        widths.push(cells.max().unwrap_or(0).max(label).clamp(NARROWEST, WIDEST));
    }
    if let Some(last) = widths.last_mut() {
        let amounts = page.totals.iter().map(|total| {
            let amount =
                width(&readable(ColumnType::Money, &Cell::Dec(total.amount), true, &Words::default()));
            if total.weight == Weight::Grand { (amount + 4) * 13 / 10 + 2 } else { amount + 2 }
        });
        *last = amounts.max().unwrap_or(0).max(*last).clamp(NARROWEST, 2 * WIDEST);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{hostile_page, quotation};

    fn book(page: &Page) -> Vec<u8> {
        let mut out = Vec::new();
        write(page, &mut out).expect("the samples fit into a sheet");
        out
    }

    #[test]
    fn the_same_page_gives_the_same_bytes() {
        assert_eq!(book(&quotation()), book(&quotation()));
        assert_ne!(book(&quotation()), book(&hostile_page()));
    }

    #[test]
    fn a_page_without_lines_is_a_sheet() {
        let mut page = quotation();
        page.sections.clear();
        page.columns.clear();
        page.remarks_under = 0;
        assert!(book(&page).starts_with(b"PK"));
    }

    #[test]
    fn prose_beyond_the_highest_row_goes_on_in_the_next() {
        assert_eq!(parts("一二三四五", 4), ["一二", "三四", "五"]);
        assert_eq!(parts("abc", 4), ["abc"]);
        assert_eq!(parts("", 4), [""]);
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let widths = widths(&quotation());
        assert_eq!(widths[1], NAMES);
        assert!(widths[3] >= "226,560.00".len() + 2 && widths[4] >= "CNY 1,132,800.00".len(), "{widths:?}");
    }
}
