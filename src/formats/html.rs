//! html: one page that needs nothing else, light or dark, fit to print.
//!
//! Deliberately absent: scripts, links and anything fetched; the page forbids them itself.

mod cards;
pub(super) mod page;

use std::io::{self, Write};

use super::cells::{child_table, is_numeric, readable};
use super::chart;
use super::display::{display, display_lines};
use super::table::{headline, named_total};
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Column, ColumnType, Shape, Table};

const LOOK: &str = "\
:root{color-scheme:light dark}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;padding:0 1rem;max-width:80rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse}
th,td{padding:.3rem .7rem;text-align:start;vertical-align:top;border-bottom:1px solid #8884}
thead th{border-bottom:2px solid #8888}
tfoot td{font-weight:600;border-top:2px solid #8888}
.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:0 0 1.5rem}.crm-chart{max-width:100%;height:auto}
dl{color:#777;font-size:.85rem;display:grid;grid-template-columns:max-content auto;gap:0 1rem}
dd{margin:0;overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none;font-size:10pt}thead{display:table-header-group}
tr,figure{break-inside:avoid}}
";

/// Writes html.
pub fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(Format::Html, table, style);
    let title = text(&headline(table, style));
    let more = if table.shape == Shape::Cards { cards::LOOK } else { "" };
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{LOOK}{more}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        text(&style.language)
    )?;
    if let Some(chart) = chart::svg::inline(table, style) {
        write!(out, "<figure>\n{chart}</figure>\n")?;
    }
    match table.shape {
        Shape::List => write_list(&view, style, out)?,
        Shape::Cards => cards::write(table, style, out)?,
        Shape::Object => write_object(&view, style, out)?,
    }
    write_provenance(table, out)?;
    write!(out, "</body>\n</html>\n")
}

fn write_provenance(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    if table.provenance.entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "<dl>")?;
    for (_, label, value) in &table.provenance.entries {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", text(label), text(value))?;
    }
    writeln!(out, "</dl>")
}

fn write_list(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = |row: Vec<(&Column, &Cell)>| -> Vec<String> {
        row.into_iter()
            .map(|(column, cell)| text(&readable(column.ty, cell, view.labelled, &style.words)))
            .collect()
    };
    writeln!(out, "<table>\n<thead>")?;
    let names: Vec<_> = view.names().map(text).collect();
    write_row(view, "th", &names, out)?;
    writeln!(out, "</thead>\n<tbody>")?;
    for row in view.rows() {
        write_row(view, "td", &shown(row), out)?;
    }
    writeln!(out, "</tbody>")?;
    if let Some(total) = view.total() {
        writeln!(out, "<tfoot>")?;
        write_row(view, "td", &named_total(shown(total), style), out)?;
        writeln!(out, "</tfoot>")?;
    }
    writeln!(out, "</table>")
}

fn write_row(view: &View<'_>, tag: &str, cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<tr>")?;
    for (column, cell) in view.columns().zip(cells) {
        let class = if is_numeric(column.ty) { " class=\"n\"" } else { "" };
        write!(out, "<{tag}{class}>{cell}</{tag}>")?;
    }
    writeln!(out, "</tr>")
}

/// One record: a field per row, child rows as tables of their own below.
fn write_object(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let row = view.rows().next().unwrap_or_default();
    writeln!(out, "<table>\n<tbody>")?;
    for (column, cell) in &row {
        if matches!(cell, Cell::Rows(_)) {
            continue;
        }
        let shown = readable(column.ty, cell, view.labelled, &style.words);
        let shown = if column.ty == ColumnType::Prose {
            escaped(&display_lines(&shown)).replace('\n', "<br>")
        } else {
            text(&shown)
        };
        let name = text(view.name(column));
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td>{shown}</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")?;
    for (column, cell) in row {
        if let Cell::Rows(rows) = cell {
            writeln!(out, "<h2>{}</h2>", text(view.name(column)))?;
            let children = child_table(&column.code, &column.label, rows);
            write_list(&View::new(Format::Html, &children, style), style, out)?;
        }
    }
    Ok(())
}

pub(super) fn text(raw: &str) -> String {
    escaped(&display(raw))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{empty, nasty, order, written};

    fn body(table: &Table, style: &Style) -> String {
        let page = written(Format::Html, table, style);
        let (_, body) = page.split_once("<body>\n").expect("a page has a body");
        body.to_owned()
    }

    #[test]
    fn a_list_is_a_table_with_everything_escaped() {
        let mut table = nasty();
        table.chart = None;
        table.columns.drain(4..11);
        for row in table.rows.iter_mut().chain(&mut table.total) {
            row.drain(4..11);
        }
        let expected = concat!(
            "<h1>Customers (3 rows)</h1>\n<table>\n<thead>\n",
            "<tr><th>Id</th><th>名称</th><th>Status</th><th class=\"n\">Amount</th>",
            "<th>Note</th><th class=\"n\">Lines</th></tr>\n</thead>\n<tbody>\n",
            "<tr><td>cus_1</td><td>杭州\\u{202e}汉风, &quot;Ltd&quot;</td><td>Active</td>",
            "<td class=\"n\">-1,234,567.50</td><td>first⏎second | &lt;b&gt;\\x1b[31m</td>",
            "<td class=\"n\">1</td></tr>\n",
            "<tr><td>cus_2</td><td>=cmd|&#39; /C calc&#39;!A0</td><td></td>",
            "<td class=\"n\">0.5</td><td>🚚</td><td class=\"n\">0</td></tr>\n",
            "<tr><td>cus_3</td><td></td><td>Lost</td><td class=\"n\">12</td><td></td>",
            "<td class=\"n\"></td></tr>\n</tbody>\n<tfoot>\n",
            "<tr><td>Total</td><td></td><td></td><td class=\"n\">-1,234,555.00</td><td></td>",
            "<td class=\"n\"></td></tr>\n</tfoot>\n</table>\n",
            "<dl>\n<dt>Commit</dt><dd>4f1c</dd>\n",
            "<dt>Filter</dt><dd>name~&quot;x&quot;</dd>\n</dl>\n</body>\n</html>\n",
        );
        assert_eq!(body(&table, &Style::default()), expected);
    }

    #[test]
    fn the_page_names_its_language_and_fetches_nothing() {
        let style = Style { language: "zh-CN".into(), ..Style::default() };
        let page = written(Format::Html, &empty(), &style);
        assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">\n"));
        assert!(page.contains("<meta charset=\"utf-8\">"));
        assert!(page.contains("<tbody>\n</tbody>"));
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
    }

    #[test]
    fn one_record_keeps_the_lines_of_its_note() {
        let expected = concat!(
            "<h1>Order ord_1</h1>\n<table>\n<tbody>\n",
            "<tr><th scope=\"row\">Id</th><td>ord_1</td></tr>\n",
            "<tr><th scope=\"row\">客户</th><td>cus_1</td></tr>\n",
            "<tr><th scope=\"row\">Note</th><td>first<br>second</td></tr>\n",
            "</tbody>\n</table>\n<h2>Lines</h2>\n<table>\n<thead>\n",
            "<tr><th>product</th><th class=\"n\">qty</th></tr>\n</thead>\n<tbody>\n",
            "<tr><td>HAN-EV-610</td><td class=\"n\">1,200</td></tr>\n",
            "<tr><td>铝轮</td><td class=\"n\">3.5</td></tr>\n</tbody>\n</table>\n",
            "</body>\n</html>\n",
        );
        assert_eq!(body(&order(), &Style::default()), expected);
    }
}
