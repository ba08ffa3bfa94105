//! The map file of an import: what the columns of a foreign file mean.
//!
//! ```toml
//! [columns]                       # header = field code; "-" leaves the column out
//! companyName = "name"            # a child row's field: "line.qty"; the moment of a state: "confirmed_on"
//! customerID = "source_ref"       # @country and @currency are read, not stored: they say how the
//! shipCountry = "@country"        # phones and amounts of the row are meant
//! photo = "-"
//!
//! [constants]                     # field = text for every row
//! kind = "company"
//!
//! [values."*"]                    # whole cells to replace, in every column …
//! NULL = ""
//! [values.country]                # … or in that of one header or field
//! UK = "GB"
//!
//! [join]                          # field = columns put together, empty ones left out
//! name = ["firstName", "lastName"]
//! ship_to = { columns = ["shipName", "shipAddress", "shipCity"], with = "\n" }
//!
//! [split]                         # column = the fields that its parts go to, the last takes the rest
//! cityAndStreet = { into = ["city", "street"], at = "/" }
//!
//! [templates]                     # field = text with columns in it; empty where they all are
//! source_ref = "nw:{customerID}"
//!
//! [dates]                         # how the file writes days: of all columns, or of one header or field
//! format = "%Y-%m-%d %H:%M:%S%.f"
//! birthDate = "%d.%m.%Y"
//!
//! [scale]                         # a factor for the numbers of one header or field
//! discount = "100"
//! ```
//!
//! Deliberately absent: conditions, arithmetic, anything that looks at two rows.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::Problem;

/// A map file as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct MapFile {
    pub columns: BTreeMap<String, String>,
    pub constants: BTreeMap<String, String>,
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    pub join: BTreeMap<String, Join>,
    pub split: BTreeMap<String, Split>,
    pub templates: BTreeMap<String, String>,
    pub dates: BTreeMap<String, String>,
    pub scale: BTreeMap<String, String>,
}

/// Columns that are put together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Join {
    /// With a space between them.
    Plain(Vec<String>),
    With {
        columns: Vec<String>,
        with: String,
    },
}

impl Join {
    /// The columns and what stands between them.
    pub fn parts(&self) -> (&[String], &str) {
        match self {
            Self::Plain(columns) => (columns, " "),
            Self::With { columns, with } => (columns, with),
        }
    }
}

/// A column that holds several fields.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    pub into: Vec<String>,
    /// What parts them; white space unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl MapFile {
    /// Reads a map file.
    ///
    /// # Errors
    /// `bad-map` with the line where there is one.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let map: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
            Problem::usage("bad-map").arg("line", line).arg("reason", error.message())
        })?;
        for (field, factor) in &map.scale {
            if Decimal::from_str_exact(factor).is_err() {
                return Err(bad_map("scale", field).arg("value", factor));
            }
        }
        Ok(map)
    }

    /// The file's text, for a map that was asked for on a terminal.
    pub fn print(&self) -> String {
        let mut filled = toml::Table::try_from(self).unwrap_or_default();
        filled.retain(|_, section| section.as_table().is_none_or(|table| !table.is_empty()));
        filled.to_string()
    }
}

/// The problem of an entry that means nothing.
pub(super) fn bad_map(section: &str, entry: &str) -> Problem {
    Problem::usage("bad-map-entry").arg("section", section).arg("entry", entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the header.
    fn example() -> String {
        let lines = include_str!("map_file.rs").lines().skip_while(|line| *line != "//! ```toml").skip(1);
        lines.take_while(|line| *line != "//! ```").fold(String::new(), |all, line| {
            all + line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default() + "\n"
        })
    }

    #[test]
    fn the_example_of_the_header_is_read_and_printed() {
        let map = MapFile::parse(&example()).expect("the example");
        assert_eq!(map.columns.len(), 4);
        assert_eq!(map.values["*"]["NULL"], "");
        assert_eq!(map.join["ship_to"].parts().1, "\n");
        assert_eq!(map.split["cityAndStreet"].into, ["city", "street"]);
        assert_eq!(MapFile::parse(&map.print()), Ok(map));
        assert_eq!(MapFile::default().print(), "");
    }

    #[test]
    fn slips_are_named_with_their_line() {
        for (text, wanted) in [
            ("[columns]\na = 1\n", "bad-map line=2"),
            ("[colums]\na = \"b\"\n", "bad-map line=1"),
            ("[scale]\ndiscount = \"a lot\"\n", "bad-map-entry section=scale entry=discount value=a lot"),
        ] {
            let problem = MapFile::parse(text).expect_err("a slip").to_string();
            assert!(problem.starts_with(wanted), "{problem}");
        }
    }
}
