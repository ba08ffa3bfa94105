//! Invoices, credit notes, returns, payments and what they settle.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
