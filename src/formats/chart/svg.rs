//! svg: the chart of a table as one picture that needs nothing else, light or dark.
//!
//! `upright` and `lying` draw the kinds; here are the page, its colours and its parts. Deliberately
//! absent: scripts, links, fonts and anything fetched.

mod lying;
mod upright;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::scale::{Reading, real};
use super::{Figure, Kind, Lack};
use crate::formats::Style;
use crate::formats::display::{display, shorten, width};
use crate::formats::html::text as escaped;
use crate::table::{ColumnType, Table};

/// Of every picture, in its own units; heights follow what is drawn.
const WIDTH: f64 = 800.0;
const EDGE: f64 = 16.0;
/// Names beside bars, and columns along time; more are said, not shown.
const MOST_NAMES: usize = 40;
const MOST_COLUMNS: usize = 400;
/// Cells of a heat map, each way.
const MOST_CELLS: usize = 60;

const LOOK: &str = "\
.crm-chart{--ink:#222;--soft:#666;--line:#0002;--base:#0007;--paper:#fff;--c0:#2f6fb0;--c1:#d98518;\
--c2:#2e9468;--c3:#b4496f;--c4:#7765b5;--c5:#8b7a2c;--c6:#3c9fb2;--c7:#888;--mark:#c22}
@media (prefers-color-scheme:dark){.crm-chart{--ink:#e6e6e6;--soft:#a0a0a0;--line:#fff2;--base:#fff8;\
--paper:#17191c;--c0:#6aa9e8;--c1:#f0aa4e;--c2:#5fc397;--c3:#e286a9;--c4:#ac9ce8;--c5:#c4b25c;--c6:#74cbdc;\
--c7:#aaa;--mark:#ff6b6b}}
.crm-chart text{font:12px system-ui,sans-serif;fill:var(--ink)}
.crm-chart .title{font-size:17px;font-weight:600}.crm-chart .soft{fill:var(--soft)}
.crm-chart .small{font-size:10px;fill:var(--soft)}.crm-chart .back{fill:var(--paper)}
.crm-chart .inside{fill:var(--paper)}
.crm-chart .grid{stroke:var(--line)}.crm-chart .base{stroke:var(--base)}
.crm-chart .mark{stroke:var(--mark);stroke-width:2.5}.crm-chart polyline{fill:none;stroke-width:2;\
stroke-linejoin:round}
";

/// Writes the chart of a table as a picture of its own.
pub fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let figure = Figure::of(table, style).map_err(|lack| refused(table, &lack))?;
    let mut canvas = Canvas::new(style);
    let title = shorten(&figure.title, 76, "…").into_owned();
    canvas.text(EDGE, 30.0, Anchor::Start, "title", &title);
    canvas.y = 44.0;
    canvas.draw(figure);
    canvas.provenance(table);
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        canvas.finished(
            " xmlns=\"http://www.w3.org/2000/svg\"",
            "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n"
        )
    )
}

/// The chart of a table as part of a page of html, which has the title already; `None` where the
/// table suggests none.
pub fn inline(table: &Table, style: &Style) -> Option<String> {
    let figure = Figure::of(table, style).ok()?;
    let mut canvas = Canvas::new(style);
    canvas.draw(figure);
    Some(canvas.finished("", ""))
}

fn refused(table: &Table, lack: &Lack) -> io::Error {
    let name = display(&table.name).into_owned();
    let message = match lack {
        Lack::Chart => format!("{name} suggests no chart"),
        Lack::Kind(kind) => format!("{name} suggests a chart of unknown kind {}", display(kind)),
        Lack::Column(code) => format!("{name} has no column {} to draw", display(code)),
        Lack::Numbers(code) => format!("column {} of {name} holds no numbers", display(code)),
    };
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// A coordinate with one decimal.
fn at(number: f64) -> String {
    let text = format!("{:.1}", if number.is_finite() { number } else { 0.0 });
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.to_owned() }
}

/// How long text of twelve units is at most, as nobody measures it here.
fn length(text: &str) -> f64 {
    real(width(text)) * 6.9
}

/// How text stands to its place.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A picture that grows downwards.
struct Canvas<'a> {
    style: &'a Style,
    title: String,
    body: String,
    /// Where the next thing goes.
    y: f64,
}

impl<'a> Canvas<'a> {
    fn new(style: &'a Style) -> Self {
        Self { style, title: String::new(), body: String::new(), y: 0.0 }
    }

    fn reading(&self, ty: ColumnType) -> Reading<'a> {
        Reading { ty, language: &self.style.language }
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.push(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{class}>{}</text>",
            at(x),
            at(y),
            anchor.name(),
            escaped(text)
        ));
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.push(&format!(
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            at(from.0),
            at(from.1),
            at(to.0),
            at(to.1)
        ));
    }

    /// A rectangle in the colour of a series that says what it is when pointed at.
    fn rect(&mut self, corner: (f64, f64), size: (f64, f64), series: usize, told: &str) {
        self.shade(corner, size, series, 1.0, told);
    }

    fn shade(&mut self, corner: (f64, f64), size: (f64, f64), series: usize, strength: f64, told: &str) {
        let opacity = if strength < 1.0 { format!(" fill-opacity=\"{strength:.2}\"") } else { String::new() };
        self.push(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{opacity}><title>{}</title></rect>",
            at(corner.0),
            at(corner.1),
            at(size.0.max(0.0)),
            at(size.1.max(0.0)),
            colour(series),
            escaped(told)
        ));
    }

    fn point(&mut self, x: f64, y: f64, series: usize, told: &str) {
        self.push(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"3.5\" fill=\"{}\"><title>{}</title></circle>",
            at(x),
            at(y),
            colour(series),
            escaped(told)
        ));
    }

    /// Lines between points; a missing one leaves a gap.
    fn polyline(&mut self, points: &[Option<(f64, f64)>], series: usize) {
        for run in points.split(Option::is_none).filter(|run| run.len() > 1) {
            let places: Vec<String> =
                run.iter().flatten().map(|(x, y)| format!("{},{}", at(*x), at(*y))).collect();
            self.push(&format!("<polyline stroke=\"{}\" points=\"{}\"/>", colour(series), places.join(" ")));
        }
    }

    fn draw(&mut self, figure: Figure) {
        self.title.clone_from(&figure.title);
        if figure.is_empty() {
            let words = self.style.words.chart_empty.clone();
            self.text(EDGE, self.y + 16.0, Anchor::Start, "soft", &words);
            self.y += 32.0;
            return;
        }
        let figure = match figure.kind {
            Kind::Scatter => figure,
            Kind::Heatmap => figure.cropped(MOST_CELLS, MOST_CELLS),
            Kind::Column | Kind::Line => figure.limited(MOST_COLUMNS),
            Kind::Stacked if figure.timed => figure.limited(MOST_COLUMNS),
            _ => figure.limited(MOST_NAMES),
        };
        self.legend(&figure);
        match figure.kind {
            Kind::Column | Kind::Line | Kind::Stacked | Kind::Pareto => upright::bands(self, &figure),
            Kind::Scatter => upright::scatter(self, &figure),
            Kind::Bar => lying::bars(self, &figure),
            Kind::Funnel => lying::funnel(self, &figure),
            Kind::Heatmap => lying::heatmap(self, &figure),
        }
        for left_out in &figure.left_out {
            self.y += 16.0;
            self.text(EDGE, self.y, Anchor::Start, "soft", &left_out.text(self.style));
        }
        self.y += EDGE;
    }

    /// What the colours are: the name alone of a single series.
    fn legend(&mut self, figure: &Figure) {
        let named = match figure.kind {
            Kind::Heatmap | Kind::Scatter => return,
            Kind::Pareto => &figure.series[..1],
            _ => &figure.series[..],
        };
        self.y += 8.0;
        let mut x = EDGE;
        let alone = named.len() == 1 && figure.target.is_none();
        for (place, series) in named.iter().enumerate() {
            let name = shorten(&series.name, 36, "…").into_owned();
            let wide = length(&name) + 34.0;
            if x > EDGE && x + wide > WIDTH - EDGE {
                x = EDGE;
                self.y += 20.0;
            }
            if alone {
                self.text(x, self.y + 2.0, Anchor::Start, "soft", &name);
            } else {
                self.rect((x, self.y - 8.0), (11.0, 11.0), place, &name);
                self.text(x + 17.0, self.y + 2.0, Anchor::Start, "", &name);
            }
            x += wide;
        }
        if let Some(target) = &figure.target {
            self.line((x + 5.0, self.y - 10.0), (x + 5.0, self.y + 5.0), "mark");
            self.text(x + 17.0, self.y + 2.0, Anchor::Start, "", &target.name);
        }
        self.y += 14.0;
    }

    /// Where the numbers are from, small, under the picture.
    fn provenance(&mut self, table: &Table) {
        let mut line = String::new();
        let mut lines = Vec::new();
        for (_, label, value) in &table.provenance.entries {
            let entry =
                shorten(&display(&format!("{label}{}{value}", self.style.colon())), 120, "…").into_owned();
            if !line.is_empty() && width(&line) + width(&entry) + 3 > 125 {
                lines.push(std::mem::take(&mut line));
            }
            let between = if line.is_empty() { "" } else { " · " };
            let _ = write!(line, "{between}{entry}");
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        for line in lines {
            self.text(EDGE, self.y + 4.0, Anchor::Start, "small", &line);
            self.y += 15.0;
        }
        self.y += 4.0;
    }

    fn finished(&self, namespace: &str, back: &str) -> String {
        let height = at(self.y.max(40.0).ceil());
        let title = escaped(&self.title);
        format!(
            "<svg{namespace} class=\"crm-chart\" viewBox=\"0 0 {WIDTH} {height}\" \
             width=\"{WIDTH}\" height=\"{height}\" role=\"img\" lang=\"{}\">\n<title>{title}</title>\n\
             <style>\n{LOOK}</style>\n{back}{}</svg>\n",
            escaped(&self.style.language),
            self.body
        )
    }
}

/// The colour of a series.
fn colour(series: usize) -> String {
    format!("var(--c{})", series % 8)
}

/// A text for where somebody points.
fn told(label: &str, series: &str, number: &str) -> String {
    [label, series, number].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
