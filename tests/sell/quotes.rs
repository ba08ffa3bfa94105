//! Quotes from the first draft to the order.
