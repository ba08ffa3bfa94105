//! Upright columns of characters along time, a block of lines for each series.
//!
//! Deliberately absent: slopes between points, which characters cannot draw; a line is a stroke at
//! each label, as a filled column would lie where zero is not shown.

use super::scale::{Axis, count, real, short};
use super::series::Series;
use super::terminal::Pen;
use super::{Figure, Kind};
use crate::formats::display::{padded, width};

/// Lines of the only series, and of each of several.
const HIGH: usize = 10;
const LOW: usize = 5;
const WIDEST: usize = 12;
const UP: [char; 8] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇'];

/// Draws each series as a block, the labels under the last one.
pub fn draw(figure: &Figure, pen: &Pen<'_>, lines: &mut Vec<String>) {
    let height = if figure.series.len() > 1 { LOW } else { HIGH };
    let blocks: Vec<(&Series, Axis)> = figure
        .series
        .iter()
        .map(|series| {
            let marks = figure.target.iter().flat_map(Series::values);
            let values = series.values().chain(marks);
            let zero = figure.kind == Kind::Column;
            (series, Axis::over(values, zero, height.div_ceil(2), pen.reading(series.ty)))
        })
        .collect();
    let ticks = blocks.iter().flat_map(|(_, axis)| &axis.ticks);
    let margin = ticks.map(|tick| width(&tick.text)).max().unwrap_or(0);
    let room = pen.width.saturating_sub(margin + 2);
    let column = (room / figure.labels.len().max(1)).clamp(1, WIDEST);
    for (place, (series, axis)) in blocks.iter().enumerate() {
        lines.push(series.name.clone());
        let gap = usize::from(column > 1 && figure.kind != Kind::Line);
        let block = Block {
            target: figure.target.as_ref(),
            is_line: figure.kind == Kind::Line,
            filled: column - gap,
            place,
            ..Block::new(series, axis, column, height)
        };
        block.draw(margin, pen, lines);
    }
    lines.push(labels(figure, margin, column, pen));
    if let Some(target) = &figure.target {
        lines.push(format!("{} {}", pen.or('━', '='), target.name));
    }
}

/// The labels that have room: each, or every second, third …
fn labels(figure: &Figure, margin: usize, column: usize, pen: &Pen<'_>) -> String {
    let widest = figure.labels.iter().map(|label| width(label)).max().unwrap_or(0).min(20);
    let every = (widest + 1).div_ceil(column);
    let mut line = " ".repeat(margin + 2);
    for (at, label) in figure.labels.iter().enumerate().step_by(every.max(1)) {
        let start = margin + 2 + at * column;
        let label = pen.cut(label, widest);
        if start + width(&label) > pen.width && at > 0 {
            break;
        }
        line.push_str(&" ".repeat(start.saturating_sub(width(&line))));
        line.push_str(&label);
    }
    line
}

/// The columns of one series. Row 0 has room for numbers only; rows up to `above` are over zero,
/// those after it below, all of the same scale.
struct Block<'a> {
    series: &'a Series,
    axis: &'a Axis,
    target: Option<&'a Series>,
    /// Characters of a column with its gap.
    column: usize,
    /// Whether a stroke stands at each number, and not a column under it.
    is_line: bool,
    /// Characters of a column that are filled.
    filled: usize,
    height: usize,
    above: usize,
    /// Where columns begin.
    base: f64,
    /// Rows per 1.
    scale: f64,
    place: usize,
}

impl<'a> Block<'a> {
    fn new(series: &'a Series, axis: &'a Axis, column: usize, height: usize) -> Self {
        let base = axis.low.max(0.0).min(axis.high);
        let scale = real(height) / (axis.high - axis.low);
        let below = count((base - axis.low) * scale).min(height);
        Self {
            series,
            axis,
            target: None,
            column,
            is_line: false,
            filled: column,
            height,
            above: height - below,
            base,
            scale,
            place: 0,
        }
    }

    /// How many rows a number reaches above where columns begin.
    fn size(&self, value: f64) -> f64 {
        (value - self.base) * self.scale
    }

    /// Lines from the top, with ticks at the left and numbers where they fit above the columns.
    fn draw(&self, margin: usize, pen: &Pen<'_>, lines: &mut Vec<String>) {
        for row in 0..=self.height {
            let mut line = String::new();
            for at in 0..self.series.numbers.len() {
                let text = self.mark(row, at, pen).or_else(|| self.number(row, at, pen));
                let text = text.or_else(|| self.cell(row, at, pen));
                line.push_str(&text.unwrap_or_else(|| " ".repeat(self.column)));
            }
            let tick = self.axis.ticks.iter().find(|tick| self.row_over(self.size(tick.at)) == Some(row));
            let tick = tick.map(|tick| tick.text.clone()).unwrap_or_default();
            let space = " ".repeat(margin.saturating_sub(width(&tick)));
            lines.push(format!("{space}{tick} {}{line}", pen.or('│', '|')));
        }
    }

    /// The row whose lower edge lies at a size.
    fn row_over(&self, size: f64) -> Option<usize> {
        let from_top = real(self.above) - size;
        (from_top > -0.5).then(|| count(from_top))
    }

    /// What a column fills of a row; `None` where it does not reach.
    fn cell(&self, row: usize, at: usize, pen: &Pen<'_>) -> Option<String> {
        let size = self.size(self.series.at(at)?.value);
        if self.is_line {
            return self.stroke(row, size, pen);
        }
        let mark = if row > self.above {
            match -size - real(row - self.above - 1) {
                part if part >= 0.75 => pen.or('█', '#'),
                part if part > 0.0 => pen.or('▀', '#'),
                _ => return None,
            }
        } else {
            let part = (size - real(self.above - row)).clamp(0.0, 1.0);
            // What is not zero is never nothing.
            let least = usize::from(row == self.above && size > 0.0);
            match count(part * 8.0).max(least) {
                0 => return None,
                8 => pen.or('█', '#'),
                few if pen.plain && few < 4 && row != self.above => return None,
                eighths => pen.or(UP[eighths], '#'),
            }
        };
        let filled = pen.painted(&mark.to_string().repeat(self.filled), self.place);
        Some(format!("{filled}{}", " ".repeat(self.column - self.filled)))
    }

    /// The row in which the stroke at a size stands.
    fn row_of(&self, size: f64) -> usize {
        count(real(self.above) - size.floor())
    }

    /// A stroke as high in its row as three characters can say.
    fn stroke(&self, row: usize, size: f64, pen: &Pen<'_>) -> Option<String> {
        let mark = match size - size.floor() {
            part if part < 0.33 => pen.or('▁', '_'),
            part if part < 0.67 => pen.or('─', '-'),
            _ => pen.or('▔', '-'),
        };
        (row == self.row_of(size)).then(|| pen.painted(&mark.to_string().repeat(self.filled), self.place))
    }

    /// The number of a column in the row above its end, where it fits.
    fn number(&self, row: usize, at: usize, pen: &Pen<'_>) -> Option<String> {
        let number = self.series.at(at)?;
        let size = self.size(number.value);
        let over = if self.is_line {
            // A stroke in the highest row has its number below it.
            self.row_of(size).checked_sub(1).unwrap_or(1)
        } else {
            self.above.saturating_sub(count(size.max(0.0).ceil()))
        };
        let over = if self.mark(over, at, pen).is_some() { over.saturating_sub(1) } else { over };
        if row != over {
            return None;
        }
        let texts = [number.text.clone(), short(number.decimal, pen.reading(self.series.ty))];
        let text = texts.into_iter().find(|text| width(text) < self.column)?;
        Some(padded(&text, self.column))
    }

    /// The mark of a target that lies in this row.
    fn mark(&self, row: usize, at: usize, pen: &Pen<'_>) -> Option<String> {
        let target = self.target?.at(at)?;
        let here = self.row_over(self.size(target.value)) == Some(row);
        let mark = pen.or('━', '=').to_string().repeat(self.filled);
        here.then(|| padded(&mark, self.column))
    }
}
