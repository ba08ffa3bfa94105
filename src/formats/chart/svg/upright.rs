//! Pictures with numbers upwards: columns, stacks, lines, pareto, and points.
//!
//! Deliberately absent: titles and legends, which are the same for all kinds.

use super::super::scale::{Axis, count, real, short};
use super::super::series::{Number, Series};
use super::super::{Figure, Kind};
use super::{Anchor, Canvas, EDGE, WIDTH, at, length, told};
use crate::formats::display::shorten;
use crate::formats::html::text as escaped;
use crate::table::ColumnType;

const HEIGHT: f64 = 280.0;
/// Names under columns are cut to this.
const LABEL_COLUMNS: usize = 16;

/// The field in which is drawn.
struct Field {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    axis: Axis,
}

impl Field {
    fn y(&self, value: f64) -> f64 {
        self.bottom - self.axis.share(value) * (self.bottom - self.top)
    }

    fn base(&self) -> f64 {
        self.y(0.0_f64.clamp(self.axis.low, self.axis.high))
    }

    /// Gridlines with their ticks at the left.
    fn grid(&self, canvas: &mut Canvas<'_>) {
        for tick in &self.axis.ticks {
            let y = self.y(tick.at);
            let class = if tick.at == 0.0 { "base" } else { "grid" };
            canvas.line((self.left, y), (self.right, y), class);
            canvas.text(self.left - 6.0, y + 4.0, Anchor::End, "soft", &tick.text);
        }
    }
}

fn margin(axis: &Axis) -> f64 {
    axis.ticks.iter().map(|tick| length(&tick.text)).fold(0.0, f64::max) + EDGE + 6.0
}

/// Columns, stacks, lines and pareto: a band for each label.
pub fn bands(canvas: &mut Canvas<'_>, figure: &Figure) {
    let stacks: Vec<(f64, f64)> = (0..figure.labels.len()).map(|at| figure.stack(at)).collect();
    let numbers: Vec<f64> = match figure.kind {
        Kind::Stacked => stacks.iter().flat_map(|(low, high)| [*low, *high]).collect(),
        Kind::Pareto => figure.series[0].values().collect(),
        _ => figure.values().chain(figure.target.iter().flat_map(Series::values)).collect(),
    };
    let ty = figure.series[0].ty;
    let axis = Axis::over(numbers, figure.kind != Kind::Line, 5, canvas.reading(ty));
    let right = if figure.kind == Kind::Pareto { EDGE + 44.0 } else { EDGE };
    let top = canvas.y + 20.0;
    let field = Field { left: margin(&axis), right: WIDTH - right, top, bottom: top + HEIGHT, axis };
    field.grid(canvas);
    let band = (field.right - field.left) / real(figure.labels.len().max(1));
    match figure.kind {
        Kind::Stacked => stacked(canvas, figure, &field, band),
        Kind::Line => lines(canvas, figure, &field, band),
        _ => columns(canvas, figure, &field, band),
    }
    if figure.kind == Kind::Pareto {
        shares(canvas, figure, &field, band);
    }
    labels(canvas, figure, &field, band);
}

/// Names under the bands: level, else slanting, and as many as have room.
fn labels(canvas: &mut Canvas<'_>, figure: &Figure, field: &Field, band: f64) {
    let texts: Vec<String> =
        figure.labels.iter().map(|label| shorten(label, LABEL_COLUMNS, "…").into_owned()).collect();
    let widest = texts.iter().map(|text| length(text)).fold(0.0, f64::max);
    let level = widest + 6.0 <= band || figure.timed && widest <= 70.0;
    let room = if level { widest + 10.0 } else { 18.0 };
    let every = count((room / band).ceil()).max(1);
    for (place, text) in texts.iter().enumerate().step_by(every) {
        let x = field.left + band * (real(place) + 0.5);
        if level {
            canvas.text(x, field.bottom + 18.0, Anchor::Middle, "", text);
        } else {
            let (x, y) = (at(x + 4.0), at(field.bottom + 14.0));
            canvas.push(&format!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" transform=\"rotate(-40 {x} {y})\">{}</text>",
                escaped(text)
            ));
        }
    }
    canvas.y = field.bottom + if level { 26.0 } else { widest * 0.66 + 24.0 };
}

/// The number in full, or short, or not at all, as there is room.
fn fitting(canvas: &Canvas<'_>, number: &Number, ty: ColumnType, room: f64) -> Option<String> {
    let texts = [number.text.clone(), short(number.decimal, canvas.reading(ty))];
    texts.into_iter().find(|text| length(text) <= room)
}

fn columns(canvas: &mut Canvas<'_>, figure: &Figure, field: &Field, band: f64) {
    let drawn = if figure.kind == Kind::Pareto { &figure.series[..1] } else { &figure.series[..] };
    let inner = (band * 0.78).min(90.0);
    let one = inner / real(drawn.len().max(1));
    for (place, label) in figure.labels.iter().enumerate() {
        let start = field.left + band * (real(place) + 0.5) - inner / 2.0;
        for (index, series) in drawn.iter().enumerate() {
            let Some(number) = series.at(place) else { continue };
            let x = start + one * real(index);
            let (end, base) = (field.y(number.value), field.base());
            let size = (one * if one > 6.0 { 0.94 } else { 1.0 }, (end - base).abs());
            let name = if drawn.len() > 1 { series.name.as_str() } else { "" };
            canvas.rect((x, end.min(base)), size, index, &told(label, name, &number.text));
            let room = if drawn.len() > 1 { one } else { band - 4.0 };
            if let Some(text) = fitting(canvas, number, series.ty, room) {
                let y = if number.value < 0.0 { end + 13.0 } else { end - 5.0 };
                canvas.text(x + size.0 / 2.0, y, Anchor::Middle, "", &text);
            }
        }
        if let Some(target) = figure.target.as_ref().and_then(|target| target.at(place)) {
            let y = field.y(target.value);
            canvas.line((start - 3.0, y), (start + inner + 3.0, y), "mark");
        }
    }
}

fn stacked(canvas: &mut Canvas<'_>, figure: &Figure, field: &Field, band: f64) {
    let inner = (band * 0.78).min(90.0);
    for (place, label) in figure.labels.iter().enumerate() {
        let x = field.left + band * (real(place) + 0.5) - inner / 2.0;
        let (mut low, mut high) = (0.0, 0.0);
        for (index, series) in figure.series.iter().enumerate() {
            let Some(number) = series.at(place).filter(|number| number.value != 0.0) else { continue };
            let end = if number.value < 0.0 { &mut low } else { &mut high };
            let from = field.y(*end);
            *end += number.value;
            let to = field.y(*end);
            let size = (inner, (from - to).abs());
            canvas.rect((x, from.min(to)), size, index, &told(label, &series.name, &number.text));
        }
        let Some(total) = figure.stack_total(place) else { continue };
        if let Some(text) = fitting(canvas, &total, figure.series[0].ty, band - 4.0) {
            canvas.text(x + inner / 2.0, field.y(high) - 5.0, Anchor::Middle, "", &text);
        }
    }
}

fn lines(canvas: &mut Canvas<'_>, figure: &Figure, field: &Field, band: f64) {
    let few = figure.labels.len() <= 60;
    for (index, series) in figure.series.iter().enumerate() {
        let place = |at: usize| {
            let number = series.at(at)?;
            Some((field.left + band * (real(at) + 0.5), field.y(number.value)))
        };
        let points: Vec<Option<(f64, f64)>> = (0..figure.labels.len()).map(place).collect();
        canvas.polyline(&points, index);
        for (at, point) in points.iter().enumerate() {
            let alone =
                (at == 0 || points[at - 1].is_none()) && points.get(at + 1).is_none_or(Option::is_none);
            let (Some((x, y)), Some(number)) = (*point, series.at(at)) else { continue };
            if few || alone {
                let name = if figure.series.len() > 1 { series.name.as_str() } else { "" };
                canvas.point(x, y, index, &told(&figure.labels[at], name, &number.text));
            }
            if figure.series.len() > 1 {
                continue;
            }
            if let Some(text) = fitting(canvas, number, series.ty, band - 4.0) {
                let over = if number.value < 0.0 { y + 17.0 } else { y - 9.0 };
                canvas.text(x, over, Anchor::Middle, "", &text);
            }
        }
    }
}

/// The share that columns make up together, against an axis at the right.
fn shares(canvas: &mut Canvas<'_>, figure: &Figure, field: &Field, band: f64) {
    let Some(series) = figure.series.get(1) else { return };
    let base = field.base();
    let y = |share: f64| base - share.clamp(0.0, 1.0) * (base - field.top);
    for percent in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let text = format!("{:.0}%", percent * 100.0);
        canvas.text(field.right + 6.0, y(percent) + 4.0, Anchor::Start, "soft", &text);
    }
    let place = |at: usize| {
        let number = series.at(at)?;
        Some((field.left + band * (real(at) + 0.5), y(number.value)))
    };
    let points: Vec<Option<(f64, f64)>> = (0..figure.labels.len()).map(place).collect();
    canvas.polyline(&points, 1);
    for (at, point) in points.iter().enumerate() {
        if let (Some((x, y)), Some(number)) = (point, series.at(at)) {
            canvas.point(*x, *y, 1, &told(&figure.labels[at], "", &number.text));
        }
    }
}

/// Points of two numbers each, named while there are few.
pub fn scatter(canvas: &mut Canvas<'_>, figure: &Figure) {
    let [across, upwards] = figure.series.as_slice() else { return };
    let axis = Axis::over(upwards.values(), false, 5, canvas.reading(upwards.ty));
    let x_axis = Axis::over(across.values(), false, 7, canvas.reading(across.ty));
    let top = canvas.y + 32.0;
    let field =
        Field { left: margin(&axis), right: WIDTH - EDGE - 24.0, top, bottom: top + HEIGHT + 40.0, axis };
    canvas.text(EDGE, top - 14.0, Anchor::Start, "soft", &upwards.name);
    field.grid(canvas);
    let x_of = |value: f64| field.left + x_axis.share(value) * (field.right - field.left);
    for tick in &x_axis.ticks {
        canvas.line((x_of(tick.at), field.top), (x_of(tick.at), field.bottom), "grid");
        canvas.text(x_of(tick.at), field.bottom + 18.0, Anchor::Middle, "soft", &tick.text);
    }
    canvas.text(field.right, field.bottom + 38.0, Anchor::End, "soft", &figure.across);
    let named = figure.labels.len() <= 15;
    for (place, label) in figure.labels.iter().enumerate() {
        let (Some(right), Some(up)) = (across.at(place), upwards.at(place)) else { continue };
        let (x, y) = (x_of(right.value), field.y(up.value));
        canvas.point(x, y, 0, &told(label, &right.text, &up.text));
        if named {
            let label = shorten(label, LABEL_COLUMNS, "…").into_owned();
            let inside = x + length(&label) + 8.0 < WIDTH - EDGE;
            let (x, anchor) = if inside { (x + 7.0, Anchor::Start) } else { (x - 7.0, Anchor::End) };
            canvas.text(x, y + 4.0, anchor, "soft", &label);
        }
    }
    canvas.y = field.bottom + 46.0;
}
