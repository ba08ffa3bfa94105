#![doc = include_str!("../ARCHITECTURE.md")]

pub mod access;
pub mod cli;
pub mod draft;
pub mod exchange;
pub mod formats;
pub mod locale;
pub mod mirror;
pub mod model;
pub mod outreach;
pub mod query;
pub mod reports;
pub mod rules;
pub mod store;
pub mod table;
