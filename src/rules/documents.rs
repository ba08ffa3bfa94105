//! What quotes, orders and invoices share: discounts, rates, lines, and when they may change.

use rust_decimal::Decimal;

use super::amounts::{number, totals, word};
use super::support::{about, added_rows, enters, plain, too_much, unless};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row};

const DOCUMENTS: &[&str] = &["quote", "order", "invoice"];

/// Fields of a quote that may change once it is sent: what the moves write, and remarks.
const OF_SENT: &[&str] = &[
    "owner",
    "status",
    "approved_by",
    "approved_at",
    "approved_discount",
    "accepted_on",
    "accepted_by",
    "customer_ref",
    "reject_reason",
    "tags",
    "note",
    "source_ref",
    "archived",
];

/// Fields of an order that may not change once it is confirmed: all that makes its value.
const OF_CONFIRMED: &[&str] = &[
    "number",
    "date",
    "customer",
    "currency",
    "fx_rate",
    "price_mode",
    "tax_rounding",
    "discount_pct",
    "discount_amt",
    "shipping",
    "shipping_tax_rate",
    "quote",
    "lines",
];

/// `empty-document`: nothing on it though it is sent, confirmed or issued. An invoice, and so a
/// credit note, may be for shipping alone.
pub fn empty(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let charges = doc.dec("shipping").is_some_and(|shipping| !shipping.is_zero());
    let binding = match doc.kind.name {
        "invoice" => !charges,
        "quote" | "order" => !matches!(doc.state(), "draft" | "cancelled"),
        _ => false,
    };
    if binding && doc.rows("lines").is_empty() {
        found.push(about(doc, "empty-document").field("lines"));
    }
    Ok(())
}

/// `two-discounts` on the document, `discount-over-line`: more taken off than there is, and lines
/// without quantity or name. `amount-too-large`: totals that no amount can hold.
pub fn lines(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if !DOCUMENTS.contains(&doc.kind.name) {
        return Ok(());
    }
    if doc.get("discount_pct").is_some() && doc.get("discount_amt").is_some() {
        found.push(about(doc, "two-discounts").field("discount_amt"));
    }
    for row in doc.rows("lines") {
        let id = word(row, "id").unwrap_or_default();
        if number(row, "qty").is_some_and(|qty| qty <= Decimal::ZERO) {
            let qty = row.get("qty").map(plain).unwrap_or_default();
            let problem = about(doc, "bad-value").arg("field", "lines.qty").arg("value", qty).arg("row", id);
            found.push(problem.arg("reason", "zero").field("lines.qty"));
        }
        if word(row, "product").is_none() && word(row, "name").is_none() {
            let problem = about(doc, "missing-field").arg("field", "lines.name").arg("row", id);
            found.push(problem.field("lines.name"));
        }
    }
    if doc.kind.name == "invoice" {
        return Ok(());
    }
    let totals = match totals(&view.schema().settings, doc) {
        Ok(totals) => totals,
        Err(problem) => {
            if problem.id == "amount-too-large" {
                found.push(about(doc, problem.id).field("lines"));
            }
            return Ok(());
        }
    };
    for (row, line) in doc.rows("lines").iter().zip(&totals.lines) {
        if line.amount < Decimal::ZERO {
            let id = word(row, "id").unwrap_or_default();
            found.push(
                about(doc, "discount-over-line").arg("row", id).arg("have", line.amount).field("lines"),
            );
        }
    }
    if totals.discount > totals.subtotal.max(Decimal::ZERO) {
        found.push(
            too_much(doc, "discount-over-line", totals.discount, totals.subtotal).field("discount_amt"),
        );
    }
    Ok(())
}

/// `missing-rate`: a foreign currency without its rate. The rate of the company's own is 1.
pub fn rate(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(currency)) = (doc.kind.field("fx_rate").is_some(), doc.text("currency")) else {
        return Ok(());
    };
    let rate = doc.dec("fx_rate").unwrap_or_default();
    let own = currency == view.schema().settings.currency();
    if !own && rate <= Decimal::ZERO {
        let day = doc.day("date").map(|day| day.to_string()).unwrap_or_default();
        let problem = about(doc, "missing-rate").arg("currency", currency).arg("on", day).hint("hint-rate");
        found.push(problem.field("fx_rate"));
    } else if own && doc.get("fx_rate").is_some() && rate != Decimal::ONE {
        let problem =
            about(doc, "bad-value").arg("field", "fx_rate").arg("value", rate).arg("reason", "base");
        found.push(problem.field("fx_rate"));
    }
    Ok(())
}

/// `sent-document`, `confirmed-document`: what was said to the customer does not change.
pub fn frozen(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if old.state() == "draft" || judge.allow.contains("undo") {
        return Ok(());
    }
    let (rule, may): (_, fn(&str) -> bool) = match new.kind.name {
        "quote" => ("sent-document", |name| OF_SENT.contains(&name)),
        "order" => ("confirmed-document", |name| !OF_CONFIRMED.contains(&name)),
        _ => return Ok(()),
    };
    for field in new.kind.all().filter(|field| old.get(field.name) != new.get(field.name)) {
        if !may(field.name) {
            let problem =
                about(new, rule).arg("field", field.name).arg("state", old.state()).field(field.name);
            let revisable = rule == "sent-document" && matches!(old.state(), "sent" | "rejected");
            found.push(if revisable { problem.hint("hint-revise") } else { problem });
        }
    }
    Ok(())
}

/// `expired-quote` (--accept-expired).
pub fn expired(_: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(_), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if new.kind.name != "quote" || !enters(change, &["accepted"]) {
        return Ok(());
    }
    let on = new.day("accepted_on").unwrap_or(judge.today);
    if let Some(until) = new.day("valid_until").filter(|until| *until < on) {
        let problem = about(new, "expired-quote").arg("value", until).field("valid_until");
        found.push(unless(problem.hint("hint-accept-expired"), judge, "accept-expired"));
    }
    Ok(())
}

/// `over-ordered` (--allow-over): more ordered of a quote's line than it offers.
pub fn over_ordered(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "quote" {
        return Ok(());
    }
    let mut orders = view.all_with("order", "quote", doc.id())?;
    orders.retain(|order| order.state() != "cancelled");
    for row in doc.rows("lines") {
        let (Some(id), Some(offered)) = (word(row, "id"), number(row, "qty")) else { continue };
        let ordered: Decimal = orders.iter().map(|order| ordered_of(order, id)).sum();
        if ordered > offered {
            let what = word(row, "product").or(word(row, "name")).unwrap_or(id);
            let problem = too_much(doc, "over-ordered", ordered, offered).arg("row", id).arg("what", what);
            let problem = problem.field("lines");
            found.push(unless(problem.hint("hint-allow-over"), judge, "allow-over"));
        }
    }
    Ok(())
}

/// What an order takes of a quote's line, without what is cancelled.
fn ordered_of(order: &Doc, quote_line: &str) -> Decimal {
    let lines = order.rows("lines").iter().filter(|row| word(row, "quote_line") == Some(quote_line));
    let kept = |row: &Row| {
        let gone = order.rows("cancellations").iter().filter(|gone| word(gone, "line") == word(row, "id"));
        number(row, "qty").unwrap_or_default() - gone.filter_map(|gone| number(gone, "qty")).sum::<Decimal>()
    };
    lines.map(kept).sum()
}

/// `unknown-reference`: an order line from no line of the order's quote.
pub fn quote_lines(
    view: &dyn View,
    _: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| doc.kind.name == "order") else { return Ok(()) };
    let quote = new.text("quote").map_or(Ok(None), |id| view.record("quote", id))?;
    let offered = quote.as_ref().map_or(&[][..], |quote| quote.rows("lines"));
    for row in added_rows(change, "lines", "id") {
        let Some(line) = word(row, "quote_line") else { continue };
        if !offered.iter().any(|offer| word(offer, "id") == Some(line)) {
            let problem = about(new, "unknown-reference").arg("field", "lines.quote_line").arg("value", line);
            found.push(problem.field("lines.quote_line"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, ORDER, QUOTE, rewritten, sample, varied, with, written};

    #[test]
    fn what_is_sent_is_not_empty() {
        varied(
            "quote",
            QUOTE,
            &[
                (&[("lines", "")], &[]),
                (&[("lines", ""), ("status", "sent")], &["empty-document"]),
                (&[("status", "sent")], &[]),
            ],
        );
    }

    #[test]
    fn discounts_leave_something() {
        let line = |discount| {
            [
                ("lines.id", "kkkkkk"),
                ("lines.product", "EV"),
                ("lines.qty", "1"),
                ("lines.price", "100.00"),
                ("lines.tax_rate", "13"),
                ("lines.discount_amt", discount),
            ]
        };
        varied(
            "quote",
            QUOTE,
            &[
                (&[("discount_pct", "10")], &[]),
                (&[("discount_pct", "10"), ("discount_amt", "10.00")], &["two-discounts"]),
                (&[("discount_amt", "600.00")], &[]),
                (&[("discount_amt", "600.01")], &["discount-over-line"]),
                (&line("100.00"), &[]),
                (&line("100.01"), &["discount-over-line"]),
            ],
        );
    }

    #[test]
    fn a_line_has_a_quantity_and_a_name() {
        let line = |qty, name| {
            let mut line = vec![
                ("lines.id", "kkkkkk"),
                ("lines.qty", qty),
                ("lines.price", "1.00"),
                ("lines.tax_rate", "13"),
            ];
            line.extend(name);
            line
        };
        varied(
            "quote",
            QUOTE,
            &[
                (&line("1", Some(("lines.name", "Transport"))), &[]),
                (&line("0", Some(("lines.name", "Transport"))), &["bad-value"]),
                (&line("1", None), &["missing-field"]),
            ],
        );
    }

    #[test]
    fn a_foreign_currency_has_a_rate() {
        varied(
            "quote",
            QUOTE,
            &[
                (&[("currency", "USD"), ("fx_rate", "7.1")], &[]),
                (&[("currency", "USD"), ("fx_rate", "0")], &["missing-rate"]),
                (&[("currency", "CNY"), ("fx_rate", "7.1")], &["bad-value"]),
            ],
        );
    }

    #[test]
    fn what_was_said_to_the_customer_stays() {
        let mut store = sample();
        store.put(with(&store, "quote", QUOTE, &[("status", "sent")]));
        let write = |allow, noun, id, field, value| {
            written(&store, allow, &[with(&store, noun, id, &[(field, value)])])
        };
        assert_eq!(write(&[], "quote", QUOTE, "terms", "Cash"), ["sent-document"]);
        assert_eq!(write(&["undo"], "quote", QUOTE, "terms", "Cash"), [""; 0]);
        assert_eq!(write(&[], "quote", QUOTE, "note", "Hot"), [""; 0]);
        assert_eq!(write(&[], "order", ORDER, "customer", CHEN), ["confirmed-document"]);
        assert_eq!(write(&[], "order", ORDER, "discount_pct", "5"), ["confirmed-document"]);
        assert_eq!(write(&[], "order", ORDER, "due_date", "2026-04-01"), [""; 0]);
        assert_eq!(rewritten("quote", QUOTE, &[], &[("terms", "Cash")]), [""; 0]);
    }

    #[test]
    fn an_expired_quote_is_not_accepted() {
        let mut store = sample();
        store.put(with(&store, "quote", QUOTE, &[("status", "sent")]));
        let accept = |allow, on| {
            let fields = [("status", "accepted"), ("accepted_on", on)];
            written(&store, allow, &[with(&store, "quote", QUOTE, &fields)])
        };
        assert_eq!(accept(&[], "2026-03-05"), [""; 0]);
        assert_eq!(accept(&[], "2026-03-06"), ["expired-quote"]);
        assert_eq!(accept(&["accept-expired"], "2026-03-06"), ["W expired-quote"]);
    }

    #[test]
    fn not_more_is_ordered_than_was_offered() {
        let order = |qty, line| {
            let lines = [
                ("quote", QUOTE),
                ("lines.id", "kkkkkk"),
                ("lines.product", "EV"),
                ("lines.qty", qty),
                ("lines.price", "100.00"),
                ("lines.tax_rate", "13"),
                ("lines.quote_line", line),
                ("status", "draft"),
            ];
            let mut order = with(&sample(), "order", ORDER, &lines);
            order.set("id", Some(super::super::support::text("ord_llllllllllll")));
            order.set("number", Some(super::super::support::text("SO-2")));
            order
        };
        assert_eq!(written(&sample(), &[], &[order("5", "kkkkkk")]), [""; 0]);
        assert_eq!(written(&sample(), &[], &[order("6", "kkkkkk")]), ["over-ordered"]);
        assert_eq!(written(&sample(), &["allow-over"], &[order("6", "kkkkkk")]), ["W over-ordered"]);
        assert_eq!(written(&sample(), &[], &[order("5", "zzzzzz")]), ["unknown-reference"]);
    }
}
