//! Reports over small stores, with numbers reckoned by hand.

mod deals;
mod money;

use super::bench::Bench;
