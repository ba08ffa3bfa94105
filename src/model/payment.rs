//! Payments: money in or back, and what it pays. Facts whose allocations only grow.

use super::choices::Method;
use super::customer::Customer;
use super::invoice::Invoice;
use super::order::Order;
use super::record::{DERIVED, Rows, TODAY, TRAITS, Traits, is};
use super::scalars::{Currency, Day, Dec, Id, Money};
use crate::{choice, record, row};

choice! {
    /// What a payment is
    PaymentKind = "payment_kind" {
        Receipt = "receipt",
        Refund = "refund",
        /// Moves credit between invoices
        Transfer = "transfer",
        /// Reduces what is owed, but is no income
        WriteOff = "write_off",
    }
}

row! {
    /// What a part of a payment pays
    Allocation by "id" {
        /// Day
        date: Day = TODAY,
        /// Invoice it pays; this or the order is needed
        invoice: Option<Id<Invoice>>,
        /// Order it is a deposit on
        order: Option<Id<Order>>,
        /// How much; negative takes back
        amount: Money,
    }
}

record! {
    /// Money in or back
    Payment, "payment", "payments", "pay", Traits {
        fact: true,
        title: &["reference"],
        lookup: &["reference"],
        ..TRAITS
    } => {
        what {
            /// Value date
            date: Day = TODAY,
            /// The customer
            customer: Id<Customer>,
            /// Receipt, refund, transfer or write-off
            kind: PaymentKind = is("receipt"),
        }
        amount {
            /// How much, above 0; 0 on a transfer
            amount: Money,
            /// Currency; the customer's unless given
            currency: Currency = DERIVED,
            /// Base currency per unit as of the date
            fx_rate: Dec = DERIVED,
        }
        reference {
            /// How the money moved; needed for receipts and refunds
            method: Option<Method>,
            /// Reference of the bank or the like
            reference: Option<String>,
            /// The payment that this one takes back
            reverses: Option<Id<Payment>>,
        }
        rows {
            /// What it pays; only appended
            allocations: Rows<Allocation> [grows],
        }
    }
}
