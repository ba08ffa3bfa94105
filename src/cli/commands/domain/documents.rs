//! Quotes, orders and invoices as documents to hand out.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
