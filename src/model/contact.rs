//! Contacts: the persons at a customer.

use super::customer::{Channel, Customer};
use super::record::{DERIVED, Set, TRAITS, Traits};
use super::scalars::{Day, Email, Id, Phone};
use crate::{choice, record};

choice! {
    /// Part that a person plays in buying
    ContactRole = "contact_role" {
        DecisionMaker = "decision_maker",
        Evaluator = "evaluator",
        Influencer = "influencer",
        User = "user",
        Finance = "finance",
        Other = "other",
    }
}

record! {
    /// A person at a customer
    Contact, "contact", "contacts", "con", Traits {
        lookup: &["name", "phone", "other_phones", "email", "other_emails"],
        ..TRAITS
    } => {
        identity {
            /// Name
            name: String,
            /// Where the person works
            customer: Id<Customer>,
            /// Job title
            title: Option<String>,
            /// Department
            department: Option<String>,
            /// Part in buying
            role: Option<ContactRole>,
            /// The person's superior
            reports_to: Option<Id<Contact>>,
        }
        phones {
            /// The main number
            phone: Option<Phone>,
            /// Further numbers
            other_phones: Set<Phone>,
        }
        mail {
            /// The main e-mail address
            email: Option<Email>,
            /// Further e-mail addresses
            other_emails: Set<Email>,
        }
        web {
            /// WeChat account
            wechat: Option<String>,
        }
        usage {
            /// The customer's first contact; at most one each, the first one made by default
            primary: Option<bool> = DERIVED,
            /// Has left
            inactive: Option<bool>,
        }
        person {
            /// Birthday
            birthday: Option<Day>,
        }
        consent {
            /// Channels through which no marketing may come
            opt_out: Set<Channel>,
        }
        links {
            /// Compared and found to be somebody else
            distinct_from: Set<Id<Contact>>,
            /// The contact this one was merged into
            merged_into: Option<Id<Contact>> [verb],
            /// Digest of what it held when it was merged
            merged_digest: Option<String> [verb],
        }
    }
}
