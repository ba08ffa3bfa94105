//! Quotes: sent, accepted, rejected, revised.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
