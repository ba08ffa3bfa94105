//! Flags of fields into values: one function for `add`, `set`, rows, state verbs and batch lines.

use clap::ArgMatches;
use rust_decimal::Decimal;

use super::resolve::Names;
use crate::draft::Draft;
use crate::draft::complete::currency_of;
use crate::draft::lines::{LineWish, parse_line, price_line};
use crate::draft::quote::heads_of_opportunity;
use crate::exchange::value::{Reading, parse_one};
use crate::model::Problem;
use crate::model::record::{Card, CodeList, Doc, Field, Row, RowKind, Type, Value};
use crate::model::value::minor_digits;
use crate::rules::View;

/// One value of a field from its text; references are looked up.
pub fn value(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &Doc,
    field: &'static Field,
    text: &str,
) -> Result<Value, Problem> {
    let named = |problem: Problem| {
        let problem = if problem.get("field").is_none() { problem.arg("field", field.name) } else { problem };
        problem.field(field.name)
    };
    if let Type::Ref(nouns) = field.ty {
        return names.one(draft, nouns, text).map(Value::Text).map_err(named);
    }
    let context = names.context;
    let settings = &context.schema.settings;
    let clock = context.clock();
    let labels = |list: &CodeList, code: &str| vec![context.locale.code(&context.schema, list, code)];
    // What a value is read with: the record's own country and currency where it has them.
    let reading = Reading {
        clock: &clock,
        zone: &|at| context.at_company(at),
        country: doc.text("country").unwrap_or(settings.text("company.country")),
        digits: doc.text("currency").and_then(minor_digits).unwrap_or(settings.digits()),
        date_format: None,
        decimal_comma: false,
        labels: &labels,
        resolver: names,
    };
    parse_one(&context.schema, field.ty, text, &reading).map_err(named)
}

/// Writes every field that was given as a flag. `change` goes through the draft so that tracked
/// fields keep their history.
pub fn apply(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &mut Doc,
    matches: &ArgMatches,
) -> Result<(), Problem> {
    // Country and currency first: phones and amounts are read with them.
    let mut fields: Vec<&'static Field> = doc.kind.all().filter(|f| super::args::is_settable(f)).collect();
    fields.sort_by_key(|f| (!matches!(f.name, "country" | "currency" | "pipeline"), f.rows().is_some()));
    let rows = fields.iter().position(|field| field.rows().is_some());
    for (at, field) in fields.into_iter().enumerate() {
        // The rows of a quote are priced for the customer of its opportunity.
        if Some(at) == rows && doc.kind.name == "quote" {
            heads_of_opportunity(draft, doc)?;
        }
        if field.name == "lines" && takes_lines(draft, doc)? {
            continue;
        }
        if let Some(texts) = given(matches, field.name) {
            let value = from_texts(names, draft, doc, field, &texts)?;
            draft.set(doc, field.name, value);
        }
        for action in ["add", "remove"] {
            if let Some(texts) = given(matches, &format!("{action}-{}", field.name)) {
                let mut members = match doc.get(field.name) {
                    Some(Value::List(values)) => values.clone(),
                    _ => Vec::new(),
                };
                for text in split_members(field, &texts) {
                    let member = value(names, draft, doc, field, &text)?;
                    members.retain(|m| *m != member);
                    if action == "add" {
                        members.push(member);
                    }
                }
                draft.set(doc, field.name, Some(Value::List(members)));
            }
        }
    }
    if let Some(unset) = given(matches, "unset") {
        for name in unset {
            let name = name.replace('-', "_");
            let field = settable(doc, &name)?;
            draft.set(doc, field.name, None);
        }
    }
    Ok(())
}

/// Whether a document is a new order that takes its lines from its quote.
fn takes_lines(draft: &Draft<'_>, doc: &Doc) -> Result<bool, Problem> {
    Ok(doc.kind.name == "order" && doc.get("quote").is_some() && draft.get(doc.kind, doc.id())?.is_none())
}

/// The lines of its quote that a new order takes: SKU or id, and how many.
pub fn lines_of_quote(draft: &Draft<'_>, doc: &Doc, matches: &ArgMatches) -> Result<Vec<LineWish>, Problem> {
    let texts = given(matches, "lines").filter(|_| doc.rows("lines").is_empty()).unwrap_or_default();
    if !takes_lines(draft, doc)? {
        return Ok(Vec::new());
    }
    texts.iter().map(|text| parse_line(text)).collect()
}

fn settable(doc: &Doc, name: &str) -> Result<&'static Field, Problem> {
    doc.kind.all().find(|f| super::args::is_settable(f) && f.name == name).ok_or_else(|| {
        let known: Vec<&str> =
            doc.kind.all().filter(|f| super::args::is_settable(f)).map(|f| f.name).collect();
        Problem::usage("unknown-field-name")
            .arg("value", name)
            .arg("noun", doc.kind.name)
            .candidates(crate::query::nearest(name, &known))
    })
}

/// The texts given for a flag; `None` when the command has no such flag or it was not given.
pub fn given(matches: &ArgMatches, name: &str) -> Option<Vec<String>> {
    let values = matches.try_get_many::<String>(name).ok().flatten()?;
    Some(values.cloned().collect())
}

/// One text of a flag.
pub fn one(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.try_get_one::<String>(name).ok().flatten().cloned()
}

/// Whether a switch is on.
pub fn on(matches: &ArgMatches, name: &str) -> bool {
    matches.try_get_one::<bool>(name).ok().flatten() == Some(&true)
}

fn from_texts(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &mut Doc,
    field: &'static Field,
    texts: &[String],
) -> Result<Option<Value>, Problem> {
    if let Some(rows) = field.rows() {
        let mut all = doc.rows(field.name).to_vec();
        for text in texts {
            let row = row_from_text(names, draft, doc, field, rows, text)?;
            all.push(row);
            doc.set(field.name, Some(Value::Rows(all.clone())));
        }
        return Ok(Some(Value::Rows(all)));
    }
    if field.many() {
        let members = split_members(field, texts)
            .iter()
            .map(|text| value(names, draft, doc, field, text))
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(Some(Value::List(members)));
    }
    match texts.last().map(String::as_str) {
        None => Ok(None),
        Some("") if field.card == Card::Required => {
            Err(Problem::usage("empty-value").arg("field", field.name).field(field.name))
        }
        Some("") => Ok(None),
        Some(text) => value(names, draft, doc, field, text).map(Some),
    }
}

/// Members given as repeated flags; codes, references and tags also as a comma list.
fn split_members(field: &Field, texts: &[String]) -> Vec<String> {
    let splits =
        matches!(field.ty, Type::Code(_) | Type::Ref(_) | Type::Email | Type::Day) || field.name == "tags";
    texts
        .iter()
        .flat_map(|text| if splits { text.split(',').collect() } else { vec![text.as_str()] })
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// A row from its short form: `SKU:QTY…` for lines, `SKU[:QTY]` for intents, `FIELD=VALUE,…` for all.
pub fn row_from_text(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &Doc,
    field: &'static Field,
    rows: &'static RowKind,
    text: &str,
) -> Result<Row, Problem> {
    let known = |name: &str| rows.field(&name.replace('-', "_")).is_some();
    let pairs = text.split_once('=').is_some_and(|(name, _)| known(name.trim()));
    if !pairs && field.name == "lines" && rows.field("price").is_some() {
        let mut wish = parse_line(text)?;
        wish.what = names.one(draft, &["product"], &wish.what)?;
        let mut priced = doc.clone();
        if priced.get("currency").is_none() {
            priced.set("currency", Some(Value::Text(currency_of(draft, doc)?)));
        }
        return price_line(draft, &priced, &wish);
    }
    let mut row = Row::new();
    if rows.key == "id" {
        row.insert("id", Value::Text(draft.row_id()));
    }
    if !pairs && field.name == "intents" {
        let (sku, qty) = text.rsplit_once(':').map_or((text, None), |(sku, qty)| (sku, Some(qty)));
        put(names, draft, doc, rows, &mut row, "product", sku)?;
        if let Some(qty) = qty {
            put(names, draft, doc, rows, &mut row, "qty", qty)?;
        }
        return Ok(row);
    }
    if !pairs {
        return Err(Problem::usage("bad-row")
            .arg("value", text)
            .arg("field", field.name)
            .legal(rows.fields.iter().map(|f| f.name)));
    }
    for part in split_pairs(text, &known) {
        let (name, value) = part.split_once('=').unwrap_or((&part, ""));
        put(names, draft, doc, rows, &mut row, &name.trim().replace('-', "_"), value.trim())?;
    }
    Ok(row)
}

/// `a=1,b=x,y` into `a=1` and `b=x,y`: a comma parts only where a known field follows.
fn split_pairs(text: &str, known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split(',') {
        let begins = piece.split_once('=').is_some_and(|(name, _)| known(name.trim()));
        match parts.last_mut() {
            Some(last) if !begins => {
                last.push(',');
                last.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts
}

/// Writes one field of a row.
pub fn put(
    names: &Names<'_>,
    draft: &Draft<'_>,
    doc: &Doc,
    rows: &'static RowKind,
    row: &mut Row,
    name: &str,
    text: &str,
) -> Result<(), Problem> {
    let field = rows.field(name).ok_or_else(|| {
        let known: Vec<&str> = rows.fields.iter().map(|f| f.name).collect();
        Problem::usage("unknown-field-name")
            .arg("value", name)
            .arg("noun", doc.kind.name)
            .candidates(crate::query::nearest(name, &known))
    })?;
    if text.is_empty() {
        row.remove(field.name);
        return Ok(());
    }
    let stored = if field.many() {
        let parts: Vec<String> = text.split(';').map(str::to_owned).collect();
        let members = split_members(field, &parts);
        Value::List(members.iter().map(|t| value(names, draft, doc, field, t)).collect::<Result<_, _>>()?)
    } else {
        value(names, draft, doc, field, text)?
    };
    row.insert(field.name, stored);
    Ok(())
}

/// A number of a flag.
pub fn number(text: &str, field: &str) -> Result<Decimal, Problem> {
    crate::model::value::parse_decimal(text).map_err(|p| p.arg("field", field).field(field))
}
