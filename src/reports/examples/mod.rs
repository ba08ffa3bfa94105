//! Reports over small stores, with numbers reckoned by hand.

mod deals;
mod future;
mod goods;
mod money;

use super::bench::Bench;
