//! The view for people at a terminal: aligned columns, or `label  value` lines for one record.
//!
//! What is shown is chosen here, how it is laid out in `grid`. Deliberately absent: finding out
//! how wide the terminal is, and charts, which `chart` draws.

use std::io::{self, Write};

use super::cells::{child_table, readable};
use super::chart::{self, Place};
use super::display::{display, display_lines, padded, width};
use super::grid::{Grid, Kind};
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Column, ColumnType, Shape, Table};

const INDENT: &str = "  ";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// Writes the view for people.
pub fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(Format::Table, table, style);
    let lines = match table.shape {
        Shape::List | Shape::Cards => list(&view, style, style.width, style.header),
        Shape::Object => object(&view, style),
    };
    let lines = if style.drawing.place == Place::Instead { Vec::new() } else { lines };
    let chart = if style.drawing.place == Place::Nowhere { Vec::new() } else { chart::lines(table, style) };
    let between = (!lines.is_empty() && !chart.is_empty()).then(String::new);
    for line in lines.iter().chain(&between).chain(&chart) {
        writeln!(out, "{line}")?;
    }
    if style.provenance {
        write_footer(table, style, out)?;
    }
    Ok(())
}

fn write_footer(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    let headline = headline(table, style);
    writeln!(out, "{}", painted(&display(&headline), DIM, style))?;
    for (_, label, value) in &table.provenance.entries {
        let line = format!("{}{}{}", display(label), style.colon(), display(value));
        writeln!(out, "{}", painted(&line, DIM, style))?;
    }
    Ok(())
}

/// The title and, of a list, how many rows it has: `Customers (3 rows)`.
pub fn headline(table: &Table, style: &Style) -> String {
    match table.shape {
        Shape::Object | Shape::Cards => table.title.clone(),
        Shape::List => {
            let count = table.rows.len();
            let words = &style.words;
            let word = if count == 1 { &words.row } else { &words.rows };
            format!("{} ({count} {word})", table.title)
        }
    }
}

/// Names the total row in its first cell, unless something stands there.
pub fn named_total(mut total: Vec<String>, style: &Style) -> Vec<String> {
    if let Some(first) = total.first_mut().filter(|first| first.is_empty()) {
        first.clone_from(&style.words.total);
    }
    total
}

/// Rows under one another. Columns give way where there is less room than they would take.
fn list(view: &View<'_>, style: &Style, room: Option<usize>, header: bool) -> Vec<String> {
    let shown = |row: Vec<(&Column, &Cell)>| -> Vec<String> {
        row.into_iter()
            .map(|(column, cell)| {
                let text = readable(column.ty, cell, view.labelled, &style.words);
                display(&text).into_owned()
            })
            .collect()
    };
    let names = view.names().map(|name| display(name).into_owned());
    let grid = Grid {
        kinds: view.columns().map(|column| Kind::of(column.ty)).collect(),
        header: header.then(|| names.collect()),
        rows: view.rows().map(shown).collect(),
        total: view.total().map(|total| named_total(shown(total), style)),
        room,
        unicode: style.unicode,
    };
    let mut lines = grid.lines();
    if header && let Some(first) = lines.first_mut() {
        *first = painted(first, BOLD, style);
    }
    lines
}

/// One record: its fields under one another, child rows as an indented table.
fn object(view: &View<'_>, style: &Style) -> Vec<String> {
    let widest = view.names().map(|name| width(&display(name))).max();
    let mut lines = Vec::new();
    for (column, cell) in view.rows().next().unwrap_or_default() {
        let name = display(view.name(column));
        match cell {
            Cell::Rows(rows) => {
                lines.push(name.into_owned());
                let children = child_table(&column.code, &column.label, rows);
                let view = View::new(Format::Table, &children, style);
                let room = style.width.map(|width| width.saturating_sub(INDENT.len()));
                let children = list(&view, style, room, true);
                lines.extend(children.iter().map(|line| format!("{INDENT}{line}")));
            }
            cell => {
                let name = padded(&name, widest.unwrap_or(0));
                lines.extend(field(&name, column.ty, cell, view.labelled, style));
            }
        }
    }
    lines
}

fn field(name: &str, ty: ColumnType, cell: &Cell, labelled: bool, style: &Style) -> Vec<String> {
    let text = readable(ty, cell, labelled, &style.words);
    let shown = if ty == ColumnType::Prose { display_lines(&text) } else { display(&text).into_owned() };
    let grid = Grid {
        kinds: vec![Kind::Fixed, Kind::Prose],
        header: None,
        rows: vec![vec![name.to_owned(), shown]],
        total: None,
        room: style.width,
        unicode: style.unicode,
    };
    grid.lines()
}

fn painted(line: &str, paint: &str, style: &Style) -> String {
    if style.colour { format!("{paint}{line}{PLAIN}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Labels;
    use crate::formats::samples::{empty, nasty, order, written};

    fn check(table: &Table, style: &Style, expected: &str) {
        let text = written(Format::Table, table, style);
        assert_eq!(text, expected, "got:\n{text}");
    }

    fn bare() -> Style {
        Style { provenance: false, ..Style::default() }
    }

    #[test]
    fn a_list_is_aligned_and_says_where_it_comes_from() {
        let mut table = nasty();
        table.columns.truncate(7);
        let expected = concat!(
            "Id     名称                     Status         Amount    Rate  Won\n",
            "─────  ───────────────────────  ──────  ─────────────  ──────  ───\n",
            "cus_1  杭州\\u{202e}汉风, \"Ltd\"  Active  -1,234,567.50   12.3%  yes\n",
            "cus_2  =cmd|' /C calc'!A0                         0.5          no\n",
            "cus_3                           Lost               12  100.0%\n",
            "─────  ───────────────────────  ──────  ─────────────  ──────  ───\n",
            "Total                                   -1,234,555.00\n",
            "\n",
            "Customers (3 rows)\n",
            "Commit: 4f1c\n",
            "Filter: name~\"x\"\n",
        );
        check(&table, &Style::default(), expected);
    }

    #[test]
    fn line_breaks_and_escapes_of_a_note_stay_on_one_line() {
        let text = written(Format::Table, &nasty(), &bare());
        assert!(text.contains("  first⏎second | <b>\\x1b[31m "));
        assert_eq!(text.lines().count(), 7);
    }

    #[test]
    fn nothing_found_is_a_header() {
        let mut table = empty();
        table.columns.truncate(3);
        check(&table, &bare(), "Id  名称  Status\n──  ────  ──────\n");
        let unruled = Style { header: false, ..bare() };
        check(&table, &unruled, "");
        let ascii = Style { unicode: false, ..bare() };
        check(&table, &ascii, "Id  名称  Status\n--  ----  ------\n");
    }

    #[test]
    fn colour_touches_header_and_footer_only() {
        let mut table = nasty();
        table.columns.truncate(1);
        table.total = None;
        table.provenance.entries.truncate(1);
        let style = Style { colour: true, language: "zh-CN".into(), ..Style::default() };
        let expected = concat!(
            "\u{1b}[1mId\u{1b}[0m\n─────\ncus_1\ncus_2\ncus_3\n\n",
            "\u{1b}[2mCustomers (3 rows)\u{1b}[0m\n\u{1b}[2mCommit：4f1c\u{1b}[0m\n",
        );
        check(&table, &style, expected);
    }

    #[test]
    fn one_record_is_read_downwards_with_its_lines_below() {
        let expected = concat!(
            "Id     ord_1\n",
            "客户   cus_1\n",
            "Note   first\n",
            "       second\n",
            "Lines\n",
            "  product       qty\n",
            "  ──────────  ─────\n",
            "  HAN-EV-610  1,200\n",
            "  铝轮          3.5\n",
        );
        check(&order(), &bare(), expected);
    }

    #[test]
    fn codes_can_be_asked_for() {
        let mut table = nasty();
        table.columns.truncate(3);
        let style = Style { labels: Labels::Code, ..bare() };
        let text = written(Format::Table, &table, &style);
        assert!(text.starts_with("id     name "));
        assert!(text.contains("\"Ltd\"  active\n"));
    }
}
