//! Targets: sales goals of a period. What was reached is computed by reports.

use super::product::Product;
use super::record::{Move, TRAITS, Traits, is, step};
use super::scalars::{Day, Dec, Id, Pct};
use super::user::User;
use crate::{any_ref, choice, record};

choice! {
    /// Whose goal it is; region and team include what is below
    TargetScope = "target_scope" {
        Company = "company",
        Region = "region",
        Team = "team",
        User = "user",
        Dealer = "dealer",
    }
}

choice! {
    /// What is counted
    Measure = "measure" {
        Qty = "qty",
        Amount = "amount",
        Margin = "margin",
        NewCustomers = "new_customers",
        Leads = "leads",
        Visits = "visits",
    }
}

choice! {
    /// Which records are counted
    Basis = "basis" { Order = "order", Invoice = "invoice", Payment = "payment", Won = "won" }
}

choice! {
    /// Whether a goal holds
    TargetStatus = "target_status" { Draft = "draft", Approved = "approved", Closed = "closed" }
}

any_ref! {
    /// Whose goal it is; a dealer is a customer
    TargetSubject to ["region", "team", "user", "customer"]
}

const MOVES: &[Move] = &[
    step("approve", &["draft"], "approved"),
    step("close", &["approved"], "closed"),
    step("revise", &["approved", "closed"], "approved").because().setting(&["value!"]),
];

record! {
    /// A sales goal
    Target, "target", "targets", "tgt", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        title: &["subject", "period"],
        lookup: &[],
        ..TRAITS
    } => {
        who {
            /// Whose goal it is; region and team include what is below
            scope: TargetScope,
            /// Region, team, user or dealer; needed unless it is the company's
            subject: Option<TargetSubject>,
            /// Period such as 2026, 2026H1, 2026Q1 or 2026-01; this, or start and end
            period: Option<String>,
            /// First day
            start: Option<Day>,
            /// Last day
            end: Option<Day>,
        }
        what {
            /// What is counted
            measure: Measure = is("amount"),
            /// Which records are counted; payment for amount only
            basis: Option<Basis> = is("order"),
            /// Of this product only
            product: Option<Id<Product>>,
            /// Of this category only
            category: Option<String>,
        }
        value {
            /// The goal; money in base currency
            value: Dec [tracked],
            /// Shares of the months or quarters in percent; even by day where empty
            phasing: Vec<Pct>,
        }
        state {
            /// Whether the goal holds
            status: TargetStatus [verb, tracked] = is("draft"),
            /// Who answers for it
            owner: Option<Id<User>>,
        }
    }
}
