//! Duplicates, merging and timelines.
