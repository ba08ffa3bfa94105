//! Records as the table that `import` reads back as the same records.
//!
//! One row per child row, the record's own cells repeated beside each; a reference has its id and,
//! for people, its name in a column that import leaves out. Deliberately absent: derived fields,
//! history, and the formats themselves.

use crate::model::record::{CodeList, Doc, Field, Kind, Row, Type, Value};
use crate::table::{Cell, Column, ColumnType, Table};

/// What the cells need from outside.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// What people call the record of one of these types with this id.
    pub name: &'a dyn Fn(&[&str], &str) -> Option<String>,
    /// The label of a code.
    pub label: &'a dyn Fn(&CodeList, &str) -> String,
}

impl std::fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

/// One column and where its cells come from.
#[derive(Clone, Copy)]
struct Source {
    /// The rows' field, for child rows.
    rows: Option<&'static Field>,
    /// Absent: the id of the child row.
    field: Option<&'static Field>,
    /// The name of what a reference names.
    name: bool,
}

/// The columns of a type, in the order of its fields.
pub fn columns(kind: &Kind) -> Vec<Column> {
    sources(kind).iter().map(Source::column).collect()
}

fn sources(kind: &Kind) -> Vec<Source> {
    let own = kind.all().filter(|field| field.rows().is_none()).flat_map(|field| of(None, field));
    let rows = kind.rows().flat_map(|(rows, kind)| {
        let id = (kind.key == "id").then_some(Source { rows: Some(rows), field: None, name: false });
        id.into_iter().chain(kind.fields.iter().flat_map(move |field| of(Some(rows), field)))
    });
    own.chain(rows).collect()
}

fn of(rows: Option<&'static Field>, field: &'static Field) -> impl Iterator<Item = Source> {
    let named = matches!(field.ty, Type::Ref(_)) && !field.many();
    let source = Source { rows, field: Some(field), name: false };
    std::iter::once(source).chain(named.then_some(Source { name: true, ..source }))
}

impl Source {
    fn column(&self) -> Column {
        let own = match self.field {
            None => "id".to_owned(),
            Some(field) if field.marks.custom => format!("custom.{}", field.name),
            Some(field) => field.name.to_owned(),
        };
        let code = match self.rows {
            Some(rows) => format!("{}.{own}", rows.singular()),
            None => own,
        };
        let code = if self.name { format!("{code}_name") } else { code };
        let ty = match self.field {
            None => ColumnType::Id,
            Some(field) if field.name == "id" => ColumnType::Id,
            Some(_) if self.name => ColumnType::Text,
            Some(field) if field.many() => ColumnType::List,
            Some(field) => column_type(field.ty),
        };
        Column::new(code, ty)
    }

    fn cell(&self, doc: &Doc, child: Option<(&Field, &Row)>, words: &Words<'_>) -> Cell {
        let values = match (self.rows, child) {
            (None, _) => &doc.fields,
            (Some(rows), Some((given, row))) if given.name == rows.name => row,
            (Some(_), _) => return Cell::Null,
        };
        let Some(value) = values.get(self.field.map_or("id", |field| field.name)) else { return Cell::Null };
        match (self.field, self.name) {
            (Some(field), true) => match (field.ty, value.as_text()) {
                (Type::Ref(nouns), Some(id)) => (words.name)(nouns, id).map_or(Cell::Null, Cell::Text),
                _ => Cell::Null,
            },
            (field, _) => cell(field.map_or(Type::Text, |field| field.ty), value, words),
        }
    }
}

fn column_type(ty: Type) -> ColumnType {
    match ty {
        Type::Prose => ColumnType::Prose,
        Type::Code(_) | Type::FreeCode => ColumnType::Code,
        Type::Ref(_) => ColumnType::Id,
        Type::Bool => ColumnType::Bool,
        Type::Int => ColumnType::Int,
        Type::Dec => ColumnType::Dec,
        Type::Qty => ColumnType::Qty,
        Type::Pct => ColumnType::Percent,
        Type::Money => ColumnType::Money,
        Type::Price => ColumnType::Price,
        Type::Day => ColumnType::Day,
        Type::Instant => ColumnType::Instant,
        _ => ColumnType::Text,
    }
}

fn cell(ty: Type, value: &Value, words: &Words<'_>) -> Cell {
    match (ty, value) {
        (Type::Code(list), Value::Text(code)) => {
            Cell::Code { code: code.clone(), label: (words.label)(list, code) }
        }
        (_, Value::Text(text)) => Cell::Text(text.clone()),
        (_, Value::Bool(flag)) => Cell::Bool(*flag),
        (_, Value::Int(int)) => Cell::Int(*int),
        (_, Value::Dec(dec)) => Cell::Dec(*dec),
        (_, Value::Day(day)) => Cell::Day(*day),
        (_, Value::Instant(at)) => Cell::Instant(*at),
        (_, Value::List(values)) => Cell::List(values.iter().map(|value| cell(ty, value, words)).collect()),
        (_, Value::Rows(_)) => Cell::Null,
    }
}

/// The table of records of one type, in the order given.
pub fn export<'d>(kind: &Kind, docs: impl IntoIterator<Item = &'d Doc>, words: &Words<'_>) -> Table {
    let sources = sources(kind);
    let mut table = Table::new(kind.name, columns(kind));
    table.id_column = table.position("id");
    for doc in docs {
        let children: Vec<(&Field, &Row)> = kind
            .rows()
            .flat_map(|(field, _)| doc.rows(field.name).iter().map(move |row| (field, row)))
            .collect();
        let line = |child| sources.iter().map(|source| source.cell(doc, child, words)).collect();
        if children.is_empty() {
            table.rows.push(line(None));
        }
        table.rows.extend(children.into_iter().map(|child| line(Some(child))));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::target::Subject;
    use crate::exchange::{MapFile, Mapping, Sheet};
    use crate::model::kinds::KINDS;

    #[test]
    fn import_reads_every_column_of_every_type() {
        for kind in KINDS {
            let header: Vec<String> = columns(kind).into_iter().map(|column| column.code).collect();
            let names = header.iter().filter(|code| code.ends_with("_name")).count();
            let sheet = Sheet { header, ..Sheet::default() };
            let mapping =
                Mapping::new(Subject { kind, rows: None }, &sheet, &MapFile::default(), &|_, _| Vec::new())
                    .unwrap_or_else(|problem| panic!("{}: {problem}", kind.name));
            let of_state = mapping
                .slots
                .iter()
                .filter(|slot| matches!(slot.target, crate::exchange::target::Target::On(_)));
            let read = mapping.slots.len() - of_state.count();
            let plain_names = kind.all().filter(|f| f.name.ends_with("_name")).count();
            assert_eq!(read + names - plain_names, sheet.header.len(), "{}", kind.name);
        }
    }

    #[test]
    fn child_rows_stand_beside_their_record() {
        let kind = crate::model::kinds::by_name("customer").expect("declared");
        let mut doc = Doc::new(kind, "cus_kwzrmlnopqst");
        doc.set("name", Some(Value::Text("Alfreds".to_owned())));
        let row = |city: &str| {
            Row::from([("id", Value::Text(format!("{city}kk"))), ("city", Value::Text(city.to_owned()))])
        };
        doc.set("addresses", Some(Value::Rows(vec![row("Bonn"), row("Kiel")])));
        let words = Words { name: &|_, _| None, label: &|_, code| code.to_owned() };
        let table = export(kind, [&doc], &words);
        let at = |code: &str| table.position(code).expect("a column");
        let told: Vec<_> =
            table.rows.iter().map(|row| (row[at("name")].clone(), row[at("address.city")].clone())).collect();
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(told, [(text("Alfreds"), text("Bonn")), (text("Alfreds"), text("Kiel"))]);
        assert_eq!(table.id_column, Some(0));
    }
}
