//! Invoices and credit notes. Facts: amounts are stored because the customer was told them, and
//! they are positive on credit notes too; the kind is the sign.

use super::choices::Unit;
use super::contact::Contact;
use super::customer::Customer;
use super::document_choices::{PriceMode, TaxRounding};
use super::order::Order;
use super::product::Product;
use super::record::{DERIVED, Rows, TODAY, TRAITS, Traits, is, setting};
use super::return_::Return;
use super::scalars::{Currency, Day, Dec, Id, Money, Pct, Price, Qty};
use crate::{choice, record, row};

choice! {
    /// Invoice or credit note
    InvoiceKind = "invoice_kind" { Invoice = "invoice", CreditNote = "credit_note" }
}

row! {
    /// A line of an invoice
    InvoiceLine by "id" {
        /// Line of the order it bills
        order_line: Option<String>,
        /// The product; without it a free line
        product: Option<Id<Product>>,
        /// Name; the product's unless given
        name: Option<String> = DERIVED,
        /// How many
        qty: Qty,
        /// Unit; the product's unless given
        unit: Option<Unit> = DERIVED,
        /// Price of a unit
        price: Price = DERIVED,
        /// Tax rate in percent; the product's unless given
        tax_rate: Pct = DERIVED,
        /// Cost of a unit in base currency
        cost: Option<Price> = DERIVED,
        /// Amount without tax
        net: Money = DERIVED,
        /// Tax
        tax: Money = DERIVED,
    }
}

record! {
    /// An invoice or credit note
    Invoice, "invoice", "invoices", "inv", Traits {
        fact: true,
        title: &["number"],
        lookup: &["number", "fapiao_no"],
        ..TRAITS
    } => {
        identity {
            /// Number, a label; the next of its pattern unless given
            number: String = DERIVED,
            /// Date; decides rate, price and period
            date: Day = TODAY,
            /// The customer
            customer: Id<Customer>,
            /// Person at the customer; the primary contact unless given
            contact: Option<Id<Contact>> = DERIVED,
        }
        currency {
            /// Currency; the customer's unless given
            currency: Currency = DERIVED,
            /// Base currency per unit as of the date
            fx_rate: Dec = DERIVED,
        }
        tax {
            /// Whether prices are without or with tax
            price_mode: PriceMode = setting("tax.price_mode"),
            /// Whether tax is rounded by line or by document
            tax_rounding: TaxRounding = setting("tax.rounding"),
        }
        discount {
            /// Discount on the document in percent
            discount_pct: Option<Pct>,
            /// Discount on the document as an amount
            discount_amt: Option<Money>,
        }
        shipping {
            /// Price of shipping
            shipping: Option<Money>,
            /// Tax rate of shipping in percent
            shipping_tax_rate: Option<Pct> = setting("tax.default_rate"),
        }
        origin {
            /// Invoice or credit note
            kind: InvoiceKind = is("invoice"),
            /// Order it bills
            order: Option<Id<Order>>,
            /// Invoice that a credit note corrects
            against: Option<Id<Invoice>>,
            /// Return that a credit note is for
            r#return: Option<Id<Return>>,
        }
        terms {
            /// Day it is due; date and payment days unless given
            due_date: Day = DERIVED,
        }
        buyer {
            /// Name of the buyer, copied from the customer
            invoice_title: Option<String> = DERIVED,
            /// Tax number of the buyer, copied from the customer
            tax_id: Option<String> = DERIVED,
            /// Number of the official invoice
            fapiao_no: Option<String> [once],
        }
        totals {
            /// Sum without tax
            net_total: Money = DERIVED,
            /// Sum of tax
            tax_total: Money = DERIVED,
            /// Sum with tax
            total: Money = DERIVED,
        }
        rows {
            /// What is billed
            lines: Rows<InvoiceLine>,
        }
    }
}
