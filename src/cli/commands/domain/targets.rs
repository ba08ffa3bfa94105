//! Targets: agreed, split, revised.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
