//! `customer check`: whether somebody is known, before work on them begins.
//!
//! Deliberately absent: names that are merely alike (see `customer dedupe`), and leads.

use std::collections::BTreeMap;

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::one;
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// `customer check`: whether somebody is a customer already, whose, and when they were last in
/// touch. It is open to everybody, so it tells nothing else: no id, no name.
pub(super) fn check_customer(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let mirror = context.mirror()?;
    let found = known_customers(context, &mirror, matches)?;
    let label = |name: &str| context.locale.general(name);
    let columns = [
        ("match", ColumnType::List),
        ("owner", ColumnType::Id),
        ("owner_name", ColumnType::Text),
        ("last_touch", ColumnType::Day),
    ];
    let columns = columns
        .map(|(name, ty)| {
            let audience = if name == "owner" { Audience::Data } else { Audience::All };
            let name_of = if name == "owner_name" { "owner" } else { name };
            Column::new(name, ty).labelled(label(name_of)).for_audience(audience)
        })
        .to_vec();
    let mut table = Table { title: context.text("title-check", &[]), ..Table::new("customers", columns) };
    for (id, by) in found {
        let sql = "select c.owner, u.name, s.last_touch from customers c left join users u on u.id = c.owner \
            left join customer_idle s on s.customer = c.id where c.id = ?1";
        let answer = mirror.query(sql, &[SqlCell::text(id.as_str())])?;
        let text = |at: usize| answer.rows.first().and_then(|row| row[at].as_text());
        let code = |code: &&str| Cell::Code { code: (*code).to_owned(), label: label(code) };
        table.rows.push(vec![
            Cell::List(by.iter().map(code).collect()),
            text(0).map_or(Cell::Null, Cell::text),
            text(1).map_or(Cell::Null, Cell::text),
            text(2).and_then(|day| day.parse().ok()).map_or(Cell::Null, Cell::Day),
        ]);
    }
    super::super::list::print_chosen(context, table, matches)
}

/// The customers that share something with what was given, with what it is.
fn known_customers(
    context: &Context,
    mirror: &Mirror,
    matches: &ArgMatches,
) -> Result<BTreeMap<String, Vec<&'static str>>, Failure> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut add = |ids: Vec<String>, by: &'static str| -> Result<(), Failure> {
        for id in ids {
            let by_all = found.entry(mirror.survivor("customer", &id)?).or_default();
            if !by_all.contains(&by) {
                by_all.push(by);
            }
        }
        Ok(())
    };
    let mut asked = false;
    let mut given = |flag: &str| {
        let text = one(matches, flag).filter(|text| !text.trim().is_empty());
        asked |= text.is_some();
        text
    };
    let country = context.schema.settings.text("company.country");
    if let Some(text) = given("phone") {
        let phone = crate::model::value::parse_phone(&text, country)?;
        add(mirror.find("customer", "phone", &phone)?, "phone")?;
        add(mirror.find("customer", "other_phones", &phone)?, "phone")?;
    }
    if let Some(text) = given("email") {
        let email = crate::model::value::parse_email(&text)?;
        for field in ["email", "other_emails"] {
            add(mirror.find("customer", field, &email)?, "email")?;
        }
        let sql = "select record from members where kind = 'customer' and field = 'other_emails' \
            and value = ?1 collate nocase";
        add(ids_of(mirror, sql, &email)?, "email")?;
    }
    if let Some(text) = given("name") {
        add(mirror.find("customer", "name_key", &crate::model::value::name_key(&text))?, "name")?;
    }
    if let Some(text) = given("tax-id") {
        let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let sql = "select id from customers where upper(replace(replace(tax_id, ' ', ''), '-', '')) = ?1";
        add(ids_of(mirror, sql, &bare.to_uppercase())?, "tax_id")?;
    }
    if !asked {
        return Err(Problem::usage("missing-flag").arg("flag", "--phone, --email, --name, --tax-id").into());
    }
    Ok(found)
}

fn ids_of(mirror: &Mirror, sql: &str, value: &str) -> Result<Vec<String>, Failure> {
    let answer = mirror.query(sql, &[SqlCell::text(value)])?;
    Ok(answer.rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
}
