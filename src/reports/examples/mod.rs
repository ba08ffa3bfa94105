//! Reports over small stores, with numbers reckoned by hand.

mod customers;
mod deals;
mod future;
mod goods;
mod loyalty;
mod money;
mod page;
mod prospects;
mod second;
mod service;
mod supply;
mod winning;

use super::bench::Bench;
