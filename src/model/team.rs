//! Teams: the units of the organisation, a tree. Membership is stored on the user, not here.

use super::record::{Set, TRAITS};
use super::region::Region;
use super::scalars::Id;
use super::user::User;
use crate::record;

record! {
    /// A unit of the organisation
    Team, "team", "teams", "", TRAITS => {
        identity {
            /// Name
            name: String,
        }
        place {
            /// The team above
            parent: Option<Id<Team>>,
            /// Who leads it
            manager: Option<Id<User>>,
        }
        territory {
            /// Territories served
            regions: Set<Id<Region>>,
        }
    }
}
