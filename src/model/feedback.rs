//! Feedback: opinions, ideas and ratings, and what became of them.

use super::choices::About;
use super::order::Order;
use super::product::Product;
use super::record::{Move, TODAY, TRAITS, Traits, is, step};
use super::scalars::{Day, Id, Prose};
use super::ticket::Ticket;
use super::user::User;
use crate::{any_ref, choice, record};

choice! {
    /// What kind of opinion
    FeedbackKind = "feedback_kind" {
        Praise = "praise",
        Complaint = "complaint",
        Idea = "idea",
        Bug = "bug",
        Rating = "rating",
    }
}

choice! {
    /// Scale of a rating
    RatingScale = "rating_scale" {
        /// 1 to 5
        Csat = "csat",
        /// 0 to 10
        Nps = "nps",
    }
}

choice! {
    /// What became of an opinion
    FeedbackStatus = "feedback_status" {
        New = "new",
        Triaged = "triaged",
        Planned = "planned",
        Done = "done",
        Declined = "declined",
    }
}

any_ref! {
    /// Who gives feedback
    FeedbackFrom to ["customer", "contact", "user"]
}

const MOVES: &[Move] = &[
    step("triage", &["new"], "triaged"),
    step("plan", &["new", "triaged"], "planned"),
    step("finish", &["triaged", "planned"], "done"),
    step("decline", &["new", "triaged", "planned"], "declined").setting(&["reply!"]),
];

record! {
    /// An opinion, idea or rating
    Feedback, "feedback", "feedback", "fbk", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        title: &[],
        lookup: &[],
        ..TRAITS
    } => {
        what {
            /// Who gives it
            from: FeedbackFrom,
            /// What it is about
            about: About,
            /// What kind of opinion
            kind: FeedbackKind,
            /// Day it was given
            date: Day = TODAY,
        }
        content {
            /// Scale of the score: csat 1 to 5, nps 0 to 10
            scale: Option<RatingScale>,
            /// Score on that scale
            score: Option<i64>,
            /// The words
            text: Option<Prose>,
        }
        links {
            /// Product it concerns
            product: Option<Id<Product>>,
            /// Order it concerns
            order: Option<Id<Order>>,
            /// Ticket it concerns
            ticket: Option<Id<Ticket>>,
        }
        state {
            /// What became of it
            status: FeedbackStatus [verb, tracked] = is("new"),
            /// What we answered
            reply: Option<Prose>,
            /// Who looks after it
            owner: Option<Id<User>>,
        }
    }
}
