//! csv-spectrum: what every reader of csv should read alike, file by file against its json.

use std::collections::BTreeMap;
use std::path::Path;

use crm::exchange::delimited::{self, Options};
use serde_json::Value as Json;

use crate::support::shared_data;

type Row = BTreeMap<String, String>;

/// A file as rows of cells by column.
fn csv_rows(file: &Path) -> Vec<Row> {
    let bytes = std::fs::read(file).expect("the csv can be read");
    let sheet =
        delimited::read(&bytes, &Options::default()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    assert!(sheet.ragged.is_empty(), "{}: {:?}", file.display(), sheet.ragged);
    let row = |cells: &Vec<String>| sheet.header.iter().cloned().zip(cells.iter().cloned()).collect();
    sheet.rows.iter().map(|found| row(&found.cells)).collect()
}

/// Its json: a list of objects, or one.
fn json_rows(file: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(file).expect("the json can be read");
    let list = match serde_json::from_str(&text).expect("it is json") {
        Json::Array(rows) => rows,
        one => vec![one],
    };
    let cell = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |object: &Json| {
        let pairs = object.as_object().expect("an object").iter();
        pairs.map(|(column, value)| (column.clone(), cell(value))).collect()
    };
    list.iter().map(row).collect()
}

#[test]
fn every_file_of_csv_spectrum_reads_as_its_json_says() {
    let Some(folder) = shared_data("formats/csv-spectrum") else { return };
    let mut files = 0;
    for entry in std::fs::read_dir(folder.join("csvs")).expect("the folder can be read") {
        let file = entry.expect("an entry").path();
        let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let (mut read, mut wanted) = (csv_rows(&file), json_rows(&folder.join(format!("json/{name}.json"))));
        if name == "location_coordinates" {
            // Its publisher gave it another number than its json.
            read.iter_mut().chain(&mut wanted).for_each(|row| drop(row.remove("Contact Phone Number")));
        }
        assert_eq!(read, wanted, "{name}");
        files += 1;
    }
    assert_eq!(files, 12);
}
