//! Assignment rules: who gets new leads or tickets. The choice itself is a rule of the domain.

use super::record::{Set, TRAITS, Traits, is};
use super::scalars::Id;
use super::team::Team;
use super::user::User;
use crate::{choice, record};

choice! {
    /// What a rule assigns
    AssignmentOf = "assignment_of" { Lead = "lead", Ticket = "ticket" }
}

choice! {
    /// How a rule chooses among its candidates
    AssignmentMethod = "assignment_method" {
        RoundRobin = "round_robin",
        LeastBusy = "least_busy",
        Capacity = "capacity",
        Region = "region",
    }
}

record! {
    /// Who gets new leads or tickets
    AssignmentRule, "assignment_rule", "assignment_rules", "", Traits { aliases: &["assignment-rule"], ..TRAITS } => {
        what {
            /// Name
            name: String,
            /// What it assigns: leads or tickets
            applies_to: AssignmentOf = is("lead"),
            /// Place in the order of rules; the first that yields a user wins
            order: i64,
            /// Whether it is in use
            enabled: Option<bool> = is("true"),
            /// Conditions that must all hold
            when: Vec<String>,
        }
        how {
            /// How it chooses among the candidates
            method: AssignmentMethod,
        }
        who {
            /// Candidates, in this order; these or teams are needed
            users: Vec<Id<User>>,
            /// Teams whose members are candidates after the users
            teams: Set<Id<Team>>,
        }
    }
}
