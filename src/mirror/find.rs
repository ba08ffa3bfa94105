//! Look-ups for commands: records by the value of a field, by what people call them, and by what
//! refers to them.
//!
//! Ids of slugs are only unique within a type, so a record is always named with its type.
//! Deliberately absent: normal forms of phones and e-mails; the caller has them.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params_from_iter};

use super::layout::{Index, KindTables, Targets, quoted};
use super::{Mirror, Result, functions};
use crate::model::record::{Kind, Type};
use rust_decimal::Decimal;

/// A record that answers to a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    pub kind: &'static str,
    pub id: String,
    pub title: String,
}

/// A record that refers to another through a field (`customer`, `lines.product`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub kind: &'static str,
    pub id: String,
    pub field: String,
}

/// A change of stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockMove {
    pub date: String,
    pub warehouse: String,
    /// Kind of the movement, `shipment` or `return`.
    pub kind: String,
    pub record: String,
    pub qty: Decimal,
}

impl Mirror {
    /// The records of a type whose field has a value: a scalar, an element of a set or list, or a
    /// field of child rows (`lines.product`). References to merged records count as references to
    /// the survivor.
    pub fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>> {
        let Some(tables) = self.layout.of(noun) else { return Ok(Vec::new()) };
        let (table, key, name) = match field.split_once('.') {
            Some((outer, inner)) if outer != "custom" => {
                let child = tables.rows.iter().find(|(rows, _)| rows.name == outer);
                let Some((_, table)) = child else { return Ok(Vec::new()) };
                (&self.layout.tables[*table], "record", inner)
            }
            _ => (&self.layout.tables[tables.own], "id", field.strip_prefix("custom.").unwrap_or(field)),
        };
        let Some(column) = table.position(name).map(|at| &table.columns[at]) else { return Ok(Vec::new()) };
        let declared = column.field;
        let values = match declared.and_then(Targets::field_targets) {
            Some(targets) => self.with_merged(targets, value)?,
            None => vec![value.to_owned()],
        };
        let mut ids = Vec::new();
        for value in values {
            if declared.is_some_and(super::super::model::record::Field::many) {
                let sql = "select record from members where value = ? and kind = ? and field = ?";
                let whole = field.strip_prefix("custom.").unwrap_or(field);
                ids.extend(self.ids(sql, &[&value, tables.kind.name, whole])?);
            } else {
                let collate = if column.index == Index::Caseless { " collate nocase" } else { "" };
                let sql = format!(
                    "select distinct {key} from {} where {} = ?{collate}",
                    quoted(&table.name),
                    quoted(name)
                );
                ids.extend(self.ids(&sql, &[&value])?);
            }
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// An id and those of all records that were merged into it.
    fn with_merged(&self, targets: &[&str], id: &str) -> Result<Vec<String>> {
        let mut ids = vec![id.to_owned()];
        for target in targets {
            ids.extend(self.ids("select id from survivors where survivor = ? and kind = ?", &[id, target])?);
        }
        Ok(ids)
    }

    fn ids(&self, sql: &str, params: &[&str]) -> Result<Vec<String>> {
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map(params_from_iter(params), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The record that stands for this one: itself, or what it was merged into.
    pub fn survivor(&self, noun: &str, id: &str) -> Result<String> {
        let sql = "select survivor from survivors where id = ? and kind = ?";
        let found: Option<String> =
            self.db.prepare_cached(sql)?.query_row([id, noun], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or_else(|| id.to_owned()))
    }

    /// Every merged record with the one that stands for it.
    pub fn survivors(&self) -> Result<BTreeMap<String, String>> {
        let mut statement = self.db.prepare_cached("select id, survivor from survivors")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a record of the type exists.
    pub fn exists(&self, noun: &str, id: &str) -> Result<bool> {
        let Some(table) = self.layout.table(noun) else { return Ok(false) };
        let sql = format!("select exists (select 1 from {} where id = ?)", quoted(&table.name));
        Ok(self.db.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?)
    }

    /// The records whose ids begin so.
    pub fn find_prefix(&self, prefix: &str) -> Result<Vec<Match>> {
        let mut found = Vec::new();
        for tables in self.layout.kinds.iter().filter(|tables| may_begin(tables.kind, prefix)) {
            found.extend(self.matches(tables, "t.id >= ?1 and t.id < ?2", &[prefix, &after(prefix)])?);
        }
        Ok(found)
    }

    /// The records of these types (of all where none are named) that a text names: by id, or else
    /// by the beginning of an id, number, exact name, e-mail, phone or `source_ref`. A merged
    /// record answers to its id only, with the record that stands for it; a revised one to its id
    /// and no more to its number.
    pub fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<Match>> {
        let chosen = |tables: &&KindTables| nouns.is_empty() || nouns.contains(&tables.kind.name);
        let mut found = Vec::new();
        for tables in self.layout.kinds.iter().filter(chosen) {
            if self.exists(tables.kind.name, text)? {
                let id = self.survivor(tables.kind.name, text)?;
                found.extend(self.matches(tables, "t.id = ?1", &[&id])?);
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        for tables in self.layout.kinds.iter().filter(chosen) {
            found.extend(self.named(tables, text)?);
        }
        Ok(found)
    }

    /// The records of a type that answer to a text other than their full id.
    fn named(&self, tables: &KindTables, text: &str) -> Result<Vec<Match>> {
        let kind = tables.kind;
        let table = &self.layout.tables[tables.own];
        let alive = if table.position("merged_into").is_some() { " and t.merged_into is null" } else { "" };
        let mut found = Vec::new();
        if !kind.is_slug() && may_begin(kind, text) && text.len() > kind.prefix.len() + 1 {
            found =
                self.matches(tables, &format!("t.id >= ?1 and t.id < ?2{alive}"), &[text, &after(text)])?;
        }
        for column in table.columns.iter().filter(|c| names(kind, c.name)) {
            let many = column.field.is_some_and(super::super::model::record::Field::many);
            let condition = if many {
                format!(
                    "t.id in (select record from members where value = ?1 and kind = '{}' and field = '{}')",
                    kind.name, column.name
                )
            } else {
                let collate = if column.index == Index::Caseless { " collate nocase" } else { "" };
                // A number that revisions share is that of the last one.
                let last = if column.name == "number" && table.position("revises").is_some() {
                    format!(
                        " and t.id not in (select r.revises from {} r where r.number = ?1 and r.revises is not null)",
                        quoted(&table.name)
                    )
                } else {
                    String::new()
                };
                format!("t.{} = ?1{collate}{last}", quoted(column.name))
            };
            if column.name == "source_ref" && !alive.is_empty() {
                // What another system calls a merged record still means something.
                for found_id in self.matches(tables, &condition, &[text])? {
                    let id = self.survivor(kind.name, &found_id.id)?;
                    found.extend(self.matches(tables, "t.id = ?1", &[&id])?);
                }
                continue;
            }
            found.extend(self.matches(tables, &format!("{condition}{alive}"), &[text])?);
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Records with this value in a list of their child rows, as a serial number is: noun, id, field.
    pub(super) fn in_row_lists(&self, value: &str) -> Result<Vec<(String, String, String)>> {
        let sql = "select distinct kind, record, field from members where value = ? and instr(field, '.') order by 1, 2";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([value], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn matches(
        &self,
        tables: &KindTables,
        condition: &str,
        params: &[&str],
    ) -> Result<Vec<Match>> {
        let sql = format!(
            "select t.id, {} from {} t where {condition} order by t.id",
            title_sql(tables.kind, "t"),
            quoted(&self.layout.tables[tables.own].name)
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(params), |row| {
            Ok(Match { kind: tables.kind.name, id: row.get(0)?, title: row.get(1)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What refers to a record, what refers to the records merged into it included.
    pub fn referring(&self, noun: &str, id: &str) -> Result<Vec<Link>> {
        let ids = self.with_merged(&[noun], id)?;
        let mut links = Vec::new();
        for reference in self.layout.references() {
            if !reference.field.field_targets().is_some_and(|targets| targets.contains(&noun)) {
                continue;
            }
            let sql =
                format!("select distinct record from ({}) where target = ?", reference.arm_sql(&self.layout));
            for id in &ids {
                let found = self.ids(&sql, &[id])?.into_iter();
                links.extend(found.map(|id| Link { kind: reference.noun, id, field: reference.name() }));
            }
        }
        for tables in &self.layout.kinds {
            let sets = tables.kind.all().filter(|f| f.many());
            for field in sets.filter(|f| f.field_targets().is_some_and(|targets| targets.contains(&noun))) {
                let sql = "select record from members where value = ? and kind = ? and field = ?";
                for id in &ids {
                    let found = self.ids(sql, &[id, tables.kind.name, field.name])?.into_iter();
                    links.extend(found.map(|id| Link {
                        kind: tables.kind.name,
                        id,
                        field: field.name.to_owned(),
                    }));
                }
            }
        }
        // A tombstone refers to what it was merged into; all else it says is of the past.
        let past = |link: &Link| ids.contains(&link.id) && link.field != "merged_into";
        links.retain(|link| link.kind != noun || link.id != id && !past(link));
        links.sort();
        Ok(links)
    }

    /// What people call these records: of each id the title in the first of the types that has it.
    pub fn titles(&self, nouns: &[&str], ids: &[&str]) -> Result<BTreeMap<String, String>> {
        let mut titles = BTreeMap::new();
        for tables in nouns.iter().filter_map(|noun| self.layout.of(noun)) {
            let table = quoted(&self.layout.tables[tables.own].name);
            let sql = format!("select {} from {table} t where t.id = ?", title_sql(tables.kind, "t"));
            let mut statement = self.db.prepare_cached(&sql)?;
            for id in ids.iter().filter(|id| may_begin(tables.kind, id)) {
                let title: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
                if let Some(title) = title {
                    titles.entry((*id).to_owned()).or_insert(title);
                }
            }
        }
        Ok(titles)
    }

    /// The largest number that is used behind a prefix in the numbers of a type; 0 for none.
    pub fn next_number(&self, noun: &str, prefix: &str) -> Result<i64> {
        let Some(table) = self.layout.table(noun).filter(|t| t.position("number").is_some()) else {
            return Ok(0);
        };
        let sql = format!(
            "select coalesce(max(cast(substr(number, length(?1) + 1) as integer)), 0) from {}
             where number >= ?1 and number < ?2 and number is not null and length(number) > length(?1)
               and substr(number, length(?1) + 1) not glob '*[^0-9]*'",
            quoted(&table.name)
        );
        Ok(self.db.prepare_cached(&sql)?.query_row([prefix, &after(prefix)], |row| row.get(0))?)
    }

    /// The changes of stock of a product, in the order in which they count.
    pub fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>> {
        let sql = "select date, warehouse, kind, record, qty from stock_move where product = ?
                   order by date, seq, created_at, record";
        let mut statement = self.viewing(|| self.db.prepare_cached(sql))?;
        let rows = statement.query_map([product], |row| {
            Ok(StockMove {
                date: row.get(0)?,
                warehouse: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                kind: row.get(2)?,
                record: row.get(3)?,
                qty: functions::shortest(row.get(4)?).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Whether ids of the type can begin so.
fn may_begin(kind: &Kind, text: &str) -> bool {
    kind.is_slug() || {
        let start = format!("{}_", kind.prefix);
        text.starts_with(&start) || start.starts_with(text)
    }
}

/// Whether a record can be named by the field.
fn names(kind: &Kind, field: &str) -> bool {
    kind.traits.lookup.contains(&field) || matches!(field, "number" | "source_ref")
}

/// The first text behind all those that begin with a prefix.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// What people call a record, as SQL.
pub(super) fn title_sql(kind: &Kind, alias: &str) -> String {
    let scalar = |name: &&&str| kind.field(name).is_some_and(|f| !f.many() && !matches!(f.ty, Type::Rows(_)));
    let mut names: Vec<String> =
        kind.traits.title.iter().filter(scalar).map(|name| format!("{alias}.{}", quoted(name))).collect();
    if names.is_empty() {
        return format!("{alias}.id");
    }
    names.push(format!("{alias}.id"));
    format!("coalesce({})", names.join(", "))
}
