//! Shipments: goods that left. Facts.

use super::order::Order;
use super::product::Product;
use super::record::{Rows, TODAY, TRAITS, Traits, setting};
use super::scalars::{Day, FreeCode, Id, Qty};
use crate::{record, row};

row! {
    /// Goods of one order line that left
    ShipmentLine by "id" {
        /// Line of the order
        order_line: String,
        /// The product
        product: Id<Product>,
        /// How many
        qty: Qty,
        /// Serial numbers
        serials: Vec<String>,
    }
}

record! {
    /// Goods that left
    Shipment, "shipment", "shipments", "shp", Traits {
        fact: true,
        title: &["tracking"],
        lookup: &["tracking"],
        ..TRAITS
    } => {
        what {
            /// The order
            order: Id<Order>,
            /// Day
            date: Day = TODAY,
            /// Warehouse; the first of the settings unless given
            warehouse: FreeCode = setting("stock.warehouses"),
        }
        carrier {
            /// Carrier
            carrier: Option<String>,
            /// Tracking number
            tracking: Option<String>,
        }
        arrival {
            /// Day it arrived
            delivered_on: Option<Day> [once],
        }
        links {
            /// The shipment that this one takes back
            reverses: Option<Id<Shipment>>,
        }
        rows {
            /// What left
            lines: Rows<ShipmentLine>,
        }
    }
}
