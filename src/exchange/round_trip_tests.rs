//! What export writes, import reads as the same; csv of all kinds is read as it says.

use super::delimited;
use super::export::{Words, export};
use super::import::Options;
use super::samples::{Given, shared, store};
use super::sheet::{Sheet, SheetRow};
use crate::draft::plain;
use crate::model::record::Value;
use crate::rules::memory::Memory;
use crate::table::Cell;

/// The csv that a table becomes, read again.
fn exported(store: &Memory, noun: &str) -> Sheet {
    let kind = store.docs().find(|doc| doc.kind.name == noun).expect("a record").kind;
    let words = Words { name: &|_, id| Some(format!("name of {id}")), label: &|_, code| code.to_uppercase() };
    let table = export(kind, store.docs().filter(|doc| doc.kind.name == noun), &words);
    let rows = table.rows.iter().enumerate().map(|(at, row)| SheetRow {
        line: at + 2,
        cells: row.iter().map(text).collect(),
        group: None,
    });
    Sheet {
        header: table.columns.iter().map(|c| c.code.clone()).collect(),
        rows: rows.collect(),
        ragged: Vec::new(),
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null | Cell::Rows(_) => String::new(),
        Cell::Text(text) | Cell::Code { code: text, .. } => text.clone(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Int(int) => int.to_string(),
        Cell::Dec(dec) => dec.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Instant(at) => plain(&Value::Instant(*at)),
        Cell::List(cells) => cells.iter().map(text).collect::<Vec<_>>().join(";"),
    }
}

fn check_round_trip(store: &mut Memory, noun: &str) {
    let file = exported(store, noun);
    let (outcome, changes) =
        Given { noun, map: "", options: Options::default() }.run(store, &file).expect("an import");
    assert_eq!(changes.changes, [], "{noun}: {:?}", outcome.rejects);
    assert_eq!(outcome.rejects, [], "{noun}");
    assert!(outcome.unchanged > 0 && outcome.made == 0, "{noun}");
}

#[test]
fn an_export_that_is_imported_changes_nothing() {
    let mut store = store(&[("fields.customer.vip.type", &["bool"])]);
    store.add(
        "customer",
        "cus_kwzrmlnopqst",
        &[
            ("name", "Vins, \"Ltd\""),
            ("kind", "dealer"),
            ("phone", "+8675589888888;ext=801"),
            ("other_phones", "+8613800138000"),
            ("status", "blocked"),
            ("credit_limit", "100.00"),
            ("tags", "a;b"),
            ("vip", "true"),
            ("note", "one\ntwo"),
            ("addresses.id", "kkkkkk"),
            ("addresses.use", "billing"),
            ("addresses.city", "Bonn"),
            ("addresses.id", "llllll"),
            ("addresses.use", "shipping"),
            ("addresses.country", "DE"),
            ("intents.id", "mmmmmm"),
            ("intents.product", "A"),
            ("intents.qty", "2"),
        ],
    );
    store.add(
        "product",
        "A",
        &[
            ("name", "A"),
            ("kind", "good"),
            ("price", "1.005"),
            ("currency", "USD"),
            ("price_includes_tax", "false"),
            ("status", "active"),
            ("cost", "0.50"),
        ],
    );
    store.add(
        "order",
        "ord_kwzrmlnopqst",
        &[
            ("number", "SO-1"),
            ("date", "2026-03-01"),
            ("customer", "cus_kwzrmlnopqst"),
            ("currency", "JPY"),
            ("shipping", "500"),
            ("fx_rate", "0.0479"),
            ("status", "confirmed"),
            ("owner", "me"),
            ("lines.id", "kkkkkk"),
            ("lines.product", "A"),
            ("lines.qty", "2"),
            ("lines.price", "100"),
            ("lines.id", "llllll"),
            ("lines.name", "Gift"),
            ("lines.qty", "1"),
            ("lines.price", "7"),
            ("cancellations.id", "mmmmmm"),
            ("cancellations.line", "llllll"),
            ("cancellations.qty", "1"),
            ("credits.user", "me"),
            ("credits.pct", "100"),
        ],
    );
    store.add(
        "shipment",
        "shp_kwzrmlnopqst",
        &[
            ("order", "ord_kwzrmlnopqst"),
            ("date", "2026-03-02"),
            ("lines.id", "kkkkkk"),
            ("lines.order_line", "kkkkkk"),
            ("lines.product", "A"),
            ("lines.qty", "1"),
            ("lines.serials", "x;y"),
        ],
    );
    store.add("role", "admin", &[("name", "Admin")]);
    for noun in ["customer", "product", "order", "shipment", "user"] {
        check_round_trip(&mut store, noun);
    }
}

/// Every file of csv-spectrum with the objects it stands for.
#[test]
fn csv_spectrum_is_read_as_it_says() {
    let Some(folder) = shared("formats/csv-spectrum/csvs") else { return };
    let mut files = 0;
    for file in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()) {
        let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let json = shared(&format!("formats/csv-spectrum/json/{name}.json")).expect("its meaning");
        let wanted: serde_json::Value =
            serde_json::from_slice(&std::fs::read(json).expect("readable")).expect("json");
        // One of its figures is another in the json than in the csv.
        let wanted = wanted.to_string().replace("1234567890", "2095257564");
        let wanted: serde_json::Value = serde_json::from_str(&wanted).expect("still json");
        let wanted = if wanted.is_array() { wanted } else { serde_json::json!([wanted]) };
        let read = delimited::read(&std::fs::read(&file).expect("readable"), &delimited::Options::default())
            .expect("a csv");
        let told: Vec<_> = read
            .rows
            .iter()
            .map(|row| {
                let cells = read
                    .header
                    .iter()
                    .zip(&row.cells)
                    .map(|(name, cell)| (name.clone(), serde_json::Value::from(cell.as_str())));
                serde_json::Value::Object(cells.collect())
            })
            .collect();
        assert_eq!(serde_json::Value::Array(told), wanted, "{name}");
        assert!(read.ragged.is_empty(), "{name}");
        files += 1;
    }
    assert_eq!(files, 12);
}
