//! Duplicates: found, merged, told apart.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
