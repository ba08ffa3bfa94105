//! md: a pipe table between a heading and a list that says where it comes from.
//!
//! Everything md or html would act on is escaped, so that text stays text.

pub(super) mod page;

use std::io::{self, Write};

use super::cells::{child_table, is_numeric, readable};
use super::display::{display, display_lines};
use super::table::{headline, named_total};
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Column, ColumnType, Shape, Table};

/// Writes md.
pub fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(Format::Markdown, table, style);
    if style.provenance {
        writeln!(out, "## {}\n", escaped(&display(&headline(table, style))))?;
    }
    match table.shape {
        Shape::List | Shape::Cards => write_list(&view, style, out)?,
        Shape::Object => write_object(&view, style, out)?,
    }
    if style.provenance && !table.provenance.entries.is_empty() {
        writeln!(out)?;
        for (_, label, value) in &table.provenance.entries {
            let (label, value) = (escaped(&display(label)), escaped(&display(value)));
            writeln!(out, "- {label}{}{value}", style.colon())?;
        }
    }
    Ok(())
}

fn write_list(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if view.columns().len() == 0 {
        return Ok(());
    }
    let names: Vec<_> = view.names().map(|name| escaped(&display(name))).collect();
    write_line(&names, out)?;
    let rules = view.columns().map(|column| if is_numeric(column.ty) { "--:" } else { "---" });
    write_line(&rules.map(str::to_owned).collect::<Vec<_>>(), out)?;
    let shown = |row: Vec<(&Column, &Cell)>| -> Vec<String> {
        row.into_iter()
            .map(|(column, cell)| {
                let text = readable(column.ty, cell, view.labelled, &style.words);
                escaped(&display(&text))
            })
            .collect()
    };
    for row in view.rows() {
        write_line(&shown(row), out)?;
    }
    if let Some(total) = view.total() {
        let bold = named_total(shown(total), style)
            .into_iter()
            .map(|text| if text.is_empty() { text } else { format!("**{text}**") });
        write_line(&bold.collect::<Vec<_>>(), out)?;
    }
    Ok(())
}

/// One record: a field per line, child rows as tables of their own below.
fn write_object(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let row = view.rows().next().unwrap_or_default();
    write_line(&[String::new(), String::new()], out)?;
    write_line(&["---".to_owned(), "---".to_owned()], out)?;
    for (column, cell) in &row {
        if matches!(cell, Cell::Rows(_)) {
            continue;
        }
        let text = readable(column.ty, cell, view.labelled, &style.words);
        let shown = if column.ty == ColumnType::Prose {
            escaped(&display_lines(&text)).replace('\n', "<br>")
        } else {
            escaped(&display(&text))
        };
        write_line(&[escaped(&display(view.name(column))), shown], out)?;
    }
    for (column, cell) in row {
        if let Cell::Rows(rows) = cell {
            writeln!(out, "\n### {}\n", escaped(&display(view.name(column))))?;
            let children = child_table(&column.code, &column.label, rows);
            write_list(&View::new(Format::Markdown, &children, style), style, out)?;
        }
    }
    Ok(())
}

fn write_line(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", cells.join(" | "))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\|`*_[]<>~&".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{empty, nasty, order, written};

    fn check(table: &Table, expected: &str) {
        let text = written(Format::Markdown, table, &Style::default());
        assert_eq!(text, expected, "got:\n{text}");
    }

    #[test]
    fn a_list_is_a_pipe_table() {
        let mut table = nasty();
        table.columns.drain(4..11);
        for row in table.rows.iter_mut().chain(&mut table.total) {
            row.drain(4..11);
        }
        let expected = concat!(
            "## Customers (3 rows)\n\n",
            "| Id | 名称 | Status | Amount | Note | Lines |\n",
            "| --- | --- | --- | --: | --- | --: |\n",
            "| cus\\_1 | 杭州\\\\u{202e}汉风, \"Ltd\" | Active | -1,234,567.50 ",
            "| first⏎second \\| \\<b\\>\\\\x1b\\[31m | 1 |\n",
            "| cus\\_2 | =cmd\\|' /C calc'!A0 |  | 0.5 | 🚚 | 0 |\n",
            "| cus\\_3 |  | Lost | 12 |  |  |\n",
            "| **Total** |  |  | **-1,234,555.00** |  |  |\n\n",
            "- Commit: 4f1c\n",
            "- Filter: name\\~\"x\"\n",
        );
        check(&table, expected);
    }

    #[test]
    fn nothing_found_is_a_header() {
        let mut table = empty();
        table.columns.truncate(2);
        table.provenance.entries.clear();
        check(&table, "## Customers (0 rows)\n\n| Id | 名称 |\n| --- | --- |\n");
    }

    #[test]
    fn one_record_is_a_table_of_fields() {
        let expected = concat!(
            "## Order ord\\_1\n\n",
            "|  |  |\n| --- | --- |\n",
            "| Id | ord\\_1 |\n| 客户 | cus\\_1 |\n| Note | first<br>second |\n\n",
            "### Lines\n\n",
            "| product | qty |\n| --- | --: |\n| HAN-EV-610 | 1,200 |\n| 铝轮 | 3.5 |\n",
        );
        check(&order(), expected);
    }
}
