//! What is still owed on invoices, after credit notes and payments.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amounts::{number, payment_sign, word};
use crate::model::record::Doc;

/// What an invoice is worth to its customer by now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceBalance {
    pub total: Decimal,
    /// Credit notes against it.
    pub credited: Decimal,
    /// Its own allocations and its share of those to the order.
    pub paid: Decimal,
    /// What is still owed; negative where the customer has credit.
    pub outstanding: Decimal,
}

/// What each invoice is worth by now. Allocations to the order count for its invoices, the oldest
/// first, each up to what is still owed on it.
pub fn invoice_balances(
    invoices: &[Doc],
    payments: &[Doc],
    order: Option<&str>,
) -> BTreeMap<String, InvoiceBalance> {
    let mut billed: Vec<&Doc> =
        invoices.iter().filter(|doc| doc.text("kind") != Some("credit_note")).collect();
    billed.sort_by_key(|doc| (doc.day("date"), doc.text("number"), doc.id()));
    let mut deposit = order.map_or(Decimal::ZERO, |id| allocated(payments, "order", id));
    let mut balances = BTreeMap::new();
    for doc in billed {
        let total = doc.dec("total").unwrap_or_default();
        let credited = invoices
            .iter()
            .filter(|note| note.text("against") == Some(doc.id()))
            .map(|note| note.dec("total").unwrap_or_default())
            .sum();
        let own = allocated(payments, "invoice", doc.id());
        let share = deposit.min(total - credited - own).max(Decimal::ZERO);
        deposit -= share;
        let paid = own + share;
        balances.insert(
            doc.id().to_owned(),
            InvoiceBalance { total, credited, paid, outstanding: total - credited - paid },
        );
    }
    balances
}

/// What payments allocate to an invoice or order.
pub fn allocated(payments: &[Doc], field: &str, id: &str) -> Decimal {
    payments
        .iter()
        .map(|payment| {
            let rows = payment.rows("allocations").iter().filter(|row| word(row, field) == Some(id));
            payment_sign(payment) * rows.filter_map(|row| number(row, "amount")).sum::<Decimal>()
        })
        .sum()
}
