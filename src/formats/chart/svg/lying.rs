//! Pictures with names downwards: bars, funnels and heat maps.
//!
//! Deliberately absent: titles and legends, which are the same for all kinds.

use super::super::Figure;
use super::super::scale::{Axis, real, short};
use super::super::series::Series;
use super::super::terminal::percent;
use super::{Anchor, Canvas, EDGE, WIDTH, length, told};
use crate::formats::display::shorten;

/// Names beside bars are cut to this.
const LABEL_COLUMNS: usize = 30;
const BAR: f64 = 18.0;
const CELL: f64 = 28.0;

fn cut(label: &str) -> String {
    shorten(label, LABEL_COLUMNS, "…").into_owned()
}

/// What names take at the left.
fn margin<'a>(labels: impl Iterator<Item = &'a String>) -> f64 {
    labels.map(|label| length(&cut(label))).fold(0.0, f64::max) + EDGE + 8.0
}

/// Bars from zero to both sides, a mark where the target is, the number at the end.
pub fn bars(canvas: &mut Canvas<'_>, figure: &Figure) {
    let ty = figure.series[0].ty;
    let marks = figure.target.iter().flat_map(Series::values);
    let axis = Axis::over(figure.values().chain(marks), true, 5, canvas.reading(ty));
    let number = |series: &Series, at: usize| {
        let target = figure.target.as_ref().and_then(|target| target.at(at));
        let text = series.at(at).map(|number| number.text.clone()).unwrap_or_default();
        target.map_or(text.clone(), |target| format!("{text} / {}", target.text))
    };
    let texts = figure.series.iter().flat_map(|s| (0..figure.labels.len()).map(move |at| (s, at)));
    let widest = texts.map(|(series, at)| length(&number(series, at))).fold(0.0, f64::max);
    let below = axis.low < 0.0;
    let left = margin(figure.labels.iter()) + if below { widest + 6.0 } else { 0.0 };
    let right = (WIDTH - EDGE - widest - 8.0).max(left + 80.0);
    let x_of = |value: f64| left + axis.share(value) * (right - left);
    let one = if figure.series.len() > 1 { 14.0 } else { BAR };
    let band = one * real(figure.series.len()) + 9.0;
    let (top, height) = (canvas.y + 4.0, band * real(figure.labels.len()));
    for tick in &axis.ticks {
        let class = if tick.at == 0.0 { "base" } else { "grid" };
        canvas.line((x_of(tick.at), top), (x_of(tick.at), top + height), class);
        canvas.text(x_of(tick.at), top + height + 16.0, Anchor::Middle, "soft", &tick.text);
    }
    for (place, label) in figure.labels.iter().enumerate() {
        let y = top + band * real(place) + 4.5;
        let middle = y + one * real(figure.series.len()) / 2.0;
        canvas.text(margin(figure.labels.iter()) - 8.0, middle + 4.0, Anchor::End, "", &cut(label));
        for (index, series) in figure.series.iter().enumerate() {
            let Some(found) = series.at(place) else { continue };
            let y = y + one * real(index);
            let (base, end) = (x_of(0.0), x_of(found.value));
            let text = number(series, place);
            let name = if figure.series.len() > 1 { series.name.as_str() } else { "" };
            canvas.rect(
                (base.min(end), y),
                ((end - base).abs(), one - 1.0),
                index,
                &told(label, name, &text),
            );
            let target = figure.target.as_ref().and_then(|target| target.at(place));
            let reach = target.map_or(end, |target| end.max(x_of(target.value)));
            let y = y + one / 2.0 + 4.0;
            if found.value < 0.0 && target.is_none() {
                canvas.text(end - 5.0, y, Anchor::End, "", &text);
            } else {
                canvas.text(reach + 6.0, y, Anchor::Start, "", &text);
            }
        }
        if let Some(target) = figure.target.as_ref().and_then(|target| target.at(place)) {
            let x = x_of(target.value);
            canvas.line((x, y - 3.0), (x, y + one * real(figure.series.len()) + 2.0), "mark");
        }
    }
    canvas.y = top + height + 24.0;
}

/// Steps under one another, each as wide as it has left of the first.
pub fn funnel(canvas: &mut Canvas<'_>, figure: &Figure) {
    let series = &figure.series[0];
    let first = series.values().next().unwrap_or_default();
    let widest = series.values().fold(0.0, f64::max);
    let texts: Vec<String> = series
        .numbers
        .iter()
        .map(|number| {
            number.as_ref().map_or_else(String::new, |number| {
                format!("{}  {}", number.text, percent(number.value, first))
            })
        })
        .collect();
    let left = margin(figure.labels.iter());
    let right = WIDTH - EDGE - texts.iter().map(|text| length(text)).fold(0.0, f64::max) - 12.0;
    let middle = f64::midpoint(left, right);
    let wide = |value: f64| if widest > 0.0 { (right - left) * (value / widest).max(0.0) } else { 0.0 };
    let (step, gap) = (34.0, 8.0);
    let mut y = canvas.y + 4.0;
    for (place, label) in figure.labels.iter().enumerate() {
        canvas.text(left - 8.0, y + step / 2.0 + 4.0, Anchor::End, "", &cut(label));
        if let Some(number) = series.at(place) {
            let here = wide(number.value);
            canvas.rect((middle - here / 2.0, y), (here, step), 0, &told(label, "", &texts[place]));
            if let Some(next) = series.at(place + 1) {
                let next = wide(next.value);
                let (top, bottom) = (y + step, y + step + gap);
                let corners = [
                    (middle - here / 2.0, top),
                    (middle + here / 2.0, top),
                    (middle + next / 2.0, bottom),
                    (middle - next / 2.0, bottom),
                ];
                let corners: Vec<String> =
                    corners.iter().map(|(x, y)| format!("{},{}", super::at(*x), super::at(*y))).collect();
                canvas.push(&format!(
                    "<polygon points=\"{}\" fill=\"var(--c0)\" fill-opacity=\"0.3\"/>",
                    corners.join(" ")
                ));
            }
            canvas.text(WIDTH - EDGE, y + step / 2.0 + 4.0, Anchor::End, "", &texts[place]);
        }
        y += step + gap;
    }
    canvas.y = y;
}

/// A field of numbers, the larger the stronger; below zero in another colour.
pub fn heatmap(canvas: &mut Canvas<'_>, figure: &Figure) {
    let left = margin(figure.series.iter().map(|series| &series.name));
    let cell = ((WIDTH - EDGE - left) / real(figure.labels.len().max(1))).min(110.0);
    let far = figure.values().map(f64::abs).fold(0.0, f64::max);
    let widest = figure.labels.iter().map(|label| length(&cut(label))).fold(0.0, f64::max);
    let slanting = widest + 4.0 > cell;
    if !figure.measure.is_empty() {
        canvas.text(EDGE, canvas.y + 10.0, Anchor::Start, "soft", &figure.measure);
        canvas.y += 20.0;
    }
    canvas.text(left, canvas.y + 10.0, Anchor::Start, "soft", &cut(&figure.across));
    let top = canvas.y + 20.0 + if slanting { widest * 0.7 + 8.0 } else { 16.0 };
    for (place, label) in figure.labels.iter().enumerate() {
        let x = left + cell * (real(place) + 0.5);
        if slanting {
            let (x, y) = (super::at(x + 3.0), super::at(top - 6.0));
            let label = crate::formats::html::text(&cut(label));
            canvas.push(&format!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"start\" transform=\"rotate(-45 {x} {y})\">{label}</text>"
            ));
        } else {
            canvas.text(x, top - 6.0, Anchor::Middle, "", &cut(label));
        }
    }
    for (row, series) in figure.series.iter().enumerate() {
        let y = top + CELL * real(row);
        canvas.text(left - 8.0, y + CELL / 2.0 + 4.0, Anchor::End, "", &cut(&series.name));
        for (place, label) in figure.labels.iter().enumerate() {
            let Some(number) = series.at(place) else { continue };
            let x = left + cell * real(place);
            let share = if far > 0.0 { number.value.abs() / far } else { 0.0 };
            let strength = (0.06 + 0.9 * share).min(0.99);
            let colour = if number.value < 0.0 { 3 } else { 0 };
            let told = told(&series.name, label, &number.text);
            canvas.shade((x + 0.5, y + 0.5), (cell - 1.0, CELL - 1.0), colour, strength, &told);
            let texts = [number.text.clone(), short(number.decimal, canvas.reading(series.ty))];
            if let Some(text) = texts.into_iter().find(|text| length(text) <= cell - 2.0) {
                let class = if strength > 0.6 { "inside" } else { "" };
                canvas.text(x + cell / 2.0, y + CELL / 2.0 + 4.0, Anchor::Middle, class, &text);
            }
        }
    }
    canvas.y = top + CELL * real(figure.series.len()) + 6.0;
}
