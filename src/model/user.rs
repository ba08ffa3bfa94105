//! Users: the persons and programs that work with a store.

use super::record::{Move, Rows, Set, TRAITS, Traits, is, setting, step};
use super::region::Region;
use super::role::Role;
use super::scalars::{Day, Dec, Email, Id, Phone};
use super::team::Team;
use crate::{choice, record, row};

choice! {
    /// Person, or service user of a script
    UserKind = "user_kind" { Person = "person", Service = "service" }
}

choice! {
    /// Whether the user may work
    UserStatus = "user_status" { Active = "active", Suspended = "suspended", Left = "left" }
}

choice! {
    /// How a person wants to be told
    Notify = "notify" { Stdout = "stdout", Email = "email", Sms = "sms" }
}

choice! {
    /// Whether a key may sign
    KeyState = "key_state" { Active = "active", Revoked = "revoked" }
}

row! {
    /// A public key that signs for the user
    UserKey by "key" {
        /// The ssh public key
        key: String,
        /// Whether it may sign
        state: KeyState = is("active"),
        /// A name for it
        label: Option<String>,
    }
}

const MOVES: &[Move] = &[
    step("suspend", &["active"], "suspended"),
    step("activate", &["suspended", "left"], "active"),
    step("leave", &["active", "suspended"], "left"),
];

record! {
    /// A person or program that works with the store
    User, "user", "users", "", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        lookup: &["name", "email", "phone"],
        ..TRAITS
    } => {
        identity {
            /// Name
            name: String,
            /// E-mail address
            email: Email [unique],
            /// Phone
            phone: Option<Phone>,
            /// Person, or service user of a script
            kind: UserKind = is("person"),
        }
        state {
            /// Whether the user may work
            status: UserStatus [verb, tracked] = is("active"),
        }
        rights {
            /// Roles; rights are the union
            roles: Set<Id<Role>>,
        }
        place {
            /// Team in which sales are counted
            team: Option<Id<Team>>,
            /// Further teams
            other_teams: Set<Id<Team>>,
            /// Manager, where it is not the team's
            manager: Option<Id<User>>,
            /// Region
            region: Option<Id<Region>>,
        }
        load {
            /// Leads per 30 days
            capacity_30d: Option<i64>,
            /// Divisor of the load
            assign_weight: Option<Dec> = is("1"),
            /// Left out of assignment
            skip_assignment: Option<bool>,
            /// First day away
            away_from: Option<Day>,
            /// Last day away
            away_to: Option<Day>,
        }
        preferences {
            /// Language: en or zh-CN
            language: Option<String> = setting("company.language"),
            /// IANA time zone
            timezone: Option<String> = setting("company.timezone"),
            /// How to be told
            notify: Set<Notify> = is("stdout"),
        }
        addresses {
            /// Further author addresses in git
            git_emails: Set<Email>,
        }
        rows {
            /// Public keys that sign
            keys: Rows<UserKey>,
        }
    }
}
