//! Campaigns: marketing actions with their costs.

use super::record::{Move, Rows, Set, TODAY, TRAITS, Traits, is, setting, step};
use super::scalars::{Currency, Day, Id, Money};
use super::segment::Segment;
use super::template::Template;
use super::user::User;
use crate::{choice, record, row};

choice! {
    /// What kind of marketing action
    CampaignKind = "campaign_kind" {
        Email = "email",
        Sms = "sms",
        Event = "event",
        Exhibition = "exhibition",
        Ad = "ad",
        Referral = "referral",
        Content = "content",
        Other = "other",
    }
}

choice! {
    /// Whether a campaign runs
    CampaignStatus = "campaign_status" {
        Planned = "planned",
        Active = "active",
        Paused = "paused",
        Done = "done",
        Cancelled = "cancelled",
    }
}

row! {
    /// Money spent on a campaign
    CampaignCost by "id" {
        /// When it was spent
        date: Day = TODAY,
        /// How much, in the campaign's currency
        amount: Money,
        /// What for
        what: Option<String>,
    }
}

const MOVES: &[Move] = &[
    step("start", &["planned", "paused"], "active"),
    step("pause", &["active"], "paused"),
    step("finish", &["active", "paused"], "done"),
    step("cancel", &["planned", "active", "paused"], "cancelled").because(),
];

record! {
    /// A marketing action
    Campaign, "campaign", "campaigns", "", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        ..TRAITS
    } => {
        identity {
            /// Name
            name: String,
            /// What kind of action
            kind: CampaignKind,
        }
        state {
            /// Whether it runs
            status: CampaignStatus [verb, tracked] = is("planned"),
        }
        dates {
            /// First day
            start: Option<Day>,
            /// Last day
            end: Option<Day>,
        }
        money {
            /// Budget
            budget: Option<Money>,
            /// Revenue it should bring
            expected_revenue: Option<Money>,
            /// Currency of its amounts
            currency: Option<Currency> = setting("company.currency"),
        }
        audience {
            /// Segments whose members are addressed
            segments: Set<Id<Segment>>,
            /// Segments whose members are left out
            exclude: Set<Id<Segment>>,
            /// Template of its messages
            template: Option<Id<Template>>,
        }
        owner {
            /// Who runs it
            owner: Option<Id<User>>,
            /// UTM campaign of its links
            utm_campaign: Option<String>,
        }
        rows {
            /// Money spent; only appended
            costs: Rows<CampaignCost> [grows],
        }
    }
}
