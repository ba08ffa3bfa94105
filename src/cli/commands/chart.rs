//! `--chart`: whether the chart of a result is drawn at the terminal, under the table or instead.
//!
//! Deliberately absent: drawing, which is `formats::chart`.

use clap::{Arg, ArgMatches};

use super::super::args::{Words, option};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::one;
use crate::formats::Format;
use crate::formats::chart::{Drawing, Place};
use crate::model::Problem;
use crate::query::nearest;
use crate::table::Table;

const WAYS: [&str; 3] = ["under", "only", "ascii"];

/// `--chart`, `--chart=only`, `--chart=ascii`, or several of these with commas.
pub fn flag(words: Words<'_>) -> Arg {
    option("chart", "only|ascii", words).num_args(0..=1).require_equals(true).default_missing_value("under")
}

/// Prints the chosen columns of a result, with its chart where that is asked for.
pub fn print(context: &Context, table: Table, matches: &ArgMatches) -> Result<(), Failure> {
    let (table, drawing) = chosen(table, matches)?;
    context.ui.drawn(&table, Format::Table, drawing)
}

/// The chosen columns of a result, and how its chart is asked for.
pub fn chosen(table: Table, matches: &ArgMatches) -> Result<(Table, Drawing), Failure> {
    let table = super::list::chosen(table, one(matches, "fields").as_deref())?;
    let drawing = one(matches, "chart").map(|text| drawing(&text)).transpose()?.unwrap_or_default();
    Ok((table, drawing))
}

fn drawing(text: &str) -> Result<Drawing, Problem> {
    let mut drawing = Drawing { place: Place::Under, ascii: false };
    for way in text.split(',').map(str::trim) {
        match way {
            "under" => {}
            "only" => drawing.place = Place::Instead,
            "ascii" => drawing.ascii = true,
            _ => {
                return Err(Problem::usage("bad-code")
                    .arg("value", way)
                    .arg("field", "chart")
                    .field("chart")
                    .legal(WAYS)
                    .candidates(nearest(way, &WAYS)));
            }
        }
    }
    Ok(drawing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_stands_under_the_table_or_instead_of_it() {
        let read = |text: &str| drawing(text).map(|drawing| (drawing.place, drawing.ascii)).ok();
        assert_eq!(read("under"), Some((Place::Under, false)));
        assert_eq!(read("ascii"), Some((Place::Under, true)));
        assert_eq!(read("only,ascii"), Some((Place::Instead, true)));
        assert_eq!(read("ascii, only"), Some((Place::Instead, true)));
        assert_eq!(read("pie"), None);
        assert_eq!(read(""), None);
    }
}
