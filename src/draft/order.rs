//! Orders: made from lines or from a quote, confirmed, approved, paid, cancelled in whole or part.
//!
//! What rules refuse is not repeated here: credit and discount limits, blocked customers, empty
//! documents, too much of something, money on what is cancelled. Shipping is in `ship`.

use rust_decimal::Decimal;

use super::fact::watch_order;
use super::lines::{LineWish, price_line};
use super::quote::of_opportunity;
use super::{Draft, verbs};
use crate::model::document::part_value;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::model::totals::{digits, totals};
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::rules::amounts::{number, word};
use crate::rules::order_state::order_state;
use crate::rules::support::about;

/// What an order takes over from its quote.
const OF_QUOTE: &[&str] = &[
    "customer",
    "contact",
    "currency",
    "price_mode",
    "tax_rounding",
    "discount_pct",
    "shipping_tax_rate",
    "opportunity",
    "customer_ref",
    "terms",
    "payment_days",
];
/// What a line takes over from the line of the quote.
const OF_QUOTE_LINE: &[&str] = &[
    "id",
    "product",
    "name",
    "unit",
    "list_price",
    "price",
    "discount_pct",
    "tax_rate",
    "cost",
    "group",
    "note",
];

/// Adds a quote or an order with these lines. An order with a `quote` takes the lines of that, the
/// ones that are named or else what is not ordered yet, unless it has lines of its own. A quote
/// without lines takes the products of its opportunity. Gives its id.
pub fn add(draft: &mut Draft<'_>, mut doc: Doc, lines: &[LineWish]) -> Result<String, Problem> {
    match doc.text("quote").map(str::to_owned) {
        Some(quote) if doc.rows("lines").is_empty() => {
            take_quote(draft, &mut doc, &draft.need("quote", &quote)?, lines)?;
        }
        _ => add_lines(draft, &mut doc, lines)?,
    }
    if doc.kind.name == "quote" {
        of_opportunity(draft, &mut doc)?;
    }
    verbs::add(draft, doc)
}

/// Appends lines with the prices of their products.
pub fn add_lines(draft: &Draft<'_>, doc: &mut Doc, lines: &[LineWish]) -> Result<(), Problem> {
    let mut rows = doc.rows("lines").to_vec();
    for wish in lines {
        rows.push(price_line(draft, doc, wish)?);
    }
    doc.set("lines", Some(Value::Rows(rows)));
    Ok(())
}

fn take_quote(draft: &Draft<'_>, doc: &mut Doc, quote: &Doc, lines: &[LineWish]) -> Result<(), Problem> {
    const OPEN: [&str; 3] = ["draft", "sent", "accepted"];
    if !OPEN.contains(&quote.state()) {
        return Err(about(quote, "quote-not-open").arg("state", quote.state()).field("quote").legal(OPEN));
    }
    let given = |wish: &&LineWish| wish.price.is_some() || wish.off.is_some();
    if let Some(wish) = lines.iter().find(given) {
        return Err(Problem::usage("bad-line")
            .arg("value", &wish.what)
            .arg("reason", "quoted")
            .field("line"));
    }
    for field in OF_QUOTE {
        if doc.get(field).is_none() && doc.kind.field(field).is_some() {
            doc.set(field, quote.get(field).cloned());
        }
    }
    let earlier = draft.all_with("order", "quote", quote.id())?;
    let earlier: Vec<Doc> = earlier.into_iter().filter(|order| order.state() != "cancelled").collect();
    if earlier.is_empty() && doc.get("shipping").is_none() {
        doc.set("shipping", quote.get("shipping").cloned());
    }
    let taken = chosen(quote, &earlier, lines)?;
    let amounts = totals(quote, &draft.schema().settings)?;
    let digits = digits(quote, &draft.schema().settings);
    let (mut rows, mut off) = (Vec::new(), Decimal::ZERO);
    for (place, before, qty) in taken {
        let line = &quote.rows("lines")[place];
        let whole = number(line, "qty").unwrap_or_default();
        let part = |value: Decimal| part_value(value, whole, before, before + qty, digits);
        let mut row: Row = line
            .iter()
            .filter(|(name, _)| OF_QUOTE_LINE.contains(name))
            .map(|(n, v)| (*n, v.clone()))
            .collect();
        row.insert("qty", Value::Dec(qty));
        row.extend(line.get("id").map(|id| ("quote_line", id.clone())));
        if let Some(amount) = number(line, "discount_amt") {
            row.insert("discount_amt", Value::Dec(part(amount)?));
        }
        off += part(amounts.lines[place].share)?;
        rows.push(row);
    }
    if quote.get("discount_amt").is_some()
        && doc.get("discount_amt").is_none()
        && doc.get("discount_pct").is_none()
    {
        doc.set("discount_amt", Some(Value::Dec(off)));
    }
    doc.set("lines", Some(Value::Rows(rows)));
    Ok(())
}

/// The lines of a quote to order: (place, ordered before, quantity). Where all is ordered already
/// everything is taken again, which a rule refuses unless a flag lets it pass.
fn chosen(
    quote: &Doc,
    earlier: &[Doc],
    lines: &[LineWish],
) -> Result<Vec<(usize, Decimal, Decimal)>, Problem> {
    let rows = quote.rows("lines");
    let before: Vec<Decimal> =
        rows.iter().map(|row| ordered(earlier, word(row, "id").unwrap_or_default())).collect();
    if lines.is_empty() {
        let left = |(place, row): (usize, &Row)| {
            let rest = number(row, "qty").unwrap_or_default() - before[place];
            (rest > Decimal::ZERO).then_some((place, before[place], rest))
        };
        let rest: Vec<_> = rows.iter().enumerate().filter_map(left).collect();
        let all = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (place, before[place], number(row, "qty").unwrap_or_default()));
        return Ok(if rest.is_empty() { all.collect() } else { rest });
    }
    lines
        .iter()
        .map(|wish| {
            let id = word(find_line(quote, &wish.what)?, "id").unwrap_or_default();
            let place = rows.iter().position(|row| word(row, "id") == Some(id)).unwrap_or_default();
            Ok((place, before[place], wish.qty))
        })
        .collect()
}

/// What orders hold of a line of a quote.
fn ordered(orders: &[Doc], quote_line: &str) -> Decimal {
    let of_order = |order: &Doc| -> Decimal {
        let lines = order.rows("lines").iter().filter(|row| word(row, "quote_line") == Some(quote_line));
        lines
            .map(|row| {
                let cancelled = order.rows("cancellations").iter().filter(|c| c.get("line") == row.get("id"));
                number(row, "qty").unwrap_or_default()
                    - cancelled.filter_map(|c| number(c, "qty")).sum::<Decimal>()
            })
            .sum()
    };
    orders.iter().map(of_order).sum()
}

/// A line of a record by its id, or by its SKU where only one line has it.
pub fn find_line<'d>(doc: &'d Doc, what: &str) -> Result<&'d Row, Problem> {
    let rows = doc.rows("lines");
    if let Some(row) = rows.iter().find(|row| word(row, "id") == Some(what)) {
        return Ok(row);
    }
    let found: Vec<&Row> = rows.iter().filter(|row| word(row, "product") == Some(what)).collect();
    let names = |rows: &[&Row]| -> Vec<String> {
        let name = |row: &&Row| word(row, "product").or(word(row, "name")).unwrap_or_default().to_owned();
        rows.iter().map(|row| format!("{} {}", word(row, "id").unwrap_or_default(), name(row))).collect()
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Problem::new(Class::NotFound, "no-such-line")
            .arg("value", what)
            .arg("record", doc.title())
            .candidates(names(&rows.iter().collect::<Vec<_>>()))),
        several => Err(Problem::new(Class::Ambiguous, "ambiguous-line")
            .arg("value", what)
            .arg("record", doc.title())
            .candidates(names(several))),
    }
}

/// The lines of a record that a wish names, each once, by their ids; the quantities of one line add up.
pub(super) fn chosen_lines(
    doc: &Doc,
    wished: &[(String, Decimal)],
) -> Result<Vec<(String, Decimal)>, Problem> {
    let mut chosen: Vec<(String, Decimal)> = Vec::new();
    for (what, qty) in wished {
        if *qty <= Decimal::ZERO {
            return Err(bad_line(what, *qty));
        }
        let id = word(find_line(doc, what)?, "id").unwrap_or_default();
        match chosen.iter_mut().find(|(known, _)| known == id) {
            Some((_, sum)) => *sum += *qty,
            None => chosen.push((id.to_owned(), *qty)),
        }
    }
    Ok(chosen)
}

/// The serial numbers of units by their line, which is one of these. How many there must be is for
/// the rules.
pub(super) fn serials_of(
    doc: &Doc,
    lines: &[&str],
    given: &[(String, String)],
) -> Result<Vec<Vec<Value>>, Problem> {
    let mut found = vec![Vec::new(); lines.len()];
    for (what, serial) in given {
        let id = word(find_line(doc, what)?, "id").unwrap_or_default();
        let place = lines.iter().position(|line| *line == id).ok_or_else(|| {
            Problem::usage("serial-without-line").arg("line", what).arg("value", serial).field("serial")
        })?;
        found[place].push(Value::Text(serial.clone()));
    }
    Ok(found)
}

/// The greatest discount of a line of a quote or order, in percent; none where nothing has a list price.
pub fn effective_discount(draft: &Draft<'_>, doc: &Doc) -> Result<Option<Decimal>, Problem> {
    Ok(totals(doc, &draft.schema().settings)?.effective_discount)
}

/// Approves the discount of a quote or order. `false` where who acts has approved this one already.
pub fn approve(draft: &mut Draft<'_>, noun: &str, id: &str) -> Result<bool, Problem> {
    let mut doc = draft.need(noun, id)?;
    if !verbs::advance(draft, &mut doc, "approve", &Row::new())? {
        return Ok(false);
    }
    let discount = effective_discount(draft, &doc)?.unwrap_or_default();
    let approved = (doc.text("approved_by"), doc.dec("approved_discount"));
    if approved == (Some(draft.setting.actor.id.as_str()), Some(discount)) {
        return Ok(false);
    }
    doc.set("approved_by", Some(Value::Text(draft.setting.actor.id.clone())));
    doc.set("approved_at", Some(Value::Instant(draft.setting.on)));
    doc.set("approved_discount", Some(Value::Dec(discount)));
    draft.put(doc)?;
    Ok(true)
}

/// Confirms, holds, resumes, closes, reopens or cancels an order.
pub fn advance(draft: &mut Draft<'_>, id: &str, verb: &str) -> Result<bool, Problem> {
    if verb == "cancel" {
        without_facts(draft, id)?;
    }
    verbs::advance_with(draft, "order", id, verb, &Row::new())
}

/// Refuses to cancel an order on which something has happened that still stands.
fn without_facts(draft: &Draft<'_>, id: &str) -> Result<(), Problem> {
    let order = draft.need("order", id)?;
    let state = order_state(draft, &order, draft.setting.today)?;
    let moved = state.lines.iter().any(|line| !line.shipped.is_zero() || !line.billed.is_zero());
    if moved || !state.paid.is_zero() {
        return Err(about(&order, "order-has-facts").hint("hint-order-has-facts"));
    }
    Ok(())
}

/// Cancels a quantity of a line. That no more is cancelled than is open is for the rules.
pub fn cancel_line(draft: &mut Draft<'_>, id: &str, what: &str, qty: Decimal) -> Result<(), Problem> {
    let mut order = draft.need("order", id)?;
    must_be(&order, &["confirmed", "on_hold"])?;
    let Some(reason) = draft.setting.reason.clone() else {
        return Err(Problem::usage("reason-needed").arg("verb", "cancel"));
    };
    if qty <= Decimal::ZERO {
        return Err(bad_line(what, qty));
    }
    let line = word(find_line(&order, what)?, "id").unwrap_or_default().to_owned();
    let mut rows = order.rows("cancellations").to_vec();
    rows.push(Row::from([
        ("id", Value::Text(draft.row_id())),
        ("line", Value::Text(line)),
        ("qty", Value::Dec(qty)),
        ("at", Value::Instant(draft.setting.on)),
        ("by", Value::Text(draft.setting.actor.id.clone())),
        ("reason", Value::Text(reason)),
    ]));
    order.set("cancellations", Some(Value::Rows(rows)));
    watch_order(draft, Some(id), |draft| draft.put(order))
}

/// Refuses what is not legal in the state of an order.
pub(super) fn must_be(order: &Doc, legal: &[&str]) -> Result<(), Problem> {
    if legal.contains(&order.state()) {
        return Ok(());
    }
    Err(about(order, "order-not-open")
        .arg("order", order.title())
        .arg("state", order.state())
        .arg("fact", "none")
        .arg("legal", legal.join(", "))
        .legal(legal.iter().copied()))
}

/// The problem of a line whose quantity cannot be.
pub(super) fn bad_line(what: &str, qty: Decimal) -> Problem {
    Problem::usage("bad-line").arg("value", format!("{what}:{qty}")).arg("reason", "qty").field("line")
}

/// Money that came in on an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PayWish {
    pub amount: Decimal,
    pub method: String,
    pub reference: Option<String>,
    pub date: Option<Day>,
}

/// Writes one receipt in the currency of the order, all of it allocated to the order. Gives its id.
pub fn pay(draft: &mut Draft<'_>, order: &str, wish: PayWish) -> Result<String, Problem> {
    let order = draft.need("order", order)?;
    let mut doc = draft.make("payment", None);
    for field in ["customer", "currency"] {
        doc.set(field, order.get(field).cloned());
    }
    doc.set("date", Some(Value::Day(wish.date.unwrap_or(draft.setting.today))));
    doc.set("amount", Some(Value::Dec(wish.amount)));
    doc.set("method", Some(Value::Text(wish.method)));
    doc.set("reference", wish.reference.map(Value::Text));
    let row = Row::from([("order", Value::Text(order.id().to_owned())), ("amount", Value::Dec(wish.amount))]);
    doc.set("allocations", Some(Value::Rows(vec![row])));
    let id = doc.id().to_owned();
    watch_order(draft, Some(order.id()), |draft| verbs::add(draft, doc).map(|_| ()))?;
    Ok(id)
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
