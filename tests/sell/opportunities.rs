//! Opportunities from the first stage to won or lost.
