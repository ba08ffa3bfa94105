#![doc = include_str!("../ARCHITECTURE.md")]

pub mod model;
pub mod rules;
pub mod draft;
pub mod query;
pub mod table;
pub mod store;
pub mod mirror;
pub mod reports;
pub mod formats;
pub mod exchange;
pub mod locale;
pub mod cli;
