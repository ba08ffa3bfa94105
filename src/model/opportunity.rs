//! Opportunities: sales in progress. Their states are the stages of a pipeline, so no moves are
//! declared here; the moves follow from the pipeline's records.

use super::campaign::Campaign;
use super::choices::{LostReason, Source};
use super::competitor::Competitor;
use super::contact::{Contact, ContactRole};
use super::customer::Customer;
use super::lead::Lead;
use super::pipeline::Pipeline;
use super::product::Product;
use super::quote::Quote;
use super::record::{DERIVED, ME, Rows, TRAITS, Traits, is};
use super::region::Region;
use super::scalars::{Currency, Day, Dec, FreeCode, Id, Money, Pct, Price, Prose, Qty};
use super::user::User;
use crate::{choice, record, row};

choice! {
    /// Where the amount of an opportunity comes from
    AmountSource = "amount_source" { Manual = "manual", Products = "products", Quote = "quote" }
}

choice! {
    /// How an opportunity counts in the forecast
    Forecast = "forecast" {
        Pipeline = "pipeline",
        BestCase = "best_case",
        Commit = "commit",
        Omitted = "omitted",
    }
}

row! {
    /// A person who takes part
    OpportunityContact by "contact" {
        /// The person
        contact: Id<Contact>,
        /// Part in buying
        role: Option<ContactRole>,
    }
}

row! {
    /// A product that may be sold
    OpportunityProduct by "id" {
        /// The product
        product: Id<Product>,
        /// How many
        qty: Qty = is("1"),
        /// Unit price; the product's where absent
        price: Option<Price> = DERIVED,
        /// Discount in percent
        discount_pct: Option<Pct>,
    }
}

row! {
    /// A rival who also offers
    OpportunityCompetitor by "competitor" {
        /// The rival
        competitor: Id<Competitor>,
        /// Their price
        price: Option<Money>,
        /// Where they are strong
        strength: Option<String>,
        /// Where they are weak
        weakness: Option<String>,
    }
}

row! {
    /// A share of the credit for a sale
    Credit by "user" {
        /// Who gets it
        user: Id<User>,
        /// Share in percent; all shares make 100
        pct: Pct,
    }
}

record! {
    /// A sale in progress
    Opportunity, "opportunity", "opportunities", "opp", Traits {
        state: Some("stage"),
        history: true,
        aliases: &["opp"],
        ..TRAITS
    } => {
        identity {
            /// Name
            name: String,
            /// Who may buy
            customer: Id<Customer>,
        }
        stage {
            /// Its pipeline; the default one unless given
            pipeline: Id<Pipeline> [verb] = DERIVED,
            /// Stage of that pipeline; the first unless given
            stage: FreeCode [verb, tracked] = DERIVED,
        }
        value {
            /// Expected value without tax; sum of the products, else 0
            amount: Money [tracked] = DERIVED,
            /// Currency; the customer's unless given
            currency: Currency = DERIVED,
            /// Base currency per unit on the day it was made
            fx_rate: Dec = DERIVED,
            /// Where the amount comes from; products and quote keep it up to date
            amount_source: Option<AmountSource> = DERIVED,
        }
        probability {
            /// Chance to win in percent, where it differs from the stage's
            probability: Option<i64> [tracked],
        }
        category {
            /// How it counts in the forecast
            forecast: Option<Forecast> [tracked] = is("pipeline"),
        }
        dates {
            /// Expected day of the deal
            close_date: Day [tracked] = DERIVED,
            /// Day won or lost
            closed_on: Option<Day> [verb],
        }
        owner {
            /// Who works on it
            owner: Id<User> [tracked] = ME,
        }
        market {
            /// Sales territory; the customer's unless given
            region: Option<Id<Region>> = DERIVED,
            /// Dealer through whom it is sold; the customer's unless given
            dealer: Option<Id<Customer>> = DERIVED,
        }
        origin {
            /// Where it came from
            source: Option<Source>,
            /// Campaign it came from
            campaign: Option<Id<Campaign>>,
            /// Lead it came from
            lead: Option<Id<Lead>>,
        }
        needs {
            /// Analysis of what they need
            needs: Option<Prose>,
        }
        result {
            /// Why it was lost
            lost_reason: Option<LostReason> [verb],
            /// Rival it was lost to
            lost_to: Option<Id<Competitor>> [verb],
            /// Remark on the loss
            lost_note: Option<String> [verb],
            /// Quote that won it
            won_quote: Option<Id<Quote>> [verb],
        }
        rows {
            /// Persons who take part
            contacts: Rows<OpportunityContact>,
            /// Products that may be sold
            products: Rows<OpportunityProduct>,
            /// Rivals who also offer
            competitors: Rows<OpportunityCompetitor>,
            /// Split of the credit; all to the owner where empty
            credits: Rows<Credit>,
        }
    }
}
