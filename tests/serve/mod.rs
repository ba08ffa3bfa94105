//! What keeps a customer after the sale.

mod messages;
mod reminders;
mod tickets;
