//! xlsx: a sheet per table with typed cells, and one sheet that says where they come from.
//!
//! Text is always a string cell, never a formula or a link. The same tables give the same bytes.
//! Deliberately absent: reading xlsx.

pub(super) mod page;
mod value;

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::utility::cell_range;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormat2ColorScale, ConditionalFormat3ColorScale,
    ConditionalFormatType, DocProperties, ExcelDateTime, Format as Look, FormatAlign, FormatBorder, Formula,
    Workbook, Worksheet, XlsxError,
};

use super::cells::{child_table, is_numeric, plain, readable};
use super::chart::is_cumulative;
use super::display::{display, width};
use super::view::View;
use super::{Format, Style};
use crate::table::{Cell, Column, ColumnType, Shape, Table};
use value::{Value, cut, decimal, number, value};

const NARROWEST: usize = 6;
const WIDEST: usize = 60;
/// What the button of the filter covers of a header.
const FILTER_BUTTON: usize = 3;

/// Writes the tables as one workbook.
pub fn write(tables: &[Table], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(tables, style).map_err(|error| match error {
        XlsxError::IoError(error) => error,
        limit => io::Error::new(io::ErrorKind::InvalidInput, limit),
    })?;
    out.write_all(&bytes)
}

fn workbook(tables: &[Table], style: &Style) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day, so that the bytes depend on nothing but the tables.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let mut names = SheetNames::default();
    for table in tables {
        add_sheet(&mut book, &mut names, table, style)?;
        for children in child_tables(table) {
            add_sheet(&mut book, &mut names, &children, style)?;
        }
    }
    if tables.iter().any(|table| !table.provenance.entries.is_empty()) {
        let sheet = book.add_worksheet();
        sheet.set_name(names.fresh(&style.words.provenance))?;
        write_provenance(sheet, tables)?;
    }
    book.save_to_buffer()
}

/// The child rows of one record, which have room on sheets of their own.
fn child_tables(table: &Table) -> Vec<Table> {
    let (Shape::Object, Some(row)) = (table.shape, table.rows.first()) else {
        return Vec::new();
    };
    let cells = table.columns.iter().zip(row);
    cells
        .filter_map(|(column, cell)| match cell {
            Cell::Rows(rows) => Some(child_table(&column.code, &column.label, rows)),
            _ => None,
        })
        .collect()
}

fn add_sheet(
    book: &mut Workbook,
    names: &mut SheetNames,
    table: &Table,
    style: &Style,
) -> Result<(), XlsxError> {
    let view = View::new(Format::Xlsx, table, style);
    let name = names.fresh(&table.name);
    let sheet = book.add_worksheet();
    sheet.set_name(&name)?;
    if view.columns().len() == 0 {
        return Ok(());
    }
    let last_row = index(view.rows().len())?;
    let last_column = column_index(view.columns().len() - 1)?;
    for (at, column) in view.columns().enumerate() {
        let at = column_index(at)?;
        sheet.write_string_with_format(0, at, cut(&display(view.name(column))), &header_look())?;
        write_column(sheet, at, &view, column, style)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last_row, last_column)?;
    shade(sheet, &view, table)?;
    // On paper: across, as wide as the sheet, the header on each page.
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    if let Some(chart) = chart(&view, table, &name)? {
        // Below a table that fits on a page, else where it is seen without scrolling.
        let below = last_row < PAGE_ROWS;
        let (row, column) = if below { (last_row + 4, 0) } else { (1, last_column + 2) };
        sheet.insert_chart(row, column, &chart)?;
    }
    Ok(())
}

/// Rows of a table that fits on a page together with its chart.
const PAGE_ROWS: u32 = 25;

/// The cells of a column from top to bottom, its total and its width.
fn write_column(
    sheet: &mut Worksheet,
    at: u16,
    view: &View<'_>,
    column: &Column,
    style: &Style,
) -> Result<(), XlsxError> {
    let cells: Vec<&Cell> = view.cells(at.into()).collect();
    let scales = cells.iter().filter_map(|cell| decimal(cell));
    let scale = scales.map(|value| value.scale()).max().unwrap_or(0);
    let mut widest = width(&display(view.name(column))) + FILTER_BUTTON;
    for (row, cell) in cells.iter().enumerate() {
        let value = value(column.ty, cell, scale, view.labelled);
        write_value(sheet, index(row)? + 1, at, value, &look(column.ty))?;
        let shown = readable(column.ty, cell, view.labelled, &style.words);
        widest = widest.max(shown.lines().map(width).max().unwrap_or(0) + 1);
    }
    if let Some(total) = view.total() {
        let row = index(cells.len())? + 1;
        let (_, total) = total[usize::from(at)];
        // Bold is a tenth wider.
        let shown = width(&readable(column.ty, total, view.labelled, &style.words));
        widest = widest.max(shown + shown / 10 + 2);
        let look = look(column.ty).set_bold().set_border_top(FormatBorder::Thin);
        match value(column.ty, total, scale, view.labelled) {
            Value::Blank if at == 0 => {
                sheet.write_string_with_format(row, at, &style.words.total, &look)?;
            }
            Value::Number(_, format) if is_sum(column.ty, &cells, total) => {
                let sum = Formula::new(format!("=SUM({})", cell_range(1, at, row - 1, at)));
                let sum = sum.set_result(plain(decimal(total).unwrap_or_default()));
                sheet.write_formula_with_format(row, at, sum, &look.set_num_format(format))?;
            }
            value => write_value(sheet, row, at, value, &look)?,
        }
    }
    let columns = u16::try_from(widest.clamp(NARROWEST, WIDEST)).unwrap_or(u16::MAX);
    sheet.set_column_width(at, columns)?;
    Ok(())
}

/// Whether a total is what adding up its column gives; distinct counts and ratios are not.
fn is_sum(ty: ColumnType, cells: &[&Cell], total: &Cell) -> bool {
    let additive = matches!(ty, ColumnType::Money | ColumnType::Qty | ColumnType::Int);
    let sum = cells.iter().try_fold(Decimal::ZERO, |sum, cell| match cell {
        Cell::Null => Some(sum),
        cell => {
            let value = decimal(cell)?;
            number(value)?;
            sum.checked_add(value)
        }
    });
    additive && !cells.is_empty() && sum.is_some() && sum == decimal(total)
}

fn write_value(sheet: &mut Worksheet, row: u32, at: u16, value: Value, look: &Look) -> Result<(), XlsxError> {
    match value {
        Value::Blank => sheet.write_blank(row, at, look)?,
        Value::Bool(value) => sheet.write_boolean_with_format(row, at, value, look)?,
        Value::Text(text) => sheet.write_string_with_format(row, at, text, look)?,
        Value::Number(number, format) => {
            let look = look.clone().set_num_format(format);
            sheet.write_number_with_format(row, at, number, &look)?
        }
    };
    Ok(())
}

fn look(ty: ColumnType) -> Look {
    let look = Look::new().set_align(FormatAlign::Top);
    match ty {
        ColumnType::Prose => look.set_text_wrap(),
        ty if is_numeric(ty) => look.set_align(FormatAlign::Right),
        _ => look,
    }
}

fn header_look() -> Look {
    Look::new().set_bold().set_border_bottom(FormatBorder::Thin)
}

/// The chart that a table suggests, of the kinds that spreadsheets draw themselves.
fn chart(view: &View<'_>, table: &Table, sheet: &str) -> Result<Option<Chart>, XlsxError> {
    let Some(suggested) = table.chart.as_ref().filter(|_| !table.rows.is_empty()) else {
        return Ok(None);
    };
    let kind = match suggested.kind.as_str() {
        "column" | "pareto" => ChartType::Column,
        "bar" | "funnel" => ChartType::Bar,
        "line" => ChartType::Line,
        "stacked" => ChartType::ColumnStacked,
        "scatter" => ChartType::Scatter,
        _ => return Ok(None),
    };
    let drawn = suggested.y.iter().filter_map(|code| view.position(code));
    let (Some(x), drawn) = (view.position(&suggested.x), drawn.collect::<Vec<_>>()) else {
        return Ok(None);
    };
    if drawn.is_empty() {
        return Ok(None);
    }
    let last = index(table.rows.len())?;
    let x = column_index(x)?;
    let mut chart = Chart::new(kind);
    let mut shares = Chart::new(ChartType::Line);
    let is_pareto = suggested.kind == "pareto";
    let mut lines = 0;
    for code in &suggested.y {
        let Some(y) = view.position(code) else { continue };
        // Of a pareto the share that columns make up together is a line against an axis of its own.
        let is_line = is_pareto && is_cumulative(code);
        lines += usize::from(is_line);
        let y = column_index(y)?;
        let series = if is_line { shares.add_series() } else { chart.add_series() };
        series.set_categories((sheet, 1, x, last, x));
        series.set_values((sheet, 1, y, last, y));
        series.set_name((sheet, 0, y));
        series.set_secondary_axis(is_line);
    }
    if lines > 0 && lines < drawn.len() {
        chart.combine(&shares);
    }
    let title = display(&table.title);
    if title.starts_with('=') || title.contains('!') {
        // Such a title would be taken for the address of a cell that holds it.
        chart.title().set_hidden();
    } else {
        chart.title().set_name(&*title);
    }
    if drawn.len() == 1 {
        chart.legend().set_hidden();
    }
    if kind == ChartType::Bar {
        // Bars are drawn upwards; the first row belongs at the top.
        chart.y_axis().set_reverse();
    }
    Ok(Some(chart))
}

/// Shades of the numbers of a heat map in their cells, which is how spreadsheets draw one.
fn shade(sheet: &mut Worksheet, view: &View<'_>, table: &Table) -> Result<(), XlsxError> {
    let Some(suggested) = table.chart.as_ref().filter(|chart| chart.kind == "heatmap") else {
        return Ok(());
    };
    // Of two columns the first names the rows of the map.
    let skipped = usize::from(suggested.y.len() == 2);
    let columns: Vec<usize> =
        suggested.y.iter().skip(skipped).filter_map(|code| view.position(code)).collect();
    let cells = columns.iter().flat_map(|at| view.cells(*at)).filter_map(decimal);
    let below = cells.into_iter().any(|value| value < Decimal::ZERO);
    if table.rows.is_empty() {
        return Ok(());
    }
    let last = index(table.rows.len())?;
    for at in columns {
        let at = column_index(at)?;
        if below {
            let scale = ConditionalFormat3ColorScale::new()
                .set_minimum_color(Color::RGB(0x00DD_8AA5))
                .set_midpoint(ConditionalFormatType::Number, 0)
                .set_midpoint_color(Color::White)
                .set_maximum_color(Color::RGB(0x006A_A3D8));
            sheet.add_conditional_format(1, at, last, at, &scale)?;
        } else {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(Color::White)
                .set_maximum_color(Color::RGB(0x006A_A3D8));
            sheet.add_conditional_format(1, at, last, at, &scale)?;
        }
    }
    Ok(())
}

fn write_provenance(sheet: &mut Worksheet, tables: &[Table]) -> Result<(), XlsxError> {
    let bold = Look::new().set_bold();
    let mut row = 0;
    let mut widest = [NARROWEST; 2];
    for table in tables {
        if tables.len() > 1 {
            sheet.write_string_with_format(row, 0, cut(&display(&table.title)), &bold)?;
            row += 1;
        }
        for (_, label, value) in &table.provenance.entries {
            for (at, text) in [(0, label), (1, value)] {
                let text = cut(&display(text));
                widest[usize::from(at)] = widest[usize::from(at)].max(width(&text) + 1);
                sheet.write_string(row, at, text)?;
            }
            row += 1;
        }
    }
    for (at, widest) in (0..).zip(widest) {
        let columns = u16::try_from(widest.min(WIDEST)).unwrap_or(u16::MAX);
        sheet.set_column_width(at, columns)?;
    }
    Ok(())
}

fn index(at: usize) -> Result<u32, XlsxError> {
    u32::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

fn column_index(at: usize) -> Result<u16, XlsxError> {
    u16::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

/// Names of sheets: at most 31 UTF-16 units, some characters forbidden, unique in any case.
#[derive(Default)]
struct SheetNames {
    taken: Vec<String>,
}

impl SheetNames {
    const LONGEST: usize = 31;

    /// A name like the one wished for that no sheet has yet.
    fn fresh(&mut self, wish: &str) -> String {
        let allowed: String =
            display(wish).chars().map(|c| if "[]:*?/\\".contains(c) { '-' } else { c }).collect();
        let mut base = allowed.trim_matches([' ', '\'']);
        // Spreadsheets keep this name to themselves.
        if base.is_empty() || base.eq_ignore_ascii_case("history") {
            base = "Sheet";
        }
        let numbered = (1_u32..).map(|number| match number {
            1 => clipped(base, Self::LONGEST),
            number => {
                let suffix = format!(" {number}");
                format!("{}{suffix}", clipped(base, Self::LONGEST - suffix.len()))
            }
        });
        let is_free = |name: &String| !self.taken.contains(&name.to_lowercase());
        let name = numbered.into_iter().find(is_free).unwrap_or_default();
        self.taken.push(name.to_lowercase());
        name
    }
}

fn clipped(text: &str, longest: usize) -> String {
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= longest
        })
        .collect();
    kept.trim_end_matches([' ', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{dec, empty, nasty, order};
    use crate::table::Chart as Suggested;

    fn book(tables: &[Table]) -> Vec<u8> {
        let mut out = Vec::new();
        write(tables, &Style::default(), &mut out).expect("the samples fit into a sheet");
        out
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = book(&[nasty()]);
        assert!(bytes.starts_with(b"PK\x03\x04"));
        assert_eq!(bytes, book(&[nasty()]));
        assert_ne!(bytes, book(&[order()]));
    }

    #[test]
    fn nothing_found_is_still_a_workbook() {
        assert!(book(&[empty()]).starts_with(b"PK"));
        assert!(book(&[Table::new("", Vec::new())]).starts_with(b"PK"));
        assert!(book(&[nasty(), nasty(), empty()]).starts_with(b"PK"));
    }

    #[test]
    fn only_totals_that_add_up_are_formulas() {
        let (one, two) = (Cell::Int(1), Cell::Dec(dec("2.50")));
        let cells = [&one, &two, &Cell::Null];
        let check = |ty, total: &str, expected| {
            assert_eq!(is_sum(ty, &cells, &Cell::Dec(dec(total))), expected);
        };
        check(ColumnType::Money, "3.5", true);
        check(ColumnType::Money, "3.4", false);
        check(ColumnType::Ratio, "3.5", false);
        assert!(!is_sum(ColumnType::Int, &[], &Cell::Int(0)));
        assert!(!is_sum(ColumnType::Int, &[&Cell::text("x")], &Cell::Int(0)));
    }

    #[test]
    fn sheet_names_are_allowed_and_unique() {
        let mut names = SheetNames::default();
        let mut check = |wish: &str, name: &str| assert_eq!(names.fresh(wish), name);
        check("sales", "sales");
        check("Sales", "Sales 2");
        check("a/b:[c]", "a-b--c-");
        check("'x'", "x");
        check("", "Sheet");
        check("History", "Sheet 2");
        check(&"长".repeat(40), &"长".repeat(31));
        check(&"长".repeat(40), &format!("{} 2", "长".repeat(29)));
    }

    #[test]
    fn cells_of_a_heat_map_are_shaded_and_a_pareto_has_a_line() {
        let with = |kind: &str, y: &[&str]| {
            let mut table = nasty();
            table.columns[5].code = "cumulative_share".into();
            let y = y.iter().map(|code| (*code).to_owned()).collect();
            table.chart = Some(Suggested { kind: kind.into(), x: "name".into(), y });
            book(&[table])
        };
        assert_ne!(with("heatmap", &["amount"]), with("odd", &["amount"]));
        assert_ne!(
            with("pareto", &["amount", "cumulative_share"]),
            with("column", &["amount", "cumulative_share"])
        );
        assert_eq!(with("pareto", &["amount"]), with("column", &["amount"]));
    }

    #[test]
    fn charts_are_drawn_where_rows_and_columns_are() {
        let drawn = |table: &Table| {
            let view = View::new(Format::Xlsx, table, &Style::default());
            chart(&view, table, "x").expect("few rows").is_some()
        };
        assert!(drawn(&nasty()));
        assert!(!drawn(&order()));
        let with = |kind: &str, y: &str| {
            let mut table = nasty();
            let y = vec![y.to_owned()];
            table.chart = Some(Suggested { kind: kind.into(), x: "name".into(), y });
            table
        };
        assert!(drawn(&with("stacked", "amount")));
        assert!(!drawn(&with("heatmap", "amount")), "its numbers are shaded in their cells");
        assert!(!drawn(&with("line", "missing")));
        let mut table = with("line", "amount");
        table.rows.clear();
        assert!(!drawn(&table));
    }
}
