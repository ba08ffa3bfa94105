//! The commercial chain: leads, opportunities, quotes, orders, cash, stock, targets.

mod bad_input;
mod cash;
mod clones;
mod documents;
mod leads;
mod marketing;
mod merging;
mod northwind;
mod opportunities;
mod pools;
mod quotes;
mod recommend;
mod targets;
mod transitions;
