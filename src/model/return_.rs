//! Returns: goods that came back. Facts; a request for a return is a ticket.

use super::choices::ReturnReason;
use super::order::Order;
use super::product::Product;
use super::record::{Rows, TODAY, TRAITS, Traits, is, setting};
use super::scalars::{Day, FreeCode, Id, Qty};
use super::shipment::Shipment;
use super::ticket::Ticket;
use crate::{choice, record, row};

choice! {
    /// What a return does to the sale
    ReturnEffect = "return_effect" {
        /// The sale is undone
        Reverse = "reverse",
        /// The goods are to ship again
        Replace = "replace",
    }
}

row! {
    /// Goods of one order line that came back
    ReturnLine by "id" {
        /// Line of the order
        order_line: String,
        /// The product
        product: Id<Product>,
        /// How many
        qty: Qty,
        /// Back into stock; false for scrap and repair
        restock: Option<bool> = is("true"),
        /// Serial numbers
        serials: Vec<String>,
    }
}

record! {
    /// Goods that came back
    Return, "return", "returns", "ret", Traits {
        fact: true,
        title: &[],
        lookup: &[],
        ..TRAITS
    } => {
        what {
            /// The order
            order: Id<Order>,
            /// Shipment it came with
            shipment: Option<Id<Shipment>>,
            /// Day
            date: Day = TODAY,
            /// Warehouse; the first of the settings unless given
            warehouse: FreeCode = setting("stock.warehouses"),
        }
        cause {
            /// Why the goods came back
            reason: ReturnReason,
            /// Whether the sale is undone or the goods ship again
            effect: ReturnEffect,
            /// Ticket that asked for it
            ticket: Option<Id<Ticket>>,
        }
        links {
            /// The return that this one takes back
            reverses: Option<Id<Return>>,
        }
        rows {
            /// What came back
            lines: Rows<ReturnLine>,
        }
    }
}
