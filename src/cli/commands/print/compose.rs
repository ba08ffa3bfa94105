//! A quote, order or invoice as a page: title, marks, facts, parties, details.
//!
//! What is internal is never printed: costs, margins, approvals, and the remark on the record.

use super::lines::{Body, of_invoice, of_offer};
use super::material::{Material, Words};
use super::parties::{bank, issuer, receiver};
use crate::locale::capitals::yuan_in_capitals;
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::table::page::{Content, Detail, Fact, Mark, Page, paragraphs};
use crate::table::{Cell, Column, ColumnType};

/// The page of a document.
pub fn page(material: &Material, words: Words<'_>) -> Result<Page, Problem> {
    let doc = &material.doc;
    let invoice = doc.kind.name == "invoice";
    let body = if invoice { of_invoice(material, words)? } else { of_offer(material, words)? };
    let currency = material.currency(words.schema);
    let issuer = issuer(material, words);
    let in_words = (currency == "CNY" && words.chinese())
        .then(|| (words.word("page-in-words"), yuan_in_capitals(body.total)));
    let signatures = if invoice { Vec::new() } else { signatures(material, words) };
    let foot =
        [Some(issuer.name.clone()), Some(title(material, words)), doc.text("number").map(str::to_owned)];
    Ok(Page {
        name: doc.kind.name.to_owned(),
        language: words.locale.language.tag().to_owned(),
        title: title(material, words),
        number: doc.text("number").unwrap_or_default().to_owned(),
        currency: currency.to_owned(),
        digits: material.digits(words.schema),
        marks: marks(material, words),
        facts: facts(material, words),
        subject: material.letter.subject.clone(),
        opening: material.letter.opening.clone(),
        details: details(material, words),
        closing: material.letter.closing.clone(),
        signatures,
        signed_on: words.word("page-signed-on"),
        foot: foot.into_iter().flatten().filter(|part| !part.is_empty()).collect(),
        receiver: receiver(material, words),
        issuer,
        in_words,
        ..lined(body)
    })
}

fn lined(body: Body) -> Page {
    Page {
        columns: body.columns,
        remarks_under: body.names,
        sections: body.sections,
        totals: body.totals,
        ..Page::default()
    }
}

fn title(material: &Material, words: Words<'_>) -> String {
    words.word(match material.doc.kind.name {
        "quote" => "page-quote",
        "order" => "page-order",
        _ if material.is_credit() => "page-credit-note",
        _ => "page-invoice",
    })
}

/// What must not be overlooked.
fn marks(material: &Material, words: Words<'_>) -> Vec<Mark> {
    let doc = &material.doc;
    let mark = |word: &str, meaning: String| vec![Mark { word: words.word(word), meaning }];
    let plain = |word: &str, meaning: &str| mark(word, words.word(meaning));
    match (doc.kind.name, doc.state()) {
        ("quote", "draft") => plain("page-mark-draft", "page-mark-draft-quote"),
        ("order", "draft") => plain("page-mark-draft", "page-mark-draft-order"),
        ("order", "on_hold") => plain("page-mark-held", "page-mark-held-order"),
        ("quote", "cancelled") => plain("page-mark-cancelled", "page-mark-cancelled-quote"),
        ("order", "cancelled") => plain("page-mark-cancelled", "page-mark-cancelled-order"),
        ("quote", "rejected") => plain("page-mark-rejected", "page-mark-rejected-quote"),
        ("quote", "superseded") => {
            let revision = material.successor.as_ref().and_then(|next| int(next, "revision"));
            let meaning = match revision {
                Some(revision) => {
                    words.word_with("page-mark-superseded-by", "revision", &revision.to_string())
                }
                None => words.word("page-mark-superseded-quote"),
            };
            mark("page-mark-superseded", meaning)
        }
        ("quote", "sent") if doc.day("valid_until").is_some_and(|day| day < material.today) => {
            let day = doc.day("valid_until").map(|day| day.to_string()).unwrap_or_default();
            mark("page-mark-expired", words.word_with("page-mark-expired-quote", "day", &day))
        }
        _ => Vec::new(),
    }
}

fn int(doc: &Doc, field: &str) -> Option<i64> {
    match doc.get(field) {
        Some(Value::Int(int)) => Some(*int),
        _ => None,
    }
}

/// Number, dates, references.
fn facts(material: &Material, words: Words<'_>) -> Vec<Fact> {
    let doc = &material.doc;
    let mut facts = Vec::new();
    let mut text = |id: &str, value: Option<&str>| {
        facts.extend(value.map(|value| Fact::text(words.word(id), value)));
    };
    text("page-number", doc.text("number"));
    let revision = int(doc, "revision").filter(|revision| *revision > 1).map(|r| r.to_string());
    text("page-revision", revision.as_deref());
    let mut day = |id: &str, field: &str| {
        let fact = |day| Fact { label: words.word(id), ty: ColumnType::Day, value: Cell::Day(day) };
        facts.extend(doc.day(field).map(fact));
    };
    day("page-date", "date");
    match doc.kind.name {
        "quote" => day("page-valid-until", "valid_until"),
        "order" => day("page-delivery", "due_date"),
        _ if !material.is_credit() => day("page-due", "due_date"),
        _ => {}
    }
    let mut text = |id: &str, value: Option<&str>| {
        facts.extend(value.map(|value| Fact::text(words.word(id), value)));
    };
    let number = |doc: &Option<Doc>| doc.as_ref().and_then(|doc| doc.text("number")).map(str::to_owned);
    let against = material.against.as_ref().and_then(|against| {
        let (number, day) = (against.text("number")?, against.day("date")?.to_string());
        Some(words.locale.text("page-against-value", &[("number", number), ("day", &day)]))
    });
    text("page-against", against.as_deref());
    text("page-quote-number", number(&material.quote).as_deref());
    text("page-order-number", number(&material.order).as_deref());
    let of_order = material.order.as_ref().and_then(|order| order.text("customer_ref"));
    text("page-customer-ref", doc.text("customer_ref").or(of_order));
    text("page-fapiao", doc.text("fapiao_no"));
    text("page-currency", Some(material.currency(words.schema)));
    let mode = if material.inclusive() { "page-prices-incl" } else { "page-prices-excl" };
    text("page-prices", Some(&words.word(mode)));
    facts
}

/// Payment, terms.
fn details(material: &Material, words: Words<'_>) -> Vec<Detail> {
    let doc = &material.doc;
    let mut details = Vec::new();
    let mut payment: Vec<Fact> = Vec::new();
    if let Some(days) = int(doc, "payment_days") {
        let terms = if days > 0 {
            words.word_with("page-payment-within", "count", &days.to_string())
        } else {
            words.word("page-payment-at-once")
        };
        payment.push(Fact::text(words.word("page-payment-terms"), terms));
    }
    if !material.is_credit() {
        payment.extend(bank(words).into_iter().map(|(label, value)| Fact::text(label, value)));
    }
    if !payment.is_empty() {
        details.push(Detail { heading: words.word("page-payment"), content: Content::Facts(payment) });
    }
    let plan = doc.rows("payment_plan");
    if !plan.is_empty() {
        let noted = plan.iter().any(|row| row.contains_key("note"));
        let mut columns = vec![
            Column::new("due", ColumnType::Day).labelled(words.word("page-plan-due")),
            Column::new("amount", ColumnType::Money).labelled(words.word("page-plan-amount")),
        ];
        if noted {
            columns.push(Column::new("note", ColumnType::Text).labelled(words.word("page-plan-note")));
        }
        let rows = plan
            .iter()
            .map(|row| {
                let cells = columns.iter().map(|column| match row.get(column.code.as_str()) {
                    Some(Value::Day(day)) => Cell::Day(*day),
                    Some(Value::Dec(dec)) => Cell::Dec(*dec),
                    Some(Value::Text(text)) => Cell::text(text),
                    _ => Cell::Null,
                });
                cells.collect()
            })
            .collect();
        details.push(Detail { heading: words.word("page-plan"), content: Content::Rows(columns, rows) });
    }
    let terms = paragraphs(doc.text("terms").unwrap_or_default());
    if !terms.is_empty() {
        details.push(Detail { heading: words.word("page-terms"), content: Content::Prose(terms) });
    }
    details
}

/// Who signs: both sides.
fn signatures(material: &Material, words: Words<'_>) -> Vec<String> {
    let seller = words.schema.settings.get("company.name").unwrap_or_default();
    [("page-sign-seller", seller), ("page-sign-buyer", material.buyer())]
        .into_iter()
        .map(|(id, name)| words.word_with(id, "name", name))
        .collect()
}
