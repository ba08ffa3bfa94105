//! Charts out of characters: lying bars, stacks, funnels, shades and points.
//!
//! Columns along time are in `columns`. Deliberately absent: finding out how wide the terminal is
//! and whether it takes colour.

use std::fmt::Write;

use super::scale::{Axis, Reading, count, real};
use super::series::Number;
use super::{Figure, Kind, columns};
use crate::formats::Style;
use crate::formats::display::{padded, shorten, width};
use crate::table::Table;

/// Columns where nobody says how many there are.
const USUAL_WIDTH: usize = 80;
const NARROWEST: usize = 30;
/// Lines of a chart of names; more are said, not shown.
const MOST_LINES: usize = 24;
const POINT_ROWS: usize = 16;
/// Colours of series, by their number in ANSI escapes.
const COLOURS: [u8; 6] = [34, 33, 36, 35, 32, 31];
pub(super) const PARTS_OF_CELL: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const STACK: [char; 8] = ['█', '▒', '▓', '░', '▚', '▞', '▤', '▥'];
const STACK_ASCII: [char; 8] = ['#', '=', '+', '-', 'o', 'x', '*', '.'];
const SHADES: [char; 4] = ['░', '▒', '▓', '█'];
const SHADES_ASCII: [char; 4] = ['.', ':', '+', '#'];

/// The chart that a table suggests; nothing where it lacks something.
pub fn lines(table: &Table, style: &Style) -> Vec<String> {
    let Ok(figure) = Figure::of(table, style) else { return Vec::new() };
    let pen = Pen {
        width: style.width.unwrap_or(USUAL_WIDTH).max(NARROWEST),
        plain: style.drawing.ascii || !style.unicode,
        colour: style.colour,
        style,
    };
    if figure.is_empty() {
        return vec![figure.title.clone(), style.words.chart_empty.clone()];
    }
    let figure = match figure.kind {
        Kind::Heatmap => {
            let (names, column) = cells(&figure, &pen);
            figure.cropped((pen.width.saturating_sub(names) / column).max(1), MOST_LINES * 2)
        }
        Kind::Scatter => figure,
        Kind::Column | Kind::Line => figure.limited(pen.width * 3 / 4),
        _ => figure.limited(MOST_LINES),
    };
    let mut lines = vec![figure.title.clone()];
    match figure.kind {
        Kind::Column | Kind::Line => columns::draw(&figure, &pen, &mut lines),
        Kind::Bar | Kind::Pareto => bars(&figure, &pen, &mut lines),
        Kind::Stacked => stacked(&figure, &pen, &mut lines),
        Kind::Funnel => funnel(&figure, &pen, &mut lines),
        Kind::Heatmap => heatmap(&figure, &pen, &mut lines),
        Kind::Scatter => scatter(&figure, &pen, &mut lines),
    }
    lines.extend(figure.left_out.iter().map(|left_out| left_out.text(style)));
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// What charts are drawn with.
pub struct Pen<'a> {
    pub width: usize,
    /// Only ASCII.
    pub plain: bool,
    pub colour: bool,
    pub style: &'a Style,
}

impl Pen<'_> {
    /// One character or the other where only ASCII may stand.
    pub fn or(&self, rich: char, plain: char) -> char {
        if self.plain { plain } else { rich }
    }

    /// Text cut to columns.
    pub fn cut(&self, text: &str, columns: usize) -> String {
        shorten(text, columns, if self.plain { "..." } else { "…" }).into_owned()
    }

    /// Text in the colour of a series.
    pub fn painted(&self, text: &str, series: usize) -> String {
        if !self.colour || text.trim().is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", COLOURS[series % COLOURS.len()])
    }

    pub fn reading(&self, ty: crate::table::ColumnType) -> Reading<'_> {
        Reading { ty, language: &self.style.language }
    }

    fn part(&self, series: usize) -> char {
        let parts = if self.plain { STACK_ASCII } else { STACK };
        parts[series % parts.len()]
    }

    /// Names of series with what they are drawn with, in lines that fit.
    fn legend(&self, names: impl Iterator<Item = (char, String)>) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut taken = 0;
        for (at, (mark, name)) in names.enumerate() {
            let name = self.cut(&name, self.width.saturating_sub(2));
            let wide = width(&name) + 2;
            if taken > 0 && taken + 3 + wide > self.width {
                lines.push(String::new());
                taken = 0;
            }
            let space = if taken > 0 { "   " } else { "" };
            taken += space.len() + wide;
            if let Some(line) = lines.last_mut() {
                let _ = write!(line, "{space}{} {name}", self.painted(&mark.to_string(), at));
            }
        }
        lines
    }
}

/// Where bars to both sides of zero stand: columns below it, columns above, columns per 1.
struct Sides {
    below: usize,
    above: usize,
    scale: f64,
}

impl Sides {
    fn of(low: f64, high: f64, room: usize) -> Self {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let span = if high > low { high - low } else { 1.0 };
        let wish = count(real(room) * -low / span);
        let below = if low < 0.0 { wish.clamp(1, room.saturating_sub(1).max(1)) } else { 0 };
        let above = room.saturating_sub(below);
        let scale_of = |columns: usize, size: f64| {
            if size > 0.0 { real(columns) / size } else { f64::INFINITY }
        };
        let scale = scale_of(below, -low).min(scale_of(above, high));
        Self { below, above, scale: if scale.is_finite() { scale } else { 0.0 } }
    }

    fn columns(&self, value: f64) -> f64 {
        value.abs() * self.scale
    }
}

/// A line of characters of one column each, with the series whose colour they have.
struct Row(Vec<(char, Option<usize>)>);

impl Row {
    fn blank(columns: usize) -> Self {
        Self(vec![(' ', None); columns])
    }

    fn put(&mut self, at: usize, mark: char, series: Option<usize>) {
        if let Some(cell) = self.0.get_mut(at) {
            *cell = (mark, series);
        }
    }

    fn text(&self, pen: &Pen<'_>) -> String {
        let mut text = String::new();
        for run in self.0.chunk_by(|a, b| a.1 == b.1) {
            let marks: String = run.iter().map(|(mark, _)| *mark).collect();
            text.push_str(&match run[0].1 {
                Some(series) => pen.painted(&marks, series),
                None => marks,
            });
        }
        text
    }
}

/// A bar of so many columns, its last one in eighths; what is not zero is never nothing.
fn bar(columns: f64, pen: &Pen<'_>) -> Vec<char> {
    if pen.plain {
        return vec!['#'; count(columns).max(usize::from(columns > 0.0))];
    }
    let eighths = count(columns * 8.0).max(usize::from(columns > 0.0));
    let mut marks = vec!['█'; eighths / 8];
    if eighths % 8 > 0 {
        marks.push(PARTS_OF_CELL[eighths % 8]);
    }
    marks
}

/// A bar that grows to the left: halves only, as there are no other characters.
fn bar_leftwards(columns: f64, pen: &Pen<'_>) -> Vec<char> {
    if pen.plain {
        return bar(columns, pen);
    }
    let halves = count(columns * 2.0).max(usize::from(columns > 0.0));
    let mut marks = vec!['█'; halves / 2];
    if halves % 2 > 0 {
        marks.push('▐');
    }
    marks
}

/// Columns of labels, bars and texts of numbers in one line.
struct Layout {
    labels: usize,
    bars: usize,
    texts: usize,
}

impl Layout {
    fn of(labels: &[String], texts: &[String], pen: &Pen<'_>) -> Self {
        let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let labels_wish = widest(labels).min(pen.width / 3);
        let texts = widest(texts);
        let bars = pen.width.saturating_sub(labels_wish + texts + 4).max(8);
        let labels = labels_wish.min(pen.width.saturating_sub(texts + bars + 4)).max(4);
        Self { labels, bars, texts }
    }

    fn line(&self, label: &str, bar: &str, text: &str, pen: &Pen<'_>) -> String {
        let label = padded(&pen.cut(label, self.labels), self.labels);
        let space = " ".repeat(self.texts.saturating_sub(width(text)));
        format!("{label}  {bar}  {space}{text}")
    }
}

fn zero_line(pen: &Pen<'_>) -> char {
    pen.or('│', '|')
}

fn bars(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let drawn = if figure.kind == Kind::Pareto { &figure.series[..1] } else { &figure.series[..] };
    let texts: Vec<Vec<String>> = (0..figure.labels.len())
        .map(|at| drawn.iter().map(|series| bar_text(figure, series.at(at), at)).collect())
        .collect();
    let layout = Layout::of(&figure.labels, &texts.concat(), pen);
    let marks = figure.target.iter().flat_map(super::series::Series::values);
    let values: Vec<f64> = drawn.iter().flat_map(super::series::Series::values).chain(marks).collect();
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let sides = Sides::of(low, high, layout.bars - usize::from(low < 0.0));
    let start = sides.below + usize::from(sides.below > 0);
    for (at, label) in figure.labels.iter().enumerate() {
        for (place, series) in drawn.iter().enumerate() {
            let mut row = Row::blank(start + sides.above);
            if sides.below > 0 {
                row.put(sides.below, zero_line(pen), None);
            }
            if let Some(number) = series.at(at) {
                let columns = sides.columns(number.value);
                if number.value < 0.0 {
                    for (step, mark) in bar_leftwards(columns, pen).into_iter().enumerate() {
                        let mark = if place > 0 { pen.part(place) } else { mark };
                        row.put(sides.below.saturating_sub(step + 1), mark, Some(place));
                    }
                } else {
                    for (step, mark) in bar(columns, pen).into_iter().enumerate() {
                        // Bars of further series are told apart by whole characters, not by eighths.
                        let mark = if place > 0 { pen.part(place) } else { mark };
                        row.put(start + step, mark, Some(place));
                    }
                }
            }
            if let Some(target) = figure.target.as_ref().and_then(|target| target.at(at)) {
                let reach = count((sides.columns(target.value) - 0.5).max(0.0));
                row.put(start + reach.min(sides.above.saturating_sub(1)), pen.or('┃', '|'), None);
            }
            let label = if place == 0 { label.as_str() } else { "" };
            lines.push(layout.line(label, &row.text(pen), &texts[at][place], pen));
        }
    }
    if drawn.len() > 1 || figure.target.is_some() {
        let names = drawn.iter().enumerate();
        let names = names.map(|(place, series)| (pen.part(place), series.name.clone()));
        lines.extend(pen.legend(names));
        let target = figure.target.iter().map(|target| format!("{} {}", pen.or('┃', '|'), target.name));
        lines.extend(target);
    }
}

/// The number beside a bar: with its target, or with the share reached down to here.
fn bar_text(figure: &Figure, number: Option<&Number>, at: usize) -> String {
    let mut text = number.map(|number| number.text.clone()).unwrap_or_default();
    if let Some(target) = figure.target.as_ref().and_then(|target| target.at(at)) {
        let _ = write!(text, " / {}", target.text);
    }
    if figure.kind == Kind::Pareto {
        let share = figure.series.get(1).and_then(|shares| shares.at(at));
        let share = share.map(|share| share.text.as_str()).unwrap_or_default();
        let _ = write!(text, "  {share:>6}");
    }
    text
}

fn stacked(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let totals: Vec<String> = (0..figure.labels.len())
        .map(|at| figure.stack_total(at).map(|total| total.text).unwrap_or_default())
        .collect();
    let layout = Layout::of(&figure.labels, &totals, pen);
    let stacks: Vec<(f64, f64)> = (0..figure.labels.len()).map(|at| figure.stack(at)).collect();
    let low = stacks.iter().map(|stack| stack.0).fold(0.0, f64::min);
    let high = stacks.iter().map(|stack| stack.1).fold(0.0, f64::max);
    let sides = Sides::of(low, high, layout.bars - usize::from(low < 0.0));
    let start = sides.below + usize::from(sides.below > 0);
    for (at, label) in figure.labels.iter().enumerate() {
        let mut row = Row::blank(start + sides.above);
        if sides.below > 0 {
            row.put(sides.below, zero_line(pen), None);
        }
        let (mut below, mut above) = (0.0, 0.0);
        for (place, series) in figure.series.iter().enumerate() {
            let Some(number) = series.at(at) else { continue };
            let end = if number.value < 0.0 { &mut below } else { &mut above };
            let from = count(sides.columns(*end));
            *end += number.value;
            for step in from..count(sides.columns(*end)) {
                let at = if number.value < 0.0 { sides.below.saturating_sub(step + 1) } else { start + step };
                row.put(at, pen.part(place), Some(place));
            }
        }
        lines.push(layout.line(label, &row.text(pen), &totals[at], pen));
    }
    let names = figure.series.iter().enumerate();
    lines.extend(pen.legend(names.map(|(place, series)| (pen.part(place), series.name.clone()))));
}

fn funnel(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let series = &figure.series[0];
    let first = series.values().next().unwrap_or_default();
    let widest = series.values().fold(0.0, f64::max);
    let texts: Vec<String> = series
        .numbers
        .iter()
        .map(|number| match number {
            Some(number) => format!("{}  {:>6}", number.text, percent(number.value, first)),
            None => String::new(),
        })
        .collect();
    let layout = Layout::of(&figure.labels, &texts, pen);
    for (at, label) in figure.labels.iter().enumerate() {
        let mut row = Row::blank(layout.bars);
        if let Some(number) = series.at(at).filter(|number| number.value > 0.0 && widest > 0.0) {
            let columns = count(real(layout.bars) * number.value / widest).max(1);
            let from = (layout.bars - columns.min(layout.bars)) / 2;
            for step in 0..columns {
                row.put(from + step, pen.or('█', '#'), Some(0));
            }
        }
        lines.push(layout.line(label, &row.text(pen), &texts[at], pen));
    }
}

/// A part as percent of a whole with one decimal; nothing of nothing.
pub fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.1}%", 100.0 * part / whole) } else { String::new() }
}

/// Columns that names of rows take in a heat map, and those of each cell.
fn cells(figure: &Figure, pen: &Pen<'_>) -> (usize, usize) {
    let texts = figure.series.iter().flat_map(|series| &series.numbers).flatten();
    let widest = texts.map(|number| width(&number.text) + 3).max().unwrap_or(0);
    let heads = figure.labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let names = figure.series.iter().map(|series| width(&series.name)).max().unwrap_or(0);
    (names.min(pen.width / 3), widest.max(heads.min(12)) + 2)
}

fn heatmap(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let (names, column) = cells(figure, pen);
    if !figure.measure.is_empty() {
        lines.push(format!("{} ({})", figure.measure, figure.across));
    }
    let mut head = " ".repeat(names);
    for label in &figure.labels {
        let label = pen.cut(label, column - 2);
        let _ = write!(head, "{}{label}", " ".repeat(column.saturating_sub(width(&label))));
    }
    lines.push(head);
    let low = figure.values().fold(f64::INFINITY, f64::min).min(0.0);
    let high = figure.values().fold(f64::NEG_INFINITY, f64::max);
    let shades = if pen.plain { SHADES_ASCII } else { SHADES };
    for series in &figure.series {
        let mut line = padded(&pen.cut(&series.name, names), names);
        for number in &series.numbers {
            let Some(number) = number else {
                line.push_str(&" ".repeat(column));
                continue;
            };
            let share = if high > low { (number.value - low) / (high - low) } else { 0.0 };
            let shade = shades[count((share * 4.0 - 0.5).max(0.0)).min(3)].to_string().repeat(2);
            let space = " ".repeat(column.saturating_sub(width(&number.text) + 3));
            let _ = write!(line, "{space}{} {}", pen.painted(&shade, 0), number.text);
        }
        lines.push(line);
    }
}

fn scatter(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let [across, upwards] = figure.series.as_slice() else { return };
    let x = Axis::over(across.values(), false, 5, pen.reading(across.ty));
    let y = Axis::over(upwards.values(), false, 4, pen.reading(upwards.ty));
    let margin = y.ticks.iter().map(|tick| width(&tick.text)).max().unwrap_or(0);
    let room = pen.width.saturating_sub(margin + 3).max(10);
    let mut rows: Vec<Row> = (0..POINT_ROWS).map(|_| Row::blank(room)).collect();
    let row_of = |share: f64| POINT_ROWS - 1 - count(share * real(POINT_ROWS - 1));
    for (right, up) in across.values().zip(upwards.values()) {
        let column = count(x.share(right) * real(room - 1));
        let row = &mut rows[row_of(y.share(up))];
        let taken = row.0.get(column).is_some_and(|cell| cell.1.is_some());
        let mark = if taken { pen.or('●', 'O') } else { pen.or('•', '*') };
        row.put(column, mark, Some(0));
    }
    lines.push(upwards.name.clone());
    for (at, row) in rows.iter().enumerate() {
        let tick = y.ticks.iter().find(|tick| row_of(y.share(tick.at)) == at);
        let tick = tick.map(|tick| tick.text.clone()).unwrap_or_default();
        let space = " ".repeat(margin - width(&tick).min(margin));
        lines.push(format!("{space}{tick} {}{}", zero_line(pen), row.text(pen)));
    }
    let rule = pen.or('─', '-').to_string().repeat(room);
    lines.push(format!("{} {}{rule}", " ".repeat(margin), pen.or('└', '+')));
    let ends = [x.ticks.first(), x.ticks.last()].map(|tick| tick.map_or("", |tick| tick.text.as_str()));
    let space = room.saturating_sub(width(ends[0]) + width(ends[1]));
    lines.push(format!("{}{}{}{}", " ".repeat(margin + 2), ends[0], " ".repeat(space), ends[1]));
    lines.push(format!("{}{}", " ".repeat(margin + 2), across.name));
}
