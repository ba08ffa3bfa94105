//! What `show --with` puts under a record: what belongs to it, by type, and what is derived from
//! all of that. In formats for programs a section is a nested array, for people a table below.
//!
//! Deliberately absent: the record's own fields (see `show`), and conditions of the reader's own,
//! for which there are lists.

use super::super::context::Context;
use super::super::error::Failure;
use super::list::{self, View};
use super::standing;
use super::timeline::{self, Span};
use crate::formats::Format;
use crate::mirror::{Mirror, SqlCell};
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::query::nearest;
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// Records of a type that belong to another.
struct Section {
    name: &'static str,
    of: &'static str,
    /// Which of them, over the alias `t`.
    which: &'static str,
    fields: &'static str,
    sort: &'static str,
}

/// The record `?1` and what was merged into it.
const SELF: &str = "select ?1 union all select v.id from survivors v where v.survivor = ?1";
const CONTACTS: &str = "select x.id from contacts x where x.customer in (@self)";
const BELONGS: &str = "@self union all select x.id from contacts x where x.customer in (@self)
    union all select x.id from leads x where x.converted_customer in (@self)
    union all select x.id from opportunities x where x.customer in (@self)
    union all select x.id from quotes x where x.customer in (@self)
    union all select x.id from orders x where x.customer in (@self)
    union all select x.id from tickets x where x.customer in (@self)";

const fn section(
    name: &'static str,
    of: &'static str,
    which: &'static str,
    fields: &'static str,
    sort: &'static str,
) -> Section {
    Section { name, of, which, fields, sort }
}

const CONTACT: &str = "id,name,title,role,phone,email,primary,inactive";
const LEAD: &str = "id,name,company,status,source,created_at,owner,owner_name";
const OPPORTUNITY: &str = "id,name,stage,amount,currency,close_date,owner,owner_name";
const QUOTE: &str = "id,number,date,status,total,currency,valid_until,owner,owner_name";
const ORDER: &str = "id,number,date,status,progress,total,currency,owner,owner_name";
const INVOICE: &str = "id,number,date,kind,due_date,total,outstanding,currency";
const TICKET: &str = "id,number,subject,kind,priority,status,created_at,assignee,assignee_name";
const FOLLOWUP: &str = "id,kind,subject,status,due,done_at,outcome,summary,owner,owner_name";
const MESSAGE: &str = "id,channel,direction,subject,status,sent_at";

const OF_CUSTOMER: &[Section] = &[
    section(
        "subsidiaries",
        "customer",
        "t.parent in (@self) and t.merged_into is null",
        "id,name,kind,level,city,owner,owner_name",
        "name",
    ),
    section(
        "contacts",
        "contact",
        "t.customer in (@self) and t.merged_into is null",
        CONTACT,
        "-primary,name",
    ),
    section(
        "leads",
        "lead",
        "t.converted_customer in (@self) and t.merged_into is null",
        LEAD,
        "-created_at",
    ),
    section("opportunities", "opportunity", "t.customer in (@self)", OPPORTUNITY, "-close_date"),
    section("quotes", "quote", "t.customer in (@self)", QUOTE, "-date,-number"),
    section("orders", "order", "t.customer in (@self)", ORDER, "-date,-number"),
    section("invoices", "invoice", "t.customer in (@self)", INVOICE, "-date,-number"),
    section(
        "payments",
        "payment",
        "t.customer in (@self)",
        "id,date,kind,method,reference,amount,unallocated,currency",
        "-date",
    ),
    section(
        "shipments",
        "shipment",
        "t.\"order\" in (select o.id from orders o where o.customer in (@self))",
        "id,date,order,order_name,warehouse,carrier,tracking,delivered_on",
        "-date",
    ),
    section(
        "returns",
        "return",
        "t.\"order\" in (select o.id from orders o where o.customer in (@self))",
        "id,date,order,order_name,reason,effect",
        "-date",
    ),
    section("tickets", "ticket", "t.customer in (@self)", TICKET, "-created_at"),
    section(
        "followups",
        "followup",
        "(t.target in (@belongs) or t.contact in (@contacts))",
        FOLLOWUP,
        "-done_at,-due",
    ),
    section(
        "messages",
        "message",
        "(t.target in (@belongs) or t.contact in (@contacts))",
        MESSAGE,
        "-sent_at",
    ),
];

const OF_CONTACT: &[Section] = &[
    section(
        "opportunities",
        "opportunity",
        "t.id in (select c.record from opportunity_contacts c where c.contact in (@self))",
        OPPORTUNITY,
        "-close_date",
    ),
    section("quotes", "quote", "t.contact in (@self)", QUOTE, "-date,-number"),
    section("orders", "order", "t.contact in (@self)", ORDER, "-date,-number"),
    section("invoices", "invoice", "t.contact in (@self)", INVOICE, "-date,-number"),
    section("tickets", "ticket", "t.contact in (@self)", TICKET, "-created_at"),
    section(
        "followups",
        "followup",
        "(t.target in (@self) or t.contact in (@self))",
        FOLLOWUP,
        "-done_at,-due",
    ),
    section("messages", "message", "(t.target in (@self) or t.contact in (@self))", MESSAGE, "-sent_at"),
];

const OF_LEAD: &[Section] = &[
    section("opportunities", "opportunity", "t.lead in (@self)", OPPORTUNITY, "-close_date"),
    section("followups", "followup", "t.target in (@self)", FOLLOWUP, "-done_at,-due"),
    section("messages", "message", "t.target in (@self)", MESSAGE, "-sent_at"),
];

fn sections(kind: &Kind) -> &'static [Section] {
    match kind.name {
        "customer" => OF_CUSTOMER,
        "contact" => OF_CONTACT,
        "lead" => OF_LEAD,
        _ => &[],
    }
}

/// The part that is no section: the derived fields, which come with every section, alone.
pub const DERIVED: &str = "derived";

/// The names that `--with` takes for a type.
pub fn names(kind: &Kind) -> Vec<&'static str> {
    let mut names: Vec<&str> = sections(kind).iter().map(|section| section.name).collect();
    if kind.name == "customer" {
        names.push("products");
    }
    if !names.is_empty() {
        names.push("timeline");
    }
    if !at_once(kind) {
        names.push(DERIVED);
    }
    names
}

/// Whether what is derived is shown without being asked for. Customers and contacts are looked up
/// all day, and their own file holds what is wanted then; `--with` or `--fields` asks for more.
pub fn at_once(kind: &Kind) -> bool {
    !matches!(kind.name, "customer" | "contact")
}

/// Puts what is derived from other records in front of the history. A tombstone has none.
pub fn derive(context: &Context, mirror: &Mirror, doc: &Doc, table: &mut Table) -> Result<(), Failure> {
    let mut names: Vec<&str> = mirror.derived_fields(doc.kind.name);
    names.retain(|name| table.position(name).is_none());
    if names.contains(&"score") {
        // A rule that cannot be read makes no score wrong: there is none then.
        let broken = mirror.score_problems()?;
        context.warn(&broken);
        names.retain(|name| *name != "score" || broken.is_empty());
    }
    let view = View {
        also: Some(("t.id = ?1".to_owned(), vec![SqlCell::text(doc.id())])),
        fields: Some(names.join(",")),
        archived: true,
        ..View::default()
    };
    let found = list::select(context, mirror, doc.kind, &view, &list::known(mirror, doc.kind))?;
    let none = vec![Cell::Null; names.len()];
    let cells = found.rows.into_iter().next().filter(|_| doc.get("merged_into").is_none()).unwrap_or(none);
    let at = table.position("history").or(table.position("rev")).unwrap_or(table.columns.len());
    for (column, cell) in found.columns.into_iter().zip(cells).rev() {
        let audience = if cell == Cell::Null { Audience::Data } else { Audience::All };
        table.columns.insert(at, column.for_audience(audience));
        for row in &mut table.rows {
            row.insert(at, cell.clone());
        }
    }
    table.id_column = table.position("id");
    match doc.kind.name {
        "opportunity" => super::board::label_stages(context, mirror, table),
        "order" => standing::add(context, mirror, doc, table),
        _ => Ok(()),
    }
}

/// The same fields, empty, for a past state of which nobody asked what was derived: what programs get
/// has one shape.
pub fn nothing_derived(context: &Context, doc: &Doc, table: &mut Table) -> Result<(), Failure> {
    let mut names = context.mirror()?.derived_fields(doc.kind.name);
    names.extend(if doc.kind.name == "order" { &["line_states", "plan_states"][..] } else { &[] });
    for name in names.into_iter().filter(|name| table.position(name).is_none()).collect::<Vec<_>>() {
        let at = table.position("history").or(table.position("rev")).unwrap_or(table.columns.len());
        table.columns.insert(at, Column::new(name, ColumnType::Text).for_audience(Audience::Data));
        table.rows.iter_mut().for_each(|row| row.insert(at, Cell::Null));
    }
    Ok(())
}

/// Puts the sections that were asked for under the record.
pub fn add(
    context: &Context,
    mirror: &Mirror,
    doc: &Doc,
    wanted: &[String],
    table: &mut Table,
) -> Result<(), Failure> {
    let known = names(doc.kind);
    for name in wanted.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|name| !name.is_empty())
    {
        if !known.contains(&name) {
            return Err(Problem::usage("unknown-section")
                .arg("value", name)
                .arg("noun", doc.kind.name)
                .legal(known.iter().copied())
                .candidates(nearest(name, &known))
                .into());
        }
        if name == DERIVED {
            continue;
        }
        let (label, section) = one(context, mirror, doc, name)?;
        if let Some(at) = table.position(name) {
            // Programs get the orders in place of their number, people both.
            let count = &mut table.columns[at];
            (count.code, count.audience) = (format!("{name}_count"), Audience::People);
        }
        table.columns.push(Column::new(name, ColumnType::Rows).labelled(label));
        let rows = Cell::Rows(objects(context, section));
        table.rows.iter_mut().for_each(|row| row.push(rows.clone()));
    }
    Ok(())
}

fn one(context: &Context, mirror: &Mirror, doc: &Doc, name: &str) -> Result<(String, Table), Failure> {
    if name == "timeline" {
        let table = timeline::table(context, mirror, doc.kind, doc.id(), &Span::default())?;
        return Ok((table.title.clone(), table));
    }
    if name == "products" {
        return Ok((context.text("title-bought", &[]), products(context, mirror, doc)?));
    }
    let section = sections(doc.kind).iter().find(|section| section.name == name);
    let kind = section.and_then(|section| context.schema.kind(section.of));
    let (Some(section), Some(kind)) = (section, kind) else { return Ok((String::new(), Table::default())) };
    let which =
        section.which.replace("@belongs", BELONGS).replace("@contacts", CONTACTS).replace("@self", SELF);
    let view = View {
        fields: Some(section.fields.to_owned()),
        sort: Some(section.sort.to_owned()),
        also: Some((which, vec![SqlCell::text(doc.id())])),
        archived: true,
        ..View::default()
    };
    let label = match section.name {
        "subsidiaries" => context.text("title-subsidiaries", &[]),
        _ => context.locale.noun(kind),
    };
    Ok((label, list::select(context, mirror, kind, &view, &[])?))
}

/// What of each product a customer has bought and kept, dearest first; amounts in base currency.
fn products(context: &Context, mirror: &Mirror, doc: &Doc) -> Result<Table, Failure> {
    let sql = "select l.product, coalesce((select p.name from products p where p.id = l.product), l.name),
          total(l.effective - l.reversed), count(distinct l.row), max(l.date),
          sum(part(l.base_net, l.effective, l.qty) - part(l.base_net, l.reversed, l.qty)) as net
        from customer_line l
        where l.customer in (@self) and l.effective > 0
        group by coalesce(l.product, l.name) order by net desc, 1, 2";
    let answer = mirror.query(&sql.replace("@self", SELF), &[SqlCell::text(doc.id())])?;
    let columns = [
        ("product", ColumnType::Id, "REF TEXT"),
        ("product_name", ColumnType::Text, "TEXT"),
        ("qty", ColumnType::Qty, "QTY REAL"),
        ("orders", ColumnType::Int, "INTEGER"),
        ("last_order", ColumnType::Day, "DAY TEXT"),
        ("revenue", ColumnType::Money, "MONEY INTEGER"),
    ];
    let label = |name: &str| context.locale.general(name.strip_suffix("_name").unwrap_or(name));
    let made = columns.iter().map(|(name, ty, _)| Column::new(*name, *ty).labelled(label(name)));
    let mut table = Table::new("products", made.collect());
    for row in answer.rows {
        let cells = row.into_iter().zip(columns).map(|(cell, (_, _, decl))| mirror.typed(cell, decl, None));
        table.rows.push(cells.collect());
    }
    Ok(table)
}

/// The rows of a table as objects. People read names of columns in their language, and the name of
/// a reference in place of its id.
fn objects(context: &Context, table: Table) -> Vec<Vec<(String, Cell)>> {
    let people = matches!(context.ui.format(Format::Table), Format::Table | Format::Markdown | Format::Html);
    let named = |code: &str| table.position(&format!("{code}_name")).is_some();
    let shown: Vec<bool> = table
        .columns
        .iter()
        .map(|column| !people || !named(&column.code) && column.audience != Audience::Data)
        .collect();
    let keys = table.columns.iter().map(|c| if people { c.label.clone() } else { c.code.clone() });
    let keys: Vec<String> = keys.collect();
    let object = |row: Vec<Cell>| {
        let cells = row.into_iter().zip(&keys).zip(&shown).filter(|(_, shown)| **shown);
        cells.map(|((cell, key), _)| (key.clone(), cell)).collect()
    };
    table.rows.into_iter().map(object).collect()
}
