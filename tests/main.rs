//! The program as its users meet it: the built binary in a sandbox, and the walls of its source.
//!
//! One binary for all of them, so that the library is linked once.
//! Deliberately absent: what a single function does (its tests stand beside it), and speed.

#![expect(clippy::print_stderr, reason = "a test that cannot run here says why")]
#![expect(clippy::disallowed_methods, reason = "switches of the test suite come from the environment")]

mod architecture;
mod backup;
mod concurrency;
mod contract;
mod field_merges;
mod filter_sql;
mod formats_spectrum;
mod gallery;
mod gate;
mod login;
mod merges;
mod northwind;
mod reports;
mod rights;
mod sample_data;
mod schema;
mod sell;
mod serve;
mod states;
mod support;
mod sync;
mod team;
