//! Products: what is sold. Stock is derived from movements, shipments and returns.

use super::choices::{PriceLevel, Unit};
use super::record::{DERIVED, Move, Rows, TRAITS, Traits, is, setting, step};
use super::scalars::{Currency, Day, Pct, Price, Prose, Qty};
use crate::{choice, record, row};

choice! {
    /// Good or service; services have neither stock nor shipment
    ProductKind = "product_kind" { Good = "good", Service = "service" }
}

choice! {
    /// Whether a product is sold
    ProductStatus = "product_status" {
        Draft = "draft",
        Active = "active",
        Paused = "paused",
        Discontinued = "discontinued",
    }
}

row! {
    /// A price for a quantity, a level or a time
    ProductPrice by "id" {
        /// Unit price
        price: Price,
        /// Its currency
        currency: Currency,
        /// From this quantity on
        min_qty: Option<Qty>,
        /// For customers of this price level
        level: Option<PriceLevel>,
        /// First day
        from: Option<Day>,
        /// Last day
        to: Option<Day>,
    }
}

const MOVES: &[Move] = &[
    step("activate", &["draft", "paused"], "active"),
    step("pause", &["active"], "paused"),
    step("discontinue", &["draft", "active", "paused"], "discontinued"),
];

record! {
    /// Something sold
    Product, "product", "products", "", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        ..TRAITS
    } => {
        identity {
            /// Name
            name: String,
            /// Good or service; services have neither stock nor shipment
            kind: ProductKind = is("good"),
            /// Category as a path, such as vehicle/sedan
            category: Option<String>,
            /// Unit of its quantities
            unit: Unit = is("piece"),
        }
        text {
            /// Description
            description: Option<Prose>,
        }
        price {
            /// List price of a unit
            price: Price [tracked],
            /// Currency of the list price
            currency: Currency = setting("company.currency"),
            /// Whether the price includes tax; as in the tax settings unless given
            price_includes_tax: Option<bool> = DERIVED,
            /// Tax rate in percent
            tax_rate: Pct = setting("tax.default_rate"),
        }
        cost {
            /// Standard cost of a unit, base currency, without tax
            cost: Option<Price> [tracked],
        }
        state {
            /// Whether it is sold
            status: ProductStatus [verb, tracked] = is("active"),
        }
        stock {
            /// Whether stock is kept; true for goods unless given
            track_stock: Option<bool> = DERIVED,
            /// One serial number per unit, such as a VIN
            serials: Option<bool>,
            /// Stock at which to order anew
            reorder_level: Option<Qty>,
            /// How many to order then
            reorder_qty: Option<Qty>,
            /// Days from ordering to arrival
            lead_days: Option<i64>,
        }
        service {
            /// Months of warranty from shipment
            warranty_months: Option<i64>,
        }
        rows {
            /// Prices for quantities, levels and times
            prices: Rows<ProductPrice>,
        }
    }
}
