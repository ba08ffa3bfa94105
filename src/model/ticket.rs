//! Tickets: service requests and complaints. Replies and notes are messages and follow-ups.

use super::choices::{Cause, Remedy};
use super::contact::Contact;
use super::customer::Customer;
use super::order::Order;
use super::product::Product;
use super::record::{DERIVED, Move, TRAITS, Traits, is, step};
use super::scalars::{Id, Money, Prose};
use super::sla::Sla;
use super::team::Team;
use super::user::User;
use crate::{choice, record};

choice! {
    /// What a ticket asks for
    TicketKind = "ticket_kind" {
        Service = "service",
        Complaint = "complaint",
        Problem = "problem",
        Question = "question",
        Return = "return",
        Warranty = "warranty",
    }
}

choice! {
    /// How a ticket came in
    TicketChannel = "ticket_channel" {
        Phone = "phone",
        Email = "email",
        Sms = "sms",
        Wechat = "wechat",
        Visit = "visit",
        Web = "web",
    }
}

choice! {
    /// How urgent a ticket is
    TicketPriority = "ticket_priority" { Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}

choice! {
    /// How bad a fault is
    Severity = "severity" { Minor = "minor", Major = "major", Critical = "critical" }
}

choice! {
    /// Where a ticket stands
    TicketStatus = "ticket_status" {
        New = "new",
        Open = "open",
        Pending = "pending",
        Resolved = "resolved",
        Closed = "closed",
        Rejected = "rejected",
        Duplicate = "duplicate",
    }
}

const MOVES: &[Move] = &[
    step("start", &["new"], "open"),
    step("hold", &["open"], "pending").because(),
    step("resume", &["pending"], "open"),
    step("resolve", &["new", "open", "pending"], "resolved").setting(&[
        "resolution!",
        "cause",
        "remedy",
        "cost",
    ]),
    step("close", &["resolved"], "closed"),
    step("reopen", &["resolved", "closed"], "open").because(),
    step("reject", &["new", "open"], "rejected").because(),
    step("duplicate", &["new", "open"], "duplicate").setting(&["duplicate_of!"]),
];

record! {
    /// A service request or complaint
    Ticket, "ticket", "tickets", "tic", Traits {
        state: Some("status"),
        moves: MOVES,
        history: true,
        title: &["number", "subject"],
        lookup: &["number"],
        ..TRAITS
    } => {
        identity {
            /// Number, a label; the next of its pattern unless given
            number: String = DERIVED,
            /// What it asks for
            kind: TicketKind = is("service"),
            /// Subject
            subject: String,
            /// The customer
            customer: Id<Customer>,
            /// Person who asks
            contact: Option<Id<Contact>>,
        }
        about {
            /// How it came in
            channel: Option<TicketChannel> = is("phone"),
            /// Product it is about
            product: Option<Id<Product>>,
            /// Serial number of the unit
            serial: Option<String>,
            /// Order it is about
            order: Option<Id<Order>>,
        }
        weight {
            /// How urgent it is
            priority: TicketPriority [tracked] = is("normal"),
            /// How bad the fault is
            severity: Option<Severity>,
        }
        state {
            /// Where it stands
            status: TicketStatus [verb, tracked] = is("new"),
        }
        who {
            /// Who works on it
            assignee: Option<Id<User>> [tracked],
            /// Team that works on it
            team: Option<Id<Team>>,
        }
        promise {
            /// Promised times; the first that matches unless given
            sla: Option<Id<Sla>> [tracked] = DERIVED,
        }
        text {
            /// Description
            description: Option<Prose>,
        }
        outcome {
            /// Cause
            cause: Option<Cause>,
            /// What was done
            remedy: Option<Remedy>,
            /// How it was resolved
            resolution: Option<Prose>,
            /// Cost of the service, base currency
            cost: Option<Money>,
        }
        links {
            /// The ticket that this one repeats
            duplicate_of: Option<Id<Ticket>> [verb],
        }
        rating {
            /// Rating by the customer, 1 to 5
            rating: Option<i64> [once],
            /// Remark on the rating
            rating_comment: Option<String> [once],
        }
    }
}
