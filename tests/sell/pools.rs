//! Public pools, as salespeople use them.
