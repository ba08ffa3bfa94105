//! `search`: records of any type by name, number, phone, e-mail or a word in their texts.

use clap::Command;

use super::super::args::{Words, option, place};
use super::super::error::Exit;
use super::super::fields::{given, one};
use super::Standalone;
use crate::model::Problem;
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm search WORD…`.
pub const SEARCH: Standalone = Standalone {
    name: "search",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .arg(place("words", "WORD", words).num_args(1..).required(true))
            .arg(option("type", "NOUN,…", words))
            .arg(option("limit", "N", words))
            .arg(option("fields", "FIELD,…", words))
    },
    run: |context, matches| {
        let words = given(matches, "words").unwrap_or_default().join(" ");
        let nouns: Vec<String> = one(matches, "type")
            .map(|text| text.split(',').map(|t| t.trim().to_owned()).collect())
            .unwrap_or_default();
        let mut kinds = Vec::new();
        for noun in &nouns {
            let kind = context.schema.kind(noun).ok_or_else(|| {
                let known: Vec<&str> = context.schema.kinds().iter().map(|k| k.name).collect();
                Problem::usage("unknown-noun")
                    .arg("value", noun)
                    .candidates(crate::query::nearest(noun, &known))
            })?;
            kinds.push(kind.name);
        }
        let limit = match one(matches, "limit") {
            Some(text) => text.parse().map_err(|_| Problem::usage("bad-int").arg("value", text))?,
            None => 50,
        };
        let restricted = context.reading()?.is_some();
        // What is not seen takes no place among those that are.
        let most = if restricted { usize::try_from(i64::MAX).unwrap_or(usize::MAX) } else { limit };
        let mut hits = context.mirror_mut()?.search(&words, &kinds, most)?;
        if restricted {
            hits = context.mirror()?.seen(hits)?;
            hits.truncate(limit);
        }
        let label = |name: &str| context.text(&format!("field-search-{name}"), &[]);
        let columns = [
            ("type", ColumnType::Text),
            ("id", ColumnType::Id),
            ("title", ColumnType::Text),
            ("field", ColumnType::Text),
            ("found", ColumnType::Text),
        ];
        let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
        let mut table = Table {
            title: context.text("title-search", &[("words", &words)]),
            ..Table::new("search", columns)
        };
        table.id_column = Some(1);
        for hit in hits {
            let noun = context.schema.kind(hit.kind).map_or_else(String::new, |k| context.locale.noun(k));
            table.rows.push(vec![
                Cell::Code { code: hit.kind.to_owned(), label: noun },
                Cell::text(hit.id),
                Cell::text(hit.title),
                Cell::text(hit.field),
                Cell::text(hit.snippet),
            ]);
        }
        super::list::print_chosen(context, table, matches)?;
        Ok(Exit::Ok)
    },
};
