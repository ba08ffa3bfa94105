//! A document to hand out that is not yet text: what stands on its pages, block by block.
//!
//! A quote, an order confirmation or an invoice becomes a [`Page`] where its record, its names and
//! its language are known; `formats` turns one into bytes. Every text here is final and in the
//! reader's language, and still raw: each format escapes it its own way. Deliberately absent: any
//! look, and any arithmetic.

use rust_decimal::Decimal;

use super::{Cell, Column, ColumnType};

/// A document to hand out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Stable name of what it is: `quote`, `order`, `invoice`.
    pub name: String,
    /// `en` or `zh-CN`.
    pub language: String,
    /// What it calls itself: `Quotation`.
    pub title: String,
    pub number: String,
    /// ISO code of the currency of every amount on it.
    pub currency: String,
    /// Minor digits of the currency.
    pub digits: u32,
    /// What must not be overlooked, such as that it is a draft.
    pub marks: Vec<Mark>,
    pub issuer: Party,
    pub receiver: Party,
    /// Number, date and the like, in order.
    pub facts: Vec<Fact>,
    /// A line above the opening, such as the subject of a letter.
    pub subject: Option<String>,
    /// Prose above the lines.
    pub opening: Vec<String>,
    /// The columns of the lines.
    pub columns: Vec<Column>,
    /// Index of the column under whose cell the remarks of a line stand.
    pub remarks_under: usize,
    pub sections: Vec<Section>,
    pub totals: Vec<Total>,
    /// The total in words, where custom asks for it: label and words.
    pub in_words: Option<(String, String)>,
    /// What stands below the totals, in order.
    pub details: Vec<Detail>,
    /// Prose below everything else.
    pub closing: Vec<String>,
    /// Who is to sign where; a line each.
    pub signatures: Vec<String>,
    /// The label of the day of a signature.
    pub signed_on: String,
    /// The last line: how to reach whoever hands it out.
    pub foot: Vec<String>,
}

/// What must not be overlooked: a word to see from afar, and what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub word: String,
    pub meaning: String,
}

/// One side of the deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// What it is here: `Seller`.
    pub heading: String,
    pub name: String,
    /// Address, phone and the like: label (may be empty) and text.
    pub lines: Vec<(String, String)>,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub label: String,
    pub ty: ColumnType,
    pub value: Cell,
}

impl Fact {
    /// A labelled text.
    pub fn text(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), ty: ColumnType::Text, value: Cell::text(value) }
    }
}

/// Lines under a common heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    pub heading: Option<String>,
    pub lines: Vec<Line>,
    /// The sum of the section: label and amount, where there are several sections.
    pub sum: Option<(String, Decimal)>,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// One for each column.
    pub cells: Vec<Cell>,
    pub remarks: Vec<String>,
}

/// How much weight a total has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// A step on the way.
    Step,
    /// A sum.
    Sum,
    /// What is to be paid; with the currency.
    Grand,
    /// Said beside the sums and contained in them.
    Aside,
}

/// One amount below the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub amount: Decimal,
    pub weight: Weight,
}

/// A block below the totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    pub heading: String,
    pub content: Content,
}

/// What a block holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Prose(Vec<String>),
    Facts(Vec<Fact>),
    Rows(Vec<Column>, Vec<Vec<Cell>>),
}

/// Prose as paragraphs: parted by empty lines, without blanks at the ends of lines.
pub fn paragraphs(prose: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = String::new();
    for line in prose.lines().map(str::trim_end).chain([""]) {
        if line.trim().is_empty() {
            if !open.is_empty() {
                found.push(std::mem::take(&mut open));
            }
            continue;
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(line);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_parted_at_empty_lines() {
        let check = |prose: &str, expected: &[&str]| assert_eq!(paragraphs(prose), expected, "{prose:?}");
        check("", &[]);
        check(" \n\t\n", &[]);
        check("one", &["one"]);
        check("one\ntwo  \n\n\n three\r\n", &["one\ntwo", " three"]);
    }
}
