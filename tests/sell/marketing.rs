//! Segments and campaigns.
