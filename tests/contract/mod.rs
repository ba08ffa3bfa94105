//! The contract with scripts, cron and people: what each command prints where, and with which exit
//! code it ends.

mod batches;
mod cards;
mod charts;
mod doctor;
mod dry_run;
mod errors;
mod exports;
mod hand_edits;
mod history;
mod idempotency;
mod input;
mod lists;
#[cfg(feature = "parquet")]
mod parquet;
mod presentation;
mod streams;
mod tutorial;
