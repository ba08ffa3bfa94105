//! What the tables and views are and what their columns mean, as an interface for who writes
//! selects and for exports of everything.
//!
//! Tables of records come from their declarations, views and shared tables from
//! `views/catalogue.txt`, which a test holds against the database. Deliberately absent: views that
//! only help others, which may change at any time.

use std::fmt::Write as _;

use super::layout::{Index, KindTables, Layout, Table, Targets};

/// What is known about views and shared tables, in the order in which it is shown.
const TEXT: &str = include_str!("views/catalogue.txt");

/// What the declared types mean.
const TYPES: &str = "\
MONEY INTEGER  minor units of its currency (cents); amount(minor, currency) makes 12.50 of 1250
QTY REAL       a quantity; PRICE REAL: an amount for one unit; PCT REAL: a percentage, 13 = 13 %
DAY TEXT       2026-03-01; INSTANT TEXT: 2026-03-01T09:05:00+08:00, day(x) is its day
BOOL INTEGER   1 or 0; LIST TEXT: ;a;b;, its elements are in the table members
CODE TEXT      a code of a list; REF TEXT: the id of a record
";

/// Where a relation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Records of a type.
    Record,
    /// The rows in records of a type.
    Rows,
    /// A table that all types share.
    Shared,
    /// What is derived, as of a day.
    View,
}

impl Class {
    /// Its name in a catalogue for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "records",
            Self::Rows => "rows",
            Self::Shared => "shared",
            Self::View => "view",
        }
    }
}

/// A table or view with what it means.
#[derive(Clone, Debug)]
pub struct Relation {
    pub name: String,
    pub doc: String,
    pub class: Class,
    /// The columns that tell its rows apart, by which they are ordered.
    pub key: Vec<&'static str>,
    pub columns: Vec<RelationColumn>,
    /// Whether exports of everything hold it.
    pub exported: bool,
    /// Whose currency its amounts are in, but for those in base currency.
    pub currency: Currency,
    /// The table of the records that its rows lie in.
    pub parent: Option<String>,
}

/// A column of a relation.
#[derive(Clone, Debug)]
pub struct RelationColumn {
    pub name: &'static str,
    /// The declared type, such as `MONEY INTEGER`.
    pub decl: &'static str,
    pub doc: &'static str,
    /// Whether an amount is in base currency whatever that of its row.
    pub base: bool,
    /// The types that it refers to, where the declaration says so.
    pub refers: &'static [&'static str],
    pub indexed: bool,
}

/// Whose currency amounts are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Currency {
    /// The base currency.
    Base,
    /// That of the column `currency` of the same row.
    Own,
    /// That of the record of a table that a column names.
    Of { table: String, column: &'static str },
}

impl Relation {
    /// The position of a column.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// What a value of a column is counted in, where that is more than its type says.
    #[must_use]
    pub fn unit(&self, column: &RelationColumn, base_currency: &str) -> Option<String> {
        let currency = || match &self.currency {
            _ if column.base => format!("base currency {base_currency}"),
            Currency::Base => format!("base currency {base_currency}"),
            Currency::Own => "currency of the row (column currency)".to_owned(),
            Currency::Of { table, column } => format!("currency of {table} (through column {column})"),
        };
        match column.decl {
            "MONEY INTEGER" => Some(currency()),
            "PRICE REAL" => Some(format!("{} for one unit", currency())),
            "PCT REAL" => Some("percent".to_owned()),
            "QTY REAL" => Some("units of the product".to_owned()),
            _ => None,
        }
    }

    /// The columns whose years part it: its own day or moment, else that of the record its rows lie in.
    #[must_use]
    pub fn dated(&self) -> Option<&'static str> {
        ["date", "at", "created_at"].into_iter().find(|name| self.position(name).is_some())
    }
}

impl Relation {
    /// Whether its rows lie in years.
    #[must_use]
    pub fn has_years(&self) -> bool {
        self.dated().is_some() || self.parent.is_some()
    }
}

impl Layout {
    /// Every table and view that is an interface, with what it means: records with their rows, shared
    /// tables, views.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        let own = self.kinds.iter().flat_map(|tables| {
            let rows = tables.rows.iter().map(|(_, at)| self.rows_relation(tables, &self.tables[*at]));
            std::iter::once(self.record_relation(tables)).chain(rows)
        });
        let mut all: Vec<Relation> = own.collect();
        let (views, shared): (Vec<Relation>, Vec<Relation>) =
            described().into_iter().partition(|relation| relation.class == Class::View);
        all.extend(shared);
        all.extend(views);
        all
    }

    /// Tables and views with their columns and what they mean, for people who write selects.
    #[must_use]
    pub fn schema_text(&self) -> String {
        let mut text = String::new();
        for relation in self.relations() {
            let word = if relation.class == Class::View { "view" } else { "table" };
            let _ = writeln!(text, "{word} {} -- {}", relation.name, relation.doc);
            for column in &relation.columns {
                let unit = relation.unit(column, &self.base_currency);
                let unit =
                    unit.filter(|_| column.decl.starts_with("MONEY") || column.decl.starts_with("PRICE"));
                let unit = unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
                let _ = writeln!(text, "  {:<22} {:<15} -- {}{unit}", column.name, column.decl, column.doc);
            }
            text.push('\n');
        }
        text.push_str(TYPES);
        text
    }

    fn record_relation(&self, tables: &KindTables) -> Relation {
        let table = &self.tables[tables.own];
        let own = table.position("currency").is_some();
        Relation {
            key: vec!["id"],
            currency: if own { Currency::Own } else { Currency::Base },
            ..of_table(table, Class::Record)
        }
    }

    fn rows_relation(&self, tables: &KindTables, table: &Table) -> Relation {
        let parent = &self.tables[tables.own];
        let currency = if table.position("currency").is_some() {
            Currency::Own
        } else if parent.position("currency").is_some() {
            Currency::Of { table: parent.name.clone(), column: "record" }
        } else {
            Currency::Base
        };
        Relation {
            key: vec!["record", "position"],
            currency,
            parent: Some(parent.name.clone()),
            ..of_table(table, Class::Rows)
        }
    }
}

fn of_table(table: &Table, class: Class) -> Relation {
    let columns = table.columns.iter().map(|column| RelationColumn {
        name: column.name,
        decl: column.decl,
        doc: column.doc.trim(),
        base: column.field.is_none() && (column.name.starts_with("base_") || column.name == "margin"),
        refers: column.field.and_then(Targets::field_targets).unwrap_or_default(),
        indexed: column.index != Index::No,
    });
    Relation {
        name: table.name.clone(),
        doc: table.doc.trim().to_owned(),
        class,
        key: Vec::new(),
        columns: columns.collect(),
        exported: true,
        currency: Currency::Base,
        parent: None,
    }
}

/// The views that only help others.
#[cfg(test)]
pub(super) fn helpers() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter_map(|line| line.strip_prefix("helper "))
}

/// The relations of the text: paragraphs of a head, `: meaning`, `key`, `money` and a line for each
/// column with its name, type and meaning.
fn described() -> Vec<Relation> {
    TEXT.split("\n\n").filter_map(paragraph).collect()
}

fn paragraph(text: &'static str) -> Option<Relation> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let (class, name) = lines.next()?.split_once(' ')?;
    if !["view", "table", "kept"].contains(&class) {
        return None;
    }
    let mut relation = Relation {
        name: name.to_owned(),
        doc: String::new(),
        class: if class == "view" { Class::View } else { Class::Shared },
        key: Vec::new(),
        columns: Vec::new(),
        exported: class != "kept",
        currency: Currency::Base,
        parent: None,
    };
    for line in lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            ":" => rest.clone_into(&mut relation.doc),
            "key" => relation.key = rest.split(' ').collect(),
            "money" => relation.currency = currency(rest),
            name => relation.columns.extend(column(name, rest)),
        }
    }
    Some(relation)
}

fn currency(text: &'static str) -> Currency {
    match text.split_once('.') {
        Some((table, column)) => Currency::Of { table: table.to_owned(), column },
        None => Currency::Own,
    }
}

fn column(name: &'static str, rest: &'static str) -> Option<RelationColumn> {
    let (ty, doc) = rest.split_once(' ')?;
    let decl = match ty {
        "ref" => "REF TEXT",
        "code" => "CODE TEXT",
        "text" => "TEXT",
        "day" => "DAY TEXT",
        "instant" => "INSTANT TEXT",
        "int" => "INTEGER",
        "bool" => "BOOL INTEGER",
        "qty" => "QTY REAL",
        "price" => "PRICE REAL",
        "real" => "REAL",
        "money" | "base" => "MONEY INTEGER",
        _ => return None,
    };
    Some(RelationColumn { name, decl, doc, base: ty == "base", refers: &[], indexed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paragraph_is_read_whole() {
        let described = described();
        let heads = TEXT
            .lines()
            .filter(|line| ["view ", "table ", "kept "].iter().any(|head| line.starts_with(head)));
        assert_eq!(described.len(), heads.count());
        for relation in &described {
            let start = TEXT.find(&format!(" {}\n: ", relation.name)).expect("its paragraph");
            let paragraph = TEXT[start..].split("\n\n").next().unwrap_or_default();
            let beside = ["key ", "money ", ": "];
            let lines = paragraph.lines().skip(1).filter(|line| !line.is_empty());
            let columns = lines.filter(|line| !beside.iter().any(|word| line.starts_with(word)));
            assert_eq!(
                relation.columns.len(),
                columns.count(),
                "{}: a column of an unknown type",
                relation.name
            );
            assert!(!relation.doc.is_empty(), "{}", relation.name);
            for key in &relation.key {
                assert!(relation.position(key).is_some(), "{}: no column {key}", relation.name);
            }
        }
    }
}
