//! What reaches people outside: texts filled with what the records say.
//!
//! Deliberately absent: how a value is written in a language (the caller says), delivery, and
//! anything a template could decide.

pub mod template;
pub mod values;
