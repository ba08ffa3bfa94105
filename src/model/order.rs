//! Orders of customers. Shipping, billing and payment are derived from facts, never stored here.

use super::campaign::Campaign;
use super::choices::{Source, Unit};
use super::contact::Contact;
use super::customer::Customer;
use super::document_choices::{PriceMode, TaxRounding};
use super::opportunity::{Credit, Opportunity};
use super::product::Product;
use super::quote::Quote;
use super::record::{DERIVED, ME, Move, NOW, Rows, TODAY, TRAITS, Traits, is, setting, step};
use super::region::Region;
use super::scalars::{Currency, Day, Dec, Id, Instant, Money, Pct, Price, Prose, Qty};
use super::team::Team;
use super::user::User;
use crate::{choice, record, row};

choice! {
    /// Where an order stands
    OrderStatus = "order_status" {
        Draft = "draft",
        Confirmed = "confirmed",
        OnHold = "on_hold",
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

row! {
    /// A line of an order
    OrderLine by "id" {
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
        /// Line of the quote it comes from
        quote_line: Option<String>,
        /// Promised day, where it is not the order's
        due_date: Option<Day>,
    }
}

row! {
    /// A planned payment
    Instalment by "id" {
        /// Day it is due
        due: Day,
        /// How much
        amount: Money,
        /// Remark
        note: Option<String>,
    }
}

row! {
    /// A quantity of a line that will not come
    Cancellation by "id" {
        /// The line
        line: String,
        /// How many
        qty: Qty,
        /// When it was cancelled
        at: Instant = NOW,
        /// Who cancelled it
        by: Id<User> = ME,
        /// Why
        reason: String,
    }
}

const MOVES: &[Move] = &[
    step("approve", &["draft"], "draft"),
    step("confirm", &["draft"], "confirmed"),
    step("hold", &["confirmed"], "on_hold").because(),
    step("resume", &["on_hold"], "confirmed"),
    step("close", &["confirmed", "on_hold"], "closed").because(),
    step("reopen", &["closed"], "confirmed").because(),
    step("cancel", &["draft", "confirmed", "on_hold"], "cancelled").because(),
];

record! {
    /// A customer's order
    Order, "order", "orders", "ord", Traits {
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
            /// Quote it comes from
            quote: Option<Id<Quote>>,
            /// Opportunity it belongs to
            opportunity: Option<Id<Opportunity>>,
            /// Dealer through whom it is sold
            dealer: Option<Id<Customer>>,
        }
        promise {
            /// Promised day
            due_date: Option<Day> [tracked],
        }
        owner {
            /// Who sells
            owner: Id<User> [tracked] = ME,
            /// Team in which the sale counts; the owner's unless given
            team: Option<Id<Team>> = DERIVED,
            /// Region in which the sale counts; the customer's unless given
            region: Option<Id<Region>> = DERIVED,
            /// Where it came from; as the opportunity unless given
            source: Option<Source> = DERIVED,
            /// Campaign it came from; the opportunity's unless given
            campaign: Option<Id<Campaign>> = DERIVED,
        }
        terms {
            /// The customer's order number
            customer_ref: Option<String>,
            /// Terms
            terms: Option<Prose>,
            /// Days from invoice to due date; the customer's unless given
            payment_days: Option<i64> = DERIVED,
        }
        addresses {
            /// Where to ship; copied from the customer unless given
            ship_to: Option<Prose> = DERIVED,
            /// Where to send the invoice; copied from the customer unless given
            bill_to: Option<Prose> = DERIVED,
        }
        state {
            /// Where it stands
            status: OrderStatus [verb, tracked] = is("draft"),
            /// Who approved the discount
            approved_by: Option<Id<User>> [verb],
            /// When the discount was approved
            approved_at: Option<Instant> [verb],
            /// Discount that was approved, in percent
            approved_discount: Option<Pct> [verb],
        }
        rows {
            /// What is ordered
            lines: Rows<OrderLine>,
            /// When which part is to be paid
            payment_plan: Rows<Instalment>,
            /// What will not come; only appended
            cancellations: Rows<Cancellation> [verb, grows],
            /// Split of the credit; all to the owner where empty
            credits: Rows<Credit>,
        }
    }
}
