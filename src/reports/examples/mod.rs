//! Reports over small stores, with numbers reckoned by hand.

mod customers;
mod deals;
mod future;
mod goods;
mod loyalty;
mod money;
mod prospects;
mod service;
mod supply;
mod winning;

use super::bench::Bench;
