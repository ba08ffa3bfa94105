//! Rows of numbers beside one another: what each is called and what is drawn of it.
//!
//! Deliberately absent: where they come from in a table, which `figure` knows.

use rust_decimal::Decimal;

use super::scale::drawn;
use crate::formats::Words;
use crate::formats::cells::readable;
use crate::table::{Cell, ColumnType};

/// One number of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub decimal: Decimal,
    /// What geometry reckons with.
    pub value: f64,
    /// As the table shows it.
    pub text: String,
}

impl Number {
    /// A number of a column of this type.
    pub fn new(decimal: Decimal, ty: ColumnType) -> Self {
        let text = readable(ty, &Cell::Dec(decimal), true, &Words::default()).into_owned();
        Self { decimal, value: drawn(decimal), text }
    }

    /// The number in a cell; `None` where there is none.
    pub fn of(cell: &Cell, ty: ColumnType) -> Option<Self> {
        match cell {
            Cell::Int(value) => Some(Self::new(Decimal::from(*value), ty)),
            Cell::Dec(value) => Some(Self::new(*value, ty)),
            _ => None,
        }
    }

    /// The sum of numbers of a column; `None` of no numbers, or beyond what a decimal holds.
    pub fn sum<'a>(numbers: impl IntoIterator<Item = &'a Self>, ty: ColumnType) -> Option<Self> {
        let mut sum: Option<Decimal> = None;
        for number in numbers {
            sum = Some(sum.unwrap_or_default().checked_add(number.decimal)?);
        }
        Some(Self::new(sum?, ty))
    }
}

/// The numbers of one name, one for each label of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub ty: ColumnType,
    pub numbers: Vec<Option<Number>>,
}

impl Series {
    /// What it has at a label.
    pub fn at(&self, label: usize) -> Option<&Number> {
        self.numbers.get(label).and_then(Option::as_ref)
    }

    /// What there is to draw.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.numbers.iter().flatten().map(|number| number.value)
    }

    /// Only the numbers of these labels, in this order.
    pub fn keep(&mut self, labels: &[usize]) {
        self.numbers = labels.iter().map(|at| self.at(*at).cloned()).collect();
    }
}
