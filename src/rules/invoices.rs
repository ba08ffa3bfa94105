//! Invoices add up, and credit notes credit no more than was billed.

use rust_decimal::Decimal;

use super::amounts::{number, price_mode, word};
use super::support::{about, is_one, other_currency, too_much};
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::document::PriceMode;
use crate::model::record::{Doc, Row};

/// `total-mismatch`: the totals are not the sum of the lines, and of shipping where it is charged.
pub fn total(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "invoice" {
        return Ok(());
    }
    let stored = |field| doc.dec(field).unwrap_or_default();
    let sum = |field| doc.rows("lines").iter().filter_map(|row| number(row, field)).sum::<Decimal>();
    let (net, tax) = (stored("net_total") - sum("net"), stored("tax_total") - sum("tax"));
    let shipping = stored("shipping");
    let sound = match price_mode(doc) {
        _ if shipping.is_zero() => net.is_zero() && tax.is_zero(),
        PriceMode::TaxExcl => net == shipping && tax >= Decimal::ZERO,
        PriceMode::TaxIncl => net + tax == shipping && tax >= Decimal::ZERO,
    };
    let total = stored("net_total") + stored("tax_total");
    if !sound || stored("total") != total {
        let problem = about(doc, "total-mismatch").arg("have", stored("total"));
        found.push(problem.arg("most", sum("net") + sum("tax")).field("total"));
    }
    Ok(())
}

/// `credit-without-invoice`: a credit note corrects an invoice. `wrong-customer`, `currency-mismatch`:
/// of the same customer and currency; an invoice is for the customer of its order.
pub fn against(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "invoice" {
        return Ok(());
    }
    let note = doc.text("kind") == Some("credit_note");
    let invoice = doc.text("against").map_or(Ok(None), |id| view.record("invoice", id))?;
    let corrects = invoice.as_ref().is_some_and(|invoice| invoice.text("kind") != Some("credit_note"));
    if note != corrects {
        found.push(about(doc, "credit-without-invoice").field("against"));
    }
    let order = doc.text("order").map_or(Ok(None), |id| view.record("order", id))?;
    for (field, other) in [("against", invoice), ("order", order)] {
        let Some(other) = other else { continue };
        if other.text("currency") != doc.text("currency") {
            found.push(other_currency(doc, &other).field(field));
        }
        let customers =
            (doc.text("customer").unwrap_or_default(), other.text("customer").unwrap_or_default());
        if !is_one(view, "customer", customers.0, customers.1)? {
            let problem = about(doc, "wrong-customer").arg("value", other.title()).arg("field", field);
            found.push(problem.arg("customer", customers.1).field(field));
        }
    }
    Ok(())
}

/// `over-credited`: more credited of a line, or in all, than was billed.
pub fn over_credited(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "invoice" || doc.text("kind") == Some("credit_note") {
        return Ok(());
    }
    let notes = view.all_with("invoice", "against", doc.id())?;
    let before = found.len();
    for row in doc.rows("lines").iter().filter(|_| !notes.is_empty()) {
        let id = word(row, "id").unwrap_or_default();
        let of_line =
            |credit: &&Row| credited_line(doc, credit).is_some_and(|line| word(line, "id") == Some(id));
        let credits = notes.iter().flat_map(|note| note.rows("lines")).filter(of_line);
        let credited: Decimal = credits.filter_map(|credit| number(credit, "qty")).sum();
        let billed = number(row, "qty").unwrap_or_default();
        if credited > billed {
            let name = word(row, "product").or(word(row, "name")).unwrap_or(id);
            let problem = too_much(doc, "over-credited", credited, billed).arg("row", id);
            found.push(problem.arg("line", name).field("lines"));
        }
    }
    let credited: Decimal = notes.iter().filter_map(|note| note.dec("total")).sum();
    let total = doc.dec("total").unwrap_or_default();
    // What is too much of a line is too much in all.
    if credited > total && found.len() == before {
        found.push(too_much(doc, "over-credited", credited, total).arg("line", "total").field("total"));
    }
    Ok(())
}

/// The line of an invoice that a line of a credit note takes back: with the same id, else of the
/// same order line, else of the same product and name.
pub fn credited_line<'a>(invoice: &'a Doc, credit: &Row) -> Option<&'a Row> {
    let lines = invoice.rows("lines");
    let alike = |fields: &[&str]| {
        let known = fields.iter().any(|field| credit.contains_key(*field));
        lines.iter().find(|row| known && fields.iter().all(|field| row.get(*field) == credit.get(*field)))
    };
    alike(&["id"]).or_else(|| alike(&["order_line"])).or_else(|| alike(&["product", "name"]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, checked, invoice, sample, with, written};

    const INV: &str = "inv_kkkkkkkkkkkk";
    const NOTE: &str = "inv_llllllllllll";

    fn billed(fields: &[(&str, &str)]) -> Vec<String> {
        let mut store = sample();
        store.put(invoice(&store, INV, "invoice", 2, None));
        checked(&store, &with(&store, "invoice", INV, fields))
    }

    #[test]
    fn an_invoice_adds_up() {
        let shipping = |net, tax, total| {
            [("shipping", "10.00"), ("net_total", net), ("tax_total", tax), ("total", total)]
        };
        for (fields, expected) in [
            (&[][..], &[][..]),
            (&[("total", "226.01")], &["total-mismatch"]),
            (&[("net_total", "201.00"), ("total", "227.00")], &["total-mismatch"]),
            (&shipping("210.00", "27.30", "237.30"), &[]),
            (&shipping("200.00", "26.00", "226.00"), &["total-mismatch"]),
            (&[("lines", "")], &["empty-document", "total-mismatch"]),
        ] {
            assert_eq!(billed(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn an_invoice_is_for_the_customer_of_its_order() {
        assert_eq!(billed(&[("customer", CHEN)]), ["wrong-customer"]);
        assert_eq!(billed(&[("currency", "USD"), ("fx_rate", "7.1")]), ["currency-mismatch"]);
    }

    #[test]
    fn a_credit_note_corrects_an_invoice() {
        let mut store = sample();
        store.put(invoice(&store, INV, "invoice", 2, None));
        let note = |against| checked(&store, &invoice(&store, NOTE, "credit_note", 1, against));
        assert_eq!(note(Some(INV)), [""; 0]);
        assert_eq!(note(None), ["credit-without-invoice"]);
        assert_eq!(billed(&[("against", INV)]), ["credit-without-invoice"]);
    }

    #[test]
    fn no_more_is_credited_than_was_billed() {
        let mut store = sample();
        store.put(invoice(&store, INV, "invoice", 2, None));
        let credit =
            |store: &_, id, qty| written(store, &[], &[invoice(store, id, "credit_note", qty, Some(INV))]);
        assert_eq!(credit(&store, NOTE, 2), [""; 0]);
        assert_eq!(credit(&store, NOTE, 3), ["over-credited"]);
        store.put(invoice(&store, NOTE, "credit_note", 1, Some(INV)));
        assert_eq!(credit(&store, "inv_mmmmmmmmmmmm", 1), [""; 0]);
        assert_eq!(credit(&store, "inv_mmmmmmmmmmmm", 2), ["over-credited"]);
    }
}
