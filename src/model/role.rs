//! Roles: what their holders may do. No grant means denied; how rights add up is elsewhere.

use super::record::{Rows, Set, TRAITS, is};
use super::scalars::Pct;
use crate::{choice, record, row};

choice! {
    /// A refusal that a role may pass with a reason
    Override = "override" {
        CreditLimit = "credit_limit",
        NegativeStock = "negative_stock",
        ClosedPeriod = "closed_period",
    }
}

choice! {
    /// Which records of a type a grant reaches
    Reach = "reach" { All = "all", Team = "team", Own = "own", None = "none" }
}

row! {
    /// What the role allows on one type
    Grant by "type" {
        /// The record type
        r#type: String,
        /// May make records
        create: Option<bool>,
        /// Records it may read
        read: Option<Reach> = is("none"),
        /// Records it may change
        edit: Option<Reach> = is("none"),
        /// Records it may remove
        remove: Option<Reach> = is("none"),
        /// May give records to others
        assign: Option<bool>,
        /// Verbs it may not use
        deny: Set<String>,
    }
}

record! {
    /// What its holders may do
    Role, "role", "roles", "", TRAITS => {
        identity {
            /// Name
            name: String,
        }
        limits {
            /// May do everything, settings and users included
            admin: Option<bool>,
            /// May export
            export: Option<bool>,
            /// Records that one command may change
            bulk_max: Option<i64> = is("100"),
            /// Discount it may give alone, in percent
            discount_max: Option<Pct> = is("0"),
            /// Discount it may approve, in percent
            approve_max: Option<Pct> = is("0"),
            /// Refusals it may pass with --override and --reason
            r#override: Set<Override>,
        }
        columns {
            /// Fields it may not see, as type.field
            hidden_fields: Set<String>,
            /// Fields it may not write, as type.field
            readonly_fields: Set<String>,
        }
        rows {
            /// What it allows by record type
            grants: Rows<Grant>,
        }
    }
}
