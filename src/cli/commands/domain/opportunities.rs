//! Opportunities: from stage to stage, won, lost, seen as a board.

use super::Verb;

pub(super) const VERBS: &[Verb] = &[];
