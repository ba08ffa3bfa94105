//! The views: what is derived from several records, as SQL.
//!
//! Views see nothing later than `as_of()`. They rely on the rowids that `layout` gives child rows
//! and on the computed columns of `derived`. Deliberately absent: reports, which are selects over
//! these.

/// All views, in an order in which each knows what it uses.
pub(super) const ALL: &str = concat!(
    include_str!("views/states.sql"),
    include_str!("views/money.sql"),
    include_str!("views/stock.sql"),
    include_str!("views/sale_line.sql"),
    include_str!("views/contact.sql"),
);
