//! The rows that were not imported, as a file to put right and import again.

use std::collections::BTreeMap;

use super::sheet::{Sheet, SheetRow};
use crate::model::Problem;

/// One row that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Line of the file, from 1.
    pub line: usize,
    /// The column it is about; empty where it is the row as a whole.
    pub column: String,
    /// What stands there.
    pub value: String,
    pub problem: Problem,
}

impl Reject {
    /// A row that is wrong as a whole.
    pub fn new(line: usize, problem: Problem) -> Self {
        Self { line, column: String::new(), value: String::new(), problem }
    }

    /// Names the cell.
    #[must_use]
    pub fn cell(mut self, column: &str, value: &str) -> Self {
        column.clone_into(&mut self.column);
        value.clone_into(&mut self.value);
        self
    }
}

/// The rejects file: the columns of the sheet, then `line`, `column`, `value` and `reason`.
/// Cells too many of a row stand in its last column.
///
/// # Panics
/// Never: writing to memory does not fail.
pub fn rejects_csv(sheet: &Sheet, rejects: &[Reject], reason: &dyn Fn(&Problem) -> String) -> Vec<u8> {
    let width = sheet.header.len();
    let rows: BTreeMap<usize, &SheetRow> =
        sheet.rows.iter().chain(sheet.ragged.iter().map(|(row, _)| row)).map(|row| (row.line, row)).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let added = ["line", "column", "value", "reason"].map(str::to_owned);
    let mut write = |cells: Vec<String>| writer.write_record(cells).expect("memory takes what it is given");
    write(sheet.header.iter().cloned().chain(added).collect());
    for reject in rejects {
        let mut cells = rows.get(&reject.line).map(|row| row.cells.clone()).unwrap_or_default();
        if cells.len() > width && width > 0 {
            let rest = cells.split_off(width - 1).join(",");
            cells.push(rest);
        }
        cells.resize(width, String::new());
        cells.extend([
            reject.line.to_string(),
            reject.column.clone(),
            reject.value.clone(),
            reason(&reject.problem),
        ]);
        write(cells);
    }
    writer.into_inner().expect("memory takes what it is given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::delimited::{Options, read};

    #[test]
    fn rejects_carry_their_row_and_the_reason() {
        let sheet = read(b"name,qty\nA,x\nB\nC,1,2\nD,4\n", &Options::default()).expect("a csv");
        let mut rejects =
            vec![Reject::new(2, Problem::usage("bad-decimal").arg("value", "x")).cell("qty", "x")];
        rejects.extend(sheet.ragged.iter().map(|(row, problem)| Reject::new(row.line, problem.clone())));
        let text = String::from_utf8(rejects_csv(&sheet, &rejects, &|problem| problem.id.to_owned()))
            .expect("utf-8");
        assert_eq!(
            text,
            concat!(
                "name,qty,line,column,value,reason\n",
                "A,x,2,qty,x,bad-decimal\n",
                "B,,3,,,wrong-field-count\n",
                "C,\"1,2\",4,,,wrong-field-count\n",
            )
        );
    }
}
