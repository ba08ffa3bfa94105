//! What a customer may want to buy.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
