//! Regions: sales territories, a tree. Addresses find theirs by city, then by province.

use super::record::{Set, TRAITS};
use super::scalars::Id;
use super::user::User;
use crate::record;

record! {
    /// A sales territory
    Region, "region", "regions", "", TRAITS => {
        identity {
            /// Name
            name: String,
        }
        place {
            /// The region above
            parent: Option<Id<Region>>,
            /// Who leads it
            manager: Option<Id<User>>,
        }
        addresses {
            /// Provinces whose addresses fall in it
            provinces: Set<String>,
            /// Cities whose addresses fall in it; a city goes before a province
            cities: Set<String>,
        }
    }
}
