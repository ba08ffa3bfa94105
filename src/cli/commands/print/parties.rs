//! Who hands a document out and who gets it: names, addresses, how to reach them.

use super::material::{Material, Words};
use crate::model::record::{Doc, Row, Value};
use crate::model::value::country::{chinese_name, english_name};
use crate::model::value::phone::format_phone_for_reading;
use crate::table::page::Party;

/// The company of the store.
pub fn issuer(material: &Material, words: Words<'_>) -> Party {
    let settings = &words.schema.settings;
    let mut lines = Vec::new();
    let mut push = |label: String, text: Option<String>| lines.extend(text.map(|text| (label, text)));
    let own = |key: &str| settings.get(key).map(str::to_owned);
    push(String::new(), own("company.address"));
    push(words.word("page-phone"), own("company.phone").map(|phone| format_phone_for_reading(&phone)));
    push(words.word("page-email"), own("company.email"));
    push(words.word("page-website"), own("company.website"));
    push(words.word("page-tax-id"), own("company.tax_id"));
    push(words.word("page-contact"), material.owner.as_ref().map(|owner| person(owner, words)));
    Party {
        heading: words.word("page-seller"),
        name: settings.get("company.name").unwrap_or_default().to_owned(),
        lines,
    }
}

/// Where to pay, as the settings say.
pub fn bank(words: Words<'_>) -> Vec<(String, String)> {
    let account =
        |id: &str, key: &str| words.schema.settings.get(key).map(|text| (words.word(id), text.to_owned()));
    [account("page-bank", "company.bank"), account("page-bank-account", "company.bank_account")]
        .into_iter()
        .flatten()
        .collect()
}

/// The customer.
pub fn receiver(material: &Material, words: Words<'_>) -> Party {
    let doc = &material.doc;
    let customer = material.customer.as_ref();
    let of_customer = |field: &str| customer.and_then(|customer| customer.text(field)).map(str::to_owned);
    let mut lines = Vec::new();
    let mut push = |label: String, text: Option<String>| lines.extend(text.map(|text| (label, text)));
    let name = material.buyer();
    push(String::new(), of_customer("name").filter(|registered| registered != name));
    let bill_to = doc.text("bill_to").map(|text| place(text, customer, words));
    push(String::new(), bill_to.clone().or_else(|| customer.and_then(|c| address(&c.fields, c, words))));
    push(words.word("page-tax-id"), doc.text("tax_id").map(str::to_owned).or_else(|| of_customer("tax_id")));
    let contact = material.contact.as_ref();
    push(words.word("page-attention"), contact.map(|contact| person(contact, words)));
    if contact.is_none_or(|contact| contact.text("phone").is_none()) {
        push(words.word("page-phone"), of_customer("phone").map(|phone| format_phone_for_reading(&phone)));
    }
    let ship_to = doc.text("ship_to").map(|text| place(text, customer, words));
    let ship_to = ship_to.filter(|place| Some(place) != bill_to.as_ref());
    push(words.word("page-ship-to"), ship_to);
    Party { heading: words.word("page-buyer"), name: name.to_owned(), lines }
}

/// A person on one line: name, title, phone, e-mail.
pub fn person(doc: &Doc, words: Words<'_>) -> String {
    let text = |field: &str| doc.text(field).map(str::to_owned);
    let name = doc.title().to_owned();
    let titled = match text("title") {
        Some(title) if words.chinese() => format!("{name}（{title}）"),
        Some(title) => format!("{name}, {title}"),
        None => name,
    };
    let parts = [Some(titled), text("phone").map(|p| format_phone_for_reading(&p)), text("email")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(words.dot())
}

/// An address that was copied onto a document: in the order of the language where it is one that the
/// customer still has, else as it stands.
fn place(prose: &str, customer: Option<&Doc>, words: Words<'_>) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let copied = one_line(prose);
    let known = customer.and_then(|customer| {
        let rows = std::iter::once(&customer.fields).chain(customer.rows("addresses"));
        let found = rows.filter(|row| {
            let parts = ["province", "city", "district", "street", "postcode"];
            let parts: Vec<&str> = parts.iter().filter_map(|part| row.get(part)?.as_text()).collect();
            one_line(&parts.join(" ")) == copied
        });
        found.into_iter().find_map(|row| address(row, customer, words))
    });
    known.unwrap_or(copied)
}

/// An address on one line in the order of the language; the country where it is not the company's.
fn address(row: &Row, customer: &Doc, words: Words<'_>) -> Option<String> {
    let text = |field: &str| row.get(field).and_then(Value::as_text).filter(|text| !text.is_empty());
    let home = words.schema.settings.text("company.country");
    let country = customer
        .text("country")
        .filter(|country| *country != home)
        .and_then(|code| if words.chinese() { chinese_name(code) } else { english_name(code) });
    let city = text("city").filter(|city| text("province") != Some(city));
    let (parts, glue) = if words.chinese() {
        (vec![country, text("province"), city, text("district"), text("street")], "")
    } else {
        (vec![text("street"), text("district"), city, text("province"), text("postcode"), country], ", ")
    };
    let mut whole = parts.into_iter().flatten().collect::<Vec<_>>().join(glue);
    if words.chinese()
        && let Some(postcode) = text("postcode")
    {
        whole.push(' ');
        whole.push_str(postcode);
    }
    let whole = whole.trim().to_owned();
    (!whole.is_empty()).then_some(whole)
}
