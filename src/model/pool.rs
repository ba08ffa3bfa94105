//! Pools: the rules of a public pool of leads or customers that nobody owns.

use super::record::{Set, TRAITS, is};
use super::scalars::Id;
use super::team::Team;
use crate::{choice, record};

choice! {
    /// What lies in a pool
    PoolOf = "pool_of" { Lead = "lead", Customer = "customer" }
}

record! {
    /// Rules of a public pool of leads or customers without owner
    Pool, "pool", "pools", "", TRAITS => {
        what {
            /// Name
            name: String,
            /// What lies in it: leads or customers
            applies_to: PoolOf,
            /// Place in the order of rules; the first match applies
            order: i64,
            /// Conditions that must all hold
            when: Vec<String>,
        }
        recycling {
            /// Days without touch until a record falls back
            recycle_days: Option<i64>,
            /// Days with the owner, without won opportunity or confirmed order, until it falls back
            deal_days: Option<i64>,
            /// Days of notice before
            warn_days: Option<i64> = is("3"),
            /// Days of protection that a claim gives
            protect_days: Option<i64> = is("0"),
        }
        claiming {
            /// Claims per user and day; unlimited where absent
            claim_daily: Option<i64>,
            /// Open records per user; unlimited where absent
            hold_max: Option<i64>,
            /// Days that a former owner must wait
            reclaim_days: Option<i64> = is("0"),
            /// Teams that may claim; all where empty
            teams: Set<Id<Team>>,
        }
    }
}
