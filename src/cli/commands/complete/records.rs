//! Records by the beginning of what names them: id, number, name.

use super::{Candidate, MOST};
use crate::cli::context::Context;
use crate::mirror::{Mirror, SqlCell, quoted};
use crate::model::record::{Kind, Type};

/// Records of these types that begin so; where nothing is typed, what people know them by.
pub fn named(context: &Context, kinds: &[&'static Kind], typed: &str) -> Vec<Candidate> {
    let Ok(store) = context.store() else { return Vec::new() };
    let all = |mirror: &Mirror| -> Vec<Candidate> {
        kinds.iter().flat_map(|kind| of(mirror, kind, typed)).take(MOST).collect()
    };
    // Who may not see everything is offered what may be seen.
    match context.reading() {
        Ok(None) => {}
        Ok(Some(_)) => return context.mirror().map(|mirror| all(&mirror)).unwrap_or_default(),
        Err(_) => return Vec::new(),
    }
    // What the mirror knows is soon enough; only one that knows nothing catches up first.
    let known = store.mirror_as_is(context).map(|mirror| all(&mirror)).unwrap_or_default();
    if !known.is_empty() {
        return known;
    }
    let nouns: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let mirror = store.mirror_of(context, &nouns, &mut |_, _| {});
    mirror.map(|mirror| all(&mirror)).unwrap_or_default()
}

fn of(mirror: &Mirror, kind: &Kind, typed: &str) -> Vec<Candidate> {
    let text = |name: &&str| {
        let field = kind.field(name);
        field.is_some_and(|field| !field.many() && matches!(field.ty, Type::Text | Type::Prose))
    };
    let titles: Vec<&str> = kind.traits.title.iter().copied().filter(text).collect();
    let title = titles.first().map_or_else(|| "id".to_owned(), |name| quoted(name));
    let alive = if kind.field("merged_into").is_some() { " and merged_into is null" } else { "" };
    let mut found = Vec::new();
    let mut ask = |column: &str, value_is_id: bool| {
        let sql = format!(
            "select {column}, {}, id from {} where {column} is not null{alive} and substr({column}, 1, length(?1)) = ?1 \
             order by {column} limit {MOST}",
            if value_is_id { &title } else { "id" },
            quoted(kind.folder),
        );
        let answer = mirror.query(&sql, &[SqlCell::text(typed)]).unwrap_or_default();
        for row in &answer.rows {
            if let (Some(value), other) = (row[0].as_text(), row[1].as_text().unwrap_or_default()) {
                let other = if other == value { kind.name } else { other };
                found.push(Candidate::new(value, other));
            }
        }
    };
    let by_name: Vec<String> = titles.iter().map(|name| quoted(name)).collect();
    // An id that the program made says nothing to a person who typed nothing yet.
    if kind.is_slug() || !typed.is_empty() || by_name.is_empty() {
        ask("id", true);
    }
    if !kind.is_slug() || !typed.is_empty() {
        for column in &by_name {
            ask(column, false);
        }
    }
    found
}
