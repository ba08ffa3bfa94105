//! Leads: those who may become customers. What else a conversion writes is in `draft::convert`.

use super::campaign::Campaign;
use super::choices::{LostReason, Source};
use super::contact::Contact;
use super::customer::{Customer, Intent};
use super::opportunity::Opportunity;
use super::pool::Pool;
use super::record::{Move, Rows, Set, TRAITS, Traits, is, setting, step};
use super::region::Region;
use super::scalars::{Country, Currency, Day, Email, Id, Money, Phone, Prose};
use super::user::User;
use crate::{choice, record};

choice! {
    /// How far a lead has come
    LeadStatus = "lead_status" {
        New = "new",
        Contacted = "contacted",
        Nurture = "nurture",
        Qualified = "qualified",
        Converted = "converted",
        Unqualified = "unqualified",
        Junk = "junk",
    }
}

const LOSS: &[&str] = &["lost_reason", "lost_note", "closed_on"];

const MOVES: &[Move] = &[
    step("contact", &["new", "nurture", "qualified"], "contacted"),
    step("nurture", &["new", "contacted", "qualified"], "nurture"),
    step("qualify", &["new", "contacted", "nurture"], "qualified"),
    step("convert", &["new", "contacted", "nurture", "qualified"], "converted").stamping("closed_on"),
    step("disqualify", &["new", "contacted", "nurture", "qualified"], "unqualified")
        .setting(&["lost_reason!", "lost_note"])
        .stamping("closed_on"),
    step("junk", &["new", "contacted", "nurture"], "junk").stamping("closed_on"),
    step("reopen", &["unqualified"], "contacted").because().clearing(LOSS),
    step("reopen", &["junk"], "new").because().clearing(LOSS),
];

record! {
    /// Someone who may become a customer
    Lead, "lead", "leads", "lea", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        title: &["name", "company"],
        lookup: &["name", "company", "phone", "other_phones", "email", "other_emails"],
        ..TRAITS
    } => {
        identity {
            /// Name of the person; this or the company is needed
            name: Option<String>,
            /// Company
            company: Option<String>,
            /// Job title
            title: Option<String>,
        }
        phones {
            /// The main number; phone, e-mail or WeChat is needed
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
        address {
            /// Country
            country: Option<Country> = setting("company.country"),
            /// Province or state
            province: Option<String>,
            /// City
            city: Option<String>,
            /// District
            district: Option<String>,
            /// Street and number
            street: Option<String>,
            /// Postal code
            postcode: Option<String>,
        }
        territory {
            /// Sales territory; found from the address where it is empty
            region: Option<Id<Region>>,
        }
        origin {
            /// Where the lead came from
            source: Source,
            /// Campaign of the first touch
            campaign: Option<Id<Campaign>>,
            /// Campaign of the last touch
            last_campaign: Option<Id<Campaign>>,
            /// UTM source of the first touch
            utm_source: Option<String>,
            /// UTM medium of the first touch
            utm_medium: Option<String>,
            /// UTM campaign of the first touch
            utm_campaign: Option<String>,
        }
        wish {
            /// What they mean to spend
            budget: Option<Money>,
            /// Currency of the budget
            currency: Option<Currency> = setting("company.currency"),
            /// When they mean to buy
            buy_by: Option<Day>,
        }
        needs {
            /// What they need and prefer
            needs: Option<Prose>,
        }
        owner {
            /// Who works on the lead; without owner and pool it is unassigned
            owner: Option<Id<User>> [tracked],
            /// Public pool it lies in
            pool: Option<Id<Pool>> [verb, tracked],
            /// Not recycled up to and including this day
            protected_until: Option<Day>,
        }
        state {
            /// How far it has come
            status: LeadStatus [verb, tracked] = is("new"),
            /// Why it was lost
            lost_reason: Option<LostReason> [verb],
            /// Remark on the loss; needed with reason other
            lost_note: Option<String> [verb],
            /// Day of conversion or loss
            closed_on: Option<Day> [verb],
        }
        result {
            /// Customer it became
            converted_customer: Option<Id<Customer>> [verb],
            /// Contact it became
            converted_contact: Option<Id<Contact>> [verb],
            /// Opportunity it became
            converted_opportunity: Option<Id<Opportunity>> [verb],
        }
        links {
            /// Compared and found to be somebody else
            distinct_from: Set<Id<Lead>>,
            /// The lead this one was merged into
            merged_into: Option<Id<Lead>> [verb],
            /// Digest of what it held when it was merged
            merged_digest: Option<String> [verb],
        }
        rows {
            /// What they mean to buy
            intents: Rows<Intent>,
        }
    }
}
