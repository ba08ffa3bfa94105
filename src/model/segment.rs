//! Segments: saved audiences, by condition or by list.

use super::record::{Set, TRAITS};
use crate::{any_ref, choice, record};

choice! {
    /// What a segment holds
    SegmentOf = "segment_of" { Customer = "customer", Contact = "contact", Lead = "lead" }
}

any_ref! {
    /// A member of a segment
    Member to ["customer", "contact", "lead"]
}

record! {
    /// A saved audience
    Segment, "segment", "segments", "", TRAITS => {
        identity {
            /// Name
            name: String,
            /// What it holds: customers, contacts or leads
            of: SegmentOf,
        }
        audience {
            /// Conditions that members meet; these or members, not both
            when: Vec<String>,
            /// The members themselves
            members: Set<Member>,
        }
    }
}
