//! What keeps a customer after the sale.

mod tickets;
