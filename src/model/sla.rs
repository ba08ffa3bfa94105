//! Service level agreements: the times promised by priority. The clocks are elsewhere.

use super::calendar::Calendar;
use super::record::{Rows, TRAITS};
use super::scalars::{Day, Dur, Id};
use super::ticket::TicketPriority;
use crate::{record, row};

row! {
    /// The times promised for one priority
    SlaPriority by "priority" {
        /// The priority
        priority: TicketPriority,
        /// Working time until the first response
        response: Dur,
        /// Working time until the resolution
        resolution: Dur,
    }
}

record! {
    /// Promised times
    Sla, "sla", "slas", "", TRAITS => {
        what {
            /// Name
            name: String,
            /// Place in the order of agreements; the first match applies
            order: Option<i64>,
            /// Conditions on the ticket that must all hold
            when: Vec<String>,
        }
        validity {
            /// Calendar of the working time
            calendar: Id<Calendar>,
            /// First day
            valid_from: Option<Day>,
            /// Last day
            valid_to: Option<Day>,
        }
        rows {
            /// The times by priority
            priorities: Rows<SlaPriority>,
        }
    }
}
