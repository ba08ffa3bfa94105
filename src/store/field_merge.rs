//! Three versions of a TOML file made into one, field by field.
//!
//! It works on the keys as they stand in the files, so that fields which this version does not know
//! survive. What one side changed is taken, sets and the history are united, rows are told apart by
//! their id or key. Two different changes of one field are a conflict, left to a person between
//! git's markers around that field alone. There is no last writer who wins.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use crate::model::Problem;
use crate::model::record::{Card, Kind, Type};

/// What became of three versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub text: String,
    /// What both sides changed differently, in the order of the file.
    pub conflicts: Vec<Clash>,
}

/// A field that both sides changed differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// `city`, `custom.colour`, `lines[kkkkkk].qty`; a row as a whole is `lines[kkkkkk]`.
    pub field: String,
    /// The values as TOML has them; nothing where there is none.
    pub base: Option<String>,
    pub ours: Option<String>,
    pub theirs: Option<String>,
}

/// What stands where both sides changed a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    Ours,
    Theirs,
    /// Another value, as it is typed: text where the field holds text, else as TOML has it. An
    /// empty one stands for no value.
    Value(String),
}

/// A decision for one field: what to do about a clash, or nothing.
pub type Decide<'a> = &'a dyn Fn(&Clash) -> Option<Side>;

/// Merges three versions of a file; `kind` says which arrays are sets and by what rows are told.
///
/// # Errors
/// `bad-toml` where a version cannot be read.
pub fn merge(
    kind: Option<&Kind>,
    base: &str,
    ours: &str,
    theirs: &str,
    decide: Decide<'_>,
) -> Result<Merged, Problem> {
    let read = |text: &str| -> Result<DocumentMut, Problem> {
        text.parse().map_err(|error: toml_edit::TomlError| {
            Problem::invalid("bad-toml").arg("reason", error.message().to_owned())
        })
    };
    let (base, mut ours, mut theirs) = (read(base)?, read(ours)?, read(theirs)?);
    for field in kind.into_iter().flat_map(tracked) {
        let items = [&base, &ours, &theirs].map(|version| version.get(field));
        let [b, o, t] = items;
        if same(b, o) || same(b, t) || same(o, t) {
            continue;
        }
        match decide(&clash_of(field, items)) {
            Some(Side::Ours) => withdraw(kind, field, base.as_table(), theirs.as_table_mut()),
            Some(Side::Theirs) => withdraw(kind, field, base.as_table(), ours.as_table_mut()),
            _ => {}
        }
    }
    let mut out = ours.clone();
    let mut merger = Merger { decide, clashes: Vec::new() };
    let shape = Shape::of(kind);
    merger.table(base.as_table(), ours.as_table(), theirs.as_table(), out.as_table_mut(), "", &shape);
    Ok(Merged { text: out.to_string(), conflicts: merger.clashes })
}

/// The fields whose changes the history tells, the state first.
fn tracked(kind: &Kind) -> impl Iterator<Item = &'static str> {
    let state = kind.traits.state;
    let others = kind.fields.iter().filter(|field| field.marks.tracked).map(|field| field.name);
    state.into_iter().chain(others.filter(move |name| Some(*name) != state))
}

/// Takes back what one side did to a tracked field, once it is decided for the other: its steps in
/// the history, and with a move of the state what the move wrote beside it.
fn withdraw(kind: Option<&Kind>, field: &str, base: &Table, version: &mut Table) {
    let is_state = kind.is_some_and(|kind| kind.traits.state == Some(field));
    let moves = kind.filter(|_| is_state).map_or(&[][..], |kind| kind.traits.moves);
    let written = moves.iter().flat_map(|step| {
        step.sets.iter().chain(step.clears).copied().chain(step.stamps).map(|name| name.trim_end_matches('!'))
    });
    for name in written.chain([field]) {
        put(version, base, name, base.get(name));
    }
    let known: Vec<String> = base
        .get("history")
        .and_then(rows_of)
        .unwrap_or_default()
        .iter()
        .map(|row| plain_table(row))
        .collect();
    let is_of_field = |row: &Table| match row.get("field").and_then(Item::as_str) {
        Some(of) => of == field,
        None => is_state,
    };
    if let Some(rows) = version.get_mut("history").and_then(Item::as_array_of_tables_mut) {
        rows.retain(|row| !is_of_field(row) || known.contains(&plain_table(row)));
        if rows.is_empty() {
            version.remove("history");
        }
    }
}

/// Takes over what the other side wrote above a key, such as a comment, below what ours has there.
fn comments(base: &Table, ours: &Table, theirs: &Table, out: &mut Table) {
    let above = |table: &Table, name: &str| -> Option<String> {
        let (key, _) = table.get_key_value(name)?;
        Some(key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned())
    };
    for (name, _) in theirs {
        let (Some(o), Some(t)) = (above(ours, name), above(theirs, name)) else { continue };
        let b = above(base, name).unwrap_or_default();
        let has_comment = |text: &str| text.contains('#');
        if t == b || t == o || !(has_comment(&t) || has_comment(&b)) {
            continue;
        }
        // A key between markers keeps them where they are.
        let Some((mut key, item)) = out.get_key_value_mut(name) else { continue };
        if !item.is_value()
            || key
                .leaf_decor()
                .prefix()
                .and_then(|prefix| prefix.as_str())
                .is_some_and(|text| text.contains("<<<<<<<"))
        {
            continue;
        }
        let both = if o == b { t } else { format!("{o}{}", t.trim_start_matches('\n')) };
        key.leaf_decor_mut().set_prefix(both);
    }
}

fn clash_of(path: &str, items: [Option<&Item>; 3]) -> Clash {
    let [base, ours, theirs] = items.map(|item| item.map(|item| item.to_string().trim().to_owned()));
    Clash { field: path.to_owned(), base, ours, theirs }
}

/// What is known about the keys of a table.
#[derive(Clone, Debug, Default)]
struct Shape {
    sets: Vec<&'static str>,
    /// Arrays of tables and the key that tells their rows.
    rows: Vec<(&'static str, &'static str, Vec<&'static str>)>,
}

impl Shape {
    fn of(kind: Option<&Kind>) -> Self {
        let mut shape = Self::default();
        for field in kind.into_iter().flat_map(Kind::all) {
            match field.ty {
                Type::Rows(rows) => {
                    let sets = rows.fields.iter().filter(|f| f.card == Card::Set).map(|f| f.name).collect();
                    shape.rows.push((field.name, rows.key, sets));
                }
                _ if field.card == Card::Set => shape.sets.push(field.name),
                _ => {}
            }
        }
        shape
    }

    /// By what the rows of an array are told apart, and the sets in them.
    fn key_of(&self, name: &str) -> (&'static str, Self) {
        match self.rows.iter().find(|(of, ..)| *of == name) {
            Some((_, key, sets)) => (key, Self { sets: sets.clone(), rows: Vec::new() }),
            None => ("id", Self::default()),
        }
    }
}

struct Merger<'a> {
    decide: Decide<'a>,
    clashes: Vec<Clash>,
}

impl Merger<'_> {
    fn table(
        &mut self,
        base: &Table,
        ours: &Table,
        theirs: &Table,
        out: &mut Table,
        at: &str,
        shape: &Shape,
    ) {
        let mut names: Vec<String> = Vec::new();
        for table in [ours, theirs, base] {
            for (name, _) in table {
                if !names.iter().any(|there| there == name) {
                    names.push(name.to_owned());
                }
            }
        }
        for name in names {
            let [b, o, t] = [base, ours, theirs].map(|table| table.get(&name));
            let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            if same(o, t) || same(b, t) {
                continue;
            }
            if same(b, o) {
                put(out, theirs, &name, t);
                continue;
            }
            if !self.both([b, o, t], &path, &name, shape, out) {
                self.clash(out, theirs, &name, &path, [b, o, t]);
            }
        }
        comments(base, ours, theirs, out);
    }

    /// Makes one of what both sides changed, where that needs no person: tables key by key, rows one
    /// by one, sets and the history by uniting them. `false` where it is a clash.
    fn both(
        &mut self,
        [b, o, t]: [Option<&Item>; 3],
        path: &str,
        name: &str,
        shape: &Shape,
        out: &mut Table,
    ) -> bool {
        // A table that is not there is one without keys.
        let empty = Table::new();
        let tables = [b, o, t].map(|item| item.map_or(Some(&empty), Item::as_table));
        if let [Some(base), Some(ours), Some(theirs)] = tables {
            if !out.contains_key(name) {
                out.insert(name, Item::Table(Table::new()));
            }
            let Some(inner) = out.get_mut(name).and_then(Item::as_table_mut) else { return false };
            self.table(base, ours, theirs, inner, path, &Shape::default());
            if inner.is_empty() {
                out.remove(name);
            }
            return true;
        }
        let rows = [b, o, t].map(|item| item.map_or(Some(Vec::new()), rows_of));
        if let [Some(base), Some(ours), Some(theirs)] = rows
            && [b, o, t].into_iter().flatten().any(Item::is_array_of_tables)
        {
            let merged = if name == "history" {
                Some(history(&base, &ours, &theirs))
            } else {
                let (key, inner) = shape.key_of(name);
                self.rows(&base, &ours, &theirs, path, key, &inner)
            };
            let Some(merged) = merged else { return false };
            set_rows(out, name, merged);
            return true;
        }
        let members = [b, o, t].map(|item| item.map_or(Some(Vec::new()), |item| item.as_array().map(texts)));
        let ([Some(base), Some(ours), Some(theirs)], Some(like)) = (members, o.or(t)) else { return false };
        if !shape.sets.contains(&name) {
            return false;
        }
        let united = union(&base, &ours, &theirs, like);
        // What is empty is left out.
        if united.as_array().is_some_and(toml_edit::Array::is_empty) {
            out.remove(name);
        } else {
            set_value(out, name, united);
        }
        true
    }

    /// Rows told apart by a key; `None` where they have none that does.
    fn rows(
        &mut self,
        base: &[&Table],
        ours: &[&Table],
        theirs: &[&Table],
        path: &str,
        key: &str,
        shape: &Shape,
    ) -> Option<Vec<Table>> {
        let keys = |rows: &[&Table]| -> Option<Vec<String>> {
            let keys: Option<Vec<String>> = rows.iter().map(|row| row.get(key).map(plain)).collect();
            let keys = keys?;
            let unique: BTreeSet<&String> = keys.iter().collect();
            (unique.len() == keys.len()).then_some(keys)
        };
        let (in_base, in_ours, in_theirs) = (keys(base)?, keys(ours)?, keys(theirs)?);
        let find = |keys: &[String], rows: &[&Table], key: &str| -> Option<Table> {
            keys.iter().position(|there| there == key).map(|at| rows[at].clone())
        };
        let mut out = Vec::new();
        let mut added: Vec<(String, Table)> = Vec::new();
        let mut all: Vec<&String> = in_base.iter().collect();
        all.extend(in_ours.iter().chain(&in_theirs).filter(|key| !in_base.contains(key)));
        let mut seen = BTreeSet::new();
        for name in all.into_iter().filter(|name| seen.insert((*name).clone())) {
            let [b, o, t] = [(&in_base, base), (&in_ours, ours), (&in_theirs, theirs)]
                .map(|(keys, rows)| find(keys, rows, name));
            let is_new = b.is_none();
            let place = format!("{path}[{}]", name.trim_matches('"'));
            let row = match (b, o, t) {
                (_, None, None) => None,
                (Some(b), None, Some(t)) if plain_table(&b) == plain_table(&t) => None,
                (Some(b), Some(o), None) if plain_table(&b) == plain_table(&o) => None,
                (None, Some(row), None) | (None, None, Some(row)) => Some(row),
                (b, Some(o), Some(t)) => {
                    let mut merged = o.clone();
                    self.table(&b.unwrap_or_default(), &o, &t, &mut merged, &place, shape);
                    Some(merged)
                }
                (b, o, t) => self.lost_row(b, o, t, &place),
            };
            match row {
                Some(row) if is_new => added.push((name.clone(), row)),
                Some(row) => out.push(row),
                None => {}
            }
        }
        let is_both = added.iter().any(|(key, _)| in_ours.contains(key))
            && added.iter().any(|(key, _)| in_theirs.contains(key));
        if is_both {
            added.sort_by(|a, b| a.0.cmp(&b.0));
        }
        out.extend(added.into_iter().map(|(_, row)| row));
        Some(out)
    }

    /// A row that one side removed and the other changed.
    fn lost_row(
        &mut self,
        base: Option<Table>,
        ours: Option<Table>,
        theirs: Option<Table>,
        path: &str,
    ) -> Option<Table> {
        let text = |row: &Option<Table>| row.as_ref().map(|row| row.to_string().trim().to_owned());
        let clash =
            Clash { field: path.to_owned(), base: text(&base), ours: text(&ours), theirs: text(&theirs) };
        match (self.decide)(&clash) {
            Some(Side::Ours) => return ours,
            Some(Side::Theirs) => return theirs,
            // A row as a whole is kept or not; no value stands for it.
            Some(Side::Value(_)) | None => self.clashes.push(clash),
        }
        let is_ours = ours.is_some();
        let mut row = ours.or(theirs)?;
        let (before, after) = if is_ours {
            ("<<<<<<< ours\n", "\n=======\n>>>>>>> theirs")
        } else {
            ("<<<<<<< ours\n=======\n", "\n>>>>>>> theirs")
        };
        let prefix = row.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or("\n").to_owned();
        row.decor_mut().set_prefix(format!("{prefix}{before}"));
        if let Some((_, Item::Value(last))) = row.iter_mut().last() {
            last.decor_mut().set_suffix(after);
        }
        Some(row)
    }

    /// Leaves both values to a person, between git's markers.
    fn clash(&mut self, out: &mut Table, theirs: &Table, name: &str, path: &str, items: [Option<&Item>; 3]) {
        let [_, o, t] = items;
        let clash = clash_of(path, items);
        match (self.decide)(&clash) {
            Some(Side::Ours) => return,
            Some(Side::Theirs) => return put(out, theirs, name, t),
            Some(Side::Value(text)) if text.trim().is_empty() => {
                out.remove(name);
                return;
            }
            Some(Side::Value(text)) => {
                if let Some(value) = typed(&text, o.or(t)) {
                    if o.is_none() {
                        put(out, theirs, name, t);
                    }
                    return set_value(out, name, value);
                }
            }
            None => {}
        }
        let key = toml_edit::Key::new(name).to_string();
        let line = |item: Option<&Item>| match item {
            Some(Item::Value(value)) => format!("{key} = {}\n", value.to_string().trim()),
            Some(item) => format!("{}\n", item.to_string().trim()),
            None => String::new(),
        };
        let (before, after) = if o.is_some() {
            ("<<<<<<< ours\n".to_owned(), format!("\n=======\n{}>>>>>>> theirs", line(t)))
        } else {
            put(out, theirs, name, t);
            ("<<<<<<< ours\n=======\n".to_owned(), "\n>>>>>>> theirs".to_owned())
        };
        if let Some((mut key, item)) = out.get_key_value_mut(name) {
            let prefix =
                key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
            if let Item::Value(value) = item {
                key.leaf_decor_mut().set_prefix(format!("{prefix}{before}"));
                value.decor_mut().set_suffix(after);
            }
        }
        self.clashes.push(clash);
    }
}

/// A value of the kind that the field holds.
fn typed(text: &str, like: Option<&Item>) -> Option<Value> {
    match like.and_then(Item::as_value) {
        Some(Value::String(_)) => Some(Value::from(text)),
        _ => text.parse().ok(),
    }
}

/// Takes a key as the other side has it, at the place where that side has it.
fn put(out: &mut Table, theirs: &Table, name: &str, item: Option<&Item>) {
    let Some(item) = item else {
        out.remove(name);
        return;
    };
    match (out.get_mut(name), item) {
        (Some(there), item) => {
            let decor = there.as_value().map(|value| value.decor().clone());
            *there = item.clone();
            if let (Some(decor), Some(value)) = (decor, there.as_value_mut()) {
                *value.decor_mut() = decor;
            }
        }
        (None, item) => {
            let Some((key, _)) = theirs.get_key_value(name) else { return };
            out.insert_formatted(&key.clone(), item.clone());
            follow(out, theirs, name);
        }
    }
}

/// Moves a key that was put last behind the one that it follows on the other side.
fn follow(out: &mut Table, theirs: &Table, name: &str) {
    let order: Vec<String> = theirs.iter().map(|(key, _)| key.to_owned()).collect();
    let rank = |key: &str| order.iter().position(|there| there == key);
    let Some(own) = rank(name) else { return };
    // Keys of ours alone stay behind the one before them.
    let mut ranks: Vec<(String, usize)> = Vec::new();
    let mut last = 0;
    for (key, _) in out.iter() {
        if key != name {
            last = rank(key).map_or(last, |at| at * 2 + 2);
            ranks.push((key.to_owned(), last));
        }
    }
    ranks.push((name.to_owned(), own * 2 + 1));
    let of = |key: &str| ranks.iter().find(|(there, _)| there == key).map_or(0, |(_, at)| *at);
    out.sort_values_by(|a, _, b, _| of(a.get()).cmp(&of(b.get())));
}

fn set_value(out: &mut Table, name: &str, value: Value) {
    match out.get_mut(name).and_then(Item::as_value_mut) {
        Some(there) => {
            let decor = there.decor().clone();
            *there = value;
            *there.decor_mut() = decor;
        }
        None => {
            out.insert(name, Item::Value(value));
        }
    }
}

fn set_rows(out: &mut Table, name: &str, rows: Vec<Table>) {
    if rows.is_empty() {
        out.remove(name);
        return;
    }
    // The places of tables in the file are theirs by number; rows of both sides follow the first.
    let place =
        out.get(name).and_then(Item::as_array_of_tables).and_then(|rows| rows.iter().next()?.position());
    let mut array = ArrayOfTables::new();
    for mut row in rows {
        if place.is_some() {
            row.set_position(place);
        }
        array.push(row);
    }
    out.insert(name, Item::ArrayOfTables(array));
}

fn rows_of(item: &Item) -> Option<Vec<&Table>> {
    Some(item.as_array_of_tables()?.iter().collect())
}

/// The steps of both sides in the order of their time, each side's own order kept.
fn history(base: &[&Table], ours: &[&Table], theirs: &[&Table]) -> Vec<Table> {
    let key = |row: &Table| (row.get("at").map(plain).unwrap_or_default(), plain_table(row));
    let stays = |row: &Table, in_base: &[&Table], other: &[&Table]| {
        let text = plain_table(row);
        !in_base.iter().any(|there| plain_table(there) == text)
            || other.iter().any(|there| plain_table(there) == text)
    };
    let mut left: Vec<&Table> = ours.iter().copied().filter(|row| stays(row, base, theirs)).collect();
    let mut right: Vec<&Table> = theirs.iter().copied().filter(|row| stays(row, base, ours)).collect();
    left.reverse();
    right.reverse();
    let mut out: Vec<Table> = Vec::new();
    while let (Some(a), Some(b)) = (left.last().copied(), right.last().copied()) {
        let (of_a, of_b) = (key(a), key(b));
        if of_a == of_b {
            out.push(a.clone());
            left.pop();
            right.pop();
        } else if right.iter().any(|row| key(row) == of_a) {
            out.push(b.clone());
            right.pop();
        } else if left.iter().any(|row| key(row) == of_b) || of_a < of_b {
            out.push(a.clone());
            left.pop();
        } else {
            out.push(b.clone());
            right.pop();
        }
    }
    out.extend(left.into_iter().rev().chain(right.into_iter().rev()).cloned());
    out
}

fn texts(array: &toml_edit::Array) -> Vec<(String, Value)> {
    array.iter().map(|value| (plain_value(value), value.clone())).collect()
}

/// The members of either side, without those that one of them removed, in order.
fn union(
    base: &[(String, Value)],
    ours: &[(String, Value)],
    theirs: &[(String, Value)],
    like: &Item,
) -> Value {
    let has = |list: &[(String, Value)], text: &str| list.iter().any(|(there, _)| there == text);
    let mut members: Vec<&(String, Value)> = Vec::new();
    for member in ours.iter().chain(theirs) {
        let gone = has(base, &member.0) && !(has(ours, &member.0) && has(theirs, &member.0));
        if !gone && !members.iter().any(|there| there.0 == member.0) {
            members.push(member);
        }
    }
    members.sort_by_key(|member| sorting(&member.1));
    let mut array = like.as_array().cloned().unwrap_or_default();
    let decor = array.iter().next().map(|value| value.decor().clone());
    array.clear();
    for (_, value) in members {
        let mut value = value.clone();
        if let Some(decor) = &decor {
            *value.decor_mut() = decor.clone();
        }
        array.push_formatted(value);
    }
    Value::Array(array)
}

fn sorting(value: &Value) -> String {
    value.as_str().map_or_else(|| plain_value(value), str::to_owned)
}

fn same(a: Option<&Item>, b: Option<&Item>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => plain(a) == plain(b),
        (None, None) => true,
        _ => false,
    }
}

/// A value without its looks: equal texts are equal values.
fn plain(item: &Item) -> String {
    match item {
        Item::None => String::new(),
        Item::Value(value) => plain_value(value),
        Item::Table(table) => plain_table(table),
        Item::ArrayOfTables(rows) => {
            let rows: Vec<String> = rows.iter().map(plain_table).collect();
            format!("[{}]", rows.join(","))
        }
    }
}

fn plain_table(table: &Table) -> String {
    let mut parts: Vec<String> = table.iter().map(|(key, item)| format!("{key:?}={}", plain(item))).collect();
    parts.sort();
    format!("{{{}}}", parts.join(","))
}

fn plain_value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(int) => int.value().to_string(),
        Value::Float(float) => format!("{:?}", float.value()),
        Value::Boolean(flag) => flag.value().to_string(),
        Value::Datetime(at) => at.value().to_string(),
        Value::Array(array) => {
            let parts: Vec<String> = array.iter().map(plain_value).collect();
            format!("[{}]", parts.join(","))
        }
        Value::InlineTable(table) => {
            let mut parts: Vec<String> =
                table.iter().map(|(key, value)| format!("{key:?}={}", plain_value(value))).collect();
            parts.sort();
            format!("{{{}}}", parts.join(","))
        }
    }
}

#[cfg(test)]
#[path = "field_merge_tests.rs"]
mod tests;
