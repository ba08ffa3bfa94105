//! Segments and campaigns: who they reach and what comes of them.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
