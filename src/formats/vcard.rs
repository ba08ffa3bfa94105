//! vCards: a card for each row of a table whose columns are the properties of cards.
//!
//! They are written as vCard 3.0: what phones, Outlook and the large mail services write themselves
//! and all of them read, while 4.0 is unknown to Outlook and read in part by Android. A name has no
//! sure border between family and given name, so it stands whole in `N` as in `FN`. Deliberately
//! absent: pictures, and properties that the table does not have.

use std::io::{self, Write};

use super::Style;
use super::content_lines::{self, Lines};
use crate::table::{Cell, Table};

/// Whether a table is one of cards.
pub(super) fn fits(table: &Table) -> bool {
    ["uid", "fn", "tel"].iter().all(|column| table.position(column).is_some())
}

/// Writes the cards.
pub(super) fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !fits(table) {
        let message = format!("{} has no cards", super::display(&table.name));
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut lines = Lines::new(out, style.terminal);
    for row in &table.rows {
        card(&Card { table, row }, &mut lines)?;
    }
    Ok(())
}

/// One row, by property.
struct Card<'t> {
    table: &'t Table,
    row: &'t [Cell],
}

type Members = [(String, Cell)];

impl<'t> Card<'t> {
    fn cell(&self, code: &str) -> &'t Cell {
        self.table.position(code).and_then(|at| self.row.get(at)).unwrap_or(&Cell::Null)
    }

    fn text(&self, code: &str) -> &'t str {
        text(self.cell(code))
    }

    fn texts(&self, code: &str) -> Vec<&'t str> {
        match self.cell(code) {
            Cell::List(cells) => cells.iter().map(text).collect(),
            cell => Some(text(cell)).filter(|text| !text.is_empty()).into_iter().collect(),
        }
    }

    fn rows(&self, code: &str) -> impl Iterator<Item = &'t Members> + use<'t> {
        let rows: &[_] = match self.cell(code) {
            Cell::Rows(rows) => rows,
            _ => &[],
        };
        rows.iter().map(Vec::as_slice)
    }
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        _ => "",
    }
}

fn member<'r>(row: &'r Members, name: &str) -> &'r str {
    row.iter().find(|(member, _)| member == name).map_or("", |(_, cell)| text(cell))
}

/// A name with what it is for: `TEL;TYPE=CELL,PREF`.
fn typed(name: &str, row: &Members) -> String {
    match member(row, "type") {
        "" => name.to_owned(),
        types => format!("{name};TYPE={types}"),
    }
}

fn card(card: &Card<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    lines.line("BEGIN", "VCARD")?;
    lines.line("VERSION", "3.0")?;
    lines.line("PRODID", super::PRODUCT)?;
    lines.text("UID", card.text("uid"))?;
    let name = card.text("fn");
    lines.line("FN", &content_lines::text(name))?;
    let is_company = card.cell("company") == &Cell::Bool(true);
    let family = if is_company { "" } else { name };
    lines.line("N", &content_lines::parts([family, "", "", "", ""]))?;
    lines.text("NICKNAME", card.text("nickname"))?;
    let org = card.texts("org");
    if !org.is_empty() {
        lines.line("ORG", &content_lines::parts(org))?;
    }
    if is_company {
        lines.line("X-ABSHOWAS", "COMPANY")?;
    }
    lines.text("TITLE", card.text("title"))?;
    for tel in card.rows("tel") {
        lines.text(&typed("TEL", tel), member(tel, "value"))?;
    }
    for email in card.rows("email") {
        lines.text(&typed("EMAIL", email), member(email, "value"))?;
    }
    match card.text("wechat") {
        "" => {}
        account => {
            lines.line("IMPP;X-SERVICE-TYPE=WeChat", &format!("wechat:{}", content_lines::text(account)))?;
        }
    }
    for (at, adr) in card.rows("adr").enumerate() {
        address(at + 1, adr, lines)?;
    }
    // An address is written as it is.
    match card.text("url") {
        "" => {}
        url => lines.line("URL", url)?,
    }
    if let Cell::Day(day) = card.cell("bday") {
        lines.line("BDAY", &day.format("%Y-%m-%d").to_string())?;
    }
    lines.text("NOTE", card.text("note"))?;
    let categories = card.texts("categories");
    if !categories.is_empty() {
        lines.line("CATEGORIES", &content_lines::list(categories))?;
    }
    lines.text("X-CRM-KIND", card.text("kind"))?;
    if let Cell::Instant(at) = card.cell("rev") {
        lines.line("REV", &at.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string())?;
    }
    lines.line("END", "VCARD")
}

/// An address. Cards have no district: it stands before the street for whoever reads the card,
/// and once more by itself for an import. Label and phone are joined to it by a group.
fn address(number: usize, adr: &Members, lines: &mut Lines<'_>) -> io::Result<()> {
    let part = |name| member(adr, name);
    let (district, label, phone) = (part("district"), part("label"), part("phone"));
    let grouped = ![district, label, phone].iter().all(|text| text.is_empty());
    let group = if grouped { format!("item{number}.") } else { String::new() };
    let street = if district.is_empty() || part("street").is_empty() {
        format!("{district}{}", part("street"))
    } else if district.is_ascii() {
        format!("{district}, {}", part("street"))
    } else {
        format!("{district}{}", part("street"))
    };
    let parts = ["", "", &street, part("city"), part("region"), part("postcode"), part("country")];
    lines.line(&typed(&format!("{group}ADR"), adr), &content_lines::parts(parts))?;
    lines.text(&format!("{group}X-ABLABEL"), label)?;
    lines.text(&format!("{group}X-CRM-DISTRICT"), district)?;
    lines.text(&format!("{group}TEL;TYPE=WORK,VOICE"), phone)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;
    use crate::formats::Format;
    use crate::formats::samples::written;
    use crate::table::{Column, ColumnType};

    fn rows(rows: &[&[(&str, &str)]]) -> Cell {
        let row = |row: &&[(&str, &str)]| {
            row.iter().map(|(name, text)| ((*name).to_owned(), Cell::text(*text))).collect()
        };
        Cell::Rows(rows.iter().map(row).collect())
    }

    fn table(cells: Vec<(&str, Cell)>) -> Table {
        let columns = cells.iter().map(|(code, _)| Column::new(*code, ColumnType::Text)).collect();
        let mut table = Table::new("contact", columns);
        table.rows = vec![cells.into_iter().map(|(_, cell)| cell).collect()];
        table
    }

    #[test]
    fn a_card_has_what_its_row_says() {
        let texts = |texts: &[&str]| Cell::List(texts.iter().map(|text| Cell::text(*text)).collect());
        let table = table(vec![
            ("uid", Cell::text("con_kwzrmlnopqst")),
            ("fn", Cell::text("张伟; Dr.")),
            ("org", texts(&["汉风, Ltd", "采购部"])),
            ("title", Cell::text("采购总监")),
            (
                "tel",
                rows(&[
                    &[("type", "CELL,VOICE,PREF"), ("value", "+8613800000001")],
                    &[("value", "+8657155500001,12")],
                ]),
            ),
            ("email", rows(&[&[("type", "INTERNET"), ("value", "a@b.example")]])),
            ("wechat", Cell::text("zhang_wei")),
            (
                "adr",
                rows(&[&[
                    ("type", "WORK"),
                    ("street", "示例路 1 号"),
                    ("district", "余杭区"),
                    ("city", "杭州"),
                ]]),
            ),
            ("url", Cell::text("https://b.example/?a=1,2;3")),
            ("bday", Cell::Day(NaiveDate::from_ymd_opt(1988, 2, 29).expect("a day"))),
            ("note", Cell::text("一\n二")),
            ("categories", texts(&["vip", "a,b"])),
            (
                "rev",
                Cell::Instant(DateTime::parse_from_rfc3339("2026-03-01T09:05:00+08:00").expect("a moment")),
            ),
        ]);
        let wanted = [
            "BEGIN:VCARD",
            "VERSION:3.0",
            "PRODID:-//crm//crm//EN",
            "UID:con_kwzrmlnopqst",
            "FN:张伟\\; Dr.",
            "N:张伟\\; Dr.;;;;",
            "ORG:汉风\\, Ltd;采购部",
            "TITLE:采购总监",
            "TEL;TYPE=CELL,VOICE,PREF:+8613800000001",
            "TEL:+8657155500001\\,12",
            "EMAIL;TYPE=INTERNET:a@b.example",
            "IMPP;X-SERVICE-TYPE=WeChat:wechat:zhang_wei",
            "item1.ADR;TYPE=WORK:;;余杭区示例路 1 号;杭州;;;",
            "item1.X-CRM-DISTRICT:余杭区",
            "URL:https://b.example/?a=1,2;3",
            "BDAY:1988-02-29",
            "NOTE:一\\n二",
            "CATEGORIES:vip,a\\,b",
            "REV:2026-03-01T01:05:00Z",
            "END:VCARD",
        ];
        assert_eq!(written(Format::Vcf, &table, &Style::default()), format!("{}\r\n", wanted.join("\r\n")));
    }

    #[test]
    fn a_company_is_shown_as_one() {
        let table = table(vec![
            ("uid", Cell::text("cus_1")),
            ("fn", Cell::text("汉风")),
            ("org", Cell::text("汉风")),
            ("company", Cell::Bool(true)),
            ("tel", Cell::Null),
        ]);
        let text = written(Format::Vcf, &table, &Style::default());
        assert!(text.contains("FN:汉风\r\nN:;;;;\r\nORG:汉风\r\nX-ABSHOWAS:COMPANY\r\nEND"), "{text}");
    }

    #[test]
    fn what_has_no_cards_is_refused() {
        let refused = super::super::write(
            Format::Vcf,
            &crate::formats::samples::nasty(),
            &Style::default(),
            &mut Vec::new(),
        );
        assert_eq!(refused.expect_err("no cards").kind(), io::ErrorKind::InvalidInput);
    }
}
