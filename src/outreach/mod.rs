//! What reaches people outside: texts filled with what the records say, and their way out and in.
//!
//! Deliberately absent: how a value is written in a language (the caller says), which messages are
//! due and what is written down about them (`draft::outbox`), and anything a template could decide.

pub mod incoming;
pub mod mail;
pub mod send;
pub mod send_log;
pub mod template;
pub mod values;
