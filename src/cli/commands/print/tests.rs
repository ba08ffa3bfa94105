//! Documents composed from records in memory.
