//! What a printed document is made from: the record and those beside it, and the words.
//!
//! Deliberately absent: where the records come from.

use rust_decimal::Decimal;

use crate::locale::{Language, Locale};
use crate::model::record::Doc;
use crate::model::scalars::Day;
use crate::model::schema::Schema;
use crate::model::totals::digits;
use crate::outreach::values::Around;

/// A quote, order or invoice with what is printed beside it.
#[derive(Debug)]
pub struct Material {
    pub doc: Doc,
    pub customer: Option<Doc>,
    pub contact: Option<Doc>,
    /// Who sells: the owner of the document, of its order, or of the customer.
    pub owner: Option<Doc>,
    /// The quote of an order.
    pub quote: Option<Doc>,
    /// The order of an invoice.
    pub order: Option<Doc>,
    /// The invoice that a credit note corrects.
    pub against: Option<Doc>,
    /// The quote that replaced this one.
    pub successor: Option<Doc>,
    /// What became of an invoice.
    pub balance: Option<Balance>,
    pub letter: Letter,
    pub today: Day,
}

/// What became of an invoice, in its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    pub credited: Decimal,
    pub paid: Decimal,
    /// Below zero: the customer's credit.
    pub outstanding: Decimal,
}

/// The prose of a template around the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    pub subject: Option<String>,
    pub opening: Vec<String>,
    pub closing: Vec<String>,
}

/// The words of a document: its language, and the types of the store.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub locale: &'a Locale,
    pub schema: &'a Schema,
}

impl Words<'_> {
    /// A text of the bundle.
    pub fn word(&self, id: &str) -> String {
        self.locale.text(id, &[])
    }

    /// A text of the bundle with one argument.
    pub fn word_with(&self, id: &str, name: &str, value: &str) -> String {
        self.locale.text(id, &[(name, value)])
    }

    /// Whether the document is in Chinese.
    pub fn chinese(&self) -> bool {
        self.locale.language == Language::Chinese
    }

    /// What stands between parts of a line.
    pub fn dot(&self) -> &'static str {
        if self.chinese() { "　" } else { " · " }
    }
}

/// The language to write in: that of the contact or the customer where the store has such a field;
/// Chinese where the customer's country writes Chinese, the company's language in the company's own
/// country, English elsewhere. A customer without a country is in the company's.
pub fn language(around: &Around, schema: &Schema) -> Language {
    let known = |doc: &Option<Doc>| doc.as_ref()?.text("language").and_then(Language::from_tag);
    if let Some(language) = known(&around.contact).or_else(|| known(&around.customer)) {
        return language;
    }
    let home = schema.settings.text("company.country");
    let country = around.customer.as_ref().and_then(|customer| customer.text("country"));
    match country.or_else(|| around.target.text("country")).unwrap_or(home) {
        "CN" | "TW" | "HK" | "MO" => Language::Chinese,
        country if country == home => {
            Language::from_tag(schema.settings.text("company.language")).unwrap_or_default()
        }
        _ => Language::English,
    }
}

impl Material {
    /// The ISO code of the document's currency.
    pub fn currency<'a>(&'a self, schema: &'a Schema) -> &'a str {
        self.doc.text("currency").unwrap_or(schema.settings.currency())
    }

    /// The minor digits of the document's currency.
    pub fn digits(&self, schema: &Schema) -> u32 {
        digits(&self.doc, &schema.settings)
    }

    /// Whether prices contain the tax.
    pub fn inclusive(&self) -> bool {
        self.doc.text("price_mode") == Some("tax_incl")
    }

    /// Whether it is a credit note.
    pub fn is_credit(&self) -> bool {
        self.doc.text("kind") == Some("credit_note") && self.doc.kind.name == "invoice"
    }

    /// The customer's name as a document addresses it.
    pub fn buyer(&self) -> &str {
        let customer = || self.customer.as_ref().and_then(|c| c.text("invoice_title").or(c.text("name")));
        self.doc.text("invoice_title").or_else(customer).unwrap_or_default()
    }
}
