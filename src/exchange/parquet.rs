//! Parquet files, written row by row. The only module that names the `parquet` crate.
//!
//! Amounts are decimals of four places, other numbers with a point of six, days and instants are
//! what they are, lists are texts parted by `;`. The same rows give the same bytes. Deliberately
//! absent: reading, and what the tables are (see `mirror`).

use std::fs::File;
use std::io;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use rust_decimal::Decimal;

use crate::table::Cell;

/// Rows that are written at once: a row group.
const GROUP: usize = 100_000;
/// Digits of a decimal; its whole number of last places fits 64 bits.
const PRECISION: i32 = 18;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Bool,
    Day,
    Instant,
    /// A decimal with so many places.
    Dec(u32),
}

/// The values of a column that wait, as they are stored.
#[derive(Debug)]
enum Values {
    Text(Vec<ByteArray>),
    Long(Vec<i64>),
    Short(Vec<i32>),
    Flag(Vec<bool>),
}

#[derive(Debug)]
struct Column {
    name: String,
    kind: Kind,
    values: Values,
    /// 1 where there is a value, 0 where there is none.
    levels: Vec<i16>,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Writer {
    file: SerializedFileWriter<File>,
    columns: Vec<Column>,
    waiting: usize,
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

impl Writer {
    /// Begins a file with these columns.
    pub fn new(file: File, table: &str, columns: &[(&str, Kind)]) -> io::Result<Self> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Result<Vec<_>, _>>();
        let schema = fields.and_then(|fields| Type::group_type_builder(table).with_fields(fields).build());
        let schema = schema.map_err(failed)?;
        let properties = Arc::new(WriterProperties::builder().set_created_by("crm".to_owned()).build());
        let file = SerializedFileWriter::new(file, Arc::new(schema), properties).map_err(failed)?;
        let columns = columns.iter().map(|(name, kind)| Column::new(name, *kind)).collect();
        Ok(Self { file, columns, waiting: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `InvalidData` for a value that is not of its column's kind.
    pub fn push(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell)?;
        }
        self.waiting += 1;
        if self.waiting >= GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut group = self.file.next_row_group().map_err(failed)?;
        for column in &mut self.columns {
            column.write(&mut group).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.waiting = 0;
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<File> {
        if self.waiting > 0 {
            self.flush()?;
        }
        self.file.into_inner().map_err(failed)
    }
}

fn field(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let (physical, logical, digits) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), None),
        Kind::Int => (Physical::INT64, None, None),
        Kind::Bool => (Physical::BOOLEAN, None, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date), None),
        Kind::Instant => {
            let instant = LogicalType::timestamp(true, TimeUnit::MICROS);
            (Physical::INT64, Some(instant), None)
        }
        Kind::Dec(places) => {
            let places = i32::try_from(places).unwrap_or_default();
            (Physical::INT64, Some(LogicalType::decimal(places, PRECISION)), Some(places))
        }
    };
    let mut builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_logical_type(logical);
    if let Some(places) = digits {
        builder = builder.with_precision(PRECISION).with_scale(places);
    }
    builder.build().map(Arc::new)
}

impl Column {
    fn new(name: &str, kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Bool => Values::Flag(Vec::new()),
            Kind::Day => Values::Short(Vec::new()),
            Kind::Int | Kind::Instant | Kind::Dec(_) => Values::Long(Vec::new()),
        };
        Self { name: name.to_owned(), kind, values, levels: Vec::new() }
    }

    fn push(&mut self, cell: &Cell) -> io::Result<()> {
        self.levels.push(i16::from(*cell != Cell::Null));
        if *cell == Cell::Null {
            return Ok(());
        }
        match (&mut self.values, self.kind, cell) {
            (Values::Text(values), _, cell) => values.push(text(cell).into_bytes().into()),
            (Values::Flag(values), _, Cell::Bool(flag)) => values.push(*flag),
            (Values::Short(values), _, Cell::Day(day)) => values.push(days(*day)),
            (Values::Long(values), Kind::Int, Cell::Int(int)) => values.push(*int),
            (Values::Long(values), Kind::Instant, Cell::Instant(at)) => values.push(at.timestamp_micros()),
            (Values::Long(values), Kind::Dec(places), cell) => {
                let whole = number(cell).and_then(|dec| places_of(dec, places));
                values.push(whole.ok_or_else(|| self_error(&self.name, cell))?);
            }
            _ => return Err(self_error(&self.name, cell)),
        }
        Ok(())
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, File>) -> Result<(), ParquetError> {
        let levels = std::mem::take(&mut self.levels);
        match &mut self.values {
            Values::Text(values) => put::<ByteArrayType>(group, std::mem::take(values), &levels),
            Values::Long(values) => put::<Int64Type>(group, std::mem::take(values), &levels),
            Values::Short(values) => put::<Int32Type>(group, std::mem::take(values), &levels),
            Values::Flag(values) => put::<BoolType>(group, std::mem::take(values), &levels),
        }
    }
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: Vec<T::T>,
    levels: &[i16],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(&values, Some(levels), None)?;
    column.close()
}

fn self_error(column: &str, cell: &Cell) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("column {column} cannot hold {cell:?}"))
}

fn days(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or_default()
}

fn number(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Dec(dec) => Some(*dec),
        Cell::Int(int) => Some(Decimal::from(*int)),
        _ => None,
    }
}

/// The decimal in units of its last place; none where it has more places or digits.
fn places_of(dec: Decimal, places: u32) -> Option<i64> {
    let dec = dec.normalize();
    if dec.scale() > places {
        return None;
    }
    let whole = dec.mantissa().checked_mul(10_i128.checked_pow(places - dec.scale())?)?;
    i64::try_from(whole).ok().filter(|whole| whole.unsigned_abs() < 10_u64.pow(18))
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Code { code: text, .. } => text.clone(),
        Cell::List(cells) => cells.iter().map(text).collect::<Vec<_>>().join(";"),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Int(int) => int.to_string(),
        Cell::Dec(dec) => dec.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Instant(at) => at.to_rfc3339(),
        Cell::Null | Cell::Rows(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;

    const COLUMNS: &[(&str, Kind)] = &[
        ("name", Kind::Text),
        ("n", Kind::Int),
        ("net", Kind::Dec(4)),
        ("day", Kind::Day),
        ("at", Kind::Instant),
        ("open", Kind::Bool),
    ];

    fn row(name: &str) -> Vec<Cell> {
        vec![
            Cell::text(name),
            Cell::Int(-7),
            Cell::Dec("1234.50".parse().expect("a decimal")),
            Cell::Day("2026-02-28".parse().expect("a day")),
            Cell::Instant("2026-03-01T09:05:00+08:00".parse().expect("an instant")),
            Cell::Bool(true),
        ]
    }

    fn written(rows: &[Vec<Cell>]) -> Vec<u8> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut writer = Writer::new(file.reopen().expect("a file"), "t", COLUMNS).expect("a writer");
        for row in rows {
            writer.push(row).expect("a row");
        }
        writer.finish().expect("an end");
        std::fs::read(file.path()).expect("bytes")
    }

    #[test]
    fn what_is_written_reads_back_with_its_types() {
        let mut rows = vec![row("青禾"), vec![Cell::Null; COLUMNS.len()]];
        rows[1][0] = Cell::List(vec![Cell::text("a"), Cell::text("b")]);
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), written(&rows)).expect("written");
        let reader = SerializedFileReader::new(file.reopen().expect("a file")).expect("a file of Parquet");
        let found: Vec<String> =
            reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        assert_eq!(
            found,
            [
                "{name: \"青禾\", n: -7, net: 1234.5000, day: 2026-02-28, at: 2026-03-01 01:05:00.000000 +00:00, open: true}",
                "{name: \"a;b\", n: null, net: null, day: null, at: null, open: null}"
            ]
        );
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        assert_eq!(written(&[row("a"), row("b")]), written(&[row("a"), row("b")]));
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused_and_not_rounded() {
        assert_eq!(places_of("0.0001".parse().expect("a decimal"), 4), Some(1));
        assert_eq!(places_of("0.00001".parse().expect("a decimal"), 4), None);
        assert_eq!(places_of("100000000000000".parse().expect("a decimal"), 4), None);
        assert_eq!(
            places_of("-99999999999999.9999".parse().expect("a decimal"), 4),
            Some(-999_999_999_999_999_999)
        );
    }
}
