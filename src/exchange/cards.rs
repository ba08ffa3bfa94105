//! Customers and contacts as business cards: which field is which property, in both directions.
//!
//! Out goes what a card is for: names, numbers, addresses, remark and tags; what we think of a
//! customer (level, terms, credit, owner) does not leave the house on one. In, a card's own id finds
//! the record it came from: an id of ours, or else `source_ref`. What a card says to people and the
//! record has no field for (the fax of a contact, a birthday without its year) becomes a line of the
//! remark, so that nothing is lost. Deliberately absent: lines and escapes (see `vcard`), pictures,
//! and properties for programs. The first number marked as preferred, else the first, is the main one.

use super::sheet::{Sheet, SheetRow};
use super::vcard::{self, Card, Property};
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Row, Value};
use crate::model::scalars::Instant;
use crate::model::value::{is_id, prefix_of};
use crate::table::{Cell, Column, ColumnType, Table};

/// What the cards need from outside.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// What people call the record of one of these types with this id.
    pub name: &'a dyn Fn(&[&str], &str) -> Option<String>,
    /// The name of a country.
    pub country: &'a dyn Fn(&str) -> String,
    /// When the record with this id last changed.
    pub changed: &'a dyn Fn(&str) -> Option<Instant>,
}

impl std::fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

/// Whether records of a type are cards.
pub fn has_cards(kind: &Kind) -> bool {
    matches!(kind.name, "customer" | "contact")
}

/// The columns of a table of cards, in the order of their cells.
const COLUMNS: &[(&str, ColumnType)] = &[
    ("uid", ColumnType::Id),
    ("fn", ColumnType::Text),
    ("nickname", ColumnType::Text),
    ("org", ColumnType::List),
    ("company", ColumnType::Bool),
    ("title", ColumnType::Text),
    ("tel", ColumnType::Rows),
    ("email", ColumnType::Rows),
    ("wechat", ColumnType::Text),
    ("adr", ColumnType::Rows),
    ("url", ColumnType::Text),
    ("bday", ColumnType::Day),
    ("note", ColumnType::Prose),
    ("categories", ColumnType::List),
    ("kind", ColumnType::Code),
    ("rev", ColumnType::Instant),
];

/// The table of cards of customers or contacts, in the order given.
pub fn table<'d>(kind: &Kind, docs: impl IntoIterator<Item = &'d Doc>, words: &Words<'_>) -> Table {
    let columns = COLUMNS.iter().map(|(code, ty)| Column::new(*code, *ty)).collect();
    let mut table = Table::new(kind.name, columns);
    table.rows = docs.into_iter().map(|doc| row(doc, words)).collect();
    table.id_column = Some(0);
    table
}

fn row(doc: &Doc, words: &Words<'_>) -> Vec<Cell> {
    let is_customer = doc.kind.name == "customer";
    let company = is_customer && doc.text("kind") != Some("person");
    let org: Vec<String> = if company {
        vec![doc.text("name").unwrap_or_default().to_owned()]
    } else {
        let employer = doc.text("customer").and_then(|id| (words.name)(&["customer"], id));
        let department = doc.text("department").map(str::to_owned);
        // The employer is the first part, with or without a name.
        let parts = employer.is_some() || department.is_some();
        parts
            .then(|| std::iter::once(employer.unwrap_or_default()).chain(department))
            .into_iter()
            .flatten()
            .collect()
    };
    let rev = (words.changed)(doc.id()).or_else(|| match doc.get("created_at") {
        Some(Value::Instant(at)) => Some(*at),
        _ => None,
    });
    COLUMNS
        .iter()
        .map(|(code, _)| match *code {
            "uid" => Cell::text(doc.id()),
            "fn" => text(doc, "name"),
            "nickname" => text(doc, "short_name"),
            "org" => Cell::List(org.iter().map(Cell::text).collect()),
            "company" => Cell::Bool(company),
            "tel" => numbers(doc),
            "email" => mails(doc),
            "adr" if is_customer => addresses(doc, words),
            "url" => text(doc, "website"),
            "bday" => doc.get("birthday").and_then(Value::as_day).map_or(Cell::Null, Cell::Day),
            "categories" => Cell::List(texts(doc, "tags").map(Cell::text).collect()),
            "rev" => rev.map_or(Cell::Null, Cell::Instant),
            "kind" if !is_customer => Cell::Null,
            code => text(doc, code),
        })
        .collect()
}

fn text(doc: &Doc, field: &str) -> Cell {
    doc.text(field).map_or(Cell::Null, Cell::text)
}

fn texts<'d>(doc: &'d Doc, field: &str) -> impl Iterator<Item = &'d str> {
    let all: &[Value] = if let Some(Value::List(all)) = doc.get(field) { all } else { &[] };
    all.iter().filter_map(Value::as_text)
}

fn members(pairs: &[(&str, &str)]) -> Vec<(String, Cell)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), Cell::text(*text))).collect()
}

/// The main one first, marked as preferred.
fn numbers(doc: &Doc) -> Cell {
    let of = |number: &str, main: &str| {
        let use_ = if is_mobile(number) { "CELL" } else { "WORK" };
        members(&[("type", &format!("{use_},VOICE{main}")), ("value", &dialled(number))])
    };
    let main = doc.text("phone").map(|number| of(number, ",PREF"));
    Cell::Rows(main.into_iter().chain(texts(doc, "other_phones").map(|number| of(number, ""))).collect())
}

fn mails(doc: &Doc) -> Cell {
    let of = |mail: &str, types: &str| members(&[("type", types), ("value", mail)]);
    let main = doc.text("email").map(|mail| of(mail, "INTERNET,PREF"));
    Cell::Rows(main.into_iter().chain(texts(doc, "other_emails").map(|mail| of(mail, "INTERNET"))).collect())
}

/// Whether a number is one of a mobile phone, as far as the number says so.
fn is_mobile(number: &str) -> bool {
    number.strip_prefix("+861").is_some_and(|rest| rest.len() == 10 && !rest.starts_with(['0', '1', '2']))
}

/// A number as a phone dials it: a comma waits before the extension.
fn dialled(number: &str) -> String {
    number.replace(";ext=", ",")
}

/// The main address first.
fn addresses(doc: &Doc, words: &Words<'_>) -> Cell {
    let own = ["province", "city", "district", "street", "postcode"];
    let main =
        own.iter().any(|field| doc.text(field).is_some()).then(|| address(&doc.fields, "WORK,PREF", words));
    let further = doc.rows("addresses").iter().map(|row| {
        let ty = match row.get("use").and_then(Value::as_text) {
            Some("billing") => "POSTAL",
            Some("shipping") => "PARCEL",
            _ => "WORK",
        };
        address(row, ty, words)
    });
    Cell::Rows(main.into_iter().chain(further).collect())
}

fn address(row: &Row, ty: &str, words: &Words<'_>) -> Vec<(String, Cell)> {
    let of = |field: &str| row.get(field).and_then(Value::as_text).unwrap_or_default();
    let country = Some(of("country")).filter(|code| !code.is_empty()).map(words.country).unwrap_or_default();
    // The phone of a customer is no phone of its main address.
    let is_row = row.contains_key("use");
    let only_row = |field: &str| if is_row { of(field) } else { "" };
    let phone = dialled(only_row("phone"));
    members(&[
        ("type", ty),
        ("street", of("street")),
        ("district", of("district")),
        ("city", of("city")),
        ("region", of("province")),
        ("postcode", of("postcode")),
        ("country", &country),
        ("label", only_row("label")),
        ("phone", &phone),
    ])
}

/// Reads cards as rows of a type.
///
/// # Errors
/// `no-cards-of` where records of the type are no cards, and what [`vcard::read`] says of the file.
/// A card that cannot be read is a row that cannot.
pub fn sheet(kind: &Kind, bytes: &[u8], encoding: Option<&str>) -> Result<Sheet, Problem> {
    if !has_cards(kind) {
        return Err(Problem::usage("no-cards-of").arg("noun", kind.name));
    }
    // A card from a phone knows less of these than whoever keeps the record.
    let fills = ["source_ref", "kind"].map(str::to_owned).to_vec();
    let mut sheet = Sheet { fills, ..Sheet::default() };
    for (group, card) in vcard::read(bytes, encoding)?.into_iter().enumerate() {
        let read = card.and_then(|card| match fields(kind, &card) {
            Some(fields) => Ok((card.line, fields)),
            None => Err((card.line, Problem::invalid("card-without-name").arg("line", card.line))),
        });
        let (line, (own, further)) = match read {
            Ok(read) => read,
            Err((line, problem)) => {
                sheet.ragged.push((SheetRow { line, cells: Vec::new(), group: Some(group) }, problem));
                continue;
            }
        };
        let beside = if further.is_empty() { vec![Vec::new()] } else { further };
        for further in beside {
            let mut row =
                SheetRow { line, cells: vec![String::new(); sheet.header.len()], group: Some(group) };
            for (code, text) in own.iter().cloned().chain(further).filter(|(_, text)| !text.is_empty()) {
                let at = sheet.header.iter().position(|known| *known == code).unwrap_or_else(|| {
                    sheet.header.push(code.to_owned());
                    row.cells.push(String::new());
                    sheet.header.len() - 1
                });
                row.cells[at] = text;
            }
            sheet.rows.push(row);
        }
    }
    if sheet.header.is_empty() {
        sheet.header.push("name".to_owned());
    }
    for row in sheet.rows.iter_mut().chain(sheet.ragged.iter_mut().map(|(row, _)| row)) {
        row.cells.resize(sheet.header.len(), String::new());
    }
    Ok(sheet)
}

/// Codes of fields and their texts.
type Texts = Vec<(&'static str, String)>;

/// The fields of one card and those of its further addresses; nothing where it has no name.
fn fields(kind: &Kind, card: &Card) -> Option<(Texts, Vec<Texts>)> {
    let reading = Reading { card, is_customer: kind.name == "customer" };
    let name = reading.name()?;
    let mut texts: Texts = Vec::new();
    let mut rest = Vec::new();
    let uid = reading.first("UID").map(Property::text).unwrap_or_default();
    let ours = is_id(&uid) && prefix_of(&uid) == Some(kind.prefix);
    texts.push((if ours { "id" } else { "source_ref" }, uid));
    reading.organisation(&name, &mut texts, &mut rest);
    texts.push(("name", name));
    reading.titles(&mut texts, &mut rest);
    let further = reading.places(&mut texts, &mut rest);
    reading.reached(&mut texts, &mut rest);
    reading.born(&mut texts, &mut rest);
    let tags: Vec<String> =
        reading.all("CATEGORIES").flat_map(Property::list).filter(|t| !t.is_empty()).collect();
    texts.push(("tags", tags.join(";")));
    let notes = reading.all("NOTE").map(Property::text).filter(|note| !note.is_empty());
    let notes: Vec<String> = notes.chain(rest).collect();
    texts.push(("note", notes.join("\n")));
    Some((texts, further))
}

struct Reading<'c> {
    card: &'c Card,
    is_customer: bool,
}

impl<'c> Reading<'c> {
    fn all(&self, name: &'c str) -> impl Iterator<Item = &'c Property> + use<'c> {
        self.card.properties.iter().filter(move |property| property.name == name)
    }

    /// The preferred one, else the first, that says something.
    fn first(&self, name: &'c str) -> Option<&'c Property> {
        let all: Vec<&Property> = self.all(name).filter(|property| !property.text().is_empty()).collect();
        let preferred = all.iter().find(|property| property.is("PREF"));
        preferred.or(all.first()).copied()
    }

    /// The texts of a property, the preferred one first, each once.
    fn texts(&self, name: &'c str, of: impl Fn(&Property) -> String) -> Vec<String> {
        let mut all: Vec<&Property> = self.all(name).collect();
        all.sort_by_key(|property| !property.is("PREF"));
        let mut texts: Vec<String> = Vec::new();
        for text in all.into_iter().map(of).filter(|text| !text.is_empty()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    fn name(&self) -> Option<String> {
        let formatted = self.first("FN").map(|property| one_line(&property.text()));
        let parted = || self.first("N").map(|property| put_together(&property.parts()));
        let company = || self.first("ORG").and_then(|property| property.parts().into_iter().next());
        formatted
            .or_else(|| parted().filter(|name| !name.is_empty()))
            .or_else(|| company().filter(|name| self.is_customer && !name.is_empty()))
    }

    /// Where a person works; what kind of customer it is, where the card says so.
    fn organisation(&self, name: &str, texts: &mut Texts, rest: &mut Vec<String>) {
        let org = self.first("ORG").map(Property::parts).unwrap_or_default();
        let mut parts = org.iter().map(|part| one_line(part)).filter(|part| !part.is_empty());
        if !self.is_customer {
            // An empty first part is no name: what follows is the department all the same.
            let employer =
                if org.first().is_some_and(|first| !first.is_empty()) { parts.next() } else { None };
            texts.push(("customer", employer.unwrap_or_default()));
            texts.push(("department", parts.collect::<Vec<_>>().join(" / ")));
            return;
        }
        let says = |property: &str, value: &str| {
            self.first(property).is_some_and(|property| property.text().eq_ignore_ascii_case(value))
        };
        let whole = parts.collect::<Vec<_>>().join(" / ");
        let kind = match self.first("X-CRM-KIND") {
            Some(own) => own.text(),
            None if says("KIND", "org") || says("X-ABSHOWAS", "COMPANY") || whole == name => {
                "company".to_owned()
            }
            None if says("KIND", "individual") || self.has_two_names() => "person".to_owned(),
            None => String::new(),
        };
        texts.push(("kind", kind));
        if whole != name {
            left_over(rest, "ORG", &whole);
        }
    }

    /// Only people have both a family name and a given name.
    fn has_two_names(&self) -> bool {
        let parts = self.first("N").map(Property::parts).unwrap_or_default();
        parts.len() > 1 && parts[..2].iter().all(|part| !part.is_empty())
    }

    fn titles(&self, texts: &mut Texts, rest: &mut Vec<String>) {
        let title = self.texts("TITLE", Property::text).join(" / ");
        let nickname = self.texts("NICKNAME", |property| property.list().join(", ")).join(", ");
        if self.is_customer {
            texts.push(("short_name", nickname));
            left_over(rest, "TITLE", &title);
        } else {
            texts.push(("title", title));
            left_over(rest, "NICKNAME", &nickname);
        }
        left_over(rest, "ROLE", &self.texts("ROLE", Property::text).join(" / "));
    }

    /// The main address and the further ones; contacts have none.
    fn places(&self, texts: &mut Texts, rest: &mut Vec<String>) -> Vec<Texts> {
        let all = self.addresses();
        if !self.is_customer {
            for property in all {
                let parts: Vec<String> =
                    property.parts().into_iter().filter(|part| !part.is_empty()).collect();
                left_over(rest, "ADR", &one_line(&parts.join(", ")));
            }
            return Vec::new();
        }
        let main = self.main_address();
        texts.extend(main.into_iter().flat_map(|property| self.address(property)));
        let further =
            all.into_iter().filter(|property| !main.is_some_and(|main| std::ptr::eq(main, *property)));
        further
            .map(|property| {
                let use_ = match property {
                    p if p.is("PARCEL") => "shipping",
                    p if p.is("POSTAL") => "billing",
                    _ => "site",
                };
                let beside = |name| self.beside(property, name);
                let label = beside("X-ABLABEL").map(Property::text).filter(|label| !label.starts_with("_$!"));
                let mut row: Texts = vec![
                    ("address.use", use_.to_owned()),
                    ("address.label", label.unwrap_or_default()),
                    ("address.phone", beside("TEL").map(number).unwrap_or_default()),
                ];
                row.extend(self.address(property).into_iter().map(|(code, text)| (of_row(code), text)));
                row
            })
            .collect()
    }

    /// The addresses that say something.
    fn addresses(&self) -> Vec<&'c Property> {
        self.all("ADR").filter(|property| property.parts().iter().any(|part| !part.is_empty())).collect()
    }

    /// The preferred address, else the first; a card of ours without a main address marks none.
    fn main_address(&self) -> Option<&'c Property> {
        let all = self.addresses();
        let first = if self.first("X-CRM-KIND").is_none() { all.first() } else { None };
        all.iter().find(|property| property.is("PREF")).or(first).copied()
    }

    /// The property that a group joins to another.
    fn beside(&self, property: &Property, name: &'c str) -> Option<&'c Property> {
        let group = &property.group;
        self.all(name).find(|other| !group.is_empty() && other.group.eq_ignore_ascii_case(group))
    }

    fn address(&self, property: &Property) -> Texts {
        let parts = property.parts();
        let part = |at: usize| parts.get(at).map(|part| one_line(part)).unwrap_or_default();
        let district = self.beside(property, "X-CRM-DISTRICT").map(Property::text).unwrap_or_default();
        // What stands in the box and in the extension belongs to the street.
        let street = part(2);
        let street =
            street.strip_prefix(&district).unwrap_or(&street).trim_start_matches([',', ' ']).to_owned();
        let street =
            [street, part(1), part(0)].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        vec![
            ("country", part(6)),
            ("province", part(4)),
            ("city", part(3)),
            ("district", district),
            ("street", street.join(" ")),
            ("postcode", part(5)),
        ]
    }

    /// Phones, mail, accounts and pages.
    fn reached(&self, texts: &mut Texts, rest: &mut Vec<String>) {
        let main = self.main_address();
        let is_main = |adr: &Property| main.is_some_and(|main| std::ptr::eq(main, adr));
        let of_address = |property: &Property| {
            self.is_customer && self.beside(property, "ADR").is_some_and(|adr| !is_main(adr))
        };
        let no_voice = |property: &Property| ["FAX", "PAGER", "MODEM"].iter().any(|ty| property.is(ty));
        let spoken = |property: &Property| {
            if no_voice(property) || of_address(property) { String::new() } else { number(property) }
        };
        main_and_others(self.texts("TEL", spoken), "phone", "other_phones", texts);
        for property in self.all("TEL").filter(|property| no_voice(property)) {
            let label = if property.is("FAX") { "FAX" } else { "PAGER" };
            left_over(rest, label, &property.text());
        }
        let mail = |property: &Property| without_scheme(&property.text(), "mailto:");
        main_and_others(self.texts("EMAIL", mail), "email", "other_emails", texts);
        let mut wechat = self.texts("X-WECHAT", Property::text);
        wechat.extend(self.texts("X-WEIXIN", Property::text));
        for property in self.all("IMPP").chain(self.all("X-SOCIALPROFILE")) {
            let account = property.text();
            let service = property.parameter("X-SERVICE-TYPE").unwrap_or_default();
            let is_wechat = ["wechat", "weixin"].iter().any(|name| {
                service.eq_ignore_ascii_case(name)
                    || property.is(name)
                    || account.starts_with(&format!("{name}:"))
            });
            if is_wechat {
                let account = ["wechat:", "weixin:", "x-apple:"]
                    .iter()
                    .fold(account, |text, scheme| without_scheme(&text, scheme));
                wechat.push(account);
            } else {
                left_over(rest, "IMPP", &account);
            }
        }
        let mut accounts = wechat.into_iter();
        texts.push(("wechat", accounts.next().unwrap_or_default()));
        accounts.for_each(|account| left_over(rest, "WeChat", &account));
        let mut pages = self.texts("URL", Property::text).into_iter();
        if self.is_customer {
            let page = pages.next().unwrap_or_default();
            let bare = !page.is_empty() && !page.contains(':');
            texts.push(("website", if bare { format!("https://{page}") } else { page }));
        }
        pages.for_each(|page| left_over(rest, "URL", &page));
    }

    /// A birthday is a day with its year.
    fn born(&self, texts: &mut Texts, rest: &mut Vec<String>) {
        let Some(property) = self.first("BDAY") else { return };
        let text = property.text();
        let day = text.split(['T', ' ']).next().unwrap_or_default();
        let digits = day.bytes().filter(u8::is_ascii_digit).count();
        let has_year = digits == 8 && !day.starts_with('-');
        let without_year = property.parameter("X-APPLE-OMIT-YEAR").is_some_and(|year| day.starts_with(year));
        if !has_year || without_year {
            left_over(rest, "BDAY", &text);
        } else if day.len() == 8 {
            texts.push(("birthday", format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])));
        } else {
            texts.push(("birthday", day.to_owned()));
        }
    }
}

fn of_row(code: &str) -> &'static str {
    match code {
        "country" => "address.country",
        "province" => "address.province",
        "city" => "address.city",
        "district" => "address.district",
        "street" => "address.street",
        _ => "address.postcode",
    }
}

fn left_over(rest: &mut Vec<String>, name: &str, text: &str) {
    if !text.is_empty() {
        rest.push(format!("{name}: {text}"));
    }
}

fn main_and_others(all: Vec<String>, main: &'static str, others: &'static str, texts: &mut Texts) {
    let mut all = all.into_iter();
    texts.push((main, all.next().unwrap_or_default()));
    texts.push((others, all.collect::<Vec<_>>().join(";")));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_scheme(text: &str, scheme: &str) -> String {
    match text.get(..scheme.len()) {
        Some(begin) if begin.eq_ignore_ascii_case(scheme) => text[scheme.len()..].to_owned(),
        _ => text.to_owned(),
    }
}

/// A number; what a phone dials after a pause is the extension.
fn number(property: &Property) -> String {
    let text = without_scheme(&property.text(), "tel:");
    let pause = text.find([',', ';']).filter(|at| {
        let rest = text[*at..].trim_start_matches([',', ';']);
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
    });
    match pause {
        Some(at) => format!("{};ext={}", &text[..at], text[at..].trim_start_matches([',', ';'])),
        None => text,
    }
}

/// A name from family name, given name, further names, prefix and suffix; Chinese names are written
/// without spaces, the family name first.
fn put_together(parts: &[String]) -> String {
    let part = |at: usize| parts.get(at).map_or("", String::as_str);
    let is_han = |text: &str| text.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c) || c > '\u{1ffff}');
    if !part(0).is_empty() && is_han(part(0)) && is_han(part(1)) && is_han(part(2)) {
        return [part(0), part(1), part(2)].concat();
    }
    one_line(&[part(3), part(1), part(2), part(0), part(4)].join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::kinds::by_name;

    /// The cells of the first row that say something, as `code=text`.
    fn read(noun: &str, lines: &[&str]) -> Vec<String> {
        let card = format!("BEGIN:VCARD\nVERSION:3.0\n{}\nEND:VCARD\n", lines.join("\n"));
        let kind = by_name(noun).expect("declared");
        let sheet = sheet(kind, card.as_bytes(), None).expect("cards");
        if let [(row, problem)] = sheet.ragged.as_slice() {
            return vec![format!("{} {}", row.line, problem.id)];
        }
        let row = sheet.rows.first().expect("a row");
        let cells = sheet.header.iter().zip(&row.cells).filter(|(_, text)| !text.is_empty());
        cells.map(|(code, text)| format!("{code}={text}")).collect()
    }

    #[test]
    fn a_person_with_an_employer_is_a_contact() {
        assert_eq!(
            read(
                "contact",
                &[
                    "UID:con_kwzrmlnopqst",
                    "FN:王  芳",
                    "ORG:上海示例贸易;采购部;一组",
                    "TITLE:采购总监",
                    "TEL;TYPE=HOME:+86 21 5550 0003\\,12",
                    "TEL;TYPE=CELL,PREF:+86 161 0000 0003",
                    "TEL;TYPE=FAX:021-1",
                    "TEL;TYPE=CELL,PREF:+86 161 0000 0003",
                    "EMAIL:mailto:a@b.example",
                    "IMPP;X-SERVICE-TYPE=WeChat:x-apple:wang_fang",
                    "IMPP:sip:x@y",
                    "URL:https://c.example",
                    "BDAY:19880229T000000Z",
                    "NOTE:一\\n二",
                    "CATEGORIES:VIP,经销商",
                ]
            ),
            [
                "id=con_kwzrmlnopqst",
                "customer=上海示例贸易",
                "department=采购部 / 一组",
                "name=王 芳",
                "title=采购总监",
                "phone=+86 161 0000 0003",
                "other_phones=+86 21 5550 0003;ext=12",
                "email=a@b.example",
                "wechat=wang_fang",
                "birthday=1988-02-29",
                "tags=VIP;经销商",
                "note=一\n二\nFAX: 021-1\nIMPP: sip:x@y\nURL: https://c.example",
            ]
        );
    }

    #[test]
    fn names_come_from_their_parts_where_nothing_else_says_them() {
        let name = |noun: &str, lines: &[&str]| read(noun, lines).join(" ");
        assert_eq!(name("contact", &["N:赵;敏;;;"]), "name=赵敏");
        assert_eq!(name("contact", &["N:Doe;John;R.;Dr.;Sr.", "FN:"]), "name=Dr. John R. Doe Sr.");
        assert_eq!(name("customer", &["N:;;;;", "ORG:汉风"]), "kind=company name=汉风");
        assert_eq!(name("contact", &["N:;;;;", "ORG:汉风"]), "1 card-without-name");
        assert_eq!(name("contact", &["FN:A", "ORG:;采购部"]), "department=采购部 name=A");
    }

    #[test]
    fn a_customer_is_what_the_card_says_and_keeps_its_employer_as_a_remark() {
        let kind = |lines: &[&str]| read("customer", lines).join(" ");
        assert_eq!(kind(&["FN:A", "X-ABShowAs:COMPANY", "ORG:A"]), "kind=company name=A");
        assert_eq!(kind(&["FN:A", "KIND:org"]), "kind=company name=A");
        assert_eq!(kind(&["FN:A", "X-CRM-KIND:dealer", "ORG:A"]), "kind=dealer name=A");
        assert_eq!(kind(&["FN:B", "ORG:A;x", "TITLE:y"]), "name=B note=ORG: A / x\nTITLE: y");
        assert_eq!(kind(&["FN:B", "N:B;C;;;"]), "kind=person name=B");
        assert_eq!(kind(&["FN:B", "N:B;;;;"]), "name=B");
        assert_eq!(kind(&["FN:A", "URL:www.a.example"]), "name=A website=https://www.a.example");
        assert_eq!(kind(&["FN:A", "UID:urn:uuid:1"]), "source_ref=urn:uuid:1 name=A");
        assert_eq!(kind(&["FN:A", "UID:con_kwzrmlnopqst"]), "source_ref=con_kwzrmlnopqst name=A");
    }

    #[test]
    fn birthdays_without_a_year_are_remarks() {
        for (line, wanted) in [
            ("BDAY:1988-02-29", "name=A birthday=1988-02-29"),
            ("BDAY:1988-02-29T08:00:00Z", "name=A birthday=1988-02-29"),
            ("BDAY:--0405", "name=A note=BDAY: --0405"),
            ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-05", "name=A note=BDAY: 1604-04-05"),
            ("BDAY:circa 1800", "name=A note=BDAY: circa 1800"),
        ] {
            assert_eq!(read("contact", &["FN:A", line]).join(" "), wanted, "{line}");
        }
    }

    #[test]
    fn the_preferred_address_is_the_main_one_and_others_are_rows() {
        let told = read(
            "customer",
            &[
                "FN:A",
                "item1.ADR;TYPE=PARCEL:;;西湖区路 2 号;杭州;浙江;310000;中国",
                "item1.X-ABLABEL:仓库",
                "item1.X-CRM-DISTRICT:西湖区",
                "item1.TEL:0571-1",
                "ADR;TYPE=WORK,PREF:box;8 楼;路 1 号;杭州;;;",
                "TEL:0571-2",
            ],
        );
        assert_eq!(
            told,
            [
                "name=A",
                "city=杭州",
                "street=路 1 号 8 楼 box",
                "phone=0571-2",
                "address.use=shipping",
                "address.label=仓库",
                "address.phone=0571-1",
                "address.country=中国",
                "address.province=浙江",
                "address.city=杭州",
                "address.district=西湖区",
                "address.street=路 2 号",
                "address.postcode=310000",
            ]
        );
        assert_eq!(read("contact", &["FN:A", "ADR:;;路;杭州;;;"]), ["name=A", "note=ADR: 路, 杭州"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_of_a_card_come_back_as_they_were(
            name in "\\PC{1,60}",
            note in "(\\PC|[,;:\\\\\n汉🚚\"]){0,200}",
        ) {
            let mut doc = Doc::new(by_name("contact").expect("declared"), "con_kwzrmlnopqst");
            doc.set("name", Some(Value::Text(name.clone())));
            doc.set("note", Some(Value::Text(note.clone())));
            let words = Words { name: &|_, _| None, country: &|code| code.to_owned(), changed: &|_| None };
            let table = table(doc.kind, [&doc], &words);
            let mut bytes = Vec::new();
            let format = crate::formats::Format::Vcf;
            crate::formats::write(format, &table, &crate::formats::Style::default(), &mut bytes)
                .expect("cards");
            let sheet = sheet(doc.kind, &bytes, None).expect("cards");
            if one_line(&name).is_empty() {
                prop_assert_eq!(sheet.ragged.len(), 1);
                return Ok(());
            }
            let cell = |code: &str| {
                let at = sheet.header.iter().position(|known| known == code);
                at.map_or("", |at| sheet.rows[0].cells[at].as_str())
            };
            prop_assert_eq!(cell("id"), "con_kwzrmlnopqst");
            prop_assert_eq!(cell("name"), one_line(&name));
            prop_assert_eq!(cell("note"), note.trim());
        }

        #[test]
        fn no_bytes_make_the_reader_fail(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "BEGIN:VCARD\n", "END:VCARD\n", "VERSION:2.1\n", "\n", "\r\n ", "FN:", "ADR;TYPE=PREF:", ";",
                ",", "\\", "=", "=E6=B1", "ENCODING=QUOTED-PRINTABLE", "CHARSET=GBK", "AGENT:", "N:", "汉",
                "BDAY:", "TEL:", ":", "\"", "item1.", "ORG:", "NOTE;ENCODING=BASE64:", "19880229", "\u{feff}",
            ]),
            0..40,
        )) {
            let bytes = ["BEGIN:VCARD\n", &parts.concat()].concat().into_bytes();
            // Cut within a character, too.
            for (noun, bytes) in [("customer", &bytes[..]), ("contact", &bytes[..bytes.len() - 1])] {
                let sheet = sheet(by_name(noun).expect("declared"), bytes, None);
                let sheet = sheet.map_err(|problem| TestCaseError::fail(problem.to_string()))?;
                let width = sheet.header.len();
                prop_assert!(sheet.rows.iter().all(|row| row.cells.len() == width && row.line > 0));
                prop_assert!(!sheet.rows.is_empty() || !sheet.ragged.is_empty());
            }
        }
    }

    #[test]
    fn only_customers_and_contacts_are_cards() {
        let refused = sheet(by_name("order").expect("declared"), b"", None);
        assert_eq!(refused.expect_err("no cards").id, "no-cards-of");
    }
}
