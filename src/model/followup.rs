//! Follow-ups: planned or done contacts and tasks. A done one is a fact; what logging one does to
//! its target is elsewhere.

use super::campaign::Campaign;
use super::choices::Outcome;
use super::contact::Contact;
use super::record::{DERIVED, ME, Move, Set, TRAITS, Traits, is, setting, step};
use super::scalars::{Day, Dur, Id, Instant, Prose};
use super::user::User;
use crate::{any_ref, choice, record};

choice! {
    /// What kind of contact or task; a demo includes a test drive
    FollowupKind = "followup_kind" {
        Call = "call",
        Email = "email",
        Sms = "sms",
        Wechat = "wechat",
        Visit = "visit",
        Meeting = "meeting",
        Demo = "demo",
        Note = "note",
        Task = "task",
        Other = "other",
    }
}

choice! {
    /// Whether a follow-up took place
    FollowupStatus = "followup_status" {
        Planned = "planned",
        Done = "done",
        Missed = "missed",
        Cancelled = "cancelled",
    }
}

choice! {
    /// Who turned to whom
    Direction = "direction" {
        /// We turned to them
        Out = "out",
        /// They turned to us
        In = "in",
    }
}

choice! {
    /// How urgent a follow-up is
    FollowupPriority = "followup_priority" { Low = "low", Normal = "normal", High = "high" }
}

any_ref! {
    /// What a follow-up is about
    FollowupTarget to ["customer", "contact", "lead", "opportunity", "quote", "order", "ticket", "campaign"]
    /// Who takes part in a follow-up
    Participant to ["user", "contact"]
}

const MOVES: &[Move] = &[
    step("done", &["planned", "missed"], "done")
        .setting(&["summary", "outcome", "duration_min"])
        .stamping("done_at"),
    step("miss", &["planned"], "missed"),
    step("cancel", &["planned"], "cancelled").because(),
    step("move", &["planned", "missed"], "planned").setting(&["due!"]),
];

record! {
    /// A planned or done contact or task
    Followup, "followup", "followups", "fup", Traits {
        state: Some("status"),
        moves: MOVES,
        title: &["subject"],
        lookup: &[],
        ..TRAITS
    } => {
        what {
            /// What kind of contact or task; demo includes a test drive
            kind: FollowupKind,
            /// Subject; made from kind and target unless given
            subject: Option<String> = DERIVED,
            /// What it is about
            target: FollowupTarget,
            /// Person spoken with
            contact: Option<Id<Contact>>,
        }
        state {
            /// Whether it took place
            status: FollowupStatus [verb] = is("planned"),
            /// Who turned to whom: out or in
            direction: Option<Direction> = is("out"),
            /// Day it is due; needed where planned
            due: Option<Day>,
            /// When it begins
            start_at: Option<Instant>,
            /// When it took place; needed where done, now unless given
            done_at: Option<Instant> = DERIVED,
            /// How long it took, in minutes
            duration_min: Option<i64>,
        }
        result {
            /// Result
            outcome: Option<Outcome>,
            /// What was said
            summary: Option<Prose>,
        }
        who {
            /// Who does it
            owner: Id<User> = ME,
            /// Who else takes part
            participants: Set<Participant>,
            /// How urgent it is
            priority: Option<FollowupPriority> = is("normal"),
        }
        place {
            /// Place
            place: Option<String>,
            /// Latitude and longitude, such as 22.54,114.05
            geo: Option<String>,
        }
        reminders {
            /// How long before to remind; 0m reminds when it begins
            remind: Vec<Dur> = setting("remind.default"),
            /// Repeated after this time
            repeat: Option<Dur>,
        }
        links {
            /// The follow-up whose next step this is
            follows: Option<Id<Followup>>,
            /// Campaign it belongs to
            campaign: Option<Id<Campaign>>,
            /// No contact with the customer; true for notes and tasks unless given
            internal: Option<bool> = DERIVED,
        }
    }
}
