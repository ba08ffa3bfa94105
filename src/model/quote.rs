//! Quotes: offers with prices. Totals are derived; approval and revision are more than a move.

use super::choices::{LostReason, Unit};
use super::contact::Contact;
use super::customer::Customer;
use super::document_choices::{PriceMode, TaxRounding};
use super::opportunity::Opportunity;
use super::product::Product;
use super::record::{DERIVED, ME, Move, Rows, TODAY, TRAITS, Traits, is, setting, step};
use super::scalars::{Currency, Day, Dec, Id, Instant, Money, Pct, Price, Prose, Qty};
use super::user::User;
use crate::{choice, record, row};

choice! {
    /// Where a quote stands
    QuoteStatus = "quote_status" {
        Draft = "draft",
        Sent = "sent",
        Accepted = "accepted",
        Rejected = "rejected",
        Cancelled = "cancelled",
        Superseded = "superseded",
    }
}

row! {
    /// A line of a quote
    QuoteLine by "id" {
        /// The product; without it a free line, treated as a service
        product: Option<Id<Product>>,
        /// Name; the product's unless given
        name: Option<String> = DERIVED,
        /// How many
        qty: Qty,
        /// Unit; the product's unless given
        unit: Option<Unit> = DERIVED,
        /// List price of a unit
        list_price: Option<Price> = DERIVED,
        /// Price of a unit; the list price unless given
        price: Price = DERIVED,
        /// Discount in percent
        discount_pct: Option<Pct>,
        /// Discount on the line as an amount
        discount_amt: Option<Money>,
        /// Tax rate in percent; the product's unless given
        tax_rate: Pct = DERIVED,
        /// Cost of a unit in base currency
        cost: Option<Price> = DERIVED,
        /// Heading under which it is printed
        group: Option<String>,
        /// Remark
        note: Option<String>,
    }
}

const MOVES: &[Move] = &[
    step("approve", &["draft"], "draft"),
    step("send", &["draft"], "sent"),
    step("accept", &["sent"], "accepted").setting(&["accepted_by", "customer_ref"]).stamping("accepted_on"),
    step("reject", &["sent"], "rejected").setting(&["reject_reason!"]),
    step("cancel", &["draft", "sent"], "cancelled").because(),
    step("revise", &["sent", "rejected"], "superseded"),
];

record! {
    /// An offer with prices
    Quote, "quote", "quotes", "quo", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        title: &["number"],
        lookup: &["number"],
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
            /// Opportunity it belongs to
            opportunity: Option<Id<Opportunity>>,
            /// Revision, from 1
            revision: i64 = is("1"),
            /// The quote it replaces
            revises: Option<Id<Quote>>,
        }
        validity {
            /// Last day on which it can be accepted
            valid_until: Day = DERIVED,
        }
        owner {
            /// Who sells
            owner: Id<User> [tracked] = ME,
        }
        terms {
            /// Terms
            terms: Option<Prose>,
            /// Days from invoice to due date
            payment_days: Option<i64>,
        }
        state {
            /// Where it stands
            status: QuoteStatus [verb, tracked] = is("draft"),
            /// Who approved the discount
            approved_by: Option<Id<User>> [verb],
            /// When the discount was approved
            approved_at: Option<Instant> [verb],
            /// Discount that was approved, in percent
            approved_discount: Option<Pct> [verb],
            /// Day it was accepted
            accepted_on: Option<Day> [verb],
            /// Who accepted it
            accepted_by: Option<String> [verb],
            /// The customer's order number
            customer_ref: Option<String> [verb],
            /// Why it was rejected
            reject_reason: Option<LostReason> [verb],
        }
        rows {
            /// What is offered
            lines: Rows<QuoteLine>,
        }
    }
}
