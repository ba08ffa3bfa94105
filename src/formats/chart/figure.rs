//! From the table to what is drawn: which columns are labels, which are series, what is left out.
//!
//! Where the labels repeat because rows have a second key, series are made of that key. Deliberately
//! absent: geometry.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::series::{Number, Series};
use super::{Kind, Lack, is_additive};
use crate::formats::cells::{is_numeric, readable};
use crate::formats::{Labels, Style, display};
use crate::table::{Audience, Cell, Chart, Column, ColumnType, Table};

/// More series than this cannot be told apart; the smallest become one.
const MOST_SERIES: usize = 8;
/// Stands where a label is empty.
const NOTHING: &str = "–";
/// The column that is drawn as a mark across the bar of its row.
const TARGET: &str = "target";

/// A chart ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub kind: Kind,
    pub title: String,
    /// What the labels are: the name of their column; empty where they are columns themselves.
    pub across: String,
    /// What the numbers of a heat map are; of other charts the names of series say it.
    pub measure: String,
    pub labels: Vec<String>,
    /// Of a heat map its rows; of a scatter chart the numbers across and those upwards.
    pub series: Vec<Series>,
    /// A mark at each label, to be reached.
    pub target: Option<Series>,
    pub left_out: Vec<LeftOut>,
    /// Whether the labels follow time.
    pub timed: bool,
}

/// What was not drawn for want of room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub shown: usize,
    pub all: usize,
    pub kept: Kept,
    /// What those that are not shown make together, where that can be said.
    pub rest: Option<String>,
}

/// Which ones are drawn where not all are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Largest,
    Latest,
    First,
}

impl LeftOut {
    /// What was left out, as a sentence.
    pub fn text(&self, style: &Style) -> String {
        let words = &style.words;
        let sentence = match self.kept {
            Kept::Largest => &words.chart_largest,
            Kept::Latest => &words.chart_latest,
            Kept::First => &words.chart_first,
        };
        let mut text =
            sentence.replace("{shown}", &self.shown.to_string()).replace("{all}", &self.all.to_string());
        if let Some(rest) = &self.rest {
            text.push_str(&words.chart_rest.replace("{rest}", rest));
        }
        text
    }
}

impl Figure {
    /// The chart that a table suggests.
    ///
    /// # Errors
    ///
    /// What the table lacks.
    pub fn of(table: &Table, style: &Style) -> Result<Self, Lack> {
        let chart = table.chart.as_ref().ok_or(Lack::Chart)?;
        let kind = Kind::from_name(&chart.kind).ok_or_else(|| Lack::Kind(chart.kind.clone()))?;
        let source = Source { table, style };
        let x = table.position(&chart.x).ok_or_else(|| Lack::Column(chart.x.clone()))?;
        let ys: Vec<usize> = chart.y.iter().filter_map(|code| table.position(code)).collect();
        if ys.is_empty() {
            return Err(chart.y.first().map_or(Lack::Chart, |code| Lack::Column(code.clone())));
        }
        match kind {
            Kind::Heatmap => source.heatmap(chart, x, &ys),
            Kind::Scatter => source.scatter(chart, x, &ys),
            Kind::Pareto => source.plain(kind, x, &ys).map(pareto),
            _ => source.plain(kind, x, &ys),
        }
    }

    /// The same chart with at most `most` labels: the last ones of time, else the largest.
    #[must_use]
    pub fn limited(mut self, most: usize) -> Self {
        let all = self.labels.len();
        if all <= most {
            return self;
        }
        let kept: Vec<usize> = if self.timed {
            (all - most..all).collect()
        } else {
            let size = |at: usize| self.series.iter().filter_map(|s| s.at(at)).map(|n| n.value.abs()).sum();
            let mut sizes: Vec<(usize, f64)> = (0..all).map(|at| (at, size(at))).collect();
            sizes.sort_by(|a, b| b.1.total_cmp(&a.1));
            let mut kept: Vec<usize> = sizes[..most].iter().map(|(at, _)| *at).collect();
            kept.sort_unstable();
            kept
        };
        let rest = match self.series.as_slice() {
            [series] if is_additive(series.ty) => {
                let others = (0..all).filter(|at| kept.binary_search(at).is_err());
                Number::sum(others.filter_map(|at| series.at(at)), series.ty).map(|sum| sum.text)
            }
            _ => None,
        };
        let kept_ones = if self.timed { Kept::Latest } else { Kept::Largest };
        self.left_out.push(LeftOut { shown: most, all, kept: kept_ones, rest });
        self.labels = kept.iter().map(|at| self.labels[*at].clone()).collect();
        self.series.iter_mut().chain(&mut self.target).for_each(|series| series.keep(&kept));
        self
    }

    /// The same heat map with at most so many columns and rows, the first ones.
    #[must_use]
    pub fn cropped(mut self, columns: usize, rows: usize) -> Self {
        let sizes = [(columns, self.labels.len()), (rows, self.series.len())];
        for (shown, all) in sizes.into_iter().filter(|(shown, all)| shown < all) {
            self.left_out.push(LeftOut { shown, all, kept: Kept::First, rest: None });
        }
        self.labels.truncate(columns);
        self.series.truncate(rows);
        self.series.iter_mut().for_each(|series| series.numbers.truncate(columns));
        self
    }

    /// Whether there is no number to draw.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.values().next().is_none())
    }

    /// All numbers of its series.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(Series::values)
    }

    /// The sums at a label of what is below zero and of what is above, as parts of a stack.
    pub fn stack(&self, label: usize) -> (f64, f64) {
        let values = self.series.iter().filter_map(|s| s.at(label)).map(|number| number.value);
        values.fold((0.0, 0.0), |(low, high), value| (low + value.min(0.0), high + value.max(0.0)))
    }

    /// What the parts of a stack make together.
    pub fn stack_total(&self, label: usize) -> Option<Number> {
        let ty = self.series.first()?.ty;
        Number::sum(self.series.iter().filter_map(|series| series.at(label)), ty)
    }
}

/// Columns from the largest down; the second series is the share they make up together.
fn pareto(mut figure: Figure) -> Figure {
    let Some(sizes) = figure.series.first().cloned() else { return figure };
    if figure.series.len() > 1 {
        // The table says itself what its rows make up together, in its own order.
        figure.series.truncate(2);
        return figure;
    }
    let mut order: Vec<usize> = (0..figure.labels.len()).collect();
    let size = |at: usize| sizes.at(at).map(|number| number.decimal);
    order.sort_by_key(|at| std::cmp::Reverse(size(*at)));
    figure.labels = order.iter().map(|at| figure.labels[*at].clone()).collect();
    figure.series[0].keep(&order);
    let positive = |number: &Number| number.decimal.max(Decimal::ZERO);
    let total = figure.series[0]
        .numbers
        .iter()
        .flatten()
        .try_fold(Decimal::ZERO, |sum, number| sum.checked_add(positive(number)))
        .filter(|total| !total.is_zero());
    let mut sum = Decimal::ZERO;
    let shares = figure.series[0].numbers.iter().map(|number| {
        let number = number.as_ref().filter(|number| number.decimal > Decimal::ZERO)?;
        sum = sum.checked_add(number.decimal)?;
        Some(Number::new(sum.checked_div(total?)?.round_dp(6), ColumnType::Ratio))
    });
    let shares = shares.collect();
    figure.series.push(Series { name: "%".into(), ty: ColumnType::Ratio, numbers: shares });
    figure
}

/// A table and how its words are chosen.
struct Source<'a> {
    table: &'a Table,
    style: &'a Style,
}

impl Source<'_> {
    fn labelled(&self) -> bool {
        self.style.labels != Labels::Code
    }

    fn column(&self, at: usize) -> &Column {
        &self.table.columns[at]
    }

    fn name(&self, at: usize) -> String {
        let column = self.column(at);
        display(if self.labelled() { &column.label } else { &column.code }).into_owned()
    }

    fn cell(&self, row: usize, at: usize) -> &Cell {
        self.table.rows[row].get(at).unwrap_or(&Cell::Null)
    }

    fn text(&self, row: usize, at: usize) -> String {
        let ty = self.column(at).ty;
        let text = readable(ty, self.cell(row, at), self.labelled(), &self.style.words);
        let text = display(text.trim()).into_owned();
        if text.is_empty() { NOTHING.into() } else { text }
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.table.rows.len()
    }

    fn is_number(&self, at: usize) -> bool {
        is_numeric(self.column(at).ty) && self.column(at).ty != ColumnType::Rows
    }

    fn numbers(&self, at: usize) -> Result<Series, Lack> {
        if !self.is_number(at) {
            return Err(Lack::Numbers(self.column(at).code.clone()));
        }
        let ty = self.column(at).ty;
        let numbers = self.rows().map(|row| Number::of(self.cell(row, at), ty)).collect();
        Ok(Series { name: self.name(at), ty, numbers })
    }

    fn figure(&self, kind: Kind, x: usize) -> Figure {
        Figure {
            kind,
            title: display(&self.table.title).into_owned(),
            across: self.name(x),
            measure: String::new(),
            labels: Vec::new(),
            series: Vec::new(),
            target: None,
            left_out: Vec::new(),
            timed: matches!(kind, Kind::Column | Kind::Line)
                || matches!(self.column(x).ty, ColumnType::Month | ColumnType::Day | ColumnType::Instant),
        }
    }

    /// Columns beside `x` that name a row too.
    fn keys(&self, x: usize) -> Vec<usize> {
        let names = |at: &usize| {
            let column = self.column(*at);
            let named = matches!(
                column.ty,
                ColumnType::Text | ColumnType::Code | ColumnType::Id | ColumnType::Month | ColumnType::Day
            );
            *at != x && named && column.audience != Audience::Data
        };
        (0..self.table.columns.len()).filter(names).collect()
    }

    /// One series a column, or a series for each second key of one column.
    fn plain(&self, kind: Kind, x: usize, ys: &[usize]) -> Result<Figure, Lack> {
        let mut figure = self.figure(kind, x);
        let first = self.numbers(ys[0])?;
        let family = family(first.ty);
        let names: Vec<String> = self.rows().map(|row| self.text(row, x)).collect();
        let repeats = names.len() > distinct(&names).len();
        let keys = if repeats { self.keys(x) } else { Vec::new() };
        let upright = matches!(kind, Kind::Column | Kind::Line | Kind::Stacked);
        if let ([_], [key], true, true) = (ys, keys.as_slice(), upright, is_additive(first.ty)) {
            self.pivot(&mut figure, &names, *key, &first);
            return Ok(figure);
        }
        for y in ys {
            let Ok(series) = self.numbers(*y) else { continue };
            let code = &self.column(*y).code;
            let cumulative = series.ty == ColumnType::Ratio && is_cumulative(code);
            if kind == Kind::Pareto && *y != ys[0] && !cumulative {
                continue;
            }
            let is_mark = code == TARGET && matches!(kind, Kind::Bar | Kind::Column);
            if is_mark && ys.len() > 1 {
                figure.target = Some(series);
            } else if (kind == Kind::Pareto && cumulative) || self::family(series.ty) == family {
                figure.series.push(series);
            }
        }
        figure.target = figure.target.filter(|target| target.values().next().is_some());
        if figure.series.is_empty() {
            figure.series.extend(figure.target.take());
        }
        if matches!(kind, Kind::Funnel) {
            figure.series.truncate(1);
        }
        figure.labels = names
            .into_iter()
            .enumerate()
            .map(|(row, name)| {
                let others = keys.iter().filter(|key| *self.cell(row, **key) != Cell::Null);
                others.fold(name, |name, key| format!("{name} · {}", self.text(row, *key)))
            })
            .collect();
        Ok(figure)
    }

    /// Labels once each, a series for each value of the second key, sums of what falls together.
    fn pivot(&self, figure: &mut Figure, names: &[String], key: usize, numbers: &Series) {
        let others: Vec<String> = self.rows().map(|row| self.text(row, key)).collect();
        figure.labels = distinct(names);
        let mut found: BTreeMap<(&str, &str), Vec<&Number>> = BTreeMap::new();
        let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
        for (row, (label, other)) in names.iter().zip(&others).enumerate() {
            let Some(number) = numbers.at(row) else { continue };
            found.entry((label, other)).or_default().push(number);
            *sizes.entry(other).or_default() += number.value.abs();
        }
        let mut order: Vec<(&str, f64)> = sizes.into_iter().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let few = order.len() <= MOST_SERIES;
        let folded: Vec<&str> = order.iter().skip(MOST_SERIES - 1).map(|(name, _)| *name).collect();
        let folded = if few { Vec::new() } else { folded };
        let series = |name: &str, parts: &[&str]| {
            let at = |label: &String| {
                let parts = parts.iter().filter_map(|part| found.get(&(label.as_str(), *part)));
                Number::sum(parts.flatten().copied(), numbers.ty)
            };
            Series { name: name.into(), ty: numbers.ty, numbers: figure.labels.iter().map(at).collect() }
        };
        let mut made = Vec::new();
        for name in distinct(&others).iter().filter(|name| !folded.contains(&name.as_str())) {
            made.push(series(name, &[name]));
        }
        if !folded.is_empty() {
            made.push(series(&self.style.words.chart_others, &folded));
        }
        figure.series = made;
        if figure.kind == Kind::Column {
            figure.kind = Kind::Stacked;
        }
    }

    /// A row for each value of one column, a label for each of the other, and the mean of what
    /// falls together. With one column of numbers, or more than two, those are the labels.
    fn heatmap(&self, chart: &Chart, x: usize, ys: &[usize]) -> Result<Figure, Lack> {
        let mut figure = self.figure(Kind::Heatmap, x);
        if chart.y.len() != 2 {
            let columns: Vec<Series> = ys.iter().map(|y| self.numbers(*y)).collect::<Result<_, _>>()?;
            figure.labels = columns.iter().map(|column| column.name.clone()).collect();
            figure.across.clear();
            for row in self.rows() {
                let numbers = columns.iter().map(|column| column.at(row).cloned()).collect();
                figure.series.push(Series { name: self.text(row, x), ty: columns[0].ty, numbers });
            }
            return Ok(figure);
        }
        let [other, value] = ys else {
            let missing = chart.y.iter().find(|code| self.table.position(code).is_none());
            return Err(missing.map_or(Lack::Chart, |code| Lack::Column(code.clone())));
        };
        let numbers = self.numbers(*value)?;
        // Where one of the two counts, as months since the first order do, it goes across.
        let swapped = self.is_number(*other) && !self.is_number(x);
        let (across, down) = if swapped { (*other, x) } else { (x, *other) };
        figure.across = self.name(across);
        let (labels, names) = (self.ordered(across), self.ordered(down));
        let mut found: BTreeMap<(String, String), Vec<&Number>> = BTreeMap::new();
        for row in self.rows() {
            let place = (self.text(row, down), self.text(row, across));
            found.entry(place).or_default().extend(numbers.at(row));
        }
        for name in names {
            let at = |label: &String| {
                let numbers_here = found.get(&(name.clone(), label.clone()))?;
                mean(numbers_here, numbers.ty)
            };
            let numbers_of_row = labels.iter().map(at).collect();
            figure.series.push(Series { name, ty: numbers.ty, numbers: numbers_of_row });
        }
        figure.labels = labels;
        figure.measure = numbers.name;
        Ok(figure)
    }

    /// What stands in a column, once each: numbers by size, the rest as they come.
    fn ordered(&self, at: usize) -> Vec<String> {
        let mut rows: Vec<usize> = self.rows().collect();
        if self.is_number(at) {
            let ty = self.column(at).ty;
            rows.sort_by_key(|row| Number::of(self.cell(*row, at), ty).map(|number| number.decimal));
        }
        distinct(&rows.into_iter().map(|row| self.text(row, at)).collect::<Vec<_>>())
    }

    /// Two columns of numbers as points; what names the rows labels them.
    fn scatter(&self, chart: &Chart, x: usize, ys: &[usize]) -> Result<Figure, Lack> {
        let mut figure = self.figure(Kind::Scatter, x);
        let (across, upwards, named) = match (self.is_number(x), ys) {
            (true, [y, ..]) => (x, *y, self.keys(x).first().copied()),
            (false, [across, upwards, ..]) => (*across, *upwards, Some(x)),
            _ => return Err(Lack::Numbers(chart.x.clone())),
        };
        figure.across = self.name(across);
        let (mut across, mut upwards) = (self.numbers(across)?, self.numbers(upwards)?);
        let whole: Vec<usize> =
            self.rows().filter(|row| across.at(*row).is_some() && upwards.at(*row).is_some()).collect();
        across.keep(&whole);
        upwards.keep(&whole);
        figure.labels =
            whole.iter().map(|row| named.map(|at| self.text(*row, at)).unwrap_or_default()).collect();
        figure.series = vec![across, upwards];
        Ok(figure)
    }
}

/// The mean of what falls together; a single number stays as it is.
fn mean(numbers: &[&Number], ty: ColumnType) -> Option<Number> {
    if let [number] = numbers {
        return Some((*number).clone());
    }
    let sum = Number::sum(numbers.iter().copied(), ty)?;
    let mean = sum.decimal.checked_div(Decimal::from(numbers.len()))?;
    let digits = match ty {
        ColumnType::Ratio => 6,
        ColumnType::Int => 1,
        _ => 2,
    };
    Some(Number::new(mean.round_dp(digits).normalize(), ty))
}

/// Whether a column of shares adds up from row to row, as `cumulative_share` does.
pub fn is_cumulative(code: &str) -> bool {
    code.starts_with("cumulative")
}

/// Columns that can stand on one axis.
fn family(ty: ColumnType) -> u8 {
    match ty {
        ColumnType::Money | ColumnType::Price => 0,
        ColumnType::Ratio => 1,
        ColumnType::Percent => 2,
        ColumnType::Days => 3,
        ColumnType::Minutes => 4,
        _ => 5,
    }
}

/// Each text once, in the order of its first appearance.
fn distinct(texts: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.iter().filter(|text| seen.insert(text.as_str())).cloned().collect()
}
