//! Movements: changes of stock other than shipments and returns. Facts.

use super::product::Product;
use super::record::{DERIVED, TODAY, TRAITS, Traits, setting};
use super::scalars::{Day, Dec, FreeCode, Id, Price, Qty};
use crate::{choice, record};

choice! {
    /// Why stock changed
    MovementKind = "movement_kind" {
        Opening = "opening",
        Receive = "receive",
        Issue = "issue",
        Adjust = "adjust",
        Transfer = "transfer",
        Count = "count",
    }
}

record! {
    /// A change of stock other than shipment and return
    Movement, "movement", "movements", "mov", Traits {
        fact: true,
        title: &["reference"],
        lookup: &["reference"],
        ..TRAITS
    } => {
        what {
            /// Day
            date: Day = TODAY,
            /// The product
            product: Id<Product>,
            /// Why stock changed
            kind: MovementKind,
            /// Warehouse; the first of the settings unless given
            warehouse: FreeCode = setting("stock.warehouses"),
            /// Warehouse that a transfer goes to
            to_warehouse: Option<FreeCode>,
        }
        quantity {
            /// How many, with sign; on a count what was counted minus what was there
            qty: Dec = DERIVED,
            /// What was counted
            counted: Option<Qty>,
            /// Cost of a unit that comes in, base currency; the product's unless given
            unit_cost: Option<Price> = DERIVED,
        }
        reference {
            /// Number of a delivery note or the like
            reference: Option<String>,
            /// Supplier
            supplier: Option<String>,
            /// Serial numbers
            serials: Vec<String>,
            /// The movement that this one takes back
            reverses: Option<Id<Movement>>,
        }
    }
}
