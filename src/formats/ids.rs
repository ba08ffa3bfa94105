//! The id column alone, one id per line, for pipes into `xargs` and `--from -`.

use std::io::{self, Write};

use super::cells::exact;
use super::display;
use crate::table::{Cell, Table};

/// Writes the ids; rows without one are passed over.
pub fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let Some(column) = table.id_column else {
        let message = format!("{} has no id column to list", display(&table.name));
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    };
    for row in &table.rows {
        let id = exact(row.get(column).unwrap_or(&Cell::Null), false);
        if !id.is_empty() {
            // One line must stay one id, whatever was stored.
            writeln!(out, "{}", display(&id))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::samples::{empty, nasty};
    use crate::formats::{Format, Style, write};

    #[test]
    fn ids_are_printed_one_per_line() {
        let mut out = Vec::new();
        write(Format::Ids, &nasty(), &Style::default(), &mut out).expect("nasty has ids");
        assert_eq!(out, b"cus_1\ncus_2\ncus_3\n");
    }

    #[test]
    fn an_empty_table_has_no_ids() {
        let mut out = Vec::new();
        write(Format::Ids, &empty(), &Style::default(), &mut out).expect("empty has an id column");
        assert_eq!(out, b"");
    }

    #[test]
    fn a_table_without_an_id_column_is_refused() {
        let mut table = nasty();
        table.id_column = None;
        let refused = write(Format::Ids, &table, &Style::default(), &mut Vec::new());
        let kind = refused.expect_err("there is no id column").kind();
        assert_eq!(kind, io::ErrorKind::InvalidInput);
    }
}
