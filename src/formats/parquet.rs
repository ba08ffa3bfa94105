//! A table as a Parquet file, row by row, each column of its type. The only file that names the
//! crate `parquet`.
//!
//! Everything may be null. The same rows give the same bytes. Deliberately absent: nested columns;
//! a list is the text that csv writes.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cells::exact;
use crate::table::{Cell, Column, ColumnType};

/// Rows of a row group, which wait in memory.
const GROUP: usize = 1 << 16;
/// Digits of an amount or a price.
const PRECISION: u32 = 18;

/// A file that is being written.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Waiting>,
    rows: usize,
}

impl<W: Write + Send> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file of these columns.
    pub fn new(out: W, name: &str, columns: &[Column]) -> io::Result<Self> {
        let columns: Vec<Waiting> = columns.iter().map(Waiting::new).collect();
        let fields = columns.iter().map(Waiting::schema).collect::<io::Result<Vec<TypePtr>>>()?;
        let schema = Type::group_type_builder(name).with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_created_by("crm".to_owned())
            .set_compression(Compression::SNAPPY)
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { file, columns, rows: 0 })
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Cell]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(row) {
            column.push(cell)?;
        }
        self.rows += 1;
        if self.rows >= GROUP { self.flush() } else { Ok(()) }
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.flush()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut writer) = group.next_column()? {
                column.write(&mut writer)?;
                writer.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// The values of a column that wait for their row group.
struct Waiting {
    name: String,
    ty: ColumnType,
    /// For each row whether there is a value.
    present: Vec<i16>,
    values: Values,
}

enum Values {
    Bools(Vec<bool>),
    Days(Vec<i32>),
    Numbers(Vec<i64>),
    Reals(Vec<f64>),
    Texts(Vec<ByteArray>),
}

impl Waiting {
    fn new(column: &Column) -> Self {
        let values = match column.ty {
            ColumnType::Bool => Values::Bools(Vec::new()),
            ColumnType::Day => Values::Days(Vec::new()),
            ColumnType::Int | ColumnType::Money | ColumnType::Price | ColumnType::Instant => {
                Values::Numbers(Vec::new())
            }
            ColumnType::Qty | ColumnType::Dec | ColumnType::Percent | ColumnType::Ratio => {
                Values::Reals(Vec::new())
            }
            _ => Values::Texts(Vec::new()),
        };
        Self { name: column.code.clone(), ty: column.ty, present: Vec::new(), values }
    }

    /// The decimals of a column of amounts or prices: no currency has more than four, no price more
    /// than six.
    fn decimals(&self) -> Option<u32> {
        match self.ty {
            ColumnType::Money => Some(4),
            ColumnType::Price => Some(6),
            _ => None,
        }
    }

    fn schema(&self) -> io::Result<TypePtr> {
        let (physical, logical) = match &self.values {
            Values::Bools(_) => (Physical::BOOLEAN, None),
            Values::Days(_) => (Physical::INT32, Some(LogicalType::Date)),
            Values::Reals(_) => (Physical::DOUBLE, None),
            Values::Texts(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Numbers(_) if self.ty == ColumnType::Instant => {
                (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS)))
            }
            Values::Numbers(_) => (Physical::INT64, self.decimals().map(decimal_type)),
        };
        let decimals = self.decimals();
        let builder = Type::primitive_type_builder(&self.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_precision(decimals.map_or(-1, |_| PRECISION.cast_signed()))
            .with_scale(decimals.map_or(-1, u32::cast_signed))
            .with_logical_type(logical);
        Ok(Arc::new(builder.build()?))
    }

    fn push(&mut self, cell: &Cell) -> io::Result<()> {
        self.present.push(i16::from(*cell != Cell::Null));
        if *cell == Cell::Null {
            return Ok(());
        }
        let decimals = self.decimals();
        let bad = || invalid(&self.name, exact(cell, false));
        match (&mut self.values, cell) {
            (Values::Bools(all), Cell::Bool(value)) => all.push(*value),
            (Values::Days(all), Cell::Day(day)) => {
                all.push(
                    day.signed_duration_since(NaiveDate::default()).num_days().to_i32().ok_or_else(bad)?,
                );
            }
            (Values::Numbers(all), Cell::Instant(at)) => all.push(at.timestamp_micros()),
            (Values::Numbers(all), Cell::Dec(value)) => {
                all.push(decimals.and_then(|decimals| scaled(*value, decimals)).ok_or_else(bad)?);
            }
            (Values::Numbers(all), Cell::Int(value)) => match decimals {
                Some(decimals) => all.push(scaled(Decimal::from(*value), decimals).ok_or_else(bad)?),
                None => all.push(*value),
            },
            (Values::Reals(all), Cell::Dec(value)) => all.push(real(*value).ok_or_else(bad)?),
            (Values::Reals(all), Cell::Int(value)) => all.push(value.to_f64().ok_or_else(bad)?),
            (Values::Texts(all), cell) => all.push(ByteArray::from(exact(cell, false).as_bytes().to_vec())),
            _ => return Err(bad()),
        }
        Ok(())
    }

    /// Writes what waits and forgets it.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> io::Result<()> {
        let present = std::mem::take(&mut self.present);
        match &mut self.values {
            Values::Bools(all) => put::<BoolType>(writer, all, &present),
            Values::Days(all) => put::<Int32Type>(writer, all, &present),
            Values::Numbers(all) => put::<Int64Type>(writer, all, &present),
            Values::Reals(all) => put::<DoubleType>(writer, all, &present),
            Values::Texts(all) => put::<ByteArrayType>(writer, all, &present),
        }
    }
}

fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    present: &[i16],
) -> io::Result<()> {
    writer.typed::<T>().write_batch(values, Some(present), None)?;
    values.clear();
    Ok(())
}

fn decimal_type(decimals: u32) -> LogicalType {
    LogicalType::decimal(decimals.cast_signed(), PRECISION.cast_signed())
}

/// The number as so many decimals hold it, exactly but for what derived prices have beyond; none
/// where it has too many digits.
fn scaled(value: Decimal, decimals: u32) -> Option<i64> {
    let whole = value.round_dp(decimals).checked_mul(Decimal::from(10_i64.pow(decimals)))?.to_i64()?;
    (whole.unsigned_abs() < 10_u64.pow(PRECISION)).then_some(whole)
}

/// The number that its digits say: what a reader of csv would make of them.
fn real(value: Decimal) -> Option<f64> {
    value.to_string().parse().ok()
}

fn invalid(column: &str, value: impl Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{column}: {value}"))
}
