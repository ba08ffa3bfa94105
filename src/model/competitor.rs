//! Competitors: the rivals.

use super::record::{Set, TRAITS};
use super::scalars::{Prose, Url};
use crate::{choice, record};

choice! {
    /// How dangerous a rival is
    Threat = "threat" { Low = "low", Medium = "medium", High = "high" }
}

record! {
    /// A rival
    Competitor, "competitor", "competitors", "", TRAITS => {
        identity {
            /// Name
            name: String,
            /// Website
            website: Option<Url>,
        }
        offer {
            /// What they sell
            products: Set<String>,
            /// Remark on their prices
            price_note: Option<String>,
        }
        judgement {
            /// Where they are strong
            strengths: Option<Prose>,
            /// Where they are weak
            weaknesses: Option<Prose>,
            /// How dangerous they are
            threat: Option<Threat>,
        }
    }
}
