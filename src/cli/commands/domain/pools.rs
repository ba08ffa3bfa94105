//! Public pools: what lies in them, taken and given back.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
